/* SPDX-License-Identifier: Apache-2.0
 *
 * The way in: one file after the other, and the end of reading.
 */
#include "base/str.h"
#include "extract/parts.h"
#include "model/draft.h"

vd_code vd_snapshot_reader_new(vd_snapshot_reader **out, const vd_engine *engine, const vd_snapshot_opts *opts, vd_error *err)
{
    vd_snapshot_opts    o = { 0 };
    vd_snapshot_reader *r;

    if (out)
        *out = NULL;
    if (!out || !engine)
        return vd_fail(err, VD_EINVAL, "an engine and a place to go are needed");
    if (opts && opts->size)
        memcpy(&o, opts, opts->size < sizeof o ? opts->size : sizeof o);
    r = vd_alloc0(&engine->alloc, sizeof *r);
    if (!r)
        return vd_fail_nomem(err);
    r->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    r->arena = vd_arena_on(&engine->alloc, 0);
    r->texts.seed = engine->hash_seed;
    r->limits = engine->limits;
    r->limits.document_bytes = engine->limits.snapshot_file_bytes;
    r->limits.nodes = (uint32_t)(engine->limits.snapshot_nodes < UINT32_MAX ? engine->limits.snapshot_nodes : UINT32_MAX - 1);
    r->limits.string_bytes = UINT32_MAX; /* only policies have limits for strings */
    if (!vd_draft_text(r, &r->account, o.account)) {
        vd_snapshot_reader_free(r);
        return vd_fail_nomem(err);
    }
    *out = r;
    return VD_OK;
}

/* Everything that was read goes; the reader may be used again. */
void vd_snapshot_reader_reset(vd_snapshot_reader *r)
{
    const vd_allocator *a = &r->engine->alloc;

    for (uint32_t i = 0; i < r->docs.count; i++)
        vd_policy_release(r->docs.at[i].policy);
    vd_intern_done(&r->texts, a);
    vd_map_done(&r->by_sum, a);
    VD_VEC_DONE(a, &r->files);
    VD_VEC_DONE(a, &r->docs);
    VD_VEC_DONE(a, &r->accounts);
    VD_VEC_DONE(a, &r->nodes);
    VD_VEC_DONE(a, &r->groups);
    VD_VEC_DONE(a, &r->managed);
    VD_VEC_DONE(a, &r->versions);
    VD_VEC_DONE(a, &r->held);
    VD_VEC_DONE(a, &r->names);
    VD_VEC_DONE(a, &r->tags);
    VD_VEC_DONE(a, &r->organizations);
    VD_VEC_DONE(a, &r->units);
    VD_VEC_DONE(a, &r->guards);
    VD_VEC_DONE(a, &r->targets);
    VD_VEC_DONE(a, &r->facets);
    VD_VEC_DONE(a, &r->reports);
    VD_VEC_DONE(a, &r->profiles);
    VD_VEC_DONE(a, &r->sets);
    VD_VEC_DONE(a, &r->notes);
    VD_VEC_DONE(a, &r->complete);
    vd_arena_done(&r->arena);
    r->bytes = 0;
    r->collected = 0;
    r->has_organization = r->has_targets = false;
    r->account = VD_S("");
}

void vd_snapshot_reader_free(vd_snapshot_reader *r)
{
    vd_engine *e;

    if (!r)
        return;
    e = r->engine;
    vd_snapshot_reader_reset(r);
    vd_free(&e->alloc, r, sizeof *r);
    vd_engine_release(e);
}

/* ------------------------------------------------------------------ one file */

/* The JSON of a file, without what encodings put around it. */
static vd_code read_json(vd_import *in, vd_source *source, vd_doc *doc)
{
    uint32_t duplicates = 0;
    vd_error twice = { .size = sizeof twice };
    vd_parts parts;
    vd_code  code;

    if (vd_is_utf16(source->text)) {
        vd_source file = *source;

        VD_TRY(vd_utf16_decode(&source->text, in->scratch, &file, in->err));
    }
    VD_TRY(vd_parts_init(&parts, source, in->err));
    *source = parts.whole;
    if (source->text.n > VD_MILESTONE_BYTES && !vd_source_mark(source, in->scratch))
        return vd_fail_nomem(in->err);
    code = vd_json_read(doc, in->scratch, source, &in->to->limits, NULL, &duplicates, &twice);
    if (code != VD_OK) {
        if (in->err)
            *in->err = twice;
        return code;
    }
    in->doc = doc;
    if (!duplicates)
        return VD_OK;
    return vd_draft_note_at(in->to, VD_GAP_UNREADABLE, VD_ERROR,
                            (vd_place){ in->file, twice.at.offset, twice.at.length, twice.at.line, twice.at.column }, in->account, VD_S(""),
                            in->err, "%s: of members with the same name the first counts", twice.text);
}

static bool is_report(vd_str path)
{
    return vd_str_ends(path, VD_S(".csv"));
}

