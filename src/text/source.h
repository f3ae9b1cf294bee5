/* SPDX-License-Identifier: Apache-2.0
 *
 * A text, its name, and where its lines are.  A text that stood in a string of another one (a policy in
 * "PolicyDocument") is a derived source: pieces map its bytes to the outer bytes, and positions are told in terms
 * of the file that the user edits.  Lines are counted when a position is shown, not before.
 */
#ifndef VERDICT_TEXT_SOURCE_H
#define VERDICT_TEXT_SOURCE_H

#include "base/arena.h"
#include "base/diag.h"

/* inner bytes [inner, inner + length) stand at outer bytes [outer, ...); outer_length differs for escapes. */
typedef struct vd_piece {
    uint32_t inner, length, outer, outer_length;
} vd_piece;

/* Where lines and columns are counted from, so that a place far down a long file costs no more than another. */
typedef struct vd_milestone {
    uint32_t line, column;
} vd_milestone;

enum { VD_MILESTONE_BYTES = 16384 }; /* from one to the next */

typedef struct vd_source vd_source;
struct vd_source {
    vd_str           name, text;
    const vd_source *outer; /* NULL: this is a file */
    const vd_piece  *pieces;
    uint32_t         piece_count;
    uint32_t         offset, line, column; /* where the text begins in its file, if it is a part of one; else 0 */
    const struct vd_holes *holes; /* text/hole.h; NULL: every byte is known */
    const vd_milestone    *milestones; /* of a file; NULL: none */
};

typedef struct vd_span {
    uint32_t offset, length;
} vd_span;

/* For a file of which many positions are told.  False: no memory. */
bool vd_source_mark(vd_source *file, vd_arena *arena);

/* The span in terms of `to`, a text around it; NULL: the outermost.  *s becomes that text. */
vd_span vd_source_climb(const vd_source **s, vd_span span, const vd_source *to);

/* The position of a span in the outermost file. */
vd_pos vd_source_pos(const vd_source *s, vd_span span);

/* Many positions of one source in rising order, without counting lines from the start each time. */
typedef struct vd_locator {
    const vd_source *source; /* the outermost */
    uint32_t         offset, line, column;
} vd_locator;
vd_pos vd_locator_pos(vd_locator *l, const vd_source *s, vd_span span);

/* Errors and diagnostics with a span instead of a position. */
vd_code vd_fail_span(vd_error *err, vd_code code, const vd_source *s, vd_span span, const char *format, ...)
    VD_PRINTF(5, 6);

#endif
