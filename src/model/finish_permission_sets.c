/* SPDX-License-Identifier: Apache-2.0
 *
 * Permission sets with the roles that IAM Identity Center made of them: AWSReservedSSO_<set>_<hash>, below a path that nobody
 * else may use.  Requests are decided by what the roles hold; a set that says otherwise was not provisioned, or somebody
 * changed one of the two, which is a note about the role.
 */
#include "base/str.h"
#include "model/draft.h"

#include <stdlib.h>

typedef struct keyed {
    const vd_snapshot_reader *from;
    uint32_t                  index;
} keyed;

enum { PLACES = 2 }; /* of a set: where it is named, where its inline policy is */

typedef struct sets {
    vd_finish *f;
    keyed     *list; /* of drafts: those of a set in a row, its assignments last */
    uint32_t   count;
    vd_intern  names, roles; /* names of sets; "set/account" */
    VD_VEC(uint32_t) by_name; /* set; VD_NONE: several are called so */
    VD_VEC(uint32_t) nodes;   /* of roles */
    VD_VEC(vd_place) places;
    VD_VEC(vd_place) assigned; /* places of assignments */
    uint8_t   *detailed;       /* by account: its identities are known */
} sets;

static const vd_draft_set *draft_at(const keyed *k)
{
    return &k->from->sets.at[k->index];
}

static int draft_order(const void *a, const void *b)
{
    const keyed        *x = a, *y = b;
    const vd_draft_set *s = draft_at(x), *t = draft_at(y);
    int                 c = vd_str_cmp(s->id, t->id);

    if (!c)
        c = s->part - t->part;
    if (!c)
        c = vd_str_cmp(s->account, t->account);
    if (!c)
        c = vd_str_cmp(s->principal, t->principal);
    return c ? c : vd_place_order(x->from, s->at, t->at);
}

/* ------------------------------------------------------------------ sets */

static vd_code add_managed(vd_finish *f, const vd_draft_set *d, vd_snap_permission_set *set)
{
    for (uint32_t i = 0; i < d->managed.count; i++)
        if (!VD_PUSH(f->a, &f->set_managed, f->from->names.at[d->managed.first + i].text))
            return vd_fail_nomem(f->err);
    set->managed.count = f->set_managed.count - set->managed.first;
    return VD_OK;
}

/* The same person in the same account counts once. */
static vd_code add_assignment(sets *o, const vd_draft_set *d, vd_snap_permission_set *set)
{
    vd_finish               *f = o->f;
    uint32_t                 n = f->assignments.count;
    const vd_snap_assignment a = { .set = f->permission_sets.count - 1, .account = vd_snap_account_find(f->s, d->account), .role = VD_NONE,
                                   .account_id = d->account, .principal = d->principal, .group = d->group };

    if (n > set->assignments.first && vd_str_eq(f->assignments.at[n - 1].account_id, d->account) &&
        vd_str_eq(f->assignments.at[n - 1].principal, d->principal))
        return VD_OK;
    if (!VD_PUSH(f->a, &f->assignments, a) || !VD_PUSH(f->a, &o->assigned, d->at))
        return vd_fail_nomem(f->err);
    set->assignments.count++;
    return VD_OK;
}

/* Of what is said twice the first counts. */
static vd_code add_part(sets *o, const vd_draft_set *d)
{
    vd_finish              *f = o->f;
    vd_snap_permission_set *set = &f->permission_sets.at[f->permission_sets.count - 1];
    vd_place               *places = &o->places.at[o->places.count - PLACES];

    switch ((vd_set_part)d->part) {
    case VD_SET_ITSELF:
        if (set->arn.n || set->name.n)
            return VD_OK;
        set->arn = d->arn;
        set->name = d->name;
        places[0] = d->at;
        return VD_OK;
    case VD_SET_INLINE:
        if (set->inline_known)
            return VD_OK;
        places[1] = d->at;
        VD_TRY(vd_finish_doc(f, d->doc, VD_S(""), VD_S(""), &set->doc));
        set->inline_known = d->doc == VD_NONE || set->doc != VD_NONE; /* one that cannot be used was told */
        return VD_OK;
    case VD_SET_MANAGED:
        set->managed_known = true;
        return add_managed(f, d, set);
    case VD_SET_ASSIGNED:
        return add_assignment(o, d, set);
    }
    return VD_OK;
}

