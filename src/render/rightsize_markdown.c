/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies made smaller, as the text of a pull request.
 */
#include "base/calendar.h"
#include "base/str.h"
#include "render/escape.h"
#include "render/rightsize.h"

enum { MOST_NAMES = 12 };

static void put_words(vd_buf *out, vd_buf *words)
{
    vd_put_markdown(out, vd_buf_str(words));
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_removed(vd_buf *out, const vd_rightsize_result *r)
{
    if (!r->removed_count)
        return;
    vd_buf_add(out, VD_S("### What goes\n\n| policy | actions | why | last use |\n| --- | --- | --- | --- |\n"));
    for (size_t i = 0; i < r->removed_count; i++) {
        const vd_rightsize_removed *x = &r->removed[i];
        vd_buf                      words = vd_buf_on(out->alloc, 0);

        vd_buf_add(out, VD_S("| "));
        vd_put_code(out, x->policy, true);
        if (x->sid.n) {
            vd_buf_byte(out, ' ');
            vd_put_code(out, x->sid, true);
        }
        vd_buf_add(out, VD_S(" | "));
        vd_put_removed(&words, x, MOST_NAMES);
        vd_put_code(out, vd_buf_str(&words), true);
        vd_buf_add(out, VD_S(" | "));
        vd_put_markdown(out, x->reason);
        vd_buf_add(out, VD_S(" | "));
        if (x->last)
            vd_put_day(out, x->last);
        else
            vd_buf_add(out, VD_S("never seen"));
        vd_buf_add(out, VD_S(" |\n"));
        out->failed |= words.failed;
        vd_buf_done(&words);
    }
    vd_buf_byte(out, '\n');
}

static void put_unseen(void *user, vd_str reason, const vd_texts_list *actions)
{
    vd_buf *out = user, words = vd_buf_on(out->alloc, 0);

    vd_buf_add(out, VD_S("- "));
    vd_put_few(&words, actions, MOST_NAMES);
    vd_put_code(out, vd_buf_str(&words), false);
    out->failed |= words.failed;
    vd_buf_done(&words);
    vd_buf_add(out, VD_S(": "));
    vd_put_markdown(out, reason);
    vd_buf_byte(out, '\n');
}

static void put_documents(vd_buf *out, const vd_rightsize_result *r)
{
    for (size_t i = 0; i < r->document_count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_buf_add(out, VD_S("- "));
        vd_put_code(out, r->documents[i].arn.n ? r->documents[i].arn : r->documents[i].name, false);
        vd_buf_byte(out, ' ');
        vd_put_document_fate(&words, &r->documents[i], r->too_large);
        put_words(out, &words);
        vd_buf_byte(out, '\n');
    }
    vd_buf_byte(out, '\n');
}

static void put_steps(vd_buf *out, const vd_rightsize_result *r)
{
    if (r->step_count < 2 && !r->too_large)
        return;
    vd_buf_add(out, VD_S("### To stay within the quotas\n\n"));
    for (size_t i = 0; i < r->step_count; i++) {
        const vd_rightsize_step *s = &r->steps[i];
        vd_buf                   words = vd_buf_on(out->alloc, 0);

        vd_buf_printf(&words, VD_F ": ", VD_A(s->looser.n ? s->looser : VD_S("as it was asked for")));
        vd_put_step_size(&words, s);
        vd_buf_add(out, VD_S("- "));
        put_words(out, &words);
        vd_buf_byte(out, '\n');
        for (size_t k = 0; k < s->extra_count && k < MOST_NAMES; k++) {
            words = vd_buf_on(out->alloc, 0);
            vd_put_extra(&words, &s->extra[k], MOST_NAMES);
            vd_buf_add(out, VD_S("  - granted again: "));
            vd_put_code(out, vd_buf_str(&words), false);
            vd_buf_byte(out, '\n');
            out->failed |= words.failed;
            vd_buf_done(&words);
        }
        if (s->extra_count > MOST_NAMES)
            vd_buf_printf(out, "  - and %zu more\n", s->extra_count - MOST_NAMES);
    }
    vd_buf_byte(out, '\n');
}

static void put_list(vd_buf *out, const char *title, const vd_str *at, size_t count)
{
    if (!count)
        return;
    vd_buf_printf(out, "### %s\n\n", title);
    for (size_t i = 0; i < count; i++) {
        vd_buf_add(out, VD_S("- "));
        vd_put_markdown(out, at[i]);
        vd_buf_byte(out, '\n');
    }
    vd_buf_byte(out, '\n');
}

static void put_keep(vd_buf *out, const vd_rightsize_job *job)
{
    if (!job->keep_count)
        return;
    vd_buf_add(out, VD_S("### What is kept whatever was seen\n\n"));
    for (size_t i = 0; i < job->keep_count; i++) {
        vd_buf_add(out, VD_S("- "));
        vd_put_code(out, job->keep[i].actions, false);
        vd_buf_add(out, VD_S(": "));
        vd_put_markdown(out, job->keep[i].reason);
        if (job->keep[i].until) {
            vd_buf_add(out, VD_S(", until "));
            vd_put_day(out, job->keep[i].until);
        }
        vd_buf_byte(out, '\n');
    }
    vd_buf_byte(out, '\n');
}

static void put_head(vd_buf *out, const vd_rightsize_job *job)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_put_marker(out, "rightsize", job->proof.comment_tag);
    vd_buf_add(out, VD_S("## Least privilege for "));
    vd_put_code(out, job->target, false);
    vd_buf_add(out, VD_S("\n\n"));
    vd_put_rightsize_summary(&words, job);
    vd_buf_printf(&words, ". Mode %s, by what was used from ", job->mode);
    vd_put_day(&words, job->coverage->from);
    vd_buf_add(&words, VD_S(" to "));
    vd_put_day(&words, job->coverage->to - 1);
    vd_buf_add(&words, VD_S(". What is done less often than that is not seen."));
    put_words(out, &words);
    vd_buf_add(out, VD_S("\n\n"));
}

