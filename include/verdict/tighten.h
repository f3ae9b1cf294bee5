/* SPDX-License-Identifier: Apache-2.0
 *
 * What is granted against what was used: which permissions, identities and credentials nobody uses, and the smallest policy
 * that still covers what was used, with proofs that it takes nothing that was used and gives nothing that was not there.
 */
#ifndef VERDICT_TIGHTEN_H
#define VERDICT_TIGHTEN_H

#include <verdict/activity.h>
#include <verdict/analyze.h>
#include <verdict/lint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ who holds what */

/* A document that gives somebody permissions. */
typedef struct vd_granting {
    size_t     size;
    vd_policy *policy; /* borrowed */
    vd_str     name;   /* of the inline or managed policy */
    vd_str     arn;    /* of a managed one; empty: inline */
    vd_str     group;  /* ARN of the group through which it is held; empty: directly */
    int64_t    since;  /* attached, or this version of it made; 0: nobody said */
    bool       shared; /* others hold it too */
    bool       aws;    /* a managed policy of AWS's own: not ours to change */
} vd_granting;

typedef struct vd_holder {
    size_t             size;
    vd_str             arn, id, account, name, path, kind; /* kind: "user", "role"; id: "AROA...", empty: nobody said */
    vd_str             permission_set; /* of a role of IAM Identity Center: its name; else empty */
    bool               service_linked; /* not ours to change */
    int64_t            created;        /* 0: nobody said */
    const vd_granting *policies;
    size_t             policy_count;
    uint32_t           missing;  /* further documents that it holds, and nobody gave their texts */
    const vd_granting *boundary; /* NULL: none */
    const vd_granting *trust;    /* of a role; NULL: not known */
    bool               last_used_known; /* of a role: AWS said when it was used last, within the 400 days that it remembers */
    int64_t            last_used;       /* 0: not in these 400 days */
} vd_holder;

/* Immutable; borrows from the snapshot, retains policies. */
typedef struct vd_holders vd_holders;
/* Users and roles of the snapshot whose ARN fits the pattern (empty: all), in its order. */
VD_API vd_code vd_holders_of_snapshot(vd_holders **out, const vd_engine *engine, const vd_snapshot *snapshot, vd_str pattern, vd_error *err);
/* All of these documents, held by each of these principals. */
VD_API vd_code vd_holders_of_policies(vd_holders **out, const vd_engine *engine, vd_policy *const *policies, size_t count,
                                      const vd_str *principals, size_t principal_count, vd_error *err);
VD_API void     vd_holders_free(vd_holders *holders);
VD_API uint32_t vd_holders_count(const vd_holders *holders);
VD_API bool     vd_holders_at(const vd_holders *holders, uint32_t index, vd_holder *out);

/* ------------------------------------------------------------------ unused */

enum { /* rules, in the order of their weight */
    VD_UNUSED_ROLE,
    VD_UNUSED_USER,
    VD_UNUSED_PASSWORD,
    VD_UNUSED_KEY,
    VD_UNUSED_NEVER,     /* a credential that never was */
    VD_UNUSED_ROOT_USED,
    VD_UNUSED_ROOT_KEY,
    VD_UNUSED_NO_MFA,
    VD_UNUSED_TWO_KEYS,  /* both active */
    VD_UNUSED_IDLE_KEY,  /* an active key of a user without any permission */
    VD_UNUSED_TRUST,     /* a statement of a trust policy by which nobody came */
    VD_UNUSED_STATEMENT,
    VD_UNUSED_SERVICE,
    VD_UNUSED_ACTION,
    VD_UNUSED_RESOURCE,  /* resource-broader-than-use */
    VD_UNUSED_BLIND,     /* cannot-be-seen */
    VD_UNUSED_UNMAPPED,  /* unmapped-event */
    VD_UNUSED_GRANTED_ELSEWHERE, /* used, and not by these policies: for information */
    VD_UNUSED_COUNT
};
VD_API const char *vd_unused_name(int32_t rule); /* "unused-role", "resource-broader-than-use" ... */

