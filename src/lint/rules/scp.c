/* SPDX-License-Identifier: Apache-2.0
 *
 * Service control policies: what their grammar refuses, whom they never bind, and how they lock people out.
 */
#include "base/str.h"
#include "catalog/facts.h"
#include "lint/allow.h"

enum {
    PRINCIPAL,
    ACTION_WILDCARD,
    LEGACY_ALLOW,
    REGION_GLOBAL,
    NO_EXEMPTION,
    EXEMPTION_WIDE,
    LINKED_ROLE,
    ROOT_USER,
    ALLOW_LIST_GAP,
    EMPTY_EFFECT,
    ORG_KEY,
    RULES
};

static const vd_lint_rule rules[RULES] = {
    [PRINCIPAL] = { "scp-principal", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "SCP_SYNTAX_ERROR_PRINCIPAL",
        "Principal in a service control policy",
        "An SCP binds every principal of the accounts it is attached to; Organizations refuses a Principal element.",
        "Use ArnLike or ArnNotLike aws:PrincipalArn in the Condition.", "\"Principal\": \"*\"",
        "\"Condition\": {\"ArnLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/app\"}}" },
    [ACTION_WILDCARD] = { "scp-action-wildcard", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C,
        "SCP_SYNTAX_ERROR_ACTION_WILDCARD", "a wildcard inside an action, where the older grammar holds",
        "Before September 2025 a wildcard could only end an action of an SCP, and partitions that lag behind still say so. "
        "Reported with scp.legacy-grammar only.",
        "End the action with the wildcard, or list the actions.", "\"Action\": \"iam:*Role\"", "\"Action\": \"iam:Get*\"" },
    [LEGACY_ALLOW] = { "scp-legacy-allow", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C,
        "SCP_SYNTAX_ERROR_ALLOW_CONDITION SCP_SYNTAX_ERROR_ALLOW_NOTACTION SCP_SYNTAX_ERROR_ALLOW_RESOURCE "
        "SCP_SYNTAX_ERROR_NOTRESOURCE",
        "an Allow with what the older grammar does not have",
        "The older grammar of SCPs knows no Condition, NotAction or Resource but * with Allow, and no NotResource. Reported "
        "with scp.legacy-grammar only.",
        "Write the exception as a Deny.", "\"Effect\": \"Allow\" with a Condition", "\"Effect\": \"Deny\" with a Condition" },
    [REGION_GLOBAL] = { "scp-region-global", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "a deny by Region that also denies global services",
        "IAM, STS, Organizations, Route 53, CloudFront and others are called in us-east-1 whatever Region one works in. A deny "
        "of all other Regions without an exception for them stops sign-in, support and DNS.",
        "Use NotAction with the global services.",
        "\"Effect\": \"Deny\", \"Action\": \"*\", \"Condition\": {\"StringNotEquals\": {\"aws:RequestedRegion\": \"eu-west-1\"}}",
        "the same with \"NotAction\": [\"iam:*\", \"sts:*\", \"organizations:*\", \"route53:*\", \"cloudfront:*\", \"support:*\", ...]" },
    [NO_EXEMPTION] = { "scp-no-exemption", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "a broad deny that exempts nobody",
        "The deny also binds the role one would use to repair what it broke.",
        "Exempt the role that administers the organization: ArnNotLike aws:PrincipalArn "
        "arn:aws:iam::*:role/OrganizationAccountAccessRole or AWSControlTowerExecution.",
        "\"Effect\": \"Deny\", \"Action\": \"iam:*\", \"Resource\": \"*\"",
        "the same with ArnNotLike aws:PrincipalArn" },
    [EXEMPTION_WIDE] = { "scp-exemption-wide", VD_SECURITY, 60, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "an exemption that an account's administrator can take",
        "Whoever may create a role whose name fits the pattern is free of the deny.",
        "Name the role in full and deny changes to it, or use a path that only AWS can create (aws-reserved/sso.amazonaws.com).",
        "\"ArnNotLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/admin*\"}",
        "\"ArnNotLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*\"}" },
    [LINKED_ROLE] = { "scp-slr", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "a condition about service-linked roles",
        "SCPs never bind service-linked roles nor the management account, so an exception for them says nothing.",
        "Take the entry away.",
        "\"ArnNotLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:role/aws-service-role/*\"}", "an ordinary role" },
    [ROOT_USER] = { "scp-root-user", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "a test for the root user that never matches",
        "The root user is arn:aws:iam::ACCOUNT:root; an Equals operator on aws:PrincipalArn does not read wildcards unless "
        "it is an Arn operator, and root has no aws:username.",
        "Use ArnLike aws:PrincipalArn arn:*:iam::*:root.",
        "\"StringEquals\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:root\"}",
        "\"StringLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::*:root\"}" },
    [ALLOW_LIST_GAP] = { "scp-allow-list-gap", VD_SUGGESTION, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "an allow-list without what every account needs",
        "Without identity, support and monitoring services an account is hard to operate and to repair.",
        "Add the services named, or allow * and deny what is not wanted.",
        "\"Effect\": \"Allow\", \"Action\": [\"s3:*\", \"ec2:*\"]",
        "the same with iam:*, sts:*, kms:*, support:*, health:*, tag:* and cloudwatch:*" },
    [EMPTY_EFFECT] = { "scp-empty-effect", VD_WARNING, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "a service control policy that limits nothing",
        "Some tasks are never limited by SCPs: those of the management account and of service-linked roles, and a few that "
        "only the root user can do.",
        "Take the statement away; see the list in the AWS Organizations User Guide.",
        "a Deny of support plans changed by root", "\"Effect\": \"Deny\", \"Action\": \"s3:DeleteBucket\"" },
    [ORG_KEY] = { "scp-org-key", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_C, "",
        "aws:PrincipalOrgID in a service control policy",
        "Every principal that an SCP binds is inside the organization: the test always has the same answer.",
        "For resources outside the organization use aws:ResourceOrgID.",
        "\"StringNotEquals\": {\"aws:PrincipalOrgID\": \"o-a1b2c3d4e5\"}",
        "\"StringNotEquals\": {\"aws:ResourceOrgID\": \"o-a1b2c3d4e5\"}" },
};

