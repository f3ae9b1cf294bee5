/* SPDX-License-Identifier: Apache-2.0
 *
 * Permissions of functions and layers.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "lint/known.h"
#include "text/hole.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

enum { SCORE_BY_INTENT = 70 };

/* What a service acts for. */
static const struct {
    vd_str      service;
    const char *thing;
} things[] = {
    { VD_L("s3"), "bucket" },
    { VD_L("sns"), "topic" },
    { VD_L("sqs"), "queue" },
    { VD_L("events"), "rule" },
    { VD_L("scheduler"), "schedule" },
    { VD_L("apigateway"), "API" },
    { VD_L("logs"), "log group" },
    { VD_L("cognito-idp"), "user pool" },
    { VD_L("config"), "rule" },
    { VD_L("ses"), "mail" },
    { VD_L("iot"), "rule" },
    { VD_L("elasticloadbalancing"), "target group" },
    { VD_L("secretsmanager"), "secret" },
    { VD_L("states"), "state machine" },
    { VD_L("cloudfront"), "distribution" },
};

static const char *thing_of(vd_str service)
{
    for (size_t i = 0; i < VD_COUNT(things); i++)
        if (vd_str_eq(things[i].service, vd_service_without_region(service)))
            return things[i].thing;
    return "resource";
}

static void look_for_source(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *service = vd_who_service(st);
    vd_finding              *f;

    if (!service || vd_who_source(st) || vd_statement_names(st, VD_S("aws:PrincipalOrgID")))
        return;
    f = vd_lint_report(l, ROW(LAMBDA_UNSCOPED), st, service->text.span, "%s may invoke it for anybody's %s",
                       vd_lint_show(l, service->text.text), thing_of(service->name));
    if (f && l->config->account.n)
        vd_who_add_condition(l, f, st, "StringEquals", "aws:SourceAccount",
                             vd_lint_printf(l, VD_F, VD_A(l->config->account)));
}

static bool asks_value(const vd_view_statement *st, const char *key, const char *value)
{
    const vd_view_condition *c = vd_statement_asks(st, vd_str_of(key));

    return c && c->entry->values.count == 1 && vd_str_ieq(c->entry->values.at[0].text, vd_str_of(value));
}

/* A function URL without sign-in is open on purpose, as a rule. */
static void look_for_everyone(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);
    bool                     by_url = asks_value(st, "lambda:FunctionUrlAuthType", "NONE") ||
                  asks_value(st, "lambda:InvokedViaFunctionUrl", "true");
    vd_finding *f;

    if (!who)
        return;
    if (asks_value(st, "lambda:FunctionUrlAuthType", "AWS_IAM")) {
        vd_lint_report(l, ROW(LAMBDA_PUBLIC), st, who->text.span,
                       "every AWS account can invoke it through its URL");
        return;
    }
    f = vd_lint_report(l, ROW(LAMBDA_PUBLIC), st, who->text.span, "anyone on the internet can invoke it%s",
                       by_url ? " through its URL" : vd_rp_weakly(l, st));
    if (by_url)
        vd_finding_score(f, SCORE_BY_INTENT);
}

static bool is_wild(vd_str s)
{
    return vd_str_find(s, '*') < s.n;
}

/* The part of a source's ARN that says whose it is, if it is a wildcard; NULL: it says. */
static const char *wide_part(const vd_view_statement *st, const vd_arn *arn)
{
    if (is_wild(arn->account) && !vd_statement_asks(st, VD_S("aws:SourceAccount")) &&
        !vd_statement_asks(st, VD_S("aws:SourceOrgID")))
        return "the account";
    if (vd_str_eq(arn->service, VD_S("execute-api")) &&
        is_wild(vd_str_first(arn->resource, vd_str_find(arn->resource, '/'))))
        return "the API";
    return NULL;
}

static void look_at_source_arn(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("aws:SourceArn"));

    for (uint32_t i = 0; c && i < c->entry->values.count; i++) {
        const vd_text *v = &c->entry->values.at[i];
        const char    *part;
        vd_arn         arn;

        if (vd_has_hole(v->text) || !vd_arn_split(&arn, v->text))
            continue;
        part = wide_part(st, &arn);
        if (part)
            vd_lint_report(l, ROW(LAMBDA_WIDE), st, v->span, "%s is a wildcard: %s can invoke it", part,
                           strcmp(part, "the API") == 0 ? "every API of the account"
                                                        : "sources of every account");
    }
}

void vd_rp_lambda(vd_lint *l, const vd_view_statement *st)
{
    if (!vd_who_grants(st) || st->conditions_hole)
        return;
    look_for_source(l, st);
    look_for_everyone(l, st);
    look_at_source_arn(l, st);
}

void vd_rp_layer(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);

    if (who)
        vd_lint_report(l, ROW(LAYER), st, who->text.span, "every AWS account can read this layer");
}
