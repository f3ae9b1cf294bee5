/* SPDX-License-Identifier: Apache-2.0
 *
 * Guards with a gap: comparisons with a tag that may not be there, and Denies by Region that hit global services.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/rules/entry.h"

/* ------------------------------------------------------------------ tags of the principal */

/* "${aws:PrincipalTag/team}": the tag; empty: another variable, or one with a default. */
static vd_str principal_tag(vd_str value)
{
    vd_str start = VD_S("${aws:PrincipalTag/");
    size_t end;

    if (!vd_str_istarts(value, start))
        return VD_S("");
    value = vd_str_from(value, start.n);
    end = vd_str_find(value, '}');
    return end + 1 == value.n && vd_str_find(value, ',') == value.n ? vd_str_first(value, end) : VD_S("");
}

/* Null, or anything else that says what the tag of the principal is. */
static bool is_asked(const vd_view_statement *st, vd_str tag, const vd_view_condition *but)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *k = &st->conditions[i];
        bool                     null = k->entry->op.op && k->entry->op.op->test == VD_TEST_NULL;

        if (k != but && vd_key_is(k, "aws:PrincipalTag/") && vd_str_ieq(vd_str_from(k->key, 17), tag))
            return true;
        if (null && vd_str_ieq(k->key, but->key))
            return true;
    }
    return st->conditions_hole;
}

static void check_tag_unset(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    vd_str          tag;

    if (!vd_key_is(k, "aws:ResourceTag/") || e->values.count != 1 || e->op.op->test > VD_TEST_LIKE ||
        e->op.op->negated == st->allow || e->op.if_exists || e->op.quantifier != VD_FOR_ONE)
        return;
    tag = principal_tag(e->values.at[0].text);
    if (tag.n == 0 || is_asked(st, tag, k))
        return;
    vd_lint_report(l, &vd_meaning_rules[VD_G_TAG_UNSET], st, e->values.at[0].span,
                   "when the principal has no %s the variable does not resolve and %s", vd_lint_show(l, tag),
                   st->allow ? "nothing is allowed" : "the Deny does not apply as written");
}

/* ------------------------------------------------------------------ global services */

enum { MUST = 1 }; /* column of the table region-exempt: services that nobody can do without */

static bool has_exemption(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *k = &st->conditions[i];

        if (vd_key_is(k, "aws:RequestedRegion"))
            for (uint32_t n = 0; n < k->entry->values.count; n++) {
                vd_str v = k->entry->values.at[n].text;

                if (vd_view_action_matches(v, VD_S("us-east-1")) || vd_view_action_matches(v, VD_S("us-gov-west-1")) ||
                    vd_view_action_matches(v, VD_S("cn-north-1")))
                    return true;
            }
    }
    return false;
}

/* Does the statement reach some action of the service? */
static bool reaches_service(const vd_lint *l, const vd_view_statement *st, vd_str prefix)
{
    uint32_t service = vd_catalog_find_service(l->catalog, prefix), low = 0, high = st->reach.count;
    vd_run   actions;

    if (service == VD_NONE)
        return false;
    actions = vd_catalog_service(l->catalog, service).actions;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (st->reach.at[mid] < actions.first)
            low = mid + 1;
        else
            high = mid;
    }
    return low < st->reach.count && st->reach.at[low] < actions.first + actions.count;
}

/* Action "*" becomes NotAction with the services; a NotAction gets them added. */
static void leave_out(vd_lint *l, vd_finding *f, const vd_list *action, const vd_str *names, uint32_t count)
{
    const char *list = "";

    if (!action->negated && !(action->texts.count == 1 && vd_str_eq(action->texts.at[0].text, VD_S("*"))))
        return;
    vd_finding_fix(l, f, VD_FIX_UNSAFE, "leave the global services out");
    for (uint32_t i = 0; i < count; i++) {
        if (action->negated)
            vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, action->value, "\"" VD_F ":*\"", VD_A(names[i]));
        list = vd_lint_printf(l, "%s%s\"" VD_F ":*\"", list, i ? ", " : "", VD_A(names[i]));
    }
    if (action->negated)
        return;
    vd_finding_edit(l, f, VD_EDIT_STRING, action->key, "NotAction");
    vd_finding_edit(l, f, VD_EDIT_VALUE, action->value, "[%s]", list);
}

static void check_region(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    vd_sheet    sheet = vd_catalog_sheet(l->catalog, VD_S("region-exempt"));
    vd_str      hit[32];
    uint32_t    count = 0;
    bool        wide = st->model->action.negated;
    vd_finding *f;

    if (st->allow || !vd_key_is(k, "aws:RequestedRegion") || !k->entry->op.op->negated || k->value_hole ||
        st->actions_hole || has_exemption(st) || !vd_lint_wants(l, &vd_meaning_rules[VD_G_REGION_GLOBAL]))
        return;
    for (uint32_t i = 0; i < st->action_count; i++)
        wide |= st->actions[i].wild; /* who names actions one by one knows which */
    for (uint32_t i = 0; i < sheet.rows && wide && count < VD_COUNT(hit); i++) {
        vd_str name = vd_sheet_cell(sheet, i, 0);

        if (vd_sheet_cell(sheet, i, MUST).n && reaches_service(l, st, name))
            hit[count++] = name;
    }
    if (count == 0)
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_REGION_GLOBAL], st, k->entry->value,
                       "%s %s always called in us-east-1", vd_lint_list(l, hit, count), count == 1 ? "is" : "are");
    vd_finding_hint(l, f, "leave global services out with NotAction");
    leave_out(l, f, &st->model->action, hit, count);
}

/* ------------------------------------------------------------------ */

void vd_meaning_guard(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    if (!k->entry->op.op || k->key_hole)
        return;
    check_tag_unset(l, st, k);
    check_region(l, st, k);
}
