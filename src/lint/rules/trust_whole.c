/* SPDX-License-Identifier: Apache-2.0
 *
 * The trust policy as a whole: does it let anybody in, how many services share the role, and what session
 * tags need.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "lint/who.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

enum { STATEMENTS_MOST = 200 }; /* a trust policy has 4 096 characters at most */

/* ------------------------------------------------------------------ locked out */

static bool is_uncertain(const vd_view_statement *st)
{
    return st->actions_hole || st->principals_hole || st->conditions_hole || st->model->malformed;
}

static bool names_principal(const vd_view_statement *st, const vd_view_principal *p)
{
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *q = &st->principals[i];

        if (q->shape == VD_SHAPE_EVERYONE || (q->type == p->type && vd_str_eq(q->text.text, p->text.text)))
            return true;
    }
    return false;
}

/* An unconditional Deny of every way in that the Allow opens, to everybody it names. */
static bool closes(const vd_view_statement *deny, const vd_view_statement *allow)
{
    if (deny->allow || deny->condition_count || deny->model->principal.negated ||
        deny->model->action.negated || (vd_trust_ways(allow) & WAY_IN & ~vd_trust_ways(deny)))
        return false;
    for (uint32_t i = 0; i < allow->principal_count; i++)
        if (!names_principal(deny, &allow->principals[i]))
            return false;
    return true;
}

static void look_for_lockout(vd_lint *l)
{
    uint32_t count = l->statement_count < STATEMENTS_MOST ? l->statement_count : STATEMENTS_MOST;

    if (count == 0 || !vd_lint_wants(l, ROW(LOCKOUT)))
        return;
    for (uint32_t i = 0; i < count; i++) {
        const vd_view_statement *st = &l->statements[i];
        bool                     closed = false;

        if (is_uncertain(st))
            return;
        if (!vd_trust_lets_in(st) || st->principal_count == 0)
            continue;
        for (uint32_t k = 0; k < count && !closed; k++)
            closed = closes(&l->statements[k], st);
        if (!closed)
            return;
    }
    vd_lint_report(l, ROW(LOCKOUT), NULL, vd_span_of_document(l), "nobody can assume this role");
}

/* ------------------------------------------------------------------ one role for many */

static void look_at_families(vd_lint *l)
{
    const vd_view_principal *first = NULL;
    vd_str                   family = { "", 0 };

    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; k < st->principal_count && vd_trust_lets_in(st); k++) {
            const vd_view_principal *p = &st->principals[k];
            vd_str                   own;

            if (p->shape != VD_SHAPE_SERVICE)
                continue;
            own = vd_known_service_find(l, p->name).family;
            if (!first) {
                first = p;
                family = own;
            } else if (!vd_str_eq(family, own)) {
                vd_lint_report(l, ROW(MANY_SERVICES), NULL, p->text.span,
                               "%s and %s share every permission; one role each",
                               vd_lint_show(l, first->text.text), vd_lint_show(l, p->text.text));
                return;
            }
        }
    }
}

/* ------------------------------------------------------------------ session tags */

static bool is_tag_key(vd_str key)
{
    return vd_str_istarts(key, VD_S("aws:RequestTag/")) || vd_str_ieq(key, VD_S("aws:TagKeys")) ||
           vd_str_ieq(key, VD_S("sts:TransitiveTagKeys"));
}

static unsigned all_ways(const vd_lint *l)
{
    unsigned open = 0;

    for (uint32_t i = 0; i < l->statement_count; i++)
        if (l->statements[i].allow)
            open |= l->statements[i].actions_hole ? ~0u : vd_trust_ways(&l->statements[i]);
    return open;
}

static const vd_view_principal *pod_identity(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_SERVICE &&
            vd_str_eq(st->principals[i].name, VD_S("pods.eks")))
            return &st->principals[i];
    return NULL;
}

static void add_tag_session(vd_lint *l, vd_finding *f, const vd_view_statement *st)
{
    if (!f)
        return;
    vd_finding_fix(l, f, VD_FIX_SAFE, "add sts:TagSession");
    vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->action.value, "\"sts:TagSession\"");
}

static void look_at_tags(vd_lint *l)
{
    if (all_ways(l) & WAY_TAG)
        return;
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];
        const vd_view_principal *pod = pod_identity(st);
        vd_finding              *f = NULL;

        if (!vd_trust_lets_in(st))
            continue;
        if (pod) {
            f = vd_lint_report(
                l, ROW(NO_TAG_SESSION), st, st->model->action.key,
                "session tags need sts:TagSession: EKS Pod Identity cannot use this role without it");
            vd_finding_severity(f, VD_ERROR);
            add_tag_session(l, f, st);
            continue;
        }
        for (uint32_t k = 0; k < st->condition_count && !f; k++)
            if (is_tag_key(st->conditions[k].key) && !vd_entry_may_be_absent(st, &st->conditions[k]))
                f = vd_lint_report(l, ROW(NO_TAG_SESSION), st, st->conditions[k].entry->key.span,
                                   "session tags need sts:TagSession");
        add_tag_session(l, f, st);
    }
}

void vd_trust_document(vd_lint *l)
{
    look_for_lockout(l);
    look_at_families(l);
    look_at_tags(l);
}

/* ------------------------------------------------------------------ with the permissions of the same role */

static bool uses_principal_tags(const vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; k < st->condition_count; k++) {
            if (vd_str_istarts(st->conditions[k].key, VD_S("aws:PrincipalTag/")))
                return true;
            for (uint32_t v = 0; v < st->conditions[k].entry->values.count; v++)
                if (vd_str_contains(st->conditions[k].entry->values.at[v].text, VD_S("${aws:PrincipalTag/")))
                    return true;
        }
        for (uint32_t k = 0; k < st->resource_count; k++)
            if (st->resources[k].variable &&
                vd_str_contains(st->resources[k].text.text, VD_S("${aws:PrincipalTag/")))
                return true;
    }
    return false;
}

static bool limits_tags(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_istarts(st->conditions[i].key, VD_S("aws:RequestTag/")) ||
            vd_str_ieq(st->conditions[i].key, VD_S("aws:TagKeys")))
            return true;
    return st->conditions_hole;
}

static bool is_third_party(const vd_lint *l, const vd_view_principal *p)
{
    bool vendor;

    vd_known_account_find(l, p->account, &vendor);
    return p->type == VD_PRINCIPAL_AWS && !p->hole && vd_is_account(p->account) && !vd_who_trusted(l, p) &&
           (vendor || vd_who_zone_known(l));
}

static void look_at_tag_sessions(vd_lint *l)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];

        if (!vd_who_grants(st) || !(vd_trust_ways(st) & WAY_TAG) || limits_tags(st))
            continue;
        for (uint32_t k = 0; k < st->principal_count; k++)
            if (is_third_party(l, &st->principals[k]))
                vd_lint_report(l, ROW(TAG_SESSION_OPEN), st, st->principals[k].text.span,
                               "the caller chooses the tags your policies trust; limit aws:TagKeys");
    }
}

void vd_trust_identity(vd_lint *const *policies, uint32_t count)
{
    bool tags = false;

    for (uint32_t i = 0; i < count; i++)
        if (policies[i]->policy && policies[i]->kind != VD_KIND_TRUST)
            tags |= uses_principal_tags(policies[i]);
    for (uint32_t i = 0; i < count && tags; i++)
        if (policies[i]->policy && policies[i]->kind == VD_KIND_TRUST)
            look_at_tag_sessions(policies[i]);
}
