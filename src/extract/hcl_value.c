/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of Terraform as nodes of the file: the argument of jsonencode(), and JSON in a heredoc.  What refers to something
 * else is not followed: it is a hole.
 */
#include "extract/hcl_value.h"

#include "base/str.h"
#include "extract/hcl_reader.h"

/* ------------------------------------------------------------------ tokens */

void vd_hcl_step(vd_hcl_reader *r)
{
    r->end = r->at;
    do
        r->t = vd_hcl_next(r->file->text, &r->at);
    while (r->t.kind == VD_HCL_COMMENT);
}

void vd_hcl_go(vd_hcl_reader *r, size_t at)
{
    r->at = at;
    vd_hcl_step(r);
}

vd_str vd_hcl_word(const vd_hcl_reader *r)
{
    return vd_str_first(vd_str_from(r->file->text, r->t.span.offset), r->t.span.length);
}

bool vd_hcl_is(const vd_hcl_reader *r, char c)
{
    return r->t.kind != VD_HCL_END && r->t.kind != VD_HCL_STRING && r->t.kind != VD_HCL_HEREDOC && r->t.span.length == 1 &&
           vd_hcl_word(r).p[0] == c;
}

bool vd_hcl_on_new_line(const vd_hcl_reader *r)
{
    vd_str between = { r->file->text.p + r->end, r->t.span.offset > r->end ? r->t.span.offset - r->end : 0 };

    return r->t.kind != VD_HCL_HEREDOC && vd_str_find(between, '\n') < between.n;
}

bool vd_hcl_refuse(vd_hcl_reader *r)
{
    r->ok = false;
    return false;
}

bool vd_hcl_nomem(vd_hcl_reader *r)
{
    r->no_memory = true;
    return vd_hcl_refuse(r);
}

/* ------------------------------------------------------------------ nodes */

bool vd_hcl_begin(vd_hcl_reader *r)
{
    r->out = vd_arena_new(r->arena, vd_doc);
    r->source = vd_arena_new(r->arena, vd_source);
    r->holes = vd_arena_new(r->arena, vd_holes);
    if (!r->out || !r->source || !r->holes)
        return vd_hcl_nomem(r);
    *r->source = *r->file;
    r->source->holes = r->holes;
    r->out->source = r->source;
    r->ok = true;
    r->ampersand = false;
    r->depth = 0;
    return true;
}

uint32_t vd_hcl_add_node(vd_hcl_reader *r, uint8_t kind, uint8_t flags, vd_span span)
{
    uint32_t last = r->out->count ? r->out->nodes[r->out->count - 1].offset : 0;
    vd_node  n = { .kind = kind, .flags = flags, .depth = (uint16_t)r->depth, .offset = span.offset, .length = span.length };

    if (!r->ok || r->out->count >= r->limits->nodes) {
        vd_hcl_refuse(r);
        return 0;
    }
    if (span.offset < last) {
        n.offset = last;
        n.length = 0;
    }
    n.next = r->out->count + 1;
    if (!VD_ARENA_PUSH(r->arena, r->out->nodes, r->out->count, r->out->cap, n)) {
        vd_hcl_nomem(r);
        return 0;
    }
    return r->out->count - 1;
}

static bool add_decoded(vd_hcl_reader *r, uint32_t node, vd_str value)
{
    vd_decoded d = { node, value };

    r->out->nodes[node].flags |= VD_NODE_DECODED;
    return VD_ARENA_PUSH(r->arena, r->out->decoded, r->out->decoded_count, r->out->decoded_cap, d) ? true : vd_hcl_nomem(r);
}

bool vd_hcl_add_text(vd_hcl_reader *r, vd_span span, vd_str value)
{
    uint32_t node = vd_hcl_add_node(r, VD_NODE_STRING, 0, span);

    return r->ok && add_decoded(r, node, value);
}

bool vd_hcl_open(vd_hcl_reader *r, uint8_t kind, vd_span span)
{
    uint32_t node = vd_hcl_add_node(r, kind, 0, span);

    if (!r->ok || r->depth == VD_HCL_DEEPEST)
        return vd_hcl_refuse(r);
    r->open[r->depth++] = node;
    return true;
}

void vd_hcl_close(vd_hcl_reader *r)
{
    r->out->nodes[r->open[--r->depth]].next = r->out->count;
}

/* ------------------------------------------------------------------ expressions */

static bool opens(const vd_hcl_reader *r)
{
    return vd_hcl_is(r, '(') || vd_hcl_is(r, '[') || vd_hcl_is(r, '{');
}

