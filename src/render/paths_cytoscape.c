/* SPDX-License-Identifier: Apache-2.0
 *
 * The graph of all paths in the JSON of Cytoscape: {"elements": {"nodes": [...], "edges": [...]}}.
 */
#include "render/parts.h"
#include "render/paths.h"

#include <stdio.h>

static vd_json *id_of(char kind, uint32_t number)
{
    char text[16];
    int  n = snprintf(text, sizeof text, "%c%u", kind, number);

    return vd_json_string((vd_str){ text, (size_t)n });
}

static vd_json *node_of(const vd_route_graph *g, uint32_t i)
{
    vd_json *o = vd_json_object(), *data = vd_json_object();

    vd_json_set(data, "id", id_of('n', i));
    vd_json_set(data, "label", vd_json_string(g->keys[i]));
    vd_json_set(data, "principal", vd_json_string(g->nodes[i].arn));
    vd_json_set(data, "start", vd_json_bool(g->kinds[i] & VD_ROUTE_START));
    vd_json_set(data, "end", vd_json_bool((g->kinds[i] & VD_ROUTE_END) != 0));
    vd_json_set(data, "admin", vd_json_bool((g->kinds[i] & VD_ROUTE_ADMIN) != 0));
    vd_json_set(o, "data", data);
    return o;
}

static vd_json *edge_of(const vd_route_graph *g, uint32_t i)
{
    const vd_route_edge *e = &g->edges[i];
    vd_json             *o = vd_json_object(), *data = vd_json_object(), *calls = vd_json_array();

    for (size_t k = 0; k < e->step->call_count; k++)
        vd_json_push(calls, vd_json_string(e->step->calls[k].action));
    vd_json_set(data, "id", id_of('e', i));
    vd_json_set(data, "source", id_of('n', e->from));
    vd_json_set(data, "target", id_of('n', e->to));
    vd_json_set(data, "label", vd_json_string(e->step->technique));
    vd_json_set(data, "calls", calls);
    vd_json_set(data, "certainty", vd_part_words(vd_route_is_potential(e->flags) ? "potential" : "exact"));
    vd_json_set(o, "data", data);
    return o;
}

vd_code vd_render_paths_cytoscape(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    vd_route_graph g;
    bool           ok = vd_route_graph_make(&g, out->alloc, job);
    vd_json       *o, *elements, *nodes, *edges;
    vd_code        code = VD_ENOMEM;

    VD_UNUSED(look);
    if (ok) {
        o = vd_json_object();
        elements = vd_json_object();
        nodes = vd_json_array();
        edges = vd_json_array();
        for (uint32_t i = 0; i < g.node_count; i++)
            vd_json_push(nodes, node_of(&g, i));
        for (uint32_t i = 0; i < g.edge_count; i++)
            vd_json_push(edges, edge_of(&g, i));
        vd_part_set_version(o);
        vd_json_set(elements, "nodes", nodes);
        vd_json_set(elements, "edges", edges);
        vd_json_set(o, "elements", elements);
        code = vd_part_finish(out, o, true);
    }
    vd_route_graph_done(&g);
    return code;
}
