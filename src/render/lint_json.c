/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings for programs: one document, or a line each and a line that counts.  Values are the user's own, what people
 * read (message, label, title) is shown safe.  docs/schema/lint.schema.json says the same for machines.
 */
#include "base/str.h"
#include "render/lint.h"
#include "render/render.h"
#include "render/rule.h"
#include "text/json_write.h"

static vd_json *words(const char *s)
{
    return vd_json_string(vd_str_of(s));
}

static vd_json *text_or_null(vd_str s)
{
    return s.n ? vd_json_string(s) : vd_json_null();
}

/* Takes over text. */
static vd_json *shown(vd_buf *text)
{
    vd_buf   safe = vd_buf_on(text->alloc, 0);
    vd_json *v;

    vd_look_safe(&safe, vd_buf_str(text));
    v = safe.failed || text->failed ? NULL : vd_json_string(vd_buf_str(&safe));
    vd_buf_done(&safe);
    vd_buf_done(text);
    return v;
}

static vd_json *shown_str(vd_str s)
{
    vd_buf text = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&text, s);
    return shown(&text);
}

static vd_json *place(uint32_t line, uint32_t column, uint32_t offset)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "line", vd_json_int(line));
    vd_json_set(o, "column", vd_json_int(column));
    vd_json_set(o, "offset", vd_json_int(offset));
    return o;
}

static vd_json *range_of(vd_range r)
{
    vd_json *o = vd_json_object();

    if (r.at.line == 0) {
        vd_json_drop(o);
        return vd_json_null();
    }
    vd_json_set(o, "start", place(r.at.line, r.at.column, r.at.offset));
    vd_json_set(o, "end", place(r.end_line, r.end_column, r.at.offset + r.at.length));
    return o;
}

static vd_json *policy_of(const vd_report *r, const vd_lint_finding *f)
{
    const vd_lint_policy *p = f->policy < vd_report_policies(r) ? vd_report_policy(r, f->policy) : NULL;
    vd_json              *o;

    if (!p)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "type", vd_json_string(p->kind_text));
    vd_json_set(o, "name", vd_json_string(p->name));
    vd_json_set(o, "container", vd_json_string(p->container));
    vd_json_set(o, "containerType", text_or_null(p->type));
    vd_json_set(o, "address", text_or_null(p->label));
    vd_json_set(o, "pointer", vd_json_string(p->pointer));
    return o;
}

static vd_json *statement_of(const vd_lint_finding *f)
{
    vd_json *o;

    if (f->statement == UINT32_MAX)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "index", vd_json_int(f->statement));
    vd_json_set(o, "sid", text_or_null(f->sid));
    return o;
}

static vd_json *related_of(const vd_lint_finding *f)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < f->related_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "label", shown_str(f->related[i].label));
        vd_json_set(o, "file", vd_json_string(f->related[i].range.at.file));
        vd_json_set(o, "range", range_of(f->related[i].range));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *edits_of(const vd_lint_finding *f, const vd_lint_fix *fix)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < fix->edit_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "file", vd_json_string(f->range.at.file));
        vd_json_set(o, "start", vd_json_int(fix->edits[i].start));
        vd_json_set(o, "end", vd_json_int(fix->edits[i].end));
        vd_json_set(o, "text", vd_json_string(fix->edits[i].text));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *fixes_of(const vd_lint_finding *f)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < f->fix_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "kind", words(vd_fix_names[f->fixes[i].kind]));
        vd_json_set(o, "title", shown_str(f->fixes[i].title));
        vd_json_set(o, "edits", edits_of(f, &f->fixes[i]));
        if (f->fixes[i].refused.n)
            vd_json_set(o, "refused", vd_json_string(f->fixes[i].refused));
        vd_json_push(list, o);
    }
    return list;
}

const char *vd_lint_finding_type(int32_t severity)
{
    static const char *const types[] = { "SUGGESTION", "SUGGESTION", "WARNING", "SECURITY_WARNING", "ERROR" };

    return types[severity];
}

static vd_json *access_analyzer(const vd_lint_finding *f)
{
    vd_json *o;

    if (f->code.n == 0)
        return vd_json_null();
    o = vd_json_object();
    vd_json_set(o, "issueCode", vd_json_string(f->code));
    vd_json_set(o, "findingType", words(vd_lint_finding_type(f->severity)));
    return o;
}

static vd_json *message_of(const vd_lint_finding *f)
{
    vd_buf text = vd_buf_on(vd_allocator_default(), 0);

    vd_lint_put_message(&text, f);
    return shown(&text);
}

static vd_json *help_uri(const char *id)
{
    vd_buf   uri = vd_buf_on(vd_allocator_default(), 0);
    bool     known = strncmp(id, "x-", 2) != 0 && vd_rule_uri(&uri, id);
    vd_json *v = uri.failed ? NULL : known ? vd_json_string(vd_buf_str(&uri)) : vd_json_null();

    vd_buf_done(&uri);
    return v;
}

