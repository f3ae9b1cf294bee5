/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about all requests at once.  A statement without policy variables is a box: its elements each look at one
 * variable of the request (the principal, the resource, one context key), and all must hold.  A question is a conjunction
 * of boxes and of clauses, "this statement does not match": one of its elements does not hold.  Whoever principal and path
 * are is fixed first (a profile); then every variable can be looked at by itself, and what is left is a search over the
 * clauses.  "Unsatisfiable" is a proof; a model is a request that somebody else should try (analyze/confirm.c).
 */
#ifndef VERDICT_SYMBOLIC_SYMBOLIC_H
#define VERDICT_SYMBOLIC_SYMBOLIC_H

#include "catalog/catalog.h"
#include "pattern/value.h"
#include "policy/policy.h"
#include "symbolic/words.h"

#include <verdict/explain.h>

/* Who asks (E401), and over which path. */
typedef enum vd_asker {
    VD_ASKER_ANONYMOUS,
    VD_ASKER_ROLE,
    VD_ASKER_USER,
    VD_ASKER_ROOT,
    VD_ASKER_FEDERATED_USER,
    VD_ASKER_SERVICE,
    VD_ASKER_WEB_IDENTITY,
    VD_ASKER_SAML,
    VD_ASKER_CANONICAL,
    VD_ASKER_COUNT
} vd_asker;
typedef enum vd_path { VD_PATH_DIRECT, VD_PATH_ENDPOINT, VD_PATH_FORWARDED, VD_PATH_COUNT } vd_path;

/* What is found for a key. */
typedef enum vd_state { VD_STATE_ABSENT, VD_STATE_PRESENT, VD_STATE_BLANK } vd_state;
typedef struct vd_assigned {
    vd_str   key; /* as some policy spells it */
    uint8_t  state;
    vd_str  *values;
    uint32_t count;
} vd_assigned;

typedef struct vd_model {
    uint8_t      who, path;
    vd_str       action, resource;
    vd_str       principal; /* the ARN (of a session: its role's), a service, a provider; empty: anonymous */
    vd_str       user_id;   /* "AROA...:session" of a session, "AIDA..." of a user (of a federated user: its parent) */
    vd_str       parent;    /* of a federated user: the ARN of the user, or of the root user, who made the session */
    vd_str       canonical; /* VD_ASKER_CANONICAL: the canonical id of the principal, a user of any account */
    vd_assigned *keys;
    uint32_t     key_count;
    bool         in_organization;
    bool         off_catalogue; /* against what the catalogue says about the action's resources */
} vd_model;

typedef struct vd_symbolic vd_symbolic;

/* A key that is the same for all requests considered. */
typedef struct vd_pin {
    vd_str        key;
    uint8_t       state;  /* vd_state */
    const vd_str *values; /* present, but none: any value */
    uint32_t      count;
} vd_pin;

typedef struct vd_symbolic_opts {
    const vd_catalog *catalog;
    vd_date           now;    /* the clock is not before this */
    uint64_t          budget; /* of one question */
    const vd_pin     *pins;   /* copied: what is assumed, what the owner of the resource makes constant */
    uint32_t          pin_count;
    vd_certify_fn    *certify; /* of each contradiction; NULL: nobody asks */
    void             *certify_user;
} vd_symbolic_opts;

vd_code vd_symbolic_new(vd_symbolic **out, const vd_engine *engine, const vd_symbolic_opts *opts, vd_error *err);
void    vd_symbolic_free(vd_symbolic *s);

/* ------------------------------------------------------------------ statements as boxes */

/* A statement as a box; its number.  The policy must outlive s.  VD_NONE: it matches nothing (malformed, without a principal
 * where one is needed, Allow with NotPrincipal).  E421 is the caller's: whoever has a boundary is met by a Deny with
 * NotPrincipal whatever it lists, which is the variant without that element. */
uint32_t vd_symbolic_statement(vd_symbolic *s, const vd_policy *policy, uint32_t index, bool *nomem);
bool     vd_symbolic_reaches(const vd_symbolic *s, uint32_t statement, vd_str action); /* its Action element */

/* The same statement with less in it: another box, of the same document. */
typedef enum vd_cut {
    VD_CUT_NOTHING,
    VD_CUT_ELEMENT, /* leaves the element (of a condition: the entry) out: everything matches it */
    VD_CUT_VALUE,   /* leaves one value of its list out */
    VD_CUT_OTHERS   /* leaves all other values out */
} vd_cut;
typedef struct vd_variant_of {
    uint8_t  cut;     /* vd_cut */
    int32_t  element; /* VD_ELEMENT_... of explain.h */
    uint32_t entry;   /* VD_ELEMENT_CONDITION: which */
    uint32_t value;   /* which of the list */
    uint32_t principals; /* a mask of vd_match (request/facts.h): only entries that match in these ways; 0: all.  Not of NotPrincipal */
    bool     legacy;  /* Allow with NotPrincipal as it once was meant, else it matches nothing (E422) */
} vd_variant_of;
uint32_t vd_symbolic_variant(vd_symbolic *s, const vd_policy *policy, uint32_t index, const vd_variant_of *of, bool *nomem);

