/* SPDX-License-Identifier: Apache-2.0
 *
 * Linting on an allocator that says no, once at each allocation and from each on: every call says VD_ENOMEM and leaks
 * nothing, and the next one finds what is to be found.
 */
#include "failing_alloc.h"

#include "base/str.h"
#include "catalog/catalog.h"
#include "extract/extract.h"
#include "symbolic/symbolic.h"

#include <verdict/lint.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ------------------------------------------------------------------ what is linted */

static const char policy_text[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"One\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObjet\",\"s3:GetObject\","
    "\"s3:Get*\",\"iam:PassRole\"],\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:username\":[\"a\",\"a\"]}}},"
    "{\"Effect\":\"Deny\",\"NotAction\":\"s3:*\",\"Resource\":\"arn:aws:s3:::x/${aws:nope}\"}]}";

static const char template_text[] =
    "Parameters:\n  Bucket: {Type: String, Default: logs, AllowedValues: [logs, data]}\nConditions:\n"
    "  IsProd: !Equals [!Ref Bucket, logs]\nResources:\n  Role:\n    Type: AWS::IAM::Role\n    Properties:\n"
    "      AssumeRolePolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n        - Effect: Allow\n"
    "          Principal: {AWS: '*'}\n          Action: sts:AssumeRole # verdict:ignore resource-star why not\n"
    "      Policies:\n      - PolicyName: p\n        PolicyDocument:\n          Version: '2012-10-17'\n          Statement:\n"
    "          - Effect: Allow\n            Action: !If [IsProd, s3:GetObjekt, 's3:*']\n"
    "            Resource: !Sub 'arn:aws:s3:::${Bucket}/*'\n";

static const char plan_text[] =
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"planned_values\":{\"root_module\":{\"resources\":[{\"address\":"
    "\"aws_iam_policy.p\",\"mode\":\"managed\",\"type\":\"aws_iam_policy\",\"name\":\"p\",\"values\":{\"name\":\"p\",\"policy\":"
    "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:GetObjet\\\",\\\"Resource\\\":\\\"*\\\"}]}\""
    "}}]}},\"resource_changes\":[{\"address\":\"aws_iam_policy.p\",\"mode\":\"managed\",\"type\":\"aws_iam_policy\",\"name\":\"p\","
    "\"change\":{\"actions\":[\"create\"],\"before\":null,\"after\":{\"name\":\"p\",\"policy\":"
    "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:GetObjet\\\",\\\"Resource\\\":\\\"*\\\"}]}\""
    "},\"after_unknown\":{}}}],\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"aws_iam_policy.p\",\"mode\":\"managed\","
    "\"type\":\"aws_iam_policy\",\"name\":\"p\",\"expressions\":{\"policy\":{\"references\":[\"data.aws_iam_policy_document.d.json\"]}}}]}}}";

static const char terraform_text[] =
    "data \"aws_iam_policy_document\" \"d\" {\n  statement {\n    actions = [\"s3:GetObjet\"]\n    resources = [\"*\"]\n  }\n}\n"
    "resource \"aws_iam_policy\" \"p\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n";

static const char config_text[] =
    "root: true\nlint:\n  min-severity: suggestion\n  rules: {unknown-action: warning, condition-key-case: off}\n"
    "  ignore:\n  - {rule: resource-star, paths: ['a/*'], until: '2030-01-01', reason: known}\n"
    "  custom:\n  - {id: x-sids, severity: warning, require: {sid: {match: \"/^[A-Z][a-z]+$/\"}}}\n";

/* ------------------------------------------------------------------ a world */

typedef struct world {
    failing_alloc f;
    vd_engine    *engine;
    vd_linter    *linter;
} world;

static vd_code new_linter(vd_linter **out, const world *w)
{
    static const vd_lint_text config = { VD_L(".verdict.yaml"), { config_text, sizeof config_text - 1 }, VD_L("") };
    static const vd_lint_text source = { VD_L("main.tf"), { terraform_text, sizeof terraform_text - 1 }, VD_L("") };
    vd_linter_opts            opts = { .size = sizeof opts, .configs = &config, .config_count = 1, .sources = &source,
                                       .source_count = 1, .now = 1795262400 };
    vd_error                  err = { .size = sizeof err };
    vd_code                   code = vd_linter_new(out, w->engine, &opts, &err);

    if (code != VD_OK && code != VD_ENOMEM)
        fprintf(stderr, "%s\n", err.text);
    return code;
}

static void open_world(world *w)
{
    vd_allocator   a;
    vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };

    memset(w, 0, sizeof *w);
    a = failing_allocator(&w->f);
    assert_int_equal(vd_engine_new(&w->engine, &opts, NULL), VD_OK);
    assert_int_equal(new_linter(&w->linter, w), VD_OK);
}

static void close_world(world *w)
{
    vd_linter_free(w->linter);
    vd_engine_release(w->engine);
    assert_int_equal(w->f.live, 0);
    assert_int_equal(w->f.live_bytes, 0);
    assert_false(w->f.wrong_size);
}

/* ------------------------------------------------------------------ steps */

static vd_code make_linter(world *w)
{
    vd_linter *l = NULL;
    vd_code    code = new_linter(&l, w);

    if ((code == VD_OK) != (l != NULL))
        code = VD_EINTERNAL;
    vd_linter_free(l);
    return code;
}

