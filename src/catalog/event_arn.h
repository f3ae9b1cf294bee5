/* SPDX-License-Identifier: Apache-2.0
 *
 * Filling the templates of catalog/events.h: from a template and the request parameters of a call to the ARN of what was
 * called on.  The parameters are whatever the caller reads them from, a tree or bytes: they are asked for through vd_event_walk.
 */
#ifndef VERDICT_CATALOG_EVENT_ARN_H
#define VERDICT_CATALOG_EVENT_ARN_H

#include "base/buf.h"

/* A value among the parameters: the node of a tree, or its bytes. */
typedef struct vd_event_value {
    vd_str   bytes;
    uint32_t node;
} vd_event_value;

/* All of them: false when there is no such thing. */
typedef struct vd_event_walk {
    /* Of an object, by a name that vd_event_same_name finds equal. */
    bool (*member)(void *ctx, vd_event_value object, vd_str name, vd_event_value *out);
    /* Of an array; or, names: of the members of an object. */
    bool (*element)(void *ctx, vd_event_value list, uint32_t index, bool names, vd_event_value *out);
    /* Of a string, a number, a boolean, or of the first element of an array of such. */
    bool (*text)(void *ctx, vd_event_value value, vd_str *out);
} vd_event_walk;

typedef struct vd_event_call {
    vd_str               partition, region, account; /* where it went */
    const vd_event_walk *walk;
    void                *ctx;
    vd_event_value       parameters;
} vd_event_call;

typedef enum vd_fill {
    VD_FILL_FITS,
    VD_FILL_UNFIT, /* a parameter is not there, or not of the form that is wanted */
    VD_FILL_END    /* the array of the template has no such element, nor any behind it */
} vd_fill;

/* Appends the ARN for one element of the template's array (0 when it has none).  What is in out when it does not fit is of
 * no use.  A buffer that failed is for the caller to see. */
vd_fill vd_event_fill(const vd_event_call *call, vd_str template, uint32_t element, vd_buf *out);

/* The value behind a path, as in a hole; many: there was an array on the way. */
vd_fill vd_event_parameter(const vd_event_call *call, vd_str path, uint32_t element, bool *many, vd_event_value *out);

/* "dBInstanceIdentifier" and "db_instance-identifier": CloudTrail spells names in its own way. */
bool vd_event_same_name(vd_str a, vd_str b);

/* The real ARN holds more than the template tells. */
bool vd_event_inexact(vd_str template);

#endif
