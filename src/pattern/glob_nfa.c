/* SPDX-License-Identifier: Apache-2.0
 *
 * The exact half of the glob matcher: all places of the pattern at once, a bit each, moved by shifts over the subject
 * byte by byte.  What a pattern holds does not change its time, only the lengths do; it is what patterns get that
 * were made to be slow, and the few that the fast path cannot decide.
 *
 * The pattern is cut at its wide stars.  What stands between two of them is searched from where the one before ended,
 * and only its earliest end counts (glob.c says why); so the places of one piece are all there is to hold.
 *
 *   Bit j of a set: the first j tokens of the piece are behind us.  A narrow star is not a token but lets the bit
 *   behind it stay where it is, on every byte but ':'.  The wide star before the piece does that for bit 0.
 *   any, all, bit j: token j - 1 is VD_ANY; is VD_ANY or VD_ANY_IN.
 *   The row of a byte c, bit j: token j - 1 is that byte, or for ASCII a wildcard that takes it.
 *   A code point of several bytes: the bits that pass a wildcard wait in `late` until its last byte is through.
 *
 * Only words that can hold a useful bit are touched: none above the highest set bit, and none from which the tokens
 * left are more than the bytes left.
 */
#include "pattern/glob_int.h"

#include "base/str.h"

enum {
    SMALL_TOKENS = 2048,
    STRIDE = 2, /* words handled at once */
    SMALL_WORDS = SMALL_TOKENS / 64 + STRIDE,
    BIG_WORDS = VD_GLOB_MOST_TOKENS / 64 + STRIDE,
    SETS = 7, /* now, next, late, loop_in, any, all, none */
    ROWS = 257, /* the first is not used: 0 in row_of means none */
    PLANES = 10 /* eight of the literals' bits, which tokens are literals, room for a row */
};
static const size_t failed = (size_t)-1;

typedef struct nfa {
    size_t    words;
    uint64_t *now, *next;
    uint64_t *late;
    uint64_t *loop_in;
    uint64_t *any, *all;
    uint64_t *none;
    bool      narrow; /* loop_in is not empty */
    bool      big;    /* rows are put together from planes when they are needed */
    uint64_t *rows, *planes;
    uint16_t  row_of[256];
} nfa;

typedef struct piece {
    vd_str text; /* no VD_STAR in it */
    size_t tokens;
    bool   floating, last; /* a wide star before it; none behind it */
    size_t rest;           /* tokens behind the piece */
} piece;

static void set_bit(uint64_t *set, size_t bit)
{
    set[bit / 64] |= (uint64_t)1 << (bit % 64);
}

static void put_literal(nfa *f, size_t bit, unsigned char c, size_t *rows)
{
    if (f->big) {
        for (size_t b = 0; b < 8; b++)
            if (c >> b & 1)
                set_bit(f->planes + b * f->words, bit);
        set_bit(f->planes + 8 * f->words, bit);
        return;
    }
    if (f->row_of[c] == 0) {
        f->row_of[c] = (uint16_t)++*rows;
        memset(f->rows + *rows * f->words, 0, f->words * sizeof(uint64_t));
    }
    set_bit(f->rows + f->row_of[c] * f->words, bit);
}

static void clear(uint64_t *set, size_t words)
{
    memset(set, 0, words * sizeof *set);
}

static void load(nfa *f, const piece *p)
{
    size_t bit = 0, rows = 0;

    f->words = (p->tokens / 64 + STRIDE) / STRIDE * STRIDE;
    f->narrow = false;
    clear(f->now, f->words);
    clear(f->next, f->words);
    clear(f->loop_in, f->words);
    clear(f->any, f->words);
    clear(f->all, f->words);
    clear(f->none, f->words);
    if (f->big)
        clear(f->planes, f->words * 9);
    for (size_t i = 0; i < p->text.n; i++) {
        char c = p->text.p[i];

        if (c == VD_STAR_IN) {
            set_bit(f->loop_in, bit);
            f->narrow = true;
            continue;
        }
        bit++;
        if (!vd_is_wild(c)) {
            put_literal(f, bit, (unsigned char)c, &rows);
            continue;
        }
        set_bit(f->all, bit);
        if (c == VD_ANY)
            set_bit(f->any, bit);
    }
    for (size_t c = 0; c < 0x80 && !f->big; c++) {
        const uint64_t *wild = c == ':' ? f->any : f->all;
        uint64_t       *to = f->rows + f->row_of[c] * f->words;

        for (size_t w = 0; f->row_of[c] && w < f->words; w++)
            to[w] |= wild[w];
    }
}

