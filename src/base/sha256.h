/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 by libmd: ids of findings, digests of data.
 */
#ifndef VERDICT_BASE_SHA256_H
#define VERDICT_BASE_SHA256_H

#include "base/base.h"

void vd_sha256(uint8_t out[32], vd_str s);
void vd_sha256_hex(char *out, size_t digits, vd_str s); /* digits hex digits (at most 64) and a NUL */

/* The same for bytes that come in pieces. */
typedef struct vd_sha256_sum {
    _Alignas(8) uint8_t state[256];
} vd_sha256_sum;

void vd_sha256_begin(vd_sha256_sum *sum);
void vd_sha256_add(vd_sha256_sum *sum, vd_str s);
void vd_sha256_end(vd_sha256_sum *sum, char hex[65]);

#endif