const vd_policy    *vd_symbolic_policy_of(const vd_symbolic *s, uint32_t statement);
const vd_statement *vd_symbolic_statement_of(const vd_symbolic *s, uint32_t statement); /* of a variant: of the original */

/* ------------------------------------------------------------------ further demands */

/* A further demand on one variable, to be asked for or against: a literal. */
typedef struct vd_demand {
    uint32_t atom;
    bool     against;
} vd_demand;
/* One of them holds.  None: a contradiction. */
typedef struct vd_any_of {
    const vd_demand *at;
    uint32_t         count;
} vd_any_of;

uint32_t vd_symbolic_resource(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool *nomem); /* as in Resource */
/* Coded patterns: field by field, where a star at the end of a field of Resource runs over the colons behind it (E305). */
uint32_t vd_symbolic_resource_coded(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool *nomem);
/* What such a demand says of one resource; of anything else it says nothing: true. */
bool vd_symbolic_names_resource(vd_symbolic *s, vd_demand d, vd_str resource, bool *nomem);
/* Coded patterns (pattern/glob.h, symbolic/words.h) of the principal: "ARN newline rest" of those with an ARN, else the name
 * of the service, the provider.  The rest is "AROA...:session", "AIDA...", the canonical id; root, federated users: for a
 * wildcard only.  who: a mask of vd_asker, for others it is false. */
uint32_t vd_symbolic_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool *nomem);
/* As an entry of a Condition element of a 2012-10-17 document: "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", values.
 * Texts are copied.  The operator must be a known one. */
uint32_t vd_symbolic_condition(vd_symbolic *s, const char *op, vd_str key, const vd_str *values, uint32_t count, bool *nomem);
/* A key that is the same for the questions at hand: as many demands as it takes, into out (room for two). */
uint32_t vd_symbolic_pin(vd_symbolic *s, const vd_pin *pin, vd_demand *out, bool *nomem);
/* A literal of a statement's box: its condition entries in order, for "is this implied?". */
vd_demand vd_symbolic_entry(vd_symbolic *s, uint32_t statement, uint32_t entry, bool *nomem);
/* The statement matches, by elements: as many demands as it has literals, into out (room for most); the number of them. */
uint32_t vd_symbolic_literals(const vd_symbolic *s, uint32_t statement, vd_demand *out, uint32_t most);

/* No resource fulfils all of these, as a look at them tells; "no" may be wrong. */
bool vd_symbolic_apart(vd_symbolic *s, const vd_demand *at, uint32_t count, bool *nomem);

/* ------------------------------------------------------------------ questions */

enum { /* vd_goal.rules */
    VD_RULES_SOFT_FIRST = 0, /* what the catalogue thinks possible; if that is nothing, what AWS could do (off_catalogue) */
    VD_RULES_SOFT,           /* only the first: a "no" is one as far as the catalogue knows */
    VD_RULES_HARD            /* only the second */
};

/* What a model should fulfil besides, when it is easily had: as many demands as it takes, into out (room for
 * VD_MOST_WISHES).  An answer does not hang on it. */
enum { VD_MOST_WISHES = 2 };
typedef uint32_t vd_wish_fn(void *user, const vd_model *model, vd_demand *out);

typedef struct vd_goal {
    vd_str           action;   /* "s3:GetObject": one of a class that no statement tells apart */
    uint32_t         who;      /* mask of vd_asker */
    uint32_t         paths;    /* mask of vd_path; 0: all */
    uint8_t          rules;
    const uint32_t  *match;    /* statements that all match */
    uint32_t         match_count;
    const uint32_t  *miss;     /* statements of which none matches */
    uint32_t         miss_count;
    const vd_demand *demands;  /* that all hold */
    uint32_t         demand_count;
    const vd_any_of *clauses;  /* of each, one holds */
    uint32_t         clause_count;
    vd_wish_fn      *wish;     /* NULL: none */
    void            *wish_user;
} vd_goal;

/* The model lives until the next question.  why, if not NULL: what made the answer unknown ("budget", "variable",
 * "operator", "mixed-types"). */
vd_answer vd_symbolic_solve(vd_symbolic *s, const vd_goal *goal, vd_model *model, const char **why, bool *nomem);
/* The model fulfils all of these, as far as it tells; "no" may be wrong. */
bool      vd_symbolic_shows(vd_symbolic *s, const vd_model *m, const vd_demand *demands, uint32_t count, bool *nomem);
/* A copy that outlives it. */
bool      vd_model_keep(vd_model *out, const vd_model *model, vd_arena *arena);
uint64_t  vd_symbolic_units(const vd_symbolic *s); /* of work, by all questions so far */

#endif
