/* SPDX-License-Identifier: Apache-2.0
 *
 * Scenario files, read and run by several threads and handed back in their order, so that what is told of them never
 * depends on how many there are.
 */
#ifndef VERDICT_CLI_RUNNER_H
#define VERDICT_CLI_RUNNER_H

#include <pthread.h>
#include <verdict/scenario.h>

typedef enum vd_task_state { VD_TASK_OPEN, VD_TASK_TAKEN, VD_TASK_DONE } vd_task_state;

/* One file, and what came of it. */
typedef struct vd_task {
    const char     *path;
    bool            named;   /* on the command line: it must be a scenario file */
    vd_task_state   state;
    bool            skipped; /* found in a directory, and something else than a scenario file */
    vd_suite       *suite;   /* NULL: error */
    vd_diags       *notes;
    vd_coverage    *coverage;
    vd_case_result *results; /* one a case; those that are not wanted are empty */
    vd_error       *errors;  /* of a case that could not be run at all; code VD_OK: none */
    vd_error        error;
    uint32_t        cases;
} vd_task;

typedef struct vd_runner {
    const vd_engine *engine;
    vd_task         *tasks;
    uint32_t         count;
    vd_str           filter;  /* a coded glob over names; p NULL: all */
    char             now[48]; /* RFC 3339 */
    bool             coverage, want_notes;

    pthread_mutex_t  lock;
    pthread_cond_t   changed;
    uint32_t         taken, told; /* tasks begun, tasks finished with */
    uint32_t         ahead;
    bool             stop;
} vd_runner;

/* Calls tell for each task, in this thread, in order, until it returns false.  A task is gone when tell returns.
 * jobs 0: one for each core. */
void vd_runner_run(vd_runner *runner, uint32_t jobs, bool (*tell)(void *user, const vd_task *task), void *user);
bool vd_runner_wants(const vd_runner *runner, const vd_case *c);

#endif
