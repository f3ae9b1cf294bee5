/* SPDX-License-Identifier: Apache-2.0
 *
 * What the expressions of a file stand for, learned from the document that the file made: a document with holes is laid beside
 * the one without, statement by statement.  Equal expressions say the same everywhere.  What cannot be told apart (two
 * expressions, two texts, each fits both) is remembered as unsure, and never edited.
 */
#include "tighten/change_int.h"

#include "base/str.h"

enum { MOST_OPEN = 100 }; /* expressions of one list that are not known yet */

/* ------------------------------------------------------------------ forms */

vd_span vd_change_place(const vd_policy *p, vd_span span)
{
    const vd_source *s = &p->source;
    vd_span          at = vd_source_climb(&s, span, NULL);

    at.offset += s->offset;
    return at;
}

vd_str vd_change_written(const vd_policy *p, vd_span span)
{
    const vd_source *s = &p->source;
    vd_span          at = vd_source_climb(&s, span, NULL);

    return vd_str_first(vd_str_from(s->text, at.offset), at.length);
}

/* The text with "${name}" for each hole: the same before and after an edit, whatever the holes are numbered. */
static bool form_of(vd_arena *arena, vd_str *out, const vd_policy *p, vd_str text)
{
    const vd_holes *holes = p->source.holes;
    vd_buf          b = vd_buf_on(&arena->alloc, 0);
    uint32_t        index = 0;
    bool            ok;

    for (size_t at = 0; at < text.n;) {
        size_t next = vd_hole_find(text, at, &index);

        vd_buf_add(&b, vd_str_first(vd_str_from(text, at), next - at));
        at = next;
        if (at == text.n)
            break;
        if (holes && index < holes->count)
            vd_buf_printf(&b, "${" VD_F "}", VD_A(holes->at[index].name));
        else
            vd_buf_printf(&b, "${#%u}", (unsigned)index);
        at += VD_HOLE_BYTES;
    }
    ok = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

static const vd_sense_text *find_form(const vd_sense *k, vd_str form)
{
    for (uint32_t i = 0; i < k->text_count; i++)
        if (vd_str_eq(k->texts[i].form, form))
            return &k->texts[i];
    return NULL;
}

static const vd_str *find_hole(const vd_sense *k, const vd_policy *p, uint32_t index)
{
    if (!p->source.holes || index >= p->source.holes->count)
        return NULL;
    for (uint32_t i = 0; i < k->hole_count; i++)
        if (vd_str_eq(k->holes[i].name, p->source.holes->at[index].name))
            return &k->holes[i].value;
    return NULL;
}

/* ------------------------------------------------------------------ fitting */

/* The text as parts: bytes that are known, and holes between them. */
typedef struct part {
    vd_str   text;
    uint32_t hole; /* VD_NONE: none */
} part;

typedef struct parts {
    part     at[64];
    uint32_t count, open; /* holes that are not known */
} parts;

static bool add_part(parts *out, vd_str text, uint32_t hole)
{
    if (out->count == VD_COUNT(out->at))
        return false;
    out->at[out->count++] = (part){ text, hole };
    out->open += hole != VD_NONE;
    return true;
}

/* False: there are more than anybody writes. */
static bool take_apart(parts *out, const vd_sense *k, const vd_policy *p, vd_str text)
{
    uint32_t index = 0;

    out->count = out->open = 0;
    for (size_t at = 0; at < text.n;) {
        size_t        next = vd_hole_find(text, at, &index);
        const vd_str *value;

        if (next > at && !add_part(out, vd_str_first(vd_str_from(text, at), next - at), VD_NONE))
            return false;
        if (next == text.n)
            break;
        value = find_hole(k, p, index);
        if (!add_part(out, value ? *value : VD_S(""), value ? VD_NONE : index))
            return false;
        at = next + VD_HOLE_BYTES;
    }
    return true;
}

/* A hole is one byte or more.  The last place where it may end is tried again, as with "*". */
static bool fits(const parts *f, vd_str text)
{
    uint32_t i = 0, back = VD_NONE;
    size_t   at = 0, retry = 0;

    for (;;) {
        if (i == f->count && at == text.n)
            return true;
        if (i < f->count && f->at[i].hole != VD_NONE && at < text.n) {
            back = i++;
            retry = ++at;
        } else if (i < f->count && f->at[i].hole == VD_NONE && vd_str_starts(vd_str_from(text, at), f->at[i].text)) {
            at += f->at[i++].text.n;
        } else if (back != VD_NONE && retry < text.n) {
            at = ++retry;
            i = back + 1;
        } else {
            return false;
        }
    }
}

/* Of a text with one hole that is not known: what that stands for. */
static bool learn_hole(vd_arena *arena, vd_sense *k, const vd_policy *p, const parts *f, vd_str text)
{
    vd_sense_hole hole = { .value = text };
    uint32_t      index = VD_NONE;
    size_t        before = 0, behind = 0;

    if (f->open != 1 || !p->source.holes)
        return true;
    for (uint32_t i = 0; i < f->count; i++) {
        if (f->at[i].hole != VD_NONE)
            index = f->at[i].hole;
        else if (index == VD_NONE)
            before += f->at[i].text.n;
        else
            behind += f->at[i].text.n;
    }
    if (index >= p->source.holes->count || before + behind >= text.n)
        return true;
    hole.name = p->source.holes->at[index].name;
    hole.value = vd_str_first(vd_str_from(text, before), text.n - before - behind);
    return VD_ARENA_PUSH(arena, k->holes, k->hole_count, k->hole_cap, hole);
}

/* ------------------------------------------------------------------ lists */

typedef struct laying {
    vd_arena        *arena;
    vd_sense        *known;
    const vd_policy *was, *old;
    bool             ok; /* memory */
} laying;

typedef struct element { /* an expression that is not known yet */
    vd_str   text, form, raw;
    bool     done;
} element;

typedef struct fitting {
    element  at[MOST_OPEN];
    vd_str   rest[MOST_OPEN]; /* texts that nothing says yet */
    bool     taken[MOST_OPEN];
    uint32_t count, rest_count;
} fitting;

static bool has_text(const vd_texts *texts, vd_str text)
{
    for (uint32_t i = 0; i < texts->count; i++)
        if (vd_str_eq(texts->at[i].text, text))
            return true;
    return false;
}

static bool learn_text(laying *x, const element *e, const vd_str *values, uint32_t count, bool unsure)
{
    vd_sense_text t = { .form = e->form, .raw = e->raw, .count = count, .unsure = unsure };
    vd_str       *copy = vd_arena_new_array(x->arena, vd_str, (size_t)count + 1);

    for (uint32_t i = 0; copy && i < count; i++)
        copy[i] = values[i];
    t.values = copy;
    x->ok = x->ok && copy && VD_ARENA_PUSH(x->arena, x->known->texts, x->known->text_count, x->known->text_cap, t);
    return x->ok;
}

/* One that fits one text alone, or is alone in fitting one; *i VD_NONE: there is none. */
static bool find_only(laying *x, const fitting *f, uint32_t *i, uint32_t *text)
{
    uint32_t by_text[MOST_OPEN] = { 0 }, last_of[MOST_OPEN];
    parts    p;

    *i = VD_NONE;
    for (uint32_t e = 0; e < f->count; e++) {
        uint32_t n = 0, last = VD_NONE;

        if (f->at[e].done)
            continue;
        if (!take_apart(&p, x->known, x->was, f->at[e].text))
            return false;
        for (uint32_t t = 0; t < f->rest_count; t++)
            if (!f->taken[t] && fits(&p, f->rest[t])) {
                by_text[t]++;
                last_of[t] = e;
                last = t;
                n++;
            }
        if (n == 0)
            return false;
        if (n == 1) {
            *i = e;
            *text = last;
            return true;
        }
    }
    for (uint32_t t = 0; t < f->rest_count; t++) {
        if (f->taken[t] || by_text[t] > 1)
            continue;
        if (by_text[t] == 0)
            return false;
        *i = last_of[t];
        *text = t;
        return true;
    }
    return true;
}

/* Each expression of a list is one text. */
static bool lay_elements(laying *x, fitting *f)
{
    uint32_t i, text = 0;
    parts    p;

    if (f->count != f->rest_count)
        return false;
    for (;;) {
        if (!find_only(x, f, &i, &text))
            return false;
        if (i == VD_NONE)
            break;
        f->at[i].done = true;
        f->taken[text] = true;
        if (!take_apart(&p, x->known, x->was, f->at[i].text))
            return false;
        if (p.open == 0 && !fits(&p, f->rest[text]))
            return false;
        x->ok = x->ok && learn_hole(x->arena, x->known, x->was, &p, f->rest[text]);
        if (!learn_text(x, &f->at[i], &f->rest[text], 1, false))
            return false;
    }
    for (uint32_t e = 0, t = 0; e < f->count; e++) { /* which is which nobody can say: all that matters is that all stay */
        if (f->at[e].done)
            continue;
        while (f->taken[t])
            t++;
        if (!learn_text(x, &f->at[e], &f->rest[t++], 1, true))
            return false;
    }
    return true;
}

static bool is_hole_alone(vd_str text)
{
    uint32_t index;

    return text.n == VD_HOLE_BYTES && vd_hole_find(text, 0, &index) == 0;
}

/* What is known goes out of the way; else it is one of f. */
static bool take_element(laying *x, fitting *f, const vd_texts *old, bool *used, const vd_text *at)
{
    const vd_sense_text *known = NULL;
    vd_str               text = at->text, form;

    x->ok = x->ok && form_of(x->arena, &form, x->was, text);
    if (!x->ok)
        return false;
    if (vd_has_hole(text) && !(known = find_form(x->known, form))) {
        if (f->count == MOST_OPEN)
            return false;
        f->at[f->count++] = (element){ .text = text, .form = form, .raw = vd_change_written(x->was, at->span) };
        return true;
    }
    for (uint32_t v = 0; v < (known ? known->count : 1); v++) {
        vd_str said = known ? known->values[v] : text;

        if (!has_text(old, said))
            return false;
        for (uint32_t i = 0; i < old->count; i++)
            used[i] |= vd_str_eq(old->at[i].text, said);
    }
    return true;
}

/* Does the list of the file make the other one? */
static bool lay_texts(laying *x, const vd_texts *was, const vd_texts *old, bool scalar)
{
    fitting *f = vd_arena_new(x->arena, fitting);
    bool    *used = vd_arena_new_array(x->arena, bool, (size_t)old->count + 1);

    x->ok = x->ok && f && used;
    if (!x->ok)
        return false;
    for (uint32_t i = 0; i < was->count; i++)
        if (!take_element(x, f, old, used, &was->at[i]))
            return false;
    for (uint32_t i = 0; i < old->count; i++) {
        if (used[i])
            continue;
        if (f->rest_count == MOST_OPEN)
            return false;
        f->rest[f->rest_count++] = old->at[i].text;
    }
    if (f->count == 0)
        return f->rest_count == 0;
    if (scalar && was->count == 1 && f->rest_count > 1 && is_hole_alone(was->at[0].text))
        return learn_text(x, &f->at[0], f->rest, f->rest_count, false); /* a list that an expression makes */
    return lay_elements(x, f);
}

static bool lay_list(laying *x, const vd_list *was, const vd_list *old)
{
    bool scalar = was->texts.count == 1 && was->texts.at[0].span.offset == was->value.offset;

    return was->present == old->present && was->negated == old->negated && lay_texts(x, &was->texts, &old->texts, scalar);
}

/* ------------------------------------------------------------------ statements */

static bool lay_text(laying *x, vd_text was, vd_text old)
{
    return lay_texts(x, &(vd_texts){ .at = &was, .count = 1 }, &(vd_texts){ .at = &old, .count = 1 }, true);
}

/* Blocks that are generated are one entry whose operator is a hole: they make what is left. */
static bool lay_conditions(laying *x, const vd_statement *was, const vd_statement *old)
{
    bool    *used = vd_arena_new_array(x->arena, bool, (size_t)old->entry_count + 1), generated = false;
    uint32_t left = old->entry_count;

    x->ok = x->ok && used;
    for (uint32_t i = 0; x->ok && i < was->entry_count; i++) {
        const vd_entry *e = &was->entries[i];
        uint32_t        k = 0;

        if (is_hole_alone(e->operator_name.text)) {
            generated = true;
            continue;
        }
        for (; k < old->entry_count; k++)
            if (!used[k] && vd_str_eq(old->entries[k].operator_name.text, e->operator_name.text) &&
                lay_text(x, e->key, old->entries[k].key) && lay_texts(x, &e->values, &old->entries[k].values, true))
                break;
        if (k == old->entry_count)
            return false;
        used[k] = true;
        left--;
    }
    return x->ok && (left == 0 || generated) && (was->has_condition == old->has_condition || generated);
}

/* Conditions as a text that is the same before and after an edit. */
static bool conditions_form(vd_arena *arena, vd_str *out, const vd_policy *p, const vd_statement *st)
{
    vd_str key;

    return vd_change_key(arena, &key, st, VD_KEY_REST) && form_of(arena, out, p, key);
}

static bool has_holes(const vd_statement *st, vd_arena *arena, bool *ok)
{
    vd_str key;

    *ok = *ok && vd_change_key(arena, &key, st, VD_KEY_REST);
    return *ok && vd_has_hole(key);
}

static bool learn_conditions(laying *x, const vd_statement *was, const vd_statement *old)
{
    vd_sense_rest r = { .from = old };

    if (!has_holes(was, x->arena, &x->ok))
        return x->ok;
    x->ok = x->ok && conditions_form(x->arena, &r.form, x->was, was) &&
            VD_ARENA_PUSH(x->arena, x->known->rests, x->known->rest_count, x->known->rest_cap, r);
    return x->ok;
}

static bool lay_statement(laying *x, const vd_statement *was, const vd_statement *old)
{
    if (was->effect != old->effect || was->has_sid != old->has_sid || was->principal.present || old->principal.present)
        return false;
    return (!was->has_sid || lay_text(x, was->sid, old->sid)) && lay_list(x, &was->action, &old->action) &&
           lay_list(x, &was->resource, &old->resource) && lay_conditions(x, was, old) && learn_conditions(x, was, old);
}

static void forget(laying *x, const vd_sense *before)
{
    x->known->text_count = before->text_count;
    x->known->hole_count = before->hole_count;
    x->known->rest_count = before->rest_count;
}

/* What was learned of a statement that did not fit after all is forgotten. */
static bool try_statement(laying *x, const vd_statement *was, const vd_statement *old)
{
    vd_sense before = *x->known;

    if (lay_statement(x, was, old) && x->ok)
        return true;
    forget(x, &before);
    return false;
}

/* ------------------------------------------------------------------ what the file says then */

static bool put_known(vd_arena *arena, const vd_sense *k, const vd_policy *p, vd_text from, vd_texts *out, bool *known)
{
    const vd_sense_text *t;
    vd_str               form;
    parts                apart;
    vd_buf               b;
    bool                 ok;

    if (!vd_has_hole(from.text))
        return VD_ARENA_PUSH(arena, out->at, out->count, out->cap, from);
    if (!form_of(arena, &form, p, from.text))
        return false;
    t = find_form(k, form);
    for (uint32_t i = 0; t && i < t->count; i++)
        if (!VD_ARENA_PUSH(arena, out->at, out->count, out->cap, (vd_text){ .text = t->values[i], .span = from.span }))
            return false;
    if (t)
        return true;
    *known = *known && take_apart(&apart, k, p, from.text) && apart.open == 0;
    if (!*known)
        return true;
    b = vd_buf_on(&arena->alloc, 0);
    for (uint32_t i = 0; i < apart.count; i++)
        vd_buf_add(&b, apart.at[i].text);
    ok = !b.failed && vd_arena_dup(arena, &from.text, vd_buf_str(&b)) && VD_ARENA_PUSH(arena, out->at, out->count, out->cap, from);
    vd_buf_done(&b);
    return ok;
}

static bool fill_texts(vd_arena *arena, const vd_sense *k, const vd_policy *p, vd_texts *texts, bool *known)
{
    vd_texts was = *texts;

    *texts = (vd_texts){ 0 };
    for (uint32_t i = 0; i < was.count; i++)
        if (!put_known(arena, k, p, was.at[i], texts, known))
            return false;
    return true;
}

static bool fill_statement(vd_arena *arena, const vd_sense *k, const vd_policy *p, vd_statement *st, bool *known)
{
    vd_texts sid = { .at = &st->sid, .count = st->has_sid };
    vd_str   form;
    bool     ok = true;

    if (!fill_texts(arena, k, p, &st->action.texts, known) || !fill_texts(arena, k, p, &st->resource.texts, known) ||
        !fill_texts(arena, k, p, &sid, known))
        return false;
    if (sid.count)
        st->sid.text = sid.at[0].text;
    if (!has_holes(st, arena, &ok))
        return ok;
    if (!conditions_form(arena, &form, p, st))
        return false;
    for (uint32_t i = 0; i < k->rest_count; i++)
        if (vd_str_eq(k->rests[i].form, form)) {
            st->has_condition = k->rests[i].from->has_condition;
            st->entries = k->rests[i].from->entries;
            st->entry_count = k->rests[i].from->entry_count;
            return true;
        }
    *known = false;
    return true;
}

bool vd_sense_fill(vd_arena *arena, const vd_sense *k, const vd_policy *was, vd_policy **out)
{
    vd_policy    *p = vd_arena_new(arena, vd_policy);
    vd_statement *st = vd_arena_new_array(arena, vd_statement, (size_t)was->statement_count + k->foreign_count + 1);
    bool          known = true;

    *out = NULL;
    if (!p || !st)
        return false;
    *p = *was;
    p->statements = st;
    for (uint32_t i = 0; i < was->statement_count; i++) {
        st[i] = was->statements[i];
        if (!fill_statement(arena, k, was, &st[i], &known))
            return false;
    }
    for (uint32_t i = 0; i < k->foreign_count; i++)
        st[p->statement_count++] = *k->foreign[i];
    if (known)
        *out = p;
    return true;
}

/* ------------------------------------------------------------------ all of it */

static bool same_head(const vd_policy *was, const vd_policy *old)
{
    return was->language == old->language && was->has_id == old->has_id && (!was->has_id || vd_str_eq(was->id, old->id));
}

/* The only one from next on that fits; VD_NONE: none, or several. */
static uint32_t choose(laying *x, const vd_statement *was, uint32_t next)
{
    vd_sense before = *x->known;
    uint32_t found = VD_NONE;

    for (uint32_t k = next; x->ok && k < x->old->statement_count; k++) {
        if (!try_statement(x, was, &x->old->statements[k]))
            continue;
        forget(x, &before);
        if (found != VD_NONE)
            return VD_NONE;
        found = k;
    }
    return found;
}

/* Statements come in one order; of those that the file does not write any may stand between them. */
static bool lay_all(laying *x, bool more, bool *used)
{
    for (uint32_t i = 0, next = 0; i < x->was->statement_count; i++) {
        uint32_t k = more ? choose(x, &x->was->statements[i], next) : next;

        if (k == VD_NONE || !try_statement(x, &x->was->statements[i], &x->old->statements[k]))
            return false;
        used[k] = true;
        next = k + 1;
    }
    return true;
}

bool vd_sense_learn(vd_arena *arena, vd_sense *out, const vd_policy *was, const vd_policy *old, bool more, bool *fits)
{
    laying x = { .arena = arena, .known = out, .was = was, .old = old, .ok = true };
    bool  *used = vd_arena_new_array(arena, bool, (size_t)old->statement_count + 1);

    *out = (vd_sense){ 0 };
    *fits = false;
    out->foreign = vd_arena_new_array(arena, const vd_statement *, (size_t)old->statement_count + 1);
    if (!used || !out->foreign)
        return false;
    if (!same_head(was, old) || was->statement_count == 0 || was->statement_count > old->statement_count)
        return true;
    *fits = lay_all(&x, more, used);
    for (uint32_t i = 0; i < old->statement_count; i++)
        if (!used[i])
            out->foreign[out->foreign_count++] = &old->statements[i];
    *fits = *fits && x.ok && (more || out->foreign_count == 0);
    return x.ok;
}
