/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can, as a table: one line a row.
 */
#include "base/str.h"
#include "render/csv.h"
#include "render/reach.h"

const vd_who_can_format vd_who_can_formats[] = {
    { "text", vd_render_who_can_text },
    { "json", vd_render_who_can_json },
    { "csv", vd_render_who_can_csv },
};
const size_t vd_who_can_format_count = VD_COUNT(vd_who_can_formats);

static void put_words(vd_buf *out, vd_buf *words, bool last)
{
    vd_put_csv(out, vd_buf_str(words), last);
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_row(vd_buf *out, const vd_reacher *r)
{
    vd_buf actions = vd_buf_on(out->alloc, 0), needs = vd_buf_on(out->alloc, 0), through = vd_buf_on(out->alloc, 0),
           flags = vd_buf_on(out->alloc, 0);

    vd_put_csv(out, r->principal, false);
    vd_put_csv(out, vd_str_of(r->kind), false);
    vd_put_csv(out, r->account, false);
    vd_put_csv(out, r->always ? VD_S("always") : VD_S("conditional"), false);
    for (size_t i = 0; i < r->actions.count; i++)
        vd_buf_printf(&actions, "%s" VD_F, i ? " " : "", VD_A(r->actions.at[i]));
    put_words(out, &actions, false);
    vd_put_required_list(&needs, r->requirements, r->require_count);
    put_words(out, &needs, false);
    for (size_t i = 0; i < r->granting_count; i++) {
        vd_buf_add(&through, i ? VD_S("; ") : VD_S(""));
        vd_put_place(&through, &r->granting[i]);
    }
    put_words(out, &through, false);
    vd_put_flags(&flags, r->flags);
    put_words(out, &flags, true);
}

static void put_via(vd_buf *out, const vd_who_can_job *job, const vd_route *r)
{
    vd_buf needs = vd_buf_on(out->alloc, 0), through = vd_buf_on(out->alloc, 0), flags = vd_buf_on(out->alloc, 0);

    vd_put_csv(out, r->from.arn, false);
    vd_buf_add(out, VD_S(",,via,"));
    vd_put_csv(out, job->action, false);
    vd_put_required_list(&needs, r->requirements, r->require_count);
    put_words(out, &needs, false);
    vd_put_route_chain(&through, r);
    put_words(out, &through, false);
    vd_put_flags(&flags, r->flags);
    put_words(out, &flags, true);
}

vd_code vd_render_who_can_csv(vd_buf *out, const vd_look *look, const vd_who_can_job *job)
{
    VD_UNUSED(look);
    vd_buf_add(out, VD_S("principal,kind,account,decision,actions,requires,through,flags\r\n"));
    for (uint32_t i = 0; i < job->count; i++)
        put_row(out, job->at[i]);
    for (uint32_t i = 0; i < job->via_count; i++)
        put_via(out, job, job->via[i]);
    for (uint32_t i = 0; i < job->skipped_count; i++) {
        vd_put_csv(out, job->skipped[i].principal, false);
        vd_buf_add(out, VD_S(",,undecided,,"));
        vd_put_csv(out, job->skipped[i].why, false);
        vd_buf_add(out, VD_S(",\r\n"));
    }
    return out->failed ? VD_ENOMEM : VD_OK;
}
