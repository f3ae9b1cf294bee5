/* SPDX-License-Identifier: Apache-2.0
 *
 * Condition keys: the table agrees with the catalogue, and availability is what lint.md 2.6 says.
 */
#include "unit.h"

#include "base/str.h"
#include "lint/keys.h"

static vd_view_condition key(const char *name)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_view_condition k = { .key = vd_str_of(name) };

    k.id = vd_catalog_find_key(c, k.key);
    if (k.id != VD_NONE)
        k.fact = vd_catalog_key(c, k.id);
    k.family = vd_str_istarts(k.key, VD_S("aws:")) ? VD_FAMILY_GLOBAL : VD_FAMILY_SERVICE;
    return k;
}

static void test_table_agrees_with_the_catalogue(void **state)
{
    static const char *const types[] = { "String", "ARN", "Numeric", "Date", "Bool", "IPAddress", "Binary" };
    const vd_catalog        *c = vd_catalog_builtin();
    vd_sheet                 sheet = vd_catalog_sheet(c, VD_S("keys"));

    (void)state;
    assert_true(sheet.rows > 90);
    for (uint32_t i = 0; i < sheet.rows; i++) {
        vd_str      name = vd_sheet_cell(sheet, i, VD_KEY_COLUMN_KEY);
        uint32_t    id = vd_catalog_find_key(c, name);
        vd_key_fact fact;

        if (vd_str_starts(name, VD_S("${Provider}")))
            continue;
        if (id == VD_NONE)
            fail_msg("no key " VD_F, VD_A(name));
        fact = vd_catalog_key(c, id);
        if (!vd_str_eq(vd_sheet_cell(sheet, i, VD_KEY_COLUMN_TYPE), vd_str_of(types[fact.type])))
            fail_msg("type of " VD_F, VD_A(name));
        if (vd_str_eq(vd_sheet_cell(sheet, i, VD_KEY_COLUMN_MANY), VD_S("many")) != !!(fact.flags & VD_KEY_MANY))
            fail_msg("one or many: " VD_F, VD_A(name));
    }
}

static void test_actions_that_only_look_exist(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_sheet          sheet = vd_catalog_sheet(c, VD_S("keys"));

    (void)state;
    for (uint32_t i = 0; i < sheet.rows; i++) {
        vd_str words = vd_sheet_cell(sheet, i, VD_KEY_COLUMN_ONLY), one;
        bool   more = words.n > 0;

        while (more) {
            more = vd_str_cut(&words, ' ', &one);
            if (vd_catalog_find(c, more ? one : words) == VD_NONE)
                fail_msg("no action " VD_F, VD_A(more ? one : words));
        }
    }
}

static void check(const char *action, const char *name, vd_avail want)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_view_condition k = key(name);
    vd_avail          got = vd_key_avail(c, vd_catalog_find(c, vd_str_of(action)), &k);

    if (got != want)
        fail_msg("%s with %s: %d, not %d", action, name, got, want);
}

static void test_availability(void **state)
{
    (void)state;
    check("s3:GetObject", "s3:prefix", VD_AVAIL_NEVER);
    check("s3:ListBucket", "S3:Prefix", VD_AVAIL_SOMETIMES);
    check("s3:GetObject", "aws:SecureTransport", VD_AVAIL_ALWAYS);
    check("s3:GetObject", "aws:PrincipalArn", VD_AVAIL_ALWAYS);
    check("s3:GetObject", "aws:CalledVia", VD_AVAIL_SOMETIMES);
    check("s3:GetObject", "ec2:SourceInstanceArn", VD_AVAIL_SOMETIMES);
    check("ec2:RunInstances", "ec2:InstanceType", VD_AVAIL_SOMETIMES);
    check("ec2:DescribeInstances", "aws:ResourceTag/team", VD_AVAIL_NEVER);
    check("ec2:TerminateInstances", "aws:ResourceTag/team", VD_AVAIL_SOMETIMES);
    check("s3:NoSuchAction", "s3:prefix", VD_AVAIL_UNKNOWN);
    check("s3:GetObject", "s3:no-such-key", VD_AVAIL_UNKNOWN);
}

static void test_pins(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_view_condition org = key("AWS:principalorgid"), tag = key("aws:PrincipalTag/x"), external = key("sts:ExternalId");

    (void)state;
    assert_true(vd_key_pins(c, &org, false));
    assert_false(vd_key_pins(c, &tag, true));
    assert_false(vd_key_pins(c, &external, false));
    assert_true(vd_key_pins(c, &external, true));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_agrees_with_the_catalogue),
        cmocka_unit_test(test_actions_that_only_look_exist),
        cmocka_unit_test(test_availability),
        cmocka_unit_test(test_pins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