static vd_json *finding_of(const vd_report *r, const vd_lint_finding *f)
{
    static const char *const states[] = { "new", "baselined", "suppressed" };
    vd_json                 *o = vd_json_object();

    vd_json_set(o, "rule", words(f->rule->id));
    vd_json_set(o, "severity", words(vd_severity_names[f->severity]));
    vd_json_set(o, "confidence", words(vd_confidence_names[f->confidence]));
    vd_json_set(o, "score", f->severity == VD_SECURITY ? vd_json_real(f->score / 10.0) : vd_json_null());
    vd_json_set(o, "message", message_of(f));
    vd_json_set(o, "hint", f->hint.n ? shown_str(f->hint) : vd_json_null());
    vd_json_set(o, "file", vd_json_string(f->range.at.file));
    vd_json_set(o, "range", range_of(f->range));
    vd_json_set(o, "pointer", vd_json_string(f->pointer));
    vd_json_set(o, "policy", policy_of(r, f));
    vd_json_set(o, "statement", statement_of(f));
    vd_json_set(o, "token", vd_lint_is_secret(f) ? vd_json_null() : text_or_null(f->token));
    vd_json_set(o, "related", related_of(f));
    vd_json_set(o, "fixes", fixes_of(f));
    vd_json_set(o, "accessAnalyzer", access_analyzer(f));
    vd_json_set(o, "condition", text_or_null(f->when));
    vd_json_set(o, "id", vd_json_string(f->id));
    vd_json_set(o, "helpUri", help_uri(f->rule->id));
    vd_json_set(o, "state", words(f->state < VD_COUNT(states) ? states[f->state] : "hidden"));
    if (f->state == VD_STATE_SUPPRESSED)
        vd_json_set(o, "justification", text_or_null(f->justification));
    return o;
}

/* ------------------------------------------------------------------ the run */

static vd_json *summary_of(const vd_lint_summary *s)
{
    vd_json *o = vd_json_object(), *by = vd_json_object();

    for (int i = VD_ERROR; i >= VD_SUGGESTION; i--)
        vd_json_set(by, vd_severity_names[i], vd_json_int(s->by_severity[i]));
    vd_json_set(o, "files", vd_json_int(s->files));
    vd_json_set(o, "policies", vd_json_int(s->policies));
    vd_json_set(o, "bySeverity", by);
    vd_json_set(o, "suppressed", vd_json_int(s->suppressed));
    vd_json_set(o, "baselined", vd_json_int(s->baselined));
    vd_json_set(o, "hidden", vd_json_int(s->hidden));
    vd_json_set(o, "unchanged", vd_json_int(s->unchanged));
    vd_json_set(o, "fixed", vd_json_int(s->fixed));
    vd_json_set(o, "undecided", vd_json_int(s->undecided));
    vd_json_set(o, "exitCode", vd_json_int(s->exit_code));
    return o;
}

static vd_json *coverage_of(const vd_lint_job *job)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < job->count; i++) {
        for (uint32_t k = 0; k < vd_report_unresolved_count(job->reports[i]); k++) {
            const vd_lint_unresolved *u = vd_report_unresolved(job->reports[i], k);
            vd_json                  *o = vd_json_object();

            vd_json_set(o, "file", vd_json_string(vd_report_file(job->reports[i])));
            vd_json_set(o, "container", vd_json_string(u->container));
            vd_json_set(o, "reason", shown_str(u->reason));
            vd_json_set(o, "range", range_of(u->range));
            vd_json_set(o, "undecided", vd_json_int(u->undecided));
            vd_json_push(list, o);
        }
    }
    return list;
}

static vd_json *errors_of(const vd_lint_job *job)
{
    vd_json *list = vd_json_array();

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_error *err = vd_report_error(job->reports[i]);
        vd_json        *o;

        if (!err)
            continue;
        o = vd_json_object();
        vd_json_set(o, "file", vd_json_string(vd_report_file(job->reports[i])));
        vd_json_set(o, "message", shown_str(vd_str_of(err->text)));
        vd_json_set(o, "range",
                    range_of((vd_range){ err->at, err->at.line, err->at.column + err->at.length }));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *version_of(const vd_lint_job *job)
{
    vd_json *o = vd_json_object(), *catalog = vd_json_object();

    vd_json_set(o, "format", vd_json_int(VD_FORMAT_VERSION));
    vd_json_set(o, "version", words(vd_version()));
    vd_json_set(catalog, "date", vd_json_string(vd_linter_catalog_date(job->linter)));
    vd_json_set(o, "catalog", catalog);
    return o;
}

vd_code vd_render_lint_json(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_json *o = vd_json_object(), *findings = vd_json_array();

    VD_UNUSED(look);
    vd_json_set(o, "verdict", version_of(job));
    vd_json_set(o, "summary", summary_of(job->summary));
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < vd_report_findings(job->reports[i]); k++)
            if (vd_lint_shows(job, vd_report_finding(job->reports[i], k)))
                vd_json_push(findings, finding_of(job->reports[i], vd_report_finding(job->reports[i], k)));
    vd_json_set(o, "findings", findings);
    vd_json_set(o, "coverage", coverage_of(job));
    vd_json_set(o, "errors", errors_of(job));
    VD_TRY(vd_json_dump(out, o, 2));
    vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}

vd_code vd_render_lint_jsonl(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_json *last = vd_json_object();

    VD_UNUSED(look);
    vd_json_set(last, "summary", summary_of(job->summary));
    vd_json_set(last, "coverage", coverage_of(job));
    vd_json_set(last, "errors", errors_of(job));
    for (uint32_t i = 0; i < job->count; i++) {
        for (uint32_t k = 0; k < vd_report_findings(job->reports[i]); k++) {
            const vd_lint_finding *f = vd_report_finding(job->reports[i], k);
            vd_code                code;

            if (!vd_lint_shows(job, f))
                continue;
            code = vd_json_dump(out, finding_of(job->reports[i], f), 0);
            vd_buf_byte(out, '\n');
            if (code != VD_OK) {
                vd_json_drop(last);
                return code;
            }
        }
    }
    VD_TRY(vd_json_dump(out, last, 0));
    vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}
