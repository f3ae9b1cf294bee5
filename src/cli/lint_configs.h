/* SPDX-License-Identifier: Apache-2.0
 *
 * The linter that each file gets: the configurations between its folder and the root of its repository decide, the nearer
 * the stronger.  Folders with the same configurations share one.
 */
#ifndef VERDICT_CLI_LINT_CONFIGS_H
#define VERDICT_CLI_LINT_CONFIGS_H

#include "cli/lint_inputs.h"

typedef struct vd_lint_folder {
    vd_str     path;   /* as it was written; the key */
    vd_str     real;   /* absolute, with a slash behind */
    vd_str     root;   /* of the repository, with a slash behind */
    vd_linter *linter; /* NULL: a configuration is wrong, which was said */
} vd_lint_folder;

typedef struct vd_lint_shared {
    vd_str     key; /* the paths of the configurations */
    vd_linter *linter;
} vd_lint_shared;

typedef struct vd_lint_configs {
    vd_lint_words  *words;
    vd_arena        arena;
    vd_lint_folder *folders;
    uint32_t        folder_count, folder_cap;
    vd_lint_shared *shared;
    uint32_t        shared_count, shared_cap;
} vd_lint_configs;

void vd_lint_configs_init(vd_lint_configs *c, vd_lint_words *words);
void vd_lint_configs_done(vd_lint_configs *c);
/* Of the file at path; "-" counts as a file of the current directory.  NULL: out of memory. */
const vd_lint_folder *vd_lint_configs_of(vd_lint_configs *c, const char *path);
/* Of the files that a walk meets, the configuration may want some and not others. */
bool vd_lint_folder_wants(const vd_lint_folder *f, vd_str seen);
bool vd_lint_is_config(vd_str path); /* by its name */
/* The path as the repository sees it. */
vd_str vd_lint_configs_path(vd_lint_configs *c, const vd_lint_folder *f, const char *path);

/* Of a real folder, "/a/b/": the nearest one around it that is a repository; none: the current one, when it is below. */
vd_str vd_repository_root(vd_arena *arena, vd_str real);

#endif
