/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the group principal, for the files that share it.
 */
#ifndef VERDICT_LINT_RULES_PRINCIPAL_INT_H
#define VERDICT_LINT_RULES_PRINCIPAL_INT_H

#include "lint/lint.h"

enum {
    PRINCIPAL_FORMAT,
    PRINCIPAL_KEY,
    PRINCIPAL_ARN,
    PRINCIPAL_GROUP,
    PRINCIPAL_WILDCARD,
    PRINCIPAL_ROLE_ID,
    PRINCIPAL_USER_ID,
    PRINCIPAL_SERVICE,
    PRINCIPAL_UNKNOWN_SERVICE,
    PRINCIPAL_FEDERATED,
    PRINCIPAL_ALLOW_NOT,
    PRINCIPAL_DENY_NOT_TRAP,
    PRINCIPAL_NOT_USED,
    PRINCIPAL_PUBLIC,
    PRINCIPAL_WILD_PIN,
    PRINCIPAL_IP_ONLY,
    PRINCIPAL_ACCOUNT_WIDE,
    PRINCIPAL_CROSS_ACCOUNT,
    PRINCIPAL_CANONICAL,
    PRINCIPAL_OAI,
    PRINCIPAL_SESSION,
    PRINCIPAL_REDUNDANT,
    PRINCIPAL_IN_CONDITION,
    PRINCIPAL_UNSCOPED,
    PRINCIPAL_SOURCE_ARN,
    PRINCIPAL_SOURCE_KEY,
    PRINCIPAL_UNSUPPORTED_KEY,
    PRINCIPAL_MIXED,
    PRINCIPAL_RULES
};

extern const vd_lint_rule vd_principal_rules[PRINCIPAL_RULES];

void vd_principal_adopt(vd_lint *l, vd_finding *f);                         /* principal_form.c */
void vd_principal_service_values(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_principal_forms(vd_lint *l, const vd_view_statement *st);           /* principal_form.c */
void vd_principal_public(vd_lint *l, const vd_view_statement *st);          /* principal_public.c */
void vd_principal_accounts(vd_lint *l, const vd_view_statement *st);        /* principal_account.c */
void vd_principal_services(vd_lint *l, const vd_view_statement *st);        /* principal_service.c */

#endif
