/* SPDX-License-Identifier: Apache-2.0
 *
 * Words in some languages and not in others, against trying all short words with a matcher that backtracks.  Every question
 * is asked twice: with all short cuts, and of the search alone for the shortest word.
 *
 * VD_WORDS_SCALE=full: all pairs of all patterns of up to four tokens, and many more random questions (minutes).
 */
#include "symbolic/words.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 4, SETS = 1600, BUDGET = 50000000 };

static bool     full;
static vd_arena arena;
static uint64_t seed = 20261121;

static uint32_t below(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

/* ------------------------------------------------------------------ the matcher */

static size_t unit(vd_str s)
{
    uint32_t cp, n = vd_utf8_next(s, &cp);

    return n ? n : 1;
}

static bool takes(char wild, vd_str one)
{
    char c = one.n == 1 ? one.p[0] : 'x';

    switch (wild) {
    case VD_STAR:
    case VD_ANY:
        return true;
    case VD_STAR_IN:
    case VD_ANY_IN:
        return c != ':';
    case VD_STAR_LINE:
        return c != '\n';
    case VD_ANY_DIGIT:
        return one.n == 1 && vd_is_digit(c);
    default:
        return c != ':' && c != '/' && c != '\n';
    }
}

/* By trying everything. */
static bool naive(vd_str p, vd_str s, bool fold)
{
    size_t n, m;
    bool   star;

    if (p.n == 0)
        return s.n == 0;
    if ((unsigned char)p.p[0] >= 0xf8) {
        star = p.p[0] == VD_STAR || p.p[0] == VD_STAR_IN || p.p[0] == VD_STAR_NAME || p.p[0] == VD_STAR_LINE;
        if (star && naive(vd_str_from(p, 1), s, fold))
            return true;
        if (s.n == 0 || !takes(p.p[0], vd_str_first(s, unit(s))))
            return false;
        return naive(star ? p : vd_str_from(p, 1), vd_str_from(s, unit(s)), fold);
    }
    if (s.n == 0)
        return false;
    n = unit(p);
    m = unit(s);
    if (fold ? !vd_str_eq_folded(vd_str_first(p, n), vd_str_first(s, m))
             : !vd_str_eq(vd_str_first(p, n), vd_str_first(s, m)))
        return false;
    return naive(vd_str_from(p, n), vd_str_from(s, m), fold);
}

static bool in_language(const vd_globs *l, vd_str word)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (naive(l->patterns[i], word, l->fold))
            return true;
    return false;
}

static bool in_answer(const vd_words *q, vd_str word)
{
    uint32_t length = vd_utf8_columns(word);

    if (length < q->domain.shortest || (q->domain.longest && length > q->domain.longest) ||
        (q->domain.digits && word.n && !vd_str_all_digits(word)) ||
        (q->domain.no_wildcards && (vd_str_find(word, '*') < word.n || vd_str_find(word, '?') < word.n)))
        return false;
    for (uint32_t i = 0; i < q->in_count; i++)
        if (!in_language(&q->in[i], word))
            return false;
    for (uint32_t i = 0; i < q->out_count; i++)
        if (in_language(&q->out[i], word))
            return false;
    return true;
}

/* ------------------------------------------------------------------ asking both ways */

static void show(const vd_words *q)
{
    for (uint32_t i = 0; i < q->in_count + q->out_count; i++) {
        const vd_globs *l = i < q->in_count ? &q->in[i] : &q->out[i - q->in_count];

        fprintf(stderr, "  %s%s", i < q->in_count ? "in" : "out", l->fold ? " fold" : "");
        for (uint32_t k = 0; k < l->count; k++) {
            fprintf(stderr, " \"");
            for (size_t at = 0; at < l->patterns[k].n; at++)
                fprintf(stderr,
                        (unsigned char)l->patterns[k].p[at] >= 0x7f || l->patterns[k].p[at] < ' ' ? "\\x%02x"
                                                                                                  : "%c",
                        (unsigned char)l->patterns[k].p[at]);
            fprintf(stderr, "\"");
        }
        fprintf(stderr, "\n");
    }
}

/* least: the length of the shortest word of up to `tried` letters; beyond that: there is none. */
static void ask(vd_words *q, size_t least, size_t tried)
{
    for (int shortest = 0; shortest < 2; shortest++) {
        uint64_t  budget = BUDGET;
        bool      nomem, good;
        vd_str    word;
        size_t    n;
        vd_answer a;

        q->shortest = shortest;
        a = vd_words_solve(&word, q, &arena, &budget, &nomem);
        n = vd_utf8_columns(word);
        good = a == VD_SAT     ? in_answer(q, word) && (least > tried ? !shortest || n > tried
                                                        : shortest    ? n == least
                                                                      : n >= least)
               : a == VD_UNSAT ? least > tried
                               : false;
        if (!good) {
            fprintf(stderr, "%s: answer %d \"%.*s\", the shortest has %zu\n",
                    shortest ? "search" : "short cuts", a, (int)word.n, word.p, least);
            show(q);
            fail();
        }
        vd_arena_reset(&arena);
        q->shortest = false;
    }
}

