/* SPDX-License-Identifier: Apache-2.0
 *
 * The collector: its life, and one unit from its first byte to its place in the list of units.
 */
#include "usage/summary.h"
#include "usage/usage_int.h"

#include "base/str.h"
#include "pattern/arn.h"

#include <stdarg.h>
#include <stdio.h>

static const uint64_t preset_memory = 64u << 20, preset_bytes = 32u << 20;

/* ------------------------------------------------------------------ life */

static void read_opts(vd_usage *u, const vd_usage_opts *opts)
{
    if (opts && opts->size)
        memcpy(&u->opts, opts, opts->size < sizeof u->opts ? opts->size : sizeof u->opts);
    u->opts.size = sizeof u->opts;
    u->opts.memory = u->opts.memory ? u->opts.memory : preset_memory;
    u->opts.dedup_memory = u->opts.dedup_memory ? u->opts.dedup_memory : preset_memory;
    u->opts.inflate_bytes = u->opts.inflate_bytes ? u->opts.inflate_bytes : preset_bytes;
    u->opts.record_bytes = u->opts.record_bytes ? u->opts.record_bytes : preset_bytes;
    if (u->opts.record_bytes < VD_WINDOW_BYTES)
        u->opts.record_bytes = VD_WINDOW_BYTES;
}

vd_code vd_usage_new(vd_usage **out, const vd_engine *engine, const vd_usage_opts *opts, vd_usage *with, vd_error *err)
{
    const vd_allocator *alloc = &engine->alloc;
    vd_usage           *u = vd_alloc0(alloc, sizeof *u);
    size_t              most;

    *out = NULL;
    if (!u)
        return vd_fail_nomem(err);
    read_opts(u, opts);
    if (u->opts.from && u->opts.to && u->opts.from >= u->opts.to) {
        vd_free(alloc, u, sizeof *u);
        return vd_fail(err, VD_EINVAL, "the window ends before it begins");
    }
    u->engine = vd_engine_retain((vd_engine *)(uintptr_t)engine);
    u->with = with;
    u->seed = with ? with->seed : engine->hash_seed;
    u->dedup = with ? with->dedup : vd_dedup_new(alloc, u->opts.dedup_memory);
    vd_record_schema_init(&u->schema);
    u->known = vd_known_new(alloc);
    vd_facts_init(&u->facts, alloc, u->seed); /* hashes of keys tell all workers which records are the same */
    vd_pairs_init(&u->pairs);
    u->kept = vd_arena_on(alloc, 0);
    u->scratch = vd_arena_on(alloc, 0);
    most = (size_t)(u->opts.record_bytes > u->opts.inflate_bytes ? u->opts.record_bytes : u->opts.inflate_bytes);
    if (!u->dedup || !u->known || !vd_window_init(&u->window, alloc, VD_WINDOW_BYTES, most) || !vd_gunzip_init(&u->gunzip, alloc) ||
        !vd_arena_dup(&u->kept, &u->principal, u->opts.principal) || !vd_arena_dup(&u->kept, &u->account, u->opts.account) ||
        !vd_arena_dup(&u->kept, &u->salt, u->opts.salt)) {
        vd_usage_free(u);
        return vd_fail_nomem(err);
    }
    *out = u;
    return VD_OK;
}

void vd_usage_free(vd_usage *u)
{
    vd_engine *engine;

    if (!u)
        return;
    engine = (vd_engine *)(uintptr_t)u->engine;
    if (!u->with)
        vd_dedup_free(u->dedup);
    vd_facts_done(&u->facts);
    if (u->window.alloc)
        vd_window_done(&u->window);
    vd_gunzip_done(&u->gunzip);
    vd_plans_free(u->plans, &engine->alloc);
    vd_known_free(u->known, &engine->alloc);
    vd_arena_done(&u->kept);
    vd_arena_done(&u->scratch);
    vd_free(&engine->alloc, u, sizeof *u);
    vd_engine_release(engine);
}

void vd_usage_reset(vd_usage *u)
{
    vd_facts_clear(&u->facts);
    vd_pairs_init(&u->pairs);
    u->summaries = u->partial = u->approximate = u->no_lattices = false;
    memset(u->counters, 0, sizeof u->counters);
}

/* ------------------------------------------------------------------ telling */

bool vd_usage_nomem(vd_usage *u)
{
    u->code = VD_ENOMEM;
    return false;
}