/* Forgets the rows of the piece: cheaper than to clear row_of for each of many short pieces. */
static void unload(nfa *f, const piece *p)
{
    for (size_t i = 0; i < p->text.n; i++)
        f->row_of[(unsigned char)p->text.p[i]] = 0;
}

static const uint64_t *row(nfa *f, unsigned char c, size_t lo, size_t end)
{
    const uint64_t *wild = c >= 0x80 ? f->none : c == ':' ? f->any : f->all;
    uint64_t       *out = f->planes + 9 * f->words, flip[8];

    if (!f->big)
        return f->row_of[c] ? f->rows + f->row_of[c] * f->words : wild;
    for (size_t b = 0; b < 8; b++)
        flip[b] = c >> b & 1 ? 0 : ~(uint64_t)0;
    memcpy(out + lo, f->planes + 8 * f->words + lo, (end - lo) * sizeof *out);
    for (size_t b = 0; b < 8; b++) {
        const uint64_t *plane = f->planes + b * f->words;

        for (size_t w = lo; w < end; w++)
            out[w] &= plane[w] ^ flip[b];
    }
    for (size_t w = lo; w < end; w++)
        out[w] |= wild[w];
    return out;
}

typedef uint64_t pair __attribute__((vector_size(16)));

/* One byte: moves every bit whose token fits, keeps those that may stay.  any and stay may be NULL: empty.  Pairs are
 * loaded as they were stored, and the bit between two words goes through a register: a load that straddles two
 * stores would wait for both. */
static inline __attribute__((always_inline)) void step(uint64_t *restrict next, const uint64_t *restrict now,
                                                       const uint64_t *restrict fits, const uint64_t *restrict any,
                                                       const uint64_t *restrict stay, size_t lo, size_t end)
{
    pair before = { 0, 0 };

    for (size_t w = lo / STRIDE * STRIDE; w < end; w += STRIDE) {
        pair v = *(const pair *)(now + w);
        pair below = { before[1], v[0] };
        pair moved = (v + v) | (below >> 63);

        before = v;
        moved &= any ? *(const pair *)(fits + w) | *(const pair *)(any + w) : *(const pair *)(fits + w);
        *(pair *)(next + w) = stay ? moved | (v & *(const pair *)(stay + w)) : moved;
    }
}

/* Where the piece ends that is matched from `at` on: the earliest end, for the last piece the end of all. */
static size_t run(nfa *f, const piece *p, const vd_glob_job *g, size_t at)
{
    size_t lo = 0, end = 1;                    /* the words in use; the others of both sets are zero */
    size_t late_lo = 0, late_end = 0, due = 0; /* the same of f->late, and where it joins; 0: nothing waits */
    size_t accept = p->tokens / 64, bit = p->tokens % 64;

    uint64_t *now = f->now, *next = f->next;

    now[0] = 1;
    for (;; at++) {
        unsigned char   c;
        size_t          left = g->to - at - p->rest, unit = 1;
        const uint64_t *any = NULL, *fits;
        uint64_t       *swap, first;

        if (end > accept && (now[accept] >> bit & 1) && (!p->last || at == g->to))
            return at;
        if (left == 0)
            return failed;
        if (p->tokens > left)
            for (size_t least = (p->tokens - left) / 64; lo < least; lo++)
                now[lo] = next[lo] = 0;
        if (end < lo)
            end = lo;
        if (end == lo && (due == 0 || late_end <= lo))
            return failed;
        if (end > lo && end < f->words && now[end - 1] >> 63)
            end++;

        c = (unsigned char)g->s.p[at];
        if (c >= 0x80) {
            unit = vd_glob_unit(g->s, at);
            any = unit == 1 ? f->all : NULL;
        }
        if (unit > 1 && at + unit <= g->to) {
            step(f->late, now, f->all, NULL, NULL, lo, end);
            late_lo = lo, late_end = end, due = at + unit;
        }
        first = now[0] & (uint64_t)p->floating;
        fits = row(f, c, lo, end);
        if (any)
            step(next, now, fits, any, f->loop_in, lo, end);
        else if (f->narrow && c != ':')
            step(next, now, fits, NULL, f->loop_in, lo, end);
        else
            step(next, now, fits, NULL, NULL, lo, end);
        next[0] |= first;
        if (due == at + 1) {
            for (size_t w = late_lo > lo ? late_lo : lo; w < late_end; w++)
                next[w] |= f->late[w];
            end = late_end > end ? late_end : end;
            due = 0;
        }
        for (; end > lo && next[end - 1] == 0; end--)
            now[end - 1] = 0;
        swap = now, now = next, next = swap;
    }
}

