/* SPDX-License-Identifier: Apache-2.0
 *
 * What a finding rests on: the fewest Allows that give the same, the Denies that take something away from it, and the
 * conditions that every one of its requests fulfils.  These are proofs, too: a condition that another statement makes idle is
 * not told, one that only a Deny makes is.
 */
#include "analyze/exposing.h"
#include "analyze/opposite.h"

#include "base/buf.h"
#include "base/str.h"
#include "operator/operator.h"

#include <stdlib.h>

/* Beyond so many, which of them are needed is not asked: all are told that give something, and Denies no more. */
enum { MOST_DENIES = 64, MOST_ALLOWS = 64 };

typedef struct needs {
    vd_exposing *x;
    vd_found    *f;
    uint32_t     denies[MOST_DENIES]; /* index in x->denies, of the class at hand */
    uint32_t     deny_count;
    uint32_t     live[MOST_ALLOWS];   /* index in x->allows: what gives something of the finding */
    uint32_t     live_count;          /* may be more than there is room for */
    uint32_t     cap;
} needs;

/* ------------------------------------------------------------------ Allows */

static void add_denies(const needs *n, uint32_t *miss, uint32_t *count)
{
    for (uint32_t i = 0; i < n->deny_count; i++)
        miss[(*count)++] = n->x->denies.at[n->denies[i]].box;
}

/* Something that this Allow gives and none of the others. */
static vd_answer gives_alone(needs *n, uint32_t which)
{
    vd_exposing *x = n->x;
    uint32_t     miss[MOST_ALLOWS + MOST_DENIES], count = 0, match = x->allows.at[n->live[which]].box;
    vd_goal      goal = { .action = x->classes.at[x->at_class].representative, .who = n->f->scope.who, .paths = n->f->scope.paths,
                          .rules = n->f->scope.rules, .match = &match, .match_count = 1, .demands = n->f->scope.at,
                          .demand_count = n->f->scope.count, .clauses = n->f->scope.clauses, .clause_count = n->f->scope.clause_count };
    vd_model     model;
    const char  *why;

    for (uint32_t i = 0; i < n->live_count; i++)
        if (i != which)
            miss[count++] = x->allows.at[n->live[i]].box;
    add_denies(n, miss, &count);
    goal.miss = miss;
    goal.miss_count = count;
    return vd_symbolic_solve(x->s, &goal, &model, &why, &x->nomem);
}

/* Does it give any of the finding? */
static bool gives(needs *n, uint32_t allow, uint64_t *one)
{
    vd_exposing *x = n->x;
    vd_model     model;
    uint32_t     part;
    const char  *why;
    bool         found = n->f->part != VD_NONE && allow == VD_ALLOW_OF(n->f->part);

    if (!found) {
        one[allow / 64] = (uint64_t)1 << allow % 64;
        found = vd_exposing_ask_of(x, &n->f->scope, one, &model, &part, &why) != VD_UNSAT;
        one[allow / 64] = 0;
    }
    return found;
}

static void find_sources(needs *n)
{
    vd_exposing *x = n->x;
    uint32_t     words = x->allows.count / 64 + 1;
    uint64_t    *one = vd_arena_new_array(&x->arena, uint64_t, words);

    n->f->sources = vd_arena_new_array(&x->arena, uint64_t, words);
    if (!one || !n->f->sources) {
        x->nomem = true;
        return;
    }
    for (uint32_t i = 0; i < x->allows.count && !x->nomem; i++)
        if ((x->allows.at[i].families >> n->f->family & 1u) && vd_exposing_reaches(x, &x->allows.at[i]) && gives(n, i, one)) {
            n->f->sources[i / 64] |= (uint64_t)1 << i % 64;
            if (n->live_count < MOST_ALLOWS)
                n->live[n->live_count] = i;
            n->live_count++;
        }
    if (n->live_count > MOST_ALLOWS)
        return;
    for (uint32_t i = n->live_count; i-- > 0 && !x->nomem;)
        if (n->live_count > 1 && gives_alone(n, i) == VD_UNSAT) {
            n->f->sources[n->live[i] / 64] &= ~((uint64_t)1 << n->live[i] % 64);
            memmove(&n->live[i], &n->live[i + 1], (n->live_count - i - 1) * sizeof *n->live);
            n->live_count--;
        }
}

