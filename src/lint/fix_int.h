/* SPDX-License-Identifier: Apache-2.0
 *
 * One fix on its way from edits of tokens to edits of bytes: what the files of fix.h share.
 *
 *   fix_at.c      where an edit lands in the file, and how bytes and values are put there
 *   fix_add.c     items and members that are added
 *   fix_delete.c  those that go
 */
#ifndef VERDICT_LINT_FIX_INT_H
#define VERDICT_LINT_FIX_INT_H

#include "lint/fix.h"

typedef struct vd_making {
    vd_file_run      *run;
    const vd_look_at *look;
    const vd_doc     *doc;    /* of the file */
    const uint32_t   *parent; /* by node of it */
    vd_str            text;   /* of the file */
    vd_lint_edit     *at;
    uint32_t          count, cap;
    const char       *refused;
    bool              no_memory;
    bool              thorough; /* vd_fix */
} vd_making;

typedef enum vd_fix_wanted { VD_WANT_ANY, VD_WANT_SCALAR, VD_WANT_OBJECT, VD_WANT_ITEM } vd_fix_wanted;

/* ------------------------------------------------------------------ fix_at.c */

/* Reads the file once, for its nodes; false: no memory. */
bool     vd_fix_find_own(vd_file_run *run, const vd_look_at *look);
/* The node of the file at a span of the policy; of several that begin there the one of this length, else the outermost. */
uint32_t vd_fix_node(const vd_making *m, vd_span span, vd_fix_wanted w);

char     vd_fix_byte(const vd_making *m, uint32_t offset);
bool     vd_fix_only_blanks(const vd_making *m, uint32_t from, uint32_t to);
/* Nothing but blanks stands before it on its line; *start: where these begin. */
bool     vd_fix_begins_line(const vd_making *m, uint32_t offset, uint32_t *start);
vd_str   vd_fix_newline(const vd_making *m); /* as the file ends its lines */
uint32_t vd_fix_start(const vd_making *m, uint32_t node); /* with its tag */
uint32_t vd_fix_end(const vd_making *m, uint32_t node);
bool     vd_fix_is_block(const vd_making *m, uint32_t container); /* of YAML: without brackets */
bool     vd_fix_in_block(const vd_making *m, uint32_t node);
uint32_t vd_fix_dash(const vd_making *m, uint32_t offset); /* that stands before it; VD_NONE: none */

/* What is put into one place is one edit; the buffer is used up. */
vd_buf vd_fix_buf(const vd_making *m);
void   vd_fix_splice(vd_making *m, uint32_t start, uint32_t end, vd_str text);
void   vd_fix_splice_buf(vd_making *m, uint32_t start, uint32_t end, vd_buf *b);
void   vd_fix_put_string(vd_making *m, vd_buf *b, uint32_t node, vd_str text); /* with the quotes of the node */
void   vd_fix_put_value(vd_making *m, vd_buf *b, vd_str json, bool block);
void   vd_fix_put_member(vd_making *m, vd_buf *b, vd_str member, bool block);

/* ------------------------------------------------------------------ fix_add.c, fix_delete.c */

void vd_fix_add_item(vd_making *m, const vd_edit *e);
void vd_fix_add_member(vd_making *m, const vd_edit *e);
void vd_fix_add_first(vd_making *m, const vd_edit *e);

void vd_fix_delete_all(vd_making *m, const vd_fix *fix);

#endif
