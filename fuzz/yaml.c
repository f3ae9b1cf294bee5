/* SPDX-License-Identifier: Apache-2.0
 *
 * YAML: never more nodes, never deeper than the limits say, whatever aliases do; every node lies within the text and
 * is UTF-8; what fails says where.  Each string can be looked into, and its pieces lie in order.  A text that is
 * JSON means the same when it is read as YAML (but for numbers and escapes that are too strange for libfyaml).
 */
#include "fuzz.h"

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/doc.h"

enum { MOST_NODES = 3000, DEEPEST = 20 };

static void check_nodes(const vd_doc *d)
{
    for (uint32_t i = 0; i < d->count; i++) {
        const vd_node *n = &d->nodes[i];
        vd_str         text = vd_doc_text(d, i);

        fuzz_check((size_t)n->offset + n->length <= d->source->text.n, "node %u ends behind the text", i);
        fuzz_check(n->next > i && n->next <= d->count, "node %u is followed by %u", i, n->next);
        fuzz_check(n->depth <= DEEPEST, "node %u is too deep", i);
        fuzz_check(vd_utf8_invalid(text) == text.n, "node %u is not UTF-8", i);
        fuzz_check(n->kind < VD_NODE_ARRAY || i + 1 == n->next || d->nodes[i + 1].depth == n->depth + 1,
                   "child of node %u has depth %u", i, d->nodes[i + 1].depth);
        fuzz_check(n->kind != VD_NODE_OBJECT || vd_doc_length(d, i) <= n->next - i, "members of node %u", i);
        fuzz_check((n->flags & ~(VD_NODE_DECODED | VD_NODE_BARE)) == 0, "flags of node %u", i);
    }
}

static void check_inner(vd_arena *arena, const vd_doc *d, uint32_t node)
{
    vd_source *s;
    vd_error   err;
    uint32_t   inner = 0, outer = 0;

    fuzz_check(vd_doc_inner(&s, arena, d, node, &err) == VD_OK, "no inner text");
    for (uint32_t i = 0; i < s->piece_count; i++) {
        const vd_piece *p = &s->pieces[i];

        fuzz_check(p->inner >= inner && p->outer >= outer, "piece %u is out of order", i);
        inner = p->inner + p->length;
        outer = p->outer + p->outer_length;
        fuzz_check(inner <= s->text.n && outer <= d->source->text.n, "piece %u is too long", i);
    }
    for (uint32_t i = 0; i <= s->text.n && i < 50; i++) {
        vd_pos at = vd_source_pos(s, (vd_span){ i, 1 });

        fuzz_check(at.offset + at.length <= d->source->text.n && at.line && at.column, "byte %u is nowhere",
                   i);
    }
}

static void check_same(const vd_doc *json, const vd_doc *yaml)
{
    fuzz_check(json->count == yaml->count, "%u nodes as JSON, %u as YAML", json->count, yaml->count);
    for (uint32_t i = 0; i < json->count; i++) {
        const vd_node *a = &json->nodes[i], *b = &yaml->nodes[i];

        fuzz_check(a->kind == b->kind && a->next == b->next && a->depth == b->depth, "node %u differs", i);
        fuzz_check(a->kind >= VD_NODE_ARRAY || vd_str_eq(vd_doc_text(json, i), vd_doc_text(yaml, i)),
                   "value %u differs", i);
        fuzz_check(a->offset == b->offset && a->length == b->length, "span %u differs", i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vd_arena  arena = vd_arena_on(vd_allocator_default(), 0);
    vd_source source = { .name = VD_S("fuzz.yaml"), .text = { (const char *)data, size } };
    vd_limits limits;
    vd_doc    doc, json;
    vd_error  err = { 0 };
    vd_code   code;

    vd_limits_fill(&limits, &(vd_limits){ .size = sizeof limits, .nodes = MOST_NODES, .depth = DEEPEST });
    code = vd_yaml_read(&doc, &arena, &source, &limits, NULL, NULL, &err);
    fuzz_check(code == VD_OK || code == VD_ESYNTAX || code == VD_ELIMIT, "code %d", code);
    fuzz_check(doc.count <= MOST_NODES, "%u nodes", doc.count);
    if (code == VD_OK)
        check_nodes(&doc);
    else
        fuzz_check(err.code == code && err.text[0] && err.at.line && err.at.column && err.at.offset <= size,
                   "an error without text or place");
    for (uint32_t i = 0; i < doc.count && i < 20; i++)
        if (doc.nodes[i].kind == VD_NODE_STRING)
            check_inner(&arena, &doc, i);
    if (code == VD_OK && vd_json_read(&json, &arena, &source, &limits, NULL, NULL, NULL) == VD_OK)
        check_same(&json, &doc);
    vd_arena_done(&arena);
    return 0;
}
