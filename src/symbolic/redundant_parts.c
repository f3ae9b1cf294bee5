/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of a statement that change nothing.  An entry of a list and a value of a positive operator make the statement
 * narrower when they go, and count as gone from then on.  A value of a negated operator, an entry of NotResource and a whole
 * condition make it wider; what it would match then, others give anyway.  Statements that others rest on are never the wider ones.
 *
 * Entries of Action are told apart by the actions that nothing else in the list reaches.
 */
#include "symbolic/redundant_int.h"

#include "base/str.h"
#include "pattern/overlap.h"

enum { MOST_PARTS = 4000 }; /* of one statement; AWS takes less than a thousand */

static bool is_gone(const vd_item *x, int32_t element, uint32_t entry, uint32_t value)
{
    return x->gone && x->gone[vd_item_part(x, element, entry, value)];
}

static uint32_t list_length(const vd_item *x, int32_t element, uint32_t entry)
{
    switch (element) {
    case VD_ELEMENT_ACTION:
        return x->model->action.texts.count;
    case VD_ELEMENT_RESOURCE:
        return x->model->resource.texts.count;
    case VD_ELEMENT_PRINCIPAL:
        return x->model->principal.count;
    default:
        return x->model->entries[entry].values.count;
    }
}

static uint32_t count_left(const vd_item *x, int32_t element, uint32_t entry)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < list_length(x, element, entry); i++)
        n += element == VD_ELEMENT_CONDITION ? !is_gone(x, element, entry, i) : !is_gone(x, element, i, 0);
    return n;
}

static vd_redundancy about(const vd_item *x, int32_t element, uint32_t entry, uint32_t value)
{
    return (vd_redundancy){ .kind = VD_REDUNDANT_ENTRY,
                            .part = { .suspect = x->number, .element = element, .entry = entry, .value = value } };
}

/* Told, and gone from now on.  What follows from something that is gone only as far as the catalogue knows is known no
 * better. */
static void settle(vd_finder *f, vd_item *x, const vd_case *c, vd_redundancy *r)
{
    vd_idleness found = f->nomem ? VD_UNSURE : vd_case_ask(f, c, VD_EVERYBODY, NULL, 0);

    vd_finder_count(f, x, found);
    if (found < VD_IDLE_SOFT)
        return;
    if (x->softly)
        found = VD_IDLE_SOFT;
    x->softly = found == VD_IDLE_SOFT;
    vd_case_explain(f, c, found, r);
    vd_finder_tell(f, r);
    vd_item_drop(f, x, r->part.element, r->part.entry, r->part.value);
}

/* Adds a doubt for each way of the statement, about a part that only narrows it. */
static void add_narrower(vd_finder *f, vd_case *c, const vd_item *x, vd_cutout match, vd_cutout own, bool alone)
{
    uint32_t rest = alone ? VD_NONE : vd_item_box(f, x, &own);

    for (uint8_t way = 0; way < VD_WAY_COUNT; way++) {
        if (x->ways ? !(x->ways >> way & 1u) : way > 0)
            continue;
        match.ways = x->ways ? (uint8_t)(1u << way) : 0;
        vd_case_add(c, x, x->ways ? way : (uint8_t)VD_WAY_COUNT, vd_item_box(f, x, &match), rest);
    }
}

/* ------------------------------------------------------------------ Action */

typedef struct counting {
    vd_finder *f;
    int        by;
    uint64_t  *exclusive; /* classes of actions that nothing else in the list reaches */
    bool       any;
} counting;

static bool count_run(void *user, vd_run run)
{
    counting *c = user;

    for (uint32_t i = run.first; i < run.first + run.count; i++)
        c->f->entries_of[i] = (uint16_t)(c->f->entries_of[i] + c->by);
    return true;
}

