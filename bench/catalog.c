/* SPDX-License-Identifier: Apache-2.0
 *
 * What looking something up in the catalogue costs: a call over all that is in it, in an order that no cache likes.
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

/* The best of some rounds: what else the machine does shall not count. */
static double best_of(void (*work)(const void *), const void *what)
{
    double best = 1e9;

    for (int r = 0; r < ROUNDS; r++) {
        double start = now(), took;

        work(what);
        took = now() - start;
        best = took < best ? took : best;
    }
    return best;
}

static void find_each(const void *what)
{
    const names *n = what;

    for (uint32_t i = 0; i < n->count; i++)
        sink += vd_catalog_find(c, n->at[i]);
}

static void know_each(const void *what)
{
    const names *n = what;

    for (uint32_t i = 0; i < n->count; i++) {
        vd_action_fact f = vd_catalog_action(c, i);

        sink += f.level + f.types.count;
    }
}

static void find_each_key(const void *what)
{
    VD_UNUSED(what);
    for (uint32_t i = 0; i < vd_catalog_keys(c); i++)
        sink += vd_catalog_find_key(c, vd_catalog_key(c, i).name);
}

static void find_key(const void *what)
{
    for (int i = 0; i < 1000; i++)
        sink += vd_catalog_find_key(c, vd_str_of(what));
}

static void look_up(void)
{
    static const char *const named[] = { "aws:ResourceTag/owner", "token.actions.acme.ghe.com:actor", "aws:nothing",
                                         "codebuild:secondarySources/x.location" };
    names                    n = all_actions();

    row("an action by its text", best_of(find_each, &n) / n.count * 1e9, "ns");
    row("what is known of an action", best_of(know_each, &n) / n.count * 1e9, "ns");
    row("a condition key", best_of(find_each_key, NULL) / vd_catalog_keys(c) * 1e9, "ns");
    for (size_t k = 0; k < VD_COUNT(named); k++)
        row(named[k], best_of(find_key, named[k]) / 1000 * 1e9, "ns");
    free(n.at);
    free(n.bytes);
}

static uint64_t *bits;

static void expand_one(const void *what)
{
    sink += vd_catalog_expand_bits(c, vd_str_of(what), bits);
}

static void expand(void)
{
    static const char *const patterns[] = { "s3:GetObject", "s3:Get*", "ec2:Describe*", "s3:*Object*", "*:Describe*", "*:*Tag*", "*" };

    bits = calloc((vd_catalog_actions(c) + 63) / 64, 8);
    for (size_t k = 0; bits && k < VD_COUNT(patterns); k++) {
        char what[64];

        snprintf(what, sizeof what, "into a bit set: %s (%u)", patterns[k],
                 (unsigned)vd_catalog_expand_count(c, vd_str_of(patterns[k]), UINT32_MAX));
        row(what, best_of(expand_one, patterns[k]) * 1e6, "us");
    }
    free(bits);
}

static void check(const void *what)
{
    vd_catalog *again;

    VD_UNUSED(what);
    if (vd_catalog_open(&again, vd_allocator_default(), vd_catalog_bytes(c), NULL) == VD_OK)
        vd_catalog_close(again);
}

int main(void)
{
    c = vd_catalog_builtin();
    row("bytes of the block", (double)vd_catalog_bytes(c).n, "B");
    row("checking it", best_of(check, NULL) * 1e3, "ms");
    look_up();
    expand();
    return 0;
}
