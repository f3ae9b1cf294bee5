/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes of actions, by sweeping: every pattern is some runs of ids, and only where a run begins or ends can anything
 * change.  Between two such marks all actions are alike for the statements; stretches with the same bits are one class.  What
 * the catalogue knows about single actions (actions_shape.c) is looked at only inside stretches where it can matter.
 */
#include "symbolic/actions_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/overlap.h"

#include <stdlib.h>

enum { NAME_ROOM = 256 };

/* A set begins or ends here. */
typedef struct mark {
    uint32_t at, set;
} mark;

typedef struct found {
    uint64_t       *bits;  /* sets */
    const uint64_t *reaches;
    uint64_t        label; /* of the shaper */
    vd_run         *runs;
    uint32_t        run_count, run_cap, count;
    uint32_t        plain; /* the class of the bits alone */
    bool            reached, only;
} found;

typedef struct sweep {
    vd_partition *p;
    mark         *marks;
    uint32_t      mark_count, mark_cap;
    vd_run       *runs; /* of the set being expanded */
    uint32_t      run_count, run_cap;
    found        *found;
    uint32_t      found_count, found_cap;
    vd_map        map;
    vd_shaper     shaper;
    uint32_t      last; /* class of the stretch before, and of the bits alone */
} sweep;

/* ------------------------------------------------------------------ sets */

const vd_list *vd_actions_list(const vd_symbolic *s, uint32_t statement)
{
    return &s->boxes[statement].statement->action;
}

bool vd_actions_add_set(vd_partition *p, vd_action_set set)
{
    if (!VD_ARENA_PUSH(&p->work, p->sets, p->set_count, p->set_cap, set))
        p->nomem = true;
    return !p->nomem;
}

static bool same_list(const vd_list *a, const vd_list *b)
{
    if (a == b)
        return true;
    if (a->present != b->present || a->negated != b->negated || a->texts.count != b->texts.count)
        return false;
    for (uint32_t i = 0; i < a->texts.count; i++)
        if (!vd_str_ieq(a->texts.at[i].text, b->texts.at[i].text))
            return false;
    return true;
}

static uint64_t list_hash(const vd_list *l)
{
    uint64_t h = l->texts.count * 2 + l->negated;

    for (uint32_t i = 0; i < l->texts.count; i++)
        h = vd_ihash(h, l->texts.at[i].text);
    return h;
}

static bool is_list(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_partition *p = ctx;

    return same_list(p->sets[value].list, wanted);
}

static void gather_lists(vd_partition *p)
{
    vd_map map = { 0 };

    p->set_of = vd_arena_new_array(&p->work, uint32_t, p->count ? p->count : 1);
    p->nomem |= !p->set_of;
    for (uint32_t i = 0; i < p->count && !p->nomem; i++) {
        const vd_list *list = vd_actions_list(p->s, p->statements[i]);
        uint64_t       hash = list_hash(list);
        uint32_t       set = vd_map_find(&map, hash, is_list, p, list);

        if (set == VD_NONE) {
            set = p->set_count;
            if (!vd_actions_add_set(p, (vd_action_set){ .list = list }) || !vd_map_add(&map, &p->s->alloc, hash, set))
                p->nomem = true;
        }
        p->set_of[i] = set;
    }
    p->list_count = p->set_count;
    vd_map_done(&map, &p->s->alloc);
}

const uint64_t *vd_actions_reaches(vd_partition *p, const uint64_t *bits)
{
    uint64_t *out = vd_arena_new_array(p->arena, uint64_t, p->count / 64 + 1);

    p->nomem |= !out;
    for (uint32_t i = 0; out && i < p->count; i++)
        out[i / 64] |= (bits[p->set_of[i] / 64] >> p->set_of[i] % 64 & 1) << i % 64;
    return out;
}

/* ------------------------------------------------------------------ marks */

static bool take_run(void *user, vd_run ids)
{
    sweep *w = user;

    if (!VD_ARENA_PUSH(&w->p->work, w->runs, w->run_count, w->run_cap, ids))
        w->p->nomem = true;
    return !w->p->nomem;
}

static int by_first(const void *a, const void *b)
{
    uint32_t x = ((const vd_run *)a)->first, y = ((const vd_run *)b)->first;

    return (x > y) - (x < y);
}

static int by_place(const void *a, const void *b)
{
    const mark *x = a, *y = b;

    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->set > y->set) - (x->set < y->set);
}

static void put_mark(sweep *w, uint32_t at, uint32_t set)
{
    if (!VD_ARENA_PUSH(&w->p->work, w->marks, w->mark_count, w->mark_cap, (mark){ at, set }))
        w->p->nomem = true;
}

