/* SPDX-License-Identifier: Apache-2.0
 *
 * The fixpoint (analysis 10.5): from the credentials that are held, everything that they come to, nearest first.  A way that
 * takes several callers, or changes somebody whose credentials are held too, joins the steps of all of them.
 */
#include "analyze/pathing.h"

#include "base/engine.h"
#include "base/error.h"
#include "base/str.h"
#include "pattern/glob.h"

typedef struct vd_reached {
    uint32_t cost;  /* steps, twice, plus one when something is not certain; VD_NONE: not reached */
    uint32_t order; /* in which it was settled; VD_NONE: not yet */
    uint32_t edge;
    uint32_t sibling; /* the state of the same principal that was settled before */
    uint32_t mark;
} vd_reached;

/* Something that whoever holds the credentials of a principal has, too. */
typedef struct vd_boon {
    vd_edge  edge; /* without the holder */
    uint32_t next; /* of the same principal */
} vd_boon;

typedef struct vd_pending { /* of a way of several groups: who can do which */
    uint32_t binding, have;
    uint32_t state[VD_MOST_TAILS];
    uint32_t flags;
    bool     unsure;
} vd_pending;

typedef struct vd_turn {
    uint32_t cost, state;
} vd_turn;

struct vd_search {
    vd_pathing *x;
    vd_arena    arena; /* of one search */
    vd_arena    kept;  /* of all: what is told by state and by node, blank where this search was not */
    vd_reached *reached;
    uint32_t    reached_count, reached_cap;
    vd_edge    *edges;
    uint32_t    edge_count, edge_cap;
    vd_boon    *boons;
    uint32_t    boon_count, boon_cap, everybodys; /* everybodys: the first boon of all principals */
    uint32_t   *boon_of, *state_of; /* by node: the latest */
    uint32_t   *touched, *touched_nodes;
    uint32_t    touched_count, touched_cap, touched_node_count, touched_node_cap;
    vd_pending *pending;
    uint32_t    pending_count, pending_cap;
    vd_turn    *heap;
    uint32_t    heap_count, heap_cap;
    uint32_t   *goals;
    uint32_t    goal_count, goal_cap;
    uint32_t   *settled; /* in order */
    uint32_t    settled_count, settled_cap;
    uint32_t    start, marks;
    bool        certain, first;
    bool        cut_off; /* there are ways that are too long */
    const vd_banned *banned;
    uint32_t    banned_count;
};

/* ------------------------------------------------------------------ who is next */

/* Of those as near the order hangs on what they are alone: who was asked about before must not matter. */
static bool is_before(const vd_search *s, vd_turn a, vd_turn b)
{
    return a.cost != b.cost ? a.cost < b.cost : a.state != b.state && vd_state_cmp(s->x, a.state, b.state) < 0;
}

static bool push(vd_search *s, vd_turn t)
{
    uint32_t at = s->heap_count;

    if (!VD_ARENA_PUSH(&s->arena, s->heap, s->heap_count, s->heap_cap, t))
        return false;
    while (at > 0 && is_before(s, t, s->heap[(at - 1) / 2])) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = t;
    return true;
}

