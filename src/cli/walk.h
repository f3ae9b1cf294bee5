/* SPDX-License-Identifier: Apache-2.0
 *
 * Directories, walked in sorted order: hidden names and .git are skipped, .gitignore is honoured.
 */
#ifndef VERDICT_CLI_WALK_H
#define VERDICT_CLI_WALK_H

#include "cli/cli.h"

typedef struct vd_paths {
    vd_arena     arena;
    const char **at;
    uint32_t     count, cap;
    const char  *ending;    /* of the files that are looked for; NULL: documents */
    bool         all;       /* every file that is not hidden, whatever .gitignore says */
    bool         templates; /* for a walk: *.template too, but nothing that tools put there */
} vd_paths;

/* Adds path itself when it is no directory ("-" too), else the documents below it (*.json, *.yaml, *.yml); deep: in
 * its subdirectories too.  False: it cannot be read, which was said. */
bool vd_walk(vd_cli *cli, vd_paths *out, const char *path, bool deep);
void vd_paths_init(vd_paths *paths);
void vd_paths_done(vd_paths *paths);
bool vd_is_directory(const char *path);

/* Is there a *.tf right in it? */
bool vd_has_terraform(const char *folder);

/* What to say with "there is nothing in it" where the policies of Terraform were meant; else empty. */
const char *vd_terraform_hint(const char *path);

#endif
