/* SPDX-License-Identifier: Apache-2.0
 *
 * What logs can show of an action (usage 2.8), in pieces:
 *
 *   see_class.c   the class of each action, by visibility.tsv
 *   see_config.c  what trails were told to log, and what that shows of an action
 *   see_places.c  what was seen in which account and region, by whomever
 *   see_gaps.c    when nothing was logged, or not for certain
 *   see.c         all of it to one answer
 *   see_told.c    the account of it (usage 5.4)
 *   see_names.c   words for all that
 */
#ifndef VERDICT_ACTIVITY_SEE_H
#define VERDICT_ACTIVITY_SEE_H

#include "activity/activity.h"

/* ------------------------------------------------------------------ classes */

typedef enum vd_see_kind {
    VD_SEE_MGMT,
    VD_SEE_KMS,     /* management, and trails may leave it out */
    VD_SEE_RDSDATA, /* the same */
    VD_SEE_DATA,    /* data events of a type */
    VD_SEE_NET,     /* network activity */
    VD_SEE_NEVER,
    VD_SEE_PERMISSION_ONLY,
    VD_SEE_CONSOLE  /* nobody knows, until one was seen */
} vd_see_kind;

typedef struct vd_see_class {
    vd_str  name; /* "data:AWS::S3::Object" */
    vd_str  type; /* "AWS::S3::Object" */
    uint8_t kind; /* vd_see_kind */
} vd_see_class;

typedef struct vd_see_classes {
    const vd_see_class *at;
    uint32_t            count, cap;
    uint16_t           *of;         /* by id of action */
    char               *confidence;
} vd_see_classes;

/* False: no memory. */
bool vd_see_classes_build(vd_see_classes *out, vd_arena *arena, const vd_catalog *catalog);
/* Events showed that the action is one of data of this type, of which the table says nothing. */
bool vd_see_classes_learn(vd_see_classes *c, vd_arena *arena, uint32_t action, vd_str type);

static inline const vd_see_class *vd_see_class_of(const vd_see_classes *c, uint32_t action)
{
    return &c->at[c->of[action]];
}

/* ------------------------------------------------------------------ what trails were told */

/* Texts that a field must have, or must not. */
typedef struct vd_see_test {
    uint8_t       way; /* index of the operator */
    const vd_str *at;
    uint32_t      count;
} vd_see_test;

/* Events that a trail keeps: of management, or of these types of data. */
typedef struct vd_see_selector {
    bool               management, data;
    bool               reads, writes;
    bool               partial; /* and of those not all: it looks at more than what an action tells */
    const vd_see_test *sources, *types;
    uint32_t           source_count, source_cap, type_count, type_cap;
} vd_see_selector;

typedef struct vd_see_trail {
    vd_str                 arn, account, region; /* region: its home */
    bool                   placed;   /* it is known where it listens: the next three */
    bool                   everywhere, global, organization;
    bool                   known;    /* what it was told to keep: selectors */
    const vd_see_selector *selectors;
    uint32_t               count, cap;
    bool                   off;      /* its status says so */
    int64_t                stopped;  /* since then; 0: nobody knows */
} vd_see_trail;

typedef struct vd_see_trails {
    vd_see_trail *at;
    uint32_t      count, cap;
} vd_see_trails;

bool vd_see_trails_read(vd_see_trails *out, vd_activity *a); /* false: no memory */
bool vd_see_trail_is_for(const vd_see_trail *t, vd_str account);

/* A kind of event to ask trails for. */
typedef struct vd_see_question {
    const vd_see_class *class;
    bool                read;
    vd_str              source; /* label of the event's source; empty: any */
} vd_see_question;

typedef enum vd_see_much { VD_SEES_NONE, VD_SEES_PART, VD_SEES_ALL } vd_see_much;
vd_see_much vd_see_trail_shows(const vd_see_trail *t, const vd_see_question *q);

/* ------------------------------------------------------------------ when */

