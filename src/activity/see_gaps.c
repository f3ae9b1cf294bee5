/* SPDX-License-Identifier: Apache-2.0
 *
 * When nothing was logged, or not for certain: what the log says of its own trail, hours without digest, files that a
 * digest names and nobody has read, and silence.
 *
 * Silence is a gap where it is unusual.  In an account with events on nine days of ten every silent day is one, and so it
 * is in a region of an account; in others a silence of more than a week.  The first days of a window may be silent: then
 * less of it is seen, which is told, too.
 */
#include "activity/see.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/value.h"
#include "text/doc.h"

#include <stdlib.h>

enum { AN_HOUR = 3600, A_DAY = 86400, HOURS = 24, BUSY_DAYS = 10, A_WEEK = 7 };

static bool add_gap(vd_activity *a, vd_see_account *c, vd_see_gap gap)
{
    gap.from = gap.from < a->from ? a->from : gap.from;
    gap.to = gap.to > a->to ? a->to : gap.to;
    return gap.to <= gap.from || VD_ARENA_PUSH(&a->arena, c->gaps, c->gap_count, c->gap_cap, gap);
}

/* ------------------------------------------------------------------ what the log says of its trail */

enum { STOP, START, CHANGE };
static const struct {
    vd_str  action, name;
    uint8_t what;
} controls[] = {
    { VD_L("cloudtrail:StopLogging"), VD_L("StopLogging"), STOP },
    { VD_L("cloudtrail:DeleteTrail"), VD_L("DeleteTrail"), STOP },
    { VD_L("cloudtrail:StartLogging"), VD_L("StartLogging"), START },
    { VD_L("cloudtrail:UpdateTrail"), VD_L("UpdateTrail"), CHANGE },
    { VD_L("cloudtrail:PutEventSelectors"), VD_L("PutEventSelectors"), CHANGE },
    { VD_L("cloudtrail:UpdateEventDataStore"), VD_L("UpdateEventDataStore"), CHANGE },
    { VD_L("cloudtrail:DeleteEventDataStore"), VD_L("DeleteEventDataStore"), CHANGE },
    { VD_L("cloudtrail:StopEventDataStoreIngestion"), VD_L("StopEventDataStoreIngestion"), CHANGE },
};

typedef struct turn {
    int64_t at;
    uint8_t what;
    vd_str  name;
} turn;

typedef struct turns {
    turn    *at;
    uint32_t count, cap;
} turns;

static int by_time(const void *a, const void *b)
{
    const turn *x = a, *y = b;

    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->what > y->what) - (x->what < y->what);
}

/* Of a use only the first and the last time are known, and the days between: a stop may have been at the beginning of such
 * a day, a start at its end. */
static bool add_turns(vd_activity *a, turns *t, const vd_act_use *u, size_t control)
{
    uint8_t what = controls[control].what;

    for (uint32_t d = 0; d < a->day_count; d++) {
        int64_t from = (a->first_day + d) * A_DAY, at = what == START ? from + A_DAY - 1 : from;

        if (!u->days || !vd_see_bit(u->days, d))
            continue;
        if (u->first >= from && u->first < from + A_DAY)
            at = u->first;
        else if (u->last >= from && u->last < from + A_DAY)
            at = u->last;
        if (!VD_ARENA_PUSH(&a->arena, t->at, t->count, t->cap, (turn){ at, what, controls[control].name }))
            return false;
    }
    return true;
}

/* Is it about a trail of this account, and about one that the logs may be of?  A trail that is told apart by its
 * configuration is; of others nobody knows. */
static bool concerns(const vd_seeing *s, const vd_see_account *c, vd_str actor_account, const vd_act_use *u)
{
    for (size_t i = 0; i < u->resources.count; i++) {
        vd_str arn = u->resources.at[i];
        vd_arn parts;
        bool   configured = false;

        if (!vd_arn_split(&parts, arn) || !vd_str_eq(parts.service, VD_S("cloudtrail")))
            continue;
        if (vd_str_find(arn, '*') < arn.n) /* some trail */
            break;
        for (uint32_t k = 0; k < s->trails.count; k++) {
            const vd_see_trail *t = &s->trails.at[k];

            configured |= vd_see_trail_is_for(t, c->account);
            if (vd_str_eq(t->arn, arn) && vd_see_trail_is_for(t, c->account))
                return true;
        }
        if (!configured && vd_str_eq(parts.account, c->account))
            return true;
        if (i + 1 == u->resources.count && !u->resources.more)
            return false;
    }
    return vd_str_eq(vd_see_number(actor_account), c->account);
}

/* A use that turns some trail on or off, or to something else. */
typedef struct control_use {
    const vd_act_use *use;
    vd_str            account; /* of who did it */
    size_t            control;
} control_use;

typedef struct control_uses {
    control_use *at;
    uint32_t     count, cap;
} control_uses;

