/* SPDX-License-Identifier: Apache-2.0
 *
 * What the logs of each account and region hold, by whomever: the days, the classes of events, the actions.  What was seen
 * once the logs can show.
 */
#include "activity/see.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/value.h"
#include "text/doc.h"

#include <stdlib.h>

enum { AN_HOUR = 3600, A_DAY = 86400, HOURS = 24 };

static const vd_str digest_kind = VD_L("digest"), lookup_kind = VD_L("lookup"), advisor_kind = VD_L("access-advisor");
static const vd_str history = VD_L("history"); /* a table of LookupEvents */

/* Tables that somebody made are no logs: what is not in them need not be missing. */
static bool is_log(const vd_act_event *e)
{
    return e->account.n && !vd_str_eq(e->kind, VD_S("action")) && !vd_str_eq(e->kind, VD_S("table"));
}

/* ------------------------------------------------------------------ places and accounts */

typedef struct pair {
    vd_str account, region;
} pair;

static int by_pair(const void *a, const void *b)
{
    const pair *x = a, *y = b;
    int         c = vd_str_cmp(x->account, y->account);

    return c ? c : vd_str_cmp(x->region, y->region);
}

/* "111111111111|eu-west-1" */
static pair pair_of(vd_str subject)
{
    pair p = { .region = subject };

    if (!vd_str_cut(&p.region, '|', &p.account))
        p.account = VD_S("");
    return p;
}

/* Every account and region that logs or digests speak of, once. */
static pair *all_pairs(const vd_activity *a, uint32_t *count)
{
    pair    *at = vd_arena_new_array(&((vd_activity *)(uintptr_t)a)->arena, pair, a->event_count + a->evidence_count + 1);
    uint32_t n = 0, kept = 0;

    for (uint32_t i = 0; at && i < a->event_count; i++)
        if (is_log(&a->events[i]))
            at[n++] = (pair){ a->events[i].account, a->events[i].region };
    for (uint32_t i = 0; at && i < a->evidence_count; i++)
        if (vd_str_eq(a->evidence[i].kind, digest_kind) && pair_of(a->evidence[i].subject).account.n)
            at[n++] = pair_of(a->evidence[i].subject);
    if (at && n)
        qsort(at, n, sizeof *at, by_pair);
    for (uint32_t i = 0; at && i < n; i++)
        if (kept == 0 || by_pair(&at[kept - 1], &at[i]) != 0)
            at[kept++] = at[i];
    *count = kept;
    return at;
}

static bool new_account(vd_seeing *s, vd_activity *a, vd_str name, uint32_t first_place)
{
    vd_see_account *c = &s->accounts[s->account_count++];
    size_t          families = vd_see_family(vd_catalog_services(a->catalog), false, false);

    *c = (vd_see_account){ .account = name, .first_place = first_place };
    c->days = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
    c->read_days = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
    c->write_days = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
    c->class_days = vd_arena_new_array(&a->arena, uint64_t *, s->classes.count + 1);
    c->actions = vd_arena_new_array(&a->arena, uint64_t, vd_catalog_actions(a->catalog) / 64 + 1);
    c->families = vd_arena_new_array(&a->arena, uint64_t, families / 64 + 1);
    return c->days && c->read_days && c->write_days && c->class_days && c->actions && c->families;
}

static bool make_places(vd_seeing *s, vd_activity *a)
{
    uint32_t count = 0;
    pair    *pairs = all_pairs(a, &count);

    s->places = vd_arena_new_array(&a->arena, vd_see_place, count + 1);
    s->accounts = vd_arena_new_array(&a->arena, vd_see_account, count + 1);
    s->anywhere = vd_arena_new_array(&a->arena, uint64_t, vd_catalog_actions(a->catalog) / 64 + 1);
    if (!pairs || !s->places || !s->accounts || !s->anywhere)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        vd_see_place *p = &s->places[s->place_count++];

        *p = (vd_see_place){ .account = pairs[i].account, .region = pairs[i].region };
        p->days = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
        if (!p->days || ((i == 0 || !vd_str_eq(pairs[i].account, pairs[i - 1].account)) && !new_account(s, a, p->account, i)))
            return false;
        s->accounts[s->account_count - 1].places++;
    }
    return true;
}

static vd_str account_key(const void *list, uint32_t index)
{
    return ((const vd_see_account *)list)[index].account;
}

vd_see_account *vd_see_account_of(const vd_seeing *s, vd_str account)
{
    uint32_t at = vd_str_search(s->accounts, s->account_count, account_key, vd_see_number(account));

    return at == VD_NONE ? NULL : &s->accounts[at];
}

static vd_see_place *place_of(const vd_seeing *s, const vd_see_account *c, vd_str region)
{
    for (uint32_t i = 0; i < c->places; i++)
        if (vd_str_eq(s->places[c->first_place + i].region, region))
            return &s->places[c->first_place + i];
    return NULL;
}

/* ------------------------------------------------------------------ events */

