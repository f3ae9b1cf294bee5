/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage show --actions: what is shown, for those who print it.
 */
#ifndef VERDICT_CLI_USAGE_ACTIONS_H
#define VERDICT_CLI_USAGE_ACTIONS_H

#include "base/arena.h"
#include "cli/outputs.h"

#include <verdict/activity.h>

/* An actor, or the actors of one permission set. */
typedef struct vd_usage_group {
    vd_str    permission_set; /* empty: one actor */
    uint32_t *actors;
    uint32_t  count, cap;
    vd_use   *uses; /* sorted by action; of several actors each action once */
    uint32_t  use_count;
} vd_usage_group;

typedef struct vd_usage_groups {
    vd_arena          *arena;
    const vd_activity *activity;
    vd_usage_group    *at;
    uint32_t           count, cap;
} vd_usage_groups;

/* usage_groups.c: those whose ARN, id or name fits the pattern (coded, glob.h; empty: all), in order of ARNs; permission sets
 * last.  False: no memory. */
bool vd_usage_groups_make(vd_usage_groups *out, const vd_activity *activity, vd_str pattern, vd_arena *arena);

/* usage_actions_print.c */
void vd_usage_actions_text(vd_cli *cli, vd_buf *out, const vd_usage_groups *groups);
void vd_usage_actions_json(vd_cli *cli, vd_buf *out, const vd_usage_groups *groups);
void vd_usage_actions_csv(vd_buf *out, const vd_usage_groups *groups);

#endif
