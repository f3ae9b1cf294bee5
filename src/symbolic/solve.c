/* SPDX-License-Identifier: Apache-2.0
 *
 * The search.  A store holds the literals of each variable and a value that fulfils them.  As long as some clause ("this
 * statement does not match") is not fulfilled by the values at hand, one of its literals is turned around and added, each
 * in turn; what was tried before stays excluded, so that no request is looked at twice.  Clauses that the values fulfil by
 * themselves cost nothing, and most do.
 */
#include "symbolic/inside.h"

#include "base/str.h"
/* The literals of one variable, and a value for which all are true. */
typedef struct store {
    vd_literal *at;
    uint32_t    count, cap;
    vd_assigned value;
    bool        known;
} store;

typedef struct undo {
    uint32_t    var, count;
    vd_assigned value;
    bool        known;
} undo;

/* One clause being split: which of its literals is tried. */
typedef struct frame {
    uint32_t clause, next, trail;
} frame;

typedef struct clause {
    vd_literal *at;
    uint32_t    count;
} clause;

typedef struct search {
    vd_ask  *a;
    store   *stores;
    uint32_t var_count;
    clause  *clauses;
    uint32_t clause_count, clause_cap;
    undo    *trail;
    uint32_t trail_count, trail_cap;
    frame   *frames;
    uint32_t frame_count, frame_cap;
} search;

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

static bool keep(search *s, uint32_t var)
{
    undo u = { .var = var, .count = s->stores[var].count, .value = s->stores[var].value, .known = s->stores[var].known };

    if (!VD_ARENA_PUSH(&s->a->s->work, s->trail, s->trail_count, s->trail_cap, u))
        s->a->nomem = true;
    return !s->a->nomem;
}

static void undo_to(search *s, uint32_t trail)
{
    while (s->trail_count > trail) {
        undo  *u = &s->trail[--s->trail_count];
        store *v = &s->stores[u->var];

        v->count = u->count;
        v->value = u->value;
        v->known = u->known;
    }
}

/* Adds a literal and finds a value that fulfils all of the variable's. */
static vd_answer demand(search *s, vd_literal l)
{
    uint32_t  var;
    store    *v;
    vd_answer answer;

    if (s->a->budget == 0) {
        s->a->why = "budget";
        return VD_UNKNOWN;
    }
    s->a->budget--;
    switch (place(s->a, l, &var)) {
    case FATE_TRUE:
        return VD_SAT;
    case FATE_FALSE:
        return VD_UNSAT;
    default:
        break;
    }
    v = &s->stores[var];
    if (!keep(s, var))
        return VD_UNKNOWN;
    if (!VD_ARENA_PUSH(&s->a->s->work, v->at, v->count, v->cap, l)) {
        s->a->nomem = true;
        return VD_UNKNOWN;
    }
    if (v->known && s->a->holes == VD_HOLES_FILLED && vd_value_holds(s->a, var, l, &v->value))
        return VD_SAT;
    answer = vd_value_find(s->a, var, v->at, v->count, &v->value);
    v->known = answer == VD_SAT;
    return answer;
}

/* A variable that nobody has asked anything of: the value that a request has when nothing is said. */
static vd_answer settle(search *s, uint32_t var)
{
    store    *v = &s->stores[var];
    vd_answer answer;

    if (v->known)
        return VD_SAT;
    if (!keep(s, var))
        return VD_UNKNOWN;
    answer = vd_value_find(s->a, var, v->at, v->count, &v->value);
    v->known = answer == VD_SAT;
    return answer;
}

