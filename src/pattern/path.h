/* SPDX-License-Identifier: Apache-2.0
 *
 * Globs over paths, as git has them: '*' and '?' stop at '/', "**" does not; [a-z] is a class, a backslash quotes.
 */
#ifndef VERDICT_PATTERN_PATH_H
#define VERDICT_PATTERN_PATH_H

#include "base/base.h"

bool vd_path_match(vd_str pattern, vd_str path);      /* the whole path */
bool vd_path_match_name(vd_str pattern, vd_str name); /* one name: nothing is special about '/' */
/* The way configurations mean it: without a slash the last name counts, with one the path as seen from its folder. */
bool vd_path_match_loose(vd_str pattern, vd_str path);

#endif