/* The union of the runs at hand, as marks. */
static void put_runs(sweep *w, uint32_t set)
{
    uint32_t begin = 0, end = 0;

    if (w->run_count > 1)
        qsort(w->runs, w->run_count, sizeof *w->runs, by_first);
    for (uint32_t i = 0; i < w->run_count && !w->p->nomem; i++) {
        vd_run r = w->runs[i];

        if (i && r.first <= end) {
            end = r.first + r.count > end ? r.first + r.count : end;
            continue;
        }
        if (i) {
            put_mark(w, begin, set);
            put_mark(w, end, set);
        }
        begin = r.first;
        end = r.first + r.count;
    }
    if (w->run_count && !w->p->nomem) {
        put_mark(w, begin, set);
        put_mark(w, end, set);
    }
}

static void mark_set(sweep *w, uint32_t index)
{
    const vd_action_set *set = &w->p->sets[index];
    uint32_t             n = set->list ? set->list->texts.count : set->count;

    w->run_count = 0;
    for (uint32_t i = 0; i < n && !w->p->nomem; i++)
        vd_catalog_expand(w->p->c, set->list ? set->list->texts.at[i].text : set->patterns[i], take_run, w);
    if (!set->list || set->list->present) {
        if (set->list && set->list->negated) /* on from the first, and off where the others are on */
            put_mark(w, 0, index);
        put_runs(w, index);
    }
}

/* ------------------------------------------------------------------ classes */

typedef struct wanted {
    const uint64_t *bits;
    uint64_t        label;
    uint32_t        plain; /* the class of the bits alone; VD_NONE: this is it */
} wanted;

static bool is_class(const void *ctx, uint32_t value, const void *what)
{
    const sweep  *w = ctx;
    const found  *f = &w->found[value];
    const wanted *x = what;

    return f->label == x->label && memcmp(f->bits, x->bits, w->p->words * sizeof *f->bits) == 0;
}

static bool any_bit(const uint64_t *bits, uint32_t count)
{
    for (uint32_t i = 0; i < count / 64 + 1; i++)
        if (bits[i])
            return true;
    return false;
}

static uint32_t new_class(sweep *w, wanted x, uint64_t hash)
{
    vd_partition *p = w->p;
    found         f = { .label = x.label, .bits = vd_arena_new_array(&p->work, uint64_t, p->words),
                        .plain = x.plain != VD_NONE ? x.plain : w->found_count };

    f.reaches = x.plain != VD_NONE ? w->found[x.plain].reaches : vd_actions_reaches(p, x.bits);
    if (!f.bits || p->nomem || !vd_map_add(&w->map, &p->s->alloc, hash, w->found_count)) {
        p->nomem = true;
        return VD_NONE;
    }
    memcpy(f.bits, x.bits, p->words * sizeof *f.bits);
    f.only = p->only == VD_NONE || (x.bits[p->only / 64] >> p->only % 64 & 1);
    f.reached = any_bit(f.reaches, p->count);
    if (!VD_ARENA_PUSH(&p->work, w->found, w->found_count, w->found_cap, f))
        p->nomem = true;
    return w->found_count - 1;
}

static uint32_t class_of(sweep *w, const uint64_t *bits, uint64_t label, uint32_t plain)
{
    wanted   x = { bits, label, plain };
    uint64_t hash = vd_hash(label, (vd_str){ (const char *)bits, w->p->words * sizeof *bits });
    uint32_t at;

    if (w->last != VD_NONE && is_class(w, w->last, &x))
        return w->last;
    at = vd_map_find(&w->map, hash, is_class, w, &x);
    return w->last = at != VD_NONE ? at : new_class(w, x, hash);
}

static void extend(sweep *w, uint32_t at, vd_run run)
{
    found *f = &w->found[at];

    f->count += run.count;
    if (f->run_count && f->runs[f->run_count - 1].first + f->runs[f->run_count - 1].count == run.first)
        f->runs[f->run_count - 1].count += run.count;
    else if (!VD_ARENA_PUSH(w->p->arena, f->runs, f->run_count, f->run_cap, run))
        w->p->nomem = true;
}

/* Labels are above 0, so that the class of the bits alone is another one. */
static void add_stretch(sweep *w, const uint64_t *bits, vd_run run)
{
    uint32_t     plain = class_of(w, bits, 0, VD_NONE);
    const found *f = plain == VD_NONE ? NULL : &w->found[plain];

    if (!f || !f->only || (w->p->opts->reached && !f->reached))
        return;
    if (!w->p->opts->shapes || !f->reached || !vd_shaper_tells(&w->shaper, f->reaches)) {
        extend(w, plain, run);
        return;
    }
    for (uint32_t i = run.first; i < run.first + run.count && !w->p->nomem; i++) {
        uint32_t at = class_of(w, bits, vd_shaper_label(&w->shaper, i), plain);

        if (at != VD_NONE)
            extend(w, at, (vd_run){ i, 1 });
    }
}

