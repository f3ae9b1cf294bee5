/* SPDX-License-Identifier: Apache-2.0
 *
 * A file, its documents, and for each the format that knows it.
 */
#include "extract/extract.h"

#include "base/map.h"
#include "base/str.h"
#include "extract/formats.h"
#include "extract/parts.h"

/* Only plans may be longer than other files, and they say early what they are. */
static bool looks_like_plan(vd_str text)
{
    return vd_str_contains(vd_str_first(text, 4096), VD_S("\"format_version\""));
}

static vd_code check_length(const vd_engine *engine, const vd_source *source, vd_error *err)
{
    const vd_limits *limits = &engine->limits;
    bool             plan;
    uint64_t         most;

    if (source->text.n <= limits->plan_bytes && source->text.n <= limits->file_bytes)
        return VD_OK; /* whatever it is */
    plan = looks_like_plan(source->text);
    most = plan ? limits->plan_bytes : limits->file_bytes;
    if (source->text.n <= most)
        return VD_OK;
    return vd_fail_span(err, VD_ELIMIT, source, (vd_span){ 0, 0 }, "%zu bytes, at most %llu are read (limit %s)",
                        source->text.n, (unsigned long long)most, plan ? "plan_bytes" : "file_bytes");
}

static vd_code extract_document(vd_input *in)
{
    for (size_t i = 0; i < vd_format_count; i++) {
        const vd_format *f = &vd_formats[i];

        if (!f->is(in))
            continue;
        if (!in->x->format)
            in->x->format = f->name;
        return f->extract(in);
    }
    if (in->part.n)
        in->x->skipped++;
    return VD_OK;
}

/* ------------------------------------------------------------------ identities */

/* A multiplication by an odd number is its own inverse: equal hashes are equal numbers. */
static bool same_hash(const void *ctx, uint32_t value, const void *wanted)
{
    VD_UNUSED(ctx);
    VD_UNUSED(value);
    VD_UNUSED(wanted);
    return true;
}

