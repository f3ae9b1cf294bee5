/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenario files: what is refused and in which words, how policies are found, what a suite hands down to its cases,
 * how an expectation fails, what coverage sees, and that no allocation may fail unnoticed.
 */
#include "unit.h"

#include "failing_alloc.h"

#include <verdict/scenario.h>

#define ASK "\"request\":{\"principal\":\"anonymous\",\"action\":\"s3:GetObject\",\"resource\":\"*\"}"

static vd_engine *engine;

static int make_engine(void **state)
{
    VD_UNUSED(state);
    return vd_engine_new(&engine, NULL, NULL);
}

static int drop_engine(void **state)
{
    VD_UNUSED(state);
    vd_engine_release(engine);
    return 0;
}

/* ------------------------------------------------------------------ bad files */

static const struct bad {
    const char *text;
    uint32_t    column;
    const char *error, *hint;
} bad[] = {
    { "", 1, "not valid JSON: the text is empty, expected a value", "" },
    { "5", 1, "a scenario must be an object, found a number", "" },
    { "[]", 1, "no scenario in this file", "" },
    { "[5]", 2, "a scenario must be an object, found a number", "" },
    { "{}", 1, "a scenario needs a \"request\"", "" },
    { "{\"cases\":[]}", 10, "no scenario in this file", "" },
    { "{\"cases\":{}}", 10, "\"cases\" must be an array, found an object", "" },
    { "{\"cases\":[7]}", 11, "a scenario must be an object, found a number", "" },
    { "{\"cases\":[],\"request\":{}}", 13, "unknown member \"request\" in the suite", "put it into \"defaults\"" },
    { "{\"case\":[]}", 2, "unknown member \"case\" in the suite", "did you mean \"cases\"?" },
    { "{\"defaults\":{}}", 1, "a suite needs \"cases\"", "" },
    { "{\"cases\":[{\"expect\":\"deny\"}]}", 11, "a scenario needs a \"request\"", "" },
    { "{\"cases\":[],\"defaults\":5}", 24, "\"defaults\" must be an object, found a number", "" },
    { "{\"cases\":[],\"defaults\":{\"requst\":{}}}", 25, "unknown member \"requst\" in \"defaults\"",
      "did you mean \"request\"?" },
    { "{\"requets\":{},\"expect\":\"deny\"}", 2, "unknown member \"requets\" in the scenario",
      "did you mean \"request\"?" },
    { "{\"request\":[],\"expect\":\"deny\"}", 12, "the request must be an object, found an array", "" },
    { "{\"request\":{\"principle\":\"x\"},\"expect\":\"deny\"}", 13, "unknown member \"principle\" in the request",
      "did you mean \"principal\"?" },
    { "{" ASK "}", 1, "a scenario needs an \"expect\"", "" },
    { "{" ASK ",\"expect\":\"alow\"}", 86, "\"expect\" cannot be \"alow\"", "did you mean \"allow\"?" },
    { "{" ASK ",\"expect\":\"perhaps\"}", 86, "\"expect\" cannot be \"perhaps\"", "" },
    { "{" ASK ",\"expect\":5}", 86, "\"expect\" must be a string or an object, found a number", "" },
    { "{" ASK ",\"expect\":{}}", 86, "\"expect\" says nothing", "" },
    { "{" ASK ",\"expect\":{\"decison\":\"allow\"}}", 87, "unknown member \"decison\" in \"expect\"",
      "did you mean \"decision\"?" },
    { "{" ASK ",\"expect\":{\"decision\":7}}", 98, "\"decision\" must be a string, found a number", "" },
    { "{" ASK ",\"expect\":{\"layer\":\"spc\"}}", 95, "\"layer\" cannot be \"spc\"", "did you mean \"scp\"?" },
    { "{" ASK ",\"expect\":{\"layer\":5}}", 95, "\"layer\" must be a string or null, found a number", "" },
    { "{" ASK ",\"expect\":{\"category\":\"cross-partion\"}}", 98, "\"category\" cannot be \"cross-partion\"",
      "did you mean \"cross-partition\"?" },
    { "{" ASK ",\"expect\":{\"category\":null}}", 98, "\"category\" must be a string, found null", "" },
    { "{" ASK ",\"expect\":{\"statement\":-1}}", 99, "\"statement\" must be a Sid or an index from 0", "" },
    { "{" ASK ",\"expect\":{\"statement\":1.0}}", 99, "\"statement\" must be a Sid or an index from 0", "" },
    { "{" ASK ",\"expect\":{\"missingKeys\":\"x\"}}", 101,
      "\"missingKeys\" must be an array of strings, found a string", "" },
    { "{" ASK ",\"expect\":{\"missingKeys\":[1]}}", 102,
      "\"missingKeys\" must be an array of strings, found a number", "" },
    { "{" ASK ",\"expect\":{\"policy\":1}}", 96, "\"policy\" must be a string, found a number", "" },
    { "{" ASK ",\"expect\":\"deny\",\"name\":5}", 100, "\"name\" must be a string, found a number", "" },
    { "{" ASK ",\"expect\":\"deny\",\"rules\":\"E1\"}", 101, "\"rules\" must be an array of strings, found a string",
      "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":[]}", 104, "\"policies\" must be an object, found an array", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identitiy\":[]}}", 105,
      "unknown member \"identitiy\" in \"policies\"", "did you mean \"identity\"?" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":5}}", 116,
      "a policy must be a path or a document, found a number", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":\"\"}}", 116, "a policy must be a path or a document",
      "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":\"a\\u0000b\"}}", 116,
      "a policy must be a path or a document", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":\"x.json\"}}", 116,
      "a policy cannot be named by a path here", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":{\"name\":\"x\"}}}", 116,
      "a policy needs a \"document\"", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"identity\":{\"document\":{},\"nmae\":5}}}", 131,
      "unknown member \"nmae\" in a policy", "did you mean \"name\"?" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"scp\":{}}}", 111, "\"scp\" must be an array of levels, found an object",
      "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"rcp\":[5]}}", 112,
      "a level must be an object with \"target\" and \"policies\", found a number", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"scp\":[{}]}}", 112, "a level needs \"policies\"", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"scp\":[{\"target\":5,\"policies\":[]}]}}", 122,
      "\"target\" must be a string, found a number", "" },
    { "{" ASK ",\"expect\":\"deny\",\"policies\":{\"scp\":[{\"polices\":[]}]}}", 113,
      "unknown member \"polices\" in a level", "did you mean \"policies\"?" },
    { "{" ASK ",\"expect\":\"deny\",\"resourceState\":{\"grant\":[]}}", 110,
      "unknown member \"grant\" in the resource state", "did you mean \"grants\"?" },
    { "{" ASK ",\"expect\":\"deny\",\"expect\":\"allow\"}", 93,
      "\"expect\" appears twice in this object, first on line 1; only one of them counts", "" },
};

