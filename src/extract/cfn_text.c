/* SPDX-License-Identifier: Apache-2.0
 *
 * Texts of a template: pieces of the file, words of our own, holes.
 */
#include "extract/cfn.h"

#include "base/str.h"

bool vd_cfn_is_hole(const vd_cfn_part *p)
{
    return p->hole != VD_NONE;
}

bool vd_cfn_is_text(const vd_cfn_value *v)
{
    return v->kind == VD_CFN_STRING || v->kind == VD_CFN_BARE;
}

bool vd_cfn_plain(const vd_cfn_value *v, vd_str *out)
{
    *out = VD_S("");
    if (!vd_cfn_is_text(v) || v->part_count > 1 || (v->part_count && vd_cfn_is_hole(v->parts)))
        return false;
    if (v->part_count)
        *out = v->parts[0].text;
    return true;
}

void vd_cfn_add(vd_cfn *c, vd_cfn_text *t, vd_cfn_part part)
{
    if (!vd_cfn_is_hole(&part) && part.text.n == 0)
        return;
    t->bytes += vd_cfn_is_hole(&part) ? VD_HOLE_BYTES : part.text.n;
    if (t->bytes > VD_CFN_TEXT || t->count >= VD_CFN_PARTS) {
        t->broken = true;
        return;
    }
    if (!VD_ARENA_PUSH(&c->scratch, t->at, t->count, t->cap, part))
        c->no_memory = true;
}

void vd_cfn_add_value(vd_cfn *c, vd_cfn_text *t, const vd_cfn_value *v)
{
    if (v->kind == VD_CFN_UNKNOWN && v->part_count) {
        const vd_hole *h = &c->holes->at[v->parts[0].hole];
        vd_cfn_value   any = vd_cfn_unknown(c, VD_HOLE_ANY, h->name, VD_S(""), v->node);

        if (any.part_count)
            vd_cfn_add(c, t, any.parts[0]);
        return;
    }
    c->work += v->part_count;
    for (uint32_t i = 0; i < v->part_count && !t->broken; i++)
        vd_cfn_add(c, t, v->parts[i]);
}

/* The value of a decoded string as a source whose pieces lead to the file; the last one is kept. */
static const vd_source *inner_of(vd_cfn *c, uint32_t node)
{
    vd_source *inner;

    if (c->inner && c->inner_node == node)
        return c->inner;
    if (vd_doc_inner(&inner, &c->scratch, c->doc, node, NULL) != VD_OK) {
        c->no_memory = true;
        return NULL;
    }
    c->inner = inner;
    c->inner_node = node;
    return inner;
}