static bool number_entity(vd_map *known, const vd_allocator *a, uint32_t *entity, uint32_t *next)
{
    uint64_t hash = ((uint64_t)*entity + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t id;

    if (*entity == VD_NONE)
        return true;
    id = vd_map_find(known, hash, same_hash, NULL, NULL);
    if (id == VD_NONE && !vd_map_add(known, a, hash, id = (*next)++))
        return false;
    *entity = id;
    return true;
}

/* What a document has added.  Formats number the identities of one as is easy for them; outside they count from 0, in
 * order of appearance. */
static bool number_entities(vd_extraction *x, uint32_t row, uint32_t attached, uint32_t *next)
{
    const vd_allocator *a = &x->arena.alloc;
    vd_map              known = { 0 };
    bool                ok = true;

    for (; ok && row < x->count; row++)
        ok = number_entity(&known, a, &x->at[row].entity, next);
    for (; ok && attached < x->attached_count; attached++)
        ok = number_entity(&known, a, &x->attached[attached].entity, next);
    vd_map_done(&known, a);
    return ok;
}

/* ------------------------------------------------------------------ the whole */

static vd_code take_deviation(const vd_input *in, const vd_source *source, const vd_deviation *one)
{
    vd_extraction *x = in->x;
    vd_remark      r = { .rule = VD_S("json-nonstandard"), .container = VD_S(""), .hint = VD_S("") };

    r.at = vd_source_pos(source, one->span);
    if (one->fixable)
        r.fix = (vd_patch){ .offset = r.at.offset, .length = r.at.length, .text = one->text };
    if (!vd_arena_printf(&x->arena, &r.text, "%s is not allowed in JSON", one->what) ||
        !VD_ARENA_PUSH(&x->arena, x->remarks, x->remark_count, x->remark_cap, r))
        return vd_fail_nomem(in->err);
    return VD_OK;
}

/* What AWS would refuse, and everybody else reads. */
static vd_code take_deviations(const vd_input *in, const vd_source *source, const vd_deviations *d)
{
    for (uint32_t i = 0; i < d->count; i++)
        VD_TRY(take_deviation(in, source, &d->at[i]));
    return VD_OK;
}

/* A file that is handed to AWS as it is must not begin with one; templates, plans and what was printed may. */
static vd_code take_mark(const vd_input *in, const vd_source *file, const vd_parts *parts)
{
    static const vd_deviation mark = { .what = "a byte-order mark", .span = { 0, 3 }, .fixable = true, .text = { "", 0 } };
    bool                      policy = in->x->format && strcmp(in->x->format, "policy") == 0;

    return parts->marked && parts->language == VD_TEXT_JSON && policy ? take_deviation(in, file, &mark) : VD_OK;
}

/* Only policies have limits for strings: what else is in a file may be long. */
static vd_code read_part(vd_doc *doc, const vd_input *in, const vd_parts *parts, const vd_source *source)
{
    vd_limits     limits = in->engine->limits;
    vd_deviations deviations;
    uint32_t      duplicates;

    limits.string_bytes = UINT32_MAX;
    if (parts->language == VD_TEXT_YAML)
        return vd_yaml_read_as(doc, &in->x->arena, source, &limits, VD_YAML_TAGS | VD_YAML_MERGE, in->notes, &duplicates,
                               in->err);
    VD_TRY(vd_json_read_leniently(doc, &in->x->arena, source, &limits, &deviations, in->notes, &duplicates, in->err));
    return take_deviations(in, source, &deviations);
}

static vd_code extract_parts(vd_input *in, const vd_source *source)
{
    vd_parts   parts;
    vd_source *part;
    uint32_t   entities = 0;

    VD_TRY(vd_parts_init(&parts, source, in->err));
    while (vd_parts_next(&parts, &in->x->arena, &part, &in->part)) {
        vd_doc  *doc = vd_arena_new(&in->x->arena, vd_doc);
        uint32_t row = in->x->count, attached = in->x->attached_count;

        if (!part || !doc)
            return vd_fail_nomem(in->err);
        VD_TRY(read_part(doc, in, &parts, part));
        in->doc = doc;
        VD_TRY(extract_document(in));
        if (!number_entities(in->x, row, attached, &entities) || !vd_extract_check_attached(in, attached))
            return vd_fail_nomem(in->err);
    }
    return take_mark(in, source, &parts);
}

/* An edit of the decoded text is none of the file. */
static vd_code extract_utf16(vd_input *in, const vd_source *file)
{
    vd_extraction *x = in->x;
    vd_source     *decoded = vd_arena_new(&x->arena, vd_source);

    if (!decoded)
        return vd_fail_nomem(in->err);
    *decoded = *file;
    VD_TRY(vd_utf16_decode(&decoded->text, &x->arena, file, in->err));
    x->text = decoded->text;
    VD_TRY(extract_parts(in, decoded));
    for (uint32_t i = 0; i < x->count; i++) {
        if (x->at[i].fixable)
            x->at[i].unfixable = "the file is in UTF-16";
        x->at[i].fixable = false;
    }
    for (uint32_t i = 0; i < x->remark_count; i++)
        x->remarks[i].fix = (vd_patch){ 0 };
    return VD_OK;
}

vd_code vd_extract(vd_extraction *out, const vd_engine *engine, const vd_source *source, const vd_extract_opts *opts,
                   vd_diags *notes, vd_error *err)
{
    vd_input in = { .x = out, .engine = engine, .opts = opts, .notes = notes, .err = err };
    vd_code  code = check_length(engine, source, err);

    *out = (vd_extraction){ .arena = vd_arena_on(&engine->alloc, 0) };
    if (code == VD_OK)
        code = vd_is_utf16(source->text) ? extract_utf16(&in, source) : extract_parts(&in, source);
    if (code != VD_OK)
        vd_extraction_done(out);
    return code;
}

void vd_extraction_done(vd_extraction *x)
{
    vd_arena_done(&x->arena);
    *x = (vd_extraction){ 0 };
}

vd_str vd_extracted_fact(const vd_extracted *e, const char *name)
{
    for (uint32_t i = 0; i < e->fact_count; i++)
        if (vd_str_eq(e->facts[i].name, vd_str_of(name)))
            return e->facts[i].value;
    return (vd_str){ "", 0 };
}