static void refuses(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        vd_error  err = { .size = sizeof err };
        vd_suite *s;

        if (vd_suite_read(&s, engine, VD_S("t.json"), vd_str_of(bad[i].text), NULL, NULL, &err) != VD_ESYNTAX)
            fail_msg("%s: not refused", bad[i].text);
        assert_null(s);
        check_cstr(vd_str_of(err.text), bad[i].error);
        check_cstr(vd_str_of(err.hint), bad[i].hint);
        check_str(err.at.file, VD_S("t.json"));
        if (err.at.line != 1 || err.at.column != bad[i].column)
            fail_msg("%s: at %u:%u", bad[i].text, err.at.line, err.at.column);
    }
}

static void respects_limits(void **state)
{
    vd_limits      limits = { .size = sizeof limits, .scenario_cases = 2, .document_bytes = 400 };
    vd_engine_opts opts = { .size = sizeof opts, .limits = &limits };
    vd_error       err = { .size = sizeof err };
    vd_engine     *small;
    vd_suite      *s;
    char           large[500];

    VD_UNUSED(state);
    memset(large, ' ', sizeof large);
    assert_int_equal(vd_engine_new(&small, &opts, NULL), VD_OK);
    assert_int_equal(vd_suite_read(&s, small, VD_S("t.json"),
                                   VD_S("[{" ASK ",\"expect\":\"deny\"},{" ASK ",\"expect\":\"deny\"},{" ASK
                                        ",\"expect\":\"deny\"}]"),
                                   NULL, NULL, &err),
                     VD_ELIMIT);
    check_cstr(vd_str_of(err.text), "more than 2 cases (limit scenario_cases)");
    assert_int_equal(vd_suite_read(&s, small, VD_S("t.json"), (vd_str){ large, sizeof large }, NULL, NULL, &err),
                     VD_ELIMIT);
    check_cstr(vd_str_of(err.text), "the text is larger than 400 bytes (limit document_bytes)");
    vd_engine_release(small);
}

/* ------------------------------------------------------------------ files in memory */

