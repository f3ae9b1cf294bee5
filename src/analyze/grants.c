/* SPDX-License-Identifier: Apache-2.0
 *
 * Is an action granted on a resource, to anybody at all?  Asked as a diff against nothing.
 */
#include "analyze/action_sets.h"
#include "analyze/differ.h"
#include "analyze/opposite.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/template.h"

enum { NAME_ROOM = 256 };

typedef struct granter {
    vd_differ         d;
    vd_grants_opts    opts;
    vd_grant_fn      *tell;
    void             *user;
    vd_grants_summary sum;
    bool              stop;
    uint32_t          fixed; /* demands of every question */
} granter;

/* ------------------------------------------------------------------ without conditions */

/* Nobody's choice: what AWS assigns, what a provider claims, where one is, what one is told in secret. */
static bool is_given(const granter *g, vd_str key)
{
    static const char *const classes[] = { "assigned", "network", "claim", "secret" };
    const char              *control = vd_required_control(g->d.p.catalog, key);

    for (size_t i = 0; i < VD_COUNT(classes); i++)
        if (strcmp(control, classes[i]) == 0)
            return true;
    return false;
}

/* Values that name something; the rest is what anybody has. */
static uint32_t names(const vd_entry *e, vd_str *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str text = e->values.at[i].text;

        if (!vd_str_eq(text, VD_S("*")) && !vd_str_eq(text, VD_S("0.0.0.0/0")) && !vd_str_eq(text, VD_S("::/0")) &&
            !vd_template_has_parts(text))
            out[n++] = text;
    }
    return n;
}

/* The operator that says yes to these values. */
static const char *positive(vd_arena *arena, const vd_entry *e, bool many)
{
    const vd_operator *op = e->op.op;
    vd_str             text;

    for (size_t i = 0; i < vd_operator_count && op->negated; i++)
        if (vd_operators[i].test == op->test && !vd_operators[i].negated && vd_operators[i].variables == op->variables)
            op = &vd_operators[i];
    return vd_arena_printf(arena, &text, "%s" VD_F, many ? "ForAnyValue:" : "", VD_A(op->name)) ? text.p : NULL;
}

static void deny_entry(granter *g, const vd_entry *e)
{
    vd_prover  *p = &g->d.p;
    vd_str     *values = vd_arena_new_array(&p->arena, vd_str, e->values.count + 1);
    bool        many = e->op.quantifier != VD_FOR_ONE || vd_key_arity(e->key.text) == VD_ARITY_MANY;
    uint32_t    n = values ? names(e, values) : 0;
    const char *op = n ? positive(&p->arena, e, many) : NULL;
    vd_demand   demand;

    p->nomem |= !values || (n && !op);
    if (!op)
        return;
    demand = (vd_demand){ vd_symbolic_condition(p->s, op, e->key.text, values, n, &p->nomem), true };
    if (!p->nomem && !VD_ARENA_PUSH(&p->arena, p->demands, p->demand_count, p->demand_cap, demand))
        p->nomem = true;
}

static void deny_entries(granter *g)
{
    const vd_side *side = &g->d.sides[1];

    for (uint32_t i = 0; i < side->box_count; i++) {
        const vd_statement *st = vd_symbolic_statement_of(g->d.p.s, side->boxes[i]);

        for (uint32_t k = 0; k < st->entry_count && !g->d.p.nomem; k++)
            if (st->entries[k].op.op && st->entries[k].op.op->test != VD_TEST_NULL && is_given(g, st->entries[k].key.text))
                deny_entry(g, &st->entries[k]);
    }
}

/* ------------------------------------------------------------------ one question */

static vd_code tell(granter *g, const vd_action_class *c, vd_str asked, vd_str resource, const vd_reasons *why)
{
    vd_prover         *p = &g->d.p;
    uint32_t           n = c->count ? c->count : 1;
    vd_str            *actions = vd_arena_new_array(&p->scratch, vd_str, n);
    vd_statement_info *infos = vd_arena_new_array(&p->scratch, vd_statement_info, why->granting.count + 1);
    vd_grant           out = { .size = sizeof out, .action = c->representative, .asked = asked, .resource = resource,
                               .requirements = why->required.at, .require_count = why->required.count, .flags = why->flags,
                               .witness = why->witness, .granting = infos, .granting_count = why->granting.count };

    if (!actions || !infos || vd_action_class_names(c, p->catalog, &p->scratch, actions, n) < n)
        return vd_fail_nomem(p->err);
    for (uint32_t i = 0; i < why->granting.count; i++)
        infos[i] = vd_side_statement(&g->d.sides[1], p, why->granting.at[i]);
    out.actions = (vd_texts_list){ actions, n };
    g->stop = g->tell && !g->tell(g->user, &out);
    vd_arena_reset(&p->scratch);
    return VD_OK;
}

