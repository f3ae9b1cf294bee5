/* SPDX-License-Identifier: Apache-2.0
 *
 * What was used, in IAM's words: summaries (usage.h) read through the tables of events, so that facts about events become
 * uses of actions on resources by principals; and what those summaries could show at all.  Of every action of every
 * principal there are three things to say: used, not seen, cannot be seen (usage.md P3).  Every doubt is resolved towards
 * "used" or "cannot be seen".
 *
 * A finished activity never changes, is counted, and is shared by any number of threads.
 */
#ifndef VERDICT_ACTIVITY_H
#define VERDICT_ACTIVITY_H

#include <verdict/catalog.h>
#include <verdict/model.h>
#include <verdict/usage.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct vd_activity vd_activity;
typedef struct vd_activity_reader vd_activity_reader;

/* What actions that a used action may need in addition count as (usage 2.5): possibly used; the same, as long as the use is
 * not older than 30 days; nothing. */
enum { VD_DEPENDENTS_KEEP = 0, VD_DEPENDENTS_WARN, VD_DEPENDENTS_IGNORE };

typedef struct vd_activity_opts {
    size_t             size;
    const vd_catalog  *catalog;  /* NULL: the built-in one */
    const vd_snapshot *snapshot; /* who there is: paths and unique ids of names, roles of instance profiles; NULL: nobody said */
    int64_t            from, to; /* the window asked about, seconds; 0: from the first event, to the last */
    vd_str             rows_name, rows; /* rows like those of event-actions.tsv, which come before them; empty: none */
    bool               accept_unmapped; /* an event that no table knows hides nothing else */
    int32_t            dependents;      /* VD_DEPENDENTS_... */
} vd_activity_opts;

/* What opts points to must live until the activity is finished; catalog and snapshot as long as the activity. */
VD_API vd_code vd_activity_reader_new(vd_activity_reader **out, const vd_engine *engine, const vd_activity_opts *opts, vd_error *err);
VD_API void    vd_activity_reader_free(vd_activity_reader *reader);
/* A summary, one after the other.  Two that hold the same unit are both counted: merge them first. */
VD_API vd_code vd_activity_read(vd_activity_reader *reader, vd_str name, const vd_usage_source *source, bool salvage, vd_error *err);
VD_API vd_code vd_activity_finish(vd_activity **out, vd_activity_reader *reader, vd_error *err);
VD_API vd_activity *vd_activity_retain(vd_activity *activity);
VD_API void         vd_activity_release(vd_activity *activity);

/* ------------------------------------------------------------------ who did what */

/* A principal of the logs.  Two unique ids under one name are two of them: the object was made anew. */
typedef struct vd_actor {
    size_t   size;
    vd_str   arn;     /* of the user or role, "arn:...:root"; empty: none is known, see kind and name */
    vd_str   account, kind, id, name; /* as in a summary: "role", "AROA...", "build/ci-deploy" */
    bool     living;  /* the snapshot has it, under this id; without a snapshot: nothing else is known */
    uint64_t events, denied;
    int64_t  first, last; /* of all its events, attempts too */
    uint32_t days, uses;  /* how many uses there are */
    bool     path_unknown;   /* nobody told the path: arn is what it would be without one */
    bool     service_linked; /* a role of a service, which only that changes */
    vd_str   permission_set; /* whose role it is: "Admin" of AWSReservedSSO_Admin_0123456789abcdef; empty: of none */
} vd_actor;
VD_API uint32_t vd_activity_actors(const vd_activity *activity); /* sorted by ARN, then unique id */
VD_API bool     vd_activity_actor(const vd_activity *activity, uint32_t index, vd_actor *out);
/* The living one with this ARN (a session's ARN: its role's); VD_NO_INDEX: no event of it was seen. */
VD_API uint32_t vd_activity_find(const vd_activity *activity, vd_str arn);

enum {
    VD_USE_SEEN = 0, /* an event says so */
    VD_USE_IMPLIED,  /* no event of its own, and certain: iam:PassRole of a role in the request */
    VD_USE_POSSIBLE  /* one of several actions, or one that may have been needed */
};

typedef struct vd_use_texts {
    const vd_str *at; /* sorted */
    size_t        count;
    bool          more; /* than are known: the list is no bound */
} vd_use_texts;

