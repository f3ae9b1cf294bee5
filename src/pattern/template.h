/* SPDX-License-Identifier: Apache-2.0
 *
 * Text with policy variables (E550 to E556), cut into parts.  A part is literal text of the policy, in which wildcards
 * may be active; an escape (${*}, ${?}, ${$}): one literal character; or a variable with an optional default.
 */
#ifndef VERDICT_PATTERN_TEMPLATE_H
#define VERDICT_PATTERN_TEMPLATE_H

#include "base/base.h"

typedef enum vd_part_kind {
    VD_PART_TEXT,
    VD_PART_ESCAPE,   /* text is the one character */
    VD_PART_VARIABLE, /* text is the key, fallback the default */
    VD_PART_BAD       /* ${} or a bad key: the whole value matches nothing (E552) */
} vd_part_kind;

typedef struct vd_part {
    vd_part_kind kind;
    vd_str       text;
    bool         has_fallback;
    vd_str       fallback;
    uint32_t     offset, length; /* in the template */
} vd_part;

/* The part that begins at *at; advances *at; false at the end.  "${" without "}" is plain text. */
bool vd_template_next(vd_str text, size_t *at, vd_part *out);

bool vd_template_has_parts(vd_str text); /* anything but plain text in it? */

#endif
