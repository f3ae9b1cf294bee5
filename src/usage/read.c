/* SPDX-License-Identifier: Apache-2.0
 *
 * Walking a summary for those who want to know what is in it.
 */
#include "base/str.h"
#include "usage/usage_int.h"

/* Facts that were held, and that no other record made superfluous, are told among the others, in their order. */
typedef struct walk {
    const vd_usage_reader *reader;
    vd_summary             summary;
    vd_arena               arena;
    vd_facts               freed;
    uint32_t               next;
    vd_pair_run            pairs;
    bool                   sorted;
} walk;

/* "account|kind|unique id|path and name" */
static void split_principal(vd_usage_fact *f)
{
    vd_str rest = f->principal;

    if (!vd_str_cut(&rest, '|', &f->principal_account) || !vd_str_cut(&rest, '|', &f->principal_kind) ||
        !vd_str_cut(&rest, '|', &f->principal_id)) {
        f->principal_kind = VD_S("other");
        rest = f->principal;
    }
    f->principal_name = rest;
}

static bool strings(vd_arena *arena, vd_usage_strings *out, const vd_bottom *b)
{
    vd_str *at = vd_arena_new_array(arena, vd_str, b->count + 1);

    if (!at)
        return false;
    for (uint32_t i = 0; i < b->count; i++)
        at[i] = b->at[i].text;
    *out = (vd_usage_strings){ at, b->count, b->overflow };
    return true;
}

/* Those of least hash tell how close together all of them lie. */
static uint64_t about(const vd_bottom *b)
{
    uint64_t last = b->overflow && b->count > 1 ? b->at[b->count - 1].hash : 0;
    double   n = last ? (double)(b->count - 1) * (double)UINT64_MAX / (double)last : 0;

    return n > (double)b->count ? (uint64_t)n : b->overflow ? b->count + 1u : 0;
}

typedef struct patterns {
    vd_arena *arena;
    vd_str   *at;
    uint32_t  count, cap;
} patterns;

static bool add_pattern(void *ctx, vd_str pattern)
{
    patterns *p = ctx;

    return VD_ARENA_PUSH(p->arena, p->at, p->count, p->cap, pattern);
}

static bool beyond(vd_arena *arena, vd_usage_fact *out, const vd_fact *f)
{
    const vd_bottom *b = &f->sets[VD_SET_RESOURCES];
    patterns         p = { .arena = arena };

    if (f->lattice && !vd_lattice_patterns(f->lattice, arena, add_pattern, &p))
        return false;
    out->resources_about = b->count == vd_fact_set_rows[VD_SET_RESOURCES].most ? about(b) : 0;
    out->resource_patterns = (vd_usage_strings){ p.at, p.count, false };
    return true;
}

static uint32_t count_days(const vd_fact *f)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < f->day_words; i++)
        n += (uint32_t)__builtin_popcountll(f->days[i]);
    return n;
}

static bool tell_fact(walk *w, const vd_fact *f)
{
    vd_usage_fact  out = { .size = sizeof out, .count = f->count, .first = f->first, .last = f->last };
    vd_str         parts[VD_FACT_PARTS];
    vd_usage_strings *const sets[VD_FACT_SETS] = {
        [VD_SET_RESOURCES] = &out.resources, [VD_SET_ROLES] = &out.roles,       [VD_SET_ENDPOINTS] = &out.endpoints,
        [VD_SET_NETWORKS] = &out.networks,   [VD_SET_HOLDERS] = &out.holders,   [VD_SET_SAMPLES] = &out.samples,
        [VD_SET_SOURCE_IDENTITIES] = &out.source_identities, [VD_SET_TYPES] = &out.types,
        [VD_SET_MADE] = &out.made, [VD_SET_ASKED] = &out.asked,
    };

    vd_fact_split(f->key, parts);
    out.principal = parts[VD_F_PRINCIPAL];
    out.account = parts[VD_F_ACCOUNT];
    out.region = parts[VD_F_REGION];
    out.source = parts[VD_F_SOURCE];
    out.name = parts[VD_F_NAME];
    out.api_version = parts[VD_F_VERSION];
    out.via = parts[VD_F_VIA];
    out.outcome = parts[VD_F_OUTCOME];
    out.kind = parts[VD_F_KIND];
    out.guards_known = !vd_str_eq(parts[VD_F_GUARDS], VD_S("?"));
    for (size_t i = 0; out.guards_known && i < parts[VD_F_GUARDS].n; i++)
        out.guards = out.guards * 10 + (uint64_t)(parts[VD_F_GUARDS].p[i] - '0');
    split_principal(&out);
    out.days = count_days(f);
    out.mfa_true = f->mfa & VD_MFA_TRUE;
    out.mfa_false = f->mfa & VD_MFA_FALSE;
    out.mfa_none = f->mfa & VD_MFA_NONE;
    out.management = f->marks & VD_MARK_MANAGEMENT;
    out.data = f->marks & VD_MARK_DATA;
    out.network_activity = f->marks & VD_MARK_NETWORK;
    out.reads = f->marks & VD_MARK_READ;
    out.writes = f->marks & VD_MARK_WRITE;
    for (size_t i = 0; i < VD_FACT_SETS; i++)
        if (!strings(&w->arena, sets[i], &f->sets[i]))
            return false;
    if (!beyond(&w->arena, &out, f))
        return false;
    w->reader->fact(w->reader->ctx, &out);
    return true;
}

static int64_t number_of(vd_str value)
{
    int64_t v = 0;

    for (size_t i = 0; i < value.n && i < 18 && vd_is_digit(value.p[i]); i++)
        v = v * 10 + (value.p[i] - '0');
    return v;
}

