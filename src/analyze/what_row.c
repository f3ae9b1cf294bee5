/* SPDX-License-Identifier: Apache-2.0
 *
 * A way through all layers as a permission: its actions by name, its conditions, the denies that take some of it away, and a
 * request that the evaluator has allowed.
 */
#include "analyze/holding.h"
#include "analyze/reaching.h"

#include "base/str.h"

enum { MOST_DENIES = 16 };

/* ------------------------------------------------------------------ which actions */

static bool is_wanted(const vd_what *t, uint32_t id)
{
    return !t->opts.levels || (t->opts.levels >> vd_catalog_level_of(t->e->d.p.catalog, id) & 1u);
}

/* Of a class what is wanted; false: nothing. */
bool vd_what_narrow(const vd_what *t, vd_holding *h)
{
    uint32_t words = vd_catalog_actions(t->e->d.p.catalog) / 64 + 1;
    bool     some = h->unknown.count > 0 && !t->opts.levels;

    for (uint32_t i = 0; i < words * 64 && i < vd_catalog_actions(t->e->d.p.catalog); i++) {
        if (!(h->bits[i / 64] >> i % 64 & 1u))
            continue;
        if (is_wanted(t, i))
            some = true;
        else
            h->bits[i / 64] &= ~(UINT64_C(1) << i % 64);
    }
    if (t->opts.levels)
        h->unknown.count = 0;
    return some;
}

/* ------------------------------------------------------------------ one permission */

vd_str vd_what_action(const vd_what *t, const vd_holding *h)
{
    char   name[256];
    vd_str out = h->unknown.count ? h->unknown.at[0] : (vd_str){ "", 0 };

    for (uint32_t i = 0; i < vd_catalog_actions(t->e->d.p.catalog); i++)
        if (h->bits[i / 64] >> i % 64 & 1u) {
            vd_arena_dup(&t->e->d.p.arena, &out, (vd_str){ name, vd_catalog_action_text(t->e->d.p.catalog, i, name, sizeof name) });
            break;
        }
    return out;
}

static void add_literals(vd_what *t, const vd_boxes *boxes, vd_demand **out, uint32_t *count)
{
    vd_symbolic *s = t->e->d.p.s;
    uint32_t     n = 0, at = 0;

    for (uint32_t i = 0; i < boxes->count; i++)
        n += vd_symbolic_literals(s, boxes->at[i], NULL, 0);
    *out = vd_arena_new_array(&t->e->d.p.arena, vd_demand, (size_t)n + 1);
    t->e->d.p.nomem |= !*out;
    for (uint32_t i = 0; *out && i < boxes->count; i++)
        at += vd_symbolic_literals(s, boxes->at[i], *out + at, n - at);
    *count = at;
}

/* Denies that meet what all of these match. */
static void find_denies(vd_what *t, const vd_holding *h, vd_str action, vd_boxes *out)
{
    vd_side *side = &t->e->d.sides[1];

    for (uint32_t i = 0; i < side->box_count && out->count < MOST_DENIES && !t->e->d.p.nomem; i++) {
        vd_boxes   both = { 0 };
        vd_demand *demands;
        uint32_t   count;

        if (vd_symbolic_statement_of(t->e->d.p.s, side->boxes[i])->effect != VD_EFFECT_DENY ||
            !vd_symbolic_reaches(t->e->d.p.s, side->boxes[i], action))
            continue;
        for (uint32_t k = 0; k < h->through.count; k++)
            t->e->d.p.nomem |= !VD_ARENA_PUSH(&t->e->d.p.arena, both.at, both.count, both.cap, h->through.at[k]);
        t->e->d.p.nomem |= !VD_ARENA_PUSH(&t->e->d.p.arena, both.at, both.count, both.cap, side->boxes[i]);
        if (t->e->d.p.nomem)
            return;
        add_literals(t, &both, &demands, &count);
        if (!t->e->d.p.nomem && vd_effective_possible(t->e, action, demands, count) != VD_UNSAT)
            t->e->d.p.nomem |= !VD_ARENA_PUSH(&t->e->d.p.arena, out->at, out->count, out->cap, side->boxes[i]);
    }
}

