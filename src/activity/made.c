/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of IAM name things without their paths; the answer to the call that made one tells it.  Where two of a name were
 * made with different paths, nobody knows which one is meant.
 */
#include "activity/read.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "usage/summary.h"

#include <stdlib.h>

/* "arn:aws:iam::1:role/build/deploy" and its "arn:aws:iam::1:role/deploy". */
static bool add(vd_act_made *m, const vd_allocator *alloc, vd_arena *arena, vd_str arn)
{
    vd_arn      parts;
    vd_made_one one = { .arn = arn };
    size_t      kind, slash;

    if (!vd_arn_split(&parts, arn) || !vd_str_eq(parts.service, VD_S("iam")))
        return true;
    kind = vd_str_find(arn, '/');
    slash = vd_str_rfind(arn, '/');
    if (kind >= arn.n)
        return true;
    return vd_arena_printf(arena, &one.plain, VD_F "/" VD_F, VD_A(vd_str_first(arn, kind)), VD_A(vd_str_from(arn, slash + 1))) &&
           VD_PUSH(alloc, &m->list, one);
}

static int by_plain(const void *a, const void *b)
{
    const vd_made_one *x = a, *y = b;
    int                c = vd_str_icmp(x->plain, y->plain);

    return c ? c : vd_str_icmp(x->arn, y->arn);
}

bool vd_act_made_find(vd_act_made *m, const vd_allocator *alloc, vd_arena *arena, const vd_facts *facts)
{
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_fact   *f = facts->list.at[i];
        const vd_bottom *made = &f->sets[VD_SET_MADE];
        vd_str           parts[VD_FACT_PARTS];

        if (!made->count || vd_is_evidence(f))
            continue;
        vd_fact_split(f->key, parts);
        if (!vd_str_eq(parts[VD_F_SOURCE], VD_S("iam")))
            continue;
        m->more |= made->overflow;
        for (uint32_t k = 0; k < made->count; k++)
            if (!add(m, alloc, arena, made->at[k].text))
                return false;
    }
    if (m->list.count)
        qsort(m->list.at, m->list.count, sizeof *m->list.at, by_plain);
    return true;
}

vd_str vd_act_made_arn(const vd_act_made *m, vd_str plain)
{
    uint32_t low = 0, high = m->more ? 0 : m->list.count; /* of those that are not kept one may have the same name */
    vd_str   arn;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (vd_str_icmp(m->list.at[middle].plain, plain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (m->more || low == m->list.count || !vd_str_ieq(m->list.at[low].plain, plain))
        return (vd_str){ 0 };
    arn = m->list.at[low].arn;
    for (uint32_t i = low + 1; i < m->list.count && vd_str_ieq(m->list.at[i].plain, plain); i++)
        if (!vd_str_ieq(m->list.at[i].arn, arn))
            return (vd_str){ 0 };
    return arn;
}

void vd_act_made_done(vd_act_made *m, const vd_allocator *alloc)
{
    VD_VEC_DONE(alloc, &m->list);
}
