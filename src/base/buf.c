/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing text with a ceiling.
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

vd_buf vd_buf_on(const vd_allocator *a, size_t limit)
{
    return (vd_buf){ .alloc = a, .limit = limit ? limit : SIZE_MAX };
}

void vd_buf_done(vd_buf *b)
{
    vd_free(b->alloc, b->p, b->cap);
    *b = (vd_buf){ .alloc = b->alloc, .limit = b->limit };
}

/* Room for need bytes in all, counted or not. */
static bool reserve(vd_buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : 64;
    char  *grown;

    if (need <= b->cap)
        return true;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    grown = vd_realloc(b->alloc, b->p, b->cap, cap);
    if (!grown)
        return false;
    b->p = grown;
    b->cap = cap;
    return true;
}

char *vd_buf_room(vd_buf *b, size_t n)
{
    size_t need;

    if (b->failed)
        return NULL;
    if (!vd_add_ok(b->n, n, &need) || need > b->limit || !reserve(b, need)) {
        b->failed = true;
        return NULL;
    }
    b->n = need;
    return b->p ? b->p + need - n : NULL; /* nothing asked of an empty one */
}

void vd_buf_add(vd_buf *b, vd_str s)
{
    char *to = s.n ? vd_buf_room(b, s.n) : NULL;

    if (to)
        memcpy(to, s.p, s.n);
}

void vd_buf_byte(vd_buf *b, char c)
{
    char *to = vd_buf_room(b, 1);

    if (to)
        *to = c;
}

/* The NUL is written, but neither counted nor limited. */
void vd_buf_printf(vd_buf *b, const char *format, ...)
{
    va_list args;
    size_t  before = b->n, room = b->cap - b->n;
    int     n;

    va_start(args, format); /* mostly there is room already */
    n = vsnprintf(b->p ? b->p + before : NULL, b->p ? room : 0, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if (!vd_buf_room(b, (size_t)n))
        return;
    if (!reserve(b, b->n + 1)) {
        b->n = before;
        b->failed = true;
        return;
    }
    if ((size_t)n < room)
        return;
    va_start(args, format);
    vsnprintf(b->p + before, (size_t)n + 1, format, args);
    va_end(args);
}
