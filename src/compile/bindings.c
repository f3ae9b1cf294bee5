/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is bound to which trees.  Attachments without a name hold for every request and are part of every named list, so
 * the evaluator finds one tree for a layer and never has to join two.
 */
#include "compile/compile.h"

#include "base/str.h"
#include "pattern/arn.h"

#include <stdlib.h>

typedef enum table { BY_PRINCIPAL, BY_RESOURCE, BY_ACCOUNT, TABLES } table;

typedef struct bound {
    vd_str   name;
    table    by;
    VD_VEC(uint32_t) own; /* attachments that name it */
} bound;

typedef struct bindings {
    vd_compiler *c;
    VD_VEC(bound) all;     /* [0] is the default */
    vd_intern    names[TABLES];
    VD_VEC(uint32_t) index[TABLES]; /* by interned name: index into all */
} bindings;

static table table_of(vd_layer layer)
{
    switch (layer) {
    case VD_LAYER_RESOURCE:
    case VD_LAYER_ACCESS_POINT:
        return BY_RESOURCE;
    case VD_LAYER_SCP:
    case VD_LAYER_RCP:
        return BY_ACCOUNT;
    default:
        return BY_PRINCIPAL;
    }
}

static vd_str name_of(const vd_attachment *a)
{
    switch (table_of(a->layer)) {
    case BY_RESOURCE:
        return a->resource;
    case BY_ACCOUNT:
        return a->account;
    default:
        return a->layer == VD_LAYER_ENDPOINT ? (vd_str){ "", 0 } : a->principal;
    }
}

static vd_code find_bound(bindings *b, table by, vd_str name, uint32_t *index)
{
    uint32_t id, before = b->names[by].strings.count;

    *index = 0;
    if (name.n == 0)
        return VD_OK;
    if (!vd_intern_add(&b->names[by], b->c->a, name, &id))
        return vd_fail_nomem(b->c->err);
    if (id == before) {
        if (!VD_PUSH(b->c->a, &b->index[by], b->all.count) ||
            !VD_PUSH(b->c->a, &b->all, (bound){ .name = name, .by = by }))
            return vd_fail_nomem(b->c->err);
    }
    *index = b->index[by].at[id];
    return VD_OK;
}

static vd_code sort_out(bindings *b)
{
    if (!VD_PUSH(b->c->a, &b->all, (bound){ .by = TABLES }))
        return vd_fail_nomem(b->c->err);
    for (uint32_t i = 0; i < b->c->b->attachments.count; i++) {
        const vd_attachment *a = &b->c->b->attachments.at[i];
        uint32_t             index;

        VD_TRY(find_bound(b, table_of(a->layer), name_of(a), &index));
        if (!VD_PUSH(b->c->a, &b->all.at[index].own, i))
            return vd_fail_nomem(b->c->err);
    }
    return VD_OK;
}

/* Documents of a layer and level for one binding: those for everyone and its own, in the order supplied. */
typedef struct docs {
    uint32_t *at;
    uint32_t  count, cap;
    vd_str    target;
    bool      exists; /* the layer or level was mentioned at all */
} docs;

static vd_code take(bindings *b, const bound *from, vd_layer layer, uint32_t level, docs *out)
{
    for (uint32_t i = 0; i < from->own.count; i++) {
        const vd_attachment *a = &b->c->b->attachments.at[from->own.at[i]];

        if (a->layer != layer || a->level != level)
            continue;
        out->exists = true;
        if (out->target.n == 0)
            out->target = a->target;
        if (a->policy == VD_NONE)
            continue;
        if (!VD_ARENA_PUSH(&b->c->scratch, out->at, out->count, out->cap, a->policy))
            return vd_fail_nomem(b->c->err);
    }
    return VD_OK;
}

static int id_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static vd_code docs_of(bindings *b, uint32_t index, vd_layer layer, uint32_t level, docs *out)
{
    uint32_t n = 0;

    *out = (docs){ 0 };
    if (index)
        VD_TRY(take(b, &b->all.at[index], layer, level, out));
    VD_TRY(take(b, &b->all.at[0], layer, level, out));
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, id_order);
    for (uint32_t i = 0; i < out->count; i++)
        if (n == 0 || out->at[i] != out->at[n - 1])
            out->at[n++] = out->at[i];
    out->count = n;
    for (uint32_t i = 0; i < out->count; i++) {
        vd_ipolicy *p = vd_at(b->c, VD_SEC_POLICIES, out->at[i]);

        p->layer = (uint32_t)layer;
    }
    return VD_OK;
}

