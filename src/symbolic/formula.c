/* SPDX-License-Identifier: Apache-2.0
 *
 * The question whether a request is allowed by one stack of documents (stack.c) and refused by another.  For each case
 * (decide.c) one choice of the first stack is tried after the other: a statement of each of its groups matches, no deny
 * does.  The second refuses when one of its denies matches, or when of each of its choices some group has no match.  Each
 * combination is a goal of the solver; those that contradict themselves on their face are never asked.
 */
#include "symbolic/formula_int.h"
#include "symbolic/inside.h"

#include "base/engine.h"
#include "base/str.h"
#include "catalog/facts.h"
#include "eval/set.h"
#include "symbolic/mutant.h"
#include "symbolic/relation.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ literals of a goal, to see contradictions at once */

typedef struct asking {
    vd_caller          c;
    const vd_question *q;
    vd_arena          *work; /* of the symbolic room: kept from question to question */
    vd_says            yes, no;
    const vd_case     *k;
    uint8_t            rules;
    const vd_choice   *choice;
    uint32_t          *match; /* one statement of each group of the choice, then a deny of the other side */
    uint32_t           match_count;
    uint32_t          *at;    /* odometer over the groups */
    const uint32_t   **fixed; /* the statement of a group that alone is taken; NULL: each in turn */
    uint32_t          *part;  /* odometer over the groups of the refused choices */
    uint32_t          *miss;
    uint32_t           miss_count, miss_cap;
    vd_answer          worst;
    const char        *why;
    uint64_t           begun, steps; /* units of the solver before the question; work of our own */
    vd_demand         *have, *one; /* literals that hold */
    uint32_t           have_count, have_cap, one_cap;
    vd_model          *model;
    vd_grounds        *grounds;
} asking;

enum { MOST_INSERTED = 24, MOST_KEPT = 256 /* statements that reach an action */ };

static int by_atom(const void *a, const void *b)
{
    const vd_demand *x = a, *y = b;

    return x->atom != y->atom ? (x->atom > y->atom) - (x->atom < y->atom) : (int)x->against - (int)y->against;
}

static bool make_room(asking *a, uint32_t more)
{
    if (a->have_count + more > a->have_cap &&
        !vd_arena_grow(a->work, &a->have, a->have_count, &a->have_cap, a->have_count + more, sizeof *a->have))
        a->c.nomem = true;
    return !a->c.nomem;
}

/* They are few, and nearly in order. */
static void sort_literals(vd_demand *at, uint32_t count)
{
    if (count > MOST_INSERTED) {
        qsort(at, count, sizeof *at, by_atom);
        return;
    }
    for (uint32_t i = 1; i < count; i++) {
        vd_demand moved = at[i];
        uint32_t  k = i;

        for (; k > 0 && by_atom(&at[k - 1], &moved) > 0; k--)
            at[k] = at[k - 1];
        at[k] = moved;
    }
}

/* The literals of the matching statements and of the question, sorted.  False: they contradict each other. */
static bool take_literals(asking *a)
{
    a->have_count = 0;
    for (uint32_t i = 0; i < a->match_count; i++) {
        uint32_t n = vd_symbolic_literals(a->c.s, a->match[i], NULL, 0);

        if (n == 0) /* it matches everything */
            continue;
        if (!make_room(a, n))
            return false;
        a->have_count += vd_symbolic_literals(a->c.s, a->match[i], a->have + a->have_count, n);
    }
    if (!make_room(a, a->q->demand_count))
        return false;
    if (a->q->demand_count)
        memcpy(a->have + a->have_count, a->q->demands, a->q->demand_count * sizeof *a->have);
    a->have_count += a->q->demand_count;
    sort_literals(a->have, a->have_count);
    for (uint32_t i = 1; i < a->have_count; i++)
        if (a->have[i].atom == a->have[i - 1].atom && a->have[i].against != a->have[i - 1].against)
            return false;
    return !vd_symbolic_apart(a->c.s, a->have, a->have_count, &a->c.nomem);
}

/* All literals of the statement are among those at hand: it matches whatever the rest is. */
static bool matches_anyway(asking *a, uint32_t box)
{
    uint32_t n = vd_symbolic_literals(a->c.s, box, NULL, 0);

    if (n > a->one_cap && !vd_arena_grow(a->work, &a->one, 0, &a->one_cap, n, sizeof *a->one)) {
        a->c.nomem = true;
        return false;
    }
    vd_symbolic_literals(a->c.s, box, a->one, n);
    for (uint32_t i = 0; i < n; i++)
        if (!a->have_count || !bsearch(&a->one[i], a->have, a->have_count, sizeof *a->have, by_atom))
            return false;
    return true;
}

