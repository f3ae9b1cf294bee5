/* SPDX-License-Identifier: Apache-2.0
 *
 * Settings of a resource that let others in besides its policy, as statements: ACLs of a bucket and of its objects, grants of
 * a key.  What each comes to is what the evaluator makes of it (request/grants.c): a witness is asked with the setting, not
 * with the statement.
 */
#include "analyze/exposing.h"

#include "base/buf.h"
#include "base/engine.h"
#include "base/str.h"
#include "request/facts.h"

/* Nothing that would have to be written otherwise in JSON: no name of AWS does. */
static bool is_simple(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.n > 0;
}

/* A document of one statement; its Allow is told as what it was made of. */
static vd_code add(vd_exposing *x, const vd_buf *json, const char *source, vd_str text)
{
    vd_policy *p = NULL;
    vd_say     say = { .policy_id = VD_NONE, .layer = VD_LAYER_RESOURCE, .source = source };
    vd_code    code;

    if (json->failed)
        return vd_fail_nomem(x->err);
    code = vd_policy_parse(&p, x->engine, VD_KIND_RESOURCE, vd_str_of(source), vd_buf_str(json), NULL, x->err);
    if (code != VD_OK)
        return code == VD_ENOMEM ? code : VD_OK; /* names nobody who could exist */
    if (!VD_ARENA_PUSH(&x->arena, x->owned, x->owned_count, x->owned_cap, p)) {
        vd_policy_release(p);
        return vd_fail_nomem(x->err);
    }
    say.policy = p;
    say.star = vd_str_contains(vd_buf_str(json), VD_S("\"Principal\":\"*\""));
    say.source_text = text;
    say.box = vd_symbolic_statement(x->s, p, 0, &x->nomem);
    if (say.box != VD_NONE && !VD_ARENA_PUSH(&x->arena, x->allows.at, x->allows.count, x->allows.cap, say))
        x->nomem = true;
    return x->nomem ? vd_fail_nomem(x->err) : VD_OK;
}

/* ------------------------------------------------------------------ ACLs */

static const char *grantee(const vd_exposing *x, const vd_acl_grant *g, vd_buf *b)
{
    if ((g->grantee == VD_ACL_ALL_USERS || g->grantee == VD_ACL_AUTHENTICATED) && x->state->ignore_public_acls)
        return NULL;
    switch (g->grantee) {
    case VD_ACL_ALL_USERS:
        vd_buf_printf(b, "\"Principal\":\"*\"");
        return "AllUsers";
    case VD_ACL_AUTHENTICATED:
        vd_buf_printf(b, "\"Principal\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalType\":[\"Account\",\"AssumedRole\","
                         "\"FederatedUser\",\"User\"]}}");
        return "AuthenticatedUsers";
    case VD_ACL_CANONICAL:
    case VD_ACL_ACCOUNT:
        if (!is_simple(g->id))
            return NULL;
        vd_buf_printf(b, "\"Principal\":{\"%s\":\"" VD_F "\"}", g->grantee == VD_ACL_ACCOUNT ? "AWS" : "CanonicalUser", VD_A(g->id));
        return "";
    default:
        return NULL;
    }
}

static void write_actions(vd_buf *b, uint8_t permissions, bool of_object)
{
    vd_str  name;
    bool    object, first = true;
    uint8_t permission;

    vd_buf_printf(b, ",\"Action\":[");
    for (uint32_t i = 0; vd_acl_action(i, &name, &object, &permission); i++)
        if (object == of_object && (permissions & permission) == permission) {
            vd_buf_printf(b, "%s\"s3:" VD_F "\"", first ? "" : ",", VD_A(name));
            first = false;
        }
    vd_buf_printf(b, "]");
}

static vd_code add_acl(vd_exposing *x, const vd_acl *acl, bool object)
{
    vd_code code = VD_OK;

    for (uint32_t i = 0; code == VD_OK && acl->given && i < acl->count; i++) {
        vd_buf      json = vd_buf_on(&x->engine->alloc, 0);
        const char *who;
        vd_str      text;

        vd_buf_printf(&json, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",");
        who = grantee(x, &acl->grants[i], &json);
        write_actions(&json, acl->grants[i].permissions, object);
        vd_buf_printf(&json, ",\"Resource\":[\"" VD_F "\",\"" VD_F "/*\"]}]}", VD_A(x->on.resource), VD_A(x->on.resource));
        if (!vd_arena_printf(&x->arena, &text, "ACL of %s: " VD_F, object ? "objects" : "the bucket",
                             VD_A(who && *who ? vd_str_of(who) : acl->grants[i].id)))
            code = vd_fail_nomem(x->err);
        if (code == VD_OK && who && acl->grants[i].permissions)
            code = add(x, &json, object ? "object-acl" : "bucket-acl", text);
        vd_buf_done(&json);
    }
    return code;
}

/* ------------------------------------------------------------------ grants */

static void write_pairs(vd_buf *b, const vd_pair *pairs, uint32_t count, bool *simple)
{
    for (uint32_t i = 0; i < count; i++) {
        *simple = *simple && is_simple(pairs[i].key) && is_simple(pairs[i].value);
        vd_buf_printf(b, "%s\"kms:EncryptionContext:" VD_F "\":\"" VD_F "\"", i ? "," : "", VD_A(pairs[i].key), VD_A(pairs[i].value));
    }
}

static vd_code add_grant(vd_exposing *x, const vd_kms_grant *g)
{
    vd_buf         json = vd_buf_on(&x->engine->alloc, 0);
    bool           simple = is_simple(g->grantee) && g->operation_count > 0;
    bool           service = vd_str_ends(g->grantee, VD_S(".amazonaws.com"));
    const vd_pair *pairs = g->has_equals ? g->equals : g->subset;
    uint32_t       count = g->has_equals ? g->equals_count : g->has_subset ? g->subset_count : 0;
    vd_str         text;
    vd_code        code = VD_OK;

    vd_buf_printf(&json, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"%s\":\"" VD_F "\"},\"Action\":[",
                  service ? "Service" : "AWS", VD_A(g->grantee));
    for (uint32_t i = 0; i < g->operation_count; i++) {
        simple = simple && is_simple(g->operations[i]);
        vd_buf_printf(&json, "%s\"kms:" VD_F "\"", i ? "," : "", VD_A(g->operations[i]));
    }
    vd_buf_printf(&json, "],\"Resource\":\"*\"");
    if (count) {
        vd_buf_printf(&json, ",\"Condition\":{\"StringEquals\":{");
        write_pairs(&json, pairs, count, &simple);
        vd_buf_printf(&json, "}}");
    }
    vd_buf_printf(&json, "}]}");
    if (!vd_arena_printf(&x->arena, &text, "grant to " VD_F, VD_A(g->grantee)))
        code = vd_fail_nomem(x->err);
    else if (simple)
        code = add(x, &json, "grant", text);
    vd_buf_done(&json);
    return code;
}

vd_code vd_sharing_add(vd_exposing *x)
{
    const vd_resource_state *s = x->state;
    vd_code                  code = VD_OK;

    if (!s)
        return VD_OK;
    for (uint32_t i = 0; x->on.key && code == VD_OK && i < s->grant_count; i++)
        code = add_grant(x, &s->grants[i]);
    if (x->on.bucket && s->acls_enabled) {
        if (code == VD_OK)
            code = add_acl(x, &s->acl, false);
        if (code == VD_OK)
            code = add_acl(x, &s->object_acl, true);
    }
    return code;
}
