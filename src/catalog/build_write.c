/* SPDX-License-Identifier: Apache-2.0
 *
 * The block: every record section is filled on its own, texts, lists and shapes are stored once, then all is put behind
 * a header.  Keys get their final ids here.
 */
#include "catalog/build_int.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"
#include "catalog/image.h"
#include "pattern/glob.h"

#include <stdlib.h>

typedef struct writer {
    vd_build  *b;
    vd_buf     section[VD_CAT_SECTIONS];
    vd_intern  texts;
    vd_map     lists, shapes;
    uint32_t  *offsets; /* of texts, by id */
    uint32_t   offset_count, offset_cap;
    uint32_t  *key_ids; /* the final one */
    uint32_t  *key_order;
    bool       failed;
} writer;

static void put(writer *w, vd_csection s, const void *record)
{
    vd_buf_add(&w->section[s], (vd_str){ record, vd_csection_sizes[s] });
}

static uint32_t count(const writer *w, vd_csection s)
{
    return (uint32_t)(w->section[s].n / vd_csection_sizes[s]);
}

static vd_ctext text(writer *w, vd_str s)
{
    uint32_t id;

    if (s.n == 0)
        return (vd_ctext){ 0 };
    if (!vd_intern_add(&w->texts, w->b->alloc, s, &id)) {
        w->failed = true;
        return (vd_ctext){ 0 };
    }
    if (id == w->offset_count) {
        uint32_t off = (uint32_t)w->section[VD_CAT_BYTES].n;

        if (!VD_ARENA_PUSH(&w->b->arena, w->offsets, w->offset_count, w->offset_cap, off))
            w->failed = true;
        vd_buf_add(&w->section[VD_CAT_BYTES], s);
    }
    return w->failed ? (vd_ctext){ 0 } : (vd_ctext){ w->offsets[id], (uint32_t)s.n };
}

/* ------------------------------------------------------------------ lists and shapes, each once */

typedef struct span {
    const uint32_t *at;
    uint32_t        count;
} span;

static bool same_list(const void *ctx, uint32_t value, const void *wanted)
{
    const writer   *w = ctx;
    const span     *s = wanted;
    const uint32_t *at = (const uint32_t *)(const void *)w->section[VD_CAT_POOL].p + value;

    return *at == s->count && memcmp(at + 1, s->at, s->count * sizeof *at) == 0;
}

static uint32_t list(writer *w, const uint32_t *at, uint32_t n)
{
    span     s = { at, n };
    uint64_t hash;
    uint32_t id;

    if (n == 0)
        return 0;
    hash = vd_hash(1, (vd_str){ (const char *)at, n * sizeof *at });
    id = vd_map_find(&w->lists, hash, same_list, w, &s);
    if (id != VD_NONE)
        return id;
    id = count(w, VD_CAT_POOL);
    put(w, VD_CAT_POOL, &n);
    for (uint32_t i = 0; i < n; i++)
        put(w, VD_CAT_POOL, &at[i]);
    w->failed = w->failed || w->section[VD_CAT_POOL].failed || !vd_map_add(&w->lists, w->b->alloc, hash, id);
    return id;
}

static uint32_t ids(writer *w, const vd_build_ids *l)
{
    return list(w, l->at, l->count);
}

static uint32_t keys(writer *w, const vd_build_ids *l)
{
    vd_build_ids final = { 0 };

    for (uint32_t i = 0; i < l->count; i++)
        if (vd_build_add_id(w->b, &final, w->key_ids[l->at[i]]) != VD_OK)
            w->failed = true;
    return w->failed ? 0 : ids(w, &final);
}

static bool same_shape(const void *ctx, uint32_t value, const void *wanted)
{
    const writer *w = ctx;

    return memcmp(w->section[VD_CAT_SHAPES].p + value * sizeof(vd_cshape), wanted, sizeof(vd_cshape)) == 0;
}

