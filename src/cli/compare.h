/* SPDX-License-Identifier: Apache-2.0
 *
 * Two sides compared: what diff and equivalent have in common.
 */
#ifndef VERDICT_CLI_COMPARE_H
#define VERDICT_CLI_COMPARE_H

#include "cli/cli.h"

typedef struct vd_compare_opts {
    bool    added, removed; /* directions that are asked for */
    bool    first;          /* yes or no is enough */
    bool    equivalent;     /* the relation is the answer */
    bool    together;
    int32_t fail_on; /* VD_ACCESS_...; 0: nothing */
} vd_compare_opts;

/* Compares both words of the command line and prints the answer. */
vd_exit vd_compare(vd_cli *cli, const vd_compare_opts *opts);
int32_t vd_compare_threshold(const vd_cli *cli);

extern const vd_opts vd_opts_compare_output;

#endif
