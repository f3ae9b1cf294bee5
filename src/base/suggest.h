/* SPDX-License-Identifier: Apache-2.0
 *
 * Did you mean ...?  Damerau-Levenshtein without case, with a distance that fits the length.
 */
#ifndef VERDICT_BASE_SUGGEST_H
#define VERDICT_BASE_SUGGEST_H

#include "base/base.h"

uint32_t vd_distance(vd_str a, vd_str b, uint32_t most); /* most + 1 when farther */

/* Index of the closest candidate within a sensible distance, the first of equals; count when there is none. */
size_t vd_suggest(vd_str word, const vd_str *candidates, size_t count);

#endif
