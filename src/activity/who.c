/* SPDX-License-Identifier: Apache-2.0
 *
 * Principals of facts to actors (usage 4).  Whoever has a unique id is known by it, whatever name and path the events give;
 * who has none is the living one of that name.
 */
#include "activity/read.h"

#include "base/str.h"
#include "model/snapshot.h"
#include "usage/summary.h"

#include <stdlib.h>

/* A principal as facts write it. */
typedef struct person {
    vd_str   text;
    vd_str   account, number; /* "aws-cn:1111..." and "1111..." */
    vd_str   kind, id, name, base; /* name with its path, base without */
    bool     pathless, iam; /* iam: a user, role or group, whose names are those of IAM */
    int64_t  last;
    uint32_t actor;
} person;

struct vd_people {
    const vd_allocator *alloc;
    const vd_snapshot  *snapshot;
    VD_VEC(person)      list;  /* by text, as facts are */
    VD_VEC(uint32_t)    order; /* scratch: of persons */
    VD_VEC(uint32_t)    nodes; /* of the snapshot, by account, kind and name without case */
    VD_VEC(uint32_t)    ids;   /* the same by account and unique id */
};

/* ------------------------------------------------------------------ nodes of the snapshot */

typedef struct node_key {
    vd_str  account, name, id;
    uint8_t kind;
} node_key;

static node_key key_of(const vd_snapshot *s, uint32_t node)
{
    const vd_snap_node *n = &s->nodes[node];

    return (node_key){ s->accounts[n->account].id, n->name, n->id, n->kind };
}

static int by_name_key(const node_key *a, const node_key *b)
{
    int c = vd_str_cmp(a->account, b->account);

    if (c == 0)
        c = (int)a->kind - (int)b->kind;
    return c ? c : vd_str_icmp(a->name, b->name);
}

static int by_id_key(const node_key *a, const node_key *b)
{
    int c = vd_str_cmp(a->account, b->account);

    return c ? c : vd_str_cmp(a->id, b->id);
}

typedef int key_order(const node_key *a, const node_key *b);

typedef struct sorting {
    const vd_snapshot *snapshot;
    key_order         *order;
} sorting;

static int by_key(const void *a, const void *b, void *ctx)
{
    const sorting *s = ctx;
    node_key       x = key_of(s->snapshot, *(const uint32_t *)a), y = key_of(s->snapshot, *(const uint32_t *)b);
    int            c = s->order(&x, &y);

    return c ? c : (*(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1);
}

static uint32_t find(const vd_snapshot *s, const uint32_t *at, uint32_t count, key_order *order, const node_key *wanted)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        node_key key = key_of(s, at[middle]);

        if (order(&key, wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < count) {
        node_key key = key_of(s, at[low]);

        if (order(&key, wanted) == 0)
            return at[low];
    }
    return VD_NONE;
}

static bool index_nodes(vd_people *p)
{
    sorting names = { p->snapshot, by_name_key }, ids = { p->snapshot, by_id_key };

    for (uint32_t i = 0; p->snapshot && i < p->snapshot->node_count; i++)
        if (!VD_PUSH(p->alloc, &p->nodes, i) || (p->snapshot->nodes[i].id.n && !VD_PUSH(p->alloc, &p->ids, i)))
            return false;
    if (p->nodes.count)
        qsort_r(p->nodes.at, p->nodes.count, sizeof *p->nodes.at, by_key, &names);
    if (p->ids.count)
        qsort_r(p->ids.at, p->ids.count, sizeof *p->ids.at, by_key, &ids);
    return true;
}

uint32_t vd_people_node(const vd_people *p, vd_str account, vd_who_kind kind, vd_str name)
{
    node_key wanted = { .account = account, .name = name, .kind = (uint8_t)kind };

    return p->snapshot ? find(p->snapshot, p->nodes.at, p->nodes.count, by_name_key, &wanted) : VD_NONE;
}

static uint32_t node_of_id(const vd_people *p, vd_str account, vd_str id)
{
    node_key wanted = { .account = account, .id = id };

    return p->snapshot && id.n ? find(p->snapshot, p->ids.at, p->ids.count, by_id_key, &wanted) : VD_NONE;
}

static vd_who_kind node_kind(vd_str kind)
{
    return vd_str_eq(kind, VD_S("role")) ? VD_WHO_IS_ROLE : vd_str_eq(kind, VD_S("user")) ? VD_WHO_IS_USER : VD_WHO_IS_ROOT;
}

/* ------------------------------------------------------------------ the persons of the facts */

static person split(vd_str text)
{
    person p = { .text = text, .actor = VD_NONE };
    vd_str rest = text;

    if (!vd_str_cut(&rest, '|', &p.account) || !vd_str_cut(&rest, '|', &p.kind) || !vd_str_cut(&rest, '|', &p.id)) {
        p.account = p.id = VD_S("");
        p.kind = VD_S("other");
        rest = text;
    }
    vd_act_partition(p.account, &p.number);
    p.pathless = vd_str_starts(rest, VD_S("?/"));
    p.name = vd_str_from(rest, p.pathless ? 2 : 0);
    p.iam = vd_str_eq(p.kind, VD_S("role")) || vd_str_eq(p.kind, VD_S("user")) || vd_str_eq(p.kind, VD_S("group"));
    p.base = p.name;
    if (p.iam && vd_str_rfind(p.name, '/') < p.name.n)
        p.base = vd_str_from(p.name, vd_str_rfind(p.name, '/') + 1);
    return p;
}

/* Those of the window; facts are sorted by principal first.  days: room for those of the activity. */
static bool collect(vd_people *p, const vd_activity *a, const vd_facts *facts, uint64_t *days)
{
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_fact *f = facts->list.at[i];
        vd_str         text = vd_str_first(f->key, vd_str_find(f->key, VD_FACT_SEPARATOR));

        if (vd_is_evidence(f) || !vd_act_days_of(a, f, days))
            continue;
        if ((!p->list.count || !vd_str_eq(p->list.at[p->list.count - 1].text, text)) &&
            !VD_PUSH(p->alloc, &p->list, split(text)))
            return false;
        if (f->last > p->list.at[p->list.count - 1].last)
            p->list.at[p->list.count - 1].last = f->last;
    }
    return true;
}

