/* SPDX-License-Identifier: Apache-2.0
 *
 * Code points: strict UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF).
 */
#ifndef VERDICT_BASE_UTF8_H
#define VERDICT_BASE_UTF8_H

#include "base/base.h"

/* Length of the code point at s.p, 1 to 4, and the code point itself; 0: invalid or s is empty. */
uint32_t vd_utf8_next(vd_str s, uint32_t *cp);
size_t   vd_utf8_invalid(vd_str s); /* offset of the first bad byte, or s.n */
uint32_t vd_utf8_put(char out[4], uint32_t cp); /* bytes written; 0: not a scalar value */
bool     vd_text_is_unsafe(uint32_t cp); /* would talk to a terminal, reorder or hide the text around it */
uint32_t vd_utf8_columns(vd_str s); /* code points; a bad byte counts as one */

#endif
