/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a resource besides its policies, for the stack of one side: ACLs, grants and refusals as statements, the
 * rest as what it surrounds them with.  Each stands beside the rule of the evaluator that it repeats (request/grants.c), which
 * decides every example once more, with the setting and not with the statement.
 */
#include "analyze/sides.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "request/facts.h"
#include "text/json_write.h"

#include <stdio.h>

enum {
    EVERYBODY = (1u << VD_ASKER_COUNT) - 1,
    SIGNED = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER | 1u << VD_ASKER_ROOT | 1u << VD_ASKER_FEDERATED_USER | 1u << VD_ASKER_CANONICAL
};

typedef struct settings {
    vd_prover               *p;
    vd_side                 *side;
    const vd_side           *other; /* NULL: there is none */
    const vd_resource_state *state;
} settings;

/* ------------------------------------------------------------------ documents */

static vd_json *list_of_one(vd_str text)
{
    vd_json *list = vd_json_array();

    vd_json_push(list, vd_json_string(text));
    return list;
}

/* A statement; principal NULL: everybody. */
static vd_json *statement(const char *effect, const char *principal, vd_str who, vd_json *actions, const char *resource)
{
    vd_json *o = vd_json_object(), *p;

    vd_json_set(o, "Effect", vd_json_string(vd_str_of(effect)));
    if (principal) {
        p = vd_json_object();
        vd_json_set(p, principal, vd_json_string(who));
    } else {
        p = vd_json_string(VD_S("*"));
    }
    vd_json_set(o, "Principal", p);
    vd_json_set(o, "Action", actions);
    vd_json_set(o, "Resource", vd_json_string(vd_str_of(resource)));
    return o;
}

static void add_condition(vd_json *conditions, const char *op, const char *key, vd_json *values)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, key, values);
    vd_json_set(conditions, op, o);
}

/* Version 2008-10-17: what stands in it is meant as it is written. */
static vd_code add(settings *s, vd_str name, vd_json *statements, vd_setting setting, uint32_t who)
{
    vd_prover  *p = s->p;
    vd_json    *o = vd_json_object();
    vd_buf      text = vd_buf_on(&p->engine->alloc, 0);
    vd_document d = { .id = VD_NONE, .layer = VD_LAYER_RESOURCE };
    vd_code     code;

    vd_json_set(o, "Version", vd_json_string(VD_S("2008-10-17")));
    vd_json_set(o, "Statement", statements);
    code = vd_json_dump(&text, o, 0);
    if (code == VD_OK)
        code = vd_policy_parse(&d.policy, p->engine, VD_KIND_RESOURCE, name, vd_buf_str(&text), NULL, p->err);
    vd_buf_done(&text);
    if (code == VD_ENOMEM)
        return vd_fail_nomem(p->err);
    if (code != VD_OK)
        return VD_OK; /* names nobody who could exist */
    if (!VD_ARENA_PUSH(&p->arena, s->side->owned, s->side->owned_count, s->side->owned_cap, d.policy)) {
        vd_policy_release(d.policy);
        return vd_fail_nomem(p->err);
    }
    s->side->has_settings = true;
    if ((setting != VD_SETTING_MARK && !VD_ARENA_PUSH(&p->arena, s->side->documents, s->side->count, s->side->cap, d)) ||
        !vd_stack_add_setting(s->side->stack, d.policy, setting, who))
        return vd_fail_nomem(p->err);
    return VD_OK;
}

static vd_code add_one(settings *s, vd_str name, vd_json *one, vd_setting setting, uint32_t who)
{
    vd_json *list = vd_json_array();

    vd_json_push(list, one);
    return add(s, name, list, setting, who);
}

/* ------------------------------------------------------------------ ACLs (E752) */

static vd_json *acl_actions(uint8_t permissions, bool of_object)
{
    vd_json *list = vd_json_array();
    vd_str   name;
    bool     object;
    uint8_t  permission;

    for (uint32_t i = 0; vd_acl_action(i, &name, &object, &permission); i++) {
        char text[64];
        int  n = snprintf(text, sizeof text, "s3:" VD_F, VD_A(name));

        if (object == of_object && (permissions & permission) == permission)
            vd_json_push(list, vd_json_string((vd_str){ text, n > 0 ? (size_t)n : 0 }));
    }
    return list;
}

static bool grants_something(uint8_t permissions, bool of_object)
{
    vd_str  name;
    bool    object;
    uint8_t permission;

    for (uint32_t i = 0; vd_acl_action(i, &name, &object, &permission); i++)
        if (object == of_object && (permissions & permission) == permission)
            return true;
    return false;
}

