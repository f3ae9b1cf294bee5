/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts to lines.  The bytes depend on the facts alone.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "catalog/events.h"
#include "usage/usage_int.h"

#include <stdio.h>

enum { FLUSH_BYTES = 1 << 18 };

/* ------------------------------------------------------------------ evidence */

static const vd_str unit_kind = VD_L("unit");

bool vd_evidence_key(vd_arena *arena, vd_str *out, vd_str kind, vd_str subject, vd_str item)
{
    char *p = vd_arena_alloc(arena, kind.n + subject.n + item.n + 4, 1);
    vd_str parts[] = { kind, subject, item };

    if (!p)
        return false;
    out->p = p;
    *p++ = VD_EVIDENCE_MARK;
    for (size_t i = 0; i < VD_COUNT(parts); i++) {
        bool bad = vd_utf8_invalid(parts[i]) < parts[i].n; /* names of files may be anything */

        if (i)
            *p++ = VD_FACT_SEPARATOR;
        for (size_t k = 0; k < parts[i].n; k++) {
            unsigned char c = (unsigned char)parts[i].p[k];

            *p++ = c < 0x20 || (bad && c >= 0x80) ? '?' : (char)c;
        }
    }
    out->n = (size_t)(p - out->p);
    return true;
}

void vd_evidence_split(vd_str key, vd_str parts[3])
{
    key = vd_str_from(key, 1);
    for (size_t i = 0; i < 3; i++)
        if (!vd_str_cut(&key, VD_FACT_SEPARATOR, &parts[i])) {
            parts[i] = key;
            key = VD_S("");
        }
}

bool vd_evidence_fold(vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    bool newer = into->count == 0 || from->last > into->last ||
                 (from->last == into->last && vd_str_cmp(from->more, into->more) > 0);

    into->count += from->count;
    if (vd_is_hours(from))
        return vd_hours_fold(arena, into, from);
    if (!newer)
        return true;
    into->last = from->last;
    return vd_arena_dup(arena, &into->more, from->more);
}

bool vd_unit_fact(vd_arena *arena, vd_fact *out, const vd_unit *unit)
{
    char hex[33];

    vd_digest_hex(hex, unit->hash);
    *out = (vd_fact){ .count = 1 };
    return vd_evidence_key(arena, &out->key, unit_kind, (vd_str){ hex, 32 }, unit->id) &&
           vd_arena_printf(arena, &out->more, "{\"events\":%llu,\"max\":%lld,\"min\":%lld%s%s%s,\"size\":%llu}",
                           (unsigned long long)unit->events, (long long)unit->last, (long long)unit->first,
                           *unit->sha256 ? ",\"sha256\":\"" : "", unit->sha256, *unit->sha256 ? "\"" : "",
                           (unsigned long long)unit->bytes);
}

bool vd_is_unit(const vd_fact *f)
{
    return vd_is_evidence(f) && vd_str_starts(vd_str_from(f->key, 1), unit_kind) && f->key.n > unit_kind.n + 1 &&
           f->key.p[unit_kind.n + 1] == VD_FACT_SEPARATOR;
}

/* ------------------------------------------------------------------ lines */

void vd_writer_init(vd_writer *w, const vd_allocator *alloc, vd_usage_sink *sink, void *ctx)
{
    *w = (vd_writer){ .sink = sink, .ctx = ctx, .text = vd_buf_on(alloc, 0) };
    vd_sha256_begin(&w->sum);
}

static void flush(vd_writer *w, size_t least)
{
    if (w->text.n < least || w->text.failed)
        return;
    vd_sha256_add(&w->sum, vd_buf_str(&w->text));
    if (!w->closed && !w->sink(w->ctx, vd_buf_str(&w->text)))
        w->closed = true;
    w->text.n = 0;
}