static void tell(vd_usage *u, vd_usage_code code, uint64_t offset, bool loss, vd_str text)
{
    vd_usage_note n = { .size = sizeof n, .unit = u->unit.id, .code = vd_usage_code_name(code), .text = text };

    u->counters[VD_C_CODES + code]++;
    if (!u->opts.note)
        return;
    n.offset = offset;
    n.packed = u->gunzip.packed && code >= VD_U_RECORD_CODES ? u->gunzip.trouble_at : UINT64_MAX;
    n.record = code < VD_U_RECORD_CODES ? u->record : 0;
    n.loss = loss;
    u->opts.note(u->opts.ctx, &n);
}

void vd_usage_note_at(vd_usage *u, vd_usage_code code, uint64_t offset, const char *format, ...)
{
    char    text[256];
    va_list args;
    int     n;

    va_start(args, format);
    n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    tell(u, code, offset, false, (vd_str){ text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1 });
}

void vd_usage_reject(vd_usage *u, vd_usage_code code, uint64_t offset)
{
    vd_usage_count(u, VD_C_REJECTED);
    tell(u, code, offset, true, vd_usage_code_text(code));
}

static const vd_usage_code of_trouble[] = {
    [VD_GUNZIP_TRUNCATED] = VD_U_GZ_TRUNCATED,
    [VD_GUNZIP_CORRUPT] = VD_U_GZ_CORRUPT,
    [VD_GUNZIP_TRAILING] = VD_U_GZ_TRAILING,
    [VD_GUNZIP_UNREADABLE] = VD_U_READ_ERROR,
};

/* A text that ends early in damaged gzip data is told as that, once. */
void vd_usage_cut(vd_usage *u, vd_usage_code code, uint64_t offset)
{
    vd_gunzip_trouble trouble = u->gunzip.trouble;

    if (u->cut)
        return;
    u->cut = true;
    if (trouble == VD_GUNZIP_TRUNCATED || trouble == VD_GUNZIP_CORRUPT || trouble == VD_GUNZIP_UNREADABLE)
        code = of_trouble[trouble];
    tell(u, code, offset, true, vd_usage_code_text(code));
}

/* ------------------------------------------------------------------ facts */

static bool redact_evidence(vd_usage *u, vd_arena *arena, vd_fact *f)
{
    vd_str parts[3];

    if (vd_is_unit(f) || vd_is_missing(f))
        return true;
    vd_evidence_split(f->key, parts);
    return vd_redact(&parts[1], arena, parts[1], VD_REDACT_KEYS, u->salt) &&
           vd_redact(&parts[2], arena, parts[2], VD_REDACT_KEYS, u->salt) &&
           vd_redact(&f->more, arena, f->more, VD_REDACT_KEYS, u->salt) &&
           vd_evidence_key(arena, &f->key, parts[0], parts[1], parts[2]);
}

static bool redact_key(vd_usage *u, vd_arena *arena, vd_fact *f)
{
    vd_str parts[VD_FACT_PARTS], key = vd_pair_key(f), id = vd_is_held(f) ? vd_pair_id(f) : (vd_str){ 0 };
    size_t rest;
    vd_str principal;

    vd_fact_split(key, parts);
    rest = parts[VD_F_PRINCIPAL].n;
    if (!vd_redact_principal(&principal, arena, parts[VD_F_PRINCIPAL], u->salt) ||
        (principal.n > VD_FACT_PART_BYTES && !vd_redact_whole(&principal, arena, principal, u->salt)) ||
        !vd_arena_printf(arena, &key, VD_F VD_F, VD_A(principal), VD_A(vd_str_from(key, rest))))
        return false;
    f->key = key;
    return !id.n || vd_pair_join(arena, &f->key, id, key);
}

static vd_redact_how how_of(vd_fact_set set)
{
    return set == VD_SET_SOURCE_IDENTITIES || set == VD_SET_ASKED ? VD_REDACT_ALL : VD_REDACT_KEYS;
}

