/* SPDX-License-Identifier: Apache-2.0
 *
 * What a context key is worth in one check (E503, E504, E601, E604): the entries of the check itself, then the shared
 * ones, then what the engine derives.  A key that is marked absent or given an empty list is absent, and nothing is
 * derived in its place.
 */
#include "explain/rules.h"

#include "base/str.h"

void *vd_inquiry_alloc(vd_inquiry *q, size_t count, size_t size)
{
    void *p = vd_arena_array(q->arena, count ? count : 1, size, 16);

    if (!p)
        q->nomem = true;
    return p;
}

static vd_str name_of(const vd_inquiry *q, const vd_context *c)
{
    if (c->key.n || !q->world->bound_key)
        return c->key;
    return q->world->bound_key(q->world->ctx, c->bound);
}

/* E504: the spelling of the policy, else the byte-wise smallest. */
static const vd_context *supplied(const vd_inquiry *q, vd_str key, uint32_t check)
{
    const vd_context *best = NULL, *exact = NULL;

    for (uint32_t i = 0; i < q->request->context.count; i++) {
        const vd_context *c = &q->request->context.at[i];
        vd_str            name;

        if (c->check != check)
            continue;
        name = name_of(q, c);
        if (!vd_str_ieq(name, key))
            continue;
        if (vd_str_eq(name, key) || !c->key.n)
            exact = c; /* the same again replaces */
        if (!best || vd_str_cmp(name, name_of(q, best)) < 0)
            best = c;
    }
    return exact ? exact : best;
}

static bool find_supplied(const vd_inquiry *q, vd_str key, vd_values *out)
{
    const vd_context *c = supplied(q, key, q->facts->check);

    if (!c)
        c = supplied(q, key, VD_SHARED_CHECK);
    if (!c)
        return false;
    *out = (vd_values){ 0 };
    if (!c->absent && c->count) {
        out->at = q->request->values.at + c->first;
        out->count = c->count;
    }
    return true;
}

/* <service>:ResourceTag/k is derived from aws:ResourceTag/k, so the key it reads depends on k. */
static vd_str source_of(vd_inquiry *q, vd_derive d, vd_str key)
{
    size_t slash = vd_str_find(key, '/');
    vd_str out = { "", 0 };

    if (d != VD_DERIVE_RESOURCE_TAG)
        return vd_derive_source(d);
    if (!vd_arena_printf(q->arena, &out, "aws:ResourceTag" VD_F, VD_A(vd_str_from(key, slash))))
        q->nomem = true;
    return out;
}

vd_values vd_context_values(vd_inquiry *q, vd_str key)
{
    vd_values out = { 0 }, source = { 0 };
    vd_derive d;
    vd_str    value, from, *kept;
    char      text[VD_DERIVE_TEXT];

    if (find_supplied(q, key, &out))
        return out;
    d = vd_derive_find(key);
    if (d == VD_DERIVE_NONE || (d == VD_DERIVE_RESOURCE_TAG && !vd_derive_has_tag(q->facts, key)))
        return out;
    from = source_of(q, d, key);
    if (from.n)
        find_supplied(q, from, &source);
    if (!vd_derive_value(&value, text, q->facts, d, source.at, source.count))
        return out;
    kept = vd_inquiry_alloc(q, 1, sizeof *kept);
    if (!kept)
        return out;
    if (!vd_arena_dup(q->arena, kept, value)) {
        q->nomem = true;
        return out;
    }
    return (vd_values){ .at = kept, .count = 1, .derived = true };
}

const vd_str *vd_context_lookup(void *inquiry, vd_str key, uint32_t *count)
{
    vd_values v = vd_context_values(inquiry, key);

    *count = v.count;
    return v.at;
}

bool vd_context_many(vd_inquiry *q, vd_str key, uint32_t count)
{
    switch (q->world->arity(q->world->ctx, key)) {
    case VD_ARITY_ONE:
        return false;
    case VD_ARITY_MANY:
        return true;
    case VD_ARITY_UNKNOWN:
        break;
    }
    return count > 1;
}

vd_str vd_context_fault(vd_inquiry *q)
{
    for (uint32_t i = 0; i < q->request->context.count; i++) {
        const vd_context *c = &q->request->context.at[i];
        vd_str            name = name_of(q, c);

        if (c->check != VD_SHARED_CHECK && c->check != q->facts->check)
            continue;
        if (!name.n)
            return VD_S("a key of another set");
        if (!c->absent && c->count > 1 && q->world->arity(q->world->ctx, name) == VD_ARITY_ONE)
            return name;
    }
    return (vd_str){ "", 0 };
}