/* The first piece that ends behind the offset. */
static uint32_t first_piece(const vd_source *s, size_t offset)
{
    uint32_t low = 0, high = s->piece_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (s->pieces[mid].inner + s->pieces[mid].length <= offset)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Escapes and folded lines are pieces of their own. */
static void add_decoded(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t from, size_t end)
{
    vd_str           value = vd_doc_text(c->doc, node);
    const vd_source *inner = inner_of(c, node);

    for (uint32_t i = inner ? first_piece(inner, from) : 0; inner && i < inner->piece_count; i++) {
        vd_piece p = inner->pieces[i];
        size_t   a = p.inner > from ? p.inner : from, b = p.inner + p.length < end ? p.inner + p.length : end;
        bool     exact = p.length == p.outer_length;
        vd_span  at = { p.outer, p.outer_length };

        if (p.inner >= end || t->broken)
            break;
        if (a >= b)
            continue;
        if (exact)
            at = (vd_span){ p.outer + (uint32_t)(a - p.inner), (uint32_t)(b - a) };
        vd_cfn_add(c, t, (vd_cfn_part){ .text = { value.p + a, b - a }, .hole = VD_NONE, .at = at, .exact = exact });
    }
}

/* Where the first byte of an undecoded value stands. */
static uint32_t inside_of(const vd_cfn *c, uint32_t node)
{
    const vd_node *n = &c->doc->nodes[node];

    return n->offset + (n->kind == VD_NODE_STRING && !(n->flags & VD_NODE_BARE));
}

void vd_cfn_add_slice(vd_cfn *c, vd_cfn_text *t, uint32_t node, size_t from, size_t end)
{
    vd_str value = vd_doc_text(c->doc, node);

    if (from >= end)
        return;
    c->work += (end - from) / 64;
    if (c->doc->nodes[node].flags & VD_NODE_DECODED) {
        add_decoded(c, t, node, from, end);
        return;
    }
    vd_cfn_add(c, t, (vd_cfn_part){ .text = { value.p + from, end - from },
                                    .hole = VD_NONE,
                                    .at = { inside_of(c, node) + (uint32_t)from, (uint32_t)(end - from) },
                                    .exact = true });
}

/* Where one byte of a decoded value stands. */
static vd_span byte_span(const vd_source *inner, size_t offset)
{
    vd_piece p = inner->pieces[first_piece(inner, offset)];

    if (p.length != p.outer_length || offset < p.inner)
        return (vd_span){ p.outer, p.outer_length };
    return (vd_span){ p.outer + (uint32_t)(offset - p.inner), 1 };
}

vd_span vd_cfn_slice_span(vd_cfn *c, uint32_t node, size_t from, size_t end)
{
    const vd_source *inner;
    vd_span          first, last;

    if (!(c->doc->nodes[node].flags & VD_NODE_DECODED))
        return (vd_span){ inside_of(c, node) + (uint32_t)from, (uint32_t)(end - from) };
    inner = inner_of(c, node);
    if (!inner || from >= end || first_piece(inner, end - 1) >= inner->piece_count)
        return vd_cfn_span(c, node);
    first = byte_span(inner, from);
    last = byte_span(inner, end - 1);
    return (vd_span){ first.offset, last.offset + last.length - first.offset };
}

vd_cfn_value vd_cfn_of_parts(vd_cfn *c, const vd_cfn_part *parts, uint32_t count, uint32_t node)
{
    return (vd_cfn_value){ .kind = VD_CFN_STRING,
                           .parts = parts,
                           .part_count = count,
                           .node = node,
                           .ref = VD_NONE,
                           .at = vd_cfn_span(c, node) };
}

vd_cfn_value vd_cfn_of_text(vd_cfn *c, const vd_cfn_text *t, uint32_t node, const char *what)
{
    if (t->broken)
        return vd_cfn_unknown(c, VD_HOLE_ANY, vd_str_of(what), VD_S(""), node);
    return vd_cfn_of_parts(c, t->at, t->count, node);
}

vd_cfn_part vd_cfn_our(vd_cfn *c, vd_str text, uint32_t node)
{
    return (vd_cfn_part){ .text = text, .hole = VD_NONE, .at = vd_cfn_span(c, node) };
}

vd_cfn_value vd_cfn_of_words(vd_cfn *c, vd_str words, uint32_t node)
{
    vd_cfn_text t = { 0 };

    vd_cfn_add(c, &t, vd_cfn_our(c, words, node));
    return vd_cfn_of_text(c, &t, node, "text");
}

vd_cfn_value vd_cfn_unknown(vd_cfn *c, vd_hole_kind kind, vd_str name, vd_str value, uint32_t node)
{
    uint32_t     hole = vd_cfn_hole(c, kind, name, VD_S(""), value);
    vd_cfn_part *part = vd_arena_new(&c->scratch, vd_cfn_part);
    vd_cfn_value v;

    if (!part || hole == VD_NONE) {
        c->no_memory |= !part;
        return vd_cfn_of_parts(c, NULL, 0, node);
    }
    *part = (vd_cfn_part){ .hole = hole, .at = vd_cfn_span(c, node) };
    v = vd_cfn_of_parts(c, part, 1, node);
    v.kind = kind == VD_HOLE_LIST ? VD_CFN_UNKNOWN : VD_CFN_STRING;
    return v;
}

vd_cfn_value vd_cfn_nobody_knows(vd_cfn *c, vd_hole_kind kind, vd_str name, uint32_t node)
{
    vd_str unique = name;

    if (!vd_arena_printf(&c->scratch, &unique, "%s" VD_F " #%u", vd_str_starts(name, VD_S("Fn::")) ? "" : "Fn::",
                         VD_A(name), (unsigned)node))
        c->no_memory = true;
    return vd_cfn_unknown(c, kind, unique, VD_S(""), node);
}

vd_str vd_cfn_shown(vd_cfn *c, const vd_cfn_value *v)
{
    vd_str out = VD_S("");
    size_t n = 0;
    char  *p;

    for (uint32_t i = 0; i < v->part_count; i++)
        n += vd_cfn_is_hole(&v->parts[i]) ? c->holes->at[v->parts[i].hole].name.n + 2 : v->parts[i].text.n;
    p = vd_arena_alloc(c->arena, n ? n : 1, 1);
    if (!p) {
        c->no_memory = true;
        return out;
    }
    n = 0;
    for (uint32_t i = 0; i < v->part_count; i++) {
        bool   hole = vd_cfn_is_hole(&v->parts[i]);
        vd_str text = hole ? c->holes->at[v->parts[i].hole].name : v->parts[i].text;

        if (hole)
            p[n++] = '{';
        if (text.n)
            memcpy(p + n, text.p, text.n);
        n += text.n;
        if (hole)
            p[n++] = '}';
    }
    return (vd_str){ p, n };
}