/* Nothing was found among short words: both ways must say the same, and of a word that it is one. */
static void same_both_ways(vd_words *q)
{
    vd_answer answers[2];
    uint64_t  budget = BUDGET;
    bool      nomem;
    vd_str    word;

    for (int shortest = 0; shortest < 2; shortest++) {
        q->shortest = shortest;
        answers[shortest] = vd_words_solve(&word, q, &arena, &budget, &nomem);
        if (answers[shortest] == VD_SAT)
            assert_true(in_answer(q, word));
    }
    if (answers[0] != answers[1]) {
        fprintf(stderr, "short cuts: %d, search: %d\n", answers[0], answers[1]);
        show(q);
    }
    assert_int_equal(answers[0], answers[1]);
    q->shortest = false;
    vd_arena_reset(&arena);
}

/* ------------------------------------------------------------------ all patterns of a few tokens */

static const char tokens[] = "ab:*?", letters[] = "ab:z";
static char       patterns[SETS][MOST + 1];
static uint64_t  *sets[SETS]; /* of the words that match */
static char (*words)[8];
static uint32_t pattern_count, word_count, set_words;

/* Strings of up to `longest` of these letters, the shorter first. */
static uint32_t make_all(char *out, size_t stride, const char *from, size_t longest)
{
    uint32_t begin = 0, end = 1, n = (uint32_t)strlen(from);

    out[0] = 0;
    for (size_t length = 1; length <= longest; length++) {
        uint32_t count = end;

        for (uint32_t i = begin; i < end; i++)
            for (uint32_t k = 0; k < n; k++, count++) {
                memcpy(out + count * stride, out + i * stride, length);
                out[count * stride + length - 1] = from[k];
                out[count * stride + length] = 0;
            }
        begin = end;
        end = count;
    }
    return end;
}

/* narrow: up to the second colon, as in the first fields of an ARN. */
static void code(char *p, bool narrow)
{
    int colons = 0;

    for (; *p; p++) {
        if (*p == ':')
            colons++;
        else if (*p == '*')
            *p = narrow && colons < 2 ? VD_STAR_IN : VD_STAR;
        else if (*p == '?')
            *p = narrow && colons < 2 ? VD_ANY_IN : VD_ANY;
    }
}

static int make_sets(void **state)
{
    size_t   longest = full ? 7 : 6;
    uint32_t n;

    (void)state;
    arena = vd_arena_on(vd_allocator_default(), 0);
    words = calloc(22000, sizeof *words);
    if (!words)
        return -1;
    word_count = make_all(words[0], sizeof *words, letters, longest);
    set_words = word_count / 64 + 1;
    n = make_all(patterns[0], sizeof *patterns, tokens, full ? 4 : 3);
    memcpy(patterns[n], patterns[0], n * sizeof *patterns);
    pattern_count = 2 * n;
    for (uint32_t i = 0; i < pattern_count; i++) {
        code(patterns[i], i >= n);
        sets[i] = calloc(set_words, sizeof *sets[i]);
        for (uint32_t k = 0; sets[i] && k < word_count; k++)
            if (naive(vd_str_of(patterns[i]), vd_str_of(words[k]), false))
                sets[i][k / 64] |= (uint64_t)1 << k % 64;
    }
    return 0;
}

static int drop_sets(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < pattern_count; i++)
        free(sets[i]);
    free(words);
    vd_arena_done(&arena);
    return 0;
}

static void ask_sets(const uint32_t *which, const bool *wanted, uint32_t n)
{
    vd_str   p[4];
    vd_globs in[4], out[4];
    vd_words q = { .in = in, .out = out };
    size_t   longest = full ? 7 : 6, least = longest + 1;

    for (uint32_t i = 0; i < n; i++) {
        vd_globs l = { &p[i], 1, false };

        p[i] = vd_str_of(patterns[which[i]]);
        if (wanted[i])
            in[q.in_count++] = l;
        else
            out[q.out_count++] = l;
    }
    for (uint32_t k = 0; k < set_words && least > longest; k++) {
        uint64_t both = UINT64_MAX;

        for (uint32_t i = 0; i < n; i++)
            both &= wanted[i] ? sets[which[i]][k] : ~sets[which[i]][k];
        if (both && k * 64 + (uint32_t)__builtin_ctzll(both) < word_count)
            least = strlen(words[k * 64 + (uint32_t)__builtin_ctzll(both)]);
    }
    ask(&q, least, longest);
}

static void pairs(void **state)
{
    uint32_t step = full ? 1 : 5;

    (void)state;
    for (uint32_t i = 0; i < pattern_count; i++)
        for (uint32_t k = i % step; k < pattern_count; k += step) {
            uint32_t which[2] = { i, k };

            if (i <= k)
                ask_sets(which, (bool[]){ true, true }, 2);
            ask_sets(which, (bool[]){ true, false }, 2);
        }
}

static void fours(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < (full ? 1000000u : 12000u); round++) {
        uint32_t which[4];
        bool     wanted[4];

        for (int i = 0; i < 4; i++) {
            which[i] = below(pattern_count);
            wanted[i] = below(4) < 2;
        }
        ask_sets(which, wanted, 1 + below(4));
    }
}

