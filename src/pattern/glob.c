/* SPDX-License-Identifier: Apache-2.0
 *
 * Glob over coded patterns.  The subject is cut into units: its code points, and single bytes where it is not UTF-8.
 * A literal byte matches that byte, an any-wildcard one unit from its begin to its end, a star any run of bytes
 * (narrow ones: without ':'); for a pattern that is UTF-8 this is matching by code points.
 *
 * The fast path compares the literal ends, then walks with two places to come back to: behind the last wide star and
 * behind the last narrow one.  Why that is exact:
 *   - What can be matched behind a wide star from some place can be matched from any earlier one, so the earliest
 *     end of what stands before it is the only one to keep.
 *   - A narrow star reaches up to the next ':'.  Let t be what follows it up to the next star.  If t can only match
 *     without ':', all its matches end before the same ':', and the earliest reaches the farthest.  If t holds a
 *     literal ':' and nothing before that can match a ':', then that literal is the next ':' and t has one place.
 *   - So the one bad case is a VD_ANY behind a VD_STAR_IN with no literal ':' between them.  arn.c never makes such
 *     patterns; glob_nfa.c takes them, up to VD_GLOB_MOST_TOKENS.
 * It also takes what costs the fast path too many steps: its time does not depend on what the pattern holds.
 */
#include "pattern/glob_int.h"

#include "base/str.h"
#include "base/utf8.h"

size_t vd_glob_code(char *out, vd_str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i] == '*' ? VD_STAR : text.p[i] == '?' ? VD_ANY : text.p[i];

        if (c != VD_STAR || n == 0 || out[n - 1] != VD_STAR)
            out[n++] = c;
    }
    return n;
}

bool vd_glob_matches(vd_str pattern, vd_str text)
{
    char coded[2048];

    return pattern.n <= sizeof coded && vd_glob_match((vd_str){ coded, vd_glob_code(coded, pattern) }, text);
}

static uint64_t load8(const char *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
    return v;
}

/* Is one of the eight bytes 0xfc or more? */
static bool has_wild(uint64_t v)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t       x = ~v & (0xfcu * ones);

    return ((x - ones) & ~x & (0x80u * ones)) != 0;
}

size_t vd_glob_literal_prefix(vd_str coded)
{
    size_t n = 0;

    while (n + 8 <= coded.n && !has_wild(load8(coded.p + n)))
        n += 8;
    while (n < coded.n && !vd_is_wild(coded.p[n]))
        n++;
    return n;
}

vd_glob_shape vd_glob_classify(vd_str coded)
{
    size_t head = vd_glob_literal_prefix(coded);

    if (head == coded.n)
        return VD_GLOB_LITERAL;
    if (coded.p[head] != VD_STAR)
        return VD_GLOB_OTHER;
    if (head + 1 == coded.n)
        return head ? VD_GLOB_PREFIX : VD_GLOB_ALL;
    if (head == 0 && vd_glob_literal_prefix(vd_str_from(coded, 1)) == coded.n - 1)
        return VD_GLOB_SUFFIX;
    return VD_GLOB_OTHER;
}

size_t vd_glob_unit(vd_str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    uint32_t      cp, n;

    if (c < 0x80)
        return 1;
    if (c < 0xc0) /* not a begin if it is the inside of a code point */
        for (size_t back = 1; back <= 3 && back <= at; back++) {
            if (((unsigned char)s.p[at - back] & 0xc0) == 0x80)
                continue;
            return vd_utf8_next((vd_str){ s.p + at - back, s.n - at + back }, &cp) > back ? 0 : 1;
        }
    n = vd_utf8_next((vd_str){ s.p + at, s.n - at }, &cp);
    return n ? n : 1;
}

/* Passes the literal beginning of the pattern.  False: the subject has another. */
static bool cut_prefix(vd_glob_job *g)
{
    const char *p = g->p, *s = g->s.p;
    size_t      most = g->n < g->to ? g->n : g->to, i = 0;

    for (; i + 8 <= most; i += 8) {
        uint64_t v = load8(p + i);

        if (v != load8(s + i) || has_wild(v))
            break;
    }
    while (i < most && p[i] == s[i] && !vd_is_wild(p[i]))
        i++;
    g->p += i;
    g->n -= i;
    g->from = i;
    return g->n ? vd_is_wild(g->p[0]) : i == g->to;
}

