/* SPDX-License-Identifier: Apache-2.0
 *
 * An arena ties memory to a lifetime: you free the arena, never the thing.  It has a byte limit; past it, and
 * when the allocator fails, allocations return NULL.  With -Dpoison=true each allocation is a block of its own,
 * so that the memory checkers see overruns.
 */
#ifndef VERDICT_BASE_ARENA_H
#define VERDICT_BASE_ARENA_H

#include "base/alloc.h"

typedef struct vd_arena_chunk vd_arena_chunk;

typedef struct vd_arena {
    vd_allocator    alloc;
    size_t          used, limit; /* bytes handed out so far, and the most */
    vd_arena_chunk *last;
    char           *next, *end;
    size_t          next_chunk;
    bool            failed; /* some allocation did, since it was made or reset */
} vd_arena;

vd_arena vd_arena_on(const vd_allocator *a, size_t limit); /* limit 0: none */
void     vd_arena_done(vd_arena *arena);
/* Forgets all allocations and keeps the largest chunk, so that the same work again asks the allocator for nothing.
 * With -Dpoison=true everything goes back, so that a pointer from before is seen. */
void     vd_arena_reset(vd_arena *arena);

void *vd_arena_alloc(vd_arena *arena, size_t size, size_t align);            /* zeroed */
void *vd_arena_array(vd_arena *arena, size_t count, size_t size, size_t align); /* zeroed, overflow checked */

#define vd_arena_new(arena, type) ((type *)vd_arena_alloc((arena), sizeof(type), _Alignof(type)))
#define vd_arena_new_array(arena, type, count) \
    ((type *)vd_arena_array((arena), (count), sizeof(type), _Alignof(type)))

/* A copy with a NUL behind it (not counted).  False when there is no memory. */
bool vd_arena_dup(vd_arena *arena, vd_str *out, vd_str s);
bool vd_arena_printf(vd_arena *arena, vd_str *out, const char *format, ...) VD_PRINTF(3, 4);
bool vd_arena_join(vd_arena *arena, vd_str *out, const vd_str *parts, size_t count); /* one after the other, and a NUL */

/* Grows an array that lives in the arena to hold at least need elements: the old one is left behind. */
bool vd_arena_grow(vd_arena *arena, void *array, uint32_t count, uint32_t *cap, uint32_t need, size_t size);

/* Appends to {at, count, cap} members of a struct: VD_ARENA_PUSH(arena, list->at, list->count, list->cap, value) */
#define VD_ARENA_PUSH(arena, at, count, cap, ...)                                             \
    (((count) < (cap) || vd_arena_grow((arena), &(at), (count), &(cap), (count) + 1, sizeof *(at))) \
         ? ((at)[(count)++] = (__VA_ARGS__), true)                                            \
         : false)

#endif