static void sweep_all(sweep *w)
{
    uint32_t  actions = vd_catalog_actions(w->p->c), at = 0;
    uint64_t *bits = vd_arena_new_array(&w->p->work, uint64_t, w->p->words);

    if (!bits) {
        w->p->nomem = true;
        return;
    }
    if (w->mark_count > 1)
        qsort(w->marks, w->mark_count, sizeof *w->marks, by_place);
    for (uint32_t i = 0; i <= w->mark_count && !w->p->nomem; i++) {
        uint32_t next = i < w->mark_count ? w->marks[i].at : actions;

        if (next > at) {
            add_stretch(w, bits, (vd_run){ at, next - at });
            at = next;
        }
        if (i < w->mark_count)
            bits[w->marks[i].set / 64] ^= UINT64_C(1) << w->marks[i].set % 64;
    }
}

/* ------------------------------------------------------------------ names that the catalogue does not have */

static bool is_name(vd_str text)
{
    size_t colon = vd_str_find(text, ':');

    return colon && colon + 1 < text.n && vd_str_find(text, '*') == text.n && vd_str_find(text, '?') == text.n &&
           vd_str_find(vd_str_from(text, colon + 1), ':') == text.n - colon - 1;
}

static bool among(const vd_action_opts *o, vd_str name)
{
    for (uint32_t i = 0; i < o->only_count; i++)
        if (vd_action_covers(o->only[i], name))
            return true;
    return o->only_count == 0;
}

static void add_name(vd_partition *p, vd_intern *names, vd_str text)
{
    uint32_t id;

    if (is_name(text) && among(p->opts, text) && vd_catalog_find(p->c, text) == VD_NONE &&
        !vd_intern_add(names, &p->s->alloc, text, &id))
        p->nomem = true;
}

static int by_name(const void *a, const void *b)
{
    return vd_str_icmp(*(const vd_str *)a, *(const vd_str *)b);
}

/* What documents and the question name. */
static vd_str *unknown_names(vd_partition *p, uint32_t *count)
{
    vd_intern names = { .seed = p->s->engine->hash_seed, .fold = true };
    vd_str   *out;

    for (uint32_t i = 0; i < p->list_count && !p->nomem; i++)
        for (uint32_t k = 0; k < p->sets[i].list->texts.count && !p->nomem; k++)
            add_name(p, &names, p->sets[i].list->texts.at[k].text);
    for (uint32_t i = 0; i < p->opts->only_count && !p->nomem; i++)
        add_name(p, &names, p->opts->only[i]);
    *count = names.strings.count;
    out = vd_arena_new_array(&p->work, vd_str, *count + 1);
    p->nomem |= !out;
    if (out && *count) {
        memcpy(out, names.strings.at, *count * sizeof *out);
        qsort(out, *count, sizeof *out, by_name);
    }
    vd_intern_done(&names, &p->s->alloc);
    return out;
}

static const uint64_t *reached_by_name(vd_partition *p, vd_str name)
{
    uint64_t *bits = vd_arena_new_array(&p->work, uint64_t, p->words);

    p->nomem |= !bits;
    for (uint32_t i = 0; bits && i < p->list_count; i++) {
        const vd_list *list = p->sets[i].list;
        bool           found_it = false;

        for (uint32_t k = 0; k < list->texts.count && !found_it; k++)
            found_it = vd_action_covers(list->texts.at[k].text, name);
        bits[i / 64] |= (uint64_t)(list->present && found_it != list->negated) << i % 64;
    }
    return bits ? vd_actions_reaches(p, bits) : NULL;
}

/* ------------------------------------------------------------------ the whole */

/* The last kin of some bits. */
typedef struct kin {
    uint32_t service, number; /* number: and one more; 0: none yet */
} kin;

typedef struct result {
    vd_partition    *p;
    vd_action_class *at;
    uint32_t         count, cap;
    kin             *kins; /* of those that untag, and of others, by the class of the bits alone */
    uint32_t         kin_count;
} result;

/* Of one service, for some keys go by that: classes come in the order of their actions, and so by service. */
static uint32_t kin_of(result *r, const found *f, vd_str name)
{
    kin     *k = &r->kins[2 * f->plain + vd_action_untags(name)];
    uint32_t service = vd_catalog_service_of(r->p->c, f->runs[0].first);

    if (!k->number || k->service != service)
        *k = (kin){ service, ++r->kin_count };
    return k->number - 1;
}

