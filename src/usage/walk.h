/* SPDX-License-Identifier: Apache-2.0
 *
 * Values among the request parameters of a record, found in its bytes.
 */
#ifndef VERDICT_USAGE_WALK_H
#define VERDICT_USAGE_WALK_H

#include "catalog/event_arn.h"
#include "usage/record.h"

enum { VD_WALK_MEMBERS = 48 };

typedef struct vd_walk {
    vd_arena   *scratch;
    vd_str      parameters;
    vd_str      keys[VD_WALK_MEMBERS], values[VD_WALK_MEMBERS]; /* the first members of the parameters; null is none */
    uint32_t    count;
    const char *behind; /* the members that had no room, up to the end; NULL: all had */
    bool        read, failed; /* failed: no memory */
    vd_str      list, rest, element; /* the array that was looked at last, and where in it */
    uint32_t    index;
} vd_walk;

/* parameters: the value of requestParameters, scanned before. */
void vd_walk_init(vd_walk *w, vd_arena *scratch, vd_str parameters);
/* The members of the parameters, read once. */
void vd_walk_members(vd_walk *w);
/* The next member of an object whose bytes end at end; p behind its '{' or a value.  NULL: there is none. */
const char *vd_walk_next(const char *p, const char *end, vd_str *key, vd_str *value);

extern const vd_event_walk vd_walk_bytes; /* with a vd_walk as ctx */

/* {"CreateFleetRequest":{...}}, as EC2 writes some: what is within. */
void vd_walk_unwrap(vd_walk *w);
/* A number for the names of the parameters, and for which of them are lists and objects; never 0. */
uint64_t vd_walk_shape(vd_walk *w, uint64_t seed);
/* Could parameters of these names fill it, whatever their values? */
bool vd_template_fillable(vd_walk *w, vd_str template);
bool vd_format_fillable(vd_walk *w, vd_str format, vd_str type, vd_str name);

/* A format of the catalogue, "arn:${Partition}:eks:${Region}:${Account}:nodegroup/${ClusterName}/${NodegroupName}/${UUID}",
 * filled by the names of its parts; as vd_event_fill.  What no parameter names is open ("*"), but something must be named
 * unless the call makes what it is about.  type: the name of the resource type; name: of the event. */
vd_fill vd_format_fill(const vd_event_call *call, vd_str format, vd_str type, vd_str name, bool made, uint32_t element,
                       vd_buf *out);

#endif
