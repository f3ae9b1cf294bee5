/* SPDX-License-Identifier: Apache-2.0
 *
 * How principals are written: fixes for what the reader of policies found, names of services in conditions,
 * principals that another one covers, NotPrincipal.
 */
#include "lint/rules/principal_int.h"

#include "base/str.h"
#include "base/suggest.h"
#include "catalog/facts.h"
#include "lint/known.h"
#include "text/hole.h"

#include <stdio.h>

#define ROW(name) (&vd_principal_rules[PRINCIPAL_##name])

enum { PAIRS_MOST = 200 }; /* principals of one list that are compared with each other */

/* ------------------------------------------------------------------ fixes of faults */

/* Text that can be put into JSON as it is. */
static bool is_plain(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == '\\' || (unsigned char)s.p[i] < 0x20)
            return false;
    return s.n > 0;
}

static void fix_format(vd_lint *l, vd_finding *f)
{
    bool service = vd_str_ends(f->token, VD_S(".amazonaws.com"));

    if (!is_plain(f->token) ||
        (!service && !vd_str_starts(f->token, VD_S("arn:")) && !vd_is_account(f->token)))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "say that it is %s", service ? "a service" : "an AWS principal");
    vd_finding_edit(l, f, VD_EDIT_VALUE, f->span, "{\"%s\": \"" VD_F "\"}", service ? "Service" : "AWS",
                    VD_A(f->token));
}

static void fix_key(vd_lint *l, vd_finding *f)
{
    static const vd_str kinds[] = { VD_L("AWS"), VD_L("Service"), VD_L("Federated"), VD_L("CanonicalUser") };

    for (size_t i = 0; i < VD_COUNT(kinds); i++) {
        if (vd_distance(f->token, kinds[i], 1) > 1)
            continue;
        vd_finding_fix(l, f, VD_FIX_SAFE, "replace with " VD_F, VD_A(kinds[i]));
        vd_finding_edit(l, f, VD_EDIT_STRING, f->span, VD_F, VD_A(kinds[i]));
        return;
    }
}

/* The one entry of an object with one member: its kind can be changed as a whole. */
static bool stands_alone(const vd_lint *l, const vd_finding *f, const vd_principals **out)
{
    const vd_principals *p = f->statement < l->policy->statement_count
                                 ? &l->policy->statements[f->statement].principal
                                 : NULL;

    *out = p;
    return p && p->count == 1;
}

/* "1111-2222-3333" to 12 digits. */
static bool digits_of_account(char *out, vd_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (vd_is_digit(s.p[i]) && n < 12)
            out[n++] = s.p[i];
        else if (s.p[i] != '-')
            return false;
    }
    out[n] = 0;
    return n == 12;
}

static void fix_arn(vd_lint *l, vd_finding *f)
{
    const vd_principals *p;
    char                 account[13];
    vd_arn               arn;
    vd_str               type = { "", 0 };

    if (digits_of_account(account, f->token)) {
        vd_finding_message(l, f, "\"" VD_F "\" cannot be a principal; an account is 12 digits",
                           VD_A(f->token));
        f->hint = (vd_str){ "", 0 };
        vd_finding_fix(l, f, VD_FIX_SAFE, "replace with %s", account);
        vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "%s", account);
        return;
    }
    if (vd_str_ends(f->token, VD_S(".amazonaws.com")))
        type = VD_S("Service");
    else if (vd_arn_split(&arn, f->token) && (vd_str_starts(arn.resource, VD_S("oidc-provider/")) ||
                                              vd_str_starts(arn.resource, VD_S("saml-provider/"))))
        type = VD_S("Federated");
    if (type.n && is_plain(f->token) && stands_alone(l, f, &p)) {
        vd_finding_fix(l, f, VD_FIX_UNSAFE, "put it under " VD_F, VD_A(type));
        vd_finding_edit(l, f, VD_EDIT_VALUE, p->value, "{\"" VD_F "\": \"" VD_F "\"}", VD_A(type),
                        VD_A(f->token));
        return;
    }
    if (type.n || !vd_arn_split(&arn, f->token) || !vd_str_eq(arn.service, VD_S("iam")) ||
        !vd_is_account(arn.account) || vd_str_find(arn.resource, '/') < arn.resource.n ||
        !is_plain(arn.resource) || arn.region.n)
        return;
    vd_finding_hint(l, f, "did you mean role/" VD_F "?", VD_A(arn.resource));
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "name the role " VD_F, VD_A(arn.resource));
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "arn:" VD_F ":iam::" VD_F ":role/" VD_F,
                    VD_A(arn.partition), VD_A(arn.account), VD_A(arn.resource));
}

