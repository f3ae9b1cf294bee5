/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of facts, and the joins of their values.
 */
#include "usage/facts.h"

#include "base/str.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { FACT_ALIGN = 64 /* a line of the cache */, MANY_BYTES = 1 << 21, MANY_CHUNK = 1 << 23 };

const vd_fact_set_row vd_fact_set_rows[VD_FACT_SETS] = {
    [VD_SET_RESOURCES] = { VD_L("R"), 64 },         [VD_SET_ROLES] = { VD_L("P"), 64 },
    [VD_SET_ENDPOINTS] = { VD_L("V"), 16 },         [VD_SET_NETWORKS] = { VD_L("N"), 16 },
    [VD_SET_SOURCE_IDENTITIES] = { VD_L("I"), 16 }, [VD_SET_HOLDERS] = { VD_L("W"), 16 },
    [VD_SET_SAMPLES] = { VD_L("X"), 2 },           [VD_SET_TYPES] = { VD_L("T"), 4 },
    [VD_SET_MADE] = { VD_L("M"), 64 },            [VD_SET_ASKED] = { VD_L("Q"), 16 },
};

const char vd_fact_mark_letters[VD_MARKS] = { 'm', 'd', 'n', 'r', 'w' };

const vd_str vd_fact_part_names[VD_FACT_PARTS] = {
    [VD_F_PRINCIPAL] = VD_L("p"), [VD_F_ACCOUNT] = VD_L("a"), [VD_F_REGION] = VD_L("r"),  [VD_F_SOURCE] = VD_L("s"),
    [VD_F_NAME] = VD_L("e"),      [VD_F_VERSION] = VD_L("v"), [VD_F_GUARDS] = VD_L("g"),  [VD_F_VIA] = VD_L("c"),
    [VD_F_OUTCOME] = VD_L("o"),   [VD_F_KIND] = VD_L("t"),
};

/* ------------------------------------------------------------------ keys */

void vd_fact_split(vd_str key, vd_str parts[VD_FACT_PARTS])
{
    for (size_t i = 0; i < VD_FACT_PARTS; i++)
        if (!vd_str_cut(&key, VD_FACT_SEPARATOR, &parts[i])) {
            parts[i] = key;
            key = VD_S("");
        }
}

/* Is there a byte below 0x20? */
static bool has_control(const char *p, size_t n)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t       below = 0, v;
    size_t         i = 0;

    for (; i + 8 <= n; i += 8) {
        memcpy(&v, p + i, 8);
        below |= (v - ones * 0x20) & ~v;
    }
    for (; i < n; i++)
        below |= (unsigned char)p[i] < 0x20 ? ones << 7 : 0;
    return (below & ones << 7) != 0;
}

bool vd_fact_join(char *out, size_t *n, const vd_str parts[VD_FACT_PARTS])
{
    char *p = out;

    for (size_t i = 0; i < VD_FACT_PARTS; i++) {
        bool control;

        if (i)
            *p++ = VD_FACT_SEPARATOR;
        if (parts[i].n > VD_FACT_PART_BYTES)
            return false;
        if (parts[i].n == 0)
            continue;
        memcpy(p, parts[i].p, parts[i].n);
        control = has_control(p, parts[i].n);
        for (size_t k = 0; control && k < parts[i].n; k++)
            p[k] = (unsigned char)p[k] < 0x20 ? '?' : p[k];
        p += parts[i].n;
    }
    *n = (size_t)(p - out);
    return true;
}

/* ------------------------------------------------------------------ the table */

void vd_facts_init(vd_facts *f, const vd_allocator *alloc, uint64_t seed)
{
    *f = (vd_facts){ .alloc = alloc, .seed = seed, .arena = vd_arena_on(alloc, 0) };
}

void vd_facts_done(vd_facts *f)
{
    vd_free(f->alloc, f->places, f->cap * sizeof *f->places);
    f->places = NULL;
    f->cap = 0;
    VD_VEC_DONE(f->alloc, &f->list);
    vd_arena_done(&f->arena);
}

void vd_facts_clear(vd_facts *f)
{
    const vd_allocator *alloc = f->alloc;
    uint64_t            seed = f->seed;
    uint32_t            cleared = f->cleared + 1;

    vd_facts_done(f);
    vd_facts_init(f, alloc, seed);
    f->cleared = cleared;
}

