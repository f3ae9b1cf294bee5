/* SPDX-License-Identifier: Apache-2.0
 *
 * From models to requests, and their decision.
 */
#include "analyze/confirm.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"

static vd_code set(vd_request *r, vd_field field, vd_str value)
{
    return value.n ? vd_request_set(r, field, value) : VD_OK;
}

/* The session of a role: its ARN has the role's name without its path. */
static vd_code set_role(vd_request *r, const vd_model *m, vd_arena *arena, vd_error *err)
{
    vd_str session = m->user_id, id = { "", 0 }, arn_text, name;
    vd_arn arn;

    if (!vd_str_cut(&session, ':', &id) || session.n == 0)
        session = VD_S("session");
    if (!vd_arn_split(&arn, m->principal))
        return vd_fail(err, VD_EINTERNAL, "a role without an ARN: \"" VD_F "\"", VD_A(m->principal));
    name = vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/') + 1);
    if (!vd_arena_printf(arena, &arn_text, "arn:" VD_F ":sts::" VD_F ":assumed-role/" VD_F "/" VD_F, VD_A(arn.partition),
                         VD_A(arn.account), VD_A(name), VD_A(session)))
        return vd_fail_nomem(err);
    VD_TRY(set(r, VD_PRINCIPAL, arn_text));
    VD_TRY(set(r, VD_PRINCIPAL_ROLE, m->principal));
    return set(r, VD_PRINCIPAL_ID, id);
}

static vd_code set_principal(vd_request *r, const vd_model *m, vd_arena *arena, vd_error *err)
{
    switch (m->who) {
    case VD_ASKER_ANONYMOUS:
        return set(r, VD_PRINCIPAL, VD_S("anonymous"));
    case VD_ASKER_ROLE:
        return set_role(r, m, arena, err);
    case VD_ASKER_USER:
        VD_TRY(set(r, VD_PRINCIPAL_ID, m->user_id));
        return set(r, VD_PRINCIPAL, m->principal);
    case VD_ASKER_FEDERATED_USER:
        VD_TRY(set(r, VD_PRINCIPAL_ID, m->user_id));
        VD_TRY(set(r, VD_PRINCIPAL_PARENT, m->parent));
        return set(r, VD_PRINCIPAL, m->principal);
    case VD_ASKER_CANONICAL:
        VD_TRY(set(r, VD_PRINCIPAL_CANONICAL, m->canonical));
        return set(r, VD_PRINCIPAL, m->principal);
    default:
        return set(r, VD_PRINCIPAL, m->principal);
    }
}

static vd_code set_keys(vd_request *r, const vd_model *m)
{
    static const vd_str empty = VD_L("");

    for (uint32_t i = 0; i < m->key_count; i++) {
        const vd_assigned *k = &m->keys[i];

        if (k->state == VD_STATE_ABSENT)
            VD_TRY(vd_request_absent(r, k->key));
        else if (k->state == VD_STATE_BLANK)
            VD_TRY(vd_request_context(r, k->key, &empty, 1));
        else
            VD_TRY(vd_request_context(r, k->key, k->values, k->count));
    }
    return VD_OK;
}

vd_code vd_confirm_request(vd_request *request, const vd_model *model, vd_arena *arena, vd_error *err)
{
    vd_arn  who, what;
    vd_code code;

    vd_request_reset(request);
    code = set_principal(request, model, arena, err);
    if (code == VD_OK)
        code = set(request, VD_ACTION, model->action);
    if (code == VD_OK)
        code = set(request, VD_RESOURCE, model->resource);
    if (code == VD_OK && vd_arn_split(&who, model->principal) &&
        !(vd_arn_split(&what, model->resource) && vd_is_account(what.account)))
        code = set(request, VD_RESOURCE_ACCOUNT, who.account);
    if (code == VD_OK)
        code = set_keys(request, model);
    if (code != VD_OK && vd_request_error(request) && err)
        *err = *vd_request_error(request);
    return code;
}

/* What must agree besides the documents asked about: another account's resource, a key, a role. */
static const char *other_side(const vd_model *m, vd_arena *arena, vd_str *text)
{
    vd_arn who, what;
    bool   known = vd_arn_split(&who, m->principal); /* services have no account that could agree */
    bool   foreign = known && vd_arn_split(&what, m->resource) && vd_is_account(what.account) &&
                   !vd_str_eq(who.account, what.account);
    bool   asks = vd_str_istarts(m->action, VD_S("kms:")) || vd_str_istarts(m->action, VD_S("sts:AssumeRole")) ||
                vd_str_istarts(m->action, VD_S("sts:TagSession")) || vd_str_istarts(m->action, VD_S("sts:SetSourceIdentity"));

    *text = (vd_str){ "", 0 };
    if (!known || (!foreign && !asks))
        return NULL;
    if (!vd_arena_printf(arena, text,
                         "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" VD_F
                         "\"},\"Action\":\"*\"%s}]}",
                         VD_A(who.account), vd_str_istarts(m->action, VD_S("sts:")) ? "" : ",\"Resource\":\"*\""))
        return "out of memory";
    return NULL;
}

static vd_code build(vd_set **out, const vd_engine *engine, vd_policy *const *policies, uint32_t count, vd_layer layer,
                     vd_str other, bool trust, vd_error *err)
{
    vd_builder *b = NULL;
    vd_policy  *side = NULL;
    vd_attach   at = { .size = sizeof at, .layer = layer, .target = VD_S("level") };
    vd_attach   resource = { .size = sizeof resource, .layer = VD_LAYER_RESOURCE };
    vd_code     code = vd_builder_new(&b, engine, err);

    for (uint32_t i = 0; code == VD_OK && i < count; i++)
        code = vd_builder_add(b, policies[i], &at, err);
    if (code == VD_OK && other.n) {
        code = vd_policy_parse(&side, engine, trust ? VD_KIND_TRUST : VD_KIND_RESOURCE, VD_S("the other side"), other, NULL, err);
        if (code == VD_OK)
            code = vd_builder_add(b, side, &resource, err);
    }
    if (code == VD_OK)
        code = vd_builder_compile(out, b, &(vd_compile_opts){ .size = sizeof(vd_compile_opts), .strip_sources = true }, err);
    vd_policy_release(side);
    vd_builder_free(b);
    return code;
}

vd_code vd_confirm_layer(vd_decision *out, const vd_engine *engine, vd_policy *const *policies, uint32_t count,
                         vd_layer layer, const vd_model *model, vd_error *err)
{
    vd_arena    arena = vd_arena_on(&engine->alloc, 0);
    vd_request *request = NULL;
    vd_set     *s = NULL;
    vd_str      other;
    void       *scratch = NULL;
    size_t      size = 0;
    vd_code     code = other_side(model, &arena, &other) ? vd_fail_nomem(err) : VD_OK;

    *out = (vd_decision){ .size = sizeof *out };
    if (code == VD_OK)
        code = build(&s, engine, policies, count, layer, other, vd_str_istarts(model->action, VD_S("sts:")), err);
    if (code == VD_OK)
        code = vd_request_new(&request, engine, err);
    if (code == VD_OK)
        code = vd_confirm_request(request, model, &arena, err);
    if (code == VD_OK) {
        size = vd_scratch_size(s);
        scratch = vd_alloc(&engine->alloc, size);
        code = scratch ? vd_eval(out, s, request, scratch) : vd_fail_nomem(err);
    }
    vd_free(&engine->alloc, scratch, size);
    vd_request_free(request);
    vd_set_release(s);
    vd_arena_done(&arena);
    return code;
}
