/* SPDX-License-Identifier: Apache-2.0
 *
 * Four lanes of eight bytes, each multiplied into 128 bits and folded.
 */
#include "usage/digest.h"

static const uint64_t keys[4] = { 0x9e3779b97f4a7c15u, 0xc2b2ae3d27d4eb4fu, 0x165667b19e3779f9u, 0xd6e8feb86659fd93u };

static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load8(const uint8_t *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    return v;
}

void vd_digest_init(vd_digest *d)
{
    *d = (vd_digest){ .bytes = 0 };
    memcpy(d->lane, keys, sizeof keys);
}

/* Whole blocks of [p, p + n): what is left over.  The lanes are held in registers: bytes could alias them otherwise. */
static size_t blocks(vd_digest *d, const uint8_t *p, size_t n)
{
    uint64_t a = d->lane[0], b = d->lane[1], c = d->lane[2], e = d->lane[3];

    for (; n >= 32; n -= 32, p += 32) {
        a = mix(a ^ load8(p), keys[0]) + a;
        b = mix(b ^ load8(p + 8), keys[1]) + b;
        c = mix(c ^ load8(p + 16), keys[2]) + c;
        e = mix(e ^ load8(p + 24), keys[3]) + e;
    }
    d->lane[0] = a;
    d->lane[1] = b;
    d->lane[2] = c;
    d->lane[3] = e;
    return n;
}

void vd_digest_add(vd_digest *d, vd_str bytes)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t         n = bytes.n, held = d->bytes % 32, some;

    d->bytes += n;
    if (held) {
        some = n < 32 - held ? n : 32 - held;
        memcpy(d->rest + held, p, some);
        p += some;
        n -= some;
        if (held + some < 32)
            return;
        blocks(d, d->rest, 32);
    }
    some = blocks(d, p, n);
    if (some)
        memcpy(d->rest, p + n - some, some);
}

void vd_digest_end(const vd_digest *d, uint64_t out[2])
{
    vd_digest last = *d;
    size_t    held = d->bytes % 32;

    memset(last.rest + held, 0, 32 - held);
    blocks(&last, last.rest, 32);
    for (size_t round = 0; round < 2; round++) {
        out[round] = mix(last.lane[round] ^ d->bytes, keys[round + 2]);
        for (size_t i = 0; i < 4; i++)
            out[round] = mix(out[round] ^ last.lane[(i + round) % 4], keys[i] ^ round);
    }
}

void vd_digest_hex(char *out, const uint64_t sum[2])
{
    static const char hex[] = "0123456789abcdef";

    for (size_t i = 0; i < 32; i++)
        out[i] = hex[sum[i / 16] >> (60 - 4 * (i % 16)) & 15];
    out[32] = 0;
}
