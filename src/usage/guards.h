/* SPDX-License-Identifier: Apache-2.0
 *
 * What a summary remembers of the request parameters: one bit for each row of event-guards.tsv.
 */
#ifndef VERDICT_USAGE_GUARDS_H
#define VERDICT_USAGE_GUARDS_H

#include "catalog/event_test.h"
#include "usage/walk.h"

typedef struct vd_guards {
    uint64_t bits;
    bool     unknown; /* the parameters are not, or not wholly, in the record */
} vd_guards;

/* The rows of one source, taken apart: far from each record is of another one. */
enum { VD_GUARD_TESTS = 40, VD_GUARD_LABEL = 64 };
typedef struct vd_guard_tests {
    char          label[VD_GUARD_LABEL];
    uint8_t       label_bytes; /* 0: of none that has room here */
    bool          special;     /* some are of the record */
    uint32_t      count, letters; /* letters: a bit each for those that names begin with */
    vd_event_test at[VD_GUARD_TESTS];
    uint64_t      bit[VD_GUARD_TESTS];
} vd_guard_tests;

void vd_guard_tests_make(vd_guard_tests *tests, vd_str label);

/* w: on the value of requestParameters; of n 0: null.  error_code: what came of the call, or empty; resources: the list of the
 * record as JSON, or empty. */
vd_guards vd_guards_of(const vd_guard_tests *tests, vd_walk *w, vd_str error_code, vd_str resources);

#endif
