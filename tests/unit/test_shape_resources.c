/* SPDX-License-Identifier: Apache-2.0
 *
 * From resources that were seen to patterns: cases, and laws that hold for any of them.  All that was granted is matched,
 * nothing that was not, whatever the order, and never less when more was seen.
 */
#include "unit.h"

#include "pattern/glob.h"
#include "tighten/shape_int.h"

#define A "111122223333"

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

enum { MOST = 400 };

typedef struct fixture {
    vd_arena      arena;
    vd_shape_seen seen[MOST];
    uint32_t      count;
    vd_str        old[16];
    vd_error      err;
} fixture;

static fixture *fixture_new(void)
{
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    f->arena = vd_arena_on(vd_allocator_default(), 0);
    return f;
}

static void fixture_free(fixture *f)
{
    vd_arena_done(&f->arena);
    free(f);
}

/* "A B|C": words by '|'. */
static uint32_t cut(vd_str text, vd_str *out)
{
    uint32_t n = 0;
    vd_str   word;

    while (text.n) {
        if (!vd_str_cut(&text, '|', &word)) {
            word = text;
            text.n = 0;
        }
        out[n++] = word;
    }
    return n;
}

static void see(fixture *f, vd_str arn)
{
    assert_true(f->count < MOST);
    f->seen[f->count++] = (vd_shape_seen){ .arn = arn, .exact = vd_shape_is_exact(arn) };
}

static vd_str join(fixture *f, const vd_shapes *s)
{
    vd_buf b = vd_buf_on(&f->arena.alloc, 0);
    vd_str text;

    for (uint32_t i = 0; i < s->count; i++) {
        if (i)
            vd_buf_byte(&b, '|');
        vd_buf_add(&b, s->at[i]);
    }
    assert_true(vd_arena_dup(&f->arena, &text, vd_buf_str(&b)));
    vd_buf_done(&b);
    return text;
}

#define S3 "arn:aws:s3:::"
#define DDB "arn:aws:dynamodb:eu-west-1:" A ":table/"
#define U1 "0b8e4c51-7a2f-4f0e-9d41-0a1b2c3d4e5f"

