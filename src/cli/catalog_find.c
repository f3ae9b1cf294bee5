/* SPDX-License-Identifier: Apache-2.0
 *
 * A query is an ARN, a text with a colon (an action, a pattern of actions, a resource type, a condition key), a service
 * prefix, or a word that is looked for in all names.
 */
#include "cli/catalog_find.h"

#include "base/str.h"
#include "cli/guess.h"
#include "pattern/arn.h"
#include "pattern/overlap.h"

const char *const vd_level_words[] = { "list", "read", "tagging", "write", "permissions-management" };

static void set(uint64_t *bits, uint32_t id)
{
    bits[id / 64] |= UINT64_C(1) << id % 64;
}

uint32_t vd_hit_count(const uint64_t *bits, uint32_t ids)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < ids; i++)
        n += vd_hit(bits, i);
    return n;
}

bool vd_hits_init(vd_hits *h, const vd_catalog *c, vd_arena *arena)
{
    *h = (vd_hits){ .c = c,
                    .services = vd_arena_new_array(arena, uint64_t, vd_catalog_services(c) / 64 + 1),
                    .actions = vd_arena_new_array(arena, uint64_t, vd_catalog_actions(c) / 64 + 1),
                    .types = vd_arena_new_array(arena, uint64_t, vd_catalog_types(c) / 64 + 1),
                    .keys = vd_arena_new_array(arena, uint64_t, vd_catalog_keys(c) / 64 + 1) };
    return h->services && h->actions && h->types && h->keys;
}

/* ------------------------------------------------------------------ ARNs */

/* A format that takes what belongs to others: of any service, or (slash: the ARN has one) nothing but a placeholder. */
static bool is_weak(vd_str format, bool slash)
{
    vd_arn arn;

    if (!vd_arn_split(&arn, format))
        return false;
    return vd_str_find(arn.service, '$') < arn.service.n ||
           (slash && vd_str_starts(arn.resource, VD_S("${")) && vd_str_find(arn.resource, '}') == arn.resource.n - 1);
}

/* Resource types that an ARN, perhaps with wildcards, may be of.  "b/k" could be the name of a bucket as far as its format
 * goes: a weak format counts only if no other one fits. */
static bool types_of(const vd_catalog *c, vd_str text, uint64_t *bits)
{
    char   coded[2048 + 12];
    vd_str pattern = { coded, 0 };
    vd_arn arn;
    size_t used;
    bool   slash = vd_arn_split(&arn, text) && vd_str_find(arn.resource, '/') < arn.resource.n, better = false, any = false;

    if (text.n > 2048)
        return false;
    pattern.n = vd_resource_code(coded, text, false, &used);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t t = 0; t < vd_catalog_types(c); t++)
            for (uint32_t f = 0; f < vd_catalog_type(c, t).formats; f++) {
                bool weak = is_weak(vd_catalog_format(c, t, f), slash);

                if ((pass == 0) == weak || (weak && better) || !vd_glob_overlaps(vd_catalog_format_coded(c, t, f), pattern))
                    continue;
                better = better || pass == 0;
                any = true;
                set(bits, t);
            }
    return any;
}

static bool accepts(const vd_catalog *c, uint32_t action, const uint64_t *types)
{
    vd_ids list = vd_catalog_action(c, action).types;

    for (uint32_t i = 0; i < list.count; i++)
        if (vd_hit(types, list.at[i]))
            return true;
    return false;
}

/* ------------------------------------------------------------------ queries */

static bool has_wildcard(vd_str s)
{
    return vd_str_find(s, '*') < s.n || vd_str_find(s, '?') < s.n;
}

static bool keys_like(vd_hits *h, vd_str pattern)
{
    bool any = false;

    for (uint32_t i = 0; i < vd_catalog_keys(h->c); i++)
        if (vd_catalog_fits(pattern, vd_catalog_key(h->c, i).name)) {
            set(h->keys, i);
            any = true;
        }
    return any;
}

