/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group condition share: the numbers of its rules, and the looks at one entry.
 */
#ifndef VERDICT_LINT_RULES_CONDITION_H
#define VERDICT_LINT_RULES_CONDITION_H

#include "lint/keys.h"
#include "lint/lint.h"

/* In the order of the catalogue. */
enum {
    VD_F_OPERATOR,
    VD_F_KEY_FORMAT,
    VD_F_SWAPPED,
    VD_F_GLOBAL_KEY,
    VD_F_SERVICE_KEY,
    VD_F_KEY_SERVICE,
    VD_F_DEPRECATED_KEY,
    VD_F_KEY_CASE,
    VD_F_DUPLICATE_KEY,
    VD_F_TAG_KEY,
    VD_F_TYPE,
    VD_F_BOOL,
    VD_F_DATE,
    VD_F_AMBIGUOUS_DATE,
    VD_F_IP,
    VD_F_NUMBER,
    VD_F_BINARY,
    VD_F_MIXED,
    VD_F_BOOLEANS,
    VD_F_NO_SET_OPERATOR,
    VD_F_FOR_ALL_SINGLE,
    VD_F_FOR_ANY_SINGLE,
    VD_F_NULL_IF_EXISTS,
    VD_F_NULL_SET,
    VD_F_NO_LIKE,
    VD_F_NO_WILDCARD,
    VD_F_STRING_ON_ARN,
    VD_F_VARIABLE_OPERATOR,
    VD_F_VARIABLE_BRACE,
    VD_F_VARIABLE_QUOTE,
    VD_F_VARIABLE_SPACE,
    VD_F_VARIABLE_SYMBOL,
    VD_F_VARIABLE_EMPTY,
    VD_F_VARIABLE_UNKNOWN,
    VD_F_VARIABLE_MANY,
    VD_F_VARIABLE_ELEMENT,
    VD_F_VARIABLE_ARN,
    VD_F_VARIABLE_VERSION,
    VD_F_VARIABLE_OPEN,
    VD_F_USERNAME,
    VD_F_VPC,
    VD_F_VPCE,
    VD_F_ACCOUNT,
    VD_F_ORGANIZATION,
    VD_F_REGION,
    VD_F_SYSTEM_ID,
    VD_F_KMS_KEY,
    VD_F_NEVER_SENT,
    VD_F_REDUNDANT_NUMBER,
    VD_F_REDUNDANT_VALUE,
    VD_F_PRIVATE_IP,
    VD_F_SOME_PRIVATE_IP,
    VD_F_HOST_BITS,
    VD_F_IP_OPEN,
    VD_F_COUNT
};

extern const vd_lint_rule vd_condition_rules[VD_F_COUNT];

/* One file each. */
void vd_condition_key(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_condition_operator(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_condition_value(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_condition_id(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_condition_address(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
void vd_condition_variables(vd_lint *l, const vd_view_statement *st);
void vd_condition_adopt(vd_lint *l, vd_finding *f);

#endif
