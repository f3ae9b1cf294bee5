/* SPDX-License-Identifier: Apache-2.0
 *
 * Values that a policy variable may be given, the likeliest first: what the relaxed model has for it; what has to be there for
 * the texts of that model, or of a test, to match; texts that tests of the key name; something plain, of its form; nothing.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/template.h"
#include "pattern/walk.h"

enum { MOST_SPLITS = 6, MOST_TEXT = 512 };

typedef struct listing {
    vd_ask         *a;
    vd_str          key;
    uint32_t        var;
    const vd_model *model;
    vd_filling     *out;
    uint32_t        count, most;
} listing;

static void add(listing *l, vd_str value)
{
    for (uint32_t i = 0; i < l->count; i++)
        if (vd_str_eq(l->out[i].value, value))
            return;
    if (l->count < l->most && value.n)
        l->out[l->count++] = (vd_filling){ .key = l->key, .value = value };
}

/* ------------------------------------------------------------------ the model */

/* A key that shows the principal is in no list of keys. */
static bool principal_shows(listing *l, uint32_t var, vd_str *out)
{
    const vd_key_var *key = &l->a->s->keys[var - VD_VAR_KEYS];
    vd_key_rule       r = vd_universe_rule(l->a, key);
    vd_assigned       whole = { .state = VD_STATE_PRESENT, .count = 1 }, part;
    vd_str           *room = vd_arena_new_array(&l->a->s->work, vd_str, 2);

    if (r.var != VD_VAR_PRINCIPAL || r.presence == VD_KEY_NEVER || l->model->who == VD_ASKER_FEDERATED_USER)
        return false;
    if (!room || !vd_arena_printf(&l->a->s->work, &room[0], VD_F "\n" VD_F, VD_A(l->model->principal),
                                  VD_A(l->model->canonical.n ? l->model->canonical : l->model->user_id))) {
        l->a->nomem = true;
        return false;
    }
    whole.values = room;
    part = vd_view_value(l->a, VD_VAR_PRINCIPAL, r.view, &whole, &room[1]);
    if (part.state != VD_STATE_PRESENT || part.count == 0)
        return false;
    *out = part.values[0];
    return true;
}

static bool model_has(listing *l, uint32_t var, vd_str *out)
{
    if (var == VD_VAR_RESOURCE) {
        *out = l->model->resource;
        return true;
    }
    if (var < VD_VAR_KEYS)
        return false;
    for (uint32_t i = 0; i < l->model->key_count; i++)
        if (vd_str_ieq(l->model->keys[i].key, l->a->s->keys[var - VD_VAR_KEYS].key)) {
            *out = l->model->keys[i].count ? l->model->keys[i].values[0] : (vd_str){ "", 0 };
            return l->model->keys[i].state == VD_STATE_PRESENT && l->model->keys[i].count;
        }
    return principal_shows(l, var, out);
}

/* ------------------------------------------------------------------ texts that have to match */

static bool takes(char sign, char c)
{
    return sign == '?' || sign == c;
}

static bool fits(vd_str glob, vd_str s)
{
    return vd_walk(glob, s, '*', takes);
}

/* What stands for the variable when the text is the value: the longest and the shortest for each place where it can begin. */
static void split(listing *l, vd_str before, vd_str after, vd_str text)
{
    uint32_t found = 0;

    if (text.n > MOST_TEXT)
        return;
    for (size_t i = 0; i < text.n && found < MOST_SPLITS; i++) {
        size_t end = text.n, least = i + 1;

        if (!fits(before, vd_str_first(text, i)))
            continue;
        while (end > i && !fits(after, vd_str_from(text, end)))
            end--;
        if (end == i)
            continue;
        while (!fits(after, vd_str_from(text, least)))
            least++;
        add(l, vd_str_from(vd_str_first(text, end), i));
        add(l, vd_str_from(vd_str_first(text, least), i));
        found++;
    }
}

/* The text on one side of the variable, with anything for other variables. */
static bool put_part(vd_buf *b, const vd_part *part)
{
    if (part->kind == VD_PART_BAD)
        return false;
    vd_buf_add(b, part->kind == VD_PART_VARIABLE ? VD_S("*") : part->text);
    return true;
}

static void align_value(listing *l, vd_str value, vd_str text)
{
    vd_buf  sides[2] = { vd_buf_on(&l->a->s->alloc, 0), vd_buf_on(&l->a->s->alloc, 0) };
    size_t  at = 0;
    int     side = 0;
    bool    ok = true;
    vd_part part;

    while (ok && vd_template_next(value, &at, &part)) {
        if (side == 0 && part.kind == VD_PART_VARIABLE && vd_str_ieq(part.text, l->key))
            side = 1;
        else
            ok = put_part(&sides[side], &part);
    }
    l->a->nomem |= sides[0].failed || sides[1].failed;
    if (ok && side && !l->a->nomem)
        split(l, vd_buf_str(&sides[0]), vd_buf_str(&sides[1]), text);
    vd_buf_done(&sides[0]);
    vd_buf_done(&sides[1]);
}

static void align(listing *l, const vd_atom *atom, vd_str text)
{
    const vd_texts *texts = atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values;

    for (uint32_t i = 0; i < texts->count && !l->a->nomem; i++)
        align_value(l, texts->at[i].text, text);
}

