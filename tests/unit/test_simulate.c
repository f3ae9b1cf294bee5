/* SPDX-License-Identifier: Apache-2.0
 *
 * The JSON of the policy simulator: answers compared as values, so that white space means nothing; refusals word for
 * word; and no allocation that may fail unnoticed.
 */
#include "unit.h"

#include "failing_alloc.h"

#include <jansson.h>
#include <verdict/scenario.h>

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

static bool keep(void *user, vd_str text)
{
    json_t **out = user;

    *out = json_loadb(text.p, text.n, 0, NULL);
    return true;
}

static vd_code simulate(json_t **out, const char *input, const char *now, vd_error *err)
{
    vd_simulate_opts opts = { .size = sizeof opts, .now = vd_str_of(now) };

    *out = NULL;
    *err = (vd_error){ .size = sizeof *err };
    return vd_simulate(engine, VD_S("input.json"), vd_str_of(input), &opts, keep, out, err);
}

/* The whole answer equals wanted, a JSON text with ' for ". */
static void answers(const char *input, const char *wanted)
{
    vd_error err;
    json_t  *got, *w;
    char    *text = strdup(wanted);

    assert_non_null(text);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    w = json_loads(text, 0, NULL);
    assert_non_null(w);
    if (simulate(&got, input, "", &err) != VD_OK)
        fail_msg("%s: %s", input, err.text);
    assert_non_null(got);
    if (!json_equal(got, w)) {
        char *g = json_dumps(got, 0);

        fprintf(stderr, "%s\n", g);
        free(g);
        fail_msg("%s: another answer", input);
    }
    json_decref(got);
    json_decref(w);
    free(text);
}

#define ALLOW_S3                                                                                             \
    "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[\\n  {\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":" \
    "\\\"s3:*\\\",\\\"Resource\\\":\\\"*\\\"},\\n  {\\\"Effect\\\":\\\"Deny\\\",\\\"Action\\\":\\\"s3:Delete*\\\"," \
    "\\\"Resource\\\":\\\"*\\\"}]}\""

/* The example of the AWS CLI reference for simulate-custom-policy, with its positions. */
static void answers_the_example(void **state)
{
    static const char policy[] =
        "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":"
        "\\\"dynamodb:*\\\",\\\"Resource\\\":\\\"*\\\",\\\"Condition\\\":{\\\"DateGreaterThan\\\":{"
        "\\\"aws:CurrentTime\\\":\\\"2018-08-16T12:00:00Z\\\"}}}}\"";
    char     input[1024];
    json_t  *got, *first, *statement;
    vd_error err;

    VD_UNUSED(state);
    snprintf(input, sizeof input, "{\"PolicyInputList\":[%s],\"ActionNames\":[\"dynamodb:CreateBackup\"]}", policy);
    assert_int_equal(simulate(&got, input, "2026-11-21T10:00:00Z", &err), VD_OK);
    first = json_array_get(json_object_get(got, "EvaluationResults"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "EvalActionName")), "dynamodb:CreateBackup");
    assert_string_equal(json_string_value(json_object_get(first, "EvalResourceName")), "*");
    assert_string_equal(json_string_value(json_object_get(first, "EvalDecision")), "allowed");
    assert_null(json_object_get(first, "EvalDecisionDetails")); /* not for "*" */
    assert_int_equal(json_array_size(json_object_get(first, "MissingContextValues")), 0);
    statement = json_array_get(json_object_get(first, "MatchedStatements"), 0);
    assert_string_equal(json_string_value(json_object_get(statement, "SourcePolicyId")), "PolicyInputList.1");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(statement, "StartPosition"), "Column")), 38);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(statement, "EndPosition"), "Column")), 167);
    json_decref(got);

    snprintf(input, sizeof input,
             "{\"PolicyInputList\":[%s],\"ActionNames\":[\"dynamodb:CreateBackup\"],\"ContextEntries\":[{"
             "\"ContextKeyName\":\"aws:CurrentTime\",\"ContextKeyValues\":[\"2018-04-25T11:00:00Z\"],"
             "\"ContextKeyType\":\"date\"}]}",
             policy);
    assert_int_equal(simulate(&got, input, "2026-11-21T10:00:00Z", &err), VD_OK);
    first = json_array_get(json_object_get(got, "EvaluationResults"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "EvalDecision")), "implicitDeny");
    assert_int_equal(json_array_size(json_object_get(first, "MatchedStatements")), 0);
    json_decref(got);
}

