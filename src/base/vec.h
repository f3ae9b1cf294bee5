/* SPDX-License-Identifier: Apache-2.0
 *
 * Typed vectors: VD_VEC(uint32_t) ids = { 0 };  if (!VD_PUSH(alloc, &ids, 7)) ...  VD_VEC_DONE(alloc, &ids);
 */
#ifndef VERDICT_BASE_VEC_H
#define VERDICT_BASE_VEC_H

#include "base/alloc.h"

#define VD_VEC(type)         \
    struct {                 \
        type    *at;         \
        uint32_t count, cap; \
    }

bool vd_vec_grow(const vd_allocator *a, void *at, uint32_t *cap, uint32_t need, size_t size);

#define VD_RESERVE(alloc, v, need) \
    ((need) <= (v)->cap || vd_vec_grow((alloc), &(v)->at, &(v)->cap, (need), sizeof *(v)->at))
#define VD_PUSH(alloc, v, ...) \
    (VD_RESERVE((alloc), (v), (v)->count + 1) ? ((v)->at[(v)->count++] = (__VA_ARGS__), true) : false)
#define VD_VEC_DONE(alloc, v)                                          \
    (vd_free((alloc), (v)->at, (v)->cap * sizeof *(v)->at), (v)->at = NULL, (v)->count = (v)->cap = 0)

#endif
