/* SPDX-License-Identifier: Apache-2.0
 *
 * What all holders of the documents did, action by action: of their states the one that keeps most, of what they used
 * everything.
 */
#include "tighten/rightsize.h"

#include "activity/activity.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

#include <stdlib.h>

/* What hides other uses of an action of which some were seen: then what it was used on is no bound. */
static const uint32_t hiding = VD_BLIND_DATA_EVENTS_OFF | VD_BLIND_KMS_EXCLUDED | VD_BLIND_RDSDATA_EXCLUDED | VD_BLIND_READS_EXCLUDED |
                               VD_BLIND_WRITES_EXCLUDED | VD_BLIND_REGION_GAP | VD_BLIND_TIME_GAP | VD_BLIND_PARTIAL_SELECTOR |
                               VD_BLIND_UNMAPPED_NAME | VD_BLIND_UNMAPPED_SOURCE | VD_BLIND_NO_EVIDENCE;

typedef struct texts {
    vd_str  *at;
    uint32_t count, cap;
    bool     more;
} texts;

/* One action on its way. */
typedef struct adding {
    vd_rs_looking *l;
    vd_rs_seen     seen;
    bool           any; /* a holder was looked at */
    texts          on, denied_on, regions, via, networks, endpoints, services, asked;
    uint64_t      *days;
} adding;

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static bool add_texts(adding *a, texts *to, const vd_use_texts *from)
{
    to->more |= from->more;
    for (size_t i = 0; i < from->count; i++)
        if (!VD_ARENA_PUSH(a->l->arena, to->at, to->count, to->cap, from->at[i]))
            return false;
    return true;
}

static vd_use_texts sorted(texts *t)
{
    uint32_t n = 0;

    if (t->count)
        qsort(t->at, t->count, sizeof *t->at, by_text);
    for (uint32_t i = 0; i < t->count; i++)
        if (i == 0 || !vd_str_eq(t->at[i], t->at[n - 1]))
            t->at[n++] = t->at[i];
    t->count = n;
    return (vd_use_texts){ .at = t->at, .count = n, .more = t->more };
}

/* Which of two states lets more stay. */
static int weight_of(int32_t state)
{
    static const int weights[VD_STATE_COUNT] = { [VD_STATE_USED] = 3, [VD_STATE_POSSIBLE] = 2, [VD_STATE_CANNOT_SEE] = 1,
                                                 [VD_STATE_NOT_SEEN] = 0 };

    return weights[state];
}

static void add_state(adding *a, const vd_visibility *v)
{
    vd_rs_seen *s = &a->seen;

    if (v->state == VD_STATE_CANNOT_SEE)
        s->reasons |= v->reasons;
    if (!a->any || weight_of(v->state) > weight_of(s->state))
        s->state = v->state;
    if (v->state == VD_STATE_NOT_SEEN) {
        s->grade = s->grade == VD_GRADE_NONE || v->grade < s->grade ? v->grade : s->grade;
        s->advisor = (!a->any || s->advisor) && v->access_advisor;
    }
    s->denied += v->denied;
    a->any = true;
}

static bool add_use(adding *a, const vd_use *u, uint32_t actor, uint32_t id)
{
    vd_rs_seen          *s = &a->seen;
    const vd_activity   *act = a->l->activity;
    const vd_act_actor  *who = &act->actors[actor];
    uint32_t             service = id == VD_NONE ? VD_NONE : vd_catalog_service_of(a->l->catalog, id);
    bool                 fresh = s->count == 0;

    if (!add_texts(a, &a->denied_on, &u->denied_on))
        return false;
    if (u->count == 0)
        return true;
    s->count += u->count;
    s->last = u->last > s->last ? u->last : s->last;
    s->sure = (fresh || s->sure) && u->kind != VD_USE_POSSIBLE;
    s->confidence = fresh || s->confidence == 'H' ? u->confidence : s->confidence; /* whether all of it is 'H' counts */
    if (who->unmapped_source || (who->unmapped && service != VD_NONE && vd_rs_bit(who->unmapped, service)))
        s->hides |= VD_BLIND_UNMAPPED_NAME;
    if (id != VD_NONE) {
        memset(a->l->day_bits, 0, a->l->day_words * sizeof *a->l->day_bits);
        vd_activity_days(act, actor, id, a->l->day_bits, a->l->day_words);
        for (size_t i = 0; i < a->l->day_words; i++)
            a->days[i] |= a->l->day_bits[i];
    }
    s->how.direct |= u->direct;
    s->how.off_endpoint |= u->off_endpoint;
    s->how.mfa_true |= u->mfa_true;
    s->how.mfa_false |= u->mfa_false;
    s->how.mfa_none |= u->mfa_none;
    return add_texts(a, &a->on, &u->resources) && add_texts(a, &a->regions, &u->regions) && add_texts(a, &a->via, &u->via) &&
           add_texts(a, &a->networks, &u->networks) && add_texts(a, &a->endpoints, &u->endpoints) &&
           add_texts(a, &a->services, &u->services) && add_texts(a, &a->asked, &u->asked);
}

