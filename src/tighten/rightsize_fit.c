/* SPDX-License-Identifier: Apache-2.0
 *
 * Within the quotas (usage 6.4): when the new documents would be too large, or too many for one principal, they are made
 * again with patterns that stand for a little more, step by step, until they fit.  Each step grants again only what was
 * granted, and says what.  When none fits, nothing is made: the steps are the report.
 */
#include "tighten/rightsize.h"

#include "base/error.h"
#include "base/str.h"
#include "catalog/quota.h"
#include "tighten/shape.h"

/* The first one is what was asked for. */
static const vd_rs_loose ladder[] = {
    { 0 },
    { .bound = 4, .slack = 4 },
    { .bound = 8, .slack = 8, .bits = 1 },
    { .bound = 16, .slack = 16, .bits = 4 },
    { .bound = 64, .levels = true, .slack = 64, .bits = 8, .threshold = 4 },
    { .bound = 256, .levels = true, .slack = 256, .bits = 16, .threshold = 2 },
    { .bound = UINT32_MAX, .levels = true, .slack = 1024, .bits = 16, .threshold = 2, .whole = true },
};

/* All that hangs on one principal, or on one group. */
typedef struct place {
    size_t   inline_before, inline_after;
    uint32_t attached_before, attached_after;
    vd_quota inline_most, attached_most;
    bool     has_inline, has_managed; /* of these, one that changes */
} place;

/* ------------------------------------------------------------------ what there is room for */

static vd_str holder_of(const vd_rs *r, vd_str group)
{
    if (group.n)
        return VD_S("group");
    return r->t->holds.n ? r->t->holds : VD_S("role");
}

static void measure_managed(const vd_rs *r, uint32_t i, place *p)
{
    const vd_rightsize_document *d = &r->result->documents[i];
    uint32_t                     there = r->t->documents[i].attached;

    p->has_managed |= !d->unchanged;
    p->attached_before++;
    p->attached_after += (uint32_t)d->part_count;
    if (there > p->attached_before) { /* as many hang there, these among them */
        p->attached_after += there - p->attached_before;
        p->attached_before = there;
    }
}

static void measure_inline(const vd_rs *r, uint32_t i, place *p)
{
    const vd_rightsize_document *d = &r->result->documents[i];

    p->has_inline |= !d->unchanged;
    p->inline_before += vd_shape_size(r->t->documents[i].policy->json);
    p->inline_after += d->part_count ? vd_shape_size(d->parts[0]) : 0;
}

static place measure(const vd_rs *r, vd_str group)
{
    place p = { .inline_most = vd_quota_of(VD_S("inline"), holder_of(r, group)), .attached_most = vd_quota_of(VD_S("attached"), holder_of(r, group)) };

    if (r->opts->max_attached)
        p.attached_most.most = r->opts->max_attached < p.attached_most.raisable ? r->opts->max_attached : p.attached_most.raisable;
    if (!group.n)
        p.inline_before = p.inline_after = r->t->inline_beside;
    for (uint32_t i = 0; i < r->t->document_count; i++) {
        if (!vd_str_eq(r->t->documents[i].group, group))
            continue;
        if (vd_rs_is_managed(r, i))
            measure_managed(r, i, &p);
        else
            measure_inline(r, i, &p);
    }
    return p;
}

/* What was too large before may stay so, if it does not grow. */
static bool fits(const place *p)
{
    return (!p->has_inline || p->inline_after <= p->inline_most.most || p->inline_after <= p->inline_before) &&
           (!p->has_managed || p->attached_after <= p->attached_most.most || p->attached_after <= p->attached_before);
}

static bool looked_at(const vd_rs *r, uint32_t document)
{
    for (uint32_t i = 0; i < document; i++)
        if (vd_str_eq(r->t->documents[i].group, r->t->documents[document].group))
            return true;
    return false;
}

/* Of several places the first that has no room, else the first one. */
static void measure_all(const vd_rs *r, vd_rightsize_step *step)
{
    bool said = false;

    step->fits = true;
    for (uint32_t i = 0; i < r->t->document_count; i++) {
        place p = measure(r, r->t->documents[i].group);

        if (looked_at(r, i) || (said && (!step->fits || fits(&p))))
            continue;
        step->inline_size = p.inline_after;
        step->inline_most = p.has_inline ? p.inline_most.most : 0;
        step->attached = p.attached_after;
        step->attached_most = p.has_managed ? p.attached_most.most : 0;
        step->fits = fits(&p);
        said = true;
    }
}

/* ------------------------------------------------------------------ steps */

static bool say_loose(vd_rs *r, vd_str *out)
{
    const vd_rs_loose *l = &r->loose;

    *out = VD_S("");
    if (l->whole)
        return vd_arena_printf(r->arena, out, "resources as they were granted, patterns of actions of the levels that are used");
    if (l->bound == 0)
        return true;
    if (l->bits == 0)
        return vd_arena_printf(r->arena, out, "patterns of up to %u more actions that read or list", (unsigned)l->bound);
    return vd_arena_printf(r->arena, out, "patterns of up to %u more actions %s, and of resources where more than %u stand side by side",
                           (unsigned)l->bound, l->levels ? "of the levels that are used" : "that read or list",
                           (unsigned)(l->threshold ? l->threshold : 8));
}

/* A document that cannot be cut small enough does not fit either. */
static vd_code attempt(vd_rs *r, vd_rightsize_step *step)
{
    vd_code code;

    if (!say_loose(r, &step->looser))
        return vd_fail_nomem(r->err);
    VD_TRY(vd_rs_plan(r));
    code = vd_rs_write(r);
    if (code == VD_ELIMIT) {
        r->result->document_count = 0;
        return VD_OK;
    }
    if (code == VD_OK)
        measure_all(r, step);
    return code;
}

static void remember_what_was_asked(vd_rs *r)
{
    for (uint32_t i = 0; i < r->statement_count; i++) {
        r->statements[i].asked = r->statements[i].parts;
        r->statements[i].asked_count = r->statements[i].part_count;
    }
}

/* As if nothing could go. */
static vd_code leave_all(vd_rs *r)
{
    for (uint32_t i = 0; i < r->statement_count; i++) {
        r->statements[i].changed = false;
        r->statements[i].part_count = 0;
    }
    r->result->too_large = true;
    return vd_rs_write(r);
}

vd_code vd_rs_fit(vd_rs *r)
{
    vd_rightsize_step *steps = vd_arena_new_array(r->arena, vd_rightsize_step, VD_COUNT(ladder));
    size_t             n = 0;

    if (!steps)
        return vd_fail_nomem(r->err);
    do {
        vd_rightsize_step *step = &steps[n];

        r->loose = ladder[n];
        VD_TRY(attempt(r, step));
        if (n == 0)
            remember_what_was_asked(r);
        else
            VD_TRY(vd_rs_extra(r, step));
        n++;
    } while (!steps[n - 1].fits && n < VD_COUNT(ladder));
    r->result->steps = steps;
    r->result->step_count = n;
    return steps[n - 1].fits ? VD_OK : leave_all(r);
}