static vd_answer is_true(search *s, vd_literal l, bool *truth)
{
    uint32_t  var;
    fate      f = place(s->a, l, &var);
    vd_answer answer;

    *truth = f == FATE_TRUE;
    if (f != FATE_OPEN)
        return VD_SAT;
    answer = settle(s, var);
    if (answer != VD_SAT)
        return answer;
    /* A hole that may be anything makes an atom true of too many texts: it is not known to be false. */
    *truth = (s->a->holes == VD_HOLES_FILLED || !s->a->s->atoms[l.atom].variables || !l.holds) &&
             vd_value_holds(s->a, var, l, &s->stores[var].value);
    if (s->a->holes == VD_HOLES_ANYTHING && s->a->s->atoms[l.atom].variables)
        *truth = true;
    return VD_SAT;
}

/* ------------------------------------------------------------------ the question */

static bool new_clause(search *s, uint32_t count, clause **out)
{
    clause c = { .at = vd_arena_new_array(&s->a->s->work, vd_literal, count ? count : 1) };

    if (!c.at || !VD_ARENA_PUSH(&s->a->s->work, s->clauses, s->clause_count, s->clause_cap, c)) {
        s->a->nomem = true;
        return false;
    }
    *out = &s->clauses[s->clause_count - 1];
    return true;
}

