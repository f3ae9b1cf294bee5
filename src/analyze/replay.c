/* SPDX-License-Identifier: Apache-2.0
 *
 * The evaluator asked again, with what the question rests on: the policies of the resource, the resource control policies of
 * its owner, and an account of the caller that lets it do everything.  A witness that it does not allow is our own mistake.
 */
#include "analyze/confirm.h"
#include "analyze/exposing.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "request/facts.h"

#include <stdlib.h>

struct vd_replay {
    vd_set     *set;
    vd_request *request;
    void       *scratch;
    size_t      scratch_size;
};

static const vd_str everything = VD_L("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}");

vd_policy *vd_policy_lookalike(vd_exposing *x, const vd_policy *p)
{
    vd_policy    *copy = vd_arena_new(&x->arena, vd_policy);
    vd_statement *statements = vd_arena_new_array(&x->arena, vd_statement, p->statement_count ? p->statement_count : 1);

    if (!copy || !statements) {
        x->nomem = true;
        return NULL;
    }
    *copy = *p;
    vd_count_init(&copy->refs);
    vd_count_up(&copy->refs); /* it goes with the arena, whatever is released */
    if (p->statement_count)
        memcpy(statements, p->statements, p->statement_count * sizeof *statements);
    copy->statements = statements;
    return copy;
}

/* Allow with NotPrincipal as it once was meant: the evaluator lets it match nothing (E422), so that it is asked about the
 * same document with everybody in its place; that the caller is not listed is what the search has seen to. */
static vd_policy *historical(vd_exposing *x, vd_policy *p)
{
    static vd_principal_entry everybody = { .type = VD_PRINCIPAL_STAR, .text = { .text = VD_L("*") } };
    vd_policy                *copy;
    bool                      any = false;

    for (uint32_t i = 0; i < x->allows.count; i++)
        any |= x->allows.at[i].legacy && x->allows.at[i].policy == p;
    if (!any)
        return p;
    copy = vd_policy_lookalike(x, p);
    if (!copy)
        return NULL;
    for (uint32_t i = 0; i < p->statement_count; i++) {
        vd_statement *st = &copy->statements[i];

        if (st->effect != VD_EFFECT_ALLOW || !st->principal.negated)
            continue;
        st->principal.negated = false;
        st->principal.at = &everybody;
        st->principal.count = 1;
        st->malformed = false;
    }
    return copy;
}

/* Is the document asked about there? */
static bool belongs(vd_layer layer, vd_replay_of of)
{
    return layer == VD_LAYER_ACCESS_POINT ? of == VD_REPLAY_ACCESS
           : layer == VD_LAYER_ENDPOINT   ? of == VD_REPLAY_ENDPOINT
                                          : of != VD_REPLAY_ACCESS;
}

static vd_code add_documents(vd_exposing *x, vd_builder *b, vd_replay_of of)
{
    vd_policy *home = NULL;
    vd_attach  at = { .size = sizeof at, .layer = VD_LAYER_IDENTITY, .target = VD_S("level") };
    vd_code    code = vd_policy_parse(&home, x->engine, VD_KIND_IDENTITY, VD_S("the account of the caller"), everything, NULL, x->err);

    if (code == VD_OK)
        code = vd_builder_add(b, home, &at, x->err);
    at.layer = VD_LAYER_SESSION; /* without one, a federated user may do nothing (E717) */
    if (code == VD_OK)
        code = vd_builder_add(b, home, &at, x->err);
    vd_policy_release(home);
    for (uint32_t id = 0; code == VD_OK && id < vd_set_policies(x->set); id++) {
        vd_policy *p = (vd_policy *)(uintptr_t)x->models[id];

        at.layer = vd_set_policy_layer(x->set, id);
        if (!p || !belongs(at.layer, of))
            continue;
        if (of == VD_REPLAY_ACCESS) /* by itself, as if it were the policy of what is asked for */
            at.layer = VD_LAYER_RESOURCE;
        p = historical(x, p);
        code = p ? vd_builder_add(b, p, &at, x->err) : vd_fail_nomem(x->err);
    }
    return code;
}

static vd_code start(vd_replay **out, vd_exposing *x, vd_replay_of of)
{
    vd_builder *b = NULL;
    vd_replay  *r = vd_alloc0(&x->engine->alloc, sizeof *r);
    vd_code     code;

    *out = r;
    if (!r)
        return vd_fail_nomem(x->err);
    code = vd_builder_new(&b, x->engine, x->err);
    if (code == VD_OK)
        code = add_documents(x, b, of);
    if (code == VD_OK)
        code = vd_builder_compile(&r->set, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts), .strip_sources = true }, x->err);
    if (code == VD_OK)
        code = vd_request_new(&r->request, x->engine, x->err);
    vd_builder_free(b);
    if (code != VD_OK)
        return code;
    r->scratch_size = vd_scratch_size(r->set);
    r->scratch = vd_alloc(&x->engine->alloc, r->scratch_size);
    return r->scratch ? VD_OK : vd_fail_nomem(x->err);
}

