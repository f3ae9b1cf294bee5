/* SPDX-License-Identifier: Apache-2.0
 *
 * What a step towards a quota grants again: actions on resources that stand in the parts of a statement and that no part of it
 * said when nothing looser was allowed.  All of it was granted before, as is proved like the rest.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "pattern/overlap.h"
#include "tighten/shape_int.h"

typedef struct extras {
    vd_rs              *r;
    vd_rightsize_extra *at;
    uint32_t            count, cap;
    bool                nomem;
} extras;

/* Does the part say the resource, or one of its patterns? */
static bool says(extras *x, const vd_rs_part *part, vd_str resource)
{
    vd_shape_coded asked, own;

    for (uint32_t i = 0; i < part->resource_count; i++)
        if (vd_str_eq(part->resources[i], resource))
            return true;
    if (!vd_shape_code(&x->r->scratch, &asked, resource, true)) {
        x->nomem = true;
        return true;
    }
    for (uint32_t i = 0; i < part->resource_count && !asked.variable; i++) {
        if (vd_str_find(part->resources[i], '*') == part->resources[i].n)
            continue;
        if (!vd_shape_code(&x->r->scratch, &own, part->resources[i], true)) {
            x->nomem = true;
            return true;
        }
        if (!own.variable && vd_glob_covers(own.coded, asked.coded))
            return true;
    }
    return false;
}

/* Actions of the part that no part said on this resource before; empty: that of the statement. */
static void new_actions(extras *x, const vd_rs_statement *s, const vd_rs_part *part, vd_str resource, uint64_t *out)
{
    for (size_t w = 0; w < x->r->words; w++)
        out[w] = part->actions[w];
    for (uint32_t i = 0; i < s->asked_count; i++) {
        const vd_rs_part *asked = &s->asked[i];
        bool              some = false;

        for (size_t w = 0; w < x->r->words && !some; w++)
            some = (out[w] & asked->actions[w]) != 0;
        if (!some || (!asked->whole && (part->whole || !says(x, asked, resource))))
            continue;
        for (size_t w = 0; w < x->r->words; w++)
            out[w] &= ~asked->actions[w];
    }
}

typedef struct taking {
    extras     *x;
    vd_rs_texts out;
} taking;

static void take(void *user, vd_str text)
{
    taking *t = user;
    vd_str  kept;

    t->x->nomem = t->x->nomem || !vd_arena_dup(t->x->r->arena, &kept, text) ||
                  !VD_ARENA_PUSH(t->x->r->arena, t->out.at, t->out.count, t->out.cap, kept);
}

static void add(extras *x, const vd_rs_statement *s, const vd_rs_part *part, vd_str resource, uint64_t *bits)
{
    vd_rightsize_extra row = { .sid = VD_S(""), .resource = VD_S("") };
    taking             t = { .x = x };
    bool               any = false;

    new_actions(x, s, part, resource, bits);
    for (size_t w = 0; w < x->r->words; w++)
        any |= bits[w] != 0;
    if (!any)
        return;
    vd_catalog_shrink(x->r->t->catalog, bits, take, &t);
    row.actions = (vd_texts_list){ t.out.at, t.out.count };
    x->nomem = x->nomem || !vd_arena_dup(x->r->arena, &row.policy, x->r->t->documents[s->document].name) ||
               (s->model->has_sid && !vd_arena_dup(x->r->arena, &row.sid, s->model->sid.text)) ||
               !vd_arena_dup(x->r->arena, &row.resource, resource) || !VD_ARENA_PUSH(x->r->arena, x->at, x->count, x->cap, row);
}

vd_code vd_rs_extra(vd_rs *r, vd_rightsize_step *step)
{
    extras    x = { .r = r };
    uint64_t *bits = vd_arena_new_array(&r->scratch, uint64_t, r->words);

    for (uint32_t i = 0; bits && i < r->statement_count; i++) {
        const vd_rs_statement *s = &r->statements[i];

        for (uint32_t p = 0; p < s->part_count && !x.nomem; p++) {
            const vd_rs_part *part = &s->parts[p];

            if (part->whole)
                add(&x, s, part, VD_S(""), bits);
            for (uint32_t k = 0; k < part->resource_count && !part->whole; k++)
                add(&x, s, part, part->resources[k], bits);
        }
    }
    step->extra = x.at;
    step->extra_count = x.count;
    return bits && !x.nomem ? VD_OK : vd_fail_nomem(r->err);
}
