/* SPDX-License-Identifier: Apache-2.0
 *
 * Coarse masks of actions: what the documents of a signature could allow at most.  They only ever take away what no request
 * could be allowed, so that a zero is a proof.
 */
#include "analyze/effective_int.h"

#include "base/str.h"
#include "pattern/overlap.h"

static uint32_t words_of(const vd_effective *e)
{
    return vd_catalog_actions(e->d.p.catalog) / 64 + 1;
}

/* The actions of a statement; bits is zero before. */
static void expand(const vd_effective *e, const vd_list *list, uint64_t *bits)
{
    uint32_t words = words_of(e);

    if (!list->present)
        return;
    for (uint32_t i = 0; i < list->texts.count; i++)
        vd_catalog_expand_bits(e->d.p.catalog, list->texts.at[i].text, bits);
    for (uint32_t i = 0; list->negated && i < words; i++)
        bits[i] = ~bits[i];
}

static bool is_unconditional(const vd_statement *st)
{
    bool star = false;

    if (st->entry_count || st->principal.present || !st->resource.present || st->resource.negated)
        return false;
    for (uint32_t i = 0; i < st->resource.texts.count; i++)
        star |= vd_str_eq(st->resource.texts.at[i].text, VD_S("*"));
    return star;
}

typedef struct masking {
    vd_effective *e;
    uint64_t     *allow, *deny, *one;
    uint32_t      words;
} masking;

static void add_policy(masking *m, const vd_policy *policy)
{
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];
        bool                deny = st->effect == VD_EFFECT_DENY;

        if (st->malformed || (deny && !is_unconditional(st)))
            continue;
        memset(m->one, 0, m->words * sizeof *m->one);
        expand(m->e, &st->action, m->one);
        for (uint32_t k = 0; k < m->words; k++)
            (deny ? m->deny : m->allow)[k] |= m->one[k];
    }
}

static void fill(uint64_t *bits, uint32_t words, uint64_t with)
{
    for (uint32_t i = 0; i < words; i++)
        bits[i] = with;
}

static vd_str skip_blank(vd_str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == '\n' || s.p[0] == '\r'))
        s = vd_str_from(s, 1);
    return s;
}

/* "ObjectOwnership": "BucketOwnerEnforced": then no ACL counts.  Within a text the quotes would not be bare. */
static bool has_no_acls(vd_str state)
{
    static const vd_str member = VD_L("\"ObjectOwnership\""), value = VD_L("\"BucketOwnerEnforced\"");

    bool                found = false;

    for (size_t i = 0; i + member.n < state.n; i++) {
        vd_str rest = vd_str_from(state, i);

        if (!vd_str_starts(rest, member))
            continue;
        rest = skip_blank(vd_str_from(rest, member.n));
        if (!vd_str_starts(rest, VD_S(":")) || !vd_str_starts(skip_blank(vd_str_from(rest, 1)), value))
            return false;
        found = true;
    }
    return found;
}

/* By a grant or an ACL; whom and to what is not looked at here. */
bool vd_state_lets_in(vd_str state)
{
    return vd_str_contains(state, VD_S("\"grants\"")) ||
           ((vd_str_contains(state, VD_S("\"acl\"")) || vd_str_contains(state, VD_S("\"objectAcl\""))) && !has_no_acls(state));
}

/* What policies of resources allow anybody. */
static bool open_mask(masking *m)
{
    vd_effective      *e = m->e;
    const vd_snapshot *s = e->snapshot;

    e->open = vd_arena_new_array(&e->d.p.arena, uint64_t, m->words);
    if (!e->open)
        return false;
    m->allow = e->open;
    for (uint32_t i = 0; i < s->resource_count; i++) {
        if (s->resources[i].doc != VD_NONE && s->docs[s->resources[i].doc].policy)
            add_policy(m, s->docs[s->resources[i].doc].policy);
        if (vd_state_lets_in(s->resources[i].state)) {
            vd_catalog_expand_bits(e->d.p.catalog, VD_S("kms:*"), e->open);
            vd_catalog_expand_bits(e->d.p.catalog, VD_S("s3:*"), e->open);
        }
    }
    for (uint32_t i = 0; i < s->shared_count; i++)
        if (s->shared[i] != VD_NONE && s->docs[s->shared[i]].policy)
            add_policy(m, s->docs[s->shared[i]].policy);
    for (uint32_t i = 0; i < s->node_count; i++)
        if (s->nodes[i].trust != VD_NONE && s->docs[s->nodes[i].trust].policy)
            add_policy(m, s->docs[s->nodes[i].trust].policy);
    return true;
}

