/* SPDX-License-Identifier: Apache-2.0
 *
 * Two patterns as two automata that read the same text, letter by letter: every pair of sets of places is visited.
 */
#include "twins.h"

#include "pattern/glob.h"

enum { MOST_STATES = 2000, OTHER = '~' };

typedef struct state {
    uint32_t p, q;
} state;

static bool is_star(char c)
{
    return c == VD_STAR || c == VD_STAR_IN;
}

static uint32_t pass_stars(vd_str s, uint32_t set)
{
    for (size_t i = 0; i < s.n; i++)
        if ((set >> i & 1) && is_star(s.p[i]))
            set |= UINT32_C(2) << i;
    return set;
}

static uint32_t read_letter(vd_str s, uint32_t set, char letter)
{
    uint32_t out = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool narrow = c == VD_STAR_IN || c == VD_ANY_IN;

        if (!(set >> i & 1) || (vd_is_wild(c) ? narrow && letter == ':' : c != letter))
            continue;
        out |= is_star(c) ? UINT32_C(1) << i : UINT32_C(2) << i;
    }
    return pass_stars(s, out);
}

bool twin_compare(vd_str p, vd_str q, bool *covers, bool *overlaps)
{
    state    at[MOST_STATES] = { { pass_stars(p, 1), pass_stars(q, 1) } };
    uint32_t count = 1;
    char     letters[64] = { ':', OTHER };
    size_t   n = 2;

    for (size_t i = 0; i < p.n + q.n; i++) {
        char c = i < p.n ? p.p[i] : q.p[i - p.n];

        if (!vd_is_wild(c) && !memchr(letters, c, n))
            letters[n++] = c;
    }
    *covers = true;
    *overlaps = false;
    for (uint32_t k = 0; k < count; k++) {
        bool in_p = at[k].p >> p.n & 1, in_q = at[k].q >> q.n & 1;

        *covers &= in_p || !in_q;
        *overlaps |= in_p && in_q;
        for (size_t l = 0; l < n; l++) {
            state    next = { read_letter(p, at[k].p, letters[l]), read_letter(q, at[k].q, letters[l]) };
            uint32_t known = 0;

            while (known < count && (at[known].p != next.p || at[known].q != next.q))
                known++;
            if (known == MOST_STATES)
                return false;
            if (known == count)
                at[count++] = next;
        }
    }
    return true;
}
