/* SPDX-License-Identifier: Apache-2.0
 *
 * The search (hunt.c), and who drives it: one question (solve.c), all its leaves (leaves.c).
 */
#ifndef VERDICT_SYMBOLIC_HUNT_H
#define VERDICT_SYMBOLIC_HUNT_H

#include "symbolic/inside.h"

/* The literals of one variable, each with the level at which it came, and a value for which all are true. */
typedef struct vd_store {
    vd_literal *at;
    uint32_t   *levels;
    uint32_t    count, cap, level_cap;
    vd_assigned value;
    bool        known;
} vd_store;

typedef struct vd_clause {
    vd_literal *at;
    uint64_t  **dead;  /* of each literal: the levels that exclude it; NULL: it may hold */
    uint32_t    count;
    uint32_t    alive; /* that may hold */
    uint32_t    last;  /* the literal that was true when it was looked at last */
} vd_clause;

/* One clause being split: which of its literals is tried. */
typedef struct vd_split {
    uint32_t  clause, next, trail;
    uint64_t *reasons; /* levels that the failures so far rest on */
} vd_split;

/* What is taken back: a store as it was, or (clause) a literal that may hold again. */
typedef struct vd_undo {
    uint32_t    var, count, clause, literal;
    vd_assigned value;
    bool        known;
} vd_undo;

typedef struct vd_hunt {
    vd_ask    *a;
    vd_store  *stores;
    uint32_t   var_count;
    vd_clause *clauses;
    uint32_t   clause_count, clause_cap;
    vd_undo   *trail;
    uint32_t   trail_count, trail_cap;
    vd_split  *splits;
    uint32_t   split_count, split_cap;
    uint32_t   words;  /* of a set of levels */
    uint64_t  *failed; /* levels that the last failure rests on */
    bool       leaves; /* every clause must follow from the literals, not only be true of the values at hand */
} vd_hunt;

bool      vd_hunt_begin(vd_hunt *s, vd_ask *a);
vd_answer vd_hunt_root(vd_hunt *s);  /* the goal's literals and clauses */
vd_answer vd_hunt_walk(vd_hunt *s);  /* to the first, or after vd_hunt_again the next, solution */
vd_answer vd_hunt_again(vd_hunt *s); /* VD_UNSAT: there is no other; else walk on */
vd_answer vd_hunt_settle(vd_hunt *s, uint32_t var);
bool      vd_hunt_model(vd_hunt *s, vd_model *m); /* of the values at hand */
bool      vd_hunt_grant(vd_hunt *s, const vd_demand *wishes, uint32_t count); /* false: the solution at hand is as it was */

#endif
