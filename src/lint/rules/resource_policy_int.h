/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the group resource-policy, for the files that share it, and what they ask about a document.
 */
#ifndef VERDICT_LINT_RULES_RESOURCE_POLICY_INT_H
#define VERDICT_LINT_RULES_RESOURCE_POLICY_INT_H

#include "lint/strength.h"
#include "lint/who.h"

enum {
    RP_ACTION,
    RP_RESOURCE,
    RP_SELF_GRANT,
    RP_LOCKOUT,
    RP_KMS_LOCKOUT,
    RP_KMS_ROOT,
    RP_KMS_RESOURCE,
    RP_KMS_STAR,
    RP_KMS_ADMIN,
    RP_S3_WRITE,
    RP_S3_LIST,
    RP_S3_ACL,
    RP_S3_TLS,
    RP_S3_LOGS,
    RP_S3_DELEGATION,
    RP_LAMBDA_UNSCOPED,
    RP_LAMBDA_PUBLIC,
    RP_LAMBDA_WIDE,
    RP_LAYER,
    RP_SNS_DEFAULT,
    RP_OPENSEARCH,
    RP_ECR,
    RP_SECRET,
    RP_APIGW_FORM,
    RP_APIGW_IP,
    RP_APIGW_OPEN,
    RP_EVENTS,
    RP_EFS,
    RP_VAULT,
    RP_BACKUP,
    RP_RULES
};

extern const vd_lint_rule vd_rp_rules[RP_RULES];

bool vd_rp_is(const vd_lint *l, const char *kind); /* "s3": "s3-bucket" and "s3-accesspoint" as well */

/* An Allow to everyone whose conditions, with the Denies beside it, pin nobody; NULL: it is not.  A pin
 * that is a wildcard is told of elsewhere, and counts as not. */
const vd_view_principal *vd_rp_open(const vd_lint *l, const vd_view_statement *st);
/* "; the conditions only check aws:Referer", or "". */
const char *vd_rp_weakly(vd_lint *l, const vd_view_statement *st);

/* The first principal of an account that is known to be another one; NULL: none. */
const vd_view_principal *vd_rp_stranger(const vd_lint *l, const vd_view_statement *st);

vd_span vd_rp_statements(const vd_lint *l); /* the array of statements; length 0: there is none */

void vd_rp_general(vd_lint *l, const vd_view_statement *st);  /* resource_policy_general.c */
void vd_rp_kms_document(vd_lint *l);                          /* resource_policy_kms.c */
void vd_rp_kms(vd_lint *l, const vd_view_statement *st);
void vd_rp_tls(vd_lint *l);                                   /* resource_policy_s3.c */
void vd_rp_s3(vd_lint *l, const vd_view_statement *st);
void vd_rp_lambda(vd_lint *l, const vd_view_statement *st);   /* resource_policy_lambda.c */
void vd_rp_layer(vd_lint *l, const vd_view_statement *st);
void vd_rp_apigw(vd_lint *l, const vd_view_statement *st);    /* resource_policy_apigw.c */
void vd_rp_sns(vd_lint *l, const vd_view_statement *st);      /* resource_policy_open.c */
void vd_rp_opensearch(vd_lint *l, const vd_view_statement *st);
void vd_rp_ecr(vd_lint *l, const vd_view_statement *st);
void vd_rp_secret(vd_lint *l, const vd_view_statement *st);
void vd_rp_events(vd_lint *l, const vd_view_statement *st);
void vd_rp_efs(vd_lint *l, const vd_view_statement *st);
void vd_rp_backup(vd_lint *l, const vd_view_statement *st);
void vd_rp_glacier(vd_lint *l, const vd_view_statement *st);

#endif
