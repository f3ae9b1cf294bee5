/* SPDX-License-Identifier: Apache-2.0
 *
 * What one principal of a snapshot may do: who it is and what it holds are known, the rest of the request is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyze/effective.h"
#include "snapshot_fixture.h"

#include "base/engine.h"

#include <verdict/engine.h>

typedef struct world {
    vd_engine    *engine;
    fixture       f;
    uint32_t      z, x;
    vd_effective *e;
} world;

static void open_world(world *w)
{
    vd_error err = { .size = sizeof err };

    assert_int_equal(vd_engine_new(&w->engine, NULL, &err), VD_OK);
    fix_open(&w->f, w->engine);
    w->z = fix_account(&w->f, "111122223333");
    w->x = fix_account(&w->f, "444455556666");
    w->e = NULL;
}

static void close_world(world *w)
{
    vd_effective_free(w->e);
    fix_close(&w->f);
    vd_engine_release(w->engine);
}

static vd_can ask_with(world *w, uint32_t node, const char *action, const char *resource, bool always)
{
    vd_error      err = { .size = sizeof err };
    vd_str        pattern = vd_str_of(resource ? resource : "");
    vd_identity   who = { .node = node, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE };
    vd_asked_call call = { .action = vd_str_of(action), .resources = &pattern, .resource_count = resource ? 1 : 0, .resource = VD_NONE,
                           .always = always };
    vd_can        can;
    vd_code       code;

    if (!w->e)
        assert_int_equal(vd_effective_new(&w->e, &w->f.s, NULL, &err), VD_OK);
    code = vd_effective_can(&can, w->e, &who, &call, !always, &err);
    if (code != VD_OK)
        fail_msg("%s on %s: %s", action, resource ? resource : "anything", err.text);
    if (can.answer == VD_SAT && !vd_effective_may(w->e, node, vd_str_of(action)))
        fail_msg("%s: the mask says it cannot", action);
    return can;
}

static bool can(world *w, uint32_t node, const char *action, const char *resource)
{
    vd_can c = ask_with(w, node, action, resource, false);

    assert_int_not_equal(c.answer, VD_UNKNOWN);
    assert_true(c.answer == VD_UNSAT || c.witness);
    return c.answer == VD_SAT;
}

static bool always(world *w, uint32_t node, const char *action, const char *resource)
{
    return ask_with(w, node, action, resource, true).answer == VD_SAT;
}

#define BUCKET "arn:aws:s3:::b"
#define ALLOW(action, resource) "[{\"Effect\":\"Allow\",\"Action\":\"" action "\",\"Resource\":\"" resource "\"}]"

static void test_layers(void **state)
{
    world    w;
    uint32_t ann, bob;

    (void)state;
    open_world(&w);
    fix_guard(&w.f, w.z, true, "[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"Action\":\"s3:GetBucketAcl\",\"Resource\":\"*\"}]");
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", ALLOW("s3:*", "*"));
    fix_boundary(&w.f, ann, ALLOW("s3:Get*", "*"));
    bob = fix_node(&w.f, w.z, VD_WHO_IS_USER, "bob", NULL);
    fix_resource(&w.f, w.z, BUCKET, "AWS::S3::Bucket", NULL);
    assert_true(can(&w, ann, "s3:GetObject", BUCKET "/a"));
    assert_true(always(&w, ann, "s3:GetObject", BUCKET "/a"));
    assert_false(can(&w, ann, "s3:PutObject", BUCKET "/a"));
    assert_false(can(&w, ann, "s3:GetBucketAcl", BUCKET));
    assert_false(vd_effective_may(w.e, ann, VD_S("s3:GetBucketAcl")));
    assert_false(vd_effective_may(w.e, ann, VD_S("s3:PutObject")));
    assert_true(can(&w, ann, "s3:Get*", BUCKET));
    assert_false(can(&w, ann, "s3:Put*", BUCKET));
    assert_false(can(&w, bob, "s3:GetObject", BUCKET "/a"));
    close_world(&w);
}

/* Scenario 68. */
static void test_named_by_the_bucket(void **state)
{
    world    w;
    uint32_t ann, role, session;

    (void)state;
    open_world(&w);
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", NULL);
    fix_boundary(&w.f, ann, ALLOW("sqs:*", "*"));
    role = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "r", NULL);
    fix_boundary(&w.f, role, ALLOW("sqs:*", "*"));
    session = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "s", NULL);
    fix_boundary(&w.f, session, ALLOW("sqs:*", "*"));
    fix_resource(&w.f, w.z, BUCKET, "AWS::S3::Bucket",
                 "[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\",\"Principal\":{\"AWS\":["
                 "\"arn:aws:iam::111122223333:user/ann\",\"arn:aws:iam::111122223333:role/r\","
                 "\"arn:aws:sts::111122223333:assumed-role/s/x\"]}}]");
    assert_true(can(&w, ann, "s3:GetObject", BUCKET "/a"));
    assert_true(always(&w, ann, "s3:GetObject", BUCKET "/a"));
    assert_false(can(&w, role, "s3:GetObject", BUCKET "/a"));
    assert_true(can(&w, session, "s3:GetObject", BUCKET "/a"));
    assert_false(always(&w, session, "s3:GetObject", BUCKET "/a"));
    close_world(&w);
}

