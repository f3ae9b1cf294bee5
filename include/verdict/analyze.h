/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about all requests at once: who outside can reach a resource, what a change newly allows, whether something
 * is granted, which statements do nothing.  "No" is a proof; every "yes" carries a request, the witness, that the evaluator
 * has decided as said.  Callbacks get borrowed structs that live during the call; returning false stops.  All sets must
 * carry their sources.
 */
#ifndef VERDICT_ANALYZE_H
#define VERDICT_ANALYZE_H

#include <verdict/catalog.h>
#include <verdict/eval.h>
#include <verdict/lint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum vd_answer { VD_SAT, VD_UNSAT, VD_UNKNOWN } vd_answer;

/* ------------------------------------------------------------------ witnesses */

typedef struct vd_witness_key {
    vd_str        key;
    bool          absent; /* kept out, though it could be derived */
    const vd_str *values;
    size_t        count;
} vd_witness_key;

/* What a witness rests on besides the documents of the question: sides that nobody gave, taken to agree. */
enum {
    VD_AGREES_IDENTITY = 1, /* identity (and session) policies that allow everything */
    VD_AGREES_RESOURCE = 2  /* a resource policy that lets the principal's account in (who has none: everybody) */
};

/* A request, as a scenario file says it.  Empty strings: not said. */
typedef struct vd_witness {
    size_t                size;
    vd_str                kind;      /* of E401: "role-session" */
    vd_str                principal; /* ARN, service, provider, "anonymous" */
    vd_str                role;      /* of a session: its role's ARN with the path */
    vd_str                parent;    /* of a federated user */
    vd_str                user_id, account, canonical, org, org_path;
    vd_str                action, resource, resource_account, resource_org, resource_org_path, endpoint_type;
    const vd_witness_key *keys; /* sorted */
    size_t                key_count;
    uint32_t              agrees; /* VD_AGREES_...: without these documents it is not decided as said */
    bool                  management_account; /* the principal's (E707) */
} vd_witness;

/* Fills a request (reset before) that borrows from the witness. */
VD_API vd_code vd_witness_request(vd_request *request, const vd_witness *witness);

/* ------------------------------------------------------------------ what all questions share */

/* A context key pinned for all requests considered (--assume). */
typedef struct vd_assumption {
    vd_str        key;
    bool          absent;
    const vd_str *values; /* none, and not absent: there, with any value */
    size_t        count;
} vd_assumption;

/* What a "no" rests on: tests of one variable that no value fulfils, a line of JSON.  Called by the thread that asks. */
typedef void vd_certify_fn(void *user, vd_str line);

typedef struct vd_prove_opts {
    size_t               size;
    const vd_catalog    *catalog;      /* NULL: the built-in one */
    uint64_t             budget;       /* work units of one question; 0: 20 000 000 */
    uint64_t             budget_total; /* of all; 0: no limit but the one of each */
    int64_t              now;          /* seconds since 1970: the clock is not before; 0: the catalogue's date */
    const vd_assumption *assume;
    size_t               assume_count;
    bool                 future_actions; /* names that no service has today count */
    const vd_request    *state; /* what scenario files call resourceState (ACL, Block Public Access ...), endpointType and
                                   managementAccount are taken from it; NULL: nothing is known */
    vd_str               resource_account, resource_org, resource_org_path; /* the owner, where ARNs do not say */
    vd_str               principal; /* concrete: a user or role ARN; empty: symbolic */
    vd_certify_fn       *certify;   /* NULL: nobody asks */
    void                *certify_user;
} vd_prove_opts;

