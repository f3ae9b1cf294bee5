/* SPDX-License-Identifier: Apache-2.0
 *
 * The Allow statements of a subject with the actions that they grant, and of each action whether those whose use counts have
 * used it: the subject itself, or everybody who is in the group that the statement came through.
 */
#include "tighten/unused_int.h"

#include "base/str.h"

/* ------------------------------------------------------------------ one action */

/* Whoever has used it decides; then whoever might have without being seen. */
static int rank_of(uint8_t state)
{
    static const int ranks[VD_STATE_COUNT] = { [VD_STATE_USED] = 3, [VD_STATE_POSSIBLE] = 2, [VD_STATE_CANNOT_SEE] = 1,
                                               [VD_STATE_NOT_SEEN] = 0 };

    return state < VD_STATE_COUNT ? ranks[state] : 1;
}

static char worse_confidence(char a, char b)
{
    if (a == 'L' || b == 'L')
        return 'L';
    return a == 'M' || b == 'M' ? 'M' : 'H';
}

void vd_unit_merge(vd_unit *into, const vd_visibility *v, bool first)
{
    vd_unit one = { .state = (uint8_t)v->state, .grade = (uint8_t)v->grade, .confidence = v->confidence ? v->confidence : 'H',
                    .logs = v->logs, .advisor = v->access_advisor, .reasons = v->reasons, .since = v->since, .last = v->last,
                    .count = v->count, .denied = v->denied };

    if (first) {
        *into = one;
        return;
    }
    into->count += one.count;
    into->denied += one.denied;
    into->last = one.last > into->last ? one.last : into->last;
    into->since = one.since > into->since ? one.since : into->since;
    into->grade = one.grade < into->grade ? one.grade : into->grade;
    into->confidence = worse_confidence(into->confidence, one.confidence);
    into->logs |= one.logs;
    into->advisor |= one.advisor;
    if (rank_of(one.state) > rank_of(into->state))
        into->state = one.state;
    into->reasons |= one.reasons;
}

static void look(const vd_idle *r, const uint32_t *members, uint32_t count, const uint64_t *bits, vd_unit *out)
{
    for (uint32_t m = 0; m < count; m++) {
        const vd_holder *h = &r->holders->all[members[m]];
        uint32_t         actor = vd_activity_find(r->activity, h->arn);

        for (uint32_t w = 0; w < r->words; w++)
            for (uint64_t rest = bits[w]; rest; rest &= rest - 1) {
                uint32_t      id = w * 64 + (uint32_t)__builtin_ctzll(rest);
                vd_visibility v = { .size = sizeof v };

                vd_activity_visibility(r->activity, actor, h->arn, h->account, id, &v);
                vd_unit_merge(&out[id], &v, m == 0);
            }
    }
}

/* ------------------------------------------------------------------ who holds it too */

static bool is_in(const vd_holder *h, vd_str group)
{
    for (size_t i = 0; i < h->policy_count; i++)
        if (vd_str_eq(h->policies[i].group, group))
            return true;
    return false;
}

bool vd_idle_mates(vd_idle *r, vd_str group, uint32_t **out, uint32_t *count)
{
    *count = 0;
    *out = vd_arena_new_array(&r->scratch, uint32_t, (size_t)r->holders->all_count + 1);
    for (uint32_t i = 0; *out && i < r->holders->all_count; i++)
        if (is_in(&r->holders->all[i], group))
            (*out)[(*count)++] = i;
    return *out != NULL;
}

/* Of those that are asked about, the first one tells what is true of all. */
static bool tells(const vd_idle *r, const uint32_t *mates, uint32_t count, uint32_t me)
{
    for (uint32_t i = 0; i < r->holders->count; i++)
        for (uint32_t k = 0; k < count; k++)
            if (mates[k] == r->holders->listed[i])
                return mates[k] == me;
    return false;
}

static int64_t oldest(const vd_idle *r, const uint32_t *members, uint32_t count)
{
    int64_t out = INT64_MAX;

    for (uint32_t i = 0; i < count; i++)
        if (r->holders->all[members[i]].created < out)
            out = r->holders->all[members[i]].created;
    return count ? out : 0;
}

