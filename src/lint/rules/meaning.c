/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions: what they mean.  The rows are in meaning_rows.c; each file beside this one follows one idea.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/rules/entry.h"

/* ------------------------------------------------------------------ what the files share */

bool vd_meaning_is_of_principals(const vd_lint *l)
{
    return (VD_ON_I | VD_ON_B | VD_ON_S | VD_ON_C) >> l->kind & 1u;
}

/* Users and roles sign their calls; of others, anonymous ones and services, less is known. */
bool vd_meaning_is_always(const vd_lint *l, const vd_view_condition *k)
{
    vd_str present;

    if (k->id == VD_NONE)
        return false;
    present = vd_key_says(l->catalog, k, VD_KEY_COLUMN_PRESENT);
    return vd_str_eq(present, VD_S("always")) ||
           (vd_str_eq(present, VD_S("signed")) && vd_meaning_is_of_principals(l));
}

bool vd_meaning_mentions(const vd_view_statement *st, const char *const *keys, size_t count)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        for (size_t k = 0; k < count; k++)
            if (vd_key_is(&st->conditions[i], keys[k]))
                return true;
    return st->conditions_hole;
}

bool vd_meaning_all_values(const vd_entry *e, vd_str value)
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (!vd_str_ieq(e->values.at[i].text, value))
            return false;
    return e->values.count > 0;
}

/* ------------------------------------------------------------------ faults of src/policy */

/* A grant cannot be asked for without its operations: there ForAllValues is never asked about nothing. */
static bool is_always_sent(const vd_lint *l, const vd_view_statement *st, vd_str key)
{
    return vd_str_ieq(key, VD_S("kms:GrantOperations")) && st->reach.count == 1 && !st->actions_hole &&
           st->reach.at[0] == vd_catalog_find(l->catalog, VD_S("kms:CreateGrant"));
}

/* A resource named by the key does not match without it: ".../${aws:PrincipalTag/team}/..." */
static bool is_named_by(const vd_view_statement *st, vd_str key)
{
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_str text = st->resources[i].text.text;
        bool   found = false;

        for (size_t at = 0; at + 2 + key.n < text.n && !found; at++)
            found = text.p[at] == '$' && text.p[at + 1] == '{' &&
                    vd_str_istarts(vd_str_from(text, at + 2), key) && text.p[at + 2 + key.n] == '}';
        if (!found)
            return false;
    }
    return st->resource_count > 0 && !st->model->resource.negated;
}

void vd_meaning_adopt(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_finding_statement(l, f);
    const vd_entry     *e = vd_finding_entry(l, f);

    if (f->rule == &vd_meaning_rules[VD_G_NEGATED_ALLOW] && e && f->statement < l->statement_count &&
        is_named_by(&l->statements[f->statement], e->key.text))
        f->rule = NULL;
    if (f->rule != &vd_meaning_rules[VD_G_FOR_ALL_ALLOW] || !st || !e)
        return;
    if (f->statement < l->statement_count && is_always_sent(l, &l->statements[f->statement], e->key.text)) {
        f->rule = NULL;
        return;
    }
    vd_fix_add_entry(l, f, VD_FIX_UNSAFE, st, "Null", e->key.text, "\"false\"");
}

/* ------------------------------------------------------------------ the group */

static void look_at_policy(vd_lint *l)
{
    vd_meaning_split(l);
    vd_meaning_tags(l);
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    if (st->condition_count == 0)
        return;
    vd_meaning_never(l, st);
    vd_meaning_tls(l, st);
}

static void look_at_condition(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    vd_meaning_support(l, st, k);
    vd_meaning_place(l, st, k);
    vd_meaning_always(l, st, k);
    vd_meaning_date(l, st, k);
    vd_meaning_mfa(l, st, k);
    vd_meaning_presence(l, st, k);
    vd_meaning_guard(l, st, k);
    vd_meaning_value(l, st, k);
}

const vd_lint_group vd_lint_meaning = {
    .name = "meaning",
    .rules = vd_meaning_rules,
    .count = VD_G_COUNT,
    .policy = look_at_policy,
    .statement = look_at_statement,
    .condition = look_at_condition,
    .adopt = vd_meaning_adopt,
};
