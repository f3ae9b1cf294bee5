/* SPDX-License-Identifier: Apache-2.0
 *
 * Statement shape.  Most of it src/policy finds; here are the rows, fixes, and what only a linter asks.
 */
#include "lint/lint.h"

#include "base/str.h"
#include "lint/rules/tokens.h"

enum {
    MISSING_EFFECT,
    INVALID_EFFECT,
    MISSING_ACTION,
    MISSING_RESOURCE,
    MISSING_PRINCIPAL,
    ELEMENT_CONFLICT,
    UNSUPPORTED_PRINCIPAL,
    EMPTY_ACTION,
    NOT_ACTION_EMPTY,
    EMPTY_RESOURCE,
    EMPTY_PRINCIPAL,
    EMPTY_CONDITION,
    EMPTY_CONDITION_VALUES,
    EMPTY_STRING_VALUE,
    SINGLE_STATEMENT_ARRAY_MIX,
    RULES
};

#define ON_IAM   (VD_ON_I | VD_ON_B | VD_ON_S)
#define ON_SINKS (VD_ON_R | VD_ON_T | VD_ON_E)

static const vd_lint_rule rules[RULES] = {
    [MISSING_EFFECT] = {
        .id = "missing-effect", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "MISSING_EFFECT",
        .title = "a statement without Effect",
        .why = "There is no default: AWS refuses the document.",
        .remedy = "say Allow or Deny",
        .bad = "{\"Action\": \"s3:*\", \"Resource\": \"*\"}",
        .good = "{\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\"}",
    },
    [INVALID_EFFECT] = {
        .id = "invalid-effect", .severity = VD_ERROR, .fix = VD_FIX_SAFE, .on = VD_ON_ALL, .codes = "INVALID_EFFECT",
        .title = "an Effect other than Allow and Deny",
        .why = "Effects are exact, with their case; AWS refuses others.",
        .remedy = "write Allow or Deny",
        .bad = "\"Effect\": \"allow\"",
        .good = "\"Effect\": \"Allow\"",
    },
    [MISSING_ACTION] = {
        .id = "missing-action", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "MISSING_ACTION",
        .title = "a statement without Action and NotAction",
        .why = "It says nothing; AWS refuses the document.",
        .remedy = "name the actions",
        .bad = "{\"Effect\": \"Allow\", \"Resource\": \"*\"}",
        .good = "{\"Effect\": \"Deny\", \"NotAction\": \"iam:*\", \"Resource\": \"*\"}",
    },
    [MISSING_RESOURCE] = {
        .id = "missing-resource", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE,
        .on = ON_IAM | VD_ON_C | VD_ON_D | VD_ON_E | VD_ON_R, .codes = "MISSING_RESOURCE",
        .title = "a statement without Resource and NotResource",
        .why = "Only trust policies and a few services fill in the resource; AWS refuses other documents without one.",
        .remedy = "name the resources; in a key policy \"*\" is the key",
        .bad = "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\"}",
        .good = "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"444455556666\"}, \"Action\": \"ecr:BatchGetImage\"}",
    },
    [MISSING_PRINCIPAL] = {
        .id = "missing-principal", .severity = VD_ERROR, .on = ON_SINKS, .codes = "MISSING_PRINCIPAL",
        .title = "a statement of a resource-based policy without Principal",
        .why = "A policy of a resource, a role or an endpoint says who; AWS refuses it, or the statement matches nobody.",
        .remedy = "name who the statement is about",
        .bad = "{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*\"} in a bucket policy",
        .good = "the same statement in an identity policy",
    },
    [ELEMENT_CONFLICT] = {
        .id = "element-conflict", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "UNSUPPORTED_ELEMENT_COMBINATION",
        .title = "an element and its opposite in one statement",
        .why = "Action and NotAction exclude each other, likewise Resource and Principal; AWS refuses the document.",
        .remedy = "keep one of them",
        .bad = "\"Action\": \"s3:*\", \"NotAction\": \"s3:DeleteBucket\"",
        .good = "\"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::b\"",
    },
    [UNSUPPORTED_PRINCIPAL] = {
        .id = "unsupported-principal", .severity = VD_ERROR, .fix = VD_FIX_UNSAFE, .on = ON_IAM,
        .codes = "UNSUPPORTED_PRINCIPAL",
        .title = "a Principal in a policy of an identity",
        .why = "Such a policy applies to whoever it is attached to; AWS refuses a Principal in it.",
        .remedy = "remove the element, or attach the policy to the resource",
        .bad = "\"Principal\": \"*\" in a managed policy",
        .good = "\"Principal\": {\"Service\": \"ec2.amazonaws.com\"} in a trust policy",
    },
    [EMPTY_ACTION] = {
        .id = "empty-action", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "EMPTY_ARRAY_ACTION",
        .title = "an empty list of actions",
        .why = "The statement does nothing; IAM and Organizations refuse the document.",
        .remedy = "name actions, or remove the statement",
        .bad = "\"Action\": []",
        .good = "\"Action\": [\"s3:Get*\"]",
    },
    [NOT_ACTION_EMPTY] = {
        .id = "not-action-empty", .severity = VD_SECURITY, .score = 85, .on = VD_ON_ALL, .codes = "",
        .title = "an empty NotAction",
        .why = "It excludes nothing: with Allow the statement is about every action of every service.",
        .remedy = "name what is to be excluded, or write \"Action\": \"*\" and mean it",
        .bad = "\"Effect\": \"Allow\", \"NotAction\": []",
        .good = "\"Effect\": \"Allow\", \"NotAction\": [\"iam:*\"]",
    },
    [EMPTY_RESOURCE] = {
        .id = "empty-resource", .severity = VD_SUGGESTION, .on = VD_ON_ALL, .codes = "EMPTY_ARRAY_RESOURCE",
        .title = "an empty list of resources",
        .why = "The statement does nothing; IAM and Organizations refuse the document.",
        .remedy = "name resources, or remove the statement",
        .bad = "\"Resource\": []",
        .good = "\"Resource\": [\"*\"]",
    },
    [EMPTY_PRINCIPAL] = {
        .id = "empty-principal", .severity = VD_SUGGESTION, .on = ON_SINKS,
        .codes = "EMPTY_ARRAY_PRINCIPAL EMPTY_OBJECT_PRINCIPAL",
        .title = "a Principal that names nobody",
        .why = "The statement does nothing.",
        .remedy = "name a principal, or remove the statement",
        .bad = "\"Principal\": {\"AWS\": []}",
        .good = "\"Principal\": {\"AWS\": [], \"Service\": \"s3.amazonaws.com\"}",
    },
    [EMPTY_CONDITION] = {
        .id = "empty-condition", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .on = VD_ON_ALL,
        .codes = "EMPTY_OBJECT_CONDITION",
        .title = "an empty condition block",
        .why = "It is always true and restricts nothing, though it reads as if it did.",
        .remedy = "write the condition, or remove the block",
        .bad = "\"Condition\": {}",
        .good = "no Condition at all",
    },
    [EMPTY_CONDITION_VALUES] = {
        .id = "empty-condition-values", .severity = VD_SUGGESTION, .on = VD_ON_ALL,
        .codes = "EMPTY_ARRAY_CONDITION EMPTY_ARRAY_CONDITION_FORALLVALUES EMPTY_ARRAY_CONDITION_FORANYVALUE "
                 "EMPTY_ARRAY_CONDITION_IFEXISTS",
        .title = "a condition key without values",
        .why = "Compared with an empty list an operator is never true, a negated one always.",
        .remedy = "add values; to ask whether a key is there use Null",
        .bad = "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": []}",
        .good = "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"team\"]}",
    },
    [EMPTY_STRING_VALUE] = {
        .id = "empty-string-value", .severity = VD_ERROR, .on = VD_ON_ALL, .codes = "",
        .title = "an empty action, resource or principal",
        .why = "It matches nothing; AWS refuses the document.",
        .remedy = "write what is meant, or remove it",
        .bad = "\"Action\": \"\"",
        .good = "\"StringEquals\": {\"s3:prefix\": \"\"}",
    },
    [SINGLE_STATEMENT_ARRAY_MIX] = {
        .id = "single-statement-array-mix", .severity = VD_SUGGESTION, .fix = VD_FIX_SAFE, .flags = VD_LINT_OFF,
        .on = VD_ON_ALL, .codes = "",
        .title = "single values as a list here and as a string there",
        .why = "Both mean the same; one style makes changes easier to read.",
        .remedy = "choose one: style.scalars in .verdict.yaml",
        .bad = "\"Action\": \"s3:GetObject\" here, \"Action\": [\"s3:PutObject\"] there",
        .good = "\"Action\": [\"s3:GetObject\"] and \"Action\": [\"s3:PutObject\"]",
    },
};

