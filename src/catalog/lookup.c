/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding services, actions, resource types and keys, and what is known of them: hashing or binary search in the block,
 * without case; nothing is allocated, nothing is copied.
 */
#include "catalog/image.h"

#include "base/str.h"

vd_str vd_catalog_date(const vd_catalog *c)
{
    return vd_cat_text(c, c->m->date);
}

vd_str vd_catalog_source(const vd_catalog *c)
{
    return vd_cat_text(c, c->m->source);
}

vd_str vd_catalog_digest(const vd_catalog *c)
{
    return (vd_str){ c->m->digest, sizeof c->m->digest };
}

uint32_t vd_catalog_services(const vd_catalog *c)
{
    return vd_cat_count(c, VD_CAT_SERVICES);
}

uint32_t vd_catalog_actions(const vd_catalog *c)
{
    return vd_cat_count(c, VD_CAT_ACTIONS);
}

uint32_t vd_catalog_types(const vd_catalog *c)
{
    return vd_cat_count(c, VD_CAT_TYPES);
}

uint32_t vd_catalog_keys(const vd_catalog *c)
{
    return vd_cat_count(c, VD_CAT_KEYS);
}

static const vd_cservice *service_at(const vd_catalog *c, uint32_t service)
{
    return (const vd_cservice *)vd_cat_at(c, VD_CAT_SERVICES) + service;
}

static const vd_caction *action_at(const vd_catalog *c, uint32_t action)
{
    return (const vd_caction *)vd_cat_at(c, VD_CAT_ACTIONS) + action;
}

static const vd_ctype *type_at(const vd_catalog *c, uint32_t type)
{
    return (const vd_ctype *)vd_cat_at(c, VD_CAT_TYPES) + type;
}

static const vd_cshape *shape_of(const vd_catalog *c, uint32_t action)
{
    return (const vd_cshape *)vd_cat_at(c, VD_CAT_SHAPES) + action_at(c, action)->shape;
}

static vd_str action_name(const vd_catalog *c, const vd_caction *a)
{
    return (vd_str){ (const char *)vd_cat_at(c, VD_CAT_BYTES) + a->name, a->name_len };
}

/* ------------------------------------------------------------------ services, actions */

/* In both, the check has shown that a slot is free, where the search ends, and that one that is taken has an id. */
uint32_t vd_catalog_find_service(const vd_catalog *c, vd_str prefix)
{
    const uint32_t *slots = vd_cat_at(c, VD_CAT_SERVICE_SLOTS);
    uint32_t        last = vd_cat_count(c, VD_CAT_SERVICE_SLOTS) - 1;
    uint64_t        hash = vd_cat_hash(0, prefix);

    for (uint32_t i = (uint32_t)hash & last; slots[i]; i = (i + 1) & last) {
        uint32_t id = (slots[i] & VD_SLOT_ID) - 1;

        if ((slots[i] & ~(uint32_t)VD_SLOT_ID) == vd_cat_tag(hash) &&
            vd_str_ieq(prefix, vd_cat_text(c, service_at(c, id)->prefix)))
            return id;
    }
    return VD_NONE;
}

uint32_t vd_catalog_find_action(const vd_catalog *c, uint32_t service, vd_str name)
{
    const uint32_t *slots = vd_cat_at(c, VD_CAT_ACTION_SLOTS);
    uint32_t        last = vd_cat_count(c, VD_CAT_ACTION_SLOTS) - 1;
    uint64_t        hash = vd_cat_hash(service, name);

    for (uint32_t i = (uint32_t)hash & last; slots[i]; i = (i + 1) & last) {
        uint32_t id = (slots[i] & VD_SLOT_ID) - 1;

        if ((slots[i] & ~(uint32_t)VD_SLOT_ID) == vd_cat_tag(hash) && action_at(c, id)->service == service &&
            vd_str_ieq(name, action_name(c, action_at(c, id))))
            return id;
    }
    return VD_NONE;
}

uint32_t vd_catalog_find(const vd_catalog *c, vd_str text)
{
    vd_str   prefix;
    uint32_t service = vd_str_cut(&text, ':', &prefix) ? vd_catalog_find_service(c, prefix) : VD_NONE;

    return service == VD_NONE ? VD_NONE : vd_catalog_find_action(c, service, text);
}

