/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts and what stands for one: whole accounts, accounts outside the zone of trust, canonical users,
 * origin access identities.
 */
#include "lint/rules/principal_int.h"

#include "base/str.h"
#include "lint/known.h"
#include "lint/strength.h"
#include "lint/who.h"

#define ROW(name) (&vd_principal_rules[PRINCIPAL_##name])

static bool is_s3(const vd_lint *l)
{
    return vd_str_starts(l->resource_kind, VD_S("s3"));
}

static bool trusted_organization(const vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_asks(st, VD_S("aws:PrincipalOrgID"));

    for (uint32_t i = 0; c && i < c->entry->values.count; i++)
        if (!vd_strs_have(l->config->trusted.organizations, c->entry->values.at[i].text))
            return false;
    return c != NULL;
}

static void look_at_cross_account(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    bool   vendor;
    vd_str name;

    if (p->type != VD_PRINCIPAL_AWS || !vd_is_account(p->account) || vd_who_trusted(l, p) ||
        trusted_organization(l, st))
        return;
    name = vd_known_account_find(l, p->account, &vendor);
    if (name.n && !vendor && is_s3(l))
        return; /* AWS delivers logs from it */
    vd_lint_report(l, ROW(CROSS_ACCOUNT), st, p->text.span, "%s is not a trusted account%s",
                   vd_lint_show(l, p->account),
                   name.n ? vd_lint_printf(l, "; it is known as " VD_F, VD_A(name)) : "");
}

/* In a key policy the own account's root is how IAM policies come to count; who that is, only the
 * configuration says. */
static void look_at_account_wide(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    bool   vendor;
    vd_str own = vd_who_account(l, st), name;

    if (p->shape != VD_SHAPE_ACCOUNT || !vd_is_account(p->account) ||
        vd_str_eq(own, p->account) || (own.n == 0 && vd_str_starts(l->resource_kind, VD_S("kms"))))
        return;
    name = vd_known_account_find(l, p->account, &vendor);
    if (name.n && !vendor && is_s3(l))
        return;
    if (vd_statement_asks(st, VD_S("aws:PrincipalArn")) || vd_statement_asks(st, VD_S("aws:userid")))
        return;
    vd_lint_report(l, ROW(ACCOUNT_WIDE), st, p->text.span,
                   "this is for every identity that %s delegates it to; name a role or add aws:PrincipalArn",
                   vd_lint_show(l, p->account));
}

static void look_at_one(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p, bool zone)
{
    vd_arn arn;

    if (p->type == VD_PRINCIPAL_CANONICAL_USER && is_s3(l) && !p->hole) {
        vd_lint_report(l, ROW(CANONICAL), st, p->text.span,
                       "turns into an account or OAI nobody can read; use the account id or OAC");
        return;
    }
    if (p->type != VD_PRINCIPAL_AWS || p->shape == VD_SHAPE_EVERYONE)
        return;
    if (vd_arn_split(&arn, p->text.text) && vd_str_eq(arn.account, VD_S("cloudfront"))) {
        if (is_s3(l) || l->resource_kind.n == 0)
            vd_lint_report(l, ROW(OAI), st, p->text.span,
                           "origin access control (service principal + aws:SourceArn) replaces OAI");
        return;
    }
    if (p->hole || !st->allow)
        return;
    if (zone)
        look_at_cross_account(l, st, p);
    if (l->kind == VD_KIND_RESOURCE && !st->conditions_hole)
        look_at_account_wide(l, st, p);
}

void vd_principal_accounts(vd_lint *l, const vd_view_statement *st)
{
    bool zone = vd_who_zone_known(l) && vd_lint_wants(l, ROW(CROSS_ACCOUNT));

    if (st->model->principal.negated || st->model->malformed)
        return;
    for (uint32_t i = 0; i < st->principal_count; i++)
        look_at_one(l, st, &st->principals[i], zone);
}
