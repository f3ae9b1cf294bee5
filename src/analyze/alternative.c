/* SPDX-License-Identifier: Apache-2.0
 *
 * Exposure under several readings of rules that AWS does not document (--alternative).  Every reading is a run of its own.
 * Answers are compared by who can do what under which conditions: a finding of which some part is not there under a reading
 * is flagged, and what is only there under a reading is told as well, flagged likewise.
 */
#include "analyze/reading.h"

#include "base/buf.h"
#include "base/engine.h"
#include "base/str.h"
#include "eval/set.h"

typedef struct run {
    vd_otherwise        how;
    vd_seen             answers;
    vd_exposure_summary summary;
    bool                partial; /* not all was decided: what is not there may be there all the same */
} run;

typedef struct alternating {
    const vd_set           *set;
    const vd_zone          *zone;
    const vd_exposure_opts *opts;
    vd_error               *err;
    vd_arena                arena;
    run                     runs[VD_READING_COUNT_BITS];
    uint32_t                count, at;
    vd_seen                 answers; /* with every rule read as usual */
    vd_seen                 told;    /* ids, of what is there under a reading only */
    uint32_t                more;
    vd_exposed_fn          *tell;
    void                   *user;
    bool                    stopped, nomem;
} alternating;

/* ------------------------------------------------------------------ answers */

static void put_answer(vd_buf *b, const vd_exposed *e)
{
    vd_buf_printf(b, "%d.%d\n" VD_F ":" VD_F "\n", (int)e->exposed, e->is_public, VD_A(e->principal_type), VD_A(e->principal));
    for (size_t i = 0; i < e->condition_count; i++) {
        vd_buf_printf(b, VD_F " " VD_F, VD_A(e->conditions[i].key), VD_A(e->conditions[i].operator_name));
        for (size_t k = 0; k < e->conditions[i].count; k++)
            vd_buf_printf(b, "|" VD_F, VD_A(e->conditions[i].values[k]));
        vd_buf_byte(b, '\n');
    }
}

/* Are all answers of the finding there?  add: puts those that are not. */
static bool has_answers(alternating *a, vd_seen *in, const vd_exposed *e, bool add)
{
    vd_buf b = vd_buf_on(&vd_set_engine(a->set)->alloc, 0);
    size_t begin;
    bool   all = true;

    put_answer(&b, e);
    begin = b.n;
    for (size_t i = 0; i < e->actions.count && !b.failed && (all || add); i++) {
        vd_str own;

        b.n = begin;
        vd_buf_add(&b, e->actions.at[i]);
        if (b.failed || vd_seen_find(in, vd_buf_str(&b)) != VD_NONE)
            continue;
        all = false;
        if (add && (!vd_arena_dup(&a->arena, &own, vd_buf_str(&b)) || !vd_seen_add(in, &a->arena, own, 0)))
            a->nomem = true;
    }
    a->nomem |= b.failed;
    vd_buf_done(&b);
    return all;
}

/* ------------------------------------------------------------------ what is heard */

static bool note_answers(void *user, const vd_exposed *e)
{
    alternating *a = user;

    has_answers(a, &a->runs[a->at].answers, e, true);
    return !a->nomem;
}

static bool pass_on(alternating *a, const vd_exposed *e)
{
    if (a->nomem)
        return false;
    a->stopped = a->tell && !a->tell(a->user, e);
    return !a->stopped;
}

static bool hear_usual(void *user, const vd_exposed *e)
{
    alternating *a = user;
    vd_exposed   mine = *e;

    has_answers(a, &a->answers, e, true);
    for (uint32_t i = 0; i < a->count; i++)
        if (a->runs[i].how.changed && !a->runs[i].partial && !has_answers(a, &a->runs[i].answers, e, false))
            mine.readings |= a->runs[i].how.reading;
    return pass_on(a, &mine);
}

