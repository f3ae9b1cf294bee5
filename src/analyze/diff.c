/* SPDX-License-Identifier: Apache-2.0
 *
 * What one set of policies allows and another does not: for each class of actions one question, whose "no" is a proof.
 */
#include "analyze/differ.h"

#include "base/engine.h"
#include "base/str.h"

vd_answer vd_differ_ask(vd_differ *d, vd_str action, uint8_t rules, const vd_demand *demands, uint32_t count, vd_model *model,
                        vd_grounds *grounds, const char **why)
{
    vd_question q = { .allowed = vd_differ_more(d)->stack, .refused = d->alone ? NULL : vd_differ_less(d)->stack, .action = action,
                      .who = d->p.who, .rules = rules, .account = d->p.opts.resource_account, .relation = d->p.relation,
                      .linked = d->p.linked, .demands = demands, .demand_count = count };
    vd_demand  *all;

    if (vd_prover_spent(&d->p)) {
        *why = "budget";
        return VD_UNKNOWN;
    }
    if (d->p.demand_count) {
        all = vd_arena_new_array(&d->p.arena, vd_demand, d->p.demand_count + count);
        if (!all) {
            d->p.nomem = true;
            return VD_UNKNOWN;
        }
        memcpy(all, d->p.demands, d->p.demand_count * sizeof *all);
        if (count)
            memcpy(all + d->p.demand_count, demands, count * sizeof *all);
        q.demands = all;
        q.demand_count = d->p.demand_count + count;
    }
    return vd_question_solve(&q, model, grounds, why, &d->p.nomem);
}

bool vd_differ_focus(vd_differ *d, const vd_action_class *c, vd_str action)
{
    uint32_t first = d->alone ? 0 : d->sides[0].box_count;

    return (d->alone || vd_stack_focus(d->sides[0].stack, action, c->reaches, 0)) &&
           vd_stack_focus(d->sides[1].stack, action, c->reaches, first);
}

static vd_code look_at(vd_differ *d, const vd_action_class *c)
{
    vd_reasons  why = { .flags = c->future ? VD_FLAG_FUTURE : c->unknown ? VD_FLAG_UNKNOWN_ACTION : 0 };
    vd_model    model, *kept = NULL;
    vd_grounds  grounds;
    const char *unsure = NULL;
    vd_kin     *kin = vd_differ_kin(d, c);
    vd_answer   answer;

    if (kin && kin->nothing)
        return VD_OK;
    if (!vd_differ_focus(d, c, c->representative))
        return vd_prover_failed(&d->p);
    answer = vd_differ_ask(d, c->representative, VD_RULES_SOFT_FIRST, NULL, 0, &model, &grounds, &unsure);
    if (d->p.nomem)
        return vd_prover_failed(&d->p);
    if (answer == VD_UNSAT) {
        if (kin)
            kin->nothing = true;
        return VD_OK;
    }
    if (answer == VD_UNKNOWN) {
        d->undecided++;
        if (d->answer == VD_UNSAT)
            d->answer = VD_UNKNOWN;
        why.flags |= vd_flag_of(unsure);
    } else {
        d->answer = VD_SAT;
        why.flags |= model.off_catalogue && !c->unknown && !c->future ? VD_FLAG_OFF_CATALOGUE : 0;
        why.flags |= vd_differ_more(d)->may_be_cut && grounds.relation != VD_REL_SAME &&
                             vd_str_istarts(c->representative, VD_S("s3:")) ? VD_FLAG_BPA : 0;
        why.witness = vd_arena_new(&d->p.arena, vd_witness);
        why.rough = vd_arena_new(&d->p.arena, bool);
        why.model = kept = vd_arena_new(&d->p.arena, vd_model);
        if (!why.witness || !why.rough || !kept || !vd_model_keep(kept, &model, &d->p.arena))
            return vd_prover_failed(&d->p);
        VD_TRY(vd_example_confirm(why.witness, &d->p, kept, &grounds, vd_differ_more(d), vd_differ_less(d)));
        *why.rough = true;
        why.who = model.who;
    }
    if (!vd_reasons_find(&why, d, c, answer == VD_SAT ? &grounds : NULL))
        return vd_prover_failed(&d->p);
    return vd_novelties_add(d, c, &why);
}

