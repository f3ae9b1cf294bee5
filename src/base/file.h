/* SPDX-License-Identifier: Apache-2.0
 *
 * Files: read whole within a limit, map read-only, write beside and rename.  path is NUL-terminated.
 */
#ifndef VERDICT_BASE_FILE_H
#define VERDICT_BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* The whole file, "-" for standard input.  *out is allocated (out->n + 1 bytes, NUL behind); free with vd_file_free. */
vd_code vd_file_read(vd_str *out, const vd_allocator *a, const char *path, uint64_t limit, vd_error *err);
void    vd_file_free(const vd_allocator *a, vd_str text);

/* All of it, however little the descriptor takes at a time.  False: errno says why. */
bool vd_file_put(int fd, vd_str bytes);

/* The names in a directory, sorted, those of directories with a '/' behind; NUL-terminated, in the arena. */
vd_code vd_file_list(vd_str **out, uint32_t *count, vd_arena *arena, const char *path, vd_error *err);

vd_code vd_file_map(vd_str *out, const char *path, vd_error *err); /* read-only, private */
void    vd_file_unmap(vd_str text);

/* What errno says, in lower case as all our messages. */
void vd_errno_text(char *text, size_t size, int number);

/* Writes path.tmp-<pid>, flushes it, renames it over path; a device or a pipe is written to as it is. */
vd_code vd_file_write(const char *path, vd_str bytes, vd_error *err);
/* The same for a file that is there and may be written: it keeps its mode, a link stays a link. */
vd_code vd_file_replace(const char *path, vd_str bytes, vd_error *err);

#endif
