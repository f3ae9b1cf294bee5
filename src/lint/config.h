/* SPDX-License-Identifier: Apache-2.0
 *
 * What a team says about its policies: .verdict.yaml as values, defaults where it says nothing.  Immutable once read.
 */
#ifndef VERDICT_LINT_CONFIG_H
#define VERDICT_LINT_CONFIG_H

#include "base/arena.h"
#include "base/buf.h"
#include "lint/rule.h"
#include "text/doc.h"

typedef struct vd_strs {
    vd_str  *at;
    uint32_t count, cap;
} vd_strs;

typedef struct vd_known_account {
    vd_str id, name; /* name may be empty; of a member: its organization */
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
    vd_known_account *members;
    uint32_t          account_count, account_cap, member_count, member_cap;
    vd_own_provider  *oidc;
    uint32_t          oidc_count, oidc_cap;
    vd_strs           organizations, org_paths, principals, services, federated, vpcs, vpc_endpoints, cidrs;
    vd_strs           github_organizations;
    vd_str            github_template; /* "default", or the customised template of the subject */
} vd_trusted;

/* "default": severity VD_NOTE (0) means the rule's own. */
typedef struct vd_rule_choice {
    bool   off, chosen;
    int8_t severity;
} vd_rule_choice;

/* A glob over paths and the folder it is seen from, with a slash behind: "", "team/a/". */
typedef struct vd_path_glob {
    vd_str base, glob;
} vd_path_glob;

typedef struct vd_path_globs {
    vd_path_glob *at;
    uint32_t      count, cap;
} vd_path_globs;

/* "scp", "resource:s3-bucket". */
typedef struct vd_policy_type {
    vd_kind kind;
    vd_str  resource_kind; /* empty: not said */
} vd_policy_type;

typedef struct vd_type_glob {
    vd_path_glob   path;
    vd_policy_type type;
} vd_type_glob;

/* `rules:` as it is written; linter.c makes choices of it. */
typedef struct vd_rule_setting {
    vd_str rule;
    vd_pos at;
    bool   off;
    int8_t severity; /* VD_NOTE: the rule's own */
} vd_rule_setting;

/* An entry of `ignore:`; all lists that are not empty must match. */
typedef struct vd_ignored_entry {
    vd_str        rule; /* or "*" */
    vd_path_globs paths;
    vd_strs       containers, names, sids, actions, resources, principals, types;
    vd_str        until, reason;
    int64_t       until_time; /* the end of that day */
    vd_pos        at;
} vd_ignored_entry;

/* What was said, and where: for --print-config. */
typedef struct vd_config_said {
    vd_str key, value; /* "lint.min-severity", JSON */
    vd_pos at;
} vd_config_said;

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
    bool            semantic;       /* what is redundant is proved */
    uint64_t        budget, budget_total; /* of a question, of all about one policy; 0: as usual */
    bool            strict;         /* low confidence is shown, the whole of 10.17 counts */
    int64_t         now;            /* seconds since 1970 */

    const uint16_t   *hides, *hidden_by; /* by rule: lint/supersede.c */

    bool              root;         /* no configuration above this one counts */
    vd_path_globs     include, exclude, parameters;
    vd_type_glob     *types;
    uint32_t          type_count, type_cap;
    int8_t            min_severity, fail_on; /* VD_NOTE: the default */
    uint8_t           confidence;   /* the lowest that is shown */
    vd_str            preset;
    vd_rule_setting  *settings;
    uint32_t          setting_count, setting_cap;
    vd_ignored_entry *ignored;
    uint32_t          ignored_count, ignored_cap;
    bool              require_reason, sid_suppression;
    uint8_t           template_defaults; /* vd_template_defaults */
    const struct vd_customs *customs; /* NULL: none */
    const vd_doc     *custom_doc;   /* of the list of custom rules; NULL: none */
    uint32_t          custom_node;
    vd_config_said   *said;
    uint32_t          said_count, said_cap;
} vd_lint_config;

typedef enum vd_template_defaults { VD_DEFAULTS_HINT, VD_DEFAULTS_USE, VD_DEFAULTS_IGNORE } vd_template_defaults;

/* The defaults; rules has vd_lint_rule_count() choices in the arena. */
bool vd_lint_config_init(vd_lint_config *out, vd_arena *arena);

/* Reads one .verdict.yaml over what is there: each key that it has replaces what was said before.  base: its folder as a
 * prefix of paths.  Everything lives in the arena, text is borrowed as long.  Unknown keys fail with their place. */
vd_code vd_lint_config_read(vd_lint_config *c, vd_arena *arena, const vd_engine *engine, vd_str name, vd_str base,
                            vd_str text, vd_error *err);
/* Does it say `root: true`?  What is wrong with it is told when it is read. */
bool vd_lint_config_is_root(const vd_engine *engine, vd_str name, vd_str text);
/* "account: ..." a line, with where each key came from; keys that nobody said with their default. */
void vd_lint_config_print(vd_buf *out, const vd_lint_config *c);

bool vd_day_end(int64_t *out, vd_str text); /* "2026-12-31" to the second behind that day */

typedef enum vd_preset {
    VD_PRESET_MINIMAL,
    VD_PRESET_RECOMMENDED,
    VD_PRESET_STRICT,
    VD_PRESET_ACCESS_ANALYZER,
    VD_PRESET_COUNT
} vd_preset;
extern const vd_str vd_lint_presets[VD_PRESET_COUNT];
extern const vd_str vd_policy_type_names[VD_KIND_COUNT]; /* by vd_kind */

bool vd_policy_type_read(vd_policy_type *out, vd_str text); /* false: there is none of this name */
bool vd_path_globs_match(const vd_path_globs *globs, vd_str path);
bool vd_path_glob_match(const vd_path_glob *glob, vd_str path);

bool vd_config_trusts_account(const vd_lint_config *c, vd_str account); /* listed, or the deployment's own */
bool vd_strs_have(vd_strs list, vd_str s);                              /* exactly */

#endif
