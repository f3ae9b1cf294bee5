/* SPDX-License-Identifier: Apache-2.0
 *
 * Records to uses: which actions an event stands for, whose they are and on what; and that it does not matter in how many
 * summaries the facts come, nor in which order.
 */
#include "memory.h"
#include "unit.h"

#include "failing_alloc.h"
#include "snapshot_fixture.h"

#include "activity/read.h"
#include "base/buf.h"
#include "usage/usage_int.h"

#include <stdio.h>

/* ------------------------------------------------------------------ made-up logs */

#define ROLE(name, id)                                                                                                        \
    "\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"" id ":s\",\"accountId\":\"111111111111\",\"arn\":"        \
    "\"arn:aws:sts::111111111111:assumed-role/" name "/s\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","        \
    "\"principalId\":\"" id "\",\"accountId\":\"111111111111\",\"arn\":\"arn:aws:iam::111111111111:role/team/" name "\"}}}"
#define CI ROLE("ci", "AROAEXAMPLE0000000001")

/* One record; more: its members beyond the usual ones, with a comma before. */
#define EVENT(who, source, name, day, more)                                                                                   \
    "{\"eventVersion\":\"1.08\"," who ",\"eventTime\":\"2026-03-" day "T09:01:07Z\",\"eventSource\":\"" source                \
    ".amazonaws.com\",\"eventName\":\"" name "\",\"awsRegion\":\"eu-west-1\",\"recipientAccountId\":\"111111111111\","        \
    "\"eventType\":\"AwsApiCall\"" more "}"
#define PARAMETERS(members) ",\"requestParameters\":{" members "}"
#define NONE ",\"requestParameters\":null"

static vd_engine *engine_on(const vd_allocator *alloc)
{
    vd_engine_opts opts = { .size = sizeof opts, .allocator = alloc, .hash_seed = 7 };
    vd_engine     *engine = NULL;

    return vd_engine_new(&engine, &opts, NULL) == VD_OK ? engine : NULL;
}

/* A summary of these records, each a unit of its own name. */
static vd_buf summary_of(const char *const *records, size_t count, size_t first)
{
    vd_engine *engine = engine_on(NULL);
    vd_usage  *u = NULL;
    vd_buf     out = vd_buf_on(vd_allocator_default(), 0);
    char       unit[24];

    assert_int_equal(vd_usage_new(&u, engine, NULL, NULL, NULL), VD_OK);
    for (size_t i = 0; i < count; i++) {
        snprintf(unit, sizeof unit, "unit-%zu", first + i);
        assert_int_equal(vd_usage_add_bytes(u, VD_USAGE_ANY, vd_str_of(unit), vd_str_of(records[i]), NULL), VD_OK);
    }
    assert_int_equal(vd_usage_write(u, NULL, 0, to_buf, &out, false, NULL), VD_OK);
    vd_usage_free(u);
    vd_engine_release(engine);
    return out;
}

static vd_code read_text(vd_activity_reader *r, vd_str text)
{
    memory          m = { text };
    vd_usage_source source = { from_memory, &m };

    return vd_activity_read(r, VD_S("test.vdu"), &source, false, NULL);
}

static vd_activity *activity_with(vd_engine *engine, const vd_activity_opts *opts, const char *const *records, size_t count)
{
    vd_activity_reader *r = NULL;
    vd_activity        *a = NULL;
    vd_error            err = { .size = sizeof err };
    vd_buf              text = summary_of(records, count, 0);

    if (vd_activity_reader_new(&r, engine, opts, &err) != VD_OK || read_text(r, vd_buf_str(&text)) != VD_OK ||
        vd_activity_finish(&a, r, &err) != VD_OK)
        fail_msg("%s", err.text);
    vd_activity_reader_free(r);
    vd_buf_done(&text);
    return a;
}

static void add_texts(vd_buf *b, const char *title, const vd_use_texts *t)
{
    if (!t->count && !t->more)
        return;
    vd_buf_printf(b, " %s", title);
    for (size_t i = 0; i < t->count; i++)
        vd_buf_printf(b, "%s" VD_F, i ? "," : "=", VD_A(t->at[i]));
    if (t->more)
        vd_buf_add(b, VD_S("+"));
}

/* One line a use: who, action, kind, count/errors/denied, resources. */
static vd_buf told(const vd_activity *a)
{
    static const char *const kinds[] = { "seen", "implied", "possible" };
    vd_buf                   b = vd_buf_on(vd_allocator_default(), 0);
    vd_actor                 who;
    vd_use                   u;

    for (uint32_t i = 0; vd_activity_actor(a, i, &who); i++) {
        vd_buf_printf(&b, VD_F " " VD_F "%s%s%s\n", VD_A(who.arn.n ? who.arn : who.kind), VD_A(who.id),
                      who.living ? "" : " gone", who.path_unknown ? " path?" : "", who.service_linked ? " linked" : "");
        for (uint32_t k = 0; vd_activity_use(a, i, k, &u); k++) {
            vd_buf_printf(&b, "  " VD_F " %s%s %llu/%llu/%llu", VD_A(u.action), kinds[u.kind], u.unmapped ? "?" : "",
                          (unsigned long long)u.count, (unsigned long long)u.errors, (unsigned long long)u.denied);
            add_texts(&b, "on", &u.resources);
            add_texts(&b, "denied", &u.denied_on);
            add_texts(&b, "to", &u.services);
            add_texts(&b, "via", &u.via);
            vd_buf_byte(&b, '\n');
        }
    }
    vd_buf_byte(&b, 0);
    return b;
}

