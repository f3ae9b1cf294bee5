/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot for the evaluator: its documents into a builder, and what else it knows into a request.
 */
#include "base/str.h"
#include "model/snapshot.h"
#include "pattern/arn.h"
#include "request/request.h"

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

vd_code vd_snapshot_attach(const vd_snapshot *s, vd_builder *builder, vd_str principal, vd_str resource, vd_error *err)
{
    attaching x = { .s = s, .builder = builder, .err = err };
    vd_code   code;

    if (!s || !builder)
        return vd_fail(err, VD_EINVAL, "a snapshot and a builder are needed");
    x.arena = vd_arena_on(&s->engine->alloc, 0);
    code = principal.n || resource.n ? attach_one(&x, principal, resource) : attach_all(&x);
    vd_policy_release(x.all[0]);
    vd_policy_release(x.all[1]);
    vd_arena_done(&x.arena);
    return code;
}

/* ------------------------------------------------------------------ a request */

static vd_code refused(const vd_request *r, vd_code code, vd_error *err)
{
    if (code != VD_OK && err)
        *err = *vd_request_error(r);
    return code;
}

/* What the request says already stays. */
static vd_code set(vd_request *r, vd_field field, vd_str value, vd_error *err)
{
    return r->field[field].n || !value.n ? VD_OK : refused(r, vd_request_set(r, field, value), err);
}

static bool has_key(const vd_request *r, vd_str prefix, vd_str name)
{
    for (uint32_t i = 0; i < r->context.count; i++) {
        vd_str key = r->context.at[i].key;

        if (key.n == prefix.n + name.n && vd_str_istarts(key, prefix) && vd_str_ieq(vd_str_from(key, prefix.n), name))
            return true;
    }
    return false;
}

static vd_code tags(vd_request *r, const vd_snapshot *s, vd_snap_range range, vd_tag_kind kind, vd_str prefix, vd_error *err)
{
    for (uint32_t i = 0; i < range.count; i++) {
        const vd_snapshot_tag *t = &s->tags[range.first + i];

        if (!has_key(r, prefix, t->key))
            VD_TRY(refused(r, vd_request_tag(r, kind, t->key, t->value), err));
    }
    return VD_OK;
}

static vd_code fill_principal(const vd_snapshot *s, vd_request *r, vd_error *err)
{
    vd_str              arn = r->field[VD_PRINCIPAL];
    uint32_t            node = vd_snap_node_find(s, arn), account = account_of_arn(s, arn);
    const vd_snap_node *n = node == VD_NONE ? NULL : &s->nodes[node];

    if (account == VD_NONE && r->field[VD_PRINCIPAL_ACCOUNT].n)
        account = vd_snap_account_find(s, r->field[VD_PRINCIPAL_ACCOUNT]);
    if (account != VD_NONE) {
        VD_TRY(set(r, VD_PRINCIPAL_ORG, s->accounts[account].org, err));
        VD_TRY(set(r, VD_PRINCIPAL_ORG_PATH, s->accounts[account].org_path, err));
        if (s->accounts[account].management == VD_CERTAIN_YES)
            VD_TRY(refused(r, vd_request_flag(r, VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT, true), err));
    }
    if (!n || n->kind == VD_WHO_IS_ROOT)
        return VD_OK;
    if (n->kind == VD_WHO_IS_ROLE) {
        if (!vd_str_eq(arn, n->arn))
            VD_TRY(set(r, VD_PRINCIPAL_ROLE, n->arn, err));
        if (!r->flag[VD_SERVICE_LINKED] && !r->flag[VD_NOT_SERVICE_LINKED])
            VD_TRY(refused(r, vd_request_flag(r, n->service_linked ? VD_SERVICE_LINKED : VD_NOT_SERVICE_LINKED, true), err));
    }
    VD_TRY(set(r, VD_PRINCIPAL_ID, n->id, err));
    return tags(r, s, n->tags, VD_TAG_PRINCIPAL, VD_S("aws:PrincipalTag/"), err);
}

/* The JSON is read into the request's own memory: what it says is borrowed from there. */
static vd_code fill_state(const vd_snapshot *s, vd_request *r, vd_str state, vd_error *err)
{
    vd_source *source = vd_arena_new(&r->texts, vd_source);
    vd_doc    *doc = vd_arena_new(&r->texts, vd_doc);

    if (!source || !doc)
        return vd_fail_nomem(err);
    *source = (vd_source){ .name = VD_S("the state of the resource"), .text = state };
    VD_TRY(vd_json_read(doc, &r->texts, source, &s->engine->limits, NULL, NULL, err));
    return vd_request_read_state(r, doc, 0, err);
}

/* Tags of a bucket are not those of its objects. */
static bool has_own_tags(const vd_snap_resource *at, vd_str arn)
{
    return vd_str_eq(at->arn, arn) && !vd_str_eq(at->type, VD_S("AWS::S3::Bucket"));
}

static vd_code fill_resource(const vd_snapshot *s, vd_request *r, vd_error *err)
{
    vd_str   arn = r->checks.count ? r->checks.at[0].resource : VD_S("");
    uint32_t at = vd_snap_resource_find(s, arn), node = vd_snap_node_find(s, arn), account = owner_of(s, arn);

    if (r->field[VD_RESOURCE_ACCOUNT].n)
        account = vd_snap_account_find(s, r->field[VD_RESOURCE_ACCOUNT]);
    if (account != VD_NONE) {
        if (at != VD_NONE || node != VD_NONE)
            VD_TRY(set(r, VD_RESOURCE_ACCOUNT, s->accounts[account].id, err));
        VD_TRY(set(r, VD_RESOURCE_ORG, s->accounts[account].org, err));
        VD_TRY(set(r, VD_RESOURCE_ORG_PATH, s->accounts[account].org_path, err));
        if (s->accounts[account].management == VD_CERTAIN_YES)
            VD_TRY(refused(r, vd_request_flag(r, VD_RESOURCE_IN_MANAGEMENT_ACCOUNT, true), err));
    }
    if (node != VD_NONE)
        VD_TRY(tags(r, s, s->nodes[node].tags, VD_TAG_RESOURCE, VD_S("aws:ResourceTag/"), err));
    if (at == VD_NONE)
        return VD_OK;
    if (has_own_tags(&s->resources[at], arn))
        VD_TRY(tags(r, s, s->resources[at].tags, VD_TAG_RESOURCE, VD_S("aws:ResourceTag/"), err));
    return r->state || !s->resources[at].state.n ? VD_OK : fill_state(s, r, s->resources[at].state, err);
}

vd_code vd_snapshot_fill(const vd_snapshot *s, vd_request *r, vd_error *err)
{
    if (!s || !r)
        return vd_fail(err, VD_EINVAL, "a snapshot and a request are needed");
    VD_TRY(fill_principal(s, r, err));
    return fill_resource(s, r, err);
}
