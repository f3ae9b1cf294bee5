/* SPDX-License-Identifier: Apache-2.0
 *
 * How one principal of a snapshot becomes another one: roles that are assumed, and the known ways of privilege escalation
 * (techniques.json).  Every call of every step is a request that the evaluator has allowed; what a step needs to be true in
 * the account and nobody collected makes it potential.
 */
#ifndef VERDICT_PATHS_H
#define VERDICT_PATHS_H

#include <verdict/analyze.h>
#include <verdict/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Somebody whose credentials are held, perhaps changed on the way. */
typedef struct vd_route_who {
    vd_str arn;       /* of a principal; "@external", "action@resource" */
    bool   made;      /* somebody new in the account of this root user, with policies of choice */
    bool   raised;    /* identity policies of choice; boundary and SCPs stay */
    bool   uncapped;  /* without its boundary */
    bool   unguarded; /* without SCPs */
    bool   retagged;  /* with tags of its choice */
    vd_str joined, adopted, dropped; /* a group, a policy that it has, too; one that it has no more; empty: none */
} vd_route_who;

typedef struct vd_route_call {
    uint32_t                 caller; /* of the step's callers */
    vd_str                   action, resource; /* resource: an ARN or a pattern; empty: any */
    const vd_statement_info *granting;
    size_t                   granting_count;
    const vd_required       *requirements;
    size_t                   require_count;
    uint32_t                 flags;   /* VD_FLAG_... */
    const vd_witness        *witness; /* NULL: not certain */
} vd_route_call;

typedef struct vd_route_fact {
    const char *name; /* "trusts", "runsAs" ... */
    vd_str      text; /* for people: "role/app trusts service:lambda.amazonaws.com" */
    int32_t     certain; /* VD_CERTAIN_YES, VD_CERTAIN_NOBODY_SAID */
} vd_route_fact;

typedef struct vd_route_step {
    vd_str              technique, class_name, undo;
    const vd_route_who  *callers; /* whose credentials it takes, by groups of calls */
    size_t              caller_count;
    vd_route_who         becomes;
    const char         *result; /* "becomes", "raise" ... */
    const vd_route_call *calls;
    size_t              call_count;
    const vd_route_fact *facts;
    size_t              fact_count;
    uint32_t            flags;
} vd_route_step;

typedef struct vd_route {
    size_t              size;
    vd_str              id; /* "p-" and 16 hex digits */
    vd_route_who         from, to;
    bool                admin; /* its end is an administrator of the account */
    int32_t             severity; /* VD_ACCESS_... */
    const vd_route_step *steps;
    size_t              step_count;
    const vd_required  *requirements; /* of all steps, each once */
    size_t              require_count;
    uint32_t            flags;
} vd_route;
typedef bool vd_route_fn(void *user, const vd_route *path);

/* A statement without which there is one way less; without all of them there is none. */
typedef struct vd_route_cut {
    size_t                   size;
    const vd_statement_info *statements;
    size_t                   count;
    bool                     complete; /* proved: what is asked about is disconnected */
    bool                     left;     /* some path is left all the same; neither: none was found, but not every call was decided */
    const vd_texts_list     *holders;  /* of each statement: whoever has it, as ARNs; equal texts are one statement */
} vd_route_cut;
typedef bool vd_route_cut_fn(void *user, const vd_route_cut *cut);

typedef void vd_undecided_fn(void *user, uint64_t call);

typedef struct vd_ways_text { /* further techniques, in the form of techniques.json */
    vd_str name, text;
} vd_ways_text;

typedef struct vd_paths_opts {
    size_t              size;
    vd_prove_opts       prove;
    vd_str              from; /* an ARN, "@external", "@anonymous", "@any-user"; empty: everybody who is no administrator */
    vd_str              to;   /* an ARN, "@admin", "action@resource"; empty: with from everybody, else "@admin" */
    uint32_t            all_paths; /* the K shortest of each pair; 0: 1 */
    uint32_t            max_depth; /* 0: 8 */
    bool                confirmed_only; /* no step that hangs on what nobody collected */
    const vd_zone      *zone; /* who is not @external; NULL: the accounts of the snapshot */
    const vd_ways_text *techniques;
    size_t              technique_count;
    vd_route_cut_fn     *cut; /* NULL: not asked for.  Without tell nothing else is */
    uint32_t             first, count; /* of the principals, without from: to share the work; count 0: all */
    vd_undecided_fn     *undecided; /* each call that counts as undecided, as a number: shares may come upon the same ones; NULL */
} vd_paths_opts;

typedef struct vd_paths_summary {
    size_t   size;
    uint32_t paths, potential, undecided; /* undecided: calls about which the budget was not enough to say */
    uint32_t from, admins, techniques;    /* principals asked about; that are administrators anyway */
    uint64_t units;
} vd_paths_summary;

VD_API vd_code vd_paths(const vd_snapshot *snapshot, const vd_paths_opts *opts, vd_route_fn *tell, void *user,
                        vd_paths_summary *summary, vd_error *err);

#ifdef __cplusplus
}
#endif
#endif