/* ------------------------------------------------------------------ conditions */

static bool cell_says(const needs *n, vd_str key)
{
    const vd_exposing *x = n->x;
    vd_str             dim = vd_key_column(x, key, "dimension");

    for (int d = 0; d < VD_DIM_COUNT; d++)
        for (uint32_t at = n->f->cell.at[d]; at != VD_NONE; at = x->predicates[at].parent) {
            const vd_predicate *p = &x->predicates[at];

            if (vd_str_ieq(p->key, key))
                return true;
            if (p->kind == VD_IS_ACCOUNT && vd_str_eq(dim, VD_S("account")) && !vd_str_ieq(key, VD_S("aws:PrincipalArn")))
                return true;
            if ((p->kind == VD_IS_ARN || p->kind == VD_IS_UNIQUE_ID) && (vd_str_eq(dim, VD_S("account")) || vd_str_eq(dim, VD_S("unique-id"))))
                return true;
            if (p->kind == VD_IS_SOURCE_ACCOUNT && vd_str_eq(dim, VD_S("source-account")) && vd_str_istarts(key, VD_S("aws:SourceO")))
                return true;
            if (p->kind == VD_IS_ACCESS_POINT && vd_str_eq(dim, VD_S("access-point-account")))
                return true;
        }
    return false;
}

static bool is_known(const vd_found *f, const vd_required *r)
{
    for (uint32_t i = 0; i < f->require_count; i++)
        if (vd_str_eq(f->requirements[i].key, r->key) && vd_str_eq(f->requirements[i].must, r->must))
            return true;
    return false;
}

static void add_need(needs *n, const vd_entry *e, bool holds)
{
    vd_exposing *x = n->x;
    vd_buf       b = vd_buf_on(&x->engine->alloc, 0);
    vd_required  r = { .key = vd_required_key(x->catalog, &x->arena, e->key.text), .control = vd_key_control(x, e->key.text) };

    if (!vd_required_can_say(e, holds))
        return;
    x->nomem |= !vd_required_fill(&r, &x->arena, e, holds);
    if (!x->nomem)
        vd_required_say(&b, e, holds, &r);
    x->nomem |= b.failed || !vd_arena_dup(&x->arena, &r.must, vd_buf_str(&b));
    vd_buf_done(&b);
    if (!x->nomem && !is_known(n->f, &r) && !VD_ARENA_PUSH(&x->arena, n->f->requirements, n->f->require_count, n->cap, r))
        x->nomem = true;
}

/* Does no request of the finding leave it unfulfilled? */
static bool always(needs *n, vd_demand literal)
{
    vd_exposing *x = n->x;
    vd_scope     scope = n->f->scope;
    vd_model     model;
    uint32_t     part;
    const char  *why;

    scope.cap = scope.count;
    vd_scope_add(x, &scope, (vd_demand){ literal.atom, !literal.against });
    return !x->nomem && vd_exposing_ask_of(x, &scope, n->f->sources, &model, &part, &why) == VD_UNSAT;
}

static void find_in_allows(needs *n)
{
    vd_exposing *x = n->x;
    bool         only = n->live_count == 1;

    for (uint32_t i = 0; i < x->allows.count; i++) {
        const vd_statement *st;

        if (!vd_found_rests_on(n->f, i))
            continue;
        st = &x->allows.at[i].policy->statements[x->allows.at[i].index];
        for (uint32_t k = 0; k < st->entry_count && !x->nomem; k++)
            if (!cell_says(n, st->entries[k].key.text) &&
                (only || always(n, vd_symbolic_entry(x->s, x->allows.at[i].box, k, &x->nomem))))
                add_need(n, &st->entries[k], true);
    }
}

