/* SPDX-License-Identifier: Apache-2.0
 *
 * What all commands that prove have in common: their options, the policies of options, the witnesses they save.
 */
#ifndef VERDICT_CLI_PROVE_H
#define VERDICT_CLI_PROVE_H

#include "cli/cli.h"
#include "cli/found.h"
#include "cli/inputs.h"

#include <verdict/analyze.h>

typedef struct vd_proving {
    vd_cli       *cli;
    vd_arena      arena;
    vd_linter    *linter; /* whose --policy-type and parameters count when policies are found */
    vd_layers     layers;
    vd_prove_opts opts;
    vd_error     *errors; /* what could not be used, for the machine formats; said already */
    uint32_t      error_count, error_cap;
    bool          dumped;
} vd_proving;

extern const vd_opts vd_opts_prove_read, vd_opts_prove_layers, vd_opts_prove;

/* False: nothing can be asked, which was said; close it all the same. */
bool vd_proving_open(vd_proving *p, vd_cli *cli);
void vd_proving_close(vd_proving *p);

/* Says an error and keeps it.  An error of the input is exit 2; a spent budget and an answer that the evaluator does not
 * confirm are exit 3, the latter with --dump-query. */
void vd_proving_fail(vd_proving *p, vd_code code, const vd_error *err);
void vd_proving_failf(vd_proving *p, vd_exit exit, const char *format, ...) VD_PRINTF(3, 4);
/* For vd_proving_fail of VD_EINTERNAL: what was asked about, for --dump-query. */
void vd_proving_dump(vd_proving *p, const vd_set *const *sets, size_t count, const vd_error *err);

/* --fail-on: VD_ACCESS_...; 0: nothing fails. */
int32_t vd_proving_threshold(const vd_proving *p, int32_t otherwise);

#endif
