/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of services, accounts and identity providers.
 */
#include "lint/known.h"

#include "base/str.h"
#include "base/suggest.h"
#include "catalog/facts.h"

enum { NEAR_FROM = 5, NEARER_FROM = 9 }; /* letters a name needs before one or two of them may be wrong */

static vd_str cell(vd_sheet s, uint32_t row, const char *column)
{
    uint32_t c = vd_sheet_column(s, vd_str_of(column));

    return c == VD_NONE ? (vd_str){ "", 0 } : vd_sheet_cell(s, row, c);
}

/* ------------------------------------------------------------------ services */

/* Services of one prefix are a family: pods.eks and eks. */
static vd_str family_of(vd_str name)
{
    size_t dot = vd_str_rfind(name, '.');

    return dot < name.n ? vd_str_from(name, dot + 1) : name;
}

vd_known_service vd_known_service_find(const vd_lint *l, vd_str name)
{
    vd_str           s = vd_service_without_region(name);
    vd_sheet         sheet = vd_catalog_sheet(l->catalog, VD_S("service-principals"));
    vd_run           run = vd_sheet_find(sheet, s);
    vd_known_service out = { .family = family_of(s) };
    vd_str           family;

    if (run.count == 0) {
        out.known = vd_catalog_find_service(l->catalog, s) != VD_NONE;
        return out;
    }
    family = cell(sheet, run.first, "family");
    if (family.n)
        out.family = family;
    out.instead = cell(sheet, run.first, "instead");
    out.known = out.instead.n == 0;
    out.bound = vd_str_eq(cell(sheet, run.first, "trust"), VD_S("bound"));
    return out;
}

vd_str vd_known_service_near(const vd_lint *l, vd_str name)
{
    vd_str   s = vd_service_without_region(name), best = { "", 0 };
    vd_sheet sheet = vd_catalog_sheet(l->catalog, VD_S("service-principals"));
    uint32_t column = vd_sheet_column(sheet, VD_S("instead"));
    uint32_t most = s.n >= NEARER_FROM ? 2 : s.n >= NEAR_FROM ? 1 : 0;

    if (most == 0 || s.n > 64 || column == VD_NONE)
        return best;
    for (uint32_t i = 0; i < sheet.rows; i++) {
        vd_str   row = vd_sheet_cell(sheet, i, 0);
        uint32_t d;

        if (row.n + most < s.n || s.n + most < row.n || vd_sheet_cell(sheet, i, column).n)
            continue;
        d = vd_distance(s, row, most);
        if (d > most)
            continue;
        best = row;
        if (d <= 1)
            return best;
        most = d - 1;
    }
    return best;
}

/* ------------------------------------------------------------------ accounts */

vd_str vd_known_account_find(const vd_lint *l, vd_str account, bool *vendor)
{
    vd_sheet sheet = vd_catalog_sheet(l->catalog, VD_S("known-accounts"));
    vd_run   run = vd_sheet_find(sheet, account);

    *vendor = false;
    if (account.n == 0 || run.count == 0)
        return (vd_str){ "", 0 };
    *vendor = vd_str_eq(cell(sheet, run.first, "kind"), VD_S("vendor"));
    return cell(sheet, run.first, "name");
}

/* ------------------------------------------------------------------ identity providers */

static bool is_built_in(vd_str s)
{
    static const vd_str domains[] = { VD_L("accounts.google.com"), VD_L("cognito-identity.amazonaws.com"),
                                      VD_L("graph.facebook.com"), VD_L("www.amazon.com") };

    for (size_t i = 0; i < VD_COUNT(domains); i++)
        if (vd_str_eq(domains[i], s))
            return true;
    return false;
}

static bool provider_in(vd_str federated, vd_str type, vd_str *rest)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, federated) || !vd_str_starts(arn.resource, type))
        return false;
    *rest = vd_str_from(arn.resource, type.n);
    return true;
}

vd_str vd_idp_host(vd_str federated)
{
    vd_str host = { "", 0 };

    if (is_built_in(federated))
        return federated;
    provider_in(federated, VD_S("oidc-provider/"), &host);
    return host;
}

bool vd_idp_is_saml(vd_str federated)
{
    vd_str name;

    return provider_in(federated, VD_S("saml-provider/"), &name);
}

static vd_idp idp_of_row(vd_sheet s, uint32_t row)
{
    return (vd_idp){ .known = true,
                     .name = cell(s, row, "name"),
                     .shared = vd_str_eq(cell(s, row, "shared"), VD_S("yes")),
                     .selects = vd_str_eq(cell(s, row, "selects"), VD_S("yes")),
                     .required = cell(s, row, "required"),
                     .identity = cell(s, row, "identity"),
                     .claims = cell(s, row, "claims"),
                     .ids = cell(s, row, "ids"),
                     .subject = cell(s, row, "subject"),
                     .audience = cell(s, row, "audience") };
}

/* The configuration's own word on a provider comes on top of the table's. */
static void add_own(const vd_lint *l, vd_str host, vd_idp *out)
{
    const vd_trusted *t = &l->config->trusted;

    for (uint32_t i = 0; i < t->oidc_count; i++) {
        if (!vd_str_ieq(t->oidc[i].host, host))
            continue;
        if (t->oidc[i].subject.n)
            out->subject = t->oidc[i].subject;
        if (!out->known)
            *out = (vd_idp){
                .known = true, .name = host, .identity = VD_S("sub"), .subject = t->oidc[i].subject
            };
    }
}

vd_idp vd_idp_find(const vd_lint *l, vd_str host)
{
    vd_sheet sheet = vd_catalog_sheet(l->catalog, VD_S("idp"));
    vd_run   run = vd_sheet_find(sheet, host);
    vd_idp   out = { .known = false, .name = host };

    if (run.count)
        out = idp_of_row(sheet, run.first);
    for (uint32_t i = 0; !out.known && i < sheet.rows; i++) {
        vd_str pattern = vd_sheet_cell(sheet, i, 0);

        if (vd_str_find(pattern, '*') < pattern.n && vd_view_action_matches(pattern, host))
            out = idp_of_row(sheet, i);
    }
    add_own(l, host, &out);
    return out;
}
