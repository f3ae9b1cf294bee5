/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes as base64 with padding (RFC 4648).  Reading it is pattern/value.h.
 */
#ifndef VERDICT_BASE_BASE64_H
#define VERDICT_BASE_BASE64_H

#include "base/buf.h"

void vd_put_base64(vd_buf *b, vd_str bytes);

#endif
