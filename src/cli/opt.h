/* SPDX-License-Identifier: Apache-2.0
 *
 * Options are rows.  A row carries all that is known about an option; the parser, the help, the man page and the
 * completions are made from it.  Groups of rows are shared between commands.
 */
#ifndef VERDICT_CLI_OPT_H
#define VERDICT_CLI_OPT_H

#include "base/buf.h"

typedef enum vd_opt_type {
    VD_OPT_FLAG,   /* no value */
    VD_OPT_TEXT,
    VD_OPT_FILE,   /* a path: completions offer files */
    VD_OPT_NUMBER, /* 0 ... 1 000 000 */
    VD_OPT_CHOICE, /* argument lists the words: "auto|always|never" */
    VD_OPT_FORMAT  /* the same, each with "=FILE" behind it when wanted */
} vd_opt_type;

typedef struct vd_opt {
    const char *name;     /* without the dashes */
    char        letter;   /* 0: none */
    uint8_t     type;     /* vd_opt_type */
    bool        repeat;   /* may be given more than once; else the last one counts */
    const char *argument; /* what the value is called, or the words to choose from */
    const char *help;     /* one line, lower case */
    const char *preset;   /* environment variable that gives a default; NULL: none */
} vd_opt;

typedef struct vd_opts {
    const char   *title; /* above the group in the help */
    const vd_opt *at;
    size_t        count;
} vd_opts;

#define VD_OPTS(name, heading, rows) const vd_opts name = { heading, rows, VD_COUNT(rows) }

typedef struct vd_given {
    const vd_opt *opt;
    const char   *value; /* NULL for a flag */
} vd_given;

/* The words of a command line, sorted out.  The strings are those of argv. */
typedef struct vd_args {
    const vd_opts *const *groups;
    size_t                group_count;
    vd_given             *given; /* in the order of the command line */
    uint32_t              given_count, preset_count; /* presets: the first of them come from the environment */
    const char          **words; /* what is no option */
    uint32_t              word_count;
    size_t                room;  /* both arrays hold so many */
} vd_args;

/* False: complaint says why, hint what may have been meant.  "--" ends the options; "-" is a word. */
bool vd_args_parse(vd_args *out, const vd_opts *const *groups, size_t group_count, int argc, char **argv,
                   vd_buf *complaint, vd_buf *hint);
void vd_args_done(vd_args *args);

/* Does the command have such a row? */
bool        vd_args_knows(const vd_args *args, const char *name);
/* By the name of the row, which must be one of the command. */
bool        vd_args_has(const vd_args *args, const char *name);
bool        vd_args_typed(const vd_args *args, const char *name); /* on the command line, not by the environment */
uint32_t    vd_args_count(const vd_args *args, const char *name);
const char *vd_args_text(const vd_args *args, const char *name);              /* the last one; NULL: not given */
const char *vd_args_at(const vd_args *args, const char *name, uint32_t index); /* NULL: there are fewer */
uint32_t    vd_args_number(const vd_args *args, const char *name, uint32_t otherwise);

/* Walks "a|b|c": false at the end. */
bool vd_choice_next(vd_str *rest, vd_str *word);

#endif
