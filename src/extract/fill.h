/* SPDX-License-Identifier: Apache-2.0
 *
 * A document with holes, made whole for questions that need every text: each hole gets one constant, equal holes the same.
 */
#ifndef VERDICT_EXTRACT_FILL_H
#define VERDICT_EXTRACT_FILL_H

#include "extract/extract.h"

/* Told of each hole that nobody gave a value: what was put there in its place. */
typedef vd_code vd_fill_told(void *user, const vd_hole *hole, vd_str text);

/* *out is the document of e with its holes filled: by their default where they have one, else by a text that is theirs
 * alone (an account, an ARN, a name, as the hole's kind asks).  Nodes have the numbers they had, positions lead to the same
 * places.  Everything lives in the arena; e's own document is borrowed.  Without holes *out is e->doc. */
vd_code vd_extract_fill(const vd_doc **out, vd_arena *arena, const vd_extracted *e, const vd_limits *limits,
                        vd_fill_told *told, void *user, vd_error *err);

#endif
