/* SPDX-License-Identifier: Apache-2.0
 *
 * A policy in a file: an object, a string of JSON, or one that is percent-encoded.  The same text of the same kind is one
 * document, told where it stands first in the order of files, whatever the order in which they came.
 */
#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"
#include "model/draft.h"
#include "policy/policy.h"

enum { MOST_LAYERS = 4 };

/* ------------------------------------------------------------------ out of its wrapping */

static bool is_percent(vd_str text)
{
    return vd_str_istarts(text, VD_S("%7b")) || vd_str_istarts(text, VD_S("%22"));
}

/* The document at a node, through the strings around it.  A text that is none leaves *doc NULL and fills fault. */
static vd_code unwrap(vd_snapshot_reader *to, vd_arena *arena, const vd_doc **doc, uint32_t *node, vd_error *fault, vd_error *err)
{
    vd_source *source = NULL;

    for (uint32_t i = 0; (*doc)->nodes[*node].kind == VD_NODE_STRING && i < MOST_LAYERS; i++) {
        vd_doc *inner = vd_arena_new(arena, vd_doc);
        vd_code code;

        if (!inner)
            return vd_fail_nomem(err);
        VD_TRY(vd_doc_inner(&source, arena, *doc, *node, err));
        if (is_percent(vd_str_trim(source->text)))
            VD_TRY(vd_extract_percent(&source, arena, source, err));
        code = vd_json_read(inner, arena, source, &to->engine->limits, NULL, NULL, fault);
        if (code == VD_ENOMEM)
            return vd_fail_nomem(err);
        if (code != VD_OK) {
            *doc = NULL;
            return VD_OK;
        }
        *doc = inner;
        *node = 0;
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ equal texts */

/* Each token with its kind and length, so that no two texts are written alike. */
static vd_code sum_of(const vd_allocator *a, const vd_doc *d, uint32_t node, uint8_t sum[32], vd_error *err)
{
    vd_buf  b = vd_buf_on(a, 0);
    vd_code code = VD_OK;

    for (uint32_t i = node; i < d->nodes[node].next; i++) {
        vd_str   text = d->nodes[i].kind < VD_NODE_ARRAY ? vd_doc_text(d, i) : VD_S("");
        uint32_t head[2] = { (uint32_t)text.n, (uint32_t)d->nodes[i].kind << 16 | (uint32_t)(d->nodes[i].depth - d->nodes[node].depth) };

        vd_buf_add(&b, (vd_str){ (const char *)head, sizeof head });
        vd_buf_add(&b, text);
    }
    if (b.failed)
        code = vd_fail_nomem(err);
    else
        vd_sha256(sum, vd_buf_str(&b));
    vd_buf_done(&b);
    return code;
}

static bool same_sum(const void *ctx, uint32_t value, const void *wanted)
{
    const vd_snapshot_reader *to = ctx;
    const vd_draft_doc       *w = wanted;

    return to->docs.at[value].kind == w->kind && memcmp(to->docs.at[value].sum, w->sum, sizeof w->sum) == 0;
}

/* ------------------------------------------------------------------ reading it */

static vd_code keep_fault(vd_snapshot_reader *to, vd_draft_doc *d, int32_t severity, vd_str text, vd_pos at, vd_error *err)
{
    d->severity = (int8_t)severity;
    d->fault_at = at;
    if (!vd_draft_text(to, &d->fault, text) || !vd_draft_text(to, &d->fault_at.file, at.file))
        return vd_fail_nomem(err);
    return VD_OK;
}

/* What AWS would refuse to store, the first of it. */
static vd_code keep_diags(vd_snapshot_reader *to, vd_draft_doc *d, const vd_diags *notes, vd_error *err)
{
    for (size_t i = 0; vd_diags_worst(notes) == VD_ERROR && i < vd_diags_count(notes); i++) {
        const vd_diag *one = vd_diags_at(notes, i);

        if (one->severity == VD_ERROR)
            return keep_fault(to, d, VD_WARNING, one->text, one->at, err);
    }
    return VD_OK;
}

static vd_code read_policy(vd_snapshot_reader *to, vd_draft_doc *d, vd_str name, const vd_doc *doc, uint32_t node, vd_error *err)
{
    vd_error  fault = { .size = sizeof fault };
    vd_diags *notes;
    vd_code   code;

    VD_TRY(vd_diags_new(&notes, to->engine, err));
    code = vd_policy_read(&d->policy, to->engine, d->kind, name, doc, node, notes, &fault);
    if (code == VD_OK)
        code = keep_diags(to, d, notes, err);
    else if (code != VD_ENOMEM)
        code = keep_fault(to, d, VD_ERROR, vd_str_of(fault.text), fault.at, err);
    vd_diags_free(notes);
    if (code == VD_OK)
        return VD_OK;
    vd_policy_release(d->policy);
    d->policy = NULL;
    return code == VD_ENOMEM ? vd_fail_nomem(err) : code;
}

/* The first of its text, or one that stands before the first so far. */
static vd_code take(vd_snapshot_reader *to, vd_draft_doc d, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *id, vd_error *err)
{
    const vd_allocator *a = &to->engine->alloc;
    uint64_t            hash;

    VD_TRY(sum_of(a, doc, node, d.sum, err));
    memcpy(&hash, d.sum, sizeof hash);
    *id = vd_map_find(&to->by_sum, hash, same_sum, to, &d);
    if (*id != VD_NONE && vd_place_order(to, to->docs.at[*id].at, d.at) <= 0)
        return VD_OK;
    VD_TRY(read_policy(to, &d, name, doc, node, err));
    if (*id != VD_NONE) {
        vd_policy_release(to->docs.at[*id].policy);
        to->docs.at[*id] = d;
        return VD_OK;
    }
    *id = to->docs.count;
    if (VD_RESERVE(a, &to->docs, *id + 1) && vd_map_add(&to->by_sum, a, hash, *id)) {
        to->docs.at[to->docs.count++] = d;
        return VD_OK;
    }
    vd_policy_release(d.policy);
    return vd_fail_nomem(err);
}

/* A text that is no JSON is a document of its own. */
static vd_code take_broken(vd_snapshot_reader *to, vd_draft_doc d, const vd_error *fault, uint32_t *id, vd_error *err)
{
    VD_TRY(keep_fault(to, &d, VD_ERROR, vd_str_of(fault->text), fault->at, err));
    *id = to->docs.count;
    return VD_PUSH(&to->engine->alloc, &to->docs, d) ? VD_OK : vd_fail_nomem(err);
}

static vd_code take_at(vd_snapshot_reader *to, vd_arena *arena, vd_draft_doc d, vd_str name, const vd_doc *doc, uint32_t node, uint32_t *id,
                       vd_error *err)
{
    vd_error fault = { .size = sizeof fault };

    d.severity = -1;
    VD_TRY(unwrap(to, arena, &doc, &node, &fault, err));
    return doc ? take(to, d, name, doc, node, id, err) : take_broken(to, d, &fault, id, err);
}

vd_code vd_draft_document(const vd_import *in, vd_kind kind, vd_str name, uint32_t node, uint32_t *doc)
{
    vd_arena     scratch = vd_arena_on(&in->to->engine->alloc, 0);
    vd_draft_doc d = { .kind = kind, .at = vd_draft_place(in, node) };
    vd_code      code;

    *doc = VD_NONE;
    code = take_at(in->to, &scratch, d, name, in->doc, node, doc, in->err);
    vd_arena_done(&scratch);
    return code;
}

vd_code vd_draft_synthetic(const vd_import *in, vd_kind kind, vd_str name, uint32_t node, vd_str text, uint32_t *doc)
{
    vd_arena     scratch = vd_arena_on(&in->to->engine->alloc, 0);
    vd_piece     piece = { .length = (uint32_t)text.n, .outer = in->doc->nodes[node].offset, .outer_length = in->doc->nodes[node].length };
    vd_source    made = { .name = in->doc->source->name, .text = text, .outer = in->doc->source, .pieces = &piece, .piece_count = 1 };
    vd_draft_doc d = { .kind = kind, .at = vd_draft_place(in, node) };
    vd_doc       json;
    vd_code      code = vd_json_read(&json, &scratch, &made, &in->to->engine->limits, NULL, NULL, in->err);

    *doc = VD_NONE;
    if (code == VD_OK)
        code = take_at(in->to, &scratch, d, name, &json, 0, doc, in->err);
    vd_arena_done(&scratch);
    return code;
}

vd_code vd_draft_plain(vd_snapshot_reader *to, uint32_t file, vd_kind kind, vd_str name, vd_str text, uint32_t *doc, vd_error *err)
{
    vd_arena     scratch = vd_arena_on(&to->engine->alloc, 0);
    vd_source    source = { .name = to->files.at[file].shown, .text = text };
    vd_draft_doc d = { .kind = kind, .at = { .file = file, .line = 1, .column = 1 } };
    vd_doc       json;
    vd_error     fault = { .size = sizeof fault };
    vd_code      code = vd_json_read(&json, &scratch, &source, &to->engine->limits, NULL, NULL, &fault);

    *doc = VD_NONE;
    if (code == VD_OK)
        code = take_at(to, &scratch, d, name, &json, 0, doc, err);
    else if (code != VD_ENOMEM)
        code = take_broken(to, d, &fault, doc, err);
    else
        code = vd_fail_nomem(err);
    vd_arena_done(&scratch);
    return code;
}
