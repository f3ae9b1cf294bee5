/* SPDX-License-Identifier: Apache-2.0
 *
 * NotResource: what it leaves open, and exceptions that are none.
 */
#include "lint/rules/resource.h"

#include "base/str.h"

static bool excepts_all(const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (st->resources[i].star)
            return true;
    return false;
}

/* Could some action of the statement work on the resource?  In doubt it could. */
static bool is_touched(vd_lint *l, const vd_view_statement *st, vd_view_resource *r)
{
    vd_fit_types(l, r);
    if (r->types_open || r->types.count == 0 || st->reach.count > 1000 || vd_str_eq(r->arn.resource, VD_S("root")))
        return true;
    for (uint32_t i = 0; i < st->reach.count; i++)
        if (vd_fit(l, st->reach.at[i], r) != VD_FIT_NO)
            return true;
    return false;
}

static void look_for_nothing(vd_lint *l, const vd_view_statement *st)
{
    if (excepts_all(st)) {
        vd_lint_report(l, &vd_resource_rules[NOT_RESOURCE_DENY_NOTHING], st, st->model->resource.key,
                       "this exception covers everything: the statement denies nothing");
        return;
    }
    if (st->model->action.negated || st->actions_hole || st->reach.count == 0)
        return;
    for (uint32_t i = 0; i < st->resource_count; i++)
        if (is_touched(l, st, &st->resources[i]))
            return;
    vd_lint_report(l, &vd_resource_rules[NOT_RESOURCE_DENY_NOTHING], st, st->model->resource.key,
                   "this exception covers nothing the actions touch: they are denied everywhere");
}

/* ------------------------------------------------------------------ half of a bucket */

/* The bucket that an S3 ARN without account names: of "bucket/..." what stands before the slash. */
static bool is_bucket_arn(const vd_view_resource *r, vd_str *bucket, bool *objects)
{
    vd_str rest = r->arn.resource;
    size_t slash = vd_str_find(rest, '/');

    if (!r->is_arn || r->hole || !vd_str_eq(r->arn.service, VD_S("s3")) || r->arn.account.n || r->arn.region.n)
        return false;
    *objects = slash < rest.n;
    *bucket = vd_str_first(rest, slash);
    return vd_is_plain(*bucket) || *objects;
}

/* Does another exception name the other half, or cover it by a wildcard? */
static bool has_other_half(const vd_view_statement *st, vd_str bucket, bool objects)
{
    for (uint32_t i = 0; i < st->resource_count; i++) {
        vd_str other;
        bool   own;

        if (!is_bucket_arn(&st->resources[i], &other, &own))
            return true; /* who knows */
        if (own != objects && vd_str_eq(other, bucket))
            return true;
    }
    return false;
}

/* An action of the level that stays denied. */
static uint32_t action_on(const vd_lint *l, const vd_view_statement *st, vd_str type)
{
    uint32_t service = vd_catalog_find_service(l->catalog, VD_S("s3"));
    uint32_t wanted = vd_catalog_find_type(l->catalog, service, type);

    for (uint32_t i = 0; i < st->reach.count; i++)
        if (vd_catalog_service_of(l->catalog, st->reach.at[i]) == service &&
            vd_ids_have(vd_catalog_action(l->catalog, st->reach.at[i]).types, wanted))
            return st->reach.at[i];
    return VD_NONE;
}

static void tell_half(vd_lint *l, const vd_view_statement *st, const vd_view_resource *r, bool objects)
{
    uint32_t    action = action_on(l, st, objects ? VD_S("bucket") : VD_S("object"));
    char        name[128];
    size_t      n;
    vd_str      text = r->text.text, half;
    vd_finding *f;

    if (action == VD_NONE || text.n > 512)
        return;
    n = vd_catalog_action_text(l->catalog, action, name, sizeof name);
    f = vd_lint_report(l, &vd_resource_rules[NOT_RESOURCE_HALF], st, r->text.span, "%s; " VD_F " stays denied",
                       objects ? "objects are excepted, the bucket is not" : "the bucket is excepted, its objects are not",
                       VD_A(((vd_str){ name, n })));
    half = objects ? vd_str_first(text, vd_str_find(text, '/')) : text;
    vd_finding_fix(l, f, VD_FIX_SAFE, "except the other half too");
    vd_finding_edit(l, f, VD_EDIT_ADD_ITEM, st->model->resource.value, "\"" VD_F "%s\"", VD_A(half), objects ? "" : "/*");
}

static void look_at_halves(vd_lint *l, const vd_view_statement *st)
{
    for (uint32_t i = 0; i < st->resource_count && i < 100; i++) {
        const vd_view_resource *r = &st->resources[i];
        vd_str                  bucket;
        bool                    objects;

        if (is_bucket_arn(r, &bucket, &objects) && vd_is_plain(bucket) && !has_other_half(st, bucket, objects) &&
            (!objects || vd_str_ends(r->text.text, VD_S("/*"))))
            tell_half(l, st, r, objects);
    }
}

void vd_resource_look_at_not(vd_lint *l, const vd_view_statement *st)
{
    if (st->resource_count == 0 || st->resources_hole || st->model->malformed)
        return;
    if (st->allow) {
        if (!st->model->action.negated && !excepts_all(st))
            vd_lint_report(l, &vd_resource_rules[NOT_RESOURCE_ALLOW], st, st->model->resource.key,
                           "allows on every resource except those listed, also on ones created later");
        return;
    }
    look_for_nothing(l, st);
    if (!st->actions_hole && !excepts_all(st))
        look_at_halves(l, st);
}
