/* SPDX-License-Identifier: Apache-2.0
 *
 * A seeded hash map from byte strings (or any 64-bit hash with an equality of the caller's) to uint32_t, and
 * the interning of strings as ids in order of arrival.
 */
#ifndef VERDICT_BASE_MAP_H
#define VERDICT_BASE_MAP_H

#include "base/vec.h"

/* Open addressing over (hash, value) pairs; the caller compares what the values stand for. */
typedef struct vd_map {
    uint64_t *hash;
    uint32_t *value; /* VD_NONE: free */
    uint32_t  count, cap;
} vd_map;

typedef bool vd_map_same(const void *ctx, uint32_t value, const void *wanted);

void     vd_map_done(vd_map *m, const vd_allocator *a);
uint32_t vd_map_find(const vd_map *m, uint64_t hash, vd_map_same *same, const void *ctx, const void *wanted);
bool     vd_map_add(vd_map *m, const vd_allocator *a, uint64_t hash, uint32_t value); /* not there yet */

/* Strings to ids.  The strings are borrowed and must outlive the table. */
typedef struct vd_intern {
    uint64_t       seed;
    bool           fold; /* ignore ASCII case; the first spelling is kept */
    VD_VEC(vd_str) strings;
    vd_map         map;
} vd_intern;

void     vd_intern_done(vd_intern *t, const vd_allocator *a);
uint32_t vd_intern_find(const vd_intern *t, vd_str s);                            /* VD_NONE: unknown */
bool     vd_intern_add(vd_intern *t, const vd_allocator *a, vd_str s, uint32_t *id); /* false: no memory */

#endif
