/* SPDX-License-Identifier: Apache-2.0
 *
 * Why somebody can: the statements of every layer that had to allow, the conditions that every allowed request fulfils and
 * that do not follow from who asks for what, a request that the evaluator has allowed.
 */
#include "analyze/effective_int.h"

#include "base/str.h"

enum { MOST_DENIES = 64, MOST_FURTHER = 32 };

typedef struct reasoning {
    vd_effective    *e;
    vd_str           action;
    vd_boxes         through;
    vd_required_list required;
    vd_demand       *holds; /* those of required */
    uint32_t         hold_count, hold_cap;
    vd_demand       *demands; /* of one statement */
    uint32_t         cap;
} reasoning;

static bool has(const vd_boxes *list, uint32_t box)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->at[i] == box)
            return true;
    return false;
}

static const vd_statement *statement(const reasoning *r, uint32_t box)
{
    return vd_symbolic_statement_of(r->e->d.p.s, box);
}

/* The box of the whole statement: a question asks for variants of it. */
static uint32_t whole(reasoning *r, uint32_t box)
{
    vd_prover *p = &r->e->d.p;

    return vd_symbolic_statement(p->s, vd_symbolic_policy_of(p->s, box), statement(r, box)->index, &p->nomem);
}

static void add_through(reasoning *r, uint32_t box)
{
    if (!r->e->d.p.nomem && !has(&r->through, box) &&
        !VD_ARENA_PUSH(&r->e->d.p.arena, r->through.at, r->through.count, r->through.cap, box))
        r->e->d.p.nomem = true;
}

/* ------------------------------------------------------------------ statements */

/* What it holds besides for the same; of policies of resources the one that was found is enough. */
static bool grants(const reasoning *r, uint32_t box)
{
    const vd_side   *side = &r->e->d.sides[1];
    const vd_policy *policy = vd_symbolic_policy_of(r->e->d.p.s, box);

    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].policy == policy)
            return side->documents[i].layer == VD_LAYER_IDENTITY;
    return false;
}

static bool is_also(reasoning *r, uint32_t box)
{
    vd_prover *p = &r->e->d.p;
    uint32_t   n = vd_symbolic_literals(p->s, box, NULL, 0);
    vd_finding found;

    if (n + 1 > r->cap && !vd_arena_grow(&p->arena, &r->demands, 0, &r->cap, n + 1, sizeof *r->demands)) {
        p->nomem = true;
        return false;
    }
    vd_symbolic_literals(p->s, box, r->demands, n);
    return vd_effective_ask(r->e, r->action, r->demands, n, &found) == VD_SAT;
}

static void find_through(reasoning *r, const vd_finding *found)
{
    vd_side *side = &r->e->d.sides[1];
    uint32_t asked = 0;

    for (uint32_t i = 0; i < found->grounds.allow_count && !r->e->d.p.nomem; i++)
        add_through(r, whole(r, found->grounds.allows[i]));
    for (uint32_t i = 0; i < side->box_count && asked < MOST_FURTHER && !r->e->d.p.nomem; i++) {
        uint32_t box = side->boxes[i];

        if (has(&r->through, box) || statement(r, box)->effect == VD_EFFECT_DENY || !grants(r, box) ||
            !vd_symbolic_reaches(r->e->d.p.s, box, r->action))
            continue;
        asked++;
        if (is_also(r, box))
            add_through(r, box);
    }
}

/* ------------------------------------------------------------------ conditions */

static void require(reasoning *r, const vd_entry *entry, bool holds, vd_demand demand)
{
    if (vd_required_add(&r->required, &r->e->d.p, entry, holds) &&
        !VD_ARENA_PUSH(&r->e->d.p.arena, r->holds, r->hold_count, r->hold_cap, demand))
        r->e->d.p.nomem = true;
}

/* Without it nothing is left, though there would be such requests. */
static void find_always(reasoning *r, uint32_t box, bool holds)
{
    const vd_statement *st = statement(r, box);
    vd_prover          *p = &r->e->d.p;
    vd_finding          found;

    for (uint32_t k = 0; k < st->entry_count && !p->nomem; k++) {
        vd_demand l = vd_symbolic_entry(p->s, box, k, &p->nomem);

        l.against = l.against != holds;
        if (!p->nomem && vd_effective_ask(r->e, r->action, &l, 1, &found) == VD_UNSAT &&
            vd_effective_possible(r->e, r->action, &l, 1) != VD_UNSAT)
            require(r, &st->entries[k], holds, (vd_demand){ l.atom, !l.against });
    }
}

static void find_required(reasoning *r)
{
    vd_side *side = &r->e->d.sides[1];
    uint32_t asked = 0;

    for (uint32_t i = 0; i < r->through.count; i++)
        find_always(r, r->through.at[i], true);
    for (uint32_t i = 0; i < side->box_count && asked < MOST_DENIES && !r->e->d.p.nomem; i++)
        if (statement(r, side->boxes[i])->effect == VD_EFFECT_DENY && vd_symbolic_reaches(r->e->d.p.s, side->boxes[i], r->action)) {
            find_always(r, side->boxes[i], false);
            asked++;
        }
    vd_required_sort(&r->required);
}

/* ------------------------------------------------------------------ all of it */

vd_code vd_effective_reasons(vd_can *out, vd_effective *e, vd_str action, const vd_finding *found, bool always)
{
    reasoning          r = { .e = e, .action = action };
    vd_prover         *p = &e->d.p;
    vd_witness        *w = vd_arena_new(&p->arena, vd_witness);
    vd_statement_info *infos;
    vd_finding         kept = *found;

    if (!w || !vd_model_keep(&kept.model, &found->model, &p->arena))
        return vd_fail_nomem(p->err);
    VD_TRY(vd_example_make(w, p, &kept.model, &kept.grounds, &e->d.sides[1], NULL));
    find_through(&r, &kept);
    if (!always)
        find_required(&r);
    infos = vd_arena_new_array(&p->arena, vd_statement_info, (size_t)r.through.count + 1);
    if (p->nomem || !infos)
        return vd_fail_nomem(p->err);
    for (uint32_t i = 0; i < r.through.count; i++)
        infos[i] = vd_side_statement(&e->d.sides[1], p, r.through.at[i]);
    out->holds = r.holds;
    out->hold_count = r.hold_count;
    out->requirements = r.required.at;
    out->require_count = r.required.count;
    out->granting = infos;
    out->granting_count = r.through.count;
    out->witness = w;
    return VD_OK;
}
