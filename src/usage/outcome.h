/* SPDX-License-Identifier: Apache-2.0
 *
 * What came of a call, by its error code (usage 2.7).
 */
#ifndef VERDICT_USAGE_OUTCOME_H
#define VERDICT_USAGE_OUTCOME_H

#include "base/base.h"

typedef enum vd_outcome {
    VD_OUTCOME_OK,
    VD_OUTCOME_DRY_RUN,
    VD_OUTCOME_DENIED,
    VD_OUTCOME_AUTHN_FAIL,
    VD_OUTCOME_THROTTLED,
    VD_OUTCOME_ERROR,
    VD_OUTCOMES
} vd_outcome;

extern const vd_str vd_outcome_names[VD_OUTCOMES];

vd_outcome vd_outcome_of(vd_str code, vd_str message);

#endif
