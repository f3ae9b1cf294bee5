/* SPDX-License-Identifier: Apache-2.0
 *
 * What the catalogue says about single actions, as far as the statements that reach them can tell: the resource types, when
 * some Resource element is no plain "*" and could match their formats; the keys, when a condition asks for one that some
 * actions carry and others do not.
 */
#include "symbolic/actions_int.h"

#include "base/str.h"

enum { MOST_KEYS = 31 }; /* bits in a label */

/* ------------------------------------------------------------------ resources */

static bool has_wildcard(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '*' || s.p[i] == '?' || s.p[i] == '$')
            return true;
    return false;
}

/* The types that the pattern can be of: all, unless its service field is plain. */
static void take_types(vd_shaper *sh, vd_str pattern)
{
    vd_str rest = pattern, field = { "", 0 };
    vd_ids types;

    for (int i = 0; i < 3; i++)
        if (!vd_str_cut(&rest, ':', &field) || (i == 0 && !vd_str_eq(field, VD_S("arn")))) {
            sh->any_type = true;
            return;
        }
    if (has_wildcard(field) || field.n == 0) {
        sh->any_type = true;
        return;
    }
    types = vd_catalog_types_of_arn(sh->p->c, field);
    for (uint32_t i = 0; i < types.count; i++)
        sh->types[types.at[i] / 64] |= UINT64_C(1) << types.at[i] % 64;
}

static bool is_star(const vd_list *list)
{
    for (uint32_t i = 0; i < list->texts.count && !list->negated; i++)
        if (vd_str_eq(list->texts.at[i].text, VD_S("*")))
            return true;
    return !list->present;
}

static void take_resources(vd_shaper *sh, const vd_list *list)
{
    if (is_star(list))
        return;
    sh->by_type = true;
    for (uint32_t i = 0; i < list->texts.count && !sh->any_type; i++)
        take_types(sh, list->texts.at[i].text);
}

/* ------------------------------------------------------------------ keys */

static bool is_of_service(const vd_catalog *c, uint32_t key)
{
    for (uint32_t i = 0; i < vd_catalog_services(c); i++) {
        vd_ids keys = vd_catalog_service(c, i).keys;

        for (uint32_t low = 0, high = keys.count; low < high;) {
            uint32_t middle = low + (high - low) / 2;

            if (keys.at[middle] == key)
                return true;
            if (keys.at[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return false;
}

/* Known to the catalogue as a key of some actions and not of others.  Asked for every class, so it is kept. */
static bool is_told(vd_shaper *sh, uint32_t key)
{
    for (uint32_t i = 0; i < sh->seen_count; i++)
        if (sh->seen[i] / 2 == key)
            return sh->seen[i] % 2 != 0;
    if (!VD_ARENA_PUSH(&sh->p->work, sh->seen, sh->seen_count, sh->seen_cap, key * 2 + is_of_service(sh->p->c, key))) {
        sh->p->nomem = true;
        return false;
    }
    return sh->seen[sh->seen_count - 1] % 2 != 0;
}

static void take_key(vd_shaper *sh, uint32_t key)
{
    if (key == VD_NONE)
        return;
    for (uint32_t i = 0; i < sh->key_count; i++)
        if (sh->keys[i] == key)
            return;
    if (is_told(sh, key) && !VD_ARENA_PUSH(&sh->p->work, sh->keys, sh->key_count, sh->key_cap, key))
        sh->p->nomem = true;
}

/* Names are looked up once; statements are live again and again. */
static void take_keys(vd_shaper *sh, uint32_t statement)
{
    vd_partition       *p = sh->p;
    const vd_statement *st = p->s->boxes[p->statements[statement]].statement;

    if (!sh->entries[statement]) {
        sh->entries[statement] = vd_arena_new_array(&p->work, uint32_t, (size_t)st->entry_count + 1);
        for (uint32_t i = 0; sh->entries[statement] && i < st->entry_count; i++)
            sh->entries[statement][i] = vd_catalog_find_key(p->c, st->entries[i].key.text);
    }
    p->nomem |= !sh->entries[statement];
    for (uint32_t i = 0; i < st->entry_count && !p->nomem; i++)
        take_key(sh, sh->entries[statement][i]);
}

/* ------------------------------------------------------------------ labels */

static void prepare(vd_shaper *sh, const uint64_t *live)
{
    vd_partition *p = sh->p;
    uint32_t      words = vd_catalog_types(p->c) / 64 + 1;

    sh->last = live;
    sh->by_type = sh->any_type = p->opts->resources;
    sh->key_count = 0;
    if (!sh->types)
        sh->types = vd_arena_new_array(&p->work, uint64_t, words);
    if (!sh->entries)
        sh->entries = vd_arena_new_array(&p->work, uint32_t *, (size_t)p->count + 1);
    if (!sh->types || !sh->entries) {
        p->nomem = true;
        return;
    }
    memset(sh->types, 0, words * sizeof *sh->types);
    for (uint32_t i = 0; i < p->count && !p->nomem; i++) {
        if (!(live[i / 64] >> i % 64 & 1))
            continue;
        take_resources(sh, &p->s->boxes[p->statements[i]].statement->resource);
        take_keys(sh, i);
    }
}

bool vd_shaper_tells(vd_shaper *sh, const uint64_t *live)
{
    if (live != sh->last)
        prepare(sh, live);
    return sh->by_type || sh->key_count;
}

/* Lists are stored once: where one lies is as good as what is in it. */
static uint32_t types_label(const vd_shaper *sh, uint32_t action)
{
    vd_ids types = vd_catalog_types_of(sh->p->c, action), first = vd_catalog_types_of(sh->p->c, 0);
    bool   some = sh->any_type || types.count == 0;

    for (uint32_t i = 0; i < types.count && !some; i++)
        some = sh->types[types.at[i] / 64] >> types.at[i] % 64 & 1;
    return some ? (uint32_t)(types.at - first.at) + 1 : 0; /* list to list: modulo 2^32, still one to one */
}

uint64_t vd_shaper_label(vd_shaper *sh, uint32_t action)
{
    uint64_t types = sh->by_type ? types_label(sh, action) : 0, bits = 0;

    if (sh->key_count > MOST_KEYS)
        return (uint64_t)action << 32 | 1; /* each its own */
    for (uint32_t i = 0; i < sh->key_count; i++)
        bits = bits << 1 | vd_catalog_action_has_key(sh->p->c, action, sh->keys[i]);
    return types << 32 | bits << 1 | 1;
}
