/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of one entry of a Condition, for the fixes of the groups condition and meaning.  What cannot be edited without
 * touching another entry is moved; what cannot be moved (the values are too long for an edit) gets no fix.
 */
#ifndef VERDICT_LINT_RULES_ENTRY_H
#define VERDICT_LINT_RULES_ENTRY_H

#include "lint/lint.h"

/* The statement of the model that a finding stands in, and its entry whose operator, key or value is there; NULL: none.
 * For faults that src/policy found: there is no view yet. */
const vd_statement *vd_finding_statement(const vd_lint *l, const vd_finding *f);
const vd_entry     *vd_finding_entry(const vd_lint *l, const vd_finding *f);

/* "ForAnyValue:" + base + "IfExists": the name of the operator of e with another base, prefix or suffix. */
const char *vd_operator_text(vd_lint *l, unsigned quantifier, vd_str base, bool if_exists);

/* The entry gets another operator: a fix titled "use {to}". */
void vd_fix_operator(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const vd_entry *e,
                     const char *to);
/* The statement gets an entry more: "Null": {"aws:TagKeys": "false"}.  value is JSON. */
void vd_fix_add_entry(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const char *operator_name,
                      vd_str key, const char *value);
/* A value of several goes; the only one stays. */
void vd_fix_drop_value(vd_lint *l, vd_finding *f, const vd_entry *e, const vd_text *value, const char *title);
/* The entry goes; with the last of its block the block, with the last block the Condition. */
void vd_fix_drop_entry(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_statement *st, const vd_entry *e);
/* A string token becomes text. */
void vd_fix_text(vd_lint *l, vd_finding *f, vd_fix_kind kind, vd_span span, vd_str text);

#endif
