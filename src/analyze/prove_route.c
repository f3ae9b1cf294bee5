/* SPDX-License-Identifier: Apache-2.0
 *
 * A way told: every call of every step is asked once more, for the statements that allow it, for what it needs, and for a
 * request that the evaluator allows.
 */
#include "analyze/pathing.h"

#include "base/buf.h"
#include "base/error.h"
#include "base/sha256.h"
#include "base/str.h"

typedef struct telling {
    vd_pathing  *x;
    vd_arena    *arena;
    vd_route     *out;
    vd_required *required;
    uint32_t     required_count, required_cap;
} telling;

/* ------------------------------------------------------------------ who */

static vd_str adopted_name(const vd_pathing *x, uint32_t doc)
{
    const vd_snapshot *s = x->snapshot;

    for (uint32_t i = 0; i < s->managed_count; i++) {
        if (s->managed[i].doc == doc)
            return s->managed[i].arn;
        for (uint32_t k = 0; k < s->managed[i].versions.count; k++)
            if (s->versions[s->managed[i].versions.first + k].doc == doc)
                return s->managed[i].arn;
    }
    return s->docs[doc].policy ? s->docs[doc].policy->name : VD_S("a policy");
}

static vd_route_who who_of(const vd_pathing *x, uint32_t state)
{
    const vd_state_of *of = &x->states[state];
    vd_route_who        w = { .raised = of->who.raised, .uncapped = of->who.uncapped, .unguarded = of->who.unguarded,
                                .retagged = of->who.retagged };

    if (of->kind == VD_STATE_OUTSIDE) {
        w.arn = x->opts.from;
        return w;
    }
    if (of->kind == VD_STATE_GOAL) {
        w.arn = x->opts.to;
        return w;
    }
    w.made = of->kind == VD_STATE_MADE;
    w.arn = x->snapshot->nodes[of->who.node].arn;
    if (of->who.joined != VD_NONE)
        w.joined = x->snapshot->groups[of->who.joined].arn;
    if (of->who.adopted != VD_NONE)
        w.adopted = adopted_name(x, of->who.adopted);
    if (of->who.dropped != VD_NONE)
        w.dropped = adopted_name(x, of->who.dropped);
    return w;
}

/* ------------------------------------------------------------------ requirements */

static bool same_required(const vd_required *a, const vd_required *b)
{
    if (!vd_str_ieq(a->key, b->key) || !vd_str_eq(a->operator_name, b->operator_name) || !vd_str_eq(a->must, b->must) || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!vd_str_eq(a->values[i], b->values[i]))
            return false;
    return true;
}

static bool require(telling *t, const vd_required *at, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool there = false;

        for (uint32_t k = 0; k < t->required_count && !there; k++)
            there = same_required(&t->required[k], &at[i]);
        if (!there && !VD_ARENA_PUSH(t->arena, t->required, t->required_count, t->required_cap, at[i]))
            return false;
    }
    return true;
}

/* The same principal cannot have two values of one tag. */
static bool contradict(const vd_route_call *a, const vd_route_call *b)
{
    for (size_t i = 0; i < a->require_count; i++)
        for (size_t k = 0; k < b->require_count; k++) {
            const vd_required *p = &a->requirements[i], *q = &b->requirements[k];

            if (vd_str_istarts(p->key, VD_S("aws:PrincipalTag/")) && vd_str_ieq(p->key, q->key) && p->count == 1 && q->count == 1 &&
                vd_str_eq(p->operator_name, VD_S("StringEquals")) && vd_str_eq(q->operator_name, VD_S("StringEquals")) &&
                !vd_str_eq(p->values[0], q->values[0]))
                return true;
        }
    return false;
}

static bool contradicts(const vd_route *path)
{
    for (size_t i = 0; i < path->step_count; i++)
        for (size_t k = 0; k <= i; k++)
            for (size_t a = 0; a < path->steps[i].call_count; a++)
                for (size_t b = 0; b < path->steps[k].call_count; b++) {
                    const vd_route_call *p = &path->steps[i].calls[a], *q = &path->steps[k].calls[b];

                    if (vd_str_eq(path->steps[i].callers[p->caller].arn, path->steps[k].callers[q->caller].arn) && contradict(p, q))
                        return true;
                }
    return false;
}

/* ------------------------------------------------------------------ calls */

