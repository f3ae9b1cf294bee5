/* SPDX-License-Identifier: Apache-2.0
 *
 * How trust policies are written: ways into a role, who can use which, keys that no such call carries.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "base/suggest.h"
#include "lint/keys.h"
#include "lint/strength.h"
#include "lint/who.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

/* ------------------------------------------------------------------ ways in */

static const struct {
    vd_str   action;
    unsigned way;
} ways[] = {
    { VD_L("sts:AssumeRole"), WAY_ROLE },
    { VD_L("sts:AssumeRoleWithSAML"), WAY_SAML },
    { VD_L("sts:AssumeRoleWithWebIdentity"), WAY_WEB },
    { VD_L("sts:TagSession"), WAY_TAG },
    { VD_L("sts:SetSourceIdentity"), WAY_IDENTITY },
    { VD_L("sts:SetContext"), WAY_CONTEXT },
};

unsigned vd_trust_ways_of_text(vd_str action)
{
    unsigned found = 0;

    for (size_t i = 0; i < VD_COUNT(ways); i++)
        if (vd_view_action_matches(action, ways[i].action))
            found |= ways[i].way;
    return found;
}

unsigned vd_trust_ways(const vd_view_statement *st)
{
    unsigned found = 0;

    for (uint32_t i = 0; i < st->action_count; i++)
        if (!st->actions[i].hole)
            found |= vd_trust_ways_of_text(st->actions[i].text.text);
    return found;
}

const char *vd_trust_action_of(unsigned way)
{
    for (size_t i = 0; i < VD_COUNT(ways); i++)
        if (ways[i].way == way)
            return ways[i].action.p;
    return "";
}

unsigned vd_trust_way_of(const vd_view_principal *p)
{
    if (p->shape == VD_SHAPE_OTHER && p->hole)
        return 0;
    if (p->shape != VD_SHAPE_FEDERATED)
        return p->type == VD_PRINCIPAL_CANONICAL_USER ? 0 : WAY_ROLE;
    if (vd_idp_is_saml(p->text.text))
        return WAY_SAML;
    return vd_idp_host(p->text.text).n ? WAY_WEB : 0;
}

bool vd_trust_lets_in(const vd_view_statement *st)
{
    return vd_who_grants(st) && (vd_trust_ways(st) & WAY_IN) != 0;
}

/* Ways that the principals can use; 0: one of them is not known. */
static unsigned ways_of_principals(const vd_view_statement *st)
{
    unsigned found = 0;

    for (uint32_t i = 0; i < st->principal_count; i++) {
        unsigned way = vd_trust_way_of(&st->principals[i]);

        if (way == 0)
            return 0;
        found |= way;
    }
    return found;
}

static bool is_one_way(unsigned set)
{
    return set == WAY_ROLE || set == WAY_SAML || set == WAY_WEB;
}

/* ------------------------------------------------------------------ faults of the reader */

static void fix_action(vd_lint *l, vd_finding *f)
{
    const vd_str *only = NULL;

    for (size_t i = 0; i < VD_COUNT(ways); i++) {
        if (vd_distance(f->token, ways[i].action, 1) > 1)
            continue;
        if (only)
            return;
        only = &ways[i].action;
    }
    if (!only)
        return;
    vd_finding_hint(l, f, "did you mean \"" VD_F "\"?", VD_A(*only));
    vd_finding_fix(l, f, VD_FIX_SAFE, "replace with " VD_F, VD_A(*only));
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, VD_F, VD_A(*only));
}

/* "https://host/path": the ARN that it has in the account of the deployment. */
static void fix_federated(vd_lint *l, vd_finding *f)
{
    vd_str host = f->token;

    if (vd_str_istarts(host, VD_S("https://")))
        host = vd_str_from(host, 8);
    if (host.n && host.p[host.n - 1] == '/')
        host.n--;
    if (vd_str_find(host, '\\') < host.n) /* it stands there escaped */
        return;
    if (host.n < f->token.n && vd_idp_host(host).n) {
        vd_finding_fix(l, f, VD_FIX_SAFE, "replace with " VD_F, VD_A(host));
        vd_finding_edit(l, f, VD_EDIT_STRING, f->span, VD_F, VD_A(host));
        return;
    }
    if (!l->config->account.n || vd_str_find(host, '.') == host.n || vd_str_find(host, ':') < host.n)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "name the provider of account " VD_F, VD_A(l->config->account));
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "arn:aws:iam::" VD_F ":oidc-provider/" VD_F,
                    VD_A(l->config->account), VD_A(host));
}

