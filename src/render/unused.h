/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, as it is shown: the job of all its formats, and the words that they share.
 */
#ifndef VERDICT_RENDER_UNUSED_H
#define VERDICT_RENDER_UNUSED_H

#include "render/proof.h"

#include <verdict/tighten.h>

typedef struct vd_unused_row {
    const vd_unused_finding *finding;
    uint32_t                 principal; /* in vd_unused_job.principals; VD_NO_INDEX: of nobody there */
    bool                     known;     /* in the baseline */
    vd_str                   fix;       /* what its edits would do */
    vd_str                   file_text; /* that they are of; the statement stands in it */
    const vd_lint_edit      *edits;     /* of SARIF; none: nothing could be proved, or nobody asked */
    size_t                   edit_count;
} vd_unused_row;

typedef struct vd_unused_job {
    vd_proof                   proof;
    const vd_unused_principal *principals; /* in their order; with --identities there are none */
    uint32_t                   principal_count;
    const vd_unused_row       *at; /* those of a principal together, in the order of principals; of nobody there: last */
    uint32_t                   count;
    vd_unused_summary          summary;  /* of all, those in the baseline too */
    vd_usage_coverage                coverage; /* goes before everything else: nothing is "unused" without it */
    uint32_t                   age_days, grace_days;
    bool                       identities_only, permissions_only, has_baseline, by_action;
    uint32_t                   fixed, not_fixed; /* findings of files with a fix, and those that could have one */
    const vd_unused_disagreement *disagreements; /* in the order of principals */
    uint32_t                   disagreement_count;
} vd_unused_job;

typedef struct vd_unused_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_unused_job *job);
} vd_unused_format;
extern const vd_unused_format vd_unused_formats[];
extern const size_t           vd_unused_format_count;

vd_code vd_render_unused_text(vd_buf *out, const vd_look *look, const vd_unused_job *job);
vd_code vd_render_unused_json(vd_buf *out, const vd_look *look, const vd_unused_job *job);
vd_code vd_render_unused_jsonl(vd_buf *out, const vd_look *look, const vd_unused_job *job);
vd_code vd_render_unused_csv(vd_buf *out, const vd_look *look, const vd_unused_job *job);
vd_code vd_render_unused_sarif(vd_buf *out, const vd_look *look, const vd_unused_job *job);
vd_code vd_render_unused_html(vd_buf *out, const vd_look *look, const vd_unused_job *job);

/* ------------------------------------------------------------------ words they share; none is escaped */

const char *vd_unused_title(int32_t rule); /* "a role that nobody uses" */
const char *vd_unused_why(int32_t rule);   /* why it matters and what to do, a sentence or two */
int32_t     vd_unused_severity(int32_t rule); /* VD_ACCESS_...: how grave one of this rule is */
void        vd_put_unused(vd_buf *out, const vd_unused_finding *f); /* what is idle: "3 actions of \"Deploy\" in policy ci: ..." */
void        vd_put_reasons(vd_buf *out, uint32_t reasons);          /* "data-events-off, kms-excluded" */
void        vd_put_unused_summary(vd_buf *out, const vd_unused_job *job); /* one line, without its end */

#endif
