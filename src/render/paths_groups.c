/* SPDX-License-Identifier: Apache-2.0
 *
 * Many paths at a glance: which techniques follow each other, and how often.
 */
#include "render/paths.h"

#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

static bool same_chain(const vd_route *a, const vd_route *b)
{
    bool same = a->step_count == b->step_count;

    for (size_t i = 0; i < a->step_count && same; i++)
        same = vd_str_eq(a->steps[i].technique, b->steps[i].technique);
    return same;
}

static bool is_group(const void *groups, uint32_t value, const void *wanted)
{
    return same_chain(((const vd_route_group *)groups)[value].first, wanted);
}

/* Most paths first; of as many in the order in which they were told. */
static int by_count(const void *a, const void *b)
{
    const vd_route_group *p = a, *q = b;

    if (p->count != q->count)
        return p->count > q->count ? -1 : 1;
    return p->place < q->place ? -1 : p->place > q->place;
}

bool vd_route_groups_make(vd_arena *arena, const vd_paths_job *job, vd_route_group **out, uint32_t *count)
{
    vd_route_group *all = vd_arena_new_array(arena, vd_route_group, (size_t)job->count + 1);
    vd_map          map = { 0 };
    bool            ok = all != NULL;

    *count = 0;
    for (uint32_t i = 0; i < job->count && ok; i++) {
        const vd_route *r = job->at[i];
        uint64_t        hash = r->step_count;
        uint32_t        at;

        for (size_t k = 0; k < r->step_count; k++)
            hash = vd_hash(hash, r->steps[k].technique);
        at = vd_map_find(&map, hash, is_group, all, r);
        if (at == VD_NONE) {
            at = (*count)++;
            all[at] = (vd_route_group){ .first = r, .place = at };
            ok = vd_map_add(&map, &arena->alloc, hash, at);
        }
        all[at].count++;
        all[at].potential += vd_route_is_potential(r->flags);
    }
    vd_map_done(&map, &arena->alloc);
    if (ok && *count)
        qsort(all, *count, sizeof *all, by_count);
    *out = all;
    return ok;
}

void vd_put_route_techniques(vd_buf *out, const vd_route *r)
{
    for (size_t i = 0; i < r->step_count; i++)
        vd_buf_printf(out, "%s" VD_F, i ? ", " : "", VD_A(r->steps[i].technique));
}
