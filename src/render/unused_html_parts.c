/* SPDX-License-Identifier: Apache-2.0
 *
 * Granted against used: by service, by kind of finding, by user or role.
 */
#include "render/unused_html.h"

#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>

enum { SHOWN = 15 }; /* services that are not folded away */

/* ------------------------------------------------------------------ cells */

void vd_html_mix_heads(vd_buf *out)
{
    vd_buf_add(out, VD_S("<th scope=\"col\" class=\"num\">Granted</th><th scope=\"col\" class=\"num\">Used</th>"
                         "<th scope=\"col\" class=\"num\">Possibly</th><th scope=\"col\" class=\"num\">Not seen</th>"
                         "<th scope=\"col\" class=\"num\">Cannot be seen</th><th scope=\"col\">Last use</th>"));
}

void vd_html_mix_cells(vd_buf *out, const vd_unused_mix *mix)
{
    vd_buf_add(out, VD_S("<td>"));
    vd_html_count(out, mix->granted);
    for (uint32_t i = 0; i < VD_HTML_PARTS; i++) {
        vd_buf_add(out, VD_S("</td><td>"));
        vd_html_count(out, vd_unused_mix_part(mix, i));
    }
    vd_buf_add(out, VD_S("</td>"));
}

/* A day sorts as its text; never comes before all of them. */
void vd_html_last_use(vd_buf *out, int64_t last)
{
    if (!last) {
        vd_buf_add(out, VD_S("<td data-k=\"\">never seen</td>"));
        return;
    }
    vd_buf_add(out, VD_S("<td>"));
    vd_html_day(out, last);
    vd_buf_add(out, VD_S("</td>"));
}

static void put_bar_cell(vd_buf *out, const vd_unused_mix *mix)
{
    vd_buf_add(out, VD_S("<td class=\"wide\">"));
    vd_html_mix_bar(out, mix);
    vd_buf_add(out, VD_S("</td>"));
}

/* ------------------------------------------------------------------ services */

typedef struct service {
    vd_str        prefix;
    vd_unused_mix mix;
    int64_t       last;
    uint32_t      holders;
} service;

typedef VD_VEC(service) services;

static bool same_prefix(const void *ctx, uint32_t value, const void *wanted)
{
    return vd_str_eq(((const services *)ctx)->at[value].prefix, *(const vd_str *)wanted);
}

static bool add_service(services *list, vd_map *map, const vd_allocator *a, const vd_unused_service *s)
{
    uint64_t hash = vd_hash(0, s->prefix);
    uint32_t at = vd_map_find(map, hash, same_prefix, list, &s->prefix);
    service *x;

    if (at == VD_NONE) {
        at = list->count;
        if (!VD_PUSH(a, list, (service){ .prefix = s->prefix }) || !vd_map_add(map, a, hash, at))
            return false;
    }
    x = &list->at[at];
    x->mix.granted += s->granted;
    x->mix.used += s->used;
    x->mix.possible += s->possible;
    x->mix.not_seen += s->not_seen;
    x->mix.cannot_see += s->cannot_see;
    x->last = s->last > x->last ? s->last : x->last;
    x->holders++;
    return true;
}

static int by_excess(const void *a, const void *b)
{
    const service *x = a, *y = b;

    if (x->mix.not_seen != y->mix.not_seen)
        return x->mix.not_seen > y->mix.not_seen ? -1 : 1;
    if (x->mix.granted != y->mix.granted)
        return x->mix.granted > y->mix.granted ? -1 : 1;
    return vd_str_cmp(x->prefix, y->prefix);
}

static void put_services(vd_buf *out, const service *at, uint32_t count, const char *label)
{
    vd_buf_printf(out, "<table class=\"chart mix card sort\" aria-label=\"%s\">\n<thead><tr><th scope=\"col\">Service</th>",
                  label);
    vd_html_mix_heads(out);
    vd_buf_add(out, VD_S("<th scope=\"col\" class=\"num\">Held by</th><td class=\"wide\"></td></tr></thead>\n<tbody>\n"));
    for (uint32_t i = 0; i < count; i++) {
        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_text(out, at[i].prefix);
        vd_buf_add(out, VD_S("</th>"));
        vd_html_mix_cells(out, &at[i].mix);
        vd_html_last_use(out, at[i].last);
        vd_buf_add(out, VD_S("<td class=\"num\" data-l=\"held by\">"));
        vd_html_count(out, at[i].holders);
        vd_buf_add(out, VD_S("</td>"));
        put_bar_cell(out, &at[i].mix);
        vd_buf_add(out, VD_S("</tr>\n"));
    }
    vd_buf_add(out, VD_S("</tbody></table>\n"));
}

static void put_chart(vd_buf *out, const services *list)
{
    uint32_t shown = list->count <= SHOWN + 1 ? list->count : SHOWN;

    vd_buf_add(out, VD_S("<section aria-labelledby=\"services\">\n<h2 id=\"services\">Granted against used, by service</h2>\n"
                         "<p class=\"note\">Actions of all users and roles together, the most that was not seen first. A bar is "
                         "all that is granted of a service.</p>\n"));
    put_services(out, list->at, shown, "Services");
    if (shown < list->count) {
        vd_buf_add(out, VD_S("<details><summary><h3>"));
        vd_html_counted(out, list->count - shown, "more service", "more services");
        vd_buf_add(out, VD_S("</h3></summary>\n"));
        put_services(out, list->at + shown, list->count - shown, "More services");
        vd_buf_add(out, VD_S("</details>\n"));
    }
    vd_buf_add(out, VD_S("</section>\n"));
}

