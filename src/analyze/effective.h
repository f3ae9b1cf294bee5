/* SPDX-License-Identifier: Apache-2.0
 *
 * What the identities of a snapshot may do: the layers that bear on one of them as stacks that are asked about again and
 * again.  Identities with the same documents share a signature and its answers (analysis 9.1); a coarse mask of actions
 * says "cannot" at once and never wrongly (9.2).  Used by who_can.c, what_can.c, paths.c.
 */
#ifndef VERDICT_ANALYZE_EFFECTIVE_H
#define VERDICT_ANALYZE_EFFECTIVE_H

#include "analyze/sides.h"
#include "model/snapshot.h"

typedef struct vd_effective vd_effective;

vd_code vd_effective_new(vd_effective **out, const vd_snapshot *snapshot, const vd_prove_opts *opts, vd_error *err);
void    vd_effective_free(vd_effective *e);

/* Somebody whose credentials are held: a node of the snapshot, perhaps changed on the way (analysis 10.2, 10.3). */
typedef struct vd_identity {
    uint32_t node;
    bool     raised;    /* its identity policies allow everything; boundary and SCPs stay */
    bool     uncapped;  /* without its boundary */
    bool     unguarded; /* without the SCPs of its account */
    bool     retagged;  /* its tags are what it likes */
    uint32_t joined;    /* a group whose documents it has, too; VD_NONE */
    uint32_t adopted;   /* a document (a stored version) that it has, too; VD_NONE */
    uint32_t dropped;   /* a document that it has no more; VD_NONE */
} vd_identity;

typedef struct vd_asked_call {
    vd_str                action;        /* concrete, or a pattern: then any action of it */
    const vd_str         *resources;     /* patterns, one of which the resource matches; none: any */
    uint32_t              resource_count;
    uint32_t              resource;      /* of the snapshot, whose policy bears; VD_NONE: look it up by pattern, else none */
    const vd_assumption  *context;       /* pinned: iam:PassedToService ... */
    uint32_t              context_count;
    bool                  always;        /* is it allowed on every request of this form (U rules), not only on some? */
} vd_asked_call;

typedef struct vd_can {
    vd_answer                answer;
    uint32_t                 flags;      /* VD_FLAG_... of analyze.h */
    const vd_required       *requirements;
    size_t                   require_count;
    const vd_statement_info *granting;   /* one of each layer that had to allow */
    size_t                   granting_count;
    const vd_witness        *witness;    /* replayed; NULL unless VD_SAT and asked for */
    const vd_demand         *holds;      /* the requirements, as demands */
    size_t                   hold_count;
    vd_str                   why;        /* of VD_UNKNOWN, for people; may be empty */
} vd_can;

/* Only the mask: false is a proof that it cannot. */
bool     vd_effective_may(vd_effective *e, uint32_t node, vd_str action);
uint32_t vd_effective_action(const vd_effective *e, vd_str action); /* VD_NONE: everybody may, or there is no one action of this name */
bool     vd_effective_may_id(vd_effective *e, uint32_t node, uint32_t id); /* the same of such an action; of VD_NONE yes */
/* Everything in iam, on everything of its account, whatever the rest of the request (analysis 9.6).  VD_SAT: it is. */
vd_code vd_effective_admin(vd_answer *out, vd_effective *e, const vd_identity *who, vd_error *err);
/* Work so far. */
uint64_t vd_effective_units(const vd_effective *e);
/* Does any statement that bears on it look at a key that begins so, whatever it asks of IAM in its account? */
bool    vd_effective_mentions(vd_effective *e, const vd_identity *who, vd_str prefix);
/* Decides; cached by signature where nothing reads the principal itself.  reasons: requirements, statements, a witness that
 * the evaluator has confirmed; else only the answer.  Lives until the effective is freed. */
vd_code vd_effective_can(vd_can *out, vd_effective *e, const vd_identity *who, const vd_asked_call *call, bool reasons, vd_error *err);

#endif
