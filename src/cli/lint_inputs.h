/* SPDX-License-Identifier: Apache-2.0
 *
 * What the words of `verdict lint` ask for, as the options of a linter.
 */
#ifndef VERDICT_CLI_LINT_INPUTS_H
#define VERDICT_CLI_LINT_INPUTS_H

#include "cli/cli.h"

#include <verdict/lint.h>

typedef struct vd_lint_words {
    vd_cli        *cli;
    vd_arena       arena;
    vd_linter_opts opts;
    bool           fixed;  /* no configuration but the one that was named counts */
    vd_lint_text   config; /* of --config; text.p NULL: none */
    vd_lint_text   baseline, changes;
    vd_lint_text  *parameters;
    uint32_t       parameter_count, parameter_cap;
    vd_lint_text  *sources;
    uint32_t       source_count, source_cap;
} vd_lint_words;

extern const vd_opts vd_opts_lint_read, vd_opts_lint_which, vd_opts_lint_known, vd_opts_lint_fix;

/* False: they make no sense, or a file cannot be read; which was said. */
bool vd_lint_words_read(vd_lint_words *words, vd_cli *cli);
void vd_lint_words_done(vd_lint_words *words);
bool vd_lint_words_add_parameters(vd_lint_words *words, const char *path); /* a file of theirs */
/* With these configurations, the farthest first.  NULL: it cannot be made, which was said. */
vd_linter *vd_lint_words_linter(const vd_lint_words *words, const vd_lint_text *configs, uint32_t count);

#endif
