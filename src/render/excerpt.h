/* SPDX-License-Identifier: Apache-2.0
 *
 * A message about a place in a text, as a good compiler prints it: file:line:column, what is wrong, the line and a
 * caret under the place.
 */
#ifndef VERDICT_RENDER_EXCERPT_H
#define VERDICT_RENDER_EXCERPT_H

#include "render/look.h"

typedef struct vd_message {
    const char *severity; /* "error", "warning", "note" ... */
    vd_str      rule;     /* "json-syntax"; empty: none */
    vd_pos      at;       /* file empty: about nothing in particular; line 0: about the whole file */
    vd_str      text;
    vd_str      hint;
} vd_message;

/* source: the text that at.offset is in, or empty when it is not at hand: then there is no excerpt. */
void vd_render_message(vd_buf *out, const vd_look *look, const vd_message *message, vd_str source);

/* The line of at with a caret and a remark behind it; each line begins with indent spaces. */
void vd_render_excerpt(vd_buf *out, const vd_look *look, uint32_t indent, vd_pos at, vd_str remark, vd_str source);

/* Of a range that may span lines: the first and the last of them, and the line before when it fits. */
void vd_render_excerpts(vd_buf *out, const vd_look *look, uint32_t indent, vd_pos at, vd_str remark, vd_str source);

/* "file:line:column", or as much of it as is known. */
void vd_render_at(vd_buf *out, vd_pos at);

vd_tone vd_render_tone_of(const char *severity);

#endif
