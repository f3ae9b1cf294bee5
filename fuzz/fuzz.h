/* SPDX-License-Identifier: Apache-2.0
 *
 * What a fuzz target is.  It returns 0; whatever it finds wrong ends the process, by fuzz_check, a sanitizer or a
 * fault.  A target that only waits for faults is half a target: say in it what must be true.
 */
#ifndef VERDICT_FUZZ_H
#define VERDICT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv); /* optional: sets something up once */

/* The input contradicts what we promise. */
#define fuzz_check(x, ...)                                                                                   \
    do {                                                                                                     \
        if (!(x)) {                                                                                          \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #x);                                          \
            fprintf(stderr, __VA_ARGS__);                                                                    \
            fputc('\n', stderr);                                                                             \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

#endif
