/* SPDX-License-Identifier: Apache-2.0
 *
 * What the names of a way can stand for, for one caller: each name after the other, those that hang on a principal after
 * it.  Facts are asked elsewhere; the ones that say where to look are used here.
 */
#include "analyze/pathing.h"

#include "base/buf.h"
#include "base/str.h"

typedef struct binder {
    vd_pathing    *x;
    const vd_way  *way;
    uint32_t       self;
    vd_binding     b;
    vd_binding_fn *tell;
    void          *user;
    uint8_t        order[8]; /* names, in the order in which they are bound */
    uint32_t       count;
    bool           taken; /* the role of a thing is the first principal */
    bool           stop;
} binder;

static void bind_from(binder *d, uint32_t at);

static const vd_way_fact *fact_of(const vd_way *w, uint8_t fact)
{
    for (uint32_t i = 0; i < w->fact_count; i++)
        if (w->facts[i].fact == fact)
            return &w->facts[i];
    return NULL;
}

static bool is_principal(uint8_t kind)
{
    return kind == VD_BOUND_ROLE || kind == VD_BOUND_ANY_ROLE || kind == VD_BOUND_USER || kind == VD_BOUND_PRINCIPAL;
}

/* ------------------------------------------------------------------ principals */

static void bind_node(binder *d, uint32_t at, uint32_t node)
{
    uint32_t *slot = d->b.node == VD_NONE ? &d->b.node : &d->b.other;

    *slot = node;
    bind_from(d, at + 1);
    *slot = VD_NONE;
}

/* Of a node that a thing gave: is it among them? */
static bool can_stand(binder *d, uint32_t at, uint32_t node)
{
    uint32_t        count;
    const uint32_t *nodes = vd_bindable(d->x, d->b.way, d->order[at], false, d->x->snapshot->nodes[node].account, &count);

    for (uint32_t i = 0; i < count; i++)
        if (nodes[i] == node)
            return true;
    return false;
}

static bool calls_assume(const vd_way *w)
{
    return w->call_count == 1 && w->calls[0].alt_count == 1 && vd_str_ieq(w->calls[0].alts[0].action, VD_S("sts:AssumeRole"));
}

static void bind_principal(binder *d, uint32_t at, uint8_t kind)
{
    const uint32_t *nodes;
    uint32_t        count;

    if (d->taken) {
        d->taken = false;
        if (can_stand(d, at, d->b.node))
            bind_from(d, at + 1);
        d->taken = true;
        return;
    }
    if (kind == VD_BOUND_ANY_ROLE && calls_assume(d->way) && d->self != VD_NONE) {
        nodes = vd_trusts_candidates(d->x, d->self, &count);
    } else if (kind != VD_BOUND_ANY_ROLE && d->b.account == VD_NONE) {
        return;
    } else {
        nodes = vd_bindable(d->x, d->b.way, d->order[at], d->b.node != VD_NONE, kind == VD_BOUND_ANY_ROLE ? VD_NONE : d->b.account, &count);
    }
    for (uint32_t i = 0; nodes && i < count && !d->stop; i++)
        bind_node(d, at, nodes[i]);
}

/* ------------------------------------------------------------------ policies */

/* Of AWS (VD_NONE) only those whose text is known. */
static void bind_managed_of(binder *d, uint32_t at, uint32_t account)
{
    const vd_snapshot *s = d->x->snapshot;
    const vd_owned    *all = d->x->policies;

    for (uint32_t i = vd_owned_first(all, s->managed_count, account); i < s->managed_count && all[i].account == account && !d->stop; i++) {
        d->b.managed = all[i].id;
        if (account != VD_NONE || s->managed[all[i].id].doc != VD_NONE)
            bind_from(d, at + 1);
    }
}

static void bind_managed(binder *d, uint32_t at, uint8_t kind)
{
    const vd_snapshot *s = d->x->snapshot;
    bool               held = fact_of(d->way, VD_FACT_ATTACHED) != NULL;

    if (held) { /* those that the principal has */
        const vd_snap_node *n = &s->nodes[d->b.node];

        for (uint32_t i = 0; i < n->held.count && !d->stop; i++) {
            d->b.managed = s->held[n->held.first + i].managed;
            if (d->b.managed != VD_NONE && s->managed[d->b.managed].account == d->b.account)
                bind_from(d, at + 1);
        }
    } else {
        bind_managed_of(d, at, d->b.account);
        if (kind == VD_BOUND_ATTACHABLE && d->b.account != VD_NONE)
            bind_managed_of(d, at, VD_NONE);
    }
    d->b.managed = VD_NONE;
}

