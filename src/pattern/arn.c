/* SPDX-License-Identifier: Apache-2.0
 *
 * ARNs and the patterns for them.  A pattern is read once, field by field, and becomes a flat coded pattern: what
 * kind of wildcard stands where says all that the fields said, so that the matcher need not know of fields.
 */
#include "pattern/arn.h"

#include "base/str.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { LAST_FIELD = 5 }; /* fields count from 0; the sixth takes the colons that are left */

#if defined(__SSE2__)

/* A bit for each of 16 bytes that is a colon. */
static uint64_t colons(const char *p)
{
    return (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)p), _mm_set1_epi8(':')));
}

enum { STEP = 16, BITS = 1 }; /* bytes at a time, bits of the mask for one byte */

#else

/* The top bit of each of eight bytes that is a colon. */
static uint64_t colons(const char *p)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t       x = 0;

    for (unsigned k = 0; k < 8; k++)
        x |= (uint64_t)(unsigned char)p[k] << 8 * k;
    x ^= UINT64_C(0x3a3a3a3a3a3a3a3a);
    return ~(((x & low) + low) | x | low);
}

enum { STEP = 8, BITS = 8 };

#endif

/* The colons of the last n bytes before end, n less than a block.  A text of a block or more has other bytes before them;
 * a shorter one is copied, so that nothing beside it is read. */
static uint64_t last_colons(const char *end, size_t n, bool whole_block)
{
    char copy[STEP] = { 0 };

    if (VD_LIKELY(whole_block))
        return colons(end - STEP) >> (STEP - n) * BITS;
    memcpy(copy, end - n, n);
    return colons(copy);
}

/* Where the first five colons stand.  Each decision splits two ARNs of some 40 bytes: a block at a time. */
static bool find_colons(size_t at[LAST_FIELD], vd_str s)
{
    size_t found = 0;

    for (size_t i = 0; i < s.n; i += STEP) {
        size_t   left = s.n - i;
        uint64_t bits = VD_LIKELY(left >= STEP) ? colons(s.p + i) : last_colons(s.p + s.n, left, i > 0);

        for (; bits; bits &= bits - 1) {
            at[found++] = i + (size_t)__builtin_ctzll(bits) / BITS;
            if (found == LAST_FIELD)
                return true;
        }
    }
    return false;
}

bool vd_arn_split(vd_arn *out, vd_str s)
{
    size_t at[LAST_FIELD];

    if (s.n < 4 || memcmp(s.p, "arn:", 4) != 0 || !find_colons(at, s))
        return false;
    out->partition = (vd_str){ s.p + at[0] + 1, at[1] - at[0] - 1 };
    out->service = (vd_str){ s.p + at[1] + 1, at[2] - at[1] - 1 };
    out->region = (vd_str){ s.p + at[2] + 1, at[3] - at[2] - 1 };
    out->account = (vd_str){ s.p + at[3] + 1, at[4] - at[3] - 1 };
    out->resource = (vd_str){ s.p + at[4] + 1, s.n - at[4] - 1 };
    return true;
}

bool vd_is_unique_id(vd_str s)
{
    if (s.n < 16 || !(vd_str_starts(s, VD_S("AIDA")) || vd_str_starts(s, VD_S("AROA"))))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]) && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return false;
    return true;
}

bool vd_is_account(vd_str s)
{
    unsigned other = 0;

    if (s.n != 12)
        return false;
    for (size_t i = 0; i < 12; i++)
        other |= (unsigned char)(s.p[i] - '0') > 9;
    return !other;
}

/* Where the last "}" stands; before it a "${" is a variable, behind it plain text.  0: variables have no meaning. */
static size_t last_brace(vd_str text, bool variables)
{
    size_t at = variables ? vd_str_rfind(text, '}') : text.n;

    return at < text.n ? at : 0;
}

/* Length of the "${...}" at `at`, 0 if there is none. */
static size_t variable_length(vd_str text, size_t at, size_t brace)
{
    if (at + 2 > brace || text.p[at] != '$' || text.p[at + 1] != '{')
        return 0;
    return vd_str_find(vd_str_from(text, at), '}') + 1;
}

