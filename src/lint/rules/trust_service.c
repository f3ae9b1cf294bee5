/* SPDX-License-Identifier: Apache-2.0
 *
 * Services that may assume a role: for whom, with which actions, and how many share it.
 */
#include "lint/rules/trust_int.h"

#include "base/str.h"
#include "lint/strength.h"
#include "lint/who.h"

#define ROW(name) (&vd_trust_rules[TRUST_##name])

static bool is_anywhere(const vd_view_principal *p)
{
    return p->shape == VD_SHAPE_SERVICE && vd_str_eq(p->name, VD_S("rolesanywhere"));
}

/* Services whose rules ask for more, or for something else. */
static bool is_asked(const vd_lint *l, const vd_view_principal *p)
{
    vd_known_service known;

    if (p->shape != VD_SHAPE_SERVICE || is_anywhere(p))
        return false;
    known = vd_known_service_find(l, p->name);
    return known.known && !known.bound;
}

/* Other keys are another rule's matter: they say little of a service, or are never sent by one. */
static bool has_other_key(const vd_view_statement *st)
{
    static const vd_str keys[] = { VD_L("aws:Referer"),    VD_L("aws:UserAgent"),
                                   VD_L("aws:SourceIp"),   VD_L("aws:PrincipalOrgID"),
                                   VD_L("sts:ExternalId"), VD_L("aws:PrincipalArn") };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_statement_names(st, keys[i]))
            return true;
    return false;
}

static void look_for_source(vd_lint *l, const vd_view_statement *st)
{
    if (vd_who_source(st) || has_other_key(st) ||
        vd_str_contains(vd_extracted_fact(l->extracted, "role-path"), VD_S("aws-service-role")))
        return;
    for (uint32_t i = 0; i < st->principal_count; i++) {
        const vd_view_principal *p = &st->principals[i];
        vd_finding              *f;

        if (!is_asked(l, p))
            continue;
        f = vd_lint_report(
            l, ROW(SERVICE_UNSCOPED), st, p->text.span,
            "%s could assume this role for a resource of another account; add aws:SourceAccount or "
            "aws:SourceArn",
            vd_lint_show(l, p->text.text));
        if (f && f->fix_count == 0 && l->config->account.n)
            vd_who_add_condition(l, f, st, "StringEquals", "aws:SourceAccount",
                                 vd_lint_printf(l, VD_F, VD_A(l->config->account)));
    }
}

static bool names_anchor(const vd_view_statement *st)
{
    const vd_view_condition *arn = vd_statement_asks(st, VD_S("aws:SourceArn"));

    if (arn && !vd_entry_is_always_true(arn))
        return true;
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (vd_str_istarts(st->conditions[i].key, VD_S("aws:PrincipalTag/x509")) &&
            !vd_entry_may_be_absent(st, &st->conditions[i]))
            return true;
    return false;
}

static const char *as_items(vd_lint *l, const vd_str *actions, uint32_t count)
{
    const char *items = "";

    for (uint32_t i = 0; i < count; i++)
        items = vd_lint_printf(l, "%s%s\"" VD_F "\"", items, i ? ", " : "", VD_A(actions[i]));
    return items;
}

static void look_at_anywhere(vd_lint *l, const vd_view_statement *st, const vd_view_principal *p)
{
    static const unsigned needed[] = { WAY_ROLE, WAY_IDENTITY, WAY_TAG };
    unsigned              open = 0;
    vd_str                missing[3];
    uint32_t              count = 0;
    vd_finding           *f;

    for (uint32_t i = 0; i < l->statement_count; i++)
        for (uint32_t k = 0; k < l->statements[i].principal_count && vd_who_grants(&l->statements[i]); k++)
            if (is_anywhere(&l->statements[i].principals[k]))
                open |= l->statements[i].actions_hole ? ~0u : vd_trust_ways(&l->statements[i]);
    for (size_t i = 0; i < VD_COUNT(needed); i++)
        if (!(open & needed[i]))
            missing[count++] = vd_str_of(vd_trust_action_of(needed[i]));
    if (count) {
        f = vd_lint_report(l, ROW(ANYWHERE_ACTIONS), st, st->model->action.key,
                           "Roles Anywhere needs %s as well", vd_lint_list(l, missing, count));
        vd_finding_fix(l, f, VD_FIX_SAFE, "add what is missing");
        vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->action.value, "%s", as_items(l, missing, count));
    }
    if ((vd_trust_ways(st) & WAY_ROLE) && !names_anchor(st))
        vd_lint_report(l, ROW(ANYWHERE_OPEN), st, p->text.span,
                       "any certificate of any trust anchor in the account matches; require aws:SourceArn");
}

void vd_trust_services(vd_lint *l, const vd_view_statement *st)
{
    if (!vd_who_service(st))
        return;
    if (vd_trust_ways(st) & WAY_ROLE)
        look_for_source(l, st);
    for (uint32_t i = 0; i < st->principal_count; i++) {
        if (!is_anywhere(&st->principals[i]))
            continue;
        look_at_anywhere(l, st, &st->principals[i]);
        return;
    }
}
