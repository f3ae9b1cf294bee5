/* SPDX-License-Identifier: Apache-2.0
 *
 * The parameters are looked through once for each record, all that is deeper when it is asked for.
 */
#include "usage/walk.h"

#include "base/str.h"

void vd_walk_init(vd_walk *w, vd_arena *scratch, vd_str parameters)
{
    w->scratch = scratch;
    w->parameters = parameters;
    w->count = w->index = 0;
    w->behind = NULL;
    w->read = w->failed = false;
    w->list = w->rest = w->element = (vd_str){ 0 };
}

const char *vd_walk_next(const char *p, const char *end, vd_str *key, vd_str *value)
{
    const char *at, *next;
    vd_scan     got;

    if (vd_scan_member(p, end, key, &at) != VD_SCAN_OK || !key->p)
        return NULL;
    got = vd_scan_value(at, end, &next);
    if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
        return NULL;
    *value = (vd_str){ at, (size_t)(next - at) };
    return next;
}

static bool is_object(vd_str value)
{
    return value.n && value.p[0] == '{';
}

void vd_walk_members(vd_walk *w)
{
    const char *p, *end;
    vd_str      key, value;

    if (w->read)
        return;
    w->read = true;
    if (!is_object(w->parameters))
        return;
    p = w->parameters.p + 1;
    end = w->parameters.p + w->parameters.n;
    while ((p = vd_walk_next(p, end, &key, &value)) != NULL) {
        if (value.p[0] == 'n')
            continue;
        if (w->count == VD_WALK_MEMBERS) {
            w->behind = key.p - 1;
            return;
        }
        w->keys[w->count] = key;
        w->values[w->count++] = value;
    }
}

void vd_walk_unwrap(vd_walk *w)
{
    static const char mark[] = "Request\"";
    vd_str            p = w->parameters;

    /* that name is seldom there at all */
    vd_walk_members(w);
    if (w->count != 1 || !is_object(p) || !memmem(p.p, p.n < 80 ? p.n : 80, mark, sizeof mark - 1))
        return;
    if (w->count == 1 && is_object(w->values[0]) && vd_str_ends(w->keys[0], VD_S("Request")))
        vd_walk_init(w, w->scratch, w->values[0]);
}

uint64_t vd_walk_shape(vd_walk *w, uint64_t seed)
{
    uint64_t shape = seed;

    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++)
        shape = vd_hash(shape ^ (w->values[i].p[0] == '{') ^ (uint64_t)(w->values[i].p[0] == '[') << 1, w->keys[i]);
    return shape ? shape : 1;
}

static bool has_member(const vd_walk *w, vd_str path)
{
    size_t n = 0;

    while (n < path.n && path.p[n] != '.' && path.p[n] != '[' && path.p[n] != '#' && path.p[n] != '^' && path.p[n] != '@' &&
           path.p[n] != '!')
        n++;
    path.n = n;
    for (uint32_t i = 0; i < w->count; i++)
        if (vd_event_same_name(w->keys[i], path))
            return true;
    return false;
}

bool vd_template_fillable(vd_walk *w, vd_str template)
{
    vd_str piece;

    vd_walk_members(w);
    while (!w->behind && vd_str_cut(&template, '{', &piece) && vd_str_cut(&template, '}', &piece)) {
        bool place = piece.n == 1 && (piece.p[0] == 'P' || piece.p[0] == 'R' || piece.p[0] == 'A');

        if (!place && !has_member(w, piece))
            return false;
    }
    return true;
}

/* p is behind the '{' of an object or somewhere between its members. */
static bool find_member(const char *p, const char *end, vd_str name, vd_str *out)
{
    vd_str key;

    while ((p = vd_walk_next(p, end, &key, out)) != NULL)
        if (vd_event_same_name(key, name))
            return out->p[0] != 'n';
    return false;
}

static bool walk_member(void *ctx, vd_event_value object, vd_str name, vd_event_value *out)
{
    vd_walk    *w = ctx;
    const char *end;

    if (!is_object(object.bytes))
        return false;
    end = object.bytes.p + object.bytes.n;
    if (object.bytes.p != w->parameters.p)
        return find_member(object.bytes.p + 1, end, name, &out->bytes);
    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++)
        if (vd_event_same_name(w->keys[i], name)) {
            out->bytes = w->values[i];
            return true;
        }
    return w->behind && find_member(w->behind, end, name, &out->bytes);
}

/* The name of the next member of the object that *rest is what is left of, with its quotes. */
static bool next_name(vd_str *rest, vd_str *name)
{
    const char *end = rest->p + rest->n, *next;
    vd_str      key, value;

    next = vd_walk_next(rest->p, end, &key, &value);
    if (!next)
        return false;
    *name = (vd_str){ key.p - 1, key.n + 2 };
    *rest = (vd_str){ next, (size_t)(end - next) };
    return true;
}

static bool walk_element(void *ctx, vd_event_value list, uint32_t index, bool names, vd_event_value *out)
{
    vd_walk *w = ctx;

    if (!list.bytes.n || list.bytes.p[0] != (names ? '{' : '['))
        return false;
    if (w->list.p != list.bytes.p || w->index > index + 1) {
        w->list = list.bytes;
        w->rest = names ? vd_str_from(list.bytes, 1) : list.bytes;
        w->index = 0;
    }
    for (; w->index <= index; w->index++)
        if (!(names ? next_name(&w->rest, &w->element) : vd_scan_element(&w->rest, &w->element))) {
            w->list = (vd_str){ 0 };
            return false;
        }
    out->bytes = w->element;
    return true;
}

static bool walk_text(void *ctx, vd_event_value value, vd_str *out)
{
    vd_walk *w = ctx;
    vd_str   rest = value.bytes;

    if (rest.n && rest.p[0] == '[' && !vd_scan_element(&rest, &value.bytes))
        return false;
    if (!vd_scan_text(value.bytes, w->scratch, out)) {
        w->failed = true;
        return false;
    }
    return out->n > 0;
}

const vd_event_walk vd_walk_bytes = { walk_member, walk_element, walk_text };
