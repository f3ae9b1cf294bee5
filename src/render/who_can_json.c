/* SPDX-License-Identifier: Apache-2.0
 *
 * Who can, for programs.  docs/schema/who-can.json says the same for machines.
 */
#include "render/parts.h"
#include "render/reach.h"

static vd_json *reacher_of(const vd_reacher *r)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "kind", vd_part_words(r->kind));
    vd_json_set(o, "principal", vd_json_string(r->principal));
    vd_json_set(o, "account", vd_part_text_or_null(r->account));
    vd_json_set(o, "decision", vd_part_words(r->always ? "always" : "conditional"));
    vd_json_set(o, "certainty", vd_part_words(vd_part_certainty(r->flags, r->witness)));
    vd_json_set(o, "actions", vd_part_strings(r->actions.at, r->actions.count));
    vd_json_set(o, "requires", vd_part_required(r->requirements, r->require_count));
    vd_json_set(o, "through", vd_part_statements(r->granting, r->granting_count));
    vd_json_set(o, "flags", vd_part_flags(r->flags));
    vd_json_set(o, "witness", vd_part_request(r->witness));
    return o;
}

vd_code vd_render_who_can_json(vd_buf *out, const vd_look *look, const vd_who_can_job *job)
{
    vd_json *o = vd_json_object(), *who = vd_json_array(), *skipped = vd_json_array();
    vd_json *via = job->via_asked ? vd_json_array() : vd_json_null();

    VD_UNUSED(look);
    vd_part_set_version(o);
    for (uint32_t i = 0; i < job->count; i++)
        vd_json_push(who, reacher_of(job->at[i]));
    for (uint32_t i = 0; i < job->skipped_count; i++) {
        vd_json *one = vd_json_object();

        vd_json_set(one, "principal", vd_json_string(job->skipped[i].principal));
        vd_json_set(one, "why", vd_json_string(job->skipped[i].why));
        vd_json_push(skipped, one);
    }
    vd_json_set(o, "action", vd_json_string(job->action));
    vd_json_set(o, "resource", vd_json_string(job->resource));
    vd_json_set(o, "anybody", vd_part_answer(job->summary.answer));
    vd_json_set(o, "principals", vd_json_int(job->summary.principals));
    vd_json_set(o, "outsiders", vd_json_int(job->summary.outsiders));
    vd_json_set(o, "who", who);
    for (uint32_t i = 0; i < job->via_count; i++)
        vd_json_push(via, vd_part_route(job->via[i]));
    vd_json_set(o, "via", via);
    vd_json_set(o, "skipped", skipped);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}
