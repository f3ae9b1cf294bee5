/* SPDX-License-Identifier: Apache-2.0
 *
 * The question: from whom, to what; each pair's shortest way first, certain ones before those that hang on what nobody
 * collected.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"

enum { DEFAULT_DEPTH = 8, MOST_DEPTH = 64, MOST_PATHS = 64, MOST_TRIES = 8 };

typedef struct asker {
    vd_pathing  x;
    vd_search  *search;
    vd_route_fn *tell;
    void       *user;
    bool        stop;
} asker;

/* ------------------------------------------------------------------ states and bindings */

static bool is_state(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_state_of *a = &((const vd_pathing *)ctx)->states[value], *b = wanted;

    return a->kind == b->kind && a->account == b->account && a->who.node == b->who.node && a->who.raised == b->who.raised &&
           a->who.uncapped == b->who.uncapped && a->who.unguarded == b->who.unguarded && a->who.retagged == b->who.retagged && a->who.joined == b->who.joined &&
           a->who.adopted == b->who.adopted && a->who.dropped == b->who.dropped;
}

static int differ(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* Who is changed most comes first: it is nearest to being an administrator, and nobody else need be looked at then. */
int vd_state_cmp(const vd_pathing *x, uint32_t a, uint32_t b)
{
    const vd_state_of *p = &x->states[a], *q = &x->states[b];
    const uint32_t     one[] = { p->kind != VD_STATE_MADE, !p->who.raised, !p->who.uncapped, !p->who.unguarded, !p->who.retagged, p->who.joined,
                                 p->who.adopted, p->who.dropped, p->who.node, p->kind, p->account };
    const uint32_t     two[] = { q->kind != VD_STATE_MADE, !q->who.raised, !q->who.uncapped, !q->who.unguarded, !q->who.retagged, q->who.joined,
                                 q->who.adopted, q->who.dropped, q->who.node, q->kind, q->account };
    int                c = 0;

    for (size_t i = 0; i < VD_COUNT(one) && c == 0; i++)
        c = differ(one[i], two[i]);
    return c;
}

uint32_t vd_state_add(vd_pathing *x, const vd_state_of *state)
{
    uint32_t words[6] = { state->who.node * 16 + state->who.retagged * 8u + state->who.raised * 4u + state->who.uncapped * 2u + state->who.unguarded,
                          state->who.joined, state->who.adopted, state->who.dropped, state->kind, state->account };
    uint64_t hash = vd_hash(x->engine->hash_seed, (vd_str){ (const char *)words, sizeof words });
    uint32_t at = vd_map_find(&x->state_map, hash, is_state, x, state), others = x->state_count, admins = x->state_count,
             goals = x->state_count, deads = x->state_count;

    if (at != VD_NONE)
        return at;
    if (!VD_ARENA_PUSH(&x->arena, x->offers, others, x->offer_cap, (vd_offers){ 0 }) ||
        !VD_ARENA_PUSH(&x->arena, x->admin, admins, x->admin_cap, 0) || !VD_ARENA_PUSH(&x->arena, x->goal_met, goals, x->goal_cap, 0) ||
        !VD_ARENA_PUSH(&x->arena, x->dead, deads, x->dead_cap, 0) ||
        !VD_ARENA_PUSH(&x->arena, x->states, x->state_count, x->state_cap, *state) ||
        !vd_map_add(&x->state_map, &x->engine->alloc, hash, x->state_count - 1)) {
        x->nomem = true;
        return VD_NONE;
    }
    return x->state_count - 1;
}

static bool is_binding(const void *ctx, uint32_t value, const void *wanted)
{
    return memcmp(&((const vd_pathing *)ctx)->bindings[value], wanted, sizeof(vd_binding)) == 0;
}

uint32_t vd_binding_add(vd_pathing *x, const vd_binding *b)
{
    uint64_t hash = vd_hash(x->engine->hash_seed, (vd_str){ (const char *)b, sizeof *b });
    uint32_t at = vd_map_find(&x->binding_map, hash, is_binding, x, b);

    if (at != VD_NONE)
        return at;
    if (!VD_ARENA_PUSH(&x->arena, x->bindings, x->binding_count, x->binding_cap, *b) ||
        !vd_map_add(&x->binding_map, &x->engine->alloc, hash, x->binding_count - 1)) {
        x->nomem = true;
        return VD_NONE;
    }
    return x->binding_count - 1;
}

/* ------------------------------------------------------------------ opening */

static vd_code read_ways(vd_pathing *x)
{
    VD_TRY(vd_ways_of(&x->ways, &x->arena, x->catalog, x->err));
    for (size_t i = 0; i < x->opts.technique_count; i++)
        VD_TRY(vd_ways_read(&x->ways, &x->arena, x->opts.techniques[i].name, x->opts.techniques[i].text, x->err));
    x->sum.techniques = x->ways.count;
    return VD_OK;
}

static vd_code find_goal(vd_pathing *x)
{
    vd_str to = x->opts.to, head = to;
    size_t at = vd_str_find(to, '@');

    x->goal_node = VD_NONE;
    if (!to.n && !x->opts.from.n)
        to = x->opts.to = VD_S("@admin");
    if (!to.n)
        return VD_OK;
    if (vd_str_eq(to, VD_S("@admin"))) {
        x->goal_admin = true;
        return VD_OK;
    }
    head = vd_str_first(to, at);
    if (at > 0 && at < to.n && vd_str_find(head, '/') == head.n && !vd_str_starts(head, VD_S("arn:"))) {
        x->goal_action = head;
        x->goal_resource = vd_str_from(to, at + 1);
        if (vd_str_find(x->goal_action, ':') == x->goal_action.n || !x->goal_resource.n)
            return vd_fail(x->err, VD_EINVAL, "\"" VD_F "\" is no goal: service:Action@ARN", VD_A(to));
        if (vd_str_eq(x->goal_resource, VD_S("*")))
            x->goal_resource.n = 0;
        return VD_OK;
    }
    x->goal_node = vd_snap_node_find(x->snapshot, to);
    return x->goal_node != VD_NONE ? VD_OK
                                   : vd_fail(x->err, VD_EINVAL, "the snapshot has no principal \"" VD_F "\"", VD_A(to));
}

vd_code vd_pathing_open(vd_pathing *x, const vd_snapshot *snapshot, const vd_paths_opts *opts, vd_error *err)
{
    *x = (vd_pathing){ .engine = snapshot->engine, .snapshot = snapshot, .err = err };
    if (opts)
        memcpy(&x->opts, opts, opts->size && opts->size < sizeof x->opts ? opts->size : sizeof x->opts);
    x->sum.size = sizeof x->sum;
    x->opts.max_depth = x->opts.max_depth == 0 ? DEFAULT_DEPTH : x->opts.max_depth > MOST_DEPTH ? MOST_DEPTH : x->opts.max_depth;
    x->opts.all_paths = x->opts.all_paths == 0 ? 1 : x->opts.all_paths > MOST_PATHS ? MOST_PATHS : x->opts.all_paths;
    x->catalog = x->opts.prove.catalog ? x->opts.prove.catalog : vd_catalog_builtin();
    x->arena = vd_arena_on(&x->engine->alloc, 0);
    x->scratch = vd_arena_on(&x->engine->alloc, 0);
    x->texts.seed = x->engine->hash_seed;
    VD_TRY(read_ways(x));
    VD_TRY(find_goal(x));
    VD_TRY(vd_effective_new(&x->effective, snapshot, &x->opts.prove, err));
    vd_offers_open(x);
    if (!vd_sieve_open(x) || !vd_things_open(x) || !vd_owned_open(x) || !vd_trusts_open(x))
        return x->failed != VD_OK ? x->failed : vd_fail_nomem(err);
    return VD_OK;
}

void vd_pathing_close(vd_pathing *x)
{
    if (!x->engine)
        return;
    vd_trusts_close(x);
    vd_sieve_close(x);
    vd_effective_free(x->effective);
    vd_intern_done(&x->texts, &x->engine->alloc);
    vd_map_done(&x->state_map, &x->engine->alloc);
    vd_map_done(&x->binding_map, &x->engine->alloc);
    vd_map_done(&x->shared_map, &x->engine->alloc);
    vd_arena_done(&x->scratch);
    vd_arena_done(&x->arena);
}

/* ------------------------------------------------------------------ telling */

static vd_code tell_path(asker *a, const vd_found_path *found, bool *contradicts)
{
    vd_route path;

    VD_TRY(vd_route_prove(&a->x, found, &path, contradicts));
    if (*contradicts)
        return VD_OK;
    a->x.sum.paths++;
    a->x.sum.potential += (path.flags & VD_FLAG_POTENTIAL) != 0;
    a->stop = a->tell && !a->tell(a->user, &path);
    return VD_OK;
}

/* ------------------------------------------------------------------ the K shortest */

typedef struct deviation {
    vd_found_path path;
    vd_banned    *banned;
    uint32_t      banned_count;
} deviation;

typedef struct deviations {
    deviation *at;
    uint32_t   count, cap;
} deviations;

static bool same_path(const vd_found_path *p, const vd_found_path *q)
{
    if (p->count != q->count || p->goal != q->goal)
        return false;
    for (uint32_t i = 0; i < p->count; i++)
        if (p->edges[i].binding != q->edges[i].binding || p->edges[i].state != q->edges[i].state)
            return false;
    return true;
}

static bool is_new(const deviations *list, const vd_found_path *p)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (same_path(&list->at[i].path, p))
            return false;
    return true;
}

