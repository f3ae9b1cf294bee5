/* SPDX-License-Identifier: Apache-2.0
 *
 * From pairs of statements to edits of tokens.  In one list something is either taken out or added, never both in one place;
 * what an expression of the file says is written by that expression.
 */
#include "tighten/change_int.h"

#include "base/str.h"
#include "policy/write.h"

void vd_change_edit(vd_editing *e, uint8_t op, vd_span span, vd_str text)
{
    vd_edit one = { .op = op, .span = span, .text = text };

    e->ok = e->ok && VD_ARENA_PUSH(e->style.arena, e->out->edits, e->out->count, e->out->cap, one);
}

static void edit_buf(vd_editing *e, uint8_t op, vd_span span, vd_buf *b)
{
    vd_str text = { "", 0 };

    e->ok = e->ok && !b->failed && vd_arena_dup(e->style.arena, &text, vd_buf_str(b));
    vd_buf_done(b);
    vd_change_edit(e, op, span, text);
}

void vd_change_splice(vd_editing *e, uint32_t start, uint32_t end, vd_buf *text)
{
    vd_splice s = { .start = start, .end = end };

    e->ok = e->ok && !text->failed && vd_arena_dup(e->style.arena, &s.text, vd_buf_str(text)) &&
            VD_ARENA_PUSH(e->style.arena, e->at, e->count, e->cap, s);
    vd_buf_done(text);
}

static vd_buf buf(const vd_editing *e)
{
    return vd_buf_on(&e->style.arena->alloc, 0);
}

/* ------------------------------------------------------------------ expressions */

/* An expression of the file that says the text; NULL: it is written out. */
static const vd_sense_text *expression(const vd_editing *e, const vd_text *t)
{
    const vd_sense *k = e->style.known;
    vd_str          raw = k->text_count ? vd_change_written(e->p->old, t->span) : VD_S("");

    for (uint32_t i = 0; i < k->text_count; i++)
        for (uint32_t v = 0; v < k->texts[i].count; v++)
            if (vd_str_eq(k->texts[i].values[v], t->text) && vd_str_eq(k->texts[i].raw, raw))
                return &k->texts[i];
    return NULL;
}

static bool has_text(const vd_texts *texts, vd_str text, uint32_t before)
{
    for (uint32_t i = 0; i < texts->count && i < before; i++)
        if (vd_str_eq(texts->at[i].text, text))
            return true;
    return false;
}

/* Something is written out where there was an expression: it may be right today alone. */
void vd_change_look_at_texts(vd_editing *e, const vd_list *old, const vd_list *now)
{
    const vd_sense_text *gone = NULL;

    for (uint32_t i = 0; i < old->texts.count; i++) {
        const vd_sense_text *t = expression(e, &old->texts.at[i]);

        if (!t || (has_text(&now->texts, old->texts.at[i].text, UINT32_MAX) && t->count == 1))
            continue;
        gone = t;
        if (t->unsure)
            e->by_hand = "which of its expressions says what cannot be told";
    }
    for (uint32_t i = 0; gone && i < now->texts.count && e->review.n == 0; i++)
        if (!has_text(&old->texts, now->texts.at[i].text, UINT32_MAX) && !vd_style_says(&e->style, now->texts.at[i].text) &&
            !vd_str_eq(now->texts.at[i].text, VD_S("*")))
            e->ok = e->ok && vd_arena_printf(e->style.arena, &e->review, "\"" VD_F "\" is written out, where there was the expression " VD_F,
                                             VD_A(now->texts.at[i].text), VD_A(gone->raw));
}

/* ------------------------------------------------------------------ lists */

static vd_str indent_of(const vd_editing *e, vd_span span)
{
    return vd_style_indent(&e->style, vd_change_place(e->p->old, span).offset);
}

