/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns against patterns: cases, every small pair against every small text, random pairs against the twin, and what
 * the worst may cost.  In the texts here + and ! are the narrow star and the narrow any.
 */
#include "unit.h"

#include "pattern/overlap.h"
#include "twins.h"

#include <time.h>

static vd_str code(char *out, const char *text)
{
    size_t n = 0;

    for (; text[n]; n++)
        out[n] = text[n] == '*' ? VD_STAR : text[n] == '?' ? VD_ANY : text[n] == '+' ? VD_STAR_IN :
                 text[n] == '!' ? VD_ANY_IN : text[n];
    return (vd_str){ out, n };
}

static const struct {
    const char *p, *q;
    bool        covers, overlaps;
} cases[] = {
    { "*", "", true, true },
    { "", "", true, true },
    { "", "*", false, true },
    { "a", "b", false, false },
    { "a*", "ab*", true, true },
    { "ab*", "a*", false, true },
    { "arn:aws:s3:::b/*", "arn:aws:s3:::b", false, false },
    { "arn:aws:s3:::b*", "arn:aws:s3:::b/*", true, true },
    { "arn:aws:s3:::*/x", "arn:aws:s3:::b/*", false, true },
    { "*?", "?*", true, true },
    { "?*", "*?", true, true },
    { "*?*?*", "??", true, true },
    { "*a?*", "*a*a*", true, true },
    { "*a?*", "*a*", false, true },
    { "a?*", "a*b", true, true },
    { "a??*", "a*b", false, true },
    { "a?b", "a*b", false, true },
    { "us-+-1:f", "us-*-1:f", false, true },
    { "us-*-1:f", "us-+-1:f", true, true },
    { "+", ":", false, false },
    { "+:+", "*", false, true },
    { "+:*", "a:*", true, true },
    { "!", "?", false, true },
    { "?", "!", true, true },
    { "a*b*a", "a*a*b*a", true, true },
    { "\xc3\xa9*", "\xc3\xa9" "a*", true, true },
    { "?*", "\xc3\xa9*", true, true },
    { "??*", "\xc3\xa9*", false, true },
    { "\xc3\xa9*", "\xc3\xa8*", false, false },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        char   a[64], b[64];
        vd_str p = code(a, cases[i].p), q = code(b, cases[i].q);

        if (vd_glob_covers(p, q) != cases[i].covers || vd_glob_overlaps(p, q) != cases[i].overlaps ||
            vd_glob_overlaps(q, p) != cases[i].overlaps)
            fail_msg("%s %s", cases[i].p, cases[i].q);
    }
}

static void test_actions(void **state)
{
    (void)state;
    assert_true(vd_action_covers(VD_S("s3:get*"), VD_S("s3:GetObject")));
    assert_true(vd_action_covers(VD_S("iam:Get*"), VD_S("IAM:GET?ser")));
    assert_false(vd_action_covers(VD_S("iam:Get*"), VD_S("iam:*CredentialReport")));
    assert_true(vd_action_overlaps(VD_S("iam:Get*"), VD_S("iam:*CredentialReport")));
    assert_false(vd_action_overlaps(VD_S("iam:Get*"), VD_S("iam:List*")));
    assert_false(vd_action_covers(VD_S(""), VD_S("")));
}

enum { SHORTEST_TEXTS = 6, PATTERN = 4, WORDS = 18 };

/* The k-th text over an alphabet, shortest first. */
static size_t nth(char *out, size_t k, const char *alphabet, size_t letters)
{
    size_t n = 0, count = 1;

    while (k >= count) {
        k -= count;
        count *= letters;
        n++;
    }
    for (size_t i = 0; i < n; i++, k /= letters)
        out[i] = alphabet[k % letters];
    return n;
}

static size_t up_to(size_t letters, size_t length)
{
    size_t sum = 1, count = 1;

    for (size_t i = 0; i < length; i++)
        sum += count *= letters;
    return sum;
}

