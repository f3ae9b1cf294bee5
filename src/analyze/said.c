/* SPDX-License-Identifier: Apache-2.0
 *
 * Which statements have a say in who gets in from outside: those of the layers that the owner of the resource controls, as
 * boxes, and of a VPC endpoint for the requests that are known to pass it.
 */
#include "analyze/exposing.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "request/facts.h"

/* ------------------------------------------------------------------ whom a statement is for */

/* Of an account that is trusted anyway. */
static bool is_at_home(const vd_exposing *x, vd_str text)
{
    vd_arn arn;

    if (vd_is_account(text))
        return vd_str_eq(text, x->on.account) || vd_zone_has_account(x->zone, text);
    return vd_arn_split(&arn, text) && vd_is_account(arn.account) &&
           (vd_str_eq(arn.account, x->on.account) || vd_zone_has_account(x->zone, arn.account));
}

static bool is_for_everybody(const vd_statement *st)
{
    const vd_principals *p = &st->principal;

    for (uint32_t i = 0; p->present && !p->negated && i < p->count; i++)
        if (p->at[i].type == VD_PRINCIPAL_STAR || vd_str_eq(p->at[i].text.text, VD_S("*")))
            return true;
    return !p->present || p->negated;
}

/* Only then do its predicates tell whom it can let in.  A unique id may be anybody's. */
static bool names_accounts(const vd_statement *st)
{
    const vd_principals *p = &st->principal;
    vd_arn               arn;

    for (uint32_t i = 0; p->present && !p->negated && i < p->count; i++)
        if (p->at[i].type != VD_PRINCIPAL_AWS ||
            !(vd_is_account(p->at[i].text.text) || (vd_arn_split(&arn, p->at[i].text.text) && vd_is_account(arn.account))))
            return false;
    return p->present && !p->negated && p->count;
}

static uint32_t families_of(const vd_exposing *x, const vd_statement *st)
{
    const vd_principals *p = &st->principal;
    uint32_t             all = VD_BIT(VD_PEOPLE) | VD_BIT(VD_SERVICES) | VD_BIT(VD_PROVIDERS), found = 0;

    if (!p->present || p->negated)
        return all | VD_BIT(VD_CANONICALS);
    for (uint32_t i = 0; i < p->count; i++) {
        if (p->at[i].type == VD_PRINCIPAL_SERVICE)
            found |= VD_BIT(VD_SERVICES);
        else if (p->at[i].type == VD_PRINCIPAL_FEDERATED)
            found |= VD_BIT(VD_PROVIDERS);
        else if (p->at[i].type == VD_PRINCIPAL_CANONICAL_USER)
            found |= VD_BIT(VD_CANONICALS);
        else if (p->at[i].type == VD_PRINCIPAL_STAR || vd_str_eq(p->at[i].text.text, VD_S("*")))
            found |= all;
        else if (!is_at_home(x, p->at[i].text.text))
            found |= VD_BIT(VD_PEOPLE);
    }
    return found;
}

/* ------------------------------------------------------------------ documents */

static vd_says *says_of(vd_exposing *x, vd_layer layer, bool deny)
{
    switch (layer) {
    case VD_LAYER_ACCESS_POINT:
        return deny ? &x->access_denies : &x->access_allows;
    case VD_LAYER_ENDPOINT:
        return deny ? &x->endpoint_denies : &x->endpoint_allows;
    default:
        return deny ? &x->denies : &x->allows;
    }
}

static const char *source_of(vd_layer layer)
{
    return layer == VD_LAYER_ACCESS_POINT ? "access-point" : layer == VD_LAYER_ENDPOINT ? "endpoint" : "policy";
}

/* E426: a gateway, which S3 and DynamoDB alone have, knows nobody but everybody, and of accounts the root user.  What the
 * endpoint is nobody tells, so that both are asked for. */
static void add_gateway(vd_exposing *x, vd_say *say)
{
    const vd_principals *p = &say->policy->statements[say->index].principal;
    vd_variant_of        everybody = { .principals = VD_MATCH_ANY };
    vd_str               service = x->on.service;
    bool                 named = false;

    say->gateway = say->box;
    for (uint32_t i = 0; p->present && !p->negated && i < p->count; i++)
        named |= p->at[i].type != VD_PRINCIPAL_STAR && !vd_str_eq(p->at[i].text.text, VD_S("*"));
    if (!named || (service.n && !vd_str_istarts(service, VD_S("s3")) && !vd_str_ieq(service, VD_S("dynamodb"))))
        return;
    x->gateway = true;
    say->gateway = vd_symbolic_variant(x->s, say->policy, say->index, &everybody, &x->nomem);
}

