/* SPDX-License-Identifier: Apache-2.0
 *
 * What linting costs: the command itself, started as a user starts it, over files made from a seed.  Time is that of the
 * best of some rounds, start to exit; beside it stand the processor's time, the peak of memory, and for the largest inputs
 * how much longer it takes than reading the same bytes as JSON.
 */
#include "base/arena.h"
#include "base/engine.h"
#include "text/doc.h"
#include "work.h"

#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { POLICIES = 1643, MANY = 5000, ROUNDS = 5 };

static char folder[] = "/tmp/verdict-bench-XXXXXX";

static _Noreturn void die(const char *what)
{
    perror(what);
    exit(1);
}

/* ------------------------------------------------------------------ running the command */

typedef struct cost {
    double wall, user; /* seconds; of the best round */
    double peak;       /* MB */
} cost;

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

static cost run_once(char *const argv[])
{
    extern char              **environ;
    posix_spawn_file_actions_t files;
    struct rusage              used;
    double                     start;
    pid_t                      child;
    int                        status;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    start = bench_now();
    if (posix_spawn(&child, argv[0], &files, NULL, argv, environ) != 0)
        die(argv[0]);
    if (wait4(child, &status, 0, &used) != child || !WIFEXITED(status) || WEXITSTATUS(status) > 1) {
        fprintf(stderr, "bench: %s lint does not work here\n", argv[0]);
        exit(1);
    }
    posix_spawn_file_actions_destroy(&files);
    return (cost){ bench_now() - start, seconds(used.ru_utime) + seconds(used.ru_stime), (double)used.ru_maxrss / 1024 };
}

static cost lint(const char *command, const char *jobs, const char *type, const char *path)
{
    char *argv[] = { (char *)(uintptr_t)command, "lint", "-q", "--jobs", (char *)(uintptr_t)jobs, "--policy-type",
                     (char *)(uintptr_t)type, (char *)(uintptr_t)path, NULL };
    cost  best = run_once(argv);

    for (int i = 1; i < ROUNDS; i++) {
        cost c = run_once(argv);

        best.wall = c.wall < best.wall ? c.wall : best.wall;
        best.user = c.user < best.user ? c.user : best.user;
        best.peak = c.peak > best.peak ? c.peak : best.peak;
    }
    return best;
}

/* ------------------------------------------------------------------ reading the same bytes */

static char *read_file(const char *path, size_t *n)
{
    FILE       *f = fopen(path, "rb");
    struct stat st;
    char       *p;

    if (!f || fstat(fileno(f), &st) != 0 || !(p = malloc((size_t)st.st_size + 1)))
        die(path);
    *n = fread(p, 1, (size_t)st.st_size, f);
    fclose(f);
    return p;
}

/* Seconds for one reading of the file, from memory. */
static double read_json(const vd_engine *engine, const char *path)
{
    vd_limits limits = engine->limits;
    size_t    n;
    char     *p = read_file(path, &n);
    double    best = 1e9;

    limits.file_bytes = limits.plan_bytes;
    for (int i = 0; i < ROUNDS; i++) {
        vd_arena  arena = vd_arena_on(&engine->alloc, 0);
        vd_source source = { .name = vd_str_of(path), .text = { p, n } };
        double    start = bench_now(), t;
        vd_doc    doc;

        if (vd_json_read(&doc, &arena, &source, &limits, NULL, NULL, NULL) != VD_OK)
            best = -1;
        t = bench_now() - start;
        best = t < best ? t : best;
        vd_arena_done(&arena);
    }
    free(p);
    return best;
}

