/* SPDX-License-Identifier: Apache-2.0
 *
 * The search.  A store holds the literals of each variable and a value that fulfils them.  As long as some clause ("this
 * statement does not match") is not fulfilled by the values at hand, one of its literals is turned around and added, each
 * in turn; what was tried before stays excluded, so that no request is looked at twice.  Clauses that the values fulfil by
 * themselves cost nothing, and most do.
 *
 * With policy variables the question is asked first with "*" in their place: there are more requests then, so that "no" is
 * a proof.  Otherwise the values at hand are tried for them, and the question asked again without holes.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "catalog/facts.h"
#include "pattern/template.h"

enum { PROFILES = 64, CANDIDATES = 256, TEMPLATE_KEYS = 4 };

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
    const vd_atom    *atom = &a->s->atoms[l.atom];
    const vd_key_var *key;

    *var = atom->var;
    if (atom->var < VD_VAR_KEYS)
        return FATE_OPEN;
    key = &a->s->keys[atom->var - VD_VAR_KEYS];
    if (vd_view_of(a, key) != VD_VIEW_NONE) {
        *var = VD_VAR_PRINCIPAL;
        return FATE_OPEN;
    }
    if (vd_universe_rule(a, key).presence == VD_KEY_NEVER)
        return vd_entry_when_absent(atom->entry, false, key->many) == l.holds ? FATE_TRUE : FATE_FALSE;
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

    for (uint32_t var = 0; answer == VD_SAT && var < VD_VAR_KEYS; var++)
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
    if (m->who != VD_ASKER_FEDERATED_USER || !vd_str_cut(&line, '\n', &parent) || !vd_str_cut(&line, '\n', &parent))
        return true;
    m->user_id = line;
    return vd_arena_printf(&a->s->work, &m->parent, "arn:" VD_F ":iam::" VD_F ":" VD_F,
                           VD_A(vd_partitions[a->profile.partition]), VD_A(vd_account_of(m->principal)), VD_A(parent));
}

static bool take_model(search *s, vd_model *m)
{
    vd_ask *a = s->a;

    *m = (vd_model){ .who = a->profile.who, .path = a->profile.path, .action = a->goal->action,
                     .resource = s->stores[VD_VAR_RESOURCE].value.values[0], .in_organization = a->profile.in_organization,
                     .off_catalogue = a->shape == NULL };
    if (!take_principal(a, m, s->stores[VD_VAR_PRINCIPAL].value.values[0]))
        return false;
    m->keys = vd_arena_new_array(&a->s->work, vd_assigned, a->s->key_count ? a->s->key_count : 1);
    if (!m->keys)
        return false;
    for (uint32_t i = 0; i < a->s->key_count; i++) {
        store *v = &s->stores[VD_VAR_KEYS + i];

        if (vd_view_of(a, &a->s->keys[i]) != VD_VIEW_NONE || vd_universe_rule(a, &a->s->keys[i]).presence == VD_KEY_NEVER)
            continue;
        if (settle(s, VD_VAR_KEYS + i) != VD_SAT)
            continue;
        m->keys[m->key_count] = v->value;
        m->keys[m->key_count++].key = a->s->keys[i].spelled;
    }
    return true;
}

static vd_answer solve_once(vd_ask *a, vd_model *model)
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

/* ------------------------------------------------------------------ policy variables */

static void note_keys(vd_ask *a, const vd_texts *texts, vd_str *keys, uint32_t *n)
{
    for (uint32_t i = 0; i < texts->count; i++) {
        size_t  at = 0;
        vd_part part;

        while (vd_template_next(texts->at[i].text, &at, &part)) {
            bool known = part.kind != VD_PART_VARIABLE || vd_key_arity(part.text) == VD_ARITY_MANY;

            for (uint32_t k = 0; k < *n && !known; k++)
                known = vd_str_ieq(keys[k], part.text);
            if (!known && *n < TEMPLATE_KEYS + 1) {
                keys[(*n)++] = part.text;
                vd_var_of_key(a->s, part.text, &a->nomem);
            }
        }
    }
}

static uint32_t template_keys(vd_ask *a, vd_str *keys)
{
    const vd_goal *g = a->goal;
    uint32_t       n = 0;

    for (uint32_t side = 0; side < 2; side++) {
        const uint32_t *list = side ? g->miss : g->match;

        for (uint32_t i = 0; i < (side ? g->miss_count : g->match_count); i++) {
            const vd_box *b = &a->s->boxes[list[i]];

            for (uint32_t k = 0; k < b->count; k++) {
                const vd_atom *atom = &a->s->atoms[b->literals[k].atom];

                if (atom->variables)
                    note_keys(a, atom->kind == VD_ATOM_RESOURCE ? &atom->list->texts : &atom->entry->values, keys, &n);
            }
        }
    }
    return n;
}

