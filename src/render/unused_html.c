/* SPDX-License-Identifier: Apache-2.0
 *
 * What nobody uses, as one page for people: the answer in a sentence, what it rests on, then the whole of it from the most to
 * the least.  It needs no network and no script; bytes depend on the job alone.
 */
#include "render/unused_html.h"

#include "base/alloc.h"
#include "render/unused_accounts.h"

#include <stdlib.h>

enum { INDICATIVE = 500 }; /* of a thousand that are blind: the score is no more than a hint (usage 5.3) */

const char *const vd_unused_mix_names[VD_HTML_PARTS] = { "Used", "Possibly used", "Not seen in use", "Cannot be seen" };
static const char *const mix_looks[VD_HTML_PARTS] = { "u", "p", "n", "c" };

uint64_t vd_unused_mix_part(const vd_unused_mix *mix, uint32_t part)
{
    const uint64_t parts[VD_HTML_PARTS] = { mix->used, mix->possible, mix->not_seen, mix->cannot_see };

    return parts[part];
}

void vd_html_mix_bar(vd_buf *out, const vd_unused_mix *mix)
{
    vd_html_part parts[VD_HTML_PARTS];

    for (uint32_t i = 0; i < VD_HTML_PARTS; i++)
        parts[i] = (vd_html_part){ mix_looks[i], vd_unused_mix_part(mix, i) };
    vd_html_bar(out, parts);
}

/* ------------------------------------------------------------------ the answer */

static vd_unused_mix whole_of(const vd_unused_summary *s)
{
    return (vd_unused_mix){ s->granted, s->used, s->possible, s->not_seen, s->cannot_see };
}

static uint64_t days_of(const vd_usage_coverage *c)
{
    return c->to > c->from ? ((uint64_t)c->to - (uint64_t)c->from + 86399) / 86400 : 0;
}

static void put_share(vd_buf *out, uint64_t part, uint64_t whole)
{
    vd_html_count(out, part);
    vd_buf_add(out, VD_S(" ("));
    vd_html_percent(out, part, whole);
    vd_buf_byte(out, ')');
}

static void put_answer_of_actions(vd_buf *out, const vd_unused_job *job)
{
    vd_unused_mix m = whole_of(&job->summary);

    vd_buf_add(out, VD_S("Of "));
    vd_html_counted(out, m.granted, "action", "actions");
    vd_buf_add(out, VD_S(" granted to "));
    vd_html_counted(out, job->summary.principals, "user or role", "users and roles");
    vd_buf_add(out, VD_S(", "));
    put_share(out, m.used, m.granted);
    vd_buf_add(out, m.used == 1 ? VD_S(" was used; <strong>") : VD_S(" were used; <strong>"));
    put_share(out, m.not_seen, m.granted);
    vd_buf_add(out, m.not_seen == 1 ? VD_S(" was not seen in use") : VD_S(" were not seen in use"));
    vd_buf_add(out, VD_S("</strong> in "));
    vd_html_counted(out, days_of(&job->coverage), "day", "days");
    if (m.cannot_see) {
        vd_buf_add(out, VD_S(", and of "));
        put_share(out, m.cannot_see, m.granted);
        vd_buf_add(out, VD_S(" these logs cannot tell"));
    }
    vd_buf_byte(out, '.');
}

static void put_answer(vd_buf *out, const vd_unused_job *job)
{
    vd_buf_add(out, VD_S("<p class=\"verdict\">"));
    if (job->summary.granted) {
        put_answer_of_actions(out, job);
    } else if (job->summary.findings == 0) {
        vd_buf_add(out, VD_S("Nothing was found that nobody uses."));
    } else {
        vd_html_counted(out, job->summary.findings, "finding", "findings");
        vd_buf_add(out, job->identities_only ? VD_S(" about users, roles and credentials.") : VD_S("."));
    }
    vd_buf_add(out, VD_S("</p>\n"));
}

static void put_key(vd_buf *out, uint32_t part)
{
    vd_buf_printf(out, "<svg class=\"key\" aria-hidden=\"true\"><rect class=\"%s\"/></svg>%s", mix_looks[part],
                  vd_unused_mix_names[part]);
}

static void put_totals(vd_buf *out, const vd_unused_job *job)
{
    vd_unused_mix m = whole_of(&job->summary);

    if (!m.granted)
        return;
    vd_buf_add(out, VD_S("<div class=\"whole\">"));
    vd_html_mix_bar(out, &m);
    vd_buf_add(out, VD_S("</div>\n<dl class=\"totals\">\n"));
    for (uint32_t i = 0; i < VD_HTML_PARTS; i++) {
        uint64_t n = vd_unused_mix_part(&m, i);

        vd_buf_add(out, VD_S("<div><dt>"));
        put_key(out, i);
        vd_buf_add(out, VD_S("</dt><dd class=\"figure\">"));
        vd_html_count(out, n);
        vd_buf_add(out, VD_S("</dd><dd class=\"share\">"));
        vd_html_percent(out, n, m.granted);
        vd_buf_add(out, VD_S(" of what is granted</dd></div>\n"));
    }
    vd_buf_add(out, VD_S("</dl>\n"));
}

