/* SPDX-License-Identifier: Apache-2.0
 *
 * What policies of resources give a principal that it would not have without them: in its own account what they grant it
 * directly (E712, E713), of roles and keys what they leave to it (E718), in other accounts what both sides allow (E714).
 * Whoever is not named is found by looking at statements; the rest is one question for each class of actions: allowed with
 * the policy, and not without.
 */
#include "analyze/holding.h"
#include "analyze/reaching.h"

#include "base/str.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"
#include "request/fill.h"

#include <stdlib.h>

enum { MOST_TOGETHER = 64, SHAPES = 3 };
enum { LOOKED = 1, DIRECTLY = 2, AS_ROLE = 4, BY_ACCOUNT = 8, ANYHOW = DIRECTLY | AS_ROLE | BY_ACCOUNT }; /* how a statement names it */

/* A resource whose policy may give something, or a role; those of one document and account are asked about together. */
typedef struct candidate {
    uint32_t resource, role; /* one of them; VD_NONE */
    uint32_t doc, account, alone; /* alone: more is known of it than a policy */
    vd_str   service; /* of its ARN */
} candidate;

/* Whose actions can be about things with such an ARN. */
typedef struct actors {
    vd_str     service;
    vd_strings patterns; /* "s3:*" */
} actors;

typedef struct gift {
    vd_permission  row;
    vd_holding     held;
    const vd_stand *stand;
    uint32_t       first, resource_cap; /* candidate */
} gift;

typedef struct giving {
    vd_what   *t;
    vd_stand  *own; /* what it could if no resource had a policy */
    uint8_t   *says; /* by document */
    candidate *at;
    uint32_t   count, cap;
    gift      *gifts;
    uint32_t   gift_count, gift_cap;
    actors    *actors;
    uint32_t   actor_count, actor_cap;
    vd_call    call; /* of the batch at hand */
    vd_strings names;
    int        shape;
} giving;

/* What a way through the policy has to name it as. */
typedef struct naming {
    const giving *g;
    uint8_t       how;
} naming;

static vd_arena *arena_of(const giving *g)
{
    return &g->t->e->d.p.arena;
}

static vd_code no_memory(const giving *g)
{
    g->t->e->d.p.nomem = true;
    return vd_fail_nomem(g->t->err);
}

/* ------------------------------------------------------------------ how a statement names it */

static uint8_t how_named_aws(const giving *g, vd_str text)
{
    const vd_snapshot  *s = g->t->e->snapshot;
    const vd_snap_node *n = &s->nodes[g->t->who.node];
    vd_str              account = s->accounts[n->account].id, rest, role;
    vd_arn              arn;

    if (vd_str_eq(text, VD_S("*")))
        return DIRECTLY;
    if (vd_str_eq(text, n->arn) || (n->id.n && vd_str_eq(text, n->id)))
        return n->kind == VD_WHO_IS_ROLE ? AS_ROLE : DIRECTLY;
    if (vd_str_eq(text, account))
        return n->kind == VD_WHO_IS_ROOT ? DIRECTLY : BY_ACCOUNT;
    if (!vd_arn_split(&arn, text) || !vd_str_eq(arn.account, account))
        return 0;
    if (vd_str_eq(arn.resource, VD_S("root")))
        return n->kind == VD_WHO_IS_ROOT ? DIRECTLY : BY_ACCOUNT;
    if (n->kind != VD_WHO_IS_ROLE || !vd_str_starts(arn.resource, VD_S("assumed-role/")))
        return 0;
    rest = vd_str_from(arn.resource, sizeof "assumed-role/" - 1);
    return vd_str_cut(&rest, '/', &role) && vd_str_eq(role, n->name) ? DIRECTLY : 0;
}

