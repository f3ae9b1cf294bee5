/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables from CloudTrail's names to IAM's: that the look-ups find, and that every row is one that the
 * reader of records can take.
 */
#include "unit.h"

#include "catalog/catalog.h"
#include "catalog/event_test.h"
#include "catalog/events.h"

#include <stdio.h>

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

/* Of a catalogue, or retired: old logs hold those. */
static bool is_action(vd_str prefix, vd_str name)
{
    const vd_catalog *c = vd_catalog_builtin();
    uint32_t          service = vd_catalog_find_service(c, prefix);
    char              text[256];
    vd_str            whole = { text, (size_t)snprintf(text, sizeof text, VD_F ":" VD_F, VD_A(prefix), VD_A(name)) };

    return (service != VD_NONE && vd_catalog_find_action(c, service, name) != VD_NONE) || vd_catalog_retired(c, whole);
}

static void check_action(const vd_row *row, vd_str action)
{
    vd_str name = action, prefix;

    if (vd_str_eq(action, VD_S("=")))
        return;
    assert_true(vd_str_cut(&name, ':', &prefix));
    if (vd_str_eq(name, VD_S("=")))
        name = row->column[VD_ACTION_EVENT];
    if (!is_action(prefix, name))
        fail_msg(VD_F " " VD_F ": there is no " VD_F, VD_A(row->column[VD_ACTION_SOURCE]), VD_A(row->column[VD_ACTION_EVENT]),
                 VD_A(action));
}

static void test_actions(void **state)
{
    vd_rows rows = vd_rows_event_actions;

    VD_UNUSED(state);
    assert_true(rows.count > 600);
    for (uint32_t i = 0; i < rows.count; i++) {
        vd_str action = rows.at[i].column[VD_ACTION_NAME], template = rows.at[i].column[VD_ACTION_RESOURCE];
        vd_str confidence = rows.at[i].column[VD_ACTION_CONFIDENCE];
        bool   further = action.n && action.p[0] == '+';

        assert_true(confidence.n == 1 && strchr("HML", confidence.p[0]));
        action = vd_str_from(action, further);
        action = vd_str_from(action, action.n && action.p[0] == '?');
        assert_true(rows.at[i].column[VD_ACTION_EVENT].n > 0);
        assert_true(template.n || !vd_str_eq(action, VD_S("=")));
        check_action(&rows.at[i], action);
        if (template.n)
            check_template(template);
    }
}

/* Rows of one event: no two of them say different things of the same call, and none is hidden behind another. */
static void test_rows_agree(void **state)
{
    vd_rows rows = vd_rows_event_actions;

    VD_UNUSED(state);
    for (uint32_t i = 0; i < rows.count; i++) {
        const vd_str *a = rows.at[i].column;

        for (uint32_t j = i + 1; j < rows.count && vd_str_ieq(rows.at[j].column[VD_ACTION_SOURCE], a[VD_ACTION_SOURCE]); j++) {
            const vd_str *b = rows.at[j].column;
            bool          same_test = vd_str_eq(a[VD_ACTION_WHEN], b[VD_ACTION_WHEN]);
            bool          of_one = a[VD_ACTION_NAME].p[0] == '?' && b[VD_ACTION_NAME].p[0] == '?';

            if (!vd_str_ieq(a[VD_ACTION_EVENT], b[VD_ACTION_EVENT]))
                continue;
            assert_false(same_test && vd_str_ieq(a[VD_ACTION_NAME], b[VD_ACTION_NAME]) &&
                         vd_str_eq(a[VD_ACTION_RESOURCE], b[VD_ACTION_RESOURCE]));
            if (a[VD_ACTION_NAME].p[0] == '+' || b[VD_ACTION_NAME].p[0] == '+' || of_one)
                continue;
            if (same_test || a[VD_ACTION_WHEN].n == 0)
                fail_msg(VD_F " " VD_F ": " VD_F " and " VD_F, VD_A(a[VD_ACTION_SOURCE]), VD_A(a[VD_ACTION_EVENT]),
                         VD_A(a[VD_ACTION_NAME]), VD_A(b[VD_ACTION_NAME]));
        }
    }
}

