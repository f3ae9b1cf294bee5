/* SPDX-License-Identifier: Apache-2.0
 *
 * The document that an aws_iam_policy_document will make, while parts of it are not known: its blocks as statements
 * (terraform_block.c), merged with other documents by Sid as the provider does it.
 */
#include "extract/terraform_block.h"

#include "base/str.h"

enum { MOST_STATEMENTS = 5000, MOST_DOCUMENTS = 200, DEEPEST = 12 };

/* ------------------------------------------------------------------ merging */

/* A statement of the result: a block of an instance, or a node of a document that is known. */
typedef struct piece {
    const vd_tf_instance *instance; /* NULL: a node */
    vd_tf_value           block;
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
    vd_tf_value   whole = { i->after, i->unknown, i->sensitive, VD_NONE }, list = vd_tf_member(d, whole, "statement"), v;
    uint32_t      index = 0;

    if (vd_tf_is_hole(d, list))
        g->why = "its statements are not known";
    for (vd_tf_elements e = vd_tf_each_of(d, list); !g->why && vd_tf_next_element(&e, &v); index++) {
        vd_tf_value sid = vd_tf_member(d, v, "sid");

        if (vd_tf_is_hole(d, v) || !vd_extract_is(d, v.node, VD_NODE_OBJECT)) {
            g->why = "one of its statements is not known";
            break;
        }
        VD_TRY(merge_piece(g, vd_tf_is_hole(d, sid) ? VD_S("") : vd_extract_string(d, sid.node),
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
    uint32_t       instance;
    uint8_t        phase;
    vd_tf_elements list;
    uint32_t       index; /* in the list */
    bool           listed;
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
static vd_code take_element(merged *g, frame *f, const char *attribute, vd_tf_value v, uint32_t *inner)
{
    *inner = VD_NONE;
    if (!vd_tf_is_hole(g->tf->doc, v) && vd_extract_is(g->tf->doc, v.node, VD_NODE_STRING))
        return merge_text(g, v.node);
    if (vd_extract_is(g->tf->doc, v.sensitive, VD_NODE_TRUE)) {
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
    vd_tf_value              whole = { i->after, i->unknown, i->sensitive, VD_NONE }, v;

    *inner = VD_NONE;
    if (f->phase == BLOCKS) {
        f->phase++;
        return merge_blocks(g, i);
    }
    if (!f->listed) {
        vd_tf_value list = vd_tf_member(g->tf->doc, whole, attributes[f->phase]);

        if (vd_tf_is_hole(g->tf->doc, list))
            g->why = "the documents that it takes statements from are not known";
        f->list = vd_tf_each_of(g->tf->doc, list);
        f->listed = true;
        f->index = 0;
    } else {
        f->index++;
    }
    if (vd_tf_next_element(&f->list, &v))
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
    vd_tf_value whole = { i->after, i->unknown, i->sensitive, VD_NONE };
    vd_tf_value version = vd_tf_member(d, whole, "version"), id = vd_tf_member(d, whole, "policy_id");

    vd_made_at(m, VD_S("{"), (vd_span){ d->nodes[i->after].offset, 1 });
    vd_made_plain(m, VD_S("\"Version\":"));
    if (!vd_tf_is_hole(d, version) && vd_extract_string(d, version.node).n)
        vd_made_scalar(m, d, version.node);
    else
        vd_made_plain(m, VD_S("\"2012-10-17\""));
    if (!vd_tf_is_hole(d, id) && vd_extract_string(d, id.node).n) {
        vd_made_plain(m, VD_S(",\"Id\":"));
        vd_made_scalar(m, d, id.node);
    }
    vd_made_plain(m, VD_S(",\"Statement\":["));
}

static vd_source *write_all(const merged *g, const vd_tf_instance *i)
{
    vd_made      m = vd_made_on(g->tf->arena, g->tf->doc->source);
    vd_tf_writer w = { .tf = g->tf, .m = &m };

    write_head(&m, g->tf->doc, i);
    for (uint32_t k = 0; k < g->pieces.count; k++) {
        const piece *p = &g->pieces.at[k];

        if (k)
            vd_made_plain(&m, VD_S(","));
        w.place = p->instance ? p->instance->address : i->address;
        if (p->instance)
            vd_tf_write_block(&w, p->instance, p->index, p->block);
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
