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

static inline const uint64_t *row(nfa *f, unsigned char c, size_t lo, size_t end)
{
    const uint64_t *wild = c >= 0x80 ? f->none : c == ':' ? f->any : f->all;
    uint64_t       *out, flip[8];

    if (!f->big)
        return f->row_of[c] ? f->rows + f->row_of[c] * f->words : wild;
    out = f->planes + 9 * f->words;
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

/* Pairs are loaded as they were stored, and the bit between two words goes through a register: a load that straddles
 * two stores would wait for both. */
static inline pair at_word(const uint64_t *set, size_t w)
{
    return *(const pair *)(set + w);
}

/* v moved up by one bit; *before is the pair below it, and becomes v. */
static inline pair shift(pair v, pair *before)
{
    pair below = { (*before)[1], v[0] };

    *before = v;
    return (v + v) | (below >> 63);
}

/* One byte: moves every bit whose token fits, keeps those that may stay.  any and stay may be NULL: empty.  first: bit 0
 * stays; it comes in here, for a word stored alone would have the next step wait for it. */
static inline __attribute__((always_inline)) void step(uint64_t *restrict next, const uint64_t *restrict now,
                                                       const uint64_t *restrict fits, const uint64_t *restrict any,
                                                       const uint64_t *restrict stay, uint64_t first, size_t lo,
                                                       size_t end)
{
    pair before = { 0, 0 }, keep = { first, 0 };

    for (size_t w = lo / STRIDE * STRIDE; w < end; w += STRIDE) {
        pair v = at_word(now, w);
        pair moved = shift(v, &before);

        moved = (moved & (any ? at_word(fits, w) | at_word(any, w) : at_word(fits, w))) | keep;
        *(pair *)(next + w) = stay ? moved | (v & at_word(stay, w)) : moved;
        keep = (pair){ 0, 0 };
    }
}

/* Two bytes at once, which halves the loads and stores.  stay and stay2 of either byte are both NULL or neither is;
 * whole, if not NULL: the two bytes are one code point, which these bits pass. */
static inline __attribute__((always_inline)) void step_two(uint64_t *restrict next, const uint64_t *restrict now,
                                                           const uint64_t *fits, const uint64_t *fits2,
                                                           const uint64_t *stay, const uint64_t *stay2,
                                                           const uint64_t *whole, uint64_t first, size_t lo,
                                                           size_t end)
{
    pair before = { 0, 0 }, before2 = { 0, 0 }, keep = { first, 0 };

    for (size_t w = lo / STRIDE * STRIDE; w < end; w += STRIDE) {
        pair v = at_word(now, w);
        pair moved = shift(v, &before), half, all;

        half = (moved & at_word(fits, w)) | keep;
        half = stay ? half | (v & at_word(stay, w)) : half;
        all = (shift(half, &before2) & at_word(fits2, w)) | keep;
        all = stay ? all | (half & at_word(stay2, w)) : all;
        *(pair *)(next + w) = whole ? all | (moved & at_word(whole, w)) : all;
        keep = (pair){ 0, 0 };
    }
}

/* The window of words in use and what waits; all other words of now and next are zero. */
typedef struct window {
    size_t lo, end;
    size_t late_lo, late_end, due; /* the same of nfa.late, and where it joins; 0: nothing waits */
} window;

/* Leaves out the bits from which there are more tokens to go than bytes.  False: none is left. */
static bool narrow_down(nfa *f, window *in, const piece *p, size_t left)
{
    if (p->tokens > left)
        for (size_t least = (p->tokens - left) / 64; in->lo < least; in->lo++)
            f->now[in->lo] = f->next[in->lo] = 0;
    if (in->end < in->lo)
        in->end = in->lo;
    return in->end > in->lo || (in->due != 0 && in->late_end > in->lo);
}

static bool has_bit(const uint64_t *set, size_t bit)
{
    return set[bit / 64] >> (bit % 64) & 1;
}

/* Moves all places over the byte at `at`, or over it and the next; returns how many. */
static size_t advance(nfa *f, window *in, const piece *p, const vd_glob_job *g, size_t at, bool two)
{
    const char     *s = g->s.p;
    unsigned char   c = (unsigned char)s[at];
    size_t          unit = c < 0x80 ? 1 : vd_glob_unit(g->s, at);
    uint64_t        first = f->now[0] & (uint64_t)p->floating;
    const uint64_t *stay = f->narrow && c != ':' ? f->loop_in : f->none, *fits;

    if (in->end > in->lo && in->end < f->words && f->now[in->end - 1] >> (two ? 62 : 63))
        in->end++;
    fits = row(f, c, in->lo, in->end);
    if (two && !p->last && p->tokens / 64 < in->end && has_bit(f->now, p->tokens - 1) && has_bit(fits, p->tokens))
        two = false; /* the piece ends between the two */
    if (two && !f->big && in->due == 0 && (unit == 2 || (c < 0x80 && (unsigned char)s[at + 1] < 0x80))) {
        const uint64_t *fits2 = row(f, (unsigned char)s[at + 1], in->lo, in->end);
        const uint64_t *stay2 = f->narrow && s[at + 1] != ':' ? f->loop_in : f->none;

        if (unit == 2)
            step_two(f->next, f->now, fits, fits2, stay, stay2, f->all, first, in->lo, in->end);
        else if (f->narrow)
            step_two(f->next, f->now, fits, fits2, stay, stay2, NULL, first, in->lo, in->end);
        else
            step_two(f->next, f->now, fits, fits2, NULL, NULL, NULL, first, in->lo, in->end);
        return 2;
    }
    if (unit > 1 && at + unit <= g->to) {
        step(f->late, f->now, f->all, NULL, NULL, 0, in->lo, in->end);
        in->late_lo = in->lo, in->late_end = in->end, in->due = at + unit;
    }
    if (unit == 1 && c >= 0x80)
        step(f->next, f->now, fits, f->all, stay, first, in->lo, in->end);
    else if (f->narrow && c != ':')
        step(f->next, f->now, fits, NULL, stay, first, in->lo, in->end);
    else
        step(f->next, f->now, fits, NULL, NULL, first, in->lo, in->end);
    return 1;
}

/* Where the piece ends that is matched from `at` on: the earliest end, for the last piece the end of all. */
static size_t run(nfa *f, const piece *p, const vd_glob_job *g, size_t at)
{
    window   in = { .end = 1 };
    size_t   accept = p->tokens / 64, bit = p->tokens % 64;

    f->now[0] = 1;
    for (;;) {
        size_t    left = g->to - at - p->rest;
        uint64_t *swap;

        if (in.end > accept && (f->now[accept] >> bit & 1) && (!p->last || at == g->to))
            return at;
        if (left == 0 || !narrow_down(f, &in, p, left))
            return failed;
        at += advance(f, &in, p, g, at, left >= 2);
        if (in.due == at) {
            for (size_t w = in.late_lo > in.lo ? in.late_lo : in.lo; w < in.late_end; w++)
                f->next[w] |= f->late[w];
            in.end = in.late_end > in.end ? in.late_end : in.end;
            in.due = 0;
        }
        for (; in.end > in.lo && f->next[in.end - 1] == 0; in.end--)
            f->now[in.end - 1] = 0;
        swap = f->now, f->now = f->next, f->next = swap;
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