/* The one way in that all principals use. */
static void fix_not_action(vd_lint *l, vd_finding *f)
{
    const vd_statement *st = f->statement < l->policy->statement_count ? &l->policy->statements[f->statement]
                                                                       : NULL;
    unsigned            usable = 0;

    for (uint32_t i = 0; st && i < st->principal.count; i++) {
        const vd_principal_entry *p = &st->principal.at[i];
        unsigned                  way = p->type != VD_PRINCIPAL_FEDERATED ? WAY_ROLE
                                        : vd_idp_is_saml(p->text.text)    ? WAY_SAML
                                        : vd_idp_host(p->text.text).n     ? WAY_WEB
                                                                          : WAY_IN;

        usable |= way;
    }
    if (!is_one_way(usable))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "allow %s", vd_trust_action_of(usable));
    vd_finding_edit(l, f, VD_EDIT_STRING, f->span, "Action");
    vd_finding_edit(l, f, VD_EDIT_VALUE, st->action.value, "\"%s\"", vd_trust_action_of(usable));
}

void vd_trust_adopt(vd_lint *l, vd_finding *f)
{
    switch ((uint32_t)(f->rule - vd_trust_rules)) {
    case TRUST_NOT_ACTION:
        fix_not_action(l, f);
        break;
    case TRUST_RESOURCE:
        vd_finding_fix(l, f, VD_FIX_SAFE, "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_MEMBER, f->span, "%s", "");
        break;
    case TRUST_ACTION:
        fix_action(l, f);
        break;
    case TRUST_FEDERATED_SYNTAX:
        fix_federated(l, f);
        break;
    default:
        break;
    }
}

/* arn:...:oidc-provider/https://host is an ARN by its form, and no provider has that name. */
static void look_at_provider(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    vd_str      host = vd_idp_host(p->text.text);
    size_t      at = p->text.text.n - host.n;
    vd_finding *f;

    if (p->shape != VD_SHAPE_FEDERATED || !vd_str_istarts(host, VD_S("https://")))
        return;
    f = vd_lint_report(l, ROW(FEDERATED_SYNTAX), st, p->text.span,
                       "\"%s\" is not an identity provider; the name of a provider has no https://",
                       vd_lint_show(l, p->text.text));
    vd_finding_fix(l, f, VD_FIX_SAFE, "leave out https://");
    vd_finding_edit(l, f, VD_EDIT_STRING, p->text.span, VD_F VD_F, VD_A(vd_str_first(p->text.text, at)),
                    VD_A(vd_str_from(host, 8)));
}

/* ------------------------------------------------------------------ actions and principals */

static void look_at_wildcard(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    unsigned    usable;
    vd_finding *f;

    if (!a->star && !(vd_str_ieq(a->prefix, VD_S("sts")) && vd_str_eq(a->name, VD_S("*"))))
        return;
    f = vd_lint_report(l, ROW(ACTION_WILDCARD), st, a->text.span,
                       "\"%s\" names more ways in than the principals can use%s",
                       vd_lint_show(l, a->text.text), a->star ? "; IAM refuses it in a trust policy" : "");
    if (a->star)
        vd_finding_severity(f, VD_ERROR);
    usable = ways_of_principals(st);
    if (!f || !is_one_way(usable))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "replace with %s", vd_trust_action_of(usable));
    vd_finding_edit(l, f, VD_EDIT_STRING, a->text.span, "%s", vd_trust_action_of(usable));
}

static const vd_view_principal *without_way(const vd_view_statement *st, unsigned open)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (!(vd_trust_way_of(&st->principals[i]) & open))
            return &st->principals[i];
    return NULL;
}

static void say_mismatch(vd_lint *l, const vd_view_statement *st, const vd_view_action *a,
                         const vd_view_principal *p, unsigned usable)
{
    const char *right = vd_trust_action_of(vd_trust_way_of(p));
    vd_finding *f = vd_lint_report(l, ROW(MISMATCH), st, a->text.span, "%s is not how \"%s\" gets in; use %s",
                                   vd_lint_show(l, a->text.text), vd_lint_show(l, p->text.text), right);

    if (!f || !is_one_way(usable) || st->action_count != 1)
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "replace with %s", right);
    vd_finding_edit(l, f, VD_EDIT_STRING, a->text.span, "%s", right);
}

