/* SPDX-License-Identifier: Apache-2.0
 *
 * Two Denies that are equal but for the values of one negated entry: each denies what the other lets pass.  Candidates are
 * found by a hash over all that has to be equal, so that many statements cost no more than their sorting.
 */
#include "lint/rules/meaning.h"

#include "base/str.h"
#include "pattern/glob.h"
#include "pattern/overlap.h"

#include <stdlib.h>

enum { STATEMENTS_MOST = 4096, PATTERN_MOST = 512 };

typedef struct candidate {
    uint64_t                 hash;
    const vd_view_statement *st;
    const vd_view_condition *entry;
} candidate;

static uint64_t hash_texts(uint64_t h, const vd_texts *t, bool fold)
{
    for (uint32_t i = 0; i < t->count; i++)
        h = fold ? vd_ihash(h, t->at[i].text) : vd_hash(h, t->at[i].text);
    return h * 31 + t->count;
}

static uint64_t hash_entry(uint64_t h, const vd_entry *e, bool values)
{
    h = vd_ihash(h, e->operator_name.text);
    h = vd_ihash(h, e->key.text);
    return values ? hash_texts(h, &e->values, false) : h;
}

static uint64_t hash_statement(const vd_view_statement *st, const vd_view_condition *but)
{
    const vd_statement *m = st->model;
    uint64_t            h = m->action.negated * 2u + m->resource.negated;

    h = hash_texts(h, &m->action.texts, true);
    h = hash_texts(h, &m->resource.texts, false);
    h = h * 31 + m->principal.negated;
    for (uint32_t i = 0; i < m->principal.count; i++)
        h = vd_hash(h + m->principal.at[i].type, m->principal.at[i].text.text);
    for (uint32_t i = 0; i < st->condition_count; i++)
        h = hash_entry(h, st->conditions[i].entry, &st->conditions[i] != but);
    return h;
}

/* The only negated entry, on a key with one value, everything known; NULL: there is none, or several. */
static const vd_view_condition *negated_entry(const vd_view_statement *st)
{
    const vd_view_condition *found = NULL;

    for (uint32_t i = 0; i < st->condition_count; i++) {
        const vd_view_condition *k = &st->conditions[i];

        if (!k->entry->op.op || !k->entry->op.op->negated)
            continue;
        if (found)
            return NULL;
        found = k;
    }
    if (!found || found->key_hole || found->value_hole || found->entry->op.quantifier != VD_FOR_ONE ||
        found->entry->op.op->test > VD_TEST_LIKE || found->entry->values.count == 0 || !vd_key_is_single(found))
        return NULL;
    return found;
}

/* ------------------------------------------------------------------ values */

static bool may_meet(const vd_operator *op, vd_str a, vd_str b)
{
    char   p[PATTERN_MOST], q[PATTERN_MOST];
    size_t n, m;

    if (vd_str_contains(a, VD_S("${")) || vd_str_contains(b, VD_S("${")) || a.n > PATTERN_MOST || b.n > PATTERN_MOST)
        return true;
    if (op->test == VD_TEST_STRING)
        return vd_str_eq(a, b);
    if (op->test == VD_TEST_STRING_FOLDED)
        return vd_str_ieq(a, b);
    n = vd_glob_code(p, a);
    m = vd_glob_code(q, b);
    return vd_glob_overlaps((vd_str){ p, n }, (vd_str){ q, m });
}

static bool are_disjoint(const vd_entry *a, const vd_entry *b)
{
    if (a->values.count > 64 || b->values.count > 64)
        return false;
    for (uint32_t i = 0; i < a->values.count; i++)
        for (uint32_t k = 0; k < b->values.count; k++)
            if (may_meet(a->op.op, a->values.at[i].text, b->values.at[k].text))
                return false;
    return true;
}

/* ------------------------------------------------------------------ */

static int by_hash(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->st->index < y->st->index ? -1 : x->st->index > y->st->index;
}

static void check_pair(vd_lint *l, const candidate *a, const candidate *b)
{
    const vd_entry *e = b->entry->entry;
    vd_finding     *f;

    if (a->hash != b->hash || !vd_str_ieq(a->entry->key, b->entry->key) || !are_disjoint(a->entry->entry, e))
        return;
    f = vd_lint_report(l, &vd_meaning_rules[VD_G_NEGATED_SPLIT], b->st, e->value,
                       "not %s denies %s and the other way round; put both values into one list",
                       vd_lint_show(l, a->entry->entry->values.at[0].text), vd_lint_show(l, e->values.at[0].text));
    vd_finding_severity(f, VD_ERROR);
    vd_finding_relate(l, f, a->entry->entry->value, "the other Deny");
}

void vd_meaning_split(vd_lint *l)
{
    candidate *all;
    uint32_t   count = 0;

    if (l->statement_count < 2 || !vd_lint_wants(l, &vd_meaning_rules[VD_G_NEGATED_SPLIT]))
        return;
    all = vd_arena_new_array(l->arena, candidate,
                             l->statement_count < STATEMENTS_MOST ? l->statement_count : STATEMENTS_MOST);
    if (!all) {
        l->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < l->statement_count && count < STATEMENTS_MOST; i++) {
        const vd_view_statement *st = &l->statements[i];
        const vd_view_condition *k = st->allow ? NULL : negated_entry(st);

        if (k)
            all[count++] = (candidate){ hash_statement(st, k), st, k };
    }
    if (count > 1)
        qsort(all, count, sizeof *all, by_hash);
    for (uint32_t i = 1; i < count; i++)
        check_pair(l, &all[i - 1], &all[i]);
}
