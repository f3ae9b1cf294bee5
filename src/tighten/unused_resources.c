/* SPDX-License-Identifier: Apache-2.0
 *
 * Grants that are used, and more than that: resources that nobody touched, statements whose uses others allow, too, and the
 * other way round: uses that no identity policy allows.
 */
#include "tighten/unused_int.h"

#include "base/str.h"
#include "pattern/arn.h"

#include <stdlib.h>

enum { MOST_STATEMENTS = 256, BROAD = 3 };

typedef struct touched {
    uint64_t *bits; /* used actions whose resources are all known */
    vd_str   *at;
    uint32_t  count, cap;
    bool      open; /* something of the service is used on nobody knows what */
    int64_t   last;
    uint64_t  uses;
} touched;

static bool keep_once(vd_idle *r, touched *t, vd_str text)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (vd_str_eq(t->at[i], text))
            return true;
    return VD_ARENA_PUSH(&r->scratch, t->at, t->count, t->cap, text);
}

static void clear(vd_idle *r, touched *t)
{
    memset(t->bits, 0, r->words * sizeof *t->bits);
    t->count = 0;
    t->open = false;
    t->last = 0;
    t->uses = 0;
}

static int by_text(const void *a, const void *b)
{
    return vd_str_cmp(*(const vd_str *)a, *(const vd_str *)b);
}

static void sort(vd_str *at, uint32_t count)
{
    if (count)
        qsort(at, count, sizeof *at, by_text);
}

static void name_finding(vd_unused_finding *f, const vd_idle_subject *s, const vd_idle_statement *x)
{
    f->principal = s->first->arn;
    f->account = s->first->account;
    f->permission_set = s->first->permission_set;
    if (!x)
        return;
    f->policy = x->granting->name;
    f->policy_arn = x->granting->arn;
    f->group = x->granting->group;
    f->statement = (vd_statement_info){ .size = sizeof f->statement, .policy = x->granting->name, .layer = VD_LAYER_IDENTITY,
                                        .sid = x->st->has_sid ? x->st->sid.text : VD_S(""), .index = x->st->index,
                                        .at = vd_policy_pos(x->granting->policy, x->st->span) };
}

static vd_str key_of(vd_idle *r, const vd_idle_statement *x)
{
    return x->st->has_sid && x->st->sid.text.n ? x->st->sid.text : vd_idle_printf(r, "%u", x->st->index);
}

/* Whose use counts for a statement. */
static bool members_of(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, uint32_t **members, uint32_t *count)
{
    *members = s->members;
    *count = s->member_count;
    return !x->granting->group.n || vd_idle_mates(r, x->granting->group, members, count);
}

static bool is_whole(const vd_use *u)
{
    return u->kind == VD_USE_SEEN && !u->resources.more && u->resources.count > 0 && u->confidence != 'L';
}

/* ------------------------------------------------------------------ broader than use */

static bool touch(vd_idle *r, const vd_idle_statement *x, uint32_t id, const vd_use *u, touched *t)
{
    if (!is_whole(u)) {
        t->open = true;
        return true;
    }
    if (!vd_catalog_types_of(r->catalog, id).count)
        return true; /* everything or nothing */
    vd_set_bit(t->bits, id);
    t->last = u->last > t->last ? u->last : t->last;
    t->uses += u->count;
    for (size_t i = 0; i < u->resources.count; i++)
        if (!vd_str_eq(u->resources.at[i], VD_S("*")) && vd_statement_covers(x->granting->policy, x->st, u->resources.at[i], false) &&
            !keep_once(r, t, u->resources.at[i]))
            return false;
    return true;
}

/* Uses of a service through a statement; *sure: nothing of it is used unseen. */
static bool gather(vd_idle *r, const vd_idle_statement *x, const uint32_t *members, uint32_t count, vd_run actions, touched *t, bool *sure)
{
    clear(r, t);
    *sure = true;
    for (uint32_t id = actions.first; id < actions.first + actions.count; id++) {
        const vd_unit *unit = &x->units[id];

        if (!vd_bit(x->bits, id))
            continue;
        *sure = *sure && (unit->state == VD_STATE_USED || (unit->state == VD_STATE_NOT_SEEN && !x->young));
        for (uint32_t m = 0; unit->state == VD_STATE_USED && m < count; m++) {
            uint32_t actor = vd_activity_find(r->activity, r->holders->all[members[m]].arn);
            vd_use   u = { .size = sizeof u };

            if (actor != VD_NO_INDEX && vd_activity_use_of(r->activity, actor, id, &u) && u.count && !touch(r, x, id, &u, t))
                return false;
        }
    }
    return true;
}

