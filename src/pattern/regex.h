/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions by PCRE2: UTF-8, with bounds on the work and the depth of one match, no JIT.  A compiled one is
 * immutable and shared by threads.
 */
#ifndef VERDICT_PATTERN_REGEX_H
#define VERDICT_PATTERN_REGEX_H

#include "base/alloc.h"

typedef struct vd_regex vd_regex;

typedef enum vd_regex_answer { VD_REGEX_NO, VD_REGEX_YES, VD_REGEX_TOO_COSTLY, VD_REGEX_NO_MEMORY } vd_regex_answer;

/* flags: letters out of "imsx".  NULL: why says what is wrong, in lower case, and *at where in the pattern; an
 * empty why: no memory. */
vd_regex       *vd_regex_new(const vd_allocator *a, vd_str pattern, vd_str flags, char why[128], size_t *at);
void            vd_regex_free(vd_regex *r);
vd_regex_answer vd_regex_match(const vd_regex *r, vd_str s); /* somewhere in s, unless the pattern is anchored */

#endif
