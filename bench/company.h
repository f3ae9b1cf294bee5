/* SPDX-License-Identifier: Apache-2.0
 *
 * A company of any size as the AWS command line tells it: the files of a snapshot, the same for the same numbers.
 */
#ifndef VERDICT_BENCH_COMPANY_H
#define VERDICT_BENCH_COMPANY_H

#include "work.h"

#include <stdio.h>

typedef struct bench_company {
    uint32_t accounts, principals, resources, managed; /* the last three in all accounts together */
    uint32_t ways; /* one role in so many has a way to become another one; 0: none */
} bench_company;

/* path is relative to the folder of the snapshot.  False: stop. */
typedef bool bench_file(void *user, const char *path, const char *bytes, size_t n);
void bench_company_files(const bench_company *c, bench_file *take, void *user);

/* A question to it: some principal, some action, some resource; half of them aim at what a policy grants. */
void bench_company_request(const bench_company *c, bench_request *q, uint32_t i);

#endif
