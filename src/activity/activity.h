/* SPDX-License-Identifier: Apache-2.0
 *
 * An activity in memory: flat arrays that are made once and never change.
 *
 *   read.c        summaries to facts that are kept
 *   map.c ...     facts to uses: which actions an event stands for, on which resources (usage 2, 3)
 *   see.c ...     what could be seen at all (usage 2.8), and the account of it (5.4)
 */
#ifndef VERDICT_ACTIVITY_ACTIVITY_H
#define VERDICT_ACTIVITY_ACTIVITY_H

#include "base/arena.h"
#include "base/engine.h"
#include "catalog/catalog.h"
#include "usage/facts.h"

#include <verdict/activity.h>

/* An event of one name in one log, whoever caused it: what the logs show that they can show. */
typedef struct vd_act_event {
    vd_str   account; /* of the log */
    vd_str   region, source, name; /* as in a fact: a label, the name with its version */
    vd_str   kind;                 /* as in a fact: empty: a call */
    uint32_t service;              /* of the catalogue, VD_NONE */
    uint64_t count;
    int64_t  first, last;
    uint64_t *days;                /* from activity.first_day on; day_words of the activity */
    uint32_t first_action, actions; /* in vd_activity.event_actions: ids that it stands for */
    bool     unmapped;
    uint8_t  marks; /* VD_MARK_...: what its records say of themselves */
    vd_str   type;  /* of data events: of a resource */
} vd_act_event;

typedef struct vd_act_use {
    uint32_t action;     /* VD_NONE: see name */
    vd_str   name;       /* as vd_use.action */
    uint8_t  kind;       /* VD_USE_... */
    bool     unmapped;
    char     confidence;
    uint64_t count, denied, errors;
    int64_t  first, last;
    uint64_t *days;
    bool     mfa_true, mfa_false, mfa_none, direct, off_endpoint;
    vd_use_texts resources, denied_on, regions, via, events, endpoints, networks, services, asked;
} vd_act_use;

typedef struct vd_act_actor {
    vd_actor  actor;
    uint32_t  first_use;     /* actor.uses of them, sorted by name without case */
    uint64_t *days;          /* on which something was done or tried; NULL: none */
    uint64_t *unmapped;      /* bits by service of the catalogue: an event of it is not known; NULL: none */
    bool      unmapped_source;
    bool      own; /* some event is of its own account's logs: copies of others do not count */
} vd_act_actor;

typedef struct vd_seeing vd_seeing; /* see.c */

struct vd_activity {
    vd_count           refs;
    const vd_engine   *engine;
    vd_arena           arena; /* everything below */
    const vd_catalog  *catalog;
    const vd_snapshot *snapshot; /* NULL: none */
    bool               accept_unmapped;
    int64_t            from, to;  /* the window, seconds, whole days */
    int64_t            first_day; /* since 1970: of bit 0 of all days */
    uint32_t           day_count, day_words;
    vd_act_actor      *actors;
    uint32_t           actor_count;
    uint32_t          *by_name; /* actors by account, kind and name without path and case; of one name the living one first */
    vd_act_use        *uses;
    uint32_t           use_count;
    vd_act_event      *events; /* sorted by account, region, source, name, kind */
    uint32_t           event_count;
    uint32_t          *event_actions;
    vd_usage_evidence *evidence; /* sorted by kind, subject, item */
    uint32_t           evidence_count;
    vd_unmapped       *unmapped;
    uint32_t           unmapped_count;
    uint64_t           units, unit_bytes, unit_events;
    uint32_t           overlaps; /* units that two summaries hold: what is in them counts twice */
    uint32_t           lost; /* counters that say so, added up */
    bool               partial;
    char               tables[17];
    vd_seeing         *seeing;
};

/* Once all of the above is there.  False: no memory. */
bool vd_seeing_build(vd_activity *a);

#endif