/* A pattern without '?' has as many states as places, and one for what is lost; a search through all of them sees that. */
static void few_states(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < (full ? 200000u : 3000u); round++) {
        static const char some[] = "ab:*";
        char              text[13] = "";
        uint32_t          n = 1 + below(12);
        uint64_t          tuples = 0, budget = BUDGET;
        bool              nomem;
        vd_census         census;
        vd_str            p;
        vd_globs          in = { &p, 1, false };
        vd_words          q = { .in = &in, .in_count = 1, .shortest = true, .tuples = &tuples };

        for (uint32_t i = 0; i < n; i++)
            text[i] = some[below(4)];
        p.n = vd_glob_code(text, vd_str_of(text)); /* in its own place */
        p.p = text;
        if (below(2))
            for (size_t i = 0, colons = 0; i < p.n; i++) {
                colons += text[i] == ':';
                text[i] = text[i] == VD_STAR && colons == 0 ? VD_STAR_IN : text[i];
            }
        assert_int_equal(vd_words_count(&census, &q, 0, &arena, &budget, &nomem), VD_SAT);
        if (memchr(text, VD_STAR_IN, p.n) == NULL || memchr(text, VD_STAR, p.n) == NULL)
            assert_in_range(tuples, 1, p.n + 2);
        vd_arena_reset(&arena);
    }
}

/* ------------------------------------------------------------------ all wildcards, case, unions, domains */

static const char *const hard_letters[] = { "a", "A",  "k", "K", "\xe2\x84\xaa",    ":",
                                            "/", "\n", "1", "2", "\xf0\x9f\x98\x80" };
static const char *const hard_tokens[] = {
    "a",    "A",    "k",    "\xe2\x84\xaa", ":",    "/",    "\n",   "1",    "a",    "1",   "\xf0\x9f\x98\x80",
    "\xff", "\xff", "\xff", "\xfe",         "\xfd", "\xfc", "\xfb", "\xfa", "\xf9", "\xf8"
};

/* Of up to `most` tokens. */
static vd_str random_pattern(char *out, uint32_t most)
{
    uint32_t n = below(most + 1);
    size_t   used = 0;

    for (uint32_t i = 0; i < n; i++) {
        const char *t = hard_tokens[below(VD_COUNT(hard_tokens))];

        memcpy(out + used, t, strlen(t));
        used += strlen(t);
    }
    return (vd_str){ out, used };
}

typedef struct made {
    vd_words q;
    vd_globs in[4], out[4];
    vd_str   p[8][3];
    char     text[8][3][32];
} made;

static void random_question(made *m, uint32_t most)
{
    memset(m, 0, sizeof *m);
    m->q = (vd_words){ .in = m->in, .out = m->out, .in_count = below(4), .out_count = below(4) };
    for (uint32_t i = 0; i < m->q.in_count + m->q.out_count; i++) {
        vd_globs *l = i < m->q.in_count ? &m->in[i] : &m->out[i - m->q.in_count];

        *l = (vd_globs){ m->p[i], 1 + below(5) / 3 + below(7) / 6, below(4) == 0 };
        for (uint32_t k = 0; k < l->count; k++)
            m->p[i][k] = random_pattern(m->text[i][k], most);
    }
    if (below(3) == 0)
        m->q.domain = (vd_domain){
            .no_wildcards = below(2), .digits = below(3) == 0, .shortest = below(3), .longest = below(4)
        };
}

/* Words of up to `longest` of the hard letters, the shorter first, until one is in the answer. */
static size_t try_hard(const vd_words *q, size_t longest)
{
    enum { N = VD_COUNT(hard_letters) };
    size_t count = 1;

    for (size_t length = 0; length <= longest; length++, count *= N) {
        for (size_t i = 0; i < count; i++) {
            char   word[20];
            size_t n = 0;

            for (size_t k = 0, left = i; k < length; k++, left /= N) {
                memcpy(word + n, hard_letters[left % N], strlen(hard_letters[left % N]));
                n += strlen(hard_letters[left % N]);
            }
            if (in_answer(q, (vd_str){ word, n }))
                return length;
        }
    }
    return longest + 1;
}

/* The hard letters lack one that no pattern names: a word may be shorter than what was tried, but not be missing. */
static void hard_questions(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < (full ? 150000u : 1500u); round++) {
        static made m;
        size_t      longest = round % 8 ? 3 : 4, least;

        random_question(&m, 3);
        least = try_hard(&m.q, longest);
        if (least > longest) {
            same_both_ways(&m.q);
            continue;
        }
        for (int shortest = 0; shortest < 2; shortest++) {
            uint64_t budget = BUDGET;
            bool     nomem;
            vd_str   word;

            m.q.shortest = shortest;
            if (vd_words_solve(&word, &m.q, &arena, &budget, &nomem) != VD_SAT || !in_answer(&m.q, word) ||
                (shortest && vd_utf8_columns(word) > least)) {
                show(&m.q);
                fail_msg("shortest %d: a word of %zu was missed", shortest, least);
            }
            vd_arena_reset(&arena);
        }
    }
}

