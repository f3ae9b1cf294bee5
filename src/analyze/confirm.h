/* SPDX-License-Identifier: Apache-2.0
 *
 * No witness leaves the house before the evaluator has confirmed it: a model of the symbolic room becomes a request, and
 * the request is decided by other code.
 */
#ifndef VERDICT_ANALYZE_CONFIRM_H
#define VERDICT_ANALYZE_CONFIRM_H

#include "symbolic/symbolic.h"

#include <verdict/eval.h>
#include <verdict/request.h>
#include <verdict/set.h>

/* Fills a request from a model.  Texts that are made for it live in the arena. */
vd_code vd_confirm_request(vd_request *request, const vd_model *model, vd_arena *arena, vd_error *err);

/* What the documents of one layer decide about the model, everything else being given: the other account agrees, a key or
 * a role leaves it to IAM.  VD_ALLOW or a deny. */
vd_code vd_confirm_layer(vd_decision *out, const vd_engine *engine, vd_policy *const *policies, uint32_t count,
                         vd_layer layer, const vd_model *model, vd_error *err);

/* readable.c: the same ARN with a region and an account that look like such; account: of the caller, may be empty.  False: no
 * memory. */
bool vd_readable_arn(vd_str *out, vd_str arn, vd_str account, vd_arena *arena);

#endif