void vd_writer_string(vd_buf *b, vd_str s)
{
    bool bad = vd_utf8_invalid(s) < s.n;

    vd_buf_byte(b, '"');
    for (size_t i = 0, from = 0; i <= s.n; i++) {
        unsigned char c = i < s.n ? (unsigned char)s.p[i] : '"';

        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !(bad && c >= 0x80))
            continue;
        vd_buf_add(b, (vd_str){ s.p + from, i - from });
        from = i + 1;
        if (i == s.n)
            break;
        if (c >= 0x80)
            vd_buf_byte(b, '?'); /* no text that JSON can hold */
        else if (c == '"' || c == '\\')
            vd_buf_printf(b, "\\%c", c);
        else
            vd_buf_printf(b, "\\u%04x", c);
    }
    vd_buf_byte(b, '"');
}

static void named(vd_buf *b, vd_str name, vd_str value)
{
    vd_buf_printf(b, "\"" VD_F "\":", VD_A(name));
    vd_writer_string(b, value);
}

void vd_writer_head(vd_writer *w, bool partial, bool approximate)
{
    vd_buf_printf(&w->text, "#verdict-usage/1%c{\"minor\":%d,\"guards\":%d%s%s}\n", w->tabbed ? '\t' : ' ', VD_SUMMARY_MINOR, VD_GUARDS_VERSION, partial ? ",\"partial\":true" : "",
                  approximate ? ",\"approximate\":true" : "");
}

/* Bit i is day from + i; four days a digit, the first one in its lowest bit. */
static void days(vd_buf *b, const vd_fact *f)
{
    static const char hex[] = "0123456789abcdef";
    int64_t           from = f->first / 86400, to = f->last / 86400, last;

    if (from < to - (VD_FACT_DAYS - 1))
        from = to - (VD_FACT_DAYS - 1);
    last = to;
    vd_buf_add(b, VD_S(",\"d\":\""));
    for (int64_t d = from; d <= last; d += 4) {
        uint32_t digit = 0;

        for (uint32_t i = 0; i < 4; i++) {
            int64_t at = d + i - f->day;

            if (d + i <= last && at >= 0 && at < (int64_t)f->day_words * 64 && (f->days[at / 64] >> at % 64 & 1))
                digit |= 1u << i;
        }
        vd_buf_byte(b, hex[digit]);
    }
    vd_buf_byte(b, '"');
}

static void sets(const vd_writer *w, vd_buf *b, const vd_fact *f)
{
    bool more = false;

    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        if (f->sets[s].count == 0)
            continue;
        vd_buf_printf(b, ",\"" VD_F "\":[", VD_A(vd_fact_set_rows[s].letter));
        for (uint32_t i = 0; i < f->sets[s].count; i++) {
            if (i)
                vd_buf_byte(b, ',');
            vd_writer_string(b, f->sets[s].at[i].text);
        }
        vd_buf_byte(b, ']');
    }
    for (size_t s = 0; s < VD_FACT_SETS; s++) {
        if (!f->sets[s].overflow)
            continue;
        if (!more)
            vd_buf_add(b, VD_S(",\"+\":\""));
        more = true;
        vd_buf_add(b, vd_fact_set_rows[s].letter);
    }
    if (more)
        vd_buf_byte(b, '"');
    if (f->lattice && !w->no_lattices) {
        vd_buf_add(b, VD_S(",\"L\":"));
        vd_lattice_write(b, f->lattice, vd_writer_string);
    }
}

static void marks(vd_buf *b, const vd_fact *f)
{
    if (!f->marks)
        return;
    vd_buf_add(b, VD_S(",\"y\":\""));
    for (size_t i = 0; i < VD_MARKS; i++)
        if (f->marks >> i & 1)
            vd_buf_byte(b, vd_fact_mark_letters[i]);
    vd_buf_byte(b, '"');
}

