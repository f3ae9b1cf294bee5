/* SPDX-License-Identifier: Apache-2.0
 *
 * Work in pieces that know nothing of each other: --jobs threads take the next one, as long as there is one.  What came of
 * a piece is kept where only it looks, and told in order when all are done.
 */
#ifndef VERDICT_CLI_CREW_H
#define VERDICT_CLI_CREW_H

#include "cli/cli.h"

/* A piece may not print: others are at work. */
typedef void vd_piece_fn(void *user, uint32_t index);

/* things: what a progress line counts, "resources". */
void vd_crew_work(const vd_cli *cli, const char *things, uint32_t count, vd_piece_fn *piece, void *user);

#endif
