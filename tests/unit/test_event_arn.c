/* SPDX-License-Identifier: Apache-2.0
 *
 * Templates and formats filled from parameters: which ARNs come of which values, and in what order; what a kind is.
 */
#include "unit.h"

#include "base/str.h"
#include "catalog/events.h"
#include "usage/plan.h"
#include "usage/walk.h"

static char padded[2048];

/* The ARNs of all elements, each with a blank behind it. */
static void fill_all(char *out, const char *parameters, vd_str template, vd_str type, vd_str event, bool made)
{
    vd_arena      scratch = vd_arena_on(vd_allocator_default(), 0);
    vd_walk       w;
    vd_event_call call = { VD_S("aws"), VD_S("eu-west-1"), VD_S("111122223333"), &vd_walk_bytes, &w, { { 0 }, 0 } };
    vd_fill       got = VD_FILL_FITS;
    size_t        used = 0;

    assert_true(strlen(parameters) + VD_SCAN_PAD < sizeof padded);
    memset(padded, 0, sizeof padded);
    strcpy(padded, parameters);
    call.parameters.bytes = vd_str_of(padded);
    vd_walk_init(&w, &scratch, call.parameters.bytes);
    out[0] = 0;
    for (uint32_t i = 0; i < 20 && got != VD_FILL_END; i++) {
        vd_buf text = vd_buf_on(vd_allocator_default(), 0);

        got = type.n ? vd_format_fill(&call, template, type, event, made, i, &text) : vd_event_fill(&call, template, i, &text);
        if (got == VD_FILL_FITS) {
            assert_true(type.n ? made || vd_format_fillable(&w, template, type, event) : vd_template_fillable(&w, template));
            used += (size_t)snprintf(out + used, 1000 - used, VD_F " ", VD_A(vd_buf_str(&text)));
        }
        vd_buf_done(&text);
    }
    assert_int_equal(got, VD_FILL_END);
    vd_arena_done(&scratch);
}

