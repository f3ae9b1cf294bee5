/* SPDX-License-Identifier: Apache-2.0
 *
 * Used, possibly used, not seen, or not to be seen: the state of an action of a principal.  "Not seen" is only said when
 * the logs of the account could have shown it all the time, or when Access Advisor knows better; every doubt is a reason
 * why it cannot be seen.
 */
#include "activity/see.h"

#include "base/str.h"
#include "catalog/events.h"
#include "catalog/facts.h"

enum { A_DAY = 86400, FRESH_DAYS = 2, KEPT_DAYS = 400, A_WEEK = 7 };

/* ------------------------------------------------------------------ building */

/* Most services have the prefix as the label of their source. */
static bool make_labels(vd_seeing *s, vd_activity *a)
{
    uint32_t count = vd_catalog_services(a->catalog);

    s->labels = vd_arena_new_array(&a->arena, vd_str, count + 1);
    if (!s->labels)
        return false;
    for (uint32_t i = 0; i < count; i++)
        s->labels[i] = vd_catalog_service(a->catalog, i).prefix;
    for (uint32_t i = vd_rows_event_sources.count; i-- > 0;) {
        const vd_row *row = &vd_rows_event_sources.at[i];
        uint32_t      service = vd_catalog_find_service(a->catalog, row->column[1]);

        if (service != VD_NONE && vd_rows_of(vd_rows_event_sources, row->column[1]).count == 0 &&
            vd_str_find(row->column[0], '.') == row->column[0].n)
            s->labels[service] = row->column[0];
    }
    return true;
}

bool vd_seeing_build(vd_activity *a)
{
    vd_seeing *s = vd_arena_new(&a->arena, vd_seeing);

    a->seeing = s;
    return s && vd_see_classes_build(&s->classes, &a->arena, a->catalog) && make_labels(s, a) && vd_see_trails_read(&s->trails, a) &&
           vd_see_places_build(s, a) && vd_see_gaps_build(s, a) && vd_see_told_build(s, a);
}

/* ------------------------------------------------------------------ a kind of event in an account */

/* What was logged may have been another thing before each change: events before and after it show that it was not. */
static bool is_healed(const vd_activity *a, const vd_see_account *c, const uint64_t *days)
{
    int64_t from = a->first_day;

    for (uint32_t i = 0; i <= c->change_count; i++) {
        int64_t to = i < c->change_count ? c->changes[i].at / A_DAY : a->first_day + (int64_t)a->day_count - 1;
        bool    any = false;

        for (int64_t d = from; days && !any && d <= to; d++)
            any = vd_see_bit(days, (size_t)(d - a->first_day));
        if (!any)
            return false;
        from = to;
    }
    return true;
}

static const uint64_t *days_of(const vd_seeing *s, const vd_see_account *c, const vd_see_question *q)
{
    if (q->class->kind == VD_SEE_MGMT || q->class->kind == VD_SEE_CONSOLE)
        return q->read ? c->read_days : c->write_days;
    return c->class_days[q->class - s->classes.at];
}

static bool any_day(const vd_activity *a, const uint64_t *days)
{
    for (uint32_t w = 0; days && w < a->day_words; w++)
        if (days[w])
            return true;
    return false;
}

static uint32_t days_seen(const vd_activity *a, const uint64_t *days)
{
    uint32_t n = 0;

    for (uint32_t w = 0; w < a->day_words; w++)
        n += (uint32_t)__builtin_popcountll(days[w]);
    return n;
}

/* What the events themselves say, when nobody says how the trail is set up. */
static uint32_t inferred(const vd_seeing *s, const vd_activity *a, const vd_see_account *c, const vd_see_question *q, bool global)
{
    uint32_t reasons = 0;
    bool     week = days_seen(a, c->days) > A_WEEK;

    switch (q->class->kind) {
    case VD_SEE_DATA:
        return any_day(a, days_of(s, c, q)) ? VD_BLIND_PARTIAL_SELECTOR : VD_BLIND_DATA_EVENTS_OFF;
    case VD_SEE_KMS:
        reasons |= any_day(a, days_of(s, c, q)) ? 0u : (uint32_t)VD_BLIND_KMS_EXCLUDED;
        break;
    case VD_SEE_RDSDATA:
        reasons |= any_day(a, days_of(s, c, q)) ? 0u : (uint32_t)VD_BLIND_RDSDATA_EXCLUDED;
        break;
    default:
        break;
    }
    if (week && !any_day(a, q->read ? c->read_days : c->write_days))
        reasons |= q->read ? VD_BLIND_READS_EXCLUDED : VD_BLIND_WRITES_EXCLUDED;
    if (global ? !c->home : c->lookup)
        reasons |= VD_BLIND_REGION_GAP;
    return reasons;
}

