/* SPDX-License-Identifier: Apache-2.0
 *
 * Endpoint policies and permissions boundaries.
 */
#include "base/str.h"
#include "catalog/events.h"
#include "lint/allow.h"

enum {
    ENDPOINT_PRINCIPAL,
    ENDPOINT_OPEN,
    FOREIGN_SERVICE,
    SHORT_WILDCARD,
    ACCOUNT_MIX,
    BREAKS_UPDATES,
    NOT_LIMITING,
    LETS_ESCAPE,
    RULES
};

static const vd_lint_rule rules[RULES] = {
    [ENDPOINT_PRINCIPAL] = { "endpoint-principal", VD_WARNING, 0, VD_FIX_UNSAFE, 0, VD_CONFIDENCE_HIGH, VD_ON_E, "",
        "Principal of an endpoint policy is not \"*\"",
        "Gateway endpoints (S3, DynamoDB) look at \"*\" only; a named principal lets nobody through.",
        "Write \"Principal\": \"*\" and filter with ArnLike aws:PrincipalArn.", "\"Principal\": {\"AWS\": \"111122223333\"}",
        "\"Principal\": \"*\"" },
    [ENDPOINT_OPEN] = { "endpoint-open", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_E, "",
        "an endpoint policy that lets everything through",
        "This is what an endpoint has without a policy. Any identity may reach any resource, so data can leave to somebody "
        "else's bucket with somebody else's keys.",
        "Add aws:PrincipalOrgID and aws:ResourceOrgID.",
        "\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"",
        "the same with \"StringEquals\": {\"aws:ResourceOrgID\": \"o-a1b2c3d4e5\"}" },
    [FOREIGN_SERVICE] = { "endpoint-foreign-service", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_E, "",
        "actions of a service that the endpoint does not carry",
        "An endpoint is for one service; requests to others never pass it.",
        "Take the actions out, or put them into the policy of their own endpoint.",
        "\"Action\": \"dynamodb:*\" in the policy of an S3 endpoint", "\"Action\": \"s3:*\" in the policy of an S3 endpoint" },
    [SHORT_WILDCARD] = { "endpoint-short-wildcard", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_E,
        "WILDCARD_USAGE_TOO_PERMISSIVE", "too few fixed characters beside a wildcard",
        "In endpoint policies a value of a String operator needs six fixed characters beside each wildcard or variable.",
        "Write more of the value.", "\"StringLike\": {\"aws:PrincipalArn\": \"a*\"}",
        "\"StringLike\": {\"aws:PrincipalArn\": \"arn:aws:iam::111122223333:role/*\"}" },
    [ACCOUNT_MIX] = { "endpoint-arn-account-mix", VD_ERROR, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_E, "",
        "an account id with a wildcard in it", "Endpoint policies take a full account id or * in that field, no mixture.",
        "Write the whole account id, or *.", "\"arn:aws:iam::1111*:role/x\"", "\"arn:aws:iam::*:role/x\"" },
    [BREAKS_UPDATES] = { "endpoint-breaks-updates", VD_SUGGESTION, 0, VD_FIX_ADVICE, VD_LINT_DOCUMENT, VD_CONFIDENCE_LOW, VD_ON_E,
        "", "an S3 endpoint that lets only one's own buckets through",
        "Package repositories of Amazon Linux, patches and agents of Systems Manager and the layers of container images come "
        "from buckets that AWS owns, through the same endpoint.",
        "Add the AWS-owned buckets that hosts behind the endpoint need, such as "
        "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*.",
        "\"Resource\": \"arn:aws:s3:::app/*\" and nothing else",
        "the same with arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*" },
    [NOT_LIMITING] = { "boundary-not-limiting", VD_SUGGESTION, 0, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_B, "",
        "a permissions boundary that allows everything",
        "A boundary is the most that a principal can be given. One that allows everything limits nothing.",
        "Allow the services that are meant, or deny what is not.",
        "\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"", "the same with a Deny of iam:*" },
    [LETS_ESCAPE] = { "boundary-lets-escape", VD_SECURITY, 70, VD_FIX_ADVICE, 0, VD_CONFIDENCE_HIGH, VD_ON_B, "",
        "a permissions boundary within which one can get rid of it",
        "Whoever may create a principal or edit one without a condition on the boundary can make one that has none, and use it.",
        "Allow the IAM writes with StringEquals iam:PermissionsBoundary only, and deny removing boundaries.",
        "\"Effect\": \"Allow\", \"Action\": \"iam:*\", \"Resource\": \"*\"",
        "the same with \"StringEquals\": {\"iam:PermissionsBoundary\": \"arn:aws:iam::111122223333:policy/boundary\"}" },
};

/* ------------------------------------------------------------------ endpoints */

/* "com.amazonaws.eu-west-1.s3" to the prefix of its actions; empty: not known. */
static vd_str service_of_endpoint(const vd_lint *l)
{
    vd_str name = vd_extracted_fact(l->extracted, "service-name"), label, prefix;

    if (name.n == 0 && l->resource_kind.n)
        return l->resource_kind; /* endpoint:s3 */
    if (name.n == 0 || vd_has_hole(vd_str_from(name, vd_str_rfind(name, '.'))))
        return (vd_str){ "", 0 };
    label = vd_str_from(name, vd_str_rfind(name, '.') + 1);
    prefix = vd_event_prefix(label);
    return vd_catalog_find_service(l->catalog, prefix) == VD_NONE ? (vd_str){ "", 0 } : prefix;
}

static bool is_gateway(vd_str service)
{
    return service.n == 0 || vd_str_eq(service, VD_S("s3")) || vd_str_eq(service, VD_S("dynamodb"));
}

static void check_principal(vd_lint *l, const vd_view_statement *st)
{
    const vd_principals *p = &st->model->principal;
    const char          *values = "";
    bool                 arns = true;
    vd_finding          *f;

    if (!is_gateway(service_of_endpoint(l)) || p->count == 0 || p->negated || st->principals_hole)
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *v = &st->principals[i];

        if (v->shape == VD_SHAPE_EVERYONE)
            return;
        arns &= v->shape == VD_SHAPE_ROLE || v->shape == VD_SHAPE_USER;
        values = vd_lint_printf(l, "%s%s\"" VD_F "\"", values, i ? ", " : "", VD_A(v->text.text));
    }
    f = vd_lint_report(l, &rules[ENDPOINT_PRINCIPAL], st, p->value,
                       "gateway endpoints (S3, DynamoDB) look at \"*\" only; filter with aws:PrincipalArn");
    if (f && arns && !st->model->has_condition) {
        vd_finding_fix(l, f, VD_FIX_UNSAFE, "write \"*\" and a condition on aws:PrincipalArn");
        vd_finding_edit(l, f, VD_EDIT_VALUE, p->value, "\"*\"");
        vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->span,
                        "\"Condition\": {\"ArnEquals\": {\"aws:PrincipalArn\": [%s]}}", values);
    }
}

