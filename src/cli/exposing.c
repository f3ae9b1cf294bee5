/* SPDX-License-Identifier: Apache-2.0
 *
 * Files are read one after the other; their resources are looked at by threads.
 */
#include "cli/exposing.h"

#include "base/str.h"
#include "cli/keep.h"
#include "eval/set.h"

/* ------------------------------------------------------------------ one resource */

static bool take(void *user, const vd_exposed *x)
{
    vd_exposing_task *t = user;
    const vd_exposed *kept = vd_keep_exposed(&t->arena, x);

    for (uint32_t i = 0; i < t->count; i++)
        if (vd_str_eq(t->at[i]->id, x->id))
            return true;
    if (kept && VD_ARENA_PUSH(&t->arena, t->at, t->count, t->cap, kept))
        return true;
    vd_fail_nomem(&t->error);
    t->code = VD_ENOMEM;
    return false;
}

static uint64_t look_at(void *user, uint32_t index, const vd_prove_opts *prove)
{
    vd_exposing_run  *run = user;
    vd_exposing_task *t = &run->tasks[index];
    vd_exposure_opts  opts = *run->opts;
    vd_set           *set = NULL;
    vd_code           code = VD_OK;

    if (!prove) {
        t->code = VD_EBUDGET;
        t->summary.undecided = 1;
        return 0;
    }
    opts.prove = *prove;
    if (t->arn.n && t->whole) {
        opts.resource = t->arn;
        code = vd_exposing_set(&set, run, t, &t->error);
    } else if (t->arn.n) {
        code = vd_exposing_look(run, t, &opts, take);
        if (t->code == VD_OK)
            t->code = code;
        return t->summary.units;
    } else if (t->whole) {
        opts.prove.state = t->whole->state;
        set = vd_set_retain(t->whole->set);
    } else {
        code = vd_part_set(&set, run->p, &t->part, 0, &t->error);
        if (t->found->resource.n)
            opts.resource = t->found->resource;
    }
    if (code == VD_OK)
        code = vd_exposure(set, run->zone, &opts, take, t, &t->summary, &t->error);
    if (t->code == VD_OK)
        t->code = code;
    vd_set_release(set);
    return t->summary.units;
}

/* ------------------------------------------------------------------ what there is */

static bool add_task(vd_exposing_run *run, const vd_found *found, const vd_side *whole)
{
    vd_exposing_task t = { .found = found, .whole = whole, .error = { .size = sizeof t.error },
                           .summary = { .size = sizeof t.summary } };

    t.arena = vd_arena_on(vd_allocator_default(), 0);
    t.name = found ? found->file : vd_str_of(whole->word);
    return VD_ARENA_PUSH(&run->arena, run->tasks, run->count, run->cap, t);
}

static bool has_resource_layer(const vd_set *set)
{
    vd_statement_info s = { .size = sizeof s };

    for (uint32_t i = 0; i < vd_set_policies(set); i++)
        if (vd_set_statement(set, i, 0, &s) == VD_OK && s.layer == VD_LAYER_RESOURCE)
            return true;
    return false;
}

static bool add_side(vd_exposing_run *run, const vd_side *s)
{
    if (s->set && vd_set_resources(s->set, NULL, 0))
        return vd_exposing_add_bundle(run, s);
    if (s->set && (has_resource_layer(s->set) || s->state))
        return add_task(run, NULL, s);
    run->others += s->set ? 1 : 0;
    for (uint32_t i = 0; i < s->finds.count; i++) {
        const vd_found *f = &s->finds.at[i];

        if (f->kind != VD_KIND_RESOURCE && f->kind != VD_KIND_TRUST) {
            run->others++;
            run->others_of[f->kind]++;
        } else if (!add_task(run, f, NULL)) {
            return false;
        }
    }
    return true;
}

/* For witnesses each policy is a part of its own; tasks do not move any more. */
static void make_parts(vd_exposing_run *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        vd_exposing_task *t = &run->tasks[i];

        if (!t->found)
            continue;
        t->one[0] = t->found;
        t->part = (vd_part){ .kind = t->found->kind, .name = t->name, .at = { t->one, NULL }, .count = { 1, 0 } };
    }
}

static bool nomem(vd_exposing_run *run)
{
    vd_cli_errorf(run->p->cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* A failed self-check: what it was about, for --dump-query. */
static void dump(vd_proving *p, const vd_exposing_run *run, const vd_exposing_task *t)
{
    vd_set  *set = NULL;
    vd_error again = { .size = sizeof again };

    if (t->code != VD_EINTERNAL)
        return;
    if (t->arn.n && vd_exposing_set(&set, run, t, &again) != VD_OK)
        return;
    if (t->whole && !t->arn.n)
        set = vd_set_retain(t->whole->set);
    if (t->arn.n || t->whole || vd_part_set(&set, p, &t->part, 0, &again) == VD_OK)
        vd_proving_dump(p, (const vd_set *const[]){ set }, 1, &t->error);
    vd_set_release(set);
}

bool vd_exposing_do(vd_exposing_run *run, vd_proving *p, const vd_zone *zone, const vd_exposure_opts *opts,
                    const vd_snapshot *snapshot, const char *const *words, uint32_t count)
{
    *run = (vd_exposing_run){ .p = p, .zone = zone, .opts = opts, .arena = vd_arena_on(vd_allocator_default(), 0) };
    run->sides = vd_arena_new_array(&run->arena, vd_side, count ? count : 1);
    if (!run->sides)
        return nomem(run);
    for (uint32_t i = 0; i < count; i++) {
        vd_side *s = &run->sides[run->side_count++];

        if (vd_side_read(s, p, words[i]) && !add_side(run, s))
            return nomem(run);
        run->folder |= s->folder;
    }
    if (snapshot && !vd_exposing_add_snapshot(run, snapshot))
        return nomem(run);
    make_parts(run);
    if (opts->resource.n && run->count > 1) {
        vd_cli_usage(p->cli, "--resource names one resource, and %u policies of resources were found", run->count);
        return false;
    }
    vd_proving_ask_all(p, "resources", run->count, look_at, run);
    for (uint32_t i = 0; i < run->count; i++) {
        vd_exposing_task *t = &run->tasks[i];

        if (t->code == VD_OK || t->code == VD_EBUDGET)
            continue;
        if (t->error.at.file.n == 0)
            t->error.at.file = t->name;
        dump(p, run, t);
        vd_proving_fail(p, t->code, &t->error);
    }
    return true;
}

void vd_exposing_done(vd_exposing_run *run)
{
    for (uint32_t i = 0; i < run->count; i++)
        vd_arena_done(&run->tasks[i].arena);
    for (uint32_t i = 0; i < run->side_count; i++)
        vd_side_done(&run->sides[i]);
    vd_arena_done(&run->arena);
    *run = (vd_exposing_run){ 0 };
}
