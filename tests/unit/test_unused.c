/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, over made-up logs of forty days and snapshots made by hand.
 */
#include "memory.h"
#include "unit.h"

#include "failing_alloc.h"
#include "snapshot_fixture.h"

#include "activity/activity.h"
#include "base/buf.h"
#include "tighten/grants.h"

#include <verdict/tighten.h>

enum { MOST_FOUND = 64, DAYS = 40 };

/* ------------------------------------------------------------------ made-up logs */

typedef struct world {
    vd_engine   *engine;
    fixture      f;
    vd_buf       log;
    const char  *region;
    uint32_t     events;
    vd_activity *activity;
    vd_holders  *holders;
    char         found[MOST_FOUND][160]; /* "rule principal-name item actions..." */
    uint32_t     count;
    vd_unused_principal principals[8];
    uint32_t     principal_count;
    vd_unused_summary summary;
} world;

/* 2026-01-01 is day 0. */
static void event_in(world *w, const char *account, const char *kind, const char *name, const char *source, const char *event, uint32_t day, const char *more)
{
    uint32_t    month = day < 31 ? 1 : 2, date = day < 31 ? day + 1 : day - 30;
    const char *id = strlen(name) > 4 ? name + strlen(name) - 4 : name;

    vd_buf_printf(&w->log, "%s{\"eventVersion\":\"1.08\",\"userIdentity\":", w->events++ ? ",\n" : "");
    if (strcmp(kind, "role") == 0)
        vd_buf_printf(&w->log,
                      "{\"type\":\"AssumedRole\",\"principalId\":\"AROA%s%s:s\",\"accountId\":\"%s\",\"arn\":\"arn:aws:sts::%s:assumed-role/%s/s\","
                      "\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA%s%s\",\"accountId\":\"%s\","
                      "\"arn\":\"arn:aws:iam::%s:role/%s\"}}}",
                      account, id, account, account, name, account, id, account, account, name);
    else
        vd_buf_printf(&w->log, "{\"type\":\"IAMUser\",\"principalId\":\"AIDA%s\",\"accountId\":\"%s\",\"arn\":\"arn:aws:iam::%s:user/%s\",\"userName\":\"%s\"}",
                      name, account, account, name, name);
    vd_buf_printf(&w->log,
                  ",\"eventTime\":\"2026-%02u-%02uT09:00:00Z\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\",\"awsRegion\":\"%s\","
                  "\"recipientAccountId\":\"%s\",\"eventID\":\"e-%u\",\"eventType\":\"AwsApiCall\",\"eventCategory\":\"Management\",\"readOnly\":%s%s}",
                  month, date, source, event, w->region, account, w->events, strncmp(event, "Describe", 8) == 0 || strncmp(event, "List", 4) == 0 ? "true" : "false",
                  more);
}

static void event(world *w, const char *kind, const char *name, const char *source, const char *name_of_event, uint32_t day)
{
    event_in(w, "111111111111", kind, name, source, name_of_event, day, "");
}

static void open_world(world *w)
{
    memset(w, 0, sizeof *w);
    assert_int_equal(vd_engine_new(&w->engine, NULL, NULL), VD_OK);
    fix_open(&w->f, w->engine);
    w->region = "eu-west-1";
    w->log = vd_buf_on(vd_allocator_default(), 0);
    vd_buf_add(&w->log, VD_S("{\"Records\":[\n"));
}

/* Reports besides the log; may be NULL. */
static void read_log(world *w, const char *report)
{
    vd_usage           *u = NULL;
    vd_activity_reader *r = NULL;
    vd_activity_opts    opts = { .size = sizeof opts, .snapshot = &w->f.s };
    vd_buf              out = vd_buf_on(vd_allocator_default(), 0);
    vd_error            err = { .size = sizeof err };
    vd_usage_source     source;
    memory              m;

    vd_buf_add(&w->log, VD_S("\n]}\n"));
    assert_int_equal(vd_usage_new(&u, w->engine, NULL, NULL, &err), VD_OK);
    assert_int_equal(vd_usage_add_bytes(u, VD_USAGE_ANY, VD_S("log.json"), vd_buf_str(&w->log), &err), VD_OK);
    if (report)
        assert_int_equal(vd_usage_add_bytes(u, VD_USAGE_ANY, VD_S("report"), vd_str_of(report), &err), VD_OK);
    assert_int_equal(vd_usage_write(u, NULL, 0, to_buf, &out, false, &err), VD_OK);
    m = (memory){ vd_buf_str(&out) };
    source = (vd_usage_source){ from_memory, &m };
    if (vd_activity_reader_new(&r, w->engine, &opts, &err) != VD_OK ||
        vd_activity_read(r, VD_S("log.vdu"), &source, false, &err) != VD_OK || vd_activity_finish(&w->activity, r, &err) != VD_OK)
        fail_msg("%s", err.text);
    vd_activity_reader_free(r);
    vd_usage_free(u);
    vd_buf_done(&out);
}

