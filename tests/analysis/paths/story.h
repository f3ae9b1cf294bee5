/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts in few words (README.md) as a snapshot.
 */
#ifndef VERDICT_TESTS_PATHS_STORY_H
#define VERDICT_TESTS_PATHS_STORY_H

#include "model/snapshot.h"

#include <jansson.h>

#define OWN "111122223333"

/* The files that the command line would print, read; then what other files would tell put in by hand.  Ends the process when
 * the story is no story. */
vd_snapshot *snapshot_of(const vd_engine *engine, const json_t *story);
void         snapshot_drop(vd_snapshot *snapshot);
/* "user/dev" as an ARN of the account; ARNs, "@external" and "*" as they are. */
void full_name(char *out, size_t size, const char *account, const char *text);

#endif
