/* SPDX-License-Identifier: Apache-2.0
 *
 * The coverage for people: what was asked, what of it is seen, and everything that is not.
 */
#include "base/calendar.h"
#include "base/str.h"
#include "render/coverage.h"

enum { INDENT = 11, FEW = 6, A_DAY = 86400 };

typedef struct printing {
    vd_buf            *out;
    const vd_look     *look;
    const vd_usage_coverage *c;
    size_t             most; /* of each list */
    vd_buf             line;
} printing;

/* The line that was made, with its label before it when it is the first of its kind. */
static void put(printing *p, const char *label, size_t index)
{
    if (index == 0) {
        vd_look_put(p->out, p->look, VD_TONE_STRONG, vd_str_of(label));
        vd_look_pad(p->out, INDENT - (uint32_t)strlen(label));
    } else {
        vd_look_pad(p->out, INDENT);
    }
    vd_look_wrap(p->out, p->look, INDENT, INDENT + 2, vd_buf_str(&p->line));
    vd_buf_byte(p->out, '\n');
    p->line.n = 0;
}

static bool is_more(printing *p, const char *label, size_t index, size_t count)
{
    if (index < p->most)
        return false;
    vd_buf_printf(&p->line, "and %zu more (-v)", count - index);
    put(p, label, index);
    return true;
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void put_time(vd_buf *b, int64_t seconds)
{
    if (seconds % A_DAY == 0)
        vd_put_day(b, seconds);
    else
        vd_put_time(b, seconds);
}

/* Whole days by their last one; else by the second in which it ends. */
static void put_span(vd_buf *b, int64_t from, int64_t to)
{
    bool days = from % A_DAY == 0 && to % A_DAY == 0 && to > from;

    put_time(b, from);
    if (days && to - from == A_DAY)
        return;
    vd_buf_add(b, VD_S(" to "));
    if (days)
        vd_put_day(b, to - A_DAY);
    else
        vd_put_time(b, to);
}

static void put_where(vd_buf *b, vd_str account, vd_str region)
{
    vd_buf_printf(b, VD_F "%s" VD_F, VD_A(account.n ? account : VD_S("every account")), region.n ? " " : "", VD_A(region));
}

static void put_window(printing *p)
{
    const vd_usage_coverage *c = p->c;
    int64_t            days = (c->to - c->from) / A_DAY;

    if (days <= 0)
        vd_buf_add(&p->line, VD_S("none: there are no events"));
    else {
        put_span(&p->line, c->from, c->to);
        vd_buf_printf(&p->line, " (%lld day%s, UTC); work that is done less often than that is not seen", (long long)days,
                      plural((uint64_t)days));
        if (days < 400)
            vd_buf_add(&p->line, VD_S(", what is yearly takes 400 days"));
    }
    put(p, "window", 0);
    vd_buf_printf(&p->line, "%llu event%s in %llu file%s of %llu bytes", (unsigned long long)c->events, plural(c->events),
                  (unsigned long long)c->units, plural(c->units), (unsigned long long)c->bytes);
    vd_buf_printf(&p->line, "; tables " VD_F ", catalogue of " VD_F, VD_A(c->tables), VD_A(c->catalog_date));
    put(p, "read", 0);
    if (c->lost) {
        vd_buf_printf(&p->line, "%lu record%s and files were rejected: what they say is not known", (unsigned long)c->lost, plural(c->lost));
        put(p, "lost", 0);
    }
    if (c->partial) {
        vd_buf_add(&p->line, VD_S("a summary was written before all was read"));
        put(p, "partial", 0);
    }
}

static void put_places(printing *p)
{
    for (size_t i = 0; i < p->c->place_count && !is_more(p, "covered", i, p->c->place_count); i++) {
        const vd_coverage_place *x = &p->c->places[i];

        put_where(&p->line, x->account, x->region);
        vd_buf_printf(&p->line, "  %u of %u days by " VD_F ", %llu event%s", (unsigned)x->days_seen, (unsigned)x->days_asked,
                      VD_A(x->method), (unsigned long long)x->events, plural(x->events));
        put(p, "covered", i);
    }
}

static void put_gaps(printing *p)
{
    for (size_t i = 0; i < p->c->gap_count && !is_more(p, "gaps", i, p->c->gap_count); i++) {
        const vd_coverage_gap *x = &p->c->gaps[i];

        put_where(&p->line, x->account, x->region);
        vd_buf_add(&p->line, VD_S("  "));
        put_span(&p->line, x->from, x->to);
        vd_buf_printf(&p->line, ": " VD_F, VD_A(x->reason));
        put(p, "gaps", i);
    }
}

static void put_classes(printing *p)
{
    static const char *const states[] = { "on", "partial", "off" };
    size_t                   lines = 0;
    bool                     guessed = false;

    for (size_t k = 0; k < VD_COUNT(states); k++) {
        const char *comma = "";

        for (size_t i = 0; i < p->c->class_count; i++) {
            const vd_coverage_class *x = &p->c->classes[i];

            if (strcmp(x->state, states[k]) != 0)
                continue;
            if (!*comma)
                vd_buf_printf(&p->line, "%s: ", states[k]);
            vd_buf_printf(&p->line, "%s" VD_F "%s", comma, VD_A(x->name), x->inferred ? "*" : "");
            guessed |= x->inferred;
            comma = ", ";
        }
        if (*comma)
            put(p, "events", lines++);
    }
    if (guessed) {
        vd_buf_add(&p->line, VD_S("*: inferred from the events, as nobody told how the trail is set up"));
        put(p, "events", lines);
    }
}

static void put_sources(printing *p)
{
    for (size_t i = 0; i < p->c->source_count; i++) {
        const vd_usage_evidence *x = &p->c->sources[i];

        vd_buf_printf(&p->line, VD_F, VD_A(x->kind));
        if (x->as_of) {
            vd_buf_add(&p->line, VD_S(", as of "));
            put_time(&p->line, x->as_of);
        }
        put(p, "reports", i);
    }
}

static void put_unmapped(printing *p)
{
    for (size_t i = 0; i < p->c->unmapped_count && !is_more(p, "unmapped", i, p->c->unmapped_count); i++) {
        const vd_unmapped *x = &p->c->unmapped[i];

        vd_buf_printf(&p->line, VD_F "%s" VD_F "  %llu event%s of %u principal%s%s", VD_A(x->source), x->name.n ? " " : "",
                      VD_A(x->name), (unsigned long long)x->count, plural(x->count), (unsigned)x->actors, plural(x->actors),
                      x->name.n ? "" : ": nobody knows the source");
        put(p, "unmapped", i);
    }
    if (p->c->thin) {
        vd_buf_printf(&p->line, "%u principal%s with fewer than 10 events", (unsigned)p->c->thin, plural(p->c->thin));
        put(p, "thin", 0);
    }
}

void vd_render_coverage_text(vd_buf *out, const vd_look *look, const vd_usage_coverage *c, bool verbose)
{
    printing p = { .out = out, .look = look, .c = c, .most = verbose ? SIZE_MAX : FEW, .line = vd_buf_on(out->alloc, 0) };

    put_window(&p);
    put_places(&p);
    put_gaps(&p);
    put_classes(&p);
    put_sources(&p);
    put_unmapped(&p);
    out->failed |= p.line.failed;
    vd_buf_done(&p.line);
}
