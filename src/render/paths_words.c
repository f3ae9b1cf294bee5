/* SPDX-License-Identifier: Apache-2.0
 *
 * What the formats of paths have in common: words, and the graph of all of them.
 */
#include "render/paths.h"

#include "base/str.h"

const vd_paths_format vd_paths_formats[] = {
    { "text", vd_render_paths_text }, { "json", vd_render_paths_json },           { "markdown", vd_render_paths_markdown },
    { "dot", vd_render_paths_dot },   { "cytoscape", vd_render_paths_cytoscape },
};
const size_t vd_paths_format_count = VD_COUNT(vd_paths_formats);

bool vd_route_is_potential(uint32_t flags)
{
    return (flags & VD_FLAG_POTENTIAL) != 0;
}

/* A path that only the budget keeps from being told for certain answers nothing. */
vd_answer vd_paths_answer(const vd_paths_job *job)
{
    for (uint32_t i = 0; i < job->count; i++)
        if (job->fail_on && job->at[i]->severity >= job->fail_on && !(job->at[i]->flags & VD_FLAG_BUDGET))
            return VD_SAT;
    if (job->failed || job->summary.undecided)
        return VD_UNKNOWN;
    return VD_UNSAT;
}

void vd_put_route_who(vd_buf *out, const vd_route_who *w)
{
    if (w->made)
        vd_buf_add(out, VD_S("somebody new beside "));
    vd_buf_add(out, w->arn);
    if (w->raised)
        vd_buf_add(out, VD_S(" with any identity policies"));
    if (w->joined.n)
        vd_buf_printf(out, " in " VD_F, VD_A(w->joined));
    if (w->adopted.n)
        vd_buf_printf(out, " with " VD_F, VD_A(w->adopted));
    if (w->dropped.n)
        vd_buf_printf(out, " without " VD_F, VD_A(w->dropped));
    if (w->uncapped)
        vd_buf_add(out, VD_S(" without its boundary"));
    if (w->unguarded)
        vd_buf_add(out, VD_S(" without service control policies"));
    if (w->retagged)
        vd_buf_add(out, VD_S(" with tags of its choice"));
}

void vd_put_route_key(vd_buf *out, const vd_route_who *w)
{
    vd_str arn = w->arn;
    size_t colons = 0, at = 0;

    while (at < arn.n && colons < 4)
        colons += arn.p[at++] == ':';
    if (colons == 4)
        arn = vd_str_from(arn, at);
    vd_put_route_who(out, &(vd_route_who){ .arn = arn, .made = w->made, .raised = w->raised, .uncapped = w->uncapped,
                                           .unguarded = w->unguarded, .retagged = w->retagged, .joined = w->joined, .adopted = w->adopted, .dropped = w->dropped });
}

void vd_put_cut(vd_buf *out, const vd_route_cut *cut)
{
    const char *s = cut->count == 1 ? "" : "s";

    if (cut->complete)
        vd_buf_printf(out, "without %zu statement%s there is no path:", cut->count, s);
    else if (cut->left)
        vd_buf_printf(out, "not even without %zu statement%s the paths end:", cut->count, s);
    else
        vd_buf_printf(out, "without %zu statement%s no path is found, though not every call was decided:", cut->count, s);
}

void vd_put_cut_holders(vd_buf *out, const vd_route_cut *cut, size_t at)
{
    enum { MOST = 3 };

    if (cut->holders[at].count == 0)
        return;
    vd_buf_add(out, VD_S(" of "));
    vd_put_few(out, &cut->holders[at], MOST);
}

void vd_put_route_chain(vd_buf *out, const vd_route *r)
{
    for (size_t i = 0; i + 1 < r->step_count; i++) {
        vd_buf_printf(out, "%s" VD_F " to ", i ? ", then " : "", VD_A(r->steps[i].technique));
        vd_put_route_who(out, &r->steps[i].becomes);
    }
}

void vd_put_route(vd_buf *out, const vd_route *r)
{
    vd_put_route_who(out, &r->from);
    vd_buf_add(out, vd_route_is_potential(r->flags) ? VD_S(" may become ") : VD_S(" becomes "));
    vd_put_route_who(out, &r->to);
    if (r->admin)
        vd_buf_add(out, VD_S(", an administrator"));
    vd_buf_printf(out, ", in %zu step%s", r->step_count, r->step_count == 1 ? "" : "s");
}

/* ------------------------------------------------------------------ the graph */

static uint32_t node_of(vd_route_graph *g, const vd_allocator *a, const vd_route_who *w, uint8_t kind)
{
    vd_buf   b = vd_buf_on(a, 0);
    vd_str   key = { "", 0 };
    uint32_t at = 0, kinds = g->node_count, keys = g->node_count;
    bool     ok;

    vd_put_route_key(&b, w);
    while (at < g->node_count && !vd_str_eq(g->keys[at], vd_buf_str(&b)))
        at++;
    if (at < g->node_count) {
        g->kinds[at] |= kind;
        vd_buf_done(&b);
        return at;
    }
    ok = !b.failed && vd_arena_dup(&g->arena, &key, vd_buf_str(&b)) && VD_ARENA_PUSH(&g->arena, g->keys, keys, g->key_cap, key) &&
         VD_ARENA_PUSH(&g->arena, g->kinds, kinds, g->kind_cap, kind) &&
         VD_ARENA_PUSH(&g->arena, g->nodes, g->node_count, g->node_cap, *w);
    vd_buf_done(&b);
    return ok ? g->node_count - 1 : VD_NONE;
}

static bool add_edge(vd_route_graph *g, uint32_t from, uint32_t to, const vd_route_step *step)
{
    if (from == VD_NONE || to == VD_NONE)
        return false;
    for (uint32_t i = 0; i < g->edge_count; i++)
        if (g->edges[i].from == from && g->edges[i].to == to && vd_str_eq(g->edges[i].step->technique, step->technique))
            return true;
    return VD_ARENA_PUSH(&g->arena, g->edges, g->edge_count, g->edge_cap, (vd_route_edge){ from, to, step, step->flags });
}

static bool add_route(vd_route_graph *g, const vd_allocator *a, const vd_route *r)
{
    if (node_of(g, a, &r->from, VD_ROUTE_START) == VD_NONE)
        return false;
    for (size_t i = 0; i < r->step_count; i++) {
        uint32_t to = node_of(g, a, &r->steps[i].becomes, VD_ROUTE_MIDDLE);

        for (size_t k = 0; k < r->steps[i].caller_count; k++)
            if (!add_edge(g, node_of(g, a, &r->steps[i].callers[k], VD_ROUTE_MIDDLE), to, &r->steps[i]))
                return false;
    }
    return node_of(g, a, &r->to, (uint8_t)(VD_ROUTE_END | (r->admin ? VD_ROUTE_ADMIN : 0))) != VD_NONE;
}

bool vd_route_graph_make(vd_route_graph *g, const vd_allocator *a, const vd_paths_job *job)
{
    *g = (vd_route_graph){ .arena = vd_arena_on(a, 0) };
    for (uint32_t i = 0; i < job->count; i++)
        if (!add_route(g, a, job->at[i]))
            return false;
    return true;
}

void vd_route_graph_done(vd_route_graph *g)
{
    vd_arena_done(&g->arena);
}
