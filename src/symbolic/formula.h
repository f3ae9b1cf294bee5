/* SPDX-License-Identifier: Apache-2.0
 *
 * Decisions as questions: documents with where they are attached, and "is there a request that these allow and those do
 * not?".  E720 for a fixed kind of principal and account relation is monotone in "layer allows", minus all denies; so every
 * question comes down to choices of statements that match and statements that do not (goals of symbolic.h).
 */
#ifndef VERDICT_SYMBOLIC_FORMULA_H
#define VERDICT_SYMBOLIC_FORMULA_H

#include "symbolic/symbolic.h"

#include <verdict/set.h>

typedef struct vd_stack vd_stack;

enum { /* what is not given, and taken to agree */
    VD_SIDE_IDENTITY = 1, /* identity policies, boundary, session allow everything: somebody else's account */
    VD_SIDE_RESOURCE = 2  /* the resource's policy, where one is needed, allows or leaves it to IAM */
};

/* Empty; add what there is.  s, policies and the arena must outlive it. */
bool vd_stack_new(vd_stack **out, vd_symbolic *s, vd_arena *arena, uint32_t assumed);
bool vd_stack_add(vd_stack *stack, const vd_policy *policy, vd_layer layer, uint32_t level);
bool vd_stack_set(vd_stack *stack, const vd_set *set); /* all documents of a set */

typedef struct vd_question {
    const vd_stack  *allowed; /* a request that these allow */
    const vd_stack  *refused; /* and these do not; NULL: whatever they say */
    vd_str           action;
    uint32_t         who, paths;
    uint8_t          rules;
    vd_str           account; /* that owns the resource, when known; empty: any */
    const vd_demand *demands;
    uint32_t         demand_count;
    const vd_any_of *clauses;
    uint32_t         clause_count;
} vd_question;

/* What an answer rests on. */
typedef struct vd_grounds {
    const uint32_t *allows; /* statements of `allowed` that match, one of each layer that had to allow */
    uint32_t        allow_count;
    uint32_t        denied_by; /* the Deny of `refused` that was met; VD_NONE: nothing allowed it there */
} vd_grounds;

/* The model and the grounds live until the next question. */
vd_answer vd_question_solve(const vd_question *q, vd_model *model, vd_grounds *grounds, const char **why, bool *nomem);

#endif
