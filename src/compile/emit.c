/* SPDX-License-Identifier: Apache-2.0
 *
 * The last step: the key table and the facts, then all sections side by side in one block with a header.
 */
#include "compile/compile.h"

#include "base/str.h"
#include "eval/set_int.h"

static vd_code put_key_slots(vd_compiler *c)
{
    uint32_t count = vd_count_of(c, VD_SEC_KEYS), slots = vd_slot_count(count), first;

    if (count > UINT16_MAX)
        return vd_fail(c->err, VD_ELIMIT, "more than %d different condition keys in a set", UINT16_MAX);
    VD_TRY(vd_put(c, VD_SEC_KEY_SLOTS, NULL, 4u * slots, &first));
    for (uint32_t i = 0; i < count; i++) {
        const vd_ikey *k = vd_at(c, VD_SEC_KEYS, i);
        uint32_t       at = k->hash & (slots - 1);

        while (*(uint32_t *)vd_at(c, VD_SEC_KEY_SLOTS, at))
            at = (at + 1) & (slots - 1);
        *(uint32_t *)vd_at(c, VD_SEC_KEY_SLOTS, at) = i + 1;
    }
    return VD_OK;
}

/* E710: the set decides alike under every later table. */
static vd_code put_rcp_services(vd_compiler *c)
{
    for (uint32_t i = 0; i < vd_rcp_service_count(); i++) {
        vd_itext t;

        VD_TRY(vd_put_text(c, vd_rcp_service_at(i), &t));
        VD_TRY(vd_put(c, VD_SEC_RCP_SERVICES, &t, sizeof t, NULL));
    }
    return VD_OK;
}

/* What keys bound by id depend on: names, in their order. */
static uint32_t fingerprint(const vd_compiler *c)
{
    uint64_t h = 0x6b657973; /* the same keys in the same order: ids stay good when a set is replaced */

    for (uint32_t i = 0; i < vd_count_of(c, VD_SEC_KEYS); i++) {
        const vd_ikey *k = vd_at(c, VD_SEC_KEYS, i);

        h = vd_ihash(h, (vd_str){ c->sec[VD_SEC_BYTES].p + k->name.off, k->name.len });
    }
    return (uint32_t)(h >> 32) | 1; /* never 0: a bound key is never "no key" */
}

static uint32_t hot_bytes(const vd_compiler *c)
{
    static const vd_section hot[] = { VD_SEC_POOL,     VD_SEC_ATOMS,    VD_SEC_VALUES,     VD_SEC_PARTS,
                                      VD_SEC_PATTERNS, VD_SEC_ACTIONS,  VD_SEC_PRINCIPALS, VD_SEC_STATEMENTS,
                                      VD_SEC_TREES,    VD_SEC_SERVICES, VD_SEC_NAMES,      VD_SEC_NODES,
                                      VD_SEC_ENTRIES,  VD_SEC_KEYS,     VD_SEC_KEY_SLOTS };
    size_t n = 0;

    for (size_t i = 0; i < VD_COUNT(hot); i++)
        n += c->sec[hot[i]].n;
    return (uint32_t)(n > UINT32_MAX ? UINT32_MAX : n);
}

static size_t aligned(size_t n)
{
    return (n + VD_IMAGE_ALIGN - 1) & ~(size_t)(VD_IMAGE_ALIGN - 1);
}

static size_t bytes_of(const vd_compiler *c, vd_section s)
{
    return s == VD_SEC_TEXTS ? c->text_bytes : c->sec[s].n;
}

static void copy_texts(const vd_compiler *c, vd_image *m)
{
    const vd_ipolicy *p = vd_image_at(m, VD_SEC_POLICIES);
    char             *texts = (char *)m + m->sections[VD_SEC_TEXTS].offset;

    for (uint32_t i = 0; i < c->b->policies.count; i++)
        if (p[i].text.len)
            memcpy(texts + p[i].text.off, vd_policy_text(c->b->policies.at[i]).p, p[i].text.len);
}

/* A section leaves when it is in the block. */
static void move_sections(vd_compiler *c, vd_image *m)
{
    char  *p = (char *)m;
    size_t at = aligned(sizeof *m);

    for (uint32_t s = 0; s < VD_SEC_COUNT; s++) {
        size_t n = bytes_of(c, (vd_section)s);

        m->sections[s] = (vd_isection){ (uint32_t)at, (uint32_t)(n / vd_section_sizes[s]) };
        if (c->sec[s].n)
            memcpy(p + at, c->sec[s].p, c->sec[s].n);
        at += aligned(n);
        vd_free(c->a, c->sec[s].p, c->sec[s].cap);
        c->sec[s] = (vd_grow){ 0 };
    }
    copy_texts(c, m);
}

vd_code vd_compile_emit(vd_compiler *c, vd_set **out)
{
    vd_engine  *e = c->b->engine;
    size_t      size = aligned(sizeof(vd_image));
    char       *block;
    vd_image   *m;
    vd_policy **models;
    uint32_t    count = c->b->policies.count;

    VD_TRY(put_key_slots(c));
    VD_TRY(put_rcp_services(c));
    if (c->b->known.n)
        VD_TRY(vd_put(c, VD_SEC_KNOWN, c->b->known.p, c->b->known.n, NULL));
    for (uint32_t s = 0; s < VD_SEC_COUNT; s++)
        size += aligned(bytes_of(c, (vd_section)s));
    if (size > c->limit || size > UINT32_MAX)
        return vd_fail(c->err, VD_ELIMIT, "the compiled set would be larger than %llu bytes (limit set_bytes)",
                       (unsigned long long)c->limit);
    vd_compile_forget(c); /* the block shall not stand in memory beside what it no longer needs */
    block = vd_alloc0(c->a, size + VD_IMAGE_ALIGN);
    models = vd_alloc0(c->a, count * sizeof *models);
    if (!block || !models) {
        vd_free(c->a, block, size + VD_IMAGE_ALIGN);
        vd_free(c->a, models, count * sizeof *models);
        return vd_fail_nomem(c->err);
    }
    m = (vd_image *)(((uintptr_t)block + VD_IMAGE_ALIGN - 1) & ~(uintptr_t)(VD_IMAGE_ALIGN - 1));
    memcpy(m->magic, VD_IMAGE_MAGIC, sizeof m->magic);
    m->format = VD_IMAGE_FORMAT;
    m->order = 0x01020304;
    m->size = size;
    m->seed = c->seed;
    m->stripped = c->strip;
    m->max_text = c->max_text;
    m->fingerprint = fingerprint(c);
    m->statement_bytes = hot_bytes(c);
    move_sections(c, m);
    m->texts = vd_image_texts(m);
    m->known = vd_image_known(m);
    m->checksum = vd_image_checksum(m);
    for (uint32_t i = 0; i < count; i++)
        models[i] = vd_policy_retain(c->b->policies.at[i]);
    return vd_set_adopt(out, e, block, size + VD_IMAGE_ALIGN, m, false, models, count, c->err);
}
