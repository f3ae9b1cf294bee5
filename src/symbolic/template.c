/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy variables.  The question is asked first with "*" in their place: there are more requests then, so that "no" is a
 * proof.  Otherwise the values at hand are tried for them, and the question asked again without holes.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "catalog/facts.h"

enum { CANDIDATES = 256, TEMPLATE_KEYS = 4, MOST_KEYS = 16, MOST_LISTS = 3 }; /* keys that are tried; that are looked at */

/* ------------------------------------------------------------------ what holds for all values */

/* With symbols for variables: a pattern asked for that lies within one asked against is a contradiction for all values. */
static bool contradicts(vd_ask *a, const vd_globs *in, const vd_globs *out, vd_domain domain)
{
    vd_sides  s = { 0 };
    vd_str    word;
    vd_answer answer;

    if (!vd_sides_add(a, &s, true, *in) || !vd_sides_add(a, &s, false, *out))
        return false;
    answer = vd_sides_solve(a, &s, domain, &word);
    return answer == VD_UNSAT;
}

static uint8_t view_of(const vd_ask *a, vd_literal l)
{
    const vd_atom *atom = &a->s->atoms[l.atom];

    return atom->kind == VD_ATOM_ENTRY ? vd_universe_rule(a, &a->s->keys[atom->var - VD_VAR_KEYS]).view : (uint8_t)VD_VIEW_NONE;
}

/* Asked for and against, pattern by pattern, with a symbol for each variable. */
bool vd_symbols_contradict(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count)
{
    vd_holes_as mode = a->holes;
    bool        relaxed = a->relaxed, found = false, variables = false;

    for (uint32_t i = 0; i < count; i++)
        variables |= a->s->atoms[l[i].atom].variables;
    if (!variables || mode != VD_HOLES_ANYTHING || var > VD_VAR_RESOURCE)
        return false;
    a->holes = VD_HOLES_SYMBOLS;
    for (uint32_t i = 0; i < count && !found; i++)
        for (uint32_t k = 0; k < count && !found; k++) {
            vd_globs p, q;
            bool        in, out, fixed, truth;

            if (i == k || (!a->s->atoms[l[i].atom].variables && !a->s->atoms[l[k].atom].variables))
                continue;
            if (vd_text_literal(a, l[i], view_of(a, l[i]), &p, &in, &fixed, &truth) && !fixed && in &&
                vd_text_literal(a, l[k], view_of(a, l[k]), &q, &out, &fixed, &truth) && !fixed && !out)
                found = contradicts(a, &p, &q, (vd_domain){ 0 });
        }
    a->holes = mode;
    a->relaxed = relaxed;
    return found;
}

/* ------------------------------------------------------------------ policy variables */

/* The key really has the value: a test like any other.  Of a key with several values (E554) a plain, negated test is true if
 * and only if it is not there at all (E508, E521). */
static void pin_by(const vd_filling *f, vd_entry *entry, vd_text *text)
{
    static const char *const tests[] = { "StringEquals", "Null", "StringNotEquals" };
    int                      how = vd_key_arity(f->key) == VD_ARITY_MANY ? 2 : f->absent && !f->blank ? 1 : 0;

    *text = (vd_text){ .text = how == 2 ? VD_S("a") : how == 1 ? VD_S("true") : f->blank ? VD_S("") : f->value };
    *entry = (vd_entry){ .key = { .text = f->key }, .values = { text, 1, 1 } };
    vd_operator_find(&entry->op, vd_str_of(tests[how]));
}

static bool pin(vd_ask *a, const vd_filling *f, vd_demand *out, vd_policy *policy, vd_entry *entry, vd_text *text)
{
    vd_atom atom = { .kind = VD_ATOM_ENTRY, .policy = policy, .entry = entry };
    vd_buf  name = vd_buf_on(&a->s->alloc, 0);

    pin_by(f, entry, text);
    atom.var = vd_var_of_key(a->s, f->key, &a->nomem);
    vd_buf_printf(&name, "V%u.%d.%d.%zu:" VD_F, (unsigned)atom.var, entry->op.op->test, entry->op.op->negated, text->text.n, VD_A(text->text));
    atom.name = vd_buf_str(&name);
    a->nomem |= name.failed;
    out->atom = a->nomem ? 0 : vd_atom_add(a->s, &atom, &a->nomem);
    out->against = f->listed;
    vd_buf_done(&name);
    return !a->nomem;
}

/* The goal with a demand more for each filling. */
static bool pin_all(vd_ask *a, const vd_goal *goal, const vd_filling *f, uint32_t n, vd_goal *out)
{
    vd_demand *demands = vd_arena_new_array(&a->s->arena, vd_demand, (size_t)goal->demand_count + n);
    vd_entry  *entries = vd_arena_new_array(&a->s->arena, vd_entry, n);
    vd_text   *texts = vd_arena_new_array(&a->s->arena, vd_text, n);
    vd_policy *policy = vd_arena_new(&a->s->arena, vd_policy);

    if (!demands || !entries || !texts || !policy) {
        a->nomem = true;
        return false;
    }
    if (goal->demand_count)
        memcpy(demands, goal->demands, goal->demand_count * sizeof *demands);
    for (uint32_t i = 0; i < n; i++)
        pin(a, &f[i], &demands[goal->demand_count + i], policy, &entries[i], &texts[i]);
    *out = *goal;
    out->demands = demands;
    out->demand_count = goal->demand_count + n;
    return !a->nomem;
}

