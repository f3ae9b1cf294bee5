/* SPDX-License-Identifier: Apache-2.0
 *
 * What everything rests on (usage 5.4): places, gaps, classes, sources, and what is not known.
 */
#include "activity/see.h"

#include "base/str.h"

enum { A_DAY = 86400, THIN = 10 };

/* ------------------------------------------------------------------ places */

static const char *const methods[] = { "events", "digests", "events and digests" };

/* How many days something is known of, and how. */
static uint32_t days_of(const vd_activity *a, const vd_see_place *p, vd_str *method)
{
    uint32_t n = 0, digests = 0;

    for (uint32_t d = 0; d < a->day_count; d++) {
        bool digest = false;

        for (uint32_t h = 0; p->hours && !digest && h < 24; h++)
            digest = vd_see_bit(p->hours, (size_t)d * 24 + h);
        digests += digest;
        n += digest || vd_see_bit(p->days, d);
    }
    *method = vd_str_of(methods[!digests ? 0 : digests == n ? 1 : 2]);
    return n;
}

static bool tell_places(vd_seeing *s, vd_activity *a, vd_usage_coverage *out)
{
    vd_coverage_place *at = vd_arena_new_array(&a->arena, vd_coverage_place, s->place_count + 1);

    if (!at)
        return false;
    for (uint32_t i = 0; i < s->place_count; i++) {
        const vd_see_place   *p = &s->places[i];
        const vd_see_account *c = vd_see_account_of(s, p->account);

        at[i] = (vd_coverage_place){ .size = sizeof *at, .account = p->account, .region = p->region, .days_asked = a->day_count,
                                     .first = p->first, .last = p->last, .events = p->events };
        at[i].days_seen = days_of(a, p, &at[i].method);
        if (c && c->lookup)
            at[i].method = VD_S("lookup");
        out->events += p->events;
    }
    out->places = at;
    out->place_count = s->place_count;
    return true;
}

/* ------------------------------------------------------------------ gaps */

/* Before a change nobody knows what was logged, but for what was seen. */
static bool tell_change(vd_activity *a, const vd_see_account *c, const vd_see_change *change, vd_coverage_gap *out)
{
    *out = (vd_coverage_gap){ .size = sizeof *out, .account = c->account, .from = a->from, .to = change->at };
    return vd_arena_printf(&a->arena, &out->reason, "before " VD_F, VD_A(change->name));
}

static bool tell_gaps(vd_seeing *s, vd_activity *a, vd_usage_coverage *out)
{
    vd_coverage_gap *at;
    size_t           n = 0;

    for (uint32_t i = 0; i < s->account_count; i++)
        n += s->accounts[i].gap_count + s->accounts[i].change_count;
    at = vd_arena_new_array(&a->arena, vd_coverage_gap, n + 1);
    if (!at)
        return false;
    for (uint32_t i = 0; i < s->account_count; i++) {
        const vd_see_account *c = &s->accounts[i];

        for (uint32_t k = 0; k < c->change_count; k++)
            if (!tell_change(a, c, &c->changes[k], &at[out->gap_count++]))
                return false;
        for (uint32_t k = 0; k < c->gap_count; k++)
            at[out->gap_count++] = (vd_coverage_gap){ sizeof *at, c->account, c->gaps[k].region, c->gaps[k].from, c->gaps[k].to,
                                                      c->gaps[k].reason };
    }
    out->gaps = at;
    return true;
}

/* ------------------------------------------------------------------ classes */

/* Types that people ask for first: told whether they are on or not. */
static const vd_str usual[] = { VD_L("data:AWS::S3::Object"), VD_L("data:AWS::Lambda::Function"), VD_L("data:AWS::DynamoDB::Table") };

static const vd_see_class *class_named(const vd_seeing *s, vd_str name)
{
    for (uint32_t i = 0; i < s->classes.count; i++)
        if (vd_str_eq(s->classes.at[i].name, name))
            return &s->classes.at[i];
    return NULL;
}

/* Over all accounts of which there are logs.  Regions and times are told elsewhere. */
static vd_coverage_class state_of(const vd_seeing *s, const vd_activity *a, vd_str name, const vd_see_question *q)
{
    vd_coverage_class out = { .size = sizeof out, .name = name };
    uint32_t          all = 0, on = 0, partial = 0;

    for (uint32_t i = 0; i < s->account_count; i++) {
        vd_see_answer answer;

        if (!s->accounts[i].events)
            continue;
        answer = vd_see_asked(s, a, &s->accounts[i], q, false);
        answer.reasons &= ~(uint32_t)(VD_BLIND_REGION_GAP | VD_BLIND_TIME_GAP);
        out.inferred |= answer.inferred;
        all++;
        on += !answer.reasons;
        partial += answer.reasons == VD_BLIND_PARTIAL_SELECTOR;
    }
    out.state = all && on == all ? "on" : on || partial ? "partial" : "off";
    return out;
}