static void test_templates(void **state)
{
    static const struct {
        const char *template, *parameters, *wanted;
    } cases[] = {
        { "arn:{P}:x:{R}:{A}:t/{name}", "{\"name\":\"n\"}", "arn:aws:x:eu-west-1:111122223333:t/n " },
        { "t/{name}", "{\"other\":\"n\"}", "" },
        { "t/{name}", "{\"name\":null}", "" },
        { "t/{name}", "{\"name\":\"\"}", "" },
        { "t/{name}", "{\"name\":{}}", "" },
        { "t/{name}", "null", "" },
        { "t/{name}", "\"cut\"", "" },
        { "t/{name}", "{\"name\":7}", "t/7 " },
        { "t/{name}", "{\"name\":\"a\\u0062\\\"\"}", "t/ab\" " },
        { "t/{name}", "{ \"x\" : [ { \"name\" : \"no\" } ] , \"name\" : \"n\" }", "t/n " },
        { "t/{dBInstanceIdentifier}", "{\"db-instance_IDENTIFIER\":\"n\"}", "t/n " },
        { "t/{x}", "{\"X_\":\"n\"}", "t/n " },
        /* an ARN, and no ARN */
        { "{name}", "{\"name\":\"arn:aws:x:::y\"}", "arn:aws:x:::y " },
        { "{name}", "{\"name\":\"y\"}", "" },
        { "t/{name}", "{\"name\":\"arn:aws:x:::y\"}", "" },
        { "{b}/object/{k}", "{\"b\":\"arn:aws:x:::y\",\"k\":\"q\"}", "arn:aws:x:::y/object/q " },
        /* elements */
        { "t/{n[]}", "{\"n\":[\"a\",\"b\"]}", "t/a t/b " },
        { "t/{n[]}", "{\"n\":[]}", "" },
        { "t/{n[]}", "{\"n\":\"a\"}", "" },
        { "t/{n[].x}", "{\"n\":[{\"y\":\"a\"},{\"x\":\"b\"},7,{\"x\":\"c\"}]}", "t/b t/c " },
        { "t/{q.items[].id^i-}", "{\"q\":{\"items\":[{\"id\":\"vol-1\"},{\"id\":\"i-2\"}]}}", "t/i-2 " },
        { "t/{c}/{n[]}", "{\"c\":\"w\",\"n\":[\"a\",\"b\"]}", "t/w/a t/w/b " },
        { "t/{n[]}/{x}", "{\"n\":[\"a\",\"b\"]}", "" },
        { "t/{m#}", "{\"m\":{\"a\":[],\"b\\u0063\":{\"d\":1}}}", "t/a t/bc " },
        { "t/{m#}", "{\"m\":[\"a\"]}", "" },
        { "t/{names}", "{\"names\":[\"a\",\"b\"]}", "t/a " },
        /* forms */
        { "p{n^/}", "{\"n\":\"/a\"}", "p/a " },
        { "p/{n!/}", "{\"n\":\"/a\"}", "" },
        { "p/{n!/:}", "{\"n\":\"a\"}", "p/a " },
        { "x:{u@queue}", "{\"u\":\"https://sqs.eu-west-1.amazonaws.com/444455556666/jobs\"}", "x:444455556666:jobs " },
        { "x:{u@queue}", "{\"u\":\"https://sqs.eu-west-1.amazonaws.com/jobs\"}", "" },
        { "o:{u@object}", "{\"u\":\"/b/k%20x?versionId=1\"}", "o:b/k x " },
        { "o:{u@object}", "{\"u\":\"b\"}", "" },
        { "z/{u@leaf}", "{\"u\":\"/hostedzone/Z1\"}", "z/Z1 " },
        { "z/{u@leaf}", "{\"u\":\"Z1\"}", "z/Z1 " },
        { "z/{u@leaf}", "{\"u\":\"arn:aws:ecs:eu-west-1:111122223333:cluster/w\"}", "z/w " },
        { "l:{u@function}", "{\"u\":\"444455556666:function:f:3\"}", "l:444455556666:function:f:3 " },
        { "l:{u@function}", "{\"u\":\"f\"}", "" },
        { "{u@parent}", "{\"u\":\"arn:aws:sns:eu-west-1:111122223333:topic:0a1b\"}", "arn:aws:sns:eu-west-1:111122223333:topic " },
        { "{u@parent}", "{\"u\":\"PendingConfirmation\"}", "" },
        { "db:{u@lower}", "{\"u\":\"Orders\"}", "db:orders " },
        { "db:{u@nonsense}", "{\"u\":\"Orders\"}", "" },
        { "r/{n}~", "{\"n\":\"a\"}", "r/a " },
        { "s:{n}-??????", "{\"n\":\"a\"}", "s:a-?????? " },
    };
    char got[1024];

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        fill_all(got, cases[i].parameters, vd_str_of(cases[i].template), VD_S(""), VD_S(""), false);
        assert_string_equal(got, cases[i].wanted);
    }
}

static void test_formats(void **state)
{
    static const struct {
        const char *format, *type, *event, *parameters;
        bool        made;
        const char *wanted;
    } cases[] = {
        { "g/${ClusterName}", "cluster", "X", "{\"clusterName\":\"c\"}", false, "g/c " },
        { "g/${ClusterName}", "cluster", "X", "{\"cluster\":\"c\"}", false, "g/c " },
        { "g/${ClusterName}", "cluster", "X", "{\"clusterIdentifier\":\"c\"}", false, "g/c " },
        { "g/${ClusterName}", "cluster", "X", "{\"clusterArn\":\"c\"}", false, "" },
        { "g/${RuleId}", "rule", "X", "{\"ruleName\":\"c\"}", false, "" }, /* an id is no name */
        { "g/${Id}", "thing", "X", "{\"thingId\":\"c\"}", false, "g/c " },
        { "g/${ClusterName}", "cluster", "X", "{\"name\":\"c\"}", false, "" },
        { "g/${ClusterName}", "cluster", "DeleteCluster", "{\"name\":\"c\"}", false, "g/c " },
        { "g/${VaultName}", "backupVault", "DeleteBackupVault", "{\"name\":\"c\",\"id\":\"no\"}", false, "g/c " },
        { "g/${ClusterName}", "cluster", "X", "{\"clusters\":[\"a\",\"b\"]}", false, "g/a g/b " },
        { "g/${ClusterName}", "cluster", "X", "{\"clusterNames\":[\"a\"]}", false, "g/a " },
        { "g/${ClusterName}", "cluster", "X", "{\"entries\":[{\"clusterName\":\"a\"},{\"clusterName\":\"b\"}]}", false, "g/a g/b " },
        { "g/${VolumeId}", "volume", "X", "{\"volumeSet\":{\"items\":[{\"volumeId\":\"vol-1\"}]}}", false, "g/vol-1 " },
        { "g/${ClusterName}/${NodegroupName}/${UUID}", "nodegroup", "X", "{\"clusterName\":\"c\",\"nodegroupName\":\"n\"}", false,
          "g/c/n/* " },
        { "g/${ClusterName}/${UUID}", "nodegroup", "X", "{\"x\":\"c\"}", false, "" },
        { "volume/${VolumeId}", "volume", "CreateVolume", "{\"size\":\"8\"}", true, "volume/* " },
        { "arn:${Partition}:x:${Region}:${Account}:v/${VName}", "v", "X", "{\"vName\":\"q\"}", false,
          "arn:aws:x:eu-west-1:111122223333:v/q " },
        { "arn:${Partition}:x:${Region}:${Account}:v/${VName}", "v", "X", "{\"vName\":\"arn:aws:x:::v/q\"}", false, "" },
        { "broken/${Name", "broken", "X", "{\"name\":\"q\"}", false, "" },
    };
    char got[1024];

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        fill_all(got, cases[i].parameters, vd_str_of(cases[i].format), vd_str_of(cases[i].type), vd_str_of(cases[i].event),
                 cases[i].made);
        assert_string_equal(got, cases[i].wanted);
    }
}

