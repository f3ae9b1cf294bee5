/* SPDX-License-Identifier: Apache-2.0
 *
 * Permissions that nobody uses, at the highest level that is wholly not seen: a statement, all that it grants of a service,
 * single actions.  What cannot be seen is never called unused.
 */
#include "tighten/unused_int.h"

#include "base/str.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ one unit */

typedef struct part { /* of a statement: all its actions, or those of a service */
    uint32_t  by_state[VD_STATE_COUNT];
    uint64_t *idle, *blind; /* bits */
} part;

static vd_unit unit_of(const vd_idle_statement *x, uint32_t action)
{
    vd_unit u = x->units[action];

    if (x->young && u.state == VD_STATE_NOT_SEEN) {
        u.state = VD_STATE_CANNOT_SEE;
        u.reasons = VD_BLIND_YOUNG_GRANT;
    }
    return u;
}

static uint32_t weight_of(const vd_idle *r, const vd_idle_statement *x, uint32_t action)
{
    uint32_t w = vd_level_weight(vd_catalog_level_of(r->catalog, action)) * x->breadth;

    if (vd_bit(r->escalation, action))
        w *= 2;
    return vd_statement_is_fenced(x->st) ? (w * 3 + 3) / 4 : w;
}

static int32_t danger(int32_t level)
{
    return level == VD_LEVEL_UNKNOWN ? -1 : level;
}

/* ------------------------------------------------------------------ findings */

static void name_statement(vd_unused_finding *f, const vd_idle_statement *x)
{
    const vd_policy *p = x->granting->policy;

    f->policy = x->granting->name;
    f->policy_arn = x->granting->arn;
    f->group = x->granting->group;
    f->statement = (vd_statement_info){ .size = sizeof f->statement, .policy = x->granting->name, .layer = VD_LAYER_IDENTITY,
                                        .sid = x->st->has_sid ? x->st->sid.text : VD_S(""), .index = x->st->index,
                                        .at = vd_policy_pos(p, x->st->span) };
}

static void name_subject(vd_unused_finding *f, const vd_idle_subject *s)
{
    f->principal = s->first->arn;
    f->account = s->first->account;
    f->permission_set = s->first->permission_set;
}

/* What all of its actions have in common, or the worst of it. */
static void sum_up(vd_idle *r, vd_unused_finding *f, const vd_idle_statement *x, const uint64_t *bits)
{
    bool first = true;

    for (uint32_t w = 0; w < r->words; w++)
        for (uint64_t rest = bits[w]; rest; rest &= rest - 1) {
            uint32_t id = w * 64 + (uint32_t)__builtin_ctzll(rest);
            vd_unit  u = unit_of(x, id);
            int32_t  level = vd_catalog_level_of(r->catalog, id);

            f->grade = first || u.grade < f->grade ? u.grade : f->grade;
            f->confidence = first ? u.confidence : u.confidence == 'L' || f->confidence == 'L' ? 'L' : u.confidence == 'M' ? 'M' : f->confidence;
            f->since = u.since > f->since ? u.since : f->since;
            f->last = u.count && u.last > f->last ? u.last : f->last;
            f->reasons |= u.state == VD_STATE_CANNOT_SEE ? u.reasons : 0;
            f->count += u.count;
            f->denied += u.denied;
            f->level = danger(level) > danger(f->level) ? level : f->level;
            f->weight += weight_of(r, x, id);
            f->escalation |= vd_bit(r->escalation, id);
            if (u.logs)
                vd_idle_evidence(f, "cloudtrail");
            if (u.advisor)
                vd_idle_evidence(f, "access-advisor");
            first = false;
        }
    r->nomem |= !vd_grant_texts(r->catalog, bits, &f->actions, &f->patterns, &r->scratch);
}

static void list_resources(vd_idle *r, vd_unused_finding *f, const vd_statement *st)
{
    vd_str *list;

    if (!st->resource.present || st->resource.negated) {
        f->resources = (vd_texts_list){ NULL, 0 };
        return;
    }
    list = vd_arena_new_array(&r->scratch, vd_str, (size_t)st->resource.texts.count + 1);
    r->nomem |= !list;
    for (uint32_t i = 0; list && i < st->resource.texts.count; i++)
        list[i] = st->resource.texts.at[i].text;
    f->resources = (vd_texts_list){ list, list ? st->resource.texts.count : 0 };
}

