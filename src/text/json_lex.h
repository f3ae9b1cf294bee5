/* SPDX-License-Identifier: Apache-2.0
 *
 * Pull tokenizer for JSON: {kind, offset, length}, no allocation, no state but the offset.  It knows tokens, not
 * the grammar between them; also for streams.  Texts are shorter than 4 GiB.
 */
#ifndef VERDICT_TEXT_JSON_LEX_H
#define VERDICT_TEXT_JSON_LEX_H

#include "base/base.h"

typedef enum vd_json_kind {
    VD_JSON_END,
    VD_JSON_BAD, /* offset points at the first byte that fits no token */
    VD_JSON_OPEN_OBJECT,
    VD_JSON_CLOSE_OBJECT,
    VD_JSON_OPEN_ARRAY,
    VD_JSON_CLOSE_ARRAY,
    VD_JSON_COLON,
    VD_JSON_COMMA,
    VD_JSON_STRING, /* with its quotes */
    VD_JSON_NUMBER,
    VD_JSON_TRUE,
    VD_JSON_FALSE,
    VD_JSON_NULL
} vd_json_kind;

typedef struct vd_json_token {
    uint8_t     kind;
    bool        escaped; /* a string that holds a backslash */
    bool        lenient; /* VD_JSON_BAD: what other readers let pass; problem names it, "a comment" */
    uint32_t    offset, length;
    const char *problem; /* VD_JSON_BAD: "{problem}, expected {what}"; NULL: a word that means nothing, length long */
} vd_json_token;

vd_json_token vd_json_next(vd_str text, uint32_t offset); /* skips white space first */

/* Decodes the inside of a string token that the tokenizer accepted; out has room for length bytes. */
size_t vd_json_unescape(char *out, vd_str inside);

#endif