static void key(vd_buf *b, const vd_fact *f)
{
    vd_str parts[VD_FACT_PARTS];

    vd_fact_split(vd_pair_key(f), parts);
    for (size_t i = 0; i < VD_FACT_PARTS; i++) {
        if (i == VD_F_GUARDS)
            vd_buf_printf(b, ",\"g\":" VD_F, VD_A(vd_str_eq(parts[i], VD_S("?")) ? VD_S("null") : parts[i]));
        else if (i == 0 || parts[i].n) {
            if (i)
                vd_buf_byte(b, ',');
            named(b, vd_fact_part_names[i], parts[i]);
        }
    }
}

/* What follows is no key. */
static void tab(const vd_writer *w, vd_buf *b)
{
    if (w->tabbed)
        vd_buf_byte(b, '\t');
}

static void evidence(const vd_writer *w, vd_buf *b, const vd_fact *f)
{
    vd_str parts[3];
    bool   unit = vd_is_unit(f);

    vd_evidence_split(f->key, parts);
    if (unit) {
        vd_buf_add(b, VD_S("#unit {"));
        named(b, VD_S("h"), parts[1]);
    } else {
        vd_buf_byte(b, '{');
        named(b, VD_S("k"), parts[0]);
        vd_buf_byte(b, ',');
        named(b, VD_S("u"), parts[1]);
    }
    vd_buf_byte(b, ',');
    named(b, unit ? VD_S("id") : VD_S("i"), parts[2]);
    tab(w, b);
    if (!unit)
        vd_buf_printf(b, ",\"t\":%lld", (long long)f->last);
    if (w->spilling)
        vd_buf_printf(b, ",\"n\":%llu", (unsigned long long)f->count);
    vd_buf_add(b, VD_S(",\"x\":"));
    vd_buf_add(b, f->more.n ? f->more : VD_S("{}"));
    vd_buf_add(b, VD_S("}\n"));
}

static void told(const vd_writer *w, vd_buf *b, const vd_fact *f)
{
    vd_buf_add(b, VD_S("{\"k\":\"pair\","));
    named(b, VD_S("u"), vd_pair_id(f));
    vd_buf_add(b, VD_S(",\"i\":\"\""));
    tab(w, b);
    vd_buf_add(b, VD_S(",\"t\":0,\"x\":{}}\n"));
}

/* Of endpoints nothing is written where no record came over one: who reads "v" alone knows that all did.  So with "c". */
static void circumstances(vd_buf *b, uint8_t bits)
{
    bool over = bits & VD_OVER_ENDPOINT, context = bits & VD_WITH_CONTEXT;

    if (bits & (VD_MFA_TRUE | VD_MFA_FALSE | VD_MFA_NONE) || over || context)
        vd_buf_printf(b, ",\"m\":\"%s%s%s%s%s%s%s\"", bits & VD_MFA_TRUE ? "t" : "", bits & VD_MFA_FALSE ? "f" : "",
                      bits & VD_MFA_NONE ? "n" : "", over ? "v" : "", over && bits & VD_OFF_ENDPOINT ? "w" : "", context ? "c" : "",
                      context && bits & VD_WITHOUT_CONTEXT ? "d" : "");
}

void vd_writer_fact(vd_writer *w, const vd_fact *f)
{
    vd_buf *b = &w->text;

    /* of records that were seen before only what they say of themselves is kept, until all is written */
    if (f->count == 0 && !(w->spilling && f->marks))
        return;
    if (vd_is_evidence(f)) {
        evidence(w, b, f);
    } else if (vd_is_pair(f) && !vd_is_held(f)) {
        told(w, b, f);
    } else {
        vd_buf_byte(b, '{');
        key(b, f);
        if (vd_is_held(f)) {
            vd_buf_byte(b, ',');
            named(b, VD_S("S"), vd_pair_id(f));
        }
        tab(w, b);
        vd_buf_printf(b, ",\"n\":%llu,\"f\":%lld,\"l\":%lld", (unsigned long long)f->count, (long long)f->first,
                      (long long)f->last);
        days(b, f);
        circumstances(b, f->mfa);
        marks(b, f);
        sets(w, b, f);
        vd_buf_add(b, f->more);
        vd_buf_add(b, VD_S("}\n"));
    }
    flush(w, FLUSH_BYTES);
}