/* In YAML a list is on lines of its own, below its key. */
static void begin_yaml_list(vd_editing *e, vd_buf *b, vd_span key, vd_str *indent)
{
    vd_style *s = &e->style;
    uint32_t  at = vd_change_place(e->p->old, key).offset, column = at;
    vd_str    blanks;

    while (column > 0 && s->file.p[column - 1] != '\n')
        column--;
    column = at - column + s->dash;
    if (!vd_arena_printf(s->arena, &blanks, "%*s", (int)(column < 200 ? column : 200), ""))
        e->ok = false;
    else
        *indent = blanks;
    vd_style_newline(s, b, *indent, 0);
}

static void put_list(vd_editing *e, vd_buf *b, const vd_list *old, const vd_list *now)
{
    vd_style *s = &e->style;
    vd_buf    json = buf(e);
    vd_str    indent = indent_of(e, old->key), text = { "", 0 };
    bool      brackets = s->form == VD_FORM_BLOCKS && now->texts.count == 1;

    vd_change_texts(&json, &now->texts);
    e->ok = e->ok && !json.failed && vd_arena_dup(s->arena, &text, vd_buf_str(&json));
    vd_buf_done(&json);
    if (s->form == VD_FORM_YAML && now->texts.count > 1)
        begin_yaml_list(e, b, old->key, &indent);
    if (brackets)
        vd_buf_byte(b, '[');
    if (e->ok)
        vd_style_value(s, b, text, indent, s->lines, VD_S(""));
    if (brackets)
        vd_buf_byte(b, ']');
}

static void rename_list(vd_editing *e, const vd_list *old, const vd_list *now)
{
    bool action = vd_str_contains(vd_change_written(e->p->old, old->key), VD_S("ction"));

    if (e->style.form == VD_FORM_BLOCKS) {
        vd_span at = vd_change_place(e->p->old, old->key);
        vd_buf  b = buf(e);

        vd_buf_printf(&b, "%s%s", now->negated ? "not_" : "", action ? "actions" : "resources");
        vd_change_splice(e, at.offset, at.offset + at.length, &b);
        return;
    }
    vd_change_edit(e, VD_EDIT_STRING, old->key, now->negated ? (action ? VD_S("NotAction") : VD_S("NotResource"))
                                                             : (action ? VD_S("Action") : VD_S("Resource")));
}

/* terraform fmt puts no blanks before the "=" of a value of several lines. */
static void close_up(vd_editing *e, vd_span key)
{
    const vd_style *s = &e->style;
    vd_span         at = vd_change_place(e->p->old, key);
    uint32_t        from = at.offset + at.length, to = from;
    vd_buf          b;

    while (to < s->file.n && s->file.p[to] == ' ')
        to++;
    if (to <= from + 1 || to == s->file.n || s->file.p[to] != '=')
        return;
    b = buf(e);
    vd_buf_byte(&b, ' ');
    vd_change_splice(e, from, to, &b);
}

static void replace_list(vd_editing *e, const vd_list *old, const vd_list *now)
{
    vd_buf b = buf(e);

    if (old->negated != now->negated)
        rename_list(e, old, now);
    put_list(e, &b, old, now);
    if ((e->style.form == VD_FORM_HCL || e->style.form == VD_FORM_BLOCKS) && vd_str_find(vd_buf_str(&b), '\n') < b.n)
        close_up(e, old->key);
    edit_buf(e, VD_EDIT_VALUE, old->value, &b);
}

/* A list that fills one line would be a long one. */
static bool better_anew(const vd_editing *e, const vd_list *old, const vd_list *now, uint32_t added)
{
    enum { LONG = 100 };
    size_t width = 0;

    for (uint32_t i = 0; i < now->texts.count; i++)
        width += now->texts.at[i].text.n + 4;
    return e->style.lines && e->style.form != VD_FORM_YAML && !vd_style_is_long(&e->style, old->value) &&
           ((added > 2 && now->texts.count > 3) || (added && now->texts.count > 1 && width > LONG));
}

