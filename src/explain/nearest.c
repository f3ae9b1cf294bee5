/* SPDX-License-Identifier: Apache-2.0
 *
 * The two-pointer match, which remembers how far into the pattern it ever came.  It is quadratic at worst, so it gives
 * up after a number of steps; what it knows by then is good enough for a hint.
 */
#include "explain/nearest.h"

#include "base/str.h"
#include "base/utf8.h"

enum { STEPS = 4096, COMPARED = 256 };

typedef struct reach {
    size_t at;      /* furthest byte of the pattern that was reached */
    size_t literal; /* bytes of it that are no wildcards and were equal */
    bool   matches;
} reach;

static reach reach_of(vd_str pattern, vd_str s, bool globs, bool fold)
{
    reach  r = { 0 };
    size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;

    for (unsigned steps = 0; i < s.n && steps < STEPS; steps++) {
        char c = p < pattern.n ? pattern.p[p] : 0;

        if (p < pattern.n && globs && c == '*') {
            star = p++;
            resume = i;
        } else if (p < pattern.n &&
                   ((globs && c == '?') || c == s.p[i] || (fold && vd_lower(c) == vd_lower(s.p[i])))) {
            p++, i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++resume;
        } else {
            break;
        }
        if (p > r.at)
            r.at = p;
    }
    while (i == s.n && p < pattern.n && globs && pattern.p[p] == '*')
        p++;
    if (p > r.at)
        r.at = p;
    r.matches = i == s.n && p == pattern.n;
    for (size_t k = 0; k < r.at; k++)
        r.literal += pattern.p[k] != '*' && pattern.p[k] != '?';
    return r;
}

static size_t common_end(vd_str a, vd_str b)
{
    size_t n = 0;

    while (n < a.n && n < b.n && a.p[a.n - 1 - n] == b.p[b.n - 1 - n])
        n++;
    return n;
}

vd_nearest vd_nearest_find(const vd_str *patterns, size_t count, vd_str text, bool globs, bool fold)
{
    vd_nearest best = { .index = count, .differs_at = UINT32_MAX };
    size_t     most = 0, end = 0;

    for (size_t i = 0; i < count && i < COMPARED; i++) {
        reach  r = reach_of(patterns[i], text, globs, fold);
        size_t tail = r.matches ? 0 : common_end(patterns[i], text);

        if (best.index < count && !r.matches && (r.literal < most || (r.literal == most && tail <= end)))
            continue;
        most = r.literal;
        end = tail;
        best = (vd_nearest){ i, r.matches,
                             r.matches ? UINT32_MAX : vd_utf8_columns(vd_str_first(patterns[i], r.at)) };
        if (r.matches)
            break;
    }
    return best;
}
