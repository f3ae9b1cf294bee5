/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings that somebody said are fine (lint.md 7.3): in the configuration, in a comment of YAML, in the metadata of a
 * template, in a Sid.
 */
#ifndef VERDICT_LINT_SUPPRESS_H
#define VERDICT_LINT_SUPPRESS_H

#include "lint/file.h"

/* Which rules each entry of the configuration names.  Fails for a name that is none. */
vd_code vd_suppress_settle(vd_linter *l, vd_error *err);

vd_code vd_suppress_prepare(vd_file_run *run); /* what the file says, once its policies are known */
/* Sets the state of the finding, when one of them is about it.  look NULL: a finding about the file. */
void    vd_suppress(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f);
vd_code vd_suppress_tell_unused(vd_file_run *run);

#endif