/* "aws:ResourceTag" stands for "aws:ResourceTag/${TagKey}", too. */
static uint32_t find_key(const vd_catalog *c, vd_str text)
{
    static const char *const ends[] = { "", "/x", ":x" };
    char                     longer[512];
    uint32_t                 found = VD_NONE;

    for (size_t i = 0; i < VD_COUNT(ends) && found == VD_NONE && text.n + 2 < sizeof longer; i++) {
        memcpy(longer, text.p, text.n);
        memcpy(longer + text.n, ends[i], strlen(ends[i]));
        found = vd_catalog_find_key(c, (vd_str){ longer, text.n + strlen(ends[i]) });
    }
    return found;
}

static bool with_colon(vd_hits *h, vd_str query)
{
    vd_str   name = query, prefix;
    uint32_t service, key = VD_NONE, type = VD_NONE;
    bool     any = vd_catalog_expand_count(h->c, query, 1) > 0;

    vd_catalog_expand_bits(h->c, query, h->actions);
    if (has_wildcard(query))
        return any || keys_like(h, query);
    key = find_key(h->c, query);
    vd_str_cut(&name, ':', &prefix);
    service = vd_catalog_find_service(h->c, prefix);
    if (service != VD_NONE)
        type = vd_catalog_find_type(h->c, service, name);
    if (key != VD_NONE)
        set(h->keys, key);
    if (type != VD_NONE)
        set(h->types, type);
    return any || key != VD_NONE || type != VD_NONE;
}

/* Everything one of whose names fits: of keys the part behind the colon, of services the title too. */
static bool named_like(vd_hits *h, vd_str pattern)
{
    bool any = false;

    for (uint32_t i = 0; i < vd_catalog_services(h->c); i++) {
        vd_service_fact s = vd_catalog_service(h->c, i);

        if (vd_catalog_fits(pattern, s.prefix) || vd_catalog_fits(pattern, s.title))
            any = true, set(h->services, i);
        for (uint32_t a = s.actions.first; a < s.actions.first + s.actions.count; a++)
            if (vd_catalog_fits(pattern, vd_catalog_action(h->c, a).name))
                any = true, set(h->actions, a);
        for (uint32_t t = s.types.first; t < s.types.first + s.types.count; t++)
            if (vd_catalog_fits(pattern, vd_catalog_type(h->c, t).name))
                any = true, set(h->types, t);
    }
    for (uint32_t i = 0; i < vd_catalog_keys(h->c); i++) {
        vd_str name = vd_catalog_key(h->c, i).name, prefix;

        vd_str_cut(&name, ':', &prefix);
        if (vd_catalog_fits(pattern, name))
            any = true, set(h->keys, i);
    }
    return any;
}

static bool word(vd_hits *h, vd_str query)
{
    char     around[512];
    uint32_t service = vd_catalog_find_service(h->c, query);

    if (service != VD_NONE) {
        set(h->services, service);
        return true;
    }
    if (query.n == 0 || query.n + 2 > sizeof around)
        return false;
    if (named_like(h, query) || has_wildcard(query))
        return has_wildcard(query) ? named_like(h, query) : true;
    around[0] = around[query.n + 1] = '*';
    memcpy(around + 1, query.p, query.n);
    return named_like(h, (vd_str){ around, query.n + 2 });
}

bool vd_hits_add(vd_hits *h, vd_str query)
{
    if (vd_str_istarts(query, VD_S("arn:"))) {
        if (!types_of(h->c, query, h->types))
            return false;
        for (uint32_t a = 0; a < vd_catalog_actions(h->c); a++)
            if (accepts(h->c, a, h->types))
                set(h->actions, a);
        return true;
    }
    if (vd_str_eq(query, VD_S("*"))) {
        vd_catalog_expand_bits(h->c, query, h->actions);
        return true;
    }
    return vd_str_find(query, ':') < query.n ? with_colon(h, query) : word(h, query);
}

/* ------------------------------------------------------------------ filters */