/* The budget is one for all goals of a question, and for finding out which to ask. */
static bool is_spent(asking *a, uint32_t steps)
{
    a->steps += steps + 1;
    if (a->steps + (vd_symbolic_units(a->c.s) - a->begun) <= a->c.s->budget)
        return false;
    a->worst = VD_UNKNOWN;
    a->why = "budget";
    return true;
}

static bool any_matches_anyway(asking *a, const uint32_t *boxes, uint32_t count)
{
    a->steps += count;
    for (uint32_t i = 0; i < count && !a->c.nomem; i++)
        if (matches_anyway(a, boxes[i]))
            return true;
    return false;
}

/* ------------------------------------------------------------------ goals */

static vd_answer ask(asking *a, uint32_t denied_by)
{
    vd_goal   g = { .action = a->q->action, .who = 1u << a->k->who, .paths = a->q->paths, .rules = a->rules, .match = a->match,
                    .match_count = a->match_count, .miss = a->miss, .miss_count = a->miss_count, .demands = a->q->demands,
                    .demand_count = a->q->demand_count, .clauses = a->q->clauses, .clause_count = a->q->clause_count };
    vd_answer answer;

    if (is_spent(a, 0))
        return VD_UNKNOWN;
    answer = vd_relation_solve(&a->c, a->q, a->k, &g, a->work, a->model, &a->why);
    if (answer == VD_UNKNOWN)
        a->worst = VD_UNKNOWN;
    if (answer == VD_SAT)
        *a->grounds = (vd_grounds){ a->match, a->choice->count, denied_by, a->k->relation, a->k->own_all };
    return answer;
}

static bool add_miss(asking *a, const uint32_t *boxes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!VD_ARENA_PUSH(a->work, a->miss, a->miss_count, a->miss_cap, boxes[i])) {
            a->c.nomem = true;
            return false;
        }
    return true;
}

/* One of the denies of the other stack matches. */
static vd_answer ask_denied(asking *a)
{
    for (uint32_t i = 0; i < a->no.deny_count && !a->c.nomem && !is_spent(a, 0); i++) {
        uint32_t  before = a->match_count;
        vd_answer answer = VD_UNSAT;

        a->match[a->match_count++] = a->no.denies[i];
        if (take_literals(a) && !any_matches_anyway(a, a->yes.denies, a->yes.deny_count))
            answer = ask(a, a->no.denies[i]);
        a->match_count = before;
        if (answer == VD_SAT)
            return answer;
    }
    return VD_UNSAT;
}

/* Of each choice of the other stack one group has no match: `part` says which. */
static vd_answer ask_not_granted(asking *a)
{
    uint32_t before = a->miss_count;

    for (uint32_t i = 0; i < a->no.count; i++)
        if (a->no.at[i].count == 0)
            return VD_UNSAT; /* nothing has to match: it is granted */
    for (uint32_t i = 0; i < a->no.count; i++)
        a->part[i] = 0;
    while (!is_spent(a, a->no.count)) {
        vd_answer answer = VD_UNSAT;
        bool      possible = true;
        uint32_t  i = 0;

        a->miss_count = before;
        for (uint32_t n = 0; n < a->no.count && possible && !a->c.nomem; n++) {
            const vd_group *g = a->no.at[n].at[a->part[n]];

            possible = !any_matches_anyway(a, g->at, g->count) && add_miss(a, g->at, g->count);
        }
        if (possible && !a->c.nomem)
            answer = ask(a, VD_NONE);
        if (answer == VD_SAT || a->c.nomem)
            return answer;
        while (i < a->no.count && ++a->part[i] == a->no.at[i].count)
            a->part[i++] = 0;
        a->miss_count = before;
        if (i == a->no.count)
            return VD_UNSAT;
    }
    return VD_UNKNOWN;
}

static vd_answer ask_refused(asking *a)
{
    vd_answer answer = VD_UNSAT;

    if (!take_literals(a) || any_matches_anyway(a, a->yes.denies, a->yes.deny_count))
        return VD_UNSAT;
    if (!a->q->refused)
        return ask(a, VD_NONE);
    answer = ask_not_granted(a);
    return answer == VD_SAT || a->c.nomem ? answer : ask_denied(a);
}