static vd_code ask(granter *g, const vd_action_class *c, vd_str asked, vd_str resource, vd_answer *answer)
{
    vd_reasons  why = { .flags = c->future ? VD_FLAG_FUTURE : c->unknown ? VD_FLAG_UNKNOWN_ACTION : 0 };
    vd_prover  *p = &g->d.p;
    vd_model    model;
    vd_grounds  grounds;
    const char *unsure = NULL;

    if (!vd_differ_focus(&g->d, c, c->representative))
        return vd_prover_failed(p);
    *answer = vd_differ_ask(&g->d, c->representative, VD_RULES_SOFT_FIRST, NULL, 0, &model, &grounds, &unsure);
    if (p->nomem)
        return vd_prover_failed(p);
    if (*answer == VD_UNSAT)
        return VD_OK;
    if (*answer == VD_UNKNOWN) {
        why.flags |= vd_flag_of(unsure);
    } else {
        why.flags |= model.off_catalogue && !c->unknown && !c->future ? VD_FLAG_OFF_CATALOGUE : 0;
        why.witness = vd_arena_new(&p->arena, vd_witness);
        if (!why.witness)
            return vd_prover_failed(p);
        VD_TRY(vd_example_make(why.witness, p, &model, &grounds, &g->d.sides[1], NULL));
    }
    if (!vd_reasons_find(&why, &g->d, c, *answer == VD_SAT ? &grounds : NULL))
        return vd_prover_failed(p);
    return tell(g, c, asked, resource, &why);
}

/* ------------------------------------------------------------------ all of them */

static vd_code demand_resource(granter *g, const vd_str *pattern)
{
    vd_prover *p = &g->d.p;
    uint32_t   atom;

    p->demand_count = g->fixed;
    if (!pattern)
        return VD_OK;
    atom = vd_symbolic_resource(p->s, pattern, 1, &p->nomem);
    if (p->nomem || !VD_ARENA_PUSH(&p->arena, p->demands, p->demand_count, p->demand_cap, (vd_demand){ atom, false }))
        return vd_fail_nomem(p->err);
    return VD_OK;
}

/* Best of what is known: a yes, then "not decided". */
static vd_answer better(vd_answer a, vd_answer b)
{
    if (a == VD_SAT || b == VD_SAT)
        return VD_SAT;
    return a == VD_UNKNOWN || b == VD_UNKNOWN ? VD_UNKNOWN : VD_UNSAT;
}

static void count(granter *g, vd_answer answer, uint32_t pairs)
{
    g->sum.granted += answer == VD_SAT ? pairs : 0;
    g->sum.undecided += answer == VD_UNKNOWN ? pairs : 0;
    g->sum.answer = better(g->sum.answer, answer);
}

/* One class with all resources; of each pair what came of it. */
static vd_code ask_class(granter *g, const vd_action_class *c, vd_str asked, vd_answer *pairs)
{
    size_t resources = g->opts.resource_count ? g->opts.resource_count : 1;

    for (size_t i = 0; i < resources && !g->stop; i++) {
        const vd_str *resource = g->opts.resource_count ? &g->opts.resources[i] : NULL;
        vd_answer     answer = VD_UNKNOWN;

        VD_TRY(demand_resource(g, resource));
        VD_TRY(ask(g, c, asked, resource ? *resource : (vd_str){ "", 0 }, &answer));
        pairs[i] = better(pairs[i], answer);
        if (answer == VD_SAT && !g->opts.all)
            break;
    }
    return VD_OK;
}