/* The same search with one more step forbidden. */
static vd_code deviate(asker *a, deviations *list, const deviation *from, const vd_edge *without, bool certain)
{
    vd_pathing     *x = &a->x;
    deviation       d = { .banned_count = from->banned_count + (without != NULL) };
    const uint32_t *goals;

    d.banned = vd_arena_new_array(&x->arena, vd_banned, d.banned_count + 1);
    if (!d.banned)
        return vd_fail_nomem(x->err);
    if (from->banned_count)
        memcpy(d.banned, from->banned, from->banned_count * sizeof *d.banned);
    if (without)
        d.banned[from->banned_count] = (vd_banned){ without->binding, without->state };
    VD_TRY(vd_search_run(a->search, from->path.start, certain, true, d.banned, d.banned_count));
    if (vd_search_goals(a->search, &goals) == 0)
        return VD_OK;
    if (!vd_search_path(a->search, goals[0], &d.path, &x->arena) ||
        (is_new(list, &d.path) && !VD_ARENA_PUSH(&x->arena, list->at, list->count, list->cap, d)))
        return vd_fail_nomem(x->err);
    return VD_OK;
}

static void nearest_to(deviations *list, uint32_t at)
{
    uint32_t best = at;

    for (uint32_t i = at + 1; i < list->count; i++)
        if (list->at[i].path.count < list->at[best].path.count)
            best = i;
    if (best < list->count) {
        deviation d = list->at[best];

        memmove(&list->at[at + 1], &list->at[at], (best - at) * sizeof d);
        list->at[at] = d;
    }
}

