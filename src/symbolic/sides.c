/* SPDX-License-Identifier: Apache-2.0
 *
 * Tests of texts as languages: what a word must be in and out of, and the question for words.c.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/mutant.h"

enum { ALTERNATIVES = 6 };

vd_answer vd_unknown(vd_ask *a, const char *why)
{
    a->why = why;
    return VD_UNKNOWN;
}

bool vd_sides_add(vd_ask *a, vd_sides *s, bool in, vd_globs l)
{
    bool ok = in ? VD_ARENA_PUSH(&a->s->work, s->in, s->in_count, s->in_cap, l)
                 : VD_ARENA_PUSH(&a->s->work, s->out, s->out_count, s->out_cap, l);

    a->nomem |= !ok;
    return ok;
}

vd_answer vd_sides_solve(vd_ask *a, const vd_sides *s, vd_domain domain, vd_str *word)
{
    vd_words  q = { .in = s->in, .in_count = s->in_count, .out = s->out, .out_count = s->out_count, .domain = domain,
                    .variables = a->holes == VD_HOLES_SYMBOLS && !VD_MUTANT(15) };
    vd_answer answer;
    vd_str    found;
    bool      nomem = false;

    vd_arena_reset(&a->s->scratch);
    answer = vd_words_solve(&found, &q, &a->s->scratch, &a->budget, &nomem);
    a->nomem |= nomem;
    if (answer == VD_UNKNOWN)
        return vd_unknown(a, "budget");
    if (answer == VD_SAT && !vd_arena_dup(&a->s->work, word, found))
        a->nomem = true;
    return answer;
}

/* ------------------------------------------------------------------ wants */

bool vd_wants_add(vd_ask *a, vd_wants *w, const vd_atom *atom, bool passes)
{
    if (!VD_ARENA_PUSH(&a->s->work, w->at, w->count, w->cap, (vd_want){ atom, passes }))
        a->nomem = true;
    return !a->nomem;
}

bool vd_wants_pass(vd_ask *a, const vd_wants *w, vd_str x)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (vd_entry_test(a, w->at[i].atom, x, w->at[i].passes) != w->at[i].passes)
            return false;
    return true;
}

static bool is_null_hit(const vd_entry *e)
{
    bool hit = false;

    for (uint32_t i = 0; i < e->values.count; i++)
        hit |= vd_str_ieq(e->values.at[i].text, VD_S("false"));
    return hit;
}

bool vd_wants_sort(vd_ask *a, bool many, const vd_literal *l, uint32_t count, vd_wants *all, vd_wants *some)
{
    for (uint32_t i = 0; i < count; i++) {
        const vd_atom         *atom = &a->s->atoms[l[i].atom];
        const vd_operator_use *use = &atom->entry->op;

        if (use->op->test == VD_TEST_NULL) {
            if (is_null_hit(atom->entry) != l[i].holds)
                return false;
        } else if (!many) {
            vd_wants_add(a, all, atom, l[i].holds);
        } else if (use->quantifier == VD_FOR_ONE) {
            if (l[i].holds) /* E508: a plain operator is false of a key with several values */
                return false;
        } else {
            bool for_all = ((use->quantifier == VD_FOR_ALL) == l[i].holds) != VD_MUTANT(7);

            vd_wants_add(a, for_all ? all : some, atom, l[i].holds);
        }
    }
    return true;
}

bool vd_atom_is_text(const vd_atom *atom)
{
    switch (atom->entry->op.op->test) {
    case VD_TEST_STRING:
    case VD_TEST_STRING_FOLDED:
    case VD_TEST_LIKE:
    case VD_TEST_ARN:
    case VD_TEST_BOOL:
        return true;
    default:
        return false;
    }
}

/* ------------------------------------------------------------------ one text */

static const vd_str arn_shape[] = { VD_L("\xfd:\xfd:\xfd:\xfd:\xfd:\xff") };
static const vd_str true_text[] = { VD_L("true") };

/* Bool: the text "true" in any case, or any other text. */
static bool put_bool(vd_ask *a, vd_sides *s, const vd_want *w)
{
    vd_globs l = { true_text, 1, true };
    bool     on = vd_entry_test(a, w->atom, VD_S("true"), w->passes), off = vd_entry_test(a, w->atom, VD_S("false"), w->passes);

    if (on == off)
        return on == w->passes ? !a->nomem : vd_sides_add(a, s, true, (vd_globs){ NULL, 0, false });
    return vd_sides_add(a, s, on == w->passes, l);
}

/* A test of a text as languages.  An Arn operator says no of a text that is no ARN, negated or not: "does not pass" has two
 * ways then, and `other` chooses the second. */
static bool put_test(vd_ask *a, vd_sides *s, const vd_want *w, bool other, bool *two_ways)
{
    const vd_operator *op = w->atom->entry->op.op;
    bool               in = w->passes != op->negated;
    vd_globs           l;

    if (op->test == VD_TEST_BOOL)
        return put_bool(a, s, w);
    if (!vd_atom_globs(a, w->atom, !in, &l))
        return false;
    if (op->test != VD_TEST_ARN)
        return vd_sides_add(a, s, in, l);
    if (!vd_atom_formed(w->atom)) /* E539: never passes */
        return !w->passes || vd_sides_add(a, s, true, l);
    *two_ways = !w->passes;
    if (!w->passes && other)
        return vd_sides_add(a, s, false, (vd_globs){ arn_shape, 1, false });
    return vd_sides_add(a, s, in, l) && (!w->passes || vd_sides_add(a, s, true, (vd_globs){ arn_shape, 1, false }));
}

static vd_answer find_word(vd_ask *a, const vd_wants *w, vd_domain domain, uint32_t ways, vd_str *out)
{
    vd_sides s = { 0 };

    for (uint32_t i = 0, two = 0; i < w->count; i++) {
        bool two_ways = false;

        if (!put_test(a, &s, &w->at[i], ways >> two & 1u, &two_ways))
            return VD_UNKNOWN;
        two += two_ways;
    }
    return vd_sides_solve(a, &s, domain, out);
}

vd_answer vd_text_find(vd_ask *a, const vd_wants *w, vd_domain domain, vd_str *out)
{
    uint32_t  two = 0;
    vd_answer answer = VD_UNSAT;

    for (uint32_t i = 0; i < w->count; i++)
        two += w->at[i].atom->entry->op.op->test == VD_TEST_ARN && !w->at[i].passes;
    if (two > ALTERNATIVES)
        return vd_unknown(a, "budget");
    for (uint32_t ways = 0; ways < 1u << two && answer == VD_UNSAT; ways++)
        answer = find_word(a, w, domain, ways, out);
    return answer;
}
