/* SPDX-License-Identifier: Apache-2.0
 *
 * Names that the catalogue does not know: of withdrawn services and actions, of calls in place of permissions, or wrong.
 * The tables are asked before anything is guessed.
 */
#include "lint/rules/action.h"

#include "base/str.h"

enum { MOST_NAMES = 2048, MOST_LISTED = 12 };

/* The first row of rule that takes a finding about an unknown name: in NotAction all of them have one. */
static const vd_lint_rule *row_for(const vd_view_statement *st, unsigned rule)
{
    return &vd_action_rules[st->model->action.negated ? NOT_ACTION_NAMES_UNKNOWN : rule];
}

/* What an action that matches nothing means for its statement. */
static const char *consequence(const vd_view_statement *st)
{
    if (st->model->action.negated)
        return ", so the exception has no effect";
    return st->allow ? "" : ", so the statement denies less than it says";
}

/* ------------------------------------------------------------------ tables */

static bool is_extra(const vd_lint *l, const vd_view_action *a)
{
    const vd_lint_config *c = l->config;
    vd_sheet              s = vd_catalog_sheet(l->catalog, VD_S("undocumented-actions"));

    for (uint32_t i = 0; i < c->extra_services.count; i++)
        if (vd_str_ieq(c->extra_services.at[i], a->prefix))
            return true;
    for (uint32_t i = 0; i < c->extra_actions.count; i++)
        if (vd_view_action_matches(c->extra_actions.at[i], a->text.text) ||
            (a->wild && vd_view_action_matches(a->text.text, c->extra_actions.at[i])))
            return true;
    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_view_action_matches(vd_sheet_cell(s, i, 0), a->text.text))
            return true;
    return false;
}

/* The row of prefixes.tsv with this prefix and kind; VD_NONE: none. */
static uint32_t prefix_row(const vd_lint *l, vd_str prefix, vd_str kind, vd_sheet *s)
{
    vd_run run;

    *s = vd_catalog_sheet(l->catalog, VD_S("prefixes"));
    run = vd_sheet_find(*s, prefix);
    return run.count && vd_str_eq(vd_sheet_cell(*s, run.first, 1), kind) ? run.first : VD_NONE;
}

/* Splits a cell at spaces into at most MOST_LISTED names. */
static uint32_t split_names(vd_str cell, vd_str out[MOST_LISTED])
{
    uint32_t n = 0;
    vd_str   head;

    while (n < MOST_LISTED && vd_str_cut(&cell, ' ', &head))
        out[n++] = head;
    if (n < MOST_LISTED && cell.n)
        out[n++] = cell;
    return n;
}

/* ------------------------------------------------------------------ fixes */

static void replace(vd_lint *l, vd_finding *f, vd_fix_kind kind, const vd_view_action *a, vd_str text)
{
    vd_finding_fix(l, f, kind, "replace with " VD_F, VD_A(text));
    vd_finding_edit(l, f, VD_EDIT_STRING, a->text.span, VD_F, VD_A(text));
}

/* One name in place, the others behind it. */
static void replace_by_list(vd_lint *l, vd_finding *f, const vd_view_statement *st, const vd_view_action *a,
                            const vd_str *names, uint32_t count)
{
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "replace with %s", vd_lint_list(l, names, count));
    vd_finding_edit(l, f, VD_EDIT_STRING, a->text.span, VD_F, VD_A(names[0]));
    for (uint32_t i = 1; i < count; i++)
        vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->action.value, "\"" VD_F "\"", VD_A(names[i]));
}

/* ------------------------------------------------------------------ services */

static void tell_retired(vd_lint *l, const vd_view_statement *st, const vd_view_action *a, vd_str what, vd_str when,
                         vd_str instead)
{
    vd_str      names[MOST_LISTED];
    uint32_t    n = split_names(instead, names);
    const char *list = n == 0 ? "" : vd_lint_printf(l, "; see %s", vd_lint_list(l, names, n));
    vd_finding *f = vd_lint_report(l, &vd_action_rules[RETIRED_ACTION], st, a->text.span, "%s was retired%s" VD_F "%s",
                                   vd_lint_show(l, what), when.n ? " in " : "", VD_A(when), list);

    if (n == 1 && vd_catalog_find_service(l->catalog, names[0]) != VD_NONE) {
        vd_str text;

        if (vd_arena_printf(l->arena, &text, VD_F ":" VD_F, VD_A(names[0]), VD_A(a->name)))
            replace(l, f, VD_FIX_UNSAFE, a, text);
    }
}

