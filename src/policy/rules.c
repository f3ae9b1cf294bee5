/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of rules.h.
 */
#include "policy/rules.h"

#define ROW(name, id, phase, severity, fault) \
    [VD_RULE_##name] = { VD_L(id), VD_PHASE_##phase, VD_##severity, VD_FAULT_##fault },

const vd_rule_row vd_rule_rows[VD_RULE_COUNT] = { VD_RULES(ROW) };