static vd_code name_set(sets *o, uint32_t set)
{
    vd_finish *f = o->f;
    vd_str     name = f->permission_sets.at[set].name;
    uint32_t   id;

    if (!name.n)
        return vd_draft_note_at(f->from, VD_GAP_NOT_COLLECTED, VD_WARNING, o->places.at[PLACES * set], VD_S(""), VD_S(""), f->err,
                                "nobody says what this permission set is called, so that its roles are not known");
    id = vd_intern_find(&o->names, name);
    if (id != VD_NONE) {
        o->by_name.at[id] = VD_NONE;
        return VD_OK;
    }
    if (!vd_intern_add(&o->names, f->a, name, &id) || !VD_PUSH(f->a, &o->by_name, set))
        return vd_fail_nomem(f->err);
    return VD_OK;
}

static vd_code add_sets(sets *o)
{
    vd_finish *f = o->f;

    for (uint32_t i = 0; i < o->count; i++) {
        const vd_draft_set          *d = draft_at(&o->list[i]);
        const vd_snap_permission_set set = { .arn = VD_S(""), .name = VD_S(""), .doc = VD_NONE, .managed = { f->set_managed.count, 0 },
                                             .assignments = { f->assignments.count, 0 } };

        if (i == 0 || !vd_str_eq(draft_at(&o->list[i - 1])->id, d->id)) {
            if (!VD_PUSH(f->a, &f->permission_sets, set))
                return vd_fail_nomem(f->err);
            for (uint32_t p = 0; p < PLACES; p++)
                if (!VD_PUSH(f->a, &o->places, d->at))
                    return vd_fail_nomem(f->err);
        }
        VD_TRY(add_part(o, d));
    }
    for (uint32_t i = 0; i < f->permission_sets.count; i++)
        VD_TRY(name_set(o, i));
    return VD_OK;
}

/* ------------------------------------------------------------------ roles */

vd_str vd_snap_permission_set_of(vd_str role_arn)
{
    vd_str name = vd_str_from(role_arn, vd_str_rfind(role_arn, '/') + 1);
    size_t end;

    if (!vd_str_contains(role_arn, VD_S(":role/aws-reserved/sso.amazonaws.com/")) || !vd_str_starts(name, VD_S("AWSReservedSSO_")))
        return VD_S("");
    name = vd_str_from(name, sizeof "AWSReservedSSO_" - 1);
    end = vd_str_rfind(name, '_'); /* sets may have one in their names, too */
    return end < name.n ? vd_str_first(name, end) : VD_S("");
}

static vd_code compare(const sets *o, const vd_snap_node *n)
{
    vd_finish                    *f = o->f;
    const vd_snap_permission_set *set = &f->permission_sets.at[n->permission_set];
    bool                          has = set->doc == VD_NONE, other = false;

    for (uint32_t i = n->held.first; i < n->held.first + n->held.count; i++) {
        const vd_held *h = &f->held.at[i];
        bool           same = set->doc != VD_NONE && h->doc == set->doc;

        has |= h->via == VD_VIA_INLINE && same;
        other |= h->via == VD_VIA_INLINE && !same;
    }
    if (!set->inline_known || (has && !other))
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_PERMISSION_SET, VD_WARNING, o->places.at[PLACES * n->permission_set + 1],
                            f->s->accounts[n->account].id, n->arn, f->err,
                            "the role \"" VD_F "\" %s the inline policy of the permission set \"" VD_F "\"; the role's counts", VD_A(n->name),
                            has ? "has more than" : "does not have", VD_A(set->name));
}

static vd_code role_key(const sets *o, uint32_t set, uint32_t account, vd_str *out)
{
    return vd_arena_printf(&o->f->from->arena, out, "%u/%u", set, account) ? VD_OK : vd_fail_nomem(o->f->err);
}

