/* SPDX-License-Identifier: Apache-2.0
 *
 * Taking a part of a document along: its bytes, and for each text around it the bytes it came from, so that a
 * position climbs as it did in the document; of the file itself only where the part begins.
 */
#include "policy/origin.h"

#include "base/buf.h"
#include "base/engine.h"
#include "base/error.h"
#include "policy/write.h"

/* All that stands below the node; aliases of YAML may point elsewhere in the text. */
static vd_span extent(const vd_doc *doc, uint32_t node)
{
    uint32_t from = UINT32_MAX, to = 0;

    for (uint32_t i = node; i < doc->nodes[node].next; i++) {
        const vd_node *n = &doc->nodes[i];

        if (n->offset < from)
            from = n->offset;
        if (n->offset + n->length > to)
            to = n->offset + n->length;
    }
    return (vd_span){ from, to - from };
}

static bool copy_text(vd_arena *arena, vd_source *out, const vd_source *s, vd_span span)
{
    return vd_arena_dup(arena, &out->name, s->name) &&
           vd_arena_dup(arena, &out->text, (vd_str){ s->text.p + span.offset, span.length });
}

/* The piece within the span, told from the beginning of the span. */
static vd_piece cut_piece(vd_piece p, vd_span span)
{
    uint32_t skip = p.inner < span.offset ? span.offset - p.inner : 0;
    uint32_t end = span.offset + span.length;
    uint32_t over = p.inner + p.length > end ? p.inner + p.length - end : 0;

    if (p.length == p.outer_length) {
        p.outer += skip;
        p.outer_length -= skip + over;
    }
    p.length -= skip + over;
    p.inner = p.inner + skip - span.offset;
    return p;
}

/* Copies the pieces of the span; *outer is the part of the outer text that they came from. */
static bool copy_pieces(vd_arena *arena, vd_source *out, const vd_source *s, vd_span span, vd_span *outer)
{
    uint32_t  first = 0, count = 0;
    vd_piece *pieces;

    while (first < s->piece_count && s->pieces[first].inner + s->pieces[first].length <= span.offset)
        first++;
    while (first + count < s->piece_count && s->pieces[first + count].inner < span.offset + span.length)
        count++;
    pieces = vd_arena_new_array(arena, vd_piece, count);
    if (!pieces)
        return false;
    *outer = (vd_span){ 0, 0 };
    for (uint32_t i = 0; i < count; i++) {
        vd_piece p = cut_piece(s->pieces[first + i], span);

        if (i == 0)
            outer->offset = p.outer;
        outer->length = p.outer + p.outer_length - outer->offset;
        p.outer -= outer->offset;
        pieces[i] = p;
    }
    out->pieces = pieces;
    out->piece_count = count;
    return true;
}

static bool copy_source(vd_arena *arena, vd_source *out, const vd_source *s, vd_span span)
{
    vd_pos begin;

    while (s->outer) {
        vd_source *around = vd_arena_new(arena, vd_source);
        vd_span    outer;

        if (!around || !copy_text(arena, out, s, span) || !copy_pieces(arena, out, s, span, &outer))
            return false;
        out->outer = around;
        out = around;
        s = s->outer;
        span = outer;
    }
    begin = vd_source_pos(s, (vd_span){ span.offset, 0 });
    out->offset = begin.offset;
    out->line = begin.line;
    out->column = begin.column;
    return copy_text(arena, out, s, span);
}

/* ---- the text as JSON ---- */

static vd_code read_as_json(const vd_policy *p)
{
    vd_arena  scratch = vd_arena_on(&p->engine->alloc, 0);
    vd_source s = { .text = p->source.text };
    vd_doc    doc = { 0 };
    vd_code   code = vd_json_read(&doc, &scratch, &s, &p->engine->limits, NULL, NULL, NULL);

    vd_arena_done(&scratch);
    return code;
}

/* YAML, or JSON whose extent is not one value. */
static vd_code take_json(vd_policy *p, const vd_doc *doc, uint32_t node, vd_error *err)
{
    vd_buf  b = vd_buf_on(&p->engine->alloc, p->engine->limits.document_bytes);
    vd_code code = read_as_json(p);

    p->json = p->source.text;
    if (code == VD_OK)
        return VD_OK;
    if (code == VD_ENOMEM)
        return vd_fail_nomem(err);
    code = VD_OK;
    vd_json_of_nodes(&b, doc, node);
    if (b.failed || !vd_arena_dup(&p->arena, &p->json, vd_buf_str(&b)))
        code = vd_fail_nomem(err);
    vd_buf_done(&b);
    return code;
}

/* No copies: the bytes are those of the document, and a place in them is one in the document. */
static bool borrow_source(vd_policy *p, vd_str name, const vd_doc *doc, vd_span span)
{
    vd_piece *whole = vd_arena_new(&p->arena, vd_piece);

    if (!whole)
        return false;
    *whole = (vd_piece){ .length = span.length, .outer = span.offset, .outer_length = span.length };
    p->name = name;
    p->source = (vd_source){ .name = doc->source->name,
                             .text = { doc->source->text.p + span.offset, span.length },
                             .outer = doc->source,
                             .pieces = whole,
                             .piece_count = 1 };
    return true;
}

vd_code vd_policy_borrow_origin(vd_policy *p, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *base,
                                vd_error *err)
{
    vd_span span = extent(doc, node);

    *base = span.offset;
    return borrow_source(p, name, doc, span) ? take_json(p, doc, node, err) : vd_fail_nomem(err);
}

vd_code vd_policy_take_origin(vd_policy *p, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *base,
                              vd_error *err)
{
    vd_span span = extent(doc, node);

    *base = span.offset;
    if (!copy_source(&p->arena, &p->source, doc->source, span) || !vd_arena_dup(&p->arena, &p->name, name))
        return vd_fail_nomem(err);
    return take_json(p, doc, node, err);
}
