/* SPDX-License-Identifier: Apache-2.0
 *
 * Changes that may turn a denial into an allow, and calls in which one has been made.
 */
#ifndef VERDICT_EXPLAIN_CHANGE_H
#define VERDICT_EXPLAIN_CHANGE_H

#include "explain/story.h"

/* One change, not yet proved. */
typedef struct vd_option {
    vd_change        change;
    vd_str           key, value; /* of a request change */
    const vd_policy *from;       /* of an edit: the document; NULL: a new one */
    vd_kind          kind;
    vd_str           text; /* the document afterwards */
    uint32_t         level;
    bool             weakens;
} vd_option;

typedef struct vd_changer {
    vd_engine        *engine;
    vd_arena         *arena;
    vd_policy       **made; /* patched documents, and what each was before all patches */
    const vd_policy **origin;
    uint32_t          made_count, made_cap, origin_count, origin_cap;
    bool              nomem;
} vd_changer;

void *vd_changer_get(vd_changer *m, size_t count, size_t size); /* zeroed; NULL: no memory, and m knows */

/* Makes the change in *call, whose parts are copied first.  False: it cannot be made, or no memory. */
bool vd_changer_apply(vd_changer *m, vd_call *call, const vd_option *o);

/* The document as the user has it; NULL: one that the advice itself made. */
const vd_policy *vd_changer_original(const vd_changer *m, const vd_policy *p);

void vd_changer_done(vd_changer *m); /* the patched documents go */

#endif