/* All of one layer and level, which together allow or do not. */
static void and_layer(masking *m, uint64_t *into, const vd_bearings *all, vd_layer layer, uint32_t level, uint64_t *room)
{
    bool there = false, open = false;

    m->allow = room;
    fill(room, m->words, 0);
    for (uint32_t i = 0; i < all->count; i++) {
        const vd_bearing *b = &all->at[i];

        if (b->layer != layer || b->level != level)
            continue;
        there = true;
        if (b->policy)
            add_policy(m, b->policy);
        else
            open = true;
    }
    for (uint32_t i = 0; there && !open && i < m->words; i++)
        into[i] &= room[i];
}

static bool make(masking *m, uint32_t node, uint64_t *mask, uint64_t *room)
{
    vd_effective *e = m->e;
    vd_bearings   own = { 0 }, guards = { 0 };
    uint32_t      levels = 0;

    if (!vd_snap_identity(&own, e->snapshot, node, &e->d.p.arena) ||
        (!vd_snap_exempt(e->snapshot, node) &&
         !vd_snap_guards(&guards, e->snapshot, e->snapshot->nodes[node].account, VD_LAYER_SCP, &e->d.p.arena)))
        return false;
    if (e->snapshot->nodes[node].kind == VD_WHO_IS_ROOT) {
        fill(mask, m->words, ~UINT64_C(0));
    } else {
        m->allow = mask;
        for (uint32_t i = 0; i < own.count; i++) {
            if (own.at[i].layer == VD_LAYER_IDENTITY && own.at[i].policy)
                add_policy(m, own.at[i].policy);
            else if (own.at[i].layer == VD_LAYER_IDENTITY) /* missing */
                fill(mask, m->words, ~UINT64_C(0));
        }
        and_layer(m, mask, &own, VD_LAYER_BOUNDARY, 0, room);
    }
    for (uint32_t i = 0; i < m->words; i++)
        mask[i] |= e->open[i];
    for (uint32_t i = 0; i < guards.count; i++)
        levels = guards.at[i].level + 1 > levels ? guards.at[i].level + 1 : levels;
    for (uint32_t i = 0; i < levels; i++)
        and_layer(m, mask, &guards, VD_LAYER_SCP, i, room);
    for (uint32_t i = 0; i < m->words; i++)
        mask[i] &= ~m->deny[i];
    return true;
}

static const uint64_t *mask_of(vd_effective *e, uint32_t node)
{
    bool      root = e->snapshot->nodes[node].kind == VD_WHO_IS_ROOT, exempt = vd_snap_exempt(e->snapshot, node);
    uint32_t  signature = e->snapshot->nodes[node].signature, at = signature * 4 + root * 2u + exempt;
    masking   m = { .e = e, .words = words_of(e) };
    uint64_t *mask, *room;

    if (signature >= e->snapshot->signature_count)
        return NULL;
    if (e->masks[at])
        return e->masks[at];
    mask = vd_arena_new_array(&e->d.p.arena, uint64_t, m.words);
    room = vd_arena_new_array(&e->d.p.scratch, uint64_t, m.words);
    m.deny = vd_arena_new_array(&e->d.p.scratch, uint64_t, m.words);
    m.one = vd_arena_new_array(&e->d.p.scratch, uint64_t, m.words);
    if (mask && room && m.deny && m.one && (e->open || open_mask(&m))) {
        memset(m.deny, 0, m.words * sizeof *m.deny); /* denies of resources say nothing of everybody */
        if (make(&m, node, mask, room))
            e->masks[at] = mask;
    }
    vd_arena_reset(&e->d.p.scratch);
    return e->masks[at];
}

/* E703: allowed whatever policies say. */
bool vd_needs_no_permission(vd_str action)
{
    return vd_action_overlaps(action, VD_S("sts:GetCallerIdentity")) || vd_action_overlaps(action, VD_S("sts:GetSessionToken"));
}

uint32_t vd_effective_action(const vd_effective *e, vd_str action)
{
    return vd_needs_no_permission(action) ? VD_NONE : vd_catalog_find(e->d.p.catalog, action);
}

bool vd_effective_may_id(vd_effective *e, uint32_t node, uint32_t id)
{
    const uint64_t *mask = id == VD_NONE ? NULL : mask_of(e, node);

    return !mask || mask[id / 64] >> id % 64 & 1u;
}

bool vd_effective_may(vd_effective *e, uint32_t node, vd_str action)
{
    const uint64_t *mask = mask_of(e, node);
    uint64_t       *wanted;
    bool            may = false;
    uint32_t        id = vd_catalog_find(e->d.p.catalog, action);

    if (!mask || vd_needs_no_permission(action))
        return true;
    if (id != VD_NONE)
        return mask[id / 64] >> id % 64 & 1u;
    wanted = vd_arena_new_array(&e->d.p.scratch, uint64_t, words_of(e));
    if (wanted && vd_catalog_expand_bits(e->d.p.catalog, action, wanted)) {
        for (uint32_t i = 0; i < words_of(e) && !may; i++)
            may = (mask[i] & wanted[i]) != 0;
    } else {
        may = true; /* names that the catalogue does not have */
    }
    vd_arena_reset(&e->d.p.scratch);
    return may;
}
