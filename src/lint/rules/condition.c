/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions: grammar and types.  The rows are in condition_rows.c; each file beside this one looks at one thing of an
 * entry.
 */
#include "lint/rules/condition.h"

static void look(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    vd_condition_key(l, st, c);
    vd_condition_operator(l, st, c);
    vd_condition_value(l, st, c);
    vd_condition_id(l, st, c);
    vd_condition_address(l, st, c);
}

const vd_lint_group vd_lint_condition = {
    .name = "condition",
    .rules = vd_condition_rules,
    .count = VD_F_COUNT,
    .statement = vd_condition_variables,
    .condition = look,
    .adopt = vd_condition_adopt,
};