typedef struct disk {
    size_t reads, returned;
} disk;

static const struct file {
    const char *path, *text;
} files[] = {
    { "dir/allow.json", "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"Everything\",\"Effect\":\"Allow\","
                        "\"Action\":\"*\",\"Resource\":\"*\"}}" },
    { "dir/sub/deny.json", "{\"Version\":\"2012-10-17\",\n \"Statement\":[\n  {\"Sid\":\"NoS3\",\"Effect\":\"Deny\","
                           "\"Action\":\"s3:*\",\"Resource\":\"*\"}]}" },
    { "/abs/broken.json", "{\"Version\":\"2012-10-17\",\n \"Statement\":{\"Effect\":\"allow\"}}" },
    { "dir/oddly.json", "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3\","
                        "\"Resource\":\"*\"}}" },
};

static vd_code disk_read(void *user, const char *path, vd_str *text, vd_error *err)
{
    disk *d = user;

    d->reads++;
    for (size_t i = 0; i < VD_COUNT(files); i++)
        if (strcmp(files[i].path, path) == 0) {
            *text = vd_str_of(files[i].text);
            return VD_OK;
        }
    snprintf(err->text, sizeof err->text, "no such file");
    return VD_EIO;
}

static void disk_done(void *user, vd_str text)
{
    disk *d = user;

    VD_UNUSED(text);
    d->returned++;
}

static vd_suite *suite_of(disk *d, const char *name, const char *text, vd_diags *notes)
{
    vd_suite_opts opts = { .size = sizeof opts, .read = disk_read, .done = disk_done, .user = d };
    vd_error      err = { .size = sizeof err };
    vd_suite     *s = NULL;

    if (vd_suite_read(&s, engine, vd_str_of(name), vd_str_of(text), &opts, notes, &err) != VD_OK)
        fail_msg("%s: %s", text, err.text);
    return s;
}

static vd_case_result run(const vd_suite *s, size_t index)
{
    vd_case_result r = { .size = sizeof r };
    vd_error       err = { .size = sizeof err };

    if (vd_suite_run(&r, s, index, NULL, &err) != VD_OK)
        fail_msg("case %zu: %s", index, err.text);
    return r;
}

static const char suite_text[] =
    "{\"name\":\"demo\",\n"
    " \"policies\":{\"identity\":[\"allow.json\",{\"name\":\"inline\",\"document\":{\"Version\":\"2012-10-17\","
    "\"Statement\":[]}}]},\n"
    " \"defaults\":{\"request\":{\"principal\":\"arn:aws:iam::111111111111:user/bob\",\"action\":\"s3:GetObject\","
    "\"resource\":\"arn:aws:s3:::b/k\",\"resourceAccount\":\"111111111111\",\"context\":{\"a\":\"1\",\"b\":\"2\"}}},\n"
    " \"cases\":[\n"
    "  {\"name\":\"as it is\",\"expect\":\"allow\"},\n"
    "  {\"name\":\"replaced\",\"policies\":{\"identity\":\"./sub/deny.json\"},\"expect\":{\"decision\":\"explicit-deny\","
    "\"policy\":\"deny.json\",\"statement\":\"NoS3\"}},\n"
    "  {\"name\":\"added kind\",\"policies\":{\"scp\":[{\"target\":\"r-root\",\"policies\":[\"allow.json\"]},"
    "{\"target\":\"ou\",\"policies\":\"sub/deny.json\"}]},\"expect\":{\"decision\":\"deny\",\"layer\":\"scp\"}},\n"
    "  {\"name\":\"removed kind\",\"policies\":{\"identity\":[]},\"expect\":\"implicit-deny\"},\n"
    "  {\"name\":\"other resource\",\"request\":{\"resource\":\"arn:aws:s3:::c\",\"action\":\"s3:ListBucket\"},"
    "\"expect\":\"allow\"},\n"
    "  {\"name\":\"broken\",\"policies\":{\"boundary\":\"/abs/broken.json\"},\"expect\":\"error\"},\n"
    "  {\"name\":\"wrong\",\"expect\":\"deny\"}]}\n";