/* ------------------------------------------------------------------ what src/policy found */

static void adopt_empty_action(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);

    if (st && st->action.negated)
        f->rule = NULL; /* not-action-empty says it */
    else if (l->kind == VD_KIND_RESOURCE || l->kind == VD_KIND_ENDPOINT)
        vd_finding_severity(f, VD_SUGGESTION);
}

static void adopt_empty_condition(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = vd_token_statement(l, f->span);
    vd_span             key;

    if (st && st->effect == VD_EFFECT_ALLOW && (l->kind == VD_KIND_RESOURCE || l->kind == VD_KIND_TRUST))
        vd_finding_message(l, f, "this condition block is empty and always true: nothing restricts the statement");
    if (!vd_token_key_of(l, f->span, &key))
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "remove the empty block");
    vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, key, "%s", "");
}

static void adopt_effect(vd_lint *l, vd_finding *f)
{
    static const vd_str effects[] = { VD_L("Allow"), VD_L("Deny") };

    for (size_t i = 0; i < VD_COUNT(effects); i++) {
        if (!vd_str_ieq(f->token, effects[i]))
            continue;
        vd_finding_fix(l, f, VD_FIX_SAFE, "write %s", effects[i].p);
        vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "%s", effects[i].p);
    }
}

static void adopt(vd_lint *l, vd_finding *f)
{
    switch (f->rule - rules) {
    case INVALID_EFFECT:
        adopt_effect(l, f);
        break;
    case UNSUPPORTED_PRINCIPAL:
        vd_finding_fix(l, f, VD_FIX_UNSAFE, "remove " VD_F, VD_A(f->token));
        vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, f->span, "%s", "");
        break;
    case EMPTY_ACTION:
        adopt_empty_action(l, f);
        break;
    case EMPTY_PRINCIPAL:
        vd_finding_code(f, vd_token_text(l, f->span).n <= 2 ? "EMPTY_OBJECT_PRINCIPAL" : "EMPTY_ARRAY_PRINCIPAL");
        break;
    case EMPTY_CONDITION:
        adopt_empty_condition(l, f);
        break;
    default:
        break;
    }
}

