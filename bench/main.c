/* SPDX-License-Identifier: Apache-2.0
 *
 * The driver of the benchmark.  Figures are per decision: p50 and p99 over small batches with the cost of the clock
 * taken off, and decisions a second over whole passes.  Beside them stand calibrators of the machine and, for the
 * linear walk, the interpreter over the same documents in the same run: those ratios hold everywhere.
 */
#include "work.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 4, PASSES = 40 };

static bool        json;
static const char *separator = "";

typedef struct figures {
    double p50, p99, rate;
} figures;

/* ------------------------------------------------------------------ output */

static void row(const char *id, const char *what, const char *unit, double p50, double p99, double rate)
{
    if (json) {
        printf("%s\n    {\"id\": \"%s\", \"what\": \"%s\", \"unit\": \"%s\", \"p50\": %.2f, \"p99\": %.2f, \"perSecond\": %.0f}",
               separator, id, what, unit, p50, p99, rate);
        separator = ",";
        return;
    }
    printf("%-4s %-52s %10.1f %-6s", id, what, p50, unit);
    if (p99 > 0)
        printf(" p99 %9.1f", p99);
    if (rate > 0)
        printf("  %12.0f/s", rate);
    printf("\n");
    fflush(stdout);
}

static void value(const char *id, const char *what, const char *unit, double v)
{
    row(id, what, unit, v, 0, 0);
}

/* ------------------------------------------------------------------ asking */

typedef struct asker {
    const bench_work *w;
    vd_request       *request;
    void             *scratch;
    vd_key           *keys; /* BENCH_KEYS for each request */
    vd_caller       **callers; /* one for each request, or NULL */
    uint64_t          outcomes[3];
} asker;

static void asker_start(asker *a, const bench_work *w)
{
    vd_error err;

    memset(a, 0, sizeof *a);
    a->w = w;
    a->scratch = aligned_alloc(16, (vd_scratch_size(w->set) + 63) & ~(size_t)15);
    a->keys = calloc((size_t)w->request_count * BENCH_KEYS, sizeof *a->keys);
    if (!a->scratch || !a->keys || vd_request_new(&a->request, w->engine, &err) != VD_OK)
        exit(1);
    for (uint32_t i = 0; i < w->request_count; i++)
        for (uint32_t k = 0; k < w->requests[i].keys; k++)
            a->keys[i * BENCH_KEYS + k] = vd_set_key(w->set, vd_str_of(w->requests[i].key[k]));
}

static void asker_stop(asker *a)
{
    for (uint32_t i = 0; a->callers && i < a->w->request_count; i++)
        vd_caller_release(a->callers[i]);
    free(a->callers);
    vd_request_free(a->request);
    free(a->scratch);
    free(a->keys);
}

/* Texts with their lengths, as a gateway has them from its parser. */
typedef struct ready {
    vd_str principal, action, resource, account, role, key[BENCH_KEYS], value[BENCH_KEYS];
    bool   of_caller[BENCH_KEYS]; /* what the credentials say, and not the call */
} ready;

static ready *make_ready(const bench_work *w)
{
    ready *r = calloc(w->request_count, sizeof *r);

    if (!r)
        exit(1);
    for (uint32_t i = 0; i < w->request_count; i++) {
        const bench_request *q = &w->requests[i];

        r[i] = (ready){ vd_str_of(q->principal), vd_str_of(q->action), vd_str_of(q->resource), vd_str_of(q->account),
                        vd_str_of(q->role), { { 0 } }, { { 0 } }, { false } };
        for (uint32_t k = 0; k < q->keys; k++) {
            r[i].key[k] = vd_str_of(q->key[k]);
            r[i].value[k] = vd_str_of(q->value[k]);
            r[i].of_caller[k] = strncmp(q->key[k], "aws:PrincipalTag/", 17) == 0 || strcmp(q->key[k], "aws:MultiFactorAuthPresent") == 0;
        }
    }
    return r;
}

/* How a request is filled: keys as texts, keys bound by id, and that with a caller read before. */
typedef enum manner { BY_TEXT, BY_ID, BY_CALLER } manner;

