/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of one statement joined again: actions that take other kinds of resources gain nothing by each other's resources, so
 * that objects and their bucket can stand in one statement.  Beyond that, `slack` and the step of a quota say how many actions on
 * resources may be granted again.  The pair that saves most goes first.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "pattern/glob.h"
#include "pattern/overlap.h"
#include "tighten/shape.h"

enum { MOST_PARTS = 48, OVERHEAD = 50 /* characters of a statement without its lists */ };

typedef struct joining {
    vd_rs           *r;
    vd_rs_statement *s;
    uint32_t       **actions; /* of each part */
    uint32_t        *counts;
    bool             nomem;
} joining;

static bool may_join(const vd_rs_part *p)
{
    return p->keep == VD_RS_OBSERVED && !p->whole && p->name_count == 0;
}

static bool list_actions(joining *j, uint32_t part)
{
    const vd_rs_part *p = &j->s->parts[part];
    uint32_t          n = 0;

    for (size_t i = 0; i < j->r->words; i++)
        n += (uint32_t)__builtin_popcountll(p->actions[i]);
    j->actions[part] = vd_arena_new_array(&j->r->scratch, uint32_t, (size_t)n + 1);
    if (!j->actions[part])
        return false;
    j->counts[part] = 0;
    for (uint32_t a = 0; a < vd_catalog_actions(j->r->t->catalog) && j->counts[part] < n; a++)
        if (vd_rs_bit(p->actions, a))
            j->actions[part][j->counts[part]++] = a;
    return true;
}

/* Could the action be asked for with such a resource at all? */
static bool takes(joining *j, uint32_t action, vd_str resource)
{
    const vd_catalog *c = j->r->t->catalog;
    vd_ids            types = vd_catalog_types_of(c, action);
    char             *room = vd_arena_alloc(&j->r->scratch, resource.n + 1, 1);
    vd_str            coded;

    if (!room) {
        j->nomem = true;
        return true;
    }
    coded = (vd_str){ room, vd_glob_code(room, resource) };
    if (types.count == 0)
        return vd_glob_match(coded, VD_S("*"));
    for (uint32_t i = 0; i < types.count; i++)
        for (uint32_t f = 0; f < vd_catalog_type(c, types.at[i]).formats; f++)
            if (vd_glob_overlaps(vd_catalog_format_coded(c, types.at[i], f), coded))
                return true;
    return false;
}

static bool has_text(const vd_rs_part *p, vd_str text)
{
    for (uint32_t i = 0; i < p->resource_count; i++)
        if (vd_str_eq(p->resources[i], text))
            return true;
    return false;
}

/* Actions of one part on resources that only the other one has; counting stops behind most. */
static uint32_t gains(joining *j, uint32_t of, uint32_t from, uint32_t most)
{
    const vd_rs_part *p = &j->s->parts[of], *q = &j->s->parts[from];
    uint32_t          n = 0;

    for (uint32_t i = 0; i < q->resource_count; i++)
        for (uint32_t a = 0; a < j->counts[of] && n <= most && !has_text(p, q->resources[i]); a++)
            n += takes(j, j->actions[of][a], q->resources[i]);
    return n;
}

/* Characters that are written once instead of twice. */
static size_t saving(const joining *j, uint32_t a, uint32_t b)
{
    const vd_rs_part *p = &j->s->parts[a], *q = &j->s->parts[b];
    size_t            n = OVERHEAD + j->s->model->condition.length;

    for (uint32_t i = 0; i < q->resource_count; i++)
        n += has_text(p, q->resources[i]) ? q->resources[i].n : 0;
    return n;
}

static bool join(joining *j, uint32_t a, uint32_t b)
{
    vd_rs_part *p = &j->s->parts[a], *q = &j->s->parts[b];
    vd_str     *all = vd_arena_new_array(&j->r->scratch, vd_str, (size_t)p->resource_count + q->resource_count);
    uint32_t    n = 0, x = 0, y = 0;

    if (!all)
        return false;
    while (x < p->resource_count || y < q->resource_count) { /* both are sorted */
        int c = x == p->resource_count ? 1 : y == q->resource_count ? -1 : vd_str_cmp(p->resources[x], q->resources[y]);

        all[n++] = c <= 0 ? p->resources[x] : q->resources[y];
        x += c <= 0;
        y += c >= 0;
    }
    p->resources = all;
    p->resource_count = n;
    for (size_t i = 0; i < j->r->words; i++)
        p->actions[i] |= q->actions[i];
    *q = j->s->parts[--j->s->part_count];
    j->actions[b] = j->actions[j->s->part_count];
    j->counts[b] = j->counts[j->s->part_count];
    return list_actions(j, a);
}

/* False: no two can be joined. */
static bool join_best(joining *j, uint32_t *slack)
{
    size_t   best = 0;
    uint32_t first = 0, second = 0, price = 0;

    for (uint32_t a = 0; a < j->s->part_count; a++)
        for (uint32_t b = a + 1; b < j->s->part_count; b++) {
            size_t   saves;
            uint32_t cost;

            if (!may_join(&j->s->parts[a]) || !may_join(&j->s->parts[b]) || (saves = saving(j, a, b)) <= best)
                continue;
            cost = gains(j, a, b, *slack);
            cost += cost <= *slack ? gains(j, b, a, *slack) : 0;
            if (cost > *slack)
                continue;
            best = saves;
            first = a;
            second = b;
            price = cost;
        }
    if (!best || j->nomem)
        return false;
    *slack -= price;
    j->nomem = !join(j, first, second);
    return !j->nomem;
}

vd_code vd_rs_merge(vd_rs *r, vd_rs_statement *s)
{
    joining  j = { .r = r, .s = s };
    uint32_t slack = r->opts->mode == VD_RIGHTSIZE_STRICT ? 0 : r->opts->slack;

    if (r->loose.slack > slack)
        slack = r->loose.slack;
    if (s->part_count < 2 || s->part_count > MOST_PARTS)
        return VD_OK;
    j.actions = vd_arena_new_array(&r->scratch, uint32_t *, s->part_count);
    j.counts = vd_arena_new_array(&r->scratch, uint32_t, s->part_count);
    if (!j.actions || !j.counts)
        return vd_fail_nomem(r->err);
    for (uint32_t i = 0; i < s->part_count; i++)
        if (!list_actions(&j, i))
            return vd_fail_nomem(r->err);
    while (join_best(&j, &slack))
        ;
    return j.nomem ? vd_fail_nomem(r->err) : VD_OK;
}
