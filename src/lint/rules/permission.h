/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the permission rules share.  They judge the policies of one identity together: who asks what a role
 * can do wants all of it.
 */
#ifndef VERDICT_LINT_RULES_PERMISSION_H
#define VERDICT_LINT_RULES_PERMISSION_H

#include "lint/allow.h"

enum {
    ADMIN_ACCESS,
    ACTION_STAR,
    SERVICE_WILDCARD,
    PASS_ROLE_STAR,
    PASS_ROLE_NOT_RESOURCE,
    PASS_ROLE_ANY_ROLE,
    PASS_ROLE_SERVICE_GAP,
    CREATE_SLR_STAR,
    CREATE_SLR_NOT_RESOURCE,
    PRIVILEGE_ESCALATION,
    RESOURCE_EXPOSURE,
    DATA_EXFILTRATION,
    CREDENTIALS_EXPOSURE,
    INFRASTRUCTURE_DESTRUCTION,
    DEFENSE_EVASION,
    ASSUME_ANY_ROLE,
    KMS_DECRYPT_ANY,
    KMS_GRANT_UNGUARDED,
    DELEGATED_IAM_UNBOUNDED,
    BOUNDARY_REMOVABLE,
    SELF_MANAGED_TOO_WIDE,
    BUCKET_TAKEOVER,
    SENSITIVE_RESOURCE,
    PERMISSION_RULES
};

extern const vd_lint_rule vd_permission_rules[PERMISSION_RULES];

/* Actions that one finding names, in the order found. */
enum { VD_NAMED_MOST = 64 };
typedef struct vd_named_grants {
    const vd_grant *at[VD_NAMED_MOST];
    vd_str          names[VD_NAMED_MOST]; /* "s3:GetObject" */
    uint32_t        count;                /* may be more than are kept */
} vd_named_grants;

void vd_name_grant(vd_named_grants *n, const vd_grant *g);
/* "a, b and 3 more". */
const char *vd_grants_text(vd_lint *l, const vd_named_grants *n);
/* Reports on the policy of the first grant, at its token, and relates the others.  NULL as vd_lint_report. */
vd_finding *vd_report_grants(const vd_lint_rule *rule, const vd_named_grants *n, const char *text);
/* MFA makes a permission finding one level milder; a deny that may take part of it away makes it doubtful. */
void vd_soften(vd_finding *f, bool mfa, bool doubtful);

/* Is it all, so that nothing else needs to be said?  Reports admin-access. */
bool vd_permission_admin(vd_lint *const *policies, uint32_t count);
void vd_permission_service(const vd_allowed *e);     /* service-wildcard */
void vd_permission_roles(const vd_allowed *e);       /* passing, linking and assuming roles */
void vd_permission_escalation(const vd_allowed *e);
void vd_permission_classes(const vd_allowed *e);     /* what powerful.tsv lists */
void vd_permission_keys(const vd_allowed *e);        /* kms */
void vd_permission_delegation(const vd_allowed *e);  /* boundaries, delegated administration, self-service */
void vd_permission_buckets(const vd_allowed *e);     /* bucket-takeover */
void vd_permission_statement(vd_lint *l, const vd_view_statement *st); /* action-star, kms-grant-unguarded */
void vd_permission_sensitive(vd_lint *l);

#endif