static vd_code add_acl_grant(settings *s, const vd_acl_grant *g, bool object)
{
    const char *what = object ? "the ACL of objects" : "the ACL of the bucket", *principal = NULL;
    bool        public = g->grantee == VD_ACL_ALL_USERS || g->grantee == VD_ACL_AUTHENTICATED;
    uint32_t    who = g->grantee == VD_ACL_ALL_USERS ? (uint32_t)EVERYBODY : g->grantee == VD_ACL_CANONICAL ? 1u << VD_ASKER_CANONICAL : (uint32_t)SIGNED;

    if (g->grantee == VD_ACL_OTHER || (public && s->state->ignore_public_acls) || !grants_something(g->permissions, object))
        return VD_OK;
    if (!public)
        principal = g->grantee == VD_ACL_ACCOUNT ? "AWS" : "CanonicalUser";
    return add_one(s, vd_str_of(what), statement("Allow", principal, g->id, acl_actions(g->permissions, object), "arn:*:s3:*:*:*"),
                   VD_SETTING_ACL, who);
}

static vd_code add_acls(settings *s)
{
    const vd_acl *acls[] = { &s->state->acl, &s->state->object_acl };

    for (size_t k = 0; s->state->acls_enabled && k < VD_COUNT(acls); k++)
        for (uint32_t i = 0; acls[k]->given && i < acls[k]->count; i++)
            VD_TRY(add_acl_grant(s, &acls[k]->grants[i], k == 1));
    return VD_OK;
}

/* ------------------------------------------------------------------ grants of a key (E733) */

static const vd_str pair_prefix = VD_L("kms:EncryptionContext:");
static const char   pair_keys[] = "kms:EncryptionContextKeys";

static vd_code pair_name(settings *s, vd_str key, vd_str *out)
{
    return vd_arena_printf(&s->p->arena, out, VD_F VD_F, VD_A(pair_prefix), VD_A(key)) ? VD_OK : vd_fail_nomem(s->p->err);
}

/* Several conditions of one operator are one object. */
static vd_code set_pairs(settings *s, vd_json *equals, const vd_pair *pairs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        vd_str name;

        VD_TRY(pair_name(s, pairs[i].key, &name));
        vd_json_set(equals, name.p, vd_json_string(pairs[i].value));
    }
    return VD_OK;
}

static bool is_pair(const vd_kms_grant *g, vd_str key)
{
    for (uint32_t i = 0; i < g->equals_count; i++)
        if (vd_str_eq(g->equals[i].key, key))
            return true;
    return false;
}

static vd_code forbid(settings *s, const vd_kms_grant *g, vd_json *null, vd_str key)
{
    vd_str name;

    if (is_pair(g, key))
        return VD_OK;
    VD_TRY(pair_name(s, key, &name));
    vd_json_set(null, name.p, vd_json_string(VD_S("true")));
    return VD_OK;
}

static vd_code forbid_of_grants(settings *s, const vd_kms_grant *g, vd_json *null, const vd_request *known)
{
    const vd_resource_state *state = known ? known->state : NULL;

    for (uint32_t i = 0; state && i < state->grant_count; i++) {
        const vd_kms_grant *o = &state->grants[i];

        for (uint32_t k = 0; o->has_equals && k < o->equals_count; k++)
            VD_TRY(forbid(s, g, null, o->equals[k].key));
        for (uint32_t k = 0; o->has_subset && k < o->subset_count; k++)
            VD_TRY(forbid(s, g, null, o->subset[k].key));
    }
    return VD_OK;
}

static vd_code forbid_of_documents(settings *s, const vd_kms_grant *g, vd_json *null, const vd_side *side)
{
    for (uint32_t i = 0; side && i < side->count; i++) {
        const vd_policy *policy = side->documents[i].policy;

        for (uint32_t k = 0; k < policy->statement_count; k++)
            for (uint32_t e = 0; e < policy->statements[k].entry_count; e++) {
                vd_str key = policy->statements[k].entries[e].key.text;

                if (vd_str_istarts(key, pair_prefix))
                    VD_TRY(forbid(s, g, null, vd_str_from(key, pair_prefix.n)));
            }
    }
    return VD_OK;
}

/* Other pairs: only those that something asks about can be told to be there or not. */
static vd_code forbid_others(settings *s, const vd_kms_grant *g, vd_json *null)
{
    for (int i = 0; i < 2; i++)
        VD_TRY(forbid_of_grants(s, g, null, s->p->known[i]));
    VD_TRY(forbid_of_documents(s, g, null, s->side));
    return forbid_of_documents(s, g, null, s->other);
}

