/* SPDX-License-Identifier: Apache-2.0
 *
 * What logs can show: the classes of actions, and every way to an answer.
 */
#include "memory.h"
#include "unit.h"

#include "failing_alloc.h"

#include "activity/see.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdio.h>

static vd_arena         arena;
static const vd_catalog *catalog;
static vd_see_classes   classes;

static int open_all(void **state)
{
    VD_UNUSED(state);
    catalog = vd_catalog_builtin();
    arena = vd_arena_on(vd_allocator_default(), 0);
    return vd_see_classes_build(&classes, &arena, catalog) ? 0 : 1;
}

static int close_all(void **state)
{
    VD_UNUSED(state);
    vd_arena_done(&arena);
    return 0;
}

static const vd_see_class *class_of(const char *action)
{
    uint32_t id = vd_catalog_find(catalog, vd_str_of(action));

    if (id == VD_NONE)
        fail_msg("%s is not there", action);
    return vd_see_class_of(&classes, id);
}

static void classes_of_actions(void **state)
{
    static const struct {
        const char *action, *class;
    } known[] = {
        { "ec2:RunInstances", "mgmt" },
        { "iam:PassRole", "never" },
        { "s3:GetObject", "data:AWS::S3::Object" },
        { "s3:ListBucket", "data:AWS::S3::Object" },
        { "s3:ListAllMyBuckets", "mgmt" },
        { "s3:ReplicateObject", "never" },
        { "kms:Decrypt", "kms-excl" },
        { "rds-data:ExecuteStatement", "rdsdata-excl" },
        { "lambda:InvokeFunction", "data:AWS::Lambda::Function" },
        { "dynamodb:PartiQLSelect", "data:AWS::DynamoDB::Table" },
        { "dynamodb:GetRecords", "data:AWS::DynamoDB::Stream" },
        { "dynamodb:CreateTable", "mgmt" },
        { "execute-api:Invoke", "never" },
        { "logs:PutLogEvents", "never" },
        { "ecs:AllowVendedLogDeliveryForResource", "never" },
        { "apigateway:GET", "mgmt" },
        { "bedrock:InvokeModel", "mgmt" },
        { "sso-directory:SearchUsers", "console" },
        { "ssmmessages:OpenDataChannel", "never" },
        { "ssmmessages:OpenControlChannel", "data:AWS::SSMMessages::ControlChannel" },
        { "a4b:RegisterDevice", "permonly" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(known); i++)
        if (!vd_str_eq(class_of(known[i].action)->name, vd_str_of(known[i].class)))
            fail_msg("%s is %.*s", known[i].action, VD_A(class_of(known[i].action)->name));
}

static bool has_ids(void *user, vd_run ids)
{
    *(bool *)user |= ids.count > 0;
    return !*(bool *)user;
}

static bool is_listed(vd_str pattern)
{
    bool any = false;

    if (vd_str_find(pattern, '*') == pattern.n)
        return vd_catalog_find(catalog, pattern) != VD_NONE || vd_catalog_retired(catalog, pattern);
    vd_catalog_expand(catalog, pattern, has_ids, &any);
    return any || vd_catalog_retired(catalog, vd_str_first(pattern, vd_str_find(pattern, ':')));
}

/* Every row is about something that is there; no two that say equally much about an action disagree. */
static void rows_are_about_something(void **state)
{
    vd_sheet sheet = vd_catalog_sheet(catalog, VD_S("visibility"));
    uint32_t count = vd_catalog_actions(catalog);
    uint32_t *first = vd_arena_new_array(&arena, uint32_t, count);

    VD_UNUSED(state);
    assert_true(sheet.rows > 500);
    assert_int_equal(sheet.columns, 4);
    for (uint32_t row = 0; row < sheet.rows; row++) {
        vd_str pattern = vd_sheet_cell(sheet, row, 0), conf = vd_sheet_cell(sheet, row, 2);
        size_t stars = 0;

        if (!is_listed(pattern))
            fail_msg("%.*s is about no action", VD_A(pattern));
        assert_true(conf.n == 1 && memchr("HML", conf.p[0], 3));
        for (size_t i = 0; i < pattern.n; i++)
            stars += pattern.p[i] == '*';
        for (uint32_t a = 0; stars && a < count; a++) { /* of two patterns for an action one must be longer */
            char   text[160];
            size_t n = vd_catalog_action_text(catalog, a, text, sizeof text);
            vd_str other;

            if (!vd_catalog_fits(pattern, (vd_str){ text, n }))
                continue;
            other = first[a] ? vd_sheet_cell(sheet, first[a] - 1, 0) : VD_S("");
            if (other.n == pattern.n && !vd_str_eq(vd_sheet_cell(sheet, first[a] - 1, 1), vd_sheet_cell(sheet, row, 1)))
                fail_msg("%.*s and %.*s disagree about %.*s", VD_A(other), VD_A(pattern), (int)n, text);
            first[a] = row + 1;
        }
    }
}

/* The flags of the catalogue tell where no row does. */
static void every_action_has_a_class(void **state)
{
    uint32_t by_kind[VD_SEE_CONSOLE + 1] = { 0 };

    VD_UNUSED(state);
    for (uint32_t a = 0; a < vd_catalog_actions(catalog); a++) {
        assert_true(classes.of[a] < classes.count);
        assert_true(memchr("HML", classes.confidence[a], 3) != NULL);
        by_kind[vd_see_class_of(&classes, a)->kind]++;
    }
    assert_in_range(by_kind[VD_SEE_MGMT], 15000, 18500);
    assert_in_range(by_kind[VD_SEE_CONSOLE], 2000, 4000);
    assert_in_range(by_kind[VD_SEE_PERMISSION_ONLY], 900, 1500);
    assert_in_range(by_kind[VD_SEE_DATA], 700, 1200);
}

/* ------------------------------------------------------------------ made-up logs */

typedef struct log {
    vd_engine *engine;
    vd_usage  *usage;
    vd_buf     out;
    uint32_t   units;
} log;

static log *begin(log *l)
{
    vd_usage_opts opts = { .size = sizeof opts, .principal = VD_S("arn:aws:iam::111111111111:role/team/ci") };

    *l = (log){ .out = vd_buf_on(vd_allocator_default(), 0) };
    assert_int_equal(vd_engine_new(&l->engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_usage_new(&l->usage, l->engine, &opts, NULL, NULL), VD_OK);
    return l;
}

static void add(log *l, const char *text)
{
    char unit[24];

    snprintf(unit, sizeof unit, "unit-%u.json", (unsigned)l->units++);
    assert_int_equal(vd_usage_add_bytes(l->usage, VD_USAGE_ANY, vd_str_of(unit), vd_str_of(text), NULL), VD_OK);
}

/* role "ci" or another one; day of March, hour; reading or not; more: further members with a comma before. */
static void event(log *l, const char *role, const char *source, const char *name, int day, int hour, bool read, const char *more)
{
    char text[2048];

    snprintf(text, sizeof text,
             "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE00000000%s:s\","
             "\"accountId\":\"111111111111\",\"arn\":\"arn:aws:sts::111111111111:assumed-role/%s/s\",\"sessionContext\":"
             "{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAEXAMPLE00000000%s\",\"accountId\":\"111111111111\","
             "\"arn\":\"arn:aws:iam::111111111111:role/team/%s\"}}},\"eventTime\":\"2026-03-%02dT%02d:30:00Z\",\"eventSource\":"
             "\"%s.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"111111111111\","
             "\"eventType\":\"AwsApiCall\",\"readOnly\":%s,\"requestParameters\":null%s}",
             role, role, role, role, day, hour, source, name, read ? "true" : "false", more);
    add(l, text);
}

static void every_day(log *l, const char *source, const char *name, int from, int to, bool read)
{
    for (int day = from; day <= to; day++)
        event(l, "ops", source, name, day, 9, read, ",\"managementEvent\":true,\"eventCategory\":\"Management\"");
}

static vd_activity *finish(log *l)
{
    vd_activity_opts    opts = { .size = sizeof opts };
    vd_activity_reader *reader = NULL;
    vd_activity        *a = NULL;
    memory              m;
    vd_usage_source     source = { from_memory, &m };

    assert_int_equal(vd_usage_write(l->usage, NULL, 0, to_buf, &l->out, false, NULL), VD_OK);
    m.left = vd_buf_str(&l->out);
    assert_int_equal(vd_activity_reader_new(&reader, l->engine, &opts, NULL), VD_OK);
    assert_int_equal(vd_activity_read(reader, VD_S("test"), &source, false, NULL), VD_OK);
    assert_int_equal(vd_activity_finish(&a, reader, NULL), VD_OK);
    vd_activity_reader_free(reader);
    vd_usage_free(l->usage);
    vd_buf_done(&l->out);
    vd_engine_release(l->engine);
    return a;
}

static vd_visibility seen(const vd_activity *a, const char *action)
{
    vd_str        arn = VD_S("arn:aws:iam::111111111111:role/team/ci");
    vd_visibility v;

    vd_activity_visibility(a, vd_activity_find(a, arn), arn, VD_S("111111111111"), vd_catalog_find(catalog, vd_str_of(action)), &v);
    return v;
}

#define IS(a, action, wanted_state, wanted_reasons) is(a, action, wanted_state, wanted_reasons, __LINE__)
static vd_visibility is(const vd_activity *a, const char *action, int32_t state, uint32_t reasons, int line)
{
    vd_visibility v = seen(a, action);

    if (v.state != state || v.reasons != reasons)
        fail_msg("line %d: %s is %s, %x", line, action, vd_state_name(v.state), (unsigned)v.reasons);
    return v;
}

static const char advisor[] =
    "{\"JobStatus\":\"COMPLETED\",\"JobCompletionDate\":\"2026-03-31T08:00:00Z\",\"ServicesLastAccessed\":["
    "{\"ServiceNamespace\":\"s3\",\"ServiceName\":\"Amazon S3\",\"TotalAuthenticatedEntities\":0},"
    "{\"ServiceNamespace\":\"sqs\",\"LastAuthenticated\":\"2026-03-09T08:00:00Z\"},"
    "{\"ServiceNamespace\":\"ec2\",\"LastAuthenticated\":\"2026-03-09T08:00:00Z\",\"TrackedActionsLastAccessed\":["
    "{\"ActionName\":\"RunInstances\",\"LastAccessedTime\":\"2026-03-09T08:00:00Z\"},{\"ActionName\":\"StopInstances\"}]}]}";

#define TRAIL "arn:aws:cloudtrail:us-east-1:111111111111:trail/org"
#define CONFIG(multi)                                                                                                          \
    "{\"trailList\":[{\"Name\":\"org\",\"TrailARN\":\"" TRAIL "\",\"HomeRegion\":\"us-east-1\",\"IsMultiRegionTrail\":" multi   \
    ",\"IncludeGlobalServiceEvents\":true,\"HasCustomEventSelectors\":true}]}"
#define ADVANCED(fields) "{\"TrailARN\":\"" TRAIL "\",\"AdvancedEventSelectors\":[" fields "]}"
#define SELECTOR(fields) "{\"Name\":\"x\",\"FieldSelectors\":[" fields "]}"
#define MANAGEMENT "{\"Field\":\"eventCategory\",\"Equals\":[\"Management\"]}"
#define DATA(type) "{\"Field\":\"eventCategory\",\"Equals\":[\"Data\"]},{\"Field\":\"resources.type\",\"Equals\":[\"" type "\"]}"

/* ------------------------------------------------------------------ the lattice */

static void used_and_not_seen(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    every_day(u, "ec2", "DescribeInstances", 1, 31, true);
    event(u, "ci", "ec2", "StopInstances", 4, 9, false, "");
    event(u, "ci", "ec2", "TerminateInstances", 4, 9, false, ",\"errorCode\":\"Client.UnauthorizedOperation\"");
    a = finish(u);
    assert_int_equal(IS(a, "ec2:StopInstances", VD_STATE_USED, 0).count, 1);
    assert_int_equal(IS(a, "ec2:RunInstances", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_PROVEN);
    assert_int_equal(IS(a, "ec2:TerminateInstances", VD_STATE_NOT_SEEN, 0).denied, 1);
    assert_int_equal(seen(a, "ec2:CreateVpc").grade, VD_GRADE_FAMILY);
    assert_int_equal(seen(a, "ec2:DescribeVpcs").grade, VD_GRADE_FAMILY);
    assert_int_equal(seen(a, "glue:CreateJob").grade, VD_GRADE_ASSUMED);
    assert_int_equal(seen(a, "ssm:SendCommand").grade, VD_GRADE_ASSUMED);
    assert_true(seen(a, "ec2:CreateVpc").inferred);
    assert_int_equal(seen(a, "ec2:CreateVpc").since, 1772323200);
    IS(a, "iam:PassRole", VD_STATE_CANNOT_SEE, VD_BLIND_NEVER_LOGGED);
    IS(a, "sso-directory:SearchUsers", VD_STATE_CANNOT_SEE, VD_BLIND_CONSOLE_ONLY);
    IS(a, "a4b:RegisterDevice", VD_STATE_CANNOT_SEE, VD_BLIND_PERMISSION_ONLY);
    IS(a, "s3:GetObject", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF);
    IS(a, "kms:Decrypt", VD_STATE_CANNOT_SEE, VD_BLIND_KMS_EXCLUDED);
    IS(a, "rds-data:ExecuteStatement", VD_STATE_CANNOT_SEE, VD_BLIND_RDSDATA_EXCLUDED);
    assert_int_equal(vd_activity_covered(a, VD_S("111111111111")), 1000);
    assert_int_equal(vd_activity_covered(a, VD_S("999999999999")), 0);
    vd_activity_release(a);
}

/* Data events of a service do not show that its calls of management are logged, nor the other way round. */
static void families(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    every_day(u, "dynamodb", "CreateTable", 1, 31, false);
    event(u, "ops", "s3", "PutObject", 4, 9, false, ",\"eventCategory\":\"Data\",\"resources\":[{\"type\":\"AWS::S3::Object\"}]");
    add(u, CONFIG("true"));
    add(u, ADVANCED(SELECTOR(MANAGEMENT) "," SELECTOR(DATA("AWS::S3::Object")) "," SELECTOR(DATA("AWS::DynamoDB::Table"))));
    a = finish(u);
    assert_int_equal(IS(a, "s3:PutObject", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_PROVEN);
    assert_int_equal(IS(a, "s3:PutObjectTagging", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_FAMILY);
    assert_int_equal(IS(a, "s3:CreateBucket", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_ASSUMED);
    assert_int_equal(IS(a, "dynamodb:DeleteTable", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_FAMILY);
    assert_int_equal(IS(a, "dynamodb:PutItem", VD_STATE_NOT_SEEN, 0).grade, VD_GRADE_ASSUMED);
    vd_activity_release(a);
}

static void another_account(void **state)
{
    log           l, *u = begin(&l);
    vd_activity  *a;
    vd_visibility v;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    a = finish(u);
    vd_activity_visibility(a, VD_NO_INDEX, VD_S(""), VD_S("222222222222"), vd_catalog_find(catalog, VD_S("ec2:RunInstances")), &v);
    assert_int_equal(v.state, VD_STATE_CANNOT_SEE);
    assert_int_equal(v.reasons, VD_BLIND_NO_EVIDENCE);
    vd_activity_visibility(a, VD_NO_INDEX, VD_S(""), VD_S("111111111111"), UINT32_MAX, &v);
    assert_int_equal(v.state, VD_STATE_CANNOT_SEE);
    /* nothing but writes in a month: reads are left out */
    IS(a, "ec2:DescribeVpcs", VD_STATE_CANNOT_SEE, VD_BLIND_READS_EXCLUDED);
    IS(a, "ec2:CreateVpc", VD_STATE_NOT_SEEN, 0);
    vd_activity_release(a);
}

static void what_access_advisor_knows(void **state)
{
    log           l, *u = begin(&l);
    vd_activity  *a;
    vd_visibility v;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    every_day(u, "ec2", "DescribeInstances", 1, 31, true);
    add(u, advisor);
    a = finish(u);
    v = IS(a, "s3:GetObject", VD_STATE_NOT_SEEN, 0);
    assert_true(v.access_advisor);
    assert_false(v.logs);
    assert_int_equal(v.since, 1772323200);
    IS(a, "s3:ReplicateObject", VD_STATE_CANNOT_SEE, VD_BLIND_NEVER_LOGGED);
    IS(a, "sqs:SendMessage", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF); /* authenticated, for whatever */
    assert_true(IS(a, "ec2:RunInstances", VD_STATE_POSSIBLE, 0).access_advisor); /* the logs do not say so */
    assert_true(IS(a, "ec2:StopInstances", VD_STATE_NOT_SEEN, 0).access_advisor);
    assert_false(IS(a, "ec2:CreateVpc", VD_STATE_NOT_SEEN, 0).access_advisor);
    vd_activity_release(a);
}

static void a_stale_report(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    add(u, "{\"JobStatus\":\"COMPLETED\",\"JobCompletionDate\":\"2026-03-20T08:00:00Z\",\"ServicesLastAccessed\":["
           "{\"ServiceNamespace\":\"s3\",\"TotalAuthenticatedEntities\":0}]}");
    a = finish(u);
    IS(a, "s3:GetObject", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF);
    vd_activity_release(a);
}

/* ------------------------------------------------------------------ configuration */

static vd_activity *with_config(const char *config, const char *selectors)
{
    log l, *u = begin(&l);

    every_day(u, "ec2", "RunInstances", 1, 31, false);
    if (config)
        add(u, config);
    if (selectors)
        add(u, selectors);
    return finish(u);
}

static void trails(void **state)
{
    vd_activity *a;

    VD_UNUSED(state);
    a = with_config(CONFIG("true"), ADVANCED(SELECTOR(MANAGEMENT) "," SELECTOR(DATA("AWS::S3::Object"))));
    assert_false(IS(a, "s3:GetObject", VD_STATE_NOT_SEEN, 0).inferred);
    IS(a, "lambda:InvokeFunction", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF);
    IS(a, "ec2:DescribeVpcs", VD_STATE_NOT_SEEN, 0);
    IS(a, "kms:Decrypt", VD_STATE_NOT_SEEN, 0);
    vd_activity_release(a);

    a = with_config(CONFIG("true"), ADVANCED(SELECTOR(MANAGEMENT ",{\"Field\":\"readOnly\",\"Equals\":[\"false\"]},"
                                                                 "{\"Field\":\"eventSource\",\"NotEquals\":[\"kms.amazonaws.com\"]}") ","
                                             SELECTOR(DATA("AWS::S3::Object") ",{\"Field\":\"resources.ARN\",\"StartsWith\":"
                                                                              "[\"arn:aws:s3:::b/\"]}")));
    IS(a, "s3:GetObject", VD_STATE_CANNOT_SEE, VD_BLIND_PARTIAL_SELECTOR);
    IS(a, "ec2:DescribeVpcs", VD_STATE_CANNOT_SEE, VD_BLIND_READS_EXCLUDED);
    IS(a, "ec2:CreateVpc", VD_STATE_NOT_SEEN, 0);
    IS(a, "kms:CreateKey", VD_STATE_CANNOT_SEE, VD_BLIND_KMS_EXCLUDED);
    vd_activity_release(a);

    a = with_config(CONFIG("false"), ADVANCED(SELECTOR(MANAGEMENT)));
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_REGION_GAP);
    IS(a, "iam:CreateUser", VD_STATE_NOT_SEEN, 0); /* a global service */
    vd_activity_release(a);
}

static void old_selectors(void **state)
{
    vd_activity *a;

    VD_UNUSED(state);
    a = with_config(CONFIG("true"),
                    "{\"TrailARN\":\"" TRAIL "\",\"EventSelectors\":[{\"ReadWriteType\":\"WriteOnly\",\"IncludeManagementEvents\":true,"
                    "\"DataResources\":[{\"Type\":\"AWS::S3::Object\",\"Values\":[\"arn:aws:s3\"]},{\"Type\":\"AWS::Lambda::Function\","
                    "\"Values\":[\"arn:aws:lambda:us-east-1:111111111111:function:f\"]}],"
                    "\"ExcludeManagementEventSources\":[\"kms.amazonaws.com\",\"rdsdata.amazonaws.com\"]}]}");
    IS(a, "s3:PutObject", VD_STATE_NOT_SEEN, 0);
    IS(a, "s3:GetObject", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF); /* it reads */
    IS(a, "lambda:InvokeFunction", VD_STATE_CANNOT_SEE, VD_BLIND_PARTIAL_SELECTOR);
    IS(a, "ec2:DescribeVpcs", VD_STATE_CANNOT_SEE, VD_BLIND_READS_EXCLUDED);
    IS(a, "kms:CreateKey", VD_STATE_CANNOT_SEE, VD_BLIND_KMS_EXCLUDED);
    IS(a, "rds-data:ExecuteStatement", VD_STATE_CANNOT_SEE, VD_BLIND_RDSDATA_EXCLUDED);
    vd_activity_release(a);

    a = with_config("{\"trailList\":[{\"TrailARN\":\"" TRAIL "\",\"IsMultiRegionTrail\":true,\"HasCustomEventSelectors\":false}]}", NULL);
    IS(a, "ec2:DescribeVpcs", VD_STATE_NOT_SEEN, 0);
    IS(a, "s3:PutObject", VD_STATE_CANNOT_SEE, VD_BLIND_DATA_EVENTS_OFF);
    vd_activity_release(a);

    a = with_config(CONFIG("true"), "{\"TrailARN\":\"" TRAIL "\",\"IsLogging\":false,\"StopLoggingTime\":\"2026-03-20T00:00:00Z\"}");
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_TIME_GAP);
    vd_activity_release(a);
}

/* ------------------------------------------------------------------ gaps */

static bool has_gap(const vd_activity *a, const char *reason, int64_t from, int64_t to)
{
    vd_usage_coverage c;

    vd_activity_coverage(a, &c);
    for (size_t i = 0; i < c.gap_count; i++)
        if (vd_str_eq(c.gaps[i].reason, vd_str_of(reason)) && c.gaps[i].from == from && c.gaps[i].to == to)
            return true;
    return false;
}

static void the_trail_was_stopped(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    event(u, "ops", "cloudtrail", "StopLogging", 10, 10, false, "");
    event(u, "ops", "cloudtrail", "StartLogging", 12, 10, false, "");
    event(u, "ops", "cloudtrail", "StopLogging", 20, 10, false, ",\"errorCode\":\"AccessDenied\"");
    a = finish(u);
    assert_true(has_gap(a, "StopLogging", 1773138600, 1773311400));
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_TIME_GAP);
    IS(a, "s3:GetObject", VD_STATE_CANNOT_SEE, VD_BLIND_TIME_GAP | VD_BLIND_DATA_EVENTS_OFF);
    assert_int_equal(vd_activity_covered(a, VD_S("111111111111")), 967); /* the 11th is lost */
    vd_activity_release(a);
}

/* What was seen before the change and after it was logged all the time. */
static void selectors_were_changed(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    every_day(u, "ec2", "DescribeInstances", 20, 31, true);
    event(u, "ops", "cloudtrail", "PutEventSelectors", 15, 10, false, "");
    a = finish(u);
    assert_true(has_gap(a, "before PutEventSelectors", 1772323200, 1773570600));
    IS(a, "ec2:CreateVpc", VD_STATE_NOT_SEEN, 0);
    IS(a, "ec2:DescribeVpcs", VD_STATE_CANNOT_SEE, VD_BLIND_TIME_GAP);
    vd_activity_release(a);
}

static void silence(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 14, false); /* a busy account, but for the 15th */
    every_day(u, "ec2", "RunInstances", 16, 31, false);
    a = finish(u);
    assert_true(has_gap(a, "no events", 1773532800, 1773619200));
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_TIME_GAP);
    vd_activity_release(a);

    u = begin(&l);
    for (int day = 2; day <= 31; day += 4) /* one where there is little to do */
        every_day(u, "ec2", "RunInstances", day, day, false);
    a = finish(u);
    IS(a, "ec2:CreateVpc", VD_STATE_NOT_SEEN, 0);
    vd_activity_release(a);

    u = begin(&l);
    every_day(u, "ec2", "RunInstances", 1, 3, false);
    every_day(u, "ec2", "RunInstances", 20, 22, false);
    a = finish(u);
    assert_true(has_gap(a, "no events", 1772582400, 1773964800));
    vd_activity_release(a);
}

static const char digest_form[] =
    "{\"awsAccountId\":\"111111111111\",\"digestStartTime\":\"2026-03-02T%02d:01:31Z\",\"digestEndTime\":\"2026-03-02T%02d:01:31Z\","
    "\"digestS3Bucket\":\"logs\",\"digestS3Object\":\"AWSLogs/111111111111/CloudTrail-Digest/us-east-1/2026/03/02/x_%02d.json.gz\","
    "\"logFiles\":[{\"s3Object\":\"AWSLogs/x/%s\",\"oldestEventTime\":\"2026-03-02T09:00:00Z\",\"newestEventTime\":"
    "\"2026-03-02T09:04:59Z\"}]}";

static void digests(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;
    char         text[1024];

    VD_UNUSED(state);
    event(u, "ops", "ec2", "RunInstances", 2, 9, false, "");
    for (int hour = 3; hour < 20; hour++) {
        snprintf(text, sizeof text, digest_form, hour, hour + 1, hour + 1, "unit-0.json.gz");
        if (hour != 7 && hour != 8)
            add(u, text);
    }
    a = finish(u);
    assert_true(has_gap(a, "missing digest", 1772434800, 1772442000)); /* from seven to nine */
    assert_false(has_gap(a, "missing log file", 1772442000, 1772442300));
    vd_activity_release(a);

    u = begin(&l);
    event(u, "ops", "ec2", "RunInstances", 2, 9, false, "");
    snprintf(text, sizeof text, digest_form, 9, 10, 10, "never-read.json.gz");
    add(u, text);
    a = finish(u);
    assert_true(has_gap(a, "missing log file", 1772442000, 1772442300));
    vd_activity_release(a);
}

static void unmapped_names(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    event(u, "ci", "ec2", "FrobnicateInstances", 4, 9, false, "");
    event(u, "ci", "whoknows", "CreateThing", 4, 9, false, "");
    a = finish(u);
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_UNMAPPED_NAME);
    IS(a, "glue:CreateJob", VD_STATE_CANNOT_SEE, VD_BLIND_UNMAPPED_SOURCE); /* it may be glue's own: none of glue is there */
    vd_activity_release(a);
}

/* Data events of which the table knows no type show it themselves. */
static void learned_types(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a;

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 31, false);
    event(u, "ops", "glue", "GetTags", 4, 9, true, ",\"eventCategory\":\"Data\",\"managementEvent\":false,\"resources\":[{\"type\":"
                                                  "\"AWS::New::Thing\",\"ARN\":\"arn:aws:glue:us-east-1:111111111111:job/x\"}]");
    a = finish(u);
    assert_true(vd_str_eq(IS(a, "glue:GetTags", VD_STATE_CANNOT_SEE, VD_BLIND_PARTIAL_SELECTOR).class_name, VD_S("data:AWS::New::Thing")));
    vd_activity_release(a);
}

