/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict test: runs scenario files.  Files are read and run by --jobs threads and told by this one in their order, so
 * that the output never depends on how many there are.
 */
#include "base/file.h"
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/walk.h"
#include "pattern/glob.h"
#include "pattern/value.h"
#include "text/doc.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_JOBS = 256,
    AHEAD = 4 /* files for each thread that may be done and not yet told */
};

typedef enum task_state { TASK_OPEN, TASK_TAKEN, TASK_DONE } task_state;

/* One file: what a thread makes of it. */
typedef struct task {
    const char     *path;
    bool            named;   /* on the command line: it must be a scenario file */
    task_state      state;
    bool            skipped; /* found in a directory, and something else than a scenario file */
    vd_suite       *suite;   /* NULL: error */
    vd_diags       *notes;
    vd_coverage    *coverage;
    vd_case_result *results; /* one a case */
    vd_error       *errors;  /* of a case that could not be run at all; NULL: there is none */
    vd_error        error;
    uint32_t        cases;
} task;

typedef struct tests {
    vd_cli         *cli;
    vd_paths        paths;
    task           *tasks;
    uint32_t        count;
    char           *filter; /* a coded glob */
    size_t          filter_bytes, filter_room;
    char            now[48];
    bool            coverage;

    pthread_mutex_t lock;
    pthread_cond_t  changed;
    uint32_t        taken, told; /* tasks begun, tasks finished with */
    uint32_t        ahead;
    bool            stop;

    vd_outputs      outputs;
    vd_report       reports[VD_MOST_OUTPUTS];
    vd_coverage    *covered;
    uint32_t        passed, failed, files;
    vd_progress     progress;
} tests;

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

static bool is_wanted(const tests *t, const vd_case *c)
{
    return !t->filter || vd_glob_match((vd_str){ t->filter, t->filter_bytes }, c->name);
}

static vd_code load(const tests *t, task *k)
{
    const vd_engine *engine = t->cli->engine;
    bool             yes = true;

    if (!k->named) {
        VD_TRY(is_scenario(engine, k->path, &yes, &k->error));
        k->skipped = !yes;
    }
    if (!yes)
        return VD_OK;
    if (t->cli->verbose)
        VD_TRY(vd_diags_new(&k->notes, engine, &k->error));
    VD_TRY(vd_suite_load(&k->suite, engine, k->path, NULL, k->notes, &k->error));
    k->cases = (uint32_t)vd_suite_count(k->suite);
    if (t->coverage) {
        VD_TRY(vd_coverage_new(&k->coverage, engine, &k->error));
        VD_TRY(vd_coverage_add(k->coverage, k->suite, &k->error));
    }
    return VD_OK;
}

static void run_cases(const tests *t, task *k)
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
        if (is_wanted(t, vd_suite_case(k->suite, i)))
            vd_suite_run(&k->results[i], k->suite, i, &opts, &k->errors[i]);
    }
}

static void do_task(const tests *t, task *k)
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

