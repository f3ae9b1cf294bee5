/* SPDX-License-Identifier: Apache-2.0
 *
 * What all of it rests on (usage 5.4): the warnings that stand before every number, and the account of the logs.
 */
#include "render/unused_html.h"

#include "base/str.h"

enum {
    DAY = 86400,
    SHORT_WINDOW = 90,
    INDICATIVE = 500,
    FEW = 8 /* rows of a table that need not be folded */
};

typedef struct shares {
    uint64_t asked, seen;
} shares;

static shares shares_of(const vd_usage_coverage *c)
{
    shares s = { 0 };

    for (size_t i = 0; i < c->place_count; i++) {
        s.asked += c->places[i].days_asked;
        s.seen += c->places[i].days_seen;
    }
    return s;
}

/* ------------------------------------------------------------------ warnings */

static void care_open(vd_buf *out, bool *any)
{
    if (!*any)
        vd_buf_add(out, VD_S("<div class=\"care\" role=\"note\">\n<h2>Before anything is taken away</h2>\n<ul>\n"));
    *any = true;
    vd_buf_add(out, VD_S("<li>"));
}

static void care_of_reading(vd_buf *out, const vd_usage_coverage *c, bool *any)
{
    if (c->partial) {
        care_open(out, any);
        vd_buf_add(out, VD_S("A summary says that more was to come: collecting was interrupted.</li>\n"));
    }
    if (c->lost) {
        care_open(out, any);
        vd_html_counted(out, c->lost, "record or file", "records and files");
        vd_buf_add(out, VD_S(" could not be read and are not counted here.</li>\n"));
    }
    if (c->events == 0) {
        care_open(out, any);
        vd_buf_add(out, VD_S("No event of any log was read.</li>\n"));
    }
}

static void care_of_window(vd_buf *out, const vd_usage_coverage *c, bool *any)
{
    uint64_t days = c->to > c->from ? ((uint64_t)c->to - (uint64_t)c->from) / DAY : 0;
    shares   s = shares_of(c);

    if (c->gap_count || s.seen < s.asked) {
        care_open(out, any);
        vd_buf_add(out, VD_S("The logs have "));
        vd_html_counted(out, c->gap_count, "gap", "gaps");
        vd_buf_add(out, VD_S("; "));
        vd_html_percent(out, s.seen, s.asked);
        vd_buf_add(out, VD_S(" of the days asked about have evidence.</li>\n"));
    }
    if (days < SHORT_WINDOW) {
        care_open(out, any);
        vd_buf_add(out, VD_S("The window is "));
        vd_html_counted(out, days, "day", "days");
        vd_buf_add(out, VD_S(": what is needed once a quarter or once a year looks unused. 90 days show a quarter, 400 a "
                             "year.</li>\n"));
    }
}

static void care_of_sight(vd_buf *out, const vd_unused_job *job, bool *any)
{
    const vd_usage_coverage *c = &job->coverage;
    bool               inferred = false;

    for (size_t i = 0; i < c->class_count; i++)
        inferred |= c->classes[i].inferred;
    if (inferred) {
        care_open(out, any);
        vd_buf_add(out, VD_S("Nobody gave the settings of the trails: what they record was read out of the events.</li>\n"));
    }
    if (c->unmapped_count) {
        care_open(out, any);
        vd_html_counted(out, c->unmapped_count, "kind of event is", "kinds of events are");
        vd_buf_add(out, VD_S(" in no table: of whoever caused them, that service cannot be judged.</li>\n"));
    }
    if (job->summary.granted && job->summary.blind > INDICATIVE) {
        care_open(out, any);
        vd_buf_add(out, VD_S("More than half of what is granted, by risk, cannot be seen: the excess is indicative only.</li>\n"));
    }
}

void vd_html_unused_cares(vd_buf *out, const vd_unused_job *job)
{
    bool any = false;

    care_of_reading(out, &job->coverage, &any);
    care_of_window(out, &job->coverage, &any);
    care_of_sight(out, job, &any);
    if (any)
        vd_buf_add(out, VD_S("</ul>\n</div>\n"));
}

