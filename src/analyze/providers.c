/* SPDX-License-Identifier: Apache-2.0
 *
 * Callers with the token of an identity provider.  Everybody behind a private issuer is one party.  Of an issuer that all its
 * customers share (idp.tsv) the stranger is another customer: all claims that the issuer assigns to a customer have values
 * that nobody has listed.  "repo:acme/..." lists the customer acme, "repo:acme*" nobody.
 */
#include "analyze/exposing.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/glob.h"

enum { CLAIMS = 16 };

typedef struct provider {
    vd_str   issuer; /* host and path, as claims begin */
    bool     saml, shared, consumer, cognito, any;
    uint32_t row;    /* of idp; VD_NONE: none */
} provider;

/* ------------------------------------------------------------------ who it is */

static uint32_t row_of(const vd_exposing *x, vd_str issuer)
{
    vd_sheet s = vd_catalog_sheet(x->catalog, VD_S("idp"));
    vd_run   run = vd_sheet_find(s, issuer);

    if (run.count)
        return run.first;
    for (uint32_t i = 0; i < s.rows; i++) {
        vd_str pattern = vd_sheet_cell(s, i, 0);
        char   coded[256];

        if (pattern.n <= sizeof coded && vd_str_find(pattern, '*') < pattern.n &&
            vd_glob_match((vd_str){ coded, vd_glob_code(coded, pattern) }, issuer))
            return i;
    }
    return VD_NONE;
}

static vd_str column(const vd_exposing *x, uint32_t row, const char *name)
{
    vd_sheet s = vd_catalog_sheet(x->catalog, VD_S("idp"));
    uint32_t c = vd_sheet_column(s, vd_str_of(name));

    return row != VD_NONE && c != VD_NONE ? vd_sheet_cell(s, row, c) : (vd_str){ "", 0 };
}

static provider provider_of(const vd_exposing *x, vd_str text)
{
    static const vd_str oidc = VD_L(":oidc-provider/"), consumers[] = { VD_L("www.amazon.com"), VD_L("graph.facebook.com"),
                                                                        VD_L("accounts.google.com") };
    provider            p = { .issuer = text, .row = VD_NONE, .saml = vd_str_contains(text, VD_S(":saml-provider/")) };

    for (size_t i = 0; i + oidc.n <= text.n; i++)
        if (vd_str_starts(vd_str_from(text, i), oidc))
            p.issuer = vd_str_from(text, i + oidc.n);
    if (p.saml)
        return p;
    p.row = row_of(x, p.issuer);
    p.shared = vd_str_eq(column(x, p.row, "shared"), VD_S("yes"));
    p.cognito = vd_str_eq(p.issuer, VD_S("cognito-identity.amazonaws.com"));
    for (size_t i = 0; i < VD_COUNT(consumers); i++)
        p.consumer |= vd_str_eq(p.issuer, consumers[i]);
    return p;
}

/* ------------------------------------------------------------------ claims */

/* "token.actions.githubusercontent.com:sub"; claims with a colon are keys of their own. */
static bool key_of(vd_exposing *x, const provider *p, vd_str claim, vd_str *out)
{
    if (vd_str_find(claim, ':') < claim.n) {
        *out = claim;
        return true;
    }
    if (!vd_arena_printf(&x->arena, out, VD_F ":" VD_F, VD_A(p->issuer), VD_A(claim)))
        x->nomem = true;
    return !x->nomem;
}

static bool is_plain(vd_str s)
{
    return s.n && vd_str_find(s, '*') == s.n && vd_str_find(s, '?') == s.n && !vd_str_contains(s, VD_S("${"));
}

/* The tenant in a value, by a form "repo:{}/": what stands in the braces, if it has no wildcard and ends where it must. */
static bool tenant_in(vd_str value, vd_str form, vd_str *tenant)
{
    size_t hole = vd_str_find(form, '{');
    vd_str before = vd_str_first(form, hole), behind = vd_str_from(form, hole + 2), rest;
    size_t end;

    if (!vd_str_starts(value, before))
        return false;
    rest = vd_str_from(value, before.n);
    end = behind.n ? vd_str_find(rest, behind.p[0]) : rest.n;
    *tenant = vd_str_first(rest, end);
    return is_plain(*tenant) && (behind.n == 0 || end < rest.n);
}

typedef struct pinned {
    vd_str  *at;
    uint32_t count, cap;
} pinned;

static void add_pinned(vd_exposing *x, pinned *list, vd_str text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (vd_str_eq(list->at[i], text))
            return;
    if (!VD_ARENA_PUSH(&x->arena, list->at, list->count, list->cap, text))
        x->nomem = true;
}

