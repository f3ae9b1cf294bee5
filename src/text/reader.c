/* SPDX-License-Identifier: Apache-2.0
 *
 * The node array while it grows.  It grows outside the arena, where doubling leaves nothing behind.
 */
#include "text/reader.h"

#include <stdarg.h>
#include <stdio.h>

enum { DEEPEST = UINT16_MAX }; /* what a node can say */

vd_code vd_reader_init(vd_reader *r, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                       vd_diags *diags, vd_error *err)
{
    *r = (vd_reader){
        .source = source, .limits = limits, .diags = diags, .err = err, .arena = arena, .open = VD_NONE
    };
    if (source->text.n > limits->document_bytes || source->text.n >= UINT32_MAX)
        return vd_fail_span(err, VD_ELIMIT, source, (vd_span){ 0 },
                            "the text is larger than %llu bytes (limit document_bytes)",
                            (unsigned long long)limits->document_bytes);
    return VD_OK;
}

void vd_reader_done(vd_reader *r)
{
    VD_VEC_DONE(&r->arena->alloc, &r->nodes);
    VD_VEC_DONE(&r->arena->alloc, &r->decoded);
    VD_VEC_DONE(&r->arena->alloc, &r->tags);
}

vd_code vd_reader_add(vd_reader *r, vd_node_kind kind, uint32_t flags, vd_span span)
{
    vd_node n = { .kind = (uint8_t)kind,
                  .flags = (uint8_t)flags,
                  .depth = (uint16_t)r->depth,
                  .offset = span.offset,
                  .length = span.length,
                  .next = r->nodes.count + 1 };

    if (r->nodes.count >= r->limits->nodes)
        return vd_fail_span(r->err, VD_ELIMIT, r->source, span,
                            "the text holds more than %u values (limit nodes)", r->limits->nodes);
    return VD_PUSH(&r->arena->alloc, &r->nodes, n) ? VD_OK : vd_fail_nomem(r->err);
}

vd_code vd_reader_decoded(vd_reader *r, vd_str value)
{
    vd_decoded d = { .node = r->nodes.count - 1, .value = value };

    r->nodes.at[r->nodes.count - 1].flags |= VD_NODE_DECODED;
    return VD_PUSH(&r->arena->alloc, &r->decoded, d) ? VD_OK : vd_fail_nomem(r->err);
}

vd_code vd_reader_tag(vd_reader *r, uint32_t node, vd_span span)
{
    vd_tag t = { .node = node, .offset = span.offset, .length = span.length };

    return VD_PUSH(&r->arena->alloc, &r->tags, t) ? VD_OK : vd_fail_nomem(r->err);
}

vd_code vd_reader_open(vd_reader *r, vd_node_kind kind, vd_span span)
{
    if (r->depth >= r->limits->depth || r->depth >= DEEPEST)
        return vd_fail_span(r->err, VD_ELIMIT, r->source, span, "nested deeper than %u levels (limit depth)",
                            r->depth);
    VD_TRY(vd_reader_add(r, kind, 0, span));
    r->nodes.at[r->nodes.count - 1].next = r->open;
    r->open = r->nodes.count - 1;
    r->depth++;
    return VD_OK;
}

void vd_reader_close(vd_reader *r, uint32_t end)
{
    vd_node *n = &r->nodes.at[r->open];

    r->open = n->next;
    r->depth--;
    n->next = r->nodes.count;
    n->length = end - n->offset;
}

vd_code vd_reader_string_limit(vd_reader *r, vd_span span, size_t bytes)
{
    if (bytes <= r->limits->string_bytes)
        return VD_OK;
    return vd_fail_span(r->err, VD_ELIMIT, r->source, span,
                        "the string is longer than %u bytes (limit string_bytes)", r->limits->string_bytes);
}

vd_code vd_reader_finish(vd_reader *r, vd_doc *out, uint32_t *duplicates)
{
    *out = (vd_doc){ .source = r->source,
                     .nodes = vd_arena_new_array(r->arena, vd_node, r->nodes.count),
                     .count = r->nodes.count,
                     .cap = r->nodes.count,
                     .decoded = vd_arena_new_array(r->arena, vd_decoded, r->decoded.count),
                     .decoded_count = r->decoded.count,
                     .decoded_cap = r->decoded.count,
                     .tags = vd_arena_new_array(r->arena, vd_tag, r->tags.count),
                     .tag_count = r->tags.count };
    if (!out->nodes || !out->decoded || !out->tags) {
        *out = (vd_doc){ .source = r->source };
        return vd_fail_nomem(r->err);
    }
    memcpy(out->nodes, r->nodes.at, r->nodes.count * sizeof *out->nodes);
    if (r->decoded.count)
        memcpy(out->decoded, r->decoded.at, r->decoded.count * sizeof *out->decoded);
    if (r->tags.count)
        memcpy(out->tags, r->tags.at, r->tags.count * sizeof *out->tags);
    return vd_doc_duplicates(out, &r->arena->alloc, r->diags, duplicates, r->err);
}

vd_code vd_reader_bad(vd_reader *r, vd_str rule, vd_span span, const char *format, ...)
{
    vd_pos  at = vd_source_pos(r->source, span);
    char    text[sizeof(((vd_error *)NULL)->text)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (vd_diag_add(r->diags, VD_ERROR, rule, at, NULL, "%s", text) != VD_OK)
        return vd_fail_nomem(r->err);
    return vd_fail_at(r->err, VD_ESYNTAX, at, "%s", text);
}