static bool find_controls(vd_activity *a, control_uses *found)
{
    uint32_t ids[VD_COUNT(controls)];

    for (size_t i = 0; i < VD_COUNT(controls); i++)
        ids[i] = vd_catalog_find(a->catalog, controls[i].action);
    for (uint32_t i = 0; i < a->actor_count; i++)
        for (uint32_t k = 0; k < a->actors[i].actor.uses; k++) {
            const vd_act_use *u = &a->uses[a->actors[i].first_use + k];
            size_t            control = 0;

            while (control < VD_COUNT(controls) && ids[control] != u->action)
                control++;
            if (control < VD_COUNT(controls) && u->action != VD_NONE && u->count > u->errors &&
                !VD_ARENA_PUSH(&a->arena, found->at, found->count, found->cap,
                               (control_use){ u, a->actors[i].actor.account, control }))
                return false;
        }
    return true;
}

static bool find_turns(vd_seeing *s, vd_activity *a, const vd_see_account *c, const control_uses *found, turns *t)
{
    for (uint32_t i = 0; i < found->count; i++)
        if (concerns(s, c, found->at[i].account, found->at[i].use) && !add_turns(a, t, found->at[i].use, found->at[i].control))
            return false;
    if (t->count)
        qsort(t->at, t->count, sizeof *t->at, by_time);
    return true;
}

static bool read_turns(vd_activity *a, vd_see_account *c, const turns *t)
{
    const turn *stopped = NULL;

    for (uint32_t i = 0; i < t->count; i++) {
        const turn *now = &t->at[i];

        if (now->what == STOP) {
            stopped = stopped ? stopped : now;
        } else if (now->what == START && stopped) {
            if (!add_gap(a, c, (vd_see_gap){ .from = stopped->at, .to = now->at, .reason = stopped->name }))
                return false;
            stopped = NULL;
        } else if (now->what == CHANGE && now->at > a->from && now->at < a->to &&
                   !VD_ARENA_PUSH(&a->arena, c->changes, c->change_count, c->change_cap, (vd_see_change){ now->at, now->name })) {
            return false;
        }
    }
    return !stopped || add_gap(a, c, (vd_see_gap){ .from = stopped->at, .to = a->to, .reason = stopped->name });
}

/* A trail that is switched off, and no other that is not. */
static bool read_status(vd_seeing *s, vd_activity *a, vd_see_account *c)
{
    static const vd_str reason = VD_L("the trail does not log");
    const vd_see_trail *off = NULL;

    for (uint32_t i = 0; i < s->trails.count; i++) {
        const vd_see_trail *t = &s->trails.at[i];

        if (!vd_see_trail_is_for(t, c->account))
            continue;
        if (!t->off)
            return true;
        off = !off || t->stopped > off->stopped ? t : off;
    }
    return !off || add_gap(a, c, (vd_see_gap){ .from = off->stopped ? off->stopped : a->from, .to = a->to, .reason = reason });
}

/* ------------------------------------------------------------------ digests */

/* Hours without one between the first and the last. */
static bool read_hours(vd_activity *a, vd_see_account *c, const vd_see_place *p)
{
    static const vd_str reason = VD_L("missing digest");
    size_t              count = (size_t)a->day_count * HOURS, last = 0, from = SIZE_MAX;

    for (size_t h = 0; h < count; h++)
        last = vd_see_bit(p->hours, h) ? h : last;
    for (size_t h = 0; h <= last; h++) {
        if (vd_see_bit(p->hours, h)) {
            if (from != SIZE_MAX && from < h &&
                !add_gap(a, c, (vd_see_gap){ p->region, a->from + (int64_t)from * AN_HOUR, a->from + (int64_t)h * AN_HOUR, reason }))
                return false;
            from = h + 1;
        }
    }
    return true;
}

static int64_t number_at(const vd_doc *doc, const char *name)
{
    uint32_t node = vd_doc_member(doc, 0, vd_str_of(name));
    vd_str   text = node == VD_NONE ? VD_S("") : vd_doc_text(doc, node);
    int64_t  v = 0;

    if (!vd_str_all_digits(text) || text.n > 15)
        return -1;
    for (size_t i = 0; i < text.n; i++)
        v = v * 10 + (text.p[i] - '0');
    return v;
}

/* Files of logs that digests name and nobody has read, or that are not what they say; gaps of one region that touch become one. */
static bool read_missing(vd_seeing *s, vd_activity *a)
{
    static const vd_str missing = VD_L("missing log file"), changed = VD_L("changed log file");
    vd_arena            scratch = vd_arena_on(&a->engine->alloc, 0);
    vd_limits           limits;
    bool                good = true;

    vd_engine_limits(a->engine, &limits);
    for (uint32_t i = 0; good && i < a->evidence_count; i++) {
        const vd_usage_evidence *e = &a->evidence[i];
        vd_source                source = { .name = e->kind, .text = e->values };
        vd_error                 err = { .size = sizeof err };
        vd_str                   region = e->subject, account, reason = missing;
        vd_see_account          *c;
        vd_doc                   doc;
        vd_code                  code;
        int64_t                  from, to;

        if (vd_str_eq(e->kind, VD_S("unit-changed")))
            reason = changed;
        else if (!vd_str_eq(e->kind, VD_S("unit-missing")))
            continue;
        if (!vd_str_cut(&region, '|', &account) || !(c = vd_see_account_of(s, account)))
            continue;
        code = vd_json_read(&doc, &scratch, &source, &limits, NULL, NULL, &err);
        good = code != VD_ENOMEM;
        if (code == VD_OK && doc.nodes[0].kind == VD_NODE_OBJECT && (from = number_at(&doc, "min")) >= 0 &&
            (to = number_at(&doc, "max") + 1) > from) {
            vd_see_gap *before = c->gap_count ? &c->gaps[c->gap_count - 1] : NULL;

            if (before && before->reason.p == reason.p && vd_str_eq(before->region, region) && from <= before->to + 1 &&
                from >= before->from)
                before->to = to > before->to && to <= a->to ? to : before->to;
            else
                good = add_gap(a, c, (vd_see_gap){ region, from, to, reason });
        }
        vd_arena_reset(&scratch);
    }
    vd_arena_done(&scratch);
    return good;
}

