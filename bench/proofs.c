/* SPDX-License-Identifier: Apache-2.0
 *
 * What proofs cost, in units of work, which are the same everywhere, and in time, which is told for information.
 *
 *   verdict-bench-proofs [NAME]              all workloads, or one: units, time, answers
 *   verdict-bench-proofs --check FILE        fails when units of some workload are a fifth over those in FILE
 *   verdict-bench-proofs --managed FOLDER    diff of each policy in it with itself and with the one before, and which flags occur
 */
#include <verdict/verdict.h>

#include <verdict/analyze.h>

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { TEXT = 4 << 20 };

typedef struct paper {
    char  *at;
    size_t n;
} paper;

static void put(paper *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(paper *p, const char *format, ...)
{
    va_list args;
    int     n;

    va_start(args, format);
    n = vsnprintf(p->at + p->n, TEXT - p->n, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= TEXT - p->n) {
        fprintf(stderr, "bench: a policy is too long\n");
        exit(1);
    }
    p->n += (size_t)n;
}

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % n;
}

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static _Noreturn void die(const char *what, const vd_error *err)
{
    fprintf(stderr, "bench: %s: %s\n", what, err->text);
    exit(1);
}

/* ------------------------------------------------------------------ documents */

static const char *const services[] = { "s3", "sqs", "sns", "ec2", "iam", "kms", "dynamodb", "lambda", "logs", "secretsmanager" };
static const char *const verbs[] = { "Get*", "List*", "Put*", "Delete*", "Create*", "Describe*", "Tag*", "*" };

static void begin(paper *p)
{
    p->n = 0;
    put(p, "{\"Version\": \"2012-10-17\", \"Statement\": [");
}

static void end(paper *p)
{
    put(p, "]}");
}

/* A bucket as people guard it: two grants, an organization, TLS, an endpoint. */
static void typical(paper *p, uint32_t n)
{
    begin(p);
    put(p, "{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::444455556666:role/app%u\"}, \"Action\": [\"s3:GetObject\", \"s3:PutObject\"], "
           "\"Resource\": \"arn:aws:s3:::b%u/*\"},",
        n % 7, n);
    put(p, "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b%u/public/*\", "
           "\"Condition\": {\"StringEquals\": {\"aws:SourceVpce\": \"vpce-1a2b3c4d\"}}},",
        n);
    put(p, "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b%u\", \"arn:aws:s3:::b%u/*\"], "
           "\"Condition\": {\"StringNotEqualsIfExists\": {\"aws:PrincipalOrgID\": \"o-abcdefghij\"}, "
           "\"BoolIfExists\": {\"aws:PrincipalIsAWSService\": \"false\"}}},",
        n, n);
    put(p, "{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b%u\", \"arn:aws:s3:::b%u/*\"], "
           "\"Condition\": {\"Bool\": {\"aws:SecureTransport\": \"false\"}}}",
        n, n);
    end(p);
}

/* An identity policy of so many statements; wider: one of them allows more. */
static void identity(paper *p, uint32_t statements, bool wider)
{
    state = 4711;
    begin(p);
    for (uint32_t i = 0; i < statements; i++) {
        const char *service = services[below(sizeof services / sizeof *services)];
        const char *verb = verbs[below(sizeof verbs / sizeof *verbs)];
        uint32_t    condition = below(5), team = wider && i == statements / 2 ? 1 : below(100); /* drawn in this order, whatever the compiler */
        const char *second = verbs[below(7)];

        put(p, "%s{\"Effect\": \"%s\", \"Action\": [\"%s:%s\", \"%s:%s\"], \"Resource\": \"arn:aws:%s:%s:111122223333:team%u*\"", i ? "," : "",
            i % 5 == 4 ? "Deny" : "Allow", service, verb, service, second, strcmp(service, "s3") ? service : "sqs", i % 3 ? "*" : "us-east-1", team);
        if (condition == 0)
            put(p, ", \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag/team\": \"t%u\"}}", below(20));
        if (condition == 1)
            put(p, ", \"Condition\": {\"StringLike\": {\"aws:ResourceTag/env\": [\"dev*\", \"test%u\"]}}", below(5));
        if (condition == 2)
            put(p, ", \"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.%u.0.0/16\"}}", below(250));
        put(p, "}");
    }
    end(p);
}