static vd_code tree_of(bindings *b, uint32_t index, vd_layer layer, uint32_t *tree)
{
    docs d;

    *tree = VD_NONE;
    VD_TRY(docs_of(b, index, layer, 0, &d));
    return d.count ? vd_compile_tree(b->c, d.at, d.count, tree) : VD_OK;
}

static uint32_t levels_of(const bindings *b, uint32_t index, vd_layer layer)
{
    uint32_t levels = 0;

    for (uint32_t k = 0; k < 2; k++) {
        const bound *from = &b->all.at[k ? index : 0];

        for (uint32_t i = 0; i < from->own.count; i++) {
            const vd_attachment *a = &b->c->b->attachments.at[from->own.at[i]];

            if (a->layer == layer && a->level >= levels)
                levels = a->level + 1;
        }
    }
    return levels;
}

static vd_code chain_of(bindings *b, uint32_t index, vd_layer layer, uint32_t *chain)
{
    uint32_t  count = levels_of(b, index, layer);
    vd_ilevel levels[256];
    vd_ichain out = { .count = count };

    *chain = VD_NONE;
    if (count == 0)
        return VD_OK;
    for (uint32_t i = 0; i < count; i++) {
        docs d;

        VD_TRY(docs_of(b, index, layer, i, &d));
        VD_TRY(vd_put_text(b->c, d.target, &levels[i].target));
        levels[i].tree = VD_NONE;
        if (d.count)
            VD_TRY(vd_compile_tree(b->c, d.at, d.count, &levels[i].tree));
    }
    VD_TRY(vd_put_run(b->c, VD_SEC_LEVELS, levels, count, &out.first));
    return vd_put_run(b->c, VD_SEC_CHAINS, &out, 1, chain);
}

static vd_code put_binding(bindings *b, uint32_t index, const vd_ibinding *base)
{
    const bound *n = &b->all.at[index];
    vd_ibinding  out = *base;

    if (n->by == BY_PRINCIPAL || index == 0) {
        VD_TRY(tree_of(b, index, VD_LAYER_IDENTITY, &out.tree[VD_BIND_IDENTITY]));
        VD_TRY(tree_of(b, index, VD_LAYER_BOUNDARY, &out.tree[VD_BIND_BOUNDARY]));
        VD_TRY(tree_of(b, index, VD_LAYER_SESSION, &out.tree[VD_BIND_SESSION]));
    }
    if (n->by == BY_RESOURCE || index == 0) {
        VD_TRY(tree_of(b, index, VD_LAYER_RESOURCE, &out.tree[VD_BIND_RESOURCE]));
        VD_TRY(tree_of(b, index, VD_LAYER_ACCESS_POINT, &out.tree[VD_BIND_ACCESS_POINT]));
    }
    if (n->by == BY_ACCOUNT || index == 0) {
        VD_TRY(chain_of(b, index, VD_LAYER_SCP, &out.scp));
        VD_TRY(chain_of(b, index, VD_LAYER_RCP, &out.rcp));
    }
    if (index == 0)
        VD_TRY(tree_of(b, 0, VD_LAYER_ENDPOINT, &out.tree[VD_BIND_ENDPOINT]));
    VD_TRY(vd_put_text(b->c, n->name, &out.name));
    return vd_put(b->c, VD_SEC_BINDINGS, &out, sizeof out, NULL);
}

/* ------------------------------------------------------------------ hash tables */

static const vd_section slot_section[TABLES] = { VD_SEC_PRINCIPAL_SLOTS, VD_SEC_RESOURCE_SLOTS,
                                                 VD_SEC_ACCOUNT_SLOTS };

static void put_slot(vd_compiler *c, vd_section s, vd_str name, uint32_t binding)
{
    uint32_t mask = vd_count_of(c, s) - 1, at = (uint32_t)vd_hash(c->seed, name) & mask;

    while (*(uint32_t *)vd_at(c, s, at))
        at = (at + 1) & mask;
    *(uint32_t *)vd_at(c, s, at) = binding + 1;
}

/* A session ARN does not tell the path of its role (E402): roles are also found under what it does tell,
 * arn:aws:sts::<account>:assumed-role/<name>.  Of several roles of one name (which an account cannot have) the one
 * without a path is taken, else none. */
static vd_code session_of(vd_compiler *c, vd_str arn, vd_str *out, bool *plain)
{
    vd_arn a;
    size_t slash;

    *out = (vd_str){ "", 0 };
    if (!vd_arn_split(&a, arn) || !vd_str_eq(a.service, VD_S("iam")) || !vd_str_starts(a.resource, VD_S("role/")))
        return VD_OK; /* no role */
    slash = vd_str_rfind(a.resource, '/');
    *plain = slash == 4;
    if (!vd_arena_printf(&c->scratch, out, "arn:" VD_F ":sts::" VD_F ":assumed-role/" VD_F, VD_A(a.partition),
                         VD_A(a.account), VD_A(vd_str_from(a.resource, slash + 1))))
        return vd_fail_nomem(c->err);
    return VD_OK;
}

