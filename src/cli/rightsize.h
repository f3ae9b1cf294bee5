/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of verdict rightsize share.
 */
#ifndef VERDICT_CLI_RIGHTSIZE_H
#define VERDICT_CLI_RIGHTSIZE_H

#include "cli/prove.h"
#include "cli/sides.h"

#include <verdict/tighten.h>

/* rightsize_opts.c: words to options; texts live in the arena. */
extern const vd_opts vd_opts_rightsize, vd_opts_rightsize_valves;
bool        vd_rightsize_take(vd_rightsize_opts *out, vd_cli *cli, vd_arena *arena);
const char *vd_rightsize_mode_name(int32_t mode);

/* rightsize_target.c: whose policies. */
typedef struct vd_rightsize_target {
    vd_str       name;     /* as it was asked for */
    vd_snapshot *snapshot; /* NULL: files */
    vd_proving   proving;  /* of files */
    vd_side     *sides;
    uint32_t     side_count;
    vd_policy  **policies; /* borrowed from them */
    uint32_t     policy_count;
    vd_side     *before;   /* what was made the last time */
    uint32_t     before_count;
    vd_holders  *holders;
} vd_rightsize_target;

bool vd_rightsize_target_open(vd_rightsize_target *t, vd_cli *cli, vd_arena *arena, vd_rightsize_opts *opts);
void vd_rightsize_target_close(vd_rightsize_target *t);

#endif
