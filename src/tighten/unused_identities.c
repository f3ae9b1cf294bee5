/* SPDX-License-Identifier: Apache-2.0
 *
 * Roles and users that nobody uses (usage 5.2).  Whoever says that has to have seen everything: all days of the account's
 * logs, or AWS's own word of the last use, and an identity that is old enough to have been used.
 */
#include "tighten/unused_int.h"

#include "activity/activity.h"
#include "base/str.h"
#include "model/snapshot.h"
#include "text/doc.h"

typedef struct last_use {
    bool    known;   /* somebody keeps book of it */
    int64_t last;    /* 0: never, as far as that goes back */
    bool    details; /* RoleLastUsed says so */
    bool    report;  /* a credential report does */
    int64_t as_of;   /* when AWS was asked; 0: as the snapshot */
} last_use;

/* ------------------------------------------------------------------ RoleLastUsed in collected evidence */

typedef struct role_word {
    vd_idle *r;
    bool     known;
    int64_t  last, as_of;
} role_word;

static bool take_identity(void *user, const vd_usage_evidence *e)
{
    role_word *w = user;
    vd_source  source = { .name = e->subject, .text = e->values };
    vd_error   err = { .size = sizeof err };
    vd_limits  limits;
    vd_doc     doc;
    uint32_t   used, date;

    vd_engine_limits(w->r->holders->engine, &limits);
    if (vd_json_read(&doc, &w->r->scratch, &source, &limits, NULL, NULL, &err) != VD_OK) {
        w->r->nomem |= err.code == VD_ENOMEM;
        return true;
    }
    used = doc.nodes[0].kind == VD_NODE_OBJECT ? vd_doc_member(&doc, 0, VD_S("RoleLastUsed")) : VD_NONE;
    if (used == VD_NONE || doc.nodes[used].kind != VD_NODE_OBJECT)
        return true;
    w->known = true;
    w->as_of = e->as_of > w->as_of ? e->as_of : w->as_of;
    date = vd_doc_member(&doc, used, VD_S("LastUsedDate"));
    if (date != VD_NONE && vd_idle_time(vd_doc_text(&doc, date)) > w->last)
        w->last = vd_idle_time(vd_doc_text(&doc, date));
    return true;
}

/* ------------------------------------------------------------------ one of the subject */

static void add_events(const vd_idle *r, const vd_holder *h, last_use *out)
{
    uint32_t at = vd_activity_find(r->activity, h->arn);
    vd_actor a = { .size = sizeof a };

    if (at != VD_NO_INDEX && vd_activity_actor(r->activity, at, &a) && a.events && a.last > out->last)
        out->last = a.last;
}

static last_use of_role(vd_idle *r, const vd_holder *h)
{
    role_word w = { .r = r, .known = h->last_used_known, .last = h->last_used };
    last_use  out;

    vd_activity_evidence(r->activity, VD_S("identity"), h->arn, take_identity, &w);
    out = (last_use){ .known = w.known, .last = w.last, .details = w.known, .as_of = w.as_of };
    add_events(r, h, &out);
    return out;
}

static last_use of_user(const vd_idle *r, const vd_holder *h)
{
    const vd_credential *c = vd_idle_credential(r, h->arn);
    last_use             out = { .known = c != NULL, .last = c ? vd_credential_last(c) : 0, .report = c != NULL };

    add_events(r, h, &out);
    return out;
}

/* A snapshot was taken when its manifest says, and not before the newest time that it knows of the account. */
static int64_t snapshot_as_of(vd_idle *r, vd_str account)
{
    if (r->opts.as_of)
        return r->opts.as_of;
    if (r->newest_account.n && vd_str_eq(r->newest_account, account))
        return r->newest;
    r->newest_account = account;
    r->newest = r->activity->snapshot ? r->activity->snapshot->collected : 0;
    for (uint32_t i = 0; i < r->holders->all_count; i++) {
        const vd_holder *h = &r->holders->all[i];
        int64_t          known = h->last_used > h->created ? h->last_used : h->created;

        if (vd_str_eq(h->account, account) && known > r->newest)
            r->newest = known;
    }
    return r->newest;
}

/* Until when nobody using it means something.  What AWS says of a role's last use it said when it was asked; logs without gaps
 * go on from there, and logs that are longer than the age can do without. */
static int64_t reference(vd_idle *r, const vd_holder *h, const last_use *u)
{
    const vd_credential *c = u->report ? vd_idle_credential(r, h->arn) : NULL;
    int64_t              age = (int64_t)r->opts.age_days * VD_DAY, until;

    if (c)
        return vd_idle_reference(r, c);
    if (!u->known) {
        until = vd_activity_covered(r->activity, h->account) ? r->to : r->now;
    } else {
        until = u->as_of ? u->as_of : snapshot_as_of(r, h->account);
        if (vd_idle_covered(r, h->account) && (until >= r->from || r->to - r->from >= age) && r->to > until)
            until = r->to;
    }
    return until < r->now ? until : r->now;
}

