/* SPDX-License-Identifier: Apache-2.0
 *
 * The organization: its tree, its accounts, its service and resource control policies and where they hang.
 */
#include "base/str.h"
#include "model/draft.h"

typedef vd_code read_one(vd_import *in, uint32_t node, vd_str parent);

static vd_code each(vd_import *in, const char *name, vd_str parent, read_one *read)
{
    vd_code  code;
    uint32_t list = vd_member_list(in, in->node, name, &code);

    in->to->has_organization = true;
    if (list == VD_NONE)
        return code;
    if (vd_member(in, in->node, "NextToken") != VD_NONE)
        VD_TRY(vd_draft_note_node(in, VD_GAP_TRUNCATED, VD_ERROR, vd_member(in, in->node, "NextToken"), VD_S(""), VD_S(""),
                                  "there are more than are in this file: \"NextToken\" is not null"));
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c)) {
        if (vd_extract_is(in->doc, c, VD_NODE_OBJECT))
            VD_TRY(read(in, c, parent));
        else
            VD_TRY(vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, c, VD_S(""), VD_S(""), "\"%s\" holds objects, found %s", name,
                                      vd_doc_kind_name(in->doc, c)));
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the tree */

vd_code vd_read_organization(vd_import *in)
{
    uint32_t node = vd_member(in, in->node, "Organization");
    vd_str   id, account;

    in->to->has_organization = true;
    if (node == VD_NONE)
        node = in->node;
    VD_TRY(vd_member_text(in, node, "Id", &id));
    VD_TRY(vd_member_text(in, node, "MasterAccountId", &account));
    if (!account.n)
        VD_TRY(vd_member_text(in, node, "ManagementAccountId", &account));
    if (!id.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""), "an organization without \"Id\"");
    return VD_PUSH(&in->to->engine->alloc, &in->to->organizations, (vd_draft_organization){ id, account, vd_draft_place(in, node) })
               ? VD_OK
               : vd_fail_nomem(in->err);
}

static vd_code add_unit(vd_import *in, uint32_t node, vd_draft_unit u)
{
    u.at = vd_draft_place(in, node);
    VD_TRY(vd_member_text(in, node, "Id", &u.id));
    VD_TRY(vd_member_text(in, node, "Name", &u.name));
    if (!u.id.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""),
                                  "a root, organizational unit or account without \"Id\"");
    if (!vd_draft_text(in->to, &u.parent, u.parent) || !VD_PUSH(&in->to->engine->alloc, &in->to->units, u))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

/* Which types of policies are enabled: an absent list says nothing, an absent type is not enabled. */
static vd_code policy_types(vd_import *in, uint32_t node, vd_draft_unit *u)
{
    static const char *const types[2] = { "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY" };
    vd_code                  code;
    uint32_t                 list = vd_member_list(in, node, "PolicyTypes", &code);

    u->types[0] = u->types[1] = -1;
    if (list == VD_NONE)
        return code;
    u->types[0] = u->types[1] = 0;
    for (uint32_t c = vd_doc_first(in->doc, list); c != VD_NONE; c = vd_doc_next(in->doc, list, c))
        for (size_t i = 0; i < VD_COUNT(types); i++)
            if (vd_str_eq(vd_extract_member(in->doc, c, "Type"), vd_str_of(types[i])) &&
                vd_str_eq(vd_extract_member(in->doc, c, "Status"), VD_S("ENABLED")))
                u->types[i] = 1;
    return VD_OK;
}

static vd_code read_root(vd_import *in, uint32_t node, vd_str parent)
{
    vd_draft_unit u = { .kind = VD_UNIT_ROOT, .parent = parent };

    VD_TRY(policy_types(in, node, &u));
    return add_unit(in, node, u);
}

static vd_code read_unit(vd_import *in, uint32_t node, vd_str parent)
{
    return add_unit(in, node, (vd_draft_unit){ .kind = VD_UNIT_OU, .parent = parent, .types = { -1, -1 } });
}

static vd_code read_account(vd_import *in, uint32_t node, vd_str parent)
{
    vd_str id, name;

    VD_TRY(vd_member_text(in, node, "Id", &id));
    VD_TRY(vd_member_text(in, node, "Name", &name));
    if (!id.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""), "an account without \"Id\"");
    VD_TRY(vd_draft_account_add(in->to, id, name, vd_draft_place(in, node), true, in->err));
    return add_unit(in, node, (vd_draft_unit){ .kind = VD_UNIT_ACCOUNT, .parent = parent, .types = { -1, -1 } });
}

