/* SPDX-License-Identifier: Apache-2.0
 *
 * The document that an aws_iam_policy_document will make, while parts of it are not known: its blocks as statements, merged
 * with other documents by Sid as the provider does it.  What is not known is a hole; what is sensitive is one as well.
 */
#include "base/str.h"
#include "extract/terraform.h"

#include <stdio.h>

enum { MOST_BLOCKS = 200, MOST_STATEMENTS = 5000, MOST_DOCUMENTS = 200, DEEPEST = 12 };

/* ------------------------------------------------------------------ values with marks beside them */

typedef struct value {
    uint32_t node, unknown, sensitive; /* VD_NONE: not there */
    uint32_t references; /* of the configuration, for names of holes */
} value;

typedef struct writer {
    vd_tf   *tf;
    vd_made *m;
    vd_span  block; /* of the statement, for what has no token */
    uint32_t config; /* of the statement; VD_NONE: it says nothing */
    vd_str   place; /* "data.aws_iam_policy_document.x" */
} writer;

static value member(const vd_doc *d, value of, const char *name)
{
    vd_str s = vd_str_of(name);

    return (value){ .node = vd_extract_nearby(d, of.node, s),
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

static bool is_hole(const vd_doc *d, value v)
{
    return is_true(d, v.unknown) || is_true(d, v.sensitive);
}

/* Elements of three lists side by side; the marks may be shorter, or one mark for all. */
typedef struct elements {
    const vd_doc *d;
    value         list, at;
    bool          started;
} elements;

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

static elements each_of(const vd_doc *d, value list)
{
    return (elements){ .d = d, .list = list };
}

static bool next_element(elements *e, value *out)
{
    value *l = &e->list, *at = &e->at;

    if (!e->started) {
        *at = (value){ first_of(e->d, l->node), first_of(e->d, l->unknown), first_of(e->d, l->sensitive), l->references };
    } else {
        at->node = next_of(e->d, l->node, at->node);
        at->unknown = next_of(e->d, l->unknown, at->unknown);
        at->sensitive = next_of(e->d, l->sensitive, at->sensitive);
    }
    e->started = true;
    *out = *at;
    return at->node != VD_NONE;
}

static bool is_empty(const vd_doc *d, value v)
{
    if (is_hole(d, v))
        return false;
    return v.node == VD_NONE || d->nodes[v.node].kind == VD_NODE_NULL ||
           (d->nodes[v.node].kind == VD_NODE_STRING && vd_doc_text(d, v.node).n == 0) ||
           (d->nodes[v.node].kind == VD_NODE_ARRAY && vd_doc_first(d, v.node) == VD_NONE);
}

/* ------------------------------------------------------------------ writing */

static vd_span span_of(const writer *w, value v)
{
    uint32_t node = v.node != VD_NONE ? v.node : v.unknown;

    return node == VD_NONE ? w->block : vd_doc_span(w->tf->doc, node);
}

/* Named after what the expression refers to.  Two values of one expression are not equal because their names are: one of
 * them may have something behind the reference.  Only principals are never put together. */
static void write_hole(const writer *w, value v, vd_hole_kind kind, bool same)
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
static void write_text(const writer *w, const vd_doc *d, uint32_t node)
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

static void write_value(const writer *w, value v, bool same)
{
    if (is_hole(w->tf->doc, v) || v.node == VD_NONE || w->tf->doc->nodes[v.node].kind == VD_NODE_NULL)
        write_hole(w, v, VD_HOLE_ANY, same);
    else
        write_text(w, w->tf->doc, v.node);
}

/* One value as itself, several as a list; the elements of all lists given, in their order. */
static void write_lists(const writer *w, const value *lists, uint32_t count, bool same)
{
    bool first = true;

    for (uint32_t i = 0; i < count; i++) {
        if (is_hole(w->tf->doc, lists[i])) {
            write_hole(w, lists[i], VD_HOLE_LIST, false); /* nobody knows what else is in it */
            return;
        }
    }
    vd_made_plain(w->m, VD_S("["));
    for (uint32_t i = 0; i < count; i++) {
        value v;

        for (elements e = each_of(w->tf->doc, lists[i]); next_element(&e, &v); first = false) {
            if (!first)
                vd_made_plain(w->m, VD_S(","));
            write_value(w, v, same);
        }
    }
    vd_made_plain(w->m, VD_S("]"));
}

/* The key stands for the one in the plan. */
static void write_key(const writer *w, const char *name, value v)
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
    value    at[MOST_BLOCKS];
    uint32_t count;
    bool     doubtful; /* too many, or one whose name is not known */
} blocks;

static void collect(const writer *w, value list, const char *name, const char *second, blocks *out)
{
    const vd_doc *d = w->tf->doc;
    value         v;

    *out = (blocks){ .doubtful = is_hole(d, list) };
    for (elements e = each_of(d, list); !out->doubtful && next_element(&e, &v);) {
        out->doubtful = out->count == MOST_BLOCKS || is_hole(d, v) || is_hole(d, member(d, v, name)) ||
                        !vd_extract_string(d, member(d, v, name).node).n ||
                        (second && (is_hole(d, member(d, v, second)) ||
                                    !vd_extract_string(d, member(d, v, second).node).n));
        if (!out->doubtful)
            out->at[out->count++] = v;
    }
}

static vd_str name_of(const writer *w, value block, const char *name)
{
    return vd_extract_string(w->tf->doc, member(w->tf->doc, block, name).node);
}

/* Is there an earlier block that agrees with this one? */
static bool is_later(const writer *w, const blocks *b, uint32_t i, const char *name, const char *second)
{
    for (uint32_t k = 0; k < i; k++)
        if (vd_str_eq(name_of(w, b->at[k], name), name_of(w, b->at[i], name)) &&
            (!second || vd_str_eq(name_of(w, b->at[k], second), name_of(w, b->at[i], second))))
            return true;
    return false;
}

/* The lists of all blocks that agree with the i-th.  blocks: their name in the configuration. */
static void write_group(const writer *w, const blocks *b, uint32_t i, const char *name, const char *second,
                        const char *list, const char *config)
{
    const vd_doc *d = w->tf->doc;
    uint32_t      all = vd_extract_nearby(d, w->config, vd_str_of(config));
    value         lists[MOST_BLOCKS];
    uint32_t      count = 0;

    for (uint32_t k = i; k < b->count; k++) {
        if (!vd_str_eq(name_of(w, b->at[k], name), name_of(w, b->at[i], name)) ||
            (second && !vd_str_eq(name_of(w, b->at[k], second), name_of(w, b->at[i], second))))
            continue;
        lists[count] = member(d, b->at[k], list);
        lists[count++].references = vd_tf_references_at(d, vd_extract_nth(d, all, k), vd_str_of(list));
    }
    write_lists(w, lists, count, !second);
}

static bool is_everyone(const writer *w, const blocks *b)
{
    value list = member(w->tf->doc, b->at[0], "identifiers"), v;

    if (b->count != 1 || !vd_str_eq(name_of(w, b->at[0], "type"), VD_S("*")) || is_hole(w->tf->doc, list))
        return false;
    for (elements e = each_of(w->tf->doc, list); next_element(&e, &v);)
        if (is_hole(w->tf->doc, v) || !vd_str_eq(vd_extract_string(w->tf->doc, v.node), VD_S("*")))
            return false;
    return true;
}

static void write_principals(const writer *w, value block, const char *name, const char *key)
{
    value  list = member(w->tf->doc, block, name);
    blocks b;
    bool   first = true;

    if (is_empty(w->tf->doc, list))
        return;
    write_key(w, key, list);
    collect(w, list, "type", NULL, &b);
    if (b.doubtful) {
        write_hole(w, list, VD_HOLE_LIST, false);
        return;
    }
    if (is_everyone(w, &b)) {
        vd_made_string(w->m, VD_S("*"), vd_doc_span(w->tf->doc, member(w->tf->doc, b.at[0], "type").node));
        return;
    }
    vd_made_plain(w->m, VD_S("{"));
    for (uint32_t i = 0; i < b.count; i++) {
        if (is_later(w, &b, i, "type", NULL))
            continue;
        if (!first)
            vd_made_plain(w->m, VD_S(","));
        first = false;
        vd_made_scalar(w->m, w->tf->doc, member(w->tf->doc, b.at[i], "type").node);
        vd_made_plain(w->m, VD_S(":"));
        write_group(w, &b, i, "type", NULL, "identifiers", name);
    }
    vd_made_plain(w->m, VD_S("}"));
}

/* {"test": {"variable": [values], ...}, ...} */
static void write_conditions(const writer *w, value list)
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
        vd_made_scalar(w->m, d, member(d, b.at[i], "test").node);
        vd_made_plain(w->m, VD_S(":{"));
        for (uint32_t k = i; k < b.count; k++) {
            if (!vd_str_eq(name_of(w, b.at[k], "test"), name_of(w, b.at[i], "test")) ||
                is_later(w, &b, k, "test", "variable"))
                continue;
            if (!inner)
                vd_made_plain(w->m, VD_S(","));
            inner = false;
            vd_made_scalar(w->m, d, member(d, b.at[k], "variable").node);
            vd_made_plain(w->m, VD_S(":"));
            write_group(w, &b, k, "test", "variable", "values", "condition");
        }
        vd_made_plain(w->m, VD_S("}"));
    }
    vd_made_plain(w->m, VD_S("}"));
}

