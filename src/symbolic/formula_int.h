/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about stacks share.
 */
#ifndef VERDICT_SYMBOLIC_FORMULA_INT_H
#define VERDICT_SYMBOLIC_FORMULA_INT_H

#include "symbolic/formula.h"

#include "pattern/arn.h"
#include "request/facts.h"
#include "symbolic/actions.h"

/* A statement where it is attached. */
typedef struct vd_placed {
    const vd_policy *policy;
    uint32_t         index, level, box;
    uint8_t          layer, setting;        /* vd_setting */
    bool             deny, not_principal;
    uint16_t         askers;                /* whom some entry of Principal can match: mask of vd_asker */
    uint32_t         masks[8], variants[8]; /* boxes with only some entries of Principal; mask 0: unused */
    uint32_t         cut;                   /* without Principal (E421); VD_NONE: not made */
} vd_placed;

typedef struct vd_said vd_said;
enum { VD_MOST_SAID = 8 };

struct vd_stack {
    vd_symbolic     *s;
    vd_arena        *arena;
    uint32_t         assumed;
    vd_placed       *at;
    uint32_t         count, cap;
    bool             has[VD_LAYER_COUNT];
    uint32_t        *scp_levels; /* that exist, rising */
    uint32_t         scp_count, scp_cap;
    const vd_policy *broken;
    vd_surroundings  around;
    vd_str           action;     /* the last one asked about, and the statements that it reaches */
    uint32_t        *live;
    uint32_t         live_count, live_cap;
    vd_said         *said;       /* what it says of that action, by case: room for VD_MOST_SAID */
    uint32_t         said_count;
    uint64_t         said_epoch;
};

/* Where policies can be attached to the resource (E718, E719). */
typedef enum vd_form {
    VD_FORM_ANY,
    VD_FORM_STAR,
    VD_FORM_TRUST,
    VD_FORM_KEY,
    VD_FORM_SILENT,
    VD_FORM_DEFAULT,
    VD_FORM_BUCKET, /* of S3, where that makes a difference: then it is not among the default ones */
    VD_FORM_OBJECT  /* an object that is another's than its bucket */
} vd_form;

/* What is fixed before statements are looked at. */
typedef struct vd_case {
    uint8_t who, relation, form; /* vd_asker, VD_REL_..., vd_form */
    bool    linked;  /* a role of a service */
    bool    by_root; /* a federated user that the root user made (E717) */
    bool    own_all; /* VD_SIDE_OWN */
} vd_case;

/* One of these statements must match. */
typedef struct vd_group {
    uint32_t *at;
    uint32_t  count, cap;
} vd_group;

/* All of these groups. */
typedef struct vd_choice {
    const vd_group **at;
    uint32_t         count, cap;
} vd_choice;

/* What a stack says in a case: one of the choices, and none of the denies. */
typedef struct vd_says {
    vd_choice *at;
    uint32_t   count, cap;
    uint32_t  *denies;
    uint32_t   deny_count, deny_cap;
} vd_says;

struct vd_said {
    vd_case k;
    vd_says says;
};

typedef struct vd_caller {
    vd_symbolic *s;
    vd_arena    *work;
    vd_str       action, service, name;
    bool         signed_only; /* nobody calls the service without a signature */
    bool         nomem;
} vd_caller;

/* stack.c: its statements that reach the action become the live ones.  False: no memory. */
bool vd_stack_focus_action(vd_stack *stack, vd_str action);
/* Somebody who is a user of some account, too: of interest when a statement goes by canonical ids.  stack may be NULL. */
bool vd_stack_names_canonical(const vd_stack *stack);

/* Of both sides, that which tells more resources apart. */
const vd_surroundings *vd_question_around(const vd_question *q);

/* decide.c: E703 to E720 for one case.  False: the call is impossible there, or needs no permission on either side. */
bool vd_case_possible(const vd_caller *c, const vd_case *k, bool *always);
void vd_case_says(vd_caller *c, vd_stack *stack, const vd_case *k, vd_says *out);

#endif
