/* SPDX-License-Identifier: Apache-2.0
 *
 * Passwords, access keys, the root user: by credential reports (usage 1.8, 5.2), and the logs, where they know better.  A
 * report is as old as the newest time in it, unless somebody says so: what was used after it was made, it cannot know.
 */
#include "tighten/unused_int.h"

#include "activity/activity.h"
#include "base/str.h"
#include "text/doc.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ reading */

static vd_str member(const vd_doc *d, const char *name)
{
    uint32_t at = vd_doc_member(d, 0, vd_str_of(name));

    return at == VD_NONE ? VD_S("") : vd_doc_text(d, at);
}

static bool is_true(vd_str s)
{
    return vd_str_ieq(s, VD_S("true"));
}

/* 111111111111 of an ARN. */
static vd_str account_in(vd_str arn)
{
    vd_str head = { "", 0 };

    for (int i = 0; i < 5; i++)
        if (!vd_str_cut(&arn, ':', &head))
            return VD_S("");
    return head;
}

static vd_credential credential_of(const vd_doc *d, const vd_usage_evidence *e)
{
    vd_credential c = { .arn = e->subject, .user = e->item, .account = account_in(e->subject), .as_of = e->as_of,
                        .created = vd_idle_time(member(d, "user_creation_time")), .password_used = member(d, "password_last_used"),
                        .password_changed = member(d, "password_last_changed") };
    vd_str        enabled = member(d, "password_enabled"), mfa = member(d, "mfa_active");

    c.root = vd_str_eq(c.user, VD_S("<root_account>")) || vd_str_ends(c.arn, VD_S(":root"));
    c.password = is_true(enabled);
    c.password_known = c.password || vd_str_ieq(enabled, VD_S("false"));
    c.mfa = is_true(mfa);
    c.mfa_known = c.mfa || vd_str_ieq(mfa, VD_S("false"));
    c.key[0].active = is_true(member(d, "access_key_1_active"));
    c.key[0].rotated = member(d, "access_key_1_last_rotated");
    c.key[0].used = member(d, "access_key_1_last_used_date");
    c.key[1].active = is_true(member(d, "access_key_2_active"));
    c.key[1].rotated = member(d, "access_key_2_last_rotated");
    c.key[1].used = member(d, "access_key_2_last_used_date");
    return c;
}

static bool take(vd_idle *r, const vd_usage_evidence *e)
{
    vd_source     source = { .name = e->subject, .text = e->values };
    vd_error      err = { .size = sizeof err };
    vd_limits     limits;
    vd_doc        doc;
    vd_credential c;

    vd_engine_limits(r->holders->engine, &limits);
    if (vd_json_read(&doc, &r->arena, &source, &limits, NULL, NULL, &err) != VD_OK || doc.nodes[0].kind != VD_NODE_OBJECT) {
        r->nomem |= err.code == VD_ENOMEM;
        return !r->nomem; /* what was collected is sound: nothing else comes here */
    }
    c = credential_of(&doc, e);
    r->nomem |= !VD_ARENA_PUSH(&r->arena, r->credentials, r->credential_count, r->credential_cap, c);
    return !r->nomem;
}

static int by_account(const void *a, const void *b)
{
    const vd_credential *x = *(vd_credential *const *)a, *y = *(vd_credential *const *)b;

    return vd_str_cmp(x->account, y->account);
}

static int by_arn(const void *a, const void *b)
{
    const vd_credential *x = *(vd_credential *const *)a, *y = *(vd_credential *const *)b;
    int                  c = vd_str_cmp(x->arn, y->arn);

    return c ? c : x < y ? -1 : x > y;
}

/* A report is as new as the newest line of its account. */
static void date_credentials(vd_idle *r, vd_credential **sorted)
{
    uint32_t end;

    qsort(sorted, r->credential_count, sizeof *sorted, by_account);
    for (uint32_t i = 0; i < r->credential_count; i = end) {
        int64_t newest = 0;

        for (end = i; end < r->credential_count && vd_str_eq(sorted[end]->account, sorted[i]->account); end++)
            newest = sorted[end]->as_of > newest ? sorted[end]->as_of : newest;
        for (uint32_t k = i; k < end; k++)
            sorted[k]->as_of = r->opts.as_of ? r->opts.as_of : newest;
    }
}

