/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands on one side of a comparison: the policies of a file, a folder, a revision; or a whole set, of a bundle or a
 * scenario.
 */
#ifndef VERDICT_CLI_SIDES_H
#define VERDICT_CLI_SIDES_H

#include "cli/prove.h"

#include <verdict/scenario.h>

typedef struct vd_side {
    vd_proving *p;
    const char *word;   /* as it was given */
    bool        folder;
    vd_finds    finds;
    vd_str     *broken; /* paths below the side of what cannot be read */
    uint32_t    broken_count, broken_cap;
    vd_set     *set;    /* of a bundle or scenario; NULL: the finds */
    vd_suite   *suite;
    vd_request *state;  /* of a scenario: what is known of the resource */
} vd_side;

/* False: there is nothing to ask about, which was said.  What cannot be read was said, too, and is among the broken. */
bool vd_side_read(vd_side *s, vd_proving *p, const char *word);
void vd_side_done(vd_side *s);
/* What was found on the other side is found on this one, too.  False: no memory. */
bool vd_side_join(vd_side *s, const vd_side *other);

/* One question: policies of one kind that are looked at together, on one side or on both. */
typedef struct vd_part {
    vd_kind          kind;
    vd_str           name;
    const vd_found **at[2];
    uint32_t         count[2], cap[2];
    bool             same; /* both sides have the same texts */
} vd_part;

typedef struct vd_parts {
    vd_arena arena;
    vd_part *at;
    uint32_t count, cap;
} vd_parts;

/* Pairs what stands on both sides (after NULL: one side only).  together: all of one kind in one part.  False: they have no
 * kind in common, or there is no memory; which was said. */
bool vd_parts_make(vd_parts *out, vd_proving *p, const vd_side *before, const vd_side *after, bool together);
void vd_parts_done(vd_parts *parts);

/* The set of one side of a part, with the policies of options; of a side without policies: what there is when nobody
 * attached any (add_none: a policy that says so).  They say nothing, so threads may call them. */
vd_code vd_part_add_none(vd_builder *b, const vd_engine *engine, vd_kind kind, const vd_attach *where, vd_error *err);
vd_code vd_part_set(vd_set **out, vd_proving *p, const vd_part *part, int side, vd_error *err);

#endif
