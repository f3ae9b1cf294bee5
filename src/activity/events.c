/* SPDX-License-Identifier: Apache-2.0
 *
 * What there is in the logs, whoever did it: events by account, region, source and name, which show what the logs can show;
 * and the names that no table knows.
 */
#include "activity/read.h"

#include "base/str.h"
#include "usage/summary.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ events */

typedef struct sight {
    vd_act_event event;
    VD_VEC(uint32_t) actions; /* rising */
} sight;

typedef struct sights {
    vd_activity        *a;
    const vd_allocator *alloc;
    uint64_t            seed;
    uint64_t           *days; /* scratch */
    vd_map              map;
    VD_VEC(sight)       list;
} sights;

static bool same_event(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_act_event *x = &((const sights *)ctx)->list.at[value].event, *y = wanted;

    return vd_str_eq(x->name, y->name) && vd_str_eq(x->source, y->source) && vd_str_eq(x->account, y->account) &&
           vd_str_eq(x->region, y->region) && vd_str_eq(x->kind, y->kind);
}

static uint64_t hash_of(const sights *s, const vd_act_event *e)
{
    uint64_t h = vd_hash(s->seed, e->name);

    h = vd_hash(h, e->source);
    h = vd_hash(h, e->account);
    h = vd_hash(h, e->region);
    return vd_hash(h, e->kind);
}

static bool own_texts(vd_arena *arena, vd_act_event *e)
{
    return vd_arena_dup(arena, &e->account, e->account) && vd_arena_dup(arena, &e->region, e->region) &&
           vd_arena_dup(arena, &e->source, e->source) && vd_arena_dup(arena, &e->name, e->name) &&
           vd_arena_dup(arena, &e->kind, e->kind);
}

static sight *sight_of(sights *s, const vd_act_fact *f)
{
    vd_act_event e = { .account = f->log, .region = f->parts[VD_F_REGION], .source = f->parts[VD_F_SOURCE],
                       .name = f->parts[VD_F_NAME], .kind = f->parts[VD_F_KIND], .service = VD_NONE };
    uint64_t     hash = hash_of(s, &e);
    uint32_t     at = vd_map_find(&s->map, hash, same_event, s, &e);

    if (at != VD_NONE)
        return &s->list.at[at];
    e.days = vd_arena_new_array(&s->a->arena, uint64_t, s->a->day_words);
    if (!e.days || !own_texts(&s->a->arena, &e) || !VD_PUSH(s->alloc, &s->list, (sight){ .event = e }) ||
        !vd_map_add(&s->map, s->alloc, hash, s->list.count - 1))
        return NULL;
    return &s->list.at[s->list.count - 1];
}

static bool add_action(sights *s, sight *x, uint32_t action)
{
    uint32_t at = 0;

    while (at < x->actions.count && x->actions.at[at] < action)
        at++;
    if (action == VD_NONE || (at < x->actions.count && x->actions.at[at] == action))
        return true;
    if (!VD_PUSH(s->alloc, &x->actions, action))
        return false;
    memmove(&x->actions.at[at + 1], &x->actions.at[at], (x->actions.count - 1 - at) * sizeof action);
    x->actions.at[at] = action;
    return true;
}

/* Of several types the first by name: there is no order in which they came. */
static bool add_type(sights *s, vd_act_event *e, const vd_bottom *types)
{
    for (uint32_t i = 0; i < types->count; i++)
        if ((!e->type.n || vd_str_cmp(types->at[i].text, e->type) < 0) &&
            !vd_arena_dup(&s->a->arena, &e->type, types->at[i].text))
            return false;
    return true;
}

/* Actions that the event itself shows: not those that it implies, nor those that are only possible. */
static bool add_fact(sights *s, const vd_act_fact *f, const vd_meanings *found)
{
    sight  *x = sight_of(s, f);
    int64_t first, last;

    if (!x)
        return false;
    vd_act_span(s->a, f->fact, s->days, &first, &last);
    vd_act_first_last(x->event.count == 0, first, last, &x->event.first, &x->event.last);
    if (__builtin_add_overflow(x->event.count, f->fact->count, &x->event.count))
        x->event.count = UINT64_MAX;
    for (uint32_t w = 0; w < s->a->day_words; w++)
        x->event.days[w] |= s->days[w];
    x->event.service = found->service;
    x->event.unmapped |= found->unmapped;
    x->event.marks |= f->fact->marks;
    if (!add_type(s, &x->event, &f->fact->sets[VD_SET_TYPES]))
        return false;
    for (uint32_t i = 0; i < found->count; i++)
        if (!found->at[i].implied && found->at[i].kind == VD_USE_SEEN && !add_action(s, x, found->at[i].action))
            return false;
    return true;
}

static int by_place(const void *a, const void *b)
{
    const vd_act_event *x = &((const sight *)a)->event, *y = &((const sight *)b)->event;
    int                 c = vd_str_cmp(x->account, y->account);

    c = c ? c : vd_str_cmp(x->region, y->region);
    c = c ? c : vd_str_cmp(x->source, y->source);
    c = c ? c : vd_str_cmp(x->name, y->name);
    return c ? c : vd_str_cmp(x->kind, y->kind);
}