/* ------------------------------------------------------------------ statements */

static bool is_there(const vd_idle_subject *s, const vd_granting *g)
{
    for (uint32_t i = 0; i < s->statement_count; i++)
        if (s->statements[i].granting->policy == g->policy && vd_str_eq(s->statements[i].granting->group, g->group) &&
            vd_str_eq(s->statements[i].granting->name, g->name))
            return true;
    return false;
}

static bool add_statements(vd_idle *r, vd_idle_subject *s, const vd_granting *g, uint32_t policy, const uint64_t *left)
{
    for (uint32_t i = 0; i < g->policy->statement_count; i++) {
        const vd_statement *st = &g->policy->statements[i];
        vd_idle_statement   one = { .granting = g, .st = st, .policy = policy, .units = r->own, .ours = true,
                                    .breadth = vd_statement_breadth(st) };

        if (st->effect != VD_EFFECT_ALLOW || st->malformed || !st->action.present)
            continue;
        one.bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);
        if (!one.bits || !VD_ARENA_PUSH(&r->scratch, s->statements, s->statement_count, s->statement_cap, one))
            return false;
        vd_grant_actions(r->catalog, &st->action, one.bits);
        for (uint32_t w = 0; w < r->words; w++) {
            one.bits[w] &= left[w];
            s->granted[w] |= one.bits[w];
        }
    }
    return true;
}

static bool add_holder(vd_idle *r, vd_idle_subject *s, const vd_holder *h, uint32_t *policy)
{
    uint64_t *left = vd_arena_new_array(&r->scratch, uint64_t, r->words);

    if (!left)
        return false;
    memset(left, 0xff, r->words * sizeof *left);
    if (!vd_grant_mask(r->catalog, h, left, &r->scratch))
        return false;
    for (size_t i = 0; i < h->policy_count; i++)
        if (!is_there(s, &h->policies[i]) && !add_statements(r, s, &h->policies[i], (*policy)++, left))
            return false;
    return true;
}

static bool look_at_group(vd_idle *r, vd_idle_subject *s, uint32_t from, uint32_t to)
{
    uint32_t *mates, count;
    uint64_t *bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    vd_unit  *units;
    bool      ours;
    int64_t   since;

    if (!bits || !vd_idle_mates(r, s->statements[from].granting->group, &mates, &count))
        return false;
    ours = tells(r, mates, count, s->members[0]);
    since = oldest(r, mates, count);
    for (uint32_t i = from; i < to; i++) {
        s->statements[i].ours = ours;
        s->statements[i].young = since > r->from || s->statements[i].granting->since > r->from;
        for (uint32_t w = 0; w < r->words; w++)
            bits[w] |= s->statements[i].bits[w];
    }
    if (!ours)
        return true;
    units = vd_arena_new_array(&r->scratch, vd_unit, vd_catalog_actions(r->catalog));
    if (!units)
        return false;
    look(r, mates, count, bits, units);
    for (uint32_t i = from; i < to; i++)
        s->statements[i].units = units;
    return true;
}

bool vd_idle_statements(vd_idle *r, vd_idle_subject *s)
{
    uint32_t policy = 0;
    int64_t  since = oldest(r, s->members, s->member_count);

    s->granted = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    s->units = r->own;
    s->young = since > r->from;
    if (!s->granted)
        return false;
    for (uint32_t m = 0; m < s->member_count; m++)
        if (!add_holder(r, s, &r->holders->all[s->members[m]], &policy))
            return false;
    if (r->opts.identities_only)
        return true; /* what is granted is enough */
    look(r, s->members, s->member_count, s->granted, r->own);
    for (uint32_t i = 0; i < s->statement_count; i++)
        s->statements[i].young = s->young || s->statements[i].granting->since > r->from;
    for (uint32_t i = 0, k; i < s->statement_count; i = k) {
        const vd_granting *g = s->statements[i].granting;

        for (k = i + 1; k < s->statement_count && vd_str_eq(s->statements[k].granting->group, g->group); k++)
            ;
        if (g->group.n && !look_at_group(r, s, i, k))
            return false;
    }
    return true;
}
