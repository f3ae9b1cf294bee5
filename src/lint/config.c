/* SPDX-License-Identifier: Apache-2.0
 *
 * Configuration values: the defaults, and small questions about them.
 */
#include "lint/config.h"

#include "base/str.h"

bool vd_lint_config_init(vd_lint_config *out, vd_arena *arena)
{
    *out = (vd_lint_config){ .max_age_days = 270, .near_percent = 90, .warn_days = 14 };
    out->trusted.github_template = VD_S("default");
    out->rules = vd_arena_new_array(arena, vd_rule_choice, vd_lint_rule_count());
    return out->rules != NULL;
}

bool vd_strs_have(vd_strs list, vd_str s)
{
    for (uint32_t i = 0; i < list.count; i++)
        if (vd_str_eq(list.at[i], s))
            return true;
    return false;
}

bool vd_config_trusts_account(const vd_lint_config *c, vd_str account)
{
    if (account.n == 0)
        return false;
    if (vd_str_eq(account, c->account))
        return true;
    for (uint32_t i = 0; i < c->trusted.account_count; i++)
        if (vd_str_eq(c->trusted.accounts[i].id, account))
            return true;
    return false;
}
