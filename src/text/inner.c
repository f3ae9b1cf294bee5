/* SPDX-License-Identifier: Apache-2.0
 *
 * The text inside a string as a source of its own.  The pieces come from walking the token as written and its value
 * side by side: equal bytes run together, an escape or a folded line break of YAML is a piece of its own.  Where
 * YAML drops bytes (indentation, a line break within a word) they are skipped until both sides agree again.
 */
#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/doc.h"

typedef struct walk {
    vd_arena *arena;
    vd_piece *pieces;
    uint32_t  count, cap;
    vd_str    raw, value; /* raw: inside the quotes */
    uint32_t  outer;      /* of raw */
    uint32_t  i, k;       /* in raw, in value */
    bool      escapes;    /* the backslash is special */
} walk;

static bool add_piece(walk *w, uint32_t length, uint32_t outer_length)
{
    vd_piece p = { .inner = w->k, .length = length, .outer = w->outer + w->i, .outer_length = outer_length };

    w->k += length;
    w->i += outer_length;
    return VD_ARENA_PUSH(w->arena, w->pieces, w->count, w->cap, p);
}

static uint32_t least(size_t a, size_t b)
{
    return (uint32_t)(a < b ? a : b);
}

static bool special(const walk *w, uint32_t i)
{
    return (w->escapes && w->raw.p[i] == '\\') || w->raw.p[i] == '\r';
}

static uint32_t equal_run(const walk *w)
{
    uint32_t most = least(w->raw.n - w->i, w->value.n - w->k), n = 0;

    while (n < most && w->raw.p[w->i + n] == w->value.p[w->k + n] && !special(w, w->i + n))
        n++;
    return n;
}

/* How many bytes of the token are one escape; a pair of surrogates counts as one. */
static uint32_t escape_length(const walk *w)
{
    size_t left = w->raw.n - w->i;
    char   c = left > 1 ? w->raw.p[w->i + 1] : 0;

    if (c == 'x')
        return least(left, 4);
    if (c == 'U')
        return least(left, 10);
    if (c != 'u')
        return least(left, 2);
    if (left >= 12 && vd_lower(w->raw.p[w->i + 2]) == 'd' && vd_lower(w->raw.p[w->i + 3]) >= '8' &&
        w->raw.p[w->i + 6] == '\\')
        return 12;
    return least(left, 6);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static uint32_t blanks(vd_str s, uint32_t from)
{
    uint32_t n = 0;

    while (from + n < s.n && is_blank(s.p[from + n]))
        n++;
    return n;
}

/* Each escape is a piece, and so is what stands before and behind it.  A plan holds many escapes. */
static bool make_room(walk *w)
{
    size_t escapes = 0;

    for (vd_str rest = w->raw, head; w->escapes && vd_str_cut(&rest, '\\', &head); escapes++)
        rest = vd_str_from(rest, 1);
    if (escapes > UINT32_MAX / 4)
        return false;
    w->cap = (uint32_t)escapes * 2 + 1;
    w->pieces = vd_arena_new_array(w->arena, vd_piece, w->cap);
    return w->pieces != NULL;
}

static bool walk_on(walk *w)
{
    while (w->k < w->value.n && w->i < w->raw.n) {
        uint32_t cp, n = equal_run(w);

        if (n) {
            if (!add_piece(w, n, n))
                return false;
        } else if (w->escapes && w->raw.p[w->i] == '\\') {
            uint32_t made = vd_utf8_next(vd_str_from(w->value, w->k), &cp);

            if (w->i + 1 < w->raw.n && (w->raw.p[w->i + 1] == '\n' || w->raw.p[w->i + 1] == '\r'))
                made = 0; /* YAML: the line goes on */
            if (!add_piece(w, made, escape_length(w)))
                return false;
        } else if (is_blank(w->raw.p[w->i])) {
            if (!add_piece(w, blanks(w->value, w->k), blanks(w->raw, w->i)))
                return false;
        } else {
            w->i++;
        }
    }
    return true;
}

vd_code vd_doc_inner(vd_source **out, vd_arena *arena, const vd_doc *d, uint32_t node, vd_error *err)
{
    const vd_node *n = &d->nodes[node];
    vd_source     *s = vd_arena_new(arena, vd_source);
    bool           quoted = n->kind == VD_NODE_STRING && !(n->flags & VD_NODE_BARE) && n->length >= 2;
    walk           w = { .arena = arena, .value = vd_doc_text(d, node), .outer = n->offset + quoted };

    *out = NULL;
    if (!s)
        return vd_fail_nomem(err);
    w.raw = (vd_str){ d->source->text.p + w.outer, n->length - (quoted ? 2 : 0) };
    w.escapes = quoted && d->source->text.p[n->offset] == '"';
    if (!make_room(&w) || !walk_on(&w))
        return vd_fail_nomem(err);
    *s = (vd_source){ .name = d->source->name,
                      .text = w.value,
                      .outer = d->source,
                      .pieces = w.pieces,
                      .piece_count = w.count };
    *out = s;
    return VD_OK;
}
