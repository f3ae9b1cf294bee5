/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding things in a finished snapshot, and telling of them.
 */
#include "base/str.h"
#include "model/snapshot.h"
#include "pattern/arn.h"
#include "request/fill.h"

static vd_str account_id(const void *accounts, uint32_t i)
{
    return ((const vd_snap_account *)accounts)[i].id;
}

static vd_str node_arn(const void *nodes, uint32_t i)
{
    return ((const vd_snap_node *)nodes)[i].arn;
}

static vd_str resource_arn(const void *resources, uint32_t i)
{
    return ((const vd_snap_resource *)resources)[i].arn;
}

uint32_t vd_snap_account_find(const vd_snapshot *s, vd_str id)
{
    return vd_str_search(s->accounts, s->account_count, account_id, id);
}

uint32_t vd_snap_profile_find(const vd_snapshot *s, vd_str account, vd_str name)
{
    uint32_t low = 0, high = s->profile_count, of = vd_snap_account_find(s, account);

    while (of != VD_NONE && low < high) {
        uint32_t               middle = low + (high - low) / 2;
        const vd_snap_profile *p = &s->profiles[middle];
        int                    c = p->account != of ? (p->account < of ? -1 : 1) : vd_str_icmp(p->name, name);

        if (c == 0)
            return p->role;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return VD_NONE;
}

/* A session's ARN tells the name of the role, not its path. */
static uint32_t find_role(const vd_snapshot *s, vd_snap_range nodes, vd_str name)
{
    for (uint32_t i = nodes.first; i < nodes.first + nodes.count; i++)
        if (s->nodes[i].kind == VD_WHO_IS_ROLE && vd_str_eq(s->nodes[i].name, name))
            return i;
    return VD_NONE;
}

uint32_t vd_snap_node_find(const vd_snapshot *s, vd_str arn)
{
    vd_arn        a;
    vd_snap_range of;
    uint32_t      account, at;

    if (vd_is_account(arn)) {
        account = vd_snap_account_find(s, arn);
        return account == VD_NONE ? VD_NONE : s->accounts[account].root;
    }
    account = vd_arn_split(&a, arn) ? vd_snap_account_find(s, a.account) : VD_NONE;
    if (account == VD_NONE)
        return VD_NONE;
    if (vd_str_eq(a.service, VD_S("sts")) && vd_str_starts(a.resource, VD_S("assumed-role/"))) {
        vd_str rest = vd_str_from(a.resource, sizeof "assumed-role/" - 1);

        return find_role(s, s->accounts[account].nodes, vd_str_first(rest, vd_str_find(rest, '/')));
    }
    of = s->accounts[account].nodes;
    at = vd_str_search(s->nodes + of.first, of.count, node_arn, arn);
    return at == VD_NONE ? VD_NONE : of.first + at;
}

static uint32_t find_resource(const vd_snapshot *s, vd_str arn)
{
    return vd_str_search(s->resources, s->resource_count, resource_arn, arn);
}

uint32_t vd_snap_resource_bound(const vd_snapshot *s, vd_str text)
{
    return vd_str_bound(s->resources, s->resource_count, resource_arn, text);
}

static uint32_t find_holder(const void *s, vd_str arn)
{
    return find_resource(s, arn);
}

uint32_t vd_snap_resource_find(const vd_snapshot *s, vd_str arn)
{
    return vd_holder_find(s, find_holder, arn);
}

/* ------------------------------------------------------------------ telling */

void vd_snapshot_count(const vd_snapshot *s, vd_snapshot_counts *out)
{
    vd_snapshot_counts all = { .size = sizeof all, .files = s->file_count, .accounts = s->account_count, .groups = s->group_count,
                               .managed = s->managed_count, .resources = s->resource_count, .documents = s->doc_count,
                               .units = s->unit_count, .notes = s->note_count };
    size_t             size = out->size && out->size < sizeof all ? out->size : sizeof all;

    for (uint32_t i = 0; i < s->node_count; i++) {
        all.users += s->nodes[i].kind == VD_WHO_IS_USER;
        all.roles += s->nodes[i].kind == VD_WHO_IS_ROLE;
    }
    memcpy(out, &all, size);
    out->size = size;
}

uint32_t vd_snapshot_principals(const vd_snapshot *s)
{
    return s->node_count;
}

uint32_t vd_snapshot_find(const vd_snapshot *s, vd_str arn)
{
    return vd_snap_node_find(s, arn);
}

bool vd_snapshot_principal(const vd_snapshot *s, uint32_t index, vd_principal_info *out)
{
    const vd_snap_node *n = index < s->node_count ? &s->nodes[index] : NULL;
    vd_principal_info   all;
    size_t              size = out->size && out->size < sizeof all ? out->size : sizeof all;

    if (!n)
        return false;
    all = (vd_principal_info){ .size = size, .kind = (vd_who_kind)n->kind, .arn = n->arn, .name = n->name, .path = n->path, .id = n->id,
                               .account = s->accounts[n->account].id, .tags = s->tags + n->tags.first, .tag_count = n->tags.count,
                               .password = (vd_certain)n->password, .mfa = (vd_certain)n->mfa, .keys = n->keys, .created = n->created };
    memcpy(out, &all, size);
    return true;
}

static const char *const note_names[VD_GAP_COUNT] = {
    [VD_GAP_UNREADABLE] = "unreadable",           [VD_GAP_TRUNCATED] = "truncated",
    [VD_GAP_UNKNOWN_FILE] = "unknown-file",       [VD_GAP_POLICY] = "policy",
    [VD_GAP_MISSING_GROUP] = "missing-group",     [VD_GAP_MISSING_POLICY] = "missing-policy",
    [VD_GAP_MISSING_BOUNDARY] = "missing-boundary", [VD_GAP_MISSING_VERSION] = "missing-version",
    [VD_GAP_DUPLICATE] = "duplicate",             [VD_GAP_ORGANIZATION] = "organization",
    [VD_GAP_NOT_COLLECTED] = "not-collected",     [VD_GAP_PERMISSION_SET] = "permission-set",
};

const char *vd_snapshot_note_name(int32_t what)
{
    return what >= 0 && what < VD_GAP_COUNT ? note_names[what] : "";
}

bool vd_snapshot_note_at(const vd_snapshot *s, uint32_t index, vd_snapshot_note *out)
{
    size_t size = out->size && out->size < sizeof *out ? out->size : sizeof *out;

    if (index >= s->note_count)
        return false;
    memcpy(out, &s->notes[index], size);
    out->size = size;
    return true;
}
