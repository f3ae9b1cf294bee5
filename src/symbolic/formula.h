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
    VD_SIDE_RESOURCE = 2, /* the resource's policy, where one is needed, allows or leaves it to IAM */
    VD_SIDE_OWN = 4,      /* with VD_SIDE_IDENTITY: the owner's own account too, its principals holding everything or nothing */
    VD_SIDE_BARE = 8      /* the same, holding nothing; not its root user where that needs no grant */
};

/* Empty; add what there is.  s, policies and the arena must outlive it.  False: no memory. */
bool vd_stack_new(vd_stack **out, vd_symbolic *s, vd_arena *arena, uint32_t assumed);
bool vd_stack_add(vd_stack *stack, const vd_policy *policy, vd_layer layer, uint32_t level);
bool vd_stack_set(vd_stack *stack, const vd_set *set); /* all documents of a set that are attached to nothing in particular */

/* These layers (mask of vd_layer) exist, be there documents or not; what is assumed from now on. */
void vd_stack_claim(vd_stack *stack, uint32_t layers, uint32_t assumed);

/* Which of its statements reach the action, where that is known from a partition: bit first + i is about box i.  Else a
 * question finds out by itself. */
bool vd_stack_focus(vd_stack *stack, vd_str action, const uint64_t *reaches, uint32_t first);

/* All its statements as boxes, in order: for classes of actions.  special: VD_SPECIAL_... that its layers ask for. */
uint32_t vd_stack_boxes(const vd_stack *stack, uint32_t *out, uint32_t most); /* how many there are */
uint8_t  vd_stack_special(const vd_stack *stack);
/* A malformed Deny, or a level without documents: no decision at all (E009, E706).  NULL: none. */
const vd_policy *vd_stack_broken(const vd_stack *stack);

/* What no policy says and yet decides (request/state.h, E707, E426). */
typedef struct vd_surroundings {
    bool   management;     /* the principal's account: no SCP binds it */
    bool   unbound;        /* the resource's account is the management account: no RCP binds it */
    bool   gateway;        /* the endpoint is one: of Principal it knows "*" and root users alone */
    bool   s3;             /* buckets and their objects are told apart from other resources */
    bool   cut;            /* other accounts have no access to a public bucket (E757) */
    bool   acl_objects;    /* objects have owners of their own (E753): */
    bool   bucket_objects; /* those of the bucket at hand are another's than the bucket */
    vd_str object_owner;
} vd_surroundings;

void vd_stack_surround(vd_stack *stack, const vd_surroundings *what);

/* A statement that a setting comes to: counts where the setting does. */
typedef enum vd_setting {
    VD_SETTING_NONE,    /* an ordinary statement */
    VD_SETTING_MARK,    /* never counts: its actions are told apart from others */
    VD_SETTING_REFUSAL, /* binds everybody everywhere (E755) */
    VD_SETTING_ACL,     /* for others than the owner's account (E752) */
    VD_SETTING_GRANT    /* of a key (E733) */
} vd_setting;
/* who: mask of vd_asker, of those whom its Principal names.  False: no memory. */
bool vd_stack_add_setting(vd_stack *stack, const vd_policy *policy, vd_setting setting, uint32_t who);

typedef struct vd_question {
    const vd_stack  *allowed; /* a request that these allow */
    const vd_stack  *refused; /* and these do not; NULL: whatever they say */
    vd_str           action;
    uint32_t         who, paths;
    uint8_t          rules;
    vd_str           account; /* that owns the resource, when known; empty: any */
    uint8_t          relation; /* of the accounts of principal and resource, when it is known: VD_REL_SAME, VD_REL_OTHER; 0 */
    bool             linked;  /* the principal is known, and a role of a service */
    const vd_demand *demands;
    uint32_t         demand_count;
    const vd_any_of *clauses;
    uint32_t         clause_count;
} vd_question;

/* How the accounts of principal and resource have to be related, and what the missing side has to say. */
enum { VD_REL_NONE, VD_REL_SAME, VD_REL_OTHER, VD_REL_ANY };

/* What an answer rests on. */
typedef struct vd_grounds {
    const uint32_t *allows; /* statements of `allowed` that match, one of each layer that had to allow */
    uint32_t        allow_count;
    uint32_t        denied_by; /* the Deny of `refused` that was met; VD_NONE: nothing allowed it there */
    uint8_t         relation;  /* VD_REL_... */
    bool            own_all;   /* VD_SIDE_OWN: the principal holds everything; else nothing */
} vd_grounds;

/* The model and the grounds live until the next question. */
vd_answer vd_question_solve(const vd_question *q, vd_model *model, vd_grounds *grounds, const char **why, bool *nomem);

#endif
