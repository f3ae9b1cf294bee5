/* SPDX-License-Identifier: Apache-2.0
 *
 * Evaluation: no allocation, no lock, no I/O.  *out is an implicit deny before anything else happens.
 */
#ifndef VERDICT_EVAL_H
#define VERDICT_EVAL_H

#include <verdict/request.h>
#include <verdict/set.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { VD_IMPLICIT_DENY = 0, VD_EXPLICIT_DENY = 1, VD_ALLOW = 2 };
VD_API const char *vd_outcome_name(int32_t outcome); /* "allow", "explicit-deny", "implicit-deny" */

/* What decided besides a layer (E812). */
typedef int32_t vd_category;
enum {
    VD_CATEGORY_NONE = 0,
    VD_CATEGORY_CROSS_PARTITION,
    VD_CATEGORY_CREDENTIAL_TYPE,
    VD_CATEGORY_PASS_ROLE_ACCOUNT,
    VD_CATEGORY_AWS_MANAGED,
    VD_CATEGORY_TRUST_MISSING,
    VD_CATEGORY_KEY_POLICY_MISSING,
    VD_CATEGORY_PROVIDER_ACCOUNT,
    VD_CATEGORY_FEDERATED_NO_SESSION_POLICY,
    VD_CATEGORY_S3_BLOCK_PUBLIC_ACCESS,
    VD_CATEGORY_CROSS_ACCOUNT_NO_GRANT,
    VD_CATEGORY_KEY_POLICY_DOES_NOT_DELEGATE,
    VD_CATEGORY_EMPTY_LEVEL,         /* with VD_EMALFORMED */
    VD_CATEGORY_MALFORMED_STATEMENT, /* with VD_EMALFORMED */
    VD_CATEGORY_NO_PERMISSION_NEEDED, /* an allow of E740 */
    VD_CATEGORY_COUNT
};
VD_API const char *vd_category_name(vd_category category); /* "cross-partition" ...; "" for none */

typedef struct vd_decision {
    size_t      size;
    int32_t     outcome;  /* VD_ALLOW, VD_EXPLICIT_DENY, VD_IMPLICIT_DENY */
    vd_layer    layer;    /* the primary reason (E810), or VD_LAYER_NONE when something else decided */
    vd_category category;
    uint32_t    policy, statement; /* what decided, or UINT32_MAX; names and positions through vd_set_statement */
    uint32_t    level;    /* of an SCP or RCP */
    uint32_t    check;    /* which check of the request (E003, E320) decided */
    bool        trust;    /* the resource layer is a role's trust policy: AWS words it so */
    uint32_t    missing_count; /* keys that the outcome hangs on and the request did not carry (E819), when asked for */
    vd_str      missing[8];    /* as the policies spell them; borrowed from the set */
} vd_decision;

VD_API size_t vd_scratch_size(const vd_set *set);

/* scratch: vd_scratch_size bytes, aligned to 16, one thread; its contents need no preparation.  VD_OK: *out is the
 * decision.  VD_EREQUEST, VD_EMALFORMED: the ERROR of the rules, *out is an implicit deny with a category.  VD_EFORMAT: a
 * tree of an opened bundle, looked at for the first time, is damaged; *out is an implicit deny. */
VD_API vd_code vd_eval(vd_decision *out, const vd_set *set, const vd_request *request, void *scratch);

/* What a set that was compiled from a snapshot knows of the principal and the resource of a request: account, organization and
 * its path, ids, tags, settings of the resource.  What the request says already stays.  Other sets know nothing, and nothing
 * happens.  The request borrows texts: the set must outlive its use. */
VD_API vd_code vd_set_fill(const vd_set *set, vd_request *request, vd_error *err);
/* False: the snapshot had the principal's account, and not the principal: a user, a role or a session of it, a root user. */
VD_API bool    vd_set_knows(const vd_set *set, vd_str principal);

/* The words AWS uses (E802) for a denial; "" for an allow. */
VD_API size_t vd_decision_reason(char *out, size_t size, const vd_decision *decision, vd_str action);

#ifdef __cplusplus
}
#endif
#endif