/* ------------------------------------------------------------------ who is the same */

static int same_name(const person *a, const person *b)
{
    int c = vd_str_cmp(a->account, b->account);

    if (c == 0)
        c = vd_str_cmp(a->kind, b->kind);
    return c ? c : vd_str_icmp(a->base, b->base);
}

/* By name; of one name those with ids first, the newest of them first. */
static int by_name(const void *a, const void *b, void *ctx)
{
    const vd_people *p = ctx;
    const person    *x = &p->list.at[*(const uint32_t *)a], *y = &p->list.at[*(const uint32_t *)b];
    int              c = same_name(x, y);

    if (c == 0)
        c = (y->id.n > 0) - (x->id.n > 0);
    if (c == 0)
        c = (x->last < y->last) - (x->last > y->last);
    return c ? c : vd_str_cmp(x->text, y->text);
}

/* By unique id; of one id the newest name first, and those that have a path. */
static int by_id(const void *a, const void *b, void *ctx)
{
    const vd_people *p = ctx;
    const person    *x = &p->list.at[*(const uint32_t *)a], *y = &p->list.at[*(const uint32_t *)b];
    int              c = vd_str_cmp(x->account, y->account);

    if (c == 0)
        c = vd_str_cmp(x->id, y->id);
    if (c == 0)
        c = (int)x->pathless - (int)y->pathless;
    if (c == 0)
        c = (x->last < y->last) - (x->last > y->last);
    return c ? c : vd_str_cmp(x->text, y->text);
}

typedef int person_order(const void *a, const void *b, void *ctx);

static bool arrange(vd_people *p, bool (*wanted)(const person *who), person_order *order)
{
    p->order.count = 0;
    for (uint32_t i = 0; i < p->list.count; i++)
        if (wanted(&p->list.at[i]) && !VD_PUSH(p->alloc, &p->order, i))
            return false;
    if (p->order.count)
        qsort_r(p->order.at, p->order.count, sizeof *p->order.at, order, p);
    return true;
}

static bool has_id(const person *who)
{
    return who->iam && who->id.n;
}

static bool has_name(const person *who)
{
    return who->iam;
}

static bool is_foreign(const person *who)
{
    return vd_str_eq(who->kind, VD_S("account")) && who->id.n > 0;
}