size_t vd_facts_bytes(const vd_facts *f)
{
    return f->arena.used + (size_t)f->list.cap * sizeof *f->list.at + (size_t)f->cap * sizeof *f->places;
}

static void place(vd_facts *f, uint64_t hash, vd_fact *fact)
{
    uint32_t i = (uint32_t)hash & (f->cap - 1);

    while (f->places[i].fact)
        i = (i + 1) & (f->cap - 1);
    f->places[i] = (vd_fact_place){ hash, fact };
}

static bool more_places(vd_facts *f)
{
    vd_fact_place *old = f->places;
    uint32_t       cap = f->cap;

    if (cap > UINT32_MAX / 4)
        return false;
    f->places = vd_alloc0(f->alloc, (cap ? cap * 2 : 16) * sizeof *old);
    if (!f->places) {
        f->places = old;
        return false;
    }
    f->cap = cap ? cap * 2 : 16;
    for (uint32_t i = 0; i < cap; i++)
        if (old[i].fact)
            place(f, old[i].hash, old[i].fact);
    vd_free(f->alloc, old, cap * sizeof *old);
    return true;
}

/* All of it will be wanted: its lines come together instead of one after the other. */
static void soon(const vd_fact *fact)
{
    const char *p = (const char *)fact;

    for (size_t i = 0; i < sizeof *fact + 192; i += 64) /* its key */
        __builtin_prefetch(p + i, 1);
}

void vd_fact_soon(const vd_fact *fact)
{
    __builtin_prefetch(fact, 1);
    __builtin_prefetch(&fact->sets[VD_SET_RESOURCES], 1);
    __builtin_prefetch(&fact->sets[VD_SET_NETWORKS], 1);
    __builtin_prefetch(&fact->sets[VD_SET_SAMPLES], 1);
}

static vd_fact *find(const vd_facts *f, uint64_t hash, vd_str key)
{
    for (uint32_t i = (uint32_t)hash & (f->cap - 1); f->cap && f->places[i].fact; i = (i + 1) & (f->cap - 1))
        if (f->places[i].hash == hash && vd_str_eq(f->places[i].fact->key, key))
            return f->places[i].fact;
    return NULL;
}

vd_fact *vd_facts_find(const vd_facts *f, vd_str key)
{
    return find(f, vd_hash(f->seed, key), key);
}

uint64_t vd_facts_hash(const vd_facts *f, vd_str key)
{
    uint64_t hash = vd_hash(f->seed, key);

    if (f->cap)
        __builtin_prefetch(&f->places[(uint32_t)hash & (f->cap - 1)]);
    return hash;
}

void vd_facts_soon(const vd_facts *f, uint64_t hash)
{
    for (uint32_t i = (uint32_t)hash & (f->cap - 1); f->cap && f->places[i].fact; i = (i + 1) & (f->cap - 1))
        if (f->places[i].hash == hash) {
            soon(f->places[i].fact);
            return;
        }
}

vd_fact *vd_facts_get(vd_facts *f, vd_str key)
{
    return vd_facts_at(f, vd_hash(f->seed, key), key);
}

/* Facts are gone to in no order: where they are many, each would be on a page that the processor has forgotten.  So then they get
 * memory in large pieces, which the kernel may make of large pages. */
static void ask_for_large_pages(vd_facts *f)
{
#ifdef MADV_HUGEPAGE
    uintptr_t from = ((uintptr_t)f->arena.next + 4095) & ~(uintptr_t)4095, to = (uintptr_t)f->arena.end & ~(uintptr_t)4095;

    f->arena.next_chunk = MANY_CHUNK;
    if (f->advised == f->arena.end || from >= to)
        return;
    f->advised = f->arena.end;
    if (to - from >= MANY_BYTES)
        madvise((void *)from, to - from, MADV_HUGEPAGE); /* only advice: it does not matter what became of it */
#else
    VD_UNUSED(f);
#endif
}

vd_fact *vd_facts_at(vd_facts *f, uint64_t hash, vd_str key)
{
    vd_fact *fact = find(f, hash, key);

    if (fact)
        return fact;
    if (f->list.count >= f->cap / 2 && !more_places(f))
        return NULL;
    if (f->arena.used >= MANY_BYTES)
        ask_for_large_pages(f);
    fact = vd_arena_alloc(&f->arena, sizeof *fact, FACT_ALIGN);
    if (!fact || !vd_arena_dup(&f->arena, &fact->key, key) || !VD_PUSH(f->alloc, &f->list, fact))
        return NULL;
    fact->tabled = true;
    place(f, hash, fact);
    return fact;
}

