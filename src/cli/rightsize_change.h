/* SPDX-License-Identifier: Apache-2.0
 *
 * The files that hold the policies that became smaller, and what becomes of them.
 */
#ifndef VERDICT_CLI_RIGHTSIZE_CHANGE_H
#define VERDICT_CLI_RIGHTSIZE_CHANGE_H

#include "cli/cli.h"
#include "render/change.h"

#include <verdict/tighten.h>

typedef struct vd_changed_files {
    vd_arena         arena;
    vd_changed_file *at;
    vd_change      **changes; /* of each */
    vd_str          *texts;   /* of each, from vd_file_read */
    size_t           count;
} vd_changed_files;

/* Edits of these files; says of each policy why it cannot be edited, and which is in none of them.  False: said why.
 * Free with vd_changed_files_done, also after a failure. */
bool vd_changed_files_make(vd_changed_files *out, vd_cli *cli, const vd_rightsize_result *result, const char *const *paths,
                           size_t count);
void vd_changed_files_done(vd_changed_files *files);

#endif
