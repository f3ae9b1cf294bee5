/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a unified diff: which lines of the new files it adds, and between which lines it takes some away.
 */
#ifndef VERDICT_TEXT_UNIFIED_H
#define VERDICT_TEXT_UNIFIED_H

#include "text/source.h"

/* count lines from `first` on were added; count 0: something was taken away in front of line `first`. */
typedef struct vd_touched {
    uint32_t first, count;
} vd_touched;

typedef struct vd_diff_file {
    vd_str      path;   /* of the new side, without "b/"; empty: the file is gone */
    vd_str      whole;  /* the same as it was written */
    vd_touched *at;     /* rising */
    uint32_t    count, cap;
} vd_diff_file;

typedef struct vd_unified {
    vd_diff_file *files;
    uint32_t      count, cap;
} vd_unified;

/* As git and diff -u write it, with any context; text between files is skipped.  Fails at a hunk that is none, with its
 * place. */
vd_code vd_diff_read(vd_unified *out, vd_arena *arena, const vd_source *source, vd_error *err);

/* Does it touch one of the lines from ... to?  A line that was taken away counts when it stood between two of them, with
 * near next to one of them, too. */
bool vd_diff_touches(const vd_diff_file *f, uint32_t from, uint32_t to, bool near);

#endif
