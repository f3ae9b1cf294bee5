/* SPDX-License-Identifier: Apache-2.0
 *
 * Every documented bound in one table.
 */
#ifndef VERDICT_BASE_LIMITS_H
#define VERDICT_BASE_LIMITS_H

#include "base/base.h"

typedef struct vd_limit_row {
    vd_str   name;
    uint64_t value;
    vd_str   what;
} vd_limit_row;

extern const vd_limit_row vd_limit_rows[];
extern const size_t       vd_limit_row_count;

void vd_limits_fill(vd_limits *out, const vd_limits *given); /* given may be NULL, shorter, or have zeros */

#endif
