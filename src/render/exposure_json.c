/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure for programs: one document, or a line each and a line that counts.  docs/schema/exposure.json says the same for
 * machines.
 */
#include "base/str.h"
#include "render/parts.h"
#include "render/proof.h"

#include <stdio.h>

static vd_json *principal_of(const vd_exposed *x)
{
    vd_json *o = vd_json_object();
    char     type[32];
    size_t   n = x->principal_type.n < sizeof type - 1 ? x->principal_type.n : sizeof type - 1;

    memcpy(type, n ? x->principal_type.p : "", n);
    type[n] = 0;
    vd_json_set(o, n ? type : "AWS", vd_json_string(x->principal));
    return o;
}

/* {"aws:SourceIp": ["203.0.113.0/24"]}; a key twice has the values of both. */
static vd_json *condition_of(const vd_exposed *x)
{
    vd_json *o = vd_json_object();

    for (size_t i = 0; i < x->condition_count; i++) {
        const vd_required *c = &x->conditions[i];
        vd_buf             key = vd_buf_on(vd_allocator_default(), 0);
        vd_json           *values = vd_json_array();
        bool               seen = false;

        for (size_t k = 0; k < i; k++)
            seen |= vd_str_ieq(x->conditions[k].key, c->key);
        for (size_t k = i; !seen && k < x->condition_count; k++)
            for (size_t n = 0; vd_str_ieq(x->conditions[k].key, c->key) && n < x->conditions[k].count; n++)
                vd_json_push(values, vd_json_string(x->conditions[k].values[n]));
        vd_buf_add(&key, c->key);
        vd_buf_byte(&key, 0);
        if (seen)
            vd_json_drop(values);
        else
            vd_json_set(o, key.failed ? "" : key.p, values);
        vd_buf_done(&key);
    }
    return o;
}

/* The access levels of its actions, each once, the most dangerous first. */
static vd_json *levels_of(const vd_exposed *x)
{
    static const int32_t order[] = { VD_LEVEL_PERMISSIONS, VD_LEVEL_WRITE, VD_LEVEL_UNKNOWN, VD_LEVEL_TAGGING,
                                     VD_LEVEL_READ, VD_LEVEL_LIST };
    vd_json             *list = vd_json_array();

    for (size_t i = 0; i < VD_COUNT(order); i++) {
        bool has = !x->levels && x->level == order[i];

        for (size_t k = 0; x->levels && k < x->actions.count; k++)
            has |= x->levels[k] == order[i];
        if (has)
            vd_json_push(list, vd_part_words(vd_level_title(order[i])));
    }
    return list;
}