static void put_fact(vd_buf *out, const char *name, uint64_t n, const char *below)
{
    vd_buf_printf(out, "<div><dt>%s</dt><dd class=\"figure\">", name);
    vd_html_count(out, n);
    vd_buf_printf(out, "</dd>%s%s%s</div>\n", *below ? "<dd class=\"share\">" : "", below, *below ? "</dd>" : "");
}

/* The score is never told without the share that nobody can see. */
static void put_facts(vd_buf *out, const vd_unused_job *job)
{
    const vd_unused_summary *s = &job->summary;

    vd_buf_add(out, VD_S("<dl class=\"totals facts\">\n"));
    put_fact(out, "Findings", s->findings, job->has_baseline ? "those of the baseline among them" : "");
    put_fact(out, "Users and roles", s->principals, "");
    if (s->credentials)
        put_fact(out, "Credentials", s->credentials, "");
    if (s->granted) {
        vd_buf_add(out, VD_S("<div><dt>Excess, by risk</dt><dd class=\"figure\">"));
        vd_html_tenths(out, s->score);
        vd_buf_add(out, VD_S("</dd><dd class=\"share\">"));
        if (s->blind > INDICATIVE)
            vd_buf_add(out, VD_S("indicative only: "));
        vd_html_tenths(out, s->blind);
        vd_buf_add(out, VD_S(" cannot be seen</dd></div>\n"));
    }
    vd_buf_add(out, VD_S("</dl>\n"));
}

/* ------------------------------------------------------------------ the page */

/* Patterns of the parts that no plain colour shows: they differ without colour, too. */
static void put_defs(vd_buf *out)
{
    vd_buf_add(out, VD_S("<svg class=\"defs\" aria-hidden=\"true\"><defs>"
                         "<pattern id=\"possible\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                         "patternTransform=\"rotate(45)\"><rect class=\"possible-paper\" width=\"6\" height=\"6\"/>"
                         "<path class=\"possible-line\" d=\"M1.25 0V6\"/></pattern>"
                         "<pattern id=\"blind\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
                         "patternTransform=\"rotate(-45)\"><rect class=\"blind-paper\" width=\"5\" height=\"5\"/>"
                         "<path class=\"blind-line\" d=\"M0.75 0V5\"/></pattern></defs></svg>\n"));
}

static void put_nav(vd_buf *out, const vd_unused_job *job)
{
    vd_buf_add(out, VD_S("<nav aria-label=\"On this page\"><ul>\n<li><a href=\"#coverage\">What the logs could show</a></li>\n"));
    if (job->principal_count)
        vd_buf_add(out, VD_S("<li><a href=\"#services\">By service</a></li>\n"));
    vd_buf_add(out, VD_S("<li><a href=\"#kinds\">By kind</a></li>\n"));
    if (job->principal_count)
        vd_buf_add(out, VD_S("<li><a href=\"#people\">Users and roles</a></li>\n"));
    vd_buf_add(out, VD_S("<li><a href=\"#findings\">Findings</a></li>\n</ul></nav>\n"));
}

static void put_header(vd_buf *out, const vd_unused_job *job)
{
    put_defs(out);
    vd_buf_add(out, VD_S("<a class=\"skip\" href=\"#findings\">To the findings</a>\n<header>\n"
                         "<p class=\"kicker\">verdict</p>\n<h1>Unused access</h1>\n<p class=\"period\">"));
    if (job->coverage.to > job->coverage.from)
        vd_html_span(out, job->coverage.from, job->coverage.to);
    else
        vd_buf_add(out, VD_S("No events"));
    vd_buf_printf(out, ", %s</p>\n", job->identities_only     ? "users, roles and credentials"
                                           : job->permissions_only ? "permissions"
                                                                   : "permissions, users, roles and credentials");
    put_answer(out, job);
    vd_html_unused_cares(out, job);
    put_totals(out, job);
    put_facts(out, job);
    put_nav(out, job);
    vd_buf_add(out, VD_S("</header>\n"));
}

static void put_options(vd_buf *out, const vd_unused_job *job)
{
    vd_buf_add(out, VD_S("<option value=\"\">all kinds</option>\n"));
    for (int32_t rule = 0; rule < VD_UNUSED_COUNT; rule++) {
        if (!job->summary.by_rule[rule])
            continue;
        vd_buf_printf(out, "<option value=\"%s\">", vd_unused_name(rule));
        vd_html_title_of(out, rule);
        vd_buf_add(out, VD_S("</option>\n"));
    }
}

