/* SPDX-License-Identifier: Apache-2.0
 *
 * What one principal can, class of actions by class of actions; classes of which the same is true are one row.
 */
#include "analyze/reaching.h"

#include "base/engine.h"
#include "base/str.h"

typedef struct adding {
    vd_rows           *rows;
    vd_effective      *e;
    const vd_identity *who;
    const vd_call     *call;
    bool               all_of;
} adding;

static uint32_t words_of(const vd_effective *e)
{
    return vd_catalog_actions(e->d.p.catalog) / 64 + 1;
}

void vd_rows_reset(vd_rows *rows, vd_effective *e)
{
    *rows = (vd_rows){ .e = e };
}

/* ------------------------------------------------------------------ what is told already */

static bool is_told(const vd_rows *rows, const vd_action_class *c)
{
    uint32_t known = 0;

    if (c->run_count == 0) {
        uint32_t id = vd_catalog_find(rows->e->d.p.catalog, c->representative);

        if (id != VD_NONE)
            return rows->told && (rows->told[id / 64] >> id % 64 & 1u);
        for (uint32_t i = 0; i < rows->count; i++)
            for (uint32_t k = 0; k < rows->at[i].unknown_count; k++)
                known += vd_str_ieq(rows->at[i].unknown[k], c->representative);
        return known > 0;
    }
    for (uint32_t i = 0; rows->told && i < c->run_count; i++)
        for (uint32_t id = c->runs[i].first; id < c->runs[i].first + c->runs[i].count; id++)
            known += rows->told[id / 64] >> id % 64 & 1u;
    return known && known == c->count;
}

static bool add_actions(vd_row *row, vd_rows *rows, vd_effective *e, const vd_action_class *c)
{
    uint32_t id = vd_catalog_find(e->d.p.catalog, c->representative);

    if (c->run_count == 0 && id == VD_NONE)
        return VD_ARENA_PUSH(&e->d.p.arena, row->unknown, row->unknown_count, row->unknown_cap, c->representative);
    if (c->run_count == 0) {
        row->bits[id / 64] |= UINT64_C(1) << id % 64;
        rows->told[id / 64] |= UINT64_C(1) << id % 64;
        return true;
    }
    for (uint32_t i = 0; i < c->run_count; i++)
        for (uint32_t k = c->runs[i].first; k < c->runs[i].first + c->runs[i].count; k++) {
            if (rows->told[k / 64] >> k % 64 & 1u)
                continue;
            row->bits[k / 64] |= UINT64_C(1) << k % 64;
            rows->told[k / 64] |= UINT64_C(1) << k % 64;
        }
    return true;
}

/* ------------------------------------------------------------------ the same again */

static bool same_statement(const vd_statement_info *a, const vd_statement_info *b)
{
    return a->index == b->index && a->layer == b->layer && vd_str_eq(a->policy, b->policy) && vd_str_eq(a->at.file, b->at.file);
}

static bool same(const vd_row *row, bool always, const vd_can *can)
{
    if (row->always != always || row->can.flags != can->flags || row->can.require_count != can->require_count ||
        row->can.granting_count != can->granting_count)
        return false;
    for (size_t i = 0; i < can->require_count; i++)
        if (!vd_str_eq(row->can.requirements[i].key, can->requirements[i].key) ||
            !vd_str_eq(row->can.requirements[i].must, can->requirements[i].must))
            return false;
    for (size_t i = 0; i < can->granting_count; i++)
        if (!same_statement(&row->can.granting[i], &can->granting[i]))
            return false;
    return true;
}

static vd_code add_row(adding *a, const vd_action_class *c, bool always, const vd_can *can)
{
    vd_rows  *rows = a->rows;
    vd_arena *arena = &a->e->d.p.arena;
    vd_row    row = { .always = always, .can = *can };

    if (!rows->told)
        rows->told = vd_arena_new_array(arena, uint64_t, words_of(a->e));
    if (!rows->told)
        return vd_fail_nomem(a->e->d.p.err);
    for (uint32_t i = 0; i < rows->count; i++)
        if (same(&rows->at[i], always, can))
            return add_actions(&rows->at[i], rows, a->e, c) ? VD_OK : vd_fail_nomem(a->e->d.p.err);
    row.bits = vd_arena_new_array(arena, uint64_t, words_of(a->e));
    if (!row.bits || !add_actions(&row, rows, a->e, c) || !VD_ARENA_PUSH(arena, rows->at, rows->count, rows->cap, row))
        return vd_fail_nomem(a->e->d.p.err);
    return VD_OK;
}

