/* SPDX-License-Identifier: Apache-2.0
 *
 * A line on standard error for work that lasts over a second: how far, how fast, how long still.  Only on a terminal.
 */
#ifndef VERDICT_CLI_PROGRESS_H
#define VERDICT_CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct vd_progress {
    const char *unit;
    bool        wanted, shown;
    uint64_t    begin_ms, last_ms;
} vd_progress;

void vd_progress_init(vd_progress *p, const vd_cli *cli, const char *unit);
void vd_progress_show(vd_progress *p, uint32_t done, uint32_t total);
/* The same for work of unknown size: text says how far. */
bool vd_progress_due(vd_progress *p);
uint64_t vd_progress_spent(const vd_progress *p); /* milliseconds */
void vd_progress_text(vd_progress *p, const char *text);
void vd_progress_clear(vd_progress *p); /* before anything else is printed */

#endif
