/* SPDX-License-Identifier: Apache-2.0
 *
 * Web identities: which claims of a token a statement asks for, and whether they are claims of its provider.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/keys.h"
#include "lint/strength.h"
#include "lint/who.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

enum { SCORE_SHARED = 90, SCORE_PRIVATE = 60 };

/* ------------------------------------------------------------------ claims */

static bool is_claim_of(const vd_view_condition *c, vd_str host)
{
    return !c->key_hole && vd_str_ieq(c->prefix, host);
}

const vd_view_condition *vd_trust_claim(const vd_trust_web *w, vd_str claim)
{
    for (uint32_t i = 0; i < w->st->condition_count; i++) {
        const vd_view_condition *c = &w->st->conditions[i];

        if (is_claim_of(c, w->host) && vd_str_ieq(c->name, claim) && !vd_entry_may_be_absent(w->st, c))
            return c;
    }
    return NULL;
}

bool vd_trust_claim_fixed(const vd_trust_web *w, const char *claim)
{
    const vd_view_condition *c = vd_trust_claim(w, vd_str_of(claim));

    return c && c->entry->op.op && !c->entry->op.op->globs;
}

/* A claim by its name, or a whole key. */
static bool is_named(const vd_trust_web *w, const vd_view_condition *c, vd_str claim)
{
    if (vd_str_find(claim, ':') < claim.n)
        return vd_str_ieq(c->key, claim);
    return is_claim_of(c, w->host) && vd_str_ieq(c->name, claim);
}

/* Positive, whether or not it may be absent: what IAM looks for when it takes the policy. */
static bool is_asked(const vd_trust_web *w, vd_str claim)
{
    for (uint32_t i = 0; i < w->st->condition_count; i++) {
        const vd_view_condition *c = &w->st->conditions[i];
        const vd_operator       *op = c->entry->op.op;

        if (op && !op->negated && op->test != VD_TEST_NULL && is_named(w, c, claim) &&
            !vd_entry_is_always_true(c))
            return true;
    }
    return false;
}

static bool any_asked(const vd_trust_web *w, vd_str claims)
{
    vd_str one;

    while (vd_str_cut(&claims, ' ', &one))
        if (is_asked(w, one))
            return true;
    return claims.n && is_asked(w, claims);
}

static bool any_identity(const vd_trust_web *w)
{
    vd_str claims = w->idp.identity, one;

    while (vd_str_cut(&claims, ' ', &one))
        if (vd_trust_claim(w, one))
            return true;
    return claims.n && vd_trust_claim(w, claims);
}

static bool any_claim(const vd_trust_web *w)
{
    for (uint32_t i = 0; i < w->st->condition_count; i++)
        if (is_claim_of(&w->st->conditions[i], w->host) &&
            !vd_entry_may_be_absent(w->st, &w->st->conditions[i]))
            return true;
    return false;
}

/* "sub" or "sub or job_workflow_ref", as keys. */
static const char *wanted(vd_lint *l, const vd_trust_web *w, vd_str claims)
{
    vd_str first;

    if (!vd_str_cut(&claims, ' ', &first))
        first = claims;
    if (vd_str_find(first, ':') < first.n)
        return vd_lint_printf(l, VD_F, VD_A(first));
    return vd_lint_printf(l, VD_F ":" VD_F, VD_A(w->host), VD_A(first));
}

/* ------------------------------------------------------------------ what is asked */

static bool is_cognito(const vd_trust_web *w)
{
    return vd_str_eq(w->host, VD_S("cognito-identity.amazonaws.com"));
}

