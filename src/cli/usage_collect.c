/* SPDX-License-Identifier: Apache-2.0
 *
 * verdict usage collect and merge: workers take the next file as long as there is one, each into facts of its own; in the
 * end these are joined.  What is told of the files is told in their order.
 */
#include "cli/usage.h"

#include "base/error.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/activity.h"
#include "cli/progress.h"
#include "pattern/arn.h"
#include "pattern/value.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { MOST_JOBS = 256, GLANCE_NS = 100000000, LEAST_INFLATE = 4 << 20 };

/* A signal that asks for the end: what is there is written, and said to be a part. */
static volatile sig_atomic_t stopped; /* allowed: a signal knows no other place */

static void on_signal(int number)
{
    stopped = number;
}

/* What was told of one file, until its turn. */
typedef struct told {
    uint64_t     index;
    vd_told_unit unit;
    struct told *next;
} told;

typedef struct collecting collecting;

typedef struct worker {
    collecting  *all;
    vd_usage    *usage;
    vd_told_unit telling;
    uint64_t     index; /* of the file */
    vd_error     err;
    bool         failed;
    pthread_t    thread;
} worker;

struct collecting {
    vd_cli         *cli;
    int32_t         kind;
    bool            merge;
    bool            stream; /* standard input, in one of its forms */
    bool            listed; /* it has names of files */
    vd_usage_opts   opts;
    vd_tree        *tree;
    vd_runs         runs;
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    uint64_t        taken, shown, files;
    uint64_t        bytes;
    uint32_t        busy;
    told           *waiting; /* by rising index */
    worker         *workers;
    uint32_t        count;
};

/* ------------------------------------------------------------------ options */

bool vd_usage_size(vd_cli *cli, const char *option, uint64_t otherwise, uint64_t *out)
{
    static const char units[] = "KMGT";
    const char       *text = vd_args_text(&cli->args, option);
    vd_str            s = vd_str_of(text);
    uint64_t          v = 0;
    uint32_t          shift = 0;

    *out = otherwise;
    if (!text)
        return true;
    for (uint32_t i = 0; s.n && i < 4; i++)
        if ((s.p[s.n - 1] & ~0x20) == units[i]) {
            shift = 10 * (i + 1);
            s.n--;
            break;
        }
    for (size_t i = 0; i < s.n && i < 10; i++)
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    if (!vd_str_all_digits(s) || s.n > 10 || v == 0 || v > UINT64_C(1) << (50 - shift)) {
        vd_cli_usage(cli, "--%s must be a size like 64M or 2G, not \"%s\"", option, text);
        return false;
    }
    *out = v << shift;
    return true;
}

static bool rate_ok(vd_cli *cli)
{
    const char *text = vd_args_text(&cli->args, "max-rejected");
    vd_str      s = vd_str_of(text), whole;

    if (!text)
        return true;
    s.n -= vd_str_ends(s, VD_S("%"));
    if (!vd_str_cut(&s, '.', &whole)) {
        whole = s;
        s = VD_S("0");
    }
    if (vd_str_all_digits(whole) && whole.n <= 9 && vd_str_all_digits(s) && s.n <= 6)
        return true;
    vd_cli_usage(cli, "--max-rejected must be a number or a share like 0.1%%, not \"%s\"", text);
    return false;
}

static const struct {
    const char *id;
    int32_t     kind;
} kinds[] = {
    { "trail", VD_USAGE_TRAIL }, { "csv", VD_USAGE_CSV }, { "report", VD_USAGE_REPORT }, { "digest", VD_USAGE_DIGEST },
    { "summary", VD_USAGE_SUMMARY },
};