/* The end of the field that begins at `at`: the next colon that separates, or text.n. */
static size_t field_end(vd_str text, size_t at, size_t brace)
{
    while (at < text.n && text.p[at] != ':') {
        size_t skip = variable_length(text, at, brace);

        at += skip ? skip : 1;
    }
    return at;
}

static bool only_stars(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

uint32_t vd_arn_fields(vd_str text, bool variables, bool *empty)
{
    size_t at = 0, brace = last_brace(text, variables);

    *empty = false;
    for (uint32_t field = 0;; field++) {
        size_t end = field < LAST_FIELD ? field_end(text, at, brace) : text.n;

        if (end == at)
            *empty = true;
        if (end == text.n)
            return field + 1;
        at = end + 1;
    }
}

vd_resource_form vd_resource_classify(vd_str text, bool variables)
{
    bool     empty;
    uint32_t fields;

    if (only_stars(text))
        return VD_RESOURCE_STARS;
    fields = vd_arn_fields(text, variables, &empty);
    if (fields == 1)
        return VD_RESOURCE_NO_COLON;
    if (fields == LAST_FIELD + 1)
        return VD_RESOURCE_OK;
    return empty ? VD_RESOURCE_SHORT_EMPTY : VD_RESOURCE_SHORT;
}

/* Appends one byte of a coded pattern.  A run of stars is one star, wide if one of them is. */
static size_t put(char *out, size_t n, char c)
{
    if (n && (c == VD_STAR || c == VD_STAR_IN) && (out[n - 1] == VD_STAR || out[n - 1] == VD_STAR_IN)) {
        if (c == VD_STAR)
            out[n - 1] = VD_STAR;
        return n;
    }
    out[n] = c;
    return n + 1;
}

static char code(char c, bool star_wide, bool any_wide)
{
    if (c == '*')
        return star_wide ? VD_STAR : VD_STAR_IN;
    if (c == '?')
        return any_wide ? VD_ANY : VD_ANY_IN;
    return c;
}

/* E305: one of the first five fields. */
static size_t code_field(char *out, size_t n, vd_str field)
{
    for (size_t i = 0; i < field.n; i++)
        n = put(out, n, code(field.p[i], i + 1 == field.n, false));
    return n;
}

size_t vd_resource_code(char *out, vd_str text, bool variables, size_t *used)
{
    vd_resource_form form = vd_resource_classify(text, variables);
    size_t           n = 0, at = 0, brace = last_brace(text, variables);
    uint32_t         field = 0;

    *used = text.n;
    if (form == VD_RESOURCE_STARS)
        return put(out, 0, VD_STAR);
    for (; field < LAST_FIELD; field++) {
        size_t end = field_end(text, at, brace);

        n = code_field(out, n, (vd_str){ text.p + at, end - at });
        at = end;
        if (at == text.n)
            break;
        n = put(out, n, ':');
        at++;
    }
    for (; at < text.n; at++) { /* the sixth */
        if (variable_length(text, at, brace)) {
            *used = at;
            return n;
        }
        n = put(out, n, code(text.p[at], true, true));
    }
    for (; form == VD_RESOURCE_SHORT && field < LAST_FIELD; field++) { /* E309 */
        n = put(out, n, ':');
        n = put(out, n, VD_STAR);
    }
    return n;
}

size_t vd_arn_code_part(char *out, vd_str part, uint32_t *field)
{
    size_t n = 0;

    for (size_t i = 0; i < part.n; i++) {
        bool last = *field >= LAST_FIELD;

        n = put(out, n, code(part.p[i], last, last));
        if (part.p[i] == ':' && !last)
            (*field)++;
    }
    return n;
}

bool vd_arn_code(char *out, size_t *n, vd_str text)
{
    uint32_t field = 0;

    *n = vd_arn_code_part(out, text, &field);
    return field == LAST_FIELD;
}
