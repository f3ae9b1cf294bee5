/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns against patterns.  Both become tokens: code points and wildcards.
 *
 * covers: first by reading q as a text in which wildcards are letters of their own: a star of p may take all of them, the
 * other wildcards of p only what they are at least as wide as.  When that succeeds, p covers q; and when p holds only wide
 * stars, p covers q only then: put a letter that p does not name for each wildcard of q, very often for a star, and
 * nothing but stars of p can take these.  Otherwise p is followed as a set of places while q is walked in every way that
 * matters.  For a wildcard of q two letters matter: one that p does not name, which is worst for p since only its
 * wildcards take it, and ':' which narrow ones do not take.  A set that contains one already looked at, at the same place
 * of q, has nothing new to fear.
 *
 * overlaps: places of both that some text leads to, row by row.
 */
#include "pattern/overlap.h"

#include "base/str.h"
#include "base/utf8.h"

enum {
    MOST_TOKENS = 1024, /* of a pattern, for the table of overlaps */
    WORDS = 4,          /* of a set of places */
    MOST_PLACES = 64 * WORDS - 1,
    MOST_SETS = 512,
    NO_LETTER = 0x110000,
    STAR = 0x200000,
    STAR_IN,
    ANY,
    ANY_IN
};

typedef struct tokens {
    uint32_t at[MOST_TOKENS];
    size_t   count;
} tokens;

static bool is_star(uint32_t t)
{
    return t == STAR || t == STAR_IN;
}

static uint32_t wild_token(char c)
{
    return c == VD_STAR ? STAR : c == VD_ANY ? ANY : c == VD_STAR_IN ? STAR_IN : ANY_IN;
}

/* False: too long, or not UTF-8. */
static bool tokenize(tokens *out, vd_str s)
{
    out->count = 0;
    for (size_t i = 0; i < s.n; out->count++) {
        uint32_t n = 1;

        if (out->count == MOST_TOKENS)
            return false;
        if (vd_is_wild(s.p[i])) {
            out->at[out->count] = wild_token(s.p[i]);
        } else if ((unsigned char)s.p[i] < 0x80) {
            out->at[out->count] = (unsigned char)s.p[i];
        } else {
            n = vd_utf8_next(vd_str_from(s, i), &out->at[out->count]);
            if (n == 0)
                return false;
        }
        i += n;
    }
    return true;
}

/* Equal literals at the beginning decide nothing.  The cut is between code points. */
static size_t common_head(vd_str p, vd_str q)
{
    size_t n = 0;

    while (n < p.n && n < q.n && p.p[n] == q.p[n] && !vd_is_wild(p.p[n]))
        n++;
    while (n && ((n < p.n && ((unsigned char)p.p[n] & 0xc0) == 0x80) || (n < q.n && ((unsigned char)q.p[n] & 0xc0) == 0x80)))
        n--;
    return n;
}

/* Literals that differ at the beginning or at the end, or a literal longer than a text without stars can be. */
static bool ends_differ(vd_str p, vd_str q)
{
    size_t most = p.n < q.n ? p.n : q.n;

    for (size_t i = 0; i < most && !vd_is_wild(p.p[i]) && !vd_is_wild(q.p[i]); i++)
        if (p.p[i] != q.p[i])
            return true;
    for (size_t i = 1; i <= most && !vd_is_wild(p.p[p.n - i]) && !vd_is_wild(q.p[q.n - i]); i++)
        if (p.p[p.n - i] != q.p[q.n - i])
            return true;
    return false;
}

/* ------------------------------------------------------------------ covers */

/* Does the wildcard w take everything that token t stands for, star or not? */
static bool takes(uint32_t w, uint32_t t)
{
    if (w == STAR)
        return true;
    if (w == ANY)
        return !is_star(t);
    if (w == STAR_IN)
        return t != ':' && t != STAR && t != ANY;
    return w == ANY_IN && t != ':' && t != ANY && !is_star(t);
}

/* q as a text.  Coming back to the last star alone is exact only for wide ones; in doubt the answer is no. */
static bool covers_as_text(const tokens *p, const tokens *q)
{
    size_t i = 0, k = 0, star = SIZE_MAX, mark = 0;

    while (k < q->count) {
        uint32_t t = i < p->count ? p->at[i] : NO_LETTER;

        if (is_star(t)) {
            star = i++;
            mark = k;
        } else if (t < NO_LETTER ? t == q->at[k] : takes(t, q->at[k])) {
            i++;
            k++;
        } else if (star != SIZE_MAX && takes(p->at[star], q->at[mark])) {
            i = star + 1;
            k = ++mark;
        } else {
            return false;
        }
    }
    while (i < p->count && is_star(p->at[i]))
        i++;
    return i == p->count;
}