static bool is_touched(const vd_idle_statement *x, vd_str pattern, const touched *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (vd_pattern_covers(pattern, x->granting->policy->language == VD_LANGUAGE_2012, t->at[i], false))
            return true;
    return false;
}

static bool is_of_service(vd_str pattern, vd_str prefix)
{
    vd_arn a;

    return vd_arn_split(&a, pattern) && vd_str_ieq(a.service, prefix);
}

/* What was used of a service, and on what; false: no memory. */
static bool fill(vd_idle *r, vd_unused_finding *f, const vd_idle_subject *s, const vd_idle_statement *x, vd_str prefix, const touched *t)
{
    vd_str *seen = vd_arena_new_array(&r->scratch, vd_str, (size_t)t->count + 1);

    if (!seen || !vd_grant_texts(r->catalog, t->bits, &f->actions, &f->patterns, &r->scratch)) {
        r->nomem = true;
        return false;
    }
    if (t->count)
        memcpy(seen, t->at, t->count * sizeof *seen);
    sort(seen, t->count);
    name_finding(f, s, x);
    f->state = VD_STATE_USED;
    f->item = prefix;
    f->observed = (vd_texts_list){ seen, t->count };
    f->last = t->last;
    f->count = t->uses;
    f->since = r->from;
    vd_idle_evidence(f, "cloudtrail");
    return true;
}

static void tell_broad(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, vd_str prefix, const touched *t,
                       const vd_str *broad, uint32_t count)
{
    vd_unused_finding f = vd_idle_finding(r, VD_UNUSED_RESOURCE);

    if (!fill(r, &f, s, x, prefix, t))
        return;
    f.resources = (vd_texts_list){ broad, count };
    f.level = vd_catalog_level_of(r->catalog, vd_catalog_find(r->catalog, f.actions.at[0]));
    f.says = vd_idle_printf(r, "\"" VD_F "\"%s granted to %zu used action%s of " VD_F ", and only %u resource%s %s touched since " VD_F,
                            VD_A(broad[0]), count > 1 ? " and others are" : " is", f.actions.count, f.actions.count == 1 ? "" : "s",
                            VD_A(prefix), t->count, t->count == 1 ? "" : "s", t->count == 1 ? "was" : "were", VD_A(vd_idle_day(r, r->from)));
    vd_idle_add(r, &f, x->policy, x->st->index, key_of(r, x));
}

static void look_at_patterns(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, vd_str prefix, const touched *t, bool sure)
{
    vd_str  *broad = vd_arena_new_array(&r->scratch, vd_str, (size_t)x->st->resource.texts.count + 1);
    uint32_t n = 0;

    r->nomem |= !broad;
    for (uint32_t i = 0; broad && i < x->st->resource.texts.count; i++) {
        vd_str pattern = x->st->resource.texts.at[i].text;
        bool   hit = is_touched(x, pattern, t);

        if ((hit && vd_pattern_breadth(pattern) >= BROAD) || (!hit && sure && is_of_service(pattern, prefix)))
            broad[n++] = pattern;
    }
    if (n)
        tell_broad(r, s, x, prefix, t, broad, n);
}

static void look_at_statement(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, touched *t)
{
    uint32_t *members, count;
    bool      sure;

    if (!x->ours || !x->st->resource.present || x->st->resource.negated)
        return;
    if (!members_of(r, s, x, &members, &count)) {
        r->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < vd_catalog_services(r->catalog) && !r->nomem; i++) {
        vd_service_fact fact = vd_catalog_service(r->catalog, i);

        if (!gather(r, x, members, count, fact.actions, t, &sure)) {
            r->nomem = true;
            return;
        }
        if (t->count && !t->open)
            look_at_patterns(r, s, x, fact.prefix, t, sure);
    }
}

/* ------------------------------------------------------------------ shared credit */

