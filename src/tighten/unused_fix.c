/* SPDX-License-Identifier: Apache-2.0
 *
 * From a finding to the edit that takes away what nobody uses: right-sizing decides and proves, the file is changed as by it.
 */
#include "tighten/unused_int.h"

#include "activity/activity.h"
#include "base/error.h"
#include "base/str.h"

/* So many characters more are no edit that somebody reads and takes: all of a cloud but one service, for a star. */
enum { MOST_MORE = 2000 };

static bool can_be_fixed(int32_t rule)
{
    return rule == VD_UNUSED_STATEMENT || rule == VD_UNUSED_SERVICE || rule == VD_UNUSED_ACTION;
}

/* The document that becomes smaller; NULL, and why there is none that could stand in its place. */
static const vd_rightsize_document *document_of(const vd_rightsize_result *r, const char **why_not)
{
    const vd_rightsize_document *found = NULL;

    *why_not = "nothing of it is surely unused by all that hold it";
    for (size_t i = 0; i < r->document_count && r->smaller; i++)
        if (!r->documents[i].unchanged)
            found = &r->documents[i];
    if (!found)
        return NULL;
    *why_not = found->empty || found->part_count == 0 ? "nothing would be left of the policy: detach or delete it"
               : found->part_count > 1                ? "the policy would have to be split"
               : found->parts[0].n > found->old->json.n + MOST_MORE
                   ? "a list of all else would take its place: verdict rightsize makes the policy smaller as a whole"
                   : "";
    return **why_not ? NULL : found;
}

static uint32_t actions_of(const vd_rightsize_result *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->removed_count; i++)
        n += r->removed[i].actions.count;
    return (uint32_t)n;
}

static vd_code change(vd_unused_fix *out, const vd_activity *activity, const vd_rightsize_result *r, vd_str path, vd_str text, vd_error *err)
{
    const vd_rightsize_document *d = document_of(r, &out->why_not);
    vd_change_wish               wish;
    vd_change_result             made = { .size = sizeof made };

    if (!d)
        return VD_OK;
    wish = (vd_change_wish){ .old = d->old, .document = d->parts[0] };
    VD_TRY(vd_change_make(&out->change, activity->engine, path, text, &wish, 1, err));
    vd_change_result_of(out->change, &made);
    if (made.documents[0].edit_count) {
        out->actions = actions_of(r);
        return VD_OK;
    }
    out->why_not = made.documents[0].absent ? "the policy does not stand in the file" : "the file has to be changed by hand";
    vd_change_free(out->change);
    out->change = NULL;
    return VD_OK;
}

vd_code vd_unused_fix_make(vd_unused_fix *out, const vd_activity *activity, const vd_holders *holders, const vd_unused_finding *finding,
                           const vd_unused_opts *opts, vd_str path, vd_str text, vd_error *err)
{
    vd_unused_fix       own = { .size = out->size, .why_not = "what it tells is no permission of a statement" };
    vd_rightsize_opts   how = { .size = sizeof how, .mode = VD_RIGHTSIZE_TRIM, .only = finding };
    vd_rightsize_result result = { .size = sizeof result };
    vd_rightsized      *made = NULL;
    vd_code             code = VD_OK;

    if (opts && opts->size >= offsetof(vd_unused_opts, catalog) + sizeof opts->catalog)
        how.catalog = opts->catalog;
    if (can_be_fixed(finding->rule) && finding->statement.size && !finding->shared_credit) {
        how.policy = finding->policy_arn;
        code = vd_rightsize(&made, activity, holders, &how, err);
        if (code == VD_OK) {
            vd_rightsize_result_of(made, &result);
            code = change(&own, activity, &result, path, text, err);
        }
        vd_rightsized_free(made);
    }
    memcpy(out, &own, own.size < sizeof own ? own.size : sizeof own);
    return code;
}