bool vd_usage_redact(vd_usage *u, vd_arena *arena, vd_fact *f)
{
    if (vd_is_evidence(f))
        return redact_evidence(u, arena, f);
    if (vd_is_pair(f) && !vd_is_held(f))
        return true;
    f->lattice = NULL;
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        vd_bottom all = f->sets[s];

        f->sets[s] = (vd_bottom){ .overflow = all.overflow };
        for (uint32_t i = 0; i < all.count; i++) {
            vd_str text;

            if (!vd_redact(&text, arena, all.at[i].text, how_of((vd_fact_set)s), u->salt))
                return false;
            if (text.n > VD_FACT_PART_BYTES)
                f->sets[s].overflow = true;
            else if (!vd_fact_put(arena, f, (vd_fact_set)s, text))
                return false;
        }
    }
    return vd_redact(&f->more, arena, f->more, VD_REDACT_KEYS, u->salt) && redact_key(u, arena, f);
}

bool vd_usage_redact_text(vd_usage *u, vd_str *text, vd_fact_set set)
{
    return vd_redact(text, &u->scratch, *text, how_of(set), u->salt) || vd_usage_nomem(u);
}

bool vd_usage_room(vd_usage *u)
{
    if (vd_facts_bytes(&u->facts) <= u->opts.memory || !u->opts.spill)
        return true;
    if (!vd_late_settle(&u->late, &u->facts.arena))
        return vd_usage_nomem(u);
    if (u->opts.spill(u->opts.ctx, u))
        return true;
    u->code = VD_EIO;
    return false;
}

bool vd_usage_fold_into(vd_usage *u, vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    uint64_t before = into->count;

    if (!(vd_is_evidence(from) ? vd_evidence_fold : vd_fact_fold)(arena, into, from))
        return vd_usage_nomem(u);
    if (u->opts.overlap == VD_OVERLAP_MAX && !vd_is_evidence(from))
        into->count = before > from->count ? before : from->count;
    return true;
}

bool vd_usage_fold(vd_usage *u, vd_fact *into, const vd_fact *from)
{
    return vd_usage_fold_into(u, &u->facts.arena, into, from);
}

bool vd_usage_evidence_add(vd_usage *u, vd_str kind, vd_str subject, vd_str item, int64_t as_of, vd_str values)
{
    vd_fact e = { .count = 1, .last = as_of, .more = values };
    vd_fact *f;

    if (!vd_evidence_key(&u->scratch, &e.key, kind, subject, item) || (u->opts.redact && !vd_usage_redact(u, &u->scratch, &e)))
        return vd_usage_nomem(u);
    f = vd_facts_get(&u->facts, e.key);
    if (!f || !vd_evidence_fold(&u->facts.arena, f, &e))
        return vd_usage_nomem(u);
    vd_usage_count(u, VD_C_ROWS);
    return vd_usage_room(u);
}

vd_code vd_usage_join(vd_usage *u, vd_usage *other, vd_error *err)
{
    for (uint32_t i = 0; i < other->facts.list.count; i++) {
        const vd_fact *from = other->facts.list.at[i];
        vd_fact       *into = from->count || from->marks ? vd_facts_get(&u->facts, from->key) : NULL;
        bool           good = into || !(from->count || from->marks);

        if (from->count)
            good = good && vd_usage_fold(u, into, from);
        else if (into) /* all of its records were seen before: what they say of themselves remains */
            good = vd_fact_says(&u->facts.arena, into, from);
        if (!good)
            return vd_fail_nomem(err);
        if (into && vd_is_pair(into) && !vd_pairs_room(&u->pairs, &u->facts, vd_pair_id(into)))
            return vd_fail_nomem(err);
        if (!vd_usage_room(u))
            return vd_fail(err, u->code, "the facts cannot be written to a temporary file");
    }
    for (size_t i = 0; i < VD_COUNTERS; i++)
        u->counters[i] += other->counters[i];
    u->summaries |= other->summaries;
    u->partial |= other->partial;
    u->approximate |= other->approximate;
    u->no_lattices |= other->no_lattices;
    vd_usage_reset(other);
    return VD_OK;
}

/* ------------------------------------------------------------------ what the unit is */

/* The part of a path before the file: AWSLogs/[o-ORG/]ACCOUNT/CloudTrail... */
static vd_str account_of_path(vd_str path)
{
    vd_str rest = path, step, last = { 0 };

    while (vd_str_cut(&rest, '/', &step)) {
        if (vd_is_account(last) && vd_str_starts(step, VD_S("CloudTrail")))
            return last;
        last = step;
    }
    return (vd_str){ 0 };
}

static const struct {
    vd_str part, what;
} skipped[] = {
    { VD_L("/CloudTrail-Insight/"), VD_L("unusual activity, no calls") },
    { VD_L("_CloudTrail-Insight_"), VD_L("unusual activity, no calls") },
    { VD_L("/result_sign.json"), VD_L("the signature of query results") },
};