/* ------------------------------------------------------------------ the older grammar */

static bool ends_only(vd_str action)
{
    for (size_t i = 0; i + 1 < action.n; i++)
        if (action.p[i] == '*' || action.p[i] == '?')
            return false;
    return true;
}

static void report_legacy(vd_lint *l, const vd_view_statement *st, vd_span span, const char *element, const char *code)
{
    vd_finding *f = vd_lint_report_apart(l, &rules[LEGACY_ALLOW], st, span, "the older SCP grammar has no %s%s", element,
                                         strcmp(element, "NotResource") == 0 ? "" : " with Allow");

    vd_finding_code(f, code);
}

static void check_legacy(vd_lint *l, const vd_view_statement *st)
{
    const vd_list *resource = &st->model->resource;

    for (uint32_t i = 0; i < st->action_count; i++)
        if (!st->actions[i].hole && !ends_only(st->actions[i].text.text))
            vd_lint_report(l, &rules[ACTION_WILDCARD], st, st->actions[i].text.span,
                           "in the older SCP grammar a wildcard may only end the action");
    if (resource->present && resource->negated)
        report_legacy(l, st, resource->key, "NotResource", "SCP_SYNTAX_ERROR_NOTRESOURCE");
    if (!st->allow)
        return;
    if (st->model->has_condition)
        report_legacy(l, st, st->model->condition, "Condition", "SCP_SYNTAX_ERROR_ALLOW_CONDITION");
    if (st->model->action.negated)
        report_legacy(l, st, st->model->action.key, "NotAction", "SCP_SYNTAX_ERROR_ALLOW_NOTACTION");
    if (resource->present && !resource->negated && !st->all_resources && !st->resources_hole)
        report_legacy(l, st, resource->value, "Resource other than *", "SCP_SYNTAX_ERROR_ALLOW_RESOURCE");
}

