/* SPDX-License-Identifier: Apache-2.0
 *
 * The search.  A store holds the literals of each variable and a value that fulfils them.  As long as some clause ("this
 * statement does not match") is not fulfilled by the values at hand, one of its literals is turned around and added, each in
 * turn; what was tried before stays excluded, so that no request is looked at twice.  Clauses that the values fulfil by
 * themselves cost nothing, and most do.
 *
 * A literal that contradicts its store is dead until that is taken back; the clause with the fewest others is split first, so
 * that one that has a single way left decides by itself.  Every failure knows the splits it rests on, and one that does not
 * rest on a split is not tried again under its other ways.
 */
#include "symbolic/hunt.h"

#include "base/str.h"
#include "symbolic/mutant.h"

/* ------------------------------------------------------------------ sets of levels; 0, the root, is in none */

static uint64_t *new_levels(vd_hunt *s)
{
    uint64_t *set = vd_arena_new_array(&s->a->s->work, uint64_t, s->words);

    s->a->nomem |= !set;
    return set;
}

static void add_level(uint64_t *set, uint32_t level)
{
    if (level)
        set[(level - 1) / 64] |= UINT64_C(1) << (level - 1) % 64;
}

static bool has_level(const uint64_t *set, uint32_t level)
{
    return level && (set[(level - 1) / 64] >> (level - 1) % 64 & 1u);
}

static void add_levels(const vd_hunt *s, uint64_t *set, const uint64_t *more)
{
    for (uint32_t i = 0; i < s->words; i++)
        set[i] |= more[i];
}

static void clear(const vd_hunt *s, uint64_t *set)
{
    memset(set, 0, s->words * sizeof *set);
}

/* ------------------------------------------------------------------ literals under the profile */

typedef enum fate { FATE_TRUE, FATE_FALSE, FATE_OPEN } fate;

/* Which variable a literal is about for this asker; some are decided by who asks. */
static fate place(const vd_ask *a, vd_literal l, uint32_t *var)
{
    const vd_atom *atom = &a->s->atoms[l.atom];
    vd_key_rule    r;

    *var = atom->var;
    if (atom->var < VD_VAR_KEYS)
        return FATE_OPEN;
    r = vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]);
    *var = r.var;
    if (r.presence == VD_KEY_NEVER)
        return vd_entry_when_absent(atom->entry, false, false) == l.holds ? FATE_TRUE : FATE_FALSE;
    return FATE_OPEN;
}

static bool keep(vd_hunt *s, uint32_t var)
{
    vd_store *v = &s->stores[var];
    vd_undo   u = { .var = var, .count = v->count, .value = v->value, .known = v->known, .clause = VD_NONE };

    if (!VD_ARENA_PUSH(&s->a->s->work, s->trail, s->trail_count, s->trail_cap, u))
        s->a->nomem = true;
    return !s->a->nomem;
}

static void undo_to(vd_hunt *s, uint32_t trail)
{
    while (s->trail_count > trail) {
        vd_undo *u = &s->trail[--s->trail_count];

        if (u->clause != VD_NONE) {
            s->clauses[u->clause].dead[u->literal] = NULL;
            s->clauses[u->clause].alive++;
        } else {
            vd_store *v = &s->stores[u->var];

            v->count = u->count;
            v->value = u->value;
            v->known = u->known;
        }
    }
}

static bool spend(vd_hunt *s, uint64_t units)
{
    if (s->a->budget < units) {
        s->a->budget = 0;
        s->a->why = "budget";
        return false;
    }
    s->a->budget -= units;
    return true;
}