/* ------------------------------------------------------------------ one class */

static void note_unsure(vd_rows *rows, vd_str why)
{
    rows->unsure = true;
    if (rows->why.n == 0)
        rows->why = why;
}

static vd_str words_for(const char *why)
{
    return why && strcmp(why, "budget") == 0 ? VD_S("the budget is spent") : VD_S("a policy holds something that cannot be decided");
}

/* On all resources of the call, or at least on the one of the witness. */
static bool is_always(adding *a, const vd_action_class *c, vd_str resource)
{
    vd_prover  *p = &a->e->d.p;
    const char *why;
    vd_model    model;
    vd_demand   one;

    if (vd_effective_refused(a->e, c->representative, NULL, 0, &model, &why) == VD_UNSAT)
        return true;
    if (a->all_of || vd_any_wild(resource) || (a->call->asked->resource_count && !vd_any_wild(a->call->asked->resources[0])))
        return false;
    one = (vd_demand){ vd_symbolic_resource(p->s, &resource, 1, &p->nomem), false };
    return !p->nomem && vd_effective_refused(a->e, c->representative, &one, 1, &model, &why) == VD_UNSAT;
}

/* ------------------------------------------------------------------ on every resource */

/* Is it allowed on all of them, once the conditions hold that it needs anyway?  If not: is there one where nothing helps? */
static vd_answer on_all(adding *a, vd_str action, const vd_can *can)
{
    vd_prover  *p = &a->e->d.p;
    uint32_t    count = (uint32_t)can->hold_count;
    const char *why = NULL;
    vd_model    model;
    vd_finding  found;
    vd_answer   answer;
    vd_demand   one;
    vd_str      resource;

    if (vd_effective_possible(a->e, action, NULL, 0) == VD_UNSAT)
        return VD_SAT; /* there are none */
    answer = vd_effective_refused(a->e, action, can->holds, count, &model, &why);
    if (answer != VD_SAT)
        return answer == VD_UNSAT ? VD_SAT : VD_UNKNOWN;
    if (vd_any_wild(model.resource) || !vd_arena_dup(&p->arena, &resource, model.resource))
        return VD_UNKNOWN;
    one = (vd_demand){ vd_symbolic_resource(p->s, &resource, 1, &p->nomem), false };
    return vd_effective_ask(a->e, action, &one, 1, &found) == VD_UNSAT ? VD_UNSAT : VD_UNKNOWN;
}

/* Every target has to hold. */
static vd_code on_all_targets(adding *a, vd_str action, const vd_can *can, bool *holds)
{
    vd_answer answer = VD_SAT;

    *holds = false;
    for (uint32_t i = 0; i < a->call->targets.count && answer == VD_SAT; i++) {
        const vd_target *t = &a->call->targets.at[i];
        vd_stand        *stand = vd_stand_find(a->e, a->who, t);

        if (!stand || !vd_known_enter(a->e, stand, a->who, t, a->call))
            return vd_prover_failed(&a->e->d.p);
        answer = stand->broken.n ? VD_UNKNOWN : on_all(a, action, can);
    }
    if (answer == VD_UNKNOWN)
        note_unsure(a->rows, VD_S("whether it is allowed on every resource is not decided"));
    *holds = answer == VD_SAT;
    return VD_OK;
}