static void read_callers(asker *a, const ready *r)
{
    vd_error err;

    a->callers = calloc(a->w->request_count, sizeof(vd_caller *));
    if (!a->callers)
        exit(1);
    for (uint32_t i = 0; i < a->w->request_count; i++) {
        const bench_request *q = &a->w->requests[i];

        vd_request_reset(a->request);
        vd_request_set(a->request, VD_PRINCIPAL, r[i].principal);
        if (r[i].role.n)
            vd_request_set(a->request, VD_PRINCIPAL_ROLE, r[i].role);
        for (uint32_t k = 0; k < q->keys; k++)
            if (r[i].of_caller[k])
                vd_request_bind(a->request, a->keys[i * BENCH_KEYS + k], &r[i].value[k], 1);
        if (vd_caller_new(&a->callers[i], a->request, &err) != VD_OK) {
            fprintf(stderr, "bench: %s\n", err.text);
            exit(1);
        }
    }
}

static void fill_with_caller(asker *a, const ready *q, uint32_t i)
{
    vd_request_begin(a->request, a->callers[i]);
    vd_request_set(a->request, VD_ACTION, q->action);
    vd_request_set(a->request, VD_RESOURCE, q->resource);
    if (q->account.n)
        vd_request_set(a->request, VD_RESOURCE_ACCOUNT, q->account);
    for (uint32_t k = 0; k < a->w->requests[i].keys; k++)
        if (!q->of_caller[k])
            vd_request_bind(a->request, a->keys[i * BENCH_KEYS + k], &q->value[k], 1);
}

static void fill(asker *a, const ready *q, uint32_t i, manner how)
{
    uint32_t keys = a->w->requests[i].keys;

    if (how == BY_CALLER) {
        fill_with_caller(a, q, i);
        return;
    }
    vd_request_reset(a->request);
    vd_request_set(a->request, VD_PRINCIPAL, q->principal);
    vd_request_set(a->request, VD_ACTION, q->action);
    vd_request_set(a->request, VD_RESOURCE, q->resource);
    if (q->account.n)
        vd_request_set(a->request, VD_RESOURCE_ACCOUNT, q->account);
    if (q->role.n)
        vd_request_set(a->request, VD_PRINCIPAL_ROLE, q->role);
    for (uint32_t k = 0; k < keys; k++) {
        if (how == BY_ID)
            vd_request_bind(a->request, a->keys[i * BENCH_KEYS + k], &q->value[k], 1);
        else
            vd_request_context(a->request, q->key[k], &q->value[k], 1);
    }
}

/* Whoever asks has just parsed the request: its own texts are in the cache, what the set holds may not be. */
static uint64_t touch(const vd_str *s)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < s->n; i += 32)
        sum += (uint8_t)s->p[i];
    return s->n ? sum + (uint8_t)s->p[s->n - 1] : 0;
}

static uint64_t touch_request(const bench_work *w, const ready *q, uint32_t i)
{
    uint64_t sum = touch(&q->principal) + touch(&q->action) + touch(&q->resource) + touch(&q->account) + touch(&q->role);

    for (uint32_t k = 0; k < w->requests[i].keys; k++)
        sum += touch(&q->key[k]) + touch(&q->value[k]);
    return sum;
}

static void ask(asker *a, const vd_set *set, const ready *q, uint32_t i, manner how)
{
    vd_decision d = { .size = sizeof d };

    fill(a, q, i, how);
    if (vd_eval(&d, set, a->request, a->scratch) != VD_OK) {
        fprintf(stderr, "bench: request %u cannot be evaluated\n", i);
        exit(1);
    }
    a->outcomes[d.outcome]++;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double clock_cost(void)
{
    double best = 1;

    for (int i = 0; i < 2000; i++) {
        double t = bench_now(), d = bench_now() - t;

        if (d < best)
            best = d;
    }
    return best;
}

static void shuffle(uint32_t *order, uint32_t n, bench_random *r)
{
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = bench_below(r, i), t = order[i - 1];

        order[i - 1] = order[k];
        order[k] = t;
    }
}