static double read_all(const vd_engine *engine, const char *dir)
{
    DIR           *d = opendir(dir);
    struct dirent *e;
    double         sum = 0;

    if (!d)
        die(dir);
    while ((e = readdir(d))) {
        char   path[1024];
        size_t n = strlen(e->d_name);

        if (n < 5 || strcmp(e->d_name + n - 5, ".json") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        sum += read_json(engine, path);
    }
    closedir(d);
    return sum;
}

static void show(const char *what, cost c, double reading)
{
    printf("%-52s %8.1f ms  processor %8.1f ms  peak %6.1f MB", what, c.wall * 1e3, c.user * 1e3, c.peak);
    if (reading > 0)
        printf("  %.1f times reading", c.user / reading);
    printf("\n");
    fflush(stdout);
}

/* ------------------------------------------------------------------ files */

static const char *file_in(char out[512], const char *name)
{
    snprintf(out, 512, "%s/%s", folder, name);
    return out;
}

static FILE *create(const char *path)
{
    FILE *f = fopen(path, "wb");

    if (!f)
        die(path);
    return f;
}

static const char *const services[][4] = {
    { "s3", "GetObject", "PutObject", "arn:aws:s3:::bucket-%u/*" },
    { "dynamodb", "GetItem", "Query", "arn:aws:dynamodb:*:111122223333:table/table-%u" },
    { "sqs", "SendMessage", "ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:queue-%u" },
    { "logs", "CreateLogGroup", "DescribeLogStreams", "arn:aws:logs:*:111122223333:log-group:group-%u:*" },
    { "ec2", "StartInstances", "StopInstances", "arn:aws:ec2:*:111122223333:instance/i-%08x" },
    { "lambda", "InvokeFunction", "GetFunction", "arn:aws:lambda:*:111122223333:function:function-%u" },
};

/* quote: "\"" , or "\\\"" within a string. */
static void put_policy(FILE *f, bench_random *r, uint32_t statements, const char *quote)
{
    const char *q = quote;

    fprintf(f, "{%sVersion%s:%s2012-10-17%s,%sStatement%s:[", q, q, q, q, q, q);
    for (uint32_t i = 0; i < statements; i++) {
        const char *const *s = services[bench_below(r, (uint32_t)(sizeof services / sizeof *services))];

        fprintf(f, "%s{%sSid%s:%sS%u%s,%sEffect%s:%sAllow%s,%sAction%s:[%s%s:%s%s,%s%s:%s%s],%sResource%s:%s", i ? "," : "", q,
                q, q, (unsigned)i, q, q, q, q, q, q, q, q, s[0], s[1], q, q, s[0], s[2], q, q, q, q);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        fprintf(f, s[3], (unsigned)bench_below(r, 1u << 20));
#pragma GCC diagnostic pop
        fprintf(f, "%s,%sCondition%s:{%sStringEquals%s:{%saws:ResourceTag/team%s:%steam-%u%s}}}", q, q, q, q, q, q, q, q,
                (unsigned)bench_below(r, 40), q);
    }
    fprintf(f, "]}");
}

static const char *one_policy(char path[512], const char *name, uint32_t statements)
{
    bench_random r = { statements };
    FILE        *f = create(file_in(path, name));

    put_policy(f, &r, statements, "\"");
    fclose(f);
    return path;
}

/* A folder of policies of so many statements each. */
static const char *policies(char path[512], const char *name, uint32_t count, uint32_t statements)
{
    bench_random r = { count };

    if (mkdir(file_in(path, name), 0700) != 0)
        die(path);
    for (uint32_t i = 0; i < count; i++) {
        char  each[600];
        FILE *f;

        snprintf(each, sizeof each, "%s/%05u.json", path, (unsigned)i);
        f = create(each);
        put_policy(f, &r, statements, "\"");
        fclose(f);
    }
    return path;
}

/* Of a plan most is not about policies: a policy, then what other resources have. */
static const char *plan(char path[512], const char *name, long bytes)
{
    bench_random r = { (uint64_t)bytes };
    FILE        *f = create(file_in(path, name));

    fprintf(f, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"planned_values\":{\"root_module\":{\"resources\":[");
    for (unsigned i = 0; ftell(f) < bytes; i++) {
        fprintf(f, "%s{\"address\":\"aws_iam_policy.p%u\",\"mode\":\"managed\",\"type\":\"aws_iam_policy\",\"name\":\"p%u\","
                   "\"provider_name\":\"registry.terraform.io/hashicorp/aws\",\"schema_version\":0,\"values\":"
                   "{\"name\":\"p%u\",\"path\":\"/\",\"policy\":\"",
                i ? "," : "", i, i, i);
        put_policy(f, &r, 4, "\\\"");
        fprintf(f, "\"}}");
        for (unsigned k = 0; k < 8; k++)
            fprintf(f, ",{\"address\":\"aws_instance.i%u_%u\",\"mode\":\"managed\",\"type\":\"aws_instance\",\"name\":\"i%u_%u\","
                       "\"provider_name\":\"registry.terraform.io/hashicorp/aws\",\"schema_version\":1,\"values\":"
                       "{\"ami\":\"ami-%08x\",\"instance_type\":\"t3.micro\",\"tags\":{\"Name\":\"i%u\",\"team\":\"a\"},"
                       "\"user_data\":null,\"monitoring\":false,\"ebs_optimized\":true,\"hibernation\":null}}",
                    i, k, i, k, (unsigned)bench_next(&r), k);
    }
    fprintf(f, "]}},\"configuration\":{\"root_module\":{}}}");
    fclose(f);
    return path;
}

/* ------------------------------------------------------------------ all of it */

static void corpus(const vd_engine *engine, const char *command)
{
    const char *managed = getenv("VERDICT_TEST_POLICIES");
    char        path[512];
    double      reading;

    if (!managed)
        fprintf(stderr, "bench: VERDICT_TEST_POLICIES IS NOT SET: figures are of made-up policies, not of AWS managed ones\n");
    else if (strlen(managed) >= sizeof path)
        die("VERDICT_TEST_POLICIES");
    managed = managed ? strcpy(path, managed) : policies(path, "managed", POLICIES, 8);
    reading = read_all(engine, managed);
    show("every rule over the managed policies, one core", lint(command, "1", "managed", managed), reading);
    show("the same, --jobs 2", lint(command, "2", "managed", managed), 0);
}

static void inputs(const vd_engine *engine, const char *command)
{
    static const uint32_t sizes[] = { 2500, 5000, 10000 };
    char                  path[512], what[80];

    show("one policy, start to exit", lint(command, "1", "identity", one_policy(path, "one.json", 5)), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        snprintf(what, sizeof what, "one policy of %u statements", (unsigned)sizes[i]);
        one_policy(path, "many.json", sizes[i]);
        show(what, lint(command, "1", "identity", path), read_json(engine, path));
    }
    policies(path, "many", MANY, 26);
    show("5 000 policies of 6 KB, one core", lint(command, "1", "identity", path), read_all(engine, path));
    show("the same, --jobs 8", lint(command, "8", "identity", path), 0);
    plan(path, "plan10.json", 10L << 20);
    show("a plan of 10 MiB", lint(command, "1", "identity", path), read_json(engine, path));
    plan(path, "plan50.json", 50000000L);
    show("a plan of 50 MB", lint(command, "1", "identity", path), read_json(engine, path));
}

static void clear(void)
{
    char *argv[] = { "/bin/rm", "-r", folder, NULL };

    run_once(argv);
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : BENCH_COMMAND;
    vd_engine  *engine;

    if (vd_engine_new(&engine, NULL, NULL) != VD_OK || !mkdtemp(folder))
        die("bench");
    corpus(engine, command);
    inputs(engine, command);
    clear();
    vd_engine_release(engine);
    return 0;
}
