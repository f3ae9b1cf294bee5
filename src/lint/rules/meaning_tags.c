/* SPDX-License-Identifier: Apache-2.0
 *
 * Access by tags: who may change the tags that decide?  Looks at the policy as a whole, and only when some statement
 * decides by tags.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "lint/cover.h"
#include "pattern/overlap.h"

enum { DECIDING_MOST = 32, STATEMENTS_MOST = 512, RESOURCES_MOST = 32, PATTERN_MOST = 512 };

/* An Allow that asks for a tag of the resource, or of the principal. */
typedef struct deciding {
    const vd_view_statement *st;
    const vd_view_condition *key;
    vd_str                   tag;
    bool                     principal;
} deciding;

/* "aws:ResourceTag/team", "ec2:ResourceTag/team": the tag; empty: another key. */
static vd_str resource_tag(const vd_view_condition *k)
{
    vd_str start = VD_S("ResourceTag/");

    return vd_str_istarts(k->name, start) ? vd_str_from(k->name, start.n) : VD_S("");
}

static bool decides(const vd_view_condition *k, deciding *out)
{
    if (k->key_hole || !vd_entry_restricts(k->entry))
        return false;
    out->principal = vd_key_is(k, "aws:PrincipalTag/");
    out->tag = out->principal ? vd_str_from(k->name, 13) : resource_tag(k);
    out->key = k;
    return out->tag.n > 0 && !vd_str_istarts(out->tag, VD_S("aws:")); /* tags of AWS nobody else sets */
}

/* ------------------------------------------------------------------ statements that change tags */

static bool is_harmless(const vd_view_condition *k)
{
    static const char *const keys[] = { "aws:ResourceAccount", "aws:PrincipalAccount", "aws:RequestedRegion",
                                        "aws:SecureTransport", "aws:MultiFactorAuthPresent" };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_key_is(k, keys[i]))
            return true;
    return false;
}

/* Allows whatever it reaches, as far as tags go: what its conditions ask for has nothing to do with them. */
static bool is_free(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->condition_count; i++)
        if (!is_harmless(&st->conditions[i]))
            return false;
    return st->allow && !st->conditions_hole && !st->actions_hole && !st->resources_hole && !st->model->action.negated &&
           !st->model->resource.negated;
}

/* A tag that is asked for has to be set: taking one away brings nothing into reach. */
static bool changes_tags(const vd_lint *l, uint32_t action, const deciding *d)
{
    char   text[160];
    vd_str name = { text, vd_catalog_action_text(l->catalog, action, text, sizeof text) };

    if (d->principal)
        return vd_str_eq(name, VD_S("iam:TagRole")) || vd_str_eq(name, VD_S("iam:TagUser"));
    name = vd_str_from(name, vd_str_find(name, ':') + 1);
    return vd_catalog_level_of(l->catalog, action) == VD_LEVEL_TAGGING && !vd_str_starts(name, VD_S("Untag")) &&
           !vd_str_starts(name, VD_S("Delete")) && !vd_str_starts(name, VD_S("Remove"));
}

static bool is_of_service(const vd_lint *l, const vd_view_statement *st, uint32_t service)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (st->actions[i].ids.count && vd_catalog_service_of(l->catalog, st->actions[i].ids.at[0]) == service)
            return true;
    return false;
}

/* The action of st by which tags that d decides by can be changed; NULL: none. */
static const vd_view_action *tagging_action(const vd_lint *l, const vd_view_statement *st, const deciding *d,
                                            uint32_t *which)
{
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->star || a->prefix_wild || a->ids.count == 0 ||
            (!d->principal && !is_of_service(l, d->st, vd_catalog_service_of(l->catalog, a->ids.at[0]))))
            continue;
        for (uint32_t k = 0; k < a->ids.count; k++)
            if (changes_tags(l, a->ids.at[k], d)) {
                *which = a->ids.at[k];
                return a;
            }
    }
    return NULL;
}

/* ------------------------------------------------------------------ the same resources */

static bool texts_meet(vd_str a, vd_str b)
{
    char   p[PATTERN_MOST], q[PATTERN_MOST];
    size_t n, m;

    if (a.n > PATTERN_MOST || b.n > PATTERN_MOST)
        return false;
    n = vd_glob_code(p, a);
    m = vd_glob_code(q, b);
    return vd_glob_overlaps((vd_str){ p, n }, (vd_str){ q, m });
}

