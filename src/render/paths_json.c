/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths for programs.  docs/schema/paths.json says the same for machines.
 */
#include "render/parts.h"
#include "render/paths.h"

static vd_json *who_of(const vd_route_who *w)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "principal", vd_json_string(w->arn));
    vd_json_set(o, "made", vd_json_bool(w->made));
    vd_json_set(o, "raised", vd_json_bool(w->raised));
    vd_json_set(o, "uncapped", vd_json_bool(w->uncapped));
    vd_json_set(o, "unguarded", vd_json_bool(w->unguarded));
    vd_json_set(o, "retagged", vd_json_bool(w->retagged));
    vd_json_set(o, "joined", vd_part_text_or_null(w->joined));
    vd_json_set(o, "adopted", vd_part_text_or_null(w->adopted));
    vd_json_set(o, "dropped", vd_part_text_or_null(w->dropped));
    return o;
}

static vd_json *call_of(const vd_route_call *c)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "caller", vd_json_int(c->caller));
    vd_json_set(o, "action", vd_json_string(c->action));
    vd_json_set(o, "resource", vd_part_text_or_null(c->resource));
    vd_json_set(o, "sources", vd_part_statements(c->granting, c->granting_count));
    vd_json_set(o, "requires", vd_part_required(c->requirements, c->require_count));
    vd_json_set(o, "flags", vd_part_flags(c->flags));
    vd_json_set(o, "witness", vd_part_request(c->witness));
    return o;
}

static vd_json *fact_of(const vd_route_fact *f)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "fact", vd_part_words(f->name));
    vd_json_set(o, "text", vd_json_string(f->text));
    vd_json_set(o, "known", vd_json_bool(f->certain == VD_CERTAIN_YES));
    return o;
}

static const char *certainty(uint32_t flags)
{
    return vd_route_is_potential(flags) ? "potential" : "exact";
}

static vd_json *step_of(const vd_route_step *s)
{
    vd_json *o = vd_json_object(), *callers = vd_json_array(), *calls = vd_json_array(), *facts = vd_json_array();

    for (size_t i = 0; i < s->caller_count; i++)
        vd_json_push(callers, who_of(&s->callers[i]));
    for (size_t i = 0; i < s->call_count; i++)
        vd_json_push(calls, call_of(&s->calls[i]));
    for (size_t i = 0; i < s->fact_count; i++)
        vd_json_push(facts, fact_of(&s->facts[i]));
    vd_json_set(o, "technique", vd_json_string(s->technique));
    vd_json_set(o, "class", vd_json_string(s->class_name));
    vd_json_set(o, "result", vd_part_words(s->result));
    vd_json_set(o, "callers", callers);
    vd_json_set(o, "becomes", who_of(&s->becomes));
    vd_json_set(o, "calls", calls);
    vd_json_set(o, "facts", facts);
    vd_json_set(o, "undo", vd_part_text_or_null(s->undo));
    vd_json_set(o, "certainty", vd_part_words(certainty(s->flags)));
    vd_json_set(o, "flags", vd_part_flags(s->flags));
    return o;
}

vd_json *vd_part_route(const vd_route *r)
{
    vd_json *o = vd_json_object(), *steps = vd_json_array();

    for (size_t i = 0; i < r->step_count; i++)
        vd_json_push(steps, step_of(&r->steps[i]));
    vd_json_set(o, "id", vd_json_string(r->id));
    vd_json_set(o, "severity", vd_part_words(vd_access_name(r->severity)));
    vd_json_set(o, "certainty", vd_part_words(certainty(r->flags)));
    vd_json_set(o, "from", who_of(&r->from));
    vd_json_set(o, "to", who_of(&r->to));
    vd_json_set(o, "admin", vd_json_bool(r->admin));
    vd_json_set(o, "steps", steps);
    vd_json_set(o, "requires", vd_part_required(r->requirements, r->require_count));
    vd_json_set(o, "flags", vd_part_flags(r->flags));
    return o;
}

static vd_json *cut_of(const vd_route_cut *cut)
{
    vd_json *o, *holders;

    if (!cut)
        return vd_json_null();
    o = vd_json_object();
    holders = vd_json_array();
    vd_json_set(o, "complete", vd_json_bool(cut->complete));
    vd_json_set(o, "pathsLeft", vd_json_bool(cut->left));
    vd_json_set(o, "statements", vd_part_statements(cut->statements, cut->count));
    vd_json_set(o, "holders", holders);
    for (size_t i = 0; i < cut->count; i++) {
        vd_json *of = vd_json_array();

        for (size_t k = 0; k < cut->holders[i].count; k++)
            vd_json_push(of, vd_json_string(cut->holders[i].at[k]));
        vd_json_push(holders, of);
    }
    return o;
}

vd_code vd_render_paths_json(vd_buf *out, const vd_look *look, const vd_paths_job *job)
{
    vd_json *o = vd_json_object(), *paths = vd_json_array();

    VD_UNUSED(look);
    for (uint32_t i = 0; i < job->count; i++)
        vd_json_push(paths, vd_part_route(job->at[i]));
    vd_part_set_version(o);
    vd_json_set(o, "answer", vd_part_answer(vd_paths_answer(job)));
    vd_json_set(o, "from", vd_part_text_or_null(job->from));
    vd_json_set(o, "to", vd_part_text_or_null(job->to));
    vd_json_set(o, "starts", vd_json_int(job->summary.from));
    vd_json_set(o, "administrators", vd_json_int(job->summary.admins));
    vd_json_set(o, "techniques", vd_json_int(job->summary.techniques));
    vd_json_set(o, "potential", vd_json_int(job->summary.potential));
    vd_json_set(o, "undecided", vd_json_int(job->summary.undecided));
    vd_json_set(o, "paths", paths);
    vd_json_set(o, "cut", cut_of(job->cut));
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return vd_part_finish(out, o, true);
}
