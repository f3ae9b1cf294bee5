/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of catalogue ids as rising lists, and the patterns of actions that were expanded before.
 */
#include "base/map.h"
#include "base/str.h"
#include "lint/powers.h"

bool vd_ids_have(vd_ids set, uint32_t id)
{
    uint32_t low = 0, high = set.count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (set.at[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < set.count && set.at[low] == id;
}

bool vd_ids_union(vd_arena *arena, vd_ids a, vd_ids b, vd_ids *out)
{
    uint32_t *at, n = 0, i = 0, k = 0;

    if (a.count == 0 || b.count == 0) {
        *out = a.count ? a : b;
        return true;
    }
    at = vd_arena_new_array(arena, uint32_t, (size_t)a.count + b.count);
    if (!at)
        return false;
    while (i < a.count || k < b.count) {
        if (k == b.count || (i < a.count && a.at[i] < b.at[k])) {
            at[n++] = a.at[i++];
        } else {
            i += i < a.count && a.at[i] == b.at[k];
            at[n++] = b.at[k++];
        }
    }
    *out = (vd_ids){ at, n };
    return true;
}

bool vd_ids_minus(vd_arena *arena, vd_ids a, vd_ids b, vd_ids *out)
{
    uint32_t *at, n = 0, k = 0;

    if (a.count == 0 || b.count == 0) {
        *out = a;
        return true;
    }
    at = vd_arena_new_array(arena, uint32_t, a.count);
    if (!at)
        return false;
    for (uint32_t i = 0; i < a.count; i++) {
        while (k < b.count && b.at[k] < a.at[i])
            k++;
        if (k == b.count || b.at[k] != a.at[i])
            at[n++] = a.at[i];
    }
    *out = (vd_ids){ at, n };
    return true;
}

/* ------------------------------------------------------------------ expansions */

typedef struct expanded {
    vd_ids ids;
} expanded;

enum { MOST_ARNS = 1u << 15, ARN_BYTES = 512 };

struct vd_expansions {
    const vd_catalog  *catalog;
    const vd_allocator *alloc;
    vd_arena           arena;
    vd_intern          patterns; /* id: index into known */
    VD_VEC(expanded) known;
    vd_intern          arns;     /* id: index into known_arns */
    VD_VEC(vd_known_arn *) known_arns;
    vd_ids             all;
    vd_powers         *powers;
    uint64_t          *bits;
};

vd_expansions *vd_expansions_new(const vd_catalog *c, const vd_allocator *a)
{
    vd_expansions *x = vd_alloc0(a, sizeof *x);
    uint32_t       n = vd_catalog_actions(c), *all;

    if (!x)
        return NULL;
    x->catalog = c;
    x->alloc = a;
    x->arena = vd_arena_on(a, 0);
    x->patterns.fold = true;
    all = vd_arena_new_array(&x->arena, uint32_t, n ? n : 1);
    if (!all) {
        vd_expansions_free(x);
        return NULL;
    }
    for (uint32_t i = 0; i < n; i++)
        all[i] = i;
    x->all = (vd_ids){ all, n };
    return x;
}

void vd_expansions_free(vd_expansions *x)
{
    if (!x)
        return;
    vd_powers_free(x->powers, x->alloc);
    vd_intern_done(&x->patterns, x->alloc);
    VD_VEC_DONE(x->alloc, &x->known);
    vd_intern_done(&x->arns, x->alloc);
    VD_VEC_DONE(x->alloc, &x->known_arns);
    vd_arena_done(&x->arena);
    vd_free(x->alloc, x, sizeof *x);
}

vd_ids vd_expansions_all(const vd_expansions *x)
{
    return x->all;
}

uint64_t *vd_expansions_bits(vd_expansions *x)
{
    if (!x->bits)
        x->bits = vd_arena_new_array(&x->arena, uint64_t, x->all.count / 64 + 1);
    return x->bits;
}

struct vd_powers *vd_expansions_powers(vd_expansions *x)
{
    if (!x->powers)
        x->powers = vd_powers_new(x->catalog, x->alloc);
    return x->powers;
}

typedef struct gathering {
    vd_arena *arena;
    uint32_t *at;
    uint32_t  count, cap;
    bool      failed;
} gathering;

static bool gather(void *user, vd_run run)
{
    gathering *g = user;

    for (uint32_t i = 0; i < run.count && !g->failed; i++)
        g->failed = !VD_ARENA_PUSH(g->arena, g->at, g->count, g->cap, run.first + i);
    return !g->failed;
}

bool vd_expansions_get(vd_expansions *x, vd_str pattern, vd_ids *out)
{
    uint32_t  id = vd_intern_find(&x->patterns, pattern);
    gathering g = { .arena = &x->arena };
    vd_str    kept;

    if (id != VD_NONE) {
        *out = x->known.at[id].ids;
        return true;
    }
    vd_catalog_expand(x->catalog, pattern, gather, &g);
    if (g.failed || !vd_arena_dup(&x->arena, &kept, pattern) || !VD_RESERVE(x->alloc, &x->known, x->known.count + 1) ||
        !vd_intern_add(&x->patterns, x->alloc, kept, &id))
        return false;
    *out = (vd_ids){ g.at, g.count };
    return VD_PUSH(x->alloc, &x->known, (expanded){ *out });
}

/* ------------------------------------------------------------------ ARNs */

vd_known_arn *vd_expansions_arn(vd_expansions *x, vd_str text)
{
    uint32_t      id = vd_intern_find(&x->arns, text);
    vd_known_arn *k;
    vd_str        kept;

    if (id != VD_NONE)
        return x->known_arns.at[id];
    if (x->known_arns.count >= MOST_ARNS || text.n > ARN_BYTES)
        return NULL;
    k = vd_arena_new(&x->arena, vd_known_arn);
    if (!k || !vd_arena_dup(&x->arena, &kept, text) || !VD_RESERVE(x->alloc, &x->known_arns, x->known_arns.count + 1) ||
        !vd_intern_add(&x->arns, x->alloc, kept, &id) || !VD_PUSH(x->alloc, &x->known_arns, k))
        return NULL;
    return k;
}

bool vd_expansions_keep(vd_expansions *x, vd_ids *ids)
{
    uint32_t *at = vd_arena_new_array(&x->arena, uint32_t, ids->count ? ids->count : 1);

    if (!at)
        return false;
    if (ids->count)
        memcpy(at, ids->at, ids->count * sizeof *at);
    ids->at = at;
    return true;
}
