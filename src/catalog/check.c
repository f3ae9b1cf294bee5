/* SPDX-License-Identifier: Apache-2.0
 *
 * Proof that a block is what the look-ups take it for: every offset, index, length and enum is looked at once, all runs
 * follow each other, whatever is searched is sorted.  Only then is it trusted.  Damage of texts alone is what the
 * checksum is for.
 */
#include "catalog/image.h"

#include "base/error.h"
#include "base/str.h"

enum { LONGEST_ACTION = 64, ALL_KEY_FLAGS = 63, ALL_ACTION_FLAGS = 3 };

typedef struct checker {
    vd_catalog c; /* for the accessors */
    vd_error  *err;
} checker;

static vd_code bad(const checker *k, const char *what, uint32_t index)
{
    return vd_fail(k->err, VD_EFORMAT, "damaged catalogue: %s %u", what, index);
}

static uint32_t count(const checker *k, vd_csection s)
{
    return vd_cat_count(&k->c, s);
}

static bool text_ok(const checker *k, vd_ctext t)
{
    uint32_t total = count(k, VD_CAT_BYTES);

    return t.off <= total && t.len <= total - t.off;
}

/* a stands before b.  Both are proved texts. */
static bool sorted(const checker *k, vd_ctext a, vd_ctext b)
{
    return vd_str_icmp(vd_cat_text(&k->c, a), vd_cat_text(&k->c, b)) < 0;
}

static bool span_ok(const checker *k, uint32_t list)
{
    const uint32_t *pool = vd_cat_at(&k->c, VD_CAT_POOL);
    uint32_t        total = count(k, VD_CAT_POOL);

    return list < total && pool[list] < total - list;
}

/* Rising ids below most. */
static bool list_ok(const checker *k, uint32_t list, uint32_t most)
{
    vd_ids ids;

    if (!span_ok(k, list))
        return false;
    ids = vd_cat_list(&k->c, list);
    for (uint32_t i = 0; i < ids.count; i++)
        if (ids.at[i] >= most || (i && ids.at[i - 1] >= ids.at[i]))
            return false;
    return true;
}

static vd_code check_header(const vd_cimage *m, size_t size, vd_error *err)
{
    uint64_t end = sizeof *m;

    if (size < sizeof *m || memcmp(m->magic, VD_CATALOG_MAGIC, sizeof m->magic) != 0)
        return vd_fail(err, VD_EFORMAT, "this is not a compiled catalogue");
    if (m->order != 0x01020304)
        return vd_fail(err, VD_EFORMAT, "the catalogue was made on a machine of another byte order");
    if (m->format != VD_CATALOG_FORMAT)
        return vd_fail(err, VD_EFORMAT, "the catalogue has format %u, this program reads %d: make it again with"
                       " `verdict catalog update`", m->format, VD_CATALOG_FORMAT);
    if (m->size != size)
        return vd_fail(err, VD_EFORMAT, "the catalogue is %s: %llu bytes, the header says %llu",
                       m->size > size ? "truncated" : "too long", (unsigned long long)size, (unsigned long long)m->size);
    for (uint32_t s = 0; s < VD_CAT_SECTIONS; s++) {
        uint64_t bytes = (uint64_t)m->sections[s].count * vd_csection_sizes[s];

        if (m->sections[s].offset % VD_CATALOG_ALIGN || m->sections[s].offset < end || m->sections[s].offset + bytes > size)
            return vd_fail(err, VD_EFORMAT, "damaged catalogue: section %u", s);
        end = m->sections[s].offset + bytes;
    }
    if (vd_cimage_checksum(m, size) != m->checksum)
        return vd_fail(err, VD_EFORMAT, "damaged catalogue: the checksum does not match");
    return VD_OK;
}