/* A comment right behind an element is about that element; with the blanks before it.  Length 0: there is none. */
static vd_span note_of(const vd_editing *e, vd_span span)
{
    vd_span at = vd_change_place(e->p->old, span);
    vd_str  file = e->style.file, rest;
    size_t  end = at.offset + at.length, from;

    while (end < file.n && (file.p[end] == ' ' || file.p[end] == '\t'))
        end++;
    from = at.offset + at.length;
    if (end < file.n && file.p[end] == ',')
        from = ++end;
    while (end < file.n && (file.p[end] == ' ' || file.p[end] == '\t'))
        end++;
    rest = vd_str_from(file, end);
    if (vd_str_starts(rest, VD_S("/*")) && e->style.form != VD_FORM_YAML) {
        while (end < file.n && !vd_str_starts(vd_str_from(file, end), VD_S("*/")))
            end++;
        end = end + 2 < file.n ? end + 2 : file.n;
    } else if (vd_str_starts(rest, VD_S("#")) || (vd_str_starts(rest, VD_S("//")) && e->style.form != VD_FORM_YAML)) {
        end += vd_str_find(rest, '\n');
        end -= end > from && file.p[end - 1] == '\r';
    } else {
        return (vd_span){ 0, 0 };
    }
    return (vd_span){ (uint32_t)from, (uint32_t)(end - from) };
}

static bool goes(const vd_list *old, const vd_list *now, uint32_t i)
{
    vd_str text = old->texts.at[i].text;

    return !has_text(&now->texts, text, UINT32_MAX) || has_text(&old->texts, text, i);
}

static bool comes(const vd_list *old, const vd_list *now, uint32_t i)
{
    vd_str text = now->texts.at[i].text;

    return !has_text(&old->texts, text, UINT32_MAX) && !has_text(&now->texts, text, i);
}

/* What a function of a template says is no token of its file. */
static bool is_function(const vd_editing *e, const vd_text *t)
{
    return e->style.form < VD_FORM_HCL && expression(e, t);
}

/* None stays, and there is a function: what there is cannot go and come in one place. */
static bool all_anew(const vd_editing *e, const vd_list *old, const vd_list *now)
{
    bool made = false;

    for (uint32_t i = 0; i < old->texts.count; i++) {
        if (!goes(old, now, i))
            return false;
        made |= is_function(e, &old->texts.at[i]);
    }
    return made;
}

static void edit_text(vd_editing *e, uint8_t op, vd_span span, vd_str text)
{
    vd_buf b = buf(e);

    vd_style_text(&e->style, &b, text);
    edit_buf(e, op, span, &b);
}

/* In the quotes of what stands there; what was said of the old one does not hold for the new one. */
static void replace_text(vd_editing *e, const vd_text *old, vd_str text)
{
    if (e->style.form < VD_FORM_HCL && !vd_style_says(&e->style, text) && !is_function(e, old))
        vd_change_edit(e, VD_EDIT_STRING, old->span, text);
    else
        edit_text(e, VD_EDIT_VALUE, old->span, text);
}

/* Elements that go give their place to those that come. */
static void edit_elements(vd_editing *e, const vd_list *old, const vd_list *now)
{
    uint32_t next = 0, left = 0;

    for (uint32_t i = 0; i < now->texts.count; i++)
        left += comes(old, now, i);
    if (better_anew(e, old, now, left) || all_anew(e, old, now)) {
        replace_list(e, old, now);
        return;
    }
    for (uint32_t i = 0; i < old->texts.count; i++) {
        const vd_text *t = &old->texts.at[i];

        if (!goes(old, now, i))
            continue;
        while (left && !comes(old, now, next))
            next++;
        if (left && !is_function(e, t)) {
            vd_span note = note_of(e, t->span);
            vd_buf  none = buf(e);

            replace_text(e, t, now->texts.at[next++].text);
            if (note.length)
                vd_change_splice(e, note.offset, note.offset + note.length, &none);
            left--;
        } else {
            vd_change_edit(e, VD_EDIT_DELETE_ITEM, t->span, VD_S(""));
        }
    }
    for (; left && next < now->texts.count; next++)
        if (comes(old, now, next))
            edit_text(e, VD_EDIT_ADD_ITEM, old->value, now->texts.at[next].text);
}