/* ------------------------------------------------------------------ one statement */

static void write_list(const writer *w, value block, const char *name, const char *key)
{
    value v = member(w->tf->doc, block, name);

    if (is_empty(w->tf->doc, v))
        return;
    v.references = vd_tf_references_at(w->tf->doc, w->config, vd_str_of(name));
    write_key(w, key, v);
    write_lists(w, &v, 1, false);
}

static void write_block(writer *w, const vd_tf_instance *i, uint32_t index, value block)
{
    static const vd_str allow = VD_L("Allow");
    const vd_doc       *d = w->tf->doc;
    value               effect = member(d, block, "effect"), sid = member(d, block, "sid");

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
    write_conditions(w, member(d, block, "condition"));
    vd_made_plain(w->m, VD_S("}"));
}

/* ------------------------------------------------------------------ merging */

/* A statement of the result: a block of an instance, or a node of a document that is known. */
typedef struct piece {
    const vd_tf_instance *instance; /* NULL: a node */
    value                 block;
    uint32_t              index;
    const vd_doc         *doc;
    uint32_t              node;
} piece;

typedef struct merged {
    vd_tf      *tf;
    vd_intern   sids;
    VD_VEC(uint32_t) places; /* in pieces, by number of the Sid */
    VD_VEC(piece) pieces;
    const char *why;
    uint32_t    documents;
} merged;

