/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the group "document" share: the rows by name.
 */
#ifndef VERDICT_LINT_RULES_DOCUMENT_H
#define VERDICT_LINT_RULES_DOCUMENT_H

#include "lint/lint.h"

enum {
    JSON_SYNTAX,
    JSON_NONSTANDARD,
    JSON_DUPLICATE_KEY,
    JSON_TRAILING_DATA,
    DATA_TYPE_MISMATCH,
    INVALID_POLICY_ELEMENT,
    MISSING_STATEMENT,
    MISSING_VERSION,
    OLD_VERSION,
    INVALID_VERSION,
    ID_NOT_ALLOWED,
    INVALID_CHARACTER,
    INVALID_SID,
    DUPLICATE_SID,
    EMPTY_SID,
    MISSING_SID,
    POLICY_SIZE_EXCEEDED,
    POLICY_SIZE_NEAR,
    POLICY_COUNT_LIMITS,
    SECRET_IN_POLICY,
    POLICY_TYPE_GUESS,
    UNUSED_SUPPRESSION,
    DOCUMENT_RULES
};

extern const vd_lint_rule vd_document_rules[DOCUMENT_RULES];

void vd_document_adopt(vd_lint *l, vd_finding *f);  /* document_fixes.c */
void vd_document_sizes(vd_lint *l);                 /* document_size.c */
void vd_document_adopt_size(vd_lint *l, vd_finding *f);
void vd_document_secrets(vd_lint *l);               /* document_secrets.c */

#endif
