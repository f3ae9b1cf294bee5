/* SPDX-License-Identifier: Apache-2.0
 *
 * Snapshots of the command line: a folder or a file read, what is missing in it told, the principal and the resource of a
 * question looked up, and what could change an answer kept for it.
 */
#ifndef VERDICT_CLI_SNAPSHOT_H
#define VERDICT_CLI_SNAPSHOT_H

#include "cli/cli.h"
#include "render/render.h"

#include <verdict/model.h>

/* --snapshot PATH, --managed-policies DIR. */
extern const vd_opts vd_opts_snapshot;

/* Reads a snapshot with what --managed-policies (as far as the command has it) names.  NULL: it cannot be used, which was
 * said.  Its notes are not told. */
vd_snapshot *vd_snapshot_read_all(vd_cli *cli, const char *path);

/* The worst notes, the others with --verbose; errors among them make exit code 2. */
void vd_snapshot_tell(vd_cli *cli, const vd_snapshot *snapshot, const char *path);
/* In one line, for a question that has its own notes told with its answer. */
void vd_snapshot_tell_count(vd_cli *cli, const vd_snapshot *snapshot, const char *path);

bool vd_snapshot_has_account(const vd_snapshot *snapshot, vd_str account);

/* False: the principal would have to be in the snapshot and is not; err tells, and what may have been meant. */
bool vd_snapshot_knows(const vd_snapshot *snapshot, vd_str principal, vd_error *err);

/* A request says of all its resources together who owns them and what else is known: do these have that in common? */
bool vd_snapshot_same_owner(const vd_snapshot *snapshot, vd_str a, vd_str b);

/* What could change the answer about the two (either may be empty): notes of the snapshot about them, their accounts, or
 * everything; that one of them is not in it.  Texts live in the arena or the snapshot.  False: no memory. */
typedef struct vd_told_notes {
    vd_told_note *at;
    uint32_t      count, cap;
    bool          error; /* one of them is an error */
} vd_told_notes;
bool vd_snapshot_notes(vd_told_notes *out, vd_arena *arena, const vd_snapshot *snapshot, vd_str principal, vd_str resource);

#endif
