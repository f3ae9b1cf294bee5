/* SPDX-License-Identifier: Apache-2.0
 *
 * The resources that a record is about, into the sets of its fact (usage 3.1).  In VD_SET_RESOURCES stand ARNs, patterns of ARNs
 * where the record does not tell all of one, and "ACTION ARN" (or "ACTION *") for what only that action was asked about.
 */
#ifndef VERDICT_USAGE_RESOURCES_H
#define VERDICT_USAGE_RESOURCES_H

#include "usage/facts.h"
#include "usage/guards.h"
#include "usage/record.h"

#include <verdict/usage.h>

typedef struct vd_plans vd_plans;

/* parts: of the fact's key; guards: of the record; account: of the log; partition: of what it names; u->walk is on its parameters.
 * False: u->code says why. */
bool vd_usage_resources(vd_usage *u, vd_fact *f, const vd_record *r, const vd_str parts[VD_FACT_PARTS], uint64_t guards,
                        vd_str account, vd_str partition);

/* named.c: into VD_SET_ROLES, which resources.c puts ARNs of roles and instance profiles into, the names of those that the call
 * gives to somebody without an ARN.  False: u->code says why. */
bool vd_usage_named(vd_usage *u, vd_fact *f, const vd_record *r, vd_str label, vd_str name, vd_str parameters);

/* asked.c: what conditions can test of the parameters, u->walk.  False: u->code says why. */
bool vd_usage_asked(vd_usage *u, vd_fact *f, vd_str label, vd_str name, uint64_t guards);

/* The tests of a source; NULL: no memory, u->code says so. */
const vd_guard_tests *vd_usage_guards(vd_usage *u, vd_str label);

void vd_plans_free(vd_plans *plans, const vd_allocator *alloc); /* NULL: nothing to do */

#endif
