/* SPDX-License-Identifier: Apache-2.0
 *
 * Linear probing at a load of at most a half.  Order of iteration is never offered, so no output can depend
 * on the seed.
 */
#include "base/map.h"

#include "base/str.h"

void vd_map_done(vd_map *m, const vd_allocator *a)
{
    vd_free(a, m->hash, m->cap * sizeof *m->hash);
    vd_free(a, m->value, m->cap * sizeof *m->value);
    *m = (vd_map){ 0 };
}

uint32_t vd_map_find(const vd_map *m, uint64_t hash, vd_map_same *same, const void *ctx, const void *wanted)
{
    if (m->cap == 0)
        return VD_NONE;
    for (uint32_t i = (uint32_t)hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        if (m->value[i] == VD_NONE)
            return VD_NONE;
        if (m->hash[i] == hash && same(ctx, m->value[i], wanted))
            return m->value[i];
    }
}

static void put(vd_map *m, uint64_t hash, uint32_t value)
{
    uint32_t i = (uint32_t)hash & (m->cap - 1);

    while (m->value[i] != VD_NONE)
        i = (i + 1) & (m->cap - 1);
    m->hash[i] = hash;
    m->value[i] = value;
}

static bool grow(vd_map *m, const vd_allocator *a)
{
    vd_map bigger = { .cap = m->cap ? m->cap * 2 : 16, .count = m->count };

    if (m->cap > UINT32_MAX / 4)
        return false;
    bigger.hash = vd_alloc(a, bigger.cap * sizeof *bigger.hash);
    bigger.value = vd_alloc(a, bigger.cap * sizeof *bigger.value);
    if (!bigger.hash || !bigger.value) {
        vd_map_done(&bigger, a);
        return false;
    }
    memset(bigger.value, 0xff, bigger.cap * sizeof *bigger.value);
    for (uint32_t i = 0; i < m->cap; i++)
        if (m->value[i] != VD_NONE)
            put(&bigger, m->hash[i], m->value[i]);
    vd_map_done(m, a);
    *m = bigger;
    return true;
}

bool vd_map_add(vd_map *m, const vd_allocator *a, uint64_t hash, uint32_t value)
{
    if (m->count >= m->cap / 2 && !grow(m, a))
        return false;
    put(m, hash, value);
    m->count++;
    return true;
}

static bool same_string(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_intern *t = ctx;
    const vd_str    *w = wanted;

    return t->fold ? vd_str_ieq(t->strings.at[value], *w) : vd_str_eq(t->strings.at[value], *w);
}

static uint64_t hash_of(const vd_intern *t, vd_str s)
{
    return t->fold ? vd_ihash(t->seed, s) : vd_hash(t->seed, s);
}

void vd_intern_done(vd_intern *t, const vd_allocator *a)
{
    VD_VEC_DONE(a, &t->strings);
    vd_map_done(&t->map, a);
}

uint32_t vd_intern_find(const vd_intern *t, vd_str s)
{
    return vd_map_find(&t->map, hash_of(t, s), same_string, t, &s);
}

bool vd_intern_add(vd_intern *t, const vd_allocator *a, vd_str s, uint32_t *id)
{
    uint64_t hash = hash_of(t, s);

    *id = vd_map_find(&t->map, hash, same_string, t, &s);
    if (*id != VD_NONE)
        return true;
    if (!VD_PUSH(a, &t->strings, s))
        return false;
    *id = t->strings.count - 1;
    if (vd_map_add(&t->map, a, hash, *id))
        return true;
    t->strings.count--;
    return false;
}
