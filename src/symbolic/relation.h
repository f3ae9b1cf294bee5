/* SPDX-License-Identifier: Apache-2.0
 *
 * Goals whose principal and resource have to be of the same account, or of two.
 */
#ifndef VERDICT_SYMBOLIC_RELATION_H
#define VERDICT_SYMBOLIC_RELATION_H

#include "symbolic/formula_int.h"

vd_answer vd_relation_solve(vd_caller *c, const vd_question *q, const vd_case *k, const vd_goal *goal, vd_arena *work,
                            vd_model *model, const char **why);
/* The account that owns the resource of a model: of its ARN, of a key that says so, of the question; empty: any. */
vd_str vd_relation_owner(const vd_model *model, vd_str account);

#endif
