/* SPDX-License-Identifier: Apache-2.0
 *
 * What is asked about two snapshots.
 */
#ifndef VERDICT_CLI_COMPARE_INT_H
#define VERDICT_CLI_COMPARE_INT_H

#include "cli/inputs.h"

typedef struct vd_snapshot_asked {
    vd_str   arn;
    bool     principal; /* what it may do; else who may reach it */
    uint32_t alike;     /* other principals of the same account with the same documents on both sides */
} vd_snapshot_asked;

/* Is it a folder with accounts in it? */
bool vd_is_snapshot(vd_cli *cli, const char *path);

/* Everything for which something changed.  False: no memory. */
bool vd_snapshot_plan(vd_arena *arena, const vd_snapshot *before, const vd_snapshot *after, vd_snapshot_asked **at, uint32_t *count);

/* The documents of one side, and what else is known there.  Threads may call them. */
vd_code vd_snapshot_set(vd_set **out, const vd_snapshot *s, const vd_layers *layers, const vd_engine *engine, const vd_snapshot_asked *q,
                        vd_error *err);
vd_code vd_snapshot_state(vd_request **out, const vd_snapshot *s, const vd_engine *engine, const vd_snapshot_asked *q, vd_error *err);

#endif
