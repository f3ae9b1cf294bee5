/* SPDX-License-Identifier: Apache-2.0
 *
 * What an activity is made of, while it is made: the facts of all summaries, joined, and the pieces that turn them into uses.
 *
 *   read.c       summaries to one table of facts
 *   rows.c       rows of the caller's own, before those of event-actions.tsv
 *   map.c        an event's name and guards to the actions that it stands for
 *   implied.c    actions without an event of their own
 *   who.c        principals of facts to actors
 *   fits.c       which of an event's resources are an action's
 *   made.c       paths of IAM's names, out of the answers to calls
 *   passed.c     the roles that a call passes
 *   gather.c     uses while they are added up, and packed
 *   events.c     what there is in the logs, whoever did it; names that nobody knows
 *   finish.c     the steps in their order
 *   map_check.c  what refusals in logs say about all this
 */
#ifndef VERDICT_ACTIVITY_READ_H
#define VERDICT_ACTIVITY_READ_H

#include "activity/activity.h"

#include "base/error.h"
#include "base/map.h"
#include "catalog/events.h"
#include "pattern/arn.h"

/* ------------------------------------------------------------------ read.c */

struct vd_activity_reader {
    const vd_engine   *engine;
    vd_activity_opts   opts;
    const vd_catalog  *catalog;
    vd_arena           kept;  /* rows */
    vd_rows            rows;  /* of the caller's own, in their order */
    vd_facts           facts; /* of all summaries; see vd_act_key_of_guards */
    uint64_t           lost;
    uint32_t           overlaps; /* units that two summaries hold */
    bool               partial;
};

/* A fact of a summary, in parts. */
typedef struct vd_act_fact {
    const vd_fact *fact;
    vd_str         parts[VD_FACT_PARTS];
    vd_str         log;       /* account of the log, without a partition */
    vd_str         partition; /* "aws" */
    uint64_t       guards, unknown; /* bits; those of which nobody knows whether they held */
    bool           second;    /* the copy of whoever owns the resource, or the endpoint */
} vd_act_fact;
void vd_act_fact_of(vd_act_fact *out, const vd_fact *fact);

/* "aws-cn:1111..." to its two parts. */
vd_str vd_act_partition(vd_str account, vd_str *number);

/* ------------------------------------------------------------------ rows.c */

/* The text of a file of rows; errors say file, line and column. */
vd_code vd_act_rows(vd_rows *out, vd_arena *arena, const vd_catalog *catalog, vd_str name, vd_str text, vd_error *err);

/* ------------------------------------------------------------------ map.c */

/* One action that an event stands for. */
typedef struct vd_meaning {
    uint32_t action; /* of the catalogue, VD_NONE */
    vd_str   name;   /* "s3:GetObject", as the catalogue spells it */
    uint8_t  kind;   /* VD_USE_... */
    char     confidence;
    bool     unmapped;
    vd_str   with;    /* of iam:PassRole: to whom */
    bool     on_role; /* its resources are the roles of the request */
    bool     implied; /* by a call that went through */
    bool     elsewhere; /* on other resources than the event's own: only what is said to be for it is certain */
} vd_meaning;

typedef struct vd_meanings {
    const vd_meaning *at;
    uint32_t          count, cap;
    uint32_t          service;         /* of the catalogue; VD_NONE */
    bool              unmapped;        /* no table knows the name */
    bool              unmapped_source; /* nor the source */
    bool              free;            /* nobody needs a permission for it */
} vd_meanings;

typedef struct vd_asked {
    vd_str   source, name, version, kind;
    uint64_t guards, unknown;
    bool     roles;   /* there is a role among the parameters */
    bool     service, anonymous; /* who asks: a service on its own behalf; nobody that is known */
} vd_asked;

/* Events that mean the same are looked up once. */
typedef struct vd_mapper {
    const vd_catalog   *catalog;
    vd_rows             rows;
    const vd_allocator *alloc;
    vd_arena           *arena;
    uint64_t            seed;
    vd_map              map;
    VD_VEC(vd_meanings *) known;
    VD_VEC(vd_str) keys;
} vd_mapper;
void vd_mapper_done(vd_mapper *m);
/* NULL: no memory. */
const vd_meanings *vd_mapper_ask(vd_mapper *m, const vd_asked *asked);

/* For implied.c. */
bool     vd_meaning_add(vd_mapper *m, vd_meanings *out, vd_meaning what);
uint32_t vd_act_action(const vd_catalog *c, vd_str prefix, vd_str name);
bool     vd_act_action_name(vd_arena *arena, const vd_catalog *c, uint32_t action, vd_str *out);

/* ------------------------------------------------------------------ implied.c */

bool vd_act_implied(vd_mapper *m, const vd_asked *asked, vd_meanings *out);
/* What tag:TagResources (away: UntagResources) needs in addition on one resource. */
bool vd_act_tagged(vd_mapper *m, const vd_arn *arn, bool away, vd_meanings *out);
/* Needs nobody's permission. */
bool vd_act_free(const vd_asked *asked);

/* ------------------------------------------------------------------ texts.c */

/* Texts of the activity, each once; ids in order of arrival. */
typedef struct vd_act_texts {
    vd_intern           intern;
    const vd_allocator *alloc;
    vd_arena           *arena;
} vd_act_texts;
bool vd_act_texts_add(vd_act_texts *t, vd_str s, uint32_t *id); /* copied when it is new */

