/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether one statement says all that another says (lint.md 2.3): actions, resources, principals, conditions, each by
 * itself.  Sound, not complete: what cannot be shown is not covered, and nothing with a hole is unless the hole is the
 * same.  Effects are the caller's business: a Deny covers an Allow as well.
 */
#ifndef VERDICT_LINT_COVER_H
#define VERDICT_LINT_COVER_H

#include "lint/lint.h"

typedef enum vd_coverage {
    VD_COVERED_NOT,
    VD_COVERED_TODAY, /* every action of the catalogue that it reaches is; of one to come nobody knows */
    VD_COVERED_TEXT   /* by the patterns themselves */
} vd_coverage;

/* Fills r->exact and r->open.  In both wildcards are as E305 has them.  exact: variables and holes stand for themselves,
 * as texts no pattern names.  open: they may be any text.  False: no memory. */
bool vd_cover_code(vd_lint *l, vd_view_resource *r);

bool vd_cover_resource(vd_lint *l, vd_view_resource *p, vd_view_resource *q); /* p covers q */
vd_coverage vd_cover_action(const vd_view_statement *t, const vd_view_action *a); /* Action or NotAction of t */

/* All of s is covered by t, in that element.  Of s both Action and NotAction are seen. */
vd_coverage vd_cover_actions(const vd_view_statement *t, const vd_view_statement *s);
bool        vd_cover_resources(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s);
bool        vd_cover_principals(const vd_view_statement *t, const vd_view_statement *s);
/* Whenever the condition of s is true, that of t is. */
bool        vd_cover_conditions(const vd_view_statement *t, const vd_view_statement *s);

/* The three that do not depend on the action. */
bool        vd_cover_rest(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s);
vd_coverage vd_cover_statement(vd_lint *l, const vd_view_statement *t, const vd_view_statement *s);

#endif