/* ------------------------------------------------------------------ Regions */

static bool lets_us_east(const vd_view_condition *c)
{
    for (uint32_t i = 0; i < c->entry->values.count; i++)
        if (vd_view_action_matches(c->entry->values.at[i].text, VD_S("us-east-1")) || vd_has_hole(c->entry->values.at[i].text))
            return true;
    return false;
}

static const vd_view_condition *region_test(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (vd_key_is(c, "aws:RequestedRegion") && c->entry->op.op && c->entry->op.op->negated)
            return c;
    }
    return NULL;
}

/* The services of the list that everybody needs and the deny reaches. */
static uint32_t reached(const vd_lint *l, const vd_view_statement *st, vd_str *out, uint32_t most)
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("region-exempt"));
    uint32_t n = 0;

    for (uint32_t i = 0; i < s.rows && n < most; i++) {
        vd_str   name = vd_sheet_cell(s, i, 0);
        uint32_t service = vd_sheet_cell(s, i, 1).n ? vd_catalog_find_service(l->catalog, name) : VD_NONE;
        vd_run   actions;
        bool     hit = false;

        if (service == VD_NONE)
            continue;
        actions = vd_catalog_service(l->catalog, service).actions;
        for (uint32_t k = 0; k < actions.count && !hit; k++)
            hit = vd_ids_have(st->reach, actions.first + k);
        if (hit)
            out[n++] = name;
    }
    return n;
}

static const char *all_exempt(vd_lint *l, const vd_view_statement *st)
{
    vd_sheet    s = vd_catalog_sheet(l->catalog, VD_S("region-exempt"));
    const char *list = "";

    VD_UNUSED(st);
    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str name = vd_sheet_cell(s, i, 0);

        list = vd_lint_printf(l, "%s%s\"" VD_F "%s\"", list, i ? ", " : "", VD_A(name),
                              vd_str_find(name, ':') < name.n ? "" : ":*");
    }
    return list;
}

static void check_region(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = region_test(st);
    const vd_list           *action = &st->model->action;
    vd_str                   names[32];
    uint32_t                 n;
    vd_finding              *f;

    if (!c || lets_us_east(c) || st->actions_hole || (!action->negated && !st->all_actions))
        return;
    n = reached(l, st, names, VD_COUNT(names));
    if (n == 0)
        return;
    f = vd_lint_report(l, &rules[REGION_GLOBAL], st, action->negated ? action->key : st->actions[0].text.span,
                       "calls to %s are signed for us-east-1 and would be denied", vd_lint_list(l, names, n));
    if (!f)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "leave the global services out");
    if (!action->negated) {
        vd_finding_edit(l, f, VD_EDIT_STRING, action->key, "NotAction");
        vd_finding_edit(l, f, VD_EDIT_VALUE, action->value, "[%s]", all_exempt(l, st));
    }
    for (uint32_t i = 0; i < n && action->negated; i++)
        vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, action->value, "\"" VD_F ":*\"", VD_A(names[i]));
}

/* ------------------------------------------------------------------ exemptions */

static bool is_broad_deny(const vd_view_statement *st)
{
    static const vd_str broad[] = { VD_L("iam:*"), VD_L("organizations:*") };

    if (st->all_actions)
        return true;
    for (uint32_t i = 0; i < st->action_count && !st->model->action.negated; i++)
        for (size_t k = 0; k < VD_COUNT(broad); k++)
            if (vd_str_ieq(st->actions[i].text.text, broad[k]))
                return true;
    return false;
}