static uint8_t how_named(const giving *g, const vd_statement *st)
{
    uint8_t how = 0;

    if (!st->principal.present || st->principal.negated)
        return ANYHOW; /* of a setting: the question tells */
    for (uint32_t i = 0; i < st->principal.count; i++) {
        const vd_principal_entry *p = &st->principal.at[i];

        if (p->type == VD_PRINCIPAL_STAR)
            how |= DIRECTLY;
        else if (p->type == VD_PRINCIPAL_AWS)
            how |= how_named_aws(g, p->text.text);
        else if (p->type == VD_PRINCIPAL_CANONICAL_USER)
            how |= BY_ACCOUNT;
    }
    return how;
}

/* The most favourable name counts (E713). */
static uint8_t best_of(uint8_t how)
{
    return how & DIRECTLY ? DIRECTLY : how & AS_ROLE ? AS_ROLE : how & BY_ACCOUNT;
}

static bool counts(const void *ctx, const vd_statement *st)
{
    const naming *n = ctx;

    return best_of(how_named(n->g, st)) & n->how;
}

/* ------------------------------------------------------------------ which resources */

static bool reaches(const giving *g, const vd_statement *st)
{
    for (uint32_t i = 0; i < st->action.texts.count; i++)
        if (vd_action_overlaps(st->action.texts.at[i].text, g->t->asked.action))
            return true;
    return st->action.negated;
}

static uint8_t says(giving *g, uint32_t doc)
{
    const vd_policy *policy = doc == VD_NONE ? NULL : g->t->e->snapshot->docs[doc].policy;

    if (!policy)
        return 0;
    for (uint32_t i = 0; !g->says[doc] && i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        if (st->malformed && st->effect == VD_EFFECT_DENY)
            g->says[doc] |= LOOKED | ANYHOW; /* no decision at all, which has to be told */
    }
    for (uint32_t i = 0; !(g->says[doc] & LOOKED) && i < policy->statement_count; i++) {
        const vd_statement *st = &policy->statements[i];

        if (!st->malformed && st->effect == VD_EFFECT_ALLOW && reaches(g, st))
            g->says[doc] |= how_named(g, st);
    }
    g->says[doc] |= LOOKED;
    return g->says[doc] & ANYHOW;
}

static bool is_own(const giving *g, uint32_t account)
{
    return account == g->t->e->snapshot->nodes[g->t->who.node].account;
}

/* In the own account being named by it gives nothing, but by a key (E712, E718). */
static bool may_give(const giving *g, uint32_t account, bool trusting, uint8_t how)
{
    return how & (DIRECTLY | AS_ROLE) || (how && (trusting || !is_own(g, account)));
}

static bool is_key(const vd_snap_resource *r)
{
    return vd_str_eq(r->type, VD_S("AWS::KMS::Key"));
}

static vd_str service_of(vd_str arn)
{
    vd_arn split;

    return vd_arn_split(&split, arn) ? split.service : VD_S("");
}

static bool add_resources(giving *g)
{
    const vd_snapshot *s = g->t->e->snapshot;

    for (uint32_t i = 0; i < s->resource_count; i++) {
        const vd_snap_resource *r = &s->resources[i];
        bool                    special = r->state.n || r->shared.count || r->behind != VD_NONE;
        uint8_t                 how = says(g, r->doc);
        candidate               c = { i, VD_NONE, r->doc, r->account, special ? i : VD_NONE, service_of(r->arn) };

        for (uint32_t k = 0; k < r->shared.count; k++)
            how |= says(g, s->shared[r->shared.first + k]);
        if (vd_state_lets_in(r->state))
            how |= ANYHOW;
        if (may_give(g, r->account, is_key(r), how) && !VD_ARENA_PUSH(arena_of(g), g->at, g->count, g->cap, c))
            return false;
    }
    return true;
}

static bool add_roles(giving *g)
{
    const vd_snapshot *s = g->t->e->snapshot;

    for (uint32_t i = 0; i < s->node_count && vd_action_overlaps(g->t->asked.action, VD_S("sts:*")); i++) {
        candidate c = { VD_NONE, i, s->nodes[i].trust, s->nodes[i].account, VD_NONE, VD_S("sts") };

        if (s->nodes[i].kind == VD_WHO_IS_ROLE && may_give(g, c.account, true, says(g, c.doc)) &&
            !VD_ARENA_PUSH(arena_of(g), g->at, g->count, g->cap, c))
            return false;
    }
    return true;
}

