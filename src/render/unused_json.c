/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, for programs: one document, or a line each and a line that counts.  docs/schema/unused.json says the
 * same for machines.
 */
#include "base/str.h"
#include "render/coverage.h"
#include "render/parts.h"
#include "render/unused_accounts.h"

static vd_json *reasons_of(uint32_t reasons)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        if (reasons >> i & 1u)
            vd_json_push(list, vd_part_words(vd_blind_name(1u << i)));
    return list;
}

static vd_json *evidence_of(const vd_unused_finding *f)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < VD_COUNT(f->evidence) && f->evidence[i]; i++)
        vd_json_push(list, vd_part_words(f->evidence[i]));
    return list;
}

static void set_where(vd_json *o, const vd_unused_finding *f)
{
    vd_json_set(o, "principal", vd_part_text_or_null(f->principal));
    vd_json_set(o, "account", vd_part_text_or_null(f->account));
    if (f->permission_set.n)
        vd_json_set(o, "permissionSet", vd_json_string(f->permission_set));
    if (f->group.n)
        vd_json_set(o, "group", vd_json_string(f->group));
    vd_json_set(o, "policy", vd_part_text_or_null(f->policy_arn.n ? f->policy_arn : f->policy));
    vd_json_set(o, "statement", f->statement.size ? vd_part_statement(f->statement.sid, f->statement.index, f->statement.at) : vd_json_null());
    vd_json_set(o, "item", vd_part_text_or_null(f->item));
}

static vd_json *finding_of(const vd_unused_job *job, const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;
    vd_json                 *o = vd_json_object();

    vd_json_set(o, "id", vd_json_string(f->id));
    vd_json_set(o, "rule", vd_part_words(vd_unused_name(f->rule)));
    vd_json_set(o, "severity", vd_part_words(vd_access_name(vd_unused_severity(f->rule))));
    vd_json_set(o, "state", vd_part_words(vd_state_name(f->state)));
    set_where(o, f);
    vd_json_set(o, "actions", vd_part_strings(f->actions.at, f->actions.count));
    vd_json_set(o, "patterns", vd_part_strings(f->patterns.at, f->patterns.count));
    vd_json_set(o, "resources", vd_part_strings(f->resources.at, f->resources.count));
    vd_json_set(o, "observed", vd_part_strings(f->observed.at, f->observed.count));
    vd_json_set(o, "reasons", reasons_of(f->reasons));
    vd_json_set(o, "since", vd_part_time(f->since));
    vd_json_set(o, "lastUsed", vd_part_time(f->last));
    vd_json_set(o, "daysSince", f->days_since < 0 ? vd_json_null() : vd_json_int(f->days_since));
    vd_json_set(o, "count", vd_json_int((int64_t)f->count));
    vd_json_set(o, "denied", vd_json_int((int64_t)f->denied));
    vd_json_set(o, "level", f->level == VD_LEVEL_UNKNOWN ? vd_json_null() : vd_part_words(vd_level_title(f->level)));
    vd_json_set(o, "escalation", vd_json_bool(f->escalation));
    vd_json_set(o, "sharedCredit", vd_json_bool(f->shared_credit));
    vd_json_set(o, "weight", vd_json_int(f->weight));
    vd_json_set(o, "grade", f->grade == VD_GRADE_NONE ? vd_json_null() : vd_part_words(vd_grade_name(f->grade)));
    vd_json_set(o, "confidence", vd_json_string((vd_str){ &f->confidence, 1 }));
    vd_json_set(o, "evidence", evidence_of(f));
    vd_json_set(o, "aws", vd_part_text_or_null(f->aws));
    vd_json_set(o, "text", vd_json_string(f->says));
    if (job->has_baseline)
        vd_json_set(o, "baselineState", vd_part_words(row->known ? "baselined" : "new"));
    return o;
}

/* ------------------------------------------------------------------ principals */

static vd_json *service_of(const vd_unused_service *s)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "prefix", vd_json_string(s->prefix));
    vd_json_set(o, "granted", vd_json_int(s->granted));
    vd_json_set(o, "used", vd_json_int(s->used));
    vd_json_set(o, "possible", vd_json_int(s->possible));
    vd_json_set(o, "notSeen", vd_json_int(s->not_seen));
    vd_json_set(o, "cannotSee", vd_json_int(s->cannot_see));
    vd_json_set(o, "lastUsed", vd_part_time(s->last));
    return o;
}