static vd_code read_file(vd_import *in, vd_str bytes)
{
    vd_source *source = vd_arena_new(in->scratch, vd_source);
    vd_doc    *doc = vd_arena_new(in->scratch, vd_doc);

    if (!source || !doc)
        return vd_fail_nomem(in->err);
    *source = (vd_source){ .name = in->to->files.at[in->file].shown, .text = bytes.p ? bytes : VD_S("") };
    in->source = source;
    if (!is_report(in->path))
        VD_TRY(read_json(in, source, doc));
    return vd_read_source(in);
}

/* The file is of no use: a note says so, and the caller learns it, too. */
static vd_code unusable(vd_import *in, const vd_error *why)
{
    vd_place at = { in->file, why->at.offset, why->at.length, why->at.line ? why->at.line : 1, why->at.column ? why->at.column : 1 };
    vd_code  code = vd_draft_note_at(in->to, VD_GAP_UNREADABLE, VD_ERROR, at, in->account, VD_S(""), NULL, "%s", why->text);

    return code == VD_OK ? why->code : code;
}

static vd_code check_size(vd_snapshot_reader *r, vd_str bytes, vd_error *err)
{
    const vd_limits *l = &r->engine->limits;

    if (r->files.count >= l->snapshot_files)
        return vd_fail(err, VD_ELIMIT, "more than %u files in a snapshot (limit snapshot_files)", l->snapshot_files);
    if (bytes.n > l->snapshot_file_bytes || bytes.n >= UINT32_MAX)
        return vd_fail(err, VD_ELIMIT, "%zu bytes, at most %llu are read (limit snapshot_file_bytes)", bytes.n,
                       (unsigned long long)l->snapshot_file_bytes);
    if (bytes.n > l->snapshot_bytes - r->bytes)
        return vd_fail(err, VD_ELIMIT, "more than %llu bytes in a snapshot (limit snapshot_bytes)", (unsigned long long)l->snapshot_bytes);
    return VD_OK;
}

static vd_code add_file(vd_snapshot_reader *r, vd_str path, vd_str shown, uint32_t *file, vd_error *err)
{
    vd_draft_file f;

    *file = r->files.count;
    if (!vd_draft_text(r, &f.path, path) || !vd_draft_text(r, &f.shown, shown.n ? shown : path) ||
        !VD_PUSH(&r->engine->alloc, &r->files, f))
        return vd_fail_nomem(err);
    return VD_OK;
}

vd_code vd_snapshot_read(vd_snapshot_reader *r, vd_str path, vd_str shown, vd_str bytes, vd_error *err)
{
    vd_error  own = { .size = sizeof own };
    vd_import in = { .to = r, .err = err ? err : &own };
    vd_arena  scratch;
    vd_code   code;

    if (!r || (!path.n && !shown.n))
        return vd_fail(err, VD_EINVAL, "a reader and the name of the file are needed");
    scratch = vd_arena_on(&r->engine->alloc, 0);
    VD_TRY(add_file(r, path.n ? path : shown, shown, &in.file, in.err));
    in.scratch = &scratch;
    in.path = r->files.at[in.file].path;
    in.account = in.region = VD_S("");
    code = check_size(r, bytes, in.err);
    if (code == VD_OK) {
        r->bytes += bytes.n;
        code = read_file(&in, bytes);
    }
    if (code != VD_OK && code != VD_ENOMEM)
        code = unusable(&in, in.err);
    vd_arena_done(&scratch);
    return code;
}

vd_code vd_snapshot_managed(vd_snapshot_reader *r, vd_str name, vd_str shown, vd_str bytes, vd_error *err)
{
    vd_draft_managed m = { .account = VD_S(""), .version = VD_S("") };
    vd_draft_version v = { .id = VD_S(""), .is_default = true };
    vd_str           arn;
    uint32_t         file;

    if (!r || !name.n)
        return vd_fail(err, VD_EINVAL, "a reader and the name of the policy are needed");
    VD_TRY(check_size(r, bytes, err));
    VD_TRY(add_file(r, shown.n ? shown : name, shown.n ? shown : name, &file, err));
    if (!vd_arena_printf(&r->arena, &arn, "arn:aws:iam::aws:policy/" VD_F, VD_A(name)) || !vd_draft_text(r, &m.arn, arn) ||
        !vd_draft_text(r, &m.name, name))
        return vd_fail_nomem(err);
    VD_TRY(vd_draft_plain(r, file, VD_KIND_MANAGED, arn, bytes, &v.doc, err));
    m.at = (vd_place){ .file = file, .line = 1, .column = 1 };
    m.versions = (vd_snap_range){ r->versions.count, 1 };
    m.given = true;
    if (!VD_PUSH(&r->engine->alloc, &r->versions, v) || !VD_PUSH(&r->engine->alloc, &r->managed, m))
        return vd_fail_nomem(err);
    return VD_OK;
}