static vd_str statement_name(vd_idle *r, const vd_idle_statement *x)
{
    if (x->st->has_sid && x->st->sid.text.n)
        return vd_idle_printf(r, "statement \"" VD_F "\" of policy \"" VD_F "\"", VD_A(x->st->sid.text), VD_A(x->granting->name));
    return vd_idle_printf(r, "statement %u of policy \"" VD_F "\"", x->st->index + 1, VD_A(x->granting->name));
}

/* Whoever removes it has to know who else has it. */
static const char *shared_words(const vd_idle_statement *x)
{
    if (x->granting->aws)
        return "; the policy is of AWS: attach a smaller one of your own in its place";
    if (x->granting->group.n)
        return "";
    return x->granting->shared ? "; others hold this policy, too" : "";
}

static vd_str said(vd_idle *r, const vd_idle_statement *x, const vd_unused_finding *f)
{
    vd_str name = statement_name(r, x), day = f->since ? vd_idle_day(r, f->since) : VD_S("");
    vd_str since = f->since ? vd_idle_printf(r, " since " VD_F, VD_A(day)) : VD_S("");

    switch (f->rule) {
    case VD_UNUSED_STATEMENT:
        return vd_idle_printf(r, "nothing that " VD_F " allows was seen" VD_F ": %zu action%s; remove the statement%s", VD_A(name), VD_A(since),
                              f->actions.count, f->actions.count == 1 ? "" : "s", shared_words(x));
    case VD_UNUSED_SERVICE:
        return vd_idle_printf(r, "nothing of " VD_F " that " VD_F " allows was seen" VD_F ": %zu action%s", VD_A(f->item), VD_A(name),
                              VD_A(since), f->actions.count, f->actions.count == 1 ? "" : "s");
    case VD_UNUSED_BLIND:
        if (r->opts.by_action)
            return vd_idle_printf(r, VD_F ", which " VD_F " allows, cannot be seen", VD_A(f->item), VD_A(name));
        return vd_idle_printf(r, "%zu action%s of " VD_F " that " VD_F " allows cannot be seen", f->actions.count,
                              f->actions.count == 1 ? "" : "s", VD_A(f->item), VD_A(name));
    default:
        if (r->opts.by_action)
            return vd_idle_printf(r, VD_F ", which " VD_F " allows, was not seen" VD_F, VD_A(f->item), VD_A(name), VD_A(since));
        return vd_idle_printf(r, "%zu action%s of " VD_F " that " VD_F " allows %s not seen" VD_F, f->actions.count,
                              f->actions.count == 1 ? "" : "s", VD_A(f->item), VD_A(name), f->actions.count == 1 ? "was" : "were",
                              VD_A(since));
    }
}

static void add(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, int32_t rule, vd_str item, const uint64_t *bits)
{
    vd_unused_finding f = vd_idle_finding(r, rule);
    vd_str            key;

    name_subject(&f, s);
    name_statement(&f, x);
    f.item = item;
    f.state = rule == VD_UNUSED_BLIND ? VD_STATE_CANNOT_SEE : VD_STATE_NOT_SEEN;
    sum_up(r, &f, x, bits);
    if (rule != VD_UNUSED_BLIND)
        f.reasons = 0;
    else
        f.grade = VD_GRADE_NONE;
    list_resources(r, &f, x->st);
    f.says = said(r, x, &f);
    key = f.statement.sid.n ? f.statement.sid : vd_idle_printf(r, "%u", f.statement.index);
    vd_idle_add(r, &f, x->policy, x->st->index, key);
}

/* A finding for each action: its name is the item, and a part of the id by that. */
static void add_each(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, int32_t rule, const uint64_t *bits)
{
    uint64_t *one = vd_arena_new_array(&r->scratch, uint64_t, r->words);

    r->nomem |= !one;
    for (uint32_t w = 0; w < r->words && !r->nomem; w++)
        for (uint64_t rest = bits[w]; rest && !r->nomem; rest &= rest - 1) {
            char     room[160];
            uint32_t id = w * 64 + (uint32_t)__builtin_ctzll(rest);
            vd_str   name = { room, vd_catalog_action_text(r->catalog, id, room, sizeof room) };

            one[w] = rest & (~rest + 1);
            r->nomem |= !vd_arena_dup(&r->scratch, &name, name);
            if (!r->nomem)
                add(r, s, x, rule, name, one);
            one[w] = 0;
        }
}