/* The figures of one workload. */
static figures measure(const bench_work *w, manner how, uint32_t limit)
{
    uint32_t      n = limit && limit < w->request_count ? limit : w->request_count;
    uint32_t      passes = n > 5000 ? 4 : PASSES, samples = 0;
    uint32_t     *order = calloc(n, sizeof *order);
    double       *times = calloc((size_t)passes * (n / BATCH + 1), sizeof *times), clock = clock_cost(), total = 0;
    ready        *r = make_ready(w);
    bench_random  random = { 99 };
    asker         a;
    figures       f;
    volatile uint64_t touched = 0; /* so that reading is not left out */

    if (!order || !times)
        exit(1);
    asker_start(&a, w);
    if (how == BY_CALLER)
        read_callers(&a, r);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = 0; i < n; i++)
        ask(&a, w->set, &r[i], i, how); /* warm */
    for (uint32_t p = 0; p < passes; p++) {
        shuffle(order, n, &random);
        for (uint32_t i = 0; i + BATCH <= n; i += BATCH) {
            double start, t;

            for (uint32_t k = 0; k < BATCH; k++)
                touched += touch_request(w, &r[order[i + k]], order[i + k]);
            start = bench_now();
            for (uint32_t k = 0; k < BATCH; k++)
                ask(&a, w->set, &r[order[i + k]], order[i + k], how);
            t = bench_now() - start - clock;
            total += t;
            times[samples++] = t / BATCH;
        }
    }
    (void)touched;
    qsort(times, samples, sizeof *times, by_value);
    f.p50 = times[samples / 2] * 1e9;
    f.p99 = times[samples - samples / 100 - 1] * 1e9;
    f.rate = (double)samples * BATCH / total;
    if (!json && how == BY_TEXT)
        printf("     (%s: %.0f%% allowed, %.0f%% implicitly, %.0f%% explicitly denied)\n", w->id,
               100.0 * (double)a.outcomes[VD_ALLOW] / (double)(a.outcomes[0] + a.outcomes[1] + a.outcomes[2]),
               100.0 * (double)a.outcomes[VD_IMPLICIT_DENY] / (double)(a.outcomes[0] + a.outcomes[1] + a.outcomes[2]),
               100.0 * (double)a.outcomes[VD_EXPLICIT_DENY] / (double)(a.outcomes[0] + a.outcomes[1] + a.outcomes[2]));
    asker_stop(&a);
    free(order);
    free(times);
    free(r);
    return f;
}

/* Only vd_eval, the request filled before the clock starts. */
static double eval_alone(const bench_work *w)
{
    ready  *r = make_ready(w);
    double  clock = clock_cost(), *times = calloc(w->request_count, sizeof *times), p50;
    asker   a;

    if (!times)
        exit(1);
    asker_start(&a, w);
    for (uint32_t pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < w->request_count; i++) {
            vd_decision d = { .size = sizeof d };
            double      start;

            fill(&a, &r[i], i, BY_TEXT);
            start = bench_now();
            vd_eval(&d, w->set, a.request, a.scratch);
            times[i] = bench_now() - start - clock;
        }
    qsort(times, w->request_count, sizeof *times, by_value);
    p50 = times[w->request_count / 2] * 1e9;
    asker_stop(&a);
    free(times);
    free(r);
    return p50;
}

/* Every decision after the caches were filled with something else. */
static double cold(const bench_work *w)
{
    enum { FLUSH = 96 << 20, SAMPLES = 60 };
    char   *junk = malloc(FLUSH);
    double  times[SAMPLES], clock = clock_cost();
    ready  *r = make_ready(w);
    asker   a;

    if (!junk)
        exit(1);
    asker_start(&a, w);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        double start;

        memset(junk, (int)i, FLUSH);
        start = bench_now();
        ask(&a, w->set, &r[i * 7 % w->request_count], i * 7 % w->request_count, BY_TEXT);
        times[i] = bench_now() - start - clock;
    }
    qsort(times, SAMPLES, sizeof *times, by_value);
    asker_stop(&a);
    free(junk);
    free(r);
    return times[SAMPLES / 2] * 1e9;
}

/* ------------------------------------------------------------------ the linear walk */

