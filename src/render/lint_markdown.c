/* SPDX-License-Identifier: Apache-2.0
 *
 * A comment on a pull request: a marker by which a bot finds and replaces it, one line, a table, and what is behind the
 * worst of it folded away.  GitHub takes 65 536 characters; what does not fit is counted.
 */
#include "base/str.h"
#include "render/escape.h"
#include "render/lint.h"
#include "render/rule.h"

enum {
    MOST_ROWS = 50,
    MOST_SIZE = 58000, /* bytes, which are never fewer than characters; the rest is for the last lines */
    MOST_HUNK = 2000,
    MOST_COVERAGE = 20
};

static void put_marker(vd_buf *out, vd_str tag)
{
    vd_buf_add(out, VD_S("<!-- verdict-lint"));
    if (tag.n)
        vd_buf_byte(out, ':');
    for (size_t i = 0; i < tag.n; i++) /* nothing of it ends the comment */
        vd_buf_byte(out, vd_is_alpha(tag.p[i]) || vd_is_digit(tag.p[i]) || strchr("._/", tag.p[i]) ? tag.p[i]
                                                                                                   : '_');
    vd_buf_add(out, VD_S(" -->\n"));
}

/* {file} and {line} of the template; the template itself is the user's own. */
static void put_url(vd_buf *out, vd_str template, vd_str file, uint32_t line)
{
    while (vd_str_starts(file, VD_S("./")))
        file = vd_str_from(file, 2);
    for (size_t i = 0; i < template.n;) {
        vd_str rest = vd_str_from(template, i);

        if (vd_str_starts(rest, VD_S("{file}"))) {
            vd_put_url_part(out, file);
            i += 6;
        } else if (vd_str_starts(rest, VD_S("{line}"))) {
            vd_buf_printf(out, "%u", line);
            i += 6;
        } else {
            char c = template.p[i++];

            if (c == ')' || c == '(' || c == ' ' || c == '<' || c == '>' || c == '|' || c == '\\' ||
                c == '\n')
                vd_buf_printf(out, "%%%02X", (unsigned)(unsigned char)c);
            else
                vd_buf_byte(out, c);
        }
    }
}

static void put_place(vd_buf *out, const vd_lint_job *job, const vd_report *r, const vd_pos *at)
{
    vd_buf place = vd_buf_on(out->alloc, 0);

    vd_buf_add(&place, at->file);
    if (at->line)
        vd_buf_printf(&place, ":%u", at->line);
    if (job->url_template.n && at->line)
        vd_buf_byte(out, '[');
    vd_put_code(out, vd_buf_str(&place), true);
    if (job->url_template.n && at->line) {
        vd_buf_add(out, VD_S("]("));
        put_url(out, job->url_template, vd_lint_path(r, at), at->line);
        vd_buf_byte(out, ')');
    }
    out->failed |= place.failed;
    vd_buf_done(&place);
}

static void put_row(vd_buf *out, const vd_lint_job *job, const vd_report *r, const vd_lint_finding *f)
{
    vd_buf text = vd_buf_on(out->alloc, 0);

    vd_buf_printf(out, "| %s", vd_severity_names[f->severity]);
    if (f->severity == VD_SECURITY) {
        vd_buf_byte(out, ' ');
        vd_rule_score(out, f->score);
    }
    vd_buf_printf(out, " | `%s` | ", f->rule->id);
    put_place(out, job, r, &f->range.at);
    vd_buf_add(out, VD_S(" | "));
    vd_lint_put_message(&text, f);
    vd_put_markdown(out, vd_buf_str(&text));
    vd_buf_add(out, VD_S(" |\n"));
    out->failed |= text.failed;
    vd_buf_done(&text);
}

/* ------------------------------------------------------------------ details */

/* Lines in a fence that nothing inside can close. */
static void put_fenced(vd_buf *out, const char *kind, vd_str text)
{
    size_t run = 0, longest = 2;

    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        vd_buf_byte(out, '`');
    vd_buf_printf(out, "%s\n", kind);
    vd_buf_add(out, text);
    if (text.n && text.p[text.n - 1] != '\n')
        vd_buf_byte(out, '\n');
    for (size_t i = 0; i <= longest; i++)
        vd_buf_byte(out, '`');
    vd_buf_byte(out, '\n');
}

