/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of actions with a name: "@escalation".  What is in them stands in action-sets.tsv.
 */
#ifndef VERDICT_ANALYZE_ACTION_SETS_H
#define VERDICT_ANALYZE_ACTION_SETS_H

#include "base/arena.h"
#include "catalog/catalog.h"

#include <verdict/engine.h>

/* A bit for each action of the catalogue. */
vd_code vd_action_set_bits(uint64_t **out, const vd_catalog *c, vd_str name, vd_arena *arena, vd_error *err);
/* name: with the '@'.  The members, in order, live in the arena.  VD_EINVAL: there is no such set. */
vd_code vd_action_set_members(const vd_str **out, uint32_t *count, const vd_catalog *c, vd_str name, vd_arena *arena, vd_error *err);

#endif