static double linear(const bench_work *w, uint32_t samples)
{
    double         *times = calloc(samples, sizeof *times), p50;
    vd_explain_opts opts = { .size = sizeof opts, .no_proposals = true, .no_trace = true };
    ready          *r = make_ready(w);
    asker           a;

    if (!times)
        exit(1);
    asker_start(&a, w);
    for (uint32_t i = 0; i < samples; i++) {
        vd_explanation *e = NULL;
        vd_error        err;
        uint32_t        q = i * 13 % w->request_count;
        double          start;

        fill(&a, &r[q], q, BY_TEXT);
        start = bench_now();
        if (vd_explain(&e, w->set, a.request, &opts, &err) != VD_OK) {
            fprintf(stderr, "bench: %s: %s\n", w->id, err.text);
            exit(1);
        }
        times[i] = bench_now() - start;
        vd_explanation_free(e);
    }
    qsort(times, samples, sizeof *times, by_value);
    p50 = times[samples / 2] * 1e9;
    asker_stop(&a);
    free(times);
    free(r);
    return p50;
}

static double explained(const bench_work *w)
{
    enum { SAMPLES = 400 };
    double          times[SAMPLES];
    vd_explain_opts opts = { .size = sizeof opts, .no_proposals = true };
    ready          *r = make_ready(w);
    asker           a;

    asker_start(&a, w);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        vd_explanation *e = NULL;
        vd_error        err;
        double          start;

        fill(&a, &r[i], i, BY_TEXT);
        start = bench_now();
        if (vd_explain(&e, w->set, a.request, &opts, &err) != VD_OK) {
            fprintf(stderr, "bench: %s: %s\n", w->id, err.text);
            exit(1);
        }
        vd_explanation_free(e);
        times[i] = bench_now() - start;
    }
    qsort(times, SAMPLES, sizeof *times, by_value);
    asker_stop(&a);
    free(r);
    return times[SAMPLES / 2] * 1e9;
}

/* ------------------------------------------------------------------ threads (W6) */

typedef struct worker {
    const bench_work *w;
    vd_live          *live;
    double            until;
    uint64_t          done;
    double            p99;
} worker;

static void *work(void *p)
{
    enum { MOST = 400000 };
    worker    *me = p;
    ready     *r = make_ready(me->w);
    double    *times = calloc(MOST, sizeof *times), now = bench_now();
    uint32_t   n = 0;
    vd_reader *reader;
    vd_error   err;
    asker      a;

    if (!times || vd_reader_new(&reader, me->live, &err) != VD_OK)
        exit(1);
    asker_start(&a, me->w);
    while (now < me->until) {
        double start = now;

        for (uint32_t k = 0; k < BATCH; k++) {
            uint32_t i = (uint32_t)((me->done + k) % me->w->request_count);

            ask(&a, vd_reader_set(reader), &r[i], i, BY_TEXT);
        }
        me->done += BATCH;
        now = bench_now();
        if (n < MOST)
            times[n++] = (now - start) / BATCH;
    }
    qsort(times, n, sizeof *times, by_value);
    me->p99 = n ? times[n - n / 100 - 1] * 1e9 : 0;
    asker_stop(&a);
    vd_reader_free(reader);
    free(times);
    free(r);
    return NULL;
}

static double threads(const bench_work *w, uint32_t n, bool replacing, double *p99)
{
    pthread_t t[8];
    worker    workers[8];
    vd_live  *live;
    vd_set   *other;
    vd_error  err;
    double    seconds = 1.0, until = bench_now() + seconds, done = 0;

    if (vd_live_new(&live, w->engine, w->set, &err) != VD_OK ||
        vd_set_load(&other, w->engine, vd_set_bytes(w->set), &err) != VD_OK)
        exit(1);
    for (uint32_t i = 0; i < n; i++) {
        workers[i] = (worker){ w, live, until, 0, 0 };
        pthread_create(&t[i], NULL, work, &workers[i]);
    }
    for (uint32_t i = 0; replacing && bench_now() < until; i++) {
        struct timespec pause = { 0, 100 * 1000 * 1000 };

        nanosleep(&pause, NULL);
        vd_live_replace(live, i & 1 ? w->set : other);
    }
    *p99 = 0;
    for (uint32_t i = 0; i < n; i++) {
        pthread_join(t[i], NULL);
        done += (double)workers[i].done;
        if (workers[i].p99 > *p99)
            *p99 = workers[i].p99;
    }
    vd_live_free(live);
    vd_set_release(other);
    return done / seconds;
}