static bool mark_run(void *user, vd_run run)
{
    counting *c = user;

    c->any |= run.count > 0;
    for (uint32_t i = run.first; i < run.first + run.count; i++) {
        uint32_t at = c->f->class_of[i];

        if (c->f->entries_of[i] == 1 && at != VD_NONE)
            c->exclusive[at / 64] |= (uint64_t)1 << at % 64;
    }
    return true;
}

bool vd_finder_prepare_actions(vd_finder *f)
{
    uint32_t n = (uint32_t)vd_catalog_actions(f->s->catalog);

    if (f->class_of)
        return true;
    f->class_of = vd_arena_new_array(f->arena, uint32_t, (size_t)n + 1);
    f->entries_of = vd_arena_new_array(f->arena, uint16_t, (size_t)n + 1);
    if (!f->class_of || !f->entries_of) {
        f->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < n; i++)
        f->class_of[i] = VD_NONE;
    for (uint32_t k = 0; k < f->classes.count; k++)
        for (uint32_t i = 0; i < f->classes.at[k].run_count; i++)
            for (uint32_t id = 0; id < f->classes.at[k].runs[i].count; id++)
                f->class_of[f->classes.at[k].runs[i].first + id] = k;
    return true;
}

static void count_entry(vd_finder *f, const vd_item *x, uint32_t entry, int by)
{
    vd_catalog_expand(f->s->catalog, x->model->action.texts.at[entry].text, count_run, &(counting){ .f = f, .by = by });
}

static bool is_wild(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* Another entry of the list says all of it, actions to come included. */
static bool is_covered_by_text(const vd_item *x, uint32_t entry)
{
    const vd_texts *list = &x->model->action.texts;

    for (uint32_t i = 0; i < list->count; i++)
        if (i != entry && !is_gone(x, VD_ELEMENT_ACTION, i, 0) && vd_action_covers(list->at[i].text, list->at[entry].text))
            return true;
    return false;
}

/* Classes that would lose something: of today, and, where new names would be missed, those of names to come. */
static uint64_t *find_exclusive(vd_finder *f, const vd_item *x, uint32_t entry)
{
    vd_str    text = x->model->action.texts.at[entry].text;
    uint64_t *out = vd_arena_new_array(f->arena, uint64_t, (size_t)f->classes.count / 64 + 1);
    counting  c = { .f = f, .exclusive = out };
    bool      covered = is_covered_by_text(x, entry);

    if (!out) {
        f->nomem = true;
        return NULL;
    }
    if (covered)
        return out;
    vd_catalog_expand(f->s->catalog, text, mark_run, &c);
    for (uint32_t i = 0; i < f->classes.count; i++) {
        const vd_action_class *a = &f->classes.at[i];

        if (vd_item_reaches(f, x, i) &&
            ((a->future && is_wild(text)) || (a->unknown && vd_action_covers(text, a->representative))))
            out[i / 64] |= (uint64_t)1 << i % 64;
    }
    return out;
}

static void look_at_action(vd_finder *f, vd_item *x, uint32_t entry)
{
    vd_redundancy r = about(x, VD_ELEMENT_ACTION, entry, VD_NONE);
    uint64_t     *classes = find_exclusive(f, x, entry);
    vd_case       c = { .count = 0 };
    size_t        words = f->classes.count / 64 + 1;

    if (!classes || !vd_case_of_statement(f, &c, x))
        return;
    for (uint32_t i = 0; i < c.count; i++)
        c.doubts[i].classes = classes;
    settle(f, x, &c, &r);
    if (!is_gone(x, VD_ELEMENT_ACTION, entry, 0))
        return;
    count_entry(f, x, entry, -1);
    if (!x->lost)
        x->lost = vd_arena_new_array(f->arena, uint64_t, words);
    if (!x->lost)
        f->nomem = true;
    for (size_t i = 0; x->lost && i < words; i++)
        x->lost[i] |= classes[i];
}

static void look_at_actions(vd_finder *f, vd_item *x)
{
    uint32_t count = x->model->action.texts.count;

    if (x->model->action.negated || count < 2 || !vd_finder_prepare_actions(f))
        return;
    for (uint32_t i = 0; i < count; i++)
        if (!is_gone(x, VD_ELEMENT_ACTION, i, 0))
            count_entry(f, x, i, 1);
    for (uint32_t i = count; i-- > 0 && !f->nomem && !f->stopped;)
        if (!is_gone(x, VD_ELEMENT_ACTION, i, 0) && count_left(x, VD_ELEMENT_ACTION, 0) > 1)
            look_at_action(f, x, i);
    for (uint32_t i = 0; i < count; i++)
        if (!is_gone(x, VD_ELEMENT_ACTION, i, 0))
            count_entry(f, x, i, -1);
}

/* ------------------------------------------------------------------ Resource, Principal */

static size_t literal(vd_str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] != '*' && s.p[n] != '?' && s.p[n] != '$')
        n++;
    return n;
}

