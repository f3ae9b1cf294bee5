/* SPDX-License-Identifier: Apache-2.0
 *
 * Values of conditions: well formed for their operator (E539, E530), variables where they are expanded (E551, E552),
 * and what endpoint policies ask (E121).
 */
#include "policy/read.h"

#include "base/str.h"
#include "pattern/template.h"
#include "pattern/value.h"

static bool has_dollar(vd_str s)
{
    return s.n > 1 && vd_str_contains(s, VD_S("${"));
}

/* ---- variables ---- */

static vd_span part_span(vd_text t, const vd_part *part)
{
    bool as_written = t.span.length == t.text.n + 2; /* no escapes: the part can be shown itself */

    return as_written ? (vd_span){ t.span.offset + 1 + part->offset, part->length } : t.span;
}

/* Why is it bad?  E552 knows one form only. */
static void report_bad_part(vd_policy_reader *r, vd_text t, const vd_part *part)
{
    vd_str  inside = part->text;
    vd_span span = part_span(t, part);
    size_t  comma = vd_str_find(inside, ',');
    vd_str  key = vd_str_first(inside, comma);

    if (vd_str_trim(key).n == 0)
        vd_policy_report(r, VD_RULE_VARIABLE_EMPTY, span, NULL, "an empty variable");
    else if (vd_str_contains(inside, VD_S("${")))
        vd_policy_report(r, VD_RULE_VARIABLE_SYMBOL, span, NULL, "\"${\" cannot be part of a variable name");
    else if (comma < inside.n)
        vd_policy_report(r, VD_RULE_VARIABLE_QUOTE, span, NULL,
                         "a default value stands in single quotes: ${%s, 'value'}",
                         vd_policy_show(r, vd_str_trim(key)));
    else if (vd_str_find(inside, ' ') < inside.n || vd_str_find(inside, '\t') < inside.n)
        vd_policy_report(r, VD_RULE_VARIABLE_SPACE, span, NULL, "no space inside a variable name");
    else
        vd_policy_report(r, VD_RULE_VARIABLE_SYMBOL, span, NULL, "\"%s\" is not a variable name",
                         vd_policy_show(r, inside));
}

void vd_policy_check_variables(vd_policy_reader *r, vd_text t)
{
    size_t  at = 0;
    vd_part part;

    if (!has_dollar(t.text))
        return;
    if (r->policy->language != VD_LANGUAGE_2012) {
        vd_policy_report(r, VD_RULE_VARIABLE_VERSION, t.span, "use Version 2012-10-17",
                         "\"${\" is plain text in this Version");
        return;
    }
    while (vd_template_next(t.text, &at, &part)) {
        if (part.kind == VD_PART_BAD)
            report_bad_part(r, t, &part);
        else if (part.kind == VD_PART_TEXT && vd_str_contains(part.text, VD_S("${")))
            vd_policy_report(r, VD_RULE_VARIABLE_BRACE, part_span(t, &part), NULL,
                             "\"${\" without its closing brace");
    }
}

void vd_policy_check_plain(vd_policy_reader *r, vd_text t, const char *element)
{
    size_t at = vd_str_find(t.text, '$');

    if (at + 1 >= t.text.n || !vd_template_has_parts(t.text))
        return;
    vd_policy_report(r, VD_RULE_VARIABLE_ELEMENT, t.span, NULL,
                     "variables are not expanded in %s; AWS sees the characters ${...}", element);
}

/* ---- well-formed values ---- */

