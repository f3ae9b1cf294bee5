/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known of a principal and a target, as demands: the ARN and id, tags, organization on the one side, the resource,
 * its owner and tags on the other.  Only keys that some statement looks at are pinned; everything else stays free.
 */
#include "analyze/effective_int.h"

#include "base/str.h"
#include "pattern/overlap.h"

static const vd_str principal_tag = VD_L("aws:PrincipalTag/"), resource_tag = VD_L("aws:ResourceTag/");

/* ------------------------------------------------------------------ demands */

static bool demand(vd_effective *e, vd_demand d)
{
    vd_prover *p = &e->d.p;

    if (!p->nomem && !VD_ARENA_PUSH(&p->arena, p->demands, p->demand_count, p->demand_cap, d))
        p->nomem = true;
    return !p->nomem;
}

static bool pin(vd_effective *e, vd_str key, uint8_t state, const vd_str *value)
{
    vd_pin    one = { key, state, value, value ? 1 : 0 };
    vd_demand out[2];
    uint32_t  n = vd_symbolic_pin(e->d.p.s, &one, out, &e->d.p.nomem);

    for (uint32_t i = 0; i < n && !e->d.p.nomem; i++)
        demand(e, out[i]);
    return !e->d.p.nomem;
}

static bool pin_text(vd_effective *e, vd_str key, vd_str value)
{
    vd_str *kept = vd_arena_new(&e->d.p.arena, vd_str);

    if (!kept) {
        e->d.p.nomem = true;
        return false;
    }
    *kept = value;
    return value.n ? pin(e, key, VD_STATE_PRESENT, kept) : pin(e, key, VD_STATE_BLANK, NULL);
}

/* ------------------------------------------------------------------ the principal */

static uint32_t asker_of(const vd_snap_node *n)
{
    return n->kind == VD_WHO_IS_ROOT ? VD_ASKER_ROOT : n->kind == VD_WHO_IS_ROLE ? VD_ASKER_ROLE : VD_ASKER_USER;
}

/* Ids as AWS makes them; others are left open. */
static bool is_id(vd_str id, const char *begin)
{
    bool ok = id.n > 4 && vd_str_starts(id, vd_str_of(begin));

    for (size_t i = 0; ok && i < id.n; i++)
        ok = (id.p[i] >= 'A' && id.p[i] <= 'Z') || (id.p[i] >= '0' && id.p[i] <= '9');
    return ok;
}

static bool pin_principal(vd_effective *e, uint32_t node)
{
    const vd_snap_node *n = &e->snapshot->nodes[node];
    vd_str              pattern;
    bool                ok;

    if (e->principals[node])
        return demand(e, (vd_demand){ e->principals[node] - 1, false });
    if (n->kind == VD_WHO_IS_ROLE && is_id(n->id, "AROA"))
        ok = vd_arena_printf(&e->d.p.arena, &pattern, VD_F "\n" VD_F ":\xff", VD_A(n->arn), VD_A(n->id));
    else if (n->kind == VD_WHO_IS_USER && is_id(n->id, "AIDA"))
        ok = vd_arena_printf(&e->d.p.arena, &pattern, VD_F "\n" VD_F, VD_A(n->arn), VD_A(n->id));
    else
        ok = vd_arena_printf(&e->d.p.arena, &pattern, VD_F "\n\xff", VD_A(n->arn));
    e->d.p.nomem |= !ok;
    if (ok)
        e->principals[node] = 1 + vd_symbolic_principal(e->d.p.s, 1u << asker_of(n), &pattern, 1, &e->d.p.nomem);
    return !e->d.p.nomem && demand(e, (vd_demand){ e->principals[node] - 1, false });
}

/* Whoever takes the role may bring tags with him: then those of the role itself say little. */
static bool takes_tags(const vd_effective *e, const vd_snap_node *n)
{
    const vd_policy *trust = n->kind == VD_WHO_IS_ROLE && n->trust != VD_NONE ? e->snapshot->docs[n->trust].policy : NULL;
    bool             nomem = false;

    if (n->kind != VD_WHO_IS_ROLE)
        return false;
    if (!trust)
        return true;
    for (uint32_t i = 0; i < trust->statement_count; i++) {
        uint32_t box;

        if (trust->statements[i].effect == VD_EFFECT_DENY)
            continue;
        box = vd_symbolic_statement(e->d.p.s, trust, i, &nomem);
        if (nomem || (box != VD_NONE && vd_symbolic_reaches(e->d.p.s, box, VD_S("sts:TagSession"))))
            return true;
    }
    return false;
}

static const vd_snapshot_tag *find_tag(const vd_effective *e, vd_snap_range tags, vd_str key)
{
    for (uint32_t i = 0; i < tags.count; i++)
        if (vd_str_ieq(e->snapshot->tags[tags.first + i].key, key))
            return &e->snapshot->tags[tags.first + i];
    return NULL;
}

static void pin_tags(vd_effective *e, const vd_stand *stand, const vd_snap_node *n, bool retagged)
{
    bool open = retagged || (vd_stand_mentions(stand, principal_tag) && takes_tags(e, n));

    for (uint32_t i = 0; i < stand->keys.count && !open && !e->d.p.nomem; i++) {
        vd_str                 key = stand->keys.at[i];
        const vd_snapshot_tag *tag;

        if (!vd_str_istarts(key, principal_tag))
            continue;
        tag = find_tag(e, n->tags, vd_str_from(key, principal_tag.n));
        if (tag)
            pin_text(e, key, tag->value);
        else
            pin(e, key, VD_STATE_ABSENT, NULL);
    }
}

