/* SPDX-License-Identifier: Apache-2.0
 *
 * How a file is written: lines or none, indentation, quotes, and with which expressions; and new things written so.
 */
#include "tighten/change_int.h"

#include "base/engine.h"
#include "base/str.h"
#include "extract/hcl_lex.h"
#include "lint/fix.h"
#include "policy/write.h"

enum { DEEPEST = 16 };

/* ------------------------------------------------------------------ looking */

static uint32_t line_start(const vd_style *s, uint32_t offset)
{
    while (offset > 0 && s->file.p[offset - 1] != '\n')
        offset--;
    return offset;
}

vd_str vd_style_indent(const vd_style *s, uint32_t offset)
{
    uint32_t from = line_start(s, offset), to = from;

    while (to < offset && (s->file.p[to] == ' ' || s->file.p[to] == '\t'))
        to++;
    return (vd_str){ s->file.p + from, to - from };
}

bool vd_style_is_long(const vd_style *s, vd_span span)
{
    vd_str text = vd_change_written(s->old, span);

    return vd_str_find(text, '\n') < text.n;
}

static char byte_at(const vd_style *s, uint32_t offset)
{
    return offset < s->file.n ? s->file.p[offset] : 0;
}

static uint32_t skip_blanks(const vd_style *s, uint32_t offset)
{
    while (byte_at(s, offset) == ' ' || byte_at(s, offset) == '\t')
        offset++;
    return offset;
}

/* A comma, the end of the line, "]": somewhere in the text. */
static bool ends_with_comma(vd_str text)
{
    vd_lexeme last = { .kind = VD_HCL_END };
    size_t    at = 0;

    for (vd_lexeme t = vd_hcl_next(text, &at); t.kind != VD_HCL_END; t = vd_hcl_next(text, &at)) {
        if (t.kind == VD_HCL_COMMENT)
            continue;
        if (t.kind == VD_HCL_OTHER && text.p[t.span.offset] == ']' && last.kind == VD_HCL_OTHER && text.p[last.span.offset] == ',')
            return vd_str_contains(vd_str_first(vd_str_from(text, last.span.offset), t.span.offset - last.span.offset), VD_S("\n"));
        last = t;
    }
    return false;
}

static void look_at_key(vd_style *s, const vd_statement *st)
{
    vd_span key = vd_change_place(s->old, st->action.key), value = vd_change_place(s->old, st->action.value);
    vd_str  outer = vd_style_indent(s, vd_change_place(s->old, st->span).offset), inner = vd_style_indent(s, key.offset);
    uint32_t behind = skip_blanks(s, key.offset + key.length);

    s->quoted = byte_at(s, key.offset) == '"';
    s->colon = byte_at(s, behind) == ':';
    s->tight = value.offset == key.offset + key.length + 1;
    if (inner.n > outer.n && inner.n - outer.n < 16) {
        s->step = (uint32_t)(inner.n - outer.n);
        s->tabs = inner.p[0] == '\t';
    }
}

/* How far a dash stands behind the key of its list. */
static bool look_at_dash(vd_style *s, const vd_list *list)
{
    uint32_t key = vd_change_place(s->old, list->key).offset, item, dash;

    if (!list->texts.count)
        return false;
    item = vd_change_place(s->old, list->texts.at[0].span).offset;
    for (dash = item; dash > 0 && byte_at(s, dash - 1) == ' ';)
        dash--;
    if (dash == 0 || byte_at(s, dash - 1) != '-' || line_start(s, dash) == line_start(s, key))
        return false;
    dash = dash - 1 - line_start(s, dash);
    key -= line_start(s, key);
    s->dash = dash >= key && dash - key < 16 ? dash - key : 2;
    return true;
}

static void look_at_yaml(vd_style *s)
{
    bool found = false;

    s->form = VD_FORM_YAML;
    s->lines = true;
    s->step = s->dash = 2;
    s->tabs = false;
    for (uint32_t i = 0; i < s->count && !found; i++)
        found = look_at_dash(s, &s->old->statements[i].action) || look_at_dash(s, &s->old->statements[i].resource);
    for (uint32_t i = 0; i < s->count; i++)
        s->single |= vd_str_contains(vd_change_written(s->old, s->old->statements[i].span), VD_S("'"));
}

