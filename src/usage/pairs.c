/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys of records that wait for another one, and which of them are kept.
 */
#include "usage/pairs.h"

#include "base/str.h"
#include "usage/digest.h"

#include <stdlib.h>

enum { FULL = 4 * VD_PAIR_MOST };

static const char kinds[VD_PAIR_KINDS] = { 'r', 's' };

/* ------------------------------------------------------------------ keys */

bool vd_is_pair(const vd_fact *f)
{
    return f->key.n > VD_PAIR_ID && f->key.p[0] == VD_PAIR_MARK;
}

bool vd_is_held(const vd_fact *f)
{
    return vd_is_pair(f) && f->key.n > 1 + VD_PAIR_ID;
}

vd_str vd_pair_id(const vd_fact *f)
{
    return (vd_str){ f->key.p + 1, VD_PAIR_ID };
}

vd_str vd_pair_key(const vd_fact *f)
{
    return vd_is_held(f) ? vd_str_from(f->key, 1 + VD_PAIR_ID + 1) : f->key;
}

bool vd_pair_known(vd_str id)
{
    if (id.n != VD_PAIR_ID || (id.p[0] != kinds[0] && id.p[0] != kinds[1]))
        return false;
    for (size_t i = 1; i < id.n; i++)
        if (!vd_is_digit(id.p[i]) && (id.p[i] < 'a' || id.p[i] > 'f'))
            return false;
    return true;
}

bool vd_pair_join(vd_arena *arena, vd_str *out, vd_str id, vd_str key)
{
    char *p = vd_arena_alloc(arena, 1 + VD_PAIR_ID + 1 + key.n, 1);

    if (!p)
        return false;
    *out = (vd_str){ p, 1 + id.n + (key.n ? 1 + key.n : 0) };
    *p++ = VD_PAIR_MARK;
    memcpy(p, id.p, id.n);
    p += id.n;
    if (key.n) {
        *p++ = VD_FACT_SEPARATOR;
        memcpy(p, key.p, key.n);
    }
    return true;
}

static vd_pair_kind kind_of(vd_str id)
{
    return id.p[0] == kinds[VD_PAIR_REQUEST] ? VD_PAIR_REQUEST : VD_PAIR_SHARED;
}

/* The first half of the hash. */
static uint64_t place_of(vd_str id)
{
    uint64_t v = 0;

    for (size_t i = 1; i < 17; i++)
        v = v << 4 | (uint64_t)(vd_is_digit(id.p[i]) ? id.p[i] - '0' : id.p[i] - 'a' + 10);
    return v;
}

/* ------------------------------------------------------------------ of a record */

static vd_str id_of(char room[VD_PAIR_ID], vd_pair_kind kind, vd_str text, const vd_pairs *p)
{
    uint64_t hash[2] = { vd_hash(1, text), vd_hash(2, text) };
    char     hex[VD_PAIR_HEX + 1];

    if (!text.n || hash[0] > p->bound[kind])
        return (vd_str){ 0 };
    vd_digest_hex(hex, hash);
    room[0] = kinds[kind];
    memcpy(room + 1, hex, VD_PAIR_HEX);
    return (vd_str){ room, VD_PAIR_ID };
}

/* Newer logs have a record of DeleteObject for each object that DeleteObjects deletes.  One with headers, or that failed as a
 * whole, stands for more than those. */
static void by_request(vd_pairing *out, const vd_record *r, const vd_str parts[VD_FACT_PARTS], const vd_pairs *p)
{
    bool many = vd_str_eq(parts[VD_F_NAME], VD_S("DeleteObjects"));

    if (!vd_str_eq(parts[VD_F_SOURCE], VD_S("s3")) || parts[VD_F_KIND].n ||
        (!many && !vd_str_eq(parts[VD_F_NAME], VD_S("DeleteObject"))))
        return;
    if (!many)
        out->told[VD_PAIR_REQUEST] = id_of(out->room[VD_PAIR_REQUEST], VD_PAIR_REQUEST, r->at[VD_M_REQUEST_ID], p);
    else if (!out->held.n && vd_str_eq(parts[VD_F_GUARDS], VD_S("0")) && vd_str_eq(parts[VD_F_OUTCOME], VD_S("ok")))
        out->held = id_of(out->room[VD_PAIR_REQUEST], VD_PAIR_REQUEST, r->at[VD_M_REQUEST_ID], p);
}

