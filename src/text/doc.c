/* SPDX-License-Identifier: Apache-2.0
 *
 * Walking the node array.  A node is not looked at twice: next is enough to go over all that stands below it.
 */
#include "text/doc.h"

#include "base/str.h"
#include "base/suggest.h"

vd_span vd_doc_span(const vd_doc *d, uint32_t node)
{
    return (vd_span){ d->nodes[node].offset, d->nodes[node].length };
}

static vd_str decoded(const vd_doc *d, uint32_t node)
{
    uint32_t low = 0, end = d->decoded_count;

    while (low < end) {
        uint32_t mid = low + (end - low) / 2;

        if (d->decoded[mid].node == node)
            return d->decoded[mid].value;
        if (d->decoded[mid].node < node)
            low = mid + 1;
        else
            end = mid;
    }
    return VD_S("");
}

vd_str vd_doc_text(const vd_doc *d, uint32_t node)
{
    const vd_node *n = &d->nodes[node];
    const char    *p = d->source->text.p + n->offset;

    if (n->flags & VD_NODE_DECODED)
        return decoded(d, node);
    if (n->kind == VD_NODE_STRING && !(n->flags & VD_NODE_BARE))
        return (vd_str){ p + 1, n->length - 2 };
    return (vd_str){ p, n->length };
}

const vd_tag *vd_doc_tag(const vd_doc *d, uint32_t node)
{
    uint32_t low = 0, end = d->tag_count;

    while (low < end) {
        uint32_t mid = low + (end - low) / 2;

        if (d->tags[mid].node == node)
            return &d->tags[mid];
        if (d->tags[mid].node < node)
            low = mid + 1;
        else
            end = mid;
    }
    return NULL;
}

vd_str vd_doc_tag_name(const vd_doc *d, uint32_t node)
{
    const vd_tag *t = vd_doc_tag(d, node);

    return t ? (vd_str){ d->source->text.p + t->offset + 1, t->length - 1 } : VD_S("");
}

const char *vd_doc_kind_name(const vd_doc *d, uint32_t node)
{
    static const char *const names[] = {
        [VD_NODE_NULL] = "null",        [VD_NODE_FALSE] = "a boolean", [VD_NODE_TRUE] = "a boolean",
        [VD_NODE_NUMBER] = "a number",  [VD_NODE_STRING] = "a string", [VD_NODE_ARRAY] = "an array",
        [VD_NODE_OBJECT] = "an object",
    };

    return names[d->nodes[node].kind];
}

uint32_t vd_doc_first(const vd_doc *d, uint32_t parent)
{
    return d->nodes[parent].next > parent + 1 ? parent + 1 : VD_NONE;
}

uint32_t vd_doc_next(const vd_doc *d, uint32_t parent, uint32_t child)
{
    uint32_t next = d->nodes[parent].kind == VD_NODE_OBJECT ? d->nodes[child + 1].next : d->nodes[child].next;

    return next < d->nodes[parent].next ? next : VD_NONE;
}

uint32_t vd_doc_length(const vd_doc *d, uint32_t parent)
{
    uint32_t n = 0;

    for (uint32_t c = vd_doc_first(d, parent); c != VD_NONE; c = vd_doc_next(d, parent, c))
        n++;
    return n;
}

uint32_t vd_doc_member(const vd_doc *d, uint32_t object, vd_str key)
{
    if (d->nodes[object].kind != VD_NODE_OBJECT)
        return VD_NONE;
    for (uint32_t c = vd_doc_first(d, object); c != VD_NONE; c = vd_doc_next(d, object, c))
        if (vd_str_eq(vd_doc_text(d, c), key))
            return c + 1;
    return VD_NONE;
}

static vd_code unknown_member(const vd_doc *d, uint32_t key, vd_str what, const vd_str *names, size_t count,
                              vd_error *err)
{
    vd_str  name = vd_doc_text(d, key);
    size_t  near = vd_suggest(name, names, count);
    vd_code code = vd_fail_span(err, VD_ESYNTAX, d->source, vd_doc_span(d, key),
                                "unknown member \"" VD_F "\" in " VD_F, VD_A(name), VD_A(what));

    if (near < count)
        vd_error_hint(err, "did you mean \"" VD_F "\"?", VD_A(names[near]));
    return code;
}

vd_code vd_doc_members(const vd_doc *d, uint32_t object, vd_str what, const vd_str *names, size_t count,
                       uint32_t *at, vd_error *err)
{
    for (size_t i = 0; i < count; i++)
        at[i] = VD_NONE;
    if (d->nodes[object].kind != VD_NODE_OBJECT)
        return vd_fail_span(err, VD_ESYNTAX, d->source, vd_doc_span(d, object),
                            VD_F " must be an object, found %s", VD_A(what), vd_doc_kind_name(d, object));
    for (uint32_t key = vd_doc_first(d, object); key != VD_NONE; key = vd_doc_next(d, object, key)) {
        vd_str name = vd_doc_text(d, key);
        size_t i = 0;

        while (i < count && !vd_str_eq(name, names[i]))
            i++;
        if (i == count)
            return unknown_member(d, key, what, names, count, err);
        if (at[i] != VD_NONE)
            return vd_fail_span(err, VD_ESYNTAX, d->source, vd_doc_span(d, key),
                                "\"" VD_F "\" is given twice in " VD_F, VD_A(name), VD_A(what));
        at[i] = key + 1;
    }
    return VD_OK;
}
