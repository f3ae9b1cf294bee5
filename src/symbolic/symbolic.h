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
    vd_str       user_id;   /* "AROA...:session" of a session, "AIDA..." of a user; empty: any */
    vd_assigned *keys;
    uint32_t     key_count;
    bool         in_organization;
    bool         off_catalogue; /* against what the catalogue says about the action's resources */
} vd_model;

typedef struct vd_symbolic vd_symbolic;

typedef struct vd_symbolic_opts {
    const vd_catalog *catalog;
    vd_date           now;    /* the clock is not before this */
    uint64_t          budget; /* of one question */
} vd_symbolic_opts;

vd_code vd_symbolic_new(vd_symbolic **out, const vd_engine *engine, const vd_symbolic_opts *opts, vd_error *err);
void    vd_symbolic_free(vd_symbolic *s);

/* A statement as a box; its number.  The policy must outlive s.  Malformed statements match nothing: VD_NONE.  *nomem. */
uint32_t vd_symbolic_statement(vd_symbolic *s, const vd_policy *policy, uint32_t index, bool *nomem);
bool     vd_symbolic_reaches(const vd_symbolic *s, uint32_t statement, vd_str action); /* its Action element */

/* A further demand on one variable, to be asked for or against: a literal. */
typedef struct vd_demand {
    uint32_t atom;
    bool     against;
} vd_demand;
uint32_t vd_symbolic_resource(vd_symbolic *s, const vd_str *patterns, uint32_t count, bool *nomem); /* as in Resource */
uint32_t vd_symbolic_principal(vd_symbolic *s, uint32_t who, const vd_str *patterns, uint32_t count, bool *nomem);

typedef struct vd_goal {
    vd_str           action;   /* "s3:GetObject": one of a class that no statement tells apart */
    uint32_t         who;      /* mask of vd_asker */
    const uint32_t  *match;    /* statements that all match */
    uint32_t         match_count;
    const uint32_t  *miss;     /* statements of which none matches */
    uint32_t         miss_count;
    const vd_demand *demands;
    uint32_t         demand_count;
} vd_goal;

/* The model lives until the next question.  why, if not NULL: what made the answer unknown ("budget", "variable" ...). */
vd_answer vd_symbolic_solve(vd_symbolic *s, const vd_goal *goal, vd_model *model, const char **why, bool *nomem);

#endif
