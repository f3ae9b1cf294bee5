/* SPDX-License-Identifier: Apache-2.0
 *
 * What is granted as annotations and as a comment: each on the statement that grants it.
 */
#include "base/sha256.h"
#include "base/str.h"
#include "render/escape.h"
#include "render/proof.h"
#include "render/render.h"

enum { MOST_NAMES = 8, MOST_ROWS = 100 };

static const vd_access_rule granted = {
    "granted", "Policies grant what was asked about.",
    "Some request with one of the actions and resources that were asked about is allowed; the witness is one, and the evaluator allows it.",
};

static void put_line(vd_buf *out, const vd_grant *g)
{
    if (g->actions.count > 1)
        vd_put_few(out, &g->actions, MOST_NAMES);
    else
        vd_buf_add(out, g->action);
    if (g->resource.n)
        vd_buf_printf(out, " on " VD_F, VD_A(g->resource));
    if (g->require_count) {
        vd_buf_add(out, VD_S(", only with "));
        vd_put_required_list(out, g->requirements, g->require_count);
    }
}

/* Of what is granted by which statement, wherever that stands in its file. */
static void put_id(char out[20], const vd_grant *g)
{
    vd_buf all = vd_buf_on(vd_allocator_default(), 0);

    vd_buf_add(&all, g->action);
    vd_buf_byte(&all, '\n');
    vd_buf_add(&all, g->resource);
    vd_buf_byte(&all, '\n');
    if (g->granting_count) {
        vd_buf_add(&all, g->granting[0].policy);
        vd_buf_printf(&all, "\n" VD_F "\n%u", VD_A(g->granting[0].sid), g->granting[0].sid.n ? 0 : g->granting[0].index);
    }
    memcpy(out, "g-", 2);
    vd_sha256_hex(out + 2, 16, vd_buf_str(&all));
    vd_buf_done(&all);
}

static void add(vd_access_rows *rows, const vd_granted *of, const vd_grant *g)
{
    vd_buf        text = vd_buf_on(vd_allocator_default(), 0);
    vd_access_row row = { .rule = &granted, .severity = VD_ACCESS_MEDIUM, .witness = g->witness };
    char          id[20];

    put_id(id, g);
    row.id = vd_str_of(id);
    if (!vd_grant_counts(g))
        row.severity = VD_ACCESS_NOTE;
    vd_buf_add(&text, vd_grant_is_open(g) ? VD_S("undecided: ") : VD_S("granted: "));
    put_line(&text, g);
    if (g->witness) {
        vd_buf_add(&text, VD_S("; e.g. "));
        vd_put_who(&text, g->witness);
        vd_buf_printf(&text, " calls " VD_F " ", VD_A(g->witness->action));
        vd_put_what(&text, g->witness);
    }
    if (g->granting_count) {
        row.at = g->granting[0].at;
        row.related = g->granting + 1;
        row.related_count = g->granting_count - 1;
    } else {
        row.at.file = of->name;
    }
    vd_access_add(rows, &row, &text);
}

static void fill(vd_access_rows *rows, const vd_grants_job *job)
{
    vd_access_rows_init(rows);
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++)
            add(rows, &job->at[i], job->at[i].at[k]);
}

vd_code vd_render_grants_sarif(vd_buf *out, const vd_look *look, const vd_grants_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job);
    code = vd_render_access_sarif(out, &job->proof, &rows, false);
    vd_access_rows_done(&rows);
    return code;
}

vd_code vd_render_grants_github(vd_buf *out, const vd_look *look, const vd_grants_job *job)
{
    vd_access_rows rows;
    vd_code        code;

    VD_UNUSED(look);
    fill(&rows, job);
    code = vd_render_access_github(out, &job->proof, &rows);
    vd_access_rows_done(&rows);
    return code;
}

vd_code vd_render_grants_markdown(vd_buf *out, const vd_look *look, const vd_grants_job *job)
{
    static const char *const heads[] = { "Granted", "Not granted", "Undecided" };
    uint32_t                 rows = 0;

    VD_UNUSED(look);
    vd_put_marker(out, "grants", job->proof.comment_tag);
    vd_buf_printf(out, "**%s**\n\n", heads[vd_grants_answer(job)]);
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++) {
            vd_buf words = vd_buf_on(out->alloc, 0);

            if (rows++ >= MOST_ROWS)
                continue;
            if (!vd_grant_counts(job->at[i].at[k]))
                vd_buf_add(&words, vd_grant_is_open(job->at[i].at[k]) ? VD_S("undecided: ") : VD_S("only against the catalogue: "));
            put_line(&words, job->at[i].at[k]);
            if (job->at[i].at[k]->granting_count) {
                vd_buf_add(&words, VD_S(", by "));
                vd_put_place(&words, &job->at[i].at[k]->granting[0]);
            }
            vd_buf_add(out, VD_S("- "));
            vd_put_markdown(out, vd_buf_str(&words));
            vd_buf_byte(out, '\n');
            out->failed |= words.failed;
            vd_buf_done(&words);
        }
    if (rows > MOST_ROWS)
        vd_buf_printf(out, "- and %u more\n", rows - MOST_ROWS);
    return out->failed ? VD_ENOMEM : VD_OK;
}