static void reads_policies_by_path(void **state)
{
    disk           d = { 0 };
    vd_suite      *s = suite_of(&d, "dir/t.test.json", suite_text, NULL);
    vd_case_result r;

    VD_UNUSED(state);
    assert_int_equal(vd_suite_count(s), 7);
    assert_int_equal(d.reads, 5); /* allow.json as identity and as SCP, deny.json likewise, broken.json */
    assert_int_equal(d.returned, d.reads);
    for (size_t i = 0; i < 6; i++) {
        r = run(s, i);
        if (!r.passed)
            fail_msg("%.*s: %s", (int)vd_suite_case(s, i)->name.n, vd_suite_case(s, i)->name.p, r.failure);
    }
    r = run(s, 1);
    check_str(r.policy, VD_S("dir/sub/deny.json"));
    assert_int_equal(r.statement.at.line, 3);
    assert_int_equal(r.statement.at.column, 3);
    check_cstr(vd_str_of(r.layer), "identity");
    check_cstr(vd_str_of(r.reason), "with an explicit deny in an identity-based policy");
    r = run(s, 2);
    assert_int_equal(r.decision.level, 1);
    r = run(s, 5);
    assert_int_equal(r.code, VD_EMALFORMED);
    check_cstr(vd_str_of(r.outcome), "error");
    check_str(r.error_at.file, VD_S("/abs/broken.json"));
    assert_int_equal(r.error_at.line, 2);
    r = run(s, 6);
    assert_false(r.passed);
    check_cstr(vd_str_of(r.failure), "expected deny, got allow");
    vd_suite_free(s);
}

/* What the file was called, and what its policy is called. */
static const struct tidied {
    const char *suite, *path, *read, *name;
} tidied[] = {
    { "t.json", "a.json", "a.json", "a.json" },
    { "d/t.json", "./a.json", "d/a.json", "d/a.json" },
    { "d/e/t.json", "../a.json", "d/e/../a.json", "d/a.json" },
    { "d/t.json", "../../a.json", "d/../../a.json", "../a.json" },
    { "../d/t.json", "../a.json", "../d/../a.json", "../a.json" },
    { "d../t.json", "../a.json", "d../../a.json", "a.json" },
    { "../t.json", "../a.json", "../../a.json", "../../a.json" },
    { "/d/t.json", "../../a.json", "/d/../../a.json", "/a.json" },
    { "d/t.json", "/x//y/a.json", "/x//y/a.json", "/x/y/a.json" },
    { "t.json", "x/..", "x/..", "" },
};

static vd_code read_anything(void *user, const char *path, vd_str *text, vd_error *err)
{
    VD_UNUSED(err);
    snprintf(user, 64, "%s", path);
    *text = vd_str_of("{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}}");
    return VD_OK;
}

static void names_policies_by_short_paths(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(tidied); i++) {
        char          read[64] = "", text[512];
        vd_suite_opts opts = { .size = sizeof opts, .read = read_anything, .user = read };
        vd_suite     *s;
        vd_set       *set;

        snprintf(text, sizeof text, "{%s,\"policies\":{\"identity\":\"%s\"},\"expect\":\"deny\"}", ASK, tidied[i].path);
        assert_int_equal(vd_suite_read(&s, engine, vd_str_of(tidied[i].suite), vd_str_of(text), &opts, NULL, NULL),
                         VD_OK);
        assert_int_equal(vd_suite_set(&set, s, 0, NULL), VD_OK);
        check_cstr(vd_str_of(read), tidied[i].read);
        check_cstr(vd_set_policy_name(set, 0), tidied[i].name);
        vd_suite_free(s);
    }
}

static void says_which_policy_cannot_be_read(void **state)
{
    disk          d = { 0 };
    vd_suite_opts opts = { .size = sizeof opts, .read = disk_read, .done = disk_done, .user = &d };
    vd_error      err = { .size = sizeof err };
    vd_suite     *s;

    VD_UNUSED(state);
    assert_int_equal(vd_suite_read(&s, engine, VD_S("t.json"),
                                   VD_S("{" ASK ",\n\"policies\":{\"endpoint\":[\"none.json\"]},\"expect\":\"deny\"}"),
                                   &opts, NULL, &err),
                     VD_EIO);
    check_cstr(vd_str_of(err.text), "policy \"none.json\": no such file");
    assert_int_equal(err.at.line, 2);
    assert_int_equal(err.at.column, 25);
    assert_int_equal(vd_suite_load(&s, engine, "/nowhere/t.json", NULL, NULL, &err), VD_EIO);
}

