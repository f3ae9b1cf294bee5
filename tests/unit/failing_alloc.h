/* SPDX-License-Identifier: Apache-2.0
 *
 * An allocator that fails the n-th time it is asked and counts what is alive, so that a test can run one path once
 * for every allocation in it:
 *
 *     for (size_t n = 1;; n++) {
 *         failing_alloc f = { .fail_at = n };
 *         vd_allocator  a = failing_allocator(&f);
 *         vd_code       code = the_path(&a);
 *
 *         assert_int_equal(f.live, 0);           // nothing leaks
 *         if (!f.failed)
 *             break;                             // the path has fewer than n allocations
 *         assert_int_equal(code, VD_ENOMEM);
 *     }
 */
#ifndef VERDICT_TESTS_FAILING_ALLOC_H
#define VERDICT_TESTS_FAILING_ALLOC_H

#include "base/alloc.h"

#include <stdlib.h>

typedef struct failing_alloc {
    size_t fail_at; /* 1: the first; 0: never */
    bool   once;    /* go on to succeed afterwards; else all later ones fail, too */
    size_t calls, live, live_bytes, most_bytes;
    bool   failed;
    bool   wrong_size; /* free or realloc told another size than was asked for */
} failing_alloc;

/* The size stands before each block. */
enum { FAILING_HEADER = 16 };

static void *failing_realloc(void *user, void *p, size_t old, size_t size)
{
    failing_alloc *f = user;
    char          *block = p ? (char *)p - FAILING_HEADER : NULL;

    f->calls++;
    if (f->fail_at && (f->once ? f->calls == f->fail_at : f->calls >= f->fail_at)) {
        f->failed = true;
        return NULL;
    }
    if (block) {
        size_t was;

        memcpy(&was, block, sizeof was);
        f->wrong_size |= was != old;
        f->live_bytes -= was;
        f->live--;
    }
    block = realloc(block, size + FAILING_HEADER);
    if (!block)
        abort();
    memcpy(block, &size, sizeof size);
    f->live++;
    f->live_bytes += size;
    if (f->live_bytes > f->most_bytes)
        f->most_bytes = f->live_bytes;
    return block + FAILING_HEADER;
}

static void failing_free(void *user, void *p, size_t size)
{
    failing_alloc *f = user;
    char          *block = (char *)p - FAILING_HEADER;
    size_t         was;

    memcpy(&was, block, sizeof was);
    f->wrong_size |= was != size;
    f->live--;
    f->live_bytes -= was;
    free(block);
}

static inline vd_allocator failing_allocator(failing_alloc *f)
{
    return (vd_allocator){ .realloc = failing_realloc, .free = failing_free, .user = f };
}

#endif