/* ------------------------------------------------------------------ a statement */

static bool open_part(vd_idle *r, part *p)
{
    *p = (part){ .idle = vd_arena_new_array(&r->scratch, uint64_t, r->words), .blind = vd_arena_new_array(&r->scratch, uint64_t, r->words) };
    r->nomem |= !p->idle || !p->blind;
    return !r->nomem;
}

static void clear_part(const vd_idle *r, part *p)
{
    memset(p->by_state, 0, sizeof p->by_state);
    memset(p->idle, 0, r->words * sizeof *p->idle);
    memset(p->blind, 0, r->words * sizeof *p->blind);
}

static void put(part *p, const vd_unit *u, uint32_t id)
{
    p->by_state[u->state]++;
    if (u->state == VD_STATE_NOT_SEEN)
        vd_set_bit(p->idle, id);
    if (u->state == VD_STATE_CANNOT_SEE)
        vd_set_bit(p->blind, id);
}

static bool is_idle(const part *p)
{
    return p->by_state[VD_STATE_NOT_SEEN] && !p->by_state[VD_STATE_USED] && !p->by_state[VD_STATE_POSSIBLE] &&
           !p->by_state[VD_STATE_CANNOT_SEE];
}

static void look_at_service(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, uint32_t service, part *p, bool whole)
{
    vd_service_fact fact = vd_catalog_service(r->catalog, service);

    clear_part(r, p);
    for (uint32_t id = fact.actions.first; id < fact.actions.first + fact.actions.count; id++)
        if (vd_bit(x->bits, id)) {
            vd_unit u = unit_of(x, id);

            put(p, &u, id);
        }
    if (r->opts.by_action) {
        add_each(r, s, x, VD_UNUSED_ACTION, p->idle);
        if (r->opts.blind)
            add_each(r, s, x, VD_UNUSED_BLIND, p->blind);
        return;
    }
    if (p->by_state[VD_STATE_NOT_SEEN] && !whole)
        add(r, s, x, is_idle(p) ? VD_UNUSED_SERVICE : VD_UNUSED_ACTION, fact.prefix, p->idle);
    if (p->by_state[VD_STATE_CANNOT_SEE] && r->opts.blind)
        add(r, s, x, VD_UNUSED_BLIND, fact.prefix, p->blind);
}

static bool grants_of(const vd_idle *r, const uint64_t *bits, uint32_t service)
{
    vd_service_fact fact = vd_catalog_service(r->catalog, service);

    for (uint32_t id = fact.actions.first; id < fact.actions.first + fact.actions.count; id++)
        if (vd_bit(bits, id))
            return true;
    return false;
}

static void look_at_statement(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, part *p)
{
    bool whole;

    clear_part(r, p);
    for (uint32_t w = 0; w < r->words; w++)
        for (uint64_t rest = x->bits[w]; rest; rest &= rest - 1) {
            uint32_t id = w * 64 + (uint32_t)__builtin_ctzll(rest), weight = weight_of(r, x, id);
            vd_unit  u = unit_of(x, id);

            put(p, &u, id);
            r->used_weight += u.state == VD_STATE_USED || u.state == VD_STATE_POSSIBLE ? weight : 0;
            r->idle_weight += u.state == VD_STATE_NOT_SEEN ? weight : 0;
            r->blind_weight += u.state == VD_STATE_CANNOT_SEE ? weight : 0;
        }
    if (!x->ours)
        return;
    whole = is_idle(p);
    if (whole && !r->opts.by_action)
        add(r, s, x, VD_UNUSED_STATEMENT, VD_S(""), p->idle);
    for (uint32_t i = 0; i < vd_catalog_services(r->catalog) && !r->nomem; i++)
        if (grants_of(r, x->bits, i))
            look_at_service(r, s, x, i, p, whole);
}

/* ------------------------------------------------------------------ by action, whatever statements grant it */