static int by_document(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    const uint32_t   of[2][6] = { { x->role != VD_NONE, x->doc, x->account, x->alone, x->resource, x->role },
                                  { y->role != VD_NONE, y->doc, y->account, y->alone, y->resource, y->role } };

    for (int i = 0; i < 6; i++)
        if (of[0][i] != of[1][i])
            return of[0][i] < of[1][i] ? -1 : 1;
    return 0;
}

static bool together(const candidate *a, const candidate *b)
{
    return a->alone == VD_NONE && b->alone == VD_NONE && a->doc == b->doc && a->account == b->account && vd_str_eq(a->service, b->service) &&
           (a->role == VD_NONE) == (b->role == VD_NONE);
}

/* ------------------------------------------------------------------ which actions */

static bool acts_on(const giving *g, uint32_t service, vd_str wanted)
{
    const vd_catalog *c = g->t->e->d.p.catalog;
    vd_run            types = vd_catalog_service(c, service).types;

    for (uint32_t i = types.first; i < types.first + types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(c, i).formats; k++)
            if (vd_str_eq(service_of(vd_catalog_format(c, i, k)), wanted))
                return true;
    return false;
}

static bool add_pattern(giving *g, actors *to, uint32_t *cap, vd_str prefix)
{
    vd_str pattern;

    if (!vd_arena_printf(arena_of(g), &pattern, VD_F ":*", VD_A(prefix)))
        return false;
    return (!vd_str_eq(g->t->asked.action, VD_S("*")) && !vd_str_ieq(g->t->asked.action, pattern)) ||
           VD_ARENA_PUSH(arena_of(g), to->patterns.at, to->patterns.count, *cap, pattern);
}

/* A statement that says "*" is about no more than what there is to do with the resource. */
static const vd_strings *actions_on(giving *g, const candidate *c)
{
    const vd_catalog *catalog = g->t->e->d.p.catalog;
    actors            one = { .service = c->service };
    uint32_t          own = vd_catalog_find_service(catalog, c->service), cap = 0;
    bool              ok = true;

    for (uint32_t i = 0; i < g->actor_count; i++)
        if (vd_str_eq(g->actors[i].service, c->service))
            return &g->actors[i].patterns;
    if (c->service.n && own == VD_NONE)
        ok = add_pattern(g, &one, &cap, c->service);
    for (uint32_t i = 0; ok && i < vd_catalog_services(catalog); i++)
        if (c->role == VD_NONE ? i == own || acts_on(g, i, c->service) : i == own)
            ok = add_pattern(g, &one, &cap, vd_catalog_service(catalog, i).prefix);
    return ok && VD_ARENA_PUSH(arena_of(g), g->actors, g->actor_count, g->actor_cap, one) ? &g->actors[g->actor_count - 1].patterns : NULL;
}

/* ------------------------------------------------------------------ one question */

/* Both sides at hand: with the policy, and without. */
static bool enter(giving *g, vd_stand *stand, const vd_target *target)
{
    vd_effective *e = g->t->e;

    if (!vd_known_enter(e, stand, &g->t->who, target, &g->call))
        return false;
    e->d.sides[0] = g->own->side;
    e->d.alone = false;
    return true;
}

static void leave(giving *g)
{
    vd_effective *e = g->t->e;

    if (!e->d.alone)
        g->own->side = e->d.sides[0];
    e->d.sides[0] = (vd_side){ 0 };
    e->d.alone = true;
}

static vd_code add_ways(giving *g, vd_holdings *held, const vd_action_class *c, uint32_t layers, uint8_t how)
{
    naming  n = { g, how };
    vd_ways ways = { .layers = layers | 1u << VD_LAYER_RESOURCE | 1u << VD_LAYER_ACCESS_POINT | 1u << VD_LAYER_SCP, .within = &g->names,
                     .counts = counts, .ctx = &n };

    return vd_holdings_add(held, g->t->e, c, &ways) ? VD_OK : vd_prover_failed(&g->t->e->d.p);
}

