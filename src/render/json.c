/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON for programs: lowerCamelCase, members in a fixed order, positions as "file:line:column".  docs/schema says the
 * same for machines.
 */
#include "base/str.h"
#include "render/parts.h"
#include "render/render.h"
#include "text/json_write.h"

static vd_json *layer_or_null(vd_layer layer)
{
    return layer == VD_LAYER_NONE ? vd_json_null() : vd_part_words(vd_layer_name(layer));
}

static vd_json *notes_of(const vd_told_decision *a)
{
    vd_json *notes = vd_json_array();

    for (uint32_t i = 0; i < a->note_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "what", vd_json_string(a->notes[i].what));
        vd_json_set(o, "text", vd_json_string(a->notes[i].text));
        vd_json_set(o, "at", vd_part_at_or_null(a->notes[i].at));
        vd_json_push(notes, o);
    }
    return notes;
}

static void set_decision(vd_json *o, const vd_told_decision *a)
{
    const vd_decision *d = a->decision;

    vd_json_set(o, "decision", vd_part_words(vd_outcome_name(d->outcome)));
    vd_json_set(o, "layer", layer_or_null(d->layer));
    if (d->category != VD_CATEGORY_NONE)
        vd_json_set(o, "category", vd_part_words(vd_category_name(d->category)));
    vd_json_set(o, "policy", vd_part_text_or_null(a->policy));
    vd_json_set(o, "statement",
                a->has_statement ? vd_part_statement(a->statement.sid, a->statement.index, a->statement.at) : vd_json_null());
    vd_json_set(o, "reason", vd_part_text_or_null(a->reason));
    vd_json_set(o, "missingKeys", vd_part_strings(d->missing, d->missing_count > 8 ? 8 : d->missing_count));
    if (a->notes)
        vd_json_set(o, "notes", notes_of(a));
}

vd_code vd_render_decision_json(vd_buf *out, const vd_told_decision *answer, bool document)
{
    vd_json *o = vd_json_object();

    if (document)
        vd_part_set_version(o);
    set_decision(o, answer);
    return vd_part_finish(out, o, document);
}

vd_code vd_render_error_json(vd_buf *out, const vd_error *err)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "error", vd_part_error(err));
    return vd_part_finish(out, o, false);
}

/* ------------------------------------------------------------------ explain */

static vd_json *element(const vd_element_trace *e)
{
    static const char *const names[] = { "principal", "action", "resource", "condition" };
    vd_json *o = vd_json_object();

    vd_json_set(o, "element", vd_part_words(e->element >= 0 && e->element < 4 ? names[e->element] : ""));
    vd_json_set(o, "negated", vd_json_bool(e->negated));
    vd_json_set(o, "matched", vd_json_bool(e->matched));
    vd_json_set(o, "at", vd_part_at_or_null(e->at));
    if (e->element == VD_ELEMENT_CONDITION) {
        vd_json_set(o, "operator", vd_json_string(e->operator_name));
        vd_json_set(o, "key", vd_json_string(e->key));
    }
    vd_json_set(o, "expected", vd_part_strings(e->expected, e->expected_count));
    if (e->expanded)
        vd_json_set(o, "expanded", vd_part_strings(e->expanded, e->expected_count));
    vd_json_set(o, "actual", e->absent ? vd_json_null() : vd_part_strings(e->actual, e->actual_count));
    if (e->element == VD_ELEMENT_CONDITION)
        vd_json_set(o, "derived", vd_json_bool(e->derived));
    if (e->rule.n)
        vd_json_set(o, "rule", vd_json_string(e->rule));
    if (e->variable.n)
        vd_json_set(o, "variable", vd_json_string(e->variable));
    if (e->nearest.n)
        vd_json_set(o, "nearest", vd_json_string(e->nearest));
    if (e->nearest.n && e->differs_at != VD_NONE)
        vd_json_set(o, "differsAt", vd_json_int(e->differs_at));
    if (e->remark.n)
        vd_json_set(o, "remark", vd_json_string(e->remark));
    return o;
}

