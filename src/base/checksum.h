/* SPDX-License-Identifier: Apache-2.0
 *
 * For blocks that are mapped: fast enough not to be noticed when one is opened.  It finds damage; it is no signature.
 */
#ifndef VERDICT_BASE_CHECKSUM_H
#define VERDICT_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* Of a header, in which the caller has cleared the place of the checksum, and of what stands behind it. */
uint64_t vd_checksum(const void *header, size_t header_size, const void *rest, size_t rest_size);

#endif
