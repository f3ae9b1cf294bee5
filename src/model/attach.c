/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot for the evaluator: its documents into a builder, and what else it knows into a request, or into the builder as
 * well, for requests to a bundle.
 */
#include "base/str.h"
#include "compile/compile.h"
#include "model/snapshot.h"
#include "pattern/arn.h"
#include "request/fill.h"

/* ------------------------------------------------------------------ documents */

typedef struct attaching {
    const vd_snapshot *s;
    vd_builder        *builder;
    vd_arena           arena;
    vd_policy         *all[2]; /* SCP, RCP: what stands for one whose text is missing */
    vd_error          *err;
} attaching;

static bool is_guard(vd_layer layer)
{
    return layer == VD_LAYER_SCP || layer == VD_LAYER_RCP;
}

/* Taken for "allows everything" (analysis 3.5). */
static vd_code stand_in(attaching *x, vd_layer layer, vd_policy **out)
{
    bool   rcp = layer == VD_LAYER_RCP;
    vd_str text = rcp ? VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}")
                      : VD_S("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}");

    if (!x->all[rcp])
        VD_TRY(vd_policy_parse(&x->all[rcp], x->s->engine, rcp ? VD_KIND_RCP : VD_KIND_SCP, VD_S("a policy whose text is missing"), text, NULL,
                               x->err));
    *out = x->all[rcp];
    return VD_OK;
}

static vd_code attach(attaching *x, const vd_bearings *all, vd_attach where)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const vd_bearing *b = &all->at[i];
        vd_policy        *policy = b->policy;

        where.layer = b->layer;
        where.level = b->level;
        where.target = b->target;
        if (!policy && b->missing && is_guard(b->layer))
            VD_TRY(stand_in(x, b->layer, &policy));
        if (policy)
            VD_TRY(vd_builder_add(x->builder, policy, &where, x->err));
        else if (is_guard(b->layer))
            VD_TRY(vd_builder_level(x->builder, &where, x->err)); /* E706 */
    }
    return VD_OK;
}

/* What bears on a node; named: for a set that answers for all of them. */
static vd_code attach_identity(attaching *x, uint32_t node, bool named)
{
    vd_bearings all = { 0 };
    vd_attach   where = { .size = sizeof where };

    if (!vd_snap_identity(&all, x->s, node, &x->arena))
        return vd_fail_nomem(x->err);
    if (named)
        where.principal = x->s->nodes[node].arn;
    return attach(x, &all, where);
}

static vd_code attach_guards(attaching *x, uint32_t account, vd_layer layer, bool named)
{
    vd_bearings all = { 0 };
    vd_attach   where = { .size = sizeof where };

    if (account == VD_NONE)
        return VD_OK;
    if (!vd_snap_guards(&all, x->s, account, layer, &x->arena))
        return vd_fail_nomem(x->err);
    if (named)
        where.account = x->s->accounts[account].id;
    return attach(x, &all, where);
}

static vd_code attach_resource(attaching *x, uint32_t resource, bool named)
{
    vd_bearings all = { 0 };
    vd_attach   where = { .size = sizeof where };

    if (!vd_snap_resource_side(&all, x->s, resource, &x->arena))
        return vd_fail_nomem(x->err);
    if (named)
        where.resource = x->s->resources[resource].arn;
    return attach(x, &all, where);
}

/* The trust policy is the resource policy of a role. */
static vd_code attach_trust(attaching *x, uint32_t node, bool named)
{
    const vd_snap_node *n = &x->s->nodes[node];
    vd_attach           where = { .size = sizeof where, .layer = VD_LAYER_RESOURCE };

    if (n->trust == VD_NONE)
        return VD_OK;
    if (named)
        where.resource = n->arn;
    return vd_builder_add(x->builder, x->s->docs[n->trust].policy, &where, x->err);
}

static uint32_t account_of_arn(const vd_snapshot *s, vd_str arn)
{
    vd_arn a;

    if (vd_is_account(arn))
        return vd_snap_account_find(s, arn);
    return vd_arn_split(&a, arn) ? vd_snap_account_find(s, a.account) : VD_NONE;
}

static uint32_t owner_of(const vd_snapshot *s, vd_str arn)
{
    uint32_t resource = vd_snap_resource_find(s, arn);

    return resource != VD_NONE && s->resources[resource].account != VD_NONE ? s->resources[resource].account : account_of_arn(s, arn);
}

static vd_code attach_one(attaching *x, vd_str principal, vd_str resource)
{
    uint32_t node = vd_snap_node_find(x->s, principal), target = vd_snap_node_find(x->s, resource);
    uint32_t at = vd_snap_resource_find(x->s, resource);

    if (node != VD_NONE)
        VD_TRY(attach_identity(x, node, false));
    if (at != VD_NONE)
        VD_TRY(attach_resource(x, at, false));
    if (target != VD_NONE && x->s->nodes[target].kind == VD_WHO_IS_ROLE)
        VD_TRY(attach_trust(x, target, false));
    if (node == VD_NONE || !vd_snap_exempt(x->s, node))
        VD_TRY(attach_guards(x, account_of_arn(x->s, principal), VD_LAYER_SCP, false));
    return attach_guards(x, owner_of(x->s, resource), VD_LAYER_RCP, false);
}

