/* SPDX-License-Identifier: Apache-2.0
 *
 * How many words there are.  The tuples that can be reached are a graph; those from which no word can be reached are left
 * out.  A circle in what is left means that there is no end of words, else their number is a sum over ways from the end
 * back to the beginning.  The first words are made length by length: for each there is a row that says from which tuples
 * exactly so many letters lead to a word, so that no way is taken in vain.
 */
#include "symbolic/words_int.h"

#include "base/str.h"
#include "base/utf8.h"

#include <stdlib.h>

typedef struct edge {
    uint32_t to, symbol;
} edge;

typedef struct graph {
    vd_search *s;
    edge      *edges;
    uint32_t   edge_count, edge_cap;
    uint32_t  *first; /* edges of tuple i are first[i] to first[i + 1] */
    bool      *accepts, *useful;
    uint32_t  *reversed, *reversed_first; /* where edges come from, by where they go */
    uint64_t  *ways;                      /* words from here on */
    uint64_t  *rows;                      /* row r: from which tuples r letters lead to a word */
    uint32_t   row_words;
    size_t     begin; /* of the arena, before all this */
} graph;

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
    return b && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

static bool is_too_much(const graph *g)
{
    return g->s->arena->used - g->begin > VD_WORDS_MOST_BYTES;
}

/* ------------------------------------------------------------------ the graph */

static bool visit(graph *g, const uint64_t *tuple, vd_seen about, uint32_t *at)
{
    bool fresh;

    *at = vd_search_remember(g->s, tuple, about, &fresh);
    return *at != VD_NONE;
}

static bool expand(graph *g, uint32_t at, uint64_t *next)
{
    vd_search     *s = g->s;
    const vd_seen *from = vd_search_at(s, at);
    uint32_t       length = from->length + 1;

    if (s->q->domain.longest && length > s->q->domain.longest)
        return true;
    for (uint32_t i = 0; i < s->symbol_count; i++) {
        edge e = { .symbol = i };

        if (!vd_search_spend(s, (uint64_t)s->words * 2 + 2))
            return false;
        vd_search_step(s, vd_seen_tuple(from), next, i);
        if (vd_search_judge(s, next, length) == VD_HOPE_NONE)
            continue;
        if (!visit(g, next, (vd_seen){ .parent = at, .symbol = i, .length = length }, &e.to))
            return false;
        if (is_too_much(g) || !VD_ARENA_PUSH(s->arena, g->edges, g->edge_count, g->edge_cap, e))
            return false;
    }
    return true;
}

static bool explore(graph *g)
{
    vd_search *s = g->s;
    uint64_t  *next = vd_arena_new_array(s->arena, uint64_t, s->words);
    uint32_t   first_cap = 0, at, n = 0;

    s->stride = sizeof(vd_seen) + s->words * sizeof *next;
    if (!next)
        return false;
    vd_search_begin(s, next);
    if (vd_search_judge(s, next, 0) != VD_HOPE_NONE && !visit(g, next, (vd_seen){ .parent = VD_NONE }, &at))
        return false;
    for (at = 0; at < s->seen_count; at++)
        if (!VD_ARENA_PUSH(s->arena, g->first, n, first_cap, g->edge_count) || !expand(g, at, next))
            return false;
    return VD_ARENA_PUSH(s->arena, g->first, n, first_cap, g->edge_count);
}

static bool make_reversed(graph *g)
{
    uint32_t n = g->s->seen_count, *at;

    g->reversed_first = vd_arena_new_array(g->s->arena, uint32_t, (size_t)n + 2);
    g->reversed = vd_arena_new_array(g->s->arena, uint32_t, (size_t)g->edge_count + 1);
    if (!g->reversed_first || !g->reversed)
        return false;
    at = g->reversed_first + 1; /* counted two further on: filling moves the ends to where they belong */
    for (uint32_t i = 0; i < g->edge_count; i++)
        at[g->edges[i].to + 1]++;
    for (uint32_t i = 1; i <= n; i++)
        at[i] += at[i - 1];
    for (uint32_t from = 0; from < n; from++)
        for (uint32_t i = g->first[from]; i < g->first[from + 1]; i++)
            g->reversed[at[g->edges[i].to]++] = from;
    return true;
}