/* Longer patterns: what the short cuts say is what the search says. */
static void long_questions(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < (full ? 1000000u : 15000u); round++) {
        static made m;

        random_question(&m, 7);
        same_both_ways(&m.q);
    }
}

/* What ARNs are made of, with stars of both kinds: the questions of proofs. */
static void put_arn(char out[128])
{
    static const char *const fields[][5] = { { "arn", "arn", "arn", "\xfd", "a\xfd" },
                                             { "aws", "aws", "\xfd", "\xfc\xfd", "aws-\xfd" },
                                             { "s3", "s3", "\xfd", "\xfc\xfd", "iam" },
                                             { "", "", "\xfd", "us-\xfd",
                                               "\xfd"
                                               "1" },
                                             { "", "\xfd", "111122223333", "\xf9\xf9\xf9", "1\xfc\xfd" } };
    static const char *const tails[] = { "bucket", "bu",   "/",    "/",    "key",  "ket",     ".log",
                                         "\xff",   "\xff", "\xfe", "\xfb", "\xfa", "\xc3\xa9" };
    uint32_t                 n = below(6);

    out[0] = 0;
    for (int i = 0; i < 5; i++) {
        strcat(out, fields[i][below(8) ? below(2) : below(5)]);
        strcat(out, ":");
    }
    for (uint32_t i = 0; i < n; i++)
        strcat(out, tails[below(VD_COUNT(tails))]);
    if (below(2))
        strcat(out, "\xff");
}

/* Languages of one pattern as fewer of them: the same answer, and a word of the question as it was. */
static void same_merged(const vd_words *q)
{
    vd_globs  in[6];
    vd_words  fewer = *q;
    uint32_t  single = 0, rest = 0;
    uint64_t  budget = BUDGET;
    vd_str    word;
    vd_answer before, after;
    bool      nomem;

    for (uint32_t i = 0; i < q->in_count; i++)
        if (q->in[i].count == 1)
            in[single++] = q->in[i];
    assert_true(vd_words_merge(in, &single, q->variables, &arena, &budget));
    fewer.in = in;
    fewer.in_count = single;
    for (uint32_t i = 0; i < q->in_count; i++)
        if (q->in[i].count != 1)
            in[single + rest++] = q->in[i];
    fewer.in_count += rest;
    assert_true(fewer.in_count <= q->in_count);
    budget = BUDGET;
    before = vd_words_solve(&word, q, &arena, &budget, &nomem);
    budget = BUDGET;
    after = vd_words_solve(&word, &fewer, &arena, &budget, &nomem);
    if (before != after || (after == VD_SAT && !in_answer(q, word))) {
        show(q);
        fail_msg("%d, merged %d", before, after);
    }
    vd_arena_reset(&arena);
}

static void questions_about_arns(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < (full ? 1000000u : 6000u); round++) {
        static char text[14][3][128];
        vd_str      p[14][3];
        vd_globs    in[6], out[8];
        vd_words    q = { .in = in, .out = out, .in_count = 1 + below(5), .out_count = below(9) };

        for (uint32_t i = 0; i < q.in_count + q.out_count; i++) {
            vd_globs *l = i < q.in_count ? &in[i] : &out[i - q.in_count];

            *l = (vd_globs){ p[i], 1 + below(3), below(8) == 0 };
            for (uint32_t k = 0; k < l->count; k++) {
                put_arn(text[i][k]);
                p[i][k] = vd_str_of(text[i][k]);
            }
        }
        same_both_ways(&q);
        same_merged(&q);
    }
}

/* ------------------------------------------------------------------ questions by hand */

static vd_answer solve(vd_str *word, const vd_words *q, uint64_t budget)
{
    bool nomem;

    vd_arena_reset(&arena);
    return vd_words_solve(word, q, &arena, &budget, &nomem);
}

static void unions(void **state)
{
    vd_str ends[] = { VD_L("x"),
                      VD_L("\xff"
                           "a"),
                      VD_L("\xff"
                           "b") },
           begin[] = { VD_L("b\xff") };
    vd_globs in[] = { { ends, 3, false }, { begin, 1, false } }, none = { NULL, 0, false };
    vd_words q = { .in = in, .in_count = 2, .out = &none, .out_count = 1, .shortest = true };
    vd_str   word;

    (void)state;
    assert_int_equal(solve(&word, &q, 10000),
                     VD_SAT); /* "b" is *b and b*; nothing is in the empty language */
    assert_true(vd_str_eq(word, VD_S("b")));
    q.shortest = false;
    assert_int_equal(solve(&word, &q, 10000), VD_SAT);
    q.in = &none;
    q.in_count = 1;
    assert_int_equal(solve(&word, &q, 10000), VD_UNSAT);
}