static const vd_atom *atom_at(const listing *l, uint32_t i)
{
    return &l->a->s->atoms[l->a->atoms[i]];
}

/* A text that the pattern matches. */
static vd_str example(listing *l, vd_str pattern)
{
    char  *at = vd_arena_new_array(&l->a->s->work, char, pattern.n + 1);
    size_t n = 0;

    l->a->nomem |= !at;
    for (size_t i = 0; at && i < pattern.n; i++)
        at[n++] = pattern.p[i] == '*' || pattern.p[i] == '?' ? 'a' : pattern.p[i];
    return (vd_str){ at, at ? n : 0 };
}

static void add_aligned(listing *l)
{
    for (uint32_t i = 0; i < l->a->atom_count && !l->a->nomem; i++) {
        const vd_atom *atom = atom_at(l, i);
        vd_str         text;

        if (!atom->variables)
            continue;
        if (model_has(l, atom->var, &text))
            align(l, atom, text);
        for (uint32_t k = 0; k < l->a->atom_count && atom->entry && l->count < l->most && !l->a->nomem; k++) {
            const vd_atom *other = atom_at(l, k);

            for (uint32_t v = 0; other->var == atom->var && other->entry && !other->variables && v < other->entry->values.count; v++)
                align(l, atom, example(l, other->entry->values.at[v].text));
        }
    }
}

/* The text with the values that the model has for its variables, and something plain for the others. */
static void add_filled(listing *l, vd_str value)
{
    vd_buf  b = vd_buf_on(&l->a->s->alloc, 0);
    size_t  at = 0;
    bool    ok = true;
    vd_part part;
    vd_str  kept, shown;

    while (ok && vd_template_next(value, &at, &part)) {
        ok = part.kind != VD_PART_BAD && !vd_str_ieq(part.text, l->key);
        if (part.kind != VD_PART_VARIABLE)
            shown = part.kind == VD_PART_TEXT ? example(l, part.text) : part.text;
        else if (ok && !model_has(l, vd_var_of_key(l->a->s, part.text, &l->a->nomem), &shown))
            shown = part.fallback.n ? part.fallback : VD_S("a");
        if (ok)
            vd_buf_add(&b, shown);
    }
    ok = ok && !l->a->nomem;
    if (ok && (b.failed || !vd_arena_dup(&l->a->s->work, &kept, vd_buf_str(&b))))
        l->a->nomem = true;
    else if (ok)
        add(l, kept);
    vd_buf_done(&b);
}

/* Tests of the key whose texts have variables themselves: "aws:PrincipalTag/team" like "${aws:username}". */
static void add_tied(listing *l)
{
    for (uint32_t i = 0; i < l->a->atom_count && !l->a->nomem; i++) {
        const vd_atom *atom = atom_at(l, i);

        for (uint32_t k = 0; atom->var == l->var && atom->entry && atom->variables && k < atom->entry->values.count; k++)
            add_filled(l, atom->entry->values.at[k].text);
    }
}

/* ------------------------------------------------------------------ the list */

static void add_named(listing *l)
{
    for (uint32_t i = 0; i < l->a->atom_count && !l->a->nomem; i++) {
        const vd_atom *atom = atom_at(l, i);

        for (uint32_t k = 0; atom->var == l->var && atom->entry && !atom->variables && k < atom->entry->values.count; k++)
            add(l, example(l, atom->entry->values.at[k].text));
    }
}

static void add_plain(listing *l)
{
    static const vd_str any[] = { VD_L("a"), VD_L("b7"), VD_L("somebody-else") },
                        accounts[] = { VD_L("999988887777"), VD_L("111122223333"), VD_L("123456789012") },
                        organizations[] = { VD_L("o-exampleorg1"), VD_L("o-a1b2c3d4e5") };
    vd_view       view = (vd_view)vd_universe_rule(l->a, &l->a->s->keys[l->var - VD_VAR_KEYS]).view;
    bool          account = view == VD_VIEW_ACCOUNT || view == VD_VIEW_OWNER || view == VD_VIEW_FIELD_5;
    bool          org = view == VD_VIEW_ORG_ID;
    const vd_str *at = account ? accounts : org ? organizations : any;
    size_t        n = account ? VD_COUNT(accounts) : org ? VD_COUNT(organizations) : VD_COUNT(any);

    for (size_t i = 0; i < n; i++)
        add(l, at[i]);
}

uint32_t vd_candidates(vd_ask *a, vd_str key, const vd_model *m, vd_filling *out, uint32_t most)
{
    listing l = { .a = a, .key = key, .var = vd_var_of_key(a->s, key, &a->nomem), .model = m, .out = out, .most = most - 2 };
    vd_str  value;

    if (a->nomem)
        return 0;
    if (vd_key_arity(key) == VD_ARITY_MANY) {
        out[0] = (vd_filling){ .key = key, .absent = true };
        out[1] = (vd_filling){ .key = key, .listed = true };
        return 2;
    }
    if (model_has(&l, l.var, &value))
        add(&l, value);
    add_aligned(&l);
    add_tied(&l);
    add_named(&l);
    l.most = l.count + 3 < most ? l.count + 3 : most - 2;
    add_plain(&l);
    out[l.count++] = (vd_filling){ .key = key, .absent = true };
    out[l.count++] = (vd_filling){ .key = key, .absent = true, .blank = true };
    return l.count;
}