/* Every prefix that a source leads to is one of the catalogue. */
static void test_prefixes(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();

    VD_UNUSED(state);
    for (uint32_t i = 0; i < vd_rows_event_sources.count; i++) {
        const vd_str *row = vd_rows_event_sources.at[i].column;
        vd_str        also = row[VD_SOURCE_ALSO], one;
        bool          more = also.n > 0;

        assert_true(row[VD_SOURCE_CONFIDENCE].n == 1 && strchr("HML", row[VD_SOURCE_CONFIDENCE].p[0]));
        if (vd_catalog_find_service(c, row[VD_SOURCE_PREFIX]) == VD_NONE)
            fail_msg(VD_F ": there is no " VD_F, VD_A(row[VD_SOURCE_LABEL]), VD_A(row[VD_SOURCE_PREFIX]));
        while (more) {
            more = vd_str_cut(&also, ' ', &one);
            if (vd_catalog_find_service(c, more ? one : also) == VD_NONE)
                fail_msg(VD_F ": there is no " VD_F, VD_A(row[VD_SOURCE_LABEL]), VD_A(more ? one : also));
        }
    }
}

static void test_tests(void **state)
{
    static const struct {
        const char *when, *name, *path, *part;
        bool        not, begins, special;
    } cases[] = {
        { "versionId", "versionId", "", "", false, false, false },
        { "!versionId", "versionId", "", "", true, false, false },
        { "x-amz-copy-source~?versionId=", "x-amz-copy-source", "", "?versionId=", false, false, false },
        { "statements[].statement^SELECT", "statements", "[].statement", "SELECT", false, true, false },
        { "$errorCode~AccessDenied", "errorCode", "", "AccessDenied", false, false, true },
        { "bucketName~:s3-object-lambda:", "bucketName", "", ":s3-object-lambda:", false, false, false },
        { "", "", "", "", false, false, false },
        { "!", "", "", "", true, false, false },
        { "^~", "", "", "~", false, true, false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_event_test t = vd_event_test_of(vd_str_of(cases[i].when));

        check_cstr(t.name, cases[i].name);
        check_cstr(t.path, cases[i].path);
        check_cstr(t.part, cases[i].part);
        assert_int_equal(t.not, cases[i].not);
        assert_int_equal(t.begins, cases[i].begins);
        assert_int_equal(t.special, cases[i].special);
    }
}

static void test_values(void **state)
{
    static const struct {
        const char *when, *value;
        bool        wanted;
    } cases[] = {
        { "statement^SELECT", "select * from \"t\"", true },
        { "statement^SELECT", "\" \\n", false },
        { "statement^SELECT", "\"  (Select *", true },
        { "statement^SELECT", "INSERT INTO t VALUE {'select': 1}", false },
        { "statement^SELECT", "SELEC", false },
        { "statement^SELECT", "", false },
        { "tags", "[]", true }, /* what is empty is for the caller to see */
        { "tags", "", false },
        { "x~REPLACE", "\"REPLACE\"", true },
        { "x~REPLACE", "\"replace\"", false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(cases); i++) {
        vd_event_test t = vd_event_test_of(vd_str_of(cases[i].when));

        if (vd_event_test_text(&t, vd_str_of(cases[i].value)) != cases[i].wanted)
            fail_msg("%s of %s", cases[i].when, cases[i].value);
    }
}

static void test_resources(void **state)
{
    vd_rows rows = vd_rows_event_resources;

    VD_UNUSED(state);
    assert_true(rows.count > 100);
    for (uint32_t i = 0; i < rows.count; i++) {
        assert_true(rows.at[i].column[VD_PLACE_EVENT].n > 0);
        /* one of them may be missing */
        assert_true(rows.at[i].column[VD_PLACE_TEMPLATE].n || rows.at[i].column[VD_PLACE_PATTERN].n);
        for (int k = VD_PLACE_TEMPLATE; k <= VD_PLACE_PATTERN; k++)
            if (rows.at[i].column[k].n)
                check_template(rows.at[i].column[k]);
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
        cmocka_unit_test(test_actions), cmocka_unit_test(test_rows_agree), cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_tests),   cmocka_unit_test(test_values),
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_implied),
        cmocka_unit_test(test_no_permission), cmocka_unit_test(test_rows_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
