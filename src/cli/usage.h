/* SPDX-License-Identifier: Apache-2.0
 *
 * What the parts of verdict usage share: where bytes come from and go to, the tree of files, and what is said about them.
 */
#ifndef VERDICT_CLI_USAGE_H
#define VERDICT_CLI_USAGE_H

#include "cli/cli.h"
#include "cli/lines.h"

#include <signal.h>
#include <verdict/usage.h>

/* ------------------------------------------------------------------ usage_files.c */

/* A file, or a part of a stream. */
typedef struct vd_bytes {
    int                    fd;
    bool                   own;    /* closed with it */
    bool                   slow;   /* a pipe or the like: bytes may be long in coming, and a signal may come first */
    int                    error;  /* errno of what stopped it */
    volatile sig_atomic_t *stop;   /* NULL: none; set: the end */
    uint64_t              *total;  /* counted there for whoever shows progress; NULL: nowhere */
    uint64_t               left;   /* of a frame; UINT64_MAX: to the end */
} vd_bytes;

/* Waits for bytes or for the end of them; also for whoever is to write into a named pipe, which is empty until then.  False: it
 * is to stop.  stop NULL: nobody asks for that. */
bool            vd_wait_readable(int fd, const volatile sig_atomic_t *stop);

bool            vd_bytes_open(vd_bytes *b, const char *path); /* "-": standard input; false: errno says why */
void            vd_bytes_close(vd_bytes *b);
vd_usage_source vd_bytes_source(vd_bytes *b);

/* A summary on its way out: beside its place, and put there when it is whole. */
typedef struct vd_summary_out {
    vd_cli     *cli;
    const char *path; /* NULL: standard output */
    char        beside[4096];
    int         fd;
    bool        closed;   /* nobody reads it */
    int         error;
    bool        folder;   /* path is one: the name comes from the content */
    vd_buf      tail;     /* the last bytes: they hold the hash */
} vd_summary_out;

/* Can one summary after the other go there?  In a file the next one would take the place of the last. */
bool vd_summary_out_takes_many(const char *path);
bool vd_summary_out_open(vd_summary_out *o, vd_cli *cli, const char *path); /* false: said why */
bool vd_summary_out_sink(void *ctx, vd_str bytes);
/* keep: it is whole.  False: it could not be written, which was said. */
bool vd_summary_out_close(vd_summary_out *o, bool keep);

/* Facts that were spilled: files without a name. */
enum { VD_MOST_RUNS = 512 };
typedef struct vd_runs {
    const char *folder;
    int         fd[VD_MOST_RUNS];
    uint32_t    count;
} vd_runs;
bool vd_runs_spill(vd_runs *r, vd_usage *usage, vd_error *err);
void vd_runs_close(vd_runs *r);

/* ------------------------------------------------------------------ usage_walk.c */

typedef struct vd_tree vd_tree;

/* Files in the order of their names, one directory after the other; nothing is kept of what was handed out. */
vd_tree *vd_tree_new(vd_cli *cli, const char *const *paths, uint32_t count, vd_lines *list, bool follow);
void     vd_tree_free(vd_tree *t);
void     vd_tree_stops(vd_tree *t, const volatile sig_atomic_t *stop); /* the list ends when it is set; t may be NULL */
/* path: room for 4096 bytes.  False: there are no more.  *why: it cannot be read; else empty. */
bool     vd_tree_next(vd_tree *t, char *path, char *why);

/* ------------------------------------------------------------------ usage_told.c */

/* What was noted about one unit, for people. */
typedef struct vd_told_code {
    vd_str   code;
    uint64_t count;
} vd_told_code;

typedef struct vd_told_unit {
    vd_buf       text;
    vd_told_code codes[48];
    bool         verbose;
} vd_told_unit;

void vd_told_init(vd_told_unit *t, bool verbose);
void vd_told_add(vd_told_unit *t, const vd_usage_note *note);
void vd_told_end(vd_told_unit *t, vd_str unit); /* how many more there were of each */
void vd_told_done(vd_told_unit *t);

/* The line about all, and the exit code by --tolerate and its like. */
bool    vd_usage_tolerates_all(const vd_cli *cli); /* --tolerate all: bad input is in the counters alone */
vd_exit vd_told_verdict(vd_cli *cli, const vd_usage *usage, bool merge);

/* ------------------------------------------------------------------ usage_stream.c */

/* Standard input by --in lines, frames or tsv. */
typedef struct vd_stream {
    vd_cli     *cli;
    const char *unit;  /* what the input is called */
    vd_bytes   *bytes;
    bool (*add)(void *ctx, vd_str unit, int32_t kind, const vd_usage_source *source);
    bool (*emit)(void *ctx); /* a part is done, more follows: its summary goes out */
    void *ctx;
} vd_stream;
bool vd_stream_run(const vd_stream *s);

/* ------------------------------------------------------------------ usage_takes.c */

typedef enum vd_usage_form {
    VD_FORM_COLLECT = 1,
    VD_FORM_MERGE = 2,
    VD_FORM_SHOW = 4,
    VD_FORM_ACTIONS = 8,
    VD_FORM_COVERAGE = 16,
    VD_FORM_CHECK = 32
} vd_usage_form;

/* False: one of the options has no effect there, or not without another, which was said. */
bool vd_usage_takes(vd_cli *cli, vd_usage_form form);

/* ------------------------------------------------------------------ the subcommands */

vd_exit vd_usage_collect_command(vd_cli *cli, bool merge);
vd_exit vd_usage_show_command(vd_cli *cli);
vd_exit vd_usage_check_command(vd_cli *cli);
vd_exit vd_usage_actions_command(vd_cli *cli); /* show --actions */
vd_exit vd_usage_coverage_command(vd_cli *cli); /* show --coverage */

/* A cell of CSV, behind the separator; one that a spreadsheet would take for a formula begins with an apostrophe. */
void vd_csv_text(vd_buf *b, vd_str s, const char *separator);
/* A cell of several, separated by spaces; a space within one as %20, "..." when there are more. */
void vd_csv_list(vd_buf *b, const vd_str *at, size_t count, bool more);

/* "64M" to bytes; false: it is none, which was said. */
bool vd_usage_size(vd_cli *cli, const char *option, uint64_t otherwise, uint64_t *out);

#endif