typedef struct alias {
    uint32_t binding, uses;
    bool     plain;
} alias;

typedef struct aliases {
    vd_intern     names;
    VD_VEC(alias) at;
} aliases;

static vd_code count_alias(bindings *b, aliases *l, uint32_t index)
{
    vd_str   name;
    bool     plain = false;
    uint32_t id, before = l->names.strings.count;

    if (b->all.at[index].by != BY_PRINCIPAL)
        return VD_OK;
    VD_TRY(session_of(b->c, b->all.at[index].name, &name, &plain));
    if (name.n == 0)
        return VD_OK;
    if (!vd_intern_add(&l->names, b->c->a, name, &id) || (id == before && !VD_PUSH(b->c->a, &l->at, (alias){ 0 })))
        return vd_fail_nomem(b->c->err);
    if (l->at.at[id].uses == 0 || plain)
        l->at.at[id].binding = index;
    l->at.at[id].plain |= plain;
    l->at.at[id].uses++;
    return VD_OK;
}

static vd_code add_alias(bindings *b, vd_str name, uint32_t binding)
{
    vd_ibinding copy = *(vd_ibinding *)vd_at(b->c, VD_SEC_BINDINGS, binding);

    VD_TRY(vd_put_text(b->c, name, &copy.name));
    VD_TRY(vd_put(b->c, VD_SEC_BINDINGS, &copy, sizeof copy, NULL));
    return VD_PUSH(b->c->a, &b->all, (bound){ .name = name, .by = BY_PRINCIPAL }) ? VD_OK : vd_fail_nomem(b->c->err);
}

static vd_code add_sessions(bindings *b)
{
    uint32_t count = b->all.count;
    aliases  l = { .names = { .seed = b->c->b->engine->hash_seed } };
    vd_code  code = VD_OK;

    for (uint32_t i = 1; i < count && code == VD_OK; i++)
        code = count_alias(b, &l, i);
    for (uint32_t i = 0; i < l.at.count && code == VD_OK; i++)
        if (l.at.at[i].uses == 1 || l.at.at[i].plain)
            code = add_alias(b, l.names.strings.at[i], l.at.at[i].binding);
    vd_intern_done(&l.names, b->c->a);
    VD_VEC_DONE(b->c->a, &l.at);
    return code;
}

static vd_code put_tables(bindings *b)
{
    uint32_t count[TABLES] = { 0 };

    for (uint32_t i = 1; i < b->all.count; i++)
        count[b->all.at[i].by]++;
    for (uint32_t t = 0; t < TABLES; t++)
        if (count[t])
            VD_TRY(vd_put(b->c, slot_section[t], NULL, 4u * vd_slot_count(count[t]), NULL));
    for (uint32_t i = 1; i < b->all.count; i++)
        put_slot(b->c, slot_section[b->all.at[i].by], b->all.at[i].name, i);
    return VD_OK;
}

static void bindings_done(bindings *b)
{
    for (uint32_t i = 0; i < b->all.count; i++)
        VD_VEC_DONE(b->c->a, &b->all.at[i].own);
    VD_VEC_DONE(b->c->a, &b->all);
    for (uint32_t t = 0; t < TABLES; t++) {
        vd_intern_done(&b->names[t], b->c->a);
        VD_VEC_DONE(b->c->a, &b->index[t]);
    }
}

static vd_code make(bindings *b)
{
    vd_ibinding none = { .scp = VD_NONE, .rcp = VD_NONE }, base;

    memset(none.tree, 0xff, sizeof none.tree);
    VD_TRY(sort_out(b));
    VD_TRY(put_binding(b, 0, &none));
    base = *(vd_ibinding *)vd_at(b->c, VD_SEC_BINDINGS, 0);
    for (uint32_t i = 1; i < b->all.count; i++)
        VD_TRY(put_binding(b, i, &base));
    VD_TRY(add_sessions(b));
    return put_tables(b);
}

vd_code vd_compile_bindings(vd_compiler *c)
{
    bindings b = { .c = c };
    vd_code  code;

    for (uint32_t t = 0; t < TABLES; t++)
        b.names[t].seed = c->b->engine->hash_seed;
    code = make(&b);
    bindings_done(&b);
    return code;
}
