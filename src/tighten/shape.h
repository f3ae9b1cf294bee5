/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of a smaller policy: which patterns say a set of actions or of resources in few words without a word too many,
 * and how statements are spread over documents that have a quota.  Nothing here decides what is kept: callers say that, and
 * prove the whole afterwards.  Whatever is doubtful is written out name by name.
 *
 *   shape_actions.c    actions to names and patterns (usage 6.3.4)
 *   shape_split.c      documents within a quota (usage 6.4), shape_write.c: their JSON
 *
 * All results live in the arena that is given, and are the same whatever the order of what is given.
 */
#ifndef VERDICT_TIGHTEN_SHAPE_H
#define VERDICT_TIGHTEN_SHAPE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "catalog/catalog.h"

typedef struct vd_shapes {
    vd_str  *at;
    uint32_t count, cap;
} vd_shapes;

/* What an old statement said: its Action, or its Resource. */
typedef struct vd_shape_old {
    const vd_str *at;
    uint32_t      count;
    bool          negated;   /* NotAction, NotResource */
    bool          variables; /* of resources: the document knows ${...} */
} vd_shape_old;

/* ------------------------------------------------------------------ actions */

typedef struct vd_shape_actions_opts {
    const vd_catalog *catalog;
    vd_shape_old      old;
    bool     own;     /* no patterns but those that stand in old: what strict asks for */
    uint32_t bound;   /* actions beyond those to keep that one pattern may match */
    uint32_t levels;  /* 1 << VD_LEVEL_...: such actions may be among them; of reading and listing they always may */
    uint64_t *extra;  /* NULL, or a bit set of vd_catalog_actions() bits: gets those that the patterns match beyond keep */
} vd_shape_actions_opts;

/* The shortest list found that matches all actions of keep (a bit set of vd_catalog_actions() bits), sorted.  Every text
 * that a pattern of it matches is matched by old: an action of tomorrow is not granted where it was not before.  Names are
 * spelled as the catalogue does, patterns of old as they stood.  VD_EINVAL: old does not match one of keep. */
vd_code vd_shape_actions(vd_shapes *out, vd_arena *arena, const uint64_t *keep, const vd_shape_actions_opts *opts,
                         vd_error *err);

/* ------------------------------------------------------------------ documents within a quota */

/* A statement of a new document.  Lists are not changed, but cut: those of positive elements alone. */
typedef struct vd_shape_statement {
    vd_str        sid;       /* empty: none */
    bool          deny;
    bool          not_action, not_resource;
    const vd_str *actions;
    uint32_t      action_count;
    const vd_str *resources;
    uint32_t      resource_count;
    vd_str        condition; /* JSON; empty: none */
    vd_str        verbatim;  /* JSON of all of it, which is neither cut nor changed; empty: it is made of the above */
    uint32_t      source;    /* of the caller's; parts keep it */
} vd_shape_statement;

typedef struct vd_shape_document {
    vd_shape_statement *statements; /* in the order in which they came */
    uint32_t            count, cap;
    size_t              size;       /* characters without white space */
    vd_str              name;       /* NAME, or NAME-1of3 */
} vd_shape_document;

typedef struct vd_shape_split_opts {
    vd_str   name;
    vd_str   version, id;  /* empty: no such member */
    size_t   most;         /* characters of one document without white space; 0: no limit */
    uint32_t documents;    /* that may be; 0: any number */
} vd_shape_split_opts;

/* Whole statements first, the largest ones first; what is larger than a document is cut by actions, then by resources, never
 * by its condition.  VD_ELIMIT: a part cannot be made small enough, or there would be too many documents; err has the
 * sizes. */
vd_code vd_shape_split(vd_shape_document **out, uint32_t *count, vd_arena *arena, const vd_shape_statement *statements,
                       uint32_t statement_count, const vd_shape_split_opts *opts, vd_error *err);

/* JSON without white space, and with that of a person: two blanks a level. */
void   vd_shape_write(vd_buf *out, const vd_shape_document *document, const vd_shape_split_opts *opts, bool pretty);
void   vd_shape_write_statement(vd_buf *out, const vd_shape_statement *statement, uint32_t depth, bool pretty);
size_t vd_shape_size(vd_str json); /* as IAM counts: characters without white space between tokens */

#endif