vd_code vd_render_rightsize_markdown(vd_buf *out, const vd_look *look, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;
    vd_buf                     words = vd_buf_on(out->alloc, 0);

    VD_UNUSED(look);
    put_head(out, job);
    put_documents(out, r);
    put_removed(out, r);
    put_steps(out, r);
    if (r->kept_blind) {
        vd_buf_add(out, VD_S("### What stays, though nobody can see whether it is used\n\n"));
        out->failed |= !vd_each_unseen(r, put_unseen, out);
        vd_buf_byte(out, '\n');
    }
    put_keep(out, job);
    put_list(out, "Conditions to think about", r->suggestions.at, r->suggestions.count);
    put_list(out, "Said on the command line", r->overrides, r->override_count);
    if (r->since.asked) {
        vd_buf since = vd_buf_on(out->alloc, 0);

        vd_put_since(&since, &r->since, MOST_NAMES);
        vd_buf_add(out, VD_S("### Since the last time\n\n"));
        put_words(out, &since);
        vd_buf_add(out, VD_S(".\n\n"));
    }
    if (r->aws.asked) {
        vd_buf aws = vd_buf_on(out->alloc, 0);

        vd_put_aws(&aws, &r->aws, MOST_NAMES);
        vd_buf_add(out, VD_S("### What AWS recommends\n\n"));
        put_words(out, &aws);
        vd_buf_add(out, VD_S(".\n\n"));
    }
    if (r->smaller) {
        vd_buf_add(out, VD_S("### Proof\n\n"));
        vd_put_rightsize_proof(&words, r);
        vd_put_markdown(out, vd_buf_str(&words));
        vd_buf_add(out, VD_S(".\n\n### To go back\n\nMake the version before the default one again, or put the old document in its "
                             "place. What was taken away is a policy of its own (`--restore FILE`): attach it to give all of it back.\n"));
    }
    out->failed |= words.failed;
    vd_buf_done(&words);
    return out->failed ? VD_ENOMEM : VD_OK;
}