static void pin_values(vd_exposing *x, pinned *list, const vd_says *says, vd_str key, vd_str form)
{
    size_t hole = vd_str_find(form, '{');

    for (uint32_t i = 0; i < says->count; i++) {
        const vd_statement *st = &says->at[i].policy->statements[says->at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++) {
            const vd_entry *e = &st->entries[k];

            if (!vd_str_ieq(e->key.text, key) || !e->op.op || e->op.op->test == VD_TEST_NULL)
                continue;
            for (uint32_t v = 0; v < e->values.count; v++) {
                vd_str tenant, all;

                if (!tenant_in(e->values.at[v].text, form, &tenant))
                    continue;
                if (!vd_arena_printf(&x->arena, &all, VD_F VD_F VD_F "%s", VD_A(vd_str_first(form, hole)), VD_A(tenant),
                                     VD_A(vd_str_from(form, hole + 2)), form.n > hole + 2 ? "*" : ""))
                    x->nomem = true;
                else
                    add_pinned(x, list, all);
            }
        }
    }
}

/* Another customer of the issuer.  conditions: the claims that pin one, for the finding. */
static void other_customer(vd_exposing *x, vd_scope *scope, const provider *p, vd_required *conditions, uint32_t *count)
{
    vd_str forms = column(x, p->row, "tenant"), one;

    *count = 0;
    while (forms.n && !x->nomem) {
        vd_str claim, key;
        pinned list = { 0 };

        if (!vd_str_cut(&forms, ' ', &one)) {
            one = forms;
            forms = (vd_str){ "", 0 };
        }
        if (!vd_str_cut(&one, '=', &claim) || !key_of(x, p, claim, &key))
            continue;
        pin_values(x, &list, &x->allows, key, one);
        pin_values(x, &list, &x->denies, key, one);
        if (list.count == 0)
            continue;
        vd_scope_add(x, scope,
                     (vd_demand){ vd_symbolic_condition(x->s, vd_key_arity(key) == VD_ARITY_MANY ? "ForAnyValue:StringLike" : "StringLike", key,
                                                        list.at, list.count, &x->nomem),
                                  true });
        if (*count < CLAIMS)
            conditions[(*count)++] = (vd_required){ .key = key, .operator_name = VD_S("StringLike"), .values = list.at, .count = list.count,
                                                    .control = "claim" };
    }
}

/* Tokens always have a subject and an audience. */
static void always_there(vd_exposing *x, vd_scope *scope, const provider *p)
{
    static const char *const claims[] = { "sub", "aud" };

    for (size_t i = 0; i < VD_COUNT(claims) && !p->saml && !p->any && !p->consumer; i++) {
        vd_str key, no = VD_S("false");

        if (key_of(x, p, vd_str_of(claims[i]), &key) && vd_key_occurs(x, key))
            vd_scope_add(x, scope, (vd_demand){ vd_symbolic_condition(x->s, "Null", key, &no, 1, &x->nomem), false });
    }
}

/* What an issuer writes into a subject: "repo:acme-evil/app:ref:refs/heads/main", if that will do. */
static void usual_subject(vd_exposing *x, vd_scope *scope, const provider *p)
{
    vd_str forms = column(x, p->row, "tenant"), key, form = { "", 0 }, like;

    if (!vd_str_starts(forms, VD_S("sub=")) || !key_of(x, p, VD_S("sub"), &key) || !vd_key_occurs(x, key))
        return;
    form = vd_str_from(vd_str_first(forms, vd_str_find(forms, ' ')), 4);
    if (form.n < 3)
        return;
    if (!vd_arena_printf(&x->arena, &like, VD_F "?*" VD_F "?*:?*", VD_A(vd_str_first(form, vd_str_find(form, '{'))),
                         VD_A(vd_str_from(form, vd_str_find(form, '{') + 2))))
        x->nomem = true;
    else
        vd_scope_add(x, scope, (vd_demand){ vd_symbolic_condition(x->s, "StringLike", key, &like, 1, &x->nomem), false });
}

/* ------------------------------------------------------------------ questions */

static vd_answer ask(vd_exposing *x, const vd_scope *scope, vd_model *model, uint32_t *part, const char **why)
{
    return vd_exposing_ask(x, scope, VD_PROVIDERS, model, part, why);
}

/* Who has not signed in has a token as well, which says nothing else. */
static bool lets_guests_in(vd_exposing *x, const vd_scope *scope, vd_str amr)
{
    vd_scope    more = *scope;
    vd_model    model;
    uint32_t    part;
    const char *why;
    vd_str      guest = VD_S("unauthenticated"), no = VD_S("false");

    if (!vd_key_occurs(x, amr))
        return true;
    more.cap = more.count;
    vd_scope_add(x, &more, (vd_demand){ vd_symbolic_condition(x->s, "ForAllValues:StringEquals", amr, &guest, 1, &x->nomem), false });
    vd_scope_add(x, &more, (vd_demand){ vd_symbolic_condition(x->s, "Null", amr, &no, 1, &x->nomem), false });
    return !x->nomem && ask(x, &more, &model, &part, &why) != VD_UNSAT;
}

