/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of .gitignore files, as git reads them.
 */
#ifndef VERDICT_CLI_IGNORE_H
#define VERDICT_CLI_IGNORE_H

#include "base/arena.h"

/* The rules of one directory, and those of the directories above it. */
typedef struct vd_ignore vd_ignore;
struct vd_ignore {
    const vd_ignore *outer;
    size_t           depth; /* bytes of the walked path that stand for the directory, with the slash behind it */
    vd_str           above; /* of a directory above the walk: the way from it to where the walk began, "policies/" */
    vd_str           text;  /* of its .gitignore; may be empty */
};

/* Is path (with the prefix that vd_ignore.depth counts) left out? */
bool vd_ignored(const vd_ignore *rules, vd_str path, bool is_directory);

#endif