/* Files of no use that lie beside the logs. */
static bool skipped_by_name(vd_usage *u)
{
    for (size_t i = 0; i < VD_COUNT(skipped); i++)
        if (vd_str_contains(u->unit.id, skipped[i].part)) {
            vd_usage_count(u, VD_C_FILES_SKIPPED);
            vd_usage_note_at(u, VD_U_SKIPPED_BY_KIND, 0, VD_F, VD_A(skipped[i].what));
            u->lost = true;
            return true;
        }
    return false;
}

static void unrecognised(vd_usage *u)
{
    bool zstd = u->gunzip.zstd;

    vd_usage_count(u, VD_C_FILES_UNRECOGNISED);
    vd_usage_note_at(u, zstd ? VD_U_ZSTD : VD_U_UNRECOGNISED, 0, VD_F,
                     VD_A(vd_usage_code_text(zstd ? VD_U_ZSTD : VD_U_UNRECOGNISED)));
    u->lost = true;
}

/* The first line of the window, or what there is of it. */
static vd_str first_line(vd_window *w)
{
    for (;;) {
        vd_str s = { vd_window_at(w), w->end - w->at };
        size_t n = vd_str_find(s, '\n');

        if (n < s.n || s.n >= 65536 || !vd_window_more(w))
            return vd_str_first(s, n);
    }
}

static bool looks_like_time(vd_str line)
{
    size_t space = vd_str_find(line, ' ');

    return space >= 10 && space + 1 < line.n && vd_is_digit(line.p[0]) && line.p[space + 1] == '{';
}

static int32_t detect(vd_usage *u)
{
    vd_window *w = &u->window;
    vd_str     line = first_line(w);

    if (vd_str_starts(line, VD_S("\xef\xbb\xbf"))) {
        w->at += 3;
        line = vd_str_from(line, 3);
    }
    if (vd_str_starts(line, VD_S("#verdict-usage/")))
        return VD_USAGE_SUMMARY;
    while (vd_str_trim(line).n == 0 && w->at + line.n < w->end) { /* empty lines at the top */
        w->at += line.n + 1;
        line = first_line(w);
    }
    line = vd_str_trim(line);
    if (line.n && (line.p[0] == '{' || line.p[0] == '[' || looks_like_time(line)))
        return VD_USAGE_TRAIL;
    return vd_table_knows(line) ? VD_USAGE_CSV : VD_USAGE_ANY;
}

static void read_kind(vd_usage *u, int32_t kind)
{
    switch (kind) {
    case VD_USAGE_TRAIL:
    case VD_USAGE_REPORT:
    case VD_USAGE_DIGEST:
        vd_trail_read(u);
        break;
    case VD_USAGE_CSV:
        vd_table_read(u);
        break;
    case VD_USAGE_SUMMARY:
        vd_summary_take(u);
        break;
    default:
        unrecognised(u);
    }
}

/* ------------------------------------------------------------------ one unit */

static void begin(vd_usage *u, vd_str id)
{
    u->unit = (vd_unit){ .id = id };
    u->record = 0;
    u->digests = 0;
    u->cut = u->lost = u->summary = u->lookup = false;
    u->code = VD_OK;
    u->path_account = account_of_path(id);
    u->counters[VD_C_FILES]++;
}

static void read_unit(vd_usage *u, int32_t kind, const vd_usage_source *source)
{
    vd_gunzip *g = &u->gunzip;

    vd_gunzip_open(g, source);
    vd_window_open(&u->window, &g->source);
    if (g->zstd) {
        unrecognised(u);
    } else if (kind == VD_USAGE_ANY && skipped_by_name(u)) {
        u->lost = true;
    } else {
        vd_gunzip_whole(g, &u->window, (size_t)u->opts.inflate_bytes);
        if (kind == VD_USAGE_ANY && u->window.end == 0 && !vd_window_more(&u->window))
            kind = g->trouble == VD_GUNZIP_FINE ? VD_USAGE_TRAIL : kind; /* nothing at all in it */
        else if (kind == VD_USAGE_ANY)
            kind = detect(u);
        if (u->window.end || g->trouble == VD_GUNZIP_FINE)
            read_kind(u, kind);
    }
    if (g->trouble == VD_GUNZIP_NO_MEMORY || u->window.no_memory)
        vd_usage_nomem(u);
    if (!u->cut && !u->lost && g->trouble != VD_GUNZIP_FINE && g->trouble != VD_GUNZIP_NO_MEMORY)
        vd_usage_cut(u, of_trouble[g->trouble], u->window.before + u->window.end);
}