/* No decision that it bears on can be made (E009). */
static void note_broken(vd_exposing *x, const vd_policy *policy, const vd_statement *st)
{
    if (x->broken == NULL)
        x->broken = policy;
    if (x->broken == policy && x->broken_at.length == 0)
        x->broken_at = st->fault_span;
}

static vd_code refuse_broken(const vd_exposing *x)
{
    return vd_fail_at(x->err, VD_EMALFORMED, vd_policy_pos(x->broken, x->broken_at),
                      "a Deny that cannot be understood: every decision it bears on is an error");
}

static void add_statement(vd_exposing *x, const vd_policy *policy, uint32_t id, uint32_t index, vd_layer layer)
{
    const vd_statement *st = &policy->statements[index];
    vd_say              say = { .policy = policy, .policy_id = id, .index = index, .layer = layer,
                                .star = is_for_everybody(st), .source = source_of(layer) };
    vd_variant_of       legacy = { .legacy = true };
    bool                deny = st->effect == VD_EFFECT_DENY;
    vd_says            *to = says_of(x, layer, deny);

    if (st->malformed && deny)
        note_broken(x, policy, st);
    if (st->malformed && !(st->principal.present && st->principal.negated && !deny))
        return;
    say.legacy = !deny && st->principal.present && st->principal.negated;
    if (layer == VD_LAYER_ACCESS_POINT) /* its resources are those of the access point: the same, by other names */
        say.box = vd_symbolic_variant(x->s, policy, index, &(vd_variant_of){ .cut = VD_CUT_ELEMENT, .element = VD_ELEMENT_RESOURCE },
                                      &x->nomem);
    else
        say.box = say.legacy ? vd_symbolic_variant(x->s, policy, index, &legacy, &x->nomem) : vd_symbolic_statement(x->s, policy, index, &x->nomem);
    if (layer == VD_LAYER_ENDPOINT)
        add_gateway(x, &say);
    if (say.box != VD_NONE && !VD_ARENA_PUSH(&x->arena, to->at, to->count, to->cap, say))
        x->nomem = true;
}

/* The model of a document; one that was opened with a bundle is read again. */
static vd_code model_of(vd_exposing *x, uint32_t id, const vd_policy **out)
{
    vd_policy *read = NULL;
    vd_code    code;
    vd_str     text;

    *out = vd_set_model(x->set, id);
    if (*out)
        return VD_OK;
    VD_TRY(vd_set_text(x->set, id, &text, "the bundle was compiled without its sources", x->err));
    code = vd_policy_parse(&read, x->engine, vd_set_policy_kind(x->set, id), vd_set_policy_name(x->set, id), text, NULL, x->err);
    if (code == VD_OK && !VD_ARENA_PUSH(&x->arena, x->owned, x->owned_count, x->owned_cap, read)) {
        vd_policy_release(read);
        code = vd_fail_nomem(x->err);
    }
    *out = read;
    return code;
}

/* Block Public Access takes all access of other accounts away when AWS thinks the policy public (E757). */
static void judge_bucket(vd_exposing *x, const vd_policy *const *policies, uint32_t count)
{
    bool is_public = false, may_be = false;

    if (!x->on.bucket)
        return;
    for (uint32_t i = 0; i < count; i++) {
        is_public |= vd_policy_is_public(policies[i]);
        may_be |= vd_policy_may_be_public(policies[i]);
    }
    x->summary->s3_policy_status = is_public ? "public" : may_be ? "maybe" : "not-public";
    x->may_be_cut = !is_public && may_be && x->state && x->state->restrict_public_buckets;
    x->cut = is_public && x->state && x->state->restrict_public_buckets;
    x->bpa = !x->state ? "not-given" : x->cut ? "blocks" : x->state->restrict_public_buckets ? "no-effect" : "off";
}

/* ------------------------------------------------------------------ the endpoint */

static void note_endpoints(const vd_says *says, vd_str *only, bool *more)
{
    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            for (uint32_t v = 0; vd_str_ieq(st->entries[k].key.text, VD_S("aws:SourceVpce")) && v < st->entries[k].values.count; v++) {
                vd_str text = st->entries[k].values.at[v].text;

                if (!vd_str_starts(text, VD_S("vpce-")) || vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n)
                    continue;
                *more |= only->n && !vd_str_eq(*only, text);
                *only = text;
            }
    }
}

/* Which endpoint the policy that is given belongs to: the one that all requests are assumed to pass, or else the only one that
 * the other documents name.  Of any other nobody knows what passes it, so that its policy takes nothing away. */