typedef struct vd_unused_finding {
    size_t         size;
    vd_str         id; /* 16 hex digits of SHA-256 of the unit's key */
    int32_t        rule;
    vd_str         principal, account, permission_set;
    vd_str         policy, policy_arn, group; /* empty: of the principal itself */
    vd_statement_info statement;              /* size 0: none */
    vd_texts_list  actions, patterns;         /* all; compressed to wildcards */
    vd_texts_list  resources;                 /* granted patterns */
    vd_texts_list  observed;                  /* of resource-broader-than-use: what was used instead */
    vd_str         item;      /* of credentials: "password", "access key 1"; of a service: its prefix; of an event: its name */
    int32_t        state;     /* VD_STATE_... */
    uint32_t       reasons;   /* VD_BLIND_... */
    int32_t        grade;     /* VD_GRADE_...: the least of its actions */
    char           confidence;
    int64_t        since, last; /* not seen since; last used (0: never seen) */
    int32_t        days_since;  /* -1: never seen */
    uint64_t       count, denied;
    int32_t        level;     /* VD_LEVEL_...: the most dangerous of its actions */
    uint32_t       weight;    /* usage 5.3 */
    bool           escalation; /* one of its actions is a step to more */
    bool           shared_credit; /* every use of it is allowed by another statement too */
    const char    *evidence[4]; /* "cloudtrail", "access-advisor", "credential-report", "snapshot"; NULL: no more */
    vd_str         says;      /* for people: what is idle, since when, what to do */
    vd_str         aws;       /* of AWS's own findings: "agrees", "disagrees", empty: it says nothing */
} vd_unused_finding;
typedef bool vd_unused_fn(void *user, const vd_unused_finding *finding);

/* What one principal is granted and uses, by service: told before its findings. */
typedef struct vd_unused_service {
    vd_str   prefix;
    uint32_t granted, used, possible, not_seen, cannot_see; /* actions */
    int64_t  last;
} vd_unused_service;
typedef struct vd_unused_principal {
    size_t                   size;
    vd_str                   arn, account, kind, permission_set;
    uint32_t                 granted, used, possible, not_seen, cannot_see; /* actions */
    uint32_t                 score, blind; /* of a thousand (usage 5.3) */
    int64_t                  last;
    const vd_unused_service *services; /* by prefix */
    size_t                   service_count;
    const uint32_t          *since_last; /* of each action that was used: days since the last use, rising */
    size_t                   since_count;
} vd_unused_principal;
typedef bool vd_unused_principal_fn(void *user, const vd_unused_principal *principal);

/* AWS found it unused, and the logs show it in use in the time that AWS looked back over (usage 1.7). */
typedef struct vd_unused_disagreement {
    size_t       size;
    vd_str       principal, account, action;
    vd_str       finding;  /* AWS's id */
    int64_t      analyzed; /* when AWS looked */
    int64_t      used;     /* the last day before on which it was used */
    uint64_t     count;    /* of all uses */
    vd_use_texts events;   /* that led to the action */
} vd_unused_disagreement;
typedef bool vd_unused_disagreement_fn(void *user, const vd_unused_disagreement *disagreement);

typedef struct vd_unused_opts {
    size_t                  size;
    const vd_catalog       *catalog;
    int64_t                 now;       /* 0: the end of the window */
    uint32_t                age_days;  /* 0: 90 */
    uint32_t                grace_days; /* 0: 7 */
    bool                    identities_only;
    bool                    permissions_only;
    bool                    blind;     /* tell what cannot be seen, one by one; else only counted */
    uint32_t                first, count; /* of the holders, to share the work; count 0: all from first on, then what belongs to
                                          no holder */
    vd_unused_principal_fn *principal; /* may be NULL */
    int64_t                 as_of;     /* when reports and the snapshot were made; 0: the newest time in those of the account */
    bool                    by_action; /* a finding for each action, instead of one for a statement, for a service of it */
    uint32_t                aws_days;  /* how far AWS's own findings look back; 0: 90 */
    vd_unused_disagreement_fn *disagreement; /* of each principal, before its findings; may be NULL */
} vd_unused_opts;

typedef struct vd_unused_summary {
    size_t   size;
    uint32_t findings, principals, credentials;
    uint32_t granted, used, possible, not_seen, cannot_see; /* actions of principals */
    uint32_t by_rule[VD_UNUSED_COUNT];
    uint32_t score, blind;
    uint64_t weight_used, weight_idle, weight_blind; /* what score and blind are made of */
} vd_unused_summary;

/* In the order of the holders, findings of each by rule, policy, statement. */
VD_API vd_code vd_unused(const vd_activity *activity, const vd_holders *holders, const vd_unused_opts *opts, vd_unused_fn *tell,
                         void *user, vd_unused_summary *summary, vd_error *err);

/* ------------------------------------------------------------------ rightsize */

enum { VD_RIGHTSIZE_STRICT = 0, VD_RIGHTSIZE_SERVICE, VD_RIGHTSIZE_LEVEL, VD_RIGHTSIZE_TRIM };

typedef struct vd_keep_row { /* of a keep list: actions to keep whatever was seen */
    vd_str  actions; /* a pattern */
    vd_str  reason;
    int64_t until;   /* 0: for ever */
} vd_keep_row;

