/* SPDX-License-Identifier: Apache-2.0
 *
 * From edits of tokens to edits of bytes.
 */
#include "lint/fix.h"

bool vd_lint_realise(vd_file_run *run, const vd_look_at *look, const vd_finding *f, vd_lint_finding *out)
{
    (void)run;
    (void)look;
    (void)f;
    (void)out;
    return true;
}

bool vd_lint_realise_patch(vd_file_run *run, const vd_patch *patch, vd_lint_finding *out)
{
    vd_lint_edit *edit;
    vd_lint_fix  *fix;

    if (patch->length == 0 && patch->text.n == 0)
        return true;
    edit = vd_arena_new(&run->report->arena, vd_lint_edit);
    fix = vd_arena_new(&run->report->arena, vd_lint_fix);
    if (!edit || !fix || !vd_arena_dup(&run->report->arena, &edit->text, patch->text))
        return false;
    edit->start = patch->offset;
    edit->end = patch->offset + patch->length;
    *fix = (vd_lint_fix){ .kind = out->rule->fix, .title = out->hint, .edits = edit, .edit_count = 1 };
    out->fixes = fix;
    out->fix_count = 1;
    return true;
}
