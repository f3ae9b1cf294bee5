/* SPDX-License-Identifier: Apache-2.0
 *
 * Tables of an unused report that are about accounts and about AWS's own findings, not about single permissions.
 */
#ifndef VERDICT_RENDER_UNUSED_ACCOUNTS_H
#define VERDICT_RENDER_UNUSED_ACCOUNTS_H

#include "base/arena.h"
#include "render/unused.h"
#include "text/json_write.h"

enum { VD_UNUSED_PERCENTS = 5 };
extern const uint32_t vd_unused_percents[VD_UNUSED_PERCENTS];

typedef struct vd_unused_account {
    vd_str   account;
    uint32_t principals;
    uint64_t used, not_seen, cannot_see; /* actions, of each principal */
    size_t   dated;                      /* of those used: last uses that are known */
    uint32_t since[VD_UNUSED_PERCENTS], most; /* days */
} vd_unused_account;

/* By account; of a permission set all is told with the account of its first role.  False: no memory. */
bool vd_unused_accounts_of(vd_arena *arena, const vd_unused_job *job, vd_unused_account **out, uint32_t *count);

vd_json *vd_render_unused_accounts_json(const vd_unused_job *job); /* NULL: no memory */
vd_json *vd_render_disagreements_json(const vd_unused_job *job);
bool     vd_render_unused_accounts_text(vd_buf *out, const vd_look *look, const vd_unused_job *job);
void     vd_render_disagreements_text(vd_buf *out, const vd_look *look, const vd_unused_job *job);
bool     vd_html_unused_accounts(vd_buf *out, const vd_unused_job *job); /* sections */
void     vd_html_disagreements(vd_buf *out, const vd_unused_job *job);

#endif
