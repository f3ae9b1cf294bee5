/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources and roles of a snapshot as questions of `verdict exposure`: each with its policy, the resource control policies of
 * its account, and what else is known of it.
 */
#include "cli/exposing.h"

#include "base/str.h"
#include "model/snapshot.h"

static bool add_one(vd_exposing_run *run, vd_str arn, uint32_t account)
{
    vd_exposing_task t = { .arn = arn, .name = arn, .account = account, .error = { .size = sizeof t.error },
                           .summary = { .size = sizeof t.summary } };

    t.arena = vd_arena_on(vd_allocator_default(), 0);
    return VD_ARENA_PUSH(&run->arena, run->tasks, run->count, run->cap, t);
}

bool vd_exposing_add_snapshot(vd_exposing_run *run, const vd_snapshot *s)
{
    run->snapshot = s;
    run->folder = true; /* it may hold no policy of a resource */
    for (uint32_t i = 0; i < s->resource_count; i++) {
        const vd_snap_resource *r = &s->resources[i];

        if ((r->doc != VD_NONE && s->docs[r->doc].policy) || r->shared.count || r->state.n)
            if (!add_one(run, r->arn, r->account))
                return false;
    }
    for (uint32_t i = 0; i < s->node_count; i++) {
        const vd_snap_node *n = &s->nodes[i];

        if (n->service_linked)
            continue; /* the trust policy is AWS's, and its service's alone */
        if (n->trust != VD_NONE && s->docs[n->trust].policy && !add_one(run, n->arn, n->account))
            return false;
    }
    return true;
}

static vd_code make_state(vd_request **out, const vd_exposing_run *run, const vd_exposing_task *t, vd_error *err)
{
    VD_TRY(vd_request_new(out, run->p->cli->engine, err));
    if (vd_request_set(*out, VD_RESOURCE, t->arn) != VD_OK) {
        *err = *vd_request_error(*out);
        return err->code;
    }
    return vd_snapshot_fill(run->snapshot, *out, err);
}

static vd_code make_set(vd_set **out, const vd_exposing_run *run, vd_str arn, vd_builder **b, vd_error *err)
{
    vd_str nobody = { "", 0 };

    VD_TRY(vd_builder_new(b, run->p->cli->engine, err));
    VD_TRY(vd_layers_add(&run->p->layers, *b, err));
    VD_TRY(vd_snapshot_attach(run->snapshot, *b, nobody, arn, err));
    return vd_builder_compile(out, *b, NULL, err);
}

vd_code vd_exposing_set(vd_set **out, const vd_exposing_run *run, const vd_exposing_task *t, vd_error *err)
{
    vd_builder *b = NULL;
    vd_code     code = t->whole ? vd_exposing_bundle_set(out, run, t, err) : make_set(out, run, t->arn, &b, err);

    vd_builder_free(b);
    return code;
}

vd_str vd_exposing_state(const vd_exposing_run *run, vd_str arn)
{
    uint32_t r = vd_snap_resource_find(run->snapshot, arn);

    return r == VD_NONE ? (vd_str){ "", 0 } : run->snapshot->resources[r].state;
}

vd_code vd_exposing_look(vd_exposing_run *run, vd_exposing_task *t, vd_exposure_opts *opts, vd_exposed_fn *take)
{
    const vd_snapshot *s = run->snapshot;
    vd_request        *state = NULL;
    vd_set            *set = NULL;
    uint32_t           thing = vd_snap_resource_find(s, t->arn);
    vd_code            code = make_state(&state, run, t, &t->error);

    if (code == VD_OK)
        code = vd_exposing_set(&set, run, t, &t->error);
    opts->prove.state = state;
    opts->resource = t->arn;
    if (thing != VD_NONE && s->resources[thing].type.n)
        opts->resource_type = s->resources[thing].type;
    if (t->account != VD_NONE) {
        opts->prove.resource_account = s->accounts[t->account].id;
        opts->prove.resource_org = s->accounts[t->account].org;
        opts->prove.resource_org_path = s->accounts[t->account].org_path;
    }
    if (code == VD_OK)
        code = vd_exposure(set, run->zone, opts, take, t, &t->summary, &t->error);
    vd_set_release(set);
    vd_request_free(state);
    return code;
}

/* The accounts of the organization are known to be in it, whoever is trusted. */
vd_code vd_exposing_zone(vd_zone **out, vd_proving *p, const vd_snapshot *s, bool organization, vd_error *err)
{
    vd_zone_opts    o = { .size = sizeof o, .owner = true };
    vd_str         *accounts = vd_arena_new_array(&p->arena, vd_str, (size_t)s->account_count + 1);
    vd_zone_member *members = vd_arena_new_array(&p->arena, vd_zone_member, (size_t)s->account_count + 1);

    if (!accounts || !members)
        return vd_fail_nomem(err);
    if (organization && s->organization.n == 0)
        return vd_fail(err, VD_EINVAL, "--zone org: the snapshot tells of no organization");
    for (uint32_t i = 0; i < s->account_count; i++) {
        if (s->accounts[i].org.n == 0)
            continue;
        members[o.member_count++] = (vd_zone_member){ s->accounts[i].id, s->accounts[i].org };
        if (organization)
            accounts[o.account_count++] = s->accounts[i].id;
    }
    o.members = members;
    o.accounts = accounts;
    if (organization) {
        o.organizations = &s->organization;
        o.organization_count = 1;
    }
    return vd_zone_new(out, p->cli->engine, &o, err);
}
