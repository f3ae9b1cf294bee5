/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from one check of a request, before any policy is read: the kind of principal and the names it goes by
 * (E401, E402), accounts (E317, E403), the class of the resource (E718), what is decided before policies (E703) and
 * what only AWS may change (E318), grants outside policies (E733, E752), and the derived context keys (chapter 6).
 * No allocation.  Both evaluators begin here; what they do with policies they do apart.
 */
#ifndef VERDICT_REQUEST_FACTS_H
#define VERDICT_REQUEST_FACTS_H

#include "pattern/arn.h"
#include "request/request.h"

#include <verdict/eval.h>

typedef enum vd_principal_kind {
    VD_WHO_ROOT,
    VD_WHO_USER,
    VD_WHO_ROLE_SESSION,
    VD_WHO_SERVICE_LINKED,
    VD_WHO_FEDERATED_USER,
    VD_WHO_SERVICE,
    VD_WHO_ANONYMOUS,
    VD_WHO_IDP,
    VD_WHO_COUNT
} vd_principal_kind;

extern const vd_str vd_principal_kind_names[VD_WHO_COUNT]; /* "root", "user", "role-session" ... */

typedef enum vd_resource_class { VD_CLASS_DEFAULT, VD_CLASS_TRUST, VD_CLASS_KMS } vd_resource_class;

/* Kinds of match, E416. */
enum {
    VD_MATCH_ANY = 1u << 0,
    VD_MATCH_ROOT = 1u << 1,
    VD_MATCH_ACCOUNT = 1u << 2,
    VD_MATCH_USER = 1u << 3,
    VD_MATCH_PARENT = 1u << 4,
    VD_MATCH_ROLE = 1u << 5,
    VD_MATCH_SESSION = 1u << 6,
    VD_MATCH_FEDSESSION = 1u << 7,
    VD_MATCH_SERVICE = 1u << 8,
    VD_MATCH_IDP = 1u << 9,
    VD_MATCH_COUNT = 10
};

enum { /* notes of E812 that facts give */
    VD_NOTE_ASSUMED_RESOURCE_ACCOUNT = 1,
    VD_NOTE_ASSUMED_ROLE_PATH = 2
};

typedef struct vd_facts {
    /* what follows from the principal; a caller keeps it for the requests that begin with it */
    vd_principal_kind kind;
    bool              role_path_known;
    bool              parent_is_root;
    bool              assumed_root;    /* a session of AssumeRoot */
    bool              has_parent;      /* federated: the parent is known */
    uint32_t          notes;
    vd_str            principal;       /* as given */
    vd_arn            principal_arn;
    vd_str            account;         /* empty: none (E403) */
    vd_str            partition;
    vd_str            user_arn;        /* of a user; of the parent of a federated one when it is a user */
    vd_str            role_arn;        /* with path; empty when the path is not known: go by account and role_name */
    vd_str            role_name;       /* last segment */
    vd_str            session_arn;     /* assumed-role or federated-user ARN; empty: unspecified */
    vd_str            session_name;
    vd_str            unique_id;

    const vd_request *request;
    uint32_t          check;
    vd_str            action;          /* as given */
    vd_str            service, name;   /* its two parts */
    vd_str            resource;        /* what it is checked against: after E210 */
    bool              resource_is_star;
    bool              resource_is_arn;
    bool              same_account;    /* E012 */
    bool              resource_layer_counts; /* E719 */
    vd_arn            resource_arn;    /* when it is one */
    vd_str            resource_account; /* E317; empty: unknown */
    vd_resource_class class_of;
    bool              aws_managed;     /* E318 refuses the action */
    bool              decided;         /* E703: */
    int32_t           outcome;
    vd_category       category;
} vd_facts;

/* VD_EREQUEST: the request cannot be evaluated (E201, bad ARN, unknown kind ...); err may be NULL.  A request of which
 * a call failed is refused with that failure.  Context is read by name here (aws:ResourceAccount for E317,
 * aws:MultiFactorAuthPresent for E748): a bound key is not seen. */
vd_code  vd_facts_make(vd_facts *out, const vd_request *r, uint32_t check, vd_error *err);
uint32_t vd_request_check_count(const vd_request *r); /* at least 1: a request without resource then fails */

