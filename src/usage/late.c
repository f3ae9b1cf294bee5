/* SPDX-License-Identifier: Apache-2.0
 *
 * A ring of records, each with copies of its texts, for those it borrowed go away with it.
 */
#include "usage/late.h"

bool vd_late_fits(const vd_fact *told)
{
    uint32_t items = 0;
    size_t   bytes = 0;

    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        items += told->sets[s].count;
        for (uint32_t i = 0; i < told->sets[s].count; i++)
            bytes += told->sets[s].at[i].text.n;
        if (told->sets[s].overflow)
            return false;
    }
    return items <= VD_LATE_ITEMS && bytes <= VD_LATE_BYTES;
}

static bool settle(vd_late_one *one, vd_arena *arena)
{
    vd_fact *f = one->f;
    bool     good = true;

    if (!f)
        return true;
    one->f = NULL;
    f->mfa |= one->mfa;
    f->marks |= one->marks;
    good = vd_fact_seen(arena, f, 1, one->time, one->time);
    for (uint32_t i = 0; good && i < one->count; i++)
        good = vd_fact_put_item(arena, f, (vd_fact_set)one->set[i], one->items[i]);
    return good;
}

/* The fact has come: what its sets point to is asked for; and later what those point to. */
static void approach(const vd_late *l)
{
    const vd_late_one *last = &l->at[(l->next + VD_LATE - 1) % VD_LATE], *before = &l->at[(l->next + VD_LATE - 2) % VD_LATE];

    for (uint32_t i = 0; last->f && i < last->count; i++)
        vd_fact_item_soon(last->f, (vd_fact_set)last->set[i], last->items[i].hash);
    for (uint32_t i = 0; before->f && i < before->count; i++)
        vd_fact_text_soon(before->f, (vd_fact_set)before->set[i], before->items[i].hash);
}

bool vd_late_add(vd_late *l, vd_arena *arena, vd_fact *f, const vd_fact *told, int64_t time)
{
    vd_late_one *one = &l->at[l->next];
    char        *p = one->bytes;
    bool         good = settle(one, arena);

    approach(l);
    one->f = f;
    one->time = time;
    one->mfa = told->mfa;
    one->marks = told->marks;
    one->count = 0;
    for (size_t s = 0; s < VD_FACT_SETS; s++)
        for (uint32_t i = 0; i < told->sets[s].count; i++) {
            vd_bottom_item item = told->sets[s].at[i];

            memcpy(p, item.text.p, item.text.n);
            one->set[one->count] = (uint8_t)s;
            one->items[one->count++] = (vd_bottom_item){ item.hash, { p, item.text.n } };
            p += item.text.n;
        }
    l->next = (l->next + 1) % VD_LATE;
    return good;
}

bool vd_late_settle(vd_late *l, vd_arena *arena)
{
    bool good = true;

    for (uint32_t i = 0; i < VD_LATE; i++)
        good &= settle(&l->at[(l->next + i) % VD_LATE], arena);
    return good;
}