/* Scenario 69. */
static void test_tags(void **state)
{
    world       w;
    uint32_t    ann, bob, role, open;
    vd_can      c;
    const char *all = ALLOW("s3:*", "*");

    (void)state;
    open_world(&w);
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", all);
    fix_tag(&w.f, ann, "clear", "yes");
    bob = fix_node(&w.f, w.z, VD_WHO_IS_USER, "bob", all);
    role = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "fixed", all);
    fix_trust(&w.f, role, "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"}}]");
    open = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "open", all);
    fix_trust(&w.f, open, "[{\"Effect\":\"Allow\",\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\"],\"Principal\":{\"AWS\":\"111122223333\"}}]");
    fix_resource(&w.f, w.z, BUCKET, "AWS::S3::Bucket",
                 "[{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::b/secret/*\",\"Principal\":\"*\","
                 "\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalTag/clear\":\"yes\"}}}]");
    assert_true(can(&w, ann, "s3:GetObject", BUCKET "/secret/*"));
    assert_true(always(&w, ann, "s3:GetObject", BUCKET "/secret/*"));
    assert_false(can(&w, bob, "s3:GetObject", BUCKET "/secret/*"));
    assert_false(can(&w, role, "s3:GetObject", BUCKET "/secret/*"));
    assert_true(can(&w, open, "s3:GetObject", BUCKET "/secret/*"));
    assert_false(always(&w, open, "s3:GetObject", BUCKET "/secret/*"));
    c = ask_with(&w, open, "s3:GetObject", BUCKET "/secret/*", false);
    assert_int_equal(c.require_count, 1);
    assert_true(vd_str_eq(c.requirements[0].key, VD_S("aws:PrincipalTag/clear")));
    assert_true(can(&w, bob, "s3:GetObject", BUCKET "/*"));
    close_world(&w);
}

