/* SPDX-License-Identifier: Apache-2.0
 *
 * iam get-account-authorization-details, whole or in pages: users, groups, roles, managed policies (analysis 8.2).
 */
#include "base/str.h"
#include "model/draft.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ who it is */

typedef struct identity {
    vd_str      arn, name, path, account;
    const char *type; /* "user" */
} identity;

/* The ARN as printed, else as it must be.  *usable false: nobody can say who this is; a note does. */
static vd_code identify(vd_import *in, uint32_t node, const char *member, identity *who, bool *usable)
{
    vd_arn a;

    *usable = true;
    VD_TRY(vd_member_text(in, node, "Arn", &who->arn));
    VD_TRY(vd_member_text(in, node, member, &who->name));
    VD_TRY(vd_member_text(in, node, "Path", &who->path));
    if (!who->arn.n && who->name.n && in->account.n) {
        vd_str made;

        if (!vd_arena_printf(in->scratch, &made, "arn:aws:iam::" VD_F ":%s" VD_F VD_F, VD_A(in->account), who->type,
                             VD_A(who->path.n ? who->path : VD_S("/")), VD_A(who->name)) ||
            !vd_draft_text(in->to, &who->arn, made))
            return vd_fail_nomem(in->err);
    }
    if (vd_arn_split(&a, who->arn) && vd_str_eq(a.service, VD_S("iam")) && (vd_is_account(a.account) || vd_str_eq(a.account, VD_S("aws"))) &&
        vd_str_starts(a.resource, vd_str_of(who->type)) && vd_str_starts(vd_str_from(a.resource, strlen(who->type)), VD_S("/"))) {
        who->account = a.account;
        if (!who->name.n)
            who->name = vd_str_from(a.resource, vd_str_rfind(a.resource, '/') + 1);
        return VD_OK;
    }
    *usable = false;
    return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, in->account, VD_S(""),
                              who->arn.n ? "\"" VD_F "\" is not the ARN of a %s" : "\"" VD_F "\": a %s without \"Arn\"", VD_A(who->arn), who->type);
}

/* ------------------------------------------------------------------ what it holds */

static vd_code label(const vd_import *in, const identity *who, vd_str what, vd_str *out)
{
    return vd_arena_printf(in->scratch, out, VD_F "#" VD_F, VD_A(who->arn), VD_A(what)) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code inline_policies(vd_import *in, uint32_t node, const char *member, const identity *who)
{
    vd_code  code;
    uint32_t list = vd_member_list(in, node, member, &code);

    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_draft_held h = { .arn = VD_S(""), .at = vd_draft_place(in, c) };
        uint32_t      text = vd_member(in, c, "PolicyDocument");
        vd_str        name;

        VD_TRY(vd_member_text(in, c, "PolicyName", &h.name));
        if (text == VD_NONE) {
            VD_TRY(vd_draft_note_node(in, VD_GAP_MISSING_POLICY, VD_ERROR, c, who->account, who->arn,
                                      "the inline policy \"" VD_F "\" has no document", VD_A(h.name)));
            continue;
        }
        VD_TRY(label(in, who, h.name, &name));
        VD_TRY(vd_draft_document(in, VD_KIND_IDENTITY, name, text, &h.doc));
        if (!VD_PUSH(&in->to->engine->alloc, &in->to->held, h))
            return vd_fail_nomem(in->err);
    }
    return VD_OK;
}

static vd_code attached_policies(vd_import *in, uint32_t node, const identity *who)
{
    vd_code  code;
    uint32_t list = vd_member_list(in, node, "AttachedManagedPolicies", &code);

    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_draft_held h = { .doc = VD_NONE, .at = vd_draft_place(in, c) };

        VD_TRY(vd_member_text(in, c, "PolicyArn", &h.arn));
        VD_TRY(vd_member_text(in, c, "PolicyName", &h.name));
        if (!h.arn.n) {
            VD_TRY(vd_draft_note_node(in, VD_GAP_MISSING_POLICY, VD_ERROR, c, who->account, who->arn,
                                      "an attached policy without \"PolicyArn\""));
            continue;
        }
        if (!h.name.n)
            h.name = vd_str_from(h.arn, vd_str_rfind(h.arn, '/') + 1);
        if (!VD_PUSH(&in->to->engine->alloc, &in->to->held, h))
            return vd_fail_nomem(in->err);
    }
    return VD_OK;
}

static vd_code policies_of(vd_import *in, uint32_t node, const char *member, const identity *who, vd_snap_range *out)
{
    out->first = in->to->held.count;
    VD_TRY(inline_policies(in, node, member, who));
    VD_TRY(attached_policies(in, node, who));
    out->count = in->to->held.count - out->first;
    return VD_OK;
}

