/* SPDX-License-Identifier: Apache-2.0
 *
 * The texts of an activity, and sets of them while they are gathered.
 */
#include "activity/read.h"

#include "base/str.h"

#include <stdlib.h>

bool vd_act_texts_add(vd_act_texts *t, vd_str s, uint32_t *id)
{
    vd_str own;

    *id = vd_intern_find(&t->intern, s);
    return *id != VD_NONE || (vd_arena_dup(t->arena, &own, s) && vd_intern_add(&t->intern, t->alloc, own, id));
}

bool vd_act_set_add(vd_act_texts *t, vd_act_set *set, vd_str s)
{
    uint32_t low = 0, high = set->ids.count, id;

    if (!s.n)
        return true;
    if (!vd_act_texts_add(t, s, &id))
        return false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (set->ids.at[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < set->ids.count && set->ids.at[low] == id)
        return true;
    if (set->ids.count == VD_ACT_MOST_TEXTS) {
        set->more = true;
        return true;
    }
    if (!VD_PUSH(t->alloc, &set->ids, id))
        return false;
    memmove(&set->ids.at[low + 1], &set->ids.at[low], (set->ids.count - 1 - low) * sizeof id);
    set->ids.at[low] = id;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

bool vd_act_set_pack(vd_arena *arena, const vd_act_texts *t, const vd_act_set *set, vd_use_texts *out)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, set->ids.count + 1);

    if (!at)
        return false;
    for (uint32_t i = 0; i < set->ids.count; i++)
        at[i] = t->intern.strings.at[set->ids.at[i]];
    qsort(at, set->ids.count, sizeof *at, by_text);
    *out = (vd_use_texts){ at, set->ids.count, set->more };
    return true;
}