static void test_other_accounts(void **state)
{
    world    w;
    uint32_t ann, far, root, linked;

    (void)state;
    open_world(&w);
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", ALLOW("*", "*"));
    root = fix_node(&w.f, w.z, VD_WHO_IS_ROOT, NULL, NULL);
    linked = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX", ALLOW("sqs:*", "*"));
    far = fix_node(&w.f, w.x, VD_WHO_IS_USER, "far", ALLOW("*", "*"));
    fix_guard(&w.f, w.z, true, ALLOW("sqs:SendMessage", "*"));
    fix_resource(&w.f, w.z, "arn:aws:kms:us-east-1:111122223333:key/k", "AWS::KMS::Key",
                 "[{\"Effect\":\"Allow\",\"Action\":\"kms:*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":\"444455556666\"}}]");
    fix_resource(&w.f, w.z, "arn:aws:sqs:us-east-1:111122223333:open", "AWS::SQS::Queue",
                 "[{\"Effect\":\"Allow\",\"Action\":\"sqs:*\",\"Resource\":\"*\",\"Principal\":{\"AWS\":\"444455556666\"}}]");
    fix_resource(&w.f, w.z, "arn:aws:sqs:us-east-1:111122223333:q", "AWS::SQS::Queue", NULL);
    assert_true(can(&w, ann, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_false(can(&w, ann, "sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_true(can(&w, linked, "sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_true(can(&w, root, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_false(can(&w, root, "sqs:ReceiveMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_false(can(&w, far, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"));
    assert_true(can(&w, far, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:open"));
    assert_true(can(&w, far, "sqs:SendMessage", "arn:aws:sqs:*:111122223333:*"));
    assert_true(can(&w, far, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"));
    assert_false(can(&w, ann, "kms:Decrypt", "arn:aws:kms:us-east-1:111122223333:key/k"));
    assert_true((ask_with(&w, far, "sqs:SendMessage", "arn:aws:sqs:us-east-1:444455556666:other", false).flags &
                 VD_FLAG_RESOURCE_POLICY_NOT_GIVEN) != 0);
    close_world(&w);
}

static void test_roles(void **state)
{
    world    w;
    uint32_t ann, bob, far, admin;

    (void)state;
    open_world(&w);
    admin = fix_node(&w.f, w.z, VD_WHO_IS_ROLE, "admin", ALLOW("*", "*"));
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", ALLOW("sts:AssumeRole", "*"));
    bob = fix_node(&w.f, w.z, VD_WHO_IS_USER, "bob", NULL);
    far = fix_node(&w.f, w.x, VD_WHO_IS_USER, "far", ALLOW("sts:*", "*"));
    fix_trust(&w.f, admin, "[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},"
                          "\"Condition\":{\"Bool\":{\"aws:MultiFactorAuthPresent\":\"true\"}}}]");
    assert_true(can(&w, ann, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"));
    assert_false(always(&w, ann, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"));
    assert_int_equal(ask_with(&w, ann, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin", false).require_count, 1);
    assert_false(can(&w, bob, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"));
    assert_false(can(&w, far, "sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"));
    assert_true(can(&w, admin, "iam:PassRole", "arn:aws:iam::111122223333:role/admin"));
    assert_true(can(&w, admin, "iam:CreateUser", NULL));
    assert_false(can(&w, ann, "iam:CreateUser", NULL));
    close_world(&w);
}

/* Scenario 77. */
static void test_unbound(void **state)
{
    world    w;
    uint32_t ann, linked, role;

    (void)state;
    open_world(&w);
    w.f.accounts[w.z].management = VD_CERTAIN_YES;
    ann = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", ALLOW("*", "*"));
    linked = fix_node(&w.f, w.x, VD_WHO_IS_ROLE, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX", ALLOW("s3:*", "*"));
    role = fix_node(&w.f, w.x, VD_WHO_IS_ROLE, "r", ALLOW("s3:*", "*"));
    fix_guard(&w.f, w.z, true, "[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}]");
    fix_guard(&w.f, w.x, true, "[{\"Effect\":\"Deny\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"},{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]");
    fix_guard(&w.f, w.x, false, "[{\"Effect\":\"Deny\",\"Action\":\"s3:PutObject\",\"Resource\":\"*\",\"Principal\":\"*\"}]");
    fix_resource(&w.f, w.x, BUCKET, "AWS::S3::Bucket", NULL);
    assert_true(can(&w, ann, "iam:CreateUser", NULL));
    assert_true(can(&w, linked, "s3:GetObject", BUCKET "/a"));
    assert_true(can(&w, linked, "s3:PutObject", BUCKET "/a"));
    assert_false(can(&w, role, "s3:GetObject", BUCKET "/a"));
    assert_false(can(&w, role, "s3:PutObject", BUCKET "/a"));
    assert_true(can(&w, role, "s3:DeleteObject", BUCKET "/a"));
    close_world(&w);
}

/* What happens on a path: everything is held, a limit is gone, another version of a policy is the default. */
static vd_answer changed(world *w, vd_identity who, const char *action)
{
    vd_error      err = { .size = sizeof err };
    vd_asked_call call = { .action = vd_str_of(action), .resource = VD_NONE };
    vd_can        can;

    if (!w->e)
        assert_int_equal(vd_effective_new(&w->e, &w->f.s, NULL, &err), VD_OK);
    assert_int_equal(vd_effective_can(&can, w->e, &who, &call, false, &err), VD_OK);
    return can.answer;
}

static void test_changed(void **state)
{
    world       w;
    vd_identity who = { .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE };
    uint32_t    other;

    (void)state;
    open_world(&w);
    who.node = fix_node(&w.f, w.z, VD_WHO_IS_USER, "ann", ALLOW("iam:GetUser", "*"));
    fix_boundary(&w.f, who.node, ALLOW("iam:*", "*"));
    fix_guard(&w.f, w.z, true, "[{\"Effect\":\"Allow\",\"Action\":[\"iam:Get*\",\"iam:List*\",\"sqs:*\"],\"Resource\":\"*\"}]");
    other = fix_doc(&w.f, VD_KIND_IDENTITY, "v1", ALLOW("iam:ListUsers", "*"));
    assert_int_equal(changed(&w, who, "iam:ListUsers"), VD_UNSAT);
    who.adopted = other;
    assert_int_equal(changed(&w, who, "iam:ListUsers"), VD_SAT);
    who.dropped = w.f.held[w.f.nodes[who.node].held.first].doc;
    assert_int_equal(changed(&w, who, "iam:GetUser"), VD_UNSAT);
    who.adopted = who.dropped = VD_NONE;
    who.raised = true;
    assert_int_equal(changed(&w, who, "iam:ListUsers"), VD_SAT);
    assert_int_equal(changed(&w, who, "iam:CreateUser"), VD_UNSAT);
    assert_int_equal(changed(&w, who, "sqs:ListQueues"), VD_UNSAT);
    who.uncapped = true;
    assert_int_equal(changed(&w, who, "sqs:ListQueues"), VD_SAT);
    who.unguarded = true;
    assert_int_equal(changed(&w, who, "iam:CreateUser"), VD_SAT);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layers), cmocka_unit_test(test_named_by_the_bucket), cmocka_unit_test(test_tags),
        cmocka_unit_test(test_other_accounts), cmocka_unit_test(test_roles), cmocka_unit_test(test_unbound), cmocka_unit_test(test_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