static bool is_retired_service(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_sheet s;
    uint32_t row = prefix_row(l, a->prefix, VD_S("retired"), &s);

    if (row != VD_NONE)
        tell_retired(l, st, a, a->prefix, vd_sheet_cell(s, row, 3), vd_sheet_cell(s, row, 2));
    else if (a->service == VD_NONE && vd_catalog_retired(l->catalog, a->prefix))
        tell_retired(l, st, a, a->prefix, VD_S(""), VD_S(""));
    else
        return false;
    return true;
}

static void tell_unknown_service(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    const vd_lint_rule *rule = row_for(st, UNKNOWN_SERVICE);
    vd_sheet            s;
    uint32_t            row = prefix_row(l, a->prefix, VD_S("alias"), &s), n = 0;
    vd_str              names[MOST_LISTED], closest, text;
    const char         *hint;
    vd_finding         *f;

    if (row != VD_NONE) {
        n = split_names(vd_sheet_cell(s, row, 2), names);
        hint = vd_lint_printf(l, "; use %s", vd_lint_list(l, names, n));
        closest = n == 1 ? names[0] : VD_S("");
    } else {
        vd_str   all[MOST_NAMES];
        uint32_t count = vd_catalog_names(l->catalog, VD_NONE, all, MOST_NAMES);

        hint = vd_lint_did_you_mean(l, a->prefix, all, count, NULL);
        closest = *hint ? vd_lint_closest(l, a->prefix, all, count) : VD_S("");
    }
    f = vd_lint_report(l, rule, st, a->text.span, "no service has the prefix \"%s\"%s%s", vd_lint_show(l, a->prefix),
                       consequence(st), hint);
    if (*hint)
        vd_finding_severity(f, VD_ERROR);
    if (closest.n && vd_arena_printf(l->arena, &text, VD_F ":" VD_F, VD_A(closest), VD_A(a->name)))
        replace(l, f, VD_FIX_UNSAFE, a, text);
}

/* ------------------------------------------------------------------ actions */

/* Rows without a guard of the table of events, and names that are no events. */
static uint32_t names_of_api(const vd_lint *l, const vd_view_action *a, vd_str out[MOST_LISTED])
{
    vd_sheet s = vd_catalog_sheet(l->catalog, VD_S("api-names"));
    vd_run   run;
    uint32_t n = 0;

    for (uint32_t i = 0; i < s.rows; i++)
        if (vd_view_action_matches(vd_sheet_cell(s, i, 0), a->text.text))
            return split_names(vd_sheet_cell(s, i, 1), out);
    s = vd_catalog_sheet(l->catalog, VD_S("event-actions"));
    run = vd_sheet_find(s, a->prefix);
    for (uint32_t i = run.first; i < run.first + run.count && n < MOST_LISTED; i++) {
        vd_str when = vd_sheet_cell(s, i, 2), action = vd_sheet_cell(s, i, 3);

        if (!vd_str_ieq(vd_sheet_cell(s, i, 1), a->name) || (when.n && when.p[0] != '!') ||
            (action.n && action.p[action.n - 1] == '='))
            continue;
        out[n++] = action.n && action.p[0] == '+' ? vd_str_from(action, 1) : action;
    }
    return n;
}

/* The same name in another service: the first two that have it. */
static const char *elsewhere(vd_lint *l, const vd_view_action *a)
{
    vd_str   found[2];
    uint32_t n = 0;

    if (l->suggested++ > 400)
        return "";
    for (uint32_t s = 0; s < vd_catalog_services(l->catalog) && n < VD_COUNT(found); s++) {
        uint32_t action = vd_catalog_find_action(l->catalog, s, a->name);

        if (action != VD_NONE)
            found[n++] = vd_action_text(l, action);
    }
    return n == 1 ? vd_lint_printf(l, "; did you mean \"" VD_F "\"?", VD_A(found[0]))
           : n    ? vd_lint_printf(l, "; did you mean \"" VD_F "\" or \"" VD_F "\"?", VD_A(found[0]), VD_A(found[1]))
                  : "";
}