static void bind_version(binder *d, uint32_t at)
{
    vd_snap_range of = d->x->snapshot->managed[d->b.managed].versions;

    for (uint32_t i = 0; i < of.count && !d->stop; i++) {
        d->b.version = of.first + i;
        bind_from(d, at + 1);
    }
    d->b.version = VD_NONE;
}

static void bind_held(binder *d, uint32_t at)
{
    vd_snap_range of = d->x->snapshot->nodes[d->b.node].held;

    for (uint32_t i = 0; i < of.count && !d->stop; i++) {
        d->b.held = of.first + i;
        bind_from(d, at + 1);
    }
    d->b.held = VD_NONE;
}

static void bind_group(binder *d, uint32_t at)
{
    const vd_owned *all = d->x->groups;
    uint32_t        count = d->x->snapshot->group_count;

    for (uint32_t i = vd_owned_first(all, count, d->b.account); i < count && all[i].account == d->b.account && !d->stop; i++) {
        d->b.group = all[i].id;
        bind_from(d, at + 1);
    }
    d->b.group = VD_NONE;
}

static void bind_provider(binder *d, uint32_t at)
{
    vd_str provider;

    for (uint32_t i = 0; !d->stop && vd_trusts_provider(d->x, d->b.node, i, &provider); i++) {
        if (!vd_intern_add(&d->x->texts, &d->x->engine->alloc, provider, &d->b.provider)) {
            d->x->nomem = true;
            return;
        }
        bind_from(d, at + 1);
    }
    d->b.provider = VD_NONE;
}

/* ------------------------------------------------------------------ things */

/* What the owner has marked as holding somebody's credentials: a tag with the ARN. */
static uint32_t marked_for(const vd_snapshot *s, uint32_t thing)
{
    vd_snap_range tags = s->resources[thing].tags;

    for (uint32_t i = 0; i < tags.count; i++)
        if (vd_str_eq(s->tags[tags.first + i].key, VD_S("verdict:credential")))
            return vd_snap_node_find(s, s->tags[tags.first + i].value);
    return VD_NONE;
}

/* Each with the role that it runs as.  Of a type of which the account is not known to have any, there may be one with any role. */
static void bind_thing(binder *d, uint32_t at, const vd_bound_name *name)
{
    const vd_snapshot *s = d->x->snapshot;
    uint32_t           count, first = vd_things_of(d->x, d->b.account, name->type, &count);

    bool               marked = fact_of(d->way, VD_FACT_CREDENTIAL) != NULL;

    if (!marked && (!fact_of(d->way, VD_FACT_RUNS_AS) || count == 0)) {
        bind_from(d, at + 1);
        return;
    }
    d->taken = true;
    for (uint32_t i = first; i < first + count && !d->stop; i++) {
        d->b.thing = d->x->things[i].thing;
        d->b.node = marked ? marked_for(s, d->b.thing) : s->resources[d->b.thing].runs_as;
        if (d->b.node != VD_NONE)
            bind_from(d, at + 1);
    }
    d->taken = false;
    d->b.thing = d->b.node = VD_NONE;
}

/* The resource of the goal: others need not be taken over. */
static void bind_resource(binder *d, uint32_t at)
{
    if (d->x->goal_resource.n == 0)
        return;
    d->b.thing = vd_snap_resource_find(d->x->snapshot, d->x->goal_resource);
    if (d->b.thing != VD_NONE)
        bind_from(d, at + 1);
    d->b.thing = VD_NONE;
}

/* ------------------------------------------------------------------ one after the other */

