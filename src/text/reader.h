/* SPDX-License-Identifier: Apache-2.0
 *
 * What the readers of JSON and YAML share: growing the node array, the limits, and saying what is wrong with the
 * text.  While a container is open its next holds the container around it, so the array is the stack as well.
 */
#ifndef VERDICT_TEXT_READER_H
#define VERDICT_TEXT_READER_H

#include "base/vec.h"
#include "text/doc.h"

struct vd_json_token;

typedef struct vd_reader {
    const vd_source *source;
    const vd_limits *limits;
    vd_diags        *diags;
    vd_error        *err;
    vd_arena        *arena;
    uint32_t         depth; /* open containers */
    uint32_t         open;  /* the innermost; VD_NONE: none */
    VD_VEC(vd_node) nodes;  /* moved to the arena in the end, exactly as many as there are */
    VD_VEC(vd_decoded) decoded;
    VD_VEC(vd_tag) tags;
    vd_deviations *lenient; /* NULL: strict */
} vd_reader;

vd_code vd_reader_init(vd_reader *r, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                       vd_diags *diags, vd_error *err);
void    vd_reader_done(vd_reader *r);

/* Appends a node below the open container; containers are opened and closed. */
vd_code vd_reader_add(vd_reader *r, vd_node_kind kind, uint32_t flags, vd_span span);
vd_code vd_reader_decoded(vd_reader *r,
                          vd_str     value); /* of the node added last; the value lives in the arena */
vd_code vd_reader_open(vd_reader *r, vd_node_kind kind, vd_span span);
void    vd_reader_close(vd_reader *r, uint32_t end);
vd_code vd_reader_tag(vd_reader *r, uint32_t node, vd_span span); /* nodes in rising order */
vd_code vd_reader_string_limit(vd_reader *r, vd_span span, size_t bytes);

/* The members that the merge keys (<<) of the open object stand for take their place: those the object does not have, of
 * several the first.  where[i], one for each node behind the object: its new number, VD_NONE: it is gone. */
vd_code vd_reader_merge(vd_reader *r, uint32_t object, uint32_t *where);

/* The finished document: nodes to the arena, equal keys told. */
vd_code vd_reader_finish(vd_reader *r, vd_doc *out, uint32_t *duplicates);

/* json_lenient.c: a token that other readers let pass, t, when the text was read on from `from`.  *skip: there is nothing
 * for the grammar in it; else t is what was meant, and *value, when it has a pointer, what the string says. */
vd_code vd_json_let_pass(vd_reader *r, uint32_t from, struct vd_json_token *t, vd_str *value, bool *skip);
vd_code vd_reader_deviation(vd_reader *r, const char *what, vd_span span, bool fixable, vd_str text);

/* An error that is a diagnostic too; returns VD_ESYNTAX. */
vd_code vd_reader_bad(vd_reader *r, vd_str rule, vd_span span, const char *format, ...) VD_PRINTF(4, 5);

/* Tells every member whose key stood in the same object before. */
vd_code vd_doc_duplicates(const vd_doc *d, const vd_allocator *a, vd_diags *diags, uint32_t *duplicates,
                          vd_error *err);

#endif