static vd_code prove(telling *t, vd_route_call *out, uint32_t state, const vd_asked_call *asked)
{
    vd_pathing *x = t->x;
    vd_can      can;

    VD_TRY(vd_effective_can(&can, x->effective, &x->states[state].who, asked, true, x->err));
    if (can.answer == VD_UNSAT)
        return vd_fail(x->err, VD_EINTERNAL, "self-check failed: a call that was possible is not any more");
    out->granting = can.granting;
    out->granting_count = can.granting_count;
    out->requirements = can.requirements;
    out->require_count = can.require_count;
    out->flags = can.flags;
    out->witness = can.answer == VD_SAT ? can.witness : NULL;
    if (can.answer == VD_UNKNOWN)
        out->flags |= can.flags & VD_FLAG_POTENTIAL ? 0 : VD_FLAG_BUDGET;
    return require(t, can.requirements, can.require_count) ? VD_OK : vd_fail_nomem(x->err);
}

static vd_code prove_call(telling *t, vd_route_call *out, uint32_t state, const vd_way_call *call, const vd_binding *b)
{
    vd_pathing    *x = t->x;
    uint32_t       alt = 0, flags, pin_count, self = x->states[state].who.node;
    vd_assumption *pins;
    vd_asked_call  asked = { .resource = VD_NONE };

    if (vd_call_possible(x, state, call, b, &alt, &flags) == VD_UNSAT)
        return vd_pathing_failed(x) != VD_OK ? x->failed
                                             : vd_fail(x->err, VD_EINTERNAL, "self-check failed: " VD_F " was possible and is not any more",
                                                       VD_A(call->alts[0].action));
    out->action = asked.action = call->alts[alt].action;
    vd_target_of(x, &out->resource, &call->alts[alt], b, self, t->arena);
    if (!vd_pins_of(x, &pins, &pin_count, call, b, t->arena) || x->nomem)
        return vd_fail_nomem(x->err);
    asked.resources = &out->resource;
    asked.resource_count = out->resource.n > 0;
    asked.context = pins;
    asked.context_count = pin_count;
    if (b->thing != VD_NONE && vd_str_eq(out->resource, x->snapshot->resources[b->thing].arn))
        asked.resource = b->thing;
    return prove(t, out, state, &asked);
}

static vd_code prove_calls(telling *t, vd_route_step *step, const vd_edge *e, const vd_way *w, const vd_binding *b)
{
    vd_route_call *calls = vd_arena_new_array(t->arena, vd_route_call, w->call_count + 1);

    if (!calls)
        return vd_fail_nomem(t->x->err);
    for (uint32_t i = 0; i < w->call_count; i++) {
        vd_route_call *out = &calls[step->call_count];

        if (w->calls[i].optional)
            continue;
        out->caller = w->calls[i].group;
        VD_TRY(prove_call(t, out, e->tails[w->calls[i].group], &w->calls[i], b));
        step->flags |= out->flags;
        step->call_count++;
    }
    step->calls = calls;
    return VD_OK;
}

static vd_code outside_calls(telling *t, vd_route_step *step, const vd_edge *e, const vd_binding *b)
{
    vd_pathing   *x = t->x;
    vd_route_call *call = vd_arena_new(t->arena, vd_route_call);
    uint32_t      at = 0;

    while (at < x->outside_count && x->outsides[at].binding != e->binding)
        at++;
    if (!call || at == x->outside_count)
        return vd_fail_nomem(x->err);
    *call = (vd_route_call){ .action = x->outsides[at].action, .resource = x->snapshot->nodes[b->node].arn,
                            .granting = x->outsides[at].sources, .granting_count = x->outsides[at].source_count,
                            .requirements = x->outsides[at].requirements, .require_count = x->outsides[at].require_count,
                            .flags = x->outsides[at].flags, .witness = x->outsides[at].witness };
    step->calls = call;
    step->call_count = 1;
    step->flags |= call->flags;
    return require(t, call->requirements, call->require_count) ? VD_OK : vd_fail_nomem(x->err);
}

static vd_code use_call(telling *t, vd_route_step *step, const vd_edge *e)
{
    vd_pathing   *x = t->x;
    vd_route_call *call = vd_arena_new(t->arena, vd_route_call);
    vd_asked_call asked = { .action = x->goal_action, .resources = &x->goal_resource, .resource_count = x->goal_resource.n > 0,
                            .resource = VD_NONE };

    if (!call)
        return vd_fail_nomem(x->err);
    call->action = x->goal_action;
    call->resource = x->goal_resource;
    step->calls = call;
    step->call_count = 1;
    VD_TRY(prove(t, call, e->tails[0], &asked));
    step->flags |= call->flags;
    return VD_OK;
}

/* ------------------------------------------------------------------ facts */