static int by_key(const void *a, const void *b)
{
    return vd_str_cmp((*(vd_fact *const *)a)->key, (*(vd_fact *const *)b)->key);
}

void vd_facts_sort(vd_facts *f)
{
    if (f->list.count)
        qsort(f->list.at, f->list.count, sizeof *f->list.at, by_key);
}

/* ------------------------------------------------------------------ values */

static int64_t day_of(int64_t seconds)
{
    return seconds >= 0 ? seconds / 86400 : -((86399 - seconds) / 86400);
}

/* Makes room for [from, to]; both within VD_FACT_DAYS of each other. */
static bool make_days(vd_arena *arena, vd_fact *f, int64_t from, int64_t to)
{
    uint32_t  words = (uint32_t)((to - from) / 64 + 1);
    uint64_t *days;

    if (words == 1 && f->day_words == 1) { /* most logs are of fewer days: these stay where they are */
        int64_t by = f->day - from;

        f->days[0] = by >= 64 || by <= -64 ? 0 : by >= 0 ? f->days[0] << by : f->days[0] >> -by;
        f->day = from;
        return true;
    }
    days = f->tabled && !f->days && words == 1 ? &f->own_days : vd_arena_new_array(arena, uint64_t, words);
    if (!days)
        return false;
    for (int64_t d = 0; d < (int64_t)f->day_words * 64; d++) {
        int64_t day = f->day + d;

        if ((f->days[d / 64] >> d % 64 & 1) && day >= from && day <= to)
            days[(day - from) / 64] |= UINT64_C(1) << (day - from) % 64;
    }
    f->days = days;
    f->day = from;
    f->day_words = words;
    return true;
}

/* Of those that are there; before all of them when there are none. */
static int64_t last_day(const vd_fact *f)
{
    uint32_t words = f->day_words;

    while (words && !f->days[words - 1])
        words--;
    return words ? f->day + (int64_t)words * 64 - 1 - __builtin_clzll(f->days[words - 1]) : f->day - 1;
}

/* Days further back than VD_FACT_DAYS before the last one are let go. */
bool vd_fact_day(vd_arena *arena, vd_fact *f, int64_t day)
{
    int64_t low = day_of(f->last) - (VD_FACT_DAYS - 1), from, to;

    if (day < low)
        return true;
    if (!f->days || day < f->day || day >= f->day + (int64_t)f->day_words * 64) {
        from = !f->days || day < f->day ? day : f->day;
        from = from < low ? low : from;
        to = !f->days || day > last_day(f) ? day : last_day(f);
        if (!make_days(arena, f, from, to))
            return false;
    }
    f->days[(day - f->day) / 64] |= UINT64_C(1) << (day - f->day) % 64;
    return true;
}

bool vd_fact_seen(vd_arena *arena, vd_fact *f, uint64_t count, int64_t first, int64_t last)
{
    bool fresh = f->count == 0;

    if (__builtin_add_overflow(f->count, count, &f->count))
        f->count = UINT64_MAX;
    f->first = fresh || first < f->first ? first : f->first;
    f->last = fresh || last > f->last ? last : f->last;
    return vd_fact_day(arena, f, day_of(first)) && (last == first || vd_fact_day(arena, f, day_of(last)));
}

static int by_hash(uint64_t hash, vd_str text, const vd_bottom_item *other)
{
    if (VD_LIKELY(hash != other->hash))
        return hash < other->hash ? -1 : 1;
    return vd_str_cmp(text, other->text);
}

/* Room of a text in a set: so much that one of about the same length can take its place. */
static size_t room_of(size_t n)
{
    return (n + 16) & ~(size_t)15;
}

/* The text into the set's own memory: that of the one that has to go, when there is one and it is large enough. */
static bool keep(vd_arena *arena, vd_str *out, vd_str text, const vd_bottom_item *gone)
{
    char *p = gone && room_of(text.n) <= room_of(gone->text.n) ? (char *)(uintptr_t)gone->text.p
                                                              : vd_arena_alloc(arena, room_of(text.n), 1);

    if (!p)
        return false;
    memcpy(p, text.p, text.n);
    *out = (vd_str){ p, text.n };
    return true;
}