static void bind_from(binder *d, uint32_t at)
{
    const vd_bound_name *name;

    if (d->stop)
        return;
    if (at == d->count) {
        d->stop = !d->tell(d->x, &d->b, d->user);
        return;
    }
    name = &d->way->bounds[d->order[at]];
    switch (name->kind) {
    case VD_BOUND_POLICY:
    case VD_BOUND_ATTACHABLE: bind_managed(d, at, name->kind); break;
    case VD_BOUND_VERSION: bind_version(d, at); break;
    case VD_BOUND_DOCUMENT: bind_held(d, at); break;
    case VD_BOUND_GROUP: bind_group(d, at); break;
    case VD_BOUND_PROVIDER: bind_provider(d, at); break;
    case VD_BOUND_RESOURCE: bind_resource(d, at); break;
    case VD_BOUND_THING:
        if (d->way->result == VD_RESULT_REACH)
            bind_resource(d, at);
        else
            bind_thing(d, at, name);
        break;
    case VD_BOUND_NEW: bind_from(d, at + 1); break;
    default: bind_principal(d, at, name->kind); break;
    }
}

/* Things first, for they have a role; then principals, in the order of their names; versions after their policies. */
static uint32_t turn(uint8_t kind)
{
    return kind == VD_BOUND_THING ? 0 : is_principal(kind) ? 1 : kind == VD_BOUND_VERSION ? 3 : 2;
}

static void put_order(binder *d)
{
    for (uint32_t now = 0; now < 4; now++)
        for (uint32_t i = 0; i < d->way->bound_count && d->count < VD_COUNT(d->order); i++)
            if (turn(d->way->bounds[i].kind) == now)
                d->order[d->count++] = (uint8_t)i;
}

bool vd_bindings_each(vd_pathing *x, uint32_t way, uint32_t self, vd_binding_fn *tell, void *user)
{
    binder d = { .x = x, .way = &x->ways.at[way], .self = self, .tell = tell, .user = user,
                 .b = { way, self == VD_NONE ? VD_NONE : x->snapshot->nodes[self].account, VD_NONE, VD_NONE, VD_NONE, VD_NONE, VD_NONE,
                        VD_NONE, VD_NONE, VD_NONE } };

    put_order(&d);
    bind_from(&d, 0);
    return !d.stop;
}

/* ------------------------------------------------------------------ targets */

static vd_str partition_of(const vd_pathing *x, uint32_t account)
{
    vd_str arn = account == VD_NONE ? VD_S("arn:aws:") : x->snapshot->nodes[x->snapshot->accounts[account].root].arn, head;

    vd_str_cut(&arn, ':', &head);
    return vd_str_cut(&arn, ':', &head) && head.n ? head : VD_S("aws");
}

bool vd_expand(vd_pathing *x, vd_str *out, vd_str text, uint32_t account, vd_arena *arena)
{
    static const vd_str partition = VD_L("${partition}"), id = VD_L("${account}");
    vd_buf              b = vd_buf_on(&x->engine->alloc, 4096);
    bool                ok;

    for (size_t i = 0; i < text.n;) {
        vd_str rest = vd_str_from(text, i);

        if (vd_str_starts(rest, partition)) {
            vd_buf_add(&b, partition_of(x, account));
            i += partition.n;
        } else if (vd_str_starts(rest, id)) {
            vd_buf_add(&b, account == VD_NONE ? VD_S("*") : x->snapshot->accounts[account].id);
            i += id.n;
        } else {
            vd_buf_byte(&b, text.p[i++]);
        }
    }
    ok = !b.failed && vd_arena_dup(arena, out, vd_buf_str(&b));
    vd_buf_done(&b);
    return ok;
}

/* Is the document held in this way?  Then the call is on the principal, or on the group. */
static bool part_target(const vd_pathing *x, vd_str *out, const vd_way_call_alt *alt, const vd_binding *b)
{
    const vd_held *h = &x->snapshot->held[b->held];
    bool           grouped = h->via == VD_VIA_GROUP_INLINE || h->via == VD_VIA_GROUP_MANAGED;

    switch (alt->part) {
    case VD_PART_INLINE: *out = x->snapshot->nodes[b->node].arn; return h->via == VD_VIA_INLINE;
    case VD_PART_ATTACHED: *out = x->snapshot->nodes[b->node].arn; return h->via == VD_VIA_MANAGED;
    case VD_PART_WHOLE: *out = x->snapshot->nodes[b->node].arn; return true;
    default: break;
    }
    if (!grouped)
        return false;
    *out = x->snapshot->groups[h->group].arn;
    return alt->part == VD_PART_GROUP || (alt->part == VD_PART_GROUP_INLINE) == (h->via == VD_VIA_GROUP_INLINE);
}

