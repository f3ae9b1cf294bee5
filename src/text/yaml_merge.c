/* SPDX-License-Identifier: Apache-2.0
 *
 * Merge keys of YAML 1.1 (<<), for templates.  When an object with such a key is complete, all that stands below it is the
 * end of the node array: that end is written anew, the object's own members first.  What is merged keeps its place in the
 * text, since that is where it is edited.
 */
#include "base/map.h"
#include "base/str.h"
#include "text/reader.h"

typedef struct merging {
    vd_reader *r;
    vd_doc     was; /* the nodes as they were */
    uint32_t   object;
    uint32_t  *where;
    vd_intern  keys; /* that the object has */
    VD_VEC(vd_node) nodes;
    VD_VEC(vd_decoded) decoded;
    VD_VEC(vd_tag) tags;
} merging;

static const vd_allocator *alloc(const merging *m)
{
    return &m->r->arena->alloc;
}

static bool is_merge_key(const merging *m, uint32_t key)
{
    return m->was.nodes[key].flags == VD_NODE_BARE && vd_str_eq(vd_doc_text(&m->was, key), VD_S("<<"));
}

static bool take_decoded(merging *m, uint32_t from, uint32_t end, uint32_t to)
{
    uint32_t low = 0, high = m->was.decoded_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (m->was.decoded[mid].node < from)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < m->was.decoded_count && m->was.decoded[low].node < end; low++) {
        vd_decoded d = { .node = m->was.decoded[low].node - from + to, .value = m->was.decoded[low].value };

        if (!VD_PUSH(alloc(m), &m->decoded, d))
            return false;
    }
    return true;
}

static bool take_tags(merging *m, uint32_t from, uint32_t end, uint32_t to)
{
    uint32_t low = 0, high = m->was.tag_count;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if (m->was.tags[mid].node < from)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < m->was.tag_count && m->was.tags[low].node < end; low++) {
        vd_tag t = m->was.tags[low];

        t.node = t.node - from + to;
        if (!VD_PUSH(alloc(m), &m->tags, t))
            return false;
    }
    return true;
}

/* The member whose key is this node, unless there is one with that name. */
static bool take_member(merging *m, uint32_t key, bool own)
{
    vd_str   name = vd_doc_text(&m->was, key);
    uint32_t end = m->was.nodes[key + 1].next, to = m->object + 1 + m->nodes.count, id;
    uint32_t lift = m->was.nodes[m->object].depth + 1u - m->was.nodes[key].depth;

    if (!own && vd_intern_find(&m->keys, name) != VD_NONE)
        return true;
    if (!vd_intern_add(&m->keys, alloc(m), name, &id))
        return false;
    for (uint32_t i = key; i < end; i++) {
        vd_node n = m->was.nodes[i];

        n.depth = (uint16_t)(n.depth + lift);
        n.next = n.next - key + to;
        m->where[i - m->object - 1] = to + (i - key);
        if (!VD_PUSH(alloc(m), &m->nodes, n))
            return false;
    }
    return take_decoded(m, key, end, to) && take_tags(m, key, end, to);
}

static bool take_members(merging *m, uint32_t object)
{
    for (uint32_t c = vd_doc_first(&m->was, object); c != VD_NONE; c = vd_doc_next(&m->was, object, c))
        if (!take_member(m, c, false))
            return false;
    return true;
}

static vd_code not_a_mapping(merging *m, uint32_t node)
{
    return vd_reader_bad(m->r, VD_S("yaml-syntax"), vd_doc_span(&m->was, node),
                         "a merge key (<<) takes a mapping or a list of mappings, found %s",
                         vd_doc_kind_name(&m->was, node));
}

static vd_code take_merged(merging *m, uint32_t value)
{
    const vd_node *n = &m->was.nodes[value];

    if (n->kind == VD_NODE_OBJECT)
        return take_members(m, value) ? VD_OK : vd_fail_nomem(m->r->err);
    if (n->kind != VD_NODE_ARRAY)
        return not_a_mapping(m, value);
    for (uint32_t c = vd_doc_first(&m->was, value); c != VD_NONE; c = vd_doc_next(&m->was, value, c)) {
        if (m->was.nodes[c].kind != VD_NODE_OBJECT)
            return not_a_mapping(m, c);
        if (!take_members(m, c))
            return vd_fail_nomem(m->r->err);
    }
    return VD_OK;
}

static vd_code take_all(merging *m)
{
    uint32_t o = m->object;

    for (uint32_t c = vd_doc_first(&m->was, o); c != VD_NONE; c = vd_doc_next(&m->was, o, c))
        if (!is_merge_key(m, c) && !take_member(m, c, true))
            return vd_fail_nomem(m->r->err);
    for (uint32_t c = vd_doc_first(&m->was, o); c != VD_NONE; c = vd_doc_next(&m->was, o, c))
        if (is_merge_key(m, c))
            VD_TRY(take_merged(m, c + 1));
    return VD_OK;
}

/* The new end of each array: never longer than the old one. */
static void put_back(merging *m)
{
    vd_reader *r = m->r;

    r->nodes.count = m->object + 1;
    while (r->decoded.count && r->decoded.at[r->decoded.count - 1].node > m->object)
        r->decoded.count--;
    while (r->tags.count && r->tags.at[r->tags.count - 1].node > m->object)
        r->tags.count--;
    if (m->nodes.count)
        memcpy(r->nodes.at + r->nodes.count, m->nodes.at, m->nodes.count * sizeof *m->nodes.at);
    if (m->decoded.count)
        memcpy(r->decoded.at + r->decoded.count, m->decoded.at, m->decoded.count * sizeof *m->decoded.at);
    if (m->tags.count)
        memcpy(r->tags.at + r->tags.count, m->tags.at, m->tags.count * sizeof *m->tags.at);
    r->nodes.count += m->nodes.count;
    r->decoded.count += m->decoded.count;
    r->tags.count += m->tags.count;
}

vd_code vd_reader_merge(vd_reader *r, uint32_t object, uint32_t *where)
{
    merging  m = { .r = r, .object = object, .where = where };
    uint32_t open = r->nodes.at[object].next;
    vd_code  code;

    r->nodes.at[object].next = r->nodes.count; /* to walk over it; it is still open */
    for (uint32_t i = 0; i < r->nodes.count - object - 1; i++)
        where[i] = VD_NONE;
    m.was = (vd_doc){ .source = r->source,
                      .nodes = r->nodes.at,
                      .count = r->nodes.count,
                      .decoded = r->decoded.at,
                      .decoded_count = r->decoded.count,
                      .tags = r->tags.at,
                      .tag_count = r->tags.count };
    code = take_all(&m);
    if (code == VD_OK)
        put_back(&m);
    r->nodes.at[object].next = open;
    vd_intern_done(&m.keys, alloc(&m));
    VD_VEC_DONE(alloc(&m), &m.nodes);
    VD_VEC_DONE(alloc(&m), &m.decoded);
    VD_VEC_DONE(alloc(&m), &m.tags);
    return code;
}
