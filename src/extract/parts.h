/* SPDX-License-Identifier: Apache-2.0
 *
 * A file as the documents in it: one, the lines of JSON Lines, or the documents of a YAML stream.  Each is a source of its
 * own that knows where in the file it begins.
 */
#ifndef VERDICT_EXTRACT_PARTS_H
#define VERDICT_EXTRACT_PARTS_H

#include "extract/formats.h"

typedef enum vd_language_of_text { VD_TEXT_JSON, VD_TEXT_JSON_LINES, VD_TEXT_YAML } vd_language_of_text;

typedef struct vd_parts {
    vd_source whole;    /* without a byte order mark */
    uint8_t   language; /* vd_language_of_text */
    bool      marked;   /* there was one, of UTF-8 */
    uint32_t  offset, line, number; /* of the next one */
} vd_parts;

/* Fails when the text is in no encoding that we read. */
vd_code vd_parts_init(vd_parts *p, const vd_source *file, vd_error *err);
bool    vd_is_utf16(vd_str text);
vd_code vd_utf16_decode(vd_str *out, vd_arena *arena, const vd_source *file, vd_error *err);

/* The next document that is not empty; false: there is none.  *out NULL: no memory.  *name: "line 3", "document 2",
 * empty when it is the only one.  Both live in the arena. */
bool vd_parts_next(vd_parts *p, vd_arena *arena, vd_source **out, vd_str *name);

#endif
