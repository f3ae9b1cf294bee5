/* SPDX-License-Identifier: Apache-2.0
 *
 * Base64 of RFC 4648, section 4: its alphabet, with padding, nothing between.  Bits that padding leaves over are not
 * looked at.
 */
#include "pattern/value.h"

#include "base/str.h"

/* 0 to 63, or 64: not of the alphabet. */
static uint32_t digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (uint32_t)(c - 'A');
    if (c >= 'a' && c <= 'z')
        return (uint32_t)(c - 'a') + 26;
    if (vd_is_digit(c))
        return (uint32_t)(c - '0') + 52;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool vd_base64_decode(uint8_t *out, size_t *n, vd_str text)
{
    size_t padding = 0, length = 0;

    *n = 0;
    if (text.n % 4 != 0)
        return false;
    while (padding < 2 && text.n > padding && text.p[text.n - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text.n; i += 4) {
        size_t   keep = i + 4 == text.n ? 4 - padding : 4;
        uint32_t v = 0;

        for (size_t k = 0; k < 4; k++) {
            uint32_t d = k < keep ? digit(text.p[i + k]) : 0;

            if (d > 63)
                return false;
            v = v << 6 | d;
        }
        for (size_t k = 0; k + 1 < keep; k++, length++)
            if (out)
                out[length] = (uint8_t)(v >> (16 - 8 * k));
    }
    *n = length;
    return true;
}
