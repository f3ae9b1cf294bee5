/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about who can and what can share.
 *
 *   reach_coarse.c   who cannot, by looking at statements only
 *   reach_rows.c     what is found of one principal, in as few rows as there are differences
 *   reach_outside.c  whom the policy of a resource lets in from outside of the snapshot
 *   who_can.c        all principals, one after the other
 */
#ifndef VERDICT_ANALYZE_REACHING_H
#define VERDICT_ANALYZE_REACHING_H

#include "analyze/effective_int.h"

#include <verdict/reach.h>

/* ------------------------------------------------------------------ who cannot */

typedef struct vd_coarse {
    vd_effective  *e;
    const vd_call *call;
    uint8_t       *says;   /* by document: what is known of it */
    uint8_t       *chains; /* by chain of SCPs */
    vd_str        *names;  /* sorted: ARNs, ids and names of roles that policies of the targets name */
    uint32_t       name_count, name_cap;
    bool           everybody; /* some policy of the targets allows whoever asks */
} vd_coarse;

bool vd_coarse_open(vd_coarse *c, vd_effective *e, const vd_call *call); /* false: no memory */
bool vd_coarse_may(vd_coarse *c, uint32_t node); /* false: it cannot, for certain */

/* ------------------------------------------------------------------ rows */

typedef struct vd_row {
    bool      always;
    vd_can    can;
    uint64_t *bits;    /* actions of the catalogue */
    vd_str   *unknown; /* others */
    uint32_t  unknown_count, unknown_cap;
} vd_row;

typedef struct vd_rows {
    vd_effective *e;
    vd_row       *at;
    uint32_t      count, cap;
    uint64_t     *told;    /* actions that some row has */
    vd_str        why;     /* something could not be decided */
    bool          unsure;
} vd_rows;

/* Adds what one principal can by one call.  all_of: only what it can on every resource of the call. */
vd_code vd_rows_add(vd_rows *rows, vd_effective *e, const vd_identity *who, const vd_call *call, bool all_of);
void    vd_rows_reset(vd_rows *rows, vd_effective *e);
/* Names and patterns of a row, in the arena of the prover. */
bool    vd_row_actions(const vd_row *row, vd_effective *e, vd_texts_list *actions, vd_texts_list *patterns);

/* ------------------------------------------------------------------ outsiders */

typedef struct vd_outside {
    vd_effective          *e;
    const vd_who_can_opts *opts;
    const vd_call         *call;
    vd_reacher_fn         *tell;
    void                  *user;
    vd_who_can_summary    *summary;
    bool                   stop;
} vd_outside;
vd_code vd_outside_tell(vd_outside *o, vd_error *err);

#endif