static vd_code attach_all(attaching *x)
{
    for (uint32_t i = 0; i < x->s->node_count; i++) {
        VD_TRY(attach_identity(x, i, true));
        VD_TRY(attach_trust(x, i, true));
        vd_arena_reset(&x->arena);
    }
    for (uint32_t i = 0; i < x->s->resource_count; i++) {
        VD_TRY(attach_resource(x, i, true));
        vd_arena_reset(&x->arena);
    }
    for (uint32_t i = 0; i < x->s->account_count; i++) {
        if (x->s->accounts[i].management == VD_CERTAIN_YES)
            continue;
        VD_TRY(attach_guards(x, i, VD_LAYER_SCP, true));
        VD_TRY(attach_guards(x, i, VD_LAYER_RCP, true));
        vd_arena_reset(&x->arena);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ what else is known */

static void tell_account(const vd_snapshot *s, uint32_t at, vd_known_account *out)
{
    const vd_snap_account *a = &s->accounts[at];

    *out = (vd_known_account){ a->id, a->org, a->org_path, a->management == VD_CERTAIN_YES };
}

static void tell_node(const vd_snapshot *s, uint32_t at, vd_known_thing *out)
{
    const vd_snap_node *n = &s->nodes[at];

    *out = (vd_known_thing){ .kind = n->kind == VD_WHO_IS_ROOT   ? VD_KNOWN_ROOT
                                     : n->kind == VD_WHO_IS_ROLE ? VD_KNOWN_ROLE
                                                                 : VD_KNOWN_USER,
                             .arn = n->arn, .id = n->id, .account = s->accounts[n->account].id, .linked = n->service_linked,
                             .first_tag = n->tags.first, .tag_count = n->tags.count };
}

static void tell_resource(const vd_snapshot *s, uint32_t at, vd_known_thing *out)
{
    const vd_snap_resource *r = &s->resources[at];

    *out = (vd_known_thing){ .kind = VD_KNOWN_RESOURCE, .arn = r->arn, .state = r->state, .bucket = vd_str_eq(r->type, VD_S("AWS::S3::Bucket")),
                             .account = r->account == VD_NONE ? VD_S("") : s->accounts[r->account].id,
                             .first_tag = r->tags.first, .tag_count = r->tags.count };
}

static void know_tag(const void *of, uint32_t tag, vd_str *key, vd_str *value)
{
    const vd_snapshot *s = of;

    *key = s->tags[tag].key;
    *value = s->tags[tag].value;
}

static vd_code know_all(attaching *x)
{
    const vd_snapshot *s = x->s;
    vd_known_account  *accounts = vd_arena_new_array(&x->arena, vd_known_account, (size_t)s->account_count + 1);
    vd_known_thing    *things = vd_arena_new_array(&x->arena, vd_known_thing, (size_t)s->node_count + s->resource_count + 1);
    vd_know_list       list = { .accounts = accounts, .things = things, .account_count = s->account_count,
                                .thing_count = s->node_count + s->resource_count, .of = s, .tag = know_tag };

    if (!accounts || !things)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < s->account_count; i++)
        tell_account(s, i, &accounts[i]);
    for (uint32_t i = 0; i < s->node_count; i++)
        tell_node(s, i, &things[i]);
    for (uint32_t i = 0; i < s->resource_count; i++)
        tell_resource(s, i, &things[s->node_count + i]);
    return vd_builder_know(x->builder, &list, x->err);
}

vd_code vd_snapshot_attach(const vd_snapshot *s, vd_builder *builder, vd_str principal, vd_str resource, vd_error *err)
{
    attaching x = { .s = s, .builder = builder, .err = err };
    vd_code   code;

    if (!s || !builder)
        return vd_fail(err, VD_EINVAL, "a snapshot and a builder are needed");
    x.arena = vd_arena_on(&s->engine->alloc, 0);
    code = principal.n || resource.n ? attach_one(&x, principal, resource) : attach_all(&x);
    if (code == VD_OK && principal.n == 0 && resource.n == 0)
        code = know_all(&x);
    vd_policy_release(x.all[0]);
    vd_policy_release(x.all[1]);
    vd_arena_done(&x.arena);
    return code;
}

/* ------------------------------------------------------------------ a request */

static bool know_account(const void *of, vd_str id, vd_known_account *out)
{
    uint32_t at = vd_snap_account_find(of, id);

    if (at != VD_NONE)
        tell_account(of, at, out);
    return at != VD_NONE;
}

static bool know_principal(const void *of, vd_str arn, vd_known_thing *out)
{
    uint32_t at = vd_snap_node_find(of, arn);

    if (at != VD_NONE)
        tell_node(of, at, out);
    return at != VD_NONE;
}

static bool know_resource(const void *of, vd_str arn, vd_known_thing *out)
{
    uint32_t at = vd_snap_resource_find(of, arn);

    if (at != VD_NONE)
        tell_resource(of, at, out);
    return at != VD_NONE;
}

vd_code vd_snapshot_fill(const vd_snapshot *s, vd_request *r, vd_error *err)
{
    vd_known known = { .of = s, .account = know_account, .principal = know_principal, .resource = know_resource, .tag = know_tag };

    if (!s || !r)
        return vd_fail(err, VD_EINVAL, "a snapshot and a request are needed");
    known.limits = &s->engine->limits;
    return vd_request_fill(r, &known, err);
}