static vd_json *sources_of(const vd_exposed *x)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < x->source_count; i++) {
        const vd_exposure_source *s = &x->sources[i];
        vd_json                  *o = vd_json_object();

        vd_json_set(o, "type", vd_part_words(s->type));
        if (s->statement.policy.n) {
            vd_json_set(o, "policy", vd_json_string(s->statement.policy));
            vd_json_set(o, "statement", vd_part_statement(s->statement.sid, s->statement.index, s->statement.at));
        }
        if (s->text.n)
            vd_json_set(o, "text", vd_json_string(s->text));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *flags_of(const vd_exposed *x)
{
    vd_json *list = vd_part_flags(x->flags);

    for (uint32_t i = 0; i < VD_READING_COUNT_BITS; i++)
        if (x->readings >> i & 1u) {
            char name[32];

            snprintf(name, sizeof name, "reading:%s", vd_reading_name((uint32_t)1 << i));
            vd_json_push(list, vd_part_words(name));
        }
    return list;
}

static vd_json *layers_of(const vd_exposed *x)
{
    vd_json *o = vd_json_object();

    for (size_t i = 0; i < x->layer_count; i++)
        vd_json_set(o, x->layers[i].layer, vd_part_words(x->layers[i].state));
    return o;
}

static vd_json *finding_of(const vd_exposure_job *job, const vd_exposed_row *row)
{
    static const char *const states[] = { "new", "baselined", "archived" };
    const vd_exposed        *x = row->finding;
    bool                     other = !job->against && row->state == VD_EXPOSED_SHOWN && x->change == VD_CHANGE_CHANGED;
    vd_json                 *o = vd_json_object();

    vd_json_set(o, "id", vd_json_string(x->id));
    vd_json_set(o, "class", vd_part_words(vd_exposed_name(x->exposed)));
    vd_json_set(o, "isPublic", vd_json_bool(x->is_public));
    vd_json_set(o, "severity", vd_part_words(vd_access_name(x->severity)));
    vd_json_set(o, "certainty", vd_part_words(vd_part_certainty(x->flags, x->witness)));
    if (x->change != VD_CHANGE_NONE)
        vd_json_set(o, "changeType", vd_part_words(vd_change_name(x->change)));
    vd_json_set(o, "resource", vd_json_string(x->resource));
    vd_json_set(o, "resourceType", vd_part_text_or_null(x->resource_type));
    vd_json_set(o, "resourceOwnerAccount", vd_part_text_or_null(x->resource_account));
    if (x->inferred)
        vd_json_set(o, "inferred", vd_json_bool(true));
    vd_json_set(o, "principal", principal_of(x));
    vd_json_set(o, "actions", vd_part_strings(x->actions.at, x->actions.count));
    vd_json_set(o, "accessLevels", levels_of(x));
    vd_json_set(o, "resources", vd_part_strings(x->resources.at, x->resources.count));
    vd_json_set(o, "condition", condition_of(x));
    vd_json_set(o, "requires", vd_part_required(x->requirements, x->require_count));
    vd_json_set(o, "flags", flags_of(x));
    if (x->only_otherwise)
        vd_json_set(o, "onlyOtherwise", vd_json_bool(true));
    if (x->source_of_service)
        vd_json_set(o, "source", vd_part_words(x->source_of_service));
    vd_json_set(o, "sources", sources_of(x));
    vd_json_set(o, "shapedBy", vd_part_statements(x->shaped_by, x->shaped_count));
    vd_json_set(o, "layers", layers_of(x));
    if (job->with_counts)
        vd_json_set(o, "count", vd_part_text_or_null(x->counts));
    if (job->has_baseline || row->state != VD_EXPOSED_SHOWN)
        vd_json_set(o, "state", vd_part_words(other ? "changed" : states[row->state]));
    vd_json_set(o, "grounds", vd_json_string(x->grounds));
    vd_json_set(o, "witness", vd_part_request(x->witness));
    return o;
}

/* ------------------------------------------------------------------ around the findings */

static vd_json *summary_of(const vd_exposure_job *job)
{
    uint32_t by[VD_ACCESS_HIGH + 1] = { 0 }, known = 0, archived = 0;
    vd_json *o = vd_json_object(), *severities = vd_json_object(), *kinds = vd_json_object();

    for (uint32_t i = 0; i < job->count; i++) {
        int32_t s = job->at[i].finding->severity;

        known += job->at[i].state == VD_EXPOSED_KNOWN;
        archived += job->at[i].state == VD_EXPOSED_ARCHIVED;
        if (vd_exposed_is_shown(&job->at[i]) && job->at[i].finding->change != VD_CHANGE_RESOLVED && s >= 0 && s <= VD_ACCESS_HIGH)
            by[s]++;
    }
    vd_json_set(o, "resources", vd_json_int(job->resources));
    for (int32_t s = VD_ACCESS_HIGH; s >= VD_ACCESS_NOTE; s--)
        vd_json_set(severities, vd_access_name(s), vd_json_int(by[s]));
    vd_json_set(o, "bySeverity", severities);
    vd_json_set(o, "baselined", vd_json_int(known));
    vd_json_set(o, "archived", vd_json_int(archived));
    vd_json_set(o, "undecided", vd_json_int(job->undecided));
    vd_json_set(o, "leftOut", vd_json_int(job->left_out));
    for (vd_kind k = 0; k < VD_KIND_COUNT; k++)
        if (job->left_out_of[k])
            vd_json_set(kinds, vd_kind_name(k), vd_json_int(job->left_out_of[k]));
    vd_json_set(o, "leftOutByKind", kinds);
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return o;
}

static void set_s3_status(vd_json *o, const vd_exposure_job *job)
{
    vd_json *list;

    if (!job->s3_status)
        return;
    list = vd_json_array();
    for (uint32_t i = 0; i < job->s3_count; i++) {
        vd_json *one;

        if (!job->s3_status[i])
            continue;
        one = vd_json_object();
        vd_json_set(one, "file", vd_json_string(job->s3_names[i]));
        vd_json_set(one, "status", vd_part_words(job->s3_status[i]));
        vd_json_push(list, one);
    }
    vd_json_set(o, "s3PolicyStatus", list);
}

/* What is known or archived is listed with --verbose, and counted else. */
static bool is_listed(const vd_exposure_job *job, const vd_exposed_row *row)
{
    return vd_exposed_is_shown(row) || job->proof.verbose;
}

vd_code vd_render_exposure_json(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_json *o = vd_json_object(), *findings = vd_json_array();

    VD_UNUSED(look);
    vd_part_set_version(o);
    vd_json_set(o, "summary", summary_of(job));
    for (uint32_t i = 0; i < job->count; i++)
        if (is_listed(job, &job->at[i]))
            vd_json_push(findings, finding_of(job, &job->at[i]));
    vd_json_set(o, "findings", findings);
    set_s3_status(o, job);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    return vd_part_finish(out, o, true);
}

vd_code vd_render_exposure_jsonl(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_json *o;
    vd_code  code = VD_OK;

    VD_UNUSED(look);
    for (uint32_t i = 0; code == VD_OK && i < job->count; i++)
        if (is_listed(job, &job->at[i]))
            code = vd_part_finish(out, finding_of(job, &job->at[i]), false);
    if (code != VD_OK)
        return code;
    o = vd_json_object();
    vd_json_set(o, "summary", summary_of(job));
    set_s3_status(o, job);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    return vd_part_finish(out, o, false);
}

/* ------------------------------------------------------------------ as Access Analyzer has it */

static vd_json *capitals(const char *s)
{
    char   text[32];
    size_t n = 0;

    for (; s[n] && n < sizeof text; n++)
        text[n] = s[n] == '-' ? '_' : s[n] >= 'a' && s[n] <= 'z' ? (char)(s[n] & ~0x20) : s[n];
    return vd_json_string((vd_str){ text, n });
}

static vd_json *analyzer_condition(const vd_exposed *x)
{
    vd_json *o = vd_json_object();

    for (size_t i = 0; i < x->condition_count; i++) {
        vd_buf key = vd_buf_on(vd_allocator_default(), 0), value = vd_buf_on(vd_allocator_default(), 0);

        vd_buf_add(&key, x->conditions[i].key);
        vd_buf_byte(&key, 0);
        for (size_t k = 0; k < x->conditions[i].count; k++) {
            vd_buf_add(&value, k ? VD_S(",") : VD_S(""));
            vd_buf_add(&value, x->conditions[i].values[k]);
        }
        vd_json_set(o, key.failed ? "" : key.p, value.failed ? NULL : vd_json_string(vd_buf_str(&value)));
        vd_buf_done(&key);
        vd_buf_done(&value);
    }
    return o;
}

static vd_json *analyzer_finding(const vd_exposed_row *row)
{
    const vd_exposed *x = row->finding;
    vd_json          *o = vd_json_object(), *sources = vd_json_array();

    vd_json_set(o, "id", vd_json_string(x->id));
    vd_json_set(o, "principal", principal_of(x));
    vd_json_set(o, "action", vd_part_strings(x->actions.at, x->actions.count));
    vd_json_set(o, "resource", vd_json_string(x->resource));
    vd_json_set(o, "isPublic", vd_json_bool(x->is_public));
    vd_json_set(o, "resourceType", vd_part_text_or_null(x->resource_type));
    vd_json_set(o, "condition", analyzer_condition(x));
    for (size_t i = 0; i < x->source_count; i++) {
        vd_json *one = vd_json_object();

        vd_json_set(one, "type", capitals(x->sources[i].type));
        vd_json_push(sources, one);
    }
    vd_json_set(o, "sources", sources);
    vd_json_set(o, "status", vd_part_words(row->state == VD_EXPOSED_ARCHIVED      ? "ARCHIVED"
                                           : x->change == VD_CHANGE_RESOLVED ? "RESOLVED"
                                                                             : "ACTIVE"));
    if (x->change != VD_CHANGE_NONE)
        vd_json_set(o, "changeType", capitals(vd_change_name(x->change)));
    vd_json_set(o, "resourceOwnerAccount", vd_part_text_or_null(x->resource_account));
    return o;
}

/* What could not be analyzed is a finding with an error there. */
static vd_json *analyzer_error(const vd_error *err)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "resource", vd_json_string(err->at.file));
    vd_json_set(o, "status", vd_part_words("ACTIVE"));
    vd_json_set(o, "error", vd_part_words(err->text));
    return o;
}

vd_code vd_render_exposure_access_analyzer(vd_buf *out, const vd_look *look, const vd_exposure_job *job)
{
    vd_json *o = vd_json_object(), *list = vd_json_array();

    VD_UNUSED(look);
    for (uint32_t i = 0; i < job->count; i++)
        if (job->at[i].state != VD_EXPOSED_KNOWN)
            vd_json_push(list, analyzer_finding(&job->at[i]));
    for (uint32_t i = 0; i < job->proof.error_count; i++)
        vd_json_push(list, analyzer_error(&job->proof.errors[i]));
    vd_json_set(o, "findings", list);
    return vd_part_finish(out, o, true);
}
