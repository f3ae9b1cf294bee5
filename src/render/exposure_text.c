/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure for people: one line a finding, the witness below it, then one line that counts.
 */
#include "base/str.h"
#include "render/proof.h"
#include "render/render.h"

enum { INDENT = 6 };

static vd_tone tone_of(int32_t severity)
{
    return severity >= VD_ACCESS_HIGH ? VD_TONE_BAD : severity >= VD_ACCESS_LOW ? VD_TONE_CARE : VD_TONE_MARK;
}

static void put_head(vd_buf *out, const vd_look *look, const vd_exposed_row *row)
{
    const vd_exposed *x = row->finding;
    vd_buf words = vd_buf_on(out->alloc, 0), place = vd_buf_on(out->alloc, 0);
    vd_pos at = { 0 };

    if (x->source_count)
        at = x->sources[0].statement.at;
    if (at.file.n)
        vd_render_at(&place, at);
    else
        vd_buf_add(&place, row->file.n ? row->file : x->resource);
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_look_safe(out, vd_buf_str(&place));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_add(out, VD_S(": "));
    vd_look_tone(out, look, tone_of(x->severity));
    vd_buf_printf(out, "%s[exposure-%s]:", vd_access_name(x->severity), vd_exposed_name(x->exposed));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, ' ');
    if (x->change != VD_CHANGE_NONE)
        vd_buf_printf(&words, "%s: ", vd_change_name(x->change));
    vd_put_exposed(&words, x);
    vd_look_safe(out, vd_buf_str(&words));
    vd_buf_byte(out, '\n');
    out->failed |= words.failed || place.failed;
    vd_buf_done(&words);
    vd_buf_done(&place);
}

static void put_required(vd_buf *out, const vd_look *look, const vd_exposed *x)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (x->require_count == 0)
        return;
    vd_put_required_list(&words, x->requirements, x->require_count);
    vd_put_note(out, look, INDENT, "only with ", &words);
}

static void put_flags(vd_buf *out, const vd_look *look, const vd_exposed *x)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_put_exposed_flags(&words, x);
    if (x->readings)
        vd_buf_printf(&words, " (%s)", x->only_otherwise ? "only if that rule is read otherwise" : "not if that rule is read otherwise");
    if (x->source_of_service)
        vd_buf_printf(&words, "%ssource %s", words.n ? ", " : "", x->source_of_service);
    if (x->counts.n)
        vd_buf_printf(&words, "%s" VD_F, words.n ? ", " : "", VD_A(x->counts));
    if (words.n)
        vd_put_note(out, look, INDENT, "note: ", &words);
    else
        vd_buf_done(&words);
}

/* With -v: everything that led to it. */
static void put_more(vd_buf *out, const vd_look *look, const vd_exposed *x)
{
    vd_buf words;

    for (size_t i = 0; i < x->source_count; i++) {
        words = vd_buf_on(out->alloc, 0);
        if (x->sources[i].statement.policy.n)
            vd_put_place(&words, &x->sources[i].statement);
        vd_buf_printf(&words, "%s" VD_F " (%s)", words.n ? " " : "", VD_A(x->sources[i].text), x->sources[i].type);
        vd_put_note(out, look, INDENT, "by ", &words);
    }
    for (size_t i = 0; i < x->shaped_count; i++) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_place(&words, &x->shaped_by[i]);
        vd_put_note(out, look, INDENT, "shaped by ", &words);
    }
    words = vd_buf_on(out->alloc, 0);
    for (size_t i = 0; i < x->layer_count; i++)
        vd_buf_printf(&words, "%s%s %s", i ? ", " : "", x->layers[i].layer, x->layers[i].state);
    if (words.n)
        vd_put_note(out, look, INDENT, "layers: ", &words);
    else
        vd_buf_done(&words);
    words = vd_buf_on(out->alloc, 0);
    vd_buf_printf(&words, VD_F " (" VD_F "%s" VD_F ")%s, " VD_F, VD_A(x->resource), VD_A(x->resource_type),
                  x->resource_type.n && x->resource_account.n ? " of " : "", VD_A(x->resource_account),
                  x->inferred ? ", inferred" : "", VD_A(x->id));
    vd_put_note(out, look, INDENT, "of ", &words);
}

static void put_s3_status(vd_buf *out, const vd_exposure_job *job)
{
    for (uint32_t i = 0; i < job->s3_count; i++) {
        if (!job->s3_status[i])
            continue;
        vd_look_safe(out, job->s3_names[i]);
        vd_buf_printf(out, ": S3 calls its policy %s\n", job->s3_status[i]);
    }
}

vd_code vd_render_exposure_text(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_buf summary = vd_buf_on(out->alloc, 0);
    bool   leaves = vd_exposure_leaves_odd(job);

    for (uint32_t i = 0; !job->proof.quiet && i < job->count; i++) {
        const vd_exposed *x = job->at[i].finding;

        if (!vd_exposed_is_shown(&job->at[i]) || (leaves && vd_exposed_is_odd(&job->at[i])))
            continue;
        put_head(out, look, &job->at[i]);
        if (x->change == VD_CHANGE_RESOLVED || (x->change == VD_CHANGE_UNCHANGED && !job->proof.verbose))
            continue;
        put_required(out, look, x);
        put_flags(out, look, x);
        if (job->proof.verbose)
            put_more(out, look, x);
        if (x->witness)
            vd_put_witness_lines(out, look, INDENT, x->witness);
    }
    put_s3_status(out, job);
    vd_put_exposure_summary(&summary, job);
    vd_look_safe(out, vd_buf_str(&summary));
    vd_buf_byte(out, '\n');
    out->failed |= summary.failed;
    vd_buf_done(&summary);
    return out->failed ? VD_ENOMEM : VD_OK;
}
