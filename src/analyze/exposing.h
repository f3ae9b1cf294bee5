/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of an exposure query share.
 *
 *   adjust.c     documents as they are asked about
 *   attached.c   what the policy is attached to
 *   sharing.c    ACLs and grants as statements
 *   order.c      statements in an order that is their own
 *   public.c     who is an outsider, and who a stranger that nobody has named
 *   kinship.c    classes of actions that need not be asked for
 *   address.c    how many addresses strangers may come from
 *   cells.c      predicates made of the policy's own constants; the cells that are reported
 *   providers.c  the same for who comes with a token of an identity provider
 *   needs.c      what all requests of a cell have in common; which statements it rests on
 *   findings.c   cells of many actions to one finding: class, severity, id
 *   replay.c     the evaluator asked again
 *   outside.c    the zone of trust looked at again
 *   said.c       which statements have a say
 *   asking.c     a question, put through every way to the resource
 *   exposure.c   the way through all of them
 */
#ifndef VERDICT_ANALYZE_EXPOSING_H
#define VERDICT_ANALYZE_EXPOSING_H

#include "analyze/seen.h"
#include "analyze/zone.h"
#include "catalog/catalog.h"
#include "eval/set.h"
#include "symbolic/actions.h"
#include "symbolic/symbolic.h"

#define VD_BIT(n) (1u << (n))

/* Callers that are described in one language. */
typedef enum vd_family { VD_PEOPLE, VD_SERVICES, VD_PROVIDERS, VD_CANONICALS, VD_FAMILY_COUNT } vd_family;
enum {
    VD_SIGNED = VD_BIT(VD_ASKER_ROLE) | VD_BIT(VD_ASKER_USER) | VD_BIT(VD_ASKER_ROOT) | VD_BIT(VD_ASKER_FEDERATED_USER),
    VD_ANYBODY = VD_SIGNED | VD_BIT(VD_ASKER_ANONYMOUS),
    VD_IDENTIFIED = VD_BIT(VD_ASKER_WEB_IDENTITY) | VD_BIT(VD_ASKER_SAML)
};

typedef enum vd_dimension { VD_DIM_PRINCIPAL, VD_DIM_NETWORK, VD_DIM_SOURCE, VD_DIM_ACCESS_POINT, VD_DIM_CLAIM, VD_DIM_COUNT } vd_dimension;

typedef enum vd_predicate_kind {
    VD_IS_ORG,
    VD_IS_ORG_PATH,
    VD_IS_ACCOUNT,
    VD_IS_ARN,
    VD_IS_UNIQUE_ID,
    VD_IS_SERVICE,
    VD_IS_PROVIDER,
    VD_IS_CANONICAL,
    VD_IS_NETWORK,        /* key and values */
    VD_IS_ADDRESS,        /* the same, of aws:SourceIp */
    VD_IS_SOURCE_ORG,
    VD_IS_SOURCE_ACCOUNT,
    VD_IS_SOURCE_NAME,    /* an ARN without an account: a bucket */
    VD_IS_ACCESS_POINT,
    VD_IS_CLAIM
} vd_predicate_kind;

typedef struct vd_predicate {
    uint8_t          dim, kind;
    uint32_t         parent; /* VD_NONE: right under the top */
    uint32_t         families;
    vd_str           text;   /* "444455556666", "o-abcdefghij" */
    vd_str           key, op; /* as a condition; empty: the principal says it */
    const vd_str    *values;
    uint32_t         value_count;
    const vd_demand *any;    /* it holds when one of these does */
    uint32_t         any_count;
    uint64_t        *said;   /* bits of the statements that it comes from */
    bool             live;   /* one of them is about the class at hand */
} vd_predicate;

/* One predicate of each dimension; VD_NONE: the top. */
typedef struct vd_cell {
    uint32_t at[VD_DIM_COUNT];
} vd_cell;

/* A statement that has a say. */
typedef struct vd_say {
    const vd_policy *policy;
    uint32_t         policy_id, index, box;
    vd_layer         layer;
    uint32_t         families; /* that its Principal element can match */
    uint32_t         gateway;  /* the box, of an endpoint that is a gateway (E426); VD_NONE: it matches nothing */
    bool             legacy;
    bool             accounts; /* nobody but accounts, and principals of them, by name */
    bool             star;     /* everybody, or all but some: others name whom they mean */
    const char      *source; /* "policy", "access-point", "bucket-acl" ... */
    vd_str           source_text;
} vd_say;

