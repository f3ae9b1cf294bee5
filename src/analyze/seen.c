/* SPDX-License-Identifier: Apache-2.0
 *
 * Open addressing; a table that has become too small stays in the arena, which ends with the question.
 */
#include "analyze/seen.h"

#include "base/str.h"

enum { FIRST = 64 };

static uint32_t place(const vd_seen *s, uint64_t hash, vd_str key)
{
    uint32_t i = (uint32_t)hash & (s->cap - 1);

    while (s->at[i].value != VD_NONE && (s->at[i].hash != hash || !vd_str_eq(s->at[i].key, key)))
        i = (i + 1) & (s->cap - 1);
    return i;
}

static bool grow(vd_seen *s, vd_arena *arena)
{
    vd_seen  larger = { .cap = s->cap ? s->cap * 2 : FIRST, .count = s->count, .seed = s->seed };

    if (larger.cap < s->cap)
        return false;
    larger.at = vd_arena_new_array(arena, vd_seen_entry, larger.cap);
    if (!larger.at)
        return false;
    for (uint32_t i = 0; i < larger.cap; i++)
        larger.at[i].value = VD_NONE;
    for (uint32_t i = 0; i < s->cap; i++)
        if (s->at[i].value != VD_NONE)
            larger.at[place(&larger, s->at[i].hash, s->at[i].key)] = s->at[i];
    *s = larger;
    return true;
}

uint32_t vd_seen_find(const vd_seen *s, vd_str key)
{
    return s->cap ? s->at[place(s, vd_hash(s->seed, key), key)].value : VD_NONE;
}

bool vd_seen_add(vd_seen *s, vd_arena *arena, vd_str key, uint32_t value)
{
    uint64_t hash = vd_hash(s->seed, key);

    if (s->count >= s->cap / 2 && !grow(s, arena))
        return false;
    s->at[place(s, hash, key)] = (vd_seen_entry){ key, hash, value };
    s->count++;
    return true;
}
