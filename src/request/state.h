/* SPDX-License-Identifier: Apache-2.0
 *
 * What is known about a resource besides its policies (resourceState of a scenario): KMS grants, S3 ACLs, object
 * ownership, Block Public Access.  Plain data; the meaning is in facts.h and the evaluators.
 */
#ifndef VERDICT_REQUEST_STATE_H
#define VERDICT_REQUEST_STATE_H

#include "base/base.h"

typedef struct vd_pair {
    vd_str key, value;
} vd_pair;

typedef struct vd_kms_grant { /* E733 */
    vd_str         grantee;
    const vd_str  *operations; /* "Decrypt" ... */
    uint32_t       operation_count;
    bool           has_equals, has_subset;
    const vd_pair *equals, *subset;
    uint32_t       equals_count, subset_count;
} vd_kms_grant;

typedef enum vd_acl_grantee { VD_ACL_CANONICAL, VD_ACL_ACCOUNT, VD_ACL_ALL_USERS, VD_ACL_AUTHENTICATED, VD_ACL_OTHER } vd_acl_grantee;

enum { /* permissions of one grant, E752 */
    VD_ACL_READ = 1,
    VD_ACL_WRITE = 2,
    VD_ACL_READ_ACP = 4,
    VD_ACL_WRITE_ACP = 8,
    VD_ACL_FULL = 15
};

typedef struct vd_acl_grant {
    uint8_t grantee; /* vd_acl_grantee */
    uint8_t permissions;
    vd_str  id;      /* canonical id or account */
} vd_acl_grant;

typedef struct vd_acl {
    bool                given;
    vd_str              owner;
    const vd_acl_grant *grants;
    uint32_t            count;
} vd_acl;

typedef struct vd_resource_state {
    const vd_kms_grant *grants;
    uint32_t            grant_count;
    vd_acl              acl, object_acl;
    vd_str              object_owner;   /* account; empty: the bucket's */
    bool                acls_enabled;   /* Object Ownership is not BucketOwnerEnforced */
    bool                block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets;
    bool                management_account; /* of the resource */
} vd_resource_state;

#endif
