/* SPDX-License-Identifier: Apache-2.0
 *
 * What logs can show: the classes of actions, and every way to an answer.
 */
#include "unit.h"

#include "activity/see.h"
#include "base/str.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_of_actions),
        cmocka_unit_test(rows_are_about_something),
        cmocka_unit_test(every_action_has_a_class),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
