/* SPDX-License-Identifier: Apache-2.0
 *
 * Why there is something new: each further question is the same one with a demand more.
 */
#include "analyze/differ.h"

#include "base/str.h"

#include <stdlib.h>

enum { MOST_CANDIDATES = 64, MOST_VALUES = 64 };

typedef struct finder {
    vd_differ             *d;
    const vd_action_class *c;
    vd_reasons            *out;
    vd_demand             *demands;
    uint32_t               cap;
    bool                   unsure; /* some question was not decided */
} finder;

uint32_t vd_flag_of(const char *why)
{
    static const struct {
        const char *why;
        uint32_t    flag;
    } rows[] = { { "budget", VD_FLAG_BUDGET }, { "operator", VD_FLAG_OPERATOR }, { "mixed-types", VD_FLAG_MIXED_TYPES } };

    for (size_t i = 0; why && i < VD_COUNT(rows); i++)
        if (strcmp(rows[i].why, why) == 0)
            return rows[i].flag;
    return VD_FLAG_VARIABLE;
}

/* Whether, not which: what AWS could do holds all that the catalogue thinks possible. */
static vd_answer ask(finder *f, const vd_demand *demands, uint32_t count)
{
    vd_model    model;
    vd_grounds  grounds;
    const char *why;
    vd_answer   answer;

    if (f->out->model && vd_symbolic_shows(f->d->p.s, f->out->model, demands, count, &f->d->p.nomem))
        return VD_SAT;
    answer = vd_differ_ask(f->d, f->c->representative, VD_RULES_HARD, demands, count, &model, &grounds, &why);

    if (answer == VD_UNKNOWN && !f->d->p.nomem &&
        vd_differ_ask(f->d, f->c->representative, VD_RULES_SOFT, demands, count, &model, &grounds, &why) == VD_SAT)
        answer = VD_SAT;
    f->unsure |= answer == VD_UNKNOWN;
    return answer;
}

/* Is there something new that this box matches? */
static vd_answer ask_matching(finder *f, uint32_t box)
{
    uint32_t n = vd_symbolic_literals(f->d->p.s, box, NULL, 0);

    if (n + 1 > f->cap && !vd_arena_grow(&f->d->p.arena, &f->demands, 0, &f->cap, n + 1, sizeof *f->demands)) {
        f->d->p.nomem = true;
        return VD_UNKNOWN;
    }
    vd_symbolic_literals(f->d->p.s, box, f->demands, n);
    return ask(f, f->demands, n);
}

/* ------------------------------------------------------------------ statements */

static bool same_statement(const finder *f, uint32_t a, uint32_t b)
{
    return a == b || (vd_symbolic_policy_of(f->d->p.s, a) == vd_symbolic_policy_of(f->d->p.s, b) &&
                      vd_symbolic_statement_of(f->d->p.s, a) == vd_symbolic_statement_of(f->d->p.s, b));
}

static bool has(const finder *f, const vd_boxes *list, uint32_t box)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (same_statement(f, list->at[i], box))
            return true;
    return false;
}

/* Does box i of the side reach the class? */
static bool reaches(const finder *f, const vd_side *side, uint32_t i)
{
    uint32_t at = i + (side == &f->d->sides[1] && !f->d->alone ? f->d->sides[0].box_count : 0);

    return f->c->reaches[at / 64] >> at % 64 & 1;
}

static void add_box(finder *f, vd_boxes *list, uint32_t box)
{
    if (!VD_ARENA_PUSH(&f->d->p.arena, list->at, list->count, list->cap, box))
        f->d->p.nomem = true;
}

static const vd_document *document_of(const finder *f, const vd_side *side, uint32_t box)
{
    const vd_policy *p = vd_symbolic_policy_of(f->d->p.s, box);

    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].policy == p)
            return &side->documents[i];
    return NULL;
}

/* Layers that grant; when there is none among the documents, those that let through. */
static bool grants(const finder *f, const vd_side *side, uint32_t box)
{
    const uint32_t     granting = 1u << VD_LAYER_IDENTITY | 1u << VD_LAYER_RESOURCE | 1u << VD_LAYER_ACCESS_POINT;
    const vd_document *at = document_of(f, side, box);

    for (uint32_t i = 0; i < side->count; i++)
        if (granting >> side->documents[i].layer & 1u)
            return at && (granting >> at->layer & 1u);
    return at != NULL;
}

