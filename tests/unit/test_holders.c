/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include "failing_alloc.h"
#include "snapshot_fixture.h"

#include <verdict/tighten.h>

#define ALLOW "[{\"Sid\":\"Read\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]"
#define TRUST "[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]"

typedef struct world {
    fixture         f;
    vd_engine      *engine;
    vd_snap_managed managed[2];
    vd_snap_version versions[2];
    vd_snap_group   groups[1];
    uint32_t        members[2];
    vd_held         held[8];
} world;

/* Two users in a group that has a managed policy of ours; a role with an inline one and one of AWS; a role of a
 * permission set; a service-linked role; a root user. */
static void open_world(world *w)
{
    uint32_t account, shared, aws;

    memset(w, 0, sizeof *w);
    assert_int_equal(vd_engine_new(&w->engine, NULL, NULL), VD_OK);
    fix_open(&w->f, w->engine);
    account = fix_account(&w->f, "222222222222");
    fix_node(&w->f, account, VD_WHO_IS_ROLE, "app", ALLOW);
    fix_node(&w->f, account, VD_WHO_IS_ROLE, "aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Read_Only_0123456789abcdef", ALLOW);
    fix_node(&w->f, account, VD_WHO_IS_ROLE, "aws-service-role/x.amazonaws.com/AWSServiceRoleForX", ALLOW);
    fix_node(&w->f, account, VD_WHO_IS_USER, "anna", NULL);
    fix_node(&w->f, account, VD_WHO_IS_USER, "bert", NULL);
    fix_node(&w->f, account, VD_WHO_IS_ROOT, NULL, NULL);
    w->f.nodes[0].created = VD_S("2026-01-02T00:00:00+00:00");
    w->f.nodes[0].id = VD_S("AROAEXAMPLEEXAMPLEEXA");
    w->f.nodes[0].last_used_known = true;
    w->f.nodes[0].last_used = VD_S("2026-02-01T00:00:00+00:00");
    fix_boundary(&w->f, 0, ALLOW);
    fix_trust(&w->f, 0, TRUST);
    shared = fix_doc(&w->f, VD_KIND_MANAGED, "ours", ALLOW);
    aws = fix_doc(&w->f, VD_KIND_MANAGED, "theirs", ALLOW);
    w->managed[0] = (vd_snap_managed){ VD_S("arn:aws:iam::222222222222:policy/team/ours"), VD_S("ours"), account, shared, { 0, 2 } };
    w->managed[1] = (vd_snap_managed){ VD_S("arn:aws:iam::aws:policy/ReadOnlyAccess"), VD_S("ReadOnlyAccess"), VD_NONE, aws, { 0, 0 } };
    w->versions[0] = (vd_snap_version){ VD_S("v2"), VD_S("2026-03-01T00:00:00+00:00"), shared, true };
    w->versions[1] = (vd_snap_version){ VD_S("v1"), VD_S("2025-03-01T00:00:00+00:00"), aws, false };
    w->groups[0] = (vd_snap_group){ .arn = VD_S("arn:aws:iam::222222222222:group/devs"), .name = VD_S("devs"), .members = { 0, 2 } };
    w->held[0] = w->f.held[0];
    w->held[1] = (vd_held){ .doc = aws, .group = VD_NONE, .managed = 1, .name = VD_S("ReadOnlyAccess"), .via = VD_VIA_MANAGED };
    w->held[2] = w->f.held[1];
    w->held[3] = w->f.held[2];
    w->held[4] = (vd_held){ .doc = shared, .group = 0, .managed = 0, .name = VD_S("ours"), .via = VD_VIA_GROUP_MANAGED };
    w->held[5] = w->held[4];
    w->held[6] = (vd_held){ .doc = VD_NONE, .group = VD_NONE, .managed = VD_NONE, .name = VD_S("lost"), .via = VD_VIA_INLINE };
    w->f.nodes[0].held = (vd_snap_range){ 0, 2 };
    w->f.nodes[1].held = (vd_snap_range){ 2, 1 };
    w->f.nodes[2].held = (vd_snap_range){ 3, 1 };
    w->f.nodes[3].held = (vd_snap_range){ 4, 1 };
    w->f.nodes[4].held = (vd_snap_range){ 5, 2 };
    w->f.s.held = w->held;
    w->f.s.managed = w->managed;
    w->f.s.managed_count = 2;
    w->f.s.versions = w->versions;
    w->f.s.groups = w->groups;
    w->f.s.group_count = 1;
}

static void close_world(world *w)
{
    fix_close(&w->f);
    vd_engine_release(w->engine);
}

static vd_holder at(const vd_holders *h, uint32_t index)
{
    vd_holder out = { .size = sizeof out };

    assert_true(vd_holders_at(h, index, &out));
    return out;
}

