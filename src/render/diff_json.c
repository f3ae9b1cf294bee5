/* SPDX-License-Identifier: Apache-2.0
 *
 * A difference for programs.  docs/schema/diff.json says the same for machines.
 */
#include "base/str.h"
#include "render/parts.h"
#include "render/proof.h"

static vd_json *access_of(const vd_delta *d)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "actions", vd_part_strings(d->actions.at, d->actions.count));
    vd_json_set(o, "patterns", vd_part_strings(d->patterns.at, d->patterns.count));
    vd_json_set(o, "resources", vd_part_strings(d->resources.at, d->resources.count));
    vd_json_set(o, "principals", vd_part_strings(d->principals.at, d->principals.count));
    vd_json_set(o, "requires", vd_part_required(d->requirements, d->require_count));
    return o;
}

static vd_json *was_of(const vd_delta *d)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "reason", vd_part_words(d->was_count ? "deny" : "no-allow"));
    vd_json_set(o, "statements", vd_part_statements(d->was, d->was_count));
    return o;
}

static vd_json *group_of(const vd_compared *c, const vd_delta *d)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "id", vd_json_string(d->id));
    vd_json_set(o, "change", vd_part_words(d->removed ? "removed" : "new"));
    vd_json_set(o, "comparison", vd_json_string(c->name));
    vd_json_set(o, "service", vd_part_text_or_null(d->service));
    vd_json_set(o, "accessLevel", vd_part_words(vd_level_title(d->level)));
    vd_json_set(o, "severity", vd_part_words(vd_access_name(d->severity)));
    vd_json_set(o, "certainty", vd_part_words(vd_part_certainty(d->flags, d->witness)));
    vd_json_set(o, d->removed ? "removed" : "new", access_of(d));
    vd_json_set(o, "sources", vd_part_statements(d->granting, d->granting_count));
    vd_json_set(o, "refused", was_of(d));
    vd_json_set(o, "flags", vd_part_flags(d->flags));
    vd_json_set(o, "witness", vd_part_request(d->witness));
    return o;
}

static vd_json *levels_of(const vd_service_sum *s)
{
    vd_json *o = vd_json_object();

    for (int32_t i = VD_LEVEL_UNKNOWN; i >= 0; i--)
        if (s->by_level[i])
            vd_json_set(o, vd_level_title(i), vd_json_int(s->by_level[i]));
    return o;
}

static void push_sums(vd_json *list, const vd_diff_job *job, bool removed)
{
    vd_service_sums sums = vd_sum_services(job, removed);

    for (uint32_t i = 0; i < sums.count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "service", vd_json_string(sums.at[i].service));
        vd_json_set(o, "change", vd_part_words(removed ? "removed" : "new"));
        vd_json_set(o, "actions", vd_json_int(sums.at[i].actions));
        vd_json_set(o, "accessLevels", levels_of(&sums.at[i]));
        vd_json_push(list, o);
    }
    if (sums.failed)
        vd_json_push(list, NULL);
    vd_sums_done(&sums);
}

static vd_json *comparison_of(const vd_compared *c)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "name", vd_json_string(c->name));
    vd_json_set(o, "broader", vd_part_answer(c->failed ? VD_UNKNOWN : c->summary.broader));
    vd_json_set(o, "narrower", vd_part_answer(c->failed ? VD_UNKNOWN : c->summary.narrower));
    vd_json_set(o, "groups", vd_json_int(c->count));
    vd_json_set(o, "undecided", vd_json_int(c->summary.undecided));
    vd_json_set(o, "units", vd_json_int((int64_t)c->summary.units));
    vd_json_set(o, "note", vd_part_text_or_null(c->note));
    return o;
}

vd_code vd_render_diff_json(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    vd_json *o = vd_json_object(), *groups = vd_json_array(), *sums = vd_json_array(), *compared = vd_json_array();

    VD_UNUSED(look);
    vd_part_set_version(o);
    vd_json_set(o, "old", vd_json_string(job->before));
    vd_json_set(o, "new", vd_json_string(job->after));
    if (job->equivalent)
        vd_json_set(o, "relation", vd_part_words(vd_diff_relation(job)));
    if (job->added)
        vd_json_set(o, "broader", vd_part_answer(vd_diff_broader(job)));
    if (job->removed)
        vd_json_set(o, "narrower", vd_part_answer(vd_diff_narrower(job)));
    if (job->added)
        push_sums(sums, job, false);
    if (job->removed)
        push_sums(sums, job, true);
    for (uint32_t i = 0; i < job->count; i++) {
        vd_json_push(compared, comparison_of(&job->at[i]));
        for (uint32_t k = 0; k < job->at[i].count; k++)
            vd_json_push(groups, group_of(&job->at[i], job->at[i].at[k]));
    }
    vd_json_set(o, "summary", sums);
    vd_json_set(o, "groups", groups);
    vd_json_set(o, "comparisons", compared);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}
