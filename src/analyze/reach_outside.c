/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom the policies of the targets let in that is no principal of the snapshot: asked of exposure, for the actions and
 * resources of the question.
 */
#include "analyze/reaching.h"

#include "analyze/zone.h"
#include "base/engine.h"
#include "base/str.h"

/* ------------------------------------------------------------------ one finding as a row */

static const char *kind_of(const vd_exposed *x)
{
    if (x->exposed == VD_EXPOSED_SERVICE)
        return "service";
    if (x->exposed == VD_EXPOSED_FEDERATED)
        return "federated";
    return x->exposed == VD_EXPOSED_CANONICAL_USER ? "canonical-user" : "external";
}

static bool tell(void *user, const vd_exposed *x)
{
    vd_outside        *o = user;
    vd_arena          *arena = &o->e->d.p.arena;
    size_t             needs = x->condition_count + x->require_count;
    vd_required       *required = vd_arena_new_array(arena, vd_required, needs + 1);
    vd_statement_info *granting = vd_arena_new_array(arena, vd_statement_info, x->source_count + 1);
    vd_reacher         r = { .size = sizeof r, .kind = kind_of(x), .principal = x->principal, .always = needs == 0 && x->shaped_count == 0,
                             .actions = x->actions, .patterns = x->patterns, .requirements = required, .require_count = needs,
                             .granting = granting, .granting_count = x->source_count, .flags = x->flags, .witness = x->witness };

    if (!required || !granting) {
        o->e->d.p.nomem = true;
        return false;
    }
    if (x->condition_count)
        memcpy(required, x->conditions, x->condition_count * sizeof *required);
    if (x->require_count)
        memcpy(required + x->condition_count, x->requirements, x->require_count * sizeof *required);
    for (size_t i = 0; i < x->source_count; i++)
        granting[i] = x->sources[i].statement;
    o->summary->outsiders++;
    o->summary->always += r.always;
    o->summary->conditional += !r.always;
    if (r.witness)
        o->summary->answer = VD_SAT;
    else if (o->summary->answer == VD_UNSAT)
        o->summary->answer = VD_UNKNOWN;
    o->stop = o->tell && !o->tell(o->user, &r);
    return !o->stop;
}

/* ------------------------------------------------------------------ one target as a set */

static vd_code add(vd_builder *b, vd_policy *policy, vd_layer layer, uint32_t level, vd_str target, vd_error *err)
{
    vd_attach at = { .size = sizeof at, .layer = layer, .level = level, .target = target };

    return vd_builder_add(b, policy, &at, err);
}

static vd_code make_set(vd_set **out, vd_outside *o, const vd_target *t, vd_policy *policy, vd_error *err)
{
    const vd_snapshot *s = o->e->snapshot;
    vd_bearings        guards = { 0 };
    vd_builder        *b = NULL;
    vd_code            code = vd_builder_new(&b, s->engine, err);

    if (code == VD_OK)
        code = add(b, policy, VD_LAYER_RESOURCE, 0, (vd_str){ "", 0 }, err);
    if (code == VD_OK && t->account != VD_NONE && s->accounts[t->account].management != VD_CERTAIN_YES &&
        !vd_snap_guards(&guards, s, t->account, VD_LAYER_RCP, &o->e->d.p.arena))
        code = vd_fail_nomem(err);
    for (uint32_t i = 0; code == VD_OK && i < guards.count; i++)
        if (guards.at[i].policy)
            code = add(b, guards.at[i].policy, VD_LAYER_RCP, guards.at[i].level, guards.at[i].target, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts) }, err);
    vd_builder_free(b);
    return code;
}

static vd_code ask(vd_outside *o, const vd_target *t, const vd_zone *zone, vd_error *err)
{
    const vd_snapshot  *s = o->e->snapshot;
    uint32_t            doc = t->role != VD_NONE ? s->nodes[t->role].trust : t->resource != VD_NONE ? s->resources[t->resource].doc : VD_NONE;
    vd_exposure_opts    x = { .size = sizeof x, .prove = o->opts->prove, .services = VD_SERVICES_ALL, .all_cells = false,
                              .actions = &o->call->asked->action, .action_count = 1, .within = o->opts->resource };
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_set             *set = NULL;
    vd_code             code;

    if (doc == VD_NONE || !s->docs[doc].policy)
        return VD_OK;
    x.resource = t->role != VD_NONE ? s->nodes[t->role].arn : s->resources[t->resource].arn;
    x.resource_type = t->role != VD_NONE ? VD_S("AWS::IAM::Role") : s->resources[t->resource].type;
    x.prove.resource_account = t->account_id;
    if (t->account != VD_NONE && s->accounts[t->account].in_org == VD_CERTAIN_YES) {
        x.prove.resource_org = s->accounts[t->account].org;
        x.prove.resource_org_path = s->accounts[t->account].org_path;
    }
    code = make_set(&set, o, t, s->docs[doc].policy, err);
    if (code == VD_OK)
        code = vd_exposure(set, zone, &x, tell, o, &sum, err);
    vd_set_release(set);
    o->summary->units += sum.units;
    if (code == VD_EBUDGET || code == VD_EMALFORMED) { /* or a Deny that cannot be understood */
        o->summary->skipped++;
        code = VD_OK;
        if (o->opts->skipped)
            o->opts->skipped(o->user, &(vd_skipped){ sizeof(vd_skipped), x.resource, VD_S("who outside can reach it is not decided") });
    }
    return o->e->d.p.nomem ? vd_fail_nomem(err) : code;
}

/* ------------------------------------------------------------------ all of them */

/* Principals of these accounts are listed one by one. */
static vd_code own_zone(vd_zone **out, vd_outside *o, vd_error *err)
{
    const vd_snapshot *s = o->e->snapshot;
    vd_str            *ids = vd_arena_new_array(&o->e->d.p.arena, vd_str, (size_t)s->account_count + 1);
    vd_zone_opts       opts = { .size = sizeof opts, .accounts = ids, .account_count = s->account_count, .owner = true };

    if (!ids)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < s->account_count; i++)
        ids[i] = s->accounts[i].id;
    return vd_zone_new(out, s->engine, &opts, err);
}

vd_code vd_outside_tell(vd_outside *o, vd_error *err)
{
    vd_zone *own = NULL;
    vd_code  code = o->opts->zone ? VD_OK : own_zone(&own, o, err);

    for (uint32_t i = 0; code == VD_OK && i < o->call->targets.count && !o->stop; i++)
        code = ask(o, &o->call->targets.at[i], o->opts->zone ? o->opts->zone : own, err);
    vd_zone_free(own);
    return code;
}
