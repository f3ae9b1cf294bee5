/* SPDX-License-Identifier: Apache-2.0
 *
 * What people and programs read of a lint rule: the page of `verdict help RULE`, the page of docs/rules, the list of all.
 */
#ifndef VERDICT_RENDER_RULE_H
#define VERDICT_RENDER_RULE_H

#include "render/look.h"

#include <verdict/lint.h>

void vd_render_rule_text(vd_buf *out, const vd_look *look, const vd_rule_info *rule);
void vd_render_rule_markdown(vd_buf *out, const vd_rule_info *rule);

/* Every rule in the order of the catalogue. */
void    vd_render_rules_text(vd_buf *out, const vd_look *look, const vd_linter *linter);
void    vd_render_rules_markdown(vd_buf *out, const vd_linter *linter); /* the index of docs/rules */
vd_code vd_render_rules_json(vd_buf *out, const vd_linter *linter);

/* ------------------------------------------------------------------ words */

void        vd_rule_pascal(vd_buf *out, vd_str id);           /* "pass-role-star": PassRoleStar */
void        vd_rule_sentence(vd_buf *out, const char *words); /* a capital first, a full stop behind */
const char *vd_rule_type(const vd_rule_info *rule, uint32_t index);   /* "identity", "boundary" ...; NULL: no more */
void        vd_rule_type_list(vd_buf *out, const vd_rule_info *rule); /* "identity, boundary"; "all" */
void        vd_rule_score(vd_buf *out, unsigned tenths); /* "8.0" */
bool        vd_rule_uri(vd_buf *out, const char *id);    /* of its page; false: nobody said where they are published */
bool        vd_word_next(vd_str *rest, vd_str *word);    /* words with spaces between them; false at the end */

extern const char *const vd_severity_names[];   /* by VD_NOTE ... VD_ERROR */
extern const char *const vd_confidence_names[]; /* by VD_LINT_HIGH ... */
extern const char *const vd_fix_names[];        /* by VD_LINT_ADVICE ... */

#endif
