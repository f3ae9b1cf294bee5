/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about words as proofs ask them: a form, a few patterns that are wanted, some that are not.
 */
#include "symbolic/words.h"
#include "work.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 32, ROUNDS = 7 };

/* '*' and '?' as in policies, '+' and '!' are narrow, '#' is a digit, '<' any run of a name.  Blanks between patterns. */
typedef struct question {
    const char *what;
    const char *in[4], *out[3]; /* each a language */
    uint32_t    more;           /* prefixes that are not wanted */
    vd_answer   answer;
} question;

static const question questions[] = {
    { "a form and a prefix", { "arn:aws:s3:::?+/?*", "arn:aws:s3:::assets-prod/*" }, { NULL }, 0, VD_SAT },
    { "a form, three lists, ten unwanted prefixes",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::assets-*", "arn:aws:s3:::*/public/* arn:aws:s3:::*/images/*",
        "*" },
      { NULL },
      10,
      VD_SAT },
    { "a prefix, thirty unwanted ones",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::bucket-*" },
      { NULL },
      30,
      VD_SAT },
    { "a text, thirty unwanted prefixes",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::bucket/key" },
      { NULL },
      30,
      VD_SAT },
    { "what is wanted is covered",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::assets-prod/images/*" },
      { "arn:aws:s3:::assets-prod/*" },
      10,
      VD_UNSAT },
    { "no text in common",
      { "arn:aws:s3:::?+/?*", "arn:aws:dynamodb:*:*:table/* arn:aws:sqs:*:*:*" },
      { NULL },
      10,
      VD_UNSAT },
    { "tables of any region, but some",
      { "arn:aws:dynamodb:?+:############:table/?*", "arn:aws:dynamodb:*:*:table/*" },
      { "arn:aws:dynamodb:us-*:*:*", "arn:aws:dynamodb:*:111122223333:*" },
      0,
      VD_SAT },
    { "roles of other accounts",
      { "arn:aws:iam::############:role/?<", "arn:+:+::+:*" },
      { "arn:+:+::111122223333:* arn:+:+::444455556666:*" },
      0,
      VD_SAT },
    { "a tag, but five values", { "*" }, { "dev test prod staging audit" }, 0, VD_SAT },
    { "left to the search: buckets but no keys",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::b*" },
      { "arn:aws:s3:::b*/*" },
      0,
      VD_UNSAT },
    { "left to the search: two halves cover it",
      { "arn:aws:s3:::?+/?*", "arn:aws:s3:::data/*" },
      { "arn:aws:s3:::data/?", "arn:aws:s3:::data/??*" },
      0,
      VD_UNSAT },
};

typedef struct asked {
    vd_words q;
    vd_globs in[4], out[3];
    vd_str   patterns[7][MOST];
    char     text[7][MOST][80];
} asked;

static char code(char c)
{
    switch (c) {
    case '*':
        return VD_STAR;
    case '?':
        return VD_ANY;
    case '+':
        return VD_STAR_IN;
    case '!':
        return VD_ANY_IN;
    case '#':
        return VD_ANY_DIGIT;
    case '<':
        return VD_STAR_NAME;
    default:
        return c;
    }
}

static vd_globs language(asked *a, uint32_t at, const char *from)
{
    uint32_t n = 0;

    while (*from) {
        size_t length = 0;

        for (; *from && *from != ' '; from++)
            a->text[at][n][length++] = code(*from);
        a->patterns[at][n] = (vd_str){ a->text[at][n], length };
        n++;
        from += *from == ' ';
    }
    return (vd_globs){ a->patterns[at], n, false };
}

static void prepare(asked *a, const question *from)
{
    a->q = (vd_words){ .in = a->in, .out = a->out };
    for (; a->q.in_count < 4 && from->in[a->q.in_count]; a->q.in_count++)
        a->in[a->q.in_count] = language(a, a->q.in_count, from->in[a->q.in_count]);
    for (; a->q.out_count < 2 && from->out[a->q.out_count]; a->q.out_count++)
        a->out[a->q.out_count] = language(a, 4 + a->q.out_count, from->out[a->q.out_count]);
    if (from->more == 0)
        return;
    for (uint32_t i = 0; i < from->more; i++) {
        int n = snprintf(a->text[6][i], sizeof a->text[6][i], "arn:aws:s3:::bucket-%u/%s%c", (unsigned)i * 7,
                         i % 3 ? "private/" : "", i % 5 ? VD_STAR : 'x');

        a->patterns[6][i] = (vd_str){ a->text[6][i], (size_t)n };
    }
    a->out[a->q.out_count++] = (vd_globs){ a->patterns[6], from->more, false };
}

/* Seconds for one answer, the best of some rounds. */
static double measure(const asked *a, vd_answer expected)
{
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    double   best = 1e9;

    for (int round = 0; round < ROUNDS; round++) {
        uint32_t n = 0;
        double   start = bench_now(), t = 0;

        for (; t < 0.01; n++) {
            uint64_t budget = 20000000;
            bool     nomem;
            vd_str   word;

            vd_arena_reset(&arena);
            if (vd_words_solve(&word, &a->q, &arena, &budget, &nomem) != expected) {
                fprintf(stderr, "bench: words: another answer than expected\n");
                exit(1);
            }
            t = bench_now() - start;
        }
        best = t / n < best ? t / n : best;
    }
    vd_arena_done(&arena);
    return best;
}

/* Exponentially many states of three patterns, and what is asked against is near: the budget ends it. */
static double hard(void)
{
    char     text[4][26];
    vd_str   p[4];
    vd_globs in[3], out = { &p[3], 1, false };
    vd_words q = { .in = in, .in_count = 3, .out = &out, .out_count = 1 };
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    uint64_t budget = 20000000;
    double   start;
    bool     nomem;
    vd_str   word;

    for (uint32_t i = 0; i < 4; i++) {
        memset(text[i], VD_ANY, sizeof text[i]);
        text[i][0] = VD_STAR;
        text[i][1] = (char)('a' + i % 3);
        p[i] = (vd_str){ text[i], sizeof text[i] };
        if (i < 3)
            in[i] = (vd_globs){ &p[i], 1, false };
    }
    text[3][25] = VD_STAR;
    start = bench_now();
    if (vd_words_solve(&word, &q, &arena, &budget, &nomem) != VD_UNKNOWN)
        exit(1);
    start = bench_now() - start;
    vd_arena_done(&arena);
    return start;
}

void bench_words(bench_row *row)
{
    static asked a;

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        memset(&a, 0, sizeof a);
        prepare(&a, &questions[i]);
        row("words", questions[i].what, "us", measure(&a, questions[i].answer) * 1e6);
    }
    row("words", "three runs of '?', until the budget ends", "ms", hard() * 1e3);
}