/* An Allow of the policy and, through an access point, one of its policy. */
#define VD_ALLOW_OF(part) ((part) & 0xffffu)
#define VD_ACCESS_OF(part) ((part) >> 16 & 0x7fffu) /* 0: none; else one more than its index */
#define VD_GATEWAY_OF(part) ((part) >> 31)           /* over the endpoint, and it is a gateway */

typedef struct vd_says {
    vd_say *at;
    uint32_t count, cap;
} vd_says;
enum { VD_SAYS = 6 };

/* A question in the making: demands are only ever added, so that a copy taken earlier stays what it was. */
typedef struct vd_scope {
    uint32_t   who, paths;
    uint8_t    rules;
    const struct vd_predicate *account; /* of whoever asks; NULL: not told: Allows that name other accounts need not be asked */
    const uint64_t            *told;    /* bits of Allows whose cells are all told: nor need those; NULL: none */
    bool       unnamed; /* nobody whom a Principal element names: other Allows need not be asked */
    vd_demand *at;
    uint32_t   count, cap;
    vd_any_of *clauses;
    uint32_t   clause_count, clause_cap;
} vd_scope;

/* What the policy is attached to. */
typedef struct vd_attached_to {
    vd_str resource, type, account, partition;
    vd_str service;      /* prefix of the actions that it is about; empty: any */
    vd_str patterns[16]; /* of what can be reached through it */
    uint32_t pattern_count;
    bool   inferred, trust, bucket, key;
    bool   any_bucket; /* resource is only an example */
} vd_attached_to;

/* A cell of one class of actions. */
typedef struct vd_found {
    uint8_t      family;
    vd_cell      cell;
    bool         is_public;
    uint32_t     flags;
    const char  *source_of_service;
    uint32_t    *classes; /* of actions */
    uint32_t     class_count, class_cap;
    uint64_t    *sources; /* bits of the allows */
    vd_str       needs;   /* canonical text of the requirements */
    vd_required *requirements;
    uint32_t     require_count;
    uint64_t    *shaped;  /* bits of the denies */
    const vd_required *conditions; /* anchors besides the cell's: claims */
    uint32_t     condition_count;
    vd_model     model;
    vd_scope     scope;   /* of the first class */
    uint32_t     part;    /* the Allow that the model matches */
} vd_found;

typedef struct vd_founds {
    vd_found *at;
    uint32_t  count, cap;
} vd_founds;

/* Values of an assigned dimension that somebody wrote down (analysis 4.3). */
typedef struct vd_names {
    vd_str  *at;
    uint32_t count, cap;
    vd_seen  seen;
} vd_names;

typedef struct vd_replay vd_replay;
typedef enum vd_replay_of {
    VD_REPLAY_PLAIN,
    VD_REPLAY_ENDPOINT, /* over the endpoint whose policy is given */
    VD_REPLAY_ACCESS,   /* the policy of an access point, by itself */
    VD_REPLAY_COUNT
} vd_replay_of;

/* A rule is read in another way than usual. */
typedef struct vd_otherwise {
    uint32_t reading; /* VD_READING_... */
    bool     changed; /* some document says something else so */
} vd_otherwise;

