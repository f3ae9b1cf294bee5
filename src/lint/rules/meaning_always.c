/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions that every request meets.  Only what is certain: the key is always there, or the value is one that no request
 * fails.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "pattern/value.h"

static bool only_stars(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static bool any_star(const vd_entry *e)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (only_stars(e->values.at[i].text))
            return true;
    return false;
}

/* Never an empty string: ids that AWS makes, and what is always there. */
static bool is_never_empty(const vd_lint *l, const vd_view_condition *k)
{
    vd_str kind = vd_key_says(l->catalog, k, VD_KEY_COLUMN_CLASS);

    return vd_str_eq(kind, VD_S("assigned")) || vd_str_eq(kind, VD_S("network")) ||
           vd_str_eq(kind, VD_S("clock")) || vd_key_says(l->catalog, k, VD_KEY_COLUMN_FORM).n ||
           (vd_key_is_always(l->catalog, k) && !vd_key_is(k, "aws:UserAgent"));
}

static bool is_below_zero(const vd_entry *e)
{
    vd_number n;
    uint8_t   test = e->op.op->test;

    if (e->values.count != 1 || (test != VD_TEST_NUMBER_GT && test != VD_TEST_NUMBER_GE) ||
        !vd_number_parse(&n, e->values.at[0].text))
        return false;
    return n.sign < 0 || (n.sign == 0 && test == VD_TEST_NUMBER_GE);
}

/* Why it is always true; NULL: it is not. */
static const char *why_always(vd_lint *l, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    const char     *key = vd_lint_show(l, k->key);
    bool            known;

    if (e->op.quantifier != VD_FOR_ONE || e->values.count == 0)
        return NULL;
    if (e->op.op->test == VD_TEST_LIKE && !e->op.op->negated && any_star(e) && vd_meaning_is_always(l, k))
        return vd_lint_printf(l, "%s is always there, and * matches it", key);
    if (e->op.op->test <= VD_TEST_LIKE && e->op.op->negated && vd_meaning_all_values(e, VD_S("")) && is_never_empty(l, k))
        return vd_lint_printf(l, "%s is never empty", key);
    if (e->op.op->test == VD_TEST_NULL && e->values.count == 1 && vd_meaning_is_always(l, k) &&
        !vd_bool_text(e->values.at[0].text, &known) && known)
        return vd_lint_printf(l, "%s is always there", key);
    if (is_below_zero(e) && k->id != VD_NONE && k->fact.type == VD_KEY_NUMERIC)
        return vd_lint_printf(l, "%s is never below 0", key);
    return NULL;
}

void vd_meaning_always(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const char *why;
    vd_finding *f;

    if (!k->entry->op.op || k->key_hole || k->value_hole)
        return;
    why = why_always(l, k);
    if (!why)
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_ALWAYS], st, k->entry->value, "always true: %s", why);
    if (st->allow && st->condition_count == 1)
        vd_finding_score(f, 60);
    else
        vd_finding_severity(f, VD_WARNING);
}
