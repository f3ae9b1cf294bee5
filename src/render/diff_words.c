/* SPDX-License-Identifier: Apache-2.0
 *
 * What a difference comes to: the relation of both sides, and one line for each service.
 */
#include "base/str.h"
#include "base/vec.h"
#include "render/proof.h"

#include <stdlib.h>

bool vd_delta_is_open(const vd_delta *d)
{
    return (d->flags & VD_FLAG_POTENTIAL) && !d->witness;
}

bool vd_delta_counts(const vd_delta *d, bool future_actions)
{
    if (vd_delta_is_open(d))
        return false;
    return future_actions || !(d->flags & VD_FLAG_FUTURE);
}

bool vd_delta_is_off(const vd_delta *d)
{
    return (d->flags & VD_FLAG_OFF_CATALOGUE) != 0;
}

/* Of what a reader of a diff learns first: requests that can be made today. */
static bool is_real(const vd_delta *d, bool future_actions)
{
    return vd_delta_counts(d, future_actions) && !vd_delta_is_off(d);
}

static vd_answer worse(vd_answer a, vd_answer b)
{
    if (a == VD_SAT || b == VD_SAT)
        return VD_SAT;
    return a == VD_UNKNOWN || b == VD_UNKNOWN ? VD_UNKNOWN : VD_UNSAT;
}

/* Differences of the future alone are none, unless they count; nor are requests that the catalogue rules out, but where both
 * sides are said to be the same. */
static vd_answer direction(const vd_diff_job *job, bool removed)
{
    vd_answer answer = VD_UNSAT;

    for (uint32_t i = 0; i < job->count; i++) {
        const vd_compared *c = &job->at[i];
        vd_answer          own = c->failed ? VD_UNKNOWN : removed ? c->summary.narrower : c->summary.broader;
        bool               counts = false, future = false;

        for (uint32_t k = 0; k < c->count; k++)
            if (c->at[k]->removed == removed) {
                bool real = job->equivalent ? vd_delta_counts(c->at[k], job->future_actions) : is_real(c->at[k], job->future_actions);

                counts |= real;
                future |= !vd_delta_is_open(c->at[k]) && !real;
            }
        if (own == VD_SAT && future && !counts)
            own = c->summary.undecided ? VD_UNKNOWN : VD_UNSAT;
        answer = worse(answer, own);
    }
    return answer;
}

vd_answer vd_diff_broader(const vd_diff_job *job)
{
    return direction(job, false);
}

vd_answer vd_diff_narrower(const vd_diff_job *job)
{
    return direction(job, true);
}

const char *vd_diff_relation(const vd_diff_job *job)
{
    vd_answer more = vd_diff_broader(job), less = vd_diff_narrower(job);

    if (more == VD_UNKNOWN || less == VD_UNKNOWN || job->count == 0)
        return "unknown";
    if (more == VD_SAT)
        return less == VD_SAT ? "incomparable" : "broader";
    return less == VD_SAT ? "narrower" : "equivalent";
}

int vd_delta_order(const vd_delta *a, const vd_delta *b)
{
    int32_t da = vd_level_danger(a->level), db = vd_level_danger(b->level);
    int     c;

    if (a->removed != b->removed)
        return a->removed ? 1 : -1;
    if (is_real(a, false) != is_real(b, false))
        return is_real(a, false) ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (da != db)
        return da > db ? -1 : 1;
    if (a->actions.count != b->actions.count)
        return a->actions.count > b->actions.count ? -1 : 1;
    c = vd_str_cmp(a->service, b->service);
    return c ? c : vd_str_cmp(a->id, b->id);
}

/* ------------------------------------------------------------------ by service */

typedef struct acting {
    vd_str         action;
    int32_t        level;
    const vd_delta *of;
} acting;

typedef struct actings {
    acting  *at;
    uint32_t count, cap;
} actings;

static int by_action(const void *a, const void *b)
{
    const acting *x = a, *y = b;
    int           c = vd_str_icmp(x->action, y->action);

    return c ? c : vd_str_cmp(x->of->id, y->of->id);
}

