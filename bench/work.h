/* SPDX-License-Identifier: Apache-2.0
 *
 * What is measured: a set made through the public API, and requests against it as plain strings.
 */
#ifndef VERDICT_BENCH_WORK_H
#define VERDICT_BENCH_WORK_H

#include <verdict/verdict.h>

enum { BENCH_KEYS = 8, BENCH_TEXT = 160 };

typedef struct bench_request {
    char     principal[BENCH_TEXT], action[96], resource[BENCH_TEXT], account[16];
    char     role[BENCH_TEXT];
    uint32_t keys;
    char     key[BENCH_KEYS][48], value[BENCH_KEYS][64];
} bench_request;

typedef struct bench_work {
    const char    *id, *what;
    vd_engine     *engine;
    vd_set        *set;
    bench_request *requests;
    uint32_t       request_count;
    double         compile_seconds; /* text to set */
    size_t         text_bytes;
    uint32_t       statements;
} bench_work;

/* Deterministic numbers. */
typedef struct bench_random {
    uint64_t state;
} bench_random;
uint64_t bench_next(bench_random *r);
uint32_t bench_below(bench_random *r, uint32_t n);

double bench_now(void); /* seconds */

/* False: not possible here (said on standard error). */
bool bench_w1(bench_work *w);
bool bench_managed(bench_work *w, const char *folder, uint32_t most); /* W2, W3 */
bool bench_w4(bench_work *w, uint32_t statements, uint32_t requests);
bool bench_w5(bench_work *w);
void bench_done(bench_work *w);
/* Questions about words (words.c). */
typedef void bench_row(const char *id, const char *what, const char *unit, double value);
void   bench_words(bench_row *row);
double bench_compile_small(void); /* seconds from the text of one small policy to a set */

#endif
