/* SPDX-License-Identifier: Apache-2.0
 *
 * How the findings of a run are shown: one job, and a table of formats that all carry the same findings.
 */
#ifndef VERDICT_RENDER_LINT_H
#define VERDICT_RENDER_LINT_H

#include "render/excerpt.h"

#include <verdict/lint.h>

typedef struct vd_lint_job {
    const vd_linter             *linter;
    const vd_report *const *reports; /* in the order of the files */
    uint32_t                     count;
    const vd_lint_summary       *summary;
    bool   quiet, verbose;
    bool   show_suppressed; /* known and suppressed findings, too */
    bool   has_baseline;    /* so that a finding is new or not */
    bool   all;             /* access-analyzer: rules without a code, too */
    uint32_t sarif_max;     /* results; 0: all */
    vd_str category;        /* of SARIF's run; empty: none */
    vd_str comment_tag;     /* of the marker in Markdown */
    vd_str url_template;    /* "https://.../{file}#L{line}"; empty: no links */
} vd_lint_job;

typedef struct vd_lint_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_lint_job *job);
} vd_lint_format;

extern const vd_lint_format vd_lint_formats[]; /* formats.c */
extern const size_t         vd_lint_format_count;
const vd_lint_format       *vd_lint_format_find(vd_str name); /* NULL: there is none */

vd_code vd_render_lint_text(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_json(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_jsonl(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_sarif(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_github(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_junit(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_markdown(vd_buf *out, const vd_look *look, const vd_lint_job *job);
vd_code vd_render_lint_access_analyzer(vd_buf *out, const vd_look *look, const vd_lint_job *job);

/* ------------------------------------------------------------------ what they share */

bool vd_lint_shows(const vd_lint_job *job, const vd_lint_finding *f);

/* The text of the report's file for excerpts: what a finding calls a secret is starred out.  keep holds the copy, when
 * one was needed. */
vd_str vd_lint_text_for_show(vd_buf *keep, const vd_report *r);
bool   vd_lint_is_secret(const vd_lint_finding *f);

vd_str vd_lint_path(const vd_report *r, const vd_pos *at); /* of the file that a position is in, from the repository's root */
bool   vd_lint_is_told(const vd_report *r); /* that a text could not be read is a finding already */

void vd_lint_put_message(vd_buf *out, const vd_lint_finding *f); /* with the condition of a template; not escaped */
void vd_lint_put_line(vd_buf *out, const vd_lint_finding *f);    /* the same with the hint */
void vd_lint_put_summary(vd_buf *out, const vd_lint_job *job);   /* one line, without its end */
void vd_lint_put_policy(vd_buf *out, const vd_lint_policy *p);   /* "resource policy of s3-bucket"; not escaped */
void vd_lint_put_statement(vd_buf *out, const vd_lint_finding *f); /* "statement 2 "Pass""; not escaped */
const char *vd_lint_finding_type(int32_t severity); /* "SECURITY_WARNING" ... of Access Analyzer */

/* The first line and everything below it. */
void vd_lint_put_block(vd_buf *out, const vd_look *look, const vd_lint_job *job, const vd_report *r,
                       const vd_lint_finding *f, vd_str text, bool remedy);

/* Findings of all reports that are shown, the worst first; among equals as they came. */
typedef struct vd_lint_ranked {
    const vd_report  *report;
    const vd_lint_finding *finding;
    uint32_t               rank, order;
} vd_lint_ranked;
typedef struct vd_lint_ranking {
    vd_lint_ranked *at;
    uint32_t        count, cap;
} vd_lint_ranking;
bool vd_lint_rank(vd_lint_ranking *out, const vd_lint_job *job, bool with_suppressed); /* false: no memory */
void vd_lint_ranking_done(vd_lint_ranking *ranking);

#endif
