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

char *vd_buf_room(vd_buf *b, size_t n)
{
    size_t need, cap = b->cap ? b->cap : 64;
    char  *grown;

    if (b->failed)
        return NULL;
    if (!vd_add_ok(b->n, n, &need) || need > b->limit) {
        b->failed = true;
        return NULL;
    }
    if (need > b->cap) {
        while (cap < need)
            cap = cap > SIZE_MAX / 2 ? need : cap * 2;
        grown = vd_realloc(b->alloc, b->p, b->cap, cap);
        if (!grown) {
            b->failed = true;
            return NULL;
        }
        b->p = grown;
        b->cap = cap;
    }
    b->n = need;
    return b->p + need - n;
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

void vd_buf_printf(vd_buf *b, const char *format, ...)
{
    va_list args;
    int     n;
    char   *to;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    to = vd_buf_room(b, (size_t)n + 1);
    if (!to)
        return;
    va_start(args, format);
    vsnprintf(to, (size_t)n + 1, format, args);
    va_end(args);
    b->n--; /* the NUL */
}