/* Another statement with the same Sid is replaced where it stands. */
static vd_code merge_piece(merged *g, vd_str sid, piece p)
{
    const vd_allocator *a = &g->tf->arena->alloc;
    uint32_t            id = VD_NONE, before = g->sids.strings.count;

    if (sid.n && !vd_intern_add(&g->sids, a, sid, &id))
        return vd_fail_nomem(g->tf->in->err);
    if (id != VD_NONE && id < before) {
        g->pieces.at[g->places.at[id]] = p;
        return VD_OK;
    }
    if (g->pieces.count == MOST_STATEMENTS) {
        g->why = "it has too many statements";
        return VD_OK;
    }
    if ((id != VD_NONE && !VD_PUSH(a, &g->places, g->pieces.count)) || !VD_PUSH(a, &g->pieces, p))
        return vd_fail_nomem(g->tf->in->err);
    return VD_OK;
}

static vd_code merge_blocks(merged *g, const vd_tf_instance *i)
{
    const vd_doc *d = g->tf->doc;
    value         whole = { i->after, i->unknown, i->sensitive, VD_NONE }, list = member(d, whole, "statement"), v;
    uint32_t      index = 0;

    if (is_hole(d, list))
        g->why = "its statements are not known";
    for (elements e = each_of(d, list); !g->why && next_element(&e, &v); index++) {
        value sid = member(d, v, "sid");

        if (is_hole(d, v) || !vd_extract_is(d, v.node, VD_NODE_OBJECT)) {
            g->why = "one of its statements is not known";
            break;
        }
        VD_TRY(merge_piece(g, is_hole(d, sid) ? VD_S("") : vd_extract_string(d, sid.node),
                           (piece){ .instance = i, .block = v, .index = index }));
    }
    return VD_OK;
}

