/* SPDX-License-Identifier: Apache-2.0
 *
 * Unused suppressions of the configuration.  An entry for files that were not linted is of no use this time, and nobody is
 * told.
 */
#include "lint/leftovers.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "lint/file.h"

static bool names_enabled(const vd_linter *l, uint32_t entry)
{
    for (uint32_t i = 0; l->ignored_rules[entry] && i < l->names.count; i++)
        if (l->ignored_rules[entry][i] && l->infos[i].enabled)
            return true;
    return !l->ignored_rules[entry];
}

static vd_code tell_ignored(vd_file_run *run, uint32_t rule)
{
    const vd_linter *l = run->linter;

    for (uint32_t i = 0; i < l->config.ignored_count; i++) {
        const vd_ignored_entry *e = &l->config.ignored[i];
        vd_str                  text = VD_S("this suppression matches nothing");

        if (!vd_str_eq(e->at.file, run->report->source.name) || !names_enabled(l, i) ||
            !atomic_load_explicit(&l->ignored_seen[i], memory_order_relaxed) ||
            atomic_load_explicit(&l->ignored_used[i], memory_order_relaxed))
            continue;
        if (e->until_time <= l->config.now)
            text = VD_S("this suppression has run out");
        else if (l->config.require_reason && e->reason.n == 0)
            text = VD_S("this suppression gives no reason, so it does not count");
        VD_TRY(vd_report_take_file(run, rule, VD_NONE, e->at, text));
    }
    return VD_OK;
}

static bool was_linted(const vd_report *const *reports, uint32_t count, vd_str file)
{
    for (uint32_t i = 0; i < count; i++)
        if (vd_str_eq(reports[i]->path, file))
            return true;
    return false;
}

static vd_code tell_known(vd_file_run *run, uint32_t rule, const vd_report *const *reports, uint32_t count)
{
    const vd_linter *l = run->linter;

    for (uint32_t i = 0; i < l->known_count; i++) {
        const vd_known *k = &l->known[i];
        uint32_t        of = vd_lint_rule_find(k->rule);

        if (!vd_str_eq(k->at.file, run->report->source.name) || !was_linted(reports, count, k->file) ||
            atomic_load_explicit(&l->known_used[i], memory_order_relaxed) || (of != VD_NONE && !l->infos[of].enabled))
            continue;
        VD_TRY(vd_report_take_file(run, rule, VD_NONE, k->at, VD_S("this known finding does not occur any more")));
    }
    return VD_OK;
}

vd_code vd_lint_leftovers(vd_report **out, const vd_linter *l, uint32_t index, const vd_report *const *reports,
                          uint32_t count, vd_error *err)
{
    vd_file_run run = { .linter = l, .err = err };
    uint32_t    rule = vd_lint_rule_find(VD_S("unused-suppression"));
    vd_code     code;

    *out = NULL;
    if (index >= l->text_count)
        return VD_ENOTFOUND;
    if (rule == VD_NONE || !l->infos[rule].enabled)
        return VD_OK;
    run.report = vd_report_new(l, l->texts[index].name, (vd_str){ 0 }, l->texts[index].text);
    run.worker = run.report ? vd_lint_worker_take(l) : NULL;
    code = run.worker ? VD_OK : vd_fail_nomem(err);
    if (code == VD_OK)
        code = tell_ignored(&run, rule);
    if (code == VD_OK)
        code = tell_known(&run, rule, reports, count);
    if (code == VD_OK)
        code = vd_report_finish(&run);
    if (run.worker)
        vd_lint_worker_give(l, run.worker);
    if (code == VD_OK && run.report->finding_count) {
        run.report->format = "configuration";
        *out = run.report;
    } else {
        vd_report_free(run.report);
    }
    return code;
}