vd_code vd_read_roots(vd_import *in)
{
    return each(in, "Roots", VD_S(""), read_root);
}

vd_code vd_read_units(vd_import *in)
{
    return each(in, "OrganizationalUnits", in->part[0], read_unit);
}

vd_code vd_read_accounts(vd_import *in)
{
    return each(in, "Accounts", in->part[0], read_account);
}

/* ------------------------------------------------------------------ policies */

static int kind_of(vd_str type)
{
    if (vd_str_eq(type, VD_S("SERVICE_CONTROL_POLICY")))
        return VD_KIND_SCP;
    return vd_str_eq(type, VD_S("RESOURCE_CONTROL_POLICY")) ? VD_KIND_RCP : -1;
}

vd_code vd_read_guard(vd_import *in)
{
    uint32_t       text = vd_member(in, in->node, "Policy.Content"), node = vd_member(in, in->node, "Policy.PolicySummary");
    vd_draft_guard g = { .doc = VD_NONE, .at = vd_draft_place(in, in->node) };
    int            kind;

    in->to->has_organization = true;
    if (node == VD_NONE)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, VD_S(""), VD_S(""),
                                  "a policy of the organization without \"PolicySummary\"");
    VD_TRY(vd_member_text(in, node, "Id", &g.id));
    VD_TRY(vd_member_text(in, node, "Name", &g.name));
    VD_TRY(vd_member_text(in, node, "Type", &g.type));
    if (!g.id.n && !vd_draft_text(in->to, &g.id, in->part[0]))
        return vd_fail_nomem(in->err);
    kind = kind_of(g.type);
    if (kind < 0 && g.type.n)
        text = VD_NONE; /* tag policies, backup policies: they decide no request */
    else if (text == VD_NONE || kind < 0 || !g.id.n)
        VD_TRY(vd_draft_note_node(in, VD_GAP_MISSING_POLICY, VD_ERROR, in->node, VD_S(""), VD_S(""),
                                  "the policy \"" VD_F "\" of the organization has no %s", VD_A(g.id),
                                  text == VD_NONE ? "\"Content\"" : kind < 0 ? "\"Type\"" : "\"Id\""));
    else
        VD_TRY(vd_draft_document(in, kind, g.id, text, &g.doc));
    return VD_PUSH(&in->to->engine->alloc, &in->to->guards, g) ? VD_OK : vd_fail_nomem(in->err);
}

static vd_code add_target(vd_import *in, uint32_t node, vd_str policy, vd_str target)
{
    vd_draft_target t = { .at = vd_draft_place(in, node) };

    in->to->has_targets = true;
    if (!policy.n || !target.n)
        return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, node, VD_S(""), VD_S(""),
                                  "what hangs where is not said: the file is called after the one, and \"%s\" is the other",
                                  policy.n ? "TargetId" : "Id");
    if (!vd_draft_text(in->to, &t.policy, policy) || !vd_draft_text(in->to, &t.target, target) ||
        !VD_PUSH(&in->to->engine->alloc, &in->to->targets, t))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

static vd_code read_target(vd_import *in, uint32_t node, vd_str policy)
{
    return add_target(in, node, policy, vd_extract_member(in->doc, node, "TargetId"));
}

vd_code vd_read_targets(vd_import *in)
{
    in->to->has_targets = true;
    return each(in, "Targets", in->part[0], read_target);
}

static vd_code read_policy_for(vd_import *in, uint32_t node, vd_str target)
{
    vd_draft_guard g = { .doc = VD_NONE, .at = vd_draft_place(in, node) };

    VD_TRY(vd_member_text(in, node, "Id", &g.id));
    VD_TRY(vd_member_text(in, node, "Name", &g.name));
    VD_TRY(vd_member_text(in, node, "Type", &g.type));
    if (g.id.n && !VD_PUSH(&in->to->engine->alloc, &in->to->guards, g))
        return vd_fail_nomem(in->err);
    return add_target(in, node, g.id, target);
}

vd_code vd_read_policies_for(vd_import *in)
{
    in->to->has_targets = true;
    return each(in, "Policies", in->part[0], read_policy_for);
}
