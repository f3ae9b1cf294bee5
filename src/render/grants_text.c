/* SPDX-License-Identifier: Apache-2.0
 *
 * What is granted, for people: one line a pair of action and resource, with the statement and a request.
 */
#include "base/str.h"
#include "render/proof.h"

enum { INDENT = 6, MOST_NAMES = 8 };

bool vd_grant_is_open(const vd_grant *g)
{
    return (g->flags & VD_FLAG_BUDGET) && !g->witness;
}

bool vd_grant_counts(const vd_grant *g)
{
    return !vd_grant_is_open(g) && !(g->flags & VD_FLAG_OFF_CATALOGUE);
}

vd_answer vd_grants_answer(const vd_grants_job *job)
{
    vd_answer answer = VD_UNSAT;

    for (uint32_t i = 0; i < job->count; i++) {
        for (uint32_t k = 0; k < job->at[i].count; k++)
            if (vd_grant_counts(job->at[i].at[k]))
                return VD_SAT;
        if (job->at[i].failed || job->at[i].summary.undecided || job->at[i].summary.answer == VD_UNKNOWN)
            answer = VD_UNKNOWN;
    }
    return answer;
}

static void put_grant(vd_buf *out, const vd_look *look, const vd_grants_job *job, const vd_granted *of, const vd_grant *g)
{
    vd_buf head = vd_buf_on(out->alloc, 0), words;

    vd_look_tone(out, look, vd_grant_counts(g) ? VD_TONE_BAD : VD_TONE_CARE);
    vd_buf_add(out, vd_grant_is_open(g) ? VD_S("undecided ") : VD_S("granted "));
    vd_look_tone(out, look, VD_TONE_STRONG);
    if (g->actions.count > 1)
        vd_put_few(&head, &g->actions, job->proof.verbose ? SIZE_MAX / 2 : MOST_NAMES);
    else
        vd_buf_add(&head, g->action);
    if (g->resource.n)
        vd_buf_printf(&head, " on " VD_F, VD_A(g->resource));
    if (of->by_name)
        vd_buf_printf(&head, " %s " VD_F, of->of_resource ? "by the policy of" : "to", VD_A(of->name));
    vd_look_wrap(out, look, vd_grant_is_open(g) ? 10 : 8, INDENT, vd_buf_str(&head));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    vd_buf_done(&head);
    for (size_t i = 0; i < g->granting_count && (job->proof.verbose || i < 3); i++) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_place(&words, &g->granting[i]);
        vd_put_note(out, look, INDENT, "by ", &words);
    }
    if (g->require_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_required_list(&words, g->requirements, g->require_count);
        vd_put_note(out, look, INDENT, "only with ", &words);
    }
    if (g->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, g->flags);
        vd_put_note(out, look, INDENT, "note: ", &words);
    }
    if (g->witness)
        vd_put_witness_lines(out, look, INDENT, g->witness);
}

vd_code vd_render_grants_text(vd_buf *out, const vd_look *look, const vd_grants_job *job)
{
    vd_answer answer = vd_grants_answer(job);
    uint32_t  asked = 0, undecided = 0, doubtful = 0;

    if (job->proof.quiet)
        return VD_OK;
    for (uint32_t i = 0; i < job->count; i++) {
        asked += job->at[i].summary.asked;
        undecided += job->at[i].summary.undecided;
        for (uint32_t k = 0; k < job->at[i].count; k++)
            if (job->proof.verbose || !(job->at[i].at[k]->flags & VD_FLAG_OFF_CATALOGUE))
                put_grant(out, look, job, &job->at[i], job->at[i].at[k]);
            else
                doubtful++;
    }
    if (answer == VD_UNSAT && job->count)
        vd_look_put(out, look, VD_TONE_GOOD, VD_S("not granted"));
    if (answer == VD_UNSAT && job->count)
        vd_buf_byte(out, '\n');
    if (doubtful)
        vd_buf_printf(out, "%u more only if the catalogue is wrong about what an action works on; --verbose shows them\n", doubtful);
    if (undecided) {
        vd_look_tone(out, look, VD_TONE_CARE);
        vd_buf_printf(out, "%u of %u pairs undecided within the budget; --budget allows more work\n", undecided, asked);
        vd_look_tone(out, look, VD_TONE_PLAIN);
    }
    return out->failed ? VD_ENOMEM : VD_OK;
}
