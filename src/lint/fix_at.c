/* SPDX-License-Identifier: Apache-2.0
 *
 * Where an edit lands, and how it is written there: JSON on one line or many, YAML in blocks or flow, its quotes, its
 * indentation, its line ends.  An edit leads from the text of the policy to a node of the file.
 */
#include "lint/fix_int.h"

#include "base/str.h"
#include "policy/write.h"

enum { MOST_EDITS = 4096 };

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
bool vd_fix_find_own(vd_file_run *run, const vd_look_at *look)
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

static bool fits(const vd_making *m, uint32_t node, vd_fix_wanted w)
{
    uint32_t parent = m->parent[node];

    switch (w) {
    case VD_WANT_SCALAR:
        return m->doc->nodes[node].kind < VD_NODE_ARRAY;
    case VD_WANT_OBJECT:
        return m->doc->nodes[node].kind == VD_NODE_OBJECT;
    case VD_WANT_ITEM:
        return parent != VD_NONE && m->doc->nodes[parent].kind == VD_NODE_ARRAY;
    default:
        return true;
    }
}

/* The node that is a whole function in YAML, "!Ref Name"; VD_NONE: there is none. */
static uint32_t tagged_node(const vd_making *m, vd_span at)
{
    for (uint32_t i = 0; i < m->doc->tag_count; i++) {
        const vd_tag *t = &m->doc->tags[i];

        if (t->offset == at.offset)
            return vd_fix_end(m, t->node) <= at.offset + at.length ? t->node : VD_NONE;
    }
    return VD_NONE;
}

/* The node of the file at a span of the policy; of several that begin there the one of this length, else the outermost. */
uint32_t vd_fix_node(const vd_making *m, vd_span span, vd_fix_wanted w)
{
    const vd_source *s = &m->look->lint.policy->source;
    vd_span          at = vd_source_climb(&s, span, NULL);
    uint32_t         low = 0, high = m->doc->count, found = VD_NONE;

    at.offset += s->offset;
    if (m->thorough && (w == VD_WANT_ANY || w == VD_WANT_ITEM) && (found = tagged_node(m, at)) != VD_NONE)
        return fits(m, found, w) ? found : VD_NONE;
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
    if (found != VD_NONE && w != VD_WANT_OBJECT && w != VD_WANT_ITEM && m->doc->nodes[found].kind < VD_NODE_ARRAY)
        return VD_NONE; /* a token of the policy is one of the file, or there is something between them */
    return found;
}

/* ------------------------------------------------------------------ bytes */

vd_buf vd_fix_buf(const vd_making *m)
{
    return vd_buf_on(&m->run->report->arena.alloc, 0);
}

/* What is put into one place is one edit. */
static void join_edit(vd_making *m, vd_lint_edit *e, vd_str text)
{
    vd_buf b = vd_fix_buf(m);

    vd_buf_add(&b, e->text);
    vd_buf_add(&b, text);
    m->no_memory |= b.failed || !vd_arena_dup(&m->run->report->arena, &e->text, vd_buf_str(&b));
    vd_buf_done(&b);
}

void vd_fix_splice(vd_making *m, uint32_t start, uint32_t end, vd_str text)
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

void vd_fix_splice_buf(vd_making *m, uint32_t start, uint32_t end, vd_buf *b)
{
    if (b->failed)
        m->no_memory = true;
    else
        vd_fix_splice(m, start, end, vd_buf_str(b));
    vd_buf_done(b);
}

char vd_fix_byte(const vd_making *m, uint32_t offset)
{
    return offset < m->text.n ? m->text.p[offset] : 0;
}


bool vd_fix_only_blanks(const vd_making *m, uint32_t from, uint32_t to)
{
    for (; from < to; from++)
        if (vd_fix_byte(m, from) != ' ' && vd_fix_byte(m, from) != '\t')
            return false;
    return true;
}

