/* SPDX-License-Identifier: Apache-2.0
 *
 * The only user of PCRE2.  Patterns come from configurations, subjects from anybody: limits hold for each match.
 */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "pattern/regex.h"

#include "base/str.h"

#include <pcre2.h>
#include <stdio.h>

enum { MOST_STEPS = 200000, DEEPEST = 10000, MOST_KIB = 8192, LONGEST = 4096 };

struct vd_regex {
    const vd_allocator     *alloc;
    pcre2_general_context *general;
    pcre2_code            *code;
    pcre2_match_context   *match;
};

/* PCRE2 gives back a pointer alone: its size stands in front. */
static void *take(size_t size, void *user)
{
    size_t *p = vd_alloc(user, size + 2 * sizeof *p);

    if (!p)
        return NULL;
    *p = size;
    return p + 2;
}

static void give(void *p, void *user)
{
    size_t *block;

    if (!p)
        return;
    block = (size_t *)p - 2;
    vd_free(user, block, *block + 2 * sizeof *block);
}

static bool read_flags(vd_str flags, uint32_t *out)
{
    static const struct {
        char     letter;
        uint32_t option;
    } letters[] = {
        { 'i', PCRE2_CASELESS }, { 'm', PCRE2_MULTILINE }, { 's', PCRE2_DOTALL }, { 'x', PCRE2_EXTENDED }
    };

    for (size_t i = 0; i < flags.n; i++) {
        size_t k = 0;

        while (k < VD_COUNT(letters) && letters[k].letter != flags.p[i])
            k++;
        if (k == VD_COUNT(letters))
            return false;
        *out |= letters[k].option;
    }
    return true;
}

static bool compile(vd_regex *r, vd_str pattern, uint32_t options, char why[128], size_t *at)
{
    pcre2_compile_context *c = pcre2_compile_context_create(r->general);
    PCRE2_UCHAR            text[128];
    int                    number = 0;

    if (!c)
        return false;
    pcre2_set_parens_nest_limit(c, 50);
    pcre2_set_max_pattern_length(c, LONGEST);
    r->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &number, at, c);
    pcre2_compile_context_free(c);
    if (!r->code && number != PCRE2_ERROR_HEAP_FAILED && pcre2_get_error_message(number, text, sizeof text) > 0)
        snprintf(why, 128, "%s", (const char *)text);
    return r->code != NULL;
}

vd_regex *vd_regex_new(const vd_allocator *a, vd_str pattern, vd_str flags, char why[128], size_t *at)
{
    vd_regex *r = vd_alloc0(a, sizeof *r);
    uint32_t  options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;

    *at = 0;
    why[0] = 0;
    if (!r)
        return NULL;
    r->alloc = a;
    if (!read_flags(flags, &options)) {
        snprintf(why, 128, "the flags are i, m, s and x");
        *at = pattern.n;
        vd_regex_free(r);
        return NULL;
    }
    r->general = pcre2_general_context_create(take, give, (void *)(uintptr_t)a);
    if (r->general && compile(r, pattern, options, why, at))
        r->match = pcre2_match_context_create(r->general);
    if (!r->match) {
        vd_regex_free(r);
        return NULL;
    }
    pcre2_set_match_limit(r->match, MOST_STEPS);
    pcre2_set_depth_limit(r->match, DEEPEST);
    pcre2_set_heap_limit(r->match, MOST_KIB);
    return r;
}

void vd_regex_free(vd_regex *r)
{
    if (!r)
        return;
    pcre2_match_context_free(r->match);
    pcre2_code_free(r->code);
    pcre2_general_context_free(r->general);
    vd_free(r->alloc, r, sizeof *r);
}

vd_regex_answer vd_regex_match(const vd_regex *r, vd_str s)
{
    pcre2_match_data *data = pcre2_match_data_create(1, r->general);
    int               code;

    if (!data)
        return VD_REGEX_NO_MEMORY;
    code = pcre2_match(r->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, data, r->match);
    pcre2_match_data_free(data);
    if (code >= 0)
        return VD_REGEX_YES;
    if (code == PCRE2_ERROR_NOMEMORY)
        return VD_REGEX_NO_MEMORY;
    if (code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_DEPTHLIMIT || code == PCRE2_ERROR_HEAPLIMIT)
        return VD_REGEX_TOO_COSTLY;
    return VD_REGEX_NO; /* no match, or bytes that are no UTF-8 */
}
