/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths for a comment or a page: a section each, its steps numbered.
 */
#include "render/escape.h"
#include "render/paths.h"

#include "base/str.h"

enum { MOST_ROUTES = 50 };

static void take(vd_buf *out, vd_buf *words)
{
    vd_put_markdown(out, vd_buf_str(words));
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_step(vd_buf *out, const vd_route_step *s, size_t number)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "%zu. ", number);
    vd_put_code(out, s->technique, false);
    vd_buf_add(&words, vd_route_is_potential(s->flags) ? VD_S(" perhaps to ") : VD_S(" to "));
    vd_put_route_key(&words, &s->becomes);
    take(out, &words);
    vd_buf_byte(out, '\n');
    for (size_t i = 0; i < s->call_count; i++) {
        words = vd_buf_on(out->alloc, 0);
        vd_buf_add(out, VD_S("   - "));
        vd_put_code(out, s->calls[i].action, false);
        if (s->calls[i].resource.n)
            vd_buf_printf(&words, " on " VD_F, VD_A(s->calls[i].resource));
        if (s->calls[i].granting_count) {
            vd_buf_add(&words, VD_S(", by "));
            vd_put_place(&words, &s->calls[i].granting[0]);
        }
        take(out, &words);
        vd_buf_byte(out, '\n');
    }
    for (size_t i = 0; i < s->fact_count; i++) {
        words = vd_buf_on(out->alloc, 0);
        vd_buf_add(out, s->facts[i].certain == VD_CERTAIN_YES ? VD_S("   - ") : VD_S("   - if "));
        vd_buf_add(&words, s->facts[i].text);
        take(out, &words);
        vd_buf_byte(out, '\n');
    }
}

static void put_route(vd_buf *out, const vd_route *r)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "### %s: ", vd_access_name(r->severity));
    vd_put_route(&words, r);
    take(out, &words);
    vd_buf_add(out, VD_S("\n\n"));
    for (size_t i = 0; i < r->step_count; i++)
        put_step(out, &r->steps[i], i + 1);
    if (r->require_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_buf_add(&words, VD_S("only with "));
        vd_put_required_list(&words, r->requirements, r->require_count);
        vd_buf_byte(out, '\n');
        take(out, &words);
        vd_buf_byte(out, '\n');
    }
    vd_buf_byte(out, '\n');
}

static bool put_groups(vd_buf *out, const vd_paths_job *job)
{
    vd_arena        arena = vd_arena_on(out->alloc, 0);
    vd_route_group *groups = NULL;
    uint32_t        count = 0;
    bool            ok = vd_route_groups_make(&arena, job, &groups, &count);

    if (ok)
        vd_buf_add(out, VD_S("| paths | of them potential | techniques |\n| ---: | ---: | --- |\n"));
    for (uint32_t i = 0; ok && i < count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_buf_printf(out, "| %u | %u | ", groups[i].count, groups[i].potential);
        vd_put_route_techniques(&words, groups[i].first);
        take(out, &words);
        vd_buf_add(out, VD_S(" |\n"));
    }
    vd_buf_byte(out, '\n');
    vd_arena_done(&arena);
    return ok;
}

vd_code vd_render_paths_markdown(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    static const char *const heads[] = { "There is a path", "No path", "Undecided" };

    VD_UNUSED(look);
    vd_put_marker(out, "paths", job->proof.comment_tag);
    vd_buf_printf(out, "**%s**\n\n", job->count ? heads[0] : heads[vd_paths_answer(job)]);
    if (job->count > VD_MANY_ROUTES && !put_groups(out, job))
        return VD_ENOMEM;
    for (uint32_t i = 0; i < job->count && i < MOST_ROUTES; i++)
        put_route(out, job->at[i]);
    if (job->count > MOST_ROUTES)
        vd_buf_printf(out, "and %u more\n", job->count - MOST_ROUTES);
    if (job->cut) {
        vd_buf_add(out, VD_S("**"));
        vd_put_cut(out, job->cut);
        vd_buf_add(out, VD_S("**\n\n"));
        for (size_t i = 0; i < job->cut->count; i++) {
            vd_buf words = vd_buf_on(out->alloc, 0);

            vd_buf_add(out, VD_S("- "));
            vd_put_place(&words, &job->cut->statements[i]);
            vd_put_cut_holders(&words, job->cut, i);
            take(out, &words);
            vd_buf_byte(out, '\n');
        }
    }
    return out->failed ? VD_ENOMEM : VD_OK;
}
