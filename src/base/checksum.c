/* SPDX-License-Identifier: Apache-2.0
 *
 * Four lanes of multiply and fold, so that a processor does several at once.
 */
#include "base/checksum.h"

#include <string.h>

static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide m = (wide)a * b;

    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t sum(const char *at, size_t n)
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

uint64_t vd_checksum(const void *header, size_t header_size, const void *rest, size_t rest_size)
{
    return fold(sum(header, header_size) | 1, sum(rest, rest_size));
}