static bool add_clauses(search *s)
{
    vd_ask        *a = s->a;
    const vd_goal *g = a->goal;
    clause        *c;

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

static vd_answer add_goal(search *s)
{
    vd_ask        *a = s->a;
    const vd_goal *g = a->goal;
    vd_answer      answer = VD_SAT;

    for (uint32_t i = 0; i < a->s->pin_count && answer == VD_SAT; i++)
        answer = demand(s, a->s->pins[i]);
    for (uint32_t i = 0; i < g->match_count; i++) {
        const vd_box *b = &a->s->boxes[g->match[i]];

        for (uint32_t k = 0; k < b->count && answer == VD_SAT; k++)
            answer = demand(s, b->literals[k]);
    }
    for (uint32_t i = 0; i < g->demand_count && answer == VD_SAT; i++)
        answer = demand(s, (vd_literal){ g->demands[i].atom, !g->demands[i].against });
    if (answer == VD_SAT && !add_clauses(s))
        answer = VD_UNKNOWN;
    return answer;
}

/* The first clause that the values at hand do not fulfil; the shorter of two first.  VD_NONE: all are. */
static vd_answer unfulfilled(search *s, uint32_t *out)
{
    *out = VD_NONE;
    for (uint32_t i = 0; i < s->clause_count; i++) {
        const clause *c = &s->clauses[i];
        bool          fulfilled = false;

        if (*out != VD_NONE && s->clauses[*out].count <= c->count)
            continue;
        for (uint32_t k = 0; k < c->count && !fulfilled; k++) {
            vd_answer answer = is_true(s, c->at[k], &fulfilled);

            if (answer != VD_SAT)
                return answer;
        }
        if (!fulfilled)
            *out = i;
    }
    return VD_SAT;
}

/* Takes the next literal of the clause on top; false: there is none left, and the frame is gone. */
static vd_answer advance(search *s, bool *moved)
{
    vd_answer worst = VD_UNSAT;

    *moved = false;
    while (s->frame_count && !*moved) {
        frame        *f = &s->frames[s->frame_count - 1];
        const clause *c = &s->clauses[f->clause];

        undo_to(s, f->trail);
        if (f->next == c->count) {
            s->frame_count--;
            continue;
        }
        *moved = true;
        for (uint32_t k = 0; k < f->next && *moved; k++) { /* what was tried is excluded */
            vd_answer answer = demand(s, (vd_literal){ c->at[k].atom, !c->at[k].holds });

            if (answer == VD_UNKNOWN)
                return answer;
            *moved = answer == VD_SAT;
        }
        if (*moved) {
            vd_answer answer = demand(s, c->at[f->next]);

            if (answer == VD_UNKNOWN)
                return answer;
            *moved = answer == VD_SAT;
        }
        f->next++;
    }
    return worst;
}

static vd_answer walk(search *s)
{
    for (;;) {
        uint32_t  clause_at;
        vd_answer answer = unfulfilled(s, &clause_at);
        bool      moved;

        if (answer == VD_UNKNOWN)
            return answer;
        if (answer == VD_SAT && clause_at == VD_NONE)
            return VD_SAT;
        if (answer == VD_SAT &&
            !VD_ARENA_PUSH(&s->a->s->work, s->frames, s->frame_count, s->frame_cap, (frame){ clause_at, 0, s->trail_count })) {
            s->a->nomem = true;
            return VD_UNKNOWN;
        }
        answer = advance(s, &moved);
        if (answer == VD_UNKNOWN)
            return answer;
        if (!moved)
            return VD_UNSAT;
    }
}

static vd_answer run(search *s)
{
    vd_answer answer = add_goal(s);

    for (uint32_t var = 0; answer == VD_SAT && var <= VD_VAR_RESOURCE; var++)
        answer = settle(s, var);
    return answer == VD_SAT ? walk(s) : answer;
}

/* ------------------------------------------------------------------ the model */

/* The lines of variable 0. */
static bool take_principal(vd_ask *a, vd_model *m, vd_str text)
{
    vd_str parent = { "", 0 }, line = text;

    m->principal = text;
    m->user_id = m->parent = m->canonical = (vd_str){ "", 0 };
    if (!vd_str_cut(&line, '\n', &m->principal))
        return true;
    if (m->who == VD_ASKER_CANONICAL)
        m->canonical = line;
    else if (m->who != VD_ASKER_FEDERATED_USER)
        m->user_id = line;
    if (m->who != VD_ASKER_FEDERATED_USER || !vd_str_cut(&line, '\t', &parent))
        return true;
    m->user_id = line;
    return vd_arena_printf(&a->s->work, &m->parent, "arn:" VD_F ":iam::" VD_F ":" VD_F,
                           VD_A(vd_partitions[a->profile.partition]), VD_A(vd_account_of(m->principal)), VD_A(parent));
}

/* Keys that show the principal follow from it. */
static bool take_key(search *s, vd_model *m, const vd_key_var *key)
{
    vd_ask     *a = s->a;
    vd_key_rule r = vd_universe_rule(a, key);
    vd_str     *room = vd_arena_new(&a->s->work, vd_str);
    vd_assigned v = { .state = VD_STATE_ABSENT };

    if (!room)
        return false;
    if (r.var == VD_VAR_PRINCIPAL && key->family == VD_VAR_PRINCIPAL)
        return true;
    if (r.presence != VD_KEY_NEVER) {
        if (settle(s, r.var) != VD_SAT)
            return true;
        v = vd_view_value(a, r.var, r.view, &s->stores[r.var].value, room);
    }
    v.key = key->spelled;
    m->keys[m->key_count++] = v;
    return true;
}

static bool take_model(search *s, vd_model *m)
{
    vd_ask *a = s->a;

    *m = (vd_model){ .who = a->profile.who, .path = a->profile.path, .action = a->goal->action,
                     .resource = s->stores[VD_VAR_RESOURCE].value.values[0], .in_organization = a->profile.in_organization,
                     .off_catalogue = a->shape == NULL };
    if (!take_principal(a, m, s->stores[VD_VAR_PRINCIPAL].value.values[0]))
        return false;
    m->keys = vd_arena_new_array(&a->s->work, vd_assigned, a->used_count + 1u);
    for (uint32_t i = 0; m->keys && i < a->used_count; i++)
        if (!take_key(s, m, &a->s->keys[a->used[i]]))
            return false;
    return m->keys != NULL;
}

vd_answer vd_solve_once(vd_ask *a, vd_model *model)
{
    search    s = { .a = a, .var_count = VD_VAR_KEYS + a->s->key_count };
    vd_answer answer;

    s.stores = vd_arena_new_array(&a->s->work, store, s.var_count);
    if (!s.stores) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    answer = run(&s);
    if (answer == VD_SAT && !take_model(&s, model)) {
        a->nomem = true;
        return VD_UNKNOWN;
    }
    return answer;
}
