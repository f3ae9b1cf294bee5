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

/* ------------------------------------------------------------------ patterns that are kept */

bool vd_coded_find(const vd_atom *atom, uint32_t which, vd_globs *out)
{
    if (atom->variables || !atom->coded || !atom->coded->known[which])
        return false;
    *out = atom->coded->globs[which];
    return true;
}

bool vd_coded_keep(vd_ask *a, const vd_atom *given, uint32_t which, vd_globs *globs)
{
    vd_arena *m = &a->s->arena;
    vd_atom  *atom = &a->s->atoms[given - a->s->atoms];
    vd_str   *patterns;
    bool      ok;

    if (atom->variables || a->nomem)
        return !a->nomem;
    if (!atom->coded)
        atom->coded = vd_arena_new(m, vd_coded);
    patterns = vd_arena_new_array(m, vd_str, globs->count ? globs->count : 1);
    ok = atom->coded && patterns;
    for (uint32_t i = 0; ok && i < globs->count; i++)
        ok = vd_arena_dup(m, &patterns[i], globs->patterns[i]);
    a->nomem |= !ok;
    if (!ok)
        return false;
    atom->coded->globs[which] = (vd_globs){ patterns, globs->count, globs->fold };
    atom->coded->known[which] = true;
    *globs = atom->coded->globs[which];
    return true;
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
    s->certify = opts->certify;
    s->certify_user = opts->certify_user;
    s->arena = vd_arena_on(&s->alloc, 0);
    s->work = vd_arena_on(&s->alloc, 0);
    s->scratch = vd_arena_on(&s->alloc, 0);
    s->stacks = vd_arena_on(&s->alloc, 0);
    s->said = vd_arena_on(&s->alloc, 0);
    s->said_epoch = 1;
    s->names.seed = s->key_names.seed = engine->hash_seed;
    s->key_names.fold = true;
    s->partitions = 1; /* "aws" */
    s->memo.arena = vd_arena_on(&s->alloc, 0);
    for (uint32_t i = 0; i < VD_MERGED_ROWS; i++)
        s->merged[i].arena = vd_arena_on(&s->alloc, 0);
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
    vd_memo_done(s);
    vd_merged_done(s);
    vd_map_done(&s->whole, &alloc);
    vd_arena_done(&s->arena);
    vd_arena_done(&s->work);
    vd_arena_done(&s->scratch);
    vd_arena_done(&s->stacks);
    vd_arena_done(&s->said);
    vd_free(&alloc, s, sizeof *s);
    vd_engine_release(engine);
}