static void case_does_not_count(void **state)
{
    vd_str   lower[] = { VD_L("team") }, exact[] = { VD_L("team") }, upper[] = { VD_L("TEAM") };
    vd_globs in = { lower, 1, true }, out[] = { { exact, 1, false }, { upper, 1, false } };
    vd_words q = { .in = &in, .in_count = 1, .out = out, .out_count = 2 };
    vd_str   word;

    (void)state;
    assert_int_equal(solve(&word, &q, 100000), VD_SAT); /* some other mixture of cases */
    assert_int_equal(word.n, 4);
    assert_true(vd_str_ieq(word, VD_S("team")));
}

/* The small letter of the sign for degrees Kelvin is an ordinary k. */
static void capitals_beyond_ascii(void **state)
{
    vd_str k[] = { VD_L("k") }, both[] = { VD_L("k"), VD_L("K") },
           all[] = { VD_L("k"), VD_L("K"), VD_L("\xe2\x84\xaa") };
    vd_globs in = { k, 1, true }, out = { both, 2, false };
    vd_words q = { .in = &in, .in_count = 1, .out = &out, .out_count = 1 };
    vd_str   word;

    (void)state;
    assert_int_equal(solve(&word, &q, 100000), VD_SAT);
    assert_true(vd_str_eq(word, VD_S("\xe2\x84\xaa")));
    out = (vd_globs){ all, 3, false };
    assert_int_equal(solve(&word, &q, 100000), VD_UNSAT);
}

/* Of letters that are one without case, one may have more bytes: what stands behind or before them is not in step. */
static void beginnings_without_case(void **state)
{
    static const char *const cases[][2] = { { "k12a", "\xe2\x84\xaa"
                                                      "12a" },
                                            { "k12a\xff", "\xe2\x84\xaa"
                                                          "12a\xff" },
                                            { "\xff"
                                              "xa1k",
                                              "\xff"
                                              "xa1\xe2\x84\xaa" } };

    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++)
        for (int shortest = 0; shortest < 2; shortest++) {
            vd_str   p[2] = { vd_str_of(cases[i][0]), vd_str_of(cases[i][1]) }, word;
            vd_globs in[2] = { { &p[0], 1, true }, { &p[1], 1, false } };
            vd_words q = { .in = in, .in_count = 2, .shortest = shortest };

            assert_int_equal(solve(&word, &q, 100000), VD_SAT);
            assert_true(in_answer(&q, word));
        }
}

static void every_capital_is_known(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint32_t lower = vd_letter_lower(cp), capitals[VD_LETTER_CAPITALS],
                 n = vd_letter_capitals(capitals, lower);
        bool found = lower == cp;

        for (uint32_t i = 0; i < n; i++)
            found |= capitals[i] == cp;
        if (!found)
            fail_msg("U+%04X is not known as a capital of U+%04X", cp, lower);
    }
}

static void code_points_and_bytes(void **state)
{
    vd_str one[] = { VD_L("\xfe") }, two[] = { VD_L("\xfe\xfe") }, face[] = { VD_L("\xf0\x9f\x98\x80") };
    vd_str begins[] = { VD_L("\xc3\xfe") }, ends[] = { VD_L("\xfe\xa9") }, broken[] = { VD_L("a\xe4z") },
           third[] = { VD_L("a\xfez") }, split[] = { VD_L("\xf0\x9f\xfe\xfe") };
    vd_globs in[] = { { face, 1, false }, { one, 1, false } }, out = { one, 1, false };
    vd_words q = { .in = in, .in_count = 2 };
    vd_str   word;

    (void)state;
    for (int shortest = 0; shortest < 2; shortest++) {
        q.shortest = shortest;
        in[0] = (vd_globs){ face, 1, false };
        in[1] = (vd_globs){ one, 1, false };
        assert_int_equal(solve(&word, &q, 100000), VD_SAT); /* four bytes, one letter */
        in[1] = (vd_globs){ two, 1, false };
        assert_int_equal(solve(&word, &q, 100000), VD_UNSAT);
        in[0] = (vd_globs){ broken, 1, false };
        in[1] = (vd_globs){ third, 1, false };
        assert_int_equal(solve(&word, &q, 100000), VD_SAT); /* a byte that is no UTF-8 is one letter */
        assert_true(vd_str_eq(word, broken[0]));
        in[0] = (vd_globs){ begins, 1, false };
        in[1] = (vd_globs){ ends, 1, false };
        assert_int_not_equal(solve(&word, &q, 100000), VD_SAT); /* two bytes that would meet to one letter */
        in[0] = (vd_globs){ split, 1, false };
        q.in_count = 1;
        assert_int_not_equal(solve(&word, &q, 100000), VD_UNSAT);
        q.out = &out;
        q.out_count = 1;
        assert_int_not_equal(solve(&word, &q, 100000), VD_UNSAT);
        q.in_count = 2;
        q.out_count = 0;
    }
}

