/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of a smaller policy: lists of actions that say no word too many, and documents within their quota.
 */
#include "unit.h"

#include "base/engine.h"
#include "tighten/shape.h"

#include <verdict/policy.h>

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

typedef struct fixture {
    vd_arena  arena;
    uint64_t *keep, *extra, *got;
    uint32_t  words;
    vd_error  err;
} fixture;

static fixture fixture_new(void)
{
    fixture f = { .arena = vd_arena_on(vd_allocator_default(), 0) };

    f.words = vd_catalog_actions(vd_catalog_builtin()) / 64 + 1;
    f.keep = vd_arena_new_array(&f.arena, uint64_t, f.words);
    f.extra = vd_arena_new_array(&f.arena, uint64_t, f.words);
    f.got = vd_arena_new_array(&f.arena, uint64_t, f.words);
    assert_true(f.keep && f.extra && f.got);
    return f;
}

static vd_str join(fixture *f, const vd_shapes *s)
{
    vd_buf b = vd_buf_on(&f->arena.alloc, 0);
    vd_str text;

    for (uint32_t i = 0; i < s->count; i++) {
        if (i)
            vd_buf_byte(&b, ' ');
        vd_buf_add(&b, s->at[i]);
    }
    assert_true(vd_arena_dup(&f->arena, &text, vd_buf_str(&b)));
    vd_buf_done(&b);
    return text;
}

/* Words of a text, as a list. */
static vd_shape_old words_of(fixture *f, const char *text)
{
    vd_str *at = vd_arena_new_array(&f->arena, vd_str, 64), rest = vd_str_of(text), word;
    uint32_t n = 0;

    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &word)) {
            word = rest;
            rest.n = 0;
        }
        at[n++] = word;
    }
    return (vd_shape_old){ .at = at, .count = n };
}

/* ------------------------------------------------------------------ actions */

static const struct {
    const char *keep, *old, *wanted;
    bool        negated, own;
    uint32_t    bound, levels;
} actions[] = {
    { "s3:GetObject s3:PutObject", "s3:*", "s3:GetObject s3:PutObject", .own = true },
    { "sqs:*", "sqs:*", "sqs:*", .own = true },
    { "sqs:*", "*", "sqs:*", .bound = 0 },
    { "sqs:*", "Sqs:*", "Sqs:*", .bound = 0 },
    /* the wildcard would give actions of tomorrow that old does not */
    { "sqs:List*", "sqs:ListQueues sqs:ListQueueTags sqs:ListMessageMoveTasks sqs:ListDeadLetterSourceQueues",
      "sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks sqs:ListQueues sqs:ListQueueTags", .bound = 0 },
    { "sqs:List*", "sqs:L*", "sqs:L*", .bound = 0 },
    { "sqs:List*", "sqs:L*", "sqs:L*", .own = true },
    { "sqs:List*", "sqs:*", "sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks sqs:ListQueues sqs:ListQueueTags",
      .own = true },
    /* what stood there is taken as it stood */
    { "sqs:List*", "sqs:ListQ* sqs:ListDe* sqs:ListM*", "sqs:ListDe* sqs:ListM* sqs:ListQ*", .bound = 0 },
    { "sqs:List*", "iam:* ec2:*", "sqs:List*", .negated = true },
    { "sqs:List*", "iam:* *Queuez", "sqs:ListDeadLetterSourceQueues sqs:ListMessageMoveTasks sqs:ListQueues sqs:ListQueueTags", .negated = true },
    /* infixes only where they stood */
    { "sqs:*Permission", "sqs:*Permission", "sqs:*Permission", .bound = 0 },
    { "sqs:*Permission", "sqs:*", "sqs:AddPermission sqs:RemovePermission", .bound = 0 },
    /* one more may be, when it only reads */
    { "sqs:ListQueues sqs:ListQueueTags sqs:ListMessageMoveTasks", "sqs:*", "sqs:List*", .bound = 1 },
    { "dynamodb:CreateBackup dynamodb:CreateTable dynamodb:CreateTableReplica", "dynamodb:*",
      "dynamodb:CreateBackup dynamodb:CreateTable*", .bound = 1 },
    { "dynamodb:CreateBackup dynamodb:CreateTable dynamodb:CreateTableReplica", "dynamodb:*", "dynamodb:Create*", .bound = 2,
      .levels = 1 << VD_LEVEL_WRITE },
};