vd_service_fact vd_catalog_service(const vd_catalog *c, uint32_t service)
{
    const vd_cservice *s = service_at(c, service);

    return (vd_service_fact){ .prefix = vd_cat_text(c, s->prefix),
                              .title = vd_cat_text(c, s->title),
                              .category = vd_cat_text(c, s->category),
                              .rcp = s->rcp,
                              .actions = { s->first_action, s->actions },
                              .types = { s->first_type, s->types },
                              .keys = vd_cat_list(c, s->keys) };
}

vd_action_fact vd_catalog_action(const vd_catalog *c, uint32_t action)
{
    const vd_caction *a = action_at(c, action);
    const vd_cshape  *s = shape_of(c, action);

    return (vd_action_fact){ .name = action_name(c, a),
                             .service = a->service,
                             .level = a->bits & VD_CACTION_LEVEL,
                             .flags = (uint8_t)(a->bits >> VD_CACTION_FLAGS),
                             .types = vd_cat_list(c, s->types),
                             .required = vd_cat_list(c, s->required),
                             .keys = vd_cat_list(c, s->keys),
                             .depends = vd_cat_list(c, s->depends) };
}

uint32_t vd_catalog_service_of(const vd_catalog *c, uint32_t action)
{
    return action_at(c, action)->service;
}

vd_ids vd_catalog_types_of(const vd_catalog *c, uint32_t action)
{
    return vd_cat_list(c, shape_of(c, action)->types);
}

uint8_t vd_catalog_level_of(const vd_catalog *c, uint32_t action)
{
    return action_at(c, action)->bits & VD_CACTION_LEVEL;
}

size_t vd_catalog_action_text(const vd_catalog *c, uint32_t action, char *out, size_t room)
{
    const vd_caction *a = action_at(c, action);
    vd_str            prefix = vd_cat_text(c, service_at(c, a->service)->prefix), name = action_name(c, a);

    if (prefix.n + 1 + name.n > room)
        return 0;
    memcpy(out, prefix.p, prefix.n);
    out[prefix.n] = ':';
    memcpy(out + prefix.n + 1, name.p, name.n);
    return prefix.n + 1 + name.n;
}

static bool has(vd_ids list, uint32_t id)
{
    for (uint32_t i = 0; i < list.count && list.at[i] <= id; i++)
        if (list.at[i] == id)
            return true;
    return false;
}

bool vd_catalog_action_has_key(const vd_catalog *c, uint32_t action, uint32_t key)
{
    const vd_cshape *s = shape_of(c, action);
    vd_ids           uses = vd_cat_list(c, s->uses);

    if (has(vd_cat_list(c, s->keys), key))
        return true;
    for (uint32_t i = 0; i + 1 < uses.count; i += 2)
        if (has(vd_cat_list(c, uses.at[i + 1]), key))
            return true;
    return false;
}

vd_ids vd_catalog_keys_on(const vd_catalog *c, uint32_t action, uint32_t type)
{
    vd_ids uses = vd_cat_list(c, shape_of(c, action)->uses);

    for (uint32_t i = 0; i + 1 < uses.count; i += 2)
        if (uses.at[i] == type)
            return vd_cat_list(c, uses.at[i + 1]);
    return vd_cat_list(c, 0);
}

vd_ids vd_catalog_more_types(const vd_catalog *c, uint32_t action)
{
    return vd_cat_list(c, shape_of(c, action)->more);
}

