/* SPDX-License-Identifier: Apache-2.0
 *
 * One table that never grows: pages that nobody touches cost nothing, and a slot is taken by one exchange.
 */
#include "usage/dedup.h"

#include <stdatomic.h>
#include <sys/mman.h>

enum { PROBES = 256 };

struct vd_dedup {
    const vd_allocator *alloc;
    _Atomic uint64_t   *slots; /* 0: free */
    uint64_t            count; /* a power of two */
};

vd_dedup *vd_dedup_new(const vd_allocator *alloc, uint64_t bytes)
{
    vd_dedup *d = vd_alloc0(alloc, sizeof *d);
    void     *p;

    if (!d)
        return NULL;
    d->alloc = alloc;
    d->count = 1024;
    while (d->count * 2 * sizeof *d->slots <= bytes && d->count < UINT64_C(1) << 40)
        d->count *= 2;
    p = mmap(NULL, d->count * sizeof *d->slots, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    d->slots = p == MAP_FAILED ? NULL : p;
#ifdef MADV_HUGEPAGE
    if (d->slots)
        madvise(p, d->count * sizeof *d->slots, MADV_HUGEPAGE); /* it is read all over: fewer pages, fewer misses */
#endif
    if (!d->slots) {
        vd_dedup_free(d);
        return NULL;
    }
    return d;
}

void vd_dedup_free(vd_dedup *d)
{
    if (!d)
        return;
    if (d->slots)
        munmap((void *)(uintptr_t)d->slots, d->count * sizeof *d->slots);
    vd_free(d->alloc, d, sizeof *d);
}

void vd_dedup_soon(const vd_dedup *d, uint64_t place)
{
    __builtin_prefetch((const void *)(uintptr_t)&d->slots[place & (d->count - 1)], 1);
}

vd_dedup_answer vd_dedup_add(vd_dedup *d, uint64_t place, uint64_t hash)
{
    uint64_t at = place & (d->count - 1);

    hash += hash == 0;
    for (uint32_t i = 0; i < PROBES; i++, at = (at + 1) & (d->count - 1)) {
        uint64_t found = atomic_load_explicit(&d->slots[at], memory_order_relaxed);

        if (found == 0 && atomic_compare_exchange_strong_explicit(&d->slots[at], &found, hash, memory_order_relaxed,
                                                                  memory_order_relaxed))
            return VD_DEDUP_NEW;
        if (found == hash)
            return VD_DEDUP_SEEN;
    }
    return VD_DEDUP_FULL;
}