/* A document whose text is known: its statements as they are. */
static vd_code merge_text(merged *g, uint32_t node)
{
    vd_arena  *arena = g->tf->arena;
    vd_source *source;
    vd_doc    *doc = vd_arena_new(arena, vd_doc);
    vd_error   err = { .size = sizeof err };
    uint32_t   list, duplicates;
    vd_code    code;

    if (!doc)
        return vd_fail_nomem(g->tf->in->err);
    if (!vd_extract_string(g->tf->doc, node).n)
        return VD_OK;
    VD_TRY(vd_doc_inner(&source, arena, g->tf->doc, node, g->tf->in->err));
    code = vd_json_read(doc, arena, source, &g->tf->in->engine->limits, NULL, &duplicates, &err);
    if (code == VD_ENOMEM)
        return vd_fail_nomem(g->tf->in->err);
    if (code != VD_OK) {
        g->why = "a document that it takes statements from is no JSON";
        return VD_OK;
    }
    list = vd_doc_member(doc, 0, VD_S("Statement"));
    if (vd_extract_is(doc, list, VD_NODE_OBJECT))
        return merge_piece(g, vd_extract_member(doc, list, "Sid"), (piece){ .doc = doc, .node = list });
    if (!vd_extract_is(doc, list, VD_NODE_ARRAY))
        return VD_OK;
    for (uint32_t c = vd_doc_first(doc, list); c != VD_NONE && !g->why; c = vd_doc_next(doc, list, c))
        VD_TRY(merge_piece(g, vd_extract_member(doc, c, "Sid"), (piece){ .doc = doc, .node = c }));
    return VD_OK;
}

/* ------------------------------------------------------------------ documents of documents */

/* Before the blocks of a document and behind them come others.  Merging is associative, so that all can be taken one
 * after the other, those within others first. */
enum { SOURCES, BLOCKS, OVERRIDES, DONE };

typedef struct frame {
    uint32_t instance;
    uint8_t  phase;
    elements list;
    uint32_t index; /* in the list */
    bool     listed;
} frame;

/* Which document the index-th element of source_policy_documents is: as many references as there are elements, or nobody
 * knows. */
static uint32_t document_of(vd_tf *tf, const frame *f, const char *attribute)
{
    const vd_tf_instance *i = &tf->instances.at[f->instance];
    uint32_t              references = vd_tf_references(tf, i, vd_str_of(attribute), 0, VD_S("")), count;
    vd_str                reference = vd_tf_reference(tf, references, f->index, &count), address;
    uint32_t              length = vd_extract_is(tf->doc, f->list.list.node, VD_NODE_ARRAY)
                                       ? vd_doc_length(tf->doc, f->list.list.node)
                                       : 0;

    if (count != length || !vd_str_starts(reference, VD_S("data.aws_iam_policy_document.")))
        return VD_NONE;
    if (vd_str_ends(reference, VD_S(".json")))
        reference.n -= strlen(".json");
    else if (vd_str_ends(reference, VD_S(".minified_json")))
        reference.n -= strlen(".minified_json");
    if (!vd_arena_printf(tf->arena, &address, VD_F VD_F, VD_A(i->scope), VD_A(reference)))
        return VD_NONE;
    return vd_tf_find(tf, address);
}

/* The next document of the list that the frame is at.  *inner: one that has to be gathered; VD_NONE: it was merged. */
static vd_code take_element(merged *g, frame *f, const char *attribute, value v, uint32_t *inner)
{
    *inner = VD_NONE;
    if (!is_hole(g->tf->doc, v) && vd_extract_is(g->tf->doc, v.node, VD_NODE_STRING))
        return merge_text(g, v.node);
    if (is_true(g->tf->doc, v.sensitive)) {
        g->why = "a document that it takes statements from is sensitive";
        return VD_OK;
    }
    *inner = document_of(g->tf, f, attribute);
    if (*inner == VD_NONE)
        g->why = "a document that it takes statements from is not known";
    return VD_OK;
}