static void expect_with(const vd_activity_opts *opts, const char *const *records, size_t count, const char *wanted)
{
    vd_engine   *engine = engine_on(NULL);
    vd_activity *a = activity_with(engine, opts, records, count);
    vd_buf       b = told(a);

    assert_string_equal(b.p, wanted);
    vd_buf_done(&b);
    vd_activity_release(a);
    vd_engine_release(engine);
}

/* What is certain of it: dependents are left out. */
static const vd_activity_opts bare = { .size = sizeof bare, .dependents = VD_DEPENDENTS_IGNORE };

#define EXPECT(wanted, ...) EXPECT_WITH(&bare, wanted, __VA_ARGS__)
#define EXPECT_WITH(opts, wanted, ...)                                      \
    do {                                                                    \
        static const char *const records_[] = { __VA_ARGS__ };              \
        expect_with(opts, records_, VD_COUNT(records_), wanted);            \
    } while (0)

#define THE_ROLE "arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000001\n"

/* ------------------------------------------------------------------ names */

static void names_of_events(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  lambda:UpdateFunctionCode seen 2/0/0 on=arn:aws:lambda:eu-west-1:111111111111:function:orders\n",
           EVENT(CI, "lambda", "UpdateFunctionCode20150331v2", "02",
                 PARAMETERS("\"functionName\":\"arn:aws:lambda:eu-west-1:111111111111:function:orders\"")),
           EVENT(CI, "lambda", "UpdateFunctionCode", "03",
                 PARAMETERS("\"functionName\":\"arn:aws:lambda:eu-west-1:111111111111:function:orders\"")));
    EXPECT(THE_ROLE "  access-analyzer:ListFindings seen 1/0/0 on+\n"
                    "  cloudwatch:DescribeAlarms seen 1/0/0 on+\n"
                    "  elasticbeanstalk:CreateStorageLocation seen 1/0/0 on=*\n"
                    "  s3:ListBucket seen 1/0/0 on=arn:aws:s3:::b\n",
           EVENT(CI, "access-analyzer", "ListFindingsV2", "02", NONE),
           EVENT(CI, "monitoring", "DescribeAlarms", "02", NONE),
           EVENT(CI, "elasticbeanstalk", "CreateStorageLocation", "02", NONE),
           EVENT(CI, "s3", "ListObjectsV2", "02",
                 NONE ",\"resources\":[{\"ARN\":\"arn:aws:s3:::b\",\"type\":\"AWS::S3::Bucket\"}]"));
}

static void unknown_names(void **unused)
{
    static const char *const records[] = { EVENT(CI, "s3", "FrobnicateBucket", "02", NONE),
                                           EVENT(CI, "nosuchservice", "Foo", "02", NONE),
                                           EVENT(CI, "nosuchservice", "Bar", "03", NONE) };
    vd_engine               *engine = engine_on(NULL);
    vd_activity             *a = activity_with(engine, &bare, records, VD_COUNT(records));
    uint32_t                 s3 = vd_catalog_find_service(vd_catalog_builtin(), VD_S("s3"));

    VD_UNUSED(unused);
    assert_int_equal(a->unmapped_count, 2);
    assert_true(vd_str_eq(a->unmapped[0].source, VD_S("nosuchservice")));
    assert_int_equal(a->unmapped[0].name.n, 0);
    assert_int_equal(a->unmapped[0].count, 2);
    assert_int_equal(a->unmapped[0].actors, 1);
    assert_true(vd_str_eq(a->unmapped[1].name, VD_S("FrobnicateBucket")));
    assert_true(a->actors[0].unmapped_source);
    assert_true(a->actors[0].unmapped[s3 / 64] >> s3 % 64 & 1);
    assert_int_equal(a->actors[0].actor.uses, 1);
    assert_true(vd_str_eq(a->uses[0].name, VD_S("s3:FrobnicateBucket")));
    assert_true(a->uses[0].unmapped);
    vd_activity_release(a);
    vd_engine_release(engine);
}

static void one_source_of_three(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  application-autoscaling:PutScalingPolicy seen 1/0/0 on+\n",
           EVENT(CI, "autoscaling", "PutScalingPolicy", "02", PARAMETERS("\"serviceNamespace\":\"ecs\"")));
    EXPECT(THE_ROLE "  autoscaling:PutScalingPolicy seen 1/0/0 on+\n",
           EVENT(CI, "autoscaling", "PutScalingPolicy", "02",
                 PARAMETERS("\"policyName\":\"p\"") ",\"apiVersion\":\"2011-01-01\""));
    EXPECT(THE_ROLE "  application-autoscaling:PutScalingPolicy possible 1/0/0 on+\n"
                    "  autoscaling:PutScalingPolicy possible 1/0/0 on+\n",
           EVENT(CI, "autoscaling", "PutScalingPolicy", "02", PARAMETERS("\"policyName\":\"p\"")));
}

/* ------------------------------------------------------------------ guards */

