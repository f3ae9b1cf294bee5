/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents under the other reading of a rule that AWS does not document.  They are reworded, so that the search and the
 * evaluator, which see the same model, both read them so; neither knows of readings.
 *
 *   E309   a short ARN in the Resource of a resource or endpoint policy is completed, star or not, as in identity policies
 *   E508   a plain operator on a key with several values passes when any of the values does
 *   E534   a short pattern of an ARN operator is completed: "*" is any ARN
 *   E539   a malformed value of a negated operator is one that nothing equals: what has no other value holds
 */
#include "analyze/reading.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"

enum { FIELDS = 6 };

/* With a star for each field that it lacks. */
static bool complete(vd_exposing *x, vd_texts *texts, uint32_t at, uint32_t fields)
{
    static const char stars[] = ":*:*:*:*:*";
    vd_text          *own = vd_arena_new_array(&x->arena, vd_text, texts->count);

    if (!own)
        return false;
    memcpy(own, texts->at, texts->count * sizeof *own);
    texts->at = own;
    return vd_arena_printf(&x->arena, &own[at].text, VD_F "%.*s", VD_A(own[at].text), (int)(2 * (FIELDS - fields)), stars);
}

static bool is_resource_kind(vd_kind kind)
{
    return kind == VD_KIND_RESOURCE || kind == VD_KIND_TRUST || kind == VD_KIND_ENDPOINT;
}

static bool short_resource(vd_exposing *x, const vd_policy *p, vd_statement *st, bool *changed)
{
    vd_texts *texts = &st->resource.texts;
    bool      empty;

    for (uint32_t i = 0; is_resource_kind(p->kind) && i < texts->count; i++) {
        if (vd_policy_resource_completed(p->kind, texts->at[i].text))
            continue;
        if (!complete(x, texts, i, vd_arn_fields(texts->at[i].text, p->language == VD_LANGUAGE_2012, &empty)))
            return false;
        *changed = true;
    }
    return true;
}

/* A key that is not there: as for the plain operator (E521), which holds when it is negated. */
static bool any_value(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    VD_UNUSED(x), VD_UNUSED(p);
    if (e->op.quantifier != VD_FOR_ONE || e->op.op->test == VD_TEST_NULL || vd_key_arity(e->key.text) != VD_ARITY_MANY)
        return true;
    e->op.quantifier = VD_FOR_ANY;
    e->op.if_exists |= e->op.op->negated;
    *changed = true;
    return true;
}

static bool short_pattern(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    for (uint32_t i = 0; e->op.op->test == VD_TEST_ARN && i < e->values.count; i++) {
        bool     empty;
        uint32_t fields = vd_arn_fields(e->values.at[i].text, p->language == VD_LANGUAGE_2012 && e->op.op->variables, &empty);

        if (fields >= FIELDS)
            continue;
        if (!complete(x, &e->values, i, fields))
            return false;
        *changed = true;
    }
    return true;
}

static bool is_well_formed(const vd_policy *p, const vd_operator *op, vd_str text)
{
    bool empty;

    if (op->test == VD_TEST_ARN)
        return vd_arn_fields(text, p->language == VD_LANGUAGE_2012 && op->variables, &empty) == FIELDS;
    return vd_operator_value_ok(op, text);
}

/* True of every value, and of none, the test can go; with ForAnyValue some value must be there, and an empty list is what
 * nothing is in (E506). */
static bool no_value(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    VD_UNUSED(x);
    if (!e->op.op->typed || !e->op.op->negated || e->values.count == 0)
        return true;
    for (uint32_t i = 0; i < e->values.count; i++)
        if (is_well_formed(p, e->op.op, e->values.at[i].text))
            return true;
    if (e->op.quantifier == VD_FOR_ANY)
        e->values.count = 0;
    else
        e->op.op = NULL;
    *changed = true;
    return true;
}

typedef bool statement_fn(vd_exposing *x, const vd_policy *p, vd_statement *st, bool *changed);
typedef bool entry_fn(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed);

static const struct {
    uint32_t      bit;
    statement_fn *statement;
    entry_fn     *entry; /* one of the two; entries without an operator are left out */
} readings[VD_READINGS] = {
    { VD_FLAG_READING_E309, short_resource, NULL },
    { VD_FLAG_READING_E508, NULL, any_value },
    { VD_FLAG_READING_E534, NULL, short_pattern },
    { VD_FLAG_READING_E539, NULL, no_value },
};

static bool reword_entries(vd_exposing *x, entry_fn *entry, const vd_policy *p, vd_statement *st, bool *changed)
{
    vd_entry *own = vd_arena_new_array(&x->arena, vd_entry, st->entry_count ? st->entry_count : 1);
    uint32_t  n = 0;

    for (uint32_t i = 0; own && i < st->entry_count; i++) {
        own[n] = st->entries[i];
        if (own[n].op.op && !entry(x, p, &own[n], changed))
            return false;
        n += own[n].op.op || !st->entries[i].op.op; /* one without an operator has just been left out, or never had one */
    }
    st->entries = own;
    st->entry_count = n;
    return own != NULL;
}

static bool reword(vd_exposing *x, uint32_t reading, const vd_policy *p, vd_statement *st, bool *changed)
{
    for (size_t r = 0; r < VD_READINGS; r++)
        if (readings[r].bit == reading)
            return readings[r].statement ? readings[r].statement(x, p, st, changed)
                                         : reword_entries(x, readings[r].entry, p, st, changed);
    return true;
}

bool vd_policy_read_otherwise(vd_exposing *x, const vd_policy **policy)
{
    vd_policy *copy;
    bool       changed = false;

    if (x->otherwise == NULL)
        return true;
    copy = vd_policy_lookalike(x, *policy);
    for (uint32_t i = 0; copy && i < copy->statement_count; i++)
        if (!reword(x, x->otherwise->reading, copy, &copy->statements[i], &changed))
            return false;
    if (!copy)
        return false;
    if (changed) {
        x->otherwise->changed = true;
        *policy = copy;
    }
    return true;
}
