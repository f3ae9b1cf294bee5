/* SPDX-License-Identifier: Apache-2.0
 *
 * Edits of the files that policies were read from, for the findings that have one.
 */
#ifndef VERDICT_CLI_UNUSED_FIXES_H
#define VERDICT_CLI_UNUSED_FIXES_H

#include "cli/cli.h"
#include "render/unused.h"

typedef struct vd_unused_fixes {
    vd_arena           arena;
    struct fix_of_row *at;
    uint32_t           count, cap;
    struct fix_of_file *files;
    uint32_t           file_count, file_cap;
} vd_unused_fixes;

/* Sets .edits and .fix of rows, and counts those that have none.  False: no memory, which was said.  Free with
 * vd_unused_fixes_done when nothing looks at the rows any more, also after a failure. */
bool vd_unused_fixes_make(vd_unused_fixes *out, vd_cli *cli, const vd_activity *activity, const vd_holders *holders,
                          const vd_unused_opts *opts, vd_unused_row *rows, uint32_t count, vd_unused_job *job);
void vd_unused_fixes_done(vd_unused_fixes *fixes);

#endif
