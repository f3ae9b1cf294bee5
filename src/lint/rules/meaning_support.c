/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys that the actions of a statement never send (lint.md 2.6).  Literal actions are judged one by one; a wildcard is
 * fine as soon as one of its matches sends the key.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"

/* Of some services the lists of keys are known to hold; of the others an action may send more than they say. */
static bool holds(const vd_lint *l, const vd_view_condition *k)
{
    return vd_key_is_tag(k) || k->fact.flags & VD_KEY_NAMED ||
           vd_sheet_find(vd_catalog_sheet(l->catalog, VD_S("complete-keys")), k->prefix).count > 0;
}

/* A key that no action of its service is listed with has not been filed yet. */
static bool is_filed(const vd_lint *l, const vd_view_condition *k)
{
    uint32_t service = vd_catalog_find_service(l->catalog, k->prefix);
    vd_run   actions;

    if (service == VD_NONE || vd_key_is_tag(k))
        return true;
    actions = vd_catalog_service(l->catalog, service).actions;
    for (uint32_t i = 0; i < actions.count; i++)
        if (vd_catalog_action_has_key(l->catalog, actions.first + i, k->id))
            return true;
    return false;
}

/* What the actions of a statement say of one key. */
typedef struct support {
    vd_str   without[64]; /* actions as written that never send it */
    vd_span  first;       /* of the first of them */
    uint32_t without_count, with_count;
    bool     unknown;     /* of some action nobody knows */
} support;

/* ------------------------------------------------------------------ one key, all actions */

static bool service_knows(const vd_catalog *c, uint32_t action, const vd_view_condition *k)
{
    return vd_ids_have(vd_catalog_service(c, vd_catalog_service_of(c, action)).keys, k->id);
}

/* Checked within the call of another action, with the context of that one: nothing of it is listed. */
static bool goes_with_another(vd_str action)
{
    static const vd_str names[] = { VD_L("sts:TagSession"), VD_L("sts:SetSourceIdentity"), VD_L("sts:SetContext") };

    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (vd_str_ieq(action, names[i]))
            return true;
    return false;
}

/* Does some action that the pattern matches send the key?  Services that have no such key are passed over. */
static vd_avail avail_of(const vd_lint *l, const vd_view_action *a, const vd_view_condition *k)
{
    vd_avail best = VD_AVAIL_NEVER;

    if (a->hole || a->malformed || a->ids.count == 0 || goes_with_another(a->text.text))
        return VD_AVAIL_UNKNOWN;
    for (uint32_t i = 0; i < a->ids.count && best == VD_AVAIL_NEVER; i++) {
        uint32_t service = vd_catalog_service_of(l->catalog, a->ids.at[i]);

        if (!service_knows(l->catalog, a->ids.at[i], k)) {
            vd_run actions = vd_catalog_service(l->catalog, service).actions;

            while (i + 1 < a->ids.count && a->ids.at[i + 1] < actions.first + actions.count)
                i++;
            continue;
        }
        best = vd_key_avail(l->catalog, a->ids.at[i], k);
    }
    return best;
}

static support look_at_actions(const vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    support s = { .without_count = 0 };

    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        switch (avail_of(l, a, k)) {
        case VD_AVAIL_NEVER:
            if (s.without_count == 0)
                s.first = a->text.span;
            if (s.without_count < VD_COUNT(s.without))
                s.without[s.without_count++] = a->text.text;
            break;
        case VD_AVAIL_UNKNOWN:
            s.unknown = true;
            break;
        default:
            s.with_count++;
        }
    }
    return s;
}

/* ------------------------------------------------------------------ reports */

static void report_missing(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k, const char *actions)
{
    vd_lint_report(l, &vd_meaning_rules[VD_G_MISSING_ACTION], st, k->entry->key.span,
                   "%s is read only for %s, which is not here", vd_lint_show(l, k->key), actions);
}

/* The actions that alone look at the key are not among those of the statement.  *handled: the rule is about this key. */
static bool check_only(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    vd_str   words = vd_key_says(l->catalog, k, VD_KEY_COLUMN_ONLY), one, items[4];
    uint32_t count = 0;
    bool     more = words.n > 0;

    if (l->kind == VD_KIND_TRUST && (vd_key_is(k, "aws:RequestTag/") || vd_key_is(k, "aws:TagKeys"))) {
        words = VD_S("sts:TagSession");
        more = true;
    }
    if (!more)
        return false;
    while (more && count < VD_COUNT(items)) {
        uint32_t action;

        more = vd_str_cut(&words, ' ', &one);
        items[count] = more ? one : words;
        action = vd_catalog_find(l->catalog, items[count++]);
        if (action == VD_NONE || vd_view_reaches(st, action))
            return true;
    }
    report_missing(l, st, k, vd_lint_list(l, items, count));
    return true;
}

