/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files that shape resources share: coded texts, what the old statement grants, rows of names.
 */
#ifndef VERDICT_TIGHTEN_SHAPE_INT_H
#define VERDICT_TIGHTEN_SHAPE_INT_H

#include "tighten/shape.h"

#include "pattern/arn.h"

/* ------------------------------------------------------------------ shape_text.c */

typedef struct vd_shape_coded {
    vd_str text;     /* as in the document */
    vd_str coded;    /* a variable as a star */
    bool   variable; /* it holds one: nobody knows what it matches */
    bool   nothing;  /* it matches nothing at all */
} vd_shape_coded;

bool vd_shape_code(vd_arena *arena, vd_shape_coded *out, vd_str text, bool variables);
bool vd_shape_has_wild(vd_str coded);

/* The old Resource, coded. */
typedef struct vd_shape_grant {
    vd_shape_coded *at;
    uint32_t        count;
    bool            negated;
    bool            some_variable;
    vd_str         *plain; /* coded, those without variables */
    uint32_t        plain_count;
} vd_shape_grant;

bool vd_shape_grant_of(vd_arena *arena, vd_shape_grant *out, const vd_shape_old *old);
/* Is every text that the pattern matches granted, whatever the variables? */
bool vd_shape_granted(vd_arena *scratch, const vd_shape_grant *g, vd_str coded);

/* ------------------------------------------------------------------ shape_volatile.c */

/* Is the part of a name one that another run would have another one of?  What of it stays: "i-" of an instance, ".json". */
bool vd_shape_volatile(vd_str part, vd_str *prefix, vd_str *suffix);
/* How many parts from the first on are a date in parts, "2026", "03", "04"; 0: none. */
uint32_t vd_shape_date_parts(const vd_str *parts, uint32_t count);

/* ------------------------------------------------------------------ shape_rows.c */

enum { VD_SHAPE_MOST_PARTS = 24 };

/* A resource that was seen, cut into parts. */
typedef struct vd_shape_row {
    vd_shape_coded c;
    vd_str         head;  /* "arn:aws:s3:::" */
    vd_arn         arn;
    vd_str         parts[VD_SHAPE_MOST_PARTS]; /* of c.text, separators between them; the last one may hold more */
    uint32_t       count, first; /* first: the part behind the type */
    bool           s3;
    bool           fixed;  /* stays as it is */
} vd_shape_row;

/* False: it is no ARN. */
bool vd_shape_row_of(vd_shape_row *out, const vd_shape_coded *c);

/* Of a row whose first part behind the type changes with every run: the pattern up to there.  Empty: it does not. */
bool vd_shape_row_first(vd_arena *arena, const vd_shape_row *row, vd_str *out);
/* The pattern that the parts come to that change; empty: there are none.  first: the first part may become a star. */
bool vd_shape_row_volatile(vd_arena *arena, const vd_shape_row *row, bool first, uint32_t s3_depth, vd_str *out);
/* The first parts of a key, and all that is below them. */
bool vd_shape_row_cut(vd_arena *arena, const vd_shape_row *row, uint32_t s3_depth, vd_str *out);
vd_str vd_shape_row_parent(const vd_shape_row *row, uint32_t part); /* all in front of it, with the separator */

#endif