static bool is_data(const vd_seeing *s, const vd_activity *a, const vd_act_event *e)
{
    if (e->marks & VD_MARK_MANAGEMENT)
        return false;
    if (e->marks & (VD_MARK_DATA | VD_MARK_NETWORK))
        return true;
    return e->actions && vd_see_class_of(&s->classes, a->event_actions[e->first_action])->kind == VD_SEE_DATA;
}

/* Events of data tell the type that no row told. */
static bool learn(vd_seeing *s, vd_activity *a)
{
    for (uint32_t i = 0; i < a->event_count; i++) {
        const vd_act_event *e = &a->events[i];

        if (!(e->marks & VD_MARK_DATA) || (e->marks & VD_MARK_MANAGEMENT) || !is_log(e) || !e->type.n)
            continue;
        for (uint32_t k = 0; k < e->actions; k++) {
            uint32_t action = a->event_actions[e->first_action + k];
            uint8_t  kind = vd_see_class_of(&s->classes, action)->kind;

            if ((kind == VD_SEE_MGMT || kind == VD_SEE_CONSOLE) &&
                !vd_see_classes_learn(&s->classes, &a->arena, action, e->type))
                return false;
        }
    }
    return true;
}

static void join_days(uint64_t *into, const uint64_t *from, uint32_t words)
{
    for (uint32_t w = 0; w < words; w++)
        into[w] |= from[w];
}

static bool add_actions(vd_seeing *s, vd_activity *a, vd_see_account *c, const vd_act_event *e)
{
    for (uint32_t k = 0; k < e->actions; k++) {
        uint32_t action = a->event_actions[e->first_action + k], class = s->classes.of[action];

        vd_see_set(c->actions, action);
        vd_see_set(s->anywhere, action);
        if (!c->class_days[class])
            c->class_days[class] = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
        if (!c->class_days[class])
            return false;
        join_days(c->class_days[class], e->days, a->day_words);
    }
    return true;
}

static void add_reads(const vd_activity *a, vd_see_account *c, const vd_act_event *e, bool data)
{
    bool reads = e->marks & VD_MARK_READ, writes = e->marks & VD_MARK_WRITE;

    for (uint32_t k = 0; !(e->marks & (VD_MARK_READ | VD_MARK_WRITE)) && k < e->actions; k++) {
        bool read = vd_see_reads(a->catalog, a->event_actions[e->first_action + k]);

        reads |= read;
        writes |= !read;
    }
    if (reads && !data)
        join_days(c->read_days, e->days, a->day_words);
    if (writes && !data)
        join_days(c->write_days, e->days, a->day_words);
    if (e->service != VD_NONE && reads)
        vd_see_set(c->families, vd_see_family(e->service, data, true));
    if (e->service != VD_NONE && writes)
        vd_see_set(c->families, vd_see_family(e->service, data, false));
}

static void add_span(int64_t *first, int64_t *last, uint64_t *events, const vd_act_event *e)
{
    *first = !*events || e->first < *first ? e->first : *first;
    *last = !*events || e->last > *last ? e->last : *last;
    if (__builtin_add_overflow(*events, e->count, events))
        *events = UINT64_MAX;
}

static bool add_event(vd_seeing *s, vd_activity *a, const vd_act_event *e)
{
    vd_see_account *c = vd_see_account_of(s, e->account);
    vd_see_place   *p = c ? place_of(s, c, e->region) : NULL;

    if (!p || !e->count)
        return true;
    join_days(p->days, e->days, a->day_words);
    join_days(c->days, e->days, a->day_words);
    p->delivered |= !vd_str_eq(e->kind, history);
    add_span(&p->first, &p->last, &p->events, e);
    add_span(&c->first, &c->last, &c->events, e);
    add_reads(a, c, e, is_data(s, a, e));
    return add_actions(s, a, c, e);
}

/* ------------------------------------------------------------------ digests, and what was looked up */

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
}

/* "2026-03" and {"hours":"..."}: hours of the window. */
static bool add_hours(vd_activity *a, vd_see_account *c, vd_see_place *p, const vd_usage_evidence *e)
{
    size_t  words = (size_t)a->day_count * HOURS / 64 + 1, at = vd_str_find(e->values, ':') + 2;
    char    text[] = "0000-00-01T00:00:00Z";
    vd_date date;

    if (e->item.n != 7)
        return true;
    memcpy(text, e->item.p, 7);
    if (!vd_date_parse(&date, vd_str_of(text)))
        return true;
    if (!p->hours)
        p->hours = vd_arena_new_array(&a->arena, uint64_t, words);
    if (!p->hours)
        return false;
    for (size_t i = 0; at + i / 4 < e->values.n && i < 31 * HOURS; i++) {
        int64_t hour = date.seconds / AN_HOUR + (int64_t)i - a->first_day * HOURS;

        if (!(digit_of(e->values.p[at + i / 4]) >> i % 4 & 1) || hour < 0 || hour >= (int64_t)a->day_count * HOURS)
            continue;
        vd_see_set(p->hours, (size_t)hour);
        vd_see_set(c->days, (size_t)hour / HOURS);
    }
    return true;
}