static void find_in_denies(needs *n)
{
    vd_exposing *x = n->x;

    for (uint32_t i = 0; i < n->deny_count && !x->nomem; i++) {
        const vd_say       *deny = &x->denies.at[n->denies[i]];
        const vd_statement *st = &deny->policy->statements[deny->index];

        for (uint32_t k = 0; k < st->entry_count && !x->nomem; k++) {
            vd_demand l;

            if (cell_says(n, st->entries[k].key.text))
                continue;
            l = vd_symbolic_entry(x->s, deny->box, k, &x->nomem);
            l.against = !l.against;
            if (always(n, l))
                add_need(n, &st->entries[k], false);
        }
    }
}

/* ------------------------------------------------------------------ Denies */

/* Would there be more without it? */
static bool takes_away(needs *n, uint32_t which)
{
    vd_exposing *x = n->x;
    uint32_t     miss[MOST_DENIES], count = 0, match[2] = { 0, x->denies.at[n->denies[which]].box };
    vd_model     model;
    const char  *why;

    for (uint32_t i = 0; i < n->deny_count; i++)
        if (i != which)
            miss[count++] = x->denies.at[n->denies[i]].box;
    for (uint32_t i = 0; i < n->live_count && i < MOST_ALLOWS && !x->nomem; i++) {
        vd_goal goal = { .action = x->classes.at[x->at_class].representative, .who = n->f->scope.who, .paths = n->f->scope.paths,
                         .rules = n->f->scope.rules, .match = match, .match_count = 2, .miss = miss, .miss_count = count,
                         .demands = n->f->scope.at, .demand_count = n->f->scope.count, .clauses = n->f->scope.clauses,
                         .clause_count = n->f->scope.clause_count };

        match[0] = x->allows.at[n->live[i]].box;
        if (vd_symbolic_solve(x->s, &goal, &model, &why, &x->nomem) == VD_SAT)
            return true;
    }
    return false;
}

static void write_name(needs *n)
{
    vd_exposing *x = n->x;
    vd_buf       b = vd_buf_on(&x->engine->alloc, 0);

    for (uint32_t i = 0; i < n->f->require_count; i++)
        vd_buf_printf(&b, VD_F "|" VD_F ";", VD_A(n->f->requirements[i].key), VD_A(n->f->requirements[i].must));
    x->nomem |= b.failed || !vd_arena_dup(&x->arena, &n->f->needs, vd_buf_str(&b));
    vd_buf_done(&b);
}

static int by_key(const void *a, const void *b)
{
    const vd_required *x = a, *y = b;
    int                c = vd_str_cmp(x->key, y->key);

    return c ? c : vd_str_cmp(x->must, y->must);
}

bool vd_needs_find(vd_exposing *x, vd_found *f)
{
    needs n = { .x = x, .f = f };

    for (uint32_t i = 0; i < x->denies.count && n.deny_count < MOST_DENIES; i++)
        if (vd_exposing_reaches(x, &x->denies.at[i]) && vd_exposing_bound(x, &x->denies.at[i]))
            n.denies[n.deny_count++] = i;
    f->shaped = vd_arena_new_array(&x->arena, uint64_t, x->denies.count / 64 + 1);
    x->nomem |= !f->shaped;
    find_sources(&n);
    if (x->nomem)
        return false;
    find_in_allows(&n);
    find_in_denies(&n);
    for (uint32_t i = 0; i < n.deny_count && !x->nomem; i++)
        if (takes_away(&n, i))
            f->shaped[n.denies[i] / 64] |= (uint64_t)1 << n.denies[i] % 64;
    if (f->require_count > 1)
        qsort(f->requirements, f->require_count, sizeof *f->requirements, by_key);
    write_name(&n);
    return !x->nomem;
}
