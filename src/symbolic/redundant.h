/* SPDX-License-Identifier: Apache-2.0
 *
 * What documents could do without: statements that no request meets, that others cover, that are denied; entries of lists,
 * values and conditions that change nothing.  Each is a proof about all requests.  What is told first is as good as taken
 * out when the next thing is proved, so that everything told may go together, or any part of it.  Conditions are the
 * exception: taking one out widens its statement to what others give anyway, which may be done or not.
 *
 * Denies are held against denies alone: what one document denies may be allowed by another that nobody has shown us.
 */
#ifndef VERDICT_SYMBOLIC_REDUNDANT_H
#define VERDICT_SYMBOLIC_REDUNDANT_H

#include "symbolic/symbolic.h"

#include <verdict/analyze.h>

/* A statement of the documents: all of one kind, judged together. */
typedef struct vd_suspect {
    const vd_policy *policy;
    uint32_t         index;
    bool             given;  /* covers and denies, but is not asked about */
    bool             absent; /* as if it were not there */
} vd_suspect;

/* A statement, an entry of its list, a condition, a value of it. */
typedef struct vd_part {
    uint32_t suspect;
    int32_t  element; /* VD_ELEMENT_... of explain.h; -1: the statement */
    uint32_t entry;   /* of the list; of a condition its index */
    uint32_t value;   /* of a condition; VD_NONE: the whole */
} vd_part;

typedef enum vd_redundant_by {
    VD_BY_NOTHING, /* no request meets it */
    VD_BY_LIST,    /* the rest of its own list */
    VD_BY_LIKE,    /* statements of the same effect, and the rest of its list */
    VD_BY_DENY,    /* denies, and nothing else is needed */
    VD_BY_BOTH
} vd_redundant_by;

typedef struct vd_redundancy {
    uint8_t         kind;   /* VD_REDUNDANT_... */
    uint8_t         by;     /* vd_redundant_by */
    bool            soft;   /* only as far as the catalogue knows */
    bool            mutual; /* a statement: because[0] covers it, and it covers that one */
    vd_part         part;
    const uint32_t *because; /* suspects, as few as do */
    uint32_t        because_count;
} vd_redundancy;
typedef bool vd_redundancy_fn(void *user, const vd_redundancy *r); /* false: enough */
/* There is no answer about something of the suspect; budget: for want of it, or of room. */
typedef void vd_unproved_fn(void *user, uint32_t suspect, bool budget);

typedef struct vd_redundancy_opts {
    uint64_t       budget;     /* of all questions together; 0: no limit */
    bool           spent;      /* before the first of them: none is asked */
    vd_unproved_fn *undecided; /* of the same user; NULL */
    const vd_part *absent;     /* entries and values that are as if they were not there */
    uint32_t       absent_count;
    bool           whole;      /* statements alone */
    bool           idle_denies;
} vd_redundancy_opts;

typedef struct vd_redundancy_count {
    uint32_t questions, undecided; /* undecided: statements, entries, conditions */
    uint32_t cut;                  /* those of them that a budget was too small for */
    bool     spent;                /* the budget of all questions */
} vd_redundancy_count;

/* Boxes and everything else live in s and the arena.  False: no memory. */
bool vd_redundancies(vd_symbolic *s, const vd_suspect *suspects, uint32_t count, const vd_redundancy_opts *opts,
                     vd_arena *arena, vd_redundancy_fn *tell, void *user, vd_redundancy_count *out);

#endif
