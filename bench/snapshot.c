/* SPDX-License-Identifier: Apache-2.0
 *
 * How long it takes from the files of a company to answers: read, compiled, saved, opened, asked.  Or writes the files.
 */
#include "company.h"

#include <verdict/paths.h>
#include <verdict/reach.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct kept_file {
    char  *path, *bytes;
    size_t n;
} kept_file;

typedef struct files {
    kept_file *at;
    uint32_t   count, cap;
    size_t     bytes;
} files;

static _Noreturn void die(const char *what, const vd_error *err)
{
    fprintf(stderr, "bench: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(3);
}

static bool keep_file(void *user, const char *path, const char *bytes, size_t n)
{
    files     *f = user;
    kept_file *k;

    if (f->count == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 1024;
        f->at = realloc(f->at, f->cap * sizeof *f->at);
    }
    if (!f->at)
        die("out of memory", NULL);
    k = &f->at[f->count++];
    k->path = strdup(path);
    k->bytes = malloc(n + 1);
    if (!k->path || !k->bytes)
        die("out of memory", NULL);
    memcpy(k->bytes, bytes, n);
    k->n = n;
    f->bytes += n;
    return true;
}

/* ------------------------------------------------------------------ files of a folder */

static bool write_file(void *user, const char *path, const char *bytes, size_t n)
{
    const char *folder = user;
    char        name[4096];
    FILE       *f;

    snprintf(name, sizeof name, "%s/%s", folder, path);
    for (char *p = name + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        if (mkdir(name, 0777) != 0 && errno != EEXIST)
            die(name, NULL);
        *p = '/';
    }
    f = fopen(name, "wb");
    if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        die(name, NULL);
    return true;
}

/* ------------------------------------------------------------------ measuring */

static long peak_megabytes(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss / 1024;
}

/* Of this process alone: what others do on the machine does not count. */
static double cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

static void row(const char *what, const char *unit, double value)
{
    printf("%-44s %10.2f %s\n", what, value, unit);
    fflush(stdout);
}

static vd_snapshot *load(const vd_engine *engine, const files *f)
{
    vd_error            err = { .size = sizeof err };
    vd_snapshot_opts    opts = { .size = sizeof opts };
    vd_snapshot_reader *reader;
    vd_snapshot        *s;

    if (vd_snapshot_reader_new(&reader, engine, &opts, &err) != VD_OK)
        die("reader", &err);
    for (uint32_t i = 0; i < f->count; i++) {
        vd_str path = vd_str_of(f->at[i].path);

        if (vd_snapshot_read(reader, path, path, (vd_str){ f->at[i].bytes, f->at[i].n }, &err) != VD_OK)
            die(f->at[i].path, &err);
    }
    if (vd_snapshot_finish(&s, reader, &err) != VD_OK)
        die("finish", &err);
    vd_snapshot_reader_free(reader);
    return s;
}

static vd_set *compile(const vd_engine *engine, const vd_snapshot *s)
{
    vd_error    err = { .size = sizeof err };
    vd_builder *b;
    vd_set     *set;
    vd_str      none = { "", 0 };

    if (vd_builder_new(&b, engine, &err) != VD_OK || vd_snapshot_attach(s, b, none, none, &err) != VD_OK ||
        vd_builder_compile(&set, b, NULL, &err) != VD_OK)
        die("compile", &err);
    vd_builder_free(b);
    return set;
}

static void fill(vd_request *q, const bench_request *r)
{
    vd_request_reset(q);
    vd_request_set(q, VD_PRINCIPAL, vd_str_of(r->principal));
    if (r->role[0])
        vd_request_set(q, VD_PRINCIPAL_ROLE, vd_str_of(r->role));
    vd_request_set(q, VD_ACTION, vd_str_of(r->action));
    vd_request_set(q, VD_RESOURCE, vd_str_of(r->resource));
    vd_request_set(q, VD_RESOURCE_ACCOUNT, vd_str_of(r->account));
    vd_request_set(q, VD_PRINCIPAL_ORG, vd_str_of("o-benchmarks"));
    for (uint32_t k = 0; k < r->keys; k++) {
        vd_str value = vd_str_of(r->value[k]);

        vd_request_context(q, vd_str_of(r->key[k]), &value, 1);
    }
}

/* Seconds for one of so many questions, the best of some rounds: all of the set is cold for many, what matters warm for few. */
static double ask_some(const vd_set *set, vd_request *q, void *scratch, const bench_request *all, uint32_t count, uint32_t outcomes[3])
{
    enum { ROUNDS = 7 };
    double best = 1e9;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        double begin = cpu(), spent;

        memset(outcomes, 0, 3 * sizeof *outcomes);
        for (uint32_t i = 0; i < count; i++) {
            vd_decision d = { .size = sizeof d };

            fill(q, &all[i]);
            if (vd_eval(&d, set, q, scratch) != VD_OK)
                die("a question cannot be answered", NULL);
            outcomes[d.outcome]++;
        }
        spent = cpu() - begin;
        best = spent < best ? spent : best;
    }
    return best / count;
}

