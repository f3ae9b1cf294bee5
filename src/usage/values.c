/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking into values whose bytes were scanned before: members, elements, and texts without their escapes.
 */
#include "usage/record.h"

#include "base/str.h"
#include "text/json_lex.h"

/* text holds a backslash; it becomes what it means when it is a good string. */
static bool decode(vd_str *text, vd_arena *scratch)
{
    vd_str        quoted = { text->p - 1, text->n + 2 };
    vd_json_token t = vd_json_next(quoted, 0);
    char         *copy;

    if (t.kind != VD_JSON_STRING || t.length != quoted.n)
        return true;
    copy = vd_arena_alloc(scratch, text->n + VD_SCAN_PAD, 1); /* it may be scanned in its turn */
    if (!copy)
        return false;
    *text = (vd_str){ copy, vd_json_unescape(copy, *text) };
    return true;
}

bool vd_record_decode(vd_record *r, vd_arena *scratch)
{
    for (size_t i = 0; r->escaped >> i; i++)
        if (r->escaped >> i & 1 && !decode(&r->at[i], scratch))
            return false;
    return true;
}

static vd_str without_quotes(vd_str value)
{
    return value.n >= 2 && value.p[0] == '"' ? (vd_str){ value.p + 1, value.n - 2 } : value;
}

vd_str vd_scan_find(vd_str text, vd_str key)
{
    const char *p, *end, *value, *next;
    vd_str      name;

    if (!text.n || text.p[0] != '{')
        return (vd_str){ 0 };
    p = text.p + 1;
    end = text.p + text.n;
    while (vd_scan_member(p, end, &name, &value) == VD_SCAN_OK && name.p) {
        vd_scan got = vd_scan_value(value, end, &next);

        if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
            break;
        if (vd_str_eq(name, key))
            return (vd_str){ value, (size_t)(next - value) };
        p = next;
    }
    return (vd_str){ 0 };
}

bool vd_scan_element(vd_str *rest, vd_str *element)
{
    const char *p, *end, *next;
    vd_scan     got;

    if (!rest->n)
        return false;
    end = rest->p + rest->n;
    p = vd_scan_space(rest->p);
    if (p < end && (*p == '[' || *p == ','))
        p = vd_scan_space(p + 1);
    if (p >= end || *p == ']')
        return false;
    got = vd_scan_value(p, end, &next);
    if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
        return false;
    *element = (vd_str){ p, (size_t)(next - p) };
    *rest = (vd_str){ next, (size_t)(end - next) };
    return true;
}

bool vd_scan_text(vd_str value, vd_arena *scratch, vd_str *out)
{
    *out = (vd_str){ 0 };
    if (!value.n || value.p[0] == '{' || value.p[0] == '[' || value.p[0] == 'n')
        return true;
    *out = without_quotes(value);
    return value.p[0] != '"' || !memchr(out->p, '\\', out->n) || decode(out, scratch);
}