typedef struct vd_exposing {
    vd_engine              *engine;
    const vd_set           *set;
    const vd_zone          *zone;
    vd_exposure_opts        opts;
    const vd_catalog       *catalog;
    vd_symbolic            *s;
    vd_arena                arena;
    vd_otherwise           *otherwise; /* NULL: everything as usual */
    vd_exposure_summary    *summary;
    vd_error               *err;
    bool                    nomem;
    const vd_policy        *broken; /* it has a malformed Deny (E009); NULL: none has */
    vd_span                 broken_at;
    bool                    owner_org_unknown; /* the organization of the owner has a name of ours */
    bool                    through_access; /* access points are told apart, and their policies given */
    bool                    gateway;  /* it makes a difference whether it is one */
    vd_str                  endpoint; /* whose policy is given; empty: none is, or nobody knows which it is */
    bool                    hard;    /* the catalogue is not believed; only what no cell told so far holds is news */
    bool                    in_zone; /* what is being told is for information: a service that acts for the zone */
    bool                    told_public; /* of the class at hand: everybody, so that services need no word */
    const vd_resource_state *state;

    vd_attached_to          on;
    uint32_t                on_atom, bucket_atom; /* the resource, with all that is in it; the bucket alone */
    uint32_t                star_atom, role_atom, key_atom, silent_atom; /* when nobody says which: all; what has a policy, what has none */
    uint64_t               *of_family[VD_FAMILY_COUNT]; /* bits of the Allows for callers of the family */
    union {
        struct {
            vd_says allows, denies, access_allows, access_denies, endpoint_allows, endpoint_denies;
        };
        vd_says says[VD_SAYS]; /* all of them */
    };
    const vd_policy       **models; /* by id in the set, as they are asked about; NULL: has no say */
    vd_policy             **owned; /* parsed or made here, released in the end */
    uint32_t                owned_count, owned_cap;

    /* public.c */
    vd_names                home; /* accounts of the zone, as far as they matter */
    bool                    some_of_home; /* others of the zone do not */
    vd_names                accounts, unique_ids, orgs, sources, source_orgs; /* named, patterns as written */
    vd_scope                base[VD_FAMILY_COUNT];     /* outsiders */
    vd_scope                stranger[VD_FAMILY_COUNT]; /* strangers among them */
    vd_scope                any_service;               /* those that act for the zone, too */
    bool                    has_address; /* aws:SourceIp is asked for */

    vd_predicate           *predicates;
    uint32_t                predicate_count, predicate_cap;
    vd_seen                 predicates_seen; /* by kind and text */
    uint32_t                saying; /* the statement that predicates are made of */

    vd_action_classes       classes;
    uint32_t                at_class;
    vd_str                 *kin, *kin_told; /* what classes are told apart by (kinship.c) */
    uint32_t                told; /* findings as far as the catalogue is believed: the first so many */
    vd_founds               founds;
    vd_replay              *replays[VD_REPLAY_COUNT];
    vd_code                 failed; /* a replay that disagreed */
    bool                    cut;    /* nobody of another account gets in, whatever the policy says */
    bool                    may_be_cut; /* AWS does not say clearly */
    const char             *bpa;    /* "off", "blocks" ... */
} vd_exposing;

/* attached.c */
bool vd_attached_find(vd_exposing *x, const vd_policy *const *policies, uint32_t count);

/* order.c */
bool vd_says_sort(vd_exposing *x);

/* outside.c: VD_EINTERNAL: the witness is not what it was asked for */
vd_code vd_outside_check(vd_exposing *x, const vd_found *f, const vd_witness *w);

/* said.c */
vd_code vd_said_take(vd_exposing *x);

/* asking.c: is there a request of the class at hand, within the scope, that all layers allow?  *part: the Allow. */
vd_answer vd_exposing_ask(vd_exposing *x, const vd_scope *scope, uint32_t family, vd_model *model, uint32_t *part, const char **why);
/* The same, by the Allows given (bits of x->allows). */
vd_answer vd_exposing_ask_of(vd_exposing *x, const vd_scope *scope, const uint64_t *allows, vd_model *model, uint32_t *part, const char **why);
size_t    vd_all_statements(const vd_exposing *x); /* how many */
bool      vd_exposing_reaches(const vd_exposing *x, const vd_say *say); /* the class at hand */
bool      vd_exposing_bound(const vd_exposing *x, const vd_say *deny);  /* resource control policies: does it bind there? */

/* exposure.c */
void vd_exposing_enter(vd_exposing *x, uint32_t class_at, bool hard); /* makes it the class at hand */
bool vd_takes_objects(const vd_exposing *x, uint32_t action); /* of a bucket */

/* adjust.c */
bool vd_names_owner_org(const vd_policy *p); /* by a variable */
bool vd_policy_adjust(vd_exposing *x, const vd_policy **policy); /* what is asked about in its place; false: no memory */

