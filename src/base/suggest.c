/* SPDX-License-Identifier: Apache-2.0
 *
 * Optimal string alignment over at most 64 bytes: longer words get no suggestion.
 */
#include "base/suggest.h"

#include "base/str.h"

enum { LONGEST = 64 };

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t vd_distance(vd_str a, vd_str b, uint32_t most)
{
    uint32_t rows[3][LONGEST + 1];
    uint32_t *before = rows[0], *last = rows[1], *now = rows[2];

    if (a.n > LONGEST || b.n > LONGEST)
        return most + 1;
    for (uint32_t j = 0; j <= b.n; j++)
        last[j] = j;
    for (uint32_t i = 1; i <= a.n; i++) {
        uint32_t *old = before;

        now[0] = i;
        for (uint32_t j = 1; j <= b.n; j++) {
            char x = vd_lower(a.p[i - 1]), y = vd_lower(b.p[j - 1]);

            now[j] = least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == vd_lower(b.p[j - 2]) && y == vd_lower(a.p[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
        now = old;
    }
    return last[b.n] > most ? most + 1 : last[b.n];
}

size_t vd_suggest(vd_str word, const vd_str *candidates, size_t count)
{
    uint32_t best = word.n < 4 ? 1 : word.n < 8 ? 2 : 3;
    size_t   found = count;

    for (size_t i = 0; i < count; i++) {
        uint32_t d = vd_distance(word, candidates[i], best);

        if (d < best || (d == best && found == count)) {
            best = d;
            found = i;
        }
    }
    return found;
}
