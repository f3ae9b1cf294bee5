/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements and policies of which nothing is left: no action exists, or works on one of the resources.
 */
#include "lint/rules/redundancy.h"

#include "base/str.h"
#include "lint/fit.h"

enum { REASONS = 3 };

static bool is_extra(const vd_lint *l, const vd_view_action *a)
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("undocumented-actions"));

    for (uint32_t i = 0; i < l->config->extra_services.count; i++)
        if (vd_str_ieq(l->config->extra_services.at[i], a->prefix))
            return true;
    for (uint32_t i = 0; i < l->config->extra_actions.count; i++)
        if (vd_view_action_matches(l->config->extra_actions.at[i], a->text.text))
            return true;
    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_view_action_matches(vd_sheet_cell(s, i, 0), a->text.text))
            return true;
    return false;
}

/* Resources that can only be of other services than the action's. */
static bool are_elsewhere(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    if (st->all_resources || st->model->resource.negated || st->resource_count == 0 || a->service == VD_NONE)
        return false;
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_view_resource *r = &st->resources[i];

        vd_fit_types(l, r);
        if (r->types_open || r->types.count == 0)
            return false;
        for (uint32_t k = 0; k < r->types.count; k++)
            if (vd_catalog_type(l->catalog, r->types.at[k]).service == a->service)
                return false;
    }
    return true;
}

/* NULL: it may do something.  *sure counts reasons. */
static const char *why_dead(vd_lint *l, const vd_view_statement *st, const vd_view_action *a,
                            uint32_t *reasons)
{
    if (a->hole || a->malformed || a->star || a->prefix_wild)
        return NULL;
    if (a->ids.count == 0) {
        if (is_extra(l, a) || vd_catalog_retired(l->catalog, a->text.text) ||
            vd_catalog_retired(l->catalog, a->prefix))
            return NULL;
        *reasons += 1 + are_elsewhere(l, st, a);
        return "does not exist";
    }
    if (a->action == VD_NONE || vd_fit_statement(l, a->action, st) != VD_FIT_NO ||
        vd_fit_is_doubtful(l, a->action, st))
        return NULL;
    ++*reasons;
    return vd_catalog_action(l->catalog, a->action).types.count ? "works on none of the resources"
                                                                : "needs \"*\" as resource";
}

/* A single mistake of an Allow is told where it is; a Deny that does nothing is worth more than a word. */
static void look_at_statement(vd_lint *l, const vd_view_statement *st, bool *dead)
{
    const vd_lint_rule *rule = &vd_redundancy_rules[st->allow ? STATEMENT_GRANTS_NOTHING : DENY_DOES_NOTHING];
    vd_str              told[REASONS];
    uint32_t            n = 0, reasons = 0;

    if (st->model->malformed || st->model->action.negated || st->action_count == 0 || st->actions_hole ||
        st->all_actions || l->kind == VD_KIND_TRUST)
        return;
    for (uint32_t i = 0; i < st->action_count; i++) {
        const char *why = why_dead(l, st, &st->actions[i], &reasons);

        if (!why)
            return;
        if (n < REASONS)
            told[n++] = vd_str_of(vd_lint_printf(l, "%s %s", vd_lint_show(l, st->actions[i].text.text), why));
    }
    *dead = true;
    if (st->allow ? reasons > 1 : true)
        vd_lint_report(l, rule, st, vd_span_of_statement(l, st), "this statement %s: %s%s",
                       st->allow ? "can never allow anything" : "never denies anything",
                       vd_lint_list(l, told, n), st->action_count > n ? " and more" : "");
}

void vd_redundancy_look_at_nothing(vd_lint *l, bool *dead)
{
    for (uint32_t i = 0; i < l->statement_count && !l->no_memory; i++)
        look_at_statement(l, &l->statements[i], &dead[i]);
}

/* ------------------------------------------------------------------ the policy as a whole */

static bool is_guard_name(vd_str name)
{
    static const vd_str words[] = { VD_L("deny"),    VD_L("guard"),   VD_L("block"),      VD_L("restrict"),
                                    VD_L("prevent"), VD_L("protect"), VD_L("boundar"),    VD_L("scp"),
                                    VD_L("forbid"),  VD_L("limit"),   VD_L("quarantine"), VD_L("lockdown"),
                                    VD_L("revoke") };

    for (size_t at = 0; at < name.n; at++)
        for (size_t i = 0; i < VD_COUNT(words); i++)
            if (vd_str_istarts(vd_str_from(name, at), words[i]))
                return true;
    return false;
}

void vd_redundancy_look_at_policy(vd_lint *l)
{
    const vd_lint_rule *rule = &vd_redundancy_rules[POLICY_ALLOWS_NOTHING];
    bool                identity = l->kind == VD_KIND_IDENTITY || l->kind == VD_KIND_MANAGED;
    vd_finding         *f;

    if (!l->usable)
        return;
    for (uint32_t i = 0; i < l->statement_count; i++)
        if (l->statements[i].allow)
            return; /* and when it can allow nothing, that is told where it stands */
    if (identity && (is_guard_name(l->extracted->name) || is_guard_name(l->file)))
        return;
    f = vd_lint_report(l, rule, NULL, vd_span_of_document(l),
                       identity                      ? "nothing is allowed by this policy"
                       : l->kind == VD_KIND_ENDPOINT ? "nothing is allowed: no call passes the endpoint"
                                                     : "nothing is allowed: the principal can do nothing");
    if (l->kind == VD_KIND_ENDPOINT)
        vd_finding_severity(f, VD_ERROR);
    else if (identity)
        vd_finding_severity(f, VD_SUGGESTION);
}
