/* SPDX-License-Identifier: Apache-2.0
 *
 * "resourceState" of a scenario: what is known about a resource besides its policies.  Its own members are
 * a closed list; what stands below them has the shape that the AWS CLI prints (list-grants,
 * get-bucket-acl, get-object-acl, get-bucket-ownership-controls, get-public-access-block), where members
 * that decide nothing are passed over.
 */
#include "request/member.h"

#include "base/str.h"
#include "pattern/arn.h"

enum {
    S_GRANTS,
    S_ACL,
    S_OBJECT_ACL,
    S_OBJECT_OWNER,
    S_OBJECT_OWNERSHIP,
    S_BLOCK_PUBLIC_ACCESS,
    S_MANAGEMENT,
    S_COUNT
};

static const vd_str state_members[S_COUNT] = {
    [S_GRANTS] = VD_L("grants"),
    [S_ACL] = VD_L("acl"),
    [S_OBJECT_ACL] = VD_L("objectAcl"),
    [S_OBJECT_OWNER] = VD_L("objectOwner"),
    [S_OBJECT_OWNERSHIP] = VD_L("objectOwnership"),
    [S_BLOCK_PUBLIC_ACCESS] = VD_L("blockPublicAccess"),
    [S_MANAGEMENT] = VD_L("managementAccount"),
};

/* A member of what the CLI printed; null is no member. */
static uint32_t member(const vd_read *in, uint32_t object, vd_str name)
{
    uint32_t value = vd_doc_member(in->doc, object, name);

    return value == VD_NONE || vd_read_is(in, value, VD_NODE_NULL) ? VD_NONE : value;
}

/* Room for the elements of an array; one more than there are, so that an empty array is not "no memory". */
#define ROOM(in, type, node)                                                                                 \
    vd_arena_new_array(&(in)->request->texts, type, (size_t)vd_doc_length((in)->doc, (node)) + 1)

/* ------------------------------------------------------------------ KMS grants, E733 */

static vd_code pairs(const vd_read *in, uint32_t node, vd_str name, const vd_pair **out, uint32_t *count)
{
    vd_pair *all;

    VD_TRY(vd_read_object(in, node, name));
    all = ROOM(in, vd_pair, node);
    if (!all)
        return vd_read_nomem(in);
    *count = 0;
    *out = all;
    for (uint32_t key = vd_doc_first(in->doc, node); key != VD_NONE; key = vd_doc_next(in->doc, node, key)) {
        vd_pair *p = &all[(*count)++];

        p->key = vd_doc_text(in->doc, key);
        VD_TRY(vd_read_string(in, key + 1, p->key, &p->value));
    }
    return VD_OK;
}

static vd_code constraints(const vd_read *in, uint32_t node, vd_kms_grant *grant)
{
    static const vd_str equals = VD_L("EncryptionContextEquals"), subset = VD_L("EncryptionContextSubset");
    uint32_t            value;

    VD_TRY(vd_read_object(in, node, VD_S("Constraints")));
    value = member(in, node, equals);
    grant->has_equals = value != VD_NONE;
    if (grant->has_equals)
        VD_TRY(pairs(in, value, equals, &grant->equals, &grant->equals_count));
    value = member(in, node, subset);
    grant->has_subset = value != VD_NONE;
    return grant->has_subset ? pairs(in, value, subset, &grant->subset, &grant->subset_count) : VD_OK;
}

static vd_code operations(const vd_read *in, uint32_t node, vd_kms_grant *grant)
{
    static const vd_str name = VD_L("Operations");
    vd_str             *all;

    VD_TRY(vd_read_array(in, node, name));
    all = ROOM(in, vd_str, node);
    if (!all)
        return vd_read_nomem(in);
    grant->operations = all;
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
        VD_TRY(vd_read_string(in, c, name, &all[grant->operation_count++]));
    return VD_OK;
}

