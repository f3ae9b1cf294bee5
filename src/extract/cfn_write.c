/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy of a template as JSON, under the choices made: a source below the file, with pieces that lead every token back
 * to it.  What a function came to leads to the whole function, or to the part of an Fn::Sub that it is.  Walks with a stack
 * of its own.
 */
#include "extract/cfn.h"

#include "base/buf.h"
#include "base/str.h"

enum { DEEPEST = 128 };

typedef struct frame {
    uint32_t node, child; /* the container; its next key or element */
    bool     array, some; /* something is in it already */
    vd_str   member, above; /* the nearest key, and the one above that */
} frame;

typedef struct writer {
    vd_cfn  *c;
    vd_buf   out;
    VD_VEC(vd_piece) pieces;
    frame    stack[DEEPEST];
    uint32_t depth;
    bool     failed;
} writer;

static const vd_allocator *alloc(const writer *w)
{
    return &w->c->arena->alloc;
}

/* ------------------------------------------------------------------ bytes */

static void put(writer *w, vd_str text, vd_span at)
{
    vd_piece  p = { (uint32_t)w->out.n, (uint32_t)text.n, at.offset, at.length };
    vd_piece *last = w->pieces.count ? &w->pieces.at[w->pieces.count - 1] : NULL;

    if (text.n == 0)
        return;
    vd_buf_add(&w->out, text);
    if (last && last->length == last->outer_length && p.length == p.outer_length &&
        last->inner + last->length == p.inner && last->outer + last->outer_length == p.outer) {
        last->length += p.length;
        last->outer_length += p.outer_length;
    } else if (!VD_PUSH(alloc(w), &w->pieces, p)) {
        w->failed = true;
    }
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static size_t plain_run(vd_str s, size_t from)
{
    size_t i = from;

    while (i < s.n && is_plain(s.p[i]))
        i++;
    return i - from;
}

static size_t escape(char out[8], char c)
{
    static const char letters[] = "btn.fr", hex[] = "0123456789abcdef";

    if (c == '"' || c == '\\') {
        memcpy(out, (char[]){ '\\', c }, 2);
        return 2;
    }
    if (c >= 8 && c <= 13 && c != 11) {
        memcpy(out, (char[]){ '\\', letters[c - 8] }, 2);
        return 2;
    }
    memcpy(out, (char[]){ '\\', 'u', '0', '0', hex[c >> 4 & 1], hex[c & 15] }, 6);
    return 6;
}

static void put_text(writer *w, const vd_cfn_part *p, bool json)
{
    size_t i = 0;

    while (i < p->text.n) {
        size_t n = json ? plain_run(p->text, i) : p->text.n;
        char   e[8];

        if (n) {
            put(w, (vd_str){ p->text.p + i, n },
                p->exact ? (vd_span){ p->at.offset + (uint32_t)i, (uint32_t)n } : p->at);
            i += n;
        } else {
            n = escape(e, p->text.p[i]);
            put(w, (vd_str){ e, n }, p->exact ? (vd_span){ p->at.offset + (uint32_t)i, 1 } : p->at);
            i++;
        }
    }
}

static void put_parts(writer *w, const vd_cfn_value *v, bool json)
{
    for (uint32_t i = 0; i < v->part_count; i++) {
        const vd_cfn_part *p = &v->parts[i];
        char               hole[VD_HOLE_BYTES];

        if (p->hole == VD_NONE) {
            put_text(w, p, json);
        } else {
            vd_hole_write(hole, p->hole);
            put(w, (vd_str){ hole, sizeof hole }, p->at);
        }
    }
}

static bool is_quoted(const vd_cfn *c, vd_span at)
{
    char q = at.length >= 2 ? c->doc->source->text.p[at.offset] : 0;

    return q == '"' || q == '\'';
}

/* The quotes are those of the file; else they stand at both ends of what is written there. */
static void put_string(writer *w, const vd_cfn_value *v, vd_span at)
{
    uint32_t quote = is_quoted(w->c, at);

    put(w, VD_S("\""), (vd_span){ at.offset, quote });
    put_parts(w, v, true);
    put(w, VD_S("\""), (vd_span){ at.offset + at.length - quote, quote });
}

/* A bracket: in block style of YAML the container begins with its first child. */
static void put_open(writer *w, uint32_t node, vd_str bracket)
{
    const vd_doc *d = w->c->doc;
    vd_span       at = vd_doc_span(d, node);
    char          first = at.length ? d->source->text.p[at.offset] : 0;

    if (first == '{' || first == '[')
        at.length = 1;
    else if (d->nodes[node].next > node + 1)
        at = vd_doc_span(d, node + 1);
    put(w, bracket, at);
}

static void put_close(writer *w, uint32_t node, vd_str bracket)
{
    vd_span at = vd_doc_span(w->c->doc, node);
    char    last = at.length ? w->c->doc->source->text.p[at.offset + at.length - 1] : 0;
    bool    flow = last == '}' || last == ']';

    put(w, bracket, (vd_span){ at.offset + at.length - flow, flow });
}

/* ------------------------------------------------------------------ references that are no ARNs */

static bool wants_arn(vd_str member, vd_str above)
{
    if (vd_str_eq(member, VD_S("Resource")) || vd_str_eq(member, VD_S("NotResource")))
        return true;
    if (vd_str_eq(member, VD_S("AWS")))
        return vd_str_eq(above, VD_S("Principal")) || vd_str_eq(above, VD_S("NotPrincipal"));
    return vd_str_starts(above, VD_S("Arn")) || vd_str_contains(above, VD_S(":Arn"));
}

static void offer_get_att(vd_cfn *c, uint32_t node, vd_str id, vd_str attribute)
{
    static const char what[] = ""; /* the remark has said it */
    const vd_doc     *d = c->doc;
    vd_span           at = vd_cfn_span(c, node);
    char              first = d->source->text.p[at.offset];

    if (first == '!')
        vd_cfn_patch(c, what, at, "!GetAtt " VD_F "." VD_F, VD_A(id), VD_A(attribute));
    else if (first == '{')
        vd_cfn_patch(c, what, at, "{\"Fn::GetAtt\": [\"" VD_F "\", \"" VD_F "\"]}", VD_A(id), VD_A(attribute));
    else
        vd_cfn_patch(c, what, at, "Fn::GetAtt: [" VD_F ", " VD_F "]", VD_A(id), VD_A(attribute));
}

/* Told once; all else is judged as if the ARN stood there. */
static vd_cfn_value meant_arn(vd_cfn *c, const vd_cfn_value *v)
{
    const vd_cfn_id *id = &c->ids.at[v->ref];
    vd_str           gives = vd_cfn_type_cell(c, id, "ref"), attribute;
    vd_cfn_value     arn = vd_cfn_arn(c, v->ref, v->node, &attribute);
    const char      *shown = vd_str_eq(gives, VD_S("url")) ? "URL" : vd_str_eq(gives, VD_S("id")) ? "id" : "name";

    if (attribute.n == 0) {
        vd_cfn_remark(c, "ref-is-not-arn", v->node, v->at, "Ref gives the %s of \"" VD_F "\", not its ARN", shown,
                      VD_A(id->name));
    } else if (vd_cfn_remark(c, "ref-is-not-arn", v->node, v->at, "Ref gives the %s; use GetAtt " VD_F "." VD_F, shown,
                             VD_A(id->name), VD_A(attribute))) {
        offer_get_att(c, v->node, id->name, attribute);
    }
    arn.at = v->at;
    return arn;
}

/* ------------------------------------------------------------------ values */

static bool push(writer *w, uint32_t node, vd_str member, vd_str above)
{
    bool array = w->c->doc->nodes[node].kind == VD_NODE_ARRAY;

    if (w->depth >= DEEPEST) {
        w->c->doubt = "it is nested too deep";
        return false;
    }
    put_open(w, node, array ? VD_S("[") : VD_S("{"));
    w->stack[w->depth++] = (frame){ node, vd_doc_first(w->c->doc, node), array, false, member, above };
    return true;
}

static void put_list(writer *w, const vd_cfn_value *v)
{
    put(w, VD_S("["), (vd_span){ v->at.offset, 0 });
    for (uint32_t i = 0; i < v->item_count; i++) {
        if (i)
            put(w, VD_S(","), (vd_span){ v->at.offset + v->at.length, 0 });
        put_string(w, &v->items[i], v->items[i].at);
    }
    put(w, VD_S("]"), (vd_span){ v->at.offset + v->at.length, 0 });
}

/* A value that is not gone. */
static bool put_value(writer *w, vd_cfn_value *v, vd_str member, vd_str above)
{
    vd_cfn        *c = w->c;
    const vd_node *n = &c->doc->nodes[v->node];

    if (v->ref != VD_NONE && wants_arn(member, above))
        *v = meant_arn(c, v);
    switch (v->kind) {
    case VD_CFN_BARE:
        if (n->kind == VD_NODE_TRUE || n->kind == VD_NODE_FALSE)
            put(w, n->kind == VD_NODE_TRUE ? VD_S("true") : VD_S("false"), vd_doc_span(c->doc, v->node));
        else
            put_parts(w, v, false);
        return true;
    case VD_CFN_LIST:
        put_list(w, v);
        return true;
    case VD_CFN_NODE:
        if (n->kind >= VD_NODE_ARRAY)
            return push(w, v->node, member, above);
        put(w, VD_S("null"), vd_doc_span(c->doc, v->node));
        return true;
    default:
        put_string(w, v, v->at);
        return true;
    }
}

static void put_key(writer *w, uint32_t key)
{
    vd_cfn_value name;

    w->c->key_node = key;
    name = vd_cfn_literal(w->c, key);
    w->c->key_node = VD_NONE;
    put_string(w, &name, vd_doc_span(w->c->doc, key));
}

/* The next child of the innermost container; at its end the container is closed. */
static bool step(writer *w)
{
    vd_cfn       *c = w->c;
    frame        *f = &w->stack[w->depth - 1];
    uint32_t      child = f->child, node = f->node;
    vd_cfn_value  v;
    vd_str        key = f->member, above = f->above;

    if (child == VD_NONE) {
        put_close(w, node, f->array ? VD_S("]") : VD_S("}"));
        w->depth--;
        return true;
    }
    f->child = vd_doc_next(c->doc, node, child);
    v = vd_cfn_value_of(c, f->array ? child : child + 1);
    if (v.kind == VD_CFN_GONE)
        return true;
    if (f->some)
        put(w, VD_S(","), (vd_span){ v.at.offset, 0 });
    f->some = true;
    if (!f->array) {
        above = f->member;
        key = vd_doc_text(c->doc, child);
        put_key(w, child);
        put(w, VD_S(":"), (vd_span){ v.at.offset, 0 });
    }
    return put_value(w, &v, key, above);
}

static vd_code finish(writer *w, vd_source **out)
{
    vd_cfn    *c = w->c;
    vd_source *s = vd_arena_new(c->arena, vd_source);
    vd_piece  *pieces = vd_arena_new_array(c->arena, vd_piece, w->pieces.count + 1);
    vd_str     text;

    c->no_memory |= w->failed || w->out.failed;
    if (c->no_memory || !s || !pieces || !vd_arena_dup(c->arena, &text, vd_buf_str(&w->out)))
        return vd_fail_nomem(c->in->err);
    if (w->pieces.count)
        memcpy(pieces, w->pieces.at, w->pieces.count * sizeof *pieces);
    *s = (vd_source){ .name = c->doc->source->name,
                      .text = text,
                      .outer = c->doc->source,
                      .pieces = pieces,
                      .piece_count = w->pieces.count,
                      .holes = c->holes };
    c->bytes += text.n;
    *out = s;
    return VD_OK;
}

static bool may_go_on(writer *w)
{
    if (w->c->bytes + w->out.n > VD_CFN_BYTES)
        w->c->doubt = "the template comes to more text than is read";
    return !w->c->doubt && !w->c->no_memory && !w->failed;
}

static writer writer_on(vd_cfn *c)
{
    return (writer){ .c = c, .out = vd_buf_on(&c->arena->alloc, 0) };
}

static vd_code end(writer *w, vd_source **out)
{
    vd_code code = VD_OK;

    *out = NULL;
    if (w->c->no_memory || w->failed)
        code = vd_fail_nomem(w->c->in->err);
    else if (!w->c->doubt)
        code = finish(w, out);
    vd_buf_done(&w->out);
    VD_VEC_DONE(alloc(w), &w->pieces);
    return code;
}

vd_code vd_cfn_write(vd_cfn *c, vd_source **out, uint32_t node)
{
    writer w = writer_on(c);

    push(&w, node, VD_S(""), VD_S(""));
    while (w.depth && may_go_on(&w) && step(&w))
        continue;
    return end(&w, out);
}

vd_code vd_cfn_write_text(vd_cfn *c, vd_source **out, const vd_cfn_value *text)
{
    writer w = writer_on(c);

    put_parts(&w, text, false);
    may_go_on(&w);
    return end(&w, out);
}

/* ------------------------------------------------------------------ documents of our own */

struct vd_cfn_maker {
    writer w;
};

vd_cfn_maker *vd_cfn_make(vd_cfn *c)
{
    vd_cfn_maker *m = vd_arena_new(&c->scratch, vd_cfn_maker);

    if (m)
        m->w = writer_on(c);
    else
        c->no_memory = true;
    return m;
}

void vd_cfn_make_json(vd_cfn_maker *m, const char *json, vd_span at)
{
    if (m)
        put(&m->w, vd_str_of(json), at);
}

void vd_cfn_make_value(vd_cfn_maker *m, const vd_cfn_value *v)
{
    vd_cfn_value copy = *v;

    if (!m)
        return;
    if (v->kind == VD_CFN_BARE) {
        put_string(&m->w, v, v->at); /* numbers of accounts, true of Bool: all are texts in a policy */
        return;
    }
    put_value(&m->w, &copy, VD_S(""), VD_S(""));
    while (m->w.depth && may_go_on(&m->w) && step(&m->w))
        continue;
}

vd_code vd_cfn_made(vd_cfn_maker *m, vd_cfn *c, vd_source **out)
{
    *out = NULL;
    if (!m)
        return vd_fail_nomem(c->in->err);
    may_go_on(&m->w);
    return end(&m->w, out);
}