static void test_kinds(void **state)
{
    static const struct {
        const char *template, *arn, *service, *head; /* either may be NULL */
    } cases[] = {
        { "arn:{P}:s3:::{b}", "arn:aws:s3:::b", "s3", "bucket" },
        { "arn:{P}:s3:::{b}/{k}", "arn:aws:s3:::b/k{/}", "s3", "object" },
        { "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${A}/object/${O}",
          "arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/o", "s3", "accesspoint" },
        { "arn:{P}:iam::{A}:role{path}{roleName}", "arn:aws:iam::111122223333:role/a/b", "iam", "role" },
        { "arn:{P}:lambda:{R}:{A}:function:{f!:}", "arn:aws:lambda:eu-west-1:111122223333:function:f:3", "lambda", "function" },
        { NULL, "arn:aws:sns:eu-west-1:111122223333:topic", "sns", "" },
        { "arn:{P}:apigateway:{R}::/restapis/{r}", "arn:aws:apigateway:eu-west-1::/restapis/r", "apigateway", "restapis" },
        { "arn:{P}:glue:{R}:{A}:catalog", "arn:aws:glue:eu-west-1:111122223333:catalog", "glue", "" },
    };
    vd_kind kind;

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        if (cases[i].template) {
            assert_true(vd_kind_of_template(&kind, vd_str_of(cases[i].template)));
            check_cstr(kind.service, cases[i].service);
            check_cstr(kind.head, cases[i].head);
        }
        assert_true(vd_kind_of(&kind, vd_str_of(cases[i].arn)));
        check_cstr(kind.service, cases[i].service);
        check_cstr(kind.head, cases[i].head);
    }
    assert_false(vd_kind_of_template(&kind, VD_S("{arn}")));
    assert_false(vd_kind_of_template(&kind, VD_S("arn:{P}:sns:{R}:{A}:{name}")));
    assert_false(vd_kind_of_template(&kind, VD_S("*")));
    assert_false(vd_kind_of(&kind, VD_S("arn:aws:s3")));
}

/* A plan for each event that a table names has room for all that is to be tried. */
static void test_plans(void **state)
{
    static vd_plan plan;
    vd_rows        rows = vd_rows_event_actions, places = vd_rows_event_resources;

    VD_UNUSED(state);
    for (uint32_t i = 0; i < rows.count; i++) {
        vd_plan_make(&plan, NULL, rows.at[i].column[VD_ACTION_SOURCE], rows.at[i].column[VD_ACTION_EVENT]);
        assert_false(plan.more);
        assert_true(plan.case_count > 0);
        assert_true(vd_plan_is_for(&plan, rows.at[i].column[VD_ACTION_SOURCE], rows.at[i].column[VD_ACTION_EVENT]));
    }
    for (uint32_t i = 0; i < places.count; i++) {
        vd_str name = places.at[i].column[VD_PLACE_EVENT];

        vd_plan_make(&plan, NULL, places.at[i].column[VD_PLACE_SERVICE], vd_str_ends(name, VD_S("*")) ? VD_S("ThereIsNone") : name);
        assert_false(plan.more);
        assert_true(plan.case_count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_plans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