static void read_choices(collecting *c)
{
    const vd_args *args = &c->cli->args;
    const char    *as = vd_args_text(args, "as"), *overlap = vd_args_text(args, "overlap"), *sum = vd_args_text(args, "sum");

    c->kind = c->merge ? VD_USAGE_SUMMARY : VD_USAGE_ANY;
    for (size_t i = 0; as && i < VD_COUNT(kinds); i++)
        if (strcmp(as, kinds[i].id) == 0)
            c->kind = kinds[i].kind;
    c->opts.overlap = !overlap                        ? VD_OVERLAP_REFUSE
                      : strcmp(overlap, "max") == 0   ? VD_OVERLAP_MAX
                      : strcmp(overlap, "sum") == 0   ? VD_OVERLAP_SUM
                                                      : VD_OVERLAP_REFUSE;
    c->opts.mixed = vd_args_has(args, "mixed");
    c->opts.salvage = vd_args_has(args, "salvage");
    c->opts.tabbed = sum && strcmp(sum, "tsv") == 0;
    c->opts.redact = vd_args_has(args, "redact");
    c->opts.salt = vd_str_of(vd_args_text(args, "redact-salt"));
    c->opts.verify = vd_args_has(args, "verify");
    c->opts.any_version = vd_args_has(args, "accept-major");
}

static bool read_opts(collecting *c)
{
    vd_cli     *cli = c->cli;
    const char *principal = vd_args_text(&cli->args, "principal"), *account = vd_args_text(&cli->args, "account");
    uint64_t    memory;

    c->opts.size = sizeof c->opts;
    c->opts.catalog = cli->catalog;
    if (!vd_usage_size(cli, "mem", 96u << 20, &memory) || !vd_usage_size(cli, "dedup-mem", 32u << 20, &c->opts.dedup_memory) ||
        !vd_cli_time(cli, "from", 0, &c->opts.from) || !vd_cli_time(cli, "to", 0, &c->opts.to) ||
        !vd_cli_time(cli, "now", (int64_t)time(NULL), &c->opts.now) || !rate_ok(cli))
        return false;
    if (account && !vd_is_account(vd_str_of(account))) {
        vd_cli_usage(cli, "--account must be 12 digits, not \"%s\"", account);
        return false;
    }
    c->opts.key_slack = (int64_t)vd_args_number(&cli->args, "key-slack", 0) * 3600;
    c->opts.memory = memory / 2 / c->count;
    c->opts.inflate_bytes = memory / 2 / c->count > LEAST_INFLATE ? memory / 2 / c->count : LEAST_INFLATE;
    c->opts.record_bytes = 0;
    c->opts.principal = vd_str_of(principal);
    c->opts.account = vd_str_of(account);
    return true;
}

/* ------------------------------------------------------------------ telling, in order */

static void show_told(collecting *c)
{
    while (c->waiting && c->waiting->index == c->shown) {
        told *t = c->waiting;

        c->waiting = t->next;
        c->shown++;
        if (!c->cli->quiet)
            vd_buf_add(&c->cli->err, vd_buf_str(&t->unit.text));
        vd_told_done(&t->unit);
        vd_free(vd_allocator_default(), t, sizeof *t);
    }
    if (c->cli->err.n)
        vd_cli_flush(c->cli);
}

/* Called with the lock. */
static bool keep_told(collecting *c, worker *w)
{
    told **at = &c->waiting, *t = vd_alloc0(vd_allocator_default(), sizeof *t);

    if (!t)
        return false;
    t->index = w->index;
    t->unit = w->telling;
    while (*at && (*at)->index < t->index)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
    return true;
}

static void note(void *ctx, const vd_usage_note *n)
{
    worker *w = ctx;

    vd_told_add(&w->telling, n);
}

static bool spill(void *ctx, vd_usage *usage)
{
    worker *w = ctx;
    bool    good;

    pthread_mutex_lock(&w->all->lock);
    good = vd_runs_spill(&w->all->runs, usage, &w->err);
    pthread_mutex_unlock(&w->all->lock);
    return good;
}

/* ------------------------------------------------------------------ one file after the other */

/* Standard input is one input: whoever asks for it again, or lists files on it, would read the rest of something else. */
static bool take_standard_input(collecting *c, char *why, size_t size)
{
    bool free;

    pthread_mutex_lock(&c->lock);
    free = !c->cli->stdin_taken;
    c->cli->stdin_taken = true;
    pthread_mutex_unlock(&c->lock);
    if (!free)
        snprintf(why, size, "%s", c->listed ? "standard input has the names of the files" : "standard input was read already");
    return free;
}

static bool read_source(worker *w, vd_str name, vd_bytes *bytes)
{
    vd_usage_source source = vd_bytes_source(bytes);
    vd_error        err = { .size = sizeof err };

    bytes->stop = &stopped;
    bytes->total = &w->all->bytes;
    if (vd_usage_add(w->usage, w->all->kind, name, &source, &err) == VD_OK)
        return true;
    if (!w->err.text[0])
        w->err = err;
    return false;
}

