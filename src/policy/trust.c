/* SPDX-License-Identifier: Apache-2.0
 *
 * A role's trust policy comes in as the policy of a resource (E004), but has no Resource and is checked by other rules:
 * whoever reads a resource policy asks here what it is, and reads it again as that.
 */
#include "base/str.h"
#include "policy/policy.h"

bool vd_policy_looks_like_trust(const vd_policy *p)
{
    for (uint32_t i = 0; i < p->statement_count; i++) {
        const vd_list *action = &p->statements[i].action;

        if (action->texts.count == 0)
            return false;
        for (uint32_t j = 0; j < action->texts.count; j++)
            if (!vd_str_istarts(action->texts.at[j].text, VD_S("sts:")))
                return false;
    }
    return p->statement_count > 0;
}