void vd_style_look(vd_style *s)
{
    size_t newline = vd_str_find(s->file, '\n');
    vd_str text;

    s->crlf = newline > 0 && newline < s->file.n && s->file.p[newline - 1] == '\r';
    s->step = 2;
    for (uint32_t i = 0; i < s->count; i++) {
        const vd_statement *st = &s->old->statements[i];

        text = vd_change_written(s->old, st->span);
        s->lines |= vd_str_find(text, '\n') < text.n;
        s->trailing |= (s->form == VD_FORM_HCL || s->form == VD_FORM_BLOCKS) && ends_with_comma(text);
        s->ampersand |= vd_str_contains(text, VD_S("&{"));
        if (i == 0 || vd_style_is_long(s, st->span))
            look_at_key(s, st);
        if (i == 0 && s->form == VD_FORM_JSON && byte_at(s, vd_change_place(s->old, st->span).offset) != '{') {
            look_at_yaml(s);
            return;
        }
    }
}

void vd_style_newline(const vd_style *s, vd_buf *b, vd_str indent, uint32_t steps)
{
    vd_buf_add(b, s->crlf ? VD_S("\r\n") : VD_S("\n"));
    vd_buf_add(b, indent);
    for (uint32_t i = 0; i < steps * s->step; i++)
        vd_buf_byte(b, s->tabs ? '\t' : ' ');
}

/* ------------------------------------------------------------------ texts */

static bool has_code(const vd_style *s)
{
    return s->form >= VD_FORM_HCL;
}

static const vd_sense_text *find_known(const vd_style *s, vd_str text)
{
    for (uint32_t i = 0; i < s->known->text_count; i++) {
        const vd_sense_text *t = &s->known->texts[i];

        if (t->count == 1 && !t->unsure && vd_str_eq(t->values[0], text) && t->raw.n && vd_str_find(t->raw, '\n') == t->raw.n)
            return t;
    }
    return NULL;
}

bool vd_style_knows(const vd_style *s, vd_str text)
{
    for (uint32_t i = 0; i < s->known->text_count; i++)
        for (uint32_t k = 0; k < s->known->texts[i].count; k++)
            if (vd_str_eq(s->known->texts[i].values[k], text))
                return true;
    return false;
}

/* Can the expression stand in a string of this file, for us to read it again? */
static bool is_writable(const vd_style *s, vd_str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] == '\n' || (s->form == VD_FORM_LINES && (name.p[i] == '"' || name.p[i] == '\\')))
            return false;
    return true;
}

/* The expression for an ARN that the text is, or begins with up to the end of a part; the longest. */
static const vd_sense_hole *find_beginning(const vd_style *s, vd_str text)
{
    const vd_sense_hole *best = NULL;

    for (uint32_t i = 0; has_code(s) && i < s->known->hole_count; i++) {
        const vd_sense_hole *h = &s->known->holes[i];
        char                 next = h->value.n < text.n ? text.p[h->value.n] : 0;

        if (vd_str_starts(text, h->value) && (vd_str_starts(h->value, VD_S("arn:")) || vd_has_hole(h->value)) &&
            (next == 0 || next == '/' || next == ':') && is_writable(s, h->name) && (!best || best->value.n < h->value.n))
            best = h;
    }
    return best;
}

/* What stands between quotes: "${" of the policy is not to be code. */
static void put_inside(const vd_style *s, vd_buf *b, vd_str text)
{
    vd_buf json = vd_buf_on(&s->arena->alloc, 0);

    vd_json_of_string(&json, text);
    b->failed |= json.failed;
    for (size_t i = 1; i + 1 < json.n; i++) {
        bool code = has_code(s) && (json.p[i] == '$' || json.p[i] == '%') && json.p[i + 1] == '{';

        if (code && s->form == VD_FORM_BLOCKS && s->ampersand && json.p[i] == '$') {
            vd_buf_byte(b, '&');
            continue;
        }
        if (code)
            vd_buf_byte(b, json.p[i]);
        vd_buf_byte(b, json.p[i]);
    }
    vd_buf_done(&json);
}

static void put_quoted(const vd_style *s, vd_buf *b, vd_str text)
{
    if (s->form == VD_FORM_YAML && s->single && vd_str_find(text, '\'') == text.n && vd_str_find(text, '\n') == text.n) {
        vd_buf_byte(b, '\'');
        vd_buf_add(b, text);
        vd_buf_byte(b, '\'');
        return;
    }
    vd_buf_byte(b, '"');
    put_inside(s, b, text);
    vd_buf_byte(b, '"');
}

