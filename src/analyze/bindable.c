/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can stand for a principal's name in a way, whoever goes it: by kind, and by the facts that hang on nobody else (analysis
 * 10.5: targets are indexed).  Looked up once for each way; whoever is left out here is left out for certain.
 */
#include "analyze/pathing.h"

#include "base/str.h"

#include <stdlib.h>

struct vd_bindable {
    uint32_t *at[2]; /* nodes, in order: for the first principal's name, the second's */
    uint32_t  count[2];
    bool      made[2];
};

/* ------------------------------------------------------------------ principals */

static bool of_kind(const vd_snap_node *n, uint8_t kind)
{
    if (kind == VD_BOUND_USER)
        return n->kind == VD_WHO_IS_USER;
    if (kind == VD_BOUND_PRINCIPAL)
        return n->kind != VD_WHO_IS_ROOT;
    return n->kind == VD_WHO_IS_ROLE;
}

/* Is it ruled out by the fact alone?  Trust policies are only looked at, not asked. */
static bool rules_out(vd_pathing *x, const vd_way_fact *f, const vd_binding *b, uint32_t node)
{
    const vd_fact_arg *who = &f->args[1];

    switch (f->fact) {
    case VD_FACT_TRUSTS:
        return who->target == VD_ON_ARN && vd_str_starts(who->text, VD_S("service:")) &&
               !vd_trusts_names_service(x, node, vd_str_from(who->text, 8));
    case VD_FACT_BOUNDED:
    case VD_FACT_READS_TAGS:
    case VD_FACT_KEY_COUNT:
    case VD_FACT_KEY_COUNT_BELOW:
    case VD_FACT_HAS_PASSWORD:
    case VD_FACT_NO_PASSWORD:
    case VD_FACT_NOT_SERVICE_LINKED:
    case VD_FACT_NAMED:
    case VD_FACT_PATHED: return vd_fact_holds(x, f, b, VD_NONE) == VD_CERTAIN_NO;
    default: return false;
    }
}

static bool may_stand(vd_pathing *x, uint32_t way, uint32_t name, bool second, uint32_t node)
{
    const vd_way *w = &x->ways.at[way];
    vd_binding    b = { way, x->snapshot->nodes[node].account, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE };

    if (!of_kind(&x->snapshot->nodes[node], w->bounds[name].kind))
        return false;
    *(second ? &b.other : &b.node) = node;
    for (uint32_t i = 0; i < w->fact_count; i++)
        if (w->facts[i].args[0].target == VD_ON_BOUND && w->facts[i].args[0].bound == name && rules_out(x, &w->facts[i], &b, node))
            return false;
    return true;
}

static bool make(vd_pathing *x, struct vd_bindable *of, uint32_t way, uint32_t name, bool second)
{
    uint32_t cap = 0, count = 0;

    for (uint32_t i = 0; i < x->snapshot->node_count; i++)
        if (may_stand(x, way, name, second, i) && !VD_ARENA_PUSH(&x->arena, of->at[second], count, cap, i))
            return false;
    of->count[second] = count;
    of->made[second] = true;
    return true;
}

static uint32_t bound(const uint32_t *at, uint32_t count, uint32_t wanted)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (at[mid] < wanted)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const uint32_t *vd_bindable(vd_pathing *x, uint32_t way, uint32_t name, bool second, uint32_t account, uint32_t *count)
{
    struct vd_bindable *of;
    vd_snap_range       nodes;
    uint32_t            first;

    *count = 0;
    if (!x->bindable)
        x->bindable = vd_arena_new_array(&x->arena, struct vd_bindable, x->ways.count + 1);
    of = x->bindable ? &x->bindable[way] : NULL;
    if (!of || (!of->made[second] && !make(x, of, way, name, second))) {
        x->nomem = true;
        return NULL;
    }
    if (account == VD_NONE) {
        *count = of->count[second];
        return of->at[second];
    }
    nodes = x->snapshot->accounts[account].nodes;
    first = bound(of->at[second], of->count[second], nodes.first);
    *count = bound(of->at[second], of->count[second], nodes.first + nodes.count) - first;
    return *count ? of->at[second] + first : NULL;
}

/* ------------------------------------------------------------------ policies and groups of an account */

/* Ids by account, those of AWS last. */
static int by_account(const void *a, const void *b)
{
    const vd_owned *p = a, *q = b;

    if (p->account != q->account)
        return p->account < q->account ? -1 : 1;
    return p->id < q->id ? -1 : p->id > q->id;
}

bool vd_owned_open(vd_pathing *x)
{
    const vd_snapshot *s = x->snapshot;

    x->policies = vd_arena_new_array(&x->arena, vd_owned, s->managed_count + 1);
    x->groups = vd_arena_new_array(&x->arena, vd_owned, s->group_count + 1);
    if (!x->policies || !x->groups)
        return false;
    for (uint32_t i = 0; i < s->managed_count; i++)
        x->policies[i] = (vd_owned){ s->managed[i].account, i };
    for (uint32_t i = 0; i < s->group_count; i++)
        x->groups[i] = (vd_owned){ s->groups[i].account, i };
    if (s->managed_count)
        qsort(x->policies, s->managed_count, sizeof *x->policies, by_account);
    if (s->group_count)
        qsort(x->groups, s->group_count, sizeof *x->groups, by_account);
    return true;
}

uint32_t vd_owned_first(const vd_owned *all, uint32_t count, uint32_t account)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (all[mid].account < account)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
