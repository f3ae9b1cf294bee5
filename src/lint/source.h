/* SPDX-License-Identifier: Apache-2.0
 *
 * Where findings of a Terraform plan point when its configuration is at hand (lint.md 5.5).
 */
#ifndef VERDICT_LINT_SOURCE_H
#define VERDICT_LINT_SOURCE_H

#include "lint/file.h"

/* Copies and tokenises them; of names the base is left out to find the folders of modules. */
vd_code vd_lint_sources_read(vd_linter *l, const vd_lint_text *sources, uint32_t count, vd_error *err);

void vd_lint_move(const vd_file_run *run, const vd_extracted *e, vd_lint_finding *f);
void vd_lint_move_by_address(const vd_file_run *run, vd_str address, vd_str token, vd_range *range);
bool     vd_lint_is_plan(const vd_file_run *run); /* with its configuration at hand */
vd_range vd_lint_source_range(const vd_linter *l, uint32_t file, vd_span span); /* ends with its first line */
/* By block of the configuration: does the plan have a policy of it?  NULL: no memory. */
bool    *vd_lint_source_blocks(const vd_file_run *run);

#endif
