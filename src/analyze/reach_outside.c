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

static vd_code make_set(vd_set **out, const vd_snapshot *s, vd_str arn, vd_error *err)
{
    vd_str      nobody = { "", 0 };
    vd_builder *b = NULL;
    vd_code     code = vd_builder_new(&b, s->engine, err);

    if (code == VD_OK)
        code = vd_snapshot_attach(s, b, nobody, arn, err);
    if (code == VD_OK)
        code = vd_builder_compile(out, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts) }, err);
    vd_builder_free(b);
    return code;
}

/* ACLs, grants, what blocks public access. */
static vd_code make_state(vd_request **out, const vd_snapshot *s, const vd_exposure_opts *x, vd_error *err)
{
    vd_code code;

    VD_TRY(vd_request_new(out, s->engine, err));
    code = vd_request_set(*out, VD_RESOURCE, x->resource);
    if (code == VD_OK && x->prove.resource_account.n)
        code = vd_request_set(*out, VD_RESOURCE_ACCOUNT, x->prove.resource_account);
    if (code != VD_OK) {
        *err = *vd_request_error(*out);
        return code;
    }
    return vd_snapshot_fill(s, *out, err);
}

static vd_code lets_in(const vd_outside *o, const vd_target *t, bool *out, vd_error *err)
{
    vd_bearings all = { 0 };

    *out = t->resource != VD_NONE && vd_state_lets_in(o->e->snapshot->resources[t->resource].state);
    if (!vd_target_documents(&all, o->e, t))
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < all.count; i++)
        *out |= all.at[i].policy != NULL;
    return VD_OK;
}

static vd_code skip(vd_outside *o, vd_str resource, vd_str why)
{
    o->summary->skipped++;
    if (o->opts->skipped && !o->opts->skipped(o->user, &(vd_skipped){ sizeof(vd_skipped), resource, why }))
        o->stop = true;
    return VD_OK;
}

static vd_code expose(vd_outside *o, const vd_zone *zone, vd_exposure_opts *x, vd_error *err)
{
    const vd_snapshot  *s = o->e->snapshot;
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_request         *state = NULL;
    vd_set             *set = NULL;
    vd_code             code = make_state(&state, s, x, err);

    if (code == VD_OK)
        code = make_set(&set, s, x->resource, err);
    x->prove.state = state;
    if (code == VD_OK)
        code = vd_exposure(set, zone, x, tell, o, &sum, err);
    x->prove.state = NULL;
    vd_set_release(set);
    vd_request_free(state);
    o->summary->units += sum.units;
    if (code == VD_EBUDGET || code == VD_EMALFORMED) /* or a Deny that cannot be understood */
        code = skip(o, x->resource, VD_S("who outside can reach it is not decided"));
    return code;
}

static vd_code ask(vd_outside *o, const vd_target *t, const vd_zone *zone, vd_error *err)
{
    const vd_snapshot *s = o->e->snapshot;
    vd_exposure_opts   x = { .size = sizeof x, .prove = o->opts->prove, .services = VD_SERVICES_ALL, .all_cells = false,
                             .actions = &o->call->asked->action, .action_count = 1, .within = o->opts->resource };
    bool               open;

    VD_TRY(lets_in(o, t, &open, err));
    if (!open)
        return VD_OK;
    x.resource = t->role != VD_NONE ? s->nodes[t->role].arn : s->resources[t->resource].arn;
    x.resource_type = t->role != VD_NONE ? VD_S("AWS::IAM::Role") : s->resources[t->resource].type;
    x.prove.resource_account = t->account_id;
    if (t->account != VD_NONE && s->accounts[t->account].in_org == VD_CERTAIN_YES) {
        x.prove.resource_org = s->accounts[t->account].org;
        x.prove.resource_org_path = s->accounts[t->account].org_path;
    }
    VD_TRY(expose(o, zone, &x, err));
    return o->e->d.p.nomem ? vd_fail_nomem(err) : VD_OK;
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
