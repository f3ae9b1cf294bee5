/* SPDX-License-Identifier: Apache-2.0
 *
 * Public structs to text, JSON, Markdown and JUnit.  Nothing here decides anything, reads files or prints: every
 * function adds to a buffer, and two runs over the same structs add the same bytes.
 */
#ifndef VERDICT_RENDER_RENDER_H
#define VERDICT_RENDER_RENDER_H

#include "render/excerpt.h"

#include <verdict/explain.h>
#include <verdict/scenario.h>

enum { VD_FORMAT_VERSION = 1 }; /* "verdict": {"format": 1} */

/* What is not known, and could change an answer. */
typedef struct vd_told_note {
    vd_str what; /* "missing-boundary" */
    vd_str text;
    vd_pos at;   /* line 0: no place */
} vd_told_note;

/* A decision and what is needed to tell it. */
typedef struct vd_told_decision {
    const vd_decision *decision;
    vd_str             action, resource; /* of the check that decided */
    vd_str             policy;           /* name of what decided; empty: none */
    bool               has_statement;
    vd_statement_info  statement;
    vd_str             reason;           /* AWS's words (E802); empty for an allow */
    const vd_told_note *notes;           /* NULL: nobody would know any */
    uint32_t           note_count;
} vd_told_decision;

void    vd_render_decision_text(vd_buf *out, const vd_look *look, const vd_told_decision *answer);
/* document: one JSON document with the "verdict" member; else one line. */
vd_code vd_render_decision_json(vd_buf *out, const vd_told_decision *answer, bool document);
vd_code vd_render_error_json(vd_buf *out, const vd_error *err); /* the line of a bad request */

/* The text that a position is in, for excerpts; empty when it is not at hand. */
typedef struct vd_texts_of {
    vd_str (*find)(void *user, vd_pos at);
    void *user;
} vd_texts_of;

typedef struct vd_story {
    const vd_explained *explained;
    vd_told_decision           answer;
    vd_str              title;   /* name of the case, when there are several */
    vd_str              now;     /* the time read from the clock; empty: it was given, or nothing asked for it */
    bool                verbose; /* every statement with every element; else what mattered */
    vd_texts_of         texts;
} vd_story;

void    vd_render_story_text(vd_buf *out, const vd_look *look, const vd_story *story);
void    vd_render_story_markdown(vd_buf *out, const vd_story *story);
vd_code vd_render_story_json(vd_buf *out, const vd_story *story, bool document);

/* ------------------------------------------------------------------ tests */

/* What is told of one case; a case that could not be run has code and an error text in result->reason. */
typedef struct vd_told_case {
    vd_str                file;
    const vd_case        *scenario;
    const vd_case_result *result;
} vd_told_case;

/* A report is built case by case, so that no more than its text is kept. */
typedef struct vd_test_report {
    vd_buf   body;
    uint32_t passed, failed, files;
    vd_str   file; /* of JUnit's current suite */
} vd_test_report;

vd_code vd_test_report_json_case(vd_test_report *report, const vd_told_case *told);
vd_code vd_test_report_json_end(vd_buf *out, vd_test_report *report, const vd_coverage *coverage);
void    vd_test_report_junit_case(vd_test_report *report, const vd_told_case *told);
void    vd_test_report_junit_end(vd_buf *out, vd_test_report *report, vd_str name);
void    vd_test_report_text_case(vd_buf *out, const vd_look *look, const vd_told_case *told, bool verbose);
void    vd_test_report_text_coverage(vd_buf *out, const vd_look *look, const vd_coverage *coverage);

/* ------------------------------------------------------------------ words */

const char *vd_word_result(int32_t result);  /* "allows", "not-supplied" ... */
const char *vd_word_element(const vd_element_trace *e); /* "Action", "NotAction", "Condition" ... */
void        vd_word_list(vd_buf *out, const vd_str *items, size_t count, size_t most); /* "a", "b" and 3 more */
void        vd_word_element_text(vd_buf *out, const vd_element_trace *e); /* one sentence: what was wanted, what came */
/* Of the layer of the closest statement the first Allow that is about this call and this resource, when the closest itself is
 * not: only its conditions stand in the way.  NULL: none. */
const vd_statement_trace *vd_word_meant(const vd_check_trace *c);
void        vd_word_level(vd_buf *out, uint32_t level, vd_str target); /* "r-root", or "level 0" */
void        vd_word_statement(vd_buf *out, vd_str sid, uint32_t index); /* "Sid", or Statement[0] */

#endif