/* Nothing else in the list begins as it does. */
static bool stands_apart(const vd_item *x, uint32_t entry)
{
    const vd_texts *list = &x->model->resource.texts;
    vd_str          s = list->at[entry].text;
    size_t          n = literal(s);

    for (uint32_t i = 0; i < list->count; i++) {
        vd_str t = list->at[i].text;
        size_t m = literal(t), both = m < n ? m : n;

        if (i != entry && !is_gone(x, VD_ELEMENT_RESOURCE, i, 0) && vd_str_eq(vd_str_first(s, both), vd_str_first(t, both)))
            return false;
    }
    return true;
}

static void look_at_resources(vd_finder *f, vd_item *x)
{
    uint32_t count = x->model->resource.texts.count;

    for (uint32_t i = count; i-- > 0 && !x->model->resource.negated && !f->nomem && !f->stopped;) {
        vd_redundancy r = about(x, VD_ELEMENT_RESOURCE, i, VD_NONE);
        vd_case       c = { .count = 0 };

        if (is_gone(x, VD_ELEMENT_RESOURCE, i, 0) || count_left(x, VD_ELEMENT_RESOURCE, 0) < 2)
            continue;
        add_narrower(f, &c, x, (vd_cutout){ .cutting = VD_ONLY, .element = VD_ELEMENT_RESOURCE, .entry = i },
                     (vd_cutout){ .cutting = VD_WITHOUT, .element = VD_ELEMENT_RESOURCE, .entry = i }, stands_apart(x, i));
        if (c.count)
            settle(f, x, &c, &r);
    }
}

/* Of an Allow an entry is there for its own way; of a Deny that makes no difference. */
static void look_at_principals(vd_finder *f, vd_item *x)
{
    const vd_principals *p = &x->model->principal;

    for (uint32_t i = p->count; i-- > 0 && p->present && !p->negated && !f->nomem && !f->stopped;) {
        vd_redundancy r = about(x, VD_ELEMENT_PRINCIPAL, i, VD_NONE);
        vd_cutout     only = { .cutting = VD_ONLY, .element = VD_ELEMENT_PRINCIPAL, .entry = i }, rest = only;
        uint8_t       way = x->ways ? vd_way_of(&p->at[i]) : (uint8_t)VD_WAY_COUNT;
        vd_case       c = { .count = 0 };

        if (is_gone(x, VD_ELEMENT_PRINCIPAL, i, 0) || count_left(x, VD_ELEMENT_PRINCIPAL, 0) < 2)
            continue;
        rest.cutting = VD_WITHOUT;
        rest.ways = x->ways ? vd_ways_as_good(way) : 0;
        if (vd_case_add(&c, x, way, vd_item_box(f, x, &only), vd_item_box(f, x, &rest)))
            settle(f, x, &c, &r);
    }
}

/* ------------------------------------------------------------------ Condition */

/* A value more makes the entry true of more (or, negated, of fewer) requests; of these operators alone. */
static bool is_plain(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (e->op.op->typed && !vd_operator_value_ok(e->op.op, e->values.at[i].text))
            return false; /* E539 */
    return e->op.op->test != VD_TEST_NULL;
}

