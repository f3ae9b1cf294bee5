/* SPDX-License-Identifier: Apache-2.0
 *
 * What a record tells beside the key of its fact: from where, with what, what kind of event it says it is.
 */
#include "base/str.h"
#include "pattern/value.h"
#include "usage/event.h"

#include <stdio.h>

/* "203.0.113.7" to the 10 of "203.0.113": what three numbers with dots and a fourth are; 0: not that. */
static size_t three_of_four(vd_str s)
{
    size_t   third = 0, digit_count = 0;
    uint32_t dots = 0, v = 0;

    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && vd_is_digit(s.p[i]) && digit_count < 3) {
            if (digit_count == 1 && v == 0)
                return 0;
            v = v * 10 + (uint32_t)(s.p[i] - '0');
            digit_count++;
            continue;
        }
        if ((i < s.n && s.p[i] != '.') || digit_count == 0 || v > 255)
            return 0;
        third = ++dots == 3 ? i : third;
        v = 0;
        digit_count = 0;
    }
    return dots == 4 ? third : 0;
}

/* The network of an address: /24, of IPv6 /56. */
static bool network(vd_usage *u, vd_fact *f, vd_str address)
{
    size_t  plain = three_of_four(address);
    vd_cidr c;
    char    text[64];
    int     n;

    if (plain) {
        memcpy(text, address.p, plain);
        memcpy(text + plain, ".0/24", 5);
        return vd_usage_put(u, f, VD_SET_NETWORKS, (vd_str){ text, plain + 5 });
    }
    if (!address.n || !(vd_is_digit(address.p[0]) || vd_str_find(address, ':') < address.n) || !vd_address_parse(&c, address))
        return true;
    if (c.family == 4)
        n = snprintf(text, sizeof text, "%u.%u.%u.0/24", c.bytes[0], c.bytes[1], c.bytes[2]);
    else
        n = snprintf(text, sizeof text, "%x:%x:%x:%x::/56", c.bytes[0] << 8 | c.bytes[1], c.bytes[2] << 8 | c.bytes[3],
                     c.bytes[4] << 8 | c.bytes[5], c.bytes[6] << 8);
    return vd_usage_put(u, f, VD_SET_NETWORKS, (vd_str){ text, (size_t)n });
}

bool vd_event_circumstances(vd_usage *u, vd_fact *f, const vd_record *r)
{
    bool known, mfa = vd_bool_text(r->at[VD_M_MFA], &known);

    f->mfa |= (uint8_t)(!r->at[VD_M_MFA].n || !known ? VD_MFA_NONE : mfa ? VD_MFA_TRUE : VD_MFA_FALSE);
    f->mfa |= (uint8_t)(r->at[VD_M_ENDPOINT].n ? VD_OVER_ENDPOINT : VD_OFF_ENDPOINT);
    return vd_usage_put(u, f, VD_SET_ENDPOINTS, r->at[VD_M_ENDPOINT]) &&
           vd_usage_put(u, f, VD_SET_SOURCE_IDENTITIES, r->at[VD_M_SOURCE_IDENTITY]) &&
           vd_usage_put(u, f, VD_SET_HOLDERS, r->at[VD_M_HELD_BY]) && network(u, f, r->at[VD_M_ADDRESS]) &&
           vd_usage_put(u, f, VD_SET_SAMPLES, r->at[VD_M_EVENT_ID]);
}

/* Types of the resources of a data event. */
static bool listed_types(vd_usage *u, vd_fact *f, vd_str list)
{
    vd_str element, type;

    while (vd_scan_element(&list, &element)) {
        if (!vd_scan_text(vd_scan_find(element, VD_S("type")), &u->scratch, &type))
            return vd_usage_nomem(u);
        if (!vd_usage_put(u, f, VD_SET_TYPES, type))
            return false;
    }
    return true;
}

/* Records of old versions have no category; what they say of themselves may be a boolean or its text. */
bool vd_event_marks(vd_usage *u, vd_fact *f, const vd_record *r, bool types)
{
    vd_str category = r->at[VD_M_CATEGORY], managed = r->at[VD_M_MANAGEMENT];
    bool   known, read = vd_bool_text(r->at[VD_M_READ_ONLY], &known);

    if (r->at[VD_M_READ_ONLY].n && known)
        f->marks |= read ? VD_MARK_READ : VD_MARK_WRITE;
    if (vd_str_eq(category, VD_S("Management")))
        f->marks |= VD_MARK_MANAGEMENT;
    else if (!category.n && managed.n)
        f->marks |= vd_bool_text(managed, &known) ? VD_MARK_MANAGEMENT : VD_MARK_DATA;
    else if (vd_str_eq(category, VD_S("NetworkActivity")))
        f->marks |= VD_MARK_NETWORK;
    if (vd_str_eq(category, VD_S("Data"))) {
        f->marks |= VD_MARK_DATA;
        return !types || listed_types(u, f, r->at[VD_M_RESOURCES]);
    }
    return true;
}