static void tells_what_decided(void **state)
{
    VD_UNUSED(state);
    answers("{\"PolicyInputList\":[" ALLOW_S3 "],\"ActionNames\":[\"s3:GetObject\",\"s3:DeleteObject\",\"ec2:X\"]}",
            "{'EvaluationResults':[{'EvalActionName':'s3:GetObject','EvalResourceName':'*','EvalDecision':'allowed',"
            "'MatchedStatements':[{'SourcePolicyId':'PolicyInputList.1','SourcePolicyType':'IAM Policy',"
            "'StartPosition':{'Line':2,'Column':4},'EndPosition':{'Line':2,'Column':52}}],'MissingContextValues':[]},"
            "{'EvalActionName':'s3:DeleteObject','EvalResourceName':'*','EvalDecision':'explicitDeny',"
            "'MatchedStatements':[{'SourcePolicyId':'PolicyInputList.1','SourcePolicyType':'IAM Policy',"
            "'StartPosition':{'Line':3,'Column':4},'EndPosition':{'Line':3,'Column':57}}],'MissingContextValues':[]},"
            "{'EvalActionName':'ec2:X','EvalResourceName':'*','EvalDecision':'implicitDeny','MatchedStatements':[],"
            "'MissingContextValues':[]}],'IsTruncated':false}");
}

#define BOUNDARY                                                                                              \
    "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"ec2:*\\\"," \
    "\\\"Resource\\\":\\\"*\\\"}}\""

static void tells_of_the_boundary(void **state)
{
    VD_UNUSED(state);
    answers("{\"PolicyInputList\":[" ALLOW_S3 "],\"PermissionsBoundaryPolicyInputList\":[" BOUNDARY
            "],\"ActionNames\":[\"s3:GetObject\"]}",
            "{'EvaluationResults':[{'EvalActionName':'s3:GetObject','EvalResourceName':'*',"
            "'EvalDecision':'implicitDeny','MatchedStatements':[],'MissingContextValues':[],"
            "'PermissionsBoundaryDecisionDetail':{'AllowedByPermissionsBoundary':false}}],'IsTruncated':false}");
}