/* What is uncertain, and why (analysis 1.3): bits of flags. */
enum {
    VD_FLAG_VARIABLE = 1 << 0,      /* approx:variable */
    VD_FLAG_OPERATOR = 1 << 1,      /* approx:operator */
    VD_FLAG_MIXED_TYPES = 1 << 2,   /* approx:mixed-types */
    VD_FLAG_MEMBERSHIP = 1 << 3,    /* approx:membership */
    VD_FLAG_BPA = 1 << 4,           /* approx:bpa */
    VD_FLAG_DELEGATED = 1 << 5,     /* approx:delegated */
    VD_FLAG_BUDGET = 1 << 6,        /* budget */
    VD_FLAG_INVENTORY = 1 << 7,     /* approx:inventory */
    VD_FLAG_POTENTIAL = (1 << 8) - 1, /* any of these: no witness that replays, certainty "potential" */
    VD_FLAG_OFF_CATALOGUE = 1 << 8, /* off-catalogue */
    VD_FLAG_UNKNOWN_ACTION = 1 << 9,
    VD_FLAG_LEGACY_ELEMENT = 1 << 10, /* Allow with NotPrincipal, as it once was meant */
    VD_FLAG_SECRET_GUARDED = 1 << 11,
    VD_FLAG_CONFUSED_DEPUTY = 1 << 12,
    VD_FLAG_NAME_ONLY_ANCHOR = 1 << 13,
    VD_FLAG_NEEDS_SECOND_CHECK = 1 << 14,
    VD_FLAG_UNAUTHENTICATED = 1 << 15, /* unauthenticated-identities */
    VD_FLAG_ANY_USER_OF_APPLICATION = 1 << 16,
    VD_FLAG_WHOLE_ISSUER = 1 << 17,
    VD_FLAG_OWN_LOGIC = 1 << 18,
    VD_FLAG_FUTURE = 1 << 19, /* future-action: only actions that no service has today */
    VD_FLAG_RESOURCE_POLICY_NOT_GIVEN = 1 << 20, /* what the principal holds alone decides: nobody has the resource's policy */
    VD_FLAG_POLICY_NOT_GIVEN = 1 << 21, /* a document that bears on it is missing, and taken to allow (or, held, to give nothing) */
    VD_FLAG_COUNT_BITS = 22
};
VD_API const char *vd_flag_name(uint32_t bit); /* "approx:variable"; bit: one of the above; "" for none */

/* Rules that AWS does not document, and what they say when they are read the other way. */
enum {
    VD_READING_E309 = 1 << 0, /* short ARNs of resource policies without a star are completed */
    VD_READING_E412 = 1 << 1, /* a regional name of a service is another name of the same principal */
    VD_READING_E506 = 1 << 2, /* a condition with an empty list of values is none */
    VD_READING_E508 = 1 << 3, /* plain operators on keys of several values: any value will do */
    VD_READING_E533 = 1 << 4, /* IPv4 addresses written as IPv6 are IPv6 addresses, which nobody calls from */
    VD_READING_E534 = 1 << 5, /* short patterns of ARN operators are completed */
    VD_READING_E538 = 1 << 6, /* what cannot be read passes a negated test */
    VD_READING_E539 = 1 << 7, /* malformed values of negated operators equal nothing */
    VD_READING_E554 = 1 << 8, /* a variable of a key of several values has its default */
    VD_READING_COUNT_BITS = 9,
    VD_READINGS_ALL = (1 << VD_READING_COUNT_BITS) - 1
};
VD_API const char *vd_reading_name(uint32_t bit); /* "E309"; "" for none */

enum { VD_ACCESS_NOTE = 1, VD_ACCESS_LOW, VD_ACCESS_MEDIUM, VD_ACCESS_HIGH };
VD_API const char *vd_access_name(int32_t severity); /* "note" ... */

/* A condition that every request of a finding satisfies. */
typedef struct vd_required {
    vd_str        key;      /* as AWS spells it */
    vd_str        operator_name; /* "StringEquals" */
    const vd_str *values;
    size_t        count;
    vd_str        must;    /* for people: "true", "present", "one of 203.0.113.0/24" */
    const char   *control; /* who decides: "chosen", "assigned", "network", "claim", "secret", "state", "clock" (analysis 4.2) */
} vd_required;

/* A list of names ("s3:GetObject") and what they come to, shortest first when compressed. */
typedef struct vd_texts_list {
    const vd_str *at;
    size_t        count;
} vd_texts_list;

/* ------------------------------------------------------------------ diff */

enum { VD_LEVEL_UNKNOWN = 5 }; /* besides those of catalog.h: of an action that no service has */

