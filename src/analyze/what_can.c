/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything that one principal can do: class of actions by class of actions the ways through its documents, its boundary
 * and the guard-rails; what the policies of resources give it besides; what it holds and cannot use.
 */
#include "analyze/holding.h"
#include "analyze/reaching.h"

#include "base/engine.h"
#include "base/str.h"

enum { MOST_DENIES = 16 };

/* ------------------------------------------------------------------ what it holds */

static void narrow_all(vd_what *t)
{
    uint32_t kept = 0, words = vd_catalog_actions(t->e->d.p.catalog) / 64 + 1;

    for (uint32_t i = 0; i < t->held.count; i++)
        if (vd_what_narrow(t, &t->held.at[i]))
            t->held.at[kept++] = t->held.at[i];
    t->held.count = kept;
    if (t->held.all)
        memset(t->held.all, 0, words * sizeof *t->held.all);
    for (uint32_t i = 0; i < kept; i++)
        for (uint32_t k = 0; k < words; k++)
            t->held.all[k] |= t->held.at[i].bits[k];
}

static vd_code tell_holding(vd_what *t, const vd_holding *h)
{
    vd_permission out;

    VD_TRY(vd_what_row(&out, t, h, NULL));
    t->sum.permissions++;
    t->stop = t->tell && !t->tell(t->user, &out);
    return VD_OK;
}

/* ------------------------------------------------------------------ what is in the way */

typedef struct blocks {
    vd_holding *at; /* bits only */
    vd_layer   *layers;
    vd_boxes   *denies;
    uint32_t    count, cap, layer_cap, deny_cap;
} blocks;

/* With less in the way: is it allowed then? */
static vd_code can_as(vd_what *t, vd_identity who, const vd_action_class *c, bool *out)
{
    vd_stand  *stand = vd_stand_find(t->e, &who, &t->call.targets.at[0]);
    vd_finding found;

    if (!stand || !vd_known_enter(t->e, stand, &who, &t->call.targets.at[0], &t->call))
        return vd_prover_failed(&t->e->d.p);
    *out = stand->broken.n == 0 && vd_effective_ask(t->e, c->representative, NULL, 0, &found) == VD_SAT;
    return t->e->d.p.nomem ? vd_prover_failed(&t->e->d.p) : VD_OK;
}

static bool add_block(vd_what *t, blocks *b, const vd_action_class *c, vd_layer layer, const vd_boxes *denies)
{
    vd_arena   *arena = &t->e->d.p.arena;
    uint32_t    at = 0;
    vd_holding *h;

    while (at < b->count && !(b->layers[at] == layer && b->denies[at].count == denies->count &&
                              (denies->count == 0 || memcmp(b->denies[at].at, denies->at, denies->count * sizeof *denies->at) == 0)))
        at++;
    if (at == b->count) {
        uint32_t   n = b->count, m = b->count;
        vd_holding fresh = { .bits = vd_arena_new_array(arena, uint64_t, vd_catalog_actions(t->e->d.p.catalog) / 64 + 1) };

        if (!fresh.bits || !VD_ARENA_PUSH(arena, b->at, b->count, b->cap, fresh) ||
            !VD_ARENA_PUSH(arena, b->layers, n, b->layer_cap, layer) || !VD_ARENA_PUSH(arena, b->denies, m, b->deny_cap, *denies))
            return false;
    }
    h = &b->at[at];
    if (c->run_count == 0)
        return VD_ARENA_PUSH(arena, h->unknown.at, h->unknown.count, h->unknown.cap, c->representative);
    for (uint32_t i = 0; i < c->run_count; i++)
        for (uint32_t k = c->runs[i].first; k < c->runs[i].first + c->runs[i].count; k++)
            h->bits[k / 64] |= UINT64_C(1) << k % 64;
    return true;
}

static bool of_layer(const vd_what *t, uint32_t box, vd_layer layer)
{
    return vd_side_statement(&t->e->d.sides[1], &t->e->d.p, box).layer == layer;
}

/* Denies of a layer that reach the action, once all of it is denied. */
static void denies_of(vd_what *t, const vd_action_class *c, vd_layer layer, vd_boxes *out)
{
    vd_side *side = &t->e->d.sides[1];

    for (uint32_t i = 0; i < side->box_count && out->count < MOST_DENIES; i++)
        if (vd_symbolic_statement_of(t->e->d.p.s, side->boxes[i])->effect == VD_EFFECT_DENY &&
            vd_symbolic_reaches(t->e->d.p.s, side->boxes[i], c->representative) && of_layer(t, side->boxes[i], layer))
            t->e->d.p.nomem |= !VD_ARENA_PUSH(&t->e->d.p.arena, out->at, out->count, out->cap, side->boxes[i]);
}

