/* SPDX-License-Identifier: Apache-2.0
 *
 * Questions about two patterns: does one match all that the other does, is there a text that both match?  Coded patterns
 * of pattern/glob.h with wide and narrow wildcards; UTF-8 apart from these.  No allocation, no recursion, bounded time: of
 * patterns that are too long or too tangled covers says no and overlaps says yes, which is what a careful caller
 * assumes anyway.
 */
#ifndef VERDICT_PATTERN_OVERLAP_H
#define VERDICT_PATTERN_OVERLAP_H

#include "pattern/glob.h"

bool vd_glob_covers(vd_str p, vd_str q);   /* every text that q matches is matched by p */
bool vd_glob_overlaps(vd_str p, vd_str q); /* some text is matched by both */

/* The same for texts of the Action element: '*' and '?' as written, without ASCII case. */
bool vd_action_covers(vd_str p, vd_str q);
bool vd_action_overlaps(vd_str p, vd_str q);

#endif
