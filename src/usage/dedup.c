/* SPDX-License-Identifier: Apache-2.0
 *
 * One table that never grows: pages that nobody touches cost nothing, and a slot is taken by one exchange.  What finds no slot
 * goes into a Bloom filter, whose eight bits for a hash lie in one line of the cache: it knows for certain that something is
 * new, and else that it may have been there.
 */
#include "usage/dedup.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { PROBES = 256, LINE_BITS = 512, LINE_WORDS = LINE_BITS / 64, FILTER_BITS = 8, FILTER_SHARE = 8 };

struct vd_dedup {
    const vd_allocator *alloc;
    _Atomic uint64_t   *slots; /* 0: free */
    uint64_t            count;
    _Atomic uint64_t   *filter; /* behind them */
    uint64_t            lines;
};

/* One of count, by the high bits; for a hash of any count. */
static uint64_t place_of(uint64_t hash, uint64_t count)
{
    __extension__ typedef unsigned __int128 wide;

    return (uint64_t)((wide)hash * count >> 64);
}

static size_t size_of(const vd_dedup *d)
{
    return (d->count + d->lines * LINE_WORDS) * sizeof *d->slots;
}

vd_dedup *vd_dedup_new(const vd_allocator *alloc, uint64_t bytes)
{
    vd_dedup *d = vd_alloc0(alloc, sizeof *d);
    void     *p;

    if (!d)
        return NULL;
    bytes = bytes < 1 << 13 ? 1 << 13 : bytes < UINT64_C(1) << 43 ? bytes : UINT64_C(1) << 43;
    d->alloc = alloc;
    d->lines = bytes / FILTER_SHARE / (LINE_BITS / 8);
    d->count = (bytes - d->lines * (LINE_BITS / 8)) / sizeof *d->slots / LINE_WORDS * LINE_WORDS;
    p = mmap(NULL, size_of(d), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    d->slots = p == MAP_FAILED ? NULL : p;
    if (!d->slots) {
        vd_dedup_free(d);
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    madvise(p, size_of(d), MADV_HUGEPAGE); /* it is read all over: fewer pages, fewer misses */
#endif
    d->filter = d->slots + d->count;
    return d;
}

void vd_dedup_free(vd_dedup *d)
{
    if (!d)
        return;
    if (d->slots)
        munmap((void *)(uintptr_t)d->slots, size_of(d));
    vd_free(d->alloc, d, sizeof *d);
}

void vd_dedup_soon(const vd_dedup *d, uint64_t place)
{
    __builtin_prefetch((const void *)(uintptr_t)&d->slots[place_of(place, d->count)], 1);
}

/* All bits of the hash, each nine of its own; SEEN is for the table alone to say. */
static vd_dedup_answer filter(vd_dedup *d, uint64_t place, uint64_t hash)
{
    _Atomic uint64_t *line = &d->filter[place_of(place, d->lines) * LINE_WORDS];
    bool              there = true;

    hash *= UINT64_C(0x9e3779b97f4a7c15);
    for (uint32_t i = 0; i < FILTER_BITS; i++, hash = hash >> 9 | hash << 55) {
        uint64_t bit = UINT64_C(1) << (hash & 63);

        there &= (atomic_fetch_or_explicit(&line[hash >> 6 & (LINE_WORDS - 1)], bit, memory_order_relaxed) & bit) != 0;
    }
    return there ? VD_DEDUP_POSSIBLE : VD_DEDUP_NEW;
}

vd_dedup_answer vd_dedup_add(vd_dedup *d, uint64_t place, uint64_t hash)
{
    uint64_t at = place_of(place, d->count);

    hash += hash == 0;
    for (uint32_t i = 0; i < PROBES; i++, at = at + 1 < d->count ? at + 1 : 0) {
        uint64_t found = atomic_load_explicit(&d->slots[at], memory_order_relaxed);

        if (found == 0 && atomic_compare_exchange_strong_explicit(&d->slots[at], &found, hash, memory_order_relaxed,
                                                                  memory_order_relaxed))
            return VD_DEDUP_NEW;
        if (found == hash)
            return VD_DEDUP_SEEN;
    }
    return filter(d, place, hash);
}