static bool closes(const vd_hcl_reader *r)
{
    return vd_hcl_is(r, ')') || vd_hcl_is(r, ']') || vd_hcl_is(r, '}');
}

vd_span vd_hcl_expression(vd_hcl_reader *r, bool lines, uint32_t *tokens)
{
    uint32_t start = r->t.span.offset, depth = 0;

    for (*tokens = 0; r->t.kind != VD_HCL_END; ++*tokens) {
        if (depth == 0 && (closes(r) || vd_hcl_is(r, ',') || (lines && *tokens && vd_hcl_on_new_line(r))))
            break;
        depth += opens(r);
        depth -= closes(r);
        vd_hcl_step(r);
    }
    return (vd_span){ start, r->end > start ? (uint32_t)r->end - start : 0 };
}

static bool take_string(vd_hcl_reader *r, vd_span span)
{
    vd_str   s = vd_str_first(vd_str_from(r->file->text, span.offset), span.length), said;
    uint32_t node;
    bool     same;

    if (s.n < 2 || s.p[s.n - 1] != '"')
        return vd_hcl_refuse(r);
    if (!vd_hcl_decode(r, &said, (vd_str){ s.p + 1, s.n - 2 }, true, &same))
        return false;
    node = vd_hcl_add_node(r, VD_NODE_STRING, 0, span);
    if (!r->ok)
        return false;
    return same && r->out->nodes[node].length == span.length ? true : add_decoded(r, node, said);
}

static bool take_expression(vd_hcl_reader *r, vd_span span)
{
    vd_str hole;

    return vd_hcl_hole(r, &hole, vd_str_first(vd_str_from(r->file->text, span.offset), span.length)) && vd_hcl_add_text(r, span, hole);
}

static bool take_word(vd_hcl_reader *r, vd_span span)
{
    vd_str   s = vd_str_first(vd_str_from(r->file->text, span.offset), span.length);
    uint8_t  kind = vd_str_eq(s, VD_S("true")) ? VD_NODE_TRUE : vd_str_eq(s, VD_S("false")) ? VD_NODE_FALSE :
                    vd_str_eq(s, VD_S("null")) ? VD_NODE_NULL : VD_NODE_NUMBER;
    uint32_t node;

    if (kind == VD_NODE_NUMBER && !vd_str_all_digits(s))
        return take_expression(r, span);
    node = vd_hcl_add_node(r, kind, 0, span);
    if (r->ok && r->out->nodes[node].length != span.length) {
        r->out->nodes[node].kind = VD_NODE_STRING;
        return add_decoded(r, node, s);
    }
    return r->ok;
}

/* Something that is no list and no object that is written out. */
static bool take_other(vd_hcl_reader *r, bool lines)
{
    vd_hcl_kind kind = r->t.kind;
    uint32_t    tokens;
    vd_span     span = vd_hcl_expression(r, lines, &tokens);

    if (tokens == 0 || kind == VD_HCL_HEREDOC)
        return vd_hcl_refuse(r);
    if (tokens == 1 && kind == VD_HCL_STRING)
        return take_string(r, span);
    return tokens == 1 && kind == VD_HCL_WORD ? take_word(r, span) : take_expression(r, span);
}

/* [for ...], {for ...} */
static bool is_for(const vd_hcl_reader *r)
{
    vd_hcl_reader ahead = *r;

    vd_hcl_step(&ahead);
    return ahead.t.kind == VD_HCL_WORD && vd_str_eq(vd_hcl_word(&ahead), VD_S("for"));
}

/* "Key =" or "\"Key\":". */
static bool take_key(vd_hcl_reader *r)
{
    vd_span span = r->t.span;

    if (r->t.kind == VD_HCL_STRING) {
        if (!take_string(r, span))
            return false;
    } else if (r->t.kind == VD_HCL_WORD) {
        vd_hcl_add_node(r, VD_NODE_STRING, VD_NODE_BARE, span);
    } else {
        return vd_hcl_refuse(r);
    }
    vd_hcl_step(r);
    if (!r->ok || !(vd_hcl_is(r, '=') || vd_hcl_is(r, ':')))
        return vd_hcl_refuse(r);
    vd_hcl_step(r);
    return true;
}

static bool in_object(const vd_hcl_reader *r)
{
    return r->out->nodes[r->open[r->depth - 1]].kind == VD_NODE_OBJECT;
}

