/* SPDX-License-Identifier: Apache-2.0
 *
 * One user or role: a line that is always there, and behind it the services and the findings.
 */
#include "render/unused_html.h"

#include "base/str.h"

enum { MOST_ACTIONS = 12, MOST_RESOURCES = 6, MOST_PRINTED = 60 /* report.css leaves out what is beyond */ };

/* ------------------------------------------------------------------ a finding */

static void put_texts(vd_buf *out, const char *name, const vd_texts_list *list, size_t most, bool lines)
{
    size_t shown = list->count <= most + 1 ? list->count : most;

    if (!list->count)
        return;
    vd_buf_printf(out, "<p class=\"list%s\"><b>%s</b> ", lines ? " lines" : "", name);
    for (size_t i = 0; i < shown; i++) {
        vd_buf_add(out, i && !lines ? VD_S(", ") : VD_S(""));
        vd_html_code(out, list->at[i]);
    }
    if (shown < list->count) {
        vd_buf_add(out, lines ? VD_S("and ") : VD_S(" and "));
        vd_html_count(out, list->count - shown);
        vd_buf_add(out, VD_S(" more"));
    }
    vd_buf_add(out, VD_S("</p>"));
}

static void put_rule(vd_buf *out, const vd_unused_row *row)
{
    const vd_unused_finding *f = row->finding;

    vd_buf_add(out, VD_S("<td><p class=\"rule\">"));
    vd_html_title_of(out, f->rule);
    vd_buf_add(out, VD_S("</p>"));
    if (f->escalation)
        vd_buf_add(out, VD_S("<span class=\"tag hot\">a step to more rights</span>"));
    if (f->shared_credit)
        vd_buf_add(out, VD_S("<span class=\"tag\">granted elsewhere, too</span>"));
    if (row->known)
        vd_buf_add(out, VD_S("<span class=\"tag\">in the baseline</span>"));
    if (f->aws.n) {
        vd_buf_add(out, VD_S("<span class=\"tag\">AWS "));
        vd_html_text(out, f->aws);
        vd_buf_add(out, VD_S("</span>"));
    }
    vd_buf_add(out, VD_S("</td>"));
}

static void put_statement(vd_buf *out, const vd_statement_info *s)
{
    vd_buf_add(out, VD_S("<p>statement "));
    if (s->sid.n)
        vd_html_code(out, s->sid);
    else
        vd_buf_printf(out, "%u", s->index + 1);
    vd_buf_add(out, VD_S("</p>"));
    if (s->at.file.n && s->at.line) {
        vd_buf_add(out, VD_S("<p class=\"note\">"));
        vd_html_text(out, s->at.file);
        vd_buf_printf(out, ":%u:%u</p>", s->at.line, s->at.column);
    }
}

static void put_where(vd_buf *out, const vd_unused_finding *f, bool whose)
{
    vd_buf_add(out, VD_S("<td>"));
    if (whose && f->principal.n) {
        vd_buf_add(out, VD_S("<p>"));
        vd_html_code(out, f->principal);
        vd_buf_add(out, VD_S("</p>"));
    }
    if (f->policy.n || f->policy_arn.n) {
        vd_buf_add(out, VD_S("<p>policy "));
        vd_html_code(out, f->policy.n ? f->policy : f->policy_arn);
        vd_buf_add(out, VD_S("</p>"));
    }
    if (f->statement.size)
        put_statement(out, &f->statement);
    if (f->group.n) {
        vd_buf_add(out, VD_S("<p>through group "));
        vd_html_code(out, f->group);
        vd_buf_add(out, VD_S("</p>"));
    }
    vd_buf_add(out, VD_S("</td>"));
}

static void put_what(vd_buf *out, const vd_unused_finding *f)
{
    vd_buf_add(out, VD_S("<td><p>"));
    vd_html_text(out, f->says);
    vd_buf_add(out, VD_S("</p>"));
    put_texts(out, f->actions.count == 1 ? "Action" : "Actions", f->patterns.count ? &f->patterns : &f->actions,
              MOST_ACTIONS, false);
    put_texts(out, "Granted on", &f->resources, MOST_RESOURCES, true);
    put_texts(out, "Used on", &f->observed, MOST_RESOURCES, true);
    vd_buf_add(out, VD_S("</td>"));
}

static void put_when(vd_buf *out, const vd_unused_finding *f)
{
    vd_buf_printf(out, "<td data-k=\"%lld\">", (long long)f->last);
    if (f->last) {
        vd_html_day(out, f->last);
        if (f->days_since >= 0)
            vd_buf_printf(out, "<p class=\"note\">%d %s before</p>", f->days_since, f->days_since == 1 ? "day" : "days");
    } else {
        vd_buf_add(out, VD_S("never seen"));
    }
    if (f->since && f->since != f->last) {
        vd_buf_add(out, VD_S("<p class=\"note\">not since "));
        vd_html_day(out, f->since);
        vd_buf_add(out, VD_S("</p>"));
    }
    if (f->denied) {
        vd_buf_add(out, VD_S("<p class=\"note\">"));
        vd_html_counted(out, f->denied, "attempt denied", "attempts denied");
        vd_buf_add(out, VD_S("</p>"));
    }
    vd_buf_add(out, VD_S("</td>"));
}

static const char *words_of_confidence(char confidence)
{
    return confidence == 'H' ? "high confidence" : confidence == 'M' ? "medium confidence" : "low confidence";
}

