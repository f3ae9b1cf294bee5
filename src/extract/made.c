/* SPDX-License-Identifier: Apache-2.0
 *
 * Text with pieces: appended in order, each piece with the span of the file that it stands for.
 */
#include "extract/made.h"

#include "base/str.h"
#include "base/utf8.h"

enum { MOST_TEXT = 16u << 20, DEEPEST = 128 };

vd_made vd_made_on(vd_arena *arena, const vd_source *outer)
{
    vd_made m = { .arena = arena, .outer = outer, .holes = vd_arena_new(arena, vd_holes) };

    m.failed = !m.holes;
    return m;
}

static char *room(vd_made *m, size_t n)
{
    char *p;

    if (m->failed || n > MOST_TEXT - m->count ||
        (n > m->cap - m->count &&
         !vd_arena_grow(m->arena, &m->text, m->count, &m->cap, m->count + (uint32_t)n, 1))) {
        m->failed = true;
        return NULL;
    }
    p = m->text + m->count;
    m->count += (uint32_t)n;
    return p;
}

static void put(vd_made *m, vd_str s)
{
    char *p = room(m, s.n);

    if (p && s.n)
        memcpy(p, s.p, s.n);
}

static void piece(vd_made *m, uint32_t from, vd_span at)
{
    vd_piece p = { .inner = from, .length = m->count - from, .outer = at.offset, .outer_length = at.length };

    if (!m->failed && !VD_ARENA_PUSH(m->arena, m->pieces, m->piece_count, m->piece_cap, p))
        m->failed = true;
}

void vd_made_plain(vd_made *m, vd_str json)
{
    put(m, json);
}

void vd_made_at(vd_made *m, vd_str json, vd_span at)
{
    uint32_t from = m->count;

    put(m, json);
    piece(m, from, at);
}

/* What is a hole in our texts is no character of a policy: it becomes U+FFFD. */
static void put_escaped(vd_made *m, vd_str s)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < s.n;) {
        uint32_t      cp, n = vd_utf8_next(vd_str_from(s, i), &cp);
        unsigned char c = (unsigned char)s.p[i];
        char          unicode[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };
        char          escape[2] = { '\\', (char)c };

        if (!n || (cp >= 0xe000 && cp <= 0xf8ff))
            put(m, VD_S("\xef\xbf\xbd"));
        else if (c == '"' || c == '\\')
            put(m, (vd_str){ escape, 2 });
        else if (c < 0x20)
            put(m, (vd_str){ unicode, 6 });
        else
            put(m, (vd_str){ s.p + i, n });
        i += n ? n : 1;
    }
}

void vd_made_string(vd_made *m, vd_str value, vd_span at)
{
    uint32_t from = m->count;

    put(m, VD_S("\""));
    put_escaped(m, value);
    put(m, VD_S("\""));
    piece(m, from, at);
}

static vd_span outer_span(const vd_made *m, const vd_doc *d, uint32_t node)
{
    const vd_source *s = d->source;

    return vd_source_climb(&s, vd_doc_span(d, node), m->outer);
}

/* A string is copied as a whole, because its value is what is escaped anew; when the token reads the same, byte stands for
 * byte since both are equally long. */
void vd_made_scalar(vd_made *m, const vd_doc *d, uint32_t node)
{
    vd_span at = outer_span(m, d, node);

    if (d->nodes[node].kind == VD_NODE_STRING)
        vd_made_string(m, vd_doc_text(d, node), at);
    else
        vd_made_at(m, vd_doc_text(d, node), at);
}

static bool is_container(const vd_doc *d, uint32_t node)
{
    return d->nodes[node].kind == VD_NODE_ARRAY || d->nodes[node].kind == VD_NODE_OBJECT;
}

static vd_str bracket(const vd_doc *d, uint32_t node, bool open)
{
    if (d->nodes[node].kind == VD_NODE_OBJECT)
        return open ? VD_S("{") : VD_S("}");
    return open ? VD_S("[") : VD_S("]");
}

/* Nodes come in the order of their text: a bracket closes where the nodes below it end. */
void vd_made_value(vd_made *m, const vd_doc *d, uint32_t node)
{
    uint32_t open[DEEPEST], depth = 0, end = d->nodes[node].next;
    bool     key = false, first = true;

    for (uint32_t n = node; n < end && !m->failed; n++) {
        bool in_object = depth && d->nodes[open[depth - 1]].kind == VD_NODE_OBJECT;

        if (key)
            put(m, VD_S(":"));
        else if (!first)
            put(m, VD_S(","));
        key = in_object && !key;
        if (is_container(d, n) && depth < DEEPEST) {
            vd_span at = outer_span(m, d, n);

            vd_made_at(m, bracket(d, n, true), (vd_span){ at.offset, at.length ? 1 : 0 });
            open[depth++] = n;
            first = true;
        } else {
            vd_made_scalar(m, d, n);
            n = d->nodes[n].next - 1;
            first = false;
        }
        for (; depth && d->nodes[open[depth - 1]].next == n + 1; first = false)
            put(m, bracket(d, open[--depth], false));
    }
}

/* The hole of that kind and name, when equal ones are one. */
static uint32_t find_hole(const vd_made *m, vd_hole_kind kind, vd_str name)
{
    uint32_t i = 0;

    while (i < m->holes->count && (m->holes->at[i].kind != kind || !vd_str_eq(m->holes->at[i].name, name)))
        i++;
    return i;
}

void vd_made_hole(vd_made *m, vd_hole_kind kind, vd_str name, vd_str pattern, bool same, vd_span at)
{
    vd_hole  hole = { .kind = (uint8_t)kind, .name = name, .pattern = pattern, .value = VD_S("") };
    uint32_t i, from = m->count;
    char     code[VD_HOLE_BYTES];

    if (m->failed)
        return;
    i = same ? find_hole(m, kind, name) : m->holes->count;
    if (i == VD_HOLES_MOST ||
        (i == m->holes->count && !VD_ARENA_PUSH(m->arena, m->holes->at, m->holes->count, m->holes->cap, hole))) {
        m->failed = true;
        return;
    }
    vd_hole_write(code, i);
    put(m, VD_S("\""));
    put(m, (vd_str){ code, sizeof code });
    put(m, VD_S("\""));
    piece(m, from, at);
}

vd_source *vd_made_done(vd_made *m)
{
    vd_source *s = m->failed ? NULL : vd_arena_new(m->arena, vd_source);

    if (s)
        *s = (vd_source){ .name = m->outer->name,
                          .text = { m->text, m->count },
                          .outer = m->outer,
                          .pieces = m->pieces,
                          .piece_count = m->piece_count,
                          .holes = m->holes };
    return s;
}
