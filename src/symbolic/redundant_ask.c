/* SPDX-License-Identifier: Apache-2.0
 *
 * The one question: is there a request that meets these and none of those?  Asked class by class of actions, first as far
 * as the catalogue goes, then of everything that AWS could do.  Whatever cannot have to do with a statement, by the
 * beginnings of resources and by actions, is left out beforehand; leaving out more than that is never wrong, because it
 * only makes statements look needed.
 */
#include "symbolic/redundant_int.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NEAR = 512, MOST_WITH_FUTURE = 256, MOST_FUTURES = 400 };

/* ------------------------------------------------------------------ resources by their beginnings */

typedef struct beginning {
    vd_str   key;
    uint32_t item;
} beginning;

typedef struct vd_places {
    beginning *at; /* sorted */
    uint32_t   count, cap;
    uint32_t  *above; /* the nearest before it whose key it begins with; VD_NONE */
    uint32_t  *asked; /* by item: the last one that it was handed out for */
} vd_places;

static int by_key(const void *a, const void *b)
{
    const beginning *x = a, *y = b;
    int              way = vd_str_cmp(x->key, y->key);

    return way ? way : x->item < y->item ? -1 : x->item > y->item;
}

static vd_str key_of(vd_str text)
{
    size_t n = 0;

    while (n < text.n && text.p[n] != '*' && text.p[n] != '?' && text.p[n] != '$')
        n++;
    return vd_str_first(text, n);
}

static bool is_anywhere(const vd_item *x)
{
    return !x->model->resource.present || x->model->resource.negated;
}

static bool add_places(vd_finder *f, vd_places *p, uint32_t item)
{
    const vd_item *x = &f->items[item];

    if (is_anywhere(x))
        return VD_ARENA_PUSH(f->arena, p->at, p->count, p->cap, (beginning){ VD_S(""), item });
    for (uint32_t i = 0; i < x->model->resource.texts.count; i++)
        if (!VD_ARENA_PUSH(f->arena, p->at, p->count, p->cap, (beginning){ key_of(x->model->resource.texts.at[i].text), item }))
            return false;
    return true;
}

static bool make_places(vd_finder *f)
{
    vd_places *p = vd_arena_new(f->arena, vd_places);

    f->places = p;
    for (uint32_t i = 0; p && i < f->count; i++)
        if (f->items[i].usable && !add_places(f, p, i))
            return false;
    if (!p)
        return false;
    p->above = vd_arena_new_array(f->arena, uint32_t, (size_t)p->count + 1);
    p->asked = vd_arena_new_array(f->arena, uint32_t, (size_t)f->count + 1);
    if (!p->above || !p->asked)
        return false;
    if (p->count > 1)
        qsort(p->at, p->count, sizeof *p->at, by_key);
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t up = i ? i - 1 : VD_NONE;

        while (up != VD_NONE && !vd_str_starts(p->at[i].key, p->at[up].key))
            up = p->above[up];
        p->above[i] = up;
    }
    return true;
}

static void hand_out(vd_finder *f, vd_item *x, uint32_t item, uint32_t *cap)
{
    uint32_t self = (uint32_t)(x - f->items);

    if (item == self || f->places->asked[item] == self + 1)
        return;
    if (x->near_count == MOST_NEAR) {
        x->near_cut = true;
        return;
    }
    f->places->asked[item] = self + 1;
    if (x->allow || !f->items[item].allow || f->opts->idle_denies)
        if (!VD_ARENA_PUSH(f->arena, x->near, x->near_count, *cap, item))
            f->nomem = true;
}