/* What stands between two values; of an object the end of a line is enough. */
static bool take_separator(vd_hcl_reader *r)
{
    if (vd_hcl_is(r, ',')) {
        vd_hcl_step(r);
        return true;
    }
    if (in_object(r))
        return vd_hcl_is(r, '}') || vd_hcl_on_new_line(r) ? true : vd_hcl_refuse(r);
    return vd_hcl_is(r, ']') ? true : vd_hcl_refuse(r); /* an expression that goes on */
}

static void take_close(vd_hcl_reader *r)
{
    vd_node *n = &r->out->nodes[r->open[r->depth - 1]];

    n->length = n->offset <= r->t.span.offset ? r->t.span.offset + 1 - n->offset : 0;
    vd_hcl_close(r);
    vd_hcl_step(r);
}

/* Without recursion. */
bool vd_hcl_take_value(vd_hcl_reader *r, bool lines)
{
    uint32_t outside = r->depth;

    do {
        bool inside = r->depth > outside, object = inside && in_object(r);

        if (inside && vd_hcl_is(r, object ? '}' : ']')) {
            take_close(r);
        } else if (object && !take_key(r)) {
            return false;
        } else if ((vd_hcl_is(r, '{') || vd_hcl_is(r, '[')) && !is_for(r)) {
            if (!vd_hcl_open(r, vd_hcl_is(r, '{') ? VD_NODE_OBJECT : VD_NODE_ARRAY, r->t.span))
                return false;
            vd_hcl_step(r);
            continue;
        } else if (!take_other(r, inside ? object : lines)) {
            return false;
        }
        if (r->depth > outside && !take_separator(r))
            return false;
    } while (r->depth > outside);
    return r->ok;
}

/* ------------------------------------------------------------------ heredocs */

/* Nodes of a part of the file become nodes of the file. */
static bool take_part(vd_hcl_reader *r, vd_span part)
{
    vd_decoded *was = r->out->decoded;
    uint32_t    count = r->out->decoded_count, k = 0;

    r->out->decoded = NULL;
    r->out->decoded_count = r->out->decoded_cap = 0;
    for (uint32_t i = 0; i < r->out->count; i++) {
        vd_node *n = &r->out->nodes[i];
        bool     known = k < count && was[k].node == i, same = true;
        vd_str   said;

        n->offset += part.offset;
        if (n->kind == VD_NODE_STRING) {
            said = known ? was[k].value : vd_str_first(vd_str_from(r->file->text, n->offset + 1), n->length - 2);
            if (!vd_hcl_decode(r, &said, said, false, &same) || ((known || !same) && !add_decoded(r, i, said)))
                return false;
        }
        k += known;
    }
    return true;
}

static bool take_heredoc(vd_hcl_reader *r)
{
    vd_str    text = vd_hcl_word(r);
    vd_source part = { .name = r->file->name, .text = text };
    vd_code   code = vd_json_read(r->out, r->arena, &part, r->limits, NULL, NULL, NULL);

    if (code == VD_ENOMEM)
        return vd_hcl_nomem(r);
    if (code != VD_OK)
        return vd_hcl_refuse(r);
    r->out->source = r->source;
    return take_part(r, r->t.span);
}

/* ------------------------------------------------------------------ blocks around values */

typedef struct walking {
    vd_hcl_reader    r;
    vd_hcl_value_fn *tell;
    void            *user;
    vd_lexeme        last[3]; /* tokens before a brace of the file's own level */
    uint32_t         braces;
    vd_str           address; /* of the block that is open */
    bool             several;
    size_t           again;   /* bytes that were read more than once */
} walking;

static vd_str text_of(const walking *w, vd_lexeme t)
{
    vd_str s = vd_str_first(vd_str_from(w->r.file->text, t.span.offset), t.span.length);

    return t.kind == VD_HCL_STRING && s.n >= 2 ? (vd_str){ s.p + 1, s.n - 2 } : s;
}

/* count or for_each among the arguments of the block whose brace is the current token. */
static bool is_several(const walking *w)
{
    vd_hcl_reader r = w->r;
    uint32_t      depth = 0;

    for (; r.t.kind != VD_HCL_END; vd_hcl_step(&r)) {
        bool named = depth == 1 && r.t.kind == VD_HCL_WORD && vd_hcl_on_new_line(&r) &&
                     (vd_str_eq(vd_hcl_word(&r), VD_S("count")) || vd_str_eq(vd_hcl_word(&r), VD_S("for_each")));

        depth += r.t.kind == VD_HCL_OPEN;
        if (named || (r.t.kind == VD_HCL_CLOSE && --depth == 0))
            return named;
    }
    return false;
}