typedef enum idle_word { IDLE_NO, IDLE_YES, IDLE_CANNOT_SAY } idle_word;

/* A role wants logs without gaps where there are logs, a user a report or such logs. */
static idle_word word_of(vd_idle *r, const vd_holder *h, const last_use *u)
{
    bool    logs = vd_activity_covered(r->activity, h->account) > 0, whole = vd_idle_covered(r, h->account);
    bool    role = vd_str_eq(h->kind, VD_S("role"));
    int64_t age = (int64_t)r->opts.age_days * VD_DAY, until = reference(r, h, u);

    if (u->last >= r->from && u->last && r->from)
        return IDLE_NO;
    if (u->last && until - u->last < age)
        return IDLE_NO;
    if (!h->created || (role ? until - h->created < age : h->created >= r->from))
        return h->created ? IDLE_NO : IDLE_CANNOT_SAY;
    if (!role && u->known)
        return until - h->created < age ? IDLE_NO : IDLE_YES;
    return (logs && !whole) || (!logs && !u->known) || (role && !u->known && !whole) ? IDLE_CANNOT_SAY : IDLE_YES;
}

/* ------------------------------------------------------------------ all of the subject */

static void tell(vd_idle *r, const vd_idle_subject *s, idle_word word, const last_use *u)
{
    bool              role = vd_str_eq(s->first->kind, VD_S("role"));
    vd_unused_finding f = vd_idle_finding(r, word == IDLE_CANNOT_SAY ? VD_UNUSED_BLIND : role ? VD_UNUSED_ROLE : VD_UNUSED_USER);
    vd_str            what = s->first->permission_set.n ? vd_idle_printf(r, "permission set \"" VD_F "\"", VD_A(s->first->permission_set))
                                                        : vd_idle_printf(r, VD_F " \"" VD_F "\"", VD_A(s->first->kind), VD_A(s->first->name));

    f.principal = s->first->arn;
    f.account = s->first->account;
    f.permission_set = s->first->permission_set;
    f.last = u->last;
    f.since = u->last ? u->last : r->from;
    if (vd_activity_covered(r->activity, s->first->account))
        vd_idle_evidence(&f, "cloudtrail");
    if (u->report)
        vd_idle_evidence(&f, "credential-report");
    if (u->details || s->first->created)
        vd_idle_evidence(&f, "snapshot");
    if (word == IDLE_CANNOT_SAY) {
        f.state = VD_STATE_CANNOT_SEE;
        f.reasons = vd_activity_covered(r->activity, s->first->account) ? VD_BLIND_TIME_GAP : VD_BLIND_NO_EVIDENCE;
        f.item = s->first->kind;
        f.says = vd_idle_printf(r, "whether anybody uses " VD_F " cannot be said: %s", VD_A(what),
                                !s->first->created ? "nobody says when it was made" : "the logs of its account are not whole");
    } else {
        f.grade = VD_GRADE_PROVEN;
        f.says = u->last ? vd_idle_printf(r, "nobody has used " VD_F " since " VD_F "; delete it, or say what it is kept for", VD_A(what),
                                          VD_A(vd_idle_day(r, u->last)))
                         : vd_idle_printf(r, "nobody has ever been seen to use " VD_F "%s; delete it, or say what it is kept for", VD_A(what),
                                          role ? "" : ", with a password or a key");
    }
    vd_idle_add(r, &f, 0, 0, VD_S(""));
}

bool vd_idle_identity(vd_idle *r, const vd_idle_subject *s)
{
    idle_word word = IDLE_YES;
    last_use  all = { 0 };

    if (s->first->service_linked)
        return false;
    for (uint32_t m = 0; m < s->member_count && word != IDLE_NO; m++) {
        const vd_holder *h = &r->holders->all[s->members[m]];
        last_use         u = vd_str_eq(h->kind, VD_S("role")) ? of_role(r, h) : of_user(r, h);
        idle_word        one = word_of(r, h, &u);

        all.last = u.last > all.last ? u.last : all.last;
        all.details |= u.details;
        all.report |= u.report;
        word = one == IDLE_NO ? IDLE_NO : one == IDLE_CANNOT_SAY ? IDLE_CANNOT_SAY : word;
    }
    if (word == IDLE_YES || (word == IDLE_CANNOT_SAY && r->opts.blind))
        tell(r, s, word, &all);
    return word == IDLE_YES;
}
