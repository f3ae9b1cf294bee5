/* SPDX-License-Identifier: Apache-2.0
 *
 * What the words of `verdict lint` ask for, as the options of a linter, and the linter that each file gets: the
 * configurations between the file and the root of its repository decide.
 */
#ifndef VERDICT_CLI_LINT_INPUTS_H
#define VERDICT_CLI_LINT_INPUTS_H

#include "cli/cli.h"

#include <verdict/lint.h>

typedef struct vd_lint_words {
    vd_cli        *cli;
    vd_arena       arena;
    vd_linter_opts opts;
    vd_lint_text  *configs;
    uint32_t       config_count, config_cap;
} vd_lint_words;

/* NULL: it cannot be made, which was said. */
vd_linter *vd_lint_words_linter(vd_lint_words *words, vd_cli *cli);
void       vd_lint_words_done(vd_lint_words *words);

#endif
