/* SPDX-License-Identifier: Apache-2.0
 *
 * What a whole run had no use for: entries of configurations and of the baseline that hid nothing.
 */
#ifndef VERDICT_LINT_LEFTOVERS_H
#define VERDICT_LINT_LEFTOVERS_H

#include "lint/linter.h"

/* The report of the linter's text number `index` (configurations, then the baseline) after all files were linted; NULL when
 * everything in it was of use.  Past the last one: VD_ENOTFOUND. */
vd_code vd_lint_leftovers(vd_report **out, const vd_linter *l, uint32_t index, const vd_report *const *reports,
                          uint32_t count, vd_error *err);

#endif