void vd_style_text(vd_style *s, vd_buf *b, vd_str text)
{
    const vd_sense_text *t = find_known(s, text);
    const vd_sense_hole *h = t ? NULL : find_beginning(s, text);

    if (t) {
        vd_buf_add(b, t->raw);
    } else if (h && h->value.n == text.n && s->form != VD_FORM_LINES) {
        vd_buf_add(b, h->name);
    } else if (h) {
        vd_buf_printf(b, "\"${" VD_F "}", VD_A(h->name));
        put_inside(s, b, vd_str_from(text, h->value.n));
        vd_buf_byte(b, '"');
    } else if (s->form == VD_FORM_YAML && vd_yaml_is_plain(text)) {
        vd_buf_add(b, text);
    } else {
        put_quoted(s, b, text);
    }
}

bool vd_style_says(const vd_style *s, vd_str text)
{
    return find_known(s, text) || find_beginning(s, text);
}

/* ------------------------------------------------------------------ values */

typedef struct level {
    uint32_t node, children;
    uint32_t column; /* of YAML: where its members or dashes stand, in blanks behind the indentation */
    bool     lines, value; /* value: its last key waits for one */
} level;

typedef struct writing {
    vd_style     *s;
    vd_buf       *b;
    const vd_doc *d;
    vd_str        indent, condition;
    bool          lines;
    level         at[DEEPEST];
    uint32_t      depth;
} writing;

static bool is_object(const writing *w, uint32_t node)
{
    return w->d->nodes[node].kind == VD_NODE_OBJECT;
}

static bool is_container(const writing *w, uint32_t node)
{
    return w->d->nodes[node].kind >= VD_NODE_ARRAY && w->d->nodes[node].next > node + 1;
}

/* Does the value take more than a line? */
static bool is_tall(const writing *w, uint32_t node)
{
    if (!w->lines || !is_container(w, node))
        return false;
    return is_object(w, node) || w->s->form <= VD_FORM_YAML || w->s->form == VD_FORM_LINES || vd_doc_length(w->d, node) > 1;
}

static bool is_name(vd_str s)
{
    bool ok = s.n && (vd_is_alpha(s.p[0]) || s.p[0] == '_');

    for (size_t i = 1; i < s.n; i++)
        ok = ok && (vd_is_alpha(s.p[i]) || vd_is_digit(s.p[i]) || s.p[i] == '_' || s.p[i] == '-');
    return ok;
}

static bool is_bare(const writing *w, vd_str name)
{
    return w->s->form == VD_FORM_YAML ? vd_yaml_is_plain(name) : w->s->form == VD_FORM_HCL && !w->s->quoted && is_name(name);
}

static uint32_t width_of(const writing *w, uint32_t key)
{
    vd_str name = vd_doc_text(w->d, key);

    return (uint32_t)name.n + (is_bare(w, name) ? 0 : 2);
}

static bool is_condition(const writing *w, uint32_t key)
{
    return w->condition.n && w->depth == 1 && vd_str_eq(vd_doc_text(w->d, key), VD_S("Condition"));
}

static bool is_tall_member(const writing *w, uint32_t key)
{
    return is_condition(w, key) ? vd_str_find(w->condition, '\n') < w->condition.n : is_tall(w, key + 1);
}

/* As terraform fmt does it: "=" in one column for members of one line that follow each other. */
static uint32_t column_of(const writing *w, uint32_t object, uint32_t key)
{
    uint32_t most = 0;
    bool     within = false;

    if (is_tall_member(w, key))
        return width_of(w, key);
    for (uint32_t i = vd_doc_first(w->d, object); i != VD_NONE; i = vd_doc_next(w->d, object, i)) {
        if (is_tall_member(w, i)) {
            if (within)
                break;
            most = 0;
            continue;
        }
        within |= i == key;
        most = width_of(w, i) > most ? width_of(w, i) : most;
    }
    return most;
}

static void put_key(writing *w, uint32_t key)
{
    const level *top = &w->at[w->depth - 1];
    vd_str       name = vd_doc_text(w->d, key);

    if (is_bare(w, name))
        vd_buf_add(w->b, name);
    else
        put_quoted(w->s, w->b, name);
    if (w->s->form == VD_FORM_HCL && !w->s->colon) {
        for (uint32_t i = width_of(w, key), to = top->lines ? column_of(w, top->node, key) : i; i < to; i++)
            vd_buf_byte(w->b, ' ');
        vd_buf_add(w->b, VD_S(" = "));
    } else if (w->s->form == VD_FORM_YAML) {
        vd_buf_add(w->b, is_tall(w, key + 1) ? VD_S(":") : VD_S(": "));
    } else {
        vd_buf_add(w->b, w->s->tight ? VD_S(":") : VD_S(": "));
    }
}

