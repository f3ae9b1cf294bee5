/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about effective permissions share.
 *
 *   effective.c          opening, one question after the other, answers that are kept
 *   effective_stand.c    the documents that bear on a principal and a target, as a stack
 *   effective_alike.c    calls with the same answer
 *   effective_target.c   what a pattern of resources comes to in the snapshot
 *   effective_known.c    what is known of the principal and the target, as demands of the question
 *   effective_why.c      conditions and statements behind an answer
 *   effective_mask.c     what cannot be, without asking
 */
#ifndef VERDICT_ANALYZE_EFFECTIVE_INT_H
#define VERDICT_ANALYZE_EFFECTIVE_INT_H

#include "analyze/differ.h"
#include "analyze/effective.h"

#include "base/str.h"

/* What is asked about besides the principal: a resource of the snapshot, the role whose trust policy counts, or resources of
 * which nothing is known. */
typedef struct vd_target {
    uint32_t  resource, role; /* VD_NONE */
    uint32_t  account;        /* of the snapshot; VD_NONE: another one, or unknown */
    vd_str    account_id;     /* empty: unknown */
    bool      given;          /* its policy is known, be it that there is none */
    vd_demand demands[2];     /* on the resource */
    uint32_t  demand_count;
} vd_target;

typedef struct vd_targets {
    vd_target *at;
    uint32_t   count, cap;
    bool       cut; /* too many: what is not found is not denied */
} vd_targets;

/* A call, prepared for many principals. */
typedef struct vd_call {
    const vd_asked_call *asked;
    bool                 concrete; /* the action is one */
    vd_targets           targets;
    vd_demand           *context;
    uint32_t             context_count;
} vd_call;

/* Principals with the same of all of this have the same stack. */
typedef struct vd_stand_key {
    uint32_t signature, joined, adopted, dropped, doc, account; /* doc, account: of the target */
    uint32_t resource; /* that more is known of than its policy; VD_NONE */
    uint32_t bits;
} vd_stand_key;

enum { /* vd_stand_key.bits */
    VD_STAND_ROOT = 1,
    VD_STAND_EXEMPT = 2,
    VD_STAND_RAISED = 4,
    VD_STAND_UNCAPPED = 8,
    VD_STAND_UNGUARDED = 16,
    VD_STAND_GIVEN = 32
};

typedef struct vd_stand {
    vd_stand_key key;
    uint32_t     index;
    vd_side      side;
    vd_strings   keys;     /* context keys that its statements look at */
    uint32_t     flags;    /* VD_FLAG_...: of documents that are missing */
    bool         lost;     /* a document of the principal is missing that could have granted something */
    uint32_t     assumed;
    vd_str       broken;   /* why there is no decision at all; empty: there is */
} vd_stand;

typedef struct vd_kept_answer {
    vd_str key;
    vd_can can;
} vd_kept_answer;

struct vd_effective {
    vd_differ          d; /* the prover; the stack at hand is its later side */
    const vd_snapshot *snapshot;
    vd_policy         *everything[2]; /* as an identity policy, as an SCP */
    vd_stack          *anything;      /* allows every request */
    vd_stand         **stands;
    uint32_t           stand_count, stand_cap;
    vd_map             stand_map;
    vd_stand          *at; /* whose side is in d */
    uint32_t          *principals; /* atoms by node, plus one */
    vd_kept_answer    *answers;
    uint32_t           answer_count, answer_cap;
    vd_map             answer_map;
    struct vd_tellers **tellers; /* by stand and action: effective_alike.c */
    uint32_t           teller_count, teller_cap;
    vd_map             teller_map;
    uint64_t         **masks; /* by signature, four of each: of root users, of whom no guard-rail binds */
    vd_policy        **owned; /* made here */
    uint32_t           owned_count, owned_cap;
    vd_request       **known; /* what is known of resources besides their policies */
    uint32_t           known_count, known_cap;
    uint64_t          *open;  /* actions that policies of resources allow */
};

static inline bool vd_any_wild(vd_str text)
{
    return vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n;
}

/* effective_stand.c */
vd_stand *vd_stand_find(vd_effective *e, const vd_identity *who, const vd_target *target); /* NULL: no memory, or an error that is said */
bool      vd_target_documents(vd_bearings *out, vd_effective *e, const vd_target *t); /* what bears on it; false: no memory */
bool      vd_stand_mentions(const vd_stand *stand, vd_str prefix); /* some statement looks at a key that begins so */

/* effective_alike.c: what the answer hangs on, for all calls that have the same; false: this one is like no other. */
bool vd_alike_write(vd_buf *b, vd_effective *e, const vd_identity *who, const vd_asked_call *call);

/* effective_target.c */
vd_target vd_target_of_resource(const vd_snapshot *s, uint32_t id); /* without demands */
vd_target vd_target_of_role(const vd_snapshot *s, uint32_t node);
vd_code vd_call_prepare(vd_call *out, vd_effective *e, const vd_asked_call *asked);

/* effective_known.c: enters a question: principal, target and context as demands of the prover. */
bool vd_known_enter(vd_effective *e, vd_stand *stand, const vd_identity *who, const vd_target *target, const vd_call *call);
bool vd_known_reads(const vd_stand *stand); /* something of the principal itself is looked at */

/* effective.c */
typedef struct vd_finding {
    vd_answer   answer;
    const char *why;
    vd_model    model;
    vd_grounds  grounds;
} vd_finding;
/* The question at hand; is there a request that is not allowed; is there any at all? */
vd_answer vd_effective_ask(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count, vd_finding *out);
vd_answer vd_effective_refused(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count, vd_model *model,
                               const char **why);
vd_answer vd_effective_possible(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count);
/* All classes of actions of the call that some statement reaches (of a root user: all). */
/* Would it be allowed if it held everything?  Of somebody of whose policies one is missing; the question at hand is another
 * afterwards. */
vd_code vd_effective_could(bool *out, vd_effective *e, const vd_identity *who, const vd_target *target, const vd_call *call);
bool    vd_effective_classes(vd_effective *e, const vd_call *call, vd_action_classes *out);
vd_code vd_effective_call(vd_can *out, vd_effective *e, const vd_identity *who, const vd_call *call, bool reasons);

/* effective_mask.c */
bool vd_state_lets_in(vd_str state); /* of a resource: somebody may have something of it by a grant, an ACL */
bool vd_needs_no_permission(vd_str action); /* some action of the pattern */

/* effective_why.c */
vd_code vd_effective_reasons(vd_can *out, vd_effective *e, vd_str action, const vd_finding *found, bool always);

#endif
