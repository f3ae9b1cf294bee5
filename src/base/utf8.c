/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8 by the table of RFC 3629.
 */
#include "base/utf8.h"

uint32_t vd_utf8_next(vd_str s, uint32_t *cp)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint32_t             n, v, least;

    if (s.n == 0)
        return 0;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    if (p[0] >= 0xc2 && p[0] < 0xe0)
        n = 2, v = p[0] & 0x1f, least = 0x80;
    else if (p[0] >= 0xe0 && p[0] < 0xf0)
        n = 3, v = p[0] & 0x0f, least = 0x800;
    else if (p[0] >= 0xf0 && p[0] < 0xf5)
        n = 4, v = p[0] & 0x07, least = 0x10000;
    else
        return 0;
    if (s.n < n)
        return 0;
    for (uint32_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (p[i] & 0x3f);
    }
    if (v < least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
        return 0;
    *cp = v;
    return n;
}

size_t vd_utf8_invalid(vd_str s)
{
    size_t i = 0;

    while (i < s.n) {
        uint32_t cp, n;

        if (i + 8 <= s.n) { /* eight ASCII bytes at a time */
            uint64_t v;

            memcpy(&v, s.p + i, 8);
            if ((v & 0x8080808080808080u) == 0) {
                i += 8;
                continue;
            }
        }
        n = vd_utf8_next((vd_str){ s.p + i, s.n - i }, &cp);
        if (n == 0)
            return i;
        i += n;
    }
    return s.n;
}

uint32_t vd_utf8_put(char out[4], uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp >= 0xd800 && cp <= 0xdfff)
        return 0;
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    if (cp > 0x10ffff)
        return 0;
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

uint32_t vd_utf8_columns(vd_str s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < s.n;) {
        uint32_t cp, len = vd_utf8_next((vd_str){ s.p + i, s.n - i }, &cp);

        i += len ? len : 1;
        n++;
    }
    return n;
}

bool vd_text_is_unsafe(uint32_t cp)
{
    static const struct range {
        uint32_t first, last;
    } ranges[] = {
        { 0x00, 0x1f },     { 0x7f, 0x9f },     /* C0, DEL, C1 */
        { 0x61c, 0x61c },   { 0x180e, 0x180e }, /* an Arabic and a Mongolian mark without width */
        { 0x200b, 0x200f }, { 0x2028, 0x202e }, /* without width; separators of lines; bidirectional controls */
        { 0x2060, 0x206f }, { 0xfeff, 0xfeff }, /* isolates and what nobody should use; the BOM */
        { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f }, /* annotations; tags, which nobody sees */
    };

    if (cp >= 0x20 && cp < 0x7f)
        return false;
    for (size_t i = 0; i < VD_COUNT(ranges); i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return true;
    return false;
}
