/* SPDX-License-Identifier: Apache-2.0
 *
 * Linters: configurations and what they refuse, choices of rules, kinds of policies, fixes in the way a file is written.
 */
#include "base/buf.h"
#include "failing_alloc.h"
#include "unit.h"

#include <stdio.h>
#include <verdict/lint.h>

static vd_engine *engine;

static int set_up(void **state)
{
    VD_UNUSED(state);
    return vd_engine_new(&engine, NULL, NULL);
}

static int tear_down(void **state)
{
    VD_UNUSED(state);
    vd_engine_release(engine);
    return 0;
}

static vd_code make(vd_linter **out, const char *config, const char *select, vd_error *err)
{
    vd_lint_text   text = { VD_S("c.yaml"), vd_str_of(config), VD_S("") };
    vd_str         only = vd_str_of(select);
    vd_linter_opts opts = { .size = sizeof opts, .configs = &text, .config_count = 1, .select = &only,
                            .select_count = *select != 0 };

    *err = (vd_error){ .size = sizeof *err };
    return vd_linter_new(out, engine, &opts, err);
}

static void test_refused(void **state)
{
    static const struct {
        const char *config, *text;
        uint32_t    line, column;
    } bad[] = {
        { "lint: {min-severty: warning}\n", "unknown member \"min-severty\" in \"lint\"", 1, 8 },
        { "version: 2\n", "version 2 of the configuration is not known; there is 1", 1, 10 },
        { "account: 1111\n", "\"1111\" is not an account id: 12 digits, in quotes", 1, 10 },
        { "lint:\n  rules:\n    resource-stra: off\n", "there is no rule \"resource-stra\"", 3, 5 },
        { "lint:\n  rules:\n    resource-star: loud\n", "\"loud\" is not a severity, off or default", 3, 20 },
        { "lint: {ignore: [{rule: resource-star, until: soon}]}\n", "expected a date like 2026-12-31, found a string", 1, 46 },
        { "types: {\"*.json\": scpp}\n", "\"scpp\" is not a type of policies", 1, 19 },
        { "lint: {custom: [{id: users, forbid: {actions: [\"iam:*\"]}}]}\n",
          "the id of a rule of one's own begins with \"x-\", not \"users\"", 1, 22 },
        { "lint: {custom: [{id: x-a}]}\n", "the rule \"x-a\" says nothing: forbid, require or require-statement", 1, 17 },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        vd_linter *l = NULL;
        vd_error   err;

        assert_int_equal(make(&l, bad[i].config, "", &err), VD_ESYNTAX);
        assert_null(l);
        assert_string_equal(err.text, bad[i].text);
        assert_int_equal(err.at.line, bad[i].line);
        assert_int_equal(err.at.column, bad[i].column);
    }
}

static void test_choices(void **state)
{
    vd_linter *l;
    vd_error   err;

    VD_UNUSED(state);
    assert_int_equal(make(&l, "lint: {rules: {resource-star: off, missing-sid: warning}}\n", "", &err), VD_OK);
    assert_false(vd_linter_find(l, VD_S("resource-star"))->enabled);
    assert_true(vd_linter_find(l, VD_S("missing-sid"))->enabled);
    assert_int_equal(vd_linter_find(l, VD_S("missing-sid"))->severity, VD_WARNING);
    assert_int_equal(vd_linter_find(l, VD_S("missing-sid"))->usual, VD_SUGGESTION);
    vd_linter_free(l);
    assert_int_equal(make(&l, "", "PASS-ROLE_with_star_in_resource,group:J", &err), VD_OK);
    assert_true(vd_linter_find(l, VD_S("pass-role-star"))->enabled);
    assert_true(vd_linter_find(l, VD_S("trust-public"))->enabled);
    assert_false(vd_linter_find(l, VD_S("resource-star"))->enabled);
    vd_linter_free(l);
    assert_int_equal(make(&l, "", "no-such-rule", &err), VD_EINVAL);
}

static void check_kind(const char *name, const char *text, const char *wanted)
{
    vd_linter *l;
    vd_report *r;
    vd_error   err;

    assert_int_equal(make(&l, "types: {\"said/**\": \"resource:sqs\"}\n", "", &err), VD_OK);
    assert_int_equal(vd_lint_file(&r, l, vd_str_of(name), vd_str_of(name), vd_str_of(text), &err), VD_OK);
    assert_int_equal(vd_report_policies(r), 1);
    check_cstr(vd_report_policy(r, 0)->kind_text, wanted);
    vd_report_free(r);
    vd_linter_free(l);
}