static size_t count_tokens(const char *p, size_t n)
{
    size_t tokens = 0;

    for (size_t i = 0; i < n; i++)
        tokens += p[i] != VD_STAR && p[i] != VD_STAR_IN;
    return tokens;
}

/* Where the piece that begins at i ends. */
static size_t piece_end(const vd_glob_job *g, size_t i)
{
    while (i < g->n && g->p[i] != VD_STAR)
        i++;
    return i;
}

static bool match(nfa *f, const vd_glob_job *g)
{
    size_t at = g->from;
    piece  p = { .rest = count_tokens(g->p, g->n) };

    for (size_t i = 0;; p.floating = true) {
        size_t end = piece_end(g, i);

        p.text = (vd_str){ g->p + i, end - i };
        p.tokens = count_tokens(p.text.p, p.text.n);
        p.last = end == g->n;
        p.rest -= p.tokens;
        if (g->to - at < p.tokens + p.rest)
            return false;
        if (p.text.n == 0 && p.last && p.floating)
            return true;
        if (p.text.n > 0 || p.last) {
            load(f, &p);
            at = run(f, &p, g, at);
            unload(f, &p);
        }
        if (at == failed || p.last)
            return at != failed;
        i = end + 1;
    }
}

/* Cuts the sets out of the store. */
static void lay_out(nfa *f, uint64_t *store, size_t words)
{
    uint64_t **sets[SETS] = { &f->now, &f->next, &f->late, &f->loop_in, &f->any, &f->all, &f->none };

    for (size_t i = 0; i < SETS; i++, store += words)
        *sets[i] = store;
    memset(f->row_of, 0, sizeof f->row_of);
}

static __attribute__((noinline)) bool match_small(const vd_glob_job *g)
{
    _Alignas(pair) uint64_t sets[SETS * SMALL_WORDS];
    _Alignas(pair) uint64_t rows[ROWS * SMALL_WORDS];
    nfa                     f = { .rows = rows };

    lay_out(&f, sets, SMALL_WORDS);
    return match(&f, g);
}

static __attribute__((noinline)) bool match_big(const vd_glob_job *g)
{
    _Alignas(pair) uint64_t sets[SETS * BIG_WORDS];
    _Alignas(pair) uint64_t planes[PLANES * BIG_WORDS];
    nfa                     f = { .big = true, .planes = planes };

    lay_out(&f, sets, BIG_WORDS);
    return match(&f, g);
}

bool vd_glob_nfa(bool *matched, const vd_glob_job *g)
{
    size_t most = 0;

    for (size_t i = 0, end; i < g->n; i = end + 1) {
        size_t tokens;

        end = piece_end(g, i);
        tokens = count_tokens(g->p + i, end - i);
        most = tokens > most ? tokens : most;
    }
    if (most > VD_GLOB_MOST_TOKENS && g->to - g->from >= most)
        return false;
    *matched = g->to - g->from >= most && (most <= SMALL_TOKENS ? match_small(g) : match_big(g));
    return true;
}
