/* SPDX-License-Identifier: Apache-2.0
 *
 * Documents under the other reading of a rule that AWS does not document.  They are reworded, so that the search and the
 * evaluator, which see the same model, both read them so.
 *
 *   E309   a short ARN in the Resource of a resource or endpoint policy is completed, star or not, as in identity policies
 *   E412   names of a service that differ in a region or a partition name the same principal, as far as the document has them
 *   E506   an entry without values is no condition
 *   E508   a plain operator on a key with several values passes when any of the values does
 *   E533   a range of IPv4 addresses written as IPv6 holds no IPv4 address
 *   E534   a short pattern of an ARN operator is completed: "*" is any ARN
 *   E538   a negated test passes of what cannot be parsed; the one reading that evaluators have to know of (vd_operator_use)
 *   E539   a malformed value of a negated operator is one that nothing equals: what has no other value holds
 *   E554   a variable whose key has several values is its default
 */
#include "analyze/reading.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/arn.h"
#include "pattern/template.h"
#include "pattern/value.h"

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

typedef bool statement_fn(vd_exposing *x, const vd_policy *p, vd_statement *st, bool *changed);
typedef bool entry_fn(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed);

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

/* ------------------------------------------------------------------ services (E412) */

static bool is_same_service(vd_str a, vd_str b)
{
    vd_str x = vd_service_label(a), y = vd_service_label(b);

    return x.n < a.n && y.n < b.n && vd_str_eq(vd_service_without_region(x), vd_service_without_region(y));
}

static bool has_service(const vd_principals *p, vd_str name)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->at[i].type == VD_PRINCIPAL_SERVICE && vd_str_eq(p->at[i].text.text, name))
            return true;
    return false;
}

/* Besides the name that is there, if they are names of the same service. */
static bool add_service(vd_exposing *x, vd_principals *p, vd_text there, vd_str name, bool *changed)
{
    vd_principal_entry *own;

    if (has_service(p, name) || !is_same_service(there.text, name))
        return true;
    own = vd_arena_new_array(&x->arena, vd_principal_entry, (size_t)p->count + 1);
    if (!own)
        return false;
    memcpy(own, p->at, p->count * sizeof *own);
    own[p->count] = (vd_principal_entry){ VD_PRINCIPAL_SERVICE, { name, there.span } };
    p->at = own;
    p->cap = ++p->count;
    *changed = true;
    return true;
}

static bool add_names(vd_exposing *x, const vd_policy *policy, vd_principals *p, vd_text there, bool *changed)
{
    vd_str label = vd_service_label(there.text), global;

    if (label.n == there.text.n)
        return true;
    if (!vd_arena_printf(&x->arena, &global, VD_F ".amazonaws.com", VD_A(vd_service_without_region(label))) ||
        !add_service(x, p, there, global, changed))
        return false;
    for (uint32_t i = 0; i < policy->statement_count; i++) {
        const vd_principals *q = &policy->statements[i].principal;

        for (uint32_t k = 0; k < q->count; k++)
            if (q->at[k].type == VD_PRINCIPAL_SERVICE && !add_service(x, p, there, q->at[k].text.text, changed))
                return false;
    }
    return true;
}

static bool other_names(vd_exposing *x, const vd_policy *policy, vd_statement *st, bool *changed)
{
    for (uint32_t i = 0, n = st->principal.count; i < n; i++)
        if (st->principal.at[i].type == VD_PRINCIPAL_SERVICE && !add_names(x, policy, &st->principal, st->principal.at[i].text, changed))
            return false;
    return true;
}

/* ------------------------------------------------------------------ defaults (E554) */

/* Literal, whatever is in it (E556). */
static void put_literal(vd_buf *b, vd_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (memchr("*?$", text.p[i], 3))
            vd_buf_printf(b, "${%c}", text.p[i]);
        else
            vd_buf_byte(b, text.p[i]);
}

/* colons: so many stand before the first variable that is one.  arn: a default with a colon in it matches nothing (E535). */
static bool put_defaults(vd_buf *b, vd_str text, uint32_t colons, bool arn)
{
    vd_part part;
    bool    some = false;

    for (size_t at = 0; vd_template_next(text, &at, &part);) {
        bool mine = part.kind == VD_PART_VARIABLE && part.has_fallback && colons == 0 && vd_key_arity(part.text) == VD_ARITY_MANY &&
                    !(arn && vd_str_find(part.fallback, ':') < part.fallback.n);

        for (size_t i = 0; part.kind == VD_PART_TEXT && i < part.text.n; i++)
            colons -= colons && part.text.p[i] == ':';
        if (mine)
            put_literal(b, part.fallback);
        else
            vd_buf_add(b, vd_str_first(vd_str_from(text, part.offset), part.length));
        some |= mine;
    }
    return some;
}