/* A pattern of one account moves into a condition. */
static void fix_wildcard(vd_lint *l, vd_finding *f)
{
    const vd_principals *p;
    const vd_statement  *st;
    vd_arn               arn;

    if (!vd_arn_split(&arn, f->token) || !vd_is_account(arn.account) || !is_plain(f->token) ||
        !stands_alone(l, f, &p) || p->negated || p->at[0].type != VD_PRINCIPAL_AWS)
        return;
    st = &l->policy->statements[f->statement];
    if (st->has_condition)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "name the account, and give the pattern to aws:PrincipalArn");
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "arn:" VD_F ":iam::" VD_F ":root", VD_A(arn.partition),
                    VD_A(arn.account));
    vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->span,
                    "\"Condition\": {\"ArnLike\": {\"aws:PrincipalArn\": \"" VD_F "\"}}", VD_A(f->token));
}

/* "https://Lambda.amazonaws.com/" to "lambda.amazonaws.com", "lambda" likewise; false: no idea. */
static bool service_meant(const vd_lint *l, vd_str s, char *out, size_t room, bool *only_case)
{
    vd_str bare = s, host;
    size_t n = 0;

    *only_case = false;
    if (vd_str_istarts(bare, VD_S("https://")))
        bare = vd_str_from(bare, 8);
    else if (vd_str_istarts(bare, VD_S("http://")))
        bare = vd_str_from(bare, 7);
    if (vd_str_cut(&bare, '/', &host))
        bare = host;
    if (bare.n == 0 || bare.n + 16 > room)
        return false;
    for (; n < bare.n; n++) {
        out[n] = vd_lower(bare.p[n]);
        if (!vd_is_digit(out[n]) && !vd_is_alpha(out[n]) && out[n] != '-' && out[n] != '.')
            return false;
    }
    out[n] = 0;
    *only_case = bare.n == s.n && vd_str_ends(vd_str_of(out), VD_S(".amazonaws.com"));
    if (vd_str_contains(vd_str_of(out), VD_S(".amazonaws.")))
        return true;
    if (!vd_known_service_find(l, vd_str_of(out)).known)
        return false;
    memcpy(out + n, ".amazonaws.com", sizeof ".amazonaws.com");
    return true;
}

static void fix_service(vd_lint *l, vd_finding *f)
{
    char meant[160];
    bool only_case;

    if (!service_meant(l, f->token, meant, sizeof meant, &only_case))
        return;
    vd_finding_message(l, f, "\"%s\" is not a service principal; write it like %s", vd_lint_show(l, f->token),
                       meant);
    f->hint = (vd_str){ "", 0 };
    vd_finding_fix(l, f, only_case ? VD_FIX_SAFE : VD_FIX_UNSAFE, "replace with %s", meant);
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "%s", meant);
}

/* ------------------------------------------------------------------ NotPrincipal */

static bool lists_account(const vd_principals *p, vd_str account)
{
    for (uint32_t i = 0; i < p->count; i++) {
        vd_str s = p->at[i].text.text;
        vd_arn arn;

        if (p->at[i].type != VD_PRINCIPAL_AWS)
            continue;
        if (vd_str_eq(s, account) || (vd_arn_split(&arn, s) && vd_str_eq(arn.account, account) &&
                                      vd_str_eq(arn.resource, VD_S("root"))))
            return true;
    }
    return false;
}