static bool names_principal(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_key_is(&st->conditions[i], "aws:PrincipalArn") || vd_key_is(&st->conditions[i], "aws:PrincipalTag/") ||
            vd_key_is(&st->conditions[i], "aws:PrincipalAccount") || vd_key_is(&st->conditions[i], "aws:userid"))
            return true;
    return st->conditions_hole;
}

/* The name part of a role pattern that anybody in the account could give a role of their own. */
static bool can_be_taken(vd_str value)
{
    vd_arn arn;
    vd_str name;

    if (vd_has_hole(value) || !vd_arn_split(&arn, value))
        return !vd_has_hole(value) && value.n > 0 && value.p[0] == '*';
    name = arn.resource;
    if (vd_str_eq(name, VD_S("*")))
        return true;
    if (!vd_str_starts(name, VD_S("role/")))
        return false;
    if (vd_str_starts(name, VD_S("role/aws-reserved/")) || vd_str_starts(name, VD_S("role/aws-service-role/")))
        return false;
    return vd_str_find(name, '*') < name.n || vd_str_find(name, '?') < name.n;
}

/* Another deny of the document keeps people from creating such roles. */
static bool is_protected(const vd_lint *l, vd_str pattern)
{
    uint32_t create = vd_catalog_find(l->catalog, VD_S("iam:CreateRole"));

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *d = &l->statements[i];

        if (d->allow || create == VD_NONE || !vd_ids_have(d->reach, create) || d->model->resource.negated)
            continue;
        for (uint32_t k = 0; k < d->resource_count; k++)
            if (d->resources[k].hole || vd_view_action_matches(d->resources[k].text.text, pattern))
                return true;
    }
    return false;
}

static void check_exemptions(vd_lint *l, const vd_view_statement *st)
{
    if (is_broad_deny(st) && !names_principal(st) && !st->actions_hole)
        vd_lint_report(l, &rules[NO_EXEMPTION], st, st->actions[0].text.span,
                       "also binds the role you would use to repair it (OrganizationAccountAccessRole, "
                       "AWSControlTowerExecution, ...)");
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (!vd_key_is(c, "aws:PrincipalArn") || !c->entry->op.op || !c->entry->op.op->negated)
            continue;
        for (uint32_t k = 0; k < c->entry->values.count; k++) {
            vd_text v = c->entry->values.at[k];

            if (can_be_taken(v.text) && !is_protected(l, v.text))
                vd_lint_report(l, &rules[EXEMPTION_WIDE], st, v.span, "anyone who may create a role with that name is exempt");
        }
    }
}

/* ------------------------------------------------------------------ whom it does not bind */

static void check_linked(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (!vd_key_is(c, "aws:PrincipalArn"))
        return;
    for (uint32_t i = 0; i < c->entry->values.count; i++)
        if (vd_str_contains(c->entry->values.at[i].text, VD_S(":role/aws-service-role/")))
            vd_lint_report(l, &rules[LINKED_ROLE], st, c->entry->values.at[i].span,
                           "SCPs never apply to service-linked roles");
}

static bool alone_under_operator(const vd_view_statement *st, const vd_view_condition *c)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (i != c->index && st->conditions[i].entry->operator_name.span.offset == c->entry->operator_name.span.offset)
            return false;
    return true;
}

static void report_root(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, vd_text v)
{
    vd_finding *f = vd_lint_report(l, &rules[ROOT_USER], st, v.span,
                                   "this never matches the root user; use ArnLike aws:PrincipalArn arn:*:iam::*:root");
    bool        negated = c->entry->op.op && c->entry->op.op->negated;

    if (f && vd_key_is(c, "aws:PrincipalArn") && alone_under_operator(st, c)) {
        vd_finding_fix(l, f, VD_FIX_UNSAFE, "compare with %s", negated ? "ArnNotLike" : "ArnLike");
        vd_finding_edit(l, f, VD_EDIT_STRING, c->entry->operator_name.span, "%s", negated ? "ArnNotLike" : "ArnLike");
    }
}

