/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths for people: a line for each, then its steps with what allows every call.
 */
#include "render/paths.h"

#include "base/str.h"

enum { INDENT = 6, DEEPER = 9, MOST_STATEMENTS = 2, MOST_GROUPS = 15 };

static void note(vd_buf *out, const vd_look *look, const char *lead, vd_buf *words)
{
    vd_put_note(out, look, DEEPER, lead, words);
}

static void put_call(vd_buf *out, const vd_look *look, const vd_paths_job *job, const vd_route_step *s, const vd_route_call *c)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_add(&words, c->action);
    if (c->resource.n)
        vd_buf_printf(&words, " on " VD_F, VD_A(c->resource));
    if (c->caller > 0 && c->caller < s->caller_count && !vd_str_eq(s->callers[c->caller].arn, s->callers[0].arn)) {
        vd_buf_add(&words, VD_S(" as "));
        vd_put_route_key(&words, &s->callers[c->caller]);
    }
    for (size_t i = 0; i < c->granting_count && (job->proof.verbose || i < MOST_STATEMENTS); i++) {
        vd_buf_add(&words, i ? VD_S(" and ") : VD_S(", by "));
        vd_put_place(&words, &c->granting[i]);
    }
    note(out, look, "calls ", &words);
    if (job->proof.verbose && c->witness)
        vd_put_witness_lines(out, look, DEEPER, c->witness);
}

static void put_step(vd_buf *out, const vd_look *look, const vd_paths_job *job, const vd_route_step *s, size_t number)
{
    vd_buf head = vd_buf_on(out->alloc, 0);

    vd_buf_printf(&head, "%zu. ", number);
    vd_buf_add(&head, s->technique);
    vd_buf_add(&head, VD_S(": "));
    vd_put_route_key(&head, &s->callers[0]);
    vd_buf_add(&head, vd_route_is_potential(s->flags) ? VD_S(" may become ") : VD_S(" becomes "));
    vd_put_route_key(&head, &s->becomes);
    vd_look_pad(out, INDENT);
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_look_wrap(out, look, INDENT, DEEPER, vd_buf_str(&head));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    vd_buf_done(&head);
    for (size_t i = 0; i < s->call_count; i++)
        put_call(out, look, job, s, &s->calls[i]);
    for (size_t i = 0; i < s->fact_count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_buf_add(&words, s->facts[i].text);
        note(out, look, s->facts[i].certain == VD_CERTAIN_YES ? "fact " : "if ", &words);
    }
    if (s->undo.n && job->proof.verbose) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_buf_add(&words, s->undo);
        note(out, look, "undone by: ", &words);
    }
}

static void put_route(vd_buf *out, const vd_look *look, const vd_paths_job *job, const vd_route *r)
{
    vd_buf head = vd_buf_on(out->alloc, 0), words;

    vd_look_tone(out, look, r->severity >= VD_ACCESS_MEDIUM ? VD_TONE_BAD : VD_TONE_CARE);
    vd_buf_printf(out, "%-6s ", vd_access_name(r->severity));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_put_route(&head, r);
    vd_look_wrap(out, look, 7, INDENT, vd_buf_str(&head));
    vd_buf_byte(out, '\n');
    vd_buf_done(&head);
    for (size_t i = 0; i < r->step_count; i++)
        put_step(out, look, job, &r->steps[i], i + 1);
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

static void put_cut(vd_buf *out, const vd_look *look, const vd_route_cut *cut)
{
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_put_cut(out, cut);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    for (size_t i = 0; i < cut->count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_put_place(&words, &cut->statements[i]);
        vd_put_cut_holders(&words, cut, i);
        vd_put_note(out, look, INDENT, "", &words);
    }
}

/* What a screen can hold of many paths: it comes last, where the eye is. */
static bool put_groups(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    vd_arena        arena = vd_arena_on(out->alloc, 0);
    vd_route_group *groups = NULL;
    uint32_t        count = 0, rest = 0;
    bool            ok = vd_route_groups_make(&arena, job, &groups, &count);

    if (ok) {
        vd_look_put(out, look, VD_TONE_STRONG, VD_S("paths by their techniques:"));
        vd_buf_byte(out, '\n');
    }
    for (uint32_t i = 0; ok && i < count; i++) {
        if (i >= MOST_GROUPS) {
            rest += groups[i].count;
            continue;
        }
        vd_buf_printf(out, "%6u  ", groups[i].count);
        vd_put_route_techniques(out, groups[i].first);
        if (groups[i].potential)
            vd_buf_printf(out, " (%u potential)", groups[i].potential);
        vd_buf_byte(out, '\n');
    }
    if (rest)
        vd_buf_printf(out, "%6u  in %u other ways\n", rest, count - MOST_GROUPS);
    vd_arena_done(&arena);
    return ok;
}

vd_code vd_render_paths_text(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    const vd_paths_summary *s = &job->summary;

    if (job->proof.quiet)
        return VD_OK;
    for (uint32_t i = 0; i < job->count; i++)
        put_route(out, look, job, job->at[i]);
    if (job->cut)
        put_cut(out, look, job->cut);
    if (job->count > VD_MANY_ROUTES && !put_groups(out, look, job))
        return VD_ENOMEM;
    if (job->count == 0 && !job->failed) {
        vd_look_put(out, look, s->undecided ? VD_TONE_CARE : VD_TONE_GOOD, s->undecided ? VD_S("no path was found") : VD_S("no path"));
        vd_buf_byte(out, '\n');
    } else if (job->count) {
        vd_buf_printf(out, "%u path%s, %u of them potential; %u start%s, %u administrator%s, %u techniques\n", s->paths, s->paths == 1 ? "" : "s",
                      s->potential, s->from, s->from == 1 ? "" : "s", s->admins, s->admins == 1 ? "" : "s", s->techniques);
    }
    if (s->undecided) {
        vd_look_tone(out, look, VD_TONE_CARE);
        vd_buf_printf(out, "%u call%s undecided within the budget; --budget allows more work\n", s->undecided, s->undecided == 1 ? "" : "s");
        vd_look_tone(out, look, VD_TONE_PLAIN);
    }
    return out->failed ? VD_ENOMEM : VD_OK;
}
