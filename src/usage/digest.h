/* SPDX-License-Identifier: Apache-2.0
 *
 * A fast digest of 128 bits, for telling whether two inputs are the same bytes: as fast as they can be read, and no
 * signature.
 */
#ifndef VERDICT_USAGE_DIGEST_H
#define VERDICT_USAGE_DIGEST_H

#include "base/base.h"

typedef struct vd_digest {
    uint64_t lane[4], bytes;
    uint8_t  rest[32]; /* of a block that is not whole yet */
} vd_digest;

void vd_digest_init(vd_digest *d);
void vd_digest_add(vd_digest *d, vd_str bytes);
void vd_digest_end(const vd_digest *d, uint64_t out[2]);
void vd_digest_hex(char *out, const uint64_t sum[2]); /* 32 digits and a NUL */

#endif
