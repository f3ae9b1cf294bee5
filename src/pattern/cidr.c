/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses and ranges (E532, E533), read by hand: one function reads an address wherever it stands, and it runs
 * for every request.  Stricter than the usual libraries: no leading zero, no missing octet, no zone, no sign.
 *
 *   range = address ["/" length]
 *   v4    = octet 3("." octet)                       RFC 4291, 2.2 for the other:
 *   v6    = 8 groups of 1 to 4 hex digits, ":" between; "::" for one or more groups of zeros, once; the last two
 *           groups may be a v4
 */
#include "pattern/value.h"

#include "base/str.h"

/* A plain number of at most three digits, no leading zero; the digits end with the text or where the caller looks. */
static bool take_decimal(vd_str *s, uint32_t most, uint8_t *out)
{
    uint32_t v = 0;
    size_t   n = 0;

    while (n < s->n && n < 4 && vd_is_digit(s->p[n]))
        v = v * 10 + (uint32_t)(s->p[n++] - '0');
    if (n == 0 || n > 3 || v > most || (n > 1 && s->p[0] == '0'))
        return false;
    *out = (uint8_t)v;
    *s = vd_str_from(*s, n);
    return true;
}

static bool parse_v4(uint8_t out[4], vd_str s)
{
    for (size_t i = 0; i < 4; i++) {
        if (i > 0) {
            if (s.n == 0 || s.p[0] != '.')
                return false;
            s = vd_str_from(s, 1);
        }
        if (!take_decimal(&s, 255, &out[i]))
            return false;
    }
    return s.n == 0;
}

static int hex(char c)
{
    if (vd_is_digit(c))
        return c - '0';
    c = vd_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 1 to 4 hex digits; returns how many, 0: none, or a fifth. */
static size_t group_length(vd_str s, uint32_t *out)
{
    size_t n = 0;

    *out = 0;
    for (; n < s.n && hex(s.p[n]) >= 0; n++) {
        if (n == 4)
            return 0;
        *out = *out << 4 | (uint32_t)hex(s.p[n]);
    }
    return n;
}

static bool parse_v6(uint8_t out[16], vd_str s)
{
    uint8_t bytes[16] = { 0 };
    size_t  n = 0, gap = 17; /* bytes read; where "::" stood */

    if (s.n >= 2 && s.p[0] == ':' && s.p[1] == ':') {
        gap = 0;
        s = vd_str_from(s, 2);
    }
    while (s.n) {
        uint32_t group;
        size_t   length = group_length(s, &group);

        if (length == 0 || n > 14)
            return false;
        if (length < s.n && s.p[length] == '.') {
            if (n > 12 || !parse_v4(bytes + n, s))
                return false;
            n += 4;
            s.n = 0;
            break;
        }
        bytes[n++] = (uint8_t)(group >> 8);
        bytes[n++] = (uint8_t)group;
        s = vd_str_from(s, length);
        if (s.n == 0)
            break;
        if (s.p[0] != ':' || s.n == 1) /* a colon at the end is half of "::" */
            return false;
        s = vd_str_from(s, 1);
        if (s.p[0] == ':') {
            if (gap <= 16)
                return false;
            gap = n;
            s = vd_str_from(s, 1);
        }
    }
    if (gap > 16 ? n != 16 : n > 14)
        return false;
    memset(out, 0, 16);
    if (gap > 16)
        gap = n;
    memcpy(out, bytes, gap);
    memcpy(out + 16 - (n - gap), bytes + gap, n - gap);
    return true;
}

bool vd_address_parse(vd_cidr *out, vd_str text)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

    *out = (vd_cidr){ .bits = 32, .family = 4 };
    if (parse_v4(out->bytes, text))
        return true;
    *out = (vd_cidr){ .bits = 128, .family = 6 };
    if (!parse_v6(out->bytes, text)) {
        *out = (vd_cidr){ 0 };
        return false;
    }
    if (memcmp(out->bytes, mapped, sizeof mapped) == 0) {
        memcpy(out->bytes, out->bytes + 12, 4);
        memset(out->bytes + 4, 0, 12);
        out->bits = 32;
        out->family = 4;
    }
    return true;
}

static void clear_host(vd_cidr *c)
{
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t from = i * 8;

        if (from >= c->bits)
            c->bytes[i] = 0;
        else if (from + 8 > c->bits)
            c->bytes[i] = (uint8_t)(c->bytes[i] & (0xff00u >> (c->bits - from)));
    }
}

bool vd_cidr_parse(vd_cidr *out, vd_str text)
{
    vd_str  length = text, host;
    bool    ranged = vd_str_cut(&length, '/', &host);
    bool    six;
    uint8_t bits;

    if (!ranged)
        return vd_address_parse(out, text);
    six = vd_str_find(host, ':') < host.n;
    if (!vd_address_parse(out, host))
        return false;
    if (!take_decimal(&length, six ? 128 : 32, &bits) || length.n)
        goto malformed;
    if (six && out->family == 4) { /* mapped: the range must lie within the mapped ones */
        if (bits < 96)
            goto malformed;
        bits = (uint8_t)(bits - 96);
    }
    out->bits = bits;
    clear_host(out);
    return true;

malformed:
    *out = (vd_cidr){ 0 };
    return false;
}

bool vd_cidr_contains(const vd_cidr *range, const vd_cidr *address)
{
    uint32_t whole = range->bits / 8u, rest = range->bits % 8u;

    if (range->family != address->family || range->bits > address->bits ||
        memcmp(range->bytes, address->bytes, whole) != 0)
        return false;
    return rest == 0 || ((range->bytes[whole] ^ address->bytes[whole]) & (0xff00u >> rest) & 0xffu) == 0;
}