void vd_replay_free(vd_exposing *x)
{
    for (size_t i = 0; i < VD_REPLAY_COUNT; i++) {
        vd_replay *r = x->replays[i];

        if (!r)
            continue;
        vd_free(&x->engine->alloc, r->scratch, r->scratch_size);
        vd_request_free(r->request);
        vd_set_release(r->set);
        vd_free(&x->engine->alloc, r, sizeof *r);
        x->replays[i] = NULL;
    }
}

/* ------------------------------------------------------------------ the witness */

static const vd_assigned *value_of(const vd_model *m, const char *key)
{
    for (uint32_t i = 0; i < m->key_count; i++)
        if (vd_str_ieq(m->keys[i].key, vd_str_of(key)) && m->keys[i].state == VD_STATE_PRESENT && m->keys[i].count)
            return &m->keys[i];
    return NULL;
}

static bool set_role(vd_exposing *x, const vd_model *m, vd_witness *w)
{
    vd_str session = m->user_id, name;
    vd_arn arn;

    if (!vd_str_cut(&session, ':', &w->user_id) || session.n == 0)
        session = VD_S("outsider");
    if (!vd_arn_split(&arn, m->principal))
        return false;
    name = vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/') + 1);
    w->role = m->principal;
    return vd_arena_printf(&x->arena, &w->principal, "arn:" VD_F ":sts::" VD_F ":assumed-role/" VD_F "/" VD_F, VD_A(arn.partition),
                           VD_A(arn.account), VD_A(name), VD_A(session));
}

static bool set_principal(vd_exposing *x, const vd_model *m, vd_witness *w)
{
    static const char *const kinds[VD_ASKER_COUNT] = {
        [VD_ASKER_ANONYMOUS] = "anonymous",   [VD_ASKER_ROLE] = "role-session",
        [VD_ASKER_USER] = "user",             [VD_ASKER_ROOT] = "root",
        [VD_ASKER_FEDERATED_USER] = "federated-user", [VD_ASKER_SERVICE] = "service",
        [VD_ASKER_WEB_IDENTITY] = "idp-caller", [VD_ASKER_SAML] = "idp-caller",
        [VD_ASKER_CANONICAL] = "role-session",
    };
    vd_arn                   arn;

    w->kind = vd_str_of(kinds[m->who]);
    w->principal = m->principal;
    if (m->who == VD_ASKER_ANONYMOUS)
        w->principal = VD_S("anonymous");
    if (m->who == VD_ASKER_USER || m->who == VD_ASKER_FEDERATED_USER)
        w->user_id = m->user_id;
    w->parent = m->parent;
    if (m->who == VD_ASKER_CANONICAL) { /* somebody of an account that has this id */
        w->canonical = m->canonical;
        w->kind = (vd_str){ "", 0 };
    }
    if (vd_arn_split(&arn, w->principal) && vd_is_account(arn.account))
        w->account = arn.account;
    return m->who != VD_ASKER_ROLE || set_role(x, m, w);
}

static int by_key(const void *a, const void *b)
{
    return vd_str_icmp(((const vd_witness_key *)a)->key, ((const vd_witness_key *)b)->key);
}

/* Keys that the evaluator derives from members of the witness need not be said again. */
static bool is_said(const vd_model *m, const vd_assigned *k, const vd_witness *w)
{
    static const char *const derived[] = { "aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid", "aws:username", "aws:PrincipalType",
                                           "kms:CallerAccount" };

    if (w->org.n && vd_str_ieq(k->key, VD_S("aws:PrincipalOrgID")))
        return true;
    for (size_t i = 0; i < VD_COUNT(derived) && (VD_ANYBODY | VD_BIT(VD_ASKER_CANONICAL)) >> m->who & 1u; i++)
        if (vd_str_ieq(k->key, vd_str_of(derived[i])))
            return true;
    return false;
}

/* Through which endpoint, when no statement asks. */
static void say_path(const vd_model *m, vd_witness_key *keys, vd_witness *w)
{
    static const vd_str endpoint = VD_L("vpce-0a1b2c3d"), vpc = VD_L("vpc-0a1b2c3d");

    if (m->path != VD_PATH_ENDPOINT)
        return;
    if (!value_of(m, "aws:SourceVpce"))
        keys[w->key_count++] = (vd_witness_key){ .key = VD_S("aws:SourceVpce"), .values = &endpoint, .count = 1 };
    if (!value_of(m, "aws:SourceVpc"))
        keys[w->key_count++] = (vd_witness_key){ .key = VD_S("aws:SourceVpc"), .values = &vpc, .count = 1 };
}