static const struct {
    const char *what, *seen, *old, *wanted;
    uint32_t    slack, outside;
    bool        negated, keep_old, literal, inexact, old_version;
} cases[] = {
    { "names stay names", S3 "a/x|" S3 "b/y", "*", S3 "a/x|" S3 "b/y", .slack = 0 },
    { "one bucket of letters and digits", S3 "b-0123456789abcdef0/x", "*", S3 "b-0123456789abcdef0/x", .slack = 0 },
    { "a date and what is below", S3 "b/logs/2026/03/04/" U1, "*", S3 "b/logs/*", .slack = 0 },
    { "a date in one part", S3 "b/logs/dt=2026-03-04/part-1", S3 "b/*", S3 "b/logs/dt=*", .slack = 0 },
    { "not beyond two parts of a key", S3 "b/one/two/three/" U1, "*", S3 "b/one/two/*", .slack = 0 },
    { "the first part needs three", S3 "b/" U1 "/x|" S3 "b/2026-01-01/x", "*", S3 "b/" U1 "/x|" S3 "b/2026-01-01/x", .slack = 0 },
    { "and has them", S3 "b/2026-01-01/x|" S3 "b/2026-01-02/x|" S3 "b/2026-01-03/x", "*", S3 "b/*", .slack = 0 },
    { "old says less", S3 "b/logs/2026-01-01/x", S3 "b/logs/2026-*", S3 "b/logs/2026-*", .slack = 0 },
    { "old says it together", S3 "b/logs/2026-01-01/x", S3 "b/logs/?*|" S3 "b/logs/", S3 "b/logs/*", .slack = 0 },
    { "instances", "arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3d|arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3e|"
      "arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3f", "*", "arn:aws:ec2:eu-west-1:" A ":instance/i-*", .slack = 0 },
    { "two instances", "arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3d|arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3e", "*",
      "arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3d|arn:aws:ec2:eu-west-1:" A ":instance/i-0a1b2c3e", .slack = 0 },
    { "letters that are wildcards", S3 "b/a*b?c$d", "*", S3 "b/a${*}b${?}c${$}d", .slack = 0 },
    { "in 2008 there are no escapes", S3 "b/a*b?c$d", "*", S3 "b/a?b?c$d", .inexact = true, .old_version = true },
    { "letters no policy has", S3 "b/\xe2\x82\xac\xf0\x9f\x98\x80" "\xc3\xa9", "*", S3 "b/?*\xc3\xa9", .inexact = true },
    { "a prefix that was listed", S3 "b/logs*", S3 "b/*", S3 "b/logs*", .slack = 0 },
    { "a prefix beyond old", S3 "b/*", S3 "b/x*|" S3 "b/y|" S3 "c", S3 "b/x*|" S3 "b/y", .slack = 0 },
    { "somebody else's", S3 "b/x|" S3 "c/x", S3 "b/*", S3 "b/x", .outside = 1 },
    { "variables stay", S3 "b/jo/x|" S3 "b/common/x", S3 "b/${aws:username}/*|" S3 "b/common/*",
      S3 "b/${aws:username}/*|" S3 "b/common/x", .slack = 0 },
    { "all but these", S3 "b/x|" S3 "c/x", S3 "c/*", S3 "b/x", .negated = true, .outside = 1 },
    { "all but one of a variable", S3 "b/x", S3 "b/${aws:username}", "", .negated = true, .keep_old = true },
    { "all but these, of a date", S3 "b/logs/2026-01-01", S3 "b/logs/secret", S3 "b/logs/2026-01-01", .negated = true },
    { "secrets", "arn:aws:secretsmanager:eu-west-1:" A ":secret:db-AbC123", "*", "arn:aws:secretsmanager:eu-west-1:" A ":secret:db-??????",
      .slack = 0 },
    { "a secret by its full name", "arn:aws:secretsmanager:eu-west-1:" A ":secret:db-AbC123",
      "arn:aws:secretsmanager:eu-west-1:" A ":secret:db-AbC123", "arn:aws:secretsmanager:eu-west-1:" A ":secret:db-AbC123", .slack = 0 },
    { "keys stay", "arn:aws:kms:eu-west-1:" A ":key/" U1, "*", "arn:aws:kms:eu-west-1:" A ":key/" U1, .slack = 20 },
    { "passed roles stay", "arn:aws:ecs:eu-west-1:" A ":task/c/0123456789abcdef0123", "*",
      "arn:aws:ecs:eu-west-1:" A ":task/c/0123456789abcdef0123", .literal = true },
    { "of another account", "arn:aws:ecs:eu-west-1:444455556666:task/c/0123456789abcdef0123", "*",
      "arn:aws:ecs:eu-west-1:444455556666:task/c/0123456789abcdef0123", .slack = 20 },
    { "an item within", "arn:aws:ecs:eu-west-1:" A ":task/c/0123456789abcdef0123", "*", "arn:aws:ecs:eu-west-1:" A ":task/c/*", .slack = 0 },
    { "eight tables", DDB "app-1|" DDB "app-2|" DDB "app-3|" DDB "app-4|" DDB "app-5|" DDB "app-6|" DDB "app-7|" DDB "app-8", "*",
      DDB "app-1|" DDB "app-2|" DDB "app-3|" DDB "app-4|" DDB "app-5|" DDB "app-6|" DDB "app-7|" DDB "app-8", .slack = 3 },
    { "nine tables", DDB "app-1|" DDB "app-2|" DDB "app-3|" DDB "app-4|" DDB "app-5|" DDB "app-6|" DDB "app-7|" DDB "app-8|" DDB "app-9|"
      DDB "zoo", "*", DDB "app-*|" DDB "zoo", .slack = 3 },
    { "nine tables without slack", DDB "app-1|" DDB "app-2|" DDB "app-3|" DDB "app-4|" DDB "app-5|" DDB "app-6|" DDB "app-7|" DDB "app-8|"
      DDB "app-9", "*", DDB "app-1|" DDB "app-2|" DDB "app-3|" DDB "app-4|" DDB "app-5|" DDB "app-6|" DDB "app-7|" DDB "app-8|" DDB "app-9",
      .slack = 0 },
    { "much slack", DDB "a|" DDB "b|" DDB "c|" DDB "d|" DDB "e|" DDB "f|" DDB "g|" DDB "h|" DDB "i", "*", DDB "*", .slack = 9 },
    { "four regions", "arn:aws:sns:eu-west-1:" A ":t|arn:aws:sns:eu-west-2:" A ":t|arn:aws:sns:eu-west-3:" A ":t|arn:aws:sns:us-east-1:" A ":t",
      "*", "arn:aws:sns:*:" A ":t", .slack = 1 },
    { "four regions that were named", "arn:aws:sns:eu-west-1:" A ":t|arn:aws:sns:eu-west-2:" A ":t|arn:aws:sns:eu-west-3:" A
      ":t|arn:aws:sns:eu-north-1:" A ":t", "arn:aws:sns:eu-*:" A ":*", "arn:aws:sns:eu-*:" A ":*", .slack = 1 },
    { "three regions", "arn:aws:sns:eu-west-1:" A ":t|arn:aws:sns:eu-west-2:" A ":t|arn:aws:sns:eu-west-3:" A ":t", "*",
      "arn:aws:sns:eu-west-1:" A ":t|arn:aws:sns:eu-west-2:" A ":t|arn:aws:sns:eu-west-3:" A ":t", .slack = 1 },
    { "no resource", "*", "*", "*", .slack = 0 },
    { "no resource, and old has names", "*", S3 "b/*|" S3 "c", S3 "b/*|" S3 "c", .slack = 0 },
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        fixture                  *f = fixture_new();
        vd_str                    all[64];
        uint32_t                  n = cut(vd_str_of(cases[i].seen), all);
        vd_shape_resources_opts   o = { .account = VD_S(A), .slack = cases[i].slack, .literal = cases[i].literal };
        vd_shape_resources_result r;

        for (uint32_t k = 0; k < n; k++)
            see(f, all[k]);
        o.old = (vd_shape_old){ f->old, cut(vd_str_of(cases[i].old), f->old), cases[i].negated, !cases[i].old_version };
        assert_int_equal(vd_shape_resources(&r, &f->arena, f->seen, f->count, &o, &f->err), VD_OK);
        if (!vd_str_eq(join(f, &r.patterns), vd_str_of(cases[i].wanted)) || r.outside != cases[i].outside ||
            r.keep_old != cases[i].keep_old || r.inexact != cases[i].inexact)
            fail_msg("%s: \"" VD_F "\", outside %u, keep_old %d, inexact %d", cases[i].what, VD_A(join(f, &r.patterns)), r.outside,
                     r.keep_old, r.inexact);
        fixture_free(f);
    }
}