/* No pair but these: by the list of their keys, or where there is none, by those that are asked about. */
static vd_code set_equals(settings *s, const vd_kms_grant *g, vd_json *conditions, bool listed)
{
    vd_json *null = vd_json_object(), *keys;
    vd_code  code = VD_OK;

    vd_json_set(null, pair_keys, vd_json_string(listed ? VD_S("false") : VD_S("true")));
    if (listed) {
        keys = vd_json_array();
        for (uint32_t i = 0; i < g->equals_count; i++)
            vd_json_push(keys, vd_json_string(g->equals[i].key));
        add_condition(conditions, "ForAllValues:StringEquals", pair_keys, keys);
    } else {
        code = forbid_others(s, g, null);
    }
    vd_json_set(conditions, "Null", null);
    return code;
}

static vd_code add_grant(settings *s, const vd_kms_grant *g, bool listed)
{
    vd_json *actions = vd_json_array(), *one, *conditions = vd_json_object(), *equals = vd_json_object();
    vd_str   text;
    bool     service = vd_str_ends(g->grantee, VD_S(".amazonaws.com"));
    vd_code  code = VD_OK;

    for (uint32_t i = 0; i < g->operation_count && code == VD_OK; i++) {
        if (!vd_arena_printf(&s->p->arena, &text, "kms:" VD_F, VD_A(g->operations[i])))
            code = vd_fail_nomem(s->p->err);
        else if (vd_str_find(text, '*') == text.n && vd_str_find(text, '?') == text.n) /* names, no patterns */
            vd_json_push(actions, vd_json_string(text));
    }
    one = statement("Allow", service ? "Service" : "AWS", g->grantee, actions, "*");
    if (code == VD_OK && g->has_equals)
        code = set_pairs(s, equals, g->equals, g->equals_count);
    if (code == VD_OK && g->has_subset)
        code = set_pairs(s, equals, g->subset, g->subset_count);
    if (code == VD_OK && g->has_equals)
        code = set_equals(s, g, conditions, listed);
    if (code != VD_OK) {
        vd_json_drop(one);
        vd_json_drop(conditions);
        vd_json_drop(equals);
        return code;
    }
    if (g->equals_count || g->subset_count)
        vd_json_set(conditions, "StringEquals", equals);
    else
        vd_json_drop(equals);
    if (g->has_equals || g->subset_count)
        vd_json_set(one, "Condition", conditions);
    else
        vd_json_drop(conditions);
    return add_one(s, VD_S("a grant of the key"), one, VD_SETTING_GRANT, EVERYBODY);
}

/* Both constraints with another value for one key: nothing has that. */
static bool contradicts_itself(const vd_kms_grant *g)
{
    for (uint32_t i = 0; g->has_equals && g->has_subset && i < g->subset_count; i++)
        for (uint32_t k = 0; k < g->equals_count; k++)
            if (vd_str_eq(g->subset[i].key, g->equals[k].key) && !vd_str_eq(g->subset[i].value, g->equals[k].value))
                return true;
    return false;
}

static vd_code add_grants(settings *s)
{
    for (uint32_t i = 0; i < s->state->grant_count; i++) {
        const vd_kms_grant *g = &s->state->grants[i];

        if (vd_str_eq(g->grantee, VD_S("*")) || contradicts_itself(g))
            continue;
        for (int listed = 0; listed < (g->has_equals && g->equals_count ? 2 : 1); listed++)
            VD_TRY(add_grant(s, g, listed));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ refusals (E755), marks */

static vd_json *setters(void)
{
    static const char *const names[] = { "s3:PutBucketAcl", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:PutObject", "s3:CreateBucket" };
    vd_json                 *list = vd_json_array();

    for (size_t i = 0; i < VD_COUNT(names); i++)
        vd_json_push(list, vd_json_string(vd_str_of(names[i])));
    return list;
}

static vd_json *texts(const char *const *at, size_t count)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < count; i++)
        vd_json_push(list, vd_json_string(vd_str_of(at[i])));
    return list;
}

static vd_code add_refusals(settings *s)
{
    static const char *const canned[] = { "public-read", "public-read-write", "authenticated-read" };
    static const char *const groups[] = { "*/global/AllUsers*", "*/global/AuthenticatedUsers*" };
    static const char *const keys[] = { "s3:x-amz-acl", "s3:x-amz-grant-read", "s3:x-amz-grant-write", "s3:x-amz-grant-read-acp",
                                        "s3:x-amz-grant-write-acp", "s3:x-amz-grant-full-control" };
    vd_json                 *list = vd_json_array();

    for (size_t i = 0; i < VD_COUNT(keys); i++) {
        vd_json *one = statement("Deny", NULL, VD_S(""), setters(), "*"), *conditions = vd_json_object();

        if (i == 0)
            add_condition(conditions, "StringEqualsIgnoreCase", keys[i], texts(canned, VD_COUNT(canned)));
        else
            add_condition(conditions, "StringLike", keys[i], texts(groups, VD_COUNT(groups)));
        vd_json_set(one, "Condition", conditions);
        vd_json_push(list, one);
    }
    return add(s, VD_S("BlockPublicAcls"), list, VD_SETTING_REFUSAL, EVERYBODY);
}

/* Actions that are decided otherwise than their neighbours are asked about by themselves. */
static vd_code add_marks(settings *s)
{
    VD_TRY(add_one(s, VD_S("mark"), statement("Allow", NULL, VD_S(""), list_of_one(VD_S("s3:*")), "*"), VD_SETTING_MARK, 0));
    return add_one(s, VD_S("mark"), statement("Allow", NULL, VD_S(""), list_of_one(VD_S("s3:PutObject")), "*"), VD_SETTING_MARK, 0);
}

/* ------------------------------------------------------------------ the whole */

static bool is_public(const vd_side *side)
{
    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].layer == VD_LAYER_RESOURCE && vd_policy_is_public(side->documents[i].policy))
            return true;
    return false;
}