static bool read_levels(vd_filter *f, vd_cli *cli, vd_str list)
{
    static const char letters[] = "LRTWP";
    vd_str            one;
    bool              more = true;

    while (more) {
        uint32_t level = 0;

        more = vd_str_cut(&list, ',', &one);
        if (!more)
            one = list;
        while (level < VD_COUNT(vd_level_words) && !(one.n == 1 && vd_lower(letters[level]) == vd_lower(one.p[0])) &&
               !(one.n > 3 && vd_str_istarts(vd_str_of(vd_level_words[level]), one)))
            level++;
        if (level == VD_COUNT(vd_level_words)) {
            vd_cli_usage(cli, "--level must be list, read, write, tagging or permissions-management, or their first letters, not"
                         " \"" VD_F "\"", VD_A(one));
            return false;
        }
        f->levels |= UINT32_C(1) << level;
    }
    return true;
}

static bool read_resource(vd_filter *f, vd_cli *cli, vd_arena *arena, vd_str text)
{
    vd_str   name = text, prefix;
    uint32_t service, type = VD_NONE;

    if (vd_str_eq(text, VD_S("*"))) {
        f->no_type = true;
        return true;
    }
    if (!f->types)
        f->types = vd_arena_new_array(arena, uint64_t, vd_catalog_types(cli->catalog) / 64 + 1);
    if (!f->types) {
        vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    if (vd_str_istarts(text, VD_S("arn:"))) {
        if (types_of(cli->catalog, text, f->types))
            return true;
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no resource type has ARNs like \"" VD_F "\"", VD_A(text));
        return false;
    }
    service = vd_str_cut(&name, ':', &prefix) ? vd_catalog_find_service(cli->catalog, prefix) : VD_NONE;
    if (service != VD_NONE)
        type = vd_catalog_find_type(cli->catalog, service, name);
    if (type == VD_NONE) {
        vd_cli_errorf(cli, VD_EXIT_USAGE, "--resource takes an ARN, a resource type as s3:bucket, or *, not \"" VD_F "\"",
                      VD_A(text));
        return false;
    }
    set(f->types, type);
    return true;
}

static bool read_key(vd_filter *f, vd_cli *cli, vd_str text)
{
    f->key = find_key(cli->catalog, text);
    if (f->key == VD_NONE) {
        vd_buf why = vd_buf_on(vd_allocator_default(), 4096);

        vd_guess_key(&why, cli->catalog, text);
        vd_cli_errorf(cli, VD_EXIT_USAGE, VD_F, VD_A(vd_buf_str(&why)));
        vd_buf_done(&why);
        return false;
    }
    f->any_key = vd_catalog_key(cli->catalog, f->key).flags & VD_KEY_GLOBAL;
    for (uint32_t a = 0; f->any_key && a < vd_catalog_actions(cli->catalog); a++)
        f->any_key = !vd_catalog_action_has_key(cli->catalog, a, f->key);
    if (f->any_key)
        vd_cli_notef(cli, "every action may carry \"" VD_F "\", a global key", VD_A(text));
    return true;
}

bool vd_filter_read(vd_filter *f, vd_cli *cli, vd_arena *arena)
{
    const char *given;

    *f = (vd_filter){ .key = VD_NONE };
    for (uint32_t i = 0; (given = vd_args_at(&cli->args, "level", i)) != NULL; i++)
        if (!read_levels(f, cli, vd_str_of(given)))
            return false;
    for (uint32_t i = 0; (given = vd_args_at(&cli->args, "resource", i)) != NULL; i++)
        if (!read_resource(f, cli, arena, vd_str_of(given)))
            return false;
    given = vd_args_text(&cli->args, "key");
    return !given || read_key(f, cli, vd_str_of(given));
}

bool vd_filter_is_set(const vd_filter *f)
{
    return f->levels || f->types || f->no_type || f->key != VD_NONE;
}

bool vd_filter_takes(const vd_filter *f, const vd_catalog *c, uint32_t action)
{
    if (f->levels && !(f->levels >> vd_catalog_level_of(c, action) & 1))
        return false;
    if ((f->types || f->no_type) && !(f->types && accepts(c, action, f->types)) &&
        !(f->no_type && vd_catalog_action(c, action).types.count == 0))
        return false;
    return f->key == VD_NONE || f->any_key || vd_catalog_action_has_key(c, action, f->key);
}
