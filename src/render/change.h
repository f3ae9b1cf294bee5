/* SPDX-License-Identifier: Apache-2.0
 *
 * Files whose policies become smaller, as a diff, as JSON Patches of the documents, as SARIF with fixes.
 */
#ifndef VERDICT_RENDER_CHANGE_H
#define VERDICT_RENDER_CHANGE_H

#include "render/proof.h"

#include <verdict/tighten.h>

typedef struct vd_changed_file {
    vd_str           path; /* below the root of the repository */
    vd_str           text; /* as it was */
    vd_change_result change;
    const vd_str    *names; /* of the policies, by document of the change */
} vd_changed_file;

vd_code vd_render_change_diff(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count);
/* Of one document the operations alone; of several a list that says which document they are of. */
vd_code vd_render_change_patch(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count);
vd_code vd_render_change_sarif(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count);

#endif
