/* SPDX-License-Identifier: Apache-2.0
 *
 * Growth of typed vectors: by doubling, with every size checked.
 */
#include "base/vec.h"

bool vd_vec_grow(const vd_allocator *a, void *at, uint32_t *cap, uint32_t need, size_t size)
{
    uint32_t want = *cap ? *cap : 8;
    size_t   bytes;
    void    *p;

    if (need == 0)
        return false; /* the count wrapped */
    while (want < need) {
        if (want > UINT32_MAX / 2)
            return false;
        want *= 2;
    }
    if (!vd_mul_ok(want, size, &bytes))
        return false;
    memcpy(&p, at, sizeof p);
    p = vd_realloc(a, p, *cap * size, bytes);
    if (!p)
        return false;
    memcpy(at, &p, sizeof p);
    *cap = want;
    return true;
}
