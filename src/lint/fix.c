/* SPDX-License-Identifier: Apache-2.0
 *
 * From edits of tokens to edits of bytes, in the way the file is written: JSON on one line or many, YAML in blocks or
 * flow, its quotes, its indentation, its line ends.  An edit leads from the text of the policy to a node of the file; where
 * a function of a template stands in between, the fix is refused.
 */
#include "lint/fix.h"

#include "base/str.h"
#include "policy/write.h"

#include <stdlib.h>

enum { MOST_EDITS = 4096 };

/* One fix on its way. */
typedef struct making {
    vd_file_run      *run;
    const vd_look_at *look;
    const vd_doc     *doc;    /* of the file */
    const uint32_t   *parent; /* by node of it */
    vd_str            text;   /* of the file */
    vd_lint_edit     *at;
    uint32_t          count, cap;
    const char       *refused;
    bool              no_memory;
} making;

/* ------------------------------------------------------------------ the file's own nodes */

static bool find_parents(vd_file_run *run)
{
    const vd_doc *d = run->own.doc;
    uint32_t     *parent = vd_arena_new_array(&run->worker->scratch, uint32_t, d->count);
    uint32_t      open = VD_NONE;

    if (!parent)
        return false;
    for (uint32_t i = 0; i < d->count; i++) {
        while (open != VD_NONE && i >= d->nodes[open].next)
            open = parent[open];
        parent[i] = open;
        if (d->nodes[i].kind >= VD_NODE_ARRAY)
            open = i;
    }
    run->own.parent = parent;
    return true;
}

/* The nodes of the file: those that a policy was read from, or read once more. */
static bool find_own(vd_file_run *run, const vd_look_at *look)
{
    vd_arena        *arena = &run->worker->scratch;
    const vd_limits *limits = &run->linter->engine->limits;
    const vd_source *file = &run->report->source;
    vd_doc          *d;
    vd_code          code;

    if (run->own.tried)
        return true;
    run->own.tried = true;
    if (look->lint.doc && look->lint.doc->source == file) {
        run->own.doc = look->lint.doc;
        return find_parents(run);
    }
    d = vd_arena_new(arena, vd_doc);
    if (!d)
        return false;
    code = vd_json_read(d, arena, file, limits, NULL, NULL, NULL);
    if (code != VD_OK && code != VD_ENOMEM) {
        *d = (vd_doc){ 0 };
        code = vd_yaml_read_as(d, arena, file, limits, VD_YAML_TAGS | VD_YAML_MERGE, NULL, NULL, NULL);
    }
    if (code == VD_OK) {
        run->own.doc = d;
        return find_parents(run);
    }
    return code != VD_ENOMEM;
}

typedef enum wanted { WANT_ANY, WANT_SCALAR, WANT_OBJECT, WANT_ITEM } wanted;

static bool fits(const making *m, uint32_t node, wanted w)
{
    uint32_t parent = m->parent[node];

    switch (w) {
    case WANT_SCALAR:
        return m->doc->nodes[node].kind < VD_NODE_ARRAY;
    case WANT_OBJECT:
        return m->doc->nodes[node].kind == VD_NODE_OBJECT;
    case WANT_ITEM:
        return parent != VD_NONE && m->doc->nodes[parent].kind == VD_NODE_ARRAY;
    default:
        return true;
    }
}

/* The node of the file at a span of the policy; of several that begin there the one of this length, else the outermost. */
static uint32_t node_at(const making *m, vd_span span, wanted w)
{
    const vd_source *s = &m->look->lint.policy->source;
    vd_span          at = vd_source_climb(&s, span, NULL);
    uint32_t         low = 0, high = m->doc->count, found = VD_NONE;

    at.offset += s->offset;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (m->doc->nodes[mid].offset < at.offset)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < m->doc->count && m->doc->nodes[low].offset == at.offset; low++) {
        if (!fits(m, low, w))
            continue;
        if (m->doc->nodes[low].length == at.length)
            return low;
        if (found == VD_NONE)
            found = low;
    }
    if (found != VD_NONE && w != WANT_OBJECT && w != WANT_ITEM && m->doc->nodes[found].kind < VD_NODE_ARRAY)
        return VD_NONE; /* a token of the policy is one of the file, or there is something between them */
    return found;
}

