/* SPDX-License-Identifier: Apache-2.0
 *
 * What the short cuts share: the question, the patterns of one choice, and the template that is made of them.
 */
#ifndef VERDICT_SYMBOLIC_WORDS_QUICK_H
#define VERDICT_SYMBOLIC_WORDS_QUICK_H

#include "symbolic/words_int.h"

enum {
    VD_QUICK_LANGUAGES = VD_WORDS_MERGED,
    VD_QUICK_PATTERN = 4096 /* bytes */
};

typedef struct vd_glob {
    vd_str text;
    bool   fold;
} vd_glob;

typedef struct vd_quick {
    const vd_words *q;
    vd_arena       *arena;
    uint64_t       *budget;
    uint64_t        patterns;                   /* of the question */
    vd_glob         chosen[VD_QUICK_LANGUAGES]; /* one of each language */
    uint32_t        count;
    vd_glob         kept[VD_QUICK_LANGUAGES]; /* those that the others do not imply */
    uint32_t        kept_count;
    uint32_t *template;
    uint32_t length, cap;
    vd_str   word;
    bool     spent, nomem;
} vd_quick;

/* Elements of a template: a letter, or one of these with what is left out of it. */
#define VD_ONE (1u << 30)
#define VD_RUN (1u << 31)

/* How the words of a template are spelled. */
typedef struct vd_spelling {
    char     letter;
    char     digit; /* 0: those of an account of the examples */
    uint32_t fill;  /* letters for a run */
} vd_spelling;

/* A part of a pattern up to a colon or its end; open: some wildcard in it goes over colons, so that nobody knows where the
 * part ends. */
typedef struct vd_glob_field {
    vd_str text;
    size_t head, tail; /* bytes before the first and behind the last wildcard; all of them, when there is none */
    bool   open, last;
} vd_glob_field;

static inline bool vd_quick_spend(vd_quick *k, uint64_t units)
{
    bool enough = *k->budget >= units;

    *k->budget = enough ? *k->budget - units : 0;
    k->spent |= !enough;
    return enough;
}

/* A token of a pattern as one thing: a letter, VD_ONE or VD_RUN. */
static inline uint32_t vd_token_at(vd_str p, size_t at, bool variables, uint32_t *n)
{
    char c = p.p[at];

    if (!vd_words_is_wild(c))
        return vd_words_letter((vd_str){ p.p + at, p.n - at }, n);
    *n = 1;
    return (vd_words_is_star(c) ? VD_RUN : VD_ONE) | vd_words_leaves_out(c, variables);
}

/* words_compare.c */
bool     vd_quick_covers(vd_quick *k, vd_glob outer, vd_glob inner);    /* "no" may be wrong */
bool     vd_globs_differ(vd_glob a, vd_glob b); /* no text in common; "no" may be wrong */
vd_glob_field vd_field_at(vd_str p, size_t from);

/* words_merge.c: those that are chosen without those that others imply are kept; then fewer patterns that match together what
 * the kept ones do. */
void vd_quick_drop_implied(vd_quick *k);
void vd_quick_merge(vd_quick *k);

/* words_template.c.  UNSAT: the patterns that are kept have no word in common. */
vd_answer vd_quick_template(vd_quick *k);
bool vd_quick_spell(vd_quick *k, const vd_spelling *how); /* makes k->word; false: too long, or no memory */

#endif
