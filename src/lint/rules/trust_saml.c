/* SPDX-License-Identifier: Apache-2.0
 *
 * SAML: for whom an assertion was made.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "lint/who.h"
#include "text/hole.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

static const vd_str hosts[] = { VD_L("signin.aws.amazon.com"), VD_L("signin.amazonaws.cn"),
                                VD_L("signin.amazonaws-us-gov.com"), VD_L("signin.aws.eu"),
                                VD_L("signin.amazonaws.eu") };

/* https://[region.]host/saml, and below it the address of one provider */
static bool is_sign_in(vd_str s)
{
    vd_str host, rest;

    if (!vd_str_istarts(s, VD_S("https://")))
        return false;
    rest = vd_str_from(s, 8);
    if (!vd_str_cut(&rest, '/', &host) ||
        (!vd_str_eq(rest, VD_S("saml")) && !vd_str_starts(rest, VD_S("saml/"))))
        return false;
    for (size_t i = 0; i < VD_COUNT(hosts); i++)
        if (vd_str_ieq(host, hosts[i]) ||
            (vd_str_ends(host, hosts[i]) && host.n > hosts[i].n && host.p[host.n - hosts[i].n - 1] == '.'))
            return true;
    return false;
}

static vd_str address_of(const vd_view_principal *p)
{
    if (vd_str_starts(p->text.text, VD_S("arn:aws-cn:")))
        return VD_S("https://signin.amazonaws.cn/saml");
    if (vd_str_starts(p->text.text, VD_S("arn:aws-us-gov:")))
        return VD_S("https://signin.amazonaws-us-gov.com/saml");
    return VD_S("https://signin.aws.amazon.com/saml");
}

static void look_at_values(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c,
                           vd_str address)
{
    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        const vd_text *v = &c->entry->values.at[i];

        if (vd_has_hole(v->text) || vd_str_find(v->text, '*') < v->text.n ||
            vd_str_find(v->text, '?') < v->text.n || vd_str_contains(v->text, VD_S("${")) ||
            is_sign_in(v->text))
            continue;
        vd_lint_report(l, ROW(SAML_AUD), st, v->span,
                       "sign-in assertions carry " VD_F "; \"%s\" never matches", VD_A(address),
                       vd_lint_show(l, v->text));
    }
}

void vd_trust_saml(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *provider = NULL;
    const vd_view_condition *aud = vd_statement_names(st, VD_S("SAML:aud"));
    vd_finding              *f;

    for (uint32_t i = 0; i < st->principal_count && !provider; i++)
        if (st->principals[i].shape == VD_SHAPE_FEDERATED && vd_idp_is_saml(st->principals[i].text.text))
            provider = &st->principals[i];
    if (!provider || !(vd_trust_ways(st) & WAY_SAML))
        return;
    if (aud && aud->entry->op.op && !aud->entry->op.op->negated) {
        look_at_values(l, st, aud, address_of(provider));
        return;
    }
    f = vd_lint_report(l, ROW(SAML_NO_AUD), st, provider->text.span,
                       "an assertion made for another service provider is accepted; require SAML:aud");
    vd_who_add_condition(l, f, st, "StringEquals", "SAML:aud", address_of(provider).p);
}
