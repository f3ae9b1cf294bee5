/* SPDX-License-Identifier: Apache-2.0
 *
 * Values by themselves: booleans, dates, numbers, mixtures, and those that another value makes superfluous.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "pattern/overlap.h"
#include "pattern/value.h"

enum { PAIRS_MOST = 64, PATTERN_MOST = 256 };

static bool has_variable(vd_str s)
{
    return s.n > 2 && vd_str_contains(s, VD_S("${"));
}

/* ------------------------------------------------------------------ booleans */

/* "TRUE" works; only the capitals are odd. */
static void check_capitals(vd_lint *l, const vd_view_statement *st, const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_text     t = e->values.at[i];
        bool        known, value = vd_bool_text(t.text, &known);
        vd_str      right = value ? VD_S("true") : VD_S("false");
        vd_finding *f;

        if (!known || vd_str_eq(t.text, right))
            continue;
        f = vd_lint_report(l, &vd_condition_rules[VD_F_BOOL], st, t.span, "written \"" VD_F "\" in AWS documentation",
                           VD_A(right));
        vd_finding_severity(f, VD_SUGGESTION);
        vd_fix_text(l, f, VD_FIX_SAFE, t.span, right);
    }
}

static void check_booleans(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (e->op.op->test != VD_TEST_BOOL && e->op.op->test != VD_TEST_NULL)
        return;
    check_capitals(l, st, e);
    if (e->op.op->test == VD_TEST_BOOL && e->op.quantifier == VD_FOR_ONE && e->values.count > 1 && !c->value_hole)
        vd_lint_report(l, &vd_condition_rules[VD_F_BOOLEANS], st, e->value, "true or false is always satisfied");
}

/* ------------------------------------------------------------------ dates */

/* "12:30:00" without a zone: neither Z nor an offset behind the T. */
static bool lacks_zone(vd_str s)
{
    size_t t = vd_str_find(s, 'T') < s.n ? vd_str_find(s, 'T') : vd_str_find(s, 't');
    vd_str time = vd_str_from(s, t);

    return t < s.n && vd_str_find(time, 'Z') == time.n && vd_str_find(time, 'z') == time.n &&
           vd_str_find(time, '+') == time.n && vd_str_find(time, '-') == time.n;
}

static bool is_epoch(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]) && s.p[i] != '.')
            return false;
    return s.n > 0;
}

static void check_dates(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    char            iso[48];

    if (e->op.op->test < VD_TEST_DATE_EQ || e->op.op->test > VD_TEST_DATE_GE)
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_text     t = e->values.at[i];
        vd_date     date;
        vd_str      right = { iso, 0 };
        vd_finding *f;

        if (!vd_date_parse(&date, t.text) || (!lacks_zone(t.text) && !is_epoch(t.text)))
            continue;
        if (is_epoch(t.text) && c->id != VD_NONE && c->fact.flags & VD_KEY_ALSO_NUMERIC)
            continue; /* aws:EpochTime is written so */
        right.n = vd_date_format(iso, date);
        f = vd_lint_report(l, &vd_condition_rules[VD_F_AMBIGUOUS_DATE], st, t.span,
                           "\"%s\" may be read as another moment than meant; write " VD_F, vd_lint_show(l, t.text),
                           VD_A(right));
        vd_fix_text(l, f, VD_FIX_UNSAFE, t.span, right);
    }
}

/* ------------------------------------------------------------------ mixtures */

typedef enum json_kind { JSON_STRING, JSON_NUMBER, JSON_BOOLEAN } json_kind;

static json_kind kind_of(const vd_lint *l, vd_text t)
{
    vd_str token = vd_str_first(vd_str_from(l->policy->source.text, t.span.offset), t.span.length);

    if (token.n && (token.p[0] == '"' || token.p[0] == '\''))
        return JSON_STRING;
    if (vd_str_eq(token, VD_S("true")) || vd_str_eq(token, VD_S("false")))
        return JSON_BOOLEAN;
    return token.n && (vd_is_digit(token.p[0]) || token.p[0] == '-') && is_epoch(vd_str_from(token, token.p[0] == '-'))
               ? JSON_NUMBER
               : JSON_STRING;
}

static void quote_all(vd_lint *l, vd_finding *f, const vd_entry *e)
{
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "%s", "quote all values");
    for (uint32_t i = 0; i < e->values.count; i++)
        if (kind_of(l, e->values.at[i]) != JSON_STRING)
            vd_finding_edit(l, f, VD_EDIT_VALUE, e->values.at[i].span, "\"" VD_F "\"", VD_A(e->values.at[i].text));
}

static bool is_arn(vd_str s)
{
    vd_arn arn;

    return vd_arn_split(&arn, s);
}

