/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is who: services by the name they sign as, accounts that the world knows, identity providers.  Read
 * from the tables service-principals, known-accounts and idp; a configuration may add to them.
 */
#ifndef VERDICT_LINT_KNOWN_H
#define VERDICT_LINT_KNOWN_H

#include "lint/lint.h"

typedef struct vd_known_service {
    bool   known;   /* the table has it, or the catalogue has a service of that prefix */
    bool   bound;   /* takes only roles of its resource's account: a trust policy needs no source key */
    vd_str family;  /* services of one family may share a role */
    vd_str instead; /* nobody signs as this name: the one that is meant */
} vd_known_service;

/* name: without ".amazonaws.com"; a region in it is left out first. */
vd_known_service vd_known_service_find(const vd_lint *l, vd_str name);
/* A known name that this one nearly is; empty: none. */
vd_str           vd_known_service_near(const vd_lint *l, vd_str name);

/* Name of a vendor or of an account that AWS acts from; empty: unknown.  *vendor tells them apart. */
vd_str vd_known_account_find(const vd_lint *l, vd_str account, bool *vendor);

typedef struct vd_idp {
    bool   known;
    bool   shared;  /* one issuer for many tenants */
    bool   selects; /* whoever asks for a token chooses its audience */
    vd_str name;
    vd_str required; /* claims, with spaces (vd_words_have): IAM wants a condition on one of them */
    vd_str identity; /* claims that tell who it is */
    vd_str claims;   /* all that AWS reads; empty: not known */
    vd_str ids;      /* those that are never given to somebody else */
    vd_str subject;  /* "repo:{organization}/{repository}:{ref}"; empty: no grammar */
    vd_str audience; /* the usual one; empty: differs */
} vd_idp;

/* host: with its path, without scheme. */
vd_idp vd_idp_find(const vd_lint *l, vd_str host);
/* "arn:aws:iam::1:oidc-provider/host/path" or a built-in domain to host and path; empty: SAML or something
 * else. */
vd_str vd_idp_host(vd_str federated);
bool   vd_idp_is_saml(vd_str federated);

#endif
