/* SPDX-License-Identifier: Apache-2.0
 *
 * Groups: actions of one service and one access level of which the same is to be told.  What is true of the actions of very
 * many services is told once.
 */
#include "analyze/action_sets.h"
#include "analyze/differ.h"

#include "base/engine.h"
#include "base/sha256.h"
#include "base/str.h"

#include <stdlib.h>

enum { MANY_SERVICES = 6, NAME_ROOM = 256, ID_DIGITS = 16 };

/* The most dangerous first. */
static const int rank[] = { [VD_LEVEL_PERMISSIONS] = 0, [VD_LEVEL_WRITE] = 1, [VD_LEVEL_TAGGING] = 2,
                            [VD_LEVEL_READ] = 3,        [VD_LEVEL_LIST] = 4,  [VD_LEVEL_UNKNOWN] = 5 };

/* ------------------------------------------------------------------ keys */

/* Keys are compared within one run and never shown. */
static void put_value(vd_buf *b, uint64_t v)
{
    vd_buf_add(b, (vd_str){ (const char *)&v, sizeof v });
}

static void put_boxes(const vd_differ *d, vd_buf *b, const vd_boxes *boxes)
{
    put_value(b, boxes->count);
    for (uint32_t i = 0; i < boxes->count; i++)
        put_value(b, (uintptr_t)vd_symbolic_statement_of(d->p.s, boxes->at[i]));
}

static void put_number(vd_buf *b, size_t n)
{
    char   digits[24];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    vd_buf_add(b, (vd_str){ digits + at, sizeof digits - at });
}

static void put_strings(vd_buf *b, const vd_str *at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_number(b, at[i].n);
        vd_buf_byte(b, ':');
        vd_buf_add(b, at[i]);
    }
    vd_buf_byte(b, '|');
}

static void put_required(vd_buf *b, const vd_required_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        vd_buf_printf(b, VD_F "=" VD_F ";", VD_A(list->at[i].key), VD_A(list->at[i].must));
    vd_buf_byte(b, '|');
}

static void key_text(vd_buf *b, vd_str s)
{
    put_value(b, s.n);
    vd_buf_add(b, s);
}

static void key_texts(vd_buf *b, const vd_str *at, uint32_t count)
{
    put_value(b, count);
    for (uint32_t i = 0; i < count; i++)
        key_text(b, at[i]);
}

