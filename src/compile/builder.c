/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes into a set, attached where; and the steps of a compilation, in order.
 */
#include "compile/compile.h"

#include "base/str.h"

#include <stdlib.h>

vd_code vd_builder_new(vd_builder **out, const vd_engine *engine, vd_error *err)
{
    vd_builder *b;

    if (out)
        *out = NULL;
    if (!out || !engine)
        return vd_fail(err, VD_EINVAL, "an engine and a place to go are needed");
    b = vd_alloc0(&engine->alloc, sizeof *b);
    if (!b)
        return vd_fail_nomem(err);
    b->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    b->texts = vd_arena_on(&engine->alloc, 0);
    *out = b;
    return VD_OK;
}

void vd_builder_free(vd_builder *b)
{
    vd_engine *e;

    if (!b)
        return;
    e = b->engine;
    for (uint32_t i = 0; i < b->policies.count; i++)
        vd_policy_release(b->policies.at[i]);
    VD_VEC_DONE(&e->alloc, &b->policies);
    VD_VEC_DONE(&e->alloc, &b->attachments);
    vd_map_done(&b->by_pointer, &e->alloc);
    vd_arena_done(&b->texts);
    vd_free(&e->alloc, (void *)(uintptr_t)b->known.p, b->known.n);
    vd_free(&e->alloc, b, sizeof *b);
    vd_engine_release(e);
}

static bool same_pointer(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_builder *b = ctx;

    return b->policies.at[value] == wanted;
}

static uint64_t pointer_hash(const vd_policy *p)
{
    return vd_hash(0, (vd_str){ (const char *)&p, sizeof p });
}

static vd_code add_policy(vd_builder *b, vd_policy *p, uint32_t *id, vd_error *err)
{
    uint64_t hash = pointer_hash(p);

    *id = vd_map_find(&b->by_pointer, hash, same_pointer, b, p);
    if (*id != VD_NONE)
        return VD_OK;
    if (b->policies.count >= b->engine->limits.set_policies)
        return vd_fail(err, VD_ELIMIT, "more than %u policies in a set (limit set_policies)",
                       b->engine->limits.set_policies);
    if (p->statement_count > b->engine->limits.set_statements - b->statements)
        return vd_fail(err, VD_ELIMIT, "more than %u statements in a set (limit set_statements)",
                       b->engine->limits.set_statements);
    *id = b->policies.count;
    if (!VD_RESERVE(&b->engine->alloc, &b->policies, *id + 1) ||
        !vd_map_add(&b->by_pointer, &b->engine->alloc, hash, *id))
        return vd_fail_nomem(err);
    b->policies.at[b->policies.count++] = vd_policy_retain(p);
    b->statements += p->statement_count;
    return VD_OK;
}

/* The place as we keep it, and room for it: after this nothing can fail. */
static vd_code place(vd_attachment *out, vd_builder *b, const vd_attach *where, vd_error *err)
{
    vd_attach w = { 0 };

    memcpy(&w, where, where->size && where->size < sizeof w ? where->size : sizeof w);
    if (w.layer < 0 || w.layer >= VD_LAYER_COUNT)
        return vd_fail(err, VD_EINVAL, "there is no layer %d", (int)w.layer);
    if (w.level > 255)
        return vd_fail(err, VD_ELIMIT, "an organization has no %u levels", w.level);
    *out = (vd_attachment){ .policy = VD_NONE, .layer = w.layer, .order = b->attachments.count };
    out->level = w.layer == VD_LAYER_SCP || w.layer == VD_LAYER_RCP ? w.level : 0;
    if (!vd_arena_dup(&b->texts, &out->target, w.target) || !vd_arena_dup(&b->texts, &out->principal, w.principal) ||
        !vd_arena_dup(&b->texts, &out->resource, w.resource) || !vd_arena_dup(&b->texts, &out->account, w.account) ||
        !VD_RESERVE(&b->engine->alloc, &b->attachments, b->attachments.count + 1))
        return vd_fail_nomem(err);
    return VD_OK;
}

vd_code vd_builder_add(vd_builder *b, vd_policy *policy, const vd_attach *where, vd_error *err)
{
    vd_attachment a;

    if (!b || !policy || !where)
        return vd_fail(err, VD_EINVAL, "a builder, a policy and a place are needed");
    VD_TRY(place(&a, b, where, err));
    VD_TRY(add_policy(b, policy, &a.policy, err));
    b->attachments.at[b->attachments.count++] = a;
    return VD_OK;
}

vd_code vd_builder_level(vd_builder *b, const vd_attach *where, vd_error *err)
{
    vd_attachment a;

    if (!b || !where)
        return vd_fail(err, VD_EINVAL, "a builder and a place are needed");
    VD_TRY(place(&a, b, where, err));
    b->attachments.at[b->attachments.count++] = a;
    return VD_OK;
}

/* ------------------------------------------------------------------ compiling */

typedef struct named {
    vd_str   name;
    uint32_t id;
} named;

static int name_order(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int          c = vd_str_cmp(x->name, y->name);

    return c ? c : (x->id > y->id) - (x->id < y->id);
}

