/* SPDX-License-Identifier: Apache-2.0
 *
 * What was met before: texts with a number each, in memory of an arena.
 */
#ifndef VERDICT_ANALYZE_SEEN_H
#define VERDICT_ANALYZE_SEEN_H

#include "base/arena.h"
#include "base/vec.h"

typedef struct vd_seen_entry {
    vd_str   key;   /* borrowed */
    uint64_t hash;
    uint32_t value; /* VD_NONE: free */
} vd_seen_entry;

/* All zero: empty. */
typedef struct vd_seen {
    vd_seen_entry *at;
    uint32_t       count, cap;
    uint64_t       seed;
} vd_seen;

uint32_t vd_seen_find(const vd_seen *s, vd_str key);                                /* VD_NONE: never */
bool     vd_seen_add(vd_seen *s, vd_arena *arena, vd_str key, uint32_t value); /* new ones only; false: no memory */

#endif