static vd_code say_facts(telling *t, vd_route_step *step, const vd_edge *e, const vd_way *w, const vd_binding *b)
{
    vd_pathing   *x = t->x;
    uint32_t      self = x->states[e->tails[0]].kind == VD_STATE_OUTSIDE ? VD_NONE : x->states[e->tails[0]].who.node;
    vd_route_fact *facts = vd_arena_new_array(t->arena, vd_route_fact, w->fact_count + 1);

    if (!facts)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < w->fact_count; i++) {
        vd_route_fact *f = &facts[step->fact_count];

        if (w->facts[i].fact == VD_FACT_TRUSTS && w->facts[i].args[1].target == VD_ON_SELF)
            continue; /* the call says it */
        f->name = vd_fact_name(w->facts[i].fact);
        f->certain = (int32_t)vd_fact_holds(x, &w->facts[i], b, self);
        VD_TRY(vd_pathing_failed(x));
        if (!vd_fact_say(x, &f->text, &w->facts[i], b, self, t->arena))
            return vd_fail_nomem(x->err);
        step->flags |= f->certain == VD_CERTAIN_NOBODY_SAID ? VD_FLAG_INVENTORY : 0;
        step->fact_count++;
    }
    step->facts = facts;
    return VD_OK;
}

/* ------------------------------------------------------------------ steps */

static vd_code tell_step(telling *t, vd_route_step *step, const vd_edge *e)
{
    vd_pathing  *x = t->x;
    vd_route_who *callers = vd_arena_new_array(t->arena, vd_route_who, e->tail_count + 1);

    if (!callers)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < e->tail_count; i++)
        callers[i] = who_of(x, e->tails[i]);
    *step = (vd_route_step){ .callers = callers, .caller_count = e->tail_count, .becomes = who_of(x, e->state), .flags = e->flags };
    if (e->binding == VD_NONE) {
        step->technique = VD_S("use");
        step->class_name = VD_S("goal");
        step->result = "reach";
        return use_call(t, step, e);
    }
    {
        const vd_binding b = x->bindings[e->binding];
        const vd_way    *w = &x->ways.at[b.way];

        step->technique = w->id;
        step->class_name = w->class_name;
        step->undo = w->undo;
        step->result = vd_result_name(w->result);
        step->flags |= w->potential ? VD_FLAG_INVENTORY : 0;
        VD_TRY(say_facts(t, step, e, w, &b));
        return x->states[e->tails[0]].kind == VD_STATE_OUTSIDE ? outside_calls(t, step, e, &b) : prove_calls(t, step, e, w, &b);
    }
}

static void put_who(vd_buf *b, const vd_route_who *w)
{
    vd_buf_printf(b, VD_F "|%d%d%d%d%s|" VD_F "|" VD_F "|" VD_F "\n", VD_A(w->arn), w->made, w->raised, w->uncapped, w->unguarded,
                  w->retagged ? "t" : "", VD_A(w->joined),
                  VD_A(w->adopted), VD_A(w->dropped));
}

static bool make_id(telling *t)
{
    vd_route   *p = t->out;
    vd_buf     b = vd_buf_on(&t->x->engine->alloc, 0);
    char       hex[17];
    bool       ok;

    put_who(&b, &p->from);
    for (size_t i = 0; i < p->step_count; i++) {
        vd_buf_printf(&b, VD_F "\n", VD_A(p->steps[i].technique));
        put_who(&b, &p->steps[i].becomes);
    }
    vd_sha256_hex(hex, 16, vd_buf_str(&b));
    ok = !b.failed && vd_arena_printf(t->arena, &p->id, "p-%s", hex);
    vd_buf_done(&b);
    return ok;
}

static int32_t severity_of(const vd_route *p)
{
    bool sure = !(p->flags & VD_FLAG_POTENTIAL), plain = true;

    for (size_t i = 0; i < p->step_count; i++)
        plain = plain && vd_str_eq(p->steps[i].technique, VD_S("assume-role"));
    if (p->admin)
        return sure ? VD_ACCESS_HIGH : VD_ACCESS_MEDIUM;
    return sure && !plain ? VD_ACCESS_MEDIUM : VD_ACCESS_LOW;
}

vd_code vd_route_prove(vd_pathing *x, const vd_found_path *found, vd_route *out, bool *contradicting)
{
    telling       t = { .x = x, .arena = &x->arena, .out = out };
    vd_route_step *steps = vd_arena_new_array(t.arena, vd_route_step, found->count + 1);

    if (!steps)
        return vd_fail_nomem(x->err);
    *out = (vd_route){ .size = sizeof *out, .from = who_of(x, found->start), .to = who_of(x, found->goal), .steps = steps,
                      .step_count = found->count };
    for (uint32_t i = 0; i < found->count; i++) {
        VD_TRY(tell_step(&t, &steps[i], &found->edges[i]));
        out->flags |= steps[i].flags;
    }
    out->admin = vd_is_admin(x, found->goal) == VD_CERTAIN_YES;
    out->requirements = t.required;
    out->require_count = t.required_count;
    out->severity = severity_of(out);
    *contradicting = contradicts(out);
    VD_TRY(vd_pathing_failed(x));
    return make_id(&t) ? VD_OK : vd_fail_nomem(x->err);
}