static void pin_organization(vd_effective *e, uint32_t account, vd_str id, vd_str paths)
{
    const vd_snap_account *a = &e->snapshot->accounts[account];

    if (a->in_org == VD_CERTAIN_NO) {
        pin(e, id, VD_STATE_ABSENT, NULL);
        pin(e, paths, VD_STATE_ABSENT, NULL);
    }
    if (a->in_org != VD_CERTAIN_YES)
        return;
    if (a->org.n)
        pin_text(e, id, a->org);
    if (a->org_path.n)
        pin_text(e, paths, a->org_path);
}

/* ------------------------------------------------------------------ the target */

static void pin_owner(vd_effective *e, const vd_stand *stand, const vd_target *t, vd_str action)
{
    vd_str service, name = action;
    bool   concrete = vd_str_cut(&name, ':', &service) && !vd_any_wild(action);

    if (t->account == VD_NONE || !concrete || vd_action_hides_owner(service, name))
        return;
    if (vd_stand_mentions(stand, VD_S("aws:ResourceOrg")))
        pin_organization(e, t->account, VD_S("aws:ResourceOrgID"), VD_S("aws:ResourceOrgPaths"));
    if (vd_stand_mentions(stand, VD_S("aws:ResourceAccount")))
        pin_text(e, VD_S("aws:ResourceAccount"), t->account_id);
}

/* Tags that it has are known; that it has no others is not. */
static void pin_resource_tags(vd_effective *e, const vd_stand *stand, const vd_target *t)
{
    const vd_snap_resource *r = t->resource != VD_NONE ? &e->snapshot->resources[t->resource] : NULL;

    for (uint32_t i = 0; r && i < stand->keys.count && !e->d.p.nomem; i++) {
        vd_str                 key = stand->keys.at[i];
        const vd_snapshot_tag *tag;

        if (!vd_str_istarts(key, resource_tag) || vd_str_eq(r->type, VD_S("AWS::S3::Bucket")))
            continue;
        tag = find_tag(e, r->tags, vd_str_from(key, resource_tag.n));
        if (tag)
            pin_text(e, key, tag->value);
    }
}

/* ------------------------------------------------------------------ all of it */

static uint8_t relation_of(const vd_snap_account *own, const vd_target *t, vd_str action)
{
    if (t->account_id.n == 0 || vd_action_overlaps(action, VD_S("sts:AssumeRoot")))
        return VD_REL_NONE;
    return vd_str_eq(own->id, t->account_id) ? VD_REL_SAME : VD_REL_OTHER;
}

static void leave(vd_effective *e)
{
    if (e->at)
        e->at->side = e->d.sides[1];
    e->at = NULL;
}

bool vd_known_enter(vd_effective *e, vd_stand *stand, const vd_identity *who, const vd_target *t, const vd_call *call)
{
    const vd_snap_node    *n = &e->snapshot->nodes[who->node];
    const vd_snap_account *own = &e->snapshot->accounts[n->account];
    vd_prover             *p = &e->d.p;

    leave(e);
    e->at = stand;
    e->d.sides[1] = stand->side;
    p->who = 1u << asker_of(n);
    p->linked = n->service_linked;
    p->assumed = stand->assumed;
    p->relation = relation_of(own, t, call->asked->action);
    p->opts.principal = n->arn;
    p->opts.resource_account = t->account_id;
    p->opts.resource_org = p->opts.resource_org_path = (vd_str){ "", 0 };
    if (t->account != VD_NONE && e->snapshot->accounts[t->account].in_org == VD_CERTAIN_YES) {
        p->opts.resource_org = e->snapshot->accounts[t->account].org;
        p->opts.resource_org_path = e->snapshot->accounts[t->account].org_path;
    }
    p->demands = NULL; /* what was handed out before stays as it is */
    p->demand_count = p->demand_cap = 0;
    pin_principal(e, who->node);
    for (uint32_t i = 0; i < t->demand_count; i++)
        demand(e, t->demands[i]);
    for (uint32_t i = 0; i < call->context_count; i++)
        demand(e, call->context[i]);
    pin_tags(e, stand, n, who->retagged);
    if (vd_stand_mentions(stand, VD_S("aws:PrincipalOrg")))
        pin_organization(e, n->account, VD_S("aws:PrincipalOrgID"), VD_S("aws:PrincipalOrgPaths"));
    pin_owner(e, stand, t, call->asked->action);
    pin_resource_tags(e, stand, t);
    return !p->nomem;
}

bool vd_known_reads(const vd_stand *stand)
{
    static const vd_str own[] = { VD_L("aws:Principal"), VD_L("aws:user"), VD_L("kms:CallerAccount"), VD_L("aws:SourceOwner") };

    for (size_t i = 0; i < VD_COUNT(own); i++)
        if (vd_stand_mentions(stand, own[i]))
            return true;
    return stand->key.doc != VD_NONE || stand->key.resource != VD_NONE;
}
