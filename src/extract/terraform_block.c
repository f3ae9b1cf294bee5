/* SPDX-License-Identifier: Apache-2.0
 *
 * The blocks of an aws_iam_policy_document as statements.  What is not known is a hole; what is sensitive is one as well.
 */
#include "extract/terraform_block.h"

#include "base/str.h"

#include <stdio.h>

enum { MOST_BLOCKS = 200 };

/* ------------------------------------------------------------------ values with marks beside them */

vd_tf_value vd_tf_member(const vd_doc *d, vd_tf_value of, const char *name)
{
    vd_str s = vd_str_of(name);

    return (vd_tf_value){ .node = vd_extract_nearby(d, of.node, s),
                    .unknown = vd_extract_is(d, of.unknown, VD_NODE_TRUE) ? of.unknown
                                                                          : vd_extract_nearby(d, of.unknown, s),
                    .sensitive = vd_extract_is(d, of.sensitive, VD_NODE_TRUE) ? of.sensitive
                                                                              : vd_extract_nearby(d, of.sensitive, s),
                    .references = VD_NONE };
}

static bool is_true(const vd_doc *d, uint32_t node)
{
    return vd_extract_is(d, node, VD_NODE_TRUE);
}

bool vd_tf_is_hole(const vd_doc *d, vd_tf_value v)
{
    return is_true(d, v.unknown) || is_true(d, v.sensitive);
}

static uint32_t first_of(const vd_doc *d, uint32_t list)
{
    if (is_true(d, list))
        return list;
    return vd_extract_is(d, list, VD_NODE_ARRAY) ? vd_doc_first(d, list) : VD_NONE;
}

static uint32_t next_of(const vd_doc *d, uint32_t list, uint32_t at)
{
    return at == VD_NONE || at == list ? at : vd_doc_next(d, list, at);
}

vd_tf_elements vd_tf_each_of(const vd_doc *d, vd_tf_value list)
{
    return (vd_tf_elements){ .d = d, .list = list };
}

bool vd_tf_next_element(vd_tf_elements *e, vd_tf_value *out)
{
    vd_tf_value *l = &e->list, *at = &e->at;

    if (!e->started) {
        *at = (vd_tf_value){ first_of(e->d, l->node), first_of(e->d, l->unknown), first_of(e->d, l->sensitive), l->references };
    } else {
        at->node = next_of(e->d, l->node, at->node);
        at->unknown = next_of(e->d, l->unknown, at->unknown);
        at->sensitive = next_of(e->d, l->sensitive, at->sensitive);
    }
    e->started = true;
    *out = *at;
    return at->node != VD_NONE;
}

static bool is_empty(const vd_doc *d, vd_tf_value v)
{
    if (vd_tf_is_hole(d, v))
        return false;
    return v.node == VD_NONE || d->nodes[v.node].kind == VD_NODE_NULL ||
           (d->nodes[v.node].kind == VD_NODE_STRING && vd_doc_text(d, v.node).n == 0) ||
           (d->nodes[v.node].kind == VD_NODE_ARRAY && vd_doc_first(d, v.node) == VD_NONE);
}

/* ------------------------------------------------------------------ writing */

static vd_span span_of(const vd_tf_writer *w, vd_tf_value v)
{
    uint32_t node = v.node != VD_NONE ? v.node : v.unknown;

    return node == VD_NONE ? w->block : vd_doc_span(w->tf->doc, node);
}

/* Named after what the expression refers to.  Two values of one expression are not equal because their names are: one of
 * them may have something behind the reference.  Only principals are never put together. */
static void write_hole(const vd_tf_writer *w, vd_tf_value v, vd_hole_kind kind, bool same)
{
    vd_hole hole;

    if (!vd_tf_hole(w->tf, v.references, &hole))
        w->m->failed = true;
    if (kind != VD_HOLE_ANY || is_true(w->tf->doc, v.sensitive))
        hole.kind = is_true(w->tf->doc, v.sensitive) ? VD_HOLE_SECRET : (uint8_t)kind;
    vd_made_hole(w->m, hole.kind, hole.name.n ? hole.name : w->place, hole.pattern, same && hole.kind == VD_HOLE_ARN,
                 span_of(w, v));
}

/* In what is written for Terraform "&{" stands for "${", which is an interpolation there. */
static void write_text(const vd_tf_writer *w, const vd_doc *d, uint32_t node)
{
    vd_str text = vd_extract_string(d, node);
    char  *copy;

    if (!vd_str_contains(text, VD_S("&{"))) {
        vd_made_scalar(w->m, d, node);
        return;
    }
    copy = vd_arena_alloc(w->tf->arena, text.n, 1);
    if (!copy) {
        w->m->failed = true;
        return;
    }
    memcpy(copy, text.p, text.n);
    for (size_t i = 0; i + 1 < text.n; i++)
        if (copy[i] == '&' && copy[i + 1] == '{')
            copy[i] = '$';
    vd_made_string(w->m, (vd_str){ copy, text.n }, vd_doc_span(d, node));
}