#define BUCKET                                                                                                  \
    "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":{\\\"AWS\\\":" \
    "\\\"111111111111\\\"},\\\"Action\\\":\\\"s3:GetObject\\\",\\\"Resource\\\":\\\"arn:aws:s3:::b/*\\\"}}\""

static void tells_both_sides_across_accounts(void **state)
{
    VD_UNUSED(state);
    answers("{\"PolicyInputList\":[],\"ActionNames\":[\"s3:GetObject\"],\"ResourceArns\":[\"arn:aws:s3:::b/k\"],"
            "\"ResourcePolicy\":" BUCKET ",\"ResourceOwner\":\"arn:aws:iam::222222222222:root\","
            "\"CallerArn\":\"arn:aws:iam::111111111111:user/bob\"}",
            "{'EvaluationResults':[{'EvalActionName':'s3:GetObject','EvalResourceName':'arn:aws:s3:::b/k',"
            "'EvalDecision':'implicitDeny','MatchedStatements':[],'MissingContextValues':[],"
            "'EvalDecisionDetails':{'IAM Policy':'implicitDeny','Resource Policy':'allowed'},"
            "'ResourceSpecificResults':[{'EvalResourceName':'arn:aws:s3:::b/k','EvalResourceDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':[],"
            "'EvalDecisionDetails':{'IAM Policy':'implicitDeny','Resource Policy':'allowed'}}]}],"
            "'IsTruncated':false}");
}

/* Keys that statements about the action ask for; with resources they stand with each resource. */
static void lists_missing_context(void **state)
{
    static const char policy[] =
        "\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"sqs:*\\\","
        "\\\"Resource\\\":\\\"arn:aws:sqs:*:*:${aws:username}\\\",\\\"Condition\\\":{\\\"Bool\\\":{"
        "\\\"aws:MultiFactorAuthPresent\\\":\\\"true\\\"}}}}\"";
    char input[1024];

    VD_UNUSED(state);
    snprintf(input, sizeof input,
             "{\"PolicyInputList\":[%s],\"ActionNames\":[\"sqs:SendMessage\"],\"ResourceArns\":["
             "\"arn:aws:sqs:us-east-1:111111111111:bob\",\"arn:aws:sqs:us-east-1:111111111111:eve\"],"
             "\"ContextEntries\":[{\"ContextKeyName\":\"aws:username\",\"ContextKeyValues\":[\"bob\"],"
             "\"ContextKeyType\":\"string\"}]}",
             policy);
    answers(input,
            "{'EvaluationResults':[{'EvalActionName':'sqs:SendMessage',"
            "'EvalResourceName':'arn:aws:sqs:us-east-1:111111111111:bob','EvalDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':[],'EvalDecisionDetails':{},'ResourceSpecificResults':["
            "{'EvalResourceName':'arn:aws:sqs:us-east-1:111111111111:bob','EvalResourceDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':['aws:MultiFactorAuthPresent'],'EvalDecisionDetails':{}},"
            "{'EvalResourceName':'arn:aws:sqs:us-east-1:111111111111:eve','EvalResourceDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':['aws:MultiFactorAuthPresent'],'EvalDecisionDetails':{}}]}],"
            "'IsTruncated':false}");
    snprintf(input, sizeof input, "{\"PolicyInputList\":[%s],\"ActionNames\":[\"sqs:SendMessage\"]}", policy);
    answers(input, "{'EvaluationResults':[{'EvalActionName':'sqs:SendMessage','EvalResourceName':'*',"
                   "'EvalDecision':'implicitDeny','MatchedStatements':[],"
                   "'MissingContextValues':['aws:username','aws:MultiFactorAuthPresent']}],'IsTruncated':false}");
}

static void goes_page_by_page(void **state)
{
    VD_UNUSED(state);
    answers("{\"PolicyInputList\":[],\"ActionNames\":[\"a:A\",\"a:B\",\"a:C\"],\"MaxItems\":1,\"Marker\":\"1\"}",
            "{'EvaluationResults':[{'EvalActionName':'a:B','EvalResourceName':'*','EvalDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':[]}],'IsTruncated':true,'Marker':'2'}");
    answers("{\"PolicyInputList\":[],\"ActionNames\":[\"a:A\"],\"MaxItems\":1}",
            "{'EvaluationResults':[{'EvalActionName':'a:A','EvalResourceName':'*','EvalDecision':'implicitDeny',"
            "'MatchedStatements':[],'MissingContextValues':[]}],'IsTruncated':false}");
}

/* ------------------------------------------------------------------ refusals */

#define P "\"PolicyInputList\":[]"
#define A "\"ActionNames\":[\"s3:GetObject\"]"

static const struct bad {
    const char *text;
    vd_code     code;
    uint32_t    column;
    const char *error, *hint;
} bad[] = {
    { "", VD_ESYNTAX, 1, "not valid JSON: the text is empty, expected a value", "" },
    { "[]", VD_ESYNTAX, 1, "the input must be an object, found an array", "" },
    { "{" A "}", VD_ESYNTAX, 1, "\"PolicyInputList\" is missing", "" },
    { "{" P "}", VD_ESYNTAX, 1, "\"ActionNames\" is missing", "" },
    { "{" P "," A ",\"ActionName\":[]}", VD_ESYNTAX, 54, "unknown member \"ActionName\" in the input",
      "did you mean \"ActionNames\"?" },
    { "{" P ",\"ActionNames\":\"x\"}", VD_ESYNTAX, 37, "\"ActionNames\" must be an array of strings, found a string",
      "" },
    { "{" P ",\"ActionNames\":[1]}", VD_ESYNTAX, 38, "\"ActionNames\" must be an array of strings, found a number",
      "" },
    { "{" P ",\"ActionNames\":[\"s3\"]}", VD_EREQUEST, 38, NULL, "" },
    { "{" P "," A ",\"CallerArn\":5}", VD_ESYNTAX, 66, "\"CallerArn\" must be a string, found a number", "" },
    { "{" P "," A ",\"ResourceOwner\":\"me\"}", VD_ESYNTAX, 70,
      "\"ResourceOwner\" must be an account or the ARN of one", "" },
    { "{" P "," A ",\"ResourcePolicy\":\"{}\"}", VD_ESYNTAX, 71, "\"ResourcePolicy\" needs \"CallerArn\"", "" },
    { "{" P "," A ",\"MaxItems\":0}", VD_ESYNTAX, 65, "\"MaxItems\" must be at least 1", "" },
    { "{" P "," A ",\"MaxItems\":-1}", VD_ESYNTAX, 65, "\"MaxItems\" must be a whole number", "" },
    { "{" P "," A ",\"ResourceHandlingOption\":\"EC2-VPC-EBSS\"}", VD_ESYNTAX, 79,
      "\"ResourceHandlingOption\" cannot be \"EC2-VPC-EBSS\"", "did you mean \"EC2-VPC-EBS\"?" },
    { "{" P "," A ",\"ContextEntries\":{}}", VD_ESYNTAX, 71, "\"ContextEntries\" must be an array, found an object",
      "" },
    { "{" P "," A ",\"ContextEntries\":[5]}", VD_ESYNTAX, 72, "a context entry must be an object, found a number", "" },
    { "{" P "," A ",\"ContextEntries\":[{}]}", VD_ESYNTAX, 72, "a context entry needs \"ContextKeyName\"", "" },
    { "{" P "," A ",\"ContextEntries\":[{\"ContextKeyName\":\"k\"}]}", VD_ESYNTAX, 72,
      "a context entry needs \"ContextKeyValues\", an array", "" },
    { "{" P "," A ",\"ContextEntries\":[{\"ContextKeyName\":\"k\",\"ContextKeyType\":\"strings\"}]}", VD_ESYNTAX, 111,
      "\"ContextKeyType\" cannot be \"strings\"", "did you mean \"string\"?" },
    { "{" P "," A ",\"ContextEntries\":[{\"ContextKeyName\":\"k\",\"ContextKeyValues\":[[]]}]}", VD_ESYNTAX, 114,
      "\"ContextKeyValues\" must be an array of strings, found an array", "" },
    { "{\"PolicyInputList\":[\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"allow\\\"}}\"]," A "}", VD_ESYNTAX, 21,
      "PolicyInputList.1, line 1, column 24: \"allow\" is not an effect; Allow or Deny (exact case)", NULL },
    { "{\"PolicyInputList\":[\"{\\\"Statement\\\":{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3\\\","
      "\\\"Resource\\\":\\\"*\\\"}}\"]," A "}",
      VD_EMALFORMED, 21, NULL, NULL }, /* could be evaluated, would not be stored */
    { "{\"PolicyInputList\":[\"\"]," A "}", VD_ESYNTAX, 21,
      "PolicyInputList.1, line 1, column 1: not valid JSON: the text is empty, expected a value", "" },
};

static void refuses(void **state)
{
    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        vd_error err;
        json_t  *got;
        vd_code  code = simulate(&got, bad[i].text, "", &err);

        if (code != bad[i].code)
            fail_msg("%s: %s: %s", bad[i].text, vd_code_name(code), err.text);
        assert_null(got);
        if (bad[i].error)
            check_cstr(vd_str_of(err.text), bad[i].error);
        if (bad[i].hint)
            check_cstr(vd_str_of(err.hint), bad[i].hint);
        assert_true(err.text[0]);
        if (err.at.line != 1 || err.at.column != bad[i].column)
            fail_msg("%s: at %u:%u", bad[i].text, err.at.line, err.at.column);
    }
}