static void domains(void **state)
{
    vd_str   all[] = { VD_L("\xff") }, one[] = { VD_L("1\xff") }, star[] = { VD_L("*") };
    vd_globs in = { all, 1, false }, out = { one, 1, false }, literal = { star, 1, false };
    vd_words account = { .in = &in,
                         .in_count = 1,
                         .out = &out,
                         .out_count = 1,
                         .domain = { .digits = true, .shortest = 12, .longest = 12 } };
    vd_words name = { .in = &literal, .in_count = 1, .domain = { .no_wildcards = true } };
    vd_str   word;

    (void)state;
    for (int shortest = 0; shortest < 2; shortest++) {
        account.shortest = name.shortest = shortest;
        assert_int_equal(solve(&word, &account, 100000), VD_SAT);
        assert_int_equal(word.n, 12);
        assert_true(vd_str_all_digits(word) && word.p[0] != '1');
        assert_int_equal(solve(&word, &name, 100000), VD_UNSAT); /* a name holds no star */
    }
}

/* What stands for a variable may be long, and hold anything: '?' and narrow stars do not take it. */
static void variables(void **state)
{
    static const char v[] = "\xf3\xb0\x80\x80"; /* U+F0000 */
    static const struct {
        const char *in, *out;
        bool        in_fold, out_fold;
        vd_answer   answer;
    } cases[] = {
        { "home/%/docs/\xff", "home/%/\xff", false, false, VD_UNSAT },
        { "home/%/docs/\xff", "home/\xff", false, false, VD_UNSAT },
        { "home/%", "home/\xfe", false, false, VD_SAT },
        { "home/%", "home/\xfd", false, false, VD_SAT },
        { "home/%", "home/%", false, false, VD_UNSAT },
        { "home/%", "home/\xfe\xff", false, false, VD_SAT },
        { "%", "%", true, false, VD_SAT },
        { "%", "%", false, true, VD_UNSAT },
        { "%", "%", true, true, VD_UNSAT },
        { "a%", "A%", false, true, VD_UNSAT },
    };

    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++)
        for (int shortest = 0; shortest < 2; shortest++) {
            char     text[2][40];
            vd_str   p[2], word;
            vd_globs in = { &p[0], 1, cases[i].in_fold }, out = { &p[1], 1, cases[i].out_fold };
            vd_words q = {
                .in = &in, .in_count = 1, .out = &out, .out_count = 1, .variables = true, .shortest = shortest
            };

            for (int side = 0; side < 2; side++) {
                const char *from = side ? cases[i].out : cases[i].in;
                size_t      n = 0;

                for (; *from; from++) {
                    if (*from != '%')
                        text[side][n++] = *from;
                    for (const char *c = v; *from == '%' && *c; c++)
                        text[side][n++] = *c;
                }
                p[side] = (vd_str){ text[side], n };
            }
            if (solve(&word, &q, 100000) != cases[i].answer)
                fail_msg("case %zu, shortest %d", i, shortest);
        }
}

/* Short cuts give the same short and readable words every time. */
static void readable_words(void **state)
{
    static const struct {
        const char *shape, *in, *out, *word;
    } cases[] = {
        { "arn:aws:s3:::\xfe\xff/\xfe\xff", "arn:aws:s3:::bucket/\xff", "arn:aws:s3:::bucket/public/\xff",
          "arn:aws:s3:::bucket/a" },
        { "arn:aws:s3:::\xfe\xff/\xfe\xff", "\xff", "arn:aws:s3:::a/a", "arn:aws:s3:::aa/aa" },
        { "arn:\xfd:iam::\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9:role/\xfe\xff",
          "arn:aws:iam::\xfd:role/admin\xff", "x", "arn:aws:iam::111122223333:role/admin" },
        { "\xff", "a\xff", "a", "aa" },
        { "\xff", "team-\xff", "team-a\xff", "team-" },
        { "\xfe\xff", "\xff", "a\xff", "b" },
    };

    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_str   p[3] = { vd_str_of(cases[i].shape), vd_str_of(cases[i].in), vd_str_of(cases[i].out) }, word;
        vd_globs in[] = { { &p[0], 1, false }, { &p[1], 1, false } }, out = { &p[2], 1, false };
        vd_words q = { .in = in, .in_count = 2, .out = &out, .out_count = 1 };

        assert_int_equal(solve(&word, &q, 10000), VD_SAT);
        if (!vd_str_eq(word, vd_str_of(cases[i].word)))
            fail_msg("%s: \"%.*s\"", cases[i].word, (int)word.n, word.p);
    }
}

/* ------------------------------------------------------------------ limits */

/* Exponentially many states: the budget ends it. */
static void a_budget_ends_it(void **state)
{
    char     p[24], near[24];
    vd_str   one[] = { { p, sizeof p } }, two[] = { { near, sizeof near } };
    vd_globs in = { one, 1, false }, out = { two, 1, false };
    vd_words q = { .in = &in, .in_count = 1, .out = &out, .out_count = 1, .shortest = true };
    uint64_t tuples = 0, budget = 20000000;
    bool     nomem;
    vd_str   word;

    (void)state;
    memset(p, VD_ANY, sizeof p);
    p[0] = VD_STAR;
    p[1] = 'a';
    memcpy(near, p, sizeof p);
    assert_int_equal(solve(&word, &q, 20000), VD_UNKNOWN);
    q.shortest = false;
    assert_int_equal(solve(&word, &q, 20000), VD_UNSAT); /* they are the same: no search is needed */
    near[5] = 'b';
    near[6] = VD_STAR; /* a near miss: nothing but the search can tell */
    q.shortest = true;
    q.tuples = &tuples;
    vd_arena_reset(&arena);
    vd_words_solve(&word, &q, &arena, &budget, &nomem);
    assert_in_range(tuples, 0, VD_WORDS_MOST_TUPLES);
    assert_in_range(arena.used, 0, VD_WORDS_MOST_BYTES + (1 << 20));
}

