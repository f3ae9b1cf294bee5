/* SPDX-License-Identifier: Apache-2.0
 *
 * The reference evaluator: one check decided as chapter 7 of the rules tells it, by reading every statement of every
 * document.  Slow on purpose.  It never calls the tree evaluator; explain.c holds the answers of the two together.
 */
#ifndef VERDICT_EXPLAIN_INTERPRET_H
#define VERDICT_EXPLAIN_INTERPRET_H

#include "explain/rules.h"

typedef struct vd_statement_result {
    const vd_policy    *policy;
    const vd_statement *statement;
    vd_layer            layer;
    uint32_t            level, id; /* id: of the policy, as decisions name it */
    bool                applied, malformed;
    bool                principal, action, resource, condition; /* each part by itself (E813) */
    uint32_t            kinds;     /* E416 */
    uint32_t            failing;   /* parts that do not match, condition entries one by one (E816) */
    vd_entry_result    *entries;   /* as many as the statement has */
    const void         *trace;     /* the vd_statement_trace made of it, once there is one */
} vd_statement_result;

typedef struct vd_level_result {
    vd_str               target;
    vd_statement_result *at; /* by policy name, order supplied, index */
    uint32_t             count, documents;
    bool                 allows, denies;
} vd_level_result;

typedef struct vd_layer_result {
    bool             supplied, consulted;
    vd_level_result *levels;
    uint32_t         level_count;
    bool             allows; /* on every level some Allow applies, whatever is denied besides */
    bool             denies;
    uint32_t         kinds;          /* of its applying Allows */
} vd_layer_result;

/* One thing that stands against an allow (E810), the first of a list being the primary reason. */
typedef struct vd_finding {
    int32_t              outcome;
    vd_layer             layer;
    vd_category          category;
    uint32_t             level;
    bool                 one_of; /* this or the next would do */
    vd_statement_result *statement;
} vd_finding;

typedef struct vd_check_result {
    vd_facts        facts;
    vd_code         code; /* VD_OK, VD_EREQUEST, VD_EMALFORMED; then error */
    vd_error        error;
    vd_decision     decision;
    vd_layer_result layer[VD_LAYER_COUNT];
    bool            decided_before; /* E703: no policy was read */
    uint32_t        granted;        /* g of E720 */
    uint32_t        state;          /* the part of it that comes from grants and ACLs */
    bool            identity_full, identity_ok, boundary_ok, session_ok, own, strong, weak;
    bool            needed[VD_LAYER_COUNT]; /* whose Allow an allow would take (E811) */
    vd_finding     *implicit; /* the implicit ones, in the order of E810 */
    uint32_t        implicit_count;
    vd_inquiry      inquiry; /* for whoever wants to look closer */
} vd_check_result;

/* The layers in the order of E810, which is the order of the explanation. */
extern const vd_layer vd_layer_order[VD_LAYER_COUNT];

/* Decides the check that facts tell of.  The result lives in the arena; world, facts and request must outlive it.
 * VD_ENOMEM, or VD_OK: out->code then says whether there is a decision. */
vd_code vd_interpret(vd_check_result *out, vd_arena *arena, const vd_world *world, const vd_facts *facts);

/* A check whose facts could not be made: bad input. */
void vd_interpret_refused(vd_check_result *out, uint32_t check, const vd_error *err);

/* The check whose fields a call with several reports (E320). */
uint32_t vd_interpret_overall(const vd_check_result *checks, uint32_t count);

#endif