/* Who has to allow besides, by how it is named (E713, E714, E744). */
static vd_code look_at(giving *g, vd_holdings *held, const vd_action_class *c, const candidate *first)
{
    const uint32_t boundary = 1u << VD_LAYER_BOUNDARY, all = 1u << VD_LAYER_IDENTITY | boundary;
    bool           trusting = first->role != VD_NONE || is_key(&g->t->e->snapshot->resources[first->resource]);

    if (!is_own(g, first->account))
        return add_ways(g, held, c, all, ANYHOW);
    if (first->role != VD_NONE) {
        VD_TRY(add_ways(g, held, c, boundary, DIRECTLY | AS_ROLE));
    } else {
        VD_TRY(add_ways(g, held, c, 0, DIRECTLY));
        VD_TRY(add_ways(g, held, c, boundary, AS_ROLE));
    }
    return trusting ? add_ways(g, held, c, all, BY_ACCOUNT) : VD_OK;
}

static uint8_t relation_of(const giving *g, const vd_target *target, vd_str action)
{
    if (target->account_id.n == 0 || vd_action_overlaps(action, VD_S("sts:AssumeRoot")))
        return VD_REL_NONE;
    return is_own(g, target->account) ? VD_REL_SAME : VD_REL_OTHER;
}

/* ------------------------------------------------------------------ what came of it */

static bool same_bits(const giving *g, const vd_holding *a, const vd_holding *b)
{
    size_t words = vd_catalog_actions(g->t->e->d.p.catalog) / 64 + 1;

    return a->unknown.count == 0 && b->unknown.count == 0 && memcmp(a->bits, b->bits, words * sizeof *a->bits) == 0;
}

/* The same through the same statements, of another resource. */
static bool is_same(const giving *g, const gift *a, const gift *b)
{
    if (a->stand != b->stand || a->held.through.count != b->held.through.count || a->held.entry_count != b->held.entry_count ||
        a->row.flags != b->row.flags || a->row.denied_count != b->row.denied_count || a->row.not_resources.count ||
        b->row.not_resources.count || !same_bits(g, &a->held, &b->held))
        return false;
    for (uint32_t i = 0; i < a->held.through.count; i++)
        if (a->held.through.at[i] != b->held.through.at[i])
            return false;
    for (size_t i = 0; i < a->row.denied_count; i++)
        if (a->row.denied_by[i].index != b->row.denied_by[i].index || !vd_str_eq(a->row.denied_by[i].policy, b->row.denied_by[i].policy))
            return false;
    return true;
}

static bool add_names(giving *g, gift *to, const vd_strings *names)
{
    for (uint32_t i = 0; i < names->count; i++) {
        bool known = false;

        for (uint32_t k = 0; k < to->held.resources.count && !known; k++)
            known = vd_str_eq(to->held.resources.at[k], names->at[i]);
        if (!known && !VD_ARENA_PUSH(arena_of(g), to->held.resources.at, to->held.resources.count, to->resource_cap, names->at[i]))
            return false;
    }
    to->row.resources = (vd_texts_list){ to->held.resources.at, to->held.resources.count };
    return true;
}

/* Below a resource that nothing is below of, as far as anybody knows, and the statement does not say so itself. */
static bool is_made_up(const giving *g, const gift *one)
{
    bool ours = g->shape > 0 && one->row.flags & VD_FLAG_OFF_CATALOGUE;

    for (uint32_t i = 0; ours && i < one->held.resources.count; i++) {
        bool name = false;

        for (uint32_t k = 0; k < g->names.count && !name; k++)
            name = vd_str_eq(g->names.at[k], one->held.resources.at[i]);
        ours = name;
    }
    return ours;
}

