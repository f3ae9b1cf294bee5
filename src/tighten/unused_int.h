/* SPDX-License-Identifier: Apache-2.0
 *
 * The inside of vd_unused.  One subject after the other: a user, a role, or all the roles of a permission set.  Its
 * findings are gathered, sorted, told.
 *
 *   unused.c              the run, subjects, the order of telling
 *   unused_units.c        the statements of a subject, and of each action whether it was used
 *   unused_grants.c       statements, services, actions that nobody uses; the score
 *   unused_resources.c    resources broader than their use, shared credit, what is granted elsewhere
 *   unused_identities.c   roles and users
 *   unused_credentials.c  passwords, keys, the root user, by credential reports
 *   unused_trust.c        statements of trust policies by which nobody came
 *   unused_aws.c          what AWS itself found unused
 *   unused_disagree.c     what of that the logs show in use
 *   unused_fix.c          the edit of a file that takes away what a finding tells
 */
#ifndef VERDICT_TIGHTEN_UNUSED_INT_H
#define VERDICT_TIGHTEN_UNUSED_INT_H

#include "tighten/grants.h"
#include "tighten/holders.h"

enum { VD_DAY = 86400 };

/* Whether an action was used by those whose use counts. */
typedef struct vd_unit {
    uint8_t  state, grade; /* VD_STATE_..., VD_GRADE_... */
    char     confidence;
    bool     logs, advisor;
    uint32_t reasons;
    int64_t  since, last;
    uint64_t count, denied;
} vd_unit;

/* An Allow of the subject. */
typedef struct vd_idle_statement {
    const vd_granting  *granting;
    const vd_statement *st;
    uint32_t            policy;  /* number of the policy, for the order */
    uint64_t           *bits;    /* what it grants */
    const vd_unit      *units;   /* by action */
    uint32_t            breadth;
    bool                young;
    bool                redundant; /* all its uses are allowed by others too */
    bool                ours;    /* this subject reports it: the first of those that hold it through a group */
    vd_str              covered_by;
} vd_idle_statement;

typedef struct vd_idle_subject {
    uint32_t           *members; /* of holders->all */
    uint32_t            member_count;
    const vd_holder    *first;
    vd_idle_statement  *statements;
    uint32_t            statement_count, statement_cap;
    uint64_t           *granted; /* bits of all of them */
    vd_unit            *units;   /* of its own use, by action */
    bool                young;
} vd_idle_subject;

typedef struct vd_credential { /* a row of a credential report */
    vd_str  arn, user, account;
    bool    root;
    bool    held; /* somebody with policies */
    int64_t as_of, created;
    bool    password, mfa;
    bool    password_known, mfa_known;
    vd_str  password_used, password_changed;
    struct {
        bool   active;
        vd_str rotated, used;
    } key[2];
} vd_credential;

typedef struct vd_idle {
    const vd_activity *activity;
    const vd_holders  *holders;
    vd_unused_opts     opts;
    const vd_catalog  *catalog;
    vd_unused_fn      *tell;
    void              *user;
    vd_unused_summary  sum;
    vd_error          *err;
    vd_arena           arena, scratch; /* of the run; of one subject */
    uint64_t          *escalation;
    uint32_t           words;
    int64_t            from, to, now;
    vd_str             newest_account; /* of which the snapshot knows nothing newer; see unused_identities.c */
    int64_t            newest;
    vd_usage_coverage        coverage;
    vd_credential     *credentials, **by_arn; /* in the order of reports; by ARN, those of one as reported */
    uint32_t           credential_count, credential_cap;
    vd_unit           *own, *group; /* by action; of the subject, of a group */
    vd_unused_finding *found;
    uint64_t          *order;       /* of found: rule, policy, statement */
    uint32_t           found_count, found_cap, order_cap;
    uint64_t           used_weight, idle_weight, blind_weight; /* of the whole run */
    bool               stop, nomem;
} vd_idle;

/* Adds a finding of the current subject: fills id, weight's defaults, days since; texts are kept as they are. */
void vd_idle_add(vd_idle *r, vd_unused_finding *f, uint32_t policy, uint32_t statement, vd_str key);
vd_unused_finding vd_idle_finding(const vd_idle *r, int32_t rule);
void vd_idle_evidence(vd_unused_finding *f, const char *what); /* once each */
vd_str vd_idle_printf(vd_idle *r, const char *format, ...) VD_PRINTF(2, 3); /* in scratch */
vd_str vd_idle_day(vd_idle *r, int64_t seconds);                             /* "2026-03-09" */
int64_t vd_idle_time(vd_str text); /* 0: none */
bool vd_idle_covered(const vd_idle *r, vd_str account); /* all days of the window */

/* unused_units.c */
bool vd_idle_statements(vd_idle *r, vd_idle_subject *s); /* false: no memory */
void vd_unit_merge(vd_unit *into, const vd_visibility *v, bool first);
bool vd_idle_mates(vd_idle *r, vd_str group, uint32_t **out, uint32_t *count);
const char *vd_idle_policy_name(const vd_granting *g);

/* The others: findings of a subject, or of nobody. */
void vd_idle_grants(vd_idle *r, vd_idle_subject *s, vd_unused_principal *p);
void vd_idle_resources(vd_idle *r, vd_idle_subject *s);
void vd_idle_elsewhere(vd_idle *r, vd_idle_subject *s);
bool vd_idle_identity(vd_idle *r, const vd_idle_subject *s); /* true: nobody uses it at all */
bool vd_idle_credentials_read(vd_idle *r);
void vd_idle_credentials_of(vd_idle *r, vd_str arn, const vd_idle_subject *s);
void vd_idle_credentials_rest(vd_idle *r);
const vd_credential *vd_idle_credential(const vd_idle *r, vd_str arn);
int64_t vd_idle_reference(const vd_idle *r, const vd_credential *c); /* up to when its report can be believed */
int64_t vd_credential_last(const vd_credential *c);
void vd_idle_trust(vd_idle *r, const vd_idle_subject *s);
void vd_idle_aws(vd_idle *r, vd_unused_finding *f);
void vd_idle_disagree(vd_idle *r, const vd_idle_subject *s);

#endif
