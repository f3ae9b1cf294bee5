/* SPDX-License-Identifier: Apache-2.0
 *
 * Files are read one after the other; their resources are looked at by threads that take the next one as long as there is
 * one.  A budget of all questions is spent in order, by one thread.
 */
#include "cli/exposing.h"

#include "base/str.h"
#include "cli/keep.h"
#include "cli/progress.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { MOST_JOBS = 256, GLANCE_NS = 50000000 };

typedef struct working {
    vd_exposing_run *run;
    atomic_uint      taken, done;
} working;

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

/* Nothing is said here: other threads are at work. */
static vd_code make_set(const vd_exposing_run *run, vd_exposing_task *t, vd_set **out, vd_builder **b)
{
    vd_attach where = { .size = sizeof where, .layer = VD_LAYER_RESOURCE };

    VD_TRY(vd_builder_new(b, run->p->cli->engine, &t->error));
    VD_TRY(vd_layers_add(&run->p->layers, *b, &t->error));
    VD_TRY(vd_builder_add(*b, t->found->policy, &where, &t->error));
    return vd_builder_compile(out, *b, NULL, &t->error);
}

static void look_at(const vd_exposing_run *run, vd_exposing_task *t, uint64_t budget_total)
{
    vd_exposure_opts opts = *run->opts;
    vd_builder      *b = NULL;
    vd_set          *set = NULL;
    vd_code          code = VD_OK;

    opts.prove = run->p->opts;
    opts.prove.budget_total = budget_total;
    if (t->whole) {
        opts.prove.state = t->whole->state;
        set = vd_set_retain(t->whole->set);
    } else {
        code = make_set(run, t, &set, &b);
        if (t->found->resource.n)
            opts.resource = t->found->resource;
    }
    if (code == VD_OK)
        code = vd_exposure(set, run->zone, &opts, take, t, &t->summary, &t->error);
    if (t->code == VD_OK)
        t->code = code;
    vd_builder_free(b);
    vd_set_release(set);
    t->done = true;
}

/* ------------------------------------------------------------------ threads */

static void *work(void *user)
{
    working *w = user;

    for (;;) {
        unsigned i = atomic_fetch_add(&w->taken, 1);

        if (i >= w->run->count)
            return NULL;
        look_at(w->run, &w->run->tasks[i], 0);
        atomic_fetch_add(&w->done, 1);
    }
}

static void in_order(vd_exposing_run *run, uint64_t total)
{
    for (uint32_t i = 0; i < run->count; i++) {
        vd_exposing_task *t = &run->tasks[i];

        if (total == 0) {
            t->code = VD_EBUDGET;
            t->summary.undecided = 1;
            continue;
        }
        look_at(run, t, total);
        total = t->summary.units < total ? total - t->summary.units : 0;
    }
}

static uint32_t wanted_threads(const vd_exposing_run *run)
{
    uint32_t jobs = vd_args_number(&run->p->cli->args, "jobs", 0);
    long     cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = cores > 0 ? (uint32_t)cores : 1;
    jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
    return jobs < run->count ? jobs : run->count;
}

static void watch(working *w)
{
    vd_progress p;

    vd_progress_init(&p, w->run->p->cli, "resources");
    while (p.wanted && atomic_load(&w->done) < w->run->count) {
        nanosleep(&(struct timespec){ .tv_nsec = GLANCE_NS }, NULL);
        vd_progress_show(&p, atomic_load(&w->done), w->run->count);
    }
    vd_progress_clear(&p);
}

static void look_at_all(vd_exposing_run *run)
{
    pthread_t threads[MOST_JOBS];
    working   w = { .run = run };
    uint32_t  wanted = wanted_threads(run), started = 0;

    if (run->p->opts.budget_total) {
        in_order(run, run->p->opts.budget_total);
        return;
    }
    while (wanted > 1 && started < wanted && pthread_create(&threads[started], NULL, work, &w) == 0)
        started++;
    if (started)
        watch(&w);
    else
        work(&w);
    while (started)
        pthread_join(threads[--started], NULL);
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
    if (s->set && (has_resource_layer(s->set) || s->state))
        return add_task(run, NULL, s);
    run->others += s->set ? 1 : 0;
    for (uint32_t i = 0; i < s->finds.count; i++) {
        const vd_found *f = &s->finds.at[i];

        if (f->kind != VD_KIND_RESOURCE && f->kind != VD_KIND_TRUST)
            run->others++;
        else if (!add_task(run, f, NULL))
            return false;
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
static void dump(vd_proving *p, const vd_exposing_task *t)
{
    vd_set *set;

    if (t->code != VD_EINTERNAL)
        return;
    set = t->whole ? vd_set_retain(t->whole->set) : vd_part_set(p, &t->part, 0);
    if (set)
        vd_proving_dump(p, (const vd_set *const[]){ set }, 1, &t->error);
    vd_set_release(set);
}

bool vd_exposing_do(vd_exposing_run *run, vd_proving *p, const vd_zone *zone, const vd_exposure_opts *opts,
                    const char *const *words, uint32_t count)
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
    make_parts(run);
    if (opts->resource.n && run->count > 1) {
        vd_cli_usage(p->cli, "--resource names one resource, and %u policies of resources were found", run->count);
        return false;
    }
    look_at_all(run);
    for (uint32_t i = 0; i < run->count; i++) {
        vd_exposing_task *t = &run->tasks[i];

        if (t->code == VD_OK || t->code == VD_EBUDGET)
            continue;
        if (t->error.at.file.n == 0)
            t->error.at.file = t->name;
        dump(p, t);
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