/* Part by part: "*:instance/x" and "*:volume/x" have texts in common, but no resource. */
static bool arns_meet(const vd_view_resource *a, const vd_view_resource *b)
{
    if (!a->is_arn || !b->is_arn)
        return texts_meet(a->text.text, b->text.text);
    return texts_meet(a->arn.service, b->arn.service) && texts_meet(a->arn.region, b->arn.region) &&
           texts_meet(a->arn.account, b->arn.account) && texts_meet(a->arn.resource, b->arn.resource);
}

static bool resources_meet(const vd_view_statement *a, const vd_view_statement *b)
{
    if (a->all_resources || b->all_resources)
        return true;
    for (uint32_t i = 0; i < a->resource_count && i < RESOURCES_MOST; i++)
        for (uint32_t k = 0; k < b->resource_count && k < RESOURCES_MOST; k++)
            if (arns_meet(&a->resources[i], &b->resources[k]))
                return true;
    return false;
}

/* Tags of principals: of any role or user, not of a few that are named. */
static bool is_broad(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (st->resources[i].wild && !st->resources[i].variable)
            return true;
    return st->all_resources;
}

static bool some_deny_reaches(const vd_lint *l, uint32_t action)
{
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST; i++)
        if (!l->statements[i].allow && (l->statements[i].actions_hole || vd_view_reaches(&l->statements[i], action)))
            return true;
    return false;
}

static void check_escape(vd_lint *l, const vd_view_statement *st, const deciding *d)
{
    uint32_t              action = VD_NONE;
    const vd_view_action *a;
    vd_finding           *f;

    if (st == d->st || !is_free(st))
        return;
    a = tagging_action(l, st, d, &action);
    if (!a || some_deny_reaches(l, action) || (d->principal ? !is_broad(st) : !resources_meet(st, d->st)) ||
        vd_cover_actions(st, d->st) != VD_COVERED_NOT)
        return; /* the last: what is asked for tags there is free here */
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_TAG_ESCAPE], st, a->text.span,
                       "whoever may retag can move any %s into reach: access is decided by the tag \"%s\"",
                       d->principal ? "principal" : "resource", vd_lint_show(l, d->tag));
    vd_finding_relate(l, f, d->key->entry->key.span, "decides by the tag");
}

/* ------------------------------------------------------------------ free keys */

static void check_open_keys(vd_lint *l, const vd_view_statement *st, const deciding *all, uint32_t count)
{
    static const char *const tag_keys[] = { "aws:TagKeys" };

    if (!st->allow || vd_meaning_mentions(st, tag_keys, 1))
        return;
    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *k = &st->conditions[i];
        const deciding          *other = NULL;
        bool                     same = false;

        if (!vd_key_is(k, "aws:RequestTag/") || k->key_hole || !vd_entry_restricts(k->entry))
            continue;
        for (uint32_t n = 0; n < count; n++) {
            bool equal = vd_str_ieq(all[n].tag, vd_str_from(k->name, 11));

            same |= equal;
            if (!equal && !all[n].principal && all[n].st != st)
                other = &all[n];
        }
        if (other && !same)
            vd_finding_relate(l,
                              vd_lint_report(l, &vd_meaning_rules[VD_G_OPEN_KEYS], st, k->entry->key.span,
                                             "tags other than %s can be set freely",
                                             vd_lint_show(l, vd_str_from(k->name, 11))),
                              other->key->entry->key.span, "decides by another tag");
    }
}

void vd_meaning_tags(vd_lint *l)
{
    deciding all[DECIDING_MOST];
    uint32_t count = 0;

    if (!vd_lint_wants(l, &vd_meaning_rules[VD_G_TAG_ESCAPE]) && !vd_lint_wants(l, &vd_meaning_rules[VD_G_OPEN_KEYS]))
        return;
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *st = &l->statements[i];

        for (uint32_t k = 0; k < st->condition_count && st->allow && count < DECIDING_MOST; k++)
            if (decides(&st->conditions[k], &all[count]))
                all[count++].st = st;
    }
    for (uint32_t i = 0; i < l->statement_count && i < STATEMENTS_MOST && count; i++) {
        for (uint32_t k = 0; k < count; k++)
            check_escape(l, &l->statements[i], &all[k]);
        check_open_keys(l, &l->statements[i], all, count);
    }
}
