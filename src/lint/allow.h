/* SPDX-License-Identifier: Apache-2.0
 *
 * Effective allow (lint.md 2.4): what the policies of one identity allow after their own denies and with their
 * conditions, for the actions that permission rules ask about.
 */
#ifndef VERDICT_LINT_ALLOW_H
#define VERDICT_LINT_ALLOW_H

#include "lint/keys.h"
#include "lint/lint.h"
#include "lint/powers.h"

typedef enum vd_breadth {
    VD_BREADTH_NAMED,  /* resources are named */
    VD_BREADTH_PREFIX, /* all whose name begins in a way: role/app-* */
    VD_BREADTH_ALL     /* all there are */
} vd_breadth;

/* One statement allows an action, and no deny of the identity takes that away. */
typedef struct vd_grant vd_grant;
struct vd_grant {
    vd_lint                 *l;
    const vd_view_statement *st;
    uint32_t                 action;
    vd_span                  token;      /* the action that reaches it, the key NotAction */
    uint8_t                  breadth;    /* vd_breadth */
    bool                     restricted; /* by a condition on who, from where, or on tags of the resource */
    bool                     mfa;        /* asks for MFA */
    bool                     doubtful;   /* a deny takes away a part that is not known */
    const vd_grant          *next;       /* of the same action */
};

/* Denies of one action. */
typedef struct vd_denials {
    const vd_view_statement **at;
    uint32_t                  count, cap;
    bool                      more; /* than are looked at: what is left of an allow is not known */
} vd_denials;

typedef struct vd_slot {
    vd_grant  *first, *last;
    uint32_t   grants;
    bool       touched;
    vd_denials denied;
} vd_slot;

typedef struct vd_allowed {
    vd_lint *const  *policies;
    uint32_t         count;
    const vd_powers *powers;
    vd_slot         *of;         /* by slot */
    uint32_t        *slots;      /* those that are allowed, in the order found */
    uint32_t         slot_count, slot_cap;
    bool             unknown;    /* what some deny covers is not known */
} vd_allowed;

/* False: no memory, or no tables. */
bool vd_allow_find(vd_allowed *out, vd_lint *const *policies, uint32_t count);

/* Keys whose condition makes an action harmless: names, "x/" at the end for all that begin so. */
typedef struct vd_guards {
    const char *const *at;
    size_t             count;
} vd_guards;

/* Does the grant's statement, or a deny of the identity that a value escapes, hang on one of these keys? */
bool vd_grant_guarded(const vd_allowed *e, const vd_grant *g, vd_guards guards);

/* allowsBroadly: the first grant of at least this breadth without restriction or guard; NULL: none. */
const vd_grant *vd_allow_broadly(const vd_allowed *e, uint32_t slot, vd_breadth least, vd_guards guards);

/* Of a statement alone. */
uint8_t vd_breadth_of(const vd_lint *l, const vd_view_statement *st, uint32_t action);
bool    vd_is_restricted(const vd_view_statement *st);
bool    vd_asks_for_mfa(const vd_view_statement *st);
/* A positive test (no IfExists, no ForAllValues) of this key with a value that is not "*"; NULL: none. */
const vd_view_condition *vd_positive_test(const vd_view_statement *st, const char *key);

#endif