/* Nobody looks at the subject: some token with one that is not listed gets in. */
static bool any_subject(vd_exposing *x, const vd_scope *scope, const provider *p)
{
    vd_scope    more = *scope;
    vd_model    model;
    uint32_t    part;
    const char *why;
    vd_str      key;
    pinned      list = { 0 };

    if (!key_of(x, p, VD_S("sub"), &key))
        return false;
    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_statement *st = &x->allows.at[i].policy->statements[x->allows.at[i].index];

        for (uint32_t k = 0; k < st->entry_count; k++)
            for (uint32_t v = 0; vd_str_ieq(st->entries[k].key.text, key) && v < st->entries[k].values.count; v++)
                if (!vd_str_eq(st->entries[k].values.at[v].text, VD_S("*")))
                    add_pinned(x, &list, st->entries[k].values.at[v].text);
    }
    more.cap = more.count;
    if (list.count)
        vd_scope_add(x, &more, (vd_demand){ vd_symbolic_condition(x->s, "StringLike", key, list.at, list.count, &x->nomem), true });
    return !x->nomem && ask(x, &more, &model, &part, &why) == VD_SAT;
}

static uint32_t flags_of(vd_exposing *x, const vd_scope *scope, const provider *p, bool is_public)
{
    uint32_t flags = 0;
    vd_str   amr;

    if (p->consumer && !is_public)
        flags |= VD_FLAG_ANY_USER_OF_APPLICATION;
    if (p->cognito && key_of(x, p, VD_S("amr"), &amr) && lets_guests_in(x, scope, amr))
        flags |= VD_FLAG_UNAUTHENTICATED;
    if (!p->saml && !p->any && !p->shared && any_subject(x, scope, p))
        flags |= VD_FLAG_WHOLE_ISSUER;
    return flags;
}

static bool report(vd_exposing *x, uint32_t predicate, const provider *p, const vd_scope *given)
{
    vd_scope     scope = *given, other, form;
    vd_cell      cell = { { VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE } };
    vd_required *conditions = vd_arena_new_array(&x->arena, vd_required, CLAIMS);
    vd_model     model, kept = { 0 };
    uint32_t     part = VD_NONE, count = 0, flags = 0;
    const char  *why = NULL;
    vd_answer    answer = VD_UNSAT;
    bool         is_public = p->any;

    if (!conditions)
        x->nomem = true;
    scope.cap = scope.count;
    always_there(x, &scope, p);
    other = scope;
    other.cap = other.count;
    if (p->shared && !x->nomem) {
        other_customer(x, &other, p, conditions, &count);
        form = other;
        form.cap = form.count;
        usual_subject(x, &form, p);
        answer = ask(x, &form, &model, &part, &why);
        if (answer != VD_SAT)
            answer = ask(x, &other, &model, &part, &why);
        is_public = answer != VD_UNSAT;
    }
    if (answer == VD_UNSAT && !x->nomem)
        answer = ask(x, &scope, &model, &part, &why);
    if (answer == VD_UNSAT || x->nomem)
        return !x->nomem;
    if (answer == VD_UNKNOWN)
        return vd_cells_unknown(x, VD_PROVIDERS, &cell, &scope, why, is_public);
    if (!vd_model_keep(&kept, &model, &x->arena)) {
        x->nomem = true;
        return false;
    }
    cell.at[VD_DIM_PRINCIPAL] = predicate;
    flags = flags_of(x, &scope, p, is_public);
    return vd_cells_emit(x, VD_PROVIDERS, &cell, is_public ? &other : &scope, &kept, part, flags, is_public,
                         is_public ? NULL : conditions, is_public ? 0 : count);
}

/* Told when the catalogue was believed. */
static bool is_told(const vd_exposing *x, uint32_t predicate)
{
    for (uint32_t i = 0; x->hard && i < x->founds.count; i++)
        if (x->founds.at[i].family == VD_PROVIDERS && x->founds.at[i].cell.at[VD_DIM_PRINCIPAL] == predicate &&
            vd_found_has(&x->founds.at[i], x->at_class))
            return true;
    return false;
}

/* Each provider that is named; and whoever comes with a token of another, where everybody may. */
bool vd_providers_report(vd_exposing *x)
{
    vd_scope rest = x->base[VD_PROVIDERS];
    provider any = { .row = VD_NONE, .any = true };
    vd_str   some = VD_S("cognito-identity.amazonaws.com");

    rest.cap = rest.count;
    for (uint32_t i = 0; i < x->predicate_count && !x->nomem; i++) {
        const vd_predicate *pr = &x->predicates[i];
        vd_scope            scope = x->base[VD_PROVIDERS];
        provider            p;

        if (pr->kind != VD_IS_PROVIDER || !pr->live)
            continue;
        p = provider_of(x, pr->text);
        scope.cap = scope.count;
        vd_scope_any(x, &scope, pr->any, pr->any_count);
        vd_scope_none(x, &rest, pr->any, pr->any_count);
        if (!is_told(x, i) && !report(x, i, &p, &scope))
            return false;
    }
    vd_scope_add(x, &rest, (vd_demand){ vd_symbolic_principal(x->s, VD_BIT(VD_ASKER_WEB_IDENTITY), &some, 1, &x->nomem), false });
    return !x->nomem && (is_told(x, VD_NONE) || report(x, VD_NONE, &any, &rest));
}
