/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of vd_engine, and reference counts.
 */
#ifndef VERDICT_BASE_ENGINE_H
#define VERDICT_BASE_ENGINE_H

#include "base/alloc.h"
#include "base/error.h"

#include <stdatomic.h>
#include <verdict/engine.h>

typedef struct vd_count {
    atomic_uint n;
} vd_count;

static inline void vd_count_init(vd_count *c)
{
    atomic_init(&c->n, 1);
}

static inline void vd_count_up(vd_count *c)
{
    atomic_fetch_add_explicit(&c->n, 1, memory_order_relaxed);
}

/* True for the last one to leave. */
static inline bool vd_count_down(vd_count *c)
{
    return atomic_fetch_sub_explicit(&c->n, 1, memory_order_acq_rel) == 1;
}

struct vd_engine {
    vd_count     refs;
    vd_allocator alloc;
    vd_limits    limits;
    uint64_t     hash_seed;
};

#endif