/* A statement of the group that matches whatever the choice, because the question asks for all of it: no other need be taken. */
static const uint32_t *asked_for(asking *a, const vd_group *g)
{
    for (uint32_t i = 0; a->q->demand_count && i < g->count && !a->c.nomem; i++)
        if (matches_anyway(a, g->at[i]))
            return &g->at[i];
    return NULL;
}

static bool begin_choice(asking *a, const vd_choice *choice)
{
    a->choice = choice;
    a->at = vd_arena_new_array(a->work, uint32_t, choice->count + 1);
    a->match = vd_arena_new_array(a->work, uint32_t, choice->count + 2);
    a->fixed = vd_arena_new_array(a->work, const uint32_t *, choice->count + 1);
    a->c.nomem |= !a->at || !a->match || !a->fixed;
    a->match_count = 0;
    if (a->c.nomem || !take_literals(a))
        return false;
    for (uint32_t i = 0; i < choice->count; i++)
        a->fixed[i] = asked_for(a, choice->at[i]);
    return !a->c.nomem;
}

static uint32_t taken(const asking *a, uint32_t group)
{
    return a->fixed[group] ? *a->fixed[group] : a->choice->at[group]->at[a->at[group]];
}

/* Every way to take one statement of each group. */
static vd_answer try_choice(asking *a, const vd_choice *choice)
{
    if (!begin_choice(a, choice))
        return a->c.nomem ? VD_UNKNOWN : VD_UNSAT;
    while (!is_spent(a, choice->count)) {
        uint32_t  i = 0;
        vd_answer answer;

        for (a->match_count = 0; a->match_count < choice->count; a->match_count++)
            a->match[a->match_count] = taken(a, a->match_count);
        answer = ask_refused(a);
        if (answer == VD_SAT || a->c.nomem)
            return answer;
        while (i < choice->count && (a->fixed[i] || ++a->at[i] == choice->at[i]->count))
            a->at[i++] = 0;
        if (i == choice->count)
            return VD_UNSAT;
    }
    return VD_UNKNOWN;
}

static bool same_case(const vd_case *x, const vd_case *y)
{
    return x->who == y->who && x->relation == y->relation && x->form == y->form && x->linked == y->linked &&
           x->by_root == y->by_root && x->own_all == y->own_all;
}

/* The same few cases come again with other rules, and with other demands.  Of many statements it is not kept. */
static void say(asking *a, vd_stack *stack, const vd_case *k, vd_says *out)
{
    vd_symbolic *s = stack->s;

    if (stack->said_epoch != s->said_epoch) {
        stack->said = vd_arena_new_array(&s->said, vd_said, VD_MOST_SAID);
        stack->said_count = stack->said ? 0 : VD_MOST_SAID;
        stack->said_epoch = s->said_epoch;
    }
    for (uint32_t i = 0; stack->said && i < stack->said_count; i++)
        if (same_case(&stack->said[i].k, k)) {
            *out = stack->said[i].says;
            return;
        }
    if (stack->said_count == VD_MOST_SAID || stack->live_count > MOST_KEPT) {
        vd_case_says(&a->c, stack, k, out);
        return;
    }
    a->c.work = &s->said;
    vd_case_says(&a->c, stack, k, out);
    a->c.work = a->work;
    if (!a->c.nomem)
        stack->said[stack->said_count++] = (vd_said){ *k, *out };
}

static vd_answer try_case(asking *a, const vd_case *k)
{
    bool always;

    vd_arena_reset(a->work);
    a->k = k;
    a->have = a->one = NULL;
    a->have_cap = a->one_cap = a->miss_count = a->miss_cap = 0;
    a->miss = NULL;
    a->no = (vd_says){ 0 };
    if (!vd_case_possible(&a->c, k, &always) || (always && a->q->refused))
        return VD_UNSAT;
    say(a, (vd_stack *)(uintptr_t)a->q->allowed, k, &a->yes);
    if (a->q->refused && !a->c.nomem)
        say(a, (vd_stack *)(uintptr_t)a->q->refused, k, &a->no);
    a->part = vd_arena_new_array(a->work, uint32_t, a->no.count + 1);
    if (a->c.nomem || !a->part || !add_miss(a, a->yes.denies, VD_MUTANT(18) ? 0 : a->yes.deny_count)) {
        a->c.nomem = true;
        return VD_UNKNOWN;
    }
    for (uint32_t i = 0; i < a->yes.count && !a->c.nomem; i++) {
        vd_answer answer = try_choice(a, &a->yes.at[i]);

        if (answer == VD_SAT)
            return answer;
    }
    return VD_UNSAT;
}