/* On what splits the contradiction in a store rests: on none, when the root's literals and the new one are enough. */
static void explain(vd_hunt *s, uint32_t var)
{
    vd_store   *v = &s->stores[var];
    uint32_t    root = 0;
    vd_assigned unused;

    clear(s, s->failed);
    while (root < v->count && v->levels[root] == 0)
        root++;
    if (root + 1 < v->count) {
        vd_literal l = v->at[root];
        vd_answer  answer;

        v->at[root] = v->at[v->count - 1];
        answer = vd_value_find(s->a, var, v->at, root + 1, &unused);
        v->at[root] = l;
        if (answer == VD_UNSAT)
            return;
    }
    for (uint32_t i = 0; i + 1 < v->count; i++)
        add_level(s->failed, v->levels[i]);
}

/* Adds a literal; its variable is known from then on only if the value at hand fulfils that one, too.  *var: VD_NONE when
 * there is nothing to add.  VD_SAT says no more than that nothing contradicts it at first sight. */
static vd_answer add(vd_hunt *s, vd_literal l, uint32_t *var)
{
    uint32_t  level = s->split_count;
    vd_store *v;
    fate      f;

    if (!spend(s, 1))
        return VD_UNKNOWN;
    clear(s, s->failed);
    f = place(s->a, l, var);
    if (f != FATE_OPEN) {
        *var = VD_NONE;
        if (f == FATE_FALSE && s->a->s->certify)
            vd_certify_absent(s->a, l);
        return f == FATE_TRUE ? VD_SAT : VD_UNSAT;
    }
    v = &s->stores[*var];
    for (uint32_t i = 0; i < v->count; i++) {
        if (v->at[i].atom != l.atom)
            continue;
        add_level(s->failed, v->levels[i]);
        *var = VD_NONE;
        return v->at[i].holds == l.holds ? VD_SAT : VD_UNSAT;
    }
    if (!keep(s, *var))
        return VD_UNKNOWN;
    if (!VD_ARENA_PUSH(&s->a->s->work, v->levels, v->count, v->level_cap, level)) {
        s->a->nomem = true;
        return VD_UNKNOWN;
    }
    v->count--;
    if (!VD_ARENA_PUSH(&s->a->s->work, v->at, v->count, v->cap, l)) {
        s->a->nomem = true;
        return VD_UNKNOWN;
    }
    v->known = v->known && s->a->holes == VD_HOLES_FILLED && vd_value_holds(s->a, *var, l, &v->value);
    return VD_SAT;
}

/* Adds a literal and finds a value that fulfils all of the variable's. */
static vd_answer demand(vd_hunt *s, vd_literal l)
{
    uint32_t  var = VD_NONE;
    vd_answer answer = add(s, l, &var);
    vd_store *v;

    if (answer != VD_SAT || var == VD_NONE || s->stores[var].known)
        return answer;
    v = &s->stores[var];
    answer = vd_value_find(s->a, var, v->at, v->count, &v->value);
    v->known = answer == VD_SAT;
    if (answer == VD_UNSAT)
        explain(s, var);
    return answer;
}

/* A variable that nobody has asked anything of: the value that a request has when nothing is said. */
vd_answer vd_hunt_settle(vd_hunt *s, uint32_t var)
{
    vd_store *v = &s->stores[var];
    vd_answer answer;

    if (v->known)
        return VD_SAT;
    if (!keep(s, var))
        return VD_UNKNOWN;
    answer = vd_value_find(s->a, var, v->at, v->count, &v->value);
    v->known = answer == VD_SAT;
    return answer;
}

/* Is it true of the value at hand? */
static vd_answer is_true(vd_hunt *s, vd_literal l, bool *truth)
{
    uint32_t       var;
    fate           f = place(s->a, l, &var);
    vd_answer      answer;

    *truth = f == FATE_TRUE;
    if (f != FATE_OPEN)
        return VD_SAT;
    if (!spend(s, 1))
        return VD_UNKNOWN;
    answer = vd_hunt_settle(s, var);
    if (answer != VD_SAT)
        return answer;
    if (s->a->holes == VD_HOLES_FILLED || !s->a->s->atoms[l.atom].variables) /* else a value may go either way: only what is asked */
        *truth = vd_value_holds(s->a, var, l, &s->stores[var].value);
    for (uint32_t i = 0; i < s->stores[var].count && !*truth; i++) /* what was asked for is so */
        *truth = s->stores[var].at[i].atom == l.atom && s->stores[var].at[i].holds == l.holds;
    return VD_SAT;
}