static bool is_usual(vd_str name)
{
    for (size_t i = 0; i < VD_COUNT(usual); i++)
        if (vd_str_eq(usual[i], name))
            return true;
    return false;
}

static bool tell_classes(vd_seeing *s, vd_activity *a, vd_usage_coverage *out)
{
    static const struct {
        vd_str name, class, source;
        bool   read;
    } fixed[] = {
        { VD_L("management reads"), VD_L("mgmt"), VD_L(""), true },
        { VD_L("management writes"), VD_L("mgmt"), VD_L(""), false },
        { VD_L("kms"), VD_L("kms-excl"), VD_L("kms"), true },
        { VD_L("rds-data"), VD_L("rdsdata-excl"), VD_L("rdsdata"), false },
    };
    vd_coverage_class *at = vd_arena_new_array(&a->arena, vd_coverage_class, s->classes.count + VD_COUNT(fixed));

    if (!at)
        return false;
    out->classes = at;
    for (size_t i = 0; i < VD_COUNT(fixed); i++) {
        vd_see_question q = { class_named(s, fixed[i].class), fixed[i].read, fixed[i].source };

        if (q.class)
            at[out->class_count++] = state_of(s, a, fixed[i].name, &q);
    }
    for (uint32_t i = 0; i < s->classes.count; i++) {
        vd_see_question   q = { &s->classes.at[i], false, VD_S("") };
        vd_coverage_class c;

        if (q.class->kind != VD_SEE_DATA)
            continue;
        c = state_of(s, a, q.class->type, &q);
        if (is_usual(q.class->name) || c.state[1] != 'f') /* of the many that are off only these are told */
            at[out->class_count++] = c;
    }
    return true;
}

/* ------------------------------------------------------------------ sources */

static bool tell_sources(vd_activity *a, vd_usage_coverage *out)
{
    vd_usage_evidence *at = vd_arena_new_array(&a->arena, vd_usage_evidence, a->evidence_count + 1);

    if (!at)
        return false;
    for (uint32_t i = 0; i < a->evidence_count; i++) {
        const vd_usage_evidence *e = &a->evidence[i];

        if (vd_str_eq(e->kind, VD_S("unit-missing")) || vd_str_eq(e->kind, VD_S("unit-changed")) || vd_str_eq(e->kind, VD_S("lookup")))
            continue; /* told as gaps, and as how a place is seen */
        if (out->source_count == 0 || !vd_str_eq(at[out->source_count - 1].kind, e->kind))
            at[out->source_count++] = (vd_usage_evidence){ .size = sizeof *at, .kind = e->kind };
        if (e->as_of > at[out->source_count - 1].as_of)
            at[out->source_count - 1].as_of = e->as_of;
    }
    out->sources = at;
    return true;
}

bool vd_see_told_build(vd_seeing *s, vd_activity *a)
{
    vd_usage_coverage *out = &s->coverage;

    *out = (vd_usage_coverage){ .size = sizeof *out, .from = a->from, .to = a->to };
    if (!tell_places(s, a, out) || !tell_gaps(s, a, out) || !tell_classes(s, a, out) || !tell_sources(a, out))
        return false;
    out->unmapped = a->unmapped;
    out->unmapped_count = a->unmapped_count;
    out->units = a->units;
    out->bytes = a->unit_bytes;
    for (uint32_t i = 0; i < a->actor_count; i++)
        out->thin += a->actors[i].actor.events < THIN;
    out->lost = a->lost;
    out->overlaps = a->overlaps;
    out->tables = vd_str_of(a->tables);
    out->catalog_date = vd_catalog_date(a->catalog);
    out->partial = a->partial;
    return true;
}

void vd_activity_coverage(const vd_activity *a, vd_usage_coverage *out)
{
    *out = a->seeing->coverage;
}

/* A day counts when something is known of it, and no gap takes the whole of it. */
uint32_t vd_activity_covered(const vd_activity *a, vd_str account)
{
    const vd_see_account *c = vd_see_account_of(a->seeing, account);
    uint32_t              seen = 0;

    for (uint32_t d = 0; c && d < a->day_count; d++) {
        int64_t from = (a->first_day + d) * A_DAY;
        bool    lost = !vd_see_bit(c->days, d);

        for (uint32_t i = 0; !lost && i < c->gap_count; i++)
            lost = c->gaps[i].from <= from && c->gaps[i].to >= from + A_DAY;
        seen += !lost;
    }
    return a->day_count ? (uint32_t)((uint64_t)seen * 1000 / a->day_count) : 0;
}
