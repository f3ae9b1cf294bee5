/* SPDX-License-Identifier: Apache-2.0
 *
 * Items and members that go, with the commas and lines that are theirs.
 */
#include "lint/fix_int.h"

#include "base/str.h"

#include <stdlib.h>

typedef struct doomed {
    uint32_t parent, node;
} doomed;

static int by_parent(const void *a, const void *b)
{
    const doomed *x = a, *y = b;

    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static uint32_t child_end(const vd_making *m, uint32_t container, uint32_t child)
{
    return vd_fix_end(m, m->doc->nodes[container].kind == VD_NODE_OBJECT ? child + 1 : child);
}

/* Whole lines: from the dash or the key to the line behind. */
static void delete_block(vd_making *m, uint32_t container, uint32_t child)
{
    uint32_t from = vd_fix_start(m, child), end = child_end(m, container, child), start;
    bool     first;

    if (m->doc->nodes[container].kind == VD_NODE_ARRAY) {
        from = vd_fix_dash(m, from);
        if (from == VD_NONE) {
            m->refused = "the list is written in a way that is not edited";
            return;
        }
    }
    first = vd_fix_begins_line(m, from, &start);
    while (end < m->text.n && m->text.p[end] != '\n' && vd_fix_only_blanks(m, end, end + 1))
        end++;
    if (m->thorough && vd_fix_byte(m, end) == '#')
        end += (uint32_t)vd_str_find(vd_str_from(m->text, end), '\n');
    if (vd_fix_byte(m, end) == '\r')
        end++;
    if (!first || (end < m->text.n && m->text.p[end] != '\n')) {
        m->refused = "something else stands on the same line";
        return;
    }
    vd_fix_splice(m, start, end < m->text.n ? end + 1 : end, VD_S(""));
}

/* Found from behind, not by a walk from the first: a list may have a hundred thousand, and a finding at each. */
static uint32_t child_before(const vd_making *m, uint32_t container, uint32_t child)
{
    uint32_t i = child - 1;

    if (i == container)
        return VD_NONE;
    while (m->parent[i] != container)
        i = m->parent[i];
    return m->doc->nodes[container].kind == VD_NODE_OBJECT ? i - 1 : i; /* the key of a value */
}

/* ------------------------------------------------------------------ beside comments */

/* What stands between two children: blanks, commas, comments. */
typedef struct gap {
    uint32_t from, to;
    uint32_t comma;    /* the first one; VD_NONE: none */
    uint32_t line_end; /* of the first line, behind what a comment says on it; VD_NONE: it is all one line */
    bool     noted;    /* there is a comment */
} gap;

static uint32_t comment_end(const vd_making *m, uint32_t at, uint32_t to)
{
    char c = vd_fix_byte(m, at), next = vd_fix_byte(m, at + 1);

    if (c == '/' && next == '*') {
        for (at += 2; at + 1 < to && !(m->text.p[at] == '*' && m->text.p[at + 1] == '/');)
            at++;
        return at + 2 < to ? at + 2 : to;
    }
    while ((c == '#' || (c == '/' && next == '/')) && at < to && m->text.p[at] != '\n')
        at++;
    return at;
}

static gap look_at_gap(const vd_making *m, uint32_t from, uint32_t to)
{
    gap g = { .from = from, .to = to, .comma = VD_NONE, .line_end = VD_NONE };

    for (uint32_t at = from; at < to;) {
        uint32_t end = comment_end(m, at, to);
        char     c = m->text.p[at];

        if (end > at) {
            g.noted = true;
            at = end;
            continue;
        }
        if (c == ',' && g.comma == VD_NONE)
            g.comma = at;
        if (c == '\n' && g.line_end == VD_NONE)
            g.line_end = at;
        at++;
    }
    return g;
}

/* Children go, and with them what is said behind them on their line; comments before them, and on lines behind, stay. */
static bool delete_beside_notes(vd_making *m, uint32_t container, uint32_t first, uint32_t last)
{
    uint32_t next = vd_doc_next(m->doc, container, last), before = child_before(m, container, first);
    uint32_t start = vd_fix_start(m, first), line, inner = m->doc->nodes[container].offset + 1, closing = vd_fix_end(m, container) - 1, limit;
    gap      a = look_at_gap(m, before != VD_NONE ? child_end(m, container, before) : inner, start);
    gap      b = look_at_gap(m, child_end(m, container, last), next != VD_NONE ? vd_fix_start(m, next) : closing);
    bool     whole = vd_fix_begins_line(m, start, &line) && b.line_end != VD_NONE;

    if (!(a.noted || b.noted) || (next == VD_NONE && before == VD_NONE))
        return false;
    if ((next != VD_NONE && b.comma == VD_NONE) || (b.comma != VD_NONE && b.line_end != VD_NONE && b.comma > b.line_end))
        return false; /* commas stand in front of what they part */
    if (next == VD_NONE && b.comma == VD_NONE) {
        if (a.comma == VD_NONE)
            return false;
        vd_fix_splice(m, a.comma, a.comma + 1, VD_S(""));
    }
    if (whole) {
        vd_fix_splice(m, line, b.line_end + 1, VD_S(""));
        return true;
    }
    limit = a.comma != VD_NONE ? a.comma + 1 : a.from;
    while (start > limit && (b.line_end != VD_NONE || next == VD_NONE) && vd_fix_only_blanks(m, start - 1, start))
        start--;
    vd_fix_splice(m, start, b.line_end != VD_NONE ? b.line_end - (vd_fix_byte(m, b.line_end - 1) == '\r') : next != VD_NONE ? b.to : b.from,
                  VD_S(""));
    return true;
}

/* A run of doomed children in brackets goes with one comma: up to the next one, else from the one before. */
static void delete_flow(vd_making *m, uint32_t container, uint32_t first, uint32_t last)
{
    uint32_t next = vd_doc_next(m->doc, container, last), inner = m->doc->nodes[container].offset + 1;
    uint32_t before = child_before(m, container, first);

    if (delete_beside_notes(m, container, first, last))
        return;
    if (next != VD_NONE)
        vd_fix_splice(m, vd_fix_start(m, first), vd_fix_start(m, next), VD_S(""));
    else if (before != VD_NONE)
        vd_fix_splice(m, child_end(m, container, before), child_end(m, container, last), VD_S(""));
    else
        vd_fix_splice(m, inner, vd_fix_end(m, container) - 1, VD_S(""));
}

/* Are the doomed, by rising node, all the children there are? */
static bool are_all(const vd_making *m, uint32_t container, const doomed *at, uint32_t count)
{
    uint32_t n = 0;

    for (uint32_t i = vd_doc_first(m->doc, container); i != VD_NONE; i = vd_doc_next(m->doc, container, i), n++)
        if (n == count || at[n].node != i)
            return false;
    return true;
}

/* Children of one container, by rising node. */
static void delete_from(vd_making *m, const doomed *at, uint32_t count)
{
    uint32_t container = at[0].parent;
    bool     block = vd_fix_is_block(m, container);

    if (block && are_all(m, container, at, count)) {
        m->refused = "nothing would be left of it";
        return;
    }
    for (uint32_t i = 0, first = 0; i < count && !m->refused; i++) {
        bool goes_on = i + 1 < count && vd_doc_next(m->doc, container, at[i].node) == at[i + 1].node;

        if (block)
            delete_block(m, container, at[i].node);
        else if (!goes_on)
            delete_flow(m, container, at[first].node, at[i].node);
        if (!goes_on)
            first = i + 1;
    }
}

/* Of an object only keys go, and their values with them. */
static bool is_key(const vd_making *m, uint32_t container, uint32_t node)
{
    uint32_t end = vd_fix_end(m, node), i;

    while (vd_fix_byte(m, end) == ' ')
        end++;
    if (vd_fix_byte(m, end) == ':')
        return true;
    for (i = vd_doc_first(m->doc, container); i != VD_NONE && i < node;)
        i = vd_doc_next(m->doc, container, i);
    return i == node;
}

/* All deletions of the fix, those of one container together: their commas depend on each other. */
void vd_fix_delete_all(vd_making *m, const vd_fix *fix)
{
    doomed  *at = vd_arena_new_array(m->look->lint.arena, doomed, fix->count + 1);
    uint32_t count = 0, kept = 0;

    if (!at) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < fix->count; i++) {
        const vd_edit *e = &fix->edits[i];
        bool           item = e->op == VD_EDIT_DELETE_ITEM;
        uint32_t       node;

        if (!item && e->op != VD_EDIT_DELETE_MEMBER)
            continue;
        node = vd_fix_node(m, e->span, item ? VD_WANT_ITEM : VD_WANT_SCALAR);
        if (node == VD_NONE || m->parent[node] == VD_NONE ||
            (!item && (m->doc->nodes[m->parent[node]].kind != VD_NODE_OBJECT || !is_key(m, m->parent[node], node)))) {
            m->refused = "a function of the template stands there";
            return;
        }
        at[count++] = (doomed){ m->parent[node], node };
    }
    if (count > 1)
        qsort(at, count, sizeof *at, by_parent);
    for (uint32_t i = 0; i < count; i++) /* one may be asked for twice */
        if (kept == 0 || at[kept - 1].node != at[i].node)
            at[kept++] = at[i];
    for (uint32_t i = 0, n; i < kept && !m->refused; i += n) {
        for (n = 1; i + n < kept && at[i + n].parent == at[i].parent;)
            n++;
        delete_from(m, at + i, n);
    }
}