static bool read_path(worker *w, const char *path, const char *why)
{
    const char *unit = vd_args_text(&w->all->cli->args, "unit");
    vd_str      name = vd_str_of(strcmp(path, "-") == 0 && unit ? unit : path);
    vd_bytes    bytes;
    char        text[128];
    bool        good = true;

    vd_told_init(&w->telling, w->all->cli->verbose);
    if (*why) {
        vd_usage_add_failed(w->usage, name, vd_str_of(why), NULL);
    } else if (vd_usage_passes_over(w->usage, name)) {
        good = true;
    } else if (strcmp(path, "-") == 0 && !take_standard_input(w->all, text, sizeof text)) {
        vd_usage_add_failed(w->usage, name, vd_str_of(text), NULL);
    } else if (!vd_bytes_open(&bytes, path)) {
        vd_errno_text(text, sizeof text, errno);
        vd_usage_add_failed(w->usage, name, vd_str_of(text), NULL);
    } else {
        good = read_source(w, name, &bytes);
        vd_bytes_close(&bytes);
    }
    vd_told_end(&w->telling, name);
    return good;
}

/* ------------------------------------------------------------------ standard input */

static bool stream_add(void *ctx, vd_str unit, int32_t kind, const vd_usage_source *source)
{
    worker     *w = ctx;
    collecting *c = w->all;
    vd_error    err = { .size = sizeof err };
    vd_code     code;

    vd_told_init(&w->telling, c->cli->verbose);
    code = vd_usage_add(w->usage, c->kind != VD_USAGE_ANY ? c->kind : kind, unit, source, &err);
    vd_told_end(&w->telling, unit);
    if (!c->cli->quiet)
        vd_buf_add(&c->cli->err, vd_buf_str(&w->telling.text));
    vd_told_done(&w->telling);
    if (c->cli->err.n)
        vd_cli_flush(c->cli);
    if (code != VD_OK)
        vd_cli_error(c->cli, vd_cli_exit_of(code), w->err.text[0] ? &w->err : &err);
    return code == VD_OK;
}

static bool write_out(collecting *c, vd_summary_out *out);

/* A whole summary of this part; what was spilled belongs to it. */
static bool stream_emit(void *ctx)
{
    worker        *w = ctx;
    vd_summary_out out;
    bool           good;

    if (!vd_summary_out_open(&out, w->all->cli, vd_args_text(&w->all->cli->args, "output")))
        return false;
    good = write_out(w->all, &out);
    if (out.closed && out.error == EPIPE && !out.path)
        w->all->cli->worst = (vd_exit)141;
    good = vd_summary_out_close(&out, good) && good;
    vd_runs_close(&w->all->runs);
    vd_usage_reset(w->usage);
    return good;
}

static bool run_stream(collecting *c)
{
    const char *unit = vd_args_text(&c->cli->args, "unit");
    vd_bytes    bytes = { .slow = true, .left = UINT64_MAX, .stop = &stopped, .total = &c->bytes };
    vd_stream   s = { c->cli, unit ? unit : "-", &bytes, stream_add, stream_emit, &c->workers[0] };

    return vd_stream_run(&s);
}

/* ------------------------------------------------------------------ files */

static void *work(void *ctx)
{
    worker     *w = ctx;
    collecting *c = w->all;
    char        path[4096], why[128];

    pthread_mutex_lock(&c->lock);
    while (!w->failed && !stopped && vd_tree_next(c->tree, path, why)) {
        w->index = c->taken++;
        pthread_mutex_unlock(&c->lock);
        w->failed = !read_path(w, path, why);
        pthread_mutex_lock(&c->lock);
        c->files++;
        w->failed |= !keep_told(c, w);
        pthread_cond_signal(&c->changed);
    }
    c->busy--;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static void show_progress(collecting *c, vd_progress *p)
{
    char     text[128];
    uint64_t spent = vd_progress_spent(p), bytes = __atomic_load_n(&c->bytes, __ATOMIC_RELAXED);

    if (!vd_progress_due(p))
        return;
    snprintf(text, sizeof text, "%llu files, %llu MB read, %llu MB a second", (unsigned long long)c->files,
             (unsigned long long)(bytes / 1000000), (unsigned long long)(bytes / 1000 / (spent ? spent : 1)));
    vd_progress_text(p, text);
}

static void watch(collecting *c)
{
    vd_progress progress;

    vd_progress_init(&progress, c->cli, "files");
    pthread_mutex_lock(&c->lock);
    while (c->busy) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += GLANCE_NS;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&c->changed, &c->lock, &until);
        if (c->waiting && c->waiting->index == c->shown && c->waiting->unit.text.n)
            vd_progress_clear(&progress);
        show_told(c);
        show_progress(c, &progress);
    }
    pthread_mutex_unlock(&c->lock);
    vd_progress_clear(&progress);
    show_told(c);
}

