/* SPDX-License-Identifier: Apache-2.0
 *
 * Resources that have nothing in common, seen by a look at their patterns: most statements are about other things than most
 * others, and than most actions.  What is found of two of them is kept; "no" may be wrong.
 */
#include "symbolic/inside.h"

#include "symbolic/words_quick.h"

enum { MOST_PAIRS = 64 };

/* Of atoms that say which resources; with certificates every "no" is to be found by the search, which tells what it rests on. */
static bool can_tell(const vd_symbolic *s, vd_demand d)
{
    return s->atoms[d.atom].kind == VD_ATOM_RESOURCE && !s->atoms[d.atom].variables && !d.against && !s->certify;
}

static bool all_apart(const vd_globs *x, const vd_globs *y)
{
    if ((uint64_t)x->count * y->count > MOST_PAIRS)
        return false;
    for (uint32_t i = 0; i < x->count; i++)
        for (uint32_t k = 0; k < y->count; k++)
            if (!vd_globs_differ((vd_glob){ x->patterns[i], x->fold }, (vd_glob){ y->patterns[k], y->fold }))
                return false;
    return true;
}

static vd_apart *row_of(vd_symbolic *s, uint32_t x, uint32_t y)
{
    return &s->apart[(x * 31u + y * 0x9e3779b9u) % VD_APART_ROWS];
}

static bool of_atoms(vd_symbolic *s, uint32_t x, uint32_t y, bool *nomem)
{
    vd_apart *row = row_of(s, x, y);
    vd_ask    a = { .s = s };
    vd_globs  p, q;

    if (row->known && row->x == x && row->y == y)
        return row->apart;
    if (!vd_atom_globs(&a, &s->atoms[x], false, &p) || !vd_atom_globs(&a, &s->atoms[y], false, &q)) {
        *nomem |= a.nomem;
        return false;
    }
    *row = (vd_apart){ .x = x, .y = y, .known = true, .apart = all_apart(&p, &q) };
    return row->apart;
}

bool vd_symbolic_apart(vd_symbolic *s, const vd_demand *at, uint32_t count, bool *nomem)
{
    for (uint32_t i = 0; i < count; i++)
        for (uint32_t k = can_tell(s, at[i]) ? 0 : i; k < i; k++)
            if (can_tell(s, at[k]) && of_atoms(s, at[k].atom, at[i].atom, nomem))
                return true;
    return false;
}

/* Forms of resources are told apart by the action, whose id is beyond those of atoms. */
static bool of_shape(vd_ask *a, uint32_t atom)
{
    uint32_t  y = ~a->action;
    vd_apart *row = row_of(a->s, atom, y);
    vd_globs  p;

    if (row->known && row->x == atom && row->y == y)
        return row->apart;
    if (!vd_atom_globs(a, &a->s->atoms[atom], false, &p))
        return false;
    *row = (vd_apart){ .x = atom, .y = y, .known = true, .apart = all_apart(&p, a->shape) };
    return row->apart;
}

bool vd_question_off_shape(vd_ask *a)
{
    const vd_goal *g = a->goal;

    for (uint32_t i = 0; i < g->match_count; i++) {
        const vd_box *b = &a->s->boxes[g->match[i]];

        for (uint32_t k = 0; k < b->count; k++)
            if (can_tell(a->s, (vd_demand){ b->literals[k].atom, !b->literals[k].holds }) && of_shape(a, b->literals[k].atom))
                return true;
    }
    for (uint32_t i = 0; i < g->demand_count; i++)
        if (can_tell(a->s, g->demands[i]) && of_shape(a, g->demands[i].atom))
            return true;
    return false;
}
