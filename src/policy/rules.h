/* SPDX-License-Identifier: Apache-2.0
 *
 * Every check of this room: its stable id, when it counts (the order of E125), how bad it is, and what it does to the
 * evaluation of the document (E009).  A list, because the enum and the table of rules.c must agree.
 */
#ifndef VERDICT_POLICY_RULES_H
#define VERDICT_POLICY_RULES_H

#include "base/base.h"

typedef enum vd_phase { /* E125 */
    VD_PHASE_SHAPE,
    VD_PHASE_VERSION,
    VD_PHASE_VALUES,
    VD_PHASE_SIDS,
    VD_PHASE_ACTIONS_PRESENT,
    VD_PHASE_ARNS,
    VD_PHASE_ACTIONS,
    VD_PHASE_RESOURCES_PRESENT,
    VD_PHASE_MATRIX,
    VD_PHASE_QUOTAS,
    VD_PHASE_LINTS,
    VD_PHASE_ADVICE, /* E126: evaluates as written, and is seldom meant so */
    VD_PHASE_COUNT
} vd_phase;

typedef enum vd_fault { /* E009 */
    VD_FAULT_NONE,
    VD_FAULT_STATEMENT, /* the statement is malformed */
    VD_FAULT_DOCUMENT   /* nothing can be decided with this document */
} vd_fault;

