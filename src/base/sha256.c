/* SPDX-License-Identifier: Apache-2.0
 *
 * The only file that sees libmd.
 */
#include "base/sha256.h"

#include <sys/types.h>

#include <sha256.h>

void vd_sha256(uint8_t out[32], vd_str s)
{
    SHA256_CTX ctx;

    SHA256Init(&ctx);
    SHA256Update(&ctx, (const uint8_t *)s.p, s.n);
    SHA256Final(out, &ctx);
}

static void to_hex(char *out, size_t digits, const uint8_t sum[32])
{
    static const char hex[] = "0123456789abcdef";

    if (digits > 64)
        digits = 64;
    for (size_t i = 0; i < digits; i++)
        out[i] = hex[(i & 1) ? sum[i / 2] & 15 : sum[i / 2] >> 4];
    out[digits] = 0;
}

void vd_sha256_hex(char *out, size_t digits, vd_str s)
{
    uint8_t sum[32];

    vd_sha256(sum, s);
    to_hex(out, digits, sum);
}

_Static_assert(sizeof(SHA256_CTX) <= sizeof(vd_sha256_sum), "the state of libmd fits");

void vd_sha256_begin(vd_sha256_sum *sum)
{
    SHA256Init((SHA256_CTX *)(void *)sum->state);
}

void vd_sha256_add(vd_sha256_sum *sum, vd_str s)
{
    SHA256Update((SHA256_CTX *)(void *)sum->state, (const uint8_t *)s.p, s.n);
}

void vd_sha256_end(vd_sha256_sum *sum, char hex[65])
{
    uint8_t bytes[32];

    SHA256Final(bytes, (SHA256_CTX *)(void *)sum->state);
    to_hex(hex, 64, bytes);
}
