/* SPDX-License-Identifier: Apache-2.0
 *
 * The sections of the block while they grow, and the pieces that many statements share: texts, keys, short lists.
 */
#include "compile/compile.h"

#include "base/str.h"

vd_code vd_put(vd_compiler *c, vd_section s, const void *bytes, size_t n, uint32_t *index)
{
    vd_grow *g = &c->sec[s];
    size_t   need;

    if (!vd_add_ok(g->n, n, &need) || need > UINT32_MAX / 2)
        return vd_fail(c->err, VD_ELIMIT, "the compiled set would be larger than 2 GiB");
    if (need > c->limit)
        return vd_fail(c->err, VD_ELIMIT, "the compiled set would be larger than %llu bytes (limit set_bytes)",
                       (unsigned long long)c->limit);
    if (need > g->cap) {
        size_t cap = g->cap ? g->cap : 512;
        char  *p;

        while (cap < need)
            cap *= 2;
        p = vd_realloc(c->a, g->p, g->cap, cap);
        if (!p)
            return vd_fail_nomem(c->err);
        g->p = p;
        g->cap = cap;
    }
    if (n && bytes)
        memcpy(g->p + g->n, bytes, n);
    else if (n)
        memset(g->p + g->n, 0, n);
    if (index)
        *index = (uint32_t)(g->n / vd_section_sizes[s]);
    g->n = need;
    return VD_OK;
}

uint32_t vd_count_of(const vd_compiler *c, vd_section s)
{
    return (uint32_t)(c->sec[s].n / vd_section_sizes[s]);
}

void *vd_at(const vd_compiler *c, vd_section s, uint32_t index)
{
    return c->sec[s].p + (size_t)index * vd_section_sizes[s];
}

static bool same_text(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_compiler *c = ctx;
    const vd_str      *w = wanted;
    vd_itext           t = c->text_at.at[value];

    return t.len == w->n && memcmp(c->sec[VD_SEC_BYTES].p + t.off, w->p, w->n) == 0;
}

vd_code vd_put_text(vd_compiler *c, vd_str s, vd_itext *out)
{
    uint64_t hash;
    uint32_t id;

    *out = (vd_itext){ 0 };
    if (s.n == 0)
        return VD_OK;
    hash = vd_hash(c->text_seed, s);
    id = vd_map_find(&c->texts, hash, same_text, c, &s);
    if (id == VD_NONE) {
        vd_itext t = { .len = (uint32_t)s.n };

        id = c->text_at.count;
        VD_TRY(vd_put(c, VD_SEC_BYTES, s.p, s.n, &t.off));
        if (!VD_PUSH(c->a, &c->text_at, t) || !vd_map_add(&c->texts, c->a, hash, id))
            return vd_fail_nomem(c->err);
    }
    *out = c->text_at.at[id];
    return VD_OK;
}

/* Typed values, aligned for the evaluator; equal ones share their place. */
vd_code vd_put_aligned(vd_compiler *c, const void *p, size_t n, uint32_t *off)
{
    size_t   pad = (8 - c->sec[VD_SEC_BYTES].n % 8) % 8;
    vd_str   bytes = { p, n }, kept;
    uint32_t id = vd_intern_find(&c->typed, bytes);

    if (id == VD_NONE) {
        if (!vd_arena_dup(&c->scratch, &kept, bytes) || !vd_intern_add(&c->typed, c->a, kept, &id) ||
            !VD_PUSH(c->a, &c->typed_off, 0))
            return vd_fail_nomem(c->err);
        VD_TRY(vd_put(c, VD_SEC_BYTES, NULL, pad, NULL));
        VD_TRY(vd_put(c, VD_SEC_BYTES, p, n, &c->typed_off.at[id]));
    }
    *off = c->typed_off.at[id];
    return VD_OK;
}

typedef struct run {
    vd_section  s;
    const void *at;
    size_t      bytes;
} run;

static bool same_run(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_compiler *c = ctx;
    const run         *w = wanted;
    size_t             from = (size_t)value * vd_section_sizes[w->s];

    return from + w->bytes <= c->sec[w->s].n && memcmp(c->sec[w->s].p + from, w->at, w->bytes) == 0;
}

/* Equal runs share their place; one may also be the beginning of a longer one, its count tells its end. */
vd_code vd_put_run(vd_compiler *c, vd_section s, const void *elements, uint32_t n, uint32_t *index)
{
    run      w = { s, elements, (size_t)n * vd_section_sizes[s] };
    uint64_t hash = vd_hash(c->seed, (vd_str){ elements, w.bytes });

    *index = 0;
    if (n == 0)
        return VD_OK;
    *index = vd_map_find(&c->runs[s], hash, same_run, c, &w);
    if (*index != VD_NONE)
        return VD_OK;
    VD_TRY(vd_put(c, s, elements, w.bytes, index));
    return vd_map_add(&c->runs[s], c->a, hash, *index) ? VD_OK : vd_fail_nomem(c->err);
}

static bool same_key(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_compiler *c = ctx;
    const vd_ikey     *k = vd_at(c, VD_SEC_KEYS, value);

    return vd_str_ieq((vd_str){ c->sec[VD_SEC_BYTES].p + k->name.off, k->name.len }, *(const vd_str *)wanted);
}

/* <service>:ResourceTag/k reads aws:ResourceTag/k (E630). */
static bool tag_source(vd_compiler *c, vd_str key, vd_str *out)
{
    size_t slash = vd_str_find(key, '/');

    return vd_arena_printf(&c->scratch, out, "aws:ResourceTag/" VD_F, VD_A(vd_str_from(key, slash + 1)));
}

vd_code vd_put_key(vd_compiler *c, vd_str key, uint32_t *id)
{
    uint64_t hash = vd_ihash(c->seed, key);
    vd_ikey  k = { .hash = (uint32_t)hash, .source = VD_NONE };
    vd_str   source;

    *id = vd_map_find(&c->keys, hash, same_key, c, &key);
    if (*id != VD_NONE)
        return VD_OK;
    VD_TRY(vd_put_text(c, key, &k.name));
    k.arity = (uint8_t)vd_key_arity(key);
    k.derive = (uint8_t)vd_derive_find(key);
    VD_TRY(vd_put(c, VD_SEC_KEYS, &k, sizeof k, id));
    if (!vd_map_add(&c->keys, c->a, hash, *id))
        return vd_fail_nomem(c->err);
    if (k.derive == VD_DERIVE_NONE)
        return VD_OK;
    if (k.derive == VD_DERIVE_RESOURCE_TAG) {
        if (!tag_source(c, key, &source))
            return vd_fail_nomem(c->err);
    } else {
        source = vd_derive_source((vd_derive)k.derive);
    }
    if (source.n) {
        uint32_t from;

        VD_TRY(vd_put_key(c, source, &from)); /* one level deep: a source is never derived from another */
        ((vd_ikey *)vd_at(c, VD_SEC_KEYS, *id))->source = from;
    }
    return VD_OK;
}

uint32_t vd_slot_count(uint32_t count)
{
    uint32_t n = 2;

    while (n < count * 2)
        n *= 2;
    return n;
}
