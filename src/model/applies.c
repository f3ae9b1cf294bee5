/* SPDX-License-Identifier: Apache-2.0
 *
 * Which documents bear on a principal and a resource, in the order of evaluation, and how each came there.
 */
#include "base/str.h"
#include "model/snapshot.h"

static bool add(vd_bearings *out, vd_arena *arena, vd_bearing b)
{
    return VD_ARENA_PUSH(arena, out->at, out->count, out->cap, b);
}

static vd_policy *policy_of(const vd_snapshot *s, uint32_t doc)
{
    return doc == VD_NONE ? NULL : s->docs[doc].policy;
}

/* "group devs, managed policy arn:..." */
static bool from_of(const vd_snapshot *s, const vd_held *h, vd_arena *arena, vd_str *out)
{
    bool   grouped = h->via == VD_VIA_GROUP_INLINE || h->via == VD_VIA_GROUP_MANAGED;
    bool   managed = h->via == VD_VIA_MANAGED || h->via == VD_VIA_GROUP_MANAGED;
    vd_str name = managed && h->managed != VD_NONE ? s->managed[h->managed].arn : h->name;

    return vd_arena_printf(arena, out, "%s" VD_F "%s%s " VD_F, grouped ? "group " : "", VD_A(grouped ? s->groups[h->group].name : VD_S("")),
                           grouped ? ", " : "", managed ? "managed policy" : "inline policy", VD_A(name));
}

bool vd_snap_identity(vd_bearings *out, const vd_snapshot *s, uint32_t node, vd_arena *arena)
{
    const vd_snap_node *n;
    vd_bearing          b = { .layer = VD_LAYER_BOUNDARY, .target = VD_S("") };

    if (node == VD_NONE)
        return true;
    n = &s->nodes[node];
    for (uint32_t i = 0; i < n->held.count; i++) {
        const vd_held *h = &s->held[n->held.first + i];
        vd_bearing     held = { .policy = policy_of(s, h->doc), .layer = VD_LAYER_IDENTITY, .target = VD_S("") };

        held.missing = !held.policy;
        if (!from_of(s, h, arena, &held.from) || !add(out, arena, held))
            return false;
    }
    if (!n->bounded)
        return true;
    b.policy = policy_of(s, n->boundary);
    b.missing = !b.policy;
    return vd_arena_printf(arena, &b.from, "permissions boundary " VD_F, VD_A(n->boundary_arn)) && add(out, arena, b);
}

static bool add_level(vd_bearings *out, const vd_snapshot *s, const vd_snap_level *l, vd_bearing b, vd_arena *arena)
{
    b.from = b.target;
    if (l->docs.count == 0)
        return add(out, arena, b);
    for (uint32_t i = 0; i < l->docs.count; i++) {
        b.policy = policy_of(s, s->unit_docs[l->docs.first + i]);
        b.missing = !b.policy;
        if (!add(out, arena, b))
            return false;
    }
    return true;
}

bool vd_snap_guards(vd_bearings *out, const vd_snapshot *s, uint32_t account, vd_layer which, vd_arena *arena)
{
    const vd_snap_account *a;
    uint32_t               chain;
    vd_bearing             b = { .layer = which };

    if (account == VD_NONE)
        return true;
    a = &s->accounts[account];
    chain = which == VD_LAYER_SCP ? a->scp : a->rcp;
    if (which == VD_LAYER_SCP ? a->scp_missing : a->rcp_missing) {
        b.missing = true;
        b.target = b.from = a->id;
        return add(out, arena, b);
    }
    if (chain == VD_NONE)
        return true;
    for (uint32_t i = 0; i < s->chains[chain].levels.count; i++) {
        const vd_snap_level *l = &s->levels[s->chains[chain].levels.first + i];

        b.level = i;
        b.target = l->target.n ? l->target : a->id;
        if (!add_level(out, s, l, b, arena))
            return false;
    }
    return true;
}

bool vd_snap_resource_side(vd_bearings *out, const vd_snapshot *s, uint32_t resource, vd_arena *arena)
{
    const vd_snap_resource *r;
    vd_bearing              b = { .layer = VD_LAYER_RESOURCE, .target = VD_S("") };

    if (resource == VD_NONE)
        return true;
    r = &s->resources[resource];
    if (r->behind != VD_NONE) {
        vd_bearing point = { .policy = policy_of(s, r->doc), .layer = VD_LAYER_ACCESS_POINT, .target = VD_S("") };

        point.missing = !point.policy && !r->complete;
        if ((point.policy || point.missing) &&
            (!vd_arena_printf(arena, &point.from, "policy of the access point " VD_F, VD_A(r->arn)) || !add(out, arena, point)))
            return false;
        r = &s->resources[r->behind];
    }
    b.policy = policy_of(s, r->doc);
    b.missing = !b.policy && !r->complete;
    if ((b.policy || b.missing) && (!vd_arena_printf(arena, &b.from, "policy of " VD_F, VD_A(r->arn)) || !add(out, arena, b)))
        return false;
    for (uint32_t i = 0; i < r->shared.count; i++) {
        vd_bearing share = { .policy = policy_of(s, s->shared[r->shared.first + i]), .layer = VD_LAYER_RESOURCE, .target = VD_S("") };

        if (!vd_arena_printf(arena, &share.from, "sharing of " VD_F, VD_A(r->arn)) || !add(out, arena, share))
            return false;
    }
    return true;
}

bool vd_snap_exempt(const vd_snapshot *s, uint32_t node)
{
    const vd_snap_node *n = &s->nodes[node];

    return n->service_linked || s->accounts[n->account].management == VD_CERTAIN_YES;
}
