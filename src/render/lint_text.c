/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings for people: a block each, then one line that counts.  What could not be read is told on standard error.
 */
#include "base/str.h"
#include "base/vec.h"
#include "render/lint.h"
#include "render/rule.h"

enum { INDENT = 6 }; /* of what stands below an excerpt: in line with its bar */

static void put_safe(vd_buf *out, const vd_look *look, uint32_t start, vd_buf *text)
{
    vd_look_wrap(out, look, start, INDENT + 4, vd_buf_str(text));
    out->failed |= text->failed;
    vd_buf_done(text);
}

/* "      = what: words" */
static void put_line(vd_buf *out, const vd_look *look, const char *what, vd_buf *words)
{
    vd_look_pad(out, INDENT);
    vd_look_put(out, look, VD_TONE_FAINT, VD_S("= "));
    vd_buf_printf(out, "%s", what);
    put_safe(out, look, INDENT + 2 + (uint32_t)strlen(what), words);
    vd_buf_byte(out, '\n');
}

static void put_first(vd_buf *out, const vd_look *look, const vd_lint_finding *f, bool hint)
{
    vd_buf text = vd_buf_on(out->alloc, 0);

    vd_look_tone(out, look, VD_TONE_STRONG);
    vd_render_at(out, f->range.at);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_add(out, VD_S(": "));
    vd_look_tone(out, look, vd_render_tone_of(vd_severity_names[f->severity]));
    vd_buf_printf(out, "%s[%s]:", vd_severity_names[f->severity], f->rule->id);
    vd_look_tone(out, look, VD_TONE_PLAIN);
    vd_buf_byte(out, ' ');
    if (hint)
        vd_lint_put_line(&text, f);
    else
        vd_lint_put_message(&text, f);
    if (f->state == VD_STATE_BASELINED)
        vd_buf_add(&text, VD_S(" (baselined)"));
    if (f->state == VD_STATE_SUPPRESSED) {
        vd_buf_add(&text, VD_S(" (suppressed"));
        vd_buf_add(&text, f->justification.n ? VD_S(": ") : VD_S(""));
        vd_buf_add(&text, f->justification);
        vd_buf_byte(&text, ')');
    }
    vd_look_safe(out, vd_buf_str(&text));
    vd_buf_byte(out, '\n');
    out->failed |= text.failed;
    vd_buf_done(&text);
}

static void put_where(vd_buf *out, const vd_look *look, const vd_report *r, const vd_lint_finding *f)
{
    vd_buf                words = vd_buf_on(out->alloc, 0);
    const vd_lint_policy *p = f->policy < vd_report_policies(r) ? vd_report_policy(r, f->policy) : NULL;

    vd_buf_add(&words, p && p->label.n ? p->label : f->container);
    if (p) {
        vd_buf_add(&words, words.n ? VD_S(", ") : VD_S(""));
        vd_lint_put_policy(&words, p);
    }
    if (f->statement != UINT32_MAX) {
        vd_buf_add(&words, words.n ? VD_S(", ") : VD_S(""));
        vd_lint_put_statement(&words, f);
    }
    if (words.n)
        put_line(out, look, "in ", &words);
    else
        vd_buf_done(&words);
}

static void put_fix(vd_buf *out, const vd_look *look, const vd_lint_fix *fix)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_buf_add(&words, fix->title);
    if (fix->refused.n) {
        vd_buf_add(&words, VD_S("; by hand: "));
        vd_buf_add(&words, fix->refused);
    } else if (fix->edit_count) {
        vd_buf_add(&words, fix->kind == VD_LINT_SAFE ? VD_S(" (--fix)") : VD_S(" (--unsafe-fixes)"));
    }
    put_line(out, look, "fix: ", &words);
}

static void put_related(vd_buf *out, const vd_look *look, const vd_lint_related *related)
{
    vd_buf words = vd_buf_on(out->alloc, 0);

    vd_render_at(&words, related->range.at);
    if (related->label.n)
        vd_buf_add(&words, VD_S(": "));
    vd_buf_add(&words, related->label);
    put_line(out, look, "see ", &words);
}