static bool same_texts(const vd_list *a, const vd_list *b)
{
    if (a->negated != b->negated)
        return false;
    for (uint32_t i = 0; i < a->texts.count; i++)
        if (!has_text(&b->texts, a->texts.at[i].text, UINT32_MAX))
            return false;
    for (uint32_t i = 0; i < b->texts.count; i++)
        if (!has_text(&a->texts, b->texts.at[i].text, UINT32_MAX))
            return false;
    return true;
}

/* One string that does not stand in brackets has the span of its value, and so have all texts of one expression. */
static bool is_scalar(const vd_list *l)
{
    return l->texts.count && l->texts.at[0].span.offset == l->value.offset &&
           (l->texts.count == 1 || l->texts.at[1].span.offset == l->value.offset);
}

static void edit_list(vd_editing *e, const vd_list *old, const vd_list *now)
{
    if (!old->present || same_texts(old, now))
        return;
    vd_change_look_at_texts(e, old, now);
    if (old->negated != now->negated || (is_scalar(old) && (now->texts.count != 1 || e->style.form == VD_FORM_BLOCKS)))
        replace_list(e, old, now);
    else if (is_scalar(old))
        replace_text(e, &old->texts.at[0], now->texts.at[0].text);
    else
        edit_elements(e, old, now);
}

void vd_change_edit_lists(vd_editing *e, const vd_statement *old, const vd_statement *now)
{
    edit_list(e, &old->action, &now->action);
    edit_list(e, &old->resource, &now->resource);
}

/* ------------------------------------------------------------------ statements */

/* The part of a Sid in front of what was added to it. */
static bool has_sid_of(const vd_statement *now, const vd_statement *old)
{
    return now->has_sid && old->has_sid && vd_str_starts(now->sid.text, old->sid.text);
}

uint32_t vd_change_sibling(vd_editing *e, uint32_t now)
{
    const vd_policy *old = e->p->old;
    uint32_t         found = VD_NONE;
    bool             named = false;
    vd_str           one, other;

    for (uint32_t i = 0; i < e->style.count && e->ok; i++) {
        bool sid = has_sid_of(&e->p->now->statements[now], &old->statements[i]);

        e->ok = vd_change_key(e->style.arena, &one, &old->statements[i], VD_KEY_REST) &&
                vd_change_key(e->style.arena, &other, &e->p->now->statements[now], VD_KEY_REST);
        if (!e->ok || !vd_str_eq(one, other) || (named && !sid))
            continue;
        found = i;
        named = sid;
    }
    return found;
}

static bool has_made_conditions(const vd_editing *e, const vd_statement *st)
{
    const vd_sense *k = e->style.known;

    for (uint32_t i = 0; i < k->rest_count; i++)
        if (k->rests[i].from->entries == st->entries && st->entry_count)
            return true;
    return false;
}

/* The statement as it would stand in this file; its conditions are those of one that is there, word for word. */
static void put_statement(vd_editing *e, vd_buf *b, uint32_t now, vd_str indent, bool lines)
{
    uint32_t            like = vd_change_sibling(e, now);
    const vd_statement *sibling = like == VD_NONE ? NULL : &e->p->old->statements[like];
    vd_buf              json = buf(e);
    vd_str              text = { "", 0 }, condition = { "", 0 };

    e->ok = e->ok && vd_change_statement(&json, e->style.arena, e->p->now, now) && vd_arena_dup(e->style.arena, &text, vd_buf_str(&json));
    vd_buf_done(&json);
    if (sibling)
        vd_change_look_at_texts(e, &sibling->resource, &e->p->now->statements[now].resource);
    if (sibling && sibling->has_condition && e->style.form >= VD_FORM_HCL)
        condition = vd_change_written(e->p->old, sibling->condition);
    else if (sibling && has_made_conditions(e, sibling))
        e->by_hand = "functions of the template make its conditions";
    if (e->ok)
        vd_style_value(&e->style, b, text, indent, lines, condition);
}

