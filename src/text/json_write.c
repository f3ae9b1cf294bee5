/* SPDX-License-Identifier: Apache-2.0
 *
 * Values to be printed, by jansson.  Its process-wide state (allocator, hash seed) is the host's and stays untouched.
 * A failure sticks as a mark on the type of the container it happened to: that needs no memory, jansson can still
 * pass such a value around, and whoever takes the tree over looks for marks and wipes them off first.
 */
#include "text/json_write.h"

#include "base/utf8.h"

#include <jansson.h>
#include <math.h>

enum { FAILED = 0x100 }; /* a bit that no json_type has */

static const char replacement[] = "\xef\xbf\xbd";

vd_json *vd_json_object(void)
{
    return json_object();
}

vd_json *vd_json_array(void)
{
    return json_array();
}

static size_t valid_or_replaced(char *out, vd_str s)
{
    size_t to = 0;

    while (s.n) {
        size_t run = vd_utf8_invalid(s);

        memcpy(out + to, s.p, run);
        to += run;
        s = (vd_str){ s.p + run, s.n - run };
        if (s.n) {
            memcpy(out + to, replacement, 3);
            to += 3;
            s = (vd_str){ s.p + 1, s.n - 1 };
        }
    }
    return to;
}

vd_json *vd_json_string(vd_str s)
{
    vd_json *v;
    size_t   room;
    char    *copy;

    if (vd_utf8_invalid(s) == s.n)
        return json_stringn_nocheck(s.p ? s.p : "", s.n);
    copy = vd_mul_ok(s.n, 3, &room) ? vd_alloc(vd_allocator_default(), room) : NULL;
    if (!copy)
        return NULL;
    v = json_stringn_nocheck(copy, valid_or_replaced(copy, s));
    vd_free(vd_allocator_default(), copy, room);
    return v;
}

vd_json *vd_json_int(int64_t v)
{
    return json_integer(v);
}

vd_json *vd_json_real(double v)
{
    return isfinite(v) ? json_real(v) : json_null();
}

vd_json *vd_json_bool(bool v)
{
    return json_boolean(v);
}

vd_json *vd_json_null(void)
{
    return json_null();
}

vd_json *vd_json_raw(vd_str json)
{
    return json_loadb(json.p ? json.p : "", json.n, JSON_DECODE_ANY, NULL);
}

static bool is_marked(const vd_json *v)
{
    return (unsigned)v->type & FAILED;
}

static void mark(vd_json *v)
{
    if (v)
        v->type = (json_type)((unsigned)v->type | FAILED);
}

/* Our own trees are a few levels deep, and jansson itself frees and dumps them by recursion. */
static bool wipe_marks(vd_json *v)
{
    bool        marked = is_marked(v);
    const char *key;
    vd_json    *child;
    size_t      i;

    if (marked)
        v->type = (json_type)((unsigned)v->type & ~(unsigned)FAILED);
    json_object_foreach(v, key, child) marked |= wipe_marks(child);
    json_array_foreach(v, i, child) marked |= wipe_marks(child);
    return marked;
}

void vd_json_drop(vd_json *v)
{
    if (!v)
        return;
    wipe_marks(v);
    json_decref(v);
}

/* The container must take no more once it is marked: jansson would not know its type. */
static bool takes(vd_json *container, vd_json *value)
{
    if (container && value && !is_marked(container))
        return true;
    mark(container);
    vd_json_drop(value);
    return false;
}

void vd_json_set(vd_json *object, const char *key, vd_json *value)
{
    vd_str   given = vd_str_of(key);
    vd_json *clean = NULL;

    if (!takes(object, value))
        return;
    json_incref(value); /* jansson drops it when it fails, and knows nothing of marks */
    if (vd_utf8_invalid(given) != given.n) {
        clean = vd_json_string(given);
        key = clean ? json_string_value(clean) : NULL;
    }
    if (json_object_set_new_nocheck(object, key, value) == 0) {
        json_decref(value);
    } else {
        mark(object);
        vd_json_drop(value);
    }
    vd_json_drop(clean);
}

void vd_json_push(vd_json *array, vd_json *value)
{
    if (!takes(array, value))
        return;
    json_incref(value);
    if (json_array_append_new(array, value) == 0) {
        json_decref(value);
    } else {
        mark(array);
        vd_json_drop(value);
    }
}

/* In JSON as jansson writes it such characters stand in strings only: the control characters below 0x20 are escaped. */
static uint32_t unsafe_at(vd_str s, uint32_t *cp)
{
    uint32_t n = (unsigned char)s.p[0] < 0x7f ? 0 : vd_utf8_next(s, cp);

    return n && vd_text_is_unsafe(*cp) ? n : 0;
}

static void put_escape(vd_buf *out, uint32_t cp)
{
    if (cp >= 0x10000) {
        vd_buf_printf(out, "\\u%04x", (unsigned)(0xd800 + ((cp - 0x10000) >> 10)));
        cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
    }
    vd_buf_printf(out, "\\u%04x", (unsigned)cp);
}

/* jansson hands over pieces that end at characters. */
static int to_buffer(const char *bytes, size_t n, void *out)
{
    size_t from = 0, i = 0;

    while (i < n) {
        uint32_t cp = 0, length = unsafe_at((vd_str){ bytes + i, n - i }, &cp);

        if (length == 0) {
            i++;
            continue;
        }
        vd_buf_add(out, (vd_str){ bytes + from, i - from });
        put_escape(out, cp);
        from = i += length;
    }
    vd_buf_add(out, (vd_str){ bytes + from, n - from });
    return ((vd_buf *)out)->failed ? -1 : 0;
}

vd_code vd_json_dump(vd_buf *out, vd_json *v, int indent)
{
    size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) | JSON_INDENT((size_t)indent);
    bool   failed = !v || wipe_marks(v) || json_dump_callback(v, to_buffer, out, flags) != 0;

    if (v)
        json_decref(v);
    return failed ? VD_ENOMEM : VD_OK;
}
