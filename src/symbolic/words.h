/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that match some patterns and not others.  A language is a union of coded patterns (pattern/glob.h), as the values
 * of one condition entry are.  Is there a word in all of some languages and in none of others?  The shortest one is the
 * answer, among equals the first: the same question always has the same answer.  "No" is a proof.
 *
 * Patterns run side by side as automata whose states are sets of positions; a breadth-first search walks the tuples that
 * can be reached.  Work is counted, not time: when the budget is spent the answer is unknown.
 */
#ifndef VERDICT_SYMBOLIC_WORDS_H
#define VERDICT_SYMBOLIC_WORDS_H

#include "base/arena.h"
#include "pattern/glob.h"

#include <verdict/analyze.h>

/* Further wildcards of patterns made here: bytes that no UTF-8 text and no coded pattern of a policy holds. */
#define VD_STAR_NAME ((char)0xfb) /* any run without ':' '/' and newline */
#define VD_ANY_NAME  ((char)0xfa) /* one of these */
#define VD_ANY_DIGIT ((char)0xf9)
#define VD_STAR_LINE ((char)0xf8) /* any run without newline */

typedef struct vd_globs {
    const vd_str *patterns; /* coded */
    uint32_t      count;    /* 0: no word at all */
    bool          fold;     /* compare without case, as IgnoreCase operators and keys do */
} vd_globs;

/* What words there are at all. */
typedef struct vd_domain {
    bool     no_wildcards;      /* names of AWS: no '*', no '?' in them */
    bool     digits;            /* nothing but digits */
    uint32_t shortest, longest; /* in code points; longest 0: as long as you like */
} vd_domain;

typedef struct vd_words {
    const vd_globs *in;
    uint32_t           in_count;
    const vd_globs *out;
    uint32_t           out_count;
    vd_domain          domain;
} vd_words;

/* Takes work from *budget.  A word that is found lives in the arena (*word may be empty text).  What the search needs is
 * taken from the arena as well: give it one of its own.  Without memory the answer is VD_UNKNOWN and *nomem true. */
vd_answer vd_words_solve(vd_str *word, const vd_words *question, vd_arena *arena, uint64_t *budget, bool *nomem);

#endif
