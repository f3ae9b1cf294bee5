/* SPDX-License-Identifier: Apache-2.0
 *
 *   test = [ "!" ] ( "$" name | name [ "*" | path ] ) [ "~" part | "^" word ]
 *   path = { "." name | "[]" }
 */
#include "catalog/event_test.h"

#include "base/str.h"

static size_t first_of(vd_str s, const char *set)
{
    size_t i = 0;

    while (i < s.n && !strchr(set, s.p[i]))
        i++;
    return i;
}

vd_event_test vd_event_test_of(vd_str when)
{
    vd_event_test t = { 0 };
    size_t        at;

    t.not = when.n && when.p[0] == '!';
    when = vd_str_from(when, t.not );
    t.special = when.n && when.p[0] == '$';
    when = vd_str_from(when, t.special);
    at = first_of(when, "~^");
    t.begins = at < when.n && when.p[at] == '^';
    t.part = vd_str_from(when, at + 1);
    when = vd_str_first(when, at);
    at = first_of(when, ".[");
    t.name = vd_str_first(when, at);
    t.path = vd_str_from(when, at);
    return t;
}

/* The first word of a statement: behind quotes of JSON, white space, brackets. */
static vd_str first_word(vd_str value)
{
    size_t i = 0;

    while (i < value.n && strchr("\" \t\r\n(", value.p[i]))
        i++;
    return vd_str_from(value, i);
}

bool vd_event_test_text(const vd_event_test *test, vd_str value)
{
    if (!value.n)
        return false;
    return test->begins ? vd_str_istarts(first_word(value), test->part) : vd_str_contains(value, test->part);
}
