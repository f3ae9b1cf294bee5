/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of a question about paths share.
 *
 *   techniques.c     the ways, out of their text
 *   sieve.c          which targets a principal's statements can name at all
 *   trust.c          who may take over a role: services, providers, everybody outside
 * *   path_outside.c   ways in for those who are not in the snapshot
 *   path_facts.c     what the snapshot says, does not say, or denies
 *   bindable.c       who can stand for the name of a principal at all
 *   binding.c        what the names of a way stand for
 *   offers.c         what somebody can do with which way
 *   search.c         the fixpoint, the shortest way to a goal
 *   prove_route.c    a way told: every call asked again, with its reasons and a witness
 *   cut.c            statements without which there is no way
 *   paths.c          the question
 */
#ifndef VERDICT_ANALYZE_PATHING_H
#define VERDICT_ANALYZE_PATHING_H

#include "analyze/effective.h"
#include "analyze/techniques.h"

#include <verdict/paths.h>

/* What the names of one way stand for; VD_NONE where it has no such name. */
typedef struct vd_binding {
    uint32_t way, account; /* the caller's */
    uint32_t node, other;  /* principals: the first name, the second */
    uint32_t group, managed, version, held, thing;
    uint32_t provider; /* of vd_pathing.texts */
} vd_binding;

/* Somebody, or something, that is reached. */
typedef enum vd_state_kind {
    VD_STATE_SOMEBODY,
    VD_STATE_MADE,    /* a new principal; who.node is the root user of its account */
    VD_STATE_OUTSIDE, /* start: somebody outside */
    VD_STATE_GOAL     /* action@resource */
} vd_state_kind;
typedef struct vd_state_of {
    vd_identity who;
    uint32_t    kind;
    uint32_t    account;
} vd_state_of;

/* A way that somebody can go, or the part of it that one group of callers has to do. */
typedef struct vd_offer {
    uint32_t binding;
    uint32_t groups;  /* bits */
    uint32_t flags;   /* VD_FLAG_... of facts and answers */
    bool     unsure;  /* not certain: a fact that nobody collected, a question that was not decided */
} vd_offer;
typedef struct vd_offers {
    vd_offer *at;
    uint32_t  count, cap;
    bool      made;
} vd_offers;

/* How a state was reached. */
enum { VD_MOST_TAILS = 9 };
typedef struct vd_edge {
    uint32_t binding, state; /* where to; binding VD_NONE: the goal is met by the tail itself */
    uint32_t tails[VD_MOST_TAILS]; /* callers by group, then the holder of what is changed */
    uint32_t tail_count;
    uint32_t flags;
    bool     unsure;
} vd_edge;

/* There is no way to the goal from here: by certain ways, by any. */
enum { VD_DEAD_CERTAIN = 1, VD_DEAD_ANY = 2 };

typedef struct vd_sieve vd_sieve;
typedef struct vd_owned {
    uint32_t account, id;
} vd_owned;
typedef struct vd_thing_at {
    uint32_t account, thing;
    vd_str   type;
} vd_thing_at;

enum { VD_OUTSIDE_ALL, VD_OUTSIDE_ANYBODY, VD_OUTSIDE_USER }; /* account of a state outside: whom it stands for */
typedef struct vd_outside { /* a way in for somebody outside */
    uint32_t                 node, binding; /* the role */
    vd_str                   action;
    bool                     anybody; /* public */
    bool                     by_role; /* with credentials of AWS, not a token */
    uint32_t                 flags;
    const vd_required       *requirements;
    size_t                   require_count;
    const vd_statement_info *sources;
    size_t                   source_count;
    const vd_witness        *witness;
} vd_outside;

typedef struct vd_pathing {
    const vd_engine   *engine;
    const vd_snapshot *snapshot;
    const vd_catalog  *catalog;
    vd_paths_opts      opts;
    vd_effective      *effective;
    vd_arena           arena, scratch;
    vd_ways            ways;
    vd_error          *err;
    bool               nomem;
    vd_code            failed; /* of a question */
    vd_paths_summary   sum;

    vd_state_of *states;
    vd_offers   *offers;  /* by state */
    uint8_t     *admin;   /* by state: vd_certain, plus one; 0: not asked yet */
    uint32_t     state_count, state_cap, offer_cap, admin_cap;
    vd_map       state_map;
    struct shared_offers **shared; /* by what is held */
    uint32_t     shared_count, shared_cap;
    vd_map       shared_map;
    vd_binding  *bindings;
    uint32_t     binding_count, binding_cap;
    vd_map       binding_map;
    vd_intern    texts;
    vd_sieve    *sieve;
    struct vd_trusts *trusts;
    struct vd_bindable *bindable; /* by way */
    vd_owned    *policies, *groups; /* by account */
    vd_thing_at *things; /* by account and type */
    vd_outside  *outsides;
    uint32_t     outside_count, outside_cap;

    vd_str       goal_action, goal_resource; /* of action@resource */
    uint32_t     goal_node;                  /* VD_NONE: none */
    uint32_t     likely[3];                  /* actions that most who are no administrators cannot do */
    bool         goal_admin;
    uint8_t     *goal_met; /* by state, as admin */
    uint8_t     *dead;     /* by state: VD_DEAD_..., when everybody is asked about one goal */
    uint32_t     goal_cap, dead_cap;
    bool         one_goal;
    uint8_t      tags_read; /* by policies of roles and resources: vd_certain, plus one; 0: not looked yet */
    void        *user;     /* of opts.undecided */
} vd_pathing;

vd_code  vd_pathing_failed(vd_pathing *x); /* what went wrong, if it did */
uint32_t vd_state_add(vd_pathing *x, const vd_state_of *state); /* its id; VD_NONE: no memory */
int      vd_state_cmp(const vd_pathing *x, uint32_t a, uint32_t b); /* by what they are, not by when they were added */
uint32_t vd_binding_add(vd_pathing *x, const vd_binding *b);

