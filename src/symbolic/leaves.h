/* SPDX-License-Identifier: Apache-2.0
 *
 * All solutions of a question, as boxes that do not overlap: the leaves of the search, gone through instead of stopping at
 * the first.
 */
#ifndef VERDICT_SYMBOLIC_LEAVES_H
#define VERDICT_SYMBOLIC_LEAVES_H

#include "symbolic/ranges.h"
#include "symbolic/symbolic.h"

typedef struct vd_leaf vd_leaf;
typedef bool vd_leaf_fn(void *user, vd_leaf *leaf); /* false: enough */

typedef struct vd_leaves {
    uint32_t count;   /* told */
    bool     stopped; /* there may be more: the function, or `most`, said so */
    bool     loose;   /* policy variables were taken to be anything: leaves hold more than there is */
} vd_leaves;

/* VD_SAT: some were told; VD_UNSAT: there are none; VD_UNKNOWN: what was told is not all of them (budget). */
vd_answer vd_symbolic_leaves(vd_symbolic *s, const vd_goal *goal, uint32_t most, vd_leaf_fn *tell, void *user, vd_leaves *out,
                             const char **why, bool *nomem);

/* Of the leaf being told.  A request of it: */
bool vd_leaf_model(vd_leaf *leaf, vd_model *model); /* false: no memory */

typedef struct vd_leaf_addresses {
    vd_addresses there; /* addresses that the key can have in this leaf */
    bool         absent; /* it can be missing */
    bool         other; /* tests of another kind have a say: `there` is not narrowed by them */
} vd_leaf_addresses;
bool vd_leaf_addresses_of(vd_leaf *leaf, vd_str key, vd_leaf_addresses *out); /* in memory of the question; false: none left */

/* Up to `most` of the values that a key can have in this leaf, in memory of the question: *more, there are others.  Texts only;
 * keys with several values: of one of them. */
bool vd_leaf_values(vd_leaf *leaf, vd_str key, uint32_t most, vd_str **out, uint32_t *count, bool *more);

#endif