/* sharing.c: settings of the resource as statements */
vd_code vd_sharing_add(vd_exposing *x);

/* public.c */
void     vd_scope_add(vd_exposing *x, vd_scope *scope, vd_demand demand);
void     vd_scope_any(vd_exposing *x, vd_scope *scope, const vd_demand *any, uint32_t count);
void     vd_scope_none(vd_exposing *x, vd_scope *scope, const vd_demand *any, uint32_t count);
uint32_t vd_condition1(vd_exposing *x, const char *op, const char *key, vd_str value); /* an atom */
bool     vd_outsiders_make(vd_exposing *x);
void     vd_names_of(vd_exposing *x, const vd_statement *st); /* what is named there, to the lists of x */
bool     vd_key_occurs(const vd_exposing *x, vd_str key); /* in some statement */
bool     vd_account_is_pinned(vd_str pattern);
uint32_t vd_account_atom(vd_exposing *x, vd_str account); /* signed principals of the account */
vd_str   vd_key_column(const vd_exposing *x, vd_str key, const char *column); /* of keys.tsv; empty: not in it */
const char *vd_key_control(const vd_exposing *x, vd_str key);

/* kinship.c */
uint32_t vd_kin_of(vd_exposing *x, uint32_t class_at);
uint32_t vd_kin_told(vd_exposing *x, uint32_t class_at); /* once the catalogue is not believed any more */

/* address.c: can strangers of the scope come from so many addresses that nobody has listed them? */
vd_answer vd_addresses_wide(vd_exposing *x, const vd_scope *strangers, uint32_t family, vd_model *model, uint32_t *part);
bool      vd_ranges_count(vd_exposing *x, const vd_str *texts, uint32_t count, vd_str *out); /* in words */
bool      vd_ranges_are_wide(const vd_exposing *x, const vd_entry *e);

/* cells.c */
bool vd_predicates_make(vd_exposing *x);
void vd_predicates_enter(vd_exposing *x); /* those of the class at hand */
bool vd_cells_report(vd_exposing *x, uint32_t family);
bool vd_cells_emit(vd_exposing *x, uint32_t family, const vd_cell *cell, const vd_scope *scope, const vd_model *model, uint32_t part,
                   uint32_t flags, bool is_public, const vd_required *conditions, uint32_t condition_count);
bool vd_cells_unknown(vd_exposing *x, uint32_t family, const vd_cell *cell, const vd_scope *scope, const char *why, bool is_public);

/* providers.c */
bool vd_providers_report(vd_exposing *x);

/* needs.c */
bool vd_needs_find(vd_exposing *x, vd_found *f);

/* findings.c */
bool    vd_found_also(vd_exposing *x, uint32_t class_at, uint32_t kin); /* what is told of the one is true of the other */
bool    vd_found_in_zone(const vd_found *f); /* told for information: a service that acts for the zone */
bool    vd_found_has(const vd_found *f, uint32_t class_at);
bool    vd_found_public(const vd_exposing *x, uint32_t class_at); /* everybody gets in with it: told */
bool    vd_found_add(vd_exposing *x, vd_found *f);
bool    vd_found_rests_on(const vd_found *f, uint32_t allow);

/* grounds.c: a digest of what the statements say that it rests on and that can take something away from it */
vd_str  vd_found_grounds(vd_exposing *x, const vd_found *f, const vd_exposed *e);
vd_code vd_findings_tell(vd_exposing *x, vd_exposed_fn *tell, void *user);

/* replay.c */
vd_policy *vd_policy_lookalike(vd_exposing *x, const vd_policy *p); /* a copy to change; NULL: no memory */
void    vd_replay_free(vd_exposing *x);
/* Does the evaluator allow the model, and is it one of an outsider?  VD_EINTERNAL: no. */
vd_code vd_replay_check(vd_exposing *x, const vd_found *f);
bool    vd_replay_polish(vd_exposing *x, vd_witness *w);
bool    vd_replay_witness(vd_exposing *x, const vd_model *model, uint32_t part, vd_witness *out);
bool    vd_passes_endpoint(const vd_exposing *x, const vd_witness *w); /* the one whose policy is given */

#endif