static void put_signed(vd_buf *out, char sign, vd_str lines)
{
    vd_str line, part;
    bool   more = true;

    while (more) {
        more = vd_str_cut(&lines, '\n', &line);
        if (!more)
            line = lines;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        vd_buf_byte(out, sign);
        while (vd_str_cut(&line, '\t', &part)) {
            vd_look_safe(out, part);
            vd_buf_byte(out, '\t');
        }
        vd_look_safe(out, line);
        vd_buf_byte(out, '\n');
    }
}

/* The lines that edits first ... touch, before and after; returns the first edit that is not among them. */
static uint32_t put_hunk(vd_buf *out, vd_str text, const vd_lint_fix *fix, uint32_t first)
{
    size_t   start = fix->edits[first].start, end, at;
    vd_buf   after = vd_buf_on(out->alloc, 0);
    uint32_t i = first;

    while (start > 0 && text.p[start - 1] != '\n')
        start--;
    at = end = start;
    while (i < fix->edit_count && (i == first || fix->edits[i].start <= end)) {
        vd_buf_add(&after, vd_str_first(vd_str_from(text, at), fix->edits[i].start - at));
        vd_buf_add(&after, fix->edits[i].text);
        at = fix->edits[i].end;
        end = at + vd_str_find(vd_str_from(text, at), '\n');
        i++;
    }
    vd_buf_add(&after, vd_str_first(vd_str_from(text, at), end - at));
    if (end - start > MOST_HUNK || after.n > MOST_HUNK) {
        vd_buf_add(out, VD_S(" (a long line)\n"));
    } else {
        put_signed(out, '-', vd_str_first(vd_str_from(text, start), end - start));
        put_signed(out, '+', vd_buf_str(&after));
    }
    out->failed |= after.failed;
    vd_buf_done(&after);
    return i;
}

static bool fits(const vd_lint_fix *fix, vd_str text)
{
    uint32_t last = 0;

    for (uint32_t i = 0; i < fix->edit_count; i++) {
        if (fix->edits[i].start < last || fix->edits[i].end < fix->edits[i].start ||
            fix->edits[i].end > text.n)
            return false;
        last = fix->edits[i].end;
    }
    return fix->edit_count > 0;
}

static void put_fix(vd_buf *out, const vd_lint_fix *fix, vd_str text)
{
    vd_buf diff = vd_buf_on(out->alloc, 0);

    vd_buf_add(out, fix->kind == VD_LINT_SAFE ? VD_S("\nFix: ") : VD_S("\nPossible fix: "));
    vd_put_markdown(out, fix->title);
    vd_buf_add(out, VD_S("\n"));
    for (uint32_t i = 0; fits(fix, text) && i < fix->edit_count;)
        i = put_hunk(&diff, text, fix, i);
    if (diff.n) {
        vd_buf_byte(out, '\n');
        put_fenced(out, "diff", vd_buf_str(&diff));
    }
    out->failed |= diff.failed;
    vd_buf_done(&diff);
}

static void put_details(vd_buf *out, const vd_report *r, const vd_lint_finding *f, vd_str text)
{
    const vd_look look = { .colour = false, .width = 100 };
    vd_buf        excerpt = vd_buf_on(out->alloc, 0), place = vd_buf_on(out->alloc, 0);
    bool          here = vd_str_eq(f->range.at.file, vd_report_file(r));

    vd_render_at(&place, f->range.at);
    vd_buf_printf(out, "\n<details><summary>%s: <code>%s</code> in ", vd_severity_names[f->severity],
                  f->rule->id);
    vd_put_xml(out, vd_buf_str(&place));
    vd_buf_add(out, VD_S("</summary>\n\n"));
    if (here)
        vd_render_excerpts(&excerpt, &look, 0, f->range.at, f->hint, text);
    if (excerpt.n)
        put_fenced(out, "text", vd_buf_str(&excerpt));
    if (*f->rule->remedy) {
        vd_buf sentence = vd_buf_on(out->alloc, 0);

        vd_rule_sentence(&sentence, f->rule->remedy);
        vd_buf_byte(out, '\n');
        vd_put_markdown(out, vd_buf_str(&sentence));
        vd_buf_byte(out, '\n');
        out->failed |= sentence.failed;
        vd_buf_done(&sentence);
    }
    for (uint32_t i = 0; i < f->fix_count; i++)
        if (f->fixes[i].edit_count)
            put_fix(out, &f->fixes[i], here ? text : (vd_str){ "", 0 });
    vd_buf_add(out, VD_S("\n</details>\n"));
    out->failed |= excerpt.failed | place.failed;
    vd_buf_done(&excerpt);
    vd_buf_done(&place);
}