/* ------------------------------------------------------------------ bytes */

static vd_buf buf_of(const making *m)
{
    return vd_buf_on(&m->run->report->arena.alloc, 0);
}

/* What is put into one place is one edit. */
static void join_edit(making *m, vd_lint_edit *e, vd_str text)
{
    vd_buf b = buf_of(m);

    vd_buf_add(&b, e->text);
    vd_buf_add(&b, text);
    m->no_memory |= b.failed || !vd_arena_dup(&m->run->report->arena, &e->text, vd_buf_str(&b));
    vd_buf_done(&b);
}

static void splice(making *m, uint32_t start, uint32_t end, vd_str text)
{
    vd_lint_edit e = { .start = start, .end = end };

    for (uint32_t i = 0; i < m->count; i++) {
        vd_lint_edit *other = &m->at[i];

        if (other->start != start || other->end != end)
            continue;
        if (start == end)
            join_edit(m, other, text);
        else if (!vd_str_eq(other->text, text))
            m->refused = "its edits are in each other's way";
        return;
    }
    if (m->count == MOST_EDITS) {
        m->refused = "there is too much to change at once";
        return;
    }
    m->no_memory |= !vd_arena_dup(&m->run->report->arena, &e.text, text) ||
                    !VD_ARENA_PUSH(&m->run->report->arena, m->at, m->count, m->cap, e);
}

static void splice_buf(making *m, uint32_t start, uint32_t end, vd_buf *b)
{
    if (b->failed)
        m->no_memory = true;
    else
        splice(m, start, end, vd_buf_str(b));
    vd_buf_done(b);
}

static char byte_at(const making *m, uint32_t offset)
{
    return offset < m->text.n ? m->text.p[offset] : 0;
}

static uint32_t line_start(const making *m, uint32_t offset)
{
    while (offset > 0 && m->text.p[offset - 1] != '\n')
        offset--;
    return offset;
}

static bool only_blanks(const making *m, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        if (byte_at(m, from) != ' ' && byte_at(m, from) != '\t')
            return false;
    return true;
}

/* As the file ends its lines. */
static vd_str newline(const making *m)
{
    size_t first = vd_str_find(m->text, '\n');

    return first > 0 && first < m->text.n && m->text.p[first - 1] == '\r' ? VD_S("\r\n") : VD_S("\n");
}

static uint32_t end_of(const making *m, uint32_t node)
{
    const vd_node *n = &m->doc->nodes[node];
    uint32_t       end = n->offset + n->length;

    while (n->kind >= VD_NODE_ARRAY && end > n->offset && (m->text.p[end - 1] == '\n' || m->text.p[end - 1] == ' ' ||
                                                           m->text.p[end - 1] == '\r'))
        end--;
    return end;
}

/* YAML without brackets. */
static bool is_block(const making *m, uint32_t container)
{
    char c = byte_at(m, m->doc->nodes[container].offset);

    return c != '{' && c != '[';
}

static bool in_block(const making *m, uint32_t node)
{
    return m->parent[node] != VD_NONE && is_block(m, m->parent[node]);
}

/* ------------------------------------------------------------------ strings */

/* Can the text stand without quotes in YAML and be a string? */
static bool is_plain(vd_str s)
{
    static const vd_str others[] = { VD_L("true"), VD_L("false"), VD_L("null"), VD_L("yes"), VD_L("no"), VD_L("on"), VD_L("off") };
    bool                number = true;

    if (s.n == 0 || !(vd_is_alpha(s.p[0]) || vd_is_digit(s.p[0])))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = vd_is_alpha(c) || vd_is_digit(c) || c == '_' || c == '/' || c == '.' || c == '-';

        if (!word && !(c == ':' && i + 1 < s.n) && c != '*')
            return false;
        number &= vd_is_digit(c) || c == '.' || c == '-' || c == ':' || c == '_' || c == 'e' || c == 'E' || c == 'x';
    }
    for (size_t i = 0; i < VD_COUNT(others); i++)
        if (vd_str_ieq(s, others[i]))
            return false;
    return !number;
}