static vd_json *statement_of(const vd_statement_trace *s, bool full)
{
    vd_json *o = vd_json_object(), *elements;

    vd_json_set(o, "layer", layer_or_null(s->layer));
    vd_json_set(o, "policy", vd_part_text_or_null(s->policy_name));
    vd_json_set(o, "sid", vd_part_text_or_null(s->sid));
    vd_json_set(o, "index", vd_json_int(s->index));
    vd_json_set(o, "at", vd_part_at_or_null(s->at));
    if (!full)
        return o;
    vd_json_set(o, "effect", vd_part_words(s->deny ? "Deny" : "Allow"));
    vd_json_set(o, "applied", vd_json_bool(s->applied));
    if (s->malformed)
        vd_json_set(o, "fault", vd_json_string(s->fault));
    if (s->kinds.n)
        vd_json_set(o, "kinds", vd_json_string(s->kinds));
    elements = vd_json_array();
    for (size_t i = 0; i < s->element_count; i++)
        vd_json_push(elements, element(s->elements[i]));
    vd_json_set(o, "elements", elements);
    return o;
}

static vd_json *layer(const vd_layer_trace *l)
{
    vd_json *o = vd_json_object(), *statements = vd_json_array();
    bool     levelled = l->layer == VD_LAYER_SCP || l->layer == VD_LAYER_RCP;

    vd_json_set(o, "layer", layer_or_null(l->layer));
    if (levelled && l->result != VD_LAYER_NOT_SUPPLIED) {
        vd_json_set(o, "level", vd_json_int(l->level));
        vd_json_set(o, "target", vd_part_text_or_null(l->target));
    }
    vd_json_set(o, "result", vd_part_words(vd_word_result(l->result)));
    vd_json_set(o, "needed", vd_json_bool(l->needed));
    if (l->remark.n)
        vd_json_set(o, "remark", vd_json_string(l->remark));
    for (size_t i = 0; i < l->statement_count; i++)
        vd_json_push(statements, statement_of(l->statements[i], true));
    vd_json_set(o, "statements", statements);
    return o;
}

static vd_json *reason(const vd_reason *r)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "decision", vd_part_words(vd_outcome_name(r->outcome)));
    vd_json_set(o, "layer", layer_or_null(r->layer));
    if (r->layer == VD_LAYER_SCP || r->layer == VD_LAYER_RCP) {
        vd_json_set(o, "level", vd_json_int(r->level));
        vd_json_set(o, "target", vd_part_text_or_null(r->target));
    }
    if (r->category != VD_CATEGORY_NONE)
        vd_json_set(o, "category", vd_part_words(vd_category_name(r->category)));
    vd_json_set(o, "text", vd_json_string(r->text));
    vd_json_set(o, "oneOf", vd_json_bool(r->one_of));
    vd_json_set(o, "statement", r->statement ? statement_of(r->statement, false) : vd_json_null());
    return o;
}

static vd_json *check(const vd_check_trace *c)
{
    vd_json *o = vd_json_object(), *layers = vd_json_array(), *reasons = vd_json_array();

    vd_json_set(o, "principal", vd_json_string(c->principal));
    vd_json_set(o, "principalKind", vd_part_text_or_null(c->principal_kind));
    vd_json_set(o, "action", vd_json_string(c->action));
    vd_json_set(o, "resource", vd_json_string(c->resource));
    vd_json_set(o, "resourceAccount", vd_part_text_or_null(c->resource_account));
    vd_json_set(o, "sameAccount", vd_json_bool(c->same_account));
    vd_json_set(o, "decision", vd_part_words(vd_outcome_name(c->decision.outcome)));
    for (size_t i = 0; i < c->layer_count; i++)
        vd_json_push(layers, layer(c->layers[i]));
    vd_json_set(o, "layers", layers);
    for (size_t i = 0; i < c->reason_count; i++)
        vd_json_push(reasons, reason(c->reasons[i]));
    vd_json_set(o, "reasons", reasons);
    vd_json_set(o, "nearMiss", c->near_miss ? statement_of(c->near_miss, true) : vd_json_null());
    vd_json_set(o, "missingKeys", vd_part_strings(c->missing_keys, c->missing_key_count));
    vd_json_set(o, "notes", vd_part_strings(c->notes, c->note_count));
    return o;
}

