/* SPDX-License-Identifier: Apache-2.0
 *
 * What a string of Terraform says: "$${" is "${", and what stands in "${...}" is a hole.
 */
#include "extract/hcl_reader.h"

#include "base/str.h"

static uint32_t find_hole(const vd_holes *holes, vd_str name)
{
    for (uint32_t i = 0; i < holes->count; i++)
        if (vd_str_eq(holes->at[i].name, name))
            return i;
    return VD_NONE;
}

/* Its index; VD_NONE: refused. */
static uint32_t hole_of(vd_hcl_reader *r, vd_str expression)
{
    enum { MOST = 1000 }; /* they are looked for one by one */
    vd_hole  hole = { .kind = VD_HOLE_ANY, .name = vd_str_trim(expression) };
    uint32_t i = find_hole(r->holes, hole.name);

    if (i != VD_NONE)
        return i;
    if (r->holes->count == MOST || hole.name.n == 0) {
        vd_hcl_refuse(r);
        return VD_NONE;
    }
    if (!VD_ARENA_PUSH(r->arena, r->holes->at, r->holes->count, r->holes->cap, hole)) {
        vd_hcl_nomem(r);
        return VD_NONE;
    }
    return r->holes->count - 1;
}

bool vd_hcl_hole(vd_hcl_reader *r, vd_str *out, vd_str expression)
{
    uint32_t index = hole_of(r, expression);
    char    *room;

    if (index == VD_NONE)
        return false;
    room = vd_arena_alloc(r->arena, VD_HOLE_BYTES, 1);
    if (!room)
        return vd_hcl_nomem(r);
    vd_hole_write(room, index);
    *out = (vd_str){ room, VD_HOLE_BYTES };
    return true;
}

/* Behind the brace that ends the code that begins at `at`; s.n + 1: there is none. */
static size_t code_end(vd_str s, size_t at)
{
    uint32_t depth = 1;

    for (vd_lexeme t = vd_hcl_next(s, &at); t.kind != VD_HCL_END; t = vd_hcl_next(s, &at)) {
        depth += t.kind == VD_HCL_OPEN;
        if (t.kind == VD_HCL_CLOSE && --depth == 0)
            return at;
    }
    return s.n + 1;
}

typedef struct decoding {
    vd_hcl_reader *r;
    vd_str         text;
    size_t         at;
    char          *room; /* never more than there is of text: the shortest code, "${x}", is longer than a hole */
    size_t         n;
} decoding;

static bool backslash(decoding *d)
{
    static const char said[] = "n\nr\rt\t\"\"\\\\";
    char              c = d->at + 1 < d->text.n ? d->text.p[d->at + 1] : 0;

    for (size_t i = 0; said[i]; i += 2)
        if (c == said[i]) {
            d->room[d->n++] = said[i + 1];
            d->at += 2;
            return true;
        }
    return vd_hcl_refuse(d->r); /* other escapes are not written in policies */
}

static bool code(decoding *d)
{
    size_t   end = code_end(d->text, d->at + 2);
    vd_str   inside;
    uint32_t index;

    if (end > d->text.n)
        return vd_hcl_refuse(d->r);
    inside = vd_str_first(vd_str_from(d->text, d->at + 2), end - 1 - (d->at + 2));
    if (vd_str_starts(inside, VD_S("~")) || vd_str_ends(inside, VD_S("~")))
        return vd_hcl_refuse(d->r); /* it eats the blanks around it */
    index = hole_of(d->r, inside);
    if (index == VD_NONE)
        return false;
    vd_hole_write(d->room + d->n, index);
    d->n += VD_HOLE_BYTES;
    d->at = end;
    return true;
}

/* The next byte, or what begins with it. */
static bool advance(decoding *d, bool escapes)
{
    vd_str rest = vd_str_from(d->text, d->at);
    char   c = rest.p[0];

    if (c == '\\' && escapes)
        return backslash(d);
    if (vd_str_starts(rest, VD_S("$${")) || vd_str_starts(rest, VD_S("%%{"))) {
        d->room[d->n++] = c;
        d->room[d->n++] = '{';
        d->at += 3;
        return true;
    }
    if (vd_str_starts(rest, VD_S("${")))
        return code(d);
    if (vd_str_starts(rest, VD_S("%{")))
        return vd_hcl_refuse(d->r);
    d->room[d->n++] = d->r->ampersand && vd_str_starts(rest, VD_S("&{")) ? '$' : c;
    d->at++;
    return true;
}

bool vd_hcl_decode(vd_hcl_reader *r, vd_str *out, vd_str text, bool escapes, bool *same)
{
    decoding d = { .r = r, .text = text };

    *same = false;
    *out = text;
    if (vd_has_hole(text))
        return vd_hcl_refuse(r); /* a character that we use for holes */
    *same = !vd_str_contains(text, VD_S("${")) && !vd_str_contains(text, VD_S("%{")) && !(escapes && vd_str_find(text, '\\') < text.n) &&
            !(r->ampersand && vd_str_contains(text, VD_S("&{")));
    if (*same)
        return true;
    d.room = vd_arena_alloc(r->arena, text.n + 1, 1);
    if (!d.room)
        return vd_hcl_nomem(r);
    while (d.at < text.n)
        if (!advance(&d, escapes))
            return false;
    *out = (vd_str){ d.room, d.n };
    return true;
}