/* Patterns that no automaton likes: a letter, and then many of any. */
static void question_marks(paper *p)
{
    begin(p);
    put(p, "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::b/*a??????????????????????\"}");
    for (char c = 'b'; c < 'f'; c++)
        put(p, ",{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"NotResource\": \"arn:aws:s3:::b/*%c??????????????????????\"}", c);
    end(p);
}

static void many_denies(paper *p, uint32_t n)
{
    begin(p);
    put(p, "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"]}");
    for (uint32_t i = 0; i < n; i++)
        put(p, ",{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::b/%u*\", "
               "\"Condition\": {\"StringNotLike\": {\"aws:Referer\": \"r%u*\", \"aws:UserAgent\": \"*u%u\"}}}",
            i, i, i);
    end(p);
}

static void long_unions(paper *p)
{
    begin(p);
    put(p, "{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": [");
    for (uint32_t i = 0; i < 1000; i++)
        put(p, "%s\"arn:aws:s3:::b/*x%u*y%u*\"", i ? "," : "", i, 1000 - i);
    put(p, "]},{\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:GetObject\", \"Resource\": [");
    for (uint32_t i = 0; i < 1000; i++)
        put(p, "%s\"arn:aws:s3:::b/*y%u*\"", i ? "," : "", i);
    put(p, "]}");
    end(p);
}

/* ------------------------------------------------------------------ asking */

static vd_engine *engine;

static vd_set *compiled(vd_kind kind, vd_layer layer, const paper *p)
{
    vd_error    err = { .size = sizeof err };
    vd_policy  *policy;
    vd_builder *b;
    vd_set     *set;
    vd_attach   at = { .size = sizeof at, .layer = layer };

    if (vd_policy_parse(&policy, engine, kind, vd_str_of("p"), (vd_str){ p->at, p->n }, NULL, &err) != VD_OK ||
        vd_builder_new(&b, engine, &err) != VD_OK)
        die("a policy cannot be used", &err);
    if (vd_builder_add(b, policy, &at, &err) != VD_OK || vd_builder_compile(&set, b, NULL, &err) != VD_OK)
        die("a policy cannot be used", &err);
    vd_policy_release(policy);
    vd_builder_free(b);
    return set;
}

static uint32_t flags_seen[VD_FLAG_COUNT_BITS];

static void note_flags(uint32_t flags)
{
    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++)
        flags_seen[i] += flags >> i & 1u;
}

static bool hear_exposed(void *user, const vd_exposed *x)
{
    note_flags(x->flags);
    ++*(uint32_t *)user;
    return true;
}

static bool hear_delta(void *user, const vd_delta *d)
{
    note_flags(d->flags);
    ++*(uint32_t *)user;
    return true;
}

static bool hear_grant(void *user, const vd_grant *g)
{
    note_flags(g->flags);
    ++*(uint32_t *)user;
    return true;
}

typedef struct answer {
    uint64_t units;
    uint32_t told, undecided;
} answer;

static vd_prove_opts proving(void)
{
    return (vd_prove_opts){ .size = sizeof(vd_prove_opts), .now = 1735689600, .resource_account = vd_str_of("111122223333") };
}

static void expose(answer *out, const paper *p)
{
    vd_error            err = { .size = sizeof err };
    vd_set             *set = compiled(VD_KIND_RESOURCE, VD_LAYER_RESOURCE, p);
    vd_zone            *zone;
    vd_exposure_opts    o = { .size = sizeof o, .prove = proving() };
    vd_exposure_summary sum = { .size = sizeof sum };
    vd_code             code = vd_zone_parse(&zone, engine, vd_str_of("org:o-abcdefghij"), &err);

    if (code == VD_OK)
        code = vd_exposure(set, zone, &o, hear_exposed, &out->told, &sum, &err);
    if (code != VD_OK && code != VD_EBUDGET)
        die("exposure", &err);
    out->units += sum.units;
    out->undecided += sum.undecided;
    vd_zone_free(zone);
    vd_set_release(set);
}

static void differ(answer *out, const paper *before, const paper *after)
{
    vd_error        err = { .size = sizeof err };
    vd_set         *a = compiled(VD_KIND_IDENTITY, VD_LAYER_IDENTITY, before), *b = compiled(VD_KIND_IDENTITY, VD_LAYER_IDENTITY, after);
    vd_diff_opts    o = { .size = sizeof o, .prove = proving() };
    vd_diff_summary sum = { .size = sizeof sum };
    vd_code         code = vd_diff(a, b, &o, hear_delta, &out->told, &sum, &err);

    if (code != VD_OK && code != VD_EBUDGET)
        die("diff", &err);
    out->units += sum.units;
    out->undecided += sum.undecided;
    vd_set_release(a);
    vd_set_release(b);
}

static void grant(answer *out, const paper *p, const char *action)
{
    vd_error          err = { .size = sizeof err };
    vd_set           *set = compiled(VD_KIND_IDENTITY, VD_LAYER_IDENTITY, p);
    vd_str            asked = vd_str_of(action);
    vd_grants_opts    o = { .size = sizeof o, .prove = proving(), .actions = &asked, .action_count = 1 };
    vd_grants_summary sum = { .size = sizeof sum };
    vd_code           code = vd_grants(set, &o, hear_grant, &out->told, &sum, &err);

    if (code != VD_OK && code != VD_EBUDGET)
        die("grants", &err);
    out->units += sum.units;
    out->undecided += sum.undecided;
    vd_set_release(set);
}

/* ------------------------------------------------------------------ workloads */

static paper a, b;

static void w_typical(answer *out)
{
    typical(&a, 1);
    expose(out, &a);
}
static void w_thousand(answer *out)
{
    for (uint32_t i = 0; i < 1000; i++) {
        typical(&a, i);
        expose(out, &a);
    }
}
static void w_question_marks(answer *out)
{
    question_marks(&a);
    expose(out, &a);
}
static void w_denies(answer *out)
{
    many_denies(&a, 10000);
    expose(out, &a);
}
static void w_unions(answer *out)
{
    long_unions(&a);
    expose(out, &a);
}
static void w_diff_50(answer *out)
{
    identity(&a, 50, false);
    identity(&b, 50, true);
    differ(out, &a, &b);
}
static void w_diff_100(answer *out)
{
    identity(&a, 100, false);
    identity(&b, 100, true);
    differ(out, &a, &b);
}
static void w_diff_same(answer *out)
{
    identity(&a, 100, false);
    differ(out, &a, &a);
}
static void w_grants(answer *out)
{
    identity(&a, 100, false);
    grant(out, &a, "iam:PassRole");
}

static const struct workload {
    const char *name, *what;
    void (*run)(answer *out);
    uint32_t rounds; /* for the time */
} workloads[] = {
    { "exposure-typical", "a bucket policy of four statements", w_typical, 200 },
    { "exposure-1000", "a thousand of them", w_thousand, 1 },
    { "exposure-question-marks", "a letter and 22 times \"?\", five ways", w_question_marks, 1 },
    { "exposure-10000-denies", "ten thousand denies of an object and two keys", w_denies, 1 },
    { "exposure-long-unions", "a thousand patterns against a thousand", w_unions, 1 },
    { "diff-50", "two policies of 50 statements, one a bit wider", w_diff_50, 20 },
    { "diff-100", "of 100", w_diff_100, 20 },
    { "diff-same-100", "a policy of 100 statements and itself", w_diff_same, 20 },
    { "grants-100", "iam:PassRole in 100 statements", w_grants, 50 },
};
enum { WORKLOADS = sizeof workloads / sizeof *workloads };

static double peak(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static int by_value(const void *x, const void *y)
{
    double p = *(const double *)x, q = *(const double *)y;

    return (p > q) - (p < q);
}

static answer measure(const struct workload *w, uint32_t rounds, double *median)
{
    double times[256];
    answer out = { 0 };

    for (uint32_t i = 0; i < rounds; i++) {
        double start = now();

        out = (answer){ 0 };
        w->run(&out);
        times[i] = now() - start;
    }
    qsort(times, rounds, sizeof *times, by_value);
    *median = times[rounds / 2];
    return out;
}

static void show_all(const char *only)
{
    printf("%-26s %12s %10s %6s %9s %8s\n", "workload", "units", "time", "told", "undecided", "peak");
    for (size_t i = 0; i < WORKLOADS; i++) {
        double time;
        answer x;

        if (only && strcmp(only, workloads[i].name))
            continue;
        x = measure(&workloads[i], workloads[i].rounds, &time);

        printf("%-26s %12llu %7.3f ms %6u %9u %5.0f MB  %s\n", workloads[i].name, (unsigned long long)x.units, time * 1e3, x.told, x.undecided,
               peak(), workloads[i].what);
        fflush(stdout);
    }
}

/* "name units" a line; what is not in it is an error, so that nothing is forgotten. */
static bool check(const char *path)
{
    FILE *f = fopen(path, "r");
    char  line[200], name[100];
    bool  ok = f != NULL;

    for (size_t i = 0; f && i < WORKLOADS; i++) {
        unsigned long long limit = 0, units;
        bool               found = false;
        double             time;

        rewind(f);
        while (!found && fgets(line, sizeof line, f))
            found = sscanf(line, "%99s %llu", name, &limit) == 2 && !strcmp(name, workloads[i].name);
        units = measure(&workloads[i], 1, &time).units;
        if (!found || units > limit + limit / 5) {
            printf("%s: %llu units, %llu are recorded\n", workloads[i].name, units, limit);
            ok = false;
        }
    }
    if (f)
        fclose(f);
    return ok;
}

/* ------------------------------------------------------------------ policies of AWS */

static bool read_policy(paper *p, const char *folder, const char *name)
{
    char  path[1024];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    p->n = f ? fread(p->at, 1, TEXT, f) : 0;
    if (f)
        fclose(f);
    return p->n > 0;
}

static bool usable(const paper *p)
{
    vd_error   err = { .size = sizeof err };
    vd_policy *policy;
    bool       ok = vd_policy_parse(&policy, engine, VD_KIND_MANAGED, vd_str_of("p"), (vd_str){ p->at, p->n }, NULL, &err) == VD_OK;

    if (ok)
        vd_policy_release(policy);
    return ok;
}

static void managed(const char *folder)
{
    struct dirent **names = NULL;
    int             found = scandir(folder, &names, NULL, alphasort);
    answer          sum = { 0 }, pairs = { 0 };
    uint32_t       count = 0, slow = 0;
    double         start = now(), longest = 0;
    char           worst[256] = "";

    for (int i = 0; i < found; i++) {
        struct dirent *e = names[i];
        answer         one = { 0 };
        double         begun = now();
        size_t         n = strlen(e->d_name);
        paper          before = b;

        if (n < 5 || strcmp(e->d_name + n - 5, ".json") || !read_policy(&a, folder, e->d_name) || !usable(&a))
            continue;
        differ(&one, &a, &a);
        count++;
        if (one.told)
            printf("%s differs from itself: %u groups\n", e->d_name, one.told);
        if (one.undecided)
            printf("%s: %u groups undecided\n", e->d_name, one.undecided);
        if (now() - begun > longest) {
            longest = now() - begun;
            snprintf(worst, sizeof worst, "%s", e->d_name);
        }
        slow += now() - begun > 0.005;
        sum.told += one.told;
        sum.undecided += one.undecided;
        sum.units += one.units;
        if (count > 1)
            differ(&pairs, &before, &a);
        b = a; /* the one before, next time */
        a = before;
    }
    for (int i = 0; i < found; i++)
        free(names[i]);
    free(names);
    printf("each against the one before: %u groups told, %u undecided, %llu units\n", pairs.told, pairs.undecided, (unsigned long long)pairs.units);
    printf("%u policies, %u told, %u undecided, %llu units, %.2f s; %u over 5 ms, the longest %.1f ms (%s)\n", count, sum.told, sum.undecided,
           (unsigned long long)sum.units, now() - start, slow, longest * 1e3, worst);
    for (uint32_t i = 0; i < VD_FLAG_COUNT_BITS; i++)
        if (flags_seen[i])
            printf("flag %s: %u\n", vd_flag_name(1u << i), flags_seen[i]);
}

int main(int argc, char **argv)
{
    vd_error err = { .size = sizeof err };
    bool     ok = true;

    a.at = malloc(TEXT);
    b.at = malloc(TEXT);
    if (!a.at || !b.at || vd_engine_new(&engine, NULL, &err) != VD_OK)
        return 1;
    if (argc > 2 && !strcmp(argv[1], "--check"))
        ok = check(argv[2]);
    else if (argc > 2 && !strcmp(argv[1], "--managed"))
        managed(argv[2]);
    else
        show_all(argc > 1 ? argv[1] : NULL);
    vd_engine_release(engine);
    free(a.at);
    free(b.at);
    return ok ? 0 : 1;
}
