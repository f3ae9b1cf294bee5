/* SPDX-License-Identifier: Apache-2.0
 *
 * Elements of a list that another element says already: for actions, resources and whatever else is a pattern.
 */
#ifndef VERDICT_LINT_RULES_LISTED_H
#define VERDICT_LINT_RULES_LISTED_H

#include "lint/lint.h"

/* by[i]: an element whose pattern covers that of element i, VD_NONE: there is none.  Of equal ones the first stays.
 * Patterns are coded; an empty one is passed over.  Not quadratic; of hopeless lists some may be missed. */
bool vd_listed_covered(vd_lint *l, const vd_str *coded, uint32_t count, uint32_t *by);

#endif
