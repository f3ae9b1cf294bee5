/* SPDX-License-Identifier: Apache-2.0
 *
 * What an activity tells about actors, their uses, and reports.
 */
#include "activity/read.h"

#include "base/str.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ actors */

uint32_t vd_activity_actors(const vd_activity *a)
{
    return a->actor_count;
}

bool vd_activity_actor(const vd_activity *a, uint32_t index, vd_actor *out)
{
    if (index >= a->actor_count)
        return false;
    *out = a->actors[index].actor;
    return true;
}

/* The first in by_name with this account, kind and name. */
static uint32_t find_name(const vd_activity *a, vd_str account, vd_str kind, vd_str base)
{
    uint32_t low = 0, high = a->actor_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (vd_act_name_order(&a->actors[a->by_name[middle]].actor, account, kind, base) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == a->actor_count || vd_act_name_order(&a->actors[a->by_name[low]].actor, account, kind, base) != 0)
        return VD_NO_INDEX;
    return a->by_name[low];
}

/* Names are unique in an account whatever their path. */
uint32_t vd_activity_find(const vd_activity *a, vd_str arn)
{
    vd_str   rest, kind = { 0 }, name;
    vd_arn   parts;
    uint32_t at;

    if (!vd_arn_split(&parts, arn))
        return VD_NO_INDEX;
    rest = parts.resource;
    if (vd_str_eq(rest, VD_S("root"))) {
        kind = rest;
        name = VD_S("");
    } else if (vd_str_cut(&rest, '/', &kind) && vd_str_eq(kind, VD_S("assumed-role"))) {
        kind = VD_S("role");
        name = vd_str_first(rest, vd_str_find(rest, '/'));
    } else {
        size_t slash = vd_str_rfind(rest, '/');

        name = slash < rest.n ? vd_str_from(rest, slash + 1) : rest;
    }
    at = find_name(a, parts.account, kind, name);
    return at != VD_NO_INDEX && a->actors[at].actor.living ? at : VD_NO_INDEX;
}

/* ------------------------------------------------------------------ uses */

static void tell_use(const vd_act_use *u, uint32_t words, vd_use *out)
{
    *out = (vd_use){
        .size = sizeof *out,
        .action = u->name,
        .action_id = u->action,
        .kind = u->kind,
        .unmapped = u->unmapped,
        .count = u->count,
        .denied = u->denied,
        .errors = u->errors,
        .first = u->first,
        .last = u->last,
        .resources = u->resources,
        .denied_on = u->denied_on,
        .regions = u->regions,
        .via = u->via,
        .events = u->events,
        .endpoints = u->endpoints,
        .networks = u->networks,
        .services = u->services, .asked = u->asked,
        .mfa_true = u->mfa_true,
        .mfa_false = u->mfa_false,
        .mfa_none = u->mfa_none, .direct = u->direct, .off_endpoint = u->off_endpoint,
        .confidence = u->confidence,
    };
    for (uint32_t w = 0; w < words; w++)
        out->days += (uint32_t)__builtin_popcountll(u->days[w]);
}

bool vd_activity_use(const vd_activity *a, uint32_t actor, uint32_t index, vd_use *out)
{
    if (actor >= a->actor_count || index >= a->actors[actor].actor.uses)
        return false;
    tell_use(&a->uses[a->actors[actor].first_use + index], a->day_words, out);
    return true;
}

const vd_act_use *vd_act_use_find(const vd_activity *a, uint32_t actor, uint32_t action)
{
    char     text[256];
    vd_str   name;
    uint32_t low, end;

    if (actor >= a->actor_count || action >= vd_catalog_actions(a->catalog))
        return NULL;
    name = (vd_str){ text, vd_catalog_action_text(a->catalog, action, text, sizeof text) };
    low = a->actors[actor].first_use;
    end = low + a->actors[actor].actor.uses;
    while (low < end) {
        uint32_t middle = low + (end - low) / 2;
        int      c = vd_str_icmp(a->uses[middle].name, name);

        if (c == 0)
            return &a->uses[middle];
        if (c < 0)
            low = middle + 1;
        else
            end = middle;
    }
    return NULL;
}

bool vd_activity_use_of(const vd_activity *a, uint32_t actor, uint32_t action_id, vd_use *out)
{
    const vd_act_use *u = vd_act_use_find(a, actor, action_id);

    if (u)
        tell_use(u, a->day_words, out);
    return u != NULL;
}

void vd_activity_days(const vd_activity *a, uint32_t actor, uint32_t action_id, uint64_t *out, size_t words)
{
    const vd_act_use *u = vd_act_use_find(a, actor, action_id);

    for (size_t w = 0; w < words; w++)
        out[w] = u && w < a->day_words ? u->days[w] : 0;
}

/* ------------------------------------------------------------------ reports */

static int evidence_order(const vd_usage_evidence *e, vd_str kind, vd_str subject)
{
    int c = vd_str_cmp(e->kind, kind);

    return c ? c : vd_str_cmp(e->subject, subject);
}

void vd_activity_evidence(const vd_activity *a, vd_str kind, vd_str subject, vd_evidence_fn *tell, void *user)
{
    uint32_t low = 0, high = a->evidence_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (evidence_order(&a->evidence[middle], kind, subject) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low < a->evidence_count && evidence_order(&a->evidence[low], kind, subject) == 0)
        if (!tell(user, &a->evidence[low++]))
            return;
}
