/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding holes: U+E000 to U+F8FF are EE 80 80 to EF A3 BF in UTF-8.
 */
#include "text/hole.h"

/* Eight bytes without any that a hole begins with. */
static bool is_ascii(const unsigned char *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
    return (v & UINT64_C(0x8080808080808080)) == 0;
}

size_t vd_hole_find(vd_str s, size_t from, uint32_t *index)
{
    const unsigned char *p = (const unsigned char *)s.p;

    for (size_t i = from; i + 2 < s.n; i++) {
        while (i + 8 <= s.n && is_ascii(p + i))
            i += 8;
        if (i + 2 >= s.n)
            break;
        if (p[i] == 0xee || (p[i] == 0xef && p[i + 1] <= 0xa3)) {
            *index = ((uint32_t)(p[i] & 0x0f) << 12 | (uint32_t)(p[i + 1] & 0x3f) << 6 | (p[i + 2] & 0x3f)) - 0xe000;
            return i;
        }
    }
    return s.n;
}
