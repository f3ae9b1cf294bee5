/* SPDX-License-Identifier: Apache-2.0
 *
 * A difference for people, in one screen: what it comes to by service, then the worst of it with what grants it, why it was
 * not so before, and one request that goes through now.
 */
#include "base/str.h"
#include "render/proof.h"
#include "render/render.h"

#include <stdio.h>

enum {
    INDENT = 6,
    MOST_SERVICES = 8,
    MOST_GROUPS = 6,
    MOST_NAMES = 8,
    MOST_STATEMENTS = 3
};

static size_t most(const vd_diff_job *job, size_t otherwise)
{
    return job->proof.verbose ? SIZE_MAX / 2 : otherwise;
}

/* ------------------------------------------------------------------ by service */

static void put_sums(vd_buf *out, const vd_look *look, const vd_diff_job *job, bool removed)
{
    vd_service_sums sums = vd_sum_services(job, removed);
    uint32_t        left = 0, actions = 0;

    for (uint32_t i = 0; i < sums.count; i++) {
        vd_buf line = vd_buf_on(out->alloc, 0);

        if (i >= most(job, MOST_SERVICES)) {
            left++;
            actions += sums.at[i].actions;
            continue;
        }
        vd_put_sum(&line, &sums.at[i]);
        vd_look_tone(out, look, removed ? VD_TONE_FAINT : sums.at[i].danger >= vd_level_danger(VD_LEVEL_WRITE) ? VD_TONE_BAD : VD_TONE_CARE);
        vd_look_wrap(out, look, 0, 4, vd_buf_str(&line));
        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_byte(out, '\n');
        vd_buf_done(&line);
    }
    if (left)
        vd_buf_printf(out, "and %u services more: %c%u actions\n", left, removed ? '-' : '+', actions);
    out->failed |= sums.failed;
    vd_sums_done(&sums);
}

/* ------------------------------------------------------------------ one group */

static void put_statements(vd_buf *out, const vd_look *look, const vd_diff_job *job, const char *what,
                           const vd_statement_info *at, size_t count)
{
    size_t shown = count <= most(job, MOST_STATEMENTS) ? count : MOST_STATEMENTS;

    for (size_t i = 0; i < shown; i++) {
        vd_buf words = vd_buf_on(out->alloc, 0);

        vd_put_place(&words, &at[i]);
        if (i + 1 == shown && shown < count)
            vd_buf_printf(&words, " and %zu more", count - shown);
        vd_put_note(out, look, INDENT, what, &words);
    }
}

static void put_was(vd_buf *out, const vd_look *look, const vd_diff_job *job, const vd_delta *d)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (d->was_count) {
        vd_buf_done(&words);
        put_statements(out, look, job, d->removed ? "now denied by " : "was denied by ", d->was, d->was_count);
        return;
    }
    vd_buf_add(&words, d->removed ? VD_S("no statement allows it any more") : VD_S("no statement allowed it before"));
    vd_put_note(out, look, INDENT, "", &words);
}

static void put_head(vd_buf *out, const vd_look *look, const vd_delta *d)
{
    vd_buf  words = vd_buf_on(out->alloc, 0);
    vd_tone tone = d->removed ? VD_TONE_FAINT : d->severity >= VD_ACCESS_HIGH ? VD_TONE_BAD : VD_TONE_CARE;
    char    lead[32];
    int     n = snprintf(lead, sizeof lead, "%c %s ", vd_delta_is_open(d) ? '?' : d->removed ? '-' : '+', vd_level_title(d->level));

    vd_look_tone(out, look, tone);
    vd_buf_add(out, vd_str_of(lead));
    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_put_few(&words, d->patterns.count ? &d->patterns : &d->actions, MOST_NAMES);
    vd_look_wrap(out, look, n > 0 ? (uint32_t)n : 0, INDENT, vd_buf_str(&words));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, '\n');
    out->failed |= words.failed;
    vd_buf_done(&words);
}

static void put_list(vd_buf *out, const vd_look *look, const char *lead, const vd_texts_list *list, size_t shown)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (list->count == 0)
        return;
    vd_put_few(&words, list, shown);
    vd_put_note(out, look, INDENT, lead, &words);
}

static void put_group(vd_buf *out, const vd_look *look, const vd_diff_job *job, const vd_delta *d)
{
    vd_buf words;

    put_head(out, look, d);
    put_list(out, look, "on ", &d->resources, most(job, MOST_NAMES));
    put_list(out, look, "by ", &d->principals, most(job, MOST_NAMES));
    if (d->require_count) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_required_list(&words, d->requirements, d->require_count);
        vd_put_note(out, look, INDENT, "only with ", &words);
    }
    put_statements(out, look, job, d->removed ? "was allowed by " : "allowed by ", d->granting, d->granting_count);
    put_was(out, look, job, d);
    if (d->flags) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_flags(&words, d->flags);
        vd_put_note(out, look, INDENT, "note: ", &words);
    }
    if (d->witness)
        vd_put_witness_lines(out, look, INDENT, d->witness);
}