/* Wide tuples reach the limit of memory before the budget ends. */
static void memory_is_bounded(void **state)
{
    enum { WIDE = 3000 };
    char     p[WIDE], o[24];
    vd_str   wide[] = { { p, WIDE } }, hard[] = { { o, sizeof o } };
    vd_globs in = { hard, 1, false }, out = { wide, 1, false };
    vd_words q = { .in = &in, .in_count = 1, .out = &out, .out_count = 1, .shortest = true };
    uint64_t budget = UINT64_MAX;
    bool     nomem;
    vd_str   word;

    (void)state;
    memset(p, VD_ANY, WIDE);
    p[0] = VD_STAR;
    p[1] = 'a';
    p[WIDE - 1] = VD_STAR;
    memset(o, VD_ANY, sizeof o);
    o[0] = VD_STAR;
    o[1] = 'a';
    o[sizeof o - 1] = 'b';
    q.domain.shortest = WIDE + 100;
    vd_arena_reset(&arena);
    assert_int_equal(vd_words_solve(&word, &q, &arena, &budget, &nomem), VD_UNKNOWN);
    assert_false(nomem);
    assert_in_range(arena.used, 0, VD_WORDS_MOST_BYTES + (4 << 20));
    vd_arena_done(&arena);
    arena = vd_arena_on(vd_allocator_default(), 0);
}

static void no_memory_is_said(void **state)
{
    vd_str p[] = { VD_L("\xff"
                        "a\xfe\xfe\xfe") },
           o[] = { VD_L("\xff"
                        "b\xfe\xff") };
    vd_globs in = { p, 1, false }, out = { o, 1, false };
    vd_words q = { .in = &in, .in_count = 1, .out = &out, .out_count = 1, .shortest = true };
    vd_str   word;
    bool     answered = false;

    (void)state;
    for (size_t limit = 1; limit < 1 << 20; limit += limit / 8 + 1) {
        vd_arena  small = vd_arena_on(vd_allocator_default(), limit);
        uint64_t  budget = BUDGET;
        bool      nomem;
        vd_answer a = vd_words_solve(&word, &q, &small, &budget, &nomem);

        assert_true(nomem ? a == VD_UNKNOWN : a == VD_SAT);
        answered |= a == VD_SAT;
        vd_arena_done(&small);
    }
    assert_true(answered);
}

/* ------------------------------------------------------------------ how many */

static vd_answer count(vd_census *out, const vd_words *q, uint32_t most)
{
    uint64_t budget = BUDGET;
    bool     nomem;

    vd_arena_reset(&arena);
    return vd_words_count(out, q, most, &arena, &budget, &nomem);
}

static void counts_by_hand(void **state)
{
    vd_str all[] = { VD_L("\xff") }, one[] = { VD_L("\xfe") },
           ends[] = { VD_L("1\xff"), VD_L("\xff"
                                          "2") };
    vd_str texts[] = { VD_L("b"), VD_L("a"), VD_L("b"), VD_L("ccc") }, team[] = { VD_L("Team") },
           as[] = { VD_L("a\xff") };
    vd_globs any = { all, 1, false }, letter = { one, 1, false }, some = { ends, 2, false },
             list = { texts, 4, false };
    vd_globs  folded = { team, 1, true }, begins = { as, 1, false };
    vd_words  q = { .in = &any, .in_count = 1, .domain = { .digits = true, .shortest = 12, .longest = 12 } };
    vd_census c;

    (void)state;
    assert_int_equal(count(&c, &q, 3), VD_SAT);
    assert_true(c.count == 1000000000000u && !c.infinite && c.word_count == 3);
    assert_true(vd_str_eq(c.words[0], VD_S("000000000000")) && vd_str_eq(c.words[2], VD_S("000000000002")));
    q.out = &some;
    q.out_count = 1;
    assert_int_equal(count(&c, &q, 0), VD_SAT);
    assert_true(c.count == 810000000000u && c.word_count == 0);
    q = (vd_words){ .in = &letter, .in_count = 1 };
    assert_int_equal(count(&c, &q, 5), VD_SAT);
    assert_true(c.count == 0x110000 - 0x800 && c.word_count == 5 && vd_str_eq(c.words[4], VD_S("e")));
    q.in = &list;
    assert_int_equal(count(&c, &q, 2), VD_SAT);
    assert_true(c.count == 3 && c.word_count == 2 && vd_str_eq(c.words[0], VD_S("a")) &&
                vd_str_eq(c.words[1], VD_S("b")));
    q.shortest = true;
    assert_int_equal(count(&c, &q, 3), VD_SAT);
    assert_true(c.count == 3 && c.word_count == 3 && vd_str_eq(c.words[2], VD_S("ccc")));
    q.in = &folded;
    assert_int_equal(count(&c, &q, 1001), VD_SAT);
    assert_true(c.count == 16 && c.word_count == 16);
    q.in = &begins;
    assert_int_equal(count(&c, &q, 3), VD_SAT);
    assert_true(c.infinite && c.count == UINT64_MAX && vd_str_eq(c.words[0], VD_S("a")) &&
                vd_str_eq(c.words[1], VD_S("aa")));
    q.out = &any;
    q.out_count = 1;
    assert_int_equal(count(&c, &q, 3), VD_UNSAT);
    assert_true(c.count == 0 && !c.infinite);
}

