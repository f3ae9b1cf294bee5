/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of Terraform on their way to nodes: what the files that read them share.  What is not written out, an expression or
 * a part of a string, is a hole (text/hole.h) with the expression as its name; equal expressions are one hole.
 *
 *   hcl_value.c     values, jsonencode(), heredocs
 *   hcl_template.c  strings with code in them
 *   hcl_document.c  blocks of an aws_iam_policy_document
 */
#ifndef VERDICT_EXTRACT_HCL_READER_H
#define VERDICT_EXTRACT_HCL_READER_H

#include "extract/hcl_lex.h"
#include "extract/hcl_value.h"
#include "text/hole.h"

enum { VD_HCL_DEEPEST = 64 };

typedef struct vd_hcl_reader {
    const vd_source *file;
    vd_arena        *arena;
    const vd_limits *limits;
    vd_doc          *out;
    vd_source       *source; /* of out: the file, and its holes */
    vd_holes        *holes;
    size_t           at;
    vd_lexeme        t;      /* the next token that is no comment */
    size_t           end;    /* behind the one before it */
    uint32_t         open[VD_HCL_DEEPEST];
    uint32_t         depth;
    bool             ampersand; /* "&{" says "${" */
    bool             ok, no_memory;
} vd_hcl_reader;

void   vd_hcl_go(vd_hcl_reader *r, size_t at); /* the token there is the next one */
void   vd_hcl_step(vd_hcl_reader *r);
vd_str vd_hcl_word(const vd_hcl_reader *r);
bool   vd_hcl_is(const vd_hcl_reader *r, char c);
bool   vd_hcl_on_new_line(const vd_hcl_reader *r);
bool   vd_hcl_refuse(vd_hcl_reader *r); /* these two are false */
bool   vd_hcl_nomem(vd_hcl_reader *r);

/* A document that is to be filled.  False: no memory. */
bool     vd_hcl_begin(vd_hcl_reader *r);
/* Nodes are in the order of the file: one that stands before the last one gets that one's place, and no length. */
uint32_t vd_hcl_add_node(vd_hcl_reader *r, uint8_t kind, uint8_t flags, vd_span span);
bool     vd_hcl_add_text(vd_hcl_reader *r, vd_span span, vd_str value); /* a string that says value, whatever is written there */
bool     vd_hcl_open(vd_hcl_reader *r, uint8_t kind, vd_span span);
void     vd_hcl_close(vd_hcl_reader *r);

/* The expression that begins with the current token: up to a comma or bracket that is not its own, with lines the end of
 * its line.  *tokens: how many it has. */
vd_span vd_hcl_expression(vd_hcl_reader *r, bool lines, uint32_t *tokens);
/* The same as nodes. */
bool vd_hcl_take_value(vd_hcl_reader *r, bool lines);

/* hcl_template.c: what a text says, with holes.  escapes: with backslashes.  *same: it says what is written. */
bool vd_hcl_decode(vd_hcl_reader *r, vd_str *out, vd_str text, bool escapes, bool *same);
bool vd_hcl_hole(vd_hcl_reader *r, vd_str *out, vd_str expression); /* a text that is one hole */

/* hcl_document.c: the block whose brace is the current token; behind it the one after its other brace is.  r->ok false: it is
 * none that a policy could be read from. */
void vd_hcl_take_document(vd_hcl_reader *r, vd_hcl_value *out);

#endif
