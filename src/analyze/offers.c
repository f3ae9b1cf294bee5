/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody can do with which way.  Principals that hold the same share what does not look at themselves; whatever can
 * be told without a question is told so.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"

vd_code vd_pathing_failed(vd_pathing *x)
{
    if (x->failed == VD_OK && x->nomem)
        x->failed = vd_fail_nomem(x->err);
    return x->failed;
}

/* What is the same for all who go a way, looked up once. */
static bool is_own(const vd_way *w)
{
    for (uint32_t i = 0; i < w->call_count; i++)
        for (uint32_t k = 0; k < w->calls[i].alt_count; k++)
            if (w->calls[i].alts[k].target == VD_ON_SELF || vd_str_istarts(w->calls[i].alts[k].action, VD_S("sts:")))
                return true;
    for (uint32_t i = 0; i < w->fact_count; i++)
        for (uint32_t k = 0; k < w->facts[i].arg_count; k++)
            if (w->facts[i].args[k].target == VD_ON_SELF)
                return true;
    return w->gains.target == VD_ON_SELF;
}

void vd_offers_open(vd_pathing *x)
{
    static const vd_str likely[] = { VD_L("iam:PutUserPolicy"), VD_L("iam:CreatePolicyVersion"), VD_L("iam:PassRole") };

    for (size_t i = 0; i < VD_COUNT(likely); i++)
        x->likely[i] = vd_effective_action(x->effective, likely[i]);
    for (uint32_t i = 0; i < x->ways.count; i++) {
        vd_way *w = &x->ways.at[i];

        w->own = is_own(w);
        for (uint32_t k = 0; k < w->bound_count; k++)
            w->things |= w->bounds[k].kind == VD_BOUND_THING || w->bounds[k].kind == VD_BOUND_RESOURCE;
        for (uint32_t k = 0; k < w->call_count; k++)
            for (uint32_t a = 0; a < w->calls[k].alt_count; a++)
                w->calls[k].alts[a].id = vd_effective_action(x->effective, w->calls[k].alts[a].action);
    }
}

/* ------------------------------------------------------------------ one call */

/* Masks are those of principals as they are in the snapshot. */
static bool as_it_is(const vd_identity *who)
{
    return !who->raised && !who->uncapped && !who->unguarded && !who->retagged && who->joined == VD_NONE && who->adopted == VD_NONE && who->dropped == VD_NONE;
}

/* A policy of the target may let somebody in who holds nothing. */
static bool target_is_open(vd_pathing *x, uint32_t node, const vd_way_call_alt *alt, const vd_binding *b)
{
    bool named = false;

    if (b->thing != VD_NONE && x->snapshot->resources[b->thing].doc != VD_NONE)
        return true;
    if (!vd_str_ieq(alt->action, VD_S("sts:AssumeRole")) || b->node == VD_NONE)
        return false;
    return vd_trusts_maybe(x, b->node, node, &named) && named;
}

/* Actions of the catalogue have been looked up before. */
static bool may_call(vd_pathing *x, uint32_t node, const vd_way_call_alt *alt)
{
    return alt->id == VD_NONE ? vd_effective_may(x->effective, node, alt->action) : vd_effective_may_id(x->effective, node, alt->id);
}

/* False is a proof that it cannot be done. */
static bool may(vd_pathing *x, const vd_identity *who, const vd_way_call_alt *alt, vd_str target, const vd_binding *b)
{
    if (!as_it_is(who))
        return true;
    return may_call(x, who->node, alt) &&
           (target_is_open(x, who->node, alt, b) || vd_sieve_may(x, who->node, alt->action, target));
}