static void test_kinds(void **state)
{
    static const char allow[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
                                "\"Resource\":\"arn:aws:s3:::b/*\"}}";
    static const char trust[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
                                "\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}}";
    static const char bucket[] = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
                                 "\"Principal\":\"*\",\"Resource\":\"arn:aws:s3:::b/*\"}}";

    VD_UNUSED(state);
    check_kind("a.json", allow, "identity");
    check_kind("a.scp.json", allow, "scp");
    check_kind("x/scps/a.json", allow, "scp");
    check_kind("said/a.json", allow, "resource:sqs");
    check_kind("a.json", trust, "trust");
    check_kind("a.json", bucket, "resource:s3-bucket");
}

/* In the file's own manner: its quotes, its indentation, the ends of its lines. */
static void check_fix(const char *name, const char *select, const char *was, const char *wanted)
{
    vd_fix_opts opts = { .size = sizeof opts };
    vd_linter  *l;
    vd_report  *r;
    vd_error    err;

    assert_int_equal(make(&l, "", select, &err), VD_OK);
    assert_int_equal(vd_lint_fix_file(&r, l, &opts, vd_str_of(name), vd_str_of(name), vd_str_of(was), &err), VD_OK);
    check_cstr(vd_report_text(r), wanted);
    vd_report_free(r);
    vd_linter_free(l);
}

static void test_fixes(void **state)
{
    VD_UNUSED(state);
    check_fix("a.json", "missing-version", "{\r\n\t\"Statement\": []\r\n}\r\n",
              "{\r\n\t\"Version\": \"2012-10-17\",\r\n\t\"Statement\": []\r\n}\r\n");
    check_fix("a.json", "missing-version", "{\"Statement\": []}", "{\"Version\": \"2012-10-17\", \"Statement\": []}");
    check_fix("a.yaml", "missing-version", "# c\nStatement:\n- Effect: Allow\n  Action: 's3:*'\n  Resource: '*'\n",
              "# c\nVersion: \"2012-10-17\"\nStatement:\n- Effect: Allow\n  Action: 's3:*'\n  Resource: '*'\n");
    check_fix("a.json", "empty-sid",
              "{\"Version\": \"2012-10-17\", \"Statement\": {\"Sid\": \"\", \"Effect\": \"Allow\", \"Action\": \"s3:*\", "
              "\"Resource\": \"*\"}}",
              "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"}}");
    check_fix("a.yaml", "unknown-action",
              "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - s3:GetObjcet # why\n"
              "      - 's3:PutObjcet'\n    Resource: '*'\n",
              "Version: '2012-10-17'\nStatement:\n  - Effect: Allow\n    Action:\n      - s3:GetObject # why\n"
              "      - 's3:PutObject'\n    Resource: '*'\n");
}

enum { STATEMENTS = 20 };

/* What linting a file of so many policies needs in memory at most. */
static size_t most_of(uint32_t policies, size_t *length)
{
    failing_alloc  count = { 0 };
    vd_allocator   a = failing_allocator(&count);
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
    vd_str         only = VD_S("missing-version");
    vd_linter_opts lint = { .size = sizeof lint, .select = &only, .select_count = 1 };
    vd_buf         b = vd_buf_on(vd_allocator_default(), 0);
    vd_engine     *e;
    vd_linter     *l;
    vd_report     *r;
    size_t         before;

    vd_buf_add(&b, VD_S("{\"policies\": ["));
    for (uint32_t i = 0; i < policies; i++) {
        vd_buf_printf(&b, "%s{\"Version\": \"2012-10-17\", \"Statement\": [", i ? ", " : "");
        for (uint32_t k = 0; k < STATEMENTS; k++)
            vd_buf_printf(&b,
                          "%s{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", "
                          "\"Resource\": \"arn:aws:s3:::b%u/*\"}",
                          k ? ", " : "", (unsigned)k);
        vd_buf_add(&b, VD_S("]}"));
    }
    vd_buf_add(&b, VD_S("]}"));
    assert_int_equal(vd_engine_new(&e, &opts, NULL), VD_OK);
    assert_int_equal(vd_linter_new(&l, e, &lint, NULL), VD_OK);
    before = count.live_bytes;
    assert_int_equal(vd_lint_file(&r, l, VD_S("a.json"), VD_S("a.json"), vd_buf_str(&b), NULL), VD_OK);
    assert_int_equal(vd_report_policies(r), policies);
    vd_report_free(r);
    vd_linter_free(l);
    vd_engine_release(e);
    assert_int_equal(count.live, 0);
    *length = b.n;
    vd_buf_done(&b);
    return count.most_bytes - before;
}

/* Models and what rules note down go with each policy: what stays of a further one is what was extracted of it. */
static void test_memory(void **state)
{
    size_t few, many, more, longer;

    VD_UNUSED(state);
    few = most_of(100, &many);
    more = most_of(300, &longer) - few;
    printf("%zu bytes of memory for %zu of text\n", more, longer - many);
    assert_true(more < 8 * (longer - many));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused), cmocka_unit_test(test_choices), cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_fixes), cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
