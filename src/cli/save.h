/* SPDX-License-Identifier: Apache-2.0
 *
 * --save-witness: what was found, as scenario files that `verdict test` runs.
 */
#ifndef VERDICT_CLI_SAVE_H
#define VERDICT_CLI_SAVE_H

#include "cli/sides.h"
#include "model/snapshot.h"

/* A case of the file: the witness under these policies. */
typedef struct vd_save_case {
    const char    *name;
    const vd_part *part;  /* its policies, and those of options */
    int            side;
    const vd_side *whole; /* or all of a bundle or scenario; NULL: part */
    const vd_set  *set;   /* or all of this one, with what is known of the resource as JSON (may be empty) */
    const vd_bearings *bearings; /* or what bears on one principal and one resource of a snapshot; state as with a set */
    vd_str         state;
    const char    *expect; /* "allow", "deny" */
    bool           no_endpoint; /* it does not pass the VPC endpoint whose policy is given */
} vd_save_case;

/* Writes DIR/ID.json when --save-witness was given.  The file is run before it is written: one that does not say what was
 * found is an internal error.  id: of the finding. */
void vd_save_witness(vd_proving *p, vd_str id, vd_str title, const vd_witness *witness, const vd_save_case *cases,
                     size_t count);

/* save_reached.c: the same for what a principal of a snapshot can; resources: with the policy of the resource, if it has one.
 * id: a text that tells the finding from others. */
void vd_save_reached(vd_proving *p, const vd_snapshot *s, vd_str principal, bool resources, vd_str id, vd_str title,
                     const vd_witness *witness);

#endif