static void copies(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  s3:GetObjectVersion seen 1/0/0 on=arn:aws:s3:::from/k\n"
                    "  s3:PutObject seen 1/0/0 on=arn:aws:s3:::to/k\n"
                    "  s3:PutObjectAcl seen 1/0/0 on=arn:aws:s3:::to/k\n"
                    "  s3:PutObjectTagging seen 1/0/0 on=arn:aws:s3:::to/k\n",
           EVENT(CI, "s3", "CopyObject", "02",
                 PARAMETERS("\"bucketName\":\"to\",\"key\":\"k\",\"x-amz-acl\":\"private\",\"x-amz-tagging\":\"a=b\","
                            "\"x-amz-tagging-directive\":\"REPLACE\",\"x-amz-copy-source\":\"from/k?versionId=3\"") ","
                 "\"resources\":[{\"ARN\":\"arn:aws:s3:::to/k\"},{\"ARN\":\"arn:aws:s3:::to\"}]"));
}

static void guards_that_nobody_knows(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  s3-object-lambda:DeleteObject possible 1/0/0 on+\n"
                    "  s3-object-lambda:DeleteObjectVersion possible 1/0/0 on+\n"
                    "  s3:BypassGovernanceRetention possible 1/0/0 on+\n"
                    "  s3:DeleteObject possible 1/0/0 on+\n"
                    "  s3:DeleteObjectVersion possible 1/0/0 on+\n"
                    "  s3express:CreateSession possible 1/0/0 on+\n",
           EVENT(CI, "s3", "DeleteObject", "02", ",\"requestParameters\":{\"truncated\":true}"));
}

/* ------------------------------------------------------------------ outcomes */

static void outcomes(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  sqs:DeleteQueue seen 0/0/1 denied=arn:aws:sqs:eu-west-1:111111111111:q\n"
                    "  sqs:ListQueues seen 4/2/1 on=* denied=*\n",
           EVENT(CI, "sqs", "ListQueues", "02", NONE), EVENT(CI, "sqs", "ListQueues", "03", NONE),
           EVENT(CI, "sqs", "ListQueues", "04", NONE ",\"errorCode\":\"ThrottlingException\""),
           EVENT(CI, "sqs", "ListQueues", "04", NONE ",\"errorCode\":\"ValidationError\""),
           EVENT(CI, "sqs", "ListQueues", "04", NONE ",\"errorCode\":\"AccessDenied\""),
           EVENT(CI, "sqs", "ListQueues", "04", NONE ",\"errorCode\":\"ExpiredTokenException\""),
           EVENT(CI, "sqs", "DeleteQueue", "04",
                 NONE ",\"errorCode\":\"AccessDenied\",\"resources\":[{\"ARN\":\"arn:aws:sqs:eu-west-1:111111111111:q\"}]"));
}

/* ------------------------------------------------------------------ what no event shows */

static void passed_roles(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/exec to=lambda.amazonaws.com\n"
                    "  lambda:CreateFunction seen 1/0/0 on=arn:aws:lambda:eu-west-1:111111111111:function:f\n",
           EVENT(CI, "lambda", "CreateFunction20150331", "02",
                 PARAMETERS("\"functionName\":\"f\",\"role\":\"arn:aws:iam::111111111111:role/exec\"")));
    /* the role of another account is none that is passed; who is denied has not passed it */
    EXPECT(THE_ROLE "  glue:CreateJob seen 1/0/1 on=arn:aws:glue:eu-west-1:111111111111:job/* denied=arn:aws:glue:eu-west-1:111111111111:job/*\n",
           EVENT(CI, "glue", "CreateJob", "02", PARAMETERS("\"role\":\"arn:aws:iam::222222222222:role/exec\"")),
           EVENT(CI, "glue", "CreateJob", "03",
                 PARAMETERS("\"role\":\"arn:aws:iam::111111111111:role/exec\"") ",\"errorCode\":\"AccessDenied\""));
}

/* What the account has: a role in a profile of another name, and one with a path. */
static void profiles_of(fixture *f)
{
    static vd_snap_profile profiles[] = { { VD_L("web"), 0, 0 } };

    fix_account(f, "111111111111");
    fix_node(f, 0, VD_WHO_IS_ROLE, "app/server", NULL);
    fix_node(f, 0, VD_WHO_IS_ROLE, "build/maker", NULL);
    f->nodes[0].name = VD_S("server");
    f->nodes[1].name = VD_S("maker");
    fix_node(f, 0, VD_WHO_IS_ROLE, "team/ci", NULL);
    f->nodes[2].name = VD_S("ci");
    f->nodes[2].id = VD_S("AROAEXAMPLE0000000001");
    f->s.profiles = profiles;
    f->s.profile_count = VD_COUNT(profiles);
}

#define STARTED(profile)                                                                           \
    EVENT(CI, "ec2", "RequestSpotInstances", "02", PARAMETERS("\"iamInstanceProfile\":" profile))
#define STARTS "  ec2:RequestSpotInstances seen 1/0/0 on+\n"

