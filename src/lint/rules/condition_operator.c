/* SPDX-License-Identifier: Apache-2.0
 *
 * Operators: do they fit the type of the key, and do their values make use of them?
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "pattern/template.h"
#include "pattern/value.h"

typedef enum op_family {
    OP_STRING,
    OP_NUMBER,
    OP_DATE,
    OP_BOOL,
    OP_BINARY,
    OP_IP,
    OP_ARN,
    OP_NULL
} op_family;

static op_family family_of(const vd_operator *op)
{
    if (op->test <= VD_TEST_LIKE)
        return OP_STRING;
    if (op->test <= VD_TEST_NUMBER_GE)
        return OP_NUMBER;
    if (op->test <= VD_TEST_DATE_GE)
        return OP_DATE;
    switch (op->test) {
    case VD_TEST_BOOL:
        return OP_BOOL;
    case VD_TEST_BINARY:
        return OP_BINARY;
    case VD_TEST_IP:
        return OP_IP;
    case VD_TEST_ARN:
        return OP_ARN;
    default:
        return OP_NULL;
    }
}

static bool is_equality(const vd_operator *op)
{
    return op->test == VD_TEST_STRING || op->test == VD_TEST_STRING_FOLDED;
}

/* ------------------------------------------------------------------ values */

static bool has_variable(vd_str s)
{
    return s.n > 2 && vd_str_contains(s, VD_S("${"));
}

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static bool only_stars(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            return false;
    return s.n > 0;
}

static bool is_arn(vd_str s)
{
    vd_arn arn;

    return has_variable(s) || vd_arn_split(&arn, s);
}

static bool all_are(const vd_entry *e, bool (*is)(vd_str))
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (!is(e->values.at[i].text))
            return false;
    return e->values.count > 0;
}

static bool any_is(const vd_entry *e, bool (*is)(vd_str))
{
    for (uint32_t i = 0; i < e->values.count; i++)
        if (is(e->values.at[i].text))
            return true;
    return false;
}

static bool is_boolean(vd_str s)
{
    bool known;

    vd_bool_text(s, &known);
    return known || has_variable(s);
}

/* ------------------------------------------------------------------ types */

static const struct {
    const char *words;
    vd_str      positive, negated; /* the operator to use */
} types[] = {
    [VD_KEY_STRING] = { "a string", VD_L("StringEquals"), VD_L("StringNotEquals") },
    [VD_KEY_ARN] = { "an ARN", VD_L("ArnLike"), VD_L("ArnNotLike") },
    [VD_KEY_NUMERIC] = { "a number", VD_L("NumericEquals"), VD_L("NumericNotEquals") },
    [VD_KEY_DATE] = { "a date", VD_L("DateEquals"), VD_L("DateNotEquals") },
    [VD_KEY_BOOL] = { "true or false", VD_L("Bool"), VD_L("") },
    [VD_KEY_IP] = { "an address", VD_L("IpAddress"), VD_L("NotIpAddress") },
    [VD_KEY_BINARY] = { "binary", VD_L("BinaryEquals"), VD_L("") },
};

/* How bad an operator is for a type; 0: it fits. */
static int mismatch(const vd_view_condition *c, op_family family)
{
    const vd_entry *e = c->entry;
    uint8_t         flags = c->fact.flags;

    switch (c->fact.type) {
    case VD_KEY_STRING: /* what users name, a tag or a claim, may be written like anything */
        if (family == OP_STRING || family == OP_BINARY || flags & VD_KEY_NAMED || c->family == VD_FAMILY_FEDERATED)
            return 0;
        if (family == OP_ARN)
            return all_are(e, is_arn) ? 0 : VD_ERROR;
        return family == OP_NUMBER || family == OP_BOOL ? VD_WARNING : VD_ERROR;
    case VD_KEY_ARN:
        return family == OP_ARN || family == OP_STRING ? 0 : VD_ERROR;
    case VD_KEY_NUMERIC:
        return family == OP_NUMBER ? 0 : family == OP_STRING ? VD_WARNING : VD_ERROR;
    case VD_KEY_DATE:
        if (family == OP_DATE || (family == OP_NUMBER && flags & VD_KEY_ALSO_NUMERIC))
            return 0;
        return family == OP_STRING ? VD_WARNING : VD_ERROR;
    case VD_KEY_BOOL:
        if (family == OP_STRING)
            return all_are(e, is_boolean) ? VD_SUGGESTION : VD_WARNING;
        return family == OP_BOOL ? 0 : VD_ERROR;
    case VD_KEY_IP:
        return family == OP_IP ? 0 : family == OP_STRING ? VD_WARNING : VD_ERROR;
    default:
        return 0;
    }
}

