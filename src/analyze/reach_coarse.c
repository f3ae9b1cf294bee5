/* SPDX-License-Identifier: Apache-2.0
 *
 * Who cannot, by looking at statements only (analysis 9.2, 9.3): whoever holds nothing that reaches the action and the
 * resource, is named by no policy of it, or is under a guard-rail that has no room for it.  What is left out here is left
 * out for certain; documents are looked at once, however many hold them.
 */
#include "analyze/reaching.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/template.h"

#include <stdlib.h>

enum { LOOKED = 1, MAY = 2, NEVER = 4 }; /* of a document, of a chain: may allow; denies all of it, whatever else is said */
enum { MOST_PATTERN = 2048 };

/* ------------------------------------------------------------------ statements */

static bool reaches(const vd_list *list, vd_str action)
{
    for (uint32_t i = 0; i < list->texts.count; i++)
        if (vd_action_overlaps(list->texts.at[i].text, action) != list->negated)
            return true;
    return list->negated;
}

/* All actions that are asked about. */
static bool reaches_all(const vd_list *list, vd_str action)
{
    for (uint32_t i = 0; i < list->texts.count; i++) {
        if (list->negated && vd_action_overlaps(list->texts.at[i].text, action))
            return false;
        if (!list->negated && vd_action_covers(list->texts.at[i].text, action))
            return true;
    }
    return list->negated;
}

static bool meets(vd_str text, vd_str resource)
{
    char   a[MOST_PATTERN + 12], b[MOST_PATTERN];
    size_t used;
    vd_str p = { a, 0 }, q = { b, 0 };

    if (vd_str_eq(text, VD_S("*")) || vd_str_eq(resource, VD_S("*")) || text.n > MOST_PATTERN || resource.n > MOST_PATTERN ||
        vd_template_has_parts(text))
        return true;
    p.n = vd_resource_code(a, text, false, &used);
    q.n = vd_glob_code(b, resource);
    return vd_glob_overlaps(p, q);
}

static bool meets_any(const vd_list *list, const vd_asked_call *asked)
{
    if (!list->present || list->negated || asked->resource_count == 0)
        return true;
    for (uint32_t i = 0; i < list->texts.count; i++)
        for (size_t k = 0; k < asked->resource_count; k++)
            if (meets(list->texts.at[i].text, asked->resources[k]))
                return true;
    return false;
}

static bool is_everything(const vd_list *list)
{
    for (uint32_t i = 0; i < list->texts.count; i++)
        if (vd_str_eq(list->texts.at[i].text, VD_S("*")))
            return list->present && !list->negated;
    return false;
}

static uint8_t look(const vd_policy *policy, const vd_asked_call *asked)
{
    uint8_t says = LOOKED;

    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        if (st->malformed && st->effect == VD_EFFECT_DENY)
            return LOOKED | MAY; /* no decision at all: somebody has to say so */
        if (st->malformed)
            continue;
        if (st->effect == VD_EFFECT_ALLOW && reaches(&st->action, asked->action) && meets_any(&st->resource, asked))
            says |= MAY;
        if (st->effect == VD_EFFECT_DENY && st->entry_count == 0 && !st->principal.present && is_everything(&st->resource) &&
            reaches_all(&st->action, asked->action))
            says |= NEVER;
    }
    return says;
}

static uint8_t says(vd_coarse *c, uint32_t doc)
{
    const vd_policy *policy = doc == VD_NONE ? NULL : c->e->snapshot->docs[doc].policy;

    if (!policy)
        return LOOKED | MAY; /* missing: nothing is ruled out */
    if (!c->says[doc])
        c->says[doc] = look(policy, c->call->asked);
    return c->says[doc];
}

/* ------------------------------------------------------------------ whom policies of the targets name */

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static bool name(vd_coarse *c, vd_str text)
{
    vd_arn arn;
    vd_str rest, role;

    if (vd_arn_split(&arn, text) && vd_str_starts(arn.resource, VD_S("assumed-role/"))) {
        rest = vd_str_from(arn.resource, sizeof "assumed-role/" - 1);
        text = vd_str_cut(&rest, '/', &role) ? role : rest;
    }
    return VD_ARENA_PUSH(&c->e->d.p.arena, c->names, c->name_count, c->name_cap, text);
}

static bool name_all(vd_coarse *c, const vd_policy *policy)
{
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        if (st->malformed) {
            c->everybody |= st->effect == VD_EFFECT_DENY;
            continue;
        }
        if (st->effect != VD_EFFECT_ALLOW || !reaches(&st->action, c->call->asked->action))
            continue;
        c->everybody |= st->principal.negated;
        for (uint32_t k = 0; k < st->principal.count; k++) {
            c->everybody |= st->principal.at[k].type == VD_PRINCIPAL_STAR || vd_str_eq(st->principal.at[k].text.text, VD_S("*"));
            c->everybody |= st->principal.at[k].type == VD_PRINCIPAL_CANONICAL_USER; /* of whichever account */
            if (st->principal.at[k].type == VD_PRINCIPAL_AWS && !name(c, st->principal.at[k].text.text))
                return false;
        }
    }
    return true;
}

