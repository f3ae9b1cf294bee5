/* SPDX-License-Identifier: Apache-2.0
 *
 * A difference as annotations: each group on the statement that grants it.
 */
#include "base/str.h"
#include "render/proof.h"

enum { MOST_NAMES = 8, MOST_RESOURCES = 3 };

static const vd_access_rule added = {
    "new-access", "A change allows what was not allowed before.",
    "The new policies allow a request that the old ones do not; the witness is one, and the evaluator allows it.",
};
static const vd_access_rule removed = {
    "removed-access", "A change takes access away.",
    "The old policies allow a request that the new ones do not; the witness is one, and the evaluator allowed it.",
};

static void add(vd_access_rows *rows, const vd_compared *c, const vd_delta *d)
{
    vd_buf        text = vd_buf_on(vd_allocator_default(), 0);
    vd_access_row row = { .rule = d->removed ? &removed : &added, .severity = d->removed ? VD_ACCESS_NOTE : d->severity,
                          .id = d->id, .witness = d->witness };

    if (vd_delta_is_open(d))
        row.severity = VD_ACCESS_NOTE;
    vd_buf_add(&text, vd_delta_is_open(d) ? VD_S("undecided: ") : d->removed ? VD_S("no longer allowed: ") : VD_S("newly allowed: "));
    vd_put_few(&text, d->patterns.count ? &d->patterns : &d->actions, MOST_NAMES);
    if (d->resources.count) {
        vd_buf_add(&text, VD_S(" on "));
        vd_put_few(&text, &d->resources, MOST_RESOURCES);
    }
    if (d->require_count) {
        vd_buf_add(&text, VD_S(", only with "));
        vd_put_required_list(&text, d->requirements, d->require_count);
    }
    if (d->witness) {
        vd_buf_add(&text, VD_S("; e.g. "));
        vd_put_who(&text, d->witness);
        vd_buf_printf(&text, " calls " VD_F " ", VD_A(d->witness->action));
        vd_put_what(&text, d->witness);
    }
    if (d->granting_count) {
        row.at = d->granting[0].at;
        row.related = d->granting + 1;
        row.related_count = d->granting_count - 1;
    } else {
        row.at.file = c->name;
    }
    vd_access_add(rows, &row, &text);
}

static void fill(vd_access_rows *rows, const vd_diff_job *job)
{
    vd_access_rows_init(rows);
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++)
            add(rows, &job->at[i], job->at[i].at[k]);
}

vd_code vd_render_diff_sarif(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job);
    code = vd_render_access_sarif(out, &job->proof, &rows, false);
    vd_access_rows_done(&rows);
    return code;
}

vd_code vd_render_diff_github(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job);
    code = vd_render_access_github(out, &job->proof, &rows);
    vd_access_rows_done(&rows);
    return code;
}
