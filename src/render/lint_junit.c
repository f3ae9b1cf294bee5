/* SPDX-License-Identifier: Apache-2.0
 *
 * JUnit: a suite a file, a case a policy; a clean policy is a case that passed.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/lint.h"
#include "render/rule.h"

typedef struct counts {
    uint32_t tests, failures, errors;
} counts;

static bool fails(const vd_lint_job *job, const vd_lint_finding *f)
{
    return f->state == VD_STATE_NEW && f->severity >= vd_linter_fail_on(job->linter) && !f->rule->informs;
}

/* The findings of one policy, or those about the file as such: policy is then UINT32_MAX. */
static void put_findings(vd_buf *out, const vd_lint_job *job, const vd_report *r, uint32_t policy,
                         vd_str text, counts *n)
{
    const vd_look look = { .colour = false, .width = 100 };
    vd_buf        minor = vd_buf_on(out->alloc, 0);

    for (uint32_t i = 0; i < vd_report_findings(r); i++) {
        const vd_lint_finding *f = vd_report_finding(r, i);
        vd_buf                 block, first;

        if (f->policy != policy || !vd_lint_shows(job, f))
            continue;
        block = vd_buf_on(out->alloc, 0);
        first = vd_buf_on(out->alloc, 0);
        vd_lint_put_block(fails(job, f) ? &block : &minor, &look, job, r, f, text, true);
        if (fails(job, f)) {
            vd_lint_put_message(&first, f);
            vd_buf_printf(out, "      <failure type=\"%s\" message=\"", f->rule->id);
            vd_put_xml(out, vd_buf_str(&first));
            vd_buf_add(out, VD_S("\">"));
            vd_put_xml_lines(out, vd_buf_str(&block));
            vd_buf_add(out, VD_S("</failure>\n"));
            n->failures++;
        }
        out->failed |= block.failed | first.failed;
        vd_buf_done(&block);
        vd_buf_done(&first);
    }
    if (minor.n) {
        vd_buf_add(out, VD_S("      <system-out>"));
        vd_put_xml_lines(out, vd_buf_str(&minor));
        vd_buf_add(out, VD_S("</system-out>\n"));
    }
    out->failed |= minor.failed;
    vd_buf_done(&minor);
}

static void put_case(vd_buf *out, const vd_lint_job *job, const vd_report *r, uint32_t policy, vd_str name,
                     uint32_t line, vd_str text, counts *n)
{
    vd_buf inside = vd_buf_on(out->alloc, 0);

    put_findings(&inside, job, r, policy, text, n);
    vd_buf_add(out, VD_S("    <testcase classname=\""));
    vd_put_xml(out, vd_report_file(r));
    vd_buf_add(out, VD_S("\" name=\""));
    vd_put_xml(out, name);
    vd_buf_add(out, VD_S("\" file=\""));
    vd_put_xml(out, vd_report_file(r));
    vd_buf_printf(out, "\" line=\"%u\"", line);
    if (inside.n) {
        vd_buf_add(out, VD_S(">\n"));
        vd_buf_add(out, vd_buf_str(&inside));
        vd_buf_add(out, VD_S("    </testcase>\n"));
    } else {
        vd_buf_add(out, VD_S("/>\n"));
    }
    n->tests++;
    out->failed |= inside.failed;
    vd_buf_done(&inside);
}

static bool is_about_file(const vd_lint_job *job, const vd_report *r)
{
    for (uint32_t i = 0; i < vd_report_findings(r); i++)
        if (vd_report_finding(r, i)->policy == UINT32_MAX && vd_lint_shows(job, vd_report_finding(r, i)))
            return true;
    return false;
}

static void put_error(vd_buf *out, const vd_report *r, const char *name, vd_str text, vd_pos at, counts *n)
{
    vd_buf place = vd_buf_on(out->alloc, 0);

    vd_buf_add(out, VD_S("    <testcase classname=\""));
    vd_put_xml(out, vd_report_file(r));
    vd_buf_printf(out, "\" name=\"%s\">\n      <error message=\"", name);
    vd_put_xml(out, text);
    vd_buf_add(out, VD_S("\">"));
    vd_render_at(&place, at);
    vd_put_xml(out, vd_buf_str(&place));
    vd_buf_add(out, VD_S("</error>\n    </testcase>\n"));
    n->tests++;
    n->errors++;
    out->failed |= place.failed;
    vd_buf_done(&place);
}

static void put_suite(vd_buf *out, const vd_lint_job *job, const vd_report *r, vd_str text, counts *total)
{
    vd_buf body = vd_buf_on(out->alloc, 0);
    counts n = { 0 };

    if (vd_report_error(r))
        put_error(&body, r, "readable", vd_str_of(vd_report_error(r)->text), vd_report_error(r)->at, &n);
    for (uint32_t i = 0; i < vd_report_unresolved_count(r); i++)
        if (vd_report_unresolved(r, i)->undecided)
            put_error(&body, r, "decided", vd_report_unresolved(r, i)->reason, vd_report_unresolved(r, i)->range.at, &n);
    for (uint32_t i = 0; i < vd_report_policies(r); i++) {
        const vd_lint_policy *p = vd_report_policy(r, i);

        put_case(&body, job, r, i,
                 p->container.n ? p->container
                 : p->name.n    ? p->name
                                : vd_report_file(r),
                 p->range.at.line ? p->range.at.line : 1, text, &n);
    }
    if (!vd_report_error(r) && is_about_file(job, r))
        put_case(&body, job, r, UINT32_MAX, VD_S("file"), 1, text, &n);
    if (n.tests) {
        vd_buf_add(out, VD_S("  <testsuite name=\""));
        vd_put_xml(out, vd_report_file(r));
        vd_buf_printf(out, "\" tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"0\">\n", n.tests, n.failures,
                      n.errors);
        vd_buf_add(out, vd_buf_str(&body));
        vd_buf_add(out, VD_S("  </testsuite>\n"));
    }
    total->tests += n.tests;
    total->failures += n.failures;
    total->errors += n.errors;
    out->failed |= body.failed;
    vd_buf_done(&body);
}

vd_code vd_render_lint_junit(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_buf body = vd_buf_on(out->alloc, 0), keep = vd_buf_on(out->alloc, 0);
    counts total = { 0 };

    VD_UNUSED(look);
    for (uint32_t i = 0; i < job->count; i++)
        put_suite(&body, job, job->reports[i], vd_lint_text_for_show(&keep, job->reports[i]), &total);
    vd_buf_printf(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"verdict lint\" tests=\"%u\" failures=\"%u\" errors=\"%u\" time=\"0\">\n",
        total.tests, total.failures, total.errors);
    vd_buf_add(out, vd_buf_str(&body));
    vd_buf_add(out, VD_S("</testsuites>\n"));
    out->failed |= body.failed | keep.failed;
    vd_buf_done(&body);
    vd_buf_done(&keep);
    return out->failed ? VD_ENOMEM : VD_OK;
}