/* Used if it is used; not seen if one statement has granted it long enough to say so. */
static uint8_t state_of(const vd_idle_subject *s, uint32_t id)
{
    uint8_t state = s->units[id].state;
    bool    old = false;

    if (state != VD_STATE_NOT_SEEN)
        return state;
    for (uint32_t i = 0; i < s->statement_count && !old; i++)
        old = vd_bit(s->statements[i].bits, id) && !s->statements[i].young;
    return old ? VD_STATE_NOT_SEEN : VD_STATE_CANNOT_SEE;
}

static void count_service(const vd_idle *r, const vd_idle_subject *s, uint32_t service, vd_unused_service *out)
{
    vd_service_fact fact = vd_catalog_service(r->catalog, service);

    *out = (vd_unused_service){ .prefix = fact.prefix };
    for (uint32_t id = fact.actions.first; id < fact.actions.first + fact.actions.count; id++) {
        if (!vd_bit(s->granted, id))
            continue;
        out->granted++;
        switch (state_of(s, id)) {
        case VD_STATE_USED:
            out->used++;
            break;
        case VD_STATE_POSSIBLE:
            out->possible++;
            break;
        case VD_STATE_NOT_SEEN:
            out->not_seen++;
            break;
        default:
            out->cannot_see++;
        }
        if (s->units[id].count && s->units[id].last > out->last)
            out->last = s->units[id].last;
    }
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static void fill_days(vd_idle *r, const vd_idle_subject *s, vd_unused_principal *p)
{
    uint32_t *days = vd_arena_new_array(&r->scratch, uint32_t, (size_t)p->used + 1);

    r->nomem |= !days;
    for (uint32_t w = 0; w < r->words && days; w++)
        for (uint64_t rest = s->granted[w]; rest; rest &= rest - 1) {
            const vd_unit *u = &s->units[w * 64 + (uint32_t)__builtin_ctzll(rest)];

            if (u->state == VD_STATE_USED && u->count && p->since_count < p->used)
                days[p->since_count++] = u->last < r->now ? (uint32_t)((r->now - u->last) / VD_DAY) : 0;
        }
    if (p->since_count)
        qsort(days, p->since_count, sizeof *days, by_number);
    p->since_last = days;
}

static void fill_principal(vd_idle *r, const vd_idle_subject *s, vd_unused_principal *p)
{
    vd_unused_service *list = vd_arena_new_array(&r->scratch, vd_unused_service, (size_t)vd_catalog_services(r->catalog) + 1);

    p->arn = s->first->arn;
    p->account = s->first->account;
    p->kind = s->first->kind;
    p->permission_set = s->first->permission_set;
    p->services = list;
    r->nomem |= !list;
    for (uint32_t i = 0; list && i < vd_catalog_services(r->catalog); i++) {
        vd_unused_service *one = &list[p->service_count];

        count_service(r, s, i, one);
        if (!one->granted)
            continue;
        p->service_count++;
        p->granted += one->granted;
        p->used += one->used;
        p->possible += one->possible;
        p->not_seen += one->not_seen;
        p->cannot_see += one->cannot_see;
    }
    fill_days(r, s, p);
    for (uint32_t m = 0; m < s->member_count; m++) {
        uint32_t at = vd_activity_find(r->activity, r->holders->all[s->members[m]].arn);
        vd_actor a = { .size = sizeof a };

        if (at != VD_NO_INDEX && vd_activity_actor(r->activity, at, &a) && a.last > p->last)
            p->last = a.last;
    }
}

void vd_idle_grants(vd_idle *r, vd_idle_subject *s, vd_unused_principal *p)
{
    uint64_t used = r->used_weight, idle = r->idle_weight, blind = r->blind_weight;
    part     one;

    if (!open_part(r, &one))
        return;
    for (uint32_t i = 0; i < s->statement_count && !r->nomem; i++)
        look_at_statement(r, s, &s->statements[i], &one);
    fill_principal(r, s, p);
    used = r->used_weight - used;
    idle = r->idle_weight - idle;
    blind = r->blind_weight - blind;
    p->score = idle + used ? (uint32_t)(1000 * idle / (idle + used)) : 0;
    p->blind = idle + used + blind ? (uint32_t)(1000 * blind / (idle + used + blind)) : 0;
}