static void report_tags(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k, const support *s)
{
    vd_finding *f = vd_lint_report(l, &vd_meaning_rules[VD_G_TAG_UNSUPPORTED], st, s->first,
                                   "tags are not checked for %s; %s not %s here",
                                   vd_lint_list(l, s->without, s->without_count),
                                   s->without_count == 1 ? "it is" : "they are", st->allow ? "allowed" : "denied");

    if (f && f->more == 0)
        vd_finding_relate(l, f, k->entry->key.span, "the condition");
    if (st->allow)
        vd_finding_severity(f, VD_SUGGESTION);
    else
        vd_finding_score(f, 75);
    vd_finding_code(f, st->allow ? "ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
                                 : "DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE");
}

static void report_unsupported(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k, const support *s)
{
    vd_finding *f = vd_lint_report(l, &vd_meaning_rules[VD_G_UNSUPPORTED], st, k->entry->key.span,
                                   "%s is never sent with %s: this statement does not %s %s", vd_lint_show(l, k->key),
                                   vd_lint_list(l, s->without, s->without_count), st->allow ? "allow" : "deny",
                                   s->without_count == 1 ? "it" : "them");

    if (f && f->more == 0)
        vd_finding_relate(l, f, s->first, "the first of these actions");
    if (!holds(l, k)) {
        vd_finding_severity(f, VD_WARNING);
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
    } else if (st->allow) {
        vd_finding_severity(f, VD_ERROR);
    } else {
        vd_finding_score(f, 70);
    }
}

/* IfExists and ForAllValues are how one says "for those of the actions that send it". */
static bool is_meant(const vd_view_statement *st, const vd_entry *e, const support *s)
{
    return st->allow && e->op.if_exists && s->with_count;
}

static void report_ineffective(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k, const support *s)
{
    vd_finding *f = vd_lint_report(l, &vd_meaning_rules[VD_G_INEFFECTIVE], st, k->entry->key.span,
                                   st->allow ? "%s is never sent with %s, so the condition does not limit %s"
                                             : "%s is never sent with %s, so the condition does not spare %s",
                                   vd_lint_show(l, k->key), vd_lint_list(l, s->without, s->without_count),
                                   s->without_count == 1 ? "it" : "them");

    if (!st->allow)
        vd_finding_severity(f, VD_WARNING);
    else if (s->with_count && k->entry->op.quantifier == VD_FOR_ALL)
        vd_finding_severity(f, VD_SUGGESTION);
    else
        vd_finding_score(f, 65);
    if (!holds(l, k))
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
}

/* Null asks for presence or absence, which is what the author knows to differ. */
static bool asks_absent(const vd_entry *e)
{
    return e->op.op->test == VD_TEST_NULL && vd_entry_true_without_key(e);
}

static bool names_service(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->principal_count; i++)
        if (st->principals[i].shape == VD_SHAPE_SERVICE)
            return true;
    return st->principals_hole;
}

static void check_not_action(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    vd_finding *f;

    if (!vd_key_is_tag(k) || vd_entry_true_without_key(k->entry))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_TAG_NOT_ACTION], st, k->entry->key.span,
                       "for services without tag support this %s nothing", st->allow ? "allows" : "denies");
    if (st->allow)
        vd_finding_severity(f, VD_SUGGESTION);
    else
        vd_finding_score(f, 70);
    vd_finding_code(f, st->allow ? "ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
                                 : "DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE");
}

void vd_meaning_support(vd_lint *l, const vd_view_statement *st, const vd_view_condition *k)
{
    const vd_entry *e = k->entry;
    support         s;
    bool            tag = vd_key_is_tag(k) && vd_meaning_is_of_principals(l);

    if (!e->op.op || k->key_hole || k->id == VD_NONE || st->actions_hole || asks_absent(e) || names_service(st))
        return;
    if (st->model->action.negated) {
        check_not_action(l, st, k);
        return;
    }
    if (vd_key_avail(l->catalog, VD_NONE, k) != VD_AVAIL_UNKNOWN && !(l->kind == VD_KIND_TRUST && vd_key_is_tag(k)))
        return; /* does not depend on the action */
    if (!vd_entry_true_without_key(e) && check_only(l, st, k))
        return;
    s = look_at_actions(l, st, k);
    if (s.without_count == 0 || !is_filed(l, k) || is_meant(st, e, &s))
        return;
    if (vd_entry_true_without_key(e))
        report_ineffective(l, st, k, &s);
    else if (tag && (s.with_count || s.unknown))
        report_tags(l, st, k, &s);
    else
        report_unsupported(l, st, k, &s);
}