static vd_code kms_grant(const vd_read *in, uint32_t node, vd_kms_grant *grant)
{
    static const vd_str names[] = { VD_L("GranteePrincipal"), VD_L("GranteeServicePrincipal") };
    uint32_t            who, what, limits;
    bool                service;

    VD_TRY(vd_read_object(in, node, VD_S("Grants")));
    who = member(in, node, names[0]);
    service = who == VD_NONE;
    if (service)
        who = member(in, node, names[1]);
    what = member(in, node, VD_S("Operations"));
    limits = member(in, node, VD_S("Constraints"));
    if (who == VD_NONE || what == VD_NONE)
        return vd_read_fail(in, node, "a grant needs \"GranteePrincipal\" and \"Operations\"");
    VD_TRY(vd_read_string(in, who, names[service], &grant->grantee));
    VD_TRY(operations(in, what, grant));
    return limits == VD_NONE ? VD_OK : constraints(in, limits, grant);
}

/* {"Grants": [...]} of list-grants, or the array alone. */
static vd_code kms_grants(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    vd_kms_grant *all;

    if (vd_read_is(in, node, VD_NODE_OBJECT)) {
        uint32_t list = vd_doc_member(in->doc, node, VD_S("Grants"));

        if (list == VD_NONE)
            return vd_read_fail(in, node, "\"grants\" must be an array, or an object with \"Grants\"");
        node = list;
    }
    VD_TRY(vd_read_array(in, node, state_members[S_GRANTS]));
    all = ROOM(in, vd_kms_grant, node);
    if (!all)
        return vd_read_nomem(in);
    state->grants = all;
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
        VD_TRY(kms_grant(in, c, &all[state->grant_count++]));
    return VD_OK;
}

/* ------------------------------------------------------------------ S3 ACLs, E752 */

static const struct {
    vd_str  name;
    uint8_t permissions;
} acl_permissions[] = {
    { VD_L("READ"), VD_ACL_READ },         { VD_L("WRITE"), VD_ACL_WRITE },
    { VD_L("READ_ACP"), VD_ACL_READ_ACP }, { VD_L("WRITE_ACP"), VD_ACL_WRITE_ACP },
    { VD_L("FULL_CONTROL"), VD_ACL_FULL },
};

static const struct {
    vd_str  uri;
    uint8_t grantee;
} acl_groups[] = {
    { VD_L("http://acs.amazonaws.com/groups/global/AllUsers"), VD_ACL_ALL_USERS },
    { VD_L("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"), VD_ACL_AUTHENTICATED },
};

static vd_code acl_permission(const vd_read *in, uint32_t node, vd_acl_grant *grant)
{
    vd_str words[VD_COUNT(acl_permissions)];
    size_t i = 0;

    for (size_t j = 0; j < VD_COUNT(words); j++)
        words[j] = acl_permissions[j].name;
    VD_TRY(vd_read_word(in, node, VD_S("Permission"), words, VD_COUNT(words), &i));
    grant->permissions = acl_permissions[i].permissions;
    return VD_OK;
}

/* Groups other than the two (log delivery) and e-mail addresses grant nothing that we decide:
 * VD_ACL_OTHER. */
static vd_code acl_grantee(const vd_read *in, uint32_t node, vd_acl_grant *grant)
{
    uint32_t id, uri;
    vd_str   text = { 0 };

    VD_TRY(vd_read_object(in, node, VD_S("Grantee")));
    id = member(in, node, VD_S("ID"));
    uri = member(in, node, VD_S("URI"));
    grant->grantee = VD_ACL_OTHER;
    if (id != VD_NONE) {
        VD_TRY(vd_read_string(in, id, VD_S("ID"), &grant->id));
        grant->grantee = vd_is_account(grant->id) ? VD_ACL_ACCOUNT : VD_ACL_CANONICAL;
        return VD_OK;
    }
    if (uri == VD_NONE && member(in, node, VD_S("EmailAddress")) == VD_NONE)
        return vd_read_fail(in, node, "a grantee needs \"ID\" or \"URI\"");
    if (uri == VD_NONE)
        return VD_OK;
    VD_TRY(vd_read_string(in, uri, VD_S("URI"), &text));
    for (size_t i = 0; i < VD_COUNT(acl_groups); i++)
        if (vd_str_eq(text, acl_groups[i].uri))
            grant->grantee = acl_groups[i].grantee;
    return VD_OK;
}