/* It holds an Allow for the class and still cannot. */
static vd_code find_block(vd_what *t, blocks *b, const vd_action_class *c, vd_stand *stand)
{
    vd_identity uncapped = t->who, unguarded = t->who, free_ = t->who;
    bool        one = false, other = false, both = false;
    vd_layer    layer = VD_LAYER_NONE;
    vd_boxes    denies = { 0 };

    uncapped.uncapped = free_.uncapped = true;
    unguarded.unguarded = free_.unguarded = true;
    VD_TRY(can_as(t, uncapped, c, &one));
    VD_TRY(can_as(t, unguarded, c, &other));
    if (!one && !other)
        VD_TRY(can_as(t, free_, c, &both));
    if (!vd_known_enter(t->e, stand, &t->who, &t->call.targets.at[0], &t->call))
        return vd_prover_failed(&t->e->d.p);
    layer = one ? VD_LAYER_BOUNDARY : other ? VD_LAYER_SCP : both ? VD_LAYER_NONE : VD_LAYER_IDENTITY;
    if (layer != VD_LAYER_NONE)
        denies_of(t, c, layer, &denies);
    return !t->e->d.p.nomem && add_block(t, b, c, layer, &denies) ? VD_OK : vd_prover_failed(&t->e->d.p);
}

static bool holds(vd_what *t, const vd_action_class *c)
{
    vd_side *side = &t->e->d.sides[1];

    for (uint32_t i = 0; i < side->box_count; i++)
        if (vd_symbolic_statement_of(t->e->d.p.s, side->boxes[i])->effect == VD_EFFECT_ALLOW &&
            vd_symbolic_reaches(t->e->d.p.s, side->boxes[i], c->representative) && of_layer(t, side->boxes[i], VD_LAYER_IDENTITY))
            return true;
    return false;
}

