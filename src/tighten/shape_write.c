/* SPDX-License-Identifier: Apache-2.0
 *
 * New documents as JSON: without white space, as they are counted, or as people lay them out.  A statement that is given
 * verbatim stays as it is, byte for byte.
 */
#include "tighten/shape.h"

#include "base/str.h"
#include "policy/kinds.h"
#include "policy/write.h"

typedef struct writer {
    vd_buf  *out;
    bool     pretty;
    uint32_t depth;
} writer;

static void line(const writer *w)
{
    if (!w->pretty)
        return;
    vd_buf_byte(w->out, '\n');
    for (uint32_t i = 0; i < w->depth; i++)
        vd_buf_add(w->out, VD_S("  "));
}

/* The name of a member, behind a comma when it is not the first one. */
static void member(const writer *w, bool *any, const char *name)
{
    if (*any)
        vd_buf_byte(w->out, ',');
    *any = true;
    line(w);
    vd_buf_printf(w->out, w->pretty ? "\"%s\": " : "\"%s\":", name);
}

static void text_member(const writer *w, bool *any, const char *name, vd_str text)
{
    if (text.n == 0)
        return;
    member(w, any, name);
    vd_json_of_string(w->out, text);
}

/* One element stands without brackets. */
static void list_member(writer *w, bool *any, const char *name, const vd_str *at, uint32_t count)
{
    if (count == 0)
        return;
    member(w, any, name);
    if (count == 1) {
        vd_json_of_string(w->out, at[0]);
        return;
    }
    vd_buf_byte(w->out, '[');
    w->depth++;
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            vd_buf_byte(w->out, ',');
        line(w);
        vd_json_of_string(w->out, at[i]);
    }
    w->depth--;
    line(w);
    vd_buf_byte(w->out, ']');
}

static void statement(writer *w, const vd_shape_statement *s)
{
    bool any = false;

    if (s->verbatim.n) {
        vd_buf_add(w->out, s->verbatim);
        return;
    }
    vd_buf_byte(w->out, '{');
    w->depth++;
    text_member(w, &any, "Sid", s->sid);
    text_member(w, &any, "Effect", s->deny ? VD_S("Deny") : VD_S("Allow"));
    list_member(w, &any, s->not_action ? "NotAction" : "Action", s->actions, s->action_count);
    list_member(w, &any, s->not_resource ? "NotResource" : "Resource", s->resources, s->resource_count);
    if (s->condition.n) {
        member(w, &any, "Condition");
        vd_buf_add(w->out, s->condition);
    }
    w->depth--;
    line(w);
    vd_buf_byte(w->out, '}');
}

void vd_shape_write_statement(vd_buf *out, const vd_shape_statement *s, uint32_t depth, bool pretty)
{
    writer w = { out, pretty, depth };

    statement(&w, s);
}

void vd_shape_write(vd_buf *out, const vd_shape_document *document, const vd_shape_split_opts *opts, bool pretty)
{
    writer w = { out, pretty, 1 };
    bool   any = false;

    vd_buf_byte(out, '{');
    text_member(&w, &any, "Version", opts->version);
    text_member(&w, &any, "Id", opts->id);
    member(&w, &any, "Statement");
    vd_buf_byte(out, '[');
    w.depth++;
    for (uint32_t i = 0; i < document->count; i++) {
        if (i)
            vd_buf_byte(out, ',');
        line(&w);
        statement(&w, &document->statements[i]);
    }
    w.depth--;
    line(&w);
    vd_buf_byte(out, ']');
    w.depth--;
    line(&w);
    vd_buf_byte(out, '}');
    if (pretty)
        vd_buf_byte(out, '\n');
}

size_t vd_shape_size(vd_str json)
{
    return vd_json_characters(json, false);
}
