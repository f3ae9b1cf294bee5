/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of ARNs that look right and are not (arn-traps.tsv): what the ARN looks like, which actions stand with it, what
 * to say.
 *
 *   actions = [ "only" names | "none" names ]    only: all actions of the statement are of these
 *                                                none: it has actions of the ARN's service, and none of these
 */
#include "lint/rules/resource.h"

#include "base/str.h"
#include "pattern/overlap.h"

enum { TRAP, ARN, NOT, ACTIONS, FLAGS, SEVERITY, APPEND, SAY };

/* A pattern of the table against a Resource text, whose own wildcards are only letters here. */
static bool matches(vd_str pattern, vd_str text)
{
    char   coded[256];
    size_t n = pattern.n <= sizeof coded ? vd_glob_code(coded, pattern) : 0;

    return n && vd_glob_match((vd_str){ coded, n }, text);
}

static bool is_one_of(vd_str action, vd_str names)
{
    vd_str head;

    while (vd_str_cut(&names, ' ', &head))
        if (vd_view_action_matches(head, action))
            return true;
    return vd_view_action_matches(names, action);
}

static bool all_are_of(const vd_view_statement *st, vd_str names)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (st->actions[i].hole || st->actions[i].star || !is_one_of(st->actions[i].text.text, names))
            return false;
    return st->action_count > 0;
}

/* Wildcards that could reach one of the names count as that name. */
static bool none_is_of(const vd_view_statement *st, vd_str service, vd_str names)
{
    bool own = false;

    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];
        vd_str                rest = names, head;

        if (a->hole || a->star || a->prefix_wild)
            return false;
        own = own || vd_str_ieq(a->prefix, service);
        while (vd_str_cut(&rest, ' ', &head))
            if (vd_action_overlaps(head, a->text.text))
                return false;
        if (vd_action_overlaps(rest, a->text.text))
            return false;
    }
    return own;
}

static bool actions_fit(const vd_view_statement *st, vd_str service, vd_str names)
{
    vd_str word;

    if (names.n == 0)
        return true;
    if (st->model->action.negated || !vd_str_cut(&names, ' ', &word))
        return false;
    return vd_str_eq(word, VD_S("only")) ? all_are_of(st, names) : none_is_of(st, service, names);
}

/* Glue asks for three resources; any of them elsewhere in the policy will do. */
static bool has_catalog_arn(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++)
        for (uint32_t k = 0; k < l->statements[i].resource_count; k++) {
            const vd_view_resource *r = &l->statements[i].resources[k];

            if (r->star || r->hole || (r->is_arn && (vd_str_starts(r->arn.resource, VD_S("catalog")) ||
                                                     vd_str_starts(r->arn.resource, VD_S("*")))))
                return true;
        }
    return false;
}

/* All patterns of the table begin with "arn:*:" and the service, or any. */
static bool is_of_service(vd_str pattern, vd_str service)
{
    vd_str rest = vd_str_from(pattern, 6);

    return vd_str_starts(rest, VD_S("*")) || (vd_str_starts(rest, service) && rest.n > service.n && rest.p[service.n] == ':');
}

static bool is_trapped(const vd_lint *l, const vd_view_statement *st, const vd_view_resource *r, vd_sheet s, uint32_t row)
{
    vd_str text = r->text.text, flags = vd_sheet_cell(s, row, FLAGS), except = vd_sheet_cell(s, row, NOT);

    if (!is_of_service(vd_sheet_cell(s, row, ARN), r->arn.service))
        return false;
    if (!matches(vd_sheet_cell(s, row, ARN), text) || (except.n && matches(except, text)))
        return false;
    if (vd_str_eq(flags, VD_S("literal-end")) && (vd_str_ends(text, VD_S("*")) || vd_str_ends(text, VD_S("}"))))
        return false;
    if (vd_str_eq(flags, VD_S("alone")) && st->resource_count > 1)
        return false;
    if (vd_str_eq(flags, VD_S("no-wildcard")) && (r->wild || r->variable))
        return false;
    if (vd_str_eq(vd_sheet_cell(s, row, TRAP), VD_S("glue-catalog")) && has_catalog_arn(l))
        return false;
    return actions_fit(st, r->arn.service, vd_sheet_cell(s, row, ACTIONS));
}

static void offer(vd_lint *l, vd_finding *f, const vd_view_resource *r, vd_str trap, vd_str append)
{
    vd_str text = r->text.text;

    if (text.n > 512)
        return;
    if (append.n) {
        vd_finding_fix(l, f, VD_FIX_SAFE, "add " VD_F, VD_A(append));
        vd_finding_edit(l, f, VD_EDIT_STRING, r->text.span, VD_F VD_F, VD_A(text), VD_A(append));
    } else if (vd_str_eq(trap, VD_S("ssm-double-slash"))) {
        size_t at = (size_t)(r->arn.resource.p - text.p) + 10; /* behind "parameter/" */

        vd_finding_fix(l, f, VD_FIX_SAFE, "write one slash");
        vd_finding_edit(l, f, VD_EDIT_STRING, r->text.span, VD_F VD_F, VD_A(vd_str_first(text, at)),
                        VD_A(vd_str_from(text, at + 1)));
    }
}

static int severity_of(vd_str letter)
{
    return vd_str_eq(letter, VD_S("E")) ? VD_ERROR : vd_str_eq(letter, VD_S("W")) ? VD_WARNING : VD_SUGGESTION;
}

/* Services that the table speaks of, so that most ARNs need no look at it. */
static bool is_trapping_service(vd_str s)
{
    static const vd_str services[] = {
        VD_L("logs"), VD_L("ssm"), VD_L("secretsmanager"), VD_L("dynamodb"), VD_L("kms"), VD_L("iam"), VD_L("sts"),
        VD_L("s3"), VD_L("lambda"), VD_L("apigateway"), VD_L("execute-api"), VD_L("sns"), VD_L("ecs"), VD_L("rds"),
        VD_L("cloudfront"), VD_L("states"), VD_L("es"), VD_L("kinesis"), VD_L("glue"), VD_L("codecommit"),
        VD_L("cognito-identity"),
    };

    for (size_t i = 0; i < VD_COUNT(services); i++)
        if (vd_str_eq(services[i], s))
            return true;
    return false;
}

bool vd_resource_look_at_traps(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r)
{
    vd_sheet s;

    if (r->hole || st->model->resource.negated || !is_trapping_service(r->arn.service))
        return false;
    s = vd_catalog_sheet(l->catalog, VD_S("arn-traps"));
    for (uint32_t row = 0; row < s.rows; row++) {
        vd_finding *f;

        if (!is_trapped(l, st, r, s, row))
            continue;
        f = vd_lint_report(l, &vd_resource_rules[ARN_SHAPE_TRAP], st, r->text.span, VD_F, VD_A(vd_sheet_cell(s, row, SAY)));
        vd_finding_severity(f, severity_of(vd_sheet_cell(s, row, SEVERITY)));
        offer(l, f, r, vd_sheet_cell(s, row, TRAP), vd_sheet_cell(s, row, APPEND));
        return severity_of(vd_sheet_cell(s, row, SEVERITY)) == VD_ERROR;
    }
    return false;
}
