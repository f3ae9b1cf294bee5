/* SPDX-License-Identifier: Apache-2.0
 *
 * Files whose policies become smaller, for tools.
 */
#include "render/change.h"

#include "base/sha256.h"
#include "base/str.h"
#include "render/parts.h"

vd_code vd_render_change_diff(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count)
{
    VD_UNUSED(proof);
    for (size_t i = 0; i < count; i++)
        vd_buf_add(out, files[i].change.diff);
    return out->failed ? VD_ENOMEM : VD_OK;
}

static vd_json *patch_of(const vd_changed_file *f, uint32_t i)
{
    const vd_change_document *d = &f->change.documents[i];
    vd_json                  *o = vd_json_object();

    vd_json_set(o, "policy", vd_json_string(f->names[i]));
    vd_json_set(o, "file", vd_json_string(f->path));
    vd_json_set(o, "pointer", vd_json_string(d->pointer));
    vd_json_set(o, "review", vd_part_text_or_null(d->review));
    vd_json_set(o, "patch", vd_json_raw(d->patch));
    return o;
}

vd_code vd_render_change_patch(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count)
{
    vd_json *list = vd_json_array();
    vd_str   only = VD_S("[]\n");
    size_t   n = 0;

    VD_UNUSED(proof);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < files[i].change.count; k++) {
            const vd_change_document *d = &files[i].change.documents[k];

            if (d->absent || d->patch.n == 0)
                continue;
            vd_json_push(list, patch_of(&files[i], k));
            only = d->patch;
            n++;
        }
    if (n > 1)
        return vd_json_dump(out, list, 2);
    vd_json_drop(list);
    vd_buf_add(out, only);
    return out->failed ? VD_ENOMEM : VD_OK;
}

/* ------------------------------------------------------------------ SARIF */

static const vd_access_rule rule = {
    "policy-broader-than-use", "The policy allows more than was used",
    "What nobody uses is of use to an attacker alone. The fix makes the policy smaller: it is proved that the smaller one "
    "allows all that was seen in use and nothing that the old one does not."
};

static bool id_of(vd_arena *arena, vd_str *out, const vd_changed_file *f, uint32_t i)
{
    const vd_str  parts[] = { f->path, f->change.documents[i].container, f->change.documents[i].pointer, f->names[i] };
    vd_sha256_sum sum;
    char          hex[65];

    vd_sha256_begin(&sum);
    for (size_t k = 0; k < VD_COUNT(parts); k++) {
        vd_sha256_add(&sum, parts[k]);
        vd_sha256_add(&sum, VD_S("\n"));
    }
    vd_sha256_end(&sum, hex);
    return vd_arena_printf(arena, out, "rightsize-%.16s", hex);
}

static void add_row(vd_access_rows *rows, const vd_changed_file *f, uint32_t i)
{
    const vd_change_document *d = &f->change.documents[i];
    vd_access_row             r = { .rule = &rule, .severity = VD_ACCESS_LOW, .at = d->at, .fix = VD_S("make it smaller"),
                                    .file_text = f->text, .edits = d->edits, .edit_count = d->edit_count };
    vd_buf                    text = vd_buf_on(vd_allocator_default(), 0);

    if (d->absent || (d->edit_count == 0 && d->review.n == 0))
        return;
    r.at.file = f->path;
    vd_buf_printf(&text, "policy \"" VD_F "\" allows more than was used", VD_A(f->names[i]));
    if (d->review.n)
        vd_buf_printf(&text, d->edit_count ? "; look at its fix: " VD_F : "; it has to be changed by hand: " VD_F, VD_A(d->review));
    for (uint32_t n = 0; n < d->comment_count; n++)
        vd_buf_printf(&text, "%s" VD_F, n ? ", " : "; comments that go: ", VD_A(d->comments[n].text));
    rows->failed |= !id_of(&rows->arena, &r.id, f, i);
    vd_access_add(rows, &r, &text);
}

vd_code vd_render_change_sarif(vd_buf *out, const vd_proof *proof, const vd_changed_file *files, size_t count)
{
    vd_access_rows rows;
    vd_code        code;

    vd_access_rows_init(&rows);
    for (size_t i = 0; i < count; i++)
        for (uint32_t k = 0; k < files[i].change.count; k++)
            add_row(&rows, &files[i], k);
    code = vd_render_access_sarif(out, proof, &rows, false);
    vd_access_rows_done(&rows);
    return code;
}