static const struct {
    uint8_t     rule;
    const char *text;
} bad_values[] = {
    [VD_TEST_NUMBER_EQ] = { VD_RULE_NUMERIC_VALUE, "\"%s\" is not a number" },
    [VD_TEST_NUMBER_LT] = { VD_RULE_NUMERIC_VALUE, "\"%s\" is not a number" },
    [VD_TEST_NUMBER_LE] = { VD_RULE_NUMERIC_VALUE, "\"%s\" is not a number" },
    [VD_TEST_NUMBER_GT] = { VD_RULE_NUMERIC_VALUE, "\"%s\" is not a number" },
    [VD_TEST_NUMBER_GE] = { VD_RULE_NUMERIC_VALUE, "\"%s\" is not a number" },
    [VD_TEST_DATE_EQ] = { VD_RULE_DATE_VALUE, "\"%s\" is not a date; write 2026-12-31T00:00:00Z" },
    [VD_TEST_DATE_LT] = { VD_RULE_DATE_VALUE, "\"%s\" is not a date; write 2026-12-31T00:00:00Z" },
    [VD_TEST_DATE_LE] = { VD_RULE_DATE_VALUE, "\"%s\" is not a date; write 2026-12-31T00:00:00Z" },
    [VD_TEST_DATE_GT] = { VD_RULE_DATE_VALUE, "\"%s\" is not a date; write 2026-12-31T00:00:00Z" },
    [VD_TEST_DATE_GE] = { VD_RULE_DATE_VALUE, "\"%s\" is not a date; write 2026-12-31T00:00:00Z" },
    [VD_TEST_BINARY] = { VD_RULE_BINARY_VALUE, "\"%s\" is not base64" },
    [VD_TEST_IP] = { VD_RULE_IP_VALUE, "\"%s\" is not an address or a CIDR range" },
    [VD_TEST_ARN] = { VD_RULE_ARN_VALUE, "\"%s\" is not an ARN pattern of six parts" },
};

/* Colons of a variable do not separate (E535): the form is that of the text with each variable as one letter. */
static vd_str without_variables(vd_policy_reader *r, vd_str text)
{
    char   *out = vd_arena_alloc(&r->scratch, text.n, 1);
    size_t  n = 0, at = 0;
    vd_part part;

    if (!out) {
        vd_policy_nomem(r);
        return VD_S("");
    }
    while (vd_template_next(text, &at, &part)) {
        if (part.kind == VD_PART_TEXT) {
            memcpy(out + n, part.text.p, part.text.n);
            n += part.text.n;
        } else {
            out[n++] = 'x';
        }
    }
    return (vd_str){ out, n };
}

static bool well_formed(vd_policy_reader *r, const vd_operator *op, vd_str value)
{
    if (vd_operator_value_ok(op, value) && !has_dollar(value))
        return true;
    if (!op->variables || r->policy->language != VD_LANGUAGE_2012 || !vd_template_has_parts(value))
        return vd_operator_value_ok(op, value);
    return vd_operator_value_ok(op, without_variables(r, value)) || r->code != VD_OK;
}

static void check_typed(vd_policy_reader *r, const vd_statement *st, const vd_operator *op, vd_text t)
{
    vd_fault fault = st->effect == VD_EFFECT_DENY ? VD_FAULT_STATEMENT : VD_FAULT_NONE; /* E009, E539 */

    if (!well_formed(r, op, t.text))
        vd_policy_report_as(r, (vd_rule)bad_values[op->test].rule, VD_ERROR, fault, t.span, NULL,
                            bad_values[op->test].text, vd_policy_show(r, t.text));
}

static void check_boolean(vd_policy_reader *r, const vd_operator *op, vd_text t)
{
    bool known;

    if (op->variables && r->policy->language == VD_LANGUAGE_2012 && has_dollar(t.text))
        return;
    vd_bool_text(t.text, &known);
    if (!known)
        vd_policy_report_as(r, VD_RULE_BOOL_VALUE, op->test == VD_TEST_BOOL ? VD_ERROR : VD_WARNING,
                            VD_FAULT_NONE, t.span, NULL,
                            VD_F " compares with true or false, not \"%s\"; never true", VD_A(op->name),
                            vd_policy_show(r, t.text));
}

/* ---- endpoint policies (E121) ---- */

static const vd_str system_ids[] = {
    VD_L("aws:PrincipalAccount"), VD_L("aws:PrincipalOrgID"), VD_L("aws:ResourceAccount"),
    VD_L("aws:ResourceOrgID"),    VD_L("aws:SourceAccount"),  VD_L("aws:SourceOrgID"),
    VD_L("aws:SourceVpc"),        VD_L("aws:SourceVpce"),     VD_L("aws:VpceAccount"),
    VD_L("aws:VpceOrgID"),
};

static bool is_system_id(vd_str key)
{
    for (size_t i = 0; i < VD_COUNT(system_ids); i++)
        if (vd_str_ieq(system_ids[i], key))
            return true;
    return false;
}