static vd_code acl_grant(const vd_read *in, uint32_t node, vd_acl_grant *grant)
{
    uint32_t grantee, permission;

    VD_TRY(vd_read_object(in, node, VD_S("Grants")));
    grantee = member(in, node, VD_S("Grantee"));
    permission = member(in, node, VD_S("Permission"));
    if (grantee == VD_NONE || permission == VD_NONE)
        return vd_read_fail(in, node, "a grant of an ACL needs \"Grantee\" and \"Permission\"");
    VD_TRY(acl_grantee(in, grantee, grant));
    return acl_permission(in, permission, grant);
}

static vd_code acl_owner(const vd_read *in, uint32_t node, vd_acl *acl)
{
    uint32_t id;

    VD_TRY(vd_read_object(in, node, VD_S("Owner")));
    id = member(in, node, VD_S("ID"));
    return id == VD_NONE ? VD_OK : vd_read_string(in, id, VD_S("ID"), &acl->owner);
}

static vd_code acl(const vd_read *in, uint32_t node, vd_str name, vd_acl *out)
{
    uint32_t      owner, list;
    vd_acl_grant *all;

    VD_TRY(vd_read_object(in, node, name));
    owner = member(in, node, VD_S("Owner"));
    list = member(in, node, VD_S("Grants"));
    if (list == VD_NONE)
        return vd_read_fail(in, node, "\"" VD_F "\" needs \"Grants\"", VD_A(name));
    if (owner != VD_NONE)
        VD_TRY(acl_owner(in, owner, out));
    VD_TRY(vd_read_array(in, list, VD_S("Grants")));
    all = ROOM(in, vd_acl_grant, list);
    if (!all)
        return vd_read_nomem(in);
    out->given = true;
    out->grants = all;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c))
        VD_TRY(acl_grant(in, c, &all[out->count++]));
    return VD_OK;
}

/* ------------------------------------------------------------------ object ownership, Block Public Access */

static vd_code one_ownership(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    static const vd_str words[] = { VD_L("BucketOwnerEnforced"), VD_L("BucketOwnerPreferred"),
                                    VD_L("ObjectWriter") };
    size_t              i = 0;

    VD_TRY(vd_read_word(in, node, state_members[S_OBJECT_OWNERSHIP], words, VD_COUNT(words), &i));
    state->acls_enabled = i > 0;
    return VD_OK;
}

/* "ObjectWriter", or {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}. */
static vd_code ownership(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    static const vd_str name = VD_L("ObjectOwnership");
    uint32_t            controls, rules, rule, value;

    if (!vd_read_is(in, node, VD_NODE_OBJECT))
        return one_ownership(in, node, state);
    controls = member(in, node, VD_S("OwnershipControls"));
    if (controls == VD_NONE)
        controls = node;
    rules = vd_doc_member(in->doc, controls, VD_S("Rules"));
    if (rules == VD_NONE)
        return vd_read_fail(in, node,
                            "\"objectOwnership\" must be a string, or an object with \"OwnershipControls\"");
    VD_TRY(vd_read_array(in, rules, VD_S("Rules")));
    rule = vd_doc_first(in->doc, rules);
    if (rule == VD_NONE || vd_doc_next(in->doc, rules, rule) != VD_NONE)
        return vd_read_fail(in, rules, "\"Rules\" must hold one rule");
    VD_TRY(vd_read_object(in, rule, VD_S("Rules")));
    value = member(in, rule, name);
    return value == VD_NONE ? vd_read_fail(in, rule, "a rule needs \"ObjectOwnership\"")
                            : one_ownership(in, value, state);
}

