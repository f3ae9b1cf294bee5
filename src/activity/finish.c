/* SPDX-License-Identifier: Apache-2.0
 *
 * From the facts of all summaries to an activity, step by step.
 */
#include "activity/read.h"

#include "base/sha256.h"
#include "base/str.h"
#include "usage/pairs.h"
#include "usage/summary.h"

#include <stdlib.h>

enum { DAY = 86400, MOST_DAYS = 100 * 366 };

/* ------------------------------------------------------------------ the window */

static void seen_span(const vd_facts *facts, int64_t *first, int64_t *last)
{
    bool any = false;

    *first = *last = 0;
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_fact *f = facts->list.at[i];

        if (vd_is_evidence(f))
            continue;
        vd_act_first_last(!any, f->first, f->last, first, last);
        any = true;
    }
}

/* Whole days: those that are asked about, else from the first event to the last. */
static vd_code set_window(vd_activity *a, const vd_activity_reader *r, vd_error *err)
{
    int64_t first, last;

    seen_span(&r->facts, &first, &last);
    a->from = r->opts.from ? r->opts.from : first;
    a->to = r->opts.to ? r->opts.to : last + (last > 0);
    if (a->to < a->from)
        a->to = a->from;
    if (a->from < 0 || a->to > INT64_MAX - DAY)
        return vd_fail(err, VD_EINVAL, "the window is no time that logs could have");
    a->first_day = a->from / DAY;
    a->from = a->first_day * DAY;
    a->to = (a->to + DAY - 1) / DAY * DAY;
    if (a->to / DAY - a->first_day > MOST_DAYS)
        return vd_fail(err, VD_ELIMIT, "the window is longer than a hundred years");
    a->day_count = (uint32_t)(a->to / DAY - a->first_day);
    a->day_words = a->day_count / 64 + 1;
    return VD_OK;
}

/* ------------------------------------------------------------------ reports and units */

static uint64_t number_of(vd_str value)
{
    uint64_t v = 0;

    for (size_t i = 0; i < value.n && i < 18 && vd_is_digit(value.p[i]); i++)
        v = v * 10 + (uint64_t)(value.p[i] - '0');
    return v;
}

static void add_unit(vd_activity *a, const vd_fact *f)
{
    a->units++;
    a->unit_bytes += number_of(vd_unit_value(f->more, VD_S("size")));
    a->unit_events += number_of(vd_unit_value(f->more, VD_S("events")));
}

static bool add_evidence(vd_activity *a, const vd_fact *f)
{
    vd_usage_evidence *e = &a->evidence[a->evidence_count++];
    vd_str             parts[3];

    vd_evidence_split(f->key, parts);
    *e = (vd_usage_evidence){ .size = sizeof *e, .as_of = f->last };
    return vd_arena_dup(&a->arena, &e->kind, parts[0]) && vd_arena_dup(&a->arena, &e->subject, parts[1]) &&
           vd_arena_dup(&a->arena, &e->item, parts[2]) && vd_arena_dup(&a->arena, &e->values, f->more);
}

/* at has room for all of the evidence. */
static uint32_t mark_units(const vd_facts *facts, vd_unit_mark *at)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < facts->list.count; i++)
        if (vd_is_unit(facts->list.at[i]))
            vd_unit_mark_of(&at[n++], facts->list.at[i]);
    vd_unit_marks_sort(at, n);
    return n;
}

/* They are sorted by their keys, as all facts are. */
static vd_code take_evidence(vd_activity *a, const vd_facts *facts, vd_error *err)
{
    vd_unit_mark *names;
    uint32_t      count = 0, units;

    for (uint32_t i = 0; i < facts->list.count; i++)
        count += vd_is_evidence(facts->list.at[i]);
    a->evidence = vd_arena_new_array(&a->arena, vd_usage_evidence, count + 1);
    names = vd_arena_new_array(&a->arena, vd_unit_mark, count + 1);
    if (!a->evidence || !names)
        return vd_fail_nomem(err);
    units = mark_units(facts, names);
    for (uint32_t i = 0; i < facts->list.count; i++) {
        const vd_fact *f = facts->list.at[i];
        vd_there       how = vd_is_missing(f) ? vd_unit_there(names, units, f) : VD_NOT_THERE;

        if (vd_is_unit(f))
            add_unit(a, f);
        else if (vd_is_evidence(f) && how != VD_IS_THERE && !add_evidence(a, f))
            return vd_fail_nomem(err);
        if (how == VD_IS_CHANGED)
            a->evidence[a->evidence_count - 1].kind = VD_S("unit-changed");
    }
    return VD_OK;
}

/* ------------------------------------------------------------------ uses */

/* The caller's own copies of calls before those of others. */
static bool gather_facts(vd_gather *g, const vd_facts *facts)
{
    for (int second = 0; second < 2; second++)
        for (uint32_t i = 0; i < facts->list.count; i++) {
            vd_act_fact f;

            if (vd_is_evidence(facts->list.at[i]))
                continue;
            vd_act_fact_of(&f, facts->list.at[i]);
            if (f.second == (second == 1) && !vd_gather_fact(g, &f))
                return false;
        }
    return true;
}

