/* SPDX-License-Identifier: Apache-2.0
 *
 * How paths from one principal to another are shown.
 */
#ifndef VERDICT_RENDER_PATHS_H
#define VERDICT_RENDER_PATHS_H

#include "render/proof.h"

#include <verdict/paths.h>

typedef struct vd_paths_job {
    vd_proof               proof;
    const vd_route *const *at; /* in the order in which they were told */
    uint32_t               count;
    const vd_route_cut    *cut; /* NULL: not asked for */
    vd_paths_summary       summary;
    vd_str                 from, to; /* as the command line calls them; empty: not said */
    int32_t                fail_on;  /* VD_ACCESS_... */
    bool                   failed;   /* an error says why: there is no answer */
} vd_paths_job;

typedef struct vd_paths_format {
    const char *name;
    vd_code (*render)(vd_buf *out, const vd_look *look, const vd_paths_job *job);
} vd_paths_format;
extern const vd_paths_format vd_paths_formats[];
extern const size_t          vd_paths_format_count;

vd_code vd_render_paths_text(vd_buf *out, const vd_look *look, const vd_paths_job *job);
vd_code vd_render_paths_json(vd_buf *out, const vd_look *look, const vd_paths_job *job);
vd_code vd_render_paths_markdown(vd_buf *out, const vd_look *look, const vd_paths_job *job);
vd_code vd_render_paths_dot(vd_buf *out, const vd_look *look, const vd_paths_job *job);
vd_code vd_render_paths_cytoscape(vd_buf *out, const vd_look *look, const vd_paths_job *job);

vd_answer vd_paths_answer(const vd_paths_job *job); /* is there a path over the threshold? */

/* Words; none is escaped. */
bool vd_route_is_potential(uint32_t flags);
void vd_put_route_who(vd_buf *out, const vd_route_who *w); /* "arn:...:role/r with any identity policies" */
void vd_put_route_key(vd_buf *out, const vd_route_who *w); /* the same, short: what tells nodes of a graph apart */
void vd_put_cut(vd_buf *out, const vd_route_cut *cut); /* what it says of all its statements: "without 2 statements there is no path:" */
void vd_put_cut_holders(vd_buf *out, const vd_route_cut *cut, size_t at); /* " of arn:..., arn:... and 92 more" */
void vd_put_route_chain(vd_buf *out, const vd_route *r); /* "assume-role to ...:role/b, ...": what comes before the last step */
void vd_put_route(vd_buf *out, const vd_route *r); /* "... becomes an administrator as ... in 2 steps" */

/* Paths by the techniques that follow each other, most of them first; in the arena.  False: no memory. */
typedef struct vd_route_group {
    const vd_route *first;
    uint32_t        count, potential, place;
} vd_route_group;
enum { VD_MANY_ROUTES = 10 }; /* more than these are told at a glance, too */
bool vd_route_groups_make(vd_arena *arena, const vd_paths_job *job, vd_route_group **out, uint32_t *count);
void vd_put_route_techniques(vd_buf *out, const vd_route *r); /* "assume-role, put-user" */

/* Nodes and edges of all paths, each once. */
typedef struct vd_route_edge {
    uint32_t             from, to; /* nodes */
    const vd_route_step *step;
    uint32_t             flags;
} vd_route_edge;
typedef struct vd_route_graph {
    vd_arena       arena;
    vd_str        *keys;
    vd_route_who  *nodes;
    uint8_t       *kinds; /* VD_NODE_... */
    uint32_t       node_count, node_cap, key_cap, kind_cap;
    vd_route_edge *edges;
    uint32_t       edge_count, edge_cap;
} vd_route_graph;
enum { VD_ROUTE_MIDDLE = 0, VD_ROUTE_START = 1, VD_ROUTE_END = 2, VD_ROUTE_ADMIN = 4 };
bool vd_route_graph_make(vd_route_graph *g, const vd_allocator *a, const vd_paths_job *job); /* false: no memory */
void vd_route_graph_done(vd_route_graph *g);

#endif
