/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads (crew.c) take the next file, as long as there is one; what came of all of them is told in order.
 */
#include "cli/lint_batch.h"

#include "base/file.h"
#include "base/str.h"
#include "cli/crew.h"
#include "lint/baseline.h"
#include "lint/leftovers.h"
#include "text/edit.h"

#include <sys/stat.h>
#include <unistd.h>

static bool nomem(vd_cli *cli)
{
    vd_cli_errorf(cli, VD_EXIT_NO_ANSWER, "out of memory");
    return false;
}

/* ------------------------------------------------------------------ files */

static bool add_task(vd_lint_batch *b, const char *path, bool named)
{
    const char  *as = vd_args_text(&b->cli->args, "stdin-name");
    vd_lint_task t = { .path = path, .name = vd_str_of(path), .named = named, .error = { .size = sizeof t.error } };

    if (strcmp(path, "-") == 0 && as)
        t.name = vd_str_of(as);
    if (vd_lint_is_config(t.name) && !named)
        return true;
    t.folder = vd_lint_configs_of(b->configs, strcmp(path, "-") == 0 && as ? as : path);
    if (!t.folder)
        return false;
    if (!t.folder->linter)
        return true; /* which was said */
    t.seen = vd_lint_configs_path(b->configs, t.folder, t.name.p);
    if (!named && !vd_lint_folder_wants(t.folder, t.seen))
        return true;
    return VD_ARENA_PUSH(&b->arena, b->tasks, b->count, b->cap, t) ? true : nomem(b->cli);
}

static bool add_path(vd_lint_batch *b, const char *path)
{
    uint32_t before = b->paths.count;
    bool     folder = strcmp(path, "-") != 0 && vd_is_directory(path);

    vd_walk(b->cli, &b->paths, path, true);
    for (uint32_t i = before; i < b->paths.count; i++)
        if (!add_task(b, b->paths.at[i], !folder))
            return false;
    return true;
}

static bool find_files(vd_lint_batch *b)
{
    const vd_args *args = &b->cli->args;

    b->paths.templates = true;
    if (args->word_count == 0)
        return add_path(b, ".");
    for (uint32_t i = 0; i < args->word_count; i++)
        if (!add_path(b, args->words[i]))
            return false;
    return true;
}

/* ------------------------------------------------------------------ one file */

static void do_task(vd_lint_batch *b, vd_lint_task *t)
{
    const vd_linter *l = t->folder->linter;
    vd_error         why = { .size = sizeof why };

    if (!t->read && vd_file_read(&t->text, vd_allocator_default(), t->path, b->limit, &why) != VD_OK) {
        t->code = vd_lint_unreadable(&t->report, l, t->name, t->seen, &why, &t->error);
        return;
    }
    t->read = true;
    if (b->fix)
        t->code = vd_lint_fix_file(&t->report, l, &b->fixes, t->name, t->seen, t->text, &t->error);
    else
        t->code = vd_lint_file_within(&t->report, l, t->name, t->seen, t->text, b->units_left, &t->error);
}

static void do_piece(void *user, uint32_t index)
{
    vd_lint_batch *b = user;

    do_task(b, &b->tasks[index]);
}

/* Files that share a budget come one after the other: how far it reaches must not hang on threads. */
static void do_all(vd_lint_batch *b)
{
    b->units = b->configs->words->opts.budget_total;
    if (!b->units) {
        vd_crew_work(b->cli, "files", b->count, do_piece, b);
        return;
    }
    b->units_left = b->fixes.units_left = &b->units;
    for (uint32_t i = 0; i < b->count; i++)
        do_task(b, &b->tasks[i]);
}

/* ------------------------------------------------------------------ fixes */

/* A file put in the place of another asks only the folder; root may write whatever there is. */
static bool is_read_only(const char *path)
{
    struct stat st;

    return access(path, W_OK) != 0 || (stat(path, &st) == 0 && (st.st_mode & 0222) == 0);
}

/* Never outside of the repository that one is in. */
static bool may_write(vd_lint_batch *b, const vd_lint_task *t)
{
    const vd_lint_folder *here = vd_lint_configs_of(b->configs, "x");
    const char           *why = NULL;

    if (strcmp(t->path, "-") == 0)
        return true;
    if (here && !vd_str_starts(t->folder->real, here->root))
        why = "it is outside of the repository";
    else if (is_read_only(t->path))
        why = "it is read-only";
    if (why)
        vd_cli_warnf(b->cli, VD_F ": not fixed: %s", VD_A(t->name), why);
    return !why;
}