/* Scenario 34: three hundred keys under a date, three buckets. */
static void test_keys(void **state)
{
    fixture                  *f = fixture_new();
    vd_shape_resources_opts   o = { .account = VD_S(A) };
    vd_shape_resources_result r;

    (void)state;
    seed = 4;
    for (uint32_t i = 0; i < 300; i++) {
        vd_str arn;

        assert_true(vd_arena_printf(&f->arena, &arn, S3 "app/logs/2026/%02u/%02u/%08x-1111-4222-8333-%012x", 1 + i % 12, 1 + i % 28, draw(1u << 31),
                                    draw(1u << 31)));
        see(f, arn);
    }
    for (uint32_t i = 0; i < 3; i++) {
        vd_str arn;

        assert_true(vd_arena_printf(&f->arena, &arn, S3 "bucket-%u", i));
        see(f, arn);
    }
    f->old[0] = VD_S(S3 "*");
    o.old = (vd_shape_old){ f->old, 1, false, true };
    assert_int_equal(vd_shape_resources(&r, &f->arena, f->seen, f->count, &o, &f->err), VD_OK);
    check_cstr(join(f, &r.patterns), S3 "app/logs/*|" S3 "bucket-0|" S3 "bucket-1|" S3 "bucket-2");
    fixture_free(f);
}

/* A monthly run does not flip between names and a pattern. */
static void test_previous(void **state)
{
    fixture                  *f = fixture_new();
    const vd_str              previous[] = { VD_L(DDB "app-*"), VD_L("arn:aws:dynamodb:*:*:table/*") };
    vd_shape_resources_opts   o = { .slack = 2, .previous = previous, .previous_count = 1 };
    vd_shape_resources_result r;

    (void)state;
    for (uint32_t i = 0; i < 5; i++) {
        vd_str arn;

        assert_true(vd_arena_printf(&f->arena, &arn, DDB "app-%u", i));
        see(f, arn);
    }
    f->old[0] = VD_S("arn:aws:dynamodb:*:" A ":*");
    o.old = (vd_shape_old){ f->old, 1, false, true };
    assert_int_equal(vd_shape_resources(&r, &f->arena, f->seen, 5, &o, &f->err), VD_OK);
    check_cstr(join(f, &r.patterns), DDB "app-*");
    assert_int_equal(vd_shape_resources(&r, &f->arena, f->seen, 4, &o, &f->err), VD_OK);
    assert_int_equal(r.patterns.count, 4);
    o.previous_count = 2; /* more than old says is not taken up */
    assert_int_equal(vd_shape_resources(&r, &f->arena, f->seen, 5, &o, &f->err), VD_OK);
    check_cstr(join(f, &r.patterns), DDB "app-*");
    fixture_free(f);
}

