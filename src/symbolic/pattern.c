/* SPDX-License-Identifier: Apache-2.0
 *
 * The values of a test as patterns.  What a policy variable stands for is filled in, or taken to be anything (then there
 * are more texts than there really are: a "no" still holds), or is a symbol of its own for each key: what is true of two
 * patterns then is true whatever the variables are.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "base/utf8.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/template.h"

enum { SYMBOLS = 0xf0000 }; /* a plane of Unicode that no text uses */

typedef enum coding { CODING_TEXT, CODING_GLOB, CODING_ARN, CODING_RESOURCE } coding;

typedef struct writer {
    vd_ask  *ask;
    vd_buf   out;
    uint32_t field; /* of an ARN: how many colons have been passed, up to five */
    uint8_t  coding;
    bool     against;
    bool     nothing; /* matches no text at all */
    bool     left_out; /* is not part of the answer any more */
} writer;

static const vd_filling *filling_of(const vd_ask *a, vd_str key)
{
    for (uint32_t i = 0; i < a->filling_count; i++)
        if (vd_str_ieq(a->fillings[i].key, key))
            return &a->fillings[i];
    return NULL;
}

static bool narrow(const writer *w)
{
    return (w->coding == CODING_ARN || w->coding == CODING_RESOURCE) && w->field < 5;
}

static void put_literal(writer *w, vd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (vd_is_wild(text.p[i]) || (narrow(w) && text.p[i] == ':'))
            w->nothing = true;
        vd_buf_byte(&w->out, text.p[i]);
    }
}

static void put_written(writer *w, vd_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if (w->coding != CODING_TEXT && c == '*')
            c = narrow(w) ? VD_STAR_IN : VD_STAR;
        else if (w->coding != CODING_TEXT && c == '?')
            c = narrow(w) ? VD_ANY_IN : VD_ANY;
        else if (c == ':' && w->field < 5)
            w->field++;
        vd_buf_byte(&w->out, c);
    }
}

static uint32_t symbol_of(vd_ask *a, vd_str key)
{
    return SYMBOLS + vd_var_of_key(a->s, key, &a->nomem);
}

static bool is_list(const vd_part *part)
{
    return vd_key_arity(part->text) == VD_ARITY_MANY;
}

static const vd_filling *given(const writer *w, const vd_part *part, bool *known)
{
    const vd_filling *f = filling_of(w->ask, part->text);

    *known = f || (is_list(part) && !part->has_fallback) || w->ask->holes == VD_HOLES_FILLED;
    return f && !f->absent && (f->listed || f->value.n) ? f : NULL;
}

/* What any value of the key looks like; it is not empty. */
static vd_str hole_of(vd_ask *a, const writer *w, vd_str name)
{
    const vd_key_var *key = &a->s->keys[vd_var_of_key(a->s, name, &a->nomem) - VD_VAR_KEYS];

    if (a->nomem)
        return VD_S("");
    switch ((vd_view)vd_universe_rule(a, key).view) {
    case VD_VIEW_ACCOUNT:
        return VD_S("\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9\xf9");
    case VD_VIEW_USER_NAME:
        return VD_S("\xfa\xfb");
    case VD_VIEW_ORG_ID:
        return VD_S("o-\xfa\xfb");
    default:
        return narrow(w) ? VD_S("\xfc\xfd") : VD_S("\xfe\xff");
    }
}

/* A key with several values cannot be used, one that nobody has neither (E554, E555). */
static void put_variable(writer *w, const vd_part *part)
{
    bool              known;
    const vd_filling *f = given(w, part, &known);

    if (known) {
        if (f && f->listed)
            w->nothing = true;
        else if (f)
            put_literal(w, f->value);
        else if (part->has_fallback)
            put_literal(w, part->fallback);
        else
            w->nothing = true;
        return;
    }
    if (w->ask->holes == VD_HOLES_SYMBOLS && !part->has_fallback) {
        char     text[4];
        uint32_t n = vd_utf8_put(text, symbol_of(w->ask, part->text));

        put_literal(w, (vd_str){ text, n });
        return;
    }
    w->ask->relaxed = true;
    if (w->against)
        w->left_out = true;
    else if (is_list(part))
        put_literal(w, part->fallback);
    else if (part->has_fallback)
        vd_buf_byte(&w->out, narrow(w) ? VD_STAR_IN : VD_STAR);
    else
        vd_buf_add(&w->out, hole_of(w->ask, w, part->text));
}