static void notes_what_aws_would_refuse(void **state)
{
    disk      d = { 0 };
    vd_diags *notes;
    vd_suite *s;

    VD_UNUSED(state);
    assert_int_equal(vd_diags_new(&notes, engine, NULL), VD_OK);
    s = suite_of(&d, "dir/t.json", "{" ASK ",\"policies\":{\"identity\":\"oddly.json\"},\"expect\":\"deny\"}", notes);
    assert_int_equal(vd_diags_worst(notes), VD_ERROR);
    check_str(vd_diags_at(notes, 0)->at.file, VD_S("dir/oddly.json"));
    vd_suite_free(s);
    vd_diags_free(notes);
}

/* A trust policy has no Resource: as the policy of a role it is fine, and a bucket policy without one is, too. */
static void knows_a_trust_policy(void **state)
{
    disk      d = { 0 };
    vd_diags *notes;
    vd_suite *s;

    VD_UNUSED(state);
    assert_int_equal(vd_diags_new(&notes, engine, NULL), VD_OK);
    s = suite_of(&d, "t.json",
                 "{\"request\":{\"principal\":\"ec2.amazonaws.com\",\"action\":\"sts:AssumeRole\",\"resource\":"
                 "\"arn:aws:iam::111111111111:role/r\"},\"policies\":{\"resource\":{\"Version\":\"2012-10-17\","
                 "\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":"
                 "\"sts:AssumeRole\"}}},\"expect\":\"allow\"}",
                 notes);
    assert_true(vd_diags_worst(notes) < VD_ERROR);
    assert_true(run(s, 0).passed);
    vd_suite_free(s);
    vd_diags_free(notes);
}

/* A document in a string: positions lead back to the scenario file. */
static void reads_documents_in_strings(void **state)
{
    disk           d = { 0 };
    vd_suite      *s = suite_of(&d, "t.json",
                                "{" ASK ",\n"
                                "\"policies\":{\"resource\":{\"name\":\"bucket\",\"document\":\n"
                                "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\n\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\","
                                "\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"s3:*\\\"}}\"}},\n"
                                "\"expect\":{\"decision\":\"implicit-deny\"}}",
                                NULL);
    vd_case_result r = run(s, 0);

    VD_UNUSED(state);
    assert_true(r.passed); /* E719: not asked for "*" */
    vd_suite_free(s);
    s = suite_of(&d, "t.json",
                 "{\"request\":{\"principal\":\"anonymous\",\"action\":\"s3:GetObject\",\"resource\":\"arn:aws:s3:::b/k\"},\n"
                 "\"policies\":{\"resource\":{\"name\":\"bucket\",\"document\":\n"
                 "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\n\\\"Statement\\\":{\\\"Effect\\\":\\\"Deny\\\","
                 "\\\"Principal\\\":\\\"*\\\",\\\"Action\\\":\\\"s3:*\\\"}}\"}},\n"
                 "\"expect\":{\"decision\":\"explicit-deny\",\"policy\":\"bucket\",\"statement\":0}}",
                 NULL);
    r = run(s, 0);
    assert_true(r.passed);
    check_str(r.statement.at.file, VD_S("t.json"));
    assert_int_equal(r.statement.at.line, 3);
    assert_int_equal(r.statement.at.column, 46);
    vd_suite_free(s);
}

static void reads_yaml(void **state)
{
    disk      d = { 0 };
    vd_suite *s = suite_of(&d, "dir/t.yaml",
                           "name: a suite\n"
                           "policies:\n"
                           "  identity: allow.json\n"
                           "defaults:\n"
                           "  request: {principal: 'arn:aws:iam::111111111111:user/bob', resource: 'arn:aws:s3:::b'}\n"
                           "cases:\n"
                           "  - name: listing # all of it\n"
                           "    rules: [E712]\n"
                           "    request: {action: s3:ListBucket}\n"
                           "    expect: allow\n"
                           "  - name: with a flag\n"
                           "    request:\n"
                           "      action: s3:ListBucket\n"
                           "      context: {aws:MultiFactorAuthPresent: true, n: 5}\n"
                           "    policies:\n"
                           "      identity:\n"
                           "        Version: '2012-10-17'\n"
                           "        Statement:\n"
                           "          Effect: Allow\n"
                           "          Action: s3:*\n"
                           "          Resource: '*'\n"
                           "          Condition: {Bool: {aws:MultiFactorAuthPresent: 'true'}, NumericLessThan: {n: 6}}\n"
                           "    expect: allow\n",
                           NULL);

    VD_UNUSED(state);
    assert_int_equal(vd_suite_count(s), 2);
    assert_int_equal(vd_suite_case(s, 0)->rule_count, 1);
    check_str(vd_suite_case(s, 0)->rules[0], VD_S("E712"));
    check_str(vd_suite_case(s, 0)->name, VD_S("listing"));
    assert_int_equal(vd_suite_case(s, 1)->at.line, 11);
    assert_true(run(s, 0).passed);
    assert_true(run(s, 1).passed);
    vd_suite_free(s);
}

