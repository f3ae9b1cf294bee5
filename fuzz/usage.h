/* SPDX-License-Identifier: Apache-2.0
 *
 * What must be true of whatever is collected: each record is in one counter, no byte is read that is not there, nothing
 * leaks; and the summary can be read again, and merged alone is the same to the byte.
 */
#ifndef VERDICT_FUZZ_USAGE_H
#define VERDICT_FUZZ_USAGE_H

#include "fuzz.h"

#include <string.h>

#include <verdict/usage.h>

typedef struct fuzz_text {
    char  *p;
    size_t n, cap;
} fuzz_text;

static bool fuzz_sink(void *ctx, vd_str bytes)
{
    fuzz_text *t = ctx;

    if (t->n + bytes.n > t->cap) {
        t->cap = (t->n + bytes.n) * 2;
        t->p = realloc(t->p, t->cap);
        if (!t->p)
            abort();
    }
    memcpy(t->p + t->n, bytes.p, bytes.n);
    t->n += bytes.n;
    return true;
}

/* Comes in pieces whose sizes have nothing to do with what is in them. */
typedef struct fuzz_pieces {
    const uint8_t *p;
    size_t         n, piece;
} fuzz_pieces;

static ptrdiff_t fuzz_read(void *ctx, char *out, size_t n)
{
    fuzz_pieces *b = ctx;

    b->piece = b->piece * 5 % 4093 + 1;
    n = n < b->piece ? n : b->piece;
    n = n < b->n ? n : b->n;
    memcpy(out, b->p, n);
    b->p += n;
    b->n -= n;
    return (ptrdiff_t)n;
}

static uint64_t fuzz_counter(const vd_usage *u, const char *name)
{
    return vd_usage_counter(u, vd_str_of(name));
}

static void fuzz_check_counters(const vd_usage *u)
{
    static const char *const parts[] = { "evUsed", "evDenied", "evAuthnFail", "evDup", "evNonapi", "evAggregated",
                                         "evOutsideWindow", "evFiltered", "evRejected" };
    uint64_t                 sum = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        sum += fuzz_counter(u, parts[i]);
    fuzz_check(sum == fuzz_counter(u, "eventsTotal"), "%llu of %llu records", (unsigned long long)sum,
               (unsigned long long)fuzz_counter(u, "eventsTotal"));
}

static uint64_t fuzz_touched;

static void fuzz_fact(void *ctx, const vd_usage_fact *f)
{
    (void)ctx;
    fuzz_check(f->count > 0 && f->first <= f->last && f->outcome.n, "a fact of nothing");
    for (size_t i = 0; i < f->resources.count; i++)
        for (size_t k = 0; k < f->resources.at[i].n; k++)
            fuzz_touched += (uint8_t)f->resources.at[i].p[k];
}

static vd_usage *fuzz_usage(const vd_engine *engine)
{
    vd_usage_opts opts = { .size = sizeof opts, .dedup_memory = 1 << 16, .record_bytes = 1 << 20, .inflate_bytes = 1 << 20 };
    vd_usage     *u;

    if (vd_usage_new(&u, engine, &opts, NULL, NULL) != VD_OK)
        abort();
    return u;
}

static void fuzz_write(vd_usage *u, fuzz_text *out)
{
    out->n = 0;
    fuzz_check(vd_usage_write(u, NULL, 0, fuzz_sink, out, false, NULL) == VD_OK, "it cannot be written");
}

/* collected: what came of the input, as a summary. */
static void fuzz_check_summary(const vd_engine *engine, const fuzz_text *collected)
{
    fuzz_pieces     pieces = { (const uint8_t *)collected->p, collected->n, 7 };
    vd_usage_source source = { fuzz_read, &pieces };
    vd_usage_reader reader = { .size = sizeof reader, .fact = fuzz_fact };
    vd_error        err = { .size = sizeof err };
    fuzz_text       again = { 0 };
    vd_usage       *u = fuzz_usage(engine);
    vd_code         code = vd_usage_read(engine, vd_str_of("again"), &source, false, &reader, &err);

    fuzz_check(code == VD_OK, "our own summary is refused: %s\n%.*s", err.text, (int)collected->n, collected->p);
    vd_usage_add_bytes(u, VD_USAGE_SUMMARY, vd_str_of("again"), (vd_str){ collected->p, collected->n }, NULL);
    fuzz_write(u, &again);
    fuzz_check(again.n == collected->n && memcmp(again.p, collected->p, again.n) == 0, "merged alone it is another one:\n%.*s\n%.*s",
               (int)collected->n, collected->p, (int)again.n, again.p);
    vd_usage_free(u);
    free(again.p);
}

static int fuzz_collect(int32_t kind, const uint8_t *data, size_t size)
{
    static vd_engine *engine;
    fuzz_pieces       pieces = { data, size, size % 97 };
    vd_usage_source   source = { fuzz_read, &pieces };
    fuzz_text         text = { 0 };
    vd_usage         *u;

    if (!engine && vd_engine_new(&engine, NULL, NULL) != VD_OK)
        abort();
    u = fuzz_usage(engine);
    fuzz_check(vd_usage_add(u, kind, vd_str_of("AWSLogs/111122223333/CloudTrail/x"), &source, NULL) == VD_OK, "not added");
    if (kind != VD_USAGE_SUMMARY)
        fuzz_check_counters(u);
    fuzz_write(u, &text);
    fuzz_check_summary(engine, &text);
    vd_usage_free(u);
    free(text.p);
    return 0;
}

#endif
