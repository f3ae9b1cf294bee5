/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about one principal of a snapshot: its documents against the policy of what it asks for, both known, the rest
 * of the request free.  "No" is a proof; "yes" has been decided by the evaluator when a reason is asked for.
 */
#include "analyze/effective_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ opening */

static vd_code make_everything(vd_effective *e, vd_error *err)
{
    static const vd_kind kinds[] = { VD_KIND_IDENTITY, VD_KIND_SCP };
    static const vd_str  names[] = { VD_L("everything"), VD_L("a guard-rail that is missing") };

    for (size_t i = 0; i < VD_COUNT(kinds); i++)
        VD_TRY(vd_policy_parse(&e->everything[i], e->d.p.engine, kinds[i], names[i],
                               VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"),
                               NULL, err));
    if (!vd_stack_new(&e->anything, e->d.p.s, &e->d.p.arena, VD_SIDE_RESOURCE) ||
        !vd_stack_add(e->anything, e->everything[0], VD_LAYER_IDENTITY, 0))
        return vd_fail_nomem(err);
    vd_stack_claim(e->anything, 1u << VD_LAYER_IDENTITY, VD_SIDE_RESOURCE);
    return VD_OK;
}

vd_code vd_effective_new(vd_effective **out, const vd_snapshot *snapshot, const vd_prove_opts *opts, vd_error *err)
{
    vd_effective *e = vd_alloc0(&snapshot->engine->alloc, sizeof *e);
    vd_code       code;

    *out = e;
    if (!e)
        return vd_fail_nomem(err);
    code = vd_prover_start(&e->d.p, snapshot->engine, opts, NULL, err);
    e->snapshot = snapshot;
    e->d.alone = true;
    if (code == VD_OK)
        code = make_everything(e, err);
    if (code == VD_OK) {
        e->principals = vd_arena_new_array(&e->d.p.arena, uint32_t, (size_t)snapshot->node_count + 1);
        e->masks = vd_arena_new_array(&e->d.p.arena, uint64_t *, ((size_t)snapshot->signature_count + 1) * 4);
        if (!e->principals || !e->masks)
            code = vd_fail_nomem(err);
    }
    if (code != VD_OK) {
        vd_effective_free(e);
        *out = NULL;
    }
    return code;
}

void vd_effective_free(vd_effective *e)
{
    const vd_engine *engine;

    if (!e)
        return;
    engine = e->d.p.engine;
    if (e->at)
        e->at->side = e->d.sides[1];
    for (uint32_t i = 0; i < e->stand_count; i++)
        vd_side_close(&e->d.p, &e->stands[i]->side);
    vd_map_done(&e->stand_map, &engine->alloc);
    vd_map_done(&e->answer_map, &engine->alloc);
    vd_map_done(&e->teller_map, &engine->alloc);
    for (size_t i = 0; i < VD_COUNT(e->everything); i++)
        vd_policy_release(e->everything[i]);
    for (uint32_t i = 0; i < e->known_count; i++)
        vd_request_free(e->known[i]);
    for (uint32_t i = 0; i < e->owned_count; i++)
        vd_policy_release(e->owned[i]);
    vd_prover_close(&e->d.p);
    vd_free(&engine->alloc, e, sizeof *e);
}

uint64_t vd_effective_units(const vd_effective *e)
{
    return vd_symbolic_units(e->d.p.s);
}

/* ------------------------------------------------------------------ questions */

vd_answer vd_effective_ask(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count, vd_finding *out)
{
    out->why = NULL;
    out->answer = vd_differ_ask(&e->d, action, VD_RULES_SOFT_FIRST, demands, count, &out->model, &out->grounds, &out->why);
    return out->answer;
}

