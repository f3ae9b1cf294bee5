/* SPDX-License-Identifier: Apache-2.0
 *
 * Roles that are passed to services, linked to them, or assumed.
 */
#include "base/str.h"
#include "lint/rules/permission.h"

/* How the statement reaches the action: literally, by a wildcard, or by leaving it out of NotAction. */
typedef enum reach_by { BY_NAME, BY_STAR, BY_NOT_ACTION } reach_by;

static reach_by how(const vd_grant *g)
{
    if (g->st->model->action.negated)
        return BY_NOT_ACTION;
    for (uint32_t i = 0; i < g->st->action_count; i++)
        if (g->st->actions[i].action == g->action)
            return BY_NAME;
    return BY_STAR;
}

static bool has_key(const vd_grant *g, const char *key)
{
    return vd_positive_test(g->st, key) != NULL || g->st->conditions_hole;
}

/* The resource of a grant that makes it so broad: the broadest one. */
static const vd_view_resource *widest(const vd_grant *g)
{
    const vd_view_resource *best = NULL;

    for (uint32_t i = 0; i < g->st->resource_count; i++) {
        const vd_view_resource *r = &g->st->resources[i];

        if (r->star)
            return r;
        if (r->is_arn && r->wild && (!best || r->text.text.n < best->text.text.n))
            best = r;
    }
    return best;
}

/* Behind "role/" and paths: what names begin with. */
static vd_str literal_of_role(vd_str resource)
{
    vd_str name = resource;
    size_t star;

    if (vd_str_starts(name, VD_S("role/")))
        name = vd_str_from(name, 5);
    star = vd_str_find(name, '*');
    if (vd_str_find(name, '?') < star)
        star = vd_str_find(name, '?');
    return vd_str_first(name, star);
}

/* ------------------------------------------------------------------ iam:PassRole */

/* Names that services give to roles of their own: a role so named trusts that service. */
static bool is_conventional(vd_str resource)
{
    static const vd_str names[] = { VD_L("AWSCodeDeploy"), VD_L("AmazonSSM"), VD_L("service-role/"), VD_L("AmazonECS"),
                                    VD_L("aws-service-role/"), VD_L("AWSGlueServiceRole"), VD_L("AmazonSageMaker"),
                                    VD_L("AWSServiceRole"), VD_L("EMR_"), VD_L("AmazonEKS"), VD_L("aws-elasticbeanstalk"),
                                    VD_L("AWSDataPipeline"), VD_L("AWSBackup") };

    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (vd_str_contains(resource, names[i]))
            return true;
    return false;
}

static void report_not_resource(const vd_grant *g)
{
    static const char *const codes[] = { [BY_NAME] = "PASS_ROLE_WITH_NOT_RESOURCE",
                                         [BY_STAR] = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
                                         [BY_NOT_ACTION] = "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE" };
    vd_finding *f;

    if (has_key(g, "iam:PassedToService"))
        return;
    f = vd_lint_report(g->l, &vd_permission_rules[PASS_ROLE_NOT_RESOURCE], g->st, g->token,
                       "can hand every role but %s to any service",
                       g->st->resource_count ? vd_lint_show(g->l, g->st->resources[0].text.text) : "none");
    vd_finding_code(f, codes[how(g)]);
    if (g->st->resource_count > 1)
        vd_finding_hint(g->l, f, "%u roles are left out in all", (unsigned)g->st->resource_count);
    vd_soften(f, g->mfa, g->doubtful);
}

static void report_pass_role(const vd_grant *g)
{
    static const char *const codes[] = { [BY_NAME] = "PASS_ROLE_WITH_STAR_IN_RESOURCE",
                                         [BY_STAR] = "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE",
                                         [BY_NOT_ACTION] = "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION" };
    const vd_view_resource *r = widest(g);
    vd_str                  literal = { "", 0 };
    vd_finding             *f;

    if (!r || (r->is_arn && is_conventional(r->arn.resource)))
        return;
    if (r->is_arn)
        literal = literal_of_role(r->arn.resource);
    f = literal.n ? vd_lint_report(g->l, &vd_permission_rules[PASS_ROLE_STAR], g->st, r->text.span,
                                   "can hand roles named %s* to any service", vd_lint_show(g->l, literal))
                  : vd_lint_report(g->l, &vd_permission_rules[PASS_ROLE_STAR], g->st, r->text.span,
                                   "can hand any role to any service");
    vd_finding_hint(g->l, f, "name the role, or add StringEquals iam:PassedToService");
    vd_finding_code(f, codes[how(g)]);
    if (literal.n >= 4)
        vd_finding_score(f, 50);
    vd_soften(f, g->mfa, g->doubtful);
}

static bool is_service_principal(vd_str s)
{
    return vd_str_ends(s, VD_S(".amazonaws.com")) || vd_str_ends(s, VD_S(".amazonaws.com.cn")) ||
           vd_str_ends(s, VD_S(".amazonaws.eu")) || vd_str_find(s, '*') < s.n || vd_has_hole(s);
}

static void check_services(const vd_grant *g)
{
    const vd_view_condition *c = vd_positive_test(g->st, "iam:PassedToService");

    for (uint32_t i = 0; c && i < c->entry->values.count; i++) {
        vd_text v = c->entry->values.at[i];

        if (!is_service_principal(v.text))
            vd_lint_report(g->l, &vd_permission_rules[PASS_ROLE_SERVICE_GAP], g->st, v.span,
                           "\"%s\" is not the name of a service principal, so no role can be passed to it; write it like "
                           "lambda.amazonaws.com",
                           vd_lint_show(g->l, v.text));
    }
}