static void w6(const bench_work *w)
{
    double one_p99, two_p99, replaced_p99;
    double one = threads(w, 1, false, &one_p99), two = threads(w, 2, false, &two_p99);

    threads(w, 2, true, &replaced_p99);
    value("W6", w->id[1] == '1' ? "W1 on two threads against one" : "W5 on two threads against one", "times", two / one);
    value("W6", w->id[1] == '1' ? "W1 p99 while the set is replaced, against without" : "W5 p99 while the set is replaced, against without",
          "times", replaced_p99 / two_p99);
}

/* ------------------------------------------------------------------ the machine */

static void calibrate(void)
{
    enum { N = 1 << 22, STEPS = 1 << 20 };
    static const char text[] = "arn:aws:s3:::some-bucket/with/a/key/of/fifty-seven/bytes.";
    uint32_t         *ring = calloc(N, sizeof *ring), at = 0;
    char             *from = malloc(64 << 20), *to = malloc(64 << 20);
    uint64_t          h = 0;
    double            t;
    bench_random      r = { 7 };

    if (!ring || !from || !to)
        exit(1);
    for (uint32_t i = 0; i < N; i++)
        ring[i] = i;
    for (uint32_t i = N; i > 1; i--) { /* one cycle through all */
        uint32_t k = bench_below(&r, i - 1), s = ring[i - 1];

        ring[i - 1] = ring[k];
        ring[k] = s;
    }
    t = bench_now();
    for (uint32_t i = 0; i < STEPS; i++)
        at = ring[at];
    value("cal", "dependent load beyond the second cache", "ns", (bench_now() - t) / STEPS * 1e9 + (at == N));
    t = bench_now();
    for (uint32_t i = 0; i < 200000; i++) {
        uint64_t f = 14695981039346656037u;

        for (size_t k = 0; k < 57; k++)
            f = (f ^ (uint8_t)(text[k] + (char)i)) * 1099511628211u;
        h ^= f;
    }
    value("cal", "FNV-1a hash of 57 bytes", "ns", (bench_now() - t) / 200000 * 1e9 + (h == 1));
    memset(from, 1, 64 << 20);
    memset(to, 2, 64 << 20);
    t = bench_now();
    for (uint32_t i = 0; i < 4; i++) {
        from[i] = (char)at;
        memcpy(to, from, 64 << 20);
        __asm__ volatile("" : : "r"(to) : "memory"); /* the copy is the point */
    }
    value("cal", "memcpy", "GB/s", 4 * 64.0 / 1024 / (bench_now() - t));
    value("cal", "reading the clock", "ns", clock_cost() * 1e9);
    free(ring);
    free(from);
    free(to);
}

/* ------------------------------------------------------------------ blocks */

static double first_decision(const bench_work *w, vd_set *s, const ready *r)
{
    bench_work opened = *w;
    asker      a;
    double     t;

    opened.set = s;
    asker_start(&a, &opened);
    t = bench_now();
    ask(&a, s, &r[0], 0, BY_TEXT);
    t = bench_now() - t;
    asker_stop(&a);
    return t;
}

static void bundles(const bench_work *w, const char *path)
{
    vd_error err;
    vd_str   bytes = vd_set_bytes(w->set);
    double   best = 1, first = 1, t;
    ready   *r = make_ready(w);

    if (vd_set_save(w->set, path, &err) != VD_OK) {
        fprintf(stderr, "bench: %s\n", err.text);
        return;
    }
    for (int i = 0; i < 20; i++) {
        vd_set *s;

        t = bench_now();
        if (vd_set_open(&s, w->engine, path, &err) != VD_OK)
            exit(1);
        t = bench_now() - t;
        if (t < best)
            best = t;
        t = first_decision(w, s, r);
        first = t < first ? t : first;
        vd_set_release(s);
    }
    free(r);
    value(w->id, "open a bundle: map and full check", "us", best * 1e6);
    value(w->id, "first decision after opening", "us", first * 1e6);
    value(w->id, "the same as a rate", "GB/s", (double)bytes.n / best / 1e9);
    remove(path);
}