/* Requests that could be made at all, of which these are refused (refused NULL: any). */
static vd_answer ask_anything(vd_effective *e, const vd_stack *refused, vd_str action, const vd_demand *demands, uint32_t count,
                              vd_model *model, const char **why)
{
    vd_prover  *p = &e->d.p;
    vd_question q = { .allowed = e->anything, .refused = refused, .action = action, .who = p->who, .account = p->opts.resource_account,
                      .relation = p->relation, .linked = p->linked, .demand_count = p->demand_count + count };
    vd_demand  *all = vd_arena_new_array(&p->arena, vd_demand, (size_t)q.demand_count + 1);
    vd_grounds  grounds;

    *why = "budget";
    if (!all)
        p->nomem = true;
    if (!all || vd_prover_spent(p))
        return VD_UNKNOWN;
    if (p->demand_count)
        memcpy(all, p->demands, p->demand_count * sizeof *all);
    if (count)
        memcpy(all + p->demand_count, demands, count * sizeof *all);
    q.demands = all;
    return vd_question_solve(&q, model, &grounds, why, &p->nomem);
}

vd_answer vd_effective_refused(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count, vd_model *model,
                               const char **why)
{
    return ask_anything(e, e->d.sides[1].stack, action, demands, count, model, why);
}

vd_answer vd_effective_possible(vd_effective *e, vd_str action, const vd_demand *demands, uint32_t count)
{
    const char *why;
    vd_model    model;

    return ask_anything(e, NULL, action, demands, count, &model, &why);
}

bool vd_effective_classes(vd_effective *e, const vd_call *call, vd_action_classes *out)
{
    vd_side         *side = &e->d.sides[1];
    vd_action_class *one;
    vd_action_opts   o = { .only = &call->asked->action, .only_count = 1, .shapes = true, .resources = call->asked->resource_count > 0,
                           .reached = !(e->d.p.who >> VD_ASKER_ROOT & 1u) && !call->asked->always, .future = e->d.p.opts.future_actions,
                           .special = vd_stack_special(side->stack) };

    if (!call->concrete)
        return vd_actions_partition(out, e->d.p.s, side->boxes, side->box_count, &o, &e->d.p.arena);
    one = vd_arena_new(&e->d.p.arena, vd_action_class);
    if (!one)
        return false;
    one->representative = call->asked->action;
    one->count = 1;
    one->kin = VD_NONE;
    one->unknown = vd_catalog_find(e->d.p.catalog, one->representative) == VD_NONE;
    *out = (vd_action_classes){ .at = one, .count = 1 };
    return true;
}

vd_code vd_effective_could(bool *out, vd_effective *e, const vd_identity *who, const vd_target *t, const vd_call *call)
{
    vd_identity       raised = *who;
    vd_stand         *stand;
    vd_action_classes classes;
    vd_finding        found;

    raised.raised = true;
    *out = false;
    stand = vd_stand_find(e, &raised, t);
    if (!stand || !vd_known_enter(e, stand, &raised, t, call) || !vd_effective_classes(e, call, &classes))
        return vd_prover_failed(&e->d.p);
    for (uint32_t i = 0; i < classes.count && !*out && !e->d.p.nomem; i++) {
        if (classes.at[i].reaches && !vd_stack_focus(e->d.sides[1].stack, classes.at[i].representative, classes.at[i].reaches, 0))
            return vd_prover_failed(&e->d.p);
        *out = vd_effective_ask(e, classes.at[i].representative, NULL, 0, &found) != VD_UNSAT;
    }
    return e->d.p.nomem ? vd_prover_failed(&e->d.p) : VD_OK;
}

/* ------------------------------------------------------------------ one call */

typedef struct calling {
    vd_effective *e;
    const vd_call *call;
    bool          reasons;
    vd_can       *out;
} calling;

static void note_unknown(calling *c, const char *why)
{
    c->out->answer = VD_UNKNOWN;
    c->out->flags |= vd_flag_of(why);
}

