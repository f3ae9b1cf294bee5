/* SPDX-License-Identifier: Apache-2.0
 *
 * From a model to a witness.  The evaluator decides it before anybody sees it; then it is made readable: whatever can be left
 * out without changing the decisions is left out.
 */
#include "analyze/sides.h"

#include "analyze/confirm.h"

#include "base/str.h"

#include <stdlib.h>

enum { MOST_REPLAYS = 64 };

typedef struct example {
    vd_prover  *p;
    vd_side    *allowed, *refused;
    vd_model    m;
    vd_witness *w;
} example;

/* ------------------------------------------------------------------ who */

static bool set_role(example *e)
{
    vd_str session = e->m.user_id, name;
    vd_arn arn;

    if (!vd_str_cut(&session, ':', &e->w->user_id) || session.n == 0)
        session = VD_S("session");
    if (!vd_arn_split(&arn, e->m.principal))
        return false;
    name = vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/') + 1);
    e->w->role = e->m.principal;
    return vd_arena_printf(&e->p->arena, &e->w->principal, "arn:" VD_F ":sts::" VD_F ":assumed-role/" VD_F "/" VD_F,
                           VD_A(arn.partition), VD_A(arn.account), VD_A(name), VD_A(session));
}

static bool set_principal(example *e)
{
    static const char *const kinds[VD_ASKER_COUNT] = {
        [VD_ASKER_ANONYMOUS] = "anonymous",     [VD_ASKER_ROLE] = "role-session",
        [VD_ASKER_USER] = "user",               [VD_ASKER_ROOT] = "root",
        [VD_ASKER_FEDERATED_USER] = "federated-user", [VD_ASKER_SERVICE] = "service",
        [VD_ASKER_WEB_IDENTITY] = "idp-caller", [VD_ASKER_SAML] = "idp-caller",
        [VD_ASKER_CANONICAL] = "user",
    };
    vd_arn arn;

    e->w->kind = vd_str_of(kinds[e->m.who]);
    e->w->principal = e->m.who == VD_ASKER_ANONYMOUS ? VD_S("anonymous") : e->m.principal;
    if (e->m.who != VD_ASKER_WEB_IDENTITY && e->m.who != VD_ASKER_SAML && vd_arn_split(&arn, e->m.principal) &&
        vd_is_account(arn.account))
        e->w->account = arn.account; /* a provider is of an account, its callers are not */
    switch (e->m.who) {
    case VD_ASKER_ROLE:
        if (vd_arn_split(&arn, e->m.principal) && vd_str_starts(arn.resource, VD_S("role/aws-service-role/")))
            e->w->kind = VD_S("service-linked");
        return set_role(e);
    case VD_ASKER_USER:
    case VD_ASKER_FEDERATED_USER:
        e->w->user_id = e->m.user_id;
        e->w->parent = e->m.parent;
        return true;
    case VD_ASKER_CANONICAL:
        e->w->canonical = e->m.canonical;
        return true;
    default:
        return true;
    }
}

/* ------------------------------------------------------------------ what else */

static void set_owner(example *e, const vd_grounds *g)
{
    vd_arn arn;

    if (vd_str_eq(e->m.resource, VD_S("*")) || (vd_arn_split(&arn, e->m.resource) && vd_is_account(arn.account)))
        return;
    e->w->resource_account = vd_relation_owner(&e->m, e->p->opts.resource_account);
    if (e->w->resource_account.n == 0 || (g->relation != VD_REL_OTHER && e->w->account.n))
        e->w->resource_account = e->w->account.n ? e->w->account : VD_S("111122223333");
    else if (g->relation == VD_REL_OTHER && vd_str_eq(e->w->resource_account, e->w->account))
        e->w->resource_account = (vd_str){ "", 0 };
    if (g->relation == VD_REL_OTHER && (e->w->resource_account.n == 0 || vd_str_eq(e->w->resource_account, e->w->account)))
        e->w->resource_account = vd_str_eq(e->w->account, VD_S("111122223333")) ? VD_S("444455556666") : VD_S("111122223333");
}

