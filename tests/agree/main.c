/* SPDX-License-Identifier: Apache-2.0
 *
 * agree [REQUESTS [SEED]]: tree and interpreter on that many generated requests.
 */
#include "agree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EACH = 100 };

int main(int argc, char **argv)
{
    uint64_t     wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000, seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    agree_counts c = { 0 };

    while (c.requests < wanted) {
        uint8_t bytes[8];

        memcpy(bytes, &seed, sizeof bytes);
        seed++;
        agree_run(bytes, sizeof bytes, EACH, &c);
    }
    printf("%llu requests agree: %llu allowed, %llu explicitly denied, %llu refused, %llu errors\n", (unsigned long long)c.requests,
           (unsigned long long)c.allowed, (unsigned long long)c.denied, (unsigned long long)c.refused, (unsigned long long)c.errors);
    /* A generator that only makes one kind of answer would prove nothing. */
    return c.allowed * 20 > c.requests && c.denied * 20 > c.requests ? 0 : 1;
}