/* ------------------------------------------------------------------ cases */

typedef struct cases {
    vd_case  at[192];
    uint32_t count;
} cases;

static bool has_layer(const vd_question *q, vd_layer layer)
{
    return q->allowed->has[layer] || (q->refused && q->refused->has[layer]);
}

const vd_surroundings *vd_question_around(const vd_question *q)
{
    const vd_surroundings *yes = &q->allowed->around, *no = q->refused ? &q->refused->around : NULL;

    return no && (no->acl_objects || (no->s3 && !yes->s3)) ? no : yes;
}

/* Does it matter where a policy can be attached? */
static bool asks_resource(const vd_question *q)
{
    return has_layer(q, VD_LAYER_RESOURCE) || has_layer(q, VD_LAYER_ACCESS_POINT) ||
           !(q->allowed->assumed & VD_SIDE_RESOURCE);
}

static void add_forms(cases *all, const asking *a, vd_case k)
{
    static const uint8_t  sts[] = { VD_FORM_TRUST, VD_FORM_DEFAULT, VD_FORM_SILENT, VD_FORM_STAR },
                          kms[] = { VD_FORM_KEY, VD_FORM_DEFAULT, VD_FORM_SILENT, VD_FORM_STAR },
                          s3[] = { VD_FORM_BUCKET, VD_FORM_OBJECT, VD_FORM_DEFAULT, VD_FORM_SILENT, VD_FORM_STAR },
                          other[] = { VD_FORM_DEFAULT, VD_FORM_SILENT, VD_FORM_STAR };
    bool                  is_sts = vd_str_ieq(a->c.service, VD_S("sts")), is_kms = vd_str_ieq(a->c.service, VD_S("kms"));
    bool                  is_s3 = vd_str_ieq(a->c.service, VD_S("s3")) && vd_question_around(a->q)->s3;
    const uint8_t        *forms = is_sts ? sts : is_kms ? kms : is_s3 ? s3 : other;
    size_t                n = is_s3 ? 5 : is_sts || is_kms ? 4 : 3;

    if (!asks_resource(a->q) && k.relation != VD_REL_NONE) {
        k.form = VD_FORM_ANY;
        all->at[all->count++] = k;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        k.form = forms[i];
        if (k.form == VD_FORM_STAR && k.relation == VD_REL_OTHER)
            continue;
        if (k.form == VD_FORM_OBJECT && !vd_question_around(a->q)->acl_objects)
            continue;
        /* Whoever has no account has nothing but what policies of resources give. */
        if (k.relation == VD_REL_NONE && (k.form == VD_FORM_STAR || k.form == VD_FORM_SILENT))
            continue;
        all->at[all->count++] = k;
    }
}

/* Principals of the owner who hold nothing: what they can do, the resource's policy gives them. */
static bool has_bare(const asking *a, const vd_case *k)
{
    return k->who != VD_ASKER_ROOT || vd_str_istarts(a->q->action, VD_S("kms:"));
}

/* When it is known which relation the accounts have, the others need no question. */
static bool is_other_relation(const asking *a, uint8_t relation)
{
    return a->q->relation != VD_REL_NONE && a->q->relation != relation;
}

static void add_relations(cases *all, const asking *a, vd_case k)
{
    uint32_t assumed = a->q->allowed->assumed;

    if (!asks_resource(a->q)) {
        k.relation = VD_REL_ANY;
        k.own_all = true;
        add_forms(all, a, k);
        return;
    }
    if ((!(assumed & VD_SIDE_IDENTITY) || (assumed & VD_SIDE_OWN)) && !is_other_relation(a, VD_REL_SAME)) {
        k.relation = VD_REL_SAME;
        add_forms(all, a, k);
        if (assumed & VD_SIDE_IDENTITY) {
            k.own_all = true;
            add_forms(all, a, k);
        }
    }
    if ((assumed & VD_SIDE_BARE) && has_bare(a, &k) && !is_other_relation(a, VD_REL_SAME)) {
        k.relation = VD_REL_SAME;
        add_forms(all, a, k);
    }
    k.own_all = true;
    k.relation = VD_REL_OTHER;
    if (!is_other_relation(a, VD_REL_OTHER))
        add_forms(all, a, k);
}