static bool insert(vd_arena *arena, vd_bottom *b, uint32_t at, uint32_t most, uint64_t hash, vd_str text)
{
    bool   full = b->count == most;
    vd_str kept;

    if (!full && b->count == b->cap && !vd_arena_grow(arena, &b->at, b->count, &b->cap, b->count + 1, sizeof *b->at))
        return false;
    if (!keep(arena, &kept, text, full ? &b->at[most - 1] : NULL))
        return false;
    if (full) {
        b->overflow = true;
        b->count--;
    }
    memmove(&b->at[at + 1], &b->at[at], (b->count - at) * sizeof *b->at);
    b->at[at] = (vd_bottom_item){ hash, kept };
    b->count++;
    b->bound = b->count == most ? b->at[most - 1].hash : 0;
    return true;
}

/* Hashes are spread evenly up to the bound, so that one is found near to where it is expected. */
static uint32_t guess(const vd_bottom *b, uint64_t hash)
{
    uint64_t step = (b->bound ? b->bound : UINT64_MAX) / (b->count + 2u) + 1;
    uint64_t at = hash / step;

    return at < b->count ? (uint32_t)at : b->count;
}

static bool put(vd_arena *arena, vd_bottom *b, uint32_t most, uint64_t hash, vd_str text)
{
    uint32_t at;

    if (b->count == most && (hash > b->bound || by_hash(hash, text, &b->at[most - 1]) > 0)) {
        b->overflow = true;
        return true;
    }
    for (at = guess(b, hash); at > 0 && by_hash(hash, text, &b->at[at - 1]) < 0;)
        at--;
    if (at > 0 && by_hash(hash, text, &b->at[at - 1]) == 0)
        return true;
    for (; at < b->count; at++) {
        int order = by_hash(hash, text, &b->at[at]);

        if (order == 0)
            return true;
        if (order < 0)
            break;
    }
    return insert(arena, b, at, most, hash, text);
}

/* ------------------------------------------------------------------ resources that are too many */

static bool has(const vd_bottom *b, uint64_t hash, vd_str text)
{
    uint32_t at = guess(b, hash);

    while (at > 0 && by_hash(hash, text, &b->at[at - 1]) <= 0)
        at--;
    while (at < b->count && by_hash(hash, text, &b->at[at]) > 0)
        at++;
    return at < b->count && by_hash(hash, text, &b->at[at]) == 0;
}

/* Of a set that still holds all there was. */
static bool lattice_of(vd_arena *arena, vd_fact *f)
{
    const vd_bottom *b = &f->sets[VD_SET_RESOURCES];

    f->lattice = vd_lattice_new(arena);
    for (uint32_t i = 0; f->lattice && i < b->count; i++)
        if (!vd_lattice_add(arena, f->lattice, b->at[i].text))
            return false;
    return f->lattice != NULL;
}

static void drop_top(vd_fact *f)
{
    if (f->lattice && vd_lattice_is_top(f->lattice))
        f->lattice = NULL;
}

static bool put_resource(vd_arena *arena, vd_fact *f, uint64_t hash, vd_str text)
{
    vd_bottom *b = &f->sets[VD_SET_RESOURCES];
    uint32_t   most = vd_fact_set_rows[VD_SET_RESOURCES].most;

    if (b->count == most && hash <= b->bound && has(b, hash, text)) /* then the others know it, too */
        return true;
    if (!b->overflow && b->count == most && !lattice_of(arena, f))
        return false;
    if (f->lattice && !vd_lattice_add(arena, f->lattice, text))
        return false;
    drop_top(f);
    return put(arena, b, most, hash, text);
}

/* The resources of both; who has too many and cannot say of what sort leaves nothing to be said of the others either. */
static bool fold_resources(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    const vd_bottom *more = &from->sets[VD_SET_RESOURCES];
    vd_bottom       *b = &into->sets[VD_SET_RESOURCES];
    bool             known = !b->overflow || into->lattice;

    if (more->overflow && known && from->lattice) {
        if ((!into->lattice && !lattice_of(arena, into)) || !vd_lattice_join(arena, into->lattice, from->lattice))
            return false;
        b->overflow = true;
        drop_top(into);
    } else if (more->overflow) {
        into->lattice = NULL;
        b->overflow = true;
    }
    for (uint32_t i = 0; i < more->count; i++)
        if (!put_resource(arena, into, more->at[i].hash, more->at[i].text))
            return false;
    return true;
}