/* text as a string, quoted as the token was. */
static void put_string(making *m, vd_buf *b, uint32_t node, vd_str text)
{
    const vd_node *n = &m->doc->nodes[node];

    if (byte_at(m, n->offset) == '\'' && vd_str_find(text, '\n') == text.n) {
        vd_buf_byte(b, '\'');
        for (size_t i = 0; i < text.n; i++) {
            vd_buf_byte(b, text.p[i]);
            if (text.p[i] == '\'')
                vd_buf_byte(b, '\'');
        }
        vd_buf_byte(b, '\'');
    } else if ((n->flags & VD_NODE_BARE) && in_block(m, node) && is_plain(text)) {
        vd_buf_add(b, text);
    } else {
        vd_json_of_string(b, text);
    }
}

/* What a JSON string says; false: it is something else. */
static bool string_of_json(making *m, vd_str json, vd_str *out)
{
    vd_source s = { .name = VD_S(""), .text = json };
    vd_doc    d = { 0 };

    if (json.n < 2 || json.p[0] != '"' ||
        vd_json_read(&d, m->look->lint.arena, &s, &m->run->linter->engine->limits, NULL, NULL, NULL) != VD_OK)
        return false;
    *out = vd_doc_text(&d, 0);
    return true;
}

/* JSON as a value in a block of YAML: a simple string goes without quotes, all else is flow. */
static void put_value(making *m, vd_buf *b, vd_str json, bool block)
{
    vd_str s;

    if (block && string_of_json(m, json, &s) && is_plain(s))
        vd_buf_add(b, s);
    else
        vd_buf_add(b, json);
}

/* "\"Name\": JSON" for a block of YAML. */
static void put_member(making *m, vd_buf *b, vd_str member, bool block)
{
    size_t end = vd_str_find(vd_str_from(member, 1), '"') + 1;
    vd_str name = vd_str_first(vd_str_from(member, 1), end - 1), value = vd_str_from(member, end + 1);

    if (!block || end >= member.n || !is_plain(name)) {
        vd_buf_add(b, member);
        return;
    }
    value = vd_str_trim(value);
    if (value.n && value.p[0] == ':')
        value = vd_str_trim(vd_str_from(value, 1));
    vd_buf_add(b, name);
    vd_buf_add(b, VD_S(": "));
    put_value(m, b, value, true);
}

/* ------------------------------------------------------------------ adding */

/* What stands between the start of the line and offset, when that is blank: the indentation.  A line may be the whole
 * file: no further than there are blanks. */
static bool indentation(const making *m, uint32_t offset, vd_str *out)
{
    uint32_t start = offset;

    while (start > 0 && only_blanks(m, start - 1, start))
        start--;
    *out = (vd_str){ m->text.p + start, offset - start };
    return start == 0 || m->text.p[start - 1] == '\n';
}

/* The column of a key in a block, as blanks: dashes of lists count. */
static void put_column(const making *m, vd_buf *b, uint32_t offset)
{
    for (uint32_t i = line_start(m, offset); i < offset; i++)
        vd_buf_byte(b, m->text.p[i] == '\t' ? '\t' : ' ');
}

static uint32_t last_child(const making *m, uint32_t container)
{
    uint32_t last = VD_NONE;

    for (uint32_t i = vd_doc_first(m->doc, container); i != VD_NONE; i = vd_doc_next(m->doc, container, i))
        last = i;
    return last;
}

/* Behind the last child in brackets: on a line of its own when the others are. */
static void add_in_brackets(making *m, uint32_t last, uint32_t end, vd_str text)
{
    vd_buf b = buf_of(m);
    vd_str indent;

    if (indentation(m, m->doc->nodes[last].offset, &indent)) {
        vd_buf_byte(&b, ',');
        vd_buf_add(&b, newline(m));
        vd_buf_add(&b, indent);
    } else {
        vd_buf_add(&b, VD_S(", "));
    }
    vd_buf_add(&b, text);
    splice_buf(m, end, end, &b);
}

