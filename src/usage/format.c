/* SPDX-License-Identifier: Apache-2.0
 *
 * Formats of the catalogue filled by the names of their parts, for all the services that no table is about (usage 3.1, 3): a
 * part is named by a parameter that is called like it, with or without Name, Id, Identifier; the last part also by one that is
 * called like the resource type; or by a plain "name" when the event is about such a thing.
 */
#include "usage/walk.h"

#include "base/str.h"

typedef enum ending { NO_ENDING, NAME, ID, IDENTIFIER, ARN } ending;

/* The name without its ending; without anything else it stays. */
static ending ending_of(vd_str *name)
{
    static const struct {
        vd_str  text;
        uint8_t what;
    } endings[] = { { VD_L("identifier"), IDENTIFIER }, { VD_L("name"), NAME }, { VD_L("arn"), ARN }, { VD_L("id"), ID } };

    for (size_t i = 0; i < VD_COUNT(endings); i++)
        if (name->n > endings[i].text.n && vd_str_ieq(vd_str_from(*name, name->n - endings[i].text.n), endings[i].text)) {
            name->n -= endings[i].text.n;
            return (ending)endings[i].what;
        }
    return NO_ENDING;
}

/* An id is no name. */
static bool agree(ending a, ending b)
{
    return a != ARN && b != ARN && !(a == NAME && b == ID) && !(a == ID && b == NAME);
}

typedef struct part {
    vd_str   name, base; /* "ClusterName", "Cluster" */
    ending   end;
    vd_str   type;  /* of the resource, when this part is what tells one from another; else empty */
    bool     plain; /* the event is about such a thing */
} part;

enum { NO_RANK = 9, PLAIN_RANK = 3 };

/* How good a name this is for the part: 0 is the best. */
static uint32_t rank_of(const part *p, vd_str key)
{
    vd_str base = key, plain = key;
    ending end;

    if (vd_event_same_name(key, p->name))
        return 0;
    end = ending_of(&base);
    if (agree(end, p->end) && vd_event_same_name(base, p->base))
        return 1;
    if (p->type.n && agree(end, p->end) && vd_event_same_name(base, p->type))
        return 2;
    if (p->plain && ((vd_str_ieq(plain, VD_S("name")) && p->end != ID) || (vd_str_ieq(plain, VD_S("id")) && p->end != NAME) ||
                     vd_str_ieq(plain, VD_S("identifier"))))
        return PLAIN_RANK;
    return NO_RANK;
}

/* A list is named by the plural. */
static uint32_t rank_of_member(const part *p, vd_str key, vd_str value)
{
    bool list = value.p[0] == '[';

    if (value.p[0] == '{' || (list && (key.n < 2 || vd_lower(key.p[key.n - 1]) != 's')))
        return NO_RANK;
    return rank_of(p, vd_str_first(key, key.n - list));
}

/* The best member of the parameters themselves. */
static vd_fill in_members(const vd_event_call *call, const part *p, uint32_t element, bool *many, vd_event_value *out)
{
    vd_walk *w = call->ctx;
    uint32_t best = NO_RANK, at = 0;

    vd_walk_members(w);
    for (uint32_t i = 0; i < w->count; i++) {
        uint32_t rank = rank_of_member(p, w->keys[i], w->values[i]);

        if (rank < best) {
            best = rank;
            at = i;
        }
    }
    if (best == NO_RANK)
        return VD_FILL_UNFIT;
    out->bytes = w->values[at];
    if (out->bytes.p[0] != '[')
        return VD_FILL_FITS;
    *many = true;
    return call->walk->element(w, *out, element, false, out) ? VD_FILL_FITS : VD_FILL_END;
}

/* The member of an object by the best name, short of a plain one. */
static bool in_object(vd_str object, const part *p, vd_event_value *out)
{
    const char *at, *next, *end, *from;
    uint32_t    best = PLAIN_RANK;
    vd_str      key;

    if (!object.n || object.p[0] != '{')
        return false;
    from = object.p + 1;
    end = object.p + object.n;
    while (vd_scan_member(from, end, &key, &at) == VD_SCAN_OK && key.p) {
        vd_scan got = vd_scan_value(at, end, &next);

        if (got != VD_SCAN_OK && got != VD_SCAN_DEEP)
            break;
        if (*at != 'n' && *at != '{' && *at != '[' && rank_of(p, key) < best) {
            best = rank_of(p, key);
            out->bytes = (vd_str){ at, (size_t)(next - at) };
        }
        from = next;
    }
    return best < PLAIN_RANK;
}

