/* SPDX-License-Identifier: Apache-2.0
 *
 * From an old document as it stands in a file to a new one: edits of the bytes that have to change and of no other.  What
 * cannot be edited is told, with the reason, and never guessed.
 *
 *   change.c        a file and its documents, edits made, read again
 *   change_sense.c  what the expressions of the file stand for
 *   change_pairs.c  which new statement stands for which old one
 *   change_edits.c  what is to be edited
 *   change_blocks.c the same of the blocks of an aws_iam_policy_document
 *   change_style.c  how things are written in this file
 *   change_notes.c  comments that go with what they are about
 *   change_key.c    statements as texts that are equal when they say the same
 *   change_json.c   the same change as a JSON Patch (RFC 6902), and what was taken away as a policy
 */
#ifndef VERDICT_TIGHTEN_CHANGE_INT_H
#define VERDICT_TIGHTEN_CHANGE_INT_H

#include "lint/lint.h"
#include "policy/policy.h"
#include "text/edit.h"

#include <verdict/tighten.h>

/* ------------------------------------------------------------------ change_key.c */

enum { VD_KEY_SID = 1, VD_KEY_ACTION = 2, VD_KEY_RESOURCE = 4, VD_KEY_REST = 8, VD_KEY_ALL = 15 };

/* A text that is equal for statements that say the same in these parts, whatever the order within lists.  False: no memory. */
bool vd_change_key(vd_arena *arena, vd_str *out, const vd_statement *st, unsigned parts);
/* The same of a whole document, whatever the order of its statements. */
bool vd_change_policy_key(vd_arena *arena, vd_str *out, const vd_policy *p);

/* ------------------------------------------------------------------ change_sense.c */

typedef struct vd_sense_text { /* what stands in the file with "${name}" for each expression, and what it says */
    vd_str        form, raw; /* raw: as it is written in the file */
    const vd_str *values; /* several: an expression that makes a list */
    uint32_t      count;
    bool          unsure; /* which of some this one is nobody can tell */
} vd_sense_text;

typedef struct vd_sense_hole {
    vd_str name, value;
} vd_sense_hole;

typedef struct vd_sense_rest { /* conditions with expressions, and a statement that has what they say */
    vd_str              form;
    const vd_statement *from;
} vd_sense_rest;

typedef struct vd_sense {
    vd_sense_text       *texts;
    uint32_t             text_count, text_cap;
    vd_sense_hole       *holes;
    uint32_t             hole_count, hole_cap;
    vd_sense_rest       *rests;
    uint32_t             rest_count, rest_cap;
    const vd_statement **foreign; /* statements of the document that the file does not write itself */
    uint32_t             foreign_count;
} vd_sense;

/* Of a span of the policy's text: where it is in the file, and what stands there. */
vd_span vd_change_place(const vd_policy *p, vd_span span);
vd_str  vd_change_written(const vd_policy *p, vd_span span);

/* *fits: the file makes this document; more: there may be statements that the file does not write.  False: no memory. */
bool vd_sense_learn(vd_arena *arena, vd_sense *out, const vd_policy *was, const vd_policy *old, bool more, bool *fits);
/* What the file says, without holes, and the foreign statements behind; NULL: something is not known.  False: no memory.  The
 * result borrows all from was and is not to be released. */
bool vd_sense_fill(vd_arena *arena, const vd_sense *known, const vd_policy *was, vd_policy **out);

/* ------------------------------------------------------------------ change_pairs.c */

typedef struct vd_change_pairs {
    const vd_policy *old, *now;
    uint32_t        *now_of; /* by old statement: the new one in its place; VD_NONE: it goes */
    uint32_t        *old_of; /* by new statement; VD_NONE: it is added */
    bool            *whole;  /* by old statement: all of it is replaced, not its lists */
} vd_change_pairs;

bool vd_change_pair(vd_arena *arena, vd_change_pairs *out, const vd_policy *old, const vd_policy *now);

/* ------------------------------------------------------------------ change_style.c */

