/* SPDX-License-Identifier: Apache-2.0
 *
 * --format F[=FILE], repeatable: one result in several forms, each to its own place.
 */
#ifndef VERDICT_CLI_OUTPUTS_H
#define VERDICT_CLI_OUTPUTS_H

#include "cli/cli.h"

enum { VD_MOST_OUTPUTS = 8 };

typedef struct vd_output {
    vd_str      format;
    const char *path; /* NULL: standard output */
    vd_buf      text; /* of a file */
} vd_output;

typedef struct vd_outputs {
    vd_cli   *cli;
    vd_output at[VD_MOST_OUTPUTS];
    size_t    count;
    bool      aside; /* standard output has something else: what would go there goes to standard error */
} vd_outputs;

/* otherwise: the format when none is given.  False: said why. */
bool    vd_outputs_open(vd_outputs *outputs, vd_cli *cli, const char *otherwise);
vd_buf *vd_output_buf(vd_outputs *outputs, size_t index);
bool    vd_output_is(const vd_outputs *outputs, size_t index, const char *format);
/* Writes the files; frees everything. */
void    vd_outputs_close(vd_outputs *outputs);

#endif
