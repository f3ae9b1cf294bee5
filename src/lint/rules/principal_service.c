/* SPDX-License-Identifier: Apache-2.0
 *
 * Services as principals: whether there is such a service, and whether the statement says for whose resources
 * it acts.
 */
#include "lint/rules/principal_int.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "lint/known.h"
#include "lint/strength.h"
#include "lint/who.h"
#include "text/hole.h"

#define ROW(name) (&vd_principal_rules[PRINCIPAL_##name])

/* ------------------------------------------------------------------ names */

static void look_at_name(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    vd_known_service known;
    vd_str           meant;
    vd_finding      *f;

    if (p->shape != VD_SHAPE_SERVICE || p->hole || p->name.n == p->text.text.n || p->name.n == 0)
        return;
    known = vd_known_service_find(l, p->name);
    if (known.known)
        return;
    meant = known.instead.n ? known.instead : vd_known_service_near(l, p->name);
    if (meant.n == 0)
        return;
    f = vd_lint_report(l, ROW(UNKNOWN_SERVICE), st, p->text.span,
                       "no service signs as \"%s\"; did you mean \"" VD_F ".amazonaws.com\"?",
                       vd_lint_show(l, p->text.text), VD_A(meant));
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "replace with " VD_F ".amazonaws.com", VD_A(meant));
    vd_finding_edit(l, f, VD_EDIT_STRING, p->text.span, VD_F ".amazonaws.com", VD_A(meant));
}

/* ------------------------------------------------------------------ keys that services do not send */

static const vd_str caller_keys[] = {
    VD_L("aws:PrincipalOrgID"),
    VD_L("aws:PrincipalOrgPaths"),
    VD_L("aws:PrincipalArn"),
    VD_L("aws:SourceIp"),
    VD_L("aws:PrincipalAccount"),
    VD_L("aws:SourceVpc"),
    VD_L("aws:SourceVpce"),
    VD_L("aws:userid"),
    VD_L("aws:username"),
    VD_L("sts:ExternalId"),
    VD_L("aws:MultiFactorAuthPresent"),
    VD_L("aws:MultiFactorAuthAge"),
};

static bool is_caller_key(vd_str key)
{
    if (vd_str_istarts(key, VD_S("aws:PrincipalTag/")))
        return true;
    for (size_t i = 0; i < VD_COUNT(caller_keys); i++)
        if (vd_str_ieq(caller_keys[i], key))
            return true;
    return false;
}

static bool is_source_key(vd_str key)
{
    return vd_str_ieq(key, VD_S("aws:SourceArn")) || vd_str_ieq(key, VD_S("aws:SourceAccount")) ||
           vd_str_ieq(key, VD_S("aws:SourceOrgID")) || vd_str_ieq(key, VD_S("aws:SourceOrgPaths"));
}

/* Roles Anywhere makes tags of the fields of a certificate. */
static bool sends_tags(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (vd_str_eq(st->principals[i].name, VD_S("rolesanywhere")))
            return true;
    return false;
}

/* "aws:MultiFactorAuthPresent is false" and "StringLike *" ask for something as well: an absent key fails
 * them. */
static const vd_view_condition *asks_caller(const vd_view_statement *st)
{
    bool tags = sends_tags(st);

    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (c->key_hole || !is_caller_key(c->key) || vd_entry_may_be_absent(st, c))
            continue;
        if (!tags || !vd_str_istarts(c->key, VD_S("aws:PrincipalTag/")))
            return c;
    }
    return NULL;
}

static bool look_at_caller_keys(vd_lint *l, const vd_view_statement *st, const vd_view_principal *service)
{
    const vd_view_condition *c = asks_caller(st);

    if (!c)
        return false;
    vd_lint_report(l, ROW(UNSUPPORTED_KEY), st, c->entry->key.span, "%s sends no %s: nothing is allowed",
                   vd_lint_show(l, service->text.text), vd_lint_show(l, c->key));
    return true;
}

static void look_at_mixture(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = NULL;
    bool                     source = false, aws = false;

    for (uint32_t i = 0; i < st->principal_count; i++)
        aws |= st->principals[i].type == VD_PRINCIPAL_AWS;
    if (!aws)
        return;
    for (uint32_t i = 0; i < st->condition_count && !c; i++) {
        const vd_view_condition *one = &st->conditions[i];

        source = is_source_key(one->key);
        if (!one->key_hole && (source || is_caller_key(one->key)) && !vd_entry_may_be_absent(st, one))
            c = one;
    }
    if (c)
        vd_lint_report(l, ROW(MIXED), st, c->entry->key.span, "%s shuts out %s; split the statement",
                       vd_lint_show(l, c->key), source ? "the AWS principals" : "the services");
}

/* ------------------------------------------------------------------ for whom a service acts */

