/* SPDX-License-Identifier: Apache-2.0
 *
 * userIdentity to a principal that stays the same whoever writes it: account|kind|unique id|path and name.
 */
#ifndef VERDICT_USAGE_WHO_H
#define VERDICT_USAGE_WHO_H

#include "usage/record.h"

typedef struct vd_who {
    vd_str account; /* of the principal; empty: not known */
    vd_str text;
    bool   service, unknown;
    uint32_t serial; /* of the text, and all else here: the same number, the same principal; 0: it has none */
} vd_who;

enum { VD_WHO_BYTES = 2048 };

/* Most callers call again soon.  Where two members say all that is wanted of one, what came of them is kept beside them: the same
 * bytes become the same principal.  Zero it; it never grows. */
enum { VD_WHO_KNOWN = 256, VD_WHO_KNOWN_BYTES = 368 };
typedef struct vd_who_known {
    uint8_t  type; /* its row + 1; 0: nothing is here */
    bool     service;
    uint16_t n[3];                /* bytes of the two members and of the text, one behind the other */
    uint16_t account, account_bytes; /* in the text */
    uint32_t serial;
    char     bytes[VD_WHO_KNOWN_BYTES];
} vd_who_known;
typedef struct vd_who_memo {
    uint32_t     serial; /* the last that was given */
    vd_who_known at[VD_WHO_KNOWN];
} vd_who_memo;

/* The text is in the buffer or in the memo (NULL: none), good until the next one is read.  False: a name is longer than any that
 * AWS gives. */
bool vd_who_read(vd_who *out, char *buffer, const vd_record *r, vd_who_memo *memo);
/* The same for an ARN alone, as tables and reports name principals: the unique id is empty. */
bool vd_who_arn(vd_who *out, char *buffer, vd_str arn);

#endif