static void look_at_value(vd_finder *f, vd_item *x, uint32_t entry, uint32_t value)
{
    const vd_entry *e = &x->model->entries[entry];
    bool            each = e->op.quantifier == VD_FOR_ALL;
    vd_redundancy   r = about(x, VD_ELEMENT_CONDITION, entry, value);
    vd_case         c = { .count = 0 };

    add_narrower(f, &c, x,
                 (vd_cutout){ .cutting = each ? VD_LEAVE : VD_ONLY, .element = VD_ELEMENT_CONDITION, .entry = entry, .value = value },
                 (vd_cutout){ .cutting = VD_WITHOUT, .element = VD_ELEMENT_CONDITION, .entry = entry, .value = value }, false);
    if (c.count)
        settle(f, x, &c, &r);
}

static void look_at_values(vd_finder *f, vd_item *x)
{
    for (uint32_t k = 0; k < x->model->entry_count; k++) {
        const vd_entry *e = &x->model->entries[k];

        if (is_gone(x, VD_ELEMENT_CONDITION, k, VD_NONE) || e->op.op->negated || !is_plain(e))
            continue;
        for (uint32_t i = e->values.count; i-- > 0 && !f->nomem && !f->stopped;)
            if (!is_gone(x, VD_ELEMENT_CONDITION, k, i) && count_left(x, VD_ELEMENT_CONDITION, k) > 1)
                look_at_value(f, x, k, i);
    }
}

/* wide: x as it was, without the conditions found so far; x itself is not touched.  by: who may see to it; with anything
 * less than everybody nothing is counted, and only what is certain is told.  classes: of actions that only matter
 * when the part goes; NULL: those of x. */
static bool is_idle(vd_finder *f, vd_item *x, vd_item *wide, vd_redundancy *r, uint8_t by, const uint64_t *classes)
{
    vd_cutout without = { .cutting = VD_WITHOUT, .element = r->part.element, .entry = r->part.entry, .value = r->part.value };
    vd_case   c = { .count = 0 };

    for (uint8_t way = 0; way < VD_WAY_COUNT; way++) {
        if (x->ways ? !(x->ways >> way & 1u) : way > 0)
            continue;
        without.ways = x->ways ? (uint8_t)(1u << way) : 0;
        vd_case_add(&c, x, x->ways ? way : (uint8_t)VD_WAY_COUNT, vd_item_box(f, wide, &without), classes ? VD_NONE : x->box);
    }
    for (uint32_t i = 0; i < c.count; i++)
        c.doubts[i].classes = classes;
    if (c.count && !f->nomem) {
        vd_idleness found = vd_case_ask(f, &c, by, NULL, 0);

        if (by == VD_EVERYBODY)
            vd_finder_count(f, x, found);
        if (found < (by == VD_EVERYBODY ? VD_IDLE_SOFT : VD_IDLE))
            return false;
        vd_case_explain(f, &c, found, r);
        vd_finder_tell(f, r);
        return vd_item_drop(f, wide, r->part.element, r->part.entry, r->part.value);
    }
    return false;
}

static bool copy_gone(vd_finder *f, vd_item *wide)
{
    uint32_t    n = vd_item_parts(wide);
    const bool *was = wide->gone;

    if (!was)
        return true;
    wide->gone = vd_arena_new_array(f->arena, bool, (size_t)n + 1);
    if (!wide->gone)
        f->nomem = true;
    else
        memcpy(wide->gone, was, n * sizeof *was);
    return wide->gone != NULL;
}

