/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot in memory: flat arrays, 32-bit ids into them, every string once, every document once (by its text).  Made by
 * the readers of this room, then never changed.  Ids are in the order that vd_snapshot_finish sorts into: accounts by id,
 * nodes by (account, ARN), resources by ARN, so that answers do not hang on the order of files.
 */
#ifndef VERDICT_MODEL_SNAPSHOT_H
#define VERDICT_MODEL_SNAPSHOT_H

#include "base/arena.h"
#include "base/engine.h"
#include "base/map.h"

#include <verdict/model.h>

/* A range of another array. */
typedef struct vd_snap_range {
    uint32_t first, count;
} vd_snap_range;

/* One policy text.  The same text of the same kind is one document, wherever it is attached. */
typedef struct vd_snap_doc {
    vd_policy *policy; /* counted; NULL: it cannot be used, which is a note */
    bool       reads_principal; /* tests keys of the principal itself: aws:PrincipalTag/..., aws:username, variables of them */
} vd_snap_doc;

typedef enum vd_via { VD_VIA_INLINE, VD_VIA_MANAGED, VD_VIA_GROUP_INLINE, VD_VIA_GROUP_MANAGED } vd_via;

/* A document on a principal or a group, and how it came there. */
typedef struct vd_held {
    uint32_t doc;     /* VD_NONE: its text is missing; taken for nothing (a note says so) */
    uint32_t group;   /* VD_VIA_GROUP_...; else VD_NONE */
    uint32_t managed; /* VD_VIA_..._MANAGED; else VD_NONE */
    vd_str   name;    /* of the inline policy, or of the managed one */
    uint8_t  via;     /* vd_via */
} vd_held;

typedef struct vd_snap_account {
    vd_str   id, name;
    vd_str   org, org_path; /* empty: in none, or nobody knows: see in_org */
    uint8_t  in_org;        /* vd_certain */
    uint8_t  management;    /* vd_certain */
    uint32_t unit;          /* of the organization tree: the account's own; VD_NONE */
    uint32_t scp, rcp;      /* chains; VD_NONE: none, or: */
    bool     scp_missing, rcp_missing; /* there may be some, and nobody told us which */
    vd_snap_range nodes;
    uint32_t root;          /* node of the root user (always there) */
} vd_snap_account;

/* Root, OU or account of the organization tree, with what is attached to it. */
typedef struct vd_snap_unit {
    vd_str   id, name;
    uint32_t parent;   /* VD_NONE: a root */
    vd_snap_range scp, rcp; /* in vd_snapshot.unit_docs */
} vd_snap_unit;

/* One level of a chain: its documents (in unit_docs; VD_NONE: the text of one is missing), and the target they hang on;
 * empty: the account itself, for accounts share chains. */
typedef struct vd_snap_level {
    vd_str   target;
    vd_snap_range docs;
} vd_snap_level;
typedef struct vd_snap_chain { /* hash-consed: accounts that see the same have the same */
    vd_snap_range levels;
} vd_snap_chain;

typedef struct vd_snap_node {
    vd_str   arn, name, path, id, created;
    vd_str   last_used;      /* of a role, as AWS prints it; empty and known: never, as far as AWS remembers */
    bool     last_used_known;
    uint32_t account;
    uint8_t  kind;           /* vd_who_kind */
    bool     service_linked; /* path /aws-service-role/ */
    vd_snap_range held;           /* own and of groups, in this order */
    vd_snap_range groups;         /* in vd_snapshot.memberships */
    uint32_t boundary;       /* doc; VD_NONE */
    bool     bounded;        /* a boundary is named, be its text there or not */
    vd_str   boundary_arn;
    uint32_t trust;          /* doc of a role; VD_NONE */
    vd_snap_range tags;
    uint8_t  password, mfa;  /* vd_certain */
    int32_t  keys;           /* -1: unknown */
    uint8_t  profile;        /* a role: is in an instance profile, vd_certain */
    uint32_t permission_set; /* of a role that IAM Identity Center made; VD_NONE */
    uint32_t signature;      /* nodes with the same: same documents, boundary, SCP chain (analysis 9.1) */
} vd_snap_node;

/* An instance profile and the role in it.  Names of profiles are unique in an account, whatever their path. */
typedef struct vd_snap_profile {
    vd_str   name;
    uint32_t account, role; /* role: node */
} vd_snap_profile;

typedef struct vd_snap_group {
    vd_str   arn, name;
    uint32_t account;
    vd_snap_range held;
    vd_snap_range members; /* in vd_snapshot.members: nodes */
} vd_snap_group;

typedef struct vd_snap_version {
    vd_str   id, created; /* created as AWS prints it; empty: nobody said */
    uint32_t doc;
    bool     is_default;
} vd_snap_version;
typedef struct vd_snap_managed {
    vd_str   arn, name;
    uint32_t account;  /* VD_NONE: AWS's own */
    uint32_t doc;      /* default version; VD_NONE: missing */
    vd_snap_range versions;
} vd_snap_managed;