static vd_code check_services(const checker *k)
{
    const vd_cservice *s = vd_cat_at(&k->c, VD_CAT_SERVICES);
    uint32_t           actions = 0, types = 0, n = count(k, VD_CAT_SERVICES);

    for (uint32_t i = 0; i < n; i++) {
        if (!text_ok(k, s[i].prefix) || !text_ok(k, s[i].title) || !text_ok(k, s[i].category) || s[i].rcp > 1 ||
            !list_ok(k, s[i].keys, count(k, VD_CAT_KEYS)) || (i && !sorted(k, s[i - 1].prefix, s[i].prefix)))
            return bad(k, "service", i);
        if (s[i].first_action != actions || s[i].actions > count(k, VD_CAT_ACTIONS) - actions ||
            s[i].first_type != types || s[i].types > count(k, VD_CAT_TYPES) - types)
            return bad(k, "runs of service", i);
        actions += s[i].actions;
        types += s[i].types;
    }
    return actions == count(k, VD_CAT_ACTIONS) && types == count(k, VD_CAT_TYPES) ? VD_OK : bad(k, "runs of service", n);
}

static vd_code check_actions(const checker *k)
{
    const vd_cservice *s = vd_cat_at(&k->c, VD_CAT_SERVICES);
    const vd_caction  *a = vd_cat_at(&k->c, VD_CAT_ACTIONS);

    for (uint32_t service = 0; service < count(k, VD_CAT_SERVICES); service++)
        for (uint32_t i = s[service].first_action; i < s[service].first_action + s[service].actions; i++) {
            vd_ctext name = { a[i].name, a[i].name_len };

            if (a[i].service != service || a[i].shape >= count(k, VD_CAT_SHAPES) || !text_ok(k, name) || name.len == 0 ||
                name.len > LONGEST_ACTION || (a[i].bits & VD_CACTION_LEVEL) > VD_LEVEL_PERMISSIONS ||
                a[i].bits >> VD_CACTION_FLAGS > ALL_ACTION_FLAGS)
                return bad(k, "action", i);
            if (i > s[service].first_action && !sorted(k, (vd_ctext){ a[i - 1].name, a[i - 1].name_len }, name))
                return bad(k, "order of action", i);
        }
    return VD_OK;
}

static bool uses_ok(const checker *k, uint32_t uses)
{
    vd_ids   pairs;
    uint32_t types = count(k, VD_CAT_TYPES), keys = count(k, VD_CAT_KEYS);

    if (!span_ok(k, uses))
        return false;
    pairs = vd_cat_list(&k->c, uses);
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2)
        if (pairs.at[i] >= types || !list_ok(k, pairs.at[i + 1], keys))
            return false;
    return pairs.count % 2 == 0;
}

static vd_code check_shapes(const checker *k)
{
    const vd_cshape *s = vd_cat_at(&k->c, VD_CAT_SHAPES);

    for (uint32_t i = 0; i < count(k, VD_CAT_SHAPES); i++)
        if (!list_ok(k, s[i].types, count(k, VD_CAT_TYPES)) || !list_ok(k, s[i].required, count(k, VD_CAT_TYPES)) ||
            !list_ok(k, s[i].keys, count(k, VD_CAT_KEYS)) || !list_ok(k, s[i].depends, count(k, VD_CAT_ACTIONS)) ||
            !list_ok(k, s[i].more, count(k, VD_CAT_TYPES)) || !uses_ok(k, s[i].uses))
            return bad(k, "shape", i);
    return VD_OK;
}

static vd_code check_types(const checker *k)
{
    const vd_cservice *s = vd_cat_at(&k->c, VD_CAT_SERVICES);
    const vd_ctype    *t = vd_cat_at(&k->c, VD_CAT_TYPES);
    const vd_cformat  *f = vd_cat_at(&k->c, VD_CAT_FORMATS);
    uint32_t           formats = 0;

    for (uint32_t i = 0; i < count(k, VD_CAT_FORMATS); i++)
        if (!text_ok(k, f[i].text) || !text_ok(k, f[i].coded))
            return bad(k, "format", i);
    for (uint32_t service = 0; service < count(k, VD_CAT_SERVICES); service++)
        for (uint32_t i = s[service].first_type; i < s[service].first_type + s[service].types; i++) {
            if (!text_ok(k, t[i].name) || t[i].service != service || t[i].first_format != formats ||
                t[i].formats > count(k, VD_CAT_FORMATS) - formats || !list_ok(k, t[i].keys, count(k, VD_CAT_KEYS)))
                return bad(k, "resource type", i);
            if (i > s[service].first_type && !sorted(k, t[i - 1].name, t[i].name))
                return bad(k, "order of resource type", i);
            formats += t[i].formats;
        }
    return VD_OK;
}