static void test_snapshot(void **state)
{
    world       w;
    vd_holders *h = NULL;
    vd_error    err = { .size = sizeof err };
    vd_holder   one;

    (void)state;
    open_world(&w);
    assert_int_equal(vd_holders_of_snapshot(&h, w.engine, &w.f.s, VD_S(""), &err), VD_OK);
    assert_int_equal(vd_holders_count(h), 5);
    assert_false(vd_holders_at(h, 5, &one));
    one = at(h, 0);
    check_cstr(one.arn, "arn:aws:iam::222222222222:role/app");
    check_cstr(one.kind, "role");
    check_cstr(one.account, "222222222222");
    check_cstr(one.id, "AROAEXAMPLEEXAMPLEEXA");
    assert_int_equal(one.created, 1767312000);
    assert_true(one.last_used_known);
    assert_int_equal(one.last_used, 1769904000);
    assert_int_equal(one.policy_count, 2);
    check_cstr(one.policies[0].arn, "");
    assert_false(one.policies[0].shared);
    assert_false(one.policies[0].aws);
    check_cstr(one.policies[1].arn, "arn:aws:iam::aws:policy/ReadOnlyAccess");
    assert_true(one.policies[1].aws);
    assert_non_null(one.boundary);
    assert_non_null(one.trust);
    one = at(h, 1);
    check_cstr(one.permission_set, "Read_Only");
    assert_false(one.service_linked);
    assert_null(one.boundary);
    assert_true(at(h, 2).service_linked);
    one = at(h, 4);
    check_cstr(one.kind, "user");
    assert_int_equal(one.policy_count, 1); /* the one without a text is no grant that anybody knows of */
    assert_int_equal(one.missing, 1);
    check_cstr(one.policies[0].group, "arn:aws:iam::222222222222:group/devs");
    check_cstr(one.policies[0].name, "ours");
    assert_true(one.policies[0].shared);
    assert_int_equal(one.policies[0].since, 1772323200); /* of the version that counts */
    vd_holders_free(h);
    close_world(&w);
}

static void test_pattern(void **state)
{
    world       w;
    vd_holders *h = NULL;

    (void)state;
    open_world(&w);
    assert_int_equal(vd_holders_of_snapshot(&h, w.engine, &w.f.s, VD_S("arn:aws:iam::*:user/*"), NULL), VD_OK);
    assert_int_equal(vd_holders_count(h), 2);
    check_cstr(at(h, 0).name, "anna");
    vd_holders_free(h);
    assert_int_equal(vd_holders_of_snapshot(&h, w.engine, &w.f.s, VD_S("nobody"), NULL), VD_OK);
    assert_int_equal(vd_holders_count(h), 0);
    vd_holders_free(h);
    close_world(&w);
}

static void test_policies(void **state)
{
    const vd_str who[] = { VD_S("arn:aws:iam::111111111111:role/build/ci-deploy"), VD_S("arn:aws:sts::111111111111:assumed-role/ops/anna"),
                           VD_S("arn:aws:iam::111111111111:user/bert") };
    const char  *text = "{\"Version\":\"2012-10-17\",\"Statement\":" ALLOW "}";
    const vd_str bad[] = { VD_S("anna"), VD_S("arn:aws:iam::111111111111:root"), VD_S("arn:aws:s3:::role/x"), VD_S("arn:aws:iam::1:role/x"),
                           VD_S("arn:aws:iam::111111111111:role/"), VD_S("arn:aws:sts::111111111111:assumed-role//x") };
    vd_engine   *engine = NULL;
    vd_policy   *p = NULL;
    vd_holders  *h = NULL;
    vd_error     err = { .size = sizeof err };

    (void)state;
    assert_int_equal(vd_engine_new(&engine, NULL, NULL), VD_OK);
    assert_int_equal(vd_policy_parse(&p, engine, VD_KIND_IDENTITY, VD_S("p.json"), vd_str_of(text), NULL, &err), VD_OK);
    assert_int_equal(vd_holders_of_policies(&h, engine, &p, 1, who, 3, &err), VD_OK);
    vd_policy_release(p); /* retained */
    assert_int_equal(vd_holders_count(h), 3);
    check_cstr(at(h, 0).path, "/build/");
    check_cstr(at(h, 0).name, "ci-deploy");
    check_cstr(at(h, 1).arn, "arn:aws:iam::111111111111:role/ops");
    check_cstr(at(h, 1).path, "");
    check_cstr(at(h, 2).path, "/");
    check_cstr(at(h, 2).policies[0].name, "p.json");
    assert_true(at(h, 2).policies[0].shared);
    vd_holders_free(h);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(vd_holders_of_policies(&h, engine, NULL, 0, &bad[i], 1, &err), VD_EINVAL);
        assert_null(h);
        assert_non_null(strstr(err.text, "is not the ARN of a user or role"));
    }
    vd_engine_release(engine);
}

static void test_memory(void **state)
{
    world w;

    (void)state;
    open_world(&w);
    for (size_t n = 1;; n++) {
        failing_alloc  f = { .fail_at = n };
        vd_engine      engine = *w.engine;
        vd_holders    *h = NULL;
        const vd_str   who = VD_S("arn:aws:iam::111111111111:role/build/ci-deploy");
        vd_code        one, other;

        engine.alloc = failing_allocator(&f);
        one = vd_holders_of_snapshot(&h, &engine, &w.f.s, VD_S("arn:*"), NULL);
        vd_holders_free(h);
        h = NULL;
        other = one == VD_OK ? vd_holders_of_policies(&h, &engine, &w.f.docs[0].policy, 1, &who, 1, NULL) : one;
        vd_holders_free(h);
        assert_int_equal(f.live, 0);
        assert_false(f.wrong_size);
        if (!f.failed)
            break;
        assert_int_equal(other, VD_ENOMEM);
    }
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot),
        cmocka_unit_test(test_pattern),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