static vd_code run(fixture *f, const char *keep, const vd_shape_actions_opts *o, vd_shapes *out)
{
    vd_shape_old all = words_of(f, keep);

    memset(f->keep, 0, f->words * sizeof *f->keep);
    for (uint32_t i = 0; i < all.count; i++)
        assert_true(vd_catalog_expand_bits(o->catalog, all.at[i], f->keep) > 0);
    return vd_shape_actions(out, &f->arena, f->keep, o, &f->err);
}

static void test_actions(void **state)
{
    (void)state;
    for (size_t i = 0; i < VD_COUNT(actions); i++) {
        fixture               f = fixture_new();
        vd_shape_actions_opts o = { .catalog = vd_catalog_builtin(), .own = actions[i].own, .bound = actions[i].bound,
                                    .levels = actions[i].levels, .old = words_of(&f, actions[i].old) };
        vd_shapes             s;

        o.old.negated = actions[i].negated;
        if (run(&f, actions[i].keep, &o, &s) != VD_OK)
            fail_msg("%zu: %s", i, f.err.text);
        check_cstr(join(&f, &s), actions[i].wanted);
        vd_arena_done(&f.arena);
    }
}

static void test_actions_not_old(void **state)
{
    fixture               f = fixture_new();
    vd_shape_actions_opts o = { .catalog = vd_catalog_builtin(), .old = words_of(&f, "s3:Get*") };
    vd_shapes             s;

    (void)state;
    assert_int_equal(run(&f, "s3:PutObject", &o, &s), VD_EINVAL);
    check_cstr(vd_str_of(f.err.text), "the old statement does not name \"s3:PutObject\"");
    vd_arena_done(&f.arena);
}

/* A text that the pattern matches. */
static size_t instance(char *out, vd_str pattern)
{
    size_t n = 0;

    for (size_t i = 0; i < pattern.n; i++) {
        uint32_t more = pattern.p[i] == '*' ? draw(4) : 1;

        for (; more; more--)
            out[n++] = pattern.p[i] == '*' || pattern.p[i] == '?' ? "aGO:zt"[draw(6)] : pattern.p[i];
    }
    return n;
}

static bool matches(const vd_shape_old *old, vd_str text)
{
    bool any = false;

    for (uint32_t i = 0; i < old->count; i++)
        any |= vd_catalog_fits(old->at[i], text);
    return any != old->negated;
}

/* Everything kept is matched, nothing that is not within bound is, and no text that old does not match. */
static void check_actions(fixture *f, const vd_shape_actions_opts *o, const vd_shapes *s)
{
    memset(f->got, 0, f->words * sizeof *f->got);
    for (uint32_t i = 0; i < s->count; i++) {
        assert_true(vd_catalog_expand_bits(o->catalog, s->at[i], f->got) > 0);
        for (int k = 0; k < 40; k++) {
            char   text[512];
            size_t n = instance(text, s->at[i]);

            if (!matches(&o->old, (vd_str){ text, n }))
                fail_msg("\"" VD_F "\" of \"" VD_F "\" was not granted", VD_A(((vd_str){ text, n })), VD_A(s->at[i]));
        }
    }
    for (uint32_t w = 0; w < f->words; w++)
        assert_true(f->got[w] == (f->keep[w] | f->extra[w]));
    for (uint32_t w = 0; w < f->words; w++)
        for (uint64_t b = f->extra[w]; b; b &= b - 1)
            assert_true(vd_catalog_level_of(o->catalog, w * 64 + (uint32_t)__builtin_ctzll(b)) <= VD_LEVEL_READ);
}

