/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of places that what comes takes from what was there; two places for a hash, so that two that come in turns do not chase
 * each other away.
 */
#include "usage/known.h"

#include "base/str.h"
#include "catalog/events.h"
#include "usage/plan.h"

enum { CALLS = 256, TOLDS = 512, SIGHTS = 4096, FACTS = 4096, FEW = 256, FEW_BYTES = 46, TOLD_SOON = 512 };

typedef struct few {
    uint16_t n;
    char     text[FEW_BYTES];
} few;

typedef struct fact_known {
    vd_fact_id id;
    uint64_t   hash;
    vd_fact   *fact; /* NULL: nothing is here */
} fact_known;

struct vd_known {
    fact_known    facts[FACTS];
    uint64_t      told_hashes[TOLDS]; /* aside, for most that come are not here */
    vd_told_known tolds[TOLDS];
    vd_call_known calls[CALLS];
    uint32_t      sights[SIGHTS];
    few           fews[FEW]; /* text i is number i + 1 */
    uint32_t      few_count;
    uint32_t      serial;  /* the last one that was given */
    uint32_t      cleared; /* as of the table of facts, when those here were in it */
    uint8_t       turn;    /* which of two goes */
};

vd_known *vd_known_new(const vd_allocator *alloc)
{
    return vd_alloc0(alloc, sizeof(vd_known));
}

void vd_known_free(vd_known *k, const vd_allocator *alloc)
{
    vd_free(alloc, k, sizeof *k);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd6e8feb86659fd93u);

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Two ends of a text tell most of them apart. */
static uint64_t ends(vd_str s)
{
    uint64_t a = 0, b = 0;

    if (s.n >= 8) {
        memcpy(&a, s.p, 8);
        memcpy(&b, s.p + s.n - 8, 8);
    } else if (s.n) {
        memcpy(&a, s.p, s.n);
    }
    return mix(a + s.n, b);
}

/* ------------------------------------------------------------------ what is called */

static bool is_call(const vd_call_known *c, const vd_str text[3])
{
    const char *p = c->bytes;

    for (size_t i = 0; i < 3; p += text[i++].n)
        if (c->n[i] != text[i].n || memcmp(p, text[i].p, text[i].n) != 0)
            return false;
    return c->serial != 0;
}

const vd_call_known *vd_known_call(vd_known *k, const vd_record *r)
{
    const vd_str   text[3] = { r->at[VD_M_SOURCE], r->at[VD_M_NAME], r->at[VD_M_REGION] };
    uint64_t       hash = mix(ends(text[0]) + ends(text[1]), ends(text[2]));
    vd_call_known *c = &k->calls[hash % (CALLS / 2) * 2];
    vd_str         label;
    char          *p;

    if (!text[0].n || !text[1].n || !text[2].n)
        return NULL;
    if (is_call(c, text) || is_call(++c, text))
        return c;
    label = vd_event_label(text[0]);
    if (text[0].n + text[1].n + text[2].n + label.n > VD_CALL_BYTES || k->serial == UINT32_MAX)
        return NULL;
    c -= k->turn ^= 1;
    p = c->bytes;
    for (size_t i = 0; i < 3; p += text[i++].n) {
        c->n[i] = (uint16_t)text[i].n;
        memcpy(p, text[i].p, text[i].n);
    }
    vd_lower_copy(p, label.p, label.n);
    c->label_bytes = (uint8_t)label.n;
    c->makes = vd_made_noun(text[1]).n > 0;
    c->serial = ++k->serial;
    return c;
}

vd_str vd_call_label(const vd_call_known *c)
{
    return (vd_str){ c->bytes + c->n[0] + c->n[1] + c->n[2], c->label_bytes };
}

/* ------------------------------------------------------------------ what a call tells */

/* The first of two. */
static size_t told_places(const vd_told_key *key)
{
    return key->hash % (TOLDS / 2) * 2;
}

/* Thirty-two bytes at a time, in two lanes that do not wait for each other. */
static uint64_t hash_of(uint64_t seed, vd_str s)
{
    uint64_t a = seed ^ s.n, b = seed, v[4];

    for (; s.n >= 32; s = vd_str_from(s, 32)) {
        memcpy(v, s.p, 32);
        a = mix(a ^ v[0], v[1]) + b;
        b = mix(b ^ v[2], v[3]);
    }
    if (s.n) {
        memset(v, 0, sizeof v);
        memcpy(v, s.p, s.n);
        a = mix(a ^ v[0], v[1]);
        b = mix(b ^ v[2], v[3]);
    }
    return mix(a, b);
}

void vd_told_key_hash(const vd_known *k, vd_told_key *key, vd_str name)
{
    key->hash = ends(name);
    for (size_t i = 0; i <= VD_T_RESOURCES; i++)
        key->hash = hash_of(key->hash, key->text[i]);
    for (size_t way = 0; way < 2; way++) {
        size_t at = told_places(key) + way;

        if (k->told_hashes[at] == key->hash)
            for (size_t i = 0; i < TOLD_SOON; i += 64)
                __builtin_prefetch((const char *)&k->tolds[at] + i);
    }
}

