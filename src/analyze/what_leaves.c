/* SPDX-License-Identifier: Apache-2.0
 *
 * Ways through all layers: of every layer that has to allow one statement, and what they match together.  A list of
 * resources within another is what both have; where two only overlap the wider one is kept, and said to be too much.
 */
#include "analyze/holding.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/template.h"

enum { MOST_WAYS = 512, MOST_LAYERS = 24, MOST_PATTERN = 2048, MOST_RESOURCES = 256 };

/* The Allows of one layer (and level) that reach the action. */
typedef struct group {
    vd_layer layer;
    uint32_t level;
    vd_boxes boxes;
} group;

typedef struct walker {
    vd_holdings           *all;
    vd_effective          *e;
    const vd_action_class *c;
    const vd_ways         *ways;
    group                  groups[MOST_LAYERS];
    uint32_t               group_count;
    bool                   nomem;
} walker;

static vd_arena *arena_of(const walker *w)
{
    return &w->e->d.p.arena;
}

/* ------------------------------------------------------------------ groups */

static bool has_to_allow(const walker *w, vd_layer layer)
{
    return w->ways->layers >> layer & 1u;
}

static bool counts(const walker *w, vd_layer layer, const vd_statement *st)
{
    return layer != VD_LAYER_RESOURCE || !w->ways->counts || w->ways->counts(w->ways->ctx, st);
}

static void add_group(walker *w, const vd_document *d)
{
    for (uint32_t i = 0; i < w->group_count; i++)
        if (w->groups[i].layer == d->layer && w->groups[i].level == d->level)
            return;
    if (w->group_count < MOST_LAYERS)
        w->groups[w->group_count++] = (group){ .layer = d->layer, .level = d->level };
    else
        w->all->cut = true;
}

static void fill_group(walker *w, group *g)
{
    vd_side *side = &w->e->d.sides[1];

    for (uint32_t i = 0; i < side->count; i++) {
        const vd_document *d = &side->documents[i];

        if (d->layer != g->layer || d->level != g->level)
            continue;
        for (uint32_t k = 0; k < d->policy->statement_count && !w->nomem; k++) {
            uint32_t box;

            if (d->policy->statements[k].malformed || d->policy->statements[k].effect != VD_EFFECT_ALLOW ||
                !counts(w, d->layer, &d->policy->statements[k]))
                continue;
            box = vd_symbolic_statement(w->e->d.p.s, d->policy, k, &w->nomem);
            if (box != VD_NONE && vd_symbolic_reaches(w->e->d.p.s, box, w->c->representative) &&
                !VD_ARENA_PUSH(arena_of(w), g->boxes.at, g->boxes.count, g->boxes.cap, box))
                w->nomem = true;
        }
    }
}

static void find_groups(walker *w)
{
    vd_side *side = &w->e->d.sides[1];

    for (uint32_t i = 0; i < side->count; i++) /* what it is about comes first */
        if (side->documents[i].layer == VD_LAYER_RESOURCE && has_to_allow(w, VD_LAYER_RESOURCE))
            add_group(w, &side->documents[i]);
    if (has_to_allow(w, VD_LAYER_IDENTITY) && !(w->e->d.p.who >> VD_ASKER_ROOT & 1u))
        add_group(w, &(vd_document){ .layer = VD_LAYER_IDENTITY });
    for (uint32_t i = 0; i < side->count; i++)
        if (has_to_allow(w, side->documents[i].layer))
            add_group(w, &side->documents[i]);
    for (uint32_t i = 0; i < w->group_count; i++)
        fill_group(w, &w->groups[i]);
}

/* ------------------------------------------------------------------ resources in common */

/* p ends in a star, q goes on with a variable where p has it: whatever the variable becomes. */
static bool covers_template(vd_str p, vd_str q)
{
    vd_str before = vd_str_first(p, p.n ? p.n - 1 : 0);

    return p.n && p.p[p.n - 1] == '*' && vd_str_starts(q, before) && vd_str_find(before, '*') == before.n &&
           vd_str_find(before, '?') == before.n && vd_str_find(before, '$') == before.n;
}

static bool covers(vd_str p, vd_str q)
{
    char   a[MOST_PATTERN + 12], b[MOST_PATTERN + 12];
    size_t used;
    vd_str x = { a, 0 }, y = { b, 0 };

    if (vd_str_eq(p, q) || vd_str_eq(p, VD_S("*")) || covers_template(p, q))
        return true;
    if (p.n > MOST_PATTERN || q.n > MOST_PATTERN || vd_template_has_parts(p) || vd_template_has_parts(q))
        return false;
    x.n = vd_resource_code(a, p, false, &used);
    y.n = vd_resource_code(b, q, false, &used);
    return vd_glob_covers(x, y);
}