bool vd_catalog_retired(const vd_catalog *c, vd_str text)
{
    const vd_ctext *at = vd_cat_at(c, VD_CAT_RETIRED);
    uint32_t        low = 0, high = vd_cat_count(c, VD_CAT_RETIRED);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(text, vd_cat_text(c, at[middle]));

        if (way == 0)
            return true;
        if (way < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* ------------------------------------------------------------------ resource types */

vd_type_fact vd_catalog_type(const vd_catalog *c, uint32_t type)
{
    const vd_ctype *t = type_at(c, type);

    return (vd_type_fact){ .name = vd_cat_text(c, t->name), .service = t->service, .formats = t->formats,
                           .keys = vd_cat_list(c, t->keys) };
}

static const vd_cformat *format_at(const vd_catalog *c, uint32_t type, uint32_t index)
{
    return (const vd_cformat *)vd_cat_at(c, VD_CAT_FORMATS) + type_at(c, type)->first_format + index;
}

vd_str vd_catalog_format(const vd_catalog *c, uint32_t type, uint32_t index)
{
    return vd_cat_text(c, format_at(c, type, index)->text);
}

vd_str vd_catalog_format_coded(const vd_catalog *c, uint32_t type, uint32_t index)
{
    return vd_cat_text(c, format_at(c, type, index)->coded);
}

uint32_t vd_catalog_find_type(const vd_catalog *c, uint32_t service, vd_str name)
{
    const vd_cservice *s = service_at(c, service);
    uint32_t           low = s->first_type, high = low + s->types;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(name, vd_cat_text(c, type_at(c, middle)->name));

        if (way == 0)
            return middle;
        if (way < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return VD_NONE;
}

vd_ids vd_catalog_types_of_arn(const vd_catalog *c, vd_str service_field)
{
    const vd_cfield *at = vd_cat_at(c, VD_CAT_FIELDS);
    uint32_t         low = 0, high = vd_cat_count(c, VD_CAT_FIELDS);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(service_field, vd_cat_text(c, at[middle].name));

        if (way == 0)
            return vd_cat_list(c, at[middle].types);
        if (way < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return vd_cat_list(c, 0);
}

/* ------------------------------------------------------------------ keys */

vd_key_fact vd_catalog_key(const vd_catalog *c, uint32_t key)
{
    const vd_ckey *k = (const vd_ckey *)vd_cat_at(c, VD_CAT_KEYS) + key;

    return (vd_key_fact){ .name = vd_cat_text(c, k->name), .type = (uint8_t)k->type, .flags = (uint8_t)k->flags,
                          .group = vd_cat_text(c, k->group) };
}

static vd_str key_name(const vd_catalog *c, uint32_t key)
{
    return vd_cat_text(c, ((const vd_ckey *)vd_cat_at(c, VD_CAT_KEYS) + key)->name);
}

/* The first of the sorted ids that is not before text. */
static uint32_t named_from(const vd_catalog *c, vd_str text)
{
    const uint32_t *named = vd_cat_at(c, VD_CAT_NAMED);
    uint32_t        low = 0, high = vd_cat_count(c, VD_CAT_NAMED);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (vd_str_icmp(key_name(c, named[middle]), text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ${Name} stands for one character or more; of several, what stands between them is taken as chosen too.  How many bytes
 * are not chosen; 0: does not fit. */
static size_t fits(vd_str name, vd_str key)
{
    size_t head = 0, tail;

    while (head + 1 < name.n && (name.p[head] != '$' || name.p[head + 1] != '{'))
        head++;
    tail = vd_str_rfind(name, '}');
    if (tail >= name.n)
        return 0;
    tail = name.n - tail - 1;
    return key.n > head + tail && vd_str_ieq(vd_str_first(key, head), vd_str_first(name, head)) &&
                   vd_str_ieq(vd_str_from(key, key.n - tail), vd_str_from(name, name.n - tail))
               ? head + tail
               : 0;
}

/* Names with a part to choose share their beginning with the keys they stand for: walk those that begin with the same
 * bytes up to the first separator.  The one that leaves the least to choose is meant. */
static uint32_t find_named(const vd_catalog *c, vd_str key)
{
    const uint32_t *named = vd_cat_at(c, VD_CAT_NAMED);
    size_t          n = 0, most = 0;
    uint32_t        found = VD_NONE;

    while (n < key.n && key.p[n] != ':' && key.p[n] != '.' && key.p[n] != '-' && key.p[n] != '/')
        n++;
    if (n == 0 || n == key.n)
        return VD_NONE;
    for (uint32_t i = named_from(c, vd_str_first(key, n)); i < vd_cat_count(c, VD_CAT_NAMED); i++) {
        vd_str name = key_name(c, named[i]);
        size_t bytes = fits(name, key);

        if (!vd_str_istarts(name, vd_str_first(key, n)))
            break;
        if (bytes > most) {
            most = bytes;
            found = named[i];
        }
    }
    return found;
}

uint32_t vd_catalog_find_key(const vd_catalog *c, vd_str key)
{
    uint32_t low = 0, high = vd_catalog_keys(c);

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int      way = vd_str_icmp(key, key_name(c, middle));

        if (way == 0)
            return middle;
        if (way < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return find_named(c, key);
}

/* ------------------------------------------------------------------ names */

uint32_t vd_catalog_names(const vd_catalog *c, uint32_t service, vd_str *out, uint32_t room)
{
    vd_run   run = { 0, vd_catalog_services(c) };
    uint32_t n;

    if (service != VD_NONE)
        run = vd_catalog_service(c, service).actions;
    n = run.count < room ? run.count : room;
    for (uint32_t i = 0; i < n; i++)
        out[i] = service == VD_NONE ? vd_cat_text(c, service_at(c, i)->prefix)
                                    : action_name(c, action_at(c, run.first + i));
    return n;
}
