/* SPDX-License-Identifier: Apache-2.0
 *
 * Two lists of texts with variables: whatever the variables are, does what matches the one match the other?  Each text is
 * written with a sign for each variable, which nothing but a star or the same sign takes; a sign of a variable with a default
 * holds the default, in letters of its own.
 */
#include "symbolic/mirror.h"

#include "pattern/template.h"
#include "pattern/walk.h"

enum { SIGN = 1, STAR, ANY, DEFAULT, DEFAULT_END, NIBBLE = 16, FIELDS = 5, MOST_PAIRS = 1024 };

static void put_bytes(vd_buf *b, const void *at, size_t n)
{
    const unsigned char *p = at;

    for (size_t i = 0; i < n; i++) {
        vd_buf_byte(b, (char)(NIBBLE + (p[i] >> 4)));
        vd_buf_byte(b, (char)(NIBBLE + (p[i] & 15)));
    }
}

static bool put_text(vd_buf *b, vd_str text, bool globs)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];

        if ((unsigned char)c < 2 * NIBBLE)
            return false;
        vd_buf_byte(b, globs && c == '*' ? STAR : globs && c == '?' ? ANY : c);
    }
    return true;
}

/* False: what cannot be compared so. */
static bool write(vd_mirrors *m, vd_buf *b, vd_str text, bool globs, bool defaults)
{
    size_t  at = 0;
    vd_part part;

    b->n = 0;
    while (vd_template_next(text, &at, &part)) {
        uint32_t var;

        if (part.kind == VD_PART_TEXT) {
            if (!put_text(b, part.text, globs))
                return false;
            continue;
        }
        if (part.kind != VD_PART_VARIABLE)
            return false;
        var = vd_var_of_key(m->a->s, part.text, &m->a->nomem);
        if (m->a->nomem || !vd_mirror_single(m, var))
            return false;
        vd_buf_byte(b, SIGN);
        put_bytes(b, &var, sizeof var);
        if (part.has_fallback && defaults) {
            vd_buf_byte(b, DEFAULT);
            put_bytes(b, part.fallback.p, part.fallback.n);
            vd_buf_byte(b, DEFAULT_END);
        }
    }
    m->a->nomem |= b->failed;
    return !m->a->nomem;
}

static bool takes(char sign, char c)
{
    return sign == c || (sign == ANY && (unsigned char)c >= 2 * NIBBLE && (unsigned char)c < 0x80);
}

static bool covers(vd_str outer, vd_str inner)
{
    return vd_walk(outer, inner, STAR, takes);
}

/* The first five fields of an ARN, colons included; all of it, if it has fewer. */
static size_t head_of(vd_str text)
{
    size_t n = 0;

    for (uint32_t colons = 0; n < text.n && colons < FIELDS; n++)
        colons += text.p[n] == ':';
    return n;
}

/* Where stars of the first fields reach is not for covers(): they have to be the same. */
static bool cut_heads(vd_manner how, vd_str *outer, vd_str *inner)
{
    size_t n = head_of(*outer);

    if (how < VD_MANNER_ARN)
        return true;
    if (n == outer->n || !vd_str_starts(*inner, vd_str_first(*outer, n)))
        return false;
    *outer = vd_str_from(*outer, n);
    *inner = vd_str_from(*inner, n);
    return true;
}

static bool text_within(vd_mirrors *m, vd_buf room[2], vd_manner how, bool outer_globs, vd_str outer, bool inner_globs, vd_str inner)
{
    if (how == VD_MANNER_RESOURCE && vd_str_eq(outer, VD_S("*")))
        return true;
    if (!cut_heads(how, &outer, &inner) || !write(m, &room[0], inner, inner_globs, true))
        return false;
    for (int defaults = 0; defaults < 2; defaults++) /* whose default is left out matches no more for it */
        if (write(m, &room[1], outer, outer_globs, defaults != 0) && covers(vd_buf_str(&room[1]), vd_buf_str(&room[0])))
            return true;
    return false;
}

/* Whatever matches a text of the one way matches the same text of the other. */
static bool comparable(vd_manner inner, vd_manner outer)
{
    return inner == outer || (inner <= VD_MANNER_LIKE && outer <= VD_MANNER_LIKE && inner != VD_MANNER_FOLDED && inner != VD_MANNER_OTHER &&
                              outer != VD_MANNER_OTHER);
}

bool vd_mirror_within(vd_mirrors *m, uint32_t inner, uint32_t outer)
{
    const vd_texts *in = vd_mirror_texts(vd_mirror_atom(m, inner)), *out = vd_mirror_texts(vd_mirror_atom(m, outer));
    vd_manner       from = vd_manner_of(vd_mirror_atom(m, inner)), to = vd_manner_of(vd_mirror_atom(m, outer));
    vd_buf          room[2] = { vd_buf_on(&m->a->s->alloc, 0), vd_buf_on(&m->a->s->alloc, 0) };
    bool            all = comparable(from, to) && (uint64_t)in->count * out->count <= MOST_PAIRS;

    for (uint32_t i = 0; i < in->count && all; i++) {
        bool some = false;

        for (uint32_t k = 0; k < out->count && !some; k++)
            some = text_within(m, room, to, to >= VD_MANNER_LIKE, out->at[k].text, from >= VD_MANNER_LIKE, in->at[i].text);
        all = some;
    }
    vd_buf_done(&room[0]);
    vd_buf_done(&room[1]);
    return all && !m->a->nomem;
}