/* First those that the rest of the statement sees to: what others see to would hide them. */
static void look_at_conditions(vd_finder *f, vd_item *x, vd_item *wide)
{
    for (uint32_t k = x->model->entry_count; k-- > 0 && !f->nomem && !f->stopped;) {
        vd_redundancy r = about(x, VD_ELEMENT_CONDITION, k, VD_NONE);

        r.kind = VD_REDUNDANT_CONDITION;
        if (!is_gone(x, VD_ELEMENT_CONDITION, k, VD_NONE))
            is_idle(f, x, wide, &r, VD_NOBODY, NULL);
    }
    for (uint32_t k = x->model->entry_count; k-- > 0 && !f->nomem && !f->stopped;) {
        const vd_entry *e = &x->model->entries[k];
        vd_redundancy   r = about(x, VD_ELEMENT_CONDITION, k, VD_NONE);

        r.kind = VD_REDUNDANT_CONDITION;
        if (is_gone(wide, VD_ELEMENT_CONDITION, k, VD_NONE) || is_idle(f, x, wide, &r, VD_EVERYBODY, NULL) || !e->op.op->negated || !is_plain(e))
            continue;
        for (uint32_t i = e->values.count; i-- > 0 && !f->nomem && !f->stopped;)
            if (!is_gone(wide, VD_ELEMENT_CONDITION, k, i) && count_left(wide, VD_ELEMENT_CONDITION, k) > 1) {
                r = about(x, VD_ELEMENT_CONDITION, k, i);
                is_idle(f, x, wide, &r, VD_EVERYBODY, NULL);
            }
    }
}

/* Fewer exceptions make a statement wider: NotResource, NotPrincipal. */
static void look_at_exceptions(vd_finder *f, vd_item *x, vd_item *wide, int32_t element)
{
    for (uint32_t i = list_length(x, element, 0); i-- > 0 && !f->nomem && !f->stopped;) {
        vd_redundancy r = about(x, element, i, VD_NONE);

        if (!is_gone(wide, element, i, 0) && count_left(wide, element, 0) > 1)
            is_idle(f, x, wide, &r, VD_EVERYBODY, NULL);
    }
}

/* NotAction: of the actions that an entry alone leaves out. */
static void look_at_spared_actions(vd_finder *f, vd_item *x, vd_item *wide)
{
    for (uint32_t i = x->model->action.texts.count; i-- > 0 && !f->nomem && !f->stopped;) {
        vd_redundancy   r = about(x, VD_ELEMENT_ACTION, i, VD_NONE);
        const uint64_t *classes;

        if (is_gone(wide, VD_ELEMENT_ACTION, i, 0) || count_left(wide, VD_ELEMENT_ACTION, 0) < 2)
            continue;
        classes = vd_item_left_out(f, wide, i);
        f->cut = !classes;
        if (classes)
            is_idle(f, x, wide, &r, VD_EVERYBODY, classes);
        else
            vd_finder_count(f, x, VD_UNSURE);
    }
}

/* Every part is tried in a copy of the rest: a list of a megabyte would take gigabytes. */
static bool is_too_large(vd_finder *f, const vd_item *x)
{
    uint32_t left = 0, parts = vd_item_parts(x);

    for (uint32_t i = 0; i < parts; i++)
        left += !x->gone || !x->gone[i];
    if (left <= MOST_PARTS)
        return false;
    f->cut = false;
    vd_finder_count(f, x, VD_UNSURE);
    return true;
}

void vd_finder_look_at_parts(vd_finder *f, vd_item *x)
{
    vd_item wide = *x; /* what makes it narrower may be left as it is, so it does not count for what makes it wider */

    if (is_too_large(f, x) || !copy_gone(f, &wide))
        return;
    if (x->spares) { /* who has a boundary is met in any case, with an entry and without it */
        vd_item_find_near(f, x);
        look_at_exceptions(f, x, &wide, VD_ELEMENT_PRINCIPAL);
        return;
    }
    look_at_actions(f, x);
    look_at_resources(f, x);
    look_at_principals(f, x);
    look_at_values(f, x);
    if (x->model->resource.negated)
        look_at_exceptions(f, x, &wide, VD_ELEMENT_RESOURCE);
    if (x->model->action.negated)
        look_at_spared_actions(f, x, &wide);
    look_at_conditions(f, x, &wide);
}
