/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions and resources of a statement that have nothing to do with each other (lint.md 2.5).  An action needs one resource
 * that fits; a wildcard is never judged action by action.
 */
#include "lint/rules/resource.h"

#include "base/str.h"

enum { MOST_LOOKS = 100 };

/* Was something said already about the ARNs of this statement?  Then that is why they do not fit. */
static bool is_wrong_already(const vd_lint *l, const vd_view_statement *st)
{
    static const uint8_t rows[] = { ARN_SHAPE_TRAP,    INVALID_ARN_RESOURCE, INVALID_ARN_PREFIX,
                                    MISSING_ARN_FIELD, UNKNOWN_ARN_SERVICE,  INVALID_ARN_SERVICE_CASE,
                                    ARN_WHITESPACE,    PLACEHOLDER_VALUE,    ARN_TYPE_WILDCARD };

    for (uint32_t i = l->finding_count, looks = 256; i > 0 && looks; i--, looks--) {
        const vd_finding *f = l->findings[i - 1];

        if (f->statement != st->index || f->severity < VD_WARNING)
            continue;
        for (size_t k = 0; k < VD_COUNT(rows); k++)
            if (f->rule == &vd_resource_rules[rows[k]])
                return true;
    }
    return false;
}

/* ------------------------------------------------------------------ buckets and objects */

typedef enum s3_level { NEITHER, BUCKET, OBJECT } s3_level;

static s3_level level_of_types(const vd_lint *l, vd_ids types)
{
    bool bucket = false, object = false;

    for (uint32_t i = 0; i < types.count; i++) {
        vd_str name = vd_catalog_type(l->catalog, types.at[i]).name;

        bucket |= vd_str_ieq(name, VD_S("bucket"));
        object |= vd_str_ieq(name, VD_S("object"));
    }
    return bucket == object ? NEITHER : bucket ? BUCKET : OBJECT;
}

/* What the S3 resources of the statement all are; *one: the only one. */
static s3_level level_of_resources(vd_lint *l, const vd_view_statement *st, vd_view_resource **one)
{
    s3_level level = NEITHER;
    uint32_t n = 0;

    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_view_resource *r = &st->resources[i];
        s3_level          own;

        vd_fit_types(l, r);
        if (!vd_str_eq(r->arn.service, VD_S("s3")))
            continue;
        own = level_of_types(l, r->types);
        if (own == NEITHER || (n && own != level))
            return NEITHER;
        level = own;
        *one = r;
        n++;
    }
    if (n != 1)
        *one = NULL;
    return level;
}

/* Bucket part of "arn:aws:s3:::bucket/key". */
static vd_str bucket_of(const vd_view_resource *r)
{
    vd_str text = r->text.text;

    return vd_str_first(text, vd_str_find(text, '/'));
}

static bool all_of_level(const vd_lint *l, const vd_view_statement *st, s3_level level)
{
    for (uint32_t i = 0; i < st->action_count; i++) {
        const vd_view_action *a = &st->actions[i];

        if (a->action == VD_NONE ||
            level_of_types(l, vd_catalog_action(l->catalog, a->action).types) != level)
            return false;
    }
    return st->resource_count == 1;
}

static bool is_mixup(vd_lint *l, const vd_view_statement *st, const vd_view_action *a, vd_action_fact fact)
{
    vd_view_resource *one = NULL;
    s3_level          needed = level_of_types(l, fact.types), have;
    const char       *arn = NULL;
    vd_finding       *f;

    if (!vd_str_ieq(a->prefix, VD_S("s3")) || needed == NEITHER)
        return false;
    have = level_of_resources(l, st, &one);
    if (have == NEITHER || have == needed)
        return false;
    if (one && !one->hole && one->text.text.n < 512)
        arn = vd_lint_printf(l, VD_F "%s", VD_A(needed == BUCKET ? bucket_of(one) : one->text.text),
                             needed == BUCKET ? "" : "/*");
    f = vd_lint_report(l, &vd_resource_rules[S3_BUCKET_OBJECT_MIXUP], st, a->text.span,
                       "%s applies to %s: use \"%s\"", vd_lint_show(l, a->text.text),
                       needed == BUCKET ? "the bucket itself" : "objects",
                       arn                ? arn
                       : needed == BUCKET ? "arn:aws:s3:::BUCKET"
                                          : "arn:aws:s3:::BUCKET/*");
    if (arn && all_of_level(l, st, needed) && f && f->fix_count == 0) {
        vd_finding_fix(l, f, VD_FIX_SAFE, "use %s", arn);
        vd_finding_edit(l, f, VD_EDIT_STRING, one->text.span, "%s", arn);
    }
    return true;
}

/* ------------------------------------------------------------------ actions */

/* "CreateDataSet" on a dataset: that it works on what it is named after may just not be on record.  Whatever is started
 * is not there yet. */
static bool is_named_after(vd_lint *l, vd_action_fact fact, const vd_view_statement *st)
{
    if (vd_str_istarts(fact.name, VD_S("Start")))
        return false;
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_view_resource *r = &st->resources[i];

        vd_fit_types(l, r);
        for (uint32_t k = 0; k < r->types.count; k++) {
            vd_type_fact t = vd_catalog_type(l->catalog, r->types.at[k]);

            if (t.service != fact.service || t.name.n < 5)
                continue;
            for (size_t at = 1; at + t.name.n <= fact.name.n; at++) {
                vd_str rest = vd_str_from(fact.name, at + t.name.n);

                if (vd_str_istarts(vd_str_from(fact.name, at), t.name) &&
                    (rest.n == 0 || vd_str_starts(rest, VD_S("For"))))
                    return true;
            }
        }
    }
    return false;
}