static bool add_reports(vd_seeing *s, vd_activity *a)
{
    for (uint32_t i = 0; i < a->evidence_count; i++) {
        const vd_usage_evidence *e = &a->evidence[i];
        bool                     digest = vd_str_eq(e->kind, digest_kind), lookup = vd_str_eq(e->kind, lookup_kind);
        pair                     at = pair_of(e->subject);
        vd_see_account          *c = digest || lookup ? vd_see_account_of(s, at.account) : NULL;
        vd_see_place            *p = c ? place_of(s, c, at.region) : NULL;

        if (p && lookup)
            p->looked_up = true;
        if (p && digest && !add_hours(a, c, p, e))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ Access Advisor */

static int by_advice(const void *a, const void *b)
{
    const vd_see_advice *x = a, *y = b;
    int                  c = vd_str_cmp(x->subject, y->subject);

    c = c ? c : (x->service > y->service) - (x->service < y->service);
    return c ? c : (x->action > y->action) - (x->action < y->action);
}

static vd_code read_advice(vd_activity *a, vd_arena *scratch, const vd_usage_evidence *e, const vd_limits *limits, vd_see_advice *out)
{
    static const vd_str names[] = { VD_L("LastAuthenticated"), VD_L("LastAccessedTime") };
    vd_source           source = { .name = e->kind, .text = e->values };
    vd_str              service = e->item, rest = e->item;
    vd_error            err = { .size = sizeof err };
    vd_doc              doc;
    vd_date             date;

    *out = (vd_see_advice){ .subject = e->subject, .service = VD_NONE, .action = VD_NONE, .as_of = e->as_of };
    VD_TRY(vd_json_read(&doc, scratch, &source, limits, NULL, NULL, &err));
    vd_str_cut(&rest, ':', &service);
    out->service = vd_catalog_find_service(a->catalog, service);
    if (service.n < e->item.n)
        out->action = vd_catalog_find(a->catalog, e->item);
    if (out->service == VD_NONE || (service.n < e->item.n && out->action == VD_NONE) || doc.nodes[0].kind != VD_NODE_OBJECT)
        return VD_EINVAL;
    for (size_t i = 0; i < VD_COUNT(names); i++) {
        uint32_t node = vd_doc_member(&doc, 0, names[i]);

        if (node != VD_NONE && doc.nodes[node].kind != VD_NODE_NULL)
            out->last = vd_date_parse(&date, vd_doc_text(&doc, node)) ? date.seconds : e->as_of; /* some time, at least */
    }
    return VD_OK;
}

static bool take_advice(vd_seeing *s, vd_activity *a)
{
    vd_arena  scratch = vd_arena_on(&a->engine->alloc, 0);
    vd_limits limits;
    uint32_t  count = 0;
    bool      good = true;

    for (uint32_t i = 0; i < a->evidence_count; i++)
        count += vd_str_eq(a->evidence[i].kind, advisor_kind);
    s->advice = vd_arena_new_array(&a->arena, vd_see_advice, count + 1);
    vd_engine_limits(a->engine, &limits);
    for (uint32_t i = 0; s->advice && good && i < a->evidence_count; i++) {
        vd_code code;

        if (!vd_str_eq(a->evidence[i].kind, advisor_kind))
            continue;
        code = read_advice(a, &scratch, &a->evidence[i], &limits, &s->advice[s->advice_count]);
        s->advice_count += code == VD_OK;
        good = code != VD_ENOMEM;
        vd_arena_reset(&scratch);
    }
    vd_arena_done(&scratch);
    if (s->advice && s->advice_count)
        qsort(s->advice, s->advice_count, sizeof *s->advice, by_advice);
    return s->advice && good;
}

/* ------------------------------------------------------------------ the whole */

static vd_str partition_of(vd_str region)
{
    return vd_str_starts(region, VD_S("cn-"))       ? VD_S("aws-cn")
           : vd_str_starts(region, VD_S("us-gov-")) ? VD_S("aws-us-gov")
                                                    : VD_S("aws");
}

static void find_home(vd_seeing *s, vd_see_account *c)
{
    c->lookup = true;
    for (uint32_t i = 0; i < c->places; i++) {
        const vd_see_place *p = &s->places[c->first_place + i];
        vd_str              region = p->region;

        c->lookup &= !p->hours && (p->looked_up || !p->delivered);
        c->home |= vd_str_eq(region, vd_partition_region(partition_of(region)));
    }
}

bool vd_see_places_build(vd_seeing *s, vd_activity *a)
{
    if (!learn(s, a) || !make_places(s, a))
        return false;
    for (uint32_t i = 0; i < a->event_count; i++)
        if (is_log(&a->events[i]) && !add_event(s, a, &a->events[i]))
            return false;
    if (!add_reports(s, a) || !take_advice(s, a))
        return false;
    for (uint32_t i = 0; i < s->account_count; i++)
        find_home(s, &s->accounts[i]);
    return true;
}