/* Calls that give a role by its name, or an instance profile. */
static void roles_by_name(void **unused)
{
    vd_activity_opts opts = bare;
    vd_engine       *engine = engine_on(NULL);
    fixture          f;

    VD_UNUSED(unused);
    fix_open(&f, engine);
    profiles_of(&f);
    opts.snapshot = &f.s;
    EXPECT_WITH(&opts, THE_ROLE STARTS "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/app/server to=ec2.amazonaws.com\n",
                STARTED("{\"name\":\"web\"}"));
    EXPECT_WITH(&opts, THE_ROLE STARTS "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/app/server to=ec2.amazonaws.com\n",
                STARTED("{\"arn\":\"arn:aws:iam::111111111111:instance-profile/some/Web\"}"));
    /* nobody knows what is in it; without a snapshot, of none */
    EXPECT_WITH(&opts, THE_ROLE STARTS "  iam:PassRole implied 1/0/0 on+ to=ec2.amazonaws.com\n", STARTED("{\"name\":\"batch\"}"));
    EXPECT(THE_ROLE STARTS "  iam:PassRole implied 1/0/0 on+ to=ec2.amazonaws.com\n", STARTED("{\"name\":\"web\"}"));
    EXPECT_WITH(&opts,
                THE_ROLE "  codebuild:CreateProject seen 1/0/0 on=arn:aws:codebuild:eu-west-1:111111111111:project/p\n"
                         "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/build/maker to=codebuild.amazonaws.com\n",
                EVENT(CI, "codebuild", "CreateProject", "02", PARAMETERS("\"name\":\"p\",\"serviceRole\" : \"service-role/Maker\"")));
    /* of its path nobody knows; or it may be something else */
    EXPECT(THE_ROLE "  codebuild:CreateProject seen 1/0/0 on=arn:aws:codebuild:eu-west-1:111111111111:project/p\n"
                    "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/*/maker,arn:aws:iam::111111111111:role/maker+ "
                    "to=codebuild.amazonaws.com\n",
           EVENT(CI, "codebuild", "CreateProject", "02", PARAMETERS("\"name\":\"p\",\"serviceRole\":\"maker\"")));
    EXPECT_WITH(&opts,
                THE_ROLE "  codebuild:CreateProject seen 1/0/0 on=arn:aws:codebuild:eu-west-1:111111111111:project/p\n"
                         "  iam:PassRole possible 1/0/0 on=arn:aws:iam::111111111111:role/*/other,arn:aws:iam::111111111111:role/other+ "
                         "to=codebuild.amazonaws.com\n",
                EVENT(CI, "codebuild", "CreateProject", "02", PARAMETERS("\"name\":\"p\",\"serviceRole\":\"other\"")));
    /* IAM's own calls pass none, but for one; EMR's role of instances is a profile; reading passes nothing */
    EXPECT_WITH(&opts,
                THE_ROLE "  iam:AddRoleToInstanceProfile seen 1/0/0 on=arn:aws:iam::111111111111:instance-profile/*/web,"
                         "arn:aws:iam::111111111111:instance-profile/web+\n"
                         "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/build/maker to=ec2.amazonaws.com\n",
                EVENT(CI, "iam", "AddRoleToInstanceProfile", "02",
                      PARAMETERS("\"instanceProfileName\":\"web\",\"roleName\":\"maker\"")));
    EXPECT_WITH(&opts,
                THE_ROLE "  elasticmapreduce:RunJobFlow seen 1/0/0 on=*\n"
                         "  iam:PassRole implied 1/0/0 on=arn:aws:iam::111111111111:role/app/server,"
                         "arn:aws:iam::111111111111:role/build/maker "
                         "to=application-autoscaling.amazonaws.com,ec2.amazonaws.com,elasticmapreduce.amazonaws.com\n",
                EVENT(CI, "elasticmapreduce", "RunJobFlow", "02",
                      PARAMETERS("\"jobFlowRole\":\"web\",\"serviceRole\":\"maker\"")));
    EXPECT_WITH(&opts, THE_ROLE "  codebuild:CreateProject seen 1/0/0 on=arn:aws:codebuild:eu-west-1:111111111111:project/p\n",
                EVENT(CI, "codebuild", "CreateProject", "02",
                      PARAMETERS("\"name\":\"p\",\"serviceRole\":\"maker\"") ",\"readOnly\":true"));
    fix_close(&f);
    vd_engine_release(engine);
}

static void expect_asked(const char *const *records, size_t count, const char *wanted)
{
    vd_engine   *engine = engine_on(NULL);
    vd_activity *a = activity_with(engine, &bare, records, count);
    vd_buf       b = vd_buf_on(vd_allocator_default(), 0);
    vd_use       u = { .size = sizeof u };

    for (uint32_t i = 0; vd_activity_use(a, 0, i, &u); i++) {
        vd_buf_add(&b, u.action);
        add_texts(&b, "asked", &u.asked);
        vd_buf_byte(&b, '\n');
    }
    vd_buf_byte(&b, 0);
    assert_string_equal(b.p, wanted);
    vd_buf_done(&b);
    vd_activity_release(a);
    vd_engine_release(engine);
}
#define EXPECT_ASKED(wanted, ...)                                      \
    do {                                                               \
        static const char *const records_[] = { __VA_ARGS__ };         \
        expect_asked(records_, VD_COUNT(records_), wanted);            \
    } while (0)

