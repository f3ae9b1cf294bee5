/* SPDX-License-Identifier: Apache-2.0
 *
 * The statements of the old documents: which actions of the catalogue they name, as bits, and their resources as coded
 * patterns, to be held against what was observed.  Deciding is not done here: what is concluded is proved later.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/template.h"
#include "tighten/shape.h"

/* ------------------------------------------------------------------ patterns */

/* With variables or escapes: whatever it might match. */
static bool code_template(char *out, size_t *n, vd_str text)
{
    vd_part part;
    size_t  at = 0;

    *n = 0;
    while (vd_template_next(text, &at, &part)) {
        if (part.kind == VD_PART_ESCAPE) {
            out[(*n)++] = part.text.p[0];
            continue;
        }
        if (part.kind != VD_PART_TEXT) {
            out[(*n)++] = VD_STAR;
            continue;
        }
        for (size_t i = 0; i < part.text.n; i++)
            out[(*n)++] = part.text.p[i] == '*' ? VD_STAR : part.text.p[i] == '?' ? VD_ANY : part.text.p[i];
    }
    return true;
}

static bool code_granted(vd_arena *arena, vd_rs_pattern *out, vd_str text, bool variables)
{
    char  *coded = vd_arena_alloc(arena, text.n + 13, 1);
    size_t used = 0, n;

    if (!coded)
        return false;
    *out = (vd_rs_pattern){ .text = text };
    if (variables && vd_template_has_parts(text)) {
        code_template(coded, &n, text);
        out->loose = true;
    } else {
        n = vd_resource_code(coded, text, false, &used);
    }
    out->coded = (vd_str){ coded, n };
    return true;
}

bool vd_rs_takes_none(const vd_rs *r, const vd_rs_seen *s)
{
    return s->action != VD_NONE && vd_catalog_types_of(r->t->catalog, s->action).count == 0;
}

bool vd_rs_code_observed(vd_rs *r, vd_rs_pattern *out, const vd_rs_seen *s, vd_str text)
{
    char *coded;

    *out = (vd_rs_pattern){ .text = text, .coded = text };
    if (vd_str_eq(text, VD_S("*")) ? vd_rs_takes_none(r, s) : vd_shape_is_exact(text))
        return true;
    coded = vd_arena_alloc(&r->scratch, text.n + 1, 1);
    if (!coded)
        return false;
    out->coded = (vd_str){ coded, vd_glob_code(coded, text) };
    return true;
}

static bool is_wild(vd_str coded)
{
    return vd_glob_classify(coded) != VD_GLOB_LITERAL;
}

static bool pattern_covers(const vd_rs_pattern *p, const vd_rs_pattern *what)
{
    if (p->loose)
        return false;
    return is_wild(what->coded) ? vd_glob_covers(p->coded, what->coded) : vd_glob_match(p->coded, what->coded);
}

static bool pattern_touches(const vd_rs_pattern *p, const vd_rs_pattern *what)
{
    return is_wild(what->coded) ? vd_glob_overlaps(p->coded, what->coded) : vd_glob_match(p->coded, what->coded);
}

bool vd_rs_covers(const vd_rs_statement *s, const vd_rs_pattern *resource)
{
    bool any = false;

    if (s->model->resource.negated) {
        for (uint32_t i = 0; i < s->resources.count; i++)
            any |= pattern_touches(&s->resources.at[i], resource);
        return !any;
    }
    for (uint32_t i = 0; i < s->resources.count && !any; i++)
        any = pattern_covers(&s->resources.at[i], resource);
    return any;
}

bool vd_rs_touches(const vd_rs_statement *s, const vd_rs_pattern *resource)
{
    for (uint32_t i = 0; i < s->resources.count; i++) {
        if (s->model->resource.negated && pattern_covers(&s->resources.at[i], resource))
            return false;
        if (!s->model->resource.negated && pattern_touches(&s->resources.at[i], resource))
            return true;
    }
    return s->model->resource.negated;
}