/* Those that the key begins with are above it, those that begin with it follow it. */
static void find_around(vd_finder *f, vd_item *x, vd_str key, uint32_t *cap)
{
    const vd_places *p = f->places;
    uint32_t         low = 0, high = p->count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (vd_str_cmp(p->at[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (uint32_t i = low; i < p->count && vd_str_starts(p->at[i].key, key) && !x->near_cut; i++)
        hand_out(f, x, p->at[i].item, cap);
    for (uint32_t i = low ? low - 1 : VD_NONE; i != VD_NONE && !x->near_cut; i = p->above[i])
        if (vd_str_starts(key, p->at[i].key))
            hand_out(f, x, p->at[i].item, cap);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

void vd_item_find_near(vd_finder *f, vd_item *x)
{
    uint32_t cap = 0;

    if (x->near_known)
        return;
    x->near_known = true;
    if (is_anywhere(x))
        find_around(f, x, VD_S(""), &cap);
    for (uint32_t i = 0; !is_anywhere(x) && i < x->model->resource.texts.count; i++) {
        vd_str key = key_of(x->model->resource.texts.at[i].text);

        if (i == 0 || !vd_str_eq(key, key_of(x->model->resource.texts.at[i - 1].text)))
            find_around(f, x, key, &cap);
    }
    if (x->near_count > 1)
        qsort(x->near, x->near_count, sizeof *x->near, by_number);
}

/* ------------------------------------------------------------------ opening */

/* Who can be under documents of the kind; more is never wrong. */
static uint32_t who_of(vd_kind kind)
{
    switch (kind) {
    case VD_KIND_SESSION:
    case VD_KIND_IDENTITY: /* of the root user, too: what a session of AssumeRoot may do is a managed policy */
    case VD_KIND_MANAGED:
    case VD_KIND_BOUNDARY:
    case VD_KIND_SCP:
        return 1u << VD_ASKER_ROLE | 1u << VD_ASKER_FEDERATED_USER | 1u << VD_ASKER_USER | 1u << VD_ASKER_ROOT;
    default:
        return (1u << VD_ASKER_COUNT) - 1;
    }
}

static uint8_t ways_of(const vd_policy *policy, const vd_statement *st)
{
    uint8_t ways = 0;

    if (st->effect != VD_EFFECT_ALLOW || (policy->kind != VD_KIND_RESOURCE && policy->kind != VD_KIND_TRUST))
        return 0;
    for (uint32_t i = 0; st->principal.present && i < st->principal.count; i++)
        ways |= (uint8_t)(1u << vd_way_of(&st->principal.at[i]));
    return ways;
}

/* Some endpoints know no principals but everyone (E426). */
static bool is_endpoint_matter(const vd_suspect *s, const vd_statement *st)
{
    for (uint32_t i = 0; s->policy->kind == VD_KIND_ENDPOINT && st->principal.present && i < st->principal.count; i++)
        if (vd_way_of(&st->principal.at[i]) != VD_WAY_ANYONE)
            return true;
    return false;
}

/* An Allow with NotPrincipal matches nothing (E422). */
static bool is_usable(const vd_suspect *s)
{
    const vd_statement *st = &s->policy->statements[s->index];

    return !st->malformed && st->action.present && !is_endpoint_matter(s, st) &&
           !(st->effect == VD_EFFECT_ALLOW && st->principal.present && st->principal.negated);
}

static void drop_absent(vd_finder *f)
{
    for (uint32_t i = 0; i < f->opts->absent_count && !f->nomem; i++) {
        const vd_part *p = &f->opts->absent[i];

        if (p->suspect < f->count && f->items[p->suspect].usable)
            vd_item_mark(f, &f->items[p->suspect], p->element, p->entry, p->value);
    }
    for (uint32_t i = 0; i < f->count && !f->nomem; i++)
        if (f->items[i].gone)
            vd_item_renew(f, &f->items[i]);
    for (uint32_t i = 0; i < f->count; i++)
        f->items[i].whole = f->items[i].box;
}

static void open_item(vd_finder *f, const vd_suspect *s, uint32_t number)
{
    vd_item *x = &f->items[number];

    *x = (vd_item){ .of = s, .number = number, .model = &s->policy->statements[s->index], .first = VD_NONE };
    x->allow = x->model->effect == VD_EFFECT_ALLOW;
    x->ways = ways_of(s->policy, x->model);
    for (uint32_t i = 0; i < VD_WAY_COUNT; i++)
        x->covers[i] = VD_NONE;
    f->bit_of[number] = VD_NONE;
    f->who |= who_of(s->policy->kind);
    if (s->absent || !is_usable(s))
        return;
    x->first = vd_symbolic_statement(f->s, s->policy, s->index, &f->nomem);
    x->usable = x->alive = x->first != VD_NONE && !f->nomem;
    x->spares = x->usable && !s->given && x->model->principal.present && x->model->principal.negated; /* E421 */
    x->asked = x->usable && !s->given && !x->spares;
    x->box = x->first;
    if (!x->usable)
        return;
    f->bit_of[number] = f->bits;
    f->of_bit[f->bits++] = number;
}

/* Classes that differ in what the catalogue says alone are of one kin. */
static bool find_kin(vd_finder *f, const uint32_t *boxes)
{
    vd_action_opts    o = { .reached = true };
    vd_action_classes coarse;
    uint32_t          ids = (uint32_t)vd_catalog_actions(f->s->catalog);
    uint32_t         *of_id = vd_arena_new_array(f->arena, uint32_t, (size_t)ids + 1);

    f->kin = vd_arena_new_array(f->arena, uint32_t, (size_t)f->classes.count + 1);
    if (!of_id || !f->kin || !vd_actions_partition(&coarse, f->s, boxes, f->bits, &o, f->arena))
        return false;
    for (uint32_t k = 0; k < coarse.count; k++)
        for (uint32_t i = 0; i < coarse.at[k].run_count; i++)
            for (uint32_t n = 0; n < coarse.at[k].runs[i].count; n++)
                of_id[coarse.at[k].runs[i].first + n] = k + 1;
    for (uint32_t k = 0; k < f->classes.count; k++) {
        const vd_action_class *c = &f->classes.at[k];

        f->kin[k] = c->run_count && of_id[c->runs[0].first] ? of_id[c->runs[0].first] : coarse.count + 1 + k;
    }
    return true;
}

static void look_at_futures(vd_finder *f)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->classes.count; i++)
        n += f->classes.at[i].future;
    f->futureless = n > MOST_FUTURES || f->bits > MOST_WITH_FUTURE;
}

bool vd_finder_open(vd_finder *f, const vd_suspect *suspects, uint32_t count)
{
    vd_action_opts o = { .shapes = true, .resources = true, .future = true, .reached = true };
    uint32_t      *boxes = vd_arena_new_array(f->arena, uint32_t, (size_t)count + VD_MOST_SPARED), apart;

    f->items = vd_arena_new_array(f->arena, vd_item, (size_t)count + 1);
    f->of_bit = vd_arena_new_array(f->arena, uint32_t, (size_t)count + 1);
    f->bit_of = vd_arena_new_array(f->arena, uint32_t, (size_t)count + 1);
    if (!boxes || !f->items || !f->of_bit || !f->bit_of)
        return false;
    f->count = count;
    for (uint32_t i = 0; i < count && !f->nomem; i++)
        open_item(f, &suspects[i], i);
    for (uint32_t i = 0; i < f->bits; i++)
        boxes[i] = f->items[f->of_bit[i]].first;
    apart = f->bits;
    vd_finder_add_spared(f, boxes, &apart);
    o.future = f->bits <= MOST_WITH_FUTURE;
    if (f->nomem || !vd_actions_partition(&f->classes, f->s, boxes, apart, &o, f->arena) ||
        !find_kin(f, boxes) || !make_places(f))
        return false;
    look_at_futures(f);
    drop_absent(f);
    return !f->nomem;
}

/* ------------------------------------------------------------------ what covers */

bool vd_item_reaches(const vd_finder *f, const vd_item *x, uint32_t class_at)
{
    uint32_t bit = f->bit_of[x->number];

    return bit != VD_NONE && (f->classes.at[class_at].reaches[bit / 64] >> bit % 64 & 1u);
}

/* Of the Principal element only what grants as much as the way does. */
static uint32_t cover_of(vd_finder *f, vd_item *x, uint8_t way)
{
    uint8_t good = way < VD_WAY_COUNT ? vd_ways_as_good(way) : (uint8_t)VD_WAYS_ALL;

    if (way >= VD_WAY_COUNT || x->ways == 0 || (x->ways & ~good) == 0)
        return x->box;
    if ((x->ways & good) == 0)
        return VD_NONE;
    if (x->covers[way] == VD_NONE) {
        uint32_t box = vd_item_box(f, x, &(vd_cutout){ .cutting = VD_LEAVE, .ways = good });

        x->covers[way] = box == VD_NONE ? VD_NO_BOX : box;
    }
    return x->covers[way] == VD_NO_BOX ? VD_NONE : x->covers[way];
}

static bool is_among(const vd_doubt *d, uint32_t item)
{
    if (!d->only)
        return true;
    for (uint32_t i = 0; i < d->only_count; i++)
        if (d->only[i] == item)
            return true;
    return false;
}

static uint32_t misses_of(vd_finder *f, const vd_doubt *d, uint32_t class_at)
{
    const vd_item *x = d->x;
    uint32_t       n = 0;

    if (!f->miss || f->miss_cap < x->near_count + d->own_count) {
        f->miss_cap = x->near_count + d->own_count + 16;
        f->miss = vd_arena_new_array(f->arena, uint32_t, f->miss_cap);
    }
    if (!f->miss) {
        f->nomem = true;
        return 0;
    }
    for (uint32_t i = 0; i < d->own_count; i++)
        f->miss[n++] = d->own[i];
    for (uint32_t i = 0; i < x->near_count; i++) {
        vd_item *t = &f->items[x->near[i]];
        uint32_t box;

        if (!t->alive || !(d->by & (t->allow == x->allow ? VD_THE_LIKE : VD_DENIES)) || (t->allow && !x->allow) ||
            !vd_item_reaches(f, t, class_at) || !is_among(d, x->near[i]) ||
            (t->lost && (t->lost[class_at / 64] >> class_at % 64 & 1u)))
            continue;
        box = t->allow ? cover_of(f, t, d->way) : t->box;
        if (box != VD_NONE)
            f->miss[n++] = box;
    }
    return n;
}

/* ------------------------------------------------------------------ asking */

static bool is_spent(vd_finder *f)
{
    if (f->opts->budget && vd_symbolic_units(f->s) - f->start > f->opts->budget)
        f->tally->spent = true;
    return f->tally->spent;
}

vd_idleness vd_finder_worse(vd_idleness a, vd_idleness b)
{
    return a < b ? a : b;
}

static vd_answer solve(vd_finder *f, const vd_doubt *d, uint32_t class_at, uint32_t misses, uint8_t rules)
{
    vd_goal     goal = { .action = f->classes.at[class_at].representative, .who = f->who, .rules = rules, .match = d->match,
                         .match_count = d->match_count, .miss = f->miss, .miss_count = misses };
    vd_model    model;
    const char *why = NULL;
    vd_answer   answer;

    if (is_spent(f)) {
        f->cut = true;
        return VD_UNKNOWN;
    }
    f->tally->questions++;
    answer = vd_symbolic_solve(f->s, &goal, &model, &why, &f->nomem);
    f->cut |= answer == VD_UNKNOWN && why && strcmp(why, "budget") == 0;
    return answer;
}

/* What was found out about everything that AWS could do, for a kin of classes and the same misses. */
typedef struct vd_known {
    uint64_t    key;
    vd_idleness idle;
} vd_known;

static uint64_t key_of_question(const vd_finder *f, uint32_t class_at, uint32_t misses)
{
    return vd_hash(f->kin[class_at], (vd_str){ (const char *)f->miss, misses * sizeof *f->miss });
}

static vd_idleness ask_hard(vd_finder *f, const vd_doubt *d, uint32_t class_at, uint32_t misses, bool ask)
{
    vd_known k = { .key = key_of_question(f, class_at, misses), .idle = VD_IDLE_SOFT };

    for (uint32_t i = 0; i < f->known_count; i++)
        if (f->known[i].key == k.key)
            return f->known[i].idle;
    if (!ask)
        return VD_IDLE_SOFT;
    if (solve(f, d, class_at, misses, VD_RULES_HARD) == VD_UNSAT)
        k.idle = VD_IDLE;
    if (!VD_ARENA_PUSH(f->arena, f->known, f->known_count, f->known_cap, k))
        f->nomem = true;
    return k.idle;
}

/* A request of an action that nobody has yet does not make a statement needed today; unless the catalogue knows nothing of
 * the statement's actions anyway. */
static vd_idleness ask_class(vd_finder *f, const vd_doubt *d, uint32_t class_at, bool today)
{
    const vd_action_class *c = &f->classes.at[class_at];
    bool                   later = c->future && today;
    uint32_t               misses = misses_of(f, d, class_at);
    vd_answer              answer = VD_UNSAT;

    if (f->nomem)
        return VD_UNSURE;
    if (!later && ask_hard(f, d, class_at, misses, false) == VD_IDLE)
        return VD_IDLE;
    if (!later)
        answer = solve(f, d, class_at, misses, c->unknown || c->future ? VD_RULES_HARD : VD_RULES_SOFT);
    if (answer != VD_UNSAT)
        return answer == VD_SAT ? VD_NEEDED : VD_UNSURE;
    return ask_hard(f, d, class_at, misses, true);
}

static bool is_asked(const vd_finder *f, const vd_doubt *d, uint32_t class_at)
{
    if (d->classes)
        return d->classes[class_at / 64] >> class_at % 64 & 1u;
    return vd_item_reaches(f, d->x, class_at) && (!d->also || vd_item_reaches(f, d->also, class_at));
}

/* Names that nobody has yet may be among its actions. */
static bool is_open_ended(const vd_item *x)
{
    const vd_list *list = &x->model->action;

    for (uint32_t i = 0; i < list->texts.count; i++)
        if (vd_str_find(list->texts.at[i].text, '*') < list->texts.at[i].text.n ||
            vd_str_find(list->texts.at[i].text, '?') < list->texts.at[i].text.n)
            return true;
    return list->negated;
}

vd_idleness vd_finder_ask(vd_finder *f, const vd_doubt *d)
{
    vd_idleness worst = VD_IDLE;
    bool        today = false;

    f->known_count = 0;
    for (uint32_t i = 0; i < f->classes.count && !today; i++)
        today = is_asked(f, d, i) && !f->classes.at[i].future && !f->classes.at[i].unknown;
    for (uint32_t i = 0; i < f->classes.count && worst > VD_UNSURE; i++)
        if (is_asked(f, d, i))
            worst = vd_finder_worse(worst, ask_class(f, d, i, today));
    if (worst == VD_IDLE && f->futureless && is_open_ended(d->x))
        worst = VD_IDLE_SOFT;
    return worst;
}