static void hand_out(result *r, vd_action_class c)
{
    if (r->p->opts->reached && !any_bit(c.reaches, r->p->count))
        return;
    if (!VD_ARENA_PUSH(r->p->arena, r->at, r->count, r->cap, c))
        r->p->nomem = true;
}

static void hand_out_known(result *r, const found *f)
{
    vd_action_class c = { .reaches = f->reaches, .runs = f->runs, .run_count = f->run_count, .count = f->count };
    char            text[NAME_ROOM];
    vd_str          name = { text, 0 };

    if (f->run_count == 0)
        return;
    name.n = vd_catalog_action_text(r->p->c, f->runs[0].first, text, sizeof text);
    c.kin = kin_of(r, f, name);
    if (name.n == 0 || !vd_arena_dup(r->p->arena, &c.representative, name))
        r->p->nomem = true;
    else
        hand_out(r, c);
}

static bool add_future(void *user, vd_str name, const uint64_t *reaches)
{
    result *r = user;

    hand_out(r, (vd_action_class){ .representative = name, .reaches = reaches, .kin = VD_NONE, .future = true });
    return !r->p->nomem;
}

/* Classes are made in the order of their stretches, but one made for its bits alone may stay empty until later. */
static int by_first_action(const void *a, const void *b)
{
    const found *x = a, *y = b;
    uint32_t     p = x->run_count ? x->runs[0].first : VD_NONE, q = y->run_count ? y->runs[0].first : VD_NONE;

    return (p > q) - (p < q);
}

static void collect(result *r, sweep *w)
{
    vd_partition *p = r->p;
    uint32_t      count = 0;
    vd_str       *names;

    r->kins = vd_arena_new_array(&p->work, kin, 2 * (size_t)w->found_count + 1);
    p->nomem |= !r->kins;
    if (w->found_count > 1)
        qsort(w->found, w->found_count, sizeof *w->found, by_first_action);
    for (uint32_t i = 0; i < w->found_count && !p->nomem; i++)
        hand_out_known(r, &w->found[i]);
    names = p->nomem ? NULL : unknown_names(p, &count);
    for (uint32_t i = 0; i < count && !p->opts->only_future && !p->nomem; i++) {
        vd_action_class c = { .count = 1, .kin = VD_NONE, .unknown = true, .reaches = reached_by_name(p, names[i]) };

        if (!p->nomem && vd_arena_dup(p->arena, &c.representative, names[i]))
            hand_out(r, c);
        else
            p->nomem = true;
    }
    if (p->opts->future && !p->nomem)
        vd_actions_future(p, names, count, add_future, r);
}

bool vd_actions_partition(vd_action_classes *out, vd_symbolic *s, const uint32_t *statements, uint32_t count,
                          const vd_action_opts *opts, vd_arena *arena)
{
    vd_partition p = { .s = s, .c = s->catalog, .opts = opts, .statements = statements, .count = count, .only = VD_NONE,
                       .arena = arena, .work = vd_arena_on(&s->alloc, 0) };
    sweep        w = { .p = &p, .shaper = { .p = &p }, .last = VD_NONE };
    result       r = { .p = &p };

    gather_lists(&p);
    if (opts->only_count && !p.nomem) {
        p.only = p.set_count;
        vd_actions_add_set(&p, (vd_action_set){ .patterns = opts->only, .count = opts->only_count });
    }
    if (opts->special && !p.nomem)
        vd_actions_special(&p, opts->special);
    p.words = p.set_count / 64 + 1;
    for (uint32_t i = 0; i < p.set_count && !opts->only_future && !p.nomem; i++)
        mark_set(&w, i);
    if (!opts->only_future && !p.nomem)
        sweep_all(&w);
    if (!p.nomem)
        collect(&r, &w);
    vd_map_done(&w.map, &s->alloc);
    vd_arena_done(&p.work);
    *out = (vd_action_classes){ r.at, p.nomem ? 0 : r.count, r.kin_count };
    return !p.nomem;
}

uint32_t vd_action_class_names(const vd_action_class *c, const vd_catalog *catalog, vd_arena *arena, vd_str *out, uint32_t most)
{
    uint32_t n = 0;

    if (c->run_count == 0 && most)
        out[n++] = c->representative;
    for (uint32_t i = 0; i < c->run_count; i++)
        for (uint32_t k = 0; k < c->runs[i].count && n < most; k++) {
            char   text[NAME_ROOM];
            vd_str name = { text, vd_catalog_action_text(catalog, c->runs[i].first + k, text, sizeof text) };

            if (name.n == 0 || !vd_arena_dup(arena, &out[n], name))
                return n;
            n++;
        }
    return n;
}
