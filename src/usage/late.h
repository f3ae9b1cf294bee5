/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts are more than the cache of the core holds, and memory takes as long as a fifth of a record.  So what a record tells goes
 * into its fact some records later: when it is known which fact that is, its lines are asked for, one record later what its sets
 * point to, and when they are wanted they are there.  All of a fact is a sum or a join: it does not matter when it is added.
 */
#ifndef VERDICT_USAGE_LATE_H
#define VERDICT_USAGE_LATE_H

#include "usage/facts.h"

enum { VD_LATE = 4, VD_LATE_ITEMS = 10, VD_LATE_BYTES = 640 };

/* One record, on its way into a fact. */
typedef struct vd_late_one {
    vd_fact       *f; /* NULL: nothing is here */
    int64_t        time;
    uint8_t        mfa, marks, count;
    uint8_t        set[VD_LATE_ITEMS];
    vd_bottom_item items[VD_LATE_ITEMS]; /* their texts are in bytes */
    char           bytes[VD_LATE_BYTES];
} vd_late_one;

/* Zero it. */
typedef struct vd_late {
    vd_late_one at[VD_LATE];
    uint32_t    next; /* where the next one goes: the oldest */
} vd_late;

/* Has told (its sets, mfa and marks) room here? */
bool vd_late_fits(const vd_fact *told);
/* It will be added to f, counted once at this time; the oldest one goes into its fact now.  False: no memory. */
bool vd_late_add(vd_late *l, vd_arena *arena, vd_fact *f, const vd_fact *told, int64_t time);
/* All of them go into their facts now. */
bool vd_late_settle(vd_late *l, vd_arena *arena);

#endif