static bool pack(sights *s)
{
    vd_activity *a = s->a;
    uint32_t     actions = 0;

    for (uint32_t i = 0; i < s->list.count; i++)
        actions += s->list.at[i].actions.count;
    a->events = vd_arena_new_array(&a->arena, vd_act_event, s->list.count + 1);
    a->event_actions = vd_arena_new_array(&a->arena, uint32_t, actions + 1);
    if (!a->events || !a->event_actions)
        return false;
    if (s->list.count)
        qsort(s->list.at, s->list.count, sizeof *s->list.at, by_place);
    actions = 0;
    for (uint32_t i = 0; i < s->list.count; i++) {
        sight *x = &s->list.at[i];

        a->events[i] = x->event;
        a->events[i].first_action = actions;
        a->events[i].actions = x->actions.count;
        for (uint32_t k = 0; k < x->actions.count; k++)
            a->event_actions[actions++] = x->actions.at[k];
    }
    a->event_count = s->list.count;
    return true;
}

static bool gather(sights *s, const vd_facts *facts, vd_mapper *mapper)
{
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_meanings *found;
        vd_act_fact        f;
        vd_asked           asked;

        if (vd_is_evidence(facts->list.at[i]))
            continue;
        vd_act_fact_of(&f, facts->list.at[i]);
        if (!vd_act_asked(&asked, &f) || vd_act_is_pair(asked.kind) || !vd_act_days_of(s->a, f.fact, s->days))
            continue;
        found = vd_mapper_ask(mapper, &asked);
        if (!found || !add_fact(s, &f, found))
            return false;
    }
    return true;
}

vd_code vd_act_events(vd_activity *a, const vd_facts *facts, vd_mapper *mapper, vd_error *err)
{
    sights s = { .a = a, .alloc = &a->engine->alloc, .seed = a->engine->hash_seed };
    bool   good;

    s.days = vd_alloc0(s.alloc, a->day_words * sizeof *s.days);
    good = s.days && gather(&s, facts, mapper) && pack(&s);
    for (uint32_t i = 0; i < s.list.count; i++)
        VD_VEC_DONE(s.alloc, &s.list.at[i].actions);
    VD_VEC_DONE(s.alloc, &s.list);
    vd_map_done(&s.map, s.alloc);
    vd_free(s.alloc, s.days, a->day_words * sizeof *s.days);
    return good ? VD_OK : vd_fail_nomem(err);
}

/* ------------------------------------------------------------------ names that nobody knows */

typedef struct stranger {
    vd_str   source, name;
    uint32_t actor;
    uint64_t count;
} stranger;

typedef VD_VEC(stranger) strangers;

static int by_name(const void *a, const void *b)
{
    const stranger *x = a, *y = b;
    int             c = vd_str_cmp(x->source, y->source);

    c = c ? c : vd_str_cmp(x->name, y->name);
    return c ? c : (x->actor > y->actor) - (x->actor < y->actor);
}

static int by_count(const void *a, const void *b)
{
    const vd_unmapped *x = a, *y = b;
    int                c = (x->count < y->count) - (x->count > y->count);

    c = c ? c : vd_str_cmp(x->source, y->source);
    return c ? c : vd_str_cmp(x->name, y->name);
}

/* Of one source and name one row; of an unknown source one row for all its names. */
static bool fold(vd_activity *a, strangers *s)
{
    a->unmapped = vd_arena_new_array(&a->arena, vd_unmapped, s->count + 1);
    if (!a->unmapped)
        return false;
    if (s->count)
        qsort(s->at, s->count, sizeof *s->at, by_name);
    for (uint32_t i = 0; i < s->count; i++) {
        const stranger *x = &s->at[i];
        vd_unmapped    *u = a->unmapped_count ? &a->unmapped[a->unmapped_count - 1] : NULL;
        bool            same = u && vd_str_eq(u->source, x->source) && vd_str_eq(u->name, x->name);

        if (!same) {
            u = &a->unmapped[a->unmapped_count++];
            u->size = sizeof *u;
            if (!vd_arena_dup(&a->arena, &u->source, x->source) || !vd_arena_dup(&a->arena, &u->name, x->name))
                return false;
        }
        u->actors += !same || s->at[i - 1].actor != x->actor;
        u->count += x->count;
    }
    qsort(a->unmapped, a->unmapped_count, sizeof *a->unmapped, by_count);
    return true;
}

static bool find(vd_activity *a, const vd_facts *facts, vd_mapper *mapper, const vd_people *people, uint64_t *days,
                 strangers *out)
{
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_meanings *found;
        vd_act_fact        f;
        vd_asked           asked;

        if (vd_is_evidence(facts->list.at[i]))
            continue;
        vd_act_fact_of(&f, facts->list.at[i]);
        if (!vd_act_asked(&asked, &f) || !vd_act_days_of(a, f.fact, days))
            continue;
        found = vd_mapper_ask(mapper, &asked);
        if (!found)
            return false;
        if (found->unmapped &&
            !VD_PUSH(&a->engine->alloc, out,
                     (stranger){ f.parts[VD_F_SOURCE], found->unmapped_source ? VD_S("") : f.parts[VD_F_NAME],
                                 vd_people_actor(people, f.parts[VD_F_PRINCIPAL]), f.fact->count }))
            return false;
    }
    return true;
}

vd_code vd_act_unmapped(vd_activity *a, const vd_facts *facts, vd_mapper *mapper, const vd_people *people, vd_error *err)
{
    const vd_allocator *alloc = &a->engine->alloc;
    uint64_t           *days = vd_alloc0(alloc, a->day_words * sizeof *days);
    strangers           list = { 0 };
    bool                good = days && find(a, facts, mapper, people, days, &list) && fold(a, &list);

    VD_VEC_DONE(alloc, &list);
    vd_free(alloc, days, a->day_words * sizeof *days);
    return good ? VD_OK : vd_fail_nomem(err);
}