/* ------------------------------------------------------------------ expectations */

#define DENIED                                                                                                     \
    "{\"request\":{\"principal\":\"arn:aws:iam::111111111111:user/bob\",\"action\":\"s3:GetObject\",\"resource\":" \
    "\"arn:aws:s3:::b/k\"},\"policies\":{\"identity\":{\"name\":\"a/p.json\",\"document\":{\"Version\":"           \
    "\"2012-10-17\",\"Statement\":[{\"Sid\":\"No\",\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","       \
    "\"Condition\":{\"StringNotEquals\":{\"aws:SourceVpce\":\"v\"}}}]}}},\"expect\":"

static const struct expectation {
    const char *text, *failure;
} expectations[] = {
    { "\"explicit-deny\"", "" },
    { "\"deny\"", "" },
    { "\"allow\"", "expected allow, got explicit-deny" },
    { "\"error\"", "expected error, got explicit-deny" },
    { "\"implicit-deny\"", "expected implicit-deny, got explicit-deny" },
    { "{\"layer\":\"identity\",\"policy\":\"p.json\",\"statement\":\"No\"}", "" },
    { "{\"policy\":\"a/p.json\",\"statement\":0,\"missingKeys\":[\"AWS:sourcevpce\"]}", "" },
    { "{\"layer\":\"scp\"}", "expected layer scp, got identity" },
    { "{\"layer\":null}", "expected layer none, got identity" },
    { "{\"category\":\"trust-missing\"}", "expected category trust-missing, got none" },
    { "{\"policy\":\"x.json\"}", "expected policy \"x.json\", got \"a/p.json\"" },
    { "{\"policy\":\".json\"}", "expected policy \".json\", got \"a/p.json\"" },
    { "{\"statement\":\"Yes\"}", "expected statement \"Yes\", got \"No\"" },
    { "{\"statement\":1}", "expected statement 1, got 0" },
    { "{\"reason\":\"because\"}",
      "expected reason \"because\", got \"with an explicit deny in an identity-based policy\"" },
    { "{\"missingKeys\":[]}", "expected missing keys none, got aws:SourceVpce" },
    { "{\"missingKeys\":[\"a\",\"aws:SourceVpce\"]}", "expected missing keys a, aws:SourceVpce, got aws:SourceVpce" },
};

static void holds_expectations(void **state)
{
    disk d = { 0 };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(expectations); i++) {
        char           text[1024];
        vd_suite      *s;
        vd_case_result r;

        snprintf(text, sizeof text, "%s%s}", DENIED, expectations[i].text);
        s = suite_of(&d, "t.json", text, NULL);
        r = run(s, 0);
        check_cstr(vd_str_of(r.failure), expectations[i].failure);
        assert_int_equal(r.passed, r.failure[0] == 0);
        vd_suite_free(s);
    }
}

static void answers_saved_questions(void **state)
{
    vd_suite_opts  opts = { .size = sizeof opts, .no_expect = true };
    vd_error       err = { .size = sizeof err };
    vd_request    *request;
    vd_set        *set;
    vd_suite      *s;
    vd_case_result r = { .size = sizeof r };

    VD_UNUSED(state);
    assert_int_equal(vd_suite_read(&s, engine, VD_S("t.json"), VD_S("{" ASK "}"), &opts, NULL, &err), VD_OK);
    assert_int_equal(vd_suite_case(s, 0)->expect->outcome, VD_EXPECT_NOTHING);
    assert_int_equal(vd_suite_run(&r, s, 0, NULL, &err), VD_OK);
    assert_true(r.passed);
    assert_int_equal(vd_suite_set(&set, s, 0, &err), VD_OK);
    assert_int_equal(vd_set_policies(set), 0);
    assert_int_equal(vd_request_new(&request, engine, &err), VD_OK);
    assert_int_equal(vd_suite_request(request, s, 0, &err), VD_OK);
    assert_int_equal(vd_suite_request(request, s, 1, &err), VD_EINVAL);
    check_cstr(vd_str_of(err.text), "no case 1 in this suite");
    assert_int_equal(vd_suite_set(&set, s, 1, &err), VD_EINVAL);
    assert_int_equal(vd_suite_run(&r, s, 1, NULL, &err), VD_EINVAL);
    assert_null(vd_suite_case(s, 1));
    vd_request_free(request);
    vd_suite_free(s);
}