static bool keep_unit(vd_usage *u)
{
    vd_gunzip *g = &u->gunzip;
    vd_fact    f = { .count = 1 }, *kept;

    u->unit.bytes = g->bytes;
    vd_digest_end(&g->digest, u->unit.hash);
    if (!vd_unit_fact(&u->scratch, &f, &u->unit))
        return false;
    kept = vd_facts_get(&u->facts, f.key);
    return kept && vd_evidence_fold(&u->facts.arena, kept, &f);
}

vd_code vd_usage_add(vd_usage *u, int32_t kind, vd_str unit, const vd_usage_source *source, vd_error *err)
{
    begin(u, unit);
    u->gunzip.hashing = u->opts.verify;
    read_unit(u, kind, source);
    if (u->opts.verify && !u->summary && u->code == VD_OK)
        vd_gunzip_sha256(&u->gunzip, u->unit.sha256);
    vd_gunzip_drain(&u->gunzip);
    if (!vd_late_settle(&u->late, &u->facts.arena))
        vd_usage_nomem(u);
    if (!u->summary) {
        u->counters[VD_C_BYTES_IN] += u->gunzip.bytes;
        u->counters[VD_C_BYTES_DECODED] += u->window.before + u->window.end;
    }
    if (!u->lost && !u->summary) /* what a disk withholds may be there the next time: that is no file which is short */
        vd_usage_count(u, u->gunzip.trouble == VD_GUNZIP_UNREADABLE ? VD_C_FILES_FAILED : u->cut ? VD_C_FILES_PARTIAL : VD_C_FILES_READ);
    if (u->code == VD_OK && !u->lost && !u->summary && !keep_unit(u))
        vd_usage_nomem(u);
    vd_arena_reset(&u->scratch);
    if (u->code == VD_ENOMEM)
        return vd_fail_nomem(err);
    return u->code == VD_OK ? VD_OK : vd_fail(err, u->code, "the facts cannot be written to a temporary file");
}

typedef struct bytes {
    vd_str rest;
} bytes;

static ptrdiff_t read_bytes(void *ctx, char *out, size_t n)
{
    bytes *b = ctx;

    n = n < b->rest.n ? n : b->rest.n;
    if (n)
        memcpy(out, b->rest.p, n);
    b->rest = vd_str_from(b->rest, n);
    return (ptrdiff_t)n;
}

vd_code vd_usage_add_bytes(vd_usage *u, int32_t kind, vd_str unit, vd_str text, vd_error *err)
{
    bytes           b = { text };
    vd_usage_source source = { read_bytes, &b };

    return vd_usage_add(u, kind, unit, &source, err);
}

bool vd_usage_passes_over(vd_usage *u, vd_str unit)
{
    int64_t delivered;

    if (!u->opts.key_slack || !vd_object_time(&delivered, unit) ||
        ((!u->opts.from || delivered >= u->opts.from - u->opts.key_slack) &&
         (!u->opts.to || delivered <= u->opts.to + u->opts.key_slack)))
        return false;
    begin(u, unit);
    u->gunzip.packed = false;
    vd_usage_note_at(u, VD_U_OTHER_TIME, 0, VD_F, VD_A(vd_usage_code_text(VD_U_OTHER_TIME)));
    return true;
}

vd_code vd_usage_add_failed(vd_usage *u, vd_str unit, vd_str why, vd_error *err)
{
    VD_UNUSED(err);
    begin(u, unit);
    u->gunzip.packed = false;
    vd_usage_count(u, VD_C_FILES_FAILED);
    tell(u, VD_U_READ_ERROR, 0, true, why);
    return VD_OK;
}

/* ------------------------------------------------------------------ asking */

uint64_t vd_usage_counter(const vd_usage *u, vd_str name)
{
    uint32_t at = vd_counter_find(name);

    return at < VD_COUNTERS ? u->counters[at] : 0;
}

vd_str vd_usage_counter_name(size_t index)
{
    return index < VD_COUNTERS ? vd_counter_name((uint32_t)index) : (vd_str){ 0 };
}
