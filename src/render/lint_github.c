/* SPDX-License-Identifier: Apache-2.0
 *
 * Workflow commands of GitHub: annotations on the lines of a pull request.  GitHub shows ten of each level a step and drops
 * the rest without a word, so the worst come first and the last notice says how many there are besides.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/lint.h"
#include "render/rule.h"

enum { ERRORS, WARNINGS, NOTICES, LEVELS, MOST_EACH = 10 };

static const char *const level_names[] = { "error", "warning", "notice" };

static int level_of(const vd_lint_finding *f)
{
    if (f->severity == VD_ERROR || (f->severity == VD_SECURITY && f->score >= 70))
        return ERRORS;
    return f->severity >= VD_WARNING ? WARNINGS : NOTICES;
}

static void put_file(vd_buf *out, vd_str file)
{
    while (vd_str_starts(file, VD_S("./")))
        file = vd_str_from(file, 2);
    vd_put_command(out, file, true);
}

static void put_place(vd_buf *out, const vd_range *r)
{
    if (r->at.line == 0)
        return;
    vd_buf_printf(out, ",line=%u,endLine=%u,col=%u", r->at.line, r->end_line, r->at.column);
    if (r->end_line == r->at.line) /* an end column on another line is taken for one on the first */
        vd_buf_printf(out, ",endColumn=%u", r->end_column);
}

static void put_finding(vd_buf *out, const vd_lint_ranked *ranked)
{
    const vd_lint_finding *f = ranked->finding;
    vd_buf                 text = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "::%s file=", level_names[level_of(f)]);
    put_file(out, vd_lint_path(ranked->report, &f->range.at));
    put_place(out, &f->range);
    vd_buf_add(out, VD_S(",title=verdict%3A "));
    vd_put_command(out, vd_str_of(f->rule->id), true);
    vd_buf_add(out, VD_S("::"));
    vd_lint_put_line(&text, f);
    vd_put_command(out, vd_buf_str(&text), false);
    vd_buf_printf(out, "%%0Averdict help %s\n", f->rule->id);
    out->failed |= text.failed;
    vd_buf_done(&text);
}

static void put_error(vd_buf *out, const vd_report *r, const vd_error *err)
{
    vd_range range = { err->at, err->at.line, err->at.column + (err->at.length ? err->at.length : 1) };

    vd_buf_add(out, VD_S("::error file="));
    put_file(out, vd_report_path(r));
    put_place(out, &range);
    vd_buf_add(out, VD_S(",title=verdict::"));
    vd_put_command(out, vd_str_of(err->text), false);
    vd_buf_byte(out, '\n');
}

static void put_undecided(vd_buf *out, const vd_report *r, const vd_lint_unresolved *u)
{
    vd_buf_add(out, VD_S("::warning file="));
    put_file(out, vd_report_path(r));
    put_place(out, &u->range);
    vd_buf_add(out, VD_S(",title=verdict::"));
    vd_put_command(out, u->reason, false);
    vd_buf_byte(out, '\n');
}

/* One of each run of them: GitHub shows few, and findings come first. */
static void put_all_undecided(vd_buf *out, const vd_lint_job *job)
{
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < vd_report_unresolved_count(job->reports[i]); k++)
            if (vd_report_unresolved(job->reports[i], k)->undecided) {
                put_undecided(out, job->reports[i], vd_report_unresolved(job->reports[i], k));
                return;
            }
}

/* Marks what is shown: the worst of each level; the others keep report NULL.  How many are not. */
static uint32_t choose(vd_lint_ranking *ranking, uint32_t errors)
{
    uint32_t shown[LEVELS] = { errors, 0, 0 }, total[LEVELS] = { 0 }, left = 0;

    for (uint32_t i = 0; i < ranking->count; i++)
        total[level_of(ranking->at[i].finding)]++;
    for (uint32_t i = 0; i < ranking->count; i++) {
        int  level = level_of(ranking->at[i].finding);
        bool more = total[ERRORS] + errors > MOST_EACH || total[WARNINGS] > MOST_EACH ||
                    total[NOTICES] > MOST_EACH - 1;
        uint32_t most = level == NOTICES && more ? MOST_EACH - 1
                                                 : MOST_EACH; /* the last one counts the rest */

        if (shown[level]++ >= most) {
            ranking->at[i].report = NULL;
            left++;
        }
    }
    return left;
}

/* With -v by file, folded; else the worst first. */
static void put_all(vd_buf *out, const vd_lint_job *job, const vd_lint_ranking *ranking)
{
    for (uint32_t i = 0; !job->verbose && i < ranking->count; i++)
        if (ranking->at[i].report)
            put_finding(out, &ranking->at[i]);
    for (uint32_t k = 0; job->verbose && k < job->count; k++) {
        bool open = false;

        for (uint32_t i = 0; i < ranking->count; i++) {
            if (ranking->at[i].report != job->reports[k])
                continue;
            if (!open) {
                vd_buf_add(out, VD_S("::group::"));
                vd_put_command(out, vd_report_file(job->reports[k]), false);
                vd_buf_byte(out, '\n');
            }
            open = true;
            put_finding(out, &ranking->at[i]);
        }
        if (open)
            vd_buf_add(out, VD_S("::endgroup::\n"));
    }
}

vd_code vd_render_lint_github(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_lint_ranking ranking;
    vd_buf          summary = vd_buf_on(out->alloc, 0);
    uint32_t        errors = 0, left;

    VD_UNUSED(look);
    if (!vd_lint_rank(&ranking, job, false))
        return VD_ENOMEM;
    for (uint32_t i = 0; i < job->count && errors < MOST_EACH; i++) {
        if (!vd_report_error(job->reports[i]) || vd_lint_is_told(job->reports[i]))
            continue;
        put_error(out, job->reports[i], vd_report_error(job->reports[i]));
        errors++;
    }
    left = choose(&ranking, errors);
    put_all(out, job, &ranking);
    put_all_undecided(out, job);
    if (left) {
        vd_lint_put_summary(&summary, job);
        vd_buf_printf(out, "::notice title=verdict::%u more not shown here; ", left);
        vd_put_command(out, vd_buf_str(&summary), false);
        vd_buf_byte(out, '\n');
    }
    out->failed |= summary.failed;
    vd_buf_done(&summary);
    vd_lint_ranking_done(&ranking);
    return out->failed ? VD_ENOMEM : VD_OK;
}
