/* SPDX-License-Identifier: Apache-2.0
 *
 * The documents and questions of a command line: --identity ... --scenario to a set, --principal ... --requests to one
 * request after the other.  Every file is read and complained about, also after a bad one.
 */
#ifndef VERDICT_CLI_INPUTS_H
#define VERDICT_CLI_INPUTS_H

#include "cli/cli.h"
#include "cli/lines.h"
#include "cli/snapshot.h"
#include "render/render.h"
#include "request/request.h"

#include <verdict/set.h>

/* A file whose bytes live in an arena; standard input can be asked for once. */
bool vd_read_text(vd_cli *cli, vd_arena *arena, vd_str *out, const char *path);

/* One document given as a file: reads, parses, tells what was found.  NULL: it cannot be used, which was said. */
vd_policy *vd_read_policy(vd_cli *cli, vd_kind kind, const char *path);

/* What the options of vd_opts_documents (as far as the command has them) name: documents, and levels of SCPs and RCPs. */
typedef struct vd_layer_policy {
    vd_policy *policy; /* counted; NULL: only says that there is the level */
    vd_attach  where;
} vd_layer_policy;
typedef struct vd_layers {
    vd_arena         arena;
    vd_layer_policy *at;
    uint32_t         count, cap;
} vd_layers;

/* False: something cannot be used, which was said; the others are there. */
bool    vd_layers_read(vd_layers *layers, vd_cli *cli);
void    vd_layers_done(vd_layers *layers);
vd_code vd_layers_add(const vd_layers *layers, vd_builder *builder, vd_error *err);

/* Adds what the options of vd_opts_documents name to a builder; *count grows by the documents.  False: something
 * cannot be used. */
bool vd_add_policies(vd_cli *cli, vd_builder *builder, uint32_t *count);

/* Documents in PATHs as the layer that kind belongs to. */
bool vd_add_paths(vd_cli *cli, vd_builder *builder, vd_kind kind, uint32_t *count);

typedef enum vd_next {
    VD_NEXT_QUESTION, /* set, request and name are there */
    VD_NEXT_BAD,      /* this one cannot be asked: error says why; go on */
    VD_NEXT_END
} vd_next;

typedef struct vd_inputs {
    vd_cli        *cli;
    bool           many;    /* answers are lines: --requests, or a scenario file of several cases */
    const vd_set  *set;
    vd_request    *request;
    vd_str         name;    /* of a case */
    vd_error       error;   /* VD_NEXT_BAD */
    bool           refused; /* --error: AWS said no, */
    vd_told        told;    /* and this why */
    char           now[48]; /* the clock, when nothing else said the time; empty: something did */

    vd_set        *own_set;
    vd_suite      *suite;
    vd_snapshot   *snapshot; /* NULL: none was given */
    vd_told_notes  notes;    /* of it, about the question */
    uint32_t       next;    /* case, or 1 after the only question */
    vd_lines       lines;
    bool           batch;
    vd_arena       texts;   /* what the request borrows beside argv */
    void          *scratch;
    size_t         scratch_size;
} vd_inputs;

/* False: nothing can be asked, which was said; close it all the same. */
bool    vd_inputs_open(vd_inputs *in, vd_cli *cli);
vd_next vd_inputs_next(vd_inputs *in);
void    vd_inputs_close(vd_inputs *in);

/* An error that has no place of its own is told with the line it came in. */
void vd_inputs_place(vd_inputs *in);

/* decide.c: vd_eval and all that is needed to tell the answer; storage for the reason is the caller's.  Not VD_OK: in->error. */
typedef struct vd_decided {
    vd_decision decision;
    vd_told_decision   answer;
    char        reason[512];
    char        resource[64]; /* "3 resources" of an allowed call with several checks */
} vd_decided;
vd_code vd_inputs_decide(vd_inputs *in, vd_decided *out);
void    vd_inputs_answer(vd_inputs *in, vd_decided *out); /* the rest, once decision is there */
bool    vd_inputs_asks_time(const vd_inputs *in); /* a policy asks for the time, and the clock gave it */

/* For excerpts. */
vd_texts_of vd_cli_texts(vd_cli *cli);

#endif
