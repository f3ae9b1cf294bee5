/* SPDX-License-Identifier: Apache-2.0
 *
 * The window slides by copying the little that is left over to the front.
 */
#include "usage/window.h"

bool vd_window_init(vd_window *w, const vd_allocator *alloc, size_t bytes, size_t most)
{
    *w = (vd_window){ .alloc = alloc, .cap = bytes, .most = most };
    w->buffer = vd_alloc0(alloc, w->cap + VD_SCAN_PAD);
    return w->buffer != NULL;
}

void vd_window_done(vd_window *w)
{
    vd_free(w->alloc, w->buffer, w->cap + VD_SCAN_PAD);
    *w = (vd_window){ 0 };
}

void vd_window_open(vd_window *w, const vd_usage_source *source)
{
    w->source = source;
    w->at = w->end = 0;
    w->before = 0;
    w->fence = SIZE_MAX;
    w->ended = w->failed = w->no_memory = false;
    memset(w->buffer, 0, VD_SCAN_PAD);
}

static bool grow(vd_window *w)
{
    size_t bigger = w->cap * 2 < w->most ? w->cap * 2 : w->most;
    char  *p;

    if (bigger <= w->cap)
        return false;
    p = vd_realloc(w->alloc, w->buffer, w->cap + VD_SCAN_PAD, bigger + VD_SCAN_PAD);
    if (!p) {
        w->no_memory = true;
        return false;
    }
    w->buffer = p;
    w->cap = bigger;
    return true;
}

bool vd_window_more(vd_window *w)
{
    size_t    room;
    ptrdiff_t n;

    if (w->ended || w->failed || w->fence != SIZE_MAX)
        return false;
    if (w->at) {
        memmove(w->buffer, w->buffer + w->at, w->end - w->at);
        w->before += w->at;
        w->end -= w->at;
        w->at = 0;
    }
    if (w->end == w->cap && !grow(w))
        return false;
    room = w->cap - w->end;
    if (w->end < VD_WINDOW_PIECE && room > VD_WINDOW_PIECE) /* else a large value is wanted, and not looked at again and again */
        room = VD_WINDOW_PIECE;
    n = w->source->read(w->source->ctx, w->buffer + w->end, room);
    if (n > 0 && (size_t)n <= room)
        w->end += (size_t)n;
    else
        w->ended = true;
    w->failed = n < 0;
    memset(w->buffer + w->end, 0, VD_SCAN_PAD);
    return n > 0;
}

char *vd_window_room(vd_window *w, size_t n)
{
    char *p;

    if (n <= w->cap)
        return w->buffer;
    if (n > w->most || !(p = vd_realloc(w->alloc, w->buffer, w->cap + VD_SCAN_PAD, n + VD_SCAN_PAD)))
        return NULL;
    w->buffer = p;
    w->cap = n;
    return p;
}

void vd_window_filled(vd_window *w, size_t n)
{
    w->end = n;
    w->ended = true;
    memset(w->buffer + n, 0, VD_SCAN_PAD);
}
