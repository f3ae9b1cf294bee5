/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes of a text replaced by others, and the difference of two texts as people and tools read it.
 */
#ifndef VERDICT_TEXT_EDIT_H
#define VERDICT_TEXT_EDIT_H

#include "base/arena.h"
#include "base/buf.h"

/* The bytes from start to end become text. */
typedef struct vd_splice {
    uint32_t start, end;
    vd_str   text;
} vd_splice;

/* The text with all edits made.  at is by rising start; false: two overlap, or one is past the end. */
bool vd_splice_all(vd_buf *out, vd_str text, const vd_splice *at, uint32_t count);
/* Two edits that cannot both be made as they are: they share bytes, or put something in the same place. */
bool vd_splices_clash(const vd_splice *a, const vd_splice *b);

/* A unified diff with three lines around each change; nothing when the texts are equal.  False: no memory. */
bool vd_diff_unified(vd_buf *out, vd_arena *scratch, vd_str old_name, vd_str old_text, vd_str new_name, vd_str new_text);

#endif