static vd_json *principal_of(const vd_unused_principal *p)
{
    vd_json *o = vd_json_object(), *services = vd_json_array();

    vd_json_set(o, "arn", vd_json_string(p->arn));
    vd_json_set(o, "account", vd_json_string(p->account));
    vd_json_set(o, "kind", vd_json_string(p->kind));
    if (p->permission_set.n)
        vd_json_set(o, "permissionSet", vd_json_string(p->permission_set));
    vd_json_set(o, "granted", vd_json_int(p->granted));
    vd_json_set(o, "used", vd_json_int(p->used));
    vd_json_set(o, "possible", vd_json_int(p->possible));
    vd_json_set(o, "notSeen", vd_json_int(p->not_seen));
    vd_json_set(o, "cannotSee", vd_json_int(p->cannot_see));
    vd_json_set(o, "score", vd_json_int(p->score));
    vd_json_set(o, "blind", vd_json_int(p->blind));
    vd_json_set(o, "indicative", vd_json_bool(p->blind > 500));
    vd_json_set(o, "lastSeen", vd_part_time(p->last));
    for (size_t i = 0; i < p->service_count; i++)
        vd_json_push(services, service_of(&p->services[i]));
    vd_json_set(o, "services", services);
    return o;
}

/* ------------------------------------------------------------------ around the findings */

static vd_json *summary_of(const vd_unused_job *job)
{
    const vd_unused_summary *s = &job->summary;
    vd_json                 *o = vd_json_object(), *rules = vd_json_object();
    uint32_t                 known = 0;

    for (uint32_t i = 0; i < job->count; i++)
        known += job->at[i].known;
    vd_json_set(o, "findings", vd_json_int(job->count));
    vd_json_set(o, "baselined", vd_json_int(known));
    vd_json_set(o, "principals", vd_json_int(s->principals));
    vd_json_set(o, "granted", vd_json_int(s->granted));
    vd_json_set(o, "used", vd_json_int(s->used));
    vd_json_set(o, "possible", vd_json_int(s->possible));
    vd_json_set(o, "notSeen", vd_json_int(s->not_seen));
    vd_json_set(o, "cannotSee", vd_json_int(s->cannot_see));
    vd_json_set(o, "score", vd_json_int(s->score));
    vd_json_set(o, "blind", vd_json_int(s->blind));
    for (int32_t i = 0; i < VD_UNUSED_COUNT; i++)
        if (s->by_rule[i])
            vd_json_set(rules, vd_unused_name(i), vd_json_int(s->by_rule[i]));
    vd_json_set(o, "byRule", rules);
    vd_json_set(o, "ageDays", vd_json_int(job->age_days));
    vd_json_set(o, "graceDays", vd_json_int(job->grace_days));
    vd_json_set(o, "exitCode", vd_json_int(job->proof.exit_code));
    return o;
}

static bool is_listed(const vd_unused_job *job, const vd_unused_row *row)
{
    return !row->known || job->proof.verbose;
}

vd_code vd_render_unused_json(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    vd_json *o = vd_json_object(), *principals = vd_json_array(), *findings = vd_json_array();

    VD_UNUSED(look);
    vd_part_set_version(o);
    vd_json_set(o, "coverage", vd_render_coverage_json(&job->coverage));
    vd_json_set(o, "summary", summary_of(job));
    for (uint32_t i = 0; i < job->principal_count; i++)
        vd_json_push(principals, principal_of(&job->principals[i]));
    vd_json_set(o, "principals", principals);
    vd_json_set(o, "accounts", vd_render_unused_accounts_json(job));
    vd_json_set(o, "mappingDisagreements", vd_render_disagreements_json(job));
    for (uint32_t i = 0; i < job->count; i++)
        if (is_listed(job, &job->at[i]))
            vd_json_push(findings, finding_of(job, &job->at[i]));
    vd_json_set(o, "findings", findings);
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    return vd_part_finish(out, o, true);
}

vd_code vd_render_unused_jsonl(vd_buf *out, const vd_look *look, const vd_unused_job *job)
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
    vd_json_set(o, "coverage", vd_render_coverage_json(&job->coverage));
    vd_json_set(o, "summary", summary_of(job));
    vd_json_set(o, "accounts", vd_render_unused_accounts_json(job));
    vd_json_set(o, "mappingDisagreements", vd_render_disagreements_json(job));
    vd_json_set(o, "errors", vd_part_errors(job->proof.errors, job->proof.error_count));
    return vd_part_finish(out, o, false);
}