static vd_answer ask(vd_pathing *x, const vd_identity *who, const vd_way_call *call, const vd_way_call_alt *alt, const vd_binding *b,
                     uint32_t *flags)
{
    vd_str        target;
    vd_asked_call asked = { .action = alt->action, .resources = &target, .resource = VD_NONE };
    vd_assumption *pins;
    uint32_t      pin_count;
    vd_can        can = { .answer = VD_UNSAT };

    if (!vd_target_of(x, &target, alt, b, who->node, &x->scratch) || !may(x, who, alt, target, b))
        return VD_UNSAT;
    if (!vd_pins_of(x, &pins, &pin_count, call, b, &x->scratch)) {
        x->nomem = true;
        return VD_UNSAT;
    }
    asked.resource_count = target.n > 0;
    asked.context = pins;
    asked.context_count = pin_count;
    if (b->thing != VD_NONE && vd_str_eq(target, x->snapshot->resources[b->thing].arn))
        asked.resource = b->thing;
    x->failed = vd_effective_can(&can, x->effective, who, &asked, false, x->err);
    if (x->failed != VD_OK || (can.answer == VD_SAT && can.flags & VD_FLAG_OFF_CATALOGUE && target.n))
        return VD_UNSAT; /* iam:AttachUserPolicy on a role */
    *flags = can.answer == VD_UNSAT ? 0 : can.flags;
    return can.answer;
}

vd_answer vd_call_possible(vd_pathing *x, uint32_t state, const vd_way_call *call, const vd_binding *b, uint32_t *alt, uint32_t *flags)
{
    vd_identity who = x->states[state].who;
    vd_answer   best = VD_UNSAT;

    *flags = 0;
    for (uint32_t i = 0; i < call->alt_count && vd_pathing_failed(x) == VD_OK; i++) {
        uint32_t  own = 0;
        vd_answer answer = ask(x, &who, call, &call->alts[i], b, &own);

        if (answer == VD_UNSAT || (best != VD_UNSAT && answer != VD_SAT))
            continue;
        best = answer;
        *alt = i;
        *flags = own;
        if (answer == VD_SAT && !(own & VD_FLAG_POTENTIAL))
            break;
    }
    return best;
}

/* ------------------------------------------------------------------ a way, as far as somebody can go it */

typedef struct offering {
    vd_pathing *x;
    vd_offers  *out;
    uint32_t    state;
    uint32_t    groups; /* that come into question */
    bool        own;    /* of what looks at the principal itself; else of what does not */
} offering;

/* Does every call of the group have an action that is not ruled out? */
static uint32_t possible_groups(vd_pathing *x, uint32_t state, const vd_way *w)
{
    const vd_identity *who = &x->states[state].who;
    uint32_t           groups = (1u << w->group_count) - 1;

    for (uint32_t i = 0; i < w->call_count && as_it_is(who); i++) {
        bool any = w->calls[i].optional;

        for (uint32_t k = 0; k < w->calls[i].alt_count && !any; k++)
            any = may_call(x, who->node, &w->calls[i].alts[k]);
        if (!any)
            groups &= ~(1u << w->calls[i].group);
    }
    return groups;
}

static bool quick(vd_pathing *x, uint32_t state, const vd_way *w, uint32_t group, const vd_binding *b)
{
    const vd_identity who = x->states[state].who;

    for (uint32_t i = 0; i < w->call_count; i++) {
        bool any = w->calls[i].optional || w->calls[i].group != group;

        for (uint32_t k = 0; k < w->calls[i].alt_count && !any; k++) {
            vd_str target;

            any = vd_target_of(x, &target, &w->calls[i].alts[k], b, who.node, &x->scratch) && may(x, &who, &w->calls[i].alts[k], target, b);
        }
        if (!any)
            return false;
    }
    return true;
}

static bool facts_hold(vd_pathing *x, const vd_way *w, const vd_binding *b, uint32_t self, vd_offer *offer)
{
    for (uint32_t i = 0; i < w->fact_count; i++) {
        vd_certain c = vd_fact_holds(x, &w->facts[i], b, self);

        if (c == VD_CERTAIN_NO)
            return false;
        if (c == VD_CERTAIN_NOBODY_SAID) {
            offer->flags |= VD_FLAG_INVENTORY;
            offer->unsure = true;
        }
    }
    return true;
}

typedef struct shared_key {
    vd_identity who; /* node: the signature, or the node itself */
    uint32_t    account, kind;
} shared_key;

static shared_key key_of(const vd_pathing *x, uint32_t state);
static uint64_t   hash_of(const vd_pathing *x, const shared_key *key);