/* LookupEvents answers for one region; nobody can say what was done in the others. */
static void looked_up(void **state)
{
    static const char record[] =
        "{\"Events\":[{\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"userIdentity\\\":{\\\"type\\\":\\\"Root\\\","
        "\\\"accountId\\\":\\\"111111111111\\\"},\\\"eventTime\\\":\\\"2026-03-02T09:00:00Z\\\",\\\"eventSource\\\":"
        "\\\"ec2.amazonaws.com\\\",\\\"eventName\\\":\\\"RunInstances\\\",\\\"awsRegion\\\":\\\"us-east-1\\\","
        "\\\"eventType\\\":\\\"AwsApiCall\\\"}\"}]}";
    log          l, *u = begin(&l);
    vd_activity *a;
    vd_usage_coverage  c;

    VD_UNUSED(state);
    add(u, record);
    a = finish(u);
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_REGION_GAP);
    IS(a, "iam:CreateUser", VD_STATE_NOT_SEEN, 0); /* these are logged there, from everywhere */
    vd_activity_coverage(a, &c);
    assert_int_equal(c.place_count, 1);
    assert_true(vd_str_eq(c.places[0].method, VD_S("lookup")));
    vd_activity_release(a);
}

static void nothing_at_all(void **state)
{
    log          l, *u = begin(&l);
    vd_activity *a = finish(u);
    vd_usage_coverage  c;

    VD_UNUSED(state);
    IS(a, "ec2:CreateVpc", VD_STATE_CANNOT_SEE, VD_BLIND_NO_EVIDENCE);
    vd_activity_coverage(a, &c);
    assert_int_equal(c.place_count, 0);
    assert_int_equal(c.gap_count, 0);
    assert_int_equal(c.tables.n, 16);
    vd_activity_release(a);
}

