/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices.  Folding is ASCII and explicit; nothing here knows a locale or needs a final NUL.
 */
#ifndef VERDICT_BASE_STR_H
#define VERDICT_BASE_STR_H

#include "base/base.h"

static inline char vd_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool vd_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool vd_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* memcmp(a, b, n) == 0 for names, most of which are short: up to 16 bytes without a call, as two words that may overlap. */
static inline bool vd_same_bytes(const char *a, const char *b, size_t n)
{
    uint64_t a8[2], b8[2];
    uint32_t a4[2], b4[2];

    if (n > 16)
        return memcmp(a, b, n) == 0;
    if (n >= 8) {
        memcpy(&a8[0], a, 8), memcpy(&a8[1], a + n - 8, 8);
        memcpy(&b8[0], b, 8), memcpy(&b8[1], b + n - 8, 8);
        return ((a8[0] ^ b8[0]) | (a8[1] ^ b8[1])) == 0;
    }
    if (n >= 4) {
        memcpy(&a4[0], a, 4), memcpy(&a4[1], a + n - 4, 4);
        memcpy(&b4[0], b, 4), memcpy(&b4[1], b + n - 4, 4);
        return ((a4[0] ^ b4[0]) | (a4[1] ^ b4[1])) == 0;
    }
    return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}

static inline bool vd_str_eq(vd_str a, vd_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool vd_str_ieq_folded(vd_str a, vd_str b);

/* Equal without ASCII case.  Texts that differ mostly do so in their first letter, texts that are equal mostly are so to
 * the byte. */
static inline bool vd_str_ieq(vd_str a, vd_str b)
{
    if (a.n != b.n)
        return false;
    if (a.n == 0)
        return true;
    return ((a.p[0] ^ b.p[0]) & ~0x20) == 0 && (memcmp(a.p, b.p, a.n) == 0 || vd_str_ieq_folded(a, b));
}

static inline vd_str vd_str_from(vd_str s, size_t start)
{
    return start >= s.n ? (vd_str){ s.n ? s.p + s.n : s.p, 0 } : (vd_str){ s.p + start, s.n - start };
}

static inline vd_str vd_str_first(vd_str s, size_t n)
{
    return (vd_str){ s.p, n < s.n ? n : s.n };
}

int    vd_str_cmp(vd_str a, vd_str b);            /* by bytes, the shorter first */

/* Among so many, in the order of vd_str_cmp by what key says of each: the first that is not before text; or the one that is it,
 * else VD_NONE. */
typedef vd_str vd_str_key(const void *list, uint32_t index);
uint32_t vd_str_bound(const void *list, uint32_t count, vd_str_key *key, vd_str text);
uint32_t vd_str_search(const void *list, uint32_t count, vd_str_key *key, vd_str text);
int    vd_str_icmp(vd_str a, vd_str b);           /* by ASCII-lowered bytes */
bool   vd_str_starts(vd_str s, vd_str prefix);
bool   vd_str_istarts(vd_str s, vd_str prefix);
bool   vd_str_ends(vd_str s, vd_str suffix);
size_t vd_str_find(vd_str s, char c);             /* index, or s.n */
size_t vd_str_rfind(vd_str s, char c);            /* index of the last one, or s.n */
bool   vd_str_contains(vd_str s, vd_str part);
bool   vd_str_cut(vd_str *rest, char c, vd_str *head); /* head before c, rest behind it; false: no c, both kept */
vd_str vd_str_trim(vd_str s);                     /* ASCII white space at both ends */
bool   vd_str_all_digits(vd_str s);               /* and not empty */

/* Copies n bytes, ASCII capitals lowered. */
void vd_lower_copy(char *out, const char *p, size_t n);

/* Seeded 64-bit hash, by bytes and by ASCII-lowered bytes. */
uint64_t vd_hash(uint64_t seed, vd_str s);
uint64_t vd_ihash(uint64_t seed, vd_str s);

#endif