/* Tags and encryption contexts, in the spellings of the services. */
static void what_calls_ask_under(void **unused)
{
    VD_UNUSED(unused);
    EXPECT_ASKED("sqs:CreateQueue asked={\"aws:RequestTag/a b\":\"\",\"aws:RequestTag/env\":\"pr\\\"od\"},{}\n"
                 "sqs:TagQueue asked={\"aws:RequestTag/a b\":\"\",\"aws:RequestTag/env\":\"pr\\\"od\"}\n",
                 EVENT(CI, "sqs", "CreateQueue", "02", PARAMETERS("\"tags\":{\"env\":\"pr\\\"od\",\"a b\":\"\"}")),
                 EVENT(CI, "sqs", "CreateQueue", "03", PARAMETERS("\"queueName\":\"q\"")));
    EXPECT_ASKED("kms:Decrypt asked={\"kms:EncryptionContext:app\":\"x\"},{}\n",
                 EVENT(CI, "kms", "Decrypt", "02", PARAMETERS("\"encryptionContext\":{\"app\":\"x\"}")),
                 EVENT(CI, "kms", "Decrypt", "03", PARAMETERS("\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\"")));
    EXPECT_ASKED("ec2:CreateTags asked={\"aws:RequestTag/a\":\"1\"},{\"aws:RequestTag/b\":\"2\"}\n"
                 "ec2:CreateVolume asked={\"aws:RequestTag/a\":\"1\"},{\"aws:RequestTag/b\":\"2\"}\n",
                 EVENT(CI, "ec2", "CreateVolume", "02",
                       PARAMETERS("\"tagSpecificationSet\":{\"items\":[{\"resourceType\":\"volume\",\"tags\":[{\"key\":\"a\",\"value\":\"1\"}]},"
                                  "{\"resourceType\":\"snapshot\",\"tags\":[{\"key\":\"b\",\"value\":\"2\"}]}]}")));
    /* keys alone; what cannot be read; parameters that are not there */
    EXPECT_ASKED("sqs:UntagQueue asked={\"aws:RequestTag/env\":null}\n",
                 EVENT(CI, "sqs", "UntagQueue", "02", PARAMETERS("\"tagKeys\":[\"env\"]")));
    EXPECT_ASKED("sqs:CreateQueue asked+\nsqs:TagQueue asked+\n",
                 EVENT(CI, "sqs", "CreateQueue", "02", PARAMETERS("\"tags\":[7]")));
    EXPECT_ASKED("kms:Decrypt asked+\n", "{\"eventVersion\":\"1.08\"," CI ",\"eventTime\":\"2026-03-02T09:01:07Z\",\"eventSource\":"
                 "\"kms.amazonaws.com\",\"eventName\":\"Decrypt\",\"awsRegion\":\"eu-west-1\",\"recipientAccountId\":\"111111111111\"}");
}

static void dependents(void **unused)
{
    static const char *const run[] = { EVENT(CI, "ecs", "RunTask", "02", PARAMETERS("\"taskDefinition\":\"web\"")) };
    vd_activity_opts         keep = { .size = sizeof keep };
    vd_engine               *engine = engine_on(NULL);
    vd_activity             *a = activity_with(engine, &keep, run, 1);
    vd_use                   u;

    VD_UNUSED(unused);
    assert_true(vd_activity_use_of(a, 0, vd_catalog_find(vd_catalog_builtin(), VD_S("iam:PassRole")), &u));
    assert_int_equal(u.kind, VD_USE_POSSIBLE);
    assert_true(u.resources.more);
    assert_int_equal(u.resources.count, 0);
    vd_activity_release(a);
    vd_engine_release(engine);
}

static void what_needs_nothing(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE, EVENT(CI, "sts", "GetCallerIdentity", "02", NONE));
}

/* ------------------------------------------------------------------ who */

#define SESSION_ALONE                                                                                                    \
    "\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE0000000001:s\",\"accountId\":\"111111111111\"," \
    "\"arn\":\"arn:aws:sts::111111111111:assumed-role/ci/s\"}"

static void without_issuer(void **unused)
{
    VD_UNUSED(unused);
    EXPECT("arn:aws:iam::111111111111:role/ci AROAEXAMPLE0000000001 path?\n  sqs:ListQueues seen 1/0/0 on=*\n",
           EVENT(SESSION_ALONE, "sqs", "ListQueues", "02", NONE));
    EXPECT(THE_ROLE "  sqs:ListQueues seen 2/0/0 on=*\n", EVENT(SESSION_ALONE, "sqs", "ListQueues", "02", NONE),
           EVENT(CI, "sqs", "ListQueues", "02", NONE));
}

#define TWO_LIVES                                                                        \
    EVENT(ROLE("ci", "AROAEXAMPLE0000000001"), "sqs", "ListQueues", "02", NONE),         \
    EVENT(ROLE("ci", "AROAEXAMPLE0000000002"), "sns", "ListTopics", "09", NONE)

static void made_anew(void **unused)
{
    vd_activity_opts opts = bare;
    vd_engine       *engine = engine_on(NULL);
    fixture          f;

    VD_UNUSED(unused);
    EXPECT("arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000001 gone\n  sqs:ListQueues seen 1/0/0 on=*\n"
           "arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000002\n  sns:ListTopics seen 1/0/0 on=*\n",
           TWO_LIVES);
    fix_open(&f, engine);
    fix_account(&f, "111111111111");
    opts.snapshot = &f.s;
    /* nobody of that name is left */
    EXPECT_WITH(&opts,
                "arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000001 gone\n  sqs:ListQueues seen 1/0/0 on=*\n"
                "arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000002 gone\n  sns:ListTopics seen 1/0/0 on=*\n",
                TWO_LIVES);
    f.nodes[f.s.node_count] = (vd_snap_node){ .arn = VD_S("arn:aws:iam::111111111111:role/other/ci"), .name = VD_S("ci"),
                                              .path = VD_S("/other/"), .id = VD_S("AROAEXAMPLE0000000001"),
                                              .kind = VD_WHO_IS_ROLE };
    f.accounts[0].nodes.count++;
    f.s.node_count++;
    EXPECT_WITH(&opts,
                "arn:aws:iam::111111111111:role/other/ci AROAEXAMPLE0000000001\n  sqs:ListQueues seen 1/0/0 on=*\n"
                "arn:aws:iam::111111111111:role/team/ci AROAEXAMPLE0000000002 gone\n  sns:ListTopics seen 1/0/0 on=*\n",
                TWO_LIVES);
    fix_close(&f);
    vd_engine_release(engine);
}

