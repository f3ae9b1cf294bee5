/* SPDX-License-Identifier: Apache-2.0
 *
 * What is granted, for programs.  docs/schema/grants.json says the same for machines.
 */
#include "render/parts.h"
#include "render/proof.h"

static vd_json *grant_of(const vd_granted *of, const vd_grant *g)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "policies", vd_json_string(of->name));
    if (of->by_name)
        vd_json_set(o, "of", vd_part_words(of->of_resource ? "resource" : "principal"));
    vd_json_set(o, "action", vd_json_string(g->action));
    vd_json_set(o, "actions", vd_part_strings(g->actions.at, g->actions.count));
    vd_json_set(o, "asked", vd_part_text_or_null(g->asked));
    vd_json_set(o, "resource", vd_part_text_or_null(g->resource));
    vd_json_set(o, "certainty", vd_part_words(vd_part_certainty(g->flags, g->witness)));
    vd_json_set(o, "requires", vd_part_required(g->requirements, g->require_count));
    vd_json_set(o, "sources", vd_part_statements(g->granting, g->granting_count));
    vd_json_set(o, "flags", vd_part_flags(g->flags));
    vd_json_set(o, "witness", vd_part_request(g->witness));
    return o;
}

vd_code vd_render_grants_json(vd_buf *out, const vd_look *look, const vd_grants_job *job)
{
    vd_json *o = vd_json_object(), *grants = vd_json_array();
    uint32_t asked = 0, granted = 0, undecided = 0;

    VD_UNUSED(look);
    vd_part_set_version(o);
    for (uint32_t i = 0; i < job->count; i++) {
        asked += job->at[i].summary.asked;
        granted += job->at[i].summary.granted;
        undecided += job->at[i].summary.undecided;
        for (uint32_t k = 0; k < job->at[i].count; k++)
            vd_json_push(grants, grant_of(&job->at[i], job->at[i].at[k]));
    }
    vd_json_set(o, "granted", vd_part_answer(vd_grants_answer(job)));
    vd_json_set(o, "pairs", vd_json_int(asked));
    vd_json_set(o, "grantedPairs", vd_json_int(granted));
    vd_json_set(o, "undecided", vd_json_int(undecided));
    vd_json_set(o, "grants", grants);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}
