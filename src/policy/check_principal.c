/* SPDX-License-Identifier: Apache-2.0
 *
 * Entries of the Principal element (E404 to E415): what each member may name.
 */
#include "policy/read.h"

#include "base/str.h"
#include "pattern/arn.h"

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static bool is_unique_id(vd_str s, vd_str prefix)
{
    return vd_str_starts(s, prefix) && s.n <= 128 && vd_is_unique_id(s);
}

static bool named(vd_str rest, const char *type)
{
    vd_str t = vd_str_of(type);

    return vd_str_starts(rest, t) && rest.n > t.n;
}

static bool is_principal_arn(const vd_arn *arn)
{
    bool account = vd_is_account(arn->account);

    if (arn->region.n)
        return false;
    if (vd_str_eq(arn->service, VD_S("iam")))
        return (account && (vd_str_eq(arn->resource, VD_S("root")) || named(arn->resource, "user/") ||
                            named(arn->resource, "role/"))) ||
               (vd_str_eq(arn->account, VD_S("cloudfront")) && named(arn->resource, "user/"));
    return vd_str_eq(arn->service, VD_S("sts")) && account &&
           (named(arn->resource, "assumed-role/") || named(arn->resource, "federated-user/") ||
            vd_str_eq(arn->resource, VD_S("self")));
}

static const char *why_not(vd_str text, const vd_arn *arn, bool is_arn)
{
    if (is_arn && named(arn->resource, "instance-profile/"))
        return "; name the role of the instance profile";
    if (is_arn && named(arn->resource, "policy/"))
        return "; a policy acts for nobody";
    if (is_arn && (named(arn->resource, "oidc-provider/") || named(arn->resource, "saml-provider/")))
        return "; identity providers stand under Federated";
    if (vd_str_contains(text, VD_S(".amazonaws.")))
        return "; services stand under Service";
    if (is_arn)
        return "; use the ARN of a user, a role, a session or an account";
    return "; use *, an account id or an ARN";
}

static void check_aws(vd_policy_reader *r, vd_text t)
{
    vd_arn arn = { 0 };
    bool   is_arn = vd_arn_split(&arn, t.text);

    if (vd_str_eq(t.text, VD_S("*")) || vd_is_account(t.text))
        return;
    if (has_wildcard(t.text)) {
        vd_policy_report(r, VD_RULE_PRINCIPAL_WILDCARD, t.span,
                         "for patterns use {\"AWS\": account} with ArnLike aws:PrincipalArn",
                         "a principal is named in full; \"%s\" matches nobody", vd_policy_show(r, t.text));
    } else if (is_unique_id(t.text, VD_S("AROA"))) {
        vd_policy_report(r, VD_RULE_PRINCIPAL_ROLE_ID, t.span, NULL,
                         "a role's unique id: the role was deleted, or the file was exported; use the ARN");
    } else if (is_unique_id(t.text, VD_S("AIDA"))) {
        vd_policy_report(r, VD_RULE_PRINCIPAL_USER_ID, t.span, NULL,
                         "a user's unique id: the user was deleted, or the file was exported; use the ARN");
    } else if (is_arn && vd_str_eq(arn.service, VD_S("iam")) && named(arn.resource, "group/")) {
        vd_policy_report(r, VD_RULE_PRINCIPAL_GROUP, t.span, NULL,
                         "a user group cannot be a principal; name its users or a role");
    } else if (!is_arn || !is_principal_arn(&arn)) {
        vd_policy_report(r, VD_RULE_PRINCIPAL_ARN, t.span, NULL, "\"%s\" cannot be a principal%s",
                         vd_policy_show(r, t.text), why_not(t.text, &arn, is_arn));
    } else {
        vd_policy_check_arn_text(r, t);
    }
}

static const vd_str service_ends[] = {
    VD_L(".amazonaws.com"), VD_L(".amazonaws.com.cn"), VD_L(".amazonaws.eu"),
    VD_L(".c2s.ic.gov"),    VD_L(".sc2s.sgov.gov"),    VD_L(".aws.internal"),
};

/* Older than the rule. */
static const vd_str odd_services[] = { VD_L("alexa-appkit.amazon.com"), VD_L("alexa-connectedhome.amazon.com") };

