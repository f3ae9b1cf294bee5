/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the caller's own, an empty line, then summaries, salvaged: whatever comes, uses are sorted, each has a reason to be
 * there, and everything can be looked up again.
 */
#include "fuzz.h"

#include <string.h>

#include <verdict/activity.h>

typedef struct text {
    const uint8_t *p;
    size_t         n;
} text;

static ptrdiff_t read_text(void *ctx, char *out, size_t n)
{
    text *t = ctx;

    n = n < t->n ? n : t->n;
    if (n)
        memcpy(out, t->p, n);
    t->p += n;
    t->n -= n;
    return (ptrdiff_t)n;
}

static void check_uses(const vd_activity *a, uint32_t actor, const vd_actor *who)
{
    vd_use   u, again;
    uint64_t days[64];

    for (uint32_t k = 0; k < who->uses; k++) {
        fuzz_check(vd_activity_use(a, actor, k, &u), "use %u of %u is not there", k, who->uses);
        fuzz_check(u.count || u.denied, "use %u without a reason", k);
        fuzz_check(u.first <= u.last, "use %u ends before it begins", k);
        fuzz_check(u.action_id == UINT32_MAX || (vd_activity_use_of(a, actor, u.action_id, &again) && again.count == u.count),
                   "use %u is not found again", k);
        vd_activity_days(a, actor, u.action_id, days, 64);
    }
    fuzz_check(!vd_activity_use(a, actor, who->uses, &u), "one use too many");
}

/* Each action has one state, with what belongs to it; what was used is never said to be unused. */
static void check_states(const vd_activity *a, uint32_t actor, const vd_actor *who)
{
    vd_visibility v;
    vd_use        u;

    for (uint32_t action = 0; action < vd_catalog_actions(vd_catalog_builtin()); action += 97) {
        bool used = vd_activity_use_of(a, actor, action, &u) && u.count;

        vd_activity_visibility(a, actor, who->arn, who->account, action, &v);
        fuzz_check(v.state >= VD_STATE_USED && v.state < VD_STATE_COUNT, "a state %d", (int)v.state);
        fuzz_check((v.state == VD_STATE_CANNOT_SEE) == (v.reasons != 0), "state %d for reasons %x", (int)v.state, (unsigned)v.reasons);
        fuzz_check(!used || v.state == VD_STATE_USED || v.state == VD_STATE_POSSIBLE, "used, and state %d", (int)v.state);
        fuzz_check(v.state != VD_STATE_NOT_SEEN || (v.grade != VD_GRADE_NONE && (v.logs || v.access_advisor)), "unused by nothing");
    }
}

static void check_coverage(const vd_activity *a)
{
    vd_usage_coverage c;

    vd_activity_coverage(a, &c);
    fuzz_check(c.from <= c.to, "a window that ends before it begins");
    for (size_t i = 0; i < c.gap_count; i++)
        fuzz_check(c.gaps[i].from < c.gaps[i].to && c.gaps[i].from >= c.from && c.gaps[i].to <= c.to, "gap %zu", i);
    for (size_t i = 0; i < c.place_count; i++) {
        fuzz_check(c.places[i].days_seen <= c.places[i].days_asked, "place %zu", i);
        fuzz_check(vd_activity_covered(a, c.places[i].account) <= 1000, "more than all is covered");
    }
}

static void check(const vd_activity *a)
{
    vd_actor who;

    check_coverage(a);

    for (uint32_t i = 0; i < vd_activity_actors(a); i++) {
        fuzz_check(vd_activity_actor(a, i, &who), "actor %u is not there", i);
        check_uses(a, i, &who);
        if (i < 4)
            check_states(a, i, &who);
        if (who.arn.n)
            vd_activity_find(a, who.arn);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t      *gap = size ? memmem(data, size, "\n\n", 2) : NULL;
    size_t              rows = gap ? (size_t)(gap - data) + 1 : 0;
    text                rest = { data + rows + (gap != NULL), size - rows - (gap != NULL) };
    vd_activity_opts    opts = { .size = sizeof opts, .rows_name = { "rows", 4 }, .rows = { (const char *)data, rows } };
    vd_usage_source     source = { read_text, &rest };
    static vd_engine   *engine;
    vd_activity_reader *reader = NULL;
    vd_activity        *a = NULL;
    vd_error            err = { .size = sizeof err };

    if (!engine && vd_engine_new(&engine, NULL, NULL) != VD_OK)
        abort();
    if (vd_activity_reader_new(&reader, engine, &opts, &err) != VD_OK) {
        opts.rows.n = 0;
        fuzz_check(vd_activity_reader_new(&reader, engine, &opts, &err) == VD_OK, "%s", err.text);
    }
    fuzz_check(vd_activity_read(reader, (vd_str){ "summary", 7 }, &source, true, &err) == VD_OK, "%s", err.text);
    if (vd_activity_finish(&a, reader, &err) == VD_OK)
        check(a);
    vd_activity_reader_free(reader);
    vd_activity_release(a);
    return 0;
}