static void check_root(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    bool literal = c->entry->op.op && (c->entry->op.op->test == VD_TEST_STRING || c->entry->op.op->test == VD_TEST_STRING_FOLDED);

    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        vd_text v = c->entry->values.at[i];
        bool    wild = vd_str_find(v.text, '*') < v.text.n;

        if ((vd_key_is(c, "aws:PrincipalArn") && literal && wild && vd_str_ends(v.text, VD_S(":root"))) ||
            (vd_key_is(c, "aws:username") && vd_str_ieq(v.text, VD_S("root"))) ||
            (vd_key_is(c, "aws:PrincipalType") && vd_str_ieq(v.text, VD_S("Root"))))
            report_root(l, st, c, v);
    }
}

static void check_condition(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (l->kind != VD_KIND_SCP || c->key_hole)
        return;
    check_linked(l, st, c);
    check_root(l, st, c);
    if (vd_key_is(c, "aws:PrincipalOrgID"))
        vd_lint_report(l, &rules[ORG_KEY], st, c->entry->key.span,
                       "always %s for the principals an SCP binds; did you mean aws:ResourceOrgID?",
                       c->entry->op.op && c->entry->op.op->negated ? "false" : "true");
}

/* ------------------------------------------------------------------ the document */

static bool is_unlimited(const vd_view_action *a)
{
    return a->action != VD_NONE && vd_scp_exempt(a->prefix, a->name, true);
}

static void check_effect(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (!is_unlimited(&st->actions[i]))
            return;
    if (st->action_count && !st->model->action.negated)
        vd_lint_report(l, &rules[EMPTY_EFFECT], st, st->actions[0].text.span, "nothing this names can be limited by an SCP");
}

static void check_allow_list(vd_lint *l)
{
    static const vd_str needed[] = { VD_L("iam"), VD_L("sts"), VD_L("kms"),       VD_L("support"),
                                     VD_L("health"), VD_L("tag"), VD_L("cloudwatch") };
    const vd_view_statement *first = NULL;
    vd_str                   missing[VD_COUNT(needed)];
    uint32_t                 n = 0;

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (!st->allow)
            continue;
        if (st->all_actions || st->model->action.negated || st->actions_hole)
            return;
        first = first ? first : st;
    }
    for (size_t k = 0; first && k < VD_COUNT(needed); k++) {
        uint32_t service = vd_catalog_find_service(l->catalog, needed[k]);
        vd_run   actions = service == VD_NONE ? (vd_run){ 0 } : vd_catalog_service(l->catalog, service).actions;
        bool     there = actions.count == 0;

        for (uint32_t i = 0; i < l->statement_count && !there; i++)
            for (uint32_t a = 0; l->statements[i].allow && a < actions.count && !there; a++)
                there = vd_ids_have(l->statements[i].reach, actions.first + a);
        if (!there)
            missing[n++] = needed[k];
    }
    if (n)
        vd_lint_report(l, &rules[ALLOW_LIST_GAP], NULL,
                       first->action_count ? first->actions[0].text.span : first->model->action.key,
                       "an allow-list without %s leaves accounts hard to operate", vd_lint_list(l, missing, n));
}

static void check_policy(vd_lint *l)
{
    bool effective = false;

    if (l->kind != VD_KIND_SCP || !l->policy)
        return;
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (st->model->malformed)
            continue;
        effective = true;
        if (l->config->legacy_scp)
            check_legacy(l, st);
        if (st->allow)
            continue;
        check_region(l, st);
        check_exemptions(l, st);
        check_effect(l, st);
    }
    if (!effective)
        vd_lint_report(l, &rules[EMPTY_EFFECT], NULL, vd_span_of_document(l), "the policy has no statement that counts");
    check_allow_list(l);
}

const vd_lint_group vd_lint_scp = {
    .name = "scp",
    .rules = rules,
    .count = RULES,
    .policy = check_policy,
    .condition = check_condition,
};
