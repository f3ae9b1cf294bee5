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

void vd_sha256_hex(char *out, size_t digits, vd_str s)
{
    static const char hex[] = "0123456789abcdef";
    uint8_t           sum[32];

    vd_sha256(sum, s);
    if (digits > 64)
        digits = 64;
    for (size_t i = 0; i < digits; i++)
        out[i] = hex[(i & 1) ? sum[i / 2] & 15 : sum[i / 2] >> 4];
    out[digits] = 0;
}