/* Is it always allowed?  SAT: yes. */
static vd_code ask_always(calling *c, const vd_action_class *class)
{
    const char *why = NULL;
    vd_model    model;

    switch (vd_effective_refused(c->e, class->representative, NULL, 0, &model, &why)) {
    case VD_SAT:
        c->out->answer = VD_UNSAT;
        break;
    case VD_UNKNOWN:
        note_unknown(c, why);
        break;
    default:
        c->out->answer = c->out->answer == VD_UNKNOWN ? VD_UNKNOWN : VD_SAT;
        break;
    }
    return VD_OK;
}

static vd_code ask_class(calling *c, const vd_action_class *class, uint32_t flags)
{
    vd_effective *e = c->e;
    vd_finding    found;

    if (class->reaches && !vd_stack_focus(e->d.sides[1].stack, class->representative, class->reaches, 0))
        return vd_prover_failed(&e->d.p);
    if (c->call->asked->always)
        return ask_always(c, class);
    switch (vd_effective_ask(e, class->representative, NULL, 0, &found)) {
    case VD_UNSAT:
        return VD_OK;
    case VD_UNKNOWN:
        note_unknown(c, found.why);
        return VD_OK;
    default:
        break;
    }
    *c->out = (vd_can){ .answer = VD_SAT, .flags = flags | (found.model.off_catalogue && !class->unknown ? VD_FLAG_OFF_CATALOGUE : 0) |
                                                   (class->unknown ? VD_FLAG_UNKNOWN_ACTION : 0) };
    return c->reasons ? vd_effective_reasons(c->out, e, class->representative, &found, false) : VD_OK;
}

static bool is_settled(const calling *c)
{
    return c->call->asked->always ? c->out->answer == VD_UNSAT : c->out->answer == VD_SAT;
}

static vd_code ask_target(calling *c, const vd_identity *who, const vd_target *t)
{
    vd_effective     *e = c->e;
    vd_stand         *stand = vd_stand_find(e, who, t);
    vd_action_classes classes;
    bool              could;

    if (!stand)
        return vd_prover_failed(&e->d.p);
    c->out->flags |= c->out->answer == VD_SAT ? 0 : stand->flags & ~(uint32_t)VD_FLAG_RESOURCE_POLICY_NOT_GIVEN;
    if (stand->broken.n) {
        c->out->answer = VD_UNKNOWN;
        c->out->why = stand->broken;
        return VD_OK;
    }
    if (!vd_known_enter(e, stand, who, t, c->call) || !vd_effective_classes(e, c->call, &classes))
        return vd_prover_failed(&e->d.p);
    for (uint32_t i = 0; i < classes.count && !(i && is_settled(c)); i++) {
        VD_TRY(ask_class(c, &classes.at[i], stand->flags));
        if (e->d.p.nomem)
            return vd_prover_failed(&e->d.p);
        if (is_settled(c))
            return VD_OK;
    }
    if (stand->lost && c->out->answer == VD_UNSAT && !c->call->asked->always) {
        VD_TRY(vd_effective_could(&could, e, who, t, c->call));
        c->out->answer = could ? VD_UNKNOWN : VD_UNSAT;
        c->out->why = could ? VD_S("a policy that it holds is missing") : (vd_str){ "", 0 };
    }
    return VD_OK;
}