static void write_value(const vd_tf_writer *w, vd_tf_value v, bool same)
{
    if (vd_tf_is_hole(w->tf->doc, v) || v.node == VD_NONE || w->tf->doc->nodes[v.node].kind == VD_NODE_NULL)
        write_hole(w, v, VD_HOLE_ANY, same);
    else
        write_text(w, w->tf->doc, v.node);
}

/* One value as itself, several as a list; the elements of all lists given, in their order. */
static void write_lists(const vd_tf_writer *w, const vd_tf_value *lists, uint32_t count, bool same)
{
    bool first = true;

    for (uint32_t i = 0; i < count; i++) {
        if (vd_tf_is_hole(w->tf->doc, lists[i])) {
            write_hole(w, lists[i], VD_HOLE_LIST, false); /* nobody knows what else is in it */
            return;
        }
    }
    vd_made_plain(w->m, VD_S("["));
    for (uint32_t i = 0; i < count; i++) {
        vd_tf_value v;

        for (vd_tf_elements e = vd_tf_each_of(w->tf->doc, lists[i]); vd_tf_next_element(&e, &v); first = false) {
            if (!first)
                vd_made_plain(w->m, VD_S(","));
            write_value(w, v, same);
        }
    }
    vd_made_plain(w->m, VD_S("]"));
}

/* The key stands for the one in the plan. */
static void write_key(const vd_tf_writer *w, const char *name, vd_tf_value v)
{
    char text[64];
    int  n = snprintf(text, sizeof text, "\"%s\"", name);

    vd_made_plain(w->m, VD_S(","));
    vd_made_at(w->m, (vd_str){ text, n > 0 ? (size_t)n : 0 },
               v.node == VD_NONE ? w->block : vd_doc_span(w->tf->doc, v.node - 1));
    vd_made_plain(w->m, VD_S(":"));
}

/* ------------------------------------------------------------------ blocks of one kind, grouped */

/* principals {type, identifiers} and condition {test, variable, values}: blocks that agree in the first are one member. */
typedef struct blocks {
    vd_tf_value at[MOST_BLOCKS];
    uint32_t    count;
    bool        doubtful; /* too many, or one whose name is not known */
} blocks;

static void collect(const vd_tf_writer *w, vd_tf_value list, const char *name, const char *second, blocks *out)
{
    const vd_doc *d = w->tf->doc;
    vd_tf_value   v;

    *out = (blocks){ .doubtful = vd_tf_is_hole(d, list) };
    for (vd_tf_elements e = vd_tf_each_of(d, list); !out->doubtful && vd_tf_next_element(&e, &v);) {
        out->doubtful = out->count == MOST_BLOCKS || vd_tf_is_hole(d, v) || vd_tf_is_hole(d, vd_tf_member(d, v, name)) ||
                        !vd_extract_string(d, vd_tf_member(d, v, name).node).n ||
                        (second && (vd_tf_is_hole(d, vd_tf_member(d, v, second)) ||
                                    !vd_extract_string(d, vd_tf_member(d, v, second).node).n));
        if (!out->doubtful)
            out->at[out->count++] = v;
    }
}

static vd_str name_of(const vd_tf_writer *w, vd_tf_value block, const char *name)
{
    return vd_extract_string(w->tf->doc, vd_tf_member(w->tf->doc, block, name).node);
}

/* Is there an earlier block that agrees with this one? */
static bool is_later(const vd_tf_writer *w, const blocks *b, uint32_t i, const char *name, const char *second)
{
    for (uint32_t k = 0; k < i; k++)
        if (vd_str_eq(name_of(w, b->at[k], name), name_of(w, b->at[i], name)) &&
            (!second || vd_str_eq(name_of(w, b->at[k], second), name_of(w, b->at[i], second))))
            return true;
    return false;
}

/* The lists of all blocks that agree with the i-th.  blocks: their name in the configuration. */
static void write_group(const vd_tf_writer *w, const blocks *b, uint32_t i, const char *name, const char *second,
                        const char *list, const char *config)
{
    const vd_doc *d = w->tf->doc;
    uint32_t      all = vd_extract_nearby(d, w->config, vd_str_of(config));
    vd_tf_value   lists[MOST_BLOCKS];
    uint32_t      count = 0;

    for (uint32_t k = i; k < b->count; k++) {
        if (!vd_str_eq(name_of(w, b->at[k], name), name_of(w, b->at[i], name)) ||
            (second && !vd_str_eq(name_of(w, b->at[k], second), name_of(w, b->at[i], second))))
            continue;
        lists[count] = vd_tf_member(d, b->at[k], list);
        lists[count++].references = vd_tf_references_at(d, vd_extract_nth(d, all, k), vd_str_of(list));
    }
    write_lists(w, lists, count, !second);
}

static bool is_everyone(const vd_tf_writer *w, const blocks *b)
{
    vd_tf_value list = vd_tf_member(w->tf->doc, b->at[0], "identifiers"), v;

    if (b->count != 1 || !vd_str_eq(name_of(w, b->at[0], "type"), VD_S("*")) || vd_tf_is_hole(w->tf->doc, list))
        return false;
    for (vd_tf_elements e = vd_tf_each_of(w->tf->doc, list); vd_tf_next_element(&e, &v);)
        if (vd_tf_is_hole(w->tf->doc, v) || !vd_str_eq(vd_extract_string(w->tf->doc, v.node), VD_S("*")))
            return false;
    return true;
}

