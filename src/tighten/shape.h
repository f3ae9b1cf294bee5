/* SPDX-License-Identifier: Apache-2.0
 *
 * The form of a smaller policy: which patterns say a set of actions or of resources in few words without a word too many,
 * and how statements are spread over documents that have a quota.  Nothing here decides what is kept: callers say that, and
 * prove the whole afterwards.  Whatever is doubtful is written out name by name.
 *
 *   shape_actions.c    actions to names and patterns (usage 6.3.4)
 *   shape_resources.c  observed resources to patterns (usage 3.3), shape_rows.c: where names become patterns
 *   shape_volatile.c   parts of names that are others with every run
 *   shape_text.c       texts of the Resource element: escapes, coded patterns, what an old statement said
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

/* ------------------------------------------------------------------ resources */

typedef struct vd_shape_seen {
    vd_str arn;
    bool   exact; /* letter by letter; else '*' and '?' stand for what nobody knows */
    bool   weak;  /* seen once, or only refused or failing: kept, and no reason for a pattern */
} vd_shape_seen;

/* Of an ARN of a summary, which says both in the same way: '*' and '?' within the key of an object are letters, unless the
 * '*' is the last one. */
bool vd_shape_is_exact(vd_str arn);

typedef struct vd_shape_resources_opts {
    vd_shape_old  old;
    vd_str        account;  /* whose resources may be told by a pattern; empty: of any account */
    bool          literal;  /* never a pattern: of iam:PassRole, sts:AssumeRole */
    uint32_t      slack;    /* bits: how many names a pattern may stand for, for each that was seen; 0: only names that are others
                               with every run become patterns */
    uint32_t      s3_depth; /* parts of a key before a star; 0: 2 */
    uint32_t      threshold; /* names side by side that stay names; 0: 8 */
    const vd_str *previous; /* resources of the policy that was made last: its patterns are not given up at once */
    uint32_t      previous_count;
} vd_shape_resources_opts;

typedef struct vd_shape_resources_result {
    vd_shapes patterns;
    uint32_t  outside;  /* seen, and not granted by old: somebody else did; not among the patterns */
    bool      keep_old; /* old says it in a way that cannot be narrowed: leave it as it is */
    bool      inexact;  /* some name cannot be written in a policy: a wildcard stands for a letter */
} vd_shape_resources_result;

/* Patterns that match all that was seen and that old granted, and nothing that old did not; sorted.  With more seen they
 * match more, never less. */
vd_code vd_shape_resources(vd_shape_resources_result *out, vd_arena *arena, const vd_shape_seen *seen, uint32_t count,
                           const vd_shape_resources_opts *opts, vd_error *err);

/* A name as the Resource element says it (usage 3.4).  *inexact is set when a wildcard had to stand for a letter. */
bool vd_shape_escape(vd_arena *arena, vd_str *out, vd_str name, bool variables, bool *inexact);

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
