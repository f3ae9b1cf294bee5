/* SPDX-License-Identifier: Apache-2.0
 *
 * Three bytes are four letters.
 */
#include "base/base64.h"

#include "base/str.h"

void vd_put_base64(vd_buf *b, vd_str bytes)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (; bytes.n; bytes = vd_str_from(bytes, 3)) {
        size_t   n = bytes.n < 3 ? bytes.n : 3;
        uint32_t v = 0;

        for (size_t i = 0; i < 3; i++)
            v = v << 8 | (i < n ? (unsigned char)bytes.p[i] : 0);
        for (size_t i = 0; i < 4; i++)
            vd_buf_byte(b, i <= n ? letters[v >> (18 - 6 * i) & 63] : '=');
    }
}
