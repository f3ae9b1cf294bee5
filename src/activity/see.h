/* SPDX-License-Identifier: Apache-2.0
 *
 * What logs can show of an action (usage 2.8), in pieces:
 *
 *   see_class.c   the class of each action, by visibility.tsv
 *   see_config.c  what trails were told to log, and what that shows of an action
 *   see_gaps.c    when nothing was logged, or not for certain
 *   see.c         all of it to one answer
 *   see_told.c    the account of it (usage 5.4)
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
    uint32_t            count;
    uint16_t           *of;         /* by id of action */
    char               *confidence;
} vd_see_classes;

/* False: no memory. */
bool vd_see_classes_build(vd_see_classes *out, vd_arena *arena, const vd_catalog *catalog);

static inline const vd_see_class *vd_see_class_of(const vd_see_classes *c, uint32_t action)
{
    return &c->at[c->of[action]];
}

#endif