static void test_actions_random(void **state)
{
    static const char *const patterns[] = { "s3:*", "s3:Get*", "s3:*Object", "s3:List*", "*", "*:Get*", "sqs:*", "dynamodb:?et*",
                                            "s?:*", "s3:GetObject", "iam:Get*", "dynamodb:*Table", "*:*Tag*" };

    (void)state;
    seed = 17;
    for (int round = 0; round < 400; round++) {
        fixture               f = fixture_new();
        vd_str                at[8], back[8];
        uint32_t              n = 1 + draw(4);
        vd_shape_actions_opts o = { .catalog = vd_catalog_builtin(), .bound = draw(3), .own = draw(3) == 0, .extra = f.extra };
        vd_shapes             s, again;
        uint32_t              thin = draw(4);

        for (uint32_t i = 0; i < n; i++)
            back[n - 1 - i] = at[i] = vd_str_of(patterns[draw(VD_COUNT(patterns))]);
        o.old = (vd_shape_old){ .at = at, .count = n, .negated = draw(6) == 0 };
        for (uint32_t a = 0; a < vd_catalog_actions(o.catalog); a++) {
            char   text[512];
            vd_str name = { text, vd_catalog_action_text(o.catalog, a, text, sizeof text) };

            if ((vd_str_starts(name, VD_S("s3:")) || vd_str_starts(name, VD_S("dynamodb:")) || vd_str_starts(name, VD_S("sqs:"))) &&
                matches(&o.old, name) && draw(8) >= thin)
                f.keep[a / 64] |= UINT64_C(1) << a % 64;
        }
        assert_int_equal(vd_shape_actions(&s, &f.arena, f.keep, &o, &f.err), VD_OK);
        check_actions(&f, &o, &s);
        o.old.at = back;
        assert_int_equal(vd_shape_actions(&again, &f.arena, f.keep, &o, &f.err), VD_OK);
        check_str(join(&f, &again), join(&f, &s));
        vd_arena_done(&f.arena);
    }
}

/* ------------------------------------------------------------------ documents */

static vd_code split(fixture *f, uint32_t statements, uint32_t actions_each, uint32_t resources_each, size_t most, uint32_t limit,
                     vd_shape_document **out, uint32_t *count)
{
    vd_shape_statement       *st = vd_arena_new_array(&f->arena, vd_shape_statement, statements);
    const vd_shape_split_opts o = { .name = VD_S("deploy"), .version = VD_S("2012-10-17"), .most = most, .documents = limit };

    for (uint32_t i = 0; i < statements; i++) {
        vd_str *a = vd_arena_new_array(&f->arena, vd_str, actions_each + 1);
        vd_str *r = vd_arena_new_array(&f->arena, vd_str, resources_each + 1);

        for (uint32_t k = 0; k < actions_each; k++)
            vd_arena_printf(&f->arena, &a[k], "svc%u:Action%u", (unsigned)i, (unsigned)k);
        for (uint32_t k = 0; k < resources_each; k++)
            vd_arena_printf(&f->arena, &r[k], "arn:aws:svc%u:eu-west-1:111122223333:thing/%u", (unsigned)i, (unsigned)k);
        st[i] = (vd_shape_statement){ .actions = a, .action_count = actions_each, .resources = r, .resource_count = resources_each,
                                      .source = i };
        vd_arena_printf(&f->arena, &st[i].sid, "Part%u", (unsigned)i);
        st[i].condition = VD_S("{\"Bool\":{\"aws:SecureTransport\":\"true\"}}");
    }
    return vd_shape_split(out, count, &f->arena, st, statements, &o, &f->err);
}