static void report_any_role(const vd_grant *g)
{
    const vd_view_condition *c = vd_positive_test(g->st, "iam:PassedToService");
    const vd_view_resource  *r = widest(g);

    if (!c || !r || g->breadth != VD_BREADTH_ALL)
        return;
    vd_lint_report(g->l, &vd_permission_rules[PASS_ROLE_ANY_ROLE], g->st, r->text.span,
                   "any role that trusts %s can be used, administrators' too",
                   vd_lint_show(g->l, c->entry->values.at[0].text));
}

static void check_pass_role(const vd_allowed *e)
{
    static const char *const service[] = { "iam:PassedToService" };
    uint32_t                 slot = e->powers->named[VD_NAMED_PASS_ROLE];

    for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next) {
        if (g->st->conditions_hole || g->st->resources_hole)
            continue;
        check_services(g);
        if (g->st->model->resource.negated) {
            report_not_resource(g);
        } else if (g->breadth != VD_BREADTH_NAMED && !g->restricted) {
            if (vd_grant_guarded(e, g, (vd_guards){ service, 1 }))
                report_any_role(g);
            else
                report_pass_role(g);
        }
    }
}

/* ------------------------------------------------------------------ iam:CreateServiceLinkedRole */

static bool service_is_open(const vd_view_resource *r)
{
    vd_str at = VD_S("aws-service-role/"), rest;

    if (r->star)
        return true;
    if (!r->is_arn || r->hole)
        return false;
    rest = r->arn.resource;
    for (size_t i = 0; i + at.n <= rest.n; i++)
        if (vd_str_starts(vd_str_from(rest, i), at))
            return i + at.n < rest.n && (rest.p[i + at.n] == '*' || rest.p[i + at.n] == '?');
    return vd_str_find(rest, '*') < rest.n;
}

static void check_linked(const vd_allowed *e)
{
    static const char *const star[] = { [BY_NAME] = "CREATE_SLR_WITH_STAR_IN_RESOURCE",
                                        [BY_STAR] = "CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE",
                                        [BY_NOT_ACTION] = "CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION" };
    static const char *const negated[] = { [BY_NAME] = "CREATE_SLR_WITH_NOT_RESOURCE",
                                           [BY_STAR] = "CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
                                           [BY_NOT_ACTION] = "CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE" };
    static const char *const name[] = { "iam:AWSServiceName" };
    uint32_t                 slot = e->powers->named[VD_NAMED_CREATE_SLR];

    for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next) {
        bool        not_resource = g->st->model->resource.negated, open = not_resource;
        vd_finding *f;

        for (uint32_t i = 0; i < g->st->resource_count && !open; i++)
            open = service_is_open(&g->st->resources[i]);
        if (!open || g->restricted || vd_grant_guarded(e, g, (vd_guards){ name, 1 }))
            continue;
        f = not_resource ? vd_lint_report(g->l, &vd_permission_rules[CREATE_SLR_NOT_RESOURCE], g->st, g->token,
                                          "can create service-linked roles for every service but those listed")
                         : vd_lint_report(g->l, &vd_permission_rules[CREATE_SLR_STAR], g->st, g->token,
                                          "can create service-linked roles for every service");
        vd_finding_code(f, (not_resource ? negated : star)[how(g)]);
        vd_soften(f, g->mfa, g->doubtful);
    }
}

/* ------------------------------------------------------------------ sts:AssumeRole */

/* The role name starts with a wildcard: no prefix, at most a path. */
static bool any_role(const vd_view_resource *r)
{
    vd_str name;

    if (r->star)
        return true;
    if (!r->is_arn || r->hole || r->variable)
        return false;
    name = r->arn.resource;
    if (vd_str_starts(name, VD_S("role/")))
        name = vd_str_from(name, vd_str_rfind(name, '/') + 1);
    return name.n && (name.p[0] == '*' || name.p[0] == '?');
}

static void check_assume(const vd_allowed *e)
{
    static const char *const keys[] = { "aws:ResourceOrgID", "aws:ResourceOrgPaths", "aws:ResourceAccount", "sts:ExternalId",
                                        "sts:RoleSessionName", "aws:ResourceTag/", "iam:ResourceTag/" };
    uint32_t                 slot = e->powers->named[VD_NAMED_ASSUME_ROLE];

    for (const vd_grant *g = slot == VD_NONE ? NULL : e->of[slot].first; g; g = g->next) {
        for (uint32_t i = 0; i < g->st->resource_count && !g->st->model->resource.negated; i++) {
            const vd_view_resource *r = &g->st->resources[i];
            vd_finding             *f;
            bool                    known;

            if (g->restricted || g->st->conditions_hole || !any_role(r))
                continue;
            known = (r->is_arn && vd_config_trusts_account(g->l->config, r->arn.account)) ||
                    vd_grant_guarded(e, g, (vd_guards){ keys, VD_COUNT(keys) });
            f = vd_lint_report(g->l, &vd_permission_rules[ASSUME_ANY_ROLE], g->st, r->text.span,
                               "may assume every role that trusts %s",
                               r->is_arn && vd_is_account(r->arn.account) ? "this account, in the account named" : "it");
            if (known)
                vd_finding_severity(f, VD_SUGGESTION);
            vd_soften(f, g->mfa, g->doubtful);
            break;
        }
    }
}

void vd_permission_roles(const vd_allowed *e)
{
    check_pass_role(e);
    check_linked(e);
    check_assume(e);
}