static void drop_task(task *k)
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
    tests *t = user;

    pthread_mutex_lock(&t->lock);
    for (;;) {
        task *k;

        while (!t->stop && t->taken < t->count && t->taken >= t->told + t->ahead)
            pthread_cond_wait(&t->changed, &t->lock);
        if (t->stop || t->taken == t->count)
            break;
        k = &t->tasks[t->taken++];
        k->state = TASK_TAKEN;
        pthread_mutex_unlock(&t->lock);
        do_task(t, k);
        pthread_mutex_lock(&t->lock);
        k->state = TASK_DONE;
        pthread_cond_broadcast(&t->changed);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* Waits for the task; without threads does it here. */
static task *finish(tests *t, uint32_t index, uint32_t threads)
{
    task *k = &t->tasks[index];

    if (threads == 0) {
        do_task(t, k);
        return k;
    }
    pthread_mutex_lock(&t->lock);
    while (k->state != TASK_DONE)
        pthread_cond_wait(&t->changed, &t->lock);
    pthread_mutex_unlock(&t->lock);
    return k;
}

/* ------------------------------------------------------------------ telling */

static void out_of_memory(tests *t)
{
    vd_cli_errorf(t->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static void tell_case(tests *t, const vd_told_case *told)
{
    for (size_t i = 0; i < t->outputs.count; i++) {
        vd_report *r = &t->reports[i];

        r->passed += told->result->passed;
        r->failed += !told->result->passed;
        if (vd_output_is(&t->outputs, i, "json")) {
            if (vd_report_json_case(r, told) != VD_OK)
                out_of_memory(t);
        } else if (vd_output_is(&t->outputs, i, "junit")) {
            vd_report_junit_case(r, told);
        } else {
            vd_report_text_case(vd_output_buf(&t->outputs, i),
                                t->outputs.at[i].path ? &(vd_look){ .width = 100 } : &t->cli->look, told,
                                t->cli->verbose);
        }
    }
    t->passed += told->result->passed;
    t->failed += !told->result->passed;
}

/* False: stop after this one. */
static bool tell_task(tests *t, task *k, bool fail_fast)
{
    vd_cli *cli = t->cli;

    if (k->notes)
        vd_cli_diags(cli, k->notes, false);
    if (k->skipped) {
        vd_cli_notef(cli, "%s is no scenario file", k->path);
        return true;
    }
    if (!k->suite) {
        vd_cli_error(cli, vd_exit_worse(VD_EXIT_NO_ANSWER, vd_cli_exit_of(k->error.code)), &k->error);
        return !fail_fast;
    }
    t->files++;
    for (uint32_t i = 0; i < k->cases; i++) {
        vd_told_case told = { vd_str_of(k->path), vd_suite_case(k->suite, i), &k->results[i] };

        if (!is_wanted(t, told.scenario))
            continue;
        if (k->errors[i].code != VD_OK) {
            if (k->errors[i].at.file.n == 0)
                k->errors[i].at = told.scenario->at;
            vd_cli_error(cli, vd_cli_exit_of(k->errors[i].code), &k->errors[i]);
            t->failed++;
        } else {
            tell_case(t, &told);
        }
        if (fail_fast && t->failed)
            return false;
    }
    if (t->covered && vd_coverage_merge(t->covered, k->coverage, NULL) != VD_OK)
        out_of_memory(t);
    return true;
}

static void tell_end(tests *t)
{
    vd_cli *cli = t->cli;

    for (size_t i = 0; i < t->outputs.count; i++) {
        vd_buf        *out = vd_output_buf(&t->outputs, i);
        const vd_look *look = t->outputs.at[i].path ? &(vd_look){ .width = 100 } : &cli->look;

        if (vd_output_is(&t->outputs, i, "json")) {
            if (vd_report_json_end(out, &t->reports[i], t->covered) != VD_OK)
                out_of_memory(t);
        } else if (vd_output_is(&t->outputs, i, "junit")) {
            vd_report_junit_end(out, &t->reports[i], VD_S("verdict test"));
        } else {
            if (t->covered)
                vd_report_text_coverage(out, look, t->covered);
            if (t->passed + t->failed == 0 || (cli->quiet && t->failed == 0))
                continue;
            vd_buf_printf(out, "%u passed, ", t->passed);
            vd_look_tone(out, look, t->failed ? VD_TONE_BAD : VD_TONE_PLAIN);
            vd_buf_printf(out, "%u failed", t->failed);
            vd_look_tone(out, look, VD_TONE_PLAIN);
            vd_buf_printf(out, " (%u %s)\n", t->files, t->files == 1 ? "file" : "files");
        }
    }
}

/* ------------------------------------------------------------------ the command */

static uint32_t wanted_threads(const tests *t)
{
    long     cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t jobs = vd_args_number(&t->cli->args, "jobs", 0);

    if (jobs == 0)
        jobs = cores > 0 ? (uint32_t)cores : 1;
    jobs = jobs < MOST_JOBS ? jobs : MOST_JOBS;
    jobs = jobs < t->count ? jobs : t->count;
    return jobs > 1 ? jobs : 0;
}

static void run_all(tests *t)
{
    pthread_t threads[MOST_JOBS];
    uint32_t  wanted = wanted_threads(t), started = 0;
    bool      fail_fast = vd_args_has(&t->cli->args, "fail-fast"), go_on = true;

    t->ahead = wanted * AHEAD;
    while (started < wanted && pthread_create(&threads[started], NULL, work, t) == 0)
        started++;
    for (uint32_t i = 0; i < t->count && go_on; i++) {
        task *k = finish(t, i, started);

        vd_progress_clear(&t->progress);
        go_on = tell_task(t, k, fail_fast) && (t->cli->out.n == 0 || vd_cli_flush(t->cli));
        drop_task(k);
        vd_progress_show(&t->progress, i + 1, t->count);
        pthread_mutex_lock(&t->lock);
        t->told = i + 1;
        pthread_cond_broadcast(&t->changed);
        pthread_mutex_unlock(&t->lock);
    }
    vd_progress_clear(&t->progress);
    pthread_mutex_lock(&t->lock);
    t->stop = true;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
    while (started)
        pthread_join(threads[--started], NULL);
    for (uint32_t i = 0; i < t->count; i++)
        drop_task(&t->tasks[i]); /* those behind a stop */
}

static bool find_files(tests *t)
{
    static const char *const here[] = { "." };
    vd_cli                  *cli = t->cli;
    const char *const       *words = cli->args.word_count ? cli->args.words : here;
    uint32_t                 count = cli->args.word_count ? cli->args.word_count : 1;
    bool                     ok = true;

    vd_paths_init(&t->paths);
    for (uint32_t i = 0; i < count; i++)
        ok &= vd_walk(cli, &t->paths, words[i], true);
    t->tasks = vd_alloc0(vd_allocator_default(), t->paths.count * sizeof *t->tasks);
    if (!t->tasks) {
        out_of_memory(t);
        return false;
    }
    t->count = t->paths.count;
    for (uint32_t i = 0; i < t->count; i++) {
        t->tasks[i].path = t->paths.at[i];
        for (uint32_t j = 0; j < cli->args.word_count; j++)
            t->tasks[i].named |= t->paths.at[i] == cli->args.words[j];
    }
    return ok;
}

static bool prepare(tests *t)
{
    const vd_args *args = &t->cli->args;
    const char    *filter = vd_args_text(args, "filter"), *now = vd_args_text(args, "now");
    vd_error       err = { .size = sizeof err };
    vd_date        date = { 0 };

    if (filter) {
        t->filter_room = strlen(filter) + 1;
        t->filter = vd_alloc(vd_allocator_default(), t->filter_room);
        if (!t->filter) {
            out_of_memory(t);
            return false;
        }
        t->filter_bytes = vd_glob_code(t->filter, vd_str_of(filter));
    }
    if (now && !vd_date_parse(&date, vd_str_of(now))) {
        vd_cli_usage(t->cli, "--now wants a time like 2026-11-21T10:00:00Z, found \"%s\"", now);
        return false;
    }
    if (!now)
        date.seconds = time(NULL);
    t->now[vd_date_format(t->now, date)] = 0;
    if (!now)
        vd_cli_notef(t->cli, "aws:CurrentTime is %s where a case gives none", t->now);
    t->coverage = vd_args_has(args, "coverage");
    if (t->coverage && vd_coverage_new(&t->covered, t->cli->engine, &err) != VD_OK) {
        vd_cli_error(t->cli, VD_EXIT_NO_ANSWER, &err);
        return false;
    }
    for (size_t i = 0; i < VD_MOST_OUTPUTS; i++)
        t->reports[i].body = vd_buf_on(vd_allocator_default(), 0);
    vd_progress_init(&t->progress, t->cli, "files");
    return true;
}

static void tell_nothing(tests *t)
{
    vd_cli *cli = t->cli;

    if (cli->worst == VD_EXIT_USAGE)
        return; /* said already what is wrong */
    if (t->filter && t->files)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no case has a name like \"%s\"", vd_args_text(&cli->args, "filter"));
    else
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no scenario file in %s%s", cli->args.word_count ? cli->args.words[0] : ".",
                      cli->args.word_count > 1 ? " and the others" : "");
}

static vd_exit run(vd_cli *cli)
{
    tests t = { .cli = cli, .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

    if (!vd_outputs_open(&t.outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (prepare(&t)) {
        if (!find_files(&t))
            vd_cli_worse(cli, VD_EXIT_USAGE);
        run_all(&t);
        if (t.passed + t.failed == 0)
            tell_nothing(&t);
        tell_end(&t);
        if (t.failed)
            vd_cli_worse(cli, VD_EXIT_NO);
    }
    vd_outputs_close(&t.outputs);
    for (size_t i = 0; i < VD_MOST_OUTPUTS; i++)
        if (t.reports[i].body.alloc)
            vd_buf_done(&t.reports[i].body);
    vd_coverage_free(t.covered);
    vd_free(vd_allocator_default(), t.filter, t.filter_room);
    vd_free(vd_allocator_default(), t.tasks, t.count * sizeof *t.tasks);
    vd_paths_done(&t.paths);
    return cli->worst;
}

static const vd_opt own[] = {
    { "format", 'f', VD_OPT_FORMAT, true, "text|json|junit", "how to print the results", NULL },
    { "filter", 0, VD_OPT_TEXT, false, "GLOB", "only cases with such a name", NULL },
    { "fail-fast", 0, VD_OPT_FLAG, false, NULL, "stop after the first failure", NULL },
    { "coverage", 0, VD_OPT_FLAG, false, NULL, "tell which statements and conditions no case reached", NULL },
    { "jobs", 'j', VD_OPT_NUMBER, false, "N", "threads; 0, the default, is one for each core", "VERDICT_JOBS" },
    { "now", 0, VD_OPT_TEXT, false, "TIME", "aws:CurrentTime where a case gives none; default the clock", NULL },
};
static VD_OPTS(own_options, "tests", own);

static const vd_opts *const groups[] = { &own_options, &vd_opts_everywhere };

static const vd_example examples[] = {
    { "all scenario files below a directory", "verdict test policies", 0 },
    { "for CI, and what the tests do not reach", "verdict test --coverage --format text --format junit=/tmp/junit.xml policies",
      0 },
};

const vd_command vd_command_test = {
    .name = "test",
    .summary = "run scenario files (policy unit tests) and report",
    .words = "[PATH...]",
    .about = "Runs every case of the scenario files given and compares the decision with what the case expects. In a "
             "directory, by default the current one, all scenario files are found; other documents are passed over.",
    .groups = groups,
    .group_count = VD_COUNT(groups),
    .examples = examples,
    .example_count = VD_COUNT(examples),
    .exits = "0 all passed, 1 a case failed",
    .run = run,
};