bool vd_fact_put_item(vd_arena *arena, vd_fact *f, vd_fact_set set, vd_bottom_item item)
{
    if (set == VD_SET_RESOURCES)
        return put_resource(arena, f, item.hash, item.text);
    return put(arena, &f->sets[set], vd_fact_set_rows[set].most, item.hash, item.text);
}

bool vd_fact_put(vd_arena *arena, vd_fact *f, vd_fact_set set, vd_str text)
{
    return text.n == 0 || vd_fact_put_item(arena, f, set, (vd_bottom_item){ vd_hash(0, text), text });
}

static bool fold_days(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    for (int64_t d = 0; d < (int64_t)from->day_words * 64; d++)
        if ((from->days[d / 64] >> d % 64 & 1) && !vd_fact_day(arena, into, from->day + d))
            return false;
    return true;
}

/* Is this text, or the place where it would be, in the set?  Most are beyond one that is full. */
static bool is_within(const vd_bottom *b, vd_fact_set set, uint64_t hash)
{
    return b->count && (b->count < vd_fact_set_rows[set].most || hash <= b->bound);
}

void vd_fact_item_soon(const vd_fact *f, vd_fact_set set, uint64_t hash)
{
    const vd_bottom *b = &f->sets[set];

    if (is_within(b, set, hash)) {
        uint32_t at = guess(b, hash);

        __builtin_prefetch(&b->at[at ? at - 1 : 0], 1);
        if (at < b->count)
            __builtin_prefetch(&b->at[at], 1);
    }
    if (set == VD_SET_RESOURCES && f->lattice)
        vd_lattice_soon(f->lattice);
}

void vd_fact_text_soon(const vd_fact *f, vd_fact_set set, uint64_t hash)
{
    const vd_bottom *b = &f->sets[set];
    uint32_t         at;

    if (!is_within(b, set, hash))
        return;
    for (at = guess(b, hash); at > 0 && hash <= b->at[at - 1].hash;)
        at--;
    while (at < b->count && b->at[at].hash < hash)
        at++;
    if (at < b->count && b->at[at].hash == hash)
        __builtin_prefetch(b->at[at].text.p);
}

void vd_fact_adds_soon(const vd_fact *into, const vd_fact *from)
{
    for (size_t s = 0; s < VD_FACT_SETS; s++)
        for (uint32_t i = 0; i < from->sets[s].count; i++)
            vd_fact_item_soon(into, (vd_fact_set)s, from->sets[s].at[i].hash);
}

bool vd_fact_adds(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    into->mfa |= from->mfa;
    into->marks |= from->marks;
    if (!fold_resources(arena, into, from))
        return false;
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        const vd_bottom *b = &from->sets[s];

        if (s == VD_SET_RESOURCES)
            continue;

        for (uint32_t i = 0; i < b->count; i++)
            if (!put(arena, &into->sets[s], vd_fact_set_rows[s].most, b->at[i].hash, b->at[i].text))
                return false;
        into->sets[s].overflow |= b->overflow;
    }
    return true;
}

bool vd_fact_fold(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    bool fresh = into->count == 0;

    vd_fact_adds_soon(into, from);
    if (__builtin_add_overflow(into->count, from->count, &into->count))
        into->count = UINT64_MAX;
    into->first = fresh || from->first < into->first ? from->first : into->first;
    into->last = fresh || from->last > into->last ? from->last : into->last;
    return fold_days(arena, into, from) && vd_fact_adds(arena, into, from) &&
           (vd_str_cmp(from->more, into->more) <= 0 || vd_arena_dup(arena, &into->more, from->more));
}

bool vd_fact_says(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    const vd_bottom *types = &from->sets[VD_SET_TYPES];

    into->marks |= from->marks;
    for (uint32_t i = 0; i < types->count; i++)
        if (!vd_fact_put(arena, into, VD_SET_TYPES, types->at[i].text))
            return false;
    into->sets[VD_SET_TYPES].overflow |= types->overflow;
    return true;
}
