/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of Terraform that are written out, as nodes of the file: the argument of jsonencode(), and JSON in a heredoc.  What
 * refers to something else is not followed: such a value is none of ours.
 */
#include "extract/hcl_value.h"

#include "base/str.h"
#include "extract/hcl_lex.h"

enum { DEEPEST = 64 };

typedef struct reader {
    const vd_source *file;
    vd_arena        *arena;
    uint32_t         most; /* nodes */
    vd_doc          *out;
    size_t           at;
    vd_lexeme        t;    /* the next token that is no comment */
    uint32_t         open[DEEPEST];
    uint32_t         depth;
    bool             ok, no_memory;
} reader;

static void step(reader *r)
{
    do
        r->t = vd_hcl_next(r->file->text, &r->at);
    while (r->t.kind == VD_HCL_COMMENT);
}

static vd_str word(const reader *r)
{
    return vd_str_first(vd_str_from(r->file->text, r->t.span.offset), r->t.span.length);
}

static bool is(const reader *r, char c)
{
    return r->t.kind != VD_HCL_END && r->t.kind != VD_HCL_STRING && r->t.kind != VD_HCL_HEREDOC && word(r).n == 1 && word(r).p[0] == c;
}

static bool refuse(reader *r)
{
    r->ok = false;
    return false;
}

static bool nomem(reader *r)
{
    r->no_memory = true;
    return refuse(r);
}

/* ------------------------------------------------------------------ strings */

/* "$${" says "${", "%%{" says "%{"; one of them alone is code. */
static bool has_code(vd_str s, bool *escaped)
{
    *escaped = false;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if ((s.p[i] != '$' && s.p[i] != '%') || s.p[i + 1] != '{')
            continue;
        if (i == 0 || s.p[i - 1] != s.p[i])
            return true;
        *escaped = true;
    }
    return false;
}

static size_t without_escapes(char *out, vd_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (i + 2 < s.n && (s.p[i] == '$' || s.p[i] == '%') && s.p[i + 1] == s.p[i] && s.p[i + 2] == '{')
            i++;
        out[n++] = s.p[i];
    }
    return n;
}

static bool add_decoded(reader *r, uint32_t node, vd_str value)
{
    vd_decoded d = { node, value };

    return VD_ARENA_PUSH(r->arena, r->out->decoded, r->out->decoded_count, r->out->decoded_cap, d) ? true : nomem(r);
}

/* What stands between quotes; escapes other than these are not written in policies. */
static bool decode(reader *r, uint32_t node, vd_str inside)
{
    char  *room = vd_arena_alloc(r->arena, inside.n + 1, 1);
    size_t n = 0;

    if (!room)
        return nomem(r);
    for (size_t i = 0; i < inside.n; i++) {
        char c = inside.p[i];

        if (c == '\\' && i + 1 < inside.n) {
            c = inside.p[++i];
            if (c == 'n' || c == 'r' || c == 't')
                c = c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
            else if (c != '"' && c != '\\')
                return refuse(r);
        }
        room[n++] = c;
    }
    r->out->nodes[node].flags |= VD_NODE_DECODED;
    return add_decoded(r, node, (vd_str){ room, without_escapes(room, (vd_str){ room, n }) });
}

/* ------------------------------------------------------------------ nodes */

static uint32_t add_node(reader *r, uint8_t kind, uint8_t flags, vd_span span)
{
    vd_node n = { .kind = kind, .flags = flags, .depth = (uint16_t)r->depth, .offset = span.offset, .length = span.length };

    if (r->out->count >= r->most) {
        refuse(r);
        return 0;
    }
    n.next = r->out->count + 1;
    if (!VD_ARENA_PUSH(r->arena, r->out->nodes, r->out->count, r->out->cap, n)) {
        nomem(r);
        return 0;
    }
    return r->out->count - 1;
}

static bool take_string(reader *r)
{
    vd_str   s = word(r), inside;
    uint32_t node;
    bool     escaped;

    if (s.n < 2 || s.p[s.n - 1] != '"')
        return refuse(r);
    inside = (vd_str){ s.p + 1, s.n - 2 };
    if (has_code(inside, &escaped))
        return refuse(r);
    node = add_node(r, VD_NODE_STRING, 0, r->t.span);
    return r->ok && (!escaped && vd_str_find(inside, '\\') == inside.n ? true : decode(r, node, inside));
}

static bool take_word(reader *r)
{
    vd_str  s = word(r);
    uint8_t kind = vd_str_eq(s, VD_S("true")) ? VD_NODE_TRUE : vd_str_eq(s, VD_S("false")) ? VD_NODE_FALSE :
                   vd_str_eq(s, VD_S("null")) ? VD_NODE_NULL : VD_NODE_NUMBER;

    if (kind == VD_NODE_NUMBER && !vd_str_all_digits(s))
        return refuse(r); /* a reference, a function */
    add_node(r, kind, 0, r->t.span);
    return r->ok;
}

static bool take_open(reader *r, bool object)
{
    uint32_t node = add_node(r, object ? VD_NODE_OBJECT : VD_NODE_ARRAY, 0, r->t.span);

    if (!r->ok || r->depth == DEEPEST)
        return refuse(r);
    r->open[r->depth++] = node;
    return true;
}