static void tell_mismatch(vd_lint *l, const vd_view_statement *st, const vd_view_action *a,
                          vd_action_fact fact)
{
    vd_finding *f = vd_lint_report(l, &vd_resource_rules[ACTION_RESOURCE_MISMATCH], st, a->text.span,
                                   "%s works on %s; none of the resources here is one, so it is never %s",
                                   vd_lint_show(l, a->text.text), vd_resource_formats(l, fact.types),
                                   st->allow ? "allowed" : "denied");

    if (is_named_after(l, fact, st)) {
        vd_finding_severity(f, VD_WARNING);
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
    } else if (!st->allow) {
        vd_finding_score(f, 70);
    }
}

static void tell_needs_star(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    bool        doubtful = vd_fit_is_doubtful(l, a->action, st);
    vd_finding *f = vd_lint_report(l, &vd_resource_rules[ACTION_NEEDS_STAR], st, a->text.span,
                                   "%s has no resource to name; it needs \"Resource\": \"*\"",
                                   vd_lint_show(l, a->text.text));

    if (doubtful) {
        vd_finding_severity(f, VD_WARNING);
        vd_finding_confidence(f, VD_CONFIDENCE_MEDIUM);
    } else if (!st->allow) {
        vd_finding_score(f, 70);
    }
}

/* True: something was said. */
static bool look_at_action(vd_lint *l, const vd_view_statement *st, const vd_view_action *a)
{
    vd_action_fact fact;

    if (a->action == VD_NONE || vd_fit_statement(l, a->action, st) != VD_FIT_NO)
        return false;
    fact = vd_catalog_action(l->catalog, a->action);
    if (is_mixup(l, st, a, fact))
        return true;
    if (fact.types.count)
        tell_mismatch(l, st, a, fact);
    else
        tell_needs_star(l, st, a);
    return true;
}

/* ------------------------------------------------------------------ resources */

static uint32_t first_from(vd_ids ids, uint32_t id)
{
    uint32_t low = 0, high = ids.count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (ids.at[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Some action of the statement has the resource type: it is one of the type's own service. */
static bool is_type_used(const vd_lint *l, const vd_view_statement *st, uint32_t type)
{
    vd_run run = vd_catalog_service(l->catalog, vd_catalog_type(l->catalog, type).service).actions;

    for (uint32_t i = first_from(st->reach, run.first);
         i < st->reach.count && st->reach.at[i] < run.first + run.count; i++)
        if (vd_ids_have(vd_catalog_action(l->catalog, st->reach.at[i]).types, type))
            return true;
    return false;
}

static bool reaches_service_of(const vd_lint *l, const vd_view_statement *st, uint32_t type)
{
    vd_run   run = vd_catalog_service(l->catalog, vd_catalog_type(l->catalog, type).service).actions;
    uint32_t i = first_from(st->reach, run.first);

    return i < st->reach.count && st->reach.at[i] < run.first + run.count;
}

/* Actions without resource types are checked on texts of their own: s3:ListAllMyBuckets on arn:aws:s3:::* */
static bool is_checked_by_some(vd_lint *l, const vd_view_statement *st, vd_view_resource *r)
{
    for (uint32_t i = 0; i < st->action_count && i < MOST_LOOKS; i++) {
        uint32_t action = st->actions[i].action;

        if (action != VD_NONE && vd_catalog_action(l->catalog, action).types.count == 0 &&
            vd_fit(l, action, r) == VD_FIT_YES)
            return true;
    }
    return st->action_count > MOST_LOOKS;
}

static bool is_used(vd_lint *l, const vd_view_statement *st, vd_view_resource *r)
{
    vd_fit_types(l, r);
    if (r->star || r->types_open || r->types.count == 0 || vd_str_ends(r->arn.service, VD_S("connections")))
        return true; /* CodeConnections has two names, and policies need both */
    if (vd_str_eq(r->arn.service, VD_S("glue")) && reaches_service_of(l, st, r->types.at[0]))
        return true; /* Glue also asks for what an object lies in, up to the catalog, which no list says */
    for (uint32_t i = 0; i < r->types.count; i++)
        if (is_type_used(l, st, r->types.at[i]))
            return true;
    return is_checked_by_some(l, st, r);
}

static bool knows_all_actions(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->action_count; i++)
        if (st->actions[i].ids.count == 0)
            return false;
    return !st->actions_hole;
}

static void look_at_resources(vd_lint *l, const vd_view_statement *st)
{
    uint32_t unused = 0;

    if (!knows_all_actions(st) || !vd_lint_wants(l, &vd_resource_rules[RESOURCE_UNUSED]))
        return;
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_view_resource *r = &st->resources[i];
        vd_finding       *f;

        if (is_used(l, st, r))
            continue;
        f = vd_lint_report(l, &vd_resource_rules[RESOURCE_UNUSED], st, r->text.span,
                           "none of the actions works on this resource");
        if (++unused == st->resource_count)
            return; /* nothing would be left */
        vd_finding_fix(l, f, VD_FIX_SAFE, "remove it");
        vd_finding_edit(l, f, VD_EDIT_DELETE_ITEM, r->text.span, "%s", "");
    }
}

void vd_resource_look_at_fit(vd_lint *l, const vd_view_statement *st)
{
    bool told = false;

    if (!st->model->resource.present || st->resource_count == 0 || st->all_resources ||
        st->model->malformed || st->model->action.negated || l->kind == VD_KIND_TRUST ||
        is_wrong_already(l, st))
        return;
    for (uint32_t i = 0; i < st->action_count; i++)
        told = look_at_action(l, st, &st->actions[i]) || told;
    if (!told && !st->all_actions)
        look_at_resources(l, st);
}
