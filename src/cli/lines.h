/* SPDX-License-Identifier: Apache-2.0
 *
 * Lines of a stream, each of bounded length, handed out as soon as they are there.
 */
#ifndef VERDICT_CLI_LINES_H
#define VERDICT_CLI_LINES_H

#include "base/alloc.h"
#include "base/error.h"

enum { VD_LINE_BYTES = 1 << 20 };

typedef struct vd_lines {
    int      fd; /* -1: closed */
    bool     ended, skipping;
    char    *buffer;
    size_t   start, end;
    uint32_t line;   /* number of the line handed out last */
    uint64_t offset; /* its place in the stream */
    uint64_t after;  /* where the next one begins */
} vd_lines;

typedef enum vd_line { VD_LINE_ONE, VD_LINE_TOO_LONG, VD_LINE_WAIT, VD_LINE_END } vd_line;

bool    vd_lines_open(vd_lines *l, const char *path, vd_error *err); /* "-": standard input */
void    vd_lines_close(vd_lines *l);
/* VD_LINE_ONE: *out is valid until the next call, without its end.  VD_LINE_WAIT: call vd_lines_fill, which may block. */
vd_line vd_lines_next(vd_lines *l, vd_str *out);
bool    vd_lines_fill(vd_lines *l, vd_error *err);

#endif
