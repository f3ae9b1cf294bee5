/* SPDX-License-Identifier: Apache-2.0
 *
 * Operator names (E116, E537), their table (E520), and one test at a time (E522; conformance table 9.4 as far as it
 * needs no context).
 */
#include "unit.h"

#include "operator/operator.h"
#include "pattern/arn.h"

static void test_names(void **state)
{
    static const struct {
        const char *name, *base; /* NULL: there is none such */
        uint8_t     quantifier;
        bool        if_exists, canonical;
    } rows[] = {
        { "StringEquals", "StringEquals", VD_FOR_ONE, false, true },
        { "stringequals", "StringEquals", VD_FOR_ONE, false, false },
        { "StringEqualsIfExists", "StringEquals", VD_FOR_ONE, true, true },
        { "StringEqualsifexists", "StringEquals", VD_FOR_ONE, true, false },
        { "ForAllValues:StringLike", "StringLike", VD_FOR_ALL, false, true },
        { "ForAnyValue:StringNotLikeIfExists", "StringNotLike", VD_FOR_ANY, true, true },
        { "forallvalues:StringLike", "StringLike", VD_FOR_ALL, false, false },
        { "FORANYVALUE:ARNLIKE", "ArnLike", VD_FOR_ANY, false, false },
        { "Null", "Null", VD_FOR_ONE, false, true },
        { "ForAnyValue:Null", "Null", VD_FOR_ANY, false, true }, /* E547 */
        { "NullIfExists", NULL, 0, false, false },               /* K52 */
        { "ForAllValues:NullIfExists", NULL, 0, false, false },
        { "nullifexists", NULL, 0, false, false },
        { "ForAnyValue::StringEquals", NULL, 0, false, false },
        { "ForAnyValue:ForAllValues:StringEquals", NULL, 0, false, false },
        { "ForAnyValueStringEquals", NULL, 0, false, false },
        { "ForSomeValue:StringEquals", NULL, 0, false, false },
        { "ForAnyValue:", NULL, 0, false, false },
        { "IfExists", NULL, 0, false, false },
        { "StringEqualsIfExistsIfExists", NULL, 0, false, false },
        { "StringEquals ", NULL, 0, false, false },
        { " StringEquals", NULL, 0, false, false },
        { "BoolNot", NULL, 0, false, false }, /* K85 */
        { "NotBool", NULL, 0, false, false },
        { "BinaryNotEquals", NULL, 0, false, false },
        { "BinaryLike", NULL, 0, false, false },
        { "", NULL, 0, false, false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_operator_use use;
        bool            found = vd_operator_find(&use, vd_str_of(rows[i].name));

        if (found != (rows[i].base != NULL))
            fail_msg("%s: not %d", rows[i].name, !found);
        if (!found)
            continue;
        check_cstr(use.op->name, rows[i].base);
        assert_int_equal(use.quantifier, rows[i].quantifier);
        assert_int_equal(use.if_exists, rows[i].if_exists);
        assert_int_equal(use.canonical, rows[i].canonical);
    }
}

static void test_suggestions(void **state)
{
    static const struct {
        const char *name, *base;
    } rows[] = {
        { "StringEqual", "StringEquals" },
        { "ForAnyValue::StringEquals", "StringEquals" },
        { "ForAllValues:StrngLike", "StringLike" },
        { "NullIfExists", "Null" },
        { "IpAdress", "IpAddress" },
        { "ArnLikes", "ArnLike" },
        { "Frobnicate", NULL },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        size_t at = vd_operator_suggest(vd_str_of(rows[i].name));

        if (rows[i].base)
            check_cstr(at < vd_operator_count ? vd_operators[at].name : VD_S("none"), rows[i].base);
        else
            assert_int_equal(at, vd_operator_count);
    }
}

/* E520 as a table: name, negated, variables, globs; typed by E522. */
static void test_table(void **state)
{
    static const struct {
        const char *name, *marks;
    } rows[] = {
        { "StringEquals", "v" },
        { "StringNotEquals", "nv" },
        { "StringEqualsIgnoreCase", "v" },
        { "StringNotEqualsIgnoreCase", "nv" },
        { "StringLike", "vg" },
        { "StringNotLike", "nvg" },
        { "NumericEquals", "t" },
        { "NumericNotEquals", "nt" },
        { "NumericLessThan", "t" },
        { "NumericLessThanEquals", "t" },
        { "NumericGreaterThan", "t" },
        { "NumericGreaterThanEquals", "t" },
        { "DateEquals", "t" },
        { "DateNotEquals", "nt" },
        { "DateLessThan", "t" },
        { "DateLessThanEquals", "t" },
        { "DateGreaterThan", "t" },
        { "DateGreaterThanEquals", "t" },
        { "Bool", "v" },
        { "BinaryEquals", "t" },
        { "IpAddress", "t" },
        { "NotIpAddress", "nt" },
        { "ArnEquals", "vgt" },
        { "ArnLike", "vgt" },
        { "ArnNotEquals", "nvgt" },
        { "ArnNotLike", "nvgt" },
        { "Null", "" },
    };

    VD_UNUSED(state);
    assert_int_equal(vd_operator_count, 27);
    for (size_t i = 0; i < VD_COUNT(rows); i++) {
        vd_operator_use use;

        assert_true(vd_operator_find(&use, vd_str_of(rows[i].name)));
        assert_int_equal(use.op->negated, strchr(rows[i].marks, 'n') != NULL);
        assert_int_equal(use.op->variables, strchr(rows[i].marks, 'v') != NULL);
        assert_int_equal(use.op->globs, strchr(rows[i].marks, 'g') != NULL);
        assert_int_equal(use.op->typed, strchr(rows[i].marks, 't') != NULL);
    }
}

/* test() of E522 with one policy value. */
static bool test_one(const char *name, const char *value, const char *context)
{
    vd_operator_use use;
    vd_str          p = vd_str_of(value), x = vd_str_of(context);
    char            coded[200];
    size_t          n = p.n;

    assert_true(vd_operator_find(&use, vd_str_of(name)));
    if (use.op->typed && (!vd_operator_context_ok(use.op, x) || !vd_operator_value_ok(use.op, p)))
        return false;
    memcpy(coded, p.p, p.n);
    if (use.op->test == VD_TEST_LIKE)
        n = vd_glob_code(coded, p);
    if (use.op->test == VD_TEST_ARN)
        assert_true(vd_arn_code(coded, &n, p));
    return vd_operator_test(use.op, x, (vd_str){ coded, n }) != use.op->negated;
}

#define ACCOUNT "111111111111"

static void test_values(void **state)
{
    static const struct {
        const char *id, *op, *value, *context;
        bool        want;
    } rows[] = {
        { "K07", "StringEquals", "A", "a", false },
        { "K08", "StringEqualsIgnoreCase", "\xc3\x84"
                                           "B",
          "\xc3\xa4"
          "b",
          true },
        { "K09", "StringEqualsIgnoreCase", "ss", "\xc3\x9f", false },
        { "K10", "StringEquals", "home/*", "home/x", false },
        { "E523", "StringEquals", "home/*", "home/*", true },
        { "K11", "StringLike", "home/*", "home/a/b:c", true },
        { "K12", "StringLike", "", "", true },
        { "K12", "StringLike", "home/", "", false },
        { "K14", "StringNotLike", "a*", "ab", false },
        { "K15", "StringLike", "?", "\xc3\xa9", true },
        { "K16", "NumericEquals", "0.1", "1e-1", true },
        { "K17", "NumericLessThan", "10", "9.999999999999999999999", true },
        { "K18", "NumericLessThanEquals", "3600", "3600", true },
        { "E526", "NumericLessThanEquals", "3600", "3600.5", false },
        { "E520", "NumericLessThan", "10", "10", false },
        { "E520", "NumericGreaterThan", "10", "10", false },
        { "E520", "NumericGreaterThan", "10", "11", true },
        { "E520", "NumericGreaterThanEquals", "10", "10", true },
        { "E520", "NumericGreaterThanEquals", "10", "9", false },
        { "E520", "NumericNotEquals", "5", "5.0", false },
        { "E520", "NumericNotEquals", "5", "6", true },
        { "K19", "NumericNotEquals", "5", "five", false },
        { "K21", "DateEquals", "2024-01-01", "1704067200000", true },
        { "K22", "DateEquals", "1704067200", "2024-01-01T02:00:00+02:00", true },
        { "K23", "DateLessThan", "2024-01-01T00:00:00.000000002Z", "2024-01-01T00:00:00.000000001Z", true },
        { "K24", "DateEquals", "2024", "1970-01-01T00:33:44Z", true },
        { "K25", "DateGreaterThan", "2024-02-30", "2030-01-01", false },
        { "K26", "DateGreaterThanEquals", "2024-05", "2024-05-01t00:00:00z", true },
        { "E520", "DateNotEquals", "2024-05", "2024-05-01", false },
        { "E520", "DateLessThanEquals", "2024-05", "2024-05-01", true },
        { "E520", "DateLessThanEquals", "2024-05", "2024-05-02", false },
        { "E520", "DateGreaterThan", "2024-05", "2024-05-02", true },
        { "E539", "DateNotEquals", "2024-02-30", "2024-05-01", false },
        { "K27", "Bool", "false", "asdf", true },
        { "K28", "Bool", "TRUE", "true", true },
        { "K29", "Bool", "tru", "true", false },
        { "E530", "Bool", "tru", "tru", false },
        { "E530", "Bool", "true", "1", false },
        { "E530", "Bool", "False", "", true },
        { "K32", "BinaryEquals", "QmluYXJ5", "QmluYXJ5", true },
        { "E531", "BinaryEquals", "QmluYXJ5", "QmluYXJ4", false },
        { "E531", "BinaryEquals", "QmluYXJ5", "QmluYXI=", false },
        { "E531", "BinaryEquals", "Zg==", "Zh==", true },
        { "E531", "BinaryEquals", "Zg==", "Zg", false },
        { "K33", "IpAddress", "203.0.113.9/24", "203.0.113.200", true },
        { "K34", "IpAddress", "203.0.113.9", "203.0.113.8", false },
        { "K35", "IpAddress", "0.0.0.0/0", "2001:db8::1", false },
        { "K36", "NotIpAddress", "0.0.0.0/0", "2001:db8::1", true },
        { "K37", "IpAddress", "203.0.113.0/24", "::ffff:203.0.113.7", true },
        { "K38", "IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678:0:0:0:1", true },
        { "K39", "NotIpAddress", "10.0.0.0/8", "cloudformation.amazonaws.com", false },
        { "E532", "IpAddress", "10.0.0.0/8", "10.0.0.0/8", false },
        { "K40", "ArnLike", "arn:aws:sns:*:" ACCOUNT ":t*", "arn:aws:sns:us-east-1:" ACCOUNT ":topic:sub/x", true },
        { "K41", "ArnLike", "arn:aws:*:" ACCOUNT ":x", "arn:aws:sns:us-east-1:" ACCOUNT ":x", false },
        { "K42", "StringLike", "arn:aws:*:" ACCOUNT ":x", "arn:aws:sns:us-east-1:" ACCOUNT ":x", true },
        { "K43", "ArnEquals", "arn:aws:iam::*:role/dev-?", "arn:aws:iam::222222222222:role/dev-1", true },
        { "K44", "ArnNotLike", "arn:aws:s3:::b", "nonsense", false },
        { "K46", "ArnLike", "*", "arn:aws:s3:::b", false },
        { "K47", "ArnEquals", "arn:aws:s3:::B", "arn:aws:s3:::b", false },
        { "E534", "ArnLike", "arn:aws:sns:*:" ACCOUNT ":*", "arn:aws:sns:us-east-1:" ACCOUNT ":t", true },
        { "E534", "ArnLike", "arn:aws:iam:*:role/x", "arn:aws:iam::" ACCOUNT ":role/x", false },
        { "E534", "ArnLike", "*:*:*:*:*:*", "arn:aws:s3:::b", true },
        { "E534", "ArnLike", "arn:aws:s3:?::b", "arn:aws:s3:::b", false },
        { "E534", "ArnNotEquals", "arn:aws:s3:::b", "arn:aws:s3:::c", true },
        { "K77", "StringLike", "a${*}", "a${xyz}", true },
        { "K82", "StringEquals", "\xc3\xa9", "e\xcc\x81", false },
        { "E540", "StringEquals", "true", "True", false },
    };

    VD_UNUSED(state);
    for (size_t i = 0; i < VD_COUNT(rows); i++)
        if (test_one(rows[i].op, rows[i].value, rows[i].context) != rows[i].want)
            fail_msg("%s: %s %s with %s: not %d", rows[i].id, rows[i].op, rows[i].value, rows[i].context,
                     rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_suggestions),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
