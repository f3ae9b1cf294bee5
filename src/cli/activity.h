/* SPDX-License-Identifier: Apache-2.0
 *
 * Summaries of the command line, read as an activity: what was used, in IAM's words.
 */
#ifndef VERDICT_CLI_ACTIVITY_H
#define VERDICT_CLI_ACTIVITY_H

#include "cli/cli.h"

#include <verdict/activity.h>

/* --map-extra FILE, --accept-unmapped, --dependents WHAT. */
extern const vd_opts vd_opts_mapping;

/* The file of --map-extra: its text is the caller's to free, when the activity is finished.  False: it cannot be read, which
 * was said. */
bool vd_cli_map_rows(vd_cli *cli, vd_activity_opts *opts);

/* Reads summaries with what --map-extra, --accept-unmapped, --dependents, --from, --to and --salvage say, as far as the
 * command has them.  snapshot: NULL or who there is, which must outlive it.  NULL: it cannot be done, which was said. */
vd_activity *vd_activity_read_all(vd_cli *cli, const char *const *paths, uint32_t count, const vd_snapshot *snapshot);

/* --redact, --redact-salt of reports. */
extern const vd_opts vd_opts_redact;
/* What is printed from then on has pseudonyms if --redact says so.  False: the options make no sense, which was said. */
bool vd_cli_redact(vd_cli *cli);

/* "2026-03-02" or "2026-03-02T09:00:00Z" of an option.  False: it is neither, which was said. */
bool vd_cli_time(vd_cli *cli, const char *option, int64_t otherwise, int64_t *out);

#endif