static vd_turn pop(vd_search *s)
{
    vd_turn  top = s->heap[0], last = s->heap[--s->heap_count];
    uint32_t at = 0;

    while (2 * at + 1 < s->heap_count) {
        uint32_t child = 2 * at + 1;

        if (child + 1 < s->heap_count && is_before(s, s->heap[child + 1], s->heap[child]))
            child++;
        if (!is_before(s, s->heap[child], last))
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    if (s->heap_count)
        s->heap[at] = last;
    return top;
}

static const vd_reached blank = { VD_NONE, VD_NONE, VD_NONE, VD_NONE, 0 };

static bool room(vd_search *s)
{
    while (s->reached_count < s->x->state_count)
        if (!VD_ARENA_PUSH(&s->kept, s->reached, s->reached_count, s->reached_cap, blank))
            return false;
    return true;
}

/* A search touches few of all states: only these are blank again afterwards. */
static bool touch(vd_search *s, uint32_t state)
{
    return s->reached[state].cost != VD_NONE || VD_ARENA_PUSH(&s->kept, s->touched, s->touched_count, s->touched_cap, state);
}

static bool touch_node(vd_search *s, uint32_t node)
{
    return s->boon_of[node] != VD_NONE || s->state_of[node] != VD_NONE ||
           VD_ARENA_PUSH(&s->kept, s->touched_nodes, s->touched_node_count, s->touched_node_cap, node);
}

/* ------------------------------------------------------------------ steps */

/* How many steps it takes to hold all of these. */
static uint32_t steps_to(vd_search *s, const uint32_t *tails, uint32_t count)
{
    uint32_t stack[512], depth = 0, steps = 0;

    s->marks++;
    for (uint32_t i = 0; i < count; i++)
        stack[depth++] = tails[i];
    while (depth) {
        vd_reached *r = &s->reached[stack[--depth]];

        if (r->mark == s->marks || r->edge == VD_NONE)
            continue;
        r->mark = s->marks;
        steps++;
        for (uint32_t i = 0; i < s->edges[r->edge].tail_count && depth < VD_COUNT(stack); i++)
            stack[depth++] = s->edges[r->edge].tails[i];
    }
    return steps;
}

static bool all_sure(const vd_search *s, const vd_edge *e)
{
    bool sure = !e->unsure;

    for (uint32_t i = 0; i < e->tail_count; i++)
        sure = sure && !(s->reached[e->tails[i]].cost & 1);
    return sure;
}

static void relax(vd_search *s, const vd_edge *e)
{
    vd_pathing *x = s->x;
    vd_reached *r;
    uint32_t    steps, cost;

    if (e->state == VD_NONE || !room(s)) {
        x->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < s->banned_count; i++)
        if (s->banned[i].binding == e->binding && s->banned[i].state == e->state)
            return;
    steps = steps_to(s, e->tails, e->tail_count) + 1;
    cost = 2 * steps + !all_sure(s, e);
    r = &s->reached[e->state];
    s->cut_off |= steps > x->opts.max_depth && r->order == VD_NONE;
    if (steps > x->opts.max_depth || r->order != VD_NONE || cost >= r->cost || e->state == s->start)
        return;
    if (!touch(s, e->state) || !VD_ARENA_PUSH(&s->arena, s->edges, s->edge_count, s->edge_cap, *e) ||
        !push(s, (vd_turn){ cost, e->state })) {
        x->nomem = true;
        return;
    }
    s->reached[e->state].cost = cost;
    s->reached[e->state].edge = s->edge_count - 1;
}

static uint32_t somebody(vd_pathing *x, uint32_t node)
{
    return vd_state_add(x, &(vd_state_of){ { .node = node, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE },
                                           VD_STATE_SOMEBODY, x->snapshot->nodes[node].account });
}

/* ------------------------------------------------------------------ what whoever holds the credentials has */

static uint32_t adopted_doc(const vd_pathing *x, const vd_binding *b)
{
    return b->version != VD_NONE ? x->snapshot->versions[b->version].doc : x->snapshot->managed[b->managed].doc;
}

/* False: it is no gain. */
static bool gain(const vd_pathing *x, vd_state_of *s, const vd_binding *b)
{
    const vd_snap_node *n = &x->snapshot->nodes[s->who.node];
    uint8_t             result = x->ways.at[b->way].result;
    bool                policies = n->kind != VD_WHO_IS_ROOT && !s->who.raised;

    switch (result) {
    case VD_RESULT_RAISE: s->who.raised = true; s->who.joined = s->who.adopted = s->who.dropped = VD_NONE; return policies;
    case VD_RESULT_UNCAP: policies = n->bounded && !s->who.uncapped; s->who.uncapped = true; return policies;
    case VD_RESULT_UNSCP:
        policies = !s->who.unguarded && x->snapshot->accounts[s->account].scp != VD_NONE && !vd_snap_exempt(x->snapshot, s->who.node);
        s->who.unguarded = true;
        return policies;
    case VD_RESULT_RETAG: policies = n->kind != VD_WHO_IS_ROOT && !s->who.retagged; s->who.retagged = true; return policies;
    case VD_RESULT_JOIN: policies = policies && s->who.joined == VD_NONE; s->who.joined = b->group; return policies;
    case VD_RESULT_ADOPT:
        policies = policies && s->who.adopted == VD_NONE;
        s->who.adopted = adopted_doc(x, b);
        return policies && s->who.adopted != VD_NONE;
    default:
        policies = policies && s->who.dropped == VD_NONE;
        s->who.dropped = x->snapshot->held[b->held].doc;
        return policies && s->who.dropped != VD_NONE;
    }
}

static void apply(vd_search *s, const vd_edge *boon, uint32_t holder)
{
    vd_pathing *x = s->x;
    vd_state_of to = x->states[holder];
    vd_edge     e = *boon;
    bool        there = false;

    if ((to.kind != VD_STATE_SOMEBODY && to.kind != VD_STATE_MADE) || !gain(x, &to, &x->bindings[boon->binding]))
        return;
    for (uint32_t i = 0; i < e.tail_count; i++)
        there |= e.tails[i] == holder;
    if (!there && e.tail_count < VD_MOST_TAILS)
        e.tails[e.tail_count++] = holder;
    e.state = vd_state_add(x, &to);
    relax(s, &e);
}

/* node VD_NONE: everybody has it. */
static void add_boon(vd_search *s, const vd_edge *e, uint32_t node)
{
    uint32_t *list = node == VD_NONE ? &s->everybodys : &s->boon_of[node];

    if ((node != VD_NONE && !touch_node(s, node)) ||
        !VD_ARENA_PUSH(&s->arena, s->boons, s->boon_count, s->boon_cap, (vd_boon){ *e, *list })) {
        s->x->nomem = true;
        return;
    }
    *list = s->boon_count - 1;
    if (node != VD_NONE) {
        for (uint32_t i = s->state_of[node]; i != VD_NONE; i = s->reached[i].sibling)
            apply(s, e, i);
        return;
    }
    for (uint32_t i = 0; i < s->settled_count; i++)
        apply(s, e, s->settled[i]);
}

static void apply_all(vd_search *s, uint32_t state)
{
    uint32_t node = s->x->states[state].who.node;

    for (uint32_t i = s->boon_of[node]; i != VD_NONE; i = s->boons[i].next)
        apply(s, &s->boons[i].edge, state);
    for (uint32_t i = s->everybodys; i != VD_NONE; i = s->boons[i].next)
        apply(s, &s->boons[i].edge, state);
}

/* ------------------------------------------------------------------ results */

static void made_in(vd_search *s, vd_edge e, uint32_t account)
{
    vd_pathing *x = s->x;

    e.state = vd_state_add(x, &(vd_state_of){ { .node = x->snapshot->accounts[account].root, .raised = true, .joined = VD_NONE,
                                                .adopted = VD_NONE, .dropped = VD_NONE },
                                              VD_STATE_MADE, account });
    relax(s, &e);
}

static void fire_admin(vd_search *s, const vd_edge *e, const vd_way *w, const vd_binding *b)
{
    const vd_snapshot *snap = s->x->snapshot;

    if (w->gains.target == VD_ON_ACCOUNT) {
        if (b->account != VD_NONE)
            made_in(s, *e, b->account);
        return;
    }
    for (uint32_t i = 0; i < snap->account_count; i++)
        if (vd_str_eq(w->gains.text, VD_S("organization")) || snap->accounts[i].management != VD_CERTAIN_YES)
            made_in(s, *e, i);
}

static bool reaches(const vd_pathing *x, const vd_way *w)
{
    for (uint32_t i = 0; i < w->reach_count; i++) {
        char   coded[256], low[256], action[256];
        vd_str p = w->reaches[i];

        if (p.n > sizeof low || x->goal_action.n > sizeof action)
            return true;
        vd_lower_copy(low, p.p, p.n);
        vd_lower_copy(action, x->goal_action.p, x->goal_action.n);
        if (vd_glob_match((vd_str){ coded, vd_glob_code(coded, (vd_str){ low, p.n }) }, (vd_str){ action, x->goal_action.n }))
            return true;
    }
    return false;
}

/* Access to data: of a thing whose policy is one's own, of a principal for some services, of an account. */
static void fire_reach(vd_search *s, vd_edge e, const vd_way *w, const vd_binding *b)
{
    vd_pathing *x = s->x;
    uint32_t    node = vd_bound_node(x, b, &w->gains, VD_NONE), thing = VD_NONE;
    bool        met = true;

    if (!x->goal_action.n || !reaches(x, w))
        return;
    thing = vd_snap_resource_find(x->snapshot, x->goal_resource);
    if (node != VD_NONE) {
        uint32_t other = somebody(x, node);

        met = other != VD_NONE && vd_meets_goal(x, other) == VD_CERTAIN_YES;
    } else if (b->thing != VD_NONE) {
        met = thing == b->thing;
    } else {
        met = thing != VD_NONE && x->snapshot->resources[thing].account != VD_NONE &&
              (w->gains.target != VD_ON_ACCOUNT || x->snapshot->resources[thing].account == b->account);
    }
    if (!met)
        return;
    e.state = vd_state_add(x, &(vd_state_of){ { .node = 0, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE }, VD_STATE_GOAL, VD_NONE });
    relax(s, &e);
}

/* Can it give itself any tag?  Removing them, or only some of them, may do, or not. */
static bool tags_freely(vd_search *s, const vd_edge *e, const vd_way *w, const vd_binding *b)
{
    vd_pathing *x = s->x;
    uint32_t    alt = 0, flags;

    return vd_call_possible(x, e->tails[0], &w->calls[0], b, &alt, &flags) == VD_SAT &&
           vd_str_istarts(w->calls[0].alts[alt].action, VD_S("iam:Tag")) &&
           !vd_effective_mentions(x->effective, &x->states[e->tails[0]].who, VD_S("aws:RequestTag/")) &&
           !vd_effective_mentions(x->effective, &x->states[e->tails[0]].who, VD_S("aws:TagKeys"));
}

static void fire_retag(vd_search *s, vd_edge *e, const vd_way *w, const vd_binding *b)
{
    uint32_t node = vd_bound_node(s->x, b, &w->gains, s->x->states[e->tails[0]].who.node);

    if (node == VD_NONE)
        return;
    if (!tags_freely(s, e, w, b)) {
        e->flags |= VD_FLAG_INVENTORY;
        e->unsure = true;
    }
    if (!e->unsure || !s->certain)
        add_boon(s, e, node);
}

static void fire(vd_search *s, vd_edge *e)
{
    vd_pathing      *x = s->x;
    const vd_binding b = x->bindings[e->binding];
    const vd_way    *w = &x->ways.at[b.way];
    uint32_t         node;

    switch (w->result) {
    case VD_RESULT_BECOMES:
        node = vd_bound_node(x, &b, &w->gains, VD_NONE);
        if (node == VD_NONE)
            return;
        e->state = somebody(x, node);
        relax(s, e);
        break;
    case VD_RESULT_RAISE:
    case VD_RESULT_UNCAP:
    case VD_RESULT_JOIN:
    case VD_RESULT_ADOPT:
    case VD_RESULT_DROP:
        node = vd_bound_node(x, &b, w->who.text.n ? &w->who : &w->gains, x->states[e->tails[0]].who.node);
        if (node != VD_NONE)
            add_boon(s, e, node);
        break;
    case VD_RESULT_RETAG: fire_retag(s, e, w, &b); break;
    case VD_RESULT_UNSCP: add_boon(s, e, VD_NONE); break;
    case VD_RESULT_ADMIN: fire_admin(s, e, w, &b); break;
    case VD_RESULT_REACH: fire_reach(s, *e, w, &b); break;
    default: break;
    }
}

/* ------------------------------------------------------------------ offers */

static void pend(vd_search *s, uint32_t state, const vd_offer *o)
{
    const vd_way *w = &s->x->ways.at[s->x->bindings[o->binding].way];
    vd_pending   *p = NULL;
    uint32_t      group = (uint32_t)__builtin_ctz(o->groups);
    vd_edge       e = { .binding = o->binding, .tail_count = w->group_count };

    for (uint32_t i = s->pending_count; i > 0 && !p; i--)
        if (s->pending[i - 1].binding == o->binding)
            p = &s->pending[i - 1];
    if (!p) {
        if (!VD_ARENA_PUSH(&s->arena, s->pending, s->pending_count, s->pending_cap, (vd_pending){ .binding = o->binding })) {
            s->x->nomem = true;
            return;
        }
        p = &s->pending[s->pending_count - 1];
    }
    if (p->have & o->groups)
        return; /* somebody nearer can */
    p->have |= o->groups;
    p->state[group] = state;
    p->flags |= o->flags;
    p->unsure |= o->unsure;
    if (p->have != (1u << w->group_count) - 1)
        return;
    e.flags = p->flags;
    e.unsure = p->unsure;
    memcpy(e.tails, p->state, w->group_count * sizeof *e.tails);
    fire(s, &e);
}

static void take(vd_search *s, uint32_t state, const vd_offers *offers)
{
    for (uint32_t i = 0; offers && i < offers->count && vd_pathing_failed(s->x) == VD_OK; i++) {
        const vd_offer *o = &offers->at[i];
        vd_edge         e = { .binding = o->binding, .tails = { state }, .tail_count = 1, .flags = o->flags, .unsure = o->unsure };

        if (s->certain && o->unsure)
            continue;
        if (s->x->ways.at[s->x->bindings[o->binding].way].group_count > 1)
            pend(s, state, o);
        else
            fire(s, &e);
    }
}

static void take_outside(vd_search *s, uint32_t state)
{
    vd_pathing *x = s->x;
    uint32_t    whom = x->states[state].account; /* VD_OUTSIDE_... */

    for (uint32_t i = 0; i < x->outside_count; i++) {
        vd_edge e = { .binding = x->outsides[i].binding, .tails = { state }, .tail_count = 1 };

        e.flags = x->outsides[i].flags & VD_FLAG_POTENTIAL;
        e.unsure = e.flags != 0 || !x->outsides[i].witness;
        if ((whom != VD_OUTSIDE_ALL && !x->outsides[i].anybody) || (whom == VD_OUTSIDE_USER && !x->outsides[i].by_role) ||
            (s->certain && e.unsure))
            continue;
        e.state = somebody(x, x->outsides[i].node);
        relax(s, &e);
    }
}

/* ------------------------------------------------------------------ the search */

static bool is_goal(vd_search *s, uint32_t state)
{
    vd_certain met = vd_meets_goal(s->x, state);

    return met == VD_CERTAIN_YES || (met == VD_CERTAIN_NOBODY_SAID && !s->certain);
}

static void use(vd_search *s, uint32_t state)
{
    vd_edge e = { .binding = VD_NONE, .tails = { state }, .tail_count = 1,
                  .unsure = vd_meets_goal(s->x, state) == VD_CERTAIN_NOBODY_SAID };

    e.state = vd_state_add(s->x, &(vd_state_of){ { .node = 0, .joined = VD_NONE, .adopted = VD_NONE, .dropped = VD_NONE }, VD_STATE_GOAL, VD_NONE });
    relax(s, &e);
}

/* True: this was what was looked for. */
static bool settle(vd_search *s, uint32_t state)
{
    vd_pathing *x = s->x;
    uint8_t     kind = (uint8_t)x->states[state].kind;
    bool        met = (state != s->start || x->goal_action.n) && is_goal(s, state);

    s->reached[state].order = s->settled_count;
    if (!VD_ARENA_PUSH(&s->arena, s->settled, s->settled_count, s->settled_cap, state)) {
        x->nomem = true;
        return true;
    }
    if (met && (!x->goal_action.n || kind == VD_STATE_GOAL)) {
        if (!VD_ARENA_PUSH(&s->arena, s->goals, s->goal_count, s->goal_cap, state))
            x->nomem = true;
        if (s->first || x->goal_admin || kind == VD_STATE_GOAL)
            return s->first;
    } else if (met) {
        use(s, state);
    }
    if (kind == VD_STATE_OUTSIDE) {
        take_outside(s, state);
        return false;
    }
    if (!touch_node(s, x->states[state].who.node)) {
        x->nomem = true;
        return true;
    }
    s->reached[state].sibling = s->state_of[x->states[state].who.node];
    s->state_of[x->states[state].who.node] = state;
    apply_all(s, state);
    s->cut_off |= s->reached[state].cost / 2 >= x->opts.max_depth;
    if (s->reached[state].cost / 2 >= x->opts.max_depth || (x->goal_admin && vd_is_admin(x, state) == VD_CERTAIN_YES))
        return false;
    take(s, state, vd_offers_shared(x, state));
    take(s, state, vd_offers_of(x, state));
    return false;
}

vd_search *vd_search_new(vd_pathing *x)
{
    vd_search *s = vd_arena_new(&x->arena, vd_search);

    if (s) {
        s->x = x;
        s->arena = vd_arena_on(&x->engine->alloc, 0);
        s->kept = vd_arena_on(&x->engine->alloc, 0);
    }
    return s;
}

void vd_search_free(vd_search *s)
{
    if (s) {
        vd_arena_done(&s->arena);
        vd_arena_done(&s->kept);
    }
}

static bool by_node(vd_search *s)
{
    uint32_t nodes = s->x->snapshot->node_count + 1;

    s->boon_of = vd_arena_new_array(&s->kept, uint32_t, nodes);
    s->state_of = vd_arena_new_array(&s->kept, uint32_t, nodes);
    if (!s->boon_of || !s->state_of)
        return false;
    memset(s->boon_of, 0xff, nodes * sizeof *s->boon_of);
    memset(s->state_of, 0xff, nodes * sizeof *s->state_of);
    return true;
}

static bool begin(vd_search *s)
{
    vd_search old = *s;

    for (uint32_t i = 0; i < s->touched_count; i++)
        s->reached[s->touched[i]] = blank;
    for (uint32_t i = 0; i < s->touched_node_count; i++)
        s->boon_of[s->touched_nodes[i]] = s->state_of[s->touched_nodes[i]] = VD_NONE;
    vd_arena_reset(&old.arena);
    *s = (vd_search){ .x = old.x, .arena = old.arena, .kept = old.kept, .reached = old.reached, .reached_count = old.reached_count,
                      .reached_cap = old.reached_cap, .boon_of = old.boon_of, .state_of = old.state_of, .touched = old.touched,
                      .touched_cap = old.touched_cap, .touched_nodes = old.touched_nodes, .touched_node_cap = old.touched_node_cap,
                      .everybodys = VD_NONE };
    return (s->state_of || by_node(s)) && room(s);
}

/* Whoever is reached from a start without any way to the goal has none either: what it comes to, the start comes to. */
static void bury(vd_search *s)
{
    for (uint32_t i = 0; i < s->settled_count; i++)
        s->x->dead[s->settled[i]] |= s->certain ? VD_DEAD_CERTAIN : VD_DEAD_CERTAIN | VD_DEAD_ANY;
}

vd_code vd_search_run(vd_search *s, uint32_t start, bool certain, bool first, const vd_banned *banned, uint32_t banned_count)
{
    if (!begin(s))
        return vd_fail_nomem(s->x->err);
    s->start = start;
    s->certain = certain;
    s->first = first;
    s->banned = banned;
    s->banned_count = banned_count;
    if (s->x->one_goal && s->x->dead[start] & (certain ? VD_DEAD_CERTAIN : VD_DEAD_ANY))
        return vd_pathing_failed(s->x);
    if (!touch(s, start))
        s->x->nomem = true;
    s->reached[start].cost = 0;
    if (!push(s, (vd_turn){ 0, start }))
        s->x->nomem = true;
    while (s->heap_count && vd_pathing_failed(s->x) == VD_OK) {
        vd_turn t = pop(s);

        if (s->reached[t.state].order == VD_NONE && settle(s, t.state))
            break;
    }
    if (s->x->one_goal && s->goal_count == 0 && !s->cut_off && banned_count == 0 && vd_pathing_failed(s->x) == VD_OK)
        bury(s);
    return vd_pathing_failed(s->x);
}

uint32_t vd_search_goals(const vd_search *s, const uint32_t **states)
{
    *states = s->goals;
    return s->goal_count;
}

bool vd_search_path(vd_search *s, uint32_t goal, vd_found_path *out, vd_arena *arena)
{
    uint32_t steps = steps_to(s, &goal, 1), n = 0; /* marks them */

    *out = (vd_found_path){ .start = s->start, .goal = goal, .unsure = s->reached[goal].cost & 1 };
    out->edges = vd_arena_new_array(arena, vd_edge, steps + 1);
    if (!out->edges)
        return false;
    for (uint32_t i = 0; i < s->settled_count && n < steps; i++)
        if (s->reached[s->settled[i]].mark == s->marks && s->reached[s->settled[i]].edge != VD_NONE)
            out->edges[n++] = s->edges[s->reached[s->settled[i]].edge];
    out->count = n;
    return true;
}
