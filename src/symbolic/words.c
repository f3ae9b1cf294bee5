/* SPDX-License-Identifier: Apache-2.0
 *
 * A question about words: first a look and a guess, then the search.  And the other direction: does this word match?
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/words_int.h"

/* Short cuts that lead nowhere must leave something for the search. */
enum { GUESSING = 10000 };

vd_answer vd_words_solve(vd_str *word, const vd_words *question, vd_arena *arena, uint64_t *budget,
                         bool *nomem)
{
    vd_words  smaller;
    vd_search s = { .q = question, .arena = arena, .budget = budget };
    vd_answer answer = VD_UNKNOWN;

    *word = (vd_str){ "", 0 };
    *nomem = false;
    if (!question->shortest) {
        uint64_t share = *budget / 4 > GUESSING ? *budget / 4 : *budget < GUESSING ? *budget : GUESSING;

        *budget -= share;
        answer = vd_words_guess(word, question, arena, &share, nomem);
        *budget += share;
        if (answer != VD_UNKNOWN || *nomem)
            return answer;
        if (!vd_words_simplify(&smaller, question, arena, budget)) {
            *nomem = true;
            return VD_UNKNOWN;
        }
        s.q = &smaller;
    }
    if (vd_search_make(&s))
        answer = vd_search_walk(&s, word);
    if (question->tuples)
        *question->tuples += s.seen_count;
    *nomem = s.nomem;
    return s.nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ one word, one pattern */

enum { SMALL = 16 }; /* words of bits: patterns of so many times 64 bytes need no memory */

/* A state is a set of places of the pattern, a bit for each byte where a token begins. */
typedef struct matcher {
    vd_str    pattern;
    bool      fold, variables;
    uint64_t *now, *next;
    size_t    words;
} matcher;

/* A place, and what can be reached from it over stars. */
static void enter(const matcher *m, uint64_t *set, size_t at)
{
    for (;; at++) {
        set[at / 64] |= (uint64_t)1 << at % 64;
        if (at == m->pattern.n || !vd_words_is_star(m->pattern.p[at]))
            return;
    }
}

static void take(const matcher *m, size_t at, uint32_t letter, uint32_t kind)
{
    char     c = at < m->pattern.n ? m->pattern.p[at] : 0;
    uint32_t n = 1, own;

    if (at == m->pattern.n)
        return;
    if (vd_words_is_wild(c)) {
        if ((vd_words_leaves_out(c, m->variables) & kind) == 0)
            enter(m, m->next, vd_words_is_star(c) ? at : at + 1);
        return;
    }
    own = vd_words_letter(vd_str_from(m->pattern, at), &n);
    if (own == letter || (m->fold && vd_words_lower(own) == vd_words_lower(letter)))
        enter(m, m->next, at + n);
}

static bool spend(vd_means *means, uint64_t units)
{
    means->spent |= *means->budget < units;
    *means->budget = means->spent ? 0 : *means->budget - units;
    return !means->spent;
}

/* At a star that ends the pattern: it is left for the end at once. */
static bool takes_the_rest(const matcher *m)
{
    size_t last = m->pattern.n - 1;

    return m->pattern.n && m->pattern.p[last] == VD_STAR && (m->now[last / 64] >> last % 64 & 1);
}

static bool run(matcher *m, vd_str word, vd_means *means)
{
    enter(m, m->now, 0);
    for (size_t i = 0; i < word.n && !takes_the_rest(m);) {
        uint32_t n, letter = vd_words_letter(vd_str_from(word, i), &n),
                    kind = vd_words_kind(letter, m->variables);
        uint64_t *swap = m->now, taken = 0;

        memset(m->next, 0, m->words * sizeof *m->next);
        for (size_t w = 0; w < m->words; w++)
            for (uint64_t left = m->now[w]; left; left &= left - 1, taken++)
                take(m, w * 64 + (size_t)__builtin_ctzll(left), letter, kind);
        if (!taken || !spend(means, (taken + m->words) / 2))
            return false;
        m->now = m->next;
        m->next = swap;
        i += n;
    }
    return m->now[m->pattern.n / 64] >> m->pattern.n % 64 & 1;
}

static bool match_any(vd_str pattern, bool fold, bool variables, vd_str word, vd_means *means)
{
    uint64_t  small[2 * SMALL];
    matcher   m = { .pattern = pattern, .fold = fold, .variables = variables, .words = pattern.n / 64 + 1 };
    uint64_t *room = small;

    if (m.words > SMALL)
        room = vd_arena_new_array(means->arena, uint64_t, m.words * 2);
    else
        memset(small, 0, m.words * 2 * sizeof *small);
    if (!room) {
        means->nomem = true;
        return false;
    }
    m.now = room;
    m.next = room + m.words;
    return run(&m, word, means);
}

static bool has_own_wildcards(vd_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (vd_words_is_wild(pattern.p[i]) && !vd_is_wild(pattern.p[i]))
            return true;
    return false;
}

/* Goes over what the word and the pattern begin with, to where the pattern has its first wildcard, or what folding makes
 * of two letters is not plain.  False: they differ before that. */
static bool begin_alike(vd_str pattern, bool fold, vd_str word, size_t *at)
{
    for (*at = 0; *at < pattern.n && !vd_words_is_wild(pattern.p[*at]); ++*at) {
        char c = pattern.p[*at];

        if (*at == word.n)
            return false;
        if (c == word.p[*at])
            continue;
        if (fold && ((unsigned char)c >= 0x80 || (unsigned char)word.p[*at] >= 0x80))
            return true;
        if (!fold || vd_lower(c) != vd_lower(word.p[*at]))
            return false;
    }
    return true;
}

bool vd_word_matches(vd_str pattern, bool fold, bool variables, vd_str word, vd_means *means)
{
    size_t at;

    if (!begin_alike(pattern, fold, word, &at))
        return false;
    if (at == pattern.n)
        return at == word.n;
    if (pattern.p[at] == VD_STAR && at + 1 == pattern.n)
        return true;
    if (at > 0 && (unsigned char)pattern.p[at - 1] >= 0x80)
        at = 0; /* perhaps within a letter */
    pattern = vd_str_from(pattern, at);
    word = vd_str_from(word, at);
    if (fold || variables || has_own_wildcards(pattern))
        return match_any(pattern, fold, variables, word, means);
    return spend(means, (pattern.n + word.n) / 16) && vd_glob_match(pattern, word);
}

bool vd_globs_have(const vd_globs *l, vd_str word, vd_arena *arena, bool *nomem)
{
    uint64_t budget = UINT64_MAX;
    vd_means means = { arena, &budget, false, false };
    bool     found = false;

    vd_arena_reset(arena);
    for (uint32_t i = 0; i < l->count && !found; i++)
        found = vd_word_matches(l->patterns[i], l->fold, false, word, &means);
    *nomem |= means.nomem;
    return found;
}