/* E810: statements are ordered by policy name, then by arrival, then by their place in the document. */
static vd_code order_policies(vd_compiler *c)
{
    uint32_t n = c->b->policies.count, first = 0;
    named   *list = vd_arena_new_array(&c->scratch, named, (size_t)n + 1);

    if (!list || !VD_RESERVE(c->a, &c->rank, n) || !VD_RESERVE(c->a, &c->first, n) ||
        !VD_RESERVE(c->a, &c->is_public, n))
        return vd_fail_nomem(c->err);
    for (uint32_t i = 0; i < n; i++)
        list[i] = (named){ vd_policy_name(c->b->policies.at[i]), i };
    qsort(list, n, sizeof *list, name_order);
    c->rank.count = c->first.count = c->is_public.count = n;
    for (uint32_t i = 0; i < n; i++) {
        const vd_policy *p = c->b->policies.at[list[i].id];

        c->rank.at[i] = list[i].id;
        c->first.at[list[i].id] = first;
        c->is_public.at[list[i].id] =
            (p->kind == VD_KIND_RESOURCE || p->kind == VD_KIND_TRUST) && vd_policy_is_public(p);
        first += p->statement_count;
    }
    return vd_put(c, VD_SEC_POLICIES, NULL, (size_t)n * sizeof(vd_ipolicy), NULL);
}

/* The seed of the hash tables follows from what is compiled: the same input gives the same bytes, and who writes one
 * policy cannot choose where its names fall. */
static uint64_t seed_of(const vd_builder *b)
{
    uint64_t h = 0x76657264696374u;

    for (uint32_t i = 0; i < b->policies.count; i++) {
        vd_str text = vd_policy_text(b->policies.at[i]);

        h = vd_hash(h, text);
    }
    return h;
}

static vd_code reserve_zero(vd_compiler *c)
{
    vd_ientry empty = { .act = VD_NONE, .res = VD_HEADER };

    VD_TRY(vd_put(c, VD_SEC_BYTES, NULL, 8, NULL));
    VD_TRY(vd_put(c, VD_SEC_POOL, NULL, 4, NULL));
    return vd_put(c, VD_SEC_ENTRIES, &empty, sizeof empty, NULL);
}

/* What only statements share; their trees ask for nothing of it. */
static void forget_pieces(vd_compiler *c)
{
    static const vd_section done[] = { VD_SEC_ATOMS, VD_SEC_VALUES, VD_SEC_PARTS, VD_SEC_PATTERNS, VD_SEC_PRINCIPALS };

    for (size_t i = 0; i < VD_COUNT(done); i++)
        vd_map_done(&c->runs[done[i]], c->a);
    vd_intern_done(&c->typed, c->a);
    VD_VEC_DONE(c->a, &c->typed_off);
    vd_map_done(&c->keys, c->a);
    vd_arena_done(&c->piece);
}

static vd_code compile(vd_compiler *c, vd_set **out)
{
    VD_TRY(reserve_zero(c));
    VD_TRY(order_policies(c));
    for (uint32_t i = 0; i < c->rank.count; i++)
        VD_TRY(vd_compile_policy(c, c->rank.at[i]));
    forget_pieces(c);
    VD_TRY(vd_compile_bindings(c));
    return vd_compile_emit(c, out);
}

void vd_compile_forget(vd_compiler *c)
{
    for (uint32_t s = 0; s < VD_SEC_COUNT; s++)
        vd_map_done(&c->runs[s], c->a);
    vd_map_done(&c->texts, c->a);
    vd_intern_done(&c->typed, c->a);
    VD_VEC_DONE(c->a, &c->text_at);
    VD_VEC_DONE(c->a, &c->typed_off);
    VD_VEC_DONE(c->a, &c->prefix);
    vd_map_done(&c->keys, c->a);
    vd_map_done(&c->trees, c->a);
    VD_VEC_DONE(c->a, &c->rank);
    VD_VEC_DONE(c->a, &c->first);
    VD_VEC_DONE(c->a, &c->is_public);
    VD_VEC_DONE(c->a, &c->not_action);
    vd_arena_done(&c->scratch);
    vd_arena_done(&c->tree);
    vd_arena_done(&c->piece);
}

static void compiler_done(vd_compiler *c)
{
    for (uint32_t s = 0; s < VD_SEC_COUNT; s++)
        vd_free(c->a, c->sec[s].p, c->sec[s].cap);
    vd_compile_forget(c);
}

vd_code vd_builder_compile(vd_set **out, vd_builder *b, const vd_compile_opts *opts, vd_error *err)
{
    vd_compile_opts o = { 0 };
    vd_compiler     c = { 0 };
    vd_code         code;

    if (!out || !b)
        return vd_fail(err, VD_EINVAL, "a builder is needed");
    *out = NULL;
    if (opts)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    c.a = &b->engine->alloc;
    c.b = b;
    c.err = err;
    c.strip = o.strip_sources;
    c.limit = b->engine->limits.set_bytes;
    c.seed = seed_of(b);
    c.text_seed = c.typed.seed = b->engine->hash_seed;
    c.scratch = c.tree = c.piece = vd_arena_on(c.a, 0);
    code = compile(&c, out);
    compiler_done(&c);
    return code;
}
