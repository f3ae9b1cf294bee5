/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules by whatever people call them: their id, their group, the code that Access Analyzer has for it, the name that
 * another linter has.
 */
#ifndef VERDICT_LINT_SELECT_H
#define VERDICT_LINT_SELECT_H

#include "lint/rule.h"

/* The rules of this linter: the built-in ones and behind them those of the user's own. */
typedef struct vd_rule_names {
    const vd_lint_rule *const *at;
    uint32_t                   count, builtin;
} vd_rule_names;

/* Calls with each rule that the name means; answers how many. */
uint32_t vd_rules_named(const vd_rule_names *rules, vd_str name, void (*each)(void *user, uint32_t rule), void *user);
vd_str   vd_rules_near(const vd_rule_names *rules, vd_str name); /* did you mean; empty: nothing is close */

#endif
