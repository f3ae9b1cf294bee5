/* SPDX-License-Identifier: Apache-2.0
 *
 * How text for people is printed: colour or not, how wide; and every text that came from outside without the control
 * characters that could lie to a terminal.
 */
#ifndef VERDICT_RENDER_LOOK_H
#define VERDICT_RENDER_LOOK_H

#include "base/buf.h"

typedef struct vd_look {
    bool     colour;
    uint32_t width; /* columns */
} vd_look;

typedef enum vd_tone {
    VD_TONE_PLAIN, /* back to normal */
    VD_TONE_STRONG,
    VD_TONE_FAINT,
    VD_TONE_GOOD,
    VD_TONE_BAD,
    VD_TONE_CARE,
    VD_TONE_MARK
} vd_tone;

void vd_look_tone(vd_buf *out, const vd_look *look, vd_tone tone);

/* Text in a tone, then back to normal. */
void vd_look_put(vd_buf *out, const vd_look *look, vd_tone tone, vd_str text);

/* Text from outside: control characters as \u{1b}, bytes that are not UTF-8 as U+FFFD. */
void vd_look_safe(vd_buf *out, vd_str text);

/* Columns that a terminal needs for it once it is safe: two for wide characters, none for combining ones. */
uint32_t vd_look_columns(vd_str text);

void vd_look_pad(vd_buf *out, uint32_t columns); /* that many spaces */

/* Words flowing into lines of look->width, further lines indented; the first line begins at column start. */
void vd_look_wrap(vd_buf *out, const vd_look *look, uint32_t start, uint32_t indent, vd_str text);

#endif