static void take_close(reader *r)
{
    vd_node *n = &r->out->nodes[r->open[--r->depth]];

    n->next = r->out->count;
    n->length = r->t.span.offset + 1 - n->offset;
}

/* "Key =" or "\"Key\":". */
static bool take_key(reader *r)
{
    if (r->t.kind == VD_HCL_STRING) {
        if (!take_string(r))
            return false;
    } else if (r->t.kind == VD_HCL_WORD) {
        add_node(r, VD_NODE_STRING, VD_NODE_BARE, r->t.span);
    } else {
        return refuse(r);
    }
    step(r);
    if (!r->ok || !(is(r, '=') || is(r, ':')))
        return refuse(r);
    step(r);
    return true;
}

/* A value that begins at the current token; without recursion. */
static bool take_value(reader *r)
{
    do {
        bool object = r->depth && r->out->nodes[r->open[r->depth - 1]].kind == VD_NODE_OBJECT;

        if (r->depth && is(r, object ? '}' : ']')) {
            take_close(r);
        } else if (object && !take_key(r)) {
            return false;
        } else if (is(r, '{') || is(r, '[')) {
            if (!take_open(r, is(r, '{')))
                return false;
            step(r);
            continue;
        } else if (r->t.kind == VD_HCL_STRING ? !take_string(r) : r->t.kind != VD_HCL_WORD || !take_word(r)) {
            return refuse(r);
        }
        step(r);
        if (r->depth && is(r, ','))
            step(r);
        else if (r->depth && !is(r, '}') && r->out->nodes[r->open[r->depth - 1]].kind == VD_NODE_ARRAY && !is(r, ']'))
            return refuse(r); /* an expression */
    } while (r->depth);
    return r->ok;
}

/* ------------------------------------------------------------------ heredocs */

/* Nodes of a part of the file become nodes of the file. */
static bool take_part(reader *r, vd_span part)
{
    vd_decoded *was = r->out->decoded;
    uint32_t    count = r->out->decoded_count, k = 0;

    r->out->decoded = NULL;
    r->out->decoded_count = r->out->decoded_cap = 0;
    for (uint32_t i = 0; i < r->out->count; i++) {
        vd_node *n = &r->out->nodes[i];
        bool     known = k < count && was[k].node == i, escaped = false;
        vd_str   s = known ? was[k].value : vd_str_first(vd_str_from(r->file->text, part.offset + n->offset + 1), n->length - 2);

        n->offset += part.offset;
        k += known;
        if (n->kind == VD_NODE_STRING)
            (void)has_code(s, &escaped);
        if (n->kind != VD_NODE_STRING || (!escaped && !known))
            continue;
        if (escaped) {
            char *room = vd_arena_alloc(r->arena, s.n + 1, 1);

            if (!room)
                return nomem(r);
            s = (vd_str){ room, without_escapes(room, s) };
        }
        n->flags |= VD_NODE_DECODED;
        if (!add_decoded(r, i, s))
            return false;
    }
    return true;
}

static bool take_heredoc(reader *r, const vd_limits *limits)
{
    vd_str    text = word(r);
    vd_source part = { .name = r->file->name, .text = text };
    bool      escaped;
    vd_code   code;

    if (has_code(text, &escaped))
        return refuse(r);
    code = vd_json_read(r->out, r->arena, &part, limits, NULL, NULL, NULL);
    if (code == VD_ENOMEM)
        return nomem(r);
    if (code != VD_OK)
        return refuse(r);
    r->out->source = r->file;
    return take_part(r, r->t.span);
}

/* ------------------------------------------------------------------ all of a file */

static bool call_begins(reader *r)
{
    if (r->t.kind != VD_HCL_WORD || !vd_str_eq(word(r), VD_S("jsonencode")))
        return false;
    step(r);
    if (!is(r, '('))
        return false;
    step(r);
    return is(r, '{');
}

vd_code vd_hcl_values(const vd_source *file, vd_arena *arena, const vd_limits *limits, vd_hcl_value_fn *tell, void *user)
{
    reader r = { .file = file, .arena = arena, .most = limits->nodes };

    for (step(&r); r.t.kind != VD_HCL_END;) {
        bool heredoc = r.t.kind == VD_HCL_HEREDOC, call = !heredoc && call_begins(&r);

        if (!heredoc && !call) {
            if (!(r.t.kind == VD_HCL_WORD && vd_str_eq(word(&r), VD_S("jsonencode"))))
                step(&r);
            continue;
        }
        r.out = vd_arena_new(arena, vd_doc);
        if (!r.out)
            return VD_ENOMEM;
        r.out->source = file;
        r.ok = true;
        r.depth = 0;
        if ((heredoc ? take_heredoc(&r, limits) : take_value(&r)) && r.out->count && !tell(user, r.out))
            return VD_ENOMEM;
        if (r.no_memory)
            return VD_ENOMEM;
        if (heredoc || r.t.kind == VD_HCL_END)
            step(&r);
    }
    return VD_OK;
}