static void look_at_required(vd_lint *l, const vd_trust_web *w)
{
    if (w->idp.shared && w->idp.required.n && !any_asked(w, w->idp.required)) {
        vd_lint_report(l, ROW(OIDC_REJECTED), w->st, w->provider->text.span,
                       "IAM requires a condition on %s for " VD_F, wanted(l, w, w->idp.required),
                       VD_A(w->idp.name));
        if (vd_lint_wants(l, ROW(OIDC_REJECTED)) && !any_claim(w))
            return; /* the same cause */
    }
    if (!any_claim(w)) {
        vd_finding *f = vd_lint_report(l, ROW(OIDC_UNCONDITIONED), w->st, w->provider->text.span,
                                       "every identity of %s can assume this role",
                                       vd_lint_show(l, w->idp.name));

        vd_finding_score(f, w->idp.shared ? SCORE_SHARED : SCORE_PRIVATE);
        return;
    }
    if (w->idp.shared && w->idp.identity.n && !any_identity(w)) {
        vd_finding *f = vd_lint_report(l, ROW(OIDC_NO_SUB), w->st, w->provider->text.span,
                                       "aud is the same for everyone; say who with %s",
                                       wanted(l, w, w->idp.identity));

        if (!vd_str_eq(w->host, VD_S("token.actions.githubusercontent.com")))
            vd_finding_code(f, "");
    }
}

/* What the configuration wants of a provider of one's own. */
static void look_at_own(vd_lint *l, const vd_trust_web *w)
{
    const vd_trusted *t = &l->config->trusted;

    for (uint32_t i = 0; i < t->oidc_count; i++) {
        if (!vd_str_ieq(t->oidc[i].host, w->host))
            continue;
        for (uint32_t k = 0; k < t->oidc[i].require.count; k++)
            if (!vd_trust_claim(w, t->oidc[i].require.at[k]))
                vd_finding_code(vd_lint_report(l, ROW(OIDC_NO_SUB), w->st, w->provider->text.span,
                                               "the configuration requires a condition on " VD_F ":" VD_F,
                                               VD_A(w->host), VD_A(t->oidc[i].require.at[k])),
                                "");
    }
}

static void look_for_audience(vd_lint *l, const vd_trust_web *w)
{
    vd_finding *f;

    if (!w->idp.known || !(w->idp.shared || w->idp.selects) || !vd_words_have(w->idp.claims, VD_S("aud")) ||
        !any_claim(w) || vd_trust_claim(w, VD_S("aud")) || is_cognito(w))
        return;
    f = vd_lint_report(l, ROW(OIDC_NO_AUD), w->st, w->provider->text.span,
                       "tokens %s issued for other audiences are accepted as well; add " VD_F ":aud",
                       vd_lint_show(l, w->idp.name), VD_A(w->host));
    if (w->idp.selects)
        vd_finding_severity(f, VD_WARNING);
    if (f && w->idp.audience.n)
        vd_who_add_condition(l, f, w->st, "StringEquals", vd_lint_printf(l, VD_F ":aud", VD_A(w->host)),
                             vd_lint_printf(l, VD_F, VD_A(w->idp.audience)));
}

/* ------------------------------------------------------------------ claims that nobody reads */

static void look_at_claim(vd_lint *l, const vd_trust_web *w, const vd_view_condition *c)
{
    static const vd_str common = VD_L("aud sub amr email oaud");

    if (c->entry->op.op && c->entry->op.quantifier != VD_FOR_ONE && vd_str_ieq(c->name, VD_S("aud")))
        vd_lint_report(l, ROW(AUDIENCE_FORM), w->st, c->entry->operator_name.span,
                       "%s sends one audience; compare with StringEquals", vd_lint_show(l, w->idp.name));
    if (vd_words_have(common, c->name) || vd_words_have(w->idp.claims, c->name))
        return;
    vd_lint_report(l, ROW(UNKNOWN_CLAIM), w->st, c->entry->key.span, "AWS does not read %s of %s: never true",
                   vd_lint_show(l, c->name), vd_lint_show(l, w->idp.name));
}

/* ------------------------------------------------------------------ keys of others */

static vd_str bare_host(const vd_view_condition *c, vd_str *claim)
{
    vd_str s = c->key;
    size_t colon;

    if (vd_str_istarts(s, VD_S("https://")))
        s = vd_str_from(s, 8);
    colon = vd_str_find(s, ':');
    *claim = vd_str_from(s, colon + 1);
    s = vd_str_first(s, colon);
    if (s.n && s.p[s.n - 1] == '/')
        s.n--;
    return s;
}

static bool is_provider(const vd_view_statement *st, vd_str host)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (vd_str_ieq(vd_idp_host(st->principals[i].text.text), host))
            return true;
    return false;
}

