/* SPDX-License-Identifier: Apache-2.0
 *
 * One cause, one finding: what a graver finding says already is not said again (lint.md 2.8).
 */
#ifndef VERDICT_LINT_SUPERSEDE_H
#define VERDICT_LINT_SUPERSEDE_H

#include "lint/lint.h"

/* For each rule the rows in which it stands: as what hides others, and as what is hidden.  False: no memory. */
bool vd_supersede_prepare(vd_lint_config *config, vd_arena *arena, uint32_t rules);
void vd_supersede(vd_lint *l);

#endif