static vd_json *proposal(const vd_proposal *p)
{
    vd_json *o = vd_json_object(), *changes = vd_json_array();

    vd_json_set(o, "weakensGuardrail", vd_json_bool(p->weakens_guardrail));
    for (size_t i = 0; i < p->change_count; i++) {
        const vd_change *c = p->changes[i];
        vd_json         *change = vd_json_object();

        vd_json_set(change, "kind", vd_part_words(c->kind == VD_CHANGE_EDIT ? "edit" : "request"));
        vd_json_set(change, "text", vd_json_string(c->text));
        if (c->kind == VD_CHANGE_EDIT) {
            vd_json_set(change, "layer", layer_or_null(c->layer));
            vd_json_set(change, "policy", vd_part_text_or_null(c->policy_name));
            vd_json_set(change, "at", vd_part_at_or_null(c->at));
            vd_json_set(change, "patch", c->patch.n ? vd_json_raw(c->patch) : vd_json_null());
        }
        vd_json_push(changes, change);
    }
    vd_json_set(o, "changes", changes);
    return o;
}

vd_code vd_render_story_json(vd_buf *out, const vd_story *story, bool document)
{
    const vd_explained *x = story->explained;
    vd_json            *o = vd_json_object(), *checks = vd_json_array(), *proposals = vd_json_array();

    if (document)
        vd_part_set_version(o);
    set_decision(o, &story->answer);
    /* the decision keeps at most eight of them; the explanation has all */
    vd_json_set(o, "missingKeys", vd_part_strings(x->missing_keys, x->missing_key_count));
    vd_json_set(o, "message", vd_part_text_or_null(x->message));
    vd_json_set(o, "now", vd_part_text_or_null(story->now));
    vd_json_set(o, "guardrail", vd_part_text_or_null(x->guardrail));
    for (size_t i = 0; i < x->check_count; i++)
        vd_json_push(checks, check(x->checks[i]));
    vd_json_set(o, "checks", checks);
    for (size_t i = 0; i < x->to_allow_count; i++)
        vd_json_push(proposals, proposal(x->to_allow[i]));
    vd_json_set(o, "toAllow", proposals);
    return vd_part_finish(out, o, document);
}

/* ------------------------------------------------------------------ tests */

static vd_json *actual_of(const vd_case_result *r)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "decision", vd_part_words(r->outcome));
    vd_json_set(o, "layer", *r->layer ? vd_part_words(r->layer) : vd_json_null());
    if (*r->category)
        vd_json_set(o, "category", vd_part_words(r->category));
    vd_json_set(o, "policy", vd_part_text_or_null(r->policy));
    vd_json_set(o, "statement",
                r->has_statement ? vd_part_statement(r->statement.sid, r->statement.index, r->statement.at) : vd_json_null());
    vd_json_set(o, "reason", *r->reason ? vd_part_words(r->reason) : vd_json_null());
    if (r->code != VD_OK)
        vd_json_set(o, "at", vd_part_at_or_null(r->error_at));
    return o;
}

/* What was expected, with the members that were given. */
static vd_json *expected_of(const vd_expect *e)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "decision", *vd_expect_name(e->outcome) ? vd_part_words(vd_expect_name(e->outcome)) : vd_json_null());
    if (e->has_layer)
        vd_json_set(o, "layer", layer_or_null(e->layer));
    if (e->category != VD_CATEGORY_NONE)
        vd_json_set(o, "category", vd_part_words(vd_category_name(e->category)));
    if (e->policy.n)
        vd_json_set(o, "policy", vd_json_string(e->policy));
    if (e->has_statement)
        vd_json_set(o, "statement", e->statement_is_index ? vd_json_int(e->statement) : vd_json_string(e->sid));
    if (e->reason.n)
        vd_json_set(o, "reason", vd_json_string(e->reason));
    if (e->has_missing)
        vd_json_set(o, "missingKeys", vd_part_strings(e->missing, e->missing_count));
    return o;
}

