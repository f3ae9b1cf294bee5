/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the members of the request parameters, each held against the rows of the source and those of all.
 */
#include "usage/guards.h"

#include "base/str.h"
#include "catalog/events.h"
#include "usage/record.h"

/* "x", "x*", "x~part"; an empty value is as good as none. */
static bool holds(vd_str when, vd_str name, vd_str value)
{
    vd_str wanted = when, part = VD_S("");
    bool   empty = vd_str_eq(value, VD_S("null")) || vd_str_eq(value, VD_S("\"\"")) || vd_str_eq(value, VD_S("[]")) ||
                 vd_str_eq(value, VD_S("{}"));

    if (vd_str_cut(&wanted, '~', &when))
        part = wanted;
    return !empty && vd_event_fits(when, name) && vd_str_contains(value, part);
}

static uint64_t bit_of(vd_str number)
{
    uint32_t bit = 0;

    for (size_t i = 0; i < number.n; i++)
        bit = bit * 10 + (uint32_t)(number.p[i] - '0');
    return UINT64_C(1) << bit % 64;
}

static void test(vd_guards *g, vd_rows rows, vd_str name, vd_str value)
{
    for (uint32_t i = 0; i < rows.count; i++)
        if (holds(rows.at[i].column[VD_GUARD_WHEN], name, value))
            g->bits |= bit_of(rows.at[i].column[VD_GUARD_BIT]);
}

/* What CloudTrail leaves in place of parameters that were too large. */
static bool is_cut(vd_str name, vd_str value)
{
    return (vd_str_ieq(name, VD_S("omitted")) || vd_str_ieq(name, VD_S("truncated"))) &&
           !vd_str_eq(value, VD_S("false")) && !vd_str_eq(value, VD_S("null"));
}

vd_guards vd_guards_of(vd_str label, vd_str parameters)
{
    const char *p, *end, *at, *next;
    vd_rows     own = vd_rows_of(vd_rows_event_guards, label), all = vd_rows_of(vd_rows_event_guards, VD_S("*"));
    vd_guards   g = { 0 };
    vd_str      name;

    if (!parameters.n)
        return g;
    if (parameters.p[0] != '{') {
        g.unknown = true;
        return g;
    }
    p = parameters.p + 1;
    end = parameters.p + parameters.n;
    while (vd_scan_member(p, end, &name, &at) == VD_SCAN_OK && name.p) {
        vd_scan got = vd_scan_value(at, end, &next);
        vd_str  value;

        if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
            break;
        value = (vd_str){ at, (size_t)(next - at) };
        g.unknown |= is_cut(name, value);
        test(&g, own, name, value);
        test(&g, all, name, value);
        p = next;
    }
    if (g.unknown)
        g.bits = 0;
    return g;
}