/* A line may be the whole file, with a finding at every token: looked at is no more than the blanks. */
bool vd_fix_begins_line(const vd_making *m, uint32_t offset, uint32_t *start)
{
    while (offset > 0 && vd_fix_only_blanks(m, offset - 1, offset))
        offset--;
    *start = offset;
    return offset == 0 || m->text.p[offset - 1] == '\n';
}

/* As the file ends its lines. */
vd_str vd_fix_newline(const vd_making *m)
{
    size_t first = vd_str_find(m->text, '\n');

    return first > 0 && first < m->text.n && m->text.p[first - 1] == '\r' ? VD_S("\r\n") : VD_S("\n");
}

uint32_t vd_fix_start(const vd_making *m, uint32_t node)
{
    const vd_tag *t = vd_doc_tag(m->doc, node);

    return t && t->offset < m->doc->nodes[node].offset ? t->offset : m->doc->nodes[node].offset;
}

uint32_t vd_fix_end(const vd_making *m, uint32_t node)
{
    const vd_node *n = &m->doc->nodes[node];
    uint32_t       end = n->offset + n->length;

    while (n->kind >= VD_NODE_ARRAY && end > n->offset && (m->text.p[end - 1] == '\n' || m->text.p[end - 1] == ' ' ||
                                                           m->text.p[end - 1] == '\r'))
        end--;
    return end;
}

/* YAML without brackets. */
bool vd_fix_is_block(const vd_making *m, uint32_t container)
{
    char c = vd_fix_byte(m, m->doc->nodes[container].offset);

    return c != '{' && c != '[';
}

bool vd_fix_in_block(const vd_making *m, uint32_t node)
{
    return m->parent[node] != VD_NONE && vd_fix_is_block(m, m->parent[node]);
}

uint32_t vd_fix_dash(const vd_making *m, uint32_t offset)
{
    while (offset > 0 && (vd_fix_byte(m, offset - 1) == ' ' || vd_fix_byte(m, offset - 1) == '\t'))
        offset--;
    return offset > 0 && vd_fix_byte(m, offset - 1) == '-' ? offset - 1 : VD_NONE;
}

/* ------------------------------------------------------------------ strings */

bool vd_yaml_is_plain(vd_str s)
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
void vd_fix_put_string(vd_making *m, vd_buf *b, uint32_t node, vd_str text)
{
    const vd_node *n = &m->doc->nodes[node];

    if (vd_fix_byte(m, n->offset) == '\'' && vd_str_find(text, '\n') == text.n) {
        vd_buf_byte(b, '\'');
        for (size_t i = 0; i < text.n; i++) {
            vd_buf_byte(b, text.p[i]);
            if (text.p[i] == '\'')
                vd_buf_byte(b, '\'');
        }
        vd_buf_byte(b, '\'');
    } else if ((n->flags & VD_NODE_BARE) && vd_fix_in_block(m, node) && vd_yaml_is_plain(text)) {
        vd_buf_add(b, text);
    } else {
        vd_json_of_string(b, text);
    }
}

/* What a JSON string says; false: it is something else. */
static bool string_of_json(vd_making *m, vd_str json, vd_str *out)
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
void vd_fix_put_value(vd_making *m, vd_buf *b, vd_str json, bool block)
{
    vd_str s;

    if (block && string_of_json(m, json, &s) && vd_yaml_is_plain(s))
        vd_buf_add(b, s);
    else
        vd_buf_add(b, json);
}

/* "\"Name\": JSON" for a block of YAML. */
void vd_fix_put_member(vd_making *m, vd_buf *b, vd_str member, bool block)
{
    size_t end = vd_str_find(vd_str_from(member, 1), '"') + 1;
    vd_str name = vd_str_first(vd_str_from(member, 1), end - 1), value = vd_str_from(member, end + 1);

    if (!block || end >= member.n || !vd_yaml_is_plain(name)) {
        vd_buf_add(b, member);
        return;
    }
    value = vd_str_trim(value);
    if (value.n && value.p[0] == ':')
        value = vd_str_trim(vd_str_from(value, 1));
    vd_buf_add(b, name);
    vd_buf_add(b, VD_S(": "));
    vd_fix_put_value(m, b, value, true);
}
