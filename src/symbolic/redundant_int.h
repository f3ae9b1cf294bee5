/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of redundant.h share: statements as they stand at the moment, and the one question that is asked.
 */
#ifndef VERDICT_SYMBOLIC_REDUNDANT_INT_H
#define VERDICT_SYMBOLIC_REDUNDANT_INT_H

#include "base/arena.h"
#include "symbolic/actions.h"
#include "symbolic/inside.h"
#include "symbolic/redundant.h"

/* Entries of a Principal element that match in the same ways (E416): who is granted something by one of them is not by
 * another, unless that one's way is as good. */
typedef enum vd_way {
    VD_WAY_ANYONE,
    VD_WAY_ACCOUNT, /* and canonical ids */
    VD_WAY_USER,
    VD_WAY_ROLE,
    VD_WAY_SESSION,
    VD_WAY_FEDERATED_USER,
    VD_WAY_SERVICE,
    VD_WAY_PROVIDER,
    VD_WAY_COUNT
} vd_way;
enum { VD_WAYS_ALL = (1 << VD_WAY_COUNT) - 1 };

typedef struct vd_item {
    const vd_suspect   *of;
    uint32_t            number; /* of the suspect */
    const vd_statement *model;  /* as written */
    bool               *gone;   /* by part: actions, resources, principals, then each condition with its values; NULL: none */
    bool                usable; /* matches something, for all that is known of its form */
    bool                asked;  /* about */
    bool                allow, alive;
    bool                covered; /* others do cover it, and it goes unless they need it */
    bool                softly;  /* something of it is gone only as far as the catalogue knows */
    bool                spares; /* NotPrincipal: asked about its entries alone */
    uint8_t             ways;   /* of an Allow with principals: who is granted how makes a difference; else 0 */
    uint32_t            first;  /* box as written: its Action element */
    const uint32_t     *but;    /* of NotAction: by entry, the bit in classes of it alone; VD_NONE: one name. NULL: none */
    uint32_t            box;    /* as it stands */
    uint32_t            whole;  /* box as it stood when nothing had been told yet */
    uint32_t            covers[VD_WAY_COUNT]; /* box of the entries as good as a way; VD_NONE: not made; see VD_NO_BOX */
    uint64_t           *lost;   /* classes of which it no longer reaches all; NULL: none */
    uint32_t           *near;   /* other items whose resources may be the same */
    uint32_t            near_count;
    bool                near_known, near_cut; /* cut: there are more than anybody looks at */
} vd_item;
#define VD_NO_BOX (VD_NONE - 1) /* no entry is as good */

/* The answer about a part. */
typedef enum vd_verdict_of {
    VD_NEEDED,
    VD_UNSURE,
    VD_IDLE_SOFT, /* not needed as far as the catalogue knows */
    VD_IDLE
} vd_idleness;

typedef struct vd_finder {
    vd_symbolic              *s;
    vd_arena                 *arena;
    const vd_redundancy_opts *opts;
    vd_item                  *items;
    uint32_t                  count;
    uint32_t                 *of_bit, bits; /* items by their bit in classes */
    uint32_t                 *bit_of;
    vd_action_classes         classes;
    uint32_t                 *kin;       /* by class: alike for all that is more than what the catalogue thinks */
    struct vd_known          *known;     /* answers of the doubt at hand */
    uint32_t                  known_count, known_cap;
    bool                      futureless; /* there are more names to come than could be looked at */
    uint32_t                 *class_of;  /* by action id; made on demand */
    uint16_t                 *entries_of; /* by action id: how many entries of a list reach it; all 0 between lists */
    uint32_t                  who;
    vd_policy                *shadow;    /* a copy of a policy that holds edited statements */
    const vd_policy          *shadow_of;
    uint32_t                  shadow_used;
    uint32_t                 *miss;      /* room for one question */
    uint32_t                  miss_cap;
    struct vd_places         *places;    /* resources by their beginnings */
    uint64_t                  start;     /* units when we began */
    vd_redundancy_fn         *tell;
    void                     *user;
    vd_redundancy_count      *tally;
    bool                      cut;       /* the last answer is unknown for want of budget */
    bool                      stopped, nomem;
} vd_finder;

/* ------------------------------------------------------------------ redundant_edit.c: statements with less in them */

typedef enum vd_cutting { VD_LEAVE, VD_WITHOUT, VD_ONLY } vd_cutting;
typedef struct vd_cutout {
    uint8_t  cutting; /* vd_cutting: of the part */
    int32_t  element;
    uint32_t entry, value;
    uint8_t  ways;    /* entries of Principal that match in these ways; 0: all */
} vd_cutout;

