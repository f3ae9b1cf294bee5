/* SPDX-License-Identifier: Apache-2.0
 *
 * What all commands that prove have in common: their options, the policies of options, the witnesses they save.
 */
#ifndef VERDICT_CLI_PROVE_H
#define VERDICT_CLI_PROVE_H

#include "cli/cli.h"
#include "cli/found.h"
#include "cli/inputs.h"
#include "cli/lint_configs.h"

#include <verdict/analyze.h>

#include <pthread.h>
#include <stdio.h>

typedef struct vd_proving {
    vd_cli         *cli;
    vd_arena        arena;
    vd_lint_words   words;   /* --policy-type, --config, --parameters: how policies are found */
    vd_lint_configs configs;
    vd_layers       layers;
    vd_prove_opts   opts;
    vd_error       *errors; /* what could not be used, for the machine formats; said already */
    uint32_t        error_count, error_cap;
    bool            dumped;
    FILE           *certificate; /* --certify */
    pthread_mutex_t certificate_lock;
    bool            unsaved; /* --save-witness cannot write, which was said */
    uint32_t        hushed; /* bits of kinds that the command leaves out: what is odd about them is not told */
} vd_proving;

extern const vd_opts vd_opts_prove_read, vd_opts_prove_layers, vd_opts_prove;

/* False: nothing can be asked, which was said; close it all the same. */
bool vd_proving_open(vd_proving *p, vd_cli *cli);
void vd_proving_close(vd_proving *p);

/* The folder whose configurations count for the file, and with them how policies are found in it; *seen is the file as the
 * repository sees it.  NULL: one of them is wrong, which was said. */
const vd_lint_folder *vd_proving_folder(vd_proving *p, const char *path, vd_str *seen);

/* Asks one question after the other, or several at once; with --budget-total each has what the ones before have left over.
 * A question may not print, keeps what came of it, and returns the units that it took; opts NULL: nothing is left for it. */
typedef uint64_t vd_proving_question(void *user, uint32_t index, const vd_prove_opts *opts);
void vd_proving_ask_all(vd_proving *p, const char *things, uint32_t count, vd_proving_question *ask, void *user);

/* Says an error and keeps it.  An error of the input is exit 2; a spent budget and an answer that the evaluator does not
 * confirm are exit 3, the latter with --dump-query. */
void vd_proving_fail(vd_proving *p, vd_code code, const vd_error *err);
void vd_proving_failf(vd_proving *p, vd_exit exit, const char *format, ...) VD_PRINTF(3, 4);
/* For vd_proving_fail of VD_EINTERNAL: what was asked about, for --dump-query. */
void vd_proving_dump(vd_proving *p, const vd_set *const *sets, size_t count, const vd_error *err);

/* --fail-on: VD_ACCESS_...; 0: nothing fails. */
int32_t vd_proving_threshold(const vd_proving *p, int32_t otherwise);

#endif
