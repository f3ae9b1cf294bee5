/* SPDX-License-Identifier: Apache-2.0
 *
 * Layout of a *.vdc, which is also the block that is built in: a header, then sections of records of one size each.
 * Records hold indexes and offsets, never pointers, in the byte order of the machine.  build_write.c makes it, check.c
 * proves it, lookup.c, expand.c and sheet.c read it.  Whoever changes a record raises VD_CATALOG_FORMAT.
 *
 * A list is an index into the pool: there stands how many there are, behind it the ids in rising order.  Equal lists,
 * equal texts and equal shapes of actions are stored once.
 */
#ifndef VERDICT_CATALOG_IMAGE_H
#define VERDICT_CATALOG_IMAGE_H

#include "base/str.h"
#include "catalog/catalog.h"

#define VD_CATALOG_MAGIC "verdict\x1a"
enum { VD_CATALOG_FORMAT = 1, VD_CATALOG_ALIGN = 8 };

typedef enum vd_csection {
    VD_CAT_BYTES,    /* all texts */
    VD_CAT_POOL,     /* all lists; the first one is empty */
    VD_CAT_SERVICES, /* sorted by prefix */
    VD_CAT_ACTIONS,  /* service by service, sorted by name */
    VD_CAT_SHAPES,
    VD_CAT_TYPES,    /* service by service, sorted by name */
    VD_CAT_FORMATS,
    VD_CAT_KEYS,     /* sorted by name */
    VD_CAT_NAMED,    /* keys with a ${Name} part, rising */
    VD_CAT_FIELDS,   /* service fields of ARNs, sorted */
    VD_CAT_RETIRED,  /* sorted */
    VD_CAT_SHEETS,   /* sorted by name */
    VD_CAT_CELLS,
    VD_CAT_SERVICE_SLOTS, /* by vd_cat_hash of the prefix */
    VD_CAT_ACTION_SLOTS,  /* by vd_cat_hash of the name, seeded with the service */
    VD_CAT_SECTIONS
} vd_csection;

typedef struct vd_ctext {
    uint32_t off, len;
} vd_ctext;

typedef struct vd_cimage {
    char     magic[8];
    uint32_t order, format; /* 0x01020304 */
    uint64_t size, checksum;
    char     digest[64]; /* SHA-256 of all that follows the header */
    vd_ctext date, source;
    struct {
        uint32_t offset, count;
    } sections[VD_CAT_SECTIONS];
} vd_cimage;
_Static_assert(sizeof(vd_cimage) % VD_CATALOG_ALIGN == 0, "sections begin behind the header");

typedef struct vd_cservice {
    vd_ctext prefix, title, category;
    uint32_t first_action, actions, first_type, types;
    uint32_t keys; /* list */
    uint32_t rcp;
} vd_cservice;

typedef struct vd_caction {
    uint32_t name, shape;
    uint16_t service;
    uint8_t  name_len, bits; /* level, and the flags shifted by VD_CACTION_FLAGS */
} vd_caction;
_Static_assert(sizeof(vd_caction) == 12, "22 000 of them");
enum { VD_CACTION_FLAGS = 4, VD_CACTION_LEVEL = 15 };

typedef struct vd_cshape {
    uint32_t types, required, keys, depends; /* lists */
    uint32_t uses;                           /* list of pairs: resource type, list of keys for it alone */
    uint32_t more;                           /* list: those of the types that an overlay added */
} vd_cshape;

typedef struct vd_ctype {
    vd_ctext name;
    uint32_t service, first_format, formats, keys;
} vd_ctype;

typedef struct vd_cformat {
    vd_ctext text, coded;
} vd_cformat;

typedef struct vd_ckey {
    vd_ctext name, group;
    uint32_t type, flags;
} vd_ckey;

typedef struct vd_cfield {
    vd_ctext name;
    uint32_t types; /* list */
} vd_cfield;

typedef struct vd_csheet {
    vd_ctext name;
    uint32_t first_cell, rows, columns; /* a row of column names comes first and is not counted */
} vd_csheet;

/* A slot of a hash table with a power of two of them: an id and one more, under the upper bits of its hash; 0 is free, and
 * one always is.  The next slot is tried after one that is taken by another. */
enum { VD_SLOT_ID_BITS = 20, VD_SLOT_ID = (1 << VD_SLOT_ID_BITS) - 1 };

static inline uint64_t vd_cat_hash(uint32_t seed, vd_str s)
{
    return vd_ihash(seed + UINT64_C(0x9e3779b97f4a7c15), s);
}

static inline uint32_t vd_cat_tag(uint64_t hash)
{
    return (uint32_t)(hash >> 32) & ~(uint32_t)VD_SLOT_ID;
}

extern const uint8_t vd_csection_sizes[VD_CAT_SECTIONS];

struct vd_catalog {
    const vd_cimage    *m;
    const vd_allocator *alloc; /* of one that was opened */
    vd_str              mapped; /* of one that was loaded */
};

uint64_t vd_cimage_checksum(const vd_cimage *m, size_t size);
vd_code  vd_cimage_check(const vd_cimage *m, size_t size, vd_error *err);

static inline const void *vd_cat_at(const vd_catalog *c, vd_csection s)
{
    return (const char *)c->m + c->m->sections[s].offset;
}

static inline uint32_t vd_cat_count(const vd_catalog *c, vd_csection s)
{
    return c->m->sections[s].count;
}

static inline vd_str vd_cat_text(const vd_catalog *c, vd_ctext t)
{
    return (vd_str){ (const char *)vd_cat_at(c, VD_CAT_BYTES) + t.off, t.len };
}

static inline vd_ids vd_cat_list(const vd_catalog *c, uint32_t list)
{
    const uint32_t *at = (const uint32_t *)vd_cat_at(c, VD_CAT_POOL) + list;

    return (vd_ids){ at + 1, *at };
}

#endif
