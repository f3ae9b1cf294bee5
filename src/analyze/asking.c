/* SPDX-License-Identifier: Apache-2.0
 *
 * One question about the class at hand: is there a request within a scope that everything lets in that the owner controls?
 * Each Allow is asked for by itself, over every way to the resource: straight, through an access point of the owner, over
 * the VPC endpoint whose policy is given.
 */
#include "analyze/exposing.h"

#include "base/str.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ what binds the class at hand */

bool vd_exposing_reaches(const vd_exposing *x, const vd_say *say)
{
    return vd_symbolic_reaches(x->s, say->box, x->classes.at[x->at_class].representative);
}

static bool rcp_binds(const vd_exposing *x)
{
    vd_str action = x->classes.at[x->at_class].representative, service = vd_str_first(action, vd_str_find(action, ':'));
    char   low[64];

    if ((x->state && x->state->management_account) || vd_str_ieq(action, VD_S("kms:RetireGrant")) || service.n > sizeof low)
        return false;
    vd_lower_copy(low, service.p, service.n);
    return vd_set_rcp_service(x->set, (vd_str){ low, service.n });
}

bool vd_exposing_bound(const vd_exposing *x, const vd_say *deny)
{
    return deny->layer != VD_LAYER_RCP || rcp_binds(x);
}

/* Objects of another owner are given by their ACL alone (E753). */
static bool counts_for_objects(const vd_exposing *x, const vd_say *allow)
{
    uint32_t id;

    if (!x->state || !x->on.bucket || !x->state->acls_enabled || x->state->object_owner.n == 0 ||
        vd_str_eq(x->state->object_owner, x->on.account) || strcmp(allow->source, "policy") != 0)
        return true;
    id = vd_catalog_find(x->catalog, x->classes.at[x->at_class].representative);
    return id != VD_NONE && !vd_takes_objects(x, id);
}

static uint32_t denies_of_class(vd_exposing *x, uint32_t *out)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < x->denies.count; i++)
        if (vd_exposing_reaches(x, &x->denies.at[i]) && vd_exposing_bound(x, &x->denies.at[i]))
            out[n++] = x->denies.at[i].box;
    return n;
}

/* ------------------------------------------------------------------ the ways to the resource */

/* A question that grows on its way: each gate adds an Allow that must match, and Denies that must not. */
typedef struct asking {
    vd_exposing *x;
    vd_scope     scope;
    uint32_t     match[3], match_count;
    uint32_t    *denies, deny_count; /* room for all of them */
    uint32_t     part;
} asking;

typedef struct found {
    vd_model    *model;
    uint32_t    *part;
    const char **why;
} found;

typedef vd_answer ask_fn(asking a, found *out);

static vd_answer ask_goal(asking a, found *out)
{
    vd_exposing *x = a.x;
    vd_goal      goal = { .action = x->classes.at[x->at_class].representative, .who = a.scope.who, .paths = a.scope.paths,
                          .rules = a.scope.rules, .match = a.match, .match_count = a.match_count, .miss = a.denies,
                          .miss_count = a.deny_count, .demands = a.scope.at, .demand_count = a.scope.count,
                          .clauses = a.scope.clauses, .clause_count = a.scope.clause_count };

    *out->part = a.part;
    if (x->opts.prove.budget_total && vd_symbolic_units(x->s) >= x->opts.prove.budget_total) {
        *out->why = "budget";
        return VD_UNKNOWN;
    }
    return vd_symbolic_solve(x->s, &goal, out->model, out->why, &x->nomem);
}

static void demand(asking *a, const char *key, vd_str value, bool against)
{
    a->scope.cap = a->scope.count;
    vd_scope_add(a->x, &a->scope, (vd_demand){ vd_condition1(a->x, "StringEquals", key, value), against });
}

typedef struct gate {
    const vd_says *allows, *denies;
    bool           point, gateway;
    ask_fn        *next;
} gate;

static uint32_t box_of(const vd_say *say, const gate *g)
{
    return g->gateway ? say->gateway : say->box;
}

