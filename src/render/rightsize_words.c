/* SPDX-License-Identifier: Apache-2.0
 *
 * Words about policies made smaller that text and Markdown share, and the formats themselves.
 */
#include "base/arena.h"
#include "base/calendar.h"
#include "base/str.h"
#include "render/rightsize.h"

#include <stdlib.h>

const vd_rightsize_format vd_rightsize_formats[] = {
    { "text", vd_render_rightsize_text },
    { "json", vd_render_rightsize_json },
    { "policy", vd_render_rightsize_policy },
    { "markdown", vd_render_rightsize_markdown },
};
const size_t vd_rightsize_format_count = VD_COUNT(vd_rightsize_formats);

/* Without the prefix, which stands in front of all of them. */
void vd_put_removed(vd_buf *out, const vd_rightsize_removed *r, size_t most)
{
    vd_buf_printf(out, VD_F ": ", VD_A(r->service));
    for (size_t i = 0; i < r->patterns.count && i < most; i++) {
        vd_str text = r->patterns.at[i];

        if (vd_str_starts(text, r->service) && text.n > r->service.n + 1)
            text = vd_str_from(text, r->service.n + 1);
        vd_buf_printf(out, "%s" VD_F, i ? ", " : "", VD_A(text));
    }
    if (r->patterns.count > most)
        vd_buf_printf(out, " and %zu more", r->patterns.count - most);
}

void vd_put_removed_why(vd_buf *out, const vd_rightsize_removed *r)
{
    vd_buf_add(out, r->reason);
    if (r->last) {
        vd_buf_add(out, VD_S(", last use "));
        vd_put_day(out, r->last);
    }
}

void vd_put_document_fate(vd_buf *out, const vd_rightsize_document *d, bool too_large)
{
    if (d->fixed.n)
        vd_buf_printf(out, "stays as it is: " VD_F, VD_A(d->fixed));
    else if (d->unchanged)
        vd_buf_add(out, too_large ? VD_S("stays as it is: the new one would be too large") : VD_S("stays as it is: nothing of it can go"));
    else if (d->empty)
        vd_buf_printf(out, "nothing of it has to stay: %s it", d->arn.n ? "detach" : "delete");
    else if (d->part_count > 1)
        vd_buf_printf(out, "becomes %zu policies, for one would be too large", d->part_count);
    else
        vd_buf_add(out, VD_S("becomes smaller"));
}

void vd_put_rightsize_proof(vd_buf *out, const vd_rightsize_result *r)
{
    vd_buf_printf(out, "nothing is allowed that was not; nothing that was seen in use is refused; every Deny is there (%llu request%s replayed",
                  (unsigned long long)r->proof.replayed, r->proof.replayed == 1 ? "" : "s");
    if (r->proof.elsewhere)
        vd_buf_printf(out, "; %llu allowed by something else", (unsigned long long)r->proof.elsewhere);
    if (r->proof.undecided) {
        vd_buf_printf(out, "; %llu hang%s on what logs do not tell", (unsigned long long)r->proof.undecided, r->proof.undecided == 1 ? "s" : "");
        if (r->proof.untold.count) {
            vd_buf_add(out, VD_S(" ("));
            vd_put_few(out, &r->proof.untold, 4);
            vd_buf_byte(out, ')');
        }
        vd_buf_add(out, VD_S(", proved whatever that was"));
    }
    vd_buf_byte(out, ')');
}

static void put_change(vd_buf *out, vd_answer answer, const vd_texts_list *list, const char *how, const char *which, size_t most)
{
    if (answer == VD_UNSAT) {
        vd_buf_printf(out, "nothing %s is allowed", how);
        return;
    }
    if (answer == VD_UNKNOWN && !list->count) {
        vd_buf_printf(out, "whether something %s is allowed is not known", how);
        return;
    }
    vd_buf_printf(out, "%s allowed: ", which);
    vd_put_few(out, list, most);
}

void vd_put_since(vd_buf *out, const vd_rightsize_since *since, size_t most)
{
    put_change(out, since->less, &since->lost, "less", "no longer", most);
    vd_buf_add(out, VD_S("; "));
    put_change(out, since->more, &since->gained, "more", "newly", most);
}

static void put_beyond(vd_buf *out, vd_answer answer, const vd_texts_list *list, const char *who, size_t most)
{
    if (answer == VD_UNSAT)
        return;
    if (answer == VD_UNKNOWN && !list->count) {
        vd_buf_printf(out, "; whether %s allows more is not known", who);
        return;
    }
    vd_buf_printf(out, "; %s also allows ", who);
    vd_put_few(out, list, most);
}