/* ------------------------------------------------------------------ silence */

static uint32_t first_bit(const uint64_t *days, uint32_t count)
{
    uint32_t d = 0;

    while (d < count && !vd_see_bit(days, d))
        d++;
    return d;
}

static uint32_t bits_of(const uint64_t *days, uint32_t count)
{
    uint32_t n = 0;

    for (uint32_t d = 0; d < count; d++)
        n += vd_see_bit(days, d);
    return n;
}

/* Days of which something is known without events: those with digests. */
static bool has_digest(const vd_see_place *p, uint32_t day)
{
    for (uint32_t h = 0; p->hours && h < HOURS; h++)
        if (vd_see_bit(p->hours, (size_t)day * HOURS + h))
            return true;
    return false;
}

/* Events on nine of ten days, from the first of them on. */
static bool is_busy(const uint64_t *days, uint32_t first, uint32_t count)
{
    uint32_t seen = bits_of(days, count), last = count;

    while (last > first && !vd_see_bit(days, last - 1))
        last--;
    return seen >= BUSY_DAYS && (uint64_t)seen * 10 >= (uint64_t)(last - first) * 9;
}

/* place NULL: of the whole account; a region is silent on days on which the others are not. */
static bool read_silence(vd_activity *a, vd_see_account *c, const vd_see_place *p)
{
    static const vd_str reason = VD_L("no events");
    const uint64_t     *days = p ? p->days : c->days;
    uint32_t            count = a->day_count, first = first_bit(days, count), from = VD_NONE;
    bool                busy = is_busy(days, first, count);

    if (p && (!busy || first == count))
        return true;
    for (uint32_t d = 0; d <= count; d++) {
        bool     silent = d < count && !vd_see_bit(days, d) && (!p || (vd_see_bit(c->days, d) && !has_digest(p, d)));
        uint32_t run = from == VD_NONE ? 0 : d - from;

        if (silent) {
            from = from == VD_NONE ? d : from;
            continue;
        }
        if (run > A_WEEK || (run && busy && from > first))
            if (!(p && run > A_WEEK && from == 0) &&
                !add_gap(a, c, (vd_see_gap){ p ? p->region : VD_S(""), (a->first_day + from) * A_DAY, (a->first_day + d) * A_DAY, reason }))
                return false;
        from = VD_NONE;
    }
    return true;
}

static bool read_all_silence(vd_seeing *s, vd_activity *a, vd_see_account *c)
{
    if (!read_silence(a, c, NULL))
        return false;
    for (uint32_t i = 0; c->places > 1 && i < c->places; i++)
        if (!read_silence(a, c, &s->places[c->first_place + i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ the whole */

static bool read_account(vd_seeing *s, vd_activity *a, vd_see_account *c, const control_uses *found)
{
    turns    t = { 0 };
    uint32_t first = first_bit(c->days, a->day_count);

    c->since = first && first < a->day_count ? (a->first_day + first) * A_DAY : a->from;
    if (!find_turns(s, a, c, found, &t) || !read_turns(a, c, &t) || !read_status(s, a, c))
        return false;
    for (uint32_t i = 0; i < c->places; i++)
        if (s->places[c->first_place + i].hours && !read_hours(a, c, &s->places[c->first_place + i]))
            return false;
    return read_all_silence(s, a, c);
}

static int by_place_in_time(const void *a, const void *b)
{
    const vd_see_gap *x = a, *y = b;
    int               c = (x->from > y->from) - (x->from < y->from);

    c = c ? c : vd_str_cmp(x->region, y->region);
    c = c ? c : (x->to > y->to) - (x->to < y->to);
    return c ? c : vd_str_cmp(x->reason, y->reason);
}

bool vd_see_gaps_build(vd_seeing *s, vd_activity *a)
{
    control_uses found = { 0 };

    if (!find_controls(a, &found))
        return false;
    for (uint32_t i = 0; i < s->account_count; i++)
        if (!read_account(s, a, &s->accounts[i], &found))
            return false;
    if (!read_missing(s, a))
        return false;
    for (uint32_t i = 0; i < s->account_count; i++)
        if (s->accounts[i].gap_count)
            qsort(s->accounts[i].gaps, s->accounts[i].gap_count, sizeof(vd_see_gap), by_place_in_time);
    return true;
}