typedef struct places {
    uint64_t w[WORDS];
} places;

typedef struct search {
    const tokens *p, *q;
    places        wide, narrow, any_wide, any_narrow; /* where p has these */
    places        sets[MOST_SETS];
    uint16_t      next[MOST_SETS];          /* of the sets at the same place of q; 0: none (numbers plus one) */
    uint16_t      first[MOST_TOKENS + 1];
    uint16_t      at[MOST_SETS];            /* that place */
    size_t        count;
} search;

static void put(places *s, size_t i)
{
    s->w[i / 64] |= UINT64_C(1) << i % 64;
}

static bool has(const places *s, size_t i)
{
    return s->w[i / 64] >> i % 64 & 1;
}

/* Stars may be passed at any time; after one comes at most one other. */
static void pass_stars(const search *x, places *s)
{
    bool more = true;

    while (more) {
        uint64_t carry = 0;

        more = false;
        for (size_t i = 0; i < WORDS; i++) {
            uint64_t stars = s->w[i] & (x->wide.w[i] | x->narrow.w[i]), add = stars << 1 | carry;

            carry = stars >> 63;
            more |= (add & ~s->w[i]) != 0;
            s->w[i] |= add;
        }
    }
}

static places step(const search *x, const places *s, uint32_t letter)
{
    places   literal = { { 0 } }, out;
    uint64_t carry = 0, colon = letter == ':' ? 0 : UINT64_MAX;

    for (size_t i = 0; letter != NO_LETTER && i < x->p->count; i++)
        if (x->p->at[i] == letter)
            put(&literal, i);
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t going = s->w[i] & (literal.w[i] | x->any_wide.w[i] | (x->any_narrow.w[i] & colon));

        out.w[i] = going << 1 | carry | (s->w[i] & (x->wide.w[i] | (x->narrow.w[i] & colon)));
        carry = going >> 63;
    }
    pass_stars(x, &out);
    return out;
}

static bool within(const places *a, const places *b)
{
    uint64_t more = 0;

    for (size_t i = 0; i < WORDS; i++)
        more |= a->w[i] & ~b->w[i];
    return more == 0;
}

/* False: p is nowhere, or there are too many sets. */
static bool add_set(search *x, size_t at, places s)
{
    uint64_t any = 0;

    for (size_t i = 0; i < WORDS; i++)
        any |= s.w[i];
    if (!any || (at == x->q->count && !has(&s, x->p->count)))
        return false;
    for (uint16_t k = x->first[at]; k; k = x->next[k - 1])
        if (within(&x->sets[k - 1], &s))
            return true;
    if (x->count == MOST_SETS)
        return false;
    x->sets[x->count] = s;
    x->at[x->count] = (uint16_t)at;
    x->next[x->count] = x->first[at];
    x->first[at] = (uint16_t)++x->count;
    return true;
}

static bool walk_set(search *x, size_t k)
{
    size_t   at = x->at[k], to;
    uint32_t t;
    bool     colon;

    if (at == x->q->count)
        return true;
    t = x->q->at[at];
    if (t < NO_LETTER)
        return add_set(x, at + 1, step(x, &x->sets[k], t));
    to = is_star(t) ? at : at + 1;
    colon = t == STAR || t == ANY;
    return (!is_star(t) || add_set(x, at + 1, x->sets[k])) && add_set(x, to, step(x, &x->sets[k], NO_LETTER)) &&
           (!colon || add_set(x, to, step(x, &x->sets[k], ':')));
}

static bool covers_as_sets(const tokens *p, const tokens *q)
{
    search x = { .p = p, .q = q, .count = 0 };
    places start = { { 1 } };

    if (p->count > MOST_PLACES)
        return false;
    for (size_t i = 0; i < p->count; i++) {
        uint32_t t = p->at[i];

        if (t >= STAR)
            put(t == STAR ? &x.wide : t == STAR_IN ? &x.narrow : t == ANY ? &x.any_wide : &x.any_narrow, i);
    }
    pass_stars(&x, &start);
    if (!add_set(&x, 0, start))
        return false;
    for (size_t k = 0; k < x.count; k++)
        if (!walk_set(&x, k))
            return false;
    return true;
}

static bool only_wide_stars(const tokens *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->at[i] > STAR)
            return false;
    return true;
}