/* ------------------------------------------------------------------ all of them */

static bool make_workers(collecting *c)
{
    c->workers = vd_alloc0(vd_allocator_default(), c->count * sizeof *c->workers);
    if (!c->workers) {
        vd_cli_errorf(c->cli, VD_EXIT_NO_ANSWER, "out of memory");
        return false;
    }
    for (uint32_t i = 0; i < c->count; i++) {
        worker       *w = &c->workers[i];
        vd_usage_opts opts = c->opts;
        vd_code       code;

        w->all = c;
        w->err.size = sizeof w->err;
        opts.note = note;
        opts.spill = spill;
        opts.ctx = w;
        code = vd_usage_new(&w->usage, c->cli->engine, &opts, i ? c->workers[0].usage : NULL, &w->err);
        if (code != VD_OK) {
            vd_cli_error(c->cli, vd_cli_exit_of(code), &w->err);
            return false;
        }
    }
    return true;
}

static void drop_workers(collecting *c)
{
    for (uint32_t i = c->workers ? c->count : 0; i > 0; i--)
        vd_usage_free(c->workers[i - 1].usage);
    vd_free(vd_allocator_default(), c->workers, c->count * sizeof *c->workers);
    vd_runs_close(&c->runs);
    while (c->waiting) {
        told *t = c->waiting;

        c->waiting = t->next;
        vd_told_done(&t->unit);
        vd_free(vd_allocator_default(), t, sizeof *t);
    }
}

/* Did a worker before this one fail in the same way?  That is told once. */
static bool failed_alike(const collecting *c, uint32_t which)
{
    for (uint32_t i = 0; i < which; i++)
        if (c->workers[i].failed && strcmp(c->workers[i].err.text, c->workers[which].err.text) == 0)
            return true;
    return false;
}

static bool run_workers(collecting *c)
{
    uint32_t started = 0;
    bool     good = true;

    c->busy = c->count;
    while (started < c->count && pthread_create(&c->workers[started].thread, NULL, work, &c->workers[started]) == 0)
        started++;
    if (started == 0) { /* no threads here: one after the other */
        c->busy = 1;
        work(&c->workers[0]);
    } else {
        pthread_mutex_lock(&c->lock);
        c->busy -= c->count - started;
        pthread_mutex_unlock(&c->lock);
    }
    watch(c);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(c->workers[i].thread, NULL);
    for (uint32_t i = 0; i < c->count; i++)
        if (c->workers[i].failed) {
            if (!failed_alike(c, i))
                vd_cli_error(c->cli, VD_EXIT_NO_ANSWER, &c->workers[i].err);
            good = false;
        }
    return good;
}

static bool join(collecting *c)
{
    vd_error err = { .size = sizeof err };

    for (uint32_t i = 1; i < c->count; i++)
        if (vd_usage_join(c->workers[0].usage, c->workers[i].usage, &err) != VD_OK) {
            vd_cli_error(c->cli, VD_EXIT_NO_ANSWER, &err);
            return false;
        }
    return true;
}

/* The summary of the first worker to its place. */
static bool write_out(collecting *c, vd_summary_out *out)
{
    vd_usage_source sources[VD_MOST_RUNS];
    vd_bytes        bytes[VD_MOST_RUNS];
    vd_error        err = { .size = sizeof err };
    vd_code         code;

    for (uint32_t i = 0; i < c->runs.count; i++) {
        bytes[i] = (vd_bytes){ .fd = c->runs.fd[i], .left = UINT64_MAX };
        sources[i] = vd_bytes_source(&bytes[i]);
    }
    code = vd_usage_write(c->workers[0].usage, sources, c->runs.count, vd_summary_out_sink, out, stopped != 0, &err);
    if (code != VD_OK && !out->closed) {
        if (code == VD_EINVAL)
            vd_error_hint(&err, "the same events would count twice: --overlap max or --overlap sum takes them all the same");
        vd_cli_error(c->cli, vd_cli_exit_of(code), &err);
    }
    return code == VD_OK;
}