static uint32_t uses(writer *w, const vd_build_action *a)
{
    uint32_t *pairs = vd_arena_new_array(&w->b->arena, uint32_t, 2 * (size_t)a->use_count + 1);

    if (!pairs) {
        w->failed = true;
        return 0;
    }
    for (uint32_t i = 0; i < a->use_count; i++) {
        pairs[2 * i] = a->uses[i].type;
        pairs[2 * i + 1] = keys(w, &a->uses[i].keys);
    }
    return list(w, pairs, 2 * a->use_count);
}

static uint32_t shape(writer *w, const vd_build_action *a)
{
    vd_cshape s = { .types = ids(w, &a->types), .required = ids(w, &a->required), .keys = keys(w, &a->keys),
                    .depends = ids(w, &a->depends), .uses = uses(w, a), .more = ids(w, &a->more) };
    uint64_t  hash = vd_hash(1, (vd_str){ (const char *)&s, sizeof s });
    uint32_t  id = vd_map_find(&w->shapes, hash, same_shape, w, &s);

    if (id != VD_NONE)
        return id;
    id = count(w, VD_CAT_SHAPES);
    put(w, VD_CAT_SHAPES, &s);
    w->failed = w->failed || w->section[VD_CAT_SHAPES].failed || !vd_map_add(&w->shapes, w->b->alloc, hash, id);
    return id;
}

/* ------------------------------------------------------------------ keys */

typedef struct named_key {
    vd_str   name;
    uint32_t id;
} named_key;

static int by_key_name(const void *a, const void *b)
{
    return vd_str_icmp(((const named_key *)a)->name, ((const named_key *)b)->name);
}

