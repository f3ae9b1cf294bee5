/* SPDX-License-Identifier: Apache-2.0
 *
 * Chunks that double up to a ceiling; a request larger than a chunk gets one of its own.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>

struct vd_arena_chunk {
    vd_arena_chunk *before;
    size_t          size; /* of the whole block */
};

enum { FIRST_CHUNK = 1024, LARGEST_CHUNK = 1024 * 1024 };

vd_arena vd_arena_on(const vd_allocator *a, size_t limit)
{
    return (vd_arena){ .alloc = *a, .limit = limit ? limit : SIZE_MAX, .next_chunk = FIRST_CHUNK };
}

void vd_arena_done(vd_arena *arena)
{
    vd_arena_chunk *c = arena->last;

    while (c) {
        vd_arena_chunk *before = c->before;

        vd_free(&arena->alloc, c, c->size);
        c = before;
    }
    arena->last = NULL;
    arena->next = arena->end = NULL;
    arena->used = 0;
}

void vd_arena_reset(vd_arena *arena)
{
    arena->failed = false;
#ifdef VD_POISON
    vd_arena_done(arena);
#else
    vd_arena_chunk *kept = arena->last;

    arena->used = 0;
    if (!kept)
        return;
    for (vd_arena_chunk *c = kept->before; c; c = c->before)
        if (c->size > kept->size)
            kept = c;
    for (vd_arena_chunk *c = arena->last; c;) {
        vd_arena_chunk *before = c->before;

        if (c != kept)
            vd_free(&arena->alloc, c, c->size);
        c = before;
    }
    kept->before = NULL;
    arena->last = kept;
    arena->next = (char *)(kept + 1);
    arena->end = (char *)kept + kept->size;
#endif
}

/* Room for the payload at any place that the alignment may ask for. */
static bool add_chunk(vd_arena *arena, size_t payload, size_t align)
{
    size_t          size;
    vd_arena_chunk *c;

    if (!vd_add_ok(payload, sizeof(vd_arena_chunk) + (align > 16 ? align : 16), &size))
        return false;
    c = vd_alloc(&arena->alloc, size);
    if (!c)
        return false;
    c->before = arena->last;
    c->size = size;
    arena->last = c;
    arena->next = (char *)(c + 1);
    arena->end = (char *)c + size;
    return true;
}

static char *aligned(char *p, size_t align)
{
    return (char *)(((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1));
}

static void *no_room(vd_arena *arena)
{
    arena->failed = true;
    return NULL;
}

void *vd_arena_alloc(vd_arena *arena, size_t size, size_t align)
{
    char *p;

    if (size > arena->limit || arena->used > arena->limit - size)
        return no_room(arena);
#ifdef VD_POISON
    if (!add_chunk(arena, size, align))
        return no_room(arena);
#else
    p = arena->next ? aligned(arena->next, align) : NULL;
    if (!p || p > arena->end || (size_t)(arena->end - p) < size) {
        if (!add_chunk(arena, size > arena->next_chunk ? size : arena->next_chunk, align))
            return no_room(arena);
        if (arena->next_chunk < LARGEST_CHUNK)
            arena->next_chunk *= 2;
    }
#endif
    p = aligned(arena->next, align);
    arena->next = p + size;
    arena->used += size;
    memset(p, 0, size);
    return p;
}

void *vd_arena_array(vd_arena *arena, size_t count, size_t size, size_t align)
{
    size_t bytes;

    return vd_mul_ok(count, size, &bytes) ? vd_arena_alloc(arena, bytes, align) : NULL;
}

bool vd_arena_dup(vd_arena *arena, vd_str *out, vd_str s)
{
    char *p = s.n == SIZE_MAX ? NULL : vd_arena_alloc(arena, s.n + 1, 1);

    if (!p)
        return false;
    if (s.n)
        memcpy(p, s.p, s.n);
    *out = (vd_str){ p, s.n };
    return true;
}

bool vd_arena_printf(vd_arena *arena, vd_str *out, const char *format, ...)
{
    char    usual[256];
    va_list args;
    int     n;
    char   *p;

    va_start(args, format);
    n = vsnprintf(usual, sizeof usual, format, args);
    va_end(args);
    if (n < 0)
        return false;
    if ((size_t)n < sizeof usual)
        return vd_arena_dup(arena, out, (vd_str){ usual, (size_t)n });
    p = vd_arena_alloc(arena, (size_t)n + 1, 1);
    if (!p)
        return false;
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    *out = (vd_str){ p, (size_t)n };
    return true;
}

bool vd_arena_join(vd_arena *arena, vd_str *out, const vd_str *parts, size_t count)
{
    size_t total = 0, n = 0;
    char  *p;

    for (size_t i = 0; i < count; i++)
        if (!vd_add_ok(total, parts[i].n, &total))
            return false;
    p = total == SIZE_MAX ? NULL : vd_arena_alloc(arena, total + 1, 1);
    if (!p)
        return false;
    for (size_t i = 0; i < count; n += parts[i++].n)
        if (parts[i].n)
            memcpy(p + n, parts[i].p, parts[i].n);
    *out = (vd_str){ p, total };
    return true;
}

bool vd_arena_grow(vd_arena *arena, void *array, uint32_t count, uint32_t *cap, uint32_t need, size_t size)
{
    void   *old, *grown;
    size_t  bytes;
    uint32_t want = *cap ? *cap : 4;

    while (want < need) {
        if (want > UINT32_MAX / 2)
            return false;
        want *= 2;
    }
    if (*cap && want == *cap)
        want *= 2;
    if (!vd_mul_ok(want, size, &bytes))
        return false;
    grown = vd_arena_alloc(arena, bytes, 16);
    if (!grown)
        return false;
    memcpy(&old, array, sizeof old);
    if (count)
        memcpy(grown, old, count * size);
    memcpy(array, &grown, sizeof grown);
    *cap = want;
    return true;
}
