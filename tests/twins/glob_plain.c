/* SPDX-License-Identifier: Apache-2.0
 *
 * Glob by the table: can the first i tokens match the first k bytes?  Every cell is filled, from the rule.
 */
#include "twins.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/glob.h"

#include <stdlib.h>

typedef struct token {
    enum { LITERAL, ANY, STAR } kind;
    bool wide;
    char c;
} token;

static void *need(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size);

    if (!p)
        abort();
    return p;
}

/* end[k]: where the code point (or stray byte) that begins at k ends; 0: none begins there. */
static size_t *code_points(vd_str s)
{
    size_t  *end = need(s.n + 1, sizeof *end);
    uint32_t cp;

    for (size_t k = 0; k < s.n; k = end[k]) {
        size_t n = vd_utf8_next(vd_str_from(s, k), &cp);

        end[k] = k + (n ? n : 1);
    }
    return end;
}

static bool match(const token *t, size_t m, vd_str s)
{
    size_t  width = s.n + 1, *end = code_points(s);
    bool   *can = need((m + 1) * width, 1), yes;

    can[0] = true;
    for (size_t i = 0; i < m; i++)
        for (size_t k = 0; k < width; k++) {
            if (!can[i * width + k])
                continue;
            if (t[i].kind == STAR) {
                can[(i + 1) * width + k] = true;
                if (k < s.n && (t[i].wide || s.p[k] != ':'))
                    can[i * width + k + 1] = true;
            } else if (k < s.n && t[i].kind == ANY) {
                if (end[k] && (t[i].wide || s.p[k] != ':'))
                    can[(i + 1) * width + end[k]] = true;
            } else if (k < s.n && t[i].c == s.p[k]) {
                can[(i + 1) * width + k + 1] = true;
            }
        }
    yes = can[m * width + s.n];
    free(can);
    free(end);
    return yes;
}

bool twin_glob(vd_str coded, vd_str s)
{
    token *t = need(coded.n, sizeof *t);
    bool   yes;

    for (size_t i = 0; i < coded.n; i++) {
        char c = coded.p[i];

        t[i].c = c;
        t[i].kind = c == VD_STAR || c == VD_STAR_IN ? STAR : c == VD_ANY || c == VD_ANY_IN ? ANY : LITERAL;
        t[i].wide = c == VD_STAR || c == VD_ANY;
    }
    yes = match(t, coded.n, s);
    free(t);
    return yes;
}

static token plain(char c, bool wide)
{
    return (token){ .kind = c == '*' ? STAR : c == '?' ? ANY : LITERAL, .wide = wide, .c = c };
}

bool twin_resource(vd_str text, vd_str arn)
{
    token *t = need(text.n + 12, sizeof *t);
    size_t m = 0, colons = 0;
    bool   yes;

    for (size_t i = 0; i < text.n; i++) {
        bool last = i + 1 == text.n || text.p[i + 1] == ':';

        t[m++] = plain(text.p[i], colons >= 5 || (text.p[i] == '*' && last));
        colons += text.p[i] == ':';
    }
    for (; colons > 0 && colons < 5; colons++) {
        t[m++] = plain(':', false);
        t[m++] = plain('*', true);
    }
    if (colons == 0) /* nothing but stars */
        for (size_t i = 0; i < m; i++)
            t[i].wide = true;
    yes = match(t, m, arn);
    free(t);
    return yes;
}

static bool field_like(vd_str pattern, vd_str value)
{
    token *t = need(pattern.n, sizeof *t);
    bool   yes;

    for (size_t i = 0; i < pattern.n; i++)
        t[i] = plain(pattern.p[i], true);
    yes = match(t, pattern.n, value);
    free(t);
    return yes;
}

bool twin_arn_like(vd_str text, vd_str arn, bool *ok)
{
    bool yes = true;

    *ok = true;
    for (int i = 0; i < 5; i++) {
        vd_str p, v;

        if (!vd_str_cut(&text, ':', &p) || !vd_str_cut(&arn, ':', &v)) {
            *ok = false;
            return false;
        }
        yes = yes && field_like(p, v);
    }
    return yes && field_like(text, arn);
}