/* The part of assumed-role/ROLE/SESSION or role/PATH/ROLE that names the role. */
static bool role_of(vd_str s, bool session, vd_arn *arn, vd_str *role)
{
    vd_str rest, head;

    if (!vd_arn_split(arn, s))
        return false;
    if (session) {
        if (!vd_str_starts(arn->resource, VD_S("assumed-role/")))
            return false;
        rest = vd_str_from(arn->resource, sizeof "assumed-role/" - 1);
        if (!vd_str_cut(&rest, '/', &head))
            return false;
        *role = head;
        return true;
    }
    if (!vd_str_starts(arn->resource, VD_S("role/")))
        return false;
    *role = vd_str_from(arn->resource, vd_str_rfind(arn->resource, '/') + 1);
    return true;
}

static bool lists_role(const vd_principals *p, vd_str account, vd_str role)
{
    for (uint32_t i = 0; i < p->count; i++) {
        vd_arn arn;
        vd_str name;

        if (p->at[i].type == VD_PRINCIPAL_AWS && role_of(p->at[i].text.text, false, &arn, &name) &&
            vd_str_eq(arn.account, account) && vd_str_eq(name, role))
            return true;
    }
    return false;
}

/* Who of the list is denied all the same, because something that it also is does not stand there. */
static const vd_view_principal *trapped(const vd_view_statement *st, const char **missing)
{
    const vd_principals *list = &st->model->principal;

    for (uint32_t i = 0; i < st->principal_count && i < PAIRS_MOST; i++) {
        const vd_view_principal *p = &st->principals[i];
        vd_arn                   arn;
        vd_str                   role;

        if (p->hole || p->account.n == 0 ||
            (p->shape != VD_SHAPE_ROLE && p->shape != VD_SHAPE_USER && p->shape != VD_SHAPE_SESSION))
            continue;
        *missing = "its account";
        if (!lists_account(list, p->account))
            return p;
        *missing = "its role";
        if (p->shape == VD_SHAPE_SESSION && role_of(p->text.text, true, &arn, &role) &&
            !lists_role(list, p->account, role))
            return p;
    }
    return NULL;
}

static bool spares_arns(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].type != VD_PRINCIPAL_AWS || st->principals[i].hole ||
            !st->principals[i].text.text.n || st->principals[i].shape == VD_SHAPE_EVERYONE ||
            !is_plain(st->principals[i].text.text))
            return false;
    return st->principal_count > 0;
}

/* Principal "*" and ArnNotEquals aws:PrincipalArn with the roles and users of the list. */
static void fix_not_principal(vd_lint *l, vd_finding *f, const vd_view_statement *st)
{
    char   values[768];
    size_t n = 0;

    if (!f || !spares_arns(st) || st->model->has_condition)
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];
        int                      wrote;

        if (p->shape != VD_SHAPE_ROLE && p->shape != VD_SHAPE_USER)
            continue; /* accounts and sessions stand there for a role that is listed too */
        wrote = snprintf(values + n, sizeof values - n, "%s\"" VD_F "\"", n ? ", " : "", VD_A(p->text.text));
        if (wrote < 0 || (size_t)wrote >= sizeof values - n)
            return;
        n += (size_t)wrote;
    }
    if (n == 0)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "deny everyone unless aws:PrincipalArn is one of them");
    vd_finding_edit(l, f, VD_EDIT_STRING, st->model->principal.key, "Principal");
    vd_finding_edit(l, f, VD_EDIT_VALUE, st->model->principal.value, "\"*\"");
    vd_finding_edit(l, f, VD_EDIT_ADD_MEMBER, st->model->span,
                    "\"Condition\": {\"ArnNotEquals\": {\"aws:PrincipalArn\": [%s]}}", values);
}

static bool is_trap(const vd_view_statement *st, const vd_view_principal **who, const char **missing)
{
    if (st->allow || !st->model->principal.negated || st->principals_hole)
        return false;
    *who = trapped(st, missing);
    return *who != NULL;
}

static void look_at_not_principal(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who;
    const char              *missing;
    vd_finding              *f;

    if (st->allow || !st->model->principal.negated)
        return;
    if (is_trap(st, &who, &missing))
        f = vd_lint_report(l, ROW(DENY_NOT_TRAP), st, who->text.span,
                           "a session of \"%s\" is also %s: unless all are listed it is denied; ArnNotEquals "
                           "aws:PrincipalArn is simpler",
                           vd_lint_show(l, who->text.text), missing);
    else
        f = vd_lint_report(l, ROW(NOT_USED), st, st->model->principal.key,
                           "NotPrincipal is being phased out and does not survive re-created roles; use "
                           "Principal \"*\" with "
                           "ArnNotEquals aws:PrincipalArn");
    fix_not_principal(l, f, st);
}

