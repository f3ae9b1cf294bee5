/* SPDX-License-Identifier: Apache-2.0
 *
 * Policies of APIs.
 */
#include "lint/rules/resource_policy_int.h"

#include "base/str.h"

#define ROW(name) (&vd_rp_rules[RP_##name])

static void look_at_resources(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++) {
        const vd_view_resource *r = &st->resources[i];

        if (r->star || r->hole || r->variable || vd_str_starts(r->text.text, VD_S("execute-api:/")) ||
            (r->is_arn && (vd_str_eq(r->arn.service, VD_S("execute-api")) ||
                           vd_str_find(r->arn.service, '*') < r->arn.service.n)))
            continue;
        vd_lint_report(l, ROW(APIGW_FORM), st, r->text.span,
                       "API policies name execute-api:/stage/METHOD/path, not \"%s\"",
                       vd_lint_show(l, r->text.text));
    }
}

static bool is_private(const vd_lint *l)
{
    if (vd_str_contains(vd_extracted_fact(l->extracted, "endpoint-configuration"), VD_S("PRIVATE")))
        return true;
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (vd_statement_names(&l->statements[i], VD_S("aws:SourceVpce")))
            return true;
    return false;
}

static void look_at_addresses(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_condition *c = vd_statement_names(st, VD_S("aws:SourceIp"));
    vd_finding              *f;

    if (!c || !is_private(l))
        return;
    f = vd_lint_report(
        l, ROW(APIGW_IP), st, c->entry->key.span,
        "callers of a private API have no public address; use aws:VpcSourceIp or aws:SourceVpce");
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "use aws:VpcSourceIp");
    vd_finding_edit(l, f, VD_EDIT_STRING, c->entry->key.span, "aws:VpcSourceIp");
}

static void look_for_everyone(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_rp_open(l, st);

    if (who && vd_statement_strength(l, st) == VD_STRENGTH_NONE &&
        vd_who_does(st, VD_S("execute-api:Invoke")) && !vd_extracted_fact(l->extracted, "authorizer").n)
        vd_lint_report(l, ROW(APIGW_OPEN), st, who->text.span, "the whole API is callable by anyone");
}

void vd_rp_apigw(vd_lint *l, const vd_view_statement *st)
{
    look_at_resources(l, st);
    if (st->conditions_hole)
        return;
    look_at_addresses(l, st);
    look_for_everyone(l, st);
}
