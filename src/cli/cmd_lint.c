/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict lint: findings in policies, templates and plans.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/lint_outputs.h"
#include "cli/lint_run.h"

static vd_exit run(vd_cli *cli)
{
    return vd_lint_run_command(cli, NULL);
}

static const vd_opts *const groups[] = { &vd_opts_lint_read, &vd_opts_lint_which, &vd_opts_lint_known, &vd_opts_lint_fix, &vd_opts_lint_output,
                                         &vd_opts_everywhere };

static const vd_example examples[] = {
    { "policies, templates and plans below a folder", "verdict lint policies/examples --fail-on error", 0 },
    { "for GitHub's code scanning, and for people", "verdict lint policies --fail-on none --format sarif=/dev/null --format text",
      0 },
    { "what it looks for", "verdict lint --rules", 0 },
};

const vd_command vd_command_lint = {
    .name = "lint",
    .summary = "findings in policies, templates and plans",
    .words = "[PATH...]",
    .about = "Reads policies and says what is wrong with them.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 nothing at or over --fail-on, 1 at least one such finding",
    .run = run,
};