/* Which sides were taken to agree, and have to say so. */
static void set_agreement(example *e, const vd_grounds *g)
{
    vd_arn arn;
    bool   own_account = true, trust = false;

    if (vd_arn_split(&arn, e->m.resource)) {
        if (vd_is_account(arn.account) && e->w->account.n)
            own_account = vd_str_eq(arn.account, e->w->account);
        trust = vd_str_eq(arn.service, VD_S("kms")) || vd_str_istarts(e->m.action, VD_S("sts:"));
    }
    if ((e->p->assumed & VD_SIDE_IDENTITY) && e->w->account.n && g->own_all)
        e->w->agrees |= VD_AGREES_IDENTITY;
    if ((e->p->assumed & VD_SIDE_RESOURCE) && (e->w->account.n == 0 || !own_account || trust))
        e->w->agrees |= VD_AGREES_RESOURCE;
}

static int by_key(const void *a, const void *b)
{
    return vd_str_icmp(((const vd_witness_key *)a)->key, ((const vd_witness_key *)b)->key);
}

static bool set_keys(example *e)
{
    static const vd_str blank = VD_L("");
    vd_witness_key     *keys = vd_arena_new_array(&e->p->arena, vd_witness_key, e->m.key_count + 1);

    if (!keys)
        return false;
    for (uint32_t i = 0; i < e->m.key_count; i++) {
        const vd_assigned *k = &e->m.keys[i];

        if (k->state == VD_STATE_ABSENT)
            keys[e->w->key_count++] = (vd_witness_key){ .key = k->key, .absent = true };
        else if (k->state == VD_STATE_BLANK)
            keys[e->w->key_count++] = (vd_witness_key){ .key = k->key, .values = &blank, .count = 1 };
        else
            keys[e->w->key_count++] = (vd_witness_key){ .key = k->key, .values = k->values, .count = k->count };
    }
    if (e->w->key_count > 1)
        qsort(keys, e->w->key_count, sizeof *keys, by_key);
    e->w->keys = keys;
    return true;
}

/* ------------------------------------------------------------------ the evaluator */

/* Decided as said?  What is not allowed may be an error of the request, which is no answer. */
static vd_code replay(example *e, bool *agrees, const char **how)
{
    vd_decision d;
    vd_code     code = vd_witness_request(e->p->request, e->w);

    if (code == VD_OK)
        code = vd_side_decide(&d, e->p, e->allowed, e->w->agrees, e->w->account);
    *how = code == VD_OK ? vd_outcome_name(d.outcome) : vd_code_name(code);
    *agrees = code == VD_OK && d.outcome == VD_ALLOW;
    if (*agrees && e->refused) {
        code = vd_side_decide(&d, e->p, e->refused, e->w->agrees, e->w->account);
        *agrees = code == VD_OK && d.outcome != VD_ALLOW;
        *how = code == VD_OK ? "allowed by both" : vd_code_name(code);
    }
    return code == VD_ENOMEM || code == VD_EINVAL ? code : VD_OK;
}

static void leave_out(vd_witness *w, size_t at)
{
    vd_witness_key *keys = (vd_witness_key *)(uintptr_t)w->keys;

    memmove(&keys[at], &keys[at + 1], (w->key_count - at - 1) * sizeof *keys);
    w->key_count--;
}

/* Another witness in place of this one, if it is decided alike. */
static vd_code prefer(example *e, const vd_witness *better)
{
    vd_witness  kept = *e->w;
    bool        agrees;
    const char *how;

    *e->w = *better;
    VD_TRY(replay(e, &agrees, &how));
    if (!agrees)
        *e->w = kept;
    return VD_OK;
}

