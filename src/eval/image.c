/* SPDX-License-Identifier: Apache-2.0
 *
 * Sizes of the sections, and the checksum: four lanes of multiply and fold, fast enough not to be noticed when a
 * bundle is opened.  It finds damage; it is no signature.
 */
#include "eval/image.h"

const uint8_t vd_section_sizes[VD_SEC_COUNT] = {
    [VD_SEC_BYTES] = 1,
    [VD_SEC_POOL] = 4,
    [VD_SEC_KEYS] = sizeof(vd_ikey),
    [VD_SEC_KEY_SLOTS] = 4,
    [VD_SEC_ATOMS] = sizeof(vd_iatom),
    [VD_SEC_VALUES] = sizeof(vd_ivalue),
    [VD_SEC_PARTS] = sizeof(vd_ipart),
    [VD_SEC_PATTERNS] = sizeof(vd_ipattern),
    [VD_SEC_ACTIONS] = sizeof(vd_iaction),
    [VD_SEC_PRINCIPALS] = sizeof(vd_iprincipal),
    [VD_SEC_STATEMENTS] = sizeof(vd_istatement),
    [VD_SEC_INFOS] = sizeof(vd_iinfo),
    [VD_SEC_POLICIES] = sizeof(vd_ipolicy),
    [VD_SEC_TREES] = sizeof(vd_itree),
    [VD_SEC_SERVICES] = sizeof(vd_iservice),
    [VD_SEC_NAMES] = sizeof(vd_iname),
    [VD_SEC_NODES] = sizeof(vd_inode),
    [VD_SEC_ENTRIES] = sizeof(vd_ientry),
    [VD_SEC_LEVELS] = sizeof(vd_ilevel),
    [VD_SEC_CHAINS] = sizeof(vd_ichain),
    [VD_SEC_BINDINGS] = sizeof(vd_ibinding),
    [VD_SEC_PRINCIPAL_SLOTS] = 4,
    [VD_SEC_RESOURCE_SLOTS] = 4,
    [VD_SEC_ACCOUNT_SLOTS] = 4,
    [VD_SEC_RCP_SERVICES] = sizeof(vd_itext),
};

static uint64_t fold(uint64_t a, uint64_t b)
{
    __uint128_t m = (__uint128_t)a * b;

    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t checksum(const void *p, size_t n)
{
    static const uint64_t k[4] = { 0x9e3779b97f4a7c15u, 0xd6e8feb86659fd93u, 0xa0761d6478bd642fu,
                                   0xe7037ed1a0b428dbu };
    uint64_t              lane[4] = { k[0], k[1], k[2], k[3] }, h = n;
    const char           *at = p;

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

uint64_t vd_image_checksum(const vd_image *m, size_t size)
{
    vd_image header = *m;

    header.checksum = 0;
    return fold(checksum(&header, sizeof header) | 1, checksum(m + 1, size - sizeof *m));
}