/* {"items":[...]} as EC2 writes arrays, and entries[]. */
static vd_fill in_lists(const vd_event_call *call, const part *p, uint32_t element, bool *many, vd_event_value *out)
{
    vd_walk *w = call->ctx;

    for (uint32_t i = 0; i < w->count; i++) {
        vd_event_value list = { .bytes = w->values[i] }, first = { 0 };
        vd_str         rest;

        if (list.bytes.p[0] == '{' && !call->walk->member(w, list, VD_S("items"), &list))
            continue;
        rest = list.bytes;
        if (list.bytes.p[0] != '[' || !vd_scan_element(&rest, &first.bytes) || !in_object(first.bytes, p, out))
            continue;
        *many = true;
        if (element == 0)
            return VD_FILL_FITS;
        if (!call->walk->element(w, list, element, false, &first))
            return VD_FILL_END;
        return in_object(first.bytes, p, out) ? VD_FILL_FITS : VD_FILL_UNFIT;
    }
    return VD_FILL_UNFIT;
}

static vd_fill named(const vd_event_call *call, const part *p, uint32_t element, bool *many, vd_str *out)
{
    vd_event_value value = { 0 };
    vd_fill        got = in_members(call, p, element, many, &value);

    if (got == VD_FILL_UNFIT)
        got = in_lists(call, p, element, many, &value);
    if (got != VD_FILL_FITS)
        return got;
    return call->walk->text(call->ctx, value, out) && !vd_str_starts(*out, VD_S("arn:")) ? VD_FILL_FITS : VD_FILL_UNFIT;
}

/* "DeleteBackupVault", "backupVault". */
static bool is_about(vd_str event, vd_str type)
{
    size_t letters = 0, n = event.n;

    for (size_t i = 0; i < type.n; i++)
        letters += type.p[i] != '-' && type.p[i] != '_';
    return letters && letters < n && vd_event_same_name(vd_str_from(event, n - letters), type);
}

static bool is_last(vd_str rest)
{
    for (size_t i = 0; i + 1 < rest.n; i++)
        if (rest.p[i] == '$' && rest.p[i + 1] == '{')
            return false;
    return true;
}

/* The next part of a format: *before stands before it.  False: there is none. */
static bool next_part(vd_str *format, vd_str *before, part *p, vd_str type, vd_str event)
{
    *p = (part){ 0 };
    if (!vd_str_cut(format, '$', before)) {
        *before = *format;
        return false;
    }
    *format = vd_str_from(*format, 1);
    if (!vd_str_cut(format, '}', &p->name))
        return false;
    p->base = p->name;
    p->end = ending_of(&p->base);
    if (is_last(*format)) {
        p->type = type;
        p->plain = is_about(event, type);
    }
    return true;
}

/* Of where the call went, not of what it was about. */
static const vd_str *place_of(const vd_event_call *call, vd_str name)
{
    if (vd_str_eq(name, VD_S("Partition")))
        return &call->partition;
    if (vd_str_eq(name, VD_S("Region")))
        return &call->region;
    return vd_str_eq(name, VD_S("Account")) ? &call->account : NULL;
}

bool vd_format_fillable(vd_walk *w, vd_str format, vd_str type, vd_str name)
{
    static const vd_event_call nowhere = { 0 };
    vd_str                     before;
    part                       p;

    vd_walk_members(w);
    while (next_part(&format, &before, &p, type, name))
        for (uint32_t i = 0; !place_of(&nowhere, p.name) && i < w->count; i++)
            if (rank_of_member(&p, w->keys[i], w->values[i]) < NO_RANK || w->values[i].p[0] == '{' || w->values[i].p[0] == '[')
                return true;
    return false;
}

vd_fill vd_format_fill(const vd_event_call *call, vd_str format, vd_str type, vd_str name, bool made, uint32_t element,
                       vd_buf *out)
{
    bool   many = false, known = made;
    vd_str before;
    part   p;

    while (next_part(&format, &before, &p, type, name)) {
        const vd_str *place = place_of(call, p.name);
        vd_str        value = place ? *place : VD_S("*");
        vd_fill       got = place ? VD_FILL_FITS : named(call, &p, element, &many, &value);

        if (got == VD_FILL_END || (place && !place->n))
            return VD_FILL_END;
        known |= got == VD_FILL_FITS && !place;
        vd_buf_add(out, before);
        vd_buf_add(out, got == VD_FILL_FITS ? value : VD_S("*"));
    }
    vd_buf_add(out, before);
    return element > 0 && !many ? VD_FILL_END : known ? VD_FILL_FITS : VD_FILL_UNFIT;
}