/* ------------------------------------------------------------------ without memory */

static vd_code the_path(const vd_allocator *alloc, vd_str text)
{
    vd_engine_opts      engine_opts = { .size = sizeof engine_opts, .allocator = alloc };
    vd_activity_opts    opts = { .size = sizeof opts };
    vd_engine          *engine = NULL;
    vd_activity_reader *reader = NULL;
    vd_activity        *a = NULL;
    memory              m = { text };
    vd_usage_source     source = { from_memory, &m };
    vd_code             code = vd_engine_new(&engine, &engine_opts, NULL);

    if (code == VD_OK)
        code = vd_activity_reader_new(&reader, engine, &opts, NULL);
    if (code == VD_OK)
        code = vd_activity_read(reader, VD_S("test"), &source, false, NULL);
    if (code == VD_OK)
        code = vd_activity_finish(&a, reader, NULL);
    vd_activity_reader_free(reader);
    vd_activity_release(a);
    vd_engine_release(engine);
    return code;
}

/* Something for every part: settings, digests, changes, reports, types to learn. */
static void no_memory(void **state)
{
    log  l, *u = begin(&l);
    char text[1024];

    VD_UNUSED(state);
    every_day(u, "ec2", "RunInstances", 1, 14, false);
    every_day(u, "ec2", "RunInstances", 16, 28, false);
    event(u, "ops", "cloudtrail", "StopLogging", 10, 10, false, "");
    event(u, "ops", "cloudtrail", "PutEventSelectors", 12, 10, false, "");
    event(u, "ops", "glue", "GetTags", 4, 9, true, ",\"eventCategory\":\"Data\",\"resources\":[{\"type\":\"AWS::New::Thing\"}]");
    add(u, advisor);
    add(u, CONFIG("true"));
    add(u, ADVANCED(SELECTOR(MANAGEMENT) "," SELECTOR(DATA("AWS::S3::Object"))));
    for (int hour = 3; hour < 9; hour += 2) {
        snprintf(text, sizeof text, digest_form, hour, hour + 1, hour + 1, "never-read.json.gz");
        add(u, text);
    }
    assert_int_equal(vd_usage_write(u->usage, NULL, 0, to_buf, &u->out, false, NULL), VD_OK);
    for (int once = 0; once < 2; once++)
        for (size_t n = 1;; n++) {
            failing_alloc f = { .fail_at = n, .once = once };
            vd_allocator  alloc = failing_allocator(&f);
            vd_code       code = the_path(&alloc, vd_buf_str(&u->out));

            assert_int_equal(f.live, 0);
            assert_false(f.wrong_size);
            assert_int_equal(code, f.failed ? VD_ENOMEM : VD_OK);
            if (!f.failed)
                break;
        }
    vd_usage_free(u->usage);
    vd_buf_done(&u->out);
    vd_engine_release(u->engine);
}

