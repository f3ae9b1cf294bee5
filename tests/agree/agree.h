/* SPDX-License-Identifier: Apache-2.0
 *
 * Made-up policy sets and requests, and the two evaluators held against each other on them.  The bytes steer every
 * choice, so that a fuzzer can; when they run out a generator seeded with them goes on.  The vocabulary is small on
 * purpose: names meet often, near misses are common, and every rule that tells them apart gets asked.
 */
#ifndef VERDICT_TESTS_AGREE_H
#define VERDICT_TESTS_AGREE_H

#include <stddef.h>
#include <stdint.h>

typedef struct agree_counts {
    uint64_t requests, allowed, denied, refused, errors; /* errors: ERROR of the rules */
} agree_counts;

/* Makes one set and asks `requests` questions.  Prints the set and the question and aborts when the answers differ. */
void agree_run(const uint8_t *bytes, size_t size, uint32_t requests, agree_counts *counts);

#endif
