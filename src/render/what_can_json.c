/* SPDX-License-Identifier: Apache-2.0
 *
 * What somebody can, for programs.  docs/schema/what-can.json says the same for machines.
 */
#include "render/parts.h"
#include "render/reach.h"

static vd_json *permission_of(const vd_permission *p)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "actions", vd_part_strings(p->actions.at, p->actions.count));
    vd_json_set(o, "patterns", vd_part_strings(p->patterns.at, p->patterns.count));
    vd_json_set(o, "resources", vd_part_strings(p->resources.at, p->resources.count));
    vd_json_set(o, "notResources", vd_part_strings(p->not_resources.at, p->not_resources.count));
    vd_json_set(o, "side", vd_part_words(p->given ? "resource" : "principal"));
    vd_json_set(o, "decision", vd_part_words(p->always ? "always" : "conditional"));
    vd_json_set(o, "certainty", vd_part_words(vd_part_certainty(p->flags, p->witness)));
    vd_json_set(o, "conditions", vd_part_required(p->conditions, p->condition_count));
    vd_json_set(o, "through", vd_part_statements(p->granting, p->granting_count));
    vd_json_set(o, "deniedBy", vd_part_statements(p->denied_by, p->denied_count));
    vd_json_set(o, "flags", vd_part_flags(p->flags));
    vd_json_set(o, "witness", vd_part_request(p->witness));
    return o;
}

static vd_json *blocked_of(const vd_blocked *b)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "actions", vd_part_strings(b->actions.at, b->actions.count));
    vd_json_set(o, "patterns", vd_part_strings(b->patterns.at, b->patterns.count));
    vd_json_set(o, "layer", b->layer == VD_LAYER_NONE ? vd_json_null() : vd_part_words(vd_layer_name(b->layer)));
    vd_json_set(o, "deniedBy", vd_part_statements(b->denies, b->deny_count));
    return o;
}

vd_code vd_render_what_can_json(vd_buf *out, const vd_look *look, const vd_what_can_job *job)
{
    vd_json *o = vd_json_object(), *can = vd_json_array(), *blocked = vd_json_array();

    VD_UNUSED(look);
    vd_part_set_version(o);
    for (uint32_t i = 0; i < job->count; i++)
        vd_json_push(can, permission_of(job->at[i]));
    for (uint32_t i = 0; i < job->blocked_count; i++)
        vd_json_push(blocked, blocked_of(job->blocked[i]));
    vd_json_set(o, "principal", vd_json_string(job->principal));
    vd_json_set(o, "admin", vd_part_answer(job->summary.admin));
    vd_json_set(o, "permissions", can);
    vd_json_set(o, "blocked", blocked);
    vd_json_set(o, "undecided", vd_json_int(job->summary.undecided));
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}