static bool overlap(vd_str p, vd_str q)
{
    char   a[MOST_PATTERN + 12], b[MOST_PATTERN + 12];
    size_t used;
    vd_str x = { a, 0 }, y = { b, 0 };

    if (p.n > MOST_PATTERN || q.n > MOST_PATTERN || vd_template_has_parts(p) || vd_template_has_parts(q))
        return true;
    x.n = vd_resource_code(a, p, false, &used);
    y.n = vd_resource_code(b, q, false, &used);
    return vd_glob_overlaps(x, y);
}

static void add_text(walker *w, vd_strings *list, vd_str text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (vd_str_eq(list->at[i], text))
            return;
    if (list->count >= MOST_RESOURCES)
        w->all->cut = true;
    else if (!VD_ARENA_PUSH(arena_of(w), list->at, list->count, list->cap, text))
        w->nomem = true;
}

static void meet(walker *w, vd_holding *h, const vd_strings *before, const vd_texts *texts)
{
    for (uint32_t i = 0; i < before->count; i++)
        for (uint32_t k = 0; k < texts->count && !w->nomem; k++) {
            vd_str a = before->at[i], b = texts->at[k].text;

            if (covers(a, b)) {
                add_text(w, &h->resources, b);
            } else if (covers(b, a)) {
                add_text(w, &h->resources, a);
            } else if (overlap(a, b)) {
                add_text(w, &h->resources, a);
                h->loose = true;
            }
        }
}

/* Lists of what is meant, and of what is not. */
static void take_resources(walker *w, vd_holding *h, const vd_list *list)
{
    vd_strings before = h->resources;

    if (!list->present)
        return;
    if (list->negated) {
        for (uint32_t i = 0; i < list->texts.count; i++)
            add_text(w, &h->not_resources, list->texts.at[i].text);
        return;
    }
    h->resources = (vd_strings){ 0 };
    meet(w, h, &before, &list->texts);
}

/* Both lists as one: what is excluded and cannot be said beside a list of resources is too much, and said so. */
static void settle(walker *w, vd_holding *h)
{
    vd_strings kept = { 0 };
    bool       all = h->resources.count == 1 && vd_str_eq(h->resources.at[0], VD_S("*"));

    if (h->not_resources.count == 0)
        return;
    if (all) {
        h->resources.count = 0;
        return;
    }
    for (uint32_t i = 0; i < h->resources.count && !w->nomem; i++) {
        bool gone = false;

        for (uint32_t k = 0; k < h->not_resources.count && !gone; k++) {
            gone = covers(h->not_resources.at[k], h->resources.at[i]);
            h->loose |= !gone && overlap(h->not_resources.at[k], h->resources.at[i]);
        }
        if (!gone)
            add_text(w, &kept, h->resources.at[i]);
    }
    h->resources = kept;
    h->not_resources.count = 0;
}

/* ------------------------------------------------------------------ conditions */

static bool same_entry(const vd_entry *a, const vd_entry *b)
{
    if (a->op.op != b->op.op || a->op.quantifier != b->op.quantifier || a->op.if_exists != b->op.if_exists ||
        !vd_str_ieq(a->key.text, b->key.text) || a->values.count != b->values.count)
        return false;
    for (uint32_t i = 0; i < a->values.count; i++)
        if (!vd_str_eq(a->values.at[i].text, b->values.at[i].text))
            return false;
    return true;
}

static void take_entries(walker *w, vd_holding *h, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->entry_count && !w->nomem; i++) {
        bool known = false;

        for (uint32_t k = 0; k < h->entry_count && !known; k++)
            known = same_entry(h->entries[k], &st->entries[i]);
        if (!known && !VD_ARENA_PUSH(arena_of(w), h->entries, h->entry_count, h->entry_cap, &st->entries[i]))
            w->nomem = true;
    }
}

/* ------------------------------------------------------------------ one way */

static bool same_texts(const vd_strings *a, const vd_strings *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!vd_str_eq(a->at[i], b->at[i]))
            return false;
    return true;
}

static bool same(const vd_holding *a, const vd_holding *b)
{
    if (!same_texts(&a->resources, &b->resources) || !same_texts(&a->not_resources, &b->not_resources) ||
        a->entry_count != b->entry_count || a->loose != b->loose || a->through.count != b->through.count)
        return false;
    for (uint32_t i = 0; i < a->entry_count; i++)
        if (!same_entry(a->entries[i], b->entries[i]))
            return false;
    for (uint32_t i = 0; i < a->through.count; i++)
        if (a->through.at[i] != b->through.at[i])
            return false;
    return true;
}