static vd_code keep(giving *g, const vd_holding *h, const vd_stand *stand, const vd_target *target, uint32_t first)
{
    gift one = { .held = *h, .stand = stand, .first = first };

    if (!vd_what_narrow(g->t, &one.held))
        return VD_OK;
    g->t->e->d.p.relation = relation_of(g, target, vd_what_action(g->t, &one.held));
    VD_TRY(vd_what_row(&one.row, g->t, &one.held, &g->t->e->d.sides[0]));
    one.row.given = true;
    if (is_made_up(g, &one))
        return VD_OK;
    for (uint32_t i = 0; i < g->gift_count; i++)
        if (is_same(g, &g->gifts[i], &one))
            return add_names(g, &g->gifts[i], &one.held.resources) ? VD_OK : no_memory(g);
    one.held.resources = (vd_strings){ 0 };
    if (!add_names(g, &one, &h->resources) || !VD_ARENA_PUSH(arena_of(g), g->gifts, g->gift_count, g->gift_cap, one))
        return no_memory(g);
    return VD_OK;
}

/* ------------------------------------------------------------------ one batch */

/* A resource itself, what is below it by a slash, by a colon. */
static vd_code name_all(giving *g, const candidate *at, uint32_t count)
{
    static const char *const ends[SHAPES] = { "", "/*", ":*" };
    const vd_snapshot       *s = g->t->e->snapshot;
    uint32_t                 cap = 0;

    g->names = (vd_strings){ 0 };
    for (uint32_t i = 0; i < count; i++) {
        vd_str arn = at[i].role != VD_NONE ? s->nodes[at[i].role].arn : s->resources[at[i].resource].arn;

        if (!vd_arena_printf(arena_of(g), &arn, VD_F "%s", VD_A(arn), ends[g->shape]) ||
            !VD_ARENA_PUSH(arena_of(g), g->names.at, g->names.count, cap, arn))
            return no_memory(g);
    }
    return VD_OK;
}

static vd_code demand(giving *g, vd_target *target)
{
    vd_prover *p = &g->t->e->d.p;

    target->demand_count = 0;
    target->demands[target->demand_count++] = (vd_demand){ vd_symbolic_resource(p->s, g->names.at, g->names.count, &p->nomem), false };
    if (g->t->opts.resource.n)
        target->demands[target->demand_count++] = (vd_demand){ vd_symbolic_resource(p->s, &g->t->opts.resource, 1, &p->nomem), false };
    return p->nomem ? no_memory(g) : VD_OK;
}

static vd_code ask(giving *g, vd_stand *stand, const vd_target *target, const candidate *first)
{
    vd_effective     *e = g->t->e;
    vd_holdings       held = { 0 };
    vd_action_classes classes;

    if (!vd_effective_classes(e, &g->call, &classes))
        return vd_prover_failed(&e->d.p);
    for (uint32_t i = 0; i < classes.count; i++) {
        const vd_action_class *c = &classes.at[i];

        e->d.p.relation = relation_of(g, target, c->representative);
        if (c->reaches && !vd_stack_focus(e->d.sides[1].stack, c->representative, c->reaches, 0))
            return vd_prover_failed(&e->d.p);
        VD_TRY(look_at(g, &held, c, first));
    }
    g->t->sum.undecided += held.undecided + held.cut;
    for (uint32_t i = 0; i < held.count; i++)
        VD_TRY(keep(g, &held.at[i], stand, target, first->role != VD_NONE ? e->snapshot->resource_count + first->role : first->resource));
    return VD_OK;
}

static vd_code ask_shape(giving *g, vd_stand *stand, vd_target *target, const candidate *at, uint32_t count, int shape)
{
    vd_asked_call asked = *g->call.asked;
    vd_code       code;

    g->shape = shape;
    VD_TRY(name_all(g, at, count));
    asked.resources = g->names.at;
    asked.resource_count = g->names.count;
    g->call = (vd_call){ .asked = &asked };
    VD_TRY(demand(g, target));
    if (!enter(g, stand, target))
        return vd_prover_failed(&g->t->e->d.p);
    code = ask(g, stand, target, at);
    leave(g);
    return code;
}