static vd_code tie(sets *o, uint32_t node)
{
    vd_snap_node *n = &o->f->s->nodes[node];
    uint32_t      id = vd_intern_find(&o->names, vd_snap_permission_set_of(n->arn));
    vd_str        key;

    if (id == VD_NONE || o->by_name.at[id] == VD_NONE)
        return VD_OK;
    n->permission_set = o->by_name.at[id];
    VD_TRY(role_key(o, n->permission_set, n->account, &key));
    if (vd_intern_find(&o->roles, key) == VD_NONE &&
        (!vd_intern_add(&o->roles, o->f->a, key, &id) || !VD_PUSH(o->f->a, &o->nodes, node)))
        return vd_fail_nomem(o->f->err);
    return compare(o, n);
}

/* ------------------------------------------------------------------ assignments */

/* Sets of two instances that are called alike: nobody knows of which a role is. */
static vd_code check_alike(const sets *o, uint32_t set)
{
    vd_finish *f = o->f;
    vd_str     name = f->permission_sets.at[set].name;

    if (!name.n || o->by_name.at[vd_intern_find(&o->names, name)] != VD_NONE)
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_PERMISSION_SET, VD_WARNING, o->places.at[PLACES * set], VD_S(""), VD_S(""), f->err,
                            "another permission set is called \"" VD_F "\", too: nobody knows of which of them a role is", VD_A(name));
}

static vd_code find_role(const sets *o, uint32_t assignment)
{
    vd_finish          *f = o->f;
    vd_snap_assignment *a = &f->assignments.at[assignment];
    vd_str              name = f->permission_sets.at[a->set].name, key;
    uint32_t            id;
    bool                told = assignment && a[-1].set == a->set && a[-1].account == a->account;

    if (a->account == VD_NONE)
        return VD_OK;
    VD_TRY(role_key(o, a->set, a->account, &key));
    id = vd_intern_find(&o->roles, key);
    if (id != VD_NONE)
        a->role = o->nodes.at[id];
    if (id != VD_NONE || told || !o->detailed[a->account] || !name.n || o->by_name.at[vd_intern_find(&o->names, name)] == VD_NONE)
        return VD_OK;
    return vd_draft_note_at(f->from, VD_GAP_PERMISSION_SET, VD_WARNING, o->assigned.at[assignment], a->account_id, VD_S(""), f->err,
                            "the permission set \"" VD_F "\" is assigned in account " VD_F ", which has no role of it", VD_A(name),
                            VD_A(a->account_id));
}

/* ------------------------------------------------------------------ the whole */

static vd_code join(sets *o)
{
    vd_finish *f = o->f;

    for (uint32_t i = 0; i < f->from->accounts.count; i++) {
        uint32_t account = vd_snap_account_find(f->s, f->from->accounts.at[i].id);

        if (account != VD_NONE && f->from->accounts.at[i].details)
            o->detailed[account] = 1;
    }
    VD_TRY(add_sets(o));
    for (uint32_t i = 0; i < f->s->node_count; i++)
        VD_TRY(tie(o, i));
    for (uint32_t i = 0; i < f->permission_sets.count; i++)
        VD_TRY(check_alike(o, i));
    for (uint32_t i = 0; i < f->assignments.count; i++)
        VD_TRY(find_role(o, i));
    return VD_OK;
}

vd_code vd_finish_permission_sets(vd_finish *f)
{
    sets    o = { .f = f, .count = f->from->sets.count };
    size_t  bytes = ((size_t)o.count + 1) * sizeof *o.list, flags = (size_t)f->s->account_count + 1;
    vd_code code;

    if (!o.count)
        return VD_OK;
    o.names.seed = o.roles.seed = f->from->engine->hash_seed;
    o.list = vd_alloc(f->a, bytes);
    o.detailed = vd_alloc0(f->a, flags);
    code = o.list && o.detailed ? VD_OK : vd_fail_nomem(f->err);
    for (uint32_t i = 0; code == VD_OK && i < o.count; i++)
        o.list[i] = (keyed){ f->from, i };
    if (code == VD_OK) {
        qsort(o.list, o.count, sizeof *o.list, draft_order);
        code = join(&o);
    }
    vd_free(f->a, o.list, bytes);
    vd_free(f->a, o.detailed, flags);
    vd_intern_done(&o.names, f->a);
    vd_intern_done(&o.roles, f->a);
    VD_VEC_DONE(f->a, &o.by_name);
    VD_VEC_DONE(f->a, &o.nodes);
    VD_VEC_DONE(f->a, &o.places);
    VD_VEC_DONE(f->a, &o.assigned);
    return code;
}