bool vd_html_unused_services(vd_buf *out, const vd_unused_job *job)
{
    services list = { 0 };
    vd_map   map = { 0 };
    bool     ok = true;

    for (uint32_t i = 0; i < job->principal_count; i++)
        for (size_t k = 0; ok && k < job->principals[i].service_count; k++)
            ok = add_service(&list, &map, out->alloc, &job->principals[i].services[k]);
    if (ok && list.count) {
        qsort(list.at, list.count, sizeof *list.at, by_excess);
        put_chart(out, &list);
    }
    vd_map_done(&map, out->alloc);
    VD_VEC_DONE(out->alloc, &list);
    return ok;
}

/* ------------------------------------------------------------------ kinds */

void vd_html_title_of(vd_buf *out, int32_t rule)
{
    vd_str title = vd_str_of(vd_unused_title(rule));

    if (title.n)
        vd_buf_byte(out, title.p[0] >= 'a' && title.p[0] <= 'z' ? (char)(title.p[0] - 'a' + 'A') : title.p[0]);
    vd_html_text(out, vd_str_from(title, 1));
}

void vd_html_unused_rules(vd_buf *out, const vd_unused_job *job)
{
    bool any = false;

    vd_buf_add(out, VD_S("<section aria-labelledby=\"kinds\">\n<h2 id=\"kinds\">Findings by kind</h2>\n"));
    for (int32_t rule = 0; rule < VD_UNUSED_COUNT; rule++) {
        if (!job->summary.by_rule[rule])
            continue;
        if (!any)
            vd_buf_add(out, VD_S("<table class=\"kinds card sort\" aria-label=\"Findings by kind\">\n<thead><tr>"
                                 "<th scope=\"col\">Kind</th><th scope=\"col\" class=\"num\">Findings</th>"
                                 "<th scope=\"col\">Why it matters</th></tr></thead>\n<tbody>\n"));
        any = true;
        vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
        vd_html_title_of(out, rule);
        vd_buf_printf(out, "<br><code class=\"note\">%s</code></th><td class=\"num\" data-l=\"findings\">",
                      vd_unused_name(rule));
        vd_html_count(out, job->summary.by_rule[rule]);
        vd_buf_add(out, VD_S("</td><td class=\"all\">"));
        vd_html_text(out, vd_str_of(vd_unused_why(rule)));
        vd_buf_add(out, VD_S("</td></tr>\n"));
    }
    vd_buf_add(out, any ? VD_S("</tbody></table>\n") : VD_S("<p>None.</p>\n"));
    vd_buf_add(out, VD_S("</section>\n"));
}

/* ------------------------------------------------------------------ users and roles */

/* "role/build/ci-deploy", its account below: where all of them stand one below the other, the rest of the ARN says nothing. */
static void put_name(vd_buf *out, const vd_unused_person *person)
{
    vd_str arn = person->principal->arn, part[5];
    bool   whole = true;

    for (size_t i = 0; i < VD_COUNT(part) && whole; i++)
        whole = vd_str_cut(&arn, ':', &part[i]);
    vd_buf_printf(out, "<a href=\"#p%u\">", person->id);
    vd_html_code(out, whole && arn.n ? arn : person->principal->arn);
    vd_buf_add(out, VD_S("</a>"));
    if (whole && arn.n && part[4].n) {
        vd_buf_add(out, VD_S("<br><span class=\"note\">"));
        vd_html_text(out, part[4]);
        vd_buf_add(out, VD_S("</span>"));
    }
}

static void put_person_row(vd_buf *out, const vd_unused_person *person)
{
    const vd_unused_principal *p = person->principal;
    vd_unused_mix              mix = { p->granted, p->used, p->possible, p->not_seen, p->cannot_see };

    vd_buf_add(out, VD_S("<tr><th scope=\"row\">"));
    put_name(out, person);
    vd_buf_add(out, VD_S("</th>"));
    vd_html_mix_cells(out, &mix);
    vd_html_last_use(out, p->last);
    vd_buf_printf(out, "<td class=\"num\" data-l=\"excess\" data-k=\"%u\">", p->score);
    vd_html_tenths(out, p->score);
    vd_buf_printf(out, "</td><td class=\"num\" data-l=\"blind\" data-k=\"%u\">", p->blind);
    vd_html_tenths(out, p->blind);
    vd_buf_add(out, VD_S("</td><td class=\"num\" data-l=\"findings\">"));
    vd_html_count(out, person->count);
    vd_buf_add(out, VD_S("</td>"));
    put_bar_cell(out, &mix);
    vd_buf_add(out, VD_S("</tr>\n"));
}

void vd_html_unused_people(vd_buf *out, const vd_unused_job *job, const vd_unused_person *people, uint32_t count)
{
    if (!job->principal_count)
        return;
    vd_buf_add(out, VD_S("<section aria-labelledby=\"people\">\n<h2 id=\"people\">Users and roles</h2>\n"
                         "<p class=\"note\">Excess: how much of what could be judged was not seen in use, each action by its risk. "
                         "Blind: how much could not be judged; above 50% the excess is indicative only.</p>\n"
                         "<table class=\"people mix card sort\" aria-label=\"Users and roles\">\n<thead><tr>"
                         "<th scope=\"col\">User or role</th>"));
    vd_html_mix_heads(out);
    vd_buf_add(out, VD_S("<th scope=\"col\" class=\"num\">Excess</th><th scope=\"col\" class=\"num\">Blind</th>"
                         "<th scope=\"col\" class=\"num\">Findings</th><td class=\"wide\"></td></tr></thead>\n<tbody>\n"));
    for (uint32_t i = 0; i < count; i++)
        if (people[i].principal)
            put_person_row(out, &people[i]);
    vd_buf_add(out, VD_S("</tbody></table>\n</section>\n"));
}
