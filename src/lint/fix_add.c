/* SPDX-License-Identifier: Apache-2.0
 *
 * Items and members that are added, in the way that those beside them are written.
 */
#include "lint/fix_int.h"

#include "base/str.h"
#include "policy/write.h"

/* What stands between the start of the line and offset, when that is blank: the indentation. */
static bool indentation(const vd_making *m, uint32_t offset, vd_str *out)
{
    uint32_t start;
    bool     first = vd_fix_begins_line(m, offset, &start);

    *out = (vd_str){ m->text.p + start, offset - start };
    return first;
}

/* The column of a key in a block, as blanks: dashes of lists count. */
static void put_column(const vd_making *m, vd_buf *b, uint32_t offset)
{
    uint32_t start = offset;

    while (start > 0 && m->text.p[start - 1] != '\n')
        start--;
    for (; start < offset; start++)
        vd_buf_byte(b, m->text.p[start] == '\t' ? '\t' : ' ');
}

static uint32_t last_child(const vd_making *m, uint32_t container)
{
    uint32_t last = VD_NONE;

    for (uint32_t i = vd_doc_first(m->doc, container); i != VD_NONE; i = vd_doc_next(m->doc, container, i))
        last = i;
    return last;
}

/* Behind the last child in brackets: on a line of its own when the others are. */
static void add_in_brackets(vd_making *m, uint32_t last, uint32_t end, vd_str text)
{
    vd_buf b = vd_fix_buf(m);
    vd_str indent;

    if (indentation(m, m->doc->nodes[last].offset, &indent)) {
        vd_buf_byte(&b, ',');
        vd_buf_add(&b, vd_fix_newline(m));
        vd_buf_add(&b, indent);
    } else {
        vd_buf_add(&b, VD_S(", "));
    }
    vd_buf_add(&b, text);
    vd_fix_splice_buf(m, end, end, &b);
}

static void add_into_empty(vd_making *m, uint32_t container, vd_str text)
{
    const vd_node *n = &m->doc->nodes[container];

    if (vd_fix_is_block(m, container) || n->length < 2)
        m->refused = "there is nothing yet where it belongs";
    else
        vd_fix_splice(m, n->offset + 1, n->offset + n->length - 1, text);
}

/* One value becomes a list; of one that was replaced before, the new text does. */
static void make_list(vd_making *m, uint32_t node, vd_str text)
{
    uint32_t      start = m->doc->nodes[node].offset, end = vd_fix_end(m, node);
    vd_lint_edit *was = NULL;
    vd_buf        b = vd_fix_buf(m);

    for (uint32_t i = 0; i < m->count; i++)
        if (m->at[i].start == start && m->at[i].end == end)
            was = &m->at[i];
    if (was && was->text.n && was->text.p[0] == '[') {
        vd_buf_add(&b, vd_str_first(was->text, was->text.n - 1));
    } else {
        vd_buf_byte(&b, '[');
        if (was)
            vd_buf_add(&b, was->text);
        else
            vd_json_of_nodes(&b, m->doc, node);
    }
    vd_buf_add(&b, VD_S(", "));
    vd_buf_add(&b, text);
    vd_buf_byte(&b, ']');
    if (!was) {
        vd_fix_splice_buf(m, start, end, &b);
        return;
    }
    m->no_memory |= b.failed || !vd_arena_dup(&m->run->report->arena, &was->text, vd_buf_str(&b));
    vd_buf_done(&b);
}

/* In block style of YAML a list has no bracket of its own: what leads to it leads to its first item. */
static uint32_t list_at(const vd_making *m, vd_span span)
{
    vd_str   text = m->look->lint.policy->source.text;
    uint32_t node = vd_fix_node(m, span, VD_WANT_ANY), item;

    if (span.offset >= text.n || text.p[span.offset] != '[' || (node != VD_NONE && m->doc->nodes[node].kind == VD_NODE_ARRAY))
        return node;
    item = vd_fix_node(m, span, VD_WANT_ITEM);
    return item != VD_NONE && vd_doc_first(m->doc, m->parent[item]) == item ? m->parent[item] : VD_NONE;
}

/* A comment of YAML behind the last item stays behind it. */
static uint32_t behind_comment(const vd_making *m, uint32_t at)
{
    uint32_t end = at;

    while (vd_fix_byte(m, end) == ' ' || vd_fix_byte(m, end) == '\t')
        end++;
    if (!m->thorough || vd_fix_byte(m, end) != '#')
        return at;
    end += (uint32_t)vd_str_find(vd_str_from(m->text, end), '\n');
    return end > at && vd_fix_byte(m, end - 1) == '\r' ? end - 1 : end;
}

void vd_fix_add_item(vd_making *m, const vd_edit *e)
{
    uint32_t node = list_at(m, e->span), last, dash;
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    if (m->doc->nodes[node].kind != VD_NODE_ARRAY) {
        make_list(m, node, e->text);
        return;
    }
    last = last_child(m, node);
    if (last == VD_NONE) {
        add_into_empty(m, node, e->text);
    } else if (!vd_fix_is_block(m, node)) {
        add_in_brackets(m, last, vd_fix_end(m, last), e->text);
    } else if ((dash = vd_fix_dash(m, vd_fix_start(m, last))) == VD_NONE) {
        m->refused = "the list is written in a way that is not edited";
    } else {
        uint32_t end = behind_comment(m, vd_fix_end(m, last));

        b = vd_fix_buf(m);
        vd_buf_add(&b, vd_fix_newline(m));
        put_column(m, &b, dash);
        vd_buf_add(&b, VD_S("- "));
        vd_fix_put_value(m, &b, e->text, true);
        vd_fix_splice_buf(m, end, end, &b);
    }
}

void vd_fix_add_member(vd_making *m, const vd_edit *e)
{
    uint32_t node = vd_fix_node(m, e->span, VD_WANT_OBJECT), last;
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    last = last_child(m, node);
    if (last == VD_NONE) {
        add_into_empty(m, node, e->text);
    } else if (!vd_fix_is_block(m, node)) {
        add_in_brackets(m, last, vd_fix_end(m, last + 1), e->text);
    } else {
        b = vd_fix_buf(m);
        vd_buf_add(&b, vd_fix_newline(m));
        put_column(m, &b, m->doc->nodes[last].offset);
        vd_fix_put_member(m, &b, e->text, true);
        vd_fix_splice_buf(m, vd_fix_end(m, last + 1), vd_fix_end(m, last + 1), &b);
    }
}

void vd_fix_add_first(vd_making *m, const vd_edit *e)
{
    uint32_t node = vd_fix_node(m, e->span, VD_WANT_OBJECT), first;
    vd_str   indent;
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    first = vd_doc_first(m->doc, node);
    if (first == VD_NONE) {
        add_into_empty(m, node, e->text);
        return;
    }
    b = vd_fix_buf(m);
    vd_fix_put_member(m, &b, e->text, vd_fix_is_block(m, node));
    if (!vd_fix_is_block(m, node))
        vd_buf_byte(&b, ',');
    if (vd_fix_is_block(m, node)) {
        vd_buf_add(&b, vd_fix_newline(m));
        put_column(m, &b, m->doc->nodes[first].offset);
    } else if (indentation(m, m->doc->nodes[first].offset, &indent)) {
        vd_buf_add(&b, vd_fix_newline(m));
        vd_buf_add(&b, indent);
    } else {
        vd_buf_byte(&b, ' ');
    }
    vd_fix_splice_buf(m, m->doc->nodes[first].offset, m->doc->nodes[first].offset, &b);
}