static bool name_targets(vd_coarse *c)
{
    const vd_snapshot *s = c->e->snapshot;

    for (uint32_t i = 0; i < c->call->targets.count; i++) {
        const vd_target *t = &c->call->targets.at[i];
        vd_bearings      all = { 0 };

        if (!vd_target_documents(&all, c->e, t))
            return false;
        if (t->resource != VD_NONE && vd_state_lets_in(s->resources[t->resource].state))
            c->everybody = true;
        for (uint32_t k = 0; k < all.count; k++)
            if (all.at[k].policy && !name_all(c, all.at[k].policy))
                return false;
    }
    if (c->name_count > 1)
        qsort(c->names, c->name_count, sizeof *c->names, by_text);
    return true;
}

bool vd_coarse_open(vd_coarse *c, vd_effective *e, const vd_call *call)
{
    *c = (vd_coarse){ .e = e, .call = call };
    c->says = vd_arena_new_array(&e->d.p.arena, uint8_t, (size_t)e->snapshot->doc_count + 1);
    c->chains = vd_arena_new_array(&e->d.p.arena, uint8_t, (size_t)e->snapshot->chain_count + 1);
    return c->says && c->chains && name_targets(c);
}

/* ------------------------------------------------------------------ one principal */

static bool is_listed(const vd_coarse *c, vd_str text)
{
    return c->name_count && bsearch(&text, c->names, c->name_count, sizeof *c->names, by_text);
}

static bool is_named(const vd_coarse *c, const vd_snap_node *n)
{
    return c->everybody || is_listed(c, n->arn) || (n->id.n && is_listed(c, n->id)) || (n->kind == VD_WHO_IS_ROLE && is_listed(c, n->name));
}

/* Every level has to have room for it. */
static bool chain_may(vd_coarse *c, uint32_t chain)
{
    const vd_snapshot *s = c->e->snapshot;

    if (chain == VD_NONE)
        return true;
    if (c->chains[chain])
        return c->chains[chain] & MAY;
    c->chains[chain] = LOOKED | MAY;
    for (uint32_t i = 0; i < s->chains[chain].levels.count; i++) {
        vd_snap_range docs = s->levels[s->chains[chain].levels.first + i].docs;
        bool          may = docs.count == 0;

        for (uint32_t k = 0; k < docs.count; k++) {
            uint8_t one = says(c, s->unit_docs[docs.first + k]);

            may |= one & MAY;
            if (one & NEVER)
                c->chains[chain] = LOOKED;
        }
        if (!may)
            c->chains[chain] = LOOKED;
    }
    return c->chains[chain] & MAY;
}

/* A root user holds everything, in its own account. */
static bool root_may(const vd_coarse *c, const vd_snap_node *n)
{
    for (uint32_t i = 0; i < c->call->targets.count; i++) {
        const vd_target *t = &c->call->targets.at[i];

        if (t->account_id.n == 0 || vd_str_eq(t->account_id, c->e->snapshot->accounts[n->account].id))
            return true;
    }
    return is_named(c, n) || is_listed(c, c->e->snapshot->accounts[n->account].id);
}

static bool is_account_named(const vd_coarse *c, uint32_t account)
{
    const vd_snap_account *a = &c->e->snapshot->accounts[account];

    return is_listed(c, a->id) || a->root == VD_NONE || is_listed(c, c->e->snapshot->nodes[a->root].arn);
}

/* Of another account's resource the policy has to let it in besides (E714): most principals of a large organization hold
 * something for buckets, and no more than a few are let into this one. */
static bool both_sides_may(const vd_coarse *c, const vd_snap_node *n, bool held)
{
    const vd_targets *all = &c->call->targets;
    bool              named = is_named(c, n), account = named || is_account_named(c, n->account);

    if (all->cut || all->count == 0 || account || vd_action_overlaps(c->call->asked->action, VD_S("sts:AssumeRoot")))
        return held || named;
    for (uint32_t i = 0; i < all->count; i++) {
        const vd_target *t = &all->at[i];

        if (!t->given || t->account_id.n == 0 || vd_str_eq(t->account_id, c->e->snapshot->accounts[n->account].id))
            return held;
    }
    return false;
}

bool vd_coarse_may(vd_coarse *c, uint32_t node)
{
    const vd_snapshot  *s = c->e->snapshot;
    const vd_snap_node *n = &s->nodes[node];
    bool                held = false;

    if (vd_needs_no_permission(c->call->asked->action))
        return true;
    if (!vd_snap_exempt(s, node) && !chain_may(c, s->accounts[n->account].scp))
        return false;
    if (n->kind == VD_WHO_IS_ROOT)
        return root_may(c, n);
    for (uint32_t i = 0; i < n->held.count; i++) {
        uint8_t one = says(c, s->held[n->held.first + i].doc);

        if (one & NEVER)
            return false;
        held |= one & MAY;
    }
    if (n->boundary != VD_NONE && !n->service_linked) {
        uint8_t one = says(c, n->boundary);

        if (one & NEVER)
            return false;
        held &= (one & MAY) != 0;
    }
    return both_sides_may(c, n, held);
}
