/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies made smaller, for people: what goes, what stays although nobody saw it, what was proved.
 */
#include "base/calendar.h"
#include "base/str.h"
#include "render/rightsize.h"

enum { INDENT = 6, MOST_NAMES = 8 };

typedef struct showing {
    vd_buf                 *out;
    const vd_look          *look;
    const vd_rightsize_job *job;
} showing;

static size_t most(const vd_rightsize_job *job)
{
    return job->proof.verbose ? SIZE_MAX / 2 : MOST_NAMES;
}

static void put_line(vd_buf *out, const vd_look *look, vd_tone tone, const char *lead, vd_str text)
{
    vd_look_tone(out, look, tone);
    vd_buf_add(out, vd_str_of(lead));
    vd_look_wrap(out, look, (uint32_t)strlen(lead), INDENT, text);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
}

static void put_head(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_look_safe(out, job->target);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_printf(&words, ", %s, by what was used from ", job->mode);
    vd_put_day(&words, job->coverage->from);
    vd_buf_add(&words, VD_S(" to "));
    vd_put_day(&words, job->coverage->to - 1);
    vd_buf_printf(&words, " (%lld days)\n", (long long)((job->coverage->to - job->coverage->from) / 86400));
    vd_buf_add(out, vd_buf_str(&words));
    vd_buf_done(&words);
    for (size_t i = 0; i < job->principal_count && job->principal_count > 1 && i < most(job); i++) {
        vd_buf_add(out, VD_S("  held by "));
        vd_look_safe(out, job->principals[i]);
        vd_buf_byte(out, '\n');
    }
    if (job->principal_count > most(job))
        vd_buf_printf(out, "  and by %zu more\n", job->principal_count - most(job));
}

static void put_removed(vd_buf *out, const vd_look *look, const vd_rightsize_job *job, const vd_rightsize_document *d)
{
    for (size_t i = 0; i < job->result->removed_count; i++) {
        const vd_rightsize_removed *r = &job->result->removed[i];
        vd_buf                      words = vd_buf_on(out->alloc, 0), why = vd_buf_on(out->alloc, 0);

        if (vd_str_eq(r->policy, d->name)) {
            vd_put_removed(&words, r, most(job));
            put_line(out, look, VD_TONE_GOOD, "    - ", vd_buf_str(&words));
            vd_put_removed_why(&why, r);
            if (r->sid.n)
                vd_buf_printf(&why, " (" VD_F ")", VD_A(r->sid));
            put_line(out, look, VD_TONE_FAINT, "      ", vd_buf_str(&why));
        }
        out->failed |= words.failed || why.failed;
        vd_buf_done(&words);
        vd_buf_done(&why);
    }
}

static void put_document(vd_buf *out, const vd_look *look, const vd_rightsize_job *job, const vd_rightsize_document *d)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_add(out, VD_S("\n  "));
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_look_safe(out, d->arn.n ? d->arn : d->name);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    vd_put_document_fate(&words, d, job->result->too_large);
    put_line(out, look, d->unchanged ? VD_TONE_FAINT : VD_TONE_PLAIN, "    ", vd_buf_str(&words));
    out->failed |= words.failed;
    vd_buf_done(&words);
    if (!d->unchanged)
        put_removed(out, look, job, d);
    for (size_t i = 0; d->part_count > 1 && i < d->part_count; i++)
        vd_buf_printf(out, "      " VD_F "\n", VD_A(d->part_names[i]));
}

/* How it was made to fit, or that it could not be. */
static void put_steps(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;

    if (r->step_count < 2 && !r->too_large)
        return;
    vd_buf_add(out, VD_S("\n  to stay within the quotas\n"));
    for (size_t i = 0; i < r->step_count; i++) {
        const vd_rightsize_step *s = &r->steps[i];
        vd_buf                   words = vd_buf_on(out->alloc, 0);

        vd_buf_printf(&words, VD_F ": ", VD_A(s->looser.n ? s->looser : VD_S("as it was asked for")));
        vd_put_step_size(&words, s);
        put_line(out, look, s->fits ? VD_TONE_GOOD : VD_TONE_CARE, "    ", vd_buf_str(&words));
        out->failed |= words.failed;
        vd_buf_done(&words);
        for (size_t k = 0; k < s->extra_count && k < most(job); k++) {
            words = vd_buf_on(out->alloc, 0);
            vd_put_extra(&words, &s->extra[k], most(job));
            put_line(out, look, VD_TONE_PLAIN, "      + ", vd_buf_str(&words));
            out->failed |= words.failed;
            vd_buf_done(&words);
        }
        if (s->extra_count > most(job))
            vd_buf_printf(out, "      and %zu more\n", s->extra_count - most(job));
    }
}