static void names(void **state)
{
    VD_UNUSED(state);
    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        for (uint32_t k = 0; k < i; k++)
            assert_string_not_equal(vd_blind_name(1u << i), vd_blind_name(1u << k));
    assert_string_equal(vd_blind_name(VD_BLIND_NO_EVIDENCE), "no-evidence");
    assert_string_equal(vd_state_name(VD_STATE_CANNOT_SEE), "cannot-see");
    assert_string_equal(vd_grade_name(VD_GRADE_PROVEN), "proven");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_of_actions),
        cmocka_unit_test(rows_are_about_something),
        cmocka_unit_test(every_action_has_a_class),
        cmocka_unit_test(used_and_not_seen),
        cmocka_unit_test(another_account),
        cmocka_unit_test(families),
        cmocka_unit_test(what_access_advisor_knows),
        cmocka_unit_test(a_stale_report),
        cmocka_unit_test(trails),
        cmocka_unit_test(old_selectors),
        cmocka_unit_test(the_trail_was_stopped),
        cmocka_unit_test(selectors_were_changed),
        cmocka_unit_test(silence),
        cmocka_unit_test(digests),
        cmocka_unit_test(unmapped_names),
        cmocka_unit_test(learned_types),
        cmocka_unit_test(looked_up),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(no_memory),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
