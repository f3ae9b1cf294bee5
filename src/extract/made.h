/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON that is put together from values of a file: every byte knows which token it came from, so that what is said about
 * the made text is told where it stands.  Without memory the text stays short; vd_made_done says so.
 */
#ifndef VERDICT_EXTRACT_MADE_H
#define VERDICT_EXTRACT_MADE_H

#include "text/doc.h"
#include "text/hole.h"

typedef struct vd_made {
    vd_arena        *arena;
    const vd_source *outer;
    char            *text;
    uint32_t         count, cap;
    vd_piece        *pieces;
    uint32_t         piece_count, piece_cap;
    vd_holes        *holes;
    bool             failed;
} vd_made;

vd_made vd_made_on(vd_arena *arena, const vd_source *outer);

void vd_made_plain(vd_made *m, vd_str json);               /* punctuation: stands behind what came before */
void vd_made_at(vd_made *m, vd_str json, vd_span at);      /* for which all of `at` stands */
void vd_made_string(vd_made *m, vd_str value, vd_span at); /* a token of its own, escaped */
/* The token of a string, number ... of d, which is outer or within it; with the places of its bytes. */
void vd_made_scalar(vd_made *m, const vd_doc *d, uint32_t node);
/* A value with all that is below it. */
void vd_made_value(vd_made *m, const vd_doc *d, uint32_t node);
/* A string that is nothing but a hole.  same: one of this kind and name is there for the same value. */
void vd_made_hole(vd_made *m, vd_hole_kind kind, vd_str name, vd_str pattern, bool same, vd_span at);

/* The text as a source below outer.  NULL: no memory. */
vd_source *vd_made_done(vd_made *m);

#endif
