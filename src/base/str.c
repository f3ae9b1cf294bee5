/* SPDX-License-Identifier: Apache-2.0
 *
 * Slices, compared and cut.  The hash is a multiply-and-fold over eight bytes at a time: fast on the short
 * names policies are made of, and seeded because the names come from outside.
 */
#include "base/str.h"

int vd_str_cmp(vd_str a, vd_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int    c = n ? memcmp(a.p, b.p, n) : 0;

    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool vd_str_starts(vd_str s, vd_str prefix)
{
    return s.n >= prefix.n && vd_str_eq(vd_str_first(s, prefix.n), prefix);
}

bool vd_str_istarts(vd_str s, vd_str prefix)
{
    return s.n >= prefix.n && vd_str_ieq(vd_str_first(s, prefix.n), prefix);
}

bool vd_str_ends(vd_str s, vd_str suffix)
{
    return s.n >= suffix.n && vd_str_eq(vd_str_from(s, s.n - suffix.n), suffix);
}

size_t vd_str_find(vd_str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

    return at ? (size_t)(at - s.p) : s.n;
}

size_t vd_str_rfind(vd_str s, char c)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == c)
            return i - 1;
    return s.n;
}

bool vd_str_contains(vd_str s, vd_str part)
{
    const char *at = s.p;

    if (part.n == 0)
        return true;
    for (size_t left = s.n; left >= part.n; at++, left = s.n - (size_t)(at - s.p)) {
        at = memchr(at, part.p[0], left - part.n + 1);
        if (!at)
            return false;
        if (memcmp(at, part.p, part.n) == 0)
            return true;
    }
    return false;
}

bool vd_str_cut(vd_str *rest, char c, vd_str *head)
{
    size_t at = vd_str_find(*rest, c);

    if (at == rest->n)
        return false;
    *head = vd_str_first(*rest, at);
    *rest = vd_str_from(*rest, at + 1);
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

vd_str vd_str_trim(vd_str s)
{
    while (s.n && is_space(s.p[0]))
        s = vd_str_from(s, 1);
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool vd_str_all_digits(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t m = (__uint128_t)a * b;

    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t load8(const char *p)
{
    uint64_t v;

    memcpy(&v, p, 8);
    return v;
}

/* Names of one service begin alike: what is equal to the byte is passed eight at a time. */
int vd_str_icmp(vd_str a, vd_str b)
{
    size_t n = a.n < b.n ? a.n : b.n, i = 0;

    while (i + 8 <= n && load8(a.p + i) == load8(b.p + i))
        i += 8;
    for (; i < n; i++) {
        unsigned char x = (unsigned char)a.p[i], y = (unsigned char)b.p[i];

        if (x == y)
            continue;
        x = (unsigned char)vd_lower(a.p[i]);
        y = (unsigned char)vd_lower(b.p[i]);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.n > b.n) - (a.n < b.n);
}

/* One to seven bytes, without a call for the odd length. */
static uint64_t load_tail(const char *p, size_t n)
{
    uint32_t low, high;

    if (n < 4)
        return (uint64_t)(uint8_t)p[0] | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint64_t)(uint8_t)p[n - 1] << 16;
    memcpy(&low, p, 4);
    memcpy(&high, p + n - 4, 4);
    return (uint64_t)high << 32 | low;
}

/* Lowers the ASCII capitals among eight bytes; all other bytes stay as they are. */
static uint64_t lower8(uint64_t v)
{
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t       low7 = v & ~high;
    uint64_t       from_a = low7 + (0x80 - 'A') * ones;
    uint64_t       past_z = low7 + (0x80 - 'Z' - 1) * ones;

    return v | (((from_a ^ past_z) & ~v & high) >> 2);
}

static const uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xd6e8feb86659fd93u;

bool vd_str_ieq_folded(vd_str a, vd_str b)
{
    size_t i = 0;

    for (; i + 8 <= a.n; i += 8)
        if (lower8(load8(a.p + i)) != lower8(load8(b.p + i)))
            return false;
    return i == a.n || lower8(load_tail(a.p + i, a.n - i)) == lower8(load_tail(b.p + i, a.n - i));
}

uint64_t vd_hash(uint64_t seed, vd_str s)
{
    uint64_t    h = seed ^ (s.n * k1);
    const char *p = s.p;
    size_t      n = s.n;

    for (; n >= 8; n -= 8, p += 8)
        h = mix(h ^ load8(p), k0);
    if (n)
        h = mix(h ^ load_tail(p, n), k1);
    return h ^ h >> 29;
}

/* Setting the bit of lower case folds letters and confuses a few other bytes: who looks a key up compares it. */
uint64_t vd_ihash(uint64_t seed, vd_str s)
{
    const uint64_t bit = 0x2020202020202020u;
    uint64_t       h = seed ^ (s.n * k1);
    const char    *p = s.p;
    size_t         n = s.n;

    for (; n >= 8; n -= 8, p += 8)
        h = mix(h ^ (load8(p) | bit), k0);
    if (n)
        h = mix(h ^ (load_tail(p, n) | bit), k1);
    return h ^ h >> 29;
}

void vd_lower_copy(char *out, const char *p, size_t n)
{
    size_t i = 0;

    for (; i + 8 <= n; i += 8) {
        uint64_t v = lower8(load8(p + i));

        memcpy(out + i, &v, 8);
    }
    for (; i < n; i++)
        out[i] = vd_lower(p[i]);
}

uint32_t vd_str_bound(const void *list, uint32_t count, vd_str_key *key, vd_str text)
{
    uint32_t low = 0, end = count;

    while (low < end) {
        uint32_t mid = low + (end - low) / 2;

        if (vd_str_cmp(key(list, mid), text) < 0)
            low = mid + 1;
        else
            end = mid;
    }
    return low;
}

uint32_t vd_str_search(const void *list, uint32_t count, vd_str_key *key, vd_str text)
{
    uint32_t i = vd_str_bound(list, count, key, text);

    return i < count && vd_str_eq(key(list, i), text) ? i : VD_NONE;
}