void vd_writer_counters(vd_writer *w, const uint64_t *counters)
{
    const char *separator = "";

    vd_buf_printf(&w->text, "#counters%c{", w->tabbed ? '\t' : ' ');
    for (uint32_t i = 0; i < VD_COUNTERS; i++) {
        if (i >= VD_C_CODES && !counters[i])
            continue;
        vd_buf_printf(&w->text, "%s\"" VD_F "\":%llu", separator, VD_A(vd_counter_name(i)), (unsigned long long)counters[i]);
        separator = ",";
    }
    vd_buf_add(&w->text, VD_S("}\n"));
}

vd_code vd_writer_end(vd_writer *w, bool whole, vd_error *err)
{
    char hex[65];
    bool failed;

    flush(w, 1);
    if (whole) {
        vd_sha256_end(&w->sum, hex);
        vd_buf_printf(&w->text, "#end%csha256:%s\n", w->tabbed ? '\t' : ' ', hex);
        vd_sha256_begin(&w->sum);
        flush(w, 1);
    }
    failed = w->text.failed;
    vd_buf_done(&w->text);
    if (failed)
        return vd_fail_nomem(err);
    return w->closed ? vd_fail(err, VD_EIO, "the summary cannot be written") : VD_OK;
}

/* ------------------------------------------------------------------ the whole of it */

vd_code vd_usage_spill(vd_usage *u, vd_usage_sink *sink, void *ctx, vd_error *err)
{
    vd_writer w;

    vd_writer_init(&w, &u->engine->alloc, sink, ctx);
    w.spilling = true;
    vd_facts_sort(&u->facts);
    for (uint32_t i = 0; i < u->facts.list.count; i++)
        vd_writer_fact(&w, u->facts.list.at[i]);
    vd_facts_clear(&u->facts);
    vd_pairs_clear(&u->pairs);
    return vd_writer_end(&w, false, err);
}

/* The facts in memory and those that were spilled, each in order; and those that were held and are not any longer, which are
 * whole and in order when the first one that was not held comes. */
typedef struct merging {
    vd_usage   *u;
    vd_facts    freed;
    uint32_t    next_freed;
    vd_pair_run pairs;
    bool        behind; /* the pairs */
    vd_summary *runs;
    bool       *there; /* run i has a fact */
    size_t      count;
    uint32_t    next;  /* of the list in memory */
} merging;

static vd_code advance(merging *m, size_t run, vd_error *err)
{
    vd_line_kind kind = vd_summary_next(&m->runs[run]);

    m->there[run] = kind == VD_LINE_FACT;
    if (m->runs[run].code == VD_ENOMEM)
        return vd_fail_nomem(err);
    if (kind != VD_LINE_FACT && kind != VD_LINE_EOF)
        return vd_fail(err, VD_EINTERNAL, "what was written to a temporary file cannot be read again");
    return VD_OK;
}

static const vd_fact *in_memory(const merging *m)
{
    return m->next < m->u->facts.list.count ? m->u->facts.list.at[m->next] : NULL;
}

static const vd_fact *freed(const merging *m)
{
    return m->behind && m->next_freed < m->freed.list.count ? m->freed.list.at[m->next_freed] : NULL;
}

static const vd_str *least_key(const merging *m)
{
    const vd_fact *own = in_memory(m), *other = freed(m);
    const vd_str  *least = own ? &own->key : NULL;

    if (other && (!least || vd_str_cmp(other->key, *least) < 0))
        least = &other->key;

    for (size_t i = 0; i < m->count; i++)
        if (m->there[i] && (!least || vd_str_cmp(m->runs[i].fact.key, *least) < 0))
            least = &m->runs[i].fact.key;
    return least;
}

