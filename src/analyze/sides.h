/* SPDX-License-Identifier: Apache-2.0
 *
 * A set as one side of a question: its documents, the stack that is asked about, and the evaluator that decides every
 * example once more.
 */
#ifndef VERDICT_ANALYZE_SIDES_H
#define VERDICT_ANALYZE_SIDES_H

#include "eval/set.h"
#include "request/request.h"
#include "symbolic/actions.h"
#include "symbolic/formula.h"
#include "symbolic/relation.h"

#include <verdict/eval.h>

enum { VD_REPLAYS = 4 };

typedef struct vd_document {
    vd_policy *policy;
    uint32_t   id, level; /* in the set; VD_NONE: it is what a setting comes to */
    vd_layer   layer;
    vd_str     target;
} vd_document;

/* The documents, and what agrees with them, compiled. */
typedef struct vd_replay_set {
    vd_set  *set;
    uint32_t agrees;
    vd_str   account;
    void    *scratch;
    size_t   scratch_size;
} vd_replay_set;

typedef struct vd_side {
    const vd_set *set; /* NULL: documents were put in by hand */
    vd_document  *documents;
    uint32_t      count, cap;
    vd_stack     *stack;
    uint32_t     *boxes;
    uint32_t      box_count;
    vd_policy   **owned; /* read again from a bundle */
    uint32_t      owned_count, owned_cap;
    vd_replay_set replays[VD_REPLAYS];
    uint32_t      next_replay;
    const vd_request *known;  /* what is known besides policies: its state, its endpoint, its principal's account; may be NULL */
    bool          has_settings; /* the resource is known: who has no policy there has no grant */
    bool          may_be_cut; /* AWS does not say clearly whether Block Public Access bites (analysis 4.6) */
} vd_side;

/* What all questions of one call share. */
typedef struct vd_prover {
    const vd_engine  *engine;
    const vd_catalog *catalog;
    vd_prove_opts     opts;
    vd_symbolic      *s;
    vd_arena          arena, scratch;
    vd_request       *request;
    vd_demand        *demands; /* of every question: the principal, when it is a given one */
    uint32_t          demand_count, demand_cap;
    uint32_t          who;     /* mask of vd_asker: whom the layers are about */
    uint32_t          assumed; /* VD_SIDE_... */
    const vd_request *known[2]; /* of both sides */
    vd_str            object_owner;
    uint8_t           relation; /* of the accounts, when it is known: VD_REL_...; 0: whatever it is */
    bool              linked;  /* the principal is a role of a service */
    bool              nomem;
    vd_error         *err;
} vd_prover;

/* opts may be NULL, and of another size; before: what is known of the older side, NULL: the same as opts says. */
vd_code vd_prover_open(vd_prover *p, const vd_set *set, const vd_prove_opts *opts, const vd_request *before, vd_error *err);
vd_code vd_prover_start(vd_prover *p, const vd_engine *engine, const vd_prove_opts *opts, const vd_request *before, vd_error *err); /* sides are made by hand */
void    vd_prover_close(vd_prover *p);
vd_code vd_prover_failed(const vd_prover *p); /* VD_ENOMEM, said */
bool    vd_prover_spent(const vd_prover *p);  /* of the budget of all */

/* Both sides, or one (other: NULL).  Afterwards who, assumed and the boxes are known. */
vd_code vd_sides_open(vd_prover *p, vd_side *a, const vd_set *a_set, vd_side *b, const vd_set *b_set);
void    vd_side_close(vd_prover *p, vd_side *side);
vd_statement_info vd_side_statement(const vd_side *side, const vd_prover *p, uint32_t box); /* of the document that it is from */

/* Decides the request of the prover. */
vd_code vd_side_decide(vd_decision *out, vd_prover *p, vd_side *side, uint32_t agrees, vd_str account);

/* settings.c: what is known besides policies, as far as it decides. */
vd_code vd_settings_owner(vd_prover *p, const vd_request *known); /* before anything is asked: whose the bucket is */
vd_code vd_settings_add(vd_prover *p, vd_side *side, const vd_side *other, const vd_request *known); /* after the documents of both */

/* example.c: a model as a witness that people can read, decided again: allowed by one side, and not by the other (NULL:
 * whatever it says).  VD_EINTERNAL: the evaluator disagrees.  *out lives in the arena of the prover. */
vd_code vd_example_make(vd_witness *out, vd_prover *p, const vd_model *model, const vd_grounds *grounds, vd_side *allowed,
                        vd_side *refused);
/* The two halves of it: decided again (the model is one that was kept), and made readable.  who: the model's. */
vd_code vd_example_confirm(vd_witness *out, vd_prover *p, const vd_model *model, const vd_grounds *grounds, vd_side *allowed,
                           vd_side *refused);
vd_code vd_example_polish(vd_witness *w, vd_prover *p, uint8_t who, vd_side *allowed, vd_side *refused);

/* required.c */
typedef struct vd_required_list {
    vd_required *at;
    uint32_t     count, cap;
} vd_required_list;
bool vd_required_add(vd_required_list *list, vd_prover *p, const vd_entry *entry, bool holds); /* once each */
void vd_required_sort(vd_required_list *list);

#endif