/* Of an Allow whose only principals are providers.  True: some key can never be there. */
static bool look_at_hosts(vd_lint *l, const vd_view_statement *st)
{
    bool found = false;

    for (uint32_t i = 0; i < st->principal_count; i++)
        if (vd_trust_way_of(&st->principals[i]) != WAY_WEB)
            return false;
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];
        bool                     scheme = vd_str_istarts(c->key, VD_S("https://"));
        vd_str                   host, claim, own = vd_idp_host(st->principals[0].text.text);
        vd_finding              *f;

        if (c->key_hole || vd_entry_may_be_absent(st, c) ||
            (!scheme && vd_str_find(c->prefix, '.') == c->prefix.n))
            continue;
        if (!scheme && is_provider(st, c->prefix))
            continue;
        host = bare_host(c, &claim);
        found = true;
        if (is_provider(st, host))
            f = vd_lint_report(l, ROW(KEY_MISMATCH), st, c->entry->key.span,
                               "keys have the host without https:// and final slash, \"" VD_F ":" VD_F
                               "\": never true",
                               VD_A(host), VD_A(claim));
        else
            f = vd_lint_report(l, ROW(KEY_MISMATCH), st, c->entry->key.span,
                               "this key belongs to %s; the provider here is %s: never true",
                               vd_lint_show(l, host), vd_lint_show(l, own));
        if (!f || st->principal_count != 1 || claim.n == 0 || vd_str_find(own, ':') < own.n) /* where would the claim begin? */
            continue;
        if (f->fix_count == 0)
            vd_finding_fix(l, f, VD_FIX_UNSAFE, "use the key of the provider");
        vd_finding_edit(l, f, VD_EDIT_STRING, c->entry->key.span, VD_F ":" VD_F, VD_A(own), VD_A(claim));
    }
    return found;
}

/* ------------------------------------------------------------------ Cognito */

static bool mentions(const vd_view_condition *c, vd_str value)
{
    for (uint32_t i = 0; i < c->entry->values.count; i++)
        if (vd_str_eq(c->entry->values.at[i].text, value))
            return true;
    return false;
}

static void look_at_cognito(vd_lint *l, const vd_trust_web *w)
{
    const vd_view_condition *aud = vd_trust_claim(w, VD_S("aud")), *amr = vd_trust_claim(w, VD_S("amr"));

    if (!aud || vd_entry_is_always_true(aud)) {
        vd_lint_report(
            l, ROW(COGNITO), w->st, w->provider->text.span,
            "identities of any pool can assume this role; check cognito-identity.amazonaws.com:aud");
        return;
    }
    if (!amr || vd_entry_is_always_true(amr))
        vd_lint_report(l, ROW(COGNITO), w->st, w->provider->text.span,
                       "guests can assume this role; check cognito-identity.amazonaws.com:amr");
    else if (mentions(amr, VD_S("unauthenticated")))
        vd_finding_severity(
            vd_lint_report(l, ROW(COGNITO), w->st, amr->entry->key.span,
                           "this is a role for guests of the identity pool: anyone can assume it"),
            VD_SUGGESTION);
}

void vd_trust_oidc(vd_lint *l, const vd_view_statement *st)
{
    if (!(vd_trust_ways(st) & WAY_WEB) || st->principal_count == 0 || look_at_hosts(l, st))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        vd_trust_web w = { .st = st,
                           .provider = &st->principals[i],
                           .host = vd_idp_host(st->principals[i].text.text) };

        if (w.provider->shape != VD_SHAPE_FEDERATED || w.host.n == 0)
            continue;
        w.idp = vd_idp_find(l, w.host);
        for (uint32_t k = 0; k < st->condition_count; k++)
            if (is_claim_of(&st->conditions[k], w.host))
                look_at_claim(l, &w, &st->conditions[k]);
        if (is_cognito(&w)) {
            look_at_cognito(l, &w);
            continue;
        }
        look_at_required(l, &w);
        look_at_own(l, &w);
        look_for_audience(l, &w);
        vd_trust_subjects(l, &w);
    }
}