static bool may_be_public(const vd_side *side)
{
    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].layer == VD_LAYER_RESOURCE && vd_policy_may_be_public(side->documents[i].policy))
            return true;
    return false;
}

static bool has_layer(const vd_side *side, vd_layer layer)
{
    for (uint32_t i = 0; i < side->count; i++)
        if (side->documents[i].layer == layer)
            return true;
    return false;
}

static bool names_others(const vd_side *side)
{
    for (uint32_t i = 0; i < side->count; i++)
        for (uint32_t k = 0; side->documents[i].layer == VD_LAYER_ENDPOINT && k < side->documents[i].policy->statement_count; k++) {
            const vd_principals *p = &side->documents[i].policy->statements[k].principal;

            if (p->present && p->negated)
                return true;
        }
    return false;
}

vd_code vd_settings_owner(vd_prover *p, const vd_request *known)
{
    const vd_resource_state *state = known ? known->state : NULL;

    if (!state || !state->acls_enabled || !state->object_owner.n)
        return VD_OK;
    if (p->object_owner.n && !vd_str_eq(p->object_owner, state->object_owner))
        return vd_fail(p->err, VD_EINVAL, "both sides have objects of owners of their own, and not the same: compare them with one");
    if (!p->opts.resource_account.n)
        p->opts.resource_account = known->field[VD_RESOURCE_ACCOUNT];
    if (!vd_is_account(p->opts.resource_account))
        return vd_fail(p->err, VD_EINVAL, "objects have an owner of their own (E753): whose the bucket is has to be said, with "
                                          "--resource-account or as resourceAccount of the request");
    p->object_owner = state->object_owner;
    return VD_OK;
}

static vd_code add_state(settings *s, vd_surroundings *around)
{
    const vd_resource_state *state = s->state;

    around->unbound = state->management_account;
    s->side->may_be_cut = state->restrict_public_buckets && !is_public(s->side) && may_be_public(s->side);
    around->cut = state->restrict_public_buckets && is_public(s->side);
    around->acl_objects = state->acls_enabled && state->object_owner.n;
    around->bucket_objects = !vd_str_eq(s->p->opts.resource_account, state->object_owner);
    around->object_owner = state->object_owner;
    around->s3 = around->cut || state->acls_enabled;
    if (around->s3 || state->restrict_public_buckets)
        VD_TRY(add_marks(s));
    VD_TRY(add_acls(s));
    if (state->block_public_acls)
        VD_TRY(add_refusals(s));
    return add_grants(s);
}

vd_code vd_settings_add(vd_prover *p, vd_side *side, const vd_side *other, const vd_request *known)
{
    settings        s = { .p = p, .side = side, .other = other, .state = known ? known->state : NULL };
    vd_surroundings around = { 0 };

    if (!known)
        return VD_OK;
    side->known = known;
    around.management = known->flag[VD_PRINCIPAL_IN_MANAGEMENT_ACCOUNT] && has_layer(side, VD_LAYER_SCP);
    around.gateway = vd_str_eq(known->field[VD_ENDPOINT_TYPE], VD_S("gateway")) && has_layer(side, VD_LAYER_ENDPOINT);
    if (around.gateway && names_others(side))
        return vd_fail(p->err, VD_EINVAL, "NotPrincipal in the policy of a gateway endpoint, which knows \"*\" alone (E426), is not proved here");
    if (s.state)
        VD_TRY(add_state(&s, &around));
    vd_stack_surround(side->stack, &around);
    return VD_OK;
}
