/* SPDX-License-Identifier: Apache-2.0
 *
 * The graph of all paths for Graphviz.  What hangs on something that nobody collected is dashed.
 */
#include "render/paths.h"

#include "base/str.h"

/* Within double quotes a backslash and a quote need one before them; what could lie to a viewer is made visible. */
static void put_quoted(vd_buf *out, vd_str text)
{
    vd_buf safe = vd_buf_on(out->alloc, 0);
    vd_str s;

    vd_look_safe(&safe, text);
    s = vd_buf_str(&safe);
    vd_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            vd_buf_byte(out, '\\');
        vd_buf_byte(out, s.p[i]);
    }
    vd_buf_byte(out, '"');
    out->failed |= safe.failed;
    vd_buf_done(&safe);
}

static void put_graph(vd_buf *out, const vd_route_graph *g)
{
    vd_buf_add(out, VD_S("digraph paths {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n"));
    for (uint32_t i = 0; i < g->node_count; i++) {
        vd_buf_printf(out, "  n%u [label=", i);
        put_quoted(out, g->keys[i]);
        if (g->kinds[i] & VD_ROUTE_ADMIN)
            vd_buf_add(out, VD_S(", color=red, penwidth=2"));
        else if (g->kinds[i] & VD_ROUTE_START)
            vd_buf_add(out, VD_S(", style=rounded"));
        vd_buf_add(out, VD_S("];\n"));
    }
    for (uint32_t i = 0; i < g->edge_count; i++) {
        vd_buf_printf(out, "  n%u -> n%u [label=", g->edges[i].from, g->edges[i].to);
        put_quoted(out, g->edges[i].step->technique);
        vd_buf_add(out, vd_route_is_potential(g->edges[i].flags) ? VD_S(", style=dashed];\n") : VD_S("];\n"));
    }
    vd_buf_add(out, VD_S("}\n"));
}

vd_code vd_render_paths_dot(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    vd_route_graph g;
    bool           ok = vd_route_graph_make(&g, out->alloc, job);

    VD_UNUSED(look);
    if (ok)
        put_graph(out, &g);
    vd_route_graph_done(&g);
    return ok && !out->failed ? VD_OK : VD_ENOMEM;
}
