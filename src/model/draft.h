/* SPDX-License-Identifier: Apache-2.0
 *
 * A snapshot while it is read: what each file says, as it says it, with its place.  Files come in any order, so nothing is
 * looked up here; finish.c sorts, joins and judges.  Texts are interned in the arena that the snapshot takes over.
 */
#ifndef VERDICT_MODEL_DRAFT_H
#define VERDICT_MODEL_DRAFT_H

#include "extract/formats.h"
#include "model/snapshot.h"

typedef struct vd_place {
    uint32_t file, offset, length, line, column;
} vd_place;

/* A text of one kind, however often it is there: told where it stands first. */
typedef struct vd_draft_doc {
    uint8_t    sum[32];
    int8_t     severity; /* of the worst fault; -1: none */
    vd_kind    kind;
    vd_place   at;
    vd_policy *policy;   /* NULL: it cannot be used */
    vd_str     fault;
    vd_pos     fault_at;
} vd_draft_doc;

typedef struct vd_draft_held {
    uint32_t doc;  /* VD_NONE: a managed policy */
    vd_str   name; /* of the inline policy, or of the managed one */
    vd_str   arn;  /* of the managed one; empty: inline */
    vd_place at;
} vd_draft_held;

typedef struct vd_draft_name {
    vd_str   text;
    vd_place at;
} vd_draft_name;

typedef struct vd_draft_node {
    vd_str        arn, name, path, id, created, account, last_used;
    bool          last_used_known;
    uint8_t       kind; /* vd_who_kind */
    uint8_t       profile;
    uint64_t      shape; /* of all that is said about it: equal ones are no contradiction */
    vd_place      at;
    vd_snap_range held, groups, tags; /* of the draft's own arrays */
    vd_str        boundary;
    vd_place      boundary_at;
    uint32_t      trust;
} vd_draft_node;

typedef struct vd_draft_group {
    vd_str        arn, name, account;
    uint64_t      shape;
    vd_place      at;
    vd_snap_range held;
} vd_draft_group;

typedef struct vd_draft_version {
    vd_str   id, created;
    bool     is_default;
    uint32_t doc;
} vd_draft_version;

typedef struct vd_draft_managed {
    vd_str        arn, name, account; /* account empty: AWS's own */
    vd_str        version;            /* the default one */
    bool          given;              /* by name, for dumps that leave it out: dumps come first */
    uint64_t      shape;
    vd_place      at;
    vd_snap_range versions;
} vd_draft_managed;

typedef enum vd_unit_kind { VD_UNIT_ROOT, VD_UNIT_OU, VD_UNIT_ACCOUNT } vd_unit_kind;
typedef struct vd_draft_unit {
    vd_str   id, name, parent; /* parent empty: a root, or nobody said */
    uint8_t  kind;             /* vd_unit_kind */
    int8_t   types[2];         /* of a root: SCPs, RCPs are enabled; -1: nobody said */
    vd_place at;
} vd_draft_unit;

typedef struct vd_draft_organization {
    vd_str   id, management_account;
    vd_place at;
} vd_draft_organization;

typedef struct vd_draft_guard { /* a policy of the organization */
    vd_str   id, name, type;
    uint32_t doc;
    vd_place at;
} vd_draft_guard;

typedef struct vd_draft_target { /* the policy hangs on the target */
    vd_str   policy, target;
    vd_place at;
} vd_draft_target;

/* One thing that one file says about one resource. */
typedef enum vd_facet_kind {
    VD_FACET_THERE,      /* that it is there */
    VD_FACET_POLICY,     /* doc */
    VD_FACET_STATE,      /* text: JSON, the member `name` of its resourceState */
    VD_FACET_RUNS_AS,    /* text: ARN of a role */
    VD_FACET_TAGS,
    VD_FACET_FACTS,      /* known, set */
    VD_FACET_BEHIND,     /* text: the ARN of the bucket of an access point */
    VD_FACET_SHARED,     /* doc: made of a setting, or one of several policies */
    VD_FACET_ENDPOINT,   /* doc: of a VPC endpoint */
} vd_facet_kind;
typedef struct vd_draft_facet {
    vd_str        arn; /* empty: of all resources of this kind in the account (and region) */
    vd_str        type, account, region; /* empty: this file does not say */
    uint8_t       kind;
    uint32_t      doc;
    vd_str        name, text;
    uint32_t      known, set;
    vd_snap_range tags;
    vd_place      at;
} vd_draft_facet;

typedef struct vd_draft_account {
    vd_str   id, name;
    bool     details; /* a file of its identities was read */
    bool     last;    /* and said that it is the last one */
    bool     listed;  /* the organization has it */
    uint64_t shape;   /* of the whole file of identities */
    vd_place at;
} vd_draft_account;

/* A row of the credential report. */
typedef struct vd_draft_report {
    vd_str   arn, created;
    uint8_t  password, mfa;
    int32_t  keys;
    vd_place at;
} vd_draft_report;

