/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of what-can share.
 *
 *   what_leaves.c    ways through all layers: one Allow of each, what they have in common
 *   what_policy.c    leaves as one document, and the proof that it says the same
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

/* Of the stand at hand: the ways that actions of the class have; false: no memory. */
bool vd_holdings_add(vd_holdings *all, vd_effective *e, const vd_action_class *c);

/* The document; *exact: it was proved to say what the stand at hand says. */
vd_code vd_holdings_policy(vd_str *out, bool *exact, vd_effective *e, const vd_holdings *all, const vd_call *call);

#endif