/* All that x is about, y is about, too, and under no condition. */
static bool is_within(const vd_idle_statement *x, const vd_idle_statement *y)
{
    const vd_list *a = &x->st->resource, *b = &y->st->resource;

    if (vd_statement_covers(y->granting->policy, y->st, VD_S("*"), true) && b->present && !b->negated)
        return true;
    if (!a->present || a->negated || !b->present || b->negated)
        return false;
    for (uint32_t i = 0; i < a->texts.count; i++) {
        bool has = false;

        for (uint32_t k = 0; k < b->texts.count && !has; k++)
            has = vd_str_eq(a->texts.at[i].text, b->texts.at[k].text);
        if (!has)
            return false;
    }
    return true;
}

static bool allows_use(const vd_idle_statement *y, const vd_use *u)
{
    for (size_t i = 0; i < u->resources.count; i++)
        if (!vd_statement_covers(y->granting->policy, y->st, u->resources.at[i], true))
            return false;
    return true;
}

/* Of one action of x: does y allow all that it was used on? */
static bool credits(vd_idle *r, const vd_idle_statement *x, const vd_idle_statement *y, uint32_t id, const uint32_t *members, uint32_t count)
{
    if (!vd_bit(y->bits, id))
        return false;
    if (is_within(x, y))
        return true;
    if (x->units[id].state != VD_STATE_USED)
        return false;
    for (uint32_t m = 0; m < count; m++) {
        uint32_t actor = vd_activity_find(r->activity, r->holders->all[members[m]].arn);
        vd_use   u = { .size = sizeof u };

        if (actor != VD_NO_INDEX && vd_activity_use_of(r->activity, actor, id, &u) && u.count && !(is_whole(&u) && allows_use(y, &u)))
            return false;
    }
    return true;
}

static const vd_idle_statement *creditor(vd_idle *r, const vd_idle_subject *s, const vd_idle_statement *x, uint32_t id,
                                         const uint32_t *members, uint32_t count)
{
    for (uint32_t i = 0; i < s->statement_count; i++) {
        const vd_idle_statement *y = &s->statements[i];

        /* what only comes through a group does not count for the others who hold x */
        if (y != x && !y->redundant && !y->st->has_condition && (!y->granting->group.n || vd_str_eq(y->granting->group, x->granting->group)) &&
            (!x->granting->group.n || y->granting->group.n) && credits(r, x, y, id, members, count))
            return y;
    }
    return NULL;
}

static void look_for_credit(vd_idle *r, vd_idle_subject *s, vd_idle_statement *x)
{
    const vd_idle_statement *by = NULL;
    uint32_t                *members, count;
    vd_unused_finding        f = vd_idle_finding(r, VD_UNUSED_STATEMENT);
    uint64_t                *bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);
    bool                     used = false;

    if (!bits || !members_of(r, s, x, &members, &count)) {
        r->nomem = true;
        return;
    }
    for (uint32_t w = 0; w < r->words; w++)
        for (uint64_t rest = x->bits[w]; rest; rest &= rest - 1) {
            uint32_t       id = w * 64 + (uint32_t)__builtin_ctzll(rest);
            const vd_unit *u = &x->units[id];

            if (u->state == VD_STATE_NOT_SEEN && !x->young)
                continue;
            by = creditor(r, s, x, id, members, count);
            if (!by)
                return;
            used |= u->state == VD_STATE_USED;
            vd_set_bit(bits, id);
            f.count += u->count;
            f.last = u->count && u->last > f.last ? u->last : f.last;
        }
    if (!used)
        return;
    x->redundant = true;
    r->nomem |= !vd_grant_texts(r->catalog, bits, &f.actions, &f.patterns, &r->scratch);
    name_finding(&f, s, x);
    f.state = VD_STATE_USED;
    f.shared_credit = true;
    f.since = r->from;
    vd_idle_evidence(&f, "cloudtrail");
    f.says = vd_idle_printf(r, "every use of statement " VD_F " of policy \"" VD_F "\" is allowed by statement " VD_F " of policy \"" VD_F
                               "\" and the like, too: it can be removed",
                            VD_A(key_of(r, x)), VD_A(x->granting->name), VD_A(key_of(r, by)), VD_A(by->granting->name));
    vd_idle_add(r, &f, x->policy, x->st->index, vd_idle_printf(r, VD_F " shared", VD_A(key_of(r, x))));
}

