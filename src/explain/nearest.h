/* SPDX-License-Identifier: Apache-2.0
 *
 * Which of several patterns came closest to a text that none of them matched, and where it stopped.  For people only:
 * no decision asks here.
 */
#ifndef VERDICT_EXPLAIN_NEAREST_H
#define VERDICT_EXPLAIN_NEAREST_H

#include "base/base.h"

typedef struct vd_nearest {
    size_t   index;      /* of the pattern; count when there are none */
    bool     matches;    /* it does match, wildcards and all */
    uint32_t differs_at; /* code point of the pattern, from 0; UINT32_MAX when it matches */
} vd_nearest;

/* Patterns as written: '*' and '?' are wildcards when globs is set.  fold ignores ASCII case. */
vd_nearest vd_nearest_find(const vd_str *patterns, size_t count, vd_str text, bool globs, bool fold);

#endif