static void add_into_empty(making *m, uint32_t container, vd_str text)
{
    const vd_node *n = &m->doc->nodes[container];

    if (is_block(m, container) || n->length < 2)
        m->refused = "there is nothing yet where it belongs";
    else
        splice(m, n->offset + 1, n->offset + n->length - 1, text);
}

static uint32_t dash_before(const making *m, uint32_t offset)
{
    while (offset > 0 && (byte_at(m, offset - 1) == ' ' || byte_at(m, offset - 1) == '\t'))
        offset--;
    return offset > 0 && byte_at(m, offset - 1) == '-' ? offset - 1 : VD_NONE;
}

/* One value becomes a list; of one that was replaced before, the new text does. */
static void make_list(making *m, uint32_t node, vd_str text)
{
    uint32_t      start = m->doc->nodes[node].offset, end = end_of(m, node);
    vd_lint_edit *was = NULL;
    vd_buf        b = buf_of(m);

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
        splice_buf(m, start, end, &b);
        return;
    }
    m->no_memory |= b.failed || !vd_arena_dup(&m->run->report->arena, &was->text, vd_buf_str(&b));
    vd_buf_done(&b);
}

/* In block style of YAML a list has no bracket of its own: what leads to it leads to its first item. */
static uint32_t list_at(const making *m, vd_span span)
{
    vd_str   text = m->look->lint.policy->source.text;
    uint32_t node = node_at(m, span, WANT_ANY), item;

    if (span.offset >= text.n || text.p[span.offset] != '[' || (node != VD_NONE && m->doc->nodes[node].kind == VD_NODE_ARRAY))
        return node;
    item = node_at(m, span, WANT_ITEM);
    return item != VD_NONE && vd_doc_first(m->doc, m->parent[item]) == item ? m->parent[item] : VD_NONE;
}

static void add_item(making *m, const vd_edit *e)
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
    } else if (!is_block(m, node)) {
        add_in_brackets(m, last, end_of(m, last), e->text);
    } else if ((dash = dash_before(m, m->doc->nodes[last].offset)) == VD_NONE) {
        m->refused = "the list is written in a way that is not edited";
    } else {
        b = buf_of(m);
        vd_buf_add(&b, newline(m));
        put_column(m, &b, dash);
        vd_buf_add(&b, VD_S("- "));
        put_value(m, &b, e->text, true);
        splice_buf(m, end_of(m, last), end_of(m, last), &b);
    }
}

static void add_member(making *m, const vd_edit *e)
{
    uint32_t node = node_at(m, e->span, WANT_OBJECT), last;
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    last = last_child(m, node);
    if (last == VD_NONE) {
        add_into_empty(m, node, e->text);
    } else if (!is_block(m, node)) {
        add_in_brackets(m, last, end_of(m, last + 1), e->text);
    } else {
        b = buf_of(m);
        vd_buf_add(&b, newline(m));
        put_column(m, &b, m->doc->nodes[last].offset);
        put_member(m, &b, e->text, true);
        splice_buf(m, end_of(m, last + 1), end_of(m, last + 1), &b);
    }
}

static void add_first(making *m, const vd_edit *e)
{
    uint32_t node = node_at(m, e->span, WANT_OBJECT), first;
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
    b = buf_of(m);
    put_member(m, &b, e->text, is_block(m, node));
    if (!is_block(m, node))
        vd_buf_byte(&b, ',');
    if (is_block(m, node)) {
        vd_buf_add(&b, newline(m));
        put_column(m, &b, m->doc->nodes[first].offset);
    } else if (indentation(m, m->doc->nodes[first].offset, &indent)) {
        vd_buf_add(&b, newline(m));
        vd_buf_add(&b, indent);
    } else {
        vd_buf_byte(&b, ' ');
    }
    splice_buf(m, m->doc->nodes[first].offset, m->doc->nodes[first].offset, &b);
}