/* A policy of its own: some Allow of it matches and no Deny. */
static vd_answer ask_through(asking a, const gate *g, found *out)
{
    vd_answer worst = VD_UNSAT;

    for (uint32_t i = 0; i < g->denies->count; i++)
        if (vd_exposing_reaches(a.x, &g->denies->at[i]) && box_of(&g->denies->at[i], g) != VD_NONE)
            a.denies[a.deny_count++] = box_of(&g->denies->at[i], g);
    a.match_count++;
    for (uint32_t i = 0; i < g->allows->count && worst != VD_SAT && !a.x->nomem; i++) {
        vd_answer answer;

        if (!vd_exposing_reaches(a.x, &g->allows->at[i]) || box_of(&g->allows->at[i], g) == VD_NONE)
            continue;
        a.match[a.match_count - 1] = box_of(&g->allows->at[i], g);
        if (g->point)
            a.part |= (i + 1) << 16;
        answer = g->next(a, out);
        a.part &= g->point ? 0x8000ffffu : UINT32_MAX;
        worst = answer == VD_UNSAT ? worst : answer;
    }
    return worst;
}

/* Through an access point of the owner its policy has to agree. */
static vd_answer ask_points(asking a, found *out)
{
    vd_exposing *x = a.x;
    asking       direct = a;
    vd_answer    answer;

    if (!x->through_access)
        return ask_goal(a, out);
    demand(&direct, "s3:DataAccessPointAccount", x->on.account, true);
    answer = ask_goal(direct, out);
    if (answer != VD_UNSAT)
        return answer;
    demand(&a, "s3:DataAccessPointAccount", x->on.account, false);
    return ask_through(a, &(gate){ &x->access_allows, &x->access_denies, true, false, ask_goal }, out);
}

/* Over the endpoint whose policy is given that one has to agree; services that call as themselves come over none of a
 * customer's (E701, analysis 3.1). */
static vd_answer ask_ways(asking a, found *out)
{
    vd_exposing *x = a.x;
    asking       other = a;
    vd_answer    answer;

    if (x->endpoint.n == 0)
        return ask_points(a, out);
    demand(&other, "aws:SourceVpce", x->endpoint, true);
    answer = ask_points(other, out);
    if (answer != VD_UNSAT || a.scope.who == VD_BIT(VD_ASKER_SERVICE))
        return answer;
    demand(&a, "aws:SourceVpce", x->endpoint, false);
    answer = ask_through(a, &(gate){ &x->endpoint_allows, &x->endpoint_denies, false, false, ask_points }, out);
    a.scope.who &= ~(uint32_t)VD_BIT(VD_ASKER_ROOT); /* means the same to both */
    if (answer != VD_UNSAT || !x->gateway || a.scope.who == 0)
        return answer;
    a.part |= 1u << 31;
    return ask_through(a, &(gate){ &x->endpoint_allows, &x->endpoint_denies, false, true, ask_points }, out);
}

/* Nobody of the scope, by the names alone. */
static bool names_others(const vd_exposing *x, const vd_scope *scope, uint32_t allow)
{
    if (scope->told && (scope->told[allow / 64] >> allow % 64 & 1u))
        return true;
    return scope->account && x->allows.at[allow].accounts && !(scope->account->said[allow / 64] >> allow % 64 & 1u);
}

static bool is_asked(const vd_exposing *x, const vd_scope *scope, const uint64_t *allows, uint32_t i)
{
    if (allows && !(allows[i / 64] >> i % 64 & 1u))
        return false;
    return !(scope->unnamed && !x->allows.at[i].star) && vd_exposing_reaches(x, &x->allows.at[i]) &&
           counts_for_objects(x, &x->allows.at[i]) && !names_others(x, scope, i);
}

/* ------------------------------------------------------------------ accounts of a large zone */