static void write_principals(const vd_tf_writer *w, vd_tf_value block, const char *name, const char *key)
{
    vd_tf_value list = vd_tf_member(w->tf->doc, block, name);
    blocks      b;
    bool        first = true;

    if (is_empty(w->tf->doc, list))
        return;
    write_key(w, key, list);
    collect(w, list, "type", NULL, &b);
    if (b.doubtful) {
        write_hole(w, list, VD_HOLE_LIST, false);
        return;
    }
    if (is_everyone(w, &b)) {
        vd_made_string(w->m, VD_S("*"), vd_doc_span(w->tf->doc, vd_tf_member(w->tf->doc, b.at[0], "type").node));
        return;
    }
    vd_made_plain(w->m, VD_S("{"));
    for (uint32_t i = 0; i < b.count; i++) {
        if (is_later(w, &b, i, "type", NULL))
            continue;
        if (!first)
            vd_made_plain(w->m, VD_S(","));
        first = false;
        vd_made_scalar(w->m, w->tf->doc, vd_tf_member(w->tf->doc, b.at[i], "type").node);
        vd_made_plain(w->m, VD_S(":"));
        write_group(w, &b, i, "type", NULL, "identifiers", name);
    }
    vd_made_plain(w->m, VD_S("}"));
}

/* {"test": {"variable": [values], ...}, ...} */
static void write_conditions(const vd_tf_writer *w, vd_tf_value list)
{
    const vd_doc *d = w->tf->doc;
    blocks        b;
    bool          first = true;

    if (is_empty(d, list))
        return;
    write_key(w, "Condition", list);
    collect(w, list, "test", "variable", &b);
    if (b.doubtful) {
        write_hole(w, list, VD_HOLE_LIST, false);
        return;
    }
    vd_made_plain(w->m, VD_S("{"));
    for (uint32_t i = 0; i < b.count; i++) {
        bool inner = true;

        if (is_later(w, &b, i, "test", NULL))
            continue;
        if (!first)
            vd_made_plain(w->m, VD_S(","));
        first = false;
        vd_made_scalar(w->m, d, vd_tf_member(d, b.at[i], "test").node);
        vd_made_plain(w->m, VD_S(":{"));
        for (uint32_t k = i; k < b.count; k++) {
            if (!vd_str_eq(name_of(w, b.at[k], "test"), name_of(w, b.at[i], "test")) ||
                is_later(w, &b, k, "test", "variable"))
                continue;
            if (!inner)
                vd_made_plain(w->m, VD_S(","));
            inner = false;
            vd_made_scalar(w->m, d, vd_tf_member(d, b.at[k], "variable").node);
            vd_made_plain(w->m, VD_S(":"));
            write_group(w, &b, k, "test", "variable", "values", "condition");
        }
        vd_made_plain(w->m, VD_S("}"));
    }
    vd_made_plain(w->m, VD_S("}"));
}

/* ------------------------------------------------------------------ one statement */

static void write_list(const vd_tf_writer *w, vd_tf_value block, const char *name, const char *key)
{
    vd_tf_value v = vd_tf_member(w->tf->doc, block, name);

    if (is_empty(w->tf->doc, v))
        return;
    v.references = vd_tf_references_at(w->tf->doc, w->config, vd_str_of(name));
    write_key(w, key, v);
    write_lists(w, &v, 1, false);
}

void vd_tf_write_block(vd_tf_writer *w, const vd_tf_instance *i, uint32_t index, vd_tf_value block)
{
    static const vd_str allow = VD_L("Allow");
    const vd_doc       *d = w->tf->doc;
    vd_tf_value         effect = vd_tf_member(d, block, "effect"), sid = vd_tf_member(d, block, "sid");

    w->config = vd_extract_nth(d, vd_extract_nearby(d, vd_tf_expressions(w->tf, i), VD_S("statement")), index);
    w->block = (vd_span){ d->nodes[block.node].offset, 1 };
    vd_made_at(w->m, VD_S("{"), w->block);
    vd_made_plain(w->m, VD_S("\"Effect\":"));
    if (is_empty(d, effect))
        vd_made_string(w->m, allow, w->block);
    else
        write_value(w, effect, false);
    if (!is_empty(d, sid)) {
        sid.references = vd_tf_references_at(d, w->config, VD_S("sid"));
        write_key(w, "Sid", sid);
        write_value(w, sid, false);
    }
    write_list(w, block, "actions", "Action");
    write_list(w, block, "not_actions", "NotAction");
    write_list(w, block, "resources", "Resource");
    write_list(w, block, "not_resources", "NotResource");
    write_principals(w, block, "principals", "Principal");
    write_principals(w, block, "not_principals", "NotPrincipal");
    write_conditions(w, vd_tf_member(d, block, "condition"));
    vd_made_plain(w->m, VD_S("}"));
}