/* Keys that somebody puts on a service for want of a better one. */
static const vd_view_condition *poor_key(const vd_view_statement *st)
{
    static const vd_str keys[] = { VD_L("aws:Referer"), VD_L("aws:UserAgent"), VD_L("aws:SourceIp"),
                                   VD_L("aws:PrincipalOrgID") };

    for (size_t i = 0; i < VD_COUNT(keys); i++) {
        const vd_view_condition *c = vd_statement_names(st, keys[i]);

        if (c && !vd_entry_is_always_true(c))
            return c;
    }
    return NULL;
}

static bool is_kms(const vd_lint *l)
{
    return vd_str_starts(l->resource_kind, VD_S("kms"));
}

/* Groups with words of their own for the same cause. */
static bool said_elsewhere(const vd_lint *l, const vd_view_principal *service)
{
    static const vd_str deliver[] = { VD_L("logging.s3"),
                                      VD_L("delivery.logs"),
                                      VD_L("cloudtrail"),
                                      VD_L("config"),
                                      VD_L("logdelivery.elasticloadbalancing"),
                                      VD_L("elasticloadbalancing") };

    if (vd_str_starts(l->resource_kind, VD_S("lambda")))
        return true;
    for (size_t i = 0; vd_str_starts(l->resource_kind, VD_S("s3")) && i < VD_COUNT(deliver); i++)
        if (vd_str_eq(deliver[i], vd_service_without_region(service->name)))
            return true;
    return false;
}

/* The encryption context names what the service encrypts: "aws:logs:arn", "aws:cloudtrail:arn". */
static bool names_context(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (vd_str_istarts(c->key, VD_S("kms:EncryptionContext:")) && !vd_entry_may_be_absent(st, c) &&
            !vd_entry_is_always_true(c))
            return true;
    }
    return false;
}

static void look_for_source(vd_lint *l, const vd_view_statement *st, const vd_view_principal *service)
{
    const vd_view_condition *poor = poor_key(st);
    vd_finding              *f;

    if (poor) {
        vd_lint_report(l, ROW(SOURCE_KEY), st, poor->entry->key.span,
                       "for a service, %s says little; use aws:SourceArn or aws:SourceAccount",
                       vd_lint_show(l, poor->key));
        return;
    }
    if (l->kind != VD_KIND_RESOURCE || said_elsewhere(l, service) ||
        (is_kms(l) && (names_context(st) || vd_statement_asks(st, VD_S("kms:GrantIsForAWSResource")))))
        return;
    f = vd_lint_report(l, ROW(UNSCOPED), st, service->text.span,
                       "%s acts here for any of its customers; add aws:SourceAccount or aws:SourceArn",
                       vd_lint_show(l, service->text.text));
    if (f && l->config->account.n)
        vd_who_add_condition(l, f, st, "StringEquals", "aws:SourceAccount",
                             vd_lint_printf(l, VD_F, VD_A(l->config->account)));
}

/* A value of aws:SourceArn that does not say whose it is. */
static const vd_text *anybodys_arn(const vd_lint *l, const vd_view_condition *c)
{
    bool lambda = vd_str_starts(l->resource_kind, VD_S("lambda")); /* has a rule about wildcards of its own */

    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        const vd_text *v = &c->entry->values.at[i];
        vd_arn         arn;

        if (!vd_has_hole(v->text) && vd_arn_split(&arn, v->text) && !vd_is_account(arn.account) &&
            !vd_str_contains(arn.account, VD_S("${")) && !vd_str_eq(arn.account, VD_S("aws")) &&
            !(lambda && arn.account.n))
            return v;
    }
    return NULL;
}

static void look_at_source_arn(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("aws:SourceArn"));
    const vd_text           *v = c ? anybodys_arn(l, c) : NULL;
    vd_finding              *f;

    if (!v || vd_statement_asks(st, VD_S("aws:SourceAccount")) ||
        vd_statement_asks(st, VD_S("aws:SourceOrgID")) || vd_statement_asks(st, VD_S("aws:SourceOrgPaths")))
        return;
    f = vd_lint_report(l, ROW(SOURCE_ARN), st, v->span, "this ARN does not say whose; add aws:SourceAccount");
    if (f && l->config->account.n)
        vd_who_add_condition(l, f, st, "StringEquals", "aws:SourceAccount",
                             vd_lint_printf(l, VD_F, VD_A(l->config->account)));
}

void vd_principal_services(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *service = vd_who_service(st);

    for (uint32_t i = 0; service && i < st->principal_count; i++)
        look_at_name(l, st, &st->principals[i]);
    if (!vd_who_grants(st) || st->conditions_hole)
        return;
    if (service || vd_who_everyone(st))
        look_at_source_arn(l, st);
    if (!service)
        return;
    if (!vd_who_only_services(st)) {
        look_at_mixture(l, st);
        if (vd_who_everyone(st))
            return;
    } else if (look_at_caller_keys(l, st, service)) {
        return;
    }
    if (!vd_who_source(st))
        look_for_source(l, st, service);
}
