/* SPDX-License-Identifier: Apache-2.0
 *
 * Actions that no statement of a question tells apart, and that the catalogue gives the same resources and keys where that
 * matters: one question about one of them answers for all.
 */
#ifndef VERDICT_SYMBOLIC_ACTIONS_H
#define VERDICT_SYMBOLIC_ACTIONS_H

#include "symbolic/symbolic.h"

typedef struct vd_action_class {
    vd_str         representative; /* "s3:GetObject" */
    const uint64_t *reaches; /* a bit for each statement of the question, in the order given: its Action element matches */
    const vd_run  *runs;     /* ids of the catalogue, rising */
    uint32_t       run_count;
    uint32_t       count;    /* of all ids */
    uint32_t       kin;      /* classes of one kin differ in nothing but resource types and keys, of which hard rules know nothing; VD_NONE: of none */
    bool           unknown;  /* an action that a document names and the catalogue does not have: representative only */
    bool           future;   /* what the catalogue does not have and no document names literally: representative is an example */
} vd_action_class;

typedef struct vd_action_classes {
    const vd_action_class *at;
    uint32_t               count, kins;
} vd_action_classes;

/* Actions about which a decision knows something besides what policies say. */
enum {
    VD_SPECIAL_CALLS = 1, /* of sts, iam, kms, s3 (E703, E718, E740 to E754, E771) */
    VD_SPECIAL_SCP = 2,   /* never under SCPs (E707) */
    VD_SPECIAL_RCP = 4,   /* under RCPs (E709, E710) */
    VD_SPECIAL_OWNER = 8, /* without keys of the resource's owner (E631), with another resource in place of "*" (E210) */
    VD_SPECIAL_SIGNED = 16 /* of services that know no anonymous calls */
};

/* Does the action's service take signed calls only?  What nobody knows is no. */
bool vd_action_is_signed(const vd_catalog *catalog, vd_str action);

typedef struct vd_action_opts {
    const vd_str *only;       /* patterns: none but these; count 0: all */
    uint32_t      only_count;
    bool          shapes;     /* tell actions apart by resource types and keys (unless all statements take any resource and no keys) */
    bool          resources;  /* with shapes: some resource is asked for besides, so tell them apart by types in any case */
    bool          future;     /* classes for names that do not exist */
    bool          only_future; /* and no others */
    uint8_t       special;    /* VD_SPECIAL_...: tell these apart from others */
    bool          reached;    /* leave out classes that no statement reaches */
} vd_action_opts;

/* statements: boxes of s.  The result lives in the arena.  Deterministic: classes in the order of their first action. */
bool vd_actions_partition(vd_action_classes *out, vd_symbolic *s, const uint32_t *statements, uint32_t count,
                          const vd_action_opts *opts, vd_arena *arena);

/* The members' names, in order, made in the arena; fewer than there are and than most: no memory. */
uint32_t vd_action_class_names(const vd_action_class *c, const vd_catalog *catalog, vd_arena *arena, vd_str *out, uint32_t most);

#endif