typedef struct vd_see_gap {
    vd_str  region; /* empty: all */
    int64_t from, to;
    vd_str  reason;
} vd_see_gap;

/* A change of what is logged: from then on it may be another thing. */
typedef struct vd_see_change {
    int64_t at;
    vd_str  name; /* "PutEventSelectors" */
} vd_see_change;

typedef struct vd_see_place {
    vd_str    account, region;
    uint64_t *days;   /* with events */
    uint64_t *hours;  /* of the window, with digests; NULL: there are none */
    uint64_t  events;
    int64_t   first, last;
    bool      looked_up; /* some of it was asked for, not delivered: management events, of this region alone */
    bool      delivered; /* and some was not so for certain */
} vd_see_place;

typedef struct vd_see_account {
    vd_str         account;
    uint32_t       first_place, places; /* in vd_seeing.places */
    uint64_t       events;
    int64_t        first, last; /* of its events, within the window */
    uint64_t      *days;        /* with events or digests, in whatever region */
    uint64_t      *read_days, *write_days; /* with events of management that read, that write */
    uint64_t     **class_days;  /* by class; NULL: none was seen */
    uint64_t      *actions;     /* bits: somebody did it, and an event said so */
    uint64_t      *families;    /* bits, see vd_see_family: such events of the service were seen */
    bool           lookup;      /* all that there is was looked up, in these regions and no others */
    bool           home;        /* the region is among its places in which global services log */
    int64_t        since;       /* from then on there are logs of it */
    vd_see_gap    *gaps;
    uint32_t       gap_count, gap_cap;
    vd_see_change *changes;
    uint32_t       change_count, change_cap;
} vd_see_account;

/* What Access Advisor says of a principal: of a service, or of an action of it. */
typedef struct vd_see_advice {
    vd_str   subject;
    uint32_t service, action; /* VD_NONE */
    int64_t  as_of, last;     /* last 0: never, as long as it is kept */
} vd_see_advice;

struct vd_seeing {
    vd_see_classes    classes;
    vd_see_trails     trails;
    vd_see_place     *places; /* by account and region */
    uint32_t          place_count;
    vd_see_account   *accounts; /* by name */
    uint32_t          account_count;
    uint64_t         *anywhere; /* actions that events of any account showed */
    vd_str           *labels;   /* by service: the source of its events */
    vd_see_advice    *advice;   /* by subject, service, action */
    uint32_t          advice_count;
    vd_usage_coverage       coverage;
};

bool vd_see_places_build(vd_seeing *s, vd_activity *a);
bool vd_see_gaps_build(vd_seeing *s, vd_activity *a);
bool vd_see_told_build(vd_seeing *s, vd_activity *a);
vd_see_account *vd_see_account_of(const vd_seeing *s, vd_str account); /* NULL: nothing is known of it */

/* Why events of a kind are not all seen in the account; 0: they are. */
typedef struct vd_see_answer {
    uint32_t reasons;
    bool     inferred;
} vd_see_answer;
vd_see_answer vd_see_asked(const vd_seeing *s, const vd_activity *a, const vd_see_account *account, const vd_see_question *q,
                           bool global);

static inline bool vd_see_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static inline void vd_see_set(uint64_t *bits, size_t i)
{
    bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* An action reads when its level says so. */
static inline bool vd_see_reads(const vd_catalog *c, uint32_t action)
{
    return vd_catalog_level_of(c, action) <= VD_LEVEL_READ;
}

static inline size_t vd_see_family(uint32_t service, bool data, bool read)
{
    return (size_t)service * 4 + (data ? 2 : 0) + (read ? 1 : 0);
}

/* "aws-cn:111111111111": the number. */
static inline vd_str vd_see_number(vd_str account)
{
    size_t colon = 0;

    while (colon < account.n && account.p[colon] != ':')
        colon++;
    return colon < account.n ? (vd_str){ account.p + colon + 1, account.n - colon - 1 } : account;
}

#endif