static bool hear_other(void *user, const vd_exposed *e)
{
    alternating *a = user;
    vd_exposed   mine = *e;
    vd_str       id;

    if (has_answers(a, &a->answers, e, false) || vd_seen_find(&a->told, e->id) != VD_NONE)
        return !a->nomem;
    if (!vd_arena_dup(&a->arena, &id, e->id) || !vd_seen_add(&a->told, &a->arena, id, 0)) {
        a->nomem = true;
        return false;
    }
    for (uint32_t i = 0; i < a->count; i++)
        if (a->runs[i].how.changed && has_answers(a, &a->runs[i].answers, e, false))
            mine.readings |= a->runs[i].how.reading;
    mine.only_otherwise = true;
    a->more++;
    return pass_on(a, &mine);
}

/* ------------------------------------------------------------------ runs */

static vd_code run_one(alternating *a, vd_exposed_fn *hear, vd_exposure_summary *summary)
{
    run    *r = &a->runs[a->at];
    vd_code code = vd_exposure_once(a->set, a->zone, a->opts, &r->how, hear, a, summary, a->err);

    if (a->nomem)
        return vd_fail_nomem(a->err);
    r->partial |= code == VD_EBUDGET;
    return code == VD_EBUDGET ? VD_OK : code;
}

static bool has_more(const alternating *a, const run *r)
{
    for (uint32_t i = 0; i < r->answers.cap; i++)
        if (r->answers.at[i].value != VD_NONE && vd_seen_find(&a->answers, r->answers.at[i].key) == VD_NONE)
            return true;
    return false;
}

static vd_code do_runs(alternating *a, vd_exposure_summary *summary)
{
    vd_exposure_summary again;
    vd_code             code = VD_OK, usual;

    for (a->at = 0; code == VD_OK && a->at < a->count; a->at++)
        code = run_one(a, note_answers, &a->runs[a->at].summary);
    if (code != VD_OK)
        return code;
    usual = vd_exposure_once(a->set, a->zone, a->opts, NULL, hear_usual, a, summary, a->err);
    if (a->nomem)
        return vd_fail_nomem(a->err);
    if (usual != VD_OK && usual != VD_EBUDGET)
        return usual;
    for (a->at = 0; code == VD_OK && !a->stopped && a->at < a->count; a->at++)
        if (has_more(a, &a->runs[a->at])) {
            code = run_one(a, hear_other, &again);
            summary->units += again.units;
        }
    for (uint32_t i = 0; i < a->count; i++) {
        summary->units += a->runs[i].summary.units;
        summary->undecided += a->runs[i].summary.undecided;
    }
    summary->findings += a->more;
    if (code != VD_OK || usual != VD_OK)
        return code != VD_OK ? code : usual;
    for (uint32_t i = 0; i < a->count; i++)
        if (a->runs[i].partial)
            return vd_fail(a->err, VD_EBUDGET, "no answer within the budget for some requests, under another reading");
    return VD_OK;
}

static void choose(alternating *a, uint32_t readings)
{
    for (uint32_t i = 0; i < VD_READING_COUNT_BITS; i++)
        if (readings >> i & 1u)
            a->runs[a->count++].how.reading = (uint32_t)1 << i;
}

vd_code vd_exposure(const vd_set *set, const vd_zone *zone, const vd_exposure_opts *opts, vd_exposed_fn *tell, void *user,
                    vd_exposure_summary *summary, vd_error *err)
{
    vd_exposure_summary unused;
    vd_exposure_opts    own = { 0 };
    alternating         a = { .set = set, .zone = zone, .opts = opts, .err = err, .tell = tell, .user = user };
    vd_code             code;

    if (opts)
        memcpy(&own, opts, opts->size && opts->size < sizeof own ? opts->size : sizeof own);
    if (own.readings == 0)
        return vd_exposure_once(set, zone, opts, NULL, tell, user, summary, err);
    if (own.readings & ~(uint32_t)VD_READINGS_ALL)
        return vd_fail(err, VD_EINVAL, "no reading: %#x", (unsigned)own.readings);
    a.arena = vd_arena_on(&vd_set_engine(set)->alloc, 0);
    choose(&a, own.readings);
    code = do_runs(&a, summary ? summary : &unused);
    vd_arena_done(&a.arena);
    return code;
}
