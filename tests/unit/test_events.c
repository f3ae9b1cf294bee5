/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables from CloudTrail's names to IAM's: that the look-ups find, and that every row is one that the
 * reader of records can take.
 */
#include "unit.h"

#include "catalog/events.h"

static void test_names(void **state)
{
    static const struct {
        const char *label, *name, *wanted;
    } cases[] = {
        { "lambda", "CreateFunction20150331", "CreateFunction" },
        { "lambda", "UpdateFunctionCode20150331v2", "UpdateFunctionCode" },
        { "lambda", "TagResource20170331v2", "TagResource" },
        { "lambda", "Invoke", "Invoke" },
        { "lambda", "Getv2", "Getv2" },
        { "lambda", "20150331", "20150331" },
        { "lambda", "v2", "v2" },
        { "lambda", "X2015033", "X2015033" },
        { "LAMBDA", "ListTags20170331", "ListTags" },
        { "cloudfront", "CreateDistribution2020_05_31", "CreateDistribution" },
        { "cloudfront", "CreateDistribution2020_05_3", "CreateDistribution2020_05_3" },
        { "s3", "ListObjectsV2", "ListObjectsV2" },
        { "securityhub", "GetFindingsV2", "GetFindingsV2" },
        { "dynamodb", "Restore20200101", "Restore20200101" },
        { "cloudfront", "X20150331", "X20150331" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++)
        check_cstr(vd_event_name(vd_str_of(cases[i].label), vd_str_of(cases[i].name)), cases[i].wanted);
}

static void test_sources(void **state)
{
    static const struct {
        const char *source, *label, *prefix;
    } cases[] = {
        { "s3.amazonaws.com", "s3", "s3" },
        { "monitoring.amazonaws.com", "monitoring", "cloudwatch" },
        { "MONITORING.amazonaws.com.cn", "MONITORING", "cloudwatch" },
        { "streams.dynamodb.amazonaws.com", "streams.dynamodb", "dynamodb" },
        { "tagging.amazonaws.com", "tagging", "tag" },
        { "agreement-marketplace.amazonaws.com", "agreement-marketplace", "aws-marketplace" },
        { "userportal.amazonaws.com", "userportal", "sso" },
        { "brand-new.amazonaws.com", "brand-new", "brand-new" },
        { ".amazonaws.com", ".amazonaws.com", ".amazonaws.com" },
        { "", "", "" },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_str label = vd_event_label(vd_str_of(cases[i].source));

        check_cstr(label, cases[i].label);
        check_cstr(vd_event_prefix(label), cases[i].prefix);
    }
}

static void test_fits(void **state)
{
    VD_UNUSED(state);
    assert_true(vd_event_fits(VD_S("*"), VD_S("Anything")));
    assert_true(vd_event_fits(VD_S("Describe*"), VD_S("DescribeVpcs")));
    assert_false(vd_event_fits(VD_S("Describe*"), VD_S("CreateVpc")));
    assert_true(vd_event_fits(VD_S("CreateKey"), VD_S("createkey")));
    assert_false(vd_event_fits(VD_S("CreateKey"), VD_S("CreateKeys")));
}

/* {holes} with something in them, no other braces, "~" only at the end. */
static void check_template(vd_str t)
{
    bool   open = false;
    size_t hole = 0;

    for (size_t i = 0; i < t.n; i++) {
        if (t.p[i] == '{') {
            assert_false(open);
            open = true;
            hole = i;
        } else if (t.p[i] == '}') {
            assert_true(open && i > hole + 1);
            open = false;
        } else if (t.p[i] == '~') {
            assert_true(i + 1 == t.n);
        }
    }
    assert_false(open);
    assert_true(t.n == 1 ? t.p[0] == '*' : vd_str_starts(t, VD_S("arn:{P}:")) || t.p[0] == '{');
}

static void test_actions(void **state)
{
    vd_rows rows = vd_rows_event_actions;

    VD_UNUSED(state);
    assert_true(rows.count > 150);
    for (uint32_t i = 0; i < rows.count; i++) {
        vd_str action = rows.at[i].column[VD_ACTION_NAME], template = rows.at[i].column[VD_ACTION_RESOURCE];
        bool   further = action.n && action.p[0] == '+';

        action = vd_str_from(action, further);
        assert_true(rows.at[i].column[VD_ACTION_EVENT].n > 0);
        assert_true(vd_str_find(action, ':') < action.n || (further && vd_str_eq(action, VD_S("="))));
        assert_true(template.n || !further);
        if (template.n)
            check_template(template);
    }
}

static void test_resources(void **state)
{
    vd_rows rows = vd_rows_event_resources;

    VD_UNUSED(state);
    assert_true(rows.count > 100);
    for (uint32_t i = 0; i < rows.count; i++) {
        assert_true(rows.at[i].column[VD_PLACE_EVENT].n > 0);
        check_template(rows.at[i].column[VD_PLACE_TEMPLATE]);
    }
    for (uint32_t i = 0; i < vd_rows_event_context.count; i++)
        for (size_t j = 0; j < 4; j++)
            assert_true(vd_rows_event_context.at[i].column[j].n > 0);
}

static bool one_of(vd_str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (vd_str_eq(word, vd_str_of(words[i])))
            return true;
    return false;
}

/* Actions that no event shows: what a row holds, and that one is not hidden behind another of the same `when`. */
static void test_implied(void **state)
{
    static const char *const whens[] = { "role", "tags", "call" }, *const kinds[] = { "implied", "possible", "none" };
    vd_rows                  rows = vd_rows_implied;

    VD_UNUSED(state);
    assert_true(rows.count > 400);
    for (uint32_t i = 0; i < rows.count; i++) {
        const vd_str *c = rows.at[i].column;
        vd_str        action = c[VD_IMPLIED_ACTION];
        bool          none = vd_str_eq(c[VD_IMPLIED_KIND], VD_S("none"));

        assert_true(c[VD_IMPLIED_EVENT].n > 0);
        assert_true(one_of(c[VD_IMPLIED_WHEN], whens, VD_COUNT(whens)) && one_of(c[VD_IMPLIED_KIND], kinds, VD_COUNT(kinds)));
        assert_int_equal(none, action.n == 0);
        assert_true(none || vd_str_find(action, ':') < action.n);
        for (uint32_t j = i + 1; j < rows.count && vd_str_eq(rows.at[j].column[0], c[0]); j++)
            if (vd_str_eq(rows.at[j].column[VD_IMPLIED_WHEN], c[VD_IMPLIED_WHEN]))
                assert_false(vd_event_fits(c[VD_IMPLIED_EVENT], rows.at[j].column[VD_IMPLIED_EVENT]));
    }
}

static void test_no_permission(void **state)
{
    static const char *const who[] = { "", "anonymous", "service" };

    VD_UNUSED(state);
    assert_true(vd_rows_no_permission.count > 80);
    for (uint32_t i = 0; i < vd_rows_no_permission.count; i++) {
        assert_true(vd_rows_no_permission.at[i].column[VD_FREE_EVENT].n > 0);
        assert_true(one_of(vd_rows_no_permission.at[i].column[VD_FREE_WHO], who, VD_COUNT(who)));
    }
}

/* Every row is found by its own first column, and rows of others are not. */
static void test_rows_of(void **state)
{
    const vd_rows *const tables[] = { &vd_rows_event_actions, &vd_rows_event_context,
                                      &vd_rows_event_resources, &vd_rows_event_sources,
                                      &vd_rows_implied,         &vd_rows_no_permission };

    VD_UNUSED(state);
    for (size_t t = 0; t < VD_COUNT(tables); t++) {
        for (uint32_t i = 0; i < tables[t]->count; i++) {
            vd_rows found = vd_rows_of(*tables[t], tables[t]->at[i].column[0]);

            assert_true(found.at <= &tables[t]->at[i] && &tables[t]->at[i] < found.at + found.count);
            for (uint32_t j = 0; j < found.count; j++)
                check_str(found.at[j].column[0], tables[t]->at[i].column[0]);
        }
        assert_int_equal(vd_rows_of(*tables[t], VD_S("")).count, 0);
        assert_int_equal(vd_rows_of(*tables[t], VD_S("zzz")).count, 0);
        assert_int_equal(vd_rows_of(*tables[t], VD_S("kmsx")).count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),   cmocka_unit_test(test_sources),   cmocka_unit_test(test_fits),
        cmocka_unit_test(test_actions), cmocka_unit_test(test_resources),
        cmocka_unit_test(test_implied),
        cmocka_unit_test(test_no_permission), cmocka_unit_test(test_rows_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
