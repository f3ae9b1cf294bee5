/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of what-can share.
 *
 *   what_leaves.c    ways through all layers: one Allow of each, what they have in common
 *   what_policy.c    leaves as one document, and the proof that it says the same
 *   what_given.c     what policies of resources give besides
 *   what_row.c       a leaf as a permission that can be told
 *   what_can.c       all actions of one principal, what is in their way
 */
#ifndef VERDICT_ANALYZE_HOLDING_H
#define VERDICT_ANALYZE_HOLDING_H

#include "analyze/effective_int.h"

#include <verdict/reach.h>

/* One Allow of each layer: what all of them match. */
typedef struct vd_holding {
    vd_strings resources, not_resources;
    vd_boxes   through;
    const vd_entry **entries; /* conditions of all of them, each once */
    uint32_t   entry_count, entry_cap;
    uint64_t  *bits;          /* actions of the catalogue */
    vd_strings unknown;       /* others */
    bool       loose;         /* the resources are more than the statements have in common */
} vd_holding;

typedef struct vd_holdings {
    vd_holding *at;
    uint32_t    count, cap;
    uint64_t   *all;  /* actions of any */
    bool        cut;  /* too many ways: some are left out */
    uint32_t    undecided;
} vd_holdings;

/* Which ways are looked for: one Allow of each of these layers. */
typedef struct vd_ways {
    uint32_t          layers; /* mask of vd_layer */
    const vd_strings *within; /* resources that are meant; NULL: any */
    bool (*counts)(const void *ctx, const vd_statement *st); /* of policies of the resource; NULL: all do */
    const void       *ctx;
} vd_ways;

/* Of the stand at hand: the ways that actions of the class have; false: no memory. */
bool vd_holdings_add(vd_holdings *all, vd_effective *e, const vd_action_class *c, const vd_ways *ways);

/* The document; *exact: it was proved to say what the stand at hand says. */
vd_code vd_holdings_policy(vd_str *out, bool *exact, vd_effective *e, const vd_holdings *all, const vd_call *call);

/* One question of what-can. */
typedef struct vd_what {
    vd_effective       *e;
    vd_what_can_opts    opts;
    vd_permission_fn   *tell;
    void               *user;
    vd_what_can_summary sum;
    vd_error           *err;
    vd_identity         who;
    vd_asked_call       asked;
    vd_call             call;
    vd_holdings         held;
    bool                stop;
} vd_what;

/* what_row.c.  Takes away what is not asked for; false: nothing is left. */
bool    vd_what_narrow(const vd_what *t, vd_holding *h);
vd_str  vd_what_action(const vd_what *t, const vd_holding *h); /* one of its actions */
/* Of the question at hand, with a request that the evaluator has allowed (and that refused, which may be NULL, has not). */
vd_code vd_what_row(vd_permission *out, vd_what *t, const vd_holding *h, vd_side *refused);
const vd_statement_info *vd_what_infos(vd_what *t, const vd_boxes *boxes);

/* what_given.c: what policies of resources give the principal that it does not hold already. */
vd_code vd_what_given(vd_what *t);

#endif
