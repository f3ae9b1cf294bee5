/* SPDX-License-Identifier: Apache-2.0
 *
 * Suppressions that were of no use are findings themselves.
 */
#include "lint/suppress_int.h"

#include "base/error.h"
#include "base/str.h"
#include "lint/fix.h"
#include "lint/source.h"

#include <stdlib.h>

static bool same_place(const vd_suppression *a, const vd_suppression *b)
{
    return a->at.offset == b->at.offset && vd_str_eq(a->at.file, b->at.file);
}

static int by_place(const void *a, const void *b)
{
    const vd_suppression *x = *(vd_suppression *const *)a, *y = *(vd_suppression *const *)b;

    if (x->at.offset != y->at.offset)
        return x->at.offset < y->at.offset ? -1 : 1;
    return vd_str_cmp(x->at.file, y->at.file);
}

/* One of several policies of a container is enough: [first, end) stand at one place. */
static bool was_used(vd_suppression *const *all, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++)
        if (all[i]->used)
            return true;
    return false;
}

/* A comment goes with the blanks before it, with its line when nothing else is on it. */
static vd_patch without_comment(const vd_file_run *run, const vd_suppression *s)
{
    vd_str   text = run->report->source.text;
    uint32_t start = s->at.offset, end = start + s->at.length;

    while (start > 0 && (text.p[start - 1] == ' ' || text.p[start - 1] == '\t'))
        start--;
    if (start == 0 || text.p[start - 1] == '\n')
        end += end < text.n;
    return (vd_patch){ start, end - start, VD_S("") };
}

static vd_code offer_removal(vd_file_run *run, const vd_suppression *s, vd_lint_finding *f)
{
    vd_patch patch = without_comment(run, s);

    if (!s->comment || !vd_lint_realise_patch(run, &patch, f))
        return s->comment ? vd_fail_nomem(run->err) : VD_OK;
    ((vd_lint_fix *)(uintptr_t)f->fixes)->title = VD_S("take it out");
    return VD_OK;
}

static void move_to_comment(vd_file_run *run, const vd_suppression *s, vd_lint_finding *f)
{
    f->range = vd_lint_source_range(run->linter, s->written->file, s->written->span);
    vd_suppress(run, NULL, f); /* now that it is known where it is */
}

vd_code vd_suppress_tell_unused(vd_file_run *run)
{
    uint32_t rule = vd_lint_rule_find(VD_S("unused-suppression"));

    if (run->suppression_count > 1)
        qsort(run->suppressions, run->suppression_count, sizeof *run->suppressions, by_place);
    for (uint32_t i = 0, end; rule != VD_NONE && i < run->suppression_count; i = end) {
        const vd_suppression *s = run->suppressions[i];
        vd_str                text = VD_S("this suppression matches nothing");
        uint32_t              before;

        for (end = i + 1; end < run->suppression_count && same_place(run->suppressions[end], s);)
            end++;
        if ((!s->known && !s->surplus) || was_used(run->suppressions, i, end))
            continue;
        if (s->surplus)
            text = VD_S("only the first 10000 suppressions of a file count, neither this one nor those behind it");
        else if (run->linter->config.require_reason && s->reason.n == 0)
            text = VD_S("this suppression gives no reason, so it does not count");
        else if (s->until <= run->linter->config.now)
            text = VD_S("this suppression has run out");
        before = run->report->finding_count;
        VD_TRY(vd_report_take_file(run, rule, VD_NONE, s->at, text));
        if (run->report->finding_count == before)
            continue;
        if (s->written)
            move_to_comment(run, s, &run->report->findings[before]);
        else
            VD_TRY(offer_removal(run, s, &run->report->findings[before]));
    }
    return VD_OK;
}