/* ------------------------------------------------------------------ covered by another */

static bool same_account(const vd_view_principal *a, const vd_view_principal *b)
{
    return a->shape == VD_SHAPE_ACCOUNT && b->shape == VD_SHAPE_ACCOUNT && a->account.n &&
           vd_str_eq(a->account, b->account);
}

static bool covers_session(const vd_view_principal *role, const vd_view_principal *session)
{
    vd_arn a, b;
    vd_str name, other;

    return role->shape == VD_SHAPE_ROLE && session->shape == VD_SHAPE_SESSION &&
           role_of(role->text.text, false, &a, &name) && role_of(session->text.text, true, &b, &other) &&
           vd_str_eq(a.account, b.account) && vd_str_eq(name, other);
}

/* a before b: of two equal ones the later goes. */
static bool covers_principal(const vd_view_principal *a, const vd_view_principal *b, bool before)
{
    if (a->type != b->type || a->hole || b->hole)
        return false;
    if (a->shape == VD_SHAPE_EVERYONE && b->shape != VD_SHAPE_EVERYONE)
        return b->shape != VD_SHAPE_OTHER;
    if (covers_session(a, b))
        return true;
    return before && (vd_str_eq(a->text.text, b->text.text) || same_account(a, b));
}

static void look_for_covered(vd_lint *l, const vd_view_statement *st)
{
    if (st->principal_count < 2 || st->principal_count > PAIRS_MOST || st->model->principal.negated ||
        !vd_lint_wants(l, ROW(REDUNDANT)))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i], *by = NULL;
        vd_finding              *f;

        for (uint32_t k = 0; k < st->principal_count && !by; k++)
            if (k != i && covers_principal(&st->principals[k], p, k < i))
                by = &st->principals[k];
        if (!by)
            continue;
        f = vd_lint_report(l, ROW(REDUNDANT), st, p->text.span, "\"%s\" is already covered by \"%s\"",
                           vd_lint_show(l, p->text.text), vd_lint_show(l, by->text.text));
        if (f && l->kind != VD_KIND_TRUST)
            vd_finding_code(f, "");
        if (f && f->fix_count == 0)
            vd_finding_fix(l, f, VD_FIX_SAFE, "remove what is covered");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, p->text.span, "%s", "");
    }
}

static void look_at_sessions(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];
        vd_finding              *f;
        vd_arn                   arn;
        vd_str                   role;

        if (p->shape != VD_SHAPE_SESSION || p->hole || !role_of(p->text.text, true, &arn, &role))
            continue;
        if (lists_role(&st->model->principal, arn.account, role))
            continue; /* redundant, or there for NotPrincipal's sake */
        f = vd_lint_report(l, ROW(SESSION), st, p->text.span,
                           "\"%s\" matches this one session name only; use the role's ARN",
                           vd_lint_show(l, p->text.text));
        if (!f || !is_plain(role))
            continue;
        if (f->fix_count == 0)
            vd_finding_fix(l, f, VD_FIX_UNSAFE, "name the role");
        vd_finding_edit(l, f, VD_EDIT_STRING, p->text.span, "arn:" VD_F ":iam::" VD_F ":role/" VD_F,
                        VD_A(arn.partition), VD_A(arn.account), VD_A(role));
    }
}

void vd_principal_forms(vd_lint *l, const vd_view_statement *st)
{
    if (l->kind == VD_KIND_RESOURCE)
        look_at_not_principal(l, st);
    look_for_covered(l, st);
    look_at_sessions(l, st);
}

