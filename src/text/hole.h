/* SPDX-License-Identifier: Apache-2.0
 *
 * Text with holes: what a template or a plan leaves open.  A hole is one code point of the private use area in the text,
 * U+E000 + its index in the source's list of holes; a policy text has no such character of its own.  Nobody knows what
 * stands there, except that it holds no wildcard: a check may speak only if it would for every filling.
 */
#ifndef VERDICT_TEXT_HOLE_H
#define VERDICT_TEXT_HOLE_H

#include "base/base.h"

typedef enum vd_hole_kind {
    VD_HOLE_ANY,
    VD_HOLE_NAME, /* no ':' '/' '*' '?' */
    VD_HOLE_ACCOUNT,
    VD_HOLE_REGION,
    VD_HOLE_PARTITION,
    VD_HOLE_ARN, /* a whole ARN; pattern says of what form */
    VD_HOLE_SECRET,
    VD_HOLE_NUMBER,
    VD_HOLE_LIST /* a whole list (or object) that nobody knows: the only text of its element */
} vd_hole_kind;

typedef struct vd_hole {
    uint8_t kind;
    vd_str  name;    /* what it refers to: "Bucket", "aws_s3_bucket.logs.arn"; equal ones have equal values */
    vd_str  pattern; /* of an ARN: "arn:*:s3:::*"; else empty */
    vd_str  value;   /* the default of a parameter; empty: none */
} vd_hole;

typedef struct vd_holes {
    vd_hole *at;
    uint32_t count, cap;
} vd_holes;

enum { VD_HOLE_BYTES = 3, VD_HOLES_MOST = 6400 };

/* Writes the code point of a hole. */
static inline void vd_hole_write(char *out, uint32_t index)
{
    uint32_t cp = 0xe000 + index;

    out[0] = (char)(0xe0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[2] = (char)(0x80 | (cp & 0x3f));
}

/* Where the next hole at or behind `from` is; s.n: none.  *index: which. */
size_t vd_hole_find(vd_str s, size_t from, uint32_t *index);

static inline bool vd_has_hole(vd_str s)
{
    uint32_t index;

    return vd_hole_find(s, 0, &index) < s.n;
}

#endif
