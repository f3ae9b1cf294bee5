/* SPDX-License-Identifier: Apache-2.0
 *
 * A difference as a comment on a pull request: one line a service, a table, and what is behind each row folded away.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/proof.h"
#include "render/render.h"

enum {
    MOST_ROWS = 40,
    MOST_DETAILS = 20,
    MOST_NAMES = 8,
    MOST_SERVICES = 20,
    MOST_SIZE = 58000 /* GitHub takes 65 536 characters; the rest is for the last lines */
};

static void put_text(vd_buf *out, vd_buf *words)
{
    vd_put_markdown(out, vd_buf_str(words));
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_sums(vd_buf *out, const vd_diff_job *job, bool removed)
{
    vd_service_sums sums = vd_sum_services(job, removed);
    uint32_t        left = 0;

    for (uint32_t i = 0; i < sums.count; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        if (i >= MOST_SERVICES) {
            left++;
            continue;
        }
        vd_put_sum(&words, &sums.at[i]);
        vd_buf_add(out, VD_S("- "));
        put_text(out, &words);
        vd_buf_byte(out, '\n');
    }
    if (left)
        vd_buf_printf(out, "- and %u services more\n", left);
    if (sums.count)
        vd_buf_byte(out, '\n');
    out->failed |= sums.failed;
    vd_sums_done(&sums);
}

static void put_head(vd_buf *out, const vd_diff_job *job)
{
    if (job->equivalent) {
        vd_buf_printf(out, "**%s**\n\n", vd_diff_relation(job));
        return;
    }
    if (job->added) {
        vd_answer more = vd_diff_broader(job);

        vd_buf_printf(out, "**%s**\n\n", more == VD_SAT     ? "What becomes possible"
                                         : more == VD_UNSAT ? "No new access"
                                                            : "Undecided: whether anything becomes possible");
        put_sums(out, job, false);
    }
    if (job->removed) {
        vd_answer less = vd_diff_narrower(job);

        vd_buf_printf(out, "**%s**\n\n", less == VD_SAT     ? "What is no longer possible"
                                         : less == VD_UNSAT ? "No access is lost"
                                                            : "Undecided: whether anything is lost");
        put_sums(out, job, true);
    }
}

static void put_names(vd_buf *out, const vd_texts_list *list)
{
    size_t shown = list->count <= MOST_NAMES + 1 ? list->count : MOST_NAMES;

    for (size_t i = 0; i < shown; i++) {
        vd_buf_add(out, i ? VD_S(", ") : VD_S(""));
        vd_put_code(out, list->at[i], true);
    }
    if (shown < list->count)
        vd_buf_printf(out, " and %zu more", list->count - shown);
}

static void put_row(vd_buf *out, const vd_delta *d)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "| %s%s | ", vd_delta_is_open(d) ? "undecided: " : d->removed ? "removed: " : "", vd_level_title(d->level));
    put_names(out, d->patterns.count ? &d->patterns : &d->actions);
    vd_buf_add(out, VD_S(" | "));
    put_names(out, &d->resources);
    vd_buf_add(out, VD_S(" | "));
    if (d->granting_count && d->granting[0].at.file.n) {
        vd_buf place = vd_buf_on(out->alloc, 0);

        vd_buf_printf(&place, VD_F ":%u", VD_A(d->granting[0].at.file), d->granting[0].at.line);
        vd_put_code(out, vd_buf_str(&place), true);
        out->failed |= place.failed;
        vd_buf_done(&place);
    }
    vd_buf_add(out, VD_S(" | "));
    vd_put_required_list(&words, d->requirements, d->require_count);
    put_text(out, &words);
    vd_buf_add(out, VD_S(" |\n"));
}

static void put_item(vd_buf *out, const char *lead, vd_buf *words)
{
    vd_buf_printf(out, "- %s", lead);
    put_text(out, words);
    vd_buf_byte(out, '\n');
}

static void put_statements(vd_buf *out, const char *lead, const vd_statement_info *at, size_t count)
{
    for (size_t i = 0; i < count && i < MOST_NAMES; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_put_place(&words, &at[i]);
        put_item(out, lead, &words);
    }
}

static void put_details(vd_buf *out, const vd_delta *d)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_add(out, VD_S("<details><summary>"));
    vd_put_few(&words, d->patterns.count ? &d->patterns : &d->actions, MOST_NAMES);
    vd_put_xml(out, vd_buf_str(&words));
    vd_buf_done(&words);
    vd_buf_add(out, VD_S("</summary>\n\n"));
    put_statements(out, d->removed ? "was allowed by " : "allowed by ", d->granting, d->granting_count);
    put_statements(out, d->removed ? "now denied by " : "was denied by ", d->was, d->was_count);
    if (d->was_count == 0)
        vd_buf_add(out, d->removed ? VD_S("- no statement allows it any more\n") : VD_S("- no statement allowed it before\n"));
    if (d->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, d->flags);
        put_item(out, "note: ", &words);
    }
    if (d->witness) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_who(&words, d->witness);
        vd_buf_printf(&words, " calls " VD_F " ", VD_A(d->witness->action));
        vd_put_what(&words, d->witness);
        put_item(out, "for example ", &words);
    }
    vd_buf_add(out, VD_S("\n</details>\n"));
}

typedef struct counting {
    uint32_t rows, details, left;
} counting;

static void put_rows(vd_buf *out, const vd_diff_job *job, counting *n)
{
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++) {
            if (n->rows >= MOST_ROWS || out->n > MOST_SIZE / 2) {
                n->left++;
                continue;
            }
            if (n->rows++ == 0)
                vd_buf_add(out, VD_S("| access level | actions | resources | statement | only with |\n| --- | --- | --- | --- | --- |\n"));
            put_row(out, job->at[i].at[k]);
        }
    if (n->rows)
        vd_buf_byte(out, '\n');
}

vd_code vd_render_diff_markdown(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    counting n = { 0 };

    VD_UNUSED(look);
    vd_put_marker(out, job->equivalent ? "equivalent" : "diff", job->proof.comment_tag);
    put_head(out, job);
    put_rows(out, job, &n);
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count && n.details < MOST_DETAILS && out->n < MOST_SIZE; k++, n.details++)
            put_details(out, job->at[i].at[k]);
    if (n.left)
        vd_buf_printf(out, "\nand %u more\n", n.left);
    for (uint32_t i = 0; i < job->proof.error_count && i < MOST_NAMES; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_render_at(&words, job->proof.errors[i].at);
        vd_buf_printf(&words, "%s%s", words.n ? ": " : "", job->proof.errors[i].text);
        put_item(out, "error: ", &words);
    }
    return out->failed ? VD_ENOMEM : VD_OK;
}