/* Would others of the account be seen using it everywhere? */
static uint32_t hidden(const vd_rs_looking *l, vd_str account, uint32_t id)
{
    vd_visibility v = { .size = sizeof v };

    vd_activity_visibility(l->activity, VD_NO_INDEX, VD_S(""), account, id, &v);
    return v.state == VD_STATE_CANNOT_SEE ? v.reasons & hiding : 0;
}

static bool finish(adding *a)
{
    vd_rs_seen *s = &a->seen;
    vd_buf      b = vd_buf_on(&a->l->engine->alloc, 0);
    bool        ok;

    s->on = sorted(&a->on);
    s->denied_on = sorted(&a->denied_on);
    s->how.regions = sorted(&a->regions);
    s->how.via = sorted(&a->via);
    s->how.networks = sorted(&a->networks);
    s->how.endpoints = sorted(&a->endpoints);
    s->how.services = sorted(&a->services);
    s->how.asked = sorted(&a->asked);
    for (size_t i = 0; i < a->l->day_words; i++)
        s->days += (uint32_t)__builtin_popcountll(a->days[i]);
    for (uint32_t i = 0; i < VD_BLIND_COUNT_BITS; i++)
        if (s->reasons >> i & 1)
            vd_buf_printf(&b, "%s%s", b.n ? ", " : "", vd_blind_name((uint32_t)1 << i));
    ok = !b.failed && vd_arena_dup(a->l->arena, &s->blind, vd_buf_str(&b)) &&
         VD_ARENA_PUSH(a->l->arena, a->l->seen, a->l->seen_count, a->l->seen_cap, *s);
    vd_buf_done(&b);
    return ok;
}

static bool look_at(vd_rs_looking *l, uint32_t id)
{
    adding a = { .l = l, .seen = { .action = id } };
    char   room[160];

    a.days = l->union_bits;
    memset(a.days, 0, l->day_words * sizeof *a.days);
    for (uint32_t i = 0; i < l->holder_count; i++) {
        const vd_holder *h = &l->holders[i];
        uint32_t         actor = l->actors[i];
        vd_visibility    v = { .size = sizeof v };
        vd_use           u = { .size = sizeof u };

        vd_activity_visibility(l->activity, actor, h->arn, h->account, id, &v);
        add_state(&a, &v);
        if (actor != VD_NO_INDEX && vd_activity_use_of(l->activity, actor, id, &u) && !add_use(&a, &u, actor, id))
            return false;
        if (a.seen.count)
            a.seen.hides |= hidden(l, h->account, id);
    }
    return vd_arena_dup(l->arena, &a.seen.name, (vd_str){ room, vd_catalog_action_text(l->catalog, id, room, sizeof room) }) && finish(&a);
}

/* ------------------------------------------------------------------ what no catalogue knows */

static bool is_there(const vd_rs_looking *l, vd_str name)
{
    for (uint32_t i = l->seen_count; i > 0 && l->seen[i - 1].action == VD_NONE; i--)
        if (vd_str_ieq(l->seen[i - 1].name, name))
            return true;
    return false;
}

/* It is used, on whatever was granted: of its resources nobody knows the kinds. */
static bool look_at_names(vd_rs_looking *l, uint32_t actor)
{
    vd_use u = { .size = sizeof u };

    for (uint32_t i = 0; vd_activity_use(l->activity, actor, i, &u); i++) {
        vd_rs_seen s = { .action = VD_NONE, .name = u.action, .state = VD_STATE_USED, .count = u.count, .last = u.last, .days = u.days,
                         .confidence = u.confidence, .on = { .more = true }, .blind = VD_S("") };

        if (u.action_id != VD_NO_INDEX || u.count == 0 || is_there(l, u.action))
            continue;
        if (!VD_ARENA_PUSH(l->arena, l->seen, l->seen_count, l->seen_cap, s))
            return false;
    }
    return true;
}

vd_code vd_rs_look(vd_rs_looking *l, const uint64_t *granted, vd_error *err)
{
    bool ok;

    l->day_words = l->activity->day_words;
    l->day_bits = vd_arena_new_array(l->arena, uint64_t, l->day_words + 1);
    l->union_bits = vd_arena_new_array(l->arena, uint64_t, l->day_words + 1);
    ok = l->day_bits && l->union_bits;
    for (uint32_t a = 0; ok && a < vd_catalog_actions(l->catalog); a++)
        if (vd_rs_bit(granted, a))
            ok = look_at(l, a);
    for (uint32_t i = 0; ok && i < l->holder_count; i++)
        if (l->actors[i] != VD_NO_INDEX)
            ok = look_at_names(l, l->actors[i]);
    return ok ? VD_OK : vd_fail_nomem(err);
}
