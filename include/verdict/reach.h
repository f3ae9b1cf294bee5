/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about the principals of a snapshot: who can do something, and what can one of them do.  What is known of a
 * principal (its ARN, id, tags, organization, documents, the guard-rails of its account) is taken as it is; the rest of a
 * request is free.  "Nobody" is a proof; whoever is told comes with a request that the evaluator has allowed.
 */
#ifndef VERDICT_REACH_H
#define VERDICT_REACH_H

#include <verdict/analyze.h>
#include <verdict/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ who can */

/* Somebody who can, and how: one of these for actions of which the same is true. */
typedef struct vd_reacher {
    size_t                   size;
    const char              *kind;      /* "user", "role", "root", "service", "external", "federated", "canonical-user" */
    vd_str                   principal; /* ARN, service; of outsiders: "*", an account id, "org:o-..." */
    vd_str                   account;   /* of a principal of the snapshot; else empty */
    bool                     always;    /* whatever the rest of the request; else only some, which fulfil the requirements */
    vd_texts_list            actions, patterns; /* all; compressed to wildcards */
    const vd_required       *requirements;
    size_t                   require_count;
    const vd_statement_info *granting; /* of each layer that had to allow */
    size_t                   granting_count;
    uint32_t                 flags;
    const vd_witness        *witness; /* NULL: potential only */
} vd_reacher;
typedef bool vd_reacher_fn(void *user, const vd_reacher *reacher);

/* Somebody of whom nothing could be said, and why. */
typedef struct vd_skipped {
    size_t size;
    vd_str principal, why;
} vd_skipped;
typedef bool vd_skipped_fn(void *user, const vd_skipped *skipped);

typedef struct vd_who_can_opts {
    size_t         size;
    vd_prove_opts  prove;
    const vd_str  *actions; /* patterns, one of which is meant: at least one */
    size_t         action_count;
    vd_str         resource; /* an ARN, a pattern, "*" */
    bool           all_of;   /* on every resource that it matches, not only on some */
    const vd_str  *exclude;  /* patterns of ARNs, "@admin" */
    size_t         exclude_count;
    const vd_zone *zone;     /* outsiders are who is not in it; NULL: who is of no account of the snapshot */
    bool           no_outsiders;
    uint32_t       first, count; /* of the principals, to share the work; count 0: all */
    vd_skipped_fn *skipped;  /* may be NULL */
} vd_who_can_opts;

typedef struct vd_who_can_summary {
    size_t    size;
    vd_answer answer;    /* can anybody? */
    uint32_t  principals, outsiders, always, conditional, skipped; /* an outsider counts once a finding */
    uint64_t  units;
} vd_who_can_summary;
/* Principals in the order of the snapshot, then outsiders.  VD_EBUDGET: some were skipped, and nobody was found. */
VD_API vd_code vd_who_can(const vd_snapshot *snapshot, const vd_who_can_opts *opts, vd_reacher_fn *tell, void *user,
                         vd_who_can_summary *summary, vd_error *err);

/* ------------------------------------------------------------------ what can */

/* What a principal may do by what it holds, within its boundary and the guard-rails of its account: actions on the same
 * resources under the same conditions.  Policies of resources are taken not to be in the way.  What those of the snapshot give
 * that it would not have without them (by naming it; of roles and keys by leaving it to it; in other accounts together with
 * what it holds) comes behind, with given set. */
typedef struct vd_permission {
    size_t                   size;
    vd_texts_list            actions, patterns; /* all; compressed to wildcards */
    const int32_t           *levels;            /* of each action */
    vd_texts_list            resources;         /* patterns */
    vd_texts_list            not_resources;     /* all but these; then resources is empty */
    bool                     always;            /* on all of it, whatever the rest of the request */
    const vd_required       *conditions;        /* as the statements have them */
    size_t                   condition_count;
    const vd_statement_info *granting;          /* of each layer that had to allow */
    size_t                   granting_count;
    const vd_statement_info *denied_by;         /* that take something of it away */
    size_t                   denied_count;
    uint32_t                 flags;
    const vd_witness        *witness;
    bool                     given;             /* by the policy of a resource; else by what it holds alone */
} vd_permission;
typedef bool vd_permission_fn(void *user, const vd_permission *permission);

/* Actions that it holds and yet cannot use at all, and what is in the way. */
typedef struct vd_blocked {
    size_t                   size;
    vd_texts_list            actions, patterns;
    vd_layer                 layer;  /* VD_LAYER_NONE: several together */
    const vd_statement_info *denies; /* none: the layer does not allow it */
    size_t                   deny_count;
} vd_blocked;
typedef bool vd_blocked_fn(void *user, const vd_blocked *blocked);

typedef struct vd_what_can_opts {
    size_t          size;
    vd_prove_opts   prove;
    vd_str          resource; /* a pattern: only on these; empty: on any */
    vd_str          service;  /* a prefix: only of it; empty: of any */
    uint32_t        levels;   /* bits 1 << VD_LEVEL_...: only of these; 0: of any */
    vd_blocked_fn  *blocked;  /* may be NULL */
    bool            policy;   /* make the document */
} vd_what_can_opts;

typedef struct vd_what_can_summary {
    size_t    size;
    vd_answer admin;       /* everything in iam, and so everything */
    uint32_t  permissions, undecided;
    uint32_t  flags;       /* of the document: it is not exactly what the principal can */
    vd_str    policy;      /* an IAM document of what it holds, to be freed by vd_what_can_free; empty: not asked for */
    uint64_t  units;
    uint32_t  given;       /* of the permissions: by policies of resources */
} vd_what_can_summary;
/* principal: the ARN of a user, a role or one of its sessions, or a root user. */
VD_API vd_code vd_what_can(const vd_snapshot *snapshot, vd_str principal, const vd_what_can_opts *opts, vd_permission_fn *tell,
                          void *user, vd_what_can_summary *summary, vd_error *err);
VD_API void    vd_what_can_free(vd_what_can_summary *summary, const vd_engine *engine); /* its document */

#ifdef __cplusplus
}
#endif
#endif