/* Classes of names that exist, or of those that do not. */
static vd_code look_at_all(vd_differ *d, bool future)
{
    for (uint32_t i = 0; i < d->classes.count; i++) {
        if (d->classes.at[i].future != future)
            continue;
        VD_TRY(look_at(d, &d->classes.at[i]));
        if (d->opts.first && d->answer == VD_SAT)
            return VD_OK;
    }
    return VD_OK;
}

static vd_code partition(vd_differ *d, bool future)
{
    uint32_t       n = d->sides[0].box_count + d->sides[1].box_count;
    uint32_t      *boxes = vd_arena_new_array(&d->p.arena, uint32_t, n + 1);
    vd_action_opts o = { .shapes = true, .reached = true, .future = future, .only_future = future,
                         .special = vd_stack_special(d->sides[0].stack) | vd_stack_special(d->sides[1].stack) };

    if (!boxes)
        return vd_prover_failed(&d->p);
    if (d->sides[0].box_count)
        memcpy(boxes, d->sides[0].boxes, d->sides[0].box_count * sizeof *boxes);
    if (d->sides[1].box_count)
        memcpy(boxes + d->sides[0].box_count, d->sides[1].boxes, d->sides[1].box_count * sizeof *boxes);
    if (!vd_actions_partition(&d->classes, d->p.s, boxes, n, &o, &d->p.arena))
        return vd_prover_failed(&d->p);
    d->kins = vd_arena_new_array(&d->p.arena, vd_kin, d->classes.kins + 1);
    return d->kins ? VD_OK : vd_prover_failed(&d->p);
}

/* Names that do not exist yet count when asked for, or when they are all there is. */
static vd_code look_one_way(vd_differ *d, bool removed, vd_answer *out)
{
    d->removed = removed;
    d->answer = VD_UNSAT;
    VD_TRY(partition(d, false));
    VD_TRY(look_at_all(d, false));
    if (d->answer == VD_UNSAT || (d->opts.prove.future_actions && !(d->opts.first && d->answer == VD_SAT))) {
        VD_TRY(partition(d, true));
        VD_TRY(look_at_all(d, true));
    }
    *out = d->answer;
    return VD_OK;
}

static vd_code compare(vd_differ *d, const vd_set *before, const vd_set *after, vd_delta_fn *tell, void *user, vd_diff_summary *sum)
{
    bool stop = false;

    VD_TRY(vd_sides_open(&d->p, &d->sides[0], before, &d->sides[1], after));
    if (!d->opts.only_removed)
        VD_TRY(look_one_way(d, false, &sum->broader));
    if (d->opts.removed || d->opts.only_removed)
        VD_TRY(look_one_way(d, true, &sum->narrower));
    sum->groups = d->change_count;
    sum->undecided = d->undecided;
    VD_TRY(vd_novelties_tell(d, tell, user, &stop));
    if (d->undecided && !stop)
        return vd_fail(d->p.err, VD_EBUDGET, "some questions could not be decided");
    return VD_OK;
}

vd_code vd_diff(const vd_set *before, const vd_set *after, const vd_diff_opts *opts, vd_delta_fn *tell, void *user,
                vd_diff_summary *summary, vd_error *err)
{
    vd_differ       d = { .opts = { .size = sizeof d.opts } };
    vd_diff_summary sum = { .size = sizeof sum, .broader = VD_UNKNOWN, .narrower = VD_UNKNOWN };
    vd_code         code;

    if (!before || !after)
        return vd_fail(err, VD_EINVAL, "there are not two sets to compare");
    if (opts)
        memcpy(&d.opts, opts, opts->size < sizeof d.opts ? opts->size : sizeof d.opts);
    code = vd_prover_open(&d.p, after, opts ? &d.opts.prove : NULL, d.opts.before_state, err);
    if (code == VD_OK)
        code = compare(&d, before, after, tell, user, &sum);
    sum.units = d.p.s ? vd_symbolic_units(d.p.s) : 0;
    vd_side_close(&d.p, &d.sides[0]);
    vd_side_close(&d.p, &d.sides[1]);
    vd_prover_close(&d.p);
    if (summary) {
        size_t size = summary->size && summary->size < sizeof sum ? summary->size : sizeof sum;

        sum.size = size;
        memcpy(summary, &sum, size);
    }
    return code;
}
