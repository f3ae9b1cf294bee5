/* SPDX-License-Identifier: Apache-2.0
 *
 * The sentence in which AWS says no: "User: ... is not authorized to perform: ... on resource: ... because
 * ..." (E801, E802, E804).  Only the sentence; where it was found is the business of from_error.c and
 * from_event.c.
 */
#ifndef VERDICT_REQUEST_MESSAGE_H
#define VERDICT_REQUEST_MESSAGE_H

#include "request/request.h"

typedef struct vd_message {
    vd_str  principal, action, resource; /* empty: not said; slices of the text */
    vd_str  operation;                   /* "RunInstances" of "when calling the RunInstances operation" */
    vd_str  code;                        /* "AccessDenied" of "An error occurred (AccessDenied)" */
    bool    public_block;                /* E804 */
    bool    vague;                       /* there is a resource, but the message does not tell which */
    vd_told told;
} vd_message;

/* False: neither such a sentence nor an encoded authorization message. */
bool vd_message_find(vd_message *out, vd_str text);

#endif