bool vd_idle_credentials_read(vd_idle *r)
{
    for (uint32_t i = 0; i < r->activity->evidence_count; i++)
        if (vd_str_eq(r->activity->evidence[i].kind, VD_S("credentials")) && !take(r, &r->activity->evidence[i]))
            return false;
    if (r->credential_count == 0)
        return !r->nomem;
    r->by_arn = vd_arena_new_array(&r->arena, vd_credential *, r->credential_count);
    if (!r->by_arn) {
        r->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < r->credential_count; i++)
        r->by_arn[i] = &r->credentials[i];
    date_credentials(r, r->by_arn);
    qsort(r->by_arn, r->credential_count, sizeof *r->by_arn, by_arn);
    return true;
}

/* The first one of by_arn that is not before it. */
static uint32_t find_first(const vd_idle *r, vd_str arn)
{
    uint32_t low = 0, high = r->credential_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (vd_str_cmp(r->by_arn[middle]->arn, arn) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const vd_idle *r, uint32_t at, vd_str arn)
{
    return at < r->credential_count && vd_str_eq(r->by_arn[at]->arn, arn);
}

const vd_credential *vd_idle_credential(const vd_idle *r, vd_str arn)
{
    uint32_t first = find_first(r, arn);

    return is_of(r, first, arn) ? r->by_arn[first] : NULL;
}

/* ------------------------------------------------------------------ times */

/* Logs without gaps that begin before the report was made go on where it ends. */
int64_t vd_idle_reference(const vd_idle *r, const vd_credential *c)
{
    int64_t until = c->as_of;

    if (c->as_of >= r->from && vd_idle_covered(r, c->account) && r->to > until)
        until = r->to;
    return until < r->now ? until : r->now;
}

int64_t vd_credential_last(const vd_credential *c)
{
    int64_t last = vd_idle_time(c->password_used);

    for (int i = 0; i < 2; i++)
        if (vd_idle_time(c->key[i].used) > last)
            last = vd_idle_time(c->key[i].used);
    return last;
}

static bool never(vd_str used)
{
    return vd_str_ieq(used, VD_S("N/A")) || vd_str_ieq(used, VD_S("no_information"));
}

static bool is_older(int64_t time, int64_t until, uint32_t days)
{
    return time && until - time >= (int64_t)days * VD_DAY;
}

/* ------------------------------------------------------------------ findings */

typedef struct looking {
    vd_idle             *r;
    const vd_credential *c;
    vd_str               permission_set;
    int64_t              until;   /* the report can be believed */
    int64_t              logged;  /* a use that the logs show and the report does not; 0: none */
} looking;

static vd_unused_finding start(const looking *l, int32_t rule, vd_str item, int64_t last)
{
    vd_unused_finding f = vd_idle_finding(l->r, rule);

    f.principal = l->c->arn;
    f.account = l->c->account;
    f.item = item;
    f.last = last;
    f.since = last ? last : l->c->created;
    f.grade = VD_GRADE_PROVEN;
    vd_idle_evidence(&f, "credential-report");
    return f;
}

static vd_str name_of(const looking *l)
{
    return l->c->root ? vd_idle_printf(l->r, "the root user of account " VD_F, VD_A(l->c->account)) : l->c->user;
}

static void add(const looking *l, vd_unused_finding *f)
{
    vd_idle_add(l->r, f, 0, 0, VD_S(""));
}

/* since: when the credential began; used: as the report says it. */
static void look_at(const looking *l, vd_str item, int32_t rule, int64_t since, vd_str used)
{
    int64_t           last = vd_idle_time(used);
    bool              not_yet = never(used), old, fresh;
    vd_unused_finding f;

    if (l->logged || (!not_yet && !last))
        return; /* used in the window, or the report says something that nobody understands */
    old = is_older(since, l->until, l->r->opts.age_days) && (not_yet || is_older(last, l->until, l->r->opts.age_days));
    fresh = not_yet && is_older(since, l->until, l->r->opts.grace_days);
    if (!old && !fresh)
        return;
    f = start(l, old ? rule : VD_UNUSED_NEVER, item, last);
    if (!last)
        f.since = since;
    f.says = last ? vd_idle_printf(l->r, "the " VD_F " of " VD_F " was used last on " VD_F " (report of " VD_F "): %s", VD_A(item), VD_A(name_of(l)),
                                   VD_A(vd_idle_day(l->r, last)), VD_A(vd_idle_day(l->r, l->c->as_of)),
                                   rule == VD_UNUSED_KEY ? "deactivate it, then delete it" : "take it away")
                  : vd_idle_printf(l->r, "the " VD_F " of " VD_F ", made on " VD_F ", was never used (report of " VD_F "): %s", VD_A(item),
                                   VD_A(name_of(l)), VD_A(vd_idle_day(l->r, since)), VD_A(vd_idle_day(l->r, l->c->as_of)),
                                   rule == VD_UNUSED_KEY ? "delete it" : "take it away");
    add(l, &f);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void look_at_password(const looking *l)
{
    int64_t changed = vd_idle_time(l->c->password_changed);

    /* a password without a known beginning is as old as nothing */
    if (l->c->password && changed && l->c->created)
        look_at(l, VD_S("password"), VD_UNUSED_PASSWORD, later(changed, l->c->created), l->c->password_used);
}

static const vd_str key_names[2] = { VD_L("access key 1"), VD_L("access key 2") };

static void look_at_keys(const looking *l)
{
    for (int i = 0; i < 2; i++)
        if (l->c->key[i].active)
            look_at(l, key_names[i], VD_UNUSED_KEY, vd_idle_time(l->c->key[i].rotated), l->c->key[i].used);
}

static bool is_in_use(const looking *l, int key)
{
    int64_t used = vd_idle_time(l->c->key[key].used);

    return l->c->key[key].active && used && !is_older(used, l->until, l->r->opts.age_days);
}

static void look_at_habits(const looking *l, const vd_idle_subject *s)
{
    const vd_credential *c = l->c;
    vd_unused_finding    f;

    if ((c->password || c->root) && c->mfa_known && !c->mfa) {
        f = start(l, VD_UNUSED_NO_MFA, VD_S("mfa"), vd_idle_time(c->password_used));
        f.state = VD_STATE_USED;
        f.says = vd_idle_printf(l->r, VD_F " can sign in with a password alone: no second factor", VD_A(name_of(l)));
        add(l, &f);
    }
    if (c->root)
        return;
    if (is_in_use(l, 0) && is_in_use(l, 1)) {
        f = start(l, VD_UNUSED_TWO_KEYS, VD_S("access keys"), later(vd_idle_time(c->key[0].used), vd_idle_time(c->key[1].used)));
        f.state = VD_STATE_USED;
        f.says = vd_idle_printf(l->r, "both access keys of " VD_F " are active and used: one of them is to be replaced, or somebody shares the user",
                                VD_A(c->user));
        add(l, &f);
    }
    for (int i = 0; s && i < 2; i++) {
        bool some = s->first->missing > 0;

        for (uint32_t w = 0; w < l->r->words; w++)
            some |= s->granted[w] != 0;
        if (some || !c->key[i].active)
            continue;
        f = start(l, VD_UNUSED_IDLE_KEY, key_names[i], vd_idle_time(c->key[i].used));
        vd_idle_evidence(&f, "snapshot");
        f.says = vd_idle_printf(l->r, "the " VD_F " of " VD_F " is active, and the user has no permission at all", VD_A(key_names[i]), VD_A(c->user));
        add(l, &f);
    }
}

/* Was anything used in the window that no credential of the report accounts for?  Its times are a quarter of an hour late at
 * most, and events come in late. */
static int64_t unexplained(const vd_idle *r, const vd_credential *c)
{
    int64_t last = 0;

    for (uint32_t i = 0; i < vd_activity_actors(r->activity); i++) { /* the snapshot may be older than both, and not know it */
        vd_actor a = { .size = sizeof a };

        if (vd_activity_actor(r->activity, i, &a) && vd_str_eq(a.arn, c->arn) && a.events && a.last > last)
            last = a.last;
    }
    return last > vd_credential_last(c) + VD_DAY ? last : 0;
}

static void look_at_root(const looking *l)
{
    const vd_credential *c = l->c;
    int64_t              last = later(vd_credential_last(c), l->logged);
    vd_unused_finding    f;

    for (int i = 0; i < 2; i++) {
        if (!c->key[i].active)
            continue;
        f = start(l, VD_UNUSED_ROOT_KEY, key_names[i], vd_idle_time(c->key[i].used));
        f.state = f.last ? VD_STATE_USED : VD_STATE_NOT_SEEN;
        f.says = vd_idle_printf(l->r, "the root user of account " VD_F " has an active access key: delete it", VD_A(c->account));
        add(l, &f);
    }
    if (!last || is_older(last, later(l->until, last), l->r->opts.age_days))
        return;
    f = start(l, VD_UNUSED_ROOT_USED, VD_S("root"), last);
    f.state = VD_STATE_USED;
    if (l->logged)
        vd_idle_evidence(&f, "cloudtrail");
    f.says = vd_idle_printf(l->r, "the root user of account " VD_F " was used on " VD_F ": nobody should have to", VD_A(c->account),
                            VD_A(vd_idle_day(l->r, last)));
    add(l, &f);
}

static void look_at_row(vd_idle *r, const vd_credential *c, const vd_idle_subject *s)
{
    looking l = { .r = r, .c = c, .until = vd_idle_reference(r, c), .logged = unexplained(r, c) };

    if (c->root) {
        look_at_root(&l);
    } else {
        look_at_password(&l);
        look_at_keys(&l);
    }
    look_at_habits(&l, s);
}

void vd_idle_credentials_of(vd_idle *r, vd_str arn, const vd_idle_subject *s)
{
    for (uint32_t i = find_first(r, arn); is_of(r, i, arn); i++)
        look_at_row(r, r->by_arn[i], s);
}

/* ------------------------------------------------------------------ users that no policy was given of, root users */

static void find_held(vd_idle *r)
{
    for (uint32_t i = 0; i < r->holders->all_count; i++) {
        vd_str arn = r->holders->all[i].arn;

        for (uint32_t k = find_first(r, arn); is_of(r, k, arn); k++)
            r->by_arn[k]->held = true;
    }
}

/* Root users that only the logs know. */
static void look_at_root_actors(vd_idle *r)
{
    for (uint32_t i = 0; i < vd_activity_actors(r->activity); i++) {
        vd_actor          a = { .size = sizeof a };
        vd_unused_finding f = vd_idle_finding(r, VD_UNUSED_ROOT_USED);

        if (!vd_activity_actor(r->activity, i, &a) || !vd_str_eq(a.kind, VD_S("root")) || !a.events || vd_idle_credential(r, a.arn))
            continue;
        f.principal = a.arn;
        f.account = a.account;
        f.item = VD_S("root");
        f.state = VD_STATE_USED;
        f.grade = VD_GRADE_PROVEN;
        f.last = a.last;
        f.since = a.first;
        f.count = a.events;
        f.denied = a.denied;
        vd_idle_evidence(&f, "cloudtrail");
        f.says = vd_idle_printf(r, "the root user of account " VD_F " was used on " VD_F ": nobody should have to", VD_A(a.account),
                                VD_A(vd_idle_day(r, a.last)));
        vd_idle_add(r, &f, 0, i, VD_S(""));
    }
}

void vd_idle_credentials_rest(vd_idle *r)
{
    find_held(r);
    for (uint32_t i = 0; i < r->credential_count && !r->nomem; i++)
        if (!r->credentials[i].held)
            look_at_row(r, &r->credentials[i], NULL);
    look_at_root_actors(r);
}
