/* SPDX-License-Identifier: Apache-2.0
 *
 * What a team says about its policies: .verdict.yaml as values, defaults where it says nothing.  Immutable once read.
 */
#ifndef VERDICT_LINT_CONFIG_H
#define VERDICT_LINT_CONFIG_H

#include "base/arena.h"
#include "lint/rule.h"

typedef struct vd_strs {
    vd_str  *at;
    uint32_t count, cap;
} vd_strs;

typedef struct vd_known_account {
    vd_str id, name; /* name may be empty */
} vd_known_account;

/* An OIDC provider of one's own: stricter or additional (lint.md 7.1, 10.13). */
typedef struct vd_own_provider {
    vd_str  host, subject;
    vd_strs require, allow_subjects;
} vd_own_provider;

typedef struct vd_sensitive {
    vd_str  name;
    vd_strs actions, resources;
    uint8_t score; /* tenths; 0: the rule's */
} vd_sensitive;

typedef struct vd_trusted {
    vd_known_account *accounts;
    uint32_t          account_count, account_cap;
    vd_own_provider  *oidc;
    uint32_t          oidc_count, oidc_cap;
    vd_strs           organizations, org_paths, principals, services, federated, vpcs, vpc_endpoints, cidrs, members;
    vd_strs           github_organizations;
    vd_str            github_template; /* "default", or the customised template of the subject */
} vd_trusted;

/* "default": severity VD_NOTE (0) means the rule's own. */
typedef struct vd_rule_choice {
    bool   off, chosen;
    int8_t severity;
} vd_rule_choice;

typedef struct vd_lint_config {
    vd_str          account, partition; /* empty: not said */
    vd_trusted      trusted;
    vd_rule_choice *rules; /* by rule number */
    vd_strs         public_resources, data_readers;
    vd_sensitive   *sensitive;
    uint32_t        sensitive_count, sensitive_cap;
    vd_strs         extra_services, extra_actions, extra_keys, extra_rcp_services;
    uint32_t        max_age_days;   /* of the catalogue: 270 */
    uint32_t        near_percent;   /* of a quota: 90 */
    uint32_t        warn_days;      /* before a date passes: 14 */
    uint32_t        quota_trust, quota_scp; /* 0: the usual */
    bool            legacy_scp;     /* scp.legacy-grammar */
    bool            scalars_as_arrays, scalars_as_scalars; /* style.scalars */
    bool            access_analyzer; /* preset: severities as Access Analyzer has them */
    bool            strict;         /* low confidence is shown, the whole of 10.17 counts */
    int64_t         now;            /* seconds since 1970 */
} vd_lint_config;

/* The defaults; rules has vd_lint_rule_count() choices in the arena. */
bool vd_lint_config_init(vd_lint_config *out, vd_arena *arena);

bool vd_config_trusts_account(const vd_lint_config *c, vd_str account); /* listed, or the deployment's own */
bool vd_strs_have(vd_strs list, vd_str s);                              /* exactly */

#endif
