/* SPDX-License-Identifier: Apache-2.0
 *
 * Values and names in other capitals than AWS sends: StringEquals compares capitals, and so do encryption contexts.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/rules/entry.h"

/* ------------------------------------------------------------------ values */


static vd_str lowered(vd_lint *l, vd_str s)
{
    char text[128];

    if (s.n >= sizeof text)
        return s;
    vd_lower_copy(text, s.p, s.n);
    text[s.n] = 0;
    return vd_str_of(vd_lint_printf(l, "%s", text));
}

/* The value as AWS sends it, when only capitals differ; empty: nobody knows of it. */
static vd_str right_value(vd_lint *l, const vd_view_condition *k, vd_str s)
{
    vd_str form = vd_key_says(l->catalog, k, VD_KEY_COLUMN_FORM), words = vd_key_says(l->catalog, k, VD_KEY_COLUMN_VALUES);
    vd_str one;
    bool   more = words.n > 0;

    if (vd_str_eq(form, VD_S("region"))) {
        vd_sheet sheet = vd_catalog_sheet(l->catalog, VD_S("regions"));
        vd_run   rows = vd_sheet_find(sheet, s);

        return rows.count ? vd_sheet_cell(sheet, rows.first, 0) : VD_S("");
    }
    if (vd_str_eq(form, VD_S("service")) && vd_str_contains(lowered(l, s), VD_S(".amazonaws.com")))
        return lowered(l, s);
    while (more) {
        more = vd_str_cut(&words, ' ', &one);
        if (!more)
            one = words;
        if (vd_str_ieq(one, s))
            return one;
    }
    return VD_S("");
}

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n || vd_str_contains(s, VD_S("${"));
}

static void check_case(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;

    if (k->id == VD_NONE || (e->op.op->test != VD_TEST_STRING && e->op.op->test != VD_TEST_LIKE) || k->value_hole)
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_text     t = e->values.at[i];
        vd_str      right;
        vd_finding *f;

        if (t.text.n == 0 || t.text.n > 100 || has_wildcard(t.text))
            continue;
        right = right_value(l, k, t.text);
        if (right.n == 0 || vd_str_eq(right, t.text))
            continue;
        f = vd_lint_report(l, &vd_meaning_rules[VD_G_VALUE_CASE], st, t.span, "AWS sends %s; \"%s\" never equals it",
                           vd_lint_show(l, right), vd_lint_show(l, t.text));
        vd_fix_text(l, f, VD_FIX_UNSAFE, t.span, right);
    }
}

/* ------------------------------------------------------------------ encryption contexts */

static void check_context(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    vd_str   start = VD_S("kms:EncryptionContext:"), name, right;
    vd_sheet sheet;
    vd_run   rows;

    if (!vd_str_istarts(k->key, start))
        return;
    name = vd_str_from(k->key, start.n);
    sheet = vd_catalog_sheet(l->catalog, VD_S("encryption-contexts"));
    rows = vd_sheet_find(sheet, name);
    if (rows.count == 0)
        return;
    right = vd_sheet_cell(sheet, rows.first, 0);
    if (!vd_str_eq(right, name))
        vd_lint_report(l, &vd_meaning_rules[VD_G_CONTEXT_CASE], st, k->entry->key.span,
                       VD_F " sends " VD_F "; context keys are compared exactly",
                       VD_A(vd_sheet_cell(sheet, rows.first, 1)), VD_A(right));
}

void vd_meaning_value(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!k->entry->op.op || k->key_hole)
        return;
    check_case(l, st, k);
    check_context(l, st, k);
}
