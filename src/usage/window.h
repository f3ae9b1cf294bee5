/* SPDX-License-Identifier: Apache-2.0
 *
 * A window onto a stream of bytes: what was looked at is let go, what is wanted whole makes the window larger, up to a
 * bound.  There is always room for the scanner behind its end.
 */
#ifndef VERDICT_USAGE_WINDOW_H
#define VERDICT_USAGE_WINDOW_H

#include "base/alloc.h"
#include "usage/scan.h"

#include <verdict/usage.h>

typedef struct vd_window {
    const vd_allocator    *alloc;
    const vd_usage_source *source;
    char                  *buffer;
    size_t                 cap;    /* bytes of the buffer, without the pad */
    size_t                 most;   /* it never gets larger */
    size_t                 at;     /* the next byte that nobody has taken */
    size_t                 end;    /* behind the last byte */
    size_t                 fence;  /* nothing behind it is shown, and nothing read; SIZE_MAX: none */
    uint64_t               before; /* bytes let go: the offset of buffer[0] in the stream */
    bool                   ended, failed, no_memory;
} vd_window;

/* What comes at once is little enough to be in the cache of the core still when it is looked at. */
enum { VD_WINDOW_BYTES = 1 << 20, VD_WINDOW_PIECE = 1 << 18 };

bool vd_window_init(vd_window *w, const vd_allocator *alloc, size_t bytes, size_t most); /* bytes: to begin with */
void vd_window_done(vd_window *w);
void vd_window_open(vd_window *w, const vd_usage_source *source);

/* More bytes behind those that are there.  False: there are none, or the window is as large as it may be (then neither
 * ended nor failed). */
bool vd_window_more(vd_window *w);
/* Room for n bytes at once, as the whole of the stream: NULL when that is too much. */
char *vd_window_room(vd_window *w, size_t n);
void  vd_window_filled(vd_window *w, size_t n);

static inline const char *vd_window_at(const vd_window *w)
{
    return w->buffer + w->at;
}

static inline const char *vd_window_end(const vd_window *w)
{
    return w->buffer + (w->fence < w->end ? w->fence : w->end);
}

static inline uint64_t vd_window_offset(const vd_window *w)
{
    return w->before + w->at;
}

#endif
