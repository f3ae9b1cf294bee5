/* SPDX-License-Identifier: Apache-2.0
 *
 * Ids of findings that survive edits elsewhere (lint.md 6.9).
 */
#ifndef VERDICT_LINT_FINGERPRINT_H
#define VERDICT_LINT_FINGERPRINT_H

#include "lint/file.h"

/* What the finding is about, without its place: 32 hex digits in f->id.  look NULL: about the file.  False: no memory. */
bool vd_fingerprint(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f);
/* Equal ones are told apart by their order, and all get their final form. */
bool vd_fingerprint_ordinals(vd_file_run *run);

#endif
