/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies made smaller: the job of the formats.
 */
#ifndef VERDICT_RENDER_RIGHTSIZE_H
#define VERDICT_RENDER_RIGHTSIZE_H

#include "render/proof.h"

#include <verdict/tighten.h>

typedef struct vd_rightsize_job {
    vd_proof                   proof;
    vd_str                     target; /* ARN of a principal or a policy; the first file */
    const char                *mode;   /* "strict" */
    const vd_str              *principals; /* who holds them */
    size_t                     principal_count;
    const vd_usage_coverage         *coverage;
    const vd_rightsize_result *result;
    const vd_keep_row         *keep; /* those of a keep list, for their expiry */
    size_t                     keep_count;
} vd_rightsize_job;

typedef struct vd_rightsize_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_rightsize_job *job);
} vd_rightsize_format;
extern const vd_rightsize_format vd_rightsize_formats[];
extern const size_t              vd_rightsize_format_count;

vd_code vd_render_rightsize_text(vd_buf *out, const vd_look *look, const vd_rightsize_job *job);
vd_code vd_render_rightsize_json(vd_buf *out, const vd_look *look, const vd_rightsize_job *job);
vd_code vd_render_rightsize_policy(vd_buf *out, const vd_look *look, const vd_rightsize_job *job);
vd_code vd_render_rightsize_markdown(vd_buf *out, const vd_look *look, const vd_rightsize_job *job);

/* What was taken away, to be given back in one step: documents as in the format "policy". */
vd_code vd_render_rightsize_restore(vd_buf *out, const vd_rightsize_job *job);

/* ------------------------------------------------------------------ words that text and Markdown share; not escaped */

/* "s3: GetObject, Put*" of what was removed; why goes apart. */
void vd_put_removed(vd_buf *out, const vd_rightsize_removed *r, size_t most);
void vd_put_removed_why(vd_buf *out, const vd_rightsize_removed *r);
/* What becomes of a document: "nothing of it is used: ..." */
void vd_put_document_fate(vd_buf *out, const vd_rightsize_document *d, bool too_large);
/* "nothing is allowed that was not; ..." */
void vd_put_rightsize_proof(vd_buf *out, const vd_rightsize_result *r);
/* One line about all of it. */
void vd_put_since(vd_buf *out, const vd_rightsize_since *since, size_t most);
void vd_put_aws(vd_buf *out, const vd_rightsize_since *aws, size_t most); /* against what AWS recommends */
void vd_put_step_size(vd_buf *out, const vd_rightsize_step *step);
void vd_put_extra(vd_buf *out, const vd_rightsize_extra *extra, size_t most);
void vd_put_rightsize_summary(vd_buf *out, const vd_rightsize_job *job);

/* Actions that stay only because nobody could see whether they are used, by reason: calls with each reason. */
typedef void vd_unseen_fn(void *user, vd_str reason, const vd_texts_list *actions);
bool vd_each_unseen(const vd_rightsize_result *r, vd_unseen_fn *tell, void *user); /* false: no memory */

#endif