vd_code vd_effective_call(vd_can *out, vd_effective *e, const vd_identity *who, const vd_call *call, bool reasons)
{
    calling c = { .e = e, .call = call, .reasons = reasons, .out = out };

    *out = (vd_can){ .answer = call->asked->always ? VD_SAT : VD_UNSAT };
    for (uint32_t i = 0; i < call->targets.count && !(i && is_settled(&c)); i++)
        VD_TRY(ask_target(&c, who, &call->targets.at[i]));
    if (call->targets.cut && out->answer == (call->asked->always ? VD_SAT : VD_UNSAT)) {
        out->answer = VD_UNKNOWN;
        out->why = VD_S("too many resources match: name fewer");
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ answers that are kept */

static bool is_answer(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_effective *e = ctx;

    return vd_str_eq(e->answers[value].key, *(const vd_str *)wanted);
}

/* Everything that the answer hangs on.  Reasons name the principal. */
static void write_key(vd_buf *b, const vd_effective *e, const vd_identity *who, const vd_asked_call *call, bool reasons)
{
    vd_buf_printf(b, "%u.%d%d%d%d%d%d.%u.%u.%u.%u|", who->node, who->raised, who->uncapped, who->unguarded, who->retagged, reasons, call->always,
                  who->joined, who->adopted, who->dropped, call->resource);
    VD_UNUSED(e);
    vd_buf_printf(b, VD_F, VD_A(call->action));
    for (size_t i = 0; i < call->resource_count; i++)
        vd_buf_printf(b, "\n" VD_F, VD_A(call->resources[i]));
    for (uint32_t i = 0; i < call->context_count; i++) {
        const vd_assumption *a = &call->context[i];

        vd_buf_printf(b, "\t" VD_F "=%d.%zu", VD_A(a->key), a->absent, a->count);
        for (size_t k = 0; k < a->count; k++)
            vd_buf_printf(b, "\n%zu:" VD_F, a->values[k].n, VD_A(a->values[k]));
    }
}

static vd_code keep(vd_effective *e, vd_str key, uint64_t hash, const vd_can *can)
{
    vd_kept_answer a = { .can = *can };

    if (!vd_arena_dup(&e->d.p.arena, &a.key, key) ||
        !VD_ARENA_PUSH(&e->d.p.arena, e->answers, e->answer_count, e->answer_cap, a) ||
        !vd_map_add(&e->answer_map, &e->d.p.engine->alloc, hash, e->answer_count - 1))
        return vd_fail_nomem(e->d.p.err);
    return VD_OK;
}

vd_code vd_effective_can(vd_can *out, vd_effective *e, const vd_identity *who, const vd_asked_call *asked, bool reasons, vd_error *err)
{
    vd_buf   b = vd_buf_on(&e->d.p.engine->alloc, 0);
    vd_call  call;
    vd_code  code = VD_OK;
    uint64_t hash;
    uint32_t at;
    vd_str   key;

    *out = (vd_can){ .answer = VD_UNKNOWN };
    e->d.p.err = err;
    if (reasons || !vd_alike_write(&b, e, who, asked))
        write_key(&b, e, who, asked, reasons);
    if (b.failed || e->d.p.nomem) {
        vd_buf_done(&b);
        return vd_prover_failed(&e->d.p);
    }
    key = vd_buf_str(&b);
    hash = vd_hash(e->d.p.engine->hash_seed, key);
    at = vd_map_find(&e->answer_map, hash, is_answer, e, &key);
    if (at != VD_NONE) {
        *out = e->answers[at].can;
    } else {
        code = vd_call_prepare(&call, e, asked);
        if (code == VD_OK)
            code = vd_effective_call(out, e, who, &call, reasons);
        if (code == VD_OK)
            code = keep(e, key, hash, out);
    }
    vd_buf_done(&b);
    return code;
}

vd_code vd_effective_admin(vd_answer *out, vd_effective *e, const vd_identity *who, vd_error *err)
{
    const vd_snap_node *n = &e->snapshot->nodes[who->node];
    vd_asked_call       asked = { .action = VD_S("iam:*"), .resource_count = 1, .resource = VD_NONE, .always = true };
    vd_str              pattern;
    vd_arn              arn;
    vd_can              can;

    *out = VD_UNSAT;
    if (!vd_effective_may(e, who->node, VD_S("iam:*")))
        return VD_OK;
    if (!vd_arn_split(&arn, n->arn) ||
        !vd_arena_printf(&e->d.p.arena, &pattern, "arn:" VD_F ":iam::" VD_F ":*", VD_A(arn.partition), VD_A(arn.account)))
        return vd_fail_nomem(err);
    asked.resources = &pattern;
    VD_TRY(vd_effective_can(&can, e, who, &asked, false, err));
    *out = can.answer;
    return VD_OK;
}
