/* SPDX-License-Identifier: Apache-2.0
 *
 * Known findings by their ids, in a file (lint.md 7.3).
 */
#ifndef VERDICT_LINT_BASELINE_H
#define VERDICT_LINT_BASELINE_H

#include "base/buf.h"
#include "base/map.h"
#include "lint/linter.h"

/* Hides what is known; a finding that has become graver since is shown again. */
void vd_baseline_apply(const vd_linter *l, vd_lint_finding *f);

/* All findings that are shown or known, sorted by their ids.  With pruned, those of it that still occur or belong to files
 * that were not linted. */
vd_code vd_baseline_write(vd_buf *out, const vd_report *const *reports, uint32_t count, const vd_linter *pruned);

#endif
