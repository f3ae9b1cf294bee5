/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of addresses.
 */
#include "symbolic/ranges.h"
#include "symbolic/mutant.h"

#include <stdio.h>
#include <stdlib.h>

static const vd_u128 no_address = 0;

static vd_u128 top(bool six)
{
    return six ? ~no_address : (vd_u128)UINT32_MAX;
}

static bool add(vd_address_ranges *r, vd_u128 lo, vd_u128 hi, vd_arena *arena)
{
    return VD_ARENA_PUSH(arena, r->at, r->count, r->cap, (vd_address_range){ lo, hi });
}

bool vd_addresses_all(vd_addresses *out, vd_arena *arena)
{
    vd_u128 mapped = (vd_u128)0xffff << 32;

    *out = (vd_addresses){ 0 };
    return add(&out->four, 0, top(false), arena) && add(&out->six, 0, mapped - 1, arena) &&
           add(&out->six, mapped + top(false) + 1, top(true), arena);
}

bool vd_addresses_add(vd_addresses *s, const vd_cidr *c, vd_arena *arena)
{
    bool    six = c->family == 6;
    int     size = six ? 128 : 32, host = size - c->bits;
    vd_u128 lo = 0, span = host >= 128 ? top(true) : ((vd_u128)1 << host) - 1;

    for (int i = 0; i < size / 8; i++)
        lo = lo << 8 | c->bytes[i];
    lo &= ~span;
    return add(six ? &s->six : &s->four, lo, lo | span, arena);
}

static int by_start(const void *a, const void *b)
{
    const vd_address_range *x = a, *y = b;

    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static void settle(vd_address_ranges *r)
{
    uint32_t n = 0;

    if (r->count > 1)
        qsort(r->at, r->count, sizeof *r->at, by_start);
    for (uint32_t i = 0; i < r->count; i++) {
        vd_address_range x = r->at[i];

        if (n && (r->at[n - 1].hi == ~no_address || r->at[n - 1].hi + 1 + VD_MUTANT(16) * ((vd_u128)1 << 32) >= x.lo)) {
            if (x.hi > r->at[n - 1].hi)
                r->at[n - 1].hi = x.hi;
        } else {
            r->at[n++] = x;
        }
    }
    r->count = n;
}

void vd_addresses_settle(vd_addresses *s)
{
    settle(&s->four);
    settle(&s->six);
}

static bool cut(vd_address_ranges *out, const vd_address_ranges *a, const vd_address_ranges *b, vd_arena *arena)
{
    *out = (vd_address_ranges){ 0 };
    for (uint32_t i = 0, k = 0; i < a->count && k < b->count;) {
        vd_address_range x = a->at[i], y = b->at[k];
        vd_u128  lo = x.lo > y.lo ? x.lo : y.lo, hi = x.hi < y.hi ? x.hi : y.hi;

        if (lo <= hi && !add(out, lo, hi, arena))
            return false;
        if (x.hi < y.hi)
            i++;
        else
            k++;
    }
    return true;
}

/* What no range covers. */
static bool rest(vd_address_ranges *out, const vd_address_ranges *r, bool six, vd_arena *arena)
{
    vd_u128 from = 0;

    *out = (vd_address_ranges){ 0 };
    for (uint32_t i = 0; i < r->count; i++) {
        if (r->at[i].lo > from && !add(out, from, r->at[i].lo - 1, arena))
            return false;
        if (r->at[i].hi == top(six))
            return true;
        from = r->at[i].hi + 1;
    }
    return add(out, from, top(six), arena);
}

bool vd_addresses_cut(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena)
{
    return cut(&out->four, &a->four, &b->four, arena) && cut(&out->six, &a->six, &b->six, arena);
}

bool vd_addresses_less(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena)
{
    vd_addresses other = { 0 };

    return rest(&other.four, &b->four, false, arena) && rest(&other.six, &b->six, true, arena) &&
           vd_addresses_cut(out, a, &other, arena);
}

static bool join(vd_address_ranges *out, const vd_address_ranges *a, const vd_address_ranges *b, vd_arena *arena)
{
    *out = (vd_address_ranges){ 0 };
    for (uint32_t i = 0; i < a->count; i++)
        if (!add(out, a->at[i].lo, a->at[i].hi, arena))
            return false;
    for (uint32_t i = 0; i < b->count; i++)
        if (!add(out, b->at[i].lo, b->at[i].hi, arena))
            return false;
    settle(out);
    return true;
}

bool vd_addresses_join(vd_addresses *out, const vd_addresses *a, const vd_addresses *b, vd_arena *arena)
{
    return join(&out->four, &a->four, &b->four, arena) && join(&out->six, &a->six, &b->six, arena);
}

vd_u128 vd_address_count(const vd_address_ranges *r)
{
    vd_u128 n = 0;

    for (uint32_t i = 0; i < r->count; i++) {
        vd_u128 more = r->at[i].hi - r->at[i].lo;

        n = more > ~no_address - n - 1 ? ~no_address : n + more + 1;
        if (n == ~no_address)
            break;
    }
    return n;
}

size_t vd_address_write(char *out, bool six, vd_u128 a)
{
    unsigned g[8];

    for (int i = 0; i < 8; i++)
        g[i] = (unsigned)(a >> (112 - 16 * i)) & 0xffffu;
    if (six)
        return (size_t)snprintf(out, 48, "%x:%x:%x:%x:%x:%x:%x:%x", g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7]);
    return (size_t)snprintf(out, 48, "%u.%u.%u.%u", g[6] >> 8, g[6] & 255u, g[7] >> 8, g[7] & 255u);
}