/* ------------------------------------------------------------------ resources that nobody names */

/* Services whose resource-based policies have to name a resource; others fill it in, or we do not know. */
static bool needs_resource(const vd_lint *l, const vd_view_statement *st)
{
    static const vd_str services[] = { VD_L("s3"),  VD_L("kms"), VD_L("sqs"), VD_L("sns"), VD_L("secretsmanager"),
                                       VD_L("dynamodb"), VD_L("kinesis") };
    bool known = false;

    if (l->kind == VD_KIND_ENDPOINT)
        return true;
    for (uint32_t i = 0; i < st->action_count; i++) {
        bool listed = false;

        for (size_t k = 0; k < VD_COUNT(services) && !listed; k++)
            listed = vd_str_ieq(st->actions[i].prefix, services[k]);
        if (!listed)
            return false;
        known = true;
    }
    return known;
}

static void look_for_resource(vd_lint *l, const vd_view_statement *st)
{
    vd_finding *f;

    if ((l->kind != VD_KIND_RESOURCE && l->kind != VD_KIND_ENDPOINT) || st->model->resource.present ||
        st->actions_hole || !needs_resource(l, st))
        return;
    f = vd_lint_report(l, &rules[MISSING_RESOURCE], st, vd_span_of_statement(l, st), "the statement names no resource");
    if (!st->actions || l->kind != VD_KIND_RESOURCE || !vd_str_ieq(st->actions[0].prefix, VD_S("kms")))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "add \"Resource\": \"*\", which is the key");
    vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->span, "\"Resource\": \"*\"");
}

static void look_at_statement(vd_lint *l, const vd_view_statement *st)
{
    const vd_list *list = &st->model->action;

    look_for_resource(l, st);
    if (st->allow && list->negated && list->texts.count == 0 && vd_str_eq(vd_token_text(l, list->value), VD_S("[]")))
        vd_lint_report(l, &rules[NOT_ACTION_EMPTY], st, list->value, "an empty NotAction excludes nothing: every action");
}

