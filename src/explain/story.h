/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole call, which may take several checks (E003, E320), interpreted and told.  Worlds come from whoever asks:
 * explain.c takes them from a set, advise.c changes copies of them.
 */
#ifndef VERDICT_EXPLAIN_STORY_H
#define VERDICT_EXPLAIN_STORY_H

#include "explain/trace.h"

typedef struct vd_call {
    const vd_engine  *engine;
    vd_arena         *arena;
    const vd_request *request;
    const vd_world   *worlds; /* one for each check */
    uint32_t          count;
    vd_check_result  *checks; /* filled by vd_call_interpret */
    uint32_t          decisive;
} vd_call;

/* VD_OK also when the rules say ERROR: see the checks. */
vd_code vd_call_interpret(vd_call *call);

/* Everything of *out but to_allow. */
vd_code vd_story_tell(vd_explained *out, vd_call *call, bool layers);

/* to_allow of a denied call (E817, E818). */
vd_code vd_advise(vd_explained *out, const vd_call *call);

#endif