/* Values that a variable may be given: what the key has in the model, texts that tests of the key name, something plain. */
static uint32_t candidates(vd_ask *a, vd_str key, const vd_model *m, vd_filling *out, uint32_t most)
{
    uint32_t var = vd_var_of_key(a->s, key, &a->nomem), n = 0;

    for (uint32_t i = 0; i < m->key_count && n < most; i++)
        if (vd_str_ieq(m->keys[i].key, key) && m->keys[i].state == VD_STATE_PRESENT)
            out[n++] = (vd_filling){ .key = key, .value = m->keys[i].values[0] };
    if (var != VD_NONE && a->s->keys[var - VD_VAR_KEYS].view == VD_VIEW_USER_NAME && m->who == VD_ASKER_USER && n < most)
        out[n++] = (vd_filling){ .key = key, .value = vd_str_from(m->principal, vd_str_rfind(m->principal, '/') + 1) };
    for (uint32_t i = 0; i < a->s->atom_count && n < most; i++) {
        const vd_atom *atom = &a->s->atoms[i];

        for (uint32_t k = 0; atom->var == var && atom->entry && k < atom->entry->values.count && n < most; k++)
            out[n++] = (vd_filling){ .key = key, .value = atom->entry->values.at[k].text };
    }
    if (n < most)
        out[n++] = (vd_filling){ .key = key, .value = VD_S("a") };
    if (n < most)
        out[n++] = (vd_filling){ .key = key, .value = VD_S("b7") };
    if (n < most)
        out[n++] = (vd_filling){ .key = key, .absent = true };
    return n;
}

/* The key really has the value: a test like any other. */
static bool pin(vd_ask *a, const vd_filling *f, vd_demand *out, vd_policy *policy, vd_entry *entry, vd_text *text)
{
    static vd_operator_use equals, null;
    vd_atom                atom = { .kind = VD_ATOM_ENTRY, .policy = policy, .entry = entry };
    vd_buf                 name = vd_buf_on(&a->s->alloc, 0);

    vd_operator_find(&equals, VD_S("StringEquals"));
    vd_operator_find(&null, VD_S("Null"));
    *text = (vd_text){ .text = f->absent ? VD_S("true") : f->value };
    *entry = (vd_entry){ .op = f->absent ? null : equals, .key = { .text = f->key }, .values = { text, 1, 1 } };
    atom.var = vd_var_of_key(a->s, f->key, &a->nomem);
    vd_buf_printf(&name, "V%u.%d.%zu:" VD_F, (unsigned)atom.var, f->absent, text->text.n, VD_A(text->text));
    atom.name = vd_buf_str(&name);
    a->nomem |= name.failed;
    out->atom = a->nomem ? 0 : vd_atom_add(a->s, &atom, &a->nomem);
    out->against = false;
    vd_buf_done(&name);
    return !a->nomem;
}

/* All combinations of values for up to TEMPLATE_KEYS variables. */
static vd_answer try_fillings(vd_ask *a, const vd_str *keys, uint32_t n, const vd_model *relaxed, vd_model *model)
{
    vd_filling all[TEMPLATE_KEYS][CANDIDATES], chosen[TEMPLATE_KEYS];
    uint32_t   counts[TEMPLATE_KEYS], total = 1, most = n == 1 ? CANDIDATES : n == 2 ? 16 : n == 3 ? 6 : 4;
    vd_goal    goal = *a->goal;
    vd_answer  answer = VD_UNSAT;

    for (uint32_t i = 0; i < n; i++) {
        counts[i] = candidates(a, keys[i], relaxed, all[i], most);
        total *= counts[i];
    }
    for (uint32_t c = 0; c < total && answer != VD_SAT && !a->nomem; c++) {
        vd_demand *demands = vd_arena_new_array(&a->s->arena, vd_demand, (size_t)goal.demand_count + n);
        vd_entry  *entries = vd_arena_new_array(&a->s->arena, vd_entry, n);
        vd_text   *texts = vd_arena_new_array(&a->s->arena, vd_text, n);
        vd_policy *policy = vd_arena_new(&a->s->arena, vd_policy);
        vd_ask     filled = *a;

        if (!demands || !entries || !texts || !policy) {
            a->nomem = true;
            break;
        }
        if (a->goal->demand_count)
            memcpy(demands, a->goal->demands, a->goal->demand_count * sizeof *demands);
        for (uint32_t i = 0, rest = c; i < n; i++) {
            chosen[i] = all[i][rest % counts[i]];
            rest /= counts[i];
            vd_arena_dup(&a->s->arena, &chosen[i].value, chosen[i].value);
            pin(a, &chosen[i], &demands[a->goal->demand_count + i], policy, &entries[i], &texts[i]);
        }
        goal.demands = demands;
        goal.demand_count = a->goal->demand_count + n;
        filled.goal = &goal;
        filled.holes = VD_HOLES_FILLED;
        filled.fillings = chosen;
        filled.filling_count = n;
        filled.relaxed = false;
        answer = solve_once(&filled, model);
        a->budget = filled.budget;
        a->nomem |= filled.nomem;
        if (answer == VD_UNKNOWN)
            a->why = filled.why;
    }
    model->action = a->goal->action;
    return answer;
}