/* ------------------------------------------------------------------ tables */

/* A table of many rows is folded. */
static void table_open(vd_buf *out, const char *title, const char *look, size_t rows, const char *heads)
{
    if (rows > FEW) {
        vd_buf_printf(out, "<details><summary><h3>%s</h3> <span class=\"note\">", title);
        vd_html_counted(out, rows, "row", "rows");
        vd_buf_add(out, VD_S("</span></summary>\n"));
    } else {
        vd_buf_printf(out, "<h3>%s</h3>\n", title);
    }
    vd_buf_printf(out, "<table class=\"%ssort\" aria-label=\"%s\">\n<thead><tr>%s</tr></thead>\n<tbody>\n", look, title, heads);
}

static void table_close(vd_buf *out, size_t rows)
{
    vd_buf_add(out, VD_S("</tbody></table>\n"));
    if (rows > FEW)
        vd_buf_add(out, VD_S("</details>\n"));
}

static void cell(vd_buf *out, const char *label, vd_str text)
{
    vd_buf_printf(out, "<td data-l=\"%s\">", label);
    vd_html_text(out, text);
    vd_buf_add(out, VD_S("</td>"));
}

static void number_cell(vd_buf *out, const char *label, uint64_t n)
{
    vd_buf_printf(out, "<td class=\"num\" data-l=\"%s\">", label);
    vd_html_count(out, n);
    vd_buf_add(out, VD_S("</td>"));
}

static void day_cell(vd_buf *out, const char *label, int64_t seconds)
{
    vd_buf_printf(out, "<td data-l=\"%s\">", label);
    if (seconds)
        vd_html_day(out, seconds);
    else
        vd_buf_add(out, VD_S("never"));
    vd_buf_add(out, VD_S("</td>"));
}

static void put_places(vd_buf *out, const vd_usage_coverage *c)
{
    if (!c->place_count)
        return;
    table_open(out, "Accounts and regions", "card ", c->place_count,
               "<th scope=\"col\">Account</th><th scope=\"col\">Region</th><th scope=\"col\" class=\"num\">Days seen</th>"
               "<th scope=\"col\" class=\"num\">Days asked</th><th scope=\"col\" class=\"num\">Covered</th>"
               "<th scope=\"col\">First</th><th scope=\"col\">Last</th><th scope=\"col\" class=\"num\">Events</th>"
               "<th scope=\"col\">Known by</th>");
    for (size_t i = 0; i < c->place_count; i++) {
        const vd_coverage_place *p = &c->places[i];

        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, p->account);
        vd_buf_add(out, VD_S("</th>"));
        cell(out, "region", p->region);
        number_cell(out, "days seen", p->days_seen);
        number_cell(out, "days asked", p->days_asked);
        vd_buf_printf(out, "<td class=\"num\" data-l=\"covered\" data-k=\"%llu\">",
                      (unsigned long long)(p->days_asked ? (uint64_t)p->days_seen * 1000 / p->days_asked : 0));
        vd_html_percent(out, p->days_seen, p->days_asked);
        vd_buf_add(out, VD_S("</td>"));
        day_cell(out, "first", p->first);
        day_cell(out, "last", p->last);
        number_cell(out, "events", p->events);
        cell(out, "known by", p->method);
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    table_close(out, c->place_count);
}

static void put_gaps(vd_buf *out, const vd_usage_coverage *c)
{
    if (!c->gap_count)
        return;
    table_open(out, "Gaps", "card ", c->gap_count,
               "<th scope=\"col\">Account</th><th scope=\"col\">Region</th><th scope=\"col\">Days</th>"
               "<th scope=\"col\">Why</th>");
    for (size_t i = 0; i < c->gap_count; i++) {
        const vd_coverage_gap *g = &c->gaps[i];

        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, g->account.n ? g->account : VD_S("all"));
        vd_buf_add(out, VD_S("</th>"));
        cell(out, "region", g->region.n ? g->region : VD_S("all"));
        vd_buf_add(out, VD_S("<td>"));
        vd_html_span(out, g->from, g->to);
        vd_buf_add(out, VD_S("</td>"));
        cell(out, "why", g->reason);
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    table_close(out, c->gap_count);
}

