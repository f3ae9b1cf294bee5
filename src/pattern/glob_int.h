/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two halves of the glob matcher share.
 */
#ifndef VERDICT_PATTERN_GLOB_INT_H
#define VERDICT_PATTERN_GLOB_INT_H

#include "pattern/glob.h"

/* A pattern and the part of the subject it has to match; the whole subject tells where code points begin. */
typedef struct vd_glob_job {
    const char *p;
    size_t      n;
    vd_str      s;
    size_t      from, to;
} vd_glob_job;

/* Tokens (all but stars) between two wide stars that glob_nfa.c has room for. */
enum { VD_GLOB_MOST_TOKENS = 16384 };

/* Decides the match in time that the pattern's content cannot raise.  False: it has no room for this pattern. */
bool vd_glob_nfa(bool *matched, const vd_glob_job *g);

/* Bytes of the unit that begins at `at`: 1 to 4; 0: no unit begins there. */
size_t vd_glob_unit(vd_str s, size_t at);

#endif