static void add_actions(walker *w, vd_holding *h)
{
    const vd_action_class *c = w->c;

    if (c->run_count == 0)
        add_text(w, &h->unknown, c->representative);
    for (uint32_t i = 0; i < c->run_count; i++)
        for (uint32_t k = c->runs[i].first; k < c->runs[i].first + c->runs[i].count; k++) {
            h->bits[k / 64] |= UINT64_C(1) << k % 64;
            w->all->all[k / 64] |= UINT64_C(1) << k % 64;
        }
}

static void keep(walker *w, vd_holding *h)
{
    uint32_t words = vd_catalog_actions(w->e->d.p.catalog) / 64 + 1;

    if (!w->all->all)
        w->all->all = vd_arena_new_array(arena_of(w), uint64_t, words);
    w->nomem |= !w->all->all;
    for (uint32_t i = 0; i < w->all->count && !w->nomem; i++)
        if (same(&w->all->at[i], h)) {
            add_actions(w, &w->all->at[i]);
            return;
        }
    h->bits = vd_arena_new_array(arena_of(w), uint64_t, words);
    w->nomem |= !h->bits;
    if (!w->nomem)
        add_actions(w, h);
    if (!w->nomem && !VD_ARENA_PUSH(arena_of(w), w->all->at, w->all->count, w->all->cap, *h))
        w->nomem = true;
}

/* Do all of them match some allowed request? */
static vd_answer is_a_way(walker *w, const vd_boxes *boxes)
{
    vd_prover *p = &w->e->d.p;
    uint32_t   n = 0, at = 0;
    vd_demand *demands;
    vd_finding found;

    for (uint32_t i = 0; i < boxes->count; i++)
        n += vd_symbolic_literals(p->s, boxes->at[i], NULL, 0);
    demands = vd_arena_new_array(&p->arena, vd_demand, (size_t)n + 1);
    if (!demands) {
        w->nomem = true;
        return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < boxes->count; i++)
        at += vd_symbolic_literals(p->s, boxes->at[i], demands + at, n - at);
    return vd_effective_ask(w->e, w->c->representative, demands, n, &found);
}

/* Levels often have the same document. */
static bool has(const vd_boxes *list, uint32_t box)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (list->at[i] == box)
            return true;
    return false;
}

static void look_at(walker *w, const uint32_t *at)
{
    static const vd_str star = VD_L("*");
    vd_holding          h = { 0 };

    if (w->ways->within)
        h.resources = *w->ways->within;
    else
        add_text(w, &h.resources, star);
    for (uint32_t i = 0; i < w->group_count && !w->nomem; i++) {
        uint32_t            box = w->groups[i].boxes.at[at[i]];
        const vd_statement *st = vd_symbolic_statement_of(w->e->d.p.s, box);

        if (!has(&h.through, box) && !VD_ARENA_PUSH(arena_of(w), h.through.at, h.through.count, h.through.cap, box))
            w->nomem = true;
        take_resources(w, &h, &st->resource);
        take_entries(w, &h, st);
    }
    if (w->nomem || (h.resources.count == 0 && h.not_resources.count == 0))
        return;
    settle(w, &h);
    switch (is_a_way(w, &h.through)) {
    case VD_SAT:
        keep(w, &h);
        break;
    case VD_UNKNOWN:
        w->all->undecided++;
        keep(w, &h);
        break;
    default:
        break;
    }
}

bool vd_holdings_add(vd_holdings *all, vd_effective *e, const vd_action_class *c, const vd_ways *ways)
{
    walker   w = { .all = all, .e = e, .c = c, .ways = ways };
    uint32_t at[MOST_LAYERS] = { 0 }, i = 0, tried = 0;

    find_groups(&w);
    for (uint32_t k = 0; k < w.group_count; k++)
        if (w.groups[k].boxes.count == 0)
            return !w.nomem;
    while (i < w.group_count && !w.nomem) {
        if (tried++ == MOST_WAYS) {
            all->cut = true;
            break;
        }
        look_at(&w, at);
        for (i = 0; i < w.group_count && ++at[i] == w.groups[i].boxes.count; i++)
            at[i] = 0;
    }
    if (w.group_count == 0) /* a root user without guard-rails */
        look_at(&w, at);
    return !w.nomem && !e->d.p.nomem;
}