static bool set_keys(vd_exposing *x, const vd_model *m, vd_witness *w)
{
    static const vd_str blank = VD_L("");
    vd_witness_key     *keys = vd_arena_new_array(&x->arena, vd_witness_key, (size_t)m->key_count + 2);

    if (!keys)
        return false;
    for (uint32_t i = 0; i < m->key_count; i++) {
        const vd_assigned *k = &m->keys[i];

        if (is_said(m, k, w))
            continue;
        if (k->state == VD_STATE_ABSENT && vd_derive_find(k->key) == VD_DERIVE_NONE)
            continue; /* absent anyway */
        if (k->state == VD_STATE_ABSENT)
            keys[w->key_count++] = (vd_witness_key){ .key = k->key, .absent = true };
        else if (k->state == VD_STATE_BLANK)
            keys[w->key_count++] = (vd_witness_key){ .key = k->key, .values = &blank, .count = 1 };
        else
            keys[w->key_count++] = (vd_witness_key){ .key = k->key, .values = k->values, .count = k->count };
    }
    say_path(m, keys, w);
    if (w->key_count > 1)
        qsort(keys, w->key_count, sizeof *keys, by_key);
    w->keys = keys;
    return true;
}

bool vd_replay_witness(vd_exposing *x, const vd_model *model, uint32_t part, vd_witness *w)
{
    const vd_assigned *org = value_of(model, "aws:PrincipalOrgID");

    *w = (vd_witness){ .size = sizeof *w, .action = model->action, .resource = model->resource };
    w->resource_account = x->on.account;
    w->resource_org = x->opts.prove.resource_org;
    w->resource_org_path = x->opts.prove.resource_org_path;
    if (org)
        w->org = org->values[0];
    if (part != VD_NONE && VD_GATEWAY_OF(part))
        w->endpoint_type = VD_S("gateway");
    return set_principal(x, model, w) && set_keys(x, model, w);
}

bool vd_passes_endpoint(const vd_exposing *x, const vd_witness *w)
{
    for (size_t i = 0; x->endpoint.n && i < w->key_count; i++)
        if (vd_str_ieq(w->keys[i].key, VD_S("aws:SourceVpce")) && w->keys[i].count)
            return vd_str_eq(w->keys[i].values[0], x->endpoint);
    return false;
}

static vd_replay_of way_of(const vd_exposing *x, const vd_witness *w)
{
    return vd_passes_endpoint(x, w) ? VD_REPLAY_ENDPOINT : VD_REPLAY_PLAIN;
}

static vd_code decide(vd_exposing *x, vd_replay_of of, const vd_witness *w)
{
    vd_decision d = { .size = sizeof d };
    vd_replay **r = &x->replays[of];
    vd_code     code = *r ? VD_OK : start(r, x, of);

    if (code != VD_OK)
        return code;
    code = vd_witness_request((*r)->request, w);
    if (code == VD_OK) {
        (*r)->request->state = of == VD_REPLAY_ACCESS ? NULL : x->state;
        code = vd_eval(&d, (*r)->set, (*r)->request, (*r)->scratch);
    }
    if (code == VD_ENOMEM)
        return vd_fail_nomem(x->err);
    if (code == VD_OK && d.outcome == VD_ALLOW)
        return VD_OK;
    return vd_fail(x->err, VD_EINTERNAL, "self-check failed: " VD_F " by \"" VD_F "\" on \"" VD_F "\" is decided as %s", VD_A(w->action),
                   VD_A(w->principal), VD_A(w->resource), code == VD_OK ? vd_outcome_name(d.outcome) : vd_code_name(code));
}

/* The resource as people would write it, if that is decided alike; an error then is no failure of ours. */
bool vd_replay_polish(vd_exposing *x, vd_witness *w)
{
    vd_witness better = *w;
    vd_error  *told = x->err, unused = { .size = sizeof unused };
    vd_code    code;

    if (!vd_readable_arn(&better.resource, w->resource, x->on.account, &x->arena))
        return false;
    if (vd_str_eq(better.resource, w->resource))
        return true;
    x->err = &unused;
    code = decide(x, way_of(x, &better), &better);
    x->err = told;
    if (code == VD_OK)
        *w = better;
    return code != VD_ENOMEM;
}

/* The resource as the policy of the access point names it. */
static bool set_access_resource(vd_exposing *x, uint32_t part, vd_witness *w)
{
    const vd_say  *say = &x->access_allows.at[VD_ACCESS_OF(part) - 1];
    const vd_list *list = &say->policy->statements[say->index].resource;
    vd_str         own;

    if (!list->present || list->negated || list->texts.count == 0)
        return true;
    if (!vd_arena_dup(&x->arena, &own, list->texts.at[0].text))
        return false;
    for (size_t i = 0; own.n > 1 && i < own.n; i++)
        if (own.p[i] == '*' || own.p[i] == '?')
            ((char *)(uintptr_t)own.p)[i] = 'a';
    w->resource = own;
    return true;
}

vd_code vd_replay_check(vd_exposing *x, const vd_found *f)
{
    vd_witness w;
    uint32_t   part = f->part;

    if (!vd_replay_witness(x, &f->model, part, &w))
        return vd_fail_nomem(x->err);
    VD_TRY(vd_outside_check(x, f, &w));
    VD_TRY(decide(x, way_of(x, &w), &w));
    if (VD_ACCESS_OF(part) == 0)
        return VD_OK;
    if (!set_access_resource(x, part, &w))
        return vd_fail_nomem(x->err);
    return decide(x, VD_REPLAY_ACCESS, &w);
}