static void put_classes(vd_buf *out, const vd_usage_coverage *c)
{
    if (!c->class_count)
        return;
    table_open(out, "Kinds of events", "", c->class_count,
               "<th scope=\"col\">Kind</th><th scope=\"col\">Recorded</th><th scope=\"col\">Known by</th>");
    for (size_t i = 0; i < c->class_count; i++) {
        const vd_coverage_class *k = &c->classes[i];

        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, k->name);
        vd_buf_add(out, VD_S("</th>"));
        cell(out, "recorded", vd_str_of(k->state ? k->state : "not known"));
        cell(out, "known by", k->inferred ? VD_S("the events alone") : VD_S("settings of the trail"));
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    table_close(out, c->class_count);
}

static void put_unmapped(vd_buf *out, const vd_usage_coverage *c)
{
    if (!c->unmapped_count)
        return;
    table_open(out, "Events that no table knows", "card ", c->unmapped_count,
               "<th scope=\"col\">Source</th><th scope=\"col\">Name</th><th scope=\"col\" class=\"num\">Times</th>"
               "<th scope=\"col\" class=\"num\">Users and roles</th>");
    for (size_t i = 0; i < c->unmapped_count; i++) {
        const vd_unmapped *u = &c->unmapped[i];

        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, u->source);
        vd_buf_add(out, VD_S("</th>"));
        cell(out, "name", u->name.n ? u->name : VD_S("any: the source is not known"));
        number_cell(out, "times", u->count);
        number_cell(out, "users and roles", u->actors);
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    table_close(out, c->unmapped_count);
}

/* ------------------------------------------------------------------ the account of it */

static void put_read(vd_buf *out, const vd_usage_coverage *c)
{
    vd_buf_add(out, VD_S("<p>"));
    vd_html_counted(out, c->events, "event", "events");
    vd_buf_add(out, VD_S(" of "));
    vd_html_counted(out, c->units, "file or stream", "files and streams");
    vd_buf_add(out, VD_S(" ("));
    vd_html_bytes(out, c->bytes);
    vd_buf_add(out, c->events == 1 ? VD_S(" unpacked) was read") : VD_S(" unpacked) were read"));
    if (c->place_count) {
        shares s = shares_of(c);

        vd_buf_add(out, VD_S("; there is evidence on "));
        vd_html_percent(out, s.seen, s.asked);
        vd_buf_add(out, VD_S(" of the days asked about"));
    }
    vd_buf_add(out, VD_S(".</p>\n"));
}

static void put_sources(vd_buf *out, const vd_usage_coverage *c)
{
    if (!c->source_count)
        return;
    vd_buf_add(out, VD_S("<p>Reports were read, too: "));
    for (size_t i = 0; i < c->source_count; i++) {
        vd_buf_add(out, i ? VD_S(", ") : VD_S(""));
        vd_html_text(out, c->sources[i].kind);
        if (c->sources[i].as_of) {
            vd_buf_add(out, VD_S(" of "));
            vd_html_day(out, c->sources[i].as_of);
        }
    }
    vd_buf_add(out, VD_S(".</p>\n"));
}

void vd_html_unused_coverage(vd_buf *out, const vd_unused_job *job)
{
    const vd_usage_coverage *c = &job->coverage;

    vd_buf_add(out, VD_S("<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\">What the logs could show</h2>\n"));
    put_read(out, c);
    put_sources(out, c);
    if (c->thin) {
        vd_buf_add(out, VD_S("<p>"));
        vd_html_counted(out, c->thin, "user or role has", "users and roles have");
        vd_buf_add(out, VD_S(" fewer than 10 events: little can be said of them.</p>\n"));
    }
    vd_buf_add(out, VD_S("<p>Work that comes back less often than the window is long cannot be told from work that is no "
                         "more: for what is done once a year, read at least 400 days.</p>\n"));
    put_classes(out, c);
    put_places(out, c);
    put_gaps(out, c);
    put_unmapped(out, c);
    vd_buf_add(out, VD_S("</section>\n"));
}