/* sieve.c: can an Allow that the principal holds name the target?  False is a proof. */
bool vd_sieve_open(vd_pathing *x);
void vd_sieve_close(vd_pathing *x);
bool vd_sieve_may(vd_pathing *x, uint32_t node, vd_str action, vd_str target);

bool     vd_things_open(vd_pathing *x);
uint32_t vd_things_of(const vd_pathing *x, uint32_t account, vd_str type, uint32_t *count); /* in things: the first */

/* path_outside.c: what exposure says of the trust policies of all roles */
vd_code vd_outsides_make(vd_pathing *x);

/* trust.c */
bool       vd_trusts_open(vd_pathing *x);
void       vd_trusts_close(vd_pathing *x);
vd_certain vd_trusts_service(vd_pathing *x, uint32_t role, vd_str service);
bool       vd_trusts_names_service(const vd_pathing *x, uint32_t role, vd_str service); /* false: it does not trust it */
vd_certain vd_trusts_federated(vd_pathing *x, uint32_t role, vd_str provider);
/* Providers that it names, from 0; false: no such. */
bool       vd_trusts_provider(const vd_pathing *x, uint32_t role, uint32_t index, vd_str *provider);
/* Roles that the principal can think of assuming: named, by account, by everybody. */
bool       vd_trusts_maybe(vd_pathing *x, uint32_t role, uint32_t node, bool *named);
const uint32_t *vd_trusts_candidates(vd_pathing *x, uint32_t node, uint32_t *count);

/* path_facts.c: flags gets VD_FLAG_INVENTORY when nobody said. */
vd_certain vd_fact_holds(vd_pathing *x, const vd_way_fact *f, const vd_binding *b, uint32_t self);
bool       vd_fact_say(vd_pathing *x, vd_str *out, const vd_way_fact *f, const vd_binding *b, uint32_t self, vd_arena *arena);
uint32_t   vd_bound_node(const vd_pathing *x, const vd_binding *b, const vd_fact_arg *arg, uint32_t self); /* VD_NONE */
bool       vd_type_collected(const vd_pathing *x, vd_str type, uint32_t account); /* is what is not there known not to be? */

/* bindable.c: nodes of the account (VD_NONE: of any) that the name of the way's first or second principal can stand for. */
const uint32_t *vd_bindable(vd_pathing *x, uint32_t way, uint32_t name, bool second, uint32_t account, uint32_t *count);
bool            vd_owned_open(vd_pathing *x);
uint32_t        vd_owned_first(const vd_owned *all, uint32_t count, uint32_t account);

/* binding.c: tells all of a way for a caller. */
typedef bool vd_binding_fn(vd_pathing *x, const vd_binding *b, void *user);
bool vd_bindings_each(vd_pathing *x, uint32_t way, uint32_t self, vd_binding_fn *tell, void *user);
/* The ARN or pattern that a call is on; false: there is none (the document is held in another way).  Empty: any. */
bool vd_target_of(vd_pathing *x, vd_str *out, const vd_way_call_alt *alt, const vd_binding *b, uint32_t self, vd_arena *arena);
/* The pins of a call; *impossible: one of them has no value. */
bool vd_pins_of(vd_pathing *x, vd_assumption **out, uint32_t *count, const vd_way_call *call, const vd_binding *b, vd_arena *arena);
bool vd_expand(vd_pathing *x, vd_str *out, vd_str text, uint32_t account, vd_arena *arena); /* ${partition}, ${account} */

/* offers.c */
void vd_offers_open(vd_pathing *x); /* names of actions, and what is the same for all who go a way */
/* What it can do: what all who hold the same can, and what looks at the principal itself.  NULL: failed. */
const vd_offers *vd_offers_shared(vd_pathing *x, uint32_t state);
const vd_offers *vd_offers_of(vd_pathing *x, uint32_t state);
vd_answer        vd_call_possible(vd_pathing *x, uint32_t state, const vd_way_call *call, const vd_binding *b, uint32_t *alt,
                                  uint32_t *flags);
vd_certain       vd_is_admin(vd_pathing *x, uint32_t state);
vd_certain       vd_meets_goal(vd_pathing *x, uint32_t state);

/* search.c */
typedef struct vd_found_path {
    vd_edge *edges; /* in order: tails of each were reached before */
    uint32_t count;
    uint32_t start, goal; /* states */
    bool     unsure;
} vd_found_path;
typedef struct vd_search vd_search;
vd_search *vd_search_new(vd_pathing *x);
void       vd_search_free(vd_search *s);
typedef struct vd_banned {
    uint32_t binding, state;
} vd_banned;
/* Everything that the start reaches; certain: by sure ways only.  Stops at the first goal when asked to. */
vd_code vd_search_run(vd_search *s, uint32_t start, bool certain, bool first, const vd_banned *banned, uint32_t banned_count);
/* The goals that were met, nearest first. */
uint32_t vd_search_goals(const vd_search *s, const uint32_t **states);
bool     vd_search_path(vd_search *s, uint32_t goal, vd_found_path *out, vd_arena *arena);

/* prove_route.c */
vd_code vd_route_prove(vd_pathing *x, const vd_found_path *found, vd_route *out, bool *contradicts);

/* cut.c */
vd_code vd_paths_cut(const vd_snapshot *snapshot, const vd_paths_opts *opts, void *user, vd_error *err);

/* paths.c */
vd_code vd_pathing_open(vd_pathing *x, const vd_snapshot *snapshot, const vd_paths_opts *opts, vd_error *err);
void    vd_pathing_close(vd_pathing *x);

#endif
