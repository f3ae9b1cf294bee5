/* SPDX-License-Identifier: Apache-2.0
 *
 * Percent triplets (RFC 3986), as the IAM API writes policies: a source below the text they stand in.  A percent sign
 * without two hexadecimal digits stands for itself.
 */
#include "base/error.h"
#include "base/str.h"
#include "extract/formats.h"

typedef struct pieces {
    vd_arena *arena;
    vd_piece *at;
    uint32_t  count, cap;
} pieces;

/* Bytes that stand for themselves run together. */
static bool add(pieces *p, uint32_t inner, uint32_t outer, uint32_t outer_length)
{
    vd_piece *last = p->count ? &p->at[p->count - 1] : NULL;

    if (last && outer_length == 1 && last->length == last->outer_length && last->outer + last->length == outer) {
        last->length++;
        last->outer_length++;
        return true;
    }
    return VD_ARENA_PUSH(p->arena, p->at, p->count, p->cap,
                         (vd_piece){ .inner = inner, .length = 1, .outer = outer, .outer_length = outer_length });
}

static int hex(char c)
{
    if (vd_is_digit(c))
        return c - '0';
    c = vd_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the triplet at s.p stands for; -1: it is none. */
static int triplet(vd_str s)
{
    int high, low;

    if (s.n < 3 || s.p[0] != '%')
        return -1;
    high = hex(s.p[1]);
    low = hex(s.p[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

vd_code vd_extract_percent(vd_source **out, vd_arena *arena, const vd_source *outer, vd_error *err)
{
    vd_source *s = vd_arena_new(arena, vd_source);
    char      *text = vd_arena_alloc(arena, outer->text.n + 1, 1);
    pieces     p = { .arena = arena };
    uint32_t   n = 0;

    *out = NULL;
    if (!s || !text)
        return vd_fail_nomem(err);
    for (uint32_t i = 0; i < outer->text.n;) {
        int      byte = triplet(vd_str_from(outer->text, i));
        uint32_t length = byte < 0 ? 1 : 3;

        if (!add(&p, n, i, length))
            return vd_fail_nomem(err);
        text[n++] = byte < 0 ? outer->text.p[i] : (char)(unsigned char)byte;
        i += length;
    }
    *s = (vd_source){ .name = outer->name,
                      .text = { text, n },
                      .outer = outer,
                      .pieces = p.at,
                      .piece_count = p.count };
    *out = s;
    return VD_OK;
}