/* A call as a number, by whom it is shared and what it is about: the same in every share of the work. */
static void note_undecided(vd_pathing *x, uint32_t state, bool own, const vd_binding *b, uint32_t call)
{
    const shared_key key = key_of(x, state);
    struct {
        uint64_t   who;
        vd_binding b;
        uint32_t   call, node;
    } all;

    x->sum.undecided++;
    if (!x->opts.undecided)
        return;
    memset(&all, 0, sizeof all);
    all.who = hash_of(x, &key);
    all.b = *b;
    all.call = call;
    all.node = own ? x->states[state].who.node : VD_NONE;
    x->opts.undecided(x->user, vd_hash(x->engine->hash_seed, (vd_str){ (const char *)&all, sizeof all }));
}

static bool group_can(offering *o, const vd_way *w, uint32_t group, const vd_binding *b, vd_offer *offer)
{
    vd_pathing *x = o->x;
    uint32_t    state = o->state;

    for (uint32_t i = 0; i < w->call_count; i++) {
        uint32_t  alt = 0, flags = 0;
        vd_answer answer;

        if (w->calls[i].optional || w->calls[i].group != group)
            continue;
        answer = vd_call_possible(x, state, &w->calls[i], b, &alt, &flags);
        if (answer == VD_UNSAT)
            return false;
        offer->flags |= flags & VD_FLAG_POTENTIAL;
        offer->unsure |= (flags & VD_FLAG_POTENTIAL) != 0 || answer == VD_UNKNOWN;
        if (answer == VD_UNKNOWN)
            note_undecided(x, state, o->own, b, i);
    }
    return true;
}

static bool looks_at_self(const vd_pathing *x, const vd_way *w, const vd_binding *b)
{
    return w->own || (b->thing != VD_NONE && x->snapshot->resources[b->thing].doc != VD_NONE);
}

static bool offer_binding(vd_pathing *x, const vd_binding *b, void *user)
{
    offering     *o = user;
    const vd_way *w = &x->ways.at[b->way];
    uint32_t      self = x->states[o->state].who.node, groups = 0;
    vd_offer      offer = { .unsure = w->potential };

    if (looks_at_self(x, w, b) != o->own)
        return true;
    for (uint32_t g = 0; g < w->group_count; g++)
        if (o->groups & 1u << g && quick(x, o->state, w, g, b))
            groups |= 1u << g;
    if (!groups || !facts_hold(x, w, b, self, &offer))
        return vd_pathing_failed(x) == VD_OK;
    for (uint32_t g = 0; g < w->group_count; g++) {
        vd_offer one = offer;

        if (!(groups & 1u << g) || !group_can(o, w, g, b, &one))
            continue;
        one.groups = 1u << g;
        one.binding = vd_binding_add(x, b);
        if (one.binding == VD_NONE || !VD_ARENA_PUSH(&x->arena, o->out->at, o->out->count, o->out->cap, one))
            x->nomem = true;
    }
    vd_arena_reset(&x->scratch);
    return vd_pathing_failed(x) == VD_OK;
}

/* Ways that only change what one is: of no use to somebody who holds everything there is. */
static bool is_of_use(const vd_pathing *x, const vd_way *w)
{
    if (w->result == VD_RESULT_MEETS)
        return false;
    if (w->result == VD_RESULT_REACH)
        return x->goal_action.n > 0;
    for (uint32_t i = 0; i < w->fact_count; i++)
        if (w->facts[i].fact == VD_FACT_EXPOSED)
            return false; /* for those outside */
    return true;
}

static bool make_offers(vd_pathing *x, uint32_t state, bool own, vd_offers *out)
{
    offering o = { .x = x, .out = out, .state = state, .own = own };

    for (uint32_t i = 0; i < x->ways.count && vd_pathing_failed(x) == VD_OK; i++) {
        const vd_way *w = &x->ways.at[i];

        if (!is_of_use(x, w) || (own ? !w->own && !w->things : w->own))
            continue;
        o.groups = possible_groups(x, state, w);
        if (o.groups)
            vd_bindings_each(x, i, x->states[state].who.node, offer_binding, &o);
    }
    out->made = true;
    return vd_pathing_failed(x) == VD_OK;
}

