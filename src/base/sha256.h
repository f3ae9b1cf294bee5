/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 by libmd: ids of findings, digests of data.
 */
#ifndef VERDICT_BASE_SHA256_H
#define VERDICT_BASE_SHA256_H

#include "base/base.h"

void vd_sha256(uint8_t out[32], vd_str s);
void vd_sha256_hex(char *out, size_t digits, vd_str s); /* digits hex digits (at most 64) and a NUL */

#endif
