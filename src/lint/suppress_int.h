/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about suppressions share.
 */
#ifndef VERDICT_LINT_SUPPRESS_INT_H
#define VERDICT_LINT_SUPPRESS_INT_H

#include "lint/suppress.h"

/* One in the file.  It remembers whether it was of any use. */
struct vd_suppression {
    bool                 *rules; /* by number; NULL: all */
    vd_str                names;
    uint32_t              from, to; /* lines; 0: those of the containers alone */
    uint32_t              policy;   /* of its container in the extraction; VD_NONE: any */
    vd_str                container, sid, reason;
    int64_t               until;
    vd_pos                at;
    bool                  comment;
    const vd_hcl_comment *written;     /* in the configuration of a plan; NULL: in the file itself */
    bool                  used, known; /* known: some rule has this name and is not off */
    bool                  surplus;     /* one more than are looked at: each finding looks at all */
};

/* suppress.c: "a, b c": *out is all of them by number, *unknown the first name that is none.  False: no memory. */
bool vd_suppress_name_all(const vd_linter *l, vd_arena *arena, vd_str names, bool **out, bool *enabled, vd_str *unknown);

#endif
