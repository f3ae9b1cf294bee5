/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes of the sections, the checksum, and the block that is built in.
 */
#include "catalog/image.h"

const uint8_t vd_csection_sizes[VD_CAT_SECTIONS] = {
    [VD_CAT_BYTES] = 1,
    [VD_CAT_POOL] = 4,
    [VD_CAT_SERVICES] = sizeof(vd_cservice),
    [VD_CAT_ACTIONS] = sizeof(vd_caction),
    [VD_CAT_SHAPES] = sizeof(vd_cshape),
    [VD_CAT_TYPES] = sizeof(vd_ctype),
    [VD_CAT_FORMATS] = sizeof(vd_cformat),
    [VD_CAT_KEYS] = sizeof(vd_ckey),
    [VD_CAT_NAMED] = 4,
    [VD_CAT_FIELDS] = sizeof(vd_cfield),
    [VD_CAT_RETIRED] = sizeof(vd_ctext),
    [VD_CAT_SHEETS] = sizeof(vd_csheet),
    [VD_CAT_CELLS] = sizeof(vd_ctext),
    [VD_CAT_SERVICE_SLOTS] = 4,
    [VD_CAT_ACTION_SLOTS] = 4,
};

static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide m = (wide)a * b;

    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Four lanes of multiply and fold.  It finds damage; it is no signature. */
static uint64_t checksum(const char *at, size_t n)
{
    static const uint64_t k[4] = { 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u, 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu };
    uint64_t              lane[4] = { k[0], k[1], k[2], k[3] }, h = n;

    for (; n >= 32; n -= 32, at += 32)
        for (int i = 0; i < 4; i++) {
            uint64_t v;

            memcpy(&v, at + 8 * i, 8);
            lane[i] = fold(lane[i] ^ v, k[i]);
        }
    for (; n > 0; n--, at++)
        lane[0] = fold(lane[0] ^ (uint8_t)*at, k[1]);
    for (int i = 0; i < 4; i++)
        h = fold(h ^ lane[i], k[i]);
    return h;
}

uint64_t vd_cimage_checksum(const vd_cimage *m, size_t size)
{
    vd_cimage header = *m;

    header.checksum = 0;
    return fold(checksum((const char *)&header, sizeof header) | 1,
                checksum((const char *)(m + 1), size - sizeof *m));
}