typedef enum vd_change_form { VD_FORM_JSON, VD_FORM_YAML, VD_FORM_HCL, VD_FORM_LINES, VD_FORM_BLOCKS } vd_change_form;

/* How a document is written in its file. */
typedef struct vd_style {
    vd_arena        *arena;
    const vd_policy *old;    /* with spans of the file */
    const vd_sense  *known;
    vd_str           file;   /* all of its text */
    uint8_t          form;   /* vd_change_form; LINES: JSON in a heredoc; BLOCKS: of an aws_iam_policy_document */
    uint32_t         count;  /* statements that the file writes */
    bool             lines, crlf, tabs, tight; /* tight: no blank behind a colon */
    bool             quoted, colon, trailing, ampersand; /* of HCL: "Name": ..., a comma behind the last element, "&{" */
    bool             single; /* quotes of YAML */
    uint32_t         step, dash; /* of the indentation; of a list below its key in YAML */
} vd_style;

void   vd_style_look(vd_style *s);
vd_str vd_style_indent(const vd_style *s, uint32_t offset); /* what the line of a place in the file begins with */
bool   vd_style_is_long(const vd_style *s, vd_span span);   /* there is an end of a line in it */
void   vd_style_newline(const vd_style *s, vd_buf *b, vd_str indent, uint32_t steps);
void   vd_style_text(vd_style *s, vd_buf *b, vd_str text);  /* as an element: by an expression of the file, or written out */
bool   vd_style_says(const vd_style *s, vd_str text);       /* is it by an expression? */
bool   vd_style_knows(const vd_style *s, vd_str text); /* the text is what an expression of the file says */
/* A value (JSON) below a line with this indentation; condition: written verbatim for the member of that name. */
void   vd_style_value(vd_style *s, vd_buf *b, vd_str json, vd_str indent, bool lines, vd_str condition);

/* ------------------------------------------------------------------ change_edits.c */

typedef struct vd_editing {
    vd_style               style;
    const vd_change_pairs *p;
    vd_fix                *out;    /* edits of tokens */
    vd_splice             *at;     /* and of bytes of the file */
    uint32_t               count, cap;
    vd_str                 review; /* what somebody has to look at */
    const char            *by_hand; /* why it cannot be edited; NULL: it can */
    bool                   ok;      /* false: no memory */
} vd_editing;

void vd_change_edit(vd_editing *e, uint8_t op, vd_span span, vd_str text);
void vd_change_splice(vd_editing *e, uint32_t start, uint32_t end, vd_buf *text); /* uses it up */
void vd_change_edit_lists(vd_editing *e, const vd_statement *old, const vd_statement *now);
/* The old statement that is like a new one, best one that the file writes; VD_NONE: none. */
uint32_t vd_change_sibling(vd_editing *e, uint32_t now);
void vd_change_look_at_texts(vd_editing *e, const vd_list *old, const vd_list *now);

/* root: the whole document, version: the value of that member (length 0: there is none), in terms of the old policy's text. */
typedef struct vd_change_places {
    vd_span root, version, statements;
    bool    single; /* Statement is no list */
} vd_change_places;
bool vd_change_edits(vd_editing *e, const vd_change_places *places);

/* ------------------------------------------------------------------ change_blocks.c */

/* Edits of the blocks of an aws_iam_policy_document. */
void vd_change_blocks(vd_editing *e, const vd_change_places *places);

/* ------------------------------------------------------------------ change_notes.c */

/* Fills the comments of the document by its edits.  False: no memory. */
bool vd_change_notes(vd_arena *arena, vd_change_document *d, const vd_source *file, bool yaml);

/* ------------------------------------------------------------------ change_json.c */

bool vd_change_patch(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs, bool single);
bool vd_change_restore(vd_arena *arena, vd_str *out, const vd_change_pairs *pairs);
/* The statement as JSON without white space. */
bool vd_change_statement(vd_buf *out, vd_arena *scratch, const vd_policy *p, uint32_t index);
void vd_change_texts(vd_buf *out, const vd_texts *texts); /* a JSON list; of one element the element alone */

#endif
