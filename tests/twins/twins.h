/* SPDX-License-Identifier: Apache-2.0
 *
 * Naive twins: the same answers by the shortest way from the rule's own words, slow and without a short cut.  Tests
 * and fuzz targets hold the real ones against them.
 */
#ifndef VERDICT_TESTS_TWINS_H
#define VERDICT_TESTS_TWINS_H

#include "base/base.h"

/* E013 on a coded pattern of pattern/glob.h. */
bool twin_glob(vd_str coded, vd_str s);

/* Two coded patterns of at most 31 bytes, ASCII but for wildcards: does p match all that q does, is there a text that both
 * match?  False: too many states, no answer. */
bool twin_compare(vd_str p, vd_str q, bool *covers, bool *overlaps);

/* E305, E309 on the text of a pattern without variables and of six fields, or to be completed. */
bool twin_resource(vd_str text, vd_str arn);

/* E534 on the text of a pattern without variables.  *ok: both have six fields. */
bool twin_arn_like(vd_str text, vd_str arn, bool *ok);

/* E526 on texts that are numbers: -1, 0, 1 as of long strings of digits. */
int twin_number_cmp(vd_str a, vd_str b);

#endif
