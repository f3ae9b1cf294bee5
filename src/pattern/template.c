/* SPDX-License-Identifier: Apache-2.0
 *
 * Policy variables (E552, E553).  A variable ends at the first "}", for neither key nor default may hold one; so one
 * look ahead decides, and nothing nests.
 *
 *   part     = text | escape | variable
 *   escape   = "${*}" | "${?}" | "${$}"
 *   variable = "${" key [ spaces "," spaces "'" default "'" ] "}"
 */
#include "pattern/template.h"

#include "base/str.h"

/* Index of the next "${" that has a "}" behind it, *end the index of that "}"; text.n when there is none. */
static size_t find_part(vd_str text, size_t at, size_t *end)
{
    for (; at + 2 < text.n; at++) {
        at += vd_str_find(vd_str_from(text, at), '$');
        if (at + 2 >= text.n)
            break;
        if (text.p[at + 1] != '{')
            continue;
        *end = at + 2 + vd_str_find(vd_str_from(text, at + 2), '}');
        return *end < text.n ? at : text.n; /* no "}" behind this one is none behind a later one */
    }
    return text.n;
}

/* As condition keys are written: no white space, no wildcard, nothing that belongs to the syntax around them. */
static bool is_key(vd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c <= ' ' || c == 0x7f || memchr("*?${'\",", c, 7))
            return false;
    }
    return s.n > 0;
}

static vd_str skip_spaces(vd_str s)
{
    while (s.n && s.p[0] == ' ')
        s = vd_str_from(s, 1);
    return s;
}

/* The inside of "${...}". */
static void read_inside(vd_part *out, vd_str inside)
{
    vd_str rest = inside, key;

    out->kind = VD_PART_BAD;
    out->text = inside;
    if (inside.n == 1 && memchr("*?$", inside.p[0], 3)) {
        out->kind = VD_PART_ESCAPE;
        return;
    }
    if (vd_str_cut(&rest, ',', &key)) {
        while (key.n && key.p[key.n - 1] == ' ')
            key.n--;
        rest = skip_spaces(rest);
        if (rest.n < 2 || rest.p[0] != '\'' || rest.p[rest.n - 1] != '\'')
            return;
        rest = (vd_str){ rest.p + 1, rest.n - 2 };
        if (vd_str_find(rest, '\'') < rest.n || !is_key(key))
            return;
        out->has_fallback = true;
        out->fallback = rest;
    } else {
        key = inside;
        if (!is_key(key))
            return;
    }
    out->kind = VD_PART_VARIABLE;
    out->text = key;
}

bool vd_template_next(vd_str text, size_t *at, vd_part *out)
{
    size_t begin, end = 0;

    if (*at >= text.n)
        return false;
    begin = find_part(text, *at, &end);
    *out = (vd_part){ .kind = VD_PART_TEXT, .offset = (uint32_t)*at };
    if (begin > *at) {
        out->text = (vd_str){ text.p + *at, begin - *at };
        *at = begin;
    } else {
        read_inside(out, (vd_str){ text.p + begin + 2, end - begin - 2 });
        *at = end + 1;
    }
    out->length = (uint32_t)*at - out->offset;
    return true;
}

bool vd_template_has_parts(vd_str text)
{
    size_t end;

    return find_part(text, 0, &end) < text.n;
}