static bool join(merging *m, vd_arena *arena, vd_fact *into, const vd_fact *from)
{
    return from->count ? vd_usage_fold_into(m->u, arena, into, from) : vd_fact_says(arena, into, from);
}

/* All that is known of the least key, into one. */
static vd_code next_fact(merging *m, vd_arena *arena, vd_fact *out, vd_error *err)
{
    const vd_str *least = least_key(m);

    *out = (vd_fact){ 0 };
    if (!least)
        return VD_OK;
    if (!vd_arena_dup(arena, &out->key, *least))
        return vd_fail_nomem(err);
    for (const vd_fact *own; (own = in_memory(m)) != NULL && vd_str_eq(own->key, out->key); m->next++)
        if (!join(m, arena, out, own))
            return vd_fail_nomem(err);
    if (freed(m) && vd_str_eq(freed(m)->key, out->key) && !join(m, arena, out, m->freed.list.at[m->next_freed++]))
        return vd_fail_nomem(err);
    for (size_t i = 0; i < m->count; i++)
        while (m->there[i] && vd_str_eq(m->runs[i].fact.key, out->key)) {
            if (!join(m, arena, out, &m->runs[i].fact))
                return vd_fail_nomem(err);
            VD_TRY(advance(m, i, err));
        }
    return VD_OK;
}

/* A unit that two summaries brought was counted twice. */
static void count_overlap(vd_usage *u, const vd_fact *f)
{
    vd_str parts[3];

    if (!u->summaries || !vd_is_unit(f) || f->count < 2)
        return;
    vd_evidence_split(f->key, parts);
    if (u->overlaps++ == 0)
        snprintf(u->overlap, sizeof u->overlap, VD_F, VD_A(parts[2]));
}

/* The units that were written: they come before the files that digests name. */
typedef struct written {
    VD_VEC(vd_unit_mark) units;
    bool sorted;
} written;

/* Is this the row of a file that is there after all?  Units are remembered for that. */
static vd_code is_there(vd_usage *u, written *seen, const vd_fact *f, bool *there, vd_error *err)
{
    vd_unit_mark mark;
    vd_there     how;

    *there = false;
    if (vd_is_unit(f)) {
        vd_unit_mark_of(&mark, f);
        return VD_PUSH(&u->engine->alloc, &seen->units, mark) ? VD_OK : vd_fail_nomem(err);
    }
    if (!vd_is_missing(f))
        return VD_OK;
    if (!seen->sorted)
        vd_unit_marks_sort(seen->units.at, seen->units.count);
    seen->sorted = true;
    how = vd_unit_there(seen->units.at, seen->units.count, f);
    *there = how == VD_IS_THERE;
    if (how != VD_IS_THERE)
        u->counters[VD_C_CODES + (how == VD_IS_CHANGED ? VD_U_UNIT_CHANGED : VD_U_UNIT_MISSING)]++;
    return VD_OK;
}

/* What was held and is no longer comes among the others. */
static void pass_pairs(merging *m)
{
    const vd_str *least = m->behind ? NULL : least_key(m);

    if (m->behind || (least && least->p[0] == VD_PAIR_MARK))
        return;
    vd_facts_sort(&m->freed);
    m->behind = true;
}

/* Of each kind the pairs with the least hashes; what is held beyond that is so no longer. */
static bool write_pair(merging *m, vd_writer *w, const vd_fact *f)
{
    vd_fact *into;

    if (vd_pair_next(&m->pairs, f)) {
        vd_writer_fact(w, f);
        return true;
    }
    if (!vd_is_held(f))
        return true;
    into = vd_facts_get(&m->freed, vd_pair_key(f));
    return into && join(m, &m->freed.arena, into, f);
}

