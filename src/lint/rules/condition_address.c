/* SPDX-License-Identifier: Apache-2.0
 *
 * Ranges of addresses: bits behind the mask, and ranges that leave most of the internet in.
 */
#include "lint/rules/condition.h"

#include "base/str.h"
#include "lint/rules/entry.h"
#include "pattern/value.h"

#include <stdio.h>

enum { OPEN_V4 = 8, OPEN_V6 = 24, TEXT = 64 };

/* ------------------------------------------------------------------ writing addresses */

static size_t write_v4(char *out, const vd_cidr *c)
{
    return (size_t)snprintf(out, TEXT, "%u.%u.%u.%u/%u", c->bytes[0], c->bytes[1], c->bytes[2], c->bytes[3], c->bits);
}

static unsigned group_at(const vd_cidr *c, unsigned i)
{
    return (unsigned)(c->bytes[i * 2] << 8 | c->bytes[i * 2 + 1]);
}

/* The longest run of zero groups becomes "::" (RFC 5952). */
static size_t write_v6(char *out, const vd_cidr *c)
{
    unsigned best = 8, most = 1;
    size_t   n = 0;

    for (unsigned i = 0; i < 8; i++) {
        unsigned run = 0;

        while (i + run < 8 && group_at(c, i + run) == 0)
            run++;
        if (run > most) {
            best = i;
            most = run;
        }
    }
    for (unsigned i = 0; i < 8; i++) {
        if (i == best) {
            n += (size_t)snprintf(out + n, TEXT - n, "::");
            i += most - 1;
            continue;
        }
        n += (size_t)snprintf(out + n, TEXT - n, "%s%x", i == 0 || i == best + most ? "" : ":", group_at(c, i));
    }
    return n + (size_t)snprintf(out + n, TEXT - n, "/%u", c->bits);
}

/* ------------------------------------------------------------------ bits behind the mask */

/* The address as written, all bits of it: parsed without its mask. */
static bool has_host_bits(vd_str text, const vd_cidr *range)
{
    vd_cidr whole;

    return vd_address_parse(&whole, vd_str_first(text, vd_str_find(text, '/'))) && whole.family == range->family &&
           memcmp(whole.bytes, range->bytes, sizeof whole.bytes) != 0;
}

static void check_host_bits(vd_lint *l, const vd_view_statement *st, vd_text t, const vd_cidr *range)
{
    char        net[TEXT];
    vd_str      right = { net, 0 };
    vd_finding *f;

    if (vd_str_find(t.text, '/') == t.text.n || !has_host_bits(t.text, range))
        return;
    right.n = range->family == 4 ? write_v4(net, range) : write_v6(net, range);
    f = vd_lint_report(l, &vd_condition_rules[VD_F_HOST_BITS], st, t.span, "the bits after /%u are ignored; this is " VD_F,
                       range->bits, VD_A(right));
    vd_fix_text(l, f, VD_FIX_SAFE, t.span, right);
}

/* ------------------------------------------------------------------ wide ranges */

/* Parts of the address space in units of 1/2^32; of overlapping ranges too much, but those are told elsewhere. */
typedef struct shares {
    uint64_t v4, v6;
} shares;

static uint64_t share_of(const vd_cidr *c)
{
    return c->bits > 32 ? 0 : (uint64_t)1 << (32 - c->bits);
}

/* Reserved ranges open nothing. */
static bool is_reserved(const vd_cidr *c)
{
    static const vd_str ranges[] = { VD_L("10.0.0.0/8"), VD_L("127.0.0.0/8"), VD_L("0.0.0.0/8"), VD_L("224.0.0.0/3"),
                                     VD_L("fc00::/7"), VD_L("fe80::/10") };
    vd_cidr             range;

    for (size_t i = 0; i < VD_COUNT(ranges); i++)
        if (vd_cidr_parse(&range, ranges[i]) && range.bits <= c->bits && vd_cidr_contains(&range, c))
            return true;
    return false;
}

static const char *percent(vd_lint *l, uint64_t share, bool v6)
{
    double value = (double)share * 100.0 / 4294967296.0;

    if (value >= 99.5)
        return v6 ? "all of the IPv6 internet" : "all of the IPv4 internet";
    return vd_lint_printf(l, value >= 1 ? "%.0f%% of the %s internet" : "%.2g%% of the %s internet", value,
                          v6 ? "IPv6" : "IPv4");
}

static void check_open(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c, shares s)
{
    const vd_entry *e = c->entry;
    bool            v4 = s.v4 > (uint64_t)1 << (32 - OPEN_V4), v6 = s.v6 > (uint64_t)1 << (32 - OPEN_V6);
    bool            limits = st->allow ? !e->op.op->negated : e->op.op->negated;

    if (!limits || (!v4 && !v6))
        return;
    vd_lint_report(l, &vd_condition_rules[VD_F_IP_OPEN], st, e->value, "%s is %s",
                   e->values.count == 1 ? vd_lint_show(l, e->values.at[0].text) : "this list of ranges",
                   v4 ? percent(l, s.v4, false) : percent(l, s.v6, true));
}

void vd_condition_address(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c)
{
    const vd_entry *e = c->entry;
    shares          s = { 0, 0 };

    if (!e->op.op || e->op.op->test != VD_TEST_IP || c->key_hole)
        return;
    for (uint32_t i = 0; i < e->values.count; i++) {
        vd_cidr range;

        if (!vd_cidr_parse(&range, e->values.at[i].text))
            continue;
        check_host_bits(l, st, e->values.at[i], &range);
        if (is_reserved(&range))
            continue;
        if (range.family == 4)
            s.v4 += share_of(&range);
        else
            s.v6 += share_of(&range);
    }
    if (vd_key_is(c, "aws:SourceIp"))
        check_open(l, st, c, s);
}
