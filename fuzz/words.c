/* SPDX-License-Identifier: Apache-2.0
 *
 * Up to four patterns, one a line, a '-' in front of those that must not match, an '=' in front of what compares without
 * case.  In the patterns + and ! are the narrow star and the narrow any.  A word that is found matches as asked, and no
 * shorter one of the letters a, b, ':' and z does; where there is none, no short word does.
 */
#include "fuzz.h"

#include "base/str.h"
#include "base/utf8.h"
#include "pattern/value.h"
#include "symbolic/words.h"

enum { MOST_PATTERNS = 4, MOST_BYTES = 64, WORD = 4 };

typedef struct asked {
    vd_str pattern;
    bool   wanted, fold;
} asked;

typedef struct question {
    asked    at[MOST_PATTERNS];
    uint32_t count;
    char     bytes[MOST_PATTERNS][MOST_BYTES];
} question;

static char wild_of(char c)
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
    default:
        return c;
    }
}

/* Runs of stars are one, as vd_glob_code and arn.c make them; bytes of wildcards made here only are left out. */
static void add(question *q, vd_str line)
{
    asked *a = &q->at[q->count];
    char  *out = q->bytes[q->count++];
    size_t n = 0;

    a->wanted = true;
    for (; line.n && (line.p[0] == '-' || line.p[0] == '='); line = vd_str_from(line, 1)) {
        a->wanted &= line.p[0] != '-';
        a->fold |= line.p[0] == '=';
    }
    for (size_t i = 0; i < line.n && n < MOST_BYTES; i++) {
        char c = wild_of(line.p[i]);
        bool star = c == VD_STAR || c == VD_STAR_IN;

        if ((unsigned char)c >= 0xf8 && c == line.p[i])
            continue;
        if (star && n && (out[n - 1] == VD_STAR || out[n - 1] == VD_STAR_IN))
            out[n - 1] = c == VD_STAR ? c : out[n - 1];
        else
            out[n++] = c;
    }
    a->pattern = (vd_str){ out, n };
}

/* With fold both sides are: a pattern in small letters as values of IgnoreCase operators are. */
static bool matches(const asked *a, vd_str word)
{
    char pattern[MOST_BYTES * 4], small[MOST_BYTES * 16];
    size_t n = 0;

    if (!a->fold)
        return vd_glob_match(a->pattern, word);
    if (word.n > MOST_BYTES * 4)
        return a->wanted;
    for (size_t i = 0; i < a->pattern.n; i++)
        pattern[n++] = vd_lower(a->pattern.p[i]);
    return vd_glob_match((vd_str){ pattern, n }, (vd_str){ small, vd_str_fold(small, word) });
}

static bool fits(const question *q, vd_str word)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (matches(&q->at[i], word) != q->at[i].wanted)
            return false;
    return true;
}

/* The length of the shortest word of these letters; WORD + 1: none. */
static size_t shortest(const question *q)
{
    static const char letters[] = "ab:z";
    char              word[WORD];

    for (size_t n = 0; n <= WORD; n++) {
        for (uint32_t k = 0; k < 1u << (2 * n); k++) {
            for (size_t i = 0; i < n; i++)
                word[i] = letters[k >> (2 * i) & 3];
            if (fits(q, (vd_str){ word, n }))
                return n;
        }
    }
    return WORD + 1;
}

static bool is_text(vd_str s)
{
    for (size_t i = 0, n; i < s.n; i += n) {
        uint32_t cp;

        n = vd_is_wild(s.p[i]) ? 1 : vd_utf8_next(vd_str_from(s, i), &cp);
        if (n == 0)
            return false;
    }
    return true;
}

/* Patterns of policies are UTF-8; folding of other scripts is the business of the target glob. */
static bool is_fair(const question *q)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (!is_text(q->at[i].pattern))
            return false;
    for (uint32_t i = 0; i < q->count; i++)
        for (size_t k = 0; q->at[i].fold && k < q->at[i].pattern.n; k++)
            if ((unsigned char)q->at[i].pattern.p[k] >= 0x80 && !vd_is_wild(q->at[i].pattern.p[k]))
                return false;
    return true;
}

static size_t code_points(vd_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

/* With short cuts, and by search alone. */
static void ask(const question *q, vd_arena *arena)
{
    vd_globs  in[MOST_PATTERNS], out[MOST_PATTERNS];
    vd_words  words = { .in = in, .out = out };
    size_t    least = shortest(q);
    vd_answer answers[2];

    for (uint32_t i = 0; i < q->count; i++) {
        vd_globs g = { &q->at[i].pattern, 1, q->at[i].fold };

        if (q->at[i].wanted)
            in[words.in_count++] = g;
        else
            out[words.out_count++] = g;
    }
    for (int alone = 0; alone < 2; alone++) {
        uint64_t budget = 200000;
        bool     nomem;
        vd_str   word;

        words.shortest = alone;
        answers[alone] = vd_words_solve(&word, &words, arena, &budget, &nomem);
        fuzz_check(!nomem, "no memory");
        if (answers[alone] == VD_SAT) {
            fuzz_check(fits(q, word), "\"%.*s\" does not fit", (int)word.n, word.p);
            fuzz_check(!alone || code_points(word) <= least || least > WORD, "there is a shorter word of %zu", least);
        } else if (answers[alone] == VD_UNSAT) {
            fuzz_check(least > WORD, "there is a word of %zu", least);
        }
    }
    fuzz_check(answers[0] == answers[1] || answers[0] == VD_UNKNOWN || answers[1] == VD_UNKNOWN, "short cuts say otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    question q = { 0 };
    vd_arena arena = vd_arena_on(vd_allocator_default(), 0);
    vd_str   rest = { (const char *)data, size };

    while (q.count < MOST_PATTERNS && rest.n) {
        size_t end = vd_str_find(rest, '\n');

        add(&q, vd_str_first(rest, end));
        rest = end < rest.n ? vd_str_from(rest, end + 1) : VD_S("");
    }
    if (q.count && is_fair(&q))
        ask(&q, &arena);
    vd_arena_done(&arena);
    return 0;
}
