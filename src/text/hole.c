/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding holes: U+E000 to U+F8FF are EE 80 80 to EF A3 BF in UTF-8.
 */
#include "text/hole.h"

size_t vd_hole_find(vd_str s, size_t from, uint32_t *index)
{
    const unsigned char *p = (const unsigned char *)s.p;

    for (size_t i = from; i + 2 < s.n; i++) {
        if (p[i] == 0xee || (p[i] == 0xef && p[i + 1] <= 0xa3)) {
            *index = ((uint32_t)(p[i] & 0x0f) << 12 | (uint32_t)(p[i + 1] & 0x3f) << 6 | (p[i + 2] & 0x3f)) - 0xe000;
            return i;
        }
    }
    return s.n;
}
