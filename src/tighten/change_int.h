/* SPDX-License-Identifier: Apache-2.0
 *
 * From an old document as it stands in a file to a new one: edits of the bytes that have to change and of no other.  What
 * cannot be edited is told, with the reason, and never guessed.
 *
 *   change.c        a file and its documents, edits made, read again
 *   change_pairs.c  which new statement stands for which old one, and what is to be edited in it
 *   change_key.c    statements as texts that are equal when they say the same
 *   change_json.c   the same change as a JSON Patch (RFC 6902), and what was taken away as a policy
 */
#ifndef VERDICT_TIGHTEN_CHANGE_INT_H
#define VERDICT_TIGHTEN_CHANGE_INT_H

#include "lint/lint.h"
#include "policy/policy.h"

#include <verdict/tighten.h>

/* ------------------------------------------------------------------ change_key.c */

enum { VD_KEY_SID = 1, VD_KEY_ACTION = 2, VD_KEY_RESOURCE = 4, VD_KEY_REST = 8, VD_KEY_ALL = 15 };

/* A text that is equal for statements that say the same in these parts, whatever the order within lists.  False: no memory. */
bool vd_change_key(vd_arena *arena, vd_str *out, const vd_statement *st, unsigned parts);
/* The same of a whole document, whatever the order of its statements. */
bool vd_change_policy_key(vd_arena *arena, vd_str *out, const vd_policy *p);

/* ------------------------------------------------------------------ change_pairs.c */

typedef struct vd_change_pairs {
    const vd_policy *old, *now;
    uint32_t        *now_of; /* by old statement: the new one in its place; VD_NONE: it goes */
    uint32_t        *old_of; /* by new statement; VD_NONE: it is added */
    bool            *whole;  /* by old statement: all of it is replaced, not its lists */
} vd_change_pairs;

bool vd_change_pair(vd_arena *arena, vd_change_pairs *out, const vd_policy *old, const vd_policy *now);

/* Edits in terms of the old policy's text.  root: its whole document in these terms; version: the value of that member,
 * length 0: there is none. */
typedef struct vd_change_places {
    vd_span root, version, statements;
} vd_change_places;
bool vd_change_edits(vd_arena *arena, vd_fix *out, const vd_change_pairs *pairs, const vd_change_places *places);

/* ------------------------------------------------------------------ change_json.c */

bool vd_change_patch(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs, bool single);
bool vd_change_restore(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs);
/* The statement as JSON without white space. */
bool vd_change_statement(vd_buf *out, vd_arena *scratch, const vd_policy *p, uint32_t index);
void vd_change_texts(vd_buf *out, const vd_texts *texts); /* a JSON list; of one element the element alone */

#endif
