/* SPDX-License-Identifier: Apache-2.0
 *
 * A bundle that was made of a snapshot: policies of many principals and resources, each of which is a question of its own.
 */
#ifndef VERDICT_CLI_BUNDLE_H
#define VERDICT_CLI_BUNDLE_H

#include "cli/sides.h"

/* Who or what has policies of its own.  No ARN: whoever has none by name. */
typedef struct vd_bundle_owner {
    vd_str arn;
    bool   resource; /* else a principal */
} vd_bundle_owner;

/* Everybody of a set, and every resource: in order, principals first.  None: its policies bear on every request.  False: no memory. */
bool vd_bundle_owners(vd_arena *arena, const vd_set *set, vd_bundle_owner **at, uint32_t *count);
/* Those of either list, once.  False: no memory. */
bool vd_bundle_owners_join(vd_arena *arena, vd_bundle_owner **at, uint32_t *count, const vd_bundle_owner *more, uint32_t more_count);

/* What the owner of the resource controls, or what bears on the principal whatever it asks for, with the policies of options.  Says
 * nothing, so threads may call it. */
vd_code vd_bundle_set(vd_set **out, const vd_proving *p, const vd_set *set, const vd_bundle_owner *of, vd_error *err);

#endif
