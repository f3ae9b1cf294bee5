/* SPDX-License-Identifier: Apache-2.0
 *
 * One entry of a Condition block: E522 line by line.
 */
#include "explain/rules.h"

#include "base/str.h"

typedef struct vd_tested {
    bool          passes;
    vd_entry_rule rule;
    vd_str        variable;
} vd_tested;

static vd_coding coding_of(const vd_operator *op)
{
    if (op->test == VD_TEST_ARN)
        return VD_CODING_ARN;
    return op->test == VD_TEST_LIKE ? VD_CODING_LIKE : VD_CODING_TEXT;
}

/* test(base, x, policyValues): one context value against all values of the policy. */
static vd_tested test(vd_inquiry *q, const vd_policy *p, const vd_entry *e, vd_str x)
{
    const vd_operator *op = e->op.op;
    bool               variables = op->variables && p->language == VD_LANGUAGE_2012;
    bool               hit = false, formed = false;
    vd_tested          t = { .rule = VD_RULE_COMPARED };

    if (op->typed && !vd_operator_context_ok(op, x)) { /* E538 */
        t.rule = VD_RULE_UNPARSABLE;
        t.passes = e->op.unread;
        return t;
    }
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_str    text = e->values.at[i].text, coded, variable = { "", 0 };
        vd_expand state = vd_expand_value(q, text, variables, coding_of(op), &coded, &variable);

        if (state == VD_EXPAND_OK && op->test != VD_TEST_ARN && op->test != VD_TEST_LIKE &&
            !vd_operator_value_ok(op, coded))
            state = VD_EXPAND_MALFORMED;
        formed = formed || state != VD_EXPAND_MALFORMED;
        if (state == VD_EXPAND_OK) {
            hit = hit || vd_operator_test(op, x, coded);
        } else if (t.rule == VD_RULE_COMPARED) {
            t.rule = state == VD_EXPAND_MALFORMED ? VD_RULE_MALFORMED : VD_RULE_UNRESOLVED;
            t.variable = variable;
        }
    }
    if (!e->values.count)
        t.rule = VD_RULE_EMPTY_VALUES;
    if (op->typed && e->values.count && !formed) /* E539 */
        return t;
    t.passes = hit != op->negated;
    if (hit)
        t.rule = VD_RULE_COMPARED;
    return t;
}

/* E536, E547. */
static bool null_entry(const vd_entry *e, const vd_values *v)
{
    bool null = true, hit = false;

    for (uint32_t i = 0; i < v->count; i++)
        null = null && v->at[i].n == 0;
    if (null && e->op.quantifier == VD_FOR_ALL)
        return true;
    if (null && e->op.quantifier == VD_FOR_ANY)
        return false;
    for (uint32_t i = 0; i < e->values.count; i++)
        hit = hit || vd_str_ieq(e->values.at[i].text, null ? VD_S("true") : VD_S("false"));
    return hit;
}

/* E521. */
static bool missing_table(const vd_operator_use *use)
{
    if (use->if_exists || use->quantifier == VD_FOR_ALL)
        return true;
    return use->quantifier == VD_FOR_ONE && use->op->negated;
}

static void set_entry(vd_inquiry *q, const vd_policy *p, const vd_entry *e, vd_entry_result *r)
{
    bool     all = e->op.quantifier == VD_FOR_ALL;
    uint32_t seen = 0;

    r->holds = all;
    for (uint32_t i = 0; i < r->values.count; i++) {
        vd_tested t;

        if (!r->values.at[i].n) /* E543 */
            continue;
        seen++;
        t = test(q, p, e, r->values.at[i]);
        if (r->rule == VD_RULE_COMPARED) {
            r->rule = t.rule;
            r->variable = t.variable;
        }
        if (t.passes != all)
            r->holds = t.passes;
    }
    if (!seen) {
        r->rule = VD_RULE_MISSING_KEY;
        r->holds = all || e->op.if_exists;
    }
}

vd_entry_result vd_condition_entry(vd_inquiry *q, const vd_policy *p, const vd_entry *e)
{
    vd_entry_result r = { .rule = VD_RULE_COMPARED, .values = vd_context_values(q, e->key.text) };
    vd_tested       t;

    if (e->op.op->test == VD_TEST_NULL) {
        r.holds = null_entry(e, &r.values);
        r.rule = r.values.count ? VD_RULE_COMPARED : VD_RULE_MISSING_KEY;
    } else if (!r.values.count) {
        r.holds = missing_table(&e->op);
        r.rule = VD_RULE_MISSING_KEY;
    } else if (e->op.quantifier != VD_FOR_ONE) {
        set_entry(q, p, e, &r);
    } else if (vd_context_many(q, e->key.text, r.values.count)) { /* E508 */
        r.rule = VD_RULE_MULTIVALUED;
    } else {
        t = test(q, p, e, r.values.at[0]);
        r.holds = t.passes;
        r.rule = t.rule;
        r.variable = t.variable;
    }
    return r;
}