/* Does it follow from the literals of its variable? */
static vd_answer is_certain(vd_hunt *s, vd_literal l, bool *truth)
{
    uint32_t       var;
    fate           f = place(s->a, l, &var);
    uint32_t       trail = s->trail_count;
    vd_answer      answer;

    *truth = f == FATE_TRUE;
    if (f != FATE_OPEN)
        return VD_SAT;
    for (uint32_t i = 0; i < s->stores[var].count; i++)
        if (s->stores[var].at[i].atom == l.atom) {
            *truth = s->stores[var].at[i].holds == l.holds;
            return VD_SAT;
        }
    answer = demand(s, (vd_literal){ l.atom, !l.holds });
    undo_to(s, trail);
    *truth = answer == VD_UNSAT;
    return answer == VD_UNKNOWN ? answer : VD_SAT;
}

/* ------------------------------------------------------------------ the goal */

bool vd_hunt_begin(vd_hunt *s, vd_ask *a)
{
    *s = (vd_hunt){ .a = a, .var_count = VD_VAR_KEYS + a->s->key_count };
    s->stores = vd_arena_new_array(&a->s->work, vd_store, s->var_count);
    s->words = (a->goal->miss_count + a->goal->clause_count + a->coupling_count) / 64 + 1;
    s->failed = new_levels(s);
    a->nomem |= !s->stores;
    return !a->nomem;
}

static bool new_clause(vd_hunt *s, uint32_t count, vd_clause **out)
{
    vd_arena *m = &s->a->s->work;
    vd_clause c = { .at = vd_arena_new_array(m, vd_literal, count ? count : 1), .dead = vd_arena_new_array(m, uint64_t *, count ? count : 1),
                    .alive = count };

    if (!c.at || !c.dead || !VD_ARENA_PUSH(m, s->clauses, s->clause_count, s->clause_cap, c)) {
        s->a->nomem = true;
        return false;
    }
    *out = &s->clauses[s->clause_count - 1];
    return true;
}

static bool add_clauses(vd_hunt *s)
{
    vd_ask        *a = s->a;
    const vd_goal *g = a->goal;
    vd_clause     *c;

    for (uint32_t i = 0; i < g->miss_count; i++) {
        const vd_box *b = &a->s->boxes[g->miss[i]];

        if (!new_clause(s, b->count, &c))
            return false;
        for (uint32_t k = 0; k < b->count; k++)
            c->at[c->count++] = (vd_literal){ b->literals[k].atom, !b->literals[k].holds };
    }
    for (uint32_t i = 0; i < g->clause_count; i++) {
        if (!new_clause(s, g->clauses[i].count, &c))
            return false;
        for (uint32_t k = 0; k < g->clauses[i].count; k++)
            c->at[c->count++] = (vd_literal){ g->clauses[i].at[k].atom, !g->clauses[i].at[k].against };
    }
    for (uint32_t i = 0; i < a->coupling_count; i++) {
        if (!new_clause(s, a->couplings[i].count, &c))
            return false;
        for (uint32_t k = 0; k < a->couplings[i].count; k++)
            c->at[c->count++] = a->couplings[i].either[k];
    }
    return true;
}