static void ask(const vd_engine *engine, const vd_set *set, const bench_company *c)
{
    enum { QUESTIONS = 20000, FEW = 500 };
    bench_request *all = calloc(QUESTIONS, sizeof *all);
    vd_error       err = { .size = sizeof err };
    vd_request    *q;
    void          *scratch = malloc(vd_scratch_size(set));
    uint32_t       outcomes[3] = { 0 };

    if (!all || !scratch || vd_request_new(&q, engine, &err) != VD_OK)
        die("request", &err);
    for (uint32_t i = 0; i < QUESTIONS; i++)
        bench_company_request(c, &all[i], i);
    row("500 questions again and again, each", "ns", ask_some(set, q, scratch, all, FEW, outcomes) * 1e9);
    row("20 000 questions, each", "ns", ask_some(set, q, scratch, all, QUESTIONS, outcomes) * 1e9);
    row("  of them allowed", "%", 100.0 * outcomes[VD_ALLOW] / QUESTIONS);
    row("  denied explicitly", "%", 100.0 * outcomes[VD_EXPLICIT_DENY] / QUESTIONS);
    free(all);
    free(scratch);
    vd_request_free(q);
}

static vd_set *reopen(const vd_engine *engine, const vd_set *set)
{
    enum { TIMES = 9 };
    vd_error err = { .size = sizeof err };
    vd_set  *out = NULL;
    char     path[64];
    double   begin = bench_now(), best = 1e9;

    snprintf(path, sizeof path, "/tmp/verdict-bench-%ld.vdb", (long)getpid());
    if (vd_set_save(set, path, &err) != VD_OK)
        die("save", &err);
    row("save", "ms", (bench_now() - begin) * 1e3);
    for (uint32_t i = 0; i < TIMES; i++) {
        double spent;

        vd_set_release(out);
        begin = cpu();
        if (vd_set_open(&out, engine, path, &err) != VD_OK)
            die("open", &err);
        spent = cpu() - begin;
        best = spent < best ? spent : best;
    }
    unlink(path);
    row("open, pages in memory", "ms", best * 1e3);
    return out;
}

static bool count_reacher(void *user, const vd_reacher *reacher)
{
    *(uint32_t *)user += reacher->witness != NULL;
    return true;
}

static bool count_route(void *user, const vd_route *path)
{
    (void)path;
    ++*(uint32_t *)user;
    return true;
}

/* Who can read a certain object, found again and again; and every way to an administrator, once. */
static void search(const vd_snapshot *s, const bench_company *c)
{
    enum { TIMES = 5 };
    bench_request   q;
    vd_str          action = vd_str_of("s3:GetObject");
    vd_who_can_opts who = { .size = sizeof who, .actions = &action, .action_count = 1, .prove = { .size = sizeof who.prove } };
    vd_paths_opts   ways = { .size = sizeof ways, .prove = { .size = sizeof ways.prove } };
    vd_error        err = { .size = sizeof err };
    double          best = 1e9, begin;
    uint32_t        found = 0;

    bench_company_request(c, &q, 0);
    who.resource = vd_str_of(q.resource);
    for (uint32_t i = 0; i < TIMES; i++) {
        double spent;

        found = 0;
        begin = cpu();
        if (vd_who_can(s, &who, count_reacher, &found, NULL, &err) != VD_OK)
            die("who can", &err);
        spent = cpu() - begin;
        best = spent < best ? spent : best;
    }
    row("who can read an object, of the processor", "ms", best * 1e3);
    row("  found, with a witness each", "", found);
    found = 0;
    begin = cpu();
    if (vd_paths(s, &ways, count_route, &found, NULL, &err) != VD_OK)
        die("paths", &err);
    row("paths of all to administrators, of the processor", "s", cpu() - begin);
    row("  paths", "", found);
    row("memory at its peak", "MB", (double)peak_megabytes());
}