/* Ordered comparisons keep their direction between numbers and dates. */
static vd_str operator_for(const vd_view_condition *c)
{
    const vd_operator *op = c->entry->op.op;
    uint8_t            type = c->fact.type;
    uint32_t           step = VD_TEST_DATE_EQ - VD_TEST_NUMBER_EQ;

    for (size_t i = 0; i < vd_operator_count; i++) {
        const vd_operator *other = &vd_operators[i];

        if (other->negated == op->negated &&
            ((type == VD_KEY_DATE && family_of(op) == OP_NUMBER && other->test == op->test + step) ||
             (type == VD_KEY_NUMERIC && family_of(op) == OP_DATE && other->test + step == op->test)))
            return other->name;
    }
    if (type == VD_KEY_STRING && op->globs)
        return op->negated ? VD_S("StringNotLike") : VD_S("StringLike");
    return op->negated ? types[type].negated : types[type].positive;
}

static void check_type(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    int             severity = mismatch(c, family_of(e->op.op));
    vd_str          base;
    const char     *to;
    vd_finding     *f;

    if (severity == 0 || c->value_hole)
        return;
    base = operator_for(c);
    to = base.n ? vd_operator_text(l, e->op.quantifier, base, e->op.if_exists) : "Bool";
    f = vd_lint_report(l, &vd_condition_rules[VD_F_TYPE], st, e->operator_name.span, "%s is %s; use %s",
                       vd_lint_show(l, c->key), types[c->fact.type].words, to);
    vd_finding_severity(f, severity);
    if (base.n)
        vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, to);
}

/* A pattern of fewer than six parts: no ARN is like that. */
static void check_arn_values(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (e->op.op->test != VD_TEST_ARN || c->value_hole || any_is(e, is_arn) || e->values.count == 0 ||
        (c->id != VD_NONE && mismatch(c, OP_ARN)))
        return;
    vd_finding_severity(vd_lint_report(l, &vd_condition_rules[VD_F_TYPE], st, e->values.at[0].span,
                                       "\"%s\" is not an ARN of six parts: " VD_F " never matches it%s",
                                       vd_lint_show(l, e->values.at[0].text), VD_A(e->op.op->name),
                                       e->op.op->negated ? ", and is not true either" : ""),
                        VD_ERROR);
}

static void check_string_on_arn(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    bool            wide = e->op.op->test == VD_TEST_LIKE && any_is(e, has_wildcard), shaped = all_are(e, is_arn);
    const char     *to;
    vd_finding     *f;

    if (c->id == VD_NONE || c->fact.type != VD_KEY_ARN || family_of(e->op.op) != OP_STRING || c->value_hole ||
        all_are(e, only_stars) || e->values.count == 0)
        return;
    to = vd_operator_text(l, e->op.quantifier, e->op.op->negated ? VD_S("ArnNotLike") : VD_S("ArnLike"),
                          e->op.if_exists);
    if (wide)
        f = vd_lint_report(l, &vd_condition_rules[VD_F_STRING_ON_ARN], st, e->operator_name.span,
                           "StringLike lets * run across the account field of %s; %s compares part by part",
                           vd_lint_show(l, c->key), to);
    else
        f = vd_lint_report(l, &vd_condition_rules[VD_F_STRING_ON_ARN], st, e->operator_name.span,
                           "%s is an ARN; %s compares part by part", vd_lint_show(l, c->key), to);
    if (wide && shaped)
        vd_finding_score(f, 30);
    else
        vd_finding_severity(f, VD_SUGGESTION);
    if (shaped && !(is_equality(e->op.op) && any_is(e, has_wildcard)))
        vd_fix_operator(l, f, VD_FIX_UNSAFE, st->model, e, to);
}

/* ------------------------------------------------------------------ what the operator adds */

static void check_like(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    const char     *to;

    if (e->op.op->test != VD_TEST_LIKE || c->value_hole || e->values.count == 0 || any_is(e, has_wildcard) ||
        any_is(e, has_variable) || (c->id != VD_NONE && c->fact.type == VD_KEY_ARN))
        return;
    to = vd_operator_text(l, e->op.quantifier, e->op.op->negated ? VD_S("StringNotEquals") : VD_S("StringEquals"),
                          e->op.if_exists);
    vd_fix_operator(l,
                    vd_lint_report(l, &vd_condition_rules[VD_F_NO_WILDCARD], st, e->operator_name.span,
                                   "no wildcard here: %s says the same and cannot widen by accident", to),
                    VD_FIX_SAFE, st->model, e, to);
}

static void check_null(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;

    if (e->op.op->test != VD_TEST_NULL || e->op.quantifier == VD_FOR_ONE)
        return;
    vd_fix_operator(l,
                    vd_lint_report(l, &vd_condition_rules[VD_F_NULL_SET], st, e->operator_name.span,
                                   "always %s when the request has no %s; drop the prefix",
                                   e->op.quantifier == VD_FOR_ALL ? "true" : "false", vd_lint_show(l, c->key)),
                    VD_FIX_UNSAFE, st->model, e, "Null");
}

void vd_condition_operator(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (!c->entry->op.op || c->key_hole)
        return;
    check_null(l, st, c);
    if (c->entry->op.op->test == VD_TEST_NULL)
        return;
    if (c->id != VD_NONE)
        check_type(l, st, c);
    check_arn_values(l, st, c);
    check_string_on_arn(l, st, c);
    check_like(l, st, c);
}
