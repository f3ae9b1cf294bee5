/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables that rules about actions and resources read: every action they name exists, every pattern has the form that its
 * reader relies on.
 */
#include "unit.h"

#include "catalog/catalog.h"

static void check_action(const vd_catalog *c, vd_str name)
{
    if (vd_catalog_find(c, name) == VD_NONE)
        fail_msg(VD_F " does not exist", VD_A(name));
}

static void check_actions(const vd_catalog *c, vd_str cell)
{
    vd_str head;

    while (vd_str_cut(&cell, ' ', &head))
        check_action(c, head);
    check_action(c, cell);
}

static void test_actions_exist(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_sheet          names = vd_catalog_sheet(c, VD_S("api-names")), needs = vd_catalog_sheet(c, VD_S("companions"));

    (void)state;
    assert_true(names.rows > 10 && needs.rows > 20);
    for (uint32_t i = 0; i < names.rows; i++) {
        assert_int_equal(vd_catalog_find(c, vd_sheet_cell(names, i, 0)), VD_NONE); /* else it would be an action */
        check_actions(c, vd_sheet_cell(names, i, 1));
    }
    for (uint32_t i = 0; i < needs.rows; i++) {
        check_actions(c, vd_sheet_cell(needs, i, 0));
        check_actions(c, vd_sheet_cell(needs, i, 1));
    }
}

static void test_prefixes(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_sheet          s = vd_catalog_sheet(c, VD_S("prefixes"));

    (void)state;
    assert_true(s.rows > 30);
    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str kind = vd_sheet_cell(s, i, 1), rest = vd_sheet_cell(s, i, 2), first = rest;

        assert_true(vd_str_eq(kind, VD_S("alias")) || vd_str_eq(kind, VD_S("retired")));
        vd_str_cut(&rest, ' ', &first);
        if (vd_str_eq(kind, VD_S("alias")) && vd_catalog_find_service(c, first) == VD_NONE)
            fail_msg(VD_F " stands for no service", VD_A(vd_sheet_cell(s, i, 0)));
    }
}

static void test_regions(void **state)
{
    const vd_catalog *c = vd_catalog_builtin();
    vd_sheet          s = vd_catalog_sheet(c, VD_S("regions")), partitions = vd_catalog_sheet(c, VD_S("partitions"));

    (void)state;
    assert_true(s.rows > 30);
    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str partition = vd_sheet_cell(s, i, 1);

        assert_true(vd_str_eq(partition, VD_S("aws")) || vd_str_starts(partition, VD_S("aws-")));
    }
    for (uint32_t i = 0; i < partitions.rows; i++) { /* the global Region of each is one of it */
        vd_run row = vd_sheet_find(s, vd_sheet_cell(partitions, i, 1));

        assert_int_equal(row.count, 1);
        check_str(vd_sheet_cell(s, row.first, 1), vd_sheet_cell(partitions, i, 0));
    }
}

static void test_traps(void **state)
{
    vd_sheet s = vd_catalog_sheet(vd_catalog_builtin(), VD_S("arn-traps"));

    (void)state;
    assert_true(s.rows > 20);
    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str severity = vd_sheet_cell(s, i, 5), actions = vd_sheet_cell(s, i, 3);

        assert_true(vd_str_starts(vd_sheet_cell(s, i, 1), VD_S("arn:*:")));
        assert_true(severity.n == 1 && strchr("EWS", severity.p[0]));
        assert_true(actions.n == 0 || vd_str_starts(actions, VD_S("only ")) || vd_str_starts(actions, VD_S("none ")));
        assert_true(vd_sheet_cell(s, i, 7).n > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_actions_exist),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_traps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