/* A group of what one side allows and the other does not: actions that no statement tells apart. */
typedef struct vd_delta {
    size_t                   size;
    bool                     removed; /* OLD allows, NEW does not */
    vd_str                   id;      /* "d-" and 16 hex digits */
    vd_str                   service; /* prefix; empty: several */
    int32_t                  level;   /* VD_LEVEL_...: the most dangerous of its actions */
    int32_t                  severity; /* VD_ACCESS_... */
    vd_texts_list            actions;  /* all of them, in order */
    const int32_t           *levels;   /* of each action */
    vd_texts_list            patterns; /* the same, compressed to wildcards */
    vd_texts_list            resources;  /* patterns of the granting statements */
    vd_texts_list            principals; /* of resource policies: the entries that match; else none */
    const vd_required       *requirements;
    size_t                   require_count;
    const vd_statement_info *granting; /* statements that allow it on the one side */
    size_t                   granting_count;
    const vd_statement_info *was;      /* denies of the other side that are gone or narrower; none: nothing allowed it */
    size_t                   was_count;
    uint32_t                 flags;
    const vd_witness        *witness; /* NULL: potential only */
} vd_delta;

typedef bool vd_delta_fn(void *user, const vd_delta *delta);

typedef struct vd_diff_opts {
    size_t        size;
    vd_prove_opts prove;
    bool          removed; /* tell what OLD allowed and NEW does not, too */
    bool          only_removed;
    bool          first;   /* one of each direction is enough: yes or no */
    const vd_request *before_state; /* prove.state of OLD; NULL: the same as of NEW */
} vd_diff_opts;

typedef struct vd_diff_summary {
    size_t    size;
    vd_answer broader;  /* NEW allows something that OLD does not */
    vd_answer narrower; /* the other way round; VD_UNKNOWN when not asked */
    uint32_t  groups, undecided;
    uint64_t  units;    /* of work */
} vd_diff_summary;

/* Sides must be of the same layers.  VD_EBUDGET: some group could not be decided, all others were told. */
VD_API vd_code vd_diff(const vd_set *before, const vd_set *after, const vd_diff_opts *opts, vd_delta_fn *tell, void *user,
                      vd_diff_summary *summary, vd_error *err);

/* ------------------------------------------------------------------ grants */

typedef struct vd_grant {
    size_t                   size;
    vd_str                   action; /* the one asked for, or a member of what was asked for */
    vd_texts_list            actions; /* all actions of which the same is true */
    vd_str                   asked;   /* the pattern of the command line that it answers */
    vd_str                   resource; /* the pattern asked for; empty: any */
    const vd_statement_info *granting;
    size_t                   granting_count;
    const vd_required       *requirements;
    size_t                   require_count;
    uint32_t                 flags;
    const vd_witness        *witness;
} vd_grant;
typedef bool vd_grant_fn(void *user, const vd_grant *grant);

typedef struct vd_grants_opts {
    size_t        size;
    vd_prove_opts prove;
    const vd_str *actions; /* patterns, "@escalation" "@admin" "@data-read" "@public-write"; none: any */
    size_t        action_count;
    const vd_str *resources; /* patterns; none: any */
    size_t        resource_count;
    bool          all;                /* every pair, not only the first of each action */
    bool          without_conditions; /* keys that are assigned, claimed, secret, or of the network are absent or generic */
} vd_grants_opts;

typedef struct vd_grants_summary {
    size_t    size;
    vd_answer answer;
    uint32_t  granted, asked, undecided; /* pairs */
    uint64_t  units;
} vd_grants_summary;
VD_API vd_code vd_grants(const vd_set *set, const vd_grants_opts *opts, vd_grant_fn *tell, void *user,
                        vd_grants_summary *summary, vd_error *err);

/* ------------------------------------------------------------------ exposure */