static bool is_long(const vd_editing *e, uint32_t statement)
{
    return e->style.form == VD_FORM_YAML || vd_style_is_long(&e->style, e->p->old->statements[statement].span);
}

/* Blanks up to the keys of a statement of YAML; else what its line begins with. */
static vd_str indent_of_statement(vd_editing *e, uint32_t statement)
{
    vd_style *s = &e->style;
    uint32_t  at = vd_change_place(e->p->old, e->p->old->statements[statement].span).offset, from = at;
    vd_str    blanks;

    if (s->form != VD_FORM_YAML)
        return vd_style_indent(s, at);
    while (from > 0 && s->file.p[from - 1] != '\n')
        from--;
    e->ok = e->ok && vd_arena_printf(s->arena, &blanks, "%*s", (int)(at - from < 200 ? at - from : 200), "");
    return e->ok ? blanks : VD_S("");
}

static void replace_statement(vd_editing *e, uint32_t old, uint32_t now)
{
    vd_buf b = buf(e);

    put_statement(e, &b, now, indent_of_statement(e, old), is_long(e, old));
    edit_buf(e, VD_EDIT_VALUE, e->p->old->statements[old].span, &b);
}

/* Of HCL a member has no comma, and its name no quotes. */
static void add_sid_member(vd_editing *e, const vd_statement *st, vd_str sid)
{
    const vd_style *s = &e->style;
    uint32_t        brace = vd_change_place(e->p->old, st->span).offset, key = vd_change_place(e->p->old, st->action.key).offset;
    vd_str          written = vd_change_written(e->p->old, st->action.key), line;
    bool            lines = vd_str_find(vd_str_first(vd_str_from(s->file, brace), key - brace), '\n') < key - brace;
    const char     *quote = s->quoted ? "\"" : "";
    size_t          sign;
    vd_buf          b = buf(e);

    if (lines)
        vd_style_newline(s, &b, vd_style_indent(s, key), 0);
    else
        vd_buf_byte(&b, ' ');
    vd_buf_printf(&b, "%sSid%s", quote, quote);
    line = vd_str_from(s->file, key);
    sign = vd_str_find(vd_str_first(line, vd_str_find(line, '\n')), '=');
    for (size_t i = s->quoted ? 5 : 3; lines && !s->colon && sign < vd_str_find(line, '\n') && i + 1 < sign && sign < written.n + 20; i++)
        vd_buf_byte(&b, ' ');
    vd_buf_add(&b, s->colon ? VD_S(": ") : VD_S(" = "));
    vd_json_of_string(&b, sid);
    if (!lines || s->colon)
        vd_buf_byte(&b, ',');
    vd_change_splice(e, brace + 1, brace + 1, &b);
}

static void edit_sid(vd_editing *e, const vd_statement *a, const vd_statement *b)
{
    vd_buf text = buf(e);
    vd_str member = { "", 0 };

    if (a->has_sid == b->has_sid && (!a->has_sid || vd_str_eq(a->sid.text, b->sid.text))) {
        vd_buf_done(&text);
        return;
    }
    if (a->has_sid) {
        vd_change_edit(e, VD_EDIT_STRING, a->sid.span, b->sid.text);
    } else if (e->style.form == VD_FORM_HCL) {
        add_sid_member(e, a, b->sid.text);
    } else {
        vd_json_of_string(&text, b->sid.text);
        e->ok = e->ok && !text.failed && vd_arena_printf(e->style.arena, &member, "\"Sid\": " VD_F, VD_A(vd_buf_str(&text)));
        vd_change_edit(e, VD_EDIT_ADD_FIRST, a->span, member);
    }
    vd_buf_done(&text);
}

