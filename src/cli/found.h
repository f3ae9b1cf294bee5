/* SPDX-License-Identifier: Apache-2.0
 *
 * The policies of a text, ready to be put into a set: extracted as lint does it, of which kind each is, what it is attached
 * to.  Nothing here prints, so threads may do it.
 */
#ifndef VERDICT_CLI_FOUND_H
#define VERDICT_CLI_FOUND_H

#include "base/arena.h"
#include "base/diag.h"

#include <verdict/lint.h>

typedef struct vd_found {
    vd_policy *policy; /* counted */
    vd_kind    kind;
    vd_str     resource_kind; /* "s3-bucket"; empty: not known */
    bool       guessed;       /* its kind, by its looks */
    vd_str     file;          /* "policies/dev.json", "main:policies/dev.json" */
    vd_str     path;          /* the same below what was asked for */
    vd_str     key;           /* what it is called on either side of a diff: its path, and what in it: an identity, a policy */
    vd_str     label;         /* for people, where the file alone does not say it; may be empty */
    vd_str     resource;      /* the ARN of what it is attached to, where the container says so; else empty */
} vd_found;

typedef struct vd_finds {
    vd_arena    arena;
    vd_found   *at;
    uint32_t    count, cap;
    vd_error   *errors; /* of policies that cannot be used; the others are there */
    uint32_t    error_count, error_cap;
    uint32_t    unresolved; /* policies of which only parts are known, and not enough */
    uint32_t    hushed;     /* bits of kinds that nobody looks at: what is odd about such a policy is not noted */
    const char *format;     /* of the last text; NULL: no policy in it */
} vd_finds;

/* What somebody reads: its name for messages, the path below what was asked for (pairs both sides of a diff), its text,
 * and the path as the repository sees it (tells kinds by folders; empty: the same). */
typedef struct vd_named_text {
    vd_str name, path, text, seen;
} vd_named_text;

void vd_finds_init(vd_finds *f);
void vd_finds_done(vd_finds *f);

/* Adds the policies of a text.  by: whose configuration, --policy-type, account and template parameters count.  A text that cannot be
 * read at all fails. */
vd_code vd_find_policies(vd_finds *out, const vd_linter *by, const vd_named_text *in, vd_diags *notes, vd_error *err);

/* "an identity policy" ... of messages; managed and inline ones are the same. */
const char *vd_found_kind_name(vd_kind kind);
bool        vd_found_same_kind(vd_kind a, vd_kind b);

#endif