uint32_t vd_item_parts(const vd_item *x);
uint32_t vd_item_part(const vd_item *x, int32_t element, uint32_t entry, uint32_t value); /* index into gone */
/* Gone from now on: drop is mark and, for one or for many, renew. */
bool     vd_item_mark(vd_finder *f, vd_item *x, int32_t element, uint32_t entry, uint32_t value);
void     vd_item_renew(vd_finder *f, vd_item *x);
bool     vd_item_drop(vd_finder *f, vd_item *x, int32_t element, uint32_t entry, uint32_t value);
uint32_t vd_item_box(vd_finder *f, const vd_item *x, const vd_cutout *change); /* VD_NONE: matches nothing */
uint8_t  vd_way_of(const vd_principal_entry *e);
uint8_t  vd_ways_as_good(uint8_t way); /* mask of those that grant as much to whoever matches */

/* ------------------------------------------------------------------ redundant_ask.c */

bool vd_finder_open(vd_finder *f, const vd_suspect *suspects, uint32_t count);
void vd_item_find_near(vd_finder *f, vd_item *x);
bool vd_item_reaches(const vd_finder *f, const vd_item *x, uint32_t class_at); /* as written */

/* Who may cover: */
enum { VD_NOBODY = 0, VD_THE_LIKE = 1, VD_DENIES = 2, VD_EVERYBODY = 3 };

/* Is there no request that all of `match` meet, and none of `own`, and none of what covers x? */
typedef struct vd_doubt {
    const vd_item  *x;
    uint8_t         way;   /* of x: VD_WAY_COUNT: it makes no difference */
    const uint32_t *match; /* boxes */
    uint32_t        match_count;
    const uint32_t *own;   /* boxes */
    uint32_t        own_count;
    uint8_t         by;    /* VD_THE_LIKE ... */
    const uint32_t *only;  /* these items, of those near x; NULL: all that count by `by` */
    uint32_t        only_count;
    const uint64_t *classes; /* a bit for each that is asked about; NULL: all that x reaches */
    const vd_item  *also;    /* and this one; NULL */
} vd_doubt;

/* A part is in doubt for each way in which its statement grants. */
typedef struct vd_case {
    vd_doubt doubts[VD_WAY_COUNT];
    uint32_t match[VD_WAY_COUNT], own[VD_WAY_COUNT];
    uint32_t count;
} vd_case;

vd_idleness vd_finder_ask(vd_finder *f, const vd_doubt *d);
vd_idleness vd_finder_worse(vd_idleness a, vd_idleness b);

/* ------------------------------------------------------------------ redundant_case.c */

/* The whole statement, for each of its ways. */
bool        vd_case_of_statement(vd_finder *f, vd_case *c, const vd_item *x);
bool        vd_case_add(vd_case *c, const vd_item *x, uint8_t way, uint32_t match, uint32_t own); /* own: VD_NONE */
vd_idleness vd_case_ask(vd_finder *f, const vd_case *c, uint8_t by, const uint32_t *only, uint32_t only_count);
vd_idleness vd_case_ask_alone(vd_finder *f, const vd_case *c); /* not even its own list is there */
/* Of what makes it idle, as little as does: fills by, soft and because. */
void        vd_case_explain(vd_finder *f, const vd_case *c, vd_idleness found, vd_redundancy *r);
/* The item that alone makes it idle to that degree, of the same effect; VD_NONE: there is none. */
uint32_t    vd_case_single(vd_finder *f, const vd_case *c, vd_idleness wanted);
void        vd_finder_tell(vd_finder *f, const vd_redundancy *r);
/* Counts the last answer, about something of x, if there was none. */
void        vd_finder_count(vd_finder *f, const vd_item *x, vd_idleness found);

/* ------------------------------------------------------------------ redundant_parts.c */

/* redundant_spared.c: classes of actions that the entry of NotAction leaves out, and no other that is left; NULL: they
 * cannot be told apart.  Boxes of such entries follow those of the items; *count: of all. */
const uint64_t *vd_item_left_out(vd_finder *f, const vd_item *x, uint32_t entry);
void            vd_finder_add_spared(vd_finder *f, uint32_t *boxes, uint32_t *count);
enum { VD_MOST_SPARED = 256 };

/* By action id its class, and room to count in.  False: no memory. */
bool vd_finder_prepare_actions(vd_finder *f);
void vd_finder_look_at_parts(vd_finder *f, vd_item *x);

#endif
