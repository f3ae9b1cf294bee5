/* SPDX-License-Identifier: Apache-2.0
 *
 * What safe fixes of rules take out of statements: for proofs it is as good as gone.
 */
#ifndef VERDICT_LINT_RULES_REDUNDANCY_ABSENT_H
#define VERDICT_LINT_RULES_REDUNDANCY_ABSENT_H

#include "lint/rules/redundancy.h"
#include "symbolic/redundant.h"

typedef struct vd_absent {
    vd_part *at;
    uint32_t count, cap;
} vd_absent;

/* of: the statement of each suspect, rising.  Whole statements are marked in suspects.  No memory: l says so. */
void vd_redundancy_find_absent(vd_absent *out, vd_lint *l, vd_arena *work, vd_suspect *suspects, const uint32_t *of, uint32_t count);

#endif
