/* SPDX-License-Identifier: Apache-2.0
 *
 * Roles that IAM Identity Center made of one permission set are one thing for whoever changes it: their uses are united.
 */
#include "cli/usage_actions.h"

#include "base/str.h"
#include "pattern/glob.h"

#include <stdlib.h>

static bool fits(vd_str pattern, const vd_actor *who)
{
    return !pattern.n || vd_glob_match(pattern, who->arn) || vd_glob_match(pattern, who->id) ||
           vd_glob_match(pattern, who->name) || (who->permission_set.n && vd_glob_match(pattern, who->permission_set));
}

static bool put(vd_usage_groups *g, vd_str set, uint32_t actor)
{
    vd_usage_group *at = NULL;

    for (uint32_t i = 0; set.n && i < g->count; i++)
        if (vd_str_eq(g->at[i].permission_set, set))
            at = &g->at[i];
    if (!at) {
        if (!VD_ARENA_PUSH(g->arena, g->at, g->count, g->cap, (vd_usage_group){ .permission_set = set }))
            return false;
        at = &g->at[g->count - 1];
    }
    return VD_ARENA_PUSH(g->arena, at->actors, at->count, at->cap, actor);
}

/* ------------------------------------------------------------------ uses of several */

static int by_action(const void *a, const void *b)
{
    const vd_use *x = a, *y = b;
    int           c = vd_str_icmp(x->action, y->action);

    return c ? c : vd_str_cmp(x->action, y->action);
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static bool unite_texts(vd_arena *arena, vd_use_texts *into, const vd_use_texts *from)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, into->count + from->count + 1);
    size_t  n = 0;

    if (!at)
        return false;
    if (into->count)
        memcpy(at, into->at, into->count * sizeof *at);
    if (from->count)
        memcpy(at + into->count, from->at, from->count * sizeof *at);
    qsort(at, into->count + from->count, sizeof *at, by_text);
    for (size_t i = 0; i < into->count + from->count; i++)
        if (n == 0 || !vd_str_eq(at[n - 1], at[i]))
            at[n++] = at[i];
    *into = (vd_use_texts){ at, n, into->more || from->more };
    return true;
}

static void unite_times(vd_use *into, const vd_use *from)
{
    if (from->count && !into->count) {
        into->first = from->first;
        into->last = from->last;
    } else if ((from->count > 0) == (into->count > 0)) {
        into->first = from->first < into->first ? from->first : into->first;
        into->last = from->last > into->last ? from->last : into->last;
    }
}

static bool unite(vd_arena *arena, vd_use *into, const vd_use *from)
{
    vd_use_texts *const       to[] = { &into->resources, &into->denied_on, &into->regions,  &into->via,
                                       &into->events,    &into->endpoints, &into->networks, &into->services };
    const vd_use_texts *const of[] = { &from->resources, &from->denied_on, &from->regions,  &from->via,
                                       &from->events,    &from->endpoints, &from->networks, &from->services };

    unite_times(into, from);
    into->kind = from->kind < into->kind ? from->kind : into->kind;
    into->confidence = from->confidence < into->confidence ? from->confidence : into->confidence;
    into->count += from->count;
    into->denied += from->denied;
    into->errors += from->errors;
    into->days = from->days > into->days ? from->days : into->days; /* at least so many */
    into->mfa_true |= from->mfa_true;
    into->mfa_false |= from->mfa_false;
    into->mfa_none |= from->mfa_none;
    into->off_endpoint |= from->off_endpoint;
    for (size_t i = 0; i < VD_COUNT(to); i++)
        if (!unite_texts(arena, to[i], of[i]))
            return false;
    return true;
}

static bool take_uses(vd_usage_groups *g, vd_usage_group *group)
{
    uint32_t all = 0;
    vd_actor who;

    for (uint32_t i = 0; i < group->count; i++)
        all += vd_activity_actor(g->activity, group->actors[i], &who) ? who.uses : 0;
    group->uses = vd_arena_new_array(g->arena, vd_use, all + 1);
    if (!group->uses)
        return false;
    for (uint32_t i = 0, n = 0; i < group->count; i++)
        for (uint32_t k = 0; vd_activity_use(g->activity, group->actors[i], k, &group->uses[n]); k++)
            group->use_count = ++n;
    if (group->count == 1)
        return true;
    qsort(group->uses, all, sizeof *group->uses, by_action);
    group->use_count = 0;
    for (uint32_t i = 0; i < all; i++) {
        vd_use *last = group->use_count ? &group->uses[group->use_count - 1] : NULL;

        if (!last || !vd_str_eq(last->action, group->uses[i].action))
            group->uses[group->use_count++] = group->uses[i];
        else if (!unite(g->arena, last, &group->uses[i]))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ the groups */

bool vd_usage_groups_make(vd_usage_groups *g, const vd_activity *activity, vd_str pattern, vd_arena *arena)
{
    uint32_t actors = vd_activity_actors(activity);

    *g = (vd_usage_groups){ .arena = arena, .activity = activity };
    for (int sets = 0; sets < 2; sets++)
        for (uint32_t i = 0; i < actors; i++) {
            vd_actor who;

            vd_activity_actor(activity, i, &who);
            if ((who.permission_set.n > 0) == (sets == 1) && fits(pattern, &who) && !put(g, who.permission_set, i))
                return false;
        }
    for (uint32_t i = 0; i < g->count; i++)
        if (!take_uses(g, &g->at[i]))
            return false;
    return true;
}
