/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about texts with variables share.
 *
 *   mirror.c         the clauses
 *   mirror_holes.c   where variables are
 *   mirror_within.c  a test whose texts are all among those of another
 *   mirror_around.c  a test of the variable as one of the text around it
 */
#ifndef VERDICT_SYMBOLIC_MIRROR_H
#define VERDICT_SYMBOLIC_MIRROR_H

#include "symbolic/inside.h"

#include "base/str.h"

enum { VD_MIRROR_ATOMS = 256, VD_MIRROR_HOLES = 16 };

/* How the texts of a test are compared. */
typedef enum vd_manner {
    VD_MANNER_OTHER,
    VD_MANNER_EQUALS,
    VD_MANNER_FOLDED,
    VD_MANNER_LIKE,
    VD_MANNER_ARN,
    VD_MANNER_RESOURCE
} vd_manner;

/* A value of a test with one variable in it, and nothing else that is not plain. */
typedef struct vd_hole {
    uint32_t atom, value;   /* the test, and which of its values */
    uint32_t key;           /* the variable */
    uint8_t  how;           /* manner */
    vd_str   text, before, after;
    vd_str   fallback;      /* its default, where it has one */
    bool     has_fallback;
    bool     whole;         /* nothing around it */
    bool     plain;         /* no wildcards around it: the text says what the variable is */
} vd_hole;

typedef struct vd_mirrors {
    vd_ask  *a;
    uint32_t atoms[VD_MIRROR_ATOMS];
    uint32_t atom_count;
    vd_hole  holes[VD_MIRROR_HOLES];
    uint32_t hole_count;
    uint32_t clauses;
} vd_mirrors;

/* What may be where the variable is: patterns, or texts as they are. */
typedef struct vd_filler {
    const vd_str *at;
    uint32_t      count;
    bool          globs, fold;
} vd_filler;

static inline const vd_atom *vd_mirror_atom(const vd_mirrors *m, uint32_t id)
{
    return &m->a->s->atoms[id];
}

static inline bool vd_mirror_wild(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

/* mirror_holes.c */
vd_manner       vd_manner_of(const vd_atom *atom);
const vd_texts *vd_mirror_texts(const vd_atom *atom);
bool            vd_mirror_odd(const vd_atom *atom); /* a negated test of any or all values */
bool            vd_mirror_single(const vd_mirrors *m, uint32_t var); /* a key with one value, as it is */
bool            vd_mirror_written(const vd_mirrors *m, const vd_atom *atom); /* can all values be written as patterns? */
void            vd_mirror_holes(vd_mirrors *m);

/* mirror_within.c: what a text of the one test matches, a text of the other does, whatever variables are.  Both are written. */
bool vd_mirror_within(vd_mirrors *m, uint32_t inner, uint32_t outer);

/* mirror_around.c */
vd_literal vd_mirror_condition(vd_mirrors *m, const char *op, uint32_t var, const vd_str *values, uint32_t count);
/* The variable of the hole is one of `inside`; others: or another value of its test matches (or its default, where `fallback`).
 * False: it cannot be said; *wider: more was said. */
bool vd_mirror_around(vd_mirrors *m, const vd_hole *h, vd_filler inside, bool others, bool fallback, vd_literal *out, bool *wider);

#endif
