/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of a caller: one block, for a gateway may keep very many of them and finds none in the cache.  Behind the struct
 * stand the fields that are set, the entries of the context, their values, and all texts.
 */
#ifndef VERDICT_REQUEST_CALLER_H
#define VERDICT_REQUEST_CALLER_H

#include "request/facts_int.h"

typedef struct vd_said {
    vd_str   value;
    vd_field field;
} vd_said;

struct vd_caller {
    vd_count      refs;
    uint32_t      field_count, context_count, value_count;
    vd_engine    *engine;
    uint64_t      seen; /* as in vd_request */
    const vd_said    *fields;
    const vd_context *context;
    const vd_str     *values;
    size_t        size; /* of the block */
    bool          flag[VD_FLAG_COUNT];
    bool          settled; /* what follows from the principal does not hang on the action */
    bool          has_now;
    vd_date       now;
    vd_who        who; /* when settled */
};

#endif