static vd_code check_keys(const checker *k)
{
    const vd_ckey  *key = vd_cat_at(&k->c, VD_CAT_KEYS);
    const uint32_t *named = vd_cat_at(&k->c, VD_CAT_NAMED);

    for (uint32_t i = 0; i < count(k, VD_CAT_KEYS); i++)
        if (!text_ok(k, key[i].name) || !text_ok(k, key[i].group) || key[i].type > VD_KEY_BINARY ||
            key[i].flags > ALL_KEY_FLAGS || (i && !sorted(k, key[i - 1].name, key[i].name)))
            return bad(k, "key", i);
    for (uint32_t i = 0; i < count(k, VD_CAT_NAMED); i++)
        if (named[i] >= count(k, VD_CAT_KEYS) || (i && named[i - 1] >= named[i]))
            return bad(k, "named key", i);
    return VD_OK;
}

static vd_code check_fields(const checker *k)
{
    const vd_cfield *f = vd_cat_at(&k->c, VD_CAT_FIELDS);
    const vd_ctext  *r = vd_cat_at(&k->c, VD_CAT_RETIRED);

    for (uint32_t i = 0; i < count(k, VD_CAT_FIELDS); i++)
        if (!text_ok(k, f[i].name) || !list_ok(k, f[i].types, count(k, VD_CAT_TYPES)) ||
            (i && !sorted(k, f[i - 1].name, f[i].name)))
            return bad(k, "service field", i);
    for (uint32_t i = 0; i < count(k, VD_CAT_RETIRED); i++)
        if (!text_ok(k, r[i]) || (i && !sorted(k, r[i - 1], r[i])))
            return bad(k, "retired name", i);
    return VD_OK;
}

static vd_code check_sheets(const checker *k)
{
    const vd_csheet *s = vd_cat_at(&k->c, VD_CAT_SHEETS);
    const vd_ctext  *cell = vd_cat_at(&k->c, VD_CAT_CELLS);
    uint64_t         cells = count(k, VD_CAT_CELLS);

    for (uint32_t i = 0; i < cells; i++)
        if (!text_ok(k, cell[i]))
            return bad(k, "cell", i);
    for (uint32_t i = 0; i < count(k, VD_CAT_SHEETS); i++) {
        uint64_t end = s[i].first_cell + ((uint64_t)s[i].rows + 1) * s[i].columns;

        if (!text_ok(k, s[i].name) || s[i].columns == 0 || end > cells)
            return bad(k, "table", i);
        for (uint64_t c = s[i].first_cell + 2 * (uint64_t)s[i].columns; c < end; c += s[i].columns)
            if (sorted(k, cell[c], cell[c - s[i].columns]))
                return bad(k, "order of table", i);
    }
    return VD_OK;
}

static vd_code check_slots(const checker *k, vd_csection section, uint32_t ids)
{
    const uint32_t *slot = vd_cat_at(&k->c, section);
    uint32_t        n = count(k, section), taken = 0;

    if (n == 0 || (n & (n - 1)))
        return bad(k, "slot table", section);
    for (uint32_t i = 0; i < n; i++) {
        if ((slot[i] & VD_SLOT_ID) > ids || (slot[i] && !(slot[i] & VD_SLOT_ID)))
            return bad(k, "slot", i);
        taken += slot[i] != 0;
    }
    return taken == ids && taken < n ? VD_OK : bad(k, "slot table", section);
}

vd_code vd_cimage_check(const vd_cimage *m, size_t size, vd_error *err)
{
    checker k = { .c = { .m = m }, .err = err };

    VD_TRY(check_header(m, size, err));
    if (!text_ok(&k, m->date) || !text_ok(&k, m->source))
        return bad(&k, "header", 0);
    if (!list_ok(&k, 0, 0))
        return bad(&k, "pool", 0);
    VD_TRY(check_keys(&k));
    VD_TRY(check_services(&k));
    VD_TRY(check_actions(&k));
    VD_TRY(check_shapes(&k));
    VD_TRY(check_types(&k));
    VD_TRY(check_fields(&k));
    VD_TRY(check_slots(&k, VD_CAT_SERVICE_SLOTS, count(&k, VD_CAT_SERVICES)));
    VD_TRY(check_slots(&k, VD_CAT_ACTION_SLOTS, count(&k, VD_CAT_ACTIONS)));
    return check_sheets(&k);
}