/* Whoever the policy is attached to is nobody from outside. */
static vd_code name_insider(example *e)
{
    vd_witness better = *e->w;

    if (e->m.who != VD_ASKER_ROLE || !(e->p->assumed & VD_SIDE_RESOURCE) || e->p->opts.principal.n ||
        !vd_str_contains(better.role, VD_S(":role/outsider")))
        return VD_OK;
    better.principal = VD_S("arn:aws:sts::111122223333:assumed-role/example/session");
    better.role = VD_S("arn:aws:iam::111122223333:role/example");
    better.user_id = VD_S("AROAEXAMPLE0000000001");
    better.account = VD_S("111122223333");
    if (vd_str_eq(better.resource_account, e->w->account))
        better.resource_account = better.account;
    return prefer(e, &better);
}

static vd_code name_resource(example *e)
{
    vd_witness better = *e->w;

    if (!vd_readable_arn(&better.resource, e->w->resource, e->w->account, &e->p->arena))
        return vd_fail_nomem(e->p->err);
    if (vd_str_eq(better.resource, e->w->resource))
        return VD_OK;
    for (uint32_t i = 0; i < e->p->demand_count; i++) /* it was asked about: the policies do not say so */
        if (!vd_symbolic_names_resource(e->p->s, e->p->demands[i], better.resource, &e->p->nomem))
            return e->p->nomem ? vd_fail_nomem(e->p->err) : VD_OK;
    return prefer(e, &better);
}

/* Keys one by one, the last first. */
static vd_code simplify(example *e)
{
    int replays = 0;

    for (size_t i = e->w->key_count; i-- > 0 && replays < MOST_REPLAYS; replays++) {
        vd_witness_key *keys = (vd_witness_key *)(uintptr_t)e->w->keys, kept = keys[i];
        bool            agrees;
        const char     *how;

        leave_out(e->w, i);
        VD_TRY(replay(e, &agrees, &how));
        if (agrees)
            continue;
        memmove(&keys[i + 1], &keys[i], (e->w->key_count - i) * sizeof *keys);
        keys[i] = kept;
        e->w->key_count++;
    }
    return VD_OK;
}

vd_code vd_example_confirm(vd_witness *out, vd_prover *p, const vd_model *model, const vd_grounds *grounds, vd_side *allowed,
                           vd_side *refused)
{
    example     e = { .p = p, .allowed = allowed, .refused = refused, .m = *model, .w = out };
    const char *how = "";
    bool        agrees = false;

    *out = (vd_witness){ .size = sizeof *out };
    out->action = e.m.action;
    out->resource = e.m.resource;
    if (!set_principal(&e) || !set_keys(&e))
        return vd_fail_nomem(p->err);
    set_owner(&e, grounds);
    if (allowed->known) {
        out->management_account = allowed->known->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT];
        out->endpoint_type = allowed->known->field[VD_ENDPOINT_TYPE];
    }
    out->resource_org = p->opts.resource_org;
    out->resource_org_path = p->opts.resource_org_path;
    set_agreement(&e, grounds);
    VD_TRY(replay(&e, &agrees, &how));
    if (!agrees)
        return vd_fail(p->err, VD_EINTERNAL, "self-check failed: " VD_F " on \"" VD_F "\" by \"" VD_F "\" is not decided as proved (%s)",
                       VD_A(out->action), VD_A(out->resource), VD_A(out->principal), how);
    return VD_OK;
}

vd_code vd_example_polish(vd_witness *w, vd_prover *p, uint8_t who, vd_side *allowed, vd_side *refused)
{
    example e = { .p = p, .allowed = allowed, .refused = refused, .m = { .who = who }, .w = w };

    VD_TRY(name_insider(&e));
    VD_TRY(name_resource(&e));
    return simplify(&e);
}

vd_code vd_example_make(vd_witness *out, vd_prover *p, const vd_model *model, const vd_grounds *grounds, vd_side *allowed,
                        vd_side *refused)
{
    vd_model kept;

    if (!vd_model_keep(&kept, model, &p->arena))
        return vd_fail_nomem(p->err);
    VD_TRY(vd_example_confirm(out, p, &kept, grounds, allowed, refused));
    return vd_example_polish(out, p, model->who, allowed, refused);
}
