/* SPDX-License-Identifier: Apache-2.0
 *
 * The grammar of JSON above its tokens, with the node array as the stack.  Strict: what IAM refuses, this refuses, unless
 * it is told to let pass what many editors do (json_lenient.c), and then it says what that was.
 *
 *   value  = '{' [ string ':' value *( ',' string ':' value ) ] '}' | '[' [ value *( ',' value ) ] ']'
 *          | string | number | true | false | null
 */
#include "base/error.h"
#include "base/str.h"
#include "text/json_lex.h"
#include "text/reader.h"

/* What may come next. */
typedef enum state {
    VALUE,
    VALUE_OR_CLOSE, /* behind '[' */
    KEY_OR_CLOSE,   /* behind '{' */
    KEY,            /* behind ',' in an object */
    COLON,
    MORE_OR_CLOSE, /* behind a value in a container */
    END
} state;

static const char *expected(const vd_reader *r, state s)
{
    switch (s) {
    case VALUE:
        return "a value";
    case VALUE_OR_CLOSE:
        return "a value or \"]\"";
    case KEY_OR_CLOSE:
        return "a key in double quotes or \"}\"";
    case KEY:
        return "a key in double quotes";
    case COLON:
        return "\":\"";
    default:
        return r->nodes.at[r->open].kind == VD_NODE_OBJECT ? "\",\" or \"}\"" : "\",\" or \"]\"";
    }
}

static vd_span span_of(const vd_json_token *t)
{
    return (vd_span){ t->offset, t->length };
}

static vd_code lexical(vd_reader *r, const vd_json_token *t)
{
    if (t->lenient)
        return vd_reader_bad(r, VD_S("json-nonstandard"), span_of(t), "%s is not allowed in JSON",
                             t->problem);
    return vd_reader_bad(r, VD_S("json-syntax"), span_of(t), "not valid JSON: %s", t->problem);
}

static vd_code unexpected(vd_reader *r, state s, const vd_json_token *t, const vd_json_token *before)
{
    vd_str      rule = VD_S("json-syntax"), found = { r->source->text.p + t->offset, t->length };
    const char *dots = found.n > 40 ? "..." : "";

    if (t->kind == VD_JSON_BAD && t->problem)
        return lexical(r, t);
    if (s == END)
        return vd_reader_bad(r, VD_S("json-trailing-data"), span_of(t),
                             "text after the end of the JSON document");
    if (before->kind == VD_JSON_COMMA && (t->kind == VD_JSON_CLOSE_OBJECT || t->kind == VD_JSON_CLOSE_ARRAY))
        return vd_reader_bad(r, VD_S("json-nonstandard"), span_of(before),
                             "a trailing comma is not allowed in JSON");
    if (t->kind == VD_JSON_END)
        return vd_reader_bad(r, rule, span_of(t), "not valid JSON: the text %s, expected %s",
                             before->kind == VD_JSON_END ? "is empty" : "ends too early", expected(r, s));
    if (found.n == 1 && (unsigned char)found.p[0] < 0x20)
        return vd_reader_bad(r, rule, span_of(t),
                             "not valid JSON: found the control character U+%04X, expected %s",
                             (unsigned)found.p[0], expected(r, s));
    while (found.n > 40 || (dots[0] && found.n && (found.p[found.n] & 0xc0) == 0x80))
        found.n--;
    if (t->kind == VD_JSON_STRING)
        return vd_reader_bad(r, rule, span_of(t), "not valid JSON: found the string " VD_F "%s, expected %s",
                             VD_A(found), dots, expected(r, s));
    return vd_reader_bad(r, rule, span_of(t), "not valid JSON: found \"" VD_F "%s\", expected %s",
                         VD_A(found), dots, expected(r, s));
}

static vd_code add_string(vd_reader *r, const vd_json_token *t)
{
    vd_str inside = { r->source->text.p + t->offset + 1, t->length - 2 }, value = inside;
    char  *copy;

    if (t->escaped) {
        copy = vd_arena_alloc(r->arena, inside.n, 1);
        if (!copy)
            return vd_fail_nomem(r->err);
        value = (vd_str){ copy, vd_json_unescape(copy, inside) };
    }
    VD_TRY(vd_reader_string_limit(r, span_of(t), value.n));
    VD_TRY(vd_reader_add(r, VD_NODE_STRING, 0, span_of(t)));
    return t->escaped ? vd_reader_decoded(r, value) : VD_OK;
}

static const uint8_t scalar_kind[] = {
    [VD_JSON_NUMBER] = VD_NODE_NUMBER,
    [VD_JSON_TRUE] = VD_NODE_TRUE,
    [VD_JSON_FALSE] = VD_NODE_FALSE,
    [VD_JSON_NULL] = VD_NODE_NULL,
};