vd_answer vd_hunt_root(vd_hunt *s)
{
    vd_ask        *a = s->a;
    const vd_goal *g = a->goal;
    vd_answer      answer = VD_SAT;
    uint32_t       unused;

    for (uint32_t i = 0; i < a->s->pin_count && answer == VD_SAT; i++) /* values are found for them along with what is asked */
        answer = add(s, a->s->pins[i], &unused);
    for (uint32_t i = 0; i < g->match_count; i++) {
        const vd_box *b = &a->s->boxes[g->match[i]];

        for (uint32_t k = 0; k < b->count && answer == VD_SAT; k++)
            answer = demand(s, b->literals[k]);
    }
    for (uint32_t i = 0; i < g->demand_count && answer == VD_SAT; i++)
        answer = demand(s, (vd_literal){ g->demands[i].atom, !g->demands[i].against });
    if (answer == VD_SAT && !add_clauses(s))
        return VD_UNKNOWN;
    for (uint32_t var = 0; answer == VD_SAT && var < s->var_count; var++)
        if (var <= VD_VAR_RESOURCE || s->stores[var].count)
            answer = vd_hunt_settle(s, var);
    return answer;
}

/* ------------------------------------------------------------------ clauses */

static vd_answer fulfils(vd_hunt *s, vd_literal l, bool *truth)
{
    return s->leaves ? is_certain(s, l, truth) : is_true(s, l, truth);
}

static vd_answer is_fulfilled(vd_hunt *s, vd_clause *c, bool *out)
{
    *out = false;
    for (uint32_t i = 0; i < c->count && !*out; i++) {
        uint32_t  k = (c->last + i) % c->count;
        vd_answer answer;

        if (c->dead[k])
            continue;
        answer = fulfils(s, c->at[k], out);
        if (answer != VD_SAT)
            return answer;
        if (*out)
            c->last = k;
    }
    return VD_SAT;
}

/* Of the clauses that are not fulfilled the one with the fewest ways left.  VD_NONE: all are. */
static vd_answer unfulfilled(vd_hunt *s, uint32_t *out)
{
    *out = VD_NONE;
    for (uint32_t i = VD_MUTANT(17); i < s->clause_count; i++) {
        vd_clause *c = &s->clauses[i];
        bool       fulfilled;
        vd_answer  answer;

        if (*out != VD_NONE && s->clauses[*out].alive <= c->alive)
            continue;
        answer = is_fulfilled(s, c, &fulfilled);
        if (answer != VD_SAT)
            return answer;
        if (!fulfilled)
            *out = i;
    }
    return VD_SAT;
}

/* Whatever is tried at this level or above, the literal contradicts it. */
static bool kill(vd_hunt *s, uint32_t clause, uint32_t literal)
{
    vd_clause *c = &s->clauses[clause];
    vd_undo    u = { .clause = clause, .literal = literal };
    uint64_t  *why = new_levels(s);

    if (!why || !VD_ARENA_PUSH(&s->a->s->work, s->trail, s->trail_count, s->trail_cap, u)) {
        s->a->nomem = true;
        return false;
    }
    memcpy(why, s->failed, s->words * sizeof *why);
    c->dead[literal] = why;
    c->alive--;
    return spend(s, s->words);
}

static bool begin_split(vd_hunt *s, uint32_t clause)
{
    vd_split f = { .clause = clause, .trail = s->trail_count, .reasons = new_levels(s) };

    if (!f.reasons || !VD_ARENA_PUSH(&s->a->s->work, s->splits, s->split_count, s->split_cap, f))
        s->a->nomem = true;
    return !s->a->nomem;
}

/* The way that was tried last failed for these reasons; the split itself is none of them. */
static void note_failure(vd_hunt *s, vd_split *f)
{
    uint32_t level = s->split_count;

    add_levels(s, f->reasons, s->failed);
    f->reasons[(level - 1) / 64] &= ~(UINT64_C(1) << (level - 1) % 64);
}

/* Excludes the ways that were tried. */
static vd_answer exclude(vd_hunt *s, const vd_split *f, uint32_t upto)
{
    const vd_clause *c = &s->clauses[f->clause];
    vd_answer        answer = VD_SAT;

    for (uint32_t k = 0; k < upto && answer == VD_SAT; k++)
        if (!c->dead[k])
            answer = demand(s, (vd_literal){ c->at[k].atom, !c->at[k].holds });
    return answer;
}