/* ------------------------------------------------------------------ deleting */

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

static uint32_t child_end(const making *m, uint32_t container, uint32_t child)
{
    return end_of(m, m->doc->nodes[container].kind == VD_NODE_OBJECT ? child + 1 : child);
}

/* Whole lines: from the dash or the key to the line behind. */
static void delete_block(making *m, uint32_t container, uint32_t child)
{
    uint32_t from = m->doc->nodes[child].offset, end = child_end(m, container, child), start;

    if (m->doc->nodes[container].kind == VD_NODE_ARRAY) {
        from = dash_before(m, from);
        if (from == VD_NONE) {
            m->refused = "the list is written in a way that is not edited";
            return;
        }
    }
    start = line_start(m, from);
    while (end < m->text.n && m->text.p[end] != '\n' && only_blanks(m, end, end + 1))
        end++;
    if (byte_at(m, end) == '\r')
        end++;
    if (!only_blanks(m, start, from) || (end < m->text.n && m->text.p[end] != '\n')) {
        m->refused = "something else stands on the same line";
        return;
    }
    splice(m, start, end < m->text.n ? end + 1 : end, VD_S(""));
}

/* Found from behind, not by a walk from the first: a list may have a hundred thousand, and a finding at each. */
static uint32_t child_before(const making *m, uint32_t container, uint32_t child)
{
    uint32_t i = child - 1;

    if (i == container)
        return VD_NONE;
    while (m->parent[i] != container)
        i = m->parent[i];
    return m->doc->nodes[container].kind == VD_NODE_OBJECT ? i - 1 : i; /* the key of a value */
}

/* A run of doomed children in brackets goes with one comma: up to the next one, else from the one before. */
static void delete_flow(making *m, uint32_t container, uint32_t first, uint32_t last)
{
    uint32_t next = vd_doc_next(m->doc, container, last), inner = m->doc->nodes[container].offset + 1;
    uint32_t before = child_before(m, container, first);

    if (next != VD_NONE)
        splice(m, m->doc->nodes[first].offset, m->doc->nodes[next].offset, VD_S(""));
    else if (before != VD_NONE)
        splice(m, child_end(m, container, before), child_end(m, container, last), VD_S(""));
    else
        splice(m, inner, end_of(m, container) - 1, VD_S(""));
}

/* Are the doomed, by rising node, all the children there are? */
static bool are_all(const making *m, uint32_t container, const doomed *at, uint32_t count)
{
    uint32_t n = 0;

    for (uint32_t i = vd_doc_first(m->doc, container); i != VD_NONE; i = vd_doc_next(m->doc, container, i), n++)
        if (n == count || at[n].node != i)
            return false;
    return true;
}