/* Actors by number, before they are sorted. */
typedef struct draft {
    uint32_t first; /* the person whose name counts */
    uint32_t node;  /* VD_NONE: the snapshot does not have it */
    bool     living;
} draft;

typedef struct drafts {
    VD_VEC(draft) list;
} drafts;

static bool new_actor(vd_people *p, drafts *d, uint32_t who)
{
    p->list.at[who].actor = d->list.count;
    return VD_PUSH(p->alloc, &d->list, (draft){ .first = who, .node = VD_NONE, .living = !p->list.at[who].iam });
}

static bool with_ids(vd_people *p, drafts *d)
{
    const person *before = NULL;

    if (!arrange(p, has_id, by_id))
        return false;
    for (uint32_t i = 0; i < p->order.count; i++) {
        person *who = &p->list.at[p->order.at[i]];

        if (before && vd_str_eq(before->account, who->account) && vd_str_eq(before->id, who->id))
            who->actor = before->actor;
        else if (!new_actor(p, d, p->order.at[i]))
            return false;
        before = who;
    }
    return true;
}

/* Persons begin to end of the order have one name: those with ids, the newest first, then those without. */
typedef struct namesakes {
    uint32_t begin, end, node; /* node: of the snapshot, by that name */
    bool     told;             /* the snapshot knows the account */
} namesakes;

static person *of(vd_people *p, uint32_t at)
{
    return &p->list.at[p->order.at[at]];
}

/* Only one of them is alive: whom the snapshot knows, else the newest. */
static person *alive_of(vd_people *p, const namesakes *n)
{
    vd_str id = n->node == VD_NONE ? VD_S("") : p->snapshot->nodes[n->node].id;

    if (!n->told || (n->node != VD_NONE && !id.n))
        return of(p, n->begin);
    for (uint32_t i = n->begin; id.n && i < n->end; i++)
        if (vd_str_eq(of(p, i)->id, id))
            return of(p, i);
    return NULL;
}

/* Who has no id is the living one; when nobody of that id was seen, he is the only one who may be alive. */
static bool without_ids(vd_people *p, drafts *d, const namesakes *n, person **alive)
{
    person *same = *alive && (*alive)->actor != VD_NONE ? *alive : NULL;

    if (!same && n->node == VD_NONE && of(p, n->begin)->actor != VD_NONE)
        same = of(p, n->begin);
    for (uint32_t i = n->begin; i < n->end; i++) {
        person *who = of(p, i);

        if (who->actor != VD_NONE)
            continue;
        if (!same && !new_actor(p, d, p->order.at[i]))
            return false;
        if (!same && n->node != VD_NONE)
            *alive = who;
        who->actor = same ? same->actor : who->actor;
        same = same ? same : who;
    }
    return true;
}

static bool one_name(vd_people *p, drafts *d, uint32_t begin, uint32_t end)
{
    const person *first = of(p, begin);
    bool          group = vd_str_eq(first->kind, VD_S("group"));
    namesakes     n = { begin, end, VD_NONE, false };
    person       *alive;

    if (!group && first->base.n)
        n.node = vd_people_node(p, first->number, node_kind(first->kind), first->base);
    n.told = !group && p->snapshot && vd_snap_account_find(p->snapshot, first->number) != VD_NONE;
    alive = alive_of(p, &n);
    if (!without_ids(p, d, &n, &alive))
        return false;
    if (!alive)
        return true;
    d->list.at[alive->actor].living = true;
    if (n.node != VD_NONE)
        d->list.at[alive->actor].node = n.node;
    return true;
}

static bool by_names(vd_people *p, drafts *d)
{
    if (!arrange(p, has_name, by_name))
        return false;
    for (uint32_t i = 0, end; i < p->order.count; i = end) {
        for (end = i + 1; end < p->order.count &&
                          same_name(&p->list.at[p->order.at[i]], &p->list.at[p->order.at[end]]) == 0;)
            end++;
        if (!one_name(p, d, i, end))
            return false;
    }
    return true;
}

/* Whoever still has the id that the snapshot knows is alive, under the name of today. */
static void renamed(vd_people *p, drafts *d)
{
    for (uint32_t i = 0; i < d->list.count; i++) {
        const person *who = &p->list.at[d->list.at[i].first];
        uint32_t      node = who->iam ? node_of_id(p, who->number, who->id) : VD_NONE;

        if (node == VD_NONE)
            continue;
        d->list.at[i].node = node;
        d->list.at[i].living = true;
    }
}