static void found_by_arn(void **unused)
{
    static const char *const records[] = { TWO_LIVES };
    vd_engine               *engine = engine_on(NULL);
    vd_activity             *a = activity_with(engine, &bare, records, VD_COUNT(records));

    VD_UNUSED(unused);
    assert_int_equal(vd_activity_find(a, VD_S("arn:aws:iam::111111111111:role/team/ci")), 1);
    assert_int_equal(vd_activity_find(a, VD_S("arn:aws:sts::111111111111:assumed-role/ci/x")), 1);
    assert_int_equal(vd_activity_find(a, VD_S("arn:aws:iam::111111111111:role/team/cd")), VD_NO_INDEX);
    assert_int_equal(vd_activity_find(a, VD_S("arn:aws:iam::111111111111:user/ci")), VD_NO_INDEX);
    assert_int_equal(vd_activity_find(a, VD_S("ci")), VD_NO_INDEX);
    vd_activity_release(a);
    vd_engine_release(engine);
}

static void permission_sets(void **unused)
{
    static const char *const records[] = { EVENT(ROLE("AWSReservedSSO_Ad_min_0123456789abcdef", "AROAEXAMPLE0000000003"), "sqs",
                                                 "ListQueues", "02", NONE) };
    vd_engine               *engine = engine_on(NULL);
    vd_activity             *a = activity_with(engine, &bare, records, 1);

    VD_UNUSED(unused);
    assert_true(vd_str_eq(a->actors[0].actor.permission_set, VD_S("Ad_min")));
    vd_activity_release(a);
    vd_engine_release(engine);
}

#define OWNERS_COPY                                                                                               \
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"AROAEXAMPLE0000000001:s\"," \
    "\"accountId\":\"111111111111\"},\"eventTime\":\"2026-03-02T09:01:07Z\",\"eventSource\":\"kms.amazonaws.com\","     \
    "\"eventName\":\"Decrypt\",\"awsRegion\":\"eu-west-1\",\"recipientAccountId\":\"222222222222\","                    \
    "\"eventType\":\"AwsApiCall\",\"requestParameters\":null,"                                                          \
    "\"resources\":[{\"ARN\":\"arn:aws:kms:eu-west-1:222222222222:key/k\"}]}"

static void two_copies(void **unused)
{
    VD_UNUSED(unused);
    EXPECT(THE_ROLE "  kms:Decrypt seen 1/0/0 on=arn:aws:kms:eu-west-1:222222222222:key/k\n",
           EVENT(CI, "kms", "Decrypt", "02", NONE ",\"resources\":[{\"ARN\":\"arn:aws:kms:eu-west-1:222222222222:key/k\"}]"),
           OWNERS_COPY);
    EXPECT("account AROAEXAMPLE0000000001\n  kms:Decrypt seen 1/0/0 on=arn:aws:kms:eu-west-1:222222222222:key/k\n",
           OWNERS_COPY);
}

/* ------------------------------------------------------------------ rows of the caller's own */

static void rows_of_ones_own(void **unused)
{
    static const char *const event[] = { EVENT(CI, "s3", "FrobnicateBucket", "02", NONE) };
    vd_activity_opts         opts = bare;

    VD_UNUSED(unused);
    opts.rows = VD_S("source\tevent\twhen\taction\tresource\ns3\tFrobnicateBucket\t\ts3:PutBucketPolicy\t\n"
                     "s3\tFrobnicateBucket\t\t+?s3:PutBucketAcl\n");
    expect_with(&opts, event, 1, THE_ROLE "  s3:PutBucketAcl possible 1/0/0 on+\n  s3:PutBucketPolicy seen 1/0/0 on+\n");
}

