/* SPDX-License-Identifier: Apache-2.0
 *
 * All files of a run of `verdict lint`: found, read and linted by several threads, their reports in order whatever the
 * number of threads; fixed, when that was asked for.
 */
#ifndef VERDICT_CLI_LINT_BATCH_H
#define VERDICT_CLI_LINT_BATCH_H

#include "cli/lint_configs.h"
#include "cli/lint_outputs.h"
#include "cli/walk.h"

typedef struct vd_lint_task {
    const char           *path;
    vd_str                name;  /* for messages */
    vd_str                seen;  /* the path as the repository sees it */
    bool                  named; /* on the command line: there must be a policy in it */
    const vd_lint_folder *folder;
    vd_str                text;
    bool                  read;  /* text is there, and ours */
    vd_report            *report;
    vd_code               code;
    vd_error              error;
} vd_lint_task;

typedef struct vd_lint_batch {
    vd_cli          *cli;
    vd_lint_configs *configs;
    vd_arena         arena;
    vd_paths         paths;
    vd_lint_task    *tasks;
    uint32_t         count, cap;
    bool             fix;
    vd_fix_opts      fixes;
    uint64_t         limit; /* bytes of one file */
    uint64_t         units, *units_left; /* of all proofs (--budget-total); NULL: each policy has its own share */
    vd_lint_results  results;
    uint32_t         fixed, skipped;
} vd_lint_batch;

/* False: nothing can be linted, which was said. */
bool vd_lint_batch_run(vd_lint_batch *b, vd_cli *cli, vd_lint_configs *configs);
void vd_lint_batch_done(vd_lint_batch *b);

#endif