void vd_pairing_of(vd_pairing *out, const vd_record *r, const vd_str parts[VD_FACT_PARTS], bool service, const vd_pairs *p)
{
    bool second = parts[VD_F_ACCOUNT].n || vd_str_eq(parts[VD_F_KIND], VD_S("vpce"));

    out->held = out->told[VD_PAIR_REQUEST] = out->told[VD_PAIR_SHARED] = (vd_str){ 0 };
    if (r->at[VD_M_SHARED_ID].n && !service && (second || !parts[VD_F_KIND].n))
        *(second ? &out->held : &out->told[VD_PAIR_SHARED]) =
            id_of(out->room[VD_PAIR_SHARED], VD_PAIR_SHARED, r->at[VD_M_SHARED_ID], p);
    if (r->at[VD_M_REQUEST_ID].n)
        by_request(out, r, parts, p);
}

/* ------------------------------------------------------------------ those that are kept */

void vd_pairs_clear(vd_pairs *p)
{
    for (size_t i = 0; i < VD_PAIR_KINDS; i++) {
        p->count[i] = 0;
        p->next[i] = FULL;
    }
}

void vd_pairs_init(vd_pairs *p)
{
    vd_pairs_clear(p);
    for (size_t i = 0; i < VD_PAIR_KINDS; i++)
        p->bound[i] = UINT64_MAX;
}

static bool release(vd_facts *facts, vd_fact *f)
{
    vd_fact *into = NULL;
    bool     good = true;

    if (vd_is_held(f) && (f->count || f->marks)) {
        into = vd_facts_get(facts, vd_pair_key(f));
        good = into && (f->count ? vd_fact_fold : vd_fact_says)(&facts->arena, into, f);
    }
    f->count = 0;
    f->marks = 0;
    return good;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static bool is_of(const vd_fact *f, vd_pair_kind kind)
{
    return vd_is_pair(f) && (f->count || f->marks) && kind_of(vd_pair_id(f)) == kind;
}

/* The greatest of the least; UINT64_MAX: there are not so many. */
static uint64_t bound_of(uint64_t *places, uint32_t count)
{
    uint32_t different = 0;

    qsort(places, count, sizeof *places, by_number);
    for (uint32_t i = 0; i < count; i++)
        if ((i == 0 || places[i] != places[i - 1]) && ++different == VD_PAIR_MOST)
            return places[i];
    return UINT64_MAX;
}

static bool prune(vd_pairs *p, vd_facts *facts, vd_pair_kind kind)
{
    uint32_t  all = facts->list.count, n = 0;
    uint64_t *places = vd_alloc(facts->alloc, all * sizeof *places), bound;

    if (!places)
        return false;
    for (uint32_t i = 0; i < all; i++)
        if (is_of(facts->list.at[i], kind))
            places[n++] = place_of(vd_pair_id(facts->list.at[i]));
    bound = bound_of(places, n);
    vd_free(facts->alloc, places, all * sizeof *places);
    p->bound[kind] = bound < p->bound[kind] ? bound : p->bound[kind];
    p->count[kind] = 0;
    for (uint32_t i = 0; i < all; i++) {
        vd_fact *f = facts->list.at[i];

        if (!is_of(f, kind))
            continue;
        if (place_of(vd_pair_id(f)) <= bound)
            p->count[kind]++;
        else if (!release(facts, f))
            return false;
    }
    p->next[kind] = p->count[kind] > FULL / 2 ? 2 * p->count[kind] : FULL;
    return true;
}

bool vd_pairs_room(vd_pairs *p, vd_facts *facts, vd_str id)
{
    vd_pair_kind kind = kind_of(id);

    return ++p->count[kind] < p->next[kind] || prune(p, facts, kind);
}

bool vd_pairs_settle(vd_facts *facts)
{
    uint32_t all = facts->list.count, kept = 0;

    for (uint32_t i = 0; i < all; i++) {
        vd_fact *f = facts->list.at[i];
        vd_str   told = vd_str_first(f->key, 1 + VD_PAIR_ID);

        if (!vd_is_held(f))
            continue;
        if (vd_facts_find(facts, told))
            f->count = f->marks = 0;
        else if (!release(facts, f))
            return false;
    }
    for (uint32_t i = 0; i < facts->list.count; i++)
        if (!vd_is_pair(facts->list.at[i]))
            facts->list.at[kept++] = facts->list.at[i];
    facts->list.count = kept;
    return true;
}

bool vd_pair_next(vd_pair_run *run, const vd_fact *f)
{
    vd_str id = vd_pair_id(f);

    if (memcmp(run->id, id.p, id.n) != 0) {
        run->count = run->id[0] == id.p[0] ? run->count + 1 : 1;
        memcpy(run->id, id.p, id.n);
        run->told = false;
    }
    run->told |= !vd_is_held(f);
    return run->count <= VD_PAIR_MOST;
}