/* ------------------------------------------------------------------ laws */

static const char *const olds[] = { "*", S3 "*", S3 "a/*", S3 "a/lo*", S3 "a/logs/2026*", S3 "a/*x", S3 "b*", S3 "?/logs/*",
                                    "arn:aws:sqs:*:" A ":*", "arn:aws:sqs:eu-*:" A ":que*", "arn:aws:sqs:*:*:queue-1*",
                                    "arn:aws:dynamodb:eu-west-1:*:table/*", "arn:aws:dynamodb:*:" A ":table/app*", S3 "a/logs/x" };

static vd_str random_arn(fixture *f)
{
    static const char *const words[] = { "logs", "data", "x", "app-one", "app-two", "app-3", "2026", "03", "2026-01-02", "build-77",
                                         U1, "i-0a1b2c3d", "q*x", "user$", "20260304" };
    static const char *const regions[] = { "eu-west-1", "eu-west-2", "us-east-1", "us-west-2", "eu-north-1" };
    vd_buf                   b = vd_buf_on(&f->arena.alloc, 0);
    vd_str                   out;

    switch (draw(3)) {
    case 0:
        vd_buf_printf(&b, S3 "%c", "abc"[draw(3)]);
        for (uint32_t n = draw(5); n; n--)
            vd_buf_printf(&b, "/%s", words[draw(VD_COUNT(words))]);
        break;
    case 1:
        vd_buf_printf(&b, "arn:aws:sqs:%s:%s:queue-%u", regions[draw(5)], draw(9) ? A : "444455556666", draw(40));
        break;
    default:
        vd_buf_printf(&b, "arn:aws:dynamodb:%s:" A ":table/app-%c%u", regions[draw(2)], "xy"[draw(2)], draw(30));
        if (draw(4) == 0)
            vd_buf_printf(&b, "/index/%s", words[draw(VD_COUNT(words))]);
    }
    assert_true(vd_arena_dup(&f->arena, &out, vd_buf_str(&b)));
    vd_buf_done(&b);
    return out;
}

static bool any_matches(fixture *f, const vd_str *at, uint32_t count, vd_str text)
{
    for (uint32_t i = 0; i < count; i++) {
        vd_shape_coded c;

        assert_true(vd_shape_code(&f->arena, &c, at[i], true));
        if (!c.nothing && vd_glob_match(c.coded, text))
            return true;
    }
    return false;
}

/* A text that the pattern matches. */
static vd_str instance(fixture *f, vd_str pattern)
{
    vd_shape_coded c;
    vd_buf         b = vd_buf_on(&f->arena.alloc, 0);
    vd_str         out;

    assert_true(vd_shape_code(&f->arena, &c, pattern, true));
    for (size_t i = 0; i < c.coded.n; i++) {
        bool     star = c.coded.p[i] == VD_STAR || c.coded.p[i] == VD_STAR_IN, wild = vd_is_wild(c.coded.p[i]);
        bool     narrow = c.coded.p[i] == VD_STAR_IN || c.coded.p[i] == VD_ANY_IN;
        uint32_t n = star ? draw(5) : 1;

        for (; n; n--)
            vd_buf_byte(&b, wild ? (narrow ? "a1/x-"[draw(5)] : "a1/x:"[draw(5)]) : c.coded.p[i]);
    }
    assert_true(vd_arena_dup(&f->arena, &out, vd_buf_str(&b)));
    vd_buf_done(&b);
    return out;
}

static void check_laws(fixture *f, const vd_shape_resources_opts *o, const vd_shape_resources_result *r, uint32_t seen)
{
    uint32_t outside = 0;

    for (uint32_t i = 0; i < seen; i++) {
        bool granted = any_matches(f, o->old.at, o->old.count, f->seen[i].arn) != o->old.negated;

        outside += !granted;
        if (granted && !any_matches(f, r->patterns.at, r->patterns.count, f->seen[i].arn))
            fail_msg("\"" VD_F "\" was lost", VD_A(f->seen[i].arn));
    }
    assert_int_equal(outside, r->outside);
    for (uint32_t i = 0; i < r->patterns.count; i++)
        for (int k = 0; k < 12; k++) {
            vd_str text = instance(f, r->patterns.at[i]);

            if (any_matches(f, o->old.at, o->old.count, text) == o->old.negated)
                fail_msg("\"" VD_F "\" of \"" VD_F "\" was not granted", VD_A(text), VD_A(r->patterns.at[i]));
        }
}