bool vd_glob_covers(vd_str p, vd_str q)
{
    vd_glob_shape shape = vd_glob_classify(p);
    size_t        head;
    tokens        a, b;

    if (shape == VD_GLOB_ALL)
        return true;
    if (vd_glob_classify(q) == VD_GLOB_LITERAL)
        return vd_glob_match(p, q);
    if (shape == VD_GLOB_LITERAL)
        return false; /* a wildcard stands for more than one text */
    if (shape == VD_GLOB_PREFIX)
        return vd_str_starts(q, vd_str_first(p, p.n - 1));
    head = common_head(p, q);
    p = vd_str_from(p, head);
    q = vd_str_from(q, head);
    if (p.n && !vd_is_wild(p.p[0]))
        return false; /* q goes on with another letter, or with a wildcard */
    if (!tokenize(&a, p) || !tokenize(&b, q))
        return false;
    if (covers_as_text(&a, &b))
        return true;
    return !only_wide_stars(&a) && covers_as_sets(&a, &b);
}

/* ------------------------------------------------------------------ overlaps */

/* Is there a letter that both stand for? */
static bool meet(uint32_t s, uint32_t t)
{
    if (s < NO_LETTER && t < NO_LETTER)
        return s == t;
    if (s < NO_LETTER)
        return s != ':' || t == ANY || t == STAR;
    return t >= NO_LETTER || t != ':' || s == ANY || s == STAR;
}

/* here[k]: some text leads to place i of p and k of q.  Adds to here by stars, and to next (place i + 1 of p). */
static void fill_row(const tokens *p, const tokens *q, size_t i, bool *here, bool *next)
{
    uint32_t s = i < p->count ? p->at[i] : NO_LETTER;

    for (size_t k = 0; k <= q->count; k++) {
        uint32_t t = k < q->count ? q->at[k] : NO_LETTER;

        if (!here[k])
            continue;
        if (t != NO_LETTER && is_star(t))
            here[k + 1] = true;
        if (s == NO_LETTER)
            continue;
        if (is_star(s))
            next[k] = true;
        if (t == NO_LETTER || !meet(s, t))
            continue;
        if (is_star(s) && !is_star(t))
            here[k + 1] = true;
        else if (!is_star(s))
            next[is_star(t) ? k : k + 1] = true;
    }
}

/* A star alone meets everything, a narrow one all that can do without ':'. */
static bool meets_star(char star, vd_str q)
{
    return star == VD_STAR || vd_str_find(q, ':') == q.n;
}

bool vd_glob_overlaps(vd_str p, vd_str q)
{
    bool   rows[2][MOST_TOKENS + 1];
    size_t head, literal_p, literal_q;
    tokens a, b;

    if (p.n == 1 && (p.p[0] == VD_STAR || p.p[0] == VD_STAR_IN))
        return meets_star(p.p[0], q);
    if (q.n == 1 && (q.p[0] == VD_STAR || q.p[0] == VD_STAR_IN))
        return meets_star(q.p[0], p);
    if (ends_differ(p, q)) /* most do, and it is soon found out */
        return false;
    literal_p = vd_glob_literal_prefix(p);
    if (literal_p == p.n)
        return vd_glob_match(q, p);
    literal_q = vd_glob_literal_prefix(q);
    if (literal_q == q.n)
        return vd_glob_match(p, q);
    if ((p.p[p.n - 1] == VD_STAR && literal_p == p.n - 1 && literal_p <= literal_q) ||
        (q.p[q.n - 1] == VD_STAR && literal_q == q.n - 1 && literal_q <= literal_p))
        return true;
    head = common_head(p, q);
    if (!tokenize(&a, vd_str_from(p, head)) || !tokenize(&b, vd_str_from(q, head)))
        return true;
    memset(rows[0], 0, b.count + 1);
    rows[0][0] = true;
    for (size_t i = 0; i <= a.count; i++) {
        bool *here = rows[i & 1], *next = rows[(i + 1) & 1];

        memset(next, 0, b.count + 1);
        fill_row(&a, &b, i, here, next);
    }
    return rows[a.count & 1][b.count];
}

/* ------------------------------------------------------------------ actions */

enum { ACTION_BYTES = 256 };

/* Lowered and coded; an empty one when it is longer than any action. */
static vd_str code_action(char out[ACTION_BYTES], vd_str text)
{
    size_t n;

    if (text.n > ACTION_BYTES)
        return (vd_str){ out, 0 };
    n = vd_glob_code(out, text);
    for (size_t i = 0; i < n; i++)
        out[i] = vd_lower(out[i]);
    return (vd_str){ out, n };
}

bool vd_action_covers(vd_str p, vd_str q)
{
    char   a[ACTION_BYTES], b[ACTION_BYTES];
    vd_str x = code_action(a, p), y = code_action(b, q);

    return x.n && y.n && vd_glob_covers(x, y);
}

bool vd_action_overlaps(vd_str p, vd_str q)
{
    char   a[ACTION_BYTES], b[ACTION_BYTES];
    vd_str x = code_action(a, p), y = code_action(b, q);

    return x.n == 0 || y.n == 0 || vd_glob_overlaps(x, y);
}
