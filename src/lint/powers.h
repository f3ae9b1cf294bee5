/* SPDX-License-Identifier: Apache-2.0
 *
 * The actions that permission rules ask about, by number: the classes of powerful.tsv and the calls of the escalation
 * techniques (techniques.json), resolved against the catalogue once.  Each such action has a small number, a slot.
 */
#ifndef VERDICT_LINT_POWERS_H
#define VERDICT_LINT_POWERS_H

#include "lint/view.h"

enum {
    VD_POWER_EXPOSURE = 1,
    VD_POWER_EXFILTRATION = 2,
    VD_POWER_CREDENTIALS = 4,
    VD_POWER_DESTRUCTION = 8,
    VD_POWER_EVASION = 16,
    VD_POWER_STRICT = 32, /* of EXFILTRATION or EVASION: only with the strict preset */
    VD_POWER_SEVERE = 64, /* of DESTRUCTION: backups and keys */
    VD_POWER_STEP = 128   /* a call of a technique, or one of vd_named */
};

/* Actions that a rule asks about by name. */
typedef enum vd_named {
    VD_NAMED_PASS_ROLE,
    VD_NAMED_CREATE_SLR,
    VD_NAMED_ASSUME_ROLE,
    VD_NAMED_KMS_DECRYPT,
    VD_NAMED_KMS_RE_ENCRYPT,
    VD_NAMED_KMS_GRANT,
    VD_NAMED_CREATE_ROLE,
    VD_NAMED_CREATE_USER,
    VD_NAMED_ATTACH_ROLE_POLICY,
    VD_NAMED_ATTACH_USER_POLICY,
    VD_NAMED_PUT_ROLE_POLICY,
    VD_NAMED_PUT_USER_POLICY,
    VD_NAMED_DELETE_ROLE_BOUNDARY,
    VD_NAMED_DELETE_USER_BOUNDARY,
    VD_NAMED_PUT_ROLE_BOUNDARY,
    VD_NAMED_PUT_USER_BOUNDARY,
    VD_NAMED_CREATE_VERSION,
    VD_NAMED_SET_VERSION,
    VD_NAMED_DELETE_POLICY,
    VD_NAMED_COUNT
} vd_named;

/* One call of a technique: any one of its actions. */
typedef struct vd_step {
    uint32_t *slots;
    uint32_t  count, cap;
    vd_str    service; /* what iam:PassedToService would say; empty: nothing */
} vd_step;

typedef struct vd_technique {
    vd_str   id, becomes;
    vd_step *steps;
    uint32_t step_count, step_cap;
    vd_str  *guards; /* keys whose condition makes the way no way */
    uint32_t guard_count, guard_cap;
    uint8_t  confidence; /* vd_confidence */
} vd_technique;

typedef struct vd_powers {
    vd_arena      arena;
    uint8_t      *bits;    /* by action */
    uint16_t     *slot_of; /* by action, + 1; 0: none */
    uint32_t     *actions; /* by slot */
    uint32_t      slots;
    uint32_t      named[VD_NAMED_COUNT]; /* slots; VD_NONE: the catalogue does not have it */
    vd_technique *techniques;
    uint32_t      technique_count, technique_cap;
    /* lint/allow.c: what is found out about the slots of one identity, and which of them to forget before the next. */
    struct vd_slot *room;
    uint32_t       *touched, touched_count;
} vd_powers;

/* NULL: no memory, or a catalogue whose techniques cannot be read. */
vd_powers *vd_powers_new(const vd_catalog *c, const vd_allocator *a);
void       vd_powers_free(vd_powers *p, const vd_allocator *a);

#endif
