/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of an aws_iam_policy_document: its arguments are edited like other lists; what is here are its statement blocks, which
 * go with their lines, and are written like those beside them, with the conditions of the one that they come from.
 */
#include "tighten/change_int.h"

#include "base/str.h"
#include "extract/hcl_lex.h"
#include "policy/write.h"

static vd_buf buf(const vd_editing *e)
{
    return vd_buf_on(&e->style.arena->alloc, 0);
}

static vd_span place(const vd_editing *e, uint32_t statement)
{
    return vd_change_place(e->p->old, e->p->old->statements[statement].span);
}

/* ------------------------------------------------------------------ lines */

static uint32_t line_start(const vd_style *s, uint32_t at)
{
    while (at > 0 && s->file.p[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the end of the line, when nothing else stands on it; else `at`. */
static uint32_t line_end(const vd_style *s, uint32_t at)
{
    uint32_t i = at;

    while (i < s->file.n && (s->file.p[i] == ' ' || s->file.p[i] == '\t' || s->file.p[i] == '\r'))
        i++;
    return i < s->file.n && s->file.p[i] == '\n' ? i + 1 : at;
}

static bool is_blank(const vd_style *s, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        if (s->file.p[from] != ' ' && s->file.p[from] != '\t' && s->file.p[from] != '\r' && s->file.p[from] != '\n')
            return false;
    return true;
}

/* With its lines, and with the empty line before it. */
static void remove_block(vd_editing *e, uint32_t statement)
{
    const vd_style *s = &e->style;
    vd_span         at = place(e, statement);
    uint32_t        start = line_start(s, at.offset), end = line_end(s, at.offset + at.length), before;
    vd_buf          none = buf(e);

    if (!is_blank(s, start, at.offset) || end == at.offset + at.length) {
        start = at.offset; /* something else is on these lines */
        end = at.offset + at.length;
    } else if (start > 0) {
        before = line_start(s, start - 1);
        if (is_blank(s, before, start))
            start = before;
    }
    vd_change_splice(e, start, end, &none);
}

/* ------------------------------------------------------------------ arguments */

static void put_name(vd_buf *b, const char *name, uint32_t width)
{
    vd_buf_printf(b, "%-*s = ", (int)width, name);
}

/* The column of "=" behind a name, told from the name; 0: the line has none. */
static uint32_t width_at(const vd_style *s, uint32_t key)
{
    uint32_t i = key;

    while (i < s->file.n && s->file.p[i] != '=' && s->file.p[i] != '\n')
        i++;
    return i < s->file.n && s->file.p[i] == '=' && i > key + 1 && i - key < 40 ? i - key - 1 : 0;
}

static void edit_sid(vd_editing *e, const vd_statement *a, const vd_statement *b)
{
    const vd_style *s = &e->style;
    vd_span         key = vd_change_place(e->p->old, a->action.key), at = vd_change_place(e->p->old, a->sid.span);
    vd_buf          text = buf(e);
    uint32_t        start = line_start(s, key.offset);

    if (a->has_sid == b->has_sid && (!a->has_sid || vd_str_eq(a->sid.text, b->sid.text))) {
        vd_buf_done(&text);
        return;
    }
    if (a->has_sid) {
        vd_json_of_string(&text, b->sid.text);
        vd_change_splice(e, at.offset, at.offset + at.length, &text);
        return;
    }
    vd_buf_add(&text, vd_style_indent(s, key.offset));
    put_name(&text, "sid", width_at(s, key.offset));
    vd_json_of_string(&text, b->sid.text);
    vd_style_newline(s, &text, VD_S(""), 0);
    if (!is_blank(s, start, key.offset))
        e->by_hand = "the statement is written in one line";
    vd_change_splice(e, start, start, &text);
}

/* ------------------------------------------------------------------ blocks that are written */

/* "effect" of this block, if it says so. */
static bool writes_effect(const vd_editing *e, uint32_t statement)
{
    return vd_change_place(e->p->old, e->p->old->statements[statement].effect_span).length > 0;
}

static bool is_rest(vd_str word)
{
    return vd_str_eq(word, VD_S("condition")) || vd_str_eq(word, VD_S("dynamic"));
}

/* The conditions within the block, word for word, each with an empty line before it. */
static void copy_conditions(vd_editing *e, vd_buf *b, uint32_t statement)
{
    const vd_style *s = &e->style;
    vd_span         all = place(e, statement);
    vd_str          until = vd_str_first(s->file, all.offset + all.length);
    size_t          at = all.offset;
    uint32_t        depth = 0, start = all.offset; /* of the last thing that begins a line of the block's own */

    for (vd_lexeme t = vd_hcl_next(until, &at); t.kind != VD_HCL_END; t = vd_hcl_next(until, &at)) {
        vd_str word = vd_str_from(s->file, start);

        if (depth == 1 && t.kind == VD_HCL_WORD && is_blank(s, line_start(s, t.span.offset), t.span.offset))
            start = t.span.offset;
        depth += t.kind == VD_HCL_OPEN;
        if (t.kind != VD_HCL_CLOSE || --depth != 1)
            continue;
        word = vd_str_first(word, vd_str_find(word, ' '));
        if (!is_rest(word))
            continue;
        vd_buf_add(b, s->crlf ? VD_S("\r\n") : VD_S("\n"));
        vd_style_newline(s, b, vd_style_indent(s, start), 0);
        vd_buf_add(b, vd_str_first(vd_str_from(s->file, start), t.span.offset + 1 - start));
    }
}

/* ["a", "b"] */
static void put_texts(vd_editing *e, vd_buf *b, const vd_texts *texts, bool tall, vd_str indent)
{
    vd_style *s = &e->style;

    vd_buf_byte(b, '[');
    for (uint32_t i = 0; i < texts->count; i++) {
        if (i)
            vd_buf_add(b, tall ? VD_S(",") : VD_S(", "));
        if (tall)
            vd_style_newline(s, b, indent, 2);
        vd_style_text(s, b, texts->at[i].text);
    }
    if (tall && s->trailing)
        vd_buf_byte(b, ',');
    if (tall)
        vd_style_newline(s, b, indent, 1);
    vd_buf_byte(b, ']');
}

static void put_entry(vd_editing *e, vd_buf *b, const vd_entry *entry, vd_str indent)
{
    vd_style *s = &e->style;

    vd_buf_add(b, s->crlf ? VD_S("\r\n") : VD_S("\n"));
    vd_style_newline(s, b, indent, 1);
    vd_buf_add(b, VD_S("condition {"));
    vd_style_newline(s, b, indent, 2);
    put_name(b, "test", 8);
    vd_json_of_string(b, entry->operator_name.text);
    vd_style_newline(s, b, indent, 2);
    put_name(b, "variable", 8);
    vd_style_text(s, b, entry->key.text);
    vd_style_newline(s, b, indent, 2);
    put_name(b, "values", 8);
    put_texts(e, b, &entry->values, false, indent);
    vd_style_newline(s, b, indent, 1);
    vd_buf_byte(b, '}');
}

typedef struct argument {
    const char     *name;
    vd_str          text; /* of one string */
    const vd_texts *texts;
    bool            tall; /* takes several lines */
} argument;

/* Arguments of one line that follow each other have their "=" in one column. */
static uint32_t width_of(const argument *at, uint32_t count, uint32_t i)
{
    size_t   most = 0;
    uint32_t from = i;

    if (at[i].tall)
        return 0;
    while (from > 0 && !at[from - 1].tall)
        from--;
    for (; from < count && !at[from].tall; from++)
        most = strlen(at[from].name) > most ? strlen(at[from].name) : most;
    return (uint32_t)most;
}

static void put_arguments(vd_editing *e, vd_buf *b, const vd_statement *st, bool effect, vd_str indent)
{
    vd_style *s = &e->style;
    argument  at[4];
    uint32_t  n = 0;

    if (st->has_sid)
        at[n++] = (argument){ .name = "sid", .text = st->sid.text };
    if (effect)
        at[n++] = (argument){ .name = "effect", .text = st->effect == VD_EFFECT_ALLOW ? VD_S("Allow") : VD_S("Deny") };
    if (st->action.present)
        at[n++] = (argument){ .name = st->action.negated ? "not_actions" : "actions", .texts = &st->action.texts,
                              .tall = st->action.texts.count > 1 };
    if (st->resource.present)
        at[n++] = (argument){ .name = st->resource.negated ? "not_resources" : "resources", .texts = &st->resource.texts,
                              .tall = st->resource.texts.count > 1 };
    for (uint32_t i = 0; i < n; i++) {
        vd_style_newline(s, b, indent, 1);
        put_name(b, at[i].name, width_of(at, n, i));
        if (at[i].texts)
            put_texts(e, b, at[i].texts, at[i].tall, indent);
        else
            vd_json_of_string(b, at[i].text);
    }
}

static void put_block(vd_editing *e, vd_buf *b, uint32_t now, uint32_t beside)
{
    const vd_statement *st = &e->p->now->statements[now];
    vd_style           *s = &e->style;
    uint32_t            like = vd_change_sibling(e, now);
    vd_str              indent = vd_style_indent(s, place(e, beside).offset);

    if (like != VD_NONE)
        vd_change_look_at_texts(e, &e->p->old->statements[like].resource, &st->resource);
    vd_buf_add(b, VD_S("statement {"));
    put_arguments(e, b, st, st->effect == VD_EFFECT_DENY || writes_effect(e, beside), indent);
    if (like != VD_NONE)
        copy_conditions(e, b, like);
    for (uint32_t i = 0; like == VD_NONE && i < st->entry_count; i++)
        put_entry(e, b, &st->entries[i], indent);
    vd_style_newline(s, b, indent, 0);
    vd_buf_byte(b, '}');
}

/* ------------------------------------------------------------------ all of it */

static void replace_block(vd_editing *e, uint32_t old, uint32_t now)
{
    vd_span at = place(e, old);
    vd_buf  b = buf(e);

    put_block(e, &b, now, old);
    vd_change_splice(e, at.offset, at.offset + at.length, &b);
}

static void edit_block(vd_editing *e, uint32_t old, uint32_t now)
{
    const vd_statement *a = &e->p->old->statements[old], *b = &e->p->now->statements[now];

    if (e->p->whole[old] || (a->has_sid && !b->has_sid) || a->action.present != b->action.present ||
        a->resource.present != b->resource.present) {
        replace_block(e, old, now);
        return;
    }
    edit_sid(e, a, b);
    vd_change_edit_lists(e, a, b);
}

/* Behind the one that they come from, in their order. */
static void add_blocks(vd_editing *e)
{
    for (uint32_t i = 0; i < e->style.count; i++) {
        vd_span  at = place(e, i);
        vd_buf   b = buf(e);

        for (uint32_t k = 0; k < e->p->now->statement_count && e->ok; k++) {
            uint32_t like = e->p->old_of[k] == VD_NONE ? vd_change_sibling(e, k) : 0;

            if (e->p->old_of[k] != VD_NONE || (like == VD_NONE ? e->style.count - 1 : like) != i)
                continue;
            vd_buf_add(&b, e->style.crlf ? VD_S("\r\n") : VD_S("\n"));
            vd_style_newline(&e->style, &b, vd_style_indent(&e->style, at.offset), 0);
            put_block(e, &b, k, i);
        }
        if (b.n || b.failed)
            vd_change_splice(e, at.offset + at.length, at.offset + at.length, &b);
        else
            vd_buf_done(&b);
    }
}

void vd_change_blocks(vd_editing *e, const vd_change_places *places)
{
    vd_span version = vd_change_place(e->p->old, places->version);
    vd_buf  b;

    if (e->p->old->language != e->p->now->language) {
        b = buf(e);
        vd_buf_add(&b, e->p->now->language == VD_LANGUAGE_2012 ? VD_S("\"2012-10-17\"") : VD_S("\"2008-10-17\""));
        if (version.length)
            vd_change_splice(e, version.offset, version.offset + version.length, &b);
        else
            vd_buf_done(&b);
        if (!version.length || e->p->now->language == VD_LANGUAGE_NONE)
            e->by_hand = "the version of the language cannot be said there";
    }
    for (uint32_t i = 0; i < e->style.count; i++)
        if (e->p->now_of[i] != VD_NONE)
            edit_block(e, i, e->p->now_of[i]);
        else
            remove_block(e, i);
    add_blocks(e);
}