/* The caller as another account sees it: its own account may have told who that is. */
static bool foreigners(vd_people *p, drafts *d)
{
    uint32_t known;

    if (!arrange(p, has_id, by_id))
        return false;
    known = p->order.count;
    for (uint32_t i = 0; i < p->list.count; i++) {
        person  *who = &p->list.at[i];
        uint32_t low = 0, high = known;

        while (is_foreign(who) && low < high) {
            uint32_t      middle = low + (high - low) / 2;
            const person *other = &p->list.at[p->order.at[middle]];
            int           c = vd_str_cmp(other->account, who->account);

            c = c ? c : vd_str_cmp(other->id, who->id);
            if (c == 0)
                who->actor = other->actor;
            if (c < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (who->actor == VD_NONE && !new_actor(p, d, i))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------ actors */

static bool arn_of(vd_arena *arena, const person *who, const vd_snap_node *node, vd_str *out)
{
    vd_str number, partition = vd_act_partition(who->account, &number);

    *out = VD_S("");
    if (node)
        return vd_arena_dup(arena, out, node->arn);
    if (vd_str_eq(who->kind, VD_S("root")))
        return vd_arena_printf(arena, out, "arn:" VD_F ":iam::" VD_F ":root", VD_A(partition), VD_A(number));
    return !who->iam || !who->name.n ||
           vd_arena_printf(arena, out, "arn:" VD_F ":iam::" VD_F ":" VD_F "/" VD_F, VD_A(partition), VD_A(number),
                           VD_A(who->kind), VD_A(who->name));
}

/* "AWSReservedSSO_Admin_0123456789abcdef" to "Admin". */
static vd_str permission_set(const person *who)
{
    static const vd_str begin = VD_L("AWSReservedSSO_");
    size_t              end = vd_str_rfind(who->base, '_');

    if (!vd_str_eq(who->kind, VD_S("role")) || !vd_str_starts(who->base, begin) || end >= who->base.n || end <= begin.n ||
        who->base.n - end != 17)
        return VD_S("");
    return vd_str_from(vd_str_first(who->base, end), begin.n);
}

static bool make_actor(vd_activity *a, const vd_people *p, const draft *d, vd_act_actor *out)
{
    const person       *who = &p->list.at[d->first];
    const vd_snap_node *node = d->node == VD_NONE ? NULL : &p->snapshot->nodes[d->node];
    vd_actor           *x = &out->actor;
    vd_str              path = node ? vd_str_from(node->path, 1) : VD_S("");

    *out = (vd_act_actor){ .actor = { .size = sizeof(vd_actor), .living = d->living } };
    x->path_unknown = who->pathless && !node;
    if (!arn_of(&a->arena, who, node, &x->arn) || !vd_arena_dup(&a->arena, &x->account, who->number) ||
        !vd_arena_dup(&a->arena, &x->kind, who->kind) ||
        !vd_arena_dup(&a->arena, &x->id, node && node->id.n ? node->id : who->id) ||
        !vd_arena_dup(&a->arena, &x->permission_set, permission_set(who)))
        return false;
    x->service_linked = vd_str_eq(x->kind, VD_S("role")) &&
                        (node ? node->service_linked : vd_str_starts(who->name, VD_S("aws-service-role/")));
    if (!node || d->node == VD_NONE || node->kind == VD_WHO_IS_ROOT)
        return vd_arena_dup(&a->arena, &x->name, who->name);
    return vd_arena_printf(&a->arena, &x->name, VD_F VD_F, VD_A(path), VD_A(node->name));
}

static int by_arn(const void *a, const void *b)
{
    const vd_actor *x = &((const vd_act_actor *)a)->actor, *y = &((const vd_act_actor *)b)->actor;
    int             c = vd_str_cmp(x->arn, y->arn);

    c = c ? c : vd_str_cmp(x->kind, y->kind);
    c = c ? c : vd_str_cmp(x->account, y->account);
    c = c ? c : vd_str_cmp(x->id, y->id);
    return c ? c : vd_str_cmp(x->name, y->name);
}

/* Sorted; numbers of drafts become numbers of actors.  uses: the number of the draft, for as long as there are none. */
static bool sort_actors(vd_activity *a, vd_people *p, const drafts *d)
{
    uint32_t *now;

    a->actors = vd_arena_new_array(&a->arena, vd_act_actor, d->list.count + 1);
    now = vd_arena_new_array(&a->arena, uint32_t, d->list.count + 1);
    if (!a->actors || !now)
        return false;
    for (uint32_t i = 0; i < d->list.count; i++) {
        if (!make_actor(a, p, &d->list.at[i], &a->actors[i]))
            return false;
        a->actors[i].first_use = i;
    }
    qsort(a->actors, d->list.count, sizeof *a->actors, by_arn);
    a->actor_count = d->list.count;
    for (uint32_t i = 0; i < a->actor_count; i++) {
        now[a->actors[i].first_use] = i;
        a->actors[i].first_use = 0;
    }
    for (uint32_t i = 0; i < p->list.count; i++)
        p->list.at[i].actor = now[p->list.at[i].actor];
    return true;
}

/* ------------------------------------------------------------------ the index of names */

int vd_act_name_order(const vd_actor *x, vd_str account, vd_str kind, vd_str base)
{
    vd_str own = vd_str_rfind(x->name, '/') < x->name.n ? vd_str_from(x->name, vd_str_rfind(x->name, '/') + 1) : x->name;
    int    c = vd_str_cmp(x->account, account);

    c = c ? c : vd_str_cmp(x->kind, kind);
    return c ? c : vd_str_icmp(own, base);
}

static int by_base(const void *a, const void *b, void *ctx)
{
    const vd_activity *act = ctx;
    const vd_actor    *x = &act->actors[*(const uint32_t *)a].actor, *y = &act->actors[*(const uint32_t *)b].actor;
    size_t             slash = vd_str_rfind(y->name, '/');
    int c = vd_act_name_order(x, y->account, y->kind, slash < y->name.n ? vd_str_from(y->name, slash + 1) : y->name);

    if (c == 0)
        c = (int)y->living - (int)x->living;
    return c ? c : (*(const uint32_t *)a < *(const uint32_t *)b ? -1 : 1);
}

static bool index_names(vd_activity *a)
{
    a->by_name = vd_arena_new_array(&a->arena, uint32_t, a->actor_count + 1);
    if (!a->by_name)
        return false;
    for (uint32_t i = 0; i < a->actor_count; i++)
        a->by_name[i] = i;
    qsort_r(a->by_name, a->actor_count, sizeof *a->by_name, by_base, a);
    return true;
}

/* ------------------------------------------------------------------ the whole */

vd_code vd_people_find(vd_people **out, vd_activity *a, const vd_facts *facts, vd_error *err)
{
    vd_people *p = vd_alloc0(&a->engine->alloc, sizeof *p);
    drafts     d = { 0 };
    uint64_t  *days = vd_arena_new_array(&a->arena, uint64_t, a->day_words);
    bool       good;

    *out = NULL;
    if (!p)
        return vd_fail_nomem(err);
    p->alloc = &a->engine->alloc;
    p->snapshot = a->snapshot;
    good = days && index_nodes(p) && collect(p, a, facts, days) && with_ids(p, &d) && by_names(p, &d);
    if (good)
        renamed(p, &d);
    good = good && foreigners(p, &d) && sort_actors(a, p, &d) && index_names(a);
    VD_VEC_DONE(p->alloc, &d.list);
    if (!good) {
        vd_people_free(p);
        return vd_fail_nomem(err);
    }
    *out = p;
    return VD_OK;
}

uint32_t vd_people_actor(const vd_people *p, vd_str principal)
{
    uint32_t low = 0, high = p->list.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      c = vd_str_cmp(p->list.at[middle].text, principal);

        if (c == 0)
            return p->list.at[middle].actor;
        if (c < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return VD_NONE;
}

void vd_people_free(vd_people *p)
{
    if (!p)
        return;
    VD_VEC_DONE(p->alloc, &p->list);
    VD_VEC_DONE(p->alloc, &p->order);
    VD_VEC_DONE(p->alloc, &p->nodes);
    VD_VEC_DONE(p->alloc, &p->ids);
    vd_free(p->alloc, p, sizeof *p);
}
