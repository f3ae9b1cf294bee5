/* SPDX-License-Identifier: Apache-2.0
 *
 * NotAction: what it leaves open, and what it closes.
 */
#include "lint/rules/action.h"

#include "base/str.h"

#include <stdio.h>

enum { LISTED = 16, FEW_SERVICES = 20 };

static const char *exceptions(vd_lint *l, const vd_view_statement *st)
{
    vd_str      texts[LISTED] = { 0 };
    uint32_t    n = 0;
    const char *list;

    for (uint32_t i = 0; i < st->action_count && n < LISTED; i++)
        texts[n++] = st->actions[i].text.text;
    list = vd_lint_list(l, texts, n);
    return n ? list : "nothing";
}

static bool excludes_all(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (st->actions[i].star)
            return true;
    return false;
}

static bool excludes(const vd_view_statement *st, const char *pattern)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (vd_str_ieq(st->actions[i].text.text, vd_str_of(pattern)))
            return true;
    return false;
}

/* The services that are left, when these are few and left whole. */
static uint32_t services_left(const vd_lint *l, const vd_view_statement *st, vd_str out[FEW_SERVICES])
{
    uint32_t n = 0, last = VD_NONE, seen = 0;

    for (uint32_t i = 0; i <= st->reach.count; i++) {
        uint32_t service = i < st->reach.count ? vd_catalog_service_of(l->catalog, st->reach.at[i]) : VD_NONE;

        if (service != last && last != VD_NONE) {
            vd_service_fact fact = vd_catalog_service(l->catalog, last);

            if (seen != fact.actions.count || n == FEW_SERVICES)
                return 0;
            out[n++] = fact.prefix;
            seen = 0;
        }
        last = service;
        seen++;
    }
    return n;
}

static void offer_services(vd_lint *l, vd_finding *f, const vd_view_statement *st)
{
    vd_str   left[FEW_SERVICES];
    uint32_t n = services_left(l, st, left);
    char     list[1024];
    size_t   at = 0;

    for (uint32_t i = 0; i < n && at < sizeof list; i++)
        at += (size_t)snprintf(list + at, sizeof list - at, "%s\"" VD_F ":*\"", i ? ", " : "", VD_A(left[i]));
    if (n == 0 || at >= sizeof list)
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "list the services that are left");
    vd_finding_edit(l, f, VD_EDIT_STRING, st->model->action.key, "Action");
    vd_finding_edit(l, f, VD_EDIT_VALUE, st->model->action.value, "[%s]", list);
}

static void look_at_allow(vd_lint *l, const vd_view_statement *st)
{
    vd_finding *f;

    if (st->model->resource.negated && l->kind != VD_KIND_SCP) {
        vd_lint_report(l, &vd_action_rules[NOT_ACTION_ALLOW_NOT_RESOURCE], st, st->model->action.key,
                       "everything, except for a few actions on a few resources");
        return;
    }
    f = vd_lint_report(l, &vd_action_rules[NOT_ACTION_ALLOW], st, st->model->action.key,
                       "allows every action of every service except %s, including services launched later",
                       exceptions(l, st));
    if (l->kind == VD_KIND_SCP)
        vd_finding_severity(f, VD_SUGGESTION);
    offer_services(l, f, st);
}

static void look_at_deny(vd_lint *l, const vd_view_statement *st)
{
    vd_finding *f;

    if (st->condition_count || st->conditions_hole || st->model->has_condition || !st->all_resources ||
        (st->model->principal.present && (st->model->principal.negated || st->principals_hole)))
        return;
    f = vd_lint_report(l, &vd_action_rules[NOT_ACTION_DENY_EVERYTHING], st, st->model->action.key,
                       "denies all but %s to everyone this reaches, with no way round", exceptions(l, st));
    if (l->kind == VD_KIND_SCP && excludes(st, "iam:*") && excludes(st, "sts:*"))
        vd_finding_severity(f, VD_SUGGESTION);
}

void vd_action_look_at_not_action(vd_lint *l, const vd_view_statement *st)
{
    if (st->actions_hole || st->action_count == 0 || excludes_all(st))
        return;
    if (st->allow)
        look_at_allow(l, st);
    else
        look_at_deny(l, st);
}
