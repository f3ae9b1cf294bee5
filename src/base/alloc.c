/* SPDX-License-Identifier: Apache-2.0
 *
 * The default allocator is the C library's; any other comes from the host.
 */
#include "base/alloc.h"

#include <stdlib.h>

static void *default_realloc(void *user, void *p, size_t old, size_t size)
{
    VD_UNUSED(user);
    VD_UNUSED(old);
    return realloc(p, size);
}

static void default_free(void *user, void *p, size_t size)
{
    VD_UNUSED(user);
    VD_UNUSED(size);
    free(p);
}

static const vd_allocator default_allocator = { .realloc = default_realloc, .free = default_free };

const vd_allocator *vd_allocator_default(void)
{
    return &default_allocator;
}

void *vd_alloc(const vd_allocator *a, size_t size)
{
    return a->realloc(a->user, NULL, 0, size ? size : 1);
}

void *vd_alloc0(const vd_allocator *a, size_t size)
{
    void *p = vd_alloc(a, size);

    if (p)
        memset(p, 0, size);
    return p;
}

void *vd_realloc(const vd_allocator *a, void *p, size_t old, size_t size)
{
    return a->realloc(a->user, p, p ? (old ? old : 1) : 0, size ? size : 1);
}

void vd_free(const vd_allocator *a, void *p, size_t size)
{
    if (p)
        a->free(a->user, p, size ? size : 1);
}
