/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody can, for people: actions by their resources and conditions, then what is held and of no use.
 */
#include "base/str.h"
#include "render/reach.h"

enum { INDENT = 6, MOST_NAMES = 6, MOST_RESOURCES = 4 };

const vd_what_can_format vd_what_can_formats[] = {
    { "text", vd_render_what_can_text },
    { "json", vd_render_what_can_json },
    { "policy", vd_render_what_can_policy },
};
const size_t vd_what_can_format_count = VD_COUNT(vd_what_can_formats);

static void put_list(vd_buf *out, const vd_look *look, const char *lead, const vd_texts_list *list, size_t most)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_put_few(&words, list, most);
    vd_put_note(out, look, INDENT, lead, &words);
}

static void put_statements(vd_buf *out, const vd_look *look, const char *lead, const vd_statement_info *at, size_t count, bool all)
{
    for (size_t i = 0; i < count && (all || i < 3); i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        if (at[i].layer != VD_LAYER_NONE)
            vd_buf_printf(&words, "%s: ", vd_layer_name(at[i].layer));
        vd_put_place(&words, &at[i]);
        vd_put_note(out, look, INDENT, lead, &words);
    }
}

static void put_permission(vd_buf *out, const vd_look *look, const vd_what_can_job *job, const vd_permission *p)
{
    size_t most = job->proof.verbose ? SIZE_MAX / 2 : MOST_NAMES;
    vd_buf head = vd_buf_on(out->alloc, 0), words;

    vd_look_tone(out, look, p->always ? VD_TONE_BAD : VD_TONE_CARE);
    vd_buf_add(out, p->always ? VD_S("always      ") : VD_S("conditional "));
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_put_few(&head, job->proof.verbose ? &p->actions : &p->patterns, most);
    vd_look_wrap(out, look, 12, INDENT, vd_buf_str(&head));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    out->failed |= head.failed;
    vd_buf_done(&head);
    put_list(out, look, p->resources.count ? "on " : "on all but ", p->resources.count ? &p->resources : &p->not_resources,
             job->proof.verbose ? SIZE_MAX / 2 : MOST_RESOURCES);
    if (p->condition_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_required_list(&words, p->conditions, p->condition_count);
        vd_put_note(out, look, INDENT, "only with ", &words);
    }
    put_statements(out, look, "by ", p->granting, p->granting_count, job->proof.verbose);
    put_statements(out, look, "except ", p->denied_by, p->denied_count, job->proof.verbose);
    if (p->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, p->flags);
        vd_put_note(out, look, INDENT, "note: ", &words);
    }
    if (p->witness && job->proof.verbose)
        vd_put_witness_lines(out, look, INDENT, p->witness);
}

static void put_blocked(vd_buf *out, const vd_look *look, const vd_what_can_job *job, const vd_blocked *b)
{
    vd_buf head = vd_buf_on(out->alloc, 0);

    vd_look_put(out, look, VD_TONE_GOOD, VD_S("blocked     "));
    vd_put_few(&head, job->proof.verbose ? &b->actions : &b->patterns, job->proof.verbose ? SIZE_MAX / 2 : MOST_NAMES);
    if (b->layer == VD_LAYER_NONE)
        vd_buf_add(&head, VD_S(" by several layers together"));
    else if (b->layer == VD_LAYER_IDENTITY)
        vd_buf_add(&head, b->deny_count ? VD_S(" by what it holds itself") : VD_S(" by a rule of AWS, or by conditions that exclude each other"));
    else
        vd_buf_printf(&head, " by %s%s", vd_layer_name(b->layer), b->deny_count ? "" : ", which does not allow it");
    vd_look_wrap(out, look, 12, INDENT, vd_buf_str(&head));
    vd_buf_byte(out, '\n');
    out->failed |= head.failed;
    vd_buf_done(&head);
    put_statements(out, look, "denied by ", b->denies, b->deny_count, job->proof.verbose);
}

vd_code vd_render_what_can_text(vd_buf *out, const vd_look *look, const vd_what_can_job *job)
{
    if (job->proof.quiet)
        return VD_OK;
    for (uint32_t i = 0; i < job->count; i++)
        put_permission(out, look, job, job->at[i]);
    for (uint32_t i = 0; i < job->blocked_count; i++)
        put_blocked(out, look, job, job->blocked[i]);
    if (job->count == 0)
        vd_buf_printf(out, VD_F " can do nothing%s\n", VD_A(job->principal),
                      job->filtered ? " of what was asked for" : " by what it holds or what resources give it");
    if (job->summary.admin == VD_SAT)
        vd_buf_printf(out, VD_F " is an administrator: everything in iam is allowed\n", VD_A(job->principal));
    if (job->summary.undecided)
        vd_buf_printf(out, "%u undecided\n", job->summary.undecided);
    return out->failed ? VD_ENOMEM : VD_OK;
}

/* One document and nothing else. */
vd_code vd_render_what_can_policy(vd_buf *out, const vd_look *look, const vd_what_can_job *job)
{
    VD_UNUSED(look);
    vd_buf_add(out, job->summary.policy);
    if (job->summary.policy.n && job->summary.policy.p[job->summary.policy.n - 1] != '\n')
        vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}