enum { B_ACLS, B_IGNORE, B_POLICY, B_RESTRICT, B_COUNT };
static const vd_str block_members[B_COUNT] = {
    [B_ACLS] = VD_L("BlockPublicAcls"),
    [B_IGNORE] = VD_L("IgnorePublicAcls"),
    [B_POLICY] = VD_L("BlockPublicPolicy"),
    [B_RESTRICT] = VD_L("RestrictPublicBuckets"),
};

static vd_code one_block(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    bool    *flags[B_COUNT] = { [B_ACLS] = &state->block_public_acls,
                                [B_IGNORE] = &state->ignore_public_acls,
                                [B_POLICY] = &state->block_public_policy,
                                [B_RESTRICT] = &state->restrict_public_buckets };
    uint32_t at[B_COUNT], inner;

    if (vd_read_is(in, node, VD_NODE_OBJECT)) {
        inner = vd_doc_member(in->doc, node, VD_S("PublicAccessBlockConfiguration"));
        node = inner == VD_NONE ? node : inner;
    }
    /* A misspelt flag would be a missing one, so this list is closed as well. */
    VD_TRY(vd_read_members(in, node, VD_S("a public access block"), block_members, B_COUNT, at));
    for (size_t i = 0; i < B_COUNT; i++) {
        bool on = false;

        if (at[i] == VD_NONE)
            continue;
        VD_TRY(vd_read_bool(in, at[i], block_members[i], &on));
        *flags[i] |= on;
    }
    return VD_OK;
}

/* One configuration, or several (organization, account, bucket), of which each flag is the OR: E755. */
static vd_code blocks(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    if (!vd_read_is(in, node, VD_NODE_ARRAY))
        return one_block(in, node, state);
    for (uint32_t c = vd_doc_first(in->doc, node); c != VD_NONE; c = vd_doc_next(in->doc, node, c))
        VD_TRY(one_block(in, c, state));
    return VD_OK;
}

/* ------------------------------------------------------------------ the whole */

static vd_code management(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    VD_TRY(vd_read_bool(in, node, state_members[S_MANAGEMENT], &state->management_account));
    return vd_read_refused(
        in, node, vd_request_flag(in->request, VD_RESOURCE_IN_MANAGEMENT_ACCOUNT, state->management_account));
}

static vd_code whole(const vd_read *in, uint32_t node, vd_resource_state *state)
{
    uint32_t at[S_COUNT];

    VD_TRY(vd_read_members(in, node, VD_S("the resource state"), state_members, S_COUNT, at));
    if (at[S_GRANTS] != VD_NONE)
        VD_TRY(kms_grants(in, at[S_GRANTS], state));
    if (at[S_ACL] != VD_NONE)
        VD_TRY(acl(in, at[S_ACL], state_members[S_ACL], &state->acl));
    if (at[S_OBJECT_ACL] != VD_NONE)
        VD_TRY(acl(in, at[S_OBJECT_ACL], state_members[S_OBJECT_ACL], &state->object_acl));
    if (at[S_OBJECT_OWNER] != VD_NONE)
        VD_TRY(vd_read_account(in, at[S_OBJECT_OWNER], state_members[S_OBJECT_OWNER], &state->object_owner));
    if (at[S_OBJECT_OWNERSHIP] != VD_NONE)
        VD_TRY(ownership(in, at[S_OBJECT_OWNERSHIP], state));
    if (at[S_BLOCK_PUBLIC_ACCESS] != VD_NONE)
        VD_TRY(blocks(in, at[S_BLOCK_PUBLIC_ACCESS], state));
    return at[S_MANAGEMENT] == VD_NONE ? VD_OK : management(in, at[S_MANAGEMENT], state);
}

vd_code vd_request_read_state(vd_request *r, const vd_doc *doc, uint32_t node, vd_error *err)
{
    vd_resource_state *state = vd_arena_new(&r->texts, vd_resource_state);

    if (!state)
        return vd_read_end(r, vd_fail_nomem(err));
    r->state = state;
    return vd_read_end(r, whole(&(vd_read){ r, doc, err }, node, state));
}
