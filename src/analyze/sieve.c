/* SPDX-License-Identifier: Apache-2.0
 *
 * Which targets an Allow that a principal holds can name at all.  Principals with the same signature share the answer; it
 * errs on the side of "may".  And an index of the things of the snapshot, by account and type.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/glob.h"
#include "policy/policy.h"

#include <stdlib.h>

typedef struct vd_named {
    uint32_t signature, action; /* of texts */
    bool     all;
    vd_str  *patterns; /* coded */
    uint32_t count, cap;
} vd_named;

struct vd_sieve {
    vd_named *at;
    uint32_t  count, cap;
    vd_map    map;
};

bool vd_sieve_open(vd_pathing *x)
{
    x->sieve = vd_arena_new(&x->arena, vd_sieve);
    return x->sieve != NULL;
}

void vd_sieve_close(vd_pathing *x)
{
    if (x->sieve)
        vd_map_done(&x->sieve->map, &x->engine->alloc);
}

/* Action patterns fold case and are short: longer ones are taken to match. */
static bool names_action(const vd_texts *patterns, vd_str action)
{
    char folded[256], coded[256];

    if (action.n > sizeof folded)
        return true;
    vd_lower_copy(folded, action.p, action.n);
    for (uint32_t i = 0; i < patterns->count; i++) {
        vd_str p = patterns->at[i].text;
        char   low[256];

        if (p.n > sizeof low)
            return true;
        vd_lower_copy(low, p.p, p.n);
        if (vd_glob_match((vd_str){ coded, vd_glob_code(coded, (vd_str){ low, p.n }) }, (vd_str){ folded, action.n }))
            return true;
    }
    return false;
}

static bool add_pattern(vd_pathing *x, vd_named *n, vd_str text)
{
    char  *coded = vd_arena_alloc(&x->arena, text.n + 12, 1);
    size_t used = 0;
    vd_str out;

    if (!coded)
        return false;
    out = (vd_str){ coded, vd_resource_code(coded, text, true, &used) };
    if (used < text.n || vd_resource_classify(text, true) == VD_RESOURCE_STARS) {
        n->all = true; /* a variable: whatever it may say */
        return true;
    }
    return VD_ARENA_PUSH(&x->arena, n->patterns, n->count, n->cap, out);
}

static bool add_statement(vd_pathing *x, vd_named *n, const vd_statement *st, vd_str action)
{
    if (st->effect != VD_EFFECT_ALLOW || st->malformed || names_action(&st->action.texts, action) == st->action.negated)
        return true;
    if (st->resource.negated || !st->resource.present) {
        n->all = true;
        return true;
    }
    for (uint32_t i = 0; i < st->resource.texts.count && !n->all; i++)
        if (!add_pattern(x, n, st->resource.texts.at[i].text))
            return false;
    return true;
}

static bool make(vd_pathing *x, vd_named *n, uint32_t node, vd_str action)
{
    const vd_snapshot  *s = x->snapshot;
    const vd_snap_node *of = &s->nodes[node];

    n->all = of->kind == VD_WHO_IS_ROOT;
    for (uint32_t i = 0; i < of->held.count && !n->all; i++) {
        uint32_t   doc = s->held[of->held.first + i].doc;
        vd_policy *p = doc == VD_NONE ? NULL : s->docs[doc].policy;

        for (uint32_t k = 0; p && k < p->statement_count && !n->all; k++)
            if (!add_statement(x, n, &p->statements[k], action))
                return false;
    }
    return true;
}

static bool is_named(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_sieve *s = ctx;
    const vd_named *a = &s->at[value], *b = wanted;

    return a->signature == b->signature && a->action == b->action;
}

static vd_named *find(vd_pathing *x, uint32_t node, vd_str action)
{
    vd_sieve *s = x->sieve;
    vd_named  wanted = { .signature = x->snapshot->nodes[node].signature };
    uint64_t  hash;
    uint32_t  at;

    if (!vd_intern_add(&x->texts, &x->engine->alloc, action, &wanted.action))
        return NULL;
    hash = vd_hash(x->engine->hash_seed, (vd_str){ (const char *)&wanted, 2 * sizeof(uint32_t) });
    at = vd_map_find(&s->map, hash, is_named, s, &wanted);
    if (at != VD_NONE)
        return &s->at[at];
    if (!make(x, &wanted, node, action) || !VD_ARENA_PUSH(&x->arena, s->at, s->count, s->cap, wanted) ||
        !vd_map_add(&s->map, &x->engine->alloc, hash, s->count - 1))
        return NULL;
    return &s->at[s->count - 1];
}

bool vd_sieve_may(vd_pathing *x, uint32_t node, vd_str action, vd_str target)
{
    const vd_named *n = find(x, node, action);

    x->nomem |= !n;
    if (!n || n->all)
        return true;
    if (target.n == 0 || vd_str_find(target, '*') < target.n)
        return n->count > 0;
    for (uint32_t i = 0; i < n->count; i++)
        if (vd_glob_match(n->patterns[i], target))
            return true;
    return false;
}

/* ------------------------------------------------------------------ things */

static int by_place(const void *a, const void *b)
{
    const vd_thing_at *p = a, *q = b;
    int                c;

    if (p->account != q->account)
        return p->account < q->account ? -1 : 1;
    c = vd_str_cmp(p->type, q->type);
    return c ? c : p->thing < q->thing ? -1 : 1;
}

bool vd_things_open(vd_pathing *x)
{
    const vd_snapshot *s = x->snapshot;

    x->things = vd_arena_new_array(&x->arena, vd_thing_at, s->resource_count + 1);
    if (!x->things)
        return false;
    for (uint32_t i = 0; i < s->resource_count; i++)
        x->things[i] = (vd_thing_at){ s->resources[i].account, i, s->resources[i].type };
    if (s->resource_count)
        qsort(x->things, s->resource_count, sizeof *x->things, by_place);
    return true;
}

uint32_t vd_things_of(const vd_pathing *x, uint32_t account, vd_str type, uint32_t *count)
{
    vd_thing_at wanted = { account, 0, type };
    uint32_t    low = 0, high = x->snapshot->resource_count, end;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (by_place(&x->things[mid], &wanted) < 0 && !(x->things[mid].account == account && vd_str_eq(x->things[mid].type, type)))
            low = mid + 1;
        else
            high = mid;
    }
    for (end = low; end < x->snapshot->resource_count && x->things[end].account == account && vd_str_eq(x->things[end].type, type);)
        end++;
    *count = end - low;
    return low;
}