/* A caller built against a shorter struct gets what it knows, and not a byte more. */
static void fills_no_more_than_asked(void **state)
{
    disk           d = { 0 };
    vd_suite      *s = suite_of(&d, "t.json", "{" ASK ",\"expect\":\"deny\"}", NULL);
    vd_case_result r;
    size_t         known = offsetof(vd_case_result, decision);

    VD_UNUSED(state);
    memset(&r, 0x5a, sizeof r);
    r.size = known;
    assert_int_equal(vd_suite_run(&r, s, 0, NULL, NULL), VD_OK);
    assert_true(r.passed);
    assert_int_equal(r.size, known);
    for (size_t i = known; i < sizeof r; i++)
        assert_int_equal(((unsigned char *)&r)[i], 0x5a);
    vd_suite_free(s);
}

static void takes_the_time_from_the_caller(void **state)
{
    disk           d = { 0 };
    vd_suite      *s = suite_of(&d, "t.json",
                                "{\"request\":{\"principal\":\"arn:aws:iam::111111111111:user/bob\",\"action\":"
                                "\"s3:ListBucket\",\"resource\":\"arn:aws:s3:::b\"},\"policies\":{\"identity\":{"
                                "\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                                "\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"2030-01-01\"}}}"
                                "}},\"expect\":\"allow\"}",
                                NULL);
    vd_run_opts    opts = { .size = sizeof opts };
    vd_case_result r = { .size = sizeof r };

    VD_UNUSED(state);
    assert_int_equal(vd_suite_run(&r, s, 0, &opts, NULL), VD_OK);
    assert_false(r.passed);
    opts.now = VD_S("2026-11-21T10:00:00Z");
    assert_int_equal(vd_suite_run(&r, s, 0, &opts, NULL), VD_OK);
    assert_true(r.passed);
    opts.now = VD_S("2031-01-01T00:00:00Z");
    assert_int_equal(vd_suite_run(&r, s, 0, &opts, NULL), VD_OK);
    assert_false(r.passed);
    vd_suite_free(s);
}

/* ------------------------------------------------------------------ coverage */

static const char covered_text[] =
    "{\"policies\":{\"identity\":{\"Version\":\"2012-10-17\",\"Statement\":[\n"
    "{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"},\n"
    "{\"Sid\":\"B\",\"Effect\":\"Deny\",\"Action\":\"s3:Put*\",\"Resource\":\"*\",\n"
    " \"Condition\":{\"StringEquals\":{\"k\":\"v\",\"j\":\"w\"}}},\n"
    "{\"Sid\":\"C\",\"Effect\":\"Allow\",\"Action\":\"ec2:*\",\"Resource\":\"*\"}]}},\n"
    "\"defaults\":{\"request\":{\"principal\":\"arn:aws:iam::111111111111:user/bob\",\"resource\":\"arn:aws:s3:::b/k\"}},\n"
    "\"cases\":[{\"request\":{\"action\":\"s3:GetObject\"},\"expect\":\"allow\"},\n"
    "{\"request\":{\"action\":\"s3:PutObject\",\"context\":{\"k\":\"v\"}},\"expect\":\"allow\"}]}";

static const vd_covered_statement *row_of(const vd_coverage *c, const char *sid)
{
    for (size_t i = 0; i < vd_coverage_count(c); i++)
        if (vd_str_eq(vd_coverage_at(c, i)->sid, vd_str_of(sid)))
            return vd_coverage_at(c, i);
    fail_msg("no statement %s", sid);
    return NULL;
}

static void check_covered(const vd_coverage *c)
{
    const vd_covered_statement *b = row_of(c, "B");

    assert_int_equal(vd_coverage_count(c), 3);
    assert_null(vd_coverage_at(c, 3));
    assert_true(row_of(c, "A")->reached && row_of(c, "A")->applied);
    assert_true(b->reached && !b->applied && b->deny);
    assert_int_equal(b->at.line, 3);
    assert_int_equal(b->entry_count, 2);
    check_str(b->entries[0]->key, VD_S("k"));
    assert_true(b->entries[0]->seen_true && !b->entries[0]->seen_false);
    check_str(b->entries[1]->operator_name, VD_S("StringEquals"));
    assert_int_equal(b->entries[1]->at.line, 4);
    assert_true(!b->entries[1]->seen_true && b->entries[1]->seen_false);
    assert_true(!row_of(c, "C")->reached && !row_of(c, "C")->applied);
}

