/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy variables: the keys they name.  Their syntax is looked at in src/policy.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "pattern/template.h"
#include "text/hole.h"

static bool has_variable(vd_str s)
{
    return s.n > 2 && vd_str_contains(s, VD_S("${"));
}

static vd_span span_of(vd_text t, const vd_part *part)
{
    bool as_written = t.span.length == t.text.n + 2; /* no escapes: the part can be shown itself */

    return as_written ? (vd_span){ t.span.offset + 1 + part->offset, part->length } : t.span;
}

/* ------------------------------------------------------------------ names */

static bool is_extra(const vd_lint *l, vd_str key)
{
    for (uint32_t i = 0; i < l->config->extra_keys.count; i++)
        if (vd_view_action_matches(l->config->extra_keys.at[i], key))
            return true;
    return false;
}

/* The part of the token that names the variable becomes another one; only where offsets in token and text agree. */
static void offer(vd_lint *l, vd_finding *f, vd_text t, const vd_part *part, const char *words)
{
    vd_str name = vd_str_of(words), head;

    if (vd_str_contains(name, VD_S("\" or \"")) || !vd_str_cut(&name, '"', &head) || t.text.n > 400 ||
        t.span.length != t.text.n + 2 || part->has_fallback)
        return;
    name = vd_str_first(name, vd_str_find(name, '"'));
    vd_fix_text(l, f, VD_FIX_UNSAFE, t.span,
                vd_str_of(vd_lint_printf(l, VD_F "${" VD_F "}" VD_F, VD_A(vd_str_first(t.text, part->offset)), VD_A(name),
                                         VD_A(vd_str_from(t.text, part->offset + part->length)))));
}

/* Claims of providers are whatever they say; what has no prefix is judged as a service's. */
static bool may_be_claim(vd_str prefix)
{
    return vd_str_find(prefix, '.') < prefix.n || vd_str_ieq(prefix, VD_S("saml"));
}

static const char *close_global(vd_lint *l, vd_str key)
{
    vd_str   names[128];
    uint32_t count = 0;

    for (uint32_t i = 0; i < vd_catalog_keys(l->catalog) && count < VD_COUNT(names); i++) {
        vd_str name = vd_catalog_key(l->catalog, i).name;

        if (vd_str_istarts(name, VD_S("aws:")) && vd_str_find(name, '$') == name.n)
            names[count++] = name;
    }
    return vd_lint_did_you_mean(l, key, names, count, NULL);
}

static void check_name(vd_lint *l, const vd_view_statement *st, vd_text t, const vd_part *part)
{
    const vd_lint_rule *unknown = &vd_condition_rules[VD_F_VARIABLE_UNKNOWN];
    vd_str              key = part->text, rest = key, prefix = { "", 0 };
    uint32_t            id = vd_catalog_find_key(l->catalog, key);
    bool                global;
    const char         *words;
    vd_finding         *f;

    if (vd_has_hole(key) || is_extra(l, key))
        return;
    if (id != VD_NONE) {
        if (vd_catalog_key(l->catalog, id).flags & VD_KEY_MANY)
            vd_lint_report(l, &vd_condition_rules[VD_F_VARIABLE_MANY], st, span_of(t, part),
                           "%s can have several values and cannot be used as a variable", vd_lint_show(l, key));
        return;
    }
    vd_str_cut(&rest, ':', &prefix);
    if (may_be_claim(prefix) || !vd_lint_wants(l, unknown))
        return;
    global = vd_str_ieq(prefix, VD_S("aws"));
    words = global ? close_global(l, key) : "";
    f = vd_lint_report(l, unknown, st, span_of(t, part), "no key \"%s\": the statement will never match%s",
                       vd_lint_show(l, key), words);
    offer(l, f, t, part, words);
    vd_finding_code(f, global ? "INVALID_GLOBAL_CONDITION_KEY" : "INVALID_SERVICE_CONDITION_KEY");
}

/* ------------------------------------------------------------------ users only */

/* The container says that the policy is one of a role: no request under it is made by a user. */
static bool is_for_roles(const vd_lint *l)
{
    static const vd_str types[] = {
        VD_L("AWS::IAM::Role"),       VD_L("AWS::IAM::RolePolicy"),       VD_L("AWS::SSO::PermissionSet"),
        VD_L("aws_iam_role"),         VD_L("aws_iam_role_policy"),        VD_L("aws_ssoadmin_permission_set_inline_policy"),
        VD_L("AWS::Serverless::Function"), VD_L("awscc_sso_permission_set"), VD_L("aws_iam_role_policies_exclusive"),
    };

    for (size_t i = 0; i < VD_COUNT(types); i++)
        if (vd_str_eq(l->extracted->type, types[i]))
            return true;
    return vd_extracted_fact(l->extracted, "permission-set").n > 0;
}

static void check_username(vd_lint *l, const vd_view_statement *st, vd_text t, const vd_part *part)
{
    if (vd_str_ieq(part->text, VD_S("aws:username")) && !part->has_fallback && is_for_roles(l))
        vd_lint_report(l, &vd_condition_rules[VD_F_USERNAME], st, span_of(t, part),
                       "roles have no aws:username; use aws:PrincipalTag or aws:userid");
}

/* ------------------------------------------------------------------ */

static void check_text(vd_lint *l, const vd_view_statement *st, vd_text t)
{
    size_t  at = 0;
    vd_part part;

    if (!has_variable(t.text))
        return;
    while (vd_template_next(t.text, &at, &part)) {
        if (part.kind != VD_PART_VARIABLE)
            continue;
        check_name(l, st, t, &part);
        check_username(l, st, t, &part);
    }
}

/* ------------------------------------------------------------------ claims */

enum { FIXED = 6 }; /* characters that AWS asks for before a variable */

/* Characters before the first variable; SIZE_MAX: there is none. */
static size_t fixed_before(vd_str s)
{
    size_t  at = 0, n = 0;
    vd_part part;

    while (vd_template_next(s, &at, &part)) {
        if (part.kind == VD_PART_VARIABLE)
            return n;
        n += part.text.n;
    }
    return SIZE_MAX;
}

static void check_claim(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    if (c->family != VD_FAMILY_FEDERATED || !c->entry->op.op || !c->entry->op.op->variables ||
        c->entry->op.op->negated)
        return;
    for (uint32_t i = 0; i < c->entry->values.count; i++) {
        vd_text t = c->entry->values.at[i];

        if (has_variable(t.text) && !vd_has_hole(t.text) && fixed_before(t.text) < FIXED)
            vd_lint_report(l, &vd_condition_rules[VD_F_VARIABLE_OPEN], st, t.span,
                           "the caller decides what this becomes; put at least six fixed characters before it");
    }
}

void vd_condition_variables(vd_lint *l, const vd_view_statement *st)
{
    const vd_texts *resources = &st->model->resource.texts;

    if (l->policy->language != VD_LANGUAGE_2012)
        return;
    for (uint32_t i = 0; i < resources->count; i++)
        check_text(l, st, resources->at[i]);
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_entry *e = st->conditions[i].entry;

        if (e->op.op && !e->op.op->variables)
            continue; /* variable-operator */
        for (uint32_t k = 0; k < e->values.count; k++)
            check_text(l, st, e->values.at[k]);
        check_claim(l, st, &st->conditions[i]);
    }
}
