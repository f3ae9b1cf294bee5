/* SPDX-License-Identifier: Apache-2.0
 *
 * The response of `aws accessanalyzer validate-policy`: lines from 1, columns and offsets from 0, paths within the policy
 * as AWS spells them.
 */
#include "base/str.h"
#include "render/lint.h"
#include "render/rule.h"
#include "text/json_write.h"

#define PAGE "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"

static vd_json *words(const char *s)
{
    return vd_json_string(vd_str_of(s));
}

/* The anchor of a check: "#access-analyzer-reference-policy-checks-error-invalid-action". */
static vd_json *learn_more(const vd_lint_finding *f)
{
    static const char *const types[] = { "suggestion", "suggestion", "general-warning", "security-warning",
                                         "error" };
    vd_buf                   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json                 *v;

    vd_buf_add(&b, VD_S(PAGE));
    if (f->code.n) {
        vd_buf_printf(&b, "#access-analyzer-reference-policy-checks-%s-", types[f->severity]);
        for (size_t i = 0; i < f->code.n; i++)
            vd_buf_byte(&b, f->code.p[i] == '_' ? '-' : vd_lower(f->code.p[i]));
    }
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

/* "resource-star" as a code of its own: RESOURCE_STAR. */
static vd_json *own_code(const char *id)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    for (; *id; id++)
        vd_buf_byte(&b, *id == '-' ? '_' : *id >= 'a' && *id <= 'z' ? (char)(*id - 'a' + 'A') : *id);
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

/* ------------------------------------------------------------------ paths */

static vd_json *step(const char *kind, vd_json *value)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, kind, value);
    return o;
}

static vd_json *decoded(vd_str part)
{
    vd_buf   b = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    for (size_t i = 0; i < part.n; i++) {
        bool escape = part.p[i] == '~' && i + 1 < part.n && (part.p[i + 1] == '0' || part.p[i + 1] == '1');

        vd_buf_byte(&b, !escape ? part.p[i] : part.p[i + 1] == '0' ? '~' : '/');
        i += escape;
    }
    v = b.failed ? NULL : vd_json_string(vd_buf_str(&b));
    vd_buf_done(&b);
    return v;
}

/* In JSON a key is a string before a colon: AWS says {"key": ...} for the last step then, {"value": ...} for a value. */
static bool is_key(const vd_report *r, const vd_lint_finding *f)
{
    vd_str   text = vd_report_text(r);
    uint64_t at = (uint64_t)f->range.at.offset + f->range.at.length;

    at += at < text.n && text.p[at] == '"'; /* the range of a string leaves out its quotes */
    while (at < text.n &&
           (text.p[at] == ' ' || text.p[at] == '\t' || text.p[at] == '\n' || text.p[at] == '\r'))
        at++;
    return f->range.at.length > 1 && at < text.n && text.p[at] == ':';
}

static vd_json *index_of(vd_str digits)
{
    int64_t v = 0;

    for (size_t i = 0; i < digits.n; i++)
        v = v * 10 + (digits.p[i] - '0');
    return vd_json_int(v);
}

static vd_json *path_of(const vd_report *r, const vd_lint_finding *f)
{
    const vd_lint_policy *p = f->policy < vd_report_policies(r) ? vd_report_policy(r, f->policy) : NULL;
    vd_json              *path = vd_json_array();
    vd_str                rest = f->pointer, part;

    if (p && vd_str_starts(rest, p->pointer))
        rest = vd_str_from(rest, p->pointer.n);
    while (rest.n && rest.p[0] == '/') {
        rest = vd_str_from(rest, 1);
        part = vd_str_first(rest, vd_str_find(rest, '/'));
        rest = vd_str_from(rest, part.n);
        if (part.n < 9 && vd_str_all_digits(part))
            vd_json_push(path, step("index", index_of(part)));
        else
            vd_json_push(path, step(rest.n == 0 && is_key(r, f) ? "key" : "value", decoded(part)));
    }
    return path;
}

static vd_json *place(uint32_t line, uint32_t column, uint32_t offset)
{
    vd_json *o = vd_json_object();

    vd_json_set(o, "line", vd_json_int(line));
    vd_json_set(o, "column", vd_json_int(column ? column - 1 : 0));
    vd_json_set(o, "offset", vd_json_int(offset));
    return o;
}

static vd_json *location(vd_json *path, const vd_range *r)
{
    vd_json *o = vd_json_object(), *span = vd_json_object();

    vd_json_set(span, "start", place(r->at.line, r->at.column, r->at.offset));
    vd_json_set(span, "end", place(r->end_line, r->end_column, r->at.offset + r->at.length));
    vd_json_set(o, "path", path);
    vd_json_set(o, "span", span);
    return o;
}

/* ------------------------------------------------------------------ findings */

static vd_json *details(const vd_lint_finding *f)
{
    vd_buf   text = vd_buf_on(vd_allocator_default(), 0), safe = vd_buf_on(vd_allocator_default(), 0);
    vd_json *v;

    vd_lint_put_message(&text, f);
    vd_look_safe(&safe, vd_buf_str(&text));
    v = text.failed || safe.failed ? NULL : vd_json_string(vd_buf_str(&safe));
    vd_buf_done(&text);
    vd_buf_done(&safe);
    return v;
}

static vd_json *finding_of(const vd_report *r, const vd_lint_finding *f)
{
    vd_json *o = vd_json_object(), *locations = vd_json_array();

    vd_json_set(o, "findingType", words(vd_lint_finding_type(f->severity)));
    vd_json_set(o, "findingDetails", details(f));
    vd_json_set(o, "issueCode", f->code.n ? vd_json_string(f->code) : own_code(f->rule->id));
    vd_json_set(o, "learnMoreLink", learn_more(f));
    if (f->range.at.line)
        vd_json_push(locations, location(path_of(r, f), &f->range));
    vd_json_set(o, "locations", locations);
    return o;
}

vd_code vd_render_lint_access_analyzer(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_json *o = vd_json_object(), *findings = vd_json_array();

    VD_UNUSED(look);
    for (uint32_t i = 0; i < job->count; i++) {
        for (uint32_t k = 0; k < vd_report_findings(job->reports[i]); k++) {
            const vd_lint_finding *f = vd_report_finding(job->reports[i], k);

            if (vd_lint_shows(job, f) && (f->code.n || job->all))
                vd_json_push(findings, finding_of(job->reports[i], f));
        }
    }
    vd_json_set(o, "findings", findings);
    VD_TRY(vd_json_dump(out, o, 4));
    vd_buf_byte(out, '\n');
    return out->failed ? VD_ENOMEM : VD_OK;
}
