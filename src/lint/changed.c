/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings and the lines of a diff.  How far a changed line reaches depends on what the finding is about: a token, a
 * statement, a policy as a whole.
 */
#include "lint/changed.h"

#include "base/str.h"

static const vd_diff_file *file_of(const vd_file_run *run)
{
    const vd_unified *d = &run->linter->changes;

    for (uint32_t i = 0; i < d->count; i++)
        if (d->files[i].path.n && (vd_str_eq(d->files[i].path, run->report->path) ||
                                   vd_str_eq(d->files[i].whole, run->report->path)))
            return &d->files[i];
    return NULL;
}

static bool touches(const vd_diff_file *d, vd_range r, bool near)
{
    return vd_diff_touches(d, r.at.line, r.end_line, near);
}

static vd_range statement_of(const vd_file_run *run, const vd_look_at *look, const vd_lint_finding *f)
{
    const vd_policy *p = look ? look->lint.policy : NULL;

    if (!p || f->statement == VD_NONE || f->statement >= p->statement_count)
        return f->range;
    return vd_report_range(run->report, vd_source_pos(&p->source, p->statements[f->statement].span));
}

static bool related_touched(const vd_diff_file *d, const vd_lint_finding *f)
{
    for (uint32_t i = 0; i < f->related_count; i++)
        if (touches(d, f->related[i].range, true))
            return true;
    return false;
}

static int32_t scope_of(const vd_file_run *run, const vd_lint_finding *f)
{
    int32_t scope = run->linter->changed_scope;

    if (scope == VD_SCOPE_DEFAULT)
        scope = f->severity == VD_SECURITY ? VD_SCOPE_STATEMENT : VD_SCOPE_LINE;
    if (scope < VD_SCOPE_POLICY && f->policy != VD_NONE &&
        (f->rule->document || strcmp(f->rule->group, "permission") == 0))
        scope = VD_SCOPE_POLICY;
    if (scope < VD_SCOPE_STATEMENT && f->token.n == 0)
        scope = VD_SCOPE_STATEMENT; /* what is missing has no line of its own */
    return scope;
}

static bool stays(vd_file_run *run, const vd_look_at *look, const vd_lint_finding *f)
{
    const vd_diff_file *d = file_of(run);
    int32_t             scope = scope_of(run, f);
    vd_range            statement;

    if (!d || d->count == 0)
        return false;
    if (scope == VD_SCOPE_FILE)
        return true;
    if (touches(d, f->range, false) || related_touched(d, f))
        return true;
    if (scope == VD_SCOPE_POLICY && f->policy != VD_NONE)
        return touches(d, run->report->policies[f->policy].range, false);
    statement = statement_of(run, look, f);
    if (scope == VD_SCOPE_STATEMENT)
        return touches(d, statement, false);
    /* what was taken out of its statement may have been what made it right */
    for (uint32_t i = 0; i < d->count; i++)
        if (d->at[i].count == 0 && d->at[i].first > statement.at.line && d->at[i].first <= statement.end_line)
            return true;
    return false;
}

void vd_changed(vd_file_run *run, const vd_look_at *look, vd_lint_finding *f)
{
    bool broken = run->report->failed && f->policy == VD_NONE; /* never a silent pass */

    if (run->linter->only_changed && f->state == VD_STATE_NEW && !broken && !stays(run, look, f))
        f->state = VD_STATE_UNCHANGED;
}
