/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can, and what somebody can: the jobs of their formats.
 */
#ifndef VERDICT_RENDER_REACH_H
#define VERDICT_RENDER_REACH_H

#include "render/paths.h"
#include "render/proof.h"

#include <verdict/reach.h>

typedef struct vd_who_can_job {
    vd_proof                 proof;
    vd_str                   action, resource; /* as they were asked for */
    const vd_reacher *const *at;
    uint32_t                 count;
    const vd_skipped        *skipped;
    uint32_t                 skipped_count;
    bool                     via_asked;
    const vd_route *const   *via; /* of those that can only after they have become somebody else */
    uint32_t                 via_count;
    vd_who_can_summary       summary;
} vd_who_can_job;

typedef struct vd_who_can_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_who_can_job *job);
} vd_who_can_format;
extern const vd_who_can_format vd_who_can_formats[];
extern const size_t            vd_who_can_format_count;

vd_code vd_render_who_can_text(vd_buf *out, const vd_look *look, const vd_who_can_job *job);
vd_code vd_render_who_can_json(vd_buf *out, const vd_look *look, const vd_who_can_job *job);
vd_code vd_render_who_can_csv(vd_buf *out, const vd_look *look, const vd_who_can_job *job);

/* ------------------------------------------------------------------ what can */

typedef struct vd_what_can_job {
    vd_proof                    proof;
    vd_str                      principal;
    bool                        filtered; /* only of a service, on a resource, of a level */
    const vd_permission *const *at;
    uint32_t                    count;
    const vd_blocked *const    *blocked;
    uint32_t                    blocked_count;
    vd_what_can_summary         summary;
} vd_what_can_job;

typedef struct vd_what_can_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_what_can_job *job);
} vd_what_can_format;
extern const vd_what_can_format vd_what_can_formats[];
extern const size_t             vd_what_can_format_count;

vd_code vd_render_what_can_text(vd_buf *out, const vd_look *look, const vd_what_can_job *job);
vd_code vd_render_what_can_json(vd_buf *out, const vd_look *look, const vd_what_can_job *job);
vd_code vd_render_what_can_policy(vd_buf *out, const vd_look *look, const vd_what_can_job *job);

#endif