static bool is_told(const vd_told_known *t, const vd_told_key *key)
{
    const char *p = t->bytes;

    if (!t->used || t->call != key->call || t->there != key->there)
        return false;
    for (size_t i = 0; i < VD_TELLINGS; p += t->n[i++])
        if (t->n[i] != key->text[i].n || (t->n[i] && memcmp(p, key->text[i].p, t->n[i]) != 0))
            return false;
    return true;
}

const vd_told_known *vd_known_told(const vd_known *k, const vd_told_key *key)
{
    size_t at = told_places(key);

    for (size_t way = 0; way < 2; way++, at++)
        if (k->told_hashes[at] == key->hash && is_told(&k->tolds[at], key))
            return &k->tolds[at];
    return NULL;
}

bool vd_known_seen(vd_known *k, const vd_told_key *key)
{
    uint32_t *sight = &k->sights[key->hash >> 16 & (SIGHTS - 1)];
    uint32_t  mark = (uint32_t)(key->hash >> 32);

    if (*sight == mark)
        return true;
    *sight = mark;
    return false;
}

static bool has_room(const vd_told_key *key, const vd_fact *told)
{
    size_t   bytes = 0;
    uint32_t items = 0;

    for (size_t i = 0; i < VD_TELLINGS; i++)
        bytes += key->text[i].n;
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        items += told->sets[s].count;
        for (uint32_t i = 0; i < told->sets[s].count; i++)
            bytes += told->sets[s].at[i].text.n;
    }
    return bytes <= VD_TOLD_BYTES && items <= VD_TOLD_ITEMS && !told->lattice;
}

void vd_known_tell(vd_known *k, const vd_told_key *key, const vd_fact *told, const vd_told_known *more)
{
    size_t         at = told_places(key) + (k->turn ^= 1);
    vd_told_known *t = &k->tolds[at];
    char          *p = t->bytes;
    uint8_t        items = 0;

    if (!has_room(key, told))
        return;
    k->told_hashes[at] = key->hash;
    t->call = key->call;
    t->there = key->there;
    t->bits = more->bits;
    t->unknown = more->unknown;
    t->unresolved = more->unresolved;
    t->mfa = told->mfa;
    t->used = true;
    t->overflow = 0;
    for (size_t i = 0; i < VD_TELLINGS; p += t->n[i++]) {
        t->n[i] = (uint16_t)key->text[i].n;
        if (t->n[i])
            memcpy(p, key->text[i].p, t->n[i]);
    }
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        const vd_bottom *b = &told->sets[s];

        t->overflow |= (uint16_t)(b->overflow << s);
        t->from[s] = items;
        t->count[s] = (uint8_t)b->count;
        for (uint32_t i = 0; i < b->count; p += b->at[i++].text.n) {
            memcpy(p, b->at[i].text.p, b->at[i].text.n);
            t->items[items++] = (vd_bottom_item){ b->at[i].hash, { p, b->at[i].text.n } };
        }
    }
}

void vd_told_into(vd_fact *f, const vd_told_known *told)
{
    f->mfa |= told->mfa;
    for (size_t s = 0; s < VD_FACT_SETS; s++)
        if (told->count[s]) {
            f->sets[s].at = (vd_bottom_item *)(uintptr_t)&told->items[told->from[s]];
            f->sets[s].count = f->sets[s].cap = told->count[s];
        }
    for (size_t s = 0; told->overflow >> s; s++)
        f->sets[s].overflow = told->overflow >> s & 1;
}

/* ------------------------------------------------------------------ which fact that is */

uint16_t vd_known_few(vd_known *k, vd_str text)
{
    uint32_t at = (uint32_t)(ends(text) >> 32) % FEW;

    if (!text.n)
        return 0;
    if (text.n > FEW_BYTES)
        return VD_FEW_TOO_MANY;
    for (; k->fews[at].n; at = (at + 1) % FEW)
        if (k->fews[at].n == text.n && memcmp(k->fews[at].text, text.p, text.n) == 0)
            return (uint16_t)(at + 1);
    if (k->few_count == FEW / 2)
        return VD_FEW_TOO_MANY;
    k->few_count++;
    k->fews[at].n = (uint16_t)text.n;
    memcpy(k->fews[at].text, text.p, text.n);
    return (uint16_t)(at + 1);
}

static fact_known *fact_places(vd_known *k, const vd_fact_id *id, uint32_t cleared)
{
    uint64_t v[3];

    _Static_assert(sizeof *id == sizeof v, "no room between its members");
    if (k->cleared != cleared) {
        memset(k->facts, 0, sizeof k->facts);
        k->cleared = cleared;
    }
    memcpy(v, id, sizeof v);
    return &k->facts[mix(v[0] ^ v[1], v[2]) % (FACTS / 2) * 2];
}

vd_fact *vd_known_fact(vd_known *k, const vd_fact_id *id, uint32_t cleared, uint64_t *hash)
{
    const fact_known *f = fact_places(k, id, cleared), *last = f + 1;

    while (!f->fact || memcmp(&f->id, id, sizeof *id) != 0)
        if (f++ == last)
            return NULL;
    *hash = f->hash;
    return f->fact;
}

void vd_known_keep_fact(vd_known *k, const vd_fact_id *id, uint32_t cleared, vd_fact *f, uint64_t hash)
{
    fact_places(k, id, cleared)[k->turn ^= 1] = (fact_known){ *id, hash, f };
}
