/* SPDX-License-Identifier: Apache-2.0
 *
 * Small edits of a policy text: made on the bytes, so that the result can be read again and judged, and told as RFC 6902
 * operations for whoever wants to make them elsewhere.
 */
#ifndef VERDICT_EXPLAIN_EDIT_H
#define VERDICT_EXPLAIN_EDIT_H

#include "policy/policy.h"

typedef struct vd_edit {
    vd_str text;  /* the document afterwards */
    vd_str patch; /* JSON */
} vd_edit;

/* A text opened for editing; everything lives in the arena. */
typedef struct vd_editor {
    vd_arena *arena;
    vd_source source;
    vd_doc    doc;
    bool      nomem;
} vd_editor;

/* False: not JSON that can be edited, or no memory (e->nomem). */
bool vd_editor_open(vd_editor *e, vd_arena *arena, const vd_policy *p);

/* Each returns false when the edit cannot be made there.  Members are those of statement `index`; values are JSON. */
bool vd_edit_append(vd_editor *e, vd_edit *out, uint32_t index, const vd_str *path, uint32_t depth, vd_str json);
bool vd_edit_remove(vd_editor *e, vd_edit *out, uint32_t index, const vd_str *path, uint32_t depth, vd_str text);
bool vd_edit_add_statement(vd_editor *e, vd_edit *out, vd_str json);

/* The text as a JSON string with its quotes; false: not UTF-8, or no memory. */
bool vd_edit_quote(vd_arena *arena, vd_str *out, vd_str text);

#endif
