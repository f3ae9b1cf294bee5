/* SPDX-License-Identifier: Apache-2.0
 *
 * What looking something up in the catalogue costs: nanoseconds a call over all that is in it, in an order that no
 * cache likes.
 */
#include "catalog/catalog.h"

#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 20 };

static const vd_catalog *c;
static volatile uint64_t sink;

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void row(const char *what, double value, const char *unit)
{
    printf("%-52s %10.1f %s\n", what, value, unit);
}

typedef struct names {
    vd_str  *at;
    uint32_t count;
    char    *bytes;
} names;

/* All actions as text, shuffled. */
static names all_actions(void)
{
    names    n = { .count = vd_catalog_actions(c) };
    size_t   used = 0;
    uint64_t random = 1;

    n.at = calloc(n.count, sizeof *n.at);
    n.bytes = calloc(n.count, 128);
    if (!n.at || !n.bytes)
        exit(1);
    for (uint32_t i = 0; i < n.count; i++) {
        n.at[i] = (vd_str){ n.bytes + used, vd_catalog_action_text(c, i, n.bytes + used, 128) };
        used += n.at[i].n;
    }
    for (uint32_t i = n.count; i > 1; i--) {
        uint32_t k;
        vd_str   t;

        random = random * 6364136223846793005u + 1442695040888963407u;
        k = (uint32_t)(random >> 33) % i;
        t = n.at[i - 1];
        n.at[i - 1] = n.at[k];
        n.at[k] = t;
    }
    return n;
}

static void find_actions(void)
{
    names  n = all_actions();
    double start = now();

    for (int r = 0; r < ROUNDS; r++)
        for (uint32_t i = 0; i < n.count; i++)
            sink += vd_catalog_find(c, n.at[i]);
    row("an action by its text", (now() - start) / ROUNDS / n.count * 1e9, "ns");
    start = now();
    for (int r = 0; r < ROUNDS; r++)
        for (uint32_t i = 0; i < n.count; i++) {
            vd_action_fact f = vd_catalog_action(c, i);

            sink += f.level + f.types.count;
        }
    row("what is known of an action", (now() - start) / ROUNDS / n.count * 1e9, "ns");
    free(n.at);
    free(n.bytes);
}

static void find_keys(void)
{
    static const char *const named[] = { "aws:ResourceTag/owner", "token.actions.acme.ghe.com:actor", "aws:nothing",
                                         "codebuild:secondarySources/x.location" };
    double                   start = now();
    uint32_t                 n = vd_catalog_keys(c);

    for (int r = 0; r < ROUNDS; r++)
        for (uint32_t i = 0; i < n; i++)
            sink += vd_catalog_find_key(c, vd_catalog_key(c, i).name);
    row("a condition key", (now() - start) / ROUNDS / n * 1e9, "ns");
    for (size_t k = 0; k < VD_COUNT(named); k++) {
        start = now();
        for (int i = 0; i < 100000; i++)
            sink += vd_catalog_find_key(c, vd_str_of(named[k]));
        row(named[k], (now() - start) / 100000 * 1e9, "ns");
    }
}

static void expand(void)
{
    static const char *const patterns[] = { "s3:GetObject", "s3:Get*", "ec2:Describe*", "s3:*Object*", "*:Describe*", "*:*Tag*", "*" };
    uint64_t                *bits = calloc((vd_catalog_actions(c) + 63) / 64, 8);

    for (size_t k = 0; bits && k < VD_COUNT(patterns); k++) {
        double start = now();
        char   what[64];

        for (int i = 0; i < 200; i++)
            sink += vd_catalog_expand_bits(c, vd_str_of(patterns[k]), bits);
        snprintf(what, sizeof what, "into a bit set: %s (%u)", patterns[k],
                 (unsigned)vd_catalog_expand_count(c, vd_str_of(patterns[k]), UINT32_MAX));
        row(what, (now() - start) / 200 * 1e6, "us");
    }
    free(bits);
}

int main(void)
{
    double      start;
    vd_catalog *again;

    c = vd_catalog_builtin();
    row("bytes of the block", (double)vd_catalog_bytes(c).n, "B");
    for (int i = 0; i < 2; i++) { /* the first time it comes from the disk */
        start = now();
        if (vd_catalog_open(&again, vd_allocator_default(), vd_catalog_bytes(c), NULL) != VD_OK)
            return 1;
        row(i ? "checking it again" : "checking it", (now() - start) * 1e3, "ms");
        vd_catalog_close(again);
    }
    find_actions();
    find_keys();
    expand();
    return 0;
}
