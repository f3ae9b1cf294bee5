/* SPDX-License-Identifier: Apache-2.0
 *
 * Results of tests as text and as JUnit.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/render.h"

static vd_str name_of(const vd_told_case *told)
{
    return told->scenario->name.n ? told->scenario->name : VD_S("(no name)");
}

void vd_test_report_text_case(vd_buf *out, const vd_look *look, const vd_told_case *told, bool verbose)
{
    const vd_case_result *r = told->result;

    if (r->passed && !verbose)
        return;
    vd_look_put(out, look, r->passed ? VD_TONE_GOOD : VD_TONE_BAD, r->passed ? VD_S("  ok    ") : VD_S("  FAIL  "));
    vd_look_safe(out, name_of(told));
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_add(out, VD_S("  ("));
    vd_render_at(out, told->scenario->at);
    vd_buf_byte(out, ')');
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    if (r->passed)
        return;
    vd_look_pad(out, 8);
    vd_look_wrap(out, look, 8, 8, vd_str_of(r->failure));
    vd_buf_byte(out, '\n');
    if (*r->reason && r->code == VD_OK) { /* of an error it is in the failure already */
        vd_look_pad(out, 8);
        vd_look_wrap(out, look, 8, 8, vd_str_of(r->reason));
        vd_buf_byte(out, '\n');
    }
    if (r->code != VD_OK && r->error_at.file.n) {
        vd_look_pad(out, 8);
        vd_buf_add(out, VD_S("at "));
        vd_render_at(out, r->error_at);
        vd_buf_byte(out, '\n');
    }
    if (r->has_statement) {
        vd_look_pad(out, 8);
        vd_buf_printf(out, "by %s ", r->statement.deny ? "Deny" : "Allow");
        vd_word_statement(out, r->statement.sid, r->statement.index);
        vd_buf_add(out, VD_S(" ("));
        vd_render_at(out, r->statement.at);
        vd_buf_add(out, VD_S(")\n"));
    }
}

static void put_entry(vd_buf *out, const vd_look *look, const vd_covered_entry *e)
{
    if (e->seen_true && e->seen_false)
        return;
    vd_buf_add(out, VD_S("      "));
    vd_look_safe(out, e->operator_name);
    vd_buf_byte(out, ' ');
    vd_look_safe(out, e->key);
    vd_buf_printf(out, " was never %s  ",
                  !e->seen_true && !e->seen_false ? "reached" : e->seen_true ? "false" : "true");
    vd_look_tone(out, look, VD_TONE_FAINT);
    vd_buf_byte(out, '(');
    vd_render_at(out, e->at);
    vd_buf_byte(out, ')');
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
}

void vd_test_report_text_coverage(vd_buf *out, const vd_look *look, const vd_coverage *coverage)
{
    size_t   count = vd_coverage_count(coverage), applied = 0, shown = 0;

    for (size_t i = 0; i < count; i++)
        applied += vd_coverage_at(coverage, i)->applied;
    vd_look_put(out, look, VD_TONE_STRONG, VD_S("coverage"));
    vd_buf_printf(out, ": %zu of %zu statements applied in some case\n", applied, count);
    for (size_t i = 0; i < count; i++) {
        const vd_covered_statement *s = vd_coverage_at(coverage, i);
        bool                        open = !s->applied;

        for (size_t j = 0; j < s->entry_count; j++)
            open |= !s->entries[j]->seen_true || !s->entries[j]->seen_false;
        if (!open)
            continue;
        shown++;
        vd_buf_add(out, VD_S("  "));
        vd_render_at(out, s->at);
        vd_buf_printf(out, "  %s ", s->deny ? "Deny" : "Allow");
        vd_word_statement(out, s->sid, s->index);
        vd_look_put(out, look, s->applied ? VD_TONE_PLAIN : VD_TONE_CARE,
                    s->applied   ? VD_S("  applied")
                    : s->reached ? VD_S("  reached, never applied")
                                 : VD_S("  never reached"));
        vd_buf_byte(out, '\n');
        if (s->reached)
            for (size_t j = 0; j < s->entry_count; j++)
                put_entry(out, look, s->entries[j]);
    }
    if (shown == 0 && count > 0)
        vd_buf_add(out, VD_S("  every condition was seen true and false\n"));
}

/* ------------------------------------------------------------------ JUnit */

static void seconds(vd_buf *out, uint64_t ns)
{
    vd_buf_printf(out, "%llu.%09llu", (unsigned long long)(ns / 1000000000u), (unsigned long long)(ns % 1000000000u));
}

void vd_test_report_junit_case(vd_test_report *report, const vd_told_case *told)
{
    const vd_case_result *r = told->result;
    vd_buf               *out = &report->body;

    vd_buf_add(out, VD_S("  <testcase classname=\""));
    vd_put_xml(out, told->file);
    vd_buf_add(out, VD_S("\" name=\""));
    vd_put_xml(out, name_of(told));
    vd_buf_add(out, VD_S("\" file=\""));
    vd_put_xml(out, told->scenario->at.file);
    vd_buf_printf(out, "\" line=\"%u\" time=\"", told->scenario->at.line);
    seconds(out, r->duration_ns);
    if (r->passed) {
        vd_buf_add(out, VD_S("\"/>\n"));
        return;
    }
    vd_buf_add(out, VD_S("\">\n    <failure message=\""));
    vd_put_xml(out, vd_str_of(r->failure));
    vd_buf_add(out, VD_S("\">"));
    vd_put_xml(out, vd_str_of(r->reason));
    if (r->has_statement) {
        vd_buf where = vd_buf_on(out->alloc, 0);

        vd_buf_add(&where, *r->reason ? VD_S(": ") : VD_S("by "));
        vd_word_statement(&where, r->statement.sid, r->statement.index);
        vd_buf_add(&where, VD_S(" ("));
        vd_render_at(&where, r->statement.at);
        vd_buf_byte(&where, ')');
        vd_put_xml(out, vd_buf_str(&where));
        out->failed |= where.failed;
        vd_buf_done(&where);
    }
    vd_buf_add(out, VD_S("</failure>\n  </testcase>\n"));
}

void vd_test_report_junit_end(vd_buf *out, vd_test_report *report, vd_str name)
{
    vd_buf_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"%u\" failures=\"%u\">\n",
                  report->passed + report->failed, report->failed);
    vd_buf_add(out, VD_S(" <testsuite name=\""));
    vd_put_xml(out, name);
    vd_buf_printf(out, "\" tests=\"%u\" failures=\"%u\">\n", report->passed + report->failed, report->failed);
    vd_buf_add(out, vd_buf_str(&report->body));
    vd_buf_add(out, VD_S(" </testsuite>\n</testsuites>\n"));
    out->failed |= report->body.failed;
}
