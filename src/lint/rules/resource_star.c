/* SPDX-License-Identifier: Apache-2.0
 *
 * Everything: said with a star where resources could be named, or with patterns that come to the same.
 */
#include "lint/rules/resource.h"

#include "base/str.h"
#include "lint/cover.h"
#include "lint/powers.h"
#include "pattern/overlap.h"

enum { SAMPLE = 8, MOST_REACH = 400, MOST_TYPES = 4 /* one more than are shown */ };

/* ------------------------------------------------------------------ a star */

typedef struct limitable {
    vd_str   names[SAMPLE]; /* as written */
    uint32_t named, count;
    vd_span  first;
    uint32_t types[MOST_TYPES]; /* of all of them, as far as they are shown */
    uint32_t type_count;
    bool     writes;
} limitable;

/* An action with one type that it need not have may be called on nothing: then only a star lets it pass. */
static bool can_be_limited(vd_action_fact a)
{
    return a.required.count || a.types.count > 1;
}

static void take_types(limitable *out, vd_action_fact fact)
{
    vd_ids types = fact.required.count ? fact.required : fact.types;

    for (uint32_t i = 0; i < types.count && out->type_count < MOST_TYPES; i++) {
        bool known = false;

        for (uint32_t k = 0; k < out->type_count; k++)
            known = known || out->types[k] == types.at[i];
        if (!known)
            out->types[out->type_count++] = types.at[i];
    }
}

/* A wildcard of which most actions need the star cannot be limited as it stands: ec2:Describe*. */
static bool is_mostly_limitable(const vd_lint *l, vd_ids ids)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < ids.count; i++)
        n += can_be_limited(vd_catalog_action(l->catalog, ids.at[i]));
    return n > ids.count / 2;
}

static void take(limitable *out, const vd_lint *l, const vd_view_action *a)
{
    if (out->count++ == 0)
        out->first = a->text.span;
    if (out->named < SAMPLE)
        out->names[out->named++] = a->text.text;
    for (uint32_t i = 0; i < a->ids.count; i++) {
        vd_action_fact fact = vd_catalog_action(l->catalog, a->ids.at[i]);

        if (!can_be_limited(fact))
            continue;
        take_types(out, fact);
        out->writes |= fact.level == VD_LEVEL_WRITE || fact.level == VD_LEVEL_PERMISSIONS;
        if (out->writes && out->type_count == MOST_TYPES)
            break;
    }
}

/* Literal actions and wildcards within a name, when actions of theirs have resource types.  Of iam:PassRole the rules
 * pass-role-... tell more. */
static void find_limitable(limitable *out, const vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->star || a->prefix_wild || (a->name.n == 1 && a->name.p[0] == '*') ||
            vd_str_ieq(a->text.text, VD_S("iam:PassRole")))
            continue;
        if (is_mostly_limitable(l, a->ids))
            take(out, l, a);
    }
}

static void look_at_star(vd_lint *l, const vd_view_statement *st)
{
    limitable   found = { .count = 0 };
    vd_finding *f;

    if (!vd_lint_wants(l, &vd_resource_rules[RESOURCE_STAR]))
        return;
    find_limitable(&found, l, st);
    if (found.count == 0)
        return;
    f = vd_lint_report(l, &vd_resource_rules[RESOURCE_STAR], st, found.first, "%s can be limited to %s",
                       vd_lint_list(l, found.names, found.count),
                       vd_resource_formats(l, (vd_ids){ found.types, found.type_count }));
    if (found.writes && st->condition_count == 0 && !st->conditions_hole)
        vd_finding_score(f, 50);
}

/* ------------------------------------------------------------------ patterns like a star */

static bool is_wide(vd_str s)
{
    return s.n == 1 && (s.p[0] == VD_STAR || s.p[0] == VD_STAR_IN);
}