/* The account of whoever asks, or on whose behalf a service does, if that is one of the zone after all. */
static vd_str account_at_home(const vd_exposing *x, const vd_model *m)
{
    vd_arn arn;

    if (vd_arn_split(&arn, m->principal) && vd_is_account(arn.account) && vd_zone_has_account(x->zone, arn.account))
        return arn.account;
    for (uint32_t i = 0; i < m->key_count; i++) {
        vd_str text = m->keys[i].count ? m->keys[i].values[0] : (vd_str){ "", 0 };

        if (!vd_str_istarts(m->keys[i].key, VD_S("aws:Source")))
            continue;
        text = vd_arn_split(&arn, text) ? arn.account : text;
        if (vd_is_account(text) && vd_zone_has_account(x->zone, text))
            return text;
    }
    return (vd_str){ "", 0 };
}

static void leave_account_out(asking *a, vd_str account)
{
    static const char *const keys[] = { "aws:SourceAccount", "aws:SourceOwner" };
    vd_str                   own, arn;

    if (!vd_arena_dup(&a->x->arena, &own, account) || !vd_arena_printf(&a->x->arena, &arn, "arn:*:*:*:" VD_F ":*", VD_A(account))) {
        a->x->nomem = true;
        return;
    }
    a->scope.cap = a->scope.count;
    vd_scope_add(a->x, &a->scope, (vd_demand){ vd_account_atom(a->x, own), true });
    for (size_t i = 0; i < VD_COUNT(keys); i++)
        if (vd_key_occurs(a->x, vd_str_of(keys[i])))
            vd_scope_add(a->x, &a->scope, (vd_demand){ vd_condition1(a->x, "StringEquals", keys[i], own), true });
    if (vd_key_occurs(a->x, VD_S("aws:SourceArn")))
        vd_scope_add(a->x, &a->scope, (vd_demand){ vd_condition1(a->x, "ArnLike", "aws:SourceArn", arn), true });
}

/* Somebody else, then; with luck that is the next one. */
static vd_answer ask_abroad(asking a, found *out)
{
    enum { MOST = 32 };
    vd_answer answer = ask_ways(a, out);

    for (int i = 0; a.x->some_of_home && answer == VD_SAT && !a.x->in_zone && !a.x->nomem; i++) {
        vd_str account = account_at_home(a.x, out->model);

        if (account.n == 0)
            break;
        if (i == MOST) {
            *out->why = "budget";
            return VD_UNKNOWN;
        }
        leave_account_out(&a, account);
        answer = a.x->nomem ? VD_UNKNOWN : ask_ways(a, out);
    }
    return answer;
}

/* ------------------------------------------------------------------ the question */

vd_answer vd_exposing_ask_of(vd_exposing *x, const vd_scope *scope, const uint64_t *allows, vd_model *model, uint32_t *part, const char **why)
{
    asking    a = { .x = x, .scope = *scope, .match_count = 1 };
    vd_answer worst = VD_UNSAT;

    a.denies = vd_arena_new_array(&x->arena, uint32_t, (size_t)x->denies.count + x->access_denies.count + x->endpoint_denies.count + 1);
    if (!a.denies || x->nomem) {
        x->nomem = true;
        return VD_UNKNOWN;
    }
    a.deny_count = denies_of_class(x, a.denies);
    for (uint32_t i = 0; i < x->allows.count; i++) {
        const char *reason = NULL;
        vd_answer   answer;

        if (!is_asked(x, scope, allows, i))
            continue;
        a.match[0] = x->allows.at[i].box;
        a.part = i;
        answer = ask_abroad(a, &(found){ model, part, &reason });
        if (x->nomem)
            return VD_UNKNOWN;
        if (answer == VD_SAT)
            return answer;
        if (answer == VD_UNKNOWN) {
            worst = answer;
            *why = reason;
        }
    }
    return worst;
}

vd_answer vd_exposing_ask(vd_exposing *x, const vd_scope *scope, uint32_t family, vd_model *model, uint32_t *part, const char **why)
{
    return vd_exposing_ask_of(x, scope, x->of_family[family], model, part, why);
}