static vd_code step(merged *g, frame *f, uint32_t *inner)
{
    static const char *const attributes[] = { [SOURCES] = "source_policy_documents",
                                              [OVERRIDES] = "override_policy_documents" };
    const vd_tf_instance    *i = &g->tf->instances.at[f->instance];
    value                    whole = { i->after, i->unknown, i->sensitive, VD_NONE }, v;

    *inner = VD_NONE;
    if (f->phase == BLOCKS) {
        f->phase++;
        return merge_blocks(g, i);
    }
    if (!f->listed) {
        value list = member(g->tf->doc, whole, attributes[f->phase]);

        if (is_hole(g->tf->doc, list))
            g->why = "the documents that it takes statements from are not known";
        f->list = each_of(g->tf->doc, list);
        f->listed = true;
        f->index = 0;
    } else {
        f->index++;
    }
    if (next_element(&f->list, &v))
        return take_element(g, f, attributes[f->phase], v, inner);
    f->listed = false;
    f->phase++;
    return VD_OK;
}

static vd_code gather(merged *g, uint32_t instance)
{
    frame    stack[DEEPEST];
    uint32_t depth = 0, inner;

    stack[depth++] = (frame){ .instance = instance };
    while (depth && !g->why) {
        frame *f = &stack[depth - 1];

        if (f->phase == DONE) {
            depth--;
            continue;
        }
        VD_TRY(step(g, f, &inner));
        if (inner == VD_NONE)
            continue;
        if (depth == DEEPEST || ++g->documents == MOST_DOCUMENTS) {
            g->why = "it takes statements from too many documents";
            break;
        }
        g->tf->instances.at[inner].used = true;
        if (!VD_PUSH(&g->tf->arena->alloc, &g->tf->documents, inner))
            return vd_fail_nomem(g->tf->in->err);
        stack[depth++] = (frame){ .instance = inner };
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ the whole */

static void write_head(vd_made *m, const vd_doc *d, const vd_tf_instance *i)
{
    value whole = { i->after, i->unknown, i->sensitive, VD_NONE };
    value version = member(d, whole, "version"), id = member(d, whole, "policy_id");

    vd_made_at(m, VD_S("{"), (vd_span){ d->nodes[i->after].offset, 1 });
    vd_made_plain(m, VD_S("\"Version\":"));
    if (!is_hole(d, version) && vd_extract_string(d, version.node).n)
        vd_made_scalar(m, d, version.node);
    else
        vd_made_plain(m, VD_S("\"2012-10-17\""));
    if (!is_hole(d, id) && vd_extract_string(d, id.node).n) {
        vd_made_plain(m, VD_S(",\"Id\":"));
        vd_made_scalar(m, d, id.node);
    }
    vd_made_plain(m, VD_S(",\"Statement\":["));
}

static vd_source *write_all(const merged *g, const vd_tf_instance *i)
{
    vd_made m = vd_made_on(g->tf->arena, g->tf->doc->source);
    writer  w = { .tf = g->tf, .m = &m };

    write_head(&m, g->tf->doc, i);
    for (uint32_t k = 0; k < g->pieces.count; k++) {
        const piece *p = &g->pieces.at[k];

        if (k)
            vd_made_plain(&m, VD_S(","));
        w.place = p->instance ? p->instance->address : i->address;
        if (p->instance)
            write_block(&w, p->instance, p->index, p->block);
        else
            vd_made_value(&m, p->doc, p->node);
    }
    vd_made_plain(&m, VD_S("]}"));
    return vd_made_done(&m);
}

vd_code vd_tf_document(vd_tf *tf, uint32_t instance, vd_source **out, const char **why)
{
    const vd_allocator *a = &tf->arena->alloc;
    merged              g = { .tf = tf };
    vd_code             code = VD_OK;

    *out = NULL;
    *why = NULL;
    tf->documents.count = 0;
    g.sids.seed = tf->in->engine->hash_seed;
    if (vd_extract_is(tf->doc, tf->instances.at[instance].after, VD_NODE_OBJECT))
        code = gather(&g, instance);
    else
        g.why = "the data source is not in the plan";
    if (code == VD_OK && !g.why) {
        *out = write_all(&g, &tf->instances.at[instance]);
        if (!*out)
            code = vd_fail_nomem(tf->in->err);
    }
    *why = g.why;
    vd_intern_done(&g.sids, a);
    VD_VEC_DONE(a, &g.places);
    VD_VEC_DONE(a, &g.pieces);
    return code;
}