static bool take_principal(void *user, const vd_unused_principal *p)
{
    world *w = user;

    assert_true(w->principal_count < 8);
    w->principals[w->principal_count++] = *p;
    return true;
}

static bool take(void *user, const vd_unused_finding *f)
{
    world *w = user;
    vd_buf b = vd_buf_on(vd_allocator_default(), 0);

    assert_true(w->count < MOST_FOUND);
    assert_int_equal(f->id.n, 16);
    vd_buf_printf(&b, "%s " VD_F, vd_unused_name(f->rule), VD_A(vd_str_from(f->principal, vd_str_rfind(f->principal, vd_str_ends(f->principal, VD_S(":root")) ? ':' : '/') + 1)));
    if (f->item.n)
        vd_buf_printf(&b, " " VD_F, VD_A(f->item));
    for (size_t i = 0; i < f->actions.count && i < 4; i++)
        vd_buf_printf(&b, " " VD_F, VD_A(f->actions.at[i]));
    assert_true(f->says.n > 0);
    snprintf(w->found[w->count++], sizeof w->found[0], "%.*s", (int)b.n, b.p);
    vd_buf_done(&b);
    return true;
}

static void look(world *w, const char *pattern, const vd_unused_opts *given)
{
    vd_unused_opts opts = given ? *given : (vd_unused_opts){ 0 };
    vd_error       err = { .size = sizeof err };

    opts.size = sizeof opts;
    opts.principal = take_principal;
    w->count = w->principal_count = 0;
    w->summary.size = sizeof w->summary;
    vd_holders_free(w->holders);
    assert_int_equal(vd_holders_of_snapshot(&w->holders, w->engine, &w->f.s, vd_str_of(pattern), &err), VD_OK);
    if (vd_unused(w->activity, w->holders, &opts, take, w, &w->summary, &err) != VD_OK)
        fail_msg("%s", err.text);
    assert_int_equal(w->summary.findings, w->count);
}

static void close_world(world *w)
{
    vd_holders_free(w->holders);
    vd_activity_release(w->activity);
    fix_close(&w->f);
    vd_buf_done(&w->log);
    vd_engine_release(w->engine);
}

static bool has(const world *w, const char *finding)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (strcmp(w->found[i], finding) == 0)
            return true;
    return false;
}

static void check_has(const world *w, const char *finding, bool wanted)
{
    if (has(w, finding) == wanted)
        return;
    for (uint32_t i = 0; i < w->count; i++)
        fprintf(stderr, "  %s\n", w->found[i]);
    fail_msg("%s is %s", finding, wanted ? "missing" : "there");
}

static uint32_t role(world *w, uint32_t account, const char *name, const char *statements)
{
    uint32_t n = fix_node(&w->f, account, VD_WHO_IS_ROLE, name, statements);

    w->f.nodes[n].created = VD_S("2022-01-01T00:00:00Z");
    if (strchr(name, '/'))
        w->f.nodes[n].name = vd_str_of(strrchr(name, '/') + 1);
    return n;
}

/* ------------------------------------------------------------------ permissions */

#define MIXED                                                                                                                         \
    "[{\"Sid\":\"Queues\",\"Effect\":\"Allow\",\"Action\":[\"sqs:CreateQueue\",\"sqs:DeleteQueue\"],\"Resource\":\"*\"},"              \
    "{\"Sid\":\"Machines\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeInstances\",\"ec2:StartInstances\",\"rds:StopDBInstance\"]," \
    "\"Resource\":\"*\"},"                                                                                                            \
    "{\"Sid\":\"Objects\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::data/*\"}]"

