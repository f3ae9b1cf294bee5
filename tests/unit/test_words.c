/* SPDX-License-Identifier: Apache-2.0
 *
 * Words in some languages and not in others, against trying all short words: every pair of short patterns, in both
 * polarities, and random fours.
 */
#include "symbolic/words.h"

#include "base/str.h"
#include "pattern/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PATTERN = 3, WORD = 6, PATTERNS = 4000, WORDS = 6000, LETTERS = 4 };

static const char tokens[] = { 'a', 'b', ':', VD_STAR, VD_ANY, VD_STAR_IN, VD_ANY_IN };
static const char letters[LETTERS] = { 'a', 'b', ':', 'z' };

static char     patterns[PATTERNS][PATTERN + 1], words[WORDS][WORD + 1];
static uint32_t pattern_count, word_count;

static void make_all(char (*out)[PATTERN + 1], uint32_t *count, const char *from, size_t n, size_t longest)
{
    size_t begin = 0, end = 1;

    out[0][0] = 0;
    *count = 1;
    for (size_t length = 1; length <= longest; length++) {
        for (size_t i = begin; i < end; i++)
            for (size_t k = 0; k < n; k++) {
                memcpy(out[*count], out[i], length);
                out[*count][length - 1] = from[k];
                out[(*count)++][length] = 0;
            }
        begin = end;
        end = *count;
    }
}

static void make_words(void)
{
    size_t begin = 0, end = 1;

    word_count = 1;
    for (size_t length = 1; length <= WORD; length++) {
        for (size_t i = begin; i < end; i++)
            for (size_t k = 0; k < LETTERS && word_count < WORDS; k++) {
                memcpy(words[word_count], words[i], length);
                words[word_count][length - 1] = letters[k];
                words[word_count++][length] = 0;
            }
        begin = end;
        end = word_count;
    }
}

static bool in_all(const vd_str *p, const bool *wanted, size_t n, vd_str word)
{
    for (size_t i = 0; i < n; i++)
        if (vd_glob_match(p[i], word) != wanted[i])
            return false;
    return true;
}

/* The length of the shortest short word that fits; WORD + 1: none. */
static size_t shortest(const vd_str *p, const bool *wanted, size_t n)
{
    for (uint32_t i = 0; i < word_count; i++)
        if (in_all(p, wanted, n, vd_str_of(words[i])))
            return strlen(words[i]);
    return WORD + 1;
}

static void ask(const vd_str *p, const bool *wanted, size_t n, vd_arena *arena)
{
    vd_globs in[4], out[4];
    vd_words    q = { .in = in, .out = out };
    uint64_t    budget = 1000000;
    bool        nomem;
    vd_str      word;
    size_t      expected = shortest(p, wanted, n);
    vd_answer   a;

    for (size_t i = 0; i < n; i++) {
        vd_globs l = { &p[i], 1, false };

        if (wanted[i])
            in[q.in_count++] = l;
        else
            out[q.out_count++] = l;
    }
    a = vd_words_solve(&word, &q, arena, &budget, &nomem);
    assert_int_not_equal(a, VD_UNKNOWN);
    if (a == VD_SAT) {
        assert_true(in_all(p, wanted, n, word));
        assert_true(expected == WORD + 1 || word.n == expected);
        assert_true(word.n <= expected || expected == WORD + 1);
    } else {
        assert_int_equal(expected, WORD + 1);
    }
    vd_arena_reset(arena);
}

static void pairs(void **state)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);

    (void)state;
    for (uint32_t i = 0; i < pattern_count; i += 1)
        for (uint32_t k = 0; k < pattern_count; k += 7) {
            vd_str p[2] = { vd_str_of(patterns[i]), vd_str_of(patterns[(k + i) % pattern_count]) };

            ask(p, (bool[]){ true, true }, 2, &arena);
            ask(p, (bool[]){ true, false }, 2, &arena);
        }
    vd_arena_done(&arena);
}

static void fours(void **state)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    unsigned seed = 20261121;

    (void)state;
    for (int round = 0; round < 4000; round++) {
        vd_str p[4];
        bool   wanted[4];

        for (int i = 0; i < 4; i++) {
            seed = seed * 1103515245u + 12345u;
            p[i] = vd_str_of(patterns[(seed >> 8) % pattern_count]);
            wanted[i] = (seed >> 4 & 3) != 0;
        }
        ask(p, wanted, 4, &arena);
    }
    vd_arena_done(&arena);
}

