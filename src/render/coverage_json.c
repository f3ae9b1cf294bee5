/* SPDX-License-Identifier: Apache-2.0
 *
 * The coverage for programs: docs/schema/coverage.json.
 */
#include "base/calendar.h"
#include "base/str.h"
#include "render/coverage.h"
#include "render/parts.h"

static vd_json *time_of(int64_t seconds)
{
    char   text[VD_TIME_ROOM];
    size_t n = vd_time_format(text, seconds);

    return vd_json_string((vd_str){ text, n });
}

static vd_json *count_of(uint64_t n)
{
    return vd_json_int(n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

static vd_json *places_of(const vd_usage_coverage *c)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < c->place_count; i++) {
        const vd_coverage_place *x = &c->places[i];
        vd_json                 *o = vd_json_object();

        vd_json_set(o, "account", vd_json_string(x->account));
        vd_json_set(o, "region", vd_json_string(x->region));
        vd_json_set(o, "daysAsked", vd_json_int(x->days_asked));
        vd_json_set(o, "daysSeen", vd_json_int(x->days_seen));
        vd_json_set(o, "events", count_of(x->events));
        if (x->events) {
            vd_json_set(o, "first", time_of(x->first));
            vd_json_set(o, "last", time_of(x->last));
        }
        vd_json_set(o, "method", vd_json_string(x->method));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *gaps_of(const vd_usage_coverage *c)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < c->gap_count; i++) {
        const vd_coverage_gap *x = &c->gaps[i];
        vd_json               *o = vd_json_object();

        vd_json_set(o, "account", vd_part_text_or_null(x->account));
        vd_json_set(o, "region", vd_part_text_or_null(x->region));
        vd_json_set(o, "from", time_of(x->from));
        vd_json_set(o, "to", time_of(x->to));
        vd_json_set(o, "reason", vd_json_string(x->reason));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *classes_of(const vd_usage_coverage *c)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < c->class_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "name", vd_json_string(c->classes[i].name));
        vd_json_set(o, "state", vd_part_words(c->classes[i].state));
        vd_json_set(o, "inferred", vd_json_bool(c->classes[i].inferred));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *unmapped_of(const vd_usage_coverage *c)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < c->unmapped_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "source", vd_json_string(c->unmapped[i].source));
        vd_json_set(o, "name", vd_part_text_or_null(c->unmapped[i].name));
        vd_json_set(o, "count", count_of(c->unmapped[i].count));
        vd_json_set(o, "principals", vd_json_int(c->unmapped[i].actors));
        vd_json_push(list, o);
    }
    return list;
}

static vd_json *sources_of(const vd_usage_coverage *c)
{
    vd_json *list = vd_json_array();

    for (size_t i = 0; i < c->source_count; i++) {
        vd_json *o = vd_json_object();

        vd_json_set(o, "kind", vd_json_string(c->sources[i].kind));
        vd_json_set(o, "asOf", c->sources[i].as_of ? time_of(c->sources[i].as_of) : vd_json_null());
        vd_json_push(list, o);
    }
    return list;
}

vd_json *vd_render_coverage_json(const vd_usage_coverage *c)
{
    vd_json *o = vd_json_object(), *read = vd_json_object();
    bool     any = c->to > c->from;

    vd_json_set(o, "from", any ? time_of(c->from) : vd_json_null());
    vd_json_set(o, "to", any ? time_of(c->to) : vd_json_null());
    vd_json_set(o, "places", places_of(c));
    vd_json_set(o, "gaps", gaps_of(c));
    vd_json_set(o, "classes", classes_of(c));
    vd_json_set(o, "unmapped", unmapped_of(c));
    vd_json_set(o, "reports", sources_of(c));
    vd_json_set(read, "files", count_of(c->units));
    vd_json_set(read, "events", count_of(c->events));
    vd_json_set(read, "bytes", count_of(c->bytes));
    vd_json_set(read, "lost", vd_json_int(c->lost));
    vd_json_set(read, "partial", vd_json_bool(c->partial));
    vd_json_set(o, "read", read);
    vd_json_set(o, "thinPrincipals", vd_json_int(c->thin));
    vd_json_set(o, "tables", vd_json_string(c->tables));
    vd_json_set(o, "catalog", vd_json_string(c->catalog_date));
    return o;
}

vd_code vd_render_coverage_document(vd_buf *out, const vd_usage_coverage *c)
{
    vd_json *o = vd_json_object();

    vd_part_set_version(o);
    vd_json_set(o, "coverage", vd_render_coverage_json(c));
    return vd_part_finish(out, o, true);
}
