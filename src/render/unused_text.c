/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, for people: first what the logs could show at all, then principal by principal what is idle, then one
 * line that counts.
 */
#include "base/str.h"
#include "render/coverage.h"
#include "render/unused_accounts.h"

enum { INDENT = 6, MOST_NAMES = 6, MOST_SEEN = 4, FOLD = 4 };

static vd_tone tone_of(int32_t rule)
{
    int32_t severity = vd_unused_severity(rule);

    return severity >= VD_ACCESS_HIGH ? VD_TONE_BAD : severity >= VD_ACCESS_LOW ? VD_TONE_CARE : VD_TONE_MARK;
}

/* ------------------------------------------------------------------ a principal */

static void put_numbers(vd_buf *words, const vd_unused_principal *p)
{
    if (!p->granted) {
        vd_buf_add(words, VD_S("nothing is granted"));
        return;
    }
    vd_buf_printf(words, "%u action%s granted: %u used", p->granted, p->granted == 1 ? "" : "s", p->used);
    if (p->possible)
        vd_buf_printf(words, ", %u possibly used", p->possible);
    vd_buf_printf(words, ", %u not seen", p->not_seen);
    if (p->cannot_see)
        vd_buf_printf(words, ", %u cannot be seen", p->cannot_see);
    vd_buf_printf(words, "; score %u of 1000, blind %u%s", p->score, p->blind, p->blind > 500 ? " (indicative)" : "");
}

static void put_principal(vd_buf *out, const vd_look *look, const vd_unused_principal *p)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_look_put(out, look, VD_TONE_STRONG, p->arn);
    if (p->permission_set.n) {
        vd_buf_add(out, VD_S(" (permission set "));
        vd_look_safe(out, p->permission_set);
        vd_buf_byte(out, ')');
    }
    vd_buf_byte(out, '\n');
    put_numbers(&words, p);
    vd_put_note(out, look, 2, "", &words);
}

/* ------------------------------------------------------------------ a finding */

static void put_list(vd_buf *out, const vd_look *look, const char *lead, const vd_texts_list *list, size_t most)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (!list->count) {
        vd_buf_done(&words);
        return;
    }
    vd_put_few(&words, list, most);
    vd_put_note(out, look, INDENT, lead, &words);
}

static void put_more(vd_buf *out, const vd_look *look, const vd_unused_finding *f)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (f->statement.size) {
        vd_put_place(&words, &f->statement);
        vd_buf_add(&words, VD_S(", "));
    }
    vd_buf_printf(&words, VD_F, VD_A(f->id));
    if (f->grade)
        vd_buf_printf(&words, ", grade %s", vd_grade_name(f->grade));
    vd_buf_printf(&words, ", confidence %c", f->confidence);
    if (f->weight)
        vd_buf_printf(&words, ", weight %u", f->weight);
    for (size_t i = 0; i < VD_COUNT(f->evidence) && f->evidence[i]; i++)
        vd_buf_printf(&words, "%s%s", i ? ", " : ", by ", f->evidence[i]);
    vd_put_note(out, look, INDENT, "of ", &words);
}

static void put_flags(vd_buf *out, const vd_look *look, const vd_unused_finding *f)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    if (f->escalation && f->state == VD_STATE_NOT_SEEN)
        vd_buf_add(&words, VD_S("some of it is a step to more permissions"));
    if (f->denied)
        vd_buf_printf(&words, "%s%llu attempt%s %s refused", words.n ? "; " : "", (unsigned long long)f->denied, f->denied == 1 ? "" : "s",
                      f->denied == 1 ? "was" : "were");
    if (f->state == VD_STATE_NOT_SEEN && f->grade == VD_GRADE_ASSUMED && f->actions.count)
        vd_buf_printf(&words, "%sassumed, for no event like %s was seen at all", words.n ? "; " : "", f->actions.count == 1 ? "it" : "some of these");
    if (f->aws.n)
        vd_buf_printf(&words, "%sAWS " VD_F, words.n ? "; " : "", VD_A(f->aws));
    if (words.n)
        vd_put_note(out, look, INDENT, "note: ", &words);
    else
        vd_buf_done(&words);
}

