/* SPDX-License-Identifier: Apache-2.0
 *
 * A text, read, with all that reading needs around it.
 */
#ifndef VERDICT_TESTS_READING_H
#define VERDICT_TESTS_READING_H

#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "text/doc.h"

typedef struct world {
    vd_engine *engine;
    vd_diags  *diags;
    vd_arena   arena;
    vd_limits  limits;
    vd_source  source;
    vd_doc     doc;
    uint32_t   duplicates;
    vd_error   err;
    vd_code    code;
} world;

static inline world world_of(const vd_limits *limits, const char *name, vd_str text)
{
    world w = { .source = { .name = vd_str_of(name), .text = text } };

    assert_int_equal(
        vd_engine_new(&w.engine, &(vd_engine_opts){ .size = sizeof(vd_engine_opts), .limits = limits }, NULL),
        VD_OK);
    vd_engine_limits(w.engine, &w.limits);
    assert_int_equal(vd_diags_new(&w.diags, w.engine, NULL), VD_OK);
    w.arena = vd_arena_on(vd_allocator_default(), 0);
    return w;
}

/* The document points at the source, so it is read once the world stands still. */
static inline void read_now(world *w)
{
    w->code = vd_doc_read(&w->doc, &w->arena, &w->source, &w->limits, w->diags, &w->duplicates, &w->err);
}

static inline void done(world *w)
{
    vd_arena_done(&w->arena);
    vd_diags_free(w->diags);
    vd_engine_release(w->engine);
}

static const char *const kind_names[] = { "null", "false", "true", "number", "string", "array", "object" };

/* Every node as "depth kind offset+length text", one a line. */
static inline void dump(const vd_doc *d, vd_buf *out)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const vd_node *n = &d->nodes[i];

        vd_buf_printf(out, "%u %s %u+%u >%u", n->depth, kind_names[n->kind], n->offset, n->length, n->next);
        if (n->kind == VD_NODE_STRING || n->kind == VD_NODE_NUMBER)
            vd_buf_printf(out, " " VD_F, VD_A(vd_doc_text(d, i)));
        vd_buf_byte(out, '\n');
    }
}

#endif
