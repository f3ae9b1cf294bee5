/* SPDX-License-Identifier: Apache-2.0
 *
 * A rule as data, and groups of rules.  A group is one file (lint/rules/<group>.c): a table of rows in the order of the
 * catalogue, and a few functions that look.  What users read of a rule, its page, its help, its SARIF metadata, is made
 * from the row.
 */
#ifndef VERDICT_LINT_RULE_H
#define VERDICT_LINT_RULE_H

#include "base/base.h"

#include <verdict/policy.h>

typedef enum vd_fix_kind {
    VD_FIX_ADVICE, /* words only */
    VD_FIX_SAFE,   /* decides every request as before, or AWS refused or ignored the old text; one candidate only */
    VD_FIX_UNSAFE  /* changes the meaning, or guesses */
} vd_fix_kind;

typedef enum vd_confidence { VD_CONFIDENCE_HIGH, VD_CONFIDENCE_MEDIUM, VD_CONFIDENCE_LOW } vd_confidence;

enum { /* flags of a rule */
    VD_LINT_OFF = 1,      /* not by default */
    VD_LINT_DATED = 2,    /* drops one severity when the catalogue is old */
    VD_LINT_DOCUMENT = 4, /* about the policy as a whole: stays when any line of it changed */
    VD_LINT_KEPT = 8,     /* cannot be suppressed */
    VD_LINT_INFORMS = 16  /* never makes exit code 1 */
};

/* Kinds of documents a rule looks at, with the letters of the catalogue. */
#define VD_ON(kind) (1u << VD_KIND_##kind)
#define VD_ON_I     (VD_ON(IDENTITY) | VD_ON(MANAGED))
#define VD_ON_B     VD_ON(BOUNDARY)
#define VD_ON_S     VD_ON(SESSION)
#define VD_ON_R     VD_ON(RESOURCE)
#define VD_ON_T     VD_ON(TRUST)
#define VD_ON_C     VD_ON(SCP)
#define VD_ON_D     VD_ON(RCP)
#define VD_ON_E     VD_ON(ENDPOINT)
#define VD_ON_ALL   0x1ffu

typedef struct vd_lint_rule {
    const char *id;
    uint8_t     severity;   /* VD_SUGGESTION ... VD_ERROR: the usual one */
    uint8_t     score;      /* of VD_SECURITY, in tenths: 75 */
    uint8_t     fix;        /* vd_fix_kind: the best it may offer */
    uint8_t     flags;
    uint8_t     confidence; /* vd_confidence */
    uint16_t    on;         /* VD_ON_...; other kinds are never reported */
    const char *codes;      /* of Access Analyzer, with spaces between them; "": none */
    const char *title;      /* what is reported, in one line, lower case: "a condition operator that does not exist" */
    const char *why;        /* a sentence or two: what happens in AWS, what goes wrong */
    const char *remedy;     /* how to fix it */
    const char *bad, *good; /* a fragment that is reported, and a near miss that is not */
} vd_lint_rule;

typedef struct vd_lint           vd_lint;
typedef struct vd_view_statement vd_view_statement;
typedef struct vd_view_condition vd_view_condition;
typedef struct vd_finding        vd_finding;

typedef struct vd_lint_group {
    const char         *name; /* "action" */
    const vd_lint_rule *rules;
    uint32_t            count;
    /* Each may be NULL.  All are called for every policy, whatever its kind: rows say for which kinds a report counts. */
    void (*policy)(vd_lint *l);
    void (*statement)(vd_lint *l, const vd_view_statement *st);
    void (*condition)(vd_lint *l, const vd_view_statement *st, const vd_view_condition *c);
    /* Once for each identity, with all its policies; for a policy that stands alone with that one.  Report on the policy
     * that the finding points into. */
    void (*identity)(vd_lint *const *policies, uint32_t count);
    /* A fault that src/policy found under one of these rules: may add fixes, better words, another severity; f->rule = NULL
     * drops it. */
    void (*adopt)(vd_lint *l, vd_finding *f);
} vd_lint_group;

extern const vd_lint_group vd_lint_document, vd_lint_statement, vd_lint_action, vd_lint_resource, vd_lint_principal,
    vd_lint_condition, vd_lint_meaning, vd_lint_redundancy, vd_lint_permission, vd_lint_trust, vd_lint_resource_policy,
    vd_lint_scp, vd_lint_rcp, vd_lint_guardrail, vd_lint_template;

/* In the order of the catalogue. */
extern const vd_lint_group *const vd_lint_groups[];
extern const uint32_t             vd_lint_group_count;

/* Rules are numbered through all groups. */
uint32_t            vd_lint_rule_count(void);
const vd_lint_rule *vd_lint_rule_at(uint32_t index, const vd_lint_group **group); /* group may be NULL */
uint32_t            vd_lint_rule_find(vd_str id);                                 /* VD_NONE: no such rule */

#endif