/* Up to K ways to the goal at hand; how many were told. */
static vd_code shortest(asker *a, uint32_t start, bool certain, uint32_t *told)
{
    deviations list = { 0 };
    deviation  first = { .path = { .start = start } };
    uint32_t   tries = a->x.opts.all_paths + MOST_TRIES;

    *told = 0;
    VD_TRY(deviate(a, &list, &first, NULL, certain));
    for (uint32_t i = 0; i < list.count && i < tries && *told < a->x.opts.all_paths && !a->stop; i++) {
        bool contradicts = false;

        nearest_to(&list, i);
        VD_TRY(tell_path(a, &list.at[i].path, &contradicts));
        *told += !contradicts;
        for (uint32_t k = 0; k < list.at[i].path.count && *told < a->x.opts.all_paths; k++) {
            deviation d = list.at[i];

            VD_TRY(deviate(a, &list, &d, &d.path.edges[k], certain));
        }
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ one start */

static vd_code to_goal(asker *a, uint32_t start)
{
    uint32_t told = 0;

    VD_TRY(shortest(a, start, true, &told));
    if (told || a->x.opts.confirmed_only || a->stop)
        return VD_OK;
    return shortest(a, start, false, &told);
}


/* Everybody whose credentials can be had: one after the other is the goal. */
static vd_code to_everybody(asker *a, uint32_t start)
{
    vd_pathing     *x = &a->x;
    const uint32_t *goals;
    uint32_t       *nodes, count, n = 0;

    VD_TRY(vd_search_run(a->search, start, x->opts.confirmed_only, false, NULL, 0));
    count = vd_search_goals(a->search, &goals);
    nodes = vd_arena_new_array(&x->arena, uint32_t, count + 1);
    if (!nodes)
        return vd_fail_nomem(x->err);
    for (uint32_t i = 0; i < count; i++) /* the nearest state of each */
        if (x->states[goals[i]].kind == VD_STATE_SOMEBODY) {
            bool there = x->states[goals[i]].who.node == x->states[start].who.node && x->states[start].kind == VD_STATE_SOMEBODY;

            for (uint32_t k = 0; k < n && !there; k++)
                there = nodes[k] == x->states[goals[i]].who.node;
            if (!there)
                nodes[n++] = x->states[goals[i]].who.node;
        }
    for (uint32_t i = 0; i < n && !a->stop; i++) {
        x->goal_node = nodes[i];
        VD_TRY(to_goal(a, start));
    }
    x->goal_node = VD_NONE;
    return VD_OK;
}

static vd_code from_state(asker *a, uint32_t start)
{
    vd_pathing *x = &a->x;

    if (start == VD_NONE)
        return vd_fail_nomem(x->err);
    x->sum.from++;
    if (x->goal_admin || x->goal_node != VD_NONE || x->goal_action.n)
        return to_goal(a, start);
    return to_everybody(a, start);
}

static uint32_t state_of_node(vd_pathing *x, uint32_t node)
{
    return vd_state_add(x, &(vd_state_of){ { .node = node, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE }, VD_STATE_SOMEBODY,
                                           x->snapshot->nodes[node].account });
}

/* ------------------------------------------------------------------ all starts */

static vd_code from_everybody(asker *a)
{
    vd_pathing *x = &a->x;
    uint32_t    nodes = x->snapshot->node_count, first = x->opts.first < nodes ? x->opts.first : nodes,
             end = x->opts.count && x->opts.count < nodes - first ? first + x->opts.count : nodes;

    x->one_goal = true;
    for (uint32_t i = first; i < end && !a->stop; i++) {
        uint32_t start = state_of_node(x, i);

        if (start == VD_NONE)
            return vd_fail_nomem(x->err);
        if (x->snapshot->nodes[i].kind == VD_WHO_IS_ROOT || vd_is_admin(x, start) == VD_CERTAIN_YES || i == x->goal_node)
            x->sum.admins += i != x->goal_node;
        else
            VD_TRY(from_state(a, start));
        VD_TRY(vd_pathing_failed(x));
    }
    return VD_OK;
}

static vd_code from_outside(asker *a, uint32_t whom)
{
    vd_pathing *x = &a->x;

    VD_TRY(vd_outsides_make(x));
    return from_state(a, vd_state_add(x, &(vd_state_of){ { .node = 0, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE },
                                                         VD_STATE_OUTSIDE, whom }));
}

static vd_code run(asker *a)
{
    vd_pathing *x = &a->x;
    vd_str      from = x->opts.from;
    uint32_t    node;

    a->search = vd_search_new(x);
    if (!a->search)
        return vd_fail_nomem(x->err);
    if (!from.n)
        return from_everybody(a);
    if (vd_str_eq(from, VD_S("@external")))
        return from_outside(a, VD_OUTSIDE_ALL);
    if (vd_str_eq(from, VD_S("@anonymous")))
        return from_outside(a, VD_OUTSIDE_ANYBODY);
    if (vd_str_eq(from, VD_S("@any-user")))
        return from_outside(a, VD_OUTSIDE_USER);
    node = vd_snap_node_find(x->snapshot, from);
    if (node == VD_NONE)
        return vd_fail(x->err, VD_EINVAL, "the snapshot has no principal \"" VD_F "\"", VD_A(from));
    return from_state(a, state_of_node(x, node));
}

vd_code vd_paths(const vd_snapshot *snapshot, const vd_paths_opts *opts, vd_route_fn *tell, void *user, vd_paths_summary *summary,
                 vd_error *err)
{
    asker   a = { .tell = tell, .user = user };
    bool    cut;
    vd_code code;

    if (!snapshot)
        return vd_fail(err, VD_EINVAL, "there is no snapshot to ask");
    if (!tell && opts && opts->size >= sizeof *opts && opts->cut)
        return vd_paths_cut(snapshot, opts, user, err);
    code = vd_pathing_open(&a.x, snapshot, opts, err);
    a.x.user = user;
    if (code == VD_OK)
        code = run(&a);
    if (a.x.effective)
        a.x.sum.units += vd_effective_units(a.x.effective);
    if (summary) {
        size_t size = summary->size && summary->size < sizeof a.x.sum ? summary->size : sizeof a.x.sum;

        a.x.sum.size = size;
        memcpy(summary, &a.x.sum, size);
    }
    cut = code == VD_OK && a.x.opts.cut && !a.stop;
    vd_search_free(a.search);
    vd_pathing_close(&a.x);
    return cut ? vd_paths_cut(snapshot, opts, user, err) : code;
}
