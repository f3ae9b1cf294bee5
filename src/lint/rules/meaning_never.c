/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of one Condition that no request meets together.  Sound and simple: of a key with one value, the values that one
 * entry asks for are tried against every other entry; what is left open by a variable or a hole counts as met.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "pattern/value.h"

enum { ENTRIES_MOST = 64, VALUES_MOST = 64, PATTERN_MOST = 512 };

static bool has_variable(vd_str s)
{
    return s.n > 2 && vd_str_contains(s, VD_S("${"));
}

/* Looked at: a key with one value, everything known. */
static bool is_plain(const vd_view_condition *k)
{
    const vd_entry *e = k->entry;

    if (!e->op.op || k->key_hole || k->value_hole || e->values.count == 0 || e->values.count > VALUES_MOST)
        return false;
    for (uint32_t i = 0; i < e->values.count; i++)
        if (has_variable(e->values.at[i].text) || e->values.at[i].text.n > PATTERN_MOST)
            return false;
    return true;
}

static bool is_single(const vd_view_condition *k)
{
    return vd_key_is_single(k) && k->entry->op.quantifier != VD_FOR_ALL;
}

/* ------------------------------------------------------------------ values */

typedef struct coded {
    char   text[PATTERN_MOST];
    vd_str s;
} coded;

static bool code(coded *out, const vd_operator *op, vd_str value)
{
    size_t n = value.n;

    if (op->test == VD_TEST_LIKE)
        n = vd_glob_code(out->text, value);
    else if (op->test == VD_TEST_ARN) {
        if (!vd_arn_code(out->text, &n, value))
            return false;
    } else {
        memcpy(out->text, value.p, value.n);
    }
    out->s = (vd_str){ out->text, n };
    return true;
}

/* Would a request with this value of the key meet the entry? */
static bool meets(const vd_entry *e, vd_str value)
{
    const vd_operator *op = e->op.op;

    if (op->typed && !vd_operator_context_ok(op, value))
        return false;
    for (uint32_t i = 0; i < e->values.count; i++) {
        coded c;

        if (op->typed && !vd_operator_value_ok(op, e->values.at[i].text))
            continue;
        if (code(&c, op, e->values.at[i].text) && vd_operator_test(op, value, c.s))
            return !op->negated;
    }
    return op->negated;
}

/* The values of an entry are all the values that meet it. */
static bool lists_values(const vd_entry *e)
{
    uint8_t test = e->op.op->test;

    return vd_entry_restricts(e) && (test == VD_TEST_STRING || test == VD_TEST_BOOL || test == VD_TEST_NUMBER_EQ ||
                                     test == VD_TEST_DATE_EQ);
}

static bool none_meets(const vd_entry *values, const vd_entry *other)
{
    uint8_t test = values->op.op->test, against = other->op.op->test;

    if (test == VD_TEST_BOOL && against != VD_TEST_BOOL)
        return false; /* TRUE and true are one value of Bool */
    if (test == VD_TEST_NUMBER_EQ && (against < VD_TEST_NUMBER_EQ || against > VD_TEST_NUMBER_GE))
        return false; /* so are 10 and 10.0 of numbers */
    if (test == VD_TEST_DATE_EQ && (against < VD_TEST_DATE_EQ || against > VD_TEST_DATE_GE))
        return false;
    for (uint32_t i = 0; i < values->values.count; i++)
        if (meets(other, values->values.at[i].text))
            return false;
    return true;
}

/* ------------------------------------------------------------------ patterns and ranges */

static bool patterns_exclude(const vd_entry *a, const vd_entry *b)
{
    if (a->op.op->test != b->op.op->test || !a->op.op->globs)
        return false;
    for (uint32_t i = 0; i < a->values.count; i++) {
        bool  excluded = b->op.op->negated ? false : true;
        coded p, q;

        if (!code(&p, a->op.op, a->values.at[i].text))
            continue;
        for (uint32_t n = 0; n < b->values.count; n++) {
            if (!code(&q, b->op.op, b->values.at[n].text))
                continue;
            if (b->op.op->negated ? vd_glob_covers(q.s, p.s) : vd_glob_overlaps(p.s, q.s)) {
                excluded = b->op.op->negated;
                break;
            }
        }
        if (!excluded)
            return false;
    }
    return true;
}

static bool range_within(const vd_cidr *inner, const vd_cidr *outer)
{
    return outer->family == inner->family && outer->bits <= inner->bits && vd_cidr_contains(outer, inner);
}