/* E701, without looking whether the layer is supplied. */
bool vd_facts_layer_applies(const vd_facts *f, vd_layer layer);

/* The same for SCPs in two steps, for who wants to ask the second only when it matters: does the kind of caller come
 * under SCPs at all, and is the action one that they never restrict (E707)? */
bool vd_facts_scp_binds(const vd_facts *f);
bool vd_facts_scp_exempt(const vd_facts *f);

/* Kinds granted by KMS grants and S3 ACLs of the resource state (E733, E752), and E753: do Allows of the bucket policy
 * count?  lookup gives context values for the constraint of a grant; an Equals constraint finds the pairs of the
 * request by kms:EncryptionContextKeys, else among the keys given by name. */
typedef const vd_str *vd_lookup(void *ctx, vd_str key, uint32_t *count);
uint32_t vd_facts_state_grants(const vd_facts *f, vd_lookup *lookup, void *ctx);
bool     vd_facts_bucket_allows_count(const vd_facts *f);
/* What a permission of an ACL comes to, row by row: "ListBucket" by the ACL of the bucket, or of an object. */
bool     vd_acl_action(uint32_t index, vd_str *name, bool *object, uint8_t *permission);
/* E754: denies of the bucket policy do not count. */
bool     vd_facts_bucket_denies_ignored(const vd_facts *f);
/* E755: refused by BlockPublicAcls whatever the policies say. */
bool     vd_facts_public_acl_refused(const vd_facts *f, vd_lookup *lookup, void *ctx);
/* E757 when the resource policy is public. */
bool     vd_facts_restrict_public_cuts(const vd_facts *f);

/* ------------------------------------------------------------------ derived keys (chapter 6) */

typedef enum vd_derive {
    VD_DERIVE_NONE,
    VD_DERIVE_PRINCIPAL_ARN,
    VD_DERIVE_PRINCIPAL_ACCOUNT,
    VD_DERIVE_PRINCIPAL_TYPE,
    VD_DERIVE_PRINCIPAL_ORG_ID,
    VD_DERIVE_PRINCIPAL_ORG_PATHS,
    VD_DERIVE_PRINCIPAL_IS_SERVICE,
    VD_DERIVE_SERVICE_NAME,
    VD_DERIVE_SERVICE_NAMES,
    VD_DERIVE_USERID,
    VD_DERIVE_USERNAME,
    VD_DERIVE_ASSUMED_ROOT,
    VD_DERIVE_RESOURCE_ACCOUNT,
    VD_DERIVE_RESOURCE_ORG_ID,
    VD_DERIVE_RESOURCE_ORG_PATHS,
    VD_DERIVE_CURRENT_TIME,
    VD_DERIVE_EPOCH_TIME,
    VD_DERIVE_REQUESTED_REGION,
    VD_DERIVE_VIA_SERVICE,
    VD_DERIVE_CALLED_VIA_FIRST, /* from aws:CalledVia of the context */
    VD_DERIVE_CALLED_VIA_LAST,
    VD_DERIVE_SOURCE_ACCOUNT,   /* from aws:SourceArn of the context */
    VD_DERIVE_CALLER_ACCOUNT,   /* kms:CallerAccount */
    VD_DERIVE_RESOURCE_TAG,     /* <service>:ResourceTag/k from aws:ResourceTag/k */
    VD_DERIVE_COUNT
} vd_derive;

vd_derive vd_derive_find(vd_str key); /* without case; VD_DERIVE_NONE: not derivable */
/* The key whose context value the derivation reads, "" when none.  VD_DERIVE_RESOURCE_TAG: "aws:ResourceTag/", to be
 * followed by what stands behind the slash of the key asked for. */
vd_str vd_derive_source(vd_derive d);

/* VD_DERIVE_RESOURCE_TAG: is the call one that has this key?  Those of other services have aws:ResourceTag/k alone. */
bool vd_derive_has_tag(const vd_facts *f, vd_str key);

enum { VD_DERIVE_TEXT = 512 };
/* The value into *out, built text into buf (VD_DERIVE_TEXT bytes); false: absent.  source: the values of the
 * source key, count 0 when absent. */
bool vd_derive_value(vd_str *out, char *buf, const vd_facts *f, vd_derive d, const vd_str *source, uint32_t count);

#endif