typedef struct vd_rightsize_opts {
    size_t             size;
    const vd_catalog  *catalog;
    int32_t            mode; /* VD_RIGHTSIZE_... */
    uint32_t           drop_blind;  /* VD_BLIND_... that are taken for not used */
    bool               accept_assumed; /* VD_GRADE_ASSUMED is enough to remove */
    bool               include_denied;
    bool               pair_verbs;
    bool               suggest_conditions;
    uint32_t           min_days_used;
    uint32_t           s3_depth;       /* 0: 2 */
    uint32_t           resource_slack; /* bits; 0: literals and volatile parts only */
    uint32_t           slack;          /* old units that a merge of statements may grant again */
    uint32_t           min_coverage;   /* of a thousand; 0: 950 */
    uint32_t           min_window;     /* days; 0: 30 */
    bool               any_coverage, any_window, any_unmapped; /* overrides of the safety valves */
    const vd_keep_row *keep;
    size_t             keep_count;
    const vd_str      *headroom;       /* patterns of actions to grant that Old granted */
    size_t             headroom_count;
    vd_str             policy;         /* ARN: this managed policy alone, for all of the holders that hold it; empty: all that is theirs */
    int64_t            now;
    uint64_t           budget;         /* of the proofs; 0: as vd_prove_opts */
    uint32_t           max_attached;   /* managed policies that a principal may hold; 0: 10, AWS grants up to 20 */
    vd_policy *const  *previous;       /* what was made the last time: its patterns are not given up at once */
    size_t             previous_count;
    const vd_unused_finding *only;     /* of VD_RIGHTSIZE_TRIM: nothing goes but its actions in its statement; NULL: all that can */
} vd_rightsize_opts;

/* Why a part of the new policy is there. */
typedef struct vd_rightsize_why {
    vd_str  policy, sid;
    vd_str  action, resource;
    vd_str  reason; /* "used 17 times, last 2026-03-09", "cannot be seen: data-events-off", "kept: break glass" */
    bool    unseen; /* nobody could see whether it is used */
} vd_rightsize_why;

typedef struct vd_rightsize_removed {
    vd_str  policy, sid;
    vd_str  service;
    vd_texts_list actions, patterns;
    int64_t last;   /* 0: never seen */
    vd_str  reason;
} vd_rightsize_removed;

/* One old document and what becomes of it. */
typedef struct vd_rightsize_document {
    size_t      size;
    vd_policy  *old;    /* borrowed */
    vd_str      name, arn;
    bool        unchanged;
    bool        empty;  /* nothing is left: detach or delete it */
    vd_str      fixed;  /* why it is left as it is ("AWS manages it ..."); empty: it may be changed */
    const vd_str *parts; /* new documents: more than one when it has to be split for its quota */
    size_t      part_count;
    const vd_str *part_names;
    vd_str      restore; /* a document of what was removed */
} vd_rightsize_document;

/* What is granted again, for a document would be too large else. */
typedef struct vd_rightsize_extra {
    vd_str        policy, sid;
    vd_texts_list actions;  /* as patterns */
    vd_str        resource; /* empty: those of the old statement */
} vd_rightsize_extra;

/* An attempt to stay within the quotas (usage 6.4): the first one as it was asked for, each further one with more patterns. */
typedef struct vd_rightsize_step {
    vd_str   looser;                        /* what was allowed beyond what was asked for; empty: nothing */
    size_t   inline_size, inline_most;      /* characters without white space; most 0: there is no inline policy that changes */
    uint32_t attached, attached_most;       /* managed policies; most 0: there is none that changes */
    bool     fits;
    const vd_rightsize_extra *extra;        /* beyond what was asked for */
    size_t                    extra_count;
} vd_rightsize_step;

/* Against what was made the last time. */
typedef struct vd_rightsize_since {
    bool          asked;        /* there was something */
    vd_answer     less, more;   /* VD_SAT: less than it is allowed, more is */
    vd_texts_list lost, gained; /* the first of what: "s3:Get* on arn:aws:s3:::b/..." */
} vd_rightsize_since;

typedef struct vd_rightsize_proof {
    size_t   size;
    uint64_t replayed;    /* observed requests that New allows as Old did */
    uint64_t elsewhere;   /* observed requests that Old does not allow: granted by somebody else, or denied */
    bool     covers, nothing_new, denies_kept; /* O1, O2, O3: proved */
    uint64_t units;
    uint64_t undecided;   /* observed requests of which logs do not tell enough to ask the evaluator: proved for all that it may have been */
    vd_texts_list untold; /* the condition keys that it hangs on */
} vd_rightsize_proof;