static bool make_key(vd_differ *d, vd_novelty *c)
{
    vd_buf b = vd_buf_on(&d->p.engine->alloc, 0);
    bool   ok;

    put_value(&b, (uint64_t)c->removed << 40 | (uint64_t)c->level << 32 | c->why.flags);
    put_value(&b, c->service);
    key_text(&b, c->service == VD_NONE ? c->name : VD_S(""));
    put_boxes(d, &b, &c->why.granting);
    put_boxes(d, &b, &c->why.was);
    key_texts(&b, c->why.resources.at, c->why.resources.count);
    key_texts(&b, c->why.principals.at, c->why.principals.count);
    put_value(&b, c->why.required.count);
    for (uint32_t i = 0; i < c->why.required.count; i++) {
        key_text(&b, c->why.required.at[i].key);
        key_text(&b, c->why.required.at[i].must);
    }
    ok = !b.failed && vd_arena_dup(&d->p.arena, &c->key, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

/* ------------------------------------------------------------------ splitting a class */

static bool add_id(vd_differ *d, vd_novelty *c, uint32_t id)
{
    return VD_ARENA_PUSH(&d->p.arena, c->ids, c->count, c->cap, id);
}

static vd_code merge(vd_differ *d, vd_novelty *c, const vd_novelty *more)
{
    for (uint32_t i = 0; i < more->count; i++)
        if (!add_id(d, c, more->ids[i]))
            return vd_fail_nomem(d->p.err);
    return VD_OK;
}

static vd_str name_of(const vd_differ *d, uint32_t id, char *room)
{
    return (vd_str){ room, vd_catalog_action_text(d->p.catalog, id, room, NAME_ROOM) };
}

/* Of the classes that make a group only the first one's witness is shown. */
static vd_code polish(vd_differ *d, vd_novelty *c)
{
    if (!c->why.rough || !*c->why.rough)
        return VD_OK;
    *c->why.rough = false;
    return vd_example_polish(c->why.witness, &d->p, c->why.who, vd_differ_more(d), vd_differ_less(d));
}

/* An example with an action of the group. */
static vd_code need_witness(vd_differ *d, const vd_action_class *of, vd_novelty *c)
{
    char        room[NAME_ROOM];
    vd_str      action = name_of(d, c->ids[0], room);
    vd_model    model;
    vd_grounds  grounds;
    const char *why;

    if (!c->why.witness || vd_str_eq(c->why.witness->action, action))
        return polish(d, c);
    if (!vd_arena_dup(&d->p.arena, &action, action))
        return vd_fail_nomem(d->p.err);
    if (!vd_differ_focus(d, of, action))
        return vd_fail_nomem(d->p.err);
    if (vd_differ_ask(d, action, VD_RULES_SOFT_FIRST, NULL, 0, &model, &grounds, &why) != VD_SAT)
        return d->p.nomem ? vd_fail_nomem(d->p.err) : polish(d, c); /* the one of its class will do */
    c->why.rough = NULL;
    c->why.witness = vd_arena_new(&d->p.arena, vd_witness);
    if (!c->why.witness)
        return vd_fail_nomem(d->p.err);
    return vd_example_make(c->why.witness, &d->p, &model, &grounds, vd_differ_more(d), vd_differ_less(d));
}

static vd_code add_change(vd_differ *d, const vd_action_class *of, vd_novelty *c)
{
    if (!make_key(d, c))
        return vd_fail_nomem(d->p.err);
    for (uint32_t i = 0; i < d->change_count; i++)
        if (vd_str_eq(d->changes[i].key, c->key))
            return merge(d, &d->changes[i], c);
    VD_TRY(c->count ? need_witness(d, of, c) : polish(d, c));
    if (!VD_ARENA_PUSH(&d->p.arena, d->changes, d->change_count, d->change_cap, *c))
        return vd_fail_nomem(d->p.err);
    return VD_OK;
}

static uint32_t count_services(const vd_differ *d, const vd_action_class *c)
{
    uint32_t n = 0, last = VD_NONE;

    for (uint32_t i = 0; i < c->run_count && n <= MANY_SERVICES; i++)
        for (uint32_t id = c->runs[i].first; id < c->runs[i].first + c->runs[i].count && n <= MANY_SERVICES; id++) {
            uint32_t service = vd_catalog_service_of(d->p.catalog, id);

            n += service != last;
            last = service;
        }
    return n;
}

static vd_code add_known(vd_differ *d, const vd_action_class *c, const vd_reasons *why)
{
    bool      many = count_services(d, c) > MANY_SERVICES;
    vd_novelty by_level[VD_LEVEL_UNKNOWN];
    uint32_t  service = VD_NONE;

    for (uint32_t i = 0, k = 0; i <= c->run_count; k = 0, i++) {
        uint32_t end = i < c->run_count ? c->runs[i].count : 1;

        for (; k < end; k++) {
            uint32_t id = i < c->run_count ? c->runs[i].first + k : VD_NONE;
            uint32_t of = id == VD_NONE ? VD_NONE : many ? VD_NONE - 1 : vd_catalog_service_of(d->p.catalog, id);

            if (of != service) {
                for (uint8_t l = 0; service != VD_NONE && l < VD_LEVEL_UNKNOWN; l++)
                    if (by_level[l].count)
                        VD_TRY(add_change(d, c, &by_level[l]));
                for (uint8_t l = 0; l < VD_LEVEL_UNKNOWN; l++)
                    by_level[l] = (vd_novelty){ .why = *why, .removed = d->removed, .level = l, .service = many ? VD_NONE : of };
                service = of;
            }
            if (id != VD_NONE && !add_id(d, &by_level[vd_catalog_level_of(d->p.catalog, id)], id))
                return vd_fail_nomem(d->p.err);
        }
    }
    return VD_OK;
}

vd_code vd_novelties_add(vd_differ *d, const vd_action_class *c, const vd_reasons *why)
{
    vd_novelty unknown = { .why = *why, .removed = d->removed, .service = VD_NONE, .level = VD_LEVEL_UNKNOWN, .name = c->representative };

    return c->run_count ? add_known(d, c, why) : add_change(d, c, &unknown);
}

/* ------------------------------------------------------------------ telling */

static int by_id(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static int by_danger(const void *a, const void *b)
{
    const vd_novelty *x = a, *y = b;
    bool             m = x->why.flags & VD_FLAG_FUTURE, n = y->why.flags & VD_FLAG_FUTURE;

    if (x->removed != y->removed)
        return x->removed ? 1 : -1;
    if (m != n)
        return m ? 1 : -1;
    if (rank[x->level] != rank[y->level])
        return rank[x->level] - rank[y->level];
    if (x->service != y->service)
        return x->service < y->service ? -1 : 1;
    if (x->count && y->count && x->ids[0] != y->ids[0])
        return x->ids[0] < y->ids[0] ? -1 : 1;
    return vd_str_cmp(x->count ? (vd_str){ "", 0 } : x->name, y->count ? (vd_str){ "", 0 } : y->name);
}

typedef struct teller {
    vd_differ *d;
    vd_delta   out;
    vd_strings patterns;
} teller;

static bool take_pattern(teller *t, vd_str text)
{
    vd_str kept;

    if (!vd_arena_dup(&t->d->p.scratch, &kept, text) ||
        !VD_ARENA_PUSH(&t->d->p.scratch, t->patterns.at, t->patterns.count, t->patterns.cap, kept))
        t->d->p.nomem = true;
    return !t->d->p.nomem;
}

static void on_pattern(void *user, vd_str text)
{
    take_pattern(user, text);
}

static void put_names(teller *t, const vd_novelty *c)
{
    vd_arena *arena = &t->d->p.scratch;
    uint32_t  n = c->count ? c->count : 1, total = vd_catalog_actions(t->d->p.catalog);
    vd_str   *names = vd_arena_new_array(arena, vd_str, n);
    int32_t  *levels = vd_arena_new_array(arena, int32_t, n);
    uint64_t *bits = vd_arena_new_array(arena, uint64_t, total / 64 + 1);
    char      room[NAME_ROOM];

    if (!names || !levels || !bits) {
        t->d->p.nomem = true;
        return;
    }
    levels[0] = VD_LEVEL_UNKNOWN;
    names[0] = c->name;
    for (uint32_t i = 0; i < c->count; i++) {
        levels[i] = vd_catalog_level_of(t->d->p.catalog, c->ids[i]);
        bits[c->ids[i] / 64] |= UINT64_C(1) << c->ids[i] % 64;
        t->d->p.nomem |= !vd_arena_dup(arena, &names[i], name_of(t->d, c->ids[i], room));
    }
    if (c->count)
        vd_catalog_shrink(t->d->p.catalog, bits, on_pattern, t);
    else
        take_pattern(t, c->name);
    t->out.actions = (vd_texts_list){ names, n };
    t->out.levels = levels;
    t->out.patterns = (vd_texts_list){ t->patterns.at, t->patterns.count };
}

static const vd_statement_info *infos(teller *t, const vd_side *side, const vd_boxes *boxes)
{
    vd_statement_info *out = vd_arena_new_array(&t->d->p.scratch, vd_statement_info, boxes->count + 1);

    t->d->p.nomem |= !out;
    for (uint32_t i = 0; out && i < boxes->count; i++)
        out[i] = vd_side_statement(side, &t->d->p, boxes->at[i]);
    return out;
}

/* Nothing in it that a reader could change without changing what is said. */
static void put_id(teller *t, const vd_novelty *c)
{
    vd_buf b = vd_buf_on(&t->d->p.engine->alloc, 0);
    char   digits[ID_DIGITS + 1];

    vd_buf_printf(&b, "%d|", c->removed);
    put_strings(&b, t->out.actions.at, (uint32_t)t->out.actions.count);
    put_strings(&b, c->why.resources.at, c->why.resources.count);
    put_strings(&b, c->why.principals.at, c->why.principals.count);
    put_required(&b, &c->why.required);
    vd_sha256_hex(digits, ID_DIGITS, vd_buf_str(&b));
    t->d->p.nomem |= b.failed || !vd_arena_printf(&t->d->p.scratch, &t->out.id, "d-%s", digits);
    vd_buf_done(&b);
}

/* Writing like any other, says the catalogue, and yet a way to become somebody else: iam:PassRole, lambda:UpdateFunctionCode. */
static bool escalates(const vd_novelty *c, const uint64_t *escalation)
{
    for (uint32_t i = 0; escalation && i < c->count; i++)
        if (escalation[c->ids[i] / 64] >> c->ids[i] % 64 & 1u)
            return true;
    return false;
}

static int32_t severity_of(const vd_novelty *c, const uint64_t *escalation)
{
    if (c->why.flags & (VD_FLAG_OFF_CATALOGUE | VD_FLAG_FUTURE))
        return VD_ACCESS_NOTE;
    if (escalates(c, escalation))
        return VD_ACCESS_HIGH;
    return c->level == VD_LEVEL_PERMISSIONS ? VD_ACCESS_HIGH : c->level == VD_LEVEL_WRITE ? VD_ACCESS_MEDIUM : VD_ACCESS_LOW;
}

static bool tell_one(vd_differ *d, vd_novelty *c, const uint64_t *escalation, vd_delta_fn *tell, void *user)
{
    teller t = { .d = d, .out = { .size = sizeof t.out, .removed = c->removed, .level = c->level,
                                  .severity = severity_of(c, escalation) } };

    vd_arena_reset(&d->p.scratch);
    d->removed = c->removed;
    if (c->count > 1)
        qsort(c->ids, c->count, sizeof *c->ids, by_id);
    put_names(&t, c);
    if (c->service != VD_NONE)
        t.out.service = vd_catalog_service(d->p.catalog, c->service).prefix;
    else if (c->count == 0)
        t.out.service = vd_str_first(c->name, vd_str_find(c->name, ':'));
    t.out.resources = (vd_texts_list){ c->why.resources.at, c->why.resources.count };
    t.out.principals = (vd_texts_list){ c->why.principals.at, c->why.principals.count };
    t.out.requirements = c->why.required.at;
    t.out.require_count = c->why.required.count;
    t.out.granting = infos(&t, vd_differ_more(d), &c->why.granting);
    t.out.granting_count = c->why.granting.count;
    t.out.was = infos(&t, vd_differ_less(d), &c->why.was);
    t.out.was_count = c->why.was.count;
    t.out.flags = c->why.flags;
    t.out.witness = c->why.witness;
    put_id(&t, c);
    return !d->p.nomem && tell(user, &t.out);
}

/* The actions of techniques.json, as bits; NULL: no group needs them. */
static vd_code find_escalation(vd_differ *d, const uint64_t **out)
{
    uint64_t *bits;
    bool      needed = false;

    *out = NULL;
    for (uint32_t i = 0; i < d->change_count; i++)
        needed |= d->changes[i].level == VD_LEVEL_WRITE || d->changes[i].level == VD_LEVEL_TAGGING;
    if (!needed)
        return VD_OK;
    VD_TRY(vd_action_set_bits(&bits, d->p.catalog, VD_S("@escalation"), &d->p.arena, d->p.err));
    *out = bits;
    return VD_OK;
}

vd_code vd_novelties_tell(vd_differ *d, vd_delta_fn *tell, void *user, bool *stop)
{
    const uint64_t *escalation = NULL;

    if (d->change_count > 1)
        qsort(d->changes, d->change_count, sizeof *d->changes, by_danger);
    if (tell)
        VD_TRY(find_escalation(d, &escalation));
    for (uint32_t i = 0; i < d->change_count && !*stop; i++)
        *stop = tell && !tell_one(d, &d->changes[i], escalation, tell, user);
    return d->p.nomem ? vd_fail_nomem(d->p.err) : VD_OK;
}
