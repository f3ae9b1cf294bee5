/* SPDX-License-Identifier: Apache-2.0
 *
 * What the cases reached.  A statement is reached when principal, action and resource matched, it applied when its
 * conditions held too; of each condition entry we want to have seen both answers while the rest was reached.  A
 * statement is known by file and offset, so that suites sharing a policy file share its coverage.
 */
#include "scenario/suite.h"

#include "base/str.h"
#include "policy/policy.h"

struct vd_coverage {
    vd_engine *engine;
    vd_arena   arena;
    VD_VEC(vd_covered_statement *) rows;
    vd_map     map;
};

vd_code vd_coverage_new(vd_coverage **out, const vd_engine *engine, vd_error *err)
{
    vd_coverage *c = vd_alloc0(&engine->alloc, sizeof *c);

    *out = c;
    if (!c)
        return vd_fail_nomem(err);
    c->engine = vd_engine_retain((vd_engine *)engine);
    c->arena = vd_arena_on(&engine->alloc, 0);
    return VD_OK;
}

void vd_coverage_free(vd_coverage *c)
{
    vd_engine *engine;

    if (!c)
        return;
    engine = c->engine;
    VD_VEC_DONE(&engine->alloc, &c->rows);
    vd_map_done(&c->map, &engine->alloc);
    vd_arena_done(&c->arena);
    vd_free(&engine->alloc, c, sizeof *c);
    vd_engine_release(engine);
}

size_t vd_coverage_count(const vd_coverage *c)
{
    return c->rows.count;
}

const vd_covered_statement *vd_coverage_at(const vd_coverage *c, size_t index)
{
    return index < c->rows.count ? c->rows.at[index] : NULL;
}

/* ------------------------------------------------------------------ rows */

static uint64_t hash_of(const vd_coverage *c, vd_pos at)
{
    return vd_hash(c->engine->hash_seed + at.offset * UINT64_C(0x9e3779b97f4a7c15), at.file);
}

static bool same_place(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_coverage *c = ctx;
    const vd_pos      *at = wanted;

    return c->rows.at[value]->at.offset == at->offset && vd_str_eq(c->rows.at[value]->at.file, at->file);
}

static vd_covered_statement *find(const vd_coverage *c, vd_pos at)
{
    uint32_t id = vd_map_find(&c->map, hash_of(c, at), same_place, c, &at);

    return id == VD_NONE ? NULL : c->rows.at[id];
}

static bool keep_pos(vd_coverage *c, vd_pos *at, vd_pos from)
{
    *at = from;
    return vd_arena_dup(&c->arena, &at->file, from.file);
}

static vd_covered_entry *entry_of(const vd_covered_statement *row, size_t i)
{
    return (vd_covered_entry *)(uintptr_t)row->entries[i]; /* ours; const for the caller */
}

/* A copy of a row without what was seen. */
static vd_covered_statement *new_row(vd_coverage *c, const vd_covered_statement *like)
{
    vd_covered_statement *row = vd_arena_new(&c->arena, vd_covered_statement);
    const vd_covered_entry **list = vd_arena_new_array(&c->arena, const vd_covered_entry *, like->entry_count + 1);

    if (!row || !list)
        return NULL;
    *row = *like;
    row->reached = row->applied = false;
    row->entries = list;
    if (!keep_pos(c, &row->at, like->at) || !vd_arena_dup(&c->arena, &row->policy, like->policy) ||
        !vd_arena_dup(&c->arena, &row->sid, like->sid))
        return NULL;
    for (size_t i = 0; i < like->entry_count; i++) {
        vd_covered_entry *e = vd_arena_new(&c->arena, vd_covered_entry);

        if (!e || !keep_pos(c, &e->at, like->entries[i]->at) ||
            !vd_arena_dup(&c->arena, &e->operator_name, like->entries[i]->operator_name) ||
            !vd_arena_dup(&c->arena, &e->key, like->entries[i]->key))
            return NULL;
        e->size = sizeof *e;
        list[i] = e;
    }
    return row;
}

