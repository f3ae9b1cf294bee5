/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-16 with a byte order mark, as some editors of Windows write it, to UTF-8.  Places are told in terms of the decoded
 * text: its lines and columns are those that an editor shows.
 */
#include "base/utf8.h"
#include "extract/parts.h"

static uint32_t unit_at(vd_str s, size_t at, bool big)
{
    unsigned char a = (unsigned char)s.p[at], b = (unsigned char)s.p[at + 1];

    return big ? (uint32_t)a << 8 | b : (uint32_t)b << 8 | a;
}

bool vd_is_utf16(vd_str text)
{
    return text.n >= 2 && (memcmp(text.p, "\xff\xfe", 2) == 0 || memcmp(text.p, "\xfe\xff", 2) == 0);
}

/* The code point at `at`, which moves behind it; a surrogate alone is none. */
static uint32_t next(vd_str s, size_t *at, bool big)
{
    uint32_t unit = unit_at(s, *at, big), low;

    *at += 2;
    if (unit < 0xd800 || unit > 0xdbff || s.n - *at < 2)
        return unit;
    low = unit_at(s, *at, big);
    if (low < 0xdc00 || low > 0xdfff)
        return unit;
    *at += 2;
    return 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00));
}

vd_code vd_utf16_decode(vd_str *out, vd_arena *arena, const vd_source *file, vd_error *err)
{
    vd_str text = file->text;
    bool   big = text.p[0] == '\xfe';
    char  *p = vd_arena_array(arena, text.n / 2 + 1, 3, 1); /* of two units at most four bytes */
    size_t n = 0;

    if (!p)
        return vd_fail_nomem(err);
    for (size_t at = 2; at < text.n;) {
        size_t   from = at;
        uint32_t bytes = text.n - at < 2 ? 0 : vd_utf8_put(p + n, next(text, &at, big));

        if (!bytes)
            return vd_fail_at(err, VD_ESYNTAX,
                              (vd_pos){ .file = file->name, .offset = (uint32_t)from, .line = 1, .column = 1 },
                              "the text begins as UTF-16, but is not: see byte %zu", from);
        n += bytes;
    }
    *out = (vd_str){ p, n };
    return VD_OK;
}