static vd_code tell_blocks(vd_what *t, blocks *b)
{
    for (uint32_t i = 0; i < b->count && !t->stop; i++) {
        vd_row     row = { .bits = b->at[i].bits, .unknown = b->at[i].unknown.at, .unknown_count = b->at[i].unknown.count };
        vd_blocked out = { .size = sizeof out, .layer = b->layers[i], .deny_count = b->denies[i].count };

        if (!vd_what_narrow(t, &b->at[i]))
            continue;
        row.unknown_count = b->at[i].unknown.count;
        out.denies = vd_what_infos(t, &b->denies[i]);
        if (t->e->d.p.nomem || !vd_row_actions(&row, t->e, &out.actions, &out.patterns))
            return vd_fail_nomem(t->err);
        t->stop = !t->opts.blocked(t->user, &out);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ all of it */

/* What it holds by itself: nobody else's policy is looked at. */
static vd_code prepare(vd_what *t)
{
    vd_arena *arena = &t->e->d.p.arena;
    vd_target target = { .resource = VD_NONE, .role = VD_NONE, .account = VD_NONE };

    t->asked = (vd_asked_call){ .action = VD_S("*"), .resource = VD_NONE, .resources = &t->opts.resource,
                                .resource_count = t->opts.resource.n ? 1 : 0 };
    if (t->opts.service.n && !vd_arena_printf(arena, &t->asked.action, VD_F ":*", VD_A(t->opts.service)))
        return vd_fail_nomem(t->err);
    t->call = (vd_call){ .asked = &t->asked };
    if (t->opts.resource.n)
        target.demands[target.demand_count++] =
            (vd_demand){ vd_symbolic_resource(t->e->d.p.s, &t->opts.resource, 1, &t->e->d.p.nomem), false };
    if (t->e->d.p.nomem || !VD_ARENA_PUSH(arena, t->call.targets.at, t->call.targets.count, t->call.targets.cap, target))
        return vd_fail_nomem(t->err);
    return VD_OK;
}

static vd_code look_at_all(vd_what *t, vd_stand *stand, blocks *b)
{
    static const vd_ways own = { .layers = 1u << VD_LAYER_IDENTITY | 1u << VD_LAYER_BOUNDARY | 1u << VD_LAYER_SCP };
    vd_action_classes classes;

    if (!vd_effective_classes(t->e, &t->call, &classes))
        return vd_prover_failed(&t->e->d.p);
    for (uint32_t i = 0; i < classes.count; i++) {
        const vd_action_class *c = &classes.at[i];
        uint32_t               before = t->held.count;
        bool                   root = t->e->snapshot->nodes[t->who.node].kind == VD_WHO_IS_ROOT;
        vd_finding             found;

        if (!root && !holds(t, c))
            continue;
        if (!vd_stack_focus(t->e->d.sides[1].stack, c->representative, c->reaches, 0))
            return vd_prover_failed(&t->e->d.p);
        if (vd_effective_ask(t->e, c->representative, NULL, 0, &found) != VD_UNSAT) {
            if (!vd_holdings_add(&t->held, t->e, c, &own))
                return vd_prover_failed(&t->e->d.p);
        } else if (t->opts.blocked && before == t->held.count) {
            VD_TRY(find_block(t, b, c, stand));
        }
        if (t->e->d.p.nomem)
            return vd_prover_failed(&t->e->d.p);
    }
    return VD_OK;
}

static vd_code make_policy(vd_what *t)
{
    vd_str text;
    bool   exact;
    char  *own;

    VD_TRY(vd_holdings_policy(&text, &exact, t->e, &t->held, &t->call));
    own = vd_alloc(&t->e->d.p.engine->alloc, text.n + 1);
    if (!own)
        return vd_fail_nomem(t->err);
    memcpy(own, text.p, text.n);
    own[text.n] = 0;
    t->sum.policy = (vd_str){ own, text.n };
    t->sum.flags = exact ? 0 : VD_FLAG_OPERATOR;
    return VD_OK;
}

static vd_code run(vd_what *t)
{
    vd_stand *stand;
    blocks    b = { 0 };

    VD_TRY(prepare(t));
    VD_TRY(vd_effective_admin(&t->sum.admin, t->e, &t->who, t->err));
    stand = vd_stand_find(t->e, &t->who, &t->call.targets.at[0]);
    if (!stand)
        return vd_prover_failed(&t->e->d.p);
    if (stand->broken.n)
        return vd_fail(t->err, VD_EMALFORMED, VD_F ": no decision about this principal", VD_A(stand->broken));
    if (!vd_known_enter(t->e, stand, &t->who, &t->call.targets.at[0], &t->call))
        return vd_prover_failed(&t->e->d.p);
    VD_TRY(look_at_all(t, stand, &b));
    narrow_all(t);
    t->sum.undecided = t->held.undecided + t->held.cut;
    for (uint32_t i = 0; i < t->held.count && !t->stop; i++)
        VD_TRY(tell_holding(t, &t->held.at[i]));
    if (t->opts.blocked && !t->stop)
        VD_TRY(tell_blocks(t, &b));
    if (t->opts.policy && !t->stop)
        VD_TRY(make_policy(t));
    return t->stop ? VD_OK : vd_what_given(t);
}

vd_code vd_what_can(const vd_snapshot *snapshot, vd_str principal, const vd_what_can_opts *opts, vd_permission_fn *tell,
                    void *user, vd_what_can_summary *summary, vd_error *err)
{
    vd_what t = { .tell = tell, .user = user, .err = err, .sum = { .size = sizeof t.sum, .admin = VD_UNKNOWN },
                  .who = { .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE } };
    vd_code code;

    if (!snapshot)
        return vd_fail(err, VD_EINVAL, "there is no snapshot to ask");
    if (opts)
        memcpy(&t.opts, opts, opts->size && opts->size < sizeof t.opts ? opts->size : sizeof t.opts);
    t.who.node = vd_snap_node_find(snapshot, principal);
    if (t.who.node == VD_NONE)
        return vd_fail(err, VD_ENOTFOUND, "\"" VD_F "\" is no principal of the snapshot", VD_A(principal));
    code = vd_effective_new(&t.e, snapshot, &t.opts.prove, err);
    if (code == VD_OK)
        code = run(&t);
    if (t.e)
        t.sum.units = vd_symbolic_units(t.e->d.p.s);
    vd_effective_free(t.e);
    if (summary) {
        size_t size = summary->size && summary->size < sizeof t.sum ? summary->size : sizeof t.sum;

        t.sum.size = size;
        memcpy(summary, &t.sum, size);
    }
    return code;
}

void vd_what_can_free(vd_what_can_summary *summary, const vd_engine *engine)
{
    vd_free(&engine->alloc, (void *)(uintptr_t)summary->policy.p, summary->policy.n ? summary->policy.n + 1 : 0);
    summary->policy = (vd_str){ "", 0 };
}