static vd_code write_facts(merging *m, vd_writer *w, vd_error *err)
{
    vd_arena arena = vd_arena_on(&m->u->engine->alloc, 0);
    vd_code  code = VD_OK;
    written  seen = { .sorted = false };
    bool     there;
    vd_fact  f;

    for (;;) {
        pass_pairs(m);
        code = next_fact(m, &arena, &f, err);
        if (code != VD_OK || !f.key.p)
            break;
        count_overlap(m->u, &f);
        code = is_there(m->u, &seen, &f, &there, err);
        if (code != VD_OK)
            break;
        if (vd_is_pair(&f) && !write_pair(m, w, &f)) {
            code = vd_fail_nomem(err);
            break;
        }
        if (!there && !vd_is_pair(&f))
            vd_writer_fact(w, &f);
        vd_arena_reset(&arena);
    }
    VD_VEC_DONE(&m->u->engine->alloc, &seen.units);
    vd_arena_done(&arena);
    return code;
}

static vd_code open_runs(merging *m, const vd_usage_source *spilled, size_t count, vd_error *err)
{
    const vd_allocator *alloc = &m->u->engine->alloc;

    m->runs = vd_alloc0(alloc, (count + 1) * sizeof *m->runs);
    m->there = vd_alloc0(alloc, (count + 1) * sizeof *m->there);
    if (!m->runs || !m->there)
        return vd_fail_nomem(err);
    for (; m->count < count; m->count++)
        if (!vd_summary_open(&m->runs[m->count], alloc, &spilled[m->count], true))
            return vd_fail_nomem(err);
    for (size_t i = 0; i < count; i++)
        VD_TRY(advance(m, i, err));
    return VD_OK;
}

static vd_code refuse_overlap(const vd_usage *u, vd_error *err)
{
    return vd_fail(err, VD_EINVAL, "%u %s in more than one summary: %s", (unsigned)u->overlaps,
                   u->overlaps == 1 ? "unit is" : "units are", u->overlap);
}

vd_code vd_usage_write(vd_usage *u, const vd_usage_source *spilled, size_t count, vd_usage_sink *sink, void *ctx,
                       bool partial, vd_error *err)
{
    const vd_allocator *alloc = &u->engine->alloc;
    merging             m = { .u = u };
    vd_writer           w;
    vd_code             code, ended;

    u->overlaps = 0;
    for (uint32_t i = 0; i < u->facts.list.count; i++)
        count_overlap(u, u->facts.list.at[i]);
    if (u->overlaps && u->opts.overlap == VD_OVERLAP_REFUSE)
        return refuse_overlap(u, err);
    vd_facts_sort(&u->facts);
    vd_facts_init(&m.freed, alloc, u->engine->hash_seed);
    vd_writer_init(&w, alloc, sink, ctx);
    w.tabbed = u->opts.tabbed;
    w.no_lattices = u->no_lattices || u->opts.redact; /* what names have in common may be part of what is not to be shown */
    code = open_runs(&m, spilled, count, err);
    if (code == VD_OK) {
        vd_writer_head(&w, partial || u->partial, u->approximate || u->overlaps || u->opts.overlap == VD_OVERLAP_MAX);
        u->overlaps = 0;
        u->counters[VD_C_CODES + VD_U_UNIT_CHANGED] = u->counters[VD_C_CODES + VD_U_UNIT_MISSING] = 0; /* of parts */
        code = write_facts(&m, &w, err);
    }
    if (code == VD_OK && u->overlaps && u->opts.overlap == VD_OVERLAP_REFUSE)
        code = refuse_overlap(u, err);
    if (code == VD_OK)
        vd_writer_counters(&w, u->counters);
    ended = vd_writer_end(&w, code == VD_OK, code == VD_OK ? err : NULL);
    for (size_t i = 0; i < m.count; i++)
        vd_summary_close(&m.runs[i]);
    vd_free(alloc, m.runs, (count + 1) * sizeof *m.runs);
    vd_free(alloc, m.there, (count + 1) * sizeof *m.there);
    vd_facts_done(&m.freed);
    vd_facts_clear(&u->facts);
    vd_pairs_clear(&u->pairs);
    return code == VD_OK ? ended : code;
}
