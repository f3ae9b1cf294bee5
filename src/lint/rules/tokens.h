/* SPDX-License-Identifier: Apache-2.0
 *
 * Tokens next to a span: what a fix needs besides the place of a finding.
 */
#ifndef VERDICT_LINT_RULES_TOKENS_H
#define VERDICT_LINT_RULES_TOKENS_H

#include "lint/lint.h"

/* The key of the member whose value begins at span.  False: the text does not read that way. */
bool vd_token_key_of(const vd_lint *l, vd_span value, vd_span *key);
/* The string token, quotes included, that a span lies in.  False: it has escapes, or there are no quotes. */
bool vd_token_around(const vd_lint *l, vd_span part, vd_span *token);
vd_span vd_token_document(const vd_lint *l); /* the object that the policy is */
vd_str  vd_token_text(const vd_lint *l, vd_span span); /* as written */
/* The statement of the model that a span lies in, NULL: none. */
const vd_statement *vd_token_statement(const vd_lint *l, vd_span span);
bool vd_token_has_variables(const vd_lint *l); /* "${" somewhere in the text */

#endif