/* Those first that make the simplest witness. */
static void make_cases(cases *all, const asking *a)
{
    static const uint8_t order[VD_ASKER_COUNT] = { VD_ASKER_ANONYMOUS,      VD_ASKER_ROLE,    VD_ASKER_USER,
                                                   VD_ASKER_ROOT,           VD_ASKER_SERVICE, VD_ASKER_WEB_IDENTITY,
                                                   VD_ASKER_SAML,           VD_ASKER_CANONICAL, VD_ASKER_FEDERATED_USER };
    const uint32_t       with_account = 1u << VD_ASKER_ROLE | 1u << VD_ASKER_USER | 1u << VD_ASKER_ROOT |
                                        1u << VD_ASKER_FEDERATED_USER | 1u << VD_ASKER_CANONICAL;
    /* Roles of services have the policies that AWS gave them, and no others. */
    bool                 linked = has_layer(a->q, VD_LAYER_RCP) && !has_layer(a->q, VD_LAYER_IDENTITY) &&
                  !has_layer(a->q, VD_LAYER_BOUNDARY) && !has_layer(a->q, VD_LAYER_SESSION);

    all->count = 0;
    for (size_t i = 0; i < VD_COUNT(order); i++) {
        vd_case k = { .who = order[i] };

        if (!(a->q->who >> k.who & 1))
            continue;
        if (k.who == VD_ASKER_CANONICAL && !vd_stack_names_canonical(a->q->allowed) && !vd_stack_names_canonical(a->q->refused))
            continue;
        k.linked = a->q->linked && k.who == VD_ASKER_ROLE;
        if (!(with_account >> k.who & 1)) {
            k.own_all = true;
            add_forms(all, a, k);
            continue;
        }
        add_relations(all, a, k);
        if (k.who == VD_ASKER_ROLE && linked && !k.linked) {
            k.linked = true;
            add_relations(all, a, k);
        }
        if (k.who == VD_ASKER_FEDERATED_USER) {
            k.by_root = true;
            add_relations(all, a, k);
        }
    }
}

static vd_answer try_all(asking *a, const cases *all)
{
    for (uint32_t i = 0; i < all->count && !a->c.nomem && !is_spent(a, 0); i++)
        if (try_case(a, &all->at[i]) == VD_SAT)
            return VD_SAT;
    return a->worst;
}

vd_answer vd_question_solve(const vd_question *q, vd_model *model, vd_grounds *grounds, const char **why, bool *nomem)
{
    asking    a = { .q = q, .worst = VD_UNSAT, .model = model, .grounds = grounds };
    cases     all;
    vd_answer answer = VD_UNSAT;

    a.c = (vd_caller){ .s = q->allowed->s, .action = q->action, .name = q->action };
    vd_str_cut(&a.c.name, ':', &a.c.service);
    a.c.signed_only = q->who >> VD_ASKER_ANONYMOUS & 1u && vd_action_is_signed(a.c.s->catalog, q->action);
    a.c.work = a.work = &a.c.s->stacks;
    a.begun = vd_symbolic_units(a.c.s);
    a.c.nomem = !vd_stack_focus_action((vd_stack *)(uintptr_t)q->allowed, q->action) ||
                (q->refused && !vd_stack_focus_action((vd_stack *)(uintptr_t)q->refused, q->action));
    make_cases(&all, &a);
    if (q->rules != VD_RULES_HARD) {
        a.rules = VD_RULES_SOFT;
        answer = try_all(&a, &all);
    }
    if (q->rules != VD_RULES_SOFT && answer != VD_SAT && !a.c.nomem) {
        a.rules = VD_RULES_HARD;
        answer = try_all(&a, &all);
    }
    if (why)
        *why = answer == VD_UNKNOWN ? a.why : NULL;
    if (answer == VD_SAT) { /* the room of the question goes away */
        uint32_t *kept = vd_arena_new_array(q->allowed->arena, uint32_t, grounds->allow_count + 1);

        if (kept && grounds->allow_count)
            memcpy(kept, grounds->allows, grounds->allow_count * sizeof *kept);
        grounds->allows = kept;
        a.c.nomem |= !kept;
    }
    *nomem |= a.c.nomem;
    return a.c.nomem ? VD_UNKNOWN : answer;
}
