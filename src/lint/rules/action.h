/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group "action" share: the rows by name.
 */
#ifndef VERDICT_LINT_RULES_ACTION_H
#define VERDICT_LINT_RULES_ACTION_H

#include "lint/lint.h"

enum {
    INVALID_ACTION_FORMAT,
    UNKNOWN_SERVICE,
    UNKNOWN_ACTION,
    API_NAME_NOT_ACTION,
    RETIRED_ACTION,
    ACTION_MATCHES_NOTHING,
    ACTION_CASE,
    SERVICE_NAME_WILDCARD,
    REDUNDANT_ACTION,
    WILDCARD_CROSSES_LEVEL,
    BROAD_ACTION_WILDCARD,
    READ_NAME_GRANTS_WRITE,
    NOT_ACTION_ALLOW,
    NOT_ACTION_ALLOW_NOT_RESOURCE,
    NOT_ACTION_NAMES_UNKNOWN,
    NOT_ACTION_DENY_EVERYTHING,
    TAGGING_UNREACHABLE,
    MISSING_COMPANION_ACTION,
    ACTION_RULES
};

extern const vd_lint_rule vd_action_rules[ACTION_RULES];

/* action_names.c: actions and services that do not exist, or are called otherwise. */
typedef struct vd_action_memo { /* of the action before it: most have the same service */
    uint32_t service;
    bool     retired;
} vd_action_memo;
void vd_action_look_at_name(vd_lint *l, const vd_view_statement *st, const vd_view_action *a, vd_action_memo *memo);
/* action_wild.c: what a wildcard takes in. */
void vd_action_look_at_wildcard(vd_lint *l, const vd_view_statement *st, const vd_view_action *a);
void vd_action_look_at_service_wildcard(vd_lint *l, vd_finding *f);
/* action_not.c: NotAction. */
void vd_action_look_at_not_action(vd_lint *l, const vd_view_statement *st);
/* action_needs.c: actions that need others, policies that promise to read. */
void vd_action_look_at_promise(vd_lint *l);
void vd_action_look_at_needs(vd_lint *const *policies, uint32_t count);

/* "s3:GetObject", in the arena. */
vd_str vd_action_text(vd_lint *l, uint32_t action);

#endif
