/* SPDX-License-Identifier: Apache-2.0
 *
 * Which new statement stands in the place of which old one, and the edits between them.  Statements that say the same come
 * first, then those of one Sid, then those that differ in their lists alone; what is left over is replaced as a whole, and
 * only then statements go or are added.  So in one list something is either taken out or added, never both in one place.
 */
#include "tighten/change_int.h"

#include "base/str.h"
#include "policy/write.h"
#include "text/json_write.h"

/* ------------------------------------------------------------------ pairs */

typedef struct pairing {
    vd_change_pairs *p;
    vd_arena        *arena;
    vd_str          *old_key, *now_key;
} pairing;

static bool make_keys(pairing *x, unsigned parts)
{
    bool ok = true;

    for (uint32_t i = 0; ok && i < x->p->old->statement_count; i++)
        ok = vd_change_key(x->arena, &x->old_key[i], &x->p->old->statements[i], parts);
    for (uint32_t i = 0; ok && i < x->p->now->statement_count; i++)
        ok = vd_change_key(x->arena, &x->now_key[i], &x->p->now->statements[i], parts);
    return ok;
}

/* Those that are equal in these parts, in order.  sids: only statements that have one. */
static bool pair_equal(pairing *x, unsigned parts, bool sids)
{
    const vd_policy *old = x->p->old, *now = x->p->now;

    if (!make_keys(x, parts))
        return false;
    for (uint32_t i = 0; i < old->statement_count; i++) {
        if (x->p->now_of[i] != VD_NONE || (sids && (!old->statements[i].has_sid || old->statements[i].sid.text.n == 0)))
            continue;
        for (uint32_t k = 0; k < now->statement_count; k++)
            if (x->p->old_of[k] == VD_NONE && vd_str_eq(x->old_key[i], x->now_key[k])) {
                x->p->now_of[i] = k;
                x->p->old_of[k] = i;
                break;
            }
    }
    return true;
}

static void pair_rest(pairing *x)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < x->p->old->statement_count; i++) {
        if (x->p->now_of[i] != VD_NONE)
            continue;
        while (k < x->p->now->statement_count && x->p->old_of[k] != VD_NONE)
            k++;
        if (k == x->p->now->statement_count)
            return;
        x->p->now_of[i] = k;
        x->p->old_of[k] = i;
        x->p->whole[i] = true;
    }
}

bool vd_change_pair(vd_arena *arena, vd_change_pairs *out, const vd_policy *old, const vd_policy *now)
{
    pairing x = { .p = out, .arena = arena };

    *out = (vd_change_pairs){ .old = old, .now = now };
    out->now_of = vd_arena_new_array(arena, uint32_t, old->statement_count + 1);
    out->old_of = vd_arena_new_array(arena, uint32_t, now->statement_count + 1);
    out->whole = vd_arena_new_array(arena, bool, old->statement_count + 1);
    x.old_key = vd_arena_new_array(arena, vd_str, old->statement_count + 1);
    x.now_key = vd_arena_new_array(arena, vd_str, now->statement_count + 1);
    if (!out->now_of || !out->old_of || !out->whole || !x.old_key || !x.now_key)
        return false;
    for (uint32_t i = 0; i < old->statement_count; i++)
        out->now_of[i] = VD_NONE;
    for (uint32_t i = 0; i < now->statement_count; i++)
        out->old_of[i] = VD_NONE;
    if (!pair_equal(&x, VD_KEY_ALL, false) || !pair_equal(&x, VD_KEY_REST | VD_KEY_SID, true) ||
        !pair_equal(&x, VD_KEY_REST | VD_KEY_RESOURCE, false) || !pair_equal(&x, VD_KEY_REST | VD_KEY_ACTION, false) ||
        !pair_equal(&x, VD_KEY_REST, false))
        return false;
    pair_rest(&x);
    return true;
}

/* ------------------------------------------------------------------ layout */

typedef struct editing {
    vd_arena              *arena;
    vd_fix                *out;
    const vd_change_pairs *p;
    vd_str                 text;   /* of the old document, as it stands in the file */
    bool                   yaml, lines, crlf, tabs;
    uint32_t               step;   /* of the indentation */
    bool                   ok;
} editing;

/* What the line of an offset begins with. */
static vd_str indentation(const editing *e, uint32_t offset)
{
    uint32_t from = offset, to;

    while (from > 0 && e->text.p[from - 1] != '\n')
        from--;
    for (to = from; to < offset && (e->text.p[to] == ' ' || e->text.p[to] == '\t');)
        to++;
    return (vd_str){ e->text.p + from, to - from };
}