/* Why a trail does not show events of management: none that read, or not of this source. */
static uint32_t left_out(const vd_seeing *s, const vd_see_account *c, const vd_see_question *q)
{
    vd_see_question any = *q;

    any.source = VD_S("");
    for (uint32_t i = 0; i < s->trails.count; i++)
        if (s->trails.at[i].known && vd_see_trail_is_for(&s->trails.at[i], c->account) &&
            vd_see_trail_shows(&s->trails.at[i], &any) != VD_SEES_NONE)
            return q->class->kind == VD_SEE_KMS       ? VD_BLIND_KMS_EXCLUDED
                   : q->class->kind == VD_SEE_RDSDATA ? VD_BLIND_RDSDATA_EXCLUDED
                                                      : VD_BLIND_PARTIAL_SELECTOR;
    return q->read ? VD_BLIND_READS_EXCLUDED : VD_BLIND_WRITES_EXCLUDED;
}

/* What the trails of the account were told; false: nobody says. */
static bool configured(const vd_seeing *s, const vd_activity *a, const vd_see_account *c, const vd_see_question *q, bool global,
                       uint32_t *reasons)
{
    vd_see_much best = VD_SEES_NONE;
    bool        any = false, everywhere = false;

    for (uint32_t i = 0; i < s->trails.count; i++) {
        const vd_see_trail *t = &s->trails.at[i];
        vd_see_much         much;

        if (!t->known || !vd_see_trail_is_for(t, c->account))
            continue;
        any = true;
        much = vd_see_trail_shows(t, q);
        best = much > best ? much : best;
        everywhere |= much == VD_SEES_ALL && (!t->placed || t->everywhere || (global && t->global));
    }
    *reasons = 0;
    if (best == VD_SEES_PART)
        *reasons = VD_BLIND_PARTIAL_SELECTOR;
    else if (best == VD_SEES_ALL)
        *reasons = everywhere ? 0u : (uint32_t)VD_BLIND_REGION_GAP;
    else if (q->class->kind == VD_SEE_DATA)
        *reasons = any_day(a, days_of(s, c, q)) ? VD_BLIND_PARTIAL_SELECTOR : VD_BLIND_DATA_EVENTS_OFF;
    else
        *reasons = left_out(s, c, q);
    return any;
}

vd_see_answer vd_see_asked(const vd_seeing *s, const vd_activity *a, const vd_see_account *c, const vd_see_question *q, bool global)
{
    vd_see_answer answer = { 0 };

    if (q->class->kind == VD_SEE_NET)
        return (vd_see_answer){ VD_BLIND_DATA_EVENTS_OFF, true };
    if (!configured(s, a, c, q, global, &answer.reasons)) {
        answer.reasons = inferred(s, a, c, q, global);
        answer.inferred = true;
    }
    if (c->change_count && !answer.reasons && !is_healed(a, c, days_of(s, c, q)))
        answer.reasons = VD_BLIND_TIME_GAP;
    return answer;
}

/* ------------------------------------------------------------------ an action of a principal */

static uint32_t of_class(const vd_seeing *s, const vd_activity *a, const vd_see_account *c, uint32_t action, bool *was_inferred)
{
    const vd_see_class *class = vd_see_class_of(&s->classes, action);
    uint32_t            service = vd_catalog_service_of(a->catalog, action);
    vd_see_question     q = { class, vd_see_reads(a->catalog, action), s->labels[service] };
    vd_see_answer       answer;

    if (class->kind == VD_SEE_NEVER)
        return VD_BLIND_NEVER_LOGGED;
    if (class->kind == VD_SEE_PERMISSION_ONLY)
        return VD_BLIND_PERMISSION_ONLY;
    if (class->kind == VD_SEE_CONSOLE && !vd_see_bit(s->anywhere, action))
        return VD_BLIND_CONSOLE_ONLY;
    if (!c || !c->events)
        return VD_BLIND_NO_EVIDENCE;
    answer = vd_see_asked(s, a, c, &q, vd_service_is_global(vd_catalog_service(a->catalog, service).prefix));
    *was_inferred = answer.inferred;
    return answer.reasons;
}

/* Some event of the service, of whatever kind. */
static bool is_seen(const vd_see_account *c, uint32_t service)
{
    for (size_t i = 0; i < 4; i++)
        if (vd_see_bit(c->families, vd_see_family(service, i & 2, i & 1)))
            return true;
    return false;
}

/* An event that no table knows may have been of this service, and have needed this action. */
static uint32_t of_unmapped(const vd_activity *a, const vd_see_account *c, uint32_t actor, uint32_t action)
{
    uint32_t service = vd_catalog_service_of(a->catalog, action), reasons = 0;

    if (actor >= a->actor_count || a->accept_unmapped)
        return 0;
    if (a->actors[actor].unmapped && vd_see_bit(a->actors[actor].unmapped, service))
        reasons |= VD_BLIND_UNMAPPED_NAME;
    /* whose source nobody knows is of a service that is not seen under a source that is known */
    if (a->actors[actor].unmapped_source && c && !is_seen(c, service))
        reasons |= VD_BLIND_UNMAPPED_SOURCE;
    return reasons;
}

