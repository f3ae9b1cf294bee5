/* SPDX-License-Identifier: Apache-2.0
 *
 * The reports of a run of `verdict lint`, and the forms that they go out in: --format, the step summary of GitHub.
 */
#ifndef VERDICT_CLI_LINT_OUTPUTS_H
#define VERDICT_CLI_LINT_OUTPUTS_H

#include "cli/outputs.h"

#include <verdict/lint.h>

typedef struct vd_lint_results {
    vd_arena          arena; /* texts of files, and the list */
    const vd_report **at;    /* owned */
    uint32_t          count, cap;
} vd_lint_results;

void vd_lint_results_init(vd_lint_results *results);
void vd_lint_results_done(vd_lint_results *results);

extern const vd_opts vd_opts_lint_output;

/* linter: whose rules are listed.  fixed: how many findings were. */
void vd_lint_print(vd_cli *cli, vd_outputs *outputs, const vd_linter *linter, const vd_lint_results *results,
                   uint32_t fixed);
void vd_lint_print_rules(vd_cli *cli, vd_outputs *outputs, const vd_linter *linter); /* --rules */

#endif