static void put_head(vd_buf *out, const vd_look *look, int32_t rule, vd_buf *words)
{
    size_t start = 2 + strlen(vd_unused_name(rule)) + 2;

    vd_buf_add(out, VD_S("  "));
    vd_look_tone(out, look, tone_of(rule));
    vd_buf_printf(out, "%s:", vd_unused_name(rule));
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, ' ');
    vd_look_wrap(out, look, (uint32_t)start, INDENT, vd_buf_str(words));
    vd_buf_byte(out, '\n');
    out->failed |= words->failed;
    vd_buf_done(words);
}

static void put_finding(vd_buf *out, const vd_look *look, const vd_unused_job *job, const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;
    vd_buf                   words = vd_buf_on(out->alloc, 0);
    size_t                   all = job->proof.verbose ? SIZE_MAX / 2 : 0;

    vd_put_unused(&words, f);
    put_head(out, look, f->rule, &words);
    if (row->principal >= job->principal_count && f->principal.n)
        put_list(out, look, "", &(vd_texts_list){ &f->principal, 1 }, 1);
    if (f->group.n)
        put_list(out, look, "for all of ", &(vd_texts_list){ &f->group, 1 }, 1);
    put_list(out, look, "", job->proof.verbose ? &f->actions : &f->patterns, all ? all : MOST_NAMES);
    if (all || f->observed.count || !(f->resources.count == 1 && vd_str_eq(f->resources.at[0], VD_S("*"))))
        put_list(out, look, f->observed.count ? "granted on " : "on ", &f->resources, all ? all : MOST_SEEN);
    put_list(out, look, "seen on ", &f->observed, all ? all : MOST_SEEN);
    if (f->reasons) {
        words = vd_buf_on(out->alloc, 0);
        vd_put_reasons(&words, f->reasons);
        vd_put_note(out, look, INDENT, "because of ", &words);
    }
    put_flags(out, look, f);
    if (job->proof.verbose)
        put_more(out, look, f);
}

/* ------------------------------------------------------------------ many services of one statement are one line */

static bool is_foldable(int32_t rule)
{
    return rule == VD_UNUSED_SERVICE || rule == VD_UNUSED_ACTION || rule == VD_UNUSED_BLIND;
}

static bool is_next(const vd_unused_job *job, uint32_t a, uint32_t b)
{
    const vd_unused_finding *x = job->at[a].finding, *y = job->at[b].finding;

    return is_foldable(x->rule) && x->rule == y->rule && job->at[a].principal == job->at[b].principal &&
           x->statement.index == y->statement.index && vd_str_eq(x->policy, y->policy) && vd_str_eq(x->group, y->group);
}

/* Of a service that is used it is told which of its actions are not. */
static bool is_used(const vd_unused_job *job, const vd_unused_row *row)
{
    const vd_unused_principal *p = row->principal < job->principal_count ? &job->principals[row->principal] : NULL;

    for (size_t i = 0; p && row->finding->rule == VD_UNUSED_ACTION && i < p->service_count; i++)
        if (vd_str_eq(p->services[i].prefix, row->finding->item))
            return p->services[i].used > 0 || p->services[i].possible > 0;
    return false;
}

typedef struct fold {
    uint32_t services;
    size_t   actions;
    bool     escalation;
    uint32_t reasons;
    vd_buf   names;
} fold;

static fold fold_up(vd_buf *out, const vd_unused_job *job, uint32_t first, uint32_t end)
{
    enum { MOST_SERVICES = 12 };
    fold f = { .names = vd_buf_on(out->alloc, 0) };

    for (uint32_t i = first; i < end; i++) {
        const vd_unused_finding *x = job->at[i].finding;

        if (job->at[i].known || is_used(job, &job->at[i]))
            continue;
        if (f.services++ < MOST_SERVICES || job->proof.verbose)
            vd_buf_printf(&f.names, "%s" VD_F " (%zu)", f.services > 1 ? ", " : "", VD_A(x->item), x->actions.count);
        f.actions += x->actions.count;
        f.escalation |= x->escalation;
        f.reasons |= x->reasons;
    }
    if (f.services > MOST_SERVICES && !job->proof.verbose)
        vd_buf_printf(&f.names, " and %u more", f.services - MOST_SERVICES);
    return f;
}