/* All of them have the same documents and the same owner. */
static vd_code look_at_batch(giving *g, const candidate *at, uint32_t count)
{
    const vd_snapshot *s = g->t->e->snapshot;
    bool               role = at->role != VD_NONE;
    vd_target          target = role ? vd_target_of_role(s, at->role) : vd_target_of_resource(s, at->resource);
    vd_stand          *stand = vd_stand_find(g->t->e, &g->t->who, &target);
    const vd_strings  *actions = actions_on(g, at);
    bool               colons = vd_str_eq(at->service, VD_S("lambda")) || vd_str_eq(at->service, VD_S("logs"));
    int                shapes = role || !vd_holder_has_parts(at->service) ? 1 : colons ? SHAPES : SHAPES - 1;

    if (!stand || !actions)
        return no_memory(g);
    if (stand->broken.n) {
        g->t->sum.undecided++;
        return VD_OK;
    }
    for (uint32_t i = 0; i < actions->count; i++)
        for (int shape = 0; shape < shapes; shape++) {
            vd_asked_call asked = { .action = actions->at[i], .resource = VD_NONE };

            g->call = (vd_call){ .asked = &asked };
            VD_TRY(ask_shape(g, stand, &target, at, count, shape));
        }
    return VD_OK;
}

/* Tags make a difference between resources of one document. */
static bool tells_apart(giving *g, const candidate *c)
{
    const vd_snapshot *s = g->t->e->snapshot;
    vd_target          target = c->role != VD_NONE ? vd_target_of_role(s, c->role) : vd_target_of_resource(s, c->resource);
    const vd_stand    *stand = vd_stand_find(g->t->e, &g->t->who, &target);

    return !stand || vd_stand_mentions(stand, VD_S("aws:ResourceTag/"));
}

/* ------------------------------------------------------------------ all of them */

static int by_first(const void *a, const void *b)
{
    const gift *x = *(const gift *const *)a, *y = *(const gift *const *)b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x > y) - (x < y);
}

static vd_code tell_all(giving *g)
{
    gift **order = vd_arena_new_array(arena_of(g), gift *, (size_t)g->gift_count + 1);

    if (!order)
        return no_memory(g);
    for (uint32_t i = 0; i < g->gift_count; i++)
        order[i] = &g->gifts[i];
    if (g->gift_count > 1)
        qsort(order, g->gift_count, sizeof *order, by_first);
    for (uint32_t i = 0; i < g->gift_count && !g->t->stop; i++) {
        g->t->sum.permissions++;
        g->t->sum.given++;
        g->t->stop = g->t->tell && !g->t->tell(g->t->user, &order[i]->row);
    }
    return VD_OK;
}

static vd_code open_own(giving *g)
{
    const vd_snapshot  *s = g->t->e->snapshot;
    const vd_snap_node *n = &s->nodes[g->t->who.node];
    vd_target           nothing = { .resource = VD_NONE, .role = VD_NONE, .account = n->account, .account_id = s->accounts[n->account].id,
                                    .given = true };

    g->says = vd_arena_new_array(arena_of(g), uint8_t, (size_t)s->doc_count + 1);
    g->own = vd_stand_find(g->t->e, &g->t->who, &nothing);
    return g->says && g->own && add_resources(g) && add_roles(g) ? VD_OK : no_memory(g);
}

vd_code vd_what_given(vd_what *t)
{
    giving g = { .t = t };

    VD_TRY(open_own(&g));
    if (g.count > 1)
        qsort(g.at, g.count, sizeof *g.at, by_document);
    for (uint32_t i = 0, n; i < g.count; i += n) {
        bool apart = tells_apart(&g, &g.at[i]);

        for (n = 1; !apart && n < MOST_TOGETHER && i + n < g.count && together(&g.at[i], &g.at[i + n]); n++)
            ;
        VD_TRY(look_at_batch(&g, &g.at[i], n));
    }
    return tell_all(&g);
}