void vd_put_aws(vd_buf *out, const vd_rightsize_since *aws, size_t most)
{
    bool same = aws->less == VD_UNSAT && aws->more == VD_UNSAT, known = aws->less != VD_UNKNOWN && aws->more != VD_UNKNOWN;

    if (aws->less == VD_UNKNOWN && aws->more == VD_UNKNOWN && !aws->lost.count && !aws->gained.count) {
        vd_buf_add(out, VD_S("cannot be held against this: it cannot be read, or the budget is too small"));
        return;
    }
    vd_buf_add(out, same ? VD_S("this allows the same") : !known               ? VD_S("cannot be held against this as a whole")
                           : aws->more == VD_UNSAT                             ? VD_S("this is smaller")
                           : aws->less == VD_UNSAT                             ? VD_S("that is smaller")
                                                                               : VD_S("neither is smaller"));
    put_beyond(out, aws->less, &aws->lost, "that", most);
    put_beyond(out, aws->more, &aws->gained, "this", most);
}

/* "17257 of 10240 characters of inline policies, 11 of 10 managed policies: too large" */
void vd_put_step_size(vd_buf *out, const vd_rightsize_step *step)
{
    if (step->inline_most)
        vd_buf_printf(out, "%zu of %zu characters of inline policies", step->inline_size, step->inline_most);
    if (step->attached_most)
        vd_buf_printf(out, "%s%u of %u managed policies", step->inline_most ? ", " : "", (unsigned)step->attached, (unsigned)step->attached_most);
    if (!step->inline_most && !step->attached_most)
        vd_buf_add(out, step->fits ? VD_S("nothing changes") : VD_S("a statement cannot be cut small enough"));
    vd_buf_add(out, step->fits ? VD_S("") : VD_S(": too large"));
}

void vd_put_extra(vd_buf *out, const vd_rightsize_extra *extra, size_t most)
{
    vd_put_few(out, &extra->actions, most);
    if (extra->resource.n)
        vd_buf_printf(out, " on " VD_F, VD_A(extra->resource));
    else
        vd_buf_add(out, VD_S(" on all that was granted"));
}

void vd_put_rightsize_summary(vd_buf *out, const vd_rightsize_job *job)
{
    const vd_rightsize_result *r = job->result;
    size_t                     changed = 0, gone = 0, fixed = 0;

    for (size_t i = 0; i < r->document_count; i++) {
        changed += !r->documents[i].unchanged;
        fixed += r->documents[i].fixed.n > 0;
    }
    for (size_t i = 0; i < r->removed_count; i++)
        gone += r->removed[i].actions.count;
    if (r->too_large) {
        vd_buf_add(out, VD_S("no smaller policy: none that covers what was used fits the quotas"));
    } else if (!r->smaller) {
        vd_buf_add(out, VD_S("no smaller policy: "));
        vd_buf_add(out, fixed == r->document_count ? VD_S("none of these may be changed") : r->kept_blind ? VD_S("what is not seen in use could be in use all the same") : VD_S("all of it is in use"));
    } else {
        vd_buf_printf(out, "%zu of %zu %s smaller: less of %zu action%s", changed, r->document_count,
                      r->document_count == 1 ? "policy is" : "policies are", gone, gone == 1 ? "" : "s");
    }
    if (r->kept_blind)
        vd_buf_printf(out, "; %u stay%s because nobody can see %s", (unsigned)r->kept_blind, r->kept_blind == 1 ? "s" : "",
                      r->kept_blind == 1 ? "it" : "them");
}

/* ------------------------------------------------------------------ what nobody can see */

static int by_reason(const void *a, const void *b)
{
    const vd_rightsize_why *x = *(const vd_rightsize_why *const *)a, *y = *(const vd_rightsize_why *const *)b;
    int                     c = vd_str_cmp(x->reason, y->reason);

    return c ? c : vd_str_cmp(x->action, y->action);
}

bool vd_each_unseen(const vd_rightsize_result *r, vd_unseen_fn *tell, void *user)
{
    vd_arena                 arena = vd_arena_on(vd_allocator_default(), 0);
    const vd_rightsize_why **rows = vd_arena_new_array(&arena, const vd_rightsize_why *, r->why_count + 1);
    vd_str                  *names = vd_arena_new_array(&arena, vd_str, r->why_count + 1);
    size_t                   n = 0;

    for (size_t i = 0; rows && names && i < r->why_count; i++)
        if (r->why[i].unseen)
            rows[n++] = &r->why[i];
    if (n)
        qsort(rows, n, sizeof *rows, by_reason);
    for (size_t i = 0; i < n;) {
        vd_texts_list list = { names, 0 };
        vd_str        reason = rows[i]->reason;

        for (; i < n && vd_str_eq(rows[i]->reason, reason); i++)
            if (list.count == 0 || !vd_str_eq(names[list.count - 1], rows[i]->action))
                names[list.count++] = rows[i]->action;
        tell(user, reason, &list);
    }
    vd_arena_done(&arena);
    return rows && names;
}