static vd_answer solve_profile(vd_ask *a, vd_model *model)
{
    vd_str    keys[TEMPLATE_KEYS + 1];
    uint32_t  n = template_keys(a, keys);
    vd_model  relaxed;
    vd_answer answer;

    a->holes = n ? VD_HOLES_ANYTHING : VD_HOLES_FILLED;
    a->relaxed = false;
    answer = solve_once(a, &relaxed);
    if (answer != VD_SAT || (!a->relaxed && n == 0)) {
        *model = relaxed;
        return answer;
    }
    if (n == 0 || n > TEMPLATE_KEYS) {
        a->why = a->why ? a->why : "variable";
        return VD_UNKNOWN;
    }
    answer = try_fillings(a, keys, n, &relaxed, model);
    if (answer == VD_UNSAT) {
        a->why = "variable"; /* not shown to be impossible, and no example was found */
        answer = VD_UNKNOWN;
    }
    return answer;
}

/* ------------------------------------------------------------------ the resource's form */

/* "*" alone for actions without resource types; else the formats of the types.  False: the catalogue does not know. */
static bool shape_of(vd_symbolic *s, vd_str action, vd_globs *out, bool *nomem)
{
    static const vd_str star[] = { VD_L("*") };
    uint32_t            id = vd_catalog_find(s->catalog, action);
    vd_action_fact      fact;
    vd_str             *patterns;
    uint32_t            n = 0, most = 0;

    if (id == VD_NONE)
        return false;
    fact = vd_catalog_action(s->catalog, id);
    if (fact.types.count == 0) {
        *out = (vd_globs){ star, 1, false };
        return true;
    }
    for (uint32_t i = 0; i < fact.types.count; i++)
        most += vd_catalog_type(s->catalog, fact.types.at[i]).formats;
    patterns = vd_arena_new_array(&s->work, vd_str, most ? most : 1);
    for (uint32_t i = 0; patterns && i < fact.types.count; i++)
        for (uint32_t k = 0; k < vd_catalog_type(s->catalog, fact.types.at[i]).formats; k++)
            patterns[n++] = vd_catalog_format_coded(s->catalog, fact.types.at[i], k);
    *nomem |= patterns == NULL;
    *out = (vd_globs){ patterns, n, false };
    return true;
}

/* All profiles under one set of rules. */
static vd_answer solve_pass(vd_ask *a, const vd_profile *profiles, uint32_t n, vd_model *model)
{
    vd_answer worst = VD_UNSAT;

    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        vd_answer answer;

        a->profile = profiles[i];
        answer = solve_profile(a, model);
        if (answer == VD_SAT)
            return VD_SAT;
        if (answer == VD_UNKNOWN)
            worst = VD_UNKNOWN;
    }
    return worst;
}

vd_answer vd_symbolic_solve(vd_symbolic *s, const vd_goal *goal, vd_model *model, const char **why, bool *nomem)
{
    vd_ask     a = { .s = s, .goal = goal, .budget = s->budget };
    vd_profile profiles[PROFILES];
    vd_globs   shape;
    bool       known;
    vd_answer  answer = VD_UNSAT, soft = VD_UNSAT;
    uint32_t   n;

    vd_arena_reset(&s->work);
    n = vd_universe_profiles(&a, profiles, PROFILES);
    known = shape_of(s, goal->action, &shape, &a.nomem);
    if (known && goal->rules != VD_RULES_HARD) { /* first what the catalogue thinks possible */
        a.shape = &shape;
        answer = soft = solve_pass(&a, profiles, n, model);
    }
    if (answer != VD_SAT && !a.nomem && (goal->rules != VD_RULES_SOFT || !known)) {
        a.shape = NULL;
        answer = solve_pass(&a, profiles, n, model);
        model->off_catalogue = known && soft == VD_UNSAT;
    }
    s->units += s->budget - a.budget;
    if (why)
        *why = answer == VD_UNKNOWN ? a.why : NULL;
    *nomem |= a.nomem;
    return a.nomem ? VD_UNKNOWN : answer;
}

/* ------------------------------------------------------------------ keeping */

bool vd_model_keep(vd_model *out, const vd_model *m, vd_arena *arena)
{
    vd_assigned *keys = vd_arena_new_array(arena, vd_assigned, m->key_count ? m->key_count : 1);
    bool         ok = keys != NULL;
    vd_model     kept = *m;

    kept.keys = keys;
    ok = ok && vd_arena_dup(arena, &kept.action, m->action) && vd_arena_dup(arena, &kept.resource, m->resource) &&
         vd_arena_dup(arena, &kept.principal, m->principal) && vd_arena_dup(arena, &kept.user_id, m->user_id) &&
         vd_arena_dup(arena, &kept.parent, m->parent) && vd_arena_dup(arena, &kept.canonical, m->canonical);
    for (uint32_t i = 0; ok && i < m->key_count; i++) {
        const vd_assigned *from = &m->keys[i];

        keys[i] = *from;
        keys[i].values = vd_arena_new_array(arena, vd_str, from->count ? from->count : 1);
        ok = keys[i].values && vd_arena_dup(arena, &keys[i].key, from->key);
        for (uint32_t k = 0; ok && k < from->count; k++)
            ok = vd_arena_dup(arena, &keys[i].values[k], from->values[k]);
    }
    *out = kept;
    return ok;
}
