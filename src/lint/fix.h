/* SPDX-License-Identifier: Apache-2.0
 *
 * Fixes in bytes of the file: what rules say in terms of tokens (lint/lint.h, vd_edit), written the way the file is.
 */
#ifndef VERDICT_LINT_FIX_H
#define VERDICT_LINT_FIX_H

#include "lint/file.h"

/* Fills out->fixes; a fix that cannot be made of this file stays with the reason.  False: no memory. */
bool vd_lint_realise(vd_file_run *run, const vd_look_at *look, const vd_finding *f, vd_lint_finding *out);
bool vd_lint_realise_patch(vd_file_run *run, const vd_patch *patch, vd_lint_finding *out);
/* Can the text stand without quotes in YAML and be a string? */
bool vd_yaml_is_plain(vd_str s);

#endif