static vd_code groups_of(vd_import *in, uint32_t node, vd_snap_range *out)
{
    vd_code  code;
    uint32_t list = vd_member_list(in, node, "GroupList", &code);

    *out = (vd_snap_range){ in->to->names.count, 0 };
    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_draft_name n = { .at = vd_draft_place(in, c) };

        if (!vd_draft_text(in->to, &n.text, vd_doc_text(in->doc, c)) || !VD_PUSH(&in->to->engine->alloc, &in->to->names, n))
            return vd_fail_nomem(in->err);
        out->count++;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the lists */

static vd_code common(vd_import *in, uint32_t node, const identity *who, vd_draft_node *n)
{
    uint32_t boundary = vd_member(in, node, "PermissionsBoundary");

    n->arn = who->arn;
    n->name = who->name;
    n->path = who->path;
    n->account = who->account;
    n->at = vd_draft_place(in, node);
    n->shape = vd_draft_shape(in, node);
    n->trust = VD_NONE;
    VD_TRY(vd_member_text(in, node, "CreateDate", &n->created));
    VD_TRY(vd_member_tags(in, node, "Tags", &n->tags));
    n->boundary = VD_S("");
    if (boundary == VD_NONE)
        return VD_OK;
    n->boundary_at = vd_draft_place(in, boundary);
    VD_TRY(vd_member_text(in, boundary, "PermissionsBoundaryArn", &n->boundary));
    if (!n->boundary.n)
        n->boundary = VD_S("?"); /* there is one, and nobody says which */
    return VD_OK;
}

static vd_code read_user(vd_import *in, uint32_t node)
{
    identity      who = { .type = "user" };
    vd_draft_node n = { .kind = VD_WHO_IS_USER };
    bool          usable;

    VD_TRY(identify(in, node, "UserName", &who, &usable));
    if (!usable)
        return VD_OK;
    VD_TRY(common(in, node, &who, &n));
    VD_TRY(vd_member_text(in, node, "UserId", &n.id));
    VD_TRY(policies_of(in, node, "UserPolicyList", &who, &n.held));
    VD_TRY(groups_of(in, node, &n.groups));
    return VD_PUSH(&in->to->engine->alloc, &in->to->nodes, n) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code add_profiles(vd_import *in, uint32_t list, vd_str role)
{
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_draft_profile p = { .role = role };

        VD_TRY(vd_member_text(in, c, "Arn", &p.arn));
        if (p.arn.n && !VD_PUSH(&in->to->engine->alloc, &in->to->profiles, p))
            return vd_fail_nomem(in->err);
    }
    return VD_OK;
}

static vd_code read_role(vd_import *in, uint32_t node)
{
    identity      who = { .type = "role" };
    vd_draft_node n = { .kind = VD_WHO_IS_ROLE };
    uint32_t      trust = vd_member(in, node, "AssumeRolePolicyDocument"), profiles = vd_member(in, node, "InstanceProfileList");
    uint32_t      used = vd_member(in, node, "RoleLastUsed");
    vd_str        name;
    bool          usable;

    VD_TRY(identify(in, node, "RoleName", &who, &usable));
    if (!usable)
        return VD_OK;
    VD_TRY(common(in, node, &who, &n));
    VD_TRY(vd_member_text(in, node, "RoleId", &n.id));
    VD_TRY(policies_of(in, node, "RolePolicyList", &who, &n.held));
    n.last_used_known = vd_extract_is(in->doc, used, VD_NODE_OBJECT);
    if (n.last_used_known)
        VD_TRY(vd_member_text(in, used, "LastUsedDate", &n.last_used));
    if (vd_extract_is(in->doc, profiles, VD_NODE_ARRAY)) {
        n.profile = vd_doc_first(in->doc, profiles) == VD_NONE ? VD_CERTAIN_NO : VD_CERTAIN_YES;
        VD_TRY(add_profiles(in, profiles, who.arn));
    }
    if (trust == VD_NONE) {
        VD_TRY(vd_draft_note_node(in, VD_GAP_MISSING_POLICY, VD_ERROR, node, who.account, who.arn,
                                  "the role \"" VD_F "\" has no trust policy", VD_A(who.name)));
    } else {
        VD_TRY(label(in, &who, VD_S("trust"), &name));
        VD_TRY(vd_draft_document(in, VD_KIND_TRUST, name, trust, &n.trust));
    }
    return VD_PUSH(&in->to->engine->alloc, &in->to->nodes, n) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code read_group(vd_import *in, uint32_t node)
{
    identity       who = { .type = "group" };
    vd_draft_group g = { .at = vd_draft_place(in, node), .shape = vd_draft_shape(in, node) };
    bool           usable;

    VD_TRY(identify(in, node, "GroupName", &who, &usable));
    if (!usable)
        return VD_OK;
    g.arn = who.arn;
    g.name = who.name;
    g.account = who.account;
    VD_TRY(policies_of(in, node, "GroupPolicyList", &who, &g.held));
    return VD_PUSH(&in->to->engine->alloc, &in->to->groups, g) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code versions_of(vd_import *in, uint32_t node, vd_draft_managed *m)
{
    vd_code  code;
    uint32_t list = vd_member_list(in, node, "PolicyVersionList", &code);

    m->versions = (vd_snap_range){ in->to->versions.count, 0 };
    if (list == VD_NONE)
        return code;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        vd_draft_version v = { .doc = VD_NONE };
        uint32_t         text = vd_member(in, c, "Document");

        VD_TRY(vd_member_text(in, c, "VersionId", &v.id));
        VD_TRY(vd_member_text(in, c, "CreateDate", &v.created));
        v.is_default = vd_extract_is(in->doc, vd_member(in, c, "IsDefaultVersion"), VD_NODE_TRUE);
        if (text != VD_NONE)
            VD_TRY(vd_draft_document(in, VD_KIND_MANAGED, m->arn, text, &v.doc));
        if (!VD_PUSH(&in->to->engine->alloc, &in->to->versions, v))
            return vd_fail_nomem(in->err);
        m->versions.count++;
    }
    return VD_OK;
}

static vd_code read_managed(vd_import *in, uint32_t node)
{
    identity         who = { .type = "policy" };
    vd_draft_managed m = { .at = vd_draft_place(in, node), .shape = vd_draft_shape(in, node) };
    bool             usable;

    VD_TRY(identify(in, node, "PolicyName", &who, &usable));
    if (!usable)
        return VD_OK;
    m.arn = who.arn;
    m.name = who.name;
    m.account = vd_is_account(who.account) ? who.account : VD_S("");
    VD_TRY(vd_member_text(in, node, "DefaultVersionId", &m.version));
    VD_TRY(versions_of(in, node, &m));
    return VD_PUSH(&in->to->engine->alloc, &in->to->managed, m) ? VD_OK : vd_fail_nomem(in->err);
}

/* ------------------------------------------------------------------ the file */

/* The account of the first identity in the file. */
static vd_str first_account(const vd_import *in)
{
    static const char *const lists[] = { "UserDetailList", "RoleDetailList", "GroupDetailList", "Policies" };

    for (size_t i = 0; i < VD_COUNT(lists); i++) {
        uint32_t list = vd_member(in, in->node, lists[i]);

        if (!vd_extract_is(in->doc, list, VD_NODE_ARRAY))
            continue;
        for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
            vd_arn a;

            if (vd_arn_split(&a, vd_extract_member(in->doc, c, "Arn")) && vd_is_account(a.account))
                return a.account;
        }
    }
    return VD_S("");
}

static vd_code find_account(vd_import *in)
{
    vd_str said = first_account(in);

    if (!in->account.n)
        in->account = said.n ? said : in->to->account;
    if (said.n && !vd_str_eq(said, in->account))
        VD_TRY(vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, said, VD_S(""),
                                  "the file of account " VD_F " holds identities of account " VD_F, VD_A(in->account), VD_A(said)));
    return VD_OK;
}

vd_code vd_read_details(vd_import *in)
{
    vd_draft_account a = { .details = true, .name = VD_S(""), .at = vd_draft_place(in, in->node) };

    VD_TRY(find_account(in));
    if (!in->account.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, VD_S(""), VD_S(""), "nobody says which account this is of");
    a.shape = vd_draft_shape(in, in->node);
    a.last = !vd_extract_is(in->doc, vd_member(in, in->node, "IsTruncated"), VD_NODE_TRUE);
    if (!vd_draft_text(in->to, &a.id, in->account) || !VD_PUSH(&in->to->engine->alloc, &in->to->accounts, a))
        return vd_fail_nomem(in->err);
    VD_TRY(vd_member_each(in, in->node, "UserDetailList", read_user));
    VD_TRY(vd_member_each(in, in->node, "GroupDetailList", read_group));
    VD_TRY(vd_member_each(in, in->node, "RoleDetailList", read_role));
    return vd_member_each(in, in->node, "Policies", read_managed);
}