/* Digits: all words of up to four of them can be tried. */
static void counts_of_digits(void **state)
{
    static const char some[] = "12*?*+d";

    (void)state;
    for (uint32_t round = 0; round < (full ? 20000u : 200u); round++) {
        char      text[4][6];
        vd_str    p[4];
        vd_globs  in[2] = { { p, 1 + below(2), false }, { p + 2, 1, below(2) } }, out = { p + 3, 1, false };
        vd_words  q = { .in = in,
                        .in_count = below(3),
                        .out = &out,
                        .out_count = below(2),
                        .domain = { .digits = true, .shortest = below(3), .longest = 3 + below(2) } };
        vd_census c;
        uint32_t  n = 0;
        vd_answer a;

        for (int i = 0; i < 4; i++) {
            uint32_t length = below(6);

            for (size_t k = 0; k < length; k++) {
                char t = some[below(sizeof some - 1)];

                text[i][k] = t == '*'   ? VD_STAR
                             : t == '?' ? VD_ANY
                             : t == '+' ? VD_STAR_IN
                             : t == 'd' ? VD_ANY_DIGIT
                                        : t;
            }
            p[i] = (vd_str){ text[i], length };
        }
        a = count(&c, &q, 20000);
        for (uint32_t length = 0, all = 1; length <= q.domain.longest; length++, all *= 10)
            for (uint32_t i = 0; i < all; i++) {
                char word[12];

                snprintf(word, sizeof word, "%0*u", length ? (int)length : 1, i);
                if (!in_answer(&q, (vd_str){ word, length }))
                    continue;
                if (n >= c.word_count || !vd_str_eq(c.words[n], (vd_str){ word, length })) {
                    show(&q);
                    fail_msg("\"%.*s\" is not in its place", (int)length, word);
                }
                n++;
            }
        assert_int_equal(a, n ? VD_SAT : VD_UNSAT);
        assert_true(c.count == n && c.word_count == n && !c.infinite);
    }
}

/* Of any question: the members are words of it, in order, all different; there is one when there is an answer. */
static void counts_of_anything(void **state)
{
    enum { FIRST = 12 };

    (void)state;
    for (uint32_t round = 0; round < (full ? 200000u : 3000u); round++) {
        static made m;
        vd_census   c;
        uint64_t    budget = BUDGET;
        bool        nomem;
        vd_str      word;
        vd_answer   a, solved;

        random_question(&m, 4);
        m.q.shortest = true;
        a = count(&c, &m.q, FIRST);
        for (uint32_t i = 0; i < c.word_count; i++) {
            assert_true(in_answer(&m.q, c.words[i]));
            for (uint32_t k = 0; k < i; k++)
                assert_false(vd_str_eq(c.words[i], c.words[k]));
            assert_true(i == 0 || vd_utf8_columns(c.words[i]) >= vd_utf8_columns(c.words[i - 1]));
        }
        assert_true(c.word_count == (c.count < FIRST ? c.count : FIRST));
        solved = vd_words_solve(&word, &m.q, &arena, &budget, &nomem);
        if (a != solved) {
            show(&m.q);
            fail_msg("%d to count, %d to solve, %u words", a, solved, c.word_count);
        }
        if (a == VD_SAT)
            assert_int_equal(vd_utf8_columns(word), vd_utf8_columns(c.words[0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(fours),
        cmocka_unit_test(few_states),
        cmocka_unit_test(hard_questions),
        cmocka_unit_test(long_questions),
        cmocka_unit_test(questions_about_arns),
        cmocka_unit_test(unions),
        cmocka_unit_test(case_does_not_count),
        cmocka_unit_test(capitals_beyond_ascii),
        cmocka_unit_test(beginnings_without_case),
        cmocka_unit_test(every_capital_is_known),
        cmocka_unit_test(code_points_and_bytes),
        cmocka_unit_test(domains),
        cmocka_unit_test(variables),
        cmocka_unit_test(readable_words),
        cmocka_unit_test(a_budget_ends_it),
        cmocka_unit_test(memory_is_bounded),
        cmocka_unit_test(no_memory_is_said),
        cmocka_unit_test(counts_by_hand),
        cmocka_unit_test(counts_of_digits),
        cmocka_unit_test(counts_of_anything),
    };
    const char *scale = getenv("VD_WORDS_SCALE");

    full = scale && strcmp(scale, "full") == 0;
    return cmocka_run_group_tests(tests, make_sets, drop_sets);
}
