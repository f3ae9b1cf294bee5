/* SPDX-License-Identifier: Apache-2.0
 *
 * Patterns in order: what a pattern covers begins with its literal beginning, so it stands in one run of the others.  Only
 * patterns with a wildcard are held against their run; equal texts are neighbours.
 */
#include "lint/rules/listed.h"

#include "base/str.h"
#include "pattern/overlap.h"

#include <stdlib.h>

enum { LOOKS_EACH = 64, LOOKS_FREE = 20000 };

typedef struct item {
    vd_str   coded;
    uint32_t index;
} item;

/* Wildcards are the highest bytes, so that they come behind all letters. */
static int by_bytes(const void *a, const void *b)
{
    const item *x = a, *y = b;
    int         way = vd_str_cmp(x->coded, y->coded);

    return way ? way : x->index < y->index ? -1 : x->index > y->index;
}

static uint32_t first_from(const item *at, uint32_t count, vd_str prefix)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (vd_str_cmp(at[mid].coded, prefix) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void mark_run(const item *at, uint32_t count, const item *p, uint32_t *by, uint32_t *looks)
{
    vd_str prefix = vd_str_first(p->coded, vd_glob_literal_prefix(p->coded));

    for (uint32_t i = first_from(at, count, prefix); i < count && *looks; i++) {
        const item *q = &at[i];

        if (!vd_str_starts(q->coded, prefix))
            return;
        if (q == p || by[q->index] != VD_NONE || by[p->index] == q->index)
            continue;
        (*looks)--;
        if (vd_glob_covers(p->coded, q->coded))
            by[q->index] = p->index;
    }
}

bool vd_listed_covered(vd_lint *l, const vd_str *coded, uint32_t count, uint32_t *by)
{
    item    *at = vd_arena_new_array(l->arena, item, count ? count : 1);
    uint32_t n = 0, looks = count * LOOKS_EACH + LOOKS_FREE;

    if (!at) {
        l->no_memory = true;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        by[i] = VD_NONE;
        if (coded[i].n)
            at[n++] = (item){ coded[i], i };
    }
    qsort(at, n, sizeof *at, by_bytes);
    for (uint32_t i = 1; i < n; i++)
        if (vd_str_eq(at[i].coded, at[i - 1].coded))
            by[at[i].index] = by[at[i - 1].index] == VD_NONE ? at[i - 1].index : by[at[i - 1].index];
    for (uint32_t i = 0; i < n; i++)
        if (by[at[i].index] == VD_NONE && vd_glob_literal_prefix(at[i].coded) < at[i].coded.n)
            mark_run(at, n, &at[i], by, &looks);
    return true;
}
