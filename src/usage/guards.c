/* SPDX-License-Identifier: Apache-2.0
 *
 * One pass over the members of the request parameters, each held against the tests of the source and those of all.
 */
#include "usage/guards.h"

#include "base/str.h"
#include "catalog/events.h"

/* ------------------------------------------------------------------ tests */

static uint32_t letter_of(vd_str name)
{
    return UINT32_C(1) << (name.p[0] & 31);
}

static uint64_t bit_of(vd_str number)
{
    uint32_t bit = 0;

    for (size_t i = 0; i < number.n; i++)
        bit = bit * 10 + (uint32_t)(number.p[i] - '0');
    return UINT64_C(1) << bit % 64;
}

static void add_tests(vd_guard_tests *tests, vd_rows rows)
{
    for (uint32_t i = 0; i < rows.count && tests->count < VD_GUARD_TESTS; i++) {
        vd_event_test *t = &tests->at[tests->count];

        *t = vd_event_test_of(rows.at[i].column[VD_GUARD_WHEN]);
        tests->bit[tests->count++] = bit_of(rows.at[i].column[VD_GUARD_BIT]);
        tests->letters |= t->special ? 0 : letter_of(t->name);
        tests->special |= t->special;
    }
}

void vd_guard_tests_make(vd_guard_tests *tests, vd_str label)
{
    tests->count = 0;
    tests->letters = letter_of(VD_S("omitted")) | letter_of(VD_S("truncated"));
    tests->special = false;
    tests->label_bytes = label.n <= sizeof tests->label ? (uint8_t)label.n : 0;
    memcpy(tests->label, label.p, tests->label_bytes);
    add_tests(tests, vd_rows_of(vd_rows_event_guards, label));
    add_tests(tests, vd_rows_of(vd_rows_event_guards, VD_S("*")));
}

/* ------------------------------------------------------------------ values */

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

/* What CloudTrail leaves in place of parameters that were too large. */
static bool is_cut(vd_str name, vd_str value)
{
    return (vd_str_ieq(name, VD_S("omitted")) || vd_str_ieq(name, VD_S("truncated"))) &&
           !vd_str_eq(value, VD_S("false")) && !vd_str_eq(value, VD_S("null"));
}

static void test(vd_guards *g, const vd_guard_tests *tests, vd_str name, vd_str value)
{
    if (!name.n || !(tests->letters & letter_of(name))) /* most are of another name */
        return;
    g->unknown |= is_cut(name, value);
    for (uint32_t i = 0; i < tests->count; i++) {
        const vd_event_test *t = &tests->at[i];

        if (((t->name.p[0] ^ name.p[0]) & ~0x20) || t->special || !vd_event_fits(t->name, name))
            continue;
        if (t->path.n ? within(t, value) : value_holds(t, value))
            g->bits |= tests->bit[i];
    }
}

static bool any_type(const vd_event_test *t, vd_str resources)
{
    vd_str element;

    while (vd_scan_element(&resources, &element))
        if (vd_event_test_text(t, vd_scan_find(element, VD_S("type"))))
            return true;
    return false;
}

/* "$errorCode~part", "$resourceType~part" */
static void test_record(vd_guards *g, const vd_guard_tests *tests, vd_str error_code, vd_str resources)
{
    for (uint32_t i = 0; tests->special && i < tests->count; i++) {
        const vd_event_test *t = &tests->at[i];

        if (!t->special)
            continue;
        if ((vd_str_eq(t->name, VD_S("errorCode")) && vd_event_test_text(t, error_code)) ||
            (vd_str_eq(t->name, VD_S("resourceType")) && vd_str_contains(resources, t->part) && any_type(t, resources)))
            g->bits |= tests->bit[i];
    }
}

vd_guards vd_guards_of(const vd_guard_tests *tests, vd_walk *w, vd_str error_code, vd_str resources)
{
    vd_guards   g = { 0 };
    const char *p;
    vd_str      name, value;

    test_record(&g, tests, error_code, resources);
    if (!w->parameters.n)
        return g;
    g.unknown = w->parameters.p[0] != '{';
    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++)
        test(&g, tests, w->keys[i], w->values[i]);
    for (p = w->behind; p && (p = vd_walk_next(p, w->parameters.p + w->parameters.n, &name, &value)) != NULL;)
        test(&g, tests, name, value);
    if (g.unknown)
        g.bits = 0;
    return g;
}