static void edit_statement(vd_editing *e, uint32_t old, uint32_t now)
{
    const vd_statement *a = &e->p->old->statements[old], *b = &e->p->now->statements[now];

    if (e->p->whole[old] || (a->has_sid && !b->has_sid) || a->action.present != b->action.present ||
        a->resource.present != b->resource.present) {
        replace_statement(e, old, now);
        return;
    }
    edit_sid(e, a, b);
    vd_change_edit_lists(e, a, b);
}

static void add_statement(vd_editing *e, uint32_t now, vd_span statements)
{
    uint32_t last = e->style.count - 1;
    vd_buf   b = buf(e);

    put_statement(e, &b, now, indent_of_statement(e, last), is_long(e, last));
    edit_buf(e, VD_EDIT_ADD_ITEM, statements, &b);
}

/* Statement is an object, and is to be a list. */
static void replace_single(vd_editing *e, vd_span statements)
{
    vd_buf b = buf(e);

    vd_buf_byte(&b, '[');
    for (uint32_t i = 0; i < e->p->now->statement_count; i++) {
        if (i)
            vd_buf_add(&b, VD_S(", "));
        if (e->style.form == VD_FORM_YAML) { /* in brackets there is no block */
            e->ok = e->ok && vd_change_statement(&b, e->style.arena, e->p->now, i);
            continue;
        }
        put_statement(e, &b, i, indent_of_statement(e, 0), is_long(e, 0));
    }
    vd_buf_byte(&b, ']');
    edit_buf(e, VD_EDIT_VALUE, statements, &b);
}

/* ------------------------------------------------------------------ the document */

static void edit_version(vd_editing *e, const vd_change_places *places)
{
    static const vd_str names[] = { [VD_LANGUAGE_2008] = VD_L("2008-10-17"), [VD_LANGUAGE_2012] = VD_L("2012-10-17") };
    vd_str              member = { "", 0 };

    if (e->p->old->language == e->p->now->language || e->p->now->language == VD_LANGUAGE_NONE)
        return;
    if (places->version.length) {
        vd_change_edit(e, VD_EDIT_STRING, places->version, names[e->p->now->language]);
        return;
    }
    e->ok = e->ok && vd_arena_printf(e->style.arena, &member, "\"Version\": \"" VD_F "\"", VD_A(names[e->p->now->language]));
    vd_change_edit(e, VD_EDIT_ADD_FIRST, places->root, member);
}

/* Statements that the file does not write itself have to stay as they are. */
static bool check_foreign(vd_editing *e)
{
    vd_str one, other;

    for (uint32_t i = e->style.count; i < e->p->old->statement_count && e->ok; i++) {
        uint32_t now = e->p->now_of[i];

        e->ok = now == VD_NONE || (vd_change_key(e->style.arena, &one, &e->p->old->statements[i], VD_KEY_ALL) &&
                                   vd_change_key(e->style.arena, &other, &e->p->now->statements[now], VD_KEY_ALL));
        if (e->ok && (now == VD_NONE || !vd_str_eq(one, other))) {
            e->by_hand = "a statement changes that another document or a dynamic block makes";
            return false;
        }
    }
    return e->ok;
}

bool vd_change_edits(vd_editing *e, const vd_change_places *places)
{
    e->ok = true;
    vd_style_look(&e->style);
    if (!check_foreign(e))
        return e->ok;
    if (e->style.form == VD_FORM_BLOCKS) {
        vd_change_blocks(e, places);
        return e->ok;
    }
    if (places->single && e->p->now->statement_count > 1) {
        replace_single(e, places->statements);
        return e->ok;
    }
    edit_version(e, places);
    for (uint32_t i = 0; i < e->style.count; i++)
        if (e->p->now_of[i] != VD_NONE)
            edit_statement(e, i, e->p->now_of[i]);
        else
            vd_change_edit(e, VD_EDIT_DELETE_ITEM, e->p->old->statements[i].span, VD_S(""));
    for (uint32_t i = 0; i < e->p->now->statement_count; i++)
        if (e->p->old_of[i] == VD_NONE)
            add_statement(e, i, places->statements);
    return e->ok;
}