/* A set of them. */
enum { VD_ACT_MOST_TEXTS = 4096 }; /* of one set; beyond that there are "more" */
typedef struct vd_act_set {
    VD_VEC(uint32_t) ids; /* rising */
    bool             more;
} vd_act_set;
bool vd_act_set_add(vd_act_texts *t, vd_act_set *set, vd_str s);
bool vd_act_set_pack(vd_arena *arena, const vd_act_texts *t, const vd_act_set *set, vd_use_texts *out); /* sorted */

/* ------------------------------------------------------------------ who.c */

typedef struct vd_people vd_people;
/* The actors of all principals of the facts, in a->actors; who is who is known until vd_people_free. */
vd_code  vd_people_find(vd_people **out, vd_activity *a, const vd_facts *facts, vd_error *err);
uint32_t vd_people_actor(const vd_people *p, vd_str principal);
void     vd_people_free(vd_people *p);
/* The order of vd_activity.by_name. */
int      vd_act_name_order(const vd_actor *actor, vd_str account, vd_str kind, vd_str base);
/* A node of the snapshot by account, kind and name, without path and without case; VD_NONE. */
uint32_t vd_people_node(const vd_people *p, vd_str account, vd_who_kind kind, vd_str name);

/* ------------------------------------------------------------------ fits.c */

/* Has the action resource types at all? */
bool vd_act_has_types(const vd_catalog *c, uint32_t action);
bool vd_act_fits(const vd_catalog *c, uint32_t action, vd_str arn);

/* ------------------------------------------------------------------ made.c */

typedef struct vd_made_one {
    vd_str plain, arn; /* without its path, and as it is */
} vd_made_one;

typedef struct vd_act_made {
    VD_VEC(vd_made_one) list;
    bool more; /* were made than summaries keep */
} vd_act_made;
bool   vd_act_made_find(vd_act_made *m, const vd_allocator *alloc, vd_arena *arena, const vd_facts *facts);
vd_str vd_act_made_arn(const vd_act_made *m, vd_str plain); /* empty: nobody knows, or there are several */
void   vd_act_made_done(vd_act_made *m, const vd_allocator *alloc);

/* ------------------------------------------------------------------ what is added up */

enum { VD_ACT_RESOURCES, VD_ACT_DENIED_ON, VD_ACT_REGIONS, VD_ACT_VIA, VD_ACT_EVENTS, VD_ACT_ENDPOINTS, VD_ACT_NETWORKS,
       VD_ACT_SERVICES, VD_ACT_ASKED, VD_ACT_SETS };

typedef struct vd_act_sum {
    uint32_t    actor;
    vd_act_use  use;
    vd_act_set sets[VD_ACT_SETS];
    bool        own;     /* some event of its own says how often */
    bool        no_role; /* some event did not tell which role it passed */
} vd_act_sum;

typedef struct vd_gather {
    vd_activity        *a;
    const vd_allocator *alloc;
    const vd_people    *people;
    vd_act_texts            texts;
    vd_act_made         made;
    vd_mapper           mapper;
    vd_map              map;  /* (actor, action) to sums */
    VD_VEC(vd_act_sum)  sums;
    uint64_t           *days;      /* scratch: of one fact */
    uint32_t            pass_role; /* the action */
} vd_gather;

/* ------------------------------------------------------------------ passed.c */

typedef enum vd_passing { VD_PASSES_NONE, VD_PASSES_PERHAPS, VD_PASSES } vd_passing;

/* Does the call pass a role?  Perhaps: it gives a name for one, and the account has no such role. */
vd_passing vd_act_passing(const vd_gather *g, const vd_act_fact *f);
bool       vd_act_add_roles(vd_gather *g, vd_act_set *set, const vd_act_fact *f);

/* ------------------------------------------------------------------ gather.c */

/* Adds what one fact says. */
bool vd_gather_fact(vd_gather *g, const vd_act_fact *f);
vd_act_sum *vd_gather_sum(vd_gather *g, uint32_t actor, const vd_meaning *m); /* NULL: no memory */
bool vd_gather_dependents(vd_gather *g, int32_t how);
bool vd_gather_pack(vd_gather *g);
void vd_gather_done(vd_gather *g);

/* The days of a fact within the window into words (of the activity); false: none. */
bool vd_act_days_of(const vd_activity *a, const vd_fact *f, uint64_t *days);
/* Of a fact, cut to the window. */
void vd_act_span(const vd_activity *a, const vd_fact *f, const uint64_t *days, int64_t *first, int64_t *last);
void vd_act_first_last(bool fresh, int64_t first, int64_t last, int64_t *low, int64_t *high);

/* Who did what, out of an event that sums up many: the names are there once more, without who. */
bool vd_act_is_pair(vd_str kind);
/* What a fact's event is called for whoever wants to look. */
bool vd_act_asked(vd_asked *out, const vd_act_fact *f); /* false: it stands for no action of anybody */

/* ------------------------------------------------------------------ activity.c */

const vd_act_use *vd_act_use_find(const vd_activity *a, uint32_t actor, uint32_t action); /* NULL: none */

/* ------------------------------------------------------------------ events.c */

vd_code vd_act_events(vd_activity *a, const vd_facts *facts, vd_mapper *mapper, vd_error *err);
vd_code vd_act_unmapped(vd_activity *a, const vd_facts *facts, vd_mapper *mapper, const vd_people *people, vd_error *err);

#endif
