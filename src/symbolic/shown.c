/* SPDX-License-Identifier: Apache-2.0
 *
 * What a model shows by itself: a question that it answers need not be asked.
 */
#include "symbolic/inside.h"

#include "base/str.h"

static const vd_assigned *value_of(const vd_model *m, vd_str key)
{
    for (uint32_t i = 0; i < m->key_count; i++)
        if (vd_str_eq(m->keys[i].key, key))
            return &m->keys[i];
    return NULL;
}

/* Certainly so: "no" says that nobody looked, or that it is not. */
static bool shows(vd_ask *a, const vd_model *m, vd_literal l)
{
    const vd_atom    *atom = &a->s->atoms[l.atom];
    const vd_key_var *key;
    const vd_assigned *v;
    vd_globs           language;
    bool               in, fixed, truth;

    if (atom->variables)
        return false;
    if (atom->kind == VD_ATOM_ENTRY) {
        key = &a->s->keys[atom->var - VD_VAR_KEYS];
        v = value_of(m, key->spelled);
        return v && vd_key_holds(a, key, atom, v, l.holds) == l.holds;
    }
    return atom->var == VD_VAR_RESOURCE && vd_text_literal(a, l, VD_VIEW_NONE, &language, &in, &fixed, &truth) && !fixed &&
           vd_globs_have(&language, m->resource, &a->s->scratch, &a->nomem) == in;
}

bool vd_symbolic_shows(vd_symbolic *s, const vd_model *m, const vd_demand *demands, uint32_t count, bool *nomem)
{
    vd_ask a = { .s = s, .holes = VD_HOLES_FILLED };
    bool   yes = true;

    for (uint32_t i = 0; i < count && yes; i++)
        yes = shows(&a, m, (vd_literal){ demands[i].atom, !demands[i].against });
    *nomem |= a.nomem;
    return yes && !a.nomem && !a.relaxed;
}