void vd_principal_adopt(vd_lint *l, vd_finding *f)
{
    switch ((uint32_t)(f->rule - vd_principal_rules)) {
    case PRINCIPAL_FORMAT:
        fix_format(l, f);
        break;
    case PRINCIPAL_KEY:
        fix_key(l, f);
        break;
    case PRINCIPAL_ARN:
        fix_arn(l, f);
        break;
    case PRINCIPAL_WILDCARD:
        fix_wildcard(l, f);
        break;
    case PRINCIPAL_SERVICE:
        fix_service(l, f);
        break;
    case PRINCIPAL_ALLOW_NOT:
        f->severity = VD_SECURITY;
        vd_finding_message(l, f, "allows everyone on the internet except those listed");
        break;
    case PRINCIPAL_NOT_USED:
        f->rule = NULL; /* looked at with the whole list in view */
        break;
    default:
        break;
    }
}

/* ------------------------------------------------------------------ services in conditions */

static const struct {
    vd_str key;
    bool   regional; /* service.region.amazonaws.com */
} service_keys[] = {
    { VD_L("kms:ViaService"), true },
    { VD_L("iam:PassedToService"), false },
    { VD_L("iam:AWSServiceName"), false },
    { VD_L("aws:CalledVia"), false },
    { VD_L("aws:CalledViaFirst"), false },
    { VD_L("aws:CalledViaLast"), false },
    { VD_L("aws:PrincipalServiceName"), false },
};

static bool ends_like_service(vd_str s)
{
    return vd_str_ends(s, VD_S(".amazonaws.com")) || vd_str_ends(s, VD_S(".amazonaws.com.cn")) ||
           vd_str_ends(s, VD_S(".amazonaws.eu")) || vd_str_ends(s, VD_S(".aws.internal")) ||
           vd_str_ends(s, VD_S(".c2s.ic.gov")) || vd_str_ends(s, VD_S(".sc2s.sgov.gov"));
}

static vd_str without_ending(vd_str s)
{
    size_t at = 0;

    while (at < s.n && !vd_str_starts(vd_str_from(s, at), VD_S(".amazonaws.")))
        at++;
    return vd_str_first(s, at);
}

static bool has_capital(vd_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            return true;
    return false;
}

static void say_service(vd_lint *l, const vd_view_statement *st, const vd_text *v, bool regional)
{
    vd_str      name = without_ending(v->text);
    vd_finding *f;
    char        meant[160];
    bool        only_case, known;

    if (regional) {
        vd_lint_report(l, ROW(SERVICE), st, v->span,
                       "\"%s\" is no service as kms:ViaService has them; write it like %s",
                       vd_lint_show(l, v->text),
                       vd_lint_printf(l, VD_F ".eu-west-1.amazonaws.com",
                                      VD_A(name.n && name.n < 64 ? name : VD_S("s3"))));
        return;
    }
    known = service_meant(l, v->text, meant, sizeof meant, &only_case);
    f = vd_lint_report(l, ROW(SERVICE), st, v->span, "\"%s\" is not a service principal; write it like %s",
                       vd_lint_show(l, v->text), known ? meant : "lambda.amazonaws.com");
    if (!known || !f)
        return;
    vd_finding_fix(l, f, only_case ? VD_FIX_SAFE : VD_FIX_UNSAFE, "replace with %s", meant);
    vd_finding_edit(l, f, VD_EDIT_STRING, v->span, "%s", meant);
}

void vd_principal_service_values(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    size_t          k = 0;

    if (c->key_hole || !e->op.op ||
        (e->op.op->test != VD_TEST_STRING && e->op.op->test != VD_TEST_STRING_FOLDED &&
         e->op.op->test != VD_TEST_LIKE))
        return;
    while (k < VD_COUNT(service_keys) && !vd_str_ieq(service_keys[k].key, c->key))
        k++;
    if (k == VD_COUNT(service_keys))
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        const vd_text *v = &e->values.at[i];
        bool good, wild = vd_str_find(v->text, '*') < v->text.n || vd_str_find(v->text, '?') < v->text.n;

        if (wild || v->text.n == 0 || vd_has_hole(v->text) || vd_str_contains(v->text, VD_S("${")))
            continue;
        good = ends_like_service(v->text) &&
               (!has_capital(v->text) || e->op.op->test == VD_TEST_STRING_FOLDED);
        if (good && service_keys[k].regional) {
            vd_str name = without_ending(v->text);

            good = name.n == v->text.n || !vd_str_eq(vd_service_without_region(name), name);
        }
        if (!good)
            say_service(l, st, v, service_keys[k].regional);
    }
}
