/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers about one variable, kept from question to question: the same few literals come again and again, in every branch,
 * for every asker and for every class of actions.  A key says all that the answer depends on, in 128 bits of hash.
 */
#include "symbolic/inside.h"

#include "base/str.h"
#include "symbolic/mutant.h"

enum { MOST_ROWS = 1u << 16, MOST_BYTES = 32u << 20 };

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static void add(vd_memo_key *k, uint64_t x)
{
    k->one = mix(k->one, x);
    k->two = mix(k->two ^ 0x5851f42d4c957f2du, x + 0x14057b7ef767814fu);
}

static void add_text(vd_memo_key *k, vd_str t)
{
    add(k, t.n);
    for (size_t i = 0; i < t.n; i++)
        add(k, (unsigned char)t.p[i]);
}

static void add_profile(const vd_ask *a, uint32_t var, vd_memo_key *k)
{
    add(k, a->holes);
    add(k, a->profile.partition);
    if (var == VD_VAR_PRINCIPAL)
        add(k, 64u + a->profile.who);
    if (var == VD_VAR_ACCESS_POINT)
        add(k, 128u + a->profile.path);
    if (var == VD_VAR_RESOURCE) {
        add(k, 256u + a->profile.owner);
        add(k, a->shape ? a->shape->count + 1u : 0);
        for (uint32_t i = 0; a->shape && i < a->shape->count; i++)
            add(k, (uint64_t)(uintptr_t)a->shape->patterns[i].p);
    }
}

/* Which of the key's values is the constant: not an address, for these are others in every run, and so would be the row that goes
 * when another takes its place (merged.c). */
static uint64_t place_of(const vd_key_rule *r, const vd_key_var *key)
{
    return r->constant.n ? (uint64_t)(r->constant.p - key->values.p) + 1 : 0;
}

static void add_rule(const vd_ask *a, const vd_atom *atom, vd_memo_key *k)
{
    const vd_key_var *key;
    vd_key_rule       r;

    if (atom->kind != VD_ATOM_ENTRY)
        return;
    key = &a->s->keys[atom->var - VD_VAR_KEYS];
    r = vd_universe_rule(a, key);
    add(k, r.presence + 4u * (uint64_t)r.view);
    add(k, place_of(&r, key));
}

/* Literals in the order of their atoms: the order in which they came does not matter. */
static bool add_literals(vd_ask *a, const vd_literal *l, uint32_t count, vd_memo_key *k)
{
    vd_memo_key sum = { 0, 0 };
    bool        variables = false;

    for (uint32_t i = 0; i < count; i++) {
        vd_memo_key one = { a->s->engine->hash_seed, ~a->s->engine->hash_seed };

        add(&one, l[i].atom * 2u + (l[i].holds && !VD_MUTANT(14)));
        add_rule(a, &a->s->atoms[l[i].atom], &one);
        sum.one += one.one;
        sum.two += one.two;
        variables |= a->s->atoms[l[i].atom].variables;
    }
    add(k, sum.one);
    add(k, sum.two);
    add(k, count);
    return variables;
}

static void add_fillings(const vd_ask *a, vd_memo_key *k)
{
    for (uint32_t i = 0; i < a->filling_count; i++) {
        add_text(k, a->fillings[i].key);
        add(k, a->fillings[i].absent);
        add_text(k, a->fillings[i].value);
    }
}

vd_memo_key vd_memo_key_of(vd_ask *a, uint32_t var, const vd_literal *l, uint32_t count)
{
    vd_memo_key k = { a->s->engine->hash_seed ^ var, ~a->s->engine->hash_seed + var };

    add_profile(a, var, &k);
    if (count == 0 && var >= VD_VAR_KEYS) {
        const vd_key_var *key = &a->s->keys[var - VD_VAR_KEYS];
        vd_key_rule       r = vd_universe_rule(a, key);

        add(&k, r.presence);
        add(&k, place_of(&r, key));
    } else if (count == 0 && var > VD_VAR_RESOURCE) {
        add(&k, vd_family_must(a, var));
    }
    if (add_literals(a, l, count, &k))
        add_fillings(a, &k);
    return k;
}

vd_memo_key vd_memo_key_of_literals(vd_ask *a, const vd_literal *l, uint32_t count)
{
    vd_memo_key k = { a->s->engine->hash_seed, ~a->s->engine->hash_seed };

    add(&k, a->holes);
    add(&k, a->profile.partition);
    add(&k, a->profile.owner);
    if (add_literals(a, l, count, &k))
        add_fillings(a, &k);
    return k;
}

/* ------------------------------------------------------------------ the table */

static bool same(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_memo *m = ctx;
    const vd_memo_key *k = wanted;

    return m->rows[value].key.one == k->one && m->rows[value].key.two == k->two;
}

const vd_memo_row *vd_memo_find(const vd_symbolic *s, const vd_memo_key *key)
{
    uint32_t row = vd_map_find(&s->memo.map, key->one, same, &s->memo, key);

    return row == VD_NONE ? NULL : &s->memo.rows[row];
}

static bool keep_value(vd_memo *m, const vd_assigned *from, vd_assigned *to)
{
    *to = *from;
    to->values = vd_arena_new_array(&m->arena, vd_str, from->count ? from->count : 1);
    for (uint32_t i = 0; to->values && i < from->count; i++)
        if (!vd_arena_dup(&m->arena, &to->values[i], from->values[i]))
            return false;
    return to->values != NULL;
}

/* Values are used by the question that is going on: the table is only emptied between questions. */
void vd_memo_add(vd_ask *a, const vd_memo_key *key, vd_answer answer, const vd_assigned *value)
{
    vd_memo    *m = &a->s->memo;
    vd_memo_row row = { .key = *key, .answer = (uint8_t)answer, .relaxed = a->relaxed };

    if (m->count >= MOST_ROWS || m->arena.used > MOST_BYTES || a->nomem)
        return;
    if ((answer == VD_SAT && !keep_value(m, value, &row.value)) || !VD_ARENA_PUSH(&m->arena, m->rows, m->count, m->cap, row)) {
        a->nomem = true;
        return;
    }
    if (!vd_map_add(&m->map, &a->s->alloc, key->one, m->count - 1)) {
        m->count--;
        a->nomem = true;
    }
}

void vd_memo_begin(vd_symbolic *s)
{
    if (s->memo.count < MOST_ROWS && s->memo.arena.used <= MOST_BYTES)
        return;
    vd_memo_done(s);
    s->memo.arena = vd_arena_on(&s->alloc, 0);
}

void vd_memo_done(vd_symbolic *s)
{
    vd_map_done(&s->memo.map, &s->alloc);
    vd_arena_done(&s->memo.arena);
    s->memo = (vd_memo){ 0 };
}
