/* SPDX-License-Identifier: Apache-2.0
 *
 * The workloads of the benchmark: deterministic from a seed, requests distinct and mixed, about a third each allowed,
 * implicitly and explicitly denied.
 */
#include "work.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

uint64_t bench_next(bench_random *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint32_t bench_below(bench_random *r, uint32_t n)
{
    return (uint32_t)(bench_next(r) % n);
}

double bench_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *what, const vd_error *err)
{
    fprintf(stderr, "bench: %s: %s\n", what, err ? err->text : "");
    exit(1);
}

/* ------------------------------------------------------------------ building */

typedef struct text {
    char  *p;
    size_t n, cap;
} text;

static void add(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(text *t, const char *format, ...)
{
    va_list args;
    int     n;

    if (t->cap - t->n < 4096) {
        t->cap = t->cap ? t->cap * 2 : 65536;
        t->p = realloc(t->p, t->cap);
        if (!t->p)
            die("out of memory", NULL);
    }
    va_start(args, format);
    n = vsnprintf(t->p + t->n, t->cap - t->n, format, args);
    va_end(args);
    t->n += (size_t)n;
}

typedef struct build {
    bench_work *w;
    vd_builder *b;
} build;

static build begin(bench_work *w, const char *id, const char *what)
{
    build    b = { .w = w };
    vd_error err;

    memset(w, 0, sizeof *w);
    w->id = id;
    w->what = what;
    if (vd_engine_new(&w->engine, NULL, &err) != VD_OK || vd_builder_new(&b.b, w->engine, &err) != VD_OK)
        die("engine", &err);
    w->compile_seconds = -bench_now();
    return b;
}

static vd_policy *policy(build *b, vd_kind kind, const char *name, const char *p, size_t n)
{
    vd_policy *out;
    vd_error   err;

    if (vd_policy_parse(&out, b->w->engine, kind, vd_str_of(name), (vd_str){ p, n }, NULL, &err) != VD_OK)
        die(name, &err);
    b->w->text_bytes += n;
    return out;
}

static void attach(build *b, vd_policy *p, vd_layer layer, uint32_t level, const char *principal, const char *resource,
                   const char *account)
{
    vd_attach where = { .size = sizeof where,
                        .layer = layer,
                        .level = level,
                        .principal = vd_str_of(principal),
                        .resource = vd_str_of(resource),
                        .account = vd_str_of(account) };
    vd_error  err;

    if (vd_builder_add(b->b, p, &where, &err) != VD_OK)
        die("attach", &err);
}

static void attach_text(build *b, vd_kind kind, vd_layer layer, uint32_t level, const char *name, const char *p, size_t n)
{
    vd_policy *out = policy(b, kind, name, p, n);

    attach(b, out, layer, level, "", "", "");
    vd_policy_release(out);
}

static void finish(build *b)
{
    vd_error err;

    if (vd_builder_compile(&b->w->set, b->b, NULL, &err) != VD_OK)
        die("compile", &err);
    b->w->compile_seconds += bench_now();
    b->w->statements = vd_set_statements(b->w->set);
    vd_builder_free(b->b);
}

static bench_request *make_requests(bench_work *w, uint32_t n)
{
    w->requests = calloc(n, sizeof *w->requests);
    if (!w->requests)
        die("out of memory", NULL);
    w->request_count = n;
    return w->requests;
}

static void key(bench_request *q, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void key(bench_request *q, const char *name, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    snprintf(q->key[q->keys], sizeof q->key[0], "%s", name);
    vsnprintf(q->value[q->keys++], sizeof q->value[0], format, args);
    va_end(args);
}

void bench_done(bench_work *w)
{
    free(w->requests);
    vd_set_release(w->set);
    vd_engine_release(w->engine);
}

/* ------------------------------------------------------------------ W1 */

static const char w1_data[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Sid\":\"ReadTeam\",\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:GetObjectTagging\"],"
    "\"Resource\":\"arn:aws:s3:::team-data/${aws:PrincipalTag/team}/*\"},"
    "{\"Sid\":\"List\",\"Effect\":\"Allow\",\"Action\":\"s3:ListBucket\",\"Resource\":\"arn:aws:s3:::team-data\","
    "\"Condition\":{\"StringLike\":{\"s3:prefix\":[\"\",\"data/*\",\"ops/*\"]}}},"
    "{\"Sid\":\"WriteFromOffice\",\"Effect\":\"Allow\",\"Action\":\"s3:PutObject\",\"Resource\":\"arn:aws:s3:::team-data/*\","
    "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":[\"203.0.113.0/24\",\"198.51.100.0/25\"]}}},"
    "{\"Sid\":\"NoDeleteWithoutMfa\",\"Effect\":\"Deny\",\"Action\":\"s3:Delete*\",\"Resource\":\"*\","
    "\"Condition\":{\"BoolIfExists\":{\"aws:MultiFactorAuthPresent\":\"false\"}}}]}";
static const char w1_compute[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Action\":\"ec2:Describe*\",\"Resource\":\"*\"},"
    "{\"Effect\":\"Allow\",\"Action\":[\"ec2:StartInstances\",\"ec2:StopInstances\"],"
    "\"Resource\":\"arn:aws:ec2:*:111122223333:instance/*\","
    "\"Condition\":{\"StringEquals\":{\"ec2:ResourceTag/team\":\"${aws:PrincipalTag/team}\"}}},"
    "{\"Effect\":\"Deny\",\"Action\":\"ec2:*\",\"Resource\":\"*\","
    "\"Condition\":{\"StringNotEquals\":{\"aws:RequestedRegion\":[\"eu-west-1\",\"eu-central-1\"]}}}]}";
static const char w1_tools[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Action\":[\"sqs:SendMessage\",\"sqs:ReceiveMessage\"],"
    "\"Resource\":\"arn:aws:sqs:eu-west-1:111122223333:team-*\"},"
    "{\"Effect\":\"Allow\",\"Action\":\"dynamodb:GetItem\",\"Resource\":\"arn:aws:dynamodb:*:111122223333:table/team-*\"},"
    "{\"Effect\":\"Deny\",\"Action\":\"dynamodb:*\",\"Resource\":\"*\","
    "\"Condition\":{\"NotIpAddress\":{\"aws:SourceIp\":\"203.0.113.0/24\"}}}]}";
static const char w1_bucket[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::team-data\","
    "\"arn:aws:s3:::team-data/*\"],\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}},"
    "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::444455556666:root\"},\"Action\":\"s3:GetObject\","
    "\"Resource\":\"arn:aws:s3:::team-data/shared/*\"}]}";
static const char w1_scp[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"},"
    "{\"Effect\":\"Deny\",\"Action\":[\"iam:*\",\"organizations:*\"],\"Resource\":\"*\"}]}";

static void w1_request(bench_request *q, bench_random *r, uint32_t i)
{
    static const char *const teams[] = { "data", "ops", "web" };
    static const char *const regions[] = { "eu-west-1", "eu-central-1", "us-east-1" };
    const char *team = teams[bench_below(r, 3)], *region = regions[bench_below(r, 3)];

    snprintf(q->principal, sizeof q->principal, "arn:aws:sts::111122223333:assumed-role/dev/u%u", i);
    snprintf(q->account, sizeof q->account, "111122223333");
    key(q, "aws:SourceIp", bench_below(r, 3) ? "203.0.113.%u" : "192.0.2.%u", bench_below(r, 250) + 1);
    key(q, "aws:MultiFactorAuthPresent", "%s", bench_below(r, 2) ? "true" : "false");
    key(q, "aws:PrincipalTag/team", "%s", team);
    key(q, "aws:SecureTransport", "%s", bench_below(r, 6) ? "true" : "false");
    switch (bench_below(r, 8)) {
    case 0:
    case 1:
        snprintf(q->action, sizeof q->action, "s3:GetObject");
        snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::team-data/%s/report-%u.csv", teams[bench_below(r, 3)], i);
        break;
    case 2:
        snprintf(q->action, sizeof q->action, "s3:PutObject");
        snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::team-data/%s/upload-%u", team, i);
        break;
    case 3:
        snprintf(q->action, sizeof q->action, "s3:ListBucket");
        snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::team-data");
        key(q, "s3:prefix", "%s/%u", teams[bench_below(r, 3)], i);
        break;
    case 4:
        snprintf(q->action, sizeof q->action, "s3:DeleteObject");
        snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::team-data/%s/old-%u", team, i);
        break;
    case 5:
        snprintf(q->action, sizeof q->action, bench_below(r, 2) ? "ec2:StopInstances" : "ec2:StartInstances");
        snprintf(q->resource, sizeof q->resource, "arn:aws:ec2:%s:111122223333:instance/i-%08x", region, i * 2654435761u);
        key(q, "ec2:ResourceTag/team", "%s", teams[bench_below(r, 3)]);
        break;
    case 6:
        snprintf(q->action, sizeof q->action, "sqs:SendMessage");
        snprintf(q->resource, sizeof q->resource, "arn:aws:sqs:%s:111122223333:team-%u", region, i);
        break;
    default:
        snprintf(q->action, sizeof q->action, "dynamodb:GetItem");
        snprintf(q->resource, sizeof q->resource, "arn:aws:dynamodb:%s:111122223333:table/team-%u", region, i);
        break;
    }
}

double bench_compile_small(void)
{
    double best = 1;

    for (int i = 0; i < 200; i++) {
        bench_work w;
        build      b = begin(&w, "W1", "one small policy");

        attach_text(&b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "data.json", w1_data, sizeof w1_data - 1);
        finish(&b);
        if (w.compile_seconds < best)
            best = w.compile_seconds;
        bench_done(&w);
    }
    return best;
}

bool bench_w1(bench_work *w)
{
    build        b = begin(w, "W1", "small: 3 identity policies, a bucket policy, an SCP");
    bench_random r = { 1 };

    attach_text(&b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "data.json", w1_data, sizeof w1_data - 1);
    attach_text(&b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "compute.json", w1_compute, sizeof w1_compute - 1);
    attach_text(&b, VD_KIND_IDENTITY, VD_LAYER_IDENTITY, 0, "tools.json", w1_tools, sizeof w1_tools - 1);
    attach_text(&b, VD_KIND_RESOURCE, VD_LAYER_RESOURCE, 0, "bucket.json", w1_bucket, sizeof w1_bucket - 1);
    attach_text(&b, VD_KIND_SCP, VD_LAYER_SCP, 0, "scp.json", w1_scp, sizeof w1_scp - 1);
    finish(&b);
    make_requests(w, 1000);
    for (uint32_t i = 0; i < w->request_count; i++)
        w1_request(&w->requests[i], &r, i);
    return true;
}

/* ------------------------------------------------------------------ W2, W3 */

/* Actions and resources as they stand in the documents, to ask about. */
typedef struct pair {
    char action[96], resource[BENCH_TEXT];
} pair;

typedef struct pairs {
    pair    *at;
    uint32_t count, cap;
} pairs;

/* The value of the next "name": string or the first string of its array, by plain search: enough for compact JSON. */
static const char *next_string(const char *p, const char *name, char *out, size_t size)
{
    char   needle[32];
    size_t n = 0;

    snprintf(needle, sizeof needle, "\"%s\":", name);
    p = strstr(p, needle);
    if (!p)
        return NULL;
    p += strlen(needle);
    while (*p == ' ' || *p == '[' || *p == '\n')
        p++;
    if (*p++ != '"')
        return p;
    while (*p && *p != '"' && n + 1 < size)
        out[n++] = *p++;
    out[n] = 0;
    return p;
}

static void concrete(char *out, size_t size, const char *pattern, uint32_t i)
{
    size_t n = 0, colons = 0;

    for (; *pattern && n + 24 < size; pattern++) {
        colons += *pattern == ':';
        if (*pattern != '*')
            out[n++] = *pattern;
        else if (colons == 3)
            n += (size_t)snprintf(out + n, size - n, "eu-west-1");
        else if (colons == 4)
            n += (size_t)snprintf(out + n, size - n, "111122223333");
        else
            n += (size_t)snprintf(out + n, size - n, "x%u", i);
    }
    out[n] = 0;
}

static void collect(pairs *list, const char *document)
{
    const char *p = document;
    pair        one;

    for (;;) {
        memset(&one, 0, sizeof one);
        p = next_string(p, "Action", one.action, sizeof one.action);
        if (!p)
            return;
        snprintf(one.resource, sizeof one.resource, "*");
        next_string(p, "Resource", one.resource, sizeof one.resource);
        if (!strchr(one.action, ':') || strchr(one.resource, '$'))
            continue;
        if (list->count == list->cap) {
            list->cap = list->cap ? list->cap * 2 : 1024;
            list->at = realloc(list->at, list->cap * sizeof *list->at);
            if (!list->at)
                die("out of memory", NULL);
        }
        list->at[list->count++] = one;
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **list_folder(const char *folder, uint32_t *count)
{
    DIR           *d = opendir(folder);
    struct dirent *e;
    char         **names = NULL;
    uint32_t       cap = 0;

    *count = 0;
    while (d && (e = readdir(d))) {
        size_t n = strlen(e->d_name);

        if (n < 6 || strcmp(e->d_name + n - 5, ".json") != 0)
            continue;
        if (*count == cap) {
            cap = cap ? cap * 2 : 256;
            names = realloc(names, cap * sizeof *names);
            if (!names)
                die("out of memory", NULL);
        }
        names[(*count)++] = strdup(e->d_name);
    }
    if (d)
        closedir(d);
    if (*count)
        qsort(names, *count, sizeof *names, by_name);
    return names;
}

static char *read_whole(const char *folder, const char *name, size_t *n)
{
    char  path[4096], *p;
    FILE *f;
    long  size = -1;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0)
        die(path, NULL);
    p = malloc((size_t)size + 1);
    if (!p || fread(p, 1, (size_t)size, f) != (size_t)size)
        die(path, NULL);
    p[size] = 0;
    *n = (size_t)size;
    fclose(f);
    return p;
}

/* A document that allows or denies nearly everything, attached beside the others, would make every answer the same. */
static bool swamps_the_others(const char *document)
{
    return strstr(document, "\"NotAction\"") || strstr(document, "\"Action\":\"*\"") || strstr(document, "\"Action\":[\"*\"]");
}

static void managed_request(bench_request *q, const pairs *list, bench_random *r, uint32_t i)
{
    const pair *p = &list->at[bench_below(r, list->count)];
    uint32_t    third = bench_below(r, 3);

    snprintf(q->principal, sizeof q->principal, "arn:aws:sts::111122223333:assumed-role/admin/s%u", i);
    snprintf(q->account, sizeof q->account, "111122223333");
    concrete(q->action, sizeof q->action, p->action, i);
    if (strcmp(p->resource, "*") != 0)
        concrete(q->resource, sizeof q->resource, p->resource, i);
    if (strncmp(q->resource, "arn:", 4) != 0)
        snprintf(q->resource, sizeof q->resource, "arn:aws:%.*s:eu-west-1:111122223333:thing/x%u",
                 (int)strcspn(q->action, ":"), q->action, i);
    if (third == 1 && i % 2) /* nobody grants these; a service:* may grant the next */
        snprintf(q->action, sizeof q->action, "service%u:Unheard%u", i % 13, i % 97);
    else if (third == 1)
        snprintf(strchr(q->action, ':') + 1, 24, "Unheard%u", i % 97);
    key(q, "aws:SourceIp", "203.0.113.%u", i % 250);
    key(q, "aws:RequestedRegion", "eu-west-1");
    if (third == 2)
        key(q, "aws:PrincipalTag/frozen", "true");
}

static const char frozen[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\","
                             "\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/frozen\":\"true\"}}}]}";

bool bench_managed(bench_work *w, const char *folder, uint32_t most)
{
    bench_random r = { 2 };
    pairs        list = { 0 };
    uint32_t     count, step, kept = 0;
    char       **names, **texts;
    size_t      *sizes;
    build        b;

    names = folder ? list_folder(folder, &count) : NULL;
    if (!names || !count) {
        fprintf(stderr, "bench: %s skipped: VERDICT_TEST_POLICIES names no folder of managed policies\n",
                most ? "W2" : "W3");
        return false;
    }
    texts = calloc(count, sizeof *texts);
    sizes = calloc(count, sizeof *sizes);
    if (!texts || !sizes)
        die("out of memory", NULL);
    for (uint32_t i = 0, n = count; i < n; i++) {
        texts[kept] = read_whole(folder, names[i], &sizes[kept]);
        names[kept] = names[i];
        if (!swamps_the_others(texts[kept])) {
            kept++;
            continue;
        }
        free(texts[kept]);
        free(names[kept]);
    }
    count = kept;
    step = most && count > most ? count / most : 1;
    b = begin(w, most ? "W2" : "W3", most ? "100 managed policies" : "all managed policies");
    for (uint32_t i = 0, n = 0; i < count && (!most || n < most); i += step, n++) {
        attach_text(&b, VD_KIND_MANAGED, VD_LAYER_IDENTITY, 0, names[i], texts[i], sizes[i]);
    }
    attach_text(&b, VD_KIND_MANAGED, VD_LAYER_IDENTITY, 0, "frozen.json", frozen, sizeof frozen - 1);
    finish(&b);
    for (uint32_t i = 0, n = 0; i < count && (!most || n < most); i += step, n++)
        collect(&list, texts[i]);
    make_requests(w, 1000);
    for (uint32_t i = 0; i < w->request_count; i++)
        managed_request(&w->requests[i], &list, &r, i);
    for (uint32_t i = 0; i < count; i++) {
        free(names[i]);
        free(texts[i]);
    }
    free(names);
    free(texts);
    free(sizes);
    free(list.at);
    return true;
}

/* ------------------------------------------------------------------ W4 */

enum { SERVICES = 40, NAMES = 60, PER_POLICY = 50 };

static void w4_name(char *out, size_t size, uint32_t name)
{
    static const char *const verbs[] = { "Get", "List", "Describe", "Put", "Create", "Delete" };

    snprintf(out, size, "%sThing%u", verbs[name % 6], name / 6);
}

/* What a request needs to know of a statement to hit it. */
typedef struct w4_target {
    uint8_t  service, name, shape;
    bool     deny;
} w4_target;

static w4_target w4_statement(text *t, bench_random *r, uint32_t i)
{
    uint32_t  service = bench_below(r, SERVICES), shape = bench_below(r, 100);
    bool      deny = bench_below(r, 10) == 0;
    char      name[64];
    w4_target target = { .service = (uint8_t)service, .shape = (uint8_t)shape, .deny = deny };

    add(t, "{\"Effect\":\"%s\",\"Action\":[", deny ? "Deny" : "Allow");
    for (uint32_t k = 0, n = 1 + bench_below(r, 3); k < n; k++) {
        target.name = (uint8_t)bench_below(r, NAMES);
        w4_name(name, sizeof name, target.name);
        if (shape >= 95)
            name[bench_below(r, 3) ? 3 : 0] = '*', name[name[0] == '*' ? 1 : 4] = 0;
        add(t, "%s\"svc%u:%s\"", k ? "," : "", service, name);
    }
    if (shape < 56)
        add(t, "],\"Resource\":\"arn:aws:svc%u:*:*:item/team%u-%u*\"}", service, i % 500, i);
    else if (shape < 80)
        add(t, "],\"Resource\":[\"arn:aws:svc%u:eu-west-1:111122223333:box/%u\",\"arn:aws:svc%u:eu-west-1:111122223333:box/%u/*\"]}",
            service, i, service, i);
    else
        add(t, "],\"Resource\":\"arn:aws:svc%u:*:*:item/team%u-*\",\"Condition\":{\"StringEquals\":{\"aws:PrincipalTag/team\":\"t%u\"}}}",
            service, i % 500, i % 500);
    return target;
}

/* Half of the requests aim at a statement, the others at nothing in particular. */
static void w4_request(bench_request *q, bench_random *r, uint32_t i, const w4_target *targets, uint32_t statements)
{
    uint32_t  target = bench_below(r, statements);
    w4_target t = targets[target];
    bool      aimed = bench_below(r, 2) == 0, box = aimed ? t.shape >= 56 && t.shape < 80 : bench_below(r, 4) == 0;
    uint32_t  service = aimed ? t.service : bench_below(r, SERVICES);
    char      name[64];

    w4_name(name, sizeof name, aimed ? t.name : bench_below(r, NAMES));
    snprintf(q->principal, sizeof q->principal, "arn:aws:sts::111122223333:assumed-role/app/s%u", i);
    snprintf(q->account, sizeof q->account, "111122223333");
    snprintf(q->action, sizeof q->action, "svc%u:%s", service, name);
    if (!box)
        snprintf(q->resource, sizeof q->resource, "arn:aws:svc%u:eu-west-1:111122223333:item/team%u-%u/%u", service,
                 target % 500, target, i);
    else
        snprintf(q->resource, sizeof q->resource, "arn:aws:svc%u:eu-west-1:111122223333:box/%u", service, target);
    key(q, "aws:PrincipalTag/team", "t%u", bench_below(r, 3) ? target % 500 : i % 500);
    key(q, "aws:SourceIp", "203.0.113.%u", i % 250);
    if (bench_below(r, 3) == 0 && (!aimed || t.deny))
        key(q, "aws:PrincipalTag/frozen", "true");
}

bool bench_w4(bench_work *w, uint32_t statements, uint32_t requests)
{
    bench_random r = { 4 };
    text         t = { 0 };
    uint32_t     docs = (statements + PER_POLICY - 1) / PER_POLICY;
    size_t      *ends = calloc(docs + 1, sizeof *ends);
    w4_target   *targets = calloc(statements, sizeof *targets);
    build        b;

    if (!ends || !targets)
        die("out of memory", NULL);
    for (uint32_t i = 0; i < docs; i++) {
        add(&t, "{\"Version\":\"2012-10-17\",\"Statement\":[");
        for (uint32_t k = i * PER_POLICY; k < (i + 1) * PER_POLICY && k < statements; k++) {
            if (k % PER_POLICY)
                add(&t, ",");
            targets[k] = w4_statement(&t, &r, k);
        }
        add(&t, "]}");
        ends[i + 1] = t.n;
    }
    b = begin(w, "W4", "growth: synthetic statements over 40 services");
    for (uint32_t i = 0; i < docs; i++) {
        char name[32];

        snprintf(name, sizeof name, "p%06u.json", i);
        attach_text(&b, VD_KIND_MANAGED, VD_LAYER_IDENTITY, 0, name, t.p + ends[i], ends[i + 1] - ends[i]);
    }
    attach_text(&b, VD_KIND_MANAGED, VD_LAYER_IDENTITY, 0, "frozen.json", frozen, sizeof frozen - 1);
    finish(&b);
    make_requests(w, requests);
    for (uint32_t i = 0; i < requests; i++)
        w4_request(&w->requests[i], &r, i, targets, statements);
    free(targets);
    free(t.p);
    free(ends);
    return true;
}

/* ------------------------------------------------------------------ W5 */

enum { PRINCIPALS = 10000, POLICIES = 500, ACCOUNTS = 100, RESOURCES = 2000 };

static void w5_scps(build *b)
{
    static const char full[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}";
    static const char ou[] = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\","
                             "\"Condition\":{\"StringNotEquals\":{\"aws:RequestedRegion\":[\"eu-west-1\",\"us-east-1\"]}}}]}";
    vd_policy *everything = policy(b, VD_KIND_SCP, "FullAWSAccess", full, sizeof full - 1);
    vd_policy *regions = policy(b, VD_KIND_SCP, "regions", ou, sizeof ou - 1);

    for (uint32_t a = 0; a < ACCOUNTS; a++) {
        char account[16], name[32];
        text t = { 0 };
        vd_policy *own;

        snprintf(account, sizeof account, "1000000000%02u", a);
        snprintf(name, sizeof name, "account-%02u", a);
        add(&t, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"svc%u:Delete*\",\"Resource\":\"*\"}]}",
            a % SERVICES);
        own = policy(b, VD_KIND_SCP, name, t.p, t.n);
        for (uint32_t level = 0; level < 3; level++)
            attach(b, everything, VD_LAYER_SCP, level, "", "", account);
        attach(b, regions, VD_LAYER_SCP, 1, "", "", account);
        attach(b, own, VD_LAYER_SCP, 2, "", "", account);
        vd_policy_release(own);
        free(t.p);
    }
    vd_policy_release(everything);
    vd_policy_release(regions);
}

static void w5_principal(char *out, size_t size, uint32_t p)
{
    snprintf(out, size, "arn:aws:iam::1000000000%02u:role/app%u", p % ACCOUNTS, p);
}

static void w5_bucket(char *out, size_t size, uint32_t i)
{
    snprintf(out, size, "arn:aws:s3:::data-%u", i);
}

static uint32_t w5_policy_of(uint32_t principal, uint32_t k)
{
    return (principal % 1000 * 7 + k * 131) % POLICIES;
}

static void w5_request(bench_request *q, bench_random *r, uint32_t i)
{
    uint32_t p = bench_below(r, PRINCIPALS), service = bench_below(r, SERVICES), target = bench_below(r, 5000);
    char     name[64];

    snprintf(q->principal, sizeof q->principal, "arn:aws:sts::1000000000%02u:assumed-role/app%u/s%u", p % ACCOUNTS, p, i);
    w5_principal(q->role, sizeof q->role, p);
    key(q, "aws:RequestedRegion", bench_below(r, 3) ? "eu-west-1" : "ap-south-1");
    key(q, "aws:PrincipalTag/team", "t%u", target % 500);
    if (bench_below(r, 2)) { /* a bucket that one of the role's policies names */
        uint32_t digit = w5_policy_of(p, bench_below(r, 3)) % 10, bucket = digit ? digit * 100 + bench_below(r, 100) : 0;

        snprintf(q->action, sizeof q->action, "s3:GetObject");
        snprintf(q->resource, sizeof q->resource, "arn:aws:s3:::data-%u/k%u", bucket, i);
        snprintf(q->account, sizeof q->account, "1000000000%02u", bench_below(r, 4) ? p % ACCOUNTS : bucket % ACCOUNTS);
        return;
    }
    w4_name(name, sizeof name, bench_below(r, NAMES));
    snprintf(q->action, sizeof q->action, "svc%u:%s", service, name);
    snprintf(q->resource, sizeof q->resource, "arn:aws:svc%u:eu-west-1:1000000000%02u:item/team%u-%u", service,
             p % ACCOUNTS, target % 500, target);
}

bool bench_w5(bench_work *w)
{
    bench_random r = { 5 };
    build        b = begin(w, "W5", "organization: 10 000 principals, 500 policies, SCPs, 2 000 bucket policies");
    vd_policy   *shared[POLICIES];

    for (uint32_t i = 0; i < POLICIES; i++) {
        text t = { 0 };
        char name[32];

        snprintf(name, sizeof name, "policy-%03u", i);
        add(&t, "{\"Version\":\"2012-10-17\",\"Statement\":[");
        for (uint32_t k = 0; k < 8; k++) {
            w4_statement(&t, &r, i * 8 + k);
            add(&t, ",");
        }
        add(&t, "{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":\"arn:aws:s3:::data-%u*\"}]}", i % 10);
        shared[i] = policy(&b, VD_KIND_MANAGED, name, t.p, t.n);
        free(t.p);
    }
    for (uint32_t p = 0; p < PRINCIPALS; p++) {
        char arn[BENCH_TEXT];

        w5_principal(arn, sizeof arn, p);
        for (uint32_t k = 0; k < 3; k++)
            attach(&b, shared[w5_policy_of(p, k)], VD_LAYER_IDENTITY, 0, arn, "", "");
    }
    w5_scps(&b);
    for (uint32_t i = 0; i < RESOURCES; i++) {
        text       t = { 0 };
        char       arn[BENCH_TEXT];
        vd_policy *p;

        w5_bucket(arn, sizeof arn, i);
        add(&t, "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"1000000000%02u\"},"
                "\"Action\":\"s3:GetObject\",\"Resource\":\"%s/*\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
                "\"Resource\":\"%s/*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
            (i * 7) % ACCOUNTS, arn, arn);
        p = policy(&b, VD_KIND_RESOURCE, arn, t.p, t.n);
        attach(&b, p, VD_LAYER_RESOURCE, 0, "", arn, "");
        vd_policy_release(p);
        free(t.p);
    }
    for (uint32_t i = 0; i < POLICIES; i++)
        vd_policy_release(shared[i]);
    finish(&b);
    make_requests(w, 20000);
    for (uint32_t i = 0; i < w->request_count; i++)
        w5_request(&w->requests[i], &r, i);
    return true;
}