/* name[.region].amazonaws.com, lower case */
static bool is_service(vd_str s)
{
    for (size_t i = 0; i < VD_COUNT(odd_services); i++)
        if (vd_str_eq(odd_services[i], s))
            return true;
    for (size_t i = 0; i < s.n; i++)
        if (!vd_is_digit(s.p[i]) && !(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-' && s.p[i] != '.')
            return false;
    for (size_t i = 0; i < VD_COUNT(service_ends); i++)
        if (vd_str_ends(s, service_ends[i]) && s.n > service_ends[i].n)
            return s.p[0] != '.';
    return false;
}

static void check_service(vd_policy_reader *r, vd_text t)
{
    if (has_wildcard(t.text))
        vd_policy_report(r, VD_RULE_PRINCIPAL_WILDCARD, t.span, NULL,
                         "a service is named in full; \"%s\" matches nobody", vd_policy_show(r, t.text));
    else if (!is_service(t.text))
        vd_policy_report(r, VD_RULE_PRINCIPAL_SERVICE, t.span, NULL,
                         "\"%s\" is not a service principal; write it like lambda.amazonaws.com",
                         vd_policy_show(r, t.text));
}

static const vd_str built_in_providers[] = {
    VD_L("cognito-identity.amazonaws.com"),
    VD_L("www.amazon.com"),
    VD_L("graph.facebook.com"),
    VD_L("accounts.google.com"),
};

static bool is_provider(vd_str s)
{
    vd_arn arn;

    for (size_t i = 0; i < VD_COUNT(built_in_providers); i++)
        if (vd_str_eq(built_in_providers[i], s))
            return true;
    return vd_arn_split(&arn, s) && vd_str_eq(arn.service, VD_S("iam")) && arn.region.n == 0 &&
           vd_is_account(arn.account) &&
           (named(arn.resource, "saml-provider/") || named(arn.resource, "oidc-provider/"));
}

static void check_federated(vd_policy_reader *r, vd_text t)
{
    if (has_wildcard(t.text))
        vd_policy_report(r, VD_RULE_PRINCIPAL_WILDCARD, t.span, NULL,
                         "an identity provider is named in full; \"%s\" matches nobody",
                         vd_policy_show(r, t.text));
    else if (r->policy->kind != VD_KIND_TRUST)
        vd_policy_report(r, VD_RULE_FEDERATED_ELSEWHERE, t.span, NULL,
                         "identity providers can be principals of role trust policies only");
    else if (!is_provider(t.text))
        vd_policy_report(
            r, VD_RULE_FEDERATED_SYNTAX, t.span, NULL,
            "\"%s\" is not an identity provider; name it by ARN or by one of the four built-in domains",
            vd_policy_show(r, t.text));
}

/* The ids of accounts have 64 digits, those of origin access identities 96. */
static void check_canonical(vd_policy_reader *r, vd_text t)
{
    bool good = t.text.n == 64 || t.text.n == 96;

    for (size_t i = 0; good && i < t.text.n; i++) {
        char c = vd_lower(t.text.p[i]);

        good = vd_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    if (has_wildcard(t.text))
        vd_policy_report(r, VD_RULE_PRINCIPAL_WILDCARD, t.span, NULL,
                         "a canonical user is named in full; \"%s\" matches nobody",
                         vd_policy_show(r, t.text));
    else if (!good)
        vd_policy_report(r, VD_RULE_PRINCIPAL_ARN, t.span, NULL,
                         "\"%s\" is not a canonical user id (64 hex digits)", vd_policy_show(r, t.text));
}

static void check_one(vd_policy_reader *r, const vd_principal_entry *e, const char *element)
{
    if (e->type == VD_PRINCIPAL_STAR)
        return;
    if (e->text.text.n == 0) {
        vd_policy_report_as(r, VD_RULE_EMPTY_STRING, VD_ERROR, VD_FAULT_NONE, e->text.span, NULL, "empty %s",
                            element);
        return;
    }
    vd_policy_check_plain(r, e->text, element);
    switch ((vd_principal_type)e->type) {
    case VD_PRINCIPAL_AWS:
        check_aws(r, e->text);
        break;
    case VD_PRINCIPAL_SERVICE:
        check_service(r, e->text);
        break;
    case VD_PRINCIPAL_FEDERATED:
        check_federated(r, e->text);
        break;
    case VD_PRINCIPAL_CANONICAL_USER:
        check_canonical(r, e->text);
        break;
    case VD_PRINCIPAL_STAR:
        break;
    }
}

void vd_policy_check_principals(vd_policy_reader *r, const vd_statement *st)
{
    const vd_principals *p = &st->principal;

    if (r->policy->kind == VD_KIND_TRUST && !p->negated && p->count == 1 &&
        p->at[0].type == VD_PRINCIPAL_STAR)
        vd_policy_report(
            r, VD_RULE_TRUST_PUBLIC, p->value, NULL,
            "a trust policy does not take \"*\" alone; {\"AWS\": \"*\"} means everyone, in every account");
    for (uint32_t i = 0; i < p->count; i++)
        check_one(r, &p->at[i], p->negated ? "NotPrincipal" : "Principal");
}