typedef struct vd_zone vd_zone;
typedef struct vd_zone_member {
    vd_str account, organization;
} vd_zone_member;
typedef struct vd_zone_opts {
    size_t                size;
    const vd_str         *accounts, *organizations, *org_paths, *principals, *services, *federated, *vpcs, *vpc_endpoints, *cidrs;
    size_t                account_count, organization_count, org_path_count, principal_count, service_count, federated_count,
        vpc_count, vpc_endpoint_count, cidr_count;
    const vd_zone_member *members;
    size_t                member_count;
    bool                  owner; /* the account of each resource belongs to it (the default zone is only this) */
} vd_zone_opts;
VD_API vd_code vd_zone_new(vd_zone **out, const vd_engine *engine, const vd_zone_opts *opts, vd_error *err);
/* A zone file, JSON or YAML; also the "trusted" of a .verdict.yaml. */
VD_API vd_code vd_zone_read(vd_zone **out, const vd_engine *engine, vd_str name, vd_str text, vd_error *err);
/* "account:111122223333,222233334444", "org:o-abc", "ou:o-abc/r-ab12/ou-ab12-11111111/..." (the star at its end is meant). */
VD_API vd_code vd_zone_parse(vd_zone **out, const vd_engine *engine, vd_str text, vd_error *err);
VD_API void    vd_zone_free(vd_zone *zone);

enum {
    VD_EXPOSED_PUBLIC,
    VD_EXPOSED_CROSS_ORG,
    VD_EXPOSED_ORG,
    VD_EXPOSED_CROSS_ACCOUNT,
    VD_EXPOSED_NETWORK,
    VD_EXPOSED_SERVICE,
    VD_EXPOSED_FEDERATED,
    VD_EXPOSED_CANONICAL_USER,
    VD_EXPOSED_COUNT
};
VD_API const char *vd_exposed_name(int32_t exposed); /* "public", "cross-org" ... */

enum { VD_CHANGE_NONE, VD_CHANGE_NEW, VD_CHANGE_CHANGED, VD_CHANGE_UNCHANGED, VD_CHANGE_RESOLVED };

typedef struct vd_exposure_source {
    const char        *type;      /* "policy", "bucket-acl", "access-point", "grant", "sharing-attribute", "function-url" */
    vd_statement_info  statement; /* type "policy", "access-point" */
    vd_str             text;      /* of others: what it is */
} vd_exposure_source;

typedef struct vd_exposure_layer { /* what other layers had to say: "bpa" "off" */
    const char *layer, *state;
} vd_exposure_layer;

typedef struct vd_exposed {
    size_t                    size;
    vd_str                    id; /* "x-" and 16 hex digits */
    int32_t                   exposed; /* class: VD_EXPOSED_... */
    bool                      is_public;
    int32_t                   severity; /* VD_ACCESS_... */
    int32_t                   change;   /* VD_CHANGE_...: against an older run */
    vd_str                    resource, resource_type, resource_account; /* what the policy is attached to */
    bool                      inferred;   /* nobody said so */
    vd_str                    principal_type; /* "AWS", "Service", "Federated", "CanonicalUser" */
    vd_str                    principal;  /* "*", account id, ARN, service name, provider, canonical id, "org:o-..." */
    vd_texts_list             actions, patterns; /* all; compressed to wildcards */
    const int32_t            *levels;     /* of each action */
    int32_t                   level;      /* the most dangerous */
    vd_texts_list             resources;  /* patterns of what is reached */
    const vd_required        *conditions; /* anchors that confine the cell */
    size_t                    condition_count;
    const vd_required        *requirements;
    size_t                    require_count;
    const vd_exposure_source *sources;
    size_t                    source_count;
    const vd_statement_info  *shaped_by; /* denies */
    size_t                    shaped_count;
    const vd_exposure_layer  *layers;
    size_t                    layer_count;
    uint32_t                  flags;
    const char               *source_of_service; /* of class service: "zone", "account:...", "any", "name-only"; NULL */
    vd_str                    counts;  /* with count: "256 IPv4 addresses"; else empty */
    const vd_witness         *witness; /* NULL: potential only */
    bool                      over_endpoint; /* it passes the VPC endpoint whose policy is given */
    bool                      only_otherwise; /* there under its readings only; the witness is decided so under them */
    vd_str                    grounds; /* 32 hex digits: others when the statements say something else: the id stays with who can what */
    uint32_t                  readings; /* VD_READING_...: it is there, or (only_otherwise not set) is not, only when such a rule is read otherwise */
} vd_exposed;
typedef bool vd_exposed_fn(void *user, const vd_exposed *exposed);