/* All combinations of values for up to TEMPLATE_KEYS variables. */
static vd_answer try_fillings(vd_ask *a, const vd_str *keys, uint32_t n, const vd_model *relaxed, vd_model *model)
{
    vd_filling all[TEMPLATE_KEYS][CANDIDATES], chosen[TEMPLATE_KEYS + MOST_KEYS];
    uint32_t   counts[TEMPLATE_KEYS], total = 1, most = n == 1 ? CANDIDATES : n == 2 ? 16 : n == 3 ? 6 : 4;
    vd_goal    goal;
    vd_answer  answer = VD_UNSAT;

    for (uint32_t i = 0; i < n; i++) {
        counts[i] = vd_candidates(a, keys[i], relaxed, all[i], most);
        total *= counts[i];
    }
    for (uint32_t c = 0; c < total && answer != VD_SAT && !a->nomem; c++) {
        vd_ask filled = *a;

        for (uint32_t i = 0, rest = c; i < n; i++) {
            chosen[i] = all[i][rest % counts[i]];
            rest /= counts[i];
            vd_arena_dup(&a->s->arena, &chosen[i].value, chosen[i].value);
        }
        if (!pin_all(a, a->goal, chosen, n, &goal))
            break;
        filled.goal = &goal;
        filled.holes = VD_HOLES_FILLED;
        filled.coupling_count = a->tied;
        for (uint32_t i = 0; i < a->filling_count; i++)
            chosen[n + i] = a->fillings[i];
        filled.fillings = chosen;
        filled.filling_count = n + a->filling_count;
        filled.relaxed = false;
        answer = vd_solve_once(&filled, model);
        if (answer == VD_SAT && filled.relaxed)
            answer = VD_UNKNOWN;
        a->budget = filled.budget;
        a->nomem |= filled.nomem;
        if (answer == VD_UNKNOWN)
            a->why = filled.why;
    }
    model->action = a->goal->action;
    return answer;
}

/* V0: what the profile knows of a key.  Keys that are left are moved to the front. */
static uint32_t fill_known(vd_ask *a, vd_str *keys, uint32_t n, vd_filling *out, uint32_t *filled)
{
    uint32_t open = 0;

    *filled = 0;
    for (uint32_t i = 0; i < n && !a->nomem; i++) {
        uint32_t    var = vd_var_of_key(a->s, keys[i], &a->nomem);
        vd_key_rule r = vd_universe_rule(a, &a->s->keys[var - VD_VAR_KEYS]);

        if (r.presence == VD_KEY_NEVER)
            out[(*filled)++] = (vd_filling){ .key = keys[i], .absent = true };
        else if (r.constant.n && r.presence == VD_KEY_MUST)
            out[(*filled)++] = (vd_filling){ .key = keys[i], .value = r.constant };
        else
            keys[open++] = keys[i];
    }
    return open;
}

/* An answer for the open keys: the relaxation, then examples. */
static vd_answer solve_open(vd_ask *a, const vd_str *keys, uint32_t n, vd_model *model)
{
    vd_model  relaxed;
    vd_answer answer;

    a->holes = n ? VD_HOLES_ANYTHING : VD_HOLES_FILLED;
    a->relaxed = false;
    answer = vd_solve_once(a, &relaxed);
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

/* Keys with several values behind the others; how many of those there are. */
static uint32_t lists_last(vd_str *keys, uint32_t n)
{
    uint32_t open = 0;

    for (uint32_t i = 0; i < n; i++)
        if (vd_key_arity(keys[i]) != VD_ARITY_MANY) {
            vd_str kept = keys[i];

            keys[i] = keys[open];
            keys[open++] = kept;
        }
    return open;
}

/* They are there or not: each way is a question of its own, and what is impossible in all of them is so. */
static vd_answer solve_lists(vd_ask *a, const vd_str *keys, uint32_t n, uint32_t open, vd_filling *known, uint32_t filled, vd_model *model)
{
    const vd_goal *whole = a->goal;
    uint32_t       lists = n - open;
    vd_answer      worst = VD_UNSAT;
    vd_goal        goal = *whole;

    a->fillings = known;
    for (uint32_t way = 0; way < 1u << lists && worst != VD_SAT && !a->nomem; way++) {
        vd_answer answer;

        for (uint32_t i = 0; i < lists; i++)
            known[filled + i] = (vd_filling){ .key = keys[open + i], .absent = !(way >> i & 1u), .listed = way >> i & 1u };
        a->filling_count = filled + lists;
        if (lists && !pin_all(a, whole, known + filled, lists, &goal))
            break;
        a->goal = &goal;
        answer = solve_open(a, keys, open, model);
        if (answer != VD_UNSAT)
            worst = answer;
        model->action = whole->action;
    }
    a->goal = whole;
    a->fillings = NULL;
    a->filling_count = 0;
    return a->nomem ? VD_UNKNOWN : worst;
}

vd_answer vd_solve_profile(vd_ask *a, vd_model *model)
{
    vd_str     keys[MOST_KEYS] = { { 0 } };
    vd_filling known[MOST_KEYS];
    uint32_t   n = a->variable_count, filled = 0, open = n;

    for (uint32_t i = 0; i < n && i < MOST_KEYS; i++)
        keys[i] = a->variables[i];
    if (n && n <= MOST_KEYS) {
        n = fill_known(a, keys, n, known, &filled);
        open = lists_last(keys, n);
        if (n - open > MOST_LISTS)
            open = n;
    }
    return solve_lists(a, keys, n, open, known, filled, model);
}