static void put_template(writer *w, vd_str text)
{
    size_t  at = 0;
    vd_part part;

    while (vd_template_next(text, &at, &part)) {
        switch (part.kind) {
        case VD_PART_TEXT:
            put_written(w, part.text);
            break;
        case VD_PART_ESCAPE:
            put_literal(w, part.text);
            break;
        case VD_PART_VARIABLE:
            put_variable(w, &part);
            break;
        default:
            w->nothing = true;
            break;
        }
    }
}

/* The first five fields as they are, then what may hold variables. */
static void put_resource(writer *w, const vd_atom *atom, vd_str text)
{
    bool             variables = atom->policy->language == VD_LANGUAGE_2012;
    vd_resource_form form = vd_resource_classify(text, variables);
    char            *room = vd_buf_room(&w->out, text.n + 12);
    size_t           used = text.n;

    if (!room)
        return;
    if (form == VD_RESOURCE_SHORT_EMPTY || form == VD_RESOURCE_NO_COLON ||
        (form == VD_RESOURCE_SHORT && !vd_policy_resource_completed(atom->policy->kind, text)))
        w->nothing = true;
    w->out.n = vd_resource_code(room, text, variables, &used);
    w->field = 5;
    put_template(w, vd_str_from(text, used));
}

static void put_value(writer *w, const vd_atom *atom, vd_str text)
{
    bool variables = atom->policy->language == VD_LANGUAGE_2012 && (!atom->entry || atom->entry->op.op->variables);

    if (atom->kind == VD_ATOM_RESOURCE)
        put_resource(w, atom, text);
    else if (variables && vd_template_has_parts(text))
        put_template(w, text);
    else
        put_written(w, text);
    if (w->coding == CODING_ARN && w->field < 5)
        w->nothing = true; /* E534: a pattern of fewer fields is malformed */
}

static coding coding_of(const vd_atom *atom)
{
    if (atom->kind == VD_ATOM_RESOURCE)
        return CODING_RESOURCE;
    switch (atom->entry->op.op->test) {
    case VD_TEST_LIKE:
        return CODING_GLOB;
    case VD_TEST_ARN:
        return CODING_ARN;
    default:
        return CODING_TEXT;
    }
}

/* E539: without a pattern of six fields the test of an Arn operator fails, negated or not.  No value at all is no fault
 * (E506), and neither is a variable that is none: that value matches nothing, but it is one (E552). */
bool vd_atom_formed(const vd_atom *atom)
{
    const vd_entry *e = atom->entry;
    bool            variables = atom->policy->language == VD_LANGUAGE_2012 && e->op.op->variables, empty;

    if (e->op.op->test != VD_TEST_ARN || e->values.count == 0)
        return true;
    for (uint32_t i = 0; i < e->values.count; i++)
        if (vd_arn_fields(e->values.at[i].text, variables, &empty) == 6)
            return true;
    return false;
}

bool vd_atom_globs(vd_ask *a, const vd_atom *atom, bool against, vd_globs *out)
{
    const vd_texts *texts = atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values;
    vd_str         *patterns;
    uint32_t        n = 0;

    if (vd_coded_find(atom, VD_VIEW_NONE, out))
        return true;
    patterns = vd_arena_new_array(&a->s->work, vd_str, texts->count ? texts->count : 1);
    *out = (vd_globs){ .patterns = patterns,
                          .fold = atom->entry && atom->entry->op.op->test == VD_TEST_STRING_FOLDED };
    for (uint32_t i = 0; patterns && i < texts->count; i++) {
        writer w = { .ask = a, .out = vd_buf_on(&a->s->alloc, 0), .coding = (uint8_t)coding_of(atom), .against = against };

        put_value(&w, atom, texts->at[i].text);
        if (!w.nothing && !w.left_out && !vd_arena_dup(&a->s->work, &patterns[n++], vd_buf_str(&w.out)))
            patterns = NULL;
        a->nomem |= w.out.failed;
        vd_buf_done(&w.out);
    }
    out->count = n;
    a->nomem |= patterns == NULL;
    return !a->nomem && vd_coded_keep(a, atom, VD_VIEW_NONE, out);
}