typedef struct vd_draft_profile { /* an instance profile, and the role in it */
    vd_str arn, role;
} vd_draft_profile;

/* What one file says about a permission set of IAM Identity Center. */
typedef enum vd_set_part { VD_SET_ITSELF, VD_SET_INLINE, VD_SET_MANAGED, VD_SET_ASSIGNED } vd_set_part;
typedef struct vd_draft_set {
    vd_str        id; /* "ps-0123456789abcdef" */
    uint8_t       part;
    vd_str        arn, name;          /* VD_SET_ITSELF */
    uint32_t      doc;                /* VD_SET_INLINE; VD_NONE: it has none */
    vd_snap_range managed;            /* VD_SET_MANAGED: names */
    vd_str        account, principal; /* VD_SET_ASSIGNED */
    bool          group;
    vd_place      at;
} vd_draft_set;

typedef struct vd_draft_note {
    int32_t  what, severity;
    vd_place at;
    vd_str   text, account, arn;
} vd_draft_note;

typedef struct vd_draft_file {
    vd_str path, shown;
} vd_draft_file;

struct vd_snapshot_reader {
    vd_engine *engine;
    vd_arena   arena; /* of the snapshot to be */
    vd_str     account;
    vd_limits  limits; /* of whole files */
    vd_intern  texts;
    vd_map     by_sum; /* docs */
    VD_VEC(vd_draft_file) files;
    VD_VEC(vd_draft_doc) docs;
    VD_VEC(vd_draft_account) accounts;
    VD_VEC(vd_draft_node) nodes;
    VD_VEC(vd_draft_group) groups;
    VD_VEC(vd_draft_managed) managed;
    VD_VEC(vd_draft_version) versions;
    VD_VEC(vd_draft_held) held;
    VD_VEC(vd_draft_name) names;
    VD_VEC(vd_snapshot_tag) tags;
    VD_VEC(vd_draft_unit) units;
    VD_VEC(vd_draft_guard) guards;
    VD_VEC(vd_draft_target) targets;
    VD_VEC(vd_draft_facet) facets;
    VD_VEC(vd_draft_report) reports;
    VD_VEC(vd_draft_profile) profiles;
    VD_VEC(vd_draft_set) sets;
    VD_VEC(vd_draft_note) notes;
    VD_VEC(vd_str) complete; /* services of the manifest */
    int64_t  collected;      /* when it was made, by the manifest; 0: nobody said */
    uint64_t bytes;          /* read so far */
    VD_VEC(vd_draft_organization) organizations;
    bool     has_organization, has_targets;
};

void vd_snapshot_reader_reset(vd_snapshot_reader *r); /* reader.c */

/* One file while it is read. */
typedef struct vd_import {
    vd_snapshot_reader *to;
    uint32_t            file;
    vd_str              path;    /* from "accounts/" or "org/" on */
    vd_str              account, region; /* of the path; empty: it does not say */
    vd_str              part[4]; /* what the stars of the pattern of its name stood for */
    const vd_doc       *doc;     /* NULL: no JSON (the credential report) */
    uint32_t            node;    /* what of doc is the file: 0, or a member of a merged one */
    const vd_source    *source;
    vd_arena           *scratch; /* of the file */
    vd_error           *err;
} vd_import;

/* draft.c */
bool     vd_draft_text(vd_snapshot_reader *to, vd_str *out, vd_str s);            /* interned; false: no memory */
vd_place vd_draft_place(const vd_import *in, uint32_t node);
vd_pos   vd_draft_pos(const vd_snapshot_reader *to, vd_place at);
vd_code  vd_draft_note_at(vd_snapshot_reader *to, int32_t what, int32_t severity, vd_place at, vd_str account, vd_str arn,
                          vd_error *err, const char *format, ...) VD_PRINTF(8, 9);
vd_code  vd_draft_note_node(const vd_import *in, int32_t what, int32_t severity, uint32_t node, vd_str account, vd_str arn,
                            const char *format, ...) VD_PRINTF(7, 8);
uint64_t vd_draft_shape(const vd_import *in, uint32_t node);
/* By path, then by offset: the order in which everything is told. */
int      vd_place_order(const vd_snapshot_reader *to, vd_place a, vd_place b);
bool     vd_draft_is_complete(const vd_snapshot_reader *to, vd_str service);

/* member.c: the members of what the command line prints.  A member of another kind than it should be is a note. */
uint32_t vd_member(const vd_import *in, uint32_t object, const char *path);            /* VD_NONE: absent or null */
vd_code  vd_member_text(const vd_import *in, uint32_t object, const char *path, vd_str *out); /* interned; empty: absent */
uint32_t vd_member_list(const vd_import *in, uint32_t object, const char *path, vd_code *code); /* first element; VD_NONE */
/* Every object of a list; anything else in it is told. */
vd_code  vd_member_each(vd_import *in, uint32_t object, const char *path, vd_code (*read)(vd_import *in, uint32_t node));
vd_code  vd_member_tags(const vd_import *in, uint32_t object, const char *path, vd_snap_range *out);