/* A pattern is one thing that is asked, a set is as many as it has members. */
static vd_code ask_patterns(granter *g, const vd_str *patterns, uint32_t n, vd_str asked)
{
    vd_prover        *p = &g->d.p;
    uint32_t          resources = g->opts.resource_count ? (uint32_t)g->opts.resource_count : 1;
    vd_answer        *pairs = vd_arena_new_array(&p->arena, vd_answer, resources);
    vd_action_classes classes;
    vd_action_opts    o = { .only = patterns, .only_count = n, .shapes = true, .reached = p->assumed == 0,
                            .future = g->opts.prove.future_actions, .special = vd_stack_special(g->d.sides[1].stack) };

    if (!pairs || !vd_actions_partition(&classes, p->s, g->d.sides[1].boxes, g->d.sides[1].box_count, &o, &p->arena))
        return vd_prover_failed(p);
    g->sum.asked += n * resources;
    for (uint32_t k = 0; k < resources; k++)
        pairs[k] = VD_UNSAT;
    for (uint32_t i = 0; i < classes.count && !g->stop; i++) {
        VD_TRY(ask_class(g, &classes.at[i], asked, pairs));
        for (uint32_t k = 0; n > 1 && k < resources; k++) {
            count(g, pairs[k], classes.at[i].count);
            pairs[k] = VD_UNSAT;
        }
    }
    for (uint32_t k = 0; n == 1 && k < resources; k++)
        count(g, pairs[k], 1);
    return VD_OK;
}

static vd_code ask_each(granter *g, const vd_str *patterns, size_t n)
{
    for (size_t i = 0; i < n && !g->stop; i++) {
        const vd_str *members = &patterns[i];
        uint32_t      members_n = 1;

        if (patterns[i].n && patterns[i].p[0] == '@')
            VD_TRY(vd_action_set_members(&members, &members_n, g->d.p.catalog, patterns[i], &g->d.p.arena, g->d.p.err));
        if (members_n)
            VD_TRY(ask_patterns(g, members, members_n, patterns[i]));
    }
    return VD_OK;
}

static vd_code run(granter *g, const vd_set *set)
{
    static const vd_str any = VD_L("*");
    vd_prover          *p = &g->d.p;

    VD_TRY(vd_sides_open(p, &g->d.sides[1], set, NULL, NULL));
    if (p->assumed & VD_SIDE_OWN) /* what the owner's own principals hold is no grant of this policy */
        p->assumed = (p->assumed & ~(uint32_t)VD_SIDE_OWN) | VD_SIDE_BARE;
    if (!(p->assumed & VD_SIDE_IDENTITY)) /* identity policies grant nothing to a root user */
        p->who &= ~(1u << VD_ASKER_ROOT);
    vd_stack_claim(g->d.sides[1].stack, 0, p->assumed);
    if (g->opts.without_conditions)
        deny_entries(g);
    if (p->nomem)
        return vd_prover_failed(p);
    g->fixed = p->demand_count;
    VD_TRY(g->opts.action_count ? ask_each(g, g->opts.actions, g->opts.action_count) : ask_each(g, &any, 1));
    if (g->sum.undecided && !g->stop)
        return vd_fail(p->err, VD_EBUDGET, "some questions could not be decided");
    return VD_OK;
}

vd_code vd_grants(const vd_set *set, const vd_grants_opts *opts, vd_grant_fn *tell_fn, void *user, vd_grants_summary *summary,
                  vd_error *err)
{
    granter g = { .d = { .alone = true }, .tell = tell_fn, .user = user, .sum = { .size = sizeof g.sum, .answer = VD_UNSAT } };
    vd_code code;

    if (!set)
        return vd_fail(err, VD_EINVAL, "there is no set to ask");
    if (opts)
        memcpy(&g.opts, opts, opts->size && opts->size < sizeof g.opts ? opts->size : sizeof g.opts);
    code = vd_prover_open(&g.d.p, set, opts ? &g.opts.prove : NULL, NULL, err);
    if (code == VD_OK)
        code = run(&g, set);
    if (code != VD_OK && code != VD_EBUDGET && g.sum.answer == VD_UNSAT)
        g.sum.answer = VD_UNKNOWN;
    g.sum.units = g.d.p.s ? vd_symbolic_units(g.d.p.s) : 0;
    vd_side_close(&g.d.p, &g.d.sides[1]);
    vd_prover_close(&g.d.p);
    if (summary) {
        size_t size = summary->size && summary->size < sizeof g.sum ? summary->size : sizeof g.sum;

        g.sum.size = size;
        memcpy(summary, &g.sum, size);
    }
    return code;
}