/* Every document is within the quota, readable, and together they hold each action on each resource. */
static void check_documents(fixture *f, const vd_shape_document *d, uint32_t count, size_t most, uint32_t pairs)
{
    const vd_shape_split_opts o = { .version = VD_S("2012-10-17") };
    vd_engine                *engine = NULL;
    uint32_t                  found = 0;

    assert_int_equal(vd_engine_new(&engine, NULL, &f->err), VD_OK);
    for (uint32_t i = 0; i < count; i++) {
        vd_buf     b = vd_buf_on(&f->arena.alloc, 0);
        vd_policy *p = NULL;

        assert_true(d[i].size <= most);
        vd_shape_write(&b, &d[i], &o, i % 2);
        assert_int_equal(vd_shape_size(vd_buf_str(&b)), d[i].size);
        assert_int_equal(vd_policy_parse(&p, engine, VD_KIND_MANAGED, VD_S("new"), vd_buf_str(&b), NULL, &f->err), VD_OK);
        assert_int_equal(vd_policy_statements(p), d[i].count);
        for (uint32_t k = 0; k < d[i].count; k++) {
            found += d[i].statements[k].action_count * d[i].statements[k].resource_count;
            check_cstr(d[i].statements[k].condition, "{\"Bool\":{\"aws:SecureTransport\":\"true\"}}");
        }
        vd_policy_release(p);
        vd_buf_done(&b);
    }
    assert_int_equal(found, pairs);
    vd_engine_release(engine);
}

static void test_split(void **state)
{
    static const struct {
        uint32_t statements, actions, resources;
    } cases[] = { { 1, 1, 1 }, { 1, 1000, 2 }, { 1, 2, 400 }, { 60, 10, 5 }, { 7, 200, 3 }, { 3, 1, 300 }, { 2, 130, 130 } };

    (void)state;
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        fixture            f = fixture_new();
        vd_shape_document *d;
        uint32_t           count;

        assert_int_equal(split(&f, cases[i].statements, cases[i].actions, cases[i].resources, 6144, 0, &d, &count), VD_OK);
        check_documents(&f, d, count, 6144, cases[i].statements * cases[i].actions * cases[i].resources);
        if (count == 1)
            check_cstr(d[0].name, "deploy");
        vd_arena_done(&f.arena);
    }
}

/* 30 KB: six documents of a managed policy, and no fewer; too many attachments are refused with the sizes. */
static void test_split_quota(void **state)
{
    fixture            f = fixture_new();
    vd_shape_document *d;
    uint32_t           count;

    (void)state;
    assert_int_equal(split(&f, 100, 10, 1, 6144, 10, &d, &count), VD_OK);
    assert_int_equal(count, 6);
    check_cstr(d[0].name, "deploy-1of6");
    check_cstr(d[5].name, "deploy-6of6");
    assert_int_equal(split(&f, 100, 10, 1, 6144, 5, &d, &count), VD_ELIMIT);
    check_cstr(vd_str_of(f.err.text), "its statements have 31374 characters and take 6 documents of 6144 (5984, 5984, 5984, 5984, "
                                      "5924, 1514): there may be 5");
    vd_arena_done(&f.arena);
}

static void test_split_not_at_all(void **state)
{
    fixture                   f = fixture_new();
    const vd_shape_split_opts o = { .name = VD_S("x"), .most = 60 };
    const vd_str              actions_[] = { VD_L("s3:GetObject"), VD_L("s3:PutObject") };
    vd_shape_statement        s = { .not_action = true, .actions = actions_, .action_count = 2, .resources = actions_, .resource_count = 1 };
    vd_shape_document        *d;
    uint32_t                  count;

    (void)state;
    assert_int_equal(vd_shape_split(&d, &count, &f.arena, &s, 1, &o, &f.err), VD_ELIMIT);
    check_cstr(vd_str_of(f.err.text), "a part of statement 1 has 88 characters and cannot be made smaller: there is room for 44 in "
                                      "one document");
    vd_arena_done(&f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions),         cmocka_unit_test(test_actions_not_old), cmocka_unit_test(test_actions_random),
        cmocka_unit_test(test_split),           cmocka_unit_test(test_split_quota),     cmocka_unit_test(test_split_not_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