static bool default_texts(vd_exposing *x, vd_texts *texts, uint32_t colons, bool arn, bool *changed)
{
    vd_text *own = vd_arena_new_array(&x->arena, vd_text, texts->count ? texts->count : 1);
    vd_buf   b = vd_buf_on(&x->engine->alloc, 0);
    bool     ok = own != NULL, any = false;

    for (uint32_t i = 0; ok && i < texts->count; i++) {
        bool some;

        own[i] = texts->at[i];
        b.n = 0;
        some = put_defaults(&b, own[i].text, colons, arn);
        ok = !b.failed && (!some || vd_arena_dup(&x->arena, &own[i].text, vd_buf_str(&b)));
        any |= some;
    }
    if (ok && any) {
        texts->at = own;
        *changed = true;
    }
    vd_buf_done(&b);
    return ok;
}

static bool default_values(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    VD_UNUSED(p);
    return !e->op.op->variables || default_texts(x, &e->values, 0, e->op.op->test == VD_TEST_ARN, changed);
}

static bool has_default(vd_exposing *x, const vd_policy *p, vd_statement *st, bool *changed)
{
    enum { BEFORE = 5 }; /* colons: the sixth field of a resource has variables (E551) */

    if (p->language != VD_LANGUAGE_2012)
        return true;
    if (!default_texts(x, &st->resource.texts, BEFORE, false, changed))
        return false;
    return reword_entries(x, default_values, p, st, changed);
}

/* ------------------------------------------------------------------ entries */

static bool no_condition(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    VD_UNUSED(x), VD_UNUSED(p);
    if (e->values.count)
        return true;
    e->op.op = NULL;
    *changed = true;
    return true;
}

static bool is_mapped(vd_str text)
{
    vd_cidr range;

    return vd_str_find(text, ':') < text.n && vd_cidr_parse(&range, text) && range.family == 4;
}

/* What is left has to be well formed: that nothing is would be another rule (E539). */
static bool not_mapped(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    vd_text *own;
    uint32_t n = 0;
    bool     some = false;

    VD_UNUSED(p);
    for (uint32_t i = 0; e->op.op->test == VD_TEST_IP && i < e->values.count; i++)
        some |= is_mapped(e->values.at[i].text);
    if (!some)
        return true;
    own = vd_arena_new_array(&x->arena, vd_text, e->values.count);
    for (uint32_t i = 0; own && i < e->values.count; i++)
        if (vd_operator_value_ok(e->op.op, e->values.at[i].text) && !is_mapped(e->values.at[i].text))
            own[n++] = e->values.at[i];
    e->values = (vd_texts){ own, n, e->values.count };
    *changed = true;
    return own != NULL;
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

/* Of a name that is no ARN there are records: it does not pass. */
static bool unread_passes(vd_exposing *x, const vd_policy *p, vd_entry *e, bool *changed)
{
    bool formed = e->values.count == 0;

    VD_UNUSED(x), VD_UNUSED(p);
    if (!e->op.op->typed || !e->op.op->negated || e->op.op->test == VD_TEST_ARN)
        return true;
    for (uint32_t i = 0; i < e->values.count; i++)
        formed |= vd_operator_value_ok(e->op.op, e->values.at[i].text);
    if (formed)
        e->op.unread = *changed = true;
    return true;
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

static const struct {
    uint32_t      bit;
    statement_fn *statement;
    entry_fn     *entry; /* one of the two; entries without an operator are left out */
} readings[VD_READING_COUNT_BITS] = {
    { VD_READING_E309, short_resource, NULL }, { VD_READING_E412, other_names, NULL },   { VD_READING_E506, NULL, no_condition },
    { VD_READING_E508, NULL, any_value },      { VD_READING_E533, NULL, not_mapped },    { VD_READING_E534, NULL, short_pattern },
    { VD_READING_E538, NULL, unread_passes },  { VD_READING_E539, NULL, no_value },      { VD_READING_E554, has_default, NULL },
};

static bool reword(vd_exposing *x, uint32_t reading, const vd_policy *p, vd_statement *st, bool *changed)
{
    for (size_t r = 0; r < VD_COUNT(readings); r++)
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
