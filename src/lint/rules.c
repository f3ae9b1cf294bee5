/* SPDX-License-Identifier: Apache-2.0
 *
 * All groups, in the order of the catalogue.
 */
#include "lint/rule.h"

#include "base/str.h"

const vd_lint_group *const vd_lint_groups[] = {
    &vd_lint_document,   &vd_lint_statement, &vd_lint_action,     &vd_lint_resource,
    &vd_lint_principal,  &vd_lint_condition, &vd_lint_meaning,    &vd_lint_redundancy,
    &vd_lint_permission, &vd_lint_trust,     &vd_lint_resource_policy, &vd_lint_scp,
    &vd_lint_rcp,        &vd_lint_guardrail, &vd_lint_template,
};
const uint32_t vd_lint_group_count = VD_COUNT(vd_lint_groups);

uint32_t vd_lint_rule_count(void)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < vd_lint_group_count; i++)
        n += vd_lint_groups[i]->count;
    return n;
}

const vd_lint_rule *vd_lint_rule_at(uint32_t index, const vd_lint_group **group)
{
    uint32_t i = 0;

    while (index >= vd_lint_groups[i]->count)
        index -= vd_lint_groups[i++]->count;
    if (group)
        *group = vd_lint_groups[i];
    return &vd_lint_groups[i]->rules[index];
}

uint32_t vd_lint_rule_find(vd_str id)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < vd_lint_group_count; i++) {
        const vd_lint_group *g = vd_lint_groups[i];

        for (uint32_t k = 0; k < g->count; k++, n++)
            if (vd_str_eq(id, vd_str_of(g->rules[k].id)))
                return n;
    }
    return VD_NONE;
}