vd_code vd_test_report_json_case(vd_test_report *report, const vd_told_case *told)
{
    const vd_case_result *r = told->result;
    vd_json              *o = vd_json_object();

    vd_json_set(o, "file", vd_json_string(told->file));
    vd_json_set(o, "name", vd_json_string(told->scenario->name));
    vd_json_set(o, "at", vd_part_at_or_null(told->scenario->at));
    vd_json_set(o, "expected", expected_of(told->scenario->expect));
    vd_json_set(o, "actual", actual_of(r));
    vd_json_set(o, "passed", vd_json_bool(r->passed));
    if (!r->passed)
        vd_json_set(o, "failure", vd_part_words(r->failure));
    vd_json_set(o, "durationNs", vd_json_int((int64_t)r->duration_ns));
    vd_buf_add(&report->body, report->body.n ? VD_S(",\n    ") : VD_S("\n    "));
    return vd_json_dump(&report->body, o, 0);
}

static vd_json *covered(const vd_covered_statement *s)
{
    vd_json *o = vd_json_object(), *entries = vd_json_array();

    vd_json_set(o, "policy", vd_json_string(s->policy));
    vd_json_set(o, "layer", layer_or_null(s->layer));
    vd_json_set(o, "sid", vd_part_text_or_null(s->sid));
    vd_json_set(o, "index", vd_json_int(s->index));
    vd_json_set(o, "at", vd_part_at_or_null(s->at));
    vd_json_set(o, "effect", vd_part_words(s->deny ? "Deny" : "Allow"));
    vd_json_set(o, "reached", vd_json_bool(s->reached));
    vd_json_set(o, "applied", vd_json_bool(s->applied));
    for (size_t i = 0; i < s->entry_count; i++) {
        vd_json *entry = vd_json_object();

        vd_json_set(entry, "operator", vd_json_string(s->entries[i]->operator_name));
        vd_json_set(entry, "key", vd_json_string(s->entries[i]->key));
        vd_json_set(entry, "at", vd_part_at_or_null(s->entries[i]->at));
        vd_json_set(entry, "seenTrue", vd_json_bool(s->entries[i]->seen_true));
        vd_json_set(entry, "seenFalse", vd_json_bool(s->entries[i]->seen_false));
        vd_json_push(entries, entry);
    }
    vd_json_set(o, "conditions", entries);
    return o;
}

vd_code vd_test_report_json_end(vd_buf *out, vd_test_report *report, const vd_coverage *coverage)
{
    vd_buf_printf(out, "{\n  \"verdict\": {\"format\": %d},\n  \"passed\": %u,\n  \"failed\": %u,\n  \"results\": [",
                  VD_FORMAT_VERSION, report->passed, report->failed);
    vd_buf_add(out, vd_buf_str(&report->body));
    vd_buf_add(out, report->body.n ? VD_S("\n  ]") : VD_S("]"));
    if (coverage) {
        size_t count = vd_coverage_count(coverage);

        vd_buf_add(out, VD_S(",\n  \"coverage\": ["));
        for (size_t i = 0; i < count; i++) {
            vd_buf_add(out, i ? VD_S(",\n    ") : VD_S("\n    "));
            VD_TRY(vd_json_dump(out, covered(vd_coverage_at(coverage, i)), 0));
        }
        vd_buf_add(out, count ? VD_S("\n  ]") : VD_S("]"));
    }
    vd_buf_add(out, VD_S("\n}\n"));
    return out->failed || report->body.failed ? VD_ENOMEM : VD_OK;
}
