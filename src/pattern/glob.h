/* SPDX-License-Identifier: Apache-2.0
 *
 * Glob match (E013) over coded patterns.  In a coded pattern wildcards are bytes that no UTF-8 text holds, every
 * other byte stands for itself; so text that came out of a variable, or ${*}, can hold a literal star.
 *
 *   VD_STAR  any run of code points      VD_STAR_IN  the same, but never ':'   (E305: narrow; E534: fields)
 *   VD_ANY   exactly one code point      VD_ANY_IN   the same, but never ':'
 *
 * A byte of the subject that is not UTF-8 counts as one code point.  No pattern and subject of up to 2 048 bytes may
 * cost more than 20 microseconds, whatever they hold; no allocation, no recursion.
 */
#ifndef VERDICT_PATTERN_GLOB_H
#define VERDICT_PATTERN_GLOB_H

#include "base/base.h"

#define VD_STAR    ((char)0xff)
#define VD_ANY     ((char)0xfe)
#define VD_STAR_IN ((char)0xfd)
#define VD_ANY_IN  ((char)0xfc)

static inline bool vd_is_wild(char c)
{
    return (unsigned char)c >= 0xfc;
}

/* text with '*' and '?' to a coded pattern of the same length; runs of stars become one.  out holds text.n bytes. */
size_t vd_glob_code(char *out, vd_str text);

bool vd_glob_match(vd_str coded, vd_str s);

/* What a coded pattern is, so that a caller can take a short cut. */
typedef enum vd_glob_shape {
    VD_GLOB_LITERAL, /* no wildcard */
    VD_GLOB_ALL,     /* one VD_STAR */
    VD_GLOB_PREFIX,  /* literal, then one VD_STAR */
    VD_GLOB_SUFFIX,  /* one VD_STAR, then literal */
    VD_GLOB_OTHER
} vd_glob_shape;
vd_glob_shape vd_glob_classify(vd_str coded);
/* A pattern as somebody wrote it, of 2 KiB at most; one that is longer fits nothing. */
bool vd_glob_matches(vd_str pattern, vd_str text);
size_t        vd_glob_literal_prefix(vd_str coded); /* bytes before the first wildcard */

#endif