static int by_danger(const void *a, const void *b)
{
    const vd_service_sum *x = a, *y = b;

    if (x->danger != y->danger)
        return x->danger > y->danger ? -1 : 1;
    if (x->by_level[VD_LEVEL_PERMISSIONS] != y->by_level[VD_LEVEL_PERMISSIONS])
        return x->by_level[VD_LEVEL_PERMISSIONS] > y->by_level[VD_LEVEL_PERMISSIONS] ? -1 : 1;
    if (x->actions != y->actions)
        return x->actions > y->actions ? -1 : 1;
    return vd_str_cmp(x->service, y->service);
}

/* Every action once, however many groups and comparisons it is in. */
static bool list_actions(actings *out, const vd_diff_job *job, bool removed)
{
    for (uint32_t i = 0; i < job->count; i++)
        for (uint32_t k = 0; k < job->at[i].count; k++) {
            const vd_delta *d = job->at[i].at[k];

            for (size_t n = 0; d->removed == removed && is_real(d, job->future_actions) && n < d->actions.count; n++)
                if (!VD_PUSH(vd_allocator_default(), out,
                             (acting){ d->actions.at[n], d->levels ? d->levels[n] : VD_LEVEL_UNKNOWN, d }))
                    return false;
        }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, by_action);
    return true;
}

static vd_str service_of(vd_str action)
{
    return vd_str_first(action, vd_str_find(action, ':'));
}

static void count(vd_service_sum *s, const acting *a)
{
    int32_t level = a->level >= 0 && a->level <= VD_LEVEL_UNKNOWN ? a->level : VD_LEVEL_UNKNOWN;

    s->only = s->actions == 0 ? vd_str_from(a->action, vd_str_find(a->action, ':') + 1) : VD_S("");
    s->only_resource = s->actions == 0 && a->of->resources.count == 1 ? a->of->resources.at[0] : VD_S("");
    s->actions++;
    s->by_level[level]++;
    if (vd_level_danger(level) > s->danger)
        s->danger = vd_level_danger(level);
}

vd_service_sums vd_sum_services(const vd_diff_job *job, bool removed)
{
    vd_service_sums out = { 0 };
    actings         all = { 0 };

    out.failed = !list_actions(&all, job, removed);
    for (uint32_t i = 0; !out.failed && i < all.count; i++) {
        vd_str service = service_of(all.at[i].action);

        if (i && vd_str_ieq(all.at[i - 1].action, all.at[i].action))
            continue;
        if (out.count == 0 || !vd_str_ieq(out.at[out.count - 1].service, service))
            out.failed = !VD_PUSH(vd_allocator_default(), &out, (vd_service_sum){ .service = service, .removed = removed });
        if (!out.failed)
            count(&out.at[out.count - 1], &all.at[i]);
    }
    if (out.count)
        qsort(out.at, out.count, sizeof *out.at, by_danger);
    VD_VEC_DONE(vd_allocator_default(), &all);
    return out;
}

void vd_sums_done(vd_service_sums *sums)
{
    VD_VEC_DONE(vd_allocator_default(), sums);
}

void vd_put_sum(vd_buf *out, const vd_service_sum *s)
{
    static const int32_t order[] = { VD_LEVEL_PERMISSIONS, VD_LEVEL_WRITE, VD_LEVEL_UNKNOWN, VD_LEVEL_TAGGING,
                                     VD_LEVEL_READ, VD_LEVEL_LIST };
    bool                 first = true;

    vd_buf_printf(out, VD_F ": %c%u", VD_A(s->service.n ? s->service : VD_S("*")), s->removed ? '-' : '+', s->actions);
    if (s->only.n) {
        vd_buf_printf(out, " (" VD_F, VD_A(s->only));
        if (s->only_resource.n)
            vd_buf_printf(out, " on " VD_F, VD_A(s->only_resource));
        vd_buf_byte(out, ')');
        return;
    }
    vd_buf_add(out, s->actions == 1 ? VD_S(" action (") : VD_S(" actions ("));
    for (size_t i = 0; i < VD_COUNT(order); i++) {
        if (s->by_level[order[i]] == 0)
            continue;
        vd_buf_printf(out, "%s%s %u", first ? "" : ", ", vd_level_title(order[i]), s->by_level[order[i]]);
        first = false;
    }
    vd_buf_byte(out, ')');
}
