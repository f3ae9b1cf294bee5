/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict test: runs scenario files and tells what came of each case.
 */
#include "base/str.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/runner.h"
#include "cli/walk.h"
#include "pattern/glob.h"
#include "pattern/value.h"

#include <time.h>

typedef struct tests {
    vd_cli      *cli;
    vd_paths     paths;
    vd_runner    runner;
    size_t       filter_room;
    vd_outputs   outputs;
    vd_test_report    reports[VD_MOST_OUTPUTS];
    vd_coverage *covered;
    uint32_t     passed, failed, files;
    vd_progress  progress;
} tests;

static void out_of_memory(tests *t)
{
    vd_cli_errorf(t->cli, VD_EXIT_NO_ANSWER, "out of memory");
}

static void tell_case(tests *t, const vd_told_case *told)
{
    for (size_t i = 0; i < t->outputs.count; i++) {
        vd_test_report *r = &t->reports[i];

        r->passed += told->result->passed;
        r->failed += !told->result->passed;
        if (vd_output_is(&t->outputs, i, "json")) {
            if (vd_test_report_json_case(r, told) != VD_OK)
                out_of_memory(t);
        } else if (vd_output_is(&t->outputs, i, "junit")) {
            vd_test_report_junit_case(r, told);
        } else {
            vd_test_report_text_case(vd_output_buf(&t->outputs, i),
                                t->outputs.at[i].path ? &(vd_look){ .width = 100 } : &t->cli->look, told,
                                t->cli->verbose);
        }
    }
    t->passed += told->result->passed;
    t->failed += !told->result->passed;
}

/* False: stop after this one. */
static bool tell_file(tests *t, const vd_task *k)
{
    vd_cli *cli = t->cli;
    bool    fail_fast = vd_args_has(&cli->args, "fail-fast");

    vd_cli_diags(cli, k->notes, !k->suite && !k->skipped);
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

        if (!vd_runner_wants(&t->runner, told.scenario))
            continue;
        if (k->errors[i].code != VD_OK) {
            if (k->errors[i].at.file.n == 0)
                k->errors[i].at = told.scenario->at;
            vd_cli_error(cli, vd_cli_exit_of(k->errors[i].code), &k->errors[i]);
            t->failed++;
            for (size_t o = 0; o < t->outputs.count; o++)
                t->reports[o].failed++;
        } else {
            tell_case(t, &told);
            if (!told.result->passed && told.result->code != VD_OK)
                vd_cli_worse(cli, VD_EXIT_USAGE); /* the case could not be asked */
        }
        if (fail_fast && t->failed)
            return false;
    }
    if (t->covered && vd_coverage_merge(t->covered, k->coverage, NULL) != VD_OK)
        out_of_memory(t);
    return true;
}

/* One file after the other, in their order. */
static bool tell(void *user, const vd_task *k)
{
    tests *t = user;
    bool   go_on;

    vd_progress_clear(&t->progress);
    go_on = tell_file(t, k) && (t->cli->out.n == 0 || vd_cli_flush(t->cli));
    if (go_on)
        vd_progress_show(&t->progress, t->runner.told + 1, t->runner.count);
    return go_on;
}

static void tell_end(tests *t)
{
    vd_cli *cli = t->cli;

    for (size_t i = 0; i < t->outputs.count; i++) {
        vd_buf        *out = vd_output_buf(&t->outputs, i);
        const vd_look *look = t->outputs.at[i].path ? &(vd_look){ .width = 100 } : &cli->look;

        if (vd_output_is(&t->outputs, i, "json")) {
            if (vd_test_report_json_end(out, &t->reports[i], t->covered) != VD_OK)
                out_of_memory(t);
        } else if (vd_output_is(&t->outputs, i, "junit")) {
            vd_test_report_junit_end(out, &t->reports[i], VD_S("verdict test"));
        } else {
            if (t->covered)
                vd_test_report_text_coverage(out, look, t->covered);
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
    t->runner.tasks = vd_alloc0(vd_allocator_default(), t->paths.count * sizeof *t->runner.tasks);
    if (!t->runner.tasks) {
        out_of_memory(t);
        return false;
    }
    t->runner.count = t->paths.count;
    for (uint32_t i = 0; i < t->runner.count; i++) {
        t->runner.tasks[i].path = t->paths.at[i];
        for (uint32_t j = 0; j < cli->args.word_count; j++)
            t->runner.tasks[i].named |= t->paths.at[i] == cli->args.words[j];
    }
    return ok;
}

static bool prepare(tests *t)
{
    const vd_args *args = &t->cli->args;
    const char    *filter = vd_args_text(args, "filter"), *now = vd_args_text(args, "now");
    vd_error       err = { .size = sizeof err };
    vd_date        date = { 0 };
    char          *coded;

    if (filter) {
        t->filter_room = strlen(filter) + 1;
        coded = vd_alloc(vd_allocator_default(), t->filter_room);
        if (!coded) {
            out_of_memory(t);
            return false;
        }
        t->runner.filter.n = vd_glob_code(coded, vd_str_of(filter));
        t->runner.filter.p = coded;
    }
    if (now && !vd_date_parse(&date, vd_str_of(now))) {
        vd_cli_usage(t->cli, "--now wants a time like 2026-11-21T10:00:00Z, found \"%s\"", now);
        return false;
    }
    if (!now)
        date.seconds = time(NULL);
    t->runner.now[vd_date_format(t->runner.now, date)] = 0;
    if (!now)
        vd_cli_notef(t->cli, "aws:CurrentTime is %s where a case gives none", t->runner.now);
    t->runner.coverage = vd_args_has(args, "coverage");
    if (t->runner.coverage && vd_coverage_new(&t->covered, t->cli->engine, &err) != VD_OK) {
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
    if (t->runner.filter.p && t->files)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no case has a name like \"%s\"", vd_args_text(&cli->args, "filter"));
    else
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no scenario file in %s%s", cli->args.word_count ? cli->args.words[0] : ".",
                      cli->args.word_count > 1 ? " and the others" : "");
}

static vd_exit run(vd_cli *cli)
{
    tests t = { .cli = cli, .runner = { .engine = cli->engine, .want_notes = cli->verbose } };

    if (!vd_outputs_open(&t.outputs, cli, "text"))
        return VD_EXIT_USAGE;
    if (prepare(&t)) {
        if (!find_files(&t))
            vd_cli_worse(cli, VD_EXIT_USAGE);
        vd_runner_run(&t.runner, vd_args_number(&cli->args, "jobs", 0), tell, &t);
        vd_progress_clear(&t.progress);
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
    vd_free(vd_allocator_default(), (void *)(uintptr_t)t.runner.filter.p, t.filter_room);
    vd_free(vd_allocator_default(), t.runner.tasks, t.runner.count * sizeof *t.runner.tasks);
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