/* From which tuples a word can be reached. */
static bool mark_useful(graph *g)
{
    uint32_t n = g->s->seen_count, *open = vd_arena_new_array(g->s->arena, uint32_t, (size_t)n + 1),
             count = 0;

    g->accepts = vd_arena_new_array(g->s->arena, bool, (size_t)n + 1);
    g->useful = vd_arena_new_array(g->s->arena, bool, (size_t)n + 1);
    if (!open || !g->accepts || !g->useful || !make_reversed(g))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        const vd_seen *seen = vd_search_at(g->s, i);

        g->accepts[i] = g->useful[i] = vd_search_judge(g->s, vd_seen_tuple(seen), seen->length) ==
                                       VD_HOPE_ACCEPTS;
        if (g->useful[i])
            open[count++] = i;
    }
    while (count > 0) {
        uint32_t at = open[--count];

        for (uint32_t i = g->reversed_first[at]; i < g->reversed_first[at + 1]; i++)
            if (!g->useful[g->reversed[i]]) {
                g->useful[g->reversed[i]] = true;
                open[count++] = g->reversed[i];
            }
    }
    return true;
}

/* ------------------------------------------------------------------ their number */

/* Tuples are done when all that they lead to are; those of a circle never are. */
static bool sum_up(graph *g, vd_census *out)
{
    uint32_t  n = g->s->seen_count, count = 0, done = 0, useful = 0;
    uint32_t *open = vd_arena_new_array(g->s->arena, uint32_t, (size_t)n + 1);
    uint32_t *left = vd_arena_new_array(g->s->arena, uint32_t, (size_t)n + 1);

    g->ways = vd_arena_new_array(g->s->arena, uint64_t, (size_t)n + 1);
    if (!open || !left || !g->ways)
        return false;
    for (uint32_t at = 0; at < n; at++) {
        for (uint32_t i = g->first[at]; i < g->first[at + 1]; i++)
            left[at] += g->useful[g->edges[i].to];
        useful += g->useful[at];
        if (g->useful[at] && left[at] == 0)
            open[count++] = at;
    }
    for (; count > 0; done++) {
        uint32_t at = open[--count];

        g->ways[at] = g->accepts[at];
        for (uint32_t i = g->first[at]; i < g->first[at + 1]; i++)
            if (g->useful[g->edges[i].to])
                g->ways[at] = add(g->ways[at],
                                  times(g->ways[g->edges[i].to], g->s->symbols[g->edges[i].symbol].many));
        for (uint32_t i = g->reversed_first[at]; i < g->reversed_first[at + 1]; i++)
            if (g->useful[g->reversed[i]] && --left[g->reversed[i]] == 0)
                open[count++] = g->reversed[i];
    }
    out->infinite = done < useful;
    out->count = out->infinite ? UINT64_MAX : n ? g->ways[0] : 0;
    return true;
}

/* ------------------------------------------------------------------ the first of them */

static bool has_way(const graph *g, uint32_t row, uint32_t at)
{
    return g->rows[(size_t)row * g->row_words + at / 64] >> at % 64 & 1;
}

/* The row of one letter more. */
static bool add_row(graph *g, uint32_t row, uint32_t *cap)
{
    uint32_t  n = g->s->seen_count;
    size_t    size = g->row_words * sizeof *g->rows;
    uint64_t *now;

    if (!vd_search_spend(g->s, g->edge_count / 8 + g->row_words) || is_too_much(g) ||
        (row == *cap && !vd_arena_grow(g->s->arena, &g->rows, row, cap, row + 1, size)))
        return false;
    now = &g->rows[(size_t)row * g->row_words];
    for (uint32_t at = 0; at < n; at++) {
        bool way = row == 0 && g->accepts[at];

        for (uint32_t i = g->first[at]; row > 0 && i < g->first[at + 1] && !way; i++)
            way = has_way(g, row - 1, g->edges[i].to);
        if (way)
            now[at / 64] |= (uint64_t)1 << at % 64;
    }
    return true;
}

/* The next letter that a symbol stands for, after `letter` (VD_NONE: the first); VD_NONE: there is none. */
static uint32_t next_letter(const vd_search *s, uint32_t symbol, uint32_t letter)
{
    const vd_symbol *of = &s->symbols[symbol];

    if (of->named)
        return letter == VD_NONE ? of->letter : VD_NONE;
    return vd_search_next_free(s, of->kind, letter);
}

/* Where a word being made stands. */
typedef struct stand {
    uint32_t tuple, edge, letter;
} stand;

static bool keep(graph *g, vd_census *out, const stand *stands, uint32_t length)
{
    char    *text = vd_arena_new_array(g->s->arena, char, (size_t)length * 4 + 1);
    uint32_t n = 0;

    if (!text)
        return false;
    for (uint32_t i = 0; i < length; i++) {
        if (stands[i].letter >= VD_BYTE)
            text[n++] = (char)(stands[i].letter - VD_BYTE);
        else
            n += vd_utf8_put(text + n, stands[i].letter);
    }
    out->words[out->word_count++] = (vd_str){ text, n };
    return true;
}

