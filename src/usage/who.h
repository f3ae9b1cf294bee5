/* SPDX-License-Identifier: Apache-2.0
 *
 * userIdentity to a principal that stays the same whoever writes it: account|kind|unique id|path and name.
 */
#ifndef VERDICT_USAGE_WHO_H
#define VERDICT_USAGE_WHO_H

#include "usage/record.h"

typedef struct vd_who {
    vd_str account; /* of the principal; empty: not known */
    vd_str text;    /* in the buffer given */
    bool   service, unknown;
} vd_who;

enum { VD_WHO_BYTES = 2048 };

/* false: a name is longer than any that AWS gives. */
bool vd_who_read(vd_who *out, char *buffer, const vd_record *r);
/* The same for an ARN alone, as tables and reports name principals: the unique id is empty. */
bool vd_who_arn(vd_who *out, char *buffer, vd_str arn);

#endif