/* One token.  *fits: the grammar knows it here. */
static vd_code take(vd_reader *r, state *s, const vd_json_token *t, bool *fits)
{
    bool    value = *s == VALUE || *s == VALUE_OR_CLOSE;
    bool    in_object = r->open != VD_NONE && r->nodes.at[r->open].kind == VD_NODE_OBJECT;
    vd_code code = VD_OK;

    *fits = true;
    switch (t->kind) {
    case VD_JSON_OPEN_OBJECT:
    case VD_JSON_OPEN_ARRAY:
        if (!value)
            break;
        *s = t->kind == VD_JSON_OPEN_OBJECT ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
        return vd_reader_open(r, t->kind == VD_JSON_OPEN_OBJECT ? VD_NODE_OBJECT : VD_NODE_ARRAY, span_of(t));
    case VD_JSON_CLOSE_OBJECT:
    case VD_JSON_CLOSE_ARRAY:
        if (in_object != (t->kind == VD_JSON_CLOSE_OBJECT) ||
            !(*s == MORE_OR_CLOSE || *s == (in_object ? KEY_OR_CLOSE : VALUE_OR_CLOSE)))
            break;
        vd_reader_close(r, t->offset + 1);
        *s = r->open == VD_NONE ? END : MORE_OR_CLOSE;
        return VD_OK;
    case VD_JSON_COLON:
        if (*s != COLON)
            break;
        *s = VALUE;
        return VD_OK;
    case VD_JSON_COMMA:
        if (*s != MORE_OR_CLOSE)
            break;
        *s = in_object ? KEY : VALUE;
        return VD_OK;
    case VD_JSON_STRING:
        if (!value && *s != KEY && *s != KEY_OR_CLOSE)
            break;
        *s = !value ? COLON : r->open == VD_NONE ? END : MORE_OR_CLOSE;
        return add_string(r, t);
    case VD_JSON_NUMBER:
    case VD_JSON_TRUE:
    case VD_JSON_FALSE:
    case VD_JSON_NULL:
        if (!value)
            break;
        code = vd_reader_add(r, scalar_kind[t->kind], 0, span_of(t));
        *s = r->open == VD_NONE ? END : MORE_OR_CLOSE;
        return code;
    default:
        break;
    }
    *fits = false;
    return VD_OK;
}

/* "[1,]": the comma goes, when that is let pass. */
static vd_code drop_comma(vd_reader *r, state *s, const vd_json_token *t, const vd_json_token *before, bool *fits)
{
    if (!r->lenient || before->kind != VD_JSON_COMMA ||
        (t->kind != VD_JSON_CLOSE_OBJECT && t->kind != VD_JSON_CLOSE_ARRAY))
        return VD_OK;
    VD_TRY(vd_reader_deviation(r, "a trailing comma", span_of(before), true, VD_S("")));
    *s = MORE_OR_CLOSE;
    return take(r, s, t, fits);
}

static vd_code read_value(vd_reader *r)
{
    vd_json_token before = { .kind = VD_JSON_END };
    state         s = VALUE;

    for (uint32_t at = 0;;) {
        vd_json_token t = vd_json_next(r->source->text, at);
        vd_str        value = { 0 };
        bool          fits, skip = false;

        if (t.kind == VD_JSON_END && s == END)
            return VD_OK;
        if (t.lenient && r->lenient)
            VD_TRY(vd_json_let_pass(r, at, &t, &value, &skip));
        at = t.offset + t.length;
        if (skip)
            continue;
        VD_TRY(take(r, &s, &t, &fits));
        if (!fits)
            VD_TRY(drop_comma(r, &s, &t, &before, &fits));
        if (!fits)
            return unexpected(r, s, &t, &before);
        if (value.p)
            VD_TRY(vd_reader_decoded(r, value));
        before = t;
    }
}

static vd_code read_json(vd_reader *r, vd_doc *out, uint32_t *duplicates, vd_code code)
{
    *out = (vd_doc){ .source = r->source };
    if (duplicates)
        *duplicates = 0;
    if (code == VD_OK)
        code = read_value(r);
    if (code == VD_OK)
        code = vd_reader_finish(r, out, duplicates);
    vd_reader_done(r);
    return code;
}

vd_code vd_json_read(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                     vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    vd_reader r;
    vd_code   code = vd_reader_init(&r, arena, source, limits, diags, err);

    return read_json(&r, out, duplicates, code);
}

vd_code vd_json_read_leniently(vd_doc *out, vd_arena *arena, const vd_source *source, const vd_limits *limits,
                               vd_deviations *deviations, vd_diags *diags, uint32_t *duplicates, vd_error *err)
{
    vd_reader r;
    vd_code   code = vd_reader_init(&r, arena, source, limits, diags, err);

    *deviations = (vd_deviations){ 0 };
    r.lenient = deviations;
    return read_json(&r, out, duplicates, code);
}
