/* SPDX-License-Identifier: Apache-2.0
 *
 * What every command gets, the exit codes, and the two streams: standard output is the answer and nothing else, all
 * that is said about it goes to standard error.
 */
#ifndef VERDICT_CLI_CLI_H
#define VERDICT_CLI_CLI_H

#include "base/arena.h"
#include "catalog/catalog.h"
#include "cli/opt.h"
#include "render/excerpt.h"

#include <verdict/engine.h>

typedef enum vd_exit {
    VD_EXIT_YES = 0,      /* allowed, passed */
    VD_EXIT_NO = 1,       /* the negative answer to the question asked */
    VD_EXIT_USAGE = 2,    /* the question could not be asked */
    VD_EXIT_NO_ANSWER = 3 /* no answer within the budget, or we have a bug */
} vd_exit;

typedef struct vd_cli vd_cli;

typedef struct vd_example {
    const char *text;    /* what it shows */
    const char *command; /* to be typed in the root of the project; it is run as a test */
    int         exit;
} vd_example;

typedef struct vd_command {
    const char           *name;
    const char           *summary;  /* one line, lower case */
    const char           *words;    /* what stands for its words in the synopsis: "[PATH...]" */
    const char           *about;    /* a paragraph */
    const vd_opts *const *groups;
    size_t                group_count;
    const vd_example     *examples;
    size_t                example_count;
    const char           *exits;    /* what 0 and 1 mean here; 2 and 3 are the same everywhere */
    bool                  no_catalog; /* works without one, or opens it when it needs it */
    vd_exit (*run)(vd_cli *cli);
} vd_command;

struct vd_cli {
    const vd_command *command;
    vd_args           args;
    vd_engine        *engine;
    const vd_catalog *catalog;  /* of --catalog, or what is built in */
    vd_catalog       *own_catalog;
    vd_look           look, err_look;
    bool              quiet, verbose;
    vd_exit           worst;    /* of all that was complained about so far */
    bool              closed;   /* nobody reads standard output any more */
    bool              stdin_taken;
    const char       *redact;   /* the salt of pseudonyms in all that goes out (usage/redact.h); NULL: it goes out as it is */
    bool              redact_all; /* addresses of mail wherever they stand, not only in names of sessions */
    vd_buf            out;
    vd_buf            err;
    vd_buf            source_name; /* the text that an excerpt was shown of last */
    vd_str            source;
};

extern const vd_command *const vd_commands[]; /* commands.c: each row is in its cmd_<name>.c */
extern const size_t            vd_command_count;
const vd_command              *vd_command_find(vd_str name);

extern const vd_opts vd_opts_documents, vd_opts_wholes, vd_opts_request, vd_opts_everywhere;

void vd_cli_init(vd_cli *cli);
void vd_cli_done(vd_cli *cli);

/* cli->catalog by --catalog.  False: it cannot be used, which was said. */
bool vd_cli_open_catalog(vd_cli *cli);

/* 2 wins over 1, 1 over 3. */
vd_exit vd_exit_worse(vd_exit a, vd_exit b);
void    vd_cli_worse(vd_cli *cli, vd_exit code);

/* Writes cli->out to standard output; true while somebody reads it. */
bool vd_cli_flush(vd_cli *cli);
/* A whole text to a file of a --format F=FILE; "-" is standard output. */
bool vd_cli_write(vd_cli *cli, const char *path, vd_str text);

/* Messages on standard error.  Errors make the exit code at least code; notes are silent with --quiet. */
void vd_cli_error(vd_cli *cli, vd_exit code, const vd_error *err);
void vd_cli_errorf(vd_cli *cli, vd_exit code, const char *format, ...) VD_PRINTF(3, 4);
void vd_cli_usage(vd_cli *cli, const char *format, ...) VD_PRINTF(2, 3); /* exit 2, and where to find the help */
void vd_cli_warnf(vd_cli *cli, const char *format, ...) VD_PRINTF(2, 3); /* not with --quiet */
void vd_cli_tell(vd_cli *cli, const char *severity, vd_str rule, vd_pos at, vd_str text); /* "warning", "note": always */
void vd_cli_notef(vd_cli *cli, const char *format, ...) VD_PRINTF(2, 3); /* with --verbose only */
/* What was found in a document: warnings, with --verbose all; an error among them counts as one only when failed. */
void vd_cli_diags(vd_cli *cli, const vd_diags *diags, bool failed);
/* The same, then the error of the call that collected them, unless it is among them. */
void    vd_cli_outcome(vd_cli *cli, const vd_diags *notes, vd_code code, const vd_error *err);
vd_exit vd_cli_exit_of(vd_code code); /* of a failed call */

/* Work units: --budget and the like.  *out stays when the option is not there; false: it makes no sense, which was said. */
bool vd_cli_units(vd_cli *cli, const char *name, uint64_t *out);

/* The text behind a position, for an excerpt: read again from its file, or what was remembered for it ("-"). */
vd_str vd_cli_source(vd_cli *cli, vd_pos at);
void   vd_cli_remember(vd_cli *cli, vd_str name, vd_str text);

/* help.c, complete.c, term.c */
void vd_help_main(vd_buf *out, const vd_look *look);
void vd_help_command(vd_buf *out, const vd_look *look, const vd_command *command);
void vd_help_limits(vd_buf *out, const vd_look *look);
void vd_help_exit_codes(vd_buf *out, const vd_look *look);
void vd_help_man(vd_buf *out, const vd_command *command);
void vd_help_man_commands(vd_buf *out);
void vd_help_option(vd_buf *out, const vd_opt *o); /* "-f, --format text|json" */
void vd_complete_bash(vd_buf *out);
void vd_complete_zsh(vd_buf *out);
void vd_complete_fish(vd_buf *out);
vd_look vd_term_look(int fd, const char *color);

#endif
