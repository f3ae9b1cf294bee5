/* SPDX-License-Identifier: Apache-2.0
 *
 * Only what a diff touches (lint.md 6.10).
 */
#ifndef VERDICT_LINT_CHANGED_H
#define VERDICT_LINT_CHANGED_H

#include "lint/file.h"

/* Sets the state of a finding that the diff does not touch.  look NULL: a finding about the file. */
void vd_changed(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f);

#endif