static void daily(world *w, const char *kind, const char *name)
{
    for (uint32_t d = 0; d < DAYS; d++)
        event(w, kind, name, "ec2", "DescribeInstances", d);
    event(w, "role", "other", "ec2", "RunInstances", 1); /* writes are logged, too */
}

static void test_levels(void **state)
{
    world    w;
    uint32_t account;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    role(&w, account, "app", MIXED);
    daily(&w, "role", "app");
    read_log(&w, NULL);
    look(&w, "", NULL);
    check_has(&w, "unused-statement app sqs:CreateQueue sqs:DeleteQueue", true);
    check_has(&w, "unused-service app rds rds:StopDBInstance", true);
    check_has(&w, "unused-action app ec2 ec2:StartInstances", true);
    assert_int_equal(w.count, 3); /* nothing is said of s3:GetObject */
    assert_int_equal(w.principal_count, 1);
    assert_int_equal(w.principals[0].granted, 6);
    assert_int_equal(w.principals[0].used, 1);
    assert_int_equal(w.principals[0].not_seen, 4);
    assert_int_equal(w.principals[0].cannot_see, 1);
    assert_int_equal(w.summary.weight_used, 1 * 4);               /* a List action on everything */
    assert_int_equal(w.summary.weight_idle, 3 * 6 * 4 + 6 * 2 * 4); /* four of Write; to start a machine is a step to more */
    assert_int_equal(w.summary.weight_blind, 2 * 2);              /* a Read action on what begins so */
    assert_int_equal(w.summary.score, 1000 * 120 / 124);
    assert_int_equal(w.summary.blind, 1000 * 4 / 128);
    look(&w, "", &(vd_unused_opts){ .blind = true });
    check_has(&w, "cannot-be-seen app s3 s3:GetObject", true);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    assert_int_equal(w.count, 0);
    close_world(&w);
}

static void test_not_granted(void **state)
{
    world    w;
    uint32_t account, n;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    n = role(&w, account, "app",
             "[{\"Effect\":\"Allow\",\"Action\":[\"sqs:CreateQueue\",\"sqs:DeleteQueue\",\"sqs:ListQueues\",\"ec2:DescribeInstances\"],\"Resource\":\"*\"},"
             "{\"Effect\":\"Deny\",\"Action\":\"sqs:CreateQueue\",\"Resource\":\"*\"},"
             "{\"Effect\":\"Deny\",\"Action\":\"sqs:ListQueues\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]");
    fix_boundary(&w.f, n, "[{\"Effect\":\"Allow\",\"NotAction\":\"sqs:DeleteQueue\",\"Resource\":\"arn:aws:sqs:eu-west-1:111111111111:x\"}]");
    daily(&w, "role", "app");
    read_log(&w, NULL);
    look(&w, "", NULL);
    check_has(&w, "unused-service app sqs sqs:ListQueues", true);
    assert_int_equal(w.count, 1);
    assert_int_equal(w.principals[0].granted, 2);
    close_world(&w);
}

static void test_young(void **state)
{
    world    w;
    uint32_t account, n;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    n = role(&w, account, "app", MIXED);
    w.f.nodes[n].created = VD_S("2026-01-20T00:00:00Z");
    daily(&w, "role", "app");
    read_log(&w, NULL);
    look(&w, "", NULL);
    assert_int_equal(w.count, 0);
    assert_int_equal(w.principals[0].not_seen, 0);
    assert_int_equal(w.principals[0].cannot_see, 5);
    close_world(&w);
}