typedef struct vd_rightsized vd_rightsized;
typedef struct vd_rightsize_result {
    size_t                       size;
    bool                         smaller;   /* something was removed */
    const vd_rightsize_document *documents;
    size_t                       document_count;
    const vd_rightsize_removed  *removed;
    size_t                       removed_count;
    const vd_rightsize_why      *why;
    size_t                       why_count;
    vd_texts_list                suggestions; /* conditions, for people */
    vd_texts_list                warnings;    /* what could not be made smaller, and should be looked at */
    const vd_str                *overrides;   /* safety valves that were opened */
    size_t                       override_count;
    uint32_t                     kept_blind;  /* actions kept because they cannot be seen */
    vd_rightsize_proof           proof;
    const vd_rightsize_step     *steps;       /* to the one that fits */
    size_t                       step_count;
    bool                         too_large;   /* none did: nothing is smaller */
    vd_rightsize_since           since;
    vd_rightsize_since           aws;         /* the same against what AWS recommends (usage 1.7), when a report of it was collected:
                                                 less: it would allow more than this, more: this allows what it would not */
} vd_rightsize_result;

/* The policies that all of these holders hold (a managed policy: all that hold it; a principal: that one alone) and that may be
 * changed, made smaller.  VD_EINVAL: a safety valve is shut (err says which and by which option it opens); VD_EBUDGET,
 * VD_EINTERNAL: a proof could not be made, or failed (with the request that shows it): nothing is given out. */
VD_API vd_code vd_rightsize(vd_rightsized **out, const vd_activity *activity, const vd_holders *holders, const vd_rightsize_opts *opts,
                            vd_error *err);
VD_API void    vd_rightsize_result_of(const vd_rightsized *rightsized, vd_rightsize_result *out);
VD_API void    vd_rightsized_free(vd_rightsized *rightsized);

/* ------------------------------------------------------------------ changes of files */

/* A document of a file and what it is to be. */
typedef struct vd_change_wish {
    const vd_policy *old;
    vd_str           document; /* JSON; empty: none can stand in its place, review says why */
    vd_str           review;
} vd_change_wish;

/* A comment that goes with what it was about. */
typedef struct vd_change_note {
    vd_pos at;
    vd_str text; /* with its marks */
} vd_change_note;

typedef struct vd_change_document {
    bool                absent;     /* it does not stand in this file: all else is empty */
    vd_str              container, pointer; /* where it stands */
    vd_pos              at;         /* its first statement */
    const vd_lint_edit *edits;      /* of bytes of the file, by rising start; none: nothing changes, or see review */
    uint32_t            edit_count;
    vd_str              review;     /* without edits: why it has to be put there by hand; with edits: why somebody has to look at
                                       them (a literal in place of an expression); empty: the edits do it */
    vd_str              patch;      /* RFC 6902: from the old document to the new one */
    vd_str              restore;    /* a policy that grants again what was taken away; empty: nothing was */
    const vd_change_note *comments;
    uint32_t            comment_count;
} vd_change_document;

typedef struct vd_change vd_change;
typedef struct vd_change_result {
    size_t                    size;
    const vd_change_document *documents; /* one for each wish */
    uint32_t                  count;
    vd_str                    text; /* the file with all edits made */
    vd_str                    diff; /* the same for `git apply`; empty: nothing changes */
} vd_change_result;

/* Edits of the tokens that differ and of no other, so that comments, order and layout stay; what is edited is read again, and
 * has to be the new document.  Expressions of Terraform and functions of templates stand for what the old document has in their
 * place, and stay where that stays.  path: as the diff is to say it, below the root of the repository; its ending tells
 * Terraform.  VD_EINVAL: a document stands in the file more than once; VD_EINTERNAL: the edits make something else. */
VD_API vd_code vd_change_make(vd_change **out, const vd_engine *engine, vd_str path, vd_str text, const vd_change_wish *wishes,
                              uint32_t count, vd_error *err);
VD_API void    vd_change_result_of(const vd_change *change, vd_change_result *out);
VD_API void    vd_change_free(vd_change *change);

/* ------------------------------------------------------------------ fixes of findings */

typedef struct vd_unused_fix {
    size_t      size;
    vd_change  *change;  /* of the file, its one document is the policy; NULL: there is none; freed with vd_change_free */
    uint32_t    actions; /* that it takes away: perhaps not all of the finding, for some may only be assumed not to be used */
    const char *why_not; /* "": there is one */
} vd_unused_fix;

/* The edits of this file that take away what a finding of VD_UNUSED_STATEMENT, _SERVICE or _ACTION tells, of what these holders
 * all hold: by right-sizing, with its safety valves and its proofs.  path, text, errors: as of vd_change_make and vd_rightsize. */
VD_API vd_code vd_unused_fix_make(vd_unused_fix *out, const vd_activity *activity, const vd_holders *holders,
                                  const vd_unused_finding *finding, const vd_unused_opts *opts, vd_str path, vd_str text, vd_error *err);

#ifdef __cplusplus
}
#endif
#endif
