/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the members of the request parameters, each held against the rows of the source and those of all.
 */
#include "usage/guards.h"

#include "base/str.h"
#include "catalog/event_test.h"
#include "catalog/events.h"
#include "usage/record.h"

static bool is_empty(vd_str value)
{
    return !value.n || vd_str_eq(value, VD_S("null")) || vd_str_eq(value, VD_S("\"\"")) || vd_str_eq(value, VD_S("[]")) ||
           vd_str_eq(value, VD_S("{}"));
}

static bool value_holds(const vd_event_test *t, vd_str value)
{
    return !is_empty(value) && vd_event_test_text(t, value);
}

/* "x.y", "x[].y": of a value and what is within it. */
static bool within(const vd_event_test *t, vd_str value)
{
    vd_str path = t->path, element;
    bool   array = vd_str_starts(path, VD_S("[]"));

    path = vd_str_from(path, array ? 2 : 0);
    path = vd_str_from(path, path.n && path.p[0] == '.');
    if (!array)
        return value_holds(t, vd_scan_find(value, path));
    while (vd_scan_element(&value, &element))
        if (value_holds(t, path.n ? vd_scan_find(element, path) : element))
            return true;
    return false;
}

static bool holds(vd_str when, vd_str name, vd_str value)
{
    vd_event_test t;

    if ((when.p[0] ^ name.p[0]) & ~0x20) /* most are of another name */
        return false;
    t = vd_event_test_of(when);
    if (t.special || !vd_event_fits(t.name, name))
        return false;
    return t.path.n ? within(&t, value) : value_holds(&t, value);
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
        if (name.n && holds(rows.at[i].column[VD_GUARD_WHEN], name, value))
            g->bits |= bit_of(rows.at[i].column[VD_GUARD_BIT]);
}

/* "$errorCode~part" */
static void test_record(vd_guards *g, vd_rows rows, vd_str error_code)
{
    for (uint32_t i = 0; error_code.n && i < rows.count; i++) {
        vd_str when = rows.at[i].column[VD_GUARD_WHEN];

        if (when.p[0] == '$') {
            vd_event_test t = vd_event_test_of(when);

            if (vd_str_eq(t.name, VD_S("errorCode")) && vd_event_test_text(&t, error_code))
                g->bits |= bit_of(rows.at[i].column[VD_GUARD_BIT]);
        }
    }
}

/* What CloudTrail leaves in place of parameters that were too large. */
static bool is_cut(vd_str name, vd_str value)
{
    return (vd_str_ieq(name, VD_S("omitted")) || vd_str_ieq(name, VD_S("truncated"))) &&
           !vd_str_eq(value, VD_S("false")) && !vd_str_eq(value, VD_S("null"));
}

vd_guards vd_guards_of(vd_str label, vd_str parameters, vd_str error_code)
{
    const char *p, *end, *at, *next;
    vd_rows     own = vd_rows_of(vd_rows_event_guards, label), all = vd_rows_of(vd_rows_event_guards, VD_S("*"));
    vd_guards   g = { 0 };
    vd_str      name;

    test_record(&g, own, error_code);
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
