/* SPDX-License-Identifier: Apache-2.0
 *
 * Summaries that are kept in memory: written to a vd_buf, read from a slice.
 */
#ifndef VERDICT_TESTS_MEMORY_H
#define VERDICT_TESTS_MEMORY_H

#include "base/buf.h"
#include "base/str.h"

static inline bool to_buf(void *ctx, vd_str bytes)
{
    vd_buf_add(ctx, bytes);
    return true;
}

typedef struct memory {
    vd_str left;
} memory;

static inline ptrdiff_t from_memory(void *ctx, char *out, size_t n)
{
    memory *m = ctx;

    n = n < m->left.n ? n : m->left.n;
    if (n)
        memcpy(out, m->left.p, n);
    m->left = vd_str_from(m->left, n);
    return (ptrdiff_t)n;
}

#endif
