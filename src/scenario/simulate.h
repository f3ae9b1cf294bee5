/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two halves of the simulator share: simulate.c reads the input and asks, simulate_answer.c writes.
 */
#ifndef VERDICT_SCENARIO_SIMULATE_H
#define VERDICT_SCENARIO_SIMULATE_H

#include "eval/set.h"
#include "text/json_write.h"

#include <verdict/scenario.h>

typedef struct vd_simulated {
    const vd_set *set;
    bool          boundaries; /* the input has some */
} vd_simulated;

/* An element of EvaluationResults, without ResourceSpecificResults.  everything: it is about "*". */
vd_json *vd_simulated_action(const vd_simulated *s, const vd_check_trace *check, vd_str action,
                             vd_str resource, bool everything);
/* An element of ResourceSpecificResults. */
vd_json *vd_simulated_resource(const vd_simulated *s, const vd_check_trace *check, vd_str resource);

#endif