static void compile_rows(const bench_work *w)
{
    char what[96];

    snprintf(what, sizeof what, "compile, text to set: %u statements", w->statements);
    value(w->id, what, "ms", w->compile_seconds * 1e3);
    value(w->id, "the same as a rate", "MB/s", (double)w->text_bytes / 1e6 / w->compile_seconds);
    value(w->id, "bytes a statement, texts aside", "B", (double)vd_set_hot_bytes(w->set) / w->statements);
}

static void one(const bench_work *w, bool by_id, uint32_t linear_samples)
{
    figures f = measure(w, BY_TEXT, 0);
    double  walk;

    row(w->id, "from strings", "ns", f.p50, f.p99, f.rate);
    if (by_id) {
        figures b = measure(w, BY_ID, 0), c = measure(w, BY_CALLER, 0);

        row(w->id, "keys bound by id", "ns", b.p50, b.p99, b.rate);
        row(w->id, "the same, callers read before", "ns", c.p50, c.p99, c.rate);
        value(w->id, "vd_eval alone", "ns", eval_alone(w));
    }
    value(w->id, "caches flushed before each", "ns", cold(w));
    if (linear_samples) {
        walk = linear(w, linear_samples);
        value(w->id, "linear walk", "ns", walk);
        value(w->id, "linear walk against tree", "times", walk / f.p50);
    }
    compile_rows(w);
}

static bool wanted(const char *only, const char *id)
{
    return !only || strcmp(only, id) == 0;
}

int main(int argc, char **argv)
{
    const char *folder = getenv("VERDICT_TEST_POLICIES"), *only = NULL;
    bench_work  w;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (argv[i][0] == 'W' || strcmp(argv[i], "words") == 0)
            only = argv[i];
        else {
            fprintf(stderr, "usage: verdict-bench [--json] [W1|W2|W3|W4|W5|words]\n");
            return 2;
        }
    }
    if (json)
        printf("{\"verdict\": {\"format\": 1}, \"rows\": [");
    calibrate();
    if (wanted(only, "W1") && bench_w1(&w)) {
        one(&w, true, 400);
        value("W1", "compile one small policy, text to set", "us", bench_compile_small() * 1e6);
        value("W1", "explain (full trace) against from strings", "times", explained(&w) / measure(&w, BY_TEXT, 0).p50);
        bundles(&w, "verdict-bench.vdb");
        w6(&w);
        bench_done(&w);
    }
    if (wanted(only, "W2") && bench_managed(&w, folder, 100)) {
        one(&w, true, 200);
        bench_done(&w);
    }
    if (wanted(only, "W3") && bench_managed(&w, folder, 0)) {
        one(&w, true, 60);
        bundles(&w, "verdict-bench.vdb");
        bench_done(&w);
    }
    if (wanted(only, "W4")) {
        static const uint32_t sizes[] = { 10, 100, 1000, 10000, 100000 };
        double                first = 0;

        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            char    what[64];
            figures f;

            bench_w4(&w, sizes[i], 1000);
            f = measure(&w, BY_TEXT, 0);
            snprintf(what, sizeof what, "%u statements, 1 000 requests", sizes[i]);
            row("W4", what, "ns", f.p50, f.p99, f.rate);
            if (i == 0)
                first = f.p50;
            if (sizes[i] == 100000) {
                double x = f.p50 / first, walk, exponent = 0;

                for (; x > 1.0; x /= 1.0023052380778996) /* log10 in steps of a thousandth */
                    exponent += 0.001;
                value("W4", "growth exponent from 10 to 100 000", "", exponent / 4);
                walk = linear(&w, 6);
                value("W4", "linear walk", "ns", walk);
                value("W4", "linear walk against tree", "times", walk / f.p50);
                compile_rows(&w);
                bundles(&w, "verdict-bench.vdb");
            }
            bench_done(&w);
        }
        bench_w4(&w, 100000, 50000);
        {
            figures f = measure(&w, BY_TEXT, 0);

            row("W4", "100 000 statements, 50 000 requests", "ns", f.p50, f.p99, f.rate);
        }
        bench_done(&w);
    }
    if (wanted(only, "W5") && bench_w5(&w)) {
        one(&w, false, 100);
        bundles(&w, "verdict-bench.vdb");
        w6(&w);
        bench_done(&w);
    }
    if (wanted(only, "words"))
        bench_words(value);
    if (json)
        printf("\n]}\n");
    return 0;
}
