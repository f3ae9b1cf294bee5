/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of the linter by the words of the command line.
 */
#ifndef VERDICT_CLI_LINT_RUN_H
#define VERDICT_CLI_LINT_RUN_H

#include "cli/lint_inputs.h"

/* adjust, if not NULL, has the last say about what the words ask for. */
vd_exit vd_lint_run_command(vd_cli *cli, void (*adjust)(vd_lint_words *words));

#endif