static bool count_bytes(void *user, vd_str text)
{
    size_t *n = user;

    *n += text.n;
    return true;
}

static bool refuse_to_write(void *user, vd_str text)
{
    VD_UNUSED(user);
    VD_UNUSED(text);
    return false;
}

static void says_when_nobody_reads(void **state)
{
    vd_error err = { .size = sizeof err };

    VD_UNUSED(state);
    assert_int_equal(vd_simulate(engine, VD_S("i"), VD_S("{" P "," A "}"), NULL, refuse_to_write, NULL, &err), VD_EIO);
    check_cstr(vd_str_of(err.text), "the answer could not be written");
}

static void survives_failing_allocations(void **state)
{
    static const char input[] = "{\"PolicyInputList\":[" ALLOW_S3 "],\"PermissionsBoundaryPolicyInputList\":[" BOUNDARY
                                "],\"ActionNames\":[\"s3:GetObject\",\"ec2:X\"],\"ResourceArns\":[\"arn:aws:s3:::b/k\"],"
                                "\"ResourcePolicy\":" BUCKET ",\"CallerArn\":\"arn:aws:iam::111111111111:user/bob\","
                                "\"ContextEntries\":[{\"ContextKeyName\":\"k\",\"ContextKeyValues\":[\"v\"]}]}";

    VD_UNUSED(state);
    for (size_t n = 1;; n++) {
        failing_alloc  f = { .fail_at = n };
        vd_allocator   a = failing_allocator(&f);
        vd_engine_opts opts = { .size = sizeof opts, .allocator = &a };
        vd_engine     *e = NULL;
        size_t         bytes = 0;
        vd_code        code = vd_engine_new(&e, &opts, NULL);

        if (code == VD_OK)
            code = vd_simulate(e, VD_S("i"), vd_str_of(input), NULL, count_bytes, &bytes, NULL);
        vd_engine_release(e);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            assert_true(bytes > 0);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
        assert_int_equal(bytes, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_the_example),
        cmocka_unit_test(tells_what_decided),
        cmocka_unit_test(tells_of_the_boundary),
        cmocka_unit_test(tells_both_sides_across_accounts),
        cmocka_unit_test(lists_missing_context),
        cmocka_unit_test(goes_page_by_page),
        cmocka_unit_test(refuses),
        cmocka_unit_test(says_when_nobody_reads),
        cmocka_unit_test(survives_failing_allocations),
    };

    return cmocka_run_group_tests(tests, make_engine, drop_engine);
}
