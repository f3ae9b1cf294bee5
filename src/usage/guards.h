/* SPDX-License-Identifier: Apache-2.0
 *
 * What a summary remembers of the request parameters: one bit for each row of event-guards.tsv.
 */
#ifndef VERDICT_USAGE_GUARDS_H
#define VERDICT_USAGE_GUARDS_H

#include "base/base.h"

typedef struct vd_guards {
    uint64_t bits;
    bool     unknown; /* the parameters are not, or not wholly, in the record */
} vd_guards;

/* parameters: the value of requestParameters, scanned before; n 0: null.  error_code: what came of the call, or empty. */
vd_guards vd_guards_of(vd_str label, vd_str parameters, vd_str error_code);

#endif