enum { VD_SERVICES_DEPUTY = 0, VD_SERVICES_NONE, VD_SERVICES_ALL };

typedef struct vd_exposure_opts {
    size_t        size;
    vd_prove_opts prove;
    vd_str        resource, resource_type; /* what the resource layer is attached to; empty: inferred */
    int32_t       services;       /* VD_SERVICES_... */
    bool          trust_networks; /* requests over networks of the zone are in the zone */
    bool          all_cells;      /* also what a more general finding covers */
    bool          count;
    uint8_t       public_ip4_bits, public_ip6_bits; /* 0: 24, 96 */
    bool          any_address_limits_not; /* --public-ip-bits 0,0 */
    uint32_t      most_cells;     /* 0: 10 000 */
    const vd_str *actions;        /* patterns: only what is reached by these; none: by any */
    size_t        action_count;
    vd_str        within;         /* a pattern: only what is reached of these resources; empty: of any */
    uint32_t      readings;       /* VD_READING_...: asked again under each; answers that differ are told, with what they hang on */
} vd_exposure_opts;

typedef struct vd_exposure_summary {
    size_t   size;
    uint32_t findings, undecided;
    uint64_t units;
    const char *s3_policy_status; /* "public", "not-public", "maybe"; NULL: no bucket */
    bool     endpoint_unknown; /* the policy of a VPC endpoint is given, but nobody knows of which: it took nothing away */
    char     endpoint[64];     /* of this one, that was: "vpce-..." */
    bool     owner_unknown;    /* nobody says whose the resource is: accounts that are named may be the owner's */
} vd_exposure_summary;

/* One resource: its policy (resource layer) and whatever else of the set binds there (RCPs, endpoint, access point).  A set with
 * policies of several, by name, is refused. */
VD_API vd_code vd_exposure(const vd_set *set, const vd_zone *zone, const vd_exposure_opts *opts, vd_exposed_fn *tell,
                           void *user, vd_exposure_summary *summary, vd_error *err);

/* ------------------------------------------------------------------ redundant */

enum {
    VD_REDUNDANT_UNSATISFIABLE, /* a statement that matches no request */
    VD_REDUNDANT_SHADOWED,      /* an Allow of which everything is denied */
    VD_REDUNDANT_SUBSUMED,      /* without it every request is decided as before */
    VD_REDUNDANT_ENTRY,         /* an entry of a list: the same */
    VD_REDUNDANT_CONDITION,     /* a condition: the same */
    VD_REDUNDANT_IDLE_DENY,     /* a Deny that nothing allowed meets: for information */
    VD_REDUNDANT_COUNT
};
VD_API const char *vd_redundant_name(int32_t redundant); /* "unsatisfiable" ... */

typedef struct vd_redundant_part {
    size_t                   size;
    int32_t                  redundant;
    vd_statement_info        statement;
    int32_t                  element; /* VD_ELEMENT_... of an entry or condition; -1: the statement */
    uint32_t                 entry;   /* index in the list; of a condition its index in the statement */
    uint32_t                 value;   /* of a condition: the value; UINT32_MAX: the whole */
    vd_str                   text;    /* the entry as written */
    vd_pos                   at;
    const vd_statement_info *because; /* what covers it, or denies it */
    size_t                   because_count;
    bool                     soft;    /* true only as far as the catalogue knows */
} vd_redundant_part;
typedef bool vd_redundant_fn(void *user, const vd_redundant_part *part);

typedef struct vd_redundant_opts {
    size_t        size;
    vd_prove_opts prove;
} vd_redundant_opts;
/* Layer by layer, the documents of one layer and level together.  What is told may be left out, all of it or any part.
 * VD_EBUDGET: there may be more. */
VD_API vd_code vd_redundant(const vd_set *set, const vd_redundant_opts *opts, vd_redundant_fn *tell, void *user, vd_error *err);

#ifdef __cplusplus
}
#endif
#endif