static void test_group(void **state)
{
    static vd_snap_group groups[1];
    world                w;
    uint32_t             account, anna, bert, doc;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    anna = fix_node(&w.f, account, VD_WHO_IS_USER, "anna", NULL);
    bert = fix_node(&w.f, account, VD_WHO_IS_USER, "bert", NULL);
    w.f.nodes[anna].created = w.f.nodes[bert].created = VD_S("2022-01-01T00:00:00Z");
    doc = fix_doc(&w.f, VD_KIND_IDENTITY, "ops",
                  "[{\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeInstances\",\"ec2:StopInstances\",\"ec2:RebootInstances\"],\"Resource\":\"*\"}]");
    groups[0] = (vd_snap_group){ .arn = VD_S("arn:aws:iam::111111111111:group/ops"), .name = VD_S("ops"), .members = { 0, 2 } };
    w.f.s.groups = groups;
    w.f.s.group_count = 1;
    for (uint32_t i = 0; i < 2; i++)
        w.f.held[i] = (vd_held){ .doc = doc, .group = 0, .managed = VD_NONE, .name = VD_S("ops"), .via = VD_VIA_GROUP_INLINE };
    w.f.nodes[anna].held = (vd_snap_range){ 0, 1 };
    w.f.nodes[bert].held = (vd_snap_range){ 1, 1 };
    daily(&w, "user", "anna");
    event(&w, "user", "bert", "ec2", "StopInstances", 5);
    read_log(&w, NULL);
    look(&w, "", NULL);
    check_has(&w, "unused-action anna ec2 ec2:RebootInstances", true); /* once, for both */
    assert_int_equal(w.count, 1);
    assert_int_equal(w.principals[1].used, 1);
    look(&w, "*bert", NULL);
    check_has(&w, "unused-action bert ec2 ec2:RebootInstances", true); /* and anna's use of the rest counts */
    assert_int_equal(w.count, 1);
    close_world(&w);
}

static void test_permission_set(void **state)
{
    static const char *const names[] = { "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef",
                                         "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_fedcba9876543210" };
    const char *policy = "[{\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeInstances\",\"ec2:StopInstances\",\"ec2:RebootInstances\"],\"Resource\":\"*\"}]";
    world       w;

    (void)state;
    open_world(&w);
    fix_account(&w.f, "111111111111");
    fix_account(&w.f, "222222222222");
    role(&w, 0, names[0], policy);
    role(&w, 1, names[1], policy);
    w.f.held[1].doc = w.f.held[0].doc; /* the same text is the same document */
    w.f.held[0].name = w.f.held[1].name = VD_S("AwsSSOInlinePolicy");
    for (uint32_t d = 0; d < DAYS; d++) {
        event_in(&w, "111111111111", "role", names[0], "ec2", "DescribeInstances", d, "");
        event_in(&w, "222222222222", "role", names[1], "ec2", "DescribeInstances", d, "");
    }
    event_in(&w, "111111111111", "role", "other", "ec2", "RunInstances", 3, "");
    event_in(&w, "222222222222", "role", names[1], "ec2", "StopInstances", 3, "");
    read_log(&w, NULL);
    look(&w, "", NULL);
    check_has(&w, "unused-action AWSReservedSSO_Ops_0123456789abcdef ec2 ec2:RebootInstances", true);
    assert_int_equal(w.count, 1);
    assert_int_equal(w.principal_count, 1);
    check_cstr(w.principals[0].permission_set, "Ops");
    assert_int_equal(w.principals[0].used, 2);
    close_world(&w);
}

/* ------------------------------------------------------------------ used, and too much */

static void test_resources(void **state)
{
    world    w;
    uint32_t account;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    role(&w, account, "app",
         "[{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Action\":\"dynamodb:UpdateTable\",\"Resource\":\"arn:aws:dynamodb:eu-west-1:111111111111:table/*\"},"
         "{\"Sid\":\"One\",\"Effect\":\"Allow\",\"Action\":\"dynamodb:UpdateTable\",\"Resource\":\"arn:aws:dynamodb:eu-west-1:111111111111:table/orders\"},"
         "{\"Effect\":\"Allow\",\"Action\":\"ec2:DescribeInstances\",\"Resource\":\"*\"}]");
    daily(&w, "role", "app");
    event_in(&w, "111111111111", "role", "app", "dynamodb", "UpdateTable", 4,
             ",\"requestParameters\":{\"tableName\":\"orders\"},\"resources\":[{\"ARN\":\"arn:aws:dynamodb:eu-west-1:111111111111:table/orders\"}]");
    event_in(&w, "111111111111", "role", "app", "kms", "Decrypt", 4,
             ",\"resources\":[{\"ARN\":\"arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab\"}]");
    read_log(&w, NULL);
    look(&w, "", NULL);
    check_has(&w, "resource-broader-than-use app dynamodb dynamodb:UpdateTable", true);
    check_has(&w, "granted-elsewhere app kms kms:Decrypt", true);
    check_has(&w, "unused-statement app dynamodb:UpdateTable", true); /* the later of the two: All allows it, too */
    assert_int_equal(w.count, 3);
    w.f.nodes[0].held.count = 1;
    w.f.held[0].doc = VD_NONE; /* now nobody knows what it holds */
    look(&w, "", NULL);
    assert_int_equal(w.count, 0);
    close_world(&w);
}

