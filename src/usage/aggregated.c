/* SPDX-License-Identifier: Apache-2.0
 *
 * Events that sum up five minutes of many (usage 1.5): lists of how often each name of a dimension was seen.  The lists say
 * nothing about one another: who did what is certain only when there was one principal, or one name.
 */
#include "base/str.h"
#include "catalog/events.h"
#include "usage/usage_int.h"
#include "usage/who.h"

enum { LABEL_BYTES = 256, MOST_PAIRS = 1 << 16 };

/* One entry of a list. */
typedef struct statistic {
    vd_str   name;
    uint64_t count;
} statistic;

typedef VD_VEC(statistic) statistics;

/* What all facts of the event have in common. */
typedef struct summing {
    vd_usage  *u;
    int64_t    time;
    vd_str     parts[VD_FACT_PARTS];
    char       label[LABEL_BYTES];
    statistics names, people; /* of events; ARNs of principals */
} summing;

static bool put(summing *s, vd_str name, uint64_t count)
{
    vd_fact *f;

    s->parts[VD_F_NAME] = name;
    f = vd_usage_fact_of(s->u, s->parts);
    if (f && vd_fact_seen(&s->u->facts.arena, f, count, s->time, s->time))
        return true;
    return f || s->u->code == VD_OK ? vd_usage_nomem(s->u) : false;
}

static bool read_statistic(vd_usage *u, vd_str element, statistic *out)
{
    vd_str value;

    *out = (statistic){ 0 };
    if (!vd_scan_text(vd_scan_find(element, VD_S("name")), &u->scratch, &out->name) ||
        !vd_scan_text(vd_scan_find(element, VD_S("value")), &u->scratch, &value))
        return vd_usage_nomem(u);
    for (size_t i = 0; i < value.n && vd_is_digit(value.p[i]) && out->count < UINT64_MAX / 16; i++)
        out->count = out->count * 10 + (uint64_t)(value.p[i] - '0');
    out->count = out->count ? out->count : 1;
    if (out->name.n > VD_FACT_PART_BYTES)
        out->name.n = 0;
    return true;
}

/* A user, a role, a session or the root user. */
static bool is_person(vd_str name)
{
    char   buffer[VD_WHO_BYTES];
    vd_who who;

    return vd_str_starts(name, VD_S("arn:")) && vd_who_arn(&who, buffer, name) && who.account.n > 0;
}

static bool add(summing *s, statistics *list, statistic one)
{
    return VD_PUSH(&s->u->engine->alloc, list, one) || vd_usage_nomem(s->u);
}

/* Every name in a list was called, or touched, or did call, in that window. */
static bool dimension(summing *s, vd_str object)
{
    vd_str list = vd_scan_find(object, VD_S("statistics")), element, kind;
    bool   names;

    if (!vd_scan_text(vd_scan_find(object, VD_S("dimension")), &s->u->scratch, &kind) ||
        !vd_arena_printf(&s->u->scratch, &s->parts[VD_F_KIND], "aggregated-" VD_F, VD_A(kind)))
        return vd_usage_nomem(s->u);
    names = vd_str_ieq(kind, VD_S("eventName"));
    while (vd_scan_element(&list, &element)) {
        statistic one;

        if (!read_statistic(s->u, element, &one))
            return false;
        if (!one.name.n)
            continue;
        if (!put(s, one.name, one.count))
            return false;
        if (names ? !add(s, &s->names, one)
                  : !vd_str_ieq(kind, VD_S("resourceARN")) && is_person(one.name) && !add(s, &s->people, one))
            return false;
    }
    return true;
}

/* Of lists of which one has a single entry each pair is certain, and the other one tells how often. */
static bool pairs(summing *s, uint64_t offset)
{
    bool     certain = s->people.count == 1 || s->names.count == 1;
    uint64_t count = (uint64_t)s->people.count * s->names.count;
    char     buffer[VD_WHO_BYTES];
    vd_who   who;

    if (count > MOST_PAIRS) {
        vd_usage_note_at(s->u, VD_U_LIMIT_RECORD, offset, "%u principals and %u names of events: which of them belong together "
                         "is not kept", s->people.count, s->names.count);
        return true;
    }
    s->parts[VD_F_KIND] = certain ? VD_S("aggregated-use") : VD_S("aggregated-possible");
    for (uint32_t i = 0; i < s->people.count; i++) {
        if (!vd_who_arn(&who, buffer, s->people.at[i].name))
            continue;
        s->parts[VD_F_PRINCIPAL] = who.text;
        for (uint32_t k = 0; k < s->names.count; k++)
            if (!put(s, s->names.at[k].name,
                     !certain ? 1 : s->people.count == 1 ? s->names.at[k].count : s->people.at[i].count))
                return false;
    }
    return true;
}

static bool sum_up(summing *s, const vd_record *r, uint64_t offset)
{
    vd_str details = vd_scan_find(r->at[VD_M_SUMMARY], VD_S("details")), element, source = vd_event_label(r->at[VD_M_SOURCE]);

    if (source.n > sizeof s->label)
        return true;
    vd_lower_copy(s->label, source.p, source.n);
    s->parts[VD_F_SOURCE] = (vd_str){ s->label, source.n };
    s->parts[VD_F_REGION] = r->at[VD_M_REGION];
    s->parts[VD_F_GUARDS] = VD_S("?");
    s->parts[VD_F_OUTCOME] = VD_S("ok");
    if (!vd_arena_printf(&s->u->scratch, &s->parts[VD_F_PRINCIPAL], VD_F "|unknown||", VD_A(r->at[VD_M_ACCOUNT])))
        return vd_usage_nomem(s->u);
    if (!dimension(s, vd_scan_find(r->at[VD_M_SUMMARY], VD_S("primaryDimension"))))
        return false;
    while (vd_scan_element(&details, &element))
        if (!dimension(s, element))
            return false;
    return pairs(s, offset) && vd_usage_room(s->u);
}

bool vd_usage_aggregated(vd_usage *u, const vd_record *r, uint64_t offset)
{
    summing         s = { .u = u };
    vd_str          start;
    uint64_t        id;
    vd_dedup_answer seen;
    bool            good;

    vd_usage_count(u, VD_C_EVENTS);
    if (!vd_scan_text(vd_scan_find(r->at[VD_M_TIME_WINDOW], VD_S("windowStart")), &u->scratch, &start))
        return vd_usage_nomem(u);
    if (!vd_usage_time(&s.time, start) && !vd_usage_time(&s.time, r->at[VD_M_TIME])) {
        vd_usage_reject(u, VD_U_NO_TIME, offset);
        return true;
    }
    if (!vd_usage_plausible(u, s.time)) {
        vd_usage_reject(u, VD_U_TIME_IMPLAUSIBLE, offset);
        return true;
    }
    id = vd_hash(u->seed ^ (uint64_t)s.time, r->at[VD_M_EVENT_ID]);
    seen = r->at[VD_M_EVENT_ID].n ? vd_dedup_add(u->dedup, id, id) : VD_DEDUP_NEW;
    if (seen == VD_DEDUP_SEEN) {
        vd_usage_count(u, VD_C_DUP);
        return true;
    }
    if (seen == VD_DEDUP_POSSIBLE)
        vd_usage_count(u, VD_C_DUP_POSSIBLE);
    vd_usage_count(u, VD_C_AGGREGATED);
    vd_usage_unit_time(u, s.time);
    good = sum_up(&s, r, offset);
    VD_VEC_DONE(&u->engine->alloc, &s.names);
    VD_VEC_DONE(&u->engine->alloc, &s.people);
    return good;
}