static void look_at_layout(editing *e)
{
    const vd_policy *old = e->p->old;
    size_t           newline = vd_str_find(e->text, '\n');

    e->yaml = e->text.n == 0 || e->text.p[0] != '{';
    e->lines = newline < e->text.n;
    e->crlf = newline > 0 && newline < e->text.n && e->text.p[newline - 1] == '\r';
    e->step = 2;
    for (uint32_t i = 0; i < old->statement_count; i++) {
        vd_str outer = indentation(e, old->statements[i].span.offset);
        vd_str inner = indentation(e, old->statements[i].action.key.offset);

        if (!old->statements[i].action.present || inner.n <= outer.n)
            continue;
        e->step = (uint32_t)(inner.n - outer.n) < 16 ? (uint32_t)(inner.n - outer.n) : 2;
        e->tabs = inner.p[0] == '\t';
        return;
    }
}

/* JSON laid out as the file is, below a line with this indentation. */
static bool lay_out(editing *e, vd_str json, vd_str indent, vd_str *out)
{
    vd_buf flat = vd_buf_on(&e->arena->alloc, 0), b = vd_buf_on(&e->arena->alloc, 0);
    bool   ok;

    if (!e->lines || e->yaml)
        return vd_arena_dup(e->arena, out, json);
    ok = vd_json_dump(&flat, vd_json_raw(json), e->tabs ? 1 : (int)e->step) == VD_OK;
    for (size_t i = 0; ok && i < flat.n; i++) {
        if (flat.p[i] != '\n') {
            vd_buf_byte(&b, flat.p[i]);
            continue;
        }
        if (i + 1 == flat.n)
            break;
        vd_buf_add(&b, e->crlf ? VD_S("\r\n") : VD_S("\n"));
        vd_buf_add(&b, indent);
        for (; e->tabs && i + 1 < flat.n && flat.p[i + 1] == ' '; i++)
            for (uint32_t n = 0; n < e->step; n++)
                vd_buf_byte(&b, '\t');
    }
    ok = ok && !b.failed && vd_arena_dup(e->arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    vd_buf_done(&flat);
    return ok;
}

/* ------------------------------------------------------------------ edits */

static void add(editing *e, uint8_t op, vd_span span, vd_str text)
{
    vd_edit one = { .op = op, .span = span, .text = text };

    e->ok = e->ok && VD_ARENA_PUSH(e->arena, e->out->edits, e->out->count, e->out->cap, one);
}

static vd_str json_of(editing *e, vd_str text)
{
    vd_buf b = vd_buf_on(&e->arena->alloc, 0);
    vd_str out = { "", 0 };

    vd_json_of_string(&b, text);
    e->ok = e->ok && !b.failed && vd_arena_dup(e->arena, &out, vd_buf_str(&b));
    vd_buf_done(&b);
    return out;
}

static bool has_text(const vd_texts *texts, vd_str text, uint32_t before)
{
    for (uint32_t i = 0; i < texts->count && i < before; i++)
        if (vd_str_eq(texts->at[i].text, text))
            return true;
    return false;
}

static void replace_list(editing *e, const vd_list *old, const vd_list *now)
{
    vd_buf b = vd_buf_on(&e->arena->alloc, 0);
    vd_str text = { "", 0 };

    vd_change_texts(&b, &now->texts);
    e->ok = e->ok && !b.failed && lay_out(e, vd_buf_str(&b), indentation(e, old->key.offset), &text);
    vd_buf_done(&b);
    if (old->negated != now->negated) {
        vd_str name = vd_str_first(vd_str_from(e->text, old->key.offset), old->key.length);
        bool   action = vd_str_contains(name, VD_S("Action"));

        add(e, VD_EDIT_STRING, old->key, now->negated ? (action ? VD_S("NotAction") : VD_S("NotResource"))
                                                      : (action ? VD_S("Action") : VD_S("Resource")));
    }
    add(e, VD_EDIT_VALUE, old->value, text);
}

/* A list that fills one line would be a long one. */
static bool better_anew(const editing *e, const vd_list *old, const vd_list *now, uint32_t added)
{
    vd_str value = vd_str_first(vd_str_from(e->text, old->value.offset), old->value.length);

    return e->lines && !e->yaml && vd_str_find(value, '\n') == value.n && added > 2 && now->texts.count > 3;
}

/* A comment behind an element is about that element: its place is not given to another one.  Of YAML whole lines go, which
 * a comment forbids: there it stays. */
static bool has_note(const editing *e, vd_span span)
{
    vd_str rest = vd_str_from(e->text, span.offset + span.length), line = vd_str_first(rest, vd_str_find(rest, '\n'));

    return !e->yaml && (vd_str_contains(line, VD_S("//")) || vd_str_contains(line, VD_S("/*")) || vd_str_contains(line, VD_S("#")));
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

/* None stays, and there is a comment: what there is cannot go and come in one place. */
static bool all_anew(const editing *e, const vd_list *old, const vd_list *now)
{
    bool noted = false;

    for (uint32_t i = 0; i < old->texts.count; i++) {
        if (!goes(old, now, i))
            return false;
        noted |= has_note(e, old->texts.at[i].span);
    }
    return noted;
}

/* Elements that go give their place to those that come. */
static void edit_elements(editing *e, const vd_list *old, const vd_list *now)
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
        if (left && !has_note(e, t->span)) {
            add(e, VD_EDIT_STRING, t->span, now->texts.at[next++].text);
            left--;
        } else {
            add(e, VD_EDIT_DELETE_ITEM, t->span, VD_S(""));
        }
    }
    for (; left && next < now->texts.count; next++)
        if (comes(old, now, next))
            add(e, VD_EDIT_ADD_ITEM, old->value, json_of(e, now->texts.at[next].text));
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

/* One string that does not stand in brackets has the span of its value. */
static void edit_list(editing *e, const vd_list *old, const vd_list *now)
{
    bool scalar = old->texts.count == 1 && old->texts.at[0].span.offset == old->value.offset;

    if (!old->present || same_texts(old, now))
        return;
    if (old->negated != now->negated || (scalar && now->texts.count != 1))
        replace_list(e, old, now);
    else if (scalar)
        add(e, VD_EDIT_STRING, old->texts.at[0].span, now->texts.at[0].text);
    else
        edit_elements(e, old, now);
}

static void replace_statement(editing *e, uint32_t old, uint32_t now)
{
    const vd_statement *st = &e->p->old->statements[old];
    vd_buf              b = vd_buf_on(&e->arena->alloc, 0);
    vd_str              text = { "", 0 };

    e->ok = e->ok && vd_change_statement(&b, e->arena, e->p->now, now) &&
            lay_out(e, vd_buf_str(&b), indentation(e, st->span.offset), &text);
    vd_buf_done(&b);
    add(e, VD_EDIT_VALUE, st->span, text);
}

static bool same_sid(const vd_statement *a, const vd_statement *b)
{
    return a->has_sid == b->has_sid && (!a->has_sid || vd_str_eq(a->sid.text, b->sid.text));
}

static void edit_statement(editing *e, uint32_t old, uint32_t now)
{
    const vd_statement *a = &e->p->old->statements[old], *b = &e->p->now->statements[now];
    vd_str              member = { "", 0 };

    if (e->p->whole[old] || (a->has_sid && !b->has_sid) || a->action.present != b->action.present ||
        a->resource.present != b->resource.present) {
        replace_statement(e, old, now);
        return;
    }
    if (!same_sid(a, b) && a->has_sid) {
        add(e, VD_EDIT_STRING, a->sid.span, b->sid.text);
    } else if (!same_sid(a, b)) {
        e->ok = e->ok && vd_arena_printf(e->arena, &member, "\"Sid\": " VD_F, VD_A(json_of(e, b->sid.text)));
        add(e, VD_EDIT_ADD_FIRST, a->span, member);
    }
    edit_list(e, &a->action, &b->action);
    edit_list(e, &a->resource, &b->resource);
}

static void add_statement(editing *e, uint32_t now, vd_span statements)
{
    const vd_policy *old = e->p->old;
    vd_buf           b = vd_buf_on(&e->arena->alloc, 0);
    vd_str           text = { "", 0 };

    e->ok = e->ok && vd_change_statement(&b, e->arena, e->p->now, now) &&
            lay_out(e, vd_buf_str(&b), indentation(e, old->statements[old->statement_count - 1].span.offset), &text);
    vd_buf_done(&b);
    add(e, VD_EDIT_ADD_ITEM, statements, text);
}

static void edit_version(editing *e, const vd_change_places *places)
{
    static const vd_str names[] = { [VD_LANGUAGE_2008] = VD_L("2008-10-17"), [VD_LANGUAGE_2012] = VD_L("2012-10-17") };
    vd_str              member = { "", 0 };

    if (e->p->old->language == e->p->now->language || e->p->now->language == VD_LANGUAGE_NONE)
        return;
    if (places->version.length) {
        add(e, VD_EDIT_STRING, places->version, names[e->p->now->language]);
        return;
    }
    e->ok = e->ok && vd_arena_printf(e->arena, &member, "\"Version\": \"" VD_F "\"", VD_A(names[e->p->now->language]));
    add(e, VD_EDIT_ADD_FIRST, places->root, member);
}

bool vd_change_edits(vd_arena *arena, vd_fix *out, const vd_change_pairs *pairs, const vd_change_places *places)
{
    editing e = { .arena = arena, .out = out, .p = pairs, .text = pairs->old->source.text, .ok = true };

    look_at_layout(&e);
    edit_version(&e, places);
    for (uint32_t i = 0; i < pairs->old->statement_count; i++)
        if (pairs->now_of[i] != VD_NONE)
            edit_statement(&e, i, pairs->now_of[i]);
        else
            add(&e, VD_EDIT_DELETE_ITEM, pairs->old->statements[i].span, VD_S(""));
    for (uint32_t i = 0; i < pairs->now->statement_count; i++)
        if (pairs->old_of[i] == VD_NONE)
            add_statement(&e, i, places->statements);
    return e.ok;
}
