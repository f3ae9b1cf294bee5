/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of addresses, exactly: sorted ranges that do not touch, one list for each family.
 */
#ifndef VERDICT_SYMBOLIC_RANGES_H
#define VERDICT_SYMBOLIC_RANGES_H

#include "base/arena.h"
#include "pattern/value.h"

__extension__ typedef unsigned __int128 vd_u128;

typedef struct vd_address_range {
    vd_u128 lo, hi; /* both belong to it; IPv4: below 2^32 */
} vd_address_range;

typedef struct vd_address_ranges {
    vd_address_range *at;
    uint32_t  count, cap;
} vd_address_ranges;

typedef struct vd_addresses {
    vd_address_ranges four, six;
} vd_addresses;

/* All functions return false without memory. */
bool vd_addresses_all(vd_addresses *out, vd_arena *arena); /* six: without those that mean an IPv4 address */
bool vd_addresses_add(vd_addresses *s, const vd_cidr *c, vd_arena *arena); /* then settle, once */
void vd_addresses_settle(vd_addresses *s);
bool vd_addresses_cut(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena); /* in both */
bool vd_addresses_less(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena); /* in a, not in b */
bool vd_addresses_join(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena); /* in any */
vd_u128 vd_address_count(const vd_address_ranges *r); /* how many; of all 2^128 one less */
/* "203.0.113.9", "2001:db8:0:0:0:0:0:9"; out holds 48 bytes. */
size_t vd_address_write(char *out, bool six, vd_u128 address);

#endif