/* For the script, which shows them. */
static void put_tools(vd_buf *out, const vd_unused_job *job)
{
    vd_buf_add(out, VD_S("<div class=\"tools\" role=\"search\" aria-label=\"Findings\" hidden>\n"
                         "<label>Only with these words<input type=\"search\" id=\"find\" autocomplete=\"off\" "
                         "spellcheck=\"false\"></label>\n<label>Kind<select id=\"rule\">\n"));
    put_options(out, job);
    vd_buf_add(out, VD_S("</select></label>\n<button type=\"button\" id=\"fold\" aria-pressed=\"false\">Open all</button>\n"
                         "<p id=\"shown\" role=\"status\"></p>\n</div>\n"));
}

static void put_findings(vd_buf *out, const vd_unused_job *job, const vd_unused_person *people, uint32_t count)
{
    vd_buf_add(out, VD_S("<section aria-labelledby=\"findings\">\n<h2 id=\"findings\">Findings</h2>\n"));
    vd_buf_add(out, job->count ? VD_S("<p class=\"note\">How sure it is that use would have been seen: <b>proven</b>, the logs "
                                      "show this very action of somebody; <b>family</b>, they show others of its kind; "
                                      "<b>assumed</b>, neither. The weight is the risk of what is "
                                      "granted.</p>\n")
                               : VD_S("<p>None.</p>\n"));
    if (job->count)
        put_tools(out, job);
    for (uint32_t i = 0; i < count; i++)
        vd_html_unused_person(out, job, &people[i]);
    vd_buf_add(out, VD_S("</section>\n"));
}

static void put_footer(vd_buf *out, const vd_unused_job *job)
{
    vd_buf_printf(out, "<footer><p>verdict %s, catalogue of actions of ", VERDICT_VERSION);
    vd_html_text(out, job->coverage.catalog_date);
    vd_buf_add(out, VD_S(", tables of events "));
    vd_html_text(out, job->coverage.tables);
    vd_buf_add(out, VD_S(". Times are UTC. &ldquo;Not seen&rdquo; is said only of actions that these logs would have shown; "
                         "what they could not show is never called unused.</p></footer>\n"));
}

/* The most to take away first; else as they were told. */
static int by_excess(const void *a, const void *b)
{
    const vd_unused_person *x = a, *y = b;

    if (!x->principal || !y->principal)
        return (x->principal == NULL) - (y->principal == NULL);
    if (x->principal->not_seen != y->principal->not_seen)
        return x->principal->not_seen > y->principal->not_seen ? -1 : 1;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Rows come principal by principal; those of nobody there are last. */
static uint32_t gather(const vd_unused_job *job, vd_unused_person *people)
{
    uint32_t at = 0, count = job->principal_count;

    for (uint32_t i = 0; i < job->principal_count; i++)
        people[i] = (vd_unused_person){ .principal = &job->principals[i], .id = i + 1 };
    people[count] = (vd_unused_person){ .id = count + 1 };
    for (; at < job->count; at++) {
        uint32_t          p = job->at[at].principal;
        vd_unused_person *x = &people[p < job->principal_count ? p : count];

        if (x->count++ == 0)
            x->first = at;
    }
    qsort(people, count, sizeof *people, by_excess);
    return count + (people[count].count > 0);
}

static bool put_main(vd_buf *out, const vd_unused_job *job)
{
    size_t            size = ((size_t)job->principal_count + 1) * sizeof(vd_unused_person);
    vd_unused_person *people = vd_alloc0(out->alloc, size);
    uint32_t          count;
    bool              ok;

    if (!people)
        return false;
    count = gather(job, people);
    vd_buf_add(out, VD_S("<main>\n"));
    vd_html_unused_coverage(out, job);
    ok = vd_html_unused_services(out, job);
    vd_html_unused_rules(out, job);
    vd_html_unused_people(out, job, people, count);
    ok = ok && vd_html_unused_accounts(out, job);
    vd_html_disagreements(out, job);
    put_findings(out, job, people, count);
    vd_buf_add(out, VD_S("</main>\n"));
    vd_free(out->alloc, people, size);
    return ok;
}

vd_code vd_render_unused_html(vd_buf *out, const vd_look *look, const vd_unused_job *job)
{
    bool ok;

    (void)look; /* of terminals */
    vd_html_head(out, "Unused access");
    put_header(out, job);
    ok = put_main(out, job);
    put_footer(out, job);
    vd_html_tail(out);
    return ok && !out->failed ? VD_OK : VD_ENOMEM;
}