static bool is_deny(const finder *f, uint32_t box)
{
    return vd_symbolic_statement_of(f->d->p.s, box)->effect == VD_EFFECT_DENY;
}

static bool from_grounds(const finder *f, const vd_grounds *g, uint32_t box)
{
    for (uint32_t i = 0; i < g->allow_count; i++)
        if (same_statement(f, g->allows[i], box))
            return true;
    return false;
}

static void find_granting(finder *f, const vd_grounds *g)
{
    vd_side *side = vd_differ_more(f->d);
    uint32_t asked = 0;

    for (uint32_t i = 0; i < side->box_count && !f->d->p.nomem; i++) {
        uint32_t box = side->boxes[i];

        if (!reaches(f, side, i) || is_deny(f, box) || !grants(f, side, box) ||
            has(f, &f->out->granting, box))
            continue;
        if ((g && from_grounds(f, g, box)) || !g || (asked++ < MOST_CANDIDATES && ask_matching(f, box) == VD_SAT))
            add_box(f, &f->out->granting, box);
    }
}

/* Denies of the other side that kept it back, when nothing is new that it did not grant. */
static void find_was(finder *f, const vd_grounds *g)
{
    vd_side *side = vd_differ_less(f->d);

    if (!g || g->denied_by == VD_NONE)
        return;
    for (uint32_t i = 0; i < side->box_count && !f->d->p.nomem; i++) {
        uint32_t box = side->boxes[i];

        if (!reaches(f, side, i) || !is_deny(f, box) || has(f, &f->out->was, box))
            continue;
        if (same_statement(f, box, g->denied_by) || ask_matching(f, box) == VD_SAT)
            add_box(f, &f->out->was, box);
    }
}

/* ------------------------------------------------------------------ conditions */

/* Without it nothing new is left. */
static void find_always(finder *f, uint32_t box, bool holds)
{
    const vd_statement *st = vd_symbolic_statement_of(f->d->p.s, box);

    for (uint32_t k = 0; k < st->entry_count && f->out->required.count < MOST_VALUES && !f->d->p.nomem; k++) {
        vd_demand l = vd_symbolic_entry(f->d->p.s, box, k, &f->d->p.nomem);

        l.against = l.against != holds;
        if (!f->d->p.nomem && ask(f, &l, 1) == VD_UNSAT)
            vd_required_add(&f->out->required, &f->d->p, &st->entries[k], holds);
    }
}

static void find_required(finder *f)
{
    vd_side *side = vd_differ_more(f->d);
    uint32_t asked = 0;

    for (uint32_t i = 0; i < f->out->granting.count; i++)
        find_always(f, f->out->granting.at[i], true);
    for (uint32_t i = 0; i < side->box_count && !f->d->p.nomem; i++)
        if (reaches(f, side, i) && is_deny(f, side->boxes[i]) &&
            asked++ < MOST_CANDIDATES)
            find_always(f, side->boxes[i], false);
    for (uint32_t i = 0; i < f->out->was.count; i++)
        find_always(f, f->out->was.at[i], true);
    vd_required_sort(&f->out->required);
}

/* ------------------------------------------------------------------ entries of Resource and Principal */

static void add_string(finder *f, vd_strings *list, vd_str text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (vd_str_eq(list->at[i], text))
            return;
    if (!VD_ARENA_PUSH(&f->d->p.arena, list->at, list->count, list->cap, text))
        f->d->p.nomem = true;
}

/* Is something new through this entry alone? */
static bool through(finder *f, uint32_t box, int32_t element, uint32_t value)
{
    const vd_statement *st = vd_symbolic_statement_of(f->d->p.s, box);
    vd_variant_of       of = { .cut = VD_CUT_OTHERS, .element = element, .value = value };
    uint32_t            only = vd_symbolic_variant(f->d->p.s, vd_symbolic_policy_of(f->d->p.s, box), st->index, &of, &f->d->p.nomem);

    return only != VD_NONE && !f->d->p.nomem && ask_matching(f, only) != VD_UNSAT;
}