static bool is_numeric(const vd_operator *op)
{
    return op->test >= VD_TEST_NUMBER_EQ && op->test <= VD_TEST_NUMBER_GE;
}

enum { ENOUGH = 6 }; /* literal characters next to a wildcard */

typedef struct literal_run {
    size_t length; /* of the literal text behind the last wildcard */
    bool   owed;   /* that wildcard has not enough before it */
    bool   short_of;
} literal_run;

static void step(literal_run *run, bool wildcard, size_t characters)
{
    if (!wildcard) {
        run->length += characters;
        return;
    }
    if (run->length == 0 && run->owed)
        return; /* "**" counts as one */
    if (run->owed && run->length < ENOUGH)
        run->short_of = true;
    run->owed = run->length < ENOUGH;
    run->length = 0;
}

/* Is there a wildcard with fewer than six literal characters on both sides?  Variables count as wildcards. */
static bool short_wildcard(vd_str text, bool variables)
{
    literal_run run = { 0 };
    size_t      at = 0;
    vd_part     part;

    while (variables ? vd_template_next(text, &at, &part) : at == 0 && text.n) {
        if (!variables) {
            part = (vd_part){ .kind = VD_PART_TEXT, .text = text };
            at = text.n;
        }
        if (part.kind != VD_PART_TEXT) {
            step(&run, part.kind != VD_PART_ESCAPE, 1);
            continue;
        }
        for (size_t i = 0; i < part.text.n; i++)
            step(&run, part.text.p[i] == '*' || part.text.p[i] == '?', 1);
    }
    return run.short_of || (run.owed && run.length < ENOUGH);
}

bool vd_policy_has_wildcard(vd_str text, bool variables)
{
    size_t  at = 0;
    vd_part part;

    if (!variables)
        return vd_str_find(text, '*') < text.n || vd_str_find(text, '?') < text.n;
    while (vd_template_next(text, &at, &part))
        if (part.kind == VD_PART_TEXT &&
            (vd_str_find(part.text, '*') < part.text.n || vd_str_find(part.text, '?') < part.text.n))
            return true;
    return false;
}

static void check_endpoint(vd_policy_reader *r, const vd_entry *e, vd_text t)
{
    bool variables = r->policy->language == VD_LANGUAGE_2012 && e->op.op->variables;

    if (is_system_id(e->key.text)) {
        if (vd_policy_has_wildcard(t.text, variables))
            vd_policy_report(r, VD_RULE_SYSTEM_ID, t.span, NULL,
                             "ids share prefixes by chance; list them in full");
    } else if (e->op.op->test == VD_TEST_LIKE && short_wildcard(t.text, variables)) {
        vd_policy_report(r, VD_RULE_SHORT_WILDCARD, t.span, NULL,
                         "put at least six fixed characters beside each wildcard");
    }
    if (e->op.op->globs)
        vd_policy_check_arn_text(r, t);
}

/* ---- */

static void check_value(vd_policy_reader *r, const vd_statement *st, const vd_entry *e, vd_text t)
{
    const vd_operator *op = e->op.op;

    if (op->variables)
        vd_policy_check_variables(r, t);
    else if (has_dollar(t.text) && vd_template_has_parts(t.text))
        vd_policy_report(
            r, VD_RULE_VARIABLE_OPERATOR, t.span, NULL,
            "variables work with String, Arn and Bool operators only; compared as text this never matches");
    if (op->typed)
        check_typed(r, st, op, t);
    else if (op->test == VD_TEST_BOOL || op->test == VD_TEST_NULL)
        check_boolean(r, op, t);
    if (r->policy->kind == VD_KIND_ENDPOINT)
        check_endpoint(r, e, t);
}

void vd_policy_check_conditions(vd_policy_reader *r, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->entry_count; i++) {
        const vd_entry *e = &st->entries[i];

        vd_policy_check_plain(r, e->key, "condition keys");
        if (!e->op.op)
            continue;
        if (r->policy->kind == VD_KIND_ENDPOINT && is_numeric(e->op.op) && is_system_id(e->key.text))
            vd_policy_report(r, VD_RULE_SYSTEM_ID, e->operator_name.span, NULL,
                             "an id made by AWS is not a number; use StringEquals");
        for (uint32_t k = 0; k < e->values.count; k++)
            check_value(r, st, e, e->values.at[k]);
    }
}