static bool everyone(const vd_view_statement *st)
{
    return st->principal_count == 1 && st->principals[0].shape == VD_SHAPE_EVERYONE && !st->model->principal.negated;
}

static void check_foreign(vd_lint *l, const vd_view_statement *st)
{
    vd_str   service = service_of_endpoint(l);
    uint32_t own = service.n ? vd_catalog_find_service(l->catalog, service) : VD_NONE;

    for (uint32_t i = 0; i < st->action_count && own != VD_NONE && !st->model->action.negated; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->service == VD_NONE || a->service == own)
            continue;
        /* S3 has relatives that its endpoint carries as well. */
        if (vd_str_starts(service, VD_S("s3")) && vd_str_starts(a->prefix, VD_S("s3")))
            continue;
        vd_lint_report(l, &rules[FOREIGN_SERVICE], st, a->text.span, "this endpoint carries " VD_F " only; %s never pass it",
                       VD_A(service), vd_lint_show(l, a->text.text));
    }
}

static void check_endpoint(vd_lint *l, const vd_view_statement *st)
{
    if (st->actions_hole)
        return;
    check_principal(l, st);
    check_foreign(l, st);
    if (st->allow && st->all_actions && st->all_resources && everyone(st) && !st->model->has_condition)
        vd_lint_report(l, &rules[ENDPOINT_OPEN], st, st->actions[0].text.span,
                       "any identity may reach any resource, other people's buckets included; add aws:PrincipalOrgID and "
                       "aws:ResourceOrgID");
}

