/* SPDX-License-Identifier: Apache-2.0
 *
 * How large policies may be and how many may be attached (E123, usage 6.4): data/catalog/tables/quotas.tsv.
 */
#ifndef VERDICT_CATALOG_QUOTA_H
#define VERDICT_CATALOG_QUOTA_H

#include "base/base.h"

typedef enum vd_counting {
    VD_COUNT_PIECES,     /* policies, statements ... */
    VD_COUNT_NO_SPACE,   /* characters without white space between tokens (E124) */
    VD_COUNT_CHARACTERS, /* all of them */
    VD_COUNT_BYTES
} vd_counting;

typedef struct vd_quota {
    vd_str   label;    /* "a managed policy" */
    vd_str   source;   /* who says so */
    uint32_t most;     /* 0: there is no such quota */
    uint32_t raisable; /* what AWS grants at most when it is asked to; as most: it does not */
    uint8_t  counting; /* vd_counting */
    int8_t   severity; /* of what exceeds it: VD_WARNING where others count too, or more can be granted */
} vd_quota;

/* By the two words of the first column: "managed" and "", "inline" and "role", "service" and a prefix, without case. */
vd_quota vd_quota_of(vd_str what, vd_str of);
uint32_t vd_quota_count(void); /* all of them, for those that look whether they make sense */
vd_quota vd_quota_at(uint32_t index);

#endif