static void bad_rows(void **unused)
{
    static const struct {
        const char *text, *says, *hint;
        uint32_t    line, column;
    } bad[] = {
        { "s3\tX", "2 columns", "", 1, 1 },
        { "s3\tX\t\ts3:GetObjekt", "s3 has no action \"GetObjekt\"", "did you mean \"GetObject\"?", 1, 10 },
        { "# x\n\ns3\tX\tnever-kept\ts3:GetObject", "summaries do not remember \"never-kept\"", "", 3, 6 },
        { "s3\tX\t\ts4:GetObject", "no service has the prefix \"s4\"", "did you mean \"s3\"?", 1, 7 },
        { "s3\tX\t\tGetObject", "\"GetObject\" is no action", "", 1, 7 },
        { "s 3\tX\t\ts3:GetObject", "\"s 3\" is no event source", "", 1, 1 },
        { "s3\t\t\ts3:GetObject", "\"\" is no name of an event", "", 1, 4 },
        { "s3\tX\t\ts3:=", "s3 has no action \"X\"", "", 1, 4 },
        { "s3\tX\t\ts3:GetObject\t\t\t\t", "7 columns", "", 1, 1 },
        { "s3\t\xff\t\ts3:GetObject", "this is not UTF-8", "", 1, 4 },
    };
    vd_engine *engine = engine_on(NULL);

    VD_UNUSED(unused);
    for (size_t i = 0; i < VD_COUNT(bad); i++) {
        vd_activity_opts    opts = { .size = sizeof opts, .rows = vd_str_of(bad[i].text), .rows_name = VD_S("m.tsv") };
        vd_activity_reader *r = NULL;
        vd_error            err = { .size = sizeof err };

        assert_int_not_equal(vd_activity_reader_new(&r, engine, &opts, &err), VD_OK);
        assert_null(r);
        if (!strstr(err.text, bad[i].says) || strcmp(err.hint, bad[i].hint) != 0)
            fail_msg("%zu: %s; %s", i, err.text, err.hint);
        assert_int_equal(err.at.line, bad[i].line);
        assert_int_equal(err.at.column, bad[i].column);
        assert_true(vd_str_eq(err.at.file, VD_S("m.tsv")));
    }
    vd_engine_release(engine);
}

/* ------------------------------------------------------------------ laws */

static const char *const many[] = {
    TWO_LIVES,
    OWNERS_COPY,
    EVENT(CI, "kms", "Decrypt", "02", NONE ",\"resources\":[{\"ARN\":\"arn:aws:kms:eu-west-1:222222222222:key/k\"}]"),
    EVENT(CI, "lambda", "CreateFunction20150331", "05",
          PARAMETERS("\"functionName\":\"f\",\"role\":\"arn:aws:iam::111111111111:role/exec\",\"tags\":{\"a\":\"b\"}")),
    EVENT(SESSION_ALONE, "sqs", "ListQueues", "06", NONE ",\"errorCode\":\"AccessDenied\""),
    EVENT(CI, "s3", "GetObject", "07", NONE ",\"resources\":[{\"ARN\":\"arn:aws:s3:::a/1\"},{\"ARN\":\"arn:aws:s3:::a\"}]"),
    EVENT(CI, "s3", "GetObject", "08", NONE ",\"resources\":[{\"ARN\":\"arn:aws:s3:::a/2\"},{\"ARN\":\"arn:aws:s3:::a\"}]"),
    EVENT(CI, "ec2", "RunInstances", "08", PARAMETERS("\"imageId\":\"ami-1\"")),
    EVENT(CI, "s3", "FrobnicateBucket", "02", NONE),
};

/* Everything that an activity tells, and what the logs show. */
static vd_buf all_of(const vd_activity *a)
{
    vd_buf b = told(a);

    for (uint32_t i = 0; i < a->event_count; i++) {
        const vd_act_event *e = &a->events[i];

        vd_buf_printf(&b, VD_F " " VD_F " " VD_F " " VD_F " %llu %llx", VD_A(e->account), VD_A(e->region), VD_A(e->source),
                      VD_A(e->name), (unsigned long long)e->count, (unsigned long long)e->days[0]);
        for (uint32_t k = 0; k < e->actions; k++)
            vd_buf_printf(&b, " %u", a->event_actions[e->first_action + k]);
        vd_buf_byte(&b, '\n');
    }
    for (uint32_t i = 0; i < a->use_count; i++)
        vd_buf_printf(&b, VD_F " %llx %lld %lld\n", VD_A(a->uses[i].name), (unsigned long long)a->uses[i].days[0],
                      (long long)a->uses[i].first, (long long)a->uses[i].last);
    vd_buf_printf(&b, "%llu %llu %lld %lld\n", (unsigned long long)a->units, (unsigned long long)a->unit_events,
                  (long long)a->from, (long long)a->to);
    return b;
}