void vd_idle_resources(vd_idle *r, vd_idle_subject *s)
{
    touched t = { .bits = vd_arena_new_array(&r->scratch, uint64_t, r->words) };

    r->nomem |= !t.bits;
    for (uint32_t i = 0; i < s->statement_count && !r->nomem; i++)
        look_at_statement(r, s, &s->statements[i], &t);
    if (s->statement_count > MOST_STATEMENTS)
        return;
    for (uint32_t i = s->statement_count; i-- > 0 && !r->nomem;)
        if (s->statements[i].ours)
            look_for_credit(r, s, &s->statements[i]);
}

/* ------------------------------------------------------------------ granted elsewhere */

static bool is_ours(const vd_idle_subject *s, uint32_t id, vd_str resource)
{
    for (uint32_t i = 0; i < s->statement_count; i++) {
        const vd_idle_statement *x = &s->statements[i];

        if (vd_bit(x->bits, id) && (!resource.n || vd_str_eq(resource, VD_S("*")) || vd_str_find(resource, '*') < resource.n ||
                                    vd_statement_covers(x->granting->policy, x->st, resource, false)))
            return true;
    }
    return false;
}

static bool add_elsewhere(vd_idle *r, const vd_idle_subject *s, const vd_use *u, touched *t)
{
    bool out = !is_ours(s, u->action_id, VD_S(""));

    for (size_t i = 0; i < u->resources.count; i++)
        if (!is_ours(s, u->action_id, u->resources.at[i])) {
            out = true;
            if (!keep_once(r, t, u->resources.at[i]))
                return false;
        }
    if (out) {
        vd_set_bit(t->bits, u->action_id);
        t->uses += u->count;
        t->last = u->last > t->last ? u->last : t->last;
    }
    return true;
}

static void tell_elsewhere(vd_idle *r, const vd_idle_subject *s, vd_str prefix, const touched *t, uint32_t number)
{
    vd_unused_finding f = vd_idle_finding(r, VD_UNUSED_GRANTED_ELSEWHERE);

    if (!fill(r, &f, s, NULL, prefix, t))
        return;
    f.says = vd_idle_printf(r, "%zu action%s of " VD_F " %s used, and no identity policy that is known allows this: a policy of the resource, "
                               "a grant, or a policy of another day does",
                            f.actions.count, f.actions.count == 1 ? "" : "s", VD_A(prefix), f.actions.count == 1 ? "was" : "were");
    vd_idle_add(r, &f, 0, number, VD_S(""));
}

static bool gather_elsewhere(vd_idle *r, const vd_idle_subject *s, vd_run actions, touched *t)
{
    clear(r, t);
    for (uint32_t m = 0; m < s->member_count; m++) {
        uint32_t at = vd_activity_find(r->activity, r->holders->all[s->members[m]].arn);
        vd_actor a = { .size = sizeof a };
        vd_use   u = { .size = sizeof u };

        if (at == VD_NO_INDEX || !vd_activity_actor(r->activity, at, &a))
            continue;
        for (uint32_t i = 0; i < a.uses && vd_activity_use(r->activity, at, i, &u); i++)
            if (u.action_id != VD_NONE && u.action_id >= actions.first && u.action_id < actions.first + actions.count &&
                u.kind == VD_USE_SEEN && u.count > u.errors && u.confidence != 'L' && !u.unmapped && !add_elsewhere(r, s, &u, t))
                return false;
    }
    return true;
}

void vd_idle_elsewhere(vd_idle *r, vd_idle_subject *s)
{
    touched t = { .bits = vd_arena_new_array(&r->scratch, uint64_t, r->words) };

    for (uint32_t m = 0; m < s->member_count; m++)
        if (r->holders->all[s->members[m]].missing)
            return; /* a document whose text nobody knows may allow it */
    r->nomem |= !t.bits;
    for (uint32_t i = 0; i < vd_catalog_services(r->catalog) && !r->nomem; i++) {
        vd_service_fact fact = vd_catalog_service(r->catalog, i);
        bool            some = false;

        if (!gather_elsewhere(r, s, fact.actions, &t)) {
            r->nomem = true;
            return;
        }
        for (uint32_t w = 0; w < r->words; w++)
            some |= t.bits[w] != 0;
        if (some)
            tell_elsewhere(r, s, fact.prefix, &t, i);
    }
}