bool vd_rs_names(const vd_rs *r, const vd_rs_statement *s, uint32_t action, vd_str name)
{
    const vd_list *list = &s->model->action;

    VD_UNUSED(r);
    if (action != VD_NONE)
        return vd_rs_bit(s->actions, action);
    for (uint32_t i = 0; i < list->texts.count; i++)
        if (vd_action_covers(list->texts.at[i].text, name))
            return !list->negated;
    return list->negated;
}

/* ------------------------------------------------------------------ statements */

/* How wide a pattern is: a name, a part of names, everything. */
static uint64_t width_of(vd_str coded)
{
    switch (vd_glob_classify(coded)) {
    case VD_GLOB_LITERAL:
        return 1;
    case VD_GLOB_ALL:
        return 1000000;
    default:
        return 2 + (coded.n < 400 ? 400 - coded.n : 0); /* the shorter, the wider */
    }
}

static uint64_t breadth_of(const vd_rs *r, const vd_rs_statement *s)
{
    uint64_t actions = 0, width = s->model->resource.negated ? 900000 : 0;

    for (size_t i = 0; i < r->words; i++)
        actions += (uint64_t)__builtin_popcountll(s->actions[i]);
    for (uint32_t i = 0; i < s->resources.count && !s->model->resource.negated; i++)
        width += width_of(s->resources.at[i].coded);
    return (actions + 1) * (width + 1);
}

static bool read_actions(vd_rs *r, vd_rs_statement *s)
{
    uint32_t       all = vd_catalog_actions(r->t->catalog);
    const vd_list *list = &s->model->action;

    s->actions = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    s->stays = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    if (!s->actions || !s->stays)
        return false;
    for (uint32_t i = 0; i < list->texts.count; i++)
        vd_catalog_expand_bits(r->t->catalog, list->texts.at[i].text, s->actions);
    if (list->negated) {
        for (size_t i = 0; i < r->words; i++)
            s->actions[i] = ~s->actions[i];
        for (uint32_t i = all; i < r->words * 64; i++)
            s->actions[i / 64] &= ~((uint64_t)1 << (i % 64));
    }
    return true;
}

static bool read_statement(vd_rs *r, vd_rs_statement *s, bool variables)
{
    const vd_list *list = &s->model->resource;

    s->resources.at = vd_arena_new_array(&r->scratch, vd_rs_pattern, (size_t)list->texts.count + 1);
    if (!s->resources.at || !read_actions(r, s))
        return false;
    s->plain = s->allow && !s->model->malformed && s->model->entry_count == 0 && !s->model->action.negated && !list->negated;
    for (uint32_t i = 0; i < list->texts.count; i++) {
        if (!code_granted(&r->scratch, &s->resources.at[i], list->texts.at[i].text, variables))
            return false;
        s->resources.count++;
    }
    s->breadth = breadth_of(r, s);
    return true;
}

/* The document as its JSON alone, so that all positions are places in that text. */
static vd_code read_model(vd_rs *r, uint32_t document)
{
    const vd_policy *p = r->t->documents[document].policy;

    return vd_policy_parse(&r->models[document], r->t->engine, p->kind, p->name, p->json, NULL, r->err);
}

vd_code vd_rs_read(vd_rs *r)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->t->document_count; i++) {
        VD_TRY(read_model(r, i));
        n += r->models[i]->statement_count;
    }
    r->statements = vd_arena_new_array(&r->scratch, vd_rs_statement, (size_t)n + 1);
    if (!r->statements)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < r->t->document_count; i++)
        for (uint32_t j = 0; j < r->models[i]->statement_count; j++) {
            vd_rs_statement *s = &r->statements[r->statement_count++];

            *s = (vd_rs_statement){ .document = i, .index = j, .model = &r->models[i]->statements[j] };
            s->allow = s->model->effect == VD_EFFECT_ALLOW;
            s->open = s->allow && !s->model->malformed && r->t->documents[i].fixed.n == 0;
            if (!read_statement(r, s, r->models[i]->language == VD_LANGUAGE_2012))
                return vd_fail_nomem(r->err);
        }
    return VD_OK;
}