/* The same at the end; the pattern holds a wildcard, which stops it. */
static bool cut_suffix(vd_glob_job *g)
{
    const char *p = g->p, *s = g->s.p;

    while (g->n >= 8 && g->to - g->from >= 8) {
        uint64_t v = load8(p + g->n - 8);

        if (v != load8(s + g->to - 8) || has_wild(v))
            break;
        g->n -= 8;
        g->to -= 8;
    }
    while (g->to > g->from && p[g->n - 1] == s[g->to - 1] && !vd_is_wild(p[g->n - 1])) {
        g->n--;
        g->to--;
    }
    return vd_is_wild(p[g->n - 1]);
}

/* The first place from `at` on where c stands, or to. */
static size_t seek(const vd_glob_job *g, size_t at, char c)
{
    const char *hit = at < g->to ? memchr(g->s.p + at, c, g->to - at) : NULL;

    return hit ? (size_t)(hit - g->s.p) : g->to;
}

/* Bytes the walk may look at in vain before the exact half takes over; to come back costs as much as a few. */
enum { MOST_WASTE = 512, COMING_BACK = 4 };

/* Where to come back to: a place of the pattern, behind a star, and one of the subject. */
typedef struct mark {
    bool   set;
    size_t i, at;
} mark;

/* What is left after both cuts; it begins and ends with a wildcard. */
static bool walk(const vd_glob_job *g)
{
    const char *p = g->p, *s = g->s.p;
    mark        wide = { 0 }, narrow = { 0 };
    size_t      at = g->from, i = 0, waste = 0, most = MOST_WASTE;
    bool        pinned = true; /* a literal ':' stands between the narrow star and here */

    for (;;) {
        bool fits = false, lost = false;

        for (; i < g->n && at < g->to && p[i] == s[at] && !vd_is_wild(p[i]); i++, at++)
            pinned |= p[i] == ':';
        if (i == g->n) {
            if (at == g->to)
                return true;
        } else if (p[i] == VD_STAR) {
            if (++i == g->n)
                return true;
            at = vd_is_wild(p[i]) ? at : seek(g, at, p[i]);
            wide = (mark){ true, i, at };
            narrow.set = false;
            pinned = fits = true;
        } else if (p[i] == VD_STAR_IN) {
            narrow = (mark){ true, ++i, at };
            pinned = false;
            fits = true;
            if (i == g->n) {
                size_t colon = seek(g, at, ':');

                if (colon == g->to)
                    return true;
                waste += (colon - at) / 16;
                narrow.set = fits = false;
            }
        } else if (at < g->to) {
            if (vd_is_wild(p[i]) && (p[i] == VD_ANY || s[at] != ':')) {
                size_t n = (unsigned char)s[at] < 0x80 ? 1 : vd_glob_unit(g->s, at);

                lost = p[i] == VD_ANY && !pinned;
                fits = n && at + n <= g->to;
                at += n;
                i++;
            }
        }
        if (fits && !lost)
            continue;
        if ((lost || waste > most) && most < (size_t)-1) {
            vd_glob_job rest = *g;
            bool        matched;

            if (wide.set)
                rest.p += wide.i - 1, rest.n -= wide.i - 1, rest.from = wide.at;
            if (vd_glob_nfa(&matched, &rest))
                return matched;
            most = (size_t)-1;
        }
        if (fits)
            continue;
        if (narrow.set && narrow.at < g->to && s[narrow.at] != ':') {
            waste += at - narrow.at + COMING_BACK;
            i = narrow.i;
            at = ++narrow.at;
            pinned = false;
        } else if (wide.set && wide.at < g->to) {
            waste += at - wide.at + COMING_BACK;
            i = wide.i;
            at = wide.at = vd_is_wild(p[i]) ? wide.at + 1 : seek(g, wide.at + 1, p[i]);
            narrow.set = false;
            pinned = true;
        } else {
            return false;
        }
    }
}

bool vd_glob_match(vd_str coded, vd_str s)
{
    vd_glob_job g = { .p = coded.p, .n = coded.n, .s = s, .to = s.n };

    if (!cut_prefix(&g))
        return false;
    return g.n == 0 || (cut_suffix(&g) && walk(&g));
}