static bool ranges_exclude(const vd_entry *a, const vd_entry *b)
{
    if (a->op.op->test != VD_TEST_IP || b->op.op->test != VD_TEST_IP)
        return false;
    for (uint32_t i = 0; i < a->values.count; i++) {
        bool    covered = false, met = false;
        vd_cidr p, q;

        if (!vd_cidr_parse(&p, a->values.at[i].text))
            continue;
        for (uint32_t n = 0; n < b->values.count; n++) {
            if (!vd_cidr_parse(&q, b->values.at[n].text))
                continue;
            covered |= range_within(&p, &q);
            met |= range_within(&p, &q) || range_within(&q, &p);
        }
        if (b->op.op->negated ? !covered : met)
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ windows */

/* What an entry leaves open on one side, of dates or of numbers. */
typedef struct window {
    bool      is, until, strict, dates;
    vd_date   date;
    vd_number number;
} window;

static bool read_bound(window *w, vd_str value)
{
    return w->dates ? vd_date_parse(&w->date, value) : vd_number_parse(&w->number, value);
}

static int compare(const window *a, const window *b)
{
    return a->dates ? vd_date_cmp(&a->date, &b->date) : vd_number_cmp(&a->number, &b->number);
}

/* The widest bound of the entry. */
static window window_of(const vd_entry *e)
{
    uint8_t test = e->op.op->test, first = test >= VD_TEST_DATE_EQ ? VD_TEST_DATE_EQ : VD_TEST_NUMBER_EQ;
    uint8_t order = (uint8_t)(test - first + VD_TEST_NUMBER_EQ);
    window  w = { .is = false }, one = { .dates = first == VD_TEST_DATE_EQ };

    if (test < VD_TEST_NUMBER_LT || test > VD_TEST_DATE_GE || order == VD_TEST_NUMBER_EQ)
        return w;
    one.until = order == VD_TEST_NUMBER_LT || order == VD_TEST_NUMBER_LE;
    one.strict = order == VD_TEST_NUMBER_LT || order == VD_TEST_NUMBER_GT;
    for (uint32_t i = 0; i < e->values.count; i++) {
        if (!read_bound(&one, e->values.at[i].text))
            return (window){ .is = false };
        if (!w.is || (one.until ? compare(&one, &w) > 0 : compare(&one, &w) < 0))
            w = one;
        w.is = true;
    }
    return w;
}

static bool windows_exclude(const vd_entry *a, const vd_entry *b)
{
    window v = window_of(a), w = window_of(b);
    int    c;

    if (!v.is || !w.is || v.until == w.until || v.dates != w.dates)
        return false;
    c = v.until ? compare(&v, &w) : compare(&w, &v); /* until against from */
    return c < 0 || (c == 0 && (v.strict || w.strict));
}

/* ------------------------------------------------------------------ pairs */

static bool asks_null(const vd_entry *e, bool absent)
{
    bool known;

    return e->op.op->test == VD_TEST_NULL && e->op.quantifier == VD_FOR_ONE && e->values.count == 1 &&
           vd_bool_text(e->values.at[0].text, &known) == absent && known;
}

static bool needs_key(const vd_entry *e)
{
    return asks_null(e, false) || vd_entry_restricts(e);
}

/* An empty value counts as absent for Null, and as a value for others. */
static bool needs_value(const vd_entry *e)
{
    return needs_key(e) && (e->op.op->test == VD_TEST_NULL || e->op.quantifier != VD_FOR_ONE || !meets(e, VD_S("")));
}

/* a asks for a value, and no value that meets it meets b. */
static bool excludes(const vd_view_condition *a, const vd_view_condition *b)
{
    if (asks_null(a->entry, true))
        return needs_value(b->entry);
    if (!is_single(a) || !is_single(b) || !vd_entry_restricts(a->entry) || b->entry->op.op->test == VD_TEST_NULL)
        return false;
    if (lists_values(a->entry))
        return none_meets(a->entry, b->entry);
    return patterns_exclude(a->entry, b->entry) || ranges_exclude(a->entry, b->entry) ||
           windows_exclude(a->entry, b->entry);
}

static void judge(const vd_view_statement *st, vd_finding *f)
{
    if (st->allow)
        vd_finding_severity(f, VD_ERROR);
    else
        vd_finding_score(f, 70);
}

static const char *entry_words(vd_lint *l, const vd_entry *e)
{
    return vd_lint_printf(l, "%s %s", vd_lint_show(l, e->operator_name.text),
                          e->values.count == 1 ? vd_lint_printf(l, "\"%s\"", vd_lint_show(l, e->values.at[0].text))
                                               : "with its values");
}

static void check_pair(vd_lint *l, const vd_view_statement *st, const vd_view_condition *a, const vd_view_condition *b)
{
    vd_finding *f;

    if (!vd_str_ieq(a->key, b->key) || !is_plain(b) || !(excludes(a, b) || excludes(b, a)))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_NEVER], st, b->entry->value,
                       "no request satisfies both %s and %s for %s", entry_words(l, a->entry), entry_words(l, b->entry),
                       vd_lint_show(l, b->key));
    if (f && f->more == 0)
        vd_finding_relate(l, f, a->entry->value, "the other one");
    judge(st, f);
}

/* ------------------------------------------------------------------ one entry */

static bool is_never_empty(const vd_lint *l, const vd_view_condition *k)
{
    vd_str kind = vd_key_says(l->catalog, k, VD_KEY_COLUMN_CLASS);

    return vd_str_eq(kind, VD_S("assigned")) || vd_key_says(l->catalog, k, VD_KEY_COLUMN_FORM).n;
}

static void check_one(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;

    if (asks_null(e, true) && vd_meaning_is_always(l, k))
        judge(st,
              vd_lint_report(l, &vd_meaning_rules[VD_G_NEVER], st, e->value, "never true: %s is always there",
                              vd_lint_show(l, k->key)));
    else if (e->op.op->test <= VD_TEST_LIKE && vd_entry_restricts(e) && vd_meaning_all_values(e, VD_S("")) &&
             is_never_empty(l, k))
        judge(st,
              vd_lint_report(l, &vd_meaning_rules[VD_G_NEVER], st, e->value, "never true: %s is never empty",
                              vd_lint_show(l, k->key)));
}

void vd_meaning_never(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count && i < ENTRIES_MOST; i++) {
        if (!is_plain(&st->conditions[i]))
            continue;
        check_one(l, st, &st->conditions[i]);
        for (uint32_t k = 0; k < i; k++)
            if (is_plain(&st->conditions[k]))
                check_pair(l, st, &st->conditions[k], &st->conditions[i]);
    }
}