static vd_code add_row(vd_coverage *c, const vd_covered_statement *like, vd_covered_statement **out, vd_error *err)
{
    *out = find(c, like->at);
    if (*out)
        return VD_OK;
    *out = new_row(c, like);
    if (!*out || !VD_PUSH(&c->engine->alloc, &c->rows, *out))
        return vd_fail_nomem(err);
    if (!vd_map_add(&c->map, &c->engine->alloc, hash_of(c, like->at), c->rows.count - 1)) {
        c->rows.count--;
        return vd_fail_nomem(err);
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ what there is */

static vd_layer layer_of(vd_kind kind)
{
    static const vd_layer layers[VD_KIND_COUNT] = {
        [VD_KIND_IDENTITY] = VD_LAYER_IDENTITY, [VD_KIND_MANAGED] = VD_LAYER_IDENTITY,
        [VD_KIND_BOUNDARY] = VD_LAYER_BOUNDARY, [VD_KIND_SESSION] = VD_LAYER_SESSION,
        [VD_KIND_RESOURCE] = VD_LAYER_RESOURCE, [VD_KIND_TRUST] = VD_LAYER_RESOURCE,
        [VD_KIND_SCP] = VD_LAYER_SCP,           [VD_KIND_RCP] = VD_LAYER_RCP,
        [VD_KIND_ENDPOINT] = VD_LAYER_ENDPOINT,
    };

    return kind >= 0 && kind < VD_KIND_COUNT ? layers[kind] : VD_LAYER_NONE;
}

static vd_code add_statement(vd_coverage *c, const vd_policy *p, const vd_statement *st, vd_error *err)
{
    vd_covered_statement     row = { .size = sizeof row, .policy = p->source.name, .layer = layer_of(p->kind),
                                     .index = st->index, .sid = st->sid.text, .at = vd_policy_pos(p, st->span),
                                     .deny = st->effect == VD_EFFECT_DENY, .entry_count = st->entry_count };
    vd_covered_entry        *entries;
    const vd_covered_entry **list;
    vd_covered_statement    *made;

    if (find(c, row.at))
        return VD_OK;
    entries = vd_arena_new_array(&c->arena, vd_covered_entry, st->entry_count + 1);
    list = vd_arena_new_array(&c->arena, const vd_covered_entry *, st->entry_count + 1);
    if (!entries || !list)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < st->entry_count; i++) {
        entries[i] = (vd_covered_entry){ .size = sizeof *entries, .operator_name = st->entries[i].operator_name.text,
                                         .key = st->entries[i].key.text,
                                         .at = vd_policy_pos(p, st->entries[i].key.span) };
        list[i] = &entries[i];
    }
    row.entries = list;
    return add_row(c, &row, &made, err);
}

vd_code vd_coverage_add(vd_coverage *c, const vd_suite *s, vd_error *err)
{
    for (uint32_t i = 0; i < s->loaded.count; i++) {
        const vd_policy *p = s->loaded.at[i].policy;

        for (uint32_t j = 0; p && j < p->statement_count; j++)
            VD_TRY(add_statement(c, p, &p->statements[j], err));
    }
    return VD_OK;
}

vd_code vd_coverage_merge(vd_coverage *into, const vd_coverage *from, vd_error *err)
{
    for (uint32_t i = 0; i < from->rows.count; i++) {
        const vd_covered_statement *row = from->rows.at[i];
        vd_covered_statement       *mine;

        VD_TRY(add_row(into, row, &mine, err));
        mine->reached |= row->reached;
        mine->applied |= row->applied;
        for (size_t j = 0; j < row->entry_count && j < mine->entry_count; j++) {
            entry_of(mine, j)->seen_true |= row->entries[j]->seen_true;
            entry_of(mine, j)->seen_false |= row->entries[j]->seen_false;
        }
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ what was reached */

static void mark(vd_covered_statement *row, const vd_statement_trace *st)
{
    size_t entry = 0;

    for (size_t i = 0; i < st->element_count; i++)
        if (st->elements[i]->element != VD_ELEMENT_CONDITION && !st->elements[i]->matched)
            return;
    row->reached = true;
    row->applied |= st->applied;
    for (size_t i = 0; i < st->element_count && entry < row->entry_count; i++) {
        if (st->elements[i]->element != VD_ELEMENT_CONDITION)
            continue;
        if (st->elements[i]->matched)
            entry_of(row, entry)->seen_true = true;
        else
            entry_of(row, entry)->seen_false = true;
        entry++;
    }
}

/* A statement that vd_coverage_add has not seen: its row is made of what the trace tells. */
static vd_code row_of_trace(vd_coverage *c, const vd_statement_trace *st, vd_covered_statement **out, vd_error *err)
{
    vd_covered_statement like = { .size = sizeof like, .policy = st->policy_name, .layer = st->layer,
                                  .index = st->index, .sid = st->sid, .at = st->at, .deny = st->deny };
    vd_covered_entry        *entries = vd_arena_new_array(&c->arena, vd_covered_entry, st->element_count + 1);
    const vd_covered_entry **list = vd_arena_new_array(&c->arena, const vd_covered_entry *, st->element_count + 1);

    if (!entries || !list)
        return vd_fail_nomem(err);
    for (size_t i = 0; i < st->element_count; i++) {
        const vd_element_trace *e = st->elements[i];

        if (e->element != VD_ELEMENT_CONDITION)
            continue;
        entries[like.entry_count] =
            (vd_covered_entry){ .size = sizeof *entries, .operator_name = e->operator_name, .key = e->key, .at = e->at };
        list[like.entry_count] = &entries[like.entry_count];
        like.entry_count++;
    }
    like.entries = list;
    return add_row(c, &like, out, err);
}

static vd_code mark_statement(vd_coverage *c, const vd_statement_trace *st, vd_error *err)
{
    vd_covered_statement *row = find(c, st->at);

    if (!row)
        VD_TRY(row_of_trace(c, st, &row, err));
    if (!st->malformed)
        mark(row, st);
    return VD_OK;
}

vd_code vd_coverage_mark(vd_coverage *c, const vd_explained *e, vd_error *err)
{
    for (size_t i = 0; i < e->check_count; i++)
        for (size_t l = 0; l < e->checks[i]->layer_count; l++) {
            const vd_layer_trace *layer = e->checks[i]->layers[l];

            for (size_t j = 0; j < layer->statement_count; j++)
                VD_TRY(mark_statement(c, layer->statements[j], err));
        }
    return VD_OK;
}
