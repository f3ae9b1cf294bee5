/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot: what the AWS command line prints of one account, of many, of an organization, read as it is.  The library
 * opens no file: whoever has the files hands over their bytes, one after the other, in any order.  A finished snapshot never
 * changes, is counted, and is shared by any number of threads.
 *
 * What is missing or cannot be used is a note; notes say which answers they could change, and nothing is assumed in
 * silence (analysis 3.5).
 */
#ifndef VERDICT_MODEL_H
#define VERDICT_MODEL_H

#include <verdict/set.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_snapshot vd_snapshot;
typedef struct vd_snapshot_reader vd_snapshot_reader;

/* ------------------------------------------------------------------ reading */

typedef struct vd_snapshot_opts {
    size_t size;
    vd_str account; /* of a lone file that does not say so; empty: inferred */
} vd_snapshot_opts;

VD_API vd_code vd_snapshot_reader_new(vd_snapshot_reader **out, const vd_engine *engine, const vd_snapshot_opts *opts, vd_error *err);
VD_API void    vd_snapshot_reader_free(vd_snapshot_reader *reader);
/* One file.  path is relative to the folder of the snapshot ("accounts/111122223333/global/s3/b/policy.json"): names carry
 * what the JSON does not repeat.  shown: its name in messages.  Both and the bytes are copied.  A file that cannot be used is an
 * error of this call and a note of the snapshot; the others go on. */
VD_API vd_code vd_snapshot_read(vd_snapshot_reader *reader, vd_str path, vd_str shown, vd_str bytes, vd_error *err);
/* A policy of AWS's own, by name ("ReadOnlyAccess"), for dumps that leave them out. */
VD_API vd_code vd_snapshot_managed(vd_snapshot_reader *reader, vd_str name, vd_str shown, vd_str bytes, vd_error *err);
/* Puts everything together.  The reader is empty afterwards. */
VD_API vd_code      vd_snapshot_finish(vd_snapshot **out, vd_snapshot_reader *reader, vd_error *err);
VD_API vd_snapshot *vd_snapshot_retain(vd_snapshot *snapshot);
VD_API void         vd_snapshot_release(vd_snapshot *snapshot);

/* ------------------------------------------------------------------ what is in it */

typedef struct vd_snapshot_counts {
    size_t   size;
    uint32_t files, accounts, users, roles, groups, managed, resources, documents, units, notes;
} vd_snapshot_counts;
VD_API void vd_snapshot_count(const vd_snapshot *snapshot, vd_snapshot_counts *out);

typedef enum vd_who_kind { VD_WHO_IS_USER, VD_WHO_IS_ROLE, VD_WHO_IS_ROOT } vd_who_kind;
typedef enum vd_certain { VD_CERTAIN_NOBODY_SAID, VD_CERTAIN_NO, VD_CERTAIN_YES } vd_certain;

typedef struct vd_snapshot_tag {
    vd_str key, value;
} vd_snapshot_tag;

typedef struct vd_principal_info {
    size_t                 size;
    vd_who_kind           kind;
    vd_str                 arn, name, path, id, account;
    const vd_snapshot_tag *tags;
    size_t                 tag_count;
    vd_certain                password, mfa;
    int32_t                keys;    /* active access keys; -1: nobody said */
    vd_str                 created; /* as AWS prints it; empty: nobody said */
} vd_principal_info;
/* Sorted by account and ARN; false: no such index. */
VD_API bool     vd_snapshot_principal(const vd_snapshot *snapshot, uint32_t index, vd_principal_info *out);
VD_API uint32_t vd_snapshot_principals(const vd_snapshot *snapshot);
VD_API uint32_t vd_snapshot_find(const vd_snapshot *snapshot, vd_str arn); /* user, role (its session's ARN too), root; VD_NO_INDEX: none */
#define VD_NO_INDEX UINT32_MAX

enum { /* vd_snapshot_note.what */
    VD_GAP_UNREADABLE = 0,    /* a file that is not what its name says, or malformed */
    VD_GAP_TRUNCATED,         /* the last page says that there is more */
    VD_GAP_UNKNOWN_FILE,      /* nobody reads it */
    VD_GAP_POLICY,            /* a document that cannot be used, or that AWS would not store */
    VD_GAP_MISSING_GROUP,     /* a user refers to it */
    VD_GAP_MISSING_POLICY,    /* attached, but its text is nowhere */
    VD_GAP_MISSING_BOUNDARY,
    VD_GAP_MISSING_VERSION,   /* the default version is not among the versions */
    VD_GAP_DUPLICATE,         /* an account, principal, resource that is there twice, and differs */
    VD_GAP_ORGANIZATION,      /* cycles, orphans, a level without a policy, an account outside of the tree */
    VD_GAP_NOT_COLLECTED,     /* what the manifest says is complete, but is not there */
    VD_GAP_PERMISSION_SET,    /* a role of IAM Identity Center that is not what its permission set says, or is missing */
    VD_GAP_COUNT
};
VD_API const char *vd_snapshot_note_name(int32_t what); /* "missing-boundary" */

typedef struct vd_snapshot_note {
    size_t  size;
    int32_t what, severity; /* VD_ERROR, VD_WARNING, VD_NOTE */
    vd_pos  at;
    vd_str  text;
    vd_str  account, arn;   /* whose answers it could change: an account, a principal or a resource; empty: everybody's */
} vd_snapshot_note;
VD_API bool vd_snapshot_note_at(const vd_snapshot *snapshot, uint32_t index, vd_snapshot_note *out); /* in order of files */

/* ------------------------------------------------------------------ using it */

/* What is known of the principal and the resource of a request that is filled in (both sides' organization, tags, management
 * account, resource state) goes into it; what the request says already stays. */
VD_API vd_code vd_snapshot_fill(const vd_snapshot *snapshot, vd_request *request, vd_error *err);

/* Adds every document that bears on the principal and the resource of one question, or (both empty) all documents of the
 * snapshot, each attached by name, for a bundle. */
VD_API vd_code vd_snapshot_attach(const vd_snapshot *snapshot, vd_builder *builder, vd_str principal, vd_str resource,
                                  vd_error *err);

#ifdef __cplusplus
}
#endif
#endif