/* Takes the next literal of the split on top; *moved false: there is none left, and the splits that matter are gone. */
static vd_answer advance(vd_hunt *s, bool *moved)
{
    *moved = false;
    while (s->split_count) {
        vd_split        *f = &s->splits[s->split_count - 1];
        const vd_clause *c = &s->clauses[f->clause];
        uint32_t         k;
        vd_answer        answer;

        undo_to(s, f->trail);
        if (f->next == c->count) {
            memcpy(s->failed, f->reasons, s->words * sizeof *s->failed);
            s->split_count--;
            while (s->split_count && !has_level(s->failed, s->split_count)) /* it would fail in the same way */
                s->split_count--;
            if (s->split_count)
                note_failure(s, &s->splits[s->split_count - 1]);
            continue;
        }
        k = f->next++;
        if (c->dead[k]) {
            add_levels(s, f->reasons, c->dead[k]);
            continue;
        }
        answer = exclude(s, f, k);
        if (answer == VD_UNSAT) { /* so do all that follow */
            note_failure(s, f);
            f->next = c->count;
            continue;
        }
        if (answer == VD_SAT)
            answer = demand(s, c->at[k]);
        if (answer == VD_UNKNOWN)
            return answer;
        *moved = answer == VD_SAT;
        if (*moved)
            return VD_SAT;
        note_failure(s, f);
    }
    return VD_UNSAT;
}

/* Literals of the clause that contradict what there is already are dead below this split as well. */
static vd_answer bury(vd_hunt *s, uint32_t clause)
{
    vd_clause *c = &s->clauses[clause];

    for (uint32_t k = 0; k < c->count; k++) {
        uint32_t  trail = s->trail_count;
        vd_answer answer;

        if (c->dead[k])
            continue;
        answer = demand(s, c->at[k]);
        undo_to(s, trail);
        if (answer == VD_UNKNOWN || (answer == VD_UNSAT && !kill(s, clause, k)))
            return VD_UNKNOWN;
        if (answer == VD_SAT && c->alive > 1)
            continue;
    }
    return VD_SAT;
}

/* Further literals, as far as that takes no search. */
bool vd_hunt_grant(vd_hunt *s, const vd_demand *wishes, uint32_t count)
{
    uint32_t  trail = s->trail_count, clause = VD_NONE;
    vd_answer answer = VD_SAT;

    for (uint32_t i = 0; i < count && answer == VD_SAT; i++)
        answer = demand(s, (vd_literal){ wishes[i].atom, !wishes[i].against });
    if (answer == VD_SAT)
        answer = unfulfilled(s, &clause);
    if (answer == VD_SAT && clause == VD_NONE)
        return true;
    undo_to(s, trail);
    return false;
}

vd_answer vd_hunt_again(vd_hunt *s)
{
    bool moved;

    for (uint32_t i = 0; i < s->split_count; i++) /* a solution is no contradiction: every split stays */
        memset(s->splits[i].reasons, 0xff, s->words * sizeof(uint64_t));
    return advance(s, &moved);
}

vd_answer vd_hunt_walk(vd_hunt *s)
{
    for (;;) {
        uint32_t  clause;
        bool      moved;
        vd_answer answer = unfulfilled(s, &clause);

        if (answer == VD_SAT && clause == VD_NONE)
            return VD_SAT;
        if (answer == VD_SAT)
            answer = bury(s, clause);
        if (answer == VD_UNKNOWN)
            return answer;
        if (answer == VD_UNSAT) { /* a variable without any value: that rests on everything */
            memset(s->failed, 0xff, s->words * sizeof *s->failed);
            if (s->split_count)
                note_failure(s, &s->splits[s->split_count - 1]);
        } else if (!begin_split(s, clause)) {
            return VD_UNKNOWN;
        }
        answer = advance(s, &moved);
        if (answer != VD_SAT)
            return answer;
    }
}
