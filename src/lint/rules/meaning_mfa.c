/* SPDX-License-Identifier: Apache-2.0
 *
 * Multi-factor authentication: conditions that long-term keys slip through.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/rules/entry.h"

enum { STATEMENTS_MOST = 512 };

static bool is_bool(const vd_entry *e, bool if_exists, const char *value)
{
    return e->op.op->test == VD_TEST_BOOL && e->op.if_exists == if_exists && e->op.quantifier == VD_FOR_ONE &&
           vd_meaning_all_values(e, vd_str_of(value));
}

/* Another Deny of requests without the key. */
static bool absent_is_denied(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; k < st->condition_count && !st->allow; k++) {
            const vd_view_condition *c = &st->conditions[k];

            if (c->entry->op.op && vd_key_is(c, "aws:MultiFactorAuthPresent") && vd_entry_true_without_key(c->entry))
                return true;
        }
    }
    return l->statement_count > STATEMENTS_MOST;
}

static void check_deny(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_finding     *f;

    if (!is_bool(e, false, "false") || absent_is_denied(l))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_MFA_DENY], st, e->operator_name.span,
                       "requests signed with long-term keys carry no MFA key at all and slip through; use BoolIfExists");
    vd_fix_operator(l, f, VD_FIX_SAFE, st->model, e, "BoolIfExists");
}

/* Another entry that does require MFA. */
static bool is_proved(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (!c->entry->op.op)
            continue;
        if (vd_key_is(c, "aws:MultiFactorAuthPresent") && is_bool(c->entry, false, "true"))
            return true;
        if (vd_key_is(c, "aws:MultiFactorAuthAge") && vd_entry_restricts(c->entry))
            return true;
    }
    return st->conditions_hole;
}

static void check_allow(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_lint_rule *rule = &vd_meaning_rules[VD_G_MFA_ALLOW];
    const vd_entry     *e = k->entry;

    if (is_bool(e, false, "false") || is_bool(e, true, "false")) {
        vd_lint_report(l, rule, st, e->value, "does not require MFA: this allows requests without it");
    } else if (is_bool(e, true, "true") && !is_proved(st)) {
        vd_finding *f = vd_lint_report(l, rule, st, e->operator_name.span,
                                       "does not require MFA: requests without the key pass BoolIfExists");

        vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, "Bool");
    }
}

static void check_age(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    uint8_t         test = e->op.op->test;
    vd_finding     *f;

    if (test == VD_TEST_NULL && vd_entry_true_without_key(e) && !is_proved(st)) {
        vd_lint_report(l, &vd_meaning_rules[VD_G_MFA_ALLOW], st, e->value,
                       "does not require MFA: sessions without MFA have no age");
        return;
    }
    if ((test != VD_TEST_NUMBER_LT && test != VD_TEST_NUMBER_LE) || !e->op.if_exists || is_proved(st))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_MFA_AGE], st, e->operator_name.span,
                       "sessions without MFA have no age and pass");
    vd_fix_operator(l, f, VD_FIX_SAFE, st->model, e,
                    vd_operator_text(l, e->op.quantifier, e->op.op->name, false));
}

void vd_meaning_mfa(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!k->entry->op.op || k->key_hole || k->value_hole)
        return;
    if (vd_key_is(k, "aws:MultiFactorAuthPresent")) {
        if (st->allow)
            check_allow(l, st, k);
        else
            check_deny(l, st, k);
    } else if (vd_key_is(k, "aws:MultiFactorAuthAge") && st->allow) {
        check_age(l, st, k);
    }
}
