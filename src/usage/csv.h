/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a table (RFC 4180) out of the window, whatever their size: separated by commas, semicolons or tabs.
 */
#ifndef VERDICT_USAGE_CSV_H
#define VERDICT_USAGE_CSV_H

#include "base/arena.h"
#include "usage/window.h"

enum { VD_CSV_COLUMNS = 64 };

typedef struct vd_csv {
    vd_window *window;
    char       separator;
    uint64_t   offset; /* of the row */
} vd_csv;

typedef struct vd_csv_row {
    vd_str   at[VD_CSV_COLUMNS]; /* decoded ones live in the arena, the others in the window */
    uint32_t count;              /* those behind the last column that is kept are counted, too */
} vd_csv_row;

typedef enum vd_csv_step { VD_CSV_ROW, VD_CSV_END, VD_CSV_CUT, VD_CSV_LARGE, VD_CSV_NO_MEMORY } vd_csv_step;

/* The character that separates the columns of this header. */
char        vd_csv_separator(vd_str header);
/* The next row that is not empty. */
vd_csv_step vd_csv_next(vd_csv *c, vd_csv_row *row, vd_arena *arena);

#endif
