/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, as a table: one line a finding.
 */
#include "base/calendar.h"
#include "base/str.h"
#include "render/csv.h"
#include "render/unused.h"

static void put_words(vd_buf *out, vd_buf *words, bool last)
{
    vd_put_csv(out, vd_buf_str(words), last);
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_list(vd_buf *out, const vd_texts_list *list)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    for (size_t i = 0; i < list->count; i++)
        vd_buf_printf(&words, "%s" VD_F, i ? " " : "", VD_A(list->at[i]));
    put_words(out, &words, false);
}

static void put_number(vd_buf *out, int64_t n)
{
    vd_buf_printf(out, "%lld,", (long long)n);
}

static void put_row(vd_buf *out, const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;
    vd_buf                   words = vd_buf_on(out->alloc, 0);

    vd_put_csv(out, f->id, false);
    vd_put_csv(out, vd_str_of(vd_unused_name(f->rule)), false);
    vd_put_csv(out, f->account, false);
    vd_put_csv(out, f->principal, false);
    vd_put_csv(out, f->policy_arn.n ? f->policy_arn : f->policy, false);
    if (f->statement.size && f->statement.sid.n)
        vd_buf_add(&words, f->statement.sid);
    else if (f->statement.size)
        vd_buf_printf(&words, "%u", f->statement.index);
    put_words(out, &words, false);
    if (f->patterns.count)
        put_list(out, &f->patterns);
    else
        vd_put_csv(out, f->item, false);
    put_list(out, &f->resources);
    vd_put_csv(out, vd_str_of(vd_state_name(f->state)), false);
    words = vd_buf_on(out->alloc, 0);
    vd_put_reasons(&words, f->reasons);
    put_words(out, &words, false);
    words = vd_buf_on(out->alloc, 0);
    if (f->last)
        vd_put_time(&words, f->last);
    put_words(out, &words, false);
    if (f->days_since >= 0)
        vd_buf_printf(out, "%d", f->days_since);
    vd_buf_byte(out, ',');
    put_number(out, (int64_t)f->count);
    put_number(out, (int64_t)f->denied);
    vd_put_csv(out, f->level == VD_LEVEL_UNKNOWN ? VD_S("") : vd_str_of(vd_level_title(f->level)), false);
    put_number(out, f->weight);
    vd_put_csv(out, f->grade == VD_GRADE_NONE ? VD_S("") : vd_str_of(vd_grade_name(f->grade)), false);
    vd_put_csv(out, (vd_str){ &f->confidence, 1 }, true);
}

vd_code vd_render_unused_csv(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    VD_UNUSED(look);
    vd_buf_add(out, VD_S("id,rule,account,principal,policy,statement,action,resource,state,reason,lastUsed,daysSince,count,denied,level,weight,"
                         "grade,confidence\r\n"));
    for (uint32_t i = 0; i < job->count; i++)
        if (!job->at[i].known || job->proof.verbose)
            put_row(out, &job->at[i]);
    return out->failed ? VD_ENOMEM : VD_OK;
}
