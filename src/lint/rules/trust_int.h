/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of the group trust, for the files that share it, and what a statement of a trust policy is about.
 */
#ifndef VERDICT_LINT_RULES_TRUST_INT_H
#define VERDICT_LINT_RULES_TRUST_INT_H

#include "lint/known.h"

enum {
    TRUST_NOT_PRINCIPAL,
    TRUST_RESOURCE,
    TRUST_NOT_ACTION,
    TRUST_PUBLIC,
    TRUST_ACTION,
    TRUST_ACTION_WILDCARD,
    TRUST_MISMATCH,
    TRUST_FEDERATED_SYNTAX,
    TRUST_OIDC_UNCONDITIONED,
    TRUST_OIDC_REJECTED,
    TRUST_OIDC_NO_SUB,
    TRUST_OIDC_NO_AUD,
    TRUST_OIDC_WIDE_SUB,
    TRUST_PULL_REQUEST,
    TRUST_SUB_FORMAT,
    TRUST_MUTABLE_NAME,
    TRUST_KEY_MISMATCH,
    TRUST_UNKNOWN_CLAIM,
    TRUST_AUDIENCE_FORM,
    TRUST_EKS,
    TRUST_COGNITO,
    TRUST_SAML_NO_AUD,
    TRUST_SAML_AUD,
    TRUST_NO_EXTERNAL_ID,
    TRUST_WEAK_EXTERNAL_ID,
    TRUST_ACCOUNT_ROOT,
    TRUST_SERVICE_UNSCOPED,
    TRUST_MANY_SERVICES,
    TRUST_ANYWHERE_ACTIONS,
    TRUST_ANYWHERE_OPEN,
    TRUST_NO_TAG_SESSION,
    TRUST_TAG_SESSION_OPEN,
    TRUST_SELF,
    TRUST_LOCKOUT,
    TRUST_UNUSED_CONDITION,
    TRUST_RULES
};

extern const vd_lint_rule vd_trust_rules[TRUST_RULES];

/* Ways into a role. */
enum {
    WAY_ROLE = 1,
    WAY_SAML = 2,
    WAY_WEB = 4,
    WAY_IN = 7, /* the three above */
    WAY_TAG = 8,
    WAY_IDENTITY = 16,
    WAY_CONTEXT = 32
};

unsigned    vd_trust_ways(const vd_view_statement *st);               /* that its actions open */
unsigned    vd_trust_ways_of_text(vd_str action);                     /* the same of one action or pattern */
unsigned    vd_trust_way_of(const vd_view_principal *p);              /* that it can use; 0: not known */
const char *vd_trust_action_of(unsigned way);                         /* "sts:AssumeRole" */
bool        vd_trust_lets_in(const vd_view_statement *st);            /* an Allow that opens some way in */

/* trust_oidc.c: one provider of one statement. */
typedef struct vd_trust_web {
    const vd_view_statement *st;
    const vd_view_principal *provider;
    vd_str                   host;
    vd_idp                   idp;
} vd_trust_web;

/* The first entry on a claim of the provider with a positive operator that must be met; NULL: none. */
const vd_view_condition *vd_trust_claim(const vd_trust_web *w, vd_str claim);
/* A claim compared with StringEquals to literals. */
bool vd_trust_claim_fixed(const vd_trust_web *w, const char *claim);

void vd_trust_adopt(vd_lint *l, vd_finding *f);                       /* trust_form.c */
void vd_trust_forms(vd_lint *l, const vd_view_statement *st);         /* trust_form.c */
void vd_trust_document(vd_lint *l);                                   /* trust_whole.c */
void vd_trust_identity(vd_lint *const *policies, uint32_t count);     /* trust_whole.c */
void vd_trust_oidc(vd_lint *l, const vd_view_statement *st);          /* trust_oidc.c */
void vd_trust_subjects(vd_lint *l, const vd_trust_web *w);            /* trust_subject.c */
void vd_trust_saml(vd_lint *l, const vd_view_statement *st);          /* trust_saml.c */
void vd_trust_parties(vd_lint *l, const vd_view_statement *st);       /* trust_party.c */
void vd_trust_services(vd_lint *l, const vd_view_statement *st);      /* trust_service.c */

#endif
