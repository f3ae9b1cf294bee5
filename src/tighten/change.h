/* SPDX-License-Identifier: Apache-2.0
 *
 * From an old document as it stands in a file to a new one: edits of the bytes that have to change and of no other, so that
 * comments, order and layout around them stay.  What cannot be edited is told, with the reason, and never guessed.  A file
 * is read again when its edits are made: what is in it then is the new document, or nothing is given out.
 *
 *   change.c        a file and its documents, edits made, read again
 *   change_pairs.c  which new statement stands for which old one, and what is to be edited in it
 *   change_key.c    statements as texts that are equal when they say the same
 *   change_json.c   the same change as a JSON Patch (RFC 6902), and what was taken away as a policy
 */
#ifndef VERDICT_TIGHTEN_CHANGE_H
#define VERDICT_TIGHTEN_CHANGE_H

#include "base/arena.h"

#include <verdict/lint.h>

/* A document of the file and what it is to be. */
typedef struct vd_change_wish {
    const vd_policy *old;
    vd_str           document; /* JSON; empty: none can stand in its place, review says why */
    vd_str           review;
} vd_change_wish;

typedef struct vd_change_document {
    vd_str              container, pointer; /* where it stands in the file */
    const vd_lint_edit *edits;      /* of bytes of the file, by rising start; none: nothing changes, or see review */
    uint32_t            edit_count;
    vd_str              review;     /* why it has to be put there by hand; empty: the edits do it */
    vd_str              patch;      /* RFC 6902: from the old document to the new one */
    vd_str              restore;    /* a policy that grants again what was taken away; empty: nothing was */
} vd_change_document;

typedef struct vd_change {
    vd_arena            arena; /* everything below */
    vd_change_document *documents; /* one for each wish */
    uint32_t            count;
    vd_str              text;  /* the file with all edits made */
    vd_str              diff;  /* the same for `git apply`; empty: nothing changes */
} vd_change;

typedef struct vd_change_file {
    vd_str path; /* as the diff is to say it: relative to the root of the repository */
    vd_str text;
} vd_change_file;

/* VD_EINVAL: the file does not hold one of the old documents; VD_EINTERNAL: the edits make something else ("self-check
 * failed").  out needs vd_change_done in any case. */
vd_code vd_change_make(vd_change *out, const vd_engine *engine, const vd_change_file *file, const vd_change_wish *wishes,
                       uint32_t count, vd_error *err);
void    vd_change_done(vd_change *change);

#endif
