/* SPDX-License-Identifier: Apache-2.0
 *
 * Where AWS found unused what the logs show in use within the time that AWS looked back over (usage 1.7).  Use wins; but
 * either our tables take an event for an action that it is not, or AWS does not count it: somebody should look.
 */
#include "tighten/unused_int.h"

#include "activity/activity.h"
#include "base/str.h"
#include "text/doc.h"

enum { DAYS = 90 };

typedef struct holding { /* one of AWS's findings against the uses of its subject */
    vd_idle              *r;
    uint32_t              actor;
    const vd_doc         *doc;
    vd_unused_disagreement row;
    int64_t               from, to; /* AWS looked at [from, to) */
    uint64_t             *days;
} holding;

static vd_str text_of(const vd_doc *d, uint32_t object, const char *name)
{
    uint32_t at = object != VD_NONE && d->nodes[object].kind == VD_NODE_OBJECT ? vd_doc_member(d, object, vd_str_of(name)) : VD_NONE;

    return at == VD_NONE ? VD_S("") : vd_doc_text(d, at);
}

static void tell(holding *x, const vd_use *u, int64_t day)
{
    x->row.action = u->action;
    x->row.used = day;
    x->row.count = u->count;
    x->row.events = u->events;
    x->r->stop = x->r->stop || !x->r->opts.disagreement(x->r->user, &x->row);
}

/* The last day within AWS's time on which it was used; a day at either end may lie half outside and does not count. */
static bool used_within(holding *x, uint32_t action, int64_t *day)
{
    const vd_activity *a = x->r->activity;

    vd_activity_days(a, x->actor, action, x->days, a->day_words);
    for (uint32_t i = a->day_count; i > 0; i--) {
        int64_t begin = (a->first_day + (int64_t)i - 1) * VD_DAY;

        if (begin < x->from || begin + VD_DAY > x->to || !(x->days[(i - 1) / 64] >> (i - 1) % 64 & 1))
            continue;
        *day = begin;
        return true;
    }
    return false;
}

/* What only may have been needed disagrees with nobody. */
static void look_at_action(holding *x, uint32_t index, vd_str service, uint32_t list)
{
    vd_use  u = { .size = sizeof u };
    vd_str  name, prefix = { "", 0 };
    int64_t day;
    bool    named = list == VD_NONE;

    if (!vd_activity_use(x->r->activity, x->actor, index, &u) || u.count == 0 || u.kind != VD_USE_SEEN || u.action_id == VD_NO_INDEX)
        return;
    name = u.action;
    if (!vd_str_cut(&name, ':', &prefix) || !vd_str_ieq(prefix, service))
        return;
    for (uint32_t c = named ? VD_NONE : vd_doc_first(x->doc, list); c != VD_NONE && !named; c = vd_doc_next(x->doc, list, c))
        named = vd_str_ieq(text_of(x->doc, c, "action"), name) || vd_str_ieq(text_of(x->doc, c, "action"), u.action);
    if (named && used_within(x, u.action_id, &day))
        tell(x, &u, day);
}

static void look_at_service(holding *x, uint32_t details)
{
    vd_str   service = text_of(x->doc, details, "serviceNamespace");
    uint32_t list = vd_doc_member(x->doc, details, VD_S("actions"));
    vd_actor a = { .size = sizeof a };

    if (list != VD_NONE && (x->doc->nodes[list].kind != VD_NODE_ARRAY || vd_doc_length(x->doc, list) == 0))
        list = VD_NONE; /* idle as a whole */
    if (!service.n || !vd_activity_actor(x->r->activity, x->actor, &a))
        return;
    for (uint32_t i = 0; i < a.uses && !x->r->stop; i++)
        look_at_action(x, i, service, list);
}

static void look_at_finding(holding *x)
{
    const vd_doc *d = x->doc;
    uint32_t      list = vd_doc_member(d, 0, VD_S("findingDetails"));
    uint32_t      days = x->r->opts.aws_days ? x->r->opts.aws_days : DAYS;

    x->to = vd_idle_time(text_of(d, 0, "analyzedAt"));
    x->from = x->to - (int64_t)days * VD_DAY;
    x->row.finding = text_of(d, 0, "id");
    x->row.analyzed = x->to;
    if (!x->to || !vd_str_eq(text_of(d, 0, "findingType"), VD_S("UnusedPermission")) || vd_str_eq(text_of(d, 0, "status"), VD_S("RESOLVED")) ||
        list == VD_NONE || d->nodes[list].kind != VD_NODE_ARRAY)
        return;
    for (uint32_t i = vd_doc_first(d, list); i != VD_NONE && !x->r->stop; i = vd_doc_next(d, list, i)) {
        uint32_t details = d->nodes[i].kind == VD_NODE_OBJECT ? vd_doc_member(d, i, VD_S("unusedPermissionDetails")) : VD_NONE;

        if (details != VD_NONE && d->nodes[details].kind == VD_NODE_OBJECT)
            look_at_service(x, details);
    }
}

static bool take(void *user, const vd_usage_evidence *e)
{
    holding  *x = user;
    vd_source source = { .name = e->subject, .text = e->values };
    vd_error  err = { .size = sizeof err };
    vd_limits limits;
    vd_doc    doc;

    vd_engine_limits(x->r->holders->engine, &limits);
    x->doc = &doc;
    if (vd_json_read(&doc, &x->r->scratch, &source, &limits, NULL, NULL, &err) == VD_OK && doc.nodes[0].kind == VD_NODE_OBJECT)
        look_at_finding(x);
    x->r->nomem |= err.code == VD_ENOMEM;
    return !x->r->nomem && !x->r->stop;
}

void vd_idle_disagree(vd_idle *r, const vd_idle_subject *s)
{
    for (uint32_t m = 0; m < s->member_count && r->opts.disagreement && !r->nomem && !r->stop; m++) {
        const vd_holder *h = &r->holders->all[s->members[m]];
        holding          x = { .r = r, .actor = vd_activity_find(r->activity, h->arn) };

        if (x.actor == VD_NO_INDEX)
            continue;
        x.row = (vd_unused_disagreement){ .size = sizeof x.row, .principal = h->arn, .account = h->account };
        x.days = vd_arena_new_array(&r->scratch, uint64_t, (size_t)r->activity->day_words + 1);
        r->nomem |= !x.days;
        if (!r->nomem)
            vd_activity_evidence(r->activity, VD_S("unused-finding"), h->arn, take, &x);
    }
}
