/* SPDX-License-Identifier: Apache-2.0
 *
 * One template, one element, one ARN.
 */
#include "catalog/event_arn.h"

#include "base/str.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ paths */

static bool is_filler(char c)
{
    return c == '_' || c == '-';
}

bool vd_event_same_name(vd_str a, vd_str b)
{
    size_t i = 0, k = 0;

    if (a.n && b.n && ((a.p[0] ^ b.p[0]) & ~0x20) && !is_filler(a.p[0]) && !is_filler(b.p[0]))
        return false;
    if (a.n == b.n && memcmp(a.p, b.p, a.n) == 0)
        return true;
    for (;; i++, k++) {
        while (i < a.n && is_filler(a.p[i]))
            i++;
        while (k < b.n && is_filler(b.p[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        if (vd_lower(a.p[i]) != vd_lower(b.p[k]))
            return false;
    }
}

vd_fill vd_event_parameter(const vd_event_call *call, vd_str path, uint32_t element, bool *many, vd_event_value *out)
{
    const vd_event_walk *walk = call->walk;

    *out = call->parameters;
    while (path.n) {
        vd_str step;
        bool   array, names;

        if (!vd_str_cut(&path, '.', &step)) {
            step = path;
            path = VD_S("");
        }
        array = vd_str_ends(step, VD_S("[]"));
        names = vd_str_ends(step, VD_S("#"));
        step.n -= array ? 2 : names;
        if (!walk->member(call->ctx, *out, step, out))
            return array || names ? VD_FILL_END : VD_FILL_UNFIT;
        if (!array && !names)
            continue;
        *many = true;
        if (!walk->element(call->ctx, *out, element, names, out))
            return VD_FILL_END;
    }
    return VD_FILL_FITS;
}

/* ------------------------------------------------------------------ ways to take a value */

/* "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs" to "111122223333:jobs". */
static bool add_queue(vd_buf *out, vd_str url)
{
    size_t name = vd_str_rfind(url, '/'), owner;
    vd_str account;

    if (name == url.n)
        return false;
    owner = vd_str_rfind(vd_str_first(url, name), '/');
    if (owner == name)
        return false;
    account = vd_str_from(vd_str_first(url, name), owner + 1);
    if (!vd_is_account(account) || name + 1 == url.n)
        return false;
    vd_buf_add(out, account);
    vd_buf_byte(out, ':');
    vd_buf_add(out, vd_str_from(url, name + 1));
    return true;
}

static int hex(char c)
{
    c = vd_lower(c);
    return vd_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "/bucket/key%20x?versionId=1" to "bucket/key x". */
static bool add_object(vd_buf *out, vd_str source)
{
    size_t end = 0;

    if (source.n && source.p[0] == '/')
        source = vd_str_from(source, 1);
    while (end < source.n && !vd_str_starts(vd_str_from(source, end), VD_S("?versionId=")))
        end++;
    source = vd_str_first(source, end);
    if (vd_str_starts(source, VD_S("arn:")) || vd_str_find(source, '/') == source.n)
        return false;
    for (size_t i = 0; i < source.n; i++) {
        int high = source.p[i] == '%' && i + 2 < source.n ? hex(source.p[i + 1]) : -1;
        int low = high >= 0 ? hex(source.p[i + 2]) : -1;

        vd_buf_byte(out, low >= 0 ? (char)(high * 16 + low) : source.p[i]);
        i += low >= 0 ? 2 : 0;
    }
    return true;
}

/* "arn:aws:ecs:eu-west-1:111122223333:cluster/web" and "/hostedzone/Z1" to what stands behind the last slash. */
static bool add_leaf(vd_buf *out, vd_str value)
{
    size_t slash = vd_str_rfind(value, '/');

    value = slash == value.n ? value : vd_str_from(value, slash + 1);
    vd_buf_add(out, value);
    return value.n > 0 && !vd_str_starts(value, VD_S("arn:"));
}

/* An ARN without its last part: "...:orders:0a1b..." of a subscription to the topic's. */
static bool add_parent(vd_buf *out, vd_str value)
{
    size_t colon = vd_str_rfind(value, ':');
    vd_arn arn;

    value = vd_str_first(value, colon);
    vd_buf_add(out, value);
    return vd_arn_split(&arn, value);
}

/* "111122223333:function:orders", as it is. */
static bool add_function(vd_buf *out, vd_str value)
{
    vd_buf_add(out, value);
    return value.n > 12 && vd_is_account(vd_str_first(value, 12)) &&
           vd_str_starts(vd_str_from(value, 12), VD_S(":function:"));
}

/* The name of an event bus; the default one has none in ARNs of rules. */
static bool add_bus(vd_buf *out, vd_str value)
{
    size_t begin = out->n;
    bool   added = add_leaf(out, value);

    return added && !out->failed && !vd_str_eq(vd_str_from(vd_buf_str(out), begin), VD_S("default"));
}

/* With one slash before it. */
static bool add_path(vd_buf *out, vd_str value)
{
    if (value.p[0] != '/')
        vd_buf_byte(out, '/');
    vd_buf_add(out, value);
    return !vd_str_starts(value, VD_S("arn:"));
}

/* Something of this is there, and it does not say which. */
static bool add_any(vd_buf *out, vd_str value)
{
    VD_UNUSED(value);
    vd_buf_byte(out, '*');
    return true;
}

static bool add_lower(vd_buf *out, vd_str value)
{
    for (size_t i = 0; i < value.n; i++)
        vd_buf_byte(out, vd_lower(value.p[i]));
    return !vd_str_starts(value, VD_S("arn:"));
}

static const struct {
    vd_str name;
    bool (*add)(vd_buf *out, vd_str value);
} ways[] = {
    { VD_L("queue"), add_queue },       { VD_L("object"), add_object }, { VD_L("leaf"), add_leaf },
    { VD_L("function"), add_function }, { VD_L("parent"), add_parent }, { VD_L("lower"), add_lower },
    { VD_L("bus"), add_bus },           { VD_L("any"), add_any },       { VD_L("path"), add_path },
};

static bool add_by(vd_str way, vd_buf *out, vd_str value)
{
    for (size_t i = 0; i < VD_COUNT(ways); i++)
        if (vd_str_eq(ways[i].name, way))
            return ways[i].add(out, value);
    return false;
}

/* ------------------------------------------------------------------ holes */

static bool holds_any(vd_str value, vd_str letters)
{
    for (size_t i = 0; i < letters.n; i++)
        if (vd_str_find(value, letters.p[i]) < value.n)
            return true;
    return false;
}

/* One {hole}; whole: the template begins with it, so it must be an ARN. */
static vd_fill fill_hole(const vd_event_call *call, vd_buf *out, vd_str hole, uint32_t element, bool whole, bool *many)
{
    vd_str         value, path = hole, rest = hole;
    vd_event_value at;
    vd_fill        got;
    char           form;

    if (hole.n == 1 && (hole.p[0] == 'P' || hole.p[0] == 'R' || hole.p[0] == 'A')) {
        value = hole.p[0] == 'P' ? call->partition : hole.p[0] == 'R' ? call->region : call->account;
        vd_buf_add(out, value);
        return value.n > 0 ? VD_FILL_FITS : VD_FILL_UNFIT;
    }
    for (path.n = 0; path.n < hole.n && hole.p[path.n] != '^' && hole.p[path.n] != '@' && hole.p[path.n] != '!';)
        path.n++;
    form = path.n < hole.n ? hole.p[path.n] : 0;
    rest = vd_str_from(hole, path.n + 1);
    got = path.n ? vd_event_parameter(call, path, element, many, &at) : VD_FILL_UNFIT;
    if (got != VD_FILL_FITS)
        return got;
    if (!call->walk->text(call->ctx, at, &value) || (form == '^' && !vd_str_starts(value, rest)) ||
        (form == '!' && holds_any(value, rest)))
        return VD_FILL_UNFIT;
    if (form == '@')
        return add_by(rest, out, value) ? VD_FILL_FITS : VD_FILL_UNFIT;
    vd_buf_add(out, value);
    return vd_str_starts(value, VD_S("arn:")) == whole ? VD_FILL_FITS : VD_FILL_UNFIT;
}

bool vd_event_inexact(vd_str template)
{
    return vd_str_ends(template, VD_S("~"));
}

vd_fill vd_event_fill(const vd_event_call *call, vd_str template, uint32_t element, vd_buf *out)
{
    bool    whole = template.n && template.p[0] == '{', many = false;
    size_t  begin = out->n;
    vd_fill got = VD_FILL_FITS;

    template.n -= vd_event_inexact(template);
    while (template.n && got != VD_FILL_END) {
        vd_str  piece = template;
        vd_fill hole;

        if (!vd_str_cut(&template, '{', &piece))
            template = VD_S("");
        vd_buf_add(out, piece);
        if (!template.n || !vd_str_cut(&template, '}', &piece))
            continue;
        hole = fill_hole(call, out, piece, element, whole && out->n == begin, &many);
        if (hole == VD_FILL_UNFIT && element == 0)
            return hole; /* whether there are more elements is asked when they are */
        got = hole == VD_FILL_END || got == VD_FILL_FITS ? hole : got;
    }
    return element > 0 && !many ? VD_FILL_END : got;
}