static void sees_what_is_reached(void **state)
{
    disk           d = { 0 };
    vd_suite      *s = suite_of(&d, "t.json", covered_text, NULL);
    vd_run_opts    opts = { .size = sizeof opts };
    vd_case_result r = { .size = sizeof r };
    vd_coverage   *one, *two;

    VD_UNUSED(state);
    assert_int_equal(vd_coverage_new(&one, engine, NULL), VD_OK);
    assert_int_equal(vd_coverage_new(&two, engine, NULL), VD_OK);
    assert_int_equal(vd_coverage_add(one, s, NULL), VD_OK);
    assert_int_equal(vd_coverage_add(one, s, NULL), VD_OK); /* known already */
    opts.coverage = one;
    assert_int_equal(vd_suite_run(&r, s, 0, &opts, NULL), VD_OK);
    assert_false(row_of(one, "B")->reached);
    opts.coverage = two; /* of another thread, say */
    assert_int_equal(vd_suite_run(&r, s, 1, &opts, NULL), VD_OK);
    assert_int_equal(vd_coverage_merge(two, one, NULL), VD_OK);
    assert_int_equal(vd_coverage_merge(one, two, NULL), VD_OK);
    check_covered(one);
    vd_suite_free(s); /* coverage keeps copies */
    check_covered(one);
    vd_coverage_free(one);
    vd_coverage_free(two);
}

/* ------------------------------------------------------------------ memory */

static vd_code whole_path(const vd_allocator *a, const char *text)
{
    vd_engine_opts opts = { .size = sizeof opts, .allocator = a };
    vd_suite_opts  with = { .size = sizeof with, .read = disk_read, .done = disk_done, .user = &(disk){ 0 } };
    vd_run_opts    run_opts = { .size = sizeof run_opts };
    vd_case_result r = { .size = sizeof r };
    vd_engine     *e = NULL;
    vd_diags      *notes = NULL;
    vd_suite      *s = NULL;
    vd_code        code = vd_engine_new(&e, &opts, NULL);

    if (code == VD_OK)
        code = vd_diags_new(&notes, e, NULL);
    if (code == VD_OK)
        code = vd_suite_read(&s, e, VD_S("dir/t.json"), vd_str_of(text), &with, notes, NULL);
    if (code == VD_OK)
        code = vd_coverage_new(&run_opts.coverage, e, NULL);
    if (code == VD_OK)
        code = vd_coverage_add(run_opts.coverage, s, NULL);
    for (size_t i = 0; code == VD_OK && i < vd_suite_count(s); i++)
        code = vd_suite_run(&r, s, i, &run_opts, NULL);
    vd_coverage_free(run_opts.coverage);
    vd_suite_free(s);
    vd_diags_free(notes);
    vd_engine_release(e);
    return code;
}

static void survives_failing_allocations(void **state)
{
    static const char *const texts[] = { suite_text, covered_text };

    VD_UNUSED(state);
    for (size_t t = 0; t < VD_COUNT(texts); t++)
        for (size_t n = 1;; n++) {
            failing_alloc f = { .fail_at = n };
            vd_allocator  a = failing_allocator(&f);
            vd_code       code = whole_path(&a, texts[t]);

            assert_int_equal(f.live, 0);
            assert_false(f.wrong_size);
            if (!f.failed) {
                assert_int_equal(code, VD_OK);
                break;
            }
            assert_int_equal(code, VD_ENOMEM);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses),
        cmocka_unit_test(respects_limits),
        cmocka_unit_test(reads_policies_by_path),
        cmocka_unit_test(names_policies_by_short_paths),
        cmocka_unit_test(says_which_policy_cannot_be_read),
        cmocka_unit_test(notes_what_aws_would_refuse),
        cmocka_unit_test(knows_a_trust_policy),
        cmocka_unit_test(reads_documents_in_strings),
        cmocka_unit_test(reads_yaml),
        cmocka_unit_test(holds_expectations),
        cmocka_unit_test(answers_saved_questions),
        cmocka_unit_test(fills_no_more_than_asked),
        cmocka_unit_test(takes_the_time_from_the_caller),
        cmocka_unit_test(sees_what_is_reached),
        cmocka_unit_test(survives_failing_allocations),
    };

    return cmocka_run_group_tests(tests, make_engine, drop_engine);
}