/* ------------------------------------------------------------------ ways into a role */

#define INTO_APP                                                                                                              \
    ",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::111111111111:role/app\",\"roleSessionName\":\"s\"},"          \
    "\"resources\":[{\"ARN\":\"arn:aws:iam::111111111111:role/app\",\"accountId\":\"111111111111\",\"type\":\"AWS::IAM::Role\"}]"

static void look_at_trust(const char *who, bool first, bool second)
{
    world    w;
    uint32_t account, n;

    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    n = role(&w, account, "app", "[{\"Effect\":\"Allow\",\"Action\":\"ec2:DescribeInstances\",\"Resource\":\"*\"}]");
    fix_trust(&w.f, n,
              "[{\"Sid\":\"Anna\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:user/anna\"},\"Action\":\"sts:AssumeRole\"},"
              "{\"Sid\":\"Lambda\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]");
    daily(&w, "role", "app");
    event_in(&w, "111111111111", "user", who, "sts", "AssumeRole", 5, INTO_APP);
    w.region = "us-east-1"; /* where the global endpoint logs */
    daily(&w, "role", "app");
    read_log(&w, NULL);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    check_has(&w, "unused-trust app", first || second);
    assert_int_equal(w.count, first + second);
    close_world(&w);
}

static void test_trust(void **state)
{
    (void)state;
    look_at_trust("anna", false, true);
    look_at_trust("bert", false, false); /* by which of them did he come? */
}

/* ------------------------------------------------------------------ identities */

static void test_identities(void **state)
{
    world    w;
    uint32_t account, idle, known;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    role(&w, account, "app", MIXED);
    known = role(&w, account, "aws-said", MIXED);
    idle = role(&w, account, "idle", MIXED);
    role(&w, account, "new", MIXED);
    w.f.nodes[known].last_used_known = w.f.nodes[idle].last_used_known = true;
    w.f.nodes[known].last_used = VD_S("2025-12-20T00:00:00Z");
    w.f.nodes[idle].last_used = VD_S("2025-02-01T00:00:00Z");
    w.f.nodes[idle + 1].created = VD_S("2025-12-24T00:00:00Z");
    daily(&w, "role", "app");
    read_log(&w, NULL);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    check_has(&w, "unused-role idle", true);
    assert_int_equal(w.count, 1);
    look(&w, "*/idle", NULL);
    assert_int_equal(w.count, 1); /* its permissions go with it */
    assert_int_equal(w.principals[0].not_seen, 5);
    look(&w, "*/aws-said", NULL);
    check_has(&w, "unused-role aws-said", false);
    check_has(&w, "unused-statement aws-said sqs:CreateQueue sqs:DeleteQueue", true);
    look(&w, "", &(vd_unused_opts){ .identities_only = true, .age_days = 30 });
    check_has(&w, "unused-role aws-said", true);
    check_has(&w, "unused-role new", true);
    assert_int_equal(w.count, 3);
    close_world(&w);
}

/* A day without logs, and nobody can say that a role was not used. */
static void test_gap(void **state)
{
    world    w;
    uint32_t account;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    role(&w, account, "app", MIXED);
    role(&w, account, "idle", MIXED);
    for (uint32_t d = 0; d < DAYS; d++)
        if (d != 17)
            event(&w, "role", "app", "ec2", "DescribeInstances", d);
    read_log(&w, NULL);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    assert_int_equal(w.count, 0);
    look(&w, "", &(vd_unused_opts){ .identities_only = true, .blind = true });
    check_has(&w, "cannot-be-seen idle role", true);
    close_world(&w);
}

#define HEADER                                                                                                                      \
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"     \
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"                      \
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"                     \
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\r\n"
#define OLD "2022-01-01T00:00:00+00:00"
#define NEW "2026-02-09T00:00:00+00:00"
#define ARN "arn:aws:iam::111111111111:"

