/* SPDX-License-Identifier: Apache-2.0
 *
 * Buckets whose name somebody else may own, and what the configuration calls sensitive.
 */
#include "base/str.h"
#include "lint/rules/permission.h"
#include "pattern/overlap.h"

/* ------------------------------------------------------------------ bucket-takeover */

/* Names that services make up from things anybody can know. */
static bool is_predictable(vd_str bucket)
{
    static const vd_str begins[] = { VD_L("aws-glue-assets-"), VD_L("cdk-"), VD_L("sagemaker-"),
                                     VD_L("aws-athena-query-results-"), VD_L("elasticbeanstalk-"), VD_L("cf-templates-") };

    for (size_t i = 0; i < VD_COUNT(begins); i++)
        if (vd_str_starts(bucket, begins[i]))
            return true;
    return false;
}

static bool pins_account(const vd_view_statement *st)
{
    static const char *const keys[] = { "s3:ResourceAccount", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths",
                                        "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast" };

    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_positive_test(st, keys[i]))
            return true;
    return st->conditions_hole;
}

static bool writes_objects(const vd_lint *l, const vd_view_statement *st)
{
    static const char *const names[] = { "s3:PutObject", "s3:CreateBucket", "s3:PutBucketPolicy" };

    for (size_t i = 0; i < VD_COUNT(names); i++) {
        uint32_t a = vd_catalog_find(l->catalog, vd_str_of(names[i]));

        if (a != VD_NONE && vd_ids_have(st->reach, a))
            return true;
    }
    return false;
}

/* A name with the account or anything that makes it one's own in it is not open. */
static bool is_open_name(const vd_view_resource *r, vd_str *bucket)
{
    vd_str name;

    if (!r->is_arn || r->hole || r->variable || !vd_str_ieq(r->arn.service, VD_S("s3")) || r->arn.account.n)
        return false;
    name = vd_str_first(r->arn.resource, vd_str_find(r->arn.resource, '/'));
    *bucket = name;
    return name.n > 4 && name.p[0] != '*' && vd_str_find(name, '*') < name.n;
}

void vd_permission_buckets(const vd_allowed *e)
{
    for (uint32_t p = 0; p < e->count; p++) {
        vd_lint *l = e->policies[p];

        for (uint32_t i = 0; i < l->statement_count; i++) {
            const vd_view_statement *st = &l->statements[i];

            if (!st->allow || st->resource_count == 0 || st->model->resource.negated || st->model->action.negated)
                continue;
            for (uint32_t k = 0; k < st->resource_count; k++) {
                vd_str      bucket;
                vd_finding *f;

                if (!is_open_name(&st->resources[k], &bucket) || !is_predictable(bucket) || pins_account(st) ||
                    vd_is_restricted(st) || !writes_objects(l, st))
                    continue;
                f = vd_lint_report(l, &vd_permission_rules[BUCKET_TAKEOVER], st, st->resources[k].text.span,
                                   "someone else can own a bucket with this name; pin aws:ResourceAccount");
                vd_finding_confidence(f, VD_CONFIDENCE_HIGH);
            }
        }
    }
}

/* ------------------------------------------------------------------ sensitive-resource */

static bool overlap(vd_str a, vd_str b)
{
    char one[512], two[512];

    if (a.n > sizeof one || b.n > sizeof two)
        return false;
    return vd_glob_overlaps((vd_str){ one, vd_glob_code(one, a) }, (vd_str){ two, vd_glob_code(two, b) });
}

static const vd_view_action *reaches(const vd_lint *l, const vd_view_statement *st, vd_strs patterns)
{
    for (uint32_t p = 0; p < patterns.count; p++) {
        vd_ids ids;

        if (!vd_expansions_get(l->expansions, patterns.at[p], &ids))
            return NULL;
        for (uint32_t i = 0; i < st->action_count; i++)
            for (uint32_t k = 0; k < ids.count; k++)
                if (vd_ids_have(st->actions[i].ids, ids.at[k]))
                    return &st->actions[i];
    }
    return NULL;
}

/* Denied again, without a condition, for all of the statement's resources? */
static bool denied(const vd_lint *l, const vd_view_action *a)
{
    for (uint32_t i = 0; i < l->statement_count; i++) {
        const vd_view_statement *d = &l->statements[i];

        if (!d->allow && d->condition_count == 0 && d->all_resources && a->ids.count &&
            vd_ids_have(d->reach, a->ids.at[0]) && vd_ids_have(d->reach, a->ids.at[a->ids.count - 1]))
            return true;
    }
    return false;
}

void vd_permission_sensitive(vd_lint *l)
{
    for (uint32_t n = 0; n < l->config->sensitive_count; n++) {
        const vd_sensitive *s = &l->config->sensitive[n];

        for (uint32_t i = 0; i < l->statement_count; i++) {
            const vd_view_statement *st = &l->statements[i];
            const vd_view_action    *a = st->allow && !st->model->action.negated ? reaches(l, st, s->actions) : NULL;

            if (!a || denied(l, a) || st->model->resource.negated)
                continue;
            for (uint32_t r = 0; r < st->resource_count; r++) {
                bool        hit = s->resources.count == 0;
                vd_finding *f;

                for (uint32_t k = 0; k < s->resources.count && !hit && !st->resources[r].hole; k++)
                    hit = st->resources[r].star || overlap(st->resources[r].text.text, s->resources.at[k]);
                if (!hit)
                    continue;
                f = vd_lint_report_apart(l, &vd_permission_rules[SENSITIVE_RESOURCE], st, st->resources[r].text.span,
                                         "reaches " VD_F ": %s on %s", VD_A(s->name), vd_lint_show(l, a->text.text),
                                         vd_lint_show(l, st->resources[r].text.text));
                if (s->score)
                    vd_finding_score(f, s->score);
                break;
            }
        }
    }
}