/* "Name", but not "Principal", "NotAction" or "ArnLike". */
static bool is_plain_word(vd_str words)
{
    static const vd_str names[] = { VD_L("Action"),   VD_L("Allow"), VD_L("Condition"), VD_L("Deny"),
                                    VD_L("Effect"),   VD_L("Id"),    VD_L("Null"),      VD_L("Principal"),
                                    VD_L("Resource"), VD_L("Sid"),   VD_L("Statement"), VD_L("Version") };
    vd_str              word = vd_str_first(words, vd_str_find(words, ' '));

    for (size_t i = 1; i < word.n; i++)
        if (!vd_is_alpha(word.p[i]) || vd_lower(word.p[i]) != word.p[i])
            return false;
    for (size_t i = 0; i < VD_COUNT(names); i++)
        if (vd_str_eq(word, names[i]))
            return false;
    return word.n > 1;
}

/* The remedy is a sentence; as a line of ours it begins in lower case and has no full stop. */
static void put_help(vd_buf *help, const vd_rule_info *rule, bool remedy)
{
    vd_str words = vd_str_of(rule->remedy);

    if (!remedy || words.n == 0) {
        vd_buf_printf(help, "verdict help %s", rule->id);
        return;
    }
    words = vd_str_first(words, words.n - (words.p[words.n - 1] == '.'));
    vd_buf_byte(help, is_plain_word(words) ? vd_lower(words.p[0]) : words.p[0]);
    vd_buf_add(help, vd_str_from(words, 1));
    vd_buf_printf(help, " (verdict help %s)", rule->id);
}

void vd_lint_put_block(vd_buf *out, const vd_look *look, const vd_lint_job *job, const vd_report *r,
                       const vd_lint_finding *f, vd_str text, bool remedy)
{
    bool   here = f->range.at.line && vd_str_eq(f->range.at.file, vd_report_file(r)) && text.p;
    vd_buf help = vd_buf_on(out->alloc, 0);

    put_first(out, look, f, job->quiet || !here);
    if (job->quiet) {
        vd_buf_done(&help);
        return;
    }
    if (here)
        vd_render_excerpts(out, look, 0, f->range.at, f->hint, text);
    put_where(out, look, r, f);
    for (uint32_t i = 0; i < f->related_count; i++)
        put_related(out, look, &f->related[i]);
    put_help(&help, f->rule, remedy);
    put_line(out, look, "help: ", &help);
    for (uint32_t i = 0; i < f->fix_count; i++)
        put_fix(out, look, &f->fixes[i]);
}

/* ------------------------------------------------------------------ the whole */

/* A remedy is told once a run: behind it, help RULE is enough. */
typedef struct told {
    const vd_rule_info **at;
    uint32_t             count, cap;
} told;

static bool is_first(told *t, const vd_rule_info *rule)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (t->at[i] == rule)
            return false;
    return VD_PUSH(vd_allocator_default(), t, rule);
}

/* No answer is told in any case: who asked for a proof does not have one. */
static void put_unresolved(vd_buf *out, const vd_look *look, const vd_report *r, bool all)
{
    for (uint32_t i = 0; i < vd_report_unresolved_count(r); i++) {
        const vd_lint_unresolved *u = vd_report_unresolved(r, i);

        if (!all && u->undecided == 0)
            continue;
        vd_look_tone(out, look, VD_TONE_STRONG);
        vd_render_at(out, u->range.at);
        vd_look_tone(out, look, VD_TONE_PLAIN);
        vd_buf_add(out, u->undecided ? VD_S(": no answer: ") : VD_S(": not resolved: "));
        vd_look_safe(out, u->container);
        vd_buf_add(out, u->container.n ? VD_S(": ") : VD_S(""));
        vd_look_safe(out, u->reason);
        vd_buf_byte(out, '\n');
    }
}

vd_code vd_render_lint_text(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_buf keep = vd_buf_on(out->alloc, 0), summary = vd_buf_on(out->alloc, 0);
    told   t = { 0 };

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_report *r = job->reports[i];
        vd_str           text = vd_lint_text_for_show(&keep, r);

        for (uint32_t k = 0; k < vd_report_findings(r); k++) {
            const vd_lint_finding *f = vd_report_finding(r, k);

            if (vd_lint_shows(job, f))
                vd_lint_put_block(out, look, job, r, f, text, is_first(&t, f->rule));
        }
        put_unresolved(out, look, r, job->verbose);
    }
    if (!job->quiet) {
        vd_lint_put_summary(&summary, job);
        vd_look_safe(out, vd_buf_str(&summary));
        vd_buf_byte(out, '\n');
    }
    out->failed |= summary.failed | keep.failed;
    vd_buf_done(&summary);
    vd_buf_done(&keep);
    VD_VEC_DONE(vd_allocator_default(), &t);
    return out->failed ? VD_ENOMEM : VD_OK;
}