static void test_credentials(void **state)
{
    static const char report[] = HEADER
        "<root_account>," ARN "root," OLD ",not_supported,2026-02-01T00:00:00+00:00,not_supported,not_supported,false,true," OLD ",N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n"
        "ann," ARN "user/ann," OLD ",true,no_information," OLD ",N/A,true,true," OLD ",N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n"
        "ben," ARN "user/ben," OLD ",true," NEW "," OLD ",N/A,false,true,2026-02-08T00:00:00+00:00,N/A,N/A,N/A,true,2026-01-20T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A\r\n"
        "cat," ARN "user/cat," OLD ",false,N/A,N/A,N/A,false,true," OLD ",2025-06-01T00:00:00+00:00,eu-west-1,s3,true," OLD ",2026-02-01T00:00:00+00:00,eu-west-1,s3,false,N/A,false,N/A\r\n";
    world w;

    (void)state;
    open_world(&w);
    fix_account(&w.f, "111111111111");
    event(&w, "role", "app", "ec2", "DescribeInstances", 39);
    read_log(&w, report);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    check_has(&w, "unused-password ann password", true);
    check_has(&w, "unused-key ann access key 1", true);
    check_has(&w, "never-used-credential ben access key 2", true); /* key 1 was made yesterday */
    check_has(&w, "no-mfa ben mfa", true);
    check_has(&w, "unused-key cat access key 1", true);
    check_has(&w, "two-active-keys cat access keys", false); /* one of them is idle */
    check_has(&w, "root-used root root", true);
    check_has(&w, "root-key root access key 1", true);
    check_has(&w, "no-mfa root mfa", true);
    assert_int_equal(w.count, 8);
    look(&w, "", &(vd_unused_opts){ .identities_only = true, .as_of = 1770000000, .grace_days = 60, .age_days = 365 });
    check_has(&w, "never-used-credential ben access key 2", false);
    check_has(&w, "two-active-keys cat access keys", true);
    close_world(&w);
}

/* The log knows of a use that the report does not: it was made before. */
static void test_conflict(void **state)
{
    static const char report[] = HEADER
        "ann," ARN "user/ann," OLD ",false,N/A,N/A,N/A,true,true," OLD ",2025-06-01T00:00:00+00:00,eu-west-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n"
        "ben," ARN "user/ben," OLD ",true," NEW "," OLD ",N/A,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n";
    world w;

    (void)state;
    open_world(&w);
    fix_account(&w.f, "111111111111");
    event(&w, "user", "ann", "ec2", "DescribeInstances", 39);
    read_log(&w, report);
    look(&w, "", &(vd_unused_opts){ .identities_only = true });
    assert_int_equal(w.count, 0);
    close_world(&w);
}

/* ------------------------------------------------------------------ pieces */