typedef struct vd_use {
    size_t       size;
    vd_str       action;    /* "s3:GetObject", as the catalogue spells it; "x:Name" of an event that no table knows */
    uint32_t     action_id; /* UINT32_MAX: not in the catalogue */
    int32_t      kind;      /* VD_USE_...: the surest of its evidence */
    bool         unmapped;  /* guessed from the event's name: the catalogue has no such action */
    uint64_t     count, denied, errors; /* errors are among count; with count 0 there were only attempts */
    int64_t      first, last;           /* of uses; of attempts when there are no uses */
    uint32_t     days;
    vd_use_texts resources; /* ARNs, or patterns where an event told no more; of uses, not of attempts; "*": of the kind
                               that has no resource.  none, and more: nobody knows */
    vd_use_texts denied_on; /* the same of attempts */
    vd_use_texts regions, via, events; /* events: "lambda UpdateFunctionCode20150331v2" */
    vd_use_texts endpoints, networks, services; /* VPC endpoints, networks; of iam:PassRole the services passed to */
    bool         mfa_true, mfa_false, mfa_none;
    bool         direct;     /* some came from the principal itself, not through a service (via) */
    char         confidence; /* 'H', 'M', 'L' of the row that led here */
    bool         off_endpoint; /* some came over no VPC endpoint, or may have */
    vd_use_texts asked; /* tags and encryption contexts of its calls, as vd_usage_fact has them; "{}": perhaps of some, none */
} vd_use;
/* Sorted by action. */
VD_API bool vd_activity_use(const vd_activity *activity, uint32_t actor, uint32_t index, vd_use *out);
VD_API bool vd_activity_use_of(const vd_activity *activity, uint32_t actor, uint32_t action_id, vd_use *out); /* false: none */
/* Bit i: it was used on day i of vd_activity_coverage's window; out has room for words. */
VD_API void vd_activity_days(const vd_activity *activity, uint32_t actor, uint32_t action_id, uint64_t *out, size_t words);

/* Reports about a subject, in order (usage.h); item empty: all of its. */
typedef bool vd_evidence_fn(void *user, const vd_usage_evidence *evidence);
VD_API void vd_activity_evidence(const vd_activity *activity, vd_str kind, vd_str subject, vd_evidence_fn *tell, void *user);

/* ------------------------------------------------------------------ what can be seen */

enum { VD_STATE_USED = 0, VD_STATE_POSSIBLE, VD_STATE_NOT_SEEN, VD_STATE_CANNOT_SEE, VD_STATE_COUNT };
VD_API const char *vd_state_name(int32_t state); /* "used", "possible", "not-seen", "cannot-see" */

/* Why something cannot be seen (usage 2.8): bits. */
enum {
    VD_BLIND_DATA_EVENTS_OFF = 1 << 0,
    VD_BLIND_NEVER_LOGGED = 1 << 1,
    VD_BLIND_PERMISSION_ONLY = 1 << 2,
    VD_BLIND_KMS_EXCLUDED = 1 << 3,
    VD_BLIND_RDSDATA_EXCLUDED = 1 << 4,
    VD_BLIND_READS_EXCLUDED = 1 << 5,
    VD_BLIND_REGION_GAP = 1 << 6,
    VD_BLIND_TIME_GAP = 1 << 7,
    VD_BLIND_UNMAPPED_NAME = 1 << 8,
    VD_BLIND_UNMAPPED_SOURCE = 1 << 9,
    VD_BLIND_CONSOLE_ONLY = 1 << 10,
    VD_BLIND_PARTIAL_SELECTOR = 1 << 11,
    VD_BLIND_YOUNG_GRANT = 1 << 12,
    VD_BLIND_DEPENDENTS = 1 << 13,
    VD_BLIND_WRITES_EXCLUDED = 1 << 14,
    VD_BLIND_NO_EVIDENCE = 1 << 15, /* no log of the account was read */
    VD_BLIND_COUNT_BITS = 16
};
VD_API const char *vd_blind_name(uint32_t bit); /* "data-events-off" */

enum { VD_GRADE_NONE = 0, VD_GRADE_ASSUMED, VD_GRADE_FAMILY, VD_GRADE_PROVEN };
VD_API const char *vd_grade_name(int32_t grade); /* "assumed" ... */

typedef struct vd_visibility {
    size_t   size;
    int32_t  state;   /* VD_STATE_... */
    uint32_t reasons; /* VD_BLIND_... of VD_STATE_CANNOT_SEE */
    bool     inferred; /* nobody gave the configuration of the trail: it was read out of the events */
    int32_t  grade;   /* VD_GRADE_... of VD_STATE_NOT_SEEN */
    char     confidence; /* of the class of the action: 'H', 'M', 'L' */
    int64_t  since;   /* VD_STATE_NOT_SEEN: not since then; seconds */
    int64_t  last;    /* last use; 0: none */
    uint64_t count, denied;
    bool     logs, access_advisor; /* what it rests on */
    vd_str   class_name; /* "mgmt", "data:AWS::S3::Object", "never" ... */
} vd_visibility;
/* actor VD_NO_INDEX: somebody of that account of whom no event was seen; arn: for reports about it, may be empty. */
VD_API void vd_activity_visibility(const vd_activity *activity, uint32_t actor, vd_str arn, vd_str account, uint32_t action_id,
                                   vd_visibility *out);

/* ------------------------------------------------------------------ what all of it rests on (usage 5.4) */

typedef struct vd_coverage_gap {
    size_t  size;
    vd_str  account, region; /* empty: all */
    int64_t from, to;
    vd_str  reason; /* "no events", "StopLogging", "missing digest" ... */
} vd_coverage_gap;