/* The surer, the greater the key of sorting. */
static void put_why(vd_buf *out, const vd_unused_finding *f)
{
    vd_buf_printf(out, "<td data-k=\"%d\">", (int)f->grade);
    if (f->grade != VD_GRADE_NONE)
        vd_buf_printf(out, "<p>%s</p>", vd_grade_name(f->grade));
    if (f->reasons) {
        vd_buf reasons = vd_buf_on(out->alloc, 0);

        vd_put_reasons(&reasons, f->reasons);
        vd_buf_add(out, VD_S("<p>cannot be seen: "));
        vd_html_text(out, vd_buf_str(&reasons));
        vd_buf_add(out, VD_S("</p>"));
        out->failed |= reasons.failed;
        vd_buf_done(&reasons);
    }
    if (f->confidence)
        vd_buf_printf(out, "<p class=\"note\">%s</p>", words_of_confidence(f->confidence));
    for (size_t i = 0; i < VD_COUNT(f->evidence) && f->evidence[i]; i++)
        vd_buf_printf(out, "%s%s", i ? ", " : "<p class=\"note\">", f->evidence[i]);
    vd_buf_add(out, f->evidence[0] ? VD_S("</p></td>") : VD_S("</td>"));
}

void vd_html_unused_finding(vd_buf *out, const vd_unused_row *row, bool whose)
{
    const vd_unused_finding *f = row->finding;

    vd_buf_printf(out, "<tr data-r=\"%s\">", vd_unused_name(f->rule));
    put_rule(out, row);
    put_where(out, f, whose);
    put_what(out, f);
    put_when(out, f);
    put_why(out, f);
    vd_buf_add(out, VD_S("<td class=\"num\">"));
    vd_html_count(out, f->weight);
    vd_buf_add(out, VD_S("</td></tr>\n"));
}

static void put_findings(vd_buf *out, const vd_unused_job *job, const vd_unused_person *person)
{
    bool whose = person->principal == NULL;

    if (!person->count)
        return;
    vd_buf_printf(out,
                  "<table class=\"finding card sort\" aria-label=\"Findings\">\n<thead><tr><th scope=\"col\">Finding</th>"
                  "<th scope=\"col\">%s</th><th scope=\"col\">What</th><th scope=\"col\">Last use</th>"
                  "<th scope=\"col\">Evidence</th><th scope=\"col\" class=\"num\">Weight</th></tr></thead>\n<tbody>\n",
                  whose ? "Whose" : "Where");
    for (uint32_t i = 0; i < person->count; i++)
        vd_html_unused_finding(out, &job->at[person->first + i], whose);
    vd_buf_add(out, VD_S("</tbody></table>\n"));
    if (person->count > MOST_PRINTED) {
        vd_buf_printf(out, "<p class=\"paper note\">On paper are the first %d of ", MOST_PRINTED);
        vd_html_counted(out, person->count, "finding", "findings");
        vd_buf_add(out, VD_S(": sort or filter the page to have others there, or take the table (csv).</p>\n"));
    }
}

/* ------------------------------------------------------------------ a user or role */

static void put_services(vd_buf *out, const vd_unused_principal *p)
{
    if (!p->service_count)
        return;
    vd_buf_add(out, VD_S("<table class=\"chart mix card sort\" aria-label=\"Services\">\n<thead><tr><th scope=\"col\">Service</th>"));
    vd_html_mix_heads(out);
    vd_buf_add(out, VD_S("<td class=\"wide\"></td></tr></thead>\n<tbody>\n"));
    for (size_t i = 0; i < p->service_count; i++) {
        const vd_unused_service *s = &p->services[i];
        vd_unused_mix            mix = { s->granted, s->used, s->possible, s->not_seen, s->cannot_see };

        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, s->prefix);
        vd_buf_add(out, VD_S("</th>"));
        vd_html_mix_cells(out, &mix);
        vd_html_last_use(out, s->last);
        vd_buf_add(out, VD_S("<td class=\"wide\">"));
        vd_html_mix_bar(out, &mix);
        vd_buf_add(out, VD_S("</td></tr>\n"));
    }
    vd_buf_add(out, VD_S("</tbody></table>\n"));
}

static void put_line(vd_buf *out, const vd_unused_person *person)
{
    const vd_unused_principal *p = person->principal;

    vd_buf_add(out, VD_S("<span class=\"sum\">"));
    if (p) {
        vd_html_text(out, p->kind);
        if (p->permission_set.n) {
            vd_buf_add(out, VD_S(" of the permission set "));
            vd_html_text(out, p->permission_set);
        }
        if (p->kind.n || p->permission_set.n)
            vd_buf_add(out, VD_S(" \xc2\xb7 "));
        vd_html_count(out, p->used);
        vd_buf_add(out, VD_S(" used and "));
        vd_html_count(out, p->not_seen);
        vd_buf_add(out, VD_S(" not seen of "));
        vd_html_count(out, p->granted);
        vd_buf_add(out, VD_S(" granted \xc2\xb7 "));
    }
    vd_html_counted(out, person->count, "finding", "findings");
    vd_buf_add(out, VD_S("</span>"));
}

void vd_html_unused_person(vd_buf *out, const vd_unused_job *job, const vd_unused_person *person)
{
    vd_buf_printf(out, "<details class=\"who\" id=\"p%u\"%s><summary><h3>", person->id,
                  person->principal && job->principal_count > 1 ? "" : " open");
    if (person->principal)
        vd_html_code(out, person->principal->arn);
    else
        vd_buf_add(out, job->principal_count ? VD_S("Of nobody above") : VD_S("All findings"));
    vd_buf_add(out, VD_S("</h3> "));
    put_line(out, person);
    vd_buf_add(out, VD_S("</summary>\n<div class=\"inside\">\n"));
    put_findings(out, job, person);
    if (person->principal)
        put_services(out, person->principal);
    vd_buf_add(out, VD_S("</div>\n</details>\n"));
}