static vd_buf read_parts(vd_engine *engine, const vd_buf *parts, const size_t *order, size_t count)
{
    vd_activity_reader *r = NULL;
    vd_activity        *a = NULL;
    vd_buf              b;

    assert_int_equal(vd_activity_reader_new(&r, engine, NULL, NULL), VD_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(read_text(r, vd_buf_str(&parts[order[i]])), VD_OK);
    assert_int_equal(vd_activity_finish(&a, r, NULL), VD_OK);
    vd_activity_reader_free(r);
    b = all_of(a);
    vd_activity_release(a);
    return b;
}

static void parts_and_order(void **unused)
{
    vd_engine *engine = engine_on(NULL);
    vd_buf     whole = summary_of(many, VD_COUNT(many), 0), wanted, parts[VD_COUNT(many)];
    size_t     order[VD_COUNT(many)];

    VD_UNUSED(unused);
    wanted = read_parts(engine, &whole, (size_t[]){ 0 }, 1);
    assert_true(wanted.n > 500);
    for (size_t i = 0; i < VD_COUNT(many); i++)
        parts[i] = summary_of(&many[i], 1, i);
    for (size_t turn = 0; turn < VD_COUNT(many); turn++) {
        vd_buf got;

        for (size_t i = 0; i < VD_COUNT(many); i++)
            order[i] = (i * 3 + turn) % VD_COUNT(many); /* 3 and 10 have no common divisor */
        got = read_parts(engine, parts, order, VD_COUNT(many));
        assert_true(vd_str_eq(vd_buf_str(&got), vd_buf_str(&wanted)));
        vd_buf_done(&got);
    }
    for (size_t i = 0; i < VD_COUNT(many); i++)
        vd_buf_done(&parts[i]);
    vd_buf_done(&wanted);
    vd_buf_done(&whole);
    vd_engine_release(engine);
}

/* What one of many may need besides is added while all are walked. */
static void many_actors(void **unused)
{
    enum { MANY = 300 };
    vd_activity_opts keep = { .size = sizeof keep };
    vd_engine       *engine = engine_on(NULL);
    char             records[MANY][900];
    const char      *list[MANY];
    vd_activity     *a;
    vd_use           u;

    VD_UNUSED(unused);
    for (size_t i = 0; i < MANY; i++) {
        snprintf(records[i], sizeof records[i], EVENT(ROLE("r%zu", "AROA%zu"), "ecs", "RunTask", "02", NONE), i, i, i, i);
        list[i] = records[i];
    }
    a = activity_with(engine, &keep, list, MANY);
    assert_int_equal(vd_activity_actors(a), MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        assert_true(vd_activity_use_of(a, i, vd_catalog_find(vd_catalog_builtin(), VD_S("ecs:RunTask")), &u));
        assert_int_equal(u.kind, VD_USE_SEEN);
        assert_true(vd_activity_use_of(a, i, vd_catalog_find(vd_catalog_builtin(), VD_S("iam:PassRole")), &u));
        assert_int_equal(u.kind, VD_USE_POSSIBLE);
        assert_int_equal(u.count, 1);
    }
    vd_activity_release(a);
    vd_engine_release(engine);
}

static void the_same_twice(void **unused)
{
    vd_engine          *engine = engine_on(NULL);
    vd_buf              text = summary_of(many, VD_COUNT(many), 0);
    vd_activity_reader *r = NULL;
    vd_activity        *a = NULL;

    VD_UNUSED(unused);
    assert_int_equal(vd_activity_reader_new(&r, engine, NULL, NULL), VD_OK);
    for (uint32_t twice = 0; twice < 2; twice++) {
        for (uint32_t i = 0; i <= twice; i++)
            assert_int_equal(read_text(r, vd_buf_str(&text)), VD_OK);
        assert_int_equal(vd_activity_finish(&a, r, NULL), VD_OK);
        assert_int_equal(a->overlaps, twice * VD_COUNT(many));
        assert_int_equal(a->units, VD_COUNT(many));
        vd_activity_release(a);
    }
    vd_activity_reader_free(r);
    vd_buf_done(&text);
    vd_engine_release(engine);
}

static void windows(void **unused)
{
    vd_activity_opts opts = bare;

    VD_UNUSED(unused);
    opts.from = 1772496000; /* 2026-03-03 */
    opts.to = 1772582400;
    EXPECT_WITH(&opts, THE_ROLE "  sns:ListTopics seen 1/0/0 on=*\n", EVENT(CI, "sns", "ListTopics", "03", NONE),
                EVENT(CI, "sqs", "ListQueues", "02", NONE), EVENT(CI, "sqs", "DeleteQueue", "04", NONE));
}

static vd_code the_path(const vd_allocator *alloc, vd_str text)
{
    vd_engine          *engine = engine_on(alloc);
    vd_activity_opts    opts = { .size = sizeof opts, .rows = VD_S("s3\tFrobnicateBucket\t\ts3:PutBucketPolicy\n") };
    vd_activity_reader *r = NULL;
    vd_activity        *a = NULL;
    vd_code             code;

    if (!engine)
        return VD_ENOMEM;
    code = vd_activity_reader_new(&r, engine, &opts, NULL);
    if (code == VD_OK)
        code = read_text(r, text);
    if (code == VD_OK)
        code = vd_activity_finish(&a, r, NULL);
    vd_activity_reader_free(r);
    vd_activity_release(a);
    vd_engine_release(engine);
    return code;
}

static void no_memory(void **unused)
{
    vd_buf text = summary_of(many, VD_COUNT(many), 0);

    VD_UNUSED(unused);
    for (size_t n = 1;; n++) {
        failing_alloc f = { .fail_at = n };
        vd_allocator  alloc = failing_allocator(&f);
        vd_code       code = the_path(&alloc, vd_buf_str(&text));

        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed) {
            assert_int_equal(code, VD_OK);
            break;
        }
        assert_int_equal(code, VD_ENOMEM);
    }
    vd_buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_events), cmocka_unit_test(unknown_names),   cmocka_unit_test(one_source_of_three),
        cmocka_unit_test(copies),          cmocka_unit_test(guards_that_nobody_knows),
        cmocka_unit_test(outcomes),        cmocka_unit_test(passed_roles),
        cmocka_unit_test(roles_by_name),   cmocka_unit_test(what_calls_ask_under),   cmocka_unit_test(dependents),
        cmocka_unit_test(what_needs_nothing), cmocka_unit_test(without_issuer), cmocka_unit_test(made_anew),
        cmocka_unit_test(found_by_arn),    cmocka_unit_test(permission_sets), cmocka_unit_test(two_copies),
        cmocka_unit_test(rows_of_ones_own), cmocka_unit_test(bad_rows),       cmocka_unit_test(parts_and_order),
        cmocka_unit_test(many_actors),     cmocka_unit_test(the_same_twice),     cmocka_unit_test(windows),       cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