static void put_unseen(void *user, vd_str reason, const vd_texts_list *actions)
{
    showing *s = user;
    vd_buf   words = vd_buf_on(s->out->alloc, 0);

    vd_put_few(&words, actions, most(s->job));
    vd_buf_printf(&words, ": " VD_F, VD_A(reason));
    put_line(s->out, s->look, VD_TONE_CARE, "    ? ", vd_buf_str(&words));
    s->out->failed |= words.failed;
    vd_buf_done(&words);
}

static void put_why(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    vd_buf_add(out, VD_S("\n  what stays, and why\n"));
    for (size_t i = 0; i < job->result->why_count; i++) {
        const vd_rightsize_why *w = &job->result->why[i];
        vd_buf                  words = vd_buf_on(out->alloc, 0);

        if (!w->unseen) {
            vd_buf_printf(&words, VD_F "%s" VD_F ": " VD_F, VD_A(w->action), w->resource.n ? " on " : "", VD_A(w->resource), VD_A(w->reason));
            put_line(out, look, VD_TONE_PLAIN, "    + ", vd_buf_str(&words));
        }
        out->failed |= words.failed;
        vd_buf_done(&words);
    }
}

static void put_tail(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;
    vd_buf                     words = vd_buf_on(out->alloc, 0);

    for (size_t i = 0; i < r->override_count; i++)
        put_line(out, look, VD_TONE_CARE, i ? "        " : "\n  with  ", r->overrides[i]);
    for (size_t i = 0; i < r->suggestions.count; i++)
        put_line(out, look, VD_TONE_MARK, i ? "           " : "\n  suggested: ", r->suggestions.at[i]);
    if (r->since.asked) {
        vd_buf since = vd_buf_on(out->alloc, 0);

        vd_put_since(&since, &r->since, most(job));
        put_line(out, look, r->since.less == VD_UNSAT ? VD_TONE_PLAIN : VD_TONE_CARE, "\n  since the last time: ", vd_buf_str(&since));
        out->failed |= since.failed;
        vd_buf_done(&since);
    }
    if (r->aws.asked) {
        vd_buf aws = vd_buf_on(out->alloc, 0);

        vd_put_aws(&aws, &r->aws, most(job));
        put_line(out, look, VD_TONE_PLAIN, "\n  what AWS recommends: ", vd_buf_str(&aws));
        out->failed |= aws.failed;
        vd_buf_done(&aws);
    }
    if (r->smaller) {
        vd_put_rightsize_proof(&words, r);
        put_line(out, look, VD_TONE_GOOD, "\n  proved: ", vd_buf_str(&words));
        put_line(out, look, VD_TONE_PLAIN, "  to go back: ",
                 VD_S("make the version before the default one again, or put the old document in its place; --restore FILE writes what "
                      "was taken away"));
    }
    out->failed |= words.failed;
    vd_buf_done(&words);
}

vd_code vd_render_rightsize_text(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;
    showing                    s = { out, look, job };
    vd_buf                     words = vd_buf_on(out->alloc, 0);

    if (!job->proof.quiet) {
        put_head(out, look, job);
        for (size_t i = 0; i < r->document_count; i++)
            put_document(out, look, job, &r->documents[i]);
        put_steps(out, look, job);
        if (r->kept_blind) {
            vd_buf_add(out, VD_S("\n  stays, though nobody can see whether it is used\n"));
            if (!vd_each_unseen(r, put_unseen, &s))
                out->failed = true;
        }
        if (job->proof.verbose)
            put_why(out, look, job);
        put_tail(out, look, job);
        vd_buf_byte(out, '\n');
    }
    vd_put_rightsize_summary(&words, job);
    put_line(out, look, VD_TONE_PLAIN, "", vd_buf_str(&words));
    out->failed |= words.failed;
    vd_buf_done(&words);
    return out->failed ? VD_ENOMEM : VD_OK;
}
