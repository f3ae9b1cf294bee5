/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts that match some patterns and not others.  A language is a union of coded patterns (pattern/glob.h), as the values
 * of one condition entry are.  Is there a word in all of some languages and in none of others?  "No" is a proof.  The same
 * question always has the same answer.
 *
 * Most questions are answered by looking at the patterns and by a guess that is tried (words_quick.c).  For the rest,
 * patterns run side by side as automata whose states are sets of positions, and a breadth-first search walks the tuples that
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

/* With vd_words.variables, code points from here on are variables (plane 15, which no text uses; 16 is for our own use). */
enum { VD_VARIABLE = 0xf0000 };

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
    bool      variables; /* a code point from VD_VARIABLE on is any text that is not empty: only VD_STAR takes it */
    bool      shortest;  /* by search alone: the shortest word, among equals the first */
    uint64_t *tuples;    /* for tests: grows by the tuples that the search saw; may be NULL */
} vd_words;

/* A question never takes more, whatever its budget: beyond these the answer is unknown. */
enum { VD_WORDS_MOST_TUPLES = 4000000, VD_WORDS_MOST_BYTES = 192 << 20 };

/* Takes work from *budget: one unit for a 64-bit word of a tuple that is touched.  A word that is found lives in the arena
 * (*word may be empty text).  What the search needs is taken from the arena as well: give it one of its own.  Without memory
 * the answer is VD_UNKNOWN and *nomem true. */
vd_answer vd_words_solve(vd_str *word, const vd_words *question, vd_arena *arena, uint64_t *budget, bool *nomem);

/* Wanted languages of one pattern each, at most VD_WORDS_MERGED, as fewer of these that have the same words in common: for
 * questions that come again with something besides.  Texts live in the arena.  False: no memory. */
enum { VD_WORDS_MERGED = 8 };
bool vd_words_merge(vd_globs *in, uint32_t *count, bool variables, vd_arena *arena, uint64_t *budget);

typedef struct vd_census {
    uint64_t count;    /* UINT64_MAX: as many or more */
    bool     infinite; /* there is no end of them: count is UINT64_MAX */
    vd_str  *words;    /* the first of them, the shorter first, among equals in the order of the search */
    uint32_t word_count;
} vd_census;

/* How many words are there?  All scalar values of Unicode are letters.  VD_SAT: some, counted, and the first of them, up to
 * `most`, made.  VD_UNSAT: none.  VD_UNKNOWN: the budget is spent, and *out says nothing. */
vd_answer vd_words_count(vd_census *out, const vd_words *question, uint32_t most, vd_arena *arena, uint64_t *budget,
                         bool *nomem);

#endif