/* document.c */
vd_code vd_draft_document(const vd_import *in, vd_kind kind, vd_str name, uint32_t node, uint32_t *doc);
/* A text that was made of the setting at a node: its places are the setting's. */
vd_code vd_draft_synthetic(const vd_import *in, vd_kind kind, vd_str name, uint32_t node, vd_str text, uint32_t *doc);
/* A text of its own: a policy of AWS given by name. */
vd_code vd_draft_plain(vd_snapshot_reader *to, uint32_t file, vd_kind kind, vd_str name, vd_str text, uint32_t *doc, vd_error *err);

/* The readers: sources.c has the table. */
vd_code vd_read_source(vd_import *in);
vd_code vd_read_manifest(vd_import *in);
vd_code vd_read_shares(vd_import *in);
vd_code vd_read_details(vd_import *in);
vd_code vd_read_organization(vd_import *in);
vd_code vd_read_roots(vd_import *in);
vd_code vd_read_units(vd_import *in);
vd_code vd_read_accounts(vd_import *in);
vd_code vd_read_guard(vd_import *in);
vd_code vd_read_targets(vd_import *in);
vd_code vd_read_policies_for(vd_import *in);
vd_code vd_read_permission_set(vd_import *in);
vd_code vd_read_set_inline(vd_import *in);
vd_code vd_read_set_managed(vd_import *in);
vd_code vd_read_assignments(vd_import *in);
vd_code vd_source_by_name(vd_import *in, bool *known);
vd_code vd_source_by_shape(vd_import *in, bool *known);
vd_code vd_read_merged(vd_import *in);
vd_code vd_read_credential_report(vd_import *in);
/* Anything below accounts/ID/REGION. */
vd_code vd_read_resource(vd_import *in, bool *known);
vd_code vd_read_inventory(vd_import *in, bool *known);
vd_code vd_read_sharing(vd_import *in, bool *known);
/* Does the path fit the pattern of a row?  Fills account, region and part. */
bool    vd_source_match(vd_import *in, vd_str pattern, vd_str path);
bool    vd_source_match_below(vd_import *in, const char *pattern); /* accounts/@/% */
vd_str  vd_partition_of(vd_str region);
/* An ARN with {p} {r} {a} of where the file lies and {1} as the name. */
vd_code vd_source_arn(const vd_import *in, const char *template, vd_str name, vd_str *out);
/* A resource that the file is about. */
vd_code vd_draft_facet_add(const vd_import *in, vd_draft_facet like);
vd_code vd_draft_account_add(vd_snapshot_reader *to, vd_str id, vd_str name, vd_place at, bool listed, vd_error *err);

/* Putting it together: finish.c has the steps. */
typedef struct vd_finish {
    vd_snapshot_reader *from;
    vd_snapshot        *s;
    const vd_allocator *a;
    vd_error           *err;
    uint32_t           *rank;   /* by draft doc: its id in the snapshot */
    uint32_t           *drafts; /* by document of the snapshot: its draft */
    vd_intern           managed_arns, group_names, profiles; /* in the order of ids */
    VD_VEC(vd_snap_version) versions;
    VD_VEC(vd_held) held;
    VD_VEC(vd_snapshot_tag) tags;
    VD_VEC(uint32_t) memberships;
    VD_VEC(uint32_t) unit_docs;
    VD_VEC(vd_snap_level) levels;
    VD_VEC(vd_snap_chain) chains;
    VD_VEC(uint32_t) access_points;
    VD_VEC(uint32_t) shared;
    VD_VEC(vd_snap_permission_set) permission_sets;
    VD_VEC(vd_snap_assignment) assignments;
    VD_VEC(vd_str) set_managed;
} vd_finish;

vd_code vd_finish_known_guards(vd_finish *f);  /* finish_org.c: texts of AWS that everybody knows */
vd_code vd_finish_docs(vd_finish *f);          /* finish.c */
vd_code vd_finish_accounts(vd_finish *f);      /* finish.c */
vd_code vd_finish_managed(vd_finish *f);       /* finish_managed.c */
vd_code vd_finish_groups(vd_finish *f);        /* finish_iam.c */
vd_code vd_finish_nodes(vd_finish *f);         /* finish_iam.c */
vd_code vd_finish_organization(vd_finish *f);  /* finish_org.c */
vd_code vd_finish_permission_sets(vd_finish *f); /* finish_permission_sets.c: after the nodes */
vd_code vd_finish_resources(vd_finish *f);     /* finish_resources.c */
vd_code vd_finish_signatures(vd_finish *f);    /* signature.c */

/* The document as held by somebody: what is wrong with it is a note about whoever holds it.  VD_NONE: it cannot be used. */
vd_code vd_finish_doc(vd_finish *f, uint32_t draft, vd_str account, vd_str arn, uint32_t *id);
vd_code vd_finish_tags(vd_finish *f, vd_snap_range drafts, vd_snap_range *out);

#endif