static void check_grown(fixture *f, const vd_shape_resources_result *less, const vd_shape_resources_result *more)
{
    for (uint32_t i = 0; i < less->patterns.count; i++)
        for (int k = 0; k < 12; k++) {
            vd_str text = instance(f, less->patterns.at[i]);

            if (!any_matches(f, more->patterns.at, more->patterns.count, text))
                fail_msg("\"" VD_F "\" of \"" VD_F "\" was lost when more was seen", VD_A(text), VD_A(less->patterns.at[i]));
        }
}

static void shuffle(fixture *f)
{
    for (uint32_t i = f->count; i > 1; i--) {
        uint32_t      k = draw(i);
        vd_shape_seen s = f->seen[i - 1];

        f->seen[i - 1] = f->seen[k];
        f->seen[k] = s;
    }
}

static void test_laws(void **state)
{
    static const uint32_t slacks[] = { 0, 0, 1, 3, 8, 12 };

    (void)state;
    seed = 99;
    for (int round = 0; round < 600; round++) {
        fixture                  *f = fixture_new();
        vd_shape_resources_opts   o = { .account = VD_S(A), .slack = slacks[draw(VD_COUNT(slacks))], .s3_depth = draw(4) };
        vd_shape_resources_result less, more, again;
        uint32_t                  seen = 1 + draw(100), n = 1 + draw(4);

        for (uint32_t i = 0; i < seen; i++)
            see(f, random_arn(f));
        for (uint32_t i = 0; i < n; i++)
            f->old[i] = vd_str_of(olds[draw(VD_COUNT(olds))]);
        o.old = (vd_shape_old){ f->old, n, draw(6) == 0, true };
        assert_int_equal(vd_shape_resources(&less, &f->arena, f->seen, seen / 2, &o, &f->err), VD_OK);
        assert_int_equal(vd_shape_resources(&more, &f->arena, f->seen, seen, &o, &f->err), VD_OK);
        check_laws(f, &o, &less, seen / 2);
        check_laws(f, &o, &more, seen);
        check_grown(f, &less, &more);
        shuffle(f);
        f->old[n] = f->old[0];
        o.old.at = f->old + 1;
        assert_int_equal(vd_shape_resources(&again, &f->arena, f->seen, seen, &o, &f->err), VD_OK);
        check_str(join(f, &again.patterns), join(f, &more.patterns));
        fixture_free(f);
    }
}

/* Names that people chose, and such that were drawn. */
static void test_volatile(void **state)
{
    static const char *const chosen[] = { "logs", "my-application-bucket-2024-prod", "MyVeryLongFunctionName2", "deadbeef", "v12",
                                          "cafe-babe", "a-feedface", "prod", "us-east-1", "", "-", "=", "12", "Image-1234.x y",
                                          "releases", "app-20", "configuration-of-the-2nd-cluster", "abcdefabcdefabcdef" };
    static const struct {
        const char *part, *prefix, *suffix;
    } drawn[] = { { U1, "", "" },
                  { U1 ".json", "", ".json" },
                  { "i-0a1b2c3d4e5f60718", "i-", "" },
                  { "eipalloc-0a1b2c3d", "eipalloc-", "" },
                  { "1767225600", "", "" },
                  { "2026-03-04T10:00:00Z", "", "" },
                  { "dt=2026-03-04", "dt=", "" },
                  { "20260304.log.gz", "", ".log.gz" },
                  { "build-42", "build-", "" },
                  { "0123456789abcdef", "", "" },
                  { "Z2xhZ2VyIHd1cmRlIGVyIDEyMzQ", "", "" } };
    vd_str prefix, suffix;

    (void)state;
    for (size_t i = 0; i < VD_COUNT(chosen); i++)
        if (vd_shape_volatile(vd_str_of(chosen[i]), &prefix, &suffix))
            fail_msg("%s", chosen[i]);
    for (size_t i = 0; i < VD_COUNT(drawn); i++) {
        if (!vd_shape_volatile(vd_str_of(drawn[i].part), &prefix, &suffix))
            fail_msg("%s", drawn[i].part);
        check_cstr(prefix, drawn[i].prefix);
        check_cstr(suffix, drawn[i].suffix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases), cmocka_unit_test(test_keys),     cmocka_unit_test(test_previous),
        cmocka_unit_test(test_laws),  cmocka_unit_test(test_volatile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