/* *document: it is a data "aws_iam_policy_document". */
static bool begin_block(walking *w, bool *document)
{
    vd_str word = text_of(w, w->last[0]), type = text_of(w, w->last[1]), name = text_of(w, w->last[2]);
    bool   data = vd_str_eq(word, VD_S("data"));

    w->address = VD_S("");
    *document = false;
    w->several = is_several(w);
    if (w->last[0].kind != VD_HCL_WORD || w->last[1].kind != VD_HCL_STRING || w->last[2].kind != VD_HCL_STRING ||
        (!data && !vd_str_eq(word, VD_S("resource"))))
        return true;
    *document = data && vd_str_eq(type, VD_S("aws_iam_policy_document"));
    return vd_arena_printf(w->r.arena, &w->address, "%s" VD_F "." VD_F, data ? "data." : "", VD_A(type), VD_A(name));
}

static bool holds_policy(const vd_hcl_reader *r)
{
    return r->ok && r->out->count && r->out->nodes[0].kind == VD_NODE_OBJECT && vd_doc_member(r->out, 0, VD_S("Statement")) != VD_NONE;
}

/* The value that begins at the current token.  When it is no policy, one may be within it. */
static bool try_value(walking *w, uint8_t form)
{
    vd_hcl_reader *r = &w->r, here = *r;
    vd_hcl_value   v = { .address = w->address, .form = form, .several = w->several };
    bool           lines = r->t.kind == VD_HCL_HEREDOC;

    if (!vd_hcl_begin(r))
        return false;
    if (form == VD_HCL_DOCUMENT)
        vd_hcl_take_document(r, &v);
    else if (lines ? take_heredoc(r) : vd_hcl_take_value(r, false))
        (void)0;
    if (r->no_memory)
        return false;
    v.doc = r->out;
    if (holds_policy(r)) {
        if (lines)
            vd_hcl_step(r);
        return w->tell(w->user, &v);
    }
    w->again += r->at - here.at;
    *r = here;
    return true;
}

static bool call_begins(vd_hcl_reader *r)
{
    vd_hcl_reader ahead = *r;

    if (r->t.kind != VD_HCL_WORD || !vd_str_eq(vd_hcl_word(r), VD_S("jsonencode")))
        return false;
    vd_hcl_step(&ahead);
    if (!vd_hcl_is(&ahead, '('))
        return false;
    vd_hcl_step(&ahead);
    if (!vd_hcl_is(&ahead, '{'))
        return false;
    *r = ahead;
    return true;
}

static void pass(walking *w)
{
    if (w->r.t.kind == VD_HCL_OPEN)
        w->braces++;
    else if (w->r.t.kind == VD_HCL_CLOSE && w->braces && --w->braces == 0)
        w->address = VD_S("");
    if (w->braces == 0) {
        w->last[0] = w->last[1];
        w->last[1] = w->last[2];
        w->last[2] = w->r.t;
    }
    vd_hcl_step(&w->r);
}

/* What begins at the current token, if it is something for us, and else that token. */
static bool walk_on(walking *w)
{
    enum { MOST_AGAIN = 16 }; /* times the file: in a file that is a nest of calls each would be read by all around it */
    vd_hcl_reader *r = &w->r;
    size_t         at = r->t.span.offset;
    bool           document = false;

    if (r->t.kind == VD_HCL_OPEN && w->braces == 0 && !begin_block(w, &document))
        return false;
    if (w->again < MOST_AGAIN * r->file->text.n && (document || r->t.kind == VD_HCL_HEREDOC || call_begins(r)) &&
        !try_value(w, (uint8_t)(document ? VD_HCL_DOCUMENT : r->t.kind == VD_HCL_HEREDOC ? VD_HCL_LINES : VD_HCL_JSONENCODE)))
        return false;
    if (r->t.span.offset == at || r->t.kind == VD_HCL_OPEN)
        pass(w);
    return true;
}

vd_code vd_hcl_values(const vd_source *file, vd_arena *arena, const vd_limits *limits, vd_hcl_value_fn *tell, void *user)
{
    walking w = { .r = { .file = file, .arena = arena, .limits = limits }, .tell = tell, .user = user, .address = VD_S("") };

    for (vd_hcl_step(&w.r); w.r.t.kind != VD_HCL_END;)
        if (!walk_on(&w))
            return VD_ENOMEM;
    return VD_OK;
}