/* Of one format the whole, whatever the partition. */
static bool covers_format(vd_str pattern, vd_str format)
{
    vd_str p[VD_ARN_FIELDS], q[VD_ARN_FIELDS];

    vd_fit_split(pattern, p);
    vd_fit_split(format, q);
    for (unsigned i = VD_ARN_SERVICE; i < VD_ARN_FIELDS; i++)
        if (!vd_str_eq(p[i], q[i]) && !is_wide(p[i]) && !vd_glob_covers(p[i], q[i]))
            return false;
    return true;
}

static bool covers_type(vd_lint *l, const vd_view_statement *st, uint32_t type)
{
    uint32_t formats = vd_catalog_type(l->catalog, type).formats;

    for (uint32_t k = 0; k < formats; k++) {
        vd_str format = vd_catalog_format_coded(l->catalog, type, k);
        bool   found = false;

        for (uint32_t i = 0; i < st->resource_count && !found; i++) {
            vd_view_resource *r = &st->resources[i];

            found = r->is_arn && r->wild && !r->hole && vd_cover_code(l, r) &&
                    covers_format(r->exact, format);
        }
        if (!found)
            return false;
    }
    return formats > 0;
}

/* A pattern that is open to all accounts and begins or ends in a wildcard behind nothing or a type word. */
static bool may_cover(const vd_view_resource *r)
{
    vd_str account = r->arn.account, rest = r->arn.resource;

    return r->is_arn && r->wild && !r->hole && !r->variable && vd_str_ends(rest, VD_S("*")) &&
           (account.n == 0 || vd_str_eq(account, VD_S("*")));
}

/* Access points are other names of what the bucket's ARN names. */
static bool is_way_in(vd_type_fact t)
{
    return vd_str_istarts(t.name, VD_S("accesspoint"));
}

/* No worse than the star itself: nothing is written, and no data or credentials come out. */
static bool only_looks(const vd_lint *l, uint32_t action, uint8_t level)
{
    const vd_powers *p = vd_expansions_powers(l->expansions);

    return level <= VD_LEVEL_READ && p &&
           (p->bits[action] & (VD_POWER_EXFILTRATION | VD_POWER_CREDENTIALS)) == 0;
}

/* For each action that has resources, all of those that it must have. */
static void look_at_patterns(vd_lint *l, const vd_view_statement *st)
{
    bool        candidate = false, any = false, looks = true;
    uint32_t    last = VD_NONE;
    vd_finding *f;

    for (uint32_t i = 0; i < st->resource_count; i++)
        candidate = candidate || may_cover(&st->resources[i]);
    if (!candidate || st->condition_count || st->conditions_hole || st->actions_hole || st->resources_hole ||
        st->reach.count > MOST_REACH || !vd_lint_wants(l, &vd_resource_rules[RESOURCE_EFFECTIVELY_STAR]))
        return;
    for (uint32_t i = 0; i < st->reach.count; i++) {
        vd_action_fact fact = vd_catalog_action(l->catalog, st->reach.at[i]);
        vd_ids         types = fact.required.count ? fact.required : fact.types;

        for (uint32_t k = 0; k < types.count; k++) {
            if (types.at[k] == last || is_way_in(vd_catalog_type(l->catalog, types.at[k])))
                continue;
            if (!covers_type(l, st, types.at[k]))
                return;
            last = types.at[k];
        }
        any = any || types.count;
        looks = looks && only_looks(l, st->reach.at[i], fact.level);
    }
    if (!any)
        return;
    f = vd_lint_report(
        l, &vd_resource_rules[RESOURCE_EFFECTIVELY_STAR], st, st->resources[0].text.span,
        st->resource_count > 1 ? "together these match every %s in every account and Region, like *"
                               : "matches every %s in every account and Region, like *",
        vd_lint_show(l, last == VD_NONE ? VD_S("resource") : vd_catalog_type(l->catalog, last).name));
    if (looks)
        vd_finding_severity(f, VD_SUGGESTION);
}

void vd_resource_look_at_star(vd_lint *l, const vd_view_statement *st)
{
    const vd_list *list = &st->model->resource;

    if (!st->allow || st->model->malformed || st->model->action.negated || list->negated || !list->present ||
        st->all_actions)
        return;
    if (st->all_resources)
        look_at_star(l, st);
    else
        look_at_patterns(l, st);
}