/* Names that many services have say nothing about where one comes from. */
static bool is_common(vd_str name)
{
    static const vd_str common[] = { VD_L("TagResource"), VD_L("UntagResource"), VD_L("ListTagsForResource"), VD_L("ListTags") };

    for (size_t i = 0; i < VD_COUNT(common); i++)
        if (vd_str_ieq(name, common[i]))
            return true;
    return false;
}

static void tell_unknown_action(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_str      all[MOST_NAMES], only, closest, text;
    uint32_t    count = vd_catalog_names(l->catalog, a->service, all, MOST_NAMES);
    vd_str      prefix = vd_catalog_service(l->catalog, a->service).prefix;
    const char *hint = vd_lint_did_you_mean(l, a->name, all, count, &only);
    vd_finding *f;

    closest = *hint ? vd_lint_closest(l, a->name, all, count) : VD_S("");
    if (!*hint && !is_common(a->name))
        hint = elsewhere(l, a);
    f = vd_lint_report(l, row_for(st, UNKNOWN_ACTION), st, a->text.span, "no action \"%s\" in service " VD_F "%s%s",
                       vd_lint_show(l, a->name), VD_A(prefix), consequence(st), hint);
    vd_finding_severity(f, *hint || st->model->action.negated ? VD_ERROR : VD_WARNING);
    if (closest.n && vd_arena_printf(l->arena, &text, VD_F ":" VD_F, VD_A(prefix), VD_A(closest)))
        replace(l, f, only.n ? VD_FIX_SAFE : VD_FIX_UNSAFE, a, text);
}

static void look_at_literal(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_str   names[MOST_LISTED];
    uint32_t n;

    if (is_extra(l, a))
        return;
    if (vd_catalog_retired(l->catalog, a->text.text)) {
        tell_retired(l, st, a, a->text.text, VD_S(""), VD_S(""));
        return;
    }
    n = st->model->action.negated ? 0 : names_of_api(l, a, names);
    if (n) {
        vd_finding *f = vd_lint_report(l, &vd_action_rules[API_NAME_NOT_ACTION], st, a->text.span,
                                       "%s is an API call, its permission is %s", vd_lint_show(l, a->name),
                                       vd_lint_list(l, names, n));

        replace_by_list(l, f, st, a, names, n);
        return;
    }
    tell_unknown_action(l, st, a);
}

/* The pattern without its wildcards is mostly close to what was meant. */
static void tell_nothing_matched(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_str      prefix = vd_catalog_service(l->catalog, a->service).prefix;
    vd_finding *f = vd_lint_report(l, row_for(st, ACTION_MATCHES_NOTHING), st, a->text.span,
                                   "%s matches no action of " VD_F "%s", vd_lint_show(l, a->text.text), VD_A(prefix),
                                   consequence(st));

    vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
}

static void look_at_case(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_action_fact fact = vd_catalog_action(l->catalog, a->action);
    vd_str         prefix = vd_catalog_service(l->catalog, a->service).prefix, text;
    vd_finding    *f;

    if (vd_str_eq(fact.name, a->name) && vd_str_eq(prefix, a->prefix))
        return;
    text = vd_action_text(l, a->action);
    f = vd_lint_report(l, &vd_action_rules[ACTION_CASE], st, a->text.span,
                       "written " VD_F " in AWS documentation; it works as is", VD_A(text));
    replace(l, f, VD_FIX_SAFE, a, text);
}

void vd_action_look_at_name(vd_lint *l, const vd_view_statement *st, const vd_view_action *a, vd_action_memo *memo)
{
    if (a->prefix_wild)
        return;
    if (a->service == VD_NONE) {
        if (!is_extra(l, a) && !is_retired_service(l, st, a))
            tell_unknown_service(l, st, a);
        return;
    }
    if (a->service != memo->service || memo->retired)
        *memo = (vd_action_memo){ a->service, is_retired_service(l, st, a) };
    if (memo->retired)
        return;
    if (a->action != VD_NONE)
        look_at_case(l, st, a);
    else if (!a->wild)
        look_at_literal(l, st, a);
    else if (a->ids.count == 0 && !is_extra(l, a))
        tell_nothing_matched(l, st, a);
}