static void write_keys(writer *w)
{
    uint32_t   n = w->b->key_count;
    named_key *order = vd_arena_new_array(&w->b->arena, named_key, n + 1);

    w->key_ids = vd_arena_new_array(&w->b->arena, uint32_t, n + 1);
    if (!order || !w->key_ids) {
        w->failed = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        order[i] = (named_key){ w->b->keys[i].name, i };
    qsort(order, n, sizeof *order, by_key_name);
    for (uint32_t i = 0; i < n; i++) {
        const vd_build_key *k = &w->b->keys[order[i].id];
        vd_ckey             out = { .name = text(w, k->name), .group = text(w, k->group), .type = k->type, .flags = k->flags };

        w->key_ids[order[i].id] = i;
        if (vd_str_contains(k->name, VD_S("${"))) {
            out.flags |= VD_KEY_NAMED;
            put(w, VD_CAT_NAMED, &i);
        }
        put(w, VD_CAT_KEYS, &out);
    }
}

/* ------------------------------------------------------------------ services, resource types, actions */

/* A placeholder or a star of the text becomes a wildcard: narrow in the fields one to five, wide in the last. */
static vd_ctext coded(writer *w, vd_str format)
{
    char    *out = vd_arena_alloc(&w->b->arena, format.n + 1, 1);
    size_t   n = 0;
    uint32_t field = 0;
    vd_str   kept;

    if (!out) {
        w->failed = true;
        return (vd_ctext){ 0 };
    }
    for (size_t i = 0; i < format.n; i++) {
        size_t end = i;

        if (format.p[i] == '$' && i + 1 < format.n && format.p[i + 1] == '{')
            end = i + vd_str_find(vd_str_from(format, i), '}');
        if (format.p[i] == '*' || (end > i && end < format.n)) {
            char wild = field < 5 ? VD_STAR_IN : VD_STAR;

            i = end;
            if (n == 0 || out[n - 1] != wild)
                out[n++] = wild;
            continue;
        }
        field += format.p[i] == ':';
        out[n++] = format.p[i];
    }
    if (!vd_arena_dup(&w->b->arena, &kept, (vd_str){ out, n }))
        w->failed = true;
    return w->failed ? (vd_ctext){ 0 } : text(w, kept);
}

typedef struct field_use {
    vd_str   field;
    uint32_t type;
} field_use;

static int by_field(const void *a, const void *b)
{
    const field_use *x = a, *y = b;
    int              c = vd_str_icmp(x->field, y->field);

    return c ? c : x->type < y->type ? -1 : x->type > y->type;
}

static vd_str service_field(vd_str arn)
{
    vd_str part = { 0 };

    for (int i = 0; i < 3; i++)
        if (!vd_str_cut(&arn, ':', &part))
            return (vd_str){ 0 };
    return vd_str_find(part, '$') == part.n && vd_str_find(part, '*') == part.n ? part : (vd_str){ 0 };
}

static void write_fields(writer *w, field_use *at, uint32_t n)
{
    qsort(at, n, sizeof *at, by_field);
    for (uint32_t i = 0, end; i < n; i = end) {
        vd_build_ids types = { 0 };
        vd_cfield    out = { .name = text(w, at[i].field) };

        for (end = i; end < n && vd_str_ieq(at[end].field, at[i].field); end++)
            if (vd_build_add_id(w->b, &types, at[end].type) != VD_OK)
                w->failed = true;
        out.types = ids(w, &types);
        put(w, VD_CAT_FIELDS, &out);
    }
}

static void write_types(writer *w)
{
    const vd_build *b = w->b;
    field_use      *fields = NULL;
    uint32_t        n = 0, cap = 0;

    for (uint32_t i = 0; i < b->type_count; i++) {
        const vd_build_type *t = &b->types[i];
        vd_ctype             out = { .name = text(w, t->name), .service = t->service,
                                     .first_format = count(w, VD_CAT_FORMATS), .keys = keys(w, &t->keys) };
        vd_str               rest = t->formats, one;
        bool                 more = true;

        while (more) {
            vd_cformat f;
            vd_str     field;

            more = vd_str_cut(&rest, ' ', &one);
            if (!more)
                one = rest;
            f = (vd_cformat){ text(w, one), coded(w, one) };
            put(w, VD_CAT_FORMATS, &f);
            out.formats++;
            field = service_field(one);
            if (field.n && !VD_ARENA_PUSH(&w->b->arena, fields, n, cap, (field_use){ field, i }))
                w->failed = true;
        }
        put(w, VD_CAT_TYPES, &out);
    }
    if (n)
        write_fields(w, fields, n);
}

static void write_services(writer *w)
{
    for (uint32_t i = 0; i < w->b->service_count; i++) {
        const vd_build_service *s = &w->b->services[i];
        vd_cservice             out = { .prefix = text(w, s->prefix), .title = text(w, s->title),
                                        .category = text(w, s->category), .first_action = s->first_action,
                                        .actions = s->actions, .first_type = s->first_type, .types = s->types,
                                        .keys = keys(w, &s->keys), .rcp = s->rcp };

        put(w, VD_CAT_SERVICES, &out);
    }
}

static void write_actions(writer *w)
{
    for (uint32_t i = 0; i < w->b->action_count; i++) {
        const vd_build_action *a = &w->b->actions[i];
        vd_caction             out = { .name = text(w, a->name).off, .shape = shape(w, a), .service = (uint16_t)a->service,
                                       .name_len = (uint8_t)a->name.n,
                                       .bits = (uint8_t)(a->level | a->flags << VD_CACTION_FLAGS) };

        put(w, VD_CAT_ACTIONS, &out);
    }
}

static void write_retired(writer *w)
{
    for (uint32_t i = 0; i < w->b->retired_count; i++) {
        vd_ctext out = text(w, w->b->retired[i]);

        put(w, VD_CAT_RETIRED, &out);
    }
}

static void write_sheets(writer *w)
{
    for (uint32_t i = 0; i < w->b->sheet_count; i++) {
        const vd_build_sheet *s = &w->b->sheets[i];
        vd_csheet             out = { .name = text(w, s->name), .first_cell = count(w, VD_CAT_CELLS),
                                      .rows = s->count / s->columns - 1, .columns = s->columns };

        for (uint32_t k = 0; k < s->count; k++) {
            vd_ctext cell = text(w, s->cells[k]);

            put(w, VD_CAT_CELLS, &cell);
        }
        put(w, VD_CAT_SHEETS, &out);
    }
}

/* ------------------------------------------------------------------ slots */

/* A quarter of them is free at least. */
static uint32_t *make_slots(writer *w, uint32_t ids, uint32_t *count_out)
{
    uint32_t n = 8, *slots;

    while (n / 4 * 3 < ids)
        n *= 2;
    *count_out = n;
    slots = vd_arena_new_array(&w->b->arena, uint32_t, n);
    w->failed = w->failed || !slots;
    return slots;
}

static void take_slot(uint32_t *slots, uint32_t n, uint64_t hash, uint32_t id)
{
    uint32_t i = (uint32_t)hash & (n - 1);

    while (slots[i])
        i = (i + 1) & (n - 1);
    slots[i] = vd_cat_tag(hash) | (id + 1);
}

static void write_slots(writer *w)
{
    uint32_t n, *slots = make_slots(w, w->b->service_count, &n);

    for (uint32_t i = 0; !w->failed && i < w->b->service_count; i++)
        take_slot(slots, n, vd_cat_hash(0, w->b->services[i].prefix), i);
    for (uint32_t i = 0; !w->failed && i < n; i++)
        put(w, VD_CAT_SERVICE_SLOTS, &slots[i]);
    slots = make_slots(w, w->b->action_count, &n);
    for (uint32_t i = 0; !w->failed && i < w->b->action_count; i++)
        take_slot(slots, n, vd_cat_hash(w->b->actions[i].service, w->b->actions[i].name), i);
    for (uint32_t i = 0; !w->failed && i < n; i++)
        put(w, VD_CAT_ACTION_SLOTS, &slots[i]);
}

/* ------------------------------------------------------------------ header and sections */

static size_t aligned(size_t n)
{
    return (n + VD_CATALOG_ALIGN - 1) / VD_CATALOG_ALIGN * VD_CATALOG_ALIGN;
}

static vd_code join(writer *w, vd_str *out)
{
    vd_cimage header = { .magic = VD_CATALOG_MAGIC, .order = 0x01020304, .format = VD_CATALOG_FORMAT };
    size_t    size = sizeof header;
    char     *p, digest[65];

    header.date = text(w, w->b->date);
    header.source = text(w, w->b->origin);
    for (int s = 0; s < VD_CAT_SECTIONS; s++) {
        w->failed = w->failed || w->section[s].failed;
        header.sections[s].offset = (uint32_t)size;
        header.sections[s].count = count(w, (vd_csection)s);
        size += aligned(w->section[s].n);
    }
    if (w->failed)
        return vd_fail_nomem(w->b->err);
    if (size > UINT32_MAX / 4)
        return vd_fail(w->b->err, VD_ELIMIT, "the catalogue is too large");
    p = vd_alloc0(w->b->alloc, size);
    if (!p)
        return vd_fail_nomem(w->b->err);
    for (int s = 0; s < VD_CAT_SECTIONS; s++)
        if (w->section[s].n)
            memcpy(p + header.sections[s].offset, w->section[s].p, w->section[s].n);
    header.size = size;
    vd_sha256_hex(digest, 64, (vd_str){ p + sizeof header, size - sizeof header });
    memcpy(header.digest, digest, sizeof header.digest);
    memcpy(p, &header, sizeof header);
    header.checksum = vd_cimage_checksum((const void *)p, size);
    memcpy(p, &header, sizeof header);
    *out = (vd_str){ p, size };
    return VD_OK;
}

vd_code vd_build_write(vd_build *b, vd_str *out)
{
    const uint32_t none = 0;
    writer         w = { .b = b, .texts = { .seed = 1 } };
    vd_code        code;

    for (int s = 0; s < VD_CAT_SECTIONS; s++)
        w.section[s] = vd_buf_on(b->alloc, UINT32_MAX / 32);
    put(&w, VD_CAT_POOL, &none);
    write_keys(&w);
    if (!w.failed) {
        write_types(&w);
        write_services(&w);
        write_actions(&w);
        write_retired(&w);
        write_sheets(&w);
        write_slots(&w);
    }
    code = join(&w, out);
    for (int s = 0; s < VD_CAT_SECTIONS; s++)
        vd_buf_done(&w.section[s]);
    vd_intern_done(&w.texts, b->alloc);
    vd_map_done(&w.lists, b->alloc);
    vd_map_done(&w.shapes, b->alloc);
    return code;
}