/* ------------------------------------------------------------------ shared by those who hold the same */

static bool doc_reads(const vd_pathing *x, uint32_t doc)
{
    return doc != VD_NONE && x->snapshot->docs[doc].reads_principal;
}

/* Does what guards an account look at who asks? */
static bool chain_reads(const vd_pathing *x, uint32_t chain)
{
    const vd_snapshot *s = x->snapshot;

    for (uint32_t i = 0; chain != VD_NONE && i < s->chains[chain].levels.count; i++) {
        vd_snap_range docs = s->levels[s->chains[chain].levels.first + i].docs;

        for (uint32_t k = 0; k < docs.count; k++)
            if (doc_reads(x, s->unit_docs[docs.first + k]))
                return true;
    }
    return false;
}

static bool reads_principal(const vd_pathing *x, uint32_t node)
{
    const vd_snapshot  *s = x->snapshot;
    const vd_snap_node *n = &s->nodes[node];

    for (uint32_t i = 0; i < n->held.count; i++)
        if (doc_reads(x, s->held[n->held.first + i].doc))
            return true;
    return doc_reads(x, n->boundary) || chain_reads(x, s->accounts[n->account].scp) || chain_reads(x, s->accounts[n->account].rcp);
}

struct shared_offers {
    shared_key key;
    vd_offers  offers;
};
typedef struct shared_offers shared_offers;

static bool is_shared(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_pathing *x = ctx;
    const shared_key *a = &x->shared[value]->key, *b = wanted;

    return a->who.node == b->who.node && a->who.raised == b->who.raised && a->who.uncapped == b->who.uncapped &&
           a->who.unguarded == b->who.unguarded && a->who.retagged == b->who.retagged && a->who.joined == b->who.joined && a->who.adopted == b->who.adopted &&
           a->who.dropped == b->who.dropped && a->account == b->account && a->kind == b->kind;
}

static shared_key key_of(const vd_pathing *x, uint32_t state)
{
    const vd_state_of *s = &x->states[state];
    bool               alone = reads_principal(x, s->who.node);
    shared_key         key = { s->who, s->account, alone ? 4u : (x->snapshot->nodes[s->who.node].kind == VD_WHO_IS_ROOT) * 2u + vd_snap_exempt(x->snapshot, s->who.node) };

    if (!alone)
        key.who.node = x->snapshot->nodes[s->who.node].signature;
    return key;
}

static uint64_t hash_of(const vd_pathing *x, const shared_key *key)
{
    const vd_identity *w = &key->who;
    uint32_t           words[6] = { w->node * 16 + w->retagged * 8u + w->raised * 4u + w->uncapped * 2u + w->unguarded, w->joined, w->adopted, w->dropped,
                                    key->account, key->kind };

    return vd_hash(x->engine->hash_seed, (vd_str){ (const char *)words, sizeof words });
}

const vd_offers *vd_offers_shared(vd_pathing *x, uint32_t state)
{
    const shared_key key = key_of(x, state);
    uint64_t         hash = hash_of(x, &key);
    uint32_t         at = vd_map_find(&x->shared_map, hash, is_shared, x, &key);
    shared_offers   *made;

    if (at != VD_NONE)
        return &x->shared[at]->offers;
    made = vd_arena_new(&x->arena, shared_offers);
    if (!made || !VD_ARENA_PUSH(&x->arena, x->shared, x->shared_count, x->shared_cap, made) ||
        !vd_map_add(&x->shared_map, &x->engine->alloc, hash, x->shared_count - 1)) {
        x->nomem = true;
        return NULL;
    }
    made->key = key;
    return make_offers(x, state, false, &made->offers) ? &made->offers : NULL;
}

const vd_offers *vd_offers_of(vd_pathing *x, uint32_t state)
{
    vd_offers own = { 0 };

    if (x->offers[state].made)
        return &x->offers[state];
    if (!make_offers(x, state, true, &own))
        return NULL;
    x->offers[state] = own;
    return &x->offers[state];
}

/* ------------------------------------------------------------------ administrators */