static bool print_diff(vd_lint_batch *b, const vd_lint_task *t)
{
    vd_arena scratch = vd_arena_on(vd_allocator_default(), 0);
    vd_str   was, now;
    bool     ok = vd_arena_printf(&scratch, &was, "a/" VD_F, VD_A(t->name)) &&
                  vd_arena_printf(&scratch, &now, "b/" VD_F, VD_A(t->name)) &&
                  vd_diff_unified(&b->cli->out, &scratch, was, t->text, now, vd_report_text(t->report));

    vd_arena_done(&scratch);
    return ok ? true : nomem(b->cli);
}

static bool write_fixed(vd_lint_batch *b, const vd_lint_task *t)
{
    vd_error err = { .size = sizeof err };

    if (!may_write(b, t))
        return false;
    if (vd_args_has(&b->cli->args, "dry-run"))
        return print_diff(b, t);
    if (strcmp(t->path, "-") == 0) {
        vd_buf_add(&b->cli->out, vd_report_text(t->report));
        return true;
    }
    if (vd_file_replace(t->path, vd_report_text(t->report), &err) == VD_OK)
        return true;
    vd_cli_error(b->cli, VD_EXIT_USAGE, &err);
    return false;
}

/* A file that stays as it was is told of as it is: with all its findings. */
static bool put_back(vd_lint_batch *b, vd_lint_task *t)
{
    if (vd_report_left_alone(t->report).n)
        vd_cli_warnf(b->cli, VD_F ": not all is fixed: " VD_F, VD_A(t->name),
                     VD_A(vd_report_left_alone(t->report)));
    if (vd_report_fixed(t->report) == 0) {
        if (strcmp(t->path, "-") == 0 && !vd_args_has(&b->cli->args, "dry-run"))
            vd_buf_add(&b->cli->out, t->text); /* whoever reads on gets it as it was */
        return true;
    }
    if (write_fixed(b, t)) {
        b->fixed += vd_report_fixed(t->report);
        return true;
    }
    vd_report_free(t->report);
    t->report = NULL;
    t->code = vd_lint_file_within(&t->report, t->folder->linter, t->name, t->seen, t->text, b->units_left, &t->error);
    if (t->code != VD_OK)
        vd_cli_error(b->cli, vd_cli_exit_of(t->code), &t->error);
    return t->code == VD_OK;
}

/* Each reason once for a file. */
static void tell_refusals(vd_lint_batch *b, const vd_lint_task *t)
{
    vd_str last = VD_S("");

    for (uint32_t i = 0; i < vd_report_findings(t->report); i++) {
        const vd_lint_finding *f = vd_report_finding(t->report, i);
        vd_str                 why = f->fix_count ? f->fixes[0].refused : VD_S("");

        if (f->state != VD_STATE_NEW || why.n == 0 || vd_str_eq(why, last))
            continue;
        vd_cli_warnf(b->cli, VD_F ":%u:%u: not fixed: " VD_F, VD_A(t->name), (unsigned)f->range.at.line,
                     (unsigned)f->range.at.column, VD_A(why));
        last = why;
    }
}

/* ------------------------------------------------------------------ results */

/* A text that cannot be read was a finding, or is told on standard error. */
static void tell_error(vd_cli *cli, const vd_report *r)
{
    uint32_t told = 0;

    for (uint32_t i = 0; i < vd_report_findings(r); i++)
        told += vd_report_finding(r, i)->state == VD_STATE_NEW && vd_report_finding(r, i)->severity == VD_ERROR;
    if (told == 0)
        vd_cli_error(cli, VD_EXIT_USAGE, vd_report_error(r));
}

static bool is_empty(const vd_report *r)
{
    return !vd_report_error(r) && !vd_report_format(r) && vd_report_findings(r) == 0 && vd_report_policies(r) == 0;
}

static bool take(vd_lint_batch *b, vd_lint_task *t)
{
    if (t->code != VD_OK) {
        vd_cli_error(b->cli, vd_cli_exit_of(t->code), &t->error);
        return true;
    }
    if (is_empty(t->report)) {
        if (t->named && !vd_args_has(&b->cli->args, "allow-empty"))
            vd_cli_errorf(b->cli, VD_EXIT_USAGE, VD_F ": there is no policy in it%s", VD_A(t->name), vd_terraform_hint(t->name.p));
        b->skipped++;
        vd_report_free(t->report);
        t->report = NULL;
        return true;
    }
    if (vd_report_error(t->report))
        tell_error(b->cli, t->report);
    if (b->fix) {
        if (!put_back(b, t))
            return true;
        tell_refusals(b, t);
    }
    if (VD_ARENA_PUSH(&b->results.arena, b->results.at, b->results.count, b->results.cap, t->report))
        return true;
    return nomem(b->cli);
}

