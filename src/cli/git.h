/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of a revision, asked of the git program: no shell, no pager, no filters, nothing fetched, nothing written.
 */
#ifndef VERDICT_CLI_GIT_H
#define VERDICT_CLI_GIT_H

#include "base/arena.h"
#include "base/error.h"

typedef struct vd_git_file {
    vd_str name; /* "main:policies/dev.json", as messages show it */
    vd_str path; /* below what was asked for: "dev.json"; empty: it was the file itself */
    vd_str text;
} vd_git_file;

typedef struct vd_git_files {
    vd_arena     arena;
    vd_git_file *at; /* by name */
    uint32_t     count, cap;
    bool         tree; /* a folder was asked for */
} vd_git_files;

/* REV:PATH, and no file of this name? */
bool vd_git_means_revision(const char *word);

/* The documents (*.json, *.yaml, *.yml, *.template; hidden names are skipped) at REV:PATH; each of at most
 * limit bytes. .  Free with vd_git_done, also after a failure. */
vd_code vd_git_read(vd_git_files *out, const char *word, uint64_t limit, vd_error *err);
void    vd_git_done(vd_git_files *files);

#endif