static vd_str find_endpoint(vd_exposing *x)
{
    const vd_prove_opts *o = &x->opts.prove;
    vd_str               only = { "", 0 };
    bool                 more = false;

    for (size_t i = 0; i < o->assume_count; i++)
        if (vd_str_ieq(o->assume[i].key, VD_S("aws:SourceVpce")))
            return o->assume[i].count == 1 ? o->assume[i].values[0] : only;
    for (uint32_t k = 0; k < VD_SAYS; k++)
        note_endpoints(&x->says[k], &only, &more);
    return more ? (vd_str){ "", 0 } : only;
}

static vd_code take_endpoint(vd_exposing *x)
{
    bool given = false;

    for (uint32_t id = 0; id < vd_set_policies(x->set); id++)
        given |= vd_set_policy_layer(x->set, id) == VD_LAYER_ENDPOINT;
    if (given)
        x->endpoint = find_endpoint(x);
    if (x->endpoint.n && x->endpoint.n < sizeof x->summary->endpoint)
        memcpy(x->summary->endpoint, x->endpoint.p, x->endpoint.n);
    x->summary->endpoint_unknown = given && x->endpoint.n == 0;
    for (uint32_t id = 0; x->endpoint.n && id < vd_set_policies(x->set); id++) {
        const vd_policy *policy;

        if (vd_set_policy_layer(x->set, id) != VD_LAYER_ENDPOINT)
            continue;
        VD_TRY(model_of(x, id, &policy));
        if (!vd_policy_adjust(x, &policy))
            return vd_fail_nomem(x->err);
        x->models[id] = policy;
        for (uint32_t i = 0; i < policy->statement_count && !x->nomem; i++)
            add_statement(x, policy, id, i, VD_LAYER_ENDPOINT);
    }
    return x->nomem ? vd_fail_nomem(x->err) : VD_OK;
}

/* ------------------------------------------------------------------ all of them */

static bool set_families(vd_exposing *x)
{
    for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++) {
        x->of_family[f] = vd_arena_new_array(&x->arena, uint64_t, x->allows.count / 64 + 1);
        if (!x->of_family[f])
            return false;
    }
    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_statement *st = &x->allows.at[i].policy->statements[x->allows.at[i].index];

        x->allows.at[i].families = families_of(x, st);
        x->allows.at[i].accounts = names_accounts(st);
        for (uint32_t f = 0; f < VD_FAMILY_COUNT; f++)
            if (x->allows.at[i].families >> f & 1u)
                x->of_family[f][i / 64] |= (uint64_t)1 << i % 64;
    }
    return true;
}

vd_code vd_said_take(vd_exposing *x)
{
    uint32_t          n = vd_set_policies(x->set);
    const vd_policy **resource = vd_arena_new_array(&x->arena, const vd_policy *, n ? n : 1);
    uint32_t          count = 0;

    if (vd_set_for_many(x->set)) /* Denies of one would keep people out of another */
        return vd_fail(x->err, VD_EINVAL, "policies belong to resources or accounts by name: a set for one of them is needed");
    x->models = vd_arena_new_array(&x->arena, const vd_policy *, n ? n : 1);
    if (!resource || !x->models)
        return vd_fail_nomem(x->err);
    for (uint32_t id = 0; id < n; id++) {
        vd_layer         layer = vd_set_policy_layer(x->set, id);
        const vd_policy *policy;

        if (layer != VD_LAYER_RESOURCE && layer != VD_LAYER_RCP && layer != VD_LAYER_ACCESS_POINT)
            continue; /* SCPs and identity policies do not bind callers of other accounts (analysis 2.1.3) */
        VD_TRY(model_of(x, id, &policy));
        if (!vd_policy_adjust(x, &policy))
            return vd_fail_nomem(x->err);
        x->models[id] = policy;
        if (layer == VD_LAYER_RESOURCE)
            resource[count++] = policy;
        for (uint32_t i = 0; i < policy->statement_count && !x->nomem; i++)
            if (layer != VD_LAYER_RCP || policy->statements[i].effect == VD_EFFECT_DENY)
                add_statement(x, policy, id, i, layer);
    }
    if (x->nomem || !vd_attached_find(x, resource, count))
        return vd_fail_nomem(x->err);
    VD_TRY(vd_sharing_add(x));
    VD_TRY(take_endpoint(x));
    if (x->broken)
        return refuse_broken(x);
    if (!vd_says_sort(x))
        return vd_fail_nomem(x->err);
    x->through_access = x->access_allows.count + x->access_denies.count > 0 &&
                        (vd_key_occurs(x, VD_S("s3:DataAccessPointAccount")) || vd_key_occurs(x, VD_S("s3:DataAccessPointArn")) ||
                         vd_key_occurs(x, VD_S("s3:AccessPointNetworkOrigin")));
    if (!set_families(x))
        return vd_fail_nomem(x->err);
    judge_bucket(x, resource, count);
    return VD_OK;
}
