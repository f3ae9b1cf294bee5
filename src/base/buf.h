/* SPDX-License-Identifier: Apache-2.0
 *
 * Text that is built.  A buffer is born with the size at which it refuses to grow; the first failure sticks
 * and is asked for once, at the end.
 */
#ifndef VERDICT_BASE_BUF_H
#define VERDICT_BASE_BUF_H

#include "base/alloc.h"

typedef struct vd_buf {
    const vd_allocator *alloc;
    char               *p;
    size_t              n, cap, limit;
    bool                failed;
} vd_buf;

vd_buf vd_buf_on(const vd_allocator *a, size_t limit); /* limit 0: none */
void   vd_buf_done(vd_buf *b);
void   vd_buf_add(vd_buf *b, vd_str s);
void   vd_buf_byte(vd_buf *b, char c);
void   vd_buf_printf(vd_buf *b, const char *format, ...) VD_PRINTF(2, 3);
char  *vd_buf_room(vd_buf *b, size_t n); /* n bytes to write at the end, already counted; NULL: failed */

static inline vd_str vd_buf_str(const vd_buf *b)
{
    return (vd_str){ b->p ? b->p : "", b->n };
}

#endif