typedef struct vd_coverage_place {
    size_t   size;
    vd_str   account, region;
    uint32_t days_asked, days_seen;
    int64_t  first, last;
    uint64_t events;
    vd_str   method; /* "digests", "events", "events and digests", "lookup" (management events, as far as they were looked up) */
} vd_coverage_place;

typedef struct vd_coverage_class {
    size_t      size;
    vd_str      name;  /* "management reads", "management writes", "kms", "rds-data", "AWS::S3::Object" ... */
    const char *state; /* "on", "off", "partial" */
    bool        inferred;
} vd_coverage_class;

typedef struct vd_unmapped {
    size_t   size;
    vd_str   source, name; /* name empty: the source itself is not known */
    uint64_t count;
    uint32_t actors;
} vd_unmapped;

typedef struct vd_usage_coverage {
    size_t                   size;
    int64_t                  from, to; /* the window: [from, to) */
    const vd_coverage_place *places;
    size_t                   place_count;
    const vd_coverage_gap   *gaps;
    size_t                   gap_count;
    const vd_coverage_class *classes;
    size_t                   class_count;
    const vd_unmapped       *unmapped; /* most frequent first */
    size_t                   unmapped_count;
    const vd_usage_evidence *sources;  /* kinds of reports there are: kind, as_of of the latest; the rest empty */
    size_t                   source_count;
    uint64_t                 units, events, bytes;
    uint32_t                 thin; /* principals with fewer than 10 events */
    uint32_t                 lost; /* records and files that were rejected */
    vd_str                   tables; /* digest of the tables of events, 16 hex digits */
    vd_str                   catalog_date;
    bool                     partial; /* a summary said that more was to come */
    uint32_t                 overlaps; /* files that two of the summaries hold: what is in them counts twice */
} vd_usage_coverage;
VD_API void vd_activity_coverage(const vd_activity *activity, vd_usage_coverage *out);
/* Of the days asked about, how many in a thousand are seen in the account and these regions' logs; all regions: empty. */
VD_API uint32_t vd_activity_covered(const vd_activity *activity, vd_str account);

/* ------------------------------------------------------------------ what refusals say about the tables (usage 2.7) */

/* The message of a call that was refused often names the action and the resource that were asked for: held against what the
 * tables make of the same record, it shows rows that are wrong or missing. */
enum {
    VD_DISAGREE_ACTION = 0, /* the tables say another action */
    VD_DISAGREE_UNMAPPED,   /* no table knows the event */
    VD_DISAGREE_FREE,       /* the tables say that nobody needs a permission for it */
    VD_DISAGREE_RESOURCE    /* of the action they tell other resources */
};
VD_API const char *vd_disagreement_name(int32_t kind); /* "action" ... */

typedef struct vd_disagreement {
    size_t   size;
    int32_t  kind;
    vd_str   source, name; /* of the event */
    vd_str   said;         /* the action of the message */
    vd_str   mapped;       /* actions of the tables, or a resource; empty: none */
    uint64_t count;
    vd_str   message, unit; /* of the first record */
    uint64_t record;
} vd_disagreement;

typedef struct vd_map_sum {
    size_t   size;
    uint64_t messages;   /* records with an error message */
    uint64_t encoded;    /* that is encoded */
    uint64_t named;      /* that names an action: the sum of the next three, and those that disagree about it */
    uint64_t agreed, possible, dependents; /* one of the event; one that may be; one that such an action may need */
    uint64_t resources, unresolved; /* messages with an ARN; records that tell no resource to hold against it */
    uint64_t disagreed, more;       /* more: of them not listed, for there are too many */
} vd_map_sum;

typedef struct vd_map_check vd_map_check;
/* opts: catalog and rows count; reading: what the collector is told (facts are not kept). */
VD_API vd_code vd_map_check_new(vd_map_check **out, const vd_engine *engine, const vd_activity_opts *opts,
                                const vd_usage_opts *reading, vd_error *err);
VD_API void    vd_map_check_free(vd_map_check *check);
/* A log file, as vd_usage_add reads one. */
VD_API vd_code vd_map_check_add(vd_map_check *check, vd_str unit, const vd_usage_source *source, vd_error *err);
VD_API vd_code vd_map_check_add_failed(vd_map_check *check, vd_str unit, vd_str why, vd_error *err);
/* Its counters. */
VD_API const vd_usage *vd_map_check_usage(const vd_map_check *check);
VD_API void            vd_map_check_sum(const vd_map_check *check, vd_map_sum *out);
/* The most frequent first, until tell says false.  Nothing is added afterwards. */
typedef bool vd_disagreement_fn(void *user, const vd_disagreement *disagreement);
VD_API void vd_map_check_each(vd_map_check *check, vd_disagreement_fn *tell, void *user);

#ifdef __cplusplus
}
#endif
#endif