/* Children of one container, by rising node. */
static void delete_from(making *m, const doomed *at, uint32_t count)
{
    uint32_t container = at[0].parent;
    bool     block = is_block(m, container);

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
static bool is_key(const making *m, uint32_t container, uint32_t node)
{
    uint32_t end = end_of(m, node), i;

    while (byte_at(m, end) == ' ')
        end++;
    if (byte_at(m, end) == ':')
        return true;
    for (i = vd_doc_first(m->doc, container); i != VD_NONE && i < node;)
        i = vd_doc_next(m->doc, container, i);
    return i == node;
}

/* All deletions of the fix, those of one container together: their commas depend on each other. */
static void delete_all(making *m, const vd_fix *fix)
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
        node = node_at(m, e->span, item ? WANT_ITEM : WANT_SCALAR);
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

/* ------------------------------------------------------------------ all of them */

static void replace_string(making *m, const vd_edit *e)
{
    uint32_t node = node_at(m, e->span, WANT_SCALAR);
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    b = buf_of(m);
    put_string(m, &b, node, e->text);
    splice_buf(m, m->doc->nodes[node].offset, end_of(m, node), &b);
}

static void replace_value(making *m, const vd_edit *e)
{
    uint32_t node = node_at(m, e->span, WANT_ANY);
    vd_buf   b;

    if (node == VD_NONE) {
        m->refused = "a function of the template stands there";
        return;
    }
    b = buf_of(m);
    put_value(m, &b, e->text, in_block(m, node));
    splice_buf(m, m->doc->nodes[node].offset, end_of(m, node), &b);
}

static int by_start(const void *a, const void *b)
{
    const vd_lint_edit *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static void make(making *m, const vd_fix *fix)
{
    for (uint32_t i = 0; i < fix->count && !m->refused; i++) {
        const vd_edit *e = &fix->edits[i];

        switch (e->op) {
        case VD_EDIT_STRING:
            replace_string(m, e);
            break;
        case VD_EDIT_VALUE:
            replace_value(m, e);
            break;
        case VD_EDIT_ADD_ITEM:
            add_item(m, e);
            break;
        case VD_EDIT_ADD_MEMBER:
            add_member(m, e);
            break;
        case VD_EDIT_ADD_FIRST:
            add_first(m, e);
            break;
        default:
            break;
        }
    }
    if (!m->refused)
        delete_all(m, fix);
    if (m->count > 1)
        qsort(m->at, m->count, sizeof *m->at, by_start);
    for (uint32_t i = 1; i < m->count && !m->refused; i++)
        if (m->at[i].start < m->at[i - 1].end)
            m->refused = "its edits are in each other's way";
}

/* A template whose text holds the token more than once would change in places that nobody looked at. */
static const char *why_not(const making *m)
{
    const vd_extracted *e = m->look->extracted;

    if (!e->fixable)
        return e->unfixable ? e->unfixable : "the policy is not written in this file";
    if (!m->look->lint.policy || e->synthetic)
        return "no text of a policy is in the file";
    if (!m->doc)
        return "the file is written in a way that is not edited";
    return NULL;
}

bool vd_lint_realise(vd_file_run *run, const vd_look_at *look, const vd_finding *f, vd_lint_finding *out)
{
    vd_lint_fix *fixes;
    uint32_t     n = 0;

    if (f->patch.length || f->patch.text.n)
        return vd_lint_realise_patch(run, &f->patch, out);
    if (f->fix_count == 0)
        return true;
    fixes = vd_arena_new_array(&run->report->arena, vd_lint_fix, f->fix_count);
    if (!fixes || (look->extracted->fixable && !find_own(run, look)))
        return false;
    for (uint32_t i = 0; i < f->fix_count; i++) {
        making m = { .run = run, .look = look, .doc = run->own.doc, .parent = run->own.parent,
                     .text = run->report->source.text };

        if (f->fixes[i].count == 0)
            continue;
        m.refused = why_not(&m);
        if (!m.refused)
            make(&m, &f->fixes[i]);
        if (m.refused)
            m.count = 0;
        fixes[n] = (vd_lint_fix){ .kind = f->fixes[i].kind, .edits = m.at, .edit_count = m.count };
        fixes[n].refused = vd_str_of(m.refused ? m.refused : "");
        if (m.no_memory || !vd_arena_dup(&run->report->arena, &fixes[n].title, f->fixes[i].title))
            return false;
        n++;
    }
    out->fixes = fixes;
    out->fix_count = n;
    return true;
}

bool vd_lint_realise_patch(vd_file_run *run, const vd_patch *patch, vd_lint_finding *out)
{
    vd_lint_edit *edit;
    vd_lint_fix  *fix;

    if (patch->length == 0 && patch->text.n == 0)
        return true;
    edit = vd_arena_new(&run->report->arena, vd_lint_edit);
    fix = vd_arena_new(&run->report->arena, vd_lint_fix);
    if (!edit || !fix || !vd_arena_dup(&run->report->arena, &edit->text, patch->text))
        return false;
    edit->start = patch->offset;
    edit->end = patch->offset + patch->length;
    *fix = (vd_lint_fix){ .kind = out->rule->fix, .title = out->hint.n ? out->hint : VD_S("correct the text"),
                          .edits = edit, .edit_count = 1 };
    out->fixes = fix;
    out->fix_count = 1;
    return true;
}