/* ------------------------------------------------------------------ styles of lists */

typedef struct styles {
    uint32_t arrays, scalars; /* single values written so */
} styles;

/* 0: more than one value, or none; 1: a list; 2: a string. */
static int style_of(const vd_lint *l, const vd_list *list)
{
    vd_str s;

    if (!list->present || list->texts.count != 1)
        return 0;
    s = vd_token_text(l, list->value);
    return s.n && s.p[0] == '[' ? 1 : 2;
}

static void count_styles(const vd_lint *l, styles *out)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_list *lists[] = { &l->statements[i].model->action, &l->statements[i].model->resource };

        for (size_t k = 0; k < VD_COUNT(lists); k++) {
            int style = style_of(l, lists[k]);

            out->arrays += style == 1;
            out->scalars += style == 2;
        }
    }
}

static void tell_style(vd_lint *l, const vd_view_statement *st, const vd_list *list, bool to_arrays)
{
    vd_finding *f = vd_lint_report(l, &rules[SINGLE_STATEMENT_ARRAY_MIX], st, list->value,
                                   "written as a %s here, as a %s elsewhere in this file", to_arrays ? "string" : "list",
                                   to_arrays ? "list" : "string");
    vd_str      value = vd_token_text(l, list->texts.at[0].span);

    vd_finding_fix(l, f, VD_FIX_SAFE, to_arrays ? "write it as a list" : "write it as a string");
    vd_finding_edit(l, f, VD_EDIT_VALUE, list->value, to_arrays ? "[" VD_F "]" : VD_F, VD_A(value));
}

/* The configuration says which style; else the one that is more common here. */
static void look_at_styles(vd_lint *l)
{
    styles s = { 0, 0 };
    bool   to_arrays;

    if (!vd_lint_wants(l, &rules[SINGLE_STATEMENT_ARRAY_MIX]))
        return;
    count_styles(l, &s);
    to_arrays = l->config->scalars_as_arrays || (!l->config->scalars_as_scalars && s.arrays > s.scalars);
    if (!l->config->scalars_as_arrays && !l->config->scalars_as_scalars && (s.arrays == 0 || s.scalars == 0))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];
        const vd_list           *lists[] = { &st->model->action, &st->model->resource };

        for (size_t k = 0; k < VD_COUNT(lists); k++)
            if (style_of(l, lists[k]) == (to_arrays ? 2 : 1))
                tell_style(l, st, lists[k], to_arrays);
    }
}

/* ------------------------------------------------------------------ conditions without values */

static void look_at_values(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    const char     *key;
    vd_finding     *f;

    if (e->values.count || !e->op.op || c->key_hole || vd_token_text(l, e->value).n == 0 ||
        vd_token_text(l, e->value).p[0] != '[')
        return;
    key = vd_lint_show(l, c->key);
    if (e->op.quantifier == VD_FOR_ANY)
        f = vd_lint_report(l, &rules[EMPTY_CONDITION_VALUES], st, e->value, "no values for %s: never true", key);
    else if (e->op.quantifier == VD_FOR_ALL || e->op.if_exists)
        f = vd_lint_report(l, &rules[EMPTY_CONDITION_VALUES], st, e->value,
                           e->op.op->negated ? "no values for %s: always true"
                                             : "no values: true only when %s is absent; write Null: true", key);
    else
        f = vd_lint_report(l, &rules[EMPTY_CONDITION_VALUES], st, e->value,
                           e->op.op->negated ? "no values for %s: always true" : "no values for %s: never true", key);
    vd_finding_code(f, e->op.quantifier == VD_FOR_ANY   ? "EMPTY_ARRAY_CONDITION_FORANYVALUE"
                       : e->op.quantifier == VD_FOR_ALL ? "EMPTY_ARRAY_CONDITION_FORALLVALUES"
                       : e->op.if_exists                ? "EMPTY_ARRAY_CONDITION_IFEXISTS"
                                                        : "EMPTY_ARRAY_CONDITION");
    if (st->allow && e->op.op->negated)
        vd_finding_score(f, 50);
}

const vd_lint_group vd_lint_statement = {
    .name = "statement",
    .rules = rules,
    .count = RULES,
    .policy = look_at_styles,
    .statement = look_at_statement,
    .condition = look_at_values,
    .adopt = adopt,
};
