/* SPDX-License-Identifier: Apache-2.0
 *
 * What all questions have in common: the keys that anybody asks about, and the tests of them.  Equal tests are one atom, so
 * that the same test asked for and against is a contradiction without any theory.
 */
#include "symbolic/inside.h"

#include "base/engine.h"
#include "base/str.h"

uint32_t vd_atom_add(vd_symbolic *s, const vd_atom *atom, bool *nomem)
{
    uint32_t id = vd_intern_find(&s->names, atom->name);
    vd_atom  a = *atom;

    if (id != VD_NONE)
        return id;
    if (!vd_arena_dup(&s->arena, &a.name, atom->name) || !vd_intern_add(&s->names, &s->alloc, a.name, &id) ||
        !VD_ARENA_PUSH(&s->arena, s->atoms, s->atom_count, s->atom_cap, a)) {
        *nomem = true;
        return 0;
    }
    return id;
}

/* ------------------------------------------------------------------ the whole */

vd_code vd_symbolic_new(vd_symbolic **out, const vd_engine *engine, const vd_symbolic_opts *opts, vd_error *err)
{
    vd_symbolic *s = vd_alloc0(&engine->alloc, sizeof *s);

    *out = s;
    if (!s)
        return vd_fail_nomem(err);
    s->alloc = engine->alloc;
    s->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    s->catalog = opts->catalog ? opts->catalog : vd_catalog_builtin();
    s->now = opts->now;
    s->budget = opts->budget ? opts->budget : 20000000;
    s->arena = vd_arena_on(&s->alloc, 0);
    s->work = vd_arena_on(&s->alloc, 0);
    s->scratch = vd_arena_on(&s->alloc, 0);
    s->names.seed = s->key_names.seed = engine->hash_seed;
    s->key_names.fold = true;
    for (uint32_t i = 0; i < opts->pin_count; i++)
        if (!vd_pin_add(s, &opts->pins[i])) {
            vd_symbolic_free(s);
            *out = NULL;
            return vd_fail_nomem(err);
        }
    return VD_OK;
}

uint64_t vd_symbolic_units(const vd_symbolic *s)
{
    return s->units;
}

void vd_symbolic_free(vd_symbolic *s)
{
    vd_allocator alloc;
    vd_engine   *engine;

    if (!s)
        return;
    alloc = s->alloc;
    engine = s->engine;
    vd_intern_done(&s->names, &alloc);
    vd_intern_done(&s->key_names, &alloc);
    vd_arena_done(&s->arena);
    vd_arena_done(&s->work);
    vd_arena_done(&s->scratch);
    vd_free(&alloc, s, sizeof *s);
    vd_engine_release(engine);
}