const vd_statement_info *vd_what_infos(vd_what *t, const vd_boxes *boxes)
{
    vd_statement_info *out = vd_arena_new_array(&t->e->d.p.arena, vd_statement_info, (size_t)boxes->count + 1);

    t->e->d.p.nomem |= !out;
    for (uint32_t i = 0; out && i < boxes->count; i++)
        out[i] = vd_side_statement(&t->e->d.sides[1], &t->e->d.p, boxes->at[i]);
    return out;
}

static const int32_t *levels_of(vd_what *t, const vd_texts_list *actions)
{
    int32_t *out = vd_arena_new_array(&t->e->d.p.arena, int32_t, actions->count + 1);

    t->e->d.p.nomem |= !out;
    for (size_t i = 0; out && i < actions->count; i++) {
        uint32_t id = vd_catalog_find(t->e->d.p.catalog, actions->at[i]);

        out[i] = id == VD_NONE ? VD_LEVEL_UNKNOWN : vd_catalog_level_of(t->e->d.p.catalog, id);
    }
    return out;
}

static vd_code witness_of(vd_what *t, const vd_holding *h, vd_str action, vd_side *refused, vd_permission *out)
{
    vd_prover  *p = &t->e->d.p;
    vd_witness *w = vd_arena_new(&p->arena, vd_witness);
    vd_demand  *demands;
    uint32_t    count;
    vd_finding  found;

    if (!w)
        return vd_fail_nomem(t->err);
    add_literals(t, &h->through, &demands, &count);
    if (p->nomem)
        return vd_fail_nomem(t->err);
    if (vd_effective_ask(t->e, action, demands, count, &found) != VD_SAT) {
        out->flags |= vd_flag_of(found.why);
        return VD_OK;
    }
    out->flags |= found.model.off_catalogue && vd_catalog_find(p->catalog, action) != VD_NONE ? VD_FLAG_OFF_CATALOGUE : 0;
    out->witness = w;
    return vd_example_make(w, p, &found.model, &found.grounds, &t->e->d.sides[1], refused);
}

vd_code vd_what_row(vd_permission *out, vd_what *t, const vd_holding *h, vd_side *refused)
{
    vd_row           row = { .bits = h->bits, .unknown = h->unknown.at, .unknown_count = h->unknown.count };
    vd_str           action = vd_what_action(t, h);
    vd_required_list conditions = { 0 };
    vd_boxes         denies = { 0 };

    *out = (vd_permission){ .size = sizeof *out, .resources = { h->resources.at, h->resources.count },
                            .not_resources = { h->not_resources.at, h->not_resources.count } };
    if (!vd_row_actions(&row, t->e, &out->actions, &out->patterns))
        return vd_fail_nomem(t->err);
    out->levels = levels_of(t, &out->actions);
    for (uint32_t i = 0; i < h->entry_count; i++)
        vd_required_add(&conditions, &t->e->d.p, h->entries[i], true);
    vd_required_sort(&conditions);
    find_denies(t, h, action, &denies);
    out->conditions = conditions.at;
    out->condition_count = conditions.count;
    out->granting = vd_what_infos(t, &h->through);
    out->granting_count = h->through.count;
    out->denied_by = vd_what_infos(t, &denies);
    out->denied_count = denies.count;
    out->always = h->entry_count == 0 && denies.count == 0 && !h->loose;
    out->flags = t->e->at->flags & ~(uint32_t)VD_FLAG_RESOURCE_POLICY_NOT_GIVEN;
    return t->e->d.p.nomem ? vd_fail_nomem(t->err) : witness_of(t, h, action, refused, out);
}
