/* SPDX-License-Identifier: Apache-2.0
 *
 * Colour, width, and safe text.
 */
#include "render/look.h"

#include "base/str.h"
#include "base/utf8.h"

static const vd_str tones[] = {
    [VD_TONE_PLAIN] = VD_L("\033[0m"),    [VD_TONE_STRONG] = VD_L("\033[1m"), [VD_TONE_FAINT] = VD_L("\033[2m"),
    [VD_TONE_GOOD] = VD_L("\033[32m"),    [VD_TONE_BAD] = VD_L("\033[1;31m"), [VD_TONE_CARE] = VD_L("\033[33m"),
    [VD_TONE_MARK] = VD_L("\033[1;36m"),
};

/* Code points that take two columns, and those that take none: the large blocks, enough to keep carets in place. */
static const struct range {
    uint32_t first, last, columns;
} ranges[] = {
    { 0x0300, 0x036f, 0 },   { 0x1100, 0x115f, 2 },   { 0x20d0, 0x20ff, 0 },
    { 0x2e80, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },   { 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },
    { 0xfe30, 0xfe6f, 2 },   { 0xff00, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 },
    { 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
};

static uint32_t columns_of(uint32_t cp)
{
    uint32_t columns = 5; /* \u{7} */

    if (vd_text_is_unsafe(cp)) {
        for (; cp > 0xf; cp >>= 4)
            columns++;
        return columns;
    }
    if (cp < 0x300)
        return 1;
    for (size_t i = 0; i < VD_COUNT(ranges); i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last)
            return ranges[i].columns;
    return 1;
}

void vd_look_tone(vd_buf *out, const vd_look *look, vd_tone tone)
{
    if (look->colour)
        vd_buf_add(out, tones[tone]);
}

void vd_look_put(vd_buf *out, const vd_look *look, vd_tone tone, vd_str text)
{
    if (tone != VD_TONE_PLAIN)
        vd_look_tone(out, look, tone);
    vd_look_safe(out, text);
    if (tone != VD_TONE_PLAIN)
        vd_look_tone(out, look, VD_TONE_PLAIN);
}

/* How much of it is printable ASCII: most texts are, and need no second look. */
static size_t plain_run(vd_str text)
{
    size_t n = 0;

    while (n < text.n && text.p[n] >= 0x20 && text.p[n] < 0x7f)
        n++;
    return n;
}

void vd_look_safe(vd_buf *out, vd_str text)
{
    while (text.n) {
        size_t   run = plain_run(text);
        uint32_t cp = 0, n;

        if (run) {
            vd_buf_add(out, vd_str_first(text, run));
            text = vd_str_from(text, run);
            continue;
        }
        n = vd_utf8_next(text, &cp);
        if (n == 0) {
            vd_buf_add(out, VD_S("\xef\xbf\xbd"));
            n = 1;
        } else if (vd_text_is_unsafe(cp)) {
            vd_buf_printf(out, "\\u{%x}", (unsigned)cp);
        } else {
            vd_buf_add(out, vd_str_first(text, n));
        }
        text = vd_str_from(text, n);
    }
}

uint32_t vd_look_columns(vd_str text)
{
    uint32_t columns = 0;

    while (text.n && columns < UINT32_MAX / 2) {
        size_t   run = plain_run(text);
        uint32_t cp = 0xfffd, n;

        if (run) {
            columns += run < UINT32_MAX / 2 ? (uint32_t)run : UINT32_MAX / 2;
            text = vd_str_from(text, run);
            continue;
        }
        n = vd_utf8_next(text, &cp);
        columns += n ? columns_of(cp) : 1;
        text = vd_str_from(text, n ? n : 1);
    }
    return columns;
}

void vd_look_pad(vd_buf *out, uint32_t columns)
{
    char *room = columns ? vd_buf_room(out, columns) : NULL;

    if (room)
        memset(room, ' ', columns);
}

void vd_look_wrap(vd_buf *out, const vd_look *look, uint32_t start, uint32_t indent, vd_str text)
{
    uint32_t column = start;
    bool     first = true;

    while (text.n) {
        vd_str   word;
        uint32_t columns;

        if (!vd_str_cut(&text, ' ', &word)) {
            word = text;
            text.n = 0;
        }
        if (word.n == 0)
            continue;
        columns = vd_look_columns(word);
        if (!first && column + 1 + columns > look->width) {
            vd_buf_byte(out, '\n');
            vd_look_pad(out, indent);
            column = indent;
            first = true;
        }
        if (!first) {
            vd_buf_byte(out, ' ');
            column++;
        }
        vd_look_safe(out, word);
        column += columns;
        first = false;
    }
}