enum { /* vd_snap_resource.facts that are known, and what they are */
    VD_THING_SSM_MANAGED = 1 << 0,
    VD_THING_EXEC_ENABLED = 1 << 1, /* ECS: execute-command */
};
typedef struct vd_snap_resource {
    vd_str   arn;     /* of a bucket without region and account */
    vd_str   type;    /* "AWS::S3::Bucket" */
    vd_str   region;
    uint32_t account; /* VD_NONE: not known */
    uint32_t doc;     /* resource policy; VD_NONE: none, or not collected: see complete */
    bool     complete; /* "no policy" is known, not missing */
    uint32_t runs_as; /* node of the role that it carries; VD_NONE */
    vd_str   runs_as_arn; /* as written, be the role there or not */
    uint32_t facts_known, facts;
    vd_snap_range tags;
    vd_snap_range access_points; /* of a bucket, in vd_snapshot.access_points: resources */
    uint32_t endpoint; /* doc of a VPC endpoint: it bears on what is called through it, not on it; VD_NONE */
    uint32_t behind;  /* of an access point: its bucket; VD_NONE */
    vd_snap_range shared; /* in vd_snapshot.shared: further documents: made of settings that share it (attributes of snapshots and images), policies of which a resource has several */
    vd_str   state;   /* JSON of what scenario files call resourceState (ACL, grants, Block Public Access ...); empty: none */
} vd_snap_resource;

/* A permission set of IAM Identity Center: in each account that it is assigned in there is a role of it. */
typedef struct vd_snap_permission_set {
    vd_str   arn, name;        /* empty: nobody said */
    uint32_t doc;              /* inline policy; VD_NONE: none, or not known */
    bool     inline_known, managed_known;
    vd_snap_range managed;     /* in vd_snapshot.set_managed: ARNs */
    vd_snap_range assignments; /* in vd_snapshot.assignments */
} vd_snap_permission_set;
typedef struct vd_snap_assignment {
    uint32_t set;
    uint32_t account;   /* VD_NONE: not in the snapshot */
    uint32_t role;      /* node; VD_NONE: it is not there, or nobody knows the identities of the account */
    vd_str   account_id, principal; /* principal: id of a user or group of the identity store */
    bool     group;
} vd_snap_assignment;

typedef struct vd_snap_membership {
    uint32_t group, node;
} vd_snap_membership;

struct vd_snapshot {
    vd_count          refs;
    const vd_engine  *engine;
    vd_arena          arena; /* everything below */
    vd_snap_account  *accounts;
    vd_snap_unit     *units;
    vd_snap_chain    *chains;
    vd_snap_level    *levels;
    uint32_t         *unit_docs;
    vd_snap_node     *nodes;
    vd_snap_profile  *profiles; /* by account, then name without case */
    vd_snap_group    *groups;
    vd_held          *held;
    uint32_t         *memberships; /* of nodes: groups */
    uint32_t         *members;     /* of groups: nodes */
    vd_snap_managed  *managed;
    vd_snap_version  *versions;
    vd_snap_resource *resources;
    vd_snap_permission_set *permission_sets; /* by the ids of their ARNs */
    vd_snap_assignment *assignments;
    vd_str           *set_managed;
    uint32_t         *access_points;
    uint32_t         *shared;      /* docs */
    vd_snapshot_tag  *tags;
    vd_snap_doc           *docs;
    vd_snapshot_note *notes;
    uint32_t account_count, unit_count, chain_count, level_count, unit_doc_count, node_count, profile_count, group_count, held_count,
        membership_count, member_count, managed_count, version_count, resource_count, access_point_count, shared_count, tag_count, doc_count,
        note_count, file_count, signature_count, permission_set_count, assignment_count, set_managed_count;
    vd_str organization, management_account; /* ids; empty: unknown */
    bool   has_organization; /* any file of the organization was read */
    int64_t collected; /* seconds: when AWS was asked, by the manifest; 0: nobody said */
};

uint32_t vd_snap_node_find(const vd_snapshot *s, vd_str arn);     /* VD_NONE; a session's ARN finds its role */
uint32_t vd_snap_account_find(const vd_snapshot *s, vd_str id);
uint32_t vd_snap_profile_find(const vd_snapshot *s, vd_str account, vd_str name); /* the node of the role in it */
/* The permission set that IAM Identity Center made this role for, by the role's ARN; empty: none. */
vd_str   vd_snap_permission_set_of(vd_str role_arn);
uint32_t vd_snap_resource_find(const vd_snapshot *s, vd_str arn); /* of an object: its bucket, of a stream's consumer: that ... */
uint32_t vd_snap_resource_bound(const vd_snapshot *s, vd_str text); /* the first whose ARN is not before the text */

/* applies.c: what bears on a principal (VD_NONE: nobody of the snapshot) and a resource (VD_NONE: none of the snapshot). */
typedef struct vd_bearing {
    vd_policy *policy; /* NULL: a level without any (E706), or a document that is missing: see missing */
    vd_layer   layer;
    uint32_t   level;  /* SCP, RCP */
    vd_str     target; /* "r-root" */
    vd_str     from;   /* for people: "group devs", "inline policy", "managed policy arn:..." */
    bool       missing; /* taken for "allows everything" (boundary, SCP, RCP) or "grants nothing" */
} vd_bearing;
typedef struct vd_bearings {
    vd_bearing *at;
    uint32_t    count, cap;
} vd_bearings;
/* Appends, in the order of evaluation.  False: no memory. */
bool vd_snap_identity(vd_bearings *out, const vd_snapshot *s, uint32_t node, vd_arena *arena);  /* identity, boundary */
bool vd_snap_guards(vd_bearings *out, const vd_snapshot *s, uint32_t account, vd_layer which, vd_arena *arena); /* SCP or RCP */
bool vd_snap_resource_side(vd_bearings *out, const vd_snapshot *s, uint32_t resource, vd_arena *arena);
bool vd_snap_exempt(const vd_snapshot *s, uint32_t node); /* of SCPs: management account, service-linked role */

#endif