/* All words of one length, in order, up to `most`. */
static bool make_length(graph *g, vd_census *out, uint32_t most, uint32_t length, stand *stands)
{
    uint32_t depth = 0;

    stands[0] = (stand){ 0, g->first[0], VD_NONE };
    while (out->word_count < most) {
        stand *at = &stands[depth];

        if (!vd_search_spend(g->s, 1))
            return false;
        if (depth == length) {
            if (!keep(g, out, stands, length))
                return false;
            if (depth-- == 0)
                return true;
            continue;
        }
        if (at->edge == g->first[at->tuple + 1]) {
            if (depth-- == 0)
                return true;
            continue;
        }
        at->letter = has_way(g, length - depth - 1, g->edges[at->edge].to)
                         ? next_letter(g->s, g->edges[at->edge].symbol, at->letter)
                         : VD_NONE;
        if (at->letter == VD_NONE) {
            at->edge++;
            continue;
        }
        stands[depth + 1] = (stand){ g->edges[at->edge].to, g->first[g->edges[at->edge].to], VD_NONE };
        depth++;
    }
    return true;
}

static bool make_words(graph *g, vd_census *out, uint32_t most)
{
    uint32_t wanted = out->count < most ? (uint32_t)out->count : most, row_cap = 0, cap = 0;
    stand   *stands = NULL;

    g->row_words = g->s->seen_count / 64 + 1;
    out->words = vd_arena_new_array(g->s->arena, vd_str, (size_t)wanted + 1);
    if (!out->words)
        return false;
    for (uint32_t length = 0; out->word_count < wanted; length++) {
        if (!add_row(g, length, &row_cap))
            return false;
        if (length + 1 >= cap && !vd_arena_grow(g->s->arena, &stands, 0, &cap, length + 2, sizeof *stands))
            return false;
        if (has_way(g, length, 0) && !make_length(g, out, wanted, length, stands))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ texts as they are */

static int by_length(const void *a, const void *b)
{
    const vd_str *x = a, *y = b;
    uint32_t      n = vd_utf8_columns(*x), m = vd_utf8_columns(*y);

    if (n != m)
        return n < m ? -1 : 1;
    for (size_t i = 0; i < x->n && i < y->n;) {
        uint32_t k, p = vd_words_rank(vd_words_letter(vd_str_from(*x, i), &k)), q;

        q = vd_words_rank(vd_words_letter(vd_str_from(*y, i), &k));
        if (p != q)
            return p < q ? -1 : 1;
        i += k;
    }
    return x->n < y->n ? -1 : x->n > y->n;
}

static vd_answer count_texts(vd_census *out, const vd_words *q, const vd_globs *texts, uint32_t most,
                             vd_arena *arena, uint64_t *budget, bool *nomem)
{
    vd_str  *words = vd_arena_new_array(arena, vd_str, (size_t)texts->count + 1);
    uint32_t n = 0, different = 0;

    *nomem = !words;
    for (uint32_t i = 0; i < texts->count && !*nomem; i++) {
        if (vd_words_fits(q, texts->patterns[i], arena, budget, nomem))
            words[n++] = texts->patterns[i];
        if (*budget == 0)
            return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < n && !*nomem; i++)
        *nomem = !vd_arena_dup(arena, &words[i], words[i]);
    if (*nomem)
        return VD_UNKNOWN;
    qsort(words, n, sizeof *words, by_length);
    for (uint32_t i = 0; i < n; i++)
        if (different == 0 || !vd_str_eq(words[different - 1], words[i]))
            words[different++] = words[i];
    *out = (vd_census){ .count = different,
                        .words = words,
                        .word_count = different < most ? different : most };
    return different ? VD_SAT : VD_UNSAT;
}

vd_answer vd_words_count(vd_census *out, const vd_words *question, uint32_t most, vd_arena *arena,
                         uint64_t *budget, bool *nomem)
{
    vd_search s = { .q = question, .arena = arena, .budget = budget, .in_order = true };
    graph     g = { .s = &s, .begin = arena->used };
    bool      done;

    *out = (vd_census){ 0 };
    *nomem = false;
    for (uint32_t i = 0; i < question->in_count && !question->shortest; i++)
        if (vd_words_are_texts(&question->in[i]))
            return count_texts(out, question, &question->in[i], most, arena, budget, nomem);
    done = vd_search_make(&s) && explore(&g) && mark_useful(&g) && sum_up(&g, out) &&
           make_words(&g, out, most);
    if (question->tuples)
        *question->tuples += s.seen_count;
    *nomem = s.nomem || arena->failed;
    if (!done) {
        *out = (vd_census){ 0 };
        return VD_UNKNOWN;
    }
    return out->count ? VD_SAT : VD_UNSAT;
}