static void measure(const bench_company *c)
{
    files              f = { 0 };
    vd_error           err = { .size = sizeof err };
    vd_engine         *engine;
    vd_snapshot       *s;
    vd_set            *set, *opened;
    vd_snapshot_counts n = { .size = sizeof n };
    double             begin, used;

    bench_company_files(c, keep_file, &f);
    printf("%u accounts, %u principals, %u resources, %u managed policies: %u files, %.1f MB\n", c->accounts, c->principals,
           c->resources, c->managed, f.count, (double)f.bytes / 1e6);
    row("memory before", "MB", (double)peak_megabytes());
    if (vd_engine_new(&engine, NULL, &err) != VD_OK)
        die("engine", &err);
    begin = bench_now();
    used = cpu();
    s = load(engine, &f);
    row("load", "s", bench_now() - begin);
    row("  of the processor", "s", cpu() - used);
    row("memory at its peak", "MB", (double)peak_megabytes());
    vd_snapshot_count(s, &n);
    printf("%u roles, %u users, %u resources, %u documents, %u notes\n", n.roles, n.users, n.resources, n.documents, n.notes);
    begin = bench_now();
    used = cpu();
    set = compile(engine, s);
    row("compile", "s", bench_now() - begin);
    row("  of the processor", "s", cpu() - used);
    row("memory at its peak", "MB", (double)peak_megabytes());
    row("bundle", "MB", (double)vd_set_bytes(set).n / 1e6);
    row("  of which evaluation reads", "MB", (double)vd_set_hot_bytes(set) / 1e6);
    row("  statements", "", (double)vd_set_statements(set));
    opened = reopen(engine, set);
    search(s, c);
    vd_snapshot_release(s);
    vd_set_release(set);
    ask(engine, opened, c);
    vd_set_release(opened);
    vd_engine_release(engine);
    for (uint32_t i = 0; i < f.count; i++) {
        free(f.at[i].path);
        free(f.at[i].bytes);
    }
    free(f.at);
}

static uint32_t number(const char *text)
{
    char         *end;
    unsigned long n = strtoul(text, &end, 10);

    if (*end || end == text || n > 10000000)
        die("a number is wanted", NULL);
    return (uint32_t)n;
}

int main(int argc, char **argv)
{
    bench_company c = { .accounts = 100, .principals = 10000, .resources = 100000, .managed = 2000, .ways = 12 };
    const char   *folder = NULL;

    for (int i = 1; i < argc; i++) {
        uint32_t *to = strcmp(argv[i], "--accounts") == 0     ? &c.accounts
                       : strcmp(argv[i], "--principals") == 0 ? &c.principals
                       : strcmp(argv[i], "--resources") == 0  ? &c.resources
                       : strcmp(argv[i], "--managed") == 0    ? &c.managed
                       : strcmp(argv[i], "--ways") == 0       ? &c.ways
                                                              : NULL;

        if (i + 1 < argc && to)
            *to = number(argv[++i]);
        else if (i + 1 < argc && strcmp(argv[i], "--write") == 0)
            folder = argv[++i];
        else
            die("usage: verdict-bench-snapshot [--accounts N] [--principals N] [--resources N] [--managed N] [--ways N] [--write FOLDER]", NULL);
    }
    if (c.accounts == 0)
        die("a company has an account", NULL);
    if (folder)
        bench_company_files(&c, write_file, (void *)(uintptr_t)folder);
    else
        measure(&c);
    return 0;
}
