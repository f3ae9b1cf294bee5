/* SPDX-License-Identifier: Apache-2.0
 *
 * Other accounts that may assume a role: vendors and their external ids, whole accounts, the role itself.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "lint/who.h"
#include "text/hole.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

enum { ID_SHORT = 8 };

/* ------------------------------------------------------------------ external ids */

/* Why an external id does not protect; NULL: it may. */
static const char *weakness(const vd_lint *l, const vd_view_condition *c, vd_str value)
{
    const vd_operator_use *op = &c->entry->op;

    if (op->op->negated)
        return "compared with a negated operator";
    if (op->if_exists)
        return "asked for only if it is sent";
    if (op->quantifier == VD_FOR_ALL)
        return "met when none is sent";
    if (op->op->globs && (vd_str_find(value, '*') < value.n || vd_str_find(value, '?') < value.n))
        return "a pattern";
    if (vd_is_account(value))
        return "an account id";
    if (vd_str_ieq(value, VD_S("external-id")) || vd_str_ieq(value, VD_S("externalid")) ||
        vd_str_ieq(value, VD_S("test")))
        return "a word anybody tries first";
    if (value.n < ID_SHORT)
        return "short";
    for (uint32_t i = 0; i < l->config->trusted.account_count; i++) {
        vd_str name = l->config->trusted.accounts[i].name;

        if (name.n && vd_str_ieq(name, value))
            return "the name of an account";
    }
    return NULL;
}

static void look_at_external_id(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (!vd_str_ieq(c->key, VD_S("sts:ExternalId")) || !c->entry->op.op ||
            c->entry->op.op->test == VD_TEST_NULL)
            continue;
        for (uint32_t k = 0; k < c->entry->values.count; k++) {
            const vd_text *v = &c->entry->values.at[k];
            const char    *why = vd_has_hole(v->text) ? NULL : weakness(l, c, v->text);

            if (!why)
                continue;
            vd_lint_report(l, ROW(WEAK_EXTERNAL_ID), st, v->span,
                           "\"%s\" is %s: an external id must be unguessable and compared exactly",
                           vd_lint_show(l, v->text), why);
            break;
        }
    }
}

/* Deny unless the external id is right. */
static bool denied_without_id(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (!st->allow && vd_statement_names(st, VD_S("sts:ExternalId")))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ accounts */

/* Something about the caller that the other account's administrators cannot hand to just anybody. */
static bool narrows(const vd_view_statement *st)
{
    static const vd_str keys[] = { VD_L("aws:PrincipalArn"),   VD_L("aws:userid"),
                                   VD_L("aws:username"),       VD_L("sts:ExternalId"),
                                   VD_L("sts:SourceIdentity"), VD_L("aws:SourceIdentity") };

    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];

        if (vd_str_istarts(c->key, VD_S("aws:PrincipalTag/")))
            return true;
        for (size_t k = 0; k < VD_COUNT(keys); k++)
            if (vd_str_ieq(keys[k], c->key))
                return true;
    }
    return false;
}

/* 0: not a third party; else the severity of letting it in without an external id. */
static int third_party(const vd_lint *l, const vd_view_principal *p, vd_str *name)
{
    bool vendor;

    *name = vd_known_account_find(l, p->account, &vendor);
    if (vd_who_trusted(l, p))
        return 0;
    if (vendor || vd_who_zone_known(l))
        return VD_SECURITY;
    return vd_who_other_account(l, p) ? VD_SUGGESTION : 0;
}

static void look_at_account(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    vd_str      name;
    int         severity = third_party(l, p, &name);
    vd_finding *f;

    if (severity) {
        if (vd_statement_names(st, VD_S("sts:ExternalId")) ||
            vd_statement_asks(st, VD_S("aws:PrincipalOrgID")) ||
            vd_statement_asks(st, VD_S("aws:PrincipalOrgPaths")) || denied_without_id(l))
            return;
        f = vd_lint_report(
            l, ROW(NO_EXTERNAL_ID), st, p->text.span,
            "%s can be tricked into using your role for another customer; require sts:ExternalId",
            name.n ? vd_lint_printf(l, VD_F " (" VD_F ")", VD_A(name), VD_A(p->account))
                   : vd_lint_printf(l, "a vendor in " VD_F, VD_A(p->account)));
        if (severity != VD_SECURITY)
            vd_finding_severity(f, severity);
        return;
    }
    if (p->shape == VD_SHAPE_ACCOUNT && !narrows(st))
        vd_lint_report(l, ROW(ACCOUNT_ROOT), st, p->text.span,
                       "every identity that %s's administrators allow; name a role or add aws:PrincipalArn",
                       vd_lint_show(l, p->account));
}

/* The account of the deployment, in the words of a template. */
static bool is_own_hole(const vd_lint *l, vd_str account)
{
    const vd_holes *h = l->doc && l->doc->source ? l->doc->source->holes : NULL;
    uint32_t        index;

    return h && account.n == VD_HOLE_BYTES && vd_hole_find(account, 0, &index) == 0 && index < h->count &&
           h->at[index].kind == VD_HOLE_ACCOUNT;
}

static void look_at_own_account(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    vd_arn arn;

    if (vd_arn_split(&arn, p->text.text) && vd_str_eq(arn.resource, VD_S("root")) &&
        is_own_hole(l, arn.account) && !narrows(st))
        vd_lint_report(
            l, ROW(ACCOUNT_ROOT), st, p->text.span,
            "every identity that this account's administrators allow; name a role or add aws:PrincipalArn");
}

/* ------------------------------------------------------------------ the role itself */

static bool own_account(const vd_lint *l, vd_str account)
{
    return is_own_hole(l, account) || (l->config->account.n && vd_str_eq(account, l->config->account));
}

static void look_for_self(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p, vd_str role)
{
    vd_arn arn;

    if (p->type != VD_PRINCIPAL_AWS || !vd_arn_split(&arn, p->text.text) ||
        !vd_str_starts(arn.resource, VD_S("role/")) || !own_account(l, arn.account) ||
        vd_has_hole(arn.resource) ||
        !vd_str_eq(vd_str_from(arn.resource, vd_str_rfind(arn.resource, '/') + 1), role))
        return;
    vd_lint_report(l, ROW(SELF), st, p->text.span,
                   "the role lists itself; needed only when it assumes itself on purpose");
}

void vd_trust_parties(vd_lint *l, const vd_view_statement *st)
{
    vd_str role = vd_extracted_fact(l->extracted, "role-name");
    bool   some = false;

    if (!(vd_trust_ways(st) & WAY_ROLE))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];

        if (role.n && !vd_has_hole(role))
            look_for_self(l, st, p, role);
        some |= p->type == VD_PRINCIPAL_AWS;
        if (p->type == VD_PRINCIPAL_AWS && !p->hole && vd_is_account(p->account))
            look_at_account(l, st, p);
        else if (p->type == VD_PRINCIPAL_AWS && p->hole)
            look_at_own_account(l, st, p);
    }
    if (some)
        look_at_external_id(l, st);
}