/* ------------------------------------------------------------------ the whole */

static void put_table(vd_buf *out, const vd_lint_job *job, const vd_lint_ranking *ranking)
{
    uint32_t shown = 0;

    if (ranking->count == 0)
        return;
    vd_buf_add(out, VD_S("\n| severity | rule | where | what |\n| --- | --- | --- | --- |\n"));
    while (shown < ranking->count && shown < MOST_ROWS && out->n < MOST_SIZE) {
        vd_buf row = vd_buf_on(out->alloc, 0);

        put_row(&row, job, ranking->at[shown].report, ranking->at[shown].finding);
        out->failed |= row.failed;
        if (row.failed || out->n + row.n > MOST_SIZE) {
            vd_buf_done(&row);
            break;
        }
        vd_buf_add(out, vd_buf_str(&row));
        vd_buf_done(&row);
        shown++;
    }
    if (shown < ranking->count)
        vd_buf_printf(out, "\nand %u more\n", ranking->count - shown);
}

static void put_worst(vd_buf *out, const vd_lint_ranking *ranking)
{
    vd_buf           keep = vd_buf_on(out->alloc, 0);
    const vd_report *last = NULL;
    vd_str           text = { NULL, 0 };

    for (uint32_t i = 0; i < ranking->count && i < MOST_ROWS; i++) {
        const vd_lint_ranked *ranked = &ranking->at[i];
        vd_buf                details;

        if (ranked->finding->severity < VD_SECURITY)
            break;
        details = vd_buf_on(out->alloc, 0);
        if (ranked->report != last)
            text = vd_lint_text_for_show(&keep, last = ranked->report);
        put_details(&details, ranked->report, ranked->finding, text);
        if (out->n + details.n <= MOST_SIZE)
            vd_buf_add(out, vd_buf_str(&details));
        out->failed |= details.failed;
        vd_buf_done(&details);
    }
    out->failed |= keep.failed;
    vd_buf_done(&keep);
}

/* What could not be read, and what could not be judged. */
static void put_coverage(vd_buf *out, const vd_lint_job *job)
{
    uint32_t shown = 0;

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_report *r = job->reports[i];

        for (uint32_t k = 0; k < vd_report_unresolved_count(r) + (vd_report_error(r) != NULL); k++) {
            vd_buf line = vd_buf_on(out->alloc, 0);

            vd_buf_add(&line, shown ? VD_S("- ") : VD_S("\nNot judged:\n\n- "));
            vd_put_code(&line, vd_report_file(r), false);
            vd_buf_add(&line, VD_S(": "));
            if (k == vd_report_unresolved_count(r)) {
                vd_put_markdown(&line, vd_str_of(vd_report_error(r)->text));
            } else {
                const vd_lint_unresolved *u = vd_report_unresolved(r, k);

                vd_put_markdown(&line, u->container);
                vd_buf_add(&line, u->container.n ? VD_S(": ") : VD_S(""));
                vd_put_markdown(&line, u->reason);
            }
            vd_buf_byte(&line, '\n');
            if (shown < MOST_COVERAGE && out->n + line.n < MOST_SIZE + 1000) {
                vd_buf_add(out, vd_buf_str(&line));
                shown++;
            }
            out->failed |= line.failed;
            vd_buf_done(&line);
        }
    }
}

vd_code vd_render_lint_markdown(vd_buf *out, const vd_look *look, const vd_lint_job *job)
{
    vd_lint_ranking ranking;
    vd_buf          body = vd_buf_on(out->alloc, 0), summary = vd_buf_on(out->alloc, 0);

    VD_UNUSED(look);
    if (!vd_lint_rank(&ranking, job, false))
        return VD_ENOMEM;
    put_marker(&body, job->comment_tag);
    vd_lint_put_summary(&summary, job);
    vd_buf_add(&body, VD_S("**verdict lint**: "));
    vd_put_markdown(&body, vd_buf_str(&summary));
    vd_buf_byte(&body, '\n');
    put_table(&body, job, &ranking);
    put_worst(&body, &ranking);
    put_coverage(&body, job);
    vd_buf_add(out, vd_buf_str(&body));
    out->failed |= body.failed | summary.failed;
    vd_buf_done(&body);
    vd_buf_done(&summary);
    vd_lint_ranking_done(&ranking);
    return out->failed ? VD_ENOMEM : VD_OK;
}
