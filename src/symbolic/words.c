/* SPDX-License-Identifier: Apache-2.0
 *
 * A question about words: first a look and a guess, then the search.  And the other direction: does this word match?
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/words_int.h"

vd_answer vd_words_solve(vd_str *word, const vd_words *question, vd_arena *arena, uint64_t *budget,
                         bool *nomem)
{
    vd_words  smaller;
    vd_search s = { .q = question, .arena = arena, .budget = budget };
    vd_answer answer = VD_UNKNOWN;

    *word = (vd_str){ "", 0 };
    *nomem = false;
    if (!question->shortest) {
        answer = vd_words_guess(word, question, arena, budget, nomem);
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

static bool run(matcher *m, vd_str word)
{
    enter(m, m->now, 0);
    for (size_t i = 0; i < word.n;) {
        uint32_t n, letter = vd_words_letter(vd_str_from(word, i), &n),
                    kind = vd_words_kind(letter, m->variables);
        uint64_t *swap = m->now, alive = 0;

        memset(m->next, 0, m->words * sizeof *m->next);
        for (size_t w = 0; w < m->words; w++) {
            alive |= m->now[w];
            for (uint64_t left = m->now[w]; left; left &= left - 1)
                take(m, w * 64 + (size_t)__builtin_ctzll(left), letter, kind);
        }
        if (!alive)
            return false;
        m->now = m->next;
        m->next = swap;
        i += n;
    }
    return m->now[m->pattern.n / 64] >> m->pattern.n % 64 & 1;
}

static bool match_any(vd_str pattern, bool fold, bool variables, vd_str word, vd_arena *arena, bool *nomem)
{
    uint64_t  small[2 * SMALL];
    matcher   m = { .pattern = pattern, .fold = fold, .variables = variables, .words = pattern.n / 64 + 1 };
    uint64_t *room = small;

    if (m.words > SMALL)
        room = vd_arena_new_array(arena, uint64_t, m.words * 2);
    else
        memset(small, 0, m.words * 2 * sizeof *small);
    if (!room) {
        *nomem = true;
        return false;
    }
    m.now = room;
    m.next = room + m.words;
    return run(&m, word);
}

static bool has_own_wildcards(vd_str pattern)
{
    for (size_t i = 0; i < pattern.n; i++)
        if (vd_words_is_wild(pattern.p[i]) && !vd_is_wild(pattern.p[i]))
            return true;
    return false;
}

bool vd_word_matches(vd_str pattern, bool fold, bool variables, vd_str word, vd_arena *arena, bool *nomem)
{
    if (fold || variables)
        return match_any(pattern, fold, variables, word, arena, nomem);
    for (size_t i = 0;; i++) { /* most differ soon */
        if (i == pattern.n)
            return i == word.n;
        if (vd_words_is_wild(pattern.p[i])) {
            if (pattern.p[i] == VD_STAR && i + 1 == pattern.n)
                return true;
            break;
        }
        if (i == word.n || pattern.p[i] != word.p[i])
            return false;
    }
    if (has_own_wildcards(pattern))
        return match_any(pattern, fold, variables, word, arena, nomem);
    return vd_glob_match(pattern, word);
}

bool vd_globs_have(const vd_globs *l, vd_str word, vd_arena *arena, bool *nomem)
{
    bool found = false;

    vd_arena_reset(arena);
    for (uint32_t i = 0; i < l->count && !found; i++)
        found = vd_word_matches(l->patterns[i], l->fold, false, word, arena, nomem);
    return found;
}
