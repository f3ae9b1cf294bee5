/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads take the next file as long as they are not too far ahead of what was told; the caller's thread waits for each
 * file in turn.
 */
#include "cli/runner.h"

#include "base/file.h"
#include "base/str.h"
#include "pattern/glob.h"
#include "text/doc.h"

#include <unistd.h>

enum {
    MOST_JOBS = 256,
    AHEAD = 4 /* files for each thread that may be done and not yet told */
};

/* ------------------------------------------------------------------ one file */

static bool has_member(const vd_doc *d, uint32_t node, const vd_str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (vd_doc_member(d, node, names[i]) != VD_NONE)
            return true;
    return false;
}

/* Documents of all kinds lie side by side in a directory: a scenario file says "request" or "cases", or at least what
 * it expects of policies. */
static bool looks_like_scenario(const vd_doc *d)
{
    static const vd_str names[] = { VD_L("request"), VD_L("cases"), VD_L("expect"), VD_L("policies"), VD_L("defaults") };
    static const vd_str other[] = { VD_L("Statement"), VD_L("Version"), VD_L("Resources"), VD_L("PolicyInputList") };
    uint32_t            node = 0;

    if (d->nodes[0].kind == VD_NODE_ARRAY)
        node = vd_doc_first(d, 0);
    return node != VD_NONE && d->nodes[node].kind == VD_NODE_OBJECT && has_member(d, node, names, VD_COUNT(names)) &&
           !has_member(d, node, other, VD_COUNT(other));
}

static vd_code is_scenario(const vd_engine *engine, const char *path, bool *yes, vd_error *err)
{
    const vd_allocator *heap = vd_allocator_default();
    vd_arena            arena = vd_arena_on(heap, 0);
    vd_source           source = { .name = vd_str_of(path) };
    vd_limits           limits;
    vd_doc              doc;
    vd_code             code;

    vd_engine_limits(engine, &limits);
    code = vd_file_read(&source.text, heap, path, limits.document_bytes, err);
    if (code != VD_OK)
        return code;
    code = vd_doc_read(&doc, &arena, &source, &limits, NULL, NULL, err);
    if (code == VD_OK)
        *yes = looks_like_scenario(&doc);
    vd_arena_done(&arena);
    vd_file_free(heap, source.text);
    return code;
}

bool vd_runner_wants(const vd_runner *t, const vd_case *c)
{
    return !t->filter.p || vd_glob_match(t->filter, c->name);
}

static vd_code load(const vd_runner *t, vd_task *k)
{
    const vd_engine *engine = t->engine;
    bool             yes = true;

    if (!k->named) {
        VD_TRY(is_scenario(engine, k->path, &yes, &k->error));
        k->skipped = !yes;
    }
    if (!yes)
        return VD_OK;
    if (t->want_notes)
        VD_TRY(vd_diags_new(&k->notes, engine, &k->error));
    VD_TRY(vd_suite_load(&k->suite, engine, k->path, NULL, k->notes, &k->error));
    k->cases = (uint32_t)vd_suite_count(k->suite);
    if (t->coverage) {
        VD_TRY(vd_coverage_new(&k->coverage, engine, &k->error));
        VD_TRY(vd_coverage_add(k->coverage, k->suite, &k->error));
    }
    return VD_OK;
}

static void run_cases(const vd_runner *t, vd_task *k)
{
    const vd_allocator *heap = vd_allocator_default();
    vd_run_opts         opts = { .size = sizeof opts, .now = vd_str_of(t->now), .coverage = k->coverage };

    k->results = vd_alloc0(heap, k->cases * sizeof *k->results);
    k->errors = vd_alloc0(heap, k->cases * sizeof *k->errors);
    if (!k->results || !k->errors) {
        vd_suite_free(k->suite);
        k->suite = NULL;
        vd_fail_nomem(&k->error);
        return;
    }
    for (uint32_t i = 0; i < k->cases; i++) {
        k->results[i].size = sizeof k->results[i];
        k->errors[i].size = sizeof k->errors[i];
        if (vd_runner_wants(t, vd_suite_case(k->suite, i)))
            vd_suite_run(&k->results[i], k->suite, i, &opts, &k->errors[i]);
    }
}

static void do_task(const vd_runner *t, vd_task *k)
{
    vd_code code;

    k->error.size = sizeof k->error;
    code = load(t, k);
    if (code == VD_OK && !k->skipped) {
        run_cases(t, k);
    } else if (code != VD_OK) {
        vd_suite_free(k->suite);
        k->suite = NULL;
        if (k->error.code == VD_OK)
            vd_fail(&k->error, code, "cannot be read");
    }
}

static void drop_task(vd_task *k)
{
    const vd_allocator *heap = vd_allocator_default();

    vd_free(heap, k->results, k->cases * sizeof *k->results);
    vd_free(heap, k->errors, k->cases * sizeof *k->errors);
    vd_coverage_free(k->coverage);
    vd_diags_free(k->notes);
    vd_suite_free(k->suite);
    k->results = NULL;
    k->errors = NULL;
    k->coverage = NULL;
    k->notes = NULL;
    k->suite = NULL;
}

/* ------------------------------------------------------------------ threads */

static void *work(void *user)
{
    vd_runner *t = user;

    pthread_mutex_lock(&t->lock);
    for (;;) {
        vd_task *k;

        while (!t->stop && t->taken < t->count && t->taken >= t->told + t->ahead)
            pthread_cond_wait(&t->changed, &t->lock);
        if (t->stop || t->taken == t->count)
            break;
        k = &t->tasks[t->taken++];
        k->state = VD_TASK_TAKEN;
        pthread_mutex_unlock(&t->lock);
        do_task(t, k);
        pthread_mutex_lock(&t->lock);
        k->state = VD_TASK_DONE;
        pthread_cond_broadcast(&t->changed);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* Waits for the task; without threads does it here. */
static vd_task *finish(vd_runner *t, uint32_t index, uint32_t threads)
{
    vd_task *k = &t->tasks[index];

    if (threads == 0) {
        do_task(t, k);
        return k;
    }
    pthread_mutex_lock(&t->lock);
    while (k->state != VD_TASK_DONE)
        pthread_cond_wait(&t->changed, &t->lock);
    pthread_mutex_unlock(&t->lock);
    return k;
}

static uint32_t wanted_threads(const vd_runner *t, uint32_t jobs)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (jobs == 0)
        jobs = cores > 0 ? (uint32_t)cores : 1;
    jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
    jobs = jobs < t->count ? jobs : t->count;
    return jobs > 1 ? jobs : 0;
}

void vd_runner_run(vd_runner *t, uint32_t jobs, bool (*tell)(void *user, const vd_task *task), void *user)
{
    pthread_t threads[MOST_JOBS];
    uint32_t  wanted = wanted_threads(t, jobs), started = 0;
    bool      go_on = true;

    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, NULL);
    t->ahead = wanted * AHEAD;
    while (started < wanted && pthread_create(&threads[started], NULL, work, t) == 0)
        started++;
    for (uint32_t i = 0; i < t->count && go_on; i++) {
        vd_task *k = finish(t, i, started);

        go_on = tell(user, k);
        drop_task(k);
        pthread_mutex_lock(&t->lock);
        t->told = i + 1;
        pthread_cond_broadcast(&t->changed);
        pthread_mutex_unlock(&t->lock);
    }
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
    while (started)
        pthread_join(threads[--started], NULL);
    for (uint32_t i = 0; i < t->count; i++)
        drop_task(&t->tasks[i]); /* those behind a stop */
    pthread_cond_destroy(&t->changed);
    pthread_mutex_destroy(&t->lock);
}