static void test_breadth(void **state)
{
    static const struct {
        const char *pattern;
        uint32_t    breadth;
    } cases[] = {
        { "*", 4 },
        { "arn:aws:s3:::data", 1 },
        { "arn:aws:s3:::data/*", 2 },
        { "arn:aws:s3:::*-logs", 2 },
        { "arn:aws:s3:::*", 3 },
        { "arn:aws:iam::111111111111:role/*", 3 },
        { "arn:aws:iam::111111111111:role/ci-*", 2 },
        { "arn:aws:iam::*:role/*", 4 },
        { "arn:aws:iam::*:role/admin", 2 },
        { "arn:aws:lambda:eu-west-1:111111111111:function:*", 3 },
        { "arn:aws:sqs:eu-west-1:111111111111:*", 3 },
        { "arn:aws:*:eu-west-1:111111111111:*", 4 },
        { "arn:aws:iam::111111111111:user/${aws:username}", 2 },
        { "nonsense", 4 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (vd_pattern_breadth(vd_str_of(cases[i].pattern)) != cases[i].breadth)
            fail_msg("%s is %u", cases[i].pattern, vd_pattern_breadth(vd_str_of(cases[i].pattern)));
}

static void test_covers(void **state)
{
    vd_str arn = VD_S("arn:aws:s3:::data/ann/x");

    (void)state;
    assert_true(vd_pattern_covers(VD_S("*"), true, arn, true));
    assert_true(vd_pattern_covers(VD_S("arn:aws:s3:::data/*"), true, arn, true));
    assert_false(vd_pattern_covers(VD_S("arn:aws:s3:::date/*"), true, arn, false));
    assert_true(vd_pattern_covers(VD_S("arn:aws:s3:::data/${aws:username}/*"), true, arn, false));
    assert_false(vd_pattern_covers(VD_S("arn:aws:s3:::data/${aws:username}/*"), true, arn, true));
    assert_false(vd_pattern_covers(VD_S("arn:aws:s3:::data/?"), true, VD_S("arn:aws:s3:::data/*"), true));
}

static bool ignore(void *user, const vd_unused_finding *f)
{
    (void)user;
    (void)f;
    return true;
}

static void test_memory(void **state)
{
    world    w;
    uint32_t account;

    (void)state;
    open_world(&w);
    account = fix_account(&w.f, "111111111111");
    role(&w, account, "app", MIXED);
    fix_trust(&w.f, 0, "[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]");
    daily(&w, "role", "app");
    read_log(&w, HEADER "ann," ARN "user/ann," OLD ",true,no_information," OLD ",N/A,true,true," OLD ",N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n");
    look(&w, "", NULL);
    for (size_t n = 1;; n++) {
        failing_alloc  f = { .fail_at = n };
        vd_engine      engine = *w.engine;
        vd_holders    *h = NULL;
        vd_unused_opts opts = { .size = sizeof opts, .blind = true };
        vd_code        code;

        assert_int_equal(vd_holders_of_snapshot(&h, w.engine, &w.f.s, VD_S(""), NULL), VD_OK);
        engine.alloc = failing_allocator(&f);
        *(const vd_engine **)h = &engine; /* its first member */
        code = vd_unused(w.activity, h, &opts, ignore, NULL, NULL, NULL);
        *(const vd_engine **)h = w.engine;
        vd_holders_free(h);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
        assert_int_equal(code, VD_ENOMEM);
    }
    close_world(&w);
}

/* ------------------------------------------------------------------ fixes */

#define FILE_TEXT "{\"Version\": \"2012-10-17\", \"Statement\": " MIXED "}\n"

/* Keeps what test_fix asks about; texts live as long as the call. */
typedef struct fixing {
    const world      *w;
    vd_unused_fix     fix;
    vd_code           code;
    vd_error          err;
    int32_t           rule;
    const char       *item;   /* NULL: whatever */
    const vd_engine  *engine; /* of the fix */
} fixing;

static bool fix_it(void *user, const vd_unused_finding *f)
{
    fixing *x = user;

    if (f->rule != x->rule || (x->item && !vd_str_eq(f->item, vd_str_of(x->item))))
        return true;
    *(const vd_engine **)x->w->holders = x->engine; /* its first member */
    x->w->activity->engine = x->engine;
    x->code = vd_unused_fix_make(&x->fix, x->w->activity, x->w->holders, f, NULL, VD_S("f.json"), VD_S(FILE_TEXT), &x->err);
    *(const vd_engine **)x->w->holders = x->w->engine;
    x->w->activity->engine = x->w->engine;
    return false;
}

static void ask_fix(fixing *x, const world *w, int32_t rule, const char *item, const vd_engine *engine)
{
    vd_unused_opts opts = { .size = sizeof opts };

    *x = (fixing){ .w = w, .rule = rule, .item = item, .engine = engine, .fix = { .size = sizeof x->fix }, .err = { .size = sizeof x->err } };
    assert_int_equal(vd_unused(w->activity, w->holders, &opts, fix_it, x, NULL, NULL), VD_OK);
}

/* The file without what nobody uses, and with all that the finding is not about. */
static void check_fix(const world *w, int32_t rule, uint32_t actions, const char *text)
{
    vd_change_result r = { .size = sizeof r };
    fixing           x;

    ask_fix(&x, w, rule, NULL, w->engine);
    if (x.code != VD_OK || !x.fix.change)
        fail_msg("%s: %s %s", vd_unused_name(rule), x.err.text, x.fix.why_not);
    vd_change_result_of(x.fix.change, &r);
    assert_int_equal(x.fix.actions, actions);
    assert_int_equal(r.text.n, strlen(text));
    assert_memory_equal(r.text.p, text, r.text.n);
    vd_change_free(x.fix.change);
}

/* Whatever AWS says, it is held against what comes of it, which takes memory. */
#define RECOMMENDED                                                                                                               \
    "{\"startedAt\":\"2026-02-10T00:00:00Z\",\"completedAt\":\"2026-02-10T00:01:00Z\",\"resourceArn\":\"arn:aws:iam::111111111111:role/app\"," \
    "\"recommendationType\":\"UnusedPermissionRecommendation\",\"status\":\"SUCCEEDED\",\"recommendedSteps\":["                   \
    "{\"unusedPermissionsRecommendedStep\":{\"recommendedAction\":\"CREATE_POLICY\",\"existingPolicyId\":\"f.json\","              \
    "\"recommendedPolicy\":\"{\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":"  \
    "\\\"ec2:DescribeInstances\\\",\\\"Resource\\\":\\\"*\\\"}]}\"}},"                                                      \
    "{\"unusedPermissionsRecommendedStep\":{\"recommendedAction\":\"DETACH_POLICY\",\"existingPolicyId\":\"f.json\"}}]}"

static void test_fix(void **state)
{
    static const char *const who[] = { "arn:aws:iam::111111111111:role/app", "arn:aws:iam::111111111111:role/other" };
    world      w;
    vd_policy *p = NULL;
    vd_str     principals[2];
    fixing     x;

    (void)state;
    open_world(&w);
    daily(&w, "role", "app");
    event(&w, "role", "other", "sqs", "CreateQueue", 1);
    event(&w, "role", "other", "rds", "StopDBInstance", 1);
    read_log(&w, RECOMMENDED);
    principals[0] = vd_str_of(who[0]);
    principals[1] = vd_str_of(who[1]);
    assert_int_equal(vd_policy_parse(&p, w.engine, VD_KIND_IDENTITY, VD_S("f.json"), VD_S(FILE_TEXT), NULL, NULL), VD_OK);
    assert_int_equal(vd_holders_of_policies(&w.holders, w.engine, &p, 1, principals, 1, NULL), VD_OK);
    check_fix(&w, VD_UNUSED_STATEMENT, 2,
              "{\"Version\": \"2012-10-17\", \"Statement\": "
              "[{\"Sid\":\"Machines\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeInstances\",\"ec2:StartInstances\",\"rds:StopDBInstance\"],"
              "\"Resource\":\"*\"},"
              "{\"Sid\":\"Objects\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::data/*\"}]}\n");
    check_fix(&w, VD_UNUSED_SERVICE, 1,
              "{\"Version\": \"2012-10-17\", \"Statement\": "
              "[{\"Sid\":\"Queues\",\"Effect\":\"Allow\",\"Action\":[\"sqs:CreateQueue\",\"sqs:DeleteQueue\"],\"Resource\":\"*\"},"
              "{\"Sid\":\"Machines\",\"Effect\":\"Allow\",\"Action\":[\"ec2:DescribeInstances\",\"ec2:StartInstances\"],"
              "\"Resource\":\"*\"},"
              "{\"Sid\":\"Objects\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::data/*\"}]}\n");
    /* what one of the two uses is nothing to take away */
    vd_holders_free(w.holders);
    assert_int_equal(vd_holders_of_policies(&w.holders, w.engine, &p, 1, principals, 2, NULL), VD_OK);
    ask_fix(&x, &w, VD_UNUSED_SERVICE, "rds", w.engine);
    assert_int_equal(x.code, VD_OK);
    assert_non_null(x.fix.why_not);
    assert_null(x.fix.change);
    assert_true(*x.fix.why_not);
    vd_holders_free(w.holders);
    assert_int_equal(vd_holders_of_policies(&w.holders, w.engine, &p, 1, principals, 1, NULL), VD_OK);
    for (size_t n = 1;; n += 1 + n / 16) {
        failing_alloc f = { .fail_at = n };
        vd_engine     engine = *w.engine;

        engine.alloc = failing_allocator(&f);
        ask_fix(&x, &w, VD_UNUSED_STATEMENT, NULL, &engine);
        vd_change_free(x.fix.change);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
        assert_int_equal(x.code, VD_ENOMEM);
    }
    assert_int_equal(x.code, VD_OK);
    vd_policy_release(p);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),     cmocka_unit_test(test_not_granted), cmocka_unit_test(test_young),
        cmocka_unit_test(test_group),      cmocka_unit_test(test_permission_set), cmocka_unit_test(test_resources),
        cmocka_unit_test(test_trust),
        cmocka_unit_test(test_identities), cmocka_unit_test(test_gap),         cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_conflict),   cmocka_unit_test(test_breadth),     cmocka_unit_test(test_covers),
        cmocka_unit_test(test_memory),     cmocka_unit_test(test_fix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