static bool collect_all(collecting *c)
{
    const char    *to = vd_args_text(&c->cli->args, "output");
    vd_summary_out out;
    bool           good;

    if (!(c->stream ? run_stream(c) : run_workers(c)) || !join(c) || !vd_summary_out_open(&out, c->cli, to))
        return false;
    good = write_out(c, &out);
    if (out.closed && out.error == EPIPE && !out.path)
        c->cli->worst = (vd_exit)141;
    return vd_summary_out_close(&out, good) && good;
}

static uint32_t jobs(const collecting *c)
{
    long     cores = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t wanted = vd_args_number(&c->cli->args, "jobs", 0);

    if (wanted == 0)
        wanted = cores > 0 ? (uint32_t)cores : 1;
    return wanted < MOST_JOBS ? wanted : MOST_JOBS;
}

static const char *temporary(const vd_cli *cli)
{
    const char *given = vd_args_text(&cli->args, "tmp");

    return given ? given : "/tmp";
}

vd_exit vd_usage_collect_command(vd_cli *cli, bool merge)
{
    collecting  c = { .cli = cli, .merge = merge };
    const char *in = vd_args_text(&cli->args, "in");
    vd_lines    list;
    vd_error    err = { .size = sizeof err };
    bool        paths = in && strcmp(in, "paths") == 0, opened = false;
    struct sigaction ending = { .sa_handler = on_signal }; /* what waits is woken */

    if (!vd_usage_takes(cli, merge ? VD_FORM_MERGE : VD_FORM_COLLECT) || !vd_cli_open_catalog(cli))
        return cli->worst;
    c.stream = in && !paths;
    c.count = c.stream ? 1 : jobs(&c);
    read_choices(&c);
    if (!read_opts(&c))
        return cli->worst;
    if (cli->args.word_count > 1 && c.stream) {
        vd_cli_usage(cli, "--in %s reads standard input: \"%s\" is one too many", in, cli->args.words[1]);
        return cli->worst;
    }
    if (vd_args_typed(&cli->args, "stream") && !vd_summary_out_takes_many(vd_args_text(&cli->args, "output"))) {
        vd_cli_usage(cli, "--stream writes one summary after the other: -o must be a directory, not \"%s\"",
                     vd_args_text(&cli->args, "output"));
        return cli->worst;
    }
    if (cli->args.word_count < 2 && !in) {
        vd_cli_usage(cli, "nothing to read: name files or directories, or - for standard input");
        return cli->worst;
    }
    c.runs.folder = temporary(cli);
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.changed, NULL);
    sigaction(SIGTERM, &ending, NULL);
    sigaction(SIGINT, &ending, NULL);
    c.listed = paths;
    if (paths) {
        cli->stdin_taken = true;
        opened = vd_lines_open(&list, "-", &err);
        if (!opened)
            vd_cli_error(cli, VD_EXIT_USAGE, &err);
    }
    if (!paths || opened)
        c.tree = vd_tree_new(cli, cli->args.words + 1, cli->args.word_count - 1, opened ? &list : NULL,
                             vd_args_has(&cli->args, "follow"));
    vd_tree_stops(c.tree, &stopped);
    if (c.tree && make_workers(&c) && collect_all(&c)) {
        vd_told_verdict(cli, c.workers[0].usage, merge || stopped);
        if (merge && !c.stream && !c.files && !stopped && !vd_usage_tolerates_all(cli))
            vd_cli_errorf(cli, VD_EXIT_USAGE, "there is no summary to merge");
        if (stopped)
            cli->worst = (vd_exit)(128 + stopped);
    }
    drop_workers(&c);
    vd_tree_free(c.tree);
    if (opened)
        vd_lines_close(&list);
    pthread_cond_destroy(&c.changed);
    pthread_mutex_destroy(&c.lock);
    return cli->worst;
}