/* Which of the small texts each small pattern matches; a pattern covers another when it has all of its texts. */
static void test_all_small(void **state)
{
    const char wild[] = { 'a', ':', VD_STAR, VD_ANY, VD_STAR_IN, VD_ANY_IN };
    size_t     patterns = up_to(sizeof wild, PATTERN - 1), texts = up_to(3, SHORTEST_TEXTS);
    uint64_t (*matched)[WORDS] = calloc(patterns, sizeof *matched);

    (void)state;
    assert_non_null(matched);
    assert_true(texts <= WORDS * 64);
    for (size_t i = 0; i < patterns; i++) {
        char   p[PATTERN], s[SHORTEST_TEXTS];
        vd_str pattern = { p, nth(p, i, wild, sizeof wild) };

        for (size_t k = 0; k < texts; k++)
            if (vd_glob_match(pattern, (vd_str){ s, nth(s, k, "a:z", 3) }))
                matched[i][k / 64] |= UINT64_C(1) << k % 64;
    }
    for (size_t i = 0; i < patterns; i++)
        for (size_t k = 0; k < patterns; k++) {
            char   a[PATTERN], b[PATTERN];
            vd_str p = { a, nth(a, i, wild, sizeof wild) }, q = { b, nth(b, k, wild, sizeof wild) };
            bool   covers = true, overlaps = false;

            for (size_t w = 0; w < WORDS; w++) {
                covers &= (matched[k][w] & ~matched[i][w]) == 0;
                overlaps |= (matched[k][w] & matched[i][w]) != 0;
            }
            if (vd_glob_covers(p, q) != covers || vd_glob_overlaps(p, q) != overlaps)
                fail_msg("patterns %zu and %zu", i, k);
        }
    free(matched);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static vd_str random_pattern(char *out, uint32_t *seed)
{
    static const char letters[] = { 'a', 'b', ':', VD_STAR, VD_ANY, VD_STAR_IN, VD_ANY_IN, 'a' };
    size_t            n = next_random(seed) % 12;

    for (size_t i = 0; i < n; i++)
        out[i] = letters[next_random(seed) % sizeof letters];
    return (vd_str){ out, n };
}

static void test_random(void **state)
{
    uint32_t seed = 7, answered = 0, covering = 0;

    (void)state;
    for (int i = 0; i < 60000; i++) {
        char   a[16], b[16];
        vd_str p = random_pattern(a, &seed), q = random_pattern(b, &seed);
        bool   covers, overlaps;

        if (!twin_compare(p, q, &covers, &overlaps))
            continue;
        answered++;
        covering += covers;
        if (vd_glob_covers(p, q) != covers || vd_glob_overlaps(p, q) != overlaps)
            fail_msg("pair %d: covers %d, overlaps %d", i, covers, overlaps);
    }
    assert_true(answered > 59000);
    assert_true(covering > 600);
}

static double milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Whatever the patterns hold: bounded, and in doubt no and yes. */
static void test_cost(void **state)
{
    static char a[4096], b[4096];
    double      start = milliseconds();

    (void)state;
    for (size_t i = 0; i < sizeof a; i++) {
        a[i] = i % 3 == 0 ? VD_STAR : i % 3 == 1 ? 'a' : VD_ANY;
        b[i] = i % 5 == 0 ? VD_STAR : i % 5 == 3 ? VD_ANY : 'a';
    }
    for (size_t n = 100; n <= sizeof a; n += 333) {
        vd_glob_covers((vd_str){ a, n }, (vd_str){ b, n });
        vd_glob_overlaps((vd_str){ a, n }, (vd_str){ b, n });
    }
    assert_false(vd_glob_covers((vd_str){ a, sizeof a }, (vd_str){ b, sizeof b }));
    assert_true(vd_glob_overlaps((vd_str){ a, sizeof a }, (vd_str){ b, sizeof b }));
    assert_true(milliseconds() - start < 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),  cmocka_unit_test(test_actions), cmocka_unit_test(test_all_small),
        cmocka_unit_test(test_random), cmocka_unit_test(test_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
