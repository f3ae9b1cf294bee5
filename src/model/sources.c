/* SPDX-License-Identifier: Apache-2.0
 *
 * Which reader reads a file: by its name, and where that says nothing by its shape (analysis 8.1).
 */
#include "base/str.h"
#include "model/draft.h"
#include "pattern/arn.h"

/* In a pattern "@" is an account, "%" a region, and a star the rest of a name. */
typedef struct source {
    const char *path;
    vd_code (*read)(vd_import *in);
} source;

static vd_code nothing(vd_import *in)
{
    VD_UNUSED(in);
    return VD_OK;
}

static const source named[] = {
    { "manifest.json", vd_read_manifest },
    { "org/organization.json", vd_read_organization },
    { "org/roots.json", vd_read_roots },
    { "org/ous/*.json", vd_read_units },
    { "org/accounts/*.json", vd_read_accounts },
    { "org/policies/*.json", vd_read_guard },
    { "org/targets/*.json", vd_read_targets },
    { "org/policies-for/*.json", vd_read_policies_for },
    { "org/sso/*/permission-set.json", vd_read_permission_set },
    { "org/sso/*/inline-policy.json", vd_read_set_inline },
    { "org/sso/*/managed-policies.json", vd_read_set_managed },
    { "org/sso/*/assignments/*.json", vd_read_assignments },
    { "accounts/@/authorization-details*.json", vd_read_details },
    { "accounts/@/credential-report.csv", vd_read_credential_report },
    { "accounts/@/%/ram/shares.json", vd_read_shares },
    /* What they say decides no request by itself. */
    { "org/delegated-administrators.json", nothing },
    { "accounts/@/account-summary.json", nothing },
    { "accounts/@/saml-providers.json", nothing },
    { "accounts/@/oidc-providers/*.json", nothing },
    { "accounts/@/%/lambda/*/url-config.json", nothing },
};

/* A member of the top object that nothing else has. */
static const struct {
    const char *member;
    vd_code (*read)(vd_import *in);
} shaped[] = {
    { "accounts", vd_read_merged },         { "UserDetailList", vd_read_details },  { "RoleDetailList", vd_read_details }, { "GroupDetailList", vd_read_details },
    { "Organization", vd_read_organization }, { "Roots", vd_read_roots },          { "OrganizationalUnits", vd_read_units },
    { "Accounts", vd_read_accounts },       { "Policy.PolicySummary", vd_read_guard },
    { "PermissionSet", vd_read_permission_set }, { "AccountAssignments", vd_read_assignments },
};

/* ------------------------------------------------------------------ names */

static bool match_component(vd_import *in, vd_str pattern, vd_str have, uint32_t *parts)
{
    size_t star = vd_str_find(pattern, '*');
    vd_str head, tail;

    if (vd_str_eq(pattern, VD_S("@")) || vd_str_eq(pattern, VD_S("%"))) {
        *(pattern.p[0] == '@' ? &in->account : &in->region) = have;
        return pattern.p[0] == '%' || vd_is_account(have);
    }
    if (star == pattern.n)
        return vd_str_eq(pattern, have);
    head = vd_str_first(pattern, star);
    tail = vd_str_from(pattern, star + 1);
    if (have.n < head.n + tail.n || !vd_str_starts(have, head) || !vd_str_ends(have, tail) || *parts >= VD_COUNT(in->part))
        return false;
    in->part[(*parts)++] = vd_str_first(vd_str_from(have, head.n), have.n - head.n - tail.n);
    return true;
}

bool vd_source_match(vd_import *in, vd_str pattern, vd_str path)
{
    uint32_t parts = 0;
    bool     more_pattern, more_path;

    do {
        vd_str one, have;

        more_pattern = vd_str_cut(&pattern, '/', &one);
        more_path = vd_str_cut(&path, '/', &have);
        if (more_pattern != more_path || !match_component(in, more_pattern ? one : pattern, more_path ? have : path, &parts))
            return false;
    } while (more_pattern);
    return true;
}

bool vd_source_match_below(vd_import *in, const char *pattern)
{
    char path[128] = "accounts/@/%/";

    memcpy(path + 13, pattern, strlen(pattern) + 1);
    return vd_source_match(in, vd_str_of(path), in->path);
}

/* From the last folder on that begins the layout: a snapshot may lie anywhere. */
static vd_str without_folders(vd_str path)
{
    vd_str best = path, rest = path, head;

    for (;;) {
        vd_str id = vd_str_starts(rest, VD_S("accounts/")) ? vd_str_from(rest, 9) : VD_S("");

        if (vd_str_starts(rest, VD_S("org/")) || vd_is_account(vd_str_first(id, vd_str_find(id, '/'))) ||
            vd_str_eq(rest, VD_S("manifest.json")))
            best = rest;
        if (!vd_str_cut(&rest, '/', &head))
            return best;
    }
}

static vd_str account_of(vd_str path)
{
    vd_str id = vd_str_starts(path, VD_S("accounts/")) ? vd_str_from(path, 9) : VD_S("");

    id = vd_str_first(id, vd_str_find(id, '/'));
    return vd_is_account(id) ? id : VD_S("");
}

/* ------------------------------------------------------------------ one file */

static vd_code unknown(vd_import *in)
{
    return vd_draft_note_node(in, VD_GAP_UNKNOWN_FILE, VD_WARNING, VD_NONE, in->account, VD_S(""),
                              "nobody reads this file: neither its name nor its content is known");
}

static vd_code read_named(vd_import *in, vd_code (*read)(vd_import *in))
{
    if (!in->doc || vd_extract_is(in->doc, in->node, VD_NODE_OBJECT))
        return read(in);
    return vd_draft_note_node(in, VD_GAP_UNREADABLE, VD_ERROR, in->node, in->account, VD_S(""), "the file must hold an object, found %s",
                              vd_doc_kind_name(in->doc, in->node));
}

vd_code vd_source_by_name(vd_import *in, bool *known)
{
    static vd_code (*const below[])(vd_import *, bool *) = { vd_read_inventory, vd_read_sharing, vd_read_resource };

    *known = true;
    for (size_t i = 0; i < VD_COUNT(named); i++)
        if (vd_source_match(in, vd_str_of(named[i].path), in->path))
            return read_named(in, named[i].read);
    in->account = account_of(in->path);
    in->region = VD_S("");
    *known = false;
    for (size_t i = 0; i < VD_COUNT(below) && !*known; i++)
        VD_TRY(below[i](in, known));
    for (size_t i = 0; !*known && i < VD_COUNT(in->part); i++)
        in->part[i] = VD_S(""); /* of patterns that fit in part */
    return VD_OK;
}

vd_code vd_source_by_shape(vd_import *in, bool *known)
{
    *known = in->doc && in->doc->nodes[in->node].kind == VD_NODE_OBJECT;
    for (size_t i = 0; *known && i < VD_COUNT(shaped); i++)
        if (vd_member(in, in->node, shaped[i].member) != VD_NONE)
            return shaped[i].read(in);
    *known = false;
    return VD_OK;
}

vd_code vd_read_source(vd_import *in)
{
    bool known;

    in->path = without_folders(in->path);
    in->account = account_of(in->path);
    VD_TRY(vd_source_by_name(in, &known));
    if (!known)
        VD_TRY(vd_source_by_shape(in, &known));
    return known ? VD_OK : unknown(in);
}