static void check_mixture(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    static const char *const words[] = { "strings", "numbers", "booleans" };
    const vd_lint_rule      *rule = &vd_condition_rules[VD_F_MIXED];
    const vd_entry          *e = c->entry;

    for (uint32_t i = 1; i < e->values.count && !c->value_hole; i++) {
        json_kind first = kind_of(l, e->values.at[0]), other = kind_of(l, e->values.at[i]);

        if (first != other) {
            quote_all(l,
                      vd_lint_report(l, rule, st, e->value, "values of one key must be of one kind; found %s and %s",
                                     words[first], words[other]),
                      e);
            return;
        }
        if (e->op.op->test == VD_TEST_ARN && !has_variable(e->values.at[0].text) &&
            !has_variable(e->values.at[i].text) && is_arn(e->values.at[0].text) != is_arn(e->values.at[i].text)) {
            vd_text bad = is_arn(e->values.at[0].text) ? e->values.at[i] : e->values.at[0];

            vd_lint_report(l, rule, st, bad.span,
                           "values of one key must be of one kind; \"%s\" is not an ARN of six parts, others are",
                           vd_lint_show(l, bad.text));
            return;
        }
    }
}

/* ------------------------------------------------------------------ superfluous values */

/* Of "less than" the greatest bound counts, of "greater than" the least. */
static bool beats(uint8_t test, const vd_number *a, const vd_number *b)
{
    int c = vd_number_cmp(a, b);

    return test == VD_TEST_NUMBER_LT || test == VD_TEST_NUMBER_LE ? c > 0 : c < 0;
}

static void check_bounds(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    uint8_t         test = e->op.op->test;
    vd_number       best, one;
    uint32_t        at = 0;
    vd_finding     *f;

    if (test < VD_TEST_NUMBER_LT || test > VD_TEST_NUMBER_GE || e->values.count < 2 || c->value_hole)
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        if (!vd_number_parse(&one, e->values.at[i].text))
            return;
        if (i == 0 || beats(test, &one, &best)) {
            best = one;
            at = i;
        }
    }
    f = vd_lint_report(l, &vd_condition_rules[VD_F_REDUNDANT_NUMBER], st, e->value, "only %s counts here",
                       vd_lint_show(l, e->values.at[at].text));
    for (uint32_t i = 0; i < e->values.count; i++)
        if (i != at)
            vd_fix_drop_value(l, f, e, &e->values.at[i], "drop the others");
}

static bool covers_pattern(vd_str a, vd_str b, bool arn)
{
    char   coded_a[PATTERN_MOST], coded_b[PATTERN_MOST];
    size_t n = 0, m = 0;

    if (a.n > PATTERN_MOST || b.n > PATTERN_MOST)
        return false;
    if (arn)
        return vd_arn_code(coded_a, &n, a) && vd_arn_code(coded_b, &m, b) &&
               vd_glob_covers((vd_str){ coded_a, n }, (vd_str){ coded_b, m });
    n = vd_glob_code(coded_a, a);
    m = vd_glob_code(coded_b, b);
    return vd_glob_covers((vd_str){ coded_a, n }, (vd_str){ coded_b, m });
}

/* Does value a match whatever b does? */
static bool covers_text(const vd_entry *e, vd_str a, vd_str b)
{
    if (has_variable(a) || has_variable(b))
        return vd_str_eq(a, b);
    if (e->op.op->globs)
        return vd_str_eq(a, b) || covers_pattern(a, b, e->op.op->test == VD_TEST_ARN);
    return e->op.op->test == VD_TEST_STRING_FOLDED ? vd_str_eq_folded(a, b) : vd_str_eq(a, b);
}

static bool covers(const vd_entry *e, vd_str a, vd_str b)
{
    vd_cidr range, inner;

    if (e->op.op->test == VD_TEST_IP)
        return vd_cidr_parse(&range, a) && vd_cidr_parse(&inner, b) && range.bits <= inner.bits &&
               vd_cidr_contains(&range, &inner);
    return covers_text(e, a, b);
}

static bool is_compared(const vd_operator *op)
{
    return op->test <= VD_TEST_LIKE || op->test == VD_TEST_IP || op->test == VD_TEST_ARN;
}

static void check_covered(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (!is_compared(e->op.op) || e->values.count < 2 || e->values.count > PAIRS_MOST || c->value_hole ||
        !vd_lint_wants(l, &vd_condition_rules[VD_F_REDUNDANT_VALUE]))
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str b = e->values.at[i].text;

        for (uint32_t k = 0; k < e->values.count; k++) {
            vd_str      a = e->values.at[k].text;
            vd_finding *f;

            if (k == i || !covers(e, a, b) || (k > i && covers(e, b, a)))
                continue; /* of equal ones the first stays */
            f = vd_lint_report(l, &vd_condition_rules[VD_F_REDUNDANT_VALUE], st, e->values.at[i].span,
                               "\"%s\" is already covered by \"%s\"", vd_lint_show(l, b), vd_lint_show(l, a));
            vd_fix_drop_value(l, f, e, &e->values.at[i], "drop what is covered");
            break;
        }
    }
}

void vd_condition_value(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (!c->entry->op.op || c->key_hole)
        return;
    check_booleans(l, st, c);
    check_dates(l, st, c);
    check_mixture(l, st, c);
    check_bounds(l, st, c);
    check_covered(l, st, c);
}