static void put_blanks(writing *w, uint32_t column)
{
    vd_buf_add(w->b, w->s->crlf ? VD_S("\r\n") : VD_S("\n"));
    vd_buf_add(w->b, w->indent);
    for (uint32_t i = 0; i < column; i++)
        vd_buf_byte(w->b, ' ');
}

/* What stands before a child. */
static void begin_child(writing *w)
{
    level *top = &w->at[w->depth - 1];
    bool   first = top->children++ == 0;

    if (w->s->form == VD_FORM_YAML) {
        if (!first || top->node)
            put_blanks(w, top->column);
        if (!is_object(w, top->node))
            vd_buf_add(w->b, VD_S("- "));
        return;
    }
    if (!first && !(top->lines && w->s->form == VD_FORM_HCL && !w->s->colon && is_object(w, top->node)))
        vd_buf_add(w->b, top->lines || w->s->tight ? VD_S(",") : VD_S(", "));
    if (top->lines)
        vd_style_newline(w->s, w->b, w->indent, w->depth);
    else if (first && w->s->form == VD_FORM_HCL && is_object(w, top->node))
        vd_buf_byte(w->b, ' ');
}

static void close_container(writing *w)
{
    level *top = &w->at[--w->depth];
    bool   object = is_object(w, top->node);

    if (w->s->form == VD_FORM_YAML)
        return;
    if (top->lines && !object && w->s->trailing)
        vd_buf_byte(w->b, ',');
    if (top->lines)
        vd_style_newline(w->s, w->b, w->indent, w->depth);
    else if (w->s->form == VD_FORM_HCL && object)
        vd_buf_byte(w->b, ' ');
    vd_buf_byte(w->b, object ? '}' : ']');
}

/* False: it nests deeper than any policy. */
static bool open_container(writing *w, uint32_t node)
{
    const level *top = w->depth ? &w->at[w->depth - 1] : NULL;
    level        l = { .node = node, .lines = is_tall(w, node) };

    if (w->depth == DEEPEST)
        return false;
    if (top)
        l.column = top->column + (is_object(w, node) ? 2 : w->s->dash);
    if (w->s->form != VD_FORM_YAML)
        vd_buf_byte(w->b, is_object(w, node) ? '{' : '[');
    w->at[w->depth++] = l;
    return true;
}

static void put_scalar(writing *w, uint32_t node)
{
    if (w->d->nodes[node].kind == VD_NODE_STRING)
        vd_style_text(w->s, w->b, vd_doc_text(w->d, node));
    else if (w->d->nodes[node].kind == VD_NODE_OBJECT)
        vd_buf_add(w->b, VD_S("{}"));
    else if (w->d->nodes[node].kind == VD_NODE_ARRAY)
        vd_buf_add(w->b, VD_S("[]"));
    else
        vd_buf_add(w->b, vd_doc_text(w->d, node));
}

static bool put_nodes(writing *w)
{
    for (uint32_t i = 0; i < w->d->count; i++) {
        level *top;
        bool   key;

        while (w->depth && w->d->nodes[w->at[w->depth - 1].node].next == i)
            close_container(w);
        top = w->depth ? &w->at[w->depth - 1] : NULL;
        key = top && is_object(w, top->node) && !top->value;
        if (top && !top->value)
            begin_child(w);
        if (top)
            top->value = key;
        if (key) {
            put_key(w, i);
            if (is_condition(w, i)) {
                vd_buf_add(w->b, w->condition);
                top->value = false;
                i = w->d->nodes[i + 1].next - 1;
            }
        } else if (!is_container(w, i)) {
            put_scalar(w, i);
        } else if (!open_container(w, i)) {
            return false;
        }
    }
    while (w->depth)
        close_container(w);
    return true;
}

void vd_style_value(vd_style *s, vd_buf *b, vd_str json, vd_str indent, bool lines, vd_str condition)
{
    vd_source source = { .name = VD_S(""), .text = json };
    vd_doc    doc = { 0 };
    writing   w = { .s = s, .b = b, .d = &doc, .indent = indent, .condition = condition, .lines = lines };

    if (vd_json_read(&doc, s->arena, &source, &s->old->engine->limits, NULL, NULL, NULL) != VD_OK || !put_nodes(&w))
        b->failed = true;
}