/* A way in that none of the principals can take, or a principal without a way in. */
static void look_at_match(vd_lint *l, const vd_view_statement *st)
{
    unsigned                 open = vd_trust_ways(st), usable = ways_of_principals(st);
    const vd_view_principal *stuck;

    if (usable == 0 || (open & WAY_IN) == 0 || !vd_who_grants(st) || st->actions_hole)
        return;
    stuck = without_way(st, open);
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];
        unsigned              way = vd_trust_ways_of_text(a->text.text) & WAY_IN;

        if (way == 0 || (way & usable) || a->wild)
            continue;
        say_mismatch(l, st, a, stuck ? stuck : &st->principals[0], usable);
        stuck = NULL;
    }
    for (uint32_t i = 0; stuck && i < st->action_count; i++) {
        if (!(vd_trust_ways_of_text(st->actions[i].text.text) & WAY_IN))
            continue;
        say_mismatch(l, st, &st->actions[i], stuck, 0);
        return;
    }
}

/* ------------------------------------------------------------------ everyone */

static bool names_arns(const vd_view_condition *c)
{
    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        vd_str s = c->entry->values.at[i].text;

        if (vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n || vd_str_contains(s, VD_S("${")))
            return false;
    }
    return !c->value_hole && c->entry->values.count > 0;
}

/* "*" alone is refused, and the reader has said so. */
static void look_at_everyone(vd_lint *l, const vd_view_statement *st)
{
    const vd_view_principal *who = vd_trust_lets_in(st) ? vd_who_everyone(st) : NULL;
    const vd_view_condition *c;
    vd_strength              strength;

    if (!who || who->type == VD_PRINCIPAL_STAR || !(vd_trust_ways(st) & WAY_ROLE))
        return;
    strength = vd_guarded_strength(l, st);
    if (strength < VD_STRENGTH_PINNING) {
        vd_lint_report(l, ROW(PUBLIC), st, who->text.span, "any AWS account can assume this role%s",
                       strength == VD_STRENGTH_NONE
                           ? ""
                           : vd_lint_printf(l, "; the conditions only check %s", vd_strength_keys(l, st)));
        return;
    }
    c = vd_statement_asks(st, VD_S("aws:PrincipalArn"));
    if (c && names_arns(c))
        vd_finding_severity(
            vd_lint_report(l, ROW(PUBLIC), st, who->text.span,
                           "only a condition says who may assume this role; name the principals"),
            VD_SUGGESTION);
}

/* ------------------------------------------------------------------ keys */

/* Keys that the session of the caller brings along, whatever is called. */
static const vd_str of_sessions[] = {
    VD_L("ec2:SourceInstanceArn"),    VD_L("ec2:RoleDelivery"),
    VD_L("lambda:SourceFunctionArn"), VD_L("ssm:SourceInstanceArn"),
    VD_L("glue:RoleAssumedBy"),       VD_L("glue:CredentialIssuingService"),
    VD_L("identitystore:UserId"),     VD_L("identitystore:IdentityStoreArn")
};

static bool is_foreign(const vd_view_condition *c)
{
    if (c->family != VD_FAMILY_SERVICE || vd_str_ieq(c->prefix, VD_S("sts")) ||
        vd_str_ieq(c->prefix, VD_S("sso")))
        return false;
    if (vd_str_ieq(c->prefix, VD_S("iam")))
        return vd_str_ieq(c->name, VD_S("PassedToService")) || vd_str_ieq(c->name, VD_S("AWSServiceName")) ||
               vd_str_ieq(c->name, VD_S("PolicyARN")) || vd_str_ieq(c->name, VD_S("PermissionsBoundary"));
    for (size_t i = 0; i < VD_COUNT(of_sessions); i++)
        if (vd_str_ieq(of_sessions[i], c->key))
            return false;
    return true;
}

static void look_at_keys(vd_lint *l, const vd_view_statement *st)
{
    unsigned    usable = ways_of_principals(st);
    const char *action = is_one_way(usable) ? vd_trust_action_of(usable) : "sts:AssumeRole";

    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *c = &st->conditions[i];
        bool                     saml = vd_str_ieq(c->prefix, VD_S("saml"));

        if (c->key_hole || vd_entry_may_be_absent(st, c))
            continue;
        if (is_foreign(c) || (saml && usable == WAY_WEB) ||
            (usable == WAY_SAML && !saml && c->family == VD_FAMILY_FEDERATED))
            vd_lint_report(l, ROW(UNUSED_CONDITION), st, c->entry->key.span, "%s is not part of %s requests",
                           vd_lint_show(l, c->key), action);
    }
}

void vd_trust_forms(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (!st->actions[i].hole && st->allow)
            look_at_wildcard(l, st, &st->actions[i]);
    for (uint32_t i = 0; i < st->principal_count; i++)
        look_at_provider(l, st, &st->principals[i]);
    look_at_match(l, st);
    if (st->conditions_hole)
        return;
    look_at_everyone(l, st);
    if (vd_who_grants(st))
        look_at_keys(l, st);
}
