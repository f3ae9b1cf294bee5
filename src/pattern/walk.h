/* SPDX-License-Identifier: Apache-2.0
 *
 * A walk along a text with a pattern whose stars take anything: of several stars only the last is gone back to, which misses
 * nothing then.  What another sign takes is the caller's; the text may be a pattern, too.  For texts that are known to be short.
 */
#ifndef VERDICT_PATTERN_WALK_H
#define VERDICT_PATTERN_WALK_H

#include "base/base.h"

static inline bool vd_walk(vd_str pattern, vd_str text, char a_star, bool (*takes)(char sign, char c))
{
    size_t p = 0, i = 0, star = SIZE_MAX, resume = 0;

    while (i < text.n) {
        if (p < pattern.n && pattern.p[p] == a_star) {
            star = p++;
            resume = i;
        } else if (p < pattern.n && takes(pattern.p[p], text.p[i])) {
            p++, i++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            i = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == a_star)
        p++;
    return p == pattern.n;
}

#endif