static bool begins_so(vd_str name)
{
    static const vd_str begins[] = { VD_L("Invoke"), VD_L("Send"),   VD_L("Publish"), VD_L("Receive"),
                                     VD_L("Query"),  VD_L("Search"), VD_L("Converse") };

    for (size_t i = 0; i < VD_COUNT(begins); i++)
        if (vd_str_starts(name, begins[i]))
            return true;
    return vd_str_starts(name, VD_S("Put")) && vd_str_contains(name, VD_S("Record"));
}

/* What else was seen shows that this would have been. */
static int32_t grade_of(const vd_seeing *s, const vd_activity *a, const vd_see_account *c, uint32_t action)
{
    vd_action_fact fact = vd_catalog_action(a->catalog, action);
    bool           read = vd_see_reads(a->catalog, action), data = vd_see_class_of(&s->classes, action)->kind == VD_SEE_DATA;

    if (!c || s->classes.confidence[action] != 'H' || begins_so(fact.name))
        return VD_GRADE_ASSUMED;
    if (vd_see_bit(c->actions, action))
        return VD_GRADE_PROVEN;
    return vd_see_bit(c->families, vd_see_family(fact.service, data, read)) ? VD_GRADE_FAMILY : VD_GRADE_ASSUMED;
}

static const vd_see_advice *advice_of(const vd_seeing *s, vd_str subject, uint32_t service, uint32_t action)
{
    uint32_t low = 0, high = s->advice_count;

    while (low < high) {
        uint32_t             middle = low + (high - low) / 2;
        const vd_see_advice *x = &s->advice[middle];
        int                  c = vd_str_cmp(x->subject, subject);

        c = c ? c : (x->service > service) - (x->service < service);
        c = c ? c : (x->action > action) - (x->action < action);
        if (c == 0)
            return x;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Not in the window, says a report that was made at its end. */
static bool denies(const vd_activity *a, const vd_see_advice *x)
{
    return x && x->last < a->from && x->as_of + FRESH_DAYS * A_DAY >= a->to;
}

/* Whether Access Advisor decides.  Of a service it speaks as a whole, and not of what no call of the service's own shows. */
static void ask_advisor(const vd_seeing *s, const vd_activity *a, vd_str subject, uint32_t action, vd_visibility *out)
{
    uint32_t             service = vd_catalog_service_of(a->catalog, action);
    const vd_see_advice *own = subject.n ? advice_of(s, subject, service, action) : NULL;
    const vd_see_advice *whole = subject.n ? advice_of(s, subject, service, VD_NONE) : NULL;
    const vd_see_advice *says = denies(a, own) ? own : NULL;
    int64_t              kept;

    if (own && own->last >= a->from && own->last < a->to) {
        out->state = VD_STATE_POSSIBLE; /* or only tried: it does not tell */
        out->access_advisor = true;
        out->reasons = 0;
        out->last = own->last;
        return;
    }
    if (!says && denies(a, whole) && !(out->reasons & (VD_BLIND_NEVER_LOGGED | VD_BLIND_PERMISSION_ONLY)))
        says = whole;
    if (!says || (out->reasons & (VD_BLIND_UNMAPPED_NAME | VD_BLIND_UNMAPPED_SOURCE)))
        return;
    kept = says->last ? says->last : says->as_of - (int64_t)KEPT_DAYS * A_DAY;
    out->access_advisor = true;
    if (out->reasons)
        out->since = kept > a->from ? kept : a->from;
    out->reasons = 0;
}

void vd_activity_visibility(const vd_activity *a, uint32_t actor, vd_str arn, vd_str account, uint32_t action, vd_visibility *out)
{
    const vd_seeing      *s = a->seeing;
    const vd_see_account *c = vd_see_account_of(s, account);
    vd_use                use;

    *out = (vd_visibility){ .size = sizeof *out, .state = VD_STATE_CANNOT_SEE, .reasons = VD_BLIND_NO_EVIDENCE, .confidence = 'L' };
    if (action >= vd_catalog_actions(a->catalog))
        return;
    out->class_name = vd_see_class_of(&s->classes, action)->name;
    out->confidence = s->classes.confidence[action];
    if (vd_activity_use_of(a, actor, action, &use)) {
        out->count = use.count;
        out->denied = use.denied;
        out->last = use.count ? use.last : 0;
        out->state = use.count == 0 ? out->state : use.kind == VD_USE_POSSIBLE ? VD_STATE_POSSIBLE : VD_STATE_USED;
    }
    if (out->state != VD_STATE_CANNOT_SEE) {
        out->reasons = 0;
        out->logs = true;
        return;
    }
    out->reasons = of_class(s, a, c, action, &out->inferred) | of_unmapped(a, c, actor, action);
    if (c && c->gap_count && c->events)
        out->reasons |= VD_BLIND_TIME_GAP;
    out->logs = out->reasons == 0;
    out->since = out->logs ? c->since : 0;
    if (!arn.n && actor < a->actor_count)
        arn = a->actors[actor].actor.arn;
    ask_advisor(s, a, arn, action, out);
    if (out->state == VD_STATE_POSSIBLE || out->reasons)
        return;
    out->state = VD_STATE_NOT_SEEN;
    out->grade = grade_of(s, a, c, action);
}
