/* SPDX-License-Identifier: Apache-2.0
 *
 * A CloudTrail record while it is read: shared by from_event.c (what the record is, and the circumstances
 * of the call), event_who.c (the principal), event_action.c (the action) and event_what.c (resources, and the whole).
 */
#ifndef VERDICT_REQUEST_EVENT_INT_H
#define VERDICT_REQUEST_EVENT_INT_H

#include "catalog/event_arn.h"
#include "catalog/events.h"
#include "request/member.h"
#include "request/message.h"

/* An element of an array, found before. */
typedef struct vd_event_cursor {
    uint32_t list, index, node;
} vd_event_cursor;

typedef struct vd_event {
    vd_read    in;
    vd_diags  *notes;
    uint32_t   record, identity, parameters; /* nodes; the last two may be VD_NONE */
    vd_str     name;                         /* eventName as written */
    vd_str     label;                        /* of eventSource, catalog/events.h */
    vd_str     partition, region, account;   /* where the call went; account: of whoever logged it */
    vd_str     caller_account;
    bool       temporary; /* credentials that expire */
    uint32_t   primary;   /* checks of the action itself; those behind them are further ones */
    bool       said;      /* message holds what errorMessage told */
    vd_message message;
    vd_event_cursor *cursor; /* while vd_event_what is at work */
} vd_event;

vd_code vd_event_who(vd_event *e);
vd_code vd_event_what(vd_event *e);

/* The row that tells the action: the first that fits, or the first of several alternatives; NULL: the event is called like
 * its action. */
const vd_row *vd_event_row(const vd_event *e);
/* Notes the other alternatives. */
vd_code vd_event_others(const vd_event *e, const vd_row *chosen);
/* Rows of further checks, each action and resource once: the next one from *at on. */
bool vd_event_further(const vd_event *e, const vd_row *chosen, uint32_t *at, const vd_row **out);
vd_code vd_event_action(const vd_event *e, const vd_row *row, vd_str *out);
vd_event_call vd_event_call_of(const vd_event *e);

/* The value behind a path of member names, without case ("sessionContext.sessionIssuer.arn"); VD_NONE:
 * none, or null. */
uint32_t vd_event_at(const vd_event *e, uint32_t object, vd_str path);
/* Its text: of a string, a number, a boolean, or of the first element of an array of such; empty: none. */
vd_str vd_event_text(const vd_event *e, uint32_t node);
vd_str vd_event_get(const vd_event *e, uint32_t object, vd_str path);

vd_code vd_event_note(const vd_event *e, uint32_t node, vd_str rule, const char *format, ...) VD_PRINTF(4, 5);
vd_code vd_event_nomem(const vd_event *e);

#endif