/* X(name, id, phase, severity, fault) */
#define VD_RULES(X)                                                                                  \
    X(DATA_TYPE, "data-type-mismatch", SHAPE, ERROR, STATEMENT)                                      \
    X(POLICY_ELEMENT, "invalid-policy-element", SHAPE, ERROR, DOCUMENT)                              \
    X(MISSING_STATEMENT, "missing-statement", SHAPE, ERROR, NONE)                                    \
    X(INVALID_VERSION, "invalid-version", SHAPE, ERROR, DOCUMENT)                                    \
    X(MISSING_VERSION, "missing-version", VERSION, WARNING, NONE)                                    \
    X(OLD_VERSION, "old-version", VERSION, WARNING, NONE)                                            \
    X(ID_NOT_ALLOWED, "id-not-allowed", MATRIX, WARNING, NONE)                                       \
    X(INVALID_CHARACTER, "invalid-character", VALUES, ERROR, NONE)                                   \
    X(INVALID_SID, "invalid-sid", VALUES, ERROR, NONE)                                               \
    X(DUPLICATE_SID, "duplicate-sid", SIDS, ERROR, NONE)                                             \
    X(EMPTY_SID, "empty-sid", LINTS, SUGGESTION, NONE)                                               \
    X(POLICY_SIZE, "policy-size-exceeded", QUOTAS, ERROR, NONE)                                      \
    X(MISSING_EFFECT, "missing-effect", SHAPE, ERROR, DOCUMENT)                                      \
    X(INVALID_EFFECT, "invalid-effect", VALUES, ERROR, DOCUMENT)                                     \
    X(MISSING_ACTION, "missing-action", ACTIONS_PRESENT, ERROR, STATEMENT)                           \
    X(MISSING_RESOURCE, "missing-resource", RESOURCES_PRESENT, ERROR, STATEMENT)                     \
    X(MISSING_PRINCIPAL, "missing-principal", MATRIX, ERROR, NONE)                                   \
    X(ELEMENT_CONFLICT, "element-conflict", SHAPE, ERROR, STATEMENT)                                 \
    X(UNSUPPORTED_PRINCIPAL, "unsupported-principal", MATRIX, ERROR, NONE)                           \
    X(EMPTY_ACTION, "empty-action", ACTIONS_PRESENT, ERROR, STATEMENT)                               \
    X(EMPTY_RESOURCE, "empty-resource", RESOURCES_PRESENT, ERROR, STATEMENT)                         \
    X(EMPTY_PRINCIPAL, "empty-principal", LINTS, SUGGESTION, NONE)                                   \
    X(EMPTY_CONDITION, "empty-condition", LINTS, SUGGESTION, NONE)                                   \
    X(EMPTY_STRING, "empty-string-value", VALUES, ERROR, STATEMENT)                                  \
    X(ACTION_FORMAT, "invalid-action-format", ACTIONS, ERROR, STATEMENT)                             \
    X(SERVICE_WILDCARD, "service-name-wildcard", LINTS, SUGGESTION, NONE)                            \
    X(ARN_PREFIX, "invalid-arn-prefix", VALUES, ERROR, STATEMENT)                                    \
    X(ARN_FIELDS, "missing-arn-field", VALUES, ERROR, STATEMENT)                                     \
    X(PARTITION, "invalid-partition", ARNS, ERROR, NONE)                                             \
    X(ARN_SERVICE, "missing-arn-service", ARNS, ERROR, NONE)                                         \
    X(ARN_REGION, "arn-region-not-allowed", ARNS, ERROR, NONE)                                       \
    X(ARN_ACCOUNT, "arn-account-not-allowed", ARNS, ERROR, NONE)                                     \
    X(ARN_RESOURCE, "invalid-arn-resource", ARNS, ERROR, NONE)                                       \
    X(ARN_TYPE_WILDCARD, "arn-type-wildcard", LINTS, WARNING, NONE)                                  \
    X(PRINCIPAL_FORMAT, "invalid-principal-format", SHAPE, ERROR, STATEMENT)                         \
    X(PRINCIPAL_KEY, "invalid-principal-key", SHAPE, ERROR, STATEMENT)                               \
    X(PRINCIPAL_ARN, "invalid-principal-arn", VALUES, ERROR, NONE)                                   \
    X(PRINCIPAL_GROUP, "group-principal", VALUES, ERROR, NONE)                                       \
    X(PRINCIPAL_WILDCARD, "wildcard-in-principal", VALUES, ERROR, NONE)                              \
    X(PRINCIPAL_ROLE_ID, "invalid-role-reference", LINTS, WARNING, NONE)                             \
    X(PRINCIPAL_USER_ID, "invalid-user-reference", LINTS, WARNING, NONE)                             \
    X(PRINCIPAL_SERVICE, "invalid-service-principal", VALUES, ERROR, NONE)                           \
    X(FEDERATED_ELSEWHERE, "federated-not-supported", MATRIX, ERROR, NONE)                           \
    X(FEDERATED_SYNTAX, "trust-federated-syntax", VALUES, ERROR, NONE)                               \
    X(ALLOW_NOT_PRINCIPAL, "allow-with-not-principal", MATRIX, ERROR, NONE)                          \
    X(NOT_PRINCIPAL, "not-principal-used", LINTS, SUGGESTION, NONE)                                  \
    X(CONDITION_OPERATOR, "invalid-condition-operator", SHAPE, ERROR, STATEMENT)                     \
    X(CONDITION_SWAPPED, "condition-structure-swapped", SHAPE, ERROR, STATEMENT)                     \
    X(NULL_IF_EXISTS, "null-if-exists", SHAPE, ERROR, STATEMENT)                                     \
    X(DUPLICATE_KEY, "duplicate-condition-key", SHAPE, ERROR, NONE)                                  \
    X(NUMERIC_VALUE, "invalid-numeric-value", VALUES, ERROR, NONE)                                   \
    X(DATE_VALUE, "invalid-date-value", VALUES, ERROR, NONE)                                         \
    X(IP_VALUE, "invalid-ip-value", VALUES, ERROR, NONE)                                             \
    X(BINARY_VALUE, "invalid-binary-value", VALUES, ERROR, NONE)                                     \
    X(ARN_VALUE, "invalid-arn-value", VALUES, ERROR, NONE)                                           \
    X(BOOL_VALUE, "invalid-bool-value", VALUES, ERROR, NONE)                                         \
    X(VARIABLE_OPERATOR, "variable-operator", VALUES, ERROR, NONE)                                   \
    X(VARIABLE_BRACE, "variable-brace", LINTS, WARNING, NONE)                                        \
    X(VARIABLE_QUOTE, "variable-quote", VALUES, ERROR, NONE)                                         \
    X(VARIABLE_SPACE, "variable-space", VALUES, ERROR, NONE)                                         \
    X(VARIABLE_SYMBOL, "variable-symbol", VALUES, ERROR, NONE)                                       \
    X(VARIABLE_EMPTY, "variable-empty", VALUES, ERROR, NONE)                                         \
    X(VARIABLE_ELEMENT, "variable-element", VALUES, ERROR, NONE)                                     \
    X(VARIABLE_ARN_PREFIX, "variable-arn-prefix", VALUES, ERROR, NONE)                               \
    X(VARIABLE_VERSION, "variable-version", LINTS, WARNING, NONE)                                    \
    X(SYSTEM_ID, "system-id-wildcard", MATRIX, ERROR, NONE)                                          \
    X(SHORT_WILDCARD, "endpoint-short-wildcard", MATRIX, ERROR, NONE)                                \
    X(ACCOUNT_MIX, "endpoint-arn-account-mix", MATRIX, ERROR, NONE)                                  \
    X(TRUST_NOT_PRINCIPAL, "trust-not-principal", MATRIX, ERROR, NONE)                               \
    X(TRUST_RESOURCE, "trust-resource", MATRIX, ERROR, NONE)                                         \
    X(TRUST_NOT_ACTION, "trust-not-action", MATRIX, ERROR, NONE)                                     \
    X(TRUST_ACTION, "trust-unsupported-action", MATRIX, ERROR, NONE)                                 \
    X(TRUST_PUBLIC, "trust-public", MATRIX, ERROR, NONE)                                             \
    X(SCP_PRINCIPAL, "scp-principal", MATRIX, ERROR, NONE)                                           \
    X(RCP_PRINCIPAL, "rcp-principal", MATRIX, ERROR, NONE)                                           \
    X(RCP_ALLOW, "rcp-allow", MATRIX, ERROR, NONE)                                                   \
    X(RCP_NOT_ACTION, "rcp-not-action", MATRIX, ERROR, NONE)                                         \
    X(RCP_ACTION, "rcp-action", MATRIX, ERROR, NONE)                                                 \
    X(NO_LIKE, "wildcard-without-like", ADVICE, WARNING, NONE)                                       \
    X(NO_SET_OPERATOR, "missing-set-operator", ADVICE, WARNING, NONE)                                \
    X(FOR_ALL_SINGLE, "forallvalues-single-valued", ADVICE, SECURITY, NONE)                          \
    X(FOR_ANY_SINGLE, "foranyvalue-single-valued", ADVICE, SUGGESTION, NONE)                         \
    X(FOR_ALL_ABSENT, "forallvalues-allow-absent", ADVICE, SECURITY, NONE)                           \
    X(NEGATED_ALLOW, "negated-allow", ADVICE, SECURITY, NONE)                                        \
    X(PRIVATE_IP, "source-ip-private", ADVICE, WARNING, NONE)                                        \
    X(SOME_PRIVATE_IP, "source-ip-some-private", ADVICE, SUGGESTION, NONE)                           \
    X(PASS_ROLE, "pass-role-star", ADVICE, SECURITY, NONE)

typedef enum vd_rule {
#define VD_RULE_NAME(name, id, phase, severity, fault) VD_RULE_##name,
    VD_RULES(VD_RULE_NAME)
#undef VD_RULE_NAME
    VD_RULE_COUNT
} vd_rule;

typedef struct vd_rule_row {
    vd_str  id;
    uint8_t phase; /* vd_phase */
    int8_t  severity;
    uint8_t fault; /* vd_fault */
} vd_rule_row;

extern const vd_rule_row vd_rule_rows[VD_RULE_COUNT];

/* Is the rule with this id about what the author may have meant (E126), not about what AWS takes or how it evaluates? */
bool vd_rule_is_advice(vd_str id);

#endif
