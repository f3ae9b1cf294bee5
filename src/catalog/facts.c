/* SPDX-License-Identifier: Apache-2.0
 *
 * Look-ups in the tables: binary search, without case, nothing allocated.  A key of two parts is compared with the
 * parts as they are, so that nobody has to join them.
 */
#include "catalog/facts.h"

#include "base/str.h"
#include "catalog/tables.h"

/* Pieces that follow each other. */
typedef struct joined {
    vd_str piece[5];
} joined;

static int compare(const joined *j, vd_str key)
{
    size_t at = 0;

    for (size_t k = 0; k < VD_COUNT(j->piece); k++)
        for (size_t i = 0; i < j->piece[k].n; i++, at++) {
            unsigned char a = (unsigned char)vd_lower(j->piece[k].p[i]), b;

            if (at == key.n)
                return 1;
            b = (unsigned char)key.p[at];
            if (a != b)
                return a < b ? -1 : 1;
        }
    return at < key.n ? -1 : 0;
}

static const vd_table_row *find(const vd_table *t, const joined *j)
{
    size_t low = 0, high = t->count, n = 0;

    for (size_t k = 0; k < VD_COUNT(j->piece); k++)
        n += j->piece[k].n;
    if (!(t->lengths >> (n & 63) & 1))
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int    c = compare(j, t->rows[middle].key);

        if (c == 0)
            return &t->rows[middle];
        if (c < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const vd_table_row *find_one(const vd_table *t, vd_str key)
{
    return find(t, &(joined){ { key } });
}

/* "service:name", else "service:*". */
static const vd_table_row *find_action(const vd_table *t, vd_str service, vd_str name)
{
    const vd_table_row *r = find(t, &(joined){ { service, VD_S(":"), name } });

    return r ? r : find(t, &(joined){ { service, VD_S(":*") } });
}

static vd_arity arity_of(const vd_table_row *r)
{
    if (!r)
        return VD_ARITY_UNKNOWN;
    return vd_str_eq(r->value, VD_S("many")) ? VD_ARITY_MANY : VD_ARITY_ONE;
}

static const vd_table_row *find_infix(vd_str key)
{
    for (size_t i = 0; i < vd_table_key_arity_infix.count; i++) {
        const vd_table_row *r = &vd_table_key_arity_infix.rows[i];

        if (key.n > r->key.n + r->tail.n && vd_str_istarts(key, r->key) &&
            vd_str_ieq(vd_str_from(key, key.n - r->tail.n), r->tail))
            return r;
    }
    return NULL;
}

vd_arity vd_key_arity(vd_str key)
{
    const vd_table_row *r = find_one(&vd_table_key_arity, key);

    /* Keys with a name of the user's choice behind the last part: the longest head first. */
    for (size_t n = key.n; !r && n > 1; n--)
        if (key.p[n - 2] == ':' || key.p[n - 2] == '/')
            r = find_one(&vd_table_key_arity_prefix, vd_str_first(key, n - 1));
    return arity_of(r ? r : find_infix(key));
}

bool vd_service_has_rcp(vd_str service)
{
    return find_one(&vd_table_rcp_services, service) != NULL;
}

uint32_t vd_rcp_service_count(void)
{
    return (uint32_t)vd_table_rcp_services.count;
}

vd_str vd_rcp_service_at(uint32_t index)
{
    return vd_table_rcp_services.rows[index].key;
}

bool vd_service_is_global(vd_str service)
{
    return find_one(&vd_table_global_services, service) != NULL;
}

bool vd_action_only_aws(vd_str list, vd_str name)
{
    return find(&vd_table_aws_only, &(joined){ { list, VD_S(" "), name } }) != NULL;
}

bool vd_scp_exempt(vd_str service, vd_str name, bool root)
{
    const vd_table_row *r = find_action(&vd_table_scp_exempt, service, name);

    return r && (root || vd_str_eq(r->value, VD_S("any")));
}

vd_str vd_star_resource(vd_str service, vd_str name, vd_str partition)
{
    const vd_table_row *r;

    if (partition.n == 0)
        partition = VD_S("aws");
    r = find(&vd_table_star_resources, &(joined){ { service, VD_S(":"), name, VD_S(" "), partition } });
    return r ? r->value : VD_S("");
}

bool vd_action_hides_owner(vd_str service, vd_str name)
{
    return find_action(&vd_table_no_resource_account, service, name) != NULL;
}

bool vd_service_tags_itself(vd_str service)
{
    return find_one(&vd_table_resource_tag_prefixes, service) != NULL;
}

bool vd_service_tags_call(vd_str service, vd_str caller)
{
    const vd_table_row *r = find_one(&vd_table_resource_tag_prefixes, service);
    vd_str              rest = r ? r->value : VD_S(""), also;

    if (r && vd_str_ieq(service, caller))
        return true;
    while (rest.n) {
        if (!vd_str_cut(&rest, ' ', &also)) {
            also = rest;
            rest = VD_S("");
        }
        if (vd_str_ieq(also, caller))
            return true;
    }
    return false;
}

vd_str vd_partition_region(vd_str partition)
{
    const vd_table_row *r = find_one(&vd_table_partitions, partition);

    return r ? r->value : VD_S("");
}

/* ------------------------------------------------------------------ names */

/* "eu-west-1", "us-gov-west-1": letters and dashes, a digit at the end */
static bool is_region(vd_str s)
{
    uint32_t dashes = 0;

    if (s.n < 8 || !vd_is_digit(s.p[s.n - 1]) || s.p[s.n - 2] != '-')
        return false;
    for (size_t i = 0; i + 1 < s.n; i++) {
        if (s.p[i] == '-')
            dashes++;
        else if (!vd_is_alpha(s.p[i]))
            return false;
    }
    return dashes >= 2;
}

vd_str vd_service_without_region(vd_str name)
{
    size_t dot = vd_str_rfind(name, '.');

    if (dot < name.n && is_region(vd_str_from(name, dot + 1)))
        return vd_str_first(name, dot);
    dot = vd_str_find(name, '.');
    if (dot < name.n && is_region(vd_str_first(name, dot)))
        return vd_str_from(name, dot + 1);
    return name;
}

vd_str vd_service_label(vd_str service)
{
    static const char *const ends[] = { ".amazonaws.com", ".amazonaws.com.cn" };

    for (size_t i = 0; i < VD_COUNT(ends); i++)
        if (vd_str_ends(service, vd_str_of(ends[i])))
            return vd_str_first(service, service.n - strlen(ends[i]));
    return service;
}
