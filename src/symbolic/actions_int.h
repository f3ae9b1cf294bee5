/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files about classes of actions share.
 */
#ifndef VERDICT_SYMBOLIC_ACTIONS_INT_H
#define VERDICT_SYMBOLIC_ACTIONS_INT_H

#include "symbolic/actions.h"
#include "symbolic/inside.h"

/* Sets of actions that are told apart: first the distinct Action elements of the statements, then one for `only`, then those
 * of which decisions know something (actions_special.c). */
typedef struct vd_action_set {
    const vd_list *list;     /* of a statement; NULL: patterns */
    const vd_str  *patterns;
    uint32_t       count;
} vd_action_set;

typedef struct vd_partition {
    vd_symbolic          *s;
    const vd_catalog     *c;
    const vd_action_opts *opts;
    const uint32_t       *statements;
    uint32_t              count;
    uint32_t             *set_of;    /* by statement: which set */
    vd_action_set        *sets;
    uint32_t              set_count, set_cap, list_count, only; /* only: index of that set, VD_NONE */
    uint32_t              words;     /* of a bit for each set */
    vd_arena             *arena;     /* of the result */
    vd_arena              work;
    bool                  nomem;
} vd_partition;

bool vd_actions_add_set(vd_partition *p, vd_action_set set);
/* A row of bits, one a statement, from one of sets. */
const uint64_t *vd_actions_reaches(vd_partition *p, const uint64_t *bits);
const vd_list  *vd_actions_list(const vd_symbolic *s, uint32_t statement);

/* actions_special.c */
void vd_actions_special(vd_partition *p, uint8_t special);

/* actions_shape.c: a number for each action, the same for those that no live statement can tell apart by what the catalogue
 * says about resources and keys.  live: bits of statements. */
typedef struct vd_shaper {
    vd_partition *p;
    uint64_t     *types;      /* that some statement's resources may be of; NULL: any */
    bool          by_type, any_type;
    uint32_t    **entries;    /* of each statement, once it was live: keys of the catalogue that its conditions ask for */
    uint32_t     *keys;       /* of the catalogue, told apart */
    uint32_t      key_count, key_cap;
    const uint64_t *last;     /* live: what the rest was made for */
    uint32_t       *seen;     /* keys looked up so far: twice the id, and 1 for those of a service */
    uint32_t        seen_count, seen_cap;
} vd_shaper;
bool     vd_shaper_tells(vd_shaper *sh, const uint64_t *live); /* is there anything to tell apart? */
uint64_t vd_shaper_label(vd_shaper *sh, uint32_t action);

/* actions_future.c: classes of names that no service has; appended. */
typedef bool vd_action_class_add(void *user, vd_str name, const uint64_t *reaches);
bool vd_actions_future(vd_partition *p, const vd_str *named, uint32_t named_count, vd_action_class_add *add, void *user);

#endif