/* ------------------------------------------------------------------ all of them */

static void put_groups(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    size_t shown = 0, left = 0, off = 0;
    bool   told[2] = { false, false }; /* of which direction: one request is enough to tell two apart */

    for (uint32_t i = 0; i < job->count; i++) {
        bool named = job->count == 1;

        for (uint32_t k = 0; k < job->at[i].count; k++) {
            const vd_delta *d = job->at[i].at[k];

            if (vd_delta_is_off(d) && !job->equivalent && !job->proof.verbose) {
                off++;
                continue;
            }
            if (job->equivalent && told[d->removed] && !job->proof.verbose)
                continue;
            told[d->removed] = true;
            if (shown >= most(job, MOST_GROUPS)) {
                left++;
                continue;
            }
            vd_buf_byte(out, '\n');
            if (!named) {
                vd_look_tone(out, look, VD_TONE_STRONG);
                vd_look_safe(out, job->at[i].name);
                vd_look_tone(out, look, VD_TONE_PLAIN);
                vd_buf_byte(out, '\n');
                named = true;
            }
            put_group(out, look, job, d);
            shown++;
        }
    }
    if (left)
        vd_buf_printf(out, "\nand %zu group%s more; --verbose shows all\n", left, left == 1 ? "" : "s");
    if (off)
        vd_buf_printf(out, "%s%zu more only if the catalogue is wrong about what an action works on; --verbose shows them\n",
                      left || shown == 0 ? "" : "\n", off);
}

static void put_undecided(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    uint32_t undecided = 0;
    bool     budget = false;

    for (uint32_t i = 0; i < job->count; i++) {
        undecided += job->at[i].failed ? 0 : job->at[i].summary.undecided;
        for (uint32_t k = 0; k < job->at[i].count; k++)
            budget |= (job->at[i].at[k]->flags & VD_FLAG_BUDGET) != 0;
        budget |= job->at[i].summary.undecided && job->at[i].count == 0;
    }
    for (uint32_t i = 0; i < job->count; i++) {
        if (job->at[i].note.n == 0)
            continue;
        vd_look_safe(out, job->at[i].name);
        vd_buf_add(out, VD_S(": "));
        vd_look_safe(out, job->at[i].note);
        vd_buf_byte(out, '\n');
    }
    if (undecided == 0)
        return;
    vd_look_tone(out, look, VD_TONE_CARE);
    vd_buf_printf(out, "%u question%s undecided%s\n", undecided, undecided == 1 ? "" : "s",
                  budget ? " within the budget; --budget allows more work" : "");
    vd_look_tone(out, look, VD_TONE_PLAIN);
}

static void put_nothing(vd_buf *out, const vd_look *look, const vd_diff_job *job, vd_answer answer, const char *words)
{
    if (answer != VD_UNSAT || job->count == 0)
        return;
    vd_look_put(out, look, VD_TONE_GOOD, vd_str_of(words));
    vd_buf_byte(out, '\n');
}

static bool has_future(const vd_diff_job *job)
{
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++)
            if (!vd_delta_is_off(job->at[i].at[k]) && !vd_delta_is_open(job->at[i].at[k]) && !vd_delta_counts(job->at[i].at[k], job->future_actions))
                return true;
    return false;
}

static void put_relation(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    const char *relation = vd_diff_relation(job);

    vd_look_put(out, look, strcmp(relation, "equivalent") == 0 ? VD_TONE_GOOD : VD_TONE_CARE, vd_str_of(relation));
    vd_buf_byte(out, '\n');
}

vd_code vd_render_diff_text(vd_buf *out, const vd_look *look, const vd_diff_job *job)
{
    if (job->equivalent) {
        put_relation(out, look, job);
        if (job->proof.quiet)
            return out->failed ? VD_ENOMEM : VD_OK;
    } else if (job->proof.quiet) {
        return VD_OK;
    } else {
        if (job->added)
            put_sums(out, look, job, false);
        if (job->removed)
            put_sums(out, look, job, true);
        if (job->added)
            put_nothing(out, look, job, vd_diff_broader(job), "no new access");
        if (job->removed)
            put_nothing(out, look, job, vd_diff_narrower(job), "no access is lost");
    }
    put_groups(out, look, job);
    if (!job->equivalent && has_future(job))
        vd_buf_add(out, VD_S("names that no service has today differ, too: --future-actions counts them\n"));
    put_undecided(out, look, job);
    return out->failed ? VD_ENOMEM : VD_OK;
}
