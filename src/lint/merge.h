/* SPDX-License-Identifier: Apache-2.0
 *
 * Several ways to look at one policy come down to one list of findings.
 */
#ifndef VERDICT_LINT_MERGE_H
#define VERDICT_LINT_MERGE_H

#include "lint/file.h"

/* looks are all those of one policy.  Adds what remains to the report. */
vd_code vd_lint_merge(vd_file_run *run, vd_look_at *const *looks, uint32_t count);

#endif
