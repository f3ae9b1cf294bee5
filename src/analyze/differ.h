/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of diff share.
 *
 *   diff.c           classes of actions, one question each and direction; what is told
 *   diff_reasons.c   which statements give it, which kept it back, what is always required
 *   diff_groups.c    findings of many actions that say the same are one
 */
#ifndef VERDICT_ANALYZE_DIFFER_H
#define VERDICT_ANALYZE_DIFFER_H

#include "analyze/sides.h"

typedef struct vd_boxes {
    uint32_t *at; /* rising */
    uint32_t  count, cap;
} vd_boxes;

typedef struct vd_strings {
    vd_str  *at;
    uint32_t count, cap;
} vd_strings;

/* What is true of a class of actions. */
typedef struct vd_reasons {
    vd_boxes         granting, was;
    vd_required_list required;
    vd_strings       resources, principals;
    uint32_t         flags;
    vd_witness      *witness;
    bool            *rough; /* the witness is confirmed and not made readable yet; NULL: it is */
    uint8_t          who;   /* of a rough witness */
    const vd_model  *model; /* something new; NULL: none was found */
} vd_reasons;

/* What was found of a class, for those of its kin that are allowed on the same grounds. */
typedef struct vd_kept_reasons {
    vd_grounds              grounds;
    vd_reasons              why;
    struct vd_kept_reasons *next;
} vd_kept_reasons;

/* What is known of all classes of one kin (vd_action_class). */
typedef struct vd_kin {
    bool             nothing; /* under the hard rules, and so under the soft ones, nothing is new */
    vd_kept_reasons *reasons;
} vd_kin;

typedef struct vd_novelty {
    vd_reasons  why;
    bool        removed;
    uint32_t    service; /* of the catalogue; VD_NONE: several, or unknown */
    uint8_t     level;
    uint32_t   *ids;     /* actions of the catalogue, rising */
    uint32_t    count, cap;
    vd_str      name;    /* of an action that the catalogue does not have */
    vd_str      key;     /* what changes of one kind have in common */
} vd_novelty;

typedef struct vd_differ {
    vd_prover         p;
    vd_side           sides[2]; /* before, after */
    vd_diff_opts      opts;
    vd_action_classes classes;
    vd_kin            *kins;   /* of the classes; NULL: what is asked is not the same for all of them */
    vd_novelty        *changes;
    uint32_t          change_count, change_cap;
    bool              removed; /* the direction at hand */
    bool              alone;   /* there is one side only, the later (grants.c) */
    vd_answer         answer;  /* of it */
    uint32_t          undecided;
} vd_differ;

static inline vd_side *vd_differ_more(vd_differ *d)
{
    return &d->sides[d->removed ? 0 : 1];
}

static inline vd_side *vd_differ_less(vd_differ *d)
{
    return &d->sides[d->removed ? 1 : 0];
}

/* NULL: nothing is shared. */
static inline vd_kin *vd_differ_kin(const vd_differ *d, const vd_action_class *c)
{
    return d->kins && c->kin != VD_NONE ? &d->kins[c->kin] : NULL;
}

/* rules: VD_RULES_... */
vd_answer vd_differ_ask(vd_differ *d, vd_str action, uint8_t rules, const vd_demand *demands, uint32_t count, vd_model *model,
                        vd_grounds *grounds, const char **why);

/* The statements that reach the class, and so this member of it, need not be looked for. */
bool vd_differ_focus(vd_differ *d, const vd_action_class *c, vd_str action);

/* diff_reasons.c */
bool vd_reasons_find(vd_reasons *out, vd_differ *d, const vd_action_class *c, const vd_grounds *grounds);
uint32_t vd_flag_of(const char *why); /* of an unknown answer */

/* diff_groups.c */
vd_code vd_novelties_add(vd_differ *d, const vd_action_class *c, const vd_reasons *why);
vd_code vd_novelties_tell(vd_differ *d, vd_delta_fn *tell, void *user, bool *stop);

#endif