static void put_folded(vd_buf *out, const vd_look *look, const vd_unused_finding *x, fold *f)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_printf(&words, x->rule == VD_UNUSED_SERVICE ? "nothing of %u services that statement " : "actions of %u services that statement ", f->services);
    if (x->statement.sid.n)
        vd_buf_printf(&words, "\"" VD_F "\"", VD_A(x->statement.sid));
    else
        vd_buf_printf(&words, "%u", x->statement.index + 1);
    vd_buf_printf(&words, " of policy \"" VD_F "\" allows %s: %zu actions", VD_A(x->policy),
                  x->rule == VD_UNUSED_SERVICE  ? "was seen"
                  : x->rule == VD_UNUSED_ACTION ? "were not seen"
                                                : "cannot be seen",
                  f->actions);
    put_head(out, look, x->rule, &words);
    vd_put_note(out, look, INDENT, "", &f->names);
    words = vd_buf_on(out->alloc, 0);
    if (f->reasons)
        vd_put_reasons(&words, f->reasons);
    else if (f->escalation)
        vd_buf_add(&words, VD_S("some of it is a step to more permissions"));
    if (words.n)
        vd_put_note(out, look, INDENT, f->reasons ? "because of " : "note: ", &words);
    else
        vd_buf_done(&words);
}

/* As many as belong together; where the next ones begin. */
static uint32_t put_some(vd_buf *out, const vd_look *look, const vd_unused_job *job, uint32_t at)
{
    uint32_t end = at + 1;
    bool     folded;
    fold     f;

    while (end < job->count && !job->by_action && is_next(job, at, end))
        end++;
    f = fold_up(out, job, at, end);
    folded = f.services >= FOLD;
    if (folded)
        put_folded(out, look, job->at[at].finding, &f);
    else
        vd_buf_done(&f.names);
    for (uint32_t i = at; i < end; i++)
        if (!job->at[i].known && !(folded && !is_used(job, &job->at[i])))
            put_finding(out, look, job, &job->at[i]);
    return end;
}

/* ------------------------------------------------------------------ all of it */

static bool has_rows(const vd_unused_job *job, uint32_t at, uint32_t principal)
{
    for (; at < job->count && job->at[at].principal == principal; at++)
        if (!job->at[at].known)
            return true;
    return false;
}

static uint32_t put_rows(vd_buf *out, const vd_look *look, const vd_unused_job *job, uint32_t at, uint32_t principal)
{
    while (at < job->count && job->at[at].principal == principal)
        at = put_some(out, look, job, at);
    return at;
}

static void put_rest(vd_buf *out, const vd_look *look, const vd_unused_job *job, uint32_t at)
{
    uint32_t i = at;

    while (i < job->count && job->at[i].known)
        i++;
    if (i == job->count)
        return;
    if (job->principal_count)
        vd_look_put(out, look, VD_TONE_STRONG, VD_S("of no policy"));
    if (job->principal_count)
        vd_buf_byte(out, '\n');
    while (at < job->count)
        at = put_some(out, look, job, at);
    vd_buf_byte(out, '\n');
}

vd_code vd_render_unused_text(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    vd_buf   summary = vd_buf_on(out->alloc, 0);
    uint32_t at = 0;

    if (!job->proof.quiet) {
        vd_render_coverage_text(out, look, &job->coverage, job->proof.verbose);
        vd_buf_byte(out, '\n');
        for (uint32_t i = 0; i < job->principal_count; i++) {
            bool some = has_rows(job, at, i);

            if (some || job->proof.verbose)
                put_principal(out, look, &job->principals[i]);
            at = put_rows(out, look, job, at, i);
            if (some || job->proof.verbose)
                vd_buf_byte(out, '\n');
        }
        put_rest(out, look, job, at);
        vd_render_disagreements_text(out, look, job);
        out->failed |= !vd_render_unused_accounts_text(out, look, job);
    }
    vd_put_unused_summary(&summary, job);
    vd_look_safe(out, vd_buf_str(&summary));
    vd_buf_byte(out, '\n');
    out->failed |= summary.failed;
    vd_buf_done(&summary);
    return out->failed ? VD_ENOMEM : VD_OK;
}