static void tell_unit(walk *w, const vd_str parts[3])
{
    vd_str        values = w->summary.fact.more;
    vd_usage_unit unit = { .size = sizeof unit, .id = parts[2], .hash = parts[1] };

    unit.bytes = (uint64_t)number_of(vd_scan_find(values, VD_S("size")));
    unit.events = (uint64_t)number_of(vd_scan_find(values, VD_S("events")));
    unit.first = number_of(vd_scan_find(values, VD_S("min")));
    unit.last = number_of(vd_scan_find(values, VD_S("max")));
    unit.sha256 = vd_scan_find(values, VD_S("sha256"));
    if (unit.sha256.n > 2)
        unit.sha256 = vd_str_first(vd_str_from(unit.sha256, 1), unit.sha256.n - 2);
    w->reader->unit(w->reader->ctx, &unit);
}

/* Those that come before key; all of them: key is empty. */
static bool tell_freed(walk *w, vd_str key)
{
    if (!w->sorted)
        vd_facts_sort(&w->freed);
    w->sorted = true;
    while (w->next < w->freed.list.count && (!key.n || vd_str_cmp(w->freed.list.at[w->next]->key, key) < 0))
        if (!tell_fact(w, w->freed.list.at[w->next++]))
            return false;
    if (!key.n) { /* another summary may follow */
        vd_facts_clear(&w->freed);
        w->next = 0;
        w->sorted = false;
        w->pairs = (vd_pair_run){ .count = 0 };
    }
    return true;
}

static bool tell_plain(walk *w)
{
    const vd_fact *f = &w->summary.fact;
    vd_fact       *same;

    if (!w->freed.list.count)
        return tell_fact(w, f);
    if (!tell_freed(w, f->key))
        return false;
    same = w->next < w->freed.list.count && vd_str_eq(w->freed.list.at[w->next]->key, f->key) ? w->freed.list.at[w->next] : NULL;
    if (!same)
        return tell_fact(w, f);
    w->next++;
    return vd_fact_fold(&w->freed.arena, same, f) && tell_fact(w, same);
}

static bool take_pair(walk *w)
{
    const vd_fact *f = &w->summary.fact;
    vd_fact       *into, plain = *f;

    vd_pair_next(&w->pairs, f);
    if (w->pairs.told || !vd_is_held(f))
        return true;
    plain.key = vd_pair_key(f);
    if (w->sorted) /* it does not stand where it should */
        return tell_fact(w, &plain);
    into = vd_facts_get(&w->freed, vd_pair_key(f));
    return into && vd_fact_fold(&w->freed.arena, into, f);
}

static bool tell(walk *w)
{
    const vd_fact    *f = &w->summary.fact;
    vd_usage_evidence out = { .size = sizeof out, .as_of = f->last, .values = f->more };
    vd_str            parts[3];

    if (!vd_is_evidence(f) && !w->reader->fact)
        return true;
    if (vd_is_pair(f))
        return take_pair(w);
    if (!vd_is_evidence(f))
        return tell_plain(w);
    if (w->freed.list.count && !tell_freed(w, VD_S("")))
        return false;
    vd_evidence_split(f->key, parts);
    out.kind = parts[0];
    out.subject = parts[1];
    out.item = parts[2];
    if (vd_is_unit(f) && w->reader->unit)
        tell_unit(w, parts);
    else if (!vd_is_unit(f) && w->reader->evidence)
        w->reader->evidence(w->reader->ctx, &out);
    return true;
}

static void tell_counters(const walk *w)
{
    for (uint32_t i = 0; w->reader->counter && i < VD_COUNTERS; i++)
        if (vd_counter_name(i).n)
            w->reader->counter(w->reader->ctx, vd_counter_name(i), w->summary.counters[i]);
}

static vd_code run(walk *w, vd_str name, bool salvage, vd_error *err)
{
    for (;;) {
        vd_line_kind kind = vd_summary_next(&w->summary);

        vd_arena_reset(&w->arena);
        if (w->summary.code == VD_ENOMEM || (kind == VD_LINE_FACT ? !tell(w) : w->freed.list.count && !tell_freed(w, VD_S(""))))
            return vd_fail_nomem(err);
        if (kind == VD_LINE_COUNTERS)
            tell_counters(w);
        if (kind == VD_LINE_EOF)
            return VD_OK;
        if (kind == VD_LINE_DAMAGED)
            return salvage ? VD_OK
                           : vd_fail_at(err, VD_EFORMAT, (vd_pos){ .file = name }, "not a whole summary: line %llu: %s",
                                        (unsigned long long)w->summary.line, w->summary.why);
    }
}

vd_code vd_usage_read(const vd_engine *engine, vd_str name, const vd_usage_source *source, bool salvage,
                      const vd_usage_reader *reader, vd_error *err)
{
    walk      w = { .reader = reader, .arena = vd_arena_on(&engine->alloc, 0) };
    vd_gunzip g;
    vd_code   code;

    vd_facts_init(&w.freed, &engine->alloc, engine->hash_seed);
    if (!vd_gunzip_init(&g, &engine->alloc)) {
        vd_facts_done(&w.freed);
        vd_gunzip_done(&g);
        return vd_fail_nomem(err);
    }
    vd_gunzip_open(&g, source);
    code = vd_summary_open(&w.summary, &engine->alloc, &g.source, false) ? run(&w, name, salvage, err) : vd_fail_nomem(err);
    vd_summary_close(&w.summary);
    vd_gunzip_done(&g);
    vd_facts_done(&w.freed);
    vd_arena_done(&w.arena);
    return code;
}
