/* SPDX-License-Identifier: Apache-2.0
 *
 * IAM Identity Center: permission sets, what is in them, and who has them in which account.  The folder that a file lies in
 * is called after the last part of the set's ARN, for most answers do not repeat which set was asked about.
 */
#include "base/str.h"
#include "model/draft.h"

/* The set that a file is about: by its ARN where it is said, else by its folder.  *usable false: a note says that nobody knows. */
static vd_code identify(vd_import *in, uint32_t node, const char *member, vd_draft_set *set, bool *usable)
{
    vd_str id = in->part[0];

    set->at = vd_draft_place(in, node);
    set->doc = VD_NONE;
    set->arn = set->name = set->account = set->principal = VD_S("");
    if (member)
        VD_TRY(vd_member_text(in, node, member, &set->arn));
    if (set->arn.n)
        id = vd_str_from(set->arn, vd_str_rfind(set->arn, '/') + 1);
    *usable = id.n > 0;
    if (!*usable)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""), "nobody says which permission set this is of");
    return vd_draft_text(in->to, &set->id, id) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code add(vd_import *in, vd_draft_set set)
{
    return VD_PUSH(&in->to->engine->alloc, &in->to->sets, set) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code check_whole(vd_import *in)
{
    uint32_t more = vd_member(in, in->node, "NextToken");

    if (more == VD_NONE)
        return VD_OK;
    return vd_draft_note_node(in, VD_GAP_TRUNCATED, VD_ERROR, more, VD_S(""), VD_S(""),
                              "there are more than are in this file: \"NextToken\" is not null");
}

vd_code vd_read_permission_set(vd_import *in)
{
    uint32_t     node = vd_member(in, in->node, "PermissionSet");
    vd_draft_set set = { .part = VD_SET_ITSELF };
    bool         usable;

    if (!vd_extract_is(in->doc, node, VD_NODE_OBJECT))
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, VD_S(""), VD_S(""), "no \"PermissionSet\"");
    VD_TRY(identify(in, node, "PermissionSetArn", &set, &usable));
    VD_TRY(vd_member_text(in, node, "Name", &set.name));
    return usable ? add(in, set) : VD_OK;
}

/* "" is what the answer has for a set without any. */
vd_code vd_read_set_inline(vd_import *in)
{
    uint32_t     text = vd_member(in, in->node, "InlinePolicy");
    vd_draft_set set = { .part = VD_SET_INLINE };
    bool         usable;

    VD_TRY(identify(in, in->node, NULL, &set, &usable));
    if (!usable)
        return VD_OK;
    if (text != VD_NONE && (!vd_extract_is(in->doc, text, VD_NODE_STRING) || vd_doc_text(in->doc, text).n))
        VD_TRY(vd_draft_document(in, VD_KIND_IDENTITY, set.id, text, &set.doc));
    return add(in, set);
}

static vd_code read_managed(vd_import *in, uint32_t node)
{
    vd_draft_name n = { .at = vd_draft_place(in, node) };

    VD_TRY(vd_member_text(in, node, "Arn", &n.text));
    if (!n.text.n)
        return vd_draft_note_node(in, VD_GAP_MISSING_POLICY, VD_ERROR, node, VD_S(""), VD_S(""), "a managed policy without \"Arn\"");
    return VD_PUSH(&in->to->engine->alloc, &in->to->names, n) ? VD_OK : vd_fail_nomem(in->err);
}

vd_code vd_read_set_managed(vd_import *in)
{
    vd_draft_set set = { .part = VD_SET_MANAGED };
    bool         usable;

    VD_TRY(identify(in, in->node, NULL, &set, &usable));
    if (!usable)
        return VD_OK;
    set.managed.first = in->to->names.count;
    VD_TRY(vd_member_each(in, in->node, "AttachedManagedPolicies", read_managed));
    set.managed.count = in->to->names.count - set.managed.first;
    VD_TRY(check_whole(in));
    return add(in, set);
}

static vd_code read_assignment(vd_import *in, uint32_t node)
{
    vd_draft_set set = { .part = VD_SET_ASSIGNED };
    bool         usable;

    VD_TRY(identify(in, node, "PermissionSetArn", &set, &usable));
    VD_TRY(vd_member_text(in, node, "AccountId", &set.account));
    VD_TRY(vd_member_text(in, node, "PrincipalId", &set.principal));
    set.group = vd_str_eq(vd_extract_member(in->doc, node, "PrincipalType"), VD_S("GROUP"));
    if (usable && set.account.n)
        return add(in, set);
    return usable ? vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""), "an assignment without \"AccountId\"") : VD_OK;
}

vd_code vd_read_assignments(vd_import *in)
{
    VD_TRY(vd_member_each(in, in->node, "AccountAssignments", read_assignment));
    return check_whole(in);
}
