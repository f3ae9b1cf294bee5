/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, for code scanning: results at the statements, or, where no file says them, at the principal.
 */
#include "base/str.h"
#include "render/coverage.h"
#include "render/parts.h"
#include "render/unused.h"

enum { MOST_RESULTS = 25000 }; /* that code scanning takes of one run */

/* Rules are compared by where they are: once each. */
static void fill_rules(vd_access_rule *rules)
{
    for (int32_t i = 0; i < VD_UNUSED_COUNT; i++)
        rules[i] = (vd_access_rule){ vd_unused_name(i), vd_unused_title(i), vd_unused_why(i) };
}

static void add(vd_access_rows *rows, const vd_access_rule *rules, const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;
    vd_buf                   text = vd_buf_on(vd_allocator_default(), 0);
    vd_access_row            out = { .rule = &rules[f->rule], .severity = vd_unused_severity(f->rule), .id = f->id, .known = row->known,
                                     .silent = f->rule == VD_UNUSED_BLIND, .subject = f->principal.n ? f->principal : f->item,
                                     .fix = row->fix, .file_text = row->file_text, .edits = row->edits, .edit_count = row->edit_count };

    if (f->principal.n)
        vd_buf_printf(&text, VD_F ": ", VD_A(f->principal));
    vd_put_unused(&text, f);
    if (f->patterns.count) {
        vd_buf_add(&text, VD_S(": "));
        vd_put_few(&text, &f->patterns, 8);
    }
    if (f->observed.count) {
        vd_buf_add(&text, VD_S("; seen on "));
        vd_put_few(&text, &f->observed, 4);
    }
    if (f->statement.size && f->statement.at.line)
        out.at = f->statement.at;
    vd_access_add(rows, &out, &text);
}

vd_code vd_render_unused_sarif(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    vd_access_rule rules[VD_UNUSED_COUNT];
    vd_access_rows rows;
    vd_code        code;
    uint32_t       n = job->count < MOST_RESULTS ? job->count : MOST_RESULTS;

    VD_UNUSED(look);
    fill_rules(rules);
    vd_access_rows_init(&rows);
    for (uint32_t i = 0; i < n; i++)
        add(&rows, rules, &job->at[i]);
    rows.properties = vd_json_object();
    vd_json_set(rows.properties, "leftOut", vd_json_int(job->count - n));
    vd_json_set(rows.properties, "fixes", vd_json_int(job->fixed));
    vd_json_set(rows.properties, "withoutFix", vd_json_int(job->not_fixed));
    vd_json_set(rows.properties, "coverage", vd_render_coverage_json(&job->coverage));
    code = vd_render_access_sarif(out, &job->proof, &rows, job->has_baseline);
    vd_access_rows_done(&rows);
    return code;
}