/* What is there, or what may be; "X.objects" is what is in a bucket. */
static bool thing_target(vd_pathing *x, vd_str *out, const vd_way_call_alt *alt, const vd_binding *b, vd_arena *arena)
{
    const vd_bound_name *name = &x->ways.at[b->way].bounds[alt->bound];

    if (b->thing != VD_NONE && name->kind != VD_BOUND_NEW)
        *out = x->snapshot->resources[b->thing].arn;
    else if (!vd_expand(x, out, name->pattern, b->account, arena))
        x->nomem = true;
    if (alt->part == VD_PART_OBJECTS && !vd_arena_printf(arena, out, VD_F "/*", VD_A(*out)))
        x->nomem = true;
    return true;
}

static bool bound_target(vd_pathing *x, vd_str *out, const vd_way_call_alt *alt, const vd_binding *b, vd_arena *arena)
{
    const vd_snapshot   *s = x->snapshot;
    const vd_bound_name *name = &x->ways.at[b->way].bounds[alt->bound];
    uint32_t             node;

    switch (name->kind) {
    case VD_BOUND_POLICY:
    case VD_BOUND_ATTACHABLE:
    case VD_BOUND_VERSION: *out = s->managed[b->managed].arn; return true;
    case VD_BOUND_GROUP: *out = s->groups[b->group].arn; return true;
    case VD_BOUND_DOCUMENT: return part_target(x, out, alt, b);
    case VD_BOUND_PROVIDER: *out = x->texts.strings.at[b->provider]; return true;
    case VD_BOUND_RESOURCE:
    case VD_BOUND_THING:
    case VD_BOUND_NEW: return thing_target(x, out, alt, b, arena);
    default:
        node = vd_bound_node(x, b, &(vd_fact_arg){ .target = VD_ON_BOUND, .bound = alt->bound }, VD_NONE);
        *out = node == VD_NONE ? (vd_str){ "", 0 } : s->nodes[node].arn;
        return node != VD_NONE;
    }
}

bool vd_target_of(vd_pathing *x, vd_str *out, const vd_way_call_alt *alt, const vd_binding *b, uint32_t self, vd_arena *arena)
{
    *out = (vd_str){ "", 0 };
    switch (alt->target) {
    case VD_ON_ANY: return true;
    case VD_ON_SELF: *out = self == VD_NONE ? *out : x->snapshot->nodes[self].arn; return self != VD_NONE;
    case VD_ON_ACCOUNT: x->nomem |= !vd_expand(x, out, VD_S("arn:${partition}:iam::*:root"), b->account, arena); return true;
    case VD_ON_ARN: x->nomem |= !vd_expand(x, out, alt->text, b->account, arena); return true;
    default: return bound_target(x, out, alt, b, arena);
    }
}

/* ------------------------------------------------------------------ pins */

static bool pin_of(vd_pathing *x, vd_assumption *out, const vd_way_pin *pin, const vd_binding *b, vd_arena *arena)
{
    vd_str *value = vd_arena_new(arena, vd_str);

    *out = (vd_assumption){ .key = pin->key, .absent = pin->absent };
    if (!value)
        return false;
    if (pin->absent)
        return true;
    if (pin->bound != VD_NONE) {
        vd_way_call_alt alt = { .target = VD_ON_BOUND, .bound = pin->bound };
        uint32_t        node = vd_bound_node(x, b, &(vd_fact_arg){ .target = VD_ON_BOUND, .bound = pin->bound }, VD_NONE);

        if (pin->boundary && (node == VD_NONE || !x->snapshot->nodes[node].bounded)) {
            out->absent = true;
            return true;
        }
        if (pin->boundary)
            *value = x->snapshot->nodes[node].boundary_arn;
        else if (!bound_target(x, value, &alt, b, arena))
            return false;
    } else if (!vd_expand(x, value, pin->value, b->account, arena)) {
        return false;
    }
    out->values = value;
    out->count = 1;
    return true;
}

bool vd_pins_of(vd_pathing *x, vd_assumption **out, uint32_t *count, const vd_way_call *call, const vd_binding *b, vd_arena *arena)
{
    *count = call->pin_count;
    *out = vd_arena_new_array(arena, vd_assumption, call->pin_count + 1);
    for (uint32_t i = 0; *out && i < call->pin_count; i++)
        if (!pin_of(x, &(*out)[i], &call->pins[i], b, arena))
            return false;
    return *out != NULL;
}