static vd_code look_at(adding *a, const vd_action_class *c, uint32_t flags)
{
    vd_prover *p = &a->e->d.p;
    vd_finding found;
    vd_can     can = { .answer = VD_SAT, .flags = flags };
    bool       always, holds = true;

    if (c->reaches && !vd_stack_focus(a->e->d.sides[1].stack, c->representative, c->reaches, 0))
        return vd_fail_nomem(p->err);
    switch (vd_effective_ask(a->e, c->representative, NULL, 0, &found)) {
    case VD_UNSAT:
        return VD_OK;
    case VD_UNKNOWN:
        note_unsure(a->rows, words_for(found.why));
        return VD_OK;
    default:
        break;
    }
    if (!vd_model_keep(&found.model, &found.model, &p->arena))
        return vd_fail_nomem(p->err);
    can.flags |= (found.model.off_catalogue && !c->unknown && !c->future ? VD_FLAG_OFF_CATALOGUE : 0u) |
                 (c->future ? VD_FLAG_FUTURE : c->unknown ? VD_FLAG_UNKNOWN_ACTION : 0u);
    always = is_always(a, c, found.model.resource);
    VD_TRY(vd_effective_reasons(&can, a->e, c->representative, &found, always));
    if (a->all_of)
        VD_TRY(on_all_targets(a, c->representative, &can, &holds));
    return holds ? add_row(a, c, always, &can) : VD_OK;
}

/* ------------------------------------------------------------------ one call */

static vd_code add_target(adding *a, const vd_target *t)
{
    vd_stand         *stand = vd_stand_find(a->e, a->who, t);
    vd_action_classes classes;
    bool              could = false;

    if (!stand)
        return vd_prover_failed(&a->e->d.p);
    if (stand->broken.n) {
        note_unsure(a->rows, stand->broken);
        return VD_OK;
    }
    if (!vd_known_enter(a->e, stand, a->who, t, a->call) || !vd_effective_classes(a->e, a->call, &classes))
        return vd_prover_failed(&a->e->d.p);
    for (uint32_t i = 0; i < classes.count; i++) {
        if (is_told(a->rows, &classes.at[i]))
            continue;
        if (a->e->at != stand && !vd_known_enter(a->e, stand, a->who, t, a->call))
            return vd_prover_failed(&a->e->d.p);
        VD_TRY(look_at(a, &classes.at[i], stand->flags));
        if (a->e->d.p.nomem)
            return vd_prover_failed(&a->e->d.p);
    }
    if (stand->lost)
        VD_TRY(vd_effective_could(&could, a->e, a->who, t, a->call));
    if (could)
        note_unsure(a->rows, VD_S("a policy that it holds is missing"));
    return VD_OK;
}

vd_code vd_rows_add(vd_rows *rows, vd_effective *e, const vd_identity *who, const vd_call *call, bool all_of)
{
    adding a = { .rows = rows, .e = e, .who = who, .call = call, .all_of = all_of };

    for (uint32_t i = 0; i < call->targets.count; i++)
        VD_TRY(add_target(&a, &call->targets.at[i]));
    if (call->targets.cut)
        note_unsure(rows, VD_S("too many resources match: name fewer"));
    return VD_OK;
}

/* ------------------------------------------------------------------ names */

typedef struct listing {
    vd_effective *e;
    vd_strings    list;
    bool          failed;
} listing;

static void list_text(void *user, vd_str text)
{
    listing *l = user;
    vd_str   own;

    if (!l->failed && (!vd_arena_dup(&l->e->d.p.arena, &own, text) ||
                       !VD_ARENA_PUSH(&l->e->d.p.arena, l->list.at, l->list.count, l->list.cap, own)))
        l->failed = true;
}

bool vd_row_actions(const vd_row *row, vd_effective *e, vd_texts_list *actions, vd_texts_list *patterns)
{
    enum { NAME_ROOM = 256 };
    const vd_catalog *c = e->d.p.catalog;
    listing           all = { .e = e }, short_ones = { .e = e };
    char              name[NAME_ROOM];

    for (uint32_t w = 0; w < words_of(e); w++)
        for (uint64_t rest = row->bits[w]; rest; rest &= rest - 1)
            list_text(&all, (vd_str){ name, vd_catalog_action_text(c, w * 64 + (uint32_t)__builtin_ctzll(rest), name, sizeof name) });
    if (all.list.count > 1)
        vd_catalog_shrink(c, row->bits, list_text, &short_ones);
    else if (all.list.count)
        list_text(&short_ones, all.list.at[0]);
    for (uint32_t i = 0; i < row->unknown_count; i++) {
        list_text(&all, row->unknown[i]);
        list_text(&short_ones, row->unknown[i]);
    }
    *actions = (vd_texts_list){ all.list.at, all.list.count };
    *patterns = (vd_texts_list){ short_ones.list.at, short_ones.list.count };
    return !all.failed && !short_ones.failed;
}