static vd_answer solve(vd_str *word, const vd_words *q, uint64_t budget)
{
    static vd_arena arena;
    bool            nomem;
    vd_answer       a;

    arena = vd_arena_on(vd_allocator_default(), 0);
    a = vd_words_solve(word, q, &arena, &budget, &nomem);
    if (a == VD_SAT)
        word->p = strncpy(calloc(1, word->n + 1), word->p, word->n);
    vd_arena_done(&arena);
    return a;
}

static void unions(void **state)
{
    char        star_a[] = { VD_STAR, 'a', 0 }, star_b[] = { VD_STAR, 'b', 0 }, b_star[] = { 'b', VD_STAR, 0 };
    vd_str      ends[] = { VD_L("x"), vd_str_of(star_a), vd_str_of(star_b) }, begin[] = { vd_str_of(b_star) };
    vd_globs in[] = { { ends, 3, false }, { begin, 1, false } }, none = { NULL, 0, false };
    vd_words    q = { .in = in, .in_count = 2, .out = &none, .out_count = 1 };
    vd_str      word;

    (void)state;
    assert_int_equal(solve(&word, &q, 10000), VD_SAT); /* "b" is *b and b*; nothing is in the empty language */
    assert_string_equal(word.p, "b");
    free((char *)(uintptr_t)word.p);
    q.in = &none;
    q.in_count = 1;
    assert_int_equal(solve(&word, &q, 10000), VD_UNSAT);
}

static void case_does_not_count(void **state)
{
    vd_str      lower[] = { VD_L("team") }, exact[] = { VD_L("team") }, upper[] = { VD_L("TEAM") };
    vd_globs in = { lower, 1, true }, out[] = { { exact, 1, false }, { upper, 1, false } };
    vd_words    q = { .in = &in, .in_count = 1, .out = out, .out_count = 2 };
    vd_str      word;

    (void)state;
    assert_int_equal(solve(&word, &q, 100000), VD_SAT); /* some other mixture of cases */
    assert_int_equal(word.n, 4);
    assert_true(vd_str_ieq(word, VD_S("team")));
    free((char *)(uintptr_t)word.p);
}

static void domains(void **state)
{
    char        any[] = { VD_STAR, 0 }, ones[] = { '1', VD_STAR, 0 };
    vd_str      all[] = { vd_str_of(any) }, one[] = { vd_str_of(ones) }, star[] = { VD_L("*") };
    vd_globs in = { all, 1, false }, out = { one, 1, false }, literal = { star, 1, false };
    vd_words    account = { .in = &in, .in_count = 1, .out = &out, .out_count = 1, .domain = { .digits = true, .shortest = 12,
                                                                                                  .longest = 12 } };
    vd_words    name = { .in = &literal, .in_count = 1, .domain = { .no_wildcards = true } };
    vd_str      word;

    (void)state;
    assert_int_equal(solve(&word, &account, 100000), VD_SAT);
    assert_int_equal(word.n, 12);
    assert_true(vd_str_all_digits(word) && word.p[0] != '1');
    free((char *)(uintptr_t)word.p);
    assert_int_equal(solve(&word, &name, 100000), VD_UNSAT); /* a name holds no star */
}

/* Exponentially many states: the budget ends it. */
static void a_budget_ends_it(void **state)
{
    char        p[40], q[40];
    vd_str      one[] = { { p, 0 } }, two[] = { { q, 0 } };
    vd_globs in = { one, 1, false }, out = { two, 1, false };
    vd_words    question = { .in = &in, .in_count = 1, .out = &out, .out_count = 1 };
    vd_str      word;

    (void)state;
    p[0] = VD_STAR;
    p[1] = 'a';
    memset(p + 2, VD_ANY, 22);
    one[0].n = 24;
    memcpy(q, p, 24);
    q[1] = 'a';
    two[0].n = 24;
    assert_int_equal(solve(&word, &question, 20000), VD_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),       cmocka_unit_test(fours),   cmocka_unit_test(unions),
        cmocka_unit_test(case_does_not_count), cmocka_unit_test(domains), cmocka_unit_test(a_budget_ends_it),
    };

    make_all(patterns, &pattern_count, tokens, sizeof tokens, PATTERN);
    make_words();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