/* Own buckets by name, and none of those that AWS fills. */
static void check_updates(vd_lint *l)
{
    static const vd_str theirs[] = { VD_L("starport-layer-bucket"), VD_L("amazonlinux"), VD_L("aws-ssm-"),
                                     VD_L("patch-baseline-snapshot"), VD_L("al2023-repos"), VD_L("repo.") };
    const vd_view_resource *first = NULL;

    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (!st->allow)
            continue;
        if (st->all_resources || st->resources_hole || st->model->resource.negated)
            return;
        for (uint32_t k = 0; k < st->resource_count; k++) {
            const vd_view_resource *r = &st->resources[k];

            if (!r->is_arn || !vd_str_eq(r->arn.service, VD_S("s3")) || r->arn.resource.n == 0 || r->arn.resource.p[0] == '*')
                return;
            for (size_t n = 0; n < VD_COUNT(theirs); n++)
                if (vd_str_contains(r->arn.resource, theirs[n]))
                    return;
            first = first ? first : r;
        }
    }
    if (first)
        vd_lint_report(l, &rules[BREAKS_UPDATES], NULL, first->text.span,
                       "hosts behind this endpoint may lose package repositories, patches and image layers");
}

/* ------------------------------------------------------------------ boundaries */

static bool has_deny(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (!l->statements[i].allow)
            return true;
    return false;
}

static bool denied_somehow(const vd_lint *l, uint32_t action)
{
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (!l->statements[i].allow && (l->statements[i].actions_hole || vd_ids_have(l->statements[i].reach, action)))
            return true;
    return false;
}

/* The first IAM write that makes or equips a principal and is neither conditioned nor denied. */
static const char *escape_of(const vd_lint *l, const vd_view_statement *st)
{
    static const char *const ways[] = { "iam:CreateRole",       "iam:CreateUser",       "iam:PutRolePolicy",
                                        "iam:AttachRolePolicy", "iam:PutUserPolicy",    "iam:AttachUserPolicy",
                                        "iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary",
                                        "iam:PutRolePermissionsBoundary",    "iam:PutUserPermissionsBoundary" };

    for (size_t i = 0; i < VD_COUNT(ways); i++) {
        uint32_t a = vd_catalog_find(l->catalog, vd_str_of(ways[i]));

        if (a != VD_NONE && vd_ids_have(st->reach, a) && !denied_somehow(l, a) &&
            vd_breadth_of(l, st, a) != VD_BREADTH_NAMED)
            return ways[i];
    }
    return NULL;
}

static void check_boundary(vd_lint *l, const vd_view_statement *st)
{
    const char *way;

    if (!st->allow || st->actions_hole || st->conditions_hole || vd_is_restricted(st))
        return;
    if (st->all_actions && st->all_resources && !st->model->has_condition && !has_deny(l)) {
        vd_lint_report(l, &rules[NOT_LIMITING], st, st->actions[0].text.span,
                       "a boundary that allows everything limits nothing");
        return;
    }
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_key_is(&st->conditions[i], "iam:PermissionsBoundary"))
            return;
    way = escape_of(l, st);
    if (way)
        vd_lint_report(l, &rules[LETS_ESCAPE], st,
                       st->model->action.negated ? st->model->action.key : st->actions[0].text.span,
                       "within this boundary one can create a principal without it (%s)", way);
}

/* ------------------------------------------------------------------ the group */

static void check_statement(vd_lint *l, const vd_view_statement *st)
{
    if (st->model->malformed)
        return;
    if (l->kind == VD_KIND_ENDPOINT)
        check_endpoint(l, st);
    else if (l->kind == VD_KIND_BOUNDARY)
        check_boundary(l, st);
}

static void check_policy(vd_lint *l)
{
    if (l->kind == VD_KIND_ENDPOINT)
        check_updates(l);
}

const vd_lint_group vd_lint_guardrail = {
    .name = "guardrail",
    .rules = rules,
    .count = RULES,
    .policy = check_policy,
    .statement = check_statement,
};
