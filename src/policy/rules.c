/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of rules.h.
 */
#include "policy/rules.h"

#include "base/str.h"

#define ROW(name, id, phase, severity, fault) \
    [VD_RULE_##name] = { VD_L(id), VD_PHASE_##phase, VD_##severity, VD_FAULT_##fault },

const vd_rule_row vd_rule_rows[VD_RULE_COUNT] = { VD_RULES(ROW) };

bool vd_rule_is_advice(vd_str id)
{
    for (size_t i = 0; i < VD_RULE_COUNT; i++)
        if (vd_rule_rows[i].phase == VD_PHASE_ADVICE && vd_str_eq(vd_rule_rows[i].id, id))
            return true;
    return false;
}