static void find_entries(finder *f, uint32_t box)
{
    const vd_statement *st = vd_symbolic_statement_of(f->d->p.s, box);
    const vd_document  *at = document_of(f, vd_differ_more(f->d), box);
    bool                known = (f->out->flags & VD_FLAG_POTENTIAL) == 0;

    if (st->resource.present && st->resource.negated)
        add_string(f, &f->out->resources, VD_S("*"));
    for (uint32_t i = 0; st->resource.present && !st->resource.negated && i < st->resource.texts.count && !f->d->p.nomem; i++)
        if (st->resource.texts.count == 1 || !known || i >= MOST_VALUES || through(f, box, VD_ELEMENT_RESOURCE, i))
            add_string(f, &f->out->resources, st->resource.texts.at[i].text);
    if (!at || (at->layer != VD_LAYER_RESOURCE && at->layer != VD_LAYER_ACCESS_POINT))
        return;
    if (st->principal.negated)
        add_string(f, &f->out->principals, VD_S("*"));
    for (uint32_t i = 0; !st->principal.negated && i < st->principal.count && !f->d->p.nomem; i++)
        if (st->principal.count == 1 || !known || i >= MOST_VALUES || through(f, box, VD_ELEMENT_PRINCIPAL, i))
            add_string(f, &f->out->principals, st->principal.at[i].text.text);
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static void sort_strings(vd_strings *list)
{
    if (list->count > 1)
        qsort(list->at, list->count, sizeof *list->at, by_text);
}

/* ------------------------------------------------------------------ what the kin has found */

static bool same_grounds(const vd_grounds *a, const vd_grounds *b)
{
    return a->allow_count == b->allow_count && a->denied_by == b->denied_by && a->relation == b->relation && a->own_all == b->own_all &&
           memcmp(a->allows, b->allows, a->allow_count * sizeof *a->allows) == 0;
}

/* All questions here are asked under the hard rules, and of classes of one kin these say the same. */
static bool kin_says(vd_reasons *out, const vd_kin *kin, const vd_grounds *grounds)
{
    for (const vd_kept_reasons *k = kin->reasons; k; k = k->next)
        if (same_grounds(&k->grounds, grounds)) {
            out->granting = k->why.granting;
            out->was = k->why.was;
            out->required = k->why.required;
            out->resources = k->why.resources;
            out->principals = k->why.principals;
            return true;
        }
    return false;
}

static void tell_kin(finder *f, vd_kin *kin, const vd_grounds *grounds)
{
    vd_arena        *arena = &f->d->p.arena;
    vd_kept_reasons *k = vd_arena_new(arena, vd_kept_reasons);
    uint32_t        *allows = vd_arena_new_array(arena, uint32_t, grounds->allow_count + 1);

    if (!k || !allows) {
        f->d->p.nomem = true;
        return;
    }
    if (grounds->allow_count)
        memcpy(allows, grounds->allows, grounds->allow_count * sizeof *allows);
    *k = (vd_kept_reasons){ *grounds, *f->out, kin->reasons };
    k->grounds.allows = allows;
    kin->reasons = k;
}

/* grounds NULL: nothing is known, whatever can grant is named. */
bool vd_reasons_find(vd_reasons *out, vd_differ *d, const vd_action_class *c, const vd_grounds *grounds)
{
    finder  f = { .d = d, .c = c, .out = out };
    vd_kin *kin = grounds ? vd_differ_kin(d, c) : NULL;

    if (kin && kin_says(out, kin, grounds))
        return true;
    find_granting(&f, grounds);
    find_was(&f, grounds);
    if (grounds)
        find_required(&f);
    for (uint32_t i = 0; i < out->granting.count && !d->p.nomem; i++)
        find_entries(&f, out->granting.at[i]);
    sort_strings(&out->resources);
    sort_strings(&out->principals);
    if (kin && !f.unsure)
        tell_kin(&f, kin, grounds);
    return !d->p.nomem;
}