static vd_code take_uses(vd_activity *a, vd_activity_reader *r, const vd_people *people, vd_error *err)
{
    const vd_allocator *alloc = &a->engine->alloc;
    vd_gather           g = { .a = a, .alloc = alloc, .people = people };
    vd_code             code;

    g.texts = (vd_act_texts){ .intern = { .seed = a->engine->hash_seed }, .alloc = alloc, .arena = &a->arena };
    g.mapper = (vd_mapper){ .catalog = a->catalog, .rows = r->rows, .alloc = alloc, .arena = &a->arena,
                            .seed = a->engine->hash_seed };
    g.days = vd_alloc0(alloc, a->day_words * sizeof *g.days);
    code = g.days && vd_act_made_find(&g.made, alloc, &a->arena, &r->facts) && gather_facts(&g, &r->facts) && vd_gather_dependents(&g, r->opts.dependents) && vd_gather_pack(&g)
               ? VD_OK
               : vd_fail_nomem(err);
    if (code == VD_OK)
        code = vd_act_events(a, &r->facts, &g.mapper, err);
    if (code == VD_OK)
        code = vd_act_unmapped(a, &r->facts, &g.mapper, people, err);
    vd_gather_done(&g);
    return code;
}

/* ------------------------------------------------------------------ what the tables were */

static void add_rows(vd_sha256_sum *sum, vd_rows rows)
{
    for (uint32_t i = 0; i < rows.count; i++)
        for (size_t k = 0; k < VD_COUNT(rows.at[i].column); k++) {
            vd_sha256_add(sum, rows.at[i].column[k]);
            vd_sha256_add(sum, VD_S("\t"));
        }
}

static void digest_tables(vd_activity *a, const vd_activity_reader *r)
{
    const vd_rows tables[] = { r->rows,        vd_rows_event_actions, vd_rows_event_sources, vd_rows_event_guards,
                               vd_rows_implied, vd_rows_no_permission };
    vd_sha256_sum sum;
    char          hex[65];

    vd_sha256_begin(&sum);
    for (size_t i = 0; i < VD_COUNT(tables); i++) {
        add_rows(&sum, tables[i]);
        vd_sha256_add(&sum, VD_S("\n"));
    }
    vd_sha256_end(&sum, hex);
    memcpy(a->tables, hex, sizeof a->tables - 1);
    a->tables[sizeof a->tables - 1] = 0;
}

/* ------------------------------------------------------------------ the whole */

static vd_activity *new_activity(vd_activity_reader *r)
{
    vd_activity *a = vd_alloc0(&r->engine->alloc, sizeof *a);

    if (!a)
        return NULL;
    vd_count_init(&a->refs);
    a->engine = vd_engine_retain((vd_engine *)r->engine);
    a->arena = vd_arena_on(&r->engine->alloc, 0);
    a->catalog = r->catalog;
    a->snapshot = r->opts.snapshot;
    a->accept_unmapped = r->opts.accept_unmapped;
    a->lost = r->lost > UINT32_MAX ? UINT32_MAX : (uint32_t)r->lost;
    a->overlaps = r->overlaps;
    a->partial = r->partial;
    return a;
}

static vd_code build(vd_activity *a, vd_activity_reader *r, vd_error *err)
{
    vd_people *people = NULL;
    vd_code    code;

    if (!vd_pairs_settle(&r->facts))
        return vd_fail_nomem(err);
    vd_facts_sort(&r->facts);
    VD_TRY(set_window(a, r, err));
    VD_TRY(take_evidence(a, &r->facts, err));
    VD_TRY(vd_people_find(&people, a, &r->facts, err));
    code = take_uses(a, r, people, err);
    vd_people_free(people);
    if (code != VD_OK)
        return code;
    digest_tables(a, r);
    return vd_seeing_build(a) ? VD_OK : vd_fail_nomem(err);
}

vd_code vd_activity_finish(vd_activity **out, vd_activity_reader *r, vd_error *err)
{
    vd_activity *a = new_activity(r);
    vd_code      code = a ? build(a, r, err) : vd_fail_nomem(err);

    *out = NULL;
    vd_facts_clear(&r->facts);
    r->lost = r->overlaps = 0;
    r->partial = false;
    if (code != VD_OK) {
        vd_activity_release(a);
        return code;
    }
    *out = a;
    return VD_OK;
}

vd_activity *vd_activity_retain(vd_activity *a)
{
    if (a)
        vd_count_up(&a->refs);
    return a;
}

void vd_activity_release(vd_activity *a)
{
    vd_engine *engine = a ? (vd_engine *)a->engine : NULL;

    if (!a || !vd_count_down(&a->refs))
        return;
    vd_arena_done(&a->arena);
    vd_free(&engine->alloc, a, sizeof *a);
    vd_engine_release(engine);
}