/* What the configurations say in vain; with --prune-baseline the baseline's is not told but taken out. */
static bool take_leftovers(vd_lint_batch *b)
{
    bool     prune = vd_args_has(&b->cli->args, "prune-baseline");
    uint32_t files = b->results.count;

    for (uint32_t s = 0; s < b->configs->shared_count; s++) {
        const vd_linter *l = b->configs->shared[s].linter;

        for (uint32_t i = 0; l && i < l->text_count; i++) {
            vd_report *r = NULL;
            vd_error   err = { .size = sizeof err };

            if (prune && b->configs->words->opts.baseline && i + 1 == l->text_count)
                continue;
            if (vd_lint_leftovers(&r, l, i, b->results.at, files, &err) != VD_OK)
                return nomem(b->cli);
            if (r && !VD_ARENA_PUSH(&b->results.arena, b->results.at, b->results.count, b->results.cap, r)) {
                vd_report_free(r);
                return nomem(b->cli);
            }
        }
    }
    return true;
}

static bool write_baseline(vd_lint_batch *b, const char *path, const vd_linter *pruned, uint32_t files)
{
    vd_buf   out = vd_buf_on(vd_allocator_default(), 0);
    vd_error err = { .size = sizeof err };
    bool     ok = vd_baseline_write(&out, b->results.at, files, pruned) == VD_OK;

    if (!ok)
        nomem(b->cli);
    else if (vd_file_write(path, vd_buf_str(&out), &err) != VD_OK)
        vd_cli_error(b->cli, VD_EXIT_USAGE, &err);
    vd_buf_done(&out);
    return ok;
}

/* What was written is known from now on: it does not fail this run. */
static bool write_known(vd_lint_batch *b)
{
    const vd_args *args = &b->cli->args;
    const char    *path = vd_args_text(args, "write-baseline"), *baseline = vd_args_text(args, "baseline");

    if (vd_args_has(args, "prune-baseline") && !baseline) {
        vd_cli_usage(b->cli, "--prune-baseline needs --baseline FILE");
        return false;
    }
    if (path && !write_baseline(b, path, NULL, b->results.count))
        return false;
    if (!vd_args_has(args, "prune-baseline") || b->configs->shared_count == 0)
        return true;
    return write_baseline(b, baseline, b->configs->shared[0].linter, b->results.count);
}

static void read_fix_words(vd_lint_batch *b)
{
    const vd_args *args = &b->cli->args;
    uint32_t       n = vd_args_count(args, "fix-only");
    vd_str        *only = vd_arena_new_array(&b->arena, vd_str, n ? n : 1);

    b->fixes = (vd_fix_opts){ .size = sizeof b->fixes, .unsafe = vd_args_has(args, "unsafe-fixes") };
    b->fix = b->fixes.unsafe || n || vd_args_has(args, "fix") || vd_args_has(args, "dry-run");
    for (uint32_t i = 0; only && i < n; i++)
        only[i] = vd_str_of(vd_args_at(args, "fix-only", i));
    b->fixes.only = only;
    b->fixes.only_count = only ? n : 0;
}

bool vd_lint_batch_run(vd_lint_batch *b, vd_cli *cli, vd_lint_configs *configs)
{
    vd_limits limits;

    *b = (vd_lint_batch){ .cli = cli, .configs = configs, .arena = vd_arena_on(vd_allocator_default(), 0) };
    vd_lint_results_init(&b->results);
    vd_paths_init(&b->paths);
    vd_engine_limits(cli->engine, &limits);
    b->limit = limits.document_bytes;
    read_fix_words(b);
    if (!find_files(b))
        return false;
    do_all(b);
    for (uint32_t i = 0; i < b->count; i++)
        if (!take(b, &b->tasks[i]))
            return false;
    if (b->count == 0 && cli->args.word_count && !vd_args_has(&cli->args, "allow-empty") && cli->worst == VD_EXIT_YES)
        vd_cli_errorf(cli, VD_EXIT_USAGE, "no document (*.json, *.yaml, *.yml, *.template) in %s%s", cli->args.words[0],
                      vd_terraform_hint(cli->args.words[0]));
    if (!write_known(b) || !take_leftovers(b))
        return false;
    if (b->skipped)
        vd_cli_notef(cli, "%u files hold no policy", (unsigned)b->skipped);
    return true;
}

void vd_lint_batch_done(vd_lint_batch *b)
{
    vd_lint_results_done(&b->results);
    for (uint32_t i = 0; i < b->count; i++)
        if (b->tasks[i].read)
            vd_file_free(vd_allocator_default(), b->tasks[i].text);
    vd_paths_done(&b->paths);
    vd_arena_done(&b->arena);
}
