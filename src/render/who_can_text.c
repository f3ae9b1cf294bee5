/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can, for people: a line for each principal, under it through what, and what it takes.
 */
#include "base/str.h"
#include "render/reach.h"

enum { INDENT = 6, MOST_NAMES = 4, MOST_STATEMENTS = 4 };

/* What gives it; what merely lets it through is told with --verbose. */
static bool is_told(const vd_who_can_job *job, const vd_statement_info *s)
{
    return job->proof.verbose || (s->layer != VD_LAYER_SCP && s->layer != VD_LAYER_BOUNDARY);
}

static void put_statements(vd_buf *out, const vd_look *look, const vd_who_can_job *job, const vd_reacher *r)
{
    size_t told = 0, more = 0;

    for (size_t i = 0; i < r->granting_count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        if (!is_told(job, &r->granting[i]))
            continue;
        if (told == MOST_STATEMENTS && !job->proof.verbose) {
            more++;
            continue;
        }
        told++;
        if (r->granting[i].layer != VD_LAYER_NONE)
            vd_buf_printf(&words, "%s: ", vd_layer_name(r->granting[i].layer));
        vd_put_place(&words, &r->granting[i]);
        vd_put_note(out, look, INDENT, "by ", &words);
    }
    if (more) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_buf_printf(&words, "%zu more", more);
        vd_put_note(out, look, INDENT, "and ", &words);
    }
}

static void put_reacher(vd_buf *out, const vd_look *look, const vd_who_can_job *job, const vd_reacher *r)
{
    vd_buf head = vd_buf_on(out->alloc, 0), words;

    vd_look_tone(out, look, r->always ? VD_TONE_BAD : VD_TONE_CARE);
    vd_buf_add(out, r->always ? VD_S("always      ") : VD_S("conditional "));
    vd_look_tone(out, look, VD_TONE_STRONG);
    if (r->account.n == 0 && strcmp(r->kind, "service") != 0)
        vd_buf_printf(&head, "%s ", r->kind);
    vd_buf_printf(&head, VD_F " ", VD_A(r->principal));
    vd_put_few(&head, job->proof.verbose ? &r->actions : &r->patterns, job->proof.verbose ? SIZE_MAX / 2 : MOST_NAMES);
    vd_look_wrap(out, look, 12, INDENT, vd_buf_str(&head));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    vd_buf_done(&head);
    put_statements(out, look, job, r);
    if (r->require_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_required_list(&words, r->requirements, r->require_count);
        vd_put_note(out, look, INDENT, "only with ", &words);
    }
    if (r->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, r->flags);
        vd_put_note(out, look, INDENT, "note: ", &words);
    }
    if (r->witness && job->proof.verbose)
        vd_put_witness_lines(out, look, INDENT, r->witness);
}

static void put_skipped(vd_buf *out, const vd_look *look, const vd_who_can_job *job)
{
    for (uint32_t i = 0; i < job->skipped_count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_look_put(out, look, VD_TONE_CARE, VD_S("undecided   "));
        vd_buf_printf(&words, VD_F ": " VD_F, VD_A(job->skipped[i].principal), VD_A(job->skipped[i].why));
        vd_look_wrap(out, look, 12, INDENT, vd_buf_str(&words));
        vd_buf_byte(out, '\n');
        out->failed |= words.failed;
        vd_buf_done(&words);
    }
}

static void put_via(vd_buf *out, const vd_look *look, const vd_route *r)
{
    vd_buf head = vd_buf_on(out->alloc, 0), words = vd_buf_on(out->alloc, 0);

    vd_look_put(out, look, VD_TONE_CARE, vd_route_is_potential(r->flags) ? VD_S("perhaps via ") : VD_S("via         "));
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_put_route_who(&head, &r->from);
    vd_look_wrap(out, look, 12, INDENT, vd_buf_str(&head));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    out->failed |= head.failed;
    vd_buf_done(&head);
    vd_put_route_chain(&words, r);
    vd_put_note(out, look, INDENT, "by ", &words);
    if (r->require_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_required_list(&words, r->requirements, r->require_count);
        vd_put_note(out, look, INDENT, "only with ", &words);
    }
    if (r->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, r->flags);
        vd_put_note(out, look, INDENT, "note: ", &words);
    }
}

vd_code vd_render_who_can_text(vd_buf *out, const vd_look *look, const vd_who_can_job *job)
{
    const vd_who_can_summary *s = &job->summary;

    if (job->proof.quiet || (job->proof.error_count && !job->count))
        return VD_OK;
    for (uint32_t i = 0; i < job->count; i++)
        put_reacher(out, look, job, job->at[i]);
    for (uint32_t i = 0; i < job->via_count; i++)
        put_via(out, look, job->via[i]);
    put_skipped(out, look, job);
    if (s->answer == VD_UNSAT) {
        vd_buf_printf(out, "nobody can " VD_F " on " VD_F "\n", VD_A(job->action), VD_A(job->resource));
        return out->failed ? VD_ENOMEM : VD_OK;
    }
    vd_buf_printf(out, "%u principal%s of the snapshot can, and %u finding%s of outsiders", s->principals, s->principals == 1 ? "" : "s",
                  s->outsiders, s->outsiders == 1 ? "" : "s");
    if (job->via_asked)
        vd_buf_printf(out, "; %u more by becoming somebody else", job->via_count);
    if (s->skipped)
        vd_buf_printf(out, "; %u undecided", s->skipped);
    vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}