static vd_code lint_text(world *w, const char *name, const char *text)
{
    vd_report *r = NULL;
    vd_error   err = { .size = sizeof err };
    vd_code    code = vd_lint_file(&r, w->linter, vd_str_of(name), VD_S(""), vd_str_of(text), &err);

    if ((code == VD_OK) != (r != NULL) || (code != VD_OK && err.code != code) ||
        (r && (vd_report_error(r) || vd_report_findings(r) == 0)))
        code = VD_EINTERNAL;
    vd_report_free(r);
    return code;
}

static vd_code lint_policy(world *w)
{
    return lint_text(w, "p.json", policy_text);
}

static vd_code lint_template(world *w)
{
    return lint_text(w, "t.yaml", template_text);
}

static vd_code lint_plan(world *w)
{
    return lint_text(w, "plan.json", plan_text);
}

static vd_code fix_policy(world *w)
{
    vd_fix_opts opts = { .size = sizeof opts, .unsafe = true };
    vd_report  *r = NULL;
    vd_code     code = vd_lint_fix_file(&r, w->linter, &opts, VD_S("p.json"), VD_S(""), vd_str_of(policy_text), NULL);

    if ((code == VD_OK) != (r != NULL) || (r && (vd_report_error(r) || vd_report_fixed(r) == 0)))
        code = VD_EINTERNAL;
    vd_report_free(r);
    return code;
}

static vd_code extract_text(world *w, const char *text)
{
    vd_source       file = { .name = VD_S("x"), .text = vd_str_of(text) };
    vd_extract_opts opts = { .catalog = vd_catalog_builtin(), .all_resources = true, .all_versions = true, .defaults = true };
    vd_extraction   x;
    vd_code         code = vd_extract(&x, w->engine, &file, &opts, NULL, NULL);

    if (code != VD_OK)
        return code;
    code = x.count ? VD_OK : VD_EINTERNAL;
    vd_extraction_done(&x);
    return code;
}

static vd_code extract_all(world *w)
{
    VD_TRY(extract_text(w, policy_text));
    VD_TRY(extract_text(w, template_text));
    return extract_text(w, plan_text);
}

static vd_code solve(world *w)
{
    vd_symbolic_opts opts = { .catalog = vd_catalog_builtin(), .now = { .seconds = 1795262400 }, .budget = 1000000 };
    vd_symbolic     *s = NULL;
    vd_policy       *p = NULL;
    vd_model         model;
    bool             nomem = false;
    const char      *why = NULL;
    vd_code          code;

    VD_TRY(vd_policy_parse(&p, w->engine, VD_KIND_IDENTITY, VD_S("p.json"), vd_str_of(policy_text), NULL, NULL));
    code = vd_symbolic_new(&s, w->engine, &opts, NULL);
    if (code == VD_OK) {
        uint32_t at = vd_symbolic_statement(s, p, 0, &nomem);
        vd_goal  goal = { .action = VD_S("s3:GetObject"), .who = 1u << VD_ASKER_USER, .match = &at, .match_count = 1 };

        if (nomem) {
            code = VD_ENOMEM;
        } else {
            vd_answer answer = vd_symbolic_solve(s, &goal, &model, &why, &nomem);

            code = nomem ? VD_ENOMEM : answer == VD_SAT ? VD_OK : VD_EINTERNAL;
        }
    }
    vd_symbolic_free(s);
    vd_policy_release(p);
    return code;
}

/* ------------------------------------------------------------------ every allocation of every step fails */

typedef struct step {
    const char *name;
    vd_code (*run)(world *w);
} step;

static const step steps[] = {
    { "linter", make_linter }, { "policy", lint_policy }, { "template", lint_template }, { "plan", lint_plan },
    { "fix", fix_policy },     { "extract", extract_all }, { "solve", solve },
};

#ifdef VD_POISON
enum { STRIDE = 13 }; /* every allocation of an arena is one of its own: some hundred thousand runs */
#else
enum { STRIDE = 1 };
#endif

static void fail_everywhere(world *w, const step *s, bool once)
{
    size_t n = 1, live;

    assert_int_equal(s->run(w), VD_OK);
    live = w->f.live;
    for (bool failed = true; failed; n += STRIDE) {
        vd_code code;

        w->f.once = once;
        w->f.failed = false;
        w->f.fail_at = w->f.calls + n;
        code = s->run(w);
        failed = w->f.failed;
        w->f.fail_at = 0;
        w->f.once = false;
        if (failed && code != VD_ENOMEM)
            fail_msg("%s: allocation %zu of it failed: %s", s->name, n, vd_code_name(code));
        if (!failed && code != VD_OK)
            fail_msg("%s: no allocation failed, but: %s", s->name, vd_code_name(code));
        if (w->f.live > live + 64) /* what the linter keeps for the next file may differ a little */
            fail_msg("%s: allocation %zu of it: %zu blocks are left", s->name, n, w->f.live - live);
    }
    assert_int_equal(s->run(w), VD_OK); /* nothing was spoiled */
    assert_true(n > 1 + STRIDE);
}

static void failures_are_told(void **state)
{
    const step *s = *state;
    world       w;

    open_world(&w);
    fail_everywhere(&w, s, false);
    fail_everywhere(&w, s, true);
    close_world(&w);
}

int main(void)
{
    struct CMUnitTest tests[VD_COUNT(steps)];

    for (size_t i = 0; i < VD_COUNT(steps); i++)
        tests[i] = (struct CMUnitTest){ steps[i].name, failures_are_told, NULL, NULL, (void *)(uintptr_t)&steps[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