/* Everything of IAM, on everything of the account (analysis 9.6), for somebody who says where and how he asks as he likes.
 * One refusal is told sooner than that there is none. */
static vd_certain is_admin(vd_pathing *x, const vd_state_of *s)
{
    static const vd_str yes = VD_L("true");
    const vd_assumption chosen[] = { { .key = VD_S("aws:MultiFactorAuthPresent"), .values = &yes, .count = 1 },
                                     { .key = VD_S("aws:SecureTransport"), .values = &yes, .count = 1 } };
    bool                root = x->snapshot->nodes[s->who.node].kind == VD_WHO_IS_ROOT;
    vd_can              can = { .answer = VD_UNKNOWN };
    vd_str              arns;
    vd_asked_call       asked = { .action = VD_S("iam:*"), .resources = &arns, .resource_count = 1, .resource = VD_NONE, .context = chosen,
                                  .context_count = root ? 0 : VD_COUNT(chosen), .always = true };

    for (size_t i = 0; i < VD_COUNT(x->likely); i++)
        if (as_it_is(&s->who) && !vd_effective_may_id(x->effective, s->who.node, x->likely[i]))
            return VD_CERTAIN_NO;
    if (!vd_expand(x, &arns, VD_S("arn:${partition}:iam::${account}:*"), s->account, &x->arena)) {
        x->nomem = true;
        return VD_CERTAIN_NO;
    }
    x->failed = vd_effective_can(&can, x->effective, &s->who, &asked, false, x->err);
    return x->failed != VD_OK || can.answer == VD_UNSAT ? VD_CERTAIN_NO : can.answer == VD_SAT ? VD_CERTAIN_YES : VD_CERTAIN_NOBODY_SAID;
}

vd_certain vd_is_admin(vd_pathing *x, uint32_t state)
{
    const vd_state_of s = x->states[state];

    if (s.kind != VD_STATE_SOMEBODY && s.kind != VD_STATE_MADE)
        return VD_CERTAIN_NO;
    if (!x->admin[state])
        x->admin[state] = (uint8_t)(1 + is_admin(x, &s));
    return (vd_certain)(x->admin[state] - 1);
}

/* ------------------------------------------------------------------ goals */

static vd_certain does_goal(vd_pathing *x, uint32_t state)
{
    const vd_state_of  *s = &x->states[state];
    vd_can              can = { .answer = VD_UNSAT };
    const vd_asked_call asked = { .action = x->goal_action, .resources = &x->goal_resource, .resource_count = x->goal_resource.n > 0,
                                  .resource = VD_NONE };

    if (as_it_is(&s->who) && !vd_effective_may(x->effective, s->who.node, x->goal_action))
        return VD_CERTAIN_NO;
    x->failed = vd_effective_can(&can, x->effective, &s->who, &asked, false, x->err);
    if (x->failed != VD_OK || can.answer == VD_UNSAT || can.flags & VD_FLAG_OFF_CATALOGUE)
        return VD_CERTAIN_NO;
    return can.answer == VD_SAT ? VD_CERTAIN_YES : VD_CERTAIN_NOBODY_SAID;
}

vd_certain vd_meets_goal(vd_pathing *x, uint32_t state)
{
    const vd_state_of *s = &x->states[state];

    if (s->kind == VD_STATE_GOAL)
        return VD_CERTAIN_YES;
    if (s->kind == VD_STATE_OUTSIDE)
        return VD_CERTAIN_NO;
    if (x->goal_admin)
        return vd_is_admin(x, state);
    if (x->goal_node != VD_NONE)
        return s->kind == VD_STATE_SOMEBODY && s->who.node == x->goal_node ? VD_CERTAIN_YES : VD_CERTAIN_NO;
    if (!x->goal_action.n)
        return s->kind == VD_STATE_SOMEBODY || s->kind == VD_STATE_MADE ? VD_CERTAIN_YES : VD_CERTAIN_NO;
    if (!x->goal_met[state])
        x->goal_met[state] = (uint8_t)(1 + does_goal(x, state));
    return (vd_certain)(x->goal_met[state] - 1);
}
