/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of making a fact out of a record:
 *
 *   event.c          the record, step by step
 *   event_time.c     its time and version
 *   event_key.c      who called what: the key of its fact
 *   event_beside.c   what it tells beside the key
 *   event_put.c      texts on their way into facts
 */
#ifndef VERDICT_USAGE_EVENT_H
#define VERDICT_USAGE_EVENT_H

#include "usage/known.h"
#include "usage/outcome.h"
#include "usage/usage_int.h"
#include "usage/who.h"

/* event_time.c: "1.08": both are numbers. */
bool vd_event_version_ok(vd_usage *u, vd_str text);

/* ------------------------------------------------------------------ event_key.c */

/* What an event of this type is evidence of; a fact that is no call has a kind. */
typedef enum vd_fate { VD_FATE_CALL, VD_FATE_OTHER, VD_FATE_NOTHING } vd_fate;
vd_fate vd_event_fate_of(const vd_record *r, vd_str *kind);

/* A record whose key is made. */
typedef struct vd_facing {
    vd_str     parts[VD_FACT_PARTS];
    vd_who     who;
    vd_outcome outcome;
    vd_str     log;  /* the account of the log */
    vd_str     partition;
    uint64_t   bits; /* guards; 0 when they are not known */
    bool       unknown, keeps; /* unknown: the guards; keeps: what is told may be kept for the next one that asks the same */
    vd_told_key asked;
    const vd_told_known *told; /* what the same call told before; NULL: that has to be found out */
    const vd_call_known *call; /* NULL: no room for such a one */
    char       principal[VD_WHO_BYTES], label[256], guards[24];
} vd_facing; /* large: only its parts are cleared */

/* VD_U_CODES: the key is whole. */
vd_usage_code vd_event_key_of(vd_usage *u, vd_facing *f, const vd_record *r, vd_str kind);

/* ------------------------------------------------------------------ event_beside.c */

bool vd_event_circumstances(vd_usage *u, vd_fact *f, const vd_record *r);
bool vd_event_marks(vd_usage *u, vd_fact *f, const vd_record *r, bool types); /* types: those of its resources, too */

/* event_put.c; false: a part is too long, or there is no memory. */
bool vd_event_key_text(vd_usage *u, char *room, const vd_str parts[VD_FACT_PARTS], vd_str *key);

#endif
